"""What ``spi-verify show`` says about a game."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from spi_verify.games.agreements import AgreementGame
from spi_verify.games.algebraic import Algebraic
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.decimals import near_decimal, near_root
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.opposition import opposition
from spi_verify.games.players import called
from spi_verify.games.pure import PureOutcomes
from spi_verify.reports.solved import Solved
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_T = TypeVar("_T")

SCHEMA = "spi-verify/game/1"
MAX_PROJECTED = 400
"""Up to so many outcomes each outcome's projections are listed unasked."""

MAX_CORNERS = 16
"""With three or more players, up to so many efficient pure outcomes the frontier is listed."""

_ROWS = 24
_LONG = 20
"""Fractions of more characters are shown with decimals beside."""


def describe(
    feasible: PureOutcomes | CorrelatedPlay,
    outcomes: Sequence[int] | None = None,
    solved: Solved | None = None,
) -> dict[str, Any]:
    """Return efficient outcomes, PMM, Pareto meet and projections as plain data.

    Parameters
    ----------
    feasible
        A game with its feasible set.
    outcomes
        The positions of the outcomes whose projections are wanted; default all, if there are at
        most 400.
    solved
        A disagreement point and what bargaining solutions choose.
    """
    game = feasible.game
    if outcomes is None and game.number_of_outcomes <= MAX_PROJECTED:
        outcomes = range(game.number_of_outcomes)
    correlated = isinstance(feasible, CorrelatedPlay)
    if isinstance(game, AgreementGame):
        shape: dict[str, Any] = {
            "issues": {issue.name: list(issue.values) for issue in game.issues},
            "notes": game.comment.splitlines(),
            "disagreement": _texts(game.disagreement),
            "opposition_squared": None if (square := opposition(game)) is None else str(square),
        }
    else:
        shape = {"actions": [list(actions) for actions in game.actions]}
    return {
        "schema": SCHEMA,
        "title": game.title,
        "feasible": "correlated" if correlated else "pure",
        "players": list(game.players),
        **shape,
        "number_of_outcomes": game.number_of_outcomes,
        "pmm": _texts(feasible.pareto_meet_minimum),
        "efficient": _names(game, feasible.efficient),
        "frontier": _frontier(feasible),
        "pareto_meet": _names(game, feasible.pareto_meet)
        if isinstance(feasible, PureOutcomes)
        else None,
        "pmp": None
        if outcomes is None
        else [
            {
                "outcome": list(game.outcome(k)),
                "payoffs": _texts(game.payoffs(k)),
                "pmp": [_projection(feasible, i + 1, k) for i in range(game.number_of_players)],
            }
            for k in outcomes
        ],
        **({} if solved is None else _solved(game, solved)),
    }


