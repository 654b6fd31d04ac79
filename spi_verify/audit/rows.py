"""The rows of an audit as plain data: what is printed, written and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.verdicts import Result

SCHEMA = "spi-verify/audit/1"


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
    """

    paper: str
    id: str
    title: str
    literal: Result
    repaired: Result | None
    added_hypotheses: tuple[str, ...]
    changed_definitions: tuple[str, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """The verdicts: one, or two."""
        return (self.literal,) if self.repaired is None else (self.literal, self.repaired)

    @property
    def seconds(self) -> float:
        """What all of its readings took."""
        return sum(result.seconds for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the schema ``spi-verify/audit/1``."""
        return {
            "paper": self.paper,
            "id": self.id,
            "title": self.title,
            "literal": self.literal.to_json(),
            "repaired": None if self.repaired is None else self.repaired.to_json(),
            "added_hypotheses": list(self.added_hypotheses),
        }


def to_json(
    rows: Sequence[Row], solvers: Mapping[str, str], errors: Sequence[str] = ()
) -> dict[str, Any]:
    """Return an audit in the form of the schema ``spi-verify/audit/1``."""
    return {
        "schema": SCHEMA,
        "solvers": dict(solvers),
        "statements": [row.to_json() for row in rows],
        **({"errors": list(errors)} if errors else {}),
    }
