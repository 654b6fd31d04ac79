"""PMP-extensions that add points unconditionally: projections of the default outcome itself.

What it says. Against every profile of counterparts' functions and at every outcome a, the
extension offers what the function offers and PMP_i(a). What is added is one set for each outcome:
it does not depend on the counterparts, which is what the paper (Example 4.2) calls an
unconditional set.

Where it differs from Definition 8. There the projections are those of the outcome that the
unextended program would have reached against the counterparts at hand, and they are added at the
default outcome only. With the set added here, an extension can put something on the table that is
worse for player i than what was reached before, and the selection function may pick it.

What still holds. The repaired ``prop-4-spi``, ``prop-4-pmm`` and ``thm-3-wlog-csr``. All parts of
Theorem 3 that rest on ``thm-3-improves`` fail, also as repaired; the counterexamples are in
``counterexamples/variants/unconditional`` (``docs/variants.md``).

There is a weaker meaning of "unconditionally": the projections of Definition 8, but at every
outcome. That one is the variant ``everywhere``.
"""

import z3
from z3 import And, ForAll, Or

from spi_verify.programs import UnconditionalExtension
from spi_verify.theory import Theory, carried_out_by
from spi_verify.theory.signature import (
    Outcome,
    SetFunctions,
    default,
    in_csr,
    member,
    offers,
    sel,
    set_function,
)
from spi_verify.theory.terms import Formula, PlayerTerm, ProgramTerm

a, x = z3.Consts("a x", Outcome)
R = z3.Const("R", SetFunctions)


@carried_out_by(UnconditionalExtension)
def pmp_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Say that d adds, always, player i's projections of the outcome at hand."""
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        ForAll(
            [R, a, x],
            member(x, offers(i, set_function(d), R, a))
            == Or(member(x, offers(i, set_function(c), R, a)), theory.pmp(i, x, a)),
        ),
    )
