"""Iterated renegotiation (Section 4.4, Algorithm 3)."""

from __future__ import annotations

import z3
from z3 import And, ForAll, If, Implies

from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    action,
    after,
    component,
    default,
    defaults,
    first,
    in_icsr,
    last,
    next_to,
    outcome,
    plays,
    program,
    renegotiated,
    replace,
    round_functions,
    sel,
)
from spi_verify.theory.terms import Formula
from spi_verify.theory.theory import Theory, axiom

i, j = z3.Consts("i j", Player)
a = z3.Const("a", Outcome)
c = z3.Const("c", Program)
p = z3.Const("p", Profile)
n, m = z3.Consts("n m", Position)


@axiom(after)
def rounds(theory: Theory) -> Formula:
    """The loop of Algorithm 3: a round renegotiates from where the round before ended."""
    return ForAll(
        [p, a],
        And(
            after(first, p, a) == renegotiated(sel, round_functions(first, p), a),
            ForAll(
                [n, m],
                Implies(
                    next_to(n, m),
                    after(m, p, a) == renegotiated(sel, round_functions(m, p), after(n, p, a)),
                ),
            ),
        ),
    )


@axiom(in_icsr)
def algorithm_3(theory: Theory) -> Formula:
    """What an iterated CSR program plays (Algorithm 3)."""
    played = replace(p, i, c)
    others = ForAll([j], Implies(j != i, in_icsr(j, program(j, p))))
    return ForAll(
        [i, c, p],
        Implies(
            in_icsr(i, c),
            plays(i, c, p)
            == If(
                others,
                action(i, after(last, played, outcome(defaults(played)))),
                plays(i, default(c), p),
            ),
        ),
    )


@axiom(in_icsr)
def icsr_programs(theory: Theory) -> Formula:
    """In every round, an iterated CSR program has a set-valued renegotiation function."""
    return ForAll(
        [n, i, p],
        Implies(
            in_icsr(i, program(i, p)),
            theory.set_valued_renegotiation_function(i, component(i, round_functions(n, p))),
        ),
    )
