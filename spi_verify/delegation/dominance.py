"""Strict dominance, iterated elimination with its certificate, and duplicate actions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.delegation.arrays import grid, ranks, table
from spi_verify.effort import spend
from spi_verify.games.game import Game
from spi_verify.games.linear_program import Infeasible, LinearProgram, Optimum, solve

Lottery = Mapping[str, Fraction]
"""A mixed action: the probability of each action that has one."""

Belief = Mapping[tuple[str, ...], Fraction]
"""A belief about the others' actions: the probability of each profile of them that has one."""

Kept = tuple[tuple[int, ...], ...]
"""For each player the positions of some actions, in increasing order."""


@dataclass(frozen=True)
class Step:
    """An action that goes.

    Parameters
    ----------
    player
        Whose it is; players count from 1.
    action
        Its name.
    by
        The action, or the mixed action, that strictly dominates it in what is left at this point.
        Of a duplicate: the action that stays.
    """

    player: int
    action: str
    by: str | Lottery


@dataclass(frozen=True, eq=False)
class Reduction:
    """What is left of a game, and the certificate.

    Parameters
    ----------
    game
        What is left.
    kept
        Which actions of the original game these are.
    steps
        What went, in an order in which each step is right.
    """

    game: Game
    kept: Kept
    steps: tuple[Step, ...]


def restrict(game: Game, kept: Sequence[Sequence[int]]) -> Game:
    """Return the subset game with these actions, given by position, and the payoffs of the game."""
    chosen = table(game)[grid(kept)]
    actions = tuple(
        tuple(names[a] for a in own) for names, own in zip(game.actions, kept, strict=True)
    )
    rows = chosen.reshape(game.number_of_players, -1).copy()
    return Game(game.players, actions, rows, game.denominators, game.title)


def reduce(game: Game, *, mixed: bool = False) -> Reduction:
    """Eliminate strictly dominated actions until there are none.

    Parameters
    ----------
    game
        Any game.
    mixed
        Whether an action also goes that only a mixed action dominates. By default dominance is by
        an action.

    Notes
    -----
    What is left does not depend on the order, of which the players' and the actions' is taken.

    >>> dilemma = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    >>> reduce(dilemma).game.actions
    (('2',), ('2',))
    """
    everything = [list(range(size)) for size in game.shape]
    kept, steps = eliminate(game, everything, range(game.number_of_players), mixed=mixed)
    return Reduction(restrict(game, kept), kept, steps)


def eliminate(
    game: Game,
    start: Sequence[Sequence[int]],
    players: Sequence[int],
    *,
    mixed: bool = False,
    spared: Sequence[Collection[int]] | None = None,
) -> tuple[Kept, tuple[Step, ...]]:
    """Eliminate dominated actions of some players only, among the actions one starts from.

    Parameters
    ----------
    game
        The game.
    start
        For each player the positions of the actions that are there in the beginning.
    players
        Whose actions go.
    mixed
        Whether mixed actions dominate, too.
    spared
        For each player the positions of actions that stay, dominated or not.

    Returns
    -------
    tuple
        The positions of the actions that are left, and the steps.
    """
    pays, kept, steps = ranks(game), [list(own) for own in start], list[Step]()
    stay = [frozenset(own) for own in spared or [()] * len(kept)]
    changed = True
    while changed:
        changed = False
        for i in players:
            dominated = _dominated(pays[i], kept, i)
            gone = {a: by for a, by in dominated.items() if a not in stay[i]}
            if not gone and mixed:
                gone = _first_dominated_by_mixing(game, kept, i, stay[i])
            for a, by in gone.items():
                kept[i].remove(a)
                names = game.actions[i]
                steps.append(Step(i + 1, names[a], names[by] if isinstance(by, int) else by))
                changed = True
    return tuple(map(tuple, kept)), tuple(steps)


def _rows(pays: npt.NDArray[Any], kept: Sequence[Sequence[int]], i: int) -> npt.NDArray[Any]:
    """Return a player's payoffs as a matrix: a row for each own action that is left."""
    rows: npt.NDArray[Any] = np.moveaxis(pays[grid(kept)], i, 0)
    return rows.reshape(len(kept[i]), -1)


