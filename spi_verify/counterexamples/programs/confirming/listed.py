"""What a scenario lists, and what its programs do."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from spi_verify.counterexamples.programs.extensions import executable, is_extension
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.algorithms import code_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Payoffs
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.programs import CSR, Program, Renegotiation
from spi_verify.programs.language.selections import (
    Dictator,
    Selection,
)
from spi_verify.programs.language.terms import Action, ActionProfile, replaced
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.execution import Execution, ProgramGame
from spi_verify.theory import Theory

ALL_SUBSETS = 5
"""Selection functions that are transitive on every set.

That they are is proved, as statements or with their definitions.
"""

MAX_REACHED = 100
MAX_PROFILES = 2000


@lru_cache(maxsize=4)
def _base(game: Game, correlated: bool, any_choice: bool) -> BaseGame:
    """Return a base game, shared by scenarios in the same game, which remembers what it solved."""
    return CorrelatedBase(game) if correlated else PureBase(game, any_choice=any_choice)


def default_of(program: Program) -> Program | None:
    """Return a program's default: of a class of one's own what it has under this name."""
    default = getattr(program, "default", None)
    return default if isinstance(default, Program) else None


def function_of(program: Program) -> SetFunction | None:
    """Return a program's set-valued function: of a class of one's own what it has so named."""
    function = getattr(program, "function", None)
    return function if isinstance(function, SetFunction) else None


class Listed:
    """What there is: players, outcomes, programs, functions and sets, all numbered from 0.

    Those of a scenario, and those that the paper's constructions make of them: f(p), and
    PMP-extensions.

    Parameters
    ----------
    scenario, theory, any_code, any_choice
        As :class:`spi_verify.counterexamples.programs.confirming.induced.Induced` takes them.

    Raises
    ------
    Rejected
        When programs do not halt, or there would be too much.
    """

    def __init__(
        self, scenario: Scenario, theory: Theory, *, any_code: bool, any_choice: bool
    ) -> None:
        self.scenario = scenario
        self.theory = theory
        self.any_code = any_code
        self.base = _base(scenario.game, scenario.correlated, any_choice)
        self.code = code_of(theory)
        self.game = ProgramGame(self.base, any_code, self.code)
        self.execution = Execution(self.base, self.code)
        self.players = range(scenario.game.number_of_players)
        self.extend = executable(theory)
        self.programs = self._list_programs()
        self.profiles = list(itertools.product(*(map(self.programs_of, self.players))))
        if len(self.profiles) > MAX_PROFILES:
            raise Rejected(f"more than {MAX_PROFILES} program profiles to look at")
        self.profile_numbers = {profile: k for k, profile in enumerate(self.profiles)}
        self.set_functions = self._list_functions()
        self.function_profiles = list(
            itertools.product(*(self.functions_of(i) for i in self.players))
        )
        self.function_profile_numbers = {r: k for k, r in enumerate(self.function_profiles)}
        self.selections = [
            s for s in (scenario.selection, *scenario.other_selections) if s is not None
        ]
        self.outcomes = self._list_outcomes()
        self.outcome_numbers = {outcome: k for k, outcome in enumerate(self.outcomes)}
        self.actions = self._list_actions()
        self.payoff_profiles = self._list_payoff_profiles()
        self.sets = self._list_sets()
        self.set_numbers = {s: k for k, s in enumerate(self.sets)}

    @property
    def all_sets_listed(self) -> bool:
        """Whether all sets of outcomes are elements of the structure."""
        return not self.scenario.correlated and len(self.outcomes) <= ALL_SUBSETS

    @property
    def selection(self) -> Selection:
        """The selection function that the programs have.

        Raises
        ------
        Rejected
            When they are programs without one.
        """
        if not self.selections:
            raise Rejected("the programs are of a kind without a selection function")
        return self.selections[0]

    def _list_programs(self) -> list[tuple[int, Program]]:
        """Return (player, program) for every program that is looked at."""
        scenario = self.scenario
        listed: dict[tuple[int, Program], None] = {}

        def add(player: int, programs: Iterable[Program]) -> None:
            for program in programs:
                listed.setdefault((player, program), None)

        for i in self.players:
            add(i, scenario.defaults[i])
            if scenario.programs:
                add(i, scenario.programs[i])
            if scenario.equilibrium:
                add(i, [scenario.equilibrium[i]])
        for i, belief in enumerate(scenario.beliefs):
            for opponents, _ in belief.support:
                if len(opponents) != len(self.players) - 1:
                    raise InputError("a belief is about every other player", where="beliefs")
                for j, program in zip((j for j in self.players if j != i), opponents, strict=True):
                    add(j, [program])
        for i in self.players:
            add(i, (self.transformed(i, program) for program in scenario.defaults[i]))
        for i, program in list(listed):
            add(i, [self._extended(program)])
        for i, program in list(listed):
            default = default_of(program)
            if default is not None:
                add(i, [default])
        for i, program in listed:
            self.game.checked(program if j == i else scenario.defaults[j][0] for j in self.players)
        return sorted(listed, key=lambda entry: entry[0])

    def transformed(self, player: int, program: Program) -> Program:
        """Return what a transformation makes of a default program."""
        scenario = self.scenario
        if scenario.f:
            return scenario.f[player][scenario.defaults[player].index(program)]
        if scenario.rn is not None:
            return Renegotiation(scenario.rn, program)
        if scenario.functions and scenario.selection is not None:
            return CSR(scenario.selection, program, scenario.functions[player])
        return program

    def programs_of(self, player: int) -> list[int]:
        """Return the numbers of a player's programs."""
        return [k for k, (i, _) in enumerate(self.programs) if i == player]

    def _list_functions(self) -> list[tuple[int, SetFunction]]:
        named = ((i, function_of(program)) for i, program in self.programs)
        entries = {(i, function): None for i, function in named if function is not None}
        return list(entries | dict.fromkeys(enumerate(self.scenario.functions)))

    def functions_of(self, player: int) -> list[int]:
        """Return the numbers of a player's set-valued functions."""
        return [k for k, (i, _) in enumerate(self.set_functions) if i == player]

    def _list_outcomes(self) -> list[ActionProfile]:
        """Return all outcomes, or in correlated play those that anything here leads to."""
        listed: dict[ActionProfile, None] = dict.fromkeys(self.base.game.outcomes())
        if not self.scenario.correlated:
            return list(listed)
        for k in range(len(self.profiles)):
            listed.setdefault(self.played(k), None)
        for outcome in (*self._ends_of_projections(), *self._feasible_profiles()):
            listed.setdefault(outcome, None)
        pending = list(listed)
        while pending:
            point = pending.pop(0)
            for r in range(len(self.function_profiles)):
                for selection in self.selections:
                    reached = self.execution.renegotiated(self.functions(r), selection, point)
                    if reached not in listed:
                        listed[reached] = None
                        pending.append(reached)
            if len(listed) > MAX_REACHED:
                raise Rejected(f"renegotiation leads to more than {MAX_REACHED} outcomes")
        return list(listed)

    def _ends_of_projections(self) -> Iterator[ActionProfile]:
        """Iterate over the best that everybody's projection of where extensions end has for them.

        What a statement says of whole projections mostly fails there, if anywhere.
        """
        scenario = self.scenario
        if self.extend is None or not scenario.equilibrium:
            return
        extended = (self._extended(program) for program in scenario.equilibrium)
        reached = self.base.payoffs(self.execution.profile(tuple(extended)))
        for i in self.players:
            projection = self.base.pareto_meet_projection(i + 1, reached)
            if projection:
                yield self.base.select(Dictator(i + 1), projection)

    def _feasible_profiles(self) -> Iterator[ActionProfile]:
        """Iterate over the lotteries that pay what the scenario's payoff profiles say."""
        if self.scenario.profiles:
            hull = CorrelatedPlay(self.scenario.game)
            for profile in self.scenario.profiles:
                if hull.contains(profile):
                    yield self.base.agreed(profile)

    def _list_payoff_profiles(self) -> list[Payoffs]:
        """Return the payoff profiles of outcomes, the PMM, and those of the scenario."""
        paid = map(self.base.payoffs, self.outcomes)
        return list(dict.fromkeys((*paid, self.base.pareto_meet_minimum, *self.scenario.profiles)))

    def _extended(self, program: Program) -> Program:
        """Return a CSR program's extension; any other program, and an extension, as it is."""
        if self.extend is None or not isinstance(program, CSR) or is_extension(program.function):
            return program
        return replace(program, function=self.extend(program.function))

    def _list_actions(self) -> list[Action]:
        return list(dict.fromkeys(action for outcome in self.outcomes for action in outcome))

    def _list_sets(self) -> list[Any]:
        listed: dict[Any, None] = {self.base.finite(()): None}
        if self.all_sets_listed:
            for size in range(1, len(self.outcomes) + 1):
                for members in itertools.combinations(self.outcomes, size):
                    listed.setdefault(self.base.finite(map(self.base.element, members)), None)
            return list(listed)
        for r in range(len(self.function_profiles)):
            for outcome in self.outcomes:
                for k, _ in enumerate(self.set_functions):
                    listed.setdefault(self.offered(k, r, outcome), None)
                listed.setdefault(self.agreed(r, outcome), None)
        return list(listed)

    def profile(self, number: int) -> tuple[Program, ...]:
        """Return a program profile."""
        return tuple(self.programs[c][1] for c in self.profiles[number])

    def played(self, number: int) -> ActionProfile:
        """Return the outcome of a program profile."""
        return self.execution.profile(self.profile(number))

    def functions(self, number: int) -> tuple[SetFunction, ...]:
        """Return a profile of set-valued functions."""
        return tuple(self.set_functions[k][1] for k in self.function_profiles[number])

    def offered(self, function: int, functions: int, outcome: ActionProfile) -> Any:
        """Return what a function offers among others at an outcome."""
        player, code = self.set_functions[function]
        profile = replaced(self.functions(functions), player + 1, code)
        return self.execution.value(player + 1, profile, self.selection, outcome)

    def agreed(self, functions: int, outcome: ActionProfile) -> Any:
        """Return what functions agree on at an outcome."""
        profile = self.functions(functions)
        return self.execution.agreement(profile, self.selection, outcome)

    @cached_property
    def maps(self) -> list[Any]:
        """The renegotiation functions of programs, and rn."""
        maps = [p.rn for _, p in self.programs if isinstance(p, Renegotiation)]
        return list(
            dict.fromkeys([*maps, *([] if self.scenario.rn is None else [self.scenario.rn])])
        )
