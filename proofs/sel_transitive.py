"""Transitivity (Definition 7) of selection functions on finite sets.

Each of them picks, among the efficient members of a set, the one that its criterion ranks
highest, ties broken by a fixed order on outcomes. ``best-is-transitive`` says when that is
transitive: if the criterion is an order, ranks an outcome above those that it dominates, and is
not changed by what is added. Finite sets matter for one thing: what is dominated in such a set is
dominated by an efficient member (``efficient-in-finite-sets``).

``sel-transitive-lexicographic``, ``-utilitarian``, ``-leximin`` and ``-nash-interior`` are proved
as they stand: along the list of players, a sum, a product of positive gains, or the numbers of
players at or below each level say that a dominating outcome is strictly better.

``sel-transitive-maxmin`` and ``-nash``. Literal: a dominating outcome can have the same least
payoff, or the same product 0. The outcome selected from a set can be replaced by such an
improvement, which is later in the order that breaks ties than another member it is tied with.
Repaired: no member of a set is tied with one that it dominates. For ``-nash`` that is so where
the disagreement point is strictly below, which is why ``-nash-interior`` is proved.

``sel-transitive-kalai-smorodinsky``. Literal: besides, what is added can raise the ideal point,
and so turn the ranking of two old members around. Repaired: what is added leaves the ideal point
alone, and no member is tied with one that it dominates. The first is a hypothesis about which
sets there are, not about all subsets of some set: it holds, for example, if every set in question
has a best member for each player among the same outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import z3
from z3 import And, Exists, ForAll, If, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Place,
    Player,
    Position,
    better,
    count_up_to,
    earlier,
    first,
    first_place,
    gain,
    ideal_gain,
    last,
    last_place,
    least,
    least_gain,
    member,
    member_at,
    nash_product,
    next_place,
    next_to,
    player_at,
    prior,
    product_up_to,
    relative_gain,
    sel,
    selected,
    tied,
    u,
)
from spi_verify.theory.terms import Formula, Number, OutcomeTerm, PlayerTerm, PositionTerm

i, j, k = z3.Consts("i j k", Player)
a, b, c, e, x, y = z3.Consts("a b c e x y", Outcome)
S, C = z3.Consts("S C", OutcomeSet)
n, m = z3.Consts("n m", Position)
v, w = z3.Consts("v w", Place)

DOMINATION = ("weakly_improves", "dominates")
PICKING = (*DOMINATION, "efficient_among", "nonempty", "picks_best", "improving_extension")


def statements(theory: Theory) -> list[Statement]:
    """Return the lemmas, and the readings for each selection function."""
    return [
        _finite(theory),
        _best(theory),
        _lexicographic(theory),
        _utilitarian(theory),
        _leximin(theory),
        *_maxmin(theory),
        *_nash(theory),
        _nash_interior(theory),
        *_kalai_smorodinsky(theory),
    ]


def _finite_sets(theory: Theory) -> Hypothesis:
    return Hypothesis(
        "finite-sets",
        theory.members_are_listed(),
        "Every set of outcomes is finite.",
    )


def _picking(theory: Theory) -> tuple[Hypothesis, ...]:
    """Return what all of these selection functions have in common."""
    return (
        _finite_sets(theory),
        Hypothesis(
            "picks-best",
            theory.picks_best(sel),
            "sel picks what its criterion ranks highest among the efficient members of a set.",
        ),
        Hypothesis(
            "ties-by-fixed-order",
            theory.fixed_order(),
            "Ties are broken by a fixed strict total order on outcomes.",
        ),
    )


def _no_tie(theory: Theory) -> Hypothesis:
    return Hypothesis(
        "no-tie-under-domination",
        theory.no_tie_under_domination(),
        "No member of a set is tied with one that it dominates.",
    )


def _weakly_below(theory: Theory) -> Hypothesis:
    return Hypothesis(
        "disagreement-weakly-below",
        theory.disagreement_weakly_below(),
        "Nobody gets less in any outcome than in the disagreement point.",
    )


def _finite(theory: Theory) -> Statement:
    undominated = theory.undominated_up_to
    parts = ("undominated_up_to", "improved_up_to", "covered_up_to")
    new = member_at(S, w)
    grows = And(theory.nonempty(S), next_place(v, w))
    kept = And(undominated(e, S, v), theory.weakly_improves(e, a))
    return Statement(
        id="efficient-in-finite-sets",
        title="In a finite set everything is weakly improved by an efficient member",
        theory=theory,
        hypotheses=(_finite_sets(theory),),
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


def _best(theory: Theory) -> Statement:
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
        hypotheses=_picking(theory),
        definitions=(*PICKING, "transitive"),
        lemmas={"efficient_within_sets": "efficient-in-finite-sets"},
        scene=_something_happens(theory),
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


def _something_happens(theory: Theory) -> Formula:
    """Return that adding improvements to some set changes what somebody gets."""
    changes = u(i, selected(sel, C)) > u(i, selected(sel, S))
    return Exists([S, C, i], And(theory.improving_extension(sel, S, C), changes))


def _last_steps(
    theory: Theory,
    *,
    order: Sequence[str],
    above: Sequence[str],
    kept: Sequence[str],
) -> list[Step]:
    """Return the steps to the goal, given what each of the lemma's premises is shown from."""
    return [
        Step("criterion-is-an-order", theory.criterion_is_an_order(), order),
        Step("domination-is-better", theory.domination_is_better(), above),
        Step("criterion-kept", theory.criterion_kept(), kept),
        Step(
            "goal",
            theory.transitive(sel),
            ["criterion-is-an-order", "domination-is-better", "criterion-kept", LEMMA],
        ),
    ]


