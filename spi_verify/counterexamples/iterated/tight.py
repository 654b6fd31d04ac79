"""Saved constructions of Proposition 5: written, and executed again round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import msgspec

from spi_verify.claims.schema import convert
from spi_verify.counterexamples.programs.scenario import (
    MAX_PLAYERS,
    BeliefEntry,
    GameTable,
    Strict,
    read_belief,
    read_game,
)
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Game, Outcome, Payoffs, payoff_table
from spi_verify.games.rationals import LONG, format_profile, parse_rational
from spi_verify.programs.language.notation import parse_program
from spi_verify.programs.language.programs import ICSR
from spi_verify.programs.language.selections import Fixed
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.programs.running.beliefs import Beliefs
from spi_verify.programs.running.execution import ProgramGame
from spi_verify.programs.tightness import Tightness, executed, obstacle
from spi_verify.schemas import OF_TIGHTNESS

SCHEMA = OF_TIGHTNESS
MAX_OUTCOMES = 4096
MAX_ROUNDS = 10_000
MAX_SIZE = 2_000_000
"""At most so many rounds times outcomes times players, which is what the time depends on."""

_MAX_RUNS = 200  # for programs that are not as the construction has them


class _Saved(Strict):
    schema: str
    game: GameTable
    play: Literal["correlated"]
    rounds: int
    delta: list[str]
    defaults: list[str]
    programs: list[str]
    beliefs: list[list[BeliefEntry]]
    pmm: list[str]
    path: list[list[str]]
    expected: list[str]
    conclusion: str


def build(found: Tightness) -> dict[str, Any]:
    """Return a construction as plain data that stands on its own."""
    game = found.game.base.game
    return {
        "schema": SCHEMA,
        "game": {
            "players": list(game.players),
            "actions": [list(names) for names in game.actions],
            "payoffs": payoff_table(game),
        },
        "play": "correlated",
        "rounds": len(found.path) - 1,
        "delta": _texts(_delta(found)),
        "defaults": list(found.defaults),
        "programs": [str(program) for program in found.programs],
        "beliefs": [
            [
                {"probability": str(weight), "opponents": [str(p) for p in opponents]}
                for opponents, weight in belief.support
            ]
            for belief in found.beliefs
        ],
        "pmm": _texts(found.game.base.pareto_meet_minimum),
        "path": [_texts(payoffs) for payoffs in found.path],
        "expected": [str(report.value) for report in found.equilibrium.players],
        "conclusion": conclusion(found),
    }


def require_size(game: Game, rounds: int) -> None:
    """Refuse games and numbers of rounds that would take too long.

    Raises
    ------
    InputError
        For one player, too many players, outcomes or rounds, or too large a product of these.
    """
    n, outcomes = game.number_of_players, game.number_of_outcomes
    if not 2 <= n <= MAX_PLAYERS or outcomes > MAX_OUTCOMES:
        raise InputError(f"2 to {MAX_PLAYERS} players and at most {MAX_OUTCOMES} outcomes here")
    if not 1 <= rounds <= MAX_ROUNDS:
        raise InputError(f"between 1 and {MAX_ROUNDS} rounds, not {rounds}")
    if rounds * outcomes * n > MAX_SIZE:
        raise InputError(
            f"{rounds} rounds with {outcomes} outcomes and {n} players would take too long; at "
            f"most {MAX_SIZE // (outcomes * n)} rounds here"
        )


def conclusion(found: Tightness) -> str:
    """Return in a sentence what a construction shows."""
    pmm = format_profile(found.game.base.pareto_meet_minimum)
    rounds = len(found.path) - 1
    each = "the one round improves" if rounds == 1 else f"each of {rounds} rounds improves"
    return (
        f"{each} strictly for everyone, from {format_profile(found.path[0])} to "
        f"{format_profile(found.path[-1])}; that is within {format_profile(_delta(found))} of the "
        f"PMM {pmm}; no program earns more against anyone's beliefs"
    )


def confirm_saved(data: Mapping[str, Any]) -> str:
    """Execute a saved construction round by round, and decide again that it is optimal.

    Returns
    -------
    str
        What it shows, in a sentence.

    Raises
    ------
    Rejected
        When a hypothesis or part of the conclusion fails, or the file says something else than
        what it shows.
    InputError
        When a key is missing or malformed.
    """
    raw = convert(data, _Saved)
    game = read_game(msgspec.to_builtins(raw.game), max_outcomes=MAX_OUTCOMES)
    with located(where="rounds"):
        require_size(game, raw.rounds)
    n = game.number_of_players
    for key in ("delta", "defaults", "programs", "beliefs"):
        if len(getattr(raw, key)) != n:
            raise InputError(f"give one for each of {n} players", where=key)
    delta = _numbers(raw.delta, "delta")
    if min(delta) <= 0:
        raise Rejected(f"Delta {format_profile(delta)} is not positive")
    with located(where="programs"):
        programs = _programs(raw.programs)
    with located(where="beliefs"):
        beliefs = tuple(map(read_belief, raw.beliefs))
    lengths = {len(p.rounds) for p in programs}
    if lengths != {raw.rounds}:
        raise Rejected(f"the programs have {_listed(lengths)} rounds, not {raw.rounds}")
    if len({p.selection for p in programs}) > 1:
        raise Rejected("the programs have different selection functions")
    if isinstance(programs[0].selection, Fixed):
        raise Rejected(f"{programs[0].selection} is no selection function: it looks at no set")
    defaults: Outcome = tuple(raw.defaults)
    with located(where="defaults"):
        unmet = obstacle(game, defaults)
    if unmet is not None:
        raise Rejected(f"the hypothesis {unmet.hypothesis} fails: {unmet.why}")
    found = _executed(ProgramGame(CorrelatedBase(game)), delta, programs, beliefs)
    if found.defaults != defaults:
        raise Rejected(f"the programs' defaults are ({', '.join(found.defaults)})")
    _require_tight(found)
    _compare(build(found), data)
    return conclusion(found)


def _executed(
    game: ProgramGame,
    delta: Payoffs,
    programs: tuple[ICSR, ...],
    beliefs: tuple[Beliefs, ...],
) -> Tightness:
    try:
        return executed(game, delta, programs, beliefs, max_runs=_MAX_RUNS)
    except InputError as error:
        raise Rejected(str(error)) from None


def _require_tight(found: Tightness) -> None:
    """Raise Rejected with the first part of Proposition 5's conclusion that fails."""
    for k, (before, after) in enumerate(zip(found.path, found.path[1:], strict=False), start=1):
        for i, (x, y) in enumerate(zip(before, after, strict=True), start=1):
            if y <= x:
                raise Rejected(f"round {k} takes player {i} from {x} to {y}, which is no gain")
    for i, (end, most) in enumerate(zip(found.path[-1], found.ceiling, strict=True), start=1):
        if end > most:
            raise Rejected(f"player {i} ends with {end}, more than PMM + Delta = {most}")
    for report in found.equilibrium.players:
        if report.optimal is False:
            raise Rejected(
                f"player {report.player}'s program earns {report.value} and another one "
                f"{report.better_value} against player {report.player}'s beliefs"
            )
        if report.optimal is None:
            raise Rejected(
                f"whether player {report.player}'s program, which earns {report.value}, is "
                "optimal against player "
                f"{report.player}'s beliefs could not be settled"
            )
    if not found.assumption_9:
        raise Rejected("the beliefs are not known to meet Assumption 9")


