"""Whether a formula holds in a finite structure, decided without any solver."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import z3

from spi_verify.theory.compiled import TooCostlyError, Value, compiled
from spi_verify.theory.formulas import functions_of, unlike
from spi_verify.theory.terms import Formula

_Environment = tuple[int, ...]


@dataclass
class Budget:
    """How many instances of quantified formulas may still be evaluated."""

    instances: int

    def spend(self) -> None:
        """Count one instance.

        Raises
        ------
        TooCostlyError
            When there are none left.
        """
        self.instances -= 1
        if self.instances < 0:
            raise TooCostlyError


@dataclass(frozen=True)
class Structure:
    """A finite structure.

    Parameters
    ----------
    sizes
        Number of elements of each sort; the elements are 0, 1, ....
    tables
        For each function, its value for every tuple of arguments: an element, a truth value or
        an exact rational.
    budget
        How much evaluation may cost, where the formulas are not trusted; None for no limit.
    """

    sizes: Mapping[str, int]
    tables: Mapping[str, Mapping[tuple[int, ...], Value]]
    budget: Budget | None = None


def holds(formula: Formula, structure: Structure) -> bool:
    """Return whether a closed formula is true in a structure.

    Parameters
    ----------
    formula
        Boolean connectives, linear or nonlinear arithmetic without division by a variable,
        ``If``, equality, and quantifiers over uninterpreted sorts.
    structure
        With a size for each of its sorts and a table for each of its functions.

    Raises
    ------
    ValueError
        When the structure says nothing about a sort or function, or the formula holds
        something else, such as a quantifier over numbers.

    Notes
    -----
    A quantifier takes one evaluation of its body for each element of its sort, until the first
    that decides it.

    Examples
    --------
    >>> S = z3.DeclareSort("S")
    >>> x, f = z3.Const("x", S), z3.Function("f", S, z3.RealSort())
    >>> two = Structure({"S": 2}, {"f": {(0,): Fraction(1, 2), (1,): Fraction(0)}})
    >>> holds(z3.Exists([x], f(x) * 2 == 1), two)
    True
    >>> print(why_not(z3.ForAll([x], f(x) > 0), two))
    x = S 2: f(x) > 0 is false
    """
    return bool(_function(formula, structure, 0)(()))


def has_values_of_sorts(formulas: Iterable[Formula], structure: Structure) -> bool:
    """Return whether every value of every function in formulas is of the function's sort.

    A table that leads out of the sort's elements is that of no structure, whatever holds in it.

    Raises
    ------
    LookupError
        When the structure says nothing about a sort or function.
    """
    functions = {one.get_id(): one for formula in formulas for one in functions_of(formula)}
    return all(
        _are_of(structure.tables[function.name()].values(), function.range(), structure.sizes)
        for function in functions.values()
    )


def _are_of(values: Collection[Value], sort: z3.SortRef, sizes: Mapping[str, int]) -> bool:
    kind = sort.kind()
    if kind == z3.Z3_BOOL_SORT:
        return all(isinstance(value, bool) for value in values)
    if any(isinstance(value, bool) for value in values):
        return False
    if kind == z3.Z3_UNINTERPRETED_SORT:
        size = sizes[sort.name()]
        return all(isinstance(value, int) and 0 <= value < size for value in values)
    numbers = (int, Fraction) if kind == z3.Z3_REAL_SORT else int
    return all(isinstance(value, numbers) for value in values)


def value(term: z3.ExprRef, structure: Structure, scope: tuple[int, ...] = ()) -> Value:
    """Return what a term is in a structure.

    Parameters
    ----------
    term
        As in :func:`holds`, of any sort; its variables may be bound outside of it.
    structure
        With tables for what it speaks of.
    scope
        The elements that these variables stand for, the innermost last.

    Raises
    ------
    ValueError
        As :func:`holds` does.
    """
    return _function(term, structure, len(scope))(scope)


def predicate(axiom: Formula, structure: Structure) -> Callable[[tuple[int, ...]], bool]:
    """Return what the axiom of a defined predicate says of its arguments.

    Parameters
    ----------
    axiom
        "For all arguments, the predicate holds just if a formula does", as
        :meth:`~spi_verify.theory.Theory.axiom` returns it.
    structure
        With tables for what the formula speaks of.
    """
    applied, formula = sides(axiom)
    function = _function(formula, structure, applied.num_args())
    return lambda arguments: bool(function(arguments))


def sides(axiom: Formula) -> tuple[z3.ExprRef, z3.ExprRef]:
    """Return the predicate applied to the axiom's variables, and the formula it stands for.

    z3 turns an equation round when the right-hand side is a quantifier.

    Raises
    ------
    ValueError
        When the formula is no axiom of a predicate with arguments.
    """
    if not z3.is_quantifier(axiom):
        raise ValueError(f"not the axiom of a defined predicate: {axiom}")
    one, other = axiom.body().children()
    return (other, one) if z3.is_quantifier(one) else (one, other)


def why_not(formula: Formula, structure: Structure, *, first: int = 1) -> str | None:
    """Return the instance that makes a formula false, or None where it is true.

    Follows conjunctions, implications and universal quantifiers down to the smallest part that
    fails, naming the elements chosen on the way.

    Parameters
    ----------
    formula, structure
        As :func:`holds` takes them.
    first
        The number by which the first element of a sort is called.
    """
    if holds(formula, structure):
        return None
    chosen: list[tuple[str, str, int]] = []
    environment: _Environment = ()
    while True:
        if z3.is_quantifier(formula) and formula.is_forall():
            sorts = [formula.var_sort(n).name() for n in range(formula.num_vars())]
            names = [formula.var_name(n) for n in range(formula.num_vars())]
            names = unlike(names, (name for name, _, _ in chosen))
            body = _function(formula.body(), structure, len(environment) + len(sorts))
            for row in itertools.product(*(range(structure.sizes[name]) for name in sorts)):
                if not body(environment + row):
                    break
            chosen += zip(names, sorts, row, strict=True)
            environment, formula = environment + row, formula.body()
        elif z3.is_and(formula):
            formula = next(
                part
                for part in formula.children()
                if not _function(part, structure, len(environment))(environment)
            )
        elif z3.is_implies(formula):
            formula = formula.arg(1)
        else:
            break
    names_in_scope = [z3.Const(name, z3.DeclareSort(sort)) for name, sort, _ in chosen]
    readable = z3.substitute_vars(formula, *reversed(names_in_scope))
    where = ", ".join(f"{name} = {sort} {element + first}" for name, sort, element in chosen)
    text = " ".join(str(readable).split())
    return f"{where}: {text} is false" if where else f"{text} is false"


def _function(
    term: z3.ExprRef, structure: Structure, variables: int
) -> Callable[[_Environment], Value]:
    """Return a term as a function of the values of the variables in scope, outermost first."""
    budget = structure.budget
    code = compiled(term, variables, counted=budget is not None)
    spend = None if budget is None else budget.spend
    function = code.bound(structure.sizes, structure.tables, spend)
    return lambda environment: function(*environment)
