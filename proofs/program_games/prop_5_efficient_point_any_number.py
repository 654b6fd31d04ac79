"""Conceding a little more than the PMM is efficient, for any number of players."""

import z3
from def_6 import efficient_dominators, pmm_attained
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Payoffs,
    Player,
    best,
    best_alone,
    best_beside,
    dominator,
    payoff,
    payoffs_of,
    pmm,
    pmm_payoffs,
    u,
    with_own,
)
from spi_verify.theory.terms import Formula, OutcomeTerm

i, j, k, one, other = z3.Consts("i j k one other", Player)
a, x, y, z = z3.Consts("a x y z", Outcome)
v = z3.Const("v", Payoffs)

ID = "prop-5-efficient-point"


def any_number(theory: Theory) -> list[Statement]:
    """Return both readings, neither with convexity."""
    above = theory.above_pmm(z)
    room = theory.leaves_room(i, z, v)
    most = best_beside(i, y)
    brought_down = And(u(i, x) == u(i, most), theory.gives_others(i, x, v))
    same_for_i = u(i, y) == u(i, z)
    alone = And(u(i, a) == u(i, best(i)), ForAll([j], Implies(j != i, u(j, a) == pmm(j))))
    gains = dominator(best(i))
    conceded = Exists([x], theory.concession(i, x, v))
    beside_best = And(u(i, x) == u(i, most), ForAll([j], Implies(j != i, u(j, x) == u(j, y))))

    def everybody_gains(point: OutcomeTerm) -> Formula:
        return Exists([z], ForAll([k], u(k, z) > u(k, point)))

    return literal_and_repaired(
        ID,
        title="Conceding the others a little more than the PMM can be efficient",
        theory=theory,
        hypotheses=[
            Hypothesis(
                "two-different-players",
                Exists([one, other], one != other),
                "There are at least two players.",
            ),
            efficient_dominators(theory),
            pmm_attained(theory),
            Hypothesis(
                "best-feasible-payoffs-attained",
                theory.best_payoffs(),
                "Each player's best feasible payoff is attained, as in a compact feasible set.",
            ),
            Hypothesis(
                "best-beside-others-attained",
                theory.best_beside_others(),
                "Among the outcomes that pay everybody else no less than a given one, some "
                "outcome is best for the player, as in a compact feasible set.",
            ),
            Hypothesis(
                "somewhere-inefficient",
                theory.non_zero_sum(),
                "The game is not zero-sum: some outcome is not efficient.",
            ),
            Hypothesis(
                "contains-pareto-meet",
                theory.contains_pareto_meet(),
                "Every payoff profile between the PMM and a feasible one is feasible.",
            ),
            Hypothesis(
                "no-common-best",
                theory.no_common_best(),
                "Where one player gets their best feasible payoff, nobody else gets theirs.",
            ),
        ],
        added=[
            Hypothesis(
                "strictly-comprehensive",
                theory.strictly_comprehensive(),
                "Above the PMM, where somebody can gain at nobody's expense, everybody can gain.",
            )
        ],
        definitions=[
            "weakly_improves",
            "efficient",
            "feasible",
            "in_pareto_meet",
            "pmm_is_profile",
            "outcomes_have_profiles",
            "best_alone_profiles",
            "mixed_profiles",
            "above_pmm",
            "gives_others",
            "leaves_room",
            "small_amounts",
            "concession",
        ],
        steps=[
            Step(
                "efficient-above-pmm",
                ForAll([a, k], Implies(theory.efficient(a), u(k, a) >= pmm(k))),
                ["pmm-attained"],
            ),
            Step(
                "pmm-in-meet",
                theory.in_pareto_meet(pmm_payoffs),
                ["pmm-attained", "efficient-above-pmm", "in_pareto_meet", "pmm_is_profile"],
            ),
            Step(
                "pmm-feasible",
                Exists([a], ForAll([k], u(k, a) == pmm(k))),
                ["pmm-in-meet", "contains-pareto-meet", "feasible", "pmm_is_profile"],
            ),
            Step(
                "best-for-one-leaves-room",
                ForAll([i, j], Implies(i != j, u(j, best(j)) > pmm(j))),
                [
                    "best-feasible-payoffs-attained",
                    "no-common-best",
                    "efficient-dominators",
                    "efficient-above-pmm",
                    "weakly_improves",
                ],
            ),
            Step(
                "best-improves-on-pmm",
                ForAll(
                    [a, i, j],
                    Implies(
                        And(i != j, ForAll([k], u(k, a) == pmm(k))),
                        And(theory.weakly_improves(gains, a), u(i, gains) > u(i, a)),
                    ),
                ),
                [
                    "best-for-one-leaves-room",
                    "efficient-dominators",
                    "efficient-above-pmm",
                    "weakly_improves",
                ],
            ),
            Step(
                "everybody-gains-where-one-can",
                ForAll(
                    [a, z, j],
                    Implies(
                        And(
                            ForAll([k], u(k, a) >= pmm(k)),
                            theory.weakly_improves(z, a),
                            u(j, z) > u(j, a),
                        ),
                        everybody_gains(a),
                    ),
                ),
                ["strictly-comprehensive"],
            ),
            Step(
                "pmm-can-be-improved",
                ForAll(
                    [a, i, j],
                    Implies(
                        And(i != j, ForAll([k], u(k, a) == pmm(k))),
                        everybody_gains(a),
                    ),
                ),
                ["best-improves-on-pmm", "everybody-gains-where-one-can"],
            ),
            Step(
                "everybody-above-pmm",
                Exists([z], above),
                ["two-different-players", "pmm-feasible", "pmm-can-be-improved", "above_pmm"],
            ),
            Step(
                "mixed-in-meet",
                ForAll(
                    [i, z, v],
                    Implies(And(u(i, z) > pmm(i), room), theory.in_pareto_meet(with_own(i, z, v))),
                ),
                ["leaves_room", "in_pareto_meet", "mixed_profiles"],
            ),
            Step(
                "others-can-get-less",
                ForAll(
                    [i, z, v],
                    Implies(
                        And(u(i, z) > pmm(i), room),
                        Exists([x], And(u(i, x) == u(i, z), theory.gives_others(i, x, v))),
                    ),
                ),
                [
                    "mixed-in-meet",
                    "contains-pareto-meet",
                    "feasible",
                    "mixed_profiles",
                    "leaves_room",
                    "gives_others",
                ],
            ),
            Step(
                "everybody-gains-where-inefficient",
                ForAll(
                    [x],
                    Implies(
                        And(ForAll([k], u(k, x) >= pmm(k)), Not(theory.efficient(x))),
                        everybody_gains(x),
                    ),
                ),
                ["strictly-comprehensive", "efficient"],
            ),
            Step(
                "not-everybody-gains-beside-best",
                ForAll(
                    [i, y, x, z],
                    Implies(beside_best, Exists([k], u(k, z) <= u(k, x))),
                    patterns=[z3.MultiPattern(most, u(i, x), u(i, z))],
                ),
                ["best-beside-others-attained"],
            ),
            Step(
                "best-beside-others-is-efficient",
                ForAll(
                    [i, y, x],
                    Implies(
                        And(ForAll([k], u(k, x) >= pmm(k)), beside_best),
                        theory.efficient(x),
                    ),
                ),
                ["everybody-gains-where-inefficient", "not-everybody-gains-beside-best"],
            ),
            Step(
                "best-alone-in-meet",
                ForAll(
                    [i, z],
                    Implies(
                        And(above, u(i, z) == u(i, best(i))),
                        theory.in_pareto_meet(best_alone(i)),
                    ),
                ),
                ["above_pmm", "in_pareto_meet", "best_alone_profiles"],
            ),
            Step(
                "best-alone-feasible",
                ForAll(
                    [i],
                    Implies(theory.in_pareto_meet(best_alone(i)), Exists([a], alone)),
                ),
                ["contains-pareto-meet", "feasible", "best_alone_profiles"],
            ),
            Step(
                "better-than-best-alone",
                ForAll(
                    [a, i, j, z],
                    Implies(
                        And(i != j, above, u(i, z) == u(i, best(i)), alone),
                        And(
                            ForAll([k], u(k, a) >= pmm(k)),
                            theory.weakly_improves(z, a),
                            u(j, z) > u(j, a),
                        ),
                    ),
                ),
                ["above_pmm", "weakly_improves"],
            ),
            Step(
                "nothing-improves-where-best",
                ForAll(
                    [a, i, j, x],
                    Implies(
                        And(
                            u(i, a) == u(i, best(i)),
                            ForAll([k], u(k, a) >= pmm(k)),
                            theory.weakly_improves(x, a),
                        ),
                        u(j, x) <= u(j, a),
                    ),
                ),
                ["best-feasible-payoffs-attained", "strictly-comprehensive"],
            ),
            Step(
                "no-best-where-alone-is-feasible",
                ForAll(
                    [a, i, j, z],
                    Implies(And(i != j, above, alone), u(i, z) != u(i, best(i))),
                ),
                ["better-than-best-alone", "nothing-improves-where-best"],
            ),
            Step(
                "not-best",
                ForAll([i, j, z], Implies(And(i != j, above), u(i, z) != u(i, best(i)))),
                [
                    "best-alone-in-meet",
                    "best-alone-feasible",
                    "no-best-where-alone-is-feasible",
                ],
            ),
            Step(
                "less-than-best",
                ForAll([i, j, z], Implies(And(i != j, above), u(i, z) < u(i, best(i)))),
                ["not-best", "best-feasible-payoffs-attained"],
            ),
            Step(
                "best-beside-others-leaves-room",
                ForAll(
                    [i, y, z, v],
                    Implies(
                        And(above, room, same_for_i, theory.gives_others(i, y, v)),
                        And(u(i, most) > pmm(i), theory.leaves_room(i, most, v)),
                    ),
                ),
                ["best-beside-others-attained", "above_pmm", "leaves_room", "gives_others"],
            ),
            Step(
                "brought-down-is-above",
                ForAll(
                    [i, x, y, v],
                    Implies(
                        And(brought_down, u(i, most) > pmm(i), theory.leaves_room(i, most, v)),
                        theory.above_pmm(x),
                    ),
                ),
                ["above_pmm", "leaves_room", "gives_others"],
            ),
            Step(
                "brought-down-gives-others-the-same",
                ForAll(
                    [i, x, y, v],
                    Implies(
                        And(brought_down, theory.gives_others(i, y, v)),
                        ForAll([j], Implies(j != i, u(j, x) == u(j, y))),
                    ),
                ),
                ["gives_others"],
            ),
            Step(
                "brought-down-is-efficient",
                ForAll(
                    [i, x, y, v],
                    Implies(
                        And(brought_down, theory.above_pmm(x), theory.gives_others(i, y, v)),
                        theory.efficient(x),
                    ),
                ),
                [
                    "brought-down-gives-others-the-same",
                    "best-beside-others-is-efficient",
                    "above_pmm",
                ],
            ),
            Step(
                "efficient-above-pmm-is-concession",
                ForAll(
                    [i, j, x, v],
                    Implies(
                        And(
                            i != j,
                            theory.above_pmm(x),
                            theory.efficient(x),
                            theory.gives_others(i, x, v),
                        ),
                        theory.concession(i, x, v),
                    ),
                ),
                ["less-than-best", "concession"],
            ),
            Step(
                "brought-down-is-concession",
                ForAll(
                    [i, j, x, y, v],
                    Implies(
                        And(
                            i != j,
                            brought_down,
                            u(i, most) > pmm(i),
                            theory.leaves_room(i, most, v),
                            theory.gives_others(i, y, v),
                        ),
                        theory.concession(i, x, v),
                    ),
                ),
                [
                    "brought-down-is-above",
                    "brought-down-is-efficient",
                    "efficient-above-pmm-is-concession",
                ],
            ),
            Step(
                "concession-where-room",
                ForAll(
                    [i, j, y, v],
                    Implies(
                        And(
                            i != j,
                            u(i, most) > pmm(i),
                            theory.leaves_room(i, most, v),
                            theory.gives_others(i, y, v),
                        ),
                        conceded,
                    ),
                ),
                ["others-can-get-less", "brought-down-is-concession"],
            ),
            Step(
                "concession-beside",
                ForAll(
                    [i, j, y, z, v],
                    Implies(
                        And(i != j, above, room, same_for_i, theory.gives_others(i, y, v)),
                        conceded,
                    ),
                ),
                ["best-beside-others-leaves-room", "concession-where-room"],
            ),
            Step(
                "concession-exists",
                ForAll([i, j, z, v], Implies(And(i != j, above, room), conceded)),
                ["others-can-get-less", "concession-beside", "above_pmm"],
            ),
            Step(
                "small-leaves-room",
                ForAll(
                    [i, z, v],
                    Implies(theory.small_amounts(i, v, payoffs_of(z)), theory.leaves_room(i, z, v)),
                ),
                ["small_amounts", "leaves_room", "outcomes_have_profiles"],
            ),
            Step(
                "some-amounts",
                ForAll([z], Implies(above, ForAll([k], payoff(k, payoffs_of(z)) > pmm(k)))),
                ["above_pmm", "outcomes_have_profiles"],
            ),
            Step(
                "goal",
                theory.small_concessions_efficient(),
                [
                    "two-different-players",
                    "everybody-above-pmm",
                    "some-amounts",
                    "small-leaves-room",
                    "concession-exists",
                ],
            ),
        ],
        why=(
            "With three players, one can get their best payoff where the others get more than "
            "the PMM; conceding anything is then inefficient."
        ),
    )
