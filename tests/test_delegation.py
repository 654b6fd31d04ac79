"""Delegated play agrees with brute force (``tests/oracle/delegation.py``)."""

from __future__ import annotations

import ast
from collections import Counter
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from oracle import delegation as oracle

import spi_verify.delegation
from spi_verify.delegation import (
    Book,
    find_failure,
    improve,
    isomorphisms,
    merge_duplicates,
    reduce,
    same_game,
)
from spi_verify.delegation.dominance import Dominating, Justifying, judge
from spi_verify.games import Game

BOTH = ("elimination", "isomorphism")
SETS_OF_ASSUMPTIONS = (BOTH, ("elimination",), ("isomorphism",), ())
CASES = 500


def built(game: oracle.Game) -> Game:
    return Game.from_outcomes({o: game[1][o] for o in product(*game[0])})


def plain(game: Game) -> oracle.Game:
    return game.actions, {o: game.payoffs(o) for o in game.outcomes()}


def cases(seed: int, count: int = CASES, **shape):
    rng = Random(seed)
    return [(rng, oracle.random_game(rng, **shape)) for _ in range(count)]


# Games and plays


def test_elimination_leaves_what_every_order_leaves():
    for rng, game in cases(1):
        found = reduce(built(game))
        for choose in (lambda steps: steps[0], rng.choice):
            assert oracle.same(plain(found.game), oracle.reduction(game, choose))


def test_each_step_of_the_certificate_is_a_dominated_action():
    for _, game in cases(2):
        for step in reduce(built(game)).steps:
            i = step.player - 1
            assert (i, step.action) in set(oracle.dominated(game))
            assert step.by in game[0][i]
            others = {o for o in game[1] if o[i] == step.action}
            assert all(game[1][(*o[:i], step.by, *o[i + 1 :])][i] > game[1][o][i] for o in others)
            game = oracle.without(game, i, step.action)


def test_isomorphisms_are_those_of_brute_force():
    counts = Counter()
    for rng, game in cases(3, 300):
        other = oracle.random_subset(rng, game)
        for one, two in ((game, other), (oracle.reduction(game), oracle.reduction(other))):
            maps = [
                {o: found.image(o) for o in one[1]}
                for found in isomorphisms(built(one), built(two))
            ]
            wanted = list(oracle.isomorphisms(one, two))
            assert sorted(map(repr, maps)) == sorted(map(repr, wanted))
            counts[min(len(maps), 2)] += 1
    assert all(counts[k] > 20 for k in (0, 1, 2))


def test_factors_and_constants_of_an_isomorphism_are_right():
    for rng, game in cases(4, 200):
        other = oracle.random_subset(rng, game)
        for found in isomorphisms(built(oracle.reduction(game)), built(oracle.reduction(other))):
            for o in found.source.outcomes():
                pays = found.target.payoffs(found.image(o))
                scales = zip(found.factors, found.constants, pays, strict=True)
                assert found.source.payoffs(o) == tuple(f * v + c for f, c, v in scales)
            assert min(found.factors) > 0


@pytest.mark.long
def test_a_pinned_isomorphism_is_found_exactly_where_there_is_one():
    for rng, game in cases(5, 100):
        one, two = oracle.reduction(game), oracle.reduction(oracle.random_subset(rng, game))
        source, target = built(one), built(two)
        wanted = {pair for phi in oracle.isomorphisms(one, two) for pair in phi.items()}
        for a, b in product(source.outcomes(), target.outcomes()):
            pins = [
                (own.index(x), images.index(y))
                for own, images, x, y in zip(source.actions, target.actions, a, b, strict=True)
            ]
            found = next(isomorphisms(source, target, pinned=pins), None)
            assert (found is not None) == ((a, b) in wanted)


def test_a_game_of_twelve_actions_each_and_its_shuffled_copy_are_matched():
    rng = np.random.default_rng(1)
    pays = rng.integers(0, 3, (12, 12, 2))
    rows, columns = rng.permutation(12), rng.permutation(12)
    source, target = Game.from_payoffs(pays), Game.from_payoffs(3 * pays[rows][:, columns] - 1)
    (found,) = isomorphisms(source, target)
    assert found.factors == (Fraction(1, 3),) * 2
    assert [rows[b] for b in found.maps[0]] == list(range(12))
    everything_alike = Game.from_payoffs(np.ones((12, 12, 2), dtype=int))
    assert next(isomorphisms(everything_alike, everything_alike)).maps[0] == tuple(range(12))


