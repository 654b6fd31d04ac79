"""PMP-extensions that add points only against extensions, computed from the unextended functions.

What it says. That a function is an extension, and of which function, can be read off its code.
Against counterparts all of whose functions are extensions, at the default outcome, the extension
offers what the function offers and player i's projections of what all the *unextended* functions,
its own and theirs, would have reached among themselves. Against everybody else it offers what the
function offers.

Where it differs from Definition 8. There the counterparts enter as they are, extended or not, so
that two extensions that meet add projections of different outcomes. Here everybody computes the
same outcome. The price: the outcome is not one that player i's unextended program would have
reached against the counterparts it faces, if anybody's function treats an extension other than
what it extends.

With three or more players, one counterpart that is no extension is enough for nothing to be added.
"""

from typing import Any

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    SetFunction,
    SetFunctions,
    component,
    default,
    defaults,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    renegotiated,
    replace,
    sel,
    set_function,
)

j = z3.Const("j", Player)
a, x = z3.Consts("a x", Outcome)
p = z3.Const("p", Profile)
R, Q = z3.Consts("R Q", SetFunctions)

is_extension = z3.Function("is_extension", SetFunction, z3.BoolSort())
"""Whether a function's code says that it is an extension."""
unextended = z3.Function("unextended", SetFunction, SetFunction)
"""The function that an extension extends; arbitrary for other functions."""


def pmp_extension(theory: Any, i: Any, c: Any, d: Any) -> Any:
    """Say that d adds, against extensions, projections of what the unextended functions reach."""
    faced = component(j, R)
    adds = And(
        theory.others_csr(sel, p, i),
        ForAll([j], Implies(j != i, component(j, functions(p)) == faced)),
        outcome(defaults(replace(p, i, c))) == a,
        ForAll([j], Implies(j != i, is_extension(faced))),
        component(i, Q) == set_function(c),
        ForAll([j], Implies(j != i, component(j, Q) == unextended(faced))),
        theory.pmp(i, x, renegotiated(sel, Q, a)),
    )
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        is_extension(set_function(d)),
        unextended(set_function(d)) == set_function(c),
        ForAll(
            [R, a, x],
            member(x, offers(i, set_function(d), R, a))
            == Or(member(x, offers(i, set_function(c), R, a)), Exists([p, Q], adds)),
        ),
    )
