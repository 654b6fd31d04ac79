"""What a finite structure cannot show: claims about all programs, all functions, all outcomes.

A scenario lists a few programs and functions, but Definition 7 speaks of all functions of the
others, Assumption 9 of all CSR programs, and a feasible set may be infinite. Here such claims are
settled from the code itself, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from spi_verify.counterexamples.programs.confirming.code import (
    nothing_added,
    offers_the_same,
    projects_into_itself,
    require_projections_offered,
    require_set_function,
)
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.counterexamples.statements.meanings import shipped_with
from spi_verify.errors import InputError, Rejected
from spi_verify.programs.deciding.reading import unconditional
from spi_verify.programs.language.functions import Outcomes, PMPExtension, Projection, SetFunction
from spi_verify.programs.language.programs import CSR, Always, Program, Renegotiation
from spi_verify.programs.language.selections import (
    Fixed,
    picks_efficiently,
    why_transitive,
)
from spi_verify.programs.language.variants import ExtensionOnly

LISTED = "evaluated for everybody and everything listed"


def check_selection(induced: Induced, *, transitive: bool = True) -> str:
    """Return why the selection function is one, or is transitive, on all sets.

    Parameters
    ----------
    induced
        The structure.
    transitive
        Whether transitivity is asked, too.

    Raises
    ------
    Rejected
        When only some sets are listed and the function is none that is known to be transitive.
    """
    kept = "adding what weakly improves on what is selected makes nobody worse off"
    if induced.all_sets_listed:
        shown = kept if transitive else "what is selected is an efficient member"
        return f"checked for all {2 ** len(induced.outcomes) - 1} sets that are not empty: {shown}"
    selection, words = induced.selection, Wording(induced.scenario, induced.base)
    pure = not induced.scenario.correlated
    if not transitive and picks_efficiently(selection, pure=pure):
        return f"{words.selection(selection)} selects an efficient member of every closed set"
    why = why_transitive(selection)
    if why is not None:
        return f"{words.selection(selection)} {why}; so {kept}"
    raise Rejected(f"whether {selection} is transitive on all sets is not settled here")


def check_selection_functions(induced: Induced) -> None:
    """Make sure that all selection functions of a scenario are such (Definition 7).

    Raises
    ------
    Rejected
        When one picks something that is not efficient, or what it picks is not known.
    """
    for selection in induced.selections:
        if isinstance(selection, Fixed):
            raise Rejected(f"{selection} is no selection function: it looks at no set")
        if picks_efficiently(selection, pure=not induced.scenario.correlated):
            continue
        if not induced.all_sets_listed:
            raise Rejected(f"{selection.brief} is settled only where all sets are listed")
        for members in induced.sets:
            if members:
                try:
                    induced.base.select(selection, members)
                except InputError as error:
                    raise Rejected(str(error)) from None


def check_set_functions(induced: Induced, *, refusing: bool = False) -> str:
    """Return why every function listed is a set-valued renegotiation function (Definition 7).

    Parameters
    ----------
    induced
        The structure.
    refusing
        Whether the function that never offers anything counts as one.

    Raises
    ------
    Rejected
        When a function offers something worse, or nothing better against some functions, or its
        code does not settle that.
    """
    for player, function in induced.set_functions:
        if refusing and function == Outcomes(()):
            continue
        if refusing and function == PMPExtension(Outcomes(())):
            function = Projection(player + 1)  # what it offers, since nothing else is reached
        require_set_function(induced.base, induced.selection, player + 1, function)
    return (
        "whatever the others offer, these functions offer nothing that pays anybody less, and "
        "somewhere something better, as is seen from how they are defined"
    )


def check_extension_answers(induced: Induced) -> str:
    """Return why Assumption 9(ii) holds for all CSR programs.

    Raises
    ------
    Rejected
        When a believed profile of CSR programs holds a function that looks at other functions,
        unless it is the extension of one that does not, and answers to nothing.
    """
    how = "no function of a program that anybody believes in looks at the others' functions"
    for i, belief in enumerate(induced.scenario.beliefs):
        for opponents, _ in belief.support:
            programs = [program for program in opponents if isinstance(program, CSR)]
            if len(programs) < len(opponents):
                continue
            others = (j + 1 for j in induced.players if j != i)
            for j, program in zip(others, programs, strict=True):
                if not unconditional(program.function):
                    _require_indifferent(induced, i + 1, j, program.function)
                    how = (
                        "believed functions do not look at the others' functions, or extend such "
                        "ones and offer the same after an extension as before"
                    )
    return how


def _require_indifferent(induced: Induced, i: int, j: int, function: SetFunction) -> None:
    """Make sure that player j's function answers no extension of player i's; from 1."""
    base, selection = induced.base, induced.selection
    if isinstance(function, ExtensionOnly) and unconditional(function.function):
        if projects_into_itself(base, selection, j, function.function):
            return
    elif isinstance(function, PMPExtension) and unconditional(function.function):
        if offers_the_same(base, selection, j, function.function):
            return
        default = tuple(
            programs[0].action
            for programs in induced.scenario.defaults
            if len(programs) == 1
            and isinstance(programs[0], Always)
            and isinstance(programs[0].action, str)
        )
        both = len(induced.players) == len(default) == 2 and executable(induced.theory) is not None
        if both and nothing_added(base, selection, i, default, function.function):
            return
    raise Rejected(f"how {function} answers to all extensions is not settled by its code")


def check_defaults_blind(induced: Induced) -> str:
    """Return why Assumption 9(i) holds against all CSR programs.

    Raises
    ------
    Rejected
        When a program that does not renegotiate, and is believed or optimal, is no constant, so
        that it may react.
    """
    tables = induced.structure.tables
    how = "programs that do not renegotiate play the same against everybody"
    believed = {
        (j, program)
        for i, belief in enumerate(induced.scenario.beliefs)
        for opponents, _ in belief.support
        for j, program in zip((j for j in induced.players if j != i), opponents, strict=True)
    }
    for c, (i, program) in enumerate(induced.programs):
        if _renegotiates_or_constant(induced, c):
            continue
        if (i, program) in believed or tables["optimal"][(i, c)]:
            raise Rejected(f"how {program} answers to all CSR programs is not settled by its code")
        how = "who may react to others without renegotiating is neither optimal nor believed"
    return how


def _renegotiates_or_constant(induced: Induced, c: int) -> bool:
    """Whether a program is a CSR program, or plays the same against everybody who is one."""
    i, program = induced.programs[c]
    if isinstance(program, CSR) and program.selection != induced.selection:
        program = program.default
    return isinstance(program, Always) or bool(induced.structure.tables["in_csr"][(0, i, c)])


def require_own_defaults(induced: Induced) -> None:
    """Make sure that whoever renegotiates has a default from P_i, as P_i^rn and P_i^RN ask.

    Others run the algorithms, too, and renegotiate with programs that are not listed, but belong
    to neither set, so that nothing that is supposed of programs speaks of that.

    Raises
    ------
    Rejected
        When a default is no default program.
    """
    for i, program in induced.programs:
        if not isinstance(program, (CSR, Renegotiation)):
            continue
        if program.default not in induced.scenario.defaults[i]:
            raise Rejected(
                f"the default of player {i + 1}'s program {program} is none of the player's "
                "default programs"
            )


def check_renegotiation_answers(induced: Induced) -> str:
    """Return why clause 1 of Assumption 5 holds for all renegotiation programs.

    Raises
    ------
    Rejected
        When a believed program may react to the code of a renegotiation program.
    """
    for belief in induced.scenario.beliefs:
        for opponents, _ in belief.support:
            for program in opponents:
                plain: Program = program
                if isinstance(program, Renegotiation):
                    plain = program.default
                if not isinstance(plain, Always):
                    raise Rejected(
                        f"how {program} answers to all renegotiation programs is not settled by "
                        "its code"
                    )
    return "believed programs, or their defaults, play the same against everybody"


def check_extensions_exist(induced: Induced) -> str:
    """Return why every CSR program has a PMP-extension that is a CSR program.

    Raises
    ------
    Rejected
        When no code is known that carries out a changed definition.
    """
    if executable(induced.theory) is None:
        raise Rejected("whether every CSR program has an extension of this kind is not settled")
    return "P^RN has CSR programs with every function, so also the PMP-extension of each of them"


nonempty = partial(shipped_with, "projections-are-nonempty")
"""Finds the statement that projections have points, by what else it supposes."""


def check_projections_nonempty(induced: Induced) -> str:
    """Return why every projection has a point.

    Raises
    ------
    Rejected
        In correlated play with three or more players, where it may fail.
    """
    if not induced.scenario.correlated:
        return "computed for every outcome"
    if len(induced.players) > 2:
        raise Rejected(
            f"with three or more players a projection may be empty ({nonempty().statement})"
        )
    proved = nonempty("exactly-two-players").statement
    return f"with two players and lotteries it always has one ({proved})"


def check_projections_offered(induced: Induced) -> str:
    """Return why everybody's announced function offers all projections of what is reached.

    Raises
    ------
    Rejected
        When the function's code does not settle that, whatever the others offer.
    """
    for player, function in enumerate(induced.scenario.functions, start=1):
        require_projections_offered(induced.base, induced.selection, player, function)
    return "whatever the others offer, as is seen from how these functions are defined"


def check_convex(induced: Induced) -> str:
    """Return why the feasible set is convex.

    Raises
    ------
    Rejected
        When the players cannot use lotteries.
    """
    if not induced.scenario.correlated:
        raise Rejected("the feasible set is not convex: the players have pure outcomes only")
    return "the feasible set is the convex hull of the payoffs"


def check_attained(induced: Induced) -> str:
    """Return why the PMM is attained."""
    if induced.scenario.correlated:
        return "the feasible set is a polytope, so that least and best payoffs are attained"
    return "there are finitely many outcomes, so that least and best payoffs are attained"


def _wrapped(induced: Induced) -> Iterator[tuple[int, int, int, bool, bool]]:
    """Iterate over optimal defaults and believed renegotiation programs they may face wrapped.

    Yields the player, the default, the profile, and whether there is some renegotiation function
    with which the wrapped default agrees with the others, and some with which it does not. A
    renegotiation function may take an outcome to any weak improvement on it, and leave it where
    it is if anything else can be improved.
    """
    tables, base = induced.structure.tables, induced.base
    outcomes = list(base.game.outcomes())
    improvable = [
        a for a in outcomes if any(base.payoffs(x) != base.payoffs(a) for x in _above(induced, a))
    ]
    for c, (i, _) in enumerate(induced.programs):
        if not tables["in_default_set"][(i, c)] or not tables["optimal"][(i, c)]:
            continue
        for p in range(len(induced.profiles)):
            if not tables["believed"][(i, p)] or not tables["others_renegotiate"][(p, i)]:
                continue
            played = tables["replace"][(p, i, c)]
            point = induced.outcomes[tables["outcome"][(tables["defaults"][(played,)],)]]
            theirs = {
                induced.execution.image(program.rn, point)
                for j, program in enumerate(induced.profile(p))
                if j != i and isinstance(program, Renegotiation)
            }
            here = base.payoffs(point)
            mine = {
                x
                for x in _above(induced, point)
                if base.payoffs(x) != here or any(a != point for a in improvable)
            }
            agree = len(theirs) == 1 and theirs <= mine
            yield i, c, p, agree, bool(mine - theirs) or len(theirs) > 1


def _above(induced: Induced, outcome: Any) -> Any:
    return induced.base.elements(induced.base.at_least(induced.base.payoffs(outcome)))


def _replies_alike(induced: Induced, i: int, c: int, p: int) -> bool:
    plays, defaults = induced.structure.tables["plays"], induced.structure.tables["defaults"]
    return bool(plays[(i, c, p)] == plays[(i, c, defaults[(p,)])])


def check_defaults_reply(induced: Induced) -> str:
    """Return why clause 2 of Assumption 5 holds for all renegotiation programs.

    Raises
    ------
    Rejected
        When a default reacts to believed programs with which some renegotiation program that
        wraps it would not agree.
    """
    if induced.scenario.correlated:
        raise Rejected("renegotiation programs are settled for pure outcomes only")
    for i, c, p, _, disagree in _wrapped(induced):
        if disagree and not _replies_alike(induced, i, c, p):
            raise Rejected(
                f"{induced.programs[c][1]} replies to believed renegotiation programs unlike to "
                "their defaults, with which some program that wraps it does not agree"
            )
    return (
        "an optimal program replies to those believed in as to their defaults, wherever it may "
        "disagree with them when it renegotiates"
    )


def _require_constant_defaults(induced: Induced, i: int, p: int) -> None:
    for j, program in enumerate(induced.profile(p)):
        plain = program.default if isinstance(program, Renegotiation) else program
        if j != i and not isinstance(plain, Always):
            raise Rejected(f"how {program} answers to all programs is not settled by its code")


def check_alike_where_agreed(induced: Induced) -> str:
    """Return why optimal defaults and counterparts play as their defaults where they may agree.

    Raises
    ------
    Rejected
        When one does not.
    """
    for i, c, p, agree, _ in _wrapped(induced):
        if agree:
            _require_constant_defaults(induced, i, p)
        if agree and not _replies_alike(induced, i, c, p):
            raise Rejected(
                f"{induced.programs[c][1]} replies to believed renegotiation programs unlike to "
                "their defaults, with which some program that wraps it agrees"
            )
    return (
        "an optimal program replies to those believed in as to their defaults, and they to it, "
        "wherever they may agree when it renegotiates"
    )


def check_default_profiles(induced: Induced) -> str:  # noqa: ARG001
    """Return why something said of all profiles of default programs is settled."""
    return "true of all profiles of default programs"


def check_extension_unnoticed(induced: Induced) -> str:
    """Return why nobody outside of CSR reacts to an extension.

    Raises
    ------
    Rejected
        When a program that does not renegotiate is no constant.
    """
    for c, (_, program) in enumerate(induced.programs):
        if _renegotiates_or_constant(induced, c):
            continue
        if len(induced.players) == 2 and executable(induced.theory) is not None:
            return "with two players, 9(i) binds whoever does not use CSR"
        raise Rejected(f"how {program} answers to an extension is not settled by its code")
    return "programs that do not renegotiate play the same against everybody"


def check_extensions_believed(induced: Induced) -> str:
    """Return why nobody excludes the others' extensions, each of which is one program."""
    if executable(induced.theory) is None:
        raise Rejected("which program an extension is, is not settled by this definition")
    return LISTED


