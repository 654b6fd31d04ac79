"""Lemma 20: in which order dominated actions are eliminated makes no difference.

Elimination ends, and wherever it has got to, it can still reach the one game that it ends with.
"""

from delegated_games import G, Game, H, K, i
from isomorphisms import x
from reductions import REDUCTIONS, N, after_any, by_induction, by_one_at_a_time, reduces
from z3 import And, Exists, ExprRef, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.terms import Formula


@define(Game, Game)
def ends_with(theory: Theory, G: ExprRef, N: ExprRef) -> Formula:
    """Elimination leads from G to N, where nothing is dominated."""
    return And(reduces(G, N), theory.undominated(N))


@define(Game)
def ends_somewhere(theory: Theory, G: ExprRef) -> Formula:
    """Elimination can be continued until nothing is dominated."""
    return Exists([N], theory.ends_with(G, N))


@define(Game)
def can_still_end(theory: Theory, G: ExprRef) -> Formula:
    """Whatever G leads to leads to whatever elimination ends with."""
    return ForAll([H, N], Implies(And(reduces(G, H), theory.ends_with(G, N)), reduces(H, N)))


@axiom()
def induction_on_ending(theory: Theory) -> Formula:
    """Induction for one claim: games are finite, and an elimination makes them smaller."""
    return by_induction(theory, theory.ends_somewhere)


@axiom()
def induction_on_ends(theory: Theory) -> Formula:
    """Induction for one claim."""
    return by_induction(theory, theory.can_still_end)


@define()
def order_makes_no_difference(theory: Theory) -> Formula:
    """Elimination ends, and with one game, to which all that it may reach before leads."""
    end = And(theory.ends_with(G, N), ForAll([H], Implies(reduces(G, H), reduces(H, N))))
    other = And(theory.ends_with(G, H), theory.ends_with(G, K))
    return And(ForAll([G], Exists([N], end)), ForAll([G, H, K], Implies(other, H == K)))


def lemma_20(theory: Theory) -> Statement:
    """Return it."""
    steps = (
        Step("goes-from-itself", ForAll([G], reduces(G, G)), ["eliminations_go_on"]),
        *by_one_at_a_time(theory),
        Step(
            "something-goes",
            ForAll([G], Implies(Not(theory.undominated(G)), Exists([K], theory.eliminated(K, G)))),
            ["undominated", "dominated_actions_can_go", "eliminated", "eliminated_one"],
        ),
        Step(
            "nothing-goes",
            ForAll([G, K], Implies(theory.undominated(G), Not(theory.eliminated(K, G)))),
            ["undominated", "eliminated", "eliminated_one"],
        ),
        Step(
            "ends-after-any",
            after_any(theory, theory.ends_somewhere),
            ["something-goes", "goes-from-itself", "goes-after-one", "ends_with", "ends_somewhere"],
        ),
        Step(
            "all-end",
            ForAll([G], theory.ends_somewhere(G)),
            ["ends-after-any", "induction_on_ending"],
        ),
        Step(
            "can-go-first",
            ForAll([G], theory.any_can_go_first(G)),
            ["elimination_can_be_reordered"],
        ),
        Step(
            "has-gone",
            ForAll(
                [i, x, K, N],
                Implies(
                    And(theory.reached_without(N, K, i, x), theory.undominated(N)), reduces(K, N)
                ),
            ),
            ["reached_without", "nothing-goes", "eliminated"],
        ),
        Step(
            "one-has-to-go",
            ForAll(
                [i, x, G, K, N],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), theory.ends_with(G, N)),
                    theory.ends_with(K, N),
                ),
            ),
            ["can-go-first", "any_can_go_first", "has-gone", "ends_with"],
        ),
        Step(
            "ends-as-before",
            ForAll(
                [G, K, N],
                Implies(
                    And(theory.eliminated(K, G), theory.ends_with(G, N)), theory.ends_with(K, N)
                ),
            ),
            ["one-has-to-go", "eliminated"],
        ),
        Step(
            "can-still-end-after-any",
            after_any(theory, theory.can_still_end),
            ["ends-as-before", "goes-by-one", "ends_with", "can_still_end"],
        ),
        Step(
            "all-can-still-end",
            ForAll([G], theory.can_still_end(G)),
            ["can-still-end-after-any", "induction_on_ends"],
        ),
        Step(
            "goes-nowhere",
            ForAll([G, H], Implies(And(theory.undominated(G), reduces(G, H)), G == H)),
            ["goes-by-one", "nothing-goes"],
        ),
        Step(
            "leads-to-the-end",
            ForAll([G, H, N], Implies(And(reduces(G, H), theory.ends_with(G, N)), reduces(H, N))),
            ["all-can-still-end", "can_still_end"],
        ),
        Step(
            "one-end",
            ForAll(
                [G, H, K],
                Implies(And(theory.ends_with(G, H), theory.ends_with(G, K)), H == K),
            ),
            ["leads-to-the-end", "goes-nowhere", "ends_with"],
        ),
        Step(
            "there-is-an-end",
            ForAll([G], Exists([N], theory.ends_with(G, N))),
            ["all-end", "ends_somewhere"],
        ),
        Step(
            "goal",
            theory.order_makes_no_difference(),
            ["there-is-an-end", "leads-to-the-end", "one-end"],
        ),
    )
    return Statement(
        id="oc-lemma-20",
        title="Elimination ends with one game, in whatever order actions are eliminated",
        theory=theory,
        hypotheses=(),
        definitions=(
            *REDUCTIONS,
            "undominated",
            "dominated_actions_can_go",
            "reached_without",
            "any_can_go_first",
            "ends_with",
            "ends_somewhere",
            "can_still_end",
            "induction_on_ending",
            "induction_on_ends",
        ),
        lemmas={"elimination_can_be_reordered": "eliminations-can-be-reordered"},
        steps=steps,
        scene=Exists([G, K], theory.eliminated(K, G)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma."""
    return [lemma_20(theory)]
