"""Which facts prove a step that lists none: those in scope, the likeliest first.

Facts are ranked by the symbols that they share with the step, and more and more of the best are
offered to the solvers. Whatever they prove the step from is minimised and proved again by both, as
every list of facts is, so that nothing has to be believed about how it was found.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from spi_verify.executors import Died, ask
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.deciding import NEGATED_GOAL, Budget, decide, decide_here, lasts
from spi_verify.solvers import Answer, Status, ask_cvc5, ask_z3, versions
from spi_verify.solvers.smtlib import Rendered, script

OFFERED = (6, 12, 24, 48)
"""How many of the best facts are offered, before all of them are."""

JOINS = 0.75
"""A fact with a higher score brings its symbols along."""

SHARES = (Fraction(1, 5), Fraction(1))
"""What share of a step's budget each question may take: little at first, then all of it."""


@dataclass(frozen=True)
class Found:
    """Which facts prove a step.

    Parameters
    ----------
    facts
        Their names, none of which can be left out as far as the solvers can tell; None where no
        facts in scope were found to prove it.
    agreed
        Whether both solvers prove it from these alone.
    offered
        How many facts the solvers were offered when they found these; 0 where they were known.
    seconds
        Time that solvers spent on it.
    reason
        Why there are none.
    cached
        Whether this was found in the cache.
    kept
        Whether these were written beside the suite already.
    """

    facts: tuple[str, ...] | None
    agreed: bool
    offered: int
    seconds: float
    reason: str | None = None
    cached: bool = False
    kept: bool = False


def ranked(
    step: Rendered, facts: Mapping[str, Rendered], defines: Mapping[str, frozenset[str]]
) -> list[str]:
    """Return names of facts, the likeliest to be of use first.

    Parameters
    ----------
    step
        What is to be proved.
    facts
        What may be used, by name, in the order in which it was stated.
    defines
        For each definition among them, the symbols that it says everything about.
    """
    relevant = set(step.functions)
    symbols = {name: frozenset(fact.functions) for name, fact in facts.items()}
    occurrences = Counter(symbol for found in symbols.values() for symbol in found)
    weight = {symbol: 1 + 2 / math.log(1 + number) for symbol, number in occurrences.items()}
    place = {name: 0.15 * k / max(1, len(facts) - 1) for k, name in enumerate(facts)}

    def score(name: str) -> float:
        # sums of floats depend on their order, and sets of text have another in each process
        shared = math.fsum(weight[symbol] for symbol in symbols[name] & relevant)
        strange = len(symbols[name] - relevant)
        share = shared / (shared + strange) if shared else 0.0
        defined = 0.5 if defines.get(name, frozenset()) & relevant else 0.0
        return share + defined + place[name]

    order: list[str] = []
    left = list(facts)
    while left:
        best = max(left, key=score)
        if score(best) > JOINS:
            relevant |= symbols[best]
        left.remove(best)
        order.append(best)
    return order


def find(
    step: Rendered,
    negated: Rendered,
    facts: Mapping[str, Rendered],
    defines: Mapping[str, frozenset[str]],
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
    *,
    first: Sequence[tuple[str, ...]] = (),
) -> Found:
    """Find facts that prove a step.

    Parameters
    ----------
    step, negated
        The step's formula, and its negation.
    facts, defines
        As :func:`ranked` takes them.
    budget
        What a step may cost whose facts are listed.
    cache
        Where answers are kept.
    executor
        Where the solvers are asked, if not here.
    first
        Lists of facts to try before any search.

    Raises
    ------
    SolverDisagreement
        When one solver proves the step from facts and the other has a counterexample.
    """
    for names in first:
        if all(name in facts for name in names):
            given = {name: facts[name] for name in facts if name in names}
            decision = decide(given, negated, budget, cache, executor)
            if decision.proved:
                seconds = decision.solver_seconds
                return Found(decision.core, decision.agreed, 0, seconds, None, decision.cached)
    question = {
        "kind": "facts",
        "script": script({**facts, NEGATED_GOAL: negated}),
        "defines": {name: sorted(symbols) for name, symbols in defines.items()},
        "budget": asdict(budget),
        "versions": versions(),
    }
    kept = cache.get(question)
    if kept is not None:
        known = None if kept["facts"] is None else tuple(kept["facts"])
        return Found(**{**kept, "facts": known, "cached": True})
    try:
        found = ask(executor, search_facts, ranked(step, facts, defines), negated, facts, budget)
    except Died as died:
        found = Found(None, False, len(facts), 0.0, str(died))
    if lasts(found.reason):
        answer = asdict(found)
        del answer["cached"], answer["kept"]
        cache.put(question, answer)
    return found


def search_facts(
    order: Sequence[str], negated: Rendered, facts: Mapping[str, Rendered], budget: Budget
) -> Found:
    """Offer the solvers more and more facts in an order, in this process; keep nothing.

    A list that one solver alone proves the step from is taken where none was found for both.
    """
    seconds, accident = 0.0, None
    alone: Found | None = None
    tried: set[tuple[str, ...]] = set()
    for offered, answer in _answers(order, negated, facts, budget):
        seconds += answer.seconds
        accident = accident if lasts(answer.reason) else answer.reason
        core = tuple(name for name in facts if name in answer.core)
        if answer.status is not Status.UNSAT or core in tried:
            continue
        tried.add(core)
        decision = decide_here({name: facts[name] for name in core}, negated, budget)
        seconds += decision.solver_seconds
        if decision.agreed:
            return Found(decision.core, True, offered, seconds)
        if decision.proved and alone is None:
            alone = Found(decision.core, False, offered, seconds)
    if alone is not None:
        return alone
    why = accident or f"none of the {len(facts)} facts in scope were found to prove it"
    return Found(None, False, len(facts), seconds, why)


def _answers(
    order: Sequence[str], negated: Rendered, facts: Mapping[str, Rendered], budget: Budget
) -> Iterator[tuple[int, Answer]]:
    """Yield how many facts are offered, and what a solver answers."""
    sizes = [*(size for size in OFFERED if size < len(order)), len(order)]
    limits: dict[str, Any] = {"seed": budget.seed, "wall_clock": budget.wall_clock}
    for share in SHARES:
        for size in sizes:
            best = set(order[:size])
            offered = {name: fact for name, fact in facts.items() if name in best}
            text = script({**offered, NEGATED_GOAL: negated})
            yield size, ask_cvc5(text, resource_limit=int(budget.cvc5 * share), **limits)
            yield size, ask_z3(text, resource_limit=int(budget.z3 * share), **limits)