def check_refusing(induced: Induced) -> str:
    """Return why every default program has a program that refuses everything.

    Raises
    ------
    Rejected
        When one of them has none that is listed.
    """
    for i, programs in enumerate(induced.scenario.defaults):
        for program in programs:
            if not any(
                j == i
                and isinstance(other, CSR)
                and other.default == program
                and other.function == Outcomes(())
                for j, other in induced.programs
            ):
                raise Rejected(
                    f"no program listed refuses everything and has the default {program}"
                )
    return "for every default program one is listed that offers nothing, whatever the others offer"


KNOWN: dict[str, Callable[[Induced], str]] = {
    "defaults-where-agreement-possible": check_alike_where_agreed,
    "extension-unnoticed": check_extension_unnoticed,
    "extensions-believed": check_extensions_believed,
    "f-wraps-defaults": check_default_profiles,
    "f-wraps-defaults-in-csr": check_default_profiles,
    "projections-offered": check_projections_offered,
    "refusing-counts-as-csr": check_refusing,
}
"""For the labels of hypotheses that speak of all programs: what settles them."""

_EXTENSION, _FUNCTION = "pmp_extension", "set_valued_renegotiation_function"
_MAP = "renegotiation_function"
WHATEVER = {
    "assumption_5_1": frozenset({_MAP}),
    "assumption_9_i": frozenset({_FUNCTION}),
    "assumption_9_ii": frozenset({_EXTENSION, _FUNCTION}),
    "extensions_exist": frozenset({_EXTENSION}),
    "extension-unnoticed": frozenset({_EXTENSION, _FUNCTION}),
    "extensions-believed": frozenset({_EXTENSION, _FUNCTION}),
    "f-wraps-defaults": frozenset({_MAP}),
    "f-wraps-defaults-in-csr": frozenset({_FUNCTION, "selection_function"}),
    "refusing-counts-as-csr": frozenset({_FUNCTION}),
}
"""Changed definitions for which the same settles a hypothesis as for the paper's."""

WHOLE: dict[str, Callable[[Induced], str]] = {
    "assumption_5_1": check_renegotiation_answers,
    "assumption_5_2": check_defaults_reply,
    "assumption_9_i": check_defaults_blind,
    "assumption_9_ii": check_extension_answers,
    "best_payoffs": check_attained,
    "correlated_randomisation": check_convex,
    "efficient_dominators": check_attained,
    "extensions_exist": check_extensions_exist,
    "pareto_meet_minimum": check_attained,
    "projections_nonempty": check_projections_nonempty,
}
"""For closed definitions that say more than the listed elements can show: what settles them."""
