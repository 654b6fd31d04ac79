"""Theorem 3: extending one's own program makes nobody worse off."""

import z3
from thm_3_common import (
    CSR,
    PROGRAMS,
    common_steps,
    extension_steps,
    no_punishment,
    reached_after,
    reached_before,
    reaching_steps,
    selection,
    single_player,
)
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Player,
    Profile,
    Program,
    in_csr,
    outcome,
    program,
    replace,
    sel,
    u,
)

i, j = z3.Consts("i j", Player)
c, d = z3.Consts("c d", Program)
p = z3.Const("p", Profile)


def improves(theory: Theory) -> Statement:
    """Return the statement."""
    premise = single_player(theory)
    return Statement(
        id="thm-3-improves",
        title="When a player extends a program, nobody loses against believed CSR programs",
        theory=theory,
        hypotheses=(*selection(theory), no_punishment(theory)),
        definitions=(*PROGRAMS[:-1], *CSR, "selection_function", "transitive"),
        scene=Exists(
            [i, p, c, d],
            And(premise, u(i, outcome(replace(p, i, d))) > u(i, outcome(replace(p, i, c)))),
        ),
        steps=(
            *common_steps(theory),
            *reaching_steps(),
            *extension_steps(theory),
            Step(
                "everybody-csr",
                ForAll(
                    [i, p, c],
                    Implies(
                        And(theory.others_csr(sel, p, i), in_csr(sel, i, c)),
                        ForAll([j], in_csr(sel, j, program(j, replace(p, i, c)))),
                    ),
                ),
                ["others_csr", "replacement"],
            ),
            Step(
                "outcomes-reached",
                ForAll(
                    [i, p, c, d],
                    Implies(
                        premise,
                        And(
                            outcome(replace(p, i, c)) == reached_before,
                            outcome(replace(p, i, d)) == reached_after,
                        ),
                    ),
                ),
                [
                    "everybody-csr",
                    "csr-programs-reach",
                    "defaults-kept",
                    "extension-is-csr-with-the-same-default",
                ],
            ),
            Step(
                "goal",
                theory.extension_improves(),
                ["outcomes-reached", "renegotiation-improves"],
            ),
        ),
    )
