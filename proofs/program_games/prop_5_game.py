"""Proposition 5: what it supposes of the game, and the payoffs of its proof."""

import z3
from thm_3_common import selection
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    cap,
    centre,
    corner,
    delta,
    favourite,
    given,
    in_default_set,
    last,
    lure,
    meet_point,
    next_to,
    outcome,
    path,
    pmm,
    program,
    replies,
    room,
    u,
    weight,
)

i, j = z3.Consts("i j", Player)
x, y = z3.Consts("x y", Outcome)
n, m = z3.Consts("n m", Position)

DEFINITIONS = (
    "replacement",
    "same_programs",
    "profiles_are_tuples",
    "default_profile",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "weakly_improves",
    "strictly_improves",
    "efficient",
    "pmp",
    "nonempty",
    "agreement_set",
    "renegotiation_outcome",
    "selection_function",
    "set_valued_renegotiation_function",
    "round_profile",
    "icsr_programs",
    "rounds",
    "algorithm_3",
    "others_icsr",
    "default_or_icsr",
    "caps",
    "on_meet",
    "modest_offers",
    "generous_offers",
    "icsr_complete",
    "profiles_of_the_proof",
    "may_be_played",
    "towards_corner",
    "induction_on_the_limit",
    "induction_towards_corner",
)
SIZES = {"Outcome": 4, "SetFunction": 1, "SetFunctions": 1, "OutcomeSet": 8, "Position": 1}


def game(theory: Theory) -> list[Hypothesis]:
    """Return what the proposition supposes of the game and of Delta."""
    best = ForAll([y], u(i, y) <= u(i, x))
    return [
        *selection(theory),
        Hypothesis(
            "projections-nonempty",
            theory.projections_nonempty(),
            "Every player's Pareto meet projection of every outcome has a point.",
        ),
        Hypothesis(
            "at-least-two-players",
            ForAll([i], Exists([j], j != i)),
            "Nobody is alone.",
        ),
        Hypothesis(
            "joint-randomisation",
            theory.mixtures(),
            "Players can randomise jointly: mixtures of outcomes are outcomes.",
        ),
        Hypothesis(
            "best-payoffs-attained",
            ForAll([i, x], And(theory.efficient(favourite(i)), u(i, x) <= u(i, favourite(i)))),
            "Some efficient outcome pays player i the best feasible payoff u_i*.",
        ),
        Hypothesis(
            "pmm-feasible",
            ForAll([i], u(i, meet_point) == pmm(i)),
            "The feasible set contains the Pareto meet, so some outcome pays everybody the PMM.",
        ),
        Hypothesis(
            "bargaining-problem",
            ForAll([i, j, x], Implies(And(j != i, best), u(j, x) < u(j, favourite(j)))),
            "Where one player gets the best feasible payoff, no other does.",
        ),
        Hypothesis(
            "non-zero-sum",
            theory.non_zero_sum(),
            "The game is not zero-sum: some outcome is not efficient.",
        ),
        Hypothesis(
            "delta-positive",
            ForAll([i], delta(i) > 0),
            "Delta is positive for everybody.",
        ),
    ]


def defaults_given(theory: Theory) -> Hypothesis:  # noqa: ARG001
    """Return that there are defaults that pay nobody more than the PMM."""
    return Hypothesis(
        "defaults-at-most-pmm",
        ForAll(
            [i],
            And(in_default_set(i, program(i, given)), u(i, outcome(given)) <= pmm(i)),
        ),
        "Some profile of default programs pays nobody more than the PMM.",
    )


def not_generous(theory: Theory) -> Hypothesis:
    """Return that the defaults hand nobody as much as a lure pays."""
    return Hypothesis(
        "defaults-not-generous",
        And(
            ForAll([i, x], Implies(theory.may_be_played(i, x), u(i, x) <= replies(i))),
            ForAll([i, j], Implies(j != i, u(j, lure(i)) == pmm(j))),
            ForAll([i], u(i, lure(i)) >= pmm(i)),
            ForAll([i], Or(replies(i) < u(i, lure(i)), replies(i) <= pmm(i))),
        ),
        "Whatever the others' defaults play, player i gets less than in some outcome that pays "
        "the others their PMM payoffs, or no more than the PMM.",
    )


