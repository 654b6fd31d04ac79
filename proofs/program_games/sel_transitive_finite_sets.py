"""In a finite set everything is weakly improved by an efficient member."""

import z3
from sel_transitive_common import DOMINATION, finite_sets
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Place,
    first_place,
    last_place,
    member,
    member_at,
    next_place,
)

a, e, x, y = z3.Consts("a e x y", Outcome)
S = z3.Const("S", OutcomeSet)
v, w = z3.Consts("v w", Place)


def efficient_in_finite_sets(theory: Theory) -> Statement:
    """Return the lemma on efficient members of finite sets."""
    undominated = theory.undominated_up_to
    parts = ("undominated_up_to", "improved_up_to", "covered_up_to")
    new = member_at(S, w)
    grows = And(theory.nonempty(S), next_place(v, w))
    kept = And(undominated(e, S, v), theory.weakly_improves(e, a))
    return Statement(
        id="efficient-in-finite-sets",
        title="In a finite set everything is weakly improved by an efficient member",
        theory=theory,
        hypotheses=(finite_sets(theory),),
        definitions=(*DOMINATION, "efficient_among", "nonempty", *parts, "induction_on_members"),
        scene=Exists([S, a, x], And(member(a, S), member(x, S), theory.dominates(x, a))),
        steps=(
            Step(
                "improving-composes",
                ForAll(
                    [x, y, a],
                    Implies(
                        And(theory.weakly_improves(x, y), theory.weakly_improves(y, a)),
                        theory.weakly_improves(x, a),
                    ),
                ),
                ["weakly_improves"],
            ),
            Step(
                "dominating-composes",
                ForAll(
                    [x, y, a],
                    Implies(
                        And(theory.dominates(x, y), theory.dominates(y, a)),
                        theory.dominates(x, a),
                    ),
                ),
                DOMINATION,
            ),
            Step(
                "dominating-is-improving",
                ForAll([x, a], Implies(theory.dominates(x, a), theory.weakly_improves(x, a))),
                ["dominates"],
            ),
            Step("not-oneself", ForAll([x], Not(theory.dominates(x, x))), ["dominates"]),
            Step(
                "first-place",
                ForAll(
                    [S, a],
                    Implies(theory.nonempty(S), theory.covered_up_to(a, S, first_place)),
                ),
                ["finite-sets", "not-oneself", *parts],
            ),
            Step(
                "still-undominated",
                ForAll(
                    [S, e, v, w],
                    Implies(
                        And(grows, undominated(e, S, v), Not(theory.dominates(new, e))),
                        undominated(e, S, w),
                    ),
                ),
                ["finite-sets", "undominated_up_to"],
            ),
            Step(
                "new-instead",
                ForAll(
                    [S, e, v, w],
                    Implies(
                        And(grows, undominated(e, S, v), theory.dominates(new, e)),
                        undominated(new, S, w),
                    ),
                ),
                ["finite-sets", "undominated_up_to", "dominating-composes", "not-oneself"],
            ),
            Step(
                "more-improvements",
                ForAll(
                    [S, a, v, w, e],
                    Implies(And(grows, kept), theory.covered_up_to(a, S, w)),
                ),
                [
                    "still-undominated",
                    "new-instead",
                    "improving-composes",
                    "dominating-is-improving",
                    "covered_up_to",
                ],
            ),
            Step(
                "only-the-new",
                ForAll(
                    [S, a, v, w],
                    Implies(
                        And(
                            grows,
                            Not(theory.improved_up_to(a, S, v)),
                            theory.weakly_improves(new, a),
                        ),
                        undominated(new, S, w),
                    ),
                ),
                [
                    "finite-sets",
                    "undominated_up_to",
                    "improved_up_to",
                    "improving-composes",
                    "dominating-is-improving",
                    "not-oneself",
                ],
            ),
            Step(
                "new-or-old",
                ForAll(
                    [S, a, v, w],
                    Implies(
                        And(grows, theory.improved_up_to(a, S, w)),
                        Or(theory.improved_up_to(a, S, v), theory.weakly_improves(new, a)),
                    ),
                ),
                ["finite-sets", "improved_up_to"],
            ),
            Step(
                "next-place",
                ForAll(
                    [S, a, v, w],
                    Implies(
                        And(grows, theory.covered_up_to(a, S, v)),
                        theory.covered_up_to(a, S, w),
                    ),
                ),
                ["more-improvements", "only-the-new", "new-or-old", "covered_up_to"],
            ),
            Step(
                "last-place",
                ForAll(
                    [S, a],
                    Implies(theory.nonempty(S), theory.covered_up_to(a, S, last_place(S))),
                ),
                ["first-place", "next-place", "induction_on_members"],
            ),
            Step(
                "undominated-is-efficient",
                ForAll(
                    [S, x],
                    Implies(
                        And(theory.nonempty(S), undominated(x, S, last_place(S))),
                        theory.efficient_among(x, S),
                    ),
                ),
                ["finite-sets", "undominated_up_to", "efficient_among"],
            ),
            Step(
                "improves-on-itself",
                ForAll(
                    [S, a],
                    Implies(
                        member(a, S),
                        And(theory.nonempty(S), theory.improved_up_to(a, S, last_place(S))),
                    ),
                ),
                ["finite-sets", "nonempty", "improved_up_to", "weakly_improves"],
            ),
            Step(
                "goal",
                theory.efficient_within_sets(),
                [
                    "last-place",
                    "improves-on-itself",
                    "undominated-is-efficient",
                    "covered_up_to",
                ],
            ),
        ),
    )
