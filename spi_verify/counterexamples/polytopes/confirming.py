"""Counterexamples that are feasible sets: polytopes given by their corners, or finite sets.

A body has ``corners``, payoff profiles whose convex hull is the feasible set, or with ``play``:
``pure`` the feasible set itself; ``player``, numbered
from 1; and ``point``, a feasible payoff profile. What the point shows depends on the conclusion:

Projections are nonempty
    It is the payoff profile of an outcome of which the player's Pareto meet projection is empty.
A concession is efficient
    The player, who takes the part of the proof's player 1, gets the best feasible payoff there,
    and everybody else more than the PMM. So it dominates every point that gives the player less
    than the best payoff and the others at most what it gives them: for no small amounts
    whatsoever is such a point efficient, which refutes the claim whether it is made for all
    small amounts or for some. Or it is any point, of a set in which somebody never gets more than
    the PMM, or of a finite one.

Hypotheses about compactness and convexity hold of every polytope; the others are checked with
exact linear programs, whose answers carry their own proofs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import ge, gt
from typing import TYPE_CHECKING, Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import Check, Claimed, Confirmation
from spi_verify.counterexamples.statements.known import Meaning, meaning_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.linear_program import Infeasible, LinearProgram, Optimum, Vector, solve
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.rationals import format_profile, parse_rational

if TYPE_CHECKING:
    from spi_verify.obligations.statements import Statement

MAX_CORNERS = 64
MAX_PLAYERS = 8
MAX_DIGITS = 30
MAX_MEET = 64
"""Most points that are computed to span a Pareto meet."""
LARGEST = 2
"""The search goes through payoffs 0, ..., LARGEST."""

_COMPACT = "the convex hull of finitely many payoff profiles is compact"


@dataclass(frozen=True)
class Polytope:
    """A feasible set, and a player and a point of it.

    Parameters
    ----------
    corners
        Payoff profiles that span it; they need not be distinct nor extreme.
    player
        From 1 to n.
    point
        A payoff profile.
    pure
        Whether only the corners are feasible.
    """

    corners: tuple[Payoffs, ...]
    player: int
    point: Payoffs
    pure: bool = False

    @property
    def players(self) -> range:
        """The numbers of the players."""
        return range(1, len(self.point) + 1)

    @property
    def others(self) -> list[int]:
        """The numbers of all players but the one named."""
        return [j for j in self.players if j != self.player]

    @cached_property
    def play(self) -> CorrelatedPlay:
        """What correlated play makes feasible in :attr:`game`."""
        return CorrelatedPlay(self.game)

    @cached_property
    def game(self) -> Game:
        """A game in which player 1 alone chooses among the corners."""
        table: list[Any] = []
        for corner in self.corners:
            cell: Any = corner
            for _ in corner[1:]:
                cell = [cell]
            table.append(cell)
        return Game.from_payoffs(table)

    @cached_property
    def pmm(self) -> Payoffs:
        """u^PMM."""
        play = PureOutcomes(self.game) if self.pure else self.play
        return play.pareto_meet_minimum

    def is_feasible(self, payoffs: Payoffs) -> bool:
        """Whether a payoff profile is feasible."""
        return payoffs in self.corners if self.pure else self.play.contains(payoffs)

    def is_efficient(self, corner: Payoffs) -> bool:
        """Whether a corner is efficient."""
        if not self.pure:
            return self.play.is_efficient(corner)
        return not any(_improves(other, corner) for other in self.corners)

    @cached_property
    def best(self) -> Payoffs:
        """u^*: each player's best feasible payoff."""
        return tuple(max(column) for column in zip(*self.corners, strict=True))

    @cached_property
    def level(self) -> Payoffs:
        """For each player the larger of the PMM and what the point pays."""
        return tuple(map(max, self.pmm, self.point))

    def attaining(self, i: int) -> Payoffs:
        """Return an efficient corner that pays player i the PMM."""
        return next(
            corner
            for corner in self.corners
            if corner[i - 1] == self.pmm[i - 1] and self.is_efficient(corner)
        )

    def separation(self) -> tuple[Payoffs, Fraction] | None:
        """Return why the player's projection of the point is empty, or None where it is not.

        Returns
        -------
        tuple
            Weights w with w_i >= 0 for the player i, and b, such that w.u <= b for everything
            feasible, and w.u > b where i gets at least the level and all others exactly that.
        """
        surplus = tuple(-int(j == self.player) for j in self.players)
        columns: list[Vector] = [(*corner, 1) for corner in self.corners]
        columns.append((*surplus, 0))
        answer = solve(LinearProgram(columns, (*self.level, 1), [0] * len(columns)))
        if not isinstance(answer, Infeasible):
            return None
        *weights, bound = answer.farkas
        scale = _scale_to_integers(answer.farkas)
        return tuple(-scale * w for w in weights), scale * bound

    def meet(self) -> list[Payoffs]:
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
        points = list(_extreme(self.corners))
        for k, least in enumerate(self.pmm):
            kept = [p for p in points if p[k] >= least]
            above = [p for p in kept if p[k] > least]
            below = [p for p in points if p[k] < least]
            if len(kept) + len(above) * len(below) > MAX_MEET:
                raise Rejected(
                    "whether it contains the Pareto meet is not checked: too many corners"
                )
            crossings = [
                _mix(p, q, (least - q[k]) / (p[k] - q[k]))
                for p, q in itertools.product(above, below)
            ]
            points = list(_extreme((*kept, *crossings)))
        return points


