"""Formulas over parameters for claims about delegated play: what survives, and what is isomorphic.

They follow the definitions, and not :mod:`spi_verify.delegation`, which decides the same claims for
fixed parameters: elimination goes in rounds, all bijections are tried, and nothing is used that has
to be proved about isomorphisms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product
from math import factorial, prod

import z3

from spi_verify.claims.formulas import Formulas
from spi_verify.errors import Undecided
from spi_verify.games.expressions import Expression, Linear
from spi_verify.games.game import Outcome
from spi_verify.games.quotients import product as times

Actions = tuple[tuple[str, ...], ...]
Strict = str | Sequence[Sequence[str]] | None
MAX_OPEN = 8
"""So many actions, of both games, may survive for some parameters and not for others."""
MAX_BIJECTIONS = 1_000


@dataclass(frozen=True)
class Family:
    """A game whose payoffs are expressions in parameters."""

    actions: Actions
    pays: Mapping[Outcome, tuple[Expression, ...]]


def family_of(over: Formulas, name: str | None) -> Family:
    """Return the game, or a subset game."""
    if name is None:
        game = over.outline.game
        return Family(game.actions, dict(zip(game.outcomes(), over.payoffs, strict=False)))
    return Family(over.outline.subset_games[name].actions, over.subset_payoffs[name])


def survives(over: Formulas, game: Family) -> list[dict[str, z3.BoolRef]]:
    """Say for each player's action that it survives iterated elimination."""
    alive = [dict.fromkeys(own, z3.BoolVal(True)) for own in game.actions]
    for _ in range(sum(len(own) - 1 for own in game.actions)):
        after = [
            {
                a: z3.simplify(z3.And(alive[i][a], _undominated(over, game, alive, i, a)))
                for a in own
            }
            for i, own in enumerate(game.actions)
        ]
        if all(z3.eq(after[i][a], alive[i][a]) for i, own in enumerate(game.actions) for a in own):
            break
        alive = after
    return alive


def _undominated(
    over: Formulas, game: Family, alive: Sequence[Mapping[str, z3.BoolRef]], i: int, action: str
) -> z3.BoolRef:
    """Say that no action that is left dominates an action against what is left."""
    safe = []
    for by in game.actions[i]:
        if by == action or z3.is_false(alive[i][by]):
            continue
        excused = []
        for profile in product(*(own[:1] if j == i else own for j, own in enumerate(game.actions))):
            there = [alive[j][a] for j, a in enumerate(profile) if j != i]
            gain = game.pays[_with(profile, i, by)][i] - game.pays[_with(profile, i, action)][i]
            excused.append(z3.And(*there, over.sign(gain, "<=")))
        safe.append(z3.Or(z3.Not(alive[i][by]), *excused))
    return z3.And(*safe)


def _with(profile: Outcome, i: int, action: str) -> Outcome:
    return (*profile[:i], action, *profile[i + 1 :])


def _possible(
    alive: Sequence[Mapping[str, z3.BoolRef]],
) -> Iterator[tuple[Actions, z3.BoolRef]]:
    """Iterate over what may survive, with what says that exactly this does."""
    opened = [
        (i, a) for i, own in enumerate(alive) for a, said in own.items() if not _settled(said)
    ]
    if len(opened) > MAX_OPEN:
        raise Undecided(
            f"whether {len(opened)} actions survive depends on the parameters, and this is decided "
            f"for up to {MAX_OPEN}; add constraints, or fix parameters"
        )
    for size in range(len(opened) + 1):
        for left in combinations(opened, size):
            kept = tuple(
                tuple(a for a, said in own.items() if z3.is_true(said) or (i, a) in left)
                for i, own in enumerate(alive)
            )
            said = [alive[i][a] if (i, a) in left else z3.Not(alive[i][a]) for i, a in opened]
            if all(kept):
                yield kept, z3.And(*said)


