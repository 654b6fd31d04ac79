"""For which parameter values a formula holds, as inequalities a person can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import z3

from spi_verify.claims.formulas import to_z3, variable
from spi_verify.games.expressions import (
    Constraint,
    Expression,
    Linear,
    Quotient,
    Relation,
    comparison,
)
from spi_verify.games.quotients import as_quotient

Cell = tuple[Constraint, ...]
"""A conjunction of constraints."""

MAX_CELLS = 64
_RESOURCES = {"QF_LRA": 2_000_000, "QF_NRA": 200_000}  # a simple region never comes near
_WEAKER: dict[Relation, tuple[Relation, ...]] = {"<": ("<=",), ">": (">=",), "=": ("<=", ">=")}
SIMPLE = sorted(
    {Fraction(p, q) for q in range(1, 5) for p in range(-10 * q, 10 * q + 1)},
    key=lambda v: (v.denominator, abs(v), v < 0),
)
"""What is tried first as the value of a parameter."""


def find_region(
    formula: z3.BoolRef,
    admissible: Sequence[Constraint],
    comparisons: Iterable[Expression],
    *,
    most: int | None = None,
) -> list[Cell] | None:
    """Cover the admissible values for which a formula holds by a few convex cells.

    Parameters
    ----------
    formula
        A formula whose truth depends only on the signs of the comparisons.
    admissible
        What may be taken for granted; it does not appear in the cells unless it is needed.
    comparisons
        Expressions in the parameters, without divisors.
    most
        So many cells may be needed; 64 by default.

    Returns
    -------
    list of cells or None
        Their union is the region. The empty list: it holds nowhere. None: more cells would be
        needed, or z3 gave up. Each cell is grown from one point: of the comparisons' signs
        there an unsatisfiable core is kept, and dropped and weakened one by one as long as the
        formula holds throughout the cell.
    """
    distinct = {str(Constraint(e, "=")): e for e in comparisons}
    ordered = sorted(distinct.values(), key=lambda e: (-_size(e), str(e)))
    logic = _logic([*ordered, *(constraint.expression for constraint in admissible)])
    searched = _solver(admissible, logic)
    searched.add(formula)
    fails = _solver(admissible, logic)
    fails.add(z3.Not(formula))
    cells: list[Cell] = []
    while (status := searched.check()) == z3.sat:
        if len(cells) == (MAX_CELLS if most is None else most):
            return None
        cell = _grow(fails, _signs_at(searched.model(), ordered))
        if cell is None:
            return None
        cells.append(cell)
        searched.add(z3.Not(z3.And([to_z3(c) for c in cell])))
    if status != z3.unsat:
        return None
    return sorted(_without_redundant(cells, admissible, logic), key=_cell_text)


def simple_values(
    formula: z3.BoolRef, admissible: Sequence[Constraint], names: Sequence[str]
) -> dict[str, Fraction] | None:
    """Return admissible values for which a formula holds, small whole numbers if possible."""
    values, left = partial_values(formula, admissible, names)
    return None if left else values


def partial_values(
    formula: z3.BoolRef, admissible: Sequence[Constraint], names: Sequence[str]
) -> tuple[dict[str, Fraction] | None, list[str]]:
    """Return rational values that go together with a formula, and the parameters without one.

    Small whole numbers are taken if possible. None: there are no admissible values for which the
    formula holds, or z3 gave up.
    """
    solver = _solver(admissible, _logic([formula, *(c.expression for c in admissible)]))
    solver.add(formula)
    if solver.check() != z3.sat:
        return None, []
    model = solver.model()
    values: dict[str, Fraction] = {}
    left = []
    for name in names:
        unknown = z3.Real(variable(name))
        own = _value(model, unknown)
        for value in (*SIMPLE, *([] if own is None else [own])):
            solver.push()
            solver.add(unknown == z3.RealVal(value))
            if solver.check() == z3.sat:
                model, values[name] = solver.model(), value
                break
            solver.pop()
        else:
            left.append(name)
    return values, left


def region_text(cells: Sequence[Cell]) -> str:
    """Write a region: ``c <= 1``, or ``(c > 0 and d <= 2) or c = 3``."""
    if len(cells) == 1:
        return _cell_text(cells[0])
    texts = map(_cell_text, cells)
    return " or ".join(f"({text})" if " and " in text else text for text in texts)


def _cell_text(cell: Cell) -> str:
    """Write one cell: ``1 <= c < 3 and d <= 2``."""
    bounds: dict[str, dict[str, str]] = {}
    texts = []
    for constraint in cell:
        if _has_two_sides(constraint.expression):
            texts.append(comparison(as_quotient(constraint.expression), constraint.relation))
            continue
        left, relation, right = str(constraint).rsplit(" ", 2)
        bounds.setdefault(left, {})[relation] = right
    texts.sort()
    for left, sides in sorted(bounds.items()):
        low = next((f"{sides[r]} {f} " for r, f in ((">", "<"), (">=", "<=")) if r in sides), "")
        high = next((f" {r} {sides[r]}" for r in ("<", "<=") if r in sides), "")
        if set(sides) == {"<=", ">="} and sides["<="] == sides[">="]:
            texts.append(f"{left} = {sides['<=']}")
        elif low and high and len(sides) == 2:
            texts.append(f"{low}{left}{high}")
        else:
            texts += [f"{left} {relation} {right}" for relation, right in sorted(sides.items())]
    return " and ".join(texts)


def _has_two_sides(expression: Expression) -> bool:
    """Whether parameters are on both sides where an expression is compared with 0 for people."""
    if isinstance(expression, Quotient):
        return True
    signs = {c > 0 for _, c in expression.coefficients}
    return len(signs) == 2 and not expression.constant


def region_formula(cells: Sequence[Cell]) -> z3.BoolRef:
    """Return a region as a formula."""
    return z3.simplify(z3.Or([z3.And([to_z3(c) for c in cell]) for cell in cells]))


def _grow(fails: z3.Solver, signs: Sequence[Constraint]) -> Cell | None:
    """Turn the signs at a point where the formula holds into a large cell where it holds."""

    def covers(candidate: Sequence[Constraint]) -> bool:
        fails.push()
        fails.add([to_z3(c) for c in candidate])
        status = fails.check()
        fails.pop()
        return bool(status == z3.unsat)

    fails.push()
    named = {f"sign {k}": constraint for k, constraint in enumerate(signs)}
    for name, constraint in named.items():
        fails.assert_and_track(to_z3(constraint), name)
    status = fails.check()
    core = {str(term) for term in fails.unsat_core()} if status == z3.unsat else set()
    fails.pop()
    if status != z3.unsat:
        return None
    cell = _weakened([c for name, c in named.items() if name in core], covers)
    for constraint in list(cell):
        smaller = [c for c in cell if c is not constraint]
        if covers(smaller):
            cell = smaller
    return tuple(_weakened(cell, covers))


def _weakened(
    cell: list[Constraint], covers: Callable[[Sequence[Constraint]], bool]
) -> list[Constraint]:
    for k, constraint in enumerate(cell):
        for relation in _WEAKER.get(constraint.relation, ()):
            weaker = [*cell[:k], Constraint(constraint.expression, relation), *cell[k + 1 :]]
            if covers(weaker):
                cell = weaker
                break
    return cell


def _without_redundant(
    cells: list[Cell], admissible: Sequence[Constraint], logic: str
) -> list[Cell]:
    """Drop cells that lie in the union of the others."""
    kept = list(cells)
    for cell in cells:
        others = [c for c in kept if c is not cell]
        outside = _solver(admissible, logic)
        outside.add([to_z3(c) for c in cell])
        outside.add(z3.Not(region_formula(others)))
        if others and outside.check() == z3.unsat:
            kept = others
    return kept


def _signs_at(model: z3.ModelRef, comparisons: Sequence[Expression]) -> list[Constraint]:
    signs = []
    for expression in comparisons:
        relations: tuple[Relation, ...] = ("<", ">", "=")
        for relation in relations:
            constraint = Constraint(expression, relation)
            if z3.is_true(model.eval(to_z3(constraint), model_completion=True)):
                signs.append(constraint)
    return signs


def _value(model: z3.ModelRef, variable: z3.ArithRef) -> Fraction | None:
    """Return the value in a model, if it is rational."""
    found = model.eval(variable, model_completion=True)
    return found.as_fraction() if z3.is_rational_value(found) else None


def _size(expression: Expression) -> int:
    if isinstance(expression, Linear):
        return len(expression.coefficients)
    return len(as_quotient(expression).numerator.terms)


def _logic(parts: Sequence[Expression | z3.BoolRef]) -> str:
    """Return the logic of formulas over some expressions."""
    linear = all(isinstance(part, Linear) or _is_linear(part) for part in parts)
    return "QF_LRA" if linear else "QF_NRA"


def _is_linear(part: Expression | z3.BoolRef) -> bool:
    if not isinstance(part, z3.BoolRef):
        return False
    seen: set[int] = set()
    stack: list[z3.ExprRef] = [part]
    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        factors = sum(not z3.is_rational_value(child) for child in term.children())
        if (z3.is_mul(term) and factors > 1) or term.decl().kind() == z3.Z3_OP_POWER:
            return False
        stack += term.children()
    return True


def _solver(admissible: Sequence[Constraint], logic: str) -> z3.Solver:
    solver = z3.SolverFor(logic)
    solver.set("random_seed", 0)
    solver.set("rlimit", _RESOURCES[logic])
    for constraint in admissible:
        solver.add(to_z3(constraint))
    return solver