def applies(meaning: Meaning) -> bool:
    """Return whether a feasible set can refute a statement, by its conclusion."""
    return meaning.goal in _CONCLUSIONS


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Check a feasible set against a statement, exactly and without a solver.

    Parameters
    ----------
    claimed
        A statement one of whose kinds of conclusion this module names.
    body
        ``corners``, ``player`` and ``point``; payoffs are rationals as text.

    Raises
    ------
    Rejected
        When a hypothesis fails or is not checked, or the point does not show what it should.
    InputError
        When the statement or the body cannot be read.
    """
    meaning = meaning_of(claimed)
    if not applies(meaning):
        raise InputError(
            "a feasible set refutes that projections have points, or that a concession is "
            f"efficient; {claimed.statement} claims something else",
            where="statement",
        )
    return _examine(meaning, _read(body))


def _examine(meaning: Meaning, example: Polytope) -> Confirmation:
    """Check a feasible set against a statement with one of the known conclusions."""
    for name in meaning.changed:
        raise Rejected(f"a feasible set is checked with the paper's {name} only")
    for name in meaning.definitions:
        if name not in _GRANTED:
            raise Rejected(f"whether {name} holds for a feasible set is not checked")
    if not example.is_feasible(example.point):
        raise Rejected(f"the point {format_profile(example.point)} is not feasible")
    conclusion, story = _CONCLUSIONS[str(meaning.goal)](example)
    checks = tuple(_check(name, label, example) for name, label in meaning.hypotheses)
    feasible = ", ".join(map(format_profile, example.corners))
    within = "" if example.pure else "in the convex hull of "
    opening = (
        f"{len(example.players)} players; feasible are the payoff profiles {within}{feasible}."
    )
    return Confirmation(checks, conclusion, (opening, *story))


def _check(name: str, label: str | None, example: Polytope) -> Check:
    check = CHECKS.get(str(label))
    if check is None:
        raise Rejected(f"the hypothesis {name} is not checked for feasible sets")
    return Check(name, check(example))


def find(statement: Statement, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """Go through small feasible sets and yield the bodies of counterexamples.

    Parameters
    ----------
    statement
        One to which this kind applies.
    bounds
        ``players`` and, where no game is given, ``outcomes``: the most corners of a set, not
        counting those that only throw away payoffs (see Notes). With a game, the one set that
        is tried is what correlated play makes feasible in it, if the game has at most
        ``MAX_CORNERS`` outcomes and ``MAX_PLAYERS`` players.

    Notes
    -----
    Fewest players first, then fewest corners, then smallest payoffs, which are 0, 1 and 2 before
    they are shifted so that the PMM is 0. Of sets that differ in the numbering of the players
    or in units and zeros of payoffs one is tried.

    *Definition 6.* The points tried are the corners.

    *Proposition 5.* If a feasible set is a counterexample, so is its Pareto meet alone, with the
    same point. By hypothesis whatever lies between the PMM and it is in it. So of the sets that
    :func:`confirm` accepts none is missed for trying only convex hulls of some profiles and all
    that comes of them by lowering payoffs to the PMM; what is bounded is the number of those
    profiles and their payoffs. Failures that no single point shows are not looked for.
    """
    from spi_verify.counterexamples.statements.claimed import meaning

    known = meaning(statement)
    nonempty = known.goal == NONEMPTY
    if bounds.game is not None:
        game = bounds.game
        if game.number_of_players > MAX_PLAYERS or game.number_of_outcomes > MAX_CORNERS:
            return
        profiles = {game.payoffs(k) for k in range(game.number_of_outcomes)}
        sets: Iterable[tuple[Payoffs, ...]] = [tuple(sorted(profiles))]
    elif nonempty:
        sets = _hulls(bounds)
    else:
        sets = _comprehensive(bounds)
    candidates = _emptied if nonempty else _dominating
    for corners in sets:
        for example in candidates(corners):
            body = _write(example if bounds.game is not None else _canonical(example))
            try:
                _examine(known, _read(body))
            except (Rejected, InputError):
                continue
            yield body
            break


# Hypotheses


def _convex(example: Polytope) -> str:
    if example.pure:
        raise Rejected("finitely many payoff profiles are feasible, and no mixtures")
    return f"the feasible set is the convex hull of {_number(example.corners, 'payoff profile')}"


def _compact(example: Polytope) -> str:
    return "a finite set is compact" if example.pure else _COMPACT


def _pmm_attained(example: Polytope) -> str:
    at = ", ".join(
        f"u_{i}^PMM = {example.pmm[i - 1]} at {format_profile(example.attaining(i))}"
        for i in example.players
    )
    return f"the least payoffs among efficient ones are {at}"


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
    points = example.meet()
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
        f"the {_number(points, 'point')} that span the Pareto meet stay feasible when any one "
        "player's payoff is lowered to the PMM"
    )


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

_GRANTED = frozenset(
    {
        "best_alone_profiles",
        "best_is_profile",
        "mixed_profiles",
        "outcomes_have_profiles",
        "pmm_beside_profiles",
        "pmm_is_profile",
    }
)
"""Closed definitions that hold for any feasible set: they say that there are payoff profiles."""


# Conclusions


def _empty_projection(example: Polytope) -> tuple[str, tuple[str, ...]]:
    i, point = example.player, format_profile(example.point)
    if example.pure:
        return _empty_among(example)
    found = example.separation()
    if found is None:
        raise Rejected(f"player {i}'s Pareto meet projection of {point} has a point")
    weights, bound = found
    reached = sum((w * x for w, x in zip(weights, example.level, strict=True)), Fraction(0))
    exactly = " and ".join(f"player {j} exactly {example.level[j - 1]}" for j in example.others)
    return (
        f"PMP_{i}({', '.join(map(str, example.point))}) is empty",
        (
            f"The PMM is {format_profile(example.pmm)}.",
            f"A point of player {i}'s projection of {point} pays player {i} at least "
            f"{example.level[i - 1]}, {exactly}.",
            f"It would have {_sum(weights)} >= {reached}; but every corner, and so everything "
            f"feasible, has {_sum(weights)} <= {bound}.",
        ),
    )


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
            f"A point of player {i}'s projection of {format_profile(point)} pays player {i} at "
            f"least {example.level[i - 1]}, {exactly}; there is none.",
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
            f"At {format_profile(point)} player {i} gets the best feasible payoff, "
            f"{' and '.join(f'player {j}' for j in example.others)} more than the PMM.",
            f"It is better for everybody than ({claimed}) with eps_{i} > 0 and {small}: what "
            f"player {i} concedes is wasted.",
        ),
    )


NONEMPTY = "projections-are-nonempty"

_CONCLUSIONS: Mapping[str, Callable[[Polytope], tuple[str, tuple[str, ...]]]] = {
    NONEMPTY: _empty_projection,
    "concession-is-efficient": _dominated_concessions,
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


def _number(things: Sequence[Any], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


# Reading and writing


def _read(body: Mapping[str, Any]) -> Polytope:
    keys = ("corners", "player", "point")
    for key in body:
        if key not in (*keys, "play"):
            there = ", ".join((*keys, "play"))
            raise InputError(f"unknown key {key!r}; there are {there}", where=str(key))
    if body.get("play", "pure") not in ("pure", "correlated"):
        raise InputError("play is pure or correlated", where="play")
    missing = next((key for key in keys if key not in body), None)
    if missing is not None:
        raise InputError(f"the key {missing!r} is missing", where=missing)
    rows = body["corners"]
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_CORNERS:
        raise InputError(f"give a list of 1 to {MAX_CORNERS} payoff profiles", where="corners")
    corners = tuple(_profile(row, f"corners[{k}]") for k, row in enumerate(rows))
    point = _profile(body["point"], "point")
    for k, corner in enumerate(corners):
        if len(corner) != len(point):
            raise InputError(
                f"it has {len(corner)} payoffs, the point {len(point)}", where=f"corners[{k}]"
            )
    player = body["player"]
    if not isinstance(player, int) or isinstance(player, bool) or not 1 <= player <= len(point):
        raise InputError(f"players are numbered from 1 to {len(point)}", where="player")
    return Polytope(corners, player, point, body.get("play") == "pure")


def _profile(row: Any, where: str) -> Payoffs:
    if not isinstance(row, list) or not 1 <= len(row) <= MAX_PLAYERS:
        raise InputError(f"give the payoffs of 1 to {MAX_PLAYERS} players", where=where)
    payoffs = []
    for i, text in enumerate(row):
        place = f"{where}[{i}]"
        if not isinstance(text, str):
            raise InputError('write payoffs as text, such as "1" or "-3/2"', where=place)
        try:
            payoffs.append(parse_rational(text, max_digits=MAX_DIGITS))
        except InputError as error:
            raise error.located(where=place) from None
    return tuple(payoffs)


def _write(example: Polytope) -> dict[str, Any]:
    return {
        "corners": [list(map(str, corner)) for corner in example.corners],
        "player": example.player,
        "point": list(map(str, example.point)),
        **({"play": "pure"} if example.pure else {}),
    }


# Search


def _emptied(corners: tuple[Payoffs, ...]) -> Iterator[Polytope]:
    """Yield the corners of which a projection is empty."""
    n = len(corners[0])
    for point, player in itertools.product(corners, range(1, n + 1)):
        example = Polytope(corners, player, point)
        if example.separation() is not None:
            yield example


def _dominating(corners: tuple[Payoffs, ...]) -> Iterator[Polytope]:
    """Yield for each player a point with the best payoff to the player and room for the others.

    Of such points it is one where the least that another player gets beyond the PMM is greatest.
    """
    n = len(corners[0])
    for player in range(1, n + 1):
        example = Polytope(corners, player, corners[0])
        face = [c for c in corners if c[player - 1] == example.best[player - 1]]
        others = [j - 1 for j in example.others]
        columns: list[Vector] = [(*(c[j] for j in others), 1) for c in face]
        columns += [(*(-int(j == k) for k in others), 0) for j in others]
        columns += [(*(-1 for _ in others), 0), (*(1 for _ in others), 0)]
        objective = [0] * (len(columns) - 2) + [1, -1]
        right: Vector = (*(example.pmm[j] for j in others), 1)
        answer = solve(LinearProgram(columns, right, objective))
        if isinstance(answer, Optimum) and answer.value > 0:
            weights = [answer.point.get(k, Fraction(0)) for k in range(len(face))]
            point = tuple(
                sum((w * c[i] for w, c in zip(weights, face, strict=True)), Fraction(0))
                for i in range(n)
            )
            yield Polytope(corners, player, point)


def _hulls(bounds: Bounds) -> Iterator[tuple[Payoffs, ...]]:
    """Yield sets of corners."""
    for n in range(2, min(bounds.players, MAX_PLAYERS) + 1):
        for size in range(1, min(bounds.outcomes, MAX_CORNERS) + 1):
            for largest in range(1, LARGEST + 1):
                for profiles in _sets(n, size, largest, _spans_units(largest)):
                    corners = _exact(profiles)
                    if len(_extreme(corners)) == size:
                        yield corners


def _comprehensive(bounds: Bounds) -> Iterator[tuple[Payoffs, ...]]:
    """Yield convex hulls of profiles and of all that comes of them by lowering payoffs to 0."""
    for n in range(2, min(bounds.players, MAX_PLAYERS) + 1):
        found = []
        for size in range(2, min(bounds.outcomes, MAX_CORNERS) + 1):
            for profiles in _sets(n, size, LARGEST, _room_beside_best):
                lowered = {
                    tuple(x if keep else 0 for x, keep in zip(profile, kept, strict=True))
                    for profile in profiles
                    for kept in itertools.product((False, True), repeat=n)
                }
                found.append(_extreme(_exact(sorted(lowered))))
        yield from sorted(dict.fromkeys(found), key=lambda c: (len(c), sum(map(sum, c)), c))


_Profiles = tuple[tuple[int, ...], ...]


def _sets(
    n: int, size: int, largest: int, wanted: Callable[[_Profiles], bool]
) -> Iterator[_Profiles]:
    """Yield sets of payoff profiles from 0, ..., ``largest``, the smallest sums first.

    One of those that differ in the numbering of the players, and in the smallest units only.
    """
    grid = itertools.product(range(largest + 1), repeat=n)
    orders = list(itertools.permutations(range(n)))
    chosen = [
        profiles
        for profiles in itertools.combinations(grid, size)
        if wanted(profiles)
        and all(math.gcd(*column) <= 1 for column in zip(*profiles, strict=True))
        and profiles == min(_renumbered(profiles, order) for order in orders)
    ]
    yield from sorted(chosen, key=lambda profiles: (sum(map(sum, profiles)), profiles))


def _renumbered(profiles: _Profiles, order: Sequence[int]) -> _Profiles:
    return tuple(sorted(tuple(profile[i] for i in order) for profile in profiles))


def _spans_units(largest: int) -> Callable[[_Profiles], bool]:
    """Return whether every player gets 0 somewhere, and somebody the largest payoff."""

    def spans(profiles: _Profiles) -> bool:
        columns = list(zip(*profiles, strict=True))
        return not any(map(min, columns)) and max(map(max, columns)) == largest

    return spans


def _room_beside_best(profiles: _Profiles) -> bool:
    """Return whether to consider these as the highest profiles of a set whose PMM is 0.

    Nobody gets their best payoff with somebody else; everybody gets 0 somewhere; somebody's best
    payoff goes with more than 0 for each of the others; and no profile is below another.
    """
    columns = list(zip(*profiles, strict=True))
    best = tuple(map(max, columns))
    if any(map(min, columns)) or any(
        sum(map(int.__eq__, profile, best)) > 1 for profile in profiles
    ):
        return False
    if any(all(map(int.__le__, one, other)) for one, other in itertools.permutations(profiles, 2)):
        return False
    for i, most in enumerate(best):
        face = zip(*(profile for profile in profiles if profile[i] == most), strict=True)
        if all(any(column) for j, column in enumerate(face) if j != i):
            return True
    return False


def _improves(x: Payoffs, a: Payoffs) -> bool:
    return x != a and all(map(ge, x, a))


def _exact(profiles: Iterable[tuple[int, ...]]) -> tuple[Payoffs, ...]:
    return tuple(tuple(map(Fraction, profile)) for profile in profiles)


def _extreme(corners: tuple[Payoffs, ...]) -> tuple[Payoffs, ...]:
    """Return those that are corners of the convex hull."""
    play = Polytope(corners, 1, corners[0]).play
    return tuple(corners[int(k)] for k in play.corners)


def _canonical(example: Polytope) -> Polytope:
    """Return the same with the player numbered 1, and the PMM shifted to 0."""
    order = [example.player, *example.others]

    def moved(profile: Payoffs) -> Payoffs:
        return tuple(profile[i - 1] - example.pmm[i - 1] for i in order)

    return Polytope(tuple(sorted(map(moved, example.corners))), 1, moved(example.point))


def _mix(one: Payoffs, other: Payoffs, part: Fraction) -> Payoffs:
    """Return other + part (one - other)."""
    return tuple(y + part * (x - y) for x, y in zip(one, other, strict=True))


def _scale_to_integers(values: Sequence[Fraction]) -> Fraction:
    """Return the positive factor that makes these integers without a common divisor."""
    scale = math.lcm(*(value.denominator for value in values))
    return Fraction(scale, math.gcd(*(int(value * scale) for value in values)))
