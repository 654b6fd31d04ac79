"""Proposition 5: renegotiating for many rounds need not lead further than a little above the PMM.

``prop-5``. The literal reading lets G(P) be any program game. Where all default programs already
pay somebody more than PMM + Delta, so does every profile of G(P with all P_i^IRN), because nobody
loses by renegotiating: there is no equilibrium as claimed. Repaired: a profile of default programs
pays nobody more than the PMM (``defaults-at-most-pmm``), and the others' defaults do not hand
player i the prize (``defaults-not-generous``): whatever they play, player i gets less than in some
outcome that pays the others their PMM payoffs, or no more than the PMM. With two players that
means less than u_i*. The programs are those of the paper; every player is certain that the others
are as generous in the end as a feasible outcome allows. Then nobody can do better, renegotiating
or not, because the others' code never lets more happen.

``prop-5-best-response``. The proof lets player 1 believe that the others let player 1 have at most
u_1* - eps_1 in the end, or, less likely, everything, and says that p_1, which gets u_1* - eps_1
against both, is a best response. Functions are conditional: one that takes what player 1 likes
best of what the others offer gets u_1* where that is offered. Repaired: player 1 is certain of
the less generous opponents, whose defaults do not hand player 1 more than that either.

Both hold for every number of players and of rounds. "The assumptions of Theorem 3" are read for
iterated CSR: Assumption 9 with iterated CSR programs in the place of CSR programs, and a PMP
extension in every round.
"""

import dataclasses
from collections.abc import Callable

import z3
from alg_3 import iterated_steps
from def_6 import pmm_attained
from thm_3 import common_steps, selection
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Belief,
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    SetFunctions,
    action,
    after,
    agreement,
    anticipated,
    cap,
    centre,
    certainty,
    component,
    corner,
    default,
    defaults,
    delta,
    favourite,
    first,
    generous,
    given,
    in_default_set,
    in_icsr,
    last,
    likelihood,
    lure,
    meet_point,
    member,
    modest,
    next_to,
    offering,
    offers,
    outcome,
    overrated,
    path,
    played,
    plays,
    pmm,
    program,
    renegotiated,
    replace,
    replies,
    room,
    round_function,
    round_functions,
    sel,
    stingy,
    supposes,
    u,
    utility,
    weight,
)
from spi_verify.theory.terms import (
    Formula,
    Number,
    PlayerTerm,
    PositionTerm,
    ProfileTerm,
    ProgramTerm,
    SetFunctionTerm,
)

i, j, k = z3.Consts("i j k", Player)
a, x, y = z3.Consts("a x y", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
R, Q = z3.Consts("R Q", SetFunctions)
b = z3.Const("b", Belief)
n, m = z3.Consts("n m", Position)

against = replace(anticipated(i), i, c)
mine = replace(anticipated(i), i, stingy(i))

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


def statements(theory: Theory) -> list[Statement]:
    """Return both readings of the proposition and of the claim in its proof."""
    return [*_tight(theory), *_best_response(theory)]


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
        *_cap_steps(),
    ]


def _cap_steps() -> list[Step]:
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


