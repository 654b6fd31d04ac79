"""What PMP-extensions add, and why: told of each of them, and of those that meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.wording import Wording, listed, unextended
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile
from spi_verify.programs.language.functions import PMPExtension
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.programs.language.terms import replaced
from spi_verify.programs.language.variants import ExtensionOnly, UnconditionalExtension


class Story(Protocol):
    """The story to which this is added."""

    induced: Induced
    words: Wording
    added: list[Added | None]

    def say(self, line: str) -> None:
        """Add a line."""

    def meet(
        self,
        profile: Sequence[Program],
        players: Sequence[str] = (),
        name: str | None = None,
        first: str = "",
    ) -> None:
        """Tell what programs offer, and where they end."""

    def offered(self, i: int, functions: Any, selection: Any, outcome: Any) -> str:
        """Return what a player offers at an outcome."""

    def reached(self, functions: Any, selection: Any, outcome: Any) -> Any:
        """Return where functions end."""


@dataclass(frozen=True)
class Added:
    """What an extension adds.

    Parameters
    ----------
    reached
        What the outcome pays whose projections are added.
    projections
        Whether it has any.
    agreed
        Whether the extensions agree on one.
    anyway
        Whether they are offered without the extension.
    alone
        Whether that is what the program itself would reach in the place of its extension.
    """

    reached: Payoffs
    projections: bool
    agreed: bool
    anyway: bool
    alone: bool = True


def extend(told: Story, extended: Sequence[Program]) -> None:
    """Tell what extensions add where they meet, and where they end."""
    pairs = zip(told.induced.scenario.equilibrium, extended, strict=True)
    for i, (program, other) in enumerate(pairs):
        if unextended(other) != program:
            called = told.words.name(i, other), told.words.name(i, program)
            told.say(f"{called[0]} counts as a PMP-extension of {called[1]}.")
    told.added = [add(told, i, extended) for i in told.induced.players]
    first = _why_nothing(told.added) or "Where the extensions meet"
    told.meet(extended, name="p'", first=first)


def add(told: Story, i: int, extended: Sequence[Program]) -> Added | None:
    """Tell what a player's extension adds against the others of a profile, and why.

    Returns
    -------
    Added or None
        None where what it adds is nobody's outcome alone.
    """
    program, programs = extended[i], renegotiating(extended)
    base = unextended(program)
    if base is None or programs is None or not isinstance(program, CSR):
        return None
    functions = tuple(one.function for one in programs)
    default = told.induced.execution.profile(tuple(one.default for one in programs))
    if isinstance(program.function, PMPExtension):
        return _by_definition_8(told, i, extended, functions, default)
    if isinstance(program.function, UnconditionalExtension):
        return _whatever_is_reached(told, i, program, functions, default)
    if isinstance(program.function, ExtensionOnly):
        _of_the_unextended(told, i, extended, functions, default)
    return None


def _by_definition_8(
    told: Story, i: int, extended: Sequence[Program], functions: Any, default: Any
) -> Added:
    """Tell that projections of what the program alone would reach are added."""
    induced, words, program = told.induced, told.words, extended[i]
    assert isinstance(program, CSR)
    assert isinstance(program.function, PMPExtension)
    plain = replaced(functions, i + 1, program.function.function)
    name, called = _names(told, i, program)
    reached = told.reached(plain, program.selection, default)
    paid = induced.base.payoffs(reached)
    before = induced.execution.value(i + 1, plain, program.selection, default)
    offers = [f"{name} offers {words.members(before)}"]
    others = [j for j in induced.players if j != i]
    offers += [_with_addition(told, j, extended[j], name, plain, default) for j in others]
    against = listed([words.extension(j, extended[j]) for j in others], "and")
    reaches, agree = _ends(told, plain, program.selection, default)
    projections = induced.base.pareto_meet_projection(i + 1, paid)
    told.say(
        f"{called}, the PMP-extension of {name}, adds PMP_{i + 1} of what {name} would reach in "
        f"its place. Against {against}, {name} would {reaches}: {clauses(offers)}, so that they "
        f"agree on {agree}. "
        f"{_projected(told, i, reached, before, (name, called))}"
    )
    agreed = induced.execution.agreement(functions, program.selection, default)
    return Added(paid, bool(projections), bool(projections & agreed), projections <= before)


def _whatever_is_reached(told: Story, i: int, program: CSR, functions: Any, default: Any) -> Added:
    """Tell that projections of the default outcome are added."""
    name, called = _names(told, i, program)
    paid = told.induced.base.payoffs(default)
    projections = told.induced.base.pareto_meet_projection(i + 1, paid)
    told.say(
        f"{called}, the PMP-extension of {name} by this definition, adds PMP_{i + 1} of the "
        f"default outcome {told.words.outcome(default)}, whatever would be reached: "
        f"{told.words.members(projections)}."
    )
    execution, selection = told.induced.execution, program.selection
    plain = replaced(functions, i + 1, getattr(program.function, "function", program.function))
    before = execution.value(i + 1, plain, selection, default)
    agreed = execution.agreement(functions, selection, default)
    return Added(
        paid, bool(projections), bool(projections & agreed), projections <= before, alone=False
    )


def _of_the_unextended(
    told: Story, i: int, extended: Sequence[Program], functions: Any, default: Any
) -> None:
    """Tell that projections of what the unextended programs reach are added, or nothing."""
    induced, program = told.induced, extended[i]
    assert isinstance(program, CSR)
    selection = program.selection
    name, called = _names(told, i, program)
    begins = f"{called}, the PMP-extension of {name} by this definition, adds"
    bases = [base for one in extended if (base := unextended(one)) is not None]
    if len(bases) < len(extended) or not all(isinstance(f, ExtensionOnly) for f in functions):
        told.say(f"{begins} nothing here, since not all others use extensions.")
        return
    plain = tuple(one.function for one in functions)
    offers = [
        f"{told.words.name(j, base)} offers {told.offered(j, plain, selection, default)}"
        for j, base in enumerate(bases)
    ]
    reached = told.reached(plain, selection, default)
    own = replaced(functions, i + 1, plain[i])
    before = induced.execution.value(i + 1, own, selection, default)
    reaches, agree = _ends(told, plain, selection, default)
    told.say(
        f"{begins} PMP_{i + 1} of what the programs that are extended would reach among "
        f"themselves. They would {reaches}: {clauses(offers)}, so that they agree on {agree}. "
        f"{_projected(told, i, reached, before, (name, called))}"
    )


def _names(told: Story, i: int, program: CSR) -> tuple[str, str]:
    """Return what a program and its extension are called."""
    base = unextended(program)
    assert base is not None
    return told.words.name(i, base), told.words.extension(i, program)


def _ends(told: Story, functions: Any, selection: Any, default: Any) -> tuple[str, str]:
    """Return where functions end, and what they agree on."""
    agreed = told.induced.execution.agreement(functions, selection, default)
    reached = told.words.outcome(told.reached(functions, selection, default))
    return f"{'reach' if agreed else 'stay at'} {reached}", told.words.members(agreed)


def _projected(told: Story, i: int, reached: Any, before: Any, called: tuple[str, str]) -> str:
    """Return what projections of an outcome an extension adds, in a sentence."""
    name, extension = called
    projections = told.induced.base.pareto_meet_projection(
        i + 1, told.induced.base.payoffs(reached)
    )
    said = f"PMP_{i + 1} of {told.words.brief(reached)} is"
    if not projections:
        return f"{said} empty, so {extension} adds nothing."
    said += f" {told.words.members(projections)}"
    if projections <= before:
        return f"{said}, which {name} offers anyway; so {extension} adds nothing new."
    return f"{said}; so {extension} adds that."


def _with_addition(
    told: Story, j: int, program: Program, against: str, functions: Any, default: Any
) -> str:
    """Say what an extension offers, with two players apart from what it adds."""
    words, induced = told.words, told.induced
    assert isinstance(program, CSR)
    selection, called = program.selection, words.extension(j, program)
    whole = induced.execution.value(j + 1, functions, selection, default)
    inner, base = getattr(program.function, "function", None), unextended(program)
    if len(induced.players) == 2 and inner is not None and base is not None:
        plain = replaced(functions, j + 1, inner)
        own = induced.execution.value(j + 1, plain, selection, default)
        point = induced.base.payoffs(told.reached(plain, selection, default))
        more = induced.base.pareto_meet_projection(j + 1, point)
        if more and own and own | more == whole and not more <= own:
            return (
                f"{called} offers {words.members(own)} and, since {words.name(j, base)} would get "
                f"{format_profile(point)} against {against}, adds PMP_{j + 1} of that, which is "
                f"{words.members(more)}"
            )
    return f"{called} offers {words.members(whole)}"


def _why_nothing(added: Sequence[Added | None]) -> str:
    """Return why extensions agree on none of what they add, where that is so."""
    told = [one for one in added if one is not None]
    if len(told) < len(added) or any(one.agreed or not one.projections for one in told):
        return ""
    if len({one.reached for one in told}) < len(told):
        return ""
    others = "the other player does" if len(told) == 2 else "the others do"
    all_of = "" if len(told) == 2 else " all"
    return (
        f"The added projections are of different outcomes, and {others} not{all_of} "
        "offer them. Where the extensions meet"
    )


def renegotiating(profile: Sequence[Program]) -> list[CSR] | None:
    """Return programs that renegotiate with each other, or None where some do not."""
    programs = [program for program in profile if isinstance(program, CSR)]
    if len(programs) < len(profile) or len({program.selection for program in programs}) > 1:
        return None
    return programs


def clauses(texts: Sequence[str]) -> str:
    """Return clauses as one enumeration."""
    return f"{', '.join(texts[:-1])}, and {texts[-1]}"