def _compare(shown: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    for k, (stated, actual) in enumerate(zip(data["path"], shown["path"], strict=False)):
        if stated != actual:
            where = f"round {k}" if k else "the default outcome"
            raise Rejected(
                f"the file says that {where} pays ({', '.join(map(str, stated))}), the programs "
                f"get ({', '.join(actual)})"
            )
    for key in ("path", "pmm", "expected", "conclusion"):
        if data[key] != shown[key]:
            what = shown[key] if isinstance(shown[key], str) else f"{len(shown[key])} entries"
            what = what if key in ("path", "conclusion") else f"({', '.join(shown[key])})"
            raise Rejected(f"the {key} in the file is not what executing it shows: {what}")


def _programs(texts: Sequence[str]) -> tuple[ICSR, ...]:
    programs: list[ICSR] = []
    for k, text in enumerate(texts):
        with located(where=f"[{k}]"):
            program = parse_program(text)
            if not isinstance(program, ICSR):
                raise InputError("this is no iterated CSR program")
            programs.append(program)
    return tuple(programs)


def _delta(found: Tightness) -> Payoffs:
    pmm = found.game.base.pareto_meet_minimum
    return tuple(most - least for most, least in zip(found.ceiling, pmm, strict=True))


def _numbers(texts: Sequence[str], where: str) -> Payoffs:
    with located(where=where):
        return tuple(parse_rational(text, max_digits=LONG) for text in texts)


def _texts(payoffs: Sequence[Fraction]) -> list[str]:
    return [str(u) for u in payoffs]


def _listed(numbers: set[int]) -> str:
    return " and ".join(map(str, sorted(numbers)))
