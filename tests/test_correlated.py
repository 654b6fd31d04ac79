"""Correlated play agrees with the definitions: plain loops for two players, z3 for more."""

from dataclasses import replace
from fractions import Fraction as Q
from itertools import combinations, pairwise, product
from math import prod

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import correlated
from spi_verify.games.correlated import CorrelatedPlay, Segment, planar_hull
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.programs.running import base_games
from spi_verify.programs.running.base_games import PureBase

SCHEDULING = [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [0, 0], [1, 1]]]
EMPTY_PROJECTION = [[[[0, 1, 0]]], [[[1, 0, 1]]], [[[-1, -1, 0]]]]


def build(shape, cells):
    profiles = iter(cells)

    def table(sizes):
        if not sizes:
            return list(next(profiles))
        return [table(sizes[1:]) for _ in range(sizes[0])]

    return Game.from_payoffs(table(shape))


@st.composite
def games(draw, players):
    """Random games with ties and duplicates; half of them close to constant-sum, so that many
    outcomes are efficient."""
    n = draw(players)
    shapes = [s for s in product((1, 2, 3, 4), repeat=n) if 3 <= prod(s) <= 9]
    shape = draw(st.sampled_from(shapes))
    bound = draw(st.integers(1, 4))
    close = draw(st.booleans())
    random = draw(st.randoms(use_true_random=False))

    def cell():
        u = [random.randint(-bound, bound) for _ in range(n)]
        if close:
            u[-1] = random.choice((0, 0, -1)) - sum(u[:-1])
        return u

    return build(shape, [cell() for _ in range(prod(shape))])


two_player_games = games(st.just(2))
any_games = games(st.sampled_from((1, 2, 3, 3, 3, 4, 4)))


@given(any_games)
def test_a_small_game_is_what_it_is_as_an_array(game):
    assert isinstance(game.table, tuple)
    array = replace(game, table=game.scaled)
    assert (array, hash(array)) == (game, hash(game))
    assert profiles(array) == profiles(game)
    small = CorrelatedPlay(game)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(correlated, "SMALL", 0)
        large = CorrelatedPlay(array)
        assert small.pareto_meet_minimum == large.pareto_meet_minimum
        assert small.corners.tolist() == large.corners.tolist()
        assert small.efficient.tolist() == large.efficient.tolist()
    assert small.corner_payoffs == [game.payoffs(k) for k in large.corners]


@given(any_games)
def test_programs_see_in_a_small_game_what_they_see_in_a_large_one(game):
    pure, small = PureOutcomes(game), PureBase(game)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(base_games, "SMALL", 0)
        large = PureBase(game)
        least = large.pareto_meet_minimum
        assert small.pareto_meet_minimum == least == pure.pareto_meet_minimum
        sought = [(i, u) for u in profiles(game) for i in range(1, game.number_of_players + 1)]
        found = [large.pareto_meet_projection(i, u) for i, u in sought]
    assert [small.pareto_meet_projection(i, u) for i, u in sought] == found


def profiles(game):
    return [game.payoffs(k) for k in range(game.number_of_outcomes)]


def paid(game, lottery):
    assert sum(lottery.values()) == 1
    assert min(lottery.values()) > 0
    assert list(lottery) == sorted(lottery)
    rows = [[chance * u for u in game.payoffs(k)] for k, chance in lottery.items()]
    return tuple(map(sum, zip(*rows, strict=True)))


def dominates(better, worse):
    return all(b >= a for a, b in zip(worse, better, strict=True)) and better != worse


def between(p, q, t):
    return tuple(a + t * (b - a) for a, b in zip(p, q, strict=True))


# Two players: plain loops over pairs and triples of pure outcomes.


def dominated_in_the_plane(v, points):
    """Some point of a segment between two pure outcomes dominates v."""
    for p, q in product(points, repeat=2):
        low, high = Q(0), Q(1)
        for i in (0, 1):
            slope = q[i] - p[i]
            if slope > 0:
                low = max(low, (v[i] - p[i]) / Q(slope))
            elif slope < 0:
                high = min(high, (v[i] - p[i]) / Q(slope))
            elif p[i] < v[i]:
                low = Q(2)
        if low <= high and any(dominates(between(p, q, t), tuple(v)) for t in (low, high)):
            return True
    return False


