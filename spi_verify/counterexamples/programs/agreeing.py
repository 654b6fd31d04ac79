"""A class of programs or functions held against its definition in random small games."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spi_verify.counterexamples.programs.carriers import carrier, held_against
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.finding import executed
from spi_verify.counterexamples.statements.algorithms import RUN, code_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Game, payoff_table
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.paper import read_paper
from spi_verify.programs.deciding.bounds import says_what_is_earned
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.filling import filled
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.notation import parse_function, parse_program
from spi_verify.programs.language.programs import Always, Program
from spi_verify.programs.language.terms import subterms
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import NonHaltingError, ProgramGame
from spi_verify.theory.evaluate import why_not

SHAPES = ((2, 1), (2, 2), (3, 1), (2, 1, 1))
EXAMPLES = 4


def differing(folder: Path, name: str, games: int, seed: int) -> str | None:
    """Return where a class and its definition differ in random games, or None.

    Parameters
    ----------
    folder
        Of the paper.
    name
        The definition that is meant.
    games, seed
        How many games of each small shape, and which.

    Raises
    ------
    InputError
        When the paper has no such definition, nothing carries it out, or a field of the class
        cannot be filled in.
    """
    rng = random.Random(seed)
    if name in RUN:
        return _run_differently(folder, name, games, rng)
    theory, cls = carrier(folder, name)
    for shape in SHAPES:
        for _ in range(games):
            game = Game.from_payoffs(_table(shape, len(shape), rng))
            found = [one for i in range(len(shape)) for one in filled(cls, i + 1, game)]
            examples = [one for one in dict.fromkeys(found) if _fits(one, game)]
            if not examples:
                raise InputError(f"nothing fills in the fields of {cls.__name__}")
            chosen: list[Any] = rng.sample(examples, min(EXAMPLES, len(examples)))
            wrong = _misread(chosen) or held_against(theory, cls, game, chosen)
            wrong = wrong or _earning_more(game, chosen)
            if wrong is not None:
                return f"{wrong}; the payoffs are {payoff_table(game)}"
    return None


def _run_differently(folder: Path, name: str, games: int, rng: random.Random) -> str | None:
    """Return where programs run unlike a changed definition says, in random games, or None."""
    theory = theory_of(read_paper(folder))
    if name not in code_of(theory):
        raise InputError(f"nothing is said to carry out another {name}")
    kind = Kind.RENEGOTIATION if name == "algorithm_1" else Kind.CSR
    compared = 0
    for shape in SHAPES:
        for _ in range(games * executed.TRIES):
            game = Game.from_payoffs(_table(shape, len(shape), rng))
            scenario = executed.random_scenario(game, kind, (), rng)
            try:
                induced = Induced(scenario, theory)
                failure = why_not(theory.axiom(name), induced.structure)
            except (Rejected, NonHaltingError):
                continue
            compared += 1
            if failure is not None:
                programs = "; ".join(f"{i + 1}: {program}" for i, program in induced.programs)
                return (
                    f"{name} fails: {failure}; the programs are {programs}; the payoffs are "
                    f"{payoff_table(game)}"
                )
    if not compared:
        raise InputError("no programs halted that could be compared")
    return None


def _table(shape: Sequence[int], players: int, rng: random.Random) -> list[Any]:
    if not shape:
        return [rng.randint(0, 2) for _ in range(players)]
    return [_table(shape[1:], players, rng) for _ in range(shape[0])]


def _fits(example: Any, game: Game) -> bool:
    """Whether everybody can use it: what it may play by itself is an action of everybody's."""
    common = set(game.actions[0]).intersection(*game.actions[1:])
    named = (part.action for part in subterms(example) if isinstance(part, Always))
    return all(action in common for action in named)


def _misread(examples: Sequence[Any]) -> str | None:
    """Return what is not read as it is written."""
    for example in examples:
        read = parse_function if isinstance(example, SetFunction) else parse_program
        if read(str(example)) != example:
            return f"{example} is written so, and read as something else"
    return None


def _earning_more(game: Game, examples: Sequence[Any]) -> str | None:
    """Return who earns more against a program than its class says is possible."""
    base = PureBase(game)
    playing = ProgramGame(base)
    programs = [p for p in examples if isinstance(p, Program) and says_what_is_earned(p)]
    for owner, program in itertools.product(base.players, programs):
        rivals = [
            [program] if j == owner else [*map(Always, game.actions[j - 1]), *programs]
            for j in base.players
        ]
        for profile in itertools.product(*rivals):
            paid = playing.utilities(profile)
            for player in base.players:
                most = program.earned_at_most(base, owner, player) if player != owner else None
                if most is not None and paid[player - 1] > most:
                    return (
                        f"{program} says that player {player} earns at most {most}, who earns "
                        f"{paid[player - 1]} against it"
                    )
    return None