LEMMA = "best_is_transitive"


def _statement(
    theory: Theory,
    name: str,
    title: str,
    definitions: Sequence[str],
    steps: Sequence[Step],
    hypotheses: Sequence[Hypothesis] = (),
) -> Statement:
    return Statement(
        id=f"sel-transitive-{name}",
        title=title,
        theory=theory,
        hypotheses=(*_picking(theory), *hypotheses),
        definitions=(*PICKING, *definitions, "transitive"),
        lemmas={LEMMA: "best-is-transitive"},
        scene=_something_happens(theory),
        steps=tuple(steps),
    )


def _repaired(
    theory: Theory,
    name: str,
    title: str,
    definitions: Sequence[str],
    steps: Sequence[Step],
    added: Sequence[Hypothesis],
    why: str,
    hypotheses: Sequence[Hypothesis] = (),
) -> list[Statement]:
    return literal_and_repaired(
        f"sel-transitive-{name}",
        title=title,
        theory=theory,
        hypotheses=(*_picking(theory), *hypotheses),
        added=added,
        definitions=(*PICKING, *definitions, "transitive"),
        lemmas={LEMMA: "best-is-transitive"},
        scene=_something_happens(theory),
        steps=steps,
        why=why,
    )


def _along_players(
    claim: Callable[[PositionTerm], Formula],
    premise: Formula,
    variables: Sequence[z3.ExprRef],
    uses: Sequence[str],
    induction: str,
    *,
    next_uses: Sequence[str] | None = None,
) -> list[Step]:
    """Return base and step of an induction along the list of players, and what it comes to.

    Both use the same facts, unless there are others for the step.
    """
    return [
        Step(
            f"{induction}-first",
            ForAll([*variables], Implies(premise, claim(first))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-next",
            ForAll(
                [*variables, n, m],
                Implies(And(premise, next_to(n, m), claim(n)), claim(m)),
            ),
            next_uses or [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-last",
            ForAll([*variables], Implies(premise, claim(last))),
            [f"{induction}-first", f"{induction}-next", f"induction_on_{induction}"],
        ),
    ]


def _gainers(
    theory: Theory,
    induction: str,
    gainer: Callable[..., Formula],
    has: str,
    comes_before: Callable[[PlayerTerm, PlayerTerm], Formula],
    uses: Sequence[str],
) -> list[Step]:
    """Return the steps to a gainer that comes before all others, as far as anybody gains."""
    new = player_at(m)
    gains = u(new, x) > u(new, a)
    old = And(next_to(n, m), gainer(i, x, a, n))
    before = And(gains, comes_before(new, i))
    claim = getattr(theory, has)
    return [
        Step(
            f"{induction}-old-stays",
            ForAll([i, x, a, n, m], Implies(And(old, Not(before)), gainer(i, x, a, m))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-new-instead",
            ForAll([i, x, a, n, m], Implies(And(old, before), gainer(new, x, a, m))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-new-alone",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(next_to(n, m), Not(theory.gain_up_to(x, a, n)), gains),
                    gainer(new, x, a, m),
                ),
            ),
            [*uses, "gain_up_to", "players_are_listed"],
        ),
        Step(
            f"{induction}-new-or-old",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(next_to(n, m), theory.gain_up_to(x, a, m)),
                    Or(theory.gain_up_to(x, a, n), gains),
                ),
            ),
            ["gain_up_to", "players_are_listed"],
        ),
        *_along_players(
            lambda position: claim(x, a, position),
            z3.BoolVal(True),
            [x, a],
            [has, "gain_up_to", *uses],
            induction,
            next_uses=[
                has,
                f"{induction}-old-stays",
                f"{induction}-new-instead",
                f"{induction}-new-alone",
                f"{induction}-new-or-old",
            ],
        ),
    ]


