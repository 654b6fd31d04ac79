"""Negotiation domains of GeniusWeb: JSON files with linear additive utility spaces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from spi_verify.errors import InputError, located
from spi_verify.files import read_json
from spi_verify.games.agreements import MAX_ISSUES, AgreementGame, Issue
from spi_verify.games.decimals import written_decimal
from spi_verify.games.game import MAX_OUTCOMES, Payoffs
from spi_verify.games.rationals import parse_rational

MAX_BYTES = 8 * 2**20
_SPACE = "LinearAdditiveUtilitySpace"
_ZERO = Fraction(0)
_MARKED = re.compile(r'"\\u0000(-?[0-9.]+)"')

_Values = dict[str, tuple[str, ...]]


def read_geniusweb(
    domain: Path,
    profiles: Sequence[Path],
    *,
    steps: int | None = None,
    players: Sequence[str] | None = None,
    title: str = "",
) -> AgreementGame:
    """Read a multi-issue domain with additive utilities.

    Parameters
    ----------
    domain
        The domain file, or the first player's profile, in which the domain is written once more.
    profiles
        For each player the profile; without the first one where `domain` is that.
    steps
        None: GeniusWeb itself says which values a range of numbers has.
    players
        Names; default those of the files, without their ending.
    title
        Default the domain's name.

    Raises
    ------
    InputError
        When a file cannot be read, is no such profile, or the files do not fit together.

    Notes
    -----
    The utility of an agreement is the sum of weight times utility over the issues; weights add up
    to 1 and utilities are within 0 and 1, as GeniusWeb requires. A value of which a profile does
    not say anything has the utility 0. Between the ends of a range utilities are linear. The
    reservation value is the utility of the reservation bid, and 0 where there is none. All
    numbers are read exactly, as the decimals they are.
    """
    if steps is not None:
        raise InputError("a GeniusWeb domain has its own steps; drop steps", file=str(domain))
    with located(file=str(domain)):
        data = _read(domain)
        if _SPACE in data:
            profiles = [domain, *profiles]
            data = _table(_table(data, _SPACE, _SPACE), "domain", _SPACE)
        values = _issues(data)
        name = data.get("name", "")
    rows, reserves, notes = [], [], []
    for path in profiles:
        with located(file=str(path)):
            utilities, reserve = _profile(_read(path), values)
        if reserve is None:
            notes.append(f"{path.name}: no reservation bid; disagreement pays 0")
        rows.append(utilities)
        reserves.append(reserve or _ZERO)
    issues = [Issue(issue, own, tuple(row[issue] for row in rows)) for issue, own in values.items()]
    with located(file=str(domain)):
        return AgreementGame.from_issues(
            issues,
            reserves,
            players=players if players is not None else [path.stem for path in profiles],
            title=title or (name if isinstance(name, str) else ""),
            comment="\n".join(notes),
        )


def write_geniusweb(game: AgreementGame) -> list[str]:
    """Return the text of the domain file, and of a profile for each player.

    Raises
    ------
    InputError
        When GeniusWeb cannot have such utilities: they need weights that add up to 1, and
        decimals within 0 and 1; or no agreement is worth a player's reservation value.
    """
    domain = {
        "name": game.title or "domain",
        "issuesValues": {issue.name: {"values": list(issue.values)} for issue in game.issues},
    }
    texts = [_text(domain)]
    for i, player in enumerate(game.players):
        with located(where=f"player {i + 1}"):
            texts.append(_text({_SPACE: {"name": player, "domain": domain} | _space(game, i)}))
    return texts


def _space(game: AgreementGame, i: int) -> dict[str, Any]:
    parts = {issue.name: [Fraction(u) for u in issue.utilities[i]] for issue in game.issues}
    weights = {name: max(part) for name, part in parts.items()}
    slack = 1 - sum(weights.values())
    if slack < 0 or min(map(min, parts.values())) < 0 or (game.cap or 1) < 1 - slack:
        raise InputError("GeniusWeb's utilities are within 0 and 1, also for the best agreement")
    first = next(iter(weights))
    weights[first] += slack
    utilities = {
        name: {
            value: _marked(u / weights[name] if weights[name] else _ZERO)
            for value, u in zip(issue.values, parts[name], strict=True)
        }
        for name, issue in zip(parts, game.issues, strict=True)
    }
    space = {
        "issueUtilities": {
            name: {"discreteutils": {"valueUtilities": own}} for name, own in utilities.items()
        },
        "issueWeights": {name: _marked(weight) for name, weight in weights.items()},
    }
    return space | _reservation(game, i)


def _reservation(game: AgreementGame, i: int) -> dict[str, Any]:
    """Return a bid that is worth the reservation value; GeniusWeb has no other way to say it."""
    reserve = game.disagreement[i]
    if reserve == 0:
        return {}
    positions = np.flatnonzero(game.scaled[i, :-1] == game.scaled[i, -1])
    if not len(positions):
        raise InputError(
            f"the reservation value {reserve} is the utility of no agreement, as GeniusWeb needs"
        )
    bid = dict(
        zip((issue.name for issue in game.issues), game.outcome(int(positions[0])), strict=True)
    )
    return {"reservationBid": {"issuevalues": bid}}


def _text(data: Any) -> str:
    return _MARKED.sub(r"\1", json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def _marked(value: Fraction) -> str:
    """Return a decimal that :func:`_text` writes without quotes; json itself would round it."""
    return f"\0{written_decimal(value)}"


def _read(path: Path) -> Mapping[str, Any]:
    data = read_json(path, max_bytes=MAX_BYTES)
    if not isinstance(data, dict) or not data.keys() & {_SPACE, "issuesValues"}:
        kinds = ", ".join(list(data)[:3]) if isinstance(data, dict) else type(data).__name__
        raise InputError(
            f"no domain (issuesValues) and no {_SPACE} of GeniusWeb, which are read: {kinds}"
        )
    return data


def _table(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = data.get(key)
    if not isinstance(found, dict):
        raise InputError(f"{key} is missing, or no object", where=where)
    return found


def _number(value: Any, where: str) -> Fraction:
    with located(where=where):
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise InputError(f"{value!r} is not a number")
        return parse_rational(str(value))


def _issues(domain: Mapping[str, Any]) -> _Values:
    issues: _Values = {}
    for name, own in _table(domain, "issuesValues", "domain").items():
        where = f"issuesValues.{name}"
        if not isinstance(own, dict) or own.keys() & {"values", "range"} == set():
            raise InputError("an issue has values or a range", where=where)
        if "values" in own:
            if not isinstance(own["values"], list) or not all(
                isinstance(value, str) for value in own["values"]
            ):
                raise InputError("values are a list of texts", where=where)
            if not own["values"]:
                raise InputError("the issue has no values", where=where)
            issues[name] = tuple(own["values"])
        else:
            issues[name] = _range(own["range"], f"{where}.range")
    if not 1 <= len(issues) <= MAX_ISSUES:
        raise InputError(f"{len(issues)} issues; 1 to {MAX_ISSUES} are read", where="issuesValues")
    return issues


def _range(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) != 3:
        raise InputError("a range is [low, high, step]", where=where)
    low, high, step = (_number(value, where) for value in given)
    if step <= 0 or high < low or (high - low) / step >= MAX_OUTCOMES:
        raise InputError(f"no range: {low} to {high} in steps of {step}", where=where)
    return tuple(str(low + k * step) for k in range(int((high - low) / step) + 1))


def _profile(
    data: Mapping[str, Any], values: _Values
) -> tuple[dict[str, Payoffs], Fraction | None]:
    """Return what values are worth, and the reservation value."""
    if _SPACE not in data:
        raise InputError(f"no {_SPACE}: a profile is needed for each player, after the domain")
    space = _table(data, _SPACE, _SPACE)
    own = _issues(_table(space, "domain", _SPACE))
    if {name: set(v) for name, v in own.items()} != {name: set(v) for name, v in values.items()}:
        raise InputError("its domain has other issues or values", where=f"{_SPACE}.domain")
    weights = _table(space, "issueWeights", _SPACE)
    utilities = _table(space, "issueUtilities", _SPACE)
    for table, where in ((weights, "issueWeights"), (utilities, "issueUtilities")):
        if table.keys() != values.keys():
            odd = sorted(table.keys() ^ values.keys())[0]
            raise InputError(f"the issue {odd!r} is only here or only in the domain", where=where)
    found = {name: _number(weights[name], f"issueWeights.{name}") for name in values}
    if sum(found.values()) != 1 or min(found.values()) < 0:
        raise InputError(
            f"the weights add up to {sum(found.values())}; GeniusWeb needs weights of at least 0 "
            "that add up to 1",
            where="issueWeights",
        )
    rows = {
        name: tuple(
            found[name] * u
            for u in _utilities(utilities[name], values[name], f"issueUtilities.{name}")
        )
        for name in values
    }
    return rows, _reserve(space, values, rows)


def _utilities(given: Any, values: Sequence[str], where: str) -> Payoffs:
    if not isinstance(given, dict) or len(given) != 1:
        raise InputError("discreteutils or numberutils are read", where=where)
    ((kind, table),) = given.items()
    if kind in ("discreteutils", "DiscreteValueSetUtilities") and isinstance(table, dict):
        worth = _table(table, "valueUtilities", where)
        unknown = next((value for value in worth if value not in values), None)
        if unknown is not None:
            raise InputError(f"the domain has no value {unknown!r}", where=where)
        row = tuple(_number(worth.get(value, 0), f"{where}.{value}") for value in values)
    elif kind in ("numberutils", "NumberValueSetUtilities") and isinstance(table, dict):
        keys = ("lowValue", "lowUtility", "highValue", "highUtility")
        low, bottom, high, top = (_number(table.get(key), f"{where}.{key}") for key in keys)
        if low >= high:
            raise InputError("lowValue is not below highValue", where=where)
        numbers = [_number(value, where) for value in values]
        row = tuple(
            bottom + (top - bottom) * (x - low) / (high - low) if low <= x <= high else _ZERO
            for x in numbers
        )
    else:
        raise InputError(f"{kind!r} is not read, only discreteutils and numberutils", where=where)
    if min(row) < 0 or max(row) > 1:
        raise InputError("a utility is not within 0 and 1", where=where)
    return row


def _reserve(
    space: Mapping[str, Any], values: _Values, rows: Mapping[str, Payoffs]
) -> Fraction | None:
    bid = space.get("reservationBid")
    if bid is None:
        return None
    where = "reservationBid"
    chosen = _table(bid if isinstance(bid, dict) else {}, "issuevalues", where)
    total = _ZERO
    for name, value in chosen.items():
        if name not in values or str(value) not in values[name]:
            raise InputError(f"{name!r} has no value {value!r} in the domain", where=where)
        total += rows[name][values[name].index(str(value))]
    return total
