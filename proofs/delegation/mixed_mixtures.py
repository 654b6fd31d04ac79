"""Mixtures of mixtures: what lies further on a segment, and between points on two of them."""

from achieved_points import (
    d,
    k,
    margin,
    mixture_of,
    n,
    of_mixtures,
    p,
    portion,
    q,
    r,
    s,
    v,
    x,
)
from delegated_games import G, i, j
from oc_cor_14 import Mixture, m, mixing_weight
from tokens import coordinate, y
from z3 import And, Exists, ForAll, Function, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom
from spi_verify.theory.terms import Formula

part_of = Function("part_of", Mixture, Mixture, Mixture)
"""The mixture that has of the first as much as one has of what the other has of it."""


@axiom(part_of)
def parts_of_parts(theory: Theory) -> Formula:
    """Weights of parts of parts are multiplied."""
    product = mixing_weight(m) * mixing_weight(n)
    return ForAll([m, n], mixing_weight(part_of(m, n)) == product)


def in_between(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that say between what mixtures are."""
    mixture, less, more = coordinate(i, mixture_of(m, p, q)), coordinate(i, p), coordinate(i, q)
    return (
        *of_mixtures(theory),
        Step(
            "portion-turned-round",
            ForAll([i, m, p, q], portion(m, i, q, p) == -portion(m, i, p, q)),
            ["portion-of-what-is-paid"],
        ),
        Step(
            "no-more-than-the-second",
            ForAll([i, m, p, q], Implies(less <= more, mixture <= more)),
            [
                "margin-of-a-mixture",
                "portion-turned-round",
                "portion-of-what-is-more",
                "margins",
            ],
        ),
        Step(
            "no-less-than-the-first",
            ForAll([i, m, p, q], Implies(less <= more, mixture >= less)),
            [
                "margin-of-a-mixture",
                "portion-turned-round",
                "no-more-than-everything",
                "margins",
            ],
        ),
        Step(
            "no-less-than-both",
            ForAll(
                [i, m, p, q, y],
                Implies(
                    And(less >= coordinate(i, y), more >= coordinate(i, y)),
                    mixture >= coordinate(i, y),
                ),
            ),
            ["mixed-with-more", "no-less-than-the-first"],
        ),
    )


def portions_of_portions(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that say what mixtures pay more than their second point.

    A product of two numbers has a name in each step but the few that multiply three.
    """
    whole = margin(i, p, q)
    part = mixing_weight(part_of(n, r))
    product = mixing_weight(n) * mixing_weight(r)
    nothing = product - part
    other = portion(r, i, p, q) - mixing_weight(r) * whole
    three = mixing_weight(n) * mixing_weight(r) * whole
    weight = mixing_weight(n)
    return (
        Step("nothing-left-of-the-weights", ForAll([n, r], nothing == 0), ["parts_of_parts"]),
        Step(
            "nothing-of-the-margin",
            ForAll([i, n, r, p, q], whole * nothing == whole * 0),
            ["nothing-left-of-the-weights"],
        ),
        Step(
            "part-of-the-margin",
            ForAll([i, n, r, p, q], part * whole == three),
            ["nothing-of-the-margin"],
        ),
        Step("nothing-left-of-the-portion", ForAll([i, r, p, q], other == 0), ["portions"]),
        Step(
            "nothing-of-the-portion",
            ForAll([i, n, r, p, q], weight * other == weight * 0),
            ["nothing-left-of-the-portion"],
        ),
        Step(
            "part-of-the-portion",
            ForAll([i, n, r, p, q], weight * portion(r, i, p, q) == three),
            ["nothing-of-the-portion"],
        ),
        Step(
            "portion-of-a-part",
            ForAll([i, n, r, p, q], portion(part_of(n, r), i, p, q) == three),
            ["part-of-the-margin", "portions"],
        ),
        Step(
            "portion-of-a-portion",
            ForAll(
                [i, n, r, p, q],
                portion(part_of(n, r), i, p, q) == weight * portion(r, i, p, q),
            ),
            ["portion-of-a-part", "part-of-the-portion"],
        ),
        Step(
            "portion-of-the-same",
            ForAll(
                [i, n, r, d, q, p, s],
                Implies(
                    margin(i, d, q) == portion(r, i, p, s),
                    portion(n, i, d, q) == portion(part_of(n, r), i, p, s),
                ),
            ),
            ["portions", "portion-of-a-portion"],
        ),
        Step(
            "margin-of-what-pays-a-mixture",
            ForAll(
                [i, m, p, q, x],
                theory.pays_mixture(i, x, m, p, q) == (margin(i, x, q) == portion(m, i, p, q)),
            ),
            ["margin-of-a-mixture", "margins", "pays_mixture"],
        ),
    )


def further_on(theory: Theory) -> tuple[Step, ...]:
    """Return the steps about points on a segment, of which one is further on."""
    ends = And(
        theory.two_players(i, j),
        theory.frontier_point(p, G),
        theory.frontier_point(q, G),
        coordinate(i, p) <= coordinate(i, q),
    )
    mixtures = And(theory.mixes(x, r, p, q), theory.mixes(v, m, p, q))
    for_one = And(theory.pays_mixture(i, x, r, p, q), theory.pays_mixture(i, v, m, p, q))
    height = theory.pays_mixture(i, v, n, x, q)
    no_more = coordinate(i, x) <= coordinate(i, v)
    given = And(ends, mixtures, no_more)
    variables = [i, j, m, r, p, q, x, v, G]
    different = coordinate(i, p) < coordinate(i, q)
    same = coordinate(i, p) == coordinate(i, q)
    part = portion(part_of(n, r), i, p, q)
    weights = mixing_weight(part_of(n, r)) == mixing_weight(m)
    return (
        Step(
            "each-pays-a-mixture",
            ForAll(
                [k, m, p, q, v],
                Implies(theory.mixes(v, m, p, q), theory.pays_mixture(k, v, m, p, q)),
            ),
            ["mixes"],
        ),
        Step(
            "margin-of-a-part",
            ForAll(
                [i, n, r, x, v, p, q],
                Implies(
                    theory.pays_mixture(i, x, r, p, q),
                    theory.pays_mixture(i, v, n, x, q) == (margin(i, v, q) == part),
                ),
            ),
            ["margin-of-what-pays-a-mixture", "portion-of-the-same"],
        ),
        Step(
            "same-portions",
            ForAll(
                [i, m, n, r, x, v, p, q],
                Implies(
                    And(
                        theory.pays_mixture(i, x, r, p, q),
                        theory.pays_mixture(i, v, m, p, q),
                    ),
                    height == (part == portion(m, i, p, q)),
                ),
            ),
            ["margin-of-a-part", "margin-of-what-pays-a-mixture"],
        ),
        Step(
            "cancelled",
            ForAll(
                [i, m, n, p, q],
                Implies(
                    And(
                        margin(i, p, q) < 0,
                        mixing_weight(m) * margin(i, p, q) == mixing_weight(n) * margin(i, p, q),
                    ),
                    mixing_weight(m) == mixing_weight(n),
                ),
            ),
            [],
        ),
        Step(
            "same-weights",
            ForAll(
                [i, m, n, p, q],
                Implies(
                    And(portion(m, i, p, q) == portion(n, i, p, q), different),
                    mixing_weight(m) == mixing_weight(n),
                ),
            ),
            ["cancelled", "portions", "margins"],
        ),
        Step(
            "same-portions-by-weights",
            ForAll(
                [i, m, n, p, q],
                Implies(
                    mixing_weight(m) == mixing_weight(n),
                    portion(m, i, p, q) == portion(n, i, p, q),
                ),
            ),
            ["portions"],
        ),
        Step(
            "no-more-than-the-end",
            ForAll(
                [i, m, p, q, v],
                Implies(
                    And(
                        theory.mixes(v, m, p, q),
                        coordinate(i, p) <= coordinate(i, q),
                    ),
                    coordinate(i, v) <= coordinate(i, q),
                ),
            ),
            ["no-more-than-the-second", "each-pays-a-mixture", "pays_mixture"],
        ),
        Step(
            "some-mixture-further-on",
            ForAll(variables, Implies(given, Exists([n], height))),
            ["no-more-than-the-end", "mixtures_in_between"],
        ),
        Step(
            "same-part",
            ForAll(
                [i, m, n, r, x, v, p, q],
                Implies(And(for_one, height, different), weights),
            ),
            ["same-portions", "same-weights"],
        ),
        Step(
            "further-on-by-weights",
            ForAll([i, m, n, r, x, v, p, q], Implies(And(for_one, weights), height)),
            ["same-portions", "same-portions-by-weights"],
        ),
        Step(
            "same-weights-if-different",
            ForAll(
                [i, m, n, r, x, v, p, q],
                Implies(And(mixtures, height, different), And(for_one, weights)),
            ),
            ["each-pays-a-mixture", "same-part"],
        ),
        Step(
            "further-on-by-the-same-weights",
            ForAll([i, m, n, r, x, v, p, q], Implies(And(mixtures, weights), And(for_one, height))),
            ["each-pays-a-mixture", "further-on-by-weights"],
        ),
        Step(
            "weights-if-different",
            ForAll(
                [i, m, n, r, x, v, p, q],
                Implies(And(mixtures, height, different), weights),
            ),
            ["same-weights-if-different"],
        ),
        Step(
            "further-on-for-all-by-weights",
            ForAll([i, m, n, r, x, v, p, q], Implies(And(mixtures, weights), height)),
            ["further-on-by-the-same-weights"],
        ),
        Step(
            "further-on-if-different",
            ForAll(
                [i, k, m, n, r, x, v, p, q],
                Implies(And(mixtures, height, different), theory.pays_mixture(k, v, n, x, q)),
            ),
            ["weights-if-different", "further-on-for-all-by-weights"],
        ),
        Step(
            "ends-are-one-point-for-the-other",
            ForAll(
                [i, j, p, q, G],
                Implies(And(ends, same), coordinate(j, p) == coordinate(j, q)),
            ),
            ["nothing-better-than-the-frontier", "frontier-is-in-the-hull"],
        ),
        Step(
            "ends-are-one-point",
            ForAll(
                [i, j, k, p, q, G],
                Implies(And(ends, same), coordinate(k, p) == coordinate(k, q)),
            ),
            ["ends-are-one-point-for-the-other", "two_players"],
        ),
        Step(
            "on-a-single-point",
            ForAll(
                [k, m, p, q, v],
                Implies(
                    And(
                        theory.pays_mixture(k, v, m, p, q),
                        coordinate(k, p) == coordinate(k, q),
                    ),
                    coordinate(k, v) == coordinate(k, q),
                ),
            ),
            ["mixed-with-the-same", "pays_mixture"],
        ),
        Step(
            "mixed-with-what-it-is",
            ForAll(
                [k, n, q, v, x],
                Implies(
                    And(coordinate(k, x) == coordinate(k, q), coordinate(k, v) == coordinate(k, q)),
                    theory.pays_mixture(k, v, n, x, q),
                ),
            ),
            ["mixed-with-the-same", "pays_mixture"],
        ),
        Step(
            "further-on-on-a-single-point",
            ForAll([i, m, n, r, x, v, p, q], Implies(And(for_one, same), height)),
            ["on-a-single-point", "mixed-with-what-it-is"],
        ),
        Step(
            "further-on-where-ends-pay-the-same",
            ForAll([i, m, n, r, x, v, p, q], Implies(And(mixtures, same), And(for_one, height))),
            ["each-pays-a-mixture", "further-on-on-a-single-point"],
        ),
        Step(
            "further-on-if-the-same",
            ForAll(
                [k, n, *variables],
                Implies(And(ends, mixtures, same), theory.pays_mixture(k, v, n, x, q)),
            ),
            ["ends-are-one-point", "further-on-where-ends-pay-the-same"],
        ),
        Step(
            "further-on-for-each",
            ForAll(
                [k, n, *variables],
                Implies(And(ends, mixtures, height), theory.pays_mixture(k, v, n, x, q)),
            ),
            ["further-on-if-different", "further-on-if-the-same"],
        ),
        Step(
            "further-on-mixed",
            ForAll(
                [n, *variables],
                Implies(And(ends, mixtures, height), theory.mixes(v, n, x, q)),
            ),
            ["further-on-for-each", "mixes"],
        ),
        Step(
            "further-on-by-a-mixture",
            ForAll(
                [n, *variables],
                Implies(And(ends, mixtures, height), theory.on_segment(v, x, q)),
            ),
            ["further-on-mixed", "on_segment"],
        ),
        Step(
            "further-on-by-mixtures",
            ForAll(variables, Implies(given, theory.on_segment(v, x, q))),
            ["some-mixture-further-on", "further-on-by-a-mixture"],
        ),
        Step(
            "further-on",
            ForAll(
                [i, j, p, q, x, v, G],
                Implies(
                    And(ends, theory.on_segment(x, p, q), theory.on_segment(v, p, q), no_more),
                    theory.on_segment(v, x, q),
                ),
            ),
            ["further-on-by-mixtures", "on_segment"],
        ),
    )
