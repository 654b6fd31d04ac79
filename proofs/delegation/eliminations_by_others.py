"""What is left if one player's representative has fewer actions, and the others' go by elimination.

Suppose that eliminations lead from a game to another one. If player i has the actions that are left
in the end from the beginning, then eliminations of the others' actions alone lead there.
"""

from delegated_games import G, Game, H, K, a, i, in_game, j
from eliminations import actions_are_played
from isomorphisms import has_action, move, value, x, y
from reductions import REDUCTIONS, M, N, after_any, by_induction, by_one_at_a_time, k, reduces
from z3 import And, BoolSort, Const, Exists, ExprRef, ForAll, Function, If, Implies, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm

others_reduce = Function("others_reduce", Player, Game, Game, BoolSort())
"""The second game is left of the first after eliminations of actions of all players but i."""

M1 = Const("M1", Game)


@define(Player, Game, Game)
def eliminated_by_others(theory: Theory, i: PlayerTerm, K: ExprRef, G: ExprRef) -> Formula:
    """K is G without one dominated action of another player than i."""
    return Exists([j, x], And(j != i, theory.eliminated_one(K, G, j, x)))


@axiom(others_reduce)
def others_go_on(theory: Theory) -> Formula:
    """A game leads to itself, and to whatever it leads to after one such elimination."""
    first = Exists([K], And(theory.eliminated_by_others(i, K, G), others_reduce(i, K, H)))
    return ForAll([i, G, H], others_reduce(i, G, H) == Or(G == H, first))


@define(Game, Game, Game, Player)
def narrowed(theory: Theory, M: ExprRef, G: ExprRef, N: ExprRef, i: PlayerTerm) -> Formula:
    """M is G for all players but i, who has the actions of N; only the others' payoffs count."""
    there = If(j == i, has_action(j, x, N), has_action(j, x, G))
    actions = ForAll([j, x], has_action(j, x, M) == there)
    paid = ForAll([j, a], Implies(And(j != i, in_game(a, M)), value(j, M, a) == value(j, G, a)))
    return And(actions, paid)


@define(Player, Game, Game)
def others_reduce_to_actions(theory: Theory, i: PlayerTerm, M: ExprRef, N: ExprRef) -> Formula:
    """The others' eliminations lead from M to a game with the actions of N."""
    return Exists([H], And(others_reduce(i, M, H), theory.same_actions(H, N)))


@define(Game)
def narrow_games_reduce(theory: Theory, G: ExprRef) -> Formula:
    """Where eliminations lead from G, the others' eliminations lead if player i has less."""
    given = And(reduces(G, N), theory.narrowed(M, G, N, i))
    return ForAll([i, M, N], Implies(given, theory.others_reduce_to_actions(i, M, N)))


@define(Game)
def others_only_reduce(theory: Theory, G: ExprRef) -> Formula:
    """Where the others' eliminations lead from G, eliminations lead."""
    return ForAll([i, H], Implies(others_reduce(i, G, H), reduces(G, H)))


@axiom()
def induction_on_narrow_games(theory: Theory) -> Formula:
    """Induction for one claim: games are finite, and an elimination makes them smaller."""
    return by_induction(theory, theory.narrow_games_reduce)


@axiom()
def induction_on_others(theory: Theory) -> Formula:
    """Induction for one claim."""
    return by_induction(theory, theory.others_only_reduce)


@define()
def others_can_eliminate(theory: Theory) -> Formula:
    """What holds of all games that the others' eliminations lead to."""
    return ForAll([G], And(theory.narrow_games_reduce(G), theory.others_only_reduce(G)))