def _settled(said: z3.BoolRef) -> bool:
    return bool(z3.is_true(said) or z3.is_false(said))


def exactly_these_survive(over: Formulas, name: str | None, listed: Actions) -> z3.BoolRef:
    """Say that exactly these actions survive elimination."""
    alive = survives(over, family_of(over, name))
    return z3.And(
        *(
            said if a in own else z3.Not(said)
            for own, mine in zip(listed, alive, strict=True)
            for a, said in mine.items()
        )
    )


def some_isomorphism(over: Formulas, one: Family, other: Family) -> z3.BoolRef:
    """Say that two games are isomorphic."""
    return z3.Or(*(said for _, said in _isomorphisms(over, one, other)))


def _isomorphisms(
    over: Formulas, one: Family, other: Family
) -> list[tuple[dict[Outcome, Outcome], z3.BoolRef]]:
    """Return all products of bijections, with what says that each is an isomorphism."""
    if list(map(len, one.actions)) != list(map(len, other.actions)):
        return []
    count = prod(factorial(len(own)) for own in one.actions)
    if count > MAX_BIJECTIONS:
        raise Undecided(
            f"there are {count:,} bijections between what may be left of the games, and with "
            f"parameters up to {MAX_BIJECTIONS:,} are tried"
        )
    outcomes, found = list(product(*one.actions)), []
    for images in product(*map(permutations, other.actions)):
        maps = [
            dict(zip(own, new, strict=True)) for own, new in zip(one.actions, images, strict=True)
        ]
        phi = {o: tuple(m[a] for m, a in zip(maps, o, strict=True)) for o in outcomes}
        said = _affine(over, [(one.pays[o], other.pays[phi[o]]) for o in outcomes])
        if not z3.is_false(said):
            found.append((phi, said))
    return found


def _affine(
    over: Formulas, pairs: Sequence[tuple[Sequence[Expression], Sequence[Expression]]]
) -> z3.BoolRef:
    """Say that each player's payoffs are changed by a positive affine map.

    Differences have the same signs, and the same ratios to those from the first outcome.
    """
    parts: list[z3.BoolRef] = []
    ratios: list[tuple[Expression, Expression, Expression, Expression]] = []
    for i in range(len(pairs[0][0])):
        gaps = [(u[i] - pairs[0][0][i], v[i] - pairs[0][1][i]) for u, v in pairs[1:]]
        for (u, v), (x, y) in combinations([(_ZERO, _ZERO), *gaps], 2):
            for relation in ("<", "="):
                before, after = over.sign(u - x, relation), over.sign(v - y, relation)
                parts.append(z3.simplify(before == after))
                if z3.is_false(parts[-1]):
                    return parts[-1]
        ratios += [(u, y, x, v) for (u, v), (x, y) in combinations(gaps, 2)]
    for factors in ratios:
        u, y, x, v = factors
        parts.append(over.sign(times(u, y) - times(x, v), "="))
        if z3.is_false(parts[-1]):
            return parts[-1]
    return z3.And(*parts)


_ZERO: Expression = Linear(Fraction(0))


def same_pays(over: Formulas, one: Family, other: Family) -> z3.BoolRef:
    """Say that two games are one and the same."""
    if list(map(set, one.actions)) != list(map(set, other.actions)):
        return z3.BoolVal(False)
    return z3.And(
        *(
            over.sign(u - v, "=")
            for o in product(*one.actions)
            for u, v in zip(one.pays[o], other.pays[o], strict=True)
        )
    )


