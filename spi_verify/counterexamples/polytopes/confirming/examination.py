"""A feasible set, held against a statement exactly and without a solver."""

from __future__ import annotations

from spi_verify.counterexamples.kind import Body, Check, Claimed, Confirmation
from spi_verify.counterexamples.polytopes.confirming.conclusions import CONCLUSIONS
from spi_verify.counterexamples.polytopes.confirming.hypotheses import CHECKS
from spi_verify.counterexamples.polytopes.polytope import Polytope, read
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.counterexamples.statements.meanings import meaning_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.rationals import format_profile

_GRANTED = frozenset(
    {
        "best_alone_profiles",
        "best_is_profile",
        "mixed_profiles",
        "outcomes_have_profiles",
        "pmm_beside_profiles",
        "pmm_is_profile",
    }
)
"""Closed definitions that hold for any feasible set: they say that there are payoff profiles."""


def applies(meaning: Meaning) -> bool:
    """Return whether a feasible set can refute a statement, by its conclusion."""
    return meaning.goal in CONCLUSIONS


def confirm(claimed: Claimed, body: Body) -> Confirmation:
    """Check a feasible set against a statement, exactly and without a solver.

    Parameters
    ----------
    claimed
        A statement with one of the two conclusions.
    body
        ``corners``, ``player`` and ``point``; payoffs are rationals as text.

    Raises
    ------
    Rejected
        When a hypothesis fails or is not checked, or the point does not show what it should.
    InputError
        When the statement or the body cannot be read.
    """
    meaning = meaning_of(claimed)
    if not applies(meaning):
        raise InputError(
            "a feasible set refutes that projections have points, or that a concession is "
            f"efficient; {claimed.statement} claims something else",
            where="statement",
        )
    return examine(meaning, read(body))


def examine(meaning: Meaning, example: Polytope) -> Confirmation:
    """Check a feasible set against a statement with one of the known conclusions."""
    for name in meaning.changed:
        raise Rejected(f"a feasible set is checked with the paper's {name} only")
    for name in meaning.definitions:
        if name not in _GRANTED:
            raise Rejected(f"whether {name} holds for a feasible set is not checked")
    if not example.is_feasible(example.point):
        raise Rejected(f"the point {format_profile(example.point)} is not feasible")
    conclusion, story = CONCLUSIONS[str(meaning.goal)](example)
    checks = tuple(_check(name, label, example) for name, label in meaning.hypotheses)
    feasible = ", ".join(map(format_profile, example.corners))
    within = "" if example.pure else "in the convex hull of "
    many = len(example.players)
    opening = (
        f"{many} player{'' if many == 1 else 's'}; feasible are the payoff profiles {within}"
        f"{feasible}."
    )
    return Confirmation(checks, conclusion, (opening, *story, f"So {conclusion}."))


def _check(name: str, label: str | None, example: Polytope) -> Check:
    check = CHECKS.get(str(label))
    if check is None:
        raise Rejected(f"the hypothesis {name} is not checked for feasible sets")
    return Check(name, check(example))
