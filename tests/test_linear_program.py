"""Every answer of the exact solver is proved by its certificate, and no false one passes."""

from dataclasses import replace
from fractions import Fraction as Q

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.games import linear_program
from spi_verify.games.linear_program import (
    CertificateError,
    Infeasible,
    LinearProgram,
    Optimum,
    Unbounded,
    certifies,
    solve,
)

# max x + 2y subject to x + y + s = 4, x + t = 3
BOUNDED = LinearProgram([(1, 1), (1, 0), (1, 0), (0, 1)], (4, 3), (1, 2, 0, 0))
# x + y = 1, x + y = 2
EMPTY = LinearProgram([(1, 1), (1, 1)], (1, 2), (1, 1))
# max x subject to x - y = 1
OPEN = LinearProgram([(1,), (-1,)], (1,), (1, 0))


@st.composite
def programs(draw):
    m = draw(st.integers(0, 3))
    size = draw(st.integers(0, 5))
    number = st.integers(-2, 2) | st.fractions(-2, 2, max_denominator=3)
    column = st.tuples(*[number] * m)
    return LinearProgram(
        draw(st.lists(column, min_size=size, max_size=size)),
        draw(column),
        draw(st.lists(number, min_size=size, max_size=size)),
    )


def times(columns, point, m):
    total = [Q(0)] * m
    for j, value in point.items():
        assert value >= 0
        for i in range(m):
            total[i] += columns[j][i] * value
    return total


def prices(y, columns):
    return [sum(a * b for a, b in zip(y, column, strict=True)) for column in columns]


@given(programs())
def test_every_answer_is_proved_by_weak_duality(program):
    answer = solve(program)
    m = len(program.right)
    if isinstance(answer, Infeasible):
        assert all(price >= 0 for price in prices(answer.farkas, program.columns))
        assert prices(answer.farkas, [program.right])[0] < 0
        return
    assert times(program.columns, answer.point, m) == list(program.right)
    if isinstance(answer, Unbounded):
        assert times(program.columns, answer.ray, m) == [0] * m
        assert sum(program.objective[j] * r for j, r in answer.ray.items()) > 0
        return
    bound = prices(answer.dual, [program.right])[0]
    paid = sum(program.objective[j] * x for j, x in answer.point.items())
    assert paid == bound == answer.value
    for price, c in zip(prices(answer.dual, program.columns), program.objective, strict=True):
        assert price >= c


