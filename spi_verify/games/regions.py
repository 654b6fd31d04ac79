"""Sets of payoff profiles that are unions of convex pieces, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from spi_verify.effort import spend
from spi_verify.errors import InputError
from spi_verify.games.correlated import planar_hull
from spi_verify.games.game import Payoffs

Piece = tuple[Payoffs, ...]
"""The corners of a convex piece: a point, both ends of a segment, or a polygon's in order."""

_CUT = 20  # steps that cutting a piece by a line is counted as, whether it is remembered or not
_REMEMBERED = 1024  # outcomes with equal payoffs, and other functions of a round, meet these again


@dataclass(frozen=True)
class Halfspace:
    """The payoff profiles x with c_1 x_1 + ... + c_n x_n <= bound.

    Parameters
    ----------
    coefficients
        c_1, ..., c_n.
    bound
        The right-hand side.
    """

    coefficients: tuple[Fraction, ...]
    bound: Fraction

    def excess(self, payoffs: Sequence[Fraction]) -> Fraction:
        """Return how far a profile is beyond the bound; at most 0 inside."""
        beyond = -self.bound
        for c, x in zip(self.coefficients, payoffs, strict=True):
            if c == -1:
                beyond -= x
            elif c:
                beyond += x if c == 1 else c * x
        return beyond


@dataclass(frozen=True)
class Region:
    """A closed set of payoff profiles: the union of finitely many convex pieces.

    Pieces that are more than points and segments are for two players. Supports ``&``, ``|``, ``in``
    and truth (whether it is not empty).

    Parameters
    ----------
    pieces
        Each as its corners. Two regions with different pieces can be the same set; everything
        that is computed from a region depends on the set only.

    >>> square = Region.polygon([(Fraction(x), Fraction(y)) for x in (0, 2) for y in (0, 2)])
    >>> (Fraction(1), Fraction(1)) in square
    True
    >>> bool(square & Region.points([(Fraction(3), Fraction(1))]))
    False
    """

    pieces: tuple[Piece, ...] = ()

    @classmethod
    def points(cls, profiles: Iterable[Payoffs]) -> Region:
        """Return a finite set."""
        return cls(tuple((profile,) for profile in sorted(set(profiles))))

    @classmethod
    def polygon(cls, corners: Iterable[Payoffs]) -> Region:
        """Return the convex hull of points, which may be none; of at most two if n > 2."""
        hull = _hull(list(corners))
        return cls((hull,) if hull else ())

    def within(self, halfspaces: Iterable[Halfspace]) -> Region:
        """Return the part of the set that lies in all of these halfspaces."""
        bounds = tuple(halfspaces)
        spend(_CUT * len(self.pieces) * len(bounds))
        kept = (_clip(piece, bounds) for piece in self.pieces)
        return Region(_distinct(kept))

    def edges(self) -> Iterator[tuple[Payoffs, Payoffs]]:
        """Iterate over the sides of the pieces; a point is a side with equal ends."""
        for piece in self.pieces:
            if len(piece) <= 2:
                yield piece[0], piece[-1]
            else:
                yield from zip(piece, (*piece[1:], piece[0]), strict=True)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def __contains__(self, profile: object) -> bool:
        assert isinstance(profile, tuple)
        spend(_CUT * len(self.pieces))
        return any(
            profile in piece or (len(piece) > 1 and _clip((profile,), _sides(piece)))
            for piece in self.pieces
        )

    def __or__(self, other: Region) -> Region:
        spend(_CUT * (len(self.pieces) + len(other.pieces)))
        return Region(tuple(sorted({*self.pieces, *other.pieces})))

    def __and__(self, other: Region) -> Region:
        spend(_CUT * len(self.pieces) * len(other.pieces))
        common = (_meet(a, b) for a in self.pieces for b in other.pieces)
        return Region(_distinct(common))

    def __le__(self, other: Region) -> bool:
        """Whether this is a subset, also where several pieces of the other set cover a piece."""
        return self.outside(other) is None

    def outside(self, other: Region) -> Payoffs | None:
        """Return a point of this set that is not in the other one, or None if there is none.

        Notes
        -----
        What a piece of the other set leaves of a convex piece lies beyond one of its sides. A
        closed set that covers the part beyond a side also covers its closure, which is convex
        again; so pieces of the other set are taken away one by one. Exponential in the number of
        those that overlap a piece in the worst case.

        >>> square = Region.polygon([(Fraction(x), Fraction(y)) for x in (0, 2) for y in (0, 2)])
        >>> halves = [square.within([Halfspace((Fraction(s), Fraction(0)), Fraction(s))])
        ...           for s in (1, -1)]
        >>> square.outside(halves[0] | halves[1])
        >>> print(*square.outside(halves[0]))
        3/2 1
        """
        found = (_uncovered(piece, other.pieces) for piece in self.pieces)
        return next((point for point in found if point is not None), None)


