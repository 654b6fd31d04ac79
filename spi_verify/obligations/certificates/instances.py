"""Which instances and witnesses a step is contradictory by: solvers find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Term, Tree
from spi_verify.obligations.certificates.expressions import Expressions, text_of, tree_of

Use = tuple[str, int, tuple[Term, ...]]
"""``i`` or ``w``, the quantified formula's number, and terms."""

MINIMIZING_UNITS = 500_000

_z3: Any = z3
"""The stubs of z3 know of no contexts."""


def clause_of(step: Step, use: Use) -> tuple[Term, Term]:
    """Return the two formulas of which one holds."""
    kind, number, terms = use
    language = step.language
    quantifier = language.quantifiers[number]
    free = terms[: len(quantifier.free)]
    if kind == "w":
        chosen = (f"!{number}.{place}" for place in range(len(quantifier.bound)))
        named = zip(chosen, quantifier.bound, strict=True)
        terms = (*free, *(language.make("apply", free, sort, name) for name, sort in named))
    slots = slots_of(step, number)
    body = language.substitute(quantifier.body, dict(zip(slots, terms, strict=True)))
    atom = language.atom(number, free)
    if kind == "w":
        return atom, language.negation(body)
    return language.negation(atom), body


def slots_of(step: Step, number: int) -> list[Term]:
    """Return the slots of a quantified formula."""
    quantifier = step.language.quantifiers[number]
    sorts = (*quantifier.free, *quantifier.bound)
    return [step.language.make("slot", (), sort, place) for place, sort in enumerate(sorts)]


def schemes(step: Step) -> list[tuple[Use, Sequence[Term]]]:
    """Return the instances and witnesses that can matter, and which slots stand for all.

    A quantified formula that is only said to hold has no use for a witness, and one that is only
    said to fail none for instances; each may say so of others inside it.
    """
    wanted: dict[tuple[str, int], None] = {}
    seen: set[tuple[Term, bool]] = set()

    def said(formula: Term, holds: bool) -> None:
        if (formula, holds) in seen:
            return
        seen.add((formula, holds))
        if formula.kind == "apply" and formula.label.startswith("?"):
            number = int(formula.label[1:])
            if ("i" if holds else "w", number) not in wanted:
                wanted["i" if holds else "w", number] = None
                said(step.language.quantifiers[number].body, holds)
        for part in formula.args:
            if formula.kind in ("not", "and", "or"):
                said(part, holds is (formula.kind != "not"))
            else:
                said(part, True)
                said(part, False)

    for formula in step.assertions:
        said(formula, True)
    found: list[tuple[Use, Sequence[Term]]] = []
    for kind, number in sorted(wanted, key=lambda one: (one[1], one[0] == "i")):
        slots = slots_of(step, number)
        if kind == "w":
            slots = slots[: len(step.language.quantifiers[number].free)]
        found.append(((kind, number, tuple(slots)), slots))
    return found


def problem(step: Step) -> tuple[str, list[Use]]:
    """Return a step with its instances and witnesses as axioms, and the ones without variables."""
    language = step.language
    lines = ["(set-logic ALL)", *(f"(declare-sort {text_of(sort)} 0)" for sort in language.sorts)]
    for name, (domain, sort) in {**language.functions, **language.fresh}.items():
        lines.append(text_of(["declare-fun", name, list(domain), sort]))
    lines += [f"(assert {text_of(tree_of(formula))})" for formula in step.assertions]
    for sort in language.sorts:  # a solver uses terms that it knows
        named = text_of(f"some {sort}")
        lines.append(f"(declare-fun {named} ({text_of(sort)}) Bool)")
        lines.append(f"(assert ({named} {text_of(f'!{sort}')}))")
    ground: list[Use] = []
    for use, slots in schemes(step):
        names = {slot: f"{use[0]}{use[1]}.{place}" for place, slot in enumerate(slots)}
        clause = ["or", *(tree_of(part, names) for part in clause_of(step, use))]
        if not slots:
            ground.append(use)
            lines.append(f"(assert {text_of(clause)})")
            continue
        variables = [[name, slot.sort] for slot, name in names.items()]
        body: Tree = ["!", clause, ":qid", f"{use[0]}{use[1]}"]
        lines.append(f"(assert {text_of(['forall', variables, body])})")
    return "\n".join(lines) + "\n", ground


