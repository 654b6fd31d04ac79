"""Proposition 5, in its proof: conceding a little more than the PMM is efficient.

Literal reading. In a non-zero-sum game with a continuous feasible set that contains the Pareto
meet, and in which nobody gets their best payoff where somebody else gets theirs: for all
sufficiently small delta_j > 0, the point that pays every other player j their PMM payoff plus
delta_j, and player 1 their best payoff minus eps_1, is efficient for some eps_1 > 0. With three
players this fails: if three players divide two units, of which player 1 can use one at most,
player 1 gets their best payoff together with others who get more than their PMM payoffs, and
conceding anything is a waste.

How the words are read. *Non-zero-sum*: some outcome is not efficient; for a convex polytope this
says that payoffs cannot be rescaled to sum to zero everywhere. *Contains the Pareto meet*:
whatever lies between the PMM and a feasible payoff profile is feasible. Both are the strongest
readings, so a counterexample to them is one to any other. *Sufficiently small*: below the
amounts that some payoff profile gives beyond the PMM.

Repaired. What is needed is a frontier without flat parts: above the PMM, where somebody can gain
at nobody's expense, everybody can gain (in the literature on bargaining, the feasible set is
strictly comprehensive). It is proved for every number of players, and convexity is not needed.

``efficient-point-two-players``: with two players nothing needs to be added; here convexity is
used. The efficient point that is worst for player 2 is best for player 1. Mixed with a point that
gives player 2 more than a small amount, it gives player 2 exactly that, and player 1 more.
"""

from dataclasses import replace

from def_6 import correlated_randomisation
from prop_5_efficient_point_any_number import any_number
from prop_5_efficient_point_two_players import two_players

from spi_verify.obligations import Statement
from spi_verify.theory import Theory


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, the repaired one without convexity; and the case of two players."""
    literal, repaired = any_number(theory)
    unneeded = correlated_randomisation(theory)
    literal = replace(literal, hypotheses=(unneeded, *literal.hypotheses))
    return [literal, repaired, two_players(literal)]
