"""What Theorem 15 and its lemmas suppose is true of exact samples, and what is too strong is not.

All axioms that the theorem and its lemmas rest on are evaluated; variables that are bound at once
stand for what is drawn, and "there is" looks among everything in the sample. What is supposed of
the representatives, Assumptions 1 and 2, are no axioms but hypotheses, and not evaluated here.
"""

from __future__ import annotations

import pytest
import z3
from delegation_samples import Sample
from test_delegation_paper import FOLDER
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import holds
from spi_verify.theory.signature import Outcome, Player


def variables_of(formula):
    return [z3.Const(formula.var_name(n), formula.var_sort(n)) for n in range(formula.num_vars())]


def of_what_is_drawn(formula):
    """Return a formula whose first variables stand only for what is drawn."""
    if z3.is_and(formula):
        return And(*map(of_what_is_drawn, formula.children()))
    if not z3.is_quantifier(formula) or formula.is_exists():
        return formula
    variables = variables_of(formula)
    told = z3.substitute_vars(formula.body(), *reversed(variables))
    for x in reversed(variables):
        if x.sort().name() in ("Mixture", "Point", "Valuation"):
            drawn = z3.Function(f"drawn {x.sort().name()}", x.sort(), z3.BoolSort())
            told = Implies(drawn(x), told)
        told = ForAll([x], told)
    return told


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


@pytest.fixture(scope="module")
def theory(everything):
    return everything["oc-thm-15-a/repaired"].theory


@pytest.fixture(scope="module")
def samples():
    return [Sample(seed) for seed in range(24)]


@pytest.fixture(scope="module")
def structures(theory, samples):
    return [one.structure(theory) for one in samples]


def axioms(everything):
    """Return all axioms that the theorem and its lemmas rest on; they have one wording each."""
    todo, seen, found = ["oc-thm-15-a/repaired", "oc-thm-15-b/repaired"], set(), {}
    while todo:
        one = everything[todo.pop()]
        if one.id not in seen:
            seen.add(one.id)
            todo += one.lemmas.values()
            for name in one.definitions:
                if not one.theory[name].sorts:
                    formula = one.theory.axiom(name)
                    assert found.setdefault(name, formula).eq(formula), (one.id, name)
    return found


def fails(formula, structures):
    """Return the samples in which a formula is false."""
    told = of_what_is_drawn(formula)
    return [seed for seed, structure in enumerate(structures) if not holds(told, structure)]


def test_what_is_supposed_is_true_of_samples(everything, structures):
    """Where it has conditions, they are met in some sample, and there is need of them.

    The latter is not asked of what there is: samples have it only where the conditions are met.
    """
    found = axioms(everything)
    assert "expectations_stay_above_segments" in found
    for name, formula in found.items():
        assert fails(formula, structures) == [], name
        if z3.is_quantifier(formula) and z3.is_implies(formula.body()):
            variables = variables_of(formula)
            body = z3.substitute_vars(formula.body(), *reversed(variables))
            given, then = body.children()
            assert fails(ForAll(variables, Not(given)), structures), name
            if not (z3.is_quantifier(then) and then.is_exists()):
                assert fails(ForAll(variables, then), structures), name


Game, Play, Point = map(z3.DeclareSort, ("Game", "Play", "Point"))
Valuation, Mixture = map(z3.DeclareSort, ("Valuation", "Mixture"))
coordinate = z3.Function("coordinate", Player, Point, z3.RealSort())
in_hull = z3.Function("in_hull", Point, Game, z3.BoolSort())
stands_for = z3.Function("stands_for", Valuation, Outcome, Point)
result = z3.Function("result", Play, Game, Outcome)
expectation = z3.Function("expectation", Player, Game, Valuation, z3.RealSort())
mixture_of = z3.Function("mixture_of", Mixture, Point, Point, Point)
i, a, b, w = (z3.Const("i", Player), *z3.Consts("a b", Outcome), z3.Const("w", Play))
m, (y, p, q) = z3.Const("m", Mixture), z3.Consts("y p q", Point)
(G, H, K, K1), (E, E1) = z3.Consts("G H K K1", Game), z3.Consts("E E1", Valuation)
first, second = (
    coordinate(i, stands_for(*one)) for one in ((E1, result(w, K1)), (E, result(w, K)))
)
more = expectation(i, K1, E1) > expectation(i, K, E)


