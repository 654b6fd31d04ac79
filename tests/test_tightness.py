"""The equilibria of the repaired Proposition 5, constructed and executed."""

from __future__ import annotations

import doctest
import itertools
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.programs import (
    ICSR,
    Always,
    Beliefs,
    Dictator,
    KalaiSmorodinsky,
    Leximin,
    Method,
    ProgramSpace,
    Utilitarian,
    is_best_response,
)
from spi_verify.programs.examples import offering, scheduling_game
from spi_verify.programs.tightness import Obstacle, Tightness, history, tightness

TENTH = Fraction(1, 10)
PAGE = Path(__file__).parent.parent / "docs" / "tightness.md"


def test_the_session_on_the_page_prints_what_it_shows():
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 15
    languages = set(re.findall(r"^```(\w+)$", PAGE.read_text(), re.MULTILINE))
    assert languages == {"pycon", "console"}, "test_docs.py runs the latter"


def meeting(n):
    """n players, a slot for each and a last one for nobody; all who do not meet get 0."""

    def pays(slots):
        (slot,) = set(slots) if len(set(slots)) == 1 else (None,)
        return [0 if slot is None else 3 if slot == i else 1 for i in range(n)]

    def table(slots):
        return pays(slots) if len(slots) == n else [table((*slots, s)) for s in range(n + 1)]

    return Game.from_payoffs(table(()))


@pytest.mark.parametrize("rounds", [1, 2, 7])
@pytest.mark.parametrize("selection", [Leximin(), Dictator(1), Utilitarian()])
def test_two_players_end_a_little_above_the_pmm(rounds, selection):
    found = tightness(scheduling_game(), rounds, TENTH, selection=selection)
    assert found.holds
    assert len(found.path) == rounds + 1
    assert found.path[0] == (0, 0)
    assert found.path[-1] == (Fraction(11, 10),) * 2
    assert [report.value for report in found.equilibrium.players] == [Fraction(29, 10)] * 2
    assert {report.method for report in found.equilibrium.players} == {Method.BOUND}


def test_the_programs_are_those_of_example_4_3():
    found = tightness(scheduling_game(), 3, TENTH)
    assert found.programs == tuple(offering(i, Leximin(), 3, 1 + TENTH) for i in (1, 2))
    assert found.beliefs[0] == Beliefs.certain(offering(2, Leximin(), 3, 3 - TENTH))


@pytest.mark.parametrize(("n", "rounds"), [(3, 1), (3, 4), (4, 2)])
def test_more_players_end_a_little_above_the_pmm(n, rounds):
    found = tightness(meeting(n), rounds, TENTH)
    assert found.holds
    assert found.path[-1] == (Fraction(11, 10),) * n
    for report, path in zip(found.equilibrium.players, found.path[-1], strict=True):
        assert report.optimal
        assert report.value > path, "everybody expects more than they get"


def test_the_path_is_what_the_programs_play():
    for game in (scheduling_game(), meeting(3)):
        found = tightness(game, 2, TENTH)
        assert found.game.utilities(found.programs) == found.path[-1]
        for k in (1, 2):
            shorter = [ICSR(p.selection, p.default, p.rounds[:k]) for p in found.programs]
            assert found.game.utilities(shorter) == found.path[k]


def test_no_other_program_of_the_enumeration_earns_more_than_the_bound():
    """The bound is independent of the search, which tries programs and finds nothing better."""
    found = tightness(scheduling_game(), 2, TENTH)
    space = ProgramSpace.with_icsr(Leximin(), 2)
    for i, belief in enumerate(found.beliefs, start=1):
        for action in ("Slot 1", "Slot 2", "Slot 3"):
            plain = is_best_response(found.game, i, Always(action), belief, space)
            assert plain.optimal is False
            assert plain.value < found.equilibrium.players[i - 1].value
            assert plain.better_value <= found.equilibrium.players[i - 1].value


def test_the_number_of_rounds_may_be_large():
    found = tightness(scheduling_game(), 40, Fraction(1, 1000))
    assert found.holds
    assert found.path[-1] == (Fraction(1001, 1000),) * 2
    assert len(set(found.path)) == 41


def test_delta_can_differ_and_bounds_everybody():
    found = tightness(scheduling_game(), 2, [Fraction(1, 3), Fraction(1, 100)])
    assert found.holds
    assert all(u <= most for u, most in zip(found.path[-1], found.ceiling, strict=True))
    assert found.path[-1] == (Fraction(101, 100),) * 2
    assert found.ceiling == (Fraction(4, 3), Fraction(101, 100))


def test_a_large_delta_does_not_leave_the_feasible_set():
    found = tightness(scheduling_game(), 2, 50)
    assert found.holds
    assert CorrelatedPlay(scheduling_game()).contains(found.path[-1])


def test_every_bargaining_game_of_a_grid_gets_an_equilibrium_or_a_reason():
    reasons = set()
    for cells in itertools.product([(0, 0), (1, 3), (3, 1), (1, 1)], repeat=3):
        game = Game.from_payoffs([[(0, 0), cells[0]], [cells[1], cells[2]]])
        found = tightness(game, 2, TENTH)
        if isinstance(found, Tightness):
            assert found.holds, cells
        else:
            reasons.add(found.hypothesis)
    assert reasons == {"bargaining-problem", "defaults-not-generous"}


