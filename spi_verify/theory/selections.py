"""Selection functions by name, each a formula.

All of them pick among the efficient members of a set the one that their criterion ranks highest,
and of several such the earliest in a fixed order on outcomes (``picks_best``). A criterion says
when one outcome is ``better`` than another in a set, and when two are ``tied``: there is one
closed definition for each selection function (``lexicographic``, ``utilitarian``, ``leximin``,
``maxmin``, ``nash``, ``kalai_smorodinsky``).

Lists and induction
-------------------
The finitely many players stand in a list, whose positions go from ``first`` to ``last``
(``players_are_listed``, ``players_are_listed_once``). Sums, products and counts over players are
defined along it, one player after the other. The members of a nonempty finite set stand in a list
of their own, at places that are numbered 1, 2, 3, ...; it has a last place, and may name a member
twice (``members_are_listed``). Places are the natural numbers, so sets of every finite size are
meant.

Each ``induction_...`` says for one claim about positions, or places, that it holds at all of them
if it holds at the first and is handed on to the next. That is true of every claim whatever,
because everything in such a list is reached from the first by finitely many steps. What makes the
claims true, base and step, is proved by the suites.
"""

from __future__ import annotations

from typing import Any

import z3
from z3 import And, Exists, ForAll, If, Implies, Not, Or

from spi_verify.theory.definitions import _induction
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Place,
    Player,
    Position,
    Selection,
    among_first,
    better,
    count_up_to,
    disagreement,
    earlier,
    first,
    first_place,
    gain,
    ideal,
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
    reached,
    relative_gain,
    sel,
    selected,
    tied,
    total_up_to,
    u,
)
from spi_verify.theory.theory import axiom, define

i, j, k = z3.Consts("i j k", Player)
a, b, c, e, x, y = z3.Consts("a b c e x y", Outcome)
S, C = z3.Consts("S C", OutcomeSet)
n, m = z3.Consts("n m", Position)
v, w = z3.Consts("v w", Place)


# Picking the best efficient member


@define(Outcome, Outcome)
def dominates(theory: Any, x: Any, a: Any) -> Any:
    """Everybody's payoff in x is at least that in a, and somebody's is greater."""
    return And(theory.weakly_improves(x, a), Exists([j], u(j, x) > u(j, a)))


@define(Outcome, OutcomeSet)
def efficient_among(theory: Any, x: Any, S: Any) -> Any:
    """The outcome x is a member of S, and no member dominates it."""
    return And(
        member(x, S),
        ForAll([b], Implies(member(b, S), Not(theory.dominates(b, x)))),
    )


@define()
def fixed_order(theory: Any) -> Any:
    """The order that breaks ties is a strict total order on outcomes."""
    return And(
        ForAll([x, y, a], Implies(And(earlier(x, y), earlier(y, a)), earlier(x, a))),
        ForAll([x, a], Not(And(earlier(x, a), earlier(a, x)))),
        ForAll([x, a], Or(x == a, earlier(x, a), earlier(a, x))),
    )


@define(Selection)
def picks_best(theory: Any, s: Any) -> Any:
    """What s picks from a set is efficient in it, and ranks above all other efficient members.

    Either the criterion ranks it above, or it ranks both the same and the order has it earlier.
    """
    chosen = selected(s, S)
    above = Or(better(S, chosen, x), And(tied(S, chosen, x), earlier(chosen, x)))
    return ForAll(
        [S],
        Implies(
            theory.nonempty(S),
            And(
                theory.efficient_among(chosen, S),
                ForAll([x], Implies(And(theory.efficient_among(x, S), x != chosen), above)),
            ),
        ),
    )


@define(Selection, OutcomeSet, OutcomeSet)
def improving_extension(theory: Any, s: Any, S: Any, C: Any) -> Any:
    """The set C is S, which is not empty, with some weak improvements on what s picks from S."""
    added = Or(member(x, S), theory.weakly_improves(x, selected(s, S)))
    return And(
        theory.nonempty(S),
        ForAll([x], Implies(member(x, S), member(x, C))),
        ForAll([x], Implies(member(x, C), added)),
    )


# What makes picking the best transitive


@define()
def criterion_is_an_order(theory: Any) -> Any:
    """Being better goes on through better and tied outcomes, and excludes the opposite."""
    return ForAll(
        [S, x, y, a],
        And(
            Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
            Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
            Not(And(better(S, x, y), better(S, y, x))),
            Not(And(better(S, x, y), tied(S, y, x))),
        ),
    )