def test_games_with_other_orders_of_actions_are_the_same_game():
    game = Game.from_payoffs([[[1, 2], [3, 4]]], actions=[["a"], ["x", "y"]])
    turned = Game.from_payoffs([[[3, 4], [1, 2]]], actions=[["a"], ["y", "x"]])
    halves = Game.from_payoffs([[[3, 4], [1, Fraction(5, 2)]]], actions=[["a"], ["y", "x"]])
    assert same_game(game, turned)
    assert not same_game(game, halves)


def test_an_action_that_only_mixing_dominates_goes_where_mixing_is_allowed():
    game = Game.from_payoffs([[[3, 0], [0, 0]], [[0, 0], [3, 0]], [[1, 0], [1, 0]]])
    assert not reduce(game).steps
    (step,) = reduce(game, mixed=True).steps
    assert (step.player, step.action) == (1, "3")
    assert step.by == {"1": Fraction(1, 2), "2": Fraction(1, 2)}


def test_dominance_by_mixing_is_certified_either_way():
    for _, game in cases(6, 100):
        left = built(game)
        kept = [list(range(size)) for size in left.shape]
        for i, own in enumerate(left.actions):
            for a, action in enumerate(own):
                others = [o for o in game[1] if o[i] == action]
                at = lambda o, b, i=i, u=game[1]: u[(*o[:i], b, *o[i + 1 :])][i]  # noqa: E731
                match judge(left, kept, i, a):
                    case Dominating(lottery):
                        assert sum(lottery.values()) == 1
                        assert min(lottery.values()) > 0
                        mixed = [sum(w * at(o, b) for b, w in lottery.items()) for o in others]
                        assert all(m > at(o, action) for m, o in zip(mixed, others, strict=True))
                    case Justifying(belief):
                        assert sum(belief.values()) == 1
                        earned = {
                            b: sum(q * at((*s[:i], b, *s[i:]), b) for s, q in belief.items())
                            for b in own
                        }
                        assert earned[action] == max(earned.values())


def test_duplicates_are_merged_into_the_first():
    game = Game.from_payoffs([[[1, 2], [3, 4]], [[1, 2], [3, 4]], [[1, 2], [3, 3]]])
    merged = merge_duplicates(game)
    assert merged.game.actions == (("1", "3"), ("1", "2"))
    assert [(s.player, s.action, s.by) for s in merged.steps] == [(1, "2", "1")]


@pytest.mark.long
def test_a_book_satisfies_the_assumptions():
    for rng, game in cases(7, 60):
        family = [game, oracle.random_subset(rng, game), oracle.random_subset(rng, game)]
        family += [oracle.reduction(one) for one in family]
        for assumptions in SETS_OF_ASSUMPTIONS:
            book = Book(assumptions=assumptions)
            played = [book.play(built(one)) for one in family]
            for (one, a), (other, b) in product(zip(family, played, strict=True), repeat=2):
                assert (a, b) in oracle.plays(one, other, assumptions)


# Deciding


def strictness(rng: Random, game: oracle.Game):
    outcomes = rng.sample(sorted(game[1]), min(len(game[1]), rng.randint(1, 2)))
    return rng.choice([None, None, "somewhere", "everywhere", outcomes])


def decide_as_brute_force(seed: int, count: int) -> Counter:
    counts = Counter()
    for rng, game in cases(seed, count, actions=3 if seed % 2 else 2):
        second = oracle.random_subset(rng, game)
        first = game if rng.random() < 0.7 else oracle.random_subset(rng, game)
        assumptions = SETS_OF_ASSUMPTIONS[rng.choice((0, 0, 0, 1, 2, 3))]
        strict = strictness(rng, first)
        failure = find_failure(
            built(game), built(first), built(second), assumptions=assumptions, strict=strict
        )
        wanted = oracle.is_spi(game, first, second, assumptions, strict)
        assert (failure is None) == wanted, (game, first, second, assumptions, strict)
        counts[assumptions, str(strict)[:4], failure and failure.what] += 1
        if failure is not None and failure.what != "never-played":
            carry_out(failure, game, first, second, assumptions)
    return counts


def carry_out(failure, game, first, second, assumptions) -> None:
    """Let the book play both games."""
    book = failure.book(assumptions)
    a, b = book.play(built(first)), book.play(built(second))
    assert (a, b) == (failure.outcome, failure.image)
    assert (a, b) in oracle.plays(first, second, assumptions)
    if failure.what == "loss":
        assert game[1][b][failure.player - 1] < game[1][a][failure.player - 1]
    else:
        assert game[1][a] == game[1][b]


def test_improvements_are_decided_as_over_all_plays():
    counts = decide_as_brute_force(1, CASES)
    for what in (None, "loss", "no-gain", "no-gain-anywhere", "never-played"):
        assert sum(k for (_, _, w), k in counts.items() if w == what) >= 5, what


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_improvements_are_decided_as_over_all_plays_of_many_games(seed):
    decide_as_brute_force(seed, 1000)


