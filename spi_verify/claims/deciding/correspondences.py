"""Whether all plays that satisfy correspondences are safe: found by search, or by the solvers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from spi_verify.claims.correspondences import (
    duplicates_between,
    games_of,
    matching,
    steps_between,
)
from spi_verify.claims.deciding.plays import steps_of
from spi_verify.claims.document import CorrespondenceTable
from spi_verify.claims.instance import Instance
from spi_verify.delegation.arrays import Mask, place
from spi_verify.delegation.constraints import (
    Constraint,
    Contradiction,
    Play,
    find_play,
    smallest,
)
from spi_verify.delegation.deciding import judged
from spi_verify.delegation.derivations import Stride, derive
from spi_verify.delegation.isomorphism import images, isomorphisms
from spi_verify.effort import limited
from spi_verify.errors import Undecided
from spi_verify.games.game import Game

_SEARCH, _SHRINK, _DERIVE = 8_000_000, 4_000_000, 2_000_000
_MAX_CASES = 64


@dataclass(frozen=True, eq=False)
class Problem:
    """The games that a claim is about, what is assumed of their plays, and what is a loss.

    Parameters
    ----------
    judging
        The original game, whose payoffs count.
    games
        The games, each once, however many names it has.
    names
        The names of each; None is the game of the file.
    constraints
        What the correspondences allow, by name.
    start, end
        The positions of the two games that are compared.
    """

    judging: Game
    games: Sequence[Game]
    names: Sequence[Sequence[str | None]]
    constraints: Mapping[str, Constraint]
    start: int
    end: int

    @property
    def sizes(self) -> list[int]:
        """How many outcomes each game has."""
        return [game.number_of_outcomes for game in self.games]

    @property
    def losses(self) -> Constraint:
        """The pairs of outcomes with which somebody gets less in the second game."""
        before, after = (judged(self.judging, self.games[g]) for g in (self.start, self.end))
        worse = np.asarray((after[:, None, :] < before[:, :, None]).any(axis=0))
        return Constraint(self.start, self.end, worse)


def problem_of(
    instance: Instance, named: Sequence[str], first: str | None, second: str | None
) -> Problem:
    """Set up the problem of a claim about two games, given by name, and some correspondences."""
    tables = instance.correspondences
    wanted = [first, second, *(g for name in named for g in (tables[name].source, tables[name].to))]
    games: list[Game] = []
    names: list[list[str | None]] = []
    numbers: dict[Any, int] = {}
    where: dict[str | None, int] = {}
    for name in dict.fromkeys(wanted):
        game = instance.game if name is None else instance.subset_games[name]
        key = frozenset((o, game.payoffs(o)) for o in game.outcomes())
        k = where[name] = numbers.setdefault(key, len(games))
        if k == len(games):
            games.append(game)
            names.append([])
        names[k].append(name)
    constraints = {}
    for name in named:
        ends = where[tables[name].source], where[tables[name].to]
        one, other = games_of(instance, name)
        allowed = _arranged(_allowed(tables[name], one, other), one, other, games, ends)
        constraints[name] = Constraint(*ends, allowed)
    return Problem(instance.game, games, names, constraints, where[first], where[second])


def _arranged(
    allowed: Mask, one: Game, other: Game, games: Sequence[Game], ends: tuple[int, int]
) -> Mask:
    """Put rows and columns in the order of the games that stand for these two."""
    rows = [one.index(o) for o in games[ends[0]].outcomes()]
    columns = [other.index(o) for o in games[ends[1]].outcomes()]
    return allowed[np.ix_(rows, columns)]


def _allowed(table: CorrespondenceTable, first: Game, second: Game) -> Mask:
    """Return which outcomes of two games a correspondence allows together."""
    if table.by == "isomorphism":
        return images(first, second)
    allowed = np.zeros((first.number_of_outcomes, second.number_of_outcomes), dtype=bool)
    if table.outcomes is None:
        kept = duplicates_between(first, second) if table.by == "duplicates" else None
        for a, outcome in enumerate(first.outcomes()):
            if kept is not None:
                choices = product(*(own[x] for own, x in zip(kept, outcome, strict=True)))
                allowed[a, [second.index(o) for o in choices]] = True
            elif all(x in own for x, own in zip(outcome, second.actions, strict=True)):
                allowed[a, second.index(outcome)] = True
        return allowed
    undecided = set(range(first.number_of_outcomes))
    for line in table.outcomes:
        targets = [second.index(o) for pattern in line.to for o in matching(pattern, second)]
        for outcome in matching(line.source, first):
            a = first.index(outcome)
            if a in undecided:
                undecided.discard(a)
                allowed[a, targets] = True
    allowed[sorted(undecided)] = True
    return allowed


@dataclass(frozen=True, eq=False)
class Answer:
    """What was found out about plays that satisfy some constraints.

    Parameters
    ----------
    play
        One; None if there is none.
    rests_on
        Constraints that contradict each other, where there is none.
    contradiction
        Why they do, by the constraints' names; None where the solvers said it.
    """

    play: Play | None = None
    rests_on: tuple[str, ...] = ()
    contradiction: dict[str, Any] | None = None


def answer(problem: Problem, constraints: Mapping[str, Constraint]) -> Answer:
    """Look for a play that satisfies constraints, by search and, beyond its limit, by solvers.

    Raises
    ------
    Undecided
        When neither settles it.
    SolverDisagreement
        When the solvers contradict each other.
    """
    names, listed = list(constraints), list(constraints.values())
    try:
        with limited(_SEARCH):
            found = find_play(problem.sizes, listed)
    except Undecided:
        from spi_verify.claims.by_solvers import ask_for_a_play

        said = ask_for_a_play(problem.sizes, constraints)
        if isinstance(said, frozenset):
            return Answer(rests_on=tuple(name for name in names if name in said))
        return Answer(said)
    if not isinstance(found, Contradiction):
        return Answer(found)
    kept = sorted(found.constraints)
    try:
        with limited(_SHRINK):
            kept, found = smallest(problem.sizes, listed, found)
    except Undecided:
        pass  # more correspondences are named than are needed
    told = _told(found, names, problem)
    return Answer(rests_on=tuple(names[k] for k in kept), contradiction=told)


def _told(found: Contradiction, names: Sequence[str], problem: Problem) -> dict[str, Any]:
    """Return a contradiction as plain data."""

    def outcome(game: int, position: int) -> tuple[str, ...]:
        return problem.games[game].outcome(position)

    told: dict[str, Any] = {
        "removals": [
            (names[r.constraint] or None, problem.names[r.game][0], outcome(r.game, r.outcome))
            for r in found.removals
        ]
    }
    if found.game is not None:
        told["game"] = problem.names[found.game][0]
        told["cases"] = [(outcome(found.game, k), _told(c, names, problem)) for k, c in found.cases]
    return told


def stated_loss(instance: Instance, problem: Problem, play: Play) -> dict[str, Any]:
    """Return a play in which somebody gets less, as the plain data of a violation."""
    outcomes = [game.outcome(k) for game, k in zip(problem.games, play, strict=True)]
    judging = problem.judging
    before, after = (judging.payoffs(outcomes[g]) for g in (problem.start, problem.end))
    i = next(i for i, (u, v) in enumerate(zip(before, after, strict=True)) if v < u)
    played = [
        {"outcome": list(outcome)} | ({} if name is None else {"game": name})
        for outcome, names in zip(outcomes, problem.names, strict=True)
        for name in names
    ]
    found: dict[str, Any] = {"violates": "loss", "play": played}
    found |= {"player": i + 1, "before": str(before[i]), "after": str(after[i])}
    return found | _reasons(instance, problem, outcomes)


def _reasons(
    instance: Instance, problem: Problem, outcomes: Sequence[tuple[str, ...]] | None
) -> dict[str, Any]:
    """Return the steps of eliminations, and isomorphisms that send what is played where it goes."""
    eliminated, maps = {}, {}
    for name, constraint in problem.constraints.items():
        table, (one, other) = instance.correspondences[name], games_of(instance, name)
        if table.by == "elimination":
            mixed = table.dominance == "mixed"
            eliminated[name] = steps_of(steps_between(one, other, mixed=mixed))
        elif table.by == "isomorphism" and outcomes is not None:
            a = one.index(outcomes[constraint.first])
            b = other.index(outcomes[constraint.second])
            pins = list(zip(place(a, one), place(b, other), strict=True))
            maps[name] = next(isomorphisms(one, other, pinned=pins)).named
    return {"eliminated": eliminated} | ({} if outcomes is None else {"maps": maps})


def stated_proof(instance: Instance, problem: Problem, found: Answer) -> dict[str, Any] | None:
    """Return why there is no play, as plain data; None where the solvers said it."""
    if found.contradiction is None:
        return None
    used = {name: c for name, c in problem.constraints.items() if name in found.rests_on}
    reasons = _reasons(instance, replace(problem, constraints=used), None)
    return {"contradiction": found.contradiction, **reasons}


def how_derived(instance: Instance, problem: Problem) -> str:
    """Say how rules derive that a game is a safe improvement, or that they do not."""
    good = ~problem.losses.allowed
    names = list(problem.constraints)
    try:
        with limited(_DERIVE):
            walk = _derived(problem, list(problem.constraints.values()), good)
            if walk is not None:
                return f"derivable: {_walk_told(walk, names, problem)}"
            cases = _cases(instance, problem)
            if cases is None:
                return "whether it is derivable was not found"
            if len(cases) > 1 and all(_derived(problem, one, good) is not None for one in cases):
                return f"derivable for each of {len(cases)} choices of isomorphisms"
    except Undecided:
        return "whether it is derivable was not found"
    return "it follows and is not derivable by inverting and composing correspondences"


def _derived(
    problem: Problem, constraints: Sequence[Constraint], good: Mask
) -> list[Stride] | None:
    return derive(problem.sizes, constraints, problem.start, problem.end, good)


def _cases(instance: Instance, problem: Problem) -> list[list[Constraint]] | None:
    """Return the constraints for each choice of isomorphisms; None if there are too many."""
    choices: list[list[Constraint]] = []
    for name, constraint in problem.constraints.items():
        choices.append([constraint])
        if instance.correspondences[name].by == "isomorphism":
            one, other = games_of(instance, name)
            ends = constraint.first, constraint.second
            found = list(islice(isomorphisms(one, other), _MAX_CASES + 1))
            everywhere = np.arange(other.number_of_outcomes).reshape(other.shape)
            choices[-1] = []
            for isomorphism in found:
                allowed = np.zeros((one.number_of_outcomes,) * 2, dtype=bool)
                allowed[np.arange(len(allowed)), isomorphism.aligned(everywhere).ravel()] = True
                allowed = _arranged(allowed, one, other, problem.games, ends)
                choices[-1].append(Constraint(*ends, allowed))
        if prod(map(len, choices)) > _MAX_CASES:
            return None
    return list(map(list, product(*choices)))


def _walk_told(walk: Sequence[Stride], names: Sequence[str], problem: Problem) -> str:
    told, here = [game_told(problem.names[problem.start])], problem.start
    for stride in walk:
        if stride.constraint is None:
            told.append("by the trivial correspondence")
        else:
            name, ends = names[stride.constraint], problem.constraints[names[stride.constraint]]
            told.append(f"by {name}" if ends.first == here else f"by {name} backwards")
        told[-1] += f" to {game_told(problem.names[stride.game])}"
        here = stride.game
    return " ".join(told)


def game_told(names: Sequence[str | None]) -> str:
    """Return what a game is called in a sentence."""
    return "the game" if names[0] is None else str(names[0])
