"""What the programs of a scenario start from when they meet, and what they offer there."""

from __future__ import annotations

from typing import Any

from spi_verify.counterexamples.bimatrix import player
from spi_verify.counterexamples.drawing import Offers, Pieces
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.programs import CSR
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.execution import Execution, ProgramGame


def meeting(scenario: Scenario) -> tuple[Payoffs, Offers | None]:
    """Run the equilibrium of a scenario, or the programs with the functions that are announced.

    Returns
    -------
    tuple
        What the default outcome pays; and what is offered there, if all use CSR programs with the
        same selection function.
    """
    programs = scenario.equilibrium or tuple(some[0] for some in scenario.defaults)
    defaults = [getattr(program, "default", program) for program in programs]
    base = (CorrelatedBase if scenario.correlated else PureBase)(scenario.game)
    game = ProgramGame(base)
    outcome = game.utilities(defaults)
    selection, functions = scenario.selection, scenario.functions
    csr = [one for one in programs if isinstance(one, CSR) and one.selection == selection]
    if not functions and len(csr) == len(programs):
        functions = tuple(one.function for one in csr)
    if not functions or selection is None:
        return outcome, None
    execution, start = Execution(base), game.outcome(defaults)
    offered = tuple(
        _pieces(base, execution.value(i, functions, selection, start))
        for i in range(1, len(functions) + 1)
    )
    agreed = _pieces(base, execution.agreement(functions, selection, start))
    called = tuple(player(scenario.game, i) for i in range(len(functions)))
    return outcome, Offers(called, offered, agreed)


def _pieces(base: BaseGame, members: Any) -> Pieces:
    if isinstance(members, Region):
        return members.pieces
    return tuple(dict.fromkeys((base.payoffs(outcome),) for outcome in sorted(members)))