def cross(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def in_plane_hull(v, points):
    """Some pure outcome, segment or triangle of pure outcomes has v."""
    for a, b, c in product(points, repeat=3):
        if cross(a, b, c) == 0:
            inside = cross(a, b, v) == 0 and all(
                min(a[i], b[i]) <= v[i] <= max(a[i], b[i]) for i in (0, 1)
            )
        else:
            turns = [cross(a, b, v), cross(b, c, v), cross(c, a, v)]
            inside = min(turns) >= 0 or max(turns) <= 0
        if inside:
            return True
    return False


@given(two_player_games)
def test_two_players_efficient_outcomes_are_those_no_segment_dominates(game):
    points = profiles(game)
    expected = [k for k, v in enumerate(points) if not dominated_in_the_plane(v, points)]
    play = CorrelatedPlay(game)
    assert play.efficient.tolist() == expected
    assert play.pareto_meet_minimum == tuple(min(points[k][i] for k in expected) for i in (0, 1))


@given(two_player_games, st.tuples(*[st.fractions(-3, 3, max_denominator=2)] * 2))
def test_two_players_any_profile_is_judged_like_the_plain_loops(game, v):
    play = CorrelatedPlay(game)
    points = sorted(set(profiles(game)))
    assert play.is_efficient(v) is not dominated_in_the_plane(v, points)
    assert play.contains(v) is in_plane_hull(v, points)
    meet = play.contains(v) and all(
        a >= b for a, b in zip(v, play.pareto_meet_minimum, strict=True)
    )
    assert play.in_pareto_meet(v) is meet


@pytest.mark.long
@given(two_player_games)
def test_two_players_corners_are_the_first_outcomes_outside_the_hull_of_the_rest(game):
    points = profiles(game)
    expected = [
        k
        for k, v in enumerate(points)
        if points.index(v) == k and not in_plane_hull(v, [p for p in points if p != v])
    ]
    assert CorrelatedPlay(game).corners.tolist() == expected


@pytest.mark.long
@given(two_player_games)
def test_two_players_the_meet_polygon_is_the_hull_cut_at_the_pmm(game):
    play = CorrelatedPlay(game)
    polygon = play.pareto_meet_polygon
    assert all(play.in_pareto_meet(corner) for corner in polygon)
    assert polygon[0] == min(polygon)
    if len(polygon) >= 3:
        around = [*polygon, *polygon[:2]]
        assert all(cross(*around[k : k + 3]) > 0 for k in range(len(polygon)))
    for v in product(range(-3, 4), repeat=2):
        assert play.in_pareto_meet(v) is in_plane_hull(v, polygon)


@given(two_player_games)
def test_two_players_projection_is_never_empty_and_starts_at_the_greater_of_pmm_and_payoff(game):
    play = CorrelatedPlay(game)
    for u in profiles(game):
        start = tuple(map(max, u, play.pareto_meet_minimum))
        for player in (1, 2):
            assert play.pareto_meet_projection(player, u).low == start


@given(two_player_games)
def test_two_players_efficient_outcomes_project_to_themselves(game):
    play = CorrelatedPlay(game)
    for k in play.efficient:
        u = game.payoffs(int(k))
        assert play.pareto_meet_projection(1, u) == Segment(u, u)
        assert play.pareto_meet_projection(2, u) == Segment(u, u)


@given(two_player_games)
def test_a_bystander_changes_nothing(game):
    """Two players take the planar route, three the general one."""
    spectated = build((*game.shape, 1), [(*u, 5) for u in profiles(game)])
    two, three = CorrelatedPlay(game), CorrelatedPlay(spectated)
    assert two.corners.tolist() == three.corners.tolist()
    assert two.efficient.tolist() == three.efficient.tolist()
    assert two.efficient_faces == three.efficient_faces
    assert (*two.pareto_meet_minimum, 5) == three.pareto_meet_minimum
    for u in set(profiles(game)):
        for player in (1, 2):
            flat, solid = (
                two.pareto_meet_projection(player, u),
                three.pareto_meet_projection(player, (*u, 0)),
            )
            assert ((*flat.low, 5), (*flat.high, 5)) == (solid.low, solid.high)


# Any number of players: z3 over the definitions.


class Feasible:
    """A z3 problem about one lottery over the pure outcomes."""

    def __init__(self, game):
        self.points = profiles(game)
        self.solver = z3.Solver()
        self.chances = [z3.Real(f"p{k}") for k in range(len(self.points))]
        self.u = [
            z3.Sum([z3.Q(v[i].numerator, v[i].denominator) * p for v, p in self.pairs()])
            for i in range(game.number_of_players)
        ]
        self.solver.add(z3.Sum(self.chances) == 1, *(p >= 0 for p in self.chances))
        self.weights = [z3.Real(f"w{i}") for i in range(game.number_of_players)]
        self.best = z3.Real("best")

    def pairs(self):
        return list(zip(self.points, self.chances, strict=True))

    def heights(self):
        return [
            z3.Sum(
                [z3.Q(a.numerator, a.denominator) * w for a, w in zip(v, self.weights, strict=True)]
            )
            for v in self.points
        ]

    def efficient(self):
        """The lottery maximises some positive weights: all its outcomes do."""
        heights = self.heights()
        return [
            *(w >= 1 for w in self.weights),
            *(h <= self.best for h in heights),
            *(
                z3.Implies(p > 0, h == self.best)
                for p, h in zip(self.chances, heights, strict=True)
            ),
        ]

    def possible(self, *constraints):
        verdict = self.solver.check(*constraints)
        assert verdict != z3.unknown
        return verdict == z3.sat

    def dominator(self, v):
        return [*(a >= b for a, b in zip(self.u, v, strict=True)), z3.Sum(self.u) > z3.Sum(v)]


def rationals(v):
    return [z3.Q(a.numerator, a.denominator) for a in v]


@settings(max_examples=60)
@given(any_games)
def test_efficient_outcomes_are_those_z3_cannot_dominate(game):
    play, feasible = CorrelatedPlay(game), Feasible(game)
    expected = [
        k
        for k, v in enumerate(feasible.points)
        if not feasible.possible(*feasible.dominator(rationals(v)))
    ]
    assert play.efficient.tolist() == expected
    assert [k for k, v in enumerate(feasible.points) if play.is_efficient(v)] == expected


@settings(max_examples=60)
@given(any_games, st.data())
def test_dominating_and_mixture_answer_any_profile_like_z3(game, data):
    play, feasible = CorrelatedPlay(game), Feasible(game)
    number = st.fractions(-3, 3, max_denominator=2)
    v = data.draw(st.tuples(*[number] * game.number_of_players))
    lottery = play.dominating(v)
    assert (lottery is not None) is feasible.possible(*feasible.dominator(rationals(v)))
    assert play.is_efficient(v) is (lottery is None)
    if lottery is not None:
        assert dominates(paid(game, lottery), v)
        assert play.is_efficient(paid(game, lottery))
    mixture = play.mixture(v)
    exactly = [a == b for a, b in zip(feasible.u, rationals(v), strict=True)]
    assert (mixture is not None) is play.contains(v) is feasible.possible(*exactly)
    if mixture is not None:
        assert paid(game, mixture) == v
        assert len(mixture) <= game.number_of_players + 1


@given(any_games, st.data())
def test_every_lottery_is_feasible(game, data):
    counts = st.lists(st.integers(0, 3), min_size=1, max_size=game.number_of_outcomes)
    drawn = dict(enumerate(data.draw(counts.filter(any))))
    lottery = {k: Q(c, sum(drawn.values())) for k, c in drawn.items() if c}
    play = CorrelatedPlay(game)
    assert paid(game, play.mixture(paid(game, lottery))) == paid(game, lottery)


@settings(max_examples=60)
@given(any_games)
def test_pmm_is_the_least_payoff_of_an_efficient_lottery(game):
    play, feasible = CorrelatedPlay(game), Feasible(game)
    for u, least in zip(feasible.u, rationals(play.pareto_meet_minimum), strict=True):
        assert not feasible.possible(u < least, *feasible.efficient())
        assert feasible.possible(u == least, *feasible.efficient())


@settings(max_examples=60)
@given(any_games)
def test_corners_are_the_first_outcomes_z3_cannot_mix_from_other_profiles(game):
    feasible = Feasible(game)
    expected = [
        k
        for k, v in enumerate(feasible.points)
        if feasible.points.index(v) == k
        and not feasible.possible(
            *(a == b for a, b in zip(feasible.u, rationals(v), strict=True)),
            *(p == 0 for u, p in feasible.pairs() if u == v),
        )
    ]
    assert CorrelatedPlay(game).corners.tolist() == expected


@pytest.mark.long
@settings(max_examples=60)
@given(any_games)
def test_efficient_faces_are_the_maximal_sets_of_corners_with_common_positive_weights(game):
    play, feasible = CorrelatedPlay(game), Feasible(game)
    corners = sorted(set(play.corners.tolist()) & set(play.efficient.tolist()))
    expected = []
    for size in range(len(corners), 0, -1):
        for chosen in combinations(corners, size):
            if any(set(chosen) <= set(face) for face in expected):
                continue
            if feasible.possible(*feasible.efficient(), *(feasible.chances[k] > 0 for k in chosen)):
                expected.append(chosen)
    assert play.efficient_faces == tuple(sorted(expected))


@settings(max_examples=60)
@given(any_games, st.data())
def test_projection_is_the_segment_that_z3_sees(game, data):
    play, feasible = CorrelatedPlay(game), Feasible(game)
    n = game.number_of_players
    u = data.draw(st.sampled_from(feasible.points))
    player = data.draw(st.integers(1, n))
    level = tuple(map(max, u, play.pareto_meet_minimum))
    mine = feasible.u[player - 1]
    defined = [
        a >= b if i == player - 1 else a == b
        for i, (a, b) in enumerate(zip(feasible.u, rationals(level), strict=True))
    ]
    segment = play.pareto_meet_projection(player, u)
    assert (segment is not None) is feasible.possible(*defined)
    if segment is not None:
        for end in (segment.low, segment.high):
            assert feasible.possible(
                *defined, *(a == b for a, b in zip(feasible.u, rationals(end), strict=True))
            )
        low, high = rationals((segment.low[player - 1], segment.high[player - 1]))
        assert not feasible.possible(*defined, z3.Or(mine < low, mine > high))


@given(any_games, st.permutations(range(4)))
def test_renaming_the_players_renames_the_results(game, order):
    order = [i for i in order if i < game.number_of_players]
    cells = [[u[i] for i in order] for u in profiles(game)]
    # The outcomes keep their positions: all of them are actions of the first player.
    shape = (game.number_of_outcomes, *[1] * (len(order) - 1))
    play, renamed = CorrelatedPlay(game), CorrelatedPlay(build(shape, cells))
    assert renamed.pareto_meet_minimum == tuple(play.pareto_meet_minimum[i] for i in order)
    assert renamed.efficient.tolist() == play.efficient.tolist()
    assert renamed.corners.tolist() == play.corners.tolist()
    assert renamed.efficient_faces == play.efficient_faces


@pytest.mark.long
@given(any_games)
def test_fractions_and_huge_payoffs_are_handled_like_small_integers(game):
    factors = [Q(10**30, 7), Q(3, 10**25 + 1), Q(5, 7), Q(10**40)][: game.number_of_players]
    shift = -(10**35)

    def stretched(u):
        return tuple(a * f + shift for a, f in zip(u, factors, strict=True))

    play = CorrelatedPlay(game)
    big = CorrelatedPlay(build(game.shape, map(stretched, profiles(game))))
    assert big.game.scaled.dtype == object
    assert big.corners.tolist() == play.corners.tolist()
    assert big.efficient.tolist() == play.efficient.tolist()
    assert big.efficient_faces == play.efficient_faces
    assert big.pareto_meet_minimum == stretched(play.pareto_meet_minimum)
    u = profiles(game)[0]
    for player in range(1, game.number_of_players + 1):
        small, large = (
            play.pareto_meet_projection(player, u),
            big.pareto_meet_projection(player, stretched(u)),
        )
        assert (small is None) == (large is None)
        if small is not None:
            assert (stretched(small.low), stretched(small.high)) == (large.low, large.high)
    assert paid(big.game, big.mixture(stretched(u))) == stretched(u)


@pytest.mark.long
@given(any_games)
def test_players_on_different_denominators_are_not_mixed_up(game):
    factors = [Q(1, 3), Q(1, 5), Q(7, 2), Q(2)][: game.number_of_players]

    def stretched(u):
        return tuple(a * f for a, f in zip(u, factors, strict=True))

    play = CorrelatedPlay(game)
    other = CorrelatedPlay(build(game.shape, map(stretched, profiles(game))))
    assert other.pareto_meet_minimum == stretched(play.pareto_meet_minimum)
    for u in set(profiles(game)):
        assert other.is_efficient(stretched(u)) is play.is_efficient(u)
        assert other.in_pareto_meet(stretched(u)) is play.in_pareto_meet(u)
        segment = play.pareto_meet_projection(1, u)
        image = segment and Segment(stretched(segment.low), stretched(segment.high))
        assert other.pareto_meet_projection(1, stretched(u)) == image


# Known examples.


def test_a_three_player_projection_can_be_empty():
    play = CorrelatedPlay(Game.from_payoffs(EMPTY_PROJECTION))
    assert play.pareto_meet_minimum == (0, 0, 0)
    assert play.efficient.tolist() == [0, 1]
    assert play.efficient_faces == ((0, 1),)
    assert play.corners.tolist() == [0, 1, 2]
    assert play.pareto_meet_projection(1, (-1, -1, 0)) is None
    assert play.pareto_meet_projection(2, (-1, -1, 0)) == Segment((0, 1, 0), (0, 1, 0))
    third = (0, 0, Q(1, 3))
    assert play.pareto_meet_projection(3, (-1, -1, 0)) == Segment(third, third)
    assert not play.in_pareto_meet((0, 0, 0))
    assert play.in_pareto_meet((0, 1, 0))


def test_the_scheduling_game_keeps_its_pmm_but_it_is_no_longer_efficient():
    play = CorrelatedPlay(Game.from_payoffs(SCHEDULING))
    assert play.pareto_meet_minimum == (1, 1)
    assert not play.is_efficient((1, 1))
    assert dominates(paid(play.game, play.dominating((1, 1))), (1, 1))
    assert play.pareto_meet_projection(1, (0, 0)) == Segment((1, 1), (3, 1))
    assert play.pareto_meet_projection(2, (0, 0)) == Segment((1, 1), (1, 3))
    assert play.pareto_meet_polygon == ((1, 1), (3, 1), (1, 3))
    assert play.efficient_faces == ((0, 4),)
    assert play.corners.tolist() == [0, 1, 4]


def test_an_outcome_can_be_efficient_among_pure_outcomes_only():
    play = CorrelatedPlay(Game.from_payoffs([[[4, 0], [1, 1]], [[0, 4], [2, 2]]]))
    assert play.efficient.tolist() == [0, 2, 3]
    assert play.dominating((1, 1)) is not None
    assert play.efficient_faces == ((0, 2),)


def test_three_players_two_faces_that_share_a_corner():
    """An edge and a triangle: maximal efficient faces of different dimensions."""
    cells = [(6, 0, 0), (0, 6, 0), (0, 0, 6), (2, 2, 2), (-9, 1, 7), (-9, 1, 7)]
    play = CorrelatedPlay(build((6, 1, 1), cells))
    assert play.efficient.tolist() == [0, 1, 2, 3, 4, 5]
    assert play.corners.tolist() == [0, 1, 2, 4]
    assert play.efficient_faces == ((0, 1, 2), (1, 2, 4))
    assert play.pareto_meet_minimum == (-9, 0, 0)


def test_four_players_with_a_square_face():
    square = [(a, 1 - a, b, 1 - b) for a in (0, 1) for b in (0, 1)]
    play = CorrelatedPlay(build((5, 1, 1, 1), [*square, (-1, -1, -1, 3)]))
    assert play.efficient_faces == ((0, 1, 2, 3, 4),)
    assert play.pareto_meet_minimum == (-1, -1, -1, 0)


def test_five_players_are_handled():
    cells = [[10 * (i == j) for j in range(5)] for i in range(5)]
    play = CorrelatedPlay(build((2, 3, 1, 1, 1), [*cells, [1] * 5]))
    assert play.efficient_faces == ((0, 1, 2, 3, 4),)
    assert play.pareto_meet_minimum == (0,) * 5
    assert play.pareto_meet_projection(2, (1,) * 5) == Segment((1,) * 5, (1, 6, 1, 1, 1))
    assert dominates(paid(play.game, play.dominating((1,) * 5)), (1,) * 5)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_one_payoff_profile_is_a_point(n):
    play = CorrelatedPlay(build((2,) * n, [[-7] * n] * 2**n))
    point = (Q(-7),) * n
    assert play.corners.tolist() == [0]
    assert play.efficient.tolist() == list(range(2**n))
    assert play.efficient_faces == ((0,),)
    assert play.pareto_meet_minimum == point
    assert play.mixture(point) == {0: 1}
    assert play.dominating(point) is None
    assert play.dominating((-8,) * n) == {0: 1}
    assert play.pareto_meet_projection(n, (-9,) * n) == Segment(point, point)
    assert not play.contains((-8,) * n)


def test_one_player_has_an_interval():
    play = CorrelatedPlay(build((4,), [[2], [5], [-1], [5]]))
    assert play.corners.tolist() == [1, 2]
    assert play.efficient.tolist() == [1, 3]
    assert play.efficient_faces == ((1,),)
    assert play.pareto_meet_minimum == (5,)
    assert play.mixture((2,)) == {1: Q(1, 2), 2: Q(1, 2)}
    assert play.pareto_meet_projection(1, (2,)) == Segment((5,), (5,))
    assert play.contains((Q(1, 3),))
    assert not play.contains((6,))
    assert play.is_efficient((6,))


@pytest.mark.parametrize("n", [2, 3])
def test_a_zero_sum_line_is_all_efficient(n):
    cells = [[k, -k, 0][:n] for k in (2, 0, 3, -1, 0)]
    play = CorrelatedPlay(build((5, *[1] * (n - 1)), cells))
    assert play.efficient.tolist() == [0, 1, 2, 3, 4]
    assert play.corners.tolist() == [2, 3]
    assert play.efficient_faces == ((2, 3),)


@pytest.mark.parametrize("n", [2, 3])
def test_a_rising_line_has_one_efficient_end(n):
    cells = [[k, 2 * k, 0][:n] for k in (2, 0, 3, -1, 3)]
    play = CorrelatedPlay(build((5, *[1] * (n - 1)), cells))
    assert play.efficient.tolist() == [2, 4]
    assert play.corners.tolist() == [2, 3]
    assert play.efficient_faces == ((2,),)


def test_the_polygon_is_for_two_players():
    with pytest.raises(InputError, match="two players"):
        _ = CorrelatedPlay(Game.from_payoffs(EMPTY_PROJECTION)).pareto_meet_polygon
    line = CorrelatedPlay(build((2, 1), [(0, 1), (1, 0)]))
    assert line.pareto_meet_polygon == ((0, 1), (1, 0))
    point = CorrelatedPlay(build((2, 1), [(0, 0), (1, 1)]))
    assert point.pareto_meet_polygon == ((1, 1),)


@pytest.mark.parametrize("player", [0, 3, -1])
def test_players_are_numbered_from_one(player):
    play = CorrelatedPlay(Game.from_payoffs(SCHEDULING))
    with pytest.raises(InputError, match="from 1 to 2"):
        play.pareto_meet_projection(player, (0, 0))


def test_a_profile_of_the_wrong_length_is_refused():
    play = CorrelatedPlay(Game.from_payoffs(SCHEDULING))
    for question in (play.is_efficient, play.contains, play.dominating, play.in_pareto_meet):
        with pytest.raises(InputError, match="3 payoffs for 2 players"):
            question((0, 0, 0))
    with pytest.raises(InputError, match="1 payoffs for 2 players"):
        play.pareto_meet_projection(1, (0,))


def test_many_outcomes_on_a_curve_are_sorted_not_solved():
    cells = [(k, -k * k) for k in range(2000)]
    play = CorrelatedPlay(build((2000, 1), cells))
    assert play.pareto_meet_minimum == (0, -(1999**2))
    assert len(play.efficient_faces) == 1999


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), max_size=12))
def test_planar_hull_is_the_convex_counter_clockwise_chain_of_corners(points):
    hull = planar_hull(points)
    assert hull[:1] == sorted(points)[:1]
    assert set(hull) <= set(points)
    assert len(set(hull)) == len(hull)
    if len(hull) >= 3:
        around = [*hull, *hull[:2]]
        assert all(cross(*around[k : k + 3]) > 0 for k in range(len(hull)))
        assert all(cross(a, b, p) >= 0 for a, b in pairwise(around) for p in points)
    else:
        assert all(in_plane_hull(p, hull) for p in points)
