"""Isomorphisms of games: one map of actions for each player, and payoffs that keep their ratios.

That u_i(a) = lambda_i u'_i(Phi(a)) + c_i for some lambda_i > 0 and c_i says the same as this:
differences of payoffs keep their signs, and their ratios. It is written in this way, because it
speaks of payoffs only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import z3
from delegated_games import G, Game, H, a, b, c, i, in_game, pays
from z3 import And, BoolSort, DeclareSort, Exists, ExprRef, ForAll, Function, Implies, RealSort

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Action, Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm
from spi_verify.verdicts import Verdict

ActionMap = DeclareSort("ActionMap")

move = Function("move", Player, Outcome, Action)
"""a_i: player i's action in outcome a."""
has_action = Function("has_action", Player, Action, Game, BoolSort())
"""x is in A_i, in the game."""
value = Function("value", Player, Game, Outcome, RealSort())
"""What the representative of player i is told that an outcome of the game pays."""
sends = Function("sends", ActionMap, Player, Action, Action)
"""Phi_i(x)."""
image = Function("image", ActionMap, Outcome, Outcome)
"""Phi(a), which has the actions Phi_i(a_i)."""

f, g, h = z3.Consts("f g h", ActionMap)
x, y = z3.Consts("x y", Action)
d = z3.Const("d", Outcome)


@axiom(move)
def outcomes_are_profiles(theory: Theory) -> Formula:
    """A game has those outcomes in which all use actions that they have in the game."""
    return ForAll([a, G], in_game(a, G) == ForAll([i], has_action(i, move(i, a), G)))


@axiom(move)
def profiles_are_equal(theory: Theory) -> Formula:
    """Outcomes with the same actions are the same."""
    return ForAll([a, b], Implies(ForAll([i], move(i, a) == move(i, b)), a == b))


@axiom(image, sends)
def images_have_images(theory: Theory) -> Formula:
    """The image of an outcome has the images of its actions."""
    return ForAll([f, i, a], move(i, image(f, a)) == sends(f, i, move(i, a)))


@define(Player, Game, Outcome)
def most_paid(theory: Theory, i: PlayerTerm, G: ExprRef, a: OutcomeTerm) -> Formula:
    """Nothing in G is worth more to player i's representative than a, which is in G."""
    most = ForAll([b], Implies(in_game(b, G), value(i, G, a) >= value(i, G, b)))
    return And(in_game(a, G), most)


@define(Player, Game, Outcome)
def least_paid(theory: Theory, i: PlayerTerm, G: ExprRef, a: OutcomeTerm) -> Formula:
    """Nothing in G is worth less to player i's representative than a, which is in G."""
    least = ForAll([b], Implies(in_game(b, G), value(i, G, a) <= value(i, G, b)))
    return And(in_game(a, G), least)


@axiom(value)
def games_are_finite(theory: Theory) -> Formula:
    """In each game each player is paid most by some outcome, and least by some."""
    extremes = Exists([b, c], And(theory.most_paid(i, G, b), theory.least_paid(i, G, c)))
    return ForAll([i, G], extremes)


@define(Game)
def original(theory: Theory, G: ExprRef) -> Formula:
    """The representatives are told the payoffs by which the original players judge."""
    return ForAll([i, a], Implies(in_game(a, G), value(i, G, a) == pays(i, a)))


