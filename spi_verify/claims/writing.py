"""Model files as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Game
from spi_verify.games.nfg import written_payoffs


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


def game_text(game: Game) -> str:
    """Write a model file with a game, by payoffs or as a negotiation, and no claims."""
    if not isinstance(game, AgreementGame):
        rows = np.array(written_payoffs(game.scaled, game.denominators)).T
        payoffs = rows.reshape(*game.shape, game.number_of_players).tolist()
        actions = [list(names) for names in game.actions]
        table = {"players": list(game.players), "actions": actions, "payoffs": payoffs}
        return model_text({"title": game.title, "game": table, "claims": []})
    head = f"title = {_value(game.title)}\n\n" if game.title else ""
    lines = [f"{head}[game]\nplayers = {_value(list(game.players))}\n\n[game.agreement]"]
    lines.append(f"disagreement = {_value(list(map(str, game.disagreement)))}")
    lines += [] if game.cap is None else [f"cap = {_value(str(game.cap))}"]
    lines.append("issues = [")
    for issue in game.issues:
        utilities = [list(map(str, map(Fraction, row))) for row in issue.utilities]
        lines.append(
            f"  {{ name = {_value(issue.name)}, values = {_value(list(issue.values))}, "
            f"utilities = {_value(utilities)} }},"
        )
    return "\n".join([*lines, "]", ""])


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
