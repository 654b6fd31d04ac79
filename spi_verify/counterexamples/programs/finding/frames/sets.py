"""Small worlds of constants and CSR programs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model, Slot
from spi_verify.counterexamples.programs.finding.symbolic import (
    apply,
    conditional,
    conjunction,
    disjunction,
    equal,
    merged,
    negation,
)
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Game
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.functions import (
    PMP_EXTENSION,
    ByOutcome,
    Outcomes,
    Row,
    SetFunction,
    Tag,
    Tagged,
    When,
)
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.programs.language.selections import Choice as Chosen
from spi_verify.programs.language.selections import SelectionTable
from spi_verify.programs.language.variants import ExtensionOnly, UnconditionalExtension
from spi_verify.theory import PAPER, Theory

EXTENDED = "extended"


class SetFrame(Frame):
    """Constants and CSR programs: functions of each player, and the extension of the first.

    Parameters
    ----------
    conditional
        The players whose functions may tell extended functions from others, from 0.
    extensions
        Whether the extension of each program is there.
    count
        How many functions each player has, besides extensions.
    selections
        How many selection functions there are; CSR programs have the first.
    """

    kind = Kind.CSR

    def __init__(
        self,
        shape: tuple[int, ...],
        constants: tuple[int, ...],
        theory: Theory,
        game: Game | None = None,
        *,
        conditional: Sequence[int] = (),
        extensions: bool = True,
        announced: bool = False,
        count: int = 1,
        selections: int = 1,
        profiles_listed: int = 0,
    ) -> None:
        self.conditional, self.extensions, self.announced = conditional, extensions, announced
        self.count, self.selections = count, selections
        self.literal = theory["pmp_extension"] is PAPER["pmp_extension"]
        self.extend = executable(theory)
        super().__init__(shape, constants, theory, game, profiles_listed=profiles_listed)
        whats = [("base", n) for n in range(count)] + [("extension", 0)] * extensions
        self.functions = [(i, what, n) for i in self.players for what, n in whats]
        self.function_profiles = list(
            itertools.product(
                *([k for k, (j, *_) in enumerate(self.functions) if j == i] for i in self.players)
            )
        )
        self.function_profile_number = {r: k for k, r in enumerate(self.function_profiles)}
        self._sets: dict[tuple[int, int, int], tuple[Any, ...]] = {}
        self._selections: dict[tuple[Any, ...], Any] = {}

    def _slots(self) -> list[Slot]:
        slots = [Slot(i, "constant", a) for i in self.players for a in range(self.constants[i])]
        for i in self.players:
            own = [c for c, slot in enumerate(slots) if slot == Slot(i, "constant", slot.inside)]
            slots += [Slot(i, "base", c) for c in (own if self.announced else own[: self.count])]
            slots += [Slot(i, "base", own[0], n) for n in range(1, self.count)]
            if self.extensions:
                slots.append(Slot(i, "extension", own[0]))
        return slots

    # Functions

    def set_function(self, c: int) -> int:
        """Return the function of a program; the player's first where it has none."""
        slot = self.slots[c]
        what = "extension" if slot.what == "extension" else "base"
        return self.functions.index((slot.player, what, slot.function))

    def functions_of(self, p: int) -> int:
        """Return everybody's function."""
        return self.function_profile_number[tuple(map(self.set_function, self.profiles[p]))]

    def offers(self, i: int, function: int, functions: int, a: int) -> tuple[Any, ...]:
        """Return RN^i(RN^-i, a)."""
        m = len(self.outcomes)
        player, what, number = self.functions[function]
        if player != i:
            return (False,) * m
        key = (function, functions, a)
        if key not in self._sets:
            others = "".join(
                "e" if self.functions[k][1] == "extension" else "-"
                for j, k in enumerate(self.function_profiles[functions])
                if j != i
            )
            if what == "base" or not self.literal:
                seen = others if i in self.conditional or what == "extension" else ""
                name = f"{_called(what, number)}[{i},{seen},{a},"
                self._sets[key] = tuple(self.flag(f"{name}{x}]") for x in range(m))
            else:
                base = self.functions.index((i, "base", 0))
                profile = self.function_profiles[functions]
                unextended = self.function_profile_number[(*profile[:i], base, *profile[i + 1 :])]
                reached = self.renegotiated(0, unextended, a)
                pmp = self.unknowns.tables["pmp"]
                self._sets[key] = tuple(
                    disjunction([offered, apply(pmp, [i, x, reached])])
                    for x, offered in enumerate(self.offers(i, base, unextended, a))
                )
        return self._sets[key]

    def agreement(self, functions: int, a: int) -> tuple[Any, ...]:
        """Return AS(RN, a)."""
        profile = self.function_profiles[functions]
        offers = [self.offers(i, profile[i], functions, a) for i in self.players]
        return tuple(conjunction(bits) for bits in zip(*offers, strict=True))

    def chosen(self, members: tuple[bool, ...], s: int = 0) -> Any:
        """Return what a selection function picks from a known set."""
        elements = [x for x, bit in enumerate(members) if bit]
        if not elements:
            return 0
        return self.pick(f"{_called('sel', s)}[{''.join(map(str, elements))}]", elements)

    def selected(self, s: int, members: tuple[Any, ...]) -> Any:
        """Return what a selection function picks from a set."""
        if all(isinstance(bit, bool) for bit in members):
            return self.chosen(members, s)
        key = (s, *(bit if isinstance(bit, bool) else bit.get_id() for bit in members))
        if key not in self._selections:
            cases = []
            for known in itertools.product([False, True], repeat=len(members)):
                guard = equal(members, known)
                if guard is not False:
                    cases.append((guard, self.chosen(known, s)))
            self._selections[key] = (merged(cases), members)
        return self._selections[key][0]

    def renegotiated(self, s: int, functions: int, a: int) -> Any:
        """Return ro(p, a)."""
        agreed = self.agreement(functions, a)
        return conditional(disjunction(agreed), self.selected(s, agreed), a)

    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:
        if any(self.slots[c].what not in ("base", "extension") for c in profile):
            return None
        default = self.played(self.profile_number[self.default_profile(profile)])
        functions = self.functions_of(self.profile_number[profile])
        return apply(lambda a: self.renegotiated(0, functions, a), [default])

    def required(self) -> Any:
        """Return that functions and selections are what they are meant to be."""
        tables = self.unknowns.tables
        parts = [tables["selection_function"](s) for s in range(self.selections)]
        for k, (i, *_) in enumerate(self.functions):
            parts.append(tables["set_valued_renegotiation_function"](i, k))
        if self.extensions and not self.literal:
            for c, slot in enumerate(self.slots):
                if slot.what == "extension":
                    base = self.slots.index(Slot(slot.player, "base", slot.inside))
                    parts.append(tables["pmp_extension"](slot.player, base, c))
        if self.extend is ExtensionOnly and self.beliefs is not None:
            believed = {c for i, p in enumerate(self.beliefs) for j, c in enumerate(p) if i != j}
            extended = [self.slots[c].player for c in believed if self._extends(c)]
            parts += [self._projects_into_itself(i) for i in extended]
        return conjunction(parts)

    def _extends(self, c: int) -> bool:
        return self.slots[c].what == "extension"

    def _projects_into_itself(self, i: int) -> Any:
        """Return that a player's function offers all projections of what it may reach.

        Assumption 9(ii) is settled for extensions of such functions only.
        """
        pmp, everything = self.unknowns.tables["pmp"], range(len(self.outcomes))
        own = self.functions.index((i, "base", 0))
        functions = next(r for r, p in enumerate(self.function_profiles) if p[i] == own)
        parts = []
        for a in everything:
            offered = self.offers(i, own, functions, a)
            for x, y in itertools.product(everything, repeat=2):
                reached = x == a or offered[x]
                projected = conjunction([reached, pmp(i, y, x)])
                parts.append(disjunction([negation(projected), offered[y]]))
        return conjunction(parts)

    def rivals(self, i: int) -> list[Any]:
        """Return what programs that are not listed may earn, at most."""
        assert self.beliefs is not None
        rivals = super().rivals(i)
        believed = self.beliefs[i]
        if any(self.slots[c].what == "constant" for j, c in enumerate(believed) if j != i):
            return rivals
        extended = any(self.slots[c].what == "extension" for c in believed)
        if extended and self.extend is not UnconditionalExtension:
            return [*rivals, *(self.payoff(i, x) for x in range(len(self.outcomes)))]
        functions = self.functions_of(self.profile_number[believed])
        profile = self.function_profiles[functions]
        for own, slot in enumerate(self.slots):
            if slot.player != i or slot.what != "constant":
                continue
            defaults = self.default_profile((*believed[:i], own, *believed[i + 1 :]))
            a = self.played(self.profile_number[defaults])
            assert isinstance(a, int), "defaults are constants here"
            offers = [self.offers(j, profile[j], functions, a) for j in self.players if j != i]
            for x, bits in enumerate(zip(*offers, strict=True)):
                agreed = conjunction(bits)
                rivals.append(conditional(agreed, self.payoff(i, x), self.payoff(i, a)))
        return rivals

    def _domains(self) -> dict[str, Sequence[Any]]:
        return {
            "Selection": range(self.selections),
            "SetFunction": range(len(self.functions)),
            "SetFunctions": range(len(self.function_profiles)),
        }

    def _tables(self) -> dict[str, Callable[..., Any]]:
        selecting: dict[str, Callable[..., Any]] = {
            "sel": lambda: 0,
            "selected": self.selected,
            "in_csr": lambda s, i, c: (
                s == 0 and self.slots[c].player == i and self.slots[c].what in ("base", "extension")
            ),
        }
        if not self.count:
            return selecting
        bases = {
            slot.inside: c
            for c, slot in enumerate(self.slots)
            if slot.what == "base" and slot.function == 0
        }

        def transformed(p: int) -> int:
            return self.profile_number[tuple(bases.get(c, c) for c in self.profiles[p])]

        def announced() -> int:
            base = tuple(self.functions.index((i, "base", 0)) for i in self.players)
            return self.function_profile_number[base]

        return {
            **selecting,
            "set_function": self.set_function,
            "component": lambda i, r: self.function_profiles[r][i],
            "functions": self.functions_of,
            "announced": announced,
            "offers": self.offers,
            "agreement": self.agreement,
            "renegotiated": self.renegotiated,
            "transformed": transformed,
            "is_extension": lambda f: self.functions[f][1] == "extension",
            "unextended": lambda f: self.functions.index((self.functions[f][0], "base", 0)),
        }

    # Back to programs

    def program(self, c: int, model: Model) -> Program:
        """Return the program of a slot."""
        slot = self.slots[c]
        if slot.what == "constant":
            return self.plain(c, model)
        function = self.decoded(slot.player, slot.what, model, slot.function)
        return CSR(self.decoded_selection(model), self.plain(slot.inside, model), function)

    def decoded(self, player: int, what: str, model: Model, number: int = 0) -> SetFunction:
        """Return a function as code."""
        if what == "extension" and self.extend is not None:
            return self.extend(self.decoded(player, "base", model))
        others = [j for j in self.players if j != player]
        if what == "base" and player not in self.conditional:
            return self._table(f"{_called('base', number)}[{player},,", model)

        def after(seen: str) -> SetFunction:
            if len(seen) == len(others):
                return self._table(f"{_called(what, number)}[{player},{seen},", model)
            extended, other = after(f"{seen}e"), after(f"{seen}-")
            if extended == other:
                return other
            return When(Tagged(others[len(seen)] + 1, self._tag), extended, other)

        function = after("")
        return Tag(EXTENDED, function) if what == "extension" else function

    @property
    def _tag(self) -> str:
        return EXTENDED if self.extend is None else PMP_EXTENSION

    def _table(self, name: str, model: Model) -> SetFunction:
        rows = []
        for a in range(len(self.outcomes)):
            members = tuple(
                self.names(x)
                for x in range(len(self.outcomes))
                if model.get(f"{name}{a},{x}]", False) is True
            )
            if members:
                rows.append(Row(self.names(a), Outcomes(members)))
        return ByOutcome(Outcomes(()), tuple(rows))

    def decoded_selection(self, model: Model, s: int = 0) -> SelectionTable:
        """Return a selection function as a table."""
        choices = []
        for known in itertools.product([False, True], repeat=len(self.outcomes)):
            elements = [x for x, bit in enumerate(known) if bit]
            if len(elements) > 1:
                chosen = self.value(self.chosen(known, s), model)
                choices.append(Chosen(self.names(chosen), tuple(map(self.names, elements))))
        return SelectionTable(tuple(choices))

    def scenario(self, model: Model) -> Scenario:
        """Return the scenario."""
        programs = tuple(
            tuple(
                self.program(c, model)
                for c, slot in enumerate(self.slots)
                if slot.player == i and slot.what in self._listed
            )
            for i in self.players
        )
        announced = tuple(self.decoded(i, "base", model) for i in self.players if self.announced)
        equilibrium: tuple[Program, ...] = ()
        if self.equilibrium is not None:
            equilibrium = tuple(self.program(c, model) for c in self.equilibrium)
        return Scenario(
            self.decoded_game(model),
            False,
            self.kind,
            self.default_sets(model),
            programs=() if self.announced else programs,
            selection=self.decoded_selection(model),
            other_selections=tuple(
                self.decoded_selection(model, s) for s in range(1, self.selections)
            ),
            beliefs=self.decoded_beliefs(model),
            functions=announced,
            equilibrium=equilibrium,
            profiles=self.decoded_profiles(model),
        )

    @property
    def _listed(self) -> tuple[str, ...]:
        known = self.extend is not None or not self.extensions
        return ("base",) if known else ("base", "extension")


def _called(what: str, number: int) -> str:
    return what if number == 0 else f"{what}{number}"