def _gain_is_reached(theory: Theory) -> Step:
    return Step(
        "gain-is-reached",
        ForAll(
            [x, a],
            Implies(
                theory.dominates(x, a),
                And(theory.weakly_improves(x, a), theory.gain_up_to(x, a, last)),
            ),
        ),
        ["dominates", "gain_up_to", "players_are_listed"],
    )


def _lexicographic(theory: Theory) -> Statement:
    alike = theory.first_to_differ

    def decides(player: PlayerTerm, one: OutcomeTerm, other: OutcomeTerm) -> Formula:
        return And(u(player, one) > u(player, other), alike(player, one, other))

    return _statement(
        theory,
        "lexicographic",
        "The lexicographic selection function is transitive",
        [
            "priority",
            "first_to_differ",
            "lexicographic",
            "players_are_listed",
            "gain_up_to",
            "first_gainer_up_to",
            "has_first_gainer",
            "induction_on_first_gainers",
        ],
        [
            Step(
                "one-player-decides-both",
                ForAll(
                    [i, x, y, a],
                    Implies(And(decides(i, x, y), decides(i, y, a)), decides(i, x, a)),
                ),
                ["first_to_differ"],
            ),
            Step(
                "prior-player-decides",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(prior(i, j), decides(i, x, y), decides(j, y, a)),
                        decides(i, x, a),
                    ),
                ),
                ["first_to_differ", "priority"],
            ),
            Step(
                "prior-player-decides-later",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(prior(j, i), decides(i, x, y), decides(j, y, a)),
                        decides(j, x, a),
                    ),
                ),
                ["first_to_differ", "priority"],
            ),
            Step(
                "somebody-decides",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(decides(i, x, y), decides(j, y, a)),
                        Exists([k], decides(k, x, a)),
                    ),
                ),
                [
                    "one-player-decides-both",
                    "prior-player-decides",
                    "prior-player-decides-later",
                    "priority",
                ],
            ),
            Step(
                "better-composes",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
                ),
                ["somebody-decides", "lexicographic"],
            ),
            Step(
                "better-and-tied-compose",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
                ),
                ["first_to_differ", "lexicographic"],
            ),
            Step(
                "better-excludes-tied",
                ForAll([S, x, y], Not(And(better(S, x, y), tied(S, y, x)))),
                ["lexicographic"],
            ),
            Step(
                "not-better-than-itself",
                ForAll([S, x], Not(better(S, x, x))),
                ["lexicographic"],
            ),
            *_gainers(
                theory,
                "first_gainers",
                theory.first_gainer_up_to,
                "has_first_gainer",
                prior,
                ["first_gainer_up_to", "priority"],
            ),
            _gain_is_reached(theory),
            Step(
                "first-gainer-decides",
                ForAll(
                    [i, x, a],
                    Implies(
                        And(
                            theory.weakly_improves(x, a),
                            theory.first_gainer_up_to(i, x, a, last),
                        ),
                        decides(i, x, a),
                    ),
                ),
                ["first_gainer_up_to", "first_to_differ", "weakly_improves", "players_are_listed"],
            ),
            *_last_steps(
                theory,
                order=[
                    "better-composes",
                    "better-and-tied-compose",
                    "better-excludes-tied",
                    "not-better-than-itself",
                ],
                above=[
                    "gain-is-reached",
                    "first_gainers-last",
                    "has_first_gainer",
                    "first-gainer-decides",
                    "lexicographic",
                ],
                kept=["lexicographic"],
            ),
        ],
    )


