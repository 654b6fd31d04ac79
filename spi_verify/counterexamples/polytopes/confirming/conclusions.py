"""How a conclusion fails for a feasible set, shown exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from spi_verify.counterexamples.polytopes.polytope import CONCESSION, NONEMPTY, Polytope
from spi_verify.errors import Rejected
from spi_verify.games.game import Payoffs
from spi_verify.games.linear_program import Infeasible, LinearProgram, Vector, solve
from spi_verify.games.rationals import format_profile


def _empty_projection(example: Polytope) -> tuple[str, tuple[str, ...]]:
    i, point = example.player, format_profile(example.point)
    if example.pure:
        return _empty_among(example)
    found = separation(example)
    if found is None:
        raise Rejected(f"player {i}'s Pareto meet projection of {point} has a point")
    weights, bound = found
    reached = sum((w * x for w, x in zip(weights, example.level, strict=True)), Fraction(0))
    exactly = " and ".join(f"player {j} exactly {example.level[j - 1]}" for j in example.others)
    return (
        f"PMP_{i}({', '.join(map(str, example.point))}) is empty",
        (
            f"The PMM is {format_profile(example.pmm)}.",
            f"{_meaning(i, point)}: it pays player {i} at least {example.level[i - 1]}, {exactly}.",
            f"It would have {_sum(weights)} >= {reached}; but every corner, and so everything "
            f"feasible, has {_sum(weights)} <= {bound}.",
        ),
    )


def _meaning(i: int, point: str) -> str:
    """Say what a projection of a point pays, whose payoffs follow."""
    return (
        f"A point of PMP_{i} of {point}, player {i}'s Pareto meet projection, pays everybody what "
        f"{point} pays them or, where that is more, the PMM, and only player {i} may get more"
    )


def separation(example: Polytope) -> tuple[Payoffs, Fraction] | None:
    """Return why the player's projection of the point is empty, or None where it is not.

    Returns
    -------
    tuple
        Weights w with w_i >= 0 for the player i, and b, such that w.u <= b for everything
        feasible, and w.u > b where i gets at least the level and all others exactly that.
    """
    surplus = tuple(-int(j == example.player) for j in example.players)
    columns: list[Vector] = [(*corner, 1) for corner in example.corners]
    columns.append((*surplus, 0))
    answer = solve(LinearProgram(columns, (*example.level, 1), [0] * len(columns)))
    if not isinstance(answer, Infeasible):
        return None
    *weights, bound = answer.farkas
    scale = _scale_to_integers(answer.farkas)
    return tuple(-scale * w for w in weights), scale * bound


def _scale_to_integers(values: Sequence[Fraction]) -> Fraction:
    """Return the positive factor that makes these integers without a common divisor."""
    scale = math.lcm(*(value.denominator for value in values))
    return Fraction(scale, math.gcd(*(int(value * scale) for value in values)))


def _empty_among(example: Polytope) -> tuple[str, tuple[str, ...]]:
    i, point = example.player, example.point
    for corner in example.corners:
        others = all(corner[j - 1] == example.level[j - 1] for j in example.others)
        if others and corner[i - 1] >= example.level[i - 1]:
            raise Rejected(f"{format_profile(corner)} is in player {i}'s projection")
    exactly = " and ".join(f"player {j} exactly {example.level[j - 1]}" for j in example.others)
    return (
        f"PMP_{i}({', '.join(map(str, point))}) is empty",
        (
            f"The PMM is {format_profile(example.pmm)}.",
            f"{_meaning(i, format_profile(point))}: it pays player {i} at least "
            f"{example.level[i - 1]}, {exactly}. There is none.",
        ),
    )


def _no_concessions(example: Polytope) -> tuple[str, tuple[str, ...]] | None:
    """Return why nothing pays somebody a little more than the PMM, if nothing does."""
    pmm = f"The PMM is {format_profile(example.pmm)}."
    if not example.others:
        return (
            "a single player can concede nothing: only the best payoff is efficient",
            (f"Nothing but {example.best[0]} is efficient.",),
        )
    i, j = example.player, example.others[0]
    point = f"the others the PMM and a little more, and player {i} less than the best payoff"
    if example.best[j - 1] <= example.pmm[j - 1]:
        return (
            f"nothing feasible pays {point}, since player {j} never gets more than the PMM",
            (pmm, f"Player {j} never gets more than {example.pmm[j - 1]}."),
        )
    if not example.pure:
        return None
    return (
        f"nothing feasible pays {point}, but for finitely many small amounts",
        (pmm, "Only finitely many payoff profiles are feasible, so most amounts are paid by none."),
    )


def _dominated_concessions(example: Polytope) -> tuple[str, tuple[str, ...]]:
    none = _no_concessions(example)
    if none is not None:
        return none
    i, point = example.player, example.point
    if point[i - 1] != example.best[i - 1]:
        raise Rejected(
            f"{format_profile(point)} does not pay player {i} the best feasible payoff "
            f"{example.best[i - 1]}"
        )
    for j in example.others:
        if point[j - 1] <= example.pmm[j - 1]:
            raise Rejected(
                f"{format_profile(point)} does not pay player {j} more than the PMM payoff "
                f"{example.pmm[j - 1]}"
            )
    small = ", ".join(f"delta_{j} < {point[j - 1] - example.pmm[j - 1]}" for j in example.others)
    deltas = " and ".join(f"delta_{j}" for j in example.others)
    claimed = ", ".join(
        _difference(example.best[j - 1], f"eps_{j}")
        if j == i
        else _increase(example.pmm[j - 1], f"delta_{j}")
        for j in example.players
    )
    return (
        f"({claimed}) is not efficient for any eps_{i} > 0 and any positive {small}",
        (
            f"The PMM is {format_profile(example.pmm)}, the best feasible payoffs are "
            f"{format_profile(example.best)}.",
            f"It is claimed that for all positive {deltas} that are small enough there is an "
            f"eps_{i} > 0 with which ({claimed}) is efficient: the others get a little more than "
            f"the PMM, and player {i} a little less than the best payoff.",
            f"At {format_profile(point)} player {i} gets the best feasible payoff, "
            f"{' and '.join(f'player {j}' for j in example.others)} more than the PMM.",
            f"It is better for everybody than ({claimed}) with eps_{i} > 0 and {small}: what "
            f"player {i} concedes is wasted.",
        ),
    )


CONCLUSIONS: Mapping[str, Callable[[Polytope], tuple[str, tuple[str, ...]]]] = {
    NONEMPTY: _empty_projection,
    CONCESSION: _dominated_concessions,
}
"""For the labels of conclusions: what shows that they fail."""


def _sum(weights: Sequence[Fraction]) -> str:
    """Write a linear function of the payoffs: ``"u_1 - 2 u_2"``."""
    text = ""
    for i, weight in enumerate(weights, 1):
        if weight:
            sign = ("" if weight > 0 else "-") if not text else (" + " if weight > 0 else " - ")
            text += f"{sign}{'' if abs(weight) == 1 else f'{abs(weight)} '}u_{i}"
    return text or "0"


def _difference(value: Fraction, name: str) -> str:
    return f"{value} - {name}" if value else f"-{name}"


def _increase(value: Fraction, name: str) -> str:
    return f"{value} + {name}" if value else name
