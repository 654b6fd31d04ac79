"""Programs, payoffs and renegotiation functions (Sections 3.1 to 3.3, Definitions 3 and 4)."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, If, Implies, Not

from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    Renegotiation,
    action,
    default,
    defaults,
    improved,
    in_default_set,
    in_rn,
    outcome,
    plays,
    program,
    replace,
    rn_of,
    transformed,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm, ProfileTerm, RenegotiationTerm
from spi_verify.theory.theory import Theory, axiom, define

i, j = z3.Consts("i j", Player)
a, b, x = z3.Consts("a b x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
r = z3.Const("r", Renegotiation)


# Programs and their profiles (Section 3.1)


@axiom(replace)
def replacement(theory: Theory) -> Formula:
    """(c, p_-i) has the program c for player i and the programs of p for everybody else."""
    return ForAll(
        [p, i, c, j],
        program(j, replace(p, i, c)) == If(j == i, c, program(j, p)),
    )


@define(Profile, Profile)
def same_programs(theory: Theory, p: ProfileTerm, q: ProfileTerm) -> Formula:
    """Everybody uses the same program in both profiles."""
    return ForAll([i], program(i, p) == program(i, q))


@axiom()
def profiles_are_tuples(theory: Theory) -> Formula:
    """Two profiles with the same components are the same profile."""
    return ForAll([p, q], Implies(theory.same_programs(p, q), p == q))


@axiom(defaults)
def default_profile(theory: Theory) -> Formula:
    """p^def consists of everybody's default program."""
    return ForAll([p, i], program(i, defaults(p)) == default(program(i, p)))


@axiom(outcome)
def outcome_of_programs(theory: Theory) -> Formula:
    """In a(p) every player's action is what their program plays against the others' programs."""
    return ForAll([p, i], action(i, outcome(p)) == plays(i, program(i, p), p))


@axiom()
def outcomes_are_tuples(theory: Theory) -> Formula:
    """Two outcomes in which everybody does the same are the same outcome."""
    return ForAll([a, b], Implies(ForAll([i], action(i, a) == action(i, b)), a == b))


@axiom()
def programs_see_counterparts(theory: Theory) -> Formula:
    """What a program plays depends on the counterparts' programs only."""
    return ForAll([i, c, p, d], plays(i, c, replace(p, i, d)) == plays(i, c, p))


# Payoffs (Sections 3.1 and 3.2)


@define(Outcome, Outcome)
def weakly_improves(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Everybody's payoff in x is at least that in a."""
    return ForAll([i], u(i, x) >= u(i, a))


@define(Outcome)
def efficient(theory: Theory, a: OutcomeTerm) -> Formula:
    """No outcome is at least as good for everybody and better for somebody."""
    return Not(Exists([x], And(theory.weakly_improves(x, a), Exists([j], u(j, x) > u(j, a)))))


@define()
def spi(theory: Theory) -> Formula:
    """Definition 3: f never makes anybody worse off, and makes somebody better off at some p."""
    from_default_set = ForAll([i], in_default_set(i, program(i, p)))
    before, afterwards = outcome(p), outcome(transformed(p))
    return And(
        ForAll([p], Implies(from_default_set, ForAll([j], u(j, afterwards) >= u(j, before)))),
        Exists([p], And(from_default_set, Exists([j], u(j, afterwards) > u(j, before)))),
    )


# Renegotiation (Section 3.3)


@define(Renegotiation)
def renegotiation_function(theory: Theory, r: RenegotiationTerm) -> Formula:
    """Definition 4: never worse for anybody, and at some outcome better for somebody."""
    return And(
        ForAll([a], theory.weakly_improves(improved(r, a), a)),
        Exists([a, i], u(i, improved(r, a)) > u(i, a)),
    )


@define(Profile, Player)
def others_renegotiate(theory: Theory, p: ProfileTerm, i: PlayerTerm) -> Formula:
    """Everybody but i uses a renegotiation program."""
    return ForAll([j], Implies(j != i, in_rn(j, program(j, p))))


@define(Profile, Player, Renegotiation)
def others_agree(theory: Theory, p: ProfileTerm, i: PlayerTerm, r: RenegotiationTerm) -> Formula:
    """Everybody but i takes the default outcome of p to where r takes it."""
    point = outcome(defaults(p))
    return ForAll(
        [j],
        Implies(j != i, improved(rn_of(program(j, p)), point) == improved(r, point)),
    )


@axiom(in_rn)
def algorithm_1(theory: Theory) -> Formula:
    """What a renegotiation program plays (Algorithm 1)."""
    played = replace(p, i, c)
    point = outcome(defaults(played))
    return ForAll(
        [i, c, p],
        Implies(
            in_rn(i, c),
            plays(i, c, p)
            == If(
                theory.others_renegotiate(p, i),
                If(
                    theory.others_agree(played, i, rn_of(c)),
                    action(i, improved(rn_of(c), point)),
                    action(i, point),
                ),
                plays(i, default(c), p),
            ),
        ),
    )


@axiom(in_rn)
def renegotiation_programs(theory: Theory) -> Formula:
    """The set P_i^rn: each of its programs has a renegotiation function and a default from P_i."""
    return ForAll(
        [i, c],
        Implies(
            in_rn(i, c),
            And(theory.renegotiation_function(rn_of(c)), in_default_set(i, default(c))),
        ),
    )


@axiom()
def renegotiation_programs_complete(theory: Theory) -> Formula:
    """The set P_i^rn holds a program for every renegotiation function and every default."""
    return ForAll(
        [i, r, c],
        Implies(
            And(theory.renegotiation_function(r), in_default_set(i, c), Not(in_rn(i, c))),
            Exists([d], And(in_rn(i, d), rn_of(d) == r, default(d) == c)),
        ),
    )
