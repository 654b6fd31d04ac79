from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3

from spi_verify.errors import InputError
from spi_verify.solvers import Status, ask_cvc5, ask_z3
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds, why_not

S = z3.DeclareSort("S")
T = z3.DeclareSort("T")
f = z3.Function("f", S, T, z3.RealSort())
g = z3.Function("g", S, S)
h = z3.Function("h", T, S)
P = z3.Function("P", S, T, z3.BoolSort())
s, s2 = z3.Consts("s s2", S)
t, t2 = z3.Consts("t t2", T)
NUMBERS = [Fraction(n, d) for n in (-2, -1, 0, 1, 3) for d in (1, 2)]


def random_structure(rng):
    sizes = {"S": rng.randint(1, 3), "T": rng.randint(1, 2)}
    ss, ts = range(sizes["S"]), range(sizes["T"])
    tables = {
        "f": {row: rng.choice(NUMBERS) for row in itertools.product(ss, ts)},
        "g": {(k,): rng.choice(ss) for k in ss},
        "h": {(k,): rng.choice(ss) for k in ts},
        "P": {row: rng.random() < 0.5 for row in itertools.product(ss, ts)},
    }
    return Structure(sizes, tables)


def random_element(rng):
    term = rng.choice([s, s2, h(t), h(t2)])
    return g(term) if rng.random() < 0.3 else term


def random_real(rng, depth):
    if depth == 0:
        number = z3.RealVal(str(rng.choice(NUMBERS)))
        return rng.choice([f(random_element(rng), rng.choice([t, t2])), number])
    one, other = random_real(rng, depth - 1), random_real(rng, depth - 1)
    condition = P(random_element(rng), rng.choice([t, t2]))
    factor = z3.RealVal(str(rng.choice(NUMBERS)))
    return rng.choice([one + other, one - other, -one, factor * one, z3.If(condition, one, other)])


def random_formula(rng, depth):
    if depth == 0:
        one, other = random_real(rng, rng.randint(0, 1)), random_real(rng, rng.randint(0, 1))
        related = P(random_element(rng), rng.choice([t, t2]))
        equal = random_element(rng) == random_element(rng)
        return rng.choice([one <= other, one < other, one == other, related, equal])
    one, other = random_formula(rng, depth - 1), random_formula(rng, depth - 1)
    quantifier = rng.choice([z3.ForAll, z3.Exists])
    return rng.choice(
        [
            z3.And(one, other),
            z3.Or(one, other),
            z3.Implies(one, other),
            z3.Not(one),
            one == other,
            quantifier([rng.choice([s, t])], one),
        ]
    )


def random_closed_formula(rng):
    formula = random_formula(rng, rng.randint(1, 3))
    for variable in (s, s2, t, t2):
        formula = rng.choice([z3.ForAll, z3.Exists])([variable], formula)
    return formula


def cases(count):
    rng = random.Random(20)
    return [(random_structure(rng), random_closed_formula(rng)) for _ in range(count)]


def described(structure):
    """Return assertions that have this structure as their only model."""
    names = {
        "S": [z3.Const(f"S{k}", S) for k in range(structure.sizes["S"])],
        "T": [z3.Const(f"T{k}", T) for k in range(structure.sizes["T"])],
    }
    parts = []
    for sort, elements in ((S, names["S"]), (T, names["T"])):
        x = z3.Const("x", sort)
        parts.append(z3.ForAll([x], z3.Or([x == e for e in elements])))
        if len(elements) > 1:
            parts.append(z3.Distinct(*elements))
    for function in (f, g, h, P):
        domain = [function.domain(k).name() for k in range(function.arity())]
        for row, value in structure.tables[function.name()].items():
            term = function(*(names[sort][k] for sort, k in zip(domain, row, strict=True)))
            if function.range() == z3.RealSort():
                parts.append(term == z3.RealVal(str(value)))
            elif function.range() == z3.BoolSort():
                parts.append(term if value else z3.Not(term))
            else:
                parts.append(term == names[function.range().name()][value])
    return parts


