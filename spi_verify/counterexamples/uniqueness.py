"""Whether a counterexample is the only one of its size, up to names and scales."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import canonical
from spi_verify.counterexamples.looking import at_hand, confirmed, kind_for, refutations
from spi_verify.counterexamples.registry import named
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import Statement

LOOK = 24
"""How many candidates of a group are executed before the question is left open."""


def has_equals(statement: Statement, bounds: Bounds, refutation: Mapping[str, Any]) -> bool | None:
    """Return whether a statement has other counterexamples of the same size.

    The size of a counterexample made of programs is the number of players, outcomes and default
    programs. Two counterexamples are the same if renaming players and actions, and rescaling
    payoffs, makes them so.

    Parameters
    ----------
    statement
        What is refuted.
    bounds
        How far to search; the game, if it is fixed.
    refutation
        The counterexample.

    Returns
    -------
    bool or None
        False only where every world of this size that is searched for the statement was, and has
        no other. None where that is open.
    """
    bounds.tell("found one; whether others of its size refute it, too")
    bounds = replace(bounds, trying=None)
    statement = closed(statement)
    kind, claimed = kind_for(statement, []), at_hand(statement)
    size, form = size_of(refutation), canonical(refutation)

    def equals(other: Mapping[str, Any]) -> bool:
        return size_of(other) == size and canonical(other) != form

    notes: list[str] = []
    groups = kind.every(statement, bounds, size, notes)
    if groups is None:
        listed = refutations(statement, replace(bounds, candidates=LOOK))
        return True if any(map(equals, itertools.islice(listed, 2))) else None
    certain = True
    for group in groups:
        exhausted = False
        for body in itertools.islice(group, LOOK):
            if body is None:
                exhausted = True
                break
            try:
                other = confirmed(claimed, kind, body)
            except (Rejected, InputError):
                certain = False
                continue
            if equals(other):
                return True
        certain = certain and exhausted
    return False if certain and not notes else None


def size_of(refutation: Mapping[str, Any]) -> tuple[int, ...]:
    """Return how large a counterexample is, as numbers that are compared in this order."""
    return named(refutation["kind"]).size(refutation[refutation["kind"]])
