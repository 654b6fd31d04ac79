"""Counterexamples made of programs, told in the paper's terms."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.counterexamples.bimatrix import INDENT, by_name, game_lines
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.extending import (
    Added,
    clauses,
    extend,
    renegotiating,
)
from spi_verify.counterexamples.programs.telling.failing import (
    announced_programs,
    conclusion,
    extended_profile,
    telling_profile,
    why_no_spi,
)
from spi_verify.counterexamples.programs.telling.needed import needed
from spi_verify.counterexamples.programs.telling.teller import teller_of
from spi_verify.counterexamples.programs.telling.ties import tie
from spi_verify.counterexamples.programs.telling.wording import Wording, listed, names, unextended
from spi_verify.counterexamples.statements.spoken_of import functions_in
from spi_verify.counterexamples.statements.variants import changes_in_words
from spi_verify.games.rationals import format_profile
from spi_verify.obligations.statements import Statement
from spi_verify.programs.language.base import as_outcomes
from spi_verify.programs.language.programs import Program
from spi_verify.programs.language.selections import SelectionTable
from spi_verify.theory import same_formula


@dataclass(frozen=True)
class Told:
    """A counterexample in words.

    Parameters
    ----------
    conclusion
        One sentence: what fails, and by how much.
    story
        The whole in a few lines. The last begins with the conclusion, whose names the others
        explain.
    formerly
        What fails as former versions told it, where that was otherwise.
    """

    conclusion: str
    story: tuple[str, ...]
    formerly: str | None = None


class Telling:
    """The lines of a story so far, and the names that are used in it."""

    def __init__(self, statement: Statement, induced: Induced) -> None:
        self.statement = statement
        self.induced = induced
        self.words = Wording(induced.scenario, induced.base)
        self.lines: list[str] = []
        self.choices: dict[str, str] = {}
        self.added: list[Added | None] = []
        self._default: Any = None
        self._teller = teller_of(statement)
        self._about_f = "transformed" in functions_in(statement.goal.formula)
        said = [statement.goal.formula, *(h.formula for h in statement.hypotheses)]
        self._about_extensions = any("pmp_extension" in functions_in(one) for one in said)

    @property
    def _meetings_told(self) -> Callable[[Any], None] | None:
        """What tells the meetings, where the statement is about others than an equilibrium's."""
        return None if self._teller is None else self._teller.meetings

    def told(self) -> Told:
        """Tell everything."""
        scenario = self.induced.scenario
        extended = extended_profile(self.induced) if scenario.equilibrium else None
        for i, program in enumerate(scenario.equilibrium):
            self.words.call(i, program, f"p_{i + 1}")
        for i, program in enumerate(extended or ()):
            self.words.call_extension(i, program, scenario.equilibrium[i])
        self.lines += self._game()
        self.lines += changes_in_words(self.statement)
        defaults = len(self.lines)
        if scenario.kind is not None:
            sets = [f"P_{i + 1} = {self._set(i, own)}" for i, own in enumerate(scenario.defaults)]
            self.lines.append(f"Default programs: {', '.join(sets)}")
        if self._meetings_told is None:
            for i, program in enumerate(scenario.equilibrium):
                self.words.name(i, program)
        self._define()
        self._transformation()
        if scenario.beliefs:
            self.lines += self._beliefs()
            self._define()
        self._meetings(extended)
        conclusion = self._conclusion()
        because = self._why()
        self.say(f"{_therefore(conclusion)}.{f' {_capital(because)}.' if because else ''}")
        if scenario.kind is not None:
            self.lines[defaults] += f"{self._selection()}."
        return self._told(conclusion)

    def _why(self) -> str | None:
        """Return why the conclusion fails, in another sentence, where somebody tells that."""
        if same_formula(self.statement.goal.formula, self.statement.theory.axiom("spi")):
            return why_no_spi(self.induced)
        if self._teller is None or self._teller.why is None:
            return None
        return self._teller.why(self)

    def _told(self, conclusion: str) -> Told:
        """Return the whole, with players by their names where they have some."""
        game = self.induced.scenario.game
        lines = (
            one if one.startswith(INDENT) else by_name(game, one)
            for one in needed(self.statement, self.lines)
        )
        former = None if self._teller is None else self._teller.formerly
        formerly = None if former is None else former(self.induced, self.words)
        return Told(
            by_name(game, conclusion),
            tuple(lines),
            None if formerly is None else by_name(game, formerly),
        )

    def _game(self) -> Iterator[str]:
        scenario, least = self.induced.scenario, self.induced.base.pareto_meet_minimum
        return game_lines(scenario.game, least, correlated=scenario.correlated)

    def say(self, line: str) -> None:
        """Add a line, after what it names."""
        self._define()
        self.lines.append(line)

    def _define(self) -> None:
        self.lines += self.words.definitions()

    def _set(self, i: int, programs: Sequence[Program]) -> str:
        return f"{{{', '.join(self.words.name(i, program) for program in programs)}}}"

    def _selection(self) -> str:
        selection = self.induced.scenario.selection
        if selection is None:
            return ""
        words = self.words.selection(selection, tuple(self.choices.items()))
        return f"; the selection function is {words}"

    def _transformation(self) -> None:
        scenario, words = self.induced.scenario, self.words
        told = [words.function(f) for f in scenario.functions]
        if scenario.rn is not None:
            self.lines.append(f"rn {words.map(scenario.rn)}.")
        if scenario.f == scenario.defaults:
            self.lines.append("f leaves every default program as it is.")
        elif scenario.f:
            pairs = [
                f"{words.name(i, program)} to {words.name(i, image)} (player {i + 1})"
                for i, images in enumerate(scenario.f)
                for program, image in zip(scenario.defaults[i], images, strict=True)
            ]
            self.lines.append(f"f takes {', '.join(pairs)}.")
        elif told:
            first, *others = (
                f"player {i + 1} {'a CSR program' if i == 0 else 'one'} that offers {one}"
                for i, one in enumerate(told)
            )
            said = "; of ".join([first, *others])
            self.lines.append(f"f makes every default program of {said}.")
            told = []
        elif self._about_f and scenario.rn is not None:
            self.lines.append("f makes default programs renegotiate by rn.")
        if told:
            self.lines += [f"RN^{i + 1} offers {one}." for i, one in enumerate(told)]
        self._define()

    # Beliefs

    def _beliefs(self) -> Iterator[str]:
        beliefs = self.induced.scenario.beliefs
        if all(len(belief.support) == 1 for belief in beliefs):
            told = [
                f"player {i + 1} {'is certain ' if i == 0 else ''}of "
                + self.opponents(i, belief.support[0][0])
                for i, belief in enumerate(beliefs)
            ]
            yield f"{_capital(', '.join(told))}{self.words.aside()}."
            return
        if self._extensions_expected():
            yield (
                "Everybody expects each other player j to use p_j or p'_j, the PMP-extension of "
                "p_j, all combinations with the same probability."
            )
            return
        for i, belief in enumerate(beliefs):
            yield f"Player {i + 1} {self._belief(i, belief.support)}{self.words.aside()}."

    def _extensions_expected(self) -> bool:
        """Say whether all think the others' programs and their extensions equally probable."""
        scenario = self.induced.scenario
        extended = extended_profile(self.induced) if scenario.equilibrium else None
        if extended is None or not all(map(unextended, extended)):
            return False
        if any(self.words.known(i, p) != f"p'_{i + 1}" for i, p in enumerate(extended)):
            return False
        either = list(zip(scenario.equilibrium, extended, strict=True))
        for i, belief in enumerate(scenario.beliefs):
            combinations = set(itertools.product(*either[:i], *either[i + 1 :]))
            weights = {weight for _, weight in belief.support}
            if {others for others, _ in belief.support} != combinations or len(weights) > 1:
                return False
        for i, program in enumerate(extended):
            self.words.extension(i, program)
        return True

    def _belief(self, i: int, support: Sequence[tuple[tuple[Program, ...], Any]]) -> str:
        said = [(self.opponents(i, opponents), weight) for opponents, weight in support]
        if len(said) == 1:
            return f"is certain of {said[0][0]}"
        weights = {weight for _, weight in said}
        if len(weights) == 1:
            return (
                f"believes in {listed([who for who, _ in said], 'or')}, "
                f"each with probability {weights.pop()}"
            )
        return f"believes in {listed([f'{who} with probability {w}' for who, w in said], 'or')}"

    def opponents(self, i: int, opponents: Sequence[Program]) -> str:
        """Name what the others of a player use."""
        players = [j for j in self.induced.players if j != i]
        told = [self.words.name(j, p) for j, p in zip(players, opponents, strict=True)]
        return told[0] if len(told) == 1 else f"({', '.join(told)})"

    # Programs that meet

    def _meetings(self, extended: tuple[Program, ...] | None) -> None:
        """Tell what the profile that the statement is about does, and its extensions."""
        induced = self.induced
        if self._meetings_told is not None:
            self._meetings_told(self)
            return
        if induced.scenario.functions:
            announced = announced_programs(induced)
            if announced is not None:
                self._further()
                self.meet(announced, [f"player {i + 1}" for i in induced.players])
        if not induced.scenario.equilibrium:
            if not induced.scenario.functions:
                self._further()
            return
        self.meet(induced.scenario.equilibrium, name="p")
        self._optimal()
        self._further()
        if extended is None or not self._about_extensions:
            return
        told = None if self._teller is None else self._teller.extensions
        if told is None or not told(self, extended):
            extend(self, extended)

    def meet(
        self,
        profile: Sequence[Program],
        players: Sequence[str] = (),
        name: str | None = None,
        first: str = "",
    ) -> None:
        """Tell what programs offer at the default outcome, and where they end.

        Parameters
        ----------
        profile
            A program for each player.
        players
            What the players are called; without it, what their programs are.
        name
            Of the profile, where it has one.
        first
            What is said before.
        """
        induced, words = self.induced, self.words
        paid = induced.game.utilities(tuple(profile))
        value = "" if name is None else f"U({name}) = {format_profile(paid)}"
        programs = renegotiating(profile)
        if programs is None:
            if name is not None:
                self.say(f"{name} = {words.profile(profile)} pays {format_profile(paid)}.")
            return
        called = players or [words.name(i, program) for i, program in enumerate(profile)]
        functions = tuple(program.function for program in programs)
        selection = programs[0].selection
        default = induced.execution.profile(tuple(program.default for program in programs))
        offers = [
            f"{called[i]} offers {self.offered(i, functions, selection, default)}"
            for i in induced.players
        ]
        agreed = induced.execution.agreement(functions, selection, default)
        if agreed:
            reached = self.reached(functions, selection, default)
            end = f"They agree on {words.members(agreed)} and reach {words.outcome(reached)}"
            end += f"{tie(induced.base, selection, agreed, reached)}."
        else:
            end = f"They agree on nothing and stay there{value and f': {value}'}."
        if first:
            where = f"{first}, "
        elif default == self._default:
            where = "There "
        else:
            where = f"At the default outcome {words.outcome(default)}, "
        self._default = default
        aside = words.aside()
        self.say(f"{where}{clauses(offers)}{aside}. {end}")

    def _further(self) -> None:
        if self._teller is not None and self._teller.further is not None:
            self._teller.further(self)

    def offered(self, i: int, functions: Any, selection: Any, outcome: Any) -> str:
        """Return what a player offers at an outcome, with functions for everybody."""
        return self.words.members(
            self.induced.execution.value(i + 1, functions, selection, outcome)
        )

    def _optimal(self) -> None:
        """Tell what everybody's program earns, where nothing is supposed to earn more."""
        if not any(
            "subjective_equilibrium" in functions_in(one.formula)
            for one in self.statement.hypotheses
        ):
            return
        earned = []
        for i, program in enumerate(self.induced.scenario.equilibrium):
            found = self.induced.optimality.get((i, self.induced.programs.index((i, program))))
            if found is None or not found.optimal:
                return
            earned.append(f"player {i + 1} expects to earn {found.value}")
        most = "each the most that any allowed program earns against what its player believes"
        self.say(f"This is a subjective equilibrium: {listed(earned, 'and')}, {most}.")

    def reached(self, functions: Any, selection: Any, outcome: Any) -> Any:
        """Return where functions end, and keep what a table selects for it."""
        agreed = self.induced.execution.agreement(functions, selection, outcome)
        reached = self.induced.execution.renegotiated(functions, selection, outcome)
        if isinstance(selection, SelectionTable) and len(as_outcomes(agreed)) > 1:
            self.choices[self.words.members(agreed)] = f"({names(reached)})"
        return reached

    # What fails

    def _conclusion(self) -> str:
        induced = self.induced
        if self._meetings_told is None and self._about_f:
            self._transformed()
        return conclusion(self.statement, induced, self.words)

    def _transformed(self) -> None:
        """Tell what f does at a profile of default programs."""
        scenario, words = self.induced.scenario, self.words
        before, after, number = telling_profile(self.induced)
        programs = self.induced.profile(number)
        met = scenario.functions and programs == tuple(own[0] for own in scenario.defaults)
        if met and not scenario.f:
            return
        profile = words.profile(programs)
        end = "also with f" if before == after else f"with f at {words.outcome(after)}"
        self.say(f"{profile} ends at {words.outcome(before)}, {end}.")


def _therefore(conclusion: str) -> str:
    return f"{'Thus' if ', so ' in conclusion else 'So'} {conclusion}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
