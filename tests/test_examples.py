"""The paper's examples: the page runs, and the numbers are those of the paper."""

from __future__ import annotations

import doctest
import re
from fractions import Fraction
from pathlib import Path

import matplotlib as mpl
import pytest

from spi_verify.programs import (
    Always,
    Beliefs,
    Both,
    Code,
    CorrelatedBase,
    Dictator,
    If,
    Improving,
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Method,
    Nash,
    Outcomes,
    ProgramGame,
    ProgramSpace,
    PureBase,
    Utilitarian,
    find_csr_punished,
    find_extension_punished,
    find_set_function_defect,
    is_best_response,
    pmp_extension,
    subjective_equilibrium,
)
from spi_verify.programs.examples import (
    SLOTS,
    csr_profile,
    demanding,
    figure_2,
    figure_3,
    figure_4,
    meet_at_slot_3,
    offering,
    scheduling_game,
    slot_3_after_mismatch,
    with_star,
    yielding,
)
from spi_verify.reports import figures

PAGE = Path(__file__).parent.parent / "docs" / "examples.md"
ZERO = (Fraction(0), Fraction(0))
SELECTIONS = [
    Utilitarian(),
    Leximin(),
    Maxmin(),
    Dictator(1),
    Dictator(2),
    Lexicographic((2, 1)),
    Nash(ZERO),
    KalaiSmorodinsky(ZERO),
]
LOTTERIES = ProgramGame(CorrelatedBase(scheduling_game()))
DELTA = Fraction(1, 10)


def test_the_session_on_the_page_prints_what_it_shows():
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 60


def test_every_block_of_the_page_is_executed_by_a_test():
    languages = set(re.findall(r"^```(\w+)$", PAGE.read_text(), re.M))
    assert languages == {"pycon", "console"}  # test_docs.py runs the latter


def test_the_scheduling_game_is_table_1():
    game = scheduling_game()
    paid = {o: game.payoffs(o) for o in game.outcomes() if any(game.payoffs(o))}
    slots = [(f"Slot {k}",) * 2 for k in (1, 2, 3)]
    assert paid == dict(zip(slots, [(3, 1), (1, 3), (1, 1)], strict=True))
    assert PureBase(game).pareto_meet_minimum == (1, 1)
    assert LOTTERIES.base.pareto_meet_minimum == (1, 1)


def test_the_function_of_example_3_2_is_the_same_as_code_and_as_python():
    entries = {e.outcome: e.image for e in meet_at_slot_3().entries}
    for outcome in scheduling_game().outcomes():
        assert entries.get(outcome, outcome) == slot_3_after_mismatch(outcome)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_example_4_1_reaches_the_pmm_on_the_left_and_player_1s_best_on_the_right(selection):
    paid = [LOTTERIES.utilities(csr_profile(selection, figure_2(wide))) for wide in (False, True)]
    assert paid == [(1, 1), (3, 1)]
    left, right = (csr_profile(selection, figure_2(wide)) for wide in (False, True))
    belief = Beliefs.of((left[1], Fraction(1, 2)), (right[1], Fraction(1, 2)))
    found = is_best_response(LOTTERIES, 1, left[0], belief, ProgramSpace.with_csr(selection))
    assert (found.optimal, found.method) == (True, Method.BOUND)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_example_4_2_depends_on_the_selection_function(selection):
    first, narrow, star = figure_3(False)
    _, wide, _ = figure_3(True)

    def paid(function, second):
        return LOTTERIES.utilities(csr_profile(selection, (function, second)))

    starred = with_star(first, star, None)
    assert paid(first, narrow) == (1, Fraction(1, 2))
    assert paid(first, wide) == (Fraction(3, 2), Fraction(1, 2))
    assert paid(starred, narrow) == (1, 1)
    # Between (3/2, 1/2) and (1, 1): equal sums, and player 1 prefers the former.
    hurts = selection not in (Utilitarian(), Dictator(1))
    assert (paid(starred, wide) == (1, 1)) is hurts
    conditional = with_star(first, star, narrow)
    assert paid(conditional, narrow) == (1, 1)
    assert paid(conditional, wide) == (Fraction(3, 2), Fraction(1, 2))


def test_figure_4_extends_to_the_height_of_the_pmm():
    profile = csr_profile(Leximin(), figure_4())
    reached = LOTTERIES.utilities(profile)
    assert reached == (Fraction(5, 4), Fraction(3, 4))
    projection = LOTTERIES.base.pareto_meet_projection(1, reached)
    assert projection.pieces == (((Fraction(5, 4), 1), (3, 1)),)
    assert LOTTERIES.utilities(tuple(map(pmp_extension, profile))) == (Fraction(5, 4), 1)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("correlated", [False, True])
