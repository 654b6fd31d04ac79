"""Small worlds of constants, and of programs that renegotiate with one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model, Slot
from spi_verify.counterexamples.programs.finding.symbolic import (
    apply,
    conditional,
    conjunction,
    equal,
)
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Game
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.functions import (
    RenegotiationMap,
    To,
)
from spi_verify.programs.language.programs import Program, Renegotiation
from spi_verify.theory import Theory


class RenegotiationFrame(Frame):
    """Constants, perhaps programs that tell constants apart, and Algorithm 1.

    Parameters
    ----------
    with_readers
        Whether programs that tell constants apart are there.
    with_rn
        Whether renegotiation programs are there.
    count
        How many renegotiation functions there are.
    plain
        Whether there are default programs only, which f may take to each other.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        constants: tuple[int, ...],
        theory: Theory,
        game: Game | None = None,
        *,
        with_readers: bool = False,
        with_rn: bool = True,
        count: int = 1,
        plain: bool = False,
        profiles_listed: int = 0,
    ) -> None:
        self.with_readers, self.with_rn = with_readers, with_rn and not plain
        self.count = count if self.with_rn else 0
        self.without_renegotiation = plain
        self.kind = None if plain else Kind.RENEGOTIATION
        super().__init__(shape, constants, theory, game, profiles_listed=profiles_listed)

    def _slots(self) -> list[Slot]:
        slots = [Slot(i, "constant", a) for i in self.players for a in range(self.constants[i])]
        if self.with_readers:
            slots += [Slot(i, "reader", 0) for i in self.players]
        plain = list(enumerate(slots))
        for n in range(self.count):
            slots += [Slot(slot.player, "wrap", c, n) for c, slot in plain]
        return slots

    def image(self, a: int, n: int = 0) -> Any:
        """Return where a renegotiation function takes an outcome."""
        return self.pick(f"rn{n or ''}[{a}]", range(len(self.outcomes)))

    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:
        if any(self.slots[c].what != "wrap" for c in profile):
            return None
        default = self.played(self.profile_number[self.default_profile(profile)])
        first, *others = (self.slots[c].function for c in profile)
        image = apply(lambda a: self.image(a, first), [default])
        agreed = conjunction(
            equal(image, apply(lambda a, n=n: self.image(a, n), [default]))
            for n in others
            if n != first
        )
        return conditional(agreed, image, default)

    def required(self) -> Any:
        """Return that rn is a renegotiation function, or that there is none."""
        if self.without_renegotiation:
            return True
        if not self.with_rn:
            return conjunction(self.efficient)
        is_one = self.unknowns.tables["renegotiation_function"]
        return conjunction(is_one(n) for n in range(self.count))

    def _domains(self) -> dict[str, Sequence[Any]]:
        return {"Renegotiation": range(self.count)}

    def _tables(self) -> dict[str, Callable[..., Any]]:
        wraps = {
            slot.inside: c
            for c, slot in enumerate(self.slots)
            if slot.what == "wrap" and slot.function == 0
        }

        def transformed(p: int) -> Any:
            if self.without_renegotiation:
                images = [self.moved(c) for c in self.profiles[p]]
                return apply(lambda *chosen: self.profile_number[chosen], images)
            return self.profile_number[tuple(wraps.get(c, c) for c in self.profiles[p])]

        return {
            "rn": lambda: 0,
            "rn_of": lambda c: self.slots[c].function,
            "improved": lambda n, a: self.image(a, n),
            "transformed": transformed,
        }

    def moved(self, c: int) -> Any:
        """Return where f takes a default program: to another of the same player."""
        own = [d for d, slot in enumerate(self.slots) if slot.player == self.slots[c].player]
        return self.pick(f"f[{c}]", own)

    def program(self, c: int, model: Model) -> Program:
        """Return the program of a slot."""
        slot = self.slots[c]
        if slot.what == "wrap":
            rn = self.decoded_map(model, slot.function)
            return Renegotiation(rn, self.plain(slot.inside, model))
        return self.plain(c, model)

    def decoded_map(self, model: Model, n: int = 0) -> RenegotiationMap:
        """Return a renegotiation function."""
        images = ((a, self.value(self.image(a, n), model)) for a in range(len(self.outcomes)))
        return RenegotiationMap(
            tuple(To(self.names(a), self.names(x)) for a, x in images if a != x)
        )

    def scenario(self, model: Model) -> Scenario:
        """Return the scenario."""
        further = [
            tuple(self.program(c, model) for c, s in enumerate(self.slots) if _further(s, i))
            for i in self.players
        ]
        played = self.equilibrium or ()
        return Scenario(
            self.decoded_game(model),
            False,
            self.kind,
            self.default_sets(model),
            programs=tuple(further) if any(further) else (),
            rn=self.decoded_map(model) if self.with_rn else None,
            beliefs=self.decoded_beliefs(model),
            f=self._decoded_f(model),
            equilibrium=tuple(self.program(c, model) for c in played),
            profiles=self.decoded_profiles(model),
        )

    def _decoded_f(self, model: Model) -> tuple[tuple[Program, ...], ...]:
        """Return where f takes the default programs, where it is asked."""
        if not any(name.startswith("f[") for name in self.picked):
            return ()
        found = []
        for i in self.players:
            images: dict[Program, Program] = {}
            for c, slot in enumerate(self.slots):
                if slot.player == i:
                    image = self.program(self.value(self.moved(c), model), model)
                    images.setdefault(self.program(c, model), image)
            found.append(tuple(images.values()))
        return tuple(found)


def _further(slot: Slot, i: int) -> bool:
    """Whether a program is player i's, and has another renegotiation function than rn."""
    return slot.player == i and slot.what == "wrap" and slot.function > 0
