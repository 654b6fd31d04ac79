"""Model files as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any


def model_text(data: Mapping[str, Any]) -> str:
    """Write a model file with a game, subset games, token games and claims.

    Parameters
    ----------
    data
        The data of the file. Payoffs are nested lists of numbers as text.

    Returns
    -------
    str
        What reads as that data.
    """
    lines = [f"title = {_value(data['title'])}"] if data.get("title") else []
    lines += ["", "[game]", *_entries(data["game"])]
    for name, table in data.get("subset-games", {}).items():
        lines += ["", f"[subset-games.{_key(name)}]", *_entries(table)]
    for name, table in data.get("token-games", {}).items():
        lines += ["", f"[token-games.{_key(name)}]", *_entries(table)]
    for claim in data["claims"]:
        lines += ["", "[[claims]]", *_entries(claim)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _entries(table: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, value in table.items():
        if key in ("payoffs", "pays"):
            rows = "".join(f"  {_payoffs(row)},\n" for row in value)
            lines.append(f"{key} = [\n{rows}]")
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    return lines


def _payoffs(cell: Any) -> str:
    if isinstance(cell, list):
        return f"[{', '.join(map(_payoffs, cell))}]"
    return str(cell) if Fraction(cell).denominator == 1 else _value(cell)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
