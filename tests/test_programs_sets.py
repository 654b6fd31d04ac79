"""Regions, selection functions and set-valued functions, against definitions as loops."""

from __future__ import annotations

import itertools
from fractions import Fraction
from operator import ge

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.programs import (
    CSR,
    Always,
    AtMost,
    Both,
    ByOutcome,
    Choice,
    CorrelatedBase,
    Dictator,
    Either,
    Halfspace,
    Improving,
    ImprovingOnMeet,
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Nash,
    NoGain,
    NoOffer,
    Outcomes,
    ProgramGame,
    PureBase,
    Region,
    RenegotiationMap,
    Row,
    SelectionTable,
    To,
    Utilitarian,
    WorseOffer,
    find_map_defect,
    find_set_function_defect,
)
from spi_verify.programs.examples import meet_at_slot_3, scheduling_game
from spi_verify.programs.running.execution import Execution
from spi_verify.testing import games, outcome_maps, renegotiation_functions, selections

small = st.integers(-3, 3).map(Fraction)
points = st.tuples(small, small)
halfspaces = st.builds(Halfspace, st.tuples(small, small), small)
GRID = [(Fraction(x, 2), Fraction(y, 2)) for x in range(-6, 7) for y in range(-6, 7)]


def in_hull(corners, point):
    """Whether a point is in a convex hull: no line through two corners separates it."""
    if point in corners:
        return True
    if len(set(corners)) == 1:
        return False
    for a, b in itertools.permutations(set(corners), 2):
        normal = (b[1] - a[1], a[0] - b[0])
        side = [normal[0] * (c[0] - a[0]) + normal[1] * (c[1] - a[1]) for c in corners]
        here = normal[0] * (point[0] - a[0]) + normal[1] * (point[1] - a[1])
        if max(side) <= 0 < here:
            return False
        if all(s == 0 for s in side) and here == 0:
            along = (b[0] - a[0], b[1] - a[1])
            at = [along[0] * c[0] + along[1] * c[1] for c in (*corners, point)]
            if not min(at[:-1]) <= at[-1] <= max(at[:-1]):
                return False
    return True


@pytest.mark.long
@settings(max_examples=40)
@given(st.lists(points, min_size=1, max_size=5), st.lists(points, min_size=1, max_size=5))
def test_regions_contain_what_the_hulls_contain(one, two):
    a, b = Region.polygon(one), Region.polygon(two)
    for point in GRID:
        inside = in_hull(one, point), in_hull(two, point)
        assert (point in a) is inside[0]
        assert (point in (a | b)) is any(inside)
        assert (point in (a & b)) is all(inside)


@given(st.lists(points, min_size=1, max_size=5), st.lists(halfspaces, max_size=3))
def test_clipping_keeps_what_is_within_the_bounds(corners, bounds):
    region = Region.polygon(corners).within(bounds)
    for point in GRID:
        allowed = all(
            h.coefficients[0] * point[0] + h.coefficients[1] * point[1] <= h.bound for h in bounds
        )
        assert (point in region) is (allowed and in_hull(corners, point))
    assert region == Region.polygon(point for piece in region.pieces for point in piece)


def test_an_empty_intersection_is_false():
    left = Region.polygon([(Fraction(0), Fraction(0)), (Fraction(1), Fraction(0))])
    right = Region.points([(Fraction(2), Fraction(0))])
    assert not left & right
    assert left | right


def test_several_pieces_can_cover_one():
    whole = Region.polygon([(Fraction(x), Fraction(0)) for x in (0, 4)])
    part = Region.polygon([(Fraction(x), Fraction(0)) for x in (1, 2)])
    assert part <= whole
    assert not whole <= part
    assert Region() <= part
    assert not part <= Region()
    pieces = part | Region.polygon([(Fraction(x), Fraction(0)) for x in (2, 4)])
    joint = Region.polygon([(Fraction(x), Fraction(0)) for x in (1, 4)])
    assert joint <= pieces
    assert not whole <= pieces