def path_steps() -> list[Step]:
    """Return where the path and the corners are."""
    from_lure = u(i, lure(i)) + weight(last) * (u(i, centre) - u(i, lure(i)))
    return [
        Step(
            "favourites-pay-the-pmm",
            ForAll([i, j], u(i, favourite(j)) >= pmm(i)),
            ["best-payoffs-attained", "pmm-attained"],
        ),
        Step(
            "favourites-differ",
            ForAll([i], u(i, favourite(i)) > pmm(i)),
            [
                "favourites-pay-the-pmm",
                "at-least-two-players",
                "best-payoffs-attained",
                "bargaining-problem",
            ],
        ),
        Step(
            "centre-above-the-pmm",
            ForAll([i], u(i, centre) > pmm(i)),
            [
                "favourites-pay-the-pmm",
                "favourites-differ",
                "joint-randomisation",
                "pmm-feasible",
            ],
        ),
        Step(
            "room-above-the-pmm",
            ForAll([i], room(i) > 0),
            ["centre-above-the-pmm", "joint-randomisation", "pmm-feasible"],
        ),
        Step(
            "path-gains",
            ForAll([i, n], u(i, path(n)) == pmm(i) + weight(n) * room(i)),
            ["joint-randomisation", "pmm-feasible"],
        ),
        Step("weights-positive", ForAll([n], weight(n) > 0), ["weights"]),
        Step(
            "gains-positive",
            ForAll([i, n], weight(n) * room(i) > 0),
            ["room-above-the-pmm", "weights-positive"],
        ),
        Step(
            "heavier-gains-more",
            ForAll(
                [i, n, m],
                Implies(weight(m) > weight(n), weight(m) * room(i) > weight(n) * room(i)),
            ),
            ["room-above-the-pmm"],
        ),
        Step(
            "path-above-the-pmm",
            ForAll([i, n], u(i, path(n)) > pmm(i)),
            ["path-gains", "gains-positive"],
        ),
        Step(
            "path-rises",
            ForAll([i, n, m], Implies(next_to(n, m), u(i, path(m)) > u(i, path(n)))),
            ["path-gains", "heavier-gains-more", "weights"],
        ),
        Step(
            "path-ends-highest",
            ForAll([i, n], u(i, path(n)) <= u(i, path(last))),
            ["path-gains", "heavier-gains-more", "weights"],
        ),
        Step(
            "path-within-delta",
            ForAll([i], u(i, path(last)) <= pmm(i) + delta(i)),
            ["path-gains", "weights", "delta-positive"],
        ),
        Step(
            "corner-mixes",
            ForAll(
                [i, j],
                u(j, corner(i)) == u(j, lure(i)) + weight(last) * (u(j, centre) - u(j, lure(i))),
            ),
            ["joint-randomisation"],
        ),
        Step(
            "lure-pays-others-the-pmm",
            ForAll([i, j], Implies(j != i, u(j, lure(i)) == pmm(j))),
            ["defaults-not-generous"],
        ),
        Step(
            "path-end",
            ForAll(
                [i],
                u(i, path(last)) == pmm(i) + weight(last) * (u(i, centre) - pmm(i)),
            ),
            ["joint-randomisation", "pmm-feasible"],
        ),
        Step(
            "corner-pays-others-as-the-path",
            ForAll([i, j], Implies(j != i, u(j, corner(i)) == u(j, path(last)))),
            ["corner-mixes", "lure-pays-others-the-pmm", "path-end"],
        ),
        Step(
            "corner-gives-up",
            ForAll([i], u(i, corner(i)) == from_lure),
            ["corner-mixes"],
        ),
        Step(
            "lure-pays-the-pmm",
            ForAll([i], u(i, lure(i)) >= pmm(i)),
            ["defaults-not-generous"],
        ),
        Step(
            "last-weight",
            And(weight(last) > 0, weight(last) <= 1),
            ["weights"],
        ),
        Step(
            "mixture-above-the-pmm",
            ForAll([i], from_lure > pmm(i)),
            ["centre-above-the-pmm", "lure-pays-the-pmm", "last-weight"],
        ),
        Step(
            "corner-above-the-pmm",
            ForAll([i], u(i, corner(i)) > pmm(i)),
            ["corner-gives-up", "mixture-above-the-pmm"],
        ),
        Step(
            "corner-above-replies",
            ForAll([i], u(i, corner(i)) > replies(i)),
            ["corner-gives-up", "corner-above-the-pmm", "weights", "defaults-not-generous"],
        ),
        Step(
            "mixture-above-the-path",
            ForAll([i], from_lure >= pmm(i) + weight(last) * (u(i, centre) - pmm(i))),
            ["lure-pays-the-pmm", "last-weight"],
        ),
        Step(
            "corner-above-path",
            ForAll([i, n], u(i, path(n)) <= u(i, corner(i))),
            ["mixture-above-the-path", "path-end", "corner-gives-up", "path-ends-highest"],
        ),
        *cap_steps(),
    ]


def cap_steps() -> list[Step]:
    """Return where the caps and the corners are."""
    return [
        Step(
            "capped",
            ForAll(
                [i],
                And(
                    ForAll([n], And(u(i, path(n)) <= cap(i, n), cap(i, n) <= u(i, corner(i)))),
                    cap(i, last) == u(i, corner(i)),
                ),
            ),
            ["caps", "corner-above-path"],
        ),
        Step(
            "corner-on-meet",
            ForAll([i, j], u(j, corner(i)) > pmm(j)),
            [
                "corner-above-the-pmm",
                "corner-pays-others-as-the-path",
                "path-above-the-pmm",
            ],
        ),
    ]