def is_spi(
    over: Formulas,
    names: tuple[str | None, str],
    assumptions: Collection[str],
    strict: Strict,
) -> z3.BoolRef:
    """Say that a subset game is an SPI on a game, whatever is played under assumptions."""
    one, other = (family_of(over, name) for name in names)
    judging = family_of(over, None).pays
    survivors = [survives(over, game) for game in (one, other)]
    undominated = z3.And(*(said for alive in survivors for own in alive for said in own.values()))
    if "elimination" not in assumptions:
        survivors = [
            [dict.fromkeys(own, z3.BoolVal(True)) for own in g.actions] for g in (one, other)
        ]
    cases = []
    for (mine, said), (theirs, also_said) in product(*(list(_possible(s)) for s in survivors)):
        first, second = Family(mine, one.pays), Family(theirs, other.pays)
        played = _Played(over, judging, list(product(*mine)), list(product(*theirs)), strict)
        if z3.is_false(played.named):
            continue
        tied = []
        if "isomorphism" in assumptions:
            tied = _isomorphisms(over, first, second)
        if "elimination" not in assumptions:
            tied = [(phi, z3.And(iso, undominated)) for phi, iso in tied]
        same = same_pays(over, first, second)
        isomorphic = z3.Or(*(iso for _, iso in tied))
        by_each = z3.And(*(z3.Implies(iso, played.by(phi)) for phi, iso in tied))
        apart = z3.If(isomorphic, by_each, played.free())
        good = z3.If(same, z3.BoolVal(strict is None), apart)
        cases.append(z3.And(said, also_said, good))
    return z3.Or(*cases)


@dataclass(frozen=True)
class _Played:
    """What may be played in two games, and whether nobody loses and somebody gains."""

    over: Formulas
    judging: Mapping[Outcome, tuple[Expression, ...]]
    first: Sequence[Outcome]
    second: Sequence[Outcome]
    strict: Strict

    @property
    def named(self) -> z3.BoolRef:
        """That the outcomes survive at which the claim says that somebody gains."""
        if self.strict is None or isinstance(self.strict, str):
            return z3.BoolVal(True)
        return z3.BoolVal({tuple(o) for o in self.strict} <= set(self.first))

    def safe(self, a: Outcome, b: Outcome) -> z3.BoolRef:
        return z3.And(*(self.over.sign(g, ">=") for g in self._gains(a, b)))

    def differs(self, a: Outcome, b: Outcome) -> z3.BoolRef:
        return z3.Or(*(z3.Not(self.over.sign(g, "=")) for g in self._gains(a, b)))

    def _gains(self, a: Outcome, b: Outcome) -> list[Expression]:
        return [v - u for u, v in zip(self.judging[a], self.judging[b], strict=True)]

    def by(self, phi: Mapping[Outcome, Outcome]) -> z3.BoolRef:
        """Say that an isomorphism only improves, and where it has to, strictly."""
        return self._good({a: [b] for a, b in phi.items()})

    def free(self) -> z3.BoolRef:
        """Say the same where anything can be played together with anything."""
        return self._good(dict.fromkeys(self.first, self.second))

    def _good(self, pairs: Mapping[Outcome, Sequence[Outcome]]) -> z3.BoolRef:
        safe = z3.And(*(self.safe(a, b) for a, images in pairs.items() for b in images))
        if self.strict is None:
            return safe
        gains = {a: z3.And(*(self.differs(a, b) for b in images)) for a, images in pairs.items()}
        if self.strict == "somewhere":
            return z3.And(safe, z3.Or(*gains.values()))
        if self.strict == "everywhere":
            return z3.And(safe, *gains.values())
        return z3.And(safe, *(gains[tuple(o)] for o in self.strict))


def unchanged_for_others(over: Formulas, names: tuple[str | None, str], player: int) -> z3.BoolRef:
    """Say that all but one player keep actions and payoffs."""
    one, other = (family_of(over, name) for name in names)
    others = [j for j in range(len(one.actions)) if j != player - 1]
    if any(set(one.actions[j]) != set(other.actions[j]) for j in others):
        return z3.BoolVal(False)
    inside = product(*other.actions)
    return z3.And(
        *(over.sign(other.pays[o][j] - one.pays[o][j], "=") for o in inside for j in others)
    )