@given(programs(), st.data())
def test_what_has_a_solution_by_construction_is_found_feasible(program, data):
    number = st.fractions(0, 2, max_denominator=4)
    point = {j: data.draw(number) for j in range(len(program.columns))}
    right = times(program.columns, point, len(program.right))
    answer = solve(replace(program, right=right))
    assert not isinstance(answer, Infeasible)
    if isinstance(answer, Optimum):
        assert answer.value >= sum(program.objective[j] * x for j, x in point.items())


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (BOUNDED, Optimum({1: Q(4), 3: Q(3)}, Q(8), (Q(2), Q(0)))),
        (EMPTY, Infeasible((Q(1), Q(-1)))),
        (OPEN, Unbounded({0: Q(1)}, {0: Q(1), 1: Q(1)})),
    ],
)
def test_small_programs_have_the_expected_answers(program, answer):
    assert certifies(program, answer)
    found = solve(program)
    assert type(found) is type(answer)
    if isinstance(answer, Optimum):
        assert (found.point, found.value) == (answer.point, answer.value)


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        pytest.param(BOUNDED, Optimum({1: Q(4), 3: Q(3)}, Q(8), (Q(2), Q(-1))), id="dual too low"),
        pytest.param(BOUNDED, Optimum({1: Q(4), 3: Q(3)}, Q(8), (Q(3), Q(0))), id="gap"),
        pytest.param(BOUNDED, Optimum({1: Q(4), 3: Q(3)}, Q(8), (Q(2),)), id="short dual"),
        pytest.param(BOUNDED, Optimum({1: Q(4), 3: Q(3)}, Q(9), (Q(9, 4), Q(0))), id="value"),
        pytest.param(BOUNDED, Optimum({1: Q(4)}, Q(8), (Q(2), Q(0))), id="point misses a row"),
        pytest.param(BOUNDED, Optimum({2: Q(4), 3: Q(3)}, Q(0), (Q(0), Q(0))), id="not optimal"),
        pytest.param(
            BOUNDED, Optimum({1: Q(5), 2: Q(-1), 3: Q(3)}, Q(10), (Q(5, 2), Q(0))), id="negative"
        ),
        pytest.param(
            BOUNDED, Optimum({0: Q(0), 1: Q(4), 3: Q(3)}, Q(8), (Q(2), Q(0))), id="zero listed"
        ),
        pytest.param(BOUNDED, Optimum({-3: Q(4), 3: Q(3)}, Q(8), (Q(2), Q(0))), id="no column -3"),
        pytest.param(BOUNDED, Optimum({1: Q(4), 4: Q(3)}, Q(8), (Q(2), Q(0))), id="no column 4"),
        pytest.param(EMPTY, Infeasible((Q(-1), Q(1))), id="Farkas turned round"),
        pytest.param(EMPTY, Infeasible((Q(0), Q(0))), id="Farkas zero"),
        pytest.param(EMPTY, Infeasible((Q(1), Q(-2))), id="Farkas cuts a column"),
        pytest.param(EMPTY, Infeasible((Q(1), Q(-1), Q(0))), id="long Farkas"),
        pytest.param(BOUNDED, Infeasible((Q(-1), Q(0))), id="feasible"),
        pytest.param(OPEN, Unbounded({0: Q(1)}, {}), id="no ray"),
        pytest.param(OPEN, Unbounded({0: Q(1)}, {0: Q(1)}), id="ray leaves"),
        pytest.param(OPEN, Unbounded({0: Q(1)}, {0: Q(-1), 1: Q(-1)}), id="ray backwards"),
        pytest.param(OPEN, Unbounded({0: Q(2)}, {0: Q(1), 1: Q(1)}), id="ray from outside"),
        pytest.param(
            replace(OPEN, objective=(1, -1)), Unbounded({0: Q(1)}, {0: Q(1), 1: Q(1)}), id="flat"
        ),
    ],
)
def test_a_false_certificate_is_rejected(program, answer, monkeypatch):
    assert not certifies(program, answer)
    monkeypatch.setattr(linear_program, "_simplex", lambda _: answer)
    with pytest.raises(CertificateError):
        solve(program)


@given(programs(), st.data())
def test_a_changed_number_never_certifies_a_better_value(program, data):
    answer = solve(program)
    if isinstance(answer, Optimum):
        more = answer.value + data.draw(st.fractions(-2, 2).filter(bool))
        assert not certifies(program, replace(answer, value=more))


def test_a_program_on_which_the_greatest_gain_alone_cycles_ends():
    """Beale's example with rows and columns rescaled and permuted."""
    columns = [
        (Q(-1, 75), Q(-1, 450), Q(2, 9)),
        (150, 0, 0),
        (0, 1, 0),
        (1350, 150, 0),
        (0, 0, 50),
        (Q(1, 12), Q(1, 18), 0),
        (-720, -360, 0),
    ]
    objective = (Q(1, 450), 0, 0, -300, 0, Q(1, 12), -600)
    assert solve(LinearProgram(columns, (0, 0, 2), objective)).value == Q(1, 20)


def test_redundant_and_empty_rows_are_fine():
    program = LinearProgram([(1, 2, 0), (1, 2, 0), (1, 2, 0)], (1, 2, 0), (3, 5, 4))
    assert solve(program).point == {1: Q(1)}
    assert solve(LinearProgram([], (), ())) == Optimum({}, Q(0), ())
    assert isinstance(solve(LinearProgram([], (0, 1), ())), Infeasible)
    assert isinstance(solve(LinearProgram([(), ()], (), (0, 1))), Unbounded)


def test_numbers_beyond_any_machine_word_are_exact():
    huge = 10**40
    program = LinearProgram([(huge, 1), (1, Q(1, huge))], (huge + 1, 1 + Q(1, huge)), (1, 0))
    assert solve(program).value == 1 + Q(1, huge)


def test_the_same_program_has_the_same_answer():
    program = LinearProgram([(1, k) for k in range(6)], (1, Q(5, 2)), (1,) * 6)
    assert solve(program) == solve(program)


@pytest.mark.parametrize(
    "program",
    [
        LinearProgram([(1, 2), (1,)], (1, 1), (0, 0)),
        LinearProgram([(1, 2)], (1,), (0,)),
        LinearProgram([(1,)], (1,), (0, 0)),
    ],
)
def test_lengths_that_differ_are_refused(program):
    with pytest.raises(ValueError, match="lengths"):
        solve(program)
