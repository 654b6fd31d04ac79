"""Programs as a kind of counterexample; it applies where no other one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, of_game
from spi_verify.counterexamples.kind import NOT_SEARCHED, Body, Claimed, Confirmation, Kind
from spi_verify.counterexamples.programs.form import form
from spi_verify.counterexamples.programs.scenario import read_scenario, with_selection
from spi_verify.errors import InputError, Rejected
from spi_verify.programs.language.programs import Program
from spi_verify.programs.language.selections import (
    Lexicographic,
    Leximin,
    SelectionTable,
    Utilitarian,
    candidates,
)
from spi_verify.programs.language.terms import Term
from spi_verify.programs.running.execution import CodeError

if TYPE_CHECKING:
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.counterexamples.programs.scenario import Scenario
    from spi_verify.obligations.statements import Statement
    from spi_verify.theory import Theory


class Programs(Kind):
    """A program game that is executed; see :mod:`spi_verify.counterexamples.programs.scenario`."""

    name = "programs"
    any_definitions = True

    def applies(self, _: Statement) -> bool:
        """Return that it does."""
        return True

    def find(self, statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Body]:
        """Iterate over candidates that have yet to be executed, the smallest first."""
        from spi_verify.counterexamples.programs.finding import executed, own
        from spi_verify.counterexamples.programs.finding.candidates import scenarios
        from spi_verify.counterexamples.statements.algorithms import code_of, not_run

        classes = own.classes_of(statement)
        first = [cls for cls in classes if issubclass(cls, Program)]
        last = [cls for cls in classes if cls not in first]
        yield from self._of_classes(statement, first, bounds, notes)
        missing = not_run(statement)
        if missing:
            notes.append(
                f"{NOT_SEARCHED}: programs that run by the changed {' and '.join(missing)}: say "
                "which function does, with carried_out_by"
            )
        elif code_of(statement.theory):
            told = len(notes)
            candidates = executed.scenarios(statement, bounds, notes)
            try:
                yield from self._executed(statement, bounds, candidates)
            except CodeError as error:
                notes[told:] = [f"{NOT_SEARCHED}: {error}"]
        else:
            for scenario in scenarios(statement, bounds, notes):
                yield scenario.to_data()
        yield from self._of_classes(statement, last, bounds, notes)

    def _of_classes(
        self, statement: Statement, classes: Sequence[type[Term]], bounds: Bounds, notes: list[str]
    ) -> Iterator[Body]:
        """Iterate over what programs of somebody's own classes refute; there are many to run."""
        from spi_verify.counterexamples.programs.finding import own

        if not classes:
            return
        try:
            found = own.scenarios(statement, classes, bounds, notes)
            yield from self._executed(statement, bounds, found)
        except InputError as error:
            notes.append(f"{NOT_SEARCHED}: {error}")

    def _executed(
        self, statement: Statement, bounds: Bounds, scenarios: Iterator[Scenario]
    ) -> Iterator[Body]:
        """Iterate over those of many candidates that are counterexamples, as running them shows."""
        from spi_verify.counterexamples.programs.confirming.examination import examine

        for number, scenario in enumerate(scenarios, start=1):
            bounds.tell(f"candidate {number:,} executed")
            try:
                examine(statement, scenario)
            except CodeError:
                raise
            except (Rejected, InputError):
                continue
            yield scenario.to_data()

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Execute a scenario and hold it against the statement it is said to refute.

        Raises
        ------
        Rejected
            When a hypothesis fails, the conclusion holds, or something is not settled by execution.
        InputError
            When the scenario or the statement cannot be read.
        """
        from spi_verify.counterexamples.programs.confirming.examination import examine
        from spi_verify.counterexamples.statements.algorithms import not_run
        from spi_verify.counterexamples.statements.claimed import statement_of

        statement = statement_of(claimed)
        try:
            return examine(statement, read_scenario(body))
        except Rejected as rejected:
            missing = " and ".join(not_run(statement))
            why = f"{rejected}; nothing is known that runs the changed {missing}"
            raise Rejected(why) if missing else rejected from None

    def contradicted(self, theory: Theory, body: Body) -> str | None:
        """Return which program is of a class whose definition does not hold of it, or None."""
        from spi_verify.counterexamples.programs.carriers import contradiction

        return contradiction(theory, read_scenario(body))

    def simpler(self, body: Body) -> Iterator[Body]:
        """Iterate over the same with a selection function that has a name."""
        scenario = read_scenario(body)
        if not isinstance(scenario.selection, SelectionTable):
            return
        everybody = tuple(range(1, scenario.game.number_of_players + 1))
        own = candidates(len(everybody))
        for selection in (Leximin(), Utilitarian(), Lexicographic(everybody), *own):
            yield with_selection(scenario, selection).to_data()

    def form(self, body: Body) -> str:
        """Return one text up to renaming players and actions and rescaling payoffs."""
        return form(read_scenario(body), body)

    def size(self, body: Body) -> tuple[int, ...]:
        """Return the numbers of players, outcomes and default programs."""
        scenario = read_scenario(body)
        game = scenario.game
        defaults = sum(map(len, scenario.defaults))
        return (game.number_of_players, game.number_of_outcomes, defaults)

    def every(
        self, statement: Statement, bounds: Bounds, size: Sequence[int], notes: list[str]
    ) -> Iterator[Iterator[Body | None]] | None:
        """Return all there is of a size, where small worlds are solved for."""
        from spi_verify.counterexamples.programs.finding.fillings import every
        from spi_verify.counterexamples.statements.algorithms import code_of, not_run

        if code_of(statement.theory) or not_run(statement):
            return None
        return every(statement, bounds, size, notes)

    def drawing(self, _: Claimed, body: Body) -> Drawing:
        """Return the game's payoffs, and what CSR programs start from and offer there."""
        from spi_verify.counterexamples.programs.meeting import meeting

        feasible = of_game(body["game"], correlated=body.get("play") == "correlated")
        if "equilibrium" not in body and "functions" not in body:
            return Drawing(feasible)
        return Drawing(feasible, *meeting(read_scenario(body)))
