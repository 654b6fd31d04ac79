from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games.rationals import (
    MAX_DIGITS,
    format_profile,
    format_rational,
    parse_rational,
)

LARGEST = 10**MAX_DIGITS - 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", Fraction(3)),
        ("-3", Fraction(-3)),
        ("+3", Fraction(3)),
        ("007", Fraction(7)),
        ("-11/4", Fraction(-11, 4)),
        ("6/4", Fraction(3, 2)),
        ("1 / 2", Fraction(1, 2)),
        (" 5\n", Fraction(5)),
        ("0.1", Fraction(1, 10)),
        ("-0.25", Fraction(-1, 4)),
        (".5", Fraction(1, 2)),
        ("-.5", Fraction(-1, 2)),
        ("1.", Fraction(1)),
        ("2.000", Fraction(2)),
        ("1e3", Fraction(1000)),
        ("1.25E+1", Fraction(25, 2)),
        ("15e-1", Fraction(3, 2)),
        ("-.5e-2", Fraction(-1, 200)),
        ("1e399", Fraction(10**399)),
        ("1e-399", Fraction(1, 10**399)),
    ],
)
def test_numbers_are_read_exactly(text: str, value: Fraction) -> None:
    assert parse_rational(text) == value


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("", "not a number"),
        (".", "not a number"),
        ("-", "not a number"),
        ("e5", "not a number"),
        ("1e", "not a number"),
        ("1/", "not a number"),
        ("1/-2", "not a number"),
        ("1.5/2", "not a number"),
        ("1_000", "not a number"),
        ("٣", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1 2", "not a number"),
        ("--1", "not a number"),
        ("1/0", "divides by zero"),
        ("0/00", "divides by zero"),
        ("1e400", "400 digits"),
        ("-1e400", "400 digits"),
        ("1e-400", "400 digits"),
        ("1e999999999999", "out of range"),
        ("0e-999999999999", "out of range"),
        ("1" * 900, "too long"),
        ("9" * 401, "400 digits"),
        ("1/" + "7" * 401, "400 digits"),
    ],
)
def test_what_is_no_number_or_too_large_is_refused_in_one_short_line(
    text: str, phrase: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_rational(text)
    assert phrase in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


@given(
    st.builds(Fraction, st.integers(-LARGEST, LARGEST), st.integers(1, LARGEST))
    | st.fractions(max_denominator=100)
)
@example(Fraction(-LARGEST, LARGEST - 1))
def test_what_is_written_is_read_back(value: Fraction) -> None:
    assert parse_rational(format_rational(value)) == value


@given(st.text(alphabet="0123456789+-./eE _", max_size=12) | st.text(max_size=6))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        value = parse_rational(text)
    except InputError:
        return
    assert value == Fraction("".join(text.split()))


def test_profiles_are_written_in_brackets() -> None:
    assert format_profile((Fraction(3), Fraction(-11, 4))) == "(3, -11/4)"
