"""Small worlds of programs with unknown payoffs, sets and tables, for the solver to fill in.

A frame fixes how many players and actions there are and which kinds of programs: constants, the
programs that the paper builds on them, and programs that tell constants apart. What they play,
offer and select is computed with the unknowns; the statement's formulas are read in the result.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import z3

from spi_verify.counterexamples.programs.finding.symbolic import (
    Choice,
    Unknowns,
    above,
    apply,
    at_least,
    conditional,
    conjunction,
    disjunction,
    negation,
    reader,
)
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Game
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.programs import Always, Code, If, Program
from spi_verify.programs.running.beliefs import Beliefs
from spi_verify.theory import PAPER, Theory
from spi_verify.theory.evaluate import sides

Model = Mapping[str, Fraction | bool]


@dataclass(frozen=True)
class Slot:
    """A program of a frame.

    ``what`` is ``constant``, ``reader``, ``wrap`` (renegotiation with a map), ``base`` (CSR with a
    function of the player's) or ``extension``; ``inside`` is the number of the default's slot, or
    of the constant's action; ``function`` that of the map or function.
    """

    player: int
    what: str
    inside: int
    function: int = 0


class Frame(ABC):
    """Players, actions and slots for programs; subclasses know what the programs do.

    Parameters
    ----------
    shape
        |A_1|, ..., |A_n|.
    constants
        How many constant programs each P_i has, playing the first actions.
    believed
        For each player the slots that the others are believed to use, at their places; None
        where beliefs play no part.
    theory
        The definitions.
    game
        A game of this shape with known payoffs; None where they are unknown.
    profiles_listed
        How many payoff profiles there are besides those of outcomes and the PMM.
    """

    kind: Kind | None = None

    def __init__(
        self,
        shape: tuple[int, ...],
        constants: tuple[int, ...],
        theory: Theory,
        game: Game | None = None,
        *,
        profiles_listed: int = 0,
    ) -> None:
        self.shape, self.constants, self.theory, self.game = shape, constants, theory, game
        self.profiles_listed = profiles_listed
        self.players = range(len(shape))
        self.outcomes = list(itertools.product(*map(range, shape)))
        self.number = {outcome: k for k, outcome in enumerate(self.outcomes)}
        self.slots = self._slots()
        self.profiles = list(
            itertools.product(
                *([k for k, s in enumerate(self.slots) if s.player == i] for i in self.players)
            )
        )
        self.profile_number = {profile: k for k, profile in enumerate(self.profiles)}
        self.beliefs: tuple[tuple[int, ...], ...] | None = None
        self.equilibrium: tuple[int, ...] | None = None
        self.free: dict[str, Any] = {}
        self.picked: dict[str, Choice] = {}
        self._played: dict[int, Any] = {}
        self._bodies: dict[str, dict[tuple[Any, ...], Any]] = {}

    @abstractmethod
    def _slots(self) -> list[Slot]:
        """Return the programs."""

    @abstractmethod
    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:
        """Return a(p) where everybody renegotiates, else None."""

    @abstractmethod
    def required(self) -> Any:
        """Return what makes the programs what they are meant to be."""

    @abstractmethod
    def scenario(self, model: Model) -> Scenario:
        """Return the scenario that a solver's values describe."""

    # Unknowns

    def unknown(self, name: str, kind: Callable[[str], Any]) -> Any:
        """Return an unknown, made by z3 when it is first spoken of."""
        if name not in self.free:
            self.free[name] = kind(name)
        return self.free[name]

    def flag(self, name: str) -> Any:
        """Return an unknown truth value."""
        return self.unknown(name, z3.Bool)

    def pick(self, name: str, elements: Sequence[Any]) -> Any:
        """Return an unknown element out of some."""
        if len(elements) == 1:
            return elements[0]
        choice = Choice(tuple((element, self.flag(f"{name}={element}")) for element in elements))
        self.picked.setdefault(name, choice)
        return choice

    def settled(self) -> Any:
        """Return that just one case of every unknown element holds."""
        parts = []
        for choice in self.picked.values():
            guards = [guard for _, guard in choice.cases]
            parts.append(disjunction(guards))
            parts += [negation(z3.And(a, b)) for a, b in itertools.combinations(guards, 2)]
        return conjunction(parts)

    def payoff(self, i: int, a: int) -> Any:
        """Return u_i(a)."""
        if self.game is not None:
            return self.game.payoffs(a)[i]
        name = f"u[{i},{a}]"
        return self.unknown(name, z3.Real)

    def profile_payoff(self, i: int, v: int) -> Any:
        """Return what a payoff profile gives player i: an outcome's, the PMM, or any other."""
        m = len(self.outcomes)
        if v <= m:
            return self.payoff(i, v) if v < m else self.minimum[i]
        name = f"v[{i},{v - m - 1}]"
        return self.unknown(name, z3.Real)

    def decoded_profiles(self, model: Model) -> tuple[tuple[Fraction, ...], ...]:
        """Return the payoff profiles that are neither the PMM nor those of outcomes."""
        return tuple(
            tuple(Fraction(model.get(f"v[{i},{k}]", 0)) for i in self.players)
            for k in range(self.profiles_listed)
        )

    def small_payoffs(self, largest: int) -> Any:
        """Return that payoffs are integers from 0 up to a bound."""
        return conjunction(
            disjunction(variable == value for value in range(largest + 1))
            for name, variable in self.free.items()
            if name.startswith(("u[", "v["))
        )

    # What the programs do

    def default(self, c: int) -> int:
        """Return the slot of a program's default; itself where it has none."""
        slot = self.slots[c]
        return slot.inside if slot.what in ("wrap", "base", "extension") else c

    def own_action(self, c: int, profile: tuple[int, ...]) -> Any:
        """Return what a program that does not renegotiate plays."""
        slot = self.slots[self.default(c)]
        if slot.what == "constant":
            return slot.inside
        return self.reads(slot.player, profile)

    def reads(self, player: int, profile: tuple[int, ...]) -> Any:
        """Return what the player's reader plays: it tells the next player's constants apart."""
        other = self.slots[profile[(player + 1) % len(self.players)]]
        seen = other.inside if other.what == "constant" else "other"
        return self.pick(f"reader[{player},{seen}]", range(self.shape[player]))

    def played(self, p: int) -> Any:
        """Return a(p)."""
        if p not in self._played:
            profile = self.profiles[p]
            together = self._renegotiated_outcome(profile)
            if together is None:
                actions = [self.own_action(c, profile) for c in profile]
                together = apply(lambda *chosen: self.number[chosen], actions)
            self._played[p] = together
        return self._played[p]

    def default_profile(self, profile: tuple[int, ...]) -> tuple[int, ...]:
        """Return p^def."""
        return tuple(map(self.default, profile))

    def replaced(self, p: int, i: int, c: int) -> int:
        """Return (c, p_-i); p itself where c is no program of player i."""
        if self.slots[c].player != i:
            return p
        profile = self.profiles[p]
        return self.profile_number[(*profile[:i], c, *profile[i + 1 :])]

    def is_believed(self, i: int, p: int) -> bool:
        """Return whether p_-i is believed possible."""
        if self.beliefs is None:
            return False
        return all(
            c == b
            for j, (c, b) in enumerate(zip(self.profiles[p], self.beliefs[i], strict=True))
            if j != i
        )

    def expectation(self, i: int, c: int) -> Any:
        """Return the expected payoff of a program under certain beliefs."""
        if self.beliefs is None or self.slots[c].player != i:
            return Fraction(0)
        profile = (*self.beliefs[i][:i], c, *self.beliefs[i][i + 1 :])
        a = self.played(self.profile_number[profile])
        return apply(lambda x: self.payoff(i, x), [a])

    def in_default_set(self, i: int, c: int) -> bool:
        """Return whether a program is in P_i."""
        slot = self.slots[c]
        return slot.player == i and slot.what in ("constant", "reader")

    def optimal(self, i: int, c: int) -> Any:
        """Return whether no program earns more, by what is known to bound them all."""
        if self.slots[c].player != i or self.beliefs is None:
            return False
        mine = self.expectation(i, c)
        rivals = [self.expectation(i, d) for d, slot in enumerate(self.slots) if slot.player == i]
        rivals += self.rivals(i)
        return conjunction(at_least(mine, rival) for rival in rivals)

    def rivals(self, i: int) -> list[Any]:
        """Return what programs that are not listed may earn, at most."""
        assert self.beliefs is not None
        believed = self.beliefs[i]
        profiles = []
        for c, slot in enumerate(self.slots):
            if self.in_default_set(i, c) and slot.player == i:
                profiles.append(self.default_profile((*believed[:i], c, *believed[i + 1 :])))
        return [
            apply(lambda x: self.payoff(i, x), [self.played(self.profile_number[profile])])
            for profile in profiles
        ]

    def dominates(self, x: int, a: int) -> Any:
        """Return whether an outcome is at least as good for all and better for one."""
        weak = [at_least(self.payoff(i, x), self.payoff(i, a)) for i in self.players]
        return conjunction(
            [*weak, disjunction(above(self.payoff(i, x), self.payoff(i, a)) for i in self.players)]
        )

    @cached_property
    def efficient(self) -> list[Any]:
        """For each outcome, whether it is efficient."""
        everything = range(len(self.outcomes))
        return [
            negation(disjunction(self.dominates(x, a) for x in everything if x != a))
            for a in everything
        ]

    @cached_property
    def minimum(self) -> list[Any]:
        """The PMM."""
        minima = []
        for i in self.players:
            best: Any = None
            for a in range(len(self.outcomes)):
                value = self.payoff(i, a)
                lowest = conjunction(
                    disjunction([negation(self.efficient[x]), at_least(self.payoff(i, x), value)])
                    for x in range(len(self.outcomes))
                )
                if best is None:
                    best = value
                else:
                    best = conditional(conjunction([self.efficient[a], lowest]), value, best)
            minima.append(best)
        return minima

    # The structure

    @cached_property
    def unknowns(self) -> Unknowns:
        """The structure in which formulas are read."""
        m = len(self.outcomes)
        domains: dict[str, Sequence[Any]] = {
            "Player": self.players,
            "Action": range(max(self.shape)),
            "Outcome": range(m),
            "Program": range(len(self.slots)),
            "Profile": range(len(self.profiles)),
            "OutcomeSet": list(itertools.product([False, True], repeat=m)),
            "Payoffs": range(m + 1 + self.profiles_listed),
            "Position": self.players,
            **self._domains(),
        }
        tables: dict[str, Callable[..., Any]] = {
            "u": self.payoff,
            "action": lambda i, a: self.outcomes[a][i],
            "program": lambda i, p: self.profiles[p][i],
            "replace": self.replaced,
            "default": self.default,
            "defaults": lambda p: self.profile_number[self.default_profile(self.profiles[p])],
            "plays": self._plays,
            "outcome": self.played,
            "in_default_set": self.in_default_set,
            "available": lambda i, c: self.slots[c].player == i,
            "in_rn": lambda i, c: self.slots[c].player == i and self.slots[c].what == "wrap",
            "in_csr": lambda _, i, c: (
                self.slots[c].player == i and self.slots[c].what in ("base", "extension")
            ),
            "believed": self.is_believed,
            "expected": self.expectation,
            "pmm": lambda i: self.minimum[i],
            "member": _member,
            "nonempty": disjunction,
            "payoff": self.profile_payoff,
            "payoffs_of": lambda a: a,
            "pmm_payoffs": lambda: m,
            "best": lambda i: self.pick(f"best[{i}]", range(m)),
            "first": lambda: 0,
            "last": lambda: len(self.players) - 1,
            "next_to": lambda n, k: k == n + 1,
            "player_at": lambda n: n,
            "reached": lambda i, n: i <= n,
            "equilibrium": self._equilibrium,
            "worst": lambda i: self.pick(f"worst[{i}]", range(m)),
            "dominator": lambda a: self.pick(f"dominator[{a}]", range(m)),
            **self._tables(),
        }
        if self.theory["optimal"] is PAPER["optimal"]:
            tables["optimal"] = self.optimal
        unknowns = Unknowns(domains, tables)
        for name, definition in self.theory.items():
            if definition.sorts and name not in tables:
                tables[name] = self._defined(name, unknowns)
        return unknowns

    def _domains(self) -> dict[str, Sequence[Any]]:
        return {}

    def _tables(self) -> dict[str, Callable[..., Any]]:
        return {}

    def _equilibrium(self) -> int:
        if self.equilibrium is None:
            raise LookupError("no small world for this statement has an equilibrium")
        return self.profile_number[self.equilibrium]

    def _plays(self, i: int, c: int, p: int) -> Any:
        if self.slots[c].player != i:
            return 0
        return apply(lambda a: self.outcomes[a][i], [self.played(self.replaced(p, i, c))])

    def _defined(self, name: str, unknowns: Unknowns) -> Callable[..., Any]:
        known: dict[tuple[Any, ...], Any] = self._bodies.setdefault(name, {})
        compiled: list[Callable[[tuple[Any, ...]], Any]] = []

        def value(*arguments: Any) -> Any:
            key = tuple(
                tuple(b if isinstance(b, bool) else b.get_id() for b in argument)
                if isinstance(argument, tuple)
                else argument
                for argument in arguments
            )
            if key not in known:
                if not compiled:
                    body = sides(self.theory.axiom(name))[1]
                    compiled.append(reader(body, len(arguments), unknowns))
                known[key] = (compiled[0](arguments), arguments)
            return known[key][0]

        return value

    # Back to programs

    def names(self, outcome: int) -> tuple[str, ...]:
        """Return the names of an outcome's actions."""
        if self.game is not None:
            return self.game.outcome(outcome)
        return tuple(str(action + 1) for action in self.outcomes[outcome])

    def action_name(self, player: int, action: int) -> str:
        """Return the name of an action."""
        return str(action + 1) if self.game is None else self.game.actions[player][action]

    def decoded_game(self, model: Model) -> Game:
        """Return the game with the solver's payoffs."""
        if self.game is not None:
            return self.game
        rows = [
            [Fraction(model.get(f"u[{i},{a}]", 0)) for i in self.players]
            for a in range(math.prod(self.shape))
        ]
        table: list[Any] = rows
        for size in reversed(self.shape[1:]):
            table = [table[k : k + size] for k in range(0, len(table), size)]
        return Game.from_payoffs(table)

    def value(self, choice: Any, model: Model) -> Any:
        """Return the element that an unknown one stands for; any, where nothing depends on it."""
        if not isinstance(choice, Choice):
            return choice
        chosen = (e for e, guard in choice.cases if model.get(str(guard), False) is True)
        return next(chosen, choice.cases[0][0])

    def plain(self, c: int, model: Model) -> Program:
        """Return the program of a constant's or reader's slot."""
        slot = self.slots[c]
        if slot.what == "constant":
            return Always(self.action_name(slot.player, slot.inside))
        other = (slot.player + 1) % len(self.players)
        actions = range(self.shape[slot.player])

        def chosen(seen: Any) -> Always:
            action = self.value(self.pick(f"reader[{slot.player},{seen}]", actions), model)
            return Always(self.action_name(slot.player, action))

        program: Program = chosen("other")
        for seen in reversed(range(self.constants[other])):
            if chosen(seen) != chosen("other"):
                code = Code(other + 1, Always(self.action_name(other, seen)))
                program = If(code, chosen(seen), program)
        return program

    def default_sets(self, model: Model) -> tuple[tuple[Program, ...], ...]:
        """Return P_1, ..., P_n."""
        return tuple(
            tuple(
                dict.fromkeys(
                    self.plain(c, model)
                    for c, slot in enumerate(self.slots)
                    if self.in_default_set(i, c)
                )
            )
            for i in self.players
        )

    def decoded_beliefs(self, model: Model) -> tuple[Beliefs, ...]:
        """Return the beliefs."""
        if self.beliefs is None:
            return ()
        return tuple(
            Beliefs.certain(*(self.program(c, model) for j, c in enumerate(believed) if j != i))
            for i, believed in enumerate(self.beliefs)
        )

    @abstractmethod
    def program(self, c: int, model: Model) -> Program:
        """Return the program of a slot."""


def _member(x: int, members: tuple[Any, ...]) -> Any:
    return members[x]
