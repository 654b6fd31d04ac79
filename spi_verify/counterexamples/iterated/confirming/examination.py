"""Iterated programs, held against a statement; no solver is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.counterexamples.iterated.body import (
    BEST_RESPONSE,
    TIGHT,
)
from spi_verify.counterexamples.iterated.confirming.case import Case
from spi_verify.counterexamples.iterated.confirming.response import Response
from spi_verify.counterexamples.kind import Check, Claimed, Confirmation
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.counterexamples.statements.meanings import meaning_of
from spi_verify.errors import InputError, Rejected

_GRANTED = frozenset(
    {
        "replacement",
        "profiles_are_tuples",
        "default_profile",
        "outcome_of_programs",
        "outcomes_are_tuples",
        "agreement_set",
        "renegotiation_outcome",
        "round_profile",
        "icsr_programs",
        "rounds",
        "algorithm_3",
        "caps",
        "modest_offers",
        "generous_offers",
        "icsr_complete",
        "profiles_of_the_proof",
        "induction_on_the_limit",
        "induction_towards_corner",
        "weights",
        "sum_of_payoffs",
        "beliefs_complete",
        "induction_along_path",
        "lavish_caps",
        "lavish_offers",
        "lavish_programs",
    }
)
"""Closed definitions that hold by what iterated programs, sums, lists and inductions are."""


def applies(meaning: Meaning) -> bool:
    """Return whether counterexamples of this kind can refute a statement, by its conclusion."""
    return meaning.goal in (TIGHT, BEST_RESPONSE)


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample of kind ``iterated``; no solver is asked.

    Parameters
    ----------
    claimed
        A statement with the conclusion of Proposition 5, or that of the claim in its proof that a
        program is a best response.
    body
        The game as in model files, ``play`` (``correlated``, or ``pure`` without
        ``joint-randomisation``), ``selection``, ``rounds`` (K),
        ``delta`` and ``defaults`` (constant programs, all of P_1 and of P_2). For a best response
        delta is what the others are offered above the PMM in the end;
        besides, ``epsilon`` for both players, the ``likelihood`` of the opponents who offer
        everything, the ``player`` and a ``better`` program.

    Raises
    ------
    Rejected
        When a hypothesis fails, or the conclusion does not.
    InputError
        When the body is malformed or the statement has another conclusion.
    """
    meaning = meaning_of(claimed)
    if not applies(meaning):
        raise InputError(
            "counterexamples of this kind refute Proposition 5, or that the program of its proof "
            f"is a best response; {claimed.statement} claims something else",
            where="statement",
        )
    return examine(meaning, body)


def examine(meaning: Meaning, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample to a statement with one of the two conclusions."""
    for name in meaning.changed:
        raise Rejected(f"iterated programs are executed with the paper's {name} only")
    for name in meaning.definitions:
        if name not in _GRANTED:
            raise Rejected(f"whether {name} holds for iterated programs is not checked")
    best_response = meaning.goal == BEST_RESPONSE
    case = Response.read(body) if best_response else Case.read(body)
    checks = tuple(case.check(name, label) for name, label in meaning.hypotheses)
    case.check_together({label for _, label in meaning.hypotheses})
    conclusion, story, formerly = case.conclude()
    lines = [*case.setting(), *story]
    if not lines[-1].startswith(f"So {conclusion}"):
        lines.append(f"So {conclusion}.")
    checks = tuple(Check(one.name, case.named(one.how)) for one in checks)
    return Confirmation(
        checks,
        case.named(conclusion),
        tuple(map(case.named, lines)),
        None if formerly is None else lambda: (case.named(formerly),),
    )