def program_steps(theory: Theory) -> list[Step]:
    """Return that the programs of the proof are there."""

    def legal(player: PlayerTerm, function: SetFunctionTerm) -> Formula:
        return theory.set_valued_renegotiation_function(player, function)

    def made_of(candidate: ProgramTerm, player: PlayerTerm, function: SetFunctionTerm) -> Formula:
        return And(
            in_icsr(player, candidate),
            default(candidate) == program(player, given),
            ForAll([n], round_function(candidate, n) == function),
        )

    start = outcome(given)
    return [
        Step(
            "on-meet-improves",
            ForAll([x, a], Implies(theory.on_meet(x, a), theory.weakly_improves(x, a))),
            ["on_meet", "weakly_improves"],
        ),
        Step(
            "path-on-meet",
            ForAll([n], theory.on_meet(path(n), start)),
            ["path-above-the-pmm", "on_meet", "defaults-at-most-pmm"],
        ),
        Step(
            "path-better-than-defaults",
            ForAll([n, i], u(i, path(n)) > u(i, start)),
            ["path-above-the-pmm", "defaults-at-most-pmm"],
        ),
        Step(
            "path-offered",
            ForAll([i, n, R], member(path(n), offers(i, modest(i, n), R, start))),
            ["modest_offers", "path-on-meet"],
        ),
        Step(
            "modest-legal",
            ForAll([i, n], legal(i, modest(i, n))),
            [
                "set_valued_renegotiation_function",
                "modest_offers",
                "on-meet-improves",
                "path-offered",
                "path-better-than-defaults",
            ],
        ),
        Step(
            "stingy-there",
            ForAll([i], made_of(stingy(i), i, modest(i, n))),
            ["icsr_complete", "modest-legal", "defaults-at-most-pmm"],
        ),
        *opponents_there(theory, "generous", generous, "capped", offering),
        Step(
            "anticipated-programs",
            ForAll(
                [i, j, c],
                Implies(j != i, program(j, against) == offering(i, j)),
            ),
            ["profiles_of_the_proof", "replacement"],
        ),
        Step(
            "own-program-against",
            ForAll([i, c], program(i, against) == c),
            ["replacement"],
        ),
    ]


def opponents_there(
    theory: Theory,
    name: str,
    function: Callable[[PlayerTerm, PositionTerm], SetFunctionTerm],
    bound: str,
    candidate: Callable[[PlayerTerm, PlayerTerm], ProgramTerm],
) -> list[Step]:
    """Return that the programs that player i believes possible are there."""
    start = outcome(given)
    return [
        Step(
            f"path-{name}",
            ForAll(
                [i, j, n, R],
                Implies(j != i, member(path(n), offers(j, function(i, n), R, start))),
            ),
            [f"{name}_offers", "path-on-meet", bound],
        ),
        Step(
            f"{name}-legal",
            ForAll(
                [i, j, n],
                Implies(j != i, theory.set_valued_renegotiation_function(j, function(i, n))),
            ),
            [
                "set_valued_renegotiation_function",
                f"{name}_offers",
                "on-meet-improves",
                f"path-{name}",
                "path-better-than-defaults",
            ],
        ),
        Step(
            f"{name}-there",
            ForAll(
                [i, j],
                Implies(
                    j != i,
                    And(
                        in_icsr(j, candidate(i, j)),
                        default(candidate(i, j)) == program(j, given),
                        ForAll([n], round_function(candidate(i, j), n) == function(i, n)),
                    ),
                ),
            ),
            ["icsr_complete", f"{name}-legal", "defaults-at-most-pmm"],
        ),
    ]


def round_steps() -> list[Step]:
    """Return the loop of Algorithm 3, the first round and the others apart."""
    return [
        Step(
            "rounds-from-round-to-round",
            ForAll(
                [p, a, n, m],
                Implies(
                    next_to(n, m),
                    after(m, p, a) == renegotiated(sel, round_functions(m, p), after(n, p, a)),
                ),
            ),
            ["rounds"],
        ),
        Step(
            "rounds-from-the-start",
            ForAll([p, a], after(first, p, a) == renegotiated(sel, round_functions(first, p), a)),
            ["rounds"],
        ),
    ]


