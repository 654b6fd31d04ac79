"""Conceding a little more than the PMM is efficient, for two players."""

import z3
from def_6 import exactly_two_players, frontier_steps
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory.signature import (
    Outcome,
    Payoffs,
    Player,
    best,
    best_beside,
    best_payoff_profile,
    dominator,
    payoff,
    pmm,
    pmm_beside,
    segment,
    u,
    worst,
)

i, j, k = z3.Consts("i j k", Player)
a, b, x, y, z = z3.Consts("a b x y z", Outcome)
v = z3.Const("v", Payoffs)


def two_players(literal: Statement) -> Statement:
    """Return the literal reading for two players, which is proved."""
    theory = literal.theory
    most = best_beside(i, y)
    down = segment(j, worst(j), most, y)
    beyond = segment(j, worst(j), z, y)
    between = segment(j, a, b, y)
    amount = And(payoff(j, v) > pmm(j), payoff(j, v) < u(j, best(j)))
    return Statement(
        id="efficient-point-two-players",
        title="With two players, the efficient point of Proposition 5 is there",
        theory=theory,
        hypotheses=tuple(
            exactly_two_players() if h.name == "two-different-players" else h
            for h in literal.hypotheses
        ),
        definitions=(
            "weakly_improves",
            "efficient",
            "feasible",
            "in_pareto_meet",
            "best_is_profile",
            "pmm_beside_profiles",
            "gives_others",
            "small_amounts",
            "concession",
        ),
        lemmas={"intermediate_payoffs": "convex-segments"},
        steps=(
            Step(
                "nobody-else",
                ForAll([i, j, k], Implies(i != j, Or(k == i, k == j))),
                ["exactly-two-players"],
            ),
            Step(
                "somebody-else",
                ForAll([i], Exists([j], i != j)),
                ["exactly-two-players"],
            ),
            Step(
                "efficient-above-pmm",
                ForAll([a, k], Implies(theory.efficient(a), u(k, a) >= pmm(k))),
                ["pmm-attained"],
            ),
            Step(
                "best-leaves-room",
                ForAll([i, j], Implies(i != j, u(j, best(j)) > pmm(j))),
                [
                    "best-feasible-payoffs-attained",
                    "no-common-best",
                    "efficient-dominators",
                    "efficient-above-pmm",
                    "weakly_improves",
                ],
            ),
            *frontier_steps(theory),
            Step(
                "worst-for-one-is-best-efficient-for-the-other",
                ForAll([i, j, a], Implies(i != j, u(i, dominator(a)) <= u(i, worst(j)))),
                ["frontier-trades-off", "efficient-dominators", "pmm-attained"],
            ),
            Step(
                "worst-for-one-is-best-for-the-other",
                ForAll([i, j, a], Implies(i != j, u(i, a) <= u(i, worst(j)))),
                [
                    "worst-for-one-is-best-efficient-for-the-other",
                    "efficient-dominators",
                    "weakly_improves",
                ],
            ),
            Step(
                "less-where-the-other-gets-more",
                ForAll(
                    [i, j, a],
                    Implies(And(i != j, u(j, a) > pmm(j)), u(i, a) < u(i, worst(j))),
                ),
                ["frontier-trades-off", "pmm-attained"],
            ),
            Step(
                "best-efficient",
                ForAll(
                    [i, j],
                    And(
                        u(i, dominator(best(j))) >= pmm(i),
                        u(j, dominator(best(j))) >= u(j, best(j)),
                    ),
                ),
                ["efficient-above-pmm", "efficient-dominators", "weakly_improves"],
            ),
            Step(
                "amount-beside-pmm",
                ForAll(
                    [i, j, v],
                    Implies(
                        i != j,
                        And(
                            payoff(i, pmm_beside(i, v)) == pmm(i),
                            payoff(j, pmm_beside(i, v)) == payoff(j, v),
                        ),
                    ),
                    patterns=[payoff(j, pmm_beside(i, v))],
                ),
                ["pmm_beside_profiles"],
            ),
            Step(
                "amount-below-best",
                ForAll(
                    [i, j, k, v],
                    Implies(
                        And(i != j, amount),
                        And(
                            payoff(k, pmm_beside(i, v)) >= pmm(k),
                            payoff(k, pmm_beside(i, v)) <= u(k, dominator(best(j))),
                        ),
                    ),
                ),
                ["nobody-else", "best-efficient", "amount-beside-pmm"],
            ),
            Step(
                "amount-in-meet",
                ForAll(
                    [i, j, v],
                    Implies(And(i != j, amount), theory.in_pareto_meet(pmm_beside(i, v))),
                ),
                ["amount-below-best", "in_pareto_meet"],
            ),
            Step(
                "meet-feasible",
                ForAll(
                    [i, v],
                    Implies(
                        theory.in_pareto_meet(pmm_beside(i, v)),
                        theory.feasible(pmm_beside(i, v)),
                    ),
                ),
                ["contains-pareto-meet"],
            ),
            Step(
                "feasible-amount",
                ForAll(
                    [i, j, v],
                    Implies(
                        And(i != j, theory.feasible(pmm_beside(i, v))),
                        Exists([y], u(j, y) == payoff(j, pmm_beside(i, v))),
                    ),
                ),
                ["feasible"],
            ),
            Step(
                "amount-feasible",
                ForAll(
                    [i, j, v],
                    Implies(And(i != j, amount), Exists([y], u(j, y) == payoff(j, v))),
                ),
                ["amount-in-meet", "meet-feasible", "feasible-amount", "amount-beside-pmm"],
            ),
            Step(
                "no-more-beside",
                ForAll(
                    [i, j, y, z],
                    Implies(And(i != j, u(j, z) >= u(j, y)), u(i, z) <= u(i, most)),
                ),
                ["nobody-else", "best-beside-others-attained"],
            ),
            Step(
                "brought-down",
                ForAll(
                    [i, j, y],
                    Implies(
                        And(i != j, u(j, y) > pmm(j)),
                        And(u(j, down) == u(j, y), u(i, down) >= u(i, most)),
                    ),
                    patterns=[down],
                ),
                [
                    "pmm-attained",
                    "best-beside-others-attained",
                    "intermediate_payoffs",
                    "worst-for-one-is-best-for-the-other",
                ],
            ),
            Step(
                "strictly-between",
                ForAll(
                    [i, j, a, b, y],
                    Implies(
                        And(u(j, a) <= u(j, y), u(j, y) < u(j, b), u(i, b) < u(i, a)),
                        And(u(j, between) == u(j, y), u(i, between) > u(i, b)),
                    ),
                    patterns=[u(i, between)],
                ),
                ["correlated-randomisation"],
            ),
            Step(
                "more-for-the-other-costs",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, z) > u(j, y)),
                        And(u(j, beyond) == u(j, y), u(i, beyond) > u(i, z)),
                    ),
                    patterns=[u(i, beyond)],
                ),
                ["pmm-attained", "less-where-the-other-gets-more", "strictly-between"],
            ),
            Step(
                "no-more-beyond",
                ForAll(
                    [i, j, y, z],
                    Implies(And(i != j, u(j, beyond) == u(j, y)), u(i, beyond) <= u(i, most)),
                    patterns=[u(i, beyond)],
                ),
                ["no-more-beside"],
            ),
            Step(
                "beyond",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, z) > u(j, y)),
                        And(u(i, beyond) > u(i, z), u(i, beyond) <= u(i, most)),
                    ),
                    patterns=[z3.MultiPattern(u(i, z), u(j, z), most)],
                ),
                ["more-for-the-other-costs", "no-more-beyond"],
            ),
            Step(
                "less-than-most",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, z) > u(j, y)),
                        u(i, z) < u(i, most),
                    ),
                ),
                ["beyond"],
            ),
            Step(
                "no-more-than-brought-down",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, z) >= u(j, down)),
                        u(i, z) <= u(i, down),
                    ),
                ),
                ["brought-down", "no-more-beside"],
            ),
            Step(
                "less-than-brought-down",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, z) > u(j, down)),
                        u(i, z) < u(i, down),
                    ),
                ),
                ["brought-down", "less-than-most"],
            ),
            Step(
                "inefficient-where-dominated",
                ForAll(
                    [x],
                    Implies(
                        Not(theory.efficient(x)),
                        Exists([z, k], And(theory.weakly_improves(z, x), u(k, z) > u(k, x))),
                    ),
                ),
                ["efficient"],
            ),
            Step(
                "dominating-two",
                ForAll(
                    [i, j, k, x, z],
                    Implies(
                        And(i != j, theory.weakly_improves(z, x), u(k, z) > u(k, x)),
                        Or(
                            And(u(j, z) >= u(j, x), u(i, z) > u(i, x)),
                            And(u(j, z) > u(j, x), u(i, z) >= u(i, x)),
                        ),
                    ),
                ),
                ["nobody-else", "weakly_improves"],
            ),
            Step(
                "inefficient-where-improved",
                ForAll(
                    [i, j, x],
                    Implies(
                        And(i != j, Not(theory.efficient(x))),
                        Exists(
                            [z],
                            Or(
                                And(u(j, z) >= u(j, x), u(i, z) > u(i, x)),
                                And(u(j, z) > u(j, x), u(i, z) >= u(i, x)),
                            ),
                        ),
                    ),
                    patterns=[z3.MultiPattern(theory.efficient(x), u(i, x), u(j, x))],
                ),
                ["inefficient-where-dominated", "dominating-two"],
            ),
            Step(
                "brought-down-is-not-improved",
                ForAll(
                    [i, j, y, z],
                    Implies(
                        And(i != j, u(j, y) > pmm(j)),
                        Not(
                            Or(
                                And(u(j, z) >= u(j, down), u(i, z) > u(i, down)),
                                And(u(j, z) > u(j, down), u(i, z) >= u(i, down)),
                            )
                        ),
                    ),
                    patterns=[z3.MultiPattern(down, u(i, z), u(j, z))],
                ),
                ["no-more-than-brought-down", "less-than-brought-down"],
            ),
            Step(
                "brought-down-is-efficient",
                ForAll(
                    [i, j, y],
                    Implies(And(i != j, u(j, y) > pmm(j)), theory.efficient(down)),
                ),
                ["brought-down-is-not-improved", "inefficient-where-improved", "brought-down"],
            ),
            Step(
                "brought-down-is-less-than-best",
                ForAll(
                    [i, j, y],
                    Implies(And(i != j, u(j, y) > pmm(j)), u(i, down) < u(i, best(i))),
                ),
                [
                    "brought-down",
                    "less-where-the-other-gets-more",
                    "best-feasible-payoffs-attained",
                ],
            ),
            Step(
                "others-are-one",
                ForAll(
                    [i, j, x, v],
                    Implies(And(i != j, u(j, x) == payoff(j, v)), theory.gives_others(i, x, v)),
                ),
                ["nobody-else", "gives_others"],
            ),
            Step(
                "brought-down-gives-the-amount",
                ForAll(
                    [i, j, y, v],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, y) == payoff(j, v)),
                        theory.gives_others(i, down, v),
                    ),
                ),
                ["others-are-one", "brought-down"],
            ),
            Step(
                "brought-down-is-concession",
                ForAll(
                    [i, j, y, v],
                    Implies(
                        And(i != j, u(j, y) > pmm(j), u(j, y) == payoff(j, v)),
                        theory.concession(i, down, v),
                    ),
                ),
                [
                    "brought-down-is-efficient",
                    "brought-down-is-less-than-best",
                    "brought-down-gives-the-amount",
                    "concession",
                ],
            ),
            Step(
                "concession-exists",
                ForAll(
                    [i, j, v],
                    Implies(And(i != j, amount), Exists([x], theory.concession(i, x, v))),
                ),
                ["amount-feasible", "brought-down-is-concession"],
            ),
            Step(
                "small-concession-exists",
                ForAll(
                    [i, j, v],
                    Implies(
                        And(i != j, theory.small_amounts(i, v, best_payoff_profile)),
                        Exists([x], theory.concession(i, x, v)),
                    ),
                ),
                ["concession-exists", "small_amounts", "best_is_profile"],
            ),
            Step(
                "some-amounts",
                ForAll([j], payoff(j, best_payoff_profile) > pmm(j)),
                ["somebody-else", "best-leaves-room", "best_is_profile"],
            ),
            Step(
                "goal",
                theory.small_concessions_efficient(),
                ["somebody-else", "some-amounts", "small-concession-exists"],
            ),
        ),
    )
