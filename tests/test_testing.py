"""``spi_verify.testing``: assertions that fail in the paper's terms, strategies that shrink."""

from __future__ import annotations

import itertools
from fractions import Fraction
from operator import ge
from random import Random

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game, PureOutcomes
from spi_verify.programs import (
    CSR,
    ICSR,
    Always,
    ProgramGame,
    PureBase,
    Renegotiation,
    Utilitarian,
    renegotiating,
)
from spi_verify.programs.deciding.checking import TooManyCasesError, check_selection
from spi_verify.programs.examples import meet_at_slot_3, scheduling_game
from spi_verify.programs.running.execution import Execution
from spi_verify.testing import (
    assert_pmm_guarantee,
    assert_renegotiation_function,
    assert_selection_transitive,
    assert_spi,
    beliefs,
    games,
    outcome_maps,
    outcomes,
    plain_programs,
    profiles,
    programs,
    selections,
    set_functions,
)

GAME = scheduling_game()
SMALLEST = settings(max_examples=2000, database=None, derandomize=True, deadline=None)


def smallest(strategy, condition=lambda _: True):
    return find(strategy, condition, settings=SMALLEST, random=Random(0))


def fair(outcome):
    return ("Slot 3", "Slot 3") if outcome[0] != outcome[1] else outcome


# Assertions


def test_a_renegotiation_function_passes():
    assert_renegotiation_function(fair, GAME)


def test_a_loss_is_told_in_the_papers_terms():
    with pytest.raises(AssertionError) as caught:
        assert_renegotiation_function(lambda _: ("Slot 3", "Slot 3"), GAME)
    assert str(caught.value).splitlines() == [
        "violated: rn makes nobody worse off: u(rn(a)) >= u(a) (Definition 4(1))",
        "  a = (Slot 1, Slot 1), u(a) = (3, 1)",
        "  rn(a) = (Slot 3, Slot 3), u(rn(a)) = (1, 1)",
        "  player 1 gets 1, down from 3",
    ]


def test_no_gain_and_no_outcome_are_violations():
    with pytest.raises(AssertionError, match=r"Definition 4\(2\)"):
        assert_renegotiation_function(lambda a: a, GAME)
    with pytest.raises(AssertionError, match="no action 'Slot 4'"):
        assert_renegotiation_function(lambda _: ("Slot 4", "Slot 1"), GAME)
    with pytest.raises(AssertionError, match="not a sequence"):
        assert_renegotiation_function(lambda _: "Slot 1", GAME)


@given(st.data())
def test_the_assertion_about_functions_is_definition_4(data):
    game = data.draw(games())
    rn = data.draw(outcome_maps(game, improving=False))
    images = {e.outcome: e.image for e in rn.entries}
    u = game.payoffs
    pairs = [(u(o), u(images.get(o, o))) for o in game.outcomes()]
    right = all(all(map(ge, v, w)) for w, v in pairs) and any(w != v for w, v in pairs)
    try:
        assert_renegotiation_function(lambda o: images.get(o, o), game)
    except AssertionError:
        assert not right
    else:
        assert right


def transform(f):
    return lambda profile: tuple(g(p) for g, p in zip(f, profile, strict=True))


def test_an_spi_passes_and_a_loss_names_the_profile():
    f = transform(renegotiating(meet_at_slot_3(), 2))
    assert_spi(f, GAME)
    with pytest.raises(AssertionError) as caught:
        assert_spi(lambda _: (Always("Slot 1"),) * 2, GAME)
    text = str(caught.value)
    assert '(always "Slot 2")' in text
    assert "U(p) = (1, 3)" in text
    assert "player 2 gets 1, down from 3" in text


def test_an_spi_needs_a_gain_at_one_of_the_given_profiles():
    f = transform(renegotiating(meet_at_slot_3(), 2))
    with pytest.raises(AssertionError, match="better off at some profile"):
        assert_spi(f, GAME, profiles=[(Always("Slot 1"), Always("Slot 1"))])


def test_profiles_of_ones_own_kind_need_a_way_to_play_them():
    assert_spi(fair, GAME, profiles=GAME.outcomes(), play=lambda outcome: outcome)
    with pytest.raises(InputError, match="say how to play"):
        assert_spi(fair, GAME, profiles=GAME.outcomes())


def test_the_pmm_guarantee_wants_the_pmm_and_the_default():
    f = transform(renegotiating(meet_at_slot_3(), 2))
    assert_pmm_guarantee(f, GAME)
    with pytest.raises(AssertionError, match=r"u\^PMM = \(1, 1\): player 1 gets 0, not 1"):
        assert_pmm_guarantee(lambda p: p, GAME)
    with pytest.raises(AssertionError, match="player 1 gets 1, not 3"):
        assert_pmm_guarantee(lambda _: (Always("Slot 3"),) * 2, GAME)


