"""Formulas read with unknown entries mean what evaluation says once the entries are known."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.counterexamples.programs.finding.symbolic import (
    Choice,
    Unknowns,
    above,
    apply,
    at_least,
    conditional,
    conjunction,
    disjunction,
    equal,
    merged,
    negation,
    read,
    reader,
)
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds, predicate, sides

NUMBERS = [Fraction(n, d) for n in (-1, 0, 1, 2) for d in (1, 2)]
SIZES = {"Player": 2, "Outcome": 2, "Program": 2, "OutcomeSet": 2}


def functions_of(formula):
    """The declarations of what a formula speaks of, by name."""
    found, seen, waiting = {}, set(), [formula]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            waiting.append(term.body())
        elif z3.is_app(term):
            if term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found[term.decl().name()] = term.decl()
            waiting += term.children()
    return found


def sorts_of(formula):
    found, seen, waiting = set(), set(), [formula]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            found |= {term.var_sort(k).name() for k in range(term.num_vars())}
            waiting.append(term.body())
        else:
            waiting += term.children()
    return found


def instance(formula):
    """A closed formula without its outermost quantifier, which few structures satisfy."""
    if not z3.is_quantifier(formula) or not formula.is_forall():
        return formula
    names = [
        z3.Const(f"instance {k}", formula.var_sort(k)) for k in reversed(range(formula.num_vars()))
    ]
    return z3.substitute_vars(formula.body(), *names)


def element_names(declaration):
    domain = [declaration.domain(k).name() for k in range(declaration.arity())]
    return domain, declaration.range().name()


class Mixed:
    """A random structure, and the same with some entries unknown."""

    def __init__(self, formula, rng, share=0.5, sizes=None):
        sizes = sizes or {}
        declared = functions_of(formula)
        sorts = sorts_of(formula)
        for declaration in declared.values():
            domain, range_ = element_names(declaration)
            sorts |= {*domain, range_} - {"Bool", "Real"}
        self.sizes = {s: sizes.get(s, rng.randint(1, SIZES.get(s, 2))) for s in sorted(sorts)}
        self.values, self.tables, self.entries = [], {}, {}
        for name, declaration in sorted(declared.items()):
            domain, range_ = element_names(declaration)
            rows = itertools.product(*(range(self.sizes[s]) for s in domain))
            self.tables[name], self.entries[name] = {}, {}
            for row in rows:
                known, entry = self.entry(rng, f"{name}{row}", range_, share)
                self.tables[name][row], self.entries[name][row] = known, entry

    def entry(self, rng, name, sort, share):
        unknown = rng.random() < share
        if sort == "Bool":
            known = rng.random() < 0.5
            variable = z3.Bool(name)
            if unknown:
                self.values.append((variable, z3.BoolVal(known)))
            return known, variable if unknown else known
        if sort == "Real":
            known = rng.choice(NUMBERS)
            variable = z3.Real(name)
            if unknown:
                self.values.append((variable, z3.RealVal(str(known))))
            return known, variable if unknown else known
        known = rng.randrange(self.sizes[sort])
        cases = []
        for element in range(self.sizes[sort]):
            guard = z3.Bool(f"{name}={element}")
            cases.append((element, guard))
            if unknown:
                self.values.append((guard, z3.BoolVal(element == known)))
        return known, Choice(tuple(cases)) if unknown else known

    @property
    def structure(self):
        return Structure(self.sizes, self.tables)

    @property
    def unknowns(self):
        def table(name):
            return lambda *row: self.entries[name][row]

        domains = {sort: range(size) for sort, size in self.sizes.items()}
        return Unknowns(domains, {name: table(name) for name in self.entries})

    def settle(self, found):
        """The truth value of what was read, once the unknowns have their values."""
        if isinstance(found, bool):
            return found
        settled = z3.simplify(z3.substitute(found, *self.values))
        assert z3.is_true(settled) or z3.is_false(settled), settled
        return z3.is_true(settled)


@pytest.mark.long
def test_every_definition_reads_as_it_is_evaluated():
    truths, open_, different = [], 0, []
    for name in PAPER:
        axiom = PAPER.axiom(name)
        for seed, formula in itertools.product(range(4), (axiom, instance(axiom))):
            mixed = Mixed(formula, random.Random(f"{name} {seed}"), share=0.3 + 0.2 * seed)
            found = read(formula, mixed.unknowns)
            truth = holds(formula, mixed.structure)
            if mixed.settle(found) is not truth:
                different.append((name, seed))
            truths.append(truth)
            open_ += not isinstance(found, bool)
    assert not different
    assert len(truths) == 8 * len(PAPER)
    assert 0.1 < sum(truths) / len(truths) < 0.9
    assert open_ > len(truths) / 4


PREDICATES = [name for name in PAPER if PAPER[name].sorts]


@pytest.mark.parametrize("name", PREDICATES)
def test_every_predicate_reads_as_it_is_evaluated_for_all_arguments(name):
    axiom, sorts = PAPER.axiom(name), [sort.name() for sort in PAPER[name].sorts]
    for seed in range(3):
        mixed = Mixed(axiom, random.Random(seed), share=0.7)
        meaning = predicate(axiom, mixed.structure)
        compiled = reader(sides(axiom)[1], len(sorts), mixed.unknowns)
        for row in itertools.product(*(range(mixed.sizes[sort]) for sort in sorts)):
            assert mixed.settle(compiled(row)) is meaning(row)


def test_with_everything_known_a_definition_reads_as_a_truth_value():
    for name in PAPER:
        axiom = PAPER.axiom(name)
        mixed = Mixed(axiom, random.Random(name), share=0)
        assert read(axiom, mixed.unknowns) is holds(axiom, mixed.structure)


# Formulas that no definition has

S = z3.DeclareSort("S")
x, y = z3.Consts("x y", S)
f = z3.Function("f", S, z3.RealSort())
g = z3.Function("g", S, S)
P = z3.Function("P", S, z3.BoolSort())

BODIES = [
    f(x) >= f(g(y)),
    f(x) > f(y),
    f(x) <= f(g(x)),
    f(g(x)) < f(y),
    f(x) == f(y),
    f(x) - f(y) - 1 > -f(g(x)),
    2 * f(x) * f(y) == f(g(x)),
    z3.If(P(x), f(x), f(y)) >= 1,
    z3.If(P(g(x)), P(x), P(y)),
    z3.If(f(x) > f(y), g(x), y) == g(y),
    z3.Distinct(x, y, g(x)),
    z3.Distinct(f(x), f(y), f(g(x))),
    z3.Xor(P(x), P(g(y))),
    z3.Implies(P(x), z3.Implies(P(y), P(g(x)))),
    g(g(x)) == g(y),
    g(x) == x,
    P(g(x)) == P(y),
    P(x) == (f(x) > 0),
    z3.Or(P(x), f(x) == 0, z3.Not(P(g(y)))),
    f(x) * 0 == f(y) - f(y),
]


@pytest.mark.parametrize("body", BODIES, ids=[str(body) for body in BODIES])
@given(st.randoms(use_true_random=False), st.booleans(), st.booleans())
@settings(max_examples=15)
def test_every_operation_reads_as_it_is_evaluated(body, rng, one, other):
    quantifiers = [z3.ForAll if flag else z3.Exists for flag in (one, other)]
    formula = quantifiers[0]([x], quantifiers[1]([y], body))
    mixed = Mixed(formula, rng, sizes={"S": rng.randint(1, 3)})
    assert mixed.settle(read(formula, mixed.unknowns)) is holds(formula, mixed.structure)


def test_what_cannot_be_read_is_said():
    number = z3.Real("number")
    nothing = Unknowns({}, {})
    with pytest.raises(LookupError, match="has 'P'"):
        read(z3.Exists([x], P(x)), Unknowns({"S": range(1)}, {}))
    with pytest.raises(LookupError, match="has things of the sort S"):
        read(z3.Exists([x], x == x), nothing)
    with pytest.raises((LookupError, ValueError)):
        read(z3.Exists([number], number > 0), nothing)
    with pytest.raises(ValueError, match="do not know"):
        read(z3.RealVal(1) / z3.Real("z") > 1, Unknowns({}, {"z": lambda: Fraction(1)}))


# Choices

A, B, C = z3.Bools("A B C")
GUARDS = (A, B, C)


def worlds(*guards):
    """All truth values of some guards that leave just one of them true."""
    for k in range(len(guards)):
        yield k, [(guard, z3.BoolVal(n == k)) for n, guard in enumerate(guards)]


def element(value, world):
    """The element that a value is in a world."""
    if not isinstance(value, Choice):
        return value
    chosen = [e for e, guard in value.cases if truth(guard, world)]
    assert len(chosen) == 1
    return chosen[0]


def truth(value, world):
    if isinstance(value, bool):
        return value
    settled = z3.simplify(z3.substitute(value, *world))
    assert z3.is_true(settled) or z3.is_false(settled)
    return z3.is_true(settled)


def number(value, world):
    if isinstance(value, (Fraction, int)):
        return Fraction(value)
    return Fraction(str(z3.simplify(z3.substitute(value, *world))))


ONE = Choice(((4, A), (5, B), (6, C)))


def test_a_function_of_a_choice_is_applied_to_what_it_is():
    for k, world in worlds(*GUARDS):
        assert element(apply(lambda e: e + 10, [ONE]), world) == 14 + k
        assert number(apply(lambda e: Fraction(e, 2), [ONE]), world) == Fraction(4 + k, 2)
        assert truth(apply(lambda e: e == 5, [ONE]), world) is (k == 1)
        assert apply(lambda e, c: (e, c), [1, 2]) == (1, 2)


def test_arguments_of_two_choices_keep_their_places():
    D, E = z3.Bools("D E")
    two = Choice(((1, D), (2, E)))
    for (k, one), (m, other) in itertools.product(worlds(*GUARDS), worlds(D, E)):
        found = apply(lambda a, b, c: 100 * a + 10 * b + c, [ONE, 7, two])
        assert element(found, one + other) == 100 * (4 + k) + 70 + 1 + m
        bits = apply(lambda a, b: (a == 4, b == 2), [ONE, two])
        assert [truth(bit, one + other) for bit in bits] == [k == 0, m == 1]


def test_a_conditional_is_the_first_value_just_where_the_condition_holds():
    pairs = [(4, 7), (ONE, 7), (4, ONE), (ONE, ONE), (5, 5)]
    D = z3.Bool("D")
    for (one, other), (k, world), holds_ in itertools.product(
        pairs, worlds(*GUARDS), (True, False)
    ):
        full = [*world, (D, z3.BoolVal(holds_))]
        wanted = element(one if holds_ else other, world)
        assert element(conditional(D, one, other), full) == wanted
        assert element(conditional(holds_, one, other), full) == wanted
        assert truth(equal(conditional(D, one, other), 4 + k), full) is (wanted == 4 + k)
    reals = [(Fraction(1, 2), Fraction(3)), (z3.RealVal("1/2"), Fraction(3))]
    for (one, other), holds_ in itertools.product(reals, (True, False)):
        found = conditional(D, one, other)
        assert number(found, [(D, z3.BoolVal(holds_))]) == (Fraction(1, 2) if holds_ else 3)


@pytest.mark.parametrize("one", [True, False, A])
@pytest.mark.parametrize("other", [True, False, B])
def test_conditional_truth_values_and_sets_are_taken_bit_by_bit(one, other):
    D = z3.Bool("D")
    for a, b, d in itertools.product((True, False), repeat=3):
        world = [(A, z3.BoolVal(a)), (B, z3.BoolVal(b)), (D, z3.BoolVal(d))]
        wanted = truth(one if d else other, world)
        assert truth(conditional(D, one, other), world) is wanted
        bits = conditional(D, (one, True), (other, False))
        assert [truth(bit, world) for bit in bits] == [wanted, d]
        assert truth(equal(one, other), world) is (truth(one, world) == truth(other, world))


def test_merging_leaves_out_what_cannot_be_and_joins_what_is_the_same():
    assert merged([(False, 1), (A, 2)]) == 2
    assert merged([(A, 3), (B, 3)]) == 3
    found = merged([(A, 1), (B, Choice(((1, C), (2, z3.Not(C)))))])
    for a, c in itertools.product((True, False), repeat=2):
        world = [(A, z3.BoolVal(a)), (B, z3.BoolVal(not a)), (C, z3.BoolVal(c))]
        assert element(found, world) == (1 if a or c else 2)


def test_choices_are_equal_where_they_are_the_same_element():
    D, E = z3.Bools("D E")
    two = Choice(((5, D), (9, E)))
    for (k, one), (m, other) in itertools.product(worlds(*GUARDS), worlds(D, E)):
        same = (4 + k) == (5, 9)[m]
        assert truth(equal(ONE, two), one + other) is same
        assert truth(equal(two, ONE), one + other) is same
        assert truth(equal((ONE, True), (two, True)), one + other) is same
        assert truth(equal((ONE, True), (two, False)), one + other) is False
    assert equal(ONE, 8) is False
    assert equal(8, ONE) is False


def test_connectives_stay_truth_values_where_they_can():
    def never():
        raise AssertionError("evaluated beyond what decides it")
        yield

    assert conjunction(itertools.chain([A, False], never())) is False
    assert disjunction(itertools.chain([A, True], never())) is True
    assert conjunction([True, True]) is True
    assert disjunction([False, False]) is False
    assert conjunction([]) is True
    assert disjunction([]) is False
    assert conjunction([True, A]).eq(A)
    assert disjunction([A, False]).eq(A)
    assert negation(True) is False
    assert z3.is_not(negation(A))


def test_comparisons_tell_equal_numbers_apart_from_greater_ones():
    half, one = Fraction(1, 2), Fraction(1)
    r = z3.Real("r")
    for a, b in itertools.product((half, one), repeat=2):
        assert at_least(a, b) is (a >= b)
        assert above(a, b) is (a > b)
        world = [(r, z3.RealVal(str(a)))]
        assert truth(at_least(r, b), world) is (a >= b)
        assert truth(above(r, b), world) is (a > b)
        assert truth(above(b, r), world) is (b > a)
        assert truth(equal(r, b), world) is (a == b)
