"""Checking the claims of a model: verdicts with evidence."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spi_verify.errors import InputError, located
from spi_verify.models import counterexample
from spi_verify.models.confirm import Rejected
from spi_verify.models.decide import decide
from spi_verify.models.document import Claim
from spi_verify.models.model import Instance, Model
from spi_verify.models.references import check_references, fixed
from spi_verify.verdicts import Evidence, Result, Verdict

if TYPE_CHECKING:
    from spi_verify.games.expressions import Constraint
    from spi_verify.models.symbolic import ClaimFormula


def check_model(model: Model) -> Iterator[Result]:
    """Decide the claims of a model one after the other.

    Claims about numbers are decided by exhaustive exact evaluation (evidence ``checked``). With
    parameters, z3 and cvc5 decide for all admissible values (``agreement``); a refutation is then
    an instance that was evaluated (``checked``). A claim that cannot be read gives the verdict
    ``error``.

    Parameters
    ----------
    model
        What :func:`spi_verify.models.reader.read_model` returned.
    """
    instance = None if model.parameters[0] else model.instance()
    for name, claim in model.claims:
        started = time.perf_counter()
        id = f"{model.name}/{name}"
        if isinstance(claim, InputError):
            yield Result(id, Verdict.ERROR, reason=str(claim.located(file=model.file)))
            continue
        try:
            with located(file=model.file, where=name):
                found = _decide(model, claim, instance)
        except InputError as error:
            found = {"verdict": Verdict.ERROR, "reason": str(error)}
        yield Result(id=id, expected=claim.expect, seconds=time.perf_counter() - started, **found)


def _decide(model: Model, claim: Claim, instance: Instance | None) -> dict[str, Any]:
    if instance is None:
        return _decide_for_all(model, claim)
    violation = decide(claim, instance)
    if violation is None:
        return {"verdict": Verdict.PROVED, "evidence": Evidence.CHECKED}
    return _refuted(counterexample.build(model, claim, violation, {}))


def _refuted(saved: Mapping[str, Any], remark: str = "") -> dict[str, Any]:
    """Return a refutation, if the counterexample survives being replayed."""
    try:
        told = counterexample.confirm_saved(saved, file="counterexample")
    except Rejected as rejected:
        reason = f"a counterexample was found but not confirmed, please report this: {rejected}"
        return {"verdict": Verdict.UNKNOWN, "reason": reason}
    return {
        "verdict": Verdict.REFUTED,
        "evidence": Evidence.CHECKED,
        "counterexample": saved,
        "reason": told + remark,
    }


def _decide_for_all(model: Model, claim: Claim) -> dict[str, Any]:
    import z3

    from spi_verify.models.region import simple_values
    from spi_verify.models.symbolic import ClaimFormula, to_z3
    from spi_verify.solvers import Status, ask_both
    from spi_verify.solvers.smtlib import to_smtlib

    names, constraints = model.parameters
    zeros = dict.fromkeys(names, Fraction(0))
    check_references(fixed(claim, zeros), model.instance(zeros))
    encoded = ClaimFormula(model, claim)
    named = {str(constraint): to_z3(constraint) for constraint in constraints}
    consistent = ask_both(to_smtlib(named))
    if all(answer.status is Status.UNSAT for answer in consistent):
        core = consistent[0].core
        reason = f"no values are admissible: {' and '.join(core)} contradict each other"
        return {
            "verdict": Verdict.VACUOUS,
            "evidence": Evidence.AGREEMENT,
            "hypotheses_used": core,
            "reason": reason,
        }
    answers = ask_both(to_smtlib(named | {"the claim fails": z3.Not(encoded.formula)}))
    statuses = {answer.status for answer in answers}
    if statuses == {Status.UNSAT}:
        core = tuple(name for name in named if name in answers[0].core)
        return {
            "verdict": Verdict.PROVED,
            "evidence": Evidence.AGREEMENT,
            "hypotheses_used": core,
        }
    if statuses != {Status.SAT}:
        undecided = "; ".join(f"{a.solver}: {a.reason}" for a in answers if a.reason)
        return {"verdict": Verdict.UNKNOWN, "reason": undecided}
    values = simple_values(z3.Not(encoded.formula), constraints, names)
    violation = decide(fixed(claim, values), model.instance(values)) if values else None
    if values is None or violation is None:
        reason = f"the solvers refute the claim, evaluation at {values} does not; please report it"
        return {"verdict": Verdict.UNKNOWN, "reason": reason}
    region = _agreed_region(encoded, constraints)
    at = ", ".join(f"{name} = {value}" for name, value in values.items())
    remark = f" (at {at})"
    if region is not None:
        remark += f"; the claim holds {f'exactly when {region}' if region else 'for no values'}"
    saved = counterexample.build(model, claim, violation, values)
    return _refuted(saved, remark) | {"region": region}


def _agreed_region(encoded: ClaimFormula, constraints: Sequence[Constraint]) -> str | None:
    """Return where the claim holds, in words that both solvers confirm; "" for nowhere."""
    from spi_verify.models.region import find_region, region_formula, region_text
    from spi_verify.models.symbolic import to_z3
    from spi_verify.solvers import Status, ask_both
    from spi_verify.solvers.smtlib import to_smtlib

    cells = find_region(encoded.formula, constraints, encoded.comparisons)
    if cells is None:
        return None
    differs = encoded.formula != region_formula(cells)
    named = {str(constraint): to_z3(constraint) for constraint in constraints}
    answers = ask_both(to_smtlib(named | {"the region differs": differs}))
    if any(answer.status is not Status.UNSAT for answer in answers):
        return None
    return region_text(cells) if cells else ""
