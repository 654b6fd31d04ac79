"""Pictures show what the definitions say, are the same every time, and fail with one sentence."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction as Q
from itertools import combinations

import numpy as np
import pytest

from spi_verify.counterexamples.drawing import Offers
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.programs.tightness import Tightness, tightness
from spi_verify.reports import picture as picture_module
from spi_verify.reports.path_plot import plot_path
from spi_verify.reports.picture import MAX_POINTS, picture
from spi_verify.reports.plots import plot_game

SLOTS = ["Slot 1", "Slot 2", "Slot 3"]
SCHEDULING = Game.from_payoffs(
    [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [0, 0], [1, 1]]],
    actions=[SLOTS, SLOTS],
    title="Scheduling Game",
)
CHICKEN = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])
EMPTY_PROJECTION = Game.from_payoffs([[[[0, 1, 0]]], [[[1, 0, 1]]], [[[-1, -1, 0]]]])
ONE_PLAYER = Game.from_payoffs([[0], [2], [Q(7, 2)], [2]])


def texts(file):
    """The words in an SVG file."""
    return ["".join(e.itertext()).strip() for e in ET.parse(file).iter() if e.tag.endswith("}text")]


def labels(shown):
    return {mark.payoffs: mark.label for mark in shown.marks}


def test_pure_marks_are_the_distinct_profiles_with_their_outcomes():
    shown = picture(PureOutcomes(SCHEDULING))
    assert labels(shown) == {
        (0, 0): "(Slot 1, Slot 2) and 5 more",
        (1, 1): "(Slot 3, Slot 3)",
        (1, 3): "(Slot 2, Slot 2)",
        (3, 1): "(Slot 1, Slot 1)",
    }
    assert {m.payoffs for m in shown.marks if m.efficient} == {(1, 3), (3, 1)}
    assert {m.payoffs for m in shown.marks if m.in_pareto_meet} == {(1, 1), (1, 3), (3, 1)}
    assert shown.pareto_meet_minimum == (1, 1)
    assert not shown.hulls
    assert not shown.frontier
    assert not shown.pareto_meet


def test_figure_1_correlated_play_of_the_scheduling_game():
    shown = picture(CorrelatedPlay(SCHEDULING), (Q(0), Q(0)))
    assert shown.panels == ((1, 2),)
    assert [set(hull) for hull in shown.hulls] == [{(0, 0), (3, 1), (1, 3)}]
    assert [set(face) for face in shown.frontier] == [{(1, 3), (3, 1)}]
    assert set(shown.pareto_meet) == {(1, 1), (3, 1), (1, 3)}
    first, second = shown.projections
    assert (first.player, first.payoffs) == (1, ((1, 1), (3, 1)))
    assert (second.player, second.payoffs) == (2, ((1, 1), (1, 3)))
    assert shown.arrows == {(1, 1): (1, 2)}


def test_pure_projection_starts_at_the_nearest_outcome_and_arrows_belong_to_players():
    shown = picture(PureOutcomes(CHICKEN), (Q(0), Q(0)))
    assert [p.payoffs for p in shown.projections] == [((4, 1),), ((1, 4),)]
    assert shown.arrows == {(4, 1): (1,), (1, 4): (2,)}
    game = Game.from_payoffs([[[5, 1], [3, 1], [0, 0]], [[1, 3], [3, 1], [2, 1]]])
    shown = picture(PureOutcomes(game), (Q(2), Q(1)))
    assert shown.projections[0].payoffs == ((2, 1), (3, 1), (5, 1))
    assert shown.arrows == {}, "the outcome is its own nearest point"


def test_correlated_efficiency_is_that_of_the_hull():
    game = Game.from_payoffs([[[4, 0], [1, 1]], [[0, 4], [0, 0]]])
    pure, correlated = picture(PureOutcomes(game)), picture(CorrelatedPlay(game))
    assert {m.payoffs for m in pure.marks if m.efficient} == {(4, 0), (1, 1), (0, 4)}
    assert {m.payoffs for m in correlated.marks if m.efficient} == {(4, 0), (0, 4)}


def test_three_players_are_seen_in_pairs_and_an_empty_projection_stays_empty():
    shown = picture(CorrelatedPlay(EMPTY_PROJECTION), (Q(-1), Q(-1), Q(0)))
    assert shown.panels == ((1, 2), (1, 3), (2, 3))
    assert [set(hull) for hull in shown.hulls] == [
        {(0, 1), (1, 0), (-1, -1)},
        {(0, 0), (1, 1), (-1, 0)},
        {(1, 0), (0, 1), (-1, 0)},
    ]
    assert [set(face) for face in shown.frontier] == [{(0, 1, 0), (1, 0, 1)}]
    assert [p.payoffs for p in shown.projections] == [(), ((0, 1, 0),), ((0, 0, Q(1, 3)),)]
    assert shown.arrows == {(0, 1, 0): (2,), (0, 0, Q(1, 3)): (3,)}


def test_one_player_is_a_number_line():
    shown = picture(CorrelatedPlay(ONE_PLAYER), (Q(2),))
    assert shown.panels == ((1,),)
    assert shown.hulls == (((0,), (Q(7, 2),)),)
    assert shown.pareto_meet == ((Q(7, 2),),)
    assert shown.arrows == {(Q(7, 2),): (1,)}
    assert labels(shown)[(2,)] == "(2) and 1 more"


def test_hull_and_marks_are_on_the_players_own_scales():
    game = Game.from_payoffs([[[Q(1, 2), 5], [Q(1, 3), 7]], [[0, 0], [0, 0]]])
    shown = picture(CorrelatedPlay(game))
    assert set(shown.hulls[0]) == {(Q(1, 2), 5), (Q(1, 3), 7), (0, 0)}
    three = Game.from_payoffs([[[[Q(1, 2), 5, Q(1, 7)]]], [[[0, 0, Q(2, 7)]]]])
    assert set(picture(CorrelatedPlay(three)).hulls[2]) == {(5, Q(1, 7)), (0, Q(2, 7))}


def test_large_games_are_thinned_but_keep_the_ends_and_say_so(tmp_path):
    payoffs = np.random.default_rng(0).integers(-(10**6), 10**6, (150, 200, 2))
    game = Game.from_payoffs(payoffs)
    shown = picture(PureOutcomes(game), game.payoffs(0))
    assert shown.number_of_profiles == len(np.unique(payoffs.reshape(-1, 2), axis=0))
    assert MAX_POINTS / 2 < len(shown.marks) <= 3 * MAX_POINTS
    efficient = {m.payoffs for m in shown.marks if m.efficient}
    assert efficient == {game.payoffs(int(k)) for k in PureOutcomes(game).efficient}
    for i in range(2):
        assert min(m.payoffs[i] for m in shown.marks) == payoffs[..., i].min()
        assert max(m.payoffs[i] for m in shown.marks) == payoffs[..., i].max()
    plot_game(PureOutcomes(game), tmp_path / "large.svg")
    note = f"{len(shown.marks)} of {shown.number_of_profiles} payoff profiles drawn"
    assert note in texts(tmp_path / "large.svg")


def test_a_long_efficient_line_is_thinned_with_its_ends():
    line = np.arange(10_000).reshape(100, 100)
    shown = picture(PureOutcomes(Game.from_payoffs(np.stack([line, 9_999 - line], axis=-1))))
    assert 1_000 < len(shown.marks) <= 3 * MAX_POINTS
    ends = {shown.marks[0].payoffs, shown.marks[-1].payoffs}
    assert ends == {(0, 9_999), (9_999, 0)}


def test_a_projection_with_many_points_is_thinned_with_its_ends(tmp_path):
    line = [[[k, 0]] for k in range(1000)]
    game = Game.from_payoffs([*line, [[-1, 1]]])
    first, second = picture(PureOutcomes(game), (Q(-1), Q(0))).projections
    assert (first.total, len(first.payoffs)) == (1000, 200)
    assert (first.payoffs[0], first.payoffs[-1]) == ((0, 0), (999, 0))
    assert (second.total, second.payoffs) == (1, ((-1, 1),))
    plot_game(PureOutcomes(game), tmp_path / "many.svg", outcome=(Q(-1), Q(0)))
    words = texts(tmp_path / "many.svg")
    assert "PMP of player 1 (200 of 1000 points drawn)" in words
    assert "PMP of player 2" in words


def test_svg_names_what_it_shows(tmp_path):
    file = tmp_path / "scheduling.svg"
    plot_game(CorrelatedPlay(SCHEDULING), file, outcome=(Q(0), Q(0)), outcome_label="miss")
    words = texts(file)
    for expected in (
        "Scheduling Game",
        "(Slot 1, Slot 2) and 5 more",
        "(Slot 3, Slot 3)",
        "payoff of player 1",
        "payoff of player 2",
        "feasible set (correlated play)",
        "efficient frontier",
        "Pareto meet",
        "PMM (1, 1)",
        "outcome miss: (0, 0)",
        "PMP of player 1",
        "PMP of player 2",
    ):
        assert expected in words
    assert words.count("3") == 2, "exact payoffs as ticks of both axes"


def drawn_with(tmp_path, feasible, **given):
    file = tmp_path / "drawn.svg"
    plot_game(feasible, file, **given)
    return file.read_text(), texts(file)


def test_arrows_and_what_is_offered_and_agreed_on_are_in_the_legend(tmp_path):
    point, meet = (Q(1), Q(3)), (Q(1), Q(1))
    offers = Offers(("Ann", "player 2"), (((point,),), ((meet, point),)), ((point,),))
    outcome = (Q(0), Q(0))
    _, plain = drawn_with(tmp_path, CorrelatedPlay(SCHEDULING), outcome=outcome)
    assert "from there to the nearest point of each PMP" in plain
    assert not [word for word in plain if word.startswith(("offered", "agreed"))]
    svg, words = drawn_with(tmp_path, CorrelatedPlay(SCHEDULING), outcome=outcome, offers=offers)
    assert {"offered by Ann", "offered by player 2", "agreed on"} <= set(words)
    assert svg.count("opacity: 0.3") >= 4, "two bands, here and in the legend"
    nothing = Offers(offers.players, (((point,),), ()), ())
    _, words = drawn_with(tmp_path, CorrelatedPlay(SCHEDULING), outcome=outcome, offers=nothing)
    assert {"offered by player 2: nothing", "agreed on: nothing"} <= set(words)
    _, words = drawn_with(tmp_path, CorrelatedPlay(SCHEDULING), outcome=meet)
    assert "from there to the nearest point of each PMP" not in words


def test_a_default_outcome_is_not_called_an_outcome_twice(tmp_path):
    given = {"outcome": (Q(0), Q(0)), "outcome_label": "default outcome"}
    _, words = drawn_with(tmp_path, CorrelatedPlay(SCHEDULING), **given)
    assert "default outcome: (0, 0)" in words


def test_projections_of_three_players_are_rings_around_their_points(tmp_path, monkeypatch):
    from matplotlib.axes import Axes

    drawn = []
    plot = Axes.plot
    monkeypatch.setattr(Axes, "plot", lambda ax, *a, **k: drawn.append((a, k)) or plot(ax, *a, **k))
    outcome = (Q(-1), Q(-1), Q(0))
    plot_game(CorrelatedPlay(EMPTY_PROJECTION), tmp_path / "p.svg", outcome=outcome)
    rings = [a for a, k in drawn if k.get("color") == "none" and k.get("marker") == "o"]
    where = {(float(x[0]), float(y[0])) for x, y in rings}
    assert where == {(0, 1), (0, 0), (1, 0), (0, 1 / 3)}, "(0, 1, 0) and (0, 0, 1/3), in each view"
    assert not [k for _, k in drawn if isinstance(k.get("marker"), tuple)], "nothing beside a point"


def test_pictures_on_a_page_take_its_colours():
    from spi_verify.reports.looks import DARK
    from spi_verify.reports.portrait import portrait

    game = {"players": ["1", "2"], "actions": [["a", "b"], ["c"]], "payoffs": [[[1, 0]], [[0, 1]]]}
    data = {"model": {"game": game}}
    svg = portrait(data, "here")
    found = re.findall(r"(var\(--plot-([0-9a-f]{6}), )?(#[0-9a-f]{6})", svg)
    assert len(found) > 10
    for variable, name, colour in found:
        assert variable, f"{colour} stays as it is on a dark page"
        assert f"#{name}" == colour
        assert colour in DARK


@pytest.mark.parametrize("feasible", [PureOutcomes, CorrelatedPlay])
def test_legend_says_that_a_projection_is_empty(tmp_path, feasible):
    file = tmp_path / "empty.svg"
    plot_game(feasible(EMPTY_PROJECTION), file, outcome=(Q(-1), Q(-1), Q(0)))
    words = texts(file)
    assert "PMP of player 1: empty" in words
    assert "PMP of player 2" in words
    assert "(3, 1, 1): (-1, -1, 0)" in words, "the key to the letters"
    assert words.count("payoff of player 3") == 2


def test_fractions_are_exact_on_the_axes(tmp_path):
    file = tmp_path / "line.svg"
    plot_game(CorrelatedPlay(ONE_PLAYER), file, outcome=(Q(2),))
    assert {"0", "2", "7/2", "PMM (7/2)"} <= set(texts(file))


def test_strange_names_are_shown_as_they_are(tmp_path):
    game = Game.from_payoffs(
        [[[0, 1], [1, 0]]],
        actions=[["$x$ & <b>\x00"], ["猫", "_"]],
        players=["Ann", "player 2"],
        title="$\\frac{1",
    )
    for ending in ("svg", "png", "pdf"):
        plot_game(CorrelatedPlay(game), tmp_path / f"names.{ending}", outcome_label="_$")
    words = texts(tmp_path / "names.svg")
    assert "($x$ & <b> , 猫)" in words
    assert "$\\frac{1" in words
    assert "payoff of player 1 (Ann)" in words
    assert "payoff of player 2" in words


def test_names_of_close_points_do_not_cover_one_another(tmp_path):
    cells = [[[0, 0], [2, 1], [4, 0], [1, 3], [3, 4], [100, 100]]]
    game = Game.from_payoffs(cells, actions=[["action"], list("abcdef")])
    file = tmp_path / "names.svg"
    plot_game(PureOutcomes(game), file)
    places = [
        (float(e.get("x")), float(e.get("y")))
        for e in ET.parse(file).iter()
        if (e.text or "").startswith("(action, ")
    ]
    assert len(places) == 6
    for (x, y), (other_x, other_y) in combinations(places, 2):
        assert abs(y - other_y) >= 9 or abs(x - other_x) >= 45, "9 pt high and 45 pt wide"


def test_outcomes_that_pay_the_same_in_a_panel_share_a_label(tmp_path):
    game = Game.from_payoffs([[[[0, 0, 1]]], [[[0, 0, 2]]], [[[1, 1, 0]]]])
    file = tmp_path / "shared.svg"
    plot_game(PureOutcomes(game), file)
    words = texts(file)
    assert words.count("a, b") == 1, "in the panel of players 1 and 2"
    assert words.count("c") >= 3


@pytest.mark.parametrize(
    ("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
@pytest.mark.parametrize("game", [SCHEDULING, EMPTY_PROJECTION, ONE_PLAYER])
def test_same_bytes_twice(tmp_path, monkeypatch, ending, start, game):
    written = []
    for moment in ("1000000000", "1500000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        file = tmp_path / f"{moment}.{ending.upper()}"
        plot_game(CorrelatedPlay(game), file, outcome=game.payoffs(1))
        written.append(file.read_bytes())
    assert written[0] == written[1]
    assert written[0].startswith(start)


@pytest.mark.parametrize("feasible", [PureOutcomes, CorrelatedPlay])
@pytest.mark.parametrize(
    "payoffs",
    [
        [[[1, 1], [1, 1]]],
        [[[1, 0], [1, 5]]],
        [[[10**30, 10**-0], [-(10**40), 2]]],
        [[[Q(1, 10**60), 0], [0, 1]]],
        [[[[1, 1, 1], [1, 1, 2]]]],
        [[4]],
    ],
)
def test_degenerate_and_large_ranges_are_drawn(tmp_path, feasible, payoffs):
    game = Game.from_payoffs(payoffs)
    file = tmp_path / "picture.png"
    plot_game(feasible(game), file, outcome=game.payoffs(0))
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        ([[[10**400, 0], [0, 1]]], "player 1 are too large"),
        ([[[0, 0], [0, -(10**101)]]], "player 2 are too large"),
        ([[[0, 10**30], [0, 10**30 + 1]]], "player 2 are too close"),
        ([[[0, 0], [Q(1, 10**400), 1]]], "player 1 are too close"),
    ],
)
def test_payoffs_that_cannot_be_drawn_are_refused(tmp_path, payoffs, message):
    file = tmp_path / "picture.png"
    with pytest.raises(InputError, match=message):
        plot_game(PureOutcomes(Game.from_payoffs(payoffs)), file)
    assert not file.exists()


def test_an_outcome_that_cannot_be_drawn_is_refused():
    with pytest.raises(InputError, match="player 2 are too large"):
        picture(PureOutcomes(CHICKEN), (Q(0), Q(10) ** 400))
    with pytest.raises(InputError, match="3 payoffs for 2 players"):
        picture(CorrelatedPlay(CHICKEN), (Q(0), Q(0), Q(0)))


def test_four_players_are_refused():
    with pytest.raises(InputError, match="plots show at most three players"):
        picture(PureOutcomes(Game.from_payoffs([[[[[1, 1, 1, 1]]]]])))


@pytest.mark.parametrize("name", ["picture.gif", "picture", "picture.png.txt"])
def test_unknown_endings_are_refused_with_the_file(tmp_path, name):
    file = tmp_path / name
    with pytest.raises(InputError, match=r"use one of \.png, \.svg, \.pdf") as caught:
        plot_game(PureOutcomes(CHICKEN), file)
    assert caught.value.file == str(file)
    assert not file.exists()


def test_unwritable_files_are_named(tmp_path):
    (tmp_path / "directory.png").mkdir()
    for file in (tmp_path / "missing" / "picture.png", tmp_path / "directory.png"):
        with pytest.raises(InputError, match="cannot be written") as caught:
            plot_game(PureOutcomes(CHICKEN), file)
        assert caught.value.file == str(file)


def test_too_many_efficient_faces_are_left_out_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_module, "_MAX_EFFICIENT_FOR_FACES", 1)
    shown = picture(CorrelatedPlay(EMPTY_PROJECTION))
    assert not shown.frontier
    plot_game(CorrelatedPlay(EMPTY_PROJECTION), tmp_path / "faces.svg")
    words = texts(tmp_path / "faces.svg")
    assert "the faces of the efficient frontier are too many to draw" in words


def test_drawing_leaves_settings_alone_and_importing_loads_no_matplotlib(tmp_path):
    code = """
import sys
from pathlib import Path
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.programs.tightness import Tightness, tightness
from spi_verify.reports.plots import plot_game
assert "matplotlib" not in sys.modules
import matplotlib
before = matplotlib.rcParams.copy()
plot_game(PureOutcomes(Game.from_payoffs([[1], [2]])), Path(sys.argv[1]))
assert matplotlib.rcParams.copy() == before
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "p.svg")], check=True)


def test_the_path_of_iterated_renegotiation_has_the_ticks_of_other_pictures(tmp_path):
    """Its axes are numbered at the game's payoffs, as those of ``show --plot`` are."""
    found = tightness(SCHEDULING, 2, Q(1, 2))
    assert isinstance(found, Tightness)
    plot_path(found, tmp_path / "path.svg")
    words = list(texts(tmp_path / "path.svg"))
    assert "3" in words
    assert not {"1.5", "2.5", "3.0"} & set(words)