@settings(max_examples=60)
@given(
    st.lists(points, min_size=1, max_size=4),
    st.lists(st.lists(points, min_size=1, max_size=4), max_size=3),
)
def test_inclusion_agrees_with_points_and_shows_one_that_is_outside(one, others):
    a = Region.polygon(one)
    b = Region()
    for corners in others:
        b = b | Region.polygon(corners)
    found = a.outside(b)
    assert (found is None) is (a <= b)
    if found is None:
        assert not any(point in a and point not in b for point in GRID)
    else:
        assert in_hull(one, found)
        assert not any(in_hull(corners, found) for corners in others)


def dominates(a, b):
    return a != b and all(map(ge, a, b))


@given(st.data())
def test_selections_pick_an_efficient_outcome_with_the_greatest_score_first_in_order(data):
    game = data.draw(games(max_payoff=4))
    base = PureBase(game)
    sel = data.draw(selections(game.number_of_players))
    chosen = data.draw(st.sets(st.sampled_from(list(game.outcomes())), min_size=1))
    picked = base.select(sel, frozenset(chosen))
    u = game.payoffs
    ordered = [o for o in game.outcomes() if o in chosen]
    efficient = [o for o in ordered if not any(dominates(u(x), u(o)) for x in chosen)]
    ideal = [max(u(o)[i] for o in chosen) for i in range(game.number_of_players)]

    def score(outcome):
        v = u(outcome)
        match sel:
            case Utilitarian():
                return sum(v)
            case Leximin():
                return sorted(v)
            case Maxmin():
                return min(v)
            case Dictator(player):
                return v[player - 1]
            case Lexicographic(priority):
                return [v[i - 1] for i in priority]
            case Nash():
                product = Fraction(1)
                for x in v:
                    product *= x
                return product
            case KalaiSmorodinsky():
                return min((x / best for x, best in zip(v, ideal, strict=True) if best), default=0)

    assert picked == max(efficient, key=score)


def test_ties_go_to_the_first_outcome_of_the_game():
    base = PureBase(Game.from_payoffs([[[2, 1], [1, 2]], [[0, 3], [3, 0]]]))
    everything = frozenset(base.game.outcomes())
    assert base.select(Utilitarian(), everything) == ("1", "1")
    assert base.select(Utilitarian(), everything - {("1", "1")}) == ("1", "2")
    assert base.select(Leximin(), everything) == ("1", "1")
    assert base.select(Nash((Fraction(5), Fraction(5))), everything) == ("1", "1")


def test_dictator_and_lexicographic_pick_among_efficient_outcomes():
    base = PureBase(Game.from_payoffs([[[1, 1], [2, 5]], [[4, 2], [4, 0]]]))
    everything = frozenset(base.game.outcomes())
    assert base.select(Dictator(1), everything) == ("2", "1")
    assert base.select(Lexicographic((2, 1)), everything) == ("1", "2")


def test_nash_ranks_outcomes_below_the_disagreement_point_last():
    base = PureBase(Game.from_payoffs([[[-3, 3], [2, 1]], [[3, -3], [0, 0]]]))
    origin = Nash((Fraction(0), Fraction(0)))
    assert base.select(origin, frozenset(base.game.outcomes())) == ("1", "2")


def test_nash_prefers_the_boundary_of_the_gains_to_what_is_below():
    base = PureBase(Game.from_payoffs([[[-1, 9], [0, 5]]]))
    origin = Nash((Fraction(0), Fraction(0)))
    assert base.select(origin, frozenset(base.game.outcomes())) == ("1", "2")


def test_kalai_smorodinsky_counts_whoever_can_gain_however_little():
    base = PureBase(Game.from_payoffs([[[4, 0], [2, Fraction(1, 2)]], [[-1, -1], [-1, -1]]]))
    sel = KalaiSmorodinsky((Fraction(0), Fraction(0)))
    assert base.select(sel, frozenset({("1", "1"), ("1", "2")})) == ("1", "2")
    above = KalaiSmorodinsky((Fraction(0), Fraction(9)))
    assert base.select(above, frozenset({("1", "1"), ("1", "2")})) == ("1", "1")


