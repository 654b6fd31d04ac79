"""What holds in a structure is never refuted: every clause of every item is tried against it.

Random formulas are evaluated by this file in random structures; those that hold are asserted, and
the checker is given every instance and witness over many terms, orders of numbers, and whatever
combinations and congruences it accepts. If it misread a formula, or a rule were wrong, the clauses
would end up contradictory.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3

from spi_verify.checker import Refused
from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Tree, read
from spi_verify.obligations.certificates.expressions import text_of

FUNCTIONS = {
    "c": ((), "S"), "d": ((), "S"), "f": (("S",), "S"), "h": (("S", "S"), "S"),
    "p": (("S",), "Bool"), "r": (("S", "S"), "Bool"), "b": ((), "Bool"),
    "u": (("S",), "Real"), "w": (("S", "S"), "Real"), "k": ((), "Real"),
}  # fmt: skip


class World:
    """A random structure, random formulas, and what they come to in it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.size = chance.choice((1, 2, 2, 3))
        numbers = [Fraction(n, d) for n in range(-2, 3) for d in (1, 2)]
        values = {"S": range(self.size), "Bool": (False, True), "Real": numbers}
        self.tables = {
            name: {
                row: chance.choice(values[sort])
                for row in itertools.product(range(self.size), repeat=len(domain))
            }
            for name, (domain, sort) in FUNCTIONS.items()
        }

    def formula(self, sort: str, depth: int, variables: dict[str, str]) -> Tree:
        pick = self.chance.choice
        known = [name for name, its in variables.items() if its == sort]
        if known and pick((True, False)):
            return pick(known)
        if depth == 0 or pick((True, False, False)):
            fitting = [name for name, (_, its) in FUNCTIONS.items() if its == sort]
            name = pick(fitting if depth else [n for n in fitting if not FUNCTIONS[n][0]])
            inside = [self.formula(one, depth - 1, variables) for one in FUNCTIONS[name][0]]
            return [name, *inside] if inside else name
        below = depth - 1

        def some(count: int, one: str) -> list[Tree]:
            return [self.formula(one, below, variables) for _ in range(count)]

        if pick((1, 2, 3, 4, 5, 6)) == 1:
            name, one = pick(("v", "s", "t")), pick(("S", "Real", "Bool"))
            value = self.formula(one, below, variables)
            return ["let", [[name, value]], self.formula(sort, below, {**variables, name: one})]
        if pick((1, 2, 3, 4, 5, 6)) == 1:
            return ["ite", *some(1, "Bool"), *some(2, sort)]
        if sort == "S":
            return self.formula(sort, below, variables)
        if sort == "Real":
            numeral = pick(("0.0", "1.0", ["-", "2.0"], ["/", "1.0", "2.0"]))
            return pick((
                lambda: [pick(("+", "*", "-")), *some(pick((2, 2, 3)), sort)],
                lambda: ["-", *some(1, sort)],
                lambda: numeral,
                lambda: ["/", *some(1, sort), "2.0"],
            ))()  # fmt: skip
        names = self.chance.sample(("v", "s", "t"), pick((1, 1, 2)))
        inner = {**variables, **dict.fromkeys(names, "S")}
        return pick((
            lambda: ["not", *some(1, sort)],
            lambda: [pick(("and", "or", "=>")), *some(pick((2, 2, 3)), sort)],
            lambda: [pick(("=", "distinct")), *some(pick((2, 2, 3)), pick(("S", "Real", "Bool")))],
            lambda: ["xor", *some(2, sort)],
            lambda: [pick(("<", "<=", ">", ">=")), *some(pick((2, 2, 3)), "Real")],
            lambda: [pick(("forall", "exists")), [[name, "S"] for name in names],
                     self.formula(sort, below, inner)],
            lambda: [pick(("forall", "exists")), [[name, "S"] for name in names],
                     self.formula(sort, below, inner)],
        ))()  # fmt: skip

    def value(self, tree: Tree, env: dict[str, object]):
        if isinstance(tree, str):
            if tree in env:
                return env[tree]
            return self.tables[tree][()] if tree in self.tables else Fraction(tree)
        head, *rest = tree
        if head == "let":
            ((name, value),) = rest[0]
            return self.value(rest[1], {**env, name: self.value(value, env)})
        if head in ("forall", "exists"):
            names = [name for name, _ in rest[0]]
            rows = itertools.product(range(self.size), repeat=len(names))
            found = (self.value(rest[1], {**env, **dict(zip(names, r, strict=True))}) for r in rows)
            return all(found) if head == "forall" else any(found)
        args = [self.value(one, env) for one in rest]
        if head in self.tables:
            return self.tables[head][tuple(args)]
        return OPERATIONS[head](args)


