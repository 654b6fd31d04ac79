"""What was checked of a hypothesis that was evaluated, in words and with its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import z3

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.formulas import text
from spi_verify.counterexamples.programs.telling.instance import Failure, holding
from spi_verify.counterexamples.programs.telling.wording import listed, names
from spi_verify.games.rationals import format_profile

_SORTS = {
    "Action": ("action", "actions"),
    "Outcome": ("outcome", "outcomes"),
    "OutcomeSet": ("set of outcomes", "sets of outcomes"),
    "Payoffs": ("payoff profile", "payoff profiles"),
    "Player": ("player", "players"),
    "Profile": ("profile of programs", "profiles of programs"),
    "Program": ("program", "programs"),
    "Renegotiation": ("renegotiation function", "renegotiation functions"),
    "Selection": ("selection function", "selection functions"),
    "SetFunction": ("set-valued function", "set-valued functions"),
    "SetFunctions": ("profile of functions", "profiles of functions"),
}


def evaluated(formula: z3.BoolRef, label: str | None, induced: Induced) -> str:
    """Return what makes a formula true that was evaluated for everything listed.

    Of one that says that something exists, that is told, with the numbers that it is about; of one
    that speaks of all there is, of how much that is here. Some have words of their own, by label.
    """
    if label in _SAID:
        return _SAID[label](induced)
    found = holding(formula, induced.theory, induced.structure)
    if found.chosen:
        told = [_element(induced, sort, element) for _, sort, element in found.chosen]
        numbers = list(_numbers(found))
        where = f", where {listed(numbers, 'and')}" if numbers else ""
        return f"true for {listed(told, 'and')}{where}"
    sorts = list(_spoken_of(formula))
    if not sorts:
        return "checked by computation"
    counts = [
        f"{one if count == 1 else f'all {count} {many}'}"
        for (one, many), count in ((_SORTS[s], induced.structure.sizes[s]) for s in sorts)
    ]
    return f"true of {listed(counts, 'and')} listed here"


def _spoken_of(formula: z3.ExprRef) -> Iterator[str]:
    """Yield the sorts of which a formula says something of all elements, each once."""
    counted: Counter[str] = Counter()
    while z3.is_quantifier(formula) and formula.is_forall():
        counted.update(formula.var_sort(k).name() for k in range(formula.num_vars()))
        formula = formula.body()
    yield from (sort for sort in counted if sort in _SORTS)


def _numbers(found: Failure) -> Iterator[str]:
    """Yield the numbers that are compared in what is true."""
    for term in found.part.children():
        if z3.is_arith(term) and not z3.is_rational_value(term):
            yield f"{text(term)} = {found.value(term)}"


def _element(induced: Induced, sort: str, element: int) -> str:
    """Return an element in a few words."""
    if sort == "Player":
        return f"player {element + 1}"
    if sort == "Outcome":
        return f"({names(induced.outcomes[element])})"
    if sort == "Payoffs":
        return format_profile(induced.payoff_profiles[element])
    return f"a {_SORTS.get(sort, ('element', ''))[0]}"


def _below(induced: Induced) -> str:
    paid = induced.game.utilities(induced.scenario.equilibrium)
    least = induced.base.pareto_meet_minimum
    below = [
        f"player {i + 1} gets {u}, less than the PMM of {m}"
        for i, (u, m) in enumerate(zip(paid, least, strict=True))
        if u < m
    ]
    return f"the equilibrium pays {format_profile(paid)}: {listed(below, 'and')}"


def _all_csr(induced: Induced) -> str:
    owners = listed([f"player {i + 1}'s" for i in induced.players], "and")
    return f"{owners} programs in the equilibrium are CSR programs"


def _improving(induced: Induced) -> str:
    payoffs, rn = induced.base.payoffs, induced.scenario.rn
    for entry in () if rn is None else rn.entries:
        before, after = payoffs(entry.outcome), payoffs(induced.base.agreed(entry.image))
        if before != after:
            return (
                "rn takes no outcome to one that pays anybody less, and "
                f"({names(entry.outcome)}), which pays {format_profile(before)}, to one that pays "
                f"{format_profile(after)}"
            )
    return "rn takes no outcome to one that pays anybody less"


_SAID: dict[str | None, Callable[[Induced], str]] = {
    "everybody-uses-csr": _all_csr,
    "extensions-believed": lambda _: "everybody gives the others' extensions positive probability",
    "rn-is-renegotiation-function": _improving,
    "somebody-below-the-pmm": _below,
}


def optimality(induced: Induced) -> str | None:
    """Return what the programs of the equilibrium earn, which nothing exceeds by their beliefs."""
    told: list[Any] = []
    for i, program in enumerate(induced.scenario.equilibrium):
        found = induced.optimality.get((i, induced.programs.index((i, program))))
        if found is None or not found.optimal:
            return None
        told.append((i, found.value))
    if not told:
        return None
    return "; ".join(
        f"player {i + 1}'s program earns {value}, the most that any allowed program earns "
        f"against what player {i + 1} believes"
        for i, value in told
    )
