"""The utilitarian selection function is transitive."""

import z3
from sel_transitive_common import along_players, gain_is_reached, last_steps, selection_statement

from spi_verify.obligations import Statement
from spi_verify.theory import Theory
from spi_verify.theory.signature import Outcome

a, x = z3.Consts("a x", Outcome)


def utilitarian(theory: Theory) -> Statement:
    """Return the statement."""
    return selection_statement(
        theory,
        "sel-transitive-utilitarian",
        "The utilitarian selection function is transitive",
        [
            "players_are_listed",
            "players_are_listed_once",
            "totals",
            "utilitarian",
            "gain_up_to",
            "totals_rise",
            "induction_on_totals",
        ],
        [
            *along_players(
                lambda position: theory.totals_rise(x, a, position),
                theory.weakly_improves(x, a),
                [x, a],
                ["totals", "totals_rise", "gain_up_to", "weakly_improves"],
                "totals",
            ),
            gain_is_reached(theory),
            *last_steps(
                theory,
                order=["utilitarian"],
                above=["gain-is-reached", "totals-last", "totals_rise", "utilitarian"],
                kept=["utilitarian"],
            ),
        ],
    )
