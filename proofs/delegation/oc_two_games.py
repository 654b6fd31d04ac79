"""Two games under Assumptions 1 and 2: when one is a safe improvement on the other.

A game and what iterated elimination leaves of it are played alike (Assumption 1, step by step);
isomorphic games in which nothing is dominated are played alike up to some isomorphism (Assumption
2). If what is left of two games is isomorphic, that is all that ties them, and one isomorphism
decides; otherwise nothing ties them. That nothing else does is shown by representatives with a
book: it has a page for each class of isomorphic games, and says how to copy it to each of them.
"""

import z3
from delegated_games import G, Game, H, Play, a, b, in_game, result, w
from isomorphism_lemmas import after_map, composed_maps
from isomorphisms import ISOMORPHISMS, ActionMap, f, g, image, refuted_and_repaired, value
from z3 import And, DeclareSort, Exists, ExprRef, ForAll, Function, If, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula

Book = DeclareSort("Book")

left = Function("left", Game, Game)
"""What iterated elimination leaves of a game; the order does not matter."""
class_of = Function("class_of", Game, Game)
"""One game of each class of isomorphic undominated games."""
copies = Function("copies", Game, ActionMap)
"""How what is done in the game of the class is copied to a game of it."""
page = Function("page", Book, Game, Outcome)
"""What the book says for a class."""

B = z3.Const("B", Book)
L = z3.Const("L", Game)
i = z3.Const("i", Player)
c = z3.Const("c", Outcome)


@axiom(left)
def what_elimination_leaves(theory: Theory) -> Formula:
    """Elimination takes outcomes away, changes no payoff, and ends where nothing is dominated."""
    return ForAll(
        [G],
        And(
            theory.undominated(left(G)),
            Implies(theory.undominated(G), left(G) == G),
            ForAll(
                [a],
                Implies(
                    in_game(a, left(G)),
                    And(in_game(a, G), ForAll([i], value(i, left(G), a) == value(i, G, a))),
                ),
            ),
        ),
    )


@axiom(class_of, copies)
def classes(theory: Theory) -> Formula:
    """Of each class of isomorphic undominated games one is chosen, and an isomorphism from it."""
    G1 = class_of(G)
    chosen = And(theory.undominated(G1), theory.isomorphism(copies(G), G1, G))
    return And(
        ForAll([G], Implies(theory.undominated(G), chosen)),
        ForAll(
            [G, H],
            Implies(
                And(theory.undominated(G), theory.undominated(H), theory.isomorphic(G, H)),
                class_of(G) == class_of(H),
            ),
        ),
    )


@axiom(page)
def pages(theory: Theory) -> Formula:
    """For any two classes, a book may say anything that can be played there."""
    return And(
        ForAll([B, G], in_game(page(B, G), G)),
        ForAll(
            [G, H, a, b],
            Implies(
                And(in_game(a, G), in_game(b, H), Or(G != H, a == b)),
                Exists([B], And(page(B, G) == a, page(B, H) == b)),
            ),
        ),
    )


@define(Play, Book)
def by_the_book(theory: Theory, w: ExprRef, B: ExprRef) -> Formula:
    """What is left of a game is played as the page of its class says, and so is the game."""
    return ForAll([G], result(w, G) == image(copies(left(G)), page(B, class_of(left(G)))))


@axiom()
def plays_by_books(theory: Theory) -> Formula:
    """Representatives can play by any book."""
    return ForAll([B], Exists([w], theory.by_the_book(w, B)))


@define(Play)
def eliminates(theory: Theory, w: ExprRef) -> Formula:
    """Assumption 1, applied until nothing is dominated: a game is played as what is left of it."""
    return ForAll([G], result(w, G) == result(w, left(G)))


@define(Play)
def plays_isomorphically(theory: Theory, w: ExprRef) -> Formula:
    """Assumption 2: isomorphic undominated games are played alike up to some isomorphism."""
    return ForAll(
        [G, H],
        Implies(
            And(theory.undominated(G), theory.undominated(H), theory.isomorphic(G, H)),
            theory.tied_plays(w, G, H),
        ),
    )


