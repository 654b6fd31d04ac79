import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games.expressions import (
    Constraint,
    Linear,
    parse_constraints,
    parse_general_constraints,
    parse_linear,
)

NAMES = {"c", "d"}
VALUES = {"c": Fraction(3, 7), "d": Fraction(-5)}
numbers = st.fractions(min_value=-20, max_value=20, max_denominator=6)
linear = st.builds(
    lambda k, c, d: Linear(k, tuple(t for t in (("c", c), ("d", d)) if t[1])),
    numbers,
    numbers,
    numbers,
)


def texts(depth=3):
    """Texts with their values at VALUES, computed without the parser."""
    number = st.builds(lambda n: (str(n), Fraction(n), True), st.integers(0, 9))
    decimal = st.builds(
        lambda a, b: (f"{a}.{b}", a + Fraction(b, 10), True), st.integers(0, 9), st.integers(0, 9)
    )
    name = st.sampled_from([("c", VALUES["c"], False), ("d", VALUES["d"], False)])
    if depth == 0:
        return number | decimal | name
    inner = texts(depth - 1)
    plus = st.tuples(inner, inner).map(
        lambda t: (f"({t[0][0]} + {t[1][0]})", t[0][1] + t[1][1], t[0][2] and t[1][2])
    )
    minus = st.tuples(inner, inner).map(
        lambda t: (f"({t[0][0]} - {t[1][0]})", t[0][1] - t[1][1], t[0][2] and t[1][2])
    )
    negated = inner.map(lambda t: (f"-{t[0]}", -t[1], t[2]))
    times = st.tuples(number, inner).map(
        lambda t: (f"{t[0][0]}*{t[1][0]}", t[0][1] * t[1][1], t[1][2])
    )
    return inner | plus | minus | negated | times


@given(texts())
def test_an_expression_has_the_value_that_arithmetic_gives_it(case):
    text, value, _ = case
    assert parse_linear(text, NAMES).at(VALUES) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 - 2 - 3", -4),
        ("8/2/2", 2),
        ("2*3 - 4", 2),
        ("- c + c", 0),
        ("1 - (2 - 3)", 2),
        ("--2", 2),
    ],
)
def test_operators_bind_and_associate_as_in_arithmetic(text, value):
    assert parse_linear(text, NAMES).at(VALUES) == value


@given(linear)
def test_an_expression_survives_being_written_and_read(expression):
    assert parse_linear(str(expression), NAMES) == expression


@given(linear, st.sampled_from(["<", "<=", "=", ">=", ">"]), numbers, numbers)
def test_a_constraint_means_the_same_after_being_written_and_read(expression, relation, c, d):
    constraint = Constraint(expression, relation)
    values = {"c": c, "d": d}
    expected = {
        "<": expression.at(values) < 0,
        "<=": expression.at(values) <= 0,
        "=": expression.at(values) == 0,
        ">=": expression.at(values) >= 0,
        ">": expression.at(values) > 0,
    }[relation]
    assert constraint.holds(values) is expected
    assert [r.holds(values) for r in parse_constraints(str(constraint), NAMES)] == [expected]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0 < c <= 1", ["c > 0", "c <= 1"]),
        ("-2*c + 4*d >= 1", ["c - 2*d <= -1/2"]),
        ("c/3 < d/2", ["2*c - 3*d < 0"]),
        ("0.5*c == 1", ["c = 2"]),
        ("1 > 2", ["-1 > 0"]),
    ],
)
def test_constraints_are_written_for_people(text, shown):
    assert [str(constraint) for constraint in parse_constraints(text, NAMES)] == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty text"),
        ("2c", "unexpected 'c'"),
        ("c*d", "not linear"),
        ("1/c", "division by"),
        ("1/0", "division by"),
        ("e", "unknown parameter 'e' (there are: c, d)"),
        ("(c", "not closed"),
        ("c)", "unexpected ')'"),
        ("c + ", "something is missing"),
        ("__import__(1)", "unknown parameter '__import__'"),
        ("c ** 2", "a power is not linear"),
        ("c; d", "unexpected ';'"),
        ("(" * 200 + "c", "too deeply nested"),
        ("-" * 200 + "c", "too deeply nested"),
        ("1e999999999", "exponent"),
        ("1" * 2000, "too long"),
    ],
)
def test_what_is_no_linear_expression_is_refused_in_a_sentence(text, said):
    with pytest.raises(InputError) as error:
        parse_linear(text, NAMES)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["c", "c <", "c < 1 <"])
def test_what_is_no_comparison_is_refused(text):
    with pytest.raises(InputError):
        parse_constraints(text, NAMES)


@pytest.mark.parametrize(
    ("text", "said", "nearest"),
    [
        ("c != 0", "'!='", ["c > 0", "c < 0"]),
        ("c <> 0", "'<>'", ["c > 0", "c < 0"]),
        ("c \u2260 0", "'\u2260'", ["c > 0", "c < 0"]),
        ("c => 0", "'=>'", ["c >= 0"]),
        ("0 =< c", "'=<'", ["0 <= c"]),
        ("c \u2265 d", "'\u2265'", ["c >= d"]),
        ("0 < c \u2264 1", "'\u2264'", ["0 < c <= 1"]),
    ],
)
def test_another_comparison_is_told_with_the_nearest_that_is_read(text, said, nearest):
    for read in (parse_constraints, parse_general_constraints):
        with pytest.raises(InputError) as error:
            read(text, NAMES)
        told = f"{said} in {text!r} is none of the comparisons < <= = >= >; write "
        assert str(error.value) == told + " or ".join(nearest)
        assert all(read(one, NAMES) for one in nearest)


@given(st.text(alphabet="cd019.+-*/()<>=!\u2264 e\n", max_size=30))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        parse_linear(text, NAMES)
