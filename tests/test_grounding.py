"""What is written out over a few elements says what the formula says over them."""

import random
from fractions import Fraction
from itertools import product

import pytest
import z3

from spi_verify.obligations.grounding import Grounder
from spi_verify.theory.evaluate import Structure, holds

SIZES = {"Thing": 2, "Place": 3}
Thing, Place = map(z3.DeclareSort, SIZES)
related = z3.Function("related", Thing, Place, z3.BoolSort())
next_one = z3.Function("next_one", Thing, Thing)
home = z3.Function("home", Thing, Place)
size = z3.Function("size", Place, Thing, z3.RealSort())
things, places = z3.Consts("first second", Thing), z3.Consts("here there beyond", Place)
x, y = z3.Consts("x y", Thing)
p, q = z3.Consts("p q", Place)


def random_formula(chance: random.Random, depth: int, bound: list[z3.ExprRef]) -> z3.BoolRef:
    """Return a formula in which variables are used near and far from where they are bound."""

    def thing() -> z3.ExprRef:
        mine = [one for one in bound if one.sort() == Thing]
        one = chance.choice([*mine, *mine, things[0]])
        return next_one(one) if chance.random() < 0.3 else one

    def place() -> z3.ExprRef:
        mine = [one for one in bound if one.sort() == Place]
        one = chance.choice([*mine, *mine, places[0]])
        kind = chance.random()
        if kind < 0.2:
            return home(thing())
        return z3.If(related(thing(), one), one, places[1]) if kind < 0.3 else one

    kind = chance.random()
    if depth == 0 or kind < 0.15:
        return chance.choice(
            [
                related(thing(), place()),
                thing() == thing(),
                place() == place(),
                size(place(), thing()) > size(place(), thing()),
                size(place(), thing()) + size(place(), thing()) == z3.RealVal("1/2"),
            ]
        )
    if kind < 0.65:
        variables = chance.sample([x, y, p, q], chance.choice([1, 1, 2, 3]))
        inner = [one for one in bound if all(not one.eq(other) for other in variables)]
        body = random_formula(chance, depth - 1, [*inner, *variables])
        if chance.random() < 0.2:  # the same body twice, under both
            return z3.And(z3.Exists(variables, body), z3.Not(z3.ForAll(variables, body)))
        return chance.choice([z3.ForAll, z3.Exists])(variables, body)
    one, other = (random_formula(chance, depth - 1, bound) for _ in range(2))
    return chance.choice([z3.And(one, other), z3.Or(one, other), one == other, z3.Not(one)])


def random_structure(chance: random.Random) -> Structure:
    pairs = list(product(range(2), range(3)))
    return Structure(
        SIZES,
        {
            **{str(one): {(): n} for names in (things, places) for n, one in enumerate(names)},
            "related": {row: chance.random() < 0.5 for row in pairs},
            "next_one": {(n,): chance.randrange(2) for n in range(2)},
            "home": {(n,): chance.randrange(3) for n in range(2)},
            "size": {row[::-1]: Fraction(chance.randrange(3), 2) for row in pairs},
        },
    )


def described(structure: Structure) -> z3.BoolRef:
    """Return that the structure is this one, with its elements named."""
    tables, pairs = structure.tables, list(product(range(2), range(3)))
    return z3.And(
        z3.Distinct(*things),
        z3.Distinct(*places),
        *(related(things[n], places[m]) == tables["related"][n, m] for n, m in pairs),
        *(next_one(things[n]) == things[tables["next_one"][n,]] for n in range(2)),
        *(home(things[n]) == places[tables["home"][n,]] for n in range(2)),
        *(size(places[m], things[n]) == z3.RealVal(str(tables["size"][m, n])) for n, m in pairs),
    )


def found(formulas: dict[str, z3.BoolRef], grounder: Grounder | None = None) -> Structure | None:
    grounder = grounder or Grounder(SIZES)
    _, model, _ = grounder.find(formulas, resource_limit=1_000_000, seed=0)
    return Structure(model.sizes, model.tables) if model else None


@pytest.mark.long
def test_formulas_hold_where_they_are_evaluated_to_hold():
    chance, seen = random.Random(17), set()
    grounder = Grounder(SIZES)
    for _ in range(60):
        formula, structure = random_formula(chance, 5, []), random_structure(chance)
        true = holds(formula, structure)
        same = found({"formula": formula, "structure": described(structure)}, grounder)
        assert (same is not None) == true, formula
        assert same is None or holds(formula, same)
        seen.add(true)
    assert seen == {True, False}


def test_elements_are_distinct_also_of_sorts_without_functions():
    assert found({"one thing": z3.ForAll([x, y], x == y)}) is None
    assert found({"two things": z3.Exists([x, y], x != y)}) is not None


@pytest.mark.parametrize("name", ["a", "Thing", "my sort", "1x"])
def test_a_sort_may_have_the_name_of_what_z3_writes_once(name):
    sort = z3.DeclareSort(name)
    u, v = z3.Consts("u v", sort)
    after, both = z3.Function("after", sort, sort), z3.Function("both", sort, sort, sort)
    part = both(after(after(v)), both(after(v), after(v)))
    shared = z3.ForAll([u, v], z3.Or(u == both(part, part), u == after(part), u == part))
    model = found({"shared": shared, "moves": z3.ForAll([u], after(u) != u)})
    assert model is None or holds(shared, model)
    rising = z3.Function("rising", sort, z3.RealSort())
    first = z3.ForAll([v], z3.Implies(u != v, z3.And(rising(u) > rising(v), after(v) == u)))
    assert found({"first": z3.Exists([u], first)}) is not None


def test_constants_may_have_the_names_of_elements_and_of_values():
    other, value = z3.Const("Thing!0", Thing), z3.Bool("related[0,0]")
    none_is = z3.ForAll([x, p], z3.Not(related(x, p)))
    formulas = {"same": other == z3.Const("Thing!1", Thing), "value": value, "none": none_is}
    assert found(formulas) is not None


def test_a_function_may_have_other_sorts_in_another_question():
    grounder = Grounder(SIZES)
    one = z3.Function("worth", Thing, z3.RealSort())
    other = z3.Function("worth", Thing, Place, z3.RealSort())
    assert found({"one": z3.ForAll([x], one(x) == 1)}, grounder) is not None
    assert found({"other": z3.ForAll([x, p], other(x, p) == 0)}, grounder) is not None