@pytest.mark.long
def test_evaluation_agrees_with_both_solvers():
    truths, decided = [], 0
    for structure, formula in cases(150):
        truths.append(holds(formula, structure))
        wanted = Status.SAT if truths[-1] else Status.UNSAT
        facts = {f"fact {k}": part for k, part in enumerate(described(structure))}
        text = to_smtlib({**facts, "formula": formula})
        answers = (
            ask_z3(text, resource_limit=50_000),
            ask_cvc5(text, resource_limit=20_000, finite_models=True),
        )
        for answer in answers:
            assert answer.status in (wanted, Status.UNKNOWN), (answer, formula)
            decided += answer.status is wanted
    assert 30 < sum(truths) < 120
    assert decided > 250


@pytest.mark.long
def test_a_formula_and_its_negation_are_never_both_true_and_only_the_false_one_is_explained():
    for structure, formula in cases(300):
        truth = holds(formula, structure)
        assert holds(z3.Not(formula), structure) is not truth
        assert (why_not(formula, structure) is None) == truth


TWO = Structure(
    {"S": 2, "T": 1},
    {
        "f": {(0, 0): Fraction(1), (1, 0): Fraction(-1)},
        "g": {(0,): 1, (1,): 0},
        "h": {(0,): 1},
        "P": {(0, 0): True, (1, 0): False},
    },
)


def test_an_explanation_names_the_elements_and_the_part_that_fails():
    formula = z3.ForAll([s, t], z3.Implies(f(s, t) < 0, z3.And(f(s, t) < 5, P(s, t))))
    assert why_not(formula, TWO) == "s = S 2, t = T 1: P(s, t) is false"


def test_an_explanation_reaches_through_nested_quantifiers():
    formula = z3.ForAll([s], z3.ForAll([t], f(g(s), t) >= 0))
    assert why_not(formula, TWO) == "s = S 1, t = T 1: f(g(s), t) >= 0 is false"


@pytest.mark.parametrize(
    "formula",
    [
        z3.ForAll([z3.Real("x")], z3.Real("x") > 0),
        z3.Function("unheard_of", S, z3.BoolSort())(h(z3.Const("t0", T))),
        z3.Exists([z3.Const("e", z3.DeclareSort("Elsewhere"))], z3.BoolVal(True)),
    ],
)
def test_what_a_structure_does_not_say_is_an_error_and_not_false(formula):
    with pytest.raises(ValueError, match=r"cannot evaluate|has no function"):
        holds(formula, TWO)


def test_a_variant_reaches_the_definitions_built_on_it_and_leaves_the_original_alone():
    everything = PAPER.with_(efficient=lambda theory, a: z3.BoolVal(True))
    assert not everything.axiom("efficient").eq(PAPER.axiom("efficient"))
    assert everything.axiom("pmp").eq(PAPER.axiom("pmp"))
    assert "efficient" in str(PAPER.axiom("pareto_meet_minimum"))


def test_a_closed_definition_is_replaced_wherever_it_is_inlined():
    nothing = PAPER.with_(projections_nonempty=lambda theory: z3.BoolVal(True))
    assert z3.is_true(nothing.projections_nonempty())


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("pareto", lambda theory: None, "no definition 'pareto'"),
        ("pmp", lambda theory, x: None, r"arguments \(theory, i, x, a\)"),
        ("pmp", 3, "is no function"),
    ],
)
def test_a_variant_that_does_not_fit_is_an_input_error(name, body, message):
    with pytest.raises(InputError, match=message):
        PAPER.with_(**{name: body})


@pytest.mark.parametrize(
    "body", [lambda theory, a: 3, lambda theory, a: a + 1, lambda theory, a: theory.nonsense(a)]
)
def test_a_variant_that_makes_no_formula_is_an_input_error(body):
    with pytest.raises(InputError, match="efficient"):
        PAPER.with_(efficient=body).axiom("efficient")


def test_every_definition_is_documented_and_makes_a_closed_formula():
    for name, definition in PAPER.items():
        assert definition.body.__doc__, name
        assert z3.is_bool(PAPER.axiom(name))


