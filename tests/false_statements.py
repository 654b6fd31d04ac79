"""Small false statements over all of the vocabulary, as somebody who revises a paper writes them.

They use free constants, as the template does. Each is false in some small world.
"""

from __future__ import annotations

from z3 import And, Consts, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Payoffs,
    Player,
    Profile,
    Program,
    Renegotiation,
    Selection,
    SetFunction,
    SetFunctions,
    agreement,
    component,
    defaults,
    equilibrium,
    expected,
    functions,
    improved,
    in_csr,
    in_default_set,
    in_rn,
    member,
    offers,
    outcome,
    payoff,
    pmm,
    program,
    renegotiated,
    replace,
    sel,
    selected,
    transformed,
    u,
)

i, j, k = Consts("i j k", Player)
a, b, x, y, z = Consts("a b x y z", Outcome)
S, T = Consts("S T", OutcomeSet)
s, t = Consts("s t", Selection)
F, G = Consts("F G", SetFunction)
R, Q = Consts("R Q", SetFunctions)
r, q = Consts("r q", Renegotiation)
v, w = Consts("v w", Payoffs)
p, o = Consts("p o", Profile)
c, d = Consts("c d", Program)


def statements(theory: Theory) -> list[Statement]:
    """Return them."""

    def false(id, goal, *supposed, definitions=()):
        return Statement(
            id=id,
            title=id.replace("-", " "),
            theory=theory,
            hypotheses=tuple(Hypothesis(f"h{n}", one, "") for n, one in enumerate(supposed, 1)),
            definitions=definitions,
            steps=(Step("goal", goal, ()),),
        )

    th = theory
    better = theory.weakly_improves
    either = And(
        ForAll([x], Implies(member(x, S), member(x, T))),
        th.nonempty(S),
    )
    return [
        # Outcomes and payoffs
        false(
            "improvements-are-strict",
            u(i, y) > u(i, x),
            better(y, x),
            x != y,
        ),
        false(
            "comparable",
            Or(better(x, y), better(y, x)),
        ),
        false(
            "efficient-pays-alike",
            u(i, x) == u(i, y),
            th.efficient(x),
            th.efficient(y),
        ),
        false(
            "above-the-pmm-is-efficient",
            th.efficient(x),
            ForAll([i], u(i, x) > pmm(i)),
        ),
        false(
            "efficient-above-the-pmm",
            Exists([i], u(i, x) > pmm(i)),
            th.efficient(x),
        ),
        false(
            "two-agree-all-do", u(k, x) <= u(k, y), i != j, u(i, x) <= u(i, y), u(j, x) <= u(j, y)
        ),
        false(
            "three-players-gain",
            u(k, y) >= u(k, x),
            And(i != j, j != k, i != k),
            u(i, y) > u(i, x),
            u(j, y) > u(j, x),
        ),
        # Payoff profiles
        false(
            "between-is-feasible",
            th.feasible(v),
            th.in_pareto_meet(v),
        ),
        false(
            "profile-pays-the-same",
            payoff(i, v) == payoff(i, w),
            payoff(j, v) == payoff(j, w),
        ),
        false(
            "feasible-pays-at-least-the-pmm",
            payoff(i, v) >= pmm(i),
            th.feasible(v),
        ),
        # Lotteries
        false(
            "mixtures-are-efficient",
            th.efficient(x),
            th.axiom("correlated_randomisation"),
        ),
        false(
            "mixed-pays-alike",
            u(i, x) == u(j, x),
            th.axiom("correlated_randomisation"),
            th.efficient(x),
        ),
        # Sets and selection functions
        false(
            "selected-improves", better(selected(s, S), x), th.selection_function(s), member(x, S)
        ),
        false(
            "larger-sets-are-better",
            better(selected(s, T), selected(s, S)),
            th.selection_function(s),
            either,
        ),
        false(
            "transitive-larger",
            better(selected(s, T), selected(s, S)),
            th.selection_function(s),
            th.transitive(s),
            either,
        ),
        false(
            "all-select-alike",
            selected(s, S) == selected(t, S),
            th.selection_function(s),
            th.selection_function(t),
            th.nonempty(S),
        ),
        false(
            "all-transitive-pay-alike",
            u(i, selected(s, S)) == u(i, selected(t, S)),
            th.selection_function(s),
            th.selection_function(t),
            th.transitive(s),
            th.transitive(t),
            th.nonempty(S),
        ),
        false(
            "selections-are-transitive",
            th.transitive(s),
            th.selection_function(s),
        ),
        false(
            "disjoint-or-equal",
            ForAll([x], member(x, S) == member(x, T)),
            member(y, S),
            member(y, T),
        ),
        # Renegotiation functions
        false(
            "renegotiation-ends-efficiently",
            th.efficient(improved(r, x)),
            th.renegotiation_function(r),
        ),
        false(
            "renegotiation-functions-commute",
            improved(r, improved(q, x)) == improved(q, improved(r, x)),
            th.renegotiation_function(r),
            th.renegotiation_function(q),
        ),
        # Set-valued functions
        false(
            "agreement-is-never-empty",
            th.nonempty(agreement(R, a)),
            ForAll([i], th.set_valued_renegotiation_function(i, component(i, R))),
        ),
        false(
            "agreed-is-efficient",
            th.efficient(renegotiated(sel, R, a)),
            th.selection_function(sel),
            th.functions_as_in_definition_7(R),
        ),
        false(
            "offering-more-is-better",
            better(renegotiated(sel, Q, a), renegotiated(sel, R, a)),
            th.selection_function(sel),
            th.functions_as_in_definition_7(R),
            th.functions_as_in_definition_7(Q),
            ForAll(
                [i, x],
                Implies(
                    member(x, offers(i, component(i, R), R, a)),
                    member(x, offers(i, component(i, Q), Q, a)),
                ),
            ),
        ),
        false(
            "one-function-offers-all",
            Implies(member(x, offers(i, F, R, a)), member(x, offers(i, G, R, a))),
            th.set_valued_renegotiation_function(i, F),
            th.set_valued_renegotiation_function(i, G),
        ),
        false(
            "selections-end-alike",
            u(i, renegotiated(s, R, a)) == u(i, renegotiated(t, R, a)),
            th.selection_function(s),
            th.selection_function(t),
            th.functions_as_in_definition_7(R),
        ),
        # Programs
        false(
            "default-programs-are-efficient",
            th.efficient(outcome(p)),
            ForAll([i], in_default_set(i, program(i, p))),
        ),
        false(
            "csr-is-efficient",
            th.efficient(outcome(p)),
            ForAll([i], in_csr(sel, i, program(i, p))),
            th.selection_function(sel),
            th.functions_as_in_definition_7(functions(p)),
        ),
        false(
            "csr-pays-alike",
            u(i, outcome(p)) == u(i, outcome(o)),
            ForAll([i], in_csr(sel, i, program(i, p))),
            ForAll([i], in_csr(sel, i, program(i, o))),
            th.selection_function(sel),
            th.functions_as_in_definition_7(functions(p)),
            th.functions_as_in_definition_7(functions(o)),
            defaults(p) == defaults(o),
        ),
        false(
            "renegotiators-are-efficient",
            th.efficient(outcome(p)),
            ForAll([i], in_rn(i, program(i, p))),
            definitions=("renegotiation_programs",),
        ),
        false(
            "f-is-an-spi",
            better(outcome(transformed(p)), outcome(p)),
        ),
        false(
            "equilibria-are-efficient",
            th.efficient(outcome(equilibrium)),
            th.subjective_equilibrium(equilibrium),
        ),
        false(
            "certain-players-are-right",
            expected(i, program(i, equilibrium)) == u(i, outcome(equilibrium)),
            th.subjective_equilibrium(equilibrium),
        ),
        false(
            "deviating-changes-nothing",
            outcome(replace(p, i, c)) == outcome(p),
            in_default_set(i, c),
            ForAll([i], in_default_set(i, program(i, p))),
        ),
        false(
            "convex-csr-is-efficient",
            th.efficient(outcome(equilibrium)),
            th.axiom("correlated_randomisation"),
            ForAll([i], in_csr(sel, i, program(i, equilibrium))),
            th.selection_function(sel),
            th.functions_as_in_definition_7(functions(equilibrium)),
        ),
    ]
