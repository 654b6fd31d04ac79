"""From ``[sets]`` and ``[profiles]`` to functions, selections and outcomes that programs run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np

from spi_verify.claims.document import (
    Extended,
    Opponent,
    OutcomeReference,
    Rule,
    SetPart,
)
from spi_verify.claims.instance import Instance, matching, where_conditions
from spi_verify.claims.references import profile as payoff_profile
from spi_verify.errors import InputError, located
from spi_verify.games.expressions import Constraint, parse_constraints
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.conditions import AllOf, AnyOf, Condition, Not
from spi_verify.programs.language.functions import (
    AtMost,
    Both,
    ByOutcome,
    Either,
    FunctionIs,
    Improving,
    NowAtMost,
    Outcomes,
    PMPExtension,
    Projection,
    Row,
    SetFunction,
    Tagged,
    When,
)
from spi_verify.programs.language.notation import parse_function, parse_selection
from spi_verify.programs.language.selections import Scoring, Selection, SelectionTable
from spi_verify.programs.language.terms import ActionProfile, Element, write
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.execution import ProgramGame
from spi_verify.suggestions import suggestion

T = TypeVar("T")
Side = tuple[Fraction, tuple[Fraction, ...]]
"""The bound and the coefficients of a linear inequality."""

MAX_OUTCOMES = 1000
MAX_PARTS = 200
MAX_DEPTH = 12
EVERY = ("every", "every-transitive")
"""The words that stand for all selection functions, and for all transitive ones."""


@dataclass(frozen=True)
class SetProfile:
    """A profile of a model: what each player's program renegotiates with, and from where.

    Parameters
    ----------
    name
        As in the file.
    functions
        RN^1, ..., RN^n.
    selection
        The selection function's text, ``every`` or ``every-transitive``.
    defaults
        The positions of the outcomes that the default programs reach.
    """

    name: str
    functions: tuple[SetFunction, ...]
    selection: str
    defaults: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sets:
    """The set-valued functions and profiles of a model.

    Parameters
    ----------
    instance
        The model.
    """

    instance: Instance
    _compiled: dict[str, SetFunction | None] = field(default_factory=dict, repr=False)
    _depths: dict[str, int] = field(default_factory=dict, repr=False)
    _open: list[int] = field(default_factory=list, repr=False)

    @cached_property
    def base(self) -> BaseGame:
        """The base game, with lotteries or without."""
        game = self.instance.game
        return CorrelatedBase(game) if self.instance.correlated else PureBase(game)

    @property
    def players(self) -> int:
        """N."""
        return self.instance.game.number_of_players

    def check(self) -> None:
        """Compile everything.

        Raises
        ------
        InputError
            At the first key that makes no sense.
        """
        size = self.instance.game.number_of_outcomes
        if size > MAX_OUTCOMES:
            raise InputError(
                f"set-valued functions are for games of at most {MAX_OUTCOMES} outcomes, "
                f"this one has {size}",
                where="sets",
            )
        for name in self.instance.sets:
            self.function(name)
        for name in self.instance.profiles:
            self.profile(name)

    def function(self, name: str) -> SetFunction:
        """Return the set-valued function of a name.

        Raises
        ------
        InputError
            When there is none, or it makes no sense in the game.
        """
        if name not in self.instance.sets:
            raise InputError(
                f"unknown set-valued function {name!r}"
                f"{suggestion(name, self.instance.sets, none='the file defines none')}"
            )
        if name not in self._compiled:
            self._compiled[name] = None
            self._open.append(0)
            try:
                with located(where=f"sets.{name}"):
                    self._compiled[name] = self._compile(name)
                    self._depths[name] = self._open[-1] + 1
                    if self._depths[name] > MAX_DEPTH:
                        raise InputError(f"functions name functions more than {MAX_DEPTH} deep")
            finally:
                self._open.pop()
                if self._compiled[name] is None:
                    del self._compiled[name]
        compiled = self._compiled[name]
        if compiled is None:
            raise InputError(f"{name!r} is defined by itself")
        if self._open:
            self._open[-1] = max(self._open[-1], self._depths[name])
        return compiled

    def written(self, text: str) -> SetFunction:
        """Return a function in the short notation.

        Raises
        ------
        InputError
            When it is none, or it makes no sense in the game.
        """
        function = _parsed(parse_function, text)
        ProgramGame(self.base).check_term(function)
        return function

    def name_of(self, function: SetFunction) -> str:
        """Return a function's name in the file, or its short notation where it has none."""
        names = (name for name in self.instance.sets if self.function(name) == function)
        name = next(names, None)
        return write(function) if name is None else name

    def profile(self, name: str) -> SetProfile:
        """Return a profile by its name.

        Raises
        ------
        InputError
            When there is none, or it does not fit the game.
        """
        table = self.instance.profiles.get(name)
        if table is None:
            raise InputError(
                f"unknown profile {name!r}"
                f"{suggestion(name, self.instance.profiles, none='the file defines none')}"
            )
        with located(where=f"profiles.{name}"):
            if len(table.functions) != self.players:
                raise InputError(f"a function for each of the {self.players} players is needed")
            functions = []
            for k, function in enumerate(table.functions):
                with located(where=f"functions[{k}]"):
                    functions.append(self.function(function))
            if table.selection not in EVERY:
                self.selection(table.selection)
            chosen = self.instance.reachable
            if table.defaults is not None:
                chosen = np.zeros_like(chosen)
                for k, pattern in enumerate(table.defaults):
                    with located(where=f"defaults[{k}]"):
                        chosen = chosen | self.instance.points.matching(pattern)
                if not chosen.any():
                    raise InputError("at least one outcome is needed", where="defaults")
            defaults = tuple(int(k) for k in np.flatnonzero(chosen))
        return SetProfile(name, tuple(functions), table.selection, defaults)

    def selection(self, text: str) -> Selection:
        """Return the selection function that a text names, such as ``leximin`` or ``nash 0 0``.

        Raises
        ------
        InputError
            When it names none that fits the game.
        """
        with located(where="selection"):
            short = text if text.lstrip().startswith("(") else f"({text})"
            selection = _parsed(parse_selection, short)
            if not isinstance(selection, (Scoring, SelectionTable)):
                raise InputError(f"{selection} is for counterexamples only")
            ProgramGame(self.base).check_term(selection)
        return selection

    def play(self, position: int) -> ActionProfile:
        """Return what the players do at the outcome at a position."""
        pure = self.instance.game.number_of_outcomes
        if position < pure:
            return self.instance.game.outcome(position)
        return (self.instance.payoffs(position),) * self.players

    def element(self, position: int) -> Element:
        """Return the outcome at a position as an element of sets."""
        pure = self.instance.game.number_of_outcomes
        if position < pure:
            return self.instance.game.outcome(position)
        return self.instance.payoffs(position)

    def _compile(self, name: str) -> SetFunction:
        definition = self.instance.sets[name]
        if isinstance(definition, Extended):
            with located(where="pmp-extension"):
                return PMPExtension(self.function(definition.pmp_extension))
        if isinstance(definition, str):
            return self.written(definition)
        if len(definition) > MAX_PARTS:
            raise InputError(f"a function has at most {MAX_PARTS} parts")
        parts = []
        for k, part in enumerate(definition):
            with located(where=f"[{k}]"):
                parts.append(self._part(part))
        if not parts:
            return Outcomes(())
        return Either(parts[0], tuple(parts[1:])) if len(parts) > 1 else parts[0]

    def _part(self, part: SetPart) -> SetFunction:
        function = self._contents(part)
        nothing = Outcomes(())
        if part.source != "any":
            rule = Rule(part.source, [], part.where)
            where_conditions(rule, self.players)
            everything = np.ones(self.instance.points.count, dtype=bool)
            chosen = np.flatnonzero(matching(rule, self.instance, everything))
            rows = tuple(Row(_any(self.play(int(k))), function) for k in chosen)
            function = ByOutcome(nothing, rows)
        elif part.where:
            bounds = [self._now(c) for c in where_conditions(part, self.players)]
            function = When(_all_of(bounds), function, nothing)
        conditions: list[Condition] = []
        for k, opponent in enumerate(part.against):
            with located(where=f"against[{k}]"):
                conditions.append(self._condition(opponent))
        unless: list[Condition] = []
        for k, opponent in enumerate(part.unless):
            with located(where=f"unless[{k}]"):
                unless.append(self._condition(opponent))
        if unless:
            conditions.append(Not(AnyOf(tuple(unless)) if len(unless) > 1 else unless[0]))
        if not conditions:
            return function
        return When(_all_of(conditions), function, nothing)

    def _now(self, constraint: Constraint) -> Condition:
        """Return the condition that the payoffs of the default outcome satisfy a constraint."""
        upper, lower = self._sides(constraint)
        match constraint.relation:
            case "<=":
                return NowAtMost(*upper)
            case ">=":
                return NowAtMost(*lower)
            case "<":
                return Not(NowAtMost(*lower))
            case ">":
                return Not(NowAtMost(*upper))
            case "=":
                return AllOf((NowAtMost(*upper), NowAtMost(*lower)))

    def _condition(self, opponent: Opponent) -> Condition:
        self.require_player(opponent.player)
        if (opponent.function is None) == (opponent.tag is None):
            raise InputError("give either the function or the tag of the other player")
        if opponent.tag is not None:
            return Tagged(opponent.player, opponent.tag)
        assert opponent.function is not None
        return FunctionIs(opponent.player, self.function(opponent.function))

    def require_player(self, player: int, where: str = "player") -> None:
        """Raise InputError when the game has no such player."""
        if not 1 <= player <= self.players:
            raise InputError(f"there is no player {player} (1 to {self.players})", where=where)

    def _contents(self, part: SetPart) -> SetFunction:
        factors: list[SetFunction] = []
        for k, text in enumerate(part.within or []):
            with located(where=f"within[{k}]"):
                factors += self._bounds(text)
        if part.outcomes is not None or part.payoffs is not None:
            factors.append(Outcomes(self.elements(part.outcomes or [], part.payoffs or [])))
        if part.pmp is not None:
            self.require_player(part.pmp, "pmp")
            factors.append(Projection(part.pmp))
        if not factors:
            raise InputError("a part needs within, outcomes, payoffs or pmp")
        return Both(factors[0], tuple(factors[1:])) if len(factors) > 1 else factors[0]

    def elements(
        self, outcomes: Sequence[OutcomeReference], payoffs: Sequence[Sequence[int | str]] = ()
    ) -> tuple[Element, ...]:
        """Return outcomes, ``*`` meaning any action, and points as elements of sets.

        Raises
        ------
        InputError
            When one of them is not feasible.
        """
        found: list[Element] = []
        for k, pattern in enumerate(outcomes):
            with located(where=f"outcomes[{k}]"):
                chosen = np.flatnonzero(self.instance.points.matching(pattern))
                found += [self.element(int(position)) for position in chosen]
        if payoffs and not self.instance.correlated:
            raise InputError(
                'payoff profiles need feasible = "correlated"; name outcomes', where="payoffs"
            )
        for k, numbers in enumerate(payoffs):
            point = payoff_profile(numbers, self.players, f"payoffs[{k}]")
            with located(where=f"payoffs[{k}]"):
                self.base.agreed(point)
            found.append(point)
        return tuple(dict.fromkeys(found))

    def _bounds(self, text: str) -> list[SetFunction]:
        if self.instance.correlated and self.players > 2:
            raise InputError(
                "sets given by inequalities are for two players, or for pure outcomes; "
                "give outcomes, payoffs or pmp"
            )
        if text.strip() == "improving":
            return [Improving()]
        names = [f"{kind}{i + 1}" for kind in ("u", "pmm") for i in range(self.players)]
        constraints = parse_constraints(text, names, what="payoff")
        return [bound for constraint in constraints for bound in self._bound(constraint)]

    def _sides(self, constraint: Constraint) -> tuple[Side, Side]:
        """Return bound and coefficients of ``<=`` and of ``>=``."""
        constant = constraint.expression.constant
        coefficients = [Fraction(0)] * self.players
        for name, c in constraint.expression.coefficients:
            if name.startswith("pmm"):
                constant += c * self.base.pareto_meet_minimum[int(name[3:]) - 1]
            else:
                coefficients[int(name[1:]) - 1] = c
        return (-constant, tuple(coefficients)), (constant, tuple(-c for c in coefficients))

    def _bound(self, constraint: Constraint) -> list[SetFunction]:
        upper, lower = (AtMost(*side) for side in self._sides(constraint))
        match constraint.relation:
            case "<=":
                return [upper]
            case ">=":
                return [lower]
            case "=":
                return [upper, lower]
        raise InputError("sets are closed (Definition 7): write <= or >=")


@lru_cache(maxsize=4)
def sets_of(instance: Instance) -> Sets:
    """Return the set-valued functions and profiles of a model."""
    return Sets(instance)


def _parsed(parse: Callable[[str], T], text: str) -> T:
    """Parse short notation; a place in the text is part of the message, not a key."""
    try:
        return parse(text)
    except InputError as error:
        raise InputError(f"{error.where}: {error.what}" if error.where else error.what) from None


def _all_of(conditions: Sequence[Condition]) -> Condition:
    return AllOf(tuple(conditions)) if len(conditions) > 1 else conditions[0]


def _any(outcome: Any) -> Any:
    return outcome
