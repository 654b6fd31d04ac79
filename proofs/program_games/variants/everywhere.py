"""PMP-extensions as in Definition 8, at every outcome instead of the default outcome alone.

What it says. Against every profile of counterparts' functions and at every outcome a, the
extension offers what the function offers and player i's projections of what the *unextended*
function reaches from a against the very same counterparts.

Where it differs from Definition 8. Definition 8 says what is offered at the default outcome of
the programs that meet, and nothing else changes. Assumption 9(ii) is about every outcome, though,
and so is this variant. It is also what ``PMPExtension`` in ``spi_verify.programs`` executes: a
function sees the outcome, and not whether it is somebody's default outcome.

What still holds. Everything that is proved with Definition 8, by the same steps
(``docs/variants.md``).
"""

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.programs import PMPExtension
from spi_verify.theory import Theory, carried_out_by
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    SetFunctions,
    component,
    default,
    functions,
    in_csr,
    member,
    offers,
    renegotiated,
    replace,
    sel,
    set_function,
)
from spi_verify.theory.terms import Formula, PlayerTerm, ProgramTerm

j = z3.Const("j", Player)
a, x = z3.Consts("a x", Outcome)
p = z3.Const("p", Profile)
R = z3.Const("R", SetFunctions)


@carried_out_by(PMPExtension)
def pmp_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Say that d adds, at every outcome, projections of what c would reach from it."""
    adds = And(
        ForAll([j], Implies(j != i, component(j, functions(p)) == component(j, R))),
        theory.pmp(i, x, renegotiated(sel, functions(replace(p, i, c)), a)),
    )
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        ForAll(
            [R, a, x],
            member(x, offers(i, set_function(d), R, a))
            == Or(member(x, offers(i, set_function(c), R, a)), Exists([p], adds)),
        ),
    )
