"""Checking the claims of a model: verdicts with evidence."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spi_verify.claims import counterexample
from spi_verify.claims.confirm import confirm
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation
from spi_verify.claims.model import ClaimEntry, Model
from spi_verify.claims.words import told
from spi_verify.effort import MAX_STEPS, limited
from spi_verify.errors import InputError, Rejected, Undecided, located
from spi_verify.solvers import SolverDisagreement
from spi_verify.verdicts import Evidence, Result, Verdict

if TYPE_CHECKING:
    from spi_verify.claims.parameters.asking import Fails


def check_model(model: Model) -> Iterator[Result]:
    """Decide the claims of a model one after the other.

    Claims about numbers are decided by exhaustive exact evaluation (evidence ``checked``). With
    parameters, z3 and cvc5 decide for all admissible values (``agreement``); a refutation is then
    an instance that was evaluated (``checked``). A claim that cannot be read gives the verdict
    ``error``.

    Parameters
    ----------
    model
        What :func:`spi_verify.claims.reader.read_model` returned.

    Raises
    ------
    SolverDisagreement
        When one solver says that a claim can fail and the other that it cannot.
    """
    instance = None if model.parameters[0] else model.instance()
    for entry in model.claims:
        yield check_claim(model, entry, instance)


def check_claim(model: Model, entry: ClaimEntry, instance: Instance | None) -> Result:
    """Decide one claim of a model.

    Parameters
    ----------
    model, entry
        The model, and one of its claims.
    instance
        ``model.instance()``, which the claims of a model can share; None where there are
        parameters.

    Raises
    ------
    SolverDisagreement
        As in :func:`check_model`.
    """
    started = time.perf_counter()
    id, claim = f"{model.name}/{entry.name}", entry.claim
    try:
        with located(file=model.file, where=entry.place):
            if isinstance(claim, InputError):
                raise claim
            found = _decide(id, model, claim, instance)
    except InputError as error:
        found = Result(id, Verdict.ERROR, reason=str(error))
    except Undecided as undecided:
        found = Result(id, Verdict.UNKNOWN, reason=str(undecided))
    except SolverDisagreement:
        raise
    except Exception as error:
        found = _unexpected(id, error)
    if not isinstance(claim, InputError):
        found = replace(found, expected=Verdict(claim.expect))
    return replace(found, seconds=time.perf_counter() - started)


def _unexpected(id: str, error: Exception) -> Result:
    """Return the result of a claim on which this program failed; the others are still decided."""
    if isinstance(error, ValueError) and "set_int_max_str_digits" in str(error):
        return Result(id, Verdict.UNKNOWN, reason="numbers of more than 4300 digits come up")
    if isinstance(error, RecursionError):
        reason = "a resource limit: the functions wait for each other too deeply; nest them less"
        return Result(id, Verdict.UNKNOWN, reason=reason)
    traceback.print_exception(error)
    what = f"internal error, please report it: {type(error).__name__}: {error}"
    return Result(id, Verdict.ERROR, reason=what)


def decide(claim: Claim, instance: Instance) -> Finding:
    """Decide a claim about numbers, by exact evaluation.

    Raises
    ------
    Undecided
        When evaluation does not settle it, with the reason.
    InputError
        When it names what does not exist, or does not make sense.
    """
    with limited(MAX_STEPS):
        claim.check(instance)
        return claim.decide(instance)


def _decide(id: str, model: Model, claim: Claim, instance: Instance | None) -> Result:
    if instance is None:
        return _decide_for_all_values(id, model, claim)
    found = decide(claim, instance)
    if found.violation is None:
        return _holds(id, claim, instance, found)
    refuted = _refuted(id, model, claim, instance, found.violation, {})
    return replace(refuted, region=found.region)


def _holds(id: str, claim: Claim, instance: Instance, found: Finding) -> Result:
    """Return that a claim holds, if the proof that is stated for it, if any, is one."""
    if found.proof is not None:
        try:
            with limited(MAX_STEPS):
                claim.confirm_proof(instance, found)
        except Undecided as undecided:
            reason = f"a proof was found and not gone through: {undecided}"
            return Result(id, Verdict.UNKNOWN, reason=reason)
        except Rejected as rejected:
            reason = f"a proof was found but not confirmed, please report this: {rejected}"
            return Result(id, Verdict.UNKNOWN, reason=reason)
    return Result(
        id,
        Verdict.VACUOUS if found.vacuous else Verdict.PROVED,
        Evidence.AGREEMENT if found.agreed else Evidence.CHECKED,
        hypotheses_used=found.rests_on,
        reason=found.remark,
        region=found.region,
        consistency_open=found.consistency_open,
    )


def _decide_for_all_values(id: str, model: Model, claim: Claim) -> Result:
    from spi_verify.claims.parameters.all_values import decide_for_all_values
    from spi_verify.claims.parameters.asking import Fails, Holds, Vacuous

    def evaluated(values: Mapping[str, Any]) -> bool:
        return decide(claim.fixed(values), model.instance(values)).violation is None

    answer = decide_for_all_values(model, claim, evaluated)
    match answer:
        case Vacuous():
            reason = f"no values are admissible: {' and '.join(answer.core)} contradict each other"
            evidence, unchecked = _graded(answer.unchecked)
            return Result(
                id,
                Verdict.VACUOUS,
                evidence,
                hypotheses_used=answer.core,
                reason="; ".join(filter(None, [reason, unchecked])),
            )
        case Holds():
            evidence, unchecked = _graded(answer.unchecked)
            if unchecked is not None and answer.evaluated:
                unchecked += f"; checked in all {answer.evaluated} cells of the line"
            return Result(
                id,
                Verdict.PROVED,
                evidence,
                hypotheses_used=answer.constraints,
                reason=unchecked,
            )
        case Fails():
            at = _at(answer.values)
            refuting = model.instance(answer.values)
            violation = decide(claim.fixed(answer.values), refuting).violation
            if violation is None:
                reason = f"the solvers refute it at {at}, evaluation does not; please report this"
                return Result(id, Verdict.UNKNOWN, reason=reason)
            found = _refuted(id, model, claim, refuting, violation, answer.values)
            where = _where_it_holds(model, claim, answer)
            return replace(
                found,
                reason=f"{found.reason} (at {at}); {where}",
                region=answer.region,
                region_latex=answer.latex,
            )
        case reason:
            return Result(id, Verdict.UNKNOWN, reason=reason)


def _graded(unchecked: str | None) -> tuple[Evidence, str | None]:
    """Return the evidence of what both solvers say, and why it is no better."""
    if unchecked is None:
        return Evidence.CHECKED, None
    return Evidence.AGREEMENT, f"not checked without solvers: {unchecked}"


def _where_it_holds(model: Model, claim: Claim, answer: Fails) -> str:
    """Say for which values a refuted claim holds, or that this was not found."""
    if answer.region is not None:
        exactly = f"exactly when {answer.region}" if answer.region else "for no values"
        by = f" (say z3 and cvc5; not checked: {answer.unchecked})" if answer.unchecked else ""
        if answer.evaluated:
            solvers = (
                f"not confirmed by solvers: {answer.unchecked}"
                if answer.unchecked
                else ("z3 and cvc5 say the same")
            )
            by = f" (checked in all {answer.evaluated} cells of the line; {solvers})"
        return f"the claim holds {exactly}{by}"
    values = answer.holds_at
    if values is None or decide(claim.fixed(values), model.instance(values)).violation is not None:
        return "for which values the claim holds was not found"
    return f"the claim holds at {_at(values)}; for which values exactly was not found"


def _at(values: Mapping[str, Any]) -> str:
    from spi_verify.claims.parameters.written import value_text

    return ", ".join(f"{name} = {value_text(value)}" for name, value in values.items())


def _refuted(
    id: str,
    model: Model,
    claim: Claim,
    instance: Instance,
    violation: Violation,
    values: Mapping[str, Any],
) -> Result:
    """Return a refutation, if the violation survives being recomputed."""
    try:
        with limited(MAX_STEPS):
            confirm(claim.fixed(values), instance, violation)
    except Undecided as undecided:
        reason = f"a counterexample was found and not confirmed: {undecided}"
        return Result(id, Verdict.UNKNOWN, reason=reason)
    except Rejected as rejected:
        reason = f"a counterexample was found but not confirmed, please report this: {rejected}"
        return Result(id, Verdict.UNKNOWN, reason=reason)
    return Result(
        id,
        Verdict.REFUTED,
        Evidence.CHECKED,
        counterexample=counterexample.build(model, claim, violation, values),
        reason=told(claim, violation, instance.game),
    )
