"""Tokens that stand for less for one player, and for as much as before for the other."""

from achieved_points import d, p, x, z
from delegated_games import G, Game, K, a, b, c, i, in_game, j, result, w
from isomorphisms import ActionMap, f, image
from oc_lemma_13 import E1, K1, expectation
from oc_two_games import left
from tokens import E, Point, Valuation, coordinate, in_hull, payoff_point, stands_for, y
from z3 import And, Const, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm

E0, E2 = Const("E0", Valuation), Const("E2", Valuation)


@define(Valuation)
def stands_for_payoffs(theory: Theory, E: ExprRef) -> Formula:
    """Every outcome stands for what it pays."""
    return ForAll([a], stands_for(E, a) == payoff_point(a))


@define(Point, Game)
def default_point(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """E[u(Pi(G))]: what G pays in expectation."""
    return Exists([E], And(theory.stands_for_payoffs(E), theory.expected_point(y, G, E)))


@define(Point, Game)
def as_good_in_expectation(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """Y >= E[u(Pi(G))]: the point gives nobody less than what G pays in expectation."""
    return Exists([d], And(theory.default_point(d, G), theory.pays_no_less(y, d)))


@axiom()
def expectations_are_monotone(theory: Theory) -> Formula:
    """What is no less in any play is no less in expectation."""
    stood = coordinate(i, stands_for(E1, result(w, K1)))
    no_less = ForAll([w], stood >= coordinate(i, stands_for(E, result(w, K))))
    return ForAll(
        [i, K1, E1, K, E], Implies(no_less, expectation(i, K1, E1) >= expectation(i, K, E))
    )


@define(Valuation, Player, Valuation, ActionMap, Game)
def lowers(
    theory: Theory, E2: ExprRef, i: PlayerTerm, E: ExprRef, f: ExprRef, G: ExprRef
) -> Formula:
    """Copies stand for points that pay i what is copied, and others as before, where some do."""
    before, after, paid = stands_for(E, image(f, b)), stands_for(E2, image(f, b)), payoff_point(b)
    there = And(in_game(b, left(G)), in_hull(y, G), theory.joined(y, i, paid, before))
    return ForAll([b, y], Implies(there, theory.joined(after, i, paid, before)))


@axiom()
def valuations_can_be_lowered(theory: Theory) -> Formula:
    """The outcomes of a copy can stand for lowered points, where the hull has such points."""
    found = Exists([E2], And(theory.token_game(K, E2, G), theory.lowers(E2, i, E, f, G)))
    return ForAll([i, f, G, K, E], Implies(theory.copied_by(f, G, K), found))


def played_points(theory: Theory) -> tuple[Step, ...]:
    """Return the step that says where payoffs are."""
    paid = payoff_point(result(w, G))
    return (
        Step(
            "payoffs-in-the-hull",
            ForAll([w, G], in_hull(paid, G)),
            ["payoff_points", "outcomes_are_played"],
        ),
    )


def lowered(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that lower what is achieved for one player, to what is expected."""
    played, before = stands_for(E2, result(w, K)), stands_for(E, result(w, K))
    default = stands_for(E0, result(w, G))
    paid = payoff_point(result(w, G))
    least = And(theory.two_players(i, j), theory.least_on_frontier(i, p, G))
    copied = And(
        theory.original(G), theory.copied_by(f, G, K), theory.token_improvement(K, E, G), least
    )
    lowering = And(copied, theory.token_game(K, E2, G), theory.lowers(E2, i, E, f, G))
    variables = [i, j, p, f, G, K, E]
    kept = expectation(j, K, E2) == expectation(j, K, E)
    gone = expectation(i, K, E2) == expectation(i, G, E0)
    improved = And(theory.token_improvement(K, E2, G), kept, gone)
    payoffs = theory.stands_for_payoffs(E0)
    expected = And(
        payoffs,
        theory.expected_point(d, G, E0),
        theory.expected_point(z, K, E),
    )
    wanted = And(theory.achieved(x, G), theory.joined(x, i, d, z))
    return (
        Step(
            "played-in-the-hull",
            ForAll([w, G, K, E], Implies(theory.token_improvement(K, E, G), in_hull(before, G))),
            ["token_improvement", "token_game", "outcomes_are_played"],
        ),
        Step(
            "played-is-as-good",
            ForAll(
                [w, G, K, E],
                Implies(theory.token_improvement(K, E, G), theory.pays_no_less(before, paid)),
            ),
            ["token_improvement", "point_as_good", "pays_no_less", "payoff_points"],
        ),
        *played_points(theory),
        Step(
            "at-least-the-least",
            ForAll(
                [w, i, p, G],
                Implies(theory.least_on_frontier(i, p, G), coordinate(i, p) <= coordinate(i, paid)),
            ),
            ["least_on_frontier", "at_most", "payoff_points"],
        ),
        Step(
            "played-points-can-be-lowered",
            ForAll(
                [w, *variables],
                Implies(copied, Exists([y], And(in_hull(y, G), theory.joined(y, i, paid, before)))),
            ),
            [
                "lower-in-the-hull",
                "played-in-the-hull",
                "played-is-as-good",
                "payoffs-in-the-hull",
                "at-least-the-least",
            ],
        ),
        Step(
            "lowered-alike",
            ForAll(
                [i, x, y, a, b],
                Implies(
                    theory.paid_alike(b, a),
                    theory.joined(y, i, payoff_point(b), x)
                    == theory.joined(y, i, payoff_point(a), x),
                ),
            ),
            ["paid_alike", "joined", "payoff_points"],
        ),
        Step(
            "copied-points-are-lowered",
            ForAll(
                [b, c, y, i, f, G, E, E2],
                Implies(
                    And(
                        theory.lowers(E2, i, E, f, G),
                        in_game(b, left(G)),
                        c == image(f, b),
                        in_hull(y, G),
                        theory.joined(y, i, payoff_point(b), stands_for(E, c)),
                    ),
                    theory.joined(stands_for(E2, c), i, payoff_point(b), stands_for(E, c)),
                ),
            ),
            ["lowers"],
        ),
        Step(
            "played-points-are-lowered-as-copies",
            ForAll(
                [w, b, *variables, E2],
                Implies(
                    And(
                        lowering,
                        in_game(b, left(G)),
                        result(w, K) == image(f, b),
                        theory.paid_alike(b, result(w, G)),
                    ),
                    theory.joined(played, i, paid, before),
                ),
            ),
            ["played-points-can-be-lowered", "lowered-alike", "copied-points-are-lowered"],
        ),
        Step(
            "played-points-are-lowered",
            ForAll([w, *variables, E2], Implies(lowering, theory.joined(played, i, paid, before))),
            ["played-points-are-lowered-as-copies", "copies_are_played_alike"],
        ),
        Step(
            "joined-points-are-as-good",
            ForAll(
                [i, x, y, a],
                Implies(
                    And(
                        theory.pays_no_less(x, payoff_point(a)),
                        theory.joined(y, i, payoff_point(a), x),
                    ),
                    theory.point_as_good(y, a),
                ),
            ),
            ["point_as_good", "pays_no_less", "joined", "payoff_points"],
        ),
        Step(
            "lowered-points-are-as-good",
            ForAll(
                [w, *variables, E2],
                Implies(lowering, theory.point_as_good(played, result(w, G))),
            ),
            ["played-points-are-lowered", "joined-points-are-as-good", "played-is-as-good"],
        ),
        Step(
            "lowered-tokens-improve",
            ForAll([*variables, E2], Implies(lowering, theory.token_improvement(K, E2, G))),
            ["lowered-points-are-as-good", "token_improvement"],
        ),
        Step(
            "joined-for-one",
            ForAll(
                [i, x, y, z],
                Implies(theory.joined(y, i, x, z), coordinate(i, y) == coordinate(i, x)),
            ),
            ["joined"],
        ),
        Step(
            "joined-for-the-other",
            ForAll(
                [i, j, x, y, z],
                Implies(
                    And(theory.two_players(i, j), theory.joined(y, i, x, z)),
                    coordinate(j, y) == coordinate(j, z),
                ),
            ),
            ["joined", "two_players"],
        ),
        Step(
            "one-is-paid-as-by-default",
            ForAll(
                [w, *variables, E0, E2],
                Implies(And(lowering, payoffs), coordinate(i, played) == coordinate(i, default)),
            ),
            ["played-points-are-lowered", "joined-for-one", "stands_for_payoffs"],
        ),
        Step(
            "the-other-is-paid-as-before",
            ForAll(
                [w, *variables, E2],
                Implies(lowering, coordinate(j, played) == coordinate(j, before)),
            ),
            ["played-points-are-lowered", "joined-for-the-other"],
        ),
        Step(
            "one-expects-as-by-default",
            ForAll([*variables, E0, E2], Implies(And(lowering, payoffs), gone)),
            ["one-is-paid-as-by-default", "expectations_are_monotone"],
        ),
        Step(
            "the-other-expects-as-before",
            ForAll([*variables, E2], Implies(lowering, kept)),
            ["the-other-is-paid-as-before", "expectations_are_monotone"],
        ),
        Step(
            "lowered-by-some-valuation",
            ForAll([*variables, E0, E2], Implies(And(lowering, payoffs), improved)),
            [
                "lowered-tokens-improve",
                "one-expects-as-by-default",
                "the-other-expects-as-before",
            ],
        ),
        Step(
            "some-point-is-expected",
            ForAll(
                [G, K, E],
                Implies(
                    theory.token_improvement(K, E, G),
                    Exists([x], theory.expected_point(x, K, E)),
                ),
            ),
            ["token_improvement", "expectations_are_in_the_hull"],
        ),
        Step(
            "expected-of-lowered-tokens",
            ForAll(
                [*variables, d, x, z, E0, E2],
                Implies(
                    And(least, kept, gone, expected, theory.expected_point(x, K, E2)),
                    theory.joined(x, i, d, z),
                ),
            ),
            ["expected_point", "joined-of-two"],
        ),
        Step(
            "what-lowered-tokens-achieve",
            ForAll(
                [*variables, d, x, z, E0, E2],
                Implies(
                    And(least, improved, expected, theory.expected_point(x, K, E2)),
                    wanted,
                ),
            ),
            ["expected-of-lowered-tokens", "achieved"],
        ),
        Step(
            "lowered-tokens-achieve-something",
            ForAll(
                [*variables, d, z, E0, E2],
                Implies(And(least, improved, expected), Exists([x], wanted)),
            ),
            ["some-point-is-expected", "what-lowered-tokens-achieve"],
        ),
        Step(
            "achieved-by-lowering",
            ForAll(
                [*variables, d, z, E0, E2],
                Implies(And(lowering, expected), Exists([x], wanted)),
            ),
            ["lowered-by-some-valuation", "lowered-tokens-achieve-something"],
        ),
        Step(
            "achieved-by-lowered-tokens",
            ForAll([*variables, d, z, E0], Implies(And(copied, expected), Exists([x], wanted))),
            ["valuations_can_be_lowered", "achieved-by-lowering"],
        ),
        Step(
            "achieved-by-a-copy",
            ForAll(
                [f, G, K, z],
                Implies(
                    And(
                        theory.original(G),
                        theory.achieved(z, G),
                        theory.copied_by(f, G, K),
                    ),
                    Exists(
                        [E],
                        And(theory.token_improvement(K, E, G), theory.expected_point(z, K, E)),
                    ),
                ),
            ),
            ["any_copy_is_enough", "takes_the_place", "achieved", "expected_point"],
        ),
        Step(
            "lowered-by-a-copy",
            ForAll(
                [f, K, i, j, p, d, z, G, E0],
                Implies(
                    And(
                        theory.original(G),
                        least,
                        theory.copied_by(f, G, K),
                        payoffs,
                        theory.expected_point(d, G, E0),
                        theory.achieved(z, G),
                    ),
                    Exists([x], wanted),
                ),
            ),
            ["achieved-by-a-copy", "achieved-by-lowered-tokens"],
        ),
        Step(
            "lowered-for-one",
            ForAll(
                [i, j, p, d, z, G],
                Implies(
                    And(
                        theory.original(G),
                        least,
                        theory.default_point(d, G),
                        theory.achieved(z, G),
                    ),
                    Exists([x], wanted),
                ),
            ),
            ["fresh_copies", "lowered-by-a-copy", "default_point"],
        ),
    )