def _dominated(
    pays: npt.NDArray[np.int64], kept: Sequence[Sequence[int]], i: int
) -> dict[int, Any]:
    """Return a player's dominated actions, each with an undominated one that dominates it."""
    if len(kept[i]) == 1:
        return {}
    rows = _rows(pays, kept, i)
    better = []
    for row in rows:
        spend(1 + rows.size // 1000)
        better.append((rows > row).all(axis=1))
    stays = [not dominators.any() for dominators in better]
    return {
        kept[i][a]: kept[i][int(np.flatnonzero(dominators & stays)[0])]
        for a, dominators in enumerate(better)
        if dominators.any()
    }


def _first_dominated_by_mixing(
    game: Game, kept: Sequence[Sequence[int]], i: int, stay: Collection[int]
) -> dict[int, Lottery]:
    for a in [a for a in kept[i] if a not in stay] if len(kept[i]) > 1 else ():
        found = judge(game, kept, i, a)
        if isinstance(found, Dominating):
            return {a: found.lottery}
    return {}


@dataclass(frozen=True)
class Dominating:
    """A mixed action that strictly dominates an action."""

    lottery: Lottery


@dataclass(frozen=True)
class Justifying:
    """A belief to which an action is a best reply, which therefore nothing strictly dominates."""

    belief: Belief


def judge(game: Game, kept: Sequence[Sequence[int]], i: int, a: int) -> Dominating | Justifying:
    """Return why an action is strictly dominated by a mixed action, or why it is not.

    One linear program has both answers: a belief to which the action is a best reply, or, by
    Farkas' lemma, a mixed action that is better against all profiles.

    Parameters
    ----------
    game, kept
        The game, and the actions that are left.
    i, a
        The player (from 0), and the position of the action.
    """
    rows = _rows(table(game)[i], kept, i).tolist()
    own = rows[kept[i].index(a)]
    spend(len(own) * len(rows) * 10)
    columns = [(*(mine - row[s] for row in rows), 1) for s, mine in enumerate(own)]
    columns += [(*(-int(b == c) for b in range(len(rows))), 0) for c in range(len(rows))]
    program = LinearProgram(columns, [0] * len(rows) + [1], [0] * len(columns))
    answer = solve(program)
    if isinstance(answer, Infeasible):
        names = game.actions[i]
        found = zip(kept[i], answer.farkas, strict=False)
        weights = {names[b]: -y for b, y in found if y and b != a}
        total = sum(weights.values())
        return Dominating({name: w / total for name, w in weights.items()})
    assert isinstance(answer, Optimum)
    profiles = list(_others(game, kept, i))
    return Justifying({profiles[s]: q for s, q in answer.point.items() if s < len(own)})


def _others(game: Game, kept: Sequence[Sequence[int]], i: int) -> Iterator[tuple[str, ...]]:
    """Iterate over the profiles of the others' actions, in the order of the rows' columns."""
    own = [kept[j] for j in range(game.number_of_players) if j != i]
    names = [game.actions[j] for j in range(game.number_of_players) if j != i]
    for position in np.ndindex(*map(len, own)):
        yield tuple(named[mine[p]] for named, mine, p in zip(names, own, position, strict=True))


def merge_duplicates(game: Game) -> Reduction:
    """Keep one, the first, of the actions that pay everybody the same against all profiles."""
    pays, kept, steps = ranks(game), list[tuple[int, ...]](), list[Step]()
    for i, names in enumerate(game.actions):
        first: dict[bytes, int] = {}
        rows = np.ascontiguousarray(np.moveaxis(pays, i + 1, 0).reshape(len(names), -1))
        for a, row in enumerate(rows):
            stays = first.setdefault(row.tobytes(), a)
            if stays != a:
                steps.append(Step(i + 1, names[a], names[stays]))
        kept.append(tuple(first.values()))
    return Reduction(restrict(game, kept), tuple(kept), tuple(steps))
