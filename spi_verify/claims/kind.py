"""What a kind of claim is, and what every claim has.

A kind of claim is a module with a tuple ``FORMS``: its classes of claims, of which the first whose
needed keys are all given is meant. Each class has the keys that stand in a file, and says how a
claim is checked, decided, refuted and told::

    from spi_verify.claims.kind import Finding, Keys, Number, ViolationKeys

    class Below(ViolationKeys):
        outcome: list[str]
        gets: str

    class AtLeast(Keys, kw_only=True):
        player: int
        least: Number

        def check(self, instance): ...                # what the claim names exists, or InputError
        def decide(self, instance):                   # finds a violation, or none
            return Finding({"violates": "below", "outcome": ["1", "2"], "gets": "-1"})
        def violations(self, instance):               # what it can be violated by
            return {"below": Below}
        def confirm(self, instance, violation): ...   # recomputes it in its own way, or Rejected
        def story(self, violation):                   # tells it
            return f"player {self.player} gets {violation['gets']} at {violation['outcome']}"

    FORMS = (AtLeast,)

``tests/extensions/at_least`` has this kind in full; ``docs/model-files.md`` says how a package of a
user's own offers one. What confirms shares no code with what finds: ``decide`` and ``confirm`` may
both call only what reads the claim, as ``check`` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import msgspec

from spi_verify.claims.document import Number as Number
from spi_verify.claims.instance import Instance
from spi_verify.errors import InputError, Rejected

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas
    from spi_verify.claims.panel import Panel

Expected = Literal["proved", "refuted", "unknown", "vacuous"]

Violation = Mapping[str, Any]
"""Plain data that says how a claim fails; ``"violates"`` names what is violated."""


class ViolationKeys(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of a violation in a file; those of a kind of violation are added to them."""

    violates: str


@dataclass(frozen=True)
class Finding:
    """What became of a claim that was decided.

    Parameters
    ----------
    violation
        How it fails, as plain data; None if it holds.
    remark
        What else there is to say.
    region
        For which weights of the beliefs it holds, where it is about beliefs.
    rests_on
        The names of what it was assumed to rest on, where it holds.
    proof
        Why it holds, as plain data that :meth:`Claim.confirm_proof` goes through.
    agreed
        Whether it rests on the word of both solvers, and there is no proof.
    vacuous
        Whether what is assumed contradicts itself, so that the claim says nothing.
    consistency_open
        Whether it holds, and whether what is assumed contradicts itself was not found.
    """

    violation: dict[str, Any] | None = None
    remark: str | None = None
    region: str | None = None
    rests_on: tuple[str, ...] = ()
    proof: Mapping[str, Any] | None = None
    agreed: bool = False
    vacuous: bool = False
    consistency_open: bool = False


class Claim(Protocol):
    """A claim of any kind."""

    kind: str
    name: str
    expect: Expected

    def check(self, instance: Instance, /) -> None:
        """Check that what the claim names exists, and that it makes sense.

        Raises
        ------
        InputError
            When it does not.
        """

    def decide(self, instance: Instance, /) -> Finding:
        """Look for a violation, by exact evaluation; :meth:`check` was called.

        Raises
        ------
        Undecided
            When evaluation does not settle the claim, with the reason.
        """

    def violations(self, instance: Instance, /) -> Mapping[str, type[ViolationKeys]]:
        """Return what the claim can be violated by, with the keys of each violation."""

    def confirm(self, instance: Instance, violation: Violation, /) -> None:
        """Recompute a stated violation, which has the right keys; :meth:`check` was called.

        Raises
        ------
        Rejected
            When the violation is not one, or a number in it is wrong.
        InputError
            When it names something that does not exist.
        """

    def confirm_proof(self, instance: Instance, finding: Finding, /) -> None:
        """Go through the proof of a finding that has one, by other code than found it.

        Raises
        ------
        Rejected
            When it is none.
        """

    def story(self, violation: Violation, /) -> str:
        """Tell a violation in a sentence."""

    def panels(self, instance: Instance, violation: Violation, /) -> Sequence[Panel]:
        """Return what is to be drawn of a violation, in a game of two players; nothing is fine."""

    def kept(self, model: dict[str, Any], /) -> dict[str, Any]:
        """Return what of a model's data the claim speaks of, for a saved counterexample."""

    def check_with_parameters(self, outline: Instance, /) -> None:
        """Check that the claim is decided where payoffs have parameters.

        Raises
        ------
        InputError
            When it is not. The payoffs of the outline do not matter.
        """

    def fixed(self, values: Mapping[str, Fraction], /) -> Claim:
        """Return the claim with numbers in the place of expressions in the parameters.

        Raises
        ------
        InputError
            When something is no expression in the parameters, or a divisor is 0.
        """

    def formula(self, over: Formulas, /) -> z3.BoolRef:
        """Return the formula over the parameters that says for which of them the claim holds.

        It shares nothing with :meth:`decide`, which evaluates the claim for fixed parameters.
        """


class Keys(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of every claim, and what a kind that says nothing else does.

    A counterexample keeps the whole model and is not drawn, and there are no parameters.
    """

    kind: str
    name: str = ""
    expect: Expected = "proved"

    def confirm_proof(self, _: Instance, __: Finding) -> None:
        """Refuse proofs, where a kind states none."""
        raise Rejected(f"claims of kind {self.kind} state no proofs")

    def panels(self, _: Instance, __: Violation) -> Sequence[Panel]:
        """Return that nothing is drawn."""
        return ()

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return all of the model."""
        return model

    def check_with_parameters(self, _: Instance) -> None:
        """Refuse parameters."""
        raise self._without_parameters_only()

    def fixed(self, _: Mapping[str, Fraction]) -> Self:
        """Return the claim, which has no expressions."""
        return self

    def formula(self, _: Formulas) -> z3.BoolRef:
        """Refuse parameters, where a kind that accepts them says no formula."""
        raise self._without_parameters_only()

    def _without_parameters_only(self) -> InputError:
        return InputError(f"claims of kind {self.kind} are decided without parameters only")
