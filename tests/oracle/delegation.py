"""Delegation by brute force, from the definitions: dicts of Fractions, and every case gone through.

A game is a pair: each player's list of actions, and a dict from outcomes to payoff profiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from random import Random
from typing import Any

from oracle.game import number

Outcome = tuple[str, ...]
Game = tuple[tuple[tuple[str, ...], ...], dict[Outcome, tuple[Fraction, ...]]]
Map = dict[Outcome, Outcome]


def random_game(rng: Random, players: int = 3, actions: int = 3) -> Game:
    """Any shape, payoffs with many ties or with few."""
    n = rng.randint(1, players)
    names = tuple(
        tuple(f"{'abcdef'[i]}{k}" for k in range(rng.randint(1, actions + (n == 2))))
        for i in range(n)
    )
    most, unit = rng.choice((1, 2, 4, 20)), rng.choice((1, 1, 3))
    pays = {o: tuple(Fraction(rng.randint(0, most), unit) for _ in names) for o in product(*names)}
    return names, tempting(rng, names, pays, most) if rng.random() < 0.6 else pays


def tempting(rng: Random, names, pays, most: int) -> dict[Outcome, tuple[Fraction, ...]]:
    """Let some actions be dominated by others, which hurts where all play the dominated ones."""
    hawks = [set(rng.sample(own, rng.randint(1, (len(own) + 1) // 2))) for own in names]
    changed, peace = {}, rng.choice((0, 1, most))
    for o, u in pays.items():
        harsh = [a in hawk for a, hawk in zip(o, hawks, strict=True)]
        changed[o] = tuple(
            v + (most + 1) * (mine - (not mine and any(harsh)))
            if any(harsh) and not all(harsh)
            else v + (not any(harsh)) * rng.randint(0, peace)
            for mine, v in zip(harsh, u, strict=True)
        )
    return changed


def random_subset(rng: Random, game: Game) -> Game:
    """A subset game: with any payoffs, with those of the game, or a copy of the reduced game."""
    names, pays = game
    if rng.random() < 0.5:
        reduced, their = reduction(game)
        chosen = [rng.sample(own, len(kept)) for own, kept in zip(names, reduced, strict=True)]
        factors = [(Fraction(rng.randint(1, 3)), Fraction(rng.randint(-1, 1))) for _ in names]
        back = [
            dict(zip(own, kept, strict=True)) for own, kept in zip(chosen, reduced, strict=True)
        ]
        own = tuple(map(tuple, chosen))
        values = {}
        for o in product(*own):
            before = their[tuple(b[a] for b, a in zip(back, o, strict=True))]
            values[o] = tuple(f * u + c for (f, c), u in zip(factors, before, strict=True))
        return own, values
    own = tuple(tuple(rng.sample(row, rng.randint(1, len(row)))) for row in names)
    if rng.random() < 0.5:
        return own, {o: pays[o] for o in product(*own)}
    return own, {o: tuple(Fraction(rng.randint(0, 2)) for _ in names) for o in product(*own)}


def dominated(game: Game) -> Iterator[tuple[int, str]]:
    """Every action that another one strictly dominates."""
    names, pays = game
    for i, own in enumerate(names):
        others = list(product(*(names[:i] + names[i + 1 :])))
        for a, b in permutations(own, 2):
            if all(pays[(*o[:i], b, *o[i:])][i] > pays[(*o[:i], a, *o[i:])][i] for o in others):
                yield i, a
                break


def without(game: Game, i: int, action: str) -> Game:
    names, pays = game
    left = tuple(tuple(a for a in own if (j, a) != (i, action)) for j, own in enumerate(names))
    return left, {o: u for o, u in pays.items() if o[i] != action}


def reduction(
    game: Game,
    choose: Callable[[list], tuple[int, str]] = lambda found: found[0],
    dominated: Callable[[Game], Iterator[tuple[int, str]]] = dominated,
) -> Game:
    while found := list(dominated(game)):
        game = without(game, *choose(found))
    return game


def same(one: Game, other: Game) -> bool:
    return one[1] == other[1]


def isomorphisms(one: Game, other: Game) -> Iterator[Map]:
    """Every product of bijections for which some λ > 0 and c exist for each player."""
    if list(map(len, one[0])) != list(map(len, other[0])):
        return
    for images in product(*map(permutations, other[0])):
        maps = [dict(zip(own, img, strict=True)) for own, img in zip(one[0], images, strict=True)]
        phi = {o: tuple(m[a] for m, a in zip(maps, o, strict=True)) for o in one[1]}
        if all(
            affine([(one[1][o][i], other[1][phi[o]][i]) for o in phi]) for i in range(len(maps))
        ):
            yield phi


def affine(pairs: list[tuple[Fraction, Fraction]]) -> bool:
    """Whether u = λ v + c with λ > 0 for all of the pairs (u, v)."""
    u0, v0 = pairs[0]
    other = next(((u, v) for u, v in pairs if v != v0), None)
    if other is None:
        return all(u == u0 for u, _ in pairs)
    factor = (other[0] - u0) / (other[1] - v0)
    return factor > 0 and all(u == factor * (v - v0) + u0 for u, v in pairs)


Dominated = Callable[[Game], Iterator[tuple[int, str]]]


def plays(
    first: Game, second: Game, assumptions: Iterable[str], dominated: Dominated = dominated
) -> set[tuple[Outcome, Outcome]]:
    """What is played in two games, over all plays of these and of all that elimination leads to.

    A play gives every game of the family an outcome. Assumption 1 is asked for each single
    elimination, in every order, and Assumption 2 for each pair of games without dominated actions.
    """
    family: list[Game] = []
    waiting = [first, second]
    while waiting:
        game = waiting.pop()
        if not any(same(game, known) for known in family):
            family.append(game)
            waiting += [without(game, *step) for step in dominated(game)]
    allowed: list[tuple[int, int, set[tuple[Outcome, Outcome]]]] = []
    where = lambda game: next(k for k, known in enumerate(family) if same(game, known))  # noqa: E731
    if "elimination" in assumptions:
        for k, game in enumerate(family):
            for step in set(dominated(game)):
                left = without(game, *step)
                allowed.append((k, where(left), {(o, o) for o in left[1]}))
    if "isomorphism" in assumptions:
        for (k, one), (m, other) in combinations(enumerate(family), 2):
            if not any(dominated(one)) and not any(dominated(other)):
                maps = list(isomorphisms(one, other))
                if maps:
                    allowed.append((k, m, {pair for phi in maps for pair in phi.items()}))
    found = set()
    one, other = where(first), where(second)
    order = [one, other] + [k for k in range(len(family)) if k not in (one, other)]
    order = list(dict.fromkeys(order))

    def extend(play: dict[int, Outcome]) -> bool:
        if len(play) == len(order):
            return True
        k = order[len(play)]
        for o in family[k][1]:
            longer = play | {k: o}
            if all(
                (longer[p], longer[q]) in pairs
                for p, q, pairs in allowed
                if k in (p, q) and p in longer and q in longer
            ) and extend(longer):
                return True
        return False

    for a, b in product(family[one][1], family[other][1]):
        if (
            (one != other or a == b)
            and fits({one: a, other: b}, allowed)
            and extend(dict.fromkeys([one], a) | {other: b})
        ):
            found.add((a, b))
    return found


def fits(play: dict[int, Outcome], allowed: list) -> bool:
    return all((play[p], play[q]) in s for p, q, s in allowed if p in play and q in play)


def is_safe(judging: Game, pairs: Iterable[tuple[Outcome, Outcome]]) -> bool:
    pays = judging[1]
    return all(v >= u for a, b in pairs for u, v in zip(pays[a], pays[b], strict=True))


def is_strict(judging: Game, pairs: set, outcomes: Iterable[Outcome] | None) -> bool:
    """Whether all that occurs, or all of these, occurs and gets better for somebody."""
    wanted = {a for a, _ in pairs} if outcomes is None else set(outcomes)
    if not wanted <= {a for a, _ in pairs}:
        return False
    return all(judging[1][a] != judging[1][b] for a, b in pairs if a in wanted)


def is_strict_somewhere(
    judging: Game,
    first: Game,
    second: Game,
    assumptions: Sequence[str],
    dominated: Dominated = dominated,
) -> bool:
    """Whether every way to play one game as the other is better at some outcome; it is safe."""
    pays = judging[1]
    if "elimination" in assumptions:
        first, second = (reduction(g, dominated=dominated) for g in (first, second))
    if same(first, second):
        return False
    maps: list[Map] = []
    if "isomorphism" in assumptions and not any(dominated(first)) and not any(dominated(second)):
        maps = list(isomorphisms(first, second))
    if maps:
        return all(any(pays[a] != pays[b] for a, b in phi.items()) for phi in maps)
    return any(all(pays[a] != pays[b] for b in second[1]) for a in first[1])


def improvements(game: Game) -> list[Game]:
    """Every game that an injection of the reduced game gives, each once, the trivial one not."""
    names, pays = game
    reduced, before = reduction(game)
    found: list[Game] = []
    for images in product(
        *(permutations(own, len(kept)) for own, kept in zip(names, reduced, strict=True))
    ):
        maps = [
            dict(zip(kept, img, strict=True)) for kept, img in zip(reduced, images, strict=True)
        ]
        phi = {o: tuple(m[a] for m, a in zip(maps, o, strict=True)) for o in before}
        if all(v >= u for o in phi for u, v in zip(pays[o], pays[phi[o]], strict=True)):
            copy = tuple(map(tuple, images)), {phi[o]: before[o] for o in before}
            if not same(copy, (reduced, before)) and not any(same(copy, one) for one in found):
                found.append(copy)
    return found


def single_outcomes(game: Game) -> list[Outcome]:
    """Every outcome that is at least as good for all as everything that survives elimination."""
    left = reduction(game)[1]
    return [
        b
        for b, v in game[1].items()
        if len(left) > 1 and all(y >= x for u in left.values() for x, y in zip(u, v, strict=True))
    ]


def unilateral_games(game: Game, i: int, values: Sequence[int]) -> Iterator[Game]:
    """Every game that differs in player i's actions and payoffs only, with these payoffs."""
    names, pays = game
    for size in range(1, len(names[i]) + 1):
        for own in combinations(names[i], size):
            actions = (*names[:i], own, *names[i + 1 :])
            outcomes = list(product(*actions))
            for numbers in product(values, repeat=len(outcomes)):
                yield (
                    actions,
                    {
                        o: (*pays[o][:i], Fraction(v), *pays[o][i + 1 :])
                        for o, v in zip(outcomes, numbers, strict=True)
                    },
                )


