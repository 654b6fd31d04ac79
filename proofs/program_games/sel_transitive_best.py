"""When picking the best efficient member is transitive."""

import z3
from sel_transitive_common import DOMINATION, PICKING, picking, something_happens
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    better,
    earlier,
    member,
    sel,
    selected,
    tied,
)

a, b, x = z3.Consts("a b x", Outcome)
S, C = z3.Consts("S C", OutcomeSet)


def best_is_transitive(theory: Theory) -> Statement:
    """Return the lemma from which all of these selection functions are transitive."""
    order, above = theory.criterion_is_an_order(), theory.domination_is_better()
    kept = theory.criterion_kept()
    extends = theory.improving_extension(sel, S, C)
    old, new = selected(sel, S), selected(sel, C)
    stays = And(extends, member(new, S))
    written_out = And(
        theory.nonempty(S),
        ForAll([x], Implies(member(x, S), member(x, C))),
        ForAll([x], Implies(member(x, C), Or(member(x, S), theory.weakly_improves(x, old)))),
    )
    ranked = Or(better(S, old, new), And(tied(S, old, new), earlier(old, new)))
    return Statement(
        id="best-is-transitive",
        title="Picking the best is transitive if domination is better and the ranking is kept",
        theory=theory,
        hypotheses=picking(theory),
        definitions=(*PICKING, "transitive"),
        lemmas={"efficient_within_sets": "efficient-in-finite-sets"},
        scene=something_happens(theory),
        steps=(
            Step(
                "both-have-members",
                ForAll([S, C], Implies(extends, And(theory.nonempty(S), theory.nonempty(C)))),
                ["improving_extension", "nonempty"],
            ),
            Step(
                "both-selected",
                ForAll(
                    [S, C],
                    Implies(
                        extends,
                        And(
                            theory.efficient_among(old, S),
                            theory.efficient_among(new, C),
                            member(old, S),
                            member(old, C),
                            member(new, C),
                        ),
                    ),
                ),
                [
                    "both-have-members",
                    "picks-best",
                    "picks_best",
                    "efficient_among",
                    "improving_extension",
                ],
            ),
            Step(
                "efficient-in-less",
                ForAll(
                    [S, C, x],
                    Implies(
                        And(extends, theory.efficient_among(x, C), member(x, S)),
                        theory.efficient_among(x, S),
                    ),
                ),
                ["improving_extension", "efficient_among"],
            ),
            Step(
                "selected-ranks-above",
                ForAll([S, C], Implies(And(stays, new != old), ranked)),
                [
                    "both-have-members",
                    "both-selected",
                    "efficient-in-less",
                    "picks-best",
                    "picks_best",
                ],
            ),
            Step(
                "new-ranks-above",
                ForAll(
                    [S, C, x],
                    Implies(
                        And(extends, theory.efficient_among(x, C), x != new),
                        Or(better(C, new, x), And(tied(C, new, x), earlier(new, x))),
                    ),
                ),
                ["both-have-members", "picks-best", "picks_best"],
            ),
            Step(
                "if-old-is-efficient",
                Implies(
                    And(order, kept),
                    ForAll([S, C], Implies(And(stays, theory.efficient_among(old, C)), new == old)),
                ),
                [
                    "selected-ranks-above",
                    "new-ranks-above",
                    "both-selected",
                    "ties-by-fixed-order",
                ],
            ),
            Step(
                "dominated-by-a-member",
                ForAll(
                    [S, a],
                    Implies(
                        And(member(a, S), Not(theory.efficient_among(a, S))),
                        Exists([b], And(member(b, S), theory.dominates(b, a))),
                    ),
                ),
                ["efficient_among"],
            ),
            Step(
                "improving-on-a-dominator",
                ForAll(
                    [x, b, a],
                    Implies(
                        And(theory.weakly_improves(x, b), theory.dominates(b, a)),
                        theory.dominates(x, a),
                    ),
                ),
                DOMINATION,
            ),
            Step(
                "dominated-by-efficient",
                ForAll(
                    [S, a],
                    Implies(
                        And(member(a, S), Not(theory.efficient_among(a, S))),
                        Exists([x], And(theory.efficient_among(x, S), theory.dominates(x, a))),
                    ),
                ),
                [
                    "dominated-by-a-member",
                    "improving-on-a-dominator",
                    "efficient_within_sets",
                ],
            ),
            Step(
                "dominator-is-better-than-old",
                Implies(
                    above,
                    ForAll(
                        [S, C, x],
                        Implies(
                            And(extends, theory.efficient_among(x, C), theory.dominates(x, old)),
                            better(C, x, old),
                        ),
                    ),
                ),
                ["both-selected", "efficient_among"],
            ),
            Step(
                "dominator-is-new",
                ForAll(
                    [S, C, x],
                    Implies(
                        And(stays, theory.efficient_among(x, C), theory.dominates(x, old)),
                        And(x != new, new != old),
                    ),
                ),
                ["both-selected", "efficient_among"],
            ),
            Step(
                "no-dominator",
                Implies(
                    And(order, above, kept),
                    ForAll(
                        [S, C, x],
                        Implies(
                            And(stays, theory.efficient_among(x, C)),
                            Not(theory.dominates(x, old)),
                        ),
                    ),
                ),
                [
                    "dominator-is-better-than-old",
                    "dominator-is-new",
                    "selected-ranks-above",
                    "new-ranks-above",
                    "both-selected",
                ],
            ),
            Step(
                "old-stays",
                Implies(And(order, above, kept), ForAll([S, C], Implies(stays, new == old))),
                ["no-dominator", "dominated-by-efficient", "if-old-is-efficient", "both-selected"],
            ),
            Step(
                "never-worse",
                Implies(
                    And(order, above, kept),
                    ForAll([S, C], Implies(extends, theory.weakly_improves(new, old))),
                ),
                ["old-stays", "both-selected", "improving_extension", "weakly_improves"],
            ),
            Step(
                "extension-written-out",
                ForAll([S, C], Implies(written_out, extends)),
                ["improving_extension"],
            ),
            Step(
                "transitive-if-never-worse",
                Implies(
                    ForAll([S, C], Implies(extends, theory.weakly_improves(new, old))),
                    theory.transitive(sel),
                ),
                ["extension-written-out", "transitive"],
            ),
            Step(
                "goal",
                theory.best_is_transitive(),
                ["never-worse", "transitive-if-never-worse"],
            ),
        ),
    )
