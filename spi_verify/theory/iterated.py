"""Proposition 5: subjective equilibria of iterated CSR programs a little above the PMM.

The first argument of every function is the theory, through which it refers to other definitions.
"""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.theory.phrases import induction, maximum
from spi_verify.theory.signature import (
    Belief,
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    SetFunctions,
    action,
    after,
    anticipated,
    cap,
    centre,
    certainty,
    component,
    conceding,
    corner,
    default,
    defaults,
    delta,
    favourite,
    first,
    generous,
    given,
    in_default_set,
    in_icsr,
    last,
    lavish,
    lavish_cap,
    lure,
    meet_point,
    member,
    modest,
    next_to,
    offering,
    offers,
    outcome,
    overrated,
    path,
    played,
    plays,
    pmm,
    program,
    renegotiated,
    replace,
    replies,
    room,
    round_function,
    round_functions,
    sel,
    stingy,
    supposes,
    u,
    utility,
    weight,
)
from spi_verify.theory.terms import (
    BeliefTerm,
    Formula,
    OutcomeTerm,
    PlayerTerm,
    PositionTerm,
    ProfileTerm,
    ProgramTerm,
    SetFunctionTerm,
)
from spi_verify.theory.theory import Theory, axiom, collected, define

i, j, k = z3.Consts("i j k", Player)
a, x = z3.Consts("a x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
R = z3.Const("R", SetFunctions)
b = z3.Const("b", Belief)
n, m = z3.Consts("n m", Position)


# Programs of the game G(P with all P_i^IRN), and beliefs about them


@define(Player, Program)
def default_or_icsr(theory: Theory, i: PlayerTerm, c: ProgramTerm) -> Formula:
    """The program c may be chosen by player i in the game G(P with all P_i^IRN)."""
    return Or(in_default_set(i, c), in_icsr(i, c))


@axiom(round_functions)
def round_profile(theory: Theory) -> Formula:
    """The functions of a program profile for a round are those of its programs."""
    return ForAll(
        [p, i, n], component(i, round_functions(n, p)) == round_function(program(i, p), n)
    )


@define(Belief, Player, Profile)
def certain(theory: Theory, b: BeliefTerm, i: PlayerTerm, q: ProfileTerm) -> Formula:
    """Player i is certain of q_-i: nothing else is in the support, and payoffs are expected."""
    same = ForAll([j], Implies(j != i, program(j, p) == program(j, q)))
    return And(
        ForAll([p], supposes(b, i, p) == same),
        ForAll([c], utility(b, i, c) == u(i, outcome(replace(q, i, c)))),
    )


@define(Belief, Player, Program)
def optimal_under(theory: Theory, b: BeliefTerm, i: PlayerTerm, c: ProgramTerm) -> Formula:
    """No program of G(P with all P_i^IRN) has a higher expected payoff than c."""
    return And(
        theory.default_or_icsr(i, c),
        ForAll([d], Implies(theory.default_or_icsr(i, d), utility(b, i, d) <= utility(b, i, c))),
    )


@define(Belief, Profile)
def equilibrium_under(theory: Theory, b: BeliefTerm, p: ProfileTerm) -> Formula:
    """Definition 1: (p, b) is a subjective equilibrium of G(P with all P_i^IRN)."""
    return ForAll([i], theory.optimal_under(b, i, program(i, p)))


@define(Profile, Player)
def others_icsr(theory: Theory, p: ProfileTerm, i: PlayerTerm) -> Formula:
    """Everybody but i uses an iterated CSR program."""
    return ForAll([j], Implies(j != i, in_icsr(j, program(j, p))))


@define(Belief)
def iterated_9_i(theory: Theory, b: BeliefTerm) -> Formula:
    """Assumption 9(i) for iterated CSR: who does not use it treats it as its defaults.

    It binds programs of subjective equilibria and components of believed profiles, where all
    their counterparts use iterated CSR programs.
    """
    in_equilibrium = Exists([q], And(theory.equilibrium_under(b, q), program(i, q) == c))
    in_beliefs = Exists([j, q], And(j != i, supposes(b, j, q), program(i, q) == c))
    return ForAll(
        [i, c, p],
        Implies(
            And(Or(in_equilibrium, in_beliefs), Not(in_icsr(i, c)), theory.others_icsr(p, i)),
            plays(i, c, defaults(p)) == plays(i, c, p),
        ),
    )


@define(Player, Program, Program)
def iterated_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Definition 8 for iterated CSR: in every round, d offers what c does, and projections.

    The projections are player i's, of what c would have reached in that round against the very
    same counterparts.
    """
    against = round_functions(n, replace(p, i, c))
    adds = And(
        theory.others_icsr(p, i),
        ForAll([j], Implies(j != i, component(j, against) == component(j, R))),
        theory.pmp(i, x, renegotiated(sel, against, a)),
    )
    return And(
        in_icsr(i, c),
        in_icsr(i, d),
        default(d) == default(c),
        ForAll(
            [n, R, a, x],
            member(x, offers(i, round_function(d, n), R, a))
            == Or(member(x, offers(i, round_function(c, n), R, a)), Exists([p], adds)),
        ),
    )


@define(Belief)
def iterated_9_ii(theory: Theory, b: BeliefTerm) -> Formula:
    """Assumption 9(ii) for iterated CSR: nobody believed possible reacts badly to an extension.

    In every round everybody else offers, at every outcome, what they offered before the
    extension and nothing new except points of player i's projection of what was reached then.
    """
    before = round_functions(n, replace(p, i, c))
    afterwards = round_functions(n, replace(p, i, d))
    own = round_function(program(j, p), n)
    old, new = member(x, offers(j, own, before, a)), member(x, offers(j, own, afterwards, a))
    return ForAll(
        [i, p, c, d],
        Implies(
            And(supposes(b, i, p), theory.others_icsr(p, i), theory.iterated_extension(i, c, d)),
            ForAll(
                [j, n, a, x],
                Implies(
                    j != i,
                    And(
                        Implies(old, new),
                        Implies(new, Or(old, theory.pmp(i, x, renegotiated(sel, before, a)))),
                    ),
                ),
            ),
        ),
    )


@define(Outcome, Outcome)
def strictly_improves(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Everybody gets more in x than in a."""
    return ForAll([i], u(i, x) > u(i, a))


@define(Profile)
def rounds_improve(theory: Theory, p: ProfileTerm) -> Formula:
    """Every round but the last strictly improves on where it started."""
    point = outcome(defaults(p))
    return And(
        Implies(first != last, theory.strictly_improves(after(first, p, point), point)),
        ForAll(
            [n, m],
            Implies(
                And(next_to(n, m), m != last),
                theory.strictly_improves(after(m, p, point), after(n, p, point)),
            ),
        ),
    )


@define(Belief, Profile)
def tight(theory: Theory, b: BeliefTerm, p: ProfileTerm) -> Formula:
    """What Proposition 5 claims of its equilibrium: the rounds improve, at most to PMM + Delta."""
    return And(
        theory.equilibrium_under(b, p),
        ForAll([i], in_icsr(i, program(i, p))),
        theory.iterated_9_i(b),
        theory.iterated_9_ii(b),
        theory.rounds_improve(p),
        ForAll([i], u(i, outcome(p)) <= pmm(i) + delta(i)),
    )


# The game


@define()
def mixtures(theory: Theory) -> Formula:
    """Players can randomise jointly, said of the mixtures that are needed.

    The centre mixes everybody's favourites, so that it pays a player more than any amount that
    all favourites pay and one exceeds. The path mixes the centre with the PMM, a corner with a
    lure.
    """
    less, more = u(i, favourite(j)) >= u(i, a), u(i, favourite(j)) > u(i, a)
    return And(
        ForAll(
            [i, a],
            Implies(
                And(ForAll([j], less), Exists([j], more)),
                u(i, centre) > u(i, a),
            ),
        ),
        ForAll([i], room(i) == u(i, centre) - u(i, meet_point)),
        ForAll(
            [i, n],
            u(i, path(n)) == u(i, meet_point) + weight(n) * room(i),
        ),
        ForAll(
            [i, j],
            u(j, corner(i)) == u(j, lure(i)) + weight(last) * (u(j, centre) - u(j, lure(i))),
        ),
    )


@axiom()
def weights(theory: Theory) -> Formula:
    """Probabilities that rise from round to round and are small enough for everything below.

    The path stays within Delta of the PMM, and a corner pays player i more than any reply where
    the lure does. There are finitely many players and rounds, so there are such numbers.
    """
    given_up = weight(last) * (u(i, lure(i)) - u(i, centre))
    return And(
        ForAll([n], And(weight(n) > 0, weight(n) <= weight(last))),
        weight(last) <= 1,
        ForAll([n, m], Implies(next_to(n, m), weight(n) < weight(m))),
        ForAll([i], Implies(delta(i) > 0, weight(last) * room(i) <= delta(i))),
        ForAll(
            [i],
            Implies(replies(i) < u(i, lure(i)), given_up < u(i, lure(i)) - replies(i)),
        ),
    )


@axiom()
def caps(theory: Theory) -> Formula:
    """What a player expects to be offered: in every round enough, in the last the corner."""
    return ForAll(
        [i],
        Implies(
            ForAll([n], u(i, path(n)) <= u(i, corner(i))),
            And(
                ForAll([n], And(u(i, path(n)) <= cap(i, n), cap(i, n) <= u(i, corner(i)))),
                cap(i, last) == u(i, corner(i)),
            ),
        ),
    )


@axiom()
def lavish_caps(theory: Theory) -> Formula:
    """The same for the opponents who offer everything in the end."""
    return ForAll(
        [i],
        And(
            ForAll(
                [n],
                And(u(i, path(n)) <= lavish_cap(i, n), lavish_cap(i, n) <= u(i, favourite(i))),
            ),
            lavish_cap(i, last) == u(i, favourite(i)),
        ),
    )


@define(Player, Outcome)
def may_be_played(theory: Theory, i: PlayerTerm, x: OutcomeTerm) -> Formula:
    """In the outcome x everybody but i does something that their given default may do."""
    some = Exists([p], action(j, x) == plays(j, program(j, given), p))
    return ForAll([j], Implies(j != i, some))


# The programs of the proof


@define(Outcome, Outcome)
def on_meet(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """The outcome x pays everybody at least the larger of the PMM and what a pays."""
    return ForAll([i], u(i, x) >= maximum(pmm(i), u(i, a)))


@axiom()
def modest_offers(theory: Theory) -> Formula:
    """Player i's function accepts what pays each of the others no more than the path does."""
    return ForAll(
        [i, n, R, a, x],
        member(x, offers(i, modest(i, n), R, a))
        == And(
            theory.on_meet(x, a),
            ForAll([j], Implies(j != i, u(j, x) <= u(j, path(n)))),
        ),
    )


@axiom()
def generous_offers(theory: Theory) -> Formula:
    """The functions that player i expects accept what pays player i no more than the cap."""
    return ForAll(
        [i, j, n, R, a, x],
        Implies(
            j != i,
            member(x, offers(j, generous(i, n), R, a))
            == And(theory.on_meet(x, a), u(i, x) <= cap(i, n)),
        ),
    )


@axiom()
def lavish_offers(theory: Theory) -> Formula:
    """The same with the caps of those who offer everything in the end."""
    return ForAll(
        [i, j, n, R, a, x],
        Implies(
            j != i,
            member(x, offers(j, lavish(i, n), R, a))
            == And(theory.on_meet(x, a), u(i, x) <= lavish_cap(i, n)),
        ),
    )


def _there(
    theory: Theory, player: PlayerTerm, candidate: ProgramTerm, function: SetFunctionTerm
) -> Formula:
    legal = ForAll([n], theory.set_valued_renegotiation_function(player, function))
    return Implies(
        And(legal, in_default_set(player, program(player, given))),
        And(
            in_icsr(player, candidate),
            default(candidate) == program(player, given),
            ForAll([n], round_function(candidate, n) == function),
        ),
    )


@axiom()
def icsr_complete(theory: Theory) -> Formula:
    """The set P_i^IRN holds a program for any rounds of legal functions and any default.

    Said of the rounds ``modest`` and ``generous`` and of the given defaults.
    """
    others = _there(theory, j, offering(i, j), generous(i, n))
    return And(
        ForAll([i], _there(theory, i, stingy(i), modest(i, n))),
        ForAll([i, j], Implies(j != i, others)),
    )


@axiom()
def profiles_of_the_proof(theory: Theory) -> Formula:
    """The programs of the proof put together to profiles, what is played and what is expected."""
    return And(
        ForAll([i], program(i, played) == stingy(i)),
        ForAll([i, j], Implies(j != i, program(j, anticipated(i)) == offering(i, j))),
    )


@axiom()
def lavish_programs(theory: Theory) -> Formula:
    """Programs for the rounds ``lavish`` are there, too, and the profiles that they make up."""
    others = _there(theory, j, conceding(i, j), lavish(i, n))
    together = program(j, overrated(i)) == conceding(i, j)
    return ForAll([i, j], Implies(j != i, And(others, together)))


@axiom()
def beliefs_complete(theory: Theory) -> Formula:
    """There are beliefs that are certain of any profiles, here of the anticipated ones."""
    return ForAll([i], theory.certain(certainty, i, anticipated(i)))


# Induction on the round


@axiom()
def induction_on_the_limit(theory: Theory) -> Formula:
    """Induction on the round, for player i having no more than the corner pays."""
    return ForAll([i, p, a], induction(lambda n: u(i, after(n, p, a)) <= u(i, corner(i))))


@define(Player, Profile, Outcome, Position)
def towards_corner(
    theory: Theory, i: PlayerTerm, p: ProfileTerm, a: OutcomeTerm, n: PositionTerm
) -> Formula:
    """After round n nobody has more than player i's corner pays; after the last, just that."""
    reached = after(n, p, a)
    return And(
        theory.weakly_improves(corner(i), reached),
        Implies(n == last, theory.weakly_improves(reached, corner(i))),
    )


@axiom()
def induction_towards_corner(theory: Theory) -> Formula:
    """Induction on the round, for staying below player i's corner and getting there."""
    return ForAll([i, p, a], induction(lambda n: theory.towards_corner(i, p, a, n)))


@define(Profile, Outcome, Position)
def on_path(theory: Theory, p: ProfileTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """After round n everybody has what the path pays."""
    return ForAll([i], u(i, after(n, p, a)) == u(i, path(n)))


@axiom()
def induction_along_path(theory: Theory) -> Formula:
    """Induction on the round, for being on the path."""
    return ForAll([p, a], induction(lambda n: theory.on_path(p, a, n)))


ITERATED_DEFINITIONS = collected(globals())
