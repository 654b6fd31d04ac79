"""Definition 6: are Pareto meet projections nonempty, and do they meet?

``def-6-nonempty``. Literal: continuous action sets, that is, a convex compact feasible set, make
every projection nonempty, for every number of players. For three players this fails: the
feasible payoffs conv{(0,1,0), (1,0,1), (-1,-1,0)} leave player 1's projection of (-1,-1,0)
empty. Repaired: for two players the point that pays everybody max(PMM, a) is feasible.

``def-6-meet``. Literal: for every feasible set, if each player's projection of an outcome has a
point, so has their intersection. With pure outcomes alone the points may miss each other.
Repaired: with correlated randomisation, for every number of players. Start at the outcome itself
and move, player after player, towards a point of that player's projection, until this player
gets exactly max(PMM, a); the players before keep theirs, the players after do not overshoot.

Convexity enters through one lemma, ``convex-segments``: where some outcome's payoff to a player
lies between those of two outcomes, a mixture of these two pays the player exactly that.
"""

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    dominator,
    first,
    last,
    next_to,
    player_at,
    pmm,
    segment,
    u,
    worst,
)
from spi_verify.theory.terms import Formula, OutcomeTerm

i, j, k = z3.Consts("i j k", Player)
a, b, e, f, x, y = z3.Consts("a b e f x y", Outcome)
n, m = z3.Consts("n m", Position)


def correlated_randomisation(theory: Theory) -> Hypothesis:
    """Return the hypothesis that the feasible set is convex."""
    return Hypothesis(
        "correlated-randomisation",
        theory.correlated_randomisation(),
        "Players can randomise jointly over any two outcomes: the feasible set is convex.",
    )


def efficient_dominators(theory: Theory) -> Hypothesis:
    """Return what compactness is used for."""
    return Hypothesis(
        "efficient-dominators",
        theory.efficient_dominators(),
        "Every outcome is weakly improved by an efficient one, as in a compact feasible set.",
    )


def pmm_attained(theory: Theory) -> Hypothesis:
    """Return Definition 6 of the PMM, which supposes that the minimum exists."""
    return Hypothesis(
        "pmm-attained",
        theory.pareto_meet_minimum(),
        "Each player's PMM payoff is attained: some efficient outcome is worst for the player.",
    )


def projections_nonempty(theory: Theory) -> Hypothesis:
    """Return what the paper concludes from continuity, and what fails with three players."""
    return Hypothesis(
        "projections-nonempty",
        theory.projections_nonempty(),
        "Every player's Pareto meet projection of every outcome has a point.",
    )


def exactly_two_players() -> Hypothesis:
    """Return that there are two players and nobody else."""
    one, other = z3.Consts("one other", Player)
    return Hypothesis(
        "exactly-two-players",
        Exists(
            [one, other],
            And(one != other, ForAll([k], Or(k == one, k == other))),
        ),
        "There are exactly two players.",
    )


