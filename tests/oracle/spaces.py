"""Sets of outcomes, pure ones and lotteries, and what selection functions pick from them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from oracle.game import COMPARE, Game, linear, satisfied
from oracle.points import (
    ONE,
    ZERO,
    Half,
    Piece,
    Point,
    at_least,
    clip_all,
    covered,
    dominates,
    meet,
    neg,
)


def parse(text: str) -> Any:
    """Read a term of the short notation as nested lists; names in quotes keep a leading quote."""
    text = text.strip()
    if not text.startswith("("):
        text = f"({text})"
    tokens: list[str] = []
    k = 0
    while k < len(text):
        if text[k] in "()[]":
            tokens.append(text[k])
            k += 1
        elif text[k] == '"':
            end = text.index('"', k + 1)
            tokens.append(text[k:end])
            k = end + 1
        elif text[k].isspace():
            k += 1
        else:
            end = k
            while end < len(text) and text[end] not in '()[]" ':
                end += 1
            tokens.append(text[k:end])
            k = end
    return _term(iter(tokens))[0]


def _term(tokens: Any) -> list[Any]:
    found: list[Any] = []
    for token in tokens:
        if token in ")]":
            return found
        if token == "(":
            found.append(_term(tokens))
        elif token == "[":
            found.append(["point", *_term(tokens)])
        else:
            found.append(token)
    return found


Rule = list[Any]


def scores(rule: Rule, members: Sequence[Point], u: Point) -> tuple[Fraction, ...]:
    """Return the score of a profile; ``members`` has everybody's best in the set."""
    name, numbers = rule[0], [Fraction(x) for x in rule[1:]]
    if name in ("dictator", "lexicographic"):
        return tuple(u[int(x) - 1] for x in numbers)
    if name == "utilitarian":
        return (sum(u, ZERO),)
    if name == "maxmin":
        return (min(u),)
    if name == "leximin":
        return tuple(sorted(u))
    if name == "nash":
        gains = [x - d for x, d in zip(u, numbers, strict=True)]
        if min(gains) < 0:
            return (-ONE,)
        result = ONE
        for gain in gains:
            result *= gain
        return (result,)
    if name == "kalai-smorodinsky":
        ideal = [max(xs) - d for xs, d in zip(zip(*members, strict=True), numbers, strict=True)]
        relative = [
            (x - d) / best for x, d, best in zip(u, numbers, ideal, strict=True) if best > 0
        ]
        return (min(relative),) if relative else ()
    raise AssertionError(f"{name} is no selection function that model files can name")


class Pure:
    """Sets of pure outcomes, as frozensets of their numbers."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.everything = frozenset(range(len(game.pays)))
        self.nothing: frozenset[int] = frozenset()

    def starts(self) -> list[Any]:
        return self.game.starts()

    def listed(self, outcomes: Sequence[Any], payoffs: Sequence[Any]) -> frozenset[int]:
        assert not payoffs
        return frozenset(s.name for s in self.game.starts(outcomes) if isinstance(s.name, int))

    def within(self, texts: Sequence[str], start: Point) -> frozenset[int]:
        return frozenset(
            k
            for k, u in enumerate(self.game.pays)
            if all(self._inside(text, u, start) for text in texts)
        )

    def _inside(self, text: str, u: Point, start: Point) -> bool:
        if text == "improving":
            return at_least(u, start)
        return satisfied(text, _symbols(self.game, u))

    def projection(self, player: int, pays: Point) -> frozenset[int]:
        return self.game.pmp_pure(player, pays)

    def both(self, a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
        return a & b

    def either(self, a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
        return a | b

    def inside(self, a: frozenset[int], b: frozenset[int]) -> bool:
        return a <= b

    def holds(self, a: frozenset[int], member: int) -> bool:
        return member in a

    def pays(self, member: int) -> Point:
        return self.game.pays[member]

    def members(self, a: frozenset[int]) -> list[Point]:
        """Return payoffs among which are everybody's least and best."""
        return [self.game.pays[k] for k in sorted(a)]

    def choices(self, a: frozenset[int]) -> list[int]:
        """Return the efficient members."""
        pays = self.game.pays
        return [k for k in sorted(a) if not any(dominates(pays[j], pays[k]) for j in a)]

    def pick(self, rule: Rule, a: frozenset[int]) -> int:
        """Ties go to the first outcome of the game."""
        members = self.members(a)
        return max(self.choices(a), key=lambda k: (scores(rule, members, self.game.pays[k]), -k))


def _symbols(game: Game, u: Sequence[Fraction]) -> dict[str, Fraction]:
    return game.symbols(u) | {f"pmm{i + 1}": x for i, x in enumerate(game.pmm)}


