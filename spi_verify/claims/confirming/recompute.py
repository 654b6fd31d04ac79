"""Sets recomputed from the code of functions, in another way than programs run it.

Pure outcomes, and points, are tested one by one. With lotteries and two players a set is written as
a union of systems of linear inequalities, and the corners of each are found by intersecting every
two lines. With more players whole sets are computed as programs do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from math import prod

from spi_verify.effort import spend
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Outcome, Payoffs
from spi_verify.games.regions import Halfspace
from spi_verify.programs.language.base import BaseGame, OutcomeSet, as_region
from spi_verify.programs.language.conditions import AllOf, AnyOf, Condition, Not, simple_conditions
from spi_verify.programs.language.functions import (
    Accepts,
    AtMost,
    Both,
    ByOutcome,
    Either,
    Extension,
    FunctionIs,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    PMPExtension,
    Projection,
    Round,
    SetFunction,
    Tag,
    Tagged,
    When,
)
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import ActionProfile, Element
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution

System = tuple[Halfspace, ...]
"""The payoff profiles that satisfy all of these inequalities."""


def accepts(function: SetFunction, scope: Round, element: Element) -> bool:
    """Whether a function's set has an outcome, or a point, found by reading the function's code."""
    spend(5)
    base = scope.base
    named = base.agreed(element)
    here, there = scope.payoffs, base.payoffs(named)
    match function:
        case Outcomes():
            spend(2 * len(function.elements))
            return any(
                base.element(base.agreed(x)) == base.element(named) for x in function.elements
            )
        case Improving():
            return all(v >= u for u, v in zip(here, there, strict=True))
        case ImprovingOnMeet():
            least = base.pareto_meet_minimum
            return all(v >= max(u, m) for u, v, m in zip(here, there, least, strict=True))
        case AtMost():
            return _weighted(function.coefficients, there) <= function.bound
        case Projection():
            levels = map(max, here, base.pareto_meet_minimum)
            return all(
                v >= level if j == function.player else v == level
                for j, (v, level) in enumerate(zip(there, levels, strict=True), start=1)
            )
        case Both():
            return all(accepts(f, scope, element) for f in (function.first, *function.others))
        case Either():
            return any(accepts(f, scope, element) for f in (function.first, *function.others))
        case When():
            taken = function.then if holds(function.condition, scope) else function.otherwise
            return accepts(taken, scope, element)
        case ByOutcome():
            return accepts(_row(function, scope.outcome), scope, element)
        case Tag():
            return accepts(function.function, scope, element)
        case Extension() | PMPExtension():
            before = scope.replacing(scope.player, function.function)
            if accepts(function.function, before, element):
                return True
            moved, rule = _added(function, before)
            return accepts(rule, moved, element)
    return element in function.value(scope)


def _added(function: Extension | PMPExtension, before: Round) -> tuple[Round, SetFunction]:
    """Return what the rule of an extension sees, and the rule, from what is extended sees."""
    rule = Projection(before.player) if isinstance(function, PMPExtension) else function.rule
    if isinstance(before.base, PureBase):
        agreed = frozenset(
            x
            for x in before.base.game.outcomes()
            if all(
                accepts(before.functions[j - 1], _seen_by(before, j), x)
                for j in before.base.players
            )
        )
        reached: ActionProfile = before.outcome
        if agreed:
            reached = before.base.select(before.selection, agreed)
    else:
        reached = before.reached()
    return before.moved(reached), rule


def _seen_by(scope: Round, player: int) -> Round:
    return Round(scope.execution, player, scope.functions, scope.selection, scope.outcome)


def holds(condition: Condition, scope: Round) -> bool:
    """Whether a condition on functions and outcomes holds."""
    match condition:
        case Not():
            return not holds(condition.condition, scope)
        case AllOf():
            return all(holds(c, scope) for c in condition.conditions)
        case AnyOf():
            return any(holds(c, scope) for c in condition.conditions)
        case FunctionIs():
            return scope.functions[condition.player - 1] == condition.function
        case Tagged():
            return condition.tag in scope.functions[condition.player - 1].tags
        case NowAtMost():
            return _weighted(condition.coefficients, scope.payoffs) <= condition.bound
        case Accepts():
            other = scope.functions[condition.player - 1]
            return accepts(other, _seen_by(scope, condition.player), condition.element)
    return condition.holds(scope)


def systems(function: SetFunction, scope: Round) -> list[System]:
    """Return a function's set in two-player correlated play as a union of systems.

    What is feasible at all is not part of the systems; see :func:`feasible`.
    """
    base, here = scope.base, scope.payoffs
    match function:
        case Outcomes():
            points = (base.payoffs(base.agreed(x)) for x in function.elements)
            return [_box(point, point) for point in points]
        case Improving():
            return [_box(here, None)]
        case ImprovingOnMeet():
            return [_box(tuple(map(max, here, base.pareto_meet_minimum)), None)]
        case AtMost():
            return [(Halfspace(function.coefficients, function.bound),)]
        case Projection():
            levels = tuple(map(max, here, base.pareto_meet_minimum))
            above = list(_box(levels, levels))
            del above[2 * (function.player - 1) + 1]
            return [tuple(above)]
        case Both():
            return _combined([systems(f, scope) for f in (function.first, *function.others)])
        case Either():
            both = (function.first, *function.others)
            return [system for f in both for system in systems(f, scope)]
        case When():
            taken = function.then if holds(function.condition, scope) else function.otherwise
            return systems(taken, scope)
        case ByOutcome():
            return systems(_row(function, scope.outcome), scope)
        case Tag():
            return systems(function.function, scope)
        case Extension() | PMPExtension():
            before = scope.replacing(scope.player, function.function)
            moved, rule = _added(function, before)
            return systems(function.function, before) + systems(rule, moved)
    return [_hull(list(piece)) for piece in as_region(function.value(scope)).pieces]


def empty_elsewhere(function: SetFunction, scope: Round) -> bool:
    """Whether the code offers nothing at all lotteries that the file does not name.

    Every condition on others' functions holds there as it does in the scope; one on payoffs may
    or may not.
    """
    match function:
        case Outcomes():
            return not function.elements
        case Both():
            return any(empty_elsewhere(f, scope) for f in (function.first, *function.others))
        case Either():
            return all(empty_elsewhere(f, scope) for f in (function.first, *function.others))
        case ByOutcome():
            return empty_elsewhere(function.otherwise, scope)
        case Tag():
            return empty_elsewhere(function.function, scope)
        case When():
            simple = list(simple_conditions(function.condition))
            taken = [function.then, function.otherwise]
            if all(isinstance(c, (FunctionIs, Tagged)) for c in simple):
                taken = taken[:1] if holds(function.condition, scope) else taken[1:]
            return all(empty_elsewhere(f, scope) for f in taken)
    return False


def extends(function: SetFunction) -> bool:
    """Whether an extension is among the parts of a function that may add outcomes."""
    match function:
        case Extension() | PMPExtension():
            return True
        case Tag():
            return extends(function.function)
        case Both() | Either():
            return any(map(extends, (function.first, *function.others)))
        case When():
            return extends(function.then) or extends(function.otherwise)
        case ByOutcome():
            return any(map(extends, (function.otherwise, *(r.function for r in function.rows))))
    return False


def feasible(base: BaseGame) -> System:
    """Return the feasible set of two-player correlated play as a system."""
    feasible_set = CorrelatedPlay(base.game)
    return _hull(feasible_set.corner_payoffs)


def corners_of(system: System) -> list[Payoffs]:
    """Return the corners of a bounded system: the crossings of two lines that satisfy all."""
    spend(3 * len(system) ** 2)
    found: set[Payoffs] = set()
    for one, two in itertools.combinations(system, 2):
        (a, b), (c, d) = one.coefficients, two.coefficients
        determinant = a * d - b * c
        if determinant:
            x = (one.bound * d - b * two.bound) / determinant
            y = (a * two.bound - one.bound * c) / determinant
            if inside(system, (x, y)):
                found.add((x, y))
    return sorted(found)


def inside(system: System, point: Payoffs) -> bool:
    """Whether a point satisfies all inequalities of a system."""
    spend(2 * len(system))
    return all(_weighted(side.coefficients, point) <= side.bound for side in system)


def set_of(scope: Round, player: int) -> list[Outcome]:
    """Return a player's set in a game with pure outcomes."""
    own = _seen_by(scope, player)
    function = scope.functions[player - 1]
    return [x for x in scope.base.game.outcomes() if accepts(function, own, x)]


