"""Exact rational numbers as text."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from spi_verify.errors import InputError

MAX_DIGITS = 400
LONG = 4000
EXAMPLES = " (write 3, -11/4 or 0.25)"
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
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
        raise InputError(f"{_shown(text)} is not a number{remedy(text) or EXAMPLES}")
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


def remedy(text: str, *, quoted: bool = False) -> str:
    """Return how a message about a text that is no number goes on, where it is seen what it means.

    Parameters
    ----------
    text
        The text.
    quoted
        Whether a fraction has to stand between quotes.

    Examples
    --------
    >>> remedy("0,5"), remedy("50%")
    ('; write 0.5, with a point', '; write 1/2')
    >>> remedy("x")
    ''
    """
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", text)).replace("\u2044", "/")
    fraction = '"1/2"' if quoted else "1/2"
    percent = re.fullmatch(r"\s*([+-]?\d{1,18}(?:\.\d{1,18})?)\s*%\s*", plain, re.ASCII)
    if percent:
        value = str(Fraction(percent[1]) / 100)
        return f'; write "{value}"' if quoted and "/" in value else f"; write {value}"
    if re.fullmatch(r"\s*[+-]?\d{1,3}(,\d{3})+(\.\d+)?\s*", plain, re.ASCII):
        whole = plain.strip().replace(",", "")
        return f"; write {whole}, without commas, or a point where it has decimals"
    if re.fullmatch(r"\s*[+-]?\d*,\d+\s*", plain, re.ASCII):
        return f"; write {plain.strip().replace(',', '.')}, with a point"
    if "%" in plain:
        return f"; write 50% as {fraction}"
    if plain != text and len(plain) <= 40 and plain.isprintable():
        shown = f'"{plain.strip()}"' if quoted and "/" in plain else plain.strip()
        hyphen = ", with the plain hyphen '-'" if _DASHES.search(text) else ""
        return f"; write {shown}{hyphen}"
    if quoted and _NUMBER.fullmatch(text):
        return f'; write "{text}", in quotes'
    return ""


def format_rational(value: Fraction) -> str:
    """Write a rational the way :func:`parse_rational` reads it: ``"3"`` or ``"-11/4"``."""
    return str(value)


def format_profile(values: tuple[Fraction, ...]) -> str:
    """Write a payoff profile: ``"(3, 11/4)"``."""
    return "(" + ", ".join(map(str, values)) + ")"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
