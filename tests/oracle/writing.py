"""Model files as text, and as what reading the text gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Data = dict[str, Any]


class Decimal(str):
    """A number that is written as a decimal in TOML, and read as this text."""


def toml(data: Mapping[str, Any]) -> str:
    """Write a model file."""
    lines = []
    for key in ("title", "feasible"):
        if key in data:
            lines.append(f"{key} = {_inline(data[key])}")
    for section in (
        "game",
        "parameters",
        "mixtures",
        "defaults",
        "renegotiation",
        "sets",
        "profiles",
        "subset-games",
        "token-games",
    ):
        if section in data:
            lines += ["", f"[{section}]"]
            lines += [f"{_key(k)} = {_inline(v)}" for k, v in data[section].items()]
    for table in data.get("correspondences", ()):
        lines += ["", "[[correspondences]]", *(f"{k} = {_inline(v)}" for k, v in table.items())]
    for claim in data["claims"]:
        lines += ["", "[[claims]]", *(f"{k} = {_inline(v)}" for k, v in claim.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)


def _inline(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else json.dumps(str(value))
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> Any:
    """Return what reading the TOML text gives."""
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value
