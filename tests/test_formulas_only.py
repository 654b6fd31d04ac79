"""Formulas without z3 are those that z3 makes: shipped ones, texts, and substitutions."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES

from spi_verify import formulas_only
from spi_verify.solvers.smtlib import to_smtlib

MAKERS = {"z3": z3, "without": formulas_only}


def described(api, term):
    """Return a term as plain data, as one of the two modules reads it."""
    if api.is_quantifier(term):
        bound = [(term.var_name(k), str(term.var_sort(k))) for k in range(term.num_vars())]
        return [term.is_forall(), bound, described(api, term.body())]
    if api.is_var(term):
        return [api.get_var_index(term), str(term.sort())]
    if api.is_rational_value(term):
        return str(term.as_fraction())
    name = {"if": "ite"}.get(term.decl().name(), term.decl().name())
    sorts = [str(term.decl().domain(k)) for k in range(term.decl().arity())]
    parts = [described(api, part) for part in term.children()]
    return [name, sorts if api.is_app_of(term, api.Z3_OP_UNINTERPRETED) else [], parts]


class Drawn:
    """Formulas drawn at random, the same ones in both modules for one seed.

    Conditions of ``If`` are never ``true``: z3 leaves such out in places, which means the same.
    """

    def __init__(self, api, seed: int) -> None:
        self.api, self.random = api, random.Random(seed)
        self.sort = api.DeclareSort("S")
        bools, reals = api.BoolSort(), api.RealSort()
        self.constants = api.Consts("a b c", self.sort)
        self.f = api.Function("f", self.sort, self.sort, self.sort)
        self.p = api.Function("p", self.sort, bools)
        self.u = api.Function("u", self.sort, self.sort, reals)

    def element(self, depth: int):
        if depth < 1 or self.random.random() < 0.4:
            return self.random.choice(self.constants)
        return self.f(self.element(depth - 1), self.element(depth - 1))

    def number(self, depth: int):
        api = self.api
        if depth < 1:
            return self.random.choice(
                [api.RealVal("2/3"), self.u(self.element(1), self.element(1))]
            )
        one, other = self.number(depth - 1), self.number(depth - 1)
        makers = [
            lambda: one + other, lambda: one - other, lambda: one * other, lambda: -one,
            lambda: 2 * one, lambda: 1 - one, lambda: one / 3,
            lambda: api.If(one < other, one, 0), lambda: one + 1,
        ]  # fmt: skip
        return self.random.choice(makers)()

    def formula(self, depth: int):
        api, draw = self.api, self.random
        if depth < 1:
            return draw.choice([lambda: self.p(self.element(1)), lambda: api.BoolVal(True)])()
        below = depth - 1
        makers = [
            lambda: api.And(self.formula(below), self.formula(below)),
            lambda: api.Or([self.formula(below), self.formula(below), self.formula(0)]),
            lambda: api.Not(self.formula(below)),
            lambda: api.Implies(self.formula(below), self.formula(below)),
            lambda: self.formula(below) == self.formula(below),
            lambda: self.element(2) == self.element(2),
            lambda: self.element(2) != self.element(2),
            lambda: self.number(below) <= self.number(below),
            lambda: self.number(below) > 0,
            lambda: self.number(below) > 0,
            lambda: self.number(below) >= api.RealVal(1),
            lambda: api.RealVal(1) < self.number(below),
            lambda: api.ForAll(draw.sample(self.constants, 2), self.formula(below)),
            lambda: api.Exists([draw.choice(self.constants)], self.formula(below)),
            lambda: api.If(self.number(0) < 1, self.formula(below), self.formula(below)),
        ]
        return draw.choice(makers)()


def both(make):
    return [described(api, make(api)) for api in MAKERS.values()]


@pytest.mark.parametrize("seed", range(40))
def test_the_same_formulas_are_made(seed):
    one, other = both(lambda api: Drawn(api, seed).formula(4))
    assert one == other


@pytest.mark.parametrize("seed", range(40))
def test_the_same_is_put_in_the_place_of_constants_variables_and_functions(seed):
    def make(api, how):
        drawn = Drawn(api, seed)
        formula, value = drawn.formula(4), drawn.element(2)
        a, b, _ = drawn.constants
        open_formula = api.ForAll([a, b], formula)
        if how == "constants":
            return api.substitute(formula, (a, value), (b, drawn.f(a, b)))
        if how == "variables":
            inside = open_formula.body() if api.is_quantifier(open_formula) else formula
            return api.ForAll(
                [drawn.constants[2]], api.substitute_vars(inside, value, drawn.f(a, b))
            )
        body = api.And(drawn.p(drawn.f(api.Var(0, drawn.sort), a)), drawn.p(b))
        inner = api.Exists([b], api.Not(drawn.p(drawn.f(b, api.Var(0, drawn.sort)))))
        return api.substitute_funs(open_formula, (drawn.p, api.Or(body, inner)))

    for how in ("constants", "variables", "functions"):
        one, other = both(lambda api, how=how: make(api, how))
        assert one == other, how


@pytest.mark.parametrize("seed", range(40))
def test_the_same_is_read_from_text(seed):
    text = to_smtlib({"drawn": Drawn(z3, seed).formula(4)})
    one, other = both(lambda api: api.parse_smt2_string(text)[0])
    assert one == other


NUMBERS_AND_TRUTHS = """(declare-fun b () Bool) (declare-fun d () Bool)
(declare-fun r () Real) (declare-fun s () Real)"""


@pytest.mark.parametrize(
    "formula",
    ["(=> b d b)", "(=> d d (=> b b d) b)", "(xor b d d)", "(xor b d b d b)", "(=> b d)",
     "(= r (- (/ 1.0 2.0)))", "(distinct r s 1.0)", "(distinct b d b)", "(< (- r s 1.0) 2.0)"],
)  # fmt: skip
def test_operations_of_more_than_two_mean_the_same(formula):
    text = f"{NUMBERS_AND_TRUTHS} (assert {formula})"
    truths = [values(api.parse_smt2_string(text)[0]) for api in MAKERS.values()]
    assert truths[0] == truths[1]


@pytest.mark.parametrize(
    "make",
    [
        lambda api, b, _d, r, _s: api.Sum([r, api.If(b, 1, 0)]) > 0,
        lambda api, _b, _d, r, s: api.Sum(r, s) < api.Product(r, s),
        lambda api, b, _d, r, _s: b * r < r * b + api.Q(1, 3),
        lambda api, _b, _d, r, _s: api.Distinct([r, 1, 2]),
        lambda api, _b, _d, r, _s: api.And(r > 0.1, api.RealVal(0.1) * 10 == 1),
        lambda _api, b, d, _r, _s: b ^ d,
    ],
)
def test_what_suites_may_write_means_the_same(make):
    truths = [values(make(api, *api.Bools("b d"), *api.Reals("r s"))) for api in MAKERS.values()]
    assert truths[0] == truths[1]


def values(formula):
    """Return the truth values of a formula, by a reading of its own."""
    numbers = [Fraction(n, 10) for n in (-10, 0, 1, 5, 10, 20)]
    worlds = itertools.product([True, False], [True, False], numbers, numbers)
    return [value(formula, dict(zip("bdrs", world, strict=True))) for world in worlds]


def value(term, world):
    api = z3 if isinstance(term, z3.ExprRef) else formulas_only
    if api.is_rational_value(term) or api.is_int_value(term):
        return Fraction(str(term.as_fraction() if api.is_rational_value(term) else term))
    name, parts = term.decl().name(), [value(part, world) for part in term.children()]
    left = {"+": sum, "*": math.prod, "and": all, "or": any, "if": lambda p: p[1] if p[0] else p[2],
            "distinct": lambda p: len(set(p)) == len(p), "not": lambda p: not p[0],
            "=": lambda p: p[0] == p[1], "<": lambda p: p[0] < p[1], ">": lambda p: p[0] > p[1],
            "xor": lambda p: p[0] != p[1], "=>": lambda p: not p[0] or p[1],
            "/": lambda p: p[0] / p[1], "to_real": lambda p: p[0],
            "-": lambda p: -p[0] if len(p) == 1 else p[0] - sum(p[1:])}  # fmt: skip
    assert len(parts) == 2 or name not in ("=", "<", ">", "xor", "=>", "/"), "two are meant"
    return left[name](parts) if name in left else world[name]


SOLVING = ("finding", "workers.py")
"""What replay does not run."""


def test_whatever_replay_may_ask_of_z3_is_there():
    package = Path(formulas_only.__file__).parent
    rooms = [package / room for room in ("counterexamples", "theory", "papers")]
    for file in (file for room in [*rooms, PROGRAM_GAMES] for file in room.rglob("*.py")):
        if not {*file.relative_to(file.anchor).parts}.isdisjoint(SOLVING):
            continue
        used = set(re.findall(r"\bz3\.(\w+)", file.read_text()))
        assert not {name for name in used if not hasattr(formulas_only, name)}, file


def test_a_shipped_counterexample_is_replayed_without_z3():
    """In a process of its own: here z3 was imported before."""
    file = PROGRAM_GAMES / "counterexamples" / "prop-1.json"
    command = [sys.executable, "-m", "spi_verify", "replay", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "confirmed" in done.stdout


@pytest.mark.parametrize(
    "text",
    ["(assert", "(assert 1.0)", "(assert (p 1.0))", "(push)", "(assert (and true 2.0))",
     "(declare-fun p (S) Bool)", "(assert (let ((x 1)) true) )) ", "(assert x)", "(assert ())",
     "(assert (< true 1.0))", "(assert (= true 1.0))", "(assert (forall () true))"],
)  # fmt: skip
def test_what_cannot_be_read_is_told_as_by_z3(text):
    with pytest.raises(formulas_only.Z3Exception):
        formulas_only.parse_smt2_string(text)


def test_what_does_not_fit_is_refused():
    api = formulas_only
    a, x = api.Const("a", api.DeclareSort("S")), api.Real("x")
    p = api.Function("p", api.DeclareSort("S"), api.BoolSort())
    for make in (
        lambda: p(x), lambda: p(a, a), lambda: a == x, lambda: api.And(x), lambda: x + a,
        lambda: api.Not(x), lambda: api.ForAll([a], a), lambda: x <= True, lambda: bool(p(a)),
    ):  # fmt: skip
        with pytest.raises(api.Z3Exception):
            make()
    with pytest.raises(AttributeError):
        api.Solver  # noqa: B018


def test_z3_stays_z3_where_it_is_there():
    formulas_only.stand_in()
    assert sys.modules["z3"] is z3


FINGERPRINTS = """
import json, sys
if sys.argv[1:]:
    from spi_verify import formulas_only
    formulas_only.stand_in()
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.theory import PAPER, fingerprint
found = {name: fingerprint(PAPER.axiom(name)) for name in PAPER}
for one in load_shipped():
    if isinstance(one, Statement):
        facts = {**one.facts(), **{step.name: step.formula for step in one.steps}}
        found |= {f"{one.id} {name}": fingerprint(formula) for name, formula in facts.items()}
print(json.dumps([sys.modules["z3"].__name__, found]))
"""


@pytest.mark.long
def test_all_shipped_formulas_are_the_same():
    found = {}
    for given in ((), ("without",)):
        command = [sys.executable, "-c", FINGERPRINTS, *given]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        module, fingerprints = json.loads(done.stdout)
        found[module] = fingerprints
    one, other = found["z3"], found["spi_verify.formulas_only"]
    assert one == other
    assert len(one) > 1000
