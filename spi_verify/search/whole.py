"""What a finite structure cannot show: claims about all programs, all functions, all outcomes.

A scenario lists a few programs and functions, but Definition 7 speaks of all functions of the
others, Assumption 9 of all CSR programs, and a feasible set may be infinite. Here such claims are
settled from the code itself, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable

from spi_verify.errors import Rejected
from spi_verify.programs.program import CSR, Always, Program, Renegotiation
from spi_verify.search.code import (
    require_projections_offered,
    require_set_function,
    unconditional,
)
from spi_verify.search.extensions import executable
from spi_verify.search.induced import TRANSITIVE, Induced
from spi_verify.theory import PAPER, Theory

LISTED = "evaluated for everybody and everything listed"
LISTED_ONLY = "changed; evaluated for the programs and outcomes listed, and for no others"


def check_selection(induced: Induced) -> str:
    """Return why the selection function is transitive on all sets, and is one.

    Raises
    ------
    Rejected
        When only some sets are listed and the function is none that is known to be transitive.
    """
    if induced.all_sets_listed:
        return f"evaluated for all {2 ** len(induced.outcomes)} sets of outcomes"
    selection = induced.selections[0]
    if not isinstance(selection, TRANSITIVE):
        raise Rejected(f"whether {selection} is transitive on all sets is not settled here")
    return f"{selection} maximises a score that strictly increases under domination"


def check_set_functions(induced: Induced) -> str:
    """Return why every function listed is a set-valued renegotiation function (Definition 7).

    Raises
    ------
    Rejected
        When a function offers something worse, or nothing better against some functions, or its
        code does not settle that.
    """
    for player, function in induced.set_functions:
        require_set_function(induced.base, induced.selections[0], player + 1, function)
    return "settled from the functions' code, against all functions of the others"


def check_extension_answers(induced: Induced) -> str:
    """Return why Assumption 9(ii) holds for all CSR programs.

    Raises
    ------
    Rejected
        When a believed profile of CSR programs holds a function that looks at other functions.
    """
    for belief in induced.scenario.beliefs:
        for opponents, _ in belief.support:
            if not all(isinstance(program, CSR) for program in opponents):
                continue
            for program in opponents:
                assert isinstance(program, CSR)
                if not unconditional(program.function):
                    raise Rejected(
                        f"how {program.function} answers to all extensions is not settled by "
                        "its code"
                    )
    return "no believed function looks at the others' functions, whatever they are"


def check_defaults_blind(induced: Induced) -> str:
    """Return why Assumption 9(i) holds against all CSR programs.

    Raises
    ------
    Rejected
        When a program that does not renegotiate is no constant, so that it may react.
    """
    for _, program in induced.programs:
        if not isinstance(program, (Always, CSR)):
            raise Rejected(f"how {program} answers to all CSR programs is not settled by its code")
    return "programs that do not renegotiate are constants here"


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
    return "believed programs are constants, or renegotiate with constants as defaults"


def check_extensions_exist(induced: Induced) -> str:
    """Return why every CSR program has a PMP-extension that is a CSR program.

    Raises
    ------
    Rejected
        When no code is known that carries out a changed definition.
    """
    if executable(induced.theory) is None:
        raise Rejected("whether every CSR program has an extension of this kind is not settled")
    return "P^RN holds every function, so it holds the extended ones"


def check_projections_nonempty(induced: Induced) -> str:
    """Return why every projection has a point.

    Raises
    ------
    Rejected
        In correlated play with three or more players, where it may fail.
    """
    if not induced.scenario.correlated:
        return LISTED
    if len(induced.players) > 2:
        raise Rejected("with three or more players a projection may be empty (def-6-nonempty)")
    return "with two players and lotteries it always has one (def-6-nonempty/repaired)"


def check_projections_offered(induced: Induced) -> str:
    """Return why everybody's announced function offers all projections of what is reached.

    Raises
    ------
    Rejected
        When the function's code does not settle that, whatever the others offer.
    """
    for player, function in enumerate(induced.scenario.functions, start=1):
        require_projections_offered(induced.base, induced.selections[0], player, function)
    return "whatever the others offer, settled from the functions' code"


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
    return "the feasible set is a polytope" if induced.scenario.correlated else LISTED


WHOLE: dict[str, Callable[[Induced], str]] = {
    "assumption_5_1": check_renegotiation_answers,
    "assumption_9_i": check_defaults_blind,
    "assumption_9_ii": check_extension_answers,
    "correlated_randomisation": check_convex,
    "efficient_dominators": check_attained,
    "extensions_exist": check_extensions_exist,
    "pareto_meet_minimum": check_attained,
    "projections_nonempty": check_projections_nonempty,
}
"""For closed definitions that say more than the listed elements can show: what settles them."""

_BY_CONSTRUCTION = frozenset(
    {
        "correlated_randomisation",
        "extensions_exist",
        "renegotiation_programs_complete",
        "replacement",
    }
)
"""Definitions that hold of all programs by how programs are made, and are not evaluated."""


def unchanged(name: str, theory: Theory) -> bool:
    """Return whether a definition is the paper's; what settles that one settles no other."""
    return theory[name] is PAPER[name]


def by_construction(name: str, theory: Theory) -> bool:
    """Return whether a closed definition holds by how games and programs are made."""
    return name in _BY_CONSTRUCTION and unchanged(name, theory)
