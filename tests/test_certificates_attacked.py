"""Attacks on the checker: what it accepts of wrong certificates, steps and chains is true anyway.

A mutant of a certificate is given to the checker with a step that has a countermodel, or a mutant
of a step with its old certificate. A solver says which mutated steps are true; none that has a
model may be accepted. All choices come from seeds.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest
import z3
from test_checker import FILE, PROOFS

from spi_verify.checker import Refused, check_file
from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Tree, read, told
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.finding import certificate
from spi_verify.obligations.certificates.theory import Unexplained
from spi_verify.obligations.running import script_of
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers import ask_z3, find_finite_model

ALIKE = (
    ("and", "or", "=>", "=", "xor", "distinct"),
    ("forall", "exists", "let"),
    ("<=", "<", ">=", ">", "="),
    ("+", "*", "-"),
    ("i", "w", "x", "t", "c", "d"),
    ("0", "1", "2", "3", "-1", "1/2"),
    ("0.0", "1.0", "2.0"),
    ("true", "false"),
)


def places(tree: Tree, at: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Return where the parts of a tree are, itself not among them."""
    found = []
    for number, part in enumerate(tree if isinstance(tree, list) else ()):
        found += [(*at, number), *places(part, (*at, number))]
    return found


def part(tree: Tree, at: tuple[int, ...]) -> Tree:
    for number in at:
        tree = tree[number]
    return tree


def mutated(tree: list[Tree], chance: random.Random, donors: list[Tree] | None = None) -> Tree:
    """Return a tree with one change: a part dropped, doubled, swapped, replaced or negated."""
    tree = copy.deepcopy(tree)
    if not places(tree):
        return tree
    at = chance.choice(places(tree))
    parent, number = part(tree, at[:-1]), at[-1]
    how = chance.choice(("drop", "double", "swap", "other", "other", "alike", "alike", "negate"))
    if how == "drop":
        del parent[number]
    elif how == "double":
        parent.insert(number, copy.deepcopy(parent[number]))
    elif how == "swap":
        other = chance.randrange(len(parent))
        parent[number], parent[other] = parent[other], parent[number]
    elif how == "other":
        source = donors or tree
        parent[number] = copy.deepcopy(part(source, chance.choice(places(source))))
    elif how == "negate":
        one = parent[number]
        unwrapped = isinstance(one, list) and len(one) == 2 and one[0] == "not"
        parent[number] = one[1] if unwrapped else ["not", one]
    else:
        kin = [group for group in ALIKE if parent[number] in group]
        names = sorted({leaf for leaf in leaves(tree) if not kin})
        parent[number] = chance.choice(kin[0] if kin else names)
    return tree


def leaves(tree: Tree) -> list[str]:
    return [tree] if isinstance(tree, str) else [leaf for part in tree for leaf in leaves(part)]


def accepted(commands: list[Tree], items: list[Tree]) -> bool:
    try:
        with told():
            Step(commands).check(items)
    except Refused:
        return False
    return True


def verdict(commands: list[Tree]) -> str:
    """Return what solvers say of commands: ``sat``, ``unsat``, ``unknown`` or ``unreadable``."""
    text = "\n".join(map(text_of, commands))
    try:
        answer = ask_z3(text, resource_limit=2_000_000, wall_clock=20)
        if str(answer.status) == "unknown":
            answer, _ = find_finite_model(text, resource_limit=50_000, wall_clock=20)
    except ValueError:
        return "unreadable"
    return str(answer.status)


@dataclass
class Proof:
    commands: list[Tree]
    items: list[Tree]

    @property
    def asserted(self) -> list[int]:
        return [n for n, command in enumerate(self.commands) if command[0] == "assert"]

    def without(self, number: int) -> list[Tree]:
        return self.commands[:number] + self.commands[number + 1 :]


@cache
def written_here() -> tuple[Proof, ...]:
    return tuple(Proof(read(text), read(items)) for text, items in PROOFS.values())


def shipped_steps(count: int, seed: int) -> list[Proof]:
    texts = sorted(
        {
            script_of(one, step.name)
            for one in load_shipped()
            if isinstance(one, Statement) and one.expected == "proved"
            for step in one.steps
        }
    )
    found = []
    for text in random.Random(seed).sample(texts, count):
        commands = read(text)
        try:
            found.append(Proof(commands, certificate(commands)))
        except (Refused, Unexplained):
            continue
    assert len(found) > 0.8 * count
    return found


def attack_steps(proofs: list[Proof], chance: random.Random, count: int) -> Counter[str]:
    """Give the old certificate, and mutants of it, to mutants of steps."""
    told_of: Counter[str] = Counter()
    for _ in range(count):
        proof = chance.choice(proofs)
        commands = list(proof.commands)
        for _ in range(chance.choice((1, 1, 2))):
            number = chance.choice(proof.asserted)
            commands[number] = mutated(commands[number], chance)
        items = proof.items if chance.random() < 0.7 else mutated(proof.items, chance)
        if not accepted(commands, items):
            told_of["refused"] += 1
            continue
        said = verdict(commands)
        assert said not in ("sat", "unreadable"), (said, *map(text_of, (*commands, items)))
        told_of[said] += 1
    return told_of