def limit_steps(theory: Theory, *, held: str = "defaults-not-generous") -> list[Step]:
    """Return that no program earns more than the corner against what is anticipated."""
    others = ForAll([j], Implies(j != i, program(j, q) == offering(i, j)))
    as_defaults = ForAll([j], Implies(j != i, action(j, x) == plays(j, program(j, given), p)))
    in_round = round_functions(n, q)
    plain = And(others, Not(in_icsr(i, program(i, q))))
    renegotiates = And(others, in_icsr(i, program(i, q)))
    start = outcome(defaults(q))
    at_defaults = z3.substitute(as_defaults, (x, start), (p, defaults(q)))
    return [
        Step(
            "defaults-run-against-others",
            ForAll(
                [i, q, j],
                Implies(
                    And(plain, j != i),
                    plays(j, program(j, q), q) == plays(j, program(j, given), q),
                ),
            ),
            ["algorithm_3", "own-program", "generous-there"],
        ),
        Step(
            "actions-of-defaults-may-be-played",
            ForAll([i, x, p], Implies(as_defaults, theory.may_be_played(i, x))),
            ["may_be_played"],
        ),
        Step(
            "defaults-act-against-others",
            ForAll(
                [i, q, j],
                Implies(
                    And(plain, j != i),
                    action(j, outcome(q)) == plays(j, program(j, given), q),
                ),
            ),
            ["defaults-run-against-others", "outcome_of_programs"],
        ),
        Step(
            "defaults-may-play",
            ForAll([i, q], Implies(plain, theory.may_be_played(i, outcome(q)))),
            ["defaults-act-against-others", "actions-of-defaults-may-be-played"],
        ),
        Step(
            "plain-programs-held",
            ForAll([i, q], Implies(plain, u(i, outcome(q)) <= replies(i))),
            ["defaults-may-play", held],
        ),
        Step(
            "defaults-of-anticipated",
            ForAll(
                [i, q, j],
                Implies(And(others, j != i), program(j, defaults(q)) == program(j, given)),
            ),
            ["default_profile", "generous-there"],
        ),
        Step(
            "defaults-act-against-defaults",
            ForAll(
                [i, q, j],
                Implies(
                    And(others, j != i),
                    action(j, start) == plays(j, program(j, given), defaults(q)),
                ),
            ),
            ["defaults-of-anticipated", "outcome_of_programs"],
        ),
        Step(
            "default-actions-may-be-played",
            ForAll([i, q], Implies(at_defaults, theory.may_be_played(i, start))),
            ["actions-of-defaults-may-be-played"],
        ),
        Step(
            "default-outcomes-may-be-played",
            ForAll([i, q], Implies(others, theory.may_be_played(i, start))),
            ["defaults-act-against-defaults", "default-actions-may-be-played"],
        ),
        Step(
            "default-outcomes-held",
            ForAll([i, q], Implies(others, u(i, start) <= replies(i))),
            ["default-outcomes-may-be-played", held],
        ),
        Step(
            "everybody-iterates",
            ForAll([i, q], Implies(renegotiates, ForAll([k], in_icsr(k, program(k, q))))),
            ["generous-there"],
        ),
        Step(
            "agreements-capped",
            ForAll(
                [i, q, n, a, x],
                Implies(
                    And(others, member(x, agreement(in_round, a))),
                    u(i, x) <= u(i, corner(i)),
                ),
            ),
            [
                "agreement_set",
                "round_profile",
                "generous-there",
                "generous_offers",
                "capped",
                "at-least-two-players",
            ],
        ),
        Step(
            "rounds-capped",
            ForAll(
                [i, q, n, a],
                Implies(
                    And(others, u(i, a) <= u(i, corner(i))),
                    u(i, renegotiated(sel, in_round, a)) <= u(i, corner(i)),
                ),
            ),
            [
                "agreements-capped",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
            ],
        ),
        Step(
            "start-held",
            ForAll([i, q], Implies(others, u(i, start) <= u(i, corner(i)))),
            ["default-outcomes-held", "corner-above-replies"],
        ),
        *round_steps(),
        Step(
            "first-round-held",
            ForAll([i, q], Implies(others, u(i, after(first, q, start)) <= u(i, corner(i)))),
            ["start-held", "rounds-capped", "rounds-from-the-start"],
        ),
        Step(
            "next-round-held",
            ForAll(
                [i, q, n, m],
                Implies(
                    And(others, next_to(n, m), u(i, after(n, q, start)) <= u(i, corner(i))),
                    u(i, after(m, q, start)) <= u(i, corner(i)),
                ),
            ),
            ["rounds-capped", "rounds-from-round-to-round"],
        ),
        Step(
            "iterated-programs-held",
            ForAll(
                [i, q, n],
                Implies(others, u(i, after(n, q, start)) <= u(i, corner(i))),
            ),
            ["first-round-held", "next-round-held", "induction_on_the_limit"],
        ),
        Step(
            "nothing-above-the-corner",
            ForAll([i, q], Implies(others, u(i, outcome(q)) <= u(i, corner(i)))),
            [
                "plain-programs-held",
                "corner-above-replies",
                "everybody-iterates",
                "outcome-reached",
                "iterated-programs-held",
            ],
        ),
        Step(
            "nothing-earns-more",
            ForAll([i, c], u(i, outcome(against)) <= u(i, corner(i))),
            ["nothing-above-the-corner", "anticipated-programs"],
        ),
        Step(
            "plain-earns-less",
            ForAll(
                [i, c],
                Implies(Not(in_icsr(i, c)), u(i, outcome(against)) < u(i, corner(i))),
            ),
            [
                "plain-programs-held",
                "corner-above-replies",
                "anticipated-programs",
                "own-program-against",
            ],
        ),
    ]