# Finding


def find_as_brute_force(seed: int, count: int) -> Counter:
    counts = Counter()
    for _, game in cases(seed, count):
        found = improve(built(game), every=True)
        assert found.complete
        tied = [plain(one.game) for one in found.found if one.isomorphism]
        wanted = oracle.improvements(game)
        assert len(tied) == len(wanted)
        assert all(any(oracle.same(one, other) for other in tied) for one in wanted)
        single = [one.game.actions for one in found.found if one.isomorphism is None]
        wanted_single = [tuple((a,) for a in o) for o in oracle.single_outcomes(game)]
        assert sorted(single) == sorted(wanted_single)
        strict = {id(one) for one in found.found if one.strict}
        for one in found.found:
            somewhere = oracle.is_strict_somewhere(game, game, plain(one.game), BOTH)
            assert (id(one) in strict) == somewhere
        assert len(improve(built(game), every=True, strict=True).found) == len(strict)
        maximal_ones_are_left(game, found, improve(built(game)))
        counts[min(len(wanted), 2), bool(single)] += 1
    return counts


def maximal_ones_are_left(game, everything, found) -> None:
    """Those on which another one is a safe improvement are left out, and no others are."""
    games = [plain(one.game) for one in everything.found]
    better = {
        (k, m)
        for (k, one), (m, other) in product(enumerate(games), repeat=2)
        if oracle.is_safe(game, oracle.plays(one, other, BOTH))
    }
    everywhere = range(len(games))
    left = [
        one
        for k, one in enumerate(games)
        if not any((k, m) in better and (m, k) not in better for m in everywhere)
    ]
    assert len(found.found) == len(left)
    assert all(any(oracle.same(plain(a.game), b) for b in left) for a in found.found)


@pytest.mark.long
def test_improvements_are_those_of_all_injections():
    counts = find_as_brute_force(21, CASES)
    assert all(sum(counts[k, single] for single in (False, True)) >= 10 for k in (0, 1, 2))
    assert all(sum(counts[k, single] for k in (0, 1, 2)) >= 10 for single in (False, True))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(22, 26))
def test_improvements_are_those_of_all_injections_of_many_games(seed):
    find_as_brute_force(seed, 1000)


def unilateral_as_brute_force(seed: int, count: int, values=(0, 1)) -> Counter:
    """Where one player can improve strictly, it is found, and what is found is right."""
    counts = Counter()
    for rng, game in cases(seed, 100 * count, actions=2):
        i = rng.randrange(len(game[0]))
        found = improve(built(game), unilateral=i + 1, every=True)
        if sum(counts.values()) == 2 * count:
            break
        if sum(counts[exists, bool(found.found)] for exists in (False, True)) == count:
            continue
        for one in found.found:
            changed = plain(one.game)
            assert all(changed[0][j] == own for j, own in enumerate(game[0]) if j != i)
            assert all(
                v == game[1][o][j] for o, u in changed[1].items() for j, v in enumerate(u) if j != i
            )
            assert oracle.is_safe(game, oracle.plays(game, changed, BOTH))
            assert one.strict == oracle.is_strict_somewhere(game, game, changed, BOTH)
        exists = any(
            not oracle.same(oracle.reduction(one), oracle.reduction(game))
            and oracle.is_safe(game, oracle.plays(game, one, BOTH))
            and (oracle.is_strict_somewhere(game, game, one, BOTH))
            for one in oracle.unilateral_games(game, i, values)
        )
        strict = any(one.strict for one in found.found)
        assert strict or not exists, game
        counts[exists, bool(found.found)] += 1
    return counts


@pytest.mark.long
def test_where_one_player_can_improve_strictly_it_is_found():
    counts = unilateral_as_brute_force(41, 25)
    assert counts[True, True] >= 10
    assert counts[False, False] == 25


@pytest.mark.long
@pytest.mark.parametrize("seed", [42])
def test_where_one_player_can_improve_strictly_it_is_found_with_more_payoffs(seed):
    unilateral_as_brute_force(seed, 8, (0, 1, 2))


def none_is_left_out(seed: int, count: int, values: tuple[int, ...]) -> Counter:
    """Where any subset game with these payoffs is a strict improvement, one is found."""
    counts = Counter()
    for _, game in cases(seed, count, players=2, actions=2):
        if max(map(len, game[0])) > 2:
            continue
        exists = any(
            oracle.is_spi(game, game, one, BOTH, "somewhere")
            for one in oracle.subset_games(game, values)
        )
        found = improve(built(game), strict=True).found
        assert found or not exists, game
        assert all(oracle.is_spi(game, game, plain(one.game), BOTH, "somewhere") for one in found)
        counts[exists, bool(found)] += 1
    return counts


