"""Eliminations one after another: what they lead to, and that a dominated action can go first."""

from collections.abc import Callable

from delegated_games import G, Game, H, K, a, i, in_game, j
from eliminations import z
from isomorphisms import has_action, value, x, y
from z3 import (
    And,
    BoolSort,
    Const,
    Exists,
    ExprRef,
    ForAll,
    Function,
    Implies,
    Or,
    RealSort,
)

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Action, Player
from spi_verify.theory.terms import ActionTerm, Formula, PlayerTerm

reduces = Function("reduces", Game, Game, BoolSort())
"""The second game is left of the first after some eliminations, or after none."""
size = Function("size", Game, RealSort())
"""How many actions all players have together."""

K1, M, N = (Const(name, Game) for name in ("K1", "M", "N"))
k = Const("k", Player)


@define(Game, Game)
def eliminated(theory: Theory, K: ExprRef, G: ExprRef) -> Formula:
    """K is G without one action that is dominated in G."""
    return Exists([i, x], theory.eliminated_one(K, G, i, x))


@define(Game, Game, Player, Action)
def eliminated_one(theory: Theory, K: ExprRef, G: ExprRef, i: PlayerTerm, x: ActionTerm) -> Formula:
    """K is G without player i's action x, which is dominated in G."""
    return And(theory.dominated(i, x, G), theory.without_action(K, G, i, x))


@axiom(reduces)
def eliminations_go_on(theory: Theory) -> Formula:
    """A game leads to itself, and to whatever it leads to after one elimination."""
    first = Exists([K], And(theory.eliminated(K, G), reduces(K, H)))
    return ForAll([G, H], reduces(G, H) == Or(G == H, first))


@axiom(size)
def actions_are_counted(theory: Theory) -> Formula:
    """Without an action, there is one action less."""
    return ForAll([G, K], Implies(theory.eliminated(K, G), size(K) + 1 == size(G)))


@axiom()
def dominated_actions_can_go(theory: Theory) -> Formula:
    """There is the game without a dominated action."""
    gone = Exists([K], theory.without_action(K, G, i, x))
    return ForAll([i, x, G], Implies(theory.dominated(i, x, G), gone))


@axiom()
def games_are_equal(theory: Theory) -> Formula:
    """Games with the same actions and payoffs are the same."""
    alike = And(theory.same_actions(G, H), theory.same_payoffs(G, H))
    return ForAll([G, H], Implies(alike, G == H))


def after_any(theory: Theory, claim: Callable[[ExprRef], Formula]) -> Formula:
    """Say that a claim holds of each game, if of what is left of it after any elimination."""
    after = ForAll([K], Implies(theory.eliminated(K, G), claim(K)))
    return ForAll([G], Implies(after, claim(G)))


def by_induction(theory: Theory, claim: Callable[[ExprRef], Formula]) -> Formula:
    """Say that then it holds of all games."""
    return Implies(after_any(theory, claim), ForAll([G], claim(G)))


@define(Game)
def only_less_is_left(theory: Theory, G: ExprRef) -> Formula:
    """Whatever can be played in what G leads to can be played in G, and pays the same."""
    there = And(in_game(a, G), ForAll([i], value(i, H, a) == value(i, G, a)))
    return ForAll([H, a], Implies(And(reduces(G, H), in_game(a, H)), there))


@define(Game)
def leads_on(theory: Theory, G: ExprRef) -> Formula:
    """Whatever is eliminated in what G leads to, G leads to."""
    return ForAll([H, N], Implies(And(reduces(G, H), theory.eliminated(N, H)), reduces(G, N)))


@define(Game, Game, Player, Action)
def reached_without(
    theory: Theory, H: ExprRef, K: ExprRef, i: PlayerTerm, x: ActionTerm
) -> Formula:
    """K leads to H, or to H without player i's action x, which is dominated there."""
    last = Exists([N], And(theory.eliminated_one(N, H, i, x), reduces(K, N)))
    return Or(reduces(K, H), last)


@define(Game)
def any_can_go_first(theory: Theory, G: ExprRef) -> Formula:
    """If an action is dominated in G, then what G leads to is reached without it.

    Either it is gone there, or it is still dominated and can go last.
    """
    given = And(theory.eliminated_one(K, G, i, x), reduces(G, H))
    return ForAll([i, x, K, H], Implies(given, theory.reached_without(H, K, i, x)))


@axiom()
def induction_on_what_is_left(theory: Theory) -> Formula:
    """Induction for one claim: games are finite, and an elimination makes them smaller."""
    return by_induction(theory, theory.only_less_is_left)


@axiom()
def induction_on_going_on(theory: Theory) -> Formula:
    """Induction for one claim."""
    return by_induction(theory, theory.leads_on)


@axiom()
def induction_on_going_first(theory: Theory) -> Formula:
    """Induction for one claim."""
    return by_induction(theory, theory.any_can_go_first)


@define()
def elimination_can_be_reordered(theory: Theory) -> Formula:
    """What holds of all games that eliminations lead to."""
    claims = And(theory.only_less_is_left(G), theory.leads_on(G), theory.any_can_go_first(G))
    return ForAll([G], claims)


