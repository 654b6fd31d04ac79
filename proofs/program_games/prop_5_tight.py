"""Proposition 5: the equilibrium a little above the PMM."""

import z3
from alg_3 import iterated_steps
from def_6 import pmm_attained
from prop_5_corner import corner_steps
from prop_5_game import DEFINITIONS, SIZES, defaults_given, game, not_generous, path_steps
from prop_5_programs import against, limit_steps, program_steps
from thm_3_common import common_steps
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Belief,
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    SetFunctions,
    after,
    agreement,
    certainty,
    component,
    defaults,
    delta,
    first,
    given,
    in_icsr,
    member,
    modest,
    next_to,
    offering,
    offers,
    outcome,
    path,
    played,
    pmm,
    program,
    renegotiated,
    round_function,
    round_functions,
    sel,
    stingy,
    supposes,
    u,
    utility,
)

i, j, k = z3.Consts("i j k", Player)
a, x = z3.Consts("a x", Outcome)
c = z3.Const("c", Program)
p = z3.Const("p", Profile)
R, Q = z3.Consts("R Q", SetFunctions)
b = z3.Const("b", Belief)
n, m = z3.Consts("n m", Position)


def tight(theory: Theory) -> list[Statement]:
    """Return both readings of the proposition."""
    return literal_and_repaired(
        "prop-5",
        title="Iterated renegotiation may end a little above the PMM",
        theory=theory,
        hypotheses=game(theory),
        added=[pmm_attained(theory), defaults_given(theory), not_generous(theory)],
        definitions=(
            *DEFINITIONS,
            "weights",
            "certain",
            "optimal_under",
            "equilibrium_under",
            "iterated_extension",
            "iterated_9_i",
            "iterated_9_ii",
            "rounds_improve",
            "tight",
            "beliefs_complete",
            "on_path",
            "induction_along_path",
        ),
        steps=(
            *path_steps(),
            *program_steps(theory),
            *common_steps(theory),
            *iterated_steps(),
            *limit_steps(theory),
            *corner_steps(theory),
            *_played_steps(theory),
            *_belief_steps(theory),
            Step(
                "construction",
                theory.tight(certainty, played),
                [
                    "tight",
                    "equilibrium",
                    "everybody-iterates-in-play",
                    "csr-not-punished",
                    "extension-not-punished",
                    "every-round-improves",
                    "ends-within-delta",
                ],
            ),
            Step("goal", Exists([b, p], theory.tight(b, p)), ["construction"]),
        ),
        sizes=SIZES,
        why="Where every profile of default programs pays somebody more than PMM + Delta, so "
        "does every profile of the program game.",
    )