COORDINATION = Game.from_payoffs([[[2, 1], [3, 1]], [[1, 3], [0, 0]]])


def test_selection_functions_pass_or_fail_by_definition_7():
    u = COORDINATION.payoffs

    def utilitarian(s):
        return min(s, key=lambda o: (-sum(u(o)), o))

    assert_selection_transitive(utilitarian, COORDINATION)
    with pytest.raises(AssertionError, match="is in S"):
        assert_selection_transitive(lambda _: ("1", "1"), COORDINATION)
    with pytest.raises(AssertionError, match=r"S = \{\(1, 1\), \(1, 2\)\}"):
        assert_selection_transitive(min, COORDINATION)

    def fickle(s):
        good = [o for o in s if not any(u(x) != u(o) and all(map(ge, u(x), u(o))) for x in s)]
        return max(good) if len(s) > 2 else min(good)

    with pytest.raises(AssertionError) as caught:
        assert_selection_transitive(fickle, COORDINATION)
    assert "S = {(1, 1), (2, 1)}, S' = {(1, 2)}" in str(caught.value)
    assert_selection_transitive(fickle, COORDINATION, outcomes=[("1", "1"), ("2", "1")])


@given(st.data())
def test_the_assertion_about_selections_is_transitivity(data):
    game = data.draw(games(max_players=2, max_actions=2, max_payoff=2))
    sel = data.draw(selections(2))
    base = PureBase(game)
    everything = list(game.outcomes())
    sets = [
        frozenset(c)
        for k in range(1, len(everything) + 1)
        for c in itertools.combinations(everything, k)
    ]

    def value(s):
        return game.payoffs(base.select(sel, s))

    right = all(
        all(map(ge, value(s | t), value(s)))
        for s in sets
        for t in sets
        if all(all(map(ge, game.payoffs(x), value(s))) for x in t)
    )
    assert (check_selection(lambda s: base.select(sel, s), game) is None) is right


def test_too_many_sets_are_said_to_be_too_many():
    game = Game.from_payoffs([[[1, 1]] * 5] * 5)
    with pytest.raises(TooManyCasesError, match="25 outcomes"):
        assert_selection_transitive(min, game)
    few = Game.from_payoffs([[[1, 1]] * 4] * 2)
    with pytest.raises(TooManyCasesError, match="there are more"):
        check_selection(min, few, max_cases=300)


# Strategies


def test_games_shrink_to_one_action_and_zero_payoffs():
    game = smallest(games())
    assert game.shape == (1, 1)
    assert game.payoffs(0) == (0, 0)
    inefficient = smallest(games(), lambda g: len(PureOutcomes(g).efficient) < g.number_of_outcomes)
    assert inefficient.number_of_outcomes == 2
    assert {sum(inefficient.payoffs(k)) for k in range(2)} == {0, 1}


@pytest.mark.long
def test_programs_shrink_to_constants_and_functions_to_short_code():
    assert smallest(programs(GAME, 1)) == Always("Slot 1")
    assert smallest(plain_programs(GAME, 2)) == Always("Slot 1")
    csr = smallest(programs(GAME, 1), lambda p: isinstance(p, CSR))
    assert len(str(csr)) < 80
    assert smallest(outcome_maps(GAME)).entries == ()
    assert smallest(outcomes(GAME)) == ("Slot 1", "Slot 1")


@pytest.mark.long
def test_every_kind_of_program_is_drawn():
    for kind in (Renegotiation, CSR, ICSR):
        assert isinstance(smallest(programs(GAME, 1), lambda p, k=kind: isinstance(p, k)), kind)


@pytest.mark.long
@given(st.data())
def test_drawn_profiles_run_and_drawn_beliefs_are_probabilities(data):
    game = data.draw(games())
    profile = data.draw(profiles(game))
    assert ProgramGame(PureBase(game)).outcome(profile)
    player = data.draw(st.integers(1, game.number_of_players))
    belief = data.draw(beliefs(game, player))
    assert sum(weight for _, weight in belief.support) == Fraction(1)
    assert all(len(p) == game.number_of_players - 1 for p, _ in belief.support)


@pytest.mark.long
@given(st.data())
def test_drawn_set_functions_offer_improvements_only_unless_told_otherwise(data):
    game = data.draw(games(max_actions=2))
    base = PureBase(game)
    functions = tuple(data.draw(set_functions(game, i)) for i in base.players)
    for outcome in game.outcomes():
        for i in base.players:
            for offered in Execution(base).value(i, functions, Utilitarian(), outcome):
                assert all(map(ge, game.payoffs(offered), game.payoffs(outcome)))
