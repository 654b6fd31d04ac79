"""Programs: terms that map the other players' programs to an action (Sections 3.1 and 3.3, 4)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.conditions import Condition
from spi_verify.programs.language.functions import Functions, RenegotiationMap, SetFunction
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Action, ActionProfile, Term, replaced, term


class ProgramRun(Protocol):
    """What a run does for programs: it remembers, and finds what never halts."""

    @property
    def base(self) -> BaseGame:
        """The base game."""

    def profile(self, programs: Profile) -> ActionProfile:
        """Return a(p), what the players do."""

    def action(self, player: int, programs: Profile) -> Action:
        """Return p_i(p_-i)."""

    def image(self, rn: RenegotiationMap, outcome: ActionProfile) -> ActionProfile:
        """Return rn(a)."""

    def agreement(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> OutcomeSet:
        """Return the agreement set at an outcome."""

    def renegotiated(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> ActionProfile:
        """Return ro(p, a)."""


@dataclass(frozen=True)
class Situation:
    """What a program sees when it runs.

    Parameters
    ----------
    execution
        The run it is part of.
    player
        The player the program is run for.
    profile
        All programs, this player's included.
    """

    execution: ProgramRun
    player: int
    profile: tuple[Program, ...]

    @property
    def opponents(self) -> tuple[Program, ...]:
        """The programs of the other players, in their order: p_-i."""
        return self.profile[: self.player - 1] + self.profile[self.player :]

    def with_mine(self, program: Program) -> tuple[Program, ...]:
        """Return the profile with this player's program replaced."""
        return replaced(self.profile, self.player, program)


class Program(Term, ABC):
    """A program: code that the other players' programs can read."""

    @abstractmethod
    def run(self, situation: Situation) -> Action:
        """Return the action this program chooses in a situation."""

    def earned_at_most(self, base: BaseGame, owner: int, player: int) -> Fraction | None:  # noqa: ARG002
        """Return what a player earns at most against this program, whoever else plays what.

        A class of somebody's own says so here, which its code does not tell; see
        :func:`spi_verify.programs.deciding.bounds.upper_bound`. Whatever is run is held against
        it.

        Parameters
        ----------
        base
            The base game.
        owner
            The player whose program this is, from 1.
        player
            Another player, from 1.

        Returns
        -------
        Fraction or None
            None where that is open.
        """
        return None


Profile = tuple[Program, ...]
"""A program for each player, in the order of the players."""


@term
class Always(Program, word="always", parts="action"):
    """A constant program: "always Slot 1"."""

    action: Action

    def run(self, situation: Situation) -> Action:  # noqa: ARG002
        """Return the action."""
        return self.action


@term
class If(Program, word="if", parts="program-condition program program"):
    """A program that looks at the others' programs and behaves like one of two others.

    Parameters
    ----------
    condition
        What is looked at.
    then, otherwise
        The branches. They are parts of this program: "my code" in them means this program.

    >>> p_c = If(Code(2, Always("Slot 2")), Always("Slot 2"), Always("Slot 1"))
    >>> print(p_c)
    (if (code 2 (always "Slot 2")) (always "Slot 2") (always "Slot 1"))
    """

    condition: Condition
    then: Program
    otherwise: Program

    def run(self, situation: Situation) -> Action:
        """Run the branch."""
        branch = self.then if self.condition.holds(situation) else self.otherwise
        return branch.run(situation)


@term
class Entry(Term, word="entry", parts="action program*"):
    """One entry of :class:`Lookup`: against exactly these opponents, this action."""

    action: Action
    opponents: tuple[Program, ...]


@term
class Lookup(Program, word="table", parts="program entry*"):
    """A table over the other players' programs.

    Parameters
    ----------
    otherwise
        What to do against opponents that are not in the table.
    entries
        The table; the first entry that fits counts.
    """

    otherwise: Program
    entries: tuple[Entry, ...]

    def run(self, situation: Situation) -> Action:
        """Look the opponents up."""
        opponents = situation.opponents
        for entry in self.entries:
            if entry.opponents == opponents:
                return entry.action
        return self.otherwise.run(situation)


@term
class Renegotiation(Program, word="renegotiate", parts="map program"):
    """A renegotiation program (Algorithm 1), an element of P_i^rn(rn).

    Parameters
    ----------
    rn
        The renegotiation function rn^i. A game refuses maps that do not meet Definition 4 there.
    default
        The default program p_i^def, which may not be in P_i^rn(rn) itself.
    """

    rn: RenegotiationMap
    default: Program

    def __post_init__(self) -> None:
        if isinstance(self.default, Renegotiation) and self.default.rn == self.rn:
            raise InputError(
                "the default program of a renegotiation program may not use the same function rn"
            )

    def run(self, situation: Situation) -> Action:
        """Run Algorithm 1."""
        i, execution = situation.player, situation.execution
        programs = situation.with_mine(self)
        if not all(isinstance(p, Renegotiation) for p in programs):
            return execution.action(i, situation.with_mine(self.default))
        profile: Any = programs
        default = execution.profile(tuple(p.default for p in profile))
        images = [execution.image(p.rn, default) for p in profile]
        agreed = all(image == images[0] for image in images)
        return images[i - 1][i - 1] if agreed else default[i - 1]