@pytest.mark.parametrize(
    ("sel", "chosen"),
    [
        (Nash((Fraction(0), Fraction(0))), (2, 1)),
        (Nash((Fraction(2), Fraction(0))), (3, Fraction(1, 2))),
        (Leximin(), (Fraction(4, 3), Fraction(4, 3))),
        (Maxmin(), (Fraction(4, 3), Fraction(4, 3))),
        (KalaiSmorodinsky((Fraction(0), Fraction(0))), (2, 1)),
        (KalaiSmorodinsky((Fraction(-4), Fraction(0))), (Fraction(4, 3), Fraction(4, 3))),
        (Utilitarian(), (4, 0)),
    ],
    ids=str,
)
def test_selections_find_inner_points_of_a_frontier(sel, chosen):
    ends = [(Fraction(4), Fraction(0)), (Fraction(0), Fraction(2))]
    triangle = Region.polygon([*ends, (Fraction(0), Fraction(0))])
    for region in (Region.polygon(ends), Region.polygon(ends[::-1]), triangle):
        assert CorrelatedBase(scheduling_game()).select(sel, region)[0] == chosen


def fractions(*numbers):
    return tuple(map(Fraction, numbers))


def test_segments_of_three_players_meet_where_they_cross():
    one = Region.polygon([fractions(0, 0, 0), fractions(2, 2, 2)])
    two = Region.polygon([fractions(0, 2, 1), fractions(2, 0, 1)])
    assert (one & two).pieces == ((fractions(1, 1, 1),),)
    assert not one & Region.polygon([fractions(0, 2, 0), fractions(2, 0, 0)])
    part = Region.polygon([fractions(1, 1, 1), fractions(3, 3, 3)])
    assert (one & part).pieces == ((fractions(1, 1, 1), fractions(2, 2, 2)),)
    assert fractions("3/2", "3/2", "3/2") in one
    assert fractions(1, 1, 2) not in one
    assert fractions(3, 3, 3) not in one
    with pytest.raises(InputError, match="two players"):
        Region.polygon([fractions(0, 0, 0), fractions(1, 0, 0), fractions(0, 1, 0)])


@pytest.mark.parametrize(
    ("sel", "chosen"),
    [
        (Maxmin(), fractions("4/3", "4/3", 2)),
        (Leximin(), fractions("4/3", "4/3", 2)),
        (KalaiSmorodinsky(fractions(0, 0, 0)), fractions(2, 1, 2)),
        (Nash(fractions(0, 0, 0)), fractions(2, 1, 2)),
        (Dictator(2), fractions(0, 2, 2)),
    ],
    ids=str,
)
def test_selections_from_segments_of_three_players(sel, chosen):
    game = Game.from_payoffs([[[[4, 0, 2], [0, 2, 2]], [[4, 0, 2], [0, 2, 2]]]])
    region = Region.polygon([fractions(4, 0, 2), fractions(0, 2, 2)])
    assert CorrelatedBase(game).select(sel, region)[0] == chosen


def test_projections_of_three_players_are_segments_or_empty():
    corners = [[0, 1, 0], [1, 0, 1], [-1, -1, 0]]
    base = CorrelatedBase(Game.from_payoffs([[[corner] for corner in corners]]))
    assert base.pareto_meet_minimum == (0, 0, 0)
    assert not base.pareto_meet_projection(1, fractions(-1, -1, 0))
    line = [[0, 0, 0], [3, 0, 0], [1, 1, 1]]
    base = CorrelatedBase(Game.from_payoffs([[[corner] for corner in line]]))
    value = base.pareto_meet_projection(1, fractions(0, 0, 0))
    least = base.pareto_meet_minimum
    assert least == (1, 0, 0)
    assert value.pieces == ((fractions(1, 0, 0), fractions(3, 0, 0)),)


def test_kalai_smorodinsky_depends_on_the_best_of_the_set():
    base = PureBase(Game.from_payoffs([[[4, 2], [2, 3]], [[8, 0], [0, 4]]]))
    sel = KalaiSmorodinsky((Fraction(0), Fraction(0)))
    assert base.select(sel, frozenset({("1", "1"), ("1", "2")})) == ("1", "1")
    assert base.select(sel, frozenset(base.game.outcomes())) == ("1", "1")
    wide = frozenset({("1", "1"), ("1", "2"), ("2", "2")})
    assert base.select(sel, wide) == ("1", "1")


