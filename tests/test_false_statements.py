"""False statements over all of the vocabulary are refuted without flags, or it is said why not."""

from dataclasses import replace

import pytest
from false_statements import statements
from z3 import And, Const, Consts, Exists, ForAll, Implies, Not, Or, RealSort

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.looking import refute
from spi_verify.counterexamples.programs.finding.demand import told_apart
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.uniqueness import has_equals
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import PAPER
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    Profile,
    Renegotiation,
    Selection,
    SetFunctions,
    agreement,
    certainty,
    defaults,
    equilibrium,
    functions,
    improved,
    in_csr,
    in_icsr,
    member,
    offers,
    outcome,
    payoffs_of,
    pmm,
    program,
    renegotiated,
    rn,
    sel,
    selected,
    set_function,
    supposes,
    total_up_to,
    u,
)

FALSE = {statement.id: statement for statement in statements(PAPER)}
SLOW = {
    "f-is-an-spi",
    "improvements-are-strict",
    "selections-end-alike",
    "csr-pays-alike",
    "offering-more-is-better",
    "one-function-offers-all",
}
i, j = Consts("i j", Player)
a, x, y = Consts("a x y", Outcome)
S = Const("S", OutcomeSet)
s, t = Consts("s t", Selection)
p, q = Consts("p q", Profile)
r = Const("r", Renegotiation)
T = Const("T", OutcomeSet)
k = Const("k", Position)
R = Const("R", SetFunctions)
MIXED = PAPER.axiom("correlated_randomisation")


def about(goal, *supposed):
    return Statement(
        id="own",
        title="own",
        theory=PAPER,
        hypotheses=tuple(Hypothesis(f"h{n}", one, "") for n, one in enumerate(supposed)),
        definitions=(),
        steps=(Step("goal", goal, ()),),
    )


@pytest.mark.parametrize(
    "id", [pytest.param(id, marks=[pytest.mark.long] * (id in SLOW)) for id in FALSE]
)
def test_a_false_statement_is_refuted_without_flags_and_its_file_replays(id):
    search = refute(FALSE[id])
    assert search.refutation is not None, search.reason
    assert confirm_saved(search.refutation).conclusion == search.refutation["conclusion"]


def lawful(p):
    return And(
        ForAll([i], in_csr(sel, i, program(i, p))),
        PAPER.selection_function(sel),
        PAPER.functions_as_in_definition_7(functions(p)),
    )


