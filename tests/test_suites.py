"""Suites are code; what is wrong with one is said, and nothing is proved by accident."""

from __future__ import annotations

import json

import pytest
import z3

from spi_verify.solvers.smtlib import render

HEAD = """
from z3 import BoolVal, Const, ForAll, Exists
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome

def one(theory, id, formula, definitions=(), uses=()):
    steps = (Step("goal", formula, list(uses)),)
    return Statement(id=id, title=id, theory=theory, hypotheses=(), definitions=definitions,
                     steps=steps)

def statements(theory):
"""


@pytest.fixture
def suite(tmp_path):
    def write(body, name="suite.py"):
        path = tmp_path / name
        path.write_text(HEAD + "".join(f"    {line}\n" for line in body.splitlines()))
        return path

    return write


def test_two_statements_of_one_id_do_not_hide_each_other(run, suite):
    path = suite("return [one(theory, 'a', BoolVal(False)), one(theory, 'a', BoolVal(True))]")
    found = run("prove", path)
    assert found.code == 2
    assert "two statements have the id 'a'" in found.err


def test_a_suite_cannot_stand_in_for_a_lemma_of_the_paper(run, suite):
    path = suite("return [one(theory, 'thm-3-improves', BoolVal(True))]")
    found = run("prove", path, "thm-3-equilibrium/repaired")
    assert found.code == 2
    assert "of their own" in found.err
    assert run("prove", path).code == 0, "alone it is just a statement of that name"


@pytest.mark.parametrize(
    "claim", ["pointwise_better", "projections_nonempty", "extension_improves", "extensions_exist"]
)
def test_a_claim_cannot_be_smuggled_in_as_a_definition(run, suite, claim):
    path = suite(f"return [one(theory, 'a', theory.{claim}(), ({claim!r},), ({claim!r},))]")
    found = run("prove", path)
    assert found.code == 2
    assert "is a claim, not a definition" in found.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("return []", "no statements"),
        ("return None", "must return a list"),
        ("return [1]", "must return a list"),
    ],
)
def test_a_suite_that_proves_nothing_is_bad_input_and_the_others_still_run(run, suite, body, said):
    path = suite(body)
    found = run("prove", path, "expected-utility", "--json", "-")
    data = json.loads(found.out)
    assert found.code == 2
    assert said in data["errors"][0]
    assert [result["id"] for result in data["results"]] == ["expected-utility"]


def test_what_a_suite_prints_stays_out_of_the_json(run, suite):
    path = suite("print('hello')\nreturn [one(theory, 'a', BoolVal(True))]")
    assert json.loads(run("prove", path, "--json", "-").out)["results"][0]["id"] == "a"


def test_symbols_are_never_written_as_what_z3_makes_up_in_its_text():
    """It numbers shared parts and variables bound twice, and looks at no symbol when it does."""
    sort = z3.DeclareSort("S")
    x, taken, part, spaced = (z3.Const(name, sort) for name in ("x", "x!1", "a!1", "x y"))
    related = z3.Function("related", sort, sort, z3.BoolSort())
    inner = z3.Exists([x], related(x, taken))
    for formula in (z3.ForAll([x], z3.Or(related(x, x), inner)), related(part, part)):
        with pytest.raises(ValueError, match="is one that z3 makes up"):
            render(formula)
    assert render(z3.ForAll([taken], inner)).text
    twice = z3.ForAll([spaced], z3.ForAll([spaced], related(spaced, spaced)))
    with pytest.raises(ValueError, match="the name 'x y' of a variable cannot be written"):
        render(twice)
    named = z3.Function("x", sort, z3.BoolSort())
    with pytest.raises(ValueError, match="'x' stands where a quantifier binds"):
        render(z3.ForAll([x], named(part)))


def test_a_suite_whose_names_z3_would_confuse_is_bad_input(run, suite):
    lines = (
        "from spi_verify.theory.signature import Player",
        "x, taken = Const('x', Player), Const('x!1', Player)",
        "return [one(theory, 'a', ForAll([x], Exists([x], x != taken)))]",
    )
    body = "\n".join(lines)
    found = run("prove", suite(body))
    assert found.code == 2
    assert "the name 'x!1' is one that z3 makes up where it writes formulas" in found.err


def test_a_symbol_called_like_one_of_a_definition_that_is_not_listed_is_bad_input(run, suite):
    lines = (
        "x, own = Const('x', Outcome), Const('u', Outcome)",
        "return [one(theory, 'a', theory.weakly_improves(x, own))]",
    )
    found = run("prove", suite("\n".join(lines)))
    assert found.code == 2
    assert "a: the step 'goal' has a 'u' of other sorts than another symbol" in found.err


@pytest.mark.parametrize("line", ["definitions=('absent',)", "uses=('absent',)"])
def test_what_a_statement_lists_and_nothing_has_is_bad_input(run, suite, line):
    found = run("prove", suite(f"return [one(theory, 'a', BoolVal(True), {line})]"))
    assert found.code == 2
    assert "'absent'" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize("kind", ["sort", "function", "variable"])
@pytest.mark.parametrize("word", ["and", "let", "store", "exp", "Real", "true"])
def test_words_of_solvers_name_nothing_of_a_suite(run, suite, kind, word):
    names = {"sort": "Own", "function": "own", "variable": "v"} | {kind: word}
    lines = (
        "from z3 import BoolSort, DeclareSort, Function",
        f"own = Function({names['function']!r}, DeclareSort({names['sort']!r}), BoolSort())",
        f"v = Const({names['variable']!r}, own.domain(0))",
        "return [one(theory, 'a', ForAll([v], own(v)))]",
    )
    found = run("prove", suite("\n".join(lines)))
    assert found.code == 2
    assert f"{word!r} is a word of SMT-LIB or of a solver: choose another name" in found.err
    assert "Traceback" not in found.err


def test_a_constant_is_never_written_where_a_quantifier_would_capture_it():
    """z3 tells the two apart, the text that it writes does not."""
    x, y = z3.Ints("x y")
    captured = z3.substitute(z3.ForAll([x], x <= y), (y, x))
    with pytest.raises(ValueError, match="'x' stands where a quantifier binds"):
        render(captured)
    assert render(z3.ForAll([x], x <= y)).text
    assert render(z3.And(x > 0, z3.ForAll([x], x <= y))).text
