"""What Theorem 15 says that two players achieve by tokens is what exact linear programs say.

For hulls in the plane, and plays drawn at random; and in a small structure all that the proof rests
on holds together.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction as Q

import pytest
from test_delegation_paper import FOLDER, dominated, game, with_definitions

from spi_verify.games.linear_program import Infeasible, LinearProgram, solve
from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds

# Hulls in the plane, exactly


def feasible(columns, right):
    return not isinstance(solve(LinearProgram(columns, right, [0] * len(columns))), Infeasible)


def achieved(hull, support, y):
    """Whether what is played can stand for points of the hull no less, and for y on average.

    ``support`` has a probability for each of the payoffs that are played. The rows are: weights of
    the hull's points add up to 1, for each of them; what they stand for, less what is more than
    these payoffs, is these payoffs, for each and each player; and what all stand for is y.
    """
    many = len(support)
    columns = []
    for k, part in enumerate(support.values()):
        for v in hull:
            column = [0] * (3 * many + 2)
            column[k] = 1
            for i in (0, 1):
                column[many + 2 * k + i], column[3 * many + i] = v[i], part * v[i]
            columns.append(column)
    for row in range(many, 3 * many):
        columns.append([-1 if row == n else 0 for n in range(3 * many + 2)])
    paid = [payoff for one in support for payoff in one]
    return feasible(columns, [1] * many + paid + list(y))


def most(hull, i, least):
    """Return the most that player i gets in the hull where the other gets some amount, or None."""
    columns = [[1, v[1 - i]] for v in hull]
    answer = solve(LinearProgram(columns, [1, least], [v[i] for v in hull]))
    return None if isinstance(answer, Infeasible) else answer.value


def on_frontier(hull, y):
    """Whether nothing in the hull is better for somebody and worse for nobody."""
    columns = [[1, *v] for v in hull] + [[0, -1, 0], [0, 0, -1]]
    answer = solve(LinearProgram(columns, [1, *y], [v[0] + v[1] for v in hull] + [0, 0]))
    return not isinstance(answer, Infeasible) and answer.value == sum(y)


def frontier(hull, i, paid):
    """Return pi_i(paid, PF): the frontier's point that pays player i an amount, or None."""
    other = most(hull, 1 - i, paid)
    if other is None:
        return None
    y = (paid, other) if i == 0 else (other, paid)
    return y if on_frontier(hull, y) else None


def mixed(part, p, q):
    return tuple(part * x + (1 - part) * y for x, y in zip(p, q, strict=True))


def case(some, size):
    """Return points that span a hull, what is played of it, and the four points of the frontier."""
    hull = [tuple(Q(some.randint(0, 8)) for _ in range(2)) for _ in range(size)]
    played = [mixed(Q(some.randint(0, 4), 4), *some.sample(hull, 2)) for _ in range(3)]
    parts = [some.randint(1, 4) for _ in played]
    support = {}
    for one, part in zip(played, parts, strict=True):
        support[one] = support.get(one, 0) + Q(part, sum(parts))
    ends = [
        [frontier(hull, i, extreme(one[i] for one in support)) for extreme in (min, max)]
        for i in (0, 1)
    ]
    return hull, support, ends


def drawn(some, points):
    """Yield points on the segments between some, and those at their ends."""
    yield from points
    for _ in range(3):
        yield mixed(Q(some.randint(1, 9), 10), *points)


def below(some, tops, default):
    """Yield what is below all of some points and as good as the default, if anything is."""
    top = [min(one[i] for one in tops) for i in (0, 1)]
    if all(x >= e for x, e in zip(top, default, strict=True)):
        yield tuple(top)
        yield tuple(
            e + (x - e) * Q(some.randint(0, 4), 4) for x, e in zip(top, default, strict=True)
        )


