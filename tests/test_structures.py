"""Statements over symbols of their own are refuted by finite structures, evaluated and replayed."""

from __future__ import annotations

import copy
import itertools
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import z3
from conftest import TOLD, require_replayed
from z3 import And, Const, Consts, Exists, ForAll, Implies, Not, Or

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.looking import kind_for, refute
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome, Player, u

Agent, Thing = z3.DeclareSort("Agent"), z3.DeclareSort("Thing")
likes = z3.Function("likes", Agent, Thing, Thing, z3.BoolSort())
top = z3.Function("top", Agent, Thing)
worth = z3.Function("worth", Agent, Thing, z3.RealSort())
a = Const("a", Agent)
x, y, z = Consts("x y z", Thing)

TRANSITIVE = ForAll([a, x, y, z], Implies(And(likes(a, x, y), likes(a, y, z)), likes(a, x, z)))
COMPLETE = ForAll([a, x, y], Or(likes(a, x, y), likes(a, y, x)))
TOP = ForAll([a, x], likes(a, top(a), x))
WORTH = ForAll([a, x, y], Implies(likes(a, x, y), worth(a, x) >= worth(a, y)))
ONE_TOP = Exists([x], ForAll([a], top(a) == x))
AS_WORTH = ForAll([a, x, y], Implies(worth(a, x) >= worth(a, y), likes(a, x, y)))


def statement(goal, *supposed):
    hypotheses = tuple(Hypothesis(f"h{k}", one, "") for k, one in enumerate(supposed))
    return Statement("mine", "mine", PAPER, hypotheses, (), (Step("goal", goal, ()),))


@pytest.fixture(scope="module")
def found():
    """A counterexample with truth values, elements and numbers."""
    search = refute(statement(AS_WORTH, TRANSITIVE, COMPLETE, TOP, WORTH))
    assert search.refutation is not None, search.reason
    return search.refutation


def test_what_fails_is_told_with_all_that_holds(found):
    assert found["kind"] == "structure"
    assert [check["check"] for check in found["hypotheses"]] == ["checked by computation"] * 4
    assert "likes(the agent, thing" in found["conclusion"]
    assert any(line.startswith("top(the agent) = thing") for line in found["story"])
    assert confirm_saved(found).conclusion == found["conclusion"]


def test_what_follows_is_not_refuted_and_the_reason_says_what_was_searched():
    search = refute(statement(ForAll([a, x], worth(a, top(a)) >= worth(a, x)), TOP, WORTH))
    assert search.refutation is None
    assert search.reason.startswith("no counterexample among finite structures")


P, Q = (z3.Function(name, Thing, z3.BoolSort()) for name in ("red", "round"))
heft = z3.Function("heft", Thing, z3.RealSort())


@pytest.mark.parametrize(
    "goal",
    [
        heft(x) != z3.RealVal("1/3"),
        heft(x) * z3.RealVal("1/3") > z3.RealVal("-2/3"),
        -heft(x) >= -z3.RealVal(-2),
        heft(x) + (heft(y) + (heft(x) + 1)) >= 0,
        heft(x) * (heft(x) * heft(x)) - (heft(x) - 1) >= 0,
        heft(x) + z3.If(P(x), 1, 0) > 0,
        z3.If(P(x), 1, 0) + z3.If(P(y), 1, 0) <= 1,
        z3.Distinct(heft(x), heft(y), heft(x) + 1),
        z3.Xor(P(x), z3.Xor(P(y), P(x))) == P(x),
        And([]) == P(x),
        Implies(P(x), Or([])),
        ForAll([x], ForAll([y], ForAll([x], P(x)))),
        Implies(P(x), Exists([x], Not(P(x)))),
    ],
    ids=str,
)
def test_what_is_saved_is_read_back_as_it_was_told(goal, tmp_path):
    search = refute(statement(ForAll([x, y], goal)))
    assert search.refutation is not None, search.reason
    require_replayed(search.refutation, tmp_path)


def test_variables_of_one_name_are_told_apart():
    search = refute(statement(ForAll([x], ForAll([x], Implies(P(x), ForAll([x], P(x)))))))
    assert "x = the thing" not in search.refutation["conclusion"]
    assert "x = thing 1, x' = thing" in search.refutation["conclusion"]


def test_free_constants_are_anybody():
    search = refute(statement(likes(a, x, y), TOP, COMPLETE))
    assert search.refutation is not None


def test_what_speaks_of_the_papers_games_is_for_programs_to_refute():
    i, b = Const("i", Player), Const("b", Outcome)
    mixed = statement(ForAll([i, b, a, x], Implies(u(i, b) > 0, likes(a, x, x))), COMPLETE)
    assert kind_for(mixed, []).name == "programs"
    assert kind_for(statement(ForAll([x], x == x)), []).name == "programs"
    assert kind_for(statement(ONE_TOP, TOP), []).name == "structure"


def test_a_game_and_numbers_quantified_over_are_not_searched():
    game = Game.from_payoffs([[[0, 0]]])
    assert refute(statement(ONE_TOP), Bounds(game=game)).reason.startswith("not searched")
    r = Const("r", z3.RealSort())
    search = refute(statement(ForAll([a, x, r], worth(a, x) > r)))
    assert search.reason.startswith("not searched: a formula quantifies over Real")


