"""The leximin selection function is transitive."""

import z3
from sel_transitive_common import (
    along_players,
    gain_is_reached,
    gainers,
    last_steps,
    selection_statement,
)
from z3 import And, ForAll, If, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    better,
    count_up_to,
    last,
    next_to,
    player_at,
    tied,
    u,
)
from spi_verify.theory.terms import Formula, Number, OutcomeTerm, PlayerTerm

i, j, k = z3.Consts("i j k", Player)
a, b, c, x, y = z3.Consts("a b c x y", Outcome)
S = z3.Const("S", OutcomeSet)
n, m = z3.Consts("n m", Position)


def leximin(theory: Theory) -> Statement:
    """Return the statement."""

    def at_most(outcome: OutcomeTerm, player: PlayerTerm, level: OutcomeTerm) -> Number:
        return count_up_to(outcome, player, level, last)

    def decides(
        one: OutcomeTerm, other: OutcomeTerm, player: PlayerTerm, level: OutcomeTerm
    ) -> Formula:
        fewer = at_most(one, player, level) < at_most(other, player, level)
        return And(fewer, theory.as_many_below(one, other, player, level))

    new = player_at(m)
    both = And(decides(x, y, j, b), decides(y, a, k, c))
    against = And(decides(x, y, j, b), decides(y, x, k, c))
    counted = theory.counted_too(x, j, b, a, k, c)
    gainer = And(theory.weakly_improves(x, a), theory.least_gainer_up_to(i, x, a, last))
    return selection_statement(
        theory,
        "sel-transitive-leximin",
        "The leximin selection function is transitive",
        [
            "players_are_listed",
            "players_are_listed_once",
            "counts",
            "as_many_below",
            "leximin_better",
            "leximin",
            "counted_too",
            "counted_more",
            "counts_rise",
            "induction_on_counts",
            "gain_up_to",
            "least_gainer_up_to",
            "has_least_gainer",
            "induction_on_least_gainers",
        ],
        [
            Step(
                "one-more-counted",
                ForAll(
                    [x, j, b, n, m],
                    Implies(
                        next_to(n, m),
                        count_up_to(x, j, b, m)
                        == count_up_to(x, j, b, n)
                        + If(u(new, x) <= u(j, b), z3.RealVal(1), z3.RealVal(0)),
                    ),
                ),
                ["counts"],
            ),
            Step(
                "new-or-old-counted-more",
                ForAll(
                    [x, j, b, a, k, c, n, m],
                    Implies(
                        And(next_to(n, m), theory.counted_more(x, j, b, a, k, c, m)),
                        Or(
                            theory.counted_more(x, j, b, a, k, c, n),
                            And(u(new, x) > u(j, b), u(new, a) <= u(k, c)),
                        ),
                    ),
                ),
                ["counted_more", "players_are_listed"],
            ),
            Step(
                "new-counted-too",
                ForAll(
                    [x, j, b, a, k, c, m],
                    Implies(counted, Implies(u(new, x) <= u(j, b), u(new, a) <= u(k, c))),
                ),
                ["counted_too"],
            ),
            *along_players(
                lambda position: theory.counts_rise(x, j, b, a, k, c, position),
                counted,
                [x, j, b, a, k, c],
                ["counts", "counted_too", "counted_more", "counts_rise"],
                "counts",
                next_uses=[
                    "one-more-counted",
                    "new-or-old-counted-more",
                    "new-counted-too",
                    "counts_rise",
                ],
            ),
            Step(
                "no-more-counted",
                ForAll([x, j, b, a, k, c], Implies(counted, at_most(x, j, b) <= at_most(a, k, c))),
                ["counts-last", "counts_rise"],
            ),
            Step(
                "same-level-counted-too",
                ForAll(
                    [x, j, b, k, c],
                    Implies(u(j, b) == u(k, c), theory.counted_too(x, j, b, x, k, c)),
                ),
                ["counted_too"],
            ),
            Step(
                "same-level-same-count",
                ForAll(
                    [x, j, b, k, c],
                    Implies(u(j, b) == u(k, c), at_most(x, j, b) == at_most(x, k, c)),
                ),
                ["no-more-counted", "same-level-counted-too"],
            ),
            Step(
                "first-level-is-lower",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(j, b) < u(k, c)), decides(x, a, j, b)),
                ),
                ["as_many_below"],
            ),
            Step(
                "second-level-is-lower",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(k, c) < u(j, b)), decides(x, a, k, c)),
                ),
                ["as_many_below"],
            ),
            Step(
                "levels-are-the-same",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(k, c) == u(j, b)), decides(x, a, j, b)),
                ),
                ["as_many_below", "same-level-same-count"],
            ),
            Step(
                "deciding-is-better",
                ForAll([x, a, j, b], Implies(decides(x, a, j, b), theory.leximin_better(x, a))),
                ["leximin_better"],
            ),
            Step(
                "some-level-decides",
                ForAll([x, y, a, j, b, k, c], Implies(both, theory.leximin_better(x, a))),
                [
                    "first-level-is-lower",
                    "second-level-is-lower",
                    "levels-are-the-same",
                    "deciding-is-better",
                ],
            ),
            Step(
                "better-composes",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
                ),
                ["some-level-decides", "leximin_better", "leximin"],
            ),
            Step(
                "not-both-better",
                ForAll([x, y, j, b, k, c], Not(against)),
                ["as_many_below", "same-level-same-count"],
            ),
            Step(
                "better-excludes-the-opposite",
                ForAll([S, x, y], Not(And(better(S, x, y), better(S, y, x)))),
                ["not-both-better", "leximin_better", "leximin"],
            ),
            Step(
                "better-and-tied-compose",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
                ),
                ["leximin_better", "as_many_below", "leximin"],
            ),
            Step(
                "better-excludes-tied",
                ForAll([S, x, y], Not(And(better(S, x, y), tied(S, y, x)))),
                ["leximin_better", "leximin"],
            ),
            *gainers(
                theory,
                "least_gainers",
                theory.least_gainer_up_to,
                "has_least_gainer",
                lambda one, other: u(one, a) < u(other, a),
                ["least_gainer_up_to"],
            ),
            gain_is_reached(theory),
            Step(
                "improving-counts-no-more",
                ForAll(
                    [x, a, k, c],
                    Implies(theory.weakly_improves(x, a), theory.counted_too(x, k, c, a, k, c)),
                ),
                ["counted_too", "weakly_improves"],
            ),
            Step(
                "gainer-counts-one-less",
                ForAll([i, x, a], Implies(gainer, theory.counted_more(x, i, a, a, i, a, last))),
                ["counted_more", "least_gainer_up_to"],
            ),
            Step(
                "fewer-at-the-least-gainer",
                ForAll([i, x, a], Implies(gainer, at_most(x, i, a) < at_most(a, i, a))),
                [
                    "improving-counts-no-more",
                    "gainer-counts-one-less",
                    "counts-last",
                    "counts_rise",
                ],
            ),
            Step(
                "nobody-leaves-a-lower-level",
                ForAll(
                    [i, x, a, k, c],
                    Implies(
                        And(gainer, u(k, c) < u(i, a)),
                        And(
                            theory.counted_too(x, k, c, a, k, c),
                            theory.counted_too(a, k, c, x, k, c),
                        ),
                    ),
                ),
                ["counted_too", "least_gainer_up_to", "weakly_improves", "players_are_listed"],
            ),
            Step(
                "counted-both-ways",
                ForAll(
                    [x, a, k, c],
                    Implies(
                        And(
                            theory.counted_too(x, k, c, a, k, c),
                            theory.counted_too(a, k, c, x, k, c),
                        ),
                        at_most(x, k, c) == at_most(a, k, c),
                    ),
                ),
                ["no-more-counted"],
            ),
            Step(
                "as-many-at-a-lower-level",
                ForAll(
                    [i, x, a, k, c],
                    Implies(And(gainer, u(k, c) < u(i, a)), at_most(x, k, c) == at_most(a, k, c)),
                ),
                ["nobody-leaves-a-lower-level", "counted-both-ways"],
            ),
            Step(
                "as-many-under-the-least-gainer",
                ForAll([i, x, a], Implies(gainer, theory.as_many_below(x, a, i, a))),
                ["as-many-at-a-lower-level", "as_many_below"],
            ),
            Step(
                "least-gainer-decides",
                ForAll([i, x, a], Implies(gainer, theory.leximin_better(x, a))),
                [
                    "fewer-at-the-least-gainer",
                    "as-many-under-the-least-gainer",
                    "leximin_better",
                ],
            ),
            *last_steps(
                theory,
                order=[
                    "better-composes",
                    "better-excludes-the-opposite",
                    "better-and-tied-compose",
                    "better-excludes-tied",
                ],
                above=[
                    "gain-is-reached",
                    "least_gainers-last",
                    "has_least_gainer",
                    "least-gainer-decides",
                    "leximin",
                ],
                kept=["leximin"],
            ),
        ],
    )
