"""SMT-LIB text of z3 expressions: the one text that both solvers read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import z3


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
        When a name is also that of a function of the formulas, or has a bar or a backslash.

    Examples
    --------
    >>> x = z3.Real("x")
    >>> print(to_smtlib({"positive": x > 0}), end="")
    (set-logic QF_NRA)
    (declare-fun x () Real)
    (assert (! (> x 0.0) :named positive))
    """
    sorts, functions, quantified = _signature(assertions.values())
    plain = not quantified and all(
        not function.arity() and function.range() in (z3.RealSort(), z3.BoolSort())
        for function in functions.values()
    )
    lines = ["(set-logic QF_NRA)" if plain else "(set-logic ALL)"]
    lines += [f"(declare-sort {_symbol(name)} 0)" for name in sorts]
    for name, declaration in functions.items():
        domain = " ".join(_sort(declaration.domain(k)) for k in range(declaration.arity()))
        lines.append(f"(declare-fun {_symbol(name)} ({domain}) {_sort(declaration.range())})")
    for name, formula in assertions.items():
        if name in functions:
            raise ValueError(f"the name {name!r} of an assertion is also that of a function")
        lines.append(f"(assert (! {formula.sexpr()} :named {_symbol(name)}))")
    return "\n".join(lines) + "\n"


def _signature(
    formulas: Iterable[z3.BoolRef],
) -> tuple[dict[str, z3.SortRef], dict[str, z3.FuncDeclRef], bool]:
    """Return the uninterpreted sorts and functions of formulas, and whether they quantify."""
    sorts: dict[str, z3.SortRef] = {}
    functions: dict[str, z3.FuncDeclRef] = {}
    seen: set[int] = set()
    stack = list(reversed(list(formulas)))
    quantified = False

    def note(sort: z3.SortRef) -> None:
        if sort.kind() == z3.Z3_UNINTERPRETED_SORT:
            sorts.setdefault(sort.name(), sort)

    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            quantified = True
            for k in range(term.num_vars()):
                note(term.var_sort(k))
            stack.append(term.body())
            stack.extend(term.pattern(k) for k in range(term.num_patterns()))
            continue
        if z3.is_app(term):
            declaration = term.decl()
            if declaration.kind() == z3.Z3_OP_UNINTERPRETED:
                for k in range(declaration.arity()):
                    note(declaration.domain(k))
                note(declaration.range())
                functions.setdefault(declaration.name(), declaration)
            stack.extend(reversed(term.children()))
    return sorts, functions, quantified


def _sort(sort: z3.SortRef) -> str:
    return str(sort.sexpr()) if sort.kind() != z3.Z3_UNINTERPRETED_SORT else _symbol(sort.name())


def _symbol(name: str) -> str:
    if "|" in name or "\\" in name:
        raise ValueError(f"the name {name!r} cannot be written in SMT-LIB")
    simple = all((c.isalnum() and c.isascii()) or c in "~!@$%^&*_-+=<>.?/" for c in name)
    return name if simple and name and not name[0].isdigit() else f"|{name}|"
