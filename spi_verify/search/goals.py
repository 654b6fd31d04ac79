"""Conclusions that say some program exists: why none exists, listed or not."""

from __future__ import annotations

from collections.abc import Callable

import z3

from spi_verify.errors import Rejected
from spi_verify.obligations.statements import Statement
from spi_verify.programs.program import CSR, Always, Renegotiation
from spi_verify.programs.responses import MAX_RUNS
from spi_verify.programs.search import Search
from spi_verify.search.code import unconditional
from spi_verify.search.extensions import is_extension
from spi_verify.search.formulas import same
from spi_verify.search.induced import Induced
from spi_verify.theory.evaluate import sides

_LISTABLE = {"Player", "Outcome", "Action", "Position", "OutcomeSet"}


def settle_goal(statement: Statement, induced: Induced) -> None:
    """Make sure that a conclusion which fails for what is listed fails for everything.

    Raises
    ------
    Rejected
        When something that is not listed might make the conclusion true.
    """
    sorts = _asserted_to_exist(statement.goal.formula, True)
    if sorts <= _LISTABLE or same(statement.goal.formula, statement.theory.axiom("spi")):
        return
    settle = _SETTLE.get(statement.id.removesuffix("/repaired"))
    if settle is None:
        raise Rejected(
            f"the conclusion says that there is some {', '.join(sorted(sorts - _LISTABLE))}; "
            "that none exists is not settled by what is listed"
        )
    settle(induced)


def _asserted_to_exist(formula: z3.ExprRef, positive: bool) -> set[str]:
    """Return the sorts over which a formula says that something exists."""
    if z3.is_quantifier(formula):
        inner = _asserted_to_exist(formula.body(), positive)
        if formula.is_exists() == positive:
            inner |= {formula.var_sort(k).name() for k in range(formula.num_vars())}
        return inner
    if z3.is_not(formula):
        return _asserted_to_exist(formula.arg(0), not positive)
    if z3.is_implies(formula):
        premise = _asserted_to_exist(formula.arg(0), not positive)
        return premise | _asserted_to_exist(formula.arg(1), positive)
    if z3.is_and(formula) or z3.is_or(formula):
        return set().union(*(_asserted_to_exist(part, positive) for part in formula.children()))
    found: set[str] = set()
    for part in formula.children():
        if z3.is_bool(part):
            found |= _asserted_to_exist(part, True) | _asserted_to_exist(part, False)
    return found


def _extension_is_determined(induced: Induced) -> None:
    """What an extension offers is fixed by its definition, and nobody reads its code otherwise."""
    axiom = induced.theory.axiom("pmp_extension")
    if not _offers_only(sides(axiom)[1], 0):
        raise Rejected("this definition of an extension may fit several functions")
    for player, program in induced.programs:
        plain = isinstance(program, Always)
        function = program.function if isinstance(program, CSR) else None
        while function is not None and is_extension(function):
            function = getattr(function, "function", None)
        known = function is None or unconditional(function) or _is_extension(induced, function)
        if (not plain and not isinstance(program, CSR)) or not known:
            raise Rejected(f"player {player + 1}'s program {program} may read an extension's code")


def _is_extension(induced: Induced, function: object) -> bool:
    """Whether a function is there as the extension of another, under a changed definition."""
    table = induced.structure.tables["pmp_extension"]
    count = range(len(induced.programs))
    return any(
        getattr(program, "function", None) is function and any(table[(i, c, d)] for c in count)
        for d, (i, program) in enumerate(induced.programs)
    )


def _offers_only(formula: z3.ExprRef, variable: int) -> bool:
    """Whether the extension occurs only as "what it offers against the others is just this"."""
    if z3.is_quantifier(formula):
        return _offers_only(formula.body(), variable + formula.num_vars())
    if z3.is_eq(formula) and formula.arg(0).decl().name() == "member":
        offered = formula.arg(0).arg(1)
        if offered.decl().name() == "offers" and _is_function_of(offered.arg(1), variable):
            rest = [offered.arg(0), offered.arg(3), formula.arg(1)]
            return not any(_mentions(part, variable) for part in rest)
    if z3.is_and(formula) or z3.is_implies(formula):
        return all(_offers_only(part, variable) for part in formula.children())
    return not _mentions(formula, variable, allowed=("in_csr", "default"))


def _is_function_of(term: z3.ExprRef, variable: int) -> bool:
    return bool(
        z3.is_app(term)
        and term.decl().name() == "set_function"
        and z3.is_var(term.arg(0))
        and z3.get_var_index(term.arg(0)) == variable
    )


def _mentions(term: z3.ExprRef, variable: int, allowed: tuple[str, ...] = ()) -> bool:
    if z3.is_var(term):
        return bool(z3.get_var_index(term) == variable)
    if z3.is_quantifier(term):
        return _mentions(term.body(), variable + term.num_vars(), allowed)
    if term.decl().name() in allowed:
        return False
    return any(_mentions(part, variable, allowed) for part in term.children())


def _no_optimal_renegotiator(induced: Induced) -> None:
    """For some player no renegotiation program at all is optimal."""
    scenario = induced.scenario
    game = scenario.game
    if not scenario.correlated and all(
        induced.structure.tables["efficient"][(a,)] for a in range(len(induced.outcomes))
    ):
        return
    for i in induced.players:
        search = Search(induced.game, i + 1, scenario.beliefs[i], scenario.spaces[i], MAX_RUNS)
        found = list(search.behaviours(prune=False))
        if not search.exhaustive:
            continue
        best = max(search.expected(b.earned) for b in found)
        renegotiating = [
            search.expected(b.earned) for b in found if isinstance(b.program, Renegotiation)
        ]
        if all(value < best for value in renegotiating):
            return
    raise Rejected(f"some renegotiation programs may be optimal in {game.title or 'this game'}")


def _no_program_refuses(induced: Induced) -> None:
    """For some player no CSR program plays as a constant default does, against everybody.

    Against CSR programs that offer every improvement, such a program agrees somewhere on a strict
    improvement (Definition 7). Where every outcome with a strict improvement is the outcome of
    constant defaults, this player's among them, and every strict improvement on it asks for
    another action of this player, the program plays another action there.
    """
    scenario, base = induced.scenario, induced.base
    if scenario.correlated:
        raise Rejected("whether some CSR program plays alike is settled for pure outcomes only")
    outcomes = list(base.game.outcomes())
    constants = [
        {p.action for p in programs if isinstance(p, Always)} for programs in scenario.defaults
    ]
    for i in induced.players:
        for own in constants[i]:
            settled = True
            for a in outcomes:
                here = base.payoffs(a)
                better = [x for x in base.at_least(here) if base.payoffs(x) != here]
                if better and not (
                    a[i] == own
                    and all(a[j] in constants[j] for j in induced.players)
                    and all(x[i] != own for x in better)
                ):
                    settled = False
            if settled:
                return
    raise Rejected("some CSR program that is not listed may play as the default does")


def _new_functions_are_determined(induced: Induced) -> None:
    """What the new functions offer at every outcome is said, so all of them do the same."""
    if induced.scenario.correlated:
        raise Rejected("only pure outcomes are all listed")


_SETTLE: dict[str, Callable[[Induced], None]] = {
    "app-c": _new_functions_are_determined,
    "prop-2": _no_optimal_renegotiator,
    "thm-3-equilibrium": _extension_is_determined,
    "thm-3-pmm": _extension_is_determined,
    "thm-3-wlog-csr": _no_program_refuses,
}
