"""Conditional set-valued renegotiation (Section 4.2, Definitions 7 and 8)."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, If, Implies, Not, Or

from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Profile,
    Program,
    Selection,
    SetFunction,
    SetFunctions,
    action,
    agreement,
    component,
    default,
    defaults,
    functions,
    in_csr,
    in_default_set,
    member,
    offers,
    outcome,
    plays,
    program,
    renegotiated,
    replace,
    sel,
    selected,
    set_function,
    u,
)
from spi_verify.theory.terms import (
    Formula,
    OutcomeSetTerm,
    PlayerTerm,
    ProfileTerm,
    ProgramTerm,
    SelectionTerm,
    SetFunctionsTerm,
    SetFunctionTerm,
)
from spi_verify.theory.theory import Theory, axiom, define

i, j = z3.Consts("i j", Player)
a, x = z3.Consts("a x", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
F = z3.Const("F", SetFunction)
R, Q, T = z3.Consts("R Q T", SetFunctions)
S, C = z3.Consts("S C", OutcomeSet)
s = z3.Const("s", Selection)


@define(OutcomeSet)
def nonempty(theory: Theory, S: OutcomeSetTerm) -> Formula:
    """The set has a member."""
    return Exists([x], member(x, S))


@define(Player, SetFunction)
def set_valued_renegotiation_function(theory: Theory, i: PlayerTerm, F: SetFunctionTerm) -> Formula:
    """Definition 7: offers only weak improvements and, against every profile, a strict one."""
    return And(
        ForAll(
            [R, a, x],
            Implies(member(x, offers(i, F, R, a)), theory.weakly_improves(x, a)),
        ),
        ForAll(
            [R],
            Exists([a, x, j], And(member(x, offers(i, F, R, a)), u(j, x) > u(j, a))),
        ),
    )


@define(Selection)
def selection_function(theory: Theory, s: SelectionTerm) -> Formula:
    """Definition 7: picks, from every nonempty set, a member efficient among its members."""
    better = And(
        member(x, S),
        theory.weakly_improves(x, selected(s, S)),
        Exists([j], u(j, x) > u(j, selected(s, S))),
    )
    return ForAll(
        [S],
        Implies(
            theory.nonempty(S),
            And(member(selected(s, S), S), Not(Exists([x], better))),
        ),
    )


@define(Selection)
def transitive(theory: Theory, s: SelectionTerm) -> Formula:
    """Definition 7: adding weak improvements on the selected outcome never hurts anybody.

    Said of a set S inside a larger set C, which is the same as of S and its union with a set of
    improvements, and needs no unions.
    """
    only_improvements_added = ForAll(
        [x],
        Implies(member(x, C), Or(member(x, S), theory.weakly_improves(x, selected(s, S)))),
    )
    return ForAll(
        [S, C],
        Implies(
            And(
                theory.nonempty(S),
                ForAll([x], Implies(member(x, S), member(x, C))),
                only_improvements_added,
            ),
            theory.weakly_improves(selected(s, C), selected(s, S)),
        ),
    )


@axiom(agreement)
def agreement_set(theory: Theory) -> Formula:
    """The agreement set holds what everybody offers."""
    return ForAll(
        [R, a, x],
        member(x, agreement(R, a)) == ForAll([j], member(x, offers(j, component(j, R), R, a))),
    )


@axiom(renegotiated)
def renegotiation_outcome(theory: Theory) -> Formula:
    """ro(p, a): the selected member of the agreement set, or a where that is empty."""
    return ForAll(
        [s, R, a],
        renegotiated(s, R, a)
        == If(theory.nonempty(agreement(R, a)), selected(s, agreement(R, a)), a),
    )


@axiom(functions)
def function_profile(theory: Theory) -> Formula:
    """The profile of functions of a program profile consists of the programs' functions."""
    return ForAll([p, i], component(i, functions(p)) == set_function(program(i, p)))


@define(Selection, Profile, Player)
def others_csr(theory: Theory, s: SelectionTerm, p: ProfileTerm, i: PlayerTerm) -> Formula:
    """Everybody but i uses a CSR program for the selection function s."""
    return ForAll([j], Implies(j != i, in_csr(s, j, program(j, p))))