class Hull:
    """Sets of payoff profiles of lotteries, as tuples of pieces."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.nothing: tuple[Piece, ...] = ()
        self.everything = (game.corners,) if len(game.players) <= 2 else None

    def starts(self) -> list[Any]:
        return list(self.game.starts(["any"]))

    def listed(self, outcomes: Sequence[Any], payoffs: Sequence[Any]) -> tuple[Piece, ...]:
        points = {s.pays for s in self.game.starts(outcomes)}
        points |= {tuple(map(Fraction, u)) for u in payoffs}
        return tuple((p,) for p in sorted(points))

    def within(self, texts: Sequence[str], start: Point) -> tuple[Piece, ...]:
        bounds: list[Half] = []
        for text in texts:
            bounds.extend(self.bounds(text, start))
        assert self.everything is not None
        found = clip_all(self.everything[0], bounds)
        return (found,) if found else ()

    def bounds(self, text: str, start: Point | None) -> list[Half]:
        """Return the half-spaces of a condition; strict ones as if they were not."""
        n = len(self.game.players)
        unit = [tuple(ONE if k == i else ZERO for k in range(n)) for i in range(n)]
        if text == "improving":
            assert start is not None
            return [(neg(e), -x) for e, x in zip(unit, start, strict=True)]
        parts, found = COMPARE.split(text), []
        for left, op, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):

            def excess(u: Point, left: str = left, right: str = right) -> Fraction:
                values = _symbols(self.game, u)
                return linear(left, values) - linear(right, values)

            zero = excess((ZERO,) * n)
            c = tuple(excess(e) - zero for e in unit)
            if op[0] in "<=":
                found.append((c, -zero))
            if op[0] in ">=":
                found.append((neg(c), zero))
        return found

    def projection(self, player: int, pays: Point) -> tuple[Piece, ...]:
        found = self.game.pmp_hull(player, pays)
        return (found,) if found else ()

    def both(self, a: Sequence[Piece], b: Sequence[Piece]) -> tuple[Piece, ...]:
        return tuple(meet(a, b))

    def either(self, a: Sequence[Piece], b: Sequence[Piece]) -> tuple[Piece, ...]:
        return tuple(sorted({*a, *b}))

    def inside(self, a: Sequence[Piece], b: Sequence[Piece]) -> bool:
        return all(covered(p, b) for p in a)

    def holds(self, a: Sequence[Piece], member: Point) -> bool:
        return self.inside([(member,)], a)

    def pays(self, member: Point) -> Point:
        return member

    def members(self, a: Sequence[Piece]) -> list[Point]:
        return sorted({p for corners in a for p in corners})

    def choices(self, a: Sequence[Piece]) -> list[Point]:
        """Return some of the efficient members: those at corners."""
        return [p for p in self.members(a) if self._efficient(p, a)]

    def has_all_choices(self, a: Sequence[Piece]) -> bool:
        """Say whether all efficient members are corners.

        Segments that are parallel to an axis, which is what there is but for two players, have
        one efficient end.
        """
        return len(self.game.players) != 2 or all(len(corners) == 1 for corners in a)

    def _efficient(self, p: Point, a: Sequence[Piece]) -> bool:
        n = len(p)
        above = [(tuple(-ONE if k == i else ZERO for k in range(n)), -p[i]) for i in range(n)]
        return all(clip_all(corners, above) in ((), (p,)) for corners in a)

    def pick(self, rule: Rule, a: Sequence[Piece]) -> Point:
        """Ties go to the greater payoff of player 1, then of player 2, and so on."""
        members = self.members(a)
        candidates = set(members)
        for corners in a:
            for p, q in combinations(corners, 2):
                candidates.update(_between(rule, members, p, q))
        best = max(candidates, key=lambda u: (scores(rule, members, u), u))
        assert self._efficient(best, a), (rule, a, best)
        return best


def _between(rule: Rule, members: Sequence[Point], p: Point, q: Point) -> list[Point]:
    """Return the inner points of a segment at which a score can peak or two can tie."""
    n = len(p)
    forms: list[tuple[Fraction, Fraction]] = []  # values at p and at q of what can be 0 at a peak
    if rule[0] in ("maxmin", "leximin"):
        forms = [(p[i] - p[j], q[i] - q[j]) for i, j in combinations(range(n), 2)]
    if rule[0] == "kalai-smorodinsky":
        d = [Fraction(x) for x in rule[1:]]
        ideal = [max(xs) - x for xs, x in zip(zip(*members, strict=True), d, strict=True)]
        gains = [
            ((p[i] - d[i]) / ideal[i], (q[i] - d[i]) / ideal[i]) for i in range(n) if ideal[i] > 0
        ]
        forms = [(a[0] - b[0], a[1] - b[1]) for a, b in combinations(gains, 2)]
        forms += [(p[i] - d[i], q[i] - d[i]) for i in range(n)]
    if rule[0] == "nash":
        d = [Fraction(x) for x in rule[1:]]
        forms = [(p[i] - d[i], q[i] - d[i]) for i in range(n)]
        if n == 2:
            # The derivative of the product at p and at q.
            slope = [q[i] - p[i] for i in range(2)]
            at_p, at_q = ((u[0] - d[0]) * slope[1] + (u[1] - d[1]) * slope[0] for u in (p, q))
            forms.append((at_p, at_q))
    found = []
    for a, b in forms:
        if (a < 0 < b) or (b < 0 < a):
            t = a / (a - b)
            found.append(tuple(x + t * (y - x) for x, y in zip(p, q, strict=True)))
    return found
