"""The definitions of the paper, each a formula under the name the paper gives it.

The first argument of every function is the theory, through which it refers to other definitions.
"""

from __future__ import annotations

from typing import Any

import z3
from z3 import And, Exists, ForAll, If, Implies, Not, Or

from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Payoffs,
    Player,
    Position,
    Profile,
    Program,
    Renegotiation,
    Selection,
    SetFunction,
    SetFunctions,
    action,
    after,
    agreement,
    available,
    believed,
    best,
    best_alone,
    best_beside,
    best_payoff_profile,
    component,
    default,
    defaults,
    dominator,
    equilibrium,
    expected,
    first,
    functions,
    improved,
    in_csr,
    in_default_set,
    in_icsr,
    in_rn,
    last,
    listed_profile,
    member,
    next_to,
    offers,
    outcome,
    partial_sum,
    payoff,
    payoffs_of,
    player_at,
    plays,
    pmm,
    pmm_beside,
    pmm_payoffs,
    probability,
    program,
    reached,
    renegotiated,
    replace,
    rn_of,
    round_functions,
    segment,
    sel,
    selected,
    set_function,
    share,
    transformed,
    u,
    with_own,
    worst,
)
from spi_verify.theory.theory import axiom, define

i, j, k = z3.Consts("i j k", Player)
a, b, e, x, y = z3.Consts("a b e x y", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
r = z3.Const("r", Renegotiation)
F = z3.Const("F", SetFunction)
R, Q, T = z3.Consts("R Q T", SetFunctions)
S, C = z3.Consts("S C", OutcomeSet)
s = z3.Const("s", Selection)
n, m = z3.Consts("n m", Position)
v, w = z3.Consts("v w", Payoffs)


def maximum(one: Any, other: Any) -> Any:
    """Return the term max(one, other)."""
    return If(one >= other, one, other)


def between(value: Any, one: Any, other: Any) -> Any:
    """Return the formula that a value lies between two others, in either order."""
    return Or(And(one <= value, value <= other), And(other <= value, value <= one))


# Programs and their profiles (Section 3.1)


@axiom(replace)
def replacement(theory: Any) -> Any:
    """(c, p_-i) has the program c for player i and the programs of p for everybody else."""
    return ForAll(
        [p, i, c, j],
        program(j, replace(p, i, c)) == If(j == i, c, program(j, p)),
    )


@define(Profile, Profile)
def same_programs(theory: Any, p: Any, q: Any) -> Any:
    """Everybody uses the same program in both profiles."""
    return ForAll([i], program(i, p) == program(i, q))


@axiom()
def profiles_are_tuples(theory: Any) -> Any:
    """Two profiles with the same components are the same profile."""
    return ForAll([p, q], Implies(theory.same_programs(p, q), p == q))


@axiom(defaults)
def default_profile(theory: Any) -> Any:
    """p^def consists of everybody's default program."""
    return ForAll([p, i], program(i, defaults(p)) == default(program(i, p)))


@axiom(outcome)
def outcome_of_programs(theory: Any) -> Any:
    """In a(p) every player's action is what their program plays against the others' programs."""
    return ForAll([p, i], action(i, outcome(p)) == plays(i, program(i, p), p))


@axiom()
def outcomes_are_tuples(theory: Any) -> Any:
    """Two outcomes in which everybody does the same are the same outcome."""
    return ForAll([a, b], Implies(ForAll([i], action(i, a) == action(i, b)), a == b))


@axiom()
def programs_see_counterparts(theory: Any) -> Any:
    """What a program plays depends on the counterparts' programs only."""
    return ForAll([i, c, p, d], plays(i, c, replace(p, i, d)) == plays(i, c, p))


# Payoffs (Sections 3.1 and 3.2)


@define(Outcome, Outcome)
def weakly_improves(theory: Any, x: Any, a: Any) -> Any:
    """Everybody's payoff in x is at least that in a."""
    return ForAll([i], u(i, x) >= u(i, a))


@define(Outcome)
def efficient(theory: Any, a: Any) -> Any:
    """No outcome is at least as good for everybody and better for somebody."""
    return Not(Exists([x], And(theory.weakly_improves(x, a), Exists([j], u(j, x) > u(j, a)))))


@define()
def spi(theory: Any) -> Any:
    """Definition 3: f never makes anybody worse off, and makes somebody better off at some p."""
    from_default_set = ForAll([i], in_default_set(i, program(i, p)))
    before, afterwards = outcome(p), outcome(transformed(p))
    return And(
        ForAll([p], Implies(from_default_set, ForAll([j], u(j, afterwards) >= u(j, before)))),
        Exists([p], And(from_default_set, Exists([j], u(j, afterwards) > u(j, before)))),
    )


# Renegotiation (Section 3.3)


@define(Renegotiation)
def renegotiation_function(theory: Any, r: Any) -> Any:
    """Definition 4: never worse for anybody, and at some outcome better for somebody."""
    return And(
        ForAll([a], theory.weakly_improves(improved(r, a), a)),
        Exists([a, i], u(i, improved(r, a)) > u(i, a)),
    )


@define(Profile, Player)
def others_renegotiate(theory: Any, p: Any, i: Any) -> Any:
    """Everybody but i uses a renegotiation program."""
    return ForAll([j], Implies(j != i, in_rn(j, program(j, p))))


@define(Profile, Player, Renegotiation)
def others_agree(theory: Any, p: Any, i: Any, r: Any) -> Any:
    """Everybody but i takes the default outcome of p to where r takes it."""
    point = outcome(defaults(p))
    return ForAll(
        [j],
        Implies(j != i, improved(rn_of(program(j, p)), point) == improved(r, point)),
    )


@axiom(in_rn)
def algorithm_1(theory: Any) -> Any:
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
def renegotiation_programs(theory: Any) -> Any:
    """The set P_i^rn: each of its programs has a renegotiation function and a default from P_i."""
    return ForAll(
        [i, c],
        Implies(
            in_rn(i, c),
            And(theory.renegotiation_function(rn_of(c)), in_default_set(i, default(c))),
        ),
    )


@axiom()
def renegotiation_programs_complete(theory: Any) -> Any:
    """The set P_i^rn holds a program for every renegotiation function and every default."""
    return ForAll(
        [i, r, c],
        Implies(
            And(theory.renegotiation_function(r), in_default_set(i, c), Not(in_rn(i, c))),
            Exists([d], And(in_rn(i, d), rn_of(d) == r, default(d) == c)),
        ),
    )


# Pareto meet (Definition 6)


@define()
def pareto_meet_minimum(theory: Any) -> Any:
    """Definition 6: each player's PMM payoff is the least among the efficient outcomes."""
    return ForAll(
        [i],
        And(
            theory.efficient(worst(i)),
            u(i, worst(i)) == pmm(i),
            ForAll([e], Implies(theory.efficient(e), u(i, e) >= pmm(i))),
        ),
    )


@define(Player, Outcome, Outcome)
def pmp(theory: Any, i: Any, x: Any, a: Any) -> Any:
    """Definition 6: x is in player i's Pareto meet projection of a."""
    return And(
        u(i, x) >= maximum(pmm(i), u(i, a)),
        ForAll([j], Implies(j != i, u(j, x) == maximum(pmm(j), u(j, a)))),
    )


@define()
def projections_nonempty(theory: Any) -> Any:
    """Every player's Pareto meet projection of every outcome has a point."""
    return ForAll([i, a], Exists([x], theory.pmp(i, x, a)))


@define()
def projections_meet(theory: Any) -> Any:
    """Where every player's projection of an outcome has a point, they have one in common."""
    return ForAll(
        [a],
        Implies(theory.has_projections(a), Exists([x], ForAll([i], theory.pmp(i, x, a)))),
    )


@define()
def correlated_randomisation(theory: Any) -> Any:
    """The feasible set is convex, said of the mixtures that are needed.

    Where the payoff of some outcome y to player i lies between those of a and b, mixing a and b
    so that i gets exactly what y pays is an outcome, and pays everybody the weighted average.
    """
    part = share(i, a, b, y)
    mixed = ForAll([j], u(j, segment(i, a, b, y)) == u(j, a) + part * (u(j, b) - u(j, a)))
    return ForAll(
        [i, a, b, y],
        Implies(
            And(u(i, a) <= u(i, y), u(i, y) <= u(i, b)),
            And(part >= 0, part <= 1, part * (u(i, b) - u(i, a)) == u(i, y) - u(i, a), mixed),
        ),
        patterns=[segment(i, a, b, y)],
    )


@define()
def intermediate_payoffs(theory: Any) -> Any:
    """A mixture that pays player i what y pays gives everybody an amount between the ends'."""
    point = segment(i, a, b, y)
    return ForAll(
        [i, a, b, y],
        Implies(
            And(u(i, a) <= u(i, y), u(i, y) <= u(i, b)),
            And(
                u(i, point) == u(i, y),
                ForAll([j], between(u(j, point), u(j, a), u(j, b))),
            ),
        ),
        patterns=[point],
    )


@define()
def efficient_dominators(theory: Any) -> Any:
    """Every outcome is weakly improved by an efficient one."""
    return ForAll(
        [a],
        And(theory.efficient(dominator(a)), theory.weakly_improves(dominator(a), a)),
        patterns=[dominator(a)],
    )


# Conditional set-valued renegotiation (Section 4.2)


@define(OutcomeSet)
def nonempty(theory: Any, S: Any) -> Any:
    """The set has a member."""
    return Exists([x], member(x, S))


@define(Player, SetFunction)
def set_valued_renegotiation_function(theory: Any, i: Any, F: Any) -> Any:
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
def selection_function(theory: Any, s: Any) -> Any:
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
def transitive(theory: Any, s: Any) -> Any:
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
def agreement_set(theory: Any) -> Any:
    """The agreement set holds what everybody offers."""
    return ForAll(
        [R, a, x],
        member(x, agreement(R, a)) == ForAll([j], member(x, offers(j, component(j, R), R, a))),
    )


@axiom(renegotiated)
def renegotiation_outcome(theory: Any) -> Any:
    """ro(p, a): the selected member of the agreement set, or a where that is empty."""
    return ForAll(
        [s, R, a],
        renegotiated(s, R, a)
        == If(theory.nonempty(agreement(R, a)), selected(s, agreement(R, a)), a),
    )


@axiom(functions)
def function_profile(theory: Any) -> Any:
    """The profile of functions of a program profile consists of the programs' functions."""
    return ForAll([p, i], component(i, functions(p)) == set_function(program(i, p)))


@define(Selection, Profile, Player)
def others_csr(theory: Any, s: Any, p: Any, i: Any) -> Any:
    """Everybody but i uses a CSR program for the selection function s."""
    return ForAll([j], Implies(j != i, in_csr(s, j, program(j, p))))


@define(SetFunctions, SetFunctions)
def cut_to_what_is_selected(theory: Any, Q: Any, R: Any) -> Any:
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
def functions_as_in_definition_7(theory: Any, R: Any) -> Any:
    """Everybody's function is a set-valued renegotiation function."""
    return ForAll([i], theory.set_valued_renegotiation_function(i, component(i, R)))


@axiom(in_csr)
def algorithm_2(theory: Any) -> Any:
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


def _under(theory: Any, t: Any, Q: Any, R: Any) -> tuple[Any, Any]:
    """Return that p is a CSR profile with R, and that q is one with Q under t."""
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(
        ForAll([i], in_csr(t, i, program(i, q))),
        functions(q) == Q,
        defaults(q) == defaults(p),
    )
    return And(theory.selection_function(t), old), new


@define(SetFunctions, SetFunctions)
def usable_under_any_selection(theory: Any, Q: Any, R: Any) -> Any:
    """Appendix C: for every selection function there are CSR programs with the functions Q.

    They have the defaults of any given CSR programs that use the functions R and the selection
    function sel.
    """
    t = z3.Const("t", Selection)
    start, new = _under(theory, t, Q, R)
    return ForAll([t, p], Implies(start, Exists([q], new)))


@define(SetFunctions, SetFunctions)
def same_under_any_selection(theory: Any, Q: Any, R: Any) -> Any:
    """Appendix C: for every selection function, programs with Q end where those with R do.

    R is used with the given selection function sel, and the programs have the same defaults.
    """
    t = z3.Const("t", Selection)
    start, new = _under(theory, t, Q, R)
    return ForAll([t, p, q], Implies(And(start, new), outcome(q) == outcome(p)))


@axiom(in_csr)
def csr_programs(theory: Any) -> Any:
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
def pmp_extension(theory: Any, i: Any, c: Any, d: Any) -> Any:
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
def function_profiles_are_tuples(theory: Any) -> Any:
    """Two profiles of functions with the same components are the same profile."""
    same = ForAll([j], component(j, R) == component(j, Q))
    return ForAll([R, Q], Implies(same, R == Q))


@axiom()
def set_functions_see_counterparts(theory: Any) -> Any:
    """A set-valued renegotiation function depends on the counterparts' functions only."""
    same = ForAll([j], Implies(j != i, component(j, R) == component(j, Q)))
    return ForAll([i, F, R, Q, a], Implies(same, offers(i, F, R, a) == offers(i, F, Q, a)))


# Iterated renegotiation (Section 4.4)


@axiom(after)
def rounds(theory: Any) -> Any:
    """The loop of Algorithm 3: a round renegotiates from where the round before ended."""
    return ForAll(
        [p, a],
        And(
            after(first, p, a) == renegotiated(sel, round_functions(first, p), a),
            ForAll(
                [n, m],
                Implies(
                    next_to(n, m),
                    after(m, p, a) == renegotiated(sel, round_functions(m, p), after(n, p, a)),
                ),
            ),
        ),
    )


@axiom(in_icsr)
def algorithm_3(theory: Any) -> Any:
    """What an iterated CSR program plays (Algorithm 3)."""
    played = replace(p, i, c)
    others = ForAll([j], Implies(j != i, in_icsr(j, program(j, p))))
    return ForAll(
        [i, c, p],
        Implies(
            in_icsr(i, c),
            plays(i, c, p)
            == If(
                others,
                action(i, after(last, played, outcome(defaults(played)))),
                plays(i, default(c), p),
            ),
        ),
    )


@axiom(in_icsr)
def icsr_programs(theory: Any) -> Any:
    """In every round, an iterated CSR program has a set-valued renegotiation function."""
    return ForAll(
        [n, i, p],
        Implies(
            in_icsr(i, program(i, p)),
            theory.set_valued_renegotiation_function(i, component(i, round_functions(n, p))),
        ),
    )


# Beliefs (Definition 1, Assumptions 5 and 9)


@define(Player, Program)
def optimal(theory: Any, i: Any, c: Any) -> Any:
    """No program that player i may choose has a higher expected payoff than c."""
    return And(
        available(i, c),
        ForAll([d], Implies(available(i, d), expected(i, d) <= expected(i, c))),
    )


@define(Profile)
def subjective_equilibrium(theory: Any, p: Any) -> Any:
    """Definition 1: everybody's program is optimal under their own beliefs."""
    return ForAll([i], theory.optimal(i, program(i, p)))


@axiom()
def default_or_rn(theory: Any) -> Any:
    """The program game is G(P with all P_i^rn)."""
    return ForAll([i, c], available(i, c) == Or(in_default_set(i, c), in_rn(i, c)))


@axiom()
def default_or_csr(theory: Any) -> Any:
    """The program game is G(P with all P_i^RN)."""
    return ForAll([i, c], available(i, c) == Or(in_default_set(i, c), in_csr(sel, i, c)))


@define()
def pointwise_better(theory: Any) -> Any:
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
def assumption_5_1(theory: Any) -> Any:
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
def assumption_5_2(theory: Any) -> Any:
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


def _renegotiate(theory: Any, played: Any, i: Any, c: Any) -> Any:
    return And(
        theory.others_renegotiate(played, i),
        theory.others_agree(played, i, rn_of(c)),
    )


@define()
def assumption_9_i(theory: Any) -> Any:
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
def assumption_9_ii(theory: Any) -> Any:
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


# Finite lists: sums and induction


@axiom(listed_profile)
def beliefs_are_lists(theory: Any) -> Any:
    """What is listed at any position is believed, with a probability that is not negative."""
    return ForAll(
        [i, n],
        And(believed(i, listed_profile(i, n)), probability(i, n) >= 0),
    )


@axiom(expected)
def expectation(theory: Any) -> Any:
    """The expected payoff is the sum, along the list, of probability times payoff."""
    term = probability(i, n) * u(i, outcome(replace(listed_profile(i, n), i, c)))
    later = probability(i, m) * u(i, outcome(replace(listed_profile(i, m), i, c)))
    return ForAll(
        [i, c],
        And(
            ForAll([n], Implies(n == first, partial_sum(i, c, n) == term)),
            ForAll(
                [n, m],
                Implies(next_to(n, m), partial_sum(i, c, m) == partial_sum(i, c, n) + later),
            ),
            expected(i, c) == partial_sum(i, c, last),
        ),
    )


@axiom(reached)
def players_are_listed(theory: Any) -> Any:
    """The finitely many players stand in a list; those reached at a position stand up to there."""
    return And(
        ForAll([i], reached(i, first) == (i == player_at(first))),
        ForAll(
            [n, m, i],
            Implies(next_to(n, m), reached(i, m) == Or(reached(i, n), i == player_at(m))),
        ),
        ForAll([i], reached(i, last)),
    )


@axiom()
def induction_on_beliefs(theory: Any) -> Any:
    """Induction along the list of believed profiles, for a comparison of two partial sums."""

    def no_less(position: Any) -> Any:
        return partial_sum(i, d, position) >= partial_sum(i, c, position)

    return ForAll([i, c, d], _induction(no_less))


@axiom()
def induction_on_players(theory: Any) -> Any:
    """Induction along the list of players, for having met a level for everybody reached."""
    return ForAll([a], _induction(lambda position: theory.met_up_to(a, position)))


@axiom()
def induction_on_rounds(theory: Any) -> Any:
    """Induction on the round, for having improved on the default outcome so far."""
    return ForAll(
        [p, a],
        _induction(lambda position: theory.weakly_improves(after(position, p, a), a)),
    )


def _induction(claim: Any) -> Any:
    step = ForAll([n, m], Implies(And(next_to(n, m), claim(n)), claim(m)))
    return Implies(And(claim(first), step), ForAll([n], claim(n)))


@define(Player, Outcome, Outcome)
def at_level(theory: Any, i: Any, x: Any, a: Any) -> Any:
    """The outcome x pays player i exactly the larger of the PMM and what a pays."""
    return u(i, x) == maximum(pmm(i), u(i, a))


@define(Outcome, Outcome)
def nobody_above_level(theory: Any, x: Any, a: Any) -> Any:
    """The outcome x pays nobody more than the larger of the PMM and what a pays."""
    return ForAll([i], u(i, x) <= maximum(pmm(i), u(i, a)))


@define(Outcome, Outcome, Outcome)
def stays_at_level(theory: Any, b: Any, x: Any, a: Any) -> Any:
    """For whom x is at the level of a, b is, too."""
    return ForAll([i], Implies(theory.at_level(i, x, a), theory.at_level(i, b, a)))


@define(Outcome)
def has_projections(theory: Any, a: Any) -> Any:
    """Every player's projection of a has a point."""
    return ForAll([i], Exists([x], theory.pmp(i, x, a)))


@define(Outcome, Outcome, Position)
def level_up_to(theory: Any, x: Any, a: Any, n: Any) -> Any:
    """The outcome x pays nobody above the level of a, and exactly that to all reached at n."""
    return And(
        theory.nobody_above_level(x, a),
        ForAll([i], Implies(reached(i, n), theory.at_level(i, x, a))),
    )


@define(Outcome, Position)
def met_up_to(theory: Any, a: Any, n: Any) -> Any:
    """Some outcome is at the level of a for everybody reached at n."""
    return Exists([x], theory.level_up_to(x, a, n))


# Feasible sets as in Proposition 5


@define()
def best_payoffs(theory: Any) -> Any:
    """u_i^* is player i's best feasible payoff."""
    return ForAll([i, a], u(i, a) <= u(i, best(i)))


@define()
def best_beside_others(theory: Any) -> Any:
    """Among what pays the others no less than a, some outcome is best for player i."""
    point = best_beside(i, a)

    def no_worse_for_others(other: Any) -> Any:
        return ForAll([j], Implies(j != i, u(j, other) >= u(j, a)))

    return ForAll(
        [i, a],
        And(
            no_worse_for_others(point),
            ForAll([x], Implies(no_worse_for_others(x), u(i, x) <= u(i, point))),
        ),
    )


@define()
def no_common_best(theory: Any) -> Any:
    """Where one player gets their best payoff, nobody else gets theirs."""
    return ForAll(
        [i, j, a],
        Implies(And(i != j, u(i, a) == u(i, best(i))), u(j, a) < u(j, best(j))),
    )


@define()
def non_zero_sum(theory: Any) -> Any:
    """Some outcome is not efficient.

    Where payoffs can be rescaled for each player to sum to zero everywhere, every outcome is
    efficient; in a convex polytope the converse holds, too.
    """
    return Exists([a], Not(theory.efficient(a)))


@define(Payoffs)
def feasible(theory: Any, v: Any) -> Any:
    """Some outcome pays everybody exactly this."""
    return Exists([x], ForAll([i], u(i, x) == payoff(i, v)))


@define(Payoffs)
def in_pareto_meet(theory: Any, v: Any) -> Any:
    """Everybody gets at least the PMM, and no more than in some outcome."""
    return And(
        ForAll([i], payoff(i, v) >= pmm(i)),
        Exists([x], ForAll([i], u(i, x) >= payoff(i, v))),
    )


@define()
def contains_pareto_meet(theory: Any) -> Any:
    """Whatever lies between the PMM and a feasible payoff profile is feasible."""
    return ForAll([v], Implies(theory.in_pareto_meet(v), theory.feasible(v)))


@axiom(pmm_payoffs)
def pmm_is_profile(theory: Any) -> Any:
    """There is the payoff profile u^PMM."""
    return ForAll([j], payoff(j, pmm_payoffs) == pmm(j))


@axiom(payoffs_of)
def outcomes_have_profiles(theory: Any) -> Any:
    """There is the payoff profile of every outcome."""
    return ForAll([x, j], payoff(j, payoffs_of(x)) == u(j, x))


@axiom()
def best_alone_profiles(theory: Any) -> Any:
    """There is the payoff profile with u_i^* for player i and the PMM for everybody else."""
    return ForAll([i, j], payoff(j, best_alone(i)) == If(j == i, u(i, best(i)), pmm(j)))


@axiom()
def best_is_profile(theory: Any) -> Any:
    """There is the payoff profile u^*."""
    return ForAll([j], payoff(j, best_payoff_profile) == u(j, best(j)))


@axiom()
def pmm_beside_profiles(theory: Any) -> Any:
    """In a payoff profile, what it gives one player may be replaced by the PMM."""
    lowered = payoff(j, pmm_beside(i, v))
    return ForAll([i, v, j], lowered == If(j == i, pmm(i), payoff(j, v)))


@axiom()
def mixed_profiles(theory: Any) -> Any:
    """What an outcome x pays player i, and a payoff profile v gives the others, is a profile.

    Listed are only those with more than the PMM for everybody and no more than x pays.
    """
    mixed = payoff(j, with_own(i, x, v)) == If(j == i, u(i, x), payoff(j, v))
    return ForAll(
        [i, x, v],
        Implies(And(u(i, x) > pmm(i), theory.leaves_room(i, x, v)), ForAll([j], mixed)),
    )


@define()
def strictly_comprehensive(theory: Any) -> Any:
    """Above the PMM, where somebody can gain at nobody's expense, everybody can gain."""
    return ForAll(
        [a, x, j],
        Implies(
            And(
                ForAll([k], u(k, a) >= pmm(k)),
                theory.weakly_improves(x, a),
                u(j, x) > u(j, a),
            ),
            Exists([y], ForAll([k], u(k, y) > u(k, a))),
        ),
    )


@define(Outcome)
def above_pmm(theory: Any, x: Any) -> Any:
    """Everybody gets more than the PMM."""
    return ForAll([i], u(i, x) > pmm(i))


@define(Player, Outcome, Payoffs)
def gives_others(theory: Any, i: Any, x: Any, v: Any) -> Any:
    """The outcome x pays everybody but i exactly what v gives them."""
    return ForAll([j], Implies(j != i, u(j, x) == payoff(j, v)))


@define(Player, Outcome, Payoffs)
def leaves_room(theory: Any, i: Any, x: Any, v: Any) -> Any:
    """To everybody but i, v gives more than the PMM and no more than x pays."""
    return ForAll(
        [j],
        Implies(j != i, And(payoff(j, v) > pmm(j), payoff(j, v) <= u(j, x))),
    )


@define(Player, Payoffs, Payoffs)
def small_amounts(theory: Any, i: Any, v: Any, w: Any) -> Any:
    """To everybody but i, v gives more than the PMM and less than w."""
    return ForAll(
        [j],
        Implies(j != i, And(payoff(j, v) > pmm(j), payoff(j, v) < payoff(j, w))),
    )


@define(Player, Outcome, Payoffs)
def concession(theory: Any, i: Any, x: Any, v: Any) -> Any:
    """The outcome x is efficient, pays i less than u_i^*, and everybody else exactly v."""
    return And(
        theory.efficient(x),
        u(i, x) < u(i, best(i)),
        theory.gives_others(i, x, v),
    )


@define()
def small_concessions_efficient(theory: Any) -> Any:
    """Giving the others any small amounts above the PMM is efficient, for some payoff to i.

    That payoff is u_i^* - eps_i with eps_i > 0. Small means below what some payoff profile w
    gives, which gives everybody more than the PMM.
    """
    conceded = Exists([x], theory.concession(i, x, v))
    return ForAll(
        [i],
        Exists(
            [w],
            And(
                ForAll([j], payoff(j, w) > pmm(j)),
                ForAll([v], Implies(theory.small_amounts(i, v, w), conceded)),
            ),
        ),
    )


# Profiles put together from a choice for every player


@axiom()
def profile_of_optimal_renegotiators(theory: Any) -> Any:
    """If every player has an optimal renegotiation program, some profile consists of such."""

    def good(candidate: Any) -> Any:
        return And(in_rn(i, candidate), theory.optimal(i, candidate))

    return Implies(
        ForAll([i], Exists([d], good(d))),
        Exists([q], ForAll([i], good(program(i, q)))),
    )


@axiom()
def profile_of_extensions(theory: Any) -> Any:
    """If every program of the equilibrium has a PMP-extension, some profile consists of such."""

    def extends(candidate: Any) -> Any:
        return theory.pmp_extension(i, program(i, equilibrium), candidate)

    return Implies(
        ForAll([i], Exists([d], extends(d))),
        Exists([q], ForAll([i], extends(program(i, q)))),
    )


@define()
def extensions_exist(theory: Any) -> Any:
    """CSR programs are closed under PMP-extension: Definition 8 names a program that is there."""
    return ForAll([i, c], Implies(in_csr(sel, i, c), Exists([d], theory.pmp_extension(i, c, d))))


@define(Profile)
def extends_equilibrium(theory: Any, q: Any) -> Any:
    """Everybody's program in q is the PMP-extension of their program in the equilibrium."""
    return ForAll([i], theory.pmp_extension(i, program(i, equilibrium), program(i, q)))


# Claims that are proved in one place and used in another


@define()
def extension_improves(theory: Any) -> Any:
    """Against believed CSR programs, extending one's own program makes nobody worse off."""
    return ForAll(
        [i, p, c, d],
        Implies(
            And(believed(i, p), theory.others_csr(sel, p, i), theory.pmp_extension(i, c, d)),
            theory.weakly_improves(outcome(replace(p, i, d)), outcome(replace(p, i, c))),
        ),
    )


@define()
def extension_inclusion(theory: Any) -> Any:
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


PAPER_DEFINITIONS = tuple(
    value for value in list(globals().values()) if type(value).__name__ == "Definition"
)