@define(ActionMap, Game, Game)
def into(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Each player's actions in G are sent to actions of the same player in H."""
    return ForAll([i, x], Implies(has_action(i, x, G), has_action(i, sends(f, i, x), H)))


@define(ActionMap, Game, Game)
def one_to_one(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Each player's actions in H are images, each of one action in G."""
    onto = ForAll(
        [i, y],
        Implies(has_action(i, y, H), Exists([x], And(has_action(i, x, G), sends(f, i, x) == y))),
    )
    different = ForAll(
        [i, x, y],
        Implies(
            And(has_action(i, x, G), has_action(i, y, G), sends(f, i, x) == sends(f, i, y)), x == y
        ),
    )
    return And(onto, different)


@define(Player, Game, Outcome, Outcome, Outcome, Game, Outcome, Outcome, Outcome)
def proportional(
    theory: Theory,
    i: PlayerTerm,
    G: ExprRef,
    a: OutcomeTerm,
    b: OutcomeTerm,
    c: OutcomeTerm,
    H: ExprRef,
    x: OutcomeTerm,
    y: OutcomeTerm,
    z: OutcomeTerm,
) -> Formula:
    """(u_i(a) - u_i(b)) : (u_i(a) - u_i(c)) in G is (u_i(x) - u_i(y)) : (u_i(x) - u_i(z)) in H."""
    first, second = value(i, G, a) - value(i, G, b), value(i, G, a) - value(i, G, c)
    third, fourth = value(i, H, x) - value(i, H, y), value(i, H, x) - value(i, H, z)
    return first * fourth == second * third


@define(Player, ActionMap, Game, Game)
def rescales(theory: Theory, i: PlayerTerm, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """u_i(a) = λ_i u'_i(f(a)) + c_i on G, for some λ_i > 0 and c_i."""
    there = value(i, H, image(f, a)) > value(i, H, image(f, b))
    signs = ForAll(
        [a, b],
        Implies(And(in_game(a, G), in_game(b, G)), (value(i, G, a) > value(i, G, b)) == there),
    )
    ratios = ForAll(
        [a, b, d],
        Implies(
            And(in_game(a, G), in_game(b, G), in_game(d, G)),
            theory.proportional(i, G, a, b, d, H, image(f, a), image(f, b), image(f, d)),
        ),
    )
    return And(signs, ratios)


@define(ActionMap, Game, Game)
def payoffs_are_rescaled(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """For everybody, payoffs in G are those of the images in H up to a factor and a constant."""
    return ForAll([i], theory.rescales(i, f, G, H))


def printed_isomorphism(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Section 4.1, as printed: actions are sent to actions, and payoffs are rescaled."""
    return And(theory.into(f, G, H), theory.payoffs_are_rescaled(f, G, H))


@define(ActionMap, Game, Game)
def isomorphism(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Section 4.1, as printed: actions are sent to actions, and payoffs are rescaled."""
    return printed_isomorphism(theory, f, G, H)


def one_to_one_isomorphism(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """As meant: f is an isomorphism from G to H as printed, and one to one and onto."""
    return And(printed_isomorphism(theory, f, G, H), theory.one_to_one(f, G, H))


@define(ActionMap, Game, Outcome)
def made_of_images(theory: Theory, f: ExprRef, G: ExprRef, a: OutcomeTerm) -> Formula:
    """All actions in a are images of actions in G."""
    return ForAll([i], Exists([x], And(has_action(i, x, G), sends(f, i, x) == move(i, a))))


@axiom()
def preimages_are_profiles(theory: Theory) -> Formula:
    """An outcome whose actions are all images of a game's actions is itself an image."""
    preimage = Exists([b], And(in_game(b, G), image(f, b) == a))
    return ForAll([f, G, a], Implies(theory.made_of_images(f, G, a), preimage))


@define(ActionMap, Game)
def improves_by(theory: Theory, f: ExprRef, G: ExprRef) -> Formula:
    """No outcome of G pays anybody more than its image."""
    return ForAll([a], Implies(in_game(a, G), theory.as_good(image(f, a), a)))


@define(ActionMap, Game)
def strictly_improves_by(theory: Theory, f: ExprRef, G: ExprRef) -> Formula:
    """Besides, some outcome of G pays somebody less than its image."""
    strictly = Exists([a], And(in_game(a, G), theory.somebody_gains(image(f, a), a)))
    return And(theory.improves_by(f, G), strictly)


@define(Game, Game)
def isomorphic(theory: Theory, G: ExprRef, H: ExprRef) -> Formula:
    """Some map is an isomorphism between them."""
    return Exists([f], theory.isomorphism(f, G, H))


@define(ActionMap, ActionMap, Game, Outcome)
def has_counterpart(theory: Theory, f: ExprRef, g: ExprRef, G: ExprRef, a: OutcomeTerm) -> Formula:
    """Something in G is sent by f to where g sends a."""
    return Exists([b], And(in_game(b, G), image(f, b) == image(g, a)))


MAPS = (
    "outcomes_are_profiles",
    "profiles_are_equal",
    "images_have_images",
    "made_of_images",
    "preimages_are_profiles",
    "most_paid",
    "least_paid",
    "games_are_finite",
    "into",
    "one_to_one",
    "proportional",
    "rescales",
    "payoffs_are_rescaled",
)
"""What is known of maps, whatever is called an isomorphism."""

ISOMORPHISMS = (*MAPS, "isomorphism")

Isomorphism = Callable[[Theory, ExprRef, ExprRef, ExprRef], Formula]


def known_of_isomorphisms(
    theory: Theory, *names: str, written_out: Isomorphism | None = None
) -> tuple[Step, ...]:
    """Return steps that several proofs begin with, by their names.

    They are about what the theory calls an isomorphism, or about one that is written out.
    """
    if written_out is None:
        iso, known = theory.isomorphism(f, G, H), ["isomorphism"]
    else:
        iso, known = written_out(theory, f, G, H), []
    three = And(in_game(a, G), in_game(b, G), in_game(d, G))
    images = image(f, a), image(f, b), image(f, d)
    steps = (
        Step(
            "images-are-there",
            ForAll([f, G, H, a], Implies(And(iso, in_game(a, G)), in_game(image(f, a), H))),
            [*known, "into", "outcomes_are_profiles", "images_have_images"],
        ),
        Step(
            "actions-have-preimages",
            ForAll(
                [i, f, G, H, y],
                Implies(
                    And(iso, has_action(i, y, H)),
                    Exists([x], And(has_action(i, x, G), sends(f, i, x) == y)),
                ),
            ),
            [*known, "one_to_one"],
        ),
        Step(
            "actions-are-images",
            ForAll([f, G, H, a], Implies(And(iso, in_game(a, H)), theory.made_of_images(f, G, a))),
            ["actions-have-preimages", "outcomes_are_profiles", "made_of_images"],
        ),
        Step(
            "everything-is-an-image",
            ForAll(
                [f, G, H, a],
                Implies(And(iso, in_game(a, H)), Exists([b], And(in_game(b, G), image(f, b) == a))),
            ),
            ["actions-are-images", "preimages_are_profiles"],
        ),
        Step(
            "order-is-kept",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(iso, in_game(a, G), in_game(b, G)),
                    (value(i, G, a) > value(i, G, b))
                    == (value(i, H, image(f, a)) > value(i, H, image(f, b))),
                ),
            ),
            [*known, "payoffs_are_rescaled", "rescales"],
        ),
        Step(
            "ratios-are-kept",
            ForAll(
                [i, f, G, H, a, b, d],
                Implies(And(iso, three), theory.proportional(i, G, a, b, d, H, *images)),
            ),
            [*known, "payoffs_are_rescaled", "rescales"],
        ),
    )
    return tuple(step for step in steps if step.name in names)


def with_one_to_one(
    statement: Callable[[Theory], Statement], theory: Theory, *lemmas: str
) -> Statement:
    """Return a statement as repaired: isomorphisms are one to one and onto.

    Parameters
    ----------
    statement
        Returns it, from a theory.
    theory
        Where isomorphisms are as printed.
    lemmas
        Names of its lemmas that have such a reading, too.
    """
    meant = statement(theory.with_(isomorphism=one_to_one_isomorphism))
    sources = {
        name: f"{id}/repaired" if name in lemmas else id for name, id in meant.lemmas.items()
    }
    return replace(meant, id=f"{meant.id}/repaired", changed=("isomorphism",), lemmas=sources)


def refuted_and_repaired(
    statement: Callable[[Theory], Statement],
    theory: Theory,
    *lemmas: str,
    sizes: Mapping[str, int],
) -> list[Statement]:
    """Return both readings of a statement that is false of isomorphisms as printed.

    Parameters
    ----------
    statement, theory, lemmas
        As in :func:`with_one_to_one`.
    sizes
        How many elements of a sort a counterexample needs.
    """
    literal = replace(
        statement(theory),
        sizes=sizes,
        expected=Verdict.REFUTED,
        note="As printed, isomorphisms need not be one to one and onto.",
    )
    return [literal, with_one_to_one(statement, theory, *lemmas)]
