"""Conclusions that say some program exists: why none exists, listed or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import z3

from spi_verify.counterexamples.programs.confirming.code import reads_values_only
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.confirming.others import SORT, others_do_not_matter
from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.counterexamples.statements.labels import goal_of
from spi_verify.counterexamples.statements.spoken_of import (
    asserted_to_exist,
    changed_below,
    changed_in,
    unfolded,
)
from spi_verify.errors import Rejected
from spi_verify.obligations.statements import Statement
from spi_verify.programs.deciding.behaviours import Search
from spi_verify.programs.deciding.best_responses import MAX_RUNS
from spi_verify.programs.language.functions import Outcomes, SetFunction
from spi_verify.programs.language.programs import CSR, Always, Code, If, Renegotiation
from spi_verify.programs.language.variants import ExtensionOnly
from spi_verify.theory import PAPER, same_formula
from spi_verify.theory.evaluate import sides
from spi_verify.theory.signature import Player, Program, in_csr, sel


def settle_goal(statement: Statement, induced: Induced) -> None:
    """Make sure that a conclusion which fails for what is listed fails for everything.

    Raises
    ------
    Rejected
        When something that is not listed might make the conclusion true.
    """
    goal: z3.ExprRef = statement.goal.formula
    theory, label = statement.theory, goal_of(statement)
    for name in set(changed_in(goal, theory)) - {"pmp_extension"}:
        meaning = sides(theory.axiom(name))[1]
        if not asserted_to_exist(meaning) | asserted_to_exist(meaning, False) <= induced.listed:
            raise Rejected(f"another {name} speaks of more than what is listed")
    if label is None:
        goal = unfolded(goal, theory, induced.settled_predicates)
    beyond = sorted(asserted_to_exist(goal) - induced.listed)
    if not beyond or same_formula(goal, PAPER.axiom("spi")):
        return
    if beyond == [SORT] and label is None and others_do_not_matter(goal, induced, holding=False):
        return
    whatever = _WHATEVER.get(str(label), frozenset())
    if changed_below([statement.goal.formula], theory, whatever=whatever):
        raise Rejected("that none exists is settled for the paper's definitions")
    settle = _SETTLE.get(str(label))
    if settle is None:
        raise Rejected(
            f"the conclusion says that there is some {', '.join(beyond)}; "
            "that none exists is not settled by what is listed"
        )
    settle(induced)


def _extension_is_determined(induced: Induced) -> None:
    """What an extension offers is fixed by its definition, and nobody reads its code otherwise."""
    meaning = sides(induced.theory.axiom("pmp_extension"))[1]
    profile = induced.scenario.equilibrium
    if _asks_for_csr(meaning) and not all(isinstance(program, CSR) for program in profile):
        return
    if not _offers_only(meaning, 0):
        raise Rejected("this definition of an extension may fit several functions")
    extends = induced.structure.tables["pmp_extension"]
    for i, c in enumerate(induced.profiles[induced.structure.tables["equilibrium"][()]]):
        if not any(extends[(i, c, d)] for d in range(len(induced.programs))):
            raise Rejected(f"no extension of {induced.programs[c][1]} is listed")
    for player, program in induced.programs:
        plain = isinstance(program, Always) or _singles_out(program, profile)
        function = program.function if isinstance(program, CSR) else None
        while function is not None and _values_extended(function):
            function = getattr(function, "function", None)
        known = function is None or reads_values_only(function) or _is_extension(induced, function)
        if (not plain and not isinstance(program, CSR)) or not known:
            raise Rejected(f"player {player + 1}'s program {program} may read an extension's code")


def _values_extended(function: SetFunction) -> bool:
    """Whether a function is an extension that does not look at which functions are extensions."""
    return is_extension(function) and not isinstance(function, ExtensionOnly)


def _singles_out(program: object, profile: Sequence[object]) -> bool:
    """Whether a program treats one program of the equilibrium unlike all others, its extensions."""
    return (
        isinstance(program, If)
        and isinstance(program.condition, Code)
        and program.condition.program == profile[program.condition.player - 1]
        and isinstance(program.then, Always)
        and isinstance(program.otherwise, Always)
    )


def _asks_for_csr(meaning: z3.ExprRef) -> bool:
    """Whether only CSR programs have extensions, by the definition's first words."""
    parts = meaning.children() if z3.is_and(meaning) else [meaning]
    extended = in_csr(sel, z3.Var(2, Player), z3.Var(1, Program))
    return any(part.eq(extended) for part in parts)


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


def _nothing_refuses(induced: Induced) -> None:
    """Definition 7 makes every function offer some strict improvement, so none refuses all.

    Where refusing counts, all programs that refuse everything play alike against CSR programs:
    what their default plays against the others' defaults.
    """
    refusing = any(function == Outcomes(()) for _, function in induced.set_functions)
    if refusing:
        _refusing_is_noticed(induced)
        return
    name = "set_valued_renegotiation_function"
    if induced.theory[name] is not PAPER[name]:
        raise Rejected("whether some CSR program refuses everything is settled for Definition 7")


def _refusing_is_noticed(induced: Induced) -> None:
    """Some program of an equilibrium tells CSR programs apart from their defaults."""
    tables = induced.structure.tables
    for q, profile in enumerate(induced.profiles):
        if not tables["subjective_equilibrium"][(q,)]:
            continue
        for i, c in enumerate(profile):
            if tables["in_csr"][(0, i, c)]:
                continue
            for p in range(len(induced.profiles)):
                if not tables["others_csr"][(0, p, i)]:
                    continue
                if tables["plays"][(i, c, p)] != tables["plays"][(i, c, tables["defaults"][(p,)])]:
                    return
    raise Rejected("no program of an equilibrium reacts to CSR programs")


def _printed_functions_are_none(induced: Induced) -> None:
    """The printed functions offer no strict improvement against each other anywhere.

    What they offer at each outcome is said. Where the old functions, those of the equilibrium,
    agree on something everywhere and what is selected pays what the outcome pays, Definition 7
    excludes the new ones, whatever else they do.
    """
    scenario, base = induced.scenario, induced.base
    programs = [p for p in scenario.equilibrium if isinstance(p, CSR)]
    if scenario.correlated or len(programs) != len(induced.players):
        raise Rejected("give CSR programs with pure outcomes, all of which are listed")
    functions = tuple(program.function for program in programs)
    selection = programs[0].selection
    for outcome in base.game.outcomes():
        agreed = induced.execution.agreement(functions, selection, outcome)
        if not agreed:
            raise Rejected(f"at {outcome} the old functions agree on nothing")
        if base.payoffs(base.select(selection, agreed)) != base.payoffs(outcome):
            raise Rejected(f"at {outcome} something better is selected, which the new ones offer")


_WHATEVER = {
    "csr-is-no-loss": frozenset({"set_valued_renegotiation_function"}),
    "extended-is-equilibrium": frozenset({"pmp_extension", "set_valued_renegotiation_function"}),
    "extended-pays-the-pmm": frozenset({"pmp_extension", "set_valued_renegotiation_function"}),
}
"""Changed definitions below a conclusion for which the same settles it, or rejects it itself."""

_SETTLE: dict[str, Callable[[Induced], None]] = {
    "csr-is-no-loss": _nothing_refuses,
    "extended-is-equilibrium": _extension_is_determined,
    "extended-pays-the-pmm": _extension_is_determined,
    "printed-functions-select-the-same": _printed_functions_are_none,
    "renegotiators-are-equilibrium": _no_optimal_renegotiator,
}
