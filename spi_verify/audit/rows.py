"""The rows of an audit as plain data: what is printed, written and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.verdicts import Result

SCHEMA, DRAFT_SCHEMA = "spi-verify/audit/1", "spi-verify/audit/2"


@dataclass(frozen=True)
class RevisedRow:
    """What a draft makes of a statement.

    Parameters
    ----------
    kind, changed
        As :class:`spi_verify.audit.readings.Revision` has them.
    before
        The statement in the other paper, where it says something else there.
    """

    kind: str
    changed: tuple[str, ...]
    before: Row | None

    def to_json(self) -> dict[str, Any]:
        """Return it in the form of the schema ``spi-verify/audit/2``."""
        before = None if self.before is None else self.before.to_json()
        if before is not None:
            before = {key: before[key] for key in ("literal", "repaired")}
        return {"kind": self.kind, "changed_by": list(self.changed), "before": before}


@dataclass(frozen=True)
class Row:
    """A statement with the verdicts of its literal reading and, where there is one, repaired.

    Parameters
    ----------
    paper
        The name of its paper.
    id, title
        Of the statement.
    literal, repaired
        The verdicts.
    added_hypotheses, changed_definitions
        Names of the hypotheses that the repaired reading has and the literal one has not, and of
        the definitions that it changes.
    revision
        In a draft: what it makes of the statement.
    """

    paper: str
    id: str
    title: str
    literal: Result
    repaired: Result | None
    added_hypotheses: tuple[str, ...]
    changed_definitions: tuple[str, ...]
    revision: RevisedRow | None = None

    @property
    def results(self) -> tuple[Result, ...]:
        """The verdicts: one, or two."""
        return (self.literal,) if self.repaired is None else (self.literal, self.repaired)

    @property
    def seconds(self) -> float:
        """What all of its readings took."""
        return sum(result.seconds for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the schema ``spi-verify/audit/1``, or ``2`` for a draft's."""
        return {
            "paper": self.paper,
            "id": self.id,
            "title": self.title,
            "literal": self.literal.to_json(),
            "repaired": None if self.repaired is None else self.repaired.to_json(),
            "added_hypotheses": list(self.added_hypotheses),
            **({} if self.revision is None else {"revision": self.revision.to_json()}),
        }


def to_json(
    rows: Sequence[Row],
    solvers: Mapping[str, str],
    errors: Sequence[str] = (),
    untouched: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Return an audit in the form of the schema ``spi-verify/audit/1``, or ``2`` with drafts.

    Parameters
    ----------
    rows, solvers, errors
        What became of the statements, by what, and what could not be read.
    untouched
        The drafts among the papers, each with the ids that
        :func:`spi_verify.audit.readings.untouched_by` gives.
    """
    return {
        "schema": DRAFT_SCHEMA if untouched else SCHEMA,
        "solvers": dict(solvers),
        "statements": [row.to_json() for row in rows],
        **({"untouched": {k: list(v) for k, v in untouched.items()}} if untouched else {}),
        **({"errors": list(errors)} if errors else {}),
    }