def _distinct(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return those that are not empty, each once and in order."""
    left = [piece for piece in pieces if piece]
    return tuple(sorted(set(left)) if len(left) > 1 else left)


def _uncovered(piece: Piece, pieces: Sequence[Piece]) -> Payoffs | None:
    """Return a point of a piece that is in none of some pieces, strictly beyond a side of each."""
    waiting = [(piece, 0)]
    while waiting:
        part, k = waiting.pop()
        if k == len(pieces):
            return tuple(sum(column, Fraction(0)) / len(part) for column in zip(*part, strict=True))
        spend(_CUT)
        excesses = [(s, [s.excess(corner) for corner in part]) for s in _sides(pieces[k])]
        if any(min(excess) >= 0 < max(excess) for _, excess in excesses):
            waiting.append((part, k + 1))
            continue
        beyond = [
            Halfspace(tuple(-c for c in side.coefficients), -side.bound)
            for side, excess in excesses
            if max(excess) > 0
        ]
        waiting += [(_clip(part, (side,)), k + 1) for side in reversed(beyond)]
    return None


@lru_cache(maxsize=_REMEMBERED)
def _meet(a: Piece, b: Piece) -> Piece:
    if len(a) == 1:
        return a if a[0] in Region((b,)) else ()
    if len(b) == 1:
        return b if b[0] in Region((a,)) else ()
    return _clip(a, _sides(b))


def _hull(corners: list[Payoffs]) -> Piece:
    distinct = sorted(set(corners))
    if len(distinct) <= 2:
        return tuple(distinct)
    if any(len(corner) != 2 for corner in corners):
        raise InputError("polygons are for two players; with more, give points and segments")
    return tuple(planar_hull(corners))


@lru_cache(maxsize=_REMEMBERED)
def _clip(piece: Piece, bounds: tuple[Halfspace, ...]) -> Piece:
    for bound in bounds:
        if not piece:
            break
        excess = [bound.excess(corner) for corner in piece]
        if max(excess) <= 0:
            continue
        if min(excess) > 0:
            return ()
        kept: dict[Payoffs, None] = {}  # as a set, in the order around the piece
        cyclic = zip(piece, piece[1:] + piece[:1], excess, excess[1:] + excess[:1], strict=True)
        for a, b, ea, eb in cyclic:
            if ea <= 0:
                kept[a] = None
            if min(ea, eb) < 0 < max(ea, eb):
                t = ea / (ea - eb)
                kept[tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))] = None
        piece = _from_least(tuple(kept))
    return piece


def _from_least(piece: Piece) -> Piece:
    """Return corners in order around a piece as those that begin at the least, as hulls do."""
    k = piece.index(min(piece))
    return piece[k:] + piece[:k]


@lru_cache(maxsize=_REMEMBERED)
def _sides(piece: Piece) -> tuple[Halfspace, ...]:
    """Return the halfspaces whose intersection is a point, a segment, or a polygon in the plane."""
    if len(piece) == 1:
        units = [
            tuple(Fraction(i == j) for j in range(len(piece[0]))) for i in range(len(piece[0]))
        ]
        return tuple(_side(tuple(s * c for c in unit), piece[0]) for unit in units for s in (1, -1))
    if len(piece) == 2:
        return tuple(_sides_of_segment(*piece))
    sides = []
    for (ax, ay), (bx, by) in zip(piece, (*piece[1:], piece[0]), strict=True):
        sides.append(Halfspace((by - ay, ax - bx), (by - ay) * ax + (ax - bx) * ay))
    return tuple(sides)


def _sides_of_segment(a: Payoffs, b: Payoffs) -> list[Halfspace]:
    step = tuple(y - x for x, y in zip(a, b, strict=True))
    sides = [_side(step, b), _side(tuple(-d for d in step), a)]
    pivot = next(j for j, d in enumerate(step) if d)
    for k, d in enumerate(step):
        if k != pivot:
            # step[pivot] (x_k - a_k) = d (x_pivot - a_pivot)
            across = [Fraction(0)] * len(step)
            across[k], across[pivot] = step[pivot], -d
            sides += [_side(tuple(across), a), _side(tuple(-c for c in across), a)]
    return sides


def _side(coefficients: Payoffs, on: Payoffs) -> Halfspace:
    """Return the halfspace with a point on its border."""
    terms = zip(coefficients, on, strict=True)
    return Halfspace(coefficients, sum((c * x for c, x in terms), Fraction(0)))
