"""What the violations of claims look like in files: one schema for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


class WorseOffer(_Violation):
    """Against these functions (None: the player's own) a set holds something worse."""

    outcome: OutcomeReference
    against: list[str | None]
    offered: list[str]
    player: int
    before: str
    after: str


class NoOffer(_Violation):
    """Against these functions, nothing better is offered at any outcome."""

    against: list[str | None]


class _Run(_Violation):
    outcome: OutcomeReference
    selection: str
    sets: list[Any]
    agreement: list[Any]
    selected: list[str]


class AgreementPoint(_Run):
    """The point is agreed on and not claimed, or claimed and not agreed on."""

    point: list[str]


class RenegotiatedLoss(_Run):
    """``player`` gets less than the default outcome, or the PMM, where it counts, pays."""

    player: int
    least: str
    gets: str


class NothingGained(_Violation):
    """With this selection function nobody gains from any of the default outcomes."""

    selection: str
    defaults: int


class BelievedRun(msgspec.Struct, forbid_unknown_fields=True):
    """What both programs reach and earn against one believed profile."""

    profile: str
    outcome: OutcomeReference
    selection: str
    sets: list[Any]
    agreement: list[Any]
    selected: list[str]
    selected_with_other: list[str]
    earns: str
    other_earns: str
    weight: str | None = None


class NotPreferred(_Violation):
    """The difference of the expected payoffs is less than ``by``."""

    believed: list[BelievedRun]
    difference: str
    by: str


class Weights(_Violation):
    """The weights of the first profile for which the one program earns as much are others."""

    believed: list[BelievedRun]
    claimed: list[str]
    actual: list[str]


class ExtensionHurts(_Run):
    """``player`` gets less with the PMP-extension."""

    profile: str
    extended_sets: list[Any]
    extended_agreement: list[Any]
    extended_selected: list[str]
    player: int
    before: str
    after: str


class ExtensionPunished(_Violation):
    """``player``'s set loses the point, or gains it though it is no allowed projection."""

    profile: str
    outcome: OutcomeReference
    selection: str
    player: int
    before: list[Any]
    after: list[Any]
    allowed: list[Any]
    point: list[str]
    change: str


class NotTransitive(_Violation):
    """What is added weakly improves on what is selected, and then ``player`` gets less."""

    set: list[list[str]]
    added: list[list[str]]
    selected: list[str]
    selected_from_both: list[str]
    player: int
    before: str
    after: str


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
    "worse-offer": WorseOffer,
    "no-offer": NoOffer,
    "agreement-left-out": AgreementPoint,
    "agreement-outsider": AgreementPoint,
    "selected": _Run,
    "renegotiated-loss": RenegotiatedLoss,
    "nothing-gained": NothingGained,
    "not-preferred": NotPreferred,
    "weights": Weights,
    "extension-hurts": ExtensionHurts,
    "extension-punished": ExtensionPunished,
    "not-transitive": NotTransitive,
}
"""The schema of each violation, by the name that stands under ``violates``."""
