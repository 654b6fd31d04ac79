"""Proposition 5: what player i expects to reach, and that nothing earns more."""

import z3
from prop_5_programs import mine
from z3 import And, ForAll, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    agreement,
    cap,
    component,
    corner,
    defaults,
    first,
    generous,
    given,
    in_icsr,
    last,
    member,
    modest,
    next_to,
    offers,
    outcome,
    path,
    program,
    renegotiated,
    round_functions,
    sel,
    u,
)

i, j, k = z3.Consts("i j k", Player)
a, x = z3.Consts("a x", Outcome)
n, m = z3.Consts("n m", Position)


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
