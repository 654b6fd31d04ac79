"""Candidates for statements about programs that run by somebody's own algorithm: random ones.

No formula is known of what such code does, so that nothing can be solved for.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Container, Iterator, Sequence

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import SEARCHED
from spi_verify.counterexamples.programs.finding.own import small_games
from spi_verify.counterexamples.programs.finding.worlds import BELIEFS
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.games.game import Game, Outcome
from spi_verify.obligations.statements import Statement
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.functions import (
    ByOutcome,
    Improving,
    Outcomes,
    Projection,
    RenegotiationMap,
    Row,
    SetFunction,
    To,
)
from spi_verify.programs.language.programs import (
    CSR,
    Always,
    Code,
    If,
    Plays,
    Program,
    Renegotiation,
)
from spi_verify.programs.language.selections import Leximin, Selection, Utilitarian
from spi_verify.programs.running.beliefs import Beliefs

SELECTIONS = (Leximin(), Utilitarian())
TRIES = 12
"""How many profiles of programs are tried in each game."""


def scenarios(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Scenario]:
    """Iterate over candidates in small games, the smallest games first.

    Parameters
    ----------
    statement
        What is to be refuted.
    bounds
        The largest games.
    notes
        Where to put what is searched.
    """
    symbols = symbols_of(statement)
    kind = Kind.RENEGOTIATION if symbols & {"in_rn", "rn"} else Kind.CSR
    what = "renegotiation" if kind is Kind.RENEGOTIATION else "CSR"
    notes.append(
        f"{SEARCHED}{bounds.told}: in random games, {TRIES} random profiles of {what} programs "
        "each, and what they wrap"
    )
    rng = random.Random(0)
    for game in small_games(bounds):
        for _ in range(TRIES):
            yield random_scenario(game, kind, symbols, rng)


def random_scenario(
    game: Game, kind: Kind, symbols: Container[str], rng: random.Random
) -> Scenario:
    """Return programs for everybody; the others' code may be known to a default program.

    Parameters
    ----------
    game
        The base game.
    kind
        What the programs are that wrap others: renegotiation or CSR programs.
    symbols
        What a statement speaks of, which a scenario has to have.
    rng
        Decides.
    """
    players = range(1, game.number_of_players + 1)
    selection = rng.choice(SELECTIONS) if kind is Kind.CSR else None
    rn = _map(game, rng) if kind is Kind.RENEGOTIATION else None
    plain: list[Program] = [Always(rng.choice(game.actions[i - 1])) for i in players]
    first = [_wrapped(game, i, plain[i - 1], selection, rn, rng) for i in players]
    defaults = [_default(game, i, plain, first, rng) for i in players]
    used = [
        first[i - 1] if default == plain[i - 1] else _rewrapped(first[i - 1], default)
        for i, default in zip(players, defaults, strict=True)
    ]
    believed = used if rng.random() < 0.7 else rng.choice(([*defaults], first))
    beliefs = tuple(
        Beliefs.certain(*(program for j, program in enumerate(believed, start=1) if j != i))
        for i in players
    )
    played = any(symbol in symbols for symbol in (*BELIEFS, "equilibrium"))
    listed = [tuple(dict.fromkeys(pair)) for pair in zip(used, first, strict=True)]
    others = []
    if selection is not None and rng.random() < 0.3:
        others = [one for one in SELECTIONS if one != selection]
        k = rng.randrange(len(used))
        listed[k] = (*listed[k], _choosing(used[k], others[0]))
    wrapped = [one.function for one in used if isinstance(one, CSR)]
    return Scenario(
        game,
        False,
        kind,
        tuple(
            tuple(dict.fromkeys((default, own)))
            for default, own in zip(defaults, plain, strict=True)
        ),
        programs=tuple(listed),
        selection=selection,
        other_selections=tuple(others),
        rn=rn,
        functions=tuple(wrapped) if "transformed" in symbols else (),
        beliefs=beliefs if played else (),
        equilibrium=tuple(used) if played else (),
    )


def _wrapped(
    game: Game,
    player: int,
    default: Program,
    selection: Selection | None,
    rn: RenegotiationMap | None,
    rng: random.Random,
) -> Program:
    if selection is not None:
        return CSR(selection, default, _function(game, player, rng))
    return default if rn is None else Renegotiation(rn, default)


def _rewrapped(program: Program, default: Program) -> Program:
    if isinstance(program, CSR):
        return CSR(program.selection, default, program.function)
    return Renegotiation(program.rn, default) if isinstance(program, Renegotiation) else default


def _choosing(program: Program, selection: Selection) -> Program:
    """Return a CSR program with another selection function, which is then of another set."""
    assert isinstance(program, CSR)
    return CSR(selection, program.default, program.function)


def _default(
    game: Game,
    player: int,
    plain: Sequence[Program],
    first: Sequence[Program],
    rng: random.Random,
) -> Program:
    """Return a constant, or a program that answers to one program of another player."""
    other = rng.choice([j for j in range(1, len(plain) + 1) if j != player] or [player])
    if other == player or rng.random() < 0.4:
        return plain[player - 1]
    seen = Code(other, rng.choice((first, plain))[other - 1])
    condition = rng.choice((seen, seen, Plays(other, game.actions[other - 1][0])))
    if isinstance(condition, Plays) and any(isinstance(one, If) for one in plain):
        condition = seen
    then, otherwise = (Always(rng.choice(game.actions[player - 1])) for _ in range(2))
    return If(condition, then, otherwise)


def _function(game: Game, player: int, rng: random.Random) -> SetFunction:
    """Return a function that offers improvements only, and somewhere a strict one if it can."""
    kind = rng.random()
    if kind < 0.25:
        return Improving()
    if kind < 0.35:
        return Projection(player)
    gains = [(a, x) for a, x in itertools.product(game.outcomes(), repeat=2) if _gains(game, a, x)]
    rows: dict[Outcome, list[Outcome]] = {}
    for a, x in rng.sample(gains, min(len(gains), rng.randint(1, 3))):
        rows.setdefault(a, []).append(x)
    return ByOutcome(Outcomes(()), tuple(Row(a, Outcomes(tuple(x))) for a, x in rows.items()))


def _map(game: Game, rng: random.Random) -> RenegotiationMap:
    gains = [(a, x) for a, x in itertools.product(game.outcomes(), repeat=2) if _gains(game, a, x)]
    images = dict(rng.sample(gains, min(len(gains), rng.randint(1, 2))))
    return RenegotiationMap(tuple(To(a, x) for a, x in images.items()))


def _gains(game: Game, before: Outcome, after: Outcome) -> bool:
    old, new = game.payoffs(before), game.payoffs(after)
    return old != new and all(v >= w for v, w in zip(new, old, strict=True))