better = PAPER.weakly_improves
TRUE = {
    "efficient means that nothing is better": about(
        u(i, y) == u(i, x), PAPER.efficient(x), better(y, x)
    ),
    "the same where lotteries are feasible": about(
        u(i, y) == u(i, x), PAPER.efficient(x), better(y, x), MIXED
    ),
    "what an outcome pays is feasible": about(PAPER.feasible(payoffs_of(x))),
    "the PMM is attained by something efficient": about(
        Exists([x], And(PAPER.efficient(x), u(i, x) == pmm(i)))
    ),
    "improvements that are added help": about(
        better(selected(s, T), selected(s, S)),
        PAPER.transitive(s),
        PAPER.nonempty(S),
        ForAll([x], Implies(member(x, S), member(x, T))),
        ForAll([x], Implies(member(x, T), Or(member(x, S), better(x, selected(s, S))))),
    ),
    "renegotiation functions improve": about(
        better(improved(r, x), x), PAPER.renegotiation_function(r)
    ),
    "what is renegotiated improves": about(
        better(renegotiated(sel, R, a), a),
        PAPER.selection_function(sel),
        PAPER.functions_as_in_definition_7(R),
    ),
    "CSR programs improve on their defaults": about(
        better(outcome(p), outcome(defaults(p))), lawful(p)
    ),
    "one program for each player plays one outcome": about(
        outcome(p) == outcome(q), ForAll([i], program(i, p) == program(i, q))
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("claim", TRUE)
def test_a_true_statement_over_the_same_vocabulary_is_not_refuted_and_was_searched(claim):
    search = refute(TRUE[claim], Bounds(players=2, outcomes=3))
    assert search.refutation is None
    assert search.reason.startswith("no counterexample")


NOT_SEARCHED = {
    "total_up_to": about(total_up_to(x, k) >= total_up_to(y, k)),
    "certainty": about(supposes(certainty, i, p)),
    "in_icsr": about(in_icsr(i, program(i, p))),
    "selected": about(u(i, selected(s, S)) == 0, MIXED),
    "rn": about(
        improved(rn, x) == renegotiated(s, Const("R", agreement.domain(0)), x),
    ),
    "outcome": about(u(i, outcome(p)) == 0, MIXED),
    "member": about(ForAll([x], member(x, S)), MIXED),
    "sort Real": about(Exists([Const("r", RealSort())], Const("r", RealSort()) > u(i, x))),
}


@pytest.mark.parametrize("part", NOT_SEARCHED)
def test_what_is_not_searched_is_named_and_no_search_is_claimed(part):
    search = refute(NOT_SEARCHED[part])
    assert search.refutation is None
    assert search.reason.startswith("not searched")
    assert part in search.reason
    assert "no counterexample" not in search.reason


def test_fewer_things_than_a_statement_tells_apart_are_said():
    five = Consts("a b c d e", Outcome)
    differ = And([one != other for n, one in enumerate(five) for other in five[:n]])
    alike = ForAll([i], And([u(i, one) == u(i, five[0]) for one in five]))
    search = refute(about(Not(And(differ, alike))))
    assert "4 outcomes, and the statement tells 5 apart (--outcomes)" in search.reason
    assert refute(about(Not(And(differ, alike))), Bounds(outcomes=5)).refutation is not None


def only_improvements(theory, i, f):
    offered = member(y, offers(i, f, R, a))
    return ForAll([R, a, y], Implies(offered, theory.weakly_improves(y, a)))


def any_member(theory, s):
    return ForAll([S], Implies(theory.nonempty(S), member(selected(s, S), S)))


def changed(goal, *supposed, **definitions):
    theory = PAPER.with_(**definitions)
    return replace(about(goal(theory), *(one(theory) for one in supposed)), theory=theory)


@pytest.mark.long
def test_where_definition_7_is_changed_functions_that_it_excluded_refute():
    def meant(theory):
        function = set_function(program(i, equilibrium))
        return ForAll([i], theory.set_valued_renegotiation_function(i, function))

    def in_csr_all(_):
        return ForAll([i], in_csr(sel, i, program(i, equilibrium)))

    def offered(_):
        function = set_function(program(i, equilibrium))
        return Exists([i, a, x], member(x, offers(i, function, functions(equilibrium), a)))

    claims = (offered, meant, in_csr_all, lambda theory: theory.selection_function(sel))
    refutation = refute(
        changed(*claims, set_valued_renegotiation_function=only_improvements)
    ).refutation
    assert refutation is not None
    assert confirm_saved(refutation).conclusion == refutation["conclusion"]
    assert refute(about(*(one(PAPER) for one in claims)), Bounds(2, 2)).refutation is None


@pytest.mark.long
def test_where_selection_functions_are_changed_choices_that_are_not_efficient_refute():
    def efficient(theory):
        gains = Exists([j], u(j, x) > u(j, selected(t, S)))
        better = And(theory.weakly_improves(x, selected(t, S)), gains)
        return Implies(And(theory.selection_function(t), member(x, S)), Not(better))

    refutation = refute(changed(efficient, selection_function=any_member)).refutation
    assert refutation is not None
    assert confirm_saved(refutation).conclusion == refutation["conclusion"]
    assert refute(about(efficient(PAPER)), Bounds(2, 3)).refutation is None


def test_what_a_statement_tells_apart_is_counted_through_its_form():
    goal = Implies(Exists([x], u(i, x) > 0), ForAll([y], Implies(s != t, u(j, y) > 0)))
    counts = told_apart(closed(about(goal, Exists([S], member(a, S)))))
    assert (counts["Player"], counts["Outcome"]) == (2, 3)
    assert (counts["Selection"], counts["OutcomeSet"]) == (2, 1)


@pytest.mark.long
@pytest.mark.parametrize("id", ["mixed-pays-alike", "profile-pays-the-same"])
def test_whether_there_are_others_of_its_size_is_looked_for_in_new_worlds_too(id):
    found = refute(FALSE[id]).refutation
    assert has_equals(FALSE[id], Bounds(), found) is True


def test_what_was_searched_is_said():
    better = PAPER.weakly_improves
    search = refute(about(better(y, x), better(y, a), better(a, x)), Bounds(2, 2))
    assert search.reason == (
        "no counterexample with up to 2 players and 2 outcomes: 2 small worlds; none has more than "
        "2 outcomes, and the statement tells 3 apart (--outcomes)"
    )
    chosen = PAPER.selection_function(s)
    search = refute(about(member(selected(s, S), S), chosen, PAPER.nonempty(S)), Bounds(2, 2))
    assert "2 small worlds with at most 1 selection function" in search.reason


def test_candidates_that_fail_stop_the_search_which_says_so(monkeypatch):
    from spi_verify.counterexamples import looking

    def rejected(*_):
        raise looking.Rejected("no")

    monkeypatch.setattr(looking, "confirmed", rejected)
    search = refute(FALSE["comparable"], Bounds(candidates=2))
    assert "the search stopped after 2 candidates (--candidates)" in search.reason
