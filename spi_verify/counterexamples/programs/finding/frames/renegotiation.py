"""Small worlds of constants, and of programs that renegotiate with one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model, Slot
from spi_verify.counterexamples.programs.finding.symbolic import (
    apply,
    conjunction,
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
    """Constants, perhaps programs that tell constants apart, and Algorithm 1 with one rn."""

    kind = Kind.RENEGOTIATION

    def __init__(
        self,
        shape: tuple[int, ...],
        constants: tuple[int, ...],
        theory: Theory,
        game: Game | None = None,
        *,
        with_readers: bool = False,
        with_rn: bool = True,
    ) -> None:
        self.with_readers, self.with_rn = with_readers, with_rn
        super().__init__(shape, constants, theory, game)

    def _slots(self) -> list[Slot]:
        slots = [Slot(i, "constant", a) for i in self.players for a in range(self.constants[i])]
        if self.with_readers:
            slots += [Slot(i, "reader", 0) for i in self.players]
        if self.with_rn:
            slots += [Slot(slot.player, "wrap", c) for c, slot in enumerate(list(slots))]
        return slots

    def image(self, a: int) -> Any:
        """Return rn(a)."""
        return self.pick(f"rn[{a}]", range(len(self.outcomes)))

    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:
        if any(self.slots[c].what != "wrap" for c in profile):
            return None
        default = self.played(self.profile_number[self.default_profile(profile)])
        return apply(self.image, [default])

    def required(self) -> Any:
        """Return that rn is a renegotiation function, or that there is none."""
        if not self.with_rn:
            return conjunction(self.efficient)
        return self.unknowns.tables["renegotiation_function"](0)

    def _domains(self) -> dict[str, Sequence[Any]]:
        return {"Renegotiation": range(1 if self.with_rn else 0)}

    def _tables(self) -> dict[str, Callable[..., Any]]:
        wraps = {slot.inside: c for c, slot in enumerate(self.slots) if slot.what == "wrap"}

        def transformed(p: int) -> int:
            return self.profile_number[tuple(wraps.get(c, c) for c in self.profiles[p])]

        return {
            "rn": lambda: 0,
            "rn_of": lambda _: 0,
            "improved": lambda _, a: self.image(a),
            "transformed": transformed,
        }

    def program(self, c: int, model: Model) -> Program:
        """Return the program of a slot."""
        slot = self.slots[c]
        if slot.what == "wrap":
            return Renegotiation(self.decoded_map(model), self.plain(slot.inside, model))
        return self.plain(c, model)

    def decoded_map(self, model: Model) -> RenegotiationMap:
        """Return rn."""
        images = ((a, self.value(self.image(a), model)) for a in range(len(self.outcomes)))
        return RenegotiationMap(
            tuple(To(self.names(a), self.names(x)) for a, x in images if a != x)
        )

    def scenario(self, model: Model) -> Scenario:
        """Return the scenario."""
        return Scenario(
            self.decoded_game(model),
            False,
            self.kind,
            self.default_sets(model),
            rn=self.decoded_map(model) if self.with_rn else None,
            beliefs=self.decoded_beliefs(model),
        )