@define()
def domination_is_better(theory: Any) -> Any:
    """In every set, the criterion ranks a member above those that it dominates."""
    return ForAll(
        [S, x, a],
        Implies(
            And(member(x, S), member(a, S), theory.dominates(x, a)),
            better(S, x, a),
        ),
    )


@define()
def criterion_kept(theory: Any) -> Any:
    """Adding improvements on the selected outcome to a set leaves its members' ranking alone."""
    return ForAll(
        [S, C, x, a],
        Implies(
            And(theory.improving_extension(sel, S, C), member(x, S), member(a, S)),
            And(better(S, x, a) == better(C, x, a), tied(S, x, a) == tied(C, x, a)),
        ),
    )


@define()
def no_tie_under_domination(theory: Any) -> Any:
    """No member of a set is tied with one that it dominates."""
    return ForAll(
        [S, x, a],
        Implies(
            And(member(x, S), member(a, S), theory.dominates(x, a)),
            Not(tied(S, x, a)),
        ),
    )


@define()
def best_is_transitive(theory: Any) -> Any:
    """Picking the best is transitive where domination is better and the ranking is kept."""
    return Implies(
        And(
            theory.criterion_is_an_order(),
            theory.domination_is_better(),
            theory.criterion_kept(),
        ),
        theory.transitive(sel),
    )


# Finite sets


@define()
def members_are_listed(theory: Any) -> Any:
    """Every set that is not empty is finite: its members stand in a list that comes to an end."""
    in_list = And(
        ForAll([x], among_first(x, S, first_place) == (x == member_at(S, first_place))),
        ForAll(
            [v, w, x],
            Implies(
                next_place(v, w),
                among_first(x, S, w) == Or(among_first(x, S, v), x == member_at(S, w)),
            ),
        ),
        ForAll([x], member(x, S) == among_first(x, S, last_place(S))),
    )
    return ForAll([S], Implies(theory.nonempty(S), in_list))


@define(Outcome, OutcomeSet, Place)
def undominated_up_to(theory: Any, x: Any, S: Any, v: Any) -> Any:
    """The outcome x is listed up to v, and nothing listed up to there dominates it."""
    return And(
        among_first(x, S, v),
        ForAll([b], Implies(among_first(b, S, v), Not(theory.dominates(b, x)))),
    )


@define(Outcome, OutcomeSet, Place)
def improved_up_to(theory: Any, a: Any, S: Any, v: Any) -> Any:
    """Something listed up to v weakly improves on a."""
    return Exists([b], And(among_first(b, S, v), theory.weakly_improves(b, a)))


@define(Outcome, OutcomeSet, Place)
def covered_up_to(theory: Any, a: Any, S: Any, v: Any) -> Any:
    """If anything listed up to v weakly improves on a, so does something undominated there."""
    return Implies(
        theory.improved_up_to(a, S, v),
        Exists([e], And(theory.undominated_up_to(e, S, v), theory.weakly_improves(e, a))),
    )


@axiom()
def induction_on_members(theory: Any) -> Any:
    """Induction along the list of a set's members, for improvements that are undominated."""

    def claim(place: Any) -> Any:
        return theory.covered_up_to(a, S, place)

    step = ForAll([v, w], Implies(And(next_place(v, w), claim(v)), claim(w)))
    return ForAll([S, a], Implies(And(claim(first_place), step), ForAll([v], claim(v))))


@define()
def efficient_within_sets(theory: Any) -> Any:
    """Every member of a set is weakly improved by one that is efficient in the set."""
    return ForAll(
        [S, a],
        Implies(
            member(a, S),
            Exists([x], And(theory.efficient_among(x, S), theory.weakly_improves(x, a))),
        ),
    )


# Players along their list


@axiom()
def players_are_listed_once(theory: Any) -> Any:
    """Nobody stands in the list of players twice."""
    return ForAll([n, m], Implies(next_to(n, m), Not(reached(player_at(m), n))))