def test_no_improvement_with_any_actions_and_payoffs_is_left_out():
    counts = none_is_left_out(61, 150, (0, 1))
    assert counts[True, True] >= 3
    assert counts[False, False] >= 3


@pytest.mark.long
def test_no_improvement_with_any_actions_and_payoffs_is_left_out_of_many_games():
    none_is_left_out(62, 1000, (0, 1))


def of_graphs(small: np.ndarray, large: np.ndarray) -> Game:
    """A game whose reduced game has an injection that improves where a graph is in another.

    The diagonals pay most, so that both players' maps are the same; then edges go to edges.
    """
    left, size = len(small), len(small) + len(large)
    pays = np.zeros((size, size, 2), dtype=int)
    pays[:left, left:], pays[left:, :left] = (9, -9), (-9, 9)
    pays[:left, :left] = (small + 2 * np.eye(left, dtype=int))[:, :, None]
    pays[left:, left:] = (large + 2 * np.eye(len(large), dtype=int))[:, :, None]
    return Game.from_payoffs(pays)


def graph(rng: np.random.Generator, size: int, density: float) -> np.ndarray:
    upper = np.triu(rng.random((size, size)) < density, 1).astype(int)
    return upper + upper.T


def test_subgraphs_are_found_exactly_where_there_are_any():
    rng, counts = np.random.default_rng(1), Counter()
    for _ in range(30):
        small, large = graph(rng, 4, 0.8), graph(rng, 7, 0.5)
        exists = any(
            all(large[p[a], p[b]] >= small[a, b] for a in range(4) for b in range(4))
            for p in permutations(range(7), 4)
        )
        found = improve(of_graphs(small, large), every=True)
        assert found.complete
        into_large = [
            one
            for one in found.found
            if one.isomorphism and not set(one.game.actions[0]) & {"1", "2", "3", "4"}
        ]
        assert bool(into_large) == exists
        counts[exists] += 1
    assert min(counts.values()) >= 5


@pytest.mark.long
def test_a_hard_search_ends_at_its_limit_and_says_so():
    rng = np.random.default_rng(1)
    complete = np.ones((9, 9), dtype=int) - np.eye(9, dtype=int)
    found = improve(of_graphs(complete, graph(rng, 40, 0.5)))
    assert not found.complete
    assert found.nodes == 20_000


def planted(players: int, left: int, actions: int, seed: int) -> tuple[Game, list[list[int]]]:
    """A game whose first actions survive, and a better copy of them among the others."""
    rng = np.random.default_rng(seed)
    shape = (actions,) * players
    pays = rng.integers(3000, 4000, (*shape, players))
    for i in range(players):
        first = [slice(None)] * players
        first[i] = slice(0, left)
        others_late = np.zeros(shape, dtype=bool)
        for j in range(players):
            late = [slice(None)] * players
            late[j] = slice(left, None)
            if j != i:
                others_late[tuple(late)] = True
        mine = np.zeros(shape, dtype=bool)
        mine[tuple(first)] = True
        pays[mine & others_late, i] += 20_000
        pays[~mine & ~others_late, i] -= 3000
    early = np.ix_(*[range(left)] * players)
    pays[(np.arange(left),) * players] += 1000
    images = [(left + rng.permutation(actions - left)[:left]).tolist() for _ in range(players)]
    pays[np.ix_(*images)] = pays[early] + rng.integers(0, 3, (*(left,) * players, players))
    return Game.from_payoffs(pays), images


@pytest.mark.parametrize(("players", "left", "actions"), [(2, 8, 20), (2, 12, 40), (3, 3, 8)])
def test_a_planted_improvement_is_found_and_the_search_is_exhausted(players, left, actions):
    for seed in range(3):
        game, images = planted(players, left, actions, seed)
        assert reduce(game).game.shape == (left,) * players
        found = improve(game, every=True)
        assert found.complete
        maps = [
            [int(own[str(a + 1)]) - 1 for a in range(left)]
            for own in found.found[0].isomorphism.named
        ]
        assert maps == images
        assert len(found.found) == 1


def test_a_search_that_stops_says_that_it_is_not_complete():
    game, _ = planted(2, 3, 30, 1)
    game = Game.from_payoffs(game.scaled.T.reshape(30, 30, 2) // 1000)
    assert not improve(game, max_nodes=3).complete
    assert improve(game).complete


def test_the_room_imports_no_solver_and_its_files_are_small():
    for file in Path(spi_verify.delegation.__file__).parent.glob("*.py"):
        text = file.read_text()
        assert text.count("\n") < 500
        assert "z3" not in text
        assert "cvc5" not in text
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 60, node.name