def attack_certificates(proofs: list[Proof], chance: random.Random, count: int) -> Counter[str]:
    """Give mutants of certificates to steps that lack an assertion and have a model."""
    told_of: Counter[str] = Counter()
    weak = []
    for proof in proofs:
        for number in proof.asserted:
            commands = proof.without(number)
            if verdict(commands) == "sat":
                weak.append((commands, proof.items))
    assert weak
    for _ in range(count):
        commands, items = chance.choice(weak)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            items = mutated(items, chance, chance.choice((None, commands)))
        assert not accepted(commands, items), (*map(text_of, commands), text_of(items))
        told_of["refused"] += 1
    return told_of


def attack_theory(proofs: list[Proof], chance: random.Random, count: int) -> Counter[str]:
    """Mutate what is said of the theory; what is accepted contradicts itself, says z3."""
    told_of: Counter[str] = Counter()
    having = [p for p in proofs if any(item[0] in ("t", "x") for item in p.items)]
    for _ in range(count):
        proof = chance.choice(having)
        item = chance.choice([item for item in proof.items if item[0] in ("t", "x")])
        for _ in range(chance.choice((1, 2))):
            item = mutated(item, chance, chance.choice((None, proof.items)))
        step = Step(proof.commands)
        before = len(step.clauses.clauses)
        try:
            with told():
                for one in proof.items:
                    if one[0] == "d":
                        step.add(one)
                before = len(step.clauses.clauses)
                step.add(item)
        except Refused:
            told_of["refused"] += 1
            continue
        new = step.clauses.clauses[before:]
        if item[0] in ("t", "x") and new:
            told_of["accepted"] += 1
            literals = clause_in_z3(step, new[-1])
            solver = z3.Solver()
            solver.set("rlimit", 3_000_000)
            solver.add(*map(z3.Not, literals))
            assert solver.check() != z3.sat, text_of(item)
    return told_of


def clause_in_z3(step: Step, clause: tuple[int, ...]) -> list[z3.BoolRef]:
    from test_certificates import sort_of

    atoms = {number: term for term, number in step.clauses._atoms.items()}

    def of(term):
        args = [of(arg) for arg in term.args]
        if term.kind == "apply":
            return z3.Function(term.label, *(a.sort() for a in args), sort_of(term.sort))(*args)
        if term.kind == "number":
            return z3.RealVal(str(term.label))
        made = {"true": lambda: z3.BoolVal(True), "false": lambda: z3.BoolVal(False),
                "not": lambda: z3.Not(args[0]), "and": lambda: z3.And(args),
                "or": lambda: z3.Or(args), "ite": lambda: z3.If(*args),
                "iff": lambda: args[0] == args[1], "=": lambda: args[0] == args[1],
                "<=": lambda: args[0] <= args[1], "+": lambda: z3.Sum(args),
                "*": lambda: z3.Product(args)}  # fmt: skip
        return made[term.kind]()

    return [of(atoms[n]) if n > 0 else z3.Not(of(atoms[-n])) for n in clause]


def attack_chains(text: str, chance: random.Random, count: int) -> Counter[str]:
    """Mutate files of statements; what is accepted follows from what it says it rests on."""
    told_of: Counter[str] = Counter()
    trees = read(text)
    statements = [n for n, tree in enumerate(trees) if tree[0] == "statement"]
    declared = trees[: statements[0]]
    for _ in range(count):
        changed = list(trees)
        for _ in range(chance.choice((1, 1, 2))):
            number = chance.choice(statements)
            donors = trees[chance.choice(statements)]
            changed[number] = mutated(changed[number], chance, chance.choice((None, donors)))
        try:
            last = check_file("\n".join(map(text_of, changed)))[-1]
        except Refused:
            told_of["refused"] += 1
            continue
        supposed = [*last.hypotheses.values(), *last.definitions.values(), ["not", last.goal]]
        said = verdict([*declared, *(["assert", one] for one in supposed)])
        assert said not in ("sat", "unreadable"), "\n".join(map(text_of, changed))
        told_of[said] += 1
    return told_of


def test_no_mutant_of_the_examples_is_wrongly_accepted():
    proofs = list(written_here())
    chance = random.Random(1)
    assert attack_steps(proofs, chance, 120)["refused"] > 60
    attack_certificates(proofs, chance, 200)
    theory = attack_theory(proofs, chance, 200)
    assert theory["refused"] > 50
    assert theory["accepted"] > 5
    chains = attack_chains(FILE, chance, 150)
    assert chains["refused"] > 75


def test_a_checker_that_accepts_everything_would_be_seen(monkeypatch):
    monkeypatch.setitem(globals(), "accepted", lambda *_: True)
    with pytest.raises(AssertionError):
        attack_steps(list(written_here()), random.Random(1), 50)
    with pytest.raises(AssertionError):
        attack_certificates(list(written_here()), random.Random(1), 1)


@pytest.mark.long
def test_of_thousands_of_mutants_of_shipped_steps_none_is_wrongly_accepted():
    proofs = [*written_here(), *shipped_steps(40, seed=3)]
    chance = random.Random(2)
    total = attack_steps(proofs, chance, 2500)
    total += attack_theory(proofs, chance, 1000)
    total += attack_certificates(proofs, chance, 2500)
    total += attack_chains(FILE, chance, 1500)
    print(dict(total))
    assert total["refused"] > 3500
    assert total["unsat"] > 20 * total["unknown"]