def subset_games(game: Game, values: Sequence[int]) -> Iterator[Game]:
    """Every subset game with these payoffs."""
    names, _ = game
    subsets = [
        [own for size in range(1, len(row) + 1) for own in combinations(row, size)] for row in names
    ]
    for actions in product(*subsets):
        outcomes = list(product(*actions))
        for numbers in product(values, repeat=len(outcomes) * len(names)):
            rows = zip(*[iter(map(Fraction, numbers))] * len(names), strict=True)
            yield actions, dict(zip(outcomes, rows, strict=True))


KINDS = ("payoff-transformation-spi", "dominance-reduction", "isomorphic", "token-spi")


def at(data: Mapping[str, Any], values: Mapping[str, Fraction]) -> Mapping[str, Any]:
    """Return a model with numbers in the place of expressions in parameters."""
    if not values:
        return data
    tables = {"game": data["game"], **data.get("subset-games", {})}
    found = {
        name: {**table, "payoffs": evaluated(table["payoffs"], values)}
        if "payoffs" in table
        else table
        for name, table in tables.items()
    }
    return {**data, "game": found.pop("game"), "subset-games": found}


def evaluated(cell: Any, values: Mapping[str, Fraction]) -> Any:
    if isinstance(cell, list):
        return [evaluated(inner, values) for inner in cell]
    return number(cell, values)


