"""Profiles put together from a choice for every player, and claims that are proved elsewhere."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies

from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    believed,
    defaults,
    equilibrium,
    functions,
    in_csr,
    in_rn,
    member,
    offers,
    outcome,
    program,
    renegotiated,
    replace,
    sel,
    set_function,
)
from spi_verify.theory.terms import Formula, ProfileTerm, ProgramTerm
from spi_verify.theory.theory import Theory, axiom, define

i = z3.Const("i", Player)
x = z3.Const("x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)


# Profiles put together from a choice for every player


@axiom()
def profile_of_optimal_renegotiators(theory: Theory) -> Formula:
    """If every player has an optimal renegotiation program, some profile consists of such."""

    def good(candidate: ProgramTerm) -> Formula:
        return And(in_rn(i, candidate), theory.optimal(i, candidate))

    return Implies(
        ForAll([i], Exists([d], good(d))),
        Exists([q], ForAll([i], good(program(i, q)))),
    )


@axiom()
def profile_of_extensions(theory: Theory) -> Formula:
    """If every program of the equilibrium has a PMP-extension, some profile consists of such."""

    def extends(candidate: ProgramTerm) -> Formula:
        return theory.pmp_extension(i, program(i, equilibrium), candidate)

    return Implies(
        ForAll([i], Exists([d], extends(d))),
        Exists([q], ForAll([i], extends(program(i, q)))),
    )


@define()
def extensions_exist(theory: Theory) -> Formula:
    """CSR programs are closed under PMP-extension: Definition 8 names a program that is there."""
    return ForAll([i, c], Implies(in_csr(sel, i, c), Exists([d], theory.pmp_extension(i, c, d))))


@define(Profile)
def extends_equilibrium(theory: Theory, q: ProfileTerm) -> Formula:
    """Everybody's program in q is the PMP-extension of their program in the equilibrium."""
    return ForAll([i], theory.pmp_extension(i, program(i, equilibrium), program(i, q)))


# Claims that are proved in one place and used in another


@define()
def extension_improves(theory: Theory) -> Formula:
    """Against believed CSR programs, extending one's own program makes nobody worse off."""
    return ForAll(
        [i, p, c, d],
        Implies(
            And(believed(i, p), theory.others_csr(sel, p, i), theory.pmp_extension(i, c, d)),
            theory.weakly_improves(outcome(replace(p, i, d)), outcome(replace(p, i, c))),
        ),
    )


@define()
def extension_inclusion(theory: Theory) -> Formula:
    """Everybody's extension offers their projections of what the extensions reach together."""
    point = outcome(defaults(q))
    return ForAll(
        [q],
        Implies(
            theory.extends_equilibrium(q),
            ForAll(
                [i, x],
                Implies(
                    theory.pmp(i, x, renegotiated(sel, functions(q), point)),
                    member(x, offers(i, set_function(program(i, q)), functions(q), point)),
                ),
            ),
        ),
    )
