"""SMT-LIB text of z3 expressions: the one text that both solvers read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import z3

_WORDS = """
! _ as let par match lambda choice forall exists true false not and or xor distinct ite div mod
abs to_real to_int is_int select store concat exp sin cos tan csc sec cot arcsin arccos arctan
arcsec arccsc arccot sqrt bag sep tuple pto wand int.pow2 real.pi bv2nat ubv_to_int root-obj + - *
/ ^ = => < <= > >= @ && RNE RNA RTP RTN RTZ Bool Int Real String RegLan Array BitVec FloatingPoint
RoundingMode Float16 Float32 Float64 Float128 Set Seq Relation Table Unicode UnitTuple
"""
WORDS = frozenset(_WORDS.split())
"""Names that mean something to a solver, or cannot be read, where they are declared anew."""

_NUMBERED = re.compile("(![0-9]+)+$")
"""How names end that z3 makes up without a look at those of symbols: a!1 for a part that it writes
once, x!1 for an x that is bound where another is."""


@dataclass(frozen=True)
class Rendered:
    """A formula as text, with the declarations it needs.

    Parameters
    ----------
    text
        The formula as an s-expression.
    sorts
        Names of its uninterpreted sorts, in order of occurrence.
    functions
        The declaration of each of its functions by name, in order of occurrence.
    plain
        Whether it is quantifier-free over real and Boolean constants.
    """

    text: str
    sorts: tuple[str, ...]
    functions: Mapping[str, str]
    plain: bool

    @property
    def declared(self) -> str:
        """The text with all declarations: equal only of what says the same.

        Of two formulas with one text, symbols of that text may have different sorts.
        """
        sorts = (f"(declare-sort {symbol(name)} 0)" for name in self.sorts)
        return "\n".join([*sorts, *self.functions.values(), self.text])


_OF_NOTHING = ((z3.And([]), z3.BoolVal(True)), (z3.Or([]), z3.BoolVal(False)))
"""What joins nothing, which SMT-LIB cannot write, and what it says."""

_written: dict[int, tuple[z3.BoolRef, Rendered]] = {}
MOST_WRITTEN = 20_000


def render(formula: z3.BoolRef) -> Rendered:
    """Write one formula; z3 is needed here, and no longer once scripts are put together.

    What is written is remembered, with the formula: its number stands for no other one then.
    """
    if formula.ctx is not z3.main_ctx():  # it numbers its formulas anew
        return _rendered(formula)
    key = formula.get_id()
    known = _written.get(key)
    if known is None:
        if len(_written) >= MOST_WRITTEN:
            _written.clear()
        known = _written[key] = formula, _rendered(formula)
    return known[1]


def _rendered(formula: z3.BoolRef) -> Rendered:
    if formula.ctx is z3.main_ctx():
        formula = z3.substitute(formula, *_OF_NOTHING)
    sorts, functions, bound = require_writable(formula)
    declarations = {}
    for name, function in functions.items():
        declarations[name] = declaration(function)
    plain = not bound and all(
        not function.arity() and function.range() in (z3.RealSort(), z3.BoolSort())
        for function in functions.values()
    )
    text = formula.sexpr()
    if "\\" in text:
        name = next(name for name in sorted(bound) if symbol(name) != name)
        raise ValueError(f"the name {name!r} of a variable cannot be written in SMT-LIB")
    return Rendered(text, tuple(sorts), declarations, plain)


def require_writable(
    formula: z3.BoolRef,
) -> tuple[dict[str, z3.SortRef], dict[str, z3.FuncDeclRef], set[str]]:
    """Return a formula's uninterpreted sorts and functions, and names of the variables it binds.

    Raises
    ------
    ValueError
        When SMT-LIB text cannot say the same, because of a name.
    """
    sorts, functions, bound = _signature(formula)
    captured = _captured(formula) if not bound.isdisjoint(functions) else None
    if captured:
        raise ValueError(f"{captured!r} stands where a quantifier binds a variable of that name")
    word = next((name for name in (*sorts, *functions, *sorted(bound)) if name in WORDS), None)
    if word is not None:
        raise ValueError(f"{word!r} is a word of SMT-LIB or of a solver: choose another name")
    for name in functions:
        if _NUMBERED.search(name) and _NUMBERED.sub("", name) in {"a", *bound}:
            raise ValueError(
                f"the name {name!r} is one that z3 makes up where it writes formulas: take another"
            )
    for name in (*sorts, *functions, *bound):
        symbol(name)
    return sorts, functions, bound


def render_plain(formula: z3.BoolRef, constants: Iterable[z3.ExprRef]) -> Rendered:
    """Write a large formula without quantifiers whose constants are known; see :func:`render`."""
    declarations = {}
    for constant in constants:
        name = constant.decl().name()
        declarations[name] = f"(declare-fun {symbol(name)} () {_sort(constant.sort())})"
    return Rendered(formula.sexpr(), (), declarations, True)


def _captured(formula: z3.ExprRef) -> str | None:
    """Return a symbol whose name z3 would print as that of a variable bound around it.

    z3 keeps the two apart; the text it writes does not.
    """
    symbols: dict[int, frozenset[str]] = {}

    def names_in(term: z3.ExprRef) -> frozenset[str]:
        id = term.get_id()
        if id not in symbols:
            own = z3.is_app(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED
            here = frozenset([term.decl().name()]) if own else frozenset()
            symbols[id] = here.union(*map(names_in, term.children()))
        return symbols[id]

    seen: set[int] = set()
    stack = [formula]
    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            clash = names_in(term.body()) & {term.var_name(k) for k in range(term.num_vars())}
            if clash:
                return min(clash)
        stack += term.children()
    return None


def script(assertions: Mapping[str, Rendered]) -> str:
    """Put named formulas together as a script; see :func:`to_smtlib`."""
    plain = all(formula.plain for formula in assertions.values())
    sorts = dict.fromkeys(name for formula in assertions.values() for name in formula.sorts)
    functions: dict[str, str] = {}
    for formula in assertions.values():
        functions.update(formula.functions)
    lines = ["(set-logic QF_NRA)" if plain else "(set-logic ALL)"]
    lines += [f"(declare-sort {symbol(name)} 0)" for name in sorts]
    lines += functions.values()
    for name, formula in assertions.items():
        if name in functions:
            raise ValueError(f"the name {name!r} of an assertion is also that of a function")
        lines.append(f"(assert (! {formula.text} :named {symbol(name)}))")
    return "\n".join(lines) + "\n"


def to_smtlib(assertions: Mapping[str, z3.BoolRef]) -> str:
    """Write named assertions as a script, without ``check-sat``.

    Sorts and functions are declared in the order in which they first occur, so that the text
    depends on the assertions and their order alone.

    Parameters
    ----------
    assertions
        Formulas by the name they carry in unsatisfiable cores.

    Returns
    -------
    str
        ``set-logic`` (``QF_NRA`` for formulas over real constants alone, for which the solvers
        have special methods; else ``ALL``), declarations, and one
        ``(assert (! ... :named NAME))`` for each formula.

    Raises
    ------
    ValueError
        When a name is also that of a function of the formulas, or holds a bar or a backslash.

    Examples
    --------
    >>> x = z3.Real("x")
    >>> print(to_smtlib({"positive": x > 0}), end="")
    (set-logic QF_NRA)
    (declare-fun x () Real)
    (assert (! (> x 0.0) :named positive))
    """
    return script({name: render(formula) for name, formula in assertions.items()})


def _signature(
    formula: z3.BoolRef,
) -> tuple[dict[str, z3.SortRef], dict[str, z3.FuncDeclRef], set[str]]:
    """Return a formula's uninterpreted sorts and functions, and names of the variables it binds."""
    sorts: dict[str, z3.SortRef] = {}
    functions: dict[str, z3.FuncDeclRef] = {}
    bound: set[str] = set()
    seen: set[int] = set()
    stack: list[z3.ExprRef] = [formula]

    def note(sort: z3.SortRef) -> None:
        if sort.kind() == z3.Z3_UNINTERPRETED_SORT:
            sorts.setdefault(sort.name(), sort)

    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            for k in range(term.num_vars()):
                bound.add(term.var_name(k))
                note(term.var_sort(k))
            stack.append(term.body())
            for k in range(term.num_patterns()):
                stack.extend(term.pattern(k).children())
            continue
        if z3.is_app(term):
            declaration = term.decl()
            if declaration.kind() == z3.Z3_OP_UNINTERPRETED:
                for k in range(declaration.arity()):
                    note(declaration.domain(k))
                note(declaration.range())
                functions.setdefault(declaration.name(), declaration)
            stack.extend(reversed(term.children()))
    return sorts, functions, bound


def _sort(sort: z3.SortRef) -> str:
    return str(sort.sexpr()) if sort.kind() != z3.Z3_UNINTERPRETED_SORT else symbol(sort.name())


def declaration(function: z3.FuncDeclRef) -> str:
    """Declare a function."""
    domain = " ".join(_sort(function.domain(k)) for k in range(function.arity()))
    return f"(declare-fun {symbol(function.name())} ({domain}) {_sort(function.range())})"


def symbol(name: str) -> str:
    """Write a name.

    Raises
    ------
    ValueError
        When SMT-LIB has no way to.
    """
    if "|" in name or "\\" in name:
        raise ValueError(f"the name {name!r} cannot be written in SMT-LIB")
    simple = all((c.isalnum() and c.isascii()) or c in "~!@$%^&*_-+=<>.?/" for c in name)
    return name if simple and name and not name[0].isdigit() else f"|{name}|"