def _utilitarian(theory: Theory) -> Statement:
    return _statement(
        theory,
        "utilitarian",
        "The utilitarian selection function is transitive",
        [
            "players_are_listed",
            "players_are_listed_once",
            "totals",
            "utilitarian",
            "gain_up_to",
            "totals_rise",
            "induction_on_totals",
        ],
        [
            *_along_players(
                lambda position: theory.totals_rise(x, a, position),
                theory.weakly_improves(x, a),
                [x, a],
                ["totals", "totals_rise", "gain_up_to", "weakly_improves"],
                "totals",
            ),
            _gain_is_reached(theory),
            *_last_steps(
                theory,
                order=["utilitarian"],
                above=["gain-is-reached", "totals-last", "totals_rise", "utilitarian"],
                kept=["utilitarian"],
            ),
        ],
    )


def _leximin(theory: Theory) -> Statement:
    def at_most(outcome: OutcomeTerm, player: PlayerTerm, level: OutcomeTerm) -> Number:
        return count_up_to(outcome, player, level, last)

    def decides(
        one: OutcomeTerm, other: OutcomeTerm, player: PlayerTerm, level: OutcomeTerm
    ) -> Formula:
        fewer = at_most(one, player, level) < at_most(other, player, level)
        return And(fewer, theory.as_many_below(one, other, player, level))

    new = player_at(m)
    both = And(decides(x, y, j, b), decides(y, a, k, c))
    against = And(decides(x, y, j, b), decides(y, x, k, c))
    counted = theory.counted_too(x, j, b, a, k, c)
    gainer = And(theory.weakly_improves(x, a), theory.least_gainer_up_to(i, x, a, last))
    return _statement(
        theory,
        "leximin",
        "The leximin selection function is transitive",
        [
            "players_are_listed",
            "players_are_listed_once",
            "counts",
            "as_many_below",
            "leximin_better",
            "leximin",
            "counted_too",
            "counted_more",
            "counts_rise",
            "induction_on_counts",
            "gain_up_to",
            "least_gainer_up_to",
            "has_least_gainer",
            "induction_on_least_gainers",
        ],
        [
            Step(
                "one-more-counted",
                ForAll(
                    [x, j, b, n, m],
                    Implies(
                        next_to(n, m),
                        count_up_to(x, j, b, m)
                        == count_up_to(x, j, b, n)
                        + If(u(new, x) <= u(j, b), z3.RealVal(1), z3.RealVal(0)),
                    ),
                ),
                ["counts"],
            ),
            Step(
                "new-or-old-counted-more",
                ForAll(
                    [x, j, b, a, k, c, n, m],
                    Implies(
                        And(next_to(n, m), theory.counted_more(x, j, b, a, k, c, m)),
                        Or(
                            theory.counted_more(x, j, b, a, k, c, n),
                            And(u(new, x) > u(j, b), u(new, a) <= u(k, c)),
                        ),
                    ),
                ),
                ["counted_more", "players_are_listed"],
            ),
            Step(
                "new-counted-too",
                ForAll(
                    [x, j, b, a, k, c, m],
                    Implies(counted, Implies(u(new, x) <= u(j, b), u(new, a) <= u(k, c))),
                ),
                ["counted_too"],
            ),
            *_along_players(
                lambda position: theory.counts_rise(x, j, b, a, k, c, position),
                counted,
                [x, j, b, a, k, c],
                ["counts", "counted_too", "counted_more", "counts_rise"],
                "counts",
                next_uses=[
                    "one-more-counted",
                    "new-or-old-counted-more",
                    "new-counted-too",
                    "counts_rise",
                ],
            ),
            Step(
                "no-more-counted",
                ForAll([x, j, b, a, k, c], Implies(counted, at_most(x, j, b) <= at_most(a, k, c))),
                ["counts-last", "counts_rise"],
            ),
            Step(
                "same-level-counted-too",
                ForAll(
                    [x, j, b, k, c],
                    Implies(u(j, b) == u(k, c), theory.counted_too(x, j, b, x, k, c)),
                ),
                ["counted_too"],
            ),
            Step(
                "same-level-same-count",
                ForAll(
                    [x, j, b, k, c],
                    Implies(u(j, b) == u(k, c), at_most(x, j, b) == at_most(x, k, c)),
                ),
                ["no-more-counted", "same-level-counted-too"],
            ),
            Step(
                "first-level-is-lower",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(j, b) < u(k, c)), decides(x, a, j, b)),
                ),
                ["as_many_below"],
            ),
            Step(
                "second-level-is-lower",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(k, c) < u(j, b)), decides(x, a, k, c)),
                ),
                ["as_many_below"],
            ),
            Step(
                "levels-are-the-same",
                ForAll(
                    [x, y, a, j, b, k, c],
                    Implies(And(both, u(k, c) == u(j, b)), decides(x, a, j, b)),
                ),
                ["as_many_below", "same-level-same-count"],
            ),
            Step(
                "deciding-is-better",
                ForAll([x, a, j, b], Implies(decides(x, a, j, b), theory.leximin_better(x, a))),
                ["leximin_better"],
            ),
            Step(
                "some-level-decides",
                ForAll([x, y, a, j, b, k, c], Implies(both, theory.leximin_better(x, a))),
                [
                    "first-level-is-lower",
                    "second-level-is-lower",
                    "levels-are-the-same",
                    "deciding-is-better",
                ],
            ),
            Step(
                "better-composes",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
                ),
                ["some-level-decides", "leximin_better", "leximin"],
            ),
            Step(
                "not-both-better",
                ForAll([x, y, j, b, k, c], Not(against)),
                ["as_many_below", "same-level-same-count"],
            ),
            Step(
                "better-excludes-the-opposite",
                ForAll([S, x, y], Not(And(better(S, x, y), better(S, y, x)))),
                ["not-both-better", "leximin_better", "leximin"],
            ),
            Step(
                "better-and-tied-compose",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
                ),
                ["leximin_better", "as_many_below", "leximin"],
            ),
            Step(
                "better-excludes-tied",
                ForAll([S, x, y], Not(And(better(S, x, y), tied(S, y, x)))),
                ["leximin_better", "leximin"],
            ),
            *_gainers(
                theory,
                "least_gainers",
                theory.least_gainer_up_to,
                "has_least_gainer",
                lambda one, other: u(one, a) < u(other, a),
                ["least_gainer_up_to"],
            ),
            _gain_is_reached(theory),
            Step(
                "improving-counts-no-more",
                ForAll(
                    [x, a, k, c],
                    Implies(theory.weakly_improves(x, a), theory.counted_too(x, k, c, a, k, c)),
                ),
                ["counted_too", "weakly_improves"],
            ),
            Step(
                "gainer-counts-one-less",
                ForAll([i, x, a], Implies(gainer, theory.counted_more(x, i, a, a, i, a, last))),
                ["counted_more", "least_gainer_up_to"],
            ),
            Step(
                "fewer-at-the-least-gainer",
                ForAll([i, x, a], Implies(gainer, at_most(x, i, a) < at_most(a, i, a))),
                [
                    "improving-counts-no-more",
                    "gainer-counts-one-less",
                    "counts-last",
                    "counts_rise",
                ],
            ),
            Step(
                "nobody-leaves-a-lower-level",
                ForAll(
                    [i, x, a, k, c],
                    Implies(
                        And(gainer, u(k, c) < u(i, a)),
                        And(
                            theory.counted_too(x, k, c, a, k, c),
                            theory.counted_too(a, k, c, x, k, c),
                        ),
                    ),
                ),
                ["counted_too", "least_gainer_up_to", "weakly_improves", "players_are_listed"],
            ),
            Step(
                "counted-both-ways",
                ForAll(
                    [x, a, k, c],
                    Implies(
                        And(
                            theory.counted_too(x, k, c, a, k, c),
                            theory.counted_too(a, k, c, x, k, c),
                        ),
                        at_most(x, k, c) == at_most(a, k, c),
                    ),
                ),
                ["no-more-counted"],
            ),
            Step(
                "as-many-at-a-lower-level",
                ForAll(
                    [i, x, a, k, c],
                    Implies(And(gainer, u(k, c) < u(i, a)), at_most(x, k, c) == at_most(a, k, c)),
                ),
                ["nobody-leaves-a-lower-level", "counted-both-ways"],
            ),
            Step(
                "as-many-under-the-least-gainer",
                ForAll([i, x, a], Implies(gainer, theory.as_many_below(x, a, i, a))),
                ["as-many-at-a-lower-level", "as_many_below"],
            ),
            Step(
                "least-gainer-decides",
                ForAll([i, x, a], Implies(gainer, theory.leximin_better(x, a))),
                [
                    "fewer-at-the-least-gainer",
                    "as-many-under-the-least-gainer",
                    "leximin_better",
                ],
            ),
            *_last_steps(
                theory,
                order=[
                    "better-composes",
                    "better-excludes-the-opposite",
                    "better-and-tied-compose",
                    "better-excludes-tied",
                ],
                above=[
                    "gain-is-reached",
                    "least_gainers-last",
                    "has_least_gainer",
                    "least-gainer-decides",
                    "leximin",
                ],
                kept=["leximin"],
            ),
        ],
    )


