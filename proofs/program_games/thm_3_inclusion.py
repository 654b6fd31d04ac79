"""Theorem 3, in its proof: extensions offer their projections of what they reach together."""

import z3
from thm_3_common import (
    CSR,
    PROGRAMS,
    common_steps,
    default_point,
    extension_steps,
    extensions_believed,
    functions_after,
    functions_before,
    premises,
    reached_after,
    reached_before,
    same_payoffs,
    single_player,
)
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    agreement,
    believed,
    defaults,
    equilibrium,
    member,
    offers,
    program,
    replace,
    sel,
    set_function,
)

i = z3.Const("i", Player)
x, y, z = z3.Consts("x y z", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)


def inclusion(theory: Theory) -> list[Statement]:
    """Return both readings."""
    premise = single_player(theory)
    changed = Or(
        same_payoffs(reached_after, reached_before), theory.pmp(i, reached_after, reached_before)
    )
    old = agreement(functions_before, default_point)
    extended = theory.extends_equilibrium(q)
    own = program(i, equilibrium)
    return literal_and_repaired(
        "thm-3-inclusion",
        title="PMP_i of what the extensions reach is offered by player i's extension",
        theory=theory,
        hypotheses=premises(theory),
        added=[extensions_believed(theory)],
        definitions=[
            *PROGRAMS[:4],
            *(name for name in CSR if name != "algorithm_2"),
            "selection_function",
            "transitive",
            "extends_equilibrium",
        ],
        scene=Exists([q, i], And(extended, program(i, q) != own)),
        steps=[
            *common_steps(theory),
            *extension_steps(theory),
            Step(
                "no-change-or-projection-from-disagreement",
                ForAll(
                    [i, p, c, d],
                    Implies(And(premise, Not(theory.nonempty(old))), changed),
                ),
                [
                    "renegotiation_outcome",
                    "nonempty",
                    "selection-function",
                    "selection_function",
                    "agreement-grows-by-projections",
                ],
            ),
            Step(
                "no-change-or-projection-from-agreement",
                ForAll(
                    [i, p, c, d],
                    Implies(And(premise, theory.nonempty(old)), changed),
                ),
                [
                    "renegotiation_outcome",
                    "nonempty",
                    "selection-function",
                    "selection_function",
                    "agreement-grows",
                    "agreement-grows-by-projections",
                    "renegotiation-improves",
                    "weakly_improves",
                ],
            ),
            Step(
                "projections-compose",
                ForAll(
                    [i, x, y, z],
                    Implies(
                        And(
                            theory.pmp(i, x, z),
                            Or(same_payoffs(z, y), theory.pmp(i, z, y)),
                        ),
                        theory.pmp(i, x, y),
                    ),
                ),
                ["pmp"],
            ),
            Step(
                "projections-of-the-new-outcome-offered",
                ForAll(
                    [i, p, c, d, x],
                    Implies(
                        And(premise, theory.pmp(i, x, reached_after)),
                        member(x, offers(i, set_function(d), functions_after, default_point)),
                    ),
                ),
                [
                    "no-change-or-projection-from-disagreement",
                    "no-change-or-projection-from-agreement",
                    "projections-compose",
                    "own-projections-offered",
                ],
            ),
            Step(
                "single-player-step-applies",
                ForAll(
                    [q, i],
                    Implies(
                        extended,
                        And(
                            believed(i, q),
                            theory.others_csr(sel, q, i),
                            theory.pmp_extension(i, own, program(i, q)),
                            defaults(replace(q, i, own)) == defaults(q),
                        ),
                    ),
                ),
                [
                    "extends_equilibrium",
                    "extensions-believed",
                    "others_csr",
                    "extension-is-csr-with-the-same-default",
                    "own-program",
                    "defaults-kept",
                ],
            ),
            Step(
                "goal",
                theory.extension_inclusion(),
                [
                    "single-player-step-applies",
                    "own-program",
                    "projections-of-the-new-outcome-offered",
                ],
            ),
        ],
        why=(
            "Definition 8 adds projections of what p_i reaches against the others' extensions, "
            "not of what the extensions reach together, and Assumption 9 binds beliefs only."
        ),
    )
