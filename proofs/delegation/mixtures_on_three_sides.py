"""Mixtures of points on three sides, of which two meet the third in its ends."""

from achieved_points import (
    d,
    margin,
    mixture_of,
    n,
    p,
    portion,
    q,
    r,
    s,
    t,
    x,
    z,
)
from delegated_games import i
from mixed_mixtures import part_of
from oc_cor_14 import Mixture, m, mixing_weight
from tokens import coordinate, y
from z3 import And, Exists, ExprRef, ForAll, Function, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.terms import Formula

exchanged = Function("exchanged", Mixture, Mixture)
"""The mixture with the weights exchanged."""


@axiom(exchanged)
def exchanged_weights(theory: Theory) -> Formula:
    """The first has the weight that the second had."""
    return ForAll([m], mixing_weight(exchanged(m)) == 1 - mixing_weight(m))


@define(Mixture, Mixture, Mixture, Mixture)
def in_ratio(theory: Theory, t: ExprRef, m: ExprRef, n: ExprRef, r: ExprRef) -> Formula:
    """The parts of t are as what n leaves of r's second part, and m of its first."""
    first = part_of(exchanged(m), r)
    second = part_of(exchanged(n), exchanged(r))
    return mixing_weight(part_of(t, first)) == mixing_weight(part_of(exchanged(t), second))


@axiom()
def mixtures_in_ratio(theory: Theory) -> Formula:
    """There are mixtures in the ratio of any two numbers that are not negative."""
    return ForAll([m, n, r], Exists([t], theory.in_ratio(t, m, n, r)))


def between_segments(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that mix what is reached on three sides.

    v is between x and q, u is between z and s, and o is between s and q. Mixtures of x and o, and
    of z and o, have a mixture that pays what some mixture of v and u pays.
    """
    v, u, o = mixture_of(m, x, q), mixture_of(n, z, s), mixture_of(r, s, q)
    first, second = mixture_of(m, x, o), mixture_of(n, z, o)
    one, another = part_of(exchanged(m), r), part_of(exchanged(n), exchanged(r))
    rest, other = portion(one, i, s, q), portion(another, i, s, q)
    more, less = margin(i, first, v), margin(i, u, second)
    whole, mixture = mixture_of(t, first, second), mixture_of(t, v, u)
    left = mixing_weight(exchanged(m)) + mixing_weight(m) - 1
    variables = [i, m, n, r, t, q, s, x, z]
    return (
        Step(
            "nothing-left-of-exchanged-weights",
            ForAll([m], left == 0),
            ["exchanged_weights"],
        ),
        Step(
            "nothing-exchanged",
            ForAll([i, m, p, q], margin(i, p, q) * left == margin(i, p, q) * 0),
            ["nothing-left-of-exchanged-weights"],
        ),
        Step(
            "exchanged-portion",
            ForAll(
                [i, m, p, q],
                portion(exchanged(m), i, p, q) == margin(i, p, q) - portion(m, i, p, q),
            ),
            ["portions", "nothing-exchanged"],
        ),
        Step(
            "back-along-the-side",
            ForAll([i, r, q, s], margin(i, s, o) == portion(exchanged(r), i, s, q)),
            ["exchanged-portion", "margin-of-a-mixture", "margins"],
        ),
        Step(
            "mixed-with-another",
            ForAll(
                [i, m, p, q, x],
                margin(i, mixture_of(m, x, p), mixture_of(m, x, q))
                == margin(i, p, q) - portion(m, i, p, q),
            ),
            ["mixtures_of_points", "margins", "portion-of-what-is-paid"],
        ),
        Step(
            "margin-of-both",
            ForAll(
                [i, m, p, q, x],
                margin(i, mixture_of(m, x, p), mixture_of(m, x, q))
                == portion(exchanged(m), i, p, q),
            ),
            ["mixed-with-another", "exchanged-portion"],
        ),
        Step(
            "more-than-the-one",
            ForAll([i, m, r, q, s, x], more == rest),
            ["margin-of-both", "margin-of-a-mixture", "portion-of-the-same"],
        ),
        Step(
            "less-than-the-other",
            ForAll([i, n, r, q, s, z], less == other),
            ["margin-of-both", "back-along-the-side", "portion-of-the-same"],
        ),
        Step(
            "mixed-margins",
            ForAll(
                [i, t, d, y, p, x],
                margin(i, mixture_of(t, d, y), mixture_of(t, p, x))
                == portion(t, i, d, p) - margin(i, x, y) + portion(t, i, x, y),
            ),
            ["mixtures_of_points", "margins", "portion-of-what-is-paid"],
        ),
        Step(
            "margin-of-mixtures",
            ForAll(
                [i, t, d, y, p, x],
                margin(i, mixture_of(t, d, y), mixture_of(t, p, x))
                == portion(t, i, d, p) - portion(exchanged(t), i, x, y),
            ),
            ["mixed-margins", "exchanged-portion"],
        ),
        Step(
            "in-ratio-along-the-side",
            ForAll(
                [i, m, n, r, t, q, s],
                Implies(
                    theory.in_ratio(t, m, n, r),
                    portion(part_of(t, one), i, s, q)
                    == portion(part_of(exchanged(t), another), i, s, q),
                ),
            ),
            ["in_ratio", "same-portions-by-weights"],
        ),
        Step(
            "portion-of-the-first",
            ForAll(variables, portion(t, i, first, v) == portion(part_of(t, one), i, s, q)),
            ["more-than-the-one", "portion-of-the-same"],
        ),
        Step(
            "portion-of-the-second",
            ForAll(variables, portion(t, i, u, second) == portion(part_of(t, another), i, s, q)),
            ["less-than-the-other", "portion-of-the-same"],
        ),
        Step(
            "portions-of-margins",
            ForAll(
                variables,
                Implies(
                    theory.in_ratio(t, m, n, r),
                    portion(t, i, first, v) == portion(exchanged(t), i, u, second),
                ),
            ),
            ["portion-of-the-first", "portion-of-the-second", "in-ratio-along-the-side"],
        ),
        Step(
            "no-margin",
            ForAll(
                variables,
                Implies(theory.in_ratio(t, m, n, r), margin(i, whole, mixture) == 0),
            ),
            ["portions-of-margins", "margin-of-mixtures"],
        ),
        Step(
            "mixed-like-both",
            ForAll(
                variables,
                Implies(
                    theory.in_ratio(t, m, n, r),
                    coordinate(i, whole) == coordinate(i, mixture),
                ),
            ),
            ["no-margin", "margins"],
        ),
        Step(
            "no-less-for-each",
            ForAll(
                [y, *variables],
                Implies(
                    And(
                        theory.in_ratio(t, m, n, r),
                        coordinate(i, v) >= coordinate(i, y),
                        coordinate(i, u) >= coordinate(i, y),
                    ),
                    coordinate(i, whole) >= coordinate(i, y),
                ),
            ),
            ["mixed-like-both", "no-less-than-both"],
        ),
        Step(
            "no-less-than-both-points",
            ForAll(
                [y, m, n, r, t, q, s, x, z],
                Implies(
                    And(
                        theory.in_ratio(t, m, n, r),
                        theory.pays_no_less(v, y),
                        theory.pays_no_less(u, y),
                    ),
                    theory.pays_no_less(whole, y),
                ),
            ),
            ["no-less-for-each", "pays_no_less"],
        ),
    )
