"""Mistakes in types are said when a suite is loaded, in one line with file and line number."""

from __future__ import annotations

import pytest

SUITE = """from z3 import And, Const, Consts, ForAll, Implies
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, OutcomeSet, Player, member, u

i, x, y = Const("i", Player), *Consts("x y", Outcome)
S = Const("S", OutcomeSet)


def statements(theory):
    weakly = theory.weakly_improves(x, y)
    return [
        Statement(
            id="ours",
            title="Ours",
            theory=theory,
            hypotheses=(
                Hypothesis("first", weakly, "Fine."),
                Hypothesis("supposed", {hypothesis}, "What is supposed."),
            ),
            definitions=("weakly_improves",),
            steps=(
                Step("goal", {goal}, ["first"]),
            ),
        )
    ]
"""
HYPOTHESIS, GOAL = 18, 22


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (
            "theory.weakly_improves(x)",
            "weakly_improves takes 2 arguments (Outcome, Outcome), not 1",
        ),
        (
            "theory.weakly_improves(i, x)",
            "weakly_improves takes (Outcome, Outcome), and argument 1, i, is of sort Player",
        ),
        ("u(x, i)", "u takes (Player, Outcome), and argument 1, x, is of sort Outcome"),
        ("member(S, x)", "member takes (Outcome, OutcomeSet), and argument 1, S, is of sort"),
        ("And(u(i, x), True)", "And takes formulas, and u(i, x) is of sort Real"),
        ("Implies(weakly, u(i, x))", "Implies takes formulas, and u(i, x) is of sort Real"),
        ("ForAll([i], u(i, x))", "ForAll takes formulas, and u(i, x) is of sort Real"),
        ("u(i, x) > x", "u(i, x) and x cannot be compared or joined: their sorts are Real and"),
        (
            "theory.weakly_improve(x, y)",
            "the theory has no definition 'weakly_improve'; did you mean 'weakly_improves'?",
        ),
        ("theory.spi(x)", "spi() takes 1 positional argument but 2 were given"),
        ("nothing", "NameError: name 'nothing' is not defined"),
        ("u(i, x)", "'supposed' is no formula of z3, but a term of sort Real"),
        ("True", "'supposed' is no formula of z3, but of type bool"),
        ("x", "'supposed' is no formula of z3, but a term of sort Outcome"),
    ],
)
def test_a_hypothesis_of_wrong_types_is_one_line_with_its_place(run, tmp_path, formula, said):
    file = tmp_path / "ours.py"
    file.write_text(SUITE.format(hypothesis=formula, goal="weakly"))
    found = run("list", file)
    assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
    assert f"{file}: line {HYPOTHESIS}: " in found.err
    assert said in found.err


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("u(i, x)", "ours: the step 'goal' is no formula of z3"),
        ("Const('u', Outcome) == x", "has a 'u' of other sorts than another symbol of that name"),
    ],
)
def test_a_goal_of_wrong_types_is_one_line_with_its_place(run, tmp_path, formula, said):
    file = tmp_path / "ours.py"
    file.write_text(SUITE.format(hypothesis="u(i, x) > u(i, y)", goal=formula))
    for command in ("list", "prove", "refute", "audit", "export", "suffice"):
        found = run(command, file)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert f"{file}: line {GOAL}: " in found.err
        assert said in found.err


DEFINITIONS = """from z3 import And, Const
from spi_verify.theory.signature import Outcome, Player, u
i = Const("i", Player)


def efficient{rest}
"""


@pytest.mark.parametrize(
    ("rest", "line", "said"),
    [
        ("(theory):\n    return None", 6, "must take the arguments (theory, a)"),
        ("(theory, a):\n    return None", 6, "the definition 'efficient' returns no formula"),
        ("(theory, a):\n    return u(i, a)", 6, "the definition 'efficient' returns no formula"),
        (
            "(theory, a):\n    here = And(True)\n    return theory.weakly_improves(a)",
            8,
            "the definition 'efficient' makes no formula: weakly_improves takes 2 arguments",
        ),
        ("(theory, a):\n    return u(a, a) > 1", 7, "u takes (Player, Outcome), and argument 1"),
        ("(theory, a) return", 6, "SyntaxError: "),
    ],
)
def test_a_definition_of_wrong_types_is_one_line_with_its_place(run, tmp_path, rest, line, said):
    toml = 'title = "x"\nextends = "program-games"\n[definitions]\nefficient = "own.py:efficient"\n'
    (tmp_path / "paper.toml").write_text(toml)
    (tmp_path / "own.py").write_text(DEFINITIONS.format(rest=rest))
    found = run("list", tmp_path)
    assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
    assert f"{tmp_path / 'own.py'}: line {line}: " in found.err, found.err
    assert said in found.err


def test_a_mistake_in_a_file_that_a_suite_imports_has_its_place(run, tmp_path):
    helper = "from spi_verify.theory.signature import u\n\n\ndef made(x):\n    return u(x)\n"
    (tmp_path / "helper.py").write_text(helper)
    file = tmp_path / "ours.py"
    text = SUITE.format(hypothesis="made(x)", goal="weakly")
    file.write_text(f"from helper import made\n{text}")
    found = run("prove", file)
    assert f"{tmp_path / 'helper.py'}: line 5: " in found.err
    assert "u takes 2 arguments (Player, Outcome), not 1" in found.err
