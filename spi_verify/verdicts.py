"""Verdicts, evidence grades, results and the exit codes that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

RESULTS_SCHEMA = "spi-verify/results/1"


class Verdict(StrEnum):
    """What became of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    VACUOUS = "vacuous"
    ERROR = "error"


class Evidence(StrEnum):
    """How a verdict was reached, weakest first.

    ``solver``: one solver said so. ``agreement``: z3 and cvc5 said so independently.
    ``checked``: exact evaluation outside both solvers said so.
    """

    SOLVER = "solver"
    AGREEMENT = "agreement"
    CHECKED = "checked"


@dataclass(frozen=True)
class Result:
    """The outcome of one claim or obligation.

    Parameters
    ----------
    id
        Stable name, the same in every command that reports on this claim.
    verdict, evidence
        ``evidence`` is None where nothing was decided (``unknown``, ``error``).
    expected
        The verdict the file asks for; ``proved`` unless it says otherwise.
    hypotheses_used
        Names of the hypotheses the verdict rests on.
    counterexample
        For ``refuted``: an object that ``spi-verify replay`` accepts as a file.
    reason
        One sentence for people: why it is refuted, unknown, vacuous or an error, and
        the exact region of the parameters where there are any.
    seconds
        Wall-clock time spent on it.
    consistency_open
        Of a ``proved`` statement: that no structure was found in which everything it rests on
        holds, nor a contradiction. It counts as undecided.
    """

    id: str
    verdict: Verdict
    evidence: Evidence | None = None
    expected: Verdict = Verdict.PROVED
    hypotheses_used: tuple[str, ...] = ()
    counterexample: Mapping[str, Any] | None = None
    reason: str | None = None
    seconds: float = 0.0
    region: str | None = None
    consistency_open: bool = False

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one the file asks for, and not open to doubt."""
        return self.verdict is self.expected and not self.consistency_open

    @property
    def shown(self) -> str:
        """The verdict as people see it, with a mark where it is proved and consistency is open."""
        return f"{self.verdict} (consistency open)" if self.consistency_open else str(self.verdict)

    def to_json(self) -> dict[str, Any]:
        """Return the result in the form of the schema ``spi-verify/results/1``."""
        consistency = {"consistency": "open"} if self.consistency_open else {}
        return {
            "id": self.id,
            "verdict": str(self.verdict),
            "evidence": None if self.evidence is None else str(self.evidence),
            "expected": str(self.expected),
            "hypotheses_used": list(self.hypotheses_used),
            "counterexample": self.counterexample,
            "reason": self.reason,
            "region": self.region,
            "seconds": round(self.seconds, 6),
            **consistency,
        }

    def _repr_html_(self) -> str:
        from spi_verify.reports.notebook import report_table

        return report_table(Report([self]))


@dataclass
class Report:
    """All results of a run, and the messages about input that could not be read."""

    results: list[Result] = field(default_factory=list)
    input_errors: list[str] = field(default_factory=list)

    def to_json(self, solvers: Mapping[str, str]) -> dict[str, Any]:
        """Return the report in the form of the schema ``spi-verify/results/1``."""
        return {
            "schema": RESULTS_SCHEMA,
            "solvers": dict(solvers),
            "results": [result.to_json() for result in self.results],
            "errors": self.input_errors,
        }

    @property
    def exit_code(self) -> int:
        """The exit code of a command that ends with this report."""
        if self.input_errors or not self.results:
            return 2
        return exit_code(self.results)

    def _repr_html_(self) -> str:
        from spi_verify.reports.notebook import report_table

        return report_table(self)


def exit_code(results: Iterable[Result]) -> int:
    """Return 0, 1, 2 or 3 for a set of results.

    2 if any is an ``error``; else 1 if any verdict contradicts its expectation; else 3 if any
    is undecided though a decision was expected, or proved with its consistency open; else 0.
    """
    codes = {_code(result) for result in results}
    return next((code for code in (2, 1, 3) if code in codes), 0)


def _code(result: Result) -> int:
    if result.verdict is Verdict.ERROR:
        return 2
    if result.as_expected:
        return 0
    undecided = result.verdict is Verdict.UNKNOWN or (
        result.consistency_open and result.expected is Verdict.PROVED
    )
    return 3 if undecided else 1
