"""Which instances and witnesses a step is contradictory by: solvers find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Term
from spi_verify.obligations.certificates.expressions import Expressions

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
    """Return every instance and witness there is, with slots, and which slots stand for all."""
    found: list[tuple[Use, Sequence[Term]]] = []
    for number, quantifier in enumerate(step.language.quantifiers):
        slots = tuple(slots_of(step, number))
        free = slots[: len(quantifier.free)]
        found += [(("w", number, free), free)]
        found += [(("i", number, slots), slots)]
    return found


def instances_by_z3(step: Step, units: int, *, seed: int = 0) -> list[Use]:
    """Return the instances that z3 makes in refuting a step, whether or not it gets there."""
    expressions = Expressions(step.language)
    solver = _z3.SimpleSolver(ctx=expressions.context)
    solver.set("rlimit", units, "random_seed", seed)
    names: dict[str, tuple[str, int, int]] = {}

    def note(proof: Any, *_: Any) -> None:
        if _z3.is_app(proof) and proof.decl().name() == "inst":
            for bind in proof.children():
                if _z3.is_app(bind) and bind.decl().name() == "bind":
                    quantifier = proof.arg(0)
                    quantifier = quantifier.arg(0) if _z3.is_not(quantifier) else quantifier
                    found.append((quantifier, bind.children()))

    found: list[tuple[Any, list[Any]]] = []
    watcher = _z3.OnClause(solver, note)
    for formula in step.assertions:
        solver.add(expressions.of(formula))
    for sort in step.language.sorts:
        some = step.language.make("apply", (), sort, f"!{sort}")
        named = _z3.Function(f"some {sort}", expressions.sort(sort), expressions.sort("Bool"))
        solver.add(named(expressions.of(some)))  # a solver uses terms that it knows
    ground: list[Use] = []
    for use, slots in schemes(step):
        formula = _z3.Or([expressions.of(part) for part in clause_of(step, use)])
        if not slots:
            ground.append(use)
            solver.add(formula)
            continue
        variables = []
        for place, slot in enumerate(slots):
            name = f"{use[0]}{use[1]}.{place}"
            names[name] = (use[0], use[1], place)
            variables.append(_z3.Const(name, expressions.sort(slot.sort)))
        pairs = [(expressions.of(slot), variables[n]) for n, slot in enumerate(slots)]
        solver.add(_z3.ForAll(variables, _z3.substitute(formula, *pairs)))
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
            equations.extend([(formula.args[0], formula.args[1]), formula.args[::-1]])

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

    def core(places: list[int]) -> list[int] | None:
        solver.set("rlimit", MINIMIZING_UNITS)
        if solver.check([marks[place] for place in places]) != _z3.unsat:
            return None
        used = {mark.decl().name() for mark in solver.unsat_core()}
        return [place for place in places if f"use {place}" in used]

    left = core(list(range(len(uses))))
    if left is None:
        return None
    for place in list(left):
        if place in left:
            fewer = core([other for other in left if other != place])
            left = left if fewer is None else fewer
    return [uses[place] for place in left]
