"""Negotiation domains as GENIUS XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import quoteattr

from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.decimals import written_decimal
from spi_verify.games.xml_tree import MAX_DIGITS

_NEGLIGIBLE = Fraction(1, 10**5)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_domain(game: AgreementGame) -> list[str]:
    """Return the text of the domain file, and of a utility file for each player.

    Raises
    ------
    InputError
        When GENIUS cannot have such utilities: negative ones, no decimals, or an agreement that
        is worth more than 1; or the file cannot hold such names.
    """
    texts = [_text(game, [[None] * len(issue.values) for issue in game.issues], [])]
    for i in range(game.number_of_players):
        with located(where=f"player {i + 1}"):
            texts.append(_profile(game, i))
    return texts


def _profile(game: AgreementGame, i: int) -> str:
    rows = [list(map(Fraction, issue.utilities[i])) for issue in game.issues]
    weights = list(map(max, rows))
    if min(map(min, rows)) < 0:
        raise InputError("a value's utility is negative, which GENIUS does not know")
    if any(0 < weight < _NEGLIGIBLE for weight in weights):
        raise InputError("an issue's utilities are below 0.00001, which GENIUS takes for 0")
    total = sum(weights)
    if total > 1 and game.cap != 1:
        raise InputError("an agreement is worth more than 1, which GENIUS caps")
    if game.cap is not None and game.cap < min(total, 1):
        raise InputError(f"utilities are capped at {game.cap}; GENIUS caps at 1")
    extra = [
        f'<weight index="{k}" value="{_number(weight)}"/>'
        for k, weight in enumerate(weights, start=1)
    ]
    reserve = f'<reservation value="{_number(game.disagreement[i])}"/>'
    return _text(game, [list(map(_number, row)) for row in rows], extra, reserve)


def _number(value: Fraction) -> str:
    text = written_decimal(value)
    if len(text) > MAX_DIGITS:
        raise InputError(f"a number of more than {MAX_DIGITS} digits")
    return text


def _text(
    game: AgreementGame,
    evaluations: Sequence[Sequence[str | None]],
    extra: list[str],
    reserve: str = "",
) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<utility_space type="linear" number_of_issues="{len(game.issues)}">')
    lines.append(f'<objective index="0" name={_quoted(game.title or "domain")} type="objective">')
    for k, (issue, row) in enumerate(zip(game.issues, evaluations, strict=True), start=1):
        kinds = 'type="discrete" etype="discrete" vtype="discrete"'
        lines.append(f'  <issue index="{k}" name={_quoted(issue.name)} {kinds}>')
        for j, (value, worth) in enumerate(zip(issue.values, row, strict=True), start=1):
            worth_text = "" if worth is None else f' evaluation="{worth}"'
            lines.append(f'    <item index="{j}" value={_quoted(value)}{worth_text}/>')
        lines.append("  </issue>")
    lines += [f"  {line}" for line in extra]
    lines.append("</objective>")
    lines += [reserve] if reserve else []
    return "\n".join([*lines, "</utility_space>", ""])


def _quoted(name: str) -> str:
    if name != name.strip() or _NO_XML.search(name):
        raise InputError(f"the name {name!r} cannot be kept in an XML file")
    return quoteattr(name, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