def test_a_selection_table_chooses_from_its_set_and_names_each_set_once():
    base = PureBase(scheduling_game())
    one, two, meet = (("Slot 1",) * 2, ("Slot 2",) * 2, ("Slot 3",) * 2)
    # (Slot 2, Slot 2) is efficient next to both, but was not agreed on.
    elsewhere = SelectionTable((Choice(two, (one, meet)),))
    with pytest.raises(InputError, match="not in its set"):
        base.select(elsewhere, frozenset({one, meet}))
    with pytest.raises(InputError, match="each set once"):
        SelectionTable((Choice(one, (one, two)), Choice(two, (two, one))))


def test_a_selection_table_says_what_it_was_told_and_nothing_else():
    base = PureBase(scheduling_game())
    one, two = ("Slot 1", "Slot 1"), ("Slot 2", "Slot 2")
    table = SelectionTable((Choice(two, (one, two)),))
    assert base.select(table, frozenset({one, two})) == two
    assert base.select(table, frozenset({one})) == one
    with pytest.raises(InputError, match="says nothing"):
        base.select(table, frozenset({one, ("Slot 3", "Slot 3")}))
    bad = SelectionTable((Choice(("Slot 3", "Slot 3"), (one, ("Slot 3", "Slot 3"))),))
    with pytest.raises(InputError, match="not efficient"):
        base.select(bad, frozenset({one, ("Slot 3", "Slot 3")}))
    lotteries, half = CorrelatedBase(scheduling_game()), Fraction(1, 2)
    points = tuple(tuple(map(Fraction, u)) for u in ((2, 1), (1, 2), (0, 0)))
    among = SelectionTable((Choice(points[1], points),))
    assert lotteries.select(among, Region.points(points)) == (points[1],) * 2
    assert lotteries.select(table, Region.points(points[:1])) == (points[0],) * 2
    rising = Region.polygon([(half, half), (Fraction(1), Fraction(1))])
    assert lotteries.select(table, rising) == ((Fraction(1), Fraction(1)),) * 2
    with pytest.raises(InputError, match="not efficient"):
        lotteries.select(SelectionTable((Choice(points[2], points),)), Region.points(points))
    with pytest.raises(InputError, match="finite sets only"):
        lotteries.select(among, Region.polygon(points))


SCORES = {
    "utilitarian": (Utilitarian(), lambda x, y, _: x + y),
    "maxmin": (Maxmin(), lambda x, y, _: min(x, y)),
    "leximin": (Leximin(), lambda x, y, _: (min(x, y), max(x, y))),
    "nash": (Nash((Fraction(0), Fraction(0))), lambda x, y, _: x * y if min(x, y) >= 0 else -1),
    "kalai": (
        KalaiSmorodinsky((Fraction(-4), Fraction(-4))),
        lambda x, y, best: min((x + 4) / (best[0] + 4), (y + 4) / (best[1] + 4)),
    ),
    "dictator": (Dictator(2), lambda _x, y, _: y),
}


@pytest.mark.long
@given(
    st.sampled_from(sorted(SCORES)),
    st.lists(st.lists(points, min_size=1, max_size=4), min_size=1, max_size=2),
)
def test_selections_from_regions_beat_a_fine_grid(name, pieces):
    sel, score = SCORES[name]
    region = Region()
    for corners in pieces:
        region = region | Region.polygon(corners)
    base = CorrelatedBase(scheduling_game())
    (picked, _) = base.select(sel, region)
    corners = [c for piece in region.pieces for c in piece]
    best = (max(c[0] for c in corners), max(c[1] for c in corners))
    fine = [(Fraction(x, 4), Fraction(y, 4)) for x in range(-12, 13) for y in range(-12, 13)]
    assert picked in region
    for point in fine:
        if point in region:
            assert score(*point, best) <= score(*picked, best)
            assert not dominates(point, picked)