@define(Outcome, Outcome, Position)
def gain_up_to(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """Somebody listed up to n gets more in x than in a."""
    return Exists([i], And(reached(i, n), u(i, x) > u(i, a)))


# Players in a fixed priority


@axiom()
def priority(theory: Any) -> Any:
    """The order of priority is a strict total order on players."""
    return And(
        ForAll([i, j, k], Implies(And(prior(i, j), prior(j, k)), prior(i, k))),
        ForAll([i, j], Not(And(prior(i, j), prior(j, i)))),
        ForAll([i, j], Or(i == j, prior(i, j), prior(j, i))),
    )


@define(Player, Outcome, Outcome)
def first_to_differ(theory: Any, i: Any, x: Any, a: Any) -> Any:
    """Everybody prior to player i gets the same in x as in a."""
    return ForAll([j], Implies(prior(j, i), u(j, x) == u(j, a)))


@axiom()
def lexicographic(theory: Any) -> Any:
    """The first player in the order of priority who is not indifferent decides."""
    decides = And(u(i, x) > u(i, a), theory.first_to_differ(i, x, a))
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == Exists([i], decides),
            tied(S, x, a) == ForAll([i], u(i, x) == u(i, a)),
        ),
    )


@define(Player, Outcome, Outcome, Position)
def first_gainer_up_to(theory: Any, i: Any, x: Any, a: Any, n: Any) -> Any:
    """Player i, listed up to n, gets more in x than in a; nobody prior listed up to n does."""
    return And(
        reached(i, n),
        u(i, x) > u(i, a),
        ForAll([j], Implies(And(reached(j, n), prior(j, i)), u(j, x) <= u(j, a))),
    )


