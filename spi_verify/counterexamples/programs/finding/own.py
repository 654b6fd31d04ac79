"""Candidates with programs of somebody's own classes, whose fields are filled in."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import SEARCHED
from spi_verify.counterexamples.programs.finding.worlds import BELIEFS, SETS, shapes
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.carried import by_class
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.games.game import Game
from spi_verify.obligations.statements import Statement
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.filling import filled
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.programs import CSR, Always, Program
from spi_verify.programs.language.selections import Leximin, Selection, Utilitarian
from spi_verify.programs.language.terms import Term
from spi_verify.programs.running.beliefs import Beliefs

GAMES = 12
LISTED = 4
MOST_OUTCOMES = 4


def classes_of(statement: Statement) -> list[type[Term]]:
    """Return the classes that are said to carry out what a statement speaks of."""
    used = [*by_class(statement.goal.formula, holding=False)[1]]
    for hypothesis in statement.hypotheses:
        used += by_class(hypothesis.formula)[1]
    return list(dict.fromkeys(one.cls for one in used))


def scenarios(
    statement: Statement, classes: Sequence[type[Term]], bounds: Bounds, notes: list[str]
) -> Iterator[Scenario]:
    """Iterate over candidates in small games, the smallest first.

    Every player may use every action, and a few programs of each class.
    """
    symbols = symbols_of(statement)
    named = " and ".join(cls.__name__ for cls in classes)
    where = bounds.told if bounds.game is not None else f"in {GAMES} games of each small shape"
    notes.append(f"{SEARCHED}{where}: programs of {named}, with fields that were filled in")
    csr = bool(symbols & SETS) or any(issubclass(cls, SetFunction) for cls in classes)
    for game in small_games(bounds):
        for selection in (Leximin(), Utilitarian()) if csr else (None,):
            constants = [tuple(map(Always, actions)) for actions in game.actions]
            own = [_spread(_programs(classes, i, game, selection)) for i in range(len(constants))]
            if not all(own):
                continue
            if symbols & (BELIEFS | {"equilibrium"}):
                yield from _played(game, selection, constants, own)
            else:
                kind = Kind.CSR if csr else None
                yield Scenario(
                    game, False, kind, tuple(constants), programs=tuple(own), selection=selection
                )


def _played(
    game: Game,
    selection: Selection | None,
    constants: Sequence[tuple[Program, ...]],
    own: Sequence[tuple[Program, ...]],
) -> Iterator[Scenario]:
    """Iterate over what may be played, and believed with certainty."""
    kind = Kind.CSR if selection is not None else None
    plain = [p for p in zip(*own, strict=False) if not any(isinstance(c, CSR) for c in p)]
    sets = tuple(
        (*mine, *(p for p in others if not isinstance(p, CSR)))
        for mine, others in zip(constants, own, strict=True)
    )
    for played in itertools.product(*own):
        for believed in (played, *itertools.islice(itertools.product(*constants), 2), *plain[:1]):
            beliefs = tuple(
                Beliefs.certain(*(c for j, c in enumerate(believed) if j != i))
                for i in range(len(played))
            )
            yield Scenario(
                game,
                False,
                kind,
                sets,
                selection=selection,
                beliefs=beliefs,
                equilibrium=played,
            )


def _programs(
    classes: Sequence[type[Term]], i: int, game: Game, selection: Selection | None
) -> Iterator[Program]:
    """Iterate over a player's programs of some classes; functions become those of CSR programs."""
    for cls in classes:
        for one in filled(cls, i + 1, game):
            if isinstance(one, Program):
                yield one
            elif isinstance(one, SetFunction) and selection is not None:
                yield CSR(selection, Always(game.actions[i][0]), one)


def _spread(programs: Iterator[Program]) -> tuple[Program, ...]:
    """Return a few programs that differ as much as their order says."""
    found: list[Any] = list(dict.fromkeys(programs))
    step = max(1, -(-len(found) // LISTED))
    return tuple(found[::step])


def small_games(bounds: Bounds) -> Iterator[Game]:
    """Iterate over random games of each small shape, or the game that is given."""
    if bounds.game is not None:
        yield bounds.game
        return
    rng = random.Random(0)
    for shape in shapes(bounds.players, min(bounds.outcomes, MOST_OUTCOMES)):
        for _ in range(GAMES):
            yield Game.from_payoffs(_table(shape, len(shape), rng))


def _table(shape: Sequence[int], players: int, rng: random.Random) -> list[Any]:
    if not shape:
        return [rng.randint(0, 2) for _ in range(players)]
    return [_table(shape[1:], players, rng) for _ in range(shape[0])]
