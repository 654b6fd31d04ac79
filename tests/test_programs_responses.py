"""Beliefs, best responses over whole spaces, subjective equilibrium, Assumptions 5 and 9."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.programs import (
    CSR,
    ICSR,
    Accepts,
    AllOf,
    Always,
    AtMost,
    Beliefs,
    Both,
    ByOutcome,
    Code,
    CorrelatedBase,
    Dictator,
    Either,
    Entry,
    Fixed,
    FunctionIs,
    If,
    Improving,
    Leximin,
    Lookup,
    Method,
    Not,
    Outcomes,
    PMPExtension,
    ProgramGame,
    ProgramSpace,
    PureBase,
    Renegotiation,
    RenegotiationMap,
    Row,
    SelectionTable,
    SetFunction,
    Tagged,
    Take,
    To,
    Utilitarian,
    When,
    best_response,
    expected_utility,
    find_csr_punished,
    find_extension_punished,
    find_map_defect,
    find_renegotiation_punished,
    is_best_response,
    join,
    mcafee,
    optimal_weights,
    reachable_payoffs,
    subjective_equilibrium,
    upper_bound,
)
from spi_verify.programs.deciding.behaviours import Search
from spi_verify.programs.examples import conceding, demanding, meet_at_slot_3, scheduling_game
from spi_verify.programs.language.terms import term
from spi_verify.testing import beliefs, games, plain_programs, programs

SCHEDULING = ProgramGame(PureBase(scheduling_game()))
S1, S2, S3 = (Always(f"Slot {k}") for k in (1, 2, 3))
MEET, BEST_1, BEST_2 = (("Slot 3",) * 2, ("Slot 1",) * 2, ("Slot 2",) * 2)
HALF = Fraction(1, 2)
SEL = Utilitarian()
EVERY = ProgramSpace.plain()


# Beliefs and expected utility


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([(S1, HALF)], "sum to 1"),
        ([(S1, Fraction(3, 2)), (S2, -HALF)], "positive"),
        ([(S1, HALF), (S1, HALF)], "twice"),
    ],
)
def test_beliefs_are_probabilities(pairs, message):
    with pytest.raises(InputError, match=message):
        Beliefs.of(*pairs)


@pytest.mark.long
@given(st.data())
def test_expected_utility_is_the_weighted_sum_of_runs(data):
    game = data.draw(games())
    player = data.draw(st.integers(1, game.number_of_players))
    belief = data.draw(beliefs(game, player))
    program = data.draw(programs(game, player))
    run = ProgramGame(PureBase(game))
    total = Fraction(0)
    for opponents, weight in belief.support:
        profile = [*opponents[: player - 1], program, *opponents[player - 1 :]]
        total += weight * run.utilities(profile)[player - 1]
    assert expected_utility(run, player, program, belief) == total


def test_the_players_place_in_a_profile():
    assert join(2, S1, (S2, S3)) == (S2, S1, S3)
    assert join(1, S1, (S2, S3)) == (S1, S2, S3)
    assert join(3, S1, (S2, S3)) == (S2, S3, S1)


# Best responses


def test_conceding_to_one_code_makes_that_code_and_no_other_the_best_response():
    belief = Beliefs.certain(conceding(2))
    response = best_response(SCHEDULING, 1, belief, EVERY)
    assert (response.program, response.value) == (S1, 3)
    assert response.method is Method.ENUMERATION
    without = ProgramSpace.plain(S2, S3, If(Code(2, S1), S1, S1))
    assert best_response(SCHEDULING, 1, belief, without).value == 1


def test_example_3_1_demanding_is_optimal_for_weights_of_at_least_a_third_exactly():
    for i, j in ((1, 2), (2, 1)):
        weights = optimal_weights(
            SCHEDULING, i, demanding(i), (conceding(j),), (demanding(j),), EVERY
        )
        assert weights == (Fraction(1, 3), 1)
        for weight in (Fraction(1, 3), Fraction(333, 1000)):
            belief = Beliefs.of((conceding(j), weight), (demanding(j), 1 - weight))
            report = is_best_response(SCHEDULING, i, demanding(i), belief, EVERY)
            assert report.optimal is (weight == Fraction(1, 3))
            if not report.optimal:
                assert report.better_value == 1
                assert expected_utility(SCHEDULING, i, report.better, belief) == 1


def test_giving_in_is_optimal_for_weights_of_at_most_a_third_exactly():
    arguments = (SCHEDULING, 1, S2, (conceding(2),), (demanding(2),), EVERY)
    assert optimal_weights(*arguments) == (0, Fraction(1, 3))


def test_csr_programs_can_settle_for_less_against_one_opponent_and_for_more_against_another():
    offer = Outcomes((MEET, BEST_1))
    opponents = [(CSR(SEL, S2, offer),), (CSR(SEL, S2, Both(offer, ())),)]
    space = ProgramSpace.with_csr(SEL, S1)
    found = reachable_payoffs(SCHEDULING, 1, opponents, space)
    assert set(found) == {(x, y) for x in (0, 1, 3) for y in (0, 1, 3)}
    for earned, program in found.items():
        assert tuple(SCHEDULING.utilities((program, *p))[0] for p in opponents) == earned


def test_a_program_that_is_never_optimal_has_no_weights():
    arguments = (SCHEDULING, 1, S3, (conceding(2),), (demanding(2),), EVERY)
    assert optimal_weights(*arguments) is None


def test_opponents_that_tell_programs_apart_by_behaviour_are_answered():
    other = Lookup(S2, (Entry("Slot 1", (S1,)), Entry("Slot 3", (S3,))))
    found = reachable_payoffs(SCHEDULING, 1, [(other,), (S2,)], EVERY)
    # As "always Slot 1" it earns 3 and 0, as "always Slot 3" 1 and 0; else player 2 insists.
    assert set(found) == {(3, 0), (1, 0), (1, 1), (0, 1), (0, 0)}
    for earned, program in found.items():
        runs = [SCHEDULING.utilities((program, p))[0] for p in (other, S2)]
        assert tuple(runs) == earned


def naive_vectors(game, opponents):
    """What lookup tables earn against fixed opponents, by trying all of them, and all constants."""
    actions = game.base.game.actions[0]
    tables = [
        Lookup(Always(actions[0]), tuple(Entry(a, p) for a, p in zip(row, opponents, strict=True)))
        for row in itertools.product(actions, repeat=len(opponents))
    ]
    return {
        tuple(game.utilities((program, *p))[0] for p in opponents)
        for program in [*tables, *map(Always, actions)]
    }


def test_a_rival_that_is_better_against_both_leaves_no_weights():
    space = ProgramSpace.plain(S2, S3)
    assert optimal_weights(SCHEDULING, 1, S3, (conceding(2),), (demanding(2),), space) is None
    assert optimal_weights(SCHEDULING, 1, S2, (conceding(2),), (demanding(2),), space) == (0, 1)


@settings(max_examples=60)
@given(st.data())
def test_the_best_response_is_the_best_of_all_that_is_reachable(data):
    game = data.draw(games(max_players=2, max_actions=2))
    run = ProgramGame(PureBase(game))
    belief = data.draw(beliefs(game, 1, max_support=2))
    space = data.draw(st.sampled_from([EVERY, ProgramSpace.with_renegotiation()]))
    response = best_response(run, 1, belief, space)
    assert response.method is Method.ENUMERATION
    opponents = [profile for profile, _ in belief.support]
    weights = [weight for _, weight in belief.support]
    reachable = reachable_payoffs(run, 1, opponents, space)
    assert response.value == max(
        sum(w * u for w, u in zip(weights, earned, strict=True)) for earned in reachable
    )


@given(st.data())
def test_enumeration_finds_everything_that_tables_and_constants_earn(data):
    game = data.draw(games())
    run = ProgramGame(PureBase(game))
    others = range(2, game.number_of_players + 1)
    strategy = st.tuples(*(plain_programs(game, j) for j in others))
    opponents = data.draw(st.lists(strategy, min_size=1, max_size=2, unique=True))
    found = reachable_payoffs(run, 1, opponents, EVERY)
    assert naive_vectors(run, opponents) <= set(found)
    for earned, program in found.items():
        assert tuple(run.utilities((program, *p))[0] for p in opponents) == earned


def all_maps(game):
    """Every renegotiation function of a game."""
    base = PureBase(game)
    options = [
        [(o, x) for x in base.elements(base.at_least(base.payoffs(o)))] for o in game.outcomes()
    ]
    for pairs in itertools.product(*options):
        if any(game.payoffs(a) != game.payoffs(b) for a, b in pairs):
            yield RenegotiationMap(tuple(To(a, b) for a, b in pairs if a != b))


@settings(max_examples=40)
@given(st.data())
def test_enumeration_finds_everything_that_renegotiation_programs_earn(data):
    game = data.draw(games(max_players=2, max_actions=2, max_payoff=2))
    run = ProgramGame(PureBase(game))
    strategy = st.one_of(
        plain_programs(game, 2, depth=1),
        programs(game, 2).filter(lambda p: isinstance(p, Renegotiation)),
    )
    opponents = [(p,) for p in data.draw(st.lists(strategy, min_size=1, max_size=2, unique=True))]
    defaults = [Always(a) for a in game.actions[0]]
    space = ProgramSpace.with_renegotiation(*defaults)
    found = reachable_payoffs(run, 1, opponents, space)
    for program in found.values():
        if isinstance(program, Renegotiation):
            assert find_map_defect(run.base, program.rn) is None
    whole = [*defaults, *(Renegotiation(m, d) for m in all_maps(game) for d in defaults)]
    assert set(found) == {
        tuple(run.utilities((program, *p))[0] for p in opponents) for program in whole
    }


def all_unconditional_functions(game):
    """Every function RN(a) without conditions that meets Definition 7."""
    base = PureBase(game)
    options = []
    for outcome in game.outcomes():
        better = base.elements(base.at_least(base.payoffs(outcome)))
        sizes = range(len(better) + 1)
        subsets = itertools.chain.from_iterable(itertools.combinations(better, k) for k in sizes)
        options.append([Row(outcome, Outcomes(s)) for s in subsets])
    for rows in itertools.product(*options):
        if any(
            game.payoffs(x) != game.payoffs(row.outcome)
            for row in rows
            for x in row.function.elements
        ):
            yield ByOutcome(Outcomes(()), rows)


@settings(max_examples=25)
@given(st.data(), st.booleans())
def test_enumeration_finds_everything_that_unconditional_csr_programs_earn(data, reading):
    game = data.draw(games(max_players=2, max_actions=2, max_payoff=1))
    run = ProgramGame(PureBase(game))
    outcomes = list(game.outcomes())
    sets = st.lists(st.sampled_from(outcomes), unique=True).map(lambda s: Outcomes(tuple(s)))
    theirs: SetFunction = data.draw(sets)
    if reading:
        asked = data.draw(st.sampled_from(outcomes))
        theirs = When(Accepts(1, asked), theirs, data.draw(sets))
    opponents = [(CSR(SEL, Always(data.draw(st.sampled_from(game.actions[1]))), theirs),)]
    default = Always(data.draw(st.sampled_from(game.actions[0])))
    functions = list(itertools.islice(all_unconditional_functions(game), 300))
    found = {run.utilities((CSR(SEL, default, f), *opponents[0]))[:1] for f in functions} | {
        run.utilities((default, *opponents[0]))[:1]
    }
    space = ProgramSpace.with_csr(SEL, default)
    response = best_response(run, 1, Beliefs.certain(*opponents[0]), space)
    assert response.value >= max(value for (value,) in found)
    assert response.value <= upper_bound(run, 1, Beliefs.certain(*opponents[0]))
    if response.method is Method.ENUMERATION:
        assert {(u,) for (u,) in reachable_payoffs(run, 1, opponents, space)} >= found


def test_an_opponent_that_rewards_one_function_only_is_answered_with_that_function():
    wanted = Outcomes((MEET,))
    legal = ByOutcome(Improving(), (Row(("Slot 1", "Slot 2"), wanted),))
    theirs = When(FunctionIs(1, legal), Improving(), Outcomes((BEST_2,)))
    belief = Beliefs.certain(CSR(SEL, S2, theirs))
    response = best_response(SCHEDULING, 1, belief, ProgramSpace.with_csr(SEL, S1))
    assert response.value == 1
    assert response.method is Method.ENUMERATION


def test_an_opponent_that_reads_values_is_answered_exhaustively_or_not_called_so():
    theirs = When(Accepts(1, MEET), Outcomes((BEST_1,)), Outcomes((BEST_2,)))
    belief = Beliefs.certain(CSR(SEL, S2, theirs))
    response = best_response(SCHEDULING, 1, belief, ProgramSpace.with_csr(SEL, S1))
    # Accepting both (Slot 3, Slot 3) and (Slot 1, Slot 1) brings the latter.
    assert response.value == 3
    few = best_response(SCHEDULING, 1, belief, ProgramSpace.with_csr(SEL, S1), max_runs=3)
    assert few.method is Method.UNSETTLED


def test_icsr_spaces_are_enumerated_round_by_round():
    theirs = ICSR(SEL, S2, (Outcomes((MEET,)), Outcomes((BEST_1,))))
    game = ProgramGame(PureBase(Game.from_payoffs([[[0, 0], [1, 1]], [[2, 2], [3, 1]]])))
    other = ICSR(SEL, Always("1"), (Outcomes((("1", "2"),)), Outcomes((("2", "2"),))))
    space = ProgramSpace.with_icsr(SEL, 2, Always("1"))
    response = best_response(game, 1, Beliefs.certain(other), space)
    assert (response.value, response.method) == (3, Method.ENUMERATION)
    assert (
        best_response(
            SCHEDULING, 1, Beliefs.certain(theirs), ProgramSpace.with_icsr(SEL, 2, S1)
        ).value
        == 3
    )


def test_a_response_is_a_program_that_can_be_run():
    belief = Beliefs.of((Renegotiation(meet_at_slot_3(), S2), HALF), (conceding(2), HALF))
    response = best_response(SCHEDULING, 1, belief, ProgramSpace.with_renegotiation())
    assert expected_utility(SCHEDULING, 1, response.program, belief) == response.value


def test_tags_and_functions_of_ones_own_make_the_enumeration_incomplete():
    class Mine(SetFunction):
        def value(self, scope):
            return scope.base.finite((BEST_2,))

    tagged = When(Tagged(1, "pmp-extension"), Outcomes((BEST_1,)), Outcomes(()))
    for theirs in (tagged, Mine()):
        belief = Beliefs.certain(CSR(SEL, S2, theirs))
        response = best_response(SCHEDULING, 1, belief, ProgramSpace.with_csr(SEL, S1))
        assert response.method is Method.UNSETTLED
        with pytest.raises(InputError, match="cannot be enumerated"):
            reachable_payoffs(SCHEDULING, 1, [belief.support[0][0]], ProgramSpace.with_csr(SEL, S1))


def test_programs_that_do_not_halt_against_the_beliefs_are_no_responses():
    wants = Take(Dictator(2))
    belief = Beliefs.certain(CSR(SEL, S2, wants))
    space = ProgramSpace.with_csr(SEL, S1)
    response = best_response(SCHEDULING, 1, belief, space)
    # Player 2 takes what it likes best of what player 1 offers: offering one point settles it.
    assert response.value == 3
    with pytest.raises(InputError, match="halts"):
        best_response(SCHEDULING, 1, belief, ProgramSpace.plain(CSR(SEL, S1, Take(Dictator(1)))))


# The bound


def test_the_bound_reads_actions_and_sets_off_the_code():
    def bound(program, game=SCHEDULING):
        return upper_bound(game, 1, Beliefs.certain(program))

    assert bound(S1) == 3
    assert bound(S2) == 1
    assert bound(conceding(2)) == 3
    assert bound(If(Code(1, S1), S2, S3)) == 1
    assert bound(Lookup(S2, (Entry("Slot 1", (S1,)),))) == 3
    assert bound(Renegotiation(meet_at_slot_3(), S2)) == 1
    assert bound(Renegotiation(RenegotiationMap((To(("Slot 1", "Slot 2"), BEST_1),)), S2)) == 3
    assert bound(CSR(SEL, S2, Outcomes((MEET,)))) == 1
    assert bound(CSR(SEL, S2, Outcomes(()))) == 1
    assert bound(CSR(SEL, S2, Improving())) == 3
    assert bound(CSR(SEL, S1, Outcomes((MEET,)))) == 3
    for sets in ((MEET, BEST_1), (BEST_1, MEET)):
        then, otherwise = (Outcomes((x,)) for x in sets)
        assert bound(CSR(SEL, S2, When(Tagged(1, "t"), then, otherwise))) == 3
        assert bound(CSR(SEL, S2, Either(then, (otherwise,)))) == 3
        assert bound(CSR(SEL, S2, Both(then, (otherwise,)))) == 1
        tabled = CSR(SEL, S2, ByOutcome(then, (Row(("Slot 1", "Slot 2"), otherwise),)))
        assert bound(tabled) == 3
        unreached = CSR(SEL, S2, ByOutcome(then, (Row(MEET, otherwise),)))
        assert bound(unreached) == (3 if sets[0] == BEST_1 else 1)
        assert bound(ICSR(SEL, S2, (then, otherwise))) == 3
    assert bound(CSR(SEL, S2, AtMost(Fraction(4), (Fraction(2), Fraction(0))))) == 2
    assert bound(CSR(SEL, S2, AtMost(Fraction(1), (Fraction(1), Fraction(-1))))) == 3
    hidden = If(Not(Code(1, S1)), CSR(SEL, S2, Outcomes((BEST_1,))), S2)
    assert bound(hidden) == 3


@pytest.mark.long
@given(st.data())
def test_no_program_beats_the_bound(data):
    game = data.draw(games())
    player = data.draw(st.integers(1, game.number_of_players))
    belief = data.draw(beliefs(game, player))
    program = data.draw(programs(game, player))
    run = ProgramGame(PureBase(game))
    assert expected_utility(run, player, program, belief) <= upper_bound(run, player, belief)


@given(st.data())
def test_no_response_that_a_search_finds_beats_the_bound(data):
    game = data.draw(games(max_players=2, max_actions=2))
    belief = data.draw(beliefs(game, 1, max_support=2))
    run = ProgramGame(PureBase(game))
    for space in (EVERY, ProgramSpace.with_renegotiation(), ProgramSpace.with_csr(SEL)):
        response = best_response(run, 1, belief, space, max_runs=200)
        assert response.value <= upper_bound(run, 1, belief)


def test_the_bound_knows_rules_that_look_at_no_set():
    game = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]])
    rule, offer = Fixed(("1", "1")), Outcomes(((Fraction(1), Fraction(3)),))
    theirs, mine = (CSR(rule, Always(a), Both(Improving(), (offer,))) for a in "21")
    run = ProgramGame(CorrelatedBase(game))
    for space in (None, ProgramSpace.with_csr(rule, Always("1"))):
        bound = upper_bound(run, 1, Beliefs.certain(theirs), space)
        assert bound == expected_utility(run, 1, mine, Beliefs.certain(theirs)) == 3
    theirs, mine = (ICSR(rule, Always(a), (Outcomes((("2", "2"),)),)) for a in "21")
    run = ProgramGame(PureBase(game))
    bound = upper_bound(run, 1, Beliefs.certain(theirs))
    assert bound == expected_utility(run, 1, mine, Beliefs.certain(theirs)) == 3


def test_optimality_by_the_bound_needs_no_enumeration():
    report = is_best_response(
        SCHEDULING, 1, S1, Beliefs.certain(conceding(2)), ProgramSpace.with_csr(SEL), max_runs=0
    )
    assert (report.optimal, report.method) == (True, Method.BOUND)


# Subjective equilibrium


def test_miscoordination_is_a_subjective_equilibrium_for_enough_optimism_only():
    def report(weight):
        belief = [Beliefs.of((conceding(j), weight), (demanding(j), 1 - weight)) for j in (2, 1)]
        return subjective_equilibrium(
            SCHEDULING, (demanding(1), demanding(2)), belief, [EVERY, EVERY]
        )

    assert SCHEDULING.utilities((demanding(1), demanding(2))) == (0, 0)
    assert report(Fraction(1, 3)).holds is True
    pessimists = report(Fraction(1, 4))
    assert pessimists.holds is False
    assert pessimists.improvement.player == 1
    assert pessimists.improvement.value == Fraction(3, 4)
    assert pessimists.improvement.better_value == 1


def test_an_unsettled_player_leaves_the_equilibrium_open_and_a_better_program_refutes_it():
    tagged = When(Tagged(1, "pmp-extension"), Outcomes((BEST_1,)), Outcomes(()))
    belief = [Beliefs.certain(CSR(SEL, S2, tagged)), Beliefs.certain(S1)]
    spaces = [ProgramSpace.with_csr(SEL, S1), ProgramSpace.plain(S1, S2)]
    programs_ = (S1, S1)
    assert subjective_equilibrium(SCHEDULING, programs_, belief, spaces).holds is None
    worse = (S1, S2)
    assert subjective_equilibrium(SCHEDULING, worse, belief, spaces).holds is False


# Assumptions 5 and 9


def test_assumption_5_part_1_finds_an_opponent_that_punishes_renegotiation():
    mine = Renegotiation(meet_at_slot_3(), S1)
    grim = If(Code(1, S1), S1, S2)  # kind to "always Slot 1" only
    found = find_renegotiation_punished(
        SCHEDULING, 1, mine, Beliefs.certain(grim), default_is_used=True
    )
    assert (found.part, found.player) == ("5.1", 2)
    assert (found.action, found.compared_action) == ("Slot 2", "Slot 1")
    assert (
        find_renegotiation_punished(SCHEDULING, 1, mine, Beliefs.certain(S2), default_is_used=True)
        is None
    )


def test_assumption_5_part_2_binds_used_defaults_only():
    other = Renegotiation(RenegotiationMap((To(("Slot 1", "Slot 2"), BEST_1),)), S2)
    looks = If(Code(2, other), S3, S1)
    mine = Renegotiation(meet_at_slot_3(), looks)
    belief = Beliefs.certain(other)
    found = find_renegotiation_punished(SCHEDULING, 1, mine, belief, default_is_used=True)
    assert (found.part, found.player) == ("5.2", 1)
    assert (found.action, found.compared_action) == ("Slot 3", "Slot 1")
    assert find_renegotiation_punished(SCHEDULING, 1, mine, belief, default_is_used=False) is None


def test_assumption_5_says_nothing_where_programs_renegotiate_with_each_other():
    rn = meet_at_slot_3()
    mine, theirs = Renegotiation(rn, S1), Renegotiation(rn, S2)
    # Against the default alone, player 2's program plays Slot 2; they renegotiate instead.
    assert SCHEDULING.outcome((S1, theirs)) == ("Slot 1", "Slot 2")
    assert SCHEDULING.outcome((mine, theirs)) == MEET
    belief = Beliefs.certain(theirs)
    assert find_renegotiation_punished(SCHEDULING, 1, mine, belief, default_is_used=True) is None


def test_assumption_9_i_finds_a_program_that_responds_to_csr_itself():
    csr = CSR(SEL, S2, Improving())
    suspicious = If(Code(2, csr), S3, S1)
    found = find_csr_punished(SCHEDULING, 1, suspicious, [(csr,)])
    assert (found.part, found.action, found.compared_action) == ("9(i)", "Slot 1", "Slot 3")
    assert find_csr_punished(SCHEDULING, 1, S1, [(csr,)]) is None
    assert find_csr_punished(SCHEDULING, 1, suspicious, [(S2,)]) is None
    assert find_csr_punished(SCHEDULING, 1, csr, [(csr,)]) is None


def test_assumption_9_ii_allows_adding_projections_and_nothing_else():
    mine = CSR(SEL, S1, Outcomes((BEST_1,)))

    def found(then, otherwise):
        theirs = When(Tagged(1, "pmp-extension"), then, otherwise)
        return find_extension_punished(SCHEDULING, 1, mine, Beliefs.certain(CSR(SEL, S2, theirs)))

    nothing, meet = Outcomes(()), Outcomes((MEET,))
    assert found(nothing, nothing) is None
    # PMP_1 of an outcome that pays (0, 0) or (1, 1) is the outcomes that pay (1, 1) or (3, 1).
    where = ByOutcome(nothing, (Row(("Slot 1", "Slot 2"), meet),))
    assert found(where, nothing) is None
    withdrawn = found(nothing, where)
    assert withdrawn.outcome == ("Slot 1", "Slot 2")
    assert (withdrawn.player, withdrawn.before, withdrawn.after) == (2, {MEET}, frozenset())
    added = found(ByOutcome(nothing, (Row(("Slot 1", "Slot 2"), Outcomes((BEST_2,))),)), nothing)
    assert added.after == {BEST_2}
    assert added.allowed == {BEST_1, MEET}


def test_assumption_9_ii_is_checked_in_correlated_play():
    game = ProgramGame(CorrelatedBase(scheduling_game()))
    mine = CSR(SEL, S1, Outcomes(()))
    belief = Beliefs.certain(CSR(SEL, S2, PMPExtension(Improving())))
    assert find_extension_punished(game, 1, mine, belief) is None


def test_mcafee_and_generic_programs_do_not_coincide():
    dilemma = ProgramGame(
        PureBase(Game.from_payoffs([[[2, 2], [0, 3]], [[3, 0], [1, 1]]], actions=["CD", "CD"]))
    )
    belief = Beliefs.certain(mcafee("C", "D"))
    response = best_response(dilemma, 1, belief, EVERY)
    assert (response.value, response.program) == (2, mcafee("C", "D"))
    report = subjective_equilibrium(
        dilemma, (mcafee("C", "D"),) * 2, [belief, belief], [EVERY, EVERY]
    )
    assert report.holds is True


# Library terms that were subclassed, sets that tables choose from, limits


def test_the_bound_reads_nothing_off_subclasses_of_library_terms():
    @term
    class Generous(Outcomes):
        def value(self, scope):
            return scope.base.at_least(scope.payoffs)

    @term
    class Sneaky(If):
        def run(self, situation):  # noqa: ARG002
            return "Slot 1"

    @term
    class Elsewhere(RenegotiationMap):
        def image(self, outcome):
            return BEST_1 if outcome[0] != outcome[1] else None

    @term
    class Yielding(CSR):
        def run(self, situation):  # noqa: ARG002
            return "Slot 1"

    for theirs, mine in (
        (CSR(SEL, S2, Generous(())), CSR(SEL, S1, Outcomes((BEST_1,)))),
        (Sneaky(AllOf(()), S3, S3), S1),
        (CSR(SEL, Sneaky(AllOf(()), S3, S3), Outcomes(())), S1),
        (Yielding(SEL, S2, Outcomes(())), S1),
        (
            Renegotiation(Elsewhere((To(("Slot 1", "Slot 2"), MEET),)), S2),
            Renegotiation(RenegotiationMap((To(("Slot 1", "Slot 2"), BEST_1),)), S1),
        ),
    ):
        assert SCHEDULING.utilities((mine, theirs))[0] == 3
        assert upper_bound(SCHEDULING, 1, Beliefs.certain(theirs)) == 3


def test_a_run_that_fails_without_waiting_forever_leaves_the_enumeration_incomplete():
    game = ProgramGame(PureBase(Game.from_payoffs([[[0, 0], [3, 1]], [[2, 2], [1, 0]]])))
    table = SelectionTable(())  # says nothing about sets of two outcomes
    both = Outcomes((("1", "2"), ("2", "1")))
    belief = Beliefs.certain(CSR(table, Always("1"), both))
    # Offering one of the two outcomes is understood; what offering both earns is not known.
    one = CSR(table, Always("1"), Outcomes((("2", "1"),)))
    space = ProgramSpace.plain(one, CSR(table, Always("1"), both))
    found = best_response(game, 1, belief, space)
    assert (found.value, found.method) == (2, Method.UNSETTLED)
    found = best_response(game, 1, belief, ProgramSpace.plain(one))
    assert (found.value, found.method) == (2, Method.ENUMERATION)


def test_code_of_a_player_with_other_actions_leaves_the_enumeration_complete():
    named = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]], actions=["AB", "CD"])
    belief = Beliefs.certain(If(Code(2, Always("C")), Always("C"), Always("D")))
    found = best_response(ProgramGame(PureBase(named)), 1, belief, EVERY)
    assert (found.value, found.method) == (1, Method.ENUMERATION)


def test_the_limit_on_runs_holds_for_tables_and_for_rounds(monkeypatch):
    readers = (Lookup(S1, (Entry("Slot 1", (Always(str(k)),)),)) for k in range(200))
    entries = tuple(Entry("Slot 1", (reader,)) for reader in readers)
    found = best_response(SCHEDULING, 1, Beliefs.certain(Lookup(S1, entries)), EVERY, max_runs=10)
    assert found.runs == 10
    tests = tuple(FunctionIs(1, AtMost(Fraction(k), (Fraction(1),) * 2)) for k in range(6))
    rounds = (When(AllOf(tests), Improving(), Outcomes(())),) * 8
    space = ProgramSpace.with_icsr(SEL, 8, S1)
    of_shape, shapes = Search._of_shape, []

    def counted(search, parts, prune):
        shapes.append(parts)
        assert len(shapes) <= 20, "more shapes are tried than there are runs"
        return of_shape(search, parts, prune)

    monkeypatch.setattr(Search, "_of_shape", counted)
    belief = Beliefs.certain(ICSR(SEL, S2, rounds))
    found = best_response(SCHEDULING, 1, belief, space, max_runs=20)
    assert (found.runs, found.method) == (20, Method.UNSETTLED)
    with pytest.raises(InputError, match="among the first 0 that were tried"):
        best_response(SCHEDULING, 1, belief, space, max_runs=0)


# Spaces: what is in them (Definition 1), and what is not


def tight(function):
    return ByOutcome(Improving(), (Row(("Slot 1", "Slot 2"), function),))


@pytest.mark.parametrize(
    ("program", "space", "message"),
    [
        (S1, ProgramSpace.plain(S2, S3), "not in the player's space"),
        (Renegotiation(meet_at_slot_3(), S1), EVERY, "not in the player's space"),
        (CSR(SEL, S1, Improving()), ProgramSpace.with_renegotiation(), "not in the player's"),
        (Renegotiation(meet_at_slot_3(), S1), ProgramSpace.with_renegotiation(S2), "default"),
        (CSR(SEL, S1, Improving()), ProgramSpace.with_csr(SEL, S2), "default"),
        (CSR(SEL, S1, Improving()), ProgramSpace.with_csr(Dictator(1)), "selection function"),
        (ICSR(SEL, S1, (Improving(),)), ProgramSpace.with_icsr(SEL, 2), "1 rounds"),
        (CSR(SEL, S1, Outcomes(())), ProgramSpace.with_csr(SEL), "Definition 7"),
        (CSR(SEL, S1, Outcomes((MEET,))), ProgramSpace.with_csr(SEL), "Definition 7"),
        (
            ICSR(SEL, S1, (Improving(), Outcomes((MEET,)))),
            ProgramSpace.with_icsr(SEL, 2),
            "Definition 7",
        ),
    ],
)
def test_a_program_outside_of_the_space_is_no_best_response(program, space, message):
    belief = Beliefs.certain(conceding(2))
    with pytest.raises(InputError, match=message):
        is_best_response(SCHEDULING, 1, program, belief, space)
    with pytest.raises(InputError, match=message):
        subjective_equilibrium(
            SCHEDULING, (program, S1), [belief, Beliefs.certain(S1)], [space, EVERY]
        )
    with pytest.raises(InputError, match=message):
        optimal_weights(SCHEDULING, 1, program, (conceding(2),), (demanding(2),), space)


@pytest.mark.parametrize(
    ("program", "space"),
    [
        (S1, ProgramSpace.plain(S1, S2)),
        (S1, ProgramSpace.with_csr(SEL, S1)),
        (CSR(SEL, S1, Improving()), ProgramSpace.plain(CSR(SEL, S1, Improving()))),
        (Renegotiation(meet_at_slot_3(), S1), ProgramSpace.with_renegotiation(S1)),
        (CSR(SEL, S1, tight(Outcomes((MEET,)))), ProgramSpace.with_csr(SEL)),
        (CSR(SEL, S1, PMPExtension(tight(Outcomes(())))), ProgramSpace.with_csr(SEL)),
        (CSR(SEL, S1, Take(Dictator(1))), ProgramSpace.with_csr(SEL)),
        (ICSR(SEL, S1, (Improving(), Improving())), ProgramSpace.with_icsr(SEL, 2)),
    ],
)
def test_a_program_of_the_space_is_judged(program, space):
    found = is_best_response(SCHEDULING, 1, program, Beliefs.certain(S1), space)
    assert (found.value, found.optimal) == (3, True)


def test_a_function_that_fails_definition_7_against_the_support_only_is_outside_of_the_space():
    theirs = tight(Outcomes((MEET,)))
    two_faced = When(FunctionIs(2, theirs), Outcomes((MEET,)), Improving())
    program, space = CSR(SEL, S1, two_faced), ProgramSpace.with_csr(SEL)
    with pytest.raises(InputError, match="Definition 7"):
        is_best_response(SCHEDULING, 1, program, Beliefs.certain(CSR(SEL, S2, theirs)), space)
    rounds = ICSR(SEL, S2, (Improving(), theirs))
    for functions, refused in (((two_faced, Improving()), False), ((Improving(), two_faced), True)):
        mine, space = ICSR(SEL, S1, functions), ProgramSpace.with_icsr(SEL, 2)
        if refused:
            with pytest.raises(InputError, match="Definition 7"):
                is_best_response(SCHEDULING, 1, mine, Beliefs.certain(rounds), space)
        else:
            is_best_response(SCHEDULING, 1, mine, Beliefs.certain(rounds), space)


def test_functions_that_fail_definition_7_themselves_refute_nobody_elses():
    program, space = CSR(SEL, S1, Take(Dictator(1))), ProgramSpace.with_csr(SEL)
    found = is_best_response(
        SCHEDULING, 1, program, Beliefs.certain(CSR(SEL, S3, Outcomes(()))), space
    )
    assert found.value == 0


@pytest.mark.parametrize(
    ("function", "value", "method"),
    [
        (tight(Outcomes((MEET,))), 3, Method.ENUMERATION),
        (Outcomes((MEET,)), 1, Method.ENUMERATION),
        (Outcomes(()), 1, Method.ENUMERATION),
        (When(Tagged(2, "t"), Outcomes((MEET,)), Improving()), 1, Method.UNSETTLED),
        (When(FunctionIs(2, Outcomes(())), Outcomes(()), Improving()), 1, Method.UNSETTLED),
        (PMPExtension(Improving()), 1, Method.UNSETTLED),
        (Take(Dictator(1)), 3, Method.ENUMERATION),
    ],
)
def test_code_that_opponents_reward_is_a_response_if_its_function_is_legal(function, value, method):
    # No opponent renegotiates, so that the support itself refutes nothing.
    theirs = If(Code(1, CSR(SEL, S1, function)), S1, S2)
    found = best_response(
        SCHEDULING, 1, Beliefs.certain(theirs), ProgramSpace.with_csr(SEL, S1, S2)
    )
    assert (found.value, found.method) == (value, method)


def test_players_are_numbered_from_1_to_n():
    belief = Beliefs.certain(S1)
    for player in (0, 3, -1):
        for ask in (
            lambda i: is_best_response(SCHEDULING, i, S1, belief, EVERY),
            lambda i: best_response(SCHEDULING, i, belief, EVERY),
            lambda i: reachable_payoffs(SCHEDULING, i, [(S1,)], EVERY),
            lambda i: upper_bound(SCHEDULING, i, belief),
            lambda i: expected_utility(SCHEDULING, i, S1, belief),
        ):
            with pytest.raises(InputError, match=f"no player {player}; .* 1 to 2"):
                ask(player)


def test_a_game_of_one_player_has_best_responses():
    alone = ProgramGame(PureBase(Game.from_outcomes({("a",): [1], ("b",): [2]})))
    belief = Beliefs.certain()
    assert upper_bound(alone, 1, belief) == 2
    assert is_best_response(alone, 1, Always("b"), belief, EVERY).optimal is True
    assert is_best_response(alone, 1, Always("a"), belief, EVERY).optimal is False


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(InputError, match="at least one profile"):
        reachable_payoffs(SCHEDULING, 1, [], EVERY)
    with pytest.raises(InputError, match="at least one round"):
        ProgramSpace.with_icsr(SEL, 0)


def test_code_nested_beyond_what_python_can_follow_is_refused():
    def deep():
        program = S1
        for _ in range(5000):
            program = If(AllOf(()), program, S2)
        return program

    belief = Beliefs.certain(S1)
    for ask in (
        lambda: Beliefs.of((deep(), 1)),
        lambda: is_best_response(SCHEDULING, 1, deep(), belief, EVERY),
        lambda: best_response(SCHEDULING, 1, belief, ProgramSpace.plain(deep())),
        lambda: str(deep()),
    ):
        with pytest.raises(InputError, match="nested too deeply"):
            ask()


def test_in_a_space_of_few_programs_nothing_earns_more_than_their_actions_do():
    alone = Beliefs.certain(Always("Slot 1"))
    only_slot_2 = ProgramSpace.with_csr(Leximin(), Always("Slot 2"))
    assert upper_bound(SCHEDULING, 1, alone) == 3
    assert upper_bound(SCHEDULING, 1, alone, only_slot_2) == 0
    correlated = ProgramGame(CorrelatedBase(scheduling_game()))
    found = is_best_response(correlated, 1, Always("Slot 2"), alone, only_slot_2)
    assert (found.optimal, found.method) == (True, "bound")
    both = ProgramSpace.with_csr(Leximin(), Always("Slot 2"), Always("Slot 1"))
    assert is_best_response(correlated, 1, Always("Slot 2"), alone, both).optimal is False