def holds(data: Mapping[str, Any], claim: Mapping[str, Any]) -> bool | None:
    """Whether a claim about a model holds; None where this brute force does not say."""
    game = read(data["game"], None)
    if claim["kind"] == "token-spi":
        return is_token_spi(data["token-games"][claim["token-game"]], game, claim)
    named = claim.get("game")
    first = game if named is None else read(data["subset-games"][named], game)
    if claim["kind"] == "dominance-reduction":
        left = reduction(first)
        if claim.get("dominance") == "mixed":
            mixed = mixed_reduction(left)
            if mixed is None:
                return None
            left = mixed
        return [set(own) for own in left[0]] == [set(own) for own in claim["actions"]]
    second = read(data["subset-games"][claim["subset-game"]], game)
    if claim["kind"] == "isomorphic":
        return any(True for _ in isomorphisms(first, second))
    assumptions = claim.get("assumptions", ["elimination", "isomorphism"])
    if not is_unilateral(claim.get("unilateral"), first, second):
        return False
    stated = claim.get("strict"), claim.get("dominance", "pure")
    return is_spi(game, first, second, assumptions, *stated)


def is_spi(
    game: Game,
    first: Game,
    second: Game,
    assumptions: Sequence[str],
    strict: Any,
    dominance: str = "pure",
) -> bool | None:
    """Whether no play that the assumptions allow makes anybody worse off, and it is strict."""
    by = dominated
    if dominance == "mixed":
        by = dominated_by_two
        if max(len(own) for names, _ in (first, second) for own in names) > 3:
            return None
    pairs = plays(first, second, assumptions, by)
    if strict is None or not is_safe(game, pairs):
        return is_safe(game, pairs)
    if strict == "somewhere":
        return is_strict_somewhere(game, first, second, assumptions, by)
    outcomes = None if strict == "everywhere" else list(map(tuple, strict))
    return is_strict(game, pairs, outcomes)


