"""Free constants are about all their values, and a borrowed symbol is refused."""

import pytest
from z3 import BoolSort, Const, Consts, ForAll, Function, Implies

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.looking import refute
from spi_verify.counterexamples.statements.claimed import shipped_statements
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.errors import InputError
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import PAPER, same_formula
from spi_verify.theory.signature import Outcome, Player, Profile, u

x, y, z = Consts("x y z", Outcome)
i = Const("i", Player)
SMALL = Bounds(players=2, outcomes=3)


def about(goal, *supposed, theory=PAPER):
    return Statement(
        id="own",
        title="own",
        theory=theory,
        hypotheses=tuple(Hypothesis(f"h-{k}", one, "") for k, one in enumerate(supposed)),
        definitions=("weakly_improves",),
        steps=(Step("goal", goal, ()),),
    )


@pytest.mark.long
def test_a_statement_without_free_constants_stays_as_it_is():
    assert all(closed(statement) is statement for statement in shipped_statements().values())


def test_what_is_supposed_of_free_constants_becomes_a_premise():
    better = PAPER.weakly_improves
    kept = ForAll([i, y], u(i, y) <= 5)
    statement = closed(about(u(i, z) == u(i, x), better(y, x), kept, better(z, y)))
    assert [h.name for h in statement.hypotheses] == ["h-1"]
    goal = statement.goal.formula
    assert goal.is_forall()
    assert {goal.var_sort(k).name() for k in range(goal.num_vars())} == {"Player", "Outcome"}


def test_a_false_statement_with_free_constants_is_refuted_and_its_file_stands_alone():
    better = PAPER.weakly_improves
    statement = about(u(i, z) == u(i, x), better(y, x), better(z, y))
    found = refute(statement, SMALL).refutation
    assert found is not None
    assert found["statement"] == "own"
    assert confirm_saved(found).conclusion == found["conclusion"]


def test_a_true_statement_with_free_constants_is_not_refuted():
    better = PAPER.weakly_improves
    assert refute(about(u(i, z) >= u(i, x), better(y, x), better(z, y)), SMALL).refutation is None


def test_the_closed_statement_says_what_is_written_out():
    better = PAPER.weakly_improves
    free = closed(about(u(i, y) >= u(i, x), better(y, x)))
    written = ForAll([x, y, i], Implies(better(y, x), u(i, y) >= u(i, x)))
    sorts = sorted(free.goal.formula.var_sort(k).name() for k in range(3))
    assert sorts == sorted(written.var_sort(k).name() for k in range(3))
    assert refute(free, SMALL).refutation is None
    assert same_formula(closed(about(written)).goal.formula, written)


@pytest.mark.parametrize(
    "symbol",
    [
        Function("u", Player, Profile, BoolSort())(i, Const("p", Profile)),
        Function("efficient", Profile, BoolSort())(Const("p", Profile)),
        Function("rn", Outcome, BoolSort())(x),
    ],
)
def test_a_function_that_borrows_a_name_of_the_theorys_is_refused(symbol):
    with pytest.raises(InputError, match="another symbol than the theory's"):
        closed(about(symbol))
    search = refute(about(symbol), SMALL)
    assert search.refutation is None
    assert "not searched" in search.reason


def test_a_constant_that_borrows_a_name_of_the_theorys_is_one_of_its_own():
    after, last = Consts("after last", Outcome)
    statement = about(u(i, after) == u(i, last), PAPER.weakly_improves(after, last))
    assert closed(statement).hypotheses == ()
    assert refute(statement, SMALL).refutation is not None
