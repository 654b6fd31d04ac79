"""Exact rational numbers as text."""

from __future__ import annotations

import re
from fractions import Fraction

from spi_verify.errors import InputError

MAX_DIGITS = 400
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<num>\d+)\s*/\s*(?P<den>\d+)"
    r"|(?P<whole>\d*)(?:\.(?P<decimals>\d*))?(?:[eE](?P<exponent>[+-]?\d{1,9}))?)",
    re.ASCII,
)


def parse_rational(text: str) -> Fraction:
    """Read an integer, a quotient of integers or a decimal, exactly.

    Parameters
    ----------
    text
        Such as ``"3"``, ``"-11/4"``, ``"0.25"`` or ``"1e-9"``. The number may have at most
        400 digits when written out, so that a short text cannot fill the memory.

    Raises
    ------
    InputError
        When the text is no such number.

    >>> parse_rational("2.50")
    Fraction(5, 2)
    """
    stripped = text.strip()
    if len(stripped) > 2 * MAX_DIGITS:
        raise InputError(f"a number of {len(stripped)} characters is too long")
    match = _NUMBER.fullmatch(stripped)
    if match is None or not re.search(r"\d", match["whole"] or match["num"] or match["decimals"] or ""):
        raise InputError(f"{_shown(text)} is not a number (write 3, -11/4 or 0.25)")
    sign = -1 if match["sign"] == "-" else 1
    if match["num"] is not None:
        if int(match["den"]) == 0:
            raise InputError(f"{_shown(text)} divides by zero")
        return sign * Fraction(int(match["num"]), int(match["den"]))
    decimals = match["decimals"] or ""
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > MAX_DIGITS:
        raise InputError(f"the exponent of {_shown(text)} is out of range (at most {MAX_DIGITS})")
    digits = int((match["whole"] or "") + decimals)
    return sign * digits * Fraction(10) ** (exponent - len(decimals))


def format_rational(value: Fraction) -> str:
    """Write a rational the way :func:`parse_rational` reads it: ``"3"`` or ``"-11/4"``."""
    return str(value)


def format_profile(values: tuple[Fraction, ...]) -> str:
    """Write a payoff profile: ``"(3, 11/4)"``."""
    return "(" + ", ".join(map(str, values)) + ")"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