def corner_steps(theory: Theory) -> list[Step]:
    """Return that the stingy program earns just what the corner pays."""
    in_round = round_functions(n, mine)
    start = outcome(given)
    final = And(n == last, theory.weakly_improves(corner(i), a))
    return [
        Step(
            "everybody-iterates-against-mine",
            ForAll([i, k], in_icsr(k, program(k, mine))),
            ["anticipated-programs", "own-program-against", "generous-there", "stingy-there"],
        ),
        Step(
            "defaults-of-mine-one-by-one",
            ForAll([i], theory.same_programs(defaults(mine), given)),
            [
                "default_profile",
                "same_programs",
                "anticipated-programs",
                "own-program-against",
                "generous-there",
                "stingy-there",
            ],
        ),
        Step(
            "defaults-of-mine",
            ForAll([i], defaults(mine) == given),
            ["defaults-of-mine-one-by-one", "profiles_are_tuples"],
        ),
        Step(
            "my-function",
            ForAll([i, n], component(i, in_round) == modest(i, n)),
            ["round_profile", "own-program-against", "stingy-there"],
        ),
        Step(
            "their-functions",
            ForAll([i, j, n], Implies(j != i, component(j, in_round) == generous(i, n))),
            ["round_profile", "anticipated-programs", "generous-there"],
        ),
        Step(
            "others-capped-by-me",
            ForAll(
                [i, j, n, a, x],
                Implies(
                    And(j != i, member(x, agreement(in_round, a))),
                    u(j, x) <= u(j, path(n)),
                ),
            ),
            ["agreement_set", "my-function", "modest_offers"],
        ),
        Step(
            "capped-by-another",
            ForAll(
                [i, j, n, a, x],
                Implies(And(j != i, member(x, agreement(in_round, a))), u(i, x) <= cap(i, n)),
            ),
            ["agreement_set", "their-functions", "generous_offers"],
        ),
        Step(
            "capped-by-others",
            ForAll(
                [i, n, a, x],
                Implies(member(x, agreement(in_round, a)), u(i, x) <= u(i, corner(i))),
            ),
            ["capped-by-another", "at-least-two-players", "capped"],
        ),
        Step(
            "agreements-below-corner",
            ForAll(
                [i, n, a, x],
                Implies(member(x, agreement(in_round, a)), theory.weakly_improves(corner(i), x)),
            ),
            [
                "others-capped-by-me",
                "capped-by-others",
                "path-ends-highest",
                "corner-pays-others-as-the-path",
                "weakly_improves",
            ],
        ),
        Step(
            "corner-on-meet-of-what-it-improves",
            ForAll(
                [i, a],
                Implies(theory.weakly_improves(corner(i), a), theory.on_meet(corner(i), a)),
            ),
            ["weakly_improves", "on_meet", "corner-on-meet"],
        ),
        Step(
            "corner-in-the-end-mine",
            ForAll(
                [i, n, a],
                Implies(final, member(corner(i), offers(i, modest(i, n), in_round, a))),
            ),
            [
                "modest_offers",
                "corner-on-meet-of-what-it-improves",
                "corner-pays-others-as-the-path",
            ],
        ),
        Step(
            "corner-in-the-end-theirs",
            ForAll(
                [i, j, n, a],
                Implies(
                    And(final, j != i),
                    member(corner(i), offers(j, generous(i, n), in_round, a)),
                ),
            ),
            ["generous_offers", "corner-on-meet-of-what-it-improves", "capped"],
        ),
        Step(
            "corner-agreed-in-the-end",
            ForAll([i, n, a], Implies(final, member(corner(i), agreement(in_round, a)))),
            [
                "agreement_set",
                "my-function",
                "their-functions",
                "corner-in-the-end-mine",
                "corner-in-the-end-theirs",
            ],
        ),
        Step(
            "rounds-stay-below-corner",
            ForAll(
                [i, n, a],
                Implies(
                    theory.weakly_improves(corner(i), a),
                    theory.weakly_improves(corner(i), renegotiated(sel, in_round, a)),
                ),
            ),
            [
                "agreements-below-corner",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
            ],
        ),
        Step(
            "last-round-reaches-corner",
            ForAll(
                [i, n, a],
                Implies(final, theory.weakly_improves(renegotiated(sel, in_round, a), corner(i))),
            ),
            [
                "agreements-below-corner",
                "corner-agreed-in-the-end",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
                "weakly_improves",
            ],
        ),
        Step(
            "one-round-towards-corner",
            ForAll(
                [i, n, m],
                Implies(
                    And(next_to(n, m), theory.towards_corner(i, mine, start, n)),
                    theory.towards_corner(i, mine, start, m),
                ),
            ),
            [
                "rounds-stay-below-corner",
                "last-round-reaches-corner",
                "towards_corner",
                "rounds-from-round-to-round",
            ],
        ),
        Step(
            "corner-better-than-defaults",
            ForAll([i], theory.weakly_improves(corner(i), start)),
            ["corner-on-meet", "defaults-at-most-pmm", "weakly_improves"],
        ),
        Step(
            "first-round-towards-corner",
            ForAll([i], theory.towards_corner(i, mine, start, first)),
            [
                "rounds-stay-below-corner",
                "last-round-reaches-corner",
                "towards_corner",
                "rounds-from-the-start",
                "corner-better-than-defaults",
            ],
        ),
        Step(
            "last-towards-corner",
            ForAll([i], theory.towards_corner(i, mine, start, last)),
            [
                "one-round-towards-corner",
                "first-round-towards-corner",
                "induction_towards_corner",
            ],
        ),
        Step(
            "corner-earned",
            ForAll([i], u(i, outcome(mine)) == u(i, corner(i))),
            [
                "last-towards-corner",
                "towards_corner",
                "weakly_improves",
                "outcome-reached",
                "everybody-iterates-against-mine",
                "defaults-of-mine",
            ],
        ),
    ]


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


