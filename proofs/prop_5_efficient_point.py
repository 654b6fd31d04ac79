"""Proposition 5, in its proof: conceding a little more than the PMM is efficient.

Literal reading. In a non-zero-sum game with a continuous feasible set that contains the Pareto
meet, and in which nobody gets their best payoff where somebody else gets theirs: for all
sufficiently small delta_j > 0, the point that pays every other player j their PMM payoff plus
delta_j, and player 1 their best payoff minus eps_1, is efficient for some eps_1 > 0. With three
players this fails: if three players divide two units, of which player 1 can use one at most,
player 1 gets their best payoff together with others who get more than their PMM payoffs, and
conceding anything is a waste.

How the words are read. *Non-zero-sum*: some outcome is not efficient; for a convex polytope this
says that payoffs cannot be rescaled to sum to zero everywhere. *Contains the Pareto meet*:
whatever lies between the PMM and a feasible payoff profile is feasible. Both are the strongest
readings, so a counterexample to them is one to any other. *Sufficiently small*: below the
amounts that some payoff profile gives beyond the PMM.

Repaired. What is needed is a frontier without flat parts: above the PMM, where somebody can gain
at nobody's expense, everybody can gain (in the literature on bargaining, the feasible set is
strictly comprehensive). It is proved for every number of players, and convexity is not needed.

``efficient-point-two-players``: with two players nothing needs to be added; here convexity is
used. The efficient point that is worst for player 2 is best for player 1. Mixed with a point that
gives player 2 more than a small amount, it gives player 2 exactly that, and player 1 more.
"""

from dataclasses import replace

import z3
from def_6 import (
    correlated_randomisation,
    efficient_dominators,
    exactly_two_players,
    frontier_steps,
    pmm_attained,
)
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Payoffs,
    Player,
    best,
    best_alone,
    best_beside,
    best_payoff_profile,
    dominator,
    payoff,
    payoffs_of,
    pmm,
    pmm_beside,
    pmm_payoffs,
    segment,
    u,
    with_own,
    worst,
)
from spi_verify.theory.terms import Formula, OutcomeTerm

i, j, k = z3.Consts("i j k", Player)
one, other = z3.Consts("one other", Player)
a, b, e, f, x, y, z = z3.Consts("a b e f x y z", Outcome)
v, w = z3.Consts("v w", Payoffs)

ID = "prop-5-efficient-point"


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, the repaired one without convexity; and the case of two players."""
    literal, repaired = _both(theory)
    unneeded = correlated_randomisation(theory)
    literal = replace(literal, hypotheses=(unneeded, *literal.hypotheses))
    return [literal, repaired, _two_players(literal)]


def _both(theory: Theory) -> list[Statement]:
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
        title="(u_1* - eps_1, u_2^PMM + delta_2, ...) is efficient for some eps_1 > 0",
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


def _two_players(literal: Statement) -> Statement:
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