@pytest.mark.parametrize("seed", range(4))
def test_what_is_below_the_lines_is_achieved(seed):
    some, parts = random.Random(seed), set()
    for _ in range(200):
        hull, support, ends = case(some, 5)
        if None in itertools.chain(*ends):
            continue
        default = [sum(part * one[i] for one, part in support.items()) for i in (0, 1)]
        greatest = tuple(max(one[i] for one in support) for i in (0, 1))
        slack = [[1, *v] for v in hull] + [[0, -1, 0], [0, 0, -1]]
        best = feasible(slack, [1, *greatest])
        lines = [list(drawn(some, line)) for line in ends]
        if best:
            arc = [one[1] for one in ends]
            tops = [[y] for line in lines for y in line]
            for part in (Q(1, 4), Q(1, 2), Q(3, 4)):
                paid = mixed(part, *arc)[0]
                tops.append([(paid, most(hull, 1, paid))])
        else:
            tops = list(itertools.product(*lines))
        for one in tops:
            for y in below(some, one, default):
                assert achieved(hull, support, y), (hull, support, y)
                parts.add(best)
    assert parts == {True, False}, "both parts of the theorem"


def test_not_everything_in_the_hull_is_achieved():
    """Chicken with a third action: (3, 3) is better for both than what is expected (Prop. 16)."""
    hull = [(-5, -5), (4, 0), (0, 4), (1, 1), (10, -100), (-100, 10), (3, 3)]
    support = {(4, 0): Q(1, 2), (0, 4): Q(1, 2)}
    assert achieved(hull, support, (2, 2))
    assert not achieved(hull, support, (3, 3))


def test_the_arc_ends_where_the_players_are_paid_the_most():
    """A point of the frontier a little further on, and above L_3, is not achieved."""
    hull = [(3, 40), (11, 24), (12, Q(62, 3)), (3, Q(62, 3))]
    support = {(Q(64, 7), Q(454, 21)): Q(2, 3), (Q(54, 7), Q(174, 7)): Q(1, 3)}
    assert feasible([[1, *v] for v in hull] + [[0, -1, 0], [0, 0, -1]], [1, Q(64, 7), Q(174, 7)])
    q, s, p = (
        frontier(hull, 0, Q(64, 7)),
        frontier(hull, 1, Q(174, 7)),
        frontier(hull, 1, Q(454, 21)),
    )
    y = Q(153, 14), Q(169, 7)
    assert on_frontier(hull, y)
    assert q[0] < s[0] < y[0] < p[0]
    under = mixed((y[0] - s[0]) / (p[0] - s[0]), p, s)
    assert under[0] == y[0]
    assert under[1] < y[1]
    assert all(achieved(hull, support, v) for v in (q, mixed(Q(1, 2), q, s), s, under))
    assert not achieved(hull, support, y)


def test_the_theorem_needs_a_frontier_that_reaches_the_least_payoffs():
    """Read so that L_2 asks for its own ends only, the theorem fails.

    The frontier is one point, which is L_2, and as good as everything. It does not pay player 1 the
    least that is played; what is played there cannot stand for more to player 2 alone.
    """
    hull = [(0, 0), (2, 0), (1, 3), (2, 5)]
    profiles = itertools.product((0, 1), repeat=2)
    one = game(((0, 1), (0, 1)), dict(zip(profiles, hull, strict=True)))
    assert not dominated(one), "everything may be played"
    support = {(0, 0): Q(1, 3), (2, 0): Q(1, 3), (2, 5): Q(1, 3)}
    assert [v for v in hull if on_frontier(hull, v)] == [(2, 5)]
    assert [frontier(hull, i, x) for i, x in ((0, 2), (1, 5))] == [(2, 5), (2, 5)]
    assert [frontier(hull, i, 0) for i in (0, 1)] == [None, None]
    y = Q(4, 3), Q(11, 3)
    assert most(hull, 1, y[0]) == y[1], "it is in the hull"
    assert all(v >= e for v, e in zip(y, (Q(4, 3), Q(5, 3)), strict=True))
    assert not achieved(hull, support, y)
    assert achieved(hull, support, (Q(4, 3), Q(10, 3)))


# A structure in which everything holds


THREE = ((0, 0), (0, 1), (1, 0))
"""What can be stood for; everything that is played pays the first."""


