"""The base game as programs see it: with pure outcomes only, or with shared lotteries.

With **pure outcomes** players do what they do, and sets of outcomes are sets of action profiles.

In **correlated play** players can also agree on any payoff profile that a lottery over pure
outcomes pays. For each such *point* one lottery is fixed, and the action "follow the point" is
the player's part of it, drawn by a shared device. Whoever follows the same point draws together;
players who follow different points, or act alone, draw independently. Sets of outcomes are sets
of points: outcomes with equal payoffs are not told apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from spi_verify.effort import spend
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import SMALL, Game, Outcome, Payoffs
from spi_verify.games.regions import Halfspace, Region
from spi_verify.games.undominated import undominated
from spi_verify.programs.language.base import BaseGame, OutcomeSet, as_outcomes, as_region
from spi_verify.programs.language.selections import Scoring, Selection
from spi_verify.programs.language.terms import ActionProfile, Element, Point, is_ours

if TYPE_CHECKING:
    from spi_verify.games.pure import PureOutcomes


@dataclass(frozen=True, eq=False)
class PureBase(BaseGame):
    """A base game with its pure outcomes.

    Ties are broken by the order of the outcomes in the game (player n's action varies fastest).

    Parameters
    ----------
    game
        Any game. Payoffs are looked up when they are first needed and kept.
    any_choice
        Whether a table of choices may pick members of a set that are not efficient in it.
    """

    game: Game
    _known: dict[ActionProfile, Payoffs] = field(default_factory=dict, repr=False)
    any_choice: bool = False

    @cached_property
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM (Definition 6)."""
        if self.game.number_of_outcomes > SMALL:
            return self._feasible.pareto_meet_minimum
        efficient = undominated(map(self.payoffs, self._outcomes))
        return tuple(map(min, zip(*efficient, strict=True)))

    def payoffs(self, profile: ActionProfile) -> Payoffs:
        """Return u(a)."""
        known = self._known.get(profile)
        if known is None:
            known = self._known[profile] = self.game.payoffs(_names(profile))
        return known

    def element(self, profile: ActionProfile) -> Outcome:
        """Return the profile."""
        return _names(profile)

    def agreed(self, element: Element) -> ActionProfile:
        """Return the element, which is an action profile."""
        outcome = _names(element)
        self.payoffs(outcome)
        return outcome

    def finite(self, elements: Iterable[Element]) -> frozenset[Outcome]:
        """Return the set."""
        outcomes = frozenset(map(_names, elements))
        for outcome in outcomes:
            self.payoffs(outcome)
        return outcomes

    def within(self, bounds: Sequence[Halfspace]) -> frozenset[Outcome]:
        """Return the set; linear in the number of outcomes."""
        spend(4 * len(self._outcomes) * len(bounds))
        return frozenset(
            outcome
            for outcome in self._outcomes
            if all(bound.excess(self.payoffs(outcome)) <= 0 for bound in bounds)
        )

    def at_least(self, payoffs: Payoffs) -> frozenset[Outcome]:
        """Return the set; linear in the number of outcomes."""
        spend(2 * len(self._outcomes))
        return frozenset(
            outcome
            for outcome in self._outcomes
            if all(x >= u for x, u in zip(self.payoffs(outcome), payoffs, strict=True))
        )

    def pareto_meet_projection(self, player: int, payoffs: Payoffs) -> frozenset[Outcome]:
        """Return the set; linear in the number of outcomes."""
        if self.game.number_of_outcomes > SMALL:
            positions = self._feasible.pareto_meet_projection(player, payoffs)
            return frozenset(self._outcomes[k] for k in positions)
        level = tuple(map(max, payoffs, self.pareto_meet_minimum))
        others = (*level[: player - 1], *level[player:])
        return frozenset(
            outcome
            for outcome, u in zip(self._outcomes, map(self.payoffs, self._outcomes), strict=True)
            if u[player - 1] >= level[player - 1] and (*u[: player - 1], *u[player:]) == others
        )

    def select(self, selection: Selection, outcomes: OutcomeSet) -> ActionProfile:
        """Return the choice; the size of the set times the number of efficient profiles in it."""
        members = as_outcomes(outcomes)
        chosen = selection.pick(_Outcomes(self, members))
        if not is_ours(selection):
            if chosen not in members:
                raise InputError(f"{selection} picks {chosen}, which is not in its set")
            if self.payoffs(chosen) not in efficient_among(map(self.payoffs, members)):
                raise InputError(f"{selection} picks {chosen}, which is not efficient")
        return chosen

    def elements(self, outcomes: OutcomeSet) -> list[Outcome]:
        """Return the elements in the order of the game."""
        return sorted(as_outcomes(outcomes), key=self._order.__getitem__)

    @cached_property
    def _feasible(self) -> PureOutcomes:
        from spi_verify.games.pure import PureOutcomes

        return PureOutcomes(self.game)

    @cached_property
    def _outcomes(self) -> list[Outcome]:
        return list(self.game.outcomes())

    @cached_property
    def _order(self) -> dict[Outcome, int]:
        return {outcome: k for k, outcome in enumerate(self._outcomes)}


@dataclass(frozen=True, eq=False)
class CorrelatedBase(BaseGame):
    """A base game with shared lotteries.

    Ties are broken by payoffs: the greater payoff of player 1 first, then of player 2, and so on.

    Parameters
    ----------
    game
        Any game. Sets given by bounds are for two players.
    """

    game: Game
    _lotteries: dict[Point, dict[int, Fraction]] = field(default_factory=dict, repr=False)
    _projections: dict[tuple[int, Payoffs], Region] = field(default_factory=dict, repr=False)
    _known: dict[ActionProfile, Payoffs] = field(default_factory=dict, repr=False)

    @cached_property
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM (Definition 6)."""
        return self._feasible.pareto_meet_minimum

    def payoffs(self, profile: ActionProfile) -> Payoffs:
        """Return the expected payoffs of what the players do."""
        if all(isinstance(action, str) for action in profile):
            known = self._known.get(profile)
            if known is None:
                known = self._known[profile] = self.game.payoffs(_names(profile))
            return known
        first = profile[0]
        if not isinstance(first, str) and all(action == first for action in profile):
            self._lottery(first)
            return first
        return self._independent(profile)

    def element(self, profile: ActionProfile) -> Element:
        """Return the payoffs."""
        return self.payoffs(profile)

    def agreed(self, element: Element) -> ActionProfile:
        """Return the point for all; an action profile stands for itself."""
        if all(isinstance(part, str) for part in element):
            outcome = _names(element)
            self.payoffs(outcome)
            return outcome
        point: Any = element
        self._lottery(point)
        return (point,) * len(element)

    def finite(self, elements: Iterable[Element]) -> Region:
        """Return the set."""
        return Region.points(self.payoffs(self.agreed(element)) for element in elements)

    def within(self, bounds: Sequence[Halfspace]) -> Region:
        """Return the set, a polygon."""
        return self.everything.within(bounds)

    def pareto_meet_projection(self, player: int, payoffs: Payoffs) -> Region:
        """Return the set: a segment, a point or nothing."""
        known = self._projections.get((player, payoffs))
        if known is None:
            segment = self._feasible.pareto_meet_projection(player, payoffs)
            known = Region.polygon([segment.low, segment.high]) if segment else Region()
            self._projections[player, payoffs] = known
        return known

    def select(self, selection: Selection, outcomes: OutcomeSet) -> ActionProfile:
        """Return the choice: the best of finitely many candidates on the pieces' sides."""
        points = as_region(outcomes)
        spend(100 * len(points.pieces))
        chosen = selection.pick(_Points(self, points))
        if not is_ours(selection):
            if not selection.efficient:
                raise InputError(f"{selection.brief} chooses from sets of pure outcomes only")
            if self.payoffs(chosen) not in outcomes:
                raise InputError(f"{selection} picks {chosen}, which is not in its set")
        return chosen

    def elements(self, outcomes: OutcomeSet) -> list[Element]:
        """Return the points, the greatest first."""
        pieces = as_region(outcomes).pieces
        if any(len(piece) > 1 for piece in pieces):
            raise InputError("the set is infinite")
        return [piece[0] for piece in reversed(pieces)]

    @cached_property
    def everything(self) -> Region:
        """The feasible set, for two players."""
        return Region.polygon(self._feasible.corner_payoffs)

    @cached_property
    def _feasible(self) -> CorrelatedPlay:
        return CorrelatedPlay(self.game)

    def _lottery(self, point: Point) -> dict[int, Fraction]:
        known = self._lotteries.get(point)
        if known is None:
            known = self._feasible.mixture(point)
            if known is None:
                shown = ", ".join(map(str, point))
                raise InputError(f"no lottery over the outcomes pays ({shown})")
            self._lotteries[point] = known
        return known

    def _independent(self, profile: ActionProfile) -> Payoffs:
        groups: dict[object, list[int]] = {}
        for i, action in enumerate(profile):
            groups.setdefault((i, action) if isinstance(action, str) else action, []).append(i)
        draws = [self._draws(profile, members) for members in groups.values()]
        total = [Fraction(0)] * len(profile)
        for combination in itertools.product(*draws):
            chance, outcome = Fraction(1), list(_blank(profile))
            for weight, part in combination:
                chance *= weight
                for i, action in part.items():
                    outcome[i] = action
            for i, u in enumerate(self.game.payoffs(outcome)):
                total[i] += chance * u
        return tuple(total)

    def _draws(
        self, profile: ActionProfile, members: list[int]
    ) -> list[tuple[Fraction, dict[int, str]]]:
        action = profile[members[0]]
        if isinstance(action, str):
            return [(Fraction(1), {members[0]: action})]
        draws = []
        for position, weight in self._lottery(action).items():
            outcome = self.game.outcome(position)
            draws.append((weight, {i: outcome[i] for i in members}))
        return draws


@dataclass(frozen=True)
class _Outcomes:
    """A set of pure outcomes, as something is picked from it."""

    base: PureBase
    outcomes: frozenset[Outcome]

    @property
    def corners(self) -> list[Payoffs]:
        return list(map(self.base.payoffs, self.outcomes))

    def holds(self, element: Element) -> bool:
        return bool(self.base.finite((element,)) & self.outcomes)

    def best(self, rule: Scoring) -> ActionProfile:
        ordered = self.base.elements(self.outcomes)
        payoffs = [self.base.payoffs(outcome) for outcome in ordered]
        efficient = efficient_among(payoffs)
        ideal = tuple(map(max, *payoffs)) if len(payoffs) > 1 else payoffs[0]
        candidates = [(rule.score(u, ideal), -k) for k, u in enumerate(payoffs) if u in efficient]
        return ordered[-max(candidates)[1]]

    def looked_up(self, table: Callable[[Iterable[Element]], Element]) -> ActionProfile:
        ordered = self.base.elements(self.outcomes)
        efficient = efficient_among(map(self.base.payoffs, ordered))
        chosen = _names(table(ordered))
        if self.base.any_choice and chosen in self.outcomes:
            return chosen
        if self.base.payoffs(chosen) not in efficient:
            raise InputError(f"the selection table picks {chosen}, which is not efficient")
        return chosen

    def agreed(self, element: Element) -> ActionProfile:
        return self.base.agreed(element)


@dataclass(frozen=True)
class _Points:
    """A set of points, as something is picked from it."""

    base: CorrelatedBase
    region: Region

    @property
    def corners(self) -> list[Payoffs]:
        return [corner for piece in self.region.pieces for corner in piece]

    def holds(self, element: Element) -> bool:
        return bool(self.base.finite((element,)) & self.region)

    def best(self, rule: Scoring) -> ActionProfile:
        corners = self.corners
        ideal = tuple(map(max, *corners)) if len(corners) > 1 else corners[0]
        candidates = set(corners)
        for a, b in self.region.edges():
            if a != b:
                peaks = list(rule.peaks(a, b, ideal))
                if not is_ours(rule) and not all(_between(a, peak, b) for peak in peaks):
                    raise InputError(f"{rule} names a peak that is not on its segment")
                candidates.update(peaks)
        best = max(candidates, key=lambda u: (rule.score(u, ideal), u))
        return (best,) * len(best)

    def looked_up(self, table: Callable[[Iterable[Element]], Element]) -> ActionProfile:
        efficient = efficient_points(self.region)
        if efficient is not None and len(efficient) == 1:
            return self.agreed(next(iter(efficient)))
        if efficient is None or any(len(piece) > 1 for piece in self.region.pieces):
            raise InputError("a selection table chooses from finite sets only")
        chosen = self.base.payoffs(self.agreed(table(self.base.elements(self.region))))
        if chosen not in efficient:
            raise InputError(f"the selection table picks {chosen}, which is not efficient")
        return self.agreed(chosen)

    def agreed(self, element: Element) -> ActionProfile:
        return self.base.agreed(element)


def _between(a: Payoffs, point: Payoffs, b: Payoffs) -> bool:
    """Whether a point lies on the segment between two different ones."""
    k = next(k for k, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
    t = (point[k] - a[k]) / (b[k] - a[k])
    inner = tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))
    return 0 <= t <= 1 and inner == tuple(point)


def _names(profile: ActionProfile | Element) -> Outcome:
    names: Any = profile
    for action in names:
        if not isinstance(action, str):
            raise InputError("points are for correlated play; here outcomes are action profiles")
    return tuple(names)


def _blank(profile: ActionProfile) -> list[str]:
    return [""] * len(profile)


def efficient_points(region: Region) -> set[Payoffs] | None:
    """Return the efficient points of a set, or None where they may be infinitely many.

    Where one end of a segment is at least as good for all as the other, nothing else of it is
    efficient. So it is with the projections of Definition 6, and with parts of them.
    """
    tops = []
    for piece in region.pieces:
        top = tuple(map(max, *piece)) if len(piece) > 1 else piece[0]
        if top not in piece:
            return None
        tops.append(top)
    return efficient_among(tops)


def efficient_among(profiles: Iterable[Payoffs]) -> set[Payoffs]:
    """Return the payoff profiles that no other one dominates."""
    return set(undominated(profiles, spend))