def chained(holds):
    return lambda args: all(holds(one, other) for one, other in itertools.pairwise(args))


OPERATIONS = {
    "not": lambda args: not args[0],
    "and": all,
    "or": any,
    "=>": lambda args: not all(args[:-1]) or args[-1],
    "xor": lambda args: args[0] != args[1],
    "ite": lambda args: args[1] if args[0] else args[2],
    "=": chained(lambda one, other: one == other),
    "distinct": lambda args: len(set(args)) == len(args),
    "<": chained(lambda one, other: one < other),
    "<=": chained(lambda one, other: one <= other),
    ">": chained(lambda one, other: one > other),
    ">=": chained(lambda one, other: one >= other),
    "+": sum,
    "*": lambda args: args[0] * args[1] * (args[2] if len(args) > 2 else 1),
    "-": lambda args: -args[0] if len(args) == 1 else args[0] - sum(args[1:]),
    "/": lambda args: args[0] / args[1],
}


def saturated(step: Step, chance: random.Random, rounds: int) -> int:
    """Add whatever the checker accepts of many items; return how much of the theory that was."""
    language = step.language
    terms: dict[str, list[Tree]] = {
        "S": ["c", "d", "!S", ["f", "c"]],
        "Real": ["k", "0", ["u", "c"]],
    }
    for number, quantifier in enumerate(language.quantifiers):
        for _ in range(4):
            free = [chance.choice(terms[sort]) for sort in quantifier.free]
            step.add(["w", str(number), *free])
            for place, sort in enumerate(quantifier.bound):
                head = f"!{number}.{place}"
                terms[sort].append([head, *free] if free else head)
            bound = [chance.choice(terms[sort]) for sort in quantifier.bound]
            step.add(["i", str(number), *free, *bound])
    accepted = 0
    for _ in range(rounds):
        step.add(["x", chance.choice(terms["Real"]), chance.choice(terms["Real"])])
        atoms = [term for term in step.clauses._atoms if term.kind in ("=", "<=", "apply")]
        picked = chance.sample(atoms, min(len(atoms), chance.choice((1, 2, 2, 3))))
        literals = [one if chance.random() < 0.5 else language.negation(one) for one in picked]
        parts = [
            [chance.choice(("1", "1", "2", "-1", "1/2")),
             *(str(chance.randrange(len(literals))) for _ in range(chance.choice((1, 1, 2))))]
            for _ in range(chance.choice((0, 1, 2, 3)))
        ]  # fmt: skip
        before = len(step.clauses.clauses)
        try:
            step._contradict(literals, parts)
        except Refused:
            assert len(step.clauses.clauses) == before
            continue
        accepted += 1
        step.clauses.add(*(-step.clauses.literal(one) for one in literals))
    return accepted


def contradictory(step: Step) -> bool:
    solver = z3.Solver()
    for clause in step.clauses.clauses:
        marks = [z3.Bool(str(abs(n))) if n > 0 else z3.Not(z3.Bool(str(abs(n)))) for n in clause]
        solver.add(z3.Or(marks))
    return solver.check() == z3.unsat


def attacked(seed: int, count: int) -> tuple[int, int]:
    chance = random.Random(seed)
    quantified = theory = 0
    heads = [f"(declare-fun {n} ({' '.join(d)}) {s})" for n, (d, s) in FUNCTIONS.items()]
    for _ in range(count):
        world = World(chance)
        asserted = []
        for _ in range(chance.choice((1, 2, 3, 4))):
            formula = world.formula("Bool", chance.choice((2, 3, 4)), {})
            holds = world.value(formula, {})
            asserted.append(f"(assert {text_of(formula if holds else ['not', formula])})")
        text = "\n".join(["(declare-sort S 0)", *heads, *asserted])
        step = Step(read(text))
        quantified += len(step.language.quantifiers)
        theory += saturated(step, chance, 40)
        assert not contradictory(step), text
    return quantified, theory


def test_what_holds_in_a_structure_is_never_refuted():
    quantified, theory = attacked(seed=1, count=25)
    assert quantified > 10
    assert theory > 10


@pytest.mark.long
def test_of_a_thousand_worlds_none_is_refuted():
    attacked(seed=2, count=1000)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["w", "distinct"])
def test_a_wrong_rule_or_a_wrong_reading_would_be_seen(monkeypatch, fault):
    if fault == "w":
        right = Step._consequence

        def wrong(self, kind, rest):
            one, other = right(self, kind, rest)
            return (one, self.language.negation(other)) if kind == "w" else (one, other)

        monkeypatch.setattr(Step, "_consequence", wrong)
    else:
        monkeypatch.setitem(OPERATIONS, "distinct", lambda args: args[0] != args[1])
    with pytest.raises(AssertionError):
        attacked(seed=3, count=150)
