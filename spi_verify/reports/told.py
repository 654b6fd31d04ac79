"""What is told about one statement: what it supposes, its proof, its counterexample."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from spi_verify.mathematics.showing import in_letters
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.papers.notations import notation_at
from spi_verify.reports.formulas import as_html, definition, formula
from spi_verify.reports.html import badge, codes, found, identifier, sentence, text
from spi_verify.reports.payoffs import PayoffTable, payoff_table
from spi_verify.reports.portrait import INK, picture
from spi_verify.reports.story import SUPPOSED, apart, beside_payoffs, in_parts, lines_of, why
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from spi_verify.counterexamples.drawing import Drawing
    from spi_verify.obligations.deciding import Decision
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.obligations.statements import Executed

EVIDENCE = {
    "agreement": "z3 and cvc5 agree",
    "solver": "one solver",
    "checked": "executed exactly, without a solver",
}


def tell(
    heading: str,
    result: Result,
    outcome: Outcome | None,
    added: Sequence[str] = (),
    printed: Outcome | None = None,
    *,
    drawn: Drawing | None = None,
) -> Iterator[str]:
    """Tell a result in a section: what is supposed and claimed, why it holds or fails.

    Parameters
    ----------
    heading
        Of the section.
    result
        The verdict.
    outcome
        The statement and its proof; None where there is no such statement.
    added
        Names of hypotheses to be marked as added.
    printed
        The reading that stands beside it: of what both suppose, only the names are told again.
    drawn
        The payoffs of its counterexample, as :func:`spi_verify.reports.portrait.drawing_of` has
        them; the same that :func:`figure` takes.
    """
    yield f"<section><h3>{heading} {found(result)}</h3>"
    evidence = [] if result.evidence is None else [EVIDENCE[result.evidence]]
    proof = outcome is not None and outcome.decisions and result.counterexample is None
    if proof and result.evidence == "checked":
        evidence = ["every step checked, without a solver"]
    yield f'<p class="quiet">{text("; ".join([*evidence, f"{result.seconds:.1f} s"]))}</p>'
    if not result.as_expected:
        yield f'<p class="surprise">Expected: {badge(result.expected)}</p>'
    if outcome is not None:
        yield from _supposed(outcome, added, printed)
        yield from _claimed(outcome, printed)
    if result.counterexample is not None:
        yield from _counterexample(result, payoff_table(drawn))
    reason = why(result)
    if reason is not None:
        yield f"<h4>Why</h4><p>{text(sentence(reason))}</p>"
    if outcome is not None:
        yield from _facts(outcome)
        yield from _core(outcome, result)
        yield from _definitions(outcome.statement)
        yield from _steps(outcome)
    yield "</section>"


def _supposed(outcome: Outcome, added: Sequence[str], printed: Outcome | None) -> Iterator[str]:
    """What a reading supposes, in words and as formulas."""
    if not outcome.statement.hypotheses:
        return
    beside = () if printed is None else printed.statement.hypotheses
    known = [one.name for one in outcome.statement.hypotheses if any(_same(one, h) for h in beside)]
    yield "<h4>Supposes</h4><ul>"
    if known:
        yield f"<li>what is printed: {codes(known)}</li>"
    for hypothesis in outcome.statement.hypotheses:
        if hypothesis.name in known:
            continue
        mark = " <strong>(added)</strong>" if hypothesis.name in added else ""
        shown = ""
        if isinstance(hypothesis, Hypothesis):
            shown = as_html(formula(outcome.statement, hypothesis))
        name = f"<code>{text(hypothesis.name)}</code>"
        yield f"<li>{text(hypothesis.meaning)} {name}{mark}{shown}</li>"
    yield "</ul>"


def _same(one: Any, other: Any) -> bool:
    """Whether two readings suppose the same under the same name."""
    if not (isinstance(one, Hypothesis) and isinstance(other, Hypothesis)):
        return False
    return one.name == other.name and one.formula.eq(other.formula)


def _claimed(outcome: Outcome, printed: Outcome | None) -> Iterator[str]:
    statement = outcome.statement
    beside = None if printed is None else printed.statement
    yield "<h4>Claims</h4>"
    if not isinstance(statement, Statement):
        yield f"<p>{text(sentence(statement.title))}</p>"
        return
    if isinstance(beside, Statement) and statement.goal.formula.eq(beside.goal.formula):
        yield "<p>The same.</p>"
        return
    yield f"<p>{text(sentence(statement.title))}</p>{as_html(formula(statement, statement.goal))}"


def figure(result: Result, drawn: Drawing | None) -> Iterator[str]:
    """The payoffs of a counterexample, as wide as the page."""
    shown = picture(drawn, identifier(result.id))
    if shown is None:
        return
    caption = f"Payoffs in the counterexample to {result.id}."
    attributes, below = "", ""
    legend = _LEGEND.search(shown)
    if legend is not None:
        name, *sides = legend.groups()
        left, top, width, height = map(int, sides)
        below = (
            f'<svg class="legend" viewBox="{left} {top} {width} {height}" aria-hidden="true" '
            f'style="width: {width}pt; {INK}"><use href="#{name}"/></svg>'
        )
        whole = _SIZE.search(shown)
        if whole is not None and drawn is not None and drawn.feasible.game.number_of_players == 2:
            wide, high = map(float, whole.groups())
            attributes = (
                f' class="beside" style="--whole: {wide / left:.4f}; --shape: {left} / {high:.0f}"'
            )
    scroll = '<div class="scroll" tabindex="0" role="region" aria-label="Payoffs">'
    yield f"<figure{attributes}>{scroll}"
    yield f"{shown}</div>{below}<figcaption>{text(caption)}</figcaption></figure>"


_LEGEND = re.compile(r'id="([^"]*legend-(\d+)-(\d+)-(\d+)-(\d+))"')
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
"""Where the legend of a picture is, beside the payoffs of two players; and how large both are."""


def _counterexample(result: Result, table: PayoffTable | None) -> Iterator[str]:
    data = dict(result.counterexample or {})
    yield "<h4>Counterexample</h4>"
    yield from _payoffs(table)
    story = lines_of(data)
    if table is not None:
        story = beside_payoffs(story, table.lines)
    happens, because = apart(story, result.reason or "")
    if happens:
        yield '<ol class="story">'
    for line, rows in in_parts(happens):
        shown = f'<pre tabindex="0">{text(chr(10).join(rows), lines=True)}</pre>' if rows else ""
        yield f"<li>{text(line)}{shown}</li>"
    if happens:
        yield "</ol>"
    checks = data.get("hypotheses", ())
    if checks:
        yield f"<details><summary>{text(SUPPOSED.removesuffix(':'))}</summary><dl>"
        for check in checks:
            yield f"<dt>{text(check['name'])}</dt><dd>{text(sentence(check['check']))}</dd>"
        yield "</dl></details>"
    if because:
        yield f'<p class="conclusion">{text(sentence(because))}</p>'
    saved = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    name = f"{identifier(result.id)}.json"
    link = f"data:application/json;base64,{b64encode(saved.encode()).decode()}"
    yield (
        '<details class="file"><summary>As a file</summary>'
        f'<p><a download="{name}" href="{link}">Save {name}</a>, then '
        f"<code>spi-verify replay {name}</code> executes it again without a solver.</p>"
        f'<pre tabindex="0">{text(saved, lines=True)}</pre></details>'
    )


def _payoffs(table: PayoffTable | None) -> Iterator[str]:
    if table is None:
        return
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Payoffs">'
    yield f'<table class="payoffs"><caption>{text(table.caption)}</caption><thead>'
    if table.columns:
        span = len(table.head) - 1
        yield f'<tr><td></td><th scope="colgroup" colspan="{span}">{text(table.columns)}</th></tr>'
    corner, *heads = table.head
    cells = "".join(f'<th scope="col">{text(cell)}</th>' for cell in heads)
    yield f"<tr><th>{text(corner)}</th>{cells}</tr></thead><tbody>"
    for first, *rest in table.rows:
        cells = "".join(f"<td>{text(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{text(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _facts(outcome: Outcome) -> Iterator[str]:
    if not outcome.facts:
        return
    yield '<h4>What was executed</h4><div class="scroll"><table>'
    yield "<thead><tr><th>Claim</th><th>Holds</th><th>Found</th></tr></thead><tbody>"
    for fact in outcome.facts:
        verdict = {True: "proved", False: "refuted", None: "unknown"}[fact.holds]
        holds = {True: "yes", False: "no", None: "not settled"}[fact.holds]
        yield (
            f'<tr><td>{text(fact.claim)}</td><td><strong class="{verdict}">{holds}</strong></td>'
            f"<td>{text(fact.found)}</td></tr>"
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
    yield f"<li>hypotheses: {codes(result.hypotheses_used)}</li>"
    yield f"<li>definitions and lemmas: {codes(rest)}</li></ul>"
    if idle:
        yield f"<p>Not needed: {codes(idle)}</p>"


def _definitions(statement: Statement | Executed) -> Iterator[str]:
    if not isinstance(statement, Statement) or not statement.definitions:
        return
    names = statement.definitions
    yield f"<details><summary>Definitions ({len(names)})</summary><dl>"
    for name in names:
        meaning = cleandoc(statement.theory[name].body.__doc__ or "(a definition of your own)")
        shown = as_html(definition(statement, name))
        own = notation_at(statement.folder)
        told = text(in_letters(" ".join(meaning.split()), statement.theory, name, own))
        yield f"<dt><code>{text(name)}</code></dt><dd>{told}{shown}</dd>"
    yield "</dl></details>"


def _steps(outcome: Outcome) -> Iterator[str]:
    if not outcome.decisions:
        return
    said = {"unsat": "proved", "sat": "countermodel"}
    yield f"<details><summary>Steps ({len(outcome.decisions)})</summary>"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Steps"><table>'
    yield "<thead><tr><th>Step</th><th>z3</th><th>cvc5</th><th>From</th></tr></thead><tbody>"
    for name, decision in outcome.decisions.items():
        core = [fact.removeprefix("fact:") for fact in decision.core]
        answers = (decision.z3, decision.cvc5)
        z3, cvc5 = ("checked" if decision.checked else said.get(one, one) for one in answers)
        yield (
            f"<tr><td>{text(name)}</td><td>{z3}</td><td>{cvc5}</td>"
            f"<td>{codes(core)}{''.join(_why(core, decision))}</td></tr>"
        )
    yield "</tbody></table></div></details>"


def _why(core: Sequence[str], decision: Decision) -> Iterator[str]:
    """Which fact is used for what, where a certificate says it."""
    if decision.certificate is None:
        return
    from spi_verify.obligations.certificates.explaining import explained

    uses = explained(core, *decision.certificate)
    yield f"<details><summary>What is used for what ({len(uses)})</summary><ul>"
    for use in uses:
        fact = f"<code>{text(use.fact)}</code>: " if use.fact else ""
        yield f"<li>{fact}{text(use.text)}</li>"
    yield "</ul></details>"
