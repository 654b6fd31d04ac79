"""What a statement cannot say is refused in one line with the statement and the fact."""

from __future__ import annotations

import re

import pytest
import z3

from spi_verify.counterexamples.statements.claimed import shipped_statements
from spi_verify.errors import InputError
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import require_wellformed
from spi_verify.solvers import smtlib
from spi_verify.solvers.smtlib import render
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome
from spi_verify.verdicts import Verdict

A, X, Y = z3.Consts("a x y", Outcome)
R, N = z3.Real("r"), z3.Int("i")
ARRAY = z3.Array("arr", z3.IntSort(), z3.RealSort())
BITS = z3.BitVec("b", 8)
PLAIN = PAPER.weakly_improves(Y, X)


def statement(name="first", formula=PLAIN, **changes):
    second = Hypothesis("second", PAPER.weakly_improves(X, A), "Second.")
    uses = [name, "second", "weakly_improves"]
    parts = {
        "id": "chain",
        "title": "t",
        "theory": PAPER,
        "hypotheses": (Hypothesis(name, formula, "First."), second),
        "definitions": ("weakly_improves",),
        "steps": (Step("goal", PAPER.weakly_improves(Y, A), uses),),
    }
    return Statement(**{**parts, **changes})


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (z3.ForAll([R], R == R), "quantifies over Real, which is not supported"),
        (z3.Exists([A, R], R > 0), "quantifies over Real"),
        (z3.ForAll([N], N + 1 > N), "quantifies over Int"),
        (z3.ForAll([A], z3.Exists([BITS], BITS == BITS)), r"quantifies over BitVec\(8\)"),
        (z3.ForAll([ARRAY], ARRAY == ARRAY), "quantifies over Array"),
        ((BITS | BITS) == BITS, "is not supported"),
        (ARRAY[z3.IntVal(0)] > 0, "'select', which is not supported"),
        (ARRAY == ARRAY, "function 'arr', and one from or to Array"),
        (z3.Function("f", z3.RealSort(), z3.RealSort())(R) > 0, "'f', and one from or to Real"),
        (z3.Lambda([A], z3.BoolVal(True))[A], "not supported"),
        (z3.StringVal("a") == z3.StringVal("b"), "'String', which is not supported"),
        (z3.Var(0, Outcome) == A, "a variable that no quantifier binds"),
        (z3.ForAll([Y], z3.Var(1, Outcome) == A), "a variable that no quantifier binds"),
        (R, "no formula of z3, but a term of sort Real"),
        (None, "no formula of z3, but of type NoneType"),
        ("x > 0", "no formula of z3, but of type str"),
        (True, "no formula of z3, but of type bool"),
        (z3.ForAll([A], z3.Distinct(A)), "a Distinct of one term, which is always true"),
        (z3.Bool("a|b"), r"'a\|b' cannot be written in SMT-LIB"),
        (z3.ForAll([z3.Const("a|b", Outcome)], PLAIN), r"'a\|b' cannot be written"),
        (z3.ForAll([A], z3.substitute_vars(z3.Var(0, Outcome) == A, z3.Const("a", Outcome))), None),
    ],
)
def test_a_hypothesis_that_is_not_supported_names_statement_and_hypothesis(formula, message):
    if message is None:
        require_wellformed(statement(formula=formula))
        return
    with pytest.raises(InputError, match=rf"^chain: the hypothesis 'first'.*{message}") as error:
        run([statement(formula=formula)])
    assert "\n" not in str(error.value)


NAMES = ["a|b", "a\\b", "a\nb", "a\tb", "", "\x00", "\u202e", None, 3, b"x"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_cannot_be_written_is_refused(name):
    with pytest.raises(InputError, match=r"^chain: a hypothesis cannot be named") as error:
        run([statement(name)])
    assert "\n" not in str(error.value)
    steps = (Step(name, PLAIN, ["first"]), Step("goal", PLAIN, ["first"]))
    with pytest.raises(InputError, match=r"^chain: a step cannot be named"):
        run([statement(steps=steps)])


@pytest.mark.parametrize(
    "name",
    ["é", "sp ace", 'qu"ote', "(", ")", ";", "fact:x", "negated-goal", "1", "assert"],
)
def test_other_names_are_quoted(name):
    (outcome,) = run([statement(name)])
    assert outcome.result.verdict is Verdict.PROVED
    assert name in outcome.used


def test_scenes_steps_and_goals_are_looked_at_too():
    real = z3.ForAll([R], R == R)
    with pytest.raises(InputError, match="the scene quantifies over Real"):
        run([statement(scene=real)])
    with pytest.raises(InputError, match="the step 'goal' quantifies over Real"):
        run([statement(steps=(Step("goal", real, []),))])
    steps = (Step("aside", real, []), Step("goal", PAPER.weakly_improves(Y, A),
             ["first", "second", "weakly_improves"]))  # fmt: skip
    (outcome,) = run([statement(steps=steps)])
    assert outcome.result.verdict is Verdict.PROVED, "only facts, goal and scene are evaluated"


@pytest.mark.long
def test_every_shipped_statement_is_wellformed():
    assert shipped_statements()
    for one in shipped_statements().values():
        require_wellformed(one)


SUITE = """
import z3
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome

a, x, y = z3.Consts("a x y", Outcome)
r = z3.Real("r")


def statements(theory):
    first = Hypothesis({name!r}, {formula}, "First.")
    second = Hypothesis("second", theory.weakly_improves(x, a), "Second.")
    uses = [{name!r}, "second", "weakly_improves"]
    return [
        Statement(
            id={id!r}, title="t", theory=theory, hypotheses=(first, second),
            definitions=("weakly_improves",),
            steps=(Step("goal", theory.weakly_improves(y, a), uses),),
        )
    ]
"""


@pytest.mark.parametrize(
    ("name", "formula", "message"),
    [
        ("a|b", "theory.weakly_improves(y, x)", "cannot be named 'a|b'"),
        ("first", "z3.ForAll([r], r == r)", "'first' quantifies over Real"),
        ("first", "None", "'first' is no formula of z3"),
    ],
)
@pytest.mark.parametrize("command", ["prove", "refute", "suffice", "export"])
def test_commands_say_it_in_one_line_and_go_on(run, tmp_path, command, name, formula, message):
    bad, good = tmp_path / "bad.py", tmp_path / "good.py"
    bad.write_text(SUITE.format(name=name, formula=formula, id="bad"))
    right = "theory.weakly_improves(y, x)"
    good.write_text(SUITE.format(name="first", formula=right, id="good"))
    options = {"export": ["--directory", tmp_path / "smtlib"], "refute": ["--outcomes", 1]}
    targets = [bad, good] if command == "prove" else [bad]
    found = run(command, *targets, *options.get(command, []))
    assert found.code == 2
    assert re.search(rf"spi-verify: {re.escape(str(bad))}: line \d+: bad: ", found.err)
    assert len(found.err.splitlines()) == 1
    assert message in found.err
    assert "Traceback" not in found.err
    if command == "prove":
        assert "1 claim: 1 proved" in found.out


def test_a_formula_of_another_context_is_not_taken_for_one_with_its_number(monkeypatch):
    """Each context of z3 numbers its formulas itself, and texts are remembered by numbers."""
    context = z3.Context()
    other = z3.RealVal(1, context) >= z3.RealVal(0, context)
    known = z3.Real("filling") > 0
    monkeypatch.setitem(smtlib._written, other.get_id(), (known, render(known)))
    assert "filling" not in render(other).text
    with pytest.raises(InputError, match="'first' is in a context of z3 of its own"):
        require_wellformed(statement(formula=other))
