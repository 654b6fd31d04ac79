"""The results of ``prove``, or of ``refute``, as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spi_verify.reports.failures import failures_section
from spi_verify.reports.graph import graph, key, picture_id, statements_graph, steps_graph
from spi_verify.reports.html import changes, choices, document, found, legend, sentence, text
from spi_verify.reports.portrait import drawing_of
from spi_verify.reports.told import figure, tell
from spi_verify.verdicts import Report, Result, Verdict, summary

if TYPE_CHECKING:
    from spi_verify.obligations.countermodels.told import ToldFailure
    from spi_verify.obligations.outcomes import Outcome


@dataclass(frozen=True)
class Told:
    """A statement that was asked for: what became of it, and its result as it is reported."""

    outcome: Outcome
    result: Result


def proofs_page(
    told: Sequence[Told],
    lemmas: Sequence[Told],
    errors: Sequence[str],
    solvers: Mapping[str, str],
    replacements: Sequence[str] = (),
    without: Sequence[str] = (),
    failures: Sequence[ToldFailure] = (),
    command: str = "prove",
) -> str:
    """Return the page.

    Parameters
    ----------
    told
        The statements that were asked for.
    lemmas
        The statements whose proofs these rest on, where they were not asked for.
    errors
        Messages about input that could not be read.
    solvers
        Versions.
    replacements, without
        What was changed, as the command line says it.
    failures
        Why steps are not proved.
    command
        What ran: ``prove`` or ``refute``.
    """
    return document(
        _TITLES[command],
        _header(told, lemmas, errors, solvers, replacements, without),
        _main(told, lemmas, failures),
        f"spi-verify {command}",
        [(one.result.id, one.result.verdict) for one in (*told, *lemmas)],
    )


_TITLES = {
    "prove": "Proofs: verdicts and what they rest on",
    "refute": "Counterexamples: what was looked for and found",
}


def _header(
    told: Sequence[Told],
    lemmas: Sequence[Told],
    errors: Sequence[str],
    solvers: Mapping[str, str],
    replacements: Sequence[str],
    without: Sequence[str],
) -> Iterator[str]:
    report = Report([one.result for one in told], list(errors))
    yield f"<p><strong>{text(sentence(summary(report)))}</strong></p>"
    yield from (f'<p class="surprise">{text(error)}</p>' for error in errors)
    yield from changes(replacements, without)
    everything = [*told, *lemmas]
    verdicts = [one.result.verdict for one in everything]
    yield from legend(verdicts, solvers, choices([[str(one)] for one in verdicts], list(Verdict)))
    yield '<nav aria-label="Statements"><div class="scroll"><table class="stacked">'
    yield (
        "<thead><tr><th>Statement</th><th>Verdict</th><th>Evidence</th><th>As expected</th></tr>"
        "</thead><tbody>"
    )
    for one in everything:
        result = one.result
        id = text(result.id)
        expected = "yes" if result.as_expected else f"<strong>{result.expectation}</strong>"
        yield (
            f'<tr data-of="{id}"><td><a href="#{id}">{id}</a><br>'
            f'{text(one.outcome.statement.title)}</td><td data-head="Verdict">{found(result)}</td>'
            f'<td data-head="Evidence">{result.evidence or ""}</td>'
            f'<td data-head="As expected">{expected}</td></tr>'
        )
    yield "</tbody></table></div></nav>"
    by_id = {one.result.id: one.result.verdict for one in everything}
    nodes = statements_graph([one.outcome for one in everything], by_id)
    if nodes:
        yield '<section><h2>What rests on what</h2><p class="quiet">'
        yield f"{len(nodes)} of the statements are lemmas of others, or use some.</p>"
        yield key(nodes)
        yield from graph(nodes, "Which statement rests on which", "statements-graph")
        yield "</section>"


def _main(
    told: Sequence[Told], lemmas: Sequence[Told], failures: Sequence[ToldFailure]
) -> Iterator[str]:
    outcomes = {one.outcome.statement.id: one.outcome for one in (*told, *lemmas)}
    for one in told:
        own = [failure for failure in failures if failure.statement == one.result.id]
        yield from _article(one, outcomes, own)
    if lemmas:
        yield "<h2>Lemmas of these statements</h2>"
        for one in lemmas:
            yield from _article(one, outcomes)


def _article(
    one: Told, outcomes: Mapping[str, Outcome], failures: Sequence[ToldFailure] = ()
) -> Iterator[str]:
    id, statement = text(one.result.id), one.outcome.statement
    yield (f'<article id="{id}" data-verdicts="{one.result.verdict}" aria-labelledby="{id}-title">')
    yield f'<h2 id="{id}-title"><a href="#{id}">{id}</a>: {text(statement.title)}</h2>'
    drawn = drawing_of(one.result.counterexample or {})
    yield from tell("Verdict:", one.result, one.outcome, statement.added, drawn=drawn)
    yield from figure(one.result, drawn)
    yield from failures_section(failures)
    if one.outcome.decisions:
        nodes = steps_graph(one.outcome, outcomes)
        steps = len(one.outcome.decisions)
        yield f"<details><summary>Graph of the proof ({steps} steps)</summary>{key(nodes)}"
        yield from graph(
            nodes, f"What the steps of {statement.id} rest on", picture_id(statement.id)
        )
        yield "</details>"
    yield "</article>"
