"""Whether everything that a statement rests on can hold at once: its joint witness.

A proof from hypotheses that contradict each other, or the definitions, says nothing. So a proof
counts fully only where one structure has been found, and evaluated, in which all of this holds:
the statement's hypotheses, definitions and lemmas; the definitions that the proofs of its lemmas
rest on, and the lemmas of these; and the definition of everything that any of them mentions,
listed or not. What the proofs of lemmas suppose beyond that, the statement has to suppose as well.

What the witness must also show is named in a name space of its own, which no fact can enter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace

import z3

from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.deciding import (
    Budget,
    Search,
    part_of,
    search,
    search_contradiction,
    search_grounded,
)
from spi_verify.obligations.grounding import Grounder
from spi_verify.obligations.resting import lemmas_below, mentioned, rests_on
from spi_verify.obligations.statements import Statement
from spi_verify.solvers.smtlib import Rendered
from spi_verify.theory import once_for_each, same_formula, signature

Render = Callable[[z3.BoolRef], Rendered]

_FACT = "fact:"
_DEFINITION = "definition:"
_WITNESS = "witness:"
_GOAL_TOO = f"{_WITNESS}goal"


def label(name: str) -> str:
    """Return what a statement's fact is called in questions to solvers."""
    return f"{_FACT}{name}"


def told(label: str) -> str:
    """Return what people call what stands under a label."""
    if label.startswith(_DEFINITION):
        return f"the definition {label.removeprefix(_DEFINITION)}"
    prefix = _FACT if label.startswith(_FACT) else _WITNESS
    return label.removeprefix(prefix)


def check_definitions(statement: Statement, by_id: Mapping[str, Statement]) -> None:
    """Check that the proofs of a statement's lemmas rest on the definitions of its own theory.

    Raises
    ------
    InputError
        When a lemma is proved under another definition.
    """
    for lemma in lemmas_below(statement, by_id):
        if lemma.theory is statement.theory:
            continue
        for name in rests_on(lemma):
            ours = statement.theory.axiom(name) if name in statement.theory else None
            if ours is None or not same_formula(lemma.theory.axiom(name), ours):
                raise InputError(
                    f"{lemma.id!r} proves a lemma of it with another definition of {name!r}",
                    where=statement.id,
                )


def wanted_in_witness(
    statement: Statement, by_id: Mapping[str, Statement]
) -> dict[str, z3.BoolRef]:
    """Return what has to hold in a statement's witness, by label; the goal is not among it."""
    one, other = z3.Consts("one other", signature.Player)
    wanted: dict[str, z3.BoolRef] = {
        f"{_WITNESS}two players": z3.Exists([one, other], one != other),
        **{label(name): formula for name, formula in statement.facts().items()},
    }
    if statement.scene is not None:
        wanted[f"{_WITNESS}the scene"] = statement.scene
    theory = statement.theory
    below = (name for lemma in lemmas_below(statement, by_id) for name in lemma.definitions)
    others = [name for name in dict.fromkeys(below) if name not in statement.definitions]
    goal = statement.goal.formula
    formulas = [*wanted.values(), goal, *map(theory.axiom, others)]
    others += [name for name in mentioned(formulas, theory) if name not in others]
    listed = {*statement.definitions, *statement.lemmas}
    return wanted | {
        f"{_DEFINITION}{name}": theory.axiom(name) for name in others if name not in listed
    }


def witness(
    wanted: Mapping[str, Rendered],
    goal: Rendered,
    budget: Budget,
    cache: Cache,
    executor: Executor | None,
    *,
    briefly: bool = False,
) -> Search:
    """Find a structure with the goal, or without it where there is none with it.

    Where there is neither, nor a contradiction, the other solver may find a contradiction;
    ``briefly`` with a part of the budget.
    """
    found = search({**wanted, _GOAL_TOO: goal}, budget, cache, executor)
    if found.status != "sat":
        found = search(wanted, budget, cache, executor)
    if found.status == "unknown":
        limits = part_of(budget) if briefly else budget
        other = search_contradiction(wanted, limits, cache, executor)
        found = replace(found, solver_seconds=found.solver_seconds + other.solver_seconds)
        return other if other.status == "unsat" else found
    return found


def witness_of_a_few(
    wanted: Mapping[str, z3.BoolRef],
    goal: z3.BoolRef,
    render: Render,
    grounder: Grounder,
    before: Search,
    budget: Budget,
    cache: Cache,
    executor: Executor | None,
) -> Search:
    """Look for a structure of a few elements, where the search without bounds gave up.

    Only a statement whose steps are all proved needs one; contradictions are the other's to find.
    """
    formulas = {**wanted, _GOAL_TOO: goal}
    rendered = {name: render(formula) for name, formula in formulas.items()}
    return search_grounded(formulas, grounder, rendered, before, budget, cache, executor)


def beyond_evaluation(formulas: Iterable[z3.BoolRef]) -> str | None:
    """Return why no finite structure can be evaluated for formulas, or None where one can."""
    return next(filter(None, map(_beyond, formulas)), None)


@once_for_each
def _beyond(formula: z3.BoolRef) -> str | None:
    for term in _terms([formula]):
        if z3.is_quantifier(term):
            for n in range(term.num_vars()):
                sort = term.var_sort(n)
                if sort.kind() != z3.Z3_UNINTERPRETED_SORT:
                    return f"a formula quantifies over {sort}, which cannot be evaluated"
    return None


def _terms(formulas: Iterable[z3.BoolRef]) -> Iterator[z3.ExprRef]:
    """Yield every term in formulas once."""
    pending: list[z3.ExprRef] = list(formulas)
    seen: set[int] = set()
    while pending:
        term = pending.pop()
        if term.get_id() not in seen:
            seen.add(term.get_id())
            yield term
            pending += [term.body()] if z3.is_quantifier(term) else term.children()