def frontier_steps(theory: Theory) -> list[Step]:
    """Return that of two players, nobody gains on an efficient outcome without the other losing."""
    return [
        Step(
            "efficient-is-not-dominated",
            ForAll(
                [e, f, j],
                Implies(
                    And(theory.efficient(e), theory.weakly_improves(f, e)),
                    u(j, f) <= u(j, e),
                ),
            ),
            ["efficient"],
        ),
        Step(
            "improving-for-two",
            ForAll(
                [i, j, e, f],
                Implies(
                    And(i != j, u(i, f) >= u(i, e), u(j, f) >= u(j, e)),
                    theory.weakly_improves(f, e),
                ),
            ),
            ["nobody-else", "weakly_improves"],
        ),
        Step(
            "frontier-trades-off",
            ForAll(
                [i, j, e, f],
                Implies(
                    And(i != j, theory.efficient(e), u(i, f) >= u(i, e)),
                    u(j, f) <= u(j, e),
                ),
            ),
            ["efficient-is-not-dominated", "improving-for-two"],
        ),
    ]


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma on segments, and both readings of both claims."""
    return [_segments(theory), *_nonempty(theory), *_meet(theory)]


def _segments(theory: Theory) -> Statement:
    return Statement(
        id="convex-segments",
        title="A segment passes every payoff between its ends'",
        theory=theory,
        hypotheses=(correlated_randomisation(theory),),
        definitions=(),
        steps=(
            Step(
                "goal",
                theory.intermediate_payoffs(),
                ["correlated-randomisation"],
            ),
        ),
    )


def _nonempty(theory: Theory) -> list[Statement]:
    along = segment(j, worst(j), worst(i), a)
    below_one = segment(i, a, along, worst(i))
    aside = segment(i, a, worst(j), worst(i))
    below_both = segment(j, aside, worst(i), worst(j))
    feasible = Exists([x], And(theory.at_level(i, x, a), theory.at_level(j, x, a)))
    return literal_and_repaired(
        "def-6-nonempty",
        title="Continuous action sets make every PMP_i(a) nonempty",
        theory=theory,
        hypotheses=[
            correlated_randomisation(theory),
            efficient_dominators(theory),
            pmm_attained(theory),
        ],
        added=[exactly_two_players()],
        definitions=["weakly_improves", "efficient", "pmp", "at_level"],
        lemmas={"intermediate_payoffs": "convex-segments"},
        scene=Exists([i, a], u(i, a) < pmm(i)),
        steps=[
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
            *frontier_steps(theory),
            Step(
                "worst-for-one-is-best-for-the-other",
                ForAll([i, j, a], Implies(i != j, u(j, dominator(a)) <= u(j, worst(i)))),
                ["frontier-trades-off", "efficient-dominators", "pmm-attained"],
            ),
            Step(
                "nothing-is-better",
                ForAll([i, j, a], Implies(i != j, u(j, a) <= u(j, worst(i)))),
                ["worst-for-one-is-best-for-the-other", "efficient-dominators", "weakly_improves"],
            ),
            Step(
                "along-the-frontier",
                ForAll(
                    [i, j, a],
                    Implies(
                        And(i != j, u(j, a) >= pmm(j)),
                        And(u(j, along) == u(j, a), u(i, along) >= pmm(i)),
                    ),
                ),
                ["pmm-attained", "intermediate_payoffs", "nothing-is-better"],
            ),
            Step(
                "one-below",
                ForAll(
                    [i, j, a],
                    Implies(
                        And(i != j, u(i, a) <= pmm(i), u(j, a) >= pmm(j)),
                        And(u(i, below_one) == pmm(i), u(j, below_one) == u(j, a)),
                    ),
                ),
                ["pmm-attained", "intermediate_payoffs", "along-the-frontier"],
            ),
            Step(
                "aside",
                ForAll(
                    [i, j, a],
                    Implies(
                        And(i != j, u(i, a) <= pmm(i), u(j, a) <= pmm(j)),
                        And(u(i, aside) == pmm(i), u(j, aside) <= pmm(j)),
                    ),
                ),
                ["pmm-attained", "intermediate_payoffs"],
            ),
            Step(
                "both-below",
                ForAll(
                    [i, j, a],
                    Implies(
                        And(i != j, u(i, a) <= pmm(i), u(j, a) <= pmm(j)),
                        And(u(i, below_both) == pmm(i), u(j, below_both) == pmm(j)),
                    ),
                ),
                ["pmm-attained", "intermediate_payoffs", "aside"],
            ),
            Step(
                "level-above",
                ForAll(
                    [i, a],
                    Implies(u(i, a) >= pmm(i), theory.at_level(i, a, a)),
                ),
                ["at_level"],
            ),
            Step(
                "level-one-below",
                ForAll(
                    [i, j, a],
                    Implies(And(i != j, u(i, a) <= pmm(i), u(j, a) >= pmm(j)), feasible),
                ),
                ["one-below", "at_level"],
            ),
            Step(
                "level-both-below",
                ForAll(
                    [i, j, a],
                    Implies(And(i != j, u(i, a) <= pmm(i), u(j, a) <= pmm(j)), feasible),
                ),
                ["both-below", "at_level"],
            ),
            Step(
                "level-feasible",
                ForAll([i, j, a], Implies(i != j, feasible)),
                ["level-above", "level-one-below", "level-both-below"],
            ),
            Step(
                "level-is-projection",
                ForAll(
                    [i, j, x, a],
                    Implies(
                        And(i != j, theory.at_level(i, x, a), theory.at_level(j, x, a)),
                        theory.pmp(i, x, a),
                    ),
                ),
                ["nobody-else", "at_level", "pmp"],
            ),
            Step(
                "against-somebody",
                ForAll([i, j, a], Implies(i != j, Exists([x], theory.pmp(i, x, a)))),
                ["level-feasible", "level-is-projection"],
            ),
            Step(
                "goal",
                theory.projections_nonempty(),
                ["somebody-else", "against-somebody"],
            ),
        ],
        why=(
            "It is claimed for every number of players; with three, a compact convex feasible "
            "set can leave a projection empty."
        ),
    )


def _meet(theory: Theory) -> list[Statement]:
    turn = player_at(n)
    low = theory.nobody_above_level(x, a)

    def moved(point: OutcomeTerm) -> Formula:
        """Return that the next player is at the level and nobody has left it."""
        return And(
            theory.at_level(turn, point, a),
            theory.nobody_above_level(point, a),
            theory.stays_at_level(point, x, a),
        )

    level_terms = ["at_level", "nobody_above_level", "stays_at_level"]
    return literal_and_repaired(
        "def-6-meet",
        title="If every PMP_i(a) is nonempty, so is their intersection",
        theory=theory,
        hypotheses=[pmm_attained(theory)],
        added=[correlated_randomisation(theory)],
        definitions=[
            "pmp",
            "has_projections",
            *level_terms,
            "level_up_to",
            "met_up_to",
            "players_are_listed",
            "induction_on_players",
        ],
        lemmas={"intermediate_payoffs": "convex-segments"},
        scene=Exists([i, a], u(i, a) < pmm(i)),
        steps=[
            Step(
                "move-to-a",
                ForAll(
                    [a, x, y, n],
                    Implies(
                        And(low, theory.pmp(turn, y, a), u(turn, a) >= pmm(turn)),
                        moved(segment(turn, x, y, a)),
                    ),
                ),
                ["pmp", "intermediate_payoffs", *level_terms],
            ),
            Step(
                "move-to-pmm",
                ForAll(
                    [a, x, y, n],
                    Implies(
                        And(low, theory.pmp(turn, y, a), u(turn, a) <= pmm(turn)),
                        moved(segment(turn, x, y, worst(turn))),
                    ),
                ),
                ["pmp", "intermediate_payoffs", "pmm-attained", *level_terms],
            ),
            Step(
                "move",
                ForAll(
                    [a, x, n, y],
                    Implies(And(low, theory.pmp(turn, y, a)), Exists([b], moved(b))),
                ),
                ["move-to-a", "move-to-pmm"],
            ),
            Step(
                "move-with-projections",
                ForAll(
                    [a, x, n],
                    Implies(And(low, theory.has_projections(a)), Exists([b], moved(b))),
                ),
                ["move", "has_projections"],
            ),
            Step(
                "move-to-the-next",
                ForAll(
                    [a, x, m, n],
                    Implies(
                        And(low, theory.has_projections(a), next_to(m, n)),
                        Exists([b], moved(b)),
                    ),
                ),
                ["move-with-projections"],
            ),
            Step(
                "moving-reaches-one-more",
                ForAll(
                    [a, b, x, n, m],
                    Implies(
                        And(next_to(m, n), theory.level_up_to(x, a, m), moved(b)),
                        theory.level_up_to(b, a, n),
                    ),
                ),
                ["level_up_to", "stays_at_level", "players_are_listed"],
            ),
            Step(
                "not-above",
                ForAll([a, x, n], Implies(theory.level_up_to(x, a, n), low)),
                ["level_up_to"],
            ),
            Step(
                "one-more-player",
                ForAll(
                    [a, x, n, m],
                    Implies(
                        And(
                            theory.has_projections(a),
                            next_to(m, n),
                            theory.level_up_to(x, a, m),
                        ),
                        Exists([b], theory.level_up_to(b, a, n)),
                    ),
                ),
                ["move-to-the-next", "moving-reaches-one-more", "not-above"],
            ),
            Step(
                "next-position",
                ForAll(
                    [a, n, m],
                    Implies(
                        And(theory.has_projections(a), next_to(n, m), theory.met_up_to(a, n)),
                        theory.met_up_to(a, m),
                    ),
                ),
                ["one-more-player", "met_up_to"],
            ),
            Step(
                "start-at-a",
                ForAll([a], theory.nobody_above_level(a, a)),
                ["nobody_above_level"],
            ),
            Step(
                "moving-reaches-the-first",
                ForAll(
                    [a, b],
                    Implies(
                        And(
                            theory.at_level(player_at(first), b, a),
                            theory.nobody_above_level(b, a),
                        ),
                        theory.level_up_to(b, a, first),
                    ),
                ),
                ["level_up_to", "players_are_listed"],
            ),
            Step(
                "first-position",
                ForAll([a], Implies(theory.has_projections(a), theory.met_up_to(a, first))),
                [
                    "start-at-a",
                    "move-with-projections",
                    "moving-reaches-the-first",
                    "met_up_to",
                ],
            ),
            Step(
                "last-position",
                ForAll([a], Implies(theory.has_projections(a), theory.met_up_to(a, last))),
                ["first-position", "next-position", "induction_on_players"],
            ),
            Step(
                "everybody-at-level",
                ForAll(
                    [a, x, i],
                    Implies(theory.level_up_to(x, a, last), theory.at_level(i, x, a)),
                ),
                ["level_up_to", "players_are_listed"],
            ),
            Step(
                "level-is-projection",
                ForAll(
                    [a, x, i],
                    Implies(ForAll([i], theory.at_level(i, x, a)), theory.pmp(i, x, a)),
                ),
                ["at_level", "pmp"],
            ),
            Step(
                "shared-projection",
                ForAll(
                    [a, x, i],
                    Implies(theory.level_up_to(x, a, last), theory.pmp(i, x, a)),
                ),
                ["everybody-at-level", "level-is-projection"],
            ),
            Step(
                "goal",
                theory.projections_meet(),
                ["last-position", "met_up_to", "shared-projection"],
            ),
        ],
        why=(
            "It is claimed for every feasible set; where only some payoff profiles are "
            "feasible, each projection can have a point and no two the same."
        ),
    )
