"""Deciding a claim for all admissible values where expressions are not linear.

z3 and cvc5 decide it in nonlinear real arithmetic. With one parameter the line is cut at the roots
of all polynomials that matter, and the claim evaluated in every cell: that has to say the same.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import z3

from spi_verify.claims.formulas import to_z3, variable
from spi_verify.claims.parameters.asking import (
    CONTRARY,
    Evaluation,
    Fails,
    Holds,
    Vacuous,
    all_say,
    ask,
    named,
    texts,
    unchecked,
    undecided,
)
from spi_verify.claims.parameters.line import (
    Interval,
    Line,
    Number,
    cut,
    decided,
    intervals,
    irreducible_factors,
)
from spi_verify.claims.parameters.region import (
    SIMPLE,
    find_region,
    partial_values,
    region_formula,
    region_text,
)
from spi_verify.claims.parameters.written import intervals_latex, intervals_text, latex, value_text
from spi_verify.errors import InputError, Undecided
from spi_verify.games.algebraic import Algebraic
from spi_verify.games.expressions import Constraint, Expression
from spi_verify.games.quotients import (
    Monomial,
    Polynomial,
    Quotient,
    as_quotient,
    compared,
    simplest,
)
from spi_verify.solvers import Answer, Status

_DIFFERS = "the-region-differs"
WALL_CLOCK = 20.0
"""Seconds after which a solver is stopped: cvc5 does not count all that it does here."""

_FEW = tuple(map(Fraction, (["1", "2", "1/2", "3", "0", "1/3", "-1", "2/3", "4", "5", "-2", "10"])))
_TRIED = 600
_MOST_FACTORS = 20
_MOST_CELLS = 8
_MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Question:
    """A claim over parameters, and how it is evaluated.

    Parameters
    ----------
    names, constraints
        The parameters.
    formula
        What holds where the claim does.
    comparisons
        The polynomials whose signs the formula depends on.
    divisors
        What may not be 0, with where it stands.
    evaluated
        Whether the claim holds at some values.
    """

    names: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    formula: z3.BoolRef
    comparisons: tuple[Expression, ...]
    divisors: tuple[tuple[Expression, str], ...]
    evaluated: Evaluation

    @property
    def polynomials(self) -> list[Expression]:
        """All polynomials whose signs matter."""
        found = [*self.comparisons, *(divisor for divisor, _ in self.divisors)]
        for constraint in self.constraints:
            found.append(compared(constraint.expression))
            below = as_quotient(constraint.expression).divisors
            found += [simplest(Quotient(q)) for q, _ in below]
        return found

    def admits(self, values: Mapping[str, Any]) -> bool:
        """Whether values satisfy the constraints."""
        return all(constraint.holds(values) for constraint in self.constraints)


def decide_nonlinear(question: Question) -> Holds | Fails | Vacuous | str:
    """Decide a claim; see :func:`spi_verify.claims.parameters.all_values.decide_for_all_values`.

    Raises
    ------
    InputError
        When a divisor can be 0.
    Undecided
        When it is out of reach.
    """
    possible = named(question.constraints)
    witnesses = ask(possible, WALL_CLOCK)
    if all_say(witnesses, Status.UNSAT):
        core = witnesses[0].core
        return Vacuous(texts(core, question.constraints), unchecked(possible, core))
    _refuse_zero_divisors(question, possible)
    contrary = possible | {CONTRARY: z3.Not(question.formula)}
    line = _line(question)
    if line is not None:
        return _with_one(question, line, ask(contrary, WALL_CLOCK), contrary)
    values = _simple_point(question, holds=False)
    if values is None:
        answers = ask(contrary, WALL_CLOCK)
        if all_say(answers, Status.UNSAT):
            if _some_point(question, z3.BoolVal(True)) is None:
                return undecided(witnesses)
            return _holds(question, answers, contrary)
        values = _of_model(question, answers) or _some_point(question, z3.Not(question.formula))
        if values is None:
            return undecided(answers)
    region = _agreed_region(question)
    if region is not None:
        return Fails(
            values, region[0], unchecked=region[1], latex=latex(region[0]) if region[0] else None
        )
    good = _simple_point(question, holds=True) or _some_point(question, question.formula)
    return Fails(values, None, good)


def _simple_point(question: Question, *, holds: bool) -> dict[str, Any] | None:
    """Return simple admissible values at which a claim holds or fails, by evaluation alone."""
    few = next(k for k in range(len(_FEW), 0, -1) if k == 1 or k ** len(question.names) <= _TRIED)
    for point in itertools.product(_FEW[:few], repeat=len(question.names)):
        values = dict(zip(question.names, point, strict=True))
        if question.admits(values):
            with contextlib.suppress(InputError, Undecided):
                if question.evaluated(values) is holds:
                    return values
    return None


def _of_model(question: Question, answers: Sequence[Answer]) -> dict[str, Any] | None:
    """Return the values at which a solver says that a claim fails, if they are admissible."""
    for answer in answers:
        if answer.status is Status.SAT:
            found = {n: Fraction(answer.model.get(variable(n), 0)) for n in question.names}
            if question.admits(found):
                return dict(found)
    return None


def _holds(
    question: Question, answers: Sequence[Answer], contrary: Mapping[str, z3.BoolRef]
) -> Holds:
    core = answers[0].core
    return Holds(texts(core, question.constraints), unchecked(contrary, [*core, CONTRARY]))


def _refuse_zero_divisors(question: Question, possible: dict[str, z3.BoolRef]) -> None:
    """Refuse a divisor that is 0 at admissible values, and say which and where."""
    for divisor, where in dict.fromkeys(question.divisors):
        zero = to_z3(Constraint(divisor, "="))
        answers = ask(possible | {"the-divisor-is-0": zero}, WALL_CLOCK)
        if all_say(answers, Status.UNSAT):
            continue
        shown = as_quotient(divisor)
        values = _some_point(question, zero, (divisor,))
        if values is None or divisor.at(values) != 0 or not question.admits(values):
            raise Undecided(
                f"whether the divisor {shown} in {where} can be 0 is {undecided(answers)}"
            )
        at = ", ".join(f"{name} = {value_text(values[name])}" for name in divisor.names)
        raise InputError(
            f"the divisor {shown} in {where} is 0 at {at}, which the constraints allow; "
            "add a constraint that excludes it"
        )


def _line(question: Question) -> Line | None:
    """Return the line of one parameter, cut, unless that would take too long."""
    if len(question.names) > 1:
        return None
    with contextlib.suppress(Undecided):
        return cut(question.names[0], question.polynomials)
    return None


def _with_one(
    question: Question,
    line: Line,
    answers: Sequence[Answer],
    contrary: Mapping[str, z3.BoolRef],
) -> Holds | Fails | str:
    """Decide a claim with one parameter in every cell of the line, too."""
    name = line.name

    def holds(point: Number) -> bool | None:
        values = {name: point}
        return question.evaluated(values) if question.admits(values) else None

    truth = decided(line, holds)
    proved = all_say(answers, Status.UNSAT)
    if not any(holds is not None for holds in truth):
        return "evaluation finds no admissible value, the solvers do; please report this"
    if False not in truth:
        if proved:
            return replace(
                _holds(question, answers, contrary),
                evaluated=sum(holds is not None for holds in truth),
            )
        if any(answer.status is Status.SAT for answer in answers):
            return "the solvers refute it, exact evaluation does not; please report this"
        return undecided(answers)
    if proved:
        return "exact evaluation refutes it, the solvers do not; please report this"
    found = intervals(line, truth)
    said = _interval_formula(name, found)
    asked = named(question.constraints) | {_DIFFERS: question.formula != said}
    agreed = ask(asked, WALL_CLOCK)
    if any(answer.status is Status.SAT for answer in agreed):
        return "exact evaluation finds another region than the solvers; please report this"
    values = {name: _failing(line, truth)}
    why = None if all_say(agreed, Status.UNSAT) else undecided(agreed)
    return Fails(
        values,
        intervals_text(name, found) if found else "",
        unchecked=why,
        latex=intervals_latex(name, found) if found else None,
        evaluated=sum(holds is not None for holds in truth),
    )


def _failing(line: Line, truth: Sequence[bool | None]) -> Number:
    """Return a number at which a claim fails: a simple one, else a rational one, else a root."""
    for value in SIMPLE:
        if truth[line.place(value)] is False:
            return value
    points = [point for point, holds in zip(line.cells, truth, strict=True) if holds is False]
    return min(points, key=lambda point: isinstance(point, Algebraic))


def _some_point(
    question: Question, formula: z3.BoolRef, more: Sequence[Expression] = ()
) -> dict[str, Any] | None:
    """Return admissible values for which a formula holds: rational ones, or all but one are.

    Where z3 finds none with a rational value of the last parameter that is left, this one's line is
    cut at the roots of the polynomials that matter, and the values are tried that cut it.
    """
    values, left = partial_values(formula, question.constraints, question.names)
    if values is None or len(left) > 1:
        return None
    if not left:
        return dict(values) if question.admits(values) else None
    (name,) = left
    known = dict(values)
    restricted = [_restricted(p, known) for p in (*question.polynomials, *more)]
    numbers = [(z3.Real(variable(n)), z3.RealVal(str(v))) for n, v in known.items()]
    fixed = z3.substitute(z3.And(formula, *map(to_z3, question.constraints)), *numbers)
    for root in cut(name, restricted).roots:
        point = {n: root if n == name else known[n] for n in question.names}
        if isinstance(root, Algebraic) and _satisfied(fixed, name, root):
            return point if question.admits(point) else None
    return None


def _satisfied(formula: z3.BoolRef, name: str, root: Algebraic) -> bool:
    solver = z3.SolverFor("QF_NRA")
    solver.add(formula, _equals(z3.Real(variable(name)), root))
    return bool(solver.check() == z3.sat)


def _restricted(expression: Expression, values: Mapping[str, Fraction]) -> Expression:
    """Return a polynomial with numbers in the place of some parameters."""
    total = Polynomial()
    for monomial, c in as_quotient(expression).numerator.terms:
        for name, power in monomial:
            c = c * values[name] ** power if name in values else c
        kept = tuple((name, power) for name, power in monomial if name not in values)
        total = total + Polynomial.of({kept: c})
    return simplest(Quotient(total))


def _agreed_region(question: Question) -> tuple[str, str | None] | None:
    """Return where a claim holds if that can be read, in words that both solvers confirm."""
    try:
        found = irreducible_factors(question.comparisons, question.names)
    except Undecided:
        return None
    if len(found) > _MOST_FACTORS:
        return None
    factors = [_expression(factor, question.names) for factor in found]
    cells = find_region(question.formula, question.constraints, factors, most=_MOST_CELLS)
    if cells is None:
        return None
    text = region_text(cells) if cells else ""
    if len(text) > _MOST_CHARACTERS:
        return None
    asked = named(question.constraints) | {_DIFFERS: question.formula != region_formula(cells)}
    answers = ask(asked, WALL_CLOCK)
    if not all_say(answers, Status.UNSAT):
        return None
    return text, unchecked(asked, [*answers[0].core, _DIFFERS])


def _expression(factor: Any, names: Sequence[str]) -> Expression:
    """Return a sympy polynomial as an expression."""
    terms = {
        tuple((n, int(k)) for n, k in zip(names, powers, strict=True) if k): Fraction(
            int(c.p), int(c.q)
        )
        for powers, c in factor.terms()
    }
    ordered = {tuple(sorted(monomial)): c for monomial, c in terms.items()}
    return simplest(Quotient(Polynomial.of(ordered)))


def _interval_formula(name: str, found: Sequence[Interval]) -> z3.BoolRef:
    """Say that a parameter is in one of some intervals, by comparisons of polynomials."""
    x = z3.Real(variable(name))
    cases = []
    for interval in found:
        parts = [z3.Not(_equals(x, number)) for number in interval.without]
        if interval.low is not None and interval.low == interval.high:
            parts.append(_equals(x, interval.low))
        else:
            if interval.low is not None:
                below = _below(x, interval.low)
                outside = below if interval.low_in else z3.Or(below, _equals(x, interval.low))
                parts.append(z3.Not(outside))
            if interval.high is not None:
                below = _below(x, interval.high)
                parts.append(z3.Or(below, _equals(x, interval.high)) if interval.high_in else below)
        cases.append(z3.And(*parts))
    return z3.simplify(z3.Or(*cases))


def _equals(x: z3.ArithRef, number: Number) -> z3.BoolRef:
    if isinstance(number, Fraction):
        return x == z3.RealVal(str(number))
    low, high = (z3.RealVal(str(end)) for end in (number.root.low, number.root.high))
    return z3.And(low < x, x < high, _value(x, number) == 0)


def _below(x: z3.ArithRef, number: Number) -> z3.BoolRef:
    if isinstance(number, Fraction):
        return x < z3.RealVal(str(number))
    low, high = (z3.RealVal(str(end)) for end in (number.root.low, number.root.high))
    left = Constraint(_of_root(number), "<").holds({"x": number.root.low})
    value = _value(x, number)
    return z3.Or(x <= low, z3.And(x < high, value < 0 if left else value > 0))


def _value(x: z3.ArithRef, number: Algebraic) -> z3.ArithRef:
    total = z3.RealVal(0)
    for c in number.root.coefficients:
        total = total * x + z3.RealVal(c)
    return total


def _of_root(number: Algebraic) -> Expression:
    powers = reversed(list(enumerate(reversed(number.root.coefficients))))
    terms: dict[Monomial, Fraction] = {((("x", k),) if k else ()): Fraction(c) for k, c in powers}
    return simplest(Quotient(Polynomial.of(terms)))
