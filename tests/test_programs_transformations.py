"""Propositions 1 and 4 and Theorem 3's single steps, executed on random games and programs."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, find, given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.programs import (
    CSR,
    Always,
    ByOutcome,
    Dictator,
    ImprovingOnMeet,
    Lexicographic,
    Leximin,
    Nash,
    Outcomes,
    PMPExtension,
    ProgramGame,
    Projection,
    PureBase,
    Renegotiation,
    Row,
    Utilitarian,
    changes,
    default_of,
    find_below_guarantee,
    find_map_defect,
    is_spi,
    pmp_extension,
    renegotiating,
    set_renegotiating,
)
from spi_verify.programs.examples import conceding, demanding, meet_at_slot_3, scheduling_game
from spi_verify.programs.running.execution import Execution
from spi_verify.testing import (
    games,
    outcome_maps,
    plain_programs,
    programs,
    renegotiation_functions,
    selections,
    set_functions,
)

SCHEDULING = ProgramGame(PureBase(scheduling_game()))
SEARCH = settings(max_examples=3000, database=None, derandomize=True, deadline=None)
MEET = ("Slot 3", "Slot 3")


def program_sets(data, game, *, each=plain_programs, size=2):
    return [
        data.draw(st.lists(each(game, i), min_size=1, max_size=size, unique=True))
        for i in PureBase(game).players
    ]


def search(strategy, condition):
    return find(strategy, condition, settings=SEARCH, random=Random(0))


# Definition 3


def test_an_spi_report_has_a_witness_either_way():
    sets = [[demanding(1), conceding(1)], [demanding(2), conceding(2)]]
    report = is_spi(SCHEDULING, renegotiating(meet_at_slot_3(), 2), sets)
    assert report.is_spi
    assert report.profiles == 4
    assert report.gain.profile == (demanding(1), demanding(2))
    assert (report.gain.player, report.gain.before, report.gain.after) == (1, 0, 1)
    assert report.gain.image[0] == Renegotiation(meet_at_slot_3(), demanding(1))
    harm = is_spi(SCHEDULING, (lambda _: Always("Slot 3"),) * 2, sets)
    assert not harm.is_spi
    assert harm.loss.profile == (demanding(1), conceding(2))
    assert (harm.loss.player, harm.loss.before, harm.loss.after) == (1, 3, 1)


def test_the_identity_is_no_spi():
    report = is_spi(SCHEDULING, (lambda p: p,) * 2, [[demanding(1)], [demanding(2)]])
    assert (report.loss, report.gain, report.is_spi) == (None, None, False)


def test_the_guarantee_asks_for_the_default_payoff_and_for_the_pmm():
    to_slot_3 = (lambda _: Always("Slot 3"),) * 2
    best = [[Always("Slot 1")], [Always("Slot 1")]]
    assert find_below_guarantee(SCHEDULING, to_slot_3, best).after == 1
    assert find_below_guarantee(SCHEDULING, to_slot_3, [[Always("Slot 3")]] * 2) is None
    stay = (lambda p: p,) * 2
    assert find_below_guarantee(SCHEDULING, stay, best) is None
    missed = find_below_guarantee(SCHEDULING, stay, [[demanding(1)], [demanding(2)]])
    assert (missed.player, missed.after) == (1, 0)


def test_f_and_programs_are_for_all_players():
    with pytest.raises(InputError, match="2 players"):
        is_spi(SCHEDULING, (lambda p: p,), [[demanding(1)], [demanding(2)]])


@pytest.mark.long
@given(st.data())
def test_changes_are_runs_before_and_after(data):
    game = data.draw(games(max_players=2))
    sets = program_sets(data, game, each=programs)
    target = data.draw(st.tuples(*(plain_programs(game, i) for i in (1, 2))))
    f = tuple((lambda _, p=p: p) for p in target)
    run = ProgramGame(PureBase(game))
    for change in changes(run, f, sets):
        assert change.image == target
        assert change.before == run.utilities(change.profile)[change.player - 1]
        assert change.after == run.utilities(target)[change.player - 1]


# Proposition 1


@pytest.mark.long
@settings(max_examples=200)
@given(st.data())
def test_proposition_1_holds_once_some_default_outcome_is_improved(data):
    game = data.draw(games())
    try:
        rn = data.draw(renegotiation_functions(game))
    except ValueError:
        assume(False)
    run = ProgramGame(PureBase(game))
    sets = program_sets(data, game)
    report = is_spi(run, renegotiating(rn, game.number_of_players), sets)
    assert report.loss is None
    improved = any(
        game.payoffs(Execution(run.base).image(rn, run.outcome(profile))) != run.utilities(profile)
        for profile in itertools.product(*sets)
    )
    assert report.is_spi is improved


def test_proposition_1_as_printed_fails_where_no_default_outcome_is_improved():
    @st.composite
    def cases(draw):
        game = draw(games(max_players=2, max_actions=2))
        return (
            game,
            draw(outcome_maps(game)),
            tuple(draw(plain_programs(game, i, depth=0)) for i in (1, 2)),
        )

    def refutes(case):
        game, rn, profile = case
        run = ProgramGame(PureBase(game))
        if find_map_defect(run.base, rn) is not None:
            return False
        return not is_spi(run, renegotiating(rn, 2), [[p] for p in profile]).is_spi

    game, rn, profile = search(cases(), refutes)
    assert game.number_of_outcomes == 2
    assert len(rn.entries) == 1
    assert tuple(p.action for p in profile) != rn.entries[0].outcome


def test_proposition_1_in_the_scheduling_game_with_constant_programs():
    f = renegotiating(meet_at_slot_3(), 2)
    report = is_spi(SCHEDULING, f, [[Always("Slot 1")], [Always("Slot 1")]])
    assert (report.loss, report.gain) == (None, None)


# Proposition 4


def accepted_projections(run, functions, sel):
    """Whether PMP_i(ro(p, a)) is part of RN^i(RN^-i, a) for all i and a."""
    base = run.base
    execution = Execution(base)
    for a in base.game.outcomes():
        reached = base.payoffs(execution.renegotiated(functions, sel, a))
        for i in base.players:
            wanted = base.pareto_meet_projection(i, reached)
            if not wanted <= execution.value(i, functions, sel, a):
                return False
    return True


def closed(run, functions, sel):
    """Add PMP_i(ro(p, a)) to unconditional tables until nothing is missing."""
    base = run.base
    while not accepted_projections(run, functions, sel):
        execution = Execution(base)
        tables = [[] for _ in functions]
        for a in base.game.outcomes():
            reached = base.payoffs(execution.renegotiated(functions, sel, a))
            for i in base.players:
                value = execution.value(i, functions, sel, a)
                value |= base.pareto_meet_projection(i, reached)
                tables[i - 1].append(Row(a, Outcomes(tuple(base.elements(value)))))
        functions = tuple(ByOutcome(Outcomes(()), tuple(rows)) for rows in tables)
    return functions


def meets(game, payoffs):
    """Whether some outcome pays everyone exactly max(PMM, payoff)."""
    least = PureBase(game).pareto_meet_minimum
    wanted = tuple(map(max, least, payoffs))
    return any(game.payoffs(o) == wanted for o in game.outcomes())


@st.composite
def coordination_games(draw):
    """Two-player games in which every max(PMM, u(a)) is the payoff of some outcome."""
    game = draw(games(max_players=2, max_payoff=2))
    assume(all(meets(game, game.payoffs(o)) for o in game.outcomes()))
    return game


@pytest.mark.long
@settings(max_examples=200)
@given(st.data())
def test_proposition_4_holds_where_meets_are_feasible_and_something_is_improved(data):
    game = data.draw(coordination_games())
    run = ProgramGame(PureBase(game))
    sel = data.draw(selections(2))
    kinds = {"conditional": False, "extended": False}
    functions = tuple(data.draw(set_functions(game, i, **kinds)) for i in (1, 2))
    functions = closed(run, functions, sel)
    sets = program_sets(data, game)
    f = set_renegotiating(functions, sel)
    assert find_below_guarantee(run, f, sets) is None
    report = is_spi(run, f, sets)
    assert report.loss is None
    assert report.is_spi is any(
        run.base.payoffs(Execution(run.base).renegotiated(functions, sel, run.outcome(p)))
        != run.utilities(p)
        for p in itertools.product(*sets)
    )


@st.composite
def cases_for_proposition_4(draw):
    game = draw(games(max_players=2, max_actions=2, max_payoff=2))
    profile = tuple(draw(plain_programs(game, i, depth=0)) for i in (1, 2))
    functions = tuple(
        draw(st.sampled_from([ImprovingOnMeet(), Projection(i), Outcomes(())])) for i in (1, 2)
    )
    return game, functions, profile


def test_proposition_4_part_1_as_printed_fails_where_nothing_is_improved():
    def refutes(case):
        game, functions, profile = case
        run = ProgramGame(PureBase(game))
        if not accepted_projections(run, functions, Utilitarian()):
            return False
        f = set_renegotiating(functions, Utilitarian())
        return not is_spi(run, f, [[p] for p in profile]).is_spi

    game, functions, profile = search(cases_for_proposition_4(), refutes)
    run = ProgramGame(PureBase(game))
    report = is_spi(run, set_renegotiating(functions, Utilitarian()), [[p] for p in profile])
    assert report.loss is None


@pytest.mark.long
def test_proposition_4_part_2_fails_where_projections_are_empty():
    def refutes(case):
        game, functions, profile = case
        run = ProgramGame(PureBase(game))
        if not accepted_projections(run, functions, Utilitarian()):
            return False
        f = set_renegotiating(functions, Utilitarian())
        return find_below_guarantee(run, f, [[p] for p in profile]) is not None

    game, functions, profile = search(cases_for_proposition_4(), refutes)
    run = ProgramGame(PureBase(game))
    change = find_below_guarantee(
        run, set_renegotiating(functions, Utilitarian()), [[p] for p in profile]
    )
    assert change.after < run.base.pareto_meet_minimum[change.player - 1]
    assert not meets(game, run.utilities(profile))


# Theorem 3's single-player step


TRANSITIVE = [Utilitarian(), Leximin(), Lexicographic((2, 1)), Lexicographic((1, 2))]


@pytest.mark.long
@settings(max_examples=200)
@given(st.data(), st.sampled_from(TRANSITIVE))
def test_extending_does_not_hurt_against_unconditional_functions(data, sel):
    game = data.draw(games(max_players=2))
    run = ProgramGame(PureBase(game))
    mine = data.draw(set_functions(game, 1))
    theirs = data.draw(set_functions(game, 2, conditional=False, extended=False))
    for outcome in game.outcomes():
        first = CSR(sel, Always(outcome[0]), mine)
        second = CSR(sel, Always(outcome[1]), theirs)
        before = run.utilities((first, second))[0]
        assert run.utilities((pmp_extension(first), second))[0] >= before


def test_extending_can_hurt_under_a_selection_that_is_not_transitive():
    run = ProgramGame(PureBase(Game.from_payoffs([[[2, 1], [1, 3]], [[3, 1], [0, 0]]])))
    two, bad, better = ("1", "1"), ("1", "2"), ("2", "1")
    # Everything is below this disagreement point, so the order of the outcomes decides.
    sel = Nash((Fraction(9), Fraction(9)))
    mine = CSR(sel, Always("2"), Outcomes((two, bad)))
    theirs = CSR(sel, Always("2"), Outcomes((two, bad, better)))
    assert run.outcome((mine, theirs)) == two
    assert run.outcome((pmp_extension(mine), theirs)) == bad


def test_the_pmp_extension_of_a_program_changes_its_function_only():
    program = CSR(Dictator(1), demanding(1), Outcomes((MEET,)))
    extended = pmp_extension(program)
    assert extended.function == PMPExtension(program.function)
    assert replace(extended, function=program.function) == program


def test_defaults_are_those_of_renegotiating_programs():
    assert default_of(Renegotiation(meet_at_slot_3(), demanding(1))) == demanding(1)
    with pytest.raises(InputError, match="has no default"):
        default_of(demanding(1))


def test_a_transformation_of_a_game_with_three_players():
    game = Game.from_payoffs([[[[i + j + k] * 3 for k in (0, 1)] for j in (0, 1)] for i in (0, 1)])
    run = ProgramGame(PureBase(game))
    functions = (ImprovingOnMeet(),) * 3
    sets = [[Always("1"), Always("2")]] * 3
    report = is_spi(run, set_renegotiating(functions, Utilitarian()), sets)
    assert report.is_spi
    assert report.profiles == 8
    assert report.gain.after == 3