def same_set(scope: Round, players: list[int], stated: OutcomeSet) -> bool:
    """Whether the players' sets have exactly this intersection, with lotteries."""
    base = scope.base
    if len(base.players) != 2:
        common = scope.value(players[0])
        for j in players[1:]:
            common = common & scope.value(j)
        return bool(common <= stated and stated <= common)
    parts = [systems(scope.functions[j - 1], _seen_by(scope, j)) for j in players]
    combined = _combined([*parts, [feasible(base)]])
    kept = [corners for corners in map(corners_of, combined) if corners]
    pieces = as_region(stated).pieces
    return all(
        any(all(inside(_hull(list(piece)), corner) for corner in corners) for piece in pieces)
        for corners in kept
    ) and all(
        any(all(inside(system, corner) for corner in piece) for system in combined)
        for piece in pieces
    )


def scope_at(
    base: BaseGame, functions: tuple[SetFunction, ...], selection: Selection, outcome: ActionProfile
) -> Round:
    """Return what the first player's function sees in a run of its own."""
    return Round(Execution(base), 1, functions, selection, outcome)


def _combined(parts: list[list[System]]) -> list[System]:
    """Return the intersection of unions as a union of intersections."""
    spend(10 * prod(map(len, parts)))
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*parts)]


def _box(low: Payoffs, high: Payoffs | None) -> System:
    return tuple(_sides_of_box(low, high))


def _sides_of_box(low: Payoffs, high: Payoffs | None) -> Iterator[Halfspace]:
    for i, least in enumerate(low):
        unit = tuple(Fraction(i == j) for j in range(len(low)))
        yield Halfspace(tuple(-c for c in unit), -least)
        if high is not None:
            yield Halfspace(unit, high[i])


def _hull(points: list[Payoffs]) -> System:
    """Return the convex hull of points in the plane: the lines through two that bound all."""
    distinct = sorted(set(points))
    if len(distinct) == 1:
        return _box(distinct[0], distinct[0])
    sides = list(
        _box(
            tuple(map(min, *distinct)),
            tuple(map(max, *distinct)),
        )
    )
    for (ax, ay), (bx, by) in itertools.permutations(distinct, 2):
        normal = (by - ay, ax - bx)
        bound = normal[0] * ax + normal[1] * ay
        if all(_weighted(normal, point) <= bound for point in distinct):
            sides.append(Halfspace(normal, bound))
    return tuple(sides)


def _weighted(coefficients: Payoffs, payoffs: Payoffs) -> Fraction:
    return sum((c * u for c, u in zip(coefficients, payoffs, strict=True)), Fraction(0))


def _row(function: ByOutcome, outcome: ActionProfile) -> SetFunction:
    named = (row.function for row in function.rows if row.outcome == outcome)
    return next(named, function.otherwise)