def _tight(theory: Theory) -> list[Statement]:
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


def _claimed_game(theory: Theory) -> list[Hypothesis]:
    """Return what the proof has supposed of the game before the claim."""
    pays, best = u(i, corner(i)), u(i, favourite(i))
    before = Implies(next_to(n, last), likelihood * best + (1 - likelihood) * cap(i, n) < pays)
    at_once = Implies(first == last, likelihood * best + (1 - likelihood) * pmm(i) < pays)
    unneeded = ("joint-randomisation", "delta-positive")
    return [
        *(h for h in game(theory) if h.name not in unneeded),
        defaults_given(theory),
        Hypothesis(
            "small-gains-feasible",
            And(
                ForAll([i, n], And(u(i, path(n)) > pmm(i), u(i, path(n)) <= u(i, path(last)))),
                ForAll([i, n, m], Implies(next_to(n, m), u(i, path(m)) > u(i, path(n)))),
            ),
            "Paying everybody a little more than the PMM, and more so in every round, is feasible.",
        ),
        Hypothesis(
            "corner-efficient",
            And(
                ForAll([i], And(theory.efficient(corner(i)), pays < best)),
                ForAll([i, j], Implies(j != i, u(j, corner(i)) == u(j, path(last)))),
                ForAll([i, n], u(i, path(n)) <= pays),
            ),
            "Paying player i some eps_i less than u_i*, and the others what they are offered in "
            "the end, is efficient.",
        ),
        Hypothesis(
            "likelihood-small",
            And(likelihood >= 0, likelihood < 1, ForAll([i, n], And(before, at_once))),
            "The opponents who offer everything are so unlikely that ending a round earlier with "
            "the others cannot pay.",
        ),
    ]


