"""The tables of a structure, each filled by running the programs that are listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from spi_verify.counterexamples.programs.confirming.code import require_set_function
from spi_verify.counterexamples.programs.confirming.listed import (
    Listed,
    default_of,
    function_of,
)
from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.counterexamples.statements.spoken_of import means_as_printed
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.programs.deciding.best_responses import Method, Optimality, is_best_response
from spi_verify.programs.deciding.bounds import bound_for_any_algorithm, upper_bound
from spi_verify.programs.language.programs import CSR, Renegotiation
from spi_verify.programs.language.selections import (
    Fixed,
    why_transitive,
)
from spi_verify.programs.language.terms import replaced
from spi_verify.programs.running.beliefs import expected_utility
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Budget, Structure, predicate

MAX_INSTANCES = 2_000_000

Compute = Callable[..., Any]


class _Table(dict[tuple[int, ...], Any]):
    """A table that is filled where it is looked at."""

    def __init__(self, compute: Compute) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, arguments: tuple[int, ...]) -> Any:
        value = self[arguments] = self._compute(*arguments)
        return value


class Tables:
    """How the values of every function and predicate are found for what is listed.

    Parameters
    ----------
    listed
        What there is.
    guarded
        Whether it is refused to look at a player with a program of another player.
    """

    def __init__(self, listed: Listed, *, guarded: bool) -> None:
        self.listed = listed
        self._guarded = guarded
        self.optimality: dict[tuple[int, int], Optimality] = {}
        self._budget = Budget(MAX_INSTANCES)
        self.structure = Structure(self._sizes(), self._tables(), self._budget)

    def _sizes(self) -> dict[str, int]:
        return {
            "Player": len(self.listed.players),
            "Action": len(self.listed.actions),
            "Outcome": len(self.listed.outcomes),
            "Program": len(self.listed.programs),
            "Profile": len(self.listed.profiles),
            "Renegotiation": len(self.listed.maps),
            "SetFunction": len(self.listed.set_functions),
            "SetFunctions": len(self.listed.function_profiles),
            "OutcomeSet": len(self.listed.sets),
            "Selection": len(self.listed.selections),
            "Position": len(self.listed.players),
            "Payoffs": len(self.listed.payoff_profiles),
        }

    @cached_property
    def _hull(self) -> CorrelatedPlay:
        return CorrelatedPlay(self.listed.scenario.game)

    def _tables(self) -> Mapping[str, Mapping[tuple[int, ...], Any]]:
        tables: dict[str, Mapping[tuple[int, ...], Any]] = {
            name: _Table(compute) for name, compute in self._computed().items()
        }
        structure = Structure(self._sizes(), tables, self._budget)
        for name in self.listed.theory:
            if name not in tables and self.listed.theory[name].sorts:
                tables[name] = _Table(self._defined(name, structure))
        return tables

    def _defined(self, name: str, structure: Structure) -> Compute:
        known: list[Callable[[tuple[int, ...]], bool]] = []

        def compute(*arguments: int) -> bool:
            if not known:
                known.append(predicate(self.listed.theory.axiom(name), structure))
            return known[0](arguments)

        return compute

    def _computed(self) -> dict[str, Compute]:
        """Return how the values of each function of the signature are computed."""
        scenario, base = self.listed.scenario, self.listed.base
        last = len(self.listed.players) - 1
        computed: dict[str, Compute] = {
            "u": lambda i, a: base.payoffs(self.listed.outcomes[a])[i],
            "action": lambda i, a: self.listed.actions.index(self.listed.outcomes[a][i]),
            **self._of_programs(),
            **self._of_functions(),
            **self._of_payoff_profiles(),
            "pmm": lambda i: base.pareto_meet_minimum[i],
            "worst": self._worst,
            "dominator": self._dominator,
            "believed": self._believed,
            "expected": self._expected,
            "optimal": self._optimal,
            "first": lambda: 0,
            "last": lambda: last,
            "next_to": lambda n, m: m == n + 1,
            "player_at": lambda n: n,
            "reached": lambda i, n: i <= n,
        }
        if scenario.correlated:
            computed["efficient"] = self._efficient
            computed["feasible"] = lambda v: self._hull.contains(self.listed.payoff_profiles[v])
            computed["set_valued_renegotiation_function"] = self._is_set_function
        if not self.listed.all_sets_listed:
            # Sets that are not listed count, too; see whole.check_selection.
            computed["selection_function"] = lambda s: (
                not isinstance(self.listed.selections[s], Fixed)
            )
            computed["transitive"] = self._transitive
        theory = self.listed.theory
        return {
            name: compute
            for name, compute in computed.items()
            if name not in PAPER or means_as_printed(theory, name)
        }

    def _of_programs(self) -> dict[str, Compute]:
        """Return how what speaks of programs is computed, with rn, too."""
        scenario, programs = self.listed.scenario, self.listed.programs
        outcome_of = self.listed.outcome_numbers
        return {
            "program": lambda i, p: self.listed.profiles[p][i],
            "replace": self._replace,
            "default": self._default,
            "defaults": lambda p: self.listed.profile_numbers[
                tuple(self._default(c) for c in self.listed.profiles[p])
            ],
            "plays": self._plays,
            "outcome": lambda p: outcome_of[self.listed.played(p)],
            "in_default_set": lambda i, c: (
                programs[c][0] == i and programs[c][1] in scenario.defaults[i]
            ),
            "available": self._available,
            "transformed": self._transformed,
            "equilibrium": lambda: self.listed.profile_numbers[
                tuple(
                    programs.index((i, program)) for i, program in enumerate(scenario.equilibrium)
                )
            ],
            "in_rn": lambda i, c: (
                programs[c][0] == i
                and isinstance(programs[c][1], Renegotiation)
                and self._has_default(c)
            ),
            "rn_of": self._rn_of,
            "improved": lambda r, a: outcome_of[
                self.listed.execution.image(self.listed.maps[r], self.listed.outcomes[a])
            ],
            "rn": lambda: self.listed.maps.index(scenario.rn),
        }

    def _of_payoff_profiles(self) -> dict[str, Compute]:
        """Return how what speaks of payoff profiles is computed, and of best outcomes."""
        base, profiles = self.listed.base, self.listed.payoff_profiles
        return {
            "payoff": lambda i, v: profiles[v][i],
            "payoffs_of": lambda a: profiles.index(base.payoffs(self.listed.outcomes[a])),
            "pmm_payoffs": lambda: profiles.index(base.pareto_meet_minimum),
            "best": lambda i: max(
                range(len(self.listed.outcomes)),
                key=lambda a: base.payoffs(self.listed.outcomes[a])[i],
            ),
        }

    def _of_functions(self) -> dict[str, Compute]:
        """Return how what speaks of set-valued functions, sets and selections is computed."""
        base, outcomes, sets = self.listed.base, self.listed.outcomes, self.listed.sets
        return {
            "in_csr": self._in_csr,
            "set_function": self._set_function,
            "component": lambda i, r: self.listed.function_profiles[r][i],
            "functions": self._functions_of,
            "announced": self._announced,
            "offers": self._offers,
            "member": lambda x, s: base.element(outcomes[x]) in sets[s],
            "nonempty": lambda s: bool(sets[s]),
            "agreement": lambda r, a: self.listed.set_numbers[self.listed.agreed(r, outcomes[a])],
            "sel": lambda: 0,
            "selected": self._selected,
            "renegotiated": lambda s, r, a: self.listed.outcome_numbers[
                self.listed.execution.renegotiated(
                    self.listed.functions(r), self.listed.selections[s], outcomes[a]
                )
            ],
            "is_extension": lambda f: is_extension(self.listed.set_functions[f][1]),
            "unextended": self._unextended,
        }

    def _transitive(self, s: int) -> bool:
        if why_transitive(self.listed.selections[s]) is None:
            raise Rejected(
                f"whether {self.listed.selections[s]} is transitive on all sets is not known"
            )
        return True

    def _replace(self, p: int, i: int, c: int) -> int:
        if self.listed.programs[c][0] != i:
            if self._guarded:
                raise Rejected(
                    "it speaks of players with programs of other players, of which there are none"
                )
            return p
        return self.listed.profile_numbers[replaced(self.listed.profiles[p], i + 1, c)]

    def _default(self, c: int) -> int:
        player, program = self.listed.programs[c]
        default = default_of(program)
        return c if default is None else self.listed.programs.index((player, default))

    def _has_default(self, c: int) -> bool:
        player, program = self.listed.programs[self._default(c)]
        return program in self.listed.scenario.defaults[player]

    def _plays(self, i: int, c: int, p: int) -> int:
        player, program = self.listed.programs[c]
        if player != i:
            return 0
        profile = replaced(self.listed.profile(p), i + 1, program)
        return self.listed.actions.index(self.listed.execution.action(i + 1, profile))

    def _available(self, i: int, c: int) -> bool:
        player, program = self.listed.programs[c]
        if player != i:
            return False
        space = self.listed.scenario.spaces[i]
        if space.has_plain(program):
            return True
        if space.kind is None or not isinstance(program, space.kind.value):
            return False
        if isinstance(program, CSR) and program.selection != self.listed.scenario.selection:
            return False
        return self._has_default(c)

    def _transformed(self, p: int) -> int:
        image = []
        for c in self.listed.profiles[p]:
            player, program = self.listed.programs[c]
            if program in self.listed.scenario.defaults[player]:
                c = self.listed.programs.index((player, self.listed.transformed(player, program)))
            image.append(c)
        return self.listed.profile_numbers[tuple(image)]

    def _rn_of(self, c: int) -> int:
        program = self.listed.programs[c][1]
        return self.listed.maps.index(program.rn) if isinstance(program, Renegotiation) else 0

    def _in_csr(self, s: int, i: int, c: int) -> bool:
        player, program = self.listed.programs[c]
        if player != i or not isinstance(program, CSR):
            return False
        return program.selection == self.listed.selections[s] and self._has_default(c)

    def _set_function(self, c: int) -> int:
        player, program = self.listed.programs[c]
        function = function_of(program)
        if function is not None:
            return self.listed.set_functions.index((player, function))
        return self.listed.functions_of(player)[0]

    def _functions_of(self, p: int) -> int:
        chosen = tuple(self._set_function(c) for c in self.listed.profiles[p])
        return self.listed.function_profile_numbers[chosen]

    def _unextended(self, function: int) -> int:
        player, code = self.listed.set_functions[function]
        inner = getattr(code, "function", None) if is_extension(code) else None
        return self.listed.set_functions.index((player, inner)) if inner is not None else function

    def _announced(self) -> int:
        chosen = tuple(
            self.listed.set_functions.index((i, function))
            for i, function in enumerate(self.listed.scenario.functions)
        )
        return self.listed.function_profile_numbers[chosen]

    def _offers(self, i: int, function: int, functions: int, a: int) -> int:
        if self.listed.set_functions[function][0] != i:
            return self.listed.set_numbers[self.listed.base.finite(())]
        return self.listed.set_numbers[
            self.listed.offered(function, functions, self.listed.outcomes[a])
        ]

    def _selected(self, s: int, members: int) -> int:
        if not self.listed.sets[members]:
            return 0
        return self.listed.outcome_numbers[
            self.listed.base.select(self.listed.selections[s], self.listed.sets[members])
        ]

    def _efficient(self, a: int) -> bool:
        return self._hull.is_efficient(self.listed.base.payoffs(self.listed.outcomes[a]))

    def _is_set_function(self, i: int, function: int) -> bool:
        player, code = self.listed.set_functions[function]
        if player != i:
            return False
        require_set_function(self.listed.base, self.listed.selection, i + 1, code)
        return True

    def _worst(self, i: int) -> int:
        least = self.listed.base.pareto_meet_minimum[i]
        efficient = self.structure.tables["efficient"]
        for a, outcome in enumerate(self.listed.outcomes):
            if self.listed.base.payoffs(outcome)[i] == least and efficient[(a,)]:
                return a
        raise Rejected(f"no listed outcome pays player {i + 1} the PMM and is efficient")

    def _dominator(self, a: int) -> int:
        tables = self.structure.tables
        for x in range(len(self.listed.outcomes)):
            if tables["efficient"][(x,)] and tables["weakly_improves"][(x, a)]:
                return x
        raise Rejected("no listed efficient outcome improves on an outcome")

    def _believed(self, i: int, p: int) -> bool:
        if not self.listed.scenario.beliefs:
            return False
        profile = self.listed.profile(p)
        opponents = (*profile[:i], *profile[i + 1 :])
        return any(opponents == believed for believed, _ in self.listed.scenario.beliefs[i].support)

    def _expected(self, i: int, c: int) -> Any:
        player, program = self.listed.programs[c]
        if player != i or not self.listed.scenario.beliefs:
            return 0
        return expected_utility(self.listed.game, i + 1, program, self.listed.scenario.beliefs[i])

    def _optimal(self, i: int, c: int) -> bool:
        """Whether nothing in the whole space earns more, listed here or not."""
        if not self._available(i, c) or not self.listed.scenario.beliefs:
            return False
        program = self.listed.programs[c][1]
        found = self._earns_most(i, c) if self.listed.code else self._sought(i, c)
        if found.optimal is None:
            found = self._better_listed(i, found)
        self.optimality[i, c] = found
        if found.optimal is None:
            raise Rejected(f"whether {program} is optimal for player {i + 1} is not settled")
        return found.optimal

    def _sought(self, i: int, c: int) -> Optimality:
        """Return what is found among the programs that the definitions mean."""
        program, scenario = self.listed.programs[c][1], self.listed.scenario
        beliefs, space = scenario.beliefs[i], scenario.spaces[i]
        try:
            return is_best_response(self.listed.game, i + 1, program, beliefs, space)
        except InputError:
            if not self.listed.any_code:
                raise
            return self._by_bound(i, c, upper_bound(self.listed.game, i + 1, beliefs, space))

    def _earns_most(self, i: int, c: int) -> Optimality:
        """Return whether a program earns all that there is, however programs are run."""
        beliefs = self.listed.scenario.beliefs[i]
        return self._by_bound(i, c, bound_for_any_algorithm(self.listed.game, i + 1, beliefs))

    def _by_bound(self, i: int, c: int, bound: Fraction) -> Optimality:
        value = self._expected(i, c)
        optimal, method = (True, Method.BOUND) if value == bound else (None, Method.UNSETTLED)
        return Optimality(i + 1, self.listed.programs[c][1], value, optimal, method)

    def _better_listed(self, i: int, found: Optimality) -> Optimality:
        """Return that another program listed here earns more, where one does."""
        earned = {
            d: self._expected(i, d) for d in self.listed.programs_of(i) if self._available(i, d)
        }
        best = max(earned, key=lambda d: earned[d])
        if earned[best] <= found.value:
            return found
        return replace(
            found,
            optimal=False,
            method=Method.EXAMPLE,
            better=self.listed.programs[best][1],
            better_value=earned[best],
        )
