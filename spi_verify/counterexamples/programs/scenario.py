"""Scenarios: a game, real programs that play it, and what the players believe, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import msgspec

from spi_verify.errors import InputError, located
from spi_verify.games.game import Game, Payoffs, payoff_table
from spi_verify.games.rationals import LONG, parse_rational
from spi_verify.programs.deciding.spaces import Kind, ProgramSpace
from spi_verify.programs.language.functions import RenegotiationMap, SetFunction
from spi_verify.programs.language.notation import (
    parse_function,
    parse_map,
    parse_program,
    parse_selection,
)
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.running.beliefs import Beliefs

MAX_OUTCOMES = 64
MAX_PLAYERS = 6
MAX_PROGRAMS = 12

_KINDS = {"plain": None, "renegotiation": Kind.RENEGOTIATION, "csr": Kind.CSR}


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A table of a file without any other keys."""


class GameTable(Strict):
    """A game in a file."""

    players: list[str]
    actions: list[list[str]]
    payoffs: list[Any]


class BeliefEntry(Strict):
    """A profile of the others' programs in a file, with its probability."""

    probability: str
    opponents: list[str]


class _Scenario(Strict):
    game: GameTable
    play: Literal["pure", "correlated"]
    kind: Literal["plain", "renegotiation", "csr"]
    defaults: list[list[str]]
    programs: list[list[str]] = []
    selection: str | None = None
    other_selections: list[str] = []
    beliefs: list[list[BeliefEntry]] = []
    rn: str | None = None
    functions: list[str] = []
    f: list[list[str]] = []
    equilibrium: list[str] = []
    profiles: list[list[str]] = []


@dataclass(frozen=True)
class Scenario:
    """A game with programs and beliefs.

    Parameters
    ----------
    game
        The base game.
    correlated
        Whether players can agree on lotteries over its outcomes.
    kind
        Which renegotiating programs there are besides P_i; None for none.
    defaults
        P_1, ..., P_n, all of them.
    programs
        For each player the further programs that are looked at.
    selection
        The selection function of CSR programs.
    other_selections
        Further selection functions that are looked at.
    beliefs
        beta_1, ..., beta_n; none where nobody's beliefs matter.
    rn
        The renegotiation function that a transformation of default programs uses.
    functions
        The set-valued functions, one for each player, that a transformation uses.
    f
        A transformation given by its values: for each player the image of every default program.
        Without it, the transformation is the one that rn, or these functions, make.
    equilibrium
        The profile of programs that the statement supposes.
    profiles
        Payoff profiles that are looked at besides the PMM and those of outcomes. With lotteries,
        those that are feasible are outcomes.
    """

    game: Game
    correlated: bool
    kind: Kind | None
    defaults: tuple[tuple[Program, ...], ...]
    programs: tuple[tuple[Program, ...], ...] = ()
    selection: Selection | None = None
    other_selections: tuple[Selection, ...] = ()
    beliefs: tuple[Beliefs, ...] = ()
    rn: RenegotiationMap | None = None
    functions: tuple[SetFunction, ...] = ()
    f: tuple[tuple[Program, ...], ...] = ()
    equilibrium: tuple[Program, ...] = ()
    profiles: tuple[Payoffs, ...] = ()
    spaces: tuple[ProgramSpace, ...] = field(init=False)

    def __post_init__(self) -> None:
        n = self.game.number_of_players
        for name in ("defaults", "programs", "beliefs", "functions", "f", "equilibrium"):
            entries = getattr(self, name)
            if len(entries) != n and (entries or name == "defaults"):
                raise InputError(f"{len(entries)} entries for {n} players", where=name)
        if any(len(profile) != n for profile in self.profiles):
            raise InputError(f"a payoff profile has {n} payoffs here", where="profiles")
        if not all(self.defaults):
            raise InputError("every player needs a default program", where="defaults")
        if self.f and any(len(a) != len(b) for a, b in zip(self.f, self.defaults, strict=True)):
            raise InputError("give one image for each default program", where="f")
        if (self.kind is Kind.CSR) != (self.selection is not None):
            raise InputError("CSR programs, and only they, have a selection function")
        spaces = tuple(
            ProgramSpace(tuple(programs), self.kind, self.selection) for programs in self.defaults
        )
        object.__setattr__(self, "spaces", spaces)

    def to_data(self) -> dict[str, Any]:
        """Return the scenario as plain data."""
        data = {
            "game": {
                "players": list(self.game.players),
                "actions": [list(actions) for actions in self.game.actions],
                "payoffs": payoff_table(self.game),
            },
            "play": "correlated" if self.correlated else "pure",
            "kind": next(name for name, kind in _KINDS.items() if kind is self.kind),
            "defaults": [_texts(programs) for programs in self.defaults],
            "programs": [_texts(programs) for programs in self.programs],
            "selection": None if self.selection is None else str(self.selection),
            "other_selections": _texts(self.other_selections),
            "beliefs": [
                [{"probability": str(w), "opponents": _texts(p)} for p, w in belief.support]
                for belief in self.beliefs
            ],
            "rn": None if self.rn is None else str(self.rn),
            "functions": _texts(self.functions),
            "f": [_texts(programs) for programs in self.f],
            "equilibrium": _texts(self.equilibrium),
            "profiles": [_texts(profile) for profile in self.profiles],
        }
        return {key: value for key, value in data.items() if value}


