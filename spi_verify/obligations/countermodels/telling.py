"""Why a step is not proved, told in words and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from spi_verify.obligations.countermodels.diagnosing import Failure
from spi_verify.obligations.countermodels.explaining import explain
from spi_verify.obligations.countermodels.naming import Names
from spi_verify.obligations.countermodels.told import ToldFailure
from spi_verify.theory.evaluate import Structure

ROWS = 12
"""A function with more values than this is not told in full."""


def tell(failure: Failure) -> ToldFailure:
    """Tell why a step is not proved.

    Parameters
    ----------
    failure
        What was found.
    """
    listed = failure.facts if failure.listed else ()
    enough = failure.enough or ()
    missing = tuple(name for name in enough if name not in listed)
    structure = failure.structure
    told = ToldFailure(
        failure.statement.id, failure.step.name, _conclusion(failure, missing), missing, enough
    )
    if structure is None:
        return told
    names = Names(structure)
    players, payoffs = _payoffs(structure, names)
    return ToldFailure(
        **{
            **vars(told),
            "failing": failure.failing,
            "players": players,
            "payoffs": payoffs,
            "lines": tuple(_lines(failure, structure, names)),
            "structure": _data(structure),
        }
    )


def _conclusion(failure: Failure, missing: tuple[str, ...]) -> str:
    step = f"step {failure.step.name!r}"
    if missing:
        return f"{step} is proved with more facts than it lists: add {', '.join(missing)}"
    number = "the fact" if len(failure.facts) == 1 else f"the {len(failure.facts)} facts"
    facts = f"{number} " + ("it lists" if failure.listed else "in scope (it lists none)")
    if failure.enough is not None:
        fewer = ", ".join(failure.enough) or "nothing"
        return f"{step} is proved from fewer facts than it lists: {fewer}"
    if failure.structure is None:
        return f"{step} is not proved from {facts}, and no structure was found in which it fails"
    if not failure.everything:
        return f"{step} does not follow from {facts}: it fails in a structure in which these hold"
    return (
        f"{step} does not follow from anything in scope: it fails in a structure in which all of "
        "that holds"
    )


def _payoffs(
    structure: Structure, names: Names
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if "u" not in structure.tables:
        return (), ()
    players = range(structure.sizes["Player"])
    u = structure.tables["u"]
    rows = [
        (names.element("Outcome", x), *(str(Fraction(u[player, x])) for player in players))
        for x in range(structure.sizes["Outcome"])
    ]
    return tuple(names.element("Player", player) for player in players), tuple(rows)


def _lines(failure: Failure, structure: Structure, names: Names) -> Iterator[str]:
    """Say where the step fails, what holds there, what does not, and what else is the case."""
    theory = failure.statement.theory
    definitions = {name: theory.axiom(name) for name in theory if theory[name].sorts}
    found = explain(failure.step.formula, structure, definitions)
    if found.chosen:
        yield f"it fails for {', '.join(found.chosen)}"
    yield from (f"it supposes what holds: {said}" for said in found.holds)
    for number, said in enumerate(found.fails):
        yield f"since this fails: {said}" if number else f"what fails is: {said}"
    yield from found.values
    if not found.values:
        yield from _tables(failure, structure, names)
    if failure.facts:
        yield f"what the step may use holds: {', '.join(failure.facts)}"
    if failure.failing:
        yield f"what does not hold, and the step may not use: {', '.join(failure.failing)}"
    yield "this is a countermodel of the step from these facts; the statement may hold all the same"


def _tables(failure: Failure, structure: Structure, names: Names) -> Iterator[str]:
    """Tell values of functions that the step speaks of, but for payoffs and predicates."""
    from spi_verify.theory import subterms

    symbols: Mapping[str, Any] = {
        term.decl().name(): term.decl()
        for term in subterms(failure.step.formula)
        if term.children() and term.decl().name() in structure.tables
    }
    for name, function in sorted(symbols.items()):
        table = structure.tables[name]
        if name == "u" or len(table) > ROWS or any(isinstance(v, bool) for v in table.values()):
            continue
        for row, found in table.items():
            arguments = [names.value(function.domain(k), one) for k, one in enumerate(row)]
            yield names.told(function, arguments, names.value(function.range(), found))


def _data(structure: Structure) -> dict[str, Any]:
    return {
        "sizes": dict(structure.sizes),
        "tables": {
            name: [
                [list(row), str(value) if isinstance(value, Fraction) else value]
                for row, value in table.items()
            ]
            for name, table in structure.tables.items()
        },
    }
