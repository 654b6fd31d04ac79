"""Definition 2 of the paper on program games: strict payoff-transformation SPIs.

"For any distribution over plays" includes those that are certain of one play. So somebody has to
get strictly more in every play, and a game in which some play ends efficiently has no such SPI.
"""

import z3
from delegated_games import G, Game, H, Play, in_game, result, w
from z3 import And, BoolSort, DeclareSort, Exists, ExprRef, ForAll, Function, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome
from spi_verify.theory.terms import Formula, OutcomeTerm
from spi_verify.verdicts import Verdict

Distribution = DeclareSort("Distribution")
possible = Function("possible", Distribution, Play, BoolSort())
"""The play has positive probability."""

d = z3.Const("d", Distribution)
v = z3.Const("v", Play)


@axiom(possible)
def something_is_possible(theory: Theory) -> Formula:
    """Every distribution gives some play positive probability."""
    return ForAll([d], Exists([w], possible(d, w)))


@axiom()
def certainties(theory: Theory) -> Formula:
    """For every play there is the distribution that is certain of it."""
    return ForAll([w], Exists([d], ForAll([v], possible(d, v) == (v == w))))


@define(Distribution, Game, Game)
def never_worse(theory: Theory, d: ExprRef, H: ExprRef, G: ExprRef) -> Formula:
    """With probability 1 nobody gets less."""
    return ForAll([w], Implies(possible(d, w), theory.as_good(result(w, H), result(w, G))))


@define(Distribution, Game, Game)
def maybe_better(theory: Theory, d: ExprRef, H: ExprRef, G: ExprRef) -> Formula:
    """With positive probability somebody gets strictly more."""
    return Exists([w], And(possible(d, w), theory.somebody_gains(result(w, H), result(w, G))))


@define(Game, Game)
def strict_transformation(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Definition 2 of the paper on program games, as printed: both, for any distribution."""
    both = And(theory.never_worse(d, H, G), theory.maybe_better(d, H, G))
    return And(theory.subset_game(H, G), ForAll([d], both))


@define(Outcome, Game)
def efficient_in(theory: Theory, a: OutcomeTerm, G: ExprRef) -> Formula:
    """Nothing that can be played in G is as good for everybody, and better for somebody."""
    x = z3.Const("x", Outcome)
    better = And(theory.as_good(x, a), theory.somebody_gains(x, a))
    return And(in_game(a, G), Not(Exists([x], And(in_game(x, G), better))))


def _for_some_distribution(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Never worse for any distribution, and maybe better for some."""
    return And(
        theory.subset_game(H, G),
        ForAll([d], theory.never_worse(d, H, G)),
        Exists([d], theory.maybe_better(d, H, G)),
    )


DEFINITIONS = (
    "outcomes_are_played",
    "something_is_possible",
    "certainties",
    "subset_game",
    "as_good",
    "somebody_gains",
    "never_worse",
    "maybe_better",
    "strict_transformation",
)


def _reading(theory: Theory) -> Statement:
    """Return the statement under some reading of the definition."""
    improves = And(
        theory.subset_game(H, G),
        ForAll([w], theory.as_good(result(w, H), result(w, G))),
        Exists([w], theory.somebody_gains(result(w, H), result(w, G))),
    )
    return Statement(
        id="def-2",
        title="What never hurts and helps in some play is a strict payoff-transformation SPI",
        theory=theory,
        hypotheses=(),
        definitions=DEFINITIONS,
        steps=(
            Step(
                "goal",
                ForAll([G, H], Implies(improves, theory.strict_transformation(H, G))),
                ["strict_transformation", "never_worse", "maybe_better", "certainties"],
            ),
        ),
        scene=Exists([G, H], improves),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, and what the printed one excludes."""
    from dataclasses import replace

    literal = replace(
        _reading(theory),
        expected=Verdict.REFUTED,
        note="A distribution may be certain of a play in which nothing changes.",
    )
    repaired = replace(
        _reading(theory.with_(strict_transformation=_for_some_distribution)),
        id="def-2/repaired",
        changed=("strict_transformation",),
    )
    efficient = theory.efficient_in(result(w, G), G)
    excluded = Statement(
        id="def-2-efficient",
        title="Where some play ends efficiently, nothing is a strict payoff-transformation SPI",
        theory=theory,
        hypotheses=(),
        definitions=(*DEFINITIONS, "efficient_in"),
        steps=(
            Step(
                "certain-of-a-play",
                ForAll(
                    [G, H, w],
                    Implies(
                        theory.strict_transformation(H, G),
                        Exists(
                            [d],
                            And(
                                ForAll([v], possible(d, v) == (v == w)),
                                theory.never_worse(d, H, G),
                                theory.maybe_better(d, H, G),
                            ),
                        ),
                    ),
                ),
                ["strict_transformation", "certainties"],
            ),
            Step(
                "better-in-every-play",
                ForAll(
                    [G, H, w],
                    Implies(
                        theory.strict_transformation(H, G),
                        And(
                            theory.subset_game(H, G),
                            theory.as_good(result(w, H), result(w, G)),
                            theory.somebody_gains(result(w, H), result(w, G)),
                        ),
                    ),
                ),
                ["certain-of-a-play", "never_worse", "maybe_better", "strict_transformation"],
            ),
            Step(
                "goal",
                ForAll(
                    [G, H], Implies(Exists([w], efficient), Not(theory.strict_transformation(H, G)))
                ),
                ["better-in-every-play", "efficient_in", "subset_game", "outcomes_are_played"],
            ),
        ),
        scene=Exists([G, w], efficient),
    )
    return [literal, repaired, excluded]
