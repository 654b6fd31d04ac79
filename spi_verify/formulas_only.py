"""The part of z3's Python interface that builds formulas and reads them, without z3.

Definitions and suites are written with z3's expressions. To execute a counterexample, formulas are
built and evaluated, and nothing is solved; :func:`stand_in` makes ``import z3`` mean this module
where that is all that is wanted. Expressions have the form that z3 gives them: a test compares the
fingerprints of all shipped formulas, and texts that both read.

What is not here raises ``AttributeError``; nothing here can solve anything.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from spi_verify.checker.terms import Refused, Tree, read

(
    Z3_OP_UNINTERPRETED, Z3_OP_TRUE, Z3_OP_FALSE, Z3_OP_NOT, Z3_OP_AND, Z3_OP_OR, Z3_OP_IMPLIES,
    Z3_OP_ITE, Z3_OP_EQ, Z3_OP_IFF, Z3_OP_XOR, Z3_OP_DISTINCT, Z3_OP_LE, Z3_OP_LT, Z3_OP_GE,
    Z3_OP_GT, Z3_OP_ADD, Z3_OP_SUB, Z3_OP_UMINUS, Z3_OP_MUL, Z3_OP_DIV, Z3_OP_TO_REAL, Z3_OP_ANUM,
) = range(23)  # fmt: skip
Z3_UNINTERPRETED_SORT, Z3_BOOL_SORT, Z3_REAL_SORT = range(3)

_SYMBOLS = {
    Z3_OP_TRUE: "true", Z3_OP_FALSE: "false", Z3_OP_NOT: "not", Z3_OP_AND: "and", Z3_OP_OR: "or",
    Z3_OP_IMPLIES: "=>", Z3_OP_ITE: "if", Z3_OP_EQ: "=", Z3_OP_XOR: "xor",
    Z3_OP_DISTINCT: "distinct", Z3_OP_LE: "<=", Z3_OP_LT: "<", Z3_OP_GE: ">=", Z3_OP_GT: ">",
    Z3_OP_ADD: "+", Z3_OP_SUB: "-", Z3_OP_UMINUS: "-", Z3_OP_MUL: "*", Z3_OP_DIV: "/",
}  # fmt: skip


class Z3Exception(Exception):
    """What is put together does not fit; the message says what."""


def stand_in() -> None:
    """Let ``import z3`` mean this module from now on, in a process that has not imported z3."""
    sys.modules.setdefault("z3", sys.modules[__name__])


def main_ctx() -> None:
    """Return the context of all terms."""


class SortRef:
    """A sort; made once for each name and kind."""

    _known: ClassVar[dict[tuple[str, int], SortRef]] = {}

    def __init__(self, name: str, kind: int) -> None:
        self._name, self._kind = name, kind

    def __class_getitem__(cls, _: Any) -> type[SortRef]:
        return cls

    @classmethod
    def made(cls, name: str, kind: int) -> SortRef:
        """Return the sort of this name and kind."""
        return cls._known.setdefault((name, kind), cls(name, kind))

    def name(self) -> str:
        """Return its name."""
        return self._name

    def kind(self) -> int:
        """Return whether it is uninterpreted, Boolean or real."""
        return self._kind

    def sexpr(self) -> str:
        """Return it as SMT-LIB text."""
        return self._name

    def __str__(self) -> str:
        return self._name

    __repr__ = __str__

    def cast(self, value: Any) -> Any:
        """Return a value, or a Python number or truth value, as a term of this sort."""
        if isinstance(value, ExprRef):
            if value.sort() is not self:
                raise Z3Exception(f"Sort mismatch: {value.sort()} where {self} is expected")
            return value
        if self is _BOOL and isinstance(value, bool):
            return BoolVal(value)
        number = isinstance(value, int | float | str | Fraction) and value is not True
        if self is _REAL and number:
            return RealVal(value)
        raise Z3Exception(f"{value!r} is no term of sort {self}")


_BOOL, _REAL = SortRef.made("Bool", Z3_BOOL_SORT), SortRef.made("Real", Z3_REAL_SORT)


class FuncDeclRef:
    """A function, predicate or operation."""

    def __init__(self, name: str, domain: tuple[SortRef, ...], range_: SortRef, kind: int) -> None:
        self._parts = name, domain, range_, kind

    def name(self) -> str:
        """Return its name."""
        return self._parts[0]

    def kind(self) -> int:
        """Return which operation it is."""
        return self._parts[3]

    def arity(self) -> int:
        """Return how many arguments it takes."""
        return len(self._parts[1])

    def domain(self, place: int) -> SortRef:
        """Return the sort of an argument."""
        return self._parts[1][place]

    def range(self) -> SortRef:
        """Return the sort of its values."""
        return self._parts[2]

    def params(self) -> list[Any]:
        """Return what it depends on, which is nothing here."""
        return []

    def eq(self, other: Any) -> bool:
        """Return whether it is the same."""
        return isinstance(other, FuncDeclRef) and self._parts == other._parts

    __eq__ = eq

    def __ne__(self, other: Any) -> bool:
        return not self.eq(other)

    def __hash__(self) -> int:
        return hash(self._parts)

    def __str__(self) -> str:
        return self.name()

    __repr__ = __str__

    def __call__(self, *args: Any) -> Any:
        """Return it applied."""
        if len(args) != self.arity():
            raise Z3Exception("Incorrect number of arguments")
        return _app(self, [self.domain(k).cast(one) for k, one in enumerate(args)])


class ExprRef:
    """A term, made by :func:`_made` only, so that equal ones are one object."""

    _key: tuple[Any, ...]
    _id: int
    ctx: ClassVar[None] = None
    """All terms are of one context."""

    def get_id(self) -> int:
        """Return its number."""
        return self._id

    def __hash__(self) -> int:
        return self._id

    def eq(self, other: Any) -> bool:
        """Return whether it is the same term."""
        return self is other

    def sort(self) -> SortRef:
        """Return its sort."""
        sort: SortRef = self._key[1]
        return sort

    def decl(self) -> FuncDeclRef:
        """Return what is applied in it."""
        if self._key[0] != "app":
            raise Z3Exception("function application expected")
        declaration: FuncDeclRef = self._key[2]
        return declaration

    def children(self) -> list[Any]:
        """Return its arguments."""
        return list(self._key[3]) if self._key[0] == "app" else []

    def num_args(self) -> int:
        """Return how many arguments it has."""
        return len(self.children())

    def arg(self, place: int) -> Any:
        """Return an argument."""
        return self.children()[place]

    def __eq__(self, other: Any) -> Any:
        if other is None:
            return False
        return _operation(Z3_OP_EQ, _alike(self, other), _BOOL)

    def __ne__(self, other: Any) -> Any:
        if other is None:
            return True
        return _operation(Z3_OP_DISTINCT, _alike(self, other), _BOOL)

    def __bool__(self) -> bool:
        kind = self.decl().kind() if is_app(self) else None
        if kind in (Z3_OP_TRUE, Z3_OP_FALSE):
            return kind == Z3_OP_TRUE
        if kind == Z3_OP_EQ:
            return bool(self.arg(0).eq(self.arg(1)))
        raise Z3Exception("Symbolic expressions cannot be cast to concrete Boolean values.")

    def sexpr(self) -> str:
        """Return it as text in the manner of SMT-LIB."""
        return _text(self, ())

    def __str__(self) -> str:
        return _infix(self)

    __repr__ = __str__


class BoolRef(ExprRef):
    """A formula."""

    def __and__(self, other: Any) -> Any:
        return And(self, other)

    def __or__(self, other: Any) -> Any:
        return Or(self, other)

    def __xor__(self, other: Any) -> Any:
        return Xor(self, other)

    def __invert__(self) -> Any:
        return Not(self)

    def __mul__(self, other: Any) -> Any:
        return If(self, other, 0) if isinstance(other, ArithRef) else NotImplemented


class QuantifierRef(BoolRef):
    """A quantified formula; variables are numbered from the innermost."""

    def is_forall(self) -> bool:
        """Return whether it is universal."""
        return bool(self._key[2])

    def is_exists(self) -> bool:
        """Return whether it is existential."""
        return not self._key[2]

    def is_lambda(self) -> bool:
        """Return False."""
        return False

    def num_vars(self) -> int:
        """Return how many variables it binds."""
        return len(self._key[3])

    def var_name(self, place: int) -> str:
        """Return the name of a variable."""
        return str(self._key[3][place][0])

    def var_sort(self, place: int) -> Any:
        """Return the sort of a variable."""
        return self._key[3][place][1]

    def num_patterns(self) -> int:
        """Return 0: triggers are for solvers."""
        return 0

    def body(self) -> Any:
        """Return what is quantified."""
        return self._key[4]

    def children(self) -> list[Any]:
        """Return the body, as z3 does."""
        return [self.body()]


class ArithRef(ExprRef):
    """A number."""

    def __add__(self, other: Any) -> Any:
        return _operation(Z3_OP_ADD, _alike(self, other), _REAL)

    def __radd__(self, other: Any) -> Any:
        return _operation(Z3_OP_ADD, _alike(other, self), _REAL)

    def __sub__(self, other: Any) -> Any:
        return _operation(Z3_OP_SUB, _alike(self, other), _REAL)

    def __rsub__(self, other: Any) -> Any:
        return _operation(Z3_OP_SUB, _alike(other, self), _REAL)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, BoolRef):
            return If(other, self, 0)
        return _operation(Z3_OP_MUL, _alike(self, other), _REAL)

    def __rmul__(self, other: Any) -> Any:
        return _operation(Z3_OP_MUL, _alike(other, self), _REAL)

    def __truediv__(self, other: Any) -> Any:
        return _operation(Z3_OP_DIV, _alike(self, other), _REAL)

    def __rtruediv__(self, other: Any) -> Any:
        return _operation(Z3_OP_DIV, _alike(other, self), _REAL)

    def __neg__(self) -> Any:
        return _operation(Z3_OP_UMINUS, [self], _REAL)

    def __le__(self, other: Any) -> Any:
        return _operation(Z3_OP_LE, _alike(self, other), _BOOL)

    def __lt__(self, other: Any) -> Any:
        return _operation(Z3_OP_LT, _alike(self, other), _BOOL)

    def __ge__(self, other: Any) -> Any:
        return _operation(Z3_OP_GE, _alike(self, other), _BOOL)

    def __gt__(self, other: Any) -> Any:
        return _operation(Z3_OP_GT, _alike(self, other), _BOOL)


class RatNumRef(ArithRef):
    """A numeral."""

    def as_fraction(self) -> Fraction:
        """Return it as a number of Python."""
        value: Fraction = self._key[4]
        return value


_terms: dict[tuple[Any, ...], ExprRef] = {}


def _made(key: tuple[Any, ...]) -> Any:
    if key not in _terms:
        what, sort = key[0], key[1]
        kinds: dict[SortRef, type[ExprRef]] = {_BOOL: BoolRef, _REAL: ArithRef}
        made = QuantifierRef if what == "quantifier" else kinds.get(sort, ExprRef)
        one = (RatNumRef if len(key) == 5 and what == "app" else made)()
        one._key, one._id = key, len(_terms)
        _terms[key] = one
    return _terms[key]


def _app(declaration: FuncDeclRef, args: Iterable[ExprRef]) -> Any:
    return _made(("app", declaration.range(), declaration, tuple(args)))


def _operation(kind: int, args: Sequence[ExprRef], sort: SortRef) -> Any:
    if kind in (Z3_OP_AND, Z3_OP_OR, Z3_OP_ADD, Z3_OP_MUL, Z3_OP_SUB):
        domain: tuple[SortRef, ...] = (sort, sort)
    else:
        domain = tuple(one.sort() for one in args)
    if sort is _REAL and kind != Z3_OP_ITE and any(one.sort() is not _REAL for one in args):
        raise Z3Exception("Sort mismatch: numbers are expected")
    return _app(FuncDeclRef(_SYMBOLS[kind], domain, sort, kind), args)


def _alike(one: Any, other: Any) -> list[ExprRef]:
    """Return two values as terms of one sort."""
    sort = (one if isinstance(one, ExprRef) else other).sort()
    return [sort.cast(one), sort.cast(other)]


def DeclareSort(name: str) -> SortRef:
    """Return an uninterpreted sort."""
    return SortRef.made(name, Z3_UNINTERPRETED_SORT)


def BoolSort() -> SortRef:
    """Return the sort of truth values."""
    return _BOOL


def RealSort() -> SortRef:
    """Return the sort of numbers."""
    return _REAL


def Function(name: str, *sorts: SortRef) -> FuncDeclRef:
    """Return a function; the last sort is that of its values."""
    return FuncDeclRef(name, sorts[:-1], sorts[-1], Z3_OP_UNINTERPRETED)


def Const(name: str, sort: SortRef) -> Any:
    """Return a constant."""
    return _app(FuncDeclRef(name, (), sort, Z3_OP_UNINTERPRETED), ())


def FreshConst(sort: SortRef, prefix: str = "c") -> Any:
    """Return a constant whose name nothing else has."""
    return Const(f"{prefix}!{next(_fresh)}", sort)


_fresh = itertools.count()


def Consts(names: str, sort: SortRef) -> list[Any]:
    """Return constants of one sort."""
    return [Const(name, sort) for name in names.replace(",", " ").split()]


def Real(name: str) -> Any:
    """Return a constant number."""
    return Const(name, _REAL)


def Reals(names: str) -> list[Any]:
    """Return constant numbers."""
    return Consts(names, _REAL)


def Bool(name: str) -> Any:
    """Return a constant truth value."""
    return Const(name, _BOOL)


def Bools(names: str) -> list[Any]:
    """Return constant truth values."""
    return Consts(names, _BOOL)


def Q(numerator: int, denominator: int) -> Any:
    """Return a numeral."""
    return RealVal(Fraction(numerator, denominator))


def Var(index: int, sort: SortRef) -> Any:
    """Return a variable that a quantifier around it binds."""
    return _made(("var", sort, index))


def RealVal(value: Any) -> Any:
    """Return a numeral."""
    number = Fraction(str(value) if isinstance(value, float) else value)
    text = str(number)
    return _made(("app", _REAL, FuncDeclRef(text, (), _REAL, Z3_OP_ANUM), (), number))


def BoolVal(value: bool) -> Any:
    """Return a truth value."""
    return _operation(Z3_OP_TRUE if value else Z3_OP_FALSE, (), _BOOL)


def _listed(args: Sequence[Any]) -> Sequence[Any]:
    """Return arguments, which may be given as one list."""
    listed: Sequence[Any] = (
        args[0] if len(args) == 1 and isinstance(args[0], list | tuple) else args
    )
    return listed


def _formulas(args: Sequence[Any]) -> list[ExprRef]:
    return [_BOOL.cast(one) for one in _listed(args)]


def And(*args: Any) -> Any:
    """Return that all hold."""
    return _operation(Z3_OP_AND, _formulas(args), _BOOL)


def Or(*args: Any) -> Any:
    """Return that one holds."""
    return _operation(Z3_OP_OR, _formulas(args), _BOOL)


def Not(formula: Any) -> Any:
    """Return that a formula does not hold."""
    return _operation(Z3_OP_NOT, [_BOOL.cast(formula)], _BOOL)


def Implies(one: Any, other: Any) -> Any:
    """Return that one formula implies another."""
    return _operation(Z3_OP_IMPLIES, [_BOOL.cast(one), _BOOL.cast(other)], _BOOL)


def Xor(one: Any, other: Any) -> Any:
    """Return that just one of two formulas holds."""
    return _operation(Z3_OP_XOR, [_BOOL.cast(one), _BOOL.cast(other)], _BOOL)


def Distinct(*args: Any) -> Any:
    """Return that no two terms are equal."""
    args = tuple(_listed(args))
    sort = next((one for one in args if isinstance(one, ExprRef)), RealVal(0)).sort()
    return _operation(Z3_OP_DISTINCT, [sort.cast(one) for one in args], _BOOL)


def Sum(*args: Any) -> Any:
    """Return the sum of numbers."""
    args = tuple(_listed(args))
    return _operation(Z3_OP_ADD, [_REAL.cast(one) for one in args], _REAL) if args else 0


def Product(*args: Any) -> Any:
    """Return the product of numbers."""
    args = tuple(_listed(args))
    return _operation(Z3_OP_MUL, [_REAL.cast(one) for one in args], _REAL) if args else 1


def If(condition: Any, one: Any, other: Any) -> Any:
    """Return one term where a formula holds, and another where it does not."""
    if not isinstance(one, ExprRef) and not isinstance(other, ExprRef):
        one = RealVal(one) if not isinstance(one, bool) else BoolVal(one)
    pair = _alike(one, other)
    return _operation(Z3_OP_ITE, [_BOOL.cast(condition), *pair], pair[0].sort())


def MultiPattern(*_: Any) -> None:
    """Return nothing: triggers are for solvers."""


def ForAll(variables: Any, body: Any, **_: Any) -> Any:
    """Return that a formula holds for all values of constants."""
    return _bound(True, variables, body)


def Exists(variables: Any, body: Any, **_: Any) -> Any:
    """Return that a formula holds for some values of constants."""
    return _bound(False, variables, body)


def _bound(universal: bool, variables: Any, body: Any) -> Any:
    constants = [variables] if isinstance(variables, ExprRef) else list(variables)
    formula = _BOOL.cast(body)
    if not constants:
        return formula
    count = len(constants)
    places = {one.get_id(): count - 1 - k for k, one in enumerate(constants)}

    def put(term: Any, depth: int) -> Any:
        if term.get_id() in places:
            return Var(places[term.get_id()] + depth, term.sort())
        if is_var(term) and get_var_index(term) >= depth:
            return Var(get_var_index(term) + count, term.sort())
        return None

    named = tuple((one.decl().name(), one.sort()) for one in constants)
    return _made(("quantifier", _BOOL, universal, named, _replaced(formula, put)))


def _replaced(
    term: Any,
    put: Callable[[Any, int], Any],
    apply: Callable[[FuncDeclRef, Sequence[Any]], Any] | None = None,
) -> Any:
    """Return a term in which ``put`` says what stands for a part under so many variables.

    Where it says nothing, what is applied is applied to the new arguments, by ``apply``.
    """
    apply = apply or _app
    known: dict[tuple[int, int], Any] = {}

    def inside(one: Any, depth: int) -> Any:
        key = one.get_id(), depth
        if key not in known:
            new = put(one, depth)
            if new is None and isinstance(one, QuantifierRef):
                body = inside(one.body(), depth + one.num_vars())
                new = _made((*one._key[:4], body))
            elif new is None:
                args = [inside(arg, depth) for arg in one.children()]
                new = one if not is_app(one) or len(one._key) == 5 else apply(one.decl(), args)
            known[key] = new
        return known[key]

    return inside(term, 0)


def _shifted(term: Any, by: int) -> Any:
    def put(one: Any, depth: int) -> Any:
        outside = is_var(one) and get_var_index(one) >= depth
        return Var(get_var_index(one) + by, one.sort()) if outside else None

    return _replaced(term, put) if by else term


def substitute_vars(term: Any, *values: Any) -> Any:
    """Return a term with values in the place of the variables 0, 1, ... that are free in it."""

    def put(one: Any, depth: int) -> Any:
        if not is_var(one) or get_var_index(one) < depth:
            return None
        index = get_var_index(one) - depth
        if index < len(values):
            return _shifted(values[index], depth)
        return Var(get_var_index(one) - len(values), one.sort())

    return _replaced(term, put)


def substitute(term: Any, *pairs: Any) -> Any:
    """Return a term in which the first of each pair is replaced by the second."""
    pairs = tuple(pairs[0]) if len(pairs) == 1 and isinstance(pairs[0], list) else pairs
    new = {one.get_id(): other for one, other in pairs}
    return _replaced(
        term, lambda one, depth: _shifted(new[one.get_id()], depth) if one.get_id() in new else None
    )


def substitute_funs(term: Any, *pairs: Any) -> Any:
    """Return a term in which functions are replaced by terms of the variables 0, 1, ...."""
    new = dict(pairs)

    def apply(function: FuncDeclRef, args: Sequence[Any]) -> Any:
        return substitute_vars(new[function], *args) if function in new else _app(function, args)

    return _replaced(term, lambda *_: None, apply)


def is_expr(value: Any) -> bool:
    """Return whether a value is a term."""
    return isinstance(value, ExprRef)


def is_app(value: Any) -> bool:
    """Return whether a value is a function applied, or a constant or numeral."""
    return isinstance(value, ExprRef) and value._key[0] == "app"


def is_app_of(value: Any, kind: int) -> bool:
    """Return whether a value is an operation of a kind applied."""
    return is_app(value) and value.decl().kind() == kind


def is_const(value: Any) -> bool:
    """Return whether a value is a constant or numeral."""
    return is_app(value) and not value.num_args()


def is_var(value: Any) -> bool:
    """Return whether a value is a variable."""
    return isinstance(value, ExprRef) and value._key[0] == "var"


def get_var_index(value: Any) -> int:
    """Return the number of a variable."""
    index: int = value._key[2]
    return index


def is_quantifier(value: Any) -> bool:
    """Return whether a value is a quantified formula."""
    return isinstance(value, QuantifierRef)


def is_arith(value: Any) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, ArithRef)


def is_bool(value: Any) -> bool:
    """Return whether a value is a formula."""
    return isinstance(value, BoolRef)


def is_rational_value(value: Any) -> bool:
    """Return whether a value is a numeral."""
    return isinstance(value, RatNumRef)


def is_int_value(value: Any) -> bool:  # noqa: ARG001
    """Return False: there are no integers here."""
    return False


def is_true(value: Any) -> bool:
    """Return whether a value is the formula ``true``."""
    return is_app_of(value, Z3_OP_TRUE)


def is_false(value: Any) -> bool:
    """Return whether a value is the formula ``false``."""
    return is_app_of(value, Z3_OP_FALSE)


def is_and(value: Any) -> bool:
    """Return whether a value is a conjunction."""
    return is_app_of(value, Z3_OP_AND)


def is_or(value: Any) -> bool:
    """Return whether a value is a disjunction."""
    return is_app_of(value, Z3_OP_OR)


def is_not(value: Any) -> bool:
    """Return whether a value is a negation."""
    return is_app_of(value, Z3_OP_NOT)


def is_implies(value: Any) -> bool:
    """Return whether a value is an implication."""
    return is_app_of(value, Z3_OP_IMPLIES)


def is_eq(value: Any) -> bool:
    """Return whether a value is an equation."""
    return is_app_of(value, Z3_OP_EQ)


def _text(term: Any, names: tuple[str, ...]) -> str:
    """Return a term as text in the manner of SMT-LIB, given the names of variables in scope."""
    if is_var(term):
        index = get_var_index(term)
        return names[-1 - index] if index < len(names) else f"(:var {index - len(names)})"
    if isinstance(term, QuantifierRef):
        bound = [(term.var_name(k), term.var_sort(k)) for k in range(term.num_vars())]
        said = " ".join(f"({name} {sort})" for name, sort in bound)
        inside = _text(term.body(), (*names, *(name for name, _ in bound)))
        return f"({'forall' if term.is_forall() else 'exists'} ({said}) {inside})"
    parts = [_text(arg, names) for arg in term.children()]
    name = term.decl().name()
    return f"({name} {' '.join(parts)})" if parts else name


_INFIX = {
    Z3_OP_EQ: "==", Z3_OP_LE: "<=", Z3_OP_LT: "<", Z3_OP_GE: ">=", Z3_OP_GT: ">", Z3_OP_ADD: "+",
    Z3_OP_SUB: "-", Z3_OP_MUL: "*", Z3_OP_DIV: "/",
}  # fmt: skip
_PREFIX = {
    Z3_OP_TRUE: "True", Z3_OP_FALSE: "False", Z3_OP_NOT: "Not", Z3_OP_AND: "And", Z3_OP_OR: "Or",
    Z3_OP_IMPLIES: "Implies", Z3_OP_ITE: "If", Z3_OP_XOR: "Xor", Z3_OP_DISTINCT: "Distinct",
}  # fmt: skip


def _infix(term: Any, names: tuple[str, ...] = (), inside: bool = False) -> str:
    """Return a term as z3 prints short ones for people."""
    if is_var(term):
        index = get_var_index(term)
        return names[-1 - index] if index < len(names) else f"Var({index - len(names)})"
    if isinstance(term, QuantifierRef):
        bound = [term.var_name(k) for k in range(term.num_vars())]
        variables = bound[0] if len(bound) == 1 else f"[{', '.join(bound)}]"
        body = _infix(term.body(), (*names, *bound))
        return f"{'ForAll' if term.is_forall() else 'Exists'}({variables}, {body})"
    kind, parts = term.decl().kind(), term.children()
    if kind == Z3_OP_DISTINCT and len(parts) == 2:
        return " != ".join(_infix(part, names, True) for part in parts)
    if kind in _INFIX:
        text = f" {_INFIX[kind]} ".join(_infix(part, names, True) for part in parts)
        return f"({text})" if inside else text
    if kind == Z3_OP_UMINUS:
        return f"-{_infix(parts[0], names, True)}"
    name = _PREFIX.get(kind, term.decl().name())
    return f"{name}({', '.join(_infix(part, names) for part in parts)})" if parts else name


def parse_smt2_string(text: str) -> list[Any]:
    """Return what an SMT-LIB text asserts; declarations and assertions are all that it may hold.

    Raises
    ------
    Z3Exception
        When it cannot be read, or what it says does not fit.
    """
    reading = _Reading()
    try:
        for command in read(text):
            reading.command(command)
    except (Refused, LookupError, TypeError, ValueError) as error:
        raise Z3Exception(str(error)) from None
    return reading.asserted


class _Reading:
    """What an SMT-LIB text has declared and asserted so far."""

    def __init__(self) -> None:
        self.asserted: list[Any] = []
        self._sorts = {"Bool": _BOOL, "Real": _REAL}
        self._functions: dict[str, FuncDeclRef] = {}

    def command(self, command: Tree) -> None:
        """Read one command."""
        head, *rest = command
        if head == "declare-sort":
            self._sorts[rest[0]] = DeclareSort(rest[0])
        elif head in ("declare-fun", "declare-const"):
            domain = rest[1] if head == "declare-fun" else []
            sorts = [self._sorts[name] for name in (*domain, rest[-1])]
            self._functions[rest[0]] = Function(rest[0], *sorts)
        elif head == "assert":
            self.asserted.append(_BOOL.cast(self._term(rest[0], {})))
        elif head != "set-logic":
            raise Z3Exception(f"unknown command {head}")

    def _term(self, tree: Tree, scope: Mapping[str, Any]) -> Any:
        if isinstance(tree, str):
            if tree in scope:
                return scope[tree]
            if tree in ("true", "false"):
                return BoolVal(tree == "true")
            return RealVal(tree) if tree[0].isdigit() else self._functions[tree]()
        head, *rest = tree
        if head == "!":
            return self._term(rest[0], scope)
        if head == "let":
            new = {name: self._term(value, scope) for name, value in rest[0]}
            return self._term(rest[1], {**scope, **new})
        if head in ("forall", "exists"):
            if not rest[0]:
                raise Z3Exception("a quantifier without variables")
            # Fresh constants, and named as in the text afterwards: names may be those of functions.
            sorts = [self._sorts[sort] for _, sort in rest[0]]
            fresh = [Const(f"\0{next(_FRESH)}", sort) for sort in sorts]
            names = [name for name, _ in rest[0]]
            body = self._term(rest[1], {**scope, **dict(zip(names, fresh, strict=True))})
            made = _bound(head == "forall", fresh, body)
            named = tuple(zip(names, sorts, strict=True))
            return _made((*made._key[:3], named, made.body()))
        return self._applied(head, [self._term(one, scope) for one in rest])

    def _applied(self, head: str, args: list[Any]) -> Any:
        if head in self._functions:
            return self._functions[head](*args)
        if head == "-" and len(args) == 1:
            return -args[0]
        if head == "not":
            return Not(*args)
        if head == "to_real":  # whole numbers are numbers here
            return args[0]
        kind = _KINDS[head]
        sort = args[-1].sort() if head == "ite" else _REAL if head in "+-*/" else _BOOL
        if head in ("=>", "xor") and len(args) > 2:
            one, other = (args[0], args[1:]) if head == "=>" else (args[:-1], args[-1])
            joined = [
                self._applied(head, part) if isinstance(part, list) else part
                for part in (one, other)
            ]
            return self._applied(head, joined)
        if head in ("and", "or", "=>", "xor"):
            args = _formulas(args)
        elif head != "ite":
            args = [args[0].sort().cast(one) for one in args]
        return _operation(kind, args, sort)


_FRESH = itertools.count()
_KINDS = {name: kind for kind, name in _SYMBOLS.items()} | {"ite": Z3_OP_ITE, "-": Z3_OP_SUB}