def instances_by_z3(step: Step, units: int, *, seed: int = 0) -> list[Use]:
    """Return the instances that z3 makes in refuting a step, whether or not it gets there."""
    expressions = Expressions(step.language)
    solver = _z3.SimpleSolver(ctx=expressions.context)
    solver.set("rlimit", units, "random_seed", seed)
    found: list[tuple[Any, list[Any]]] = []

    def note(proof: Any, *_: Any) -> None:
        if z3.is_app(proof) and proof.decl().name() == "inst":
            for bind in proof.children():
                if z3.is_app(bind) and bind.decl().name() == "bind":
                    quantifier = proof.arg(0)
                    quantifier = quantifier.arg(0) if z3.is_not(quantifier) else quantifier
                    found.append((quantifier, bind.children()))

    watcher = _z3.OnClause(solver, note)
    text, ground = problem(step)
    solver.from_string(text)
    names = {
        f"{use[0]}{use[1]}.{place}": (use[0], use[1], place)
        for use, slots in schemes(step)
        for place in range(len(slots))
    }
    solver.check()
    uses = dict.fromkeys(ground)
    for quantifier, terms in found:
        one = _read_back(step, expressions, names, quantifier, terms)
        if one is not None:
            uses[one] = None
    del watcher
    return list(uses)


def _read_back(
    step: Step,
    expressions: Expressions,
    names: dict[str, tuple[str, int, int]],
    quantifier: Any,
    terms: list[Any],
) -> Use | None:
    """Return an instance as a use; z3 may have eliminated variables that are equal to a term."""
    if not _z3.is_quantifier(quantifier):
        return None
    values: dict[int, Term] = {}
    known = [names.get(quantifier.var_name(n)) for n in range(quantifier.num_vars())]
    if not known or known[0] is None or len(known) != len(terms):
        return None
    kind, number, _ = known[0]
    try:
        for name, term in zip(known, terms, strict=True):
            assert name is not None
            values[name[2]] = expressions.back(term)
    except (LookupError, AssertionError):
        return None
    return completed(step, kind, number, values)


def completed(step: Step, kind: str, number: int, values: Mapping[int, Term]) -> Use | None:
    """Return a use from terms for places; solvers eliminate variables that are equal to a term."""
    slots = slots_of(step, number)
    if kind == "w":
        slots = slots[: len(step.language.quantifiers[number].free)]
    chosen = {slots[place]: term for place, term in values.items() if place < len(slots)}
    if len(chosen) < len(slots):
        _eliminated(step, number, slots, chosen)
    right = all(slot in chosen and chosen[slot].sort == slot.sort for slot in slots)
    return (kind, number, tuple(chosen[slot] for slot in slots)) if right else None


def _eliminated(step: Step, number: int, slots: list[Term], chosen: dict[Term, Term]) -> None:
    """Find what the missing slots are equal to if the formula fails."""
    equations: list[tuple[Term, Term]] = []

    def failing(formula: Term, holds: bool) -> None:
        if formula.kind == "not":
            failing(formula.args[0], not holds)
        elif formula.kind == ("and" if holds else "or"):
            for part in formula.args:
                failing(part, holds)
        elif formula.kind == "=" and holds:
            one, other = formula.args
            equations.extend([(one, other), (other, one)])

    failing(step.language.quantifiers[number].body, False)
    for _ in slots:
        for slot, term in equations:
            if slot in slots and slot not in chosen:
                value = step.language.substitute(term, chosen)
                if not _has_slot(value):
                    chosen[slot] = value
    for slot in slots:
        if slot not in chosen and slot.sort != "Real":
            chosen[slot] = step.language.make("apply", (), slot.sort, f"!{slot.sort}")


def _has_slot(term: Term) -> bool:
    return term.kind == "slot" or any(map(_has_slot, term.args))


def needed(step: Step, uses: list[Use]) -> list[Use] | None:
    """Return a minimal list of uses that refute a step without quantifiers; None if they do not."""
    expressions = Expressions(step.language)
    solver = _z3.SimpleSolver(ctx=expressions.context)
    solver.set("random_seed", 0)
    for formula in step.assertions:
        solver.add(expressions.of(formula))
    marks = [_z3.Bool(f"use {place}", expressions.context) for place in range(len(uses))]
    for mark, use in zip(marks, uses, strict=True):
        clause = _z3.Or([expressions.of(part) for part in clause_of(step, use)])
        solver.add(_z3.Implies(mark, clause))

    def core(places: list[int], units: int = MINIMIZING_UNITS) -> list[int] | None:
        solver.set("rlimit", units)
        if solver.check([marks[place] for place in places]) != _z3.unsat:
            return None
        used = {mark.decl().name() for mark in solver.unsat_core()}
        return [place for place in places if f"use {place}" in used]

    left = core(list(range(len(uses))), 10 * MINIMIZING_UNITS)
    if left is None:
        return None
    for place in list(left):
        if place in left:
            fewer = core([other for other in left if other != place])
            left = left if fewer is None else fewer
    return [uses[place] for place in left]