def _maxmin(theory: Theory) -> list[Statement]:
    return _repaired(
        theory,
        "maxmin",
        "The maxmin selection function is transitive",
        ["least_payoffs", "maxmin"],
        [
            Step(
                "least-does-not-fall",
                ForAll([x, a], Implies(theory.weakly_improves(x, a), least(x) >= least(a))),
                ["weakly_improves", "least_payoffs"],
            ),
            *_last_steps(
                theory,
                order=["maxmin"],
                above=["no-tie-under-domination", "least-does-not-fall", "dominates", "maxmin"],
                kept=["maxmin"],
            ),
        ],
        [_no_tie(theory)],
        "A dominating outcome can have the same least payoff as what it dominates.",
    )


NASH = (
    "players_are_listed",
    "players_are_listed_once",
    "gains",
    "products",
    "nobody_loses",
    "nash_products",
    "nash",
)


def _nash(theory: Theory) -> list[Statement]:
    return _repaired(
        theory,
        "nash",
        "The Nash selection function is transitive, the disagreement point weakly below",
        [*NASH, "products_do_not_fall", "induction_on_products"],
        [
            *_factors(),
            Step(
                "no-negative-factor",
                ForAll([a, i], Implies(theory.nobody_loses(a), gain(i, a) >= 0)),
                ["nobody_loses"],
            ),
            Step(
                "gains-do-not-fall",
                ForAll([x, a, i], Implies(theory.weakly_improves(x, a), gain(i, x) >= gain(i, a))),
                ["gains", "weakly_improves"],
            ),
            *_along_players(
                lambda position: theory.products_do_not_fall(x, a, position),
                And(theory.weakly_improves(x, a), theory.nobody_loses(a)),
                [x, a],
                [
                    "no-negative-factor",
                    "gains-do-not-fall",
                    "products",
                    "products_do_not_fall",
                ],
                "products",
                next_uses=[
                    *FACTORS,
                    "no-negative-factor",
                    "gains-do-not-fall",
                    "products_do_not_fall",
                ],
            ),
            Step(
                "still-nobody-loses",
                ForAll(
                    [x, a],
                    Implies(
                        And(theory.weakly_improves(x, a), theory.nobody_loses(a)),
                        theory.nobody_loses(x),
                    ),
                ),
                ["no-negative-factor", "gains-do-not-fall", "nobody_loses"],
            ),
            Step("improves-on-itself", ForAll([a], theory.weakly_improves(a, a)), DOMINATION[:1]),
            Step(
                "no-negative-product",
                ForAll([a], Implies(theory.nobody_loses(a), product_up_to(a, last) >= 0)),
                ["improves-on-itself", "products-last", "products_do_not_fall"],
            ),
            Step(
                "product-does-not-fall",
                ForAll(
                    [x, a],
                    Implies(theory.weakly_improves(x, a), nash_product(x) >= nash_product(a)),
                ),
                [
                    "products-last",
                    "products_do_not_fall",
                    "still-nobody-loses",
                    "no-negative-product",
                    "nash_products",
                ],
            ),
            *_last_steps(
                theory,
                order=["nash"],
                above=["no-tie-under-domination", "product-does-not-fall", "dominates", "nash"],
                kept=["nash"],
            ),
        ],
        [_no_tie(theory)],
        "Where somebody gains nothing, a dominating outcome can have the same product 0.",
        [_weakly_below(theory)],
    )


