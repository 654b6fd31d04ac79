"""Which hypotheses of a statement suffice: on a terminal, and as a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from spi_verify.obligations.statements import Hypothesis
from spi_verify.reports.blocks import Block, Code, Heading, Items, Paragraph, codes, line
from spi_verify.reports.formulas import formula
from spi_verify.reports.html import sentence

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations import Statement
    from spi_verify.obligations.suffice import Extreme, Sufficiency

Section = tuple[str, list[tuple[str, str]]]
"""What sets of hypotheses are, and the sets, each with what is said of it."""


def print_sufficiency(statement: Statement, found: Sufficiency, console: Console) -> None:
    """Print the minimal sets that suffice, the maximal ones that do not, and what is open."""
    console.print(Text.assemble((statement.id, "bold"), f": {statement.title}"))
    always = _always(statement, found)
    if always:
        console.print(Text(f"always supposed: {', '.join(always)}"), soft_wrap=True)
    for title, lines in _sections(found):
        console.print()
        console.print(Text(title if lines else f"{title}: none", style="bold"))
        for head, rest in lines:
            console.print(Text(f"  {head}"), soft_wrap=True)
            if rest:
                console.print(Text(f"      {rest}"), soft_wrap=True)
    console.print()
    console.print(_counted(found))
    if found.not_asked:
        console.print("a smaller --pool leaves fewer sets open")


def sufficiency_report(statement: Statement, found: Sufficiency) -> Iterator[Block]:
    """Yield the same as a report, with what the hypotheses say.

    Parameters
    ----------
    statement
        Whose hypotheses were varied.
    found
        Which of their sets suffice.
    """
    yield Heading(1, line("Which hypotheses suffice: ", statement.title))
    yield Paragraph(line("Statement ", Code(statement.id), f". {sentence(_counted(found))}"))
    always = _always(statement, found)
    if always:
        yield Paragraph(line("Always supposed: ", codes(always), "."))
    for title, lines in _sections(found):
        yield Heading(2, (f"{title.capitalize()}{'' if lines else ': none'}",))
        if lines:
            yield Items(tuple((f"{head}{f': {rest}' if rest else ''}",) for head, rest in lines))
    yield Heading(2, ("The hypotheses",))
    for one in statement.hypotheses:
        yield Paragraph(line(Code(one.name), f": {one.meaning}" if one.meaning else ""))
        if isinstance(one, Hypothesis):
            yield formula(statement, one)


def _always(statement: Statement, found: Sufficiency) -> list[str]:
    return [h.name for h in statement.hypotheses if h.name not in found.pool]


def _counted(found: Sufficiency) -> str:
    settled = 2 ** len(found.pool) - len(found.undecided) - found.not_asked
    return (
        f"{2 ** len(found.pool)} sets of hypotheses: {settled} decided, "
        f"{len(found.undecided)} undecided, {found.not_asked} not asked; "
        f"{found.questions} questions asked"
    )


def _sections(found: Sufficiency) -> Iterator[Section]:
    minimal = [
        (", ".join(one.hypotheses) or "no hypothesis", _doubt(one, "a smaller set suffices"))
        for one in found.minimal
    ]
    yield "minimal sufficient", minimal
    maximal = []
    for one in found.maximal:
        told = (one.countermodel["conclusion"], _doubt(one, "a larger set fails, too"))
        maximal.append((_without(found, one.hypotheses), " ".join(filter(None, told))))
    yield "maximal insufficient", maximal
    largest = [
        names
        for names in found.undecided
        if not any(set(names) < set(other) for other in found.undecided)
    ]
    title = "undecided, the largest sets" if len(largest) < len(found.undecided) else "undecided"
    yield title, [(_without(found, names), found.undecided[names]) for names in largest]


def _without(found: Sufficiency, names: Sequence[str]) -> str:
    dropped = [name for name in found.pool if name not in names]
    return f"without {', '.join(dropped)}" if dropped else "all of them"


def _doubt(extreme: Extreme, what: str) -> str:
    return "" if extreme.sure else f"(perhaps {what}: that is undecided)"
