"""The structure that a scenario is: every table of it filled by running the programs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from spi_verify.counterexamples.programs.confirming.code import require_set_function
from spi_verify.counterexamples.programs.extensions import executable, is_extension
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.programs.deciding.best_responses import Method, Optimality, is_best_response
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.programs import CSR, Program, Renegotiation
from spi_verify.programs.language.selections import (
    Dictator,
    Fixed,
    Selection,
    why_transitive,
)
from spi_verify.programs.language.terms import Action, ActionProfile, replaced
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.beliefs import expected_utility
from spi_verify.programs.running.execution import Execution, ProgramGame
from spi_verify.theory import PAPER, Theory
from spi_verify.theory.evaluate import Budget, Structure, predicate

ALL_SUBSETS = 5
"""Selection functions that are transitive on every set.

That they are is proved, as statements or with their definitions.
"""

MAX_REACHED = 100
MAX_PROFILES = 2000
MAX_INSTANCES = 2_000_000

Compute = Callable[..., Any]


@lru_cache(maxsize=4)
def _base(game: Game, correlated: bool) -> BaseGame:
    """Return a base game, shared by scenarios in the same game, which remembers what it solved."""
    return CorrelatedBase(game) if correlated else PureBase(game)


class _Table(dict[tuple[int, ...], Any]):
    """A table that is filled where it is looked at."""

    def __init__(self, compute: Compute) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, arguments: tuple[int, ...]) -> Any:
        value = self[arguments] = self._compute(*arguments)
        return value


class Induced:
    """A finite structure made of real programs.

    Its players, outcomes, programs, functions and sets are those of a scenario, and those that
    the paper's constructions make of them: f(p), and PMP-extensions. Players and all other
    elements are numbered from 0. What is said of *all* programs, sets or outcomes is evaluated
    for those that are listed here; see
    :mod:`spi_verify.counterexamples.programs.confirming.whole` for the rest.

    Parameters
    ----------
    scenario
        The game, programs and beliefs.
    theory
        Gives the meaning of defined predicates.
    any_code
        Whether the algorithms may be run with maps and functions that are no renegotiation
        functions (Definitions 4 and 7). A program that is in no space for this is not optimal.

    Raises
    ------
    Rejected
        When programs do not halt, or the structure would be too large.
    """

    def __init__(
        self,
        scenario: Scenario,
        theory: Theory,
        *,
        any_code: bool = False,
        guarded: bool = False,
    ) -> None:
        self.scenario = scenario
        self.theory = theory
        self.base = _base(scenario.game, scenario.correlated)
        self.any_code = any_code
        self.guarded = guarded
        self.game = ProgramGame(self.base, any_code)
        self.execution = Execution(self.base)
        self.players = range(scenario.game.number_of_players)
        self.extend = executable(theory)
        self.programs = self._list_programs()
        self.profiles = list(itertools.product(*(map(self._numbers, self.players))))
        if len(self.profiles) > MAX_PROFILES:
            raise Rejected(f"more than {MAX_PROFILES} program profiles to look at")
        self._profile_numbers = {profile: k for k, profile in enumerate(self.profiles)}
        self.set_functions = self._list_functions()
        self.function_profiles = list(
            itertools.product(*(self._function_numbers(i) for i in self.players))
        )
        self._function_profile_numbers = {r: k for k, r in enumerate(self.function_profiles)}
        self.selections = [
            s for s in (scenario.selection, *scenario.other_selections) if s is not None
        ]
        self.outcomes = self._list_outcomes()
        self._outcome_numbers = {outcome: k for k, outcome in enumerate(self.outcomes)}
        self.actions = self._list_actions()
        self.sets = self._list_sets()
        self._set_numbers = {s: k for k, s in enumerate(self.sets)}
        self.optimality: dict[tuple[int, int], Optimality] = {}
        self._budget = Budget(MAX_INSTANCES)
        self.structure = Structure(self._sizes(), self._tables(), self._budget)

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

    # What there is

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
            add(i, (self._transform(i, program) for program in scenario.defaults[i]))
        for i, program in list(listed):
            add(i, [self._extended(program)])
        for i, program in list(listed):
            if isinstance(program, (CSR, Renegotiation)):
                add(i, [program.default])
        for i, program in listed:
            self.game.checked(program if j == i else scenario.defaults[j][0] for j in self.players)
        return sorted(listed, key=lambda entry: entry[0])

    def _transform(self, player: int, program: Program) -> Program:
        scenario = self.scenario
        if scenario.f:
            return scenario.f[player][scenario.defaults[player].index(program)]
        if scenario.rn is not None:
            return Renegotiation(scenario.rn, program)
        if scenario.functions and scenario.selection is not None:
            return CSR(scenario.selection, program, scenario.functions[player])
        return program

    def _numbers(self, player: int) -> list[int]:
        return [k for k, (i, _) in enumerate(self.programs) if i == player]

    def _list_functions(self) -> list[tuple[int, SetFunction]]:
        entries = {
            (i, program.function): None for i, program in self.programs if isinstance(program, CSR)
        }
        return list(entries | dict.fromkeys(enumerate(self.scenario.functions)))

    def _function_numbers(self, player: int) -> list[int]:
        return [k for k, (i, _) in enumerate(self.set_functions) if i == player]

    def _list_outcomes(self) -> list[ActionProfile]:
        """Return all outcomes, or in correlated play those that anything here leads to."""
        listed: dict[ActionProfile, None] = dict.fromkeys(self.base.game.outcomes())
        if not self.scenario.correlated:
            return list(listed)
        for k in range(len(self.profiles)):
            listed.setdefault(self._played(k), None)
        for outcome in self._ends_of_projections():
            listed.setdefault(outcome, None)
        pending = list(listed)
        while pending:
            point = pending.pop(0)
            for r in range(len(self.function_profiles)):
                for selection in self.selections:
                    reached = self.execution.renegotiated(self._functions(r), selection, point)
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
                    listed.setdefault(self._offered(k, r, outcome), None)
                listed.setdefault(self._agreed(r, outcome), None)
        return list(listed)

    # What they do

    def profile(self, number: int) -> tuple[Program, ...]:
        """Return a program profile."""
        return tuple(self.programs[c][1] for c in self.profiles[number])

    def _played(self, number: int) -> ActionProfile:
        return self.execution.profile(self.profile(number))

    def _functions(self, number: int) -> tuple[SetFunction, ...]:
        return tuple(self.set_functions[k][1] for k in self.function_profiles[number])

    def _offered(self, function: int, functions: int, outcome: ActionProfile) -> Any:
        player, code = self.set_functions[function]
        profile = replaced(self._functions(functions), player + 1, code)
        return self.execution.value(player + 1, profile, self.selection, outcome)

    def _agreed(self, functions: int, outcome: ActionProfile) -> Any:
        profile = self._functions(functions)
        return self.execution.agreement(profile, self.selection, outcome)

    def _sizes(self) -> dict[str, int]:
        return {
            "Player": len(self.players),
            "Action": len(self.actions),
            "Outcome": len(self.outcomes),
            "Program": len(self.programs),
            "Profile": len(self.profiles),
            "Renegotiation": len(self._maps),
            "SetFunction": len(self.set_functions),
            "SetFunctions": len(self.function_profiles),
            "OutcomeSet": len(self.sets),
            "Selection": len(self.selections),
            "Position": len(self.players),
        }

    @cached_property
    def _hull(self) -> CorrelatedPlay:
        return CorrelatedPlay(self.scenario.game)

    @cached_property
    def _maps(self) -> list[Any]:
        maps = [p.rn for _, p in self.programs if isinstance(p, Renegotiation)]
        return list(
            dict.fromkeys([*maps, *([] if self.scenario.rn is None else [self.scenario.rn])])
        )

    def _tables(self) -> Mapping[str, Mapping[tuple[int, ...], Any]]:
        tables: dict[str, Mapping[tuple[int, ...], Any]] = {
            name: _Table(compute) for name, compute in self._computed().items()
        }
        structure = Structure(self._sizes(), tables, self._budget)
        for name in self.theory:
            if name not in tables and self.theory[name].sorts:
                tables[name] = _Table(self._defined(name, structure))
        return tables

    def _defined(self, name: str, structure: Structure) -> Compute:
        known: list[Callable[[tuple[int, ...]], bool]] = []

        def compute(*arguments: int) -> bool:
            if not known:
                known.append(predicate(self.theory.axiom(name), structure))
            return known[0](arguments)

        return compute

    def _computed(self) -> dict[str, Compute]:
        """Return how the values of each function of the signature are computed."""
        scenario, base, programs = self.scenario, self.base, self.programs
        outcome_of = self._outcome_numbers
        last = len(self.players) - 1
        computed: dict[str, Compute] = {
            "u": lambda i, a: base.payoffs(self.outcomes[a])[i],
            "action": lambda i, a: self.actions.index(self.outcomes[a][i]),
            "program": lambda i, p: self.profiles[p][i],
            "replace": self._replace,
            "default": self._default,
            "defaults": lambda p: self._profile_numbers[
                tuple(self._default(c) for c in self.profiles[p])
            ],
            "plays": self._plays,
            "outcome": lambda p: outcome_of[self._played(p)],
            "in_default_set": lambda i, c: (
                programs[c][0] == i and programs[c][1] in scenario.defaults[i]
            ),
            "available": self._available,
            "transformed": self._transformed,
            "in_rn": lambda i, c: (
                programs[c][0] == i
                and isinstance(programs[c][1], Renegotiation)
                and self._has_default(c)
            ),
            "rn_of": self._rn_of,
            "improved": lambda r, a: outcome_of[
                self.execution.image(self._maps[r], self.outcomes[a])
            ],
            "rn": lambda: self._maps.index(scenario.rn),
            "in_csr": self._in_csr,
            "set_function": self._set_function,
            "component": lambda i, r: self.function_profiles[r][i],
            "functions": self._functions_of,
            "announced": self._announced,
            "offers": self._offers,
            "member": lambda x, s: base.element(self.outcomes[x]) in self.sets[s],
            "agreement": lambda r, a: self._set_numbers[self._agreed(r, self.outcomes[a])],
            "selected": self._selected,
            "renegotiated": lambda s, r, a: outcome_of[
                self.execution.renegotiated(
                    self._functions(r), self.selections[s], self.outcomes[a]
                )
            ],
            "sel": lambda: 0,
            "equilibrium": lambda: self._profile_numbers[
                tuple(
                    programs.index((i, program)) for i, program in enumerate(scenario.equilibrium)
                )
            ],
            "pmm": lambda i: base.pareto_meet_minimum[i],
            "worst": self._worst,
            "believed": self._believed,
            "expected": self._expected,
            "first": lambda: 0,
            "last": lambda: last,
            "next_to": lambda n, m: m == n + 1,
            "player_at": lambda n: n,
            "reached": lambda i, n: i <= n,
            "dominator": self._dominator,
            "nonempty": lambda s: bool(self.sets[s]),
            "is_extension": lambda f: is_extension(self.set_functions[f][1]),
            "unextended": self._unextended,
        }
        if scenario.correlated:
            computed["efficient"] = self._efficient
        if not self.all_sets_listed:
            # Sets that are not listed count, too; see whole.check_selection.
            computed["selection_function"] = lambda s: not isinstance(self.selections[s], Fixed)
            computed["transitive"] = self._transitive
        if scenario.correlated:
            computed["set_valued_renegotiation_function"] = self._is_set_function
        computed["optimal"] = self._optimal
        return {
            name: compute
            for name, compute in computed.items()
            if name not in PAPER or self.theory[name] is PAPER[name]
        }

    def _transitive(self, s: int) -> bool:
        if why_transitive(self.selections[s]) is None:
            raise Rejected(f"whether {self.selections[s]} is transitive on all sets is not known")
        return True

    @property
    def listed(self) -> frozenset[str]:
        """The sorts all of whose elements are listed."""
        listed = {"Player", "Action", "Position"}
        if not self.scenario.correlated:
            listed.add("Outcome")
        if self.all_sets_listed:
            listed.add("OutcomeSet")
        return frozenset(listed)

    @property
    def settled_predicates(self) -> frozenset[str]:
        """The predicates whose values speak for everything, listed or not."""
        settled = {"optimal"}
        if executable(self.theory) is not None:
            settled.add("pmp_extension")
        if self.scenario.correlated:
            settled |= {"efficient", "set_valued_renegotiation_function"}
        if not self.all_sets_listed:
            settled |= {"selection_function", "transitive"}
        return frozenset(settled)

    def _replace(self, p: int, i: int, c: int) -> int:
        if self.programs[c][0] != i:
            if self.guarded:
                raise Rejected(
                    "it speaks of players with programs of other players, of which there are none"
                )
            return p
        return self._profile_numbers[replaced(self.profiles[p], i + 1, c)]

    def _default(self, c: int) -> int:
        player, program = self.programs[c]
        if isinstance(program, (CSR, Renegotiation)):
            return self.programs.index((player, program.default))
        return c

    def _has_default(self, c: int) -> bool:
        player, program = self.programs[self._default(c)]
        return program in self.scenario.defaults[player]

    def _plays(self, i: int, c: int, p: int) -> int:
        player, program = self.programs[c]
        if player != i:
            return 0
        profile = replaced(self.profile(p), i + 1, program)
        return self.actions.index(self.execution.action(i + 1, profile))

    def _available(self, i: int, c: int) -> bool:
        player, program = self.programs[c]
        if player != i:
            return False
        space = self.scenario.spaces[i]
        if space.has_plain(program):
            return True
        if space.kind is None or not isinstance(program, space.kind.value):
            return False
        if isinstance(program, CSR) and program.selection != self.scenario.selection:
            return False
        return self._has_default(c)

    def _transformed(self, p: int) -> int:
        image = []
        for c in self.profiles[p]:
            player, program = self.programs[c]
            if program in self.scenario.defaults[player]:
                c = self.programs.index((player, self._transform(player, program)))
            image.append(c)
        return self._profile_numbers[tuple(image)]

    def _rn_of(self, c: int) -> int:
        program = self.programs[c][1]
        return self._maps.index(program.rn) if isinstance(program, Renegotiation) else 0

    def _in_csr(self, s: int, i: int, c: int) -> bool:
        player, program = self.programs[c]
        if player != i or not isinstance(program, CSR):
            return False
        return program.selection == self.selections[s] and self._has_default(c)

    def _set_function(self, c: int) -> int:
        player, program = self.programs[c]
        if isinstance(program, CSR):
            return self.set_functions.index((player, program.function))
        return self._function_numbers(player)[0]

    def _functions_of(self, p: int) -> int:
        chosen = tuple(self._set_function(c) for c in self.profiles[p])
        return self._function_profile_numbers[chosen]

    def _unextended(self, function: int) -> int:
        player, code = self.set_functions[function]
        inner = getattr(code, "function", None) if is_extension(code) else None
        return self.set_functions.index((player, inner)) if inner is not None else function

    def _announced(self) -> int:
        chosen = tuple(
            self.set_functions.index((i, function))
            for i, function in enumerate(self.scenario.functions)
        )
        return self._function_profile_numbers[chosen]

    def _offers(self, i: int, function: int, functions: int, a: int) -> int:
        if self.set_functions[function][0] != i:
            return self._set_numbers[self.base.finite(())]
        return self._set_numbers[self._offered(function, functions, self.outcomes[a])]

    def _selected(self, s: int, members: int) -> int:
        if not self.sets[members]:
            return 0
        return self._outcome_numbers[self.base.select(self.selections[s], self.sets[members])]

    def _efficient(self, a: int) -> bool:
        return self._hull.is_efficient(self.base.payoffs(self.outcomes[a]))

    def _is_set_function(self, i: int, function: int) -> bool:
        player, code = self.set_functions[function]
        if player != i:
            return False
        require_set_function(self.base, self.selection, i + 1, code)
        return True

    def _worst(self, i: int) -> int:
        least = self.base.pareto_meet_minimum[i]
        efficient = self.structure.tables["efficient"]
        for a, outcome in enumerate(self.outcomes):
            if self.base.payoffs(outcome)[i] == least and efficient[(a,)]:
                return a
        raise Rejected(f"no listed outcome pays player {i + 1} the PMM and is efficient")

    def _dominator(self, a: int) -> int:
        tables = self.structure.tables
        for x in range(len(self.outcomes)):
            if tables["efficient"][(x,)] and tables["weakly_improves"][(x, a)]:
                return x
        raise Rejected("no listed efficient outcome improves on an outcome")

    def _believed(self, i: int, p: int) -> bool:
        if not self.scenario.beliefs:
            return False
        profile = self.profile(p)
        opponents = (*profile[:i], *profile[i + 1 :])
        return any(opponents == believed for believed, _ in self.scenario.beliefs[i].support)

    def _expected(self, i: int, c: int) -> Any:
        player, program = self.programs[c]
        if player != i or not self.scenario.beliefs:
            return 0
        return expected_utility(self.game, i + 1, program, self.scenario.beliefs[i])

    def _optimal(self, i: int, c: int) -> bool:
        """Whether nothing in the whole space earns more, listed here or not."""
        if not self._available(i, c) or not self.scenario.beliefs:
            return False
        program, beliefs = self.programs[c][1], self.scenario.beliefs[i]
        try:
            found = is_best_response(self.game, i + 1, program, beliefs, self.scenario.spaces[i])
        except InputError:
            if self.any_code:
                return False
            raise
        if found.optimal is None and not self.any_code:
            found = self._better_listed(i, found)
        self.optimality[i, c] = found
        if found.optimal is None:
            raise Rejected(f"whether {program} is optimal for player {i + 1} is not settled")
        return found.optimal

    def _better_listed(self, i: int, found: Optimality) -> Optimality:
        """Return that another program listed here earns more, where one does."""
        earned = {d: self._expected(i, d) for d in self._numbers(i) if self._available(i, d)}
        best = max(earned, key=lambda d: earned[d])
        if earned[best] <= found.value:
            return found
        return replace(
            found,
            optimal=False,
            method=Method.EXAMPLE,
            better=self.programs[best][1],
            better_value=earned[best],
        )