REDUCTIONS = (
    "outcomes_are_profiles",
    "same_for_others",
    "strictly_dominates",
    "dominated",
    "without_action",
    "eliminated_one",
    "eliminated",
    "eliminations_go_on",
)


def reordering(theory: Theory) -> Statement:
    """Return the statement that eliminations can be reordered."""
    one, other = theory.eliminated_one(K, G, i, x), theory.eliminated_one(K1, G, j, y)
    both = And(one, other, Or(i != j, x != y))
    found = theory.reached_without(H, K, i, x)
    onward = And(theory.any_can_go_first(K1), reduces(K1, H))

    steps = (
        *known_of_reductions(theory),
        Step(
            "less-after-one",
            ForAll(
                [G, K, a],
                Implies(
                    And(theory.eliminated(K, G), in_game(a, K)),
                    And(in_game(a, G), ForAll([i], value(i, K, a) == value(i, G, a))),
                ),
            ),
            ["less-without", "eliminated", "eliminated_one"],
        ),
        Step(
            "less-is-left-after-one",
            ForAll(
                [G, H, K, a],
                Implies(
                    And(
                        theory.eliminated(K, G),
                        theory.only_less_is_left(K),
                        reduces(K, H),
                        in_game(a, H),
                    ),
                    And(in_game(a, G), ForAll([i], value(i, H, a) == value(i, G, a))),
                ),
            ),
            ["less-after-one", "only_less_is_left"],
        ),
        Step(
            "less-is-left-after-any",
            after_any(theory, theory.only_less_is_left),
            ["less-is-left-after-one", "goes-by-one", "only_less_is_left"],
        ),
        Step(
            "less-is-left",
            ForAll([G], theory.only_less_is_left(G)),
            ["less-is-left-after-any", "induction_on_what_is_left"],
        ),
        Step(
            "leads-on-after-any",
            after_any(theory, theory.leads_on),
            ["goes-from-itself", "goes-after-one", "goes-by-one", "leads_on"],
        ),
        Step(
            "all-lead-on",
            ForAll([G], theory.leads_on(G)),
            ["leads-on-after-any", "induction_on_going_on"],
        ),
        Step(
            "one-game-without-it",
            ForAll(
                [i, x, G, K, K1], Implies(And(one, theory.eliminated_one(K1, G, i, x)), K == K1)
            ),
            ["same-without-it", "eliminated_one"],
        ),
        Step(
            "dominated-still",
            ForAll(
                [i, j, x, y, G, K, K1],
                Implies(both, And(theory.dominated(j, y, K), theory.dominated(i, x, K1))),
            ),
            ["what_stays_dominated", "eliminated_one"],
        ),
        Step(
            "both-go",
            ForAll(
                [i, j, x, y, G, K, K1, M],
                Implies(
                    And(both, theory.without_action(M, K, j, y)),
                    And(theory.eliminated_one(M, K, j, y), theory.eliminated_one(M, K1, i, x)),
                ),
            ),
            ["dominated-still", "without-both", "eliminated_one"],
        ),
        Step(
            "there-is-the-game-without-both",
            ForAll(
                [i, j, x, y, G, K, K1],
                Implies(
                    both,
                    Exists(
                        [M],
                        And(theory.eliminated_one(M, K, j, y), theory.eliminated_one(M, K1, i, x)),
                    ),
                ),
            ),
            ["dominated-still", "both-go", "dominated_actions_can_go"],
        ),
        Step(
            "can-go-first",
            ForAll(
                [i, x, G, K, H],
                Implies(And(one, reduces(G, H), theory.any_can_go_first(G)), found),
            ),
            ["any_can_go_first"],
        ),
        Step(
            "reached-before-another",
            ForAll(
                [i, j, x, y, K, M, H],
                Implies(
                    And(theory.eliminated_one(M, K, j, y), theory.reached_without(H, M, i, x)),
                    found,
                ),
            ),
            ["goes-after-one", "eliminated", "reached_without"],
        ),
        Step(
            "reached-without-both",
            ForAll(
                [i, j, x, y, K, K1, M, H],
                Implies(
                    And(
                        theory.eliminated_one(M, K, j, y),
                        theory.eliminated_one(M, K1, i, x),
                        onward,
                    ),
                    found,
                ),
            ),
            ["can-go-first", "reached-before-another"],
        ),
        Step(
            "goes-before-another",
            ForAll([i, j, x, y, G, K, K1, H], Implies(And(both, onward), found)),
            ["there-is-the-game-without-both", "reached-without-both"],
        ),
        Step(
            "goes-before-any",
            ForAll([i, j, x, y, G, K, K1, H], Implies(And(one, other, onward), found)),
            ["goes-before-another", "one-game-without-it", "reached_without"],
        ),
        Step(
            "goes-first-before-any",
            ForAll(
                [i, x, G, K, K1, H],
                Implies(And(one, theory.eliminated(K1, G), onward), found),
            ),
            ["goes-before-any", "eliminated"],
        ),
        Step(
            "goes-at-once",
            ForAll([i, x, G, K], Implies(one, theory.reached_without(G, K, i, x))),
            ["goes-from-itself", "reached_without"],
        ),
        Step(
            "can-go-first-if-then",
            ForAll(
                [i, x, G, K, H],
                Implies(
                    And(
                        ForAll(
                            [K1], Implies(theory.eliminated(K1, G), theory.any_can_go_first(K1))
                        ),
                        one,
                        reduces(G, H),
                    ),
                    found,
                ),
            ),
            ["goes-first-before-any", "goes-at-once", "goes-by-one"],
        ),
        Step(
            "can-go-first-after-any",
            after_any(theory, theory.any_can_go_first),
            ["can-go-first-if-then", "any_can_go_first"],
        ),
        Step(
            "all-can-go-first",
            ForAll([G], theory.any_can_go_first(G)),
            ["can-go-first-after-any", "induction_on_going_first"],
        ),
        Step(
            "goal",
            theory.elimination_can_be_reordered(),
            ["less-is-left", "all-lead-on", "all-can-go-first"],
        ),
    )
    return Statement(
        id="eliminations-can-be-reordered",
        title="What is dominated can go first, whatever is eliminated in the end",
        theory=theory,
        hypotheses=(),
        definitions=(
            *REDUCTIONS,
            "same_actions",
            "same_payoffs",
            "games_are_equal",
            "dominated_actions_can_go",
            "only_less_is_left",
            "leads_on",
            "reached_without",
            "any_can_go_first",
            "induction_on_what_is_left",
            "induction_on_going_on",
            "induction_on_going_first",
        ),
        lemmas={"what_stays_dominated": "oc-lemma-19"},
        steps=steps,
        scene=Exists([G, K], theory.eliminated(K, G)),
    )


