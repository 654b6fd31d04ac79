"""The audit as one HTML page that needs nothing else: no network, no further file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from spi_verify.reports.audit import summary
from spi_verify.reports.html import (
    changes,
    choices,
    codes,
    document,
    found,
    legend,
    sentence,
    text,
)
from spi_verify.reports.portrait import drawing_of
from spi_verify.reports.reproducing import commands
from spi_verify.reports.told import figure, tell
from spi_verify.verdicts import Verdict

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited
    from spi_verify.papers.paper import Paper


def page(
    audits: Sequence[tuple[Paper, Sequence[Audited]]],
    solvers: Mapping[str, str],
    replacements: Sequence[str] = (),
    without: Sequence[str] = (),
    untouched: Mapping[str, Sequence[str]] | None = None,
    arguments: Sequence[str] = (),
) -> str:
    """Return the page.

    Parameters
    ----------
    audits
        Papers, each with its statements.
    solvers
        Versions.
    replacements, without
        What was changed, as the command line says it.
    untouched
        The drafts among the papers, by name, each with the other paper's statements that say the
        same as before.
    arguments
        What was audited, as the command line says it.
    """
    return document(
        f"Audit: {'; '.join(paper.title for paper, _ in audits)}",
        _header(audits, solvers, replacements, without, untouched or {}),
        _main(audits, arguments),
        "spi-verify audit",
        [(one.id, one.literal.result.verdict) for _, audited in audits for one in audited],
    )


def _main(
    audits: Sequence[tuple[Paper, Sequence[Audited]]], arguments: Sequence[str]
) -> Iterator[str]:
    everything = [one for _, audited in audits for one in audited]
    for one in everything:
        yield from _article(one)
    lines = commands(arguments, [r.result for one in everything for r in one.readings])
    shown = text("\n".join(lines), lines=True)
    yield f'<h2 id="how-to-reproduce">How to reproduce</h2><pre tabindex="0">{shown}</pre>'


def _header(
    audits: Sequence[tuple[Paper, Sequence[Audited]]],
    solvers: Mapping[str, str],
    replacements: Sequence[str],
    without: Sequence[str],
    untouched: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    audited = [one for _, statements in audits for one in statements]
    for paper, _ in audits:
        by = f" ({text(listed(paper.authors))})" if paper.authors else ""
        yield (
            f"<p>Every statement of <cite>{text(paper.title)}</cite>{by}, first as it is printed "
            "and, where that does not hold, with the hypotheses that repair it.</p>"
        )
        yield from _draft(paper, untouched.get(paper.name))
    yield f"<p><strong>{text(sentence(summary([one.row for one in audited])))}</strong></p>"
    yield from changes(replacements, without)
    yield from legend(
        [r.result.verdict for one in audited for r in one.readings],
        solvers,
        choices(map(_shown_with, audited), _CHOICES),
    )
    yield '<nav aria-label="Statements"><div class="scroll"><table class="stacked">'
    yield (
        "<thead><tr><th>Statement</th><th>As printed</th><th>Repaired</th><th>Added</th></tr>"
        "</thead><tbody>"
    )
    for one in audited:
        parts = [f"<code>{text(name)}</code>" for name in one.row.added_hypotheses]
        parts += [f"changed: <code>{text(name)}</code>" for name in one.row.changed_definitions]
        added = ", ".join(parts)
        yield (
            f'<tr data-of="{text(one.id)}"><td><a href="#{text(one.id)}">'
            f"{text(one.id)}</a><br>{text(one.title)}{_origin(one)}</td>"
            f'<td data-head="As printed">{_verdict(one, "literal")}</td>'
            f'<td data-head="Repaired">{_verdict(one, "repaired")}</td>'
            f'<td data-head="Added">{added}</td></tr>'
        )
    yield "</tbody></table></div></nav>"


def _draft(paper: Paper, untouched: Sequence[str] | None) -> Iterator[str]:
    """Say what a draft changes, and which statements of the other paper that leaves as they are."""
    if untouched is None or paper.extended is None:
        return
    yield (
        f"<p>A draft of <cite>{text(paper.extended.title)}</cite>. It changes or adds "
        f"{codes(paper.definitions)}. Where a statement is another than before, the verdict before "
        "stands first.</p>"
    )
    if untouched:
        yield (
            f"<details><summary>Untouched, and not decided again ({len(untouched)})</summary>"
            f"<p>{codes(untouched)}</p></details>"
        )


def _origin(one: Audited) -> str:
    if one.revision is None:
        return ""
    if one.revision.changed:
        return f'<br><span class="quiet">changed by {codes(one.revision.changed)}</span>'
    return f'<br><span class="quiet">{text(one.revision.kind)}</span>'


def _verdict(one: Audited, reading: str) -> str:
    """Return the verdict on a reading; in a draft also the one before."""
    before = None if one.revision is None else one.revision.before
    was, now = None if before is None else getattr(before, reading), getattr(one, reading)
    if now is None and was is not None:
        return f"{found(was.result)} (untouched)"
    return " → ".join(found(each.result) for each in (was, now) if each is not None)


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: ``A, B and C``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _article(one: Audited) -> Iterator[str]:
    id = text(one.id)
    shown_with = " ".join(_shown_with(one))
    yield f'<article id="{id}" data-verdicts="{shown_with}" aria-labelledby="{id}-title">'
    yield f'<h2 id="{id}-title"><a href="#{id}">{id}</a>: {text(one.title)}</h2>'
    yield from _before(one)
    yield f'<div class="readings{" two" if one.repaired else ""}">'
    drawn = [drawing_of(reading.result.counterexample or {}) for reading in one.readings]
    yield from tell("As printed", one.literal.result, one.literal.outcome, drawn=drawn[0])
    if one.repaired is not None:
        repaired = one.repaired
        added = one.row.added_hypotheses
        printed = one.literal.outcome
        yield from tell(
            "Repaired", repaired.result, repaired.outcome, added, printed, drawn=drawn[1]
        )
    yield "</div>"
    for reading, shown in zip(one.readings, drawn, strict=True):
        yield from figure(reading.result, shown)
    yield "</article>"


def _before(one: Audited) -> Iterator[str]:
    """Tell what a statement of a draft was before, and what changed it."""
    if one.revision is None:
        return
    said = {"own": "A statement of the draft.", "untouched": "It says the same as before."}
    yield f"<p>{said.get(one.revision.kind, '')}"
    if one.revision.changed:
        yield f"Changed by {codes(one.revision.changed)}."
    if one.revision.before is not None:
        before = one.revision.before
        yield f"Before: {text(before.title)}, {found(before.literal.result)}"
        if before.repaired is not None:
            yield f"(repaired: {found(before.repaired.result)})"
    yield "</p>"


_CHOICES = (
    *("proved-as-printed", "refuted-as-printed", "repaired"),
    *(str(verdict) for verdict in Verdict),
)


def _shown_with(one: Audited) -> list[str]:
    """Return with which choices of the filter a statement is shown."""
    tokens = []
    for reading in one.readings:
        verdict = str(reading.result.verdict)
        if verdict in (Verdict.PROVED, Verdict.REFUTED):
            if reading is one.literal:
                verdict = f"{verdict}-as-printed"
            elif verdict == Verdict.PROVED:
                verdict = "repaired"
        tokens.append(verdict)
    return list(dict.fromkeys(tokens))