def test_sets_by_bounds_are_filtered_outcomes_or_polygons():
    game = scheduling_game()
    function = Both(Improving(), (AtMost(Fraction(1), (Fraction(0), Fraction(1))),))
    pure = ProgramGame(PureBase(game))
    functions = (function, Improving())
    value = Execution(pure.base).value(1, functions, Utilitarian(), ("Slot 1", "Slot 2"))
    assert value == {o for o in game.outcomes() if game.payoffs(o)[1] <= 1}
    hull = ProgramGame(CorrelatedBase(game))
    region = Execution(hull.base).value(1, functions, Utilitarian(), ("Slot 1", "Slot 2"))
    assert region.pieces == (((0, 0), (3, 1), (Fraction(1, 3), 1)),)


@given(st.data())
def test_improving_sets_are_what_their_names_say(data):
    game = data.draw(games())
    base = PureBase(game)
    outcome = data.draw(st.sampled_from(list(game.outcomes())))
    n = game.number_of_players

    def value(function):
        return Execution(base).value(1, (function,) * n, Utilitarian(), outcome)

    u, least = game.payoffs(outcome), base.pareto_meet_minimum
    assert value(Improving()) == {o for o in game.outcomes() if all(map(ge, game.payoffs(o), u))}
    assert value(ImprovingOnMeet()) == {
        o
        for o in game.outcomes()
        if all(x >= max(m, v) for x, m, v in zip(game.payoffs(o), least, u, strict=True))
    }


@given(st.data())
def test_map_defects_are_definition_4(data):
    game = data.draw(games())
    rn = data.draw(outcome_maps(game, improving=False))
    base = PureBase(game)
    images = {e.outcome: e.image for e in rn.entries}
    pairs = [(game.payoffs(o), game.payoffs(images.get(o, o))) for o in game.outcomes()]
    harmless = all(all(map(ge, v, u)) for u, v in pairs)
    helpful = any(u != v for u, v in pairs)
    defect = find_map_defect(base, rn)
    assert (defect is None) is (harmless and helpful)
    assert isinstance(defect, NoGain) is (harmless and not helpful)


@given(st.data())
def test_renegotiation_functions_from_the_strategy_are_renegotiation_functions(data):
    game = data.draw(games())
    try:
        strategy = renegotiation_functions(game)
    except ValueError:
        assume(False)
    assert find_map_defect(PureBase(game), data.draw(strategy)) is None


def test_the_first_entry_of_a_map_counts():
    base = PureBase(scheduling_game())
    rn = RenegotiationMap(
        (*meet_at_slot_3().entries, To(("Slot 1", "Slot 2"), ("Slot 1", "Slot 2")))
    )
    assert find_map_defect(base, rn) is None
    best = ("Slot 1", "Slot 1")
    harm = RenegotiationMap((To(best, ("Slot 3", "Slot 3")), To(best, best)))
    assert find_map_defect(base, harm).player == 1


def test_set_function_defects_are_definition_7():
    game = ProgramGame(PureBase(scheduling_game()))
    worse, nothing = Outcomes((("Slot 3", "Slot 3"),)), Outcomes(())

    def defect(function):
        return find_set_function_defect(game, 1, [(function, Improving())], Utilitarian())

    found = defect(worse)
    assert isinstance(found, WorseOffer)
    assert (found.outcome, found.player) == (("Slot 1", "Slot 1"), 1)
    assert isinstance(defect(nothing), NoOffer)
    assert defect(Improving()) is None
    assert isinstance(defect(ByOutcome(nothing, (Row(("Slot 3",) * 2, worse),))), NoOffer)
    bad = Row(("Slot 3", "Slot 3"), Outcomes((("Slot 1", "Slot 2"),)))
    found = defect(ByOutcome(Improving(), (bad,)))
    assert (found.outcome, found.offered, found.player) == (bad.outcome, ("Slot 1", "Slot 2"), 1)
    assert isinstance(defect(Either(Improving(), (worse,))), WorseOffer)


def test_elements_of_infinite_sets_are_not_listed():
    base = CorrelatedBase(scheduling_game())
    with pytest.raises(InputError, match="infinite"):
        base.elements(base.everything)
    program = CSR(Utilitarian(), Always("Slot 1"), Improving())
    assert ProgramGame(base).checked((program, program))
