"""Proposition 5: renegotiating for many rounds need not lead further than a little above the PMM.

``prop-5``. The literal reading lets G(P) be any program game. Where all default programs already
pay somebody more than PMM + Delta, so does every profile of G(P with all P_i^IRN), because nobody
loses by renegotiating: there is no equilibrium as claimed. Repaired: a profile of default programs
pays nobody more than the PMM (``defaults-at-most-pmm``), and the others' defaults do not hand
player i the prize (``defaults-not-generous``): whatever they play, player i gets less than in some
outcome that pays the others their PMM payoffs, or no more than the PMM. With two players that
means less than u_i*. The programs are those of the paper; every player is certain that the others
are as generous in the end as a feasible outcome allows. Then nobody can do better, renegotiating
or not, because the others' code never lets more happen.

``prop-5-best-response``. The proof lets player 1 believe that the others let player 1 have at most
u_1* - eps_1 in the end, or, less likely, everything, and says that p_1, which gets u_1* - eps_1
against both, is a best response. Functions are conditional: one that takes what player 1 likes
best of what the others offer gets u_1* where that is offered. Repaired: player 1 is certain of
the less generous opponents, whose defaults do not hand player 1 more than that either.

Both hold for every number of players and of rounds. "The assumptions of Theorem 3" are read for
iterated CSR: Assumption 9 with iterated CSR programs in the place of CSR programs, and a PMP
extension in every round.
"""

from prop_5_best_response import best_response
from prop_5_tight import tight

from spi_verify.obligations import Statement
from spi_verify.theory import Theory


def statements(theory: Theory) -> list[Statement]:
    """Return both readings of the proposition and of the claim in its proof."""
    return [*tight(theory), *best_response(theory)]