def above_an_end(theory, y):
    return Or(theory.pays_no_less(y, p), theory.pays_no_less(y, q))


TOO_STRONG = {
    "above a segment in some play, so in expectation": lambda theory: ForAll(
        [K, E, y, p, q],
        Implies(
            And(
                Exists([w], theory.above_segment(stands_for(E, result(w, K)), p, q)),
                theory.expected_point(y, K, E),
            ),
            theory.above_segment(y, p, q),
        ),
    ),
    "no less in some play, so no less in expectation": lambda theory: ForAll(
        [i, K1, E1, K, E],
        Implies(Exists([w], first >= second), expectation(i, K1, E1) >= expectation(i, K, E)),
    ),
    "more in some play and never less, so more in expectation": lambda theory: ForAll(
        [i, K1, E1, K, E],
        Implies(And(ForAll([w], first >= second), Exists([w], first > second)), more),
    ),
    "above an end in every play, so in expectation": lambda theory: ForAll(
        [K, E, y, p, q],
        Implies(
            And(
                ForAll([w], above_an_end(theory, stands_for(E, result(w, K)))),
                theory.expected_point(y, K, E),
            ),
            above_an_end(theory, y),
        ),
    ),
    "every point is in every hull": lambda theory: ForAll([y, G], in_hull(y, G)),
    "mixtures are in the hull if one point is": lambda theory: ForAll(
        [G, m, p, q], Implies(in_hull(p, G), in_hull(mixture_of(m, p, q), G))
    ),
    "expectations are in the hull of any game": lambda theory: ForAll(
        [G, H, K, E],
        Implies(
            theory.token_game(K, E, G),
            Exists([y], And(in_hull(y, H), theory.expected_point(y, K, E))),
        ),
    ),
    "a mixture is one of its ends": lambda theory: ForAll(
        [m, p, q], Or(mixture_of(m, p, q) == p, mixture_of(m, p, q) == q)
    ),
    "every number is a mixture of any two": lambda theory: ForAll(
        [i, p, q, y], Exists([m], theory.pays_mixture(i, y, m, p, q))
    ),
    "all outcomes pay alike": lambda theory: ForAll([a, b], theory.paid_alike(a, b)),
}


@pytest.mark.parametrize("name", TOO_STRONG)
def test_what_would_be_too_strong_is_false_in_some_sample(theory, structures, name):
    assert fails(TOO_STRONG[name](theory), structures)


ActionMap = z3.DeclareSort("ActionMap")
image = z3.Function("image", ActionMap, Outcome, Outcome)
in_game = z3.Function("in_game", Outcome, Game, z3.BoolSort())
left = z3.Function("left", Game, Game)
payoff_point = z3.Function("payoff_point", Outcome, Point)


def of_copies(so, E, f, G):
    """Say that copies stand for points of some kind where there are any, in the hull or not."""
    copy = so(stands_for(E, image(f, b)))
    return ForAll([b, y], Implies(And(in_game(b, left(G)), so(y)), copy))


def lowered(theory, E2, i, E, f, G):
    before = stands_for(E, image(f, b))
    return of_copies(lambda y: theory.joined(y, i, payoff_point(b), before), E2, f, G)


def above(theory, E, f, G, p, q):
    return of_copies(lambda y: theory.no_less_above(y, payoff_point(b), p, q), E, f, G)


def straight_above(theory, E, i, f, G, p, q):
    return of_copies(lambda y: theory.straight_above(y, i, payoff_point(b), p, q), E, f, G)


@pytest.mark.parametrize(
    ("name", "changed", "axiom"),
    [
        ("lowers", lowered, "valuations_can_be_lowered"),
        ("stands_above", above, "valuations_above_segments"),
        ("stands_straight_above", straight_above, "valuations_straight_above_segments"),
    ],
)
def test_tokens_cannot_stand_for_what_is_out_of_the_hull(theory, samples, name, changed, axiom):
    theory = theory.with_(**{name: changed})
    assert fails(theory.axiom(axiom), [one.structure(theory) for one in samples])