@term
class CSR(Program, word="csr", parts="selection program function"):
    """A conditional set-valued renegotiation program (Algorithm 2), an element of P_i^RN(RN).

    Parameters
    ----------
    selection
        The selection function. P_i^RN depends on it: programs with different ones do not
        renegotiate with each other.
    default
        The default program p_i^def, which may not be in P_i^RN(RN) itself.
    function
        The set-valued renegotiation function RN^i. That it meets Definition 7 is up to the caller,
        because the definition is about all functions of the others.
    """

    selection: Selection
    default: Program
    function: SetFunction

    def __post_init__(self) -> None:
        if isinstance(self.default, CSR) and self.default.function == self.function:
            raise InputError(
                "the default program of a CSR program may not use the same function RN"
            )

    def run(self, situation: Situation) -> Action:
        """Run Algorithm 2."""
        i, execution = situation.player, situation.execution
        programs = situation.with_mine(self)
        if not all(isinstance(p, CSR) and p.selection == self.selection for p in programs):
            return execution.action(i, situation.with_mine(self.default))
        profile: Any = programs
        default = execution.profile(tuple(p.default for p in profile))
        functions = tuple(p.function for p in profile)
        return execution.renegotiated(functions, self.selection, default)[i - 1]


@term
class ICSR(Program, word="icsr", parts="selection program function*"):
    """An iterated CSR program (Algorithm 3), an element of P_i^IRN(RN(K)).

    Parameters
    ----------
    selection, default
        As in :class:`CSR`.
    rounds
        The functions RN^(1), ..., RN^(K) of the K >= 1 rounds. Only programs with the same K
        renegotiate with each other. That they meet Definition 7 is up to the caller.
    """

    selection: Selection
    default: Program
    rounds: tuple[SetFunction, ...]

    def __post_init__(self) -> None:
        if not self.rounds:
            raise InputError("an ICSR program needs at least one round")
        if isinstance(self.default, ICSR) and self.default.rounds == self.rounds:
            raise InputError(
                "the default program of an ICSR program may not use the same functions RN(K)"
            )

    def run(self, situation: Situation) -> Action:
        """Run Algorithm 3."""
        i, execution = situation.player, situation.execution
        programs = situation.with_mine(self)
        if not all(self._renegotiates_with(p) for p in programs):
            return execution.action(i, situation.with_mine(self.default))
        profile: Any = programs
        outcome = execution.profile(tuple(p.default for p in profile))
        for k in range(len(self.rounds)):
            functions = tuple(p.rounds[k] for p in profile)
            outcome = execution.renegotiated(functions, self.selection, outcome)
        return outcome[i - 1]

    def _renegotiates_with(self, other: Program) -> bool:
        return (
            isinstance(other, ICSR)
            and other.selection == self.selection
            and len(other.rounds) == len(self.rounds)
        )


@term
class Code(Condition, word="code", parts="player program"):
    """Whether a player's code is exactly this."""

    player: int
    program: Program

    def holds(self, scope: Situation) -> bool:
        """Compare the code."""
        return scope.profile[self.player - 1] == self.program


@term
class SameCode(Condition, word="same-code"):
    """Whether every other player's code is mine (McAfee's condition)."""

    def holds(self, scope: Situation) -> bool:
        """Compare the codes."""
        mine = scope.profile[scope.player - 1]
        return all(p == mine for p in scope.opponents)


@term
class Plays(Condition, word="plays", parts="player action"):
    """Whether a player's program chooses this action in the situation, found by running it."""

    player: int
    action: Action

    def holds(self, scope: Situation) -> bool:
        """Run the other program."""
        return scope.execution.action(self.player, scope.profile) == self.action


PROGRAM_CONDITIONS = (Code, SameCode, Plays)
"""The conditions that look at programs and stand in programs."""


def branches(program: Program) -> Iterator[Program]:
    """Iterate over a program, its branches and its defaults; conditions do not count."""
    waiting: list[Program] = [program]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, If):
            waiting += (current.otherwise, current.then)
        elif isinstance(current, Lookup):
            waiting.append(current.otherwise)
        elif isinstance(current, (Renegotiation, CSR, ICSR)):
            waiting.append(current.default)


def actions_named(program: Program) -> Iterator[Action]:
    """Iterate over the actions that a program's own code may return."""
    for branch in branches(program):
        if isinstance(branch, Always):
            yield branch.action
        elif isinstance(branch, Lookup):
            yield from (entry.action for entry in branch.entries)


@named
def mcafee(same: str, otherwise: str) -> If:
    """Return McAfee's program: one action if the others' code is mine, else another.

    >>> print(mcafee("Cooperate", "Defect"))
    (if (same-code) (always "Cooperate") (always "Defect"))
    """
    return If(SameCode(), Always(same), Always(otherwise))
