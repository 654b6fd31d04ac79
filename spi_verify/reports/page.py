"""The audit as one HTML page that needs nothing else: no network, no further file."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from spi_verify.reports.audit import summary
from spi_verify.reports.portrait import portrait
from spi_verify.reports.text import printable
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from spi_verify.obligations.running import Outcome
    from spi_verify.obligations.statements import Executed, Statement
    from spi_verify.search.auditing import Audited, Reading

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_EVIDENCE = {
    "agreement": "z3 and cvc5 agree",
    "solver": "one solver",
    "checked": "executed exactly, without a solver",
}
_MEANINGS = {
    Verdict.PROVED: "for every number of players and every set of outcomes, or executed in full",
    Verdict.REFUTED: "there is a counterexample, executed exactly",
    Verdict.UNKNOWN: "neither proved nor refuted, with the reason",
    Verdict.VACUOUS: "the hypotheses contradict each other",
    Verdict.ERROR: "something is wrong with the suite or with this program",
}


def page(
    audited: Sequence[Audited],
    solvers: Mapping[str, str],
    replacements: Sequence[str] = (),
    without: Sequence[str] = (),
) -> str:
    """Return the page.

    Parameters
    ----------
    audited
        The statements.
    solvers
        Versions.
    replacements, without
        What was changed, as the command line says it.
    """
    style, script = (
        files("spi_verify.reports").joinpath(f"audit.{kind}").read_text(encoding="utf-8")
        for kind in ("css", "js")
    )
    found = [reading.result.verdict for one in audited for reading in one.readings]
    verdicts = [verdict for verdict in Verdict if verdict in found]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_text(_POLICY)}">',
            "<title>Audit: safe Pareto improvements in program games</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#statements">Skip to the statements</a>',
            *_header(audited, solvers, replacements, without, verdicts),
            '<main id="statements">',
            *(line for one in audited for line in _article(one)),
            "</main>",
            "<footer>",
            '<p class="quiet">Written by <code>spi-verify audit</code>.</p>',
            "</footer>",
            f"<script>\n{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _header(
    audited: Sequence[Audited],
    solvers: Mapping[str, str],
    replacements: Sequence[str],
    without: Sequence[str],
    verdicts: Sequence[Verdict],
) -> Iterator[str]:
    yield "<header>"
    yield "<h1>Audit: safe Pareto improvements in program games</h1>"
    yield (
        "<p>Every statement of <cite>Safe Pareto Improvements for Expected Utility Maximizers in "
        "Program Games</cite> (DiGiovanni, Clifton and Macé), first as it is printed and, where "
        "that does not hold, with the hypotheses that repair it.</p>"
    )
    yield f"<p><strong>{_text(_sentence(summary(audited)))}</strong></p>"
    for text in replacements:
        yield f"<p>With a changed definition: <code>{_text(text)}</code></p>"
    for text in without:
        yield f"<p>Without the hypothesis <code>{_text(text)}</code></p>"
    yield "<details><summary>How to read the verdicts</summary><dl>"
    for verdict in verdicts:
        yield f"<dt>{_badge(verdict)}</dt><dd>{_text(_MEANINGS[verdict])}</dd>"
    yield "</dl>"
    versions = ", ".join(f"{name} {version}" for name, version in solvers.items())
    yield f'<p class="quiet">Solvers: {_text(versions)}.</p></details>'
    yield '<fieldset id="filter" hidden><legend>Show</legend>'
    for value in ("all", *verdicts):
        checked = " checked" if value == "all" else ""
        yield (
            f'<label><input type="radio" name="verdict" value="{value}"{checked}> {value}</label>'
        )
    yield '<output id="shown" class="quiet" aria-live="polite"></output></fieldset>'
    yield '<nav aria-label="Statements"><div class="scroll"><table>'
    yield (
        "<thead><tr><th>Statement</th><th>As printed</th><th>Repaired</th>"
        '<th class="wide">Added</th></tr></thead><tbody>'
    )
    for one in audited:
        repaired = "" if one.repaired is None else _badge(one.repaired.result.verdict)
        added = ", ".join(f"<code>{_text(name)}</code>" for name in one.added_hypotheses)
        yield (
            f'<tr data-verdicts="{_verdicts(one)}"><td><a href="#{_text(one.id)}">'
            f"{_text(one.id)}</a><br>{_text(one.title)}</td>"
            f"<td>{_badge(one.literal.result.verdict)}</td><td>{repaired}</td>"
            f'<td class="wide">{added}</td></tr>'
        )
    yield "</tbody></table></div></nav></header>"


def _article(one: Audited) -> Iterator[str]:
    id = _text(one.id)
    yield f'<article id="{id}" data-verdicts="{_verdicts(one)}" aria-labelledby="{id}-title">'
    yield f'<h2 id="{id}-title"><a href="#{id}">{id}</a>: {_text(one.title)}</h2>'
    yield f'<div class="readings{" two" if one.repaired else ""}">'
    yield from _reading("As printed", one.literal, ())
    if one.repaired is not None:
        yield from _reading("Repaired", one.repaired, one.added_hypotheses)
    yield "</div>"
    for reading in one.readings:
        yield from _figure(reading.result)
    yield "</article>"


def _reading(heading: str, reading: Reading, added: Sequence[str]) -> Iterator[str]:
    result, outcome = reading.result, reading.outcome
    yield f"<section><h3>{heading} {_badge(result.verdict)}</h3>"
    evidence = [] if result.evidence is None else [_EVIDENCE[result.evidence]]
    yield f'<p class="quiet">{_text("; ".join([*evidence, f"{result.seconds:.1f} s"]))}</p>'
    if not result.as_expected:
        yield f'<p class="surprise">Expected: {_badge(result.expected)}</p>'
    if outcome is not None:
        yield from _supposed(outcome, added)
        yield f"<h4>Claims</h4><p>{_text(_sentence(outcome.statement.title))}</p>"
    if result.counterexample is not None:
        yield from _counterexample(result)
    elif result.reason is not None and result.verdict is not Verdict.PROVED:
        yield f"<h4>Why</h4><p>{_text(_sentence(result.reason))}</p>"
    if outcome is not None:
        yield from _facts(outcome)
        yield from _core(outcome, result)
        yield from _definitions(outcome.statement)
        yield from _steps(outcome)
    yield "</section>"


def _supposed(outcome: Outcome, added: Sequence[str]) -> Iterator[str]:
    """What a reading supposes, in words."""
    if not outcome.statement.hypotheses:
        return
    yield "<h4>Supposes</h4><ul>"
    for hypothesis in outcome.statement.hypotheses:
        mark = " <strong>(added)</strong>" if hypothesis.name in added else ""
        yield (f"<li>{_text(hypothesis.meaning)} <code>{_text(hypothesis.name)}</code>{mark}</li>")
    yield "</ul>"


def _figure(result: Result) -> Iterator[str]:
    """The payoffs of a counterexample, as wide as the page."""
    if result.counterexample is None:
        return
    drawn = portrait(result.counterexample, _identifier(result.id))
    if drawn is not None:
        caption = f"Payoffs in the counterexample to {result.id}."
        yield '<figure><div class="scroll" tabindex="0" role="region" aria-label="Payoffs">'
        yield f"{drawn}</div><figcaption>{_text(caption)}</figcaption></figure>"


def _counterexample(result: Result) -> Iterator[str]:
    data = dict(result.counterexample or {})
    yield '<h4>Counterexample</h4><ol class="story">'
    story, conclusion = list(data.get("story", ())), result.reason or ""
    yield from (f"<li>{_text(line)}</li>" for line in story)
    yield "</ol>"
    if not story or conclusion not in story[-1]:
        yield f'<p class="conclusion">{_text(_sentence(conclusion))}</p>'
    checks = data.get("hypotheses", ())
    if checks:
        yield "<details><summary>That it meets the hypotheses</summary><dl>"
        for check in checks:
            yield f"<dt>{_text(check['name'])}</dt><dd>{_text(_sentence(check['check']))}</dd>"
        yield "</dl></details>"
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    name = f"{_identifier(result.id)}.json"
    link = f"data:application/json;base64,{b64encode(text.encode()).decode()}"
    yield (
        "<details><summary>As a file</summary>"
        f'<p><a download="{name}" href="{link}">Save {name}</a>, then '
        f"<code>spi-verify replay {name}</code> executes it again without a solver.</p>"
        f'<pre tabindex="0">{_text(text, lines=True)}</pre></details>'
    )


def _facts(outcome: Outcome) -> Iterator[str]:
    if not outcome.facts:
        return
    yield '<h4>What was executed</h4><div class="scroll"><table>'
    yield "<thead><tr><th>Claim</th><th>Holds</th><th>Found</th></tr></thead><tbody>"
    for fact in outcome.facts:
        verdict = {True: "proved", False: "refuted", None: "unknown"}[fact.holds]
        holds = {True: "yes", False: "no", None: "not settled"}[fact.holds]
        yield (
            f'<tr><td>{_text(fact.claim)}</td><td><strong class="{verdict}">{holds}</strong></td>'
            f"<td>{_text(fact.found)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _core(outcome: Outcome, result: Result) -> Iterator[str]:
    """What a proof rests on, and what it does without."""
    if result.verdict is not Verdict.PROVED or outcome.facts:
        return
    rest = [name for name in outcome.used if name not in result.hypotheses_used]
    supposed = [hypothesis.name for hypothesis in outcome.statement.hypotheses]
    idle = [name for name in supposed if name not in outcome.used]
    yield "<h4>The proof rests on</h4><ul>"
    yield f"<li>hypotheses: {_codes(result.hypotheses_used)}</li>"
    yield f"<li>definitions and lemmas: {_codes(rest)}</li></ul>"
    if idle:
        yield f"<p>Not needed: {_codes(idle)}</p>"


def _definitions(statement: Statement | Executed) -> Iterator[str]:
    names = getattr(statement, "definitions", ())
    if not names:
        return
    theory = getattr(statement, "theory")  # noqa: B009
    yield f"<details><summary>Definitions ({len(names)})</summary><dl>"
    for name in names:
        meaning = cleandoc(theory[name].body.__doc__ or "(a definition of your own)")
        yield f"<dt><code>{_text(name)}</code></dt><dd>{_text(' '.join(meaning.split()))}</dd>"
    yield "</dl></details>"


def _steps(outcome: Outcome) -> Iterator[str]:
    if not outcome.decisions:
        return
    said = {"unsat": "proved", "sat": "countermodel", "unknown": "unknown"}
    yield f"<details><summary>Steps ({len(outcome.decisions)})</summary>"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Steps"><table>'
    yield "<thead><tr><th>Step</th><th>z3</th><th>cvc5</th><th>From</th></tr></thead><tbody>"
    for name, decision in outcome.decisions.items():
        core = [fact.removeprefix("fact:") for fact in decision.core]
        yield (
            f"<tr><td>{_text(name)}</td><td>{said[decision.z3]}</td><td>{said[decision.cvc5]}</td>"
            f"<td>{_codes(core)}</td></tr>"
        )
    yield "</tbody></table></div></details>"


def _verdicts(one: Audited) -> str:
    return " ".join(dict.fromkeys(str(reading.result.verdict) for reading in one.readings))


def _badge(verdict: Verdict) -> str:
    return f'<span class="verdict {verdict}">{verdict}</span>'


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"<code>{_text(name)}</code>" for name in names) or "nothing"


def _text(value: Any, *, lines: bool = False) -> str:
    """Return text as HTML, whatever it holds."""
    text = str(value)
    shown = "\n".join(map(printable, text.split("\n"))) if lines else printable(text)
    return escape(shown)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def _identifier(id: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "-" for c in id)
