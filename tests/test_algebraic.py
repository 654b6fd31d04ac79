"""Exact algebraic numbers calculate as sympy says, and are told so that they can be read again."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game, PureOutcomes
from spi_verify.games.algebraic import Algebraic, parse_root
from spi_verify.games.expressions import parse_expression, parse_general_constraints

ROOTS = [
    "the root of c**2 - 2 between 1 and 2",
    "the root of c**2 - c - 1 between -1 and 0",
    "the root of c**3 - c - 1 between 1 and 2",
    "the root of 2*c**4 - 10*c**2 + 5 between 2 and 3",
]
fractions = st.fractions(min_value=-5, max_value=5, max_denominator=5)
parts = st.lists(fractions, min_size=1, max_size=4)


def number_of(text):
    """Return the number by sympy's own means."""
    polynomial, bounds = text.removeprefix("the root of ").split(" between ")
    low, high = map(sympy.Rational, bounds.split(" and "))
    roots = sympy.Poly(sympy.sympify(polynomial)).real_roots()
    (root,) = (root for root in roots if low < root < high)
    return root


def evaluated(coefficients, root):
    return sum((c * root**k for k, c in enumerate(map(sympy.Rational, map(str, coefficients)))), 0)


def ours(coefficients, root):
    total = Fraction(0)
    for c in reversed(coefficients):
        total = total * root + c
    return total


@pytest.mark.long
@given(st.sampled_from(ROOTS), parts, parts)
@settings(max_examples=60, deadline=None)
def test_sums_products_quotients_and_orders_are_those_of_sympy(text, one, other):
    root, exact = parse_root(text, "c"), number_of(text)
    a, b = ours(one, root), ours(other, root)
    x, y = evaluated(one, exact), evaluated(other, exact)
    results = [(a + b, x + y), (a - b, x - y), (a * b, x * y)]
    if b != 0:
        results.append((a / b, x / y))
    for mine, theirs in results:
        assert abs(float(mine) - float(sympy.N(theirs, 30))) < 1e-9 * (1 + abs(float(mine)))
    difference = sympy.N(x - y, 50)
    if a == b:
        assert abs(difference) < 1e-40
    else:
        assert (a < b) == (difference < 0)
        assert (a > b) == (difference > 0)
    assert (a - b) + b == a
    if b != 0:
        assert a / b * b == a


def test_a_rational_result_is_a_fraction():
    root = parse_root(ROOTS[0], "c")
    assert type(root * root) is Fraction
    assert root * root == 2
    assert root - root == 0


@pytest.mark.parametrize(
    ("polynomial", "low", "high", "shown"),
    [
        ("c**2 - 2", 1, 2, "sqrt(2)"),
        ("c**2 - 8", -3, -2, "-2*sqrt(2)"),
        ("c**2 - c - 1", 1, 2, "(1 + sqrt(5))/2"),
        ("c**2 - c - 1", -1, 0, "(1 - sqrt(5))/2"),
        ("4*c**2 + 4*c - 2", 0, 1, "(sqrt(3) - 1)/2"),
        ("c**2 - 4*c + 1", 3, 4, "2 + sqrt(3)"),
    ],
)
def test_square_roots_are_written_as_people_do(polynomial, low, high, shown):
    text = f"the root of {polynomial} between {low} and {high}"
    number = parse_root(text, "c")
    assert str(number) == shown
    assert sympy.simplify(sympy.sympify(shown) - number_of(text)) == 0


@given(st.sampled_from(ROOTS))
def test_a_root_is_read_as_it_is_written(text):
    root = parse_root(text, "c")
    assert parse_root(str(root.root), "c") == root


def test_games_have_irrational_payoffs():
    root = parse_root(ROOTS[0], "c")
    game = Game.from_payoffs([[[root, 1], [0, 0]], [[0, 0], [1, root]]])
    assert game.payoffs(("1", "1")) == (root, 1)
    feasible = PureOutcomes(game)
    assert feasible.pareto_meet_minimum == (1, 1)
    assert feasible.efficient.tolist() == [0, 3]
    assert isinstance(game.payoffs(("2", "2"))[1], Algebraic)


