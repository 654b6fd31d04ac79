"""Steps without a list of facts get one: kept beside the suite, or found."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import z3

from spi_verify.obligations import kept_facts
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import Render, label, told
from spi_verify.obligations.deciding import Budget
from spi_verify.obligations.facts import Found, find
from spi_verify.obligations.statements import Statement, Step
from spi_verify.verdicts import Verdict

Submit = Callable[[str, Callable[[], Found]], "Future[Found]"]
"""Takes the name of a question and what asks it."""

_Known = dict[str, tuple[str, ...]]
"""For a step's negation, the facts that proved it elsewhere."""


@dataclass(frozen=True)
class Filled:
    """A statement whose steps list facts, and what was found for those that listed none.

    Parameters
    ----------
    statement
        A step that nothing was found for has no list.
    found
        By the name of the step.
    """

    statement: Statement
    found: Mapping[str, Found]


def fill(
    statements: Sequence[Statement],
    submit: Submit,
    render: Render,
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> dict[str, Filled]:
    """Find facts for the steps that list none, and return the statements by id.

    Statements that are expected to be proved come first: the same steps of other readings are
    tried with what was found for theirs.

    Parameters
    ----------
    statements
        Which.
    submit
        Has a question asked, possibly by another thread.
    render
        Writes formulas as text, in this thread.
    budget
        What a step may cost whose facts are listed.
    cache
        Where answers are kept.
    executor
        Where the solvers are asked, if not here.
    """
    kept: dict[Path, kept_facts.Lists] = {}
    known: _Known = {}
    found: dict[str, dict[str, Found]] = {}
    for wanted in (True, False):
        asked: list[tuple[Statement, Step, tuple[str, ...] | None, Future[Found]]] = []
        for statement in statements:
            if (statement.expected is Verdict.PROVED) is not wanted:
                continue
            before = _kept(statement, kept)
            for step in statement.steps:
                if step.uses is None:
                    first = before.get(step.name)
                    ask = _question(statement, step, first, known, render, budget, cache, executor)
                    future = submit(f"{statement.id}: facts for {step.name}", ask)
                    asked.append((statement, step, first, future))
        for statement, step, first, future in asked:
            answer = _marked(future.result(), first)
            found.setdefault(statement.id, {})[step.name] = answer
            if answer.facts is not None:
                known.setdefault(render(z3.Not(step.formula)).declared, answer.facts)
            _say_if_outdated(statement, step, first, answer)
    return {
        one.id: Filled(_filled(one, found.get(one.id, {})), found.get(one.id, {}))
        for one in statements
    }


def in_scope(
    statement: Statement, step: Step
) -> tuple[dict[str, z3.BoolRef], dict[str, frozenset[str]]]:
    """Return by label what a step may use where it lists nothing, and what definitions define."""
    formulas = {**statement.facts(), **{one.name: one.formula for one in statement.steps}}
    names = statement.scope(step)
    defines = {
        label(name): frozenset(symbol.name() for symbol in statement.theory[name].about)
        for name in statement.definitions
    }
    return {label(name): formulas[name] for name in names}, defines


def _kept(
    statement: Statement, known: dict[Path, kept_facts.Lists]
) -> Mapping[str, tuple[str, ...]]:
    source = statement.source
    if source is None or all(step.uses is not None for step in statement.steps):
        return {}
    if source not in known:
        known[source] = kept_facts.read(source)
    return known[source].get(statement.id, {})


def _question(
    statement: Statement,
    step: Step,
    first: tuple[str, ...] | None,
    known: _Known,
    render: Render,
    budget: Budget,
    cache: Cache,
    executor: Executor | None,
) -> Callable[[], Found]:
    formulas, defines = in_scope(statement, step)
    facts = {name: render(formula) for name, formula in formulas.items()}
    negated = render(z3.Not(step.formula))
    lists = [] if first is None else [tuple(map(label, first))]
    lists += [known[negated.declared]] if negated.declared in known else []
    return partial(
        find, render(step.formula), negated, facts, defines, budget, cache, executor, first=lists
    )


def _marked(answer: Found, first: tuple[str, ...] | None) -> Found:
    """Return what was found, with whether it is what was kept."""
    kept = first is not None and answer.offered == 0 and answer.facts is not None
    if kept:
        kept = set(map(told, answer.facts or ())) <= set(first or ())
    return replace(answer, kept=kept)


def _say_if_outdated(
    statement: Statement, step: Step, first: tuple[str, ...] | None, answer: Found
) -> None:
    """Say that a list which was kept proves the step no more."""
    if first is None or answer.kept or statement.dropped:
        return
    became = "none are found now" if answer.facts is None else "others are: --write keeps them"
    assert statement.source is not None
    warnings.warn(
        f"{kept_facts.file_of(statement.source)}: step {step.name!r} of {statement.id} is not "
        f"proved from the facts kept for it any more; {became}",
        stacklevel=2,
    )


def _filled(statement: Statement, found: Mapping[str, Found]) -> Statement:
    if not found:
        return statement
    steps = []
    for step in statement.steps:
        answer = found.get(step.name)
        if answer is not None and answer.facts is not None:
            step = Step(step.name, step.formula, map(told, answer.facts))
        steps.append(step)
    return replace(statement, steps=tuple(steps))