def _factors() -> list[Step]:
    """Return how one more factor acts on products that are not negative."""
    x_so_far, a_so_far = product_up_to(x, n), product_up_to(a, n)
    gain_in_x, gain_in_a = gain(player_at(m), x), gain(player_at(m), a)
    return [
        Step(
            "no-less-product",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(x_so_far >= a_so_far, gain_in_x >= 0),
                    x_so_far * gain_in_x >= a_so_far * gain_in_x,
                ),
            ),
            [],
        ),
        Step(
            "greater-product",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(x_so_far > a_so_far, gain_in_x > 0),
                    x_so_far * gain_in_x > a_so_far * gain_in_x,
                ),
            ),
            [],
        ),
        Step(
            "no-less-factor",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(a_so_far >= 0, gain_in_x >= gain_in_a),
                    a_so_far * gain_in_x >= a_so_far * gain_in_a,
                ),
            ),
            [],
        ),
        Step(
            "greater-factor",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(a_so_far > 0, gain_in_x > gain_in_a),
                    a_so_far * gain_in_x > a_so_far * gain_in_a,
                ),
            ),
            [],
        ),
        Step(
            "product-of-such",
            ForAll(
                [a, n, m],
                And(
                    Implies(And(a_so_far >= 0, gain_in_a >= 0), a_so_far * gain_in_a >= 0),
                    Implies(And(a_so_far > 0, gain_in_a > 0), a_so_far * gain_in_a > 0),
                ),
            ),
            [],
        ),
    ]


