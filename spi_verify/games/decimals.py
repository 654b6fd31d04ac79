"""Numbers as decimals: exactly where they are some, and near them for reading."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import isqrt

from spi_verify.errors import InputError
from spi_verify.games.algebraic import Algebraic


def written_decimal(value: Fraction) -> str:
    """Return a rational as the decimal it is.

    Raises
    ------
    InputError
        When it is none, such as 1/3.

    >>> written_decimal(Fraction(-7, 40))
    '-0.175'
    """
    text = exact_decimal(value)
    if text is None:
        raise InputError(
            f"{value} is no decimal, as this format needs; a model file (.toml) is exact"
        )
    return text


def exact_decimal(value: Fraction) -> str | None:
    """Return a rational as the decimal it is, or None where it is none.

    >>> exact_decimal(Fraction(3, 8)), exact_decimal(Fraction(1, 3))
    ('0.375', None)
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return None
    if places == 0:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def near_decimal(value: Fraction | Algebraic, *, digits: int = 6) -> str:
    """Return a number as a decimal of so many significant digits, for reading only.

    >>> near_decimal(Fraction(2, 3)), near_decimal(Fraction(-1, 8)), near_decimal(Fraction(10**9))
    ('0.666667', '-0.125', '1000000000')
    """
    ratio = value.near() if isinstance(value, Algebraic) else value
    with localcontext(prec=digits):
        near = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    text = f"{near:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def near_root(square: Fraction, *, digits: int = 6) -> str:
    """Return the square root of a rational that is not negative, as :func:`near_decimal`.

    >>> near_root(Fraction(1, 10)), near_root(Fraction(4))
    ('0.316228', '2')
    """
    scale = 10 ** (2 * digits + 4)
    root = isqrt(square.numerator * scale * scale // square.denominator)
    return near_decimal(Fraction(root, scale), digits=digits)