def test_theorem_3_part_2_fails_as_printed_where_both_extend(selection, correlated):
    game = ProgramGame((CorrelatedBase if correlated else PureBase)(scheduling_game()))
    slots = ("Slot 1",) * 2, ("Slot 2",) * 2
    if correlated:
        functions = yielding()
    else:
        functions = tuple(Both(Improving(), (Outcomes((slot,)),)) for slot in reversed(slots))
    one, two = csr_profile(selection, functions)
    for i in (1, 2):
        assert find_set_function_defect(game, i, [functions], selection) is None
    beliefs = [Beliefs.certain(Always(f"Slot {i}")) for i in (1, 2)]
    constants = [Always(slot) for slot in SLOTS]
    spaces = [ProgramSpace.with_csr(selection, *constants)] * 2
    csr_programs = [[p, pmp_extension(p)] for p in (one, two)]
    for i, program in ((1, one), (2, two)):
        against = [(p,) for p in csr_programs[2 - i]]
        for used in (*constants, program):
            assert find_csr_punished(game, i, used, against) is None
        assert find_extension_punished(game, i, program, beliefs[i - 1]) is None
        for outcome in game.base.game.outcomes():
            assert game.base.pareto_meet_projection(i, game.base.payoffs(outcome))
    extended = (pmp_extension(one), pmp_extension(two))
    assert subjective_equilibrium(game, (one, two), beliefs, spaces).holds is True
    assert game.utilities((one, two)) == (0, 0)
    assert game.utilities((extended[0], two)) == (3, 1)
    assert game.utilities((one, extended[1])) == (1, 3)
    assert game.utilities(extended) == (0, 0)
    assert game.base.pareto_meet_minimum == (1, 1)


def test_theorem_3_part_2_is_no_longer_refuted_where_plain_programs_read_code():
    one, two = csr_profile(Leximin(), yielding())
    slots = [Always(slot) for slot in SLOTS]
    reader = If(Code(2, two), slots[1], slots[0])
    belief = Beliefs.certain(slots[0])
    space = ProgramSpace.with_csr(Leximin())
    for program in (one, reader):
        assert is_best_response(LOTTERIES, 1, program, belief, space).optimal is True
    found = find_csr_punished(LOTTERIES, 1, reader, [(two,)])
    assert (found.part, found.action, found.compared_action) == ("9(i)", "Slot 1", "Slot 2")


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("rounds", [1, 2, 10])
def test_example_4_3_ends_slightly_above_the_pmm(selection, rounds):
    pair = [offering(i, selection, rounds, 1 + DELTA) for i in (1, 2)]
    assert LOTTERIES.utilities(pair) == (1 + DELTA, 1 + DELTA)
    almost = offering(2, selection, rounds, 3 - DELTA)
    assert LOTTERIES.utilities((pair[0], almost)) == (3 - DELTA, 1 + DELTA)
    for player, program in ((1, pair[0]), (2, almost)):
        functions = [(p, q) for p, q in zip(pair[0].rounds, almost.rounds, strict=True)]
        assert find_set_function_defect(LOTTERIES, player, functions, selection) is None, program


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("rounds", [2, 10])
def test_the_proof_of_proposition_5_overlooks_better_programs(selection, rounds):
    mine = offering(1, selection, rounds, 1 + DELTA)
    everything = offering(2, selection, rounds, Fraction(3))
    almost = offering(2, selection, rounds, 3 - DELTA)
    belief = Beliefs.of((everything, Fraction(1, 10)), (almost, Fraction(9, 10)))
    space = ProgramSpace.with_icsr(selection, rounds)
    found = is_best_response(LOTTERIES, 1, mine, belief, space)
    assert (found.optimal, found.method) == (False, Method.EXAMPLE)
    assert found.better_value == Fraction(291, 100)
    paid = [LOTTERIES.utilities((found.better, p))[0] for p in (everything, almost)]
    assert paid == [3, 3 - DELTA]
    assert found.better.default == demanding(1)
    certain = is_best_response(LOTTERIES, 1, mine, Beliefs.certain(almost), space)
    assert (certain.optimal, certain.method) == (True, Method.BOUND)


@pytest.mark.parametrize("name", sorted(figures.FIGURES))
def test_the_pictures_in_the_docs_are_what_the_programs_compute(name, tmp_path):
    committed = PAGE.parent / "figures" / f"{name}.svg"
    text = committed.read_text()
    figures.draw(figures.FIGURES[name](), tmp_path / "again.svg")
    assert "<svg" in text
    if f"Matplotlib v{mpl.__version__}," in text:
        assert (tmp_path / "again.svg").read_text() == text


def test_figures_are_written_into_a_folder(tmp_path):
    figures.main([str(tmp_path / "new")])
    assert len(list((tmp_path / "new").glob("*.svg"))) == 4
    with pytest.raises(SystemExit, match="usage"):
        figures.main([])


def test_figure_1_shows_projections_at_the_height_of_the_pmm_or_the_outcome():
    first, second = figures.panels_of_figure_1()
    _, region = first.projection
    assert {low[1] for low, _ in region.pieces} == {1, 2}
    _, region = second.projection
    assert {low[0] for low, _ in region.pieces} == {1, Fraction(3, 2)}