def _played_steps(theory: Theory) -> list[Step]:
    """Return where the stingy programs lead when everybody uses one."""
    in_round = round_functions(n, played)
    start = outcome(given)
    below = theory.weakly_improves(path(n), a)
    return [
        Step(
            "everybody-iterates-in-play",
            ForAll([k], in_icsr(k, program(k, played))),
            ["profiles_of_the_proof", "stingy-there"],
        ),
        Step(
            "defaults-of-played-one-by-one",
            theory.same_programs(defaults(played), given),
            ["default_profile", "same_programs", "profiles_of_the_proof", "stingy-there"],
        ),
        Step(
            "defaults-of-played",
            defaults(played) == given,
            ["defaults-of-played-one-by-one", "profiles_are_tuples"],
        ),
        Step(
            "functions-in-play",
            ForAll([i, n], component(i, in_round) == modest(i, n)),
            ["round_profile", "profiles_of_the_proof", "stingy-there"],
        ),
        Step(
            "capped-in-play",
            ForAll(
                [i, k, n, a, x],
                Implies(
                    And(k != i, member(x, agreement(in_round, a))),
                    u(i, x) <= u(i, path(n)),
                ),
            ),
            ["agreement_set", "functions-in-play", "modest_offers"],
        ),
        Step(
            "agreements-below-path",
            ForAll(
                [n, a, x],
                Implies(member(x, agreement(in_round, a)), theory.weakly_improves(path(n), x)),
            ),
            ["capped-in-play", "at-least-two-players", "weakly_improves"],
        ),
        Step(
            "path-on-meet-of-what-it-improves",
            ForAll([n, a], Implies(below, theory.on_meet(path(n), a))),
            ["weakly_improves", "on_meet", "path-above-the-pmm"],
        ),
        Step(
            "path-agreed",
            ForAll([n, a], Implies(below, member(path(n), agreement(in_round, a)))),
            [
                "agreement_set",
                "functions-in-play",
                "modest_offers",
                "path-on-meet-of-what-it-improves",
            ],
        ),
        Step(
            "round-reaches-path",
            ForAll(
                [n, a, i],
                Implies(below, u(i, renegotiated(sel, in_round, a)) == u(i, path(n))),
            ),
            [
                "agreements-below-path",
                "path-agreed",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
                "weakly_improves",
            ],
        ),
        Step(
            "first-round-on-path",
            theory.on_path(played, start, first),
            [
                "round-reaches-path",
                "rounds-from-the-start",
                "on_path",
                "path-better-than-defaults",
                "weakly_improves",
            ],
        ),
        Step(
            "path-improves-on-the-last-round",
            ForAll(
                [n, m],
                Implies(
                    And(next_to(n, m), theory.on_path(played, start, n)),
                    theory.weakly_improves(path(m), after(n, played, start)),
                ),
            ),
            ["on_path", "path-rises", "weakly_improves"],
        ),
        Step(
            "next-round-on-path",
            ForAll(
                [n, m],
                Implies(
                    And(next_to(n, m), theory.on_path(played, start, n)),
                    theory.on_path(played, start, m),
                ),
            ),
            [
                "round-reaches-path",
                "path-improves-on-the-last-round",
                "rounds-from-round-to-round",
                "on_path",
            ],
        ),
        Step(
            "always-on-path",
            ForAll([n], theory.on_path(played, start, n)),
            ["first-round-on-path", "next-round-on-path", "induction_along_path"],
        ),
        Step(
            "every-round-improves",
            theory.rounds_improve(played),
            [
                "always-on-path",
                "on_path",
                "path-rises",
                "path-better-than-defaults",
                "defaults-of-played",
                "rounds_improve",
                "strictly_improves",
            ],
        ),
        Step(
            "ends-within-delta",
            ForAll([i], u(i, outcome(played)) <= pmm(i) + delta(i)),
            [
                "always-on-path",
                "on_path",
                "path-within-delta",
                "outcome-reached",
                "everybody-iterates-in-play",
                "defaults-of-played",
            ],
        ),
    ]


def _belief_steps(theory: Theory) -> list[Step]:
    """Return that the beliefs make the programs optimal, and satisfy Assumption 9."""
    own = round_function(program(j, p), n)
    return [
        Step(
            "expected-payoffs",
            ForAll([i, c], utility(certainty, i, c) == u(i, outcome(against))),
            ["beliefs_complete", "certain"],
        ),
        Step(
            "programs-expected",
            ForAll(
                [i, j, p],
                Implies(And(supposes(certainty, i, p), j != i), program(j, p) == offering(i, j)),
            ),
            ["beliefs_complete", "certain", "profiles_of_the_proof"],
        ),
        Step(
            "stingy-optimal",
            ForAll([i], theory.optimal_under(certainty, i, stingy(i))),
            [
                "optimal_under",
                "default_or_icsr",
                "stingy-there",
                "expected-payoffs",
                "nothing-earns-more",
                "corner-earned",
            ],
        ),
        Step(
            "equilibrium",
            theory.equilibrium_under(certainty, played),
            ["equilibrium_under", "stingy-optimal", "profiles_of_the_proof"],
        ),
        Step(
            "only-iterated-programs-optimal",
            ForAll([i, c], Implies(theory.optimal_under(certainty, i, c), in_icsr(i, c))),
            [
                "optimal_under",
                "default_or_icsr",
                "stingy-there",
                "expected-payoffs",
                "plain-earns-less",
                "corner-earned",
            ],
        ),
        Step(
            "only-iterated-programs-expected",
            ForAll(
                [i, j, p],
                Implies(And(supposes(certainty, i, p), j != i), in_icsr(j, program(j, p))),
            ),
            ["programs-expected", "generous-there"],
        ),
        Step(
            "csr-not-punished",
            theory.iterated_9_i(certainty),
            [
                "iterated_9_i",
                "equilibrium_under",
                "only-iterated-programs-optimal",
                "only-iterated-programs-expected",
            ],
        ),
        Step(
            "expected-offers-unconditional",
            ForAll(
                [i, j, p, n, R, Q, a, x],
                Implies(
                    And(supposes(certainty, i, p), j != i),
                    member(x, offers(j, own, R, a)) == member(x, offers(j, own, Q, a)),
                ),
            ),
            ["programs-expected", "generous-there", "generous_offers"],
        ),
        Step(
            "extension-not-punished",
            theory.iterated_9_ii(certainty),
            ["iterated_9_ii", "expected-offers-unconditional"],
        ),
    ]
