"""Proposition 5, in its proof: the program of player 1 is a best response."""

import dataclasses

import z3
from alg_3 import iterated_steps
from prop_5_corner import corner_steps
from prop_5_game import DEFINITIONS, SIZES, cap_steps, defaults_given, game
from prop_5_programs import limit_steps, program_steps
from thm_3_common import common_steps
from z3 import And, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    Program,
    anticipated,
    cap,
    corner,
    favourite,
    first,
    last,
    likelihood,
    next_to,
    outcome,
    overrated,
    path,
    pmm,
    replace,
    replies,
    stingy,
    u,
)
from spi_verify.theory.terms import Number, ProfileTerm, ProgramTerm

i, j = z3.Consts("i j", Player)
x = z3.Const("x", Outcome)
c = z3.Const("c", Program)
n, m = z3.Consts("n m", Position)


def best_response(theory: Theory) -> list[Statement]:
    """Return both readings of the claim in the proof of Proposition 5."""

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
            *cap_steps(),
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
