"""Plays of several games as truth values: asking z3 and cvc5 whether there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from spi_verify.delegation.constraints import Constraint, Play
from spi_verify.errors import Undecided
from spi_verify.solvers import Status, ask_both

_Z3_RESOURCES = 20_000_000
_CVC5_RESOURCES = 1_000_000
_MAX_LITERALS = 2_000_000


def ask_for_a_play(
    sizes: Sequence[int], constraints: Mapping[str, Constraint]
) -> Play | frozenset[str]:
    """Ask both solvers for a play that satisfies all constraints.

    Parameters
    ----------
    sizes
        How many outcomes each game has.
    constraints
        What has to be satisfied, by name.

    Returns
    -------
    Play or set of names
        A play that one of them found, which is to be confirmed; or the names of constraints that
        contradict each other, as both say.

    Raises
    ------
    Undecided
        When they do not settle it within their resources.
    SolverDisagreement
        When one finds a play and the other says that there is none.
    """
    literals = sum(int(c.allowed.sum()) for c in constraints.values())
    if literals > _MAX_LITERALS:
        raise Undecided(
            f"a resource limit: the correspondences allow {literals:,} pairs of outcomes, and the "
            f"solvers are asked up to {_MAX_LITERALS:,}"
        )
    answers = ask_both(
        "\n".join(_script(sizes, list(constraints.values()))),
        z3_resources=_Z3_RESOURCES,
        cvc5_resources=_CVC5_RESOURCES,
    )
    if all(answer.status is Status.UNSAT for answer in answers):
        names = list(constraints)
        cores = (sorted(int(name.removeprefix("c")) for name in a.core) for a in answers)
        return frozenset(names[k] for k in min(cores, key=len))
    for answer in answers:
        if answer.status is Status.SAT:
            true = {name for name, value in answer.model.items() if value}
            return tuple(
                next(a for a in range(size) if _name(g, a) in true) for g, size in enumerate(sizes)
            )
    said = "; ".join(f"{answer.solver}: {answer.reason or answer.status}" for answer in answers)
    raise Undecided(f"undecided ({said})")


def _name(game: int, outcome: int) -> str:
    return f"x{game}_{outcome}"


def _script(sizes: Sequence[int], constraints: Sequence[Constraint]) -> Iterator[str]:
    """Write that each game has one outcome, and that what is played has support."""
    yield "(set-logic QF_UF)"
    for g, size in enumerate(sizes):
        names = [_name(g, a) for a in range(size)]
        yield from (f"(declare-fun {name} () Bool)" for name in names)
        yield f"(assert (or false {' '.join(names)}))"
        yield from _at_most_one(g, names)
    for k, constraint in enumerate(constraints):
        sides = dict.fromkeys((constraint.first, constraint.second))
        clauses = [clause for game in sides for clause in _supported(constraint, game)]
        yield f"(assert (! (and true {' '.join(clauses)}) :named c{k}))"


def _at_most_one(game: int, names: Sequence[str]) -> Iterator[str]:
    """Say that at most one is true: ``y`` is true from the one that is on."""
    for a, name in enumerate(names):
        yield f"(declare-fun y{game}_{a} () Bool)"
        yield f"(assert (=> {name} y{game}_{a}))"
        if a:
            yield f"(assert (=> y{game}_{a - 1} y{game}_{a}))"
            yield f"(assert (not (and y{game}_{a - 1} {name})))"


def _supported(constraint: Constraint, game: int) -> Iterator[str]:
    other, allowed = constraint.between(game)
    for a, row in enumerate(allowed):
        if not row.all():
            images = " ".join(_name(other, int(b)) for b in np.flatnonzero(row))
            yield f"(=> {_name(game, a)} (or false {images}))"
