"""Recomputing a stated violation of a claim."""

from __future__ import annotations

from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Violation
from spi_verify.claims.schema import convert
from spi_verify.errors import InputError, located


def confirm(claim: Claim, instance: Instance, violation: Violation) -> None:
    """Recompute a stated violation of a claim, exactly, outcome by outcome.

    Raises
    ------
    Rejected
        When the violation is not one, or a number in it is wrong.
    InputError
        When it names something that does not exist or lacks a key.
    """
    claim.check(instance)
    expected = claim.violations(instance)
    violates = str(violation.get("violates"))
    if violates not in expected:
        raise InputError(
            f"this claim of kind {claim.kind} can be violated by {' or '.join(expected)}, "
            f"not by {violation.get('violates')!r}",
            where="violation.violates",
        )
    with located(where="violation"):
        convert(violation, expected[violates])
        claim.confirm(instance, violation)