@define(Outcome, Outcome, Position)
def has_first_gainer(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """If anybody listed up to n gets more in x than in a, somebody does first."""
    return Implies(
        theory.gain_up_to(x, a, n),
        Exists([i], theory.first_gainer_up_to(i, x, a, n)),
    )


@axiom()
def induction_on_first_gainers(theory: Any) -> Any:
    """Induction along the list of players, for having a first one who gains."""
    return ForAll([x, a], _induction(lambda position: theory.has_first_gainer(x, a, position)))


# The sum of payoffs


@axiom(total_up_to)
def totals(theory: Any) -> Any:
    """The sum of payoffs is taken along the list of players."""
    return ForAll(
        [a],
        And(
            total_up_to(a, first) == u(player_at(first), a),
            ForAll(
                [n, m],
                Implies(next_to(n, m), total_up_to(a, m) == total_up_to(a, n) + u(player_at(m), a)),
            ),
        ),
    )


@axiom()
def utilitarian(theory: Any) -> Any:
    """The greater sum of payoffs is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (total_up_to(x, last) > total_up_to(a, last)),
            tied(S, x, a) == (total_up_to(x, last) == total_up_to(a, last)),
        ),
    )


@define(Outcome, Outcome, Position)
def totals_rise(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """Up to n, the sum for x is at least that for a, and greater if anybody gains."""
    mine, other = total_up_to(x, n), total_up_to(a, n)
    return And(mine >= other, Implies(theory.gain_up_to(x, a, n), mine > other))


@axiom()
def induction_on_totals(theory: Any) -> Any:
    """Induction along the list of players, for sums that rise."""
    return ForAll([x, a], _induction(lambda position: theory.totals_rise(x, a, position)))


# The least payoff


@axiom(least)
def least_payoffs(theory: Any) -> Any:
    """The least payoff is somebody's, and nobody gets less."""
    return ForAll(
        [a],
        And(
            ForAll([i], least(a) <= u(i, a)),
            Exists([i], least(a) == u(i, a)),
        ),
    )


@axiom()
def maxmin(theory: Any) -> Any:
    """The greater least payoff is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (least(x) > least(a)),
            tied(S, x, a) == (least(x) == least(a)),
        ),
    )


# Payoffs in ascending order


@axiom(count_up_to)
def counts(theory: Any) -> Any:
    """Players who get at most u(j, b) are counted along the list of players."""

    def one(position: Any) -> Any:
        return If(u(player_at(position), a) <= u(j, b), z3.RealVal(1), z3.RealVal(0))

    return ForAll(
        [a, j, b],
        And(
            count_up_to(a, j, b, first) == one(first),
            ForAll(
                [n, m],
                Implies(next_to(n, m), count_up_to(a, j, b, m) == count_up_to(a, j, b, n) + one(m)),
            ),
        ),
    )


@define(Outcome, Outcome, Player, Outcome)
def as_many_below(theory: Any, x: Any, a: Any, j: Any, b: Any) -> Any:
    """At every level under u(j, b), as many players are at or below it in x as in a."""
    return ForAll(
        [k, c],
        Implies(
            u(k, c) < u(j, b),
            count_up_to(x, k, c, last) == count_up_to(a, k, c, last),
        ),
    )


@define(Outcome, Outcome)
def leximin_better(theory: Any, x: Any, a: Any) -> Any:
    """At the smallest level where they differ, fewer players are at or below it in x than in a.

    Levels are the payoffs of all players in all outcomes. The counts of x and a change at
    payoffs in x and in a only, so the smallest level where they differ is one of these; and
    fewer at or below it means that, with payoffs in ascending order, the first that differs
    is greater in x.
    """
    fewer = count_up_to(x, j, b, last) < count_up_to(a, j, b, last)
    return Exists([j, b], And(fewer, theory.as_many_below(x, a, j, b)))


@axiom()
def leximin(theory: Any) -> Any:
    """Fewer players at or below the smallest level where the numbers differ is better."""
    same = ForAll([j, b], count_up_to(x, j, b, last) == count_up_to(a, j, b, last))
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == theory.leximin_better(x, a),
            tied(S, x, a) == same,
        ),
    )


@define(Outcome, Player, Outcome, Outcome, Player, Outcome)
def counted_too(theory: Any, x: Any, j: Any, b: Any, a: Any, k: Any, c: Any) -> Any:
    """Who gets at most u(j, b) in x gets at most u(k, c) in a."""
    return ForAll([i], Implies(u(i, x) <= u(j, b), u(i, a) <= u(k, c)))


@define(Outcome, Player, Outcome, Outcome, Player, Outcome, Position)
def counted_more(theory: Any, x: Any, j: Any, b: Any, a: Any, k: Any, c: Any, n: Any) -> Any:
    """Somebody listed up to n gets more than u(j, b) in x, and at most u(k, c) in a."""
    return Exists([i], And(reached(i, n), u(i, x) > u(j, b), u(i, a) <= u(k, c)))


@define(Outcome, Player, Outcome, Outcome, Player, Outcome, Position)
def counts_rise(theory: Any, x: Any, j: Any, b: Any, a: Any, k: Any, c: Any, n: Any) -> Any:
    """Up to n, at most as many get u(j, b) or less in x as get u(k, c) or less in a.

    And fewer, if somebody is counted in a and not in x.
    """
    mine, other = count_up_to(x, j, b, n), count_up_to(a, k, c, n)
    more = theory.counted_more(x, j, b, a, k, c, n)
    return And(mine <= other, Implies(more, mine < other))


@axiom()
def induction_on_counts(theory: Any) -> Any:
    """Induction along the list of players, for comparing two counts."""
    return ForAll(
        [x, j, b, a, k, c],
        _induction(lambda position: theory.counts_rise(x, j, b, a, k, c, position)),
    )


@define(Player, Outcome, Outcome, Position)
def least_gainer_up_to(theory: Any, i: Any, x: Any, a: Any, n: Any) -> Any:
    """Of those listed up to n who get more in x than in a, player i gets the least in a."""
    return And(
        reached(i, n),
        u(i, x) > u(i, a),
        ForAll([j], Implies(And(reached(j, n), u(j, x) > u(j, a)), u(i, a) <= u(j, a))),
    )


@define(Outcome, Outcome, Position)
def has_least_gainer(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """If anybody listed up to n gets more in x than in a, somebody of them gets the least in a."""
    return Implies(
        theory.gain_up_to(x, a, n),
        Exists([i], theory.least_gainer_up_to(i, x, a, n)),
    )


@axiom()
def induction_on_least_gainers(theory: Any) -> Any:
    """Induction along the list of players, for having one with the least payoff who gains."""
    return ForAll([x, a], _induction(lambda position: theory.has_least_gainer(x, a, position)))


# The product of gains


@define()
def disagreement_weakly_below(theory: Any) -> Any:
    """Nobody gets less in any outcome than in the disagreement point."""
    return ForAll([i, a], u(i, a) >= disagreement(i))


@define()
def disagreement_strictly_below(theory: Any) -> Any:
    """Everybody gets more in every outcome than in the disagreement point."""
    return ForAll([i, a], u(i, a) > disagreement(i))


@axiom(gain)
def gains(theory: Any) -> Any:
    """A player's gain is what they get beyond the disagreement point."""
    return ForAll([i, a], gain(i, a) == u(i, a) - disagreement(i))


@axiom(product_up_to)
def products(theory: Any) -> Any:
    """The product of the gains is taken along the list of players."""
    return ForAll(
        [a],
        And(
            product_up_to(a, first) == gain(player_at(first), a),
            ForAll(
                [n, m],
                Implies(
                    next_to(n, m),
                    product_up_to(a, m) == product_up_to(a, n) * gain(player_at(m), a),
                ),
            ),
        ),
    )


@define(Outcome)
def nobody_loses(theory: Any, a: Any) -> Any:
    """Nobody gets less in a than in the disagreement point."""
    return ForAll([i], gain(i, a) >= 0)


@axiom(nash_product)
def nash_products(theory: Any) -> Any:
    """The product counts where nobody loses; where somebody does, -1 stands for it."""
    return ForAll(
        [a],
        nash_product(a) == If(theory.nobody_loses(a), product_up_to(a, last), -1),
    )


@axiom()
def nash(theory: Any) -> Any:
    """The greater product of gains is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (nash_product(x) > nash_product(a)),
            tied(S, x, a) == (nash_product(x) == nash_product(a)),
        ),
    )


@define(Outcome, Outcome, Position)
def products_do_not_fall(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """Up to n, the product for x is at least that for a, which is not negative."""
    return And(product_up_to(x, n) >= product_up_to(a, n), product_up_to(a, n) >= 0)


@axiom()
def induction_on_products(theory: Any) -> Any:
    """Induction along the list of players, for products that do not fall."""
    return ForAll([x, a], _induction(lambda position: theory.products_do_not_fall(x, a, position)))


@define(Outcome, Outcome, Position)
def products_rise(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """Up to n, the product for a is positive, and that for x no less; greater if anybody gains."""
    mine, other = product_up_to(x, n), product_up_to(a, n)
    return And(other > 0, mine >= other, Implies(theory.gain_up_to(x, a, n), mine > other))


@axiom()
def induction_on_positive_products(theory: Any) -> Any:
    """Induction along the list of players, for positive products that rise."""
    return ForAll([x, a], _induction(lambda position: theory.products_rise(x, a, position)))


# The least relative gain


@axiom(ideal)
def ideal_points(theory: Any) -> Any:
    """The ideal point of a set pays everybody the most that a member pays them."""
    return ForAll(
        [S, i],
        Implies(
            theory.nonempty(S),
            And(
                ForAll([x], Implies(member(x, S), u(i, x) <= ideal(i, S))),
                Exists([x], And(member(x, S), u(i, x) == ideal(i, S))),
                ideal_gain(i, S) == ideal(i, S) - disagreement(i),
            ),
        ),
    )


@define(Player, OutcomeSet)
def counts_in(theory: Any, i: Any, S: Any) -> Any:
    """Player i gains in the ideal point of S."""
    return ideal_gain(i, S) > 0


@axiom(relative_gain)
def relative_gains(theory: Any) -> Any:
    """Who gains in the ideal point gains elsewhere the relative gain times that."""
    return ForAll(
        [i, a, S],
        Implies(
            theory.counts_in(i, S),
            relative_gain(i, a, S) * ideal_gain(i, S) == gain(i, a),
        ),
    )


@axiom(least_gain)
def least_relative_gains(theory: Any) -> Any:
    """The least relative gain is somebody's who counts, and nobody's who counts is less.

    It is 0 where nobody counts.
    """
    share = relative_gain(i, a, S)
    return ForAll(
        [a, S],
        If(
            Exists([i], theory.counts_in(i, S)),
            And(
                ForAll([i], Implies(theory.counts_in(i, S), least_gain(a, S) <= share)),
                Exists([i], And(theory.counts_in(i, S), least_gain(a, S) == share)),
            ),
            least_gain(a, S) == 0,
        ),
    )


@axiom()
def kalai_smorodinsky(theory: Any) -> Any:
    """The greater least relative gain is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (least_gain(x, S) > least_gain(a, S)),
            tied(S, x, a) == (least_gain(x, S) == least_gain(a, S)),
        ),
    )


@define()
def ideal_point_kept(theory: Any) -> Any:
    """Adding improvements on the selected outcome to a set leaves its ideal point alone."""
    return ForAll(
        [S, C, i],
        Implies(theory.improving_extension(sel, S, C), ideal(i, S) == ideal(i, C)),
    )


SELECTION_DEFINITIONS = tuple(
    value for value in list(globals().values()) if type(value).__name__ == "Definition"
)
