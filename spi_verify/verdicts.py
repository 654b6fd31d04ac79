"""Verdicts, evidence grades, results and the exit codes that follow from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from spi_verify.text import printable

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
    ``checked``: exact evaluation said so, or a check of the whole proof, outside both solvers.
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
    region
        For which values of parameters, or weights of beliefs, a claim holds.
    region_latex
        The region as LaTeX, where there are parameters.
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
    region_latex: str | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one the file asks for, and not open to doubt."""
        return self.verdict is self.expected and not self.consistency_open

    @property
    def expectation(self) -> str:
        """``yes``, or what was expected and what came out instead."""
        return "yes" if self.as_expected else f"NO: expected {self.expected}, is {self.shown}"

    @property
    def shown(self) -> str:
        """The verdict as people see it, with a mark where it is proved and consistency is open."""
        return f"{self.verdict} (consistency open)" if self.consistency_open else str(self.verdict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """Return the result that :meth:`to_json` gives so.

        Raises
        ------
        KeyError, TypeError, ValueError
            When the data is not of the form of the schema.
        """
        texts, names = [data["id"], *data["hypotheses_used"]], data["hypotheses_used"]
        if not isinstance(names, list) or not all(isinstance(text, str) for text in texts):
            raise TypeError("names are texts")
        told = (data["reason"], data["region"], data.get("region_latex"))
        if not all(isinstance(text, str | None) for text in told):
            raise TypeError("what is told is a text")
        if not isinstance(data["counterexample"], dict | None):
            raise TypeError("a counterexample is an object")
        seconds = data["seconds"]
        if not isinstance(seconds, float | int) or not 0 <= seconds < math.inf:
            raise TypeError("time is a number")
        evidence = data["evidence"]
        return cls(
            id=data["id"],
            verdict=Verdict(data["verdict"]),
            evidence=None if evidence is None else Evidence(evidence),
            expected=Verdict(data["expected"]),
            hypotheses_used=tuple(names),
            counterexample=data["counterexample"],
            reason=data["reason"],
            seconds=float(seconds),
            region=data["region"],
            consistency_open=data.get("consistency") == "open",
            region_latex=data.get("region_latex"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the result in the form of the schema ``spi-verify/results/1``."""
        more = {"consistency": "open"} if self.consistency_open else {}
        more |= {"region_latex": self.region_latex} if self.region_latex else {}
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
            **more,
        }

    def _repr_html_(self) -> str:
        return _table(Report([self]))


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
        return _table(self)


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


def summary(report: Report) -> str:
    """Return one line such as ``5 claims: 4 proved, 1 refuted; all as expected``."""
    counts = dict.fromkeys(map(str, Verdict), 0)
    for result in report.results:
        counts[result.shown] = counts.get(result.shown, 0) + 1
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    total = len(report.results)
    text = f"{total} claim{'s' * (total != 1)}"
    if parts:
        text += f": {parts}"
        surprises = sum(not result.as_expected for result in report.results)
        text += "; all as expected" if not surprises else f"; {surprises} not as expected"
    if report.input_errors:
        text += f"; {len(report.input_errors)} input error{'s' * (len(report.input_errors) != 1)}"
    return text


def _table(report: Report) -> str:
    """Return an HTML table of the results with their reasons, and a line that counts verdicts."""
    rows = "".join(
        f"<tr><td>{_text(result.id)}</td><td><strong>{result.shown}</strong></td>"
        f"<td>{result.evidence or '-'}</td>"
        f"<td>{result.expectation}</td>"
        f'<td style="text-align:left">{_text(result.reason or "")}</td></tr>'
        for result in report.results
    )
    heads = "".join(
        f"<th>{head}</th>" for head in ("claim", "verdict", "evidence", "as expected", "why")
    )
    errors = "".join(f"<p>{_text(message)}</p>" for message in report.input_errors)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{table}<p>{_text(summary(report))}</p>{errors}"


def _text(value: Any) -> str:
    from html import escape

    return escape(printable(str(value)))
