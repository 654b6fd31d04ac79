"""The structure that a scenario is: every table of it filled by running the programs."""

from __future__ import annotations

from spi_verify.counterexamples.programs.confirming.listed import Listed
from spi_verify.counterexamples.programs.confirming.tables import Tables
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.spoken_of import means_as_printed
from spi_verify.programs.language.selections import Selection
from spi_verify.theory import Theory


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
    guarded
        Whether it is refused to look at a player with a program of another player.
    any_choice
        Whether tables of choices may pick what is not efficient.

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
        any_choice: bool = False,
    ) -> None:
        there = Listed(scenario, theory, any_code=any_code, any_choice=any_choice)
        tables = Tables(there, guarded=guarded)
        self.scenario, self.theory = scenario, theory
        self.base, self.game, self.execution = there.base, there.game, there.execution
        self.players, self.programs, self.profiles = there.players, there.programs, there.profiles
        self.set_functions, self.function_profiles = there.set_functions, there.function_profiles
        self.outcomes, self.actions, self.sets = there.outcomes, there.actions, there.sets
        self.profile, self.profile_numbers = there.profile, there.profile_numbers
        self.payoff_profiles, self.maps = there.payoff_profiles, there.maps
        self.all_sets_listed, self.selections = there.all_sets_listed, there.selections
        self.structure, self.optimality = tables.structure, tables.optimality
        self._there = there

    @property
    def selection(self) -> Selection:
        """The selection function that the programs have.

        Raises
        ------
        Rejected
            When they are programs without one.
        """
        return self._there.selection

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
        """The predicates whose values speak for everything, listed or not.

        Those are the paper's; one that rests on a changed predicate is evaluated.
        """
        settled = {"optimal"}
        if self.scenario.correlated:
            settled |= {"efficient", "feasible", "set_valued_renegotiation_function"}
        if not self.all_sets_listed:
            settled |= {"selection_function", "transitive"}
        settled = {name for name in settled if means_as_printed(self.theory, name)}
        if executable(self.theory) is not None:
            settled.add("pmp_extension")
        return frozenset(settled)