def test_numbers_from_different_roots_do_not_mix():
    with pytest.raises(InputError):
        _ = parse_root(ROOTS[0], "c") + parse_root(ROOTS[2], "c")


VALUES = {"c": Fraction(3, 7), "d": Fraction(-5)}


def texts(depth):
    """Texts of expressions with their values, computed without the parser; None: a 0 is divided."""
    number = st.integers(0, 9).map(lambda n: (str(n), Fraction(n)))
    leaf = number | st.sampled_from([("c", VALUES["c"]), ("d", VALUES["d"])])
    if depth == 0:
        return leaf
    inner = texts(depth - 1)

    def joined(symbol, operation):
        return st.tuples(inner, inner).map(
            lambda t: (
                f"({t[0][0]} {symbol} {t[1][0]})",
                None if t[0][1] is None or t[1][1] is None else operation(t[0][1], t[1][1]),
            )
        )

    power = st.tuples(inner, st.integers(0, 3), st.sampled_from(["**", "^"])).map(
        lambda t: (f"({t[0][0]}){t[2]}{t[1]}", None if t[0][1] is None else t[0][1] ** t[1])
    )
    return (
        leaf
        | joined("+", lambda a, b: a + b)
        | joined("-", lambda a, b: a - b)
        | joined("*", lambda a, b: a * b)
        | joined("/", lambda a, b: a / b if b else None)
        | inner.map(lambda t: (f"-{t[0]}", None if t[1] is None else -t[1]))
        | power
    )


@given(texts(3))
@settings(max_examples=200, deadline=None)
def test_an_expression_has_the_value_that_arithmetic_gives_it(case):
    text, value = case
    divisors = []
    try:
        expression = parse_expression(text, {"c", "d"}, divisors)
    except InputError as error:
        too_large = "degree" in str(error) or "terms" in str(error)
        assert value is None or too_large
        return
    zero = any(divisor.at(VALUES) == 0 for divisor in divisors)
    assert zero == (value is None)
    if value is not None:
        assert expression.at(VALUES) == value
        again = parse_expression(str(expression), {"c", "d"})
        assert again.at(VALUES) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c**d", "a whole number"),
        ("c**-1", "a whole number"),
        ("c**1.5", "a whole number"),
        ("c**41", "a whole number up to 40"),
        ("c**2**3", "parentheses"),
        ("1/(c - c)", "division by 0"),
        ("sqrt(c)", "unknown parameter 'sqrt'"),
        ("__import__('os')", "unexpected"),
        ("((c+d)**40 + 1)*((c+d)**40)", "degree"),
        ("c**2c", "unexpected"),
    ],
)
def test_what_is_no_expression_is_refused_in_a_sentence(text, said):
    with pytest.raises(InputError) as error:
        parse_expression(text, {"c", "d"})
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["1/(c*d)", "1/c/d", "1/(c**2)**2", "2/(3*c*d) - 1/d", "c/(-d)"])
def test_quotients_are_read_as_they_are_written(text):
    expression = parse_expression(text, {"c", "d"})
    assert parse_expression(str(expression), {"c", "d"}).at(VALUES) == expression.at(VALUES)


@given(st.text(alphabet="cd019.+-*/^()<>= e\n", max_size=30))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        parse_expression(text, {"c", "d"})
    with contextlib.suppress(InputError):
        parse_general_constraints(text, {"c", "d"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("p*q > p + 1", ["p*q > p + 1"]),
        ("0 < p**2 <= 2", ["p**2 > 0", "p**2 <= 2"]),
        ("1 - p*q < q/2", ["2*p*q + q > 2"]),
        ("delta/(1 - delta) > 1", ["(2*delta - 1)/(1 - delta) > 0"]),
    ],
)
def test_constraints_are_written_for_people(text, shown):
    found = parse_general_constraints(text, {"p", "q", "delta"})
    assert [str(constraint) for constraint in found] == shown
