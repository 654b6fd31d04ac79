"""What is settled for the paper's programs settles nothing where others are meant."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import PROGRAM_GAMES
from z3 import And, BoolVal, Const, Exists, ForAll, Implies, Not, Or

from spi_verify.counterexamples.programs.confirming.examination import examine
from spi_verify.counterexamples.programs.scenario import Scenario, read_scenario
from spi_verify.counterexamples.saved import known
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.errors import Rejected
from spi_verify.games import Game
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.running import run
from spi_verify.papers.loading import load_shipped
from spi_verify.programs import CSR, Always, Beliefs, Improving, Leximin
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.theory import PAPER
from spi_verify.theory.signature import (
    Outcome,
    Player,
    SetFunctions,
    agreement,
    best,
    defaults,
    equilibrium,
    functions,
    improved,
    in_csr,
    member,
    offers,
    outcome,
    pmm,
    program,
    sel,
    selected,
    u,
)

b, y = Const("b", Outcome), Const("y", Outcome)
R = Const("R", SetFunctions)


def offers_improvements(theory, i, F):
    """Definition 7 without its second condition: functions that offer nothing count."""
    offered = member(y, offers(i, F, R, b))
    return ForAll([R, b, y], Implies(offered, theory.weakly_improves(y, b)))


def never_worse(theory, rn):
    """Definition 4 without its second condition: the identity counts."""
    return ForAll([b], theory.weakly_improves(improved(rn, b), b))


def never(_theory, _i, _F):
    """Nothing is a set-valued renegotiation function."""
    return BoolVal(False)


def statement(id, **changed):
    theory = PAPER.with_(**changed) if changed else PAPER
    return next(one for one in load_shipped(theory) if one.id == id)


def examined(id, **changed):
    data = json.loads((PROGRAM_GAMES / "counterexamples" / f"{id}.json").read_text())
    return examine(statement(id, **changed), read_scenario(data["programs"]))


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("app-c", {"set_valued_renegotiation_function": offers_improvements}),
        ("prop-2", {"renegotiation_function": never_worse}),
    ],
)
def test_that_no_program_does_is_settled_only_for_the_papers_programs(id, changed):
    """The conclusion says nothing of the definition itself, only of programs."""
    assert examined(id).conclusion
    with pytest.raises(Rejected, match=r"the paper's definitions|only some are listed"):
        examined(id, **changed)
    assert known(statement(id, **changed)) is None


def test_programs_that_a_changed_definition_excludes_refute_nothing():
    """Also where the definition is not freed, because extensions are meant."""
    assert examined("thm-3-inclusion").conclusion
    with pytest.raises(Rejected):
        examined("thm-3-inclusion", set_valued_renegotiation_function=never)


def own(theory, goal, *names, supposed=()):
    """Return a statement of one's own, with the hypotheses and closed claims of these names."""
    hypotheses = [Hypothesis(name, theory.axiom(name), "") for name in names]
    hypotheses += [Hypothesis(f"h{k}", formula, "") for k, formula in enumerate(supposed)]
    uses = [one.name for one in hypotheses]
    return Statement("own", "", theory, tuple(hypotheses), (), (Step("goal", goal, uses),))


@pytest.mark.long
@pytest.mark.parametrize("correlated", [False, True])
def test_a_notion_that_rests_on_a_changed_one_is_not_taken_as_printed(correlated):
    """By strict improvements, what is best for somebody is efficient, whoever else could gain."""

    def strictly(_theory, x, a):
        return ForAll([i], u(i, x) > u(i, a))

    i = Const("i", Player)
    constants = ((Always("1"),), (Always("1"),))
    scenario = Scenario(
        Game.from_payoffs([[[2, 0], [2, 1]], [[0, 0], [0, 0]]]), correlated, None, constants
    )

    def claimed(theory):
        one = own(theory, ForAll([i], theory.efficient(best(i))), "best_payoffs")
        names = ("efficient", "weakly_improves")
        (goal,) = one.steps
        return replace(
            one, definitions=names, steps=(replace(goal, uses=("best_payoffs", *names)),)
        )

    assert examine(closed(claimed(PAPER)), scenario).conclusion
    other = claimed(PAPER.with_(weakly_improves=strictly))
    assert run([other])[0].result.verdict == "proved"
    with pytest.raises(Rejected, match="the conclusion holds"):
        examine(closed(other), scenario)


