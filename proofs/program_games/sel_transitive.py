"""Transitivity (Definition 7) of selection functions on finite sets.

Each of them picks, among the efficient members of a set, the one that its criterion ranks
highest, ties broken by a fixed order on outcomes. ``best-is-transitive`` says when that is
transitive: if the criterion is an order, ranks an outcome above those that it dominates, and is
not changed by what is added. Finite sets matter for one thing: what is dominated in such a set is
dominated by an efficient member (``efficient-in-finite-sets``).

``sel-transitive-lexicographic``, ``-utilitarian``, ``-leximin`` and ``-nash-interior`` are proved
as they stand: along the list of players, a sum, a product of positive gains, or the numbers of
players at or below each level say that a dominating outcome is strictly better.

``sel-transitive-maxmin`` and ``-nash``. Literal: a dominating outcome can have the same least
payoff, or the same product 0. The outcome selected from a set can be replaced by such an
improvement, which is later in the order that breaks ties than another member it is tied with.
Repaired: no member of a set is tied with one that it dominates. For ``-nash`` that is so where
the disagreement point is strictly below, which is why ``-nash-interior`` is proved.

``sel-transitive-kalai-smorodinsky``. Literal: besides, what is added can raise the ideal point,
and so turn the ranking of two old members around. Repaired: what is added leaves the ideal point
alone, and no member is tied with one that it dominates. The first is a hypothesis about which
sets there are, not about all subsets of some set: it holds, for example, if every set in question
has a best member for each player among the same outcomes.
"""

from sel_transitive_best import best_is_transitive
from sel_transitive_finite_sets import efficient_in_finite_sets
from sel_transitive_kalai_smorodinsky import kalai_smorodinsky
from sel_transitive_lexicographic import lexicographic
from sel_transitive_leximin import leximin
from sel_transitive_maxmin import maxmin
from sel_transitive_nash import nash, nash_interior
from sel_transitive_utilitarian import utilitarian

from spi_verify.obligations import Statement
from spi_verify.theory import Theory


def statements(theory: Theory) -> list[Statement]:
    """Return the lemmas, and the readings for each selection function."""
    return [
        efficient_in_finite_sets(theory),
        best_is_transitive(theory),
        lexicographic(theory),
        utilitarian(theory),
        leximin(theory),
        *maxmin(theory),
        *nash(theory),
        nash_interior(theory),
        *kalai_smorodinsky(theory),
    ]
