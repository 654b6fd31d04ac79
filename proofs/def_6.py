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

from typing import Any

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.definitions import maximum
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    dominator,
    first,
    last,
    next_to,
    pmm,
    segment,
    u,
    worst,
)

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
    one, other = z3.Consts("one other", Player)
    along = segment(j, worst(j), worst(i), a)
    below_one = segment(i, a, along, worst(i))
    aside = segment(i, a, worst(j), worst(i))
    below_both = segment(j, aside, worst(i), worst(j))
    return literal_and_repaired(
        "def-6-nonempty",
        title="Continuous action sets make every PMP_i(a) nonempty",
        theory=theory,
        hypotheses=[
            correlated_randomisation(theory),
            efficient_dominators(theory),
            pmm_attained(theory),
        ],
        added=[
            Hypothesis(
                "exactly-two-players",
                Exists(
                    [one, other],
                    And(one != other, ForAll([k], Or(k == one, k == other))),
                ),
                "There are exactly two players.",
            )
        ],
        definitions=["weakly_improves", "efficient", "pmp"],
        lemmas={"intermediate_payoffs": "convex-segments"},
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
            Step(
                "frontier-trades-off",
                ForAll(
                    [i, j, e, f],
                    Implies(
                        And(i != j, theory.efficient(e), u(i, f) >= u(i, e)),
                        u(j, f) <= u(j, e),
                    ),
                ),
                ["nobody-else", "efficient", "weakly_improves"],
            ),
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
                "level-feasible",
                ForAll(
                    [i, j, a],
                    Implies(
                        i != j,
                        Exists(
                            [x],
                            And(
                                u(i, x) == maximum(pmm(i), u(i, a)),
                                u(j, x) == maximum(pmm(j), u(j, a)),
                            ),
                        ),
                    ),
                ),
                ["one-below", "both-below"],
            ),
            Step(
                "goal",
                theory.projections_nonempty(),
                ["nobody-else", "somebody-else", "level-feasible", "pmp"],
            ),
        ],
        why=(
            "It is claimed for every number of players; with three, a compact convex feasible "
            "set can leave a projection empty."
        ),
    )


def _meet(theory: Theory) -> list[Statement]:
    def level(player: Any) -> Any:
        return maximum(pmm(player), u(player, a))

    have_points = ForAll([i], Exists([x], theory.pmp(i, x, a)))
    low = ForAll([i], u(i, x) <= level(i))

    def moved(point: Any) -> Any:
        kept = Implies(u(i, x) == level(i), u(i, point) == level(i))
        return And(u(k, point) == level(k), ForAll([i], And(u(i, point) <= level(i), kept)))

    return literal_and_repaired(
        "def-6-meet",
        title="If every PMP_i(a) is nonempty, so is their intersection",
        theory=theory,
        hypotheses=[pmm_attained(theory)],
        added=[correlated_randomisation(theory)],
        definitions=["pmp", "met_up_to", "players_are_listed", "induction_on_players"],
        lemmas={"intermediate_payoffs": "convex-segments"},
        steps=[
            Step(
                "move-to-a",
                ForAll(
                    [a, x, y, k],
                    Implies(
                        And(low, theory.pmp(k, y, a), u(k, a) >= pmm(k)),
                        moved(segment(k, x, y, a)),
                    ),
                ),
                ["pmp", "intermediate_payoffs"],
            ),
            Step(
                "move-to-pmm",
                ForAll(
                    [a, x, y, k],
                    Implies(
                        And(low, theory.pmp(k, y, a), u(k, a) <= pmm(k)),
                        moved(segment(k, x, y, worst(k))),
                    ),
                ),
                ["pmp", "intermediate_payoffs", "pmm-attained"],
            ),
            Step(
                "move",
                ForAll(
                    [a, x, k],
                    Implies(And(low, have_points), Exists([b], moved(b))),
                ),
                ["move-to-a", "move-to-pmm"],
            ),
            Step(
                "one-more-player",
                ForAll(
                    [a, n, m],
                    Implies(
                        And(have_points, next_to(n, m), theory.met_up_to(a, n)),
                        theory.met_up_to(a, m),
                    ),
                ),
                ["move", "met_up_to", "players_are_listed"],
            ),
            Step(
                "first-player",
                ForAll([a], Implies(have_points, theory.met_up_to(a, first))),
                ["move", "met_up_to", "players_are_listed"],
            ),
            Step(
                "everybody",
                ForAll([a], Implies(have_points, theory.met_up_to(a, last))),
                ["first-player", "one-more-player", "induction_on_players"],
            ),
            Step(
                "level-feasible",
                ForAll(
                    [a],
                    Implies(have_points, Exists([x], ForAll([i], u(i, x) == level(i)))),
                ),
                ["everybody", "met_up_to", "players_are_listed"],
            ),
            Step("goal", theory.projections_meet(), ["level-feasible", "pmp"]),
        ],
        why=(
            "It is claimed for every feasible set; where only some payoff profiles are "
            "feasible, each projection can have a point and no two the same."
        ),
    )
