"""The audit as one HTML page that needs nothing else: no network, no further file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from spi_verify.reports.audit import summary
from spi_verify.reports.html import changes, document, found, legend, sentence, text
from spi_verify.reports.told import figure, tell

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited
    from spi_verify.papers.paper import Paper


def page(
    audits: Sequence[tuple[Paper, Sequence[Audited]]],
    solvers: Mapping[str, str],
    replacements: Sequence[str] = (),
    without: Sequence[str] = (),
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
    """
    return document(
        f"Audit: {'; '.join(paper.title for paper, _ in audits)}",
        _header(audits, solvers, replacements, without),
        (line for _, audited in audits for one in audited for line in _article(one)),
        "spi-verify audit",
    )


def _header(
    audits: Sequence[tuple[Paper, Sequence[Audited]]],
    solvers: Mapping[str, str],
    replacements: Sequence[str],
    without: Sequence[str],
) -> Iterator[str]:
    audited = [one for _, statements in audits for one in statements]
    for paper, _ in audits:
        by = f" ({text(listed(paper.authors))})" if paper.authors else ""
        yield (
            f"<p>Every statement of <cite>{text(paper.title)}</cite>{by}, first as it is printed "
            "and, where that does not hold, with the hypotheses that repair it.</p>"
        )
    yield f"<p><strong>{text(sentence(summary([one.row for one in audited])))}</strong></p>"
    yield from changes(replacements, without)
    yield from legend([r.result.verdict for one in audited for r in one.readings], solvers)
    yield '<nav aria-label="Statements"><div class="scroll"><table>'
    yield (
        "<thead><tr><th>Statement</th><th>As printed</th><th>Repaired</th>"
        '<th class="wide">Added</th></tr></thead><tbody>'
    )
    for one in audited:
        repaired = "" if one.repaired is None else found(one.repaired.result)
        parts = [f"<code>{text(name)}</code>" for name in one.row.added_hypotheses]
        parts += [f"changed: <code>{text(name)}</code>" for name in one.row.changed_definitions]
        added = ", ".join(parts)
        yield (
            f'<tr data-verdicts="{_verdicts(one)}"><td><a href="#{text(one.id)}">'
            f"{text(one.id)}</a><br>{text(one.title)}</td>"
            f"<td>{found(one.literal.result)}</td><td>{repaired}</td>"
            f'<td class="wide">{added}</td></tr>'
        )
    yield "</tbody></table></div></nav>"


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: ``A, B and C``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _article(one: Audited) -> Iterator[str]:
    id = text(one.id)
    yield f'<article id="{id}" data-verdicts="{_verdicts(one)}" aria-labelledby="{id}-title">'
    yield f'<h2 id="{id}-title"><a href="#{id}">{id}</a>: {text(one.title)}</h2>'
    yield f'<div class="readings{" two" if one.repaired else ""}">'
    yield from tell("As printed", one.literal.result, one.literal.outcome)
    if one.repaired is not None:
        repaired = one.repaired
        yield from tell("Repaired", repaired.result, repaired.outcome, one.row.added_hypotheses)
    yield "</div>"
    for reading in one.readings:
        yield from figure(reading.result)
    yield "</article>"


def _verdicts(one: Audited) -> str:
    return " ".join(dict.fromkeys(str(reading.result.verdict) for reading in one.readings))
