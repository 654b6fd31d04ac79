"""The violations that several kinds of claims have: their keys in files, and how they are told."""

from __future__ import annotations

from typing import Any

from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.kind import Violation, ViolationKeys
from spi_verify.claims.words import run_shown, shown, who


class Loss(ViolationKeys):
    """``player`` gets ``after`` at the image and ``before`` at the outcome."""

    outcome: OutcomeReference
    image: OutcomeReference
    player: int
    before: str
    after: str


class NoGain(ViolationKeys):
    """Nobody gains at any of the ``outcomes`` many outcomes."""

    outcomes: int


class Listing(ViolationKeys):
    """The outcome is listed and should not be, or the other way round."""

    outcome: list[str]
    payoffs: list[str]


class Run(ViolationKeys):
    """What the players agree on from an outcome, and what is selected."""

    outcome: OutcomeReference
    selection: str
    sets: list[Any]
    agreement: list[Any]
    selected: list[str]


class RenegotiatedLoss(Run):
    """``player`` gets less than the default outcome, or the PMM, where it counts, pays."""

    player: int
    least: str
    gets: str


def loss_told(function: str, v: Violation) -> str:
    """Tell who loses by a function."""
    return (
        f"{function} sends {shown(v['outcome'])} to {shown(v['image'])}, "
        f"where {who(v)} gets {v['after']} instead of {v['before']}"
    )


def renegotiated_loss_told(v: Violation, least: str) -> str:
    """Tell who ends below what is the least that they should get."""
    return f"{run_shown(v)}: {who(v)} gets {v['gets']}, and {least} {v['least']}"
