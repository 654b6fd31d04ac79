"""Beliefs: subjective equilibria, and what is believed (Definition 1, Assumptions 5 and 9)."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    available,
    believed,
    default,
    defaults,
    expected,
    functions,
    in_csr,
    in_default_set,
    in_rn,
    member,
    offers,
    outcome,
    plays,
    program,
    renegotiated,
    replace,
    rn_of,
    sel,
    set_function,
    u,
)
from spi_verify.theory.terms import Formula, PlayerTerm, ProfileTerm, ProgramTerm
from spi_verify.theory.theory import Theory, axiom, define

i, j = z3.Consts("i j", Player)
a, x = z3.Consts("a x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)


@define(Player, Program)
def optimal(theory: Theory, i: PlayerTerm, c: ProgramTerm) -> Formula:
    """No program that player i may choose has a higher expected payoff than c."""
    return And(
        available(i, c),
        ForAll([d], Implies(available(i, d), expected(i, d) <= expected(i, c))),
    )


@define(Profile)
def subjective_equilibrium(theory: Theory, p: ProfileTerm) -> Formula:
    """Definition 1: everybody's program is optimal under their own beliefs."""
    return ForAll([i], theory.optimal(i, program(i, p)))


@axiom()
def default_or_rn(theory: Theory) -> Formula:
    """The program game is G(P with all P_i^rn)."""
    return ForAll([i, c], available(i, c) == Or(in_default_set(i, c), in_rn(i, c)))


@axiom()
def default_or_csr(theory: Theory) -> Formula:
    """The program game is G(P with all P_i^RN)."""
    return ForAll([i, c], available(i, c) == Or(in_default_set(i, c), in_csr(sel, i, c)))


@define()
def pointwise_better(theory: Theory) -> Formula:
    """Better against everything believed possible is better in expectation."""
    pays = u(i, outcome(replace(p, i, d))) >= u(i, outcome(replace(p, i, c)))
    return ForAll(
        [i, c, d],
        Implies(
            ForAll([p], Implies(believed(i, p), pays)),
            expected(i, d) >= expected(i, c),
        ),
    )


@define()
def assumption_5_1(theory: Theory) -> Formula:
    """Assumption 5, clause 1: no believed counterpart reacts to a renegotiation program.

    It binds where the programs do not renegotiate with each other: then every counterpart plays
    against player i's renegotiation program c as against its default.
    """
    played = replace(p, i, c)
    return ForAll(
        [i, c, p],
        Implies(
            And(in_rn(i, c), believed(i, p), Not(_renegotiate(theory, played, i, c))),
            ForAll(
                [j],
                Implies(
                    j != i,
                    plays(j, program(j, p), played)
                    == plays(j, program(j, p), replace(p, i, default(c))),
                ),
            ),
        ),
    )


@define()
def assumption_5_2(theory: Theory) -> Formula:
    """Assumption 5, clause 2: an optimal default does not react to renegotiation programs.

    It binds where the programs do not renegotiate with each other, all counterparts use
    renegotiation programs, and the default of player i's program is itself optimal.
    """
    played = replace(p, i, c)
    return ForAll(
        [i, c, p],
        Implies(
            And(
                in_rn(i, c),
                believed(i, p),
                Not(_renegotiate(theory, played, i, c)),
                theory.optimal(i, default(c)),
                theory.others_renegotiate(p, i),
            ),
            plays(i, default(c), p) == plays(i, default(c), defaults(p)),
        ),
    )


def _renegotiate(theory: Theory, played: ProfileTerm, i: PlayerTerm, c: ProgramTerm) -> Formula:
    return And(
        theory.others_renegotiate(played, i),
        theory.others_agree(played, i, rn_of(c)),
    )


@define()
def assumption_9_i(theory: Theory) -> Formula:
    """Assumption 9(i): who does not renegotiate treats CSR programs as their defaults.

    It binds programs of subjective equilibria and components of believed profiles, where all
    their counterparts use CSR programs.
    """
    in_equilibrium = Exists([q], And(theory.subjective_equilibrium(q), program(i, q) == c))
    in_beliefs = Exists([j, q], And(j != i, believed(j, q), program(i, q) == c))
    return ForAll(
        [i, c, p],
        Implies(
            And(
                Or(in_equilibrium, in_beliefs),
                Not(in_csr(sel, i, c)),
                theory.others_csr(sel, p, i),
            ),
            plays(i, c, defaults(p)) == plays(i, c, p),
        ),
    )


@define()
def assumption_9_ii(theory: Theory) -> Formula:
    """Assumption 9(ii): nobody believed possible reacts badly to a PMP-extension.

    Where player i replaces a CSR program c by its PMP-extension d against a believed profile of
    CSR programs, everybody else offers, at every outcome, what they offered before and nothing
    new except points of player i's projection of what c would have reached.
    """
    before, afterwards = functions(replace(p, i, c)), functions(replace(p, i, d))
    old = member(x, offers(j, set_function(program(j, p)), before, a))
    new = member(x, offers(j, set_function(program(j, p)), afterwards, a))
    return ForAll(
        [i, p, c, d],
        Implies(
            And(believed(i, p), theory.others_csr(sel, p, i), theory.pmp_extension(i, c, d)),
            ForAll(
                [j, a, x],
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
