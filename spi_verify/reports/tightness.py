"""What ``spi-verify tightness`` says, on a terminal and in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spi_verify.games.game import Game
from spi_verify.games.rationals import format_profile
from spi_verify.programs.tightness import Obstacle, Tightness
from spi_verify.reports.blocks import Block, Code, Grid, Heading, Items, Paragraph, line
from spi_verify.reports.told_in_blocks import counterexample
from spi_verify.text import printable
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "spi-verify/tightness-result/1"
_FIRST, _LAST = 5, 3


def describe(found: Tightness | Obstacle, file: str) -> dict[str, Any]:
    """Return the result of a construction as plain data.

    Parameters
    ----------
    found
        What :func:`spi_verify.programs.tightness.tightness` returned.
    file
        The game's file as the user named it.
    """
    if isinstance(found, Obstacle):
        obstacle = {"hypothesis": found.hypothesis, "why": found.why}
        return {"schema": SCHEMA, "file": file, "verdict": "unknown", "obstacle": obstacle}
    return {
        "schema": SCHEMA,
        "file": file,
        "verdict": "proved" if found.holds else "refuted",
        "obstacle": None,
        "players": list(found.game.base.game.players),
        "rounds": len(found.path) - 1,
        "pmm": _texts(found.game.base.pareto_meet_minimum),
        "ceiling": _texts(found.ceiling),
        "defaults": list(found.defaults),
        "path": [_texts(payoffs) for payoffs in found.path],
        "expected": [str(report.value) for report in found.equilibrium.players],
        "without_renegotiating": _texts(found.replies),
    }


def print_obstacle(obstacle: Obstacle, console: Console) -> None:
    """Print which hypothesis a game does not meet."""
    console.print(
        printable(f"no construction: the hypothesis {obstacle.hypothesis} fails: {obstacle.why}"),
        soft_wrap=True,
    )


def print_tightness(found: Tightness, console: Console) -> None:
    """Print the path, and why everybody's program is optimal; of many rounds the ends."""
    from rich.table import Table

    game = found.game.base.game
    console.print(printable(game.title) or "(untitled game)", style="bold")
    console.print(f"PMM {format_profile(found.game.base.pareto_meet_minimum)}, ", end="")
    console.print(f"PMM + Delta {format_profile(found.ceiling)}, correlated play")
    console.print(
        printable(f"defaults: always ({', '.join(found.defaults)})"),
        soft_wrap=True,
    )
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("round", "payoffs"):
        table.add_column(heading, overflow="fold")
    for row in _rounds(found):
        table.add_row(*row)
    console.print(table)
    console.print()
    for said in _said(found):
        console.print(said, soft_wrap=True)


def _rounds(found: Tightness) -> Iterator[tuple[str, str]]:
    """Yield rounds with what everybody has after them; of many the first and the last."""
    last = len(found.path) - 1
    for k, payoffs in enumerate(found.path):
        if k <= _FIRST or k > last - _LAST or last <= _FIRST + _LAST + 1:
            yield str(k), format_profile(payoffs)
        elif k == _FIRST + 1:
            yield "...", f"{last - _FIRST - _LAST} more rounds"


def _said(found: Tightness) -> Iterator[str]:
    """Yield what was executed shows, and why everybody's program is optimal."""
    improves = "yes" if found.every_round_improves else "NO"
    within = "yes" if found.within_delta else "NO"
    yield f"every round improves strictly for everybody: {improves}"
    yield f"everybody ends within Delta of the PMM: {within}"
    for report, reply, end in zip(
        found.equilibrium.players, found.replies, found.path[-1], strict=True
    ):
        verdict = {True: "optimal", False: "NOT optimal", None: "not settled"}[report.optimal]
        yield (
            f"player {report.player}'s program over the whole program space: {verdict} "
            f"({report.method}). It expects {report.value} from the believed opponents (and gets "
            f"{end} from the actual ones). Who does not renegotiate meets their defaults and gets "
            f"at most {reply}; who does ends at the default outcome or at something they "
            f"accept, at most {report.value}."
        )


def tightness_report(
    found: Tightness | Obstacle, game: Game, printed: Mapping[str, Any] | None
) -> Iterator[Block]:
    """Yield the same as a report.

    Parameters
    ----------
    found
        What :func:`spi_verify.programs.tightness.tightness` returned.
    game
        The game.
    printed
        A counterexample to the paper's own construction, where that was asked for and found.
    """
    title = printable(game.title) or "untitled game"
    yield Heading(1, (f"An equilibrium a little above the PMM: {title}",))
    if isinstance(found, Obstacle):
        yield Paragraph(line("No construction: ", Code(found.hypothesis), f" fails: {found.why}."))
    else:
        pmm = format_profile(found.game.base.pareto_meet_minimum)
        yield Paragraph(
            (
                f"PMM {pmm}, PMM + Delta {format_profile(found.ceiling)}, correlated play. "
                f"Defaults: always ({', '.join(found.defaults)}).",
            )
        )
        rows = tuple(((k,), (payoffs,)) for k, payoffs in _rounds(found))
        yield Grid((("round",), ("payoffs",)), rows, "After each round.")
        yield Items(tuple((said,) for said in _said(found)))
    if printed is not None:
        yield Heading(2, ("The construction as printed",))
        shown = {"counterexample": printed, "reason": printed["conclusion"]}
        yield from counterexample(Result(printed["statement"], Verdict.REFUTED, **shown), None)


def print_as_printed(game: Game, better: Mapping[str, Any] | None, console: Console) -> None:
    """Print who has a better response in the paper's own construction, and by how much."""
    console.print()
    if better is None:
        why = (
            "it is given for two players"
            if game.number_of_players != 2
            else "its hypotheses fail in this game, or no better response was found"
        )
        console.print(f"as printed: nothing to show ({why})")
        return
    console.print(f"as printed: {better['conclusion']}", soft_wrap=True)
    for told in better["story"]:
        shown = told if len(told) <= 600 else f"{told[:420]} [...] {told[-150:]}"
        console.print(printable(f"  {shown}"), soft_wrap=True)


def _texts(payoffs: Any) -> list[str]:
    return [str(u) for u in payoffs]