def with_selection(scenario: Scenario, selection: Selection) -> Scenario:
    """Return a scenario in which everybody is given another selection function."""

    def changed(program: Program) -> Program:
        return replace(program, selection=selection) if isinstance(program, CSR) else program

    def all_changed(programs: Sequence[Program]) -> tuple[Program, ...]:
        return tuple(map(changed, programs))

    return replace(
        scenario,
        selection=selection,
        programs=tuple(map(all_changed, scenario.programs)),
        f=tuple(map(all_changed, scenario.f)),
        equilibrium=all_changed(scenario.equilibrium),
        beliefs=tuple(
            Beliefs(tuple((all_changed(opponents), w) for opponents, w in belief.support))
            for belief in scenario.beliefs
        ),
    )


def read_scenario(data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that plain data describes.

    Raises
    ------
    InputError
        When a key is unknown or missing, or a value is malformed or too large.
    """
    try:
        raw = msgspec.convert(data, _Scenario)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise InputError(what, where=where.strip("`$.") or None) from None
    game = read_game(msgspec.to_builtins(raw.game))
    with located(where="defaults"):
        defaults = _profiles(raw.defaults)
    with located(where="programs"):
        programs = _profiles(raw.programs)
    with located(where="beliefs"):
        beliefs = tuple(read_belief(belief) for belief in raw.beliefs)
    with located(where="equilibrium"):
        equilibrium = tuple(map(parse_program, raw.equilibrium))
    with located(where="functions"):
        functions = tuple(map(parse_function, raw.functions))
    with located(where="f"):
        images = _profiles(raw.f)
    with located(where="selection"):
        selection = None if raw.selection is None else parse_selection(raw.selection)
    with located(where="other_selections"):
        others = tuple(map(parse_selection, raw.other_selections))
    with located(where="rn"):
        rn = None if raw.rn is None else parse_map(raw.rn)
    if len(raw.profiles) > MAX_OUTCOMES:
        raise InputError(f"at most {MAX_OUTCOMES} payoff profiles here", where="profiles")
    with located(where="profiles"):
        profiles = tuple(tuple(map(_number, profile)) for profile in raw.profiles)
    return Scenario(
        game=game,
        correlated=raw.play == "correlated",
        kind=_KINDS[raw.kind],
        defaults=defaults,
        programs=programs,
        selection=selection,
        other_selections=others,
        beliefs=beliefs,
        rn=rn,
        functions=functions,
        f=images,
        equilibrium=equilibrium,
        profiles=profiles,
    )


def read_game(data: Mapping[str, Any], *, max_outcomes: int = MAX_OUTCOMES) -> Game:
    """Return the game that ``players``, ``actions`` and a table of ``payoffs`` as text describe.

    Parameters
    ----------
    data
        These three.
    max_outcomes
        Larger games are refused.

    Raises
    ------
    InputError
        When the table has another shape, a payoff is no number, or the game is too large.
    """
    actions = data["actions"]
    count = 1
    for names in actions:
        count *= len(names)
    if len(actions) > MAX_PLAYERS or count > max_outcomes:
        raise InputError(
            f"at most {MAX_PLAYERS} players and {max_outcomes} outcomes here", where="game"
        )
    with located(where="game.payoffs"):
        table = _numbers(data["payoffs"])
    with located(where="game"):
        return Game.from_payoffs(table, actions=actions, players=data["players"])


def _numbers(cell: Any, depth: int = 0) -> Any:
    if isinstance(cell, list) and depth <= MAX_PLAYERS:
        return [_numbers(part, depth + 1) for part in cell]
    if isinstance(cell, (str, int)) and not isinstance(cell, bool):
        return _number(str(cell))
    raise InputError("payoffs are a table of numbers")


def _number(text: str) -> Fraction:
    return parse_rational(text, max_digits=LONG)


def read_belief(entries: Sequence[BeliefEntry]) -> Beliefs:
    """Return a player's belief.

    Raises
    ------
    InputError
        When a program or a probability cannot be read, or there are too many.
    """
    if len(entries) > MAX_PROGRAMS:
        raise InputError(f"at most {MAX_PROGRAMS} profiles in a belief here")
    return Beliefs(
        tuple(
            (tuple(map(parse_program, entry.opponents)), parse_rational(entry.probability))
            for entry in entries
        )
    )


def _profiles(texts: Sequence[Sequence[str]]) -> tuple[tuple[Program, ...], ...]:
    if any(len(programs) > MAX_PROGRAMS for programs in texts):
        raise InputError(f"at most {MAX_PROGRAMS} programs of a player here")
    return tuple(tuple(map(parse_program, programs)) for programs in texts)


def _texts(terms: Sequence[Any]) -> list[str]:
    return [str(term) for term in terms]
