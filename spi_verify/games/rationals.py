"""Exact rational numbers as text."""

from __future__ import annotations

import re
from fractions import Fraction

from spi_verify.errors import InputError

MAX_DIGITS = 400
LONG = 4000
_NUMBER = re.compile(
    r"(?P<numerator>[+-]?\d+)\s*/\s*(?P<denominator>\d+)"
    r"|(?P<whole>[+-]?(?=\.?\d)\d*)(?:\.(?P<decimals>\d*))?(?:[eE](?P<exponent>[+-]?\d+))?",
    re.ASCII,
)


def parse_rational(text: str, *, max_digits: int = MAX_DIGITS) -> Fraction:
    """Read an integer, a quotient of integers or a decimal, exactly.

    Parameters
    ----------
    text
        Such as ``"3"``, ``"-11/4"``, ``"0.25"`` or ``"1e-9"``. Numerator and denominator in
        lowest terms may have at most `max_digits` digits each, so that a short text cannot fill
        the memory.
    max_digits
        At most 4000; numbers that this program computed and wrote may be as long as that.

    Raises
    ------
    InputError
        When the text is no such number.

    >>> parse_rational("2.50")
    Fraction(5, 2)
    """
    stripped = text.strip()
    longest = 2 * max_digits + 2
    if len(stripped) > longest:
        raise InputError(f"a number of {len(stripped)} characters is too long")
    match = _NUMBER.fullmatch(stripped)
    if match is None:
        raise InputError(f"{_shown(text)} is not a number (write 3, -11/4 or 0.25)")
    numerator, denominator, whole, decimals, exponent = match.groups(default="")
    if numerator:
        if int(denominator) == 0:
            raise InputError(f"{_shown(text)} divides by zero")
        value = Fraction(int(numerator), int(denominator))
    else:
        shift = int(exponent or 0) - len(decimals)
        if abs(shift) > longest:
            raise InputError(f"the exponent of {_shown(text)} is out of range")
        digits = int(whole + decimals)
        value = Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)
    if max(abs(value.numerator), value.denominator) >= 10**max_digits:
        raise InputError(f"{_shown(text)} has more than {max_digits} digits when written out")
    return value


def format_rational(value: Fraction) -> str:
    """Write a rational the way :func:`parse_rational` reads it: ``"3"`` or ``"-11/4"``."""
    return str(value)


def format_profile(values: tuple[Fraction, ...]) -> str:
    """Write a payoff profile: ``"(3, 11/4)"``."""
    return "(" + ", ".join(map(str, values)) + ")"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