def test_a_variable_that_nothing_binds_is_an_error():
    with pytest.raises(ValueError, match="a variable that nothing binds"):
        holds(z3.ForAll([s], P(s, t) == P(s, t)).body(), TWO)


def naively(term, structure, values):
    """Evaluate a term as it is read, with the values of the variables in scope, innermost last."""
    if z3.is_var(term):
        return values[-1 - z3.get_var_index(term)]
    if z3.is_quantifier(term):
        sizes = [range(structure.sizes[term.var_sort(n).name()]) for n in range(term.num_vars())]
        rows = itertools.product(*sizes)
        found = [naively(term.body(), structure, values + row) for row in rows]
        return all(found) if term.is_forall() else any(found)
    if z3.is_rational_value(term):
        return term.as_fraction()
    parts = [naively(child, structure, values) for child in term.children()]
    kind = term.decl().kind()
    if kind == z3.Z3_OP_UNINTERPRETED:
        return structure.tables[term.decl().name()][tuple(parts)]
    return {
        z3.Z3_OP_AND: lambda: all(parts),
        z3.Z3_OP_OR: lambda: any(parts),
        z3.Z3_OP_NOT: lambda: not parts[0],
        z3.Z3_OP_IMPLIES: lambda: not parts[0] or parts[1],
        z3.Z3_OP_ITE: lambda: parts[1] if parts[0] else parts[2],
        z3.Z3_OP_EQ: lambda: parts[0] == parts[1],
        z3.Z3_OP_XOR: lambda: parts[0] != parts[1],
        z3.Z3_OP_DISTINCT: lambda: len(set(parts)) == len(parts),
        z3.Z3_OP_LE: lambda: parts[0] <= parts[1],
        z3.Z3_OP_LT: lambda: parts[0] < parts[1],
        z3.Z3_OP_ADD: lambda: sum(parts),
        z3.Z3_OP_SUB: lambda: parts[0] - sum(parts[1:]),
        z3.Z3_OP_UMINUS: lambda: -parts[0],
        z3.Z3_OP_MUL: lambda: parts[0] * parts[1],
    }[kind]()


def shared_formula(rng, levels):
    """Return a formula whose parts occur often, under several variables bound at once."""
    pool = [P(s, t), P(s2, t2), f(s, t) < 1, g(s) == s2, z3.Distinct(s, s2), h(t) == s2]
    pool += [-f(g(s), t2) + 2 * f(s2, t) <= 1, f(s, t) * f(s2, t2) - f(s, t2) < 1]
    for _ in range(levels):
        one, other, third = (rng.choice(pool[-6:]) for _ in range(3))
        bound = rng.sample([s, s2, t, t2], rng.randint(1, 3))
        pool.append(
            rng.choice(
                [
                    z3.And(one, other, third),
                    z3.Or(one, z3.Not(other)),
                    z3.Implies(one, other),
                    z3.If(one, other, third),
                    z3.Xor(one, other),
                    rng.choice([z3.ForAll, z3.Exists])(bound, z3.Or(one, other)),
                ]
            )
        )
    return z3.ForAll([s, t], z3.Exists([t2, s2], pool[-1]))


def test_what_is_compiled_means_what_the_formula_says():
    rng = random.Random(21)
    truths = []
    for _ in range(40):
        structure, formula = random_structure(rng), shared_formula(rng, rng.randint(1, 4))
        truths.append(holds(formula, structure))
        assert truths[-1] == naively(formula, structure, ())
    assert 8 < sum(truths) < 32


def test_parts_that_occur_again_and_again_do_not_make_the_code_grow_without_bound():
    formula = f(s, t) < 1
    for k in range(60):
        formula = z3.If(P(g(s), t), z3.And(formula, P(s, t)), z3.Or(formula, f(s, t) < k))
    nested = z3.BoolVal(True)
    for _ in range(91):
        nested = z3.Not(z3.And(nested, P(s, t)))
    assert holds(z3.ForAll([s, t], z3.Or(formula, z3.Not(formula))), TWO)
    assert holds(z3.Exists([s, t], nested), TWO)
    assert not holds(z3.ForAll([s, t], nested), TWO)
