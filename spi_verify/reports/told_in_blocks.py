"""What is told about one statement, as blocks for Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spi_verify.counterexamples.bimatrix import COLUMN
from spi_verify.errors import InputError
from spi_verify.files import STANDARD_OUTPUT
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.reports.blocks import (
    Bimatrix,
    Block,
    Code,
    Grid,
    Inline,
    Items,
    Paragraph,
    Picture,
    codes,
    line,
)
from spi_verify.reports.formulas import formula
from spi_verify.reports.html import identifier, sentence
from spi_verify.reports.payoffs import payoff_table
from spi_verify.reports.portrait import drawing_of, plot_drawing
from spi_verify.reports.story import SUPPOSED, apart, beside_payoffs, in_parts, lines_of, why
from spi_verify.reports.told import EVIDENCE
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from spi_verify.counterexamples.drawing import Drawing
    from spi_verify.obligations.outcomes import Outcome

Pictures = tuple[Path, str]
"""Where pictures are written, and their ending."""


def pictures_beside(file: Path, *, as_latex: bool) -> Pictures:
    """Return where the pictures of a report are written: in a folder beside its file.

    Examples
    --------
    >>> folder, ending = pictures_beside(Path("audit.md"), as_latex=False)
    >>> folder.as_posix(), ending
    ('audit-pictures', 'svg')
    >>> folder, ending = pictures_beside(Path("-"), as_latex=True)
    >>> folder.as_posix(), ending
    ('report-pictures', 'pdf')
    """
    stem = "report" if str(file) == STANDARD_OUTPUT else file.stem
    return file.parent / f"{stem}-pictures", "pdf" if as_latex else "svg"


def reading(
    result: Result, outcome: Outcome | None, added: Sequence[str], pictures: Pictures | None
) -> Iterator[Block]:
    """Tell what a statement supposes and claims, and why it holds or fails.

    Parameters
    ----------
    result
        The verdict.
    outcome
        The statement and its proof; None where there is no such statement.
    added
        Names of hypotheses to be marked as added.
    pictures
        Where pictures are written; None: nowhere.
    """
    if outcome is not None:
        yield from supposed(outcome, added)
    if result.counterexample is not None:
        yield from counterexample(result, pictures)
    reason = why(result)
    if reason is not None:
        yield Paragraph((sentence(reason),))
    if outcome is not None:
        yield from core(outcome, result)


def decided(result: Result) -> str:
    """Return a verdict with what it rests on, and what was expected if that is something else.

    Examples
    --------
    >>> decided(Result("thm-3", Verdict.PROVED, "solver", Verdict.REFUTED))
    'proved (one solver); expected: refuted'
    """
    evidence = "" if result.evidence is None else f" ({EVIDENCE[result.evidence]})"
    expected = "" if result.as_expected else f"; expected: {result.expected}"
    return f"{result.shown}{evidence}{expected}"


def counterexample(result: Result, pictures: Pictures | None) -> Iterator[Block]:
    """Tell the counterexample of a result: payoffs, story, what was checked, and why it is one."""
    data = dict(result.counterexample or {})
    yield Paragraph(("The counterexample, which was executed:",))
    drawn = drawing_of(data)
    table = payoff_table(drawn)
    if table is not None and table.columns:
        players = (table.head[0], table.columns)
        yield Bimatrix(players, table.head[1:], table.rows, table.caption)
    elif table is not None:
        head = tuple((cell,) for cell in table.head)
        rows = tuple(tuple((cell,) for cell in row) for row in table.rows)
        yield Grid(head, rows, table.caption)
    if "kind" in data:
        yield from _picture(result.id, drawn, pictures)
    story = lines_of(data)
    if table is not None:
        story = beside_payoffs(story, table.lines)
    happens, because = apart(story, result.reason or "")
    yield from _story(happens)
    yield from _programs(data)
    yield from _checks(data)
    if because:
        yield Paragraph((sentence(because),))


def _story(story: Sequence[str]) -> Iterator[Block]:
    """Yield a story as a numbered list, or as paragraphs with its tables between them."""
    parts = list(in_parts(story))
    if parts and not any(rows for _, rows in parts):
        yield Items(tuple((told,) for told, _ in parts), numbered=True)
        return
    for told, rows in parts:
        yield Paragraph((told,))
        if rows:
            head, *others = ([cell.strip() for cell in row.split(COLUMN.strip())] for row in rows)
            yield Grid(_cells(head), tuple(map(_cells, others)))


def _cells(texts: Sequence[str]) -> tuple[Inline, ...]:
    return tuple((text,) for text in texts)


def _programs(data: Mapping[str, Any]) -> Iterator[Block]:
    """Yield programs and beliefs as they stand in the file."""
    body = data.get(data.get("kind", ""), {})
    if data.get("kind") != "programs":
        return
    lines: list[Inline] = []
    for key, called in (("equilibrium", "uses"), ("functions", "announces")):
        texts = body.get(key, ())
        lines += [(f"Player {i} {called} ", Code(one)) for i, one in enumerate(texts, 1)]
    for i, belief in enumerate(body.get("beliefs", ()), 1):
        for one in belief:
            others = codes(one["opponents"])
            lines.append(
                line(f"Player {i} believes, with probability {one['probability']}: ", others)
            )
    if lines:
        yield Paragraph(("Programs and beliefs, as they stand in the file:",))
        yield Items(tuple(lines))


def _checks(data: Mapping[str, Any]) -> Iterator[Block]:
    checks = data.get("hypotheses", ())
    if checks:
        yield Paragraph((SUPPOSED,))
        yield Items(tuple((Code(one["name"]), f": {one['check']}") for one in checks))


def _picture(id: str, drawn: Drawing | None, pictures: Pictures | None) -> Iterator[Block]:
    if pictures is None or drawn is None:
        return
    folder, ending = pictures
    name = identifier(id).replace(".", "-")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        plot_drawing(drawn, folder / f"{name}.{ending}")
    except InputError:
        return
    except OSError as error:
        raise InputError(f"cannot make it: {error.strerror}", file=str(folder)) from error
    yield Picture(f"{folder.name}/{name}", f"Payoffs in the counterexample to {id}.")


def supposed(outcome: Outcome, added: Sequence[str]) -> Iterator[Block]:
    """What a reading supposes, and what it claims, in words and as formulas."""
    statement = outcome.statement
    if statement.hypotheses:
        yield Paragraph(("Supposed:",))
    for one in statement.hypotheses:
        mark = ", added" if one.name in added else ""
        meaning = f"{one.meaning} " if one.meaning else ""
        yield Paragraph(line(f"{meaning}(", Code(one.name), f"{mark})"))
        if isinstance(one, Hypothesis):
            yield formula(statement, one)
    if isinstance(statement, Statement):
        yield Paragraph(("Claimed:",))
        yield formula(statement, statement.goal)


def core(outcome: Outcome, result: Result) -> Iterator[Block]:
    """What was executed; what a proof rests on, and what it does without."""
    if outcome.facts:
        holds = {True: "holds", False: "fails", None: "is not settled"}
        facts = ((f"{f.claim} It {holds[f.holds]}: {f.found}",) for f in outcome.facts)
        yield Items(tuple(facts))
        return
    if result.verdict is not Verdict.PROVED:
        return
    yield Paragraph(line("The proof rests on ", codes(outcome.used), "."))
    supposed = [hypothesis.name for hypothesis in outcome.statement.hypotheses]
    idle = [name for name in supposed if name not in outcome.used]
    if idle:
        yield Paragraph(line("Not needed: ", codes(idle), "."))