# Which hypothesis fails


def test_a_pmm_out_of_reach_is_said():
    # the favourites (0, 3) and (3, 0), and (2, 2) between them: nothing pays both just (0, 0)
    game = Game.from_payoffs([[[0, 3]], [[3, 0]], [[2, 2]]])
    found = tightness(game, 2, TENTH)
    assert found == Obstacle("pmm-feasible", "no lottery over the outcomes pays the PMM (0, 0)")


def test_three_players_may_have_a_pmm_out_of_reach():
    game = Game.from_payoffs([[[[0, 1, 0]], [[1, 0, 1]]]])
    found = tightness(game, 1, TENTH)
    assert isinstance(found, Obstacle)
    assert found.hypothesis == "bargaining-problem"


def test_an_outcome_that_is_best_for_two_is_said():
    game = Game.from_payoffs([[[2, 2], [0, 0]], [[0, 0], [1, 1]]])
    found = tightness(game, 1, TENTH)
    assert found == Obstacle("bargaining-problem", "(1, 1) pays players 1 and 2 their best payoff")


def test_defaults_that_pay_more_than_the_pmm_are_said():
    found = tightness(scheduling_game(), 2, TENTH, defaults=("Slot 1", "Slot 1"))
    assert found == Obstacle(
        "defaults-at-most-pmm", "(Slot 1, Slot 1) pays player 1 3, more than the PMM payoff 1"
    )


def test_defaults_that_hand_over_the_prize_are_said():
    found = tightness(scheduling_game(), 2, TENTH, defaults=("Slot 2", "Slot 1"))
    assert isinstance(found, Obstacle)
    assert found.hypothesis == "defaults-not-generous"
    assert "player 1 can get 3, and at most 3" in found.why


def test_defaults_at_the_pmm_will_do():
    found = tightness(scheduling_game(), 2, TENTH, defaults=("Slot 3", "Slot 3"))
    assert found.holds
    assert found.path[0] == (1, 1)


def test_replies_between_the_pmm_and_the_prize_lower_the_path():
    # against "b" of the other a player can get 5/2, more than the PMM 1 and less than 3
    high = Fraction(5, 2)
    game = Game.from_payoffs(
        [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [high, 0], [1, 1]]]
    )
    found = tightness(game, 2, 1, defaults=("1", "2"))
    assert found.holds
    assert found.equilibrium.players[0].value > high


@pytest.mark.parametrize(
    ("rounds", "delta"),
    [(0, TENTH), (1, 0), (1, Fraction(-1)), (1, [TENTH]), (1, [TENTH, Fraction(0)])],
)
def test_nonsense_is_refused(rounds, delta):
    with pytest.raises(InputError):
        tightness(scheduling_game(), rounds, delta)


def test_one_player_is_refused():
    with pytest.raises(InputError, match="two players"):
        tightness(Game.from_payoffs([[1], [2]]), 1, TENTH)


def test_an_outcome_that_is_not_there_is_refused():
    with pytest.raises(InputError):
        tightness(scheduling_game(), 1, TENTH, defaults=("Slot 1", "Slot 9"))


# Tampering: what is checked notices


@pytest.fixture(scope="module")
def found():
    return tightness(scheduling_game(), 2, TENTH)


def test_a_believed_opponent_who_offers_more_makes_the_program_no_best_response(found):
    """Against the most generous opponent a program that takes all gets 3."""
    generous = Beliefs.of(
        (offering(2, Leximin(), 2, Fraction(3)), TENTH),
        (found.beliefs[0].support[0][0], 1 - TENTH),
    )
    space = ProgramSpace.with_icsr(Leximin(), 2)
    report = is_best_response(found.game, 1, found.programs[0], generous, space)
    assert report.optimal is False


def test_a_program_that_offers_too_much_is_no_best_response(found):
    """Leximin then picks (2, 2)."""
    space = ProgramSpace.with_icsr(Leximin(), 2)
    kind = offering(1, Leximin(), 2, Fraction(2))
    report = is_best_response(found.game, 1, kind, found.beliefs[0], space)
    assert report.optimal is False
    assert report.value == 2


def test_claims_are_computed_not_asserted(found):
    still = replace(found, path=(*found.path, found.path[-1]))
    assert not still.every_round_improves
    assert not still.holds
    low = replace(found, ceiling=(Fraction(1), Fraction(2)))
    assert not low.within_delta
    assert not low.holds


def test_history_needs_programs_with_as_many_rounds(found):
    longer = offering(2, Leximin(), 3, 1 + TENTH)
    with pytest.raises(InputError, match="same number of rounds"):
        history(found.game, (found.programs[0], longer))
    other = offering(2, Dictator(1), 2, 1 + TENTH)
    with pytest.raises(InputError, match="same selection function"):
        history(found.game, (found.programs[0], other))


def test_any_selection_function_will_do():
    assert tightness(scheduling_game(), 2, TENTH, selection=KalaiSmorodinsky((0, 0))).holds
