"""What a run of ``spi-verify audit`` decides, and what is told of it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from click.exceptions import Exit

from spi_verify.audit.rows import Row
from spi_verify.commands.output import complain, show_warning
from spi_verify.errors import InputError, interruptible

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited
    from spi_verify.commands.proof_run import Progress
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.cache import Cache
    from spi_verify.papers.drafts import Draft
    from spi_verify.papers.paper import Paper
    from spi_verify.runs import Reads


@dataclass(frozen=True)
class Table:
    """What is told of a paper, as plain data.

    Parameters
    ----------
    name, title, place
        Of the paper.
    rows
        Its statements.
    untouched
        Of a draft: the other paper's statements that say the same as before.
    """

    name: str
    title: str
    place: str
    rows: tuple[Row, ...]
    untouched: tuple[str, ...] | None


def read_tables(kept: Mapping[str, Any]) -> tuple[Table, ...]:
    """Return what was kept as plain data."""
    return msgspec.convert(kept["tables"], tuple[Table, ...])


class AuditRun:
    """Papers, audited.

    Parameters
    ----------
    targets
        As :func:`spi_verify.papers.choosing.named_papers` takes them. The code they name is run.
    replacements, without
        As :func:`spi_verify.audit.readings.audit` takes them.
    """

    def __init__(
        self, targets: Sequence[str], replacements: Sequence[str], without: Sequence[str]
    ) -> None:
        from spi_verify.papers.choosing import named_papers

        self.errors: list[str] = []
        self.targets, self.given = targets, (replacements, without)
        self.papers = named_papers(targets, self.errors)
        self.audits: list[tuple[Paper, list[Audited]]] = []
        self._drafts: dict[Path, Draft] = {}
        self._warned = False

    def decide(
        self,
        jobs: int,
        place: str | None,
        cache: Cache,
        progress: Progress,
        reads: Reads | None,
        *,
        anew: bool,
        bounds: Bounds,
    ) -> None:
        """Decide them; what cannot be read is among the errors.

        Parameters
        ----------
        jobs
            How many steps, and searches, are worked on at a time.
        place
            A cluster, or None: here.
        cache
            Where answers are kept.
        progress
            Is told what happens.
        reads
            Is told what searches in other processes read.
        anew
            Whether steps are solved that certificates prove, or of statements that are refuted.
        bounds
            How far is searched where no counterexample is saved.
        """
        from spi_verify.audit.readings import audit
        from spi_verify.executors import working
        from spi_verify.solvers import SolverDisagreement

        warnings.showwarning = self._show_warning
        replacements, without = self.given
        try:
            with interruptible(), working(place, jobs) as (cluster, at_a_time), progress.shown():
                for paper, ids in self.papers:
                    try:
                        audited = audit(
                            paper,
                            ids,
                            replacements,
                            without=without,
                            jobs=at_a_time,
                            cache=cache,
                            listener=progress,
                            executor=cluster,
                            reads=reads,
                            drafts=self._drafts,
                            anew=anew,
                            bounds=bounds,
                        )
                    except InputError as error:
                        self.errors.append(str(error))
                    else:
                        self.audits.append((paper, audited))
        except SolverDisagreement as error:
            print(f"spi-verify: the solvers disagree: {error}", file=sys.stderr)
            raise Exit(2) from error
        except KeyboardInterrupt:
            lasts = "; finished steps and searches are kept, the same command goes on from them"
            complain(f"interrupted{'' if cache.directory is None else lasts}")
            raise

    def _show_warning(self, message: Warning | str, *_: Any, **__: Any) -> None:
        self._warned = True
        show_warning(message)

    @property
    def tables(self) -> tuple[Table, ...]:
        """What is told of the papers that could be read."""
        untouched = self._untouched
        return tuple(
            Table(
                paper.name,
                paper.title,
                str(paper.place),
                tuple(one.row for one in audited),
                untouched.get(paper.name),
            )
            for paper, audited in self.audits
        )

    @property
    def _untouched(self) -> dict[str, tuple[str, ...]]:
        from spi_verify.audit.readings import untouched_by

        return {
            paper.name: untouched_by(paper, self._drafts[paper.place.resolve()])
            for paper, _ in self.audits
            if paper.place.resolve() in self._drafts
        }

    @property
    def lasting(self) -> bool:
        """Whether the same run would end the same way: nothing in it was an accident."""
        from spi_verify.obligations.deciding import lasts

        readings = [r for _, audited in self.audits for one in audited for r in one.readings]
        outcomes = [reading.outcome for reading in readings if reading.outcome is not None]
        said = [decision.reason for one in outcomes for decision in one.decisions.values()]
        said += [reading.result.reason for reading in readings]
        return not self.errors and not self._warned and all(map(lasts, said))

    @property
    def arguments(self) -> list[str]:
        """The command line's arguments, as far as they make a difference to the verdicts."""
        replacements, without = self.given
        options = [("--with", one) for one in replacements] + [
            ("--without", one) for one in without
        ]
        return [*self.targets, *(part for option in options for part in option)]

    def page(self) -> str:
        """Return it as a page of HTML."""
        from spi_verify.reports.page import page
        from spi_verify.solvers import versions

        return page(self.audits, versions(), *self.given, self._untouched, self.arguments)

    def report(self, file: Path, as_latex: bool) -> str:
        """Return it as LaTeX, or Markdown, and draw the pictures in a folder beside a file."""
        from spi_verify.reports.appendix import Appendix
        from spi_verify.reports.results_report import written
        from spi_verify.reports.told_in_blocks import pictures_beside
        from spi_verify.solvers import versions

        pictures = pictures_beside(file, as_latex=as_latex)
        untouched = self._untouched
        blocks = Appendix(self.audits, untouched, versions(), self.arguments, pictures).blocks()
        return written(blocks, as_latex=as_latex)
