"""What the hypotheses say of a feasible set, checked exactly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import ge, gt
from typing import Any

from spi_verify.counterexamples.polytopes.polytope import Polytope, extreme
from spi_verify.errors import Rejected
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile

MAX_MEET = 64
"""Most points that are computed to span a Pareto meet."""

_COMPACT = "the convex hull of finitely many payoff profiles is compact"


def _convex(example: Polytope) -> str:
    if example.pure:
        raise Rejected("finitely many payoff profiles are feasible, and no mixtures")
    return f"the feasible set is the convex hull of {_number(example.corners, 'payoff profile')}"


def _compact(example: Polytope) -> str:
    return "a finite set is compact" if example.pure else _COMPACT


def _pmm_attained(example: Polytope) -> str:
    at = ", ".join(
        f"u_{i}^PMM = {example.pmm[i - 1]} at {format_profile(_attaining(example, i))}"
        for i in example.players
    )
    return f"the least payoffs among efficient ones are {at}"


def _attaining(example: Polytope, i: int) -> Payoffs:
    """Return an efficient corner that pays player i the PMM."""
    return next(
        corner
        for corner in example.corners
        if corner[i - 1] == example.pmm[i - 1] and example.is_efficient(corner)
    )


def _exactly_two(example: Polytope) -> str:
    if len(example.players) != 2:
        raise Rejected(f"there are {len(example.players)} players, not two")
    return "there are 2 players"


def _at_least_two(example: Polytope) -> str:
    if len(example.players) < 2:
        raise Rejected("there is one player only")
    return f"there are {len(example.players)} players"


def _best_attained(example: Polytope) -> str:
    return f"the best feasible payoffs, attained at corners, are {format_profile(example.best)}"


def _non_zero_sum(example: Polytope) -> str:
    if example.pure:
        for corner in example.corners:
            if not example.is_efficient(corner):
                return f"{format_profile(corner)} is not efficient"
        raise Rejected("every feasible payoff profile is efficient")
    size = len(example.corners)
    columns = zip(*example.corners, strict=True)
    middle = tuple(sum(column, Fraction(0)) / size for column in columns)
    lottery = example.play.dominating(middle)
    if lottery is None:
        raise Rejected(
            "every feasible payoff profile is efficient: rescaled, payoffs sum to zero everywhere"
        )
    better = [Fraction(0)] * len(middle)
    for k, weight in lottery.items():
        for i, payoff in enumerate(example.corners[k]):
            better[i] += weight * payoff
    return (
        f"the mean of the corners, {format_profile(middle)}, is dominated by "
        f"{format_profile(tuple(better))}"
    )


def _contains_meet(example: Polytope) -> str:
    if example.pure:
        for corner in example.corners:
            if corner != example.pmm and all(map(ge, corner, example.pmm)):
                raise Rejected(
                    f"not all between the PMM {format_profile(example.pmm)} and "
                    f"{format_profile(corner)} is feasible"
                )
        return f"nothing but the PMM {format_profile(example.pmm)} pays everybody at least that"
    points = meet(example)
    for point in points:
        for k, least in enumerate(example.pmm):
            lowered = (*point[:k], least, *point[k + 1 :])
            if not example.play.contains(lowered):
                raise Rejected(
                    f"{format_profile(lowered)} lies between the PMM "
                    f"{format_profile(example.pmm)} and the feasible {format_profile(point)}, "
                    "but is not feasible"
                )
    return (
        f"the {_number(points, 'point')} that span{'s' if len(points) == 1 else ''} the Pareto "
        f"meet stay{'s' if len(points) == 1 else ''} feasible when any one player's payoff is "
        "lowered to the PMM"
    )


def meet(example: Polytope) -> list[Payoffs]:
    """Return points that span the Pareto meet: what is feasible and at least the PMM.

    Raises
    ------
    Rejected
        When there are more than ``MAX_MEET``.

    Notes
    -----
    Cuts off one player's payoffs below the PMM after the other. What is left of a convex hull
    is spanned by the points kept and by where segments from these to points cut off cross
    the cut; of these only the corners are kept.
    """
    points = list(extreme(example.corners))
    for k, least in enumerate(example.pmm):
        kept = [p for p in points if p[k] >= least]
        above = [p for p in kept if p[k] > least]
        below = [p for p in points if p[k] < least]
        if len(kept) + len(above) * len(below) > MAX_MEET:
            raise Rejected("whether it contains the Pareto meet is not checked: too many corners")
        crossings = [
            _mix(p, q, (least - q[k]) / (p[k] - q[k])) for p, q in itertools.product(above, below)
        ]
        points = list(extreme((*kept, *crossings)))
    return points


def _mix(one: Payoffs, other: Payoffs, part: Fraction) -> Payoffs:
    """Return other + part (one - other)."""
    return tuple(y + part * (x - y) for x, y in zip(one, other, strict=True))


def _no_common_best(example: Polytope) -> str:
    for corner in example.corners:
        there = [i for i in example.players if corner[i - 1] == example.best[i - 1]]
        if len(there) > 1:
            raise Rejected(
                f"players {there[0]} and {there[1]} both get their best payoffs at "
                f"{format_profile(corner)}"
            )
    return "no corner gives two players their best payoffs, and so nothing feasible does"


def _strictly_comprehensive(example: Polytope) -> str:
    if all(map(ge, example.pmm, example.best)):
        return "nobody ever gets more than the PMM"
    if not example.pure:
        raise Rejected(
            "whether a polytope is strictly comprehensive is not checked; drop this hypothesis"
        )
    for corner in example.corners:
        above = all(map(ge, corner, example.pmm))
        better = any(all(map(gt, other, corner)) for other in example.corners)
        if above and not better and not example.is_efficient(corner):
            raise Rejected(f"at {format_profile(corner)} somebody can gain, but not everybody")
    return "where anything above the PMM can be improved, it can be for everybody"


CHECKS: Mapping[str, Callable[[Polytope], str]] = {
    "correlated-randomisation": _convex,
    "efficient-dominators": _compact,
    "pmm-attained": _pmm_attained,
    "exactly-two-players": _exactly_two,
    "two-different-players": _at_least_two,
    "best-feasible-payoffs-attained": _best_attained,
    "best-beside-others-attained": _compact,
    "somewhere-inefficient": _non_zero_sum,
    "contains-pareto-meet": _contains_meet,
    "no-common-best": _no_common_best,
    "strictly-comprehensive": _strictly_comprehensive,
}
"""For the labels of hypotheses: what checks them."""


def _number(things: Sequence[Any], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
