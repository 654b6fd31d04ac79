"""Theorem 3, in its proof: programs that do not renegotiate, replaced by CSR programs."""

import z3
from thm_3_common import PROGRAMS, no_csr_punishment, replaced_defaults_steps, selection
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    SetFunctions,
    action,
    default,
    defaults,
    functions,
    in_csr,
    in_default_set,
    member,
    offers,
    outcome,
    plays,
    program,
    renegotiated,
    replace,
    sel,
    set_function,
)
from spi_verify.theory.terms import Formula, PlayerTerm, SetFunctionTerm
from spi_verify.verdicts import Verdict

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
R = z3.Const("R", SetFunctions)


def _only_improvements(theory: Theory, i: PlayerTerm, F: SetFunctionTerm) -> Formula:
    """Definition 7 without its second condition: offers only weak improvements."""
    return ForAll([R, a, x], Implies(member(x, offers(i, F, R, a)), theory.weakly_improves(x, a)))


def wlog_csr(theory: Theory) -> list[Statement]:
    """Return both readings."""
    bound = And(
        Exists([q], And(theory.subjective_equilibrium(q), program(i, q) == c)),
        Not(in_csr(sel, i, c)),
    )
    refuses = And(
        in_csr(sel, i, d),
        default(d) == c,
        ForAll([R, a, x], Not(member(x, offers(i, set_function(d), R, a)))),
    )
    same_outputs = ForAll([p], plays(i, d, p) == plays(i, c, p))
    goal = ForAll(
        [i, c],
        Implies(
            bound,
            Exists([d], And(refuses, same_outputs)),
        ),
    )
    refusing = Hypothesis(
        "refusing-counts-as-csr",
        ForAll(
            [i, c],
            Implies(
                And(in_default_set(i, c), Not(in_csr(sel, i, c))),
                Exists(
                    [d],
                    And(
                        in_csr(sel, i, d),
                        default(d) == c,
                        ForAll([R, a, x], Not(member(x, offers(i, set_function(d), R, a)))),
                    ),
                ),
            ),
        ),
        "For every default program, the program that never accepts anything counts as CSR.",
    )
    definitions = (
        *PROGRAMS,
        "nonempty",
        "agreement_set",
        "renegotiation_outcome",
        "function_profile",
        "others_csr",
        "algorithm_2",
        "default_or_csr",
        "optimal",
        "subjective_equilibrium",
        "csr_programs",
        "set_valued_renegotiation_function",
        "weakly_improves",
    )
    steps = (
        Step(
            "used-programs-are-defaults",
            ForAll([i, c], Implies(bound, in_default_set(i, c))),
            ["subjective_equilibrium", "optimal", "default_or_csr"],
        ),
        Step(
            "no-agreement",
            ForAll(
                [i, d, c, p, a],
                Implies(
                    refuses,
                    renegotiated(sel, functions(replace(p, i, d)), a) == a,
                ),
            ),
            [
                "agreement_set",
                "nonempty",
                "renegotiation_outcome",
                "function_profile",
                "replacement",
            ],
        ),
        *replaced_defaults_steps(theory),
        Step(
            "default-action",
            ForAll(
                [i, d, p],
                action(i, outcome(defaults(replace(p, i, d)))) == plays(i, default(d), defaults(p)),
            ),
            [
                "defaults-of-replaced",
                "outcome_of_programs",
                "replacement",
                "programs_see_counterparts",
            ],
        ),
        Step(
            "refuser-stays-at-the-defaults",
            ForAll(
                [i, d, c, p],
                Implies(
                    And(refuses, theory.others_csr(sel, p, i)),
                    plays(i, d, p) == action(i, outcome(defaults(replace(p, i, d)))),
                ),
            ),
            ["no-agreement", "algorithm_2"],
        ),
        Step(
            "refuser-plays-against-csr",
            ForAll(
                [i, d, c, p],
                Implies(
                    And(refuses, theory.others_csr(sel, p, i)),
                    plays(i, d, p) == plays(i, c, defaults(p)),
                ),
            ),
            ["refuser-stays-at-the-defaults", "default-action"],
        ),
        Step(
            "refuser-plays-alike",
            ForAll([i, d, c, p], Implies(And(bound, refuses), plays(i, d, p) == plays(i, c, p))),
            ["refuser-plays-against-csr", "algorithm_2", "csr-not-punished"],
        ),
        Step(
            "goal",
            goal,
            ["used-programs-are-defaults", "refusing-counts-as-csr", "refuser-plays-alike"],
        ),
    )
    repaired = Statement(
        id="thm-3-wlog-csr/repaired",
        title="Every program can be replaced by a CSR program that accepts nothing",
        theory=theory.with_(set_valued_renegotiation_function=_only_improvements),
        changed=("set_valued_renegotiation_function",),
        hypotheses=(*selection(theory), no_csr_punishment(theory), refusing),
        definitions=definitions,
        steps=steps,
        added=("refusing-counts-as-csr",),
        scene=Exists([i, c], bound),
    )
    without = repaired.without("refusing-counts-as-csr")
    literal = Statement(
        id="thm-3-wlog-csr",
        title=repaired.title,
        theory=theory,
        hypotheses=without.hypotheses,
        definitions=definitions,
        steps=without.steps,
        scene=repaired.scene,
        expected=Verdict.REFUTED,
        note=(
            "The replacing program has an empty set-valued renegotiation function, which "
            "Definition 7 does not count as one."
        ),
    )
    return [literal, repaired]