@pytest.mark.long
def test_no_bound_is_known_where_a_predicate_in_an_algorithm_is_another():
    """An algorithm with another predicate is another one, though it reads the same.

    Here who gains too little stays with the default while the other follows what is agreed on, so
    that agreeing on (3, 3) and not following ends in (1, 3), which pays player 1 nine.
    """

    def gaining(_theory, s, p, i):
        agreed = agreement(functions(p), outcome(defaults(p)))
        others = ForAll([j], Implies(j != i, in_csr(s, j, program(j, p))))
        return And(others, u(i, selected(s, agreed)) >= 2)

    i, j = Const("i", Player), Const("j", Player)
    payoffs = [[[1, 1], [0, 0], [9, 0]], [[0, 0], [2, 2], [0, 0]], [[0, 0], [0, 0], [1, 2]]]
    wrapped = CSR(Leximin(), Always("1"), Improving())
    scenario = Scenario(
        Game.from_payoffs(payoffs),
        False,
        Kind.CSR,
        ((Always("1"),), (Always("1"),)),
        programs=((wrapped,), (wrapped,)),
        selection=Leximin(),
        beliefs=(Beliefs.certain(wrapped), Beliefs.certain(wrapped)),
        equilibrium=(wrapped, wrapped),
    )

    def claimed(theory):
        supposed = [
            theory.subjective_equilibrium(equilibrium),
            ForAll([i], in_csr(sel, i, program(i, equilibrium))),
        ]
        return closed(own(theory, ForAll([i], u(i, outcome(equilibrium)) >= 3), supposed=supposed))

    assert examine(claimed(PAPER), scenario).conclusion
    with pytest.raises(Rejected, match="best responses are not sought among programs with another"):
        examine(claimed(PAPER.with_(others_csr=gaining)), scenario)


@pytest.mark.long
def test_that_extensions_exist_is_settled_for_the_papers_projections():
    """Where everything is a projection, extensions offer what hurts, and are no CSR programs."""

    def everything(_theory, _i, _x, _a):
        return BoolVal(True)

    i, x = Const("i", Player), Const("x", Outcome)
    wrapped = CSR(Leximin(), Always("1"), Improving())
    scenario = Scenario(
        Game.from_payoffs([[[1, 1], [3, 0]], [[0, 3], [2, 2]]]),
        False,
        Kind.CSR,
        ((Always("1"),), (Always("1"),)),
        programs=((wrapped,), (wrapped,)),
        selection=Leximin(),
        equilibrium=(wrapped, wrapped),
    )

    def claimed(theory):
        goal = ForAll([i, x], u(i, x) >= u(i, outcome(defaults(equilibrium))))
        csr = ForAll([i], in_csr(sel, i, program(i, equilibrium)))
        return closed(own(theory, goal, "extensions_exist", supposed=[csr]))

    assert examine(claimed(PAPER), scenario).conclusion
    with pytest.raises(Rejected, match="has an extension of this kind is not settled"):
        examine(claimed(PAPER.with_(pmp=everything)), scenario)


@pytest.mark.long
def test_what_another_axiom_says_of_all_outcomes_is_not_settled_by_those_listed():
    """Lotteries have projections that pay what no pure outcome does."""

    def few_payoffs(_theory):
        paid = Or(u(j, x) == 0, u(j, x) == 3, And(u(j, x) == 1, u(i, x) == 0))
        return ForAll([i, j, x], Implies(And(pmm(i) == 1, pmm(j) == 0), paid))

    i, j = Const("i", Player), Const("j", Player)
    a, x = Const("a", Outcome), Const("x", Outcome)
    theory = PAPER.with_(outcomes_are_tuples=few_payoffs)
    some = And(i != j, u(i, a) == 0, u(j, a) == 1, pmm(i) == 1, pmm(j) == 0)
    one = own(theory, Not(Exists([i, j, a], some)), "projections_nonempty")
    names = ("outcomes_are_tuples", "pmp")
    (goal,) = one.steps
    steps = (replace(goal, uses=("projections_nonempty", *names)),)
    one = replace(one, definitions=names, steps=steps)
    game = Game.from_payoffs([[[3, 0], [1, 3]], [[0, 1], [0, 1]]])
    constants = ((Always("1"),), (Always("1"),))
    assert run([one])[0].result.verdict == "proved"
    with pytest.raises(Rejected, match="speaks of every Outcome; only some are listed"):
        examine(closed(one), Scenario(game, True, None, constants))