FACTORS = (
    "no-less-product",
    "greater-product",
    "no-less-factor",
    "greater-factor",
    "product-of-such",
    "products",
)


def _nash_interior(theory: Theory) -> Statement:
    return _statement(
        theory,
        "nash-interior",
        "The Nash selection function is transitive, the disagreement point strictly below",
        [*NASH, "gain_up_to", "products_rise", "induction_on_positive_products"],
        [
            *_factors(),
            Step(
                "new-or-old-gains",
                ForAll(
                    [x, a, n, m],
                    Implies(
                        And(next_to(n, m), theory.gain_up_to(x, a, m)),
                        Or(
                            theory.gain_up_to(x, a, n),
                            u(player_at(m), x) > u(player_at(m), a),
                        ),
                    ),
                ),
                ["gain_up_to", "players_are_listed"],
            ),
            *_along_players(
                lambda position: theory.products_rise(x, a, position),
                theory.weakly_improves(x, a),
                [x, a],
                [
                    "disagreement-strictly-below",
                    "gains",
                    "products",
                    "products_rise",
                    "gain_up_to",
                    "weakly_improves",
                ],
                "positive_products",
                next_uses=[
                    *FACTORS,
                    "gains",
                    "weakly_improves",
                    "disagreement-strictly-below",
                    "products_rise",
                    "new-or-old-gains",
                ],
            ),
            _gain_is_reached(theory),
            Step(
                "product-rises",
                ForAll([x, a], Implies(theory.dominates(x, a), nash_product(x) > nash_product(a))),
                [
                    "gain-is-reached",
                    "positive_products-last",
                    "products_rise",
                    "nash_products",
                    "nobody_loses",
                    "gains",
                    "disagreement-strictly-below",
                ],
            ),
            *_last_steps(
                theory,
                order=["nash"],
                above=["product-rises", "nash"],
                kept=["nash"],
            ),
        ],
        [
            Hypothesis(
                "disagreement-strictly-below",
                theory.disagreement_strictly_below(),
                "Everybody gets more in every outcome than in the disagreement point.",
            )
        ],
    )


