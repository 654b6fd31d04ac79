"""What formulas and statements speak of: symbols, sorts, definitions that were changed."""

from __future__ import annotations

from collections.abc import Container, Iterable

import z3

from spi_verify.errors import Rejected
from spi_verify.obligations.resting import mentioned
from spi_verify.obligations.statements import Statement
from spi_verify.theory import PAPER, Theory, functions_of, once_for_each, size_of, subterms
from spi_verify.theory.evaluate import sides

MAX_UNFOLDED = 50_000


def symbols_of(statement: Statement, *, definitions: bool = False) -> set[str]:
    """Return what a statement's hypotheses and goal speak of, through predicates, too.

    Parameters
    ----------
    statement
        The statement.
    definitions
        Whether the definitions that it lists count, too.
    """
    theory = statement.theory
    waiting = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    names: set[str] = set()
    if definitions:
        waiting += [theory.axiom(name) for name in statement.definitions]
        names |= {name for name in statement.definitions if not theory[name].sorts}
    while waiting:
        for name in functions_in(waiting.pop()) - names:
            names.add(name)
            if name in theory and theory[name].sorts:
                waiting.append(theory.axiom(name))
    return names


def changed_definitions(statement: Statement) -> list[str]:
    """Return the names of the definitions that were replaced, and that a statement speaks of."""
    theory = statement.theory
    changed = [name for name in theory if is_changed(theory, name)]
    if not changed:
        return []
    spoken_of = symbols_of(statement, definitions=True)
    if _PROGRAMS & _sorts_of(statement):
        others = freed(statement)  # what programs are, whoever speaks of some
        spoken_of |= {*others, *mentioned(map(theory.axiom, others), theory)}
    return [name for name in changed if name in spoken_of]


def freed(statement: Statement) -> set[str]:
    """Return which of Definition 7's notions are another's here, and hold as that one says.

    Best responses are among programs as printed, so that nothing is freed where it matters.
    """
    if symbols_of(statement) & {"optimal", "pmp_extension"}:
        return set()
    return {name for name in _NOTIONS if means_another(statement.theory, name)}


_NOTIONS = ("selection_function", "set_valued_renegotiation_function")
_PROGRAMS = frozenset({"Program", "Profile", "Renegotiation", "SetFunction", "SetFunctions"})


def _sorts_of(statement: Statement) -> set[str]:
    """Return the names of the sorts of what a statement speaks of."""
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    formulas += [statement.theory.axiom(name) for name in statement.definitions]
    return {name for formula in formulas for name in _sorts_in(formula)}


_SORTS: dict[int, tuple[z3.ExprRef, frozenset[str]]] = {}


def _sorts_in(formula: z3.ExprRef) -> frozenset[str]:
    kept = _SORTS.get(formula.get_id())
    if kept is None:
        names = frozenset(term.sort().name() for term in subterms(formula))
        kept = _SORTS[formula.get_id()] = formula, names
    return kept[1]


def is_changed(theory: Theory, name: str) -> bool:
    """Return whether a name is that of a definition that a theory has otherwise than it was."""
    return name in theory and name in PAPER and theory[name] is not PAPER[name]


def asserted_to_exist(formula: z3.ExprRef, positive: bool = True) -> set[str]:
    """Return the sorts over which a formula, or its negation, says that something exists."""
    return _exists(formula, positive, {})


def _exists(
    formula: z3.ExprRef, positive: bool, known: dict[tuple[int, bool], set[str]]
) -> set[str]:
    key = (formula.get_id(), positive)
    if key not in known:
        known[key] = _find_exists(formula, positive, known)
    return known[key]


def _find_exists(
    formula: z3.ExprRef, positive: bool, known: dict[tuple[int, bool], set[str]]
) -> set[str]:
    if z3.is_quantifier(formula):
        inner = set(_exists(formula.body(), positive, known))
        if formula.is_exists() == positive:
            inner |= {formula.var_sort(k).name() for k in range(formula.num_vars())}
        return inner
    if z3.is_not(formula):
        return _exists(formula.arg(0), not positive, known)
    if z3.is_implies(formula):
        premise = _exists(formula.arg(0), not positive, known)
        return premise | _exists(formula.arg(1), positive, known)
    signs = (positive,) if z3.is_and(formula) or z3.is_or(formula) else (True, False)
    parts = formula.children()  # numbers, too: ``If`` has them, and a condition
    return set().union(*(_exists(part, sign, known) for part in parts for sign in signs))


def unfolded(formula: z3.ExprRef, theory: Theory, kept: Container[str]) -> z3.ExprRef:
    """Return a formula in which defined predicates are written out.

    Parameters
    ----------
    formula
        Any.
    theory
        Where the definitions come from.
    kept
        The predicates that are not written out.
    """
    while True:
        names = [n for n in functions_in(formula) if n in theory and theory[n].sorts]
        meanings = [_meaning(name, theory) for name in sorted(names) if name not in kept]
        if not meanings:
            return formula
        formula = z3.substitute_funs(formula, *meanings)
        if size_of(formula) > MAX_UNFOLDED:
            raise Rejected("what it says is too long when it is written out")


def _meaning(name: str, theory: Theory) -> tuple[z3.FuncDeclRef, z3.ExprRef]:
    """Return a predicate, and what it means of the variables 0, 1, ... as its arguments."""
    predicate, meaning = sides(theory.axiom(name))
    arguments = [z3.Var(k, sort) for k, sort in enumerate(theory[name].sorts)]
    return predicate.decl(), z3.substitute_vars(meaning, *reversed(arguments))


def changed_in(formula: z3.ExprRef, theory: Theory) -> list[str]:
    """Return the changed definitions that a formula speaks of, through others, too."""
    waiting: list[z3.ExprRef] = [formula]
    seen: set[str] = set()
    while waiting:
        for name in functions_in(waiting.pop()) - seen:
            seen.add(name)
            if name in theory and theory[name].sorts:
                waiting.append(theory.axiom(name))
    return sorted(name for name in seen if is_changed(theory, name))


def changed_below(
    formulas: Iterable[z3.BoolRef], theory: Theory, *, whatever: Container[str] = ()
) -> set[str]:
    """Return the changed definitions of what occurs in formulas, or in the definitions of that.

    Those of functions count, too: what a program is depends on what its function has to be.

    Parameters
    ----------
    formulas, theory
        The formulas, and what has the definitions.
    whatever
        Definitions that may say anything, so that neither they count nor what they rest on.
    """
    if not any(is_changed(theory, name) for name in theory):
        return set()
    below = mentioned(formulas, theory, beside=whatever)
    return {name for name in below if is_changed(theory, name)}


def means_another(theory: Theory, name: str) -> bool:
    """Return whether a definition of the paper was changed, or one that it rests on."""
    if name not in theory or name not in PAPER:
        return False
    return is_changed(theory, name) or bool(changed_below([theory.axiom(name)], theory))


def means_as_printed(theory: Theory, name: str) -> bool:
    """Return whether neither a definition was changed nor a predicate that it speaks of."""
    return not is_changed(theory, name) and not changed_in(theory.axiom(name), theory)


@once_for_each
def functions_in(formula: z3.ExprRef) -> frozenset[str]:
    """Return the names of the functions and predicates in a formula."""
    return frozenset(one.name() for one in functions_of(formula))