def _best_response(theory: Theory) -> list[Statement]:
    def earns(candidate: ProgramTerm, opponents: ProfileTerm) -> Number:
        return u(i, outcome(replace(opponents, i, candidate)))

    def expects(candidate: ProgramTerm) -> Number:
        likely = (1 - likelihood) * earns(candidate, anticipated(i))
        return likelihood * earns(candidate, overrated(i)) + likely

    literal, repaired = literal_and_repaired(
        "prop-5-best-response",
        title="The stingy program is a best response to generous opponents",
        theory=theory,
        hypotheses=_claimed_game(theory),
        added=[
            Hypothesis(
                "certain-of-the-less-generous",
                likelihood == 0,
                "Player i is certain of the opponents who keep eps_i to themselves.",
            ),
            Hypothesis(
                "defaults-pay-less",
                And(
                    ForAll([i, x], Implies(theory.may_be_played(i, x), u(i, x) <= replies(i))),
                    ForAll([i], replies(i) < u(i, corner(i))),
                ),
                "Whatever the others' defaults play, player i gets less than u_i* - eps_i.",
            ),
        ],
        definitions=DEFINITIONS,
        steps=(
            Step(
                "path-above-the-pmm",
                ForAll([i, n], u(i, path(n)) > pmm(i)),
                ["small-gains-feasible"],
            ),
            Step(
                "path-ends-highest",
                ForAll([i, n], u(i, path(n)) <= u(i, path(last))),
                ["small-gains-feasible"],
            ),
            Step(
                "corner-pays-others-as-the-path",
                ForAll([i, j], Implies(j != i, u(j, corner(i)) == u(j, path(last)))),
                ["corner-efficient"],
            ),
            Step(
                "corner-above-replies",
                ForAll([i], u(i, corner(i)) > replies(i)),
                ["defaults-pay-less"],
            ),
            Step(
                "corner-above-path",
                ForAll([i, n], u(i, path(n)) <= u(i, corner(i))),
                ["corner-efficient"],
            ),
            Step(
                "corner-above-the-pmm",
                ForAll([i], u(i, corner(i)) > pmm(i)),
                ["corner-above-path", "path-above-the-pmm"],
            ),
            *_cap_steps(),
            *program_steps(theory),
            *common_steps(theory),
            *iterated_steps(),
            *limit_steps(theory, held="defaults-pay-less"),
            *corner_steps(theory),
            Step(
                "goal",
                ForAll(
                    [i, c],
                    Implies(theory.default_or_icsr(i, c), expects(c) <= expects(stingy(i))),
                ),
                ["certain-of-the-less-generous", "nothing-earns-more", "corner-earned"],
            ),
        ),
        sizes=SIZES,
        why="Functions are conditional: a program that takes what it likes best of what the "
        "others offer earns as much against the likely opponents and more against the unlikely.",
    )
    # What the unlikely opponents do matters only where they are believed possible.
    lavish = ("lavish_caps", "lavish_offers", "lavish_programs")
    return [dataclasses.replace(literal, definitions=(*literal.definitions, *lavish)), repaired]