def others_eliminate(theory: Theory) -> Statement:
    """Return that statement."""
    narrow = And(theory.narrowed(M, G, N, i), reduces(G, N))
    one = theory.eliminated_one(K, G, j, x)
    onward = And(reduces(K, N), theory.narrowed(M, G, N, i))
    other = And(one, j != i, onward, theory.without_action(M1, M, j, x))
    found = theory.others_reduce_to_actions(i, M, N)
    gone = Exists(
        [M1], And(theory.without_action(M1, M, j, x), theory.eliminated_by_others(i, M1, M))
    )
    steps = (
        *actions_are_played(theory),
        Step(
            "less-is-left",
            ForAll([G, H, a], Implies(And(reduces(G, H), in_game(a, H)), in_game(a, G))),
            ["elimination_can_be_reordered", "only_less_is_left"],
        ),
        Step(
            "actions-of-outcomes",
            ForAll([i, a, G], Implies(in_game(a, G), has_action(i, move(i, a), G))),
            ["outcomes_are_profiles"],
        ),
        Step(
            "less-actions-are-left",
            ForAll(
                [i, x, G, H], Implies(And(reduces(G, H), has_action(i, x, H)), has_action(i, x, G))
            ),
            ["less-is-left", "actions-of-outcomes", "actions-are-played"],
        ),
        *by_one_at_a_time(theory),
        Step(
            "goes-from-itself",
            ForAll([i, G], And(reduces(G, G), others_reduce(i, G, G))),
            ["eliminations_go_on", "others_go_on"],
        ),
        Step(
            "others-go-by-one",
            ForAll(
                [i, G, H],
                Implies(
                    And(others_reduce(i, G, H), G != H),
                    Exists([K], And(theory.eliminated_by_others(i, K, G), others_reduce(i, K, H))),
                ),
            ),
            ["others_go_on"],
        ),
        Step(
            "others-go-after-one",
            ForAll(
                [i, G, K, H],
                Implies(
                    And(theory.eliminated_by_others(i, K, G), others_reduce(i, K, H)),
                    others_reduce(i, G, H),
                ),
            ),
            ["others_go_on"],
        ),
        Step(
            "others-eliminate",
            ForAll(
                [i, G, K],
                Implies(theory.eliminated_by_others(i, K, G), theory.eliminated(K, G)),
            ),
            ["eliminated_by_others", "eliminated"],
        ),
        Step(
            "others-only-reduce-after-any",
            after_any(theory, theory.others_only_reduce),
            [
                "goes-from-itself",
                "goes-after-one",
                "others-go-by-one",
                "others-eliminate",
                "others_only_reduce",
            ],
        ),
        Step(
            "all-others-only-reduce",
            ForAll([G], theory.others_only_reduce(G)),
            ["others-only-reduce-after-any", "induction_on_others"],
        ),
        Step(
            "narrow-actions",
            ForAll(
                [i, j, x, G, M, N],
                Implies(And(narrow, has_action(j, x, M)), has_action(j, x, G)),
            ),
            ["narrowed", "less-actions-are-left"],
        ),
        Step(
            "narrow-outcomes",
            ForAll([i, G, M, N, a], Implies(And(narrow, in_game(a, M)), in_game(a, G))),
            ["narrow-actions", "outcomes_are_profiles"],
        ),
        Step(
            "narrow-payoffs",
            ForAll(
                [i, j, G, M, N, a],
                Implies(
                    And(theory.narrowed(M, G, N, i), j != i, in_game(a, M)),
                    value(j, M, a) == value(j, G, a),
                ),
            ),
            ["narrowed"],
        ),
        Step(
            "less-without",
            ForAll(
                [j, x, G, K, a],
                Implies(
                    And(theory.without_action(K, G, j, x), in_game(a, K)),
                    And(in_game(a, G), ForAll([k], value(k, K, a) == value(k, G, a))),
                ),
            ),
            ["without_action", "outcomes_are_profiles"],
        ),
        Step(
            "own-action-is-not-there",
            ForAll(
                [i, j, x, y, G, K, M, N],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), onward),
                    has_action(j, y, M) == If(j == i, has_action(j, y, N), has_action(j, y, K)),
                ),
            ),
            ["narrowed", "eliminated_one", "without_action"],
        ),
        Step(
            "outcomes-without-own-action",
            ForAll(
                [i, x, G, K, M, N, a],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), onward, in_game(a, M)), in_game(a, K)
                ),
            ),
            ["own-action-is-not-there", "less-actions-are-left", "outcomes_are_profiles"],
        ),
        Step(
            "payoffs-without-own-action",
            ForAll(
                [i, j, x, G, K, M, N, a],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), onward, j != i, in_game(a, M)),
                    value(j, M, a) == value(j, K, a),
                ),
            ),
            ["outcomes-without-own-action", "narrow-payoffs", "less-without", "eliminated_one"],
        ),
        Step(
            "narrow-without-own-action",
            ForAll(
                [i, x, G, K, M, N],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), onward), theory.narrowed(M, K, N, i)
                ),
            ),
            ["own-action-is-not-there", "payoffs-without-own-action", "narrowed"],
        ),
        Step(
            "dominates-still",
            ForAll(
                [i, j, x, y, G, M, N],
                Implies(
                    And(narrow, j != i, theory.strictly_dominates(j, y, x, G)),
                    theory.strictly_dominates(j, y, x, M),
                ),
            ),
            ["narrow-outcomes", "narrow-payoffs", "strictly_dominates"],
        ),
        Step(
            "others-have-their-actions",
            ForAll(
                [i, j, x, G, M, N],
                Implies(
                    And(theory.narrowed(M, G, N, i), j != i),
                    has_action(j, x, M) == has_action(j, x, G),
                ),
            ),
            ["narrowed"],
        ),
        Step(
            "dominated-still",
            ForAll(
                [i, j, x, G, M, N],
                Implies(And(narrow, j != i, theory.dominated(j, x, G)), theory.dominated(j, x, M)),
            ),
            ["dominates-still", "others-have-their-actions", "dominated"],
        ),
        Step(
            "actions-without-it",
            ForAll(
                [i, j, k, x, y, G, K, M, M1, N],
                Implies(
                    other,
                    has_action(k, y, M1) == If(k == i, has_action(k, y, N), has_action(k, y, K)),
                ),
            ),
            ["narrowed", "eliminated_one", "without_action"],
        ),
        Step(
            "outcomes-without-it",
            ForAll(
                [i, j, x, G, K, M, M1, N, a], Implies(And(other, in_game(a, M1)), in_game(a, K))
            ),
            ["actions-without-it", "less-actions-are-left", "outcomes_are_profiles"],
        ),
        Step(
            "payoffs-without-it",
            ForAll(
                [i, j, k, x, G, K, M, M1, N, a],
                Implies(And(other, k != i, in_game(a, M1)), value(k, M1, a) == value(k, K, a)),
            ),
            ["outcomes-without-it", "narrow-payoffs", "less-without", "eliminated_one"],
        ),
        Step(
            "narrow-without-it",
            ForAll([i, j, x, G, K, M, M1, N], Implies(other, theory.narrowed(M1, K, N, i))),
            ["actions-without-it", "payoffs-without-it", "narrowed"],
        ),
        Step(
            "reduces-if-narrow",
            ForAll([i, G, M, N], Implies(And(narrow, theory.narrow_games_reduce(G)), found)),
            ["narrow_games_reduce"],
        ),
        Step(
            "others-go-on-to-actions",
            ForAll(
                [i, M, M1, N],
                Implies(
                    And(
                        theory.eliminated_by_others(i, M1, M),
                        theory.others_reduce_to_actions(i, M1, N),
                    ),
                    found,
                ),
            ),
            ["others-go-after-one", "others_reduce_to_actions"],
        ),
        Step(
            "reduces-without-own-action",
            ForAll(
                [i, x, G, K, M, N],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), onward, theory.narrow_games_reduce(K)),
                    found,
                ),
            ),
            ["narrow-without-own-action", "reduces-if-narrow"],
        ),
        Step(
            "reduces-through-one",
            ForAll([j, x, G, K, N], Implies(And(one, reduces(K, N)), reduces(G, N))),
            ["goes-after-one", "eliminated"],
        ),
        Step(
            "dominated-if-narrow",
            ForAll(
                [i, j, x, G, K, M, N],
                Implies(And(one, j != i, onward), theory.dominated(j, x, M)),
            ),
            ["reduces-through-one", "dominated-still", "eliminated_one"],
        ),
        Step(
            "others-can-go",
            ForAll(
                [i, j, x, M],
                Implies(And(theory.dominated(j, x, M), j != i), gone),
            ),
            ["dominated_actions_can_go", "eliminated_one", "eliminated_by_others"],
        ),
        Step(
            "goes-if-narrow",
            ForAll([i, j, x, G, K, M, N], Implies(And(one, j != i, onward), gone)),
            ["dominated-if-narrow", "others-can-go"],
        ),
        Step(
            "reduces-without-another's-action",
            ForAll(
                [i, j, x, G, K, M, N],
                Implies(And(one, j != i, onward, theory.narrow_games_reduce(K)), found),
            ),
            [
                "goes-if-narrow",
                "narrow-without-it",
                "reduces-if-narrow",
                "others-go-on-to-actions",
            ],
        ),
        Step(
            "reduces-after-one",
            ForAll(
                [i, G, K, M, N],
                Implies(And(theory.eliminated(K, G), onward, theory.narrow_games_reduce(K)), found),
            ),
            ["reduces-without-own-action", "reduces-without-another's-action", "eliminated"],
        ),
        Step(
            "same-actions-at-the-end",
            ForAll([i, M, N], Implies(theory.narrowed(M, N, N, i), found)),
            ["narrowed", "same_actions", "goes-from-itself", "others_reduce_to_actions"],
        ),
        Step(
            "narrow-games-reduce-after-any",
            after_any(theory, theory.narrow_games_reduce),
            [
                "reduces-after-one",
                "same-actions-at-the-end",
                "goes-by-one",
                "narrow_games_reduce",
            ],
        ),
        Step(
            "all-narrow-games-reduce",
            ForAll([G], theory.narrow_games_reduce(G)),
            ["narrow-games-reduce-after-any", "induction_on_narrow_games"],
        ),
        Step(
            "goal",
            theory.others_can_eliminate(),
            ["all-narrow-games-reduce", "all-others-only-reduce"],
        ),
    )
    return Statement(
        id="eliminations-by-others",
        title="What is left is left by the others' eliminations, if one player has nothing else",
        theory=theory,
        hypotheses=(),
        definitions=(
            *REDUCTIONS,
            "most_paid",
            "least_paid",
            "games_are_finite",
            "actions_can_be_changed",
            "dominated_actions_can_go",
            "only_less_is_left",
            "same_actions",
            "eliminated_by_others",
            "others_go_on",
            "narrowed",
            "others_reduce_to_actions",
            "narrow_games_reduce",
            "others_only_reduce",
            "induction_on_narrow_games",
            "induction_on_others",
        ),
        lemmas={"elimination_can_be_reordered": "eliminations-can-be-reordered"},
        steps=steps,
        scene=Exists([G, K], theory.eliminated(K, G)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what Proposition 25 rests on."""
    return [others_eliminate(theory)]