def changes(body):
    """Yield how a body may be spoilt, and what is said of it."""
    for table, key, value in (
        ("likes", "1,1,1", 1),
        ("top", "1", 3),
        ("top", "1", True),
        ("top", "1", "1"),
        ("worth", "1,1", 0),
        ("worth", "1,1", "a"),
        ("worth", "1,1", "1/0"),
    ):
        spoilt = copy.deepcopy(body)
        spoilt["tables"][table][key] = value
        yield spoilt, f"tables.{table}.{key}"
    for table, key in (("likes", "1,1,1"), ("top", "1")):
        spoilt = copy.deepcopy(body)
        del spoilt["tables"][table][key]
        yield spoilt, f"tables.{table}: there is no value for"
    more = copy.deepcopy(body)
    more["tables"]["top"]["2"] = 1
    yield more, "there are no arguments"
    other = copy.deepcopy(body)
    other["tables"]["other"] = {"": True}
    yield other, "does not speak of it"
    for sizes in ({}, {"Agent": 1}, {"Agent": 0, "Thing": 2}, {"Agent": 1, "Thing": 10**6}, 3):
        yield {**copy.deepcopy(body), "sizes": sizes}, "sizes"
    yield {**copy.deepcopy(body), "tables": []}, "tables"


def test_a_malformed_structure_is_one_line_of_bad_input(found):
    spoilt = list(changes(found["structure"]))
    assert len(spoilt) == 17
    for body, said in spoilt:
        with pytest.raises(InputError) as error:
            confirm_saved({**found, "structure": body})
        assert said in str(error.value)
        assert "\n" not in str(error.value)


def test_changed_values_are_noticed_where_they_matter(found):
    rejected = 0
    for key, value in found["structure"]["tables"]["likes"].items():
        body = copy.deepcopy(found["structure"])
        body["tables"]["likes"][key] = not value
        fresh = {k: v for k, v in found.items() if k not in TOLD}
        try:
            confirm_saved({**fresh, "structure": body})
        except Rejected:
            rejected += 1
    assert rejected >= 2


FORMULAS = {
    "transitive": TRANSITIVE,
    "complete": COMPLETE,
    "top": TOP,
    "reflexive": ForAll([a, x], likes(a, x, x)),
    "antisymmetric": ForAll([a, x, y], Implies(And(likes(a, x, y), likes(a, y, x)), x == y)),
    "alike": ForAll([x, y], Implies(Exists([a], likes(a, x, y)), ForAll([a], likes(a, x, y)))),
    "one-top": ONE_TOP,
    "nothing-over-top": ForAll([a, x], Or(x == top(a), Not(likes(a, x, top(a))))),
}


def worlds(agents, things):
    """Yield every structure of a size, as functions of Python."""
    pairs = list(itertools.product(range(agents), range(things), range(things)))
    for likes_all in itertools.product((False, True), repeat=len(pairs)):
        table = dict(zip(pairs, likes_all, strict=True))
        for tops in itertools.product(range(things), repeat=agents):
            yield range(agents), range(things), table, tops


def holding(name, agents, things, L, T):
    """Whether a formula holds, written without z3."""
    match name:
        case "transitive":
            triples = itertools.product(agents, things, things, things)
            return all(L[i, p, r] for i, p, q, r in triples if L[i, p, q] and L[i, q, r])
        case "complete":
            triples = itertools.product(agents, things, things)
            return all(L[i, p, q] or L[i, q, p] for i, p, q in triples)
        case "top":
            return all(L[i, T[i], p] for i in agents for p in things)
        case "reflexive":
            return all(L[i, p, p] for i in agents for p in things)
        case "antisymmetric":
            triples = itertools.product(agents, things, things)
            return all(p == q for i, p, q in triples if L[i, p, q] and L[i, q, p])
        case "alike":
            pairs = itertools.product(things, things)
            return all(len({L[i, p, q] for i in agents}) == 1 for p, q in pairs)
        case "one-top":
            return len(set(T)) == 1
        case "nothing-over-top":
            return all(p == T[i] or not L[i, p, T[i]] for i in agents for p in things)


@pytest.mark.long
def test_of_random_statements_those_are_refuted_that_fail_in_a_small_structure():
    rng = random.Random(1)
    small = [world for n, m in ((1, 1), (1, 2), (2, 2), (1, 3)) for world in worlds(n, m)]
    refuted = 0
    for _ in range(150):
        goal, *supposed = rng.sample(sorted(FORMULAS), rng.randint(2, 4))
        fails = any(
            not holding(goal, *world) and all(holding(name, *world) for name in supposed)
            for world in small
        )
        search = refute(statement(FORMULAS[goal], *(FORMULAS[name] for name in supposed)))
        assert (search.refutation is not None) >= fails, (goal, supposed)
        if search.refutation is not None:
            refuted += 1
            solver = z3.Solver()
            solver.add(*(FORMULAS[name] for name in supposed), Not(FORMULAS[goal]))
            assert solver.check() != z3.unsat
    assert 40 < refuted < 150


PAGE = Path(__file__).parents[1] / "docs" / "papers.md"
(SUITE,) = re.findall(r"```python\n# file: tops/claims.py\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.mark.long
def test_a_paper_about_something_else_is_proved_refuted_and_replayed_without_a_solver(
    run, tmp_path
):
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "claims.py").write_text(SUITE)
    (folder / "paper.toml").write_text(
        'title = "Tops"\n[definitions]\ntop_things = "claims.py:top_things"\n'
    )
    assert run("refute", folder, "same-top", "--save", folder / "counterexamples").code == 0
    found = run("prove", folder)
    assert found.code == 0, found.out
    assert "1 proved, 1 refuted" in found.out
    file = folder / "counterexamples" / "same-top.json"
    without = tmp_path / "without"
    without.mkdir()
    for name in ("z3", "cvc5"):
        (without / f"{name}.py").write_text("raise ImportError('no solver here')")
    command = [sys.executable, "-m", "spi_verify", "replay", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(without)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    document = json.loads(file.read_text())
    document["structure"]["tables"]["top"]["1"] = document["structure"]["tables"]["top"]["2"]
    file.write_text(json.dumps(document))
    assert run("replay", file).code == 1
