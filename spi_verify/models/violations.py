"""What the violations of claims look like in files: one schema for each kind."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from spi_verify.models.document import MixturePart, OutcomeReference


class _Violation(msgspec.Struct, forbid_unknown_fields=True):
    violates: str


class Loss(_Violation):
    """``player`` gets ``after`` at the image and ``before`` at the outcome."""

    outcome: OutcomeReference
    image: OutcomeReference
    player: int
    before: str
    after: str


class NoGain(_Violation):
    """Nobody gains at any of the ``outcomes`` many outcomes."""

    outcomes: int


class BelowPmm(_Violation):
    """``player`` gets ``after`` at the image and has the PMM ``pmm``."""

    outcome: OutcomeReference
    image: OutcomeReference
    player: int
    after: str
    pmm: str


class Inefficient(_Violation):
    """The outcome is listed as efficient, and this lottery dominates it."""

    outcome: list[str]
    payoffs: list[str]
    dominated_by: list[MixturePart]


class Listing(_Violation):
    """The outcome is listed and should not be, or the other way round."""

    outcome: list[str]
    payoffs: list[str]


class Pmm(_Violation):
    """``player``'s PMM is ``actual``, not ``claimed``."""

    player: int
    claimed: str
    actual: str
    attained_by: list[str]


class PmpSegment(_Violation):
    """The projection is the segment between these payoff profiles."""

    actual: list[list[str]]


SCHEMAS: Mapping[str, type[_Violation]] = {
    "loss": Loss,
    "no-gain": NoGain,
    "below-pmm": BelowPmm,
    "inefficient": Inefficient,
    "efficient-left-out": Listing,
    "pmm": Pmm,
    "pmp-outsider": Listing,
    "pmp-left-out": Listing,
    "pmp-segment": PmpSegment,
}
"""The schema of each violation, by the name that stands under ``violates``."""
