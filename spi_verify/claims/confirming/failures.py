"""Comparing what a stated play pays with what a claim says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from spi_verify.claims.confirming.plays import CarriedOut, Table, after_steps
from spi_verify.claims.confirming.stated import require_same
from spi_verify.claims.words import shown, texts
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Outcome, Payoffs

Strict = str | Sequence[Sequence[str]] | None
Pays = Mapping[Outcome, Payoffs]


def require_failure(
    played: CarriedOut, before: Pays, after: Pays, strict: Strict, v: Mapping[str, Any]
) -> None:
    """Check that in a play somebody loses, or nobody gains where the claim says that somebody does.

    Parameters
    ----------
    played
        The play, as it was carried out.
    before, after
        What the outcomes of the two games pay.
    strict
        Where the claim says that somebody gains.
    v
        What is stated.

    Raises
    ------
    Rejected
        When it is not so.
    """
    mine, theirs = before[played.outcome], after[played.image]
    if v["violates"] == "loss":
        i = v["player"] - 1
        if not 0 <= i < len(mine):
            raise InputError(f"there is no player {i + 1}", where="player")
        require_same(v, "before", mine[i])
        require_same(v, "after", theirs[i])
        if not theirs[i] < mine[i]:
            raise Rejected(f"player {i + 1} does not lose")
        return
    if mine != theirs or v["payoffs"] != texts(mine):
        raise Rejected("the two outcomes do not pay the same, or not what is stated")
    if v["violates"] == "no-gain":
        named = [v["outcome"]] if strict is None or isinstance(strict, str) else list(strict)
        if strict in (None, "somewhere") or v["outcome"] not in named:
            raise Rejected("the claim says nothing about a gain at this outcome")
        return
    if strict != "somewhere" or v["outcomes"] != len(played.first.pays):
        raise Rejected("the claim says no such thing, or another number of outcomes is left")
    for o in played.first.pays:
        image = played.image
        if played.same:
            image = o
        elif played.maps is not None:
            image = tuple(own[a] for own, a in zip(played.maps, o, strict=True))
        if before[o] != after[image]:
            raise Rejected(f"somebody gains, or loses, at {shown(o)}")


def require_never_played(
    table: Table,
    assumptions: Collection[str],
    strict: Strict,
    v: Mapping[str, Any],
    *,
    mixed: bool = False,
) -> None:
    """Check that an outcome at which somebody should gain does not survive the stated steps.

    Raises
    ------
    Rejected
        When it does, or the claim does not name it.
    """
    if strict is None or isinstance(strict, str) or v["outcome"] not in strict:
        raise Rejected("the claim does not name the outcome")
    if "elimination" not in assumptions:
        raise Rejected("it is not assumed that dominated actions are left out")
    if not mixed and not all(isinstance(step["by"], str) for step in v["eliminated"]):
        raise Rejected("a mixed action is stated to dominate")
    if tuple(v["outcome"]) in after_steps(table, v["eliminated"]).pays:
        raise Rejected("the outcome survives")
