"""HTML that needs nothing else: the frame of a page, its filter, and text made safe to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from spi_verify.reports.looks import DARK
from spi_verify.text import printable
from spi_verify.verdicts import Result, Verdict

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_MEANINGS = {
    Verdict.PROVED: "for every number of players and every set of outcomes, or executed in full",
    Verdict.REFUTED: "there is a counterexample, executed exactly",
    Verdict.UNKNOWN: "neither proved nor refuted, with the reason",
    Verdict.VACUOUS: "the hypotheses contradict each other",
    Verdict.ERROR: "something is wrong with the suite or with this program",
}


def document(
    title: str,
    header: Iterable[str],
    main: Iterable[str],
    written_by: str,
    contents: Iterable[tuple[str, Verdict]] = (),
) -> str:
    """Return a page with its style and script inside.

    Parameters
    ----------
    title
        Of the window and of the page.
    header, main
        Lines of HTML.
    written_by
        The command that writes it.
    contents
        The ids of its articles, each with the verdict that stands first.
    """
    style, script = (
        files("spi_verify.reports").joinpath(f"page.{kind}").read_text(encoding="utf-8")
        for kind in ("css", "js")
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{text(_POLICY)}">',
            f"<title>{text(title)}</title>",
            f"<style>\n{style}{_dark_pictures()}</style>",
            "</head>",
            '<body id="top">',
            '<a class="skip" href="#statements">Skip to the statements</a>',
            '<nav class="contents" aria-label="Contents"><ol>',
            *(
                f'<li data-of="{text(id)}"><a class="{verdict}" href="#{text(id)}">{text(id)}</a>'
                f'<span class="quiet">{verdict}</span></li>'
                for id, verdict in contents
            ),
            "</ol></nav>",
            '<a class="top" href="#top" aria-label="Back to top">↑</a>',
            '<div class="page">',
            "<header>",
            f"<h1>{text(title)}</h1>",
            *header,
            "</header>",
            '<main id="statements">',
            *main,
            "</main>",
            "<footer>",
            f'<p class="quiet">Written by <code>{text(written_by)}</code>.</p>',
            "</footer>",
            "</div>",
            f"<script>\n{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _dark_pictures() -> str:
    """Return the rule that gives pictures their colours on a dark screen."""
    colours = " ".join(f"--plot-{one.removeprefix('#')}: {dark};" for one, dark in DARK.items())
    return f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {colours} }} }}\n"


def changes(replacements: Sequence[str], without: Sequence[str]) -> Iterator[str]:
    """Tell what was changed, as the command line says it."""
    for change in replacements:
        yield f"<p>With a changed definition: <code>{text(change)}</code></p>"
    for name in without:
        yield f"<p>Without the hypothesis <code>{text(name)}</code></p>"


def legend(
    verdicts_found: Sequence[Verdict], solvers: Mapping[str, str], choices: Mapping[str, int]
) -> Iterator[str]:
    """Explain the verdicts that were found, and show a search and a filter.

    Parameters
    ----------
    verdicts_found
        The verdicts.
    solvers
        Versions.
    choices
        What can be asked for, in the words of ``data-verdicts`` (hyphens for spaces), and how many
        articles have it.
    """
    verdicts = [verdict for verdict in Verdict if verdict in verdicts_found]
    yield "<details><summary>How to read the verdicts</summary><dl>"
    for verdict in verdicts:
        yield f"<dt>{badge(verdict)}</dt><dd>{text(_MEANINGS[verdict])}</dd>"
    yield "</dl>"
    versions = ", ".join(f"{name} {version}" for name, version in solvers.items())
    yield f'<p class="quiet">Solvers: {text(versions)}.</p></details>'
    yield '<fieldset id="filter" hidden><legend>Show</legend>'
    for value, count in {"all": None, **choices}.items():
        checked = " checked" if value == "all" else ""
        number = "" if count is None else f' <span class="quiet">({count})</span>'
        yield (
            f'<label><input type="radio" name="verdict" value="{value}"{checked}> '
            f"{value.replace('-', ' ')}{number}</label>"
        )
    yield '<label class="search">Search <input type="search" id="search"></label>'
    yield '<output id="shown" class="quiet" aria-live="polite"></output></fieldset>'


def choices(tokens: Iterable[Sequence[str]], order: Sequence[str]) -> dict[str, int]:
    """Return what articles have by how many have it, in an order, for :func:`legend`."""
    counts = Counter(token for one in tokens for token in dict.fromkeys(one))
    return {token: counts[token] for token in order if counts[token]}


def badge(verdict: Verdict) -> str:
    """Return a verdict as a coloured label."""
    return f'<span class="verdict {verdict}">{verdict}</span>'


def found(result: Result) -> str:
    """Return the verdict of a result, with a mark where consistency is open."""
    mark = " <strong>consistency open</strong>" if result.consistency_open else ""
    return f"{badge(result.verdict)}{mark}"


def codes(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    return ", ".join(f"<code>{text(name)}</code>" for name in names) or "nothing"


def text(value: Any, *, lines: bool = False) -> str:
    """Return text as HTML, whatever it holds."""
    said = str(value)
    shown = "\n".join(map(printable, said.split("\n"))) if lines else printable(said)
    return escape(shown)


def sentence(said: str) -> str:
    """Return the text with a full stop at its end."""
    return said if said.endswith((".", "!", "?")) or not said else f"{said}."


def identifier(id: str) -> str:
    """Return an id as a part of ids and file names."""
    return "".join(c if c.isalnum() or c in "-." else "-" for c in id)