def print_description(description: dict[str, Any], console: Console) -> None:
    """Print what :func:`describe` returned, long lists cut short."""
    from rich.table import Table

    players = description["players"]
    correlated = description["feasible"] == "correlated"
    number = description["number_of_outcomes"]
    issues = description.get("issues")
    axes = description["actions"] if issues is None else issues.values()
    sizes = " x ".join(str(len(names)) for names in axes)
    each = f"{sizes} actions" if issues is None else f"an agreement or none: {sizes} values"
    facts = {
        "players": printable(f"{', '.join(players)} ({each})"),
        "feasible set": f"correlated play over {number} pure outcomes"
        if correlated
        else f"{number} pure outcomes",
        "PMM": _profile(description["pmm"]),
        "efficient": _listing(description["efficient"], _outcome),
    }
    if description["frontier"] is not None:
        facts["frontier"] = _listing(
            description["frontier"], lambda face: " - ".join(map(_profile, face))
        )
    elif correlated:
        facts["frontier"] = f"not listed for more than {MAX_CORNERS} efficient pure outcomes"
    else:
        facts["Pareto meet"] = _listing(description["pareto_meet"], _outcome)
    if issues is not None:
        facts["issues"] = printable(", ".join(issues))
    if "disagreement" in description:
        facts["disagreement"] = _profile(description["disagreement"])
        if (square := description.get("opposition_squared")) is not None:
            root = near_root(Fraction(square))
            facts["opposition"] = f"{root} (distance from 1 for everybody to an agreement)"
    console.print(printable(description["title"]) or "(untitled game)", style="bold")
    heads = Table.grid(padding=(0, 2, 0, 0))
    for fact, value in facts.items():
        heads.add_row(fact, value)
    console.print(heads)
    for note in description.get("notes", []):
        console.print(printable(f"note: {note}"), soft_wrap=True)
    console.print()
    if "solutions" in description:
        console.print(_solutions_table(description["solutions"]))
        console.print()
    if description["pmp"] is None:
        console.print("Projections are not listed for so many outcomes; ask with --outcome.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    projected = (f"PMP of {called(players, i + 1)}" for i in range(len(players)))
    for heading in ("outcome", "payoffs", *projected):
        table.add_column(heading, overflow="fold")
    rows = description["pmp"]
    for row in rows[:_ROWS]:
        shown = [_set(members, correlated) for members in row["pmp"]]
        table.add_row(_outcome(row["outcome"]), _profile(row["payoffs"]), *shown)
    console.print(table)
    if len(rows) > _ROWS:
        console.print(
            f"... and {len(rows) - _ROWS} more outcomes (all with --json, one with --outcome)"
        )


def _solved(game: Game, solved: Solved) -> dict[str, Any]:
    return {
        "disagreement": _texts(solved.disagreement),
        "solutions": [
            {
                "rule": str(solution.rule),
                "payoffs": None if solution.payoffs is None else _texts(solution.payoffs),
                **_irrational(solution.payoffs or ()),
                "lottery": None
                if solution.lottery is None
                else [
                    {"outcome": list(game.outcome(k)), "weight": str(w)}
                    for k, w in sorted(solution.lottery.items())
                ],
                "unknown": solution.unknown,
            }
            for solution in solved.solutions
        ],
    }


def _irrational(payoffs: Sequence[Fraction | Algebraic]) -> dict[str, Any]:
    """Return what a solution with an irrational payoff has besides.

    These are decimals near its payoffs, and which root these are written with, where that is no
    square root.
    """
    roots = [u.root for u in payoffs if isinstance(u, Algebraic)]
    if not roots:
        return {}
    named = {"where": f"{roots[0].name} is {roots[0]}"} if roots[0].degree > 2 else {}
    return {"near": list(map(near_decimal, payoffs)), **named}


def _solutions_table(solutions: Sequence[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("solution", "payoffs", "by"):
        table.add_column(heading, overflow="fold")
    for found in solutions:
        by = found["unknown"] or ""
        if found["lottery"] is not None:
            parts = found["lottery"]
            names = [
                f"{'' if len(parts) == 1 else part['weight'] + ' '}{_outcome(part['outcome'])}"
                for part in parts
            ]
            by = " + ".join(names)
        elif found["payoffs"] is not None:
            by = "a lottery with irrational probabilities"
        payoffs = "-"
        if found["payoffs"] is not None:
            payoffs = _profile(found["payoffs"], found.get("near"), found.get("where", ""))
        table.add_row(found["rule"], payoffs, by or "nothing pays everybody that much")
    return table


def _frontier(feasible: PureOutcomes | CorrelatedPlay) -> list[list[list[str]]] | None:
    """Return the efficient faces by their corners, where finding them does not take long."""
    game = feasible.game
    if isinstance(feasible, PureOutcomes):
        return None
    if game.number_of_players > 2 and len(feasible.efficient) > MAX_CORNERS:
        return None
    return [[_texts(game.payoffs(k)) for k in face] for face in feasible.efficient_faces]


def _projection(feasible: PureOutcomes | CorrelatedPlay, player: int, k: int) -> list[list[str]]:
    payoffs = feasible.game.payoffs(k)
    if isinstance(feasible, PureOutcomes):
        return _names(feasible.game, feasible.pareto_meet_projection(player, payoffs))
    segment = feasible.pareto_meet_projection(player, payoffs)
    return [] if segment is None else [_texts(segment.low), _texts(segment.high)]


def _names(game: Game, positions: Iterable[Any]) -> list[list[str]]:
    return [list(game.outcome(int(k))) for k in positions]


def _texts(payoffs: Payoffs) -> list[str]:
    return [str(u) for u in payoffs]


def _outcome(names: Sequence[str]) -> str:
    return printable(f"({', '.join(names)})")


def _profile(payoffs: Sequence[str], near: Sequence[str] | None = None, where: str = "") -> str:
    """Return a payoff profile, with decimals before it where it cannot be read alone.

    Irrational payoffs need the decimals, as their texts are no fractions; `where` says what a name
    in them is.
    """
    exact = f"({', '.join(payoffs)})"
    if max(map(len, payoffs)) <= _LONG and not where:
        return exact
    decimals = near or [near_decimal(Fraction(u)) for u in payoffs]
    told = f"about ({', '.join(decimals)}), exactly {exact}"
    return f"{told}, where {where}" if where else told


def _set(members: Sequence[Sequence[str]], correlated: bool) -> str:
    if not members:
        return "empty"
    if not correlated:
        return "\n".join(_outcome(member) for member in members[:4]) + (
            f"\nand {len(members) - 4} more" if len(members) > 4 else ""
        )
    low, high = members
    return _profile(low) if low == high else f"{_profile(low)} to {_profile(high)}"


def _listing(items: Sequence[_T], shown: Callable[[_T], str], most: int = 12) -> str:
    if not items:
        return "none"
    rest = len(items) - most
    listed = " ".join(map(shown, items[:most]))
    return listed if rest <= 0 else f"{listed} and {rest} more"