def _kalai_smorodinsky(theory: Theory) -> list[Statement]:
    share, span = relative_gain(i, a, S), ideal_gain(i, S)
    other = relative_gain(i, a, C)
    same_ideal = ForAll([i], ideal_gain(i, S) == ideal_gain(i, C))
    return _repaired(
        theory,
        "kalai-smorodinsky",
        "The Kalai-Smorodinsky selection function is transitive",
        [
            "gains",
            "ideal_points",
            "counts_in",
            "relative_gains",
            "least_relative_gains",
            "kalai_smorodinsky",
        ],
        [
            Step(
                "relative-gain-does-not-fall",
                ForAll(
                    [i, x, a, S],
                    Implies(
                        And(theory.counts_in(i, S), theory.weakly_improves(x, a)),
                        relative_gain(i, x, S) >= share,
                    ),
                ),
                ["relative_gains", "counts_in", "gains", "weakly_improves"],
            ),
            Step(
                "relative-to-the-same",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        And(theory.counts_in(i, S), ideal_gain(i, S) == ideal_gain(i, C)),
                        And(
                            share * span == gain(i, a),
                            other * span == gain(i, a),
                            span > 0,
                        ),
                    ),
                ),
                ["relative_gains", "counts_in"],
            ),
            Step(
                "least-gain-does-not-fall",
                ForAll(
                    [x, a, S],
                    Implies(theory.weakly_improves(x, a), least_gain(x, S) >= least_gain(a, S)),
                ),
                ["relative-gain-does-not-fall", "least_relative_gains"],
            ),
            Step(
                "same-players-count",
                ForAll(
                    [i, S, C],
                    Implies(
                        ideal_gain(i, S) == ideal_gain(i, C),
                        theory.counts_in(i, S) == theory.counts_in(i, C),
                    ),
                ),
                ["counts_in"],
            ),
            Step(
                "greater-share",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        span > 0,
                        And(
                            Implies(share > other, share * span > other * span),
                            Implies(share < other, share * span < other * span),
                        ),
                    ),
                ),
                [],
            ),
            Step(
                "same-relative-gain",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        And(theory.counts_in(i, S), ideal_gain(i, S) == ideal_gain(i, C)),
                        share == other,
                    ),
                ),
                ["relative-to-the-same", "greater-share"],
            ),
            Step(
                "same-least-gain",
                ForAll([a, S, C], Implies(same_ideal, least_gain(a, S) == least_gain(a, C))),
                ["same-players-count", "same-relative-gain", "least_relative_gains"],
            ),
            Step(
                "ideal-gain-kept",
                ForAll(
                    [S, C, i],
                    Implies(
                        theory.improving_extension(sel, S, C),
                        ideal_gain(i, S) == ideal_gain(i, C),
                    ),
                ),
                ["ideal-point-kept", "ideal_points", "improving_extension", "nonempty"],
            ),
            Step(
                "least-gain-kept",
                ForAll(
                    [a, S, C],
                    Implies(
                        theory.improving_extension(sel, S, C),
                        least_gain(a, S) == least_gain(a, C),
                    ),
                ),
                ["same-least-gain", "ideal-gain-kept"],
            ),
            *_last_steps(
                theory,
                order=["kalai_smorodinsky"],
                above=[
                    "no-tie-under-domination",
                    "least-gain-does-not-fall",
                    "dominates",
                    "kalai_smorodinsky",
                ],
                kept=["least-gain-kept", "kalai_smorodinsky"],
            ),
        ],
        [
            Hypothesis(
                "ideal-point-kept",
                theory.ideal_point_kept(),
                "Adding improvements on the selected outcome leaves the ideal point alone.",
            ),
            _no_tie(theory),
        ],
        (
            "What is added can raise the ideal point and so turn the ranking of two old members "
            "around."
        ),
        [_weakly_below(theory)],
    )