@define(Play, Game, Game)
def tied_plays(theory: Theory, w: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Some isomorphism sends what is played in G to what is played in H."""
    sent = result(w, H) == image(f, result(w, G))
    return Exists([f], And(theory.isomorphism(f, G, H), sent))


@define(Game, Game)
def safe_under_both(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """In every play that satisfies both assumptions, H gives nobody less than G."""
    return ForAll(
        [w],
        Implies(
            And(theory.eliminates(w), theory.plays_isomorphically(w)),
            theory.as_good(result(w, H), result(w, G)),
        ),
    )


@define(Game, Game)
def improved_by_an_isomorphism(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Some isomorphism from what is left of G to what is left of H improves."""
    return Exists([f], And(theory.isomorphism(f, left(G), left(H)), theory.improves_by(f, left(G))))


@define(Game, Game)
def everything_is_as_good(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Everything that is left of H is as good for everybody as everything that is left of G."""
    return ForAll(
        [a, b],
        Implies(And(in_game(a, left(G)), in_game(b, left(H))), theory.as_good(b, a)),
    )


@define()
def two_games_decided(theory: Theory) -> Formula:
    """When H is safe in the place of the original game G, under both assumptions."""
    decided = If(
        theory.isomorphic(left(G), left(H)),
        theory.improved_by_an_isomorphism(H, G),
        theory.everything_is_as_good(H, G),
    )
    return ForAll([G, H], Implies(theory.original(G), theory.safe_under_both(H, G) == decided))


PLAYS = (
    *ISOMORPHISMS,
    "isomorphic",
    "original",
    "outcomes_are_played",
    "same_for_others",
    "strictly_dominates",
    "dominated",
    "undominated",
    "what_elimination_leaves",
    "eliminates",
    "plays_isomorphically",
    "tied_plays",
)
"""What says how games are played under both assumptions."""


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    sizes = {
        "Player": 1,
        "Action": 2,
        "Outcome": 2,
        "ActionMap": 4,
        "Game": 3,
        "Play": 1,
        "Book": 4,
    }
    return refuted_and_repaired(two_games, theory, "isomorphisms_agree", sizes=sizes)


def two_games(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    same = theory.isomorphic(left(G), left(H))
    safe = theory.safe_under_both(H, G)
    admissible = And(theory.eliminates(w), theory.plays_isomorphically(w))
    book = theory.by_the_book(w, B)
    first, second = class_of(left(G)), class_of(left(H))
    lemmas = {
        "isomorphisms_agree": "oc-lemma-4",
        "isomorphisms_are_onto": "isomorphisms-are-onto",
        "isomorphisms_compose": "isomorphisms-compose",
        "isomorphisms_have_inverses": "isomorphisms-have-inverses",
    }
    steps = (
        Step(
            "what-is-left-is-original",
            ForAll([G], Implies(theory.original(G), theory.original(left(G)))),
            ["original", "what_elimination_leaves"],
        ),
        Step(
            "one-is-enough",
            ForAll(
                [f, G, H],
                Implies(
                    And(
                        theory.original(G),
                        theory.improved_by_an_isomorphism(H, G),
                        theory.isomorphism(f, left(G), left(H)),
                    ),
                    theory.improves_by(f, left(G)),
                ),
            ),
            ["improved_by_an_isomorphism", "what-is-left-is-original", "isomorphisms_agree"],
        ),
        Step(
            "tied-and-improved",
            ForAll(
                [w, G, H],
                Implies(
                    And(
                        theory.original(G),
                        theory.improved_by_an_isomorphism(H, G),
                        theory.tied_plays(w, left(G), left(H)),
                    ),
                    theory.as_good(result(w, left(H)), result(w, left(G))),
                ),
            ),
            ["tied_plays", "one-is-enough", "improves_by", "outcomes_are_played"],
        ),
        Step(
            "safe-if-improved",
            ForAll(
                [G, H],
                Implies(
                    And(theory.original(G), same, theory.improved_by_an_isomorphism(H, G)), safe
                ),
            ),
            [
                "tied-and-improved",
                "safe_under_both",
                "eliminates",
                "plays_isomorphically",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "safe-if-everything-is-as-good",
            ForAll([G, H], Implies(theory.everything_is_as_good(H, G), safe)),
            ["everything_is_as_good", "safe_under_both", "eliminates", "outcomes_are_played"],
        ),
        Step(
            "books-eliminate",
            ForAll([w, B], Implies(book, theory.eliminates(w))),
            ["by_the_book", "eliminates", "what_elimination_leaves"],
        ),
        Step(
            "back-to-the-class",
            ForAll(
                [G],
                Implies(
                    theory.undominated(G),
                    Exists(
                        [g],
                        And(
                            theory.isomorphism(g, G, class_of(G)),
                            ForAll(
                                [a],
                                Implies(
                                    in_game(a, class_of(G)), image(g, image(copies(G), a)) == a
                                ),
                            ),
                        ),
                    ),
                ),
            ),
            ["copies-are-isomorphisms", "isomorphism", "isomorphisms_have_inverses"],
        ),
        Step(
            "copies-are-isomorphisms",
            ForAll(
                [G],
                Implies(theory.undominated(G), theory.isomorphism(copies(G), class_of(G), G)),
            ),
            ["classes"],
        ),
        composed_maps(theory),
        Step(
            "back-and-on",
            ForAll(
                [G, H, g],
                Implies(
                    And(
                        theory.undominated(H),
                        class_of(G) == class_of(H),
                        theory.isomorphism(g, G, class_of(G)),
                    ),
                    And(
                        theory.isomorphism(after_map(copies(H), g), G, H),
                        ForAll(
                            [a],
                            image(after_map(copies(H), g), a) == image(copies(H), image(g, a)),
                        ),
                    ),
                ),
            ),
            ["copies-are-isomorphisms", "composed-maps"],
        ),
        Step(
            "copied-by-an-isomorphism",
            ForAll(
                [G, H],
                Implies(
                    And(theory.undominated(G), theory.undominated(H), class_of(G) == class_of(H)),
                    Exists(
                        [f],
                        And(
                            theory.isomorphism(f, G, H),
                            ForAll(
                                [a],
                                Implies(
                                    in_game(a, class_of(G)),
                                    image(f, image(copies(G), a)) == image(copies(H), a),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
            ["back-to-the-class", "back-and-on"],
        ),
        Step(
            "played-in-undominated-games",
            ForAll(
                [w, B, G],
                Implies(
                    And(book, theory.undominated(G)),
                    result(w, G) == image(copies(G), page(B, class_of(G))),
                ),
            ),
            ["by_the_book", "what_elimination_leaves"],
        ),
        Step(
            "books-tie",
            ForAll(
                [w, B, G, H],
                Implies(
                    And(
                        book,
                        theory.undominated(G),
                        theory.undominated(H),
                        class_of(G) == class_of(H),
                    ),
                    theory.tied_plays(w, G, H),
                ),
            ),
            ["played-in-undominated-games", "copied-by-an-isomorphism", "tied_plays", "pages"],
        ),
        Step(
            "books-are-isomorphic",
            ForAll([w, B], Implies(book, theory.plays_isomorphically(w))),
            ["books-tie", "plays_isomorphically", "classes"],
        ),
        Step(
            "books-are-admissible",
            ForAll([w, B], Implies(book, admissible)),
            ["books-eliminate", "books-are-isomorphic"],
        ),
        Step(
            "admissible-plays-by-books",
            ForAll([B], Exists([w], And(book, admissible))),
            ["plays_by_books", "books-are-admissible"],
        ),
        Step(
            "played-by-the-book",
            ForAll(
                [w, B, G],
                Implies(book, result(w, G) == image(copies(left(G)), page(B, class_of(left(G))))),
            ),
            ["by_the_book"],
        ),
        Step(
            "pages-of-two-classes",
            ForAll(
                [G, H, a, b],
                Implies(
                    And(
                        in_game(a, first), in_game(b, second), Or(first != second, a == b)
                    ),
                    Exists(
                        [w],
                        And(
                            admissible,
                            result(w, G) == image(copies(left(G)), a),
                            result(w, H) == image(copies(left(H)), b),
                        ),
                    ),
                ),
            ),
            ["pages", "admissible-plays-by-books", "played-by-the-book"],
        ),
        Step(
            "compared-where-safe",
            ForAll(
                [G, H, a, b],
                Implies(
                    And(
                        safe,
                        in_game(a, first),
                        in_game(b, second),
                        Or(first != second, a == b),
                    ),
                    theory.as_good(image(copies(left(H)), b), image(copies(left(G)), a)),
                ),
            ),
            ["pages-of-two-classes", "safe_under_both"],
        ),
        Step(
            "copied-from-the-class",
            ForAll(
                [G, a],
                Implies(
                    And(theory.undominated(G), in_game(a, G)),
                    Exists([b], And(in_game(b, class_of(G)), image(copies(G), b) == a)),
                ),
            ),
            ["copies-are-isomorphisms", "isomorphism", "isomorphisms_are_onto"],
        ),
        Step(
            "copy-improves",
            ForAll(
                [f, G, H],
                Implies(
                    And(
                        safe,
                        first == second,
                        ForAll(
                            [a],
                            Implies(
                                in_game(a, first),
                                image(f, image(copies(left(G)), a)) == image(copies(left(H)), a),
                            ),
                        ),
                    ),
                    theory.improves_by(f, left(G)),
                ),
            ),
            [
                "compared-where-safe",
                "copied-from-the-class",
                "improves_by",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "improved-if-safe",
            ForAll(
                [G, H],
                Implies(And(safe, same), theory.improved_by_an_isomorphism(H, G)),
            ),
            [
                "copy-improves",
                "copied-by-an-isomorphism",
                "improved_by_an_isomorphism",
                "classes",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "one-class-is-isomorphic",
            ForAll(
                [G, H],
                Implies(
                    And(theory.undominated(G), theory.undominated(H), class_of(G) == class_of(H)),
                    theory.isomorphic(G, H),
                ),
            ),
            ["copied-by-an-isomorphism", "isomorphic"],
        ),
        Step(
            "everything-is-as-good-if-safe",
            ForAll(
                [G, H],
                Implies(And(safe, Not(same)), theory.everything_is_as_good(H, G)),
            ),
            [
                "compared-where-safe",
                "copied-from-the-class",
                "one-class-is-isomorphic",
                "everything_is_as_good",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "goal",
            theory.two_games_decided(),
            [
                "safe-if-improved",
                "safe-if-everything-is-as-good",
                "improved-if-safe",
                "everything-is-as-good-if-safe",
            ],
        ),
    )  # fmt: skip
    return Statement(
        id="oc-two-games",
        title="When one game is safe in the place of another under elimination and isomorphism",
        theory=theory,
        hypotheses=(),
        definitions=(
            *PLAYS,
            "as_good",
            "improves_by",
            "classes",
            "pages",
            "by_the_book",
            "plays_by_books",
            "safe_under_both",
            "improved_by_an_isomorphism",
            "everything_is_as_good",
        ),
        lemmas=lemmas,
        steps=steps,
        scene=Exists([G, H], And(theory.original(G), safe, G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )
