"""Definitions and statements, in words and as mathematics."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from spi_verify.mathematics.lines import in_lines
from spi_verify.mathematics.meanings import shown_symbol
from spi_verify.mathematics.showing import definition_and_legend
from spi_verify.obligations.statements import Executed, Hypothesis, Statement
from spi_verify.papers.explaining import (
    Explained,
    ExplainedDefinition,
    ExplainedStatement,
    ExplainedSymbol,
)
from spi_verify.reports.blocks import (
    Block,
    Code,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    codes,
    line,
)
from spi_verify.reports.formulas import definition, formula
from spi_verify.reports.html import sentence
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

MOST_COLUMNS = 100
"""However wide a terminal is, lines of text are no longer."""


def blocks(explained: Explained, *, steps: bool = False) -> list[Block]:
    """Return what a definition, a symbol or a statement is.

    Parameters
    ----------
    explained
        The definition, the symbol or the statement.
    steps
        Whether each step of a proof is shown.
    """
    if isinstance(explained, ExplainedDefinition):
        return list(_definition(explained))
    if isinstance(explained, ExplainedSymbol):
        return list(_symbol(explained))
    return list(_statement(explained, steps=steps))


def _definition(one: ExplainedDefinition) -> Iterator[Block]:
    kind = {"axiom": "taken for granted", "claim": "may be true or false"}.get(one.kind)
    yield Heading(2, line(Code(one.name), f" ({kind})" if kind else ""))
    for paragraph in one.words.split("\n\n"):
        yield Paragraph((" ".join(paragraph.split()),))
    yield Formula(*definition_and_legend(one.theory, one.name, one.notation))
    facts: list[Inline] = []
    if one.place:
        facts.append(line("as in ", Code(one.place), "; changed" if one.is_changed else ""))
    elif one.is_changed:
        facts.append(("changed: the papers have another formula",))
    if one.printed:
        facts.append((f"in the paper: {', '.join(one.printed)}",))
    named = {
        "symbols": one.symbols,
        "rests on": one.rests_on,
        "in definitions": one.in_definitions,
        "listed by": _readings(one.listed),
        "supposed by": _readings(one.supposed),
        "goal of": _readings(one.proved),
    }
    facts += [line(f"{said}: ", codes(names)) for said, names in named.items() if names]
    yield Items(tuple(facts or [("nothing uses it",)]))


def _symbol(one: ExplainedSymbol) -> Iterator[Block]:
    yield Heading(2, line(Code(one.name), " (a symbol, which definitions speak about)"))
    yield Formula(*shown_symbol(one.symbol, one.words, one.notation))
    yield Paragraph((one.words.replace("``", ""),))
    yield Items((line("in definitions: ", codes(one.in_definitions)),))


def _readings(ids: Sequence[str]) -> list[str]:
    """Return ids of statements, the two readings of one together."""
    both = {id for id in ids if f"{id}/repaired" in ids}
    single = (id for id in ids if id.removesuffix("/repaired") not in both or id in both)
    return [f"{id}[/repaired]" if id in both else id for id in single]


def _statement(one: ExplainedStatement, *, steps: bool) -> Iterator[Block]:
    statement = one.statement
    yield Heading(2, line(Code(statement.id), f": {statement.title}" if statement.title else ""))
    facts: list[Inline] = [line("as in ", Code(one.place))] if one.place else []
    if one.printed:
        facts.append((f"in the paper: {', '.join(one.printed)}",))
    facts.append((f"expected: {statement.expected}",))
    if one.recorded is not None:
        facts.append((f"recorded: {one.recorded}",))
    if one.other is not None:
        facts.append(line(f"{statement.reading} reading; the other: ", Code(one.other)))
    if isinstance(statement, Statement):
        facts.append((f"steps of the proof: {len(statement.steps)}",))
    else:
        facts.append(("decided by running programs: it has no formula",))
    if one.changed:
        facts.append(line("rests on definitions that are changed: ", codes(one.changed)))
    if one.used_by:
        facts.append(line("a lemma of: ", codes(_readings(one.used_by))))
    facts += _kept(one)
    yield Items(tuple(facts))
    if statement.note:
        yield Paragraph((sentence(statement.note),))
    yield from _supposed(statement)
    if isinstance(statement, Statement):
        yield from _proof(statement, steps=steps)


def _kept(one: ExplainedStatement) -> Iterator[Inline]:
    """Tell what is saved of it, and what executes or checks that again."""
    inside = [file.relative_to(one.statement.folder or Path()) for file in one.saved]
    for folder in dict.fromkeys(file.parent for file in inside):
        names = [file.stem for file in inside if file.parent == folder]
        said = f"counterexamples saved in {folder.as_posix()}, which 'replay' executes: "
        yield line(said, codes(names))
    if one.certificates is not None:
        yield line(
            "certificates of its steps, which 'replay' checks: ", Code(one.certificates.name)
        )


def _supposed(statement: Statement | Executed) -> Iterator[Block]:
    if statement.hypotheses:
        yield Heading(3, ("It supposes",))
    for one in statement.hypotheses:
        added = ", which only the repaired reading has" if one.name in statement.added else ""
        meaning = f": {one.meaning}" if one.meaning else ""
        yield Paragraph(line(Code(one.name), added, meaning))
        if isinstance(one, Hypothesis):
            yield formula(statement, one)


def _proof(statement: Statement, *, steps: bool) -> Iterator[Block]:
    yield Heading(3, ("It says",))
    yield formula(statement, statement.goal)
    if statement.definitions or statement.lemmas:
        yield Heading(3, ("It may use",))
    if statement.definitions:
        yield Paragraph(line("Definitions: ", codes(statement.definitions)))
    for name in statement.changed:
        yield Paragraph(line("This reading has ", Code(name), " otherwise than the printed one:"))
        yield definition(statement, name)
    for name, source in statement.lemmas.items():
        yield Paragraph(line("The lemma ", Code(name), ", proved as ", Code(source)))
    if not steps:
        return
    yield Heading(3, ("Steps",))
    for step in statement.steps:
        yield Paragraph(
            line(Code(step.name), "" if step.uses is None else line(", from ", codes(step.uses)))
        )
        yield formula(statement, step)


def print_blocks(told: Sequence[Block], console: Console) -> None:
    """Print what was explained, lines broken to fit the terminal."""
    width = min(console.width, MOST_COLUMNS)
    for number, block in enumerate(told):
        if isinstance(block, Heading):
            if number:
                console.print()
            style = "bold" if block.level == 2 else "italic"
            console.print(Text(_wrapped(block.line, width), style=style), soft_wrap=True)
        elif isinstance(block, Paragraph):
            console.print(Text(_wrapped(block.line, width)), soft_wrap=True)
        elif isinstance(block, Items):
            for one in block.lines:
                console.print(Text(_wrapped(one, width, start="- ")), soft_wrap=True)
        elif isinstance(block, Formula):
            lines = textwrap.indent(in_lines(block.shown, width - 4), "    ")
            console.print(Text(lines, style="cyan"), soft_wrap=True)
            if block.legend:
                told_of = _wrapped((block.legend,), width - 4)
                console.print(Text(textwrap.indent(told_of, "    "), style="dim"), soft_wrap=True)


def _wrapped(parts: Inline, width: int, start: str = "") -> str:
    text = printable("".join(parts))
    return textwrap.fill(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