def three_points(theory):
    """Return a game with one outcome, and its copy, where tokens help either player."""
    profiles = list(itertools.product((0, 1), repeat=2))
    maps = [(0, 1), (1, 1), (0, 0)]
    stood = list(itertools.product(range(3), repeat=2))  # by the outcomes of the game and the copy
    numbers, games, outcomes = range(3), (0, 1), range(4)
    ends = {0: 0, 1: 3}

    def stands(e, a):
        return stood[e][0] if a == 0 else stood[e][1] if a == 3 else 0

    tables = {
        "pays": {(i, a): 0 for i in games for a in outcomes},
        "value": {(i, n, a): 0 for i in games for n in games for a in outcomes},
        "in_game": {(a, n): a == ends[n] for a in outcomes for n in games},
        "result": {(0, n): ends[n] for n in games},
        "move": {(i, a): profiles[a][i] for i in games for a in outcomes},
        "has_action": {(i, x, n): x == n for i in games for x in games for n in games},
        "sends": {(f, i, x): one[x] for f, one in enumerate(maps) for i in games for x in games},
        "image": {
            (f, a): profiles.index(tuple(one[x] for x in profiles[a]))
            for f, one in enumerate(maps)
            for a in outcomes
        },
        "changed_to": {
            (a, i, x): profiles.index((x, profiles[a][1]) if i == 0 else (profiles[a][0], x))
            for a in outcomes
            for i in games
            for x in games
        },
        "difference": {
            (i, n, a, b): 0 for i in games for n in games for a in outcomes for b in outcomes
        },
        "left": {(n,): n for n in games},
        "coordinate": {(i, y): THREE[y][i] for i in games for y in numbers},
        "in_hull": {(y, n): True for y in numbers for n in games},
        "payoff_point": {(a,): 0 for a in outcomes},
        "stands_for": {(e, a): stands(e, a) for e in range(9) for a in outcomes},
        "average": {
            (n, e, m, a): stands(e, ends[n])
            for n in games
            for e in range(9)
            for m in games
            for a in outcomes
        },
        "expectation": {
            (i, n, e): THREE[stands(e, ends[n])][i] for i in games for n in games for e in range(9)
        },
        "mixing_weight": {(0,): 0, (1,): 1},
        "mixture_of": {(m, p, q): p if m else q for m in games for p in numbers for q in numbers},
        "margin": {
            (i, p, q): THREE[p][i] - THREE[q][i] for i in games for p in numbers for q in numbers
        },
        "portion": {
            (m, i, p, q): m * (THREE[p][i] - THREE[q][i])
            for m in games
            for i in games
            for p in numbers
            for q in numbers
        },
        "part_of": {(m, n): m * n for m in games for n in games},
        "exchanged": {(m,): 1 - m for m in games},
    }
    sizes = {"Player": 2, "Action": 2, "Outcome": 4, "Game": 2, "Play": 1, "Point": 3}
    sizes |= {"Valuation": 9, "Mixture": 2, "ActionMap": 3}
    return with_definitions(theory, Structure(sizes, tables))


@pytest.mark.long
def test_everything_holds_where_tokens_help():
    """Also what the lemmas rest on; and somebody gets more than by default."""
    everything = {one.id: one for one in load(FOLDER, PAPER)}
    todo, seen = ["oc-thm-15-a/repaired", "oc-thm-15-b/repaired"], []
    structure = three_points(everything["oc-thm-15-a/repaired"].theory)
    while todo:
        one = everything[todo.pop()]
        if one.id in seen:
            continue
        seen.append(one.id)
        todo += one.lemmas.values()
        facts = [one.theory.axiom(name) for name in one.definitions if not one.theory[name].sorts]
        for formula in (*facts, *(other.formula for other in one.hypotheses), one.goal.formula):
            assert holds(formula, structure), one.id
        if one.id.startswith("oc-thm"):
            assert holds(one.scene, structure), one.id
    assert len(seen) > 8
    table = structure.tables
    assert [table["achieved"][y, 0] for y in range(3)] == [True] * 3
    assert [table["on_line"][y, i, 0] for y, i in ((1, 0), (2, 1))] == [True, True]
    assert table["default_point"][0, 0]