@define(SetFunctions, SetFunctions)
def cut_to_what_is_selected(theory: Theory, Q: SetFunctionsTerm, R: SetFunctionsTerm) -> Formula:
    """What R agrees on is left out of Q, but for what is selected; the rest is offered as before.

    Everybody's function in Q offers this whatever the others' functions are.
    """
    agreed = agreement(R, a)
    chosen = And(theory.nonempty(agreed), x == selected(sel, agreed))
    kept = And(member(x, offers(i, component(i, R), R, a)), Not(member(x, agreed)))
    return ForAll(
        [i, T, a, x],
        member(x, offers(i, component(i, Q), T, a)) == Or(kept, chosen),
    )


@define(SetFunctions)
def functions_as_in_definition_7(theory: Theory, R: SetFunctionsTerm) -> Formula:
    """Everybody's function is a set-valued renegotiation function."""
    return ForAll([i], theory.set_valued_renegotiation_function(i, component(i, R)))


@axiom(in_csr)
def algorithm_2(theory: Theory) -> Formula:
    """What a CSR program plays (Algorithm 2)."""
    played = replace(p, i, c)
    return ForAll(
        [s, i, c, p],
        Implies(
            in_csr(s, i, c),
            plays(i, c, p)
            == If(
                theory.others_csr(s, p, i),
                action(i, renegotiated(s, functions(played), outcome(defaults(played)))),
                plays(i, default(c), p),
            ),
        ),
    )


def _under(
    theory: Theory, t: SelectionTerm, Q: SetFunctionsTerm, R: SetFunctionsTerm
) -> tuple[Formula, Formula]:
    """Return that p is a CSR profile with R, and that q is one with Q under t."""
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(
        ForAll([i], in_csr(t, i, program(i, q))),
        functions(q) == Q,
        defaults(q) == defaults(p),
    )
    return And(theory.selection_function(t), old), new


@define(SetFunctions, SetFunctions)
def usable_under_any_selection(theory: Theory, Q: SetFunctionsTerm, R: SetFunctionsTerm) -> Formula:
    """Appendix C: for every selection function there are CSR programs with the functions Q.

    They have the defaults of any given CSR programs that use the functions R and the selection
    function sel.
    """
    t = z3.Const("t", Selection)
    start, new = _under(theory, t, Q, R)
    return ForAll([t, p], Implies(start, Exists([q], new)))


@define(SetFunctions, SetFunctions)
def same_under_any_selection(theory: Theory, Q: SetFunctionsTerm, R: SetFunctionsTerm) -> Formula:
    """Appendix C: for every selection function, programs with Q end where those with R do.

    R is used with the given selection function sel, and the programs have the same defaults.
    """
    t = z3.Const("t", Selection)
    start, new = _under(theory, t, Q, R)
    return ForAll([t, p, q], Implies(And(start, new), outcome(q) == outcome(p)))


@axiom(in_csr)
def csr_programs(theory: Theory) -> Formula:
    """The set P_i^RN: its programs have a function as in Definition 7 and a default from P_i."""
    return ForAll(
        [s, i, c],
        Implies(
            in_csr(s, i, c),
            And(
                theory.set_valued_renegotiation_function(i, set_function(c)),
                in_default_set(i, default(c)),
            ),
        ),
    )


@define(Player, Program, Program)
def pmp_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Definition 8: d is the PMP-extension of player i's CSR program c.

    Against counterparts p_-i that use CSR programs, whatever their defaults, d offers at the
    default outcome what c offers and player i's projections of what c would have reached
    against the very same counterparts. The definition says nothing about other outcomes, which
    no program ever renegotiates from.
    """
    played = replace(p, i, c)
    against, point = functions(played), outcome(defaults(played))
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        ForAll(
            [p, x],
            Implies(
                theory.others_csr(sel, p, i),
                member(x, offers(i, set_function(d), functions(replace(p, i, d)), point))
                == Or(
                    member(x, offers(i, set_function(c), against, point)),
                    theory.pmp(i, x, renegotiated(sel, against, point)),
                ),
            ),
        ),
    )


@axiom()
def function_profiles_are_tuples(theory: Theory) -> Formula:
    """Two profiles of functions with the same components are the same profile."""
    same = ForAll([j], component(j, R) == component(j, Q))
    return ForAll([R, Q], Implies(same, R == Q))


@axiom()
def set_functions_see_counterparts(theory: Theory) -> Formula:
    """A set-valued renegotiation function depends on the counterparts' functions only."""
    same = ForAll([j], Implies(j != i, component(j, R) == component(j, Q)))
    return ForAll([i, F, R, Q, a], Implies(same, offers(i, F, R, a) == offers(i, F, Q, a)))