def by_one_at_a_time(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that go from elimination to single ones, and back."""
    return (
        Step(
            "goes-after-one",
            ForAll([G, K, H], Implies(And(theory.eliminated(K, G), reduces(K, H)), reduces(G, H))),
            ["eliminations_go_on"],
        ),
        Step(
            "goes-by-one",
            ForAll(
                [G, H],
                Implies(
                    And(reduces(G, H), G != H),
                    Exists([K], And(theory.eliminated(K, G), reduces(K, H))),
                ),
            ),
            ["eliminations_go_on"],
        ),
    )


def known_of_reductions(theory: Theory) -> tuple[Step, ...]:
    """Return the first steps: what single eliminations do."""
    without = theory.without_action(K, G, i, x)
    twice = And(without, theory.without_action(K1, G, j, y), theory.without_action(M, K, j, y))
    stays = Or(k != i, z != x)
    return (
        Step("goes-from-itself", ForAll([G], reduces(G, G)), ["eliminations_go_on"]),
        *by_one_at_a_time(theory),
        Step(
            "less-without",
            ForAll(
                [i, x, G, K, a],
                Implies(
                    And(without, in_game(a, K)),
                    And(in_game(a, G), ForAll([j], value(j, K, a) == value(j, G, a))),
                ),
            ),
            ["without_action", "outcomes_are_profiles"],
        ),
        Step(
            "same-outcomes",
            ForAll([G, H, a], Implies(theory.same_actions(G, H), in_game(a, G) == in_game(a, H))),
            ["same_actions", "outcomes_are_profiles"],
        ),
        Step(
            "same-actions-without-it",
            ForAll(
                [i, x, G, K, K1],
                Implies(
                    And(without, theory.without_action(K1, G, i, x)), theory.same_actions(K, K1)
                ),
            ),
            ["without_action", "same_actions"],
        ),
        Step(
            "same-without-it",
            ForAll(
                [i, x, G, K, K1],
                Implies(And(without, theory.without_action(K1, G, i, x)), K == K1),
            ),
            [
                "same-actions-without-it",
                "same-outcomes",
                "less-without",
                "same_payoffs",
                "games_are_equal",
            ],
        ),
        Step(
            "actions-without-both",
            ForAll(
                [i, j, k, x, y, z, G, K, K1, M],
                Implies(twice, has_action(k, z, M) == And(has_action(k, z, K1), stays)),
            ),
            ["without_action"],
        ),
        Step(
            "values-without-both",
            ForAll(
                [i, j, k, x, y, G, K, K1, M, a],
                Implies(
                    And(twice, in_game(a, M), in_game(a, K1)), value(k, M, a) == value(k, K1, a)
                ),
            ),
            ["less-without"],
        ),
        Step(
            "outcomes-without-both",
            ForAll(
                [i, j, x, y, G, K, K1, M, a], Implies(And(twice, in_game(a, M)), in_game(a, K1))
            ),
            ["actions-without-both", "outcomes_are_profiles"],
        ),
        Step(
            "without-both",
            ForAll([i, j, x, y, G, K, K1, M], Implies(twice, theory.without_action(M, K1, i, x))),
            [
                "actions-without-both",
                "outcomes-without-both",
                "values-without-both",
                "without_action",
            ],
        ),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what Lemmas 20 and 21 rest on."""
    return [reordering(theory)]
