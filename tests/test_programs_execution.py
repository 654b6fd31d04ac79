"""Programs run as Algorithms 1 to 3 and Section 3.1 say."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game, PureOutcomes
from spi_verify.programs import (
    CSR,
    ICSR,
    Accepts,
    AllOf,
    Always,
    AnyOf,
    ByOutcome,
    Code,
    CorrelatedBase,
    Dictator,
    Entry,
    Extension,
    FunctionIs,
    If,
    Improving,
    Leximin,
    Lookup,
    NonHaltingError,
    Not,
    NowAtMost,
    Outcomes,
    Plays,
    PMPExtension,
    Program,
    ProgramGame,
    Projection,
    PureBase,
    Renegotiation,
    RenegotiationMap,
    Row,
    SameCode,
    Tag,
    Tagged,
    Take,
    To,
    Utilitarian,
    When,
    find_map_defect,
    mcafee,
    parse_program,
)
from spi_verify.programs.examples import conceding, demanding, meet_at_slot_3, scheduling_game
from spi_verify.programs.running.execution import Execution
from spi_verify.testing import games, outcome_maps, plain_programs, programs

SCHEDULING = ProgramGame(PureBase(scheduling_game()))
LOTTERIES = ProgramGame(CorrelatedBase(scheduling_game()))
S1, S2, S3 = (Always(f"Slot {k}") for k in (1, 2, 3))
MEET = ("Slot 3", "Slot 3")
BEST_1 = ("Slot 1", "Slot 1")
BEST_2 = ("Slot 2", "Slot 2")


def test_a_conceding_program_yields_to_the_demand_and_to_nothing_else():
    assert SCHEDULING.outcome((demanding(1), conceding(2))) == BEST_1
    assert SCHEDULING.outcome((conceding(1), demanding(2))) == BEST_2
    assert SCHEDULING.outcome((conceding(1), conceding(2))) == ("Slot 1", "Slot 2")
    wrapped = If(AllOf(()), S1, S2)
    assert SCHEDULING.outcome((wrapped, conceding(2))) == ("Slot 1", "Slot 2")


def test_mcafee_cooperates_with_its_own_code_only():
    dilemma = ProgramGame(
        PureBase(Game.from_payoffs([[[2, 2], [0, 3]], [[3, 0], [1, 1]]], actions=["CD", "CD"]))
    )
    program = mcafee("C", "D")
    assert dilemma.outcome((program, program)) == ("C", "C")
    assert dilemma.outcome((program, If(SameCode(), Always("C"), Always("C")))) == ("D", "C")
    assert dilemma.utilities((program, Always("C"))) == (3, 0)


def test_same_code_asks_for_all_players():
    game = ProgramGame(PureBase(Game.from_payoffs([[[[0, 0, 0]] * 2] * 2] * 2)))
    program = mcafee("1", "2")
    assert game.outcome((program,) * 3) == ("1", "1", "1")
    assert game.outcome((program, program, Always("1"))) == ("2", "2", "1")


def test_my_code_in_a_branch_is_the_whole_program():
    inner = If(SameCode(), S1, S2)
    outer = If(AllOf(()), inner, inner)
    assert SCHEDULING.outcome((outer, outer)) == BEST_1
    assert SCHEDULING.outcome((outer, inner)) == ("Slot 2", "Slot 2")


def test_a_table_looks_its_opponents_up_and_the_first_entry_counts():
    table = Lookup(S3, (Entry("Slot 1", (S1,)), Entry("Slot 2", (S1,)), Entry("Slot 2", (S2,))))
    assert [SCHEDULING.outcome((table, p))[0] for p in (S1, S2, S3)] == [
        "Slot 1",
        "Slot 2",
        "Slot 3",
    ]


def test_opponents_are_in_the_order_of_the_players():
    game = ProgramGame(PureBase(Game.from_payoffs([[[[0, 0, 0]] * 2] * 2] * 2)))
    one, two = Always("1"), Always("2")
    table = Lookup(one, (Entry("2", (one, two)),))
    assert game.outcome((one, table, two)) == ("1", "2", "2")
    assert game.outcome((two, table, one)) == ("2", "1", "1")


def test_conditions_combine():
    def plays(condition):
        return SCHEDULING.outcome((If(condition, S1, S2), S3))[0] == "Slot 1"

    yes, no = Code(2, S3), Code(2, S1)
    assert plays(AllOf((yes, yes)))
    assert not plays(AllOf((yes, no)))
    assert plays(AnyOf((no, yes)))
    assert not plays(AnyOf((no, no)))
    assert not plays(AnyOf(()))
    assert plays(Not(no))


def test_simulation_runs_the_other_program_in_the_same_profile():
    copycat = If(Plays(2, "Slot 1"), S1, S2)
    assert SCHEDULING.outcome((copycat, conceding(2))) == ("Slot 2", "Slot 2")
    assert SCHEDULING.outcome((copycat, S1)) == BEST_1


# Algorithm 1


def naive_algorithm_1(maps, defaults):
    """Algorithm 1 for everybody, when all defaults are constant."""
    default = tuple(p.action for p in defaults)
    images = [{e.outcome: e.image for e in m.entries}.get(default, default) for m in maps]
    return images[0] if len(set(images)) == 1 else default


@given(st.data())
def test_algorithm_1_plays_the_common_image_of_the_default_outcome_or_the_default(data):
    game = data.draw(games())
    maps = [data.draw(outcome_maps(game, improving=False)) for _ in game.players]
    if data.draw(st.booleans()):
        maps = [maps[0]] * len(maps)
    defaults = [data.draw(st.sampled_from(a)).join(("", "")) for a in game.actions]
    constants = [Always(action) for action in defaults]
    profile = tuple(Renegotiation(m, d) for m, d in zip(maps, constants, strict=True))
    assert Execution(PureBase(game)).profile(profile) == naive_algorithm_1(maps, constants)


def test_algorithm_1_computes_the_default_outcome_from_defaults_against_defaults():
    # conceding(2) yields to the default "always Slot 1", not to the program around it.
    rn = meet_at_slot_3()
    profile = (Renegotiation(rn, S1), Renegotiation(rn, conceding(2)))
    assert SCHEDULING.outcome(profile) == BEST_1


def test_algorithm_1_plays_its_default_against_the_actual_opponents_when_one_does_not_renegotiate():
    rn = meet_at_slot_3()
    # Player 1's default looks at the actual code of player 2.
    looks = If(Code(2, conceding(2)), S3, S2)
    assert SCHEDULING.outcome((Renegotiation(rn, looks), conceding(2))) == ("Slot 3", "Slot 2")
    inner = Renegotiation(rn, S2)
    sees = If(Code(2, inner), S3, S1)
    # Against a renegotiating opponent the default sees the opponent's default only.
    assert SCHEDULING.outcome((Renegotiation(rn, sees), inner)) == MEET
    other = RenegotiationMap((To(("Slot 1", "Slot 2"), BEST_1),))
    assert SCHEDULING.outcome((Renegotiation(other, sees), inner)) == ("Slot 1", "Slot 2")


def test_a_default_sees_the_code_of_opponents_that_do_not_renegotiate_its_way():
    csr = CSR(Utilitarian(), S2, Improving())
    looks = If(Code(2, csr), S3, S1)
    icsr = ICSR(Utilitarian(), looks, (Improving(),))
    for mine in (Renegotiation(meet_at_slot_3(), looks), icsr, CSR(Leximin(), looks, Improving())):
        assert SCHEDULING.outcome((mine, csr)) == ("Slot 3", "Slot 2")


def test_algorithm_1_needs_all_players_to_renegotiate():
    game = Game.from_payoffs([[[[i + j + k] * 3 for k in (0, 1)] for j in (0, 1)] for i in (0, 1)])
    run = ProgramGame(PureBase(game))
    rn = RenegotiationMap((To(("1", "1", "1"), ("2", "2", "2")),))
    one = Renegotiation(rn, Always("1"))
    assert run.outcome((one, one, one)) == ("2", "2", "2")
    assert run.outcome((one, one, Always("1"))) == ("1", "1", "1")
    other = RenegotiationMap((To(("1", "1", "1"), ("2", "2", "1")),))
    assert run.outcome((one, one, Renegotiation(other, Always("1")))) == ("1", "1", "1")


def test_a_default_may_not_use_the_same_function():
    rn = meet_at_slot_3()
    with pytest.raises(InputError, match="same function"):
        Renegotiation(rn, Renegotiation(rn, S1))
    Renegotiation(RenegotiationMap(()), Renegotiation(rn, S1))
    with pytest.raises(InputError, match="same function"):
        CSR(Utilitarian(), CSR(Utilitarian(), S1, Improving()), Improving())
    with pytest.raises(InputError, match="same functions"):
        ICSR(Utilitarian(), ICSR(Utilitarian(), S1, (Improving(),)), (Improving(),))


# Algorithms 2 and 3


def naive_round(game, tables, sel, outcome):
    """One round with unconditional tables, by the definitions as loops."""
    agreed = [x for x in game.outcomes() if all(x in table.get(outcome, ()) for table in tables)]
    if not agreed:
        return outcome
    u = {x: game.payoffs(x) for x in agreed}
    efficient = [
        x
        for x in agreed
        if not any(
            u[y] != u[x] and all(b >= a for a, b in zip(u[x], u[y], strict=True)) for y in agreed
        )
    ]
    scores = {
        "utilitarian": lambda x: sum(u[x]),
        "leximin": lambda x: sorted(u[x]),
        "dictator": lambda x: u[x][1],
    }
    best = max(scores[sel](x) for x in efficient)
    return next(x for x in efficient if scores[sel](x) == best)


SELECTIONS = {"utilitarian": Utilitarian(), "leximin": Leximin(), "dictator": Dictator(2)}


@given(st.data(), st.sampled_from(sorted(SELECTIONS)), st.integers(1, 3))
def test_algorithms_2_and_3_select_from_the_agreement_set_round_by_round(data, sel, rounds):
    game = data.draw(games(max_actions=2))
    everything = list(game.outcomes())
    subsets = st.lists(
        st.sampled_from(everything), unique=True, min_size=1, max_size=len(everything)
    )
    defaults = data.draw(st.sampled_from(everything))
    tables = [
        [{a: data.draw(subsets) for a in everything} for _ in game.players] for _ in range(rounds)
    ]

    def function(table):
        rows = tuple(Row(a, Outcomes(tuple(xs))) for a, xs in table.items())
        return ByOutcome(Outcomes(()), rows)

    expected = defaults
    for round_tables in tables:
        expected = naive_round(game, round_tables, sel, expected)
    run = ProgramGame(PureBase(game))
    profile = tuple(
        ICSR(SELECTIONS[sel], Always(a), tuple(function(tables[k][i]) for k in range(rounds)))
        for i, a in enumerate(defaults)
    )
    assert run.outcome(profile) == expected
    if rounds == 1:
        single = tuple(CSR(p.selection, p.default, p.rounds[0]) for p in profile)
        assert run.outcome(single) == expected


def test_csr_programs_with_another_selection_function_do_not_renegotiate():
    profile = (CSR(Utilitarian(), S1, Improving()), CSR(Leximin(), S2, Improving()))
    assert SCHEDULING.outcome(profile) == ("Slot 1", "Slot 2")
    same = (CSR(Leximin(), S1, Improving()), CSR(Leximin(), S2, Improving()))
    assert SCHEDULING.outcome(same) == BEST_1


def test_icsr_programs_with_other_numbers_of_rounds_do_not_renegotiate():
    one, two = (ICSR(Utilitarian(), S1, (Improving(),) * k) for k in (1, 2))
    other = ICSR(Utilitarian(), S2, (Improving(),))
    assert SCHEDULING.outcome((one, other)) == BEST_1
    assert SCHEDULING.outcome((two, other)) == ("Slot 1", "Slot 2")
    leximin = ICSR(Leximin(), S2, (Improving(),))
    assert SCHEDULING.outcome((one, leximin)) == ("Slot 1", "Slot 2")
    with pytest.raises(InputError, match="at least one round"):
        ICSR(Utilitarian(), S1, ())


def test_the_kinds_of_renegotiating_programs_do_not_mix():
    csr = CSR(Utilitarian(), S1, Improving())
    for other in (
        ICSR(Utilitarian(), S2, (Improving(),)),
        Renegotiation(meet_at_slot_3(), S2),
        S2,
    ):
        assert SCHEDULING.outcome((csr, other)) == ("Slot 1", "Slot 2")


def test_csr_plays_its_default_against_the_actual_opponents_when_one_is_no_csr_program():
    looks = If(Code(2, conceding(2)), S2, S1)
    assert SCHEDULING.outcome((CSR(Utilitarian(), looks, Improving()), conceding(2))) == BEST_2


# Conditional functions and Definition 8


def test_functions_see_the_others_functions_by_code_by_tag_and_by_value():
    only_meet, nothing = Outcomes((MEET,)), Outcomes(())
    by_tag = When(Tagged(1, "pmp-extension"), only_meet, nothing)
    by_value = When(Accepts(1, MEET), only_meet, nothing)

    def outcome(first, second):
        return SCHEDULING.outcome((CSR(Utilitarian(), S1, first), CSR(Utilitarian(), S2, second)))

    assert outcome(only_meet, by_tag) == ("Slot 1", "Slot 2")
    assert outcome(PMPExtension(only_meet), by_tag) == MEET
    assert outcome(only_meet, by_value) == MEET
    assert outcome(Outcomes((BEST_1,)), by_value) == ("Slot 1", "Slot 2")


@pytest.mark.long
@given(st.data())
def test_the_pmp_extension_adds_the_projection_of_what_the_unextended_program_reaches(data):
    game = data.draw(games(max_players=2))
    run = ProgramGame(PureBase(game))
    sel = Utilitarian()
    mine = data.draw(programs(game, 1).filter(lambda p: isinstance(p, CSR)))
    theirs = data.draw(programs(game, 2).filter(lambda p: isinstance(p, CSR)))
    feasible = PureOutcomes(game)
    for a in game.outcomes():
        execution = Execution(run.base)
        extended = (PMPExtension(mine.function), theirs.function)
        plain = (mine.function, theirs.function)
        reached = execution.renegotiated(plain, sel, a)
        projection = {
            game.outcome(int(k)) for k in feasible.pareto_meet_projection(1, game.payoffs(reached))
        }
        assert execution.value(1, extended, sel, a) == (
            execution.value(1, plain, sel, a) | projection
        )


def test_the_pmp_extension_projects_the_outcome_reached_and_not_the_default():
    functions = (PMPExtension(Outcomes((BEST_1,))), Outcomes((BEST_1, MEET)))
    execution = Execution(SCHEDULING.base)
    # From (Slot 1, Slot 2) the unextended program reaches (Slot 1, Slot 1).
    assert execution.value(1, functions, Utilitarian(), ("Slot 1", "Slot 2")) == {BEST_1}
    nothing = (PMPExtension(Outcomes(())), Outcomes((BEST_1, MEET)))
    assert execution.value(1, nothing, Utilitarian(), ("Slot 1", "Slot 2")) == {BEST_1, MEET}


def test_extensions_that_face_each_other_halt():
    extended = [PMPExtension(PMPExtension(Outcomes(()))) for _ in range(2)]
    profile = tuple(CSR(Utilitarian(), d, f) for d, f in zip((S1, S2), extended, strict=True))
    assert SCHEDULING.outcome(profile) == MEET


def test_a_bound_on_the_payoff_at_a_includes_the_bound():
    unit = (Fraction(1), Fraction(0))
    offer = When(NowAtMost(Fraction(1), unit), Outcomes((BEST_1,)), Outcomes(()))

    def outcome(default):
        return SCHEDULING.outcome(
            (CSR(Utilitarian(), default, offer), CSR(Utilitarian(), default, offer))
        )

    assert outcome(S3) == BEST_1  # pays player 1 exactly 1
    assert outcome(S1) == BEST_1  # nothing offered: the default stays
    stricter = When(NowAtMost(Fraction(1, 2), unit), Outcomes((BEST_1,)), Outcomes(()))
    pair = (CSR(Utilitarian(), S3, stricter), CSR(Utilitarian(), S3, stricter))
    assert SCHEDULING.outcome(pair) == MEET


def test_take_demands_the_best_of_what_the_others_offer():
    offer = Outcomes((MEET, BEST_1))
    mine = CSR(Utilitarian(), S1, Take(Dictator(1)))
    assert SCHEDULING.outcome((mine, CSR(Utilitarian(), S2, offer))) == BEST_1
    assert SCHEDULING.outcome((mine, CSR(Utilitarian(), S2, Outcomes(())))) == ("Slot 1", "Slot 2")
    against_me = Dictator(2)
    mine = CSR(against_me, S1, Take(Dictator(1)))
    assert SCHEDULING.outcome((mine, CSR(against_me, S2, Improving()))) == BEST_1


def test_tags_add_up():
    function = PMPExtension(Tag("inner", Tag("innermost", Outcomes((MEET,)))))
    for tag in ("pmp-extension", "inner", "innermost"):
        theirs = When(Tagged(1, tag), Outcomes((MEET,)), Outcomes(()))
        profile = (CSR(Utilitarian(), S1, function), CSR(Utilitarian(), S2, theirs))
        assert SCHEDULING.outcome(profile) == MEET
    assert Extension(Tag("x", Improving()), Projection(1)).tags == {"x"}


# Halting


def test_mutual_simulation_is_reported_with_its_cycle():
    one = If(Plays(2, "Slot 1"), S1, S2)
    two = If(Plays(1, "Slot 1"), S1, S2)
    with pytest.raises(NonHaltingError, match="never halts") as caught:
        SCHEDULING.outcome((one, two))
    assert len(caught.value.cycle) == 2
    assert "player 1" in caught.value.cycle[0]
    assert "player 2" in caught.value.cycle[1]


def test_the_cycle_leaves_out_what_leads_to_it():
    game = ProgramGame(PureBase(Game.from_payoffs([[[[0, 0, 0]] * 2] * 2] * 2)))
    leads = If(Plays(2, "1"), Always("1"), Always("2"))
    two = If(Plays(3, "1"), Always("1"), Always("2"))
    three = If(Plays(2, "1"), Always("1"), Always("2"))
    with pytest.raises(NonHaltingError) as caught:
        game.outcome((leads, two, three))
    assert [step[:8] for step in caught.value.cycle] == ["player 2", "player 3"]


def test_functions_that_ask_each_other_are_reported_with_their_cycle():
    one = When(Accepts(2, MEET), Outcomes((MEET,)), Outcomes(()))
    two = When(Accepts(1, MEET), Outcomes((MEET,)), Outcomes(()))
    profile = (CSR(Utilitarian(), S1, one), CSR(Utilitarian(), S2, two))
    with pytest.raises(NonHaltingError, match=r"player 1's function.*player 2's function"):
        SCHEDULING.outcome(profile)
    with pytest.raises(NonHaltingError):
        SCHEDULING.outcome(
            (CSR(Utilitarian(), S1, Take(Dictator(1))), CSR(Utilitarian(), S2, Take(Dictator(2))))
        )


@given(st.data())
def test_programs_that_only_compare_code_halt_and_play_actions_of_the_game(data):
    game = data.draw(games())
    profile = tuple(data.draw(programs(game, i)) for i in PureBase(game).players)
    assert ProgramGame(PureBase(game)).outcome(profile) in set(game.outcomes())


# Correlated play


def test_agreeing_on_a_point_pays_that_point():
    profile = (CSR(Leximin(), S1, Improving()), CSR(Leximin(), S2, Improving()))
    assert LOTTERIES.utilities(profile) == (2, 2)


def test_following_a_point_alone_is_playing_ones_part_independently():
    point = (Fraction(2), Fraction(2))  # half (Slot 1, Slot 1), half (Slot 2, Slot 2)
    base = LOTTERIES.base
    assert base.payoffs((point, point)) == (2, 2)
    assert base.payoffs((point, "Slot 1")) == (Fraction(3, 2), Fraction(1, 2))
    other = (Fraction(3, 2), Fraction(3, 2))
    lottery = base._lottery(other)
    expected = [Fraction(0), Fraction(0)]
    for (k, v), (m, w) in itertools.product(base._lottery(point).items(), lottery.items()):
        outcome = (base.game.outcome(k)[0], base.game.outcome(m)[1])
        for i, u in enumerate(base.game.payoffs(outcome)):
            expected[i] += v * w * u
    assert base.payoffs((point, other)) == tuple(expected)


def test_players_who_follow_the_same_point_draw_together_when_another_does_not():
    match = [[[[2 * (i == j), 0, k] for k in (0, 1)] for j in (0, 1)] for i in (0, 1)]
    match[1][1] = [[2, 4, 0], [2, 4, 1]]
    base = CorrelatedBase(Game.from_payoffs(match))
    point = (Fraction(2), Fraction(2), Fraction(0))  # half (1, 1, 1), half (2, 2, 1)
    assert base.payoffs((point, point, point)) == point
    assert base.payoffs((point, point, "2")) == (2, 2, 1)
    assert base.payoffs((point, "1", point)) == (1, 0, 0)


def test_without_agreement_players_play_their_part_of_the_default():
    profile = (CSR(Utilitarian(), S1, Outcomes(())), CSR(Utilitarian(), S2, Outcomes(())))
    assert LOTTERIES.outcome(profile) == ("Slot 1", "Slot 2")


def test_the_projection_in_correlated_play_is_a_segment():
    value = LOTTERIES.base.pareto_meet_projection(1, (Fraction(0), Fraction(0)))
    assert value.pieces == (((1, 1), (3, 1)),)
    profile = (
        CSR(Dictator(1), S1, PMPExtension(Outcomes(()))),
        CSR(Dictator(1), S2, Projection(1)),
    )
    assert LOTTERIES.utilities(profile) == (3, 1)


def test_three_players_who_extend_nothing_reach_the_pmm_in_correlated_play():
    line = [[[0, 0, 0]], [[3, 0, 0]], [[1, 1, 1]]]
    game = ProgramGame(CorrelatedBase(Game.from_payoffs([line])))
    assert game.base.pareto_meet_minimum == (1, 0, 0)
    names = ("1", "1", "1")
    for selection in (Utilitarian(), Leximin(), Dictator(3)):
        extended = tuple(CSR(selection, Always(name), PMPExtension(Outcomes(()))) for name in names)
        assert game.utilities(extended) == (1, 0, 0)
    sizes = [len(actions) for actions in game.base.game.actions]
    assert sizes == [1, 3, 1]


# Bad input


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ((S1,), "1 programs for 2 players"),
        ((Always("Slot 9"), S2), "no action 'Slot 9'"),
        ((If(Code(3, S1), S1, S2), S2), "player 3"),
        ((CSR(Dictator(3), S1, Improving()), S2), "player 3"),
        ((CSR(Utilitarian(), S1, Outcomes((("Slot 1",),))), S2), "1 action for 2"),
        ((CSR(Utilitarian(), S1, Outcomes(((Fraction(1), Fraction(1)),))), S2), "points are for"),
        ((Lookup(S1, (Entry("Slot 1", (S1, S1)),)), S2), "2 opponents, not 1"),
    ],
)
def test_programs_that_do_not_fit_the_game_are_refused_with_a_message(profile, message):
    with pytest.raises(InputError, match=message):
        SCHEDULING.utilities(profile)


def test_actions_that_a_player_does_not_have_are_refused_even_where_they_are_not_played():
    named = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]], actions=["AB", "CD"])
    run = ProgramGame(PureBase(named))
    a, c, wrong = Always("A"), Always("C"), Always("zzz")
    for mine in (
        wrong,
        c,
        If(SameCode(), wrong, a),
        If(SameCode(), a, wrong),
        Lookup(wrong, (Entry("A", (c,)),)),
        Lookup(a, (Entry("zzz", (a,)),)),
        CSR(Utilitarian(), wrong, Improving()),
        ICSR(Utilitarian(), wrong, (Improving(),)),
        Renegotiation(RenegotiationMap((To(("A", "D"), ("A", "C")),)), wrong),
    ):
        with pytest.raises(InputError, match=r"player 1's program: .*there are A, B"):
            run.outcome((mine, c))
    with pytest.raises(InputError, match="player 2 has no action 'A'; there are C, D"):
        run.outcome((a, a))
    assert run.outcome((If(Code(2, wrong), a, a), c)) == ("A", "C")

    class Mine(Program):
        def run(self, situation):  # noqa: ARG002
            return "zzz"

    with pytest.raises(InputError, match="zzz"):
        run.outcome((Mine(), c))


@given(st.data())
def test_programs_run_with_maps_that_meet_definition_4_only(data):
    game = data.draw(games())
    rn = data.draw(outcome_maps(game, improving=data.draw(st.booleans())))
    run = ProgramGame(PureBase(game))
    profile = [Always(names[0]) for names in game.actions]
    profile[1] = data.draw(
        st.sampled_from([Renegotiation(rn, profile[1]), CSR(Leximin(), profile[1], Improving())])
    )
    if isinstance(profile[1], CSR):
        profile[1] = If(SameCode(), profile[1], Renegotiation(rn, Always(game.actions[1][0])))
    if find_map_defect(run.base, rn) is None:
        run.outcome(profile)
    else:
        with pytest.raises(InputError, match=r"player 2's program: .*\(Definition 4\)"):
            run.outcome(profile)


def test_maps_to_points_are_held_against_definition_4_too():
    def outcome(image):
        rn = RenegotiationMap((To(("Slot 1", "Slot 1"), image),))
        return LOTTERIES.outcome((Renegotiation(rn, S1), Renegotiation(rn, S2)))

    for image in ((Fraction(2), Fraction(2)), (Fraction(3), Fraction(1))):
        with pytest.raises(InputError, match="Definition 4"):
            outcome(image)
    rn = RenegotiationMap((To(("Slot 1", "Slot 2"), (Fraction(2), Fraction(2))),))
    pair = (Renegotiation(rn, S1), Renegotiation(rn, S2))
    assert LOTTERIES.utilities(pair) == (2, 2)


@pytest.mark.parametrize(
    "condition",
    [
        FunctionIs(2, Improving()),
        Accepts(2, MEET),
        Tagged(2, "t"),
        Not(AnyOf((SameCode(), NowAtMost(Fraction(1), (Fraction(1), Fraction(1)))))),
    ],
    ids=str,
)
def test_programs_decide_by_conditions_on_programs_only(condition):
    with pytest.raises(InputError, match="player 1's program: a program decides by conditions on"):
        SCHEDULING.outcome((If(condition, S1, S2), S1))
    pair = (CSR(Leximin(), S1, When(condition, Improving(), Improving())), S1)
    if not isinstance(condition, Not):
        SCHEDULING.outcome(pair)


@pytest.mark.parametrize(
    "condition", [Code(2, S1), SameCode(), AllOf((Tagged(2, "t"), Plays(2, "Slot 1")))], ids=str
)
def test_functions_decide_by_conditions_on_functions_only(condition):
    function = When(condition, Improving(), Outcomes(()))
    with pytest.raises(InputError, match="player 1's program: a function decides by conditions on"):
        SCHEDULING.outcome((CSR(Leximin(), S1, function), S1))


def test_code_that_is_only_asked_for_may_be_anything():
    never = Renegotiation(RenegotiationMap(()), S2)
    assert SCHEDULING.outcome((If(Code(2, never), S2, S1), S1)) == BEST_1


def test_a_point_that_no_lottery_pays_is_refused():
    program = CSR(Utilitarian(), S1, Outcomes(((Fraction(3), Fraction(3)),)))
    with pytest.raises(InputError, match=r"no lottery over the outcomes pays \(3, 3\)"):
        LOTTERIES.outcome((program, S2))


def test_programs_nested_beyond_what_python_can_run_are_refused():
    program = S1
    for _ in range(3000):
        program = If(SameCode(), program, S2)
    with pytest.raises(InputError, match="nested too deeply"):
        SCHEDULING.outcome((program, S2))


@given(st.data())
def test_equal_code_is_equal_and_has_the_same_hash(data):
    game = data.draw(games())
    program = data.draw(plain_programs(game, 1))
    twin = parse_program(str(program))
    assert twin == program
    assert hash(twin) == hash(program)
