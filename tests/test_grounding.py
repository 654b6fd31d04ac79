"""What is written out over a few elements says what the formula says over them."""

import random
from fractions import Fraction
from itertools import product

import z3

from spi_verify.obligations.grounding import OF_OTHERS, Grounder
from spi_verify.theory.evaluate import Structure, holds

Thing = z3.DeclareSort("Thing")
related = z3.Function("related", Thing, Thing, z3.BoolSort())
next_one = z3.Function("next_one", Thing, Thing)
size = z3.Function("size", Thing, Thing, z3.RealSort())
things = z3.Consts("first second", Thing)
BOUND = z3.Consts("x y z v", Thing)


def random_formula(chance: random.Random, depth: int, bound: list[z3.ExprRef]) -> z3.BoolRef:
    """Return a formula in which variables are used near and far from where they are bound."""

    def term() -> z3.ExprRef:
        one = chance.choice([*bound, *bound, things[0]])
        return next_one(one) if chance.random() < 0.3 else one

    kind = chance.random()
    if depth == 0 or kind < 0.15:
        return chance.choice(
            [
                related(term(), term()),
                term() == term(),
                size(term(), term()) > size(term(), term()),
                size(term(), term()) + size(term(), term()) == z3.RealVal("1/2"),
            ]
        )
    if kind < 0.65:
        variables = chance.sample(BOUND, chance.choice([1, 1, 2]))
        inner = [one for one in bound if one not in variables] + variables
        quantifier = chance.choice([z3.ForAll, z3.Exists])
        return quantifier(variables, random_formula(chance, depth - 1, inner))
    parts = [random_formula(chance, depth - 1, bound) for _ in range(2)]
    return chance.choice([z3.And(parts), z3.Or(parts), z3.Implies(*parts), z3.Not(parts[0])])


def described(structure: Structure) -> z3.BoolRef:
    """Return that the structure is this one, with its elements named."""
    tables, pairs = structure.tables, list(product(range(2), repeat=2))
    return z3.And(
        things[0] != things[1],
        *(related(*(things[n] for n in row)) == tables["related"][row] for row in pairs),
        *(next_one(things[n]) == things[tables["next_one"][n,]] for n in range(2)),
        *(size(*(things[n] for n in row)) == z3.RealVal(str(tables["size"][row])) for row in pairs),
    )


def test_formulas_hold_where_they_are_evaluated_to_hold():
    assert OF_OTHERS == 2
    chance = random.Random(17)
    found = set()
    for _ in range(40):
        formula = random_formula(chance, 5, [])
        pairs = list(product(range(2), repeat=2))
        structure = Structure(
            {"Thing": 2},
            {
                "first": {(): 0},
                "second": {(): 1},
                "related": {row: chance.random() < 0.5 for row in pairs},
                "next_one": {(n,): chance.randrange(2) for n in range(2)},
                "size": {row: Fraction(chance.randrange(3), 2) for row in pairs},
            },
        )
        true = holds(formula, structure)
        _, model, _ = Grounder().find(
            {"formula": formula, "structure": described(structure)},
            resource_limit=1_000_000,
            seed=0,
        )
        assert (model is not None) == true, formula
        if model is not None:
            assert holds(formula, Structure(model.sizes, model.tables))
        found.add(true)
    assert found == {True, False}