def is_token_spi(table: Mapping[str, Any], game: Game, claim: Mapping[str, Any]) -> bool | None:
    """The same for tokens: their actions are new, so that one dict says what everything pays."""
    actions = table.get("actions") or [[f"{a}'" for a in own] for own in game[0]]
    pays = read({"actions": actions, "payoffs": table["pays"]}, None)[1]
    if "payoffs" in table:
        tokens = read({"actions": actions, "payoffs": table["payoffs"]}, None)
    else:
        values = dict(zip(product(*actions), game[1].values(), strict=True))
        tokens = tuple(map(tuple, actions)), values
    judging = (game[0], {**game[1], **pays})
    assumptions = claim.get("assumptions", ["elimination", "isomorphism"])
    stated = claim.get("strict"), claim.get("dominance", "pure")
    return is_spi(judging, game, tokens, assumptions, *stated)


def is_unilateral(player: int | None, first: Game, second: Game) -> bool:
    others = [] if player is None else [j for j in range(len(first[0])) if j != player - 1]
    return all(set(first[0][j]) == set(second[0][j]) for j in others) and all(
        first[1][o][j] == u[j] for o, u in second[1].items() for j in others
    )


def read(table: Mapping[str, Any], game: Game | None) -> Game:
    """Read a table of a model file."""
    names = tuple(map(tuple, table["actions"]))
    if "payoffs" not in table:
        assert game is not None
        return names, {o: game[1][o] for o in product(*names)}
    pays = {}
    for places in product(*(range(len(own)) for own in names)):
        cell = table["payoffs"]
        for p in places:
            cell = cell[p]
        outcome = tuple(own[p] for own, p in zip(names, places, strict=True))
        pays[outcome] = tuple(map(Fraction, cell))
    return names, pays


def mixed_reduction(game: Game) -> Game | None:
    """Eliminate what mixing two actions dominates; None where there are more than two others."""
    while True:
        names, pays = game
        gone = None
        for i, own in enumerate(names):
            if len(own) > 3:
                return None
            others = list(product(*(names[:i] + names[i + 1 :])))
            for a in own:
                rest = [b for b in own if b != a]
                rows = [[pays[(*o[:i], b, *o[i:])][i] for o in others] for b in (a, *rest)]
                if rest and mixes(rows[0], rows[1], rows[-1]):
                    gone = i, a
        if gone is None:
            return game
        game = without(game, *gone)


def dominated_by_two(game: Game) -> Iterator[tuple[int, str]]:
    """Every action that another one, or a mixture of two others, strictly dominates."""
    names, pays = game
    for i, own in enumerate(names):
        others = list(product(*(names[:i] + names[i + 1 :])))
        row = {a: [pays[(*o[:i], a, *o[i:])][i] for o in others] for a in own}
        for a in own:
            rest = [b for b in own if b != a]
            if any(mixes(row[a], row[b], row[c]) for b in rest for c in rest):
                yield i, a


def mixes(own: Sequence[Fraction], one: Sequence[Fraction], other: Sequence[Fraction]) -> bool:
    """Whether some w from 0 to 1 has w one + (1 - w) other > own everywhere."""
    ends = {Fraction(0), Fraction(1)}
    for a, x, y in zip(own, one, other, strict=True):
        if x != y:
            ends.add((a - y) / (x - y))
    inside = sorted(w for w in ends if 0 <= w <= 1)
    tried = inside + [(v + w) / 2 for v, w in pairwise(inside)]
    return any(
        all(w * x + (1 - w) * y > a for a, x, y in zip(own, one, other, strict=True)) for w in tried
    )
