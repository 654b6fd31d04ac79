"""Any counterexample made of programs in words: from the formulas and what was executed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import z3

from spi_verify.counterexamples.bimatrix import player
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.formulas import text
from spi_verify.counterexamples.programs.telling.instance import Failure, failure
from spi_verify.counterexamples.programs.telling.story import Telling, Told
from spi_verify.counterexamples.programs.telling.teller import teller_of
from spi_verify.counterexamples.programs.telling.wording import names
from spi_verify.counterexamples.statements.carried import BY_CLASS
from spi_verify.counterexamples.statements.spoken_of import functions_in
from spi_verify.errors import InputError, Rejected, Undecided
from spi_verify.games.rationals import format_profile
from spi_verify.obligations.statements import Statement
from spi_verify.programs.language.base import as_outcomes
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.programs.language.selections import SelectionTable
from spi_verify.text import shortened
from spi_verify.theory import numeral, same_formula
from spi_verify.theory.compiled import TooCostlyError

LONGEST = 160
_PROGRAMS = {"equilibrium", "in_default_set", "outcome", "plays", "program", "transformed"}


def tell(statement: Statement, induced: Induced) -> Told:
    """Tell a counterexample: as its paper tells the conclusion, or else from the formulas.

    It is also told from them where its paper fails to tell it: it refutes the statement anyway.
    """
    goal = statement.goal.formula
    if teller_of(statement) is not None or same_formula(goal, statement.theory.axiom("spi")):
        try:
            return Telling(statement, induced).told()
        except (InputError, Rejected, Undecided):
            raise
        except Exception:
            return General(statement, induced).told()
    return General(statement, induced).told()


class General(Telling):
    """The lines of a story that is told from the formulas alone."""

    def __init__(self, statement: Statement, induced: Induced) -> None:
        super().__init__(statement, induced)
        self._teller = None
        self._failure = failure(statement.goal.formula, statement.theory, induced.structure)
        self._symbols = functions_in(statement.goal.formula)
        for h in statement.hypotheses:
            self._symbols |= functions_in(h.formula)
        self._shown: set[str] = set()

    def told(self) -> Told:
        """Tell everything."""
        scenario = self.induced.scenario
        self.lines += self._game()
        for name in sorted(self._symbols):
            if name.endswith(BY_CLASS):
                defined = name.removesuffix(BY_CLASS)
                self.lines.append(
                    f"That a program is {defined} is taken from its class, which is said to carry "
                    "that out, and holds for everything listed."
                )
        self._call("p", scenario.equilibrium)
        if self._symbols & _PROGRAMS:
            sets = [f"P_{i + 1} = {self._set(i, own)}" for i, own in enumerate(scenario.defaults)]
            self.say(f"Default programs: {', '.join(sets)}.")
        if self._symbols & {"in_csr", "sel"} and self.induced.selections:
            self.say(f"sel picks {self._picks(self.induced.selections[0])}.")
        if self._symbols & {"announced", "rn", "transformed"}:
            self._transformation()
        if scenario.beliefs:
            self.lines += [f"Beliefs: {line[0].lower()}{line[1:]}" for line in self._beliefs()]
            self._define()
        if scenario.equilibrium:
            self.say(f"equilibrium = {self.words.profile(scenario.equilibrium)}.")
            self._meet_as("equilibrium", scenario.equilibrium)
        for name, sort, element in self._failure.chosen:
            if name in self._failure.nearest and sort != "Profile":
                continue
            self._take(name, sort, element)
        self._happenings()
        if self._about_f and "in_default_set" in self._symbols:
            self._transformed()
        conclusion = self._conclusion()
        self.say(f"So {conclusion}.")
        return self._told(conclusion)

    def player(self, i: int) -> str:
        """Return what a player is called, who is numbered from 0 here."""
        return player(self.induced.scenario.game, i)

    # What there is

    def _call(self, name: str, profile: Sequence[Program]) -> None:
        """Name the programs of a profile, where the names are free."""
        for i, program in enumerate(profile):
            if self.words.free(f"{name}_{i + 1}"):
                self.words.call(i, program, f"{name}_{i + 1}")

    def _take(self, name: str, sort: str, element: int) -> None:
        """Tell what an element is."""
        induced, words = self.induced, self.words
        if sort == "Profile":
            profile = induced.profile(element)
            self._call(name, profile)
            self.say(f"{name} = {words.profile(profile)}.")
            self._meet_as(name, profile)
        elif sort == "Program":
            i, program = induced.programs[element]
            if words.free(name):
                words.call(i, program, name)
            self.say(f"{name} is {self.player(i)}'s program {words.name(i, program)}.")
        elif sort == "SetFunctions":
            for k in induced.function_profiles[element]:
                i, function = induced.set_functions[k]
                self.say(f"In {name}, {self.player(i)} offers {words.function(function)}.")
        elif sort == "SetFunction":
            i, function = induced.set_functions[element]
            self.say(
                f"{name} is {self.player(i)}'s function, which offers {words.function(function)}."
            )
        elif sort == "Selection":
            self.say(f"{name} picks {self._picks(induced.selections[element])}.")
        elif sort == "Renegotiation":
            self.say(f"{name} {words.map(induced.maps[element])}.")
        else:
            self.say(f"{name} is {self.element(sort, element)}.")

    def _picks(self, selection: Any) -> str:
        if not isinstance(selection, SelectionTable):
            return f"by this rule: {self.words.selection(selection)}"
        rows = [
            f"({names(choice.chosen)}) from {{{', '.join(f'({names(x)})' for x in choice.among)}}}"
            for choice in selection.choices
        ]
        return shortened(", ".join(rows), 4 * LONGEST) or "the only member of every set"

    def element(self, sort: str, element: Any) -> str:
        """Return an element in words, the players and all else by name or by what it is."""
        induced, words = self.induced, self.words
        if sort == "Player":
            return self.player(element)
        if sort == "Outcome":
            return words.outcome(induced.outcomes[element])
        if sort == "OutcomeSet":
            return (
                words.members(induced.sets[element]) if induced.sets[element] else "the empty set"
            )
        if sort == "Payoffs":
            return f"the payoff profile {format_profile(induced.payoff_profiles[element])}"
        if sort == "Action":
            return f"the action {words.action(induced.actions[element])}"
        if sort == "Profile":
            return words.profile(induced.profile(element))
        if sort == "Program":
            return words.name(*induced.programs[element])
        if sort == "SetFunction":
            return words.function(induced.set_functions[element][1])
        if sort == "SetFunctions":
            told = (
                words.function(induced.set_functions[k][1])
                for k in induced.function_profiles[element]
            )
            return f"({', '.join(told)})"
        if sort == "Selection":
            return f"the function that picks {self._picks(induced.selections[element])}"
        if sort == "Renegotiation":
            return f"the function that {words.map(induced.maps[element])}"
        return f"number {element + 1}"

    # What happens

    def _meet_as(self, name: str, profile: tuple[Program, ...]) -> None:
        """Tell what a profile does."""
        if all(isinstance(program, CSR) for program in profile):
            self.meet(profile, name=name)
        reached = self.induced.execution.profile(profile)
        self.say(f"{name} ends at {self.words.outcome(reached)}.")

    def _happenings(self) -> None:
        """Tell what is offered, agreed on, selected and reached in the instance."""
        found = self._failure
        for term in found.terms():
            if term.num_args() == 0:
                continue
            try:
                happens = self._happens(term, found)
            except (Rejected, InputError, TooCostlyError, LookupError, ValueError):
                continue
            if happens is not None and happens not in self._shown:
                self._shown.add(happens)
                self.say(happens)

    def _happens(self, term: z3.ExprRef, found: Failure) -> str | None:
        """Return what a term is in words, where it is something that happens."""
        what, sort = term.decl().name(), term.sort().name()
        if what not in _HAPPENS:
            return None
        values = [found.value(part) for part in term.children()]
        if what == "outcome" and term.arg(0).num_args() == 0:
            return None  # it is told where the profile is
        said = self.element(sort, found.value(term))
        texts = [text(part) for part in term.children()]
        if what == "offers":
            texts = [self.player(values[0]), texts[1], texts[3]]
        if what == "renegotiated":
            agreed = self._agreed(texts[1], texts[2], values[1], values[2])
            return f"{agreed}; with {texts[0]} they end at {said}."
        if what == "agreement":
            return f"{self._agreed(texts[0], texts[1], values[0], values[1])}."
        if what == "selected" and as_outcomes(self.induced.sets[values[1]]):
            return f"From {texts[1]}, {texts[0]} picks {said}."
        template = _HAPPENS[what]
        return template.format(*texts, said=said) if template else None

    def _agreed(self, functions: str, outcome: str, r: int, a: int) -> str:
        """Return what everybody with a profile of functions offers at an outcome."""
        tables, induced = self.induced.structure.tables, self.induced
        offers = [
            f"{self.player(i)} offers "
            + self.words.members(induced.sets[tables["offers"][(i, k, r, a)]])
            for i, k in enumerate(induced.function_profiles[r])
        ]
        agreed = self.words.members(induced.sets[tables["agreement"][(r, a)]])
        return f"With {functions} at {outcome}, {', '.join(offers)}: they agree on {agreed}"

    # What fails

    def _conclusion(self) -> str:
        found = self._failure
        short = [self._short(*one) for one in found.chosen if one[0] not in found.nearest]
        where = f" for {', '.join(filter(None, short))}" if any(short) else ""
        part = found.within if found.within is not None else found.part
        verdict = "is true" if found.true and found.within is None else "is false"
        since = self._numbers(found.part)
        if found.within is not None and not since:
            since = self._numbers(part)
        nearest = [one for one in found.chosen if one[0] in found.nearest]
        if nearest and since:
            told = ", ".join(f"{name} = {self.element(sort, e)}" for name, sort, e in nearest)
            since = f"with {told}, for one, {since}"
        said = shortened(text(part), LONGEST)
        return f"the conclusion fails{where}: {said} {verdict}{since and f', since {since}'}"

    def _short(self, name: str, sort: str, element: int) -> str:
        """Return an element in a few words, or nothing where a line tells it."""
        if sort == "Player":
            return f"{name} = {self.player(element)}"
        if sort == "Outcome":
            outcome = self.induced.outcomes[element]
            if all(isinstance(action, str) for action in outcome):
                return f"{name} = ({names(outcome)})"
            return f"{name} = {self.words.outcome(outcome)}"
        if sort == "Payoffs":
            return f"{name} = {format_profile(self.induced.payoff_profiles[element])}"
        if sort == "OutcomeSet" and self.induced.sets[element]:
            return f"{name} = {self.words.members(self.induced.sets[element])}"
        return ""

    def _numbers(self, part: z3.ExprRef) -> str:
        """Return what stands on both sides of what fails, and by how much it does."""
        found = self._failure
        told, numbers = [], []
        for term in part.children():
            if z3.is_bool(term):
                continue
            try:
                value = found.value(term)
            except (Rejected, InputError, TooCostlyError, LookupError, ValueError):
                continue
            if z3.is_arith(term):
                numbers.append(value)
            if term.num_args() == 0 and not z3.is_arith(term):
                continue
            if numeral(term) is not None or z3.is_int_value(term):
                continue
            said = str(value) if z3.is_arith(term) else self.element(term.sort().name(), value)
            told.append(f"{shortened(text(term), LONGEST)} = {said}")
        difference = abs(numbers[0] - numbers[1]) if len(numbers) == 2 else 0
        by = f": the difference is {difference}" if difference else ""
        return f"{' and '.join(dict.fromkeys(told))}{by}" if told else ""


_HAPPENS = {
    "agreement": "",
    "improved": "{0} takes {1} to {said}.",
    "offers": "At {2}, {0} offers {said} by {1}.",
    "outcome": "{0} ends at {said}.",
    "renegotiated": "",
    "replace": "",
    "selected": "",
    "transformed": "f takes {0} to {said}.",
}
"""What is told of what happens; those without words here have them elsewhere."""
