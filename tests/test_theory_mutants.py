"""Seeded errors in the definitions, and whether anything notices them."""

from __future__ import annotations

import inspect
import re
import textwrap
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
import z3
from conftest import PROGRAM_GAMES
from theory_worlds import disagreements

from spi_verify.obligations import Statement
from spi_verify.obligations.running import _formulas
from spi_verify.papers.loading import load
from spi_verify.solvers import Status, ask_both
from spi_verify.solvers.smtlib import render, script
from spi_verify.theory import PAPER
from spi_verify.verdicts import Verdict

# (definition, text, text with an error)
MUTANTS = [
    ("replacement", "j == i, c, program(j, p)", "j != i, c, program(j, p)"),
    ("default_profile", "default(program(i, p))", "program(i, p)"),
    ("outcome_of_programs", "plays(i, program(i, p), p)", "plays(i, program(i, p), defaults(p))"),
    ("weakly_improves", ">=", ">"),
    ("weakly_improves", "u(i, x) >= u(i, a)", "u(i, a) >= u(i, x)"),
    ("weakly_improves", "ForAll([i]", "Exists([i]"),
    ("efficient", "u(j, x) > u(j, a)", "u(j, x) >= u(j, a)"),
    ("efficient", "theory.weakly_improves(x, a)", "theory.weakly_improves(a, x)"),
    ("spi", "u(j, afterwards) >= u(j, before)", "u(j, afterwards) > u(j, before)"),
    ("spi", "u(j, afterwards) > u(j, before)", "u(j, before) > u(j, afterwards)"),
    ("renegotiation_function", "improved(r, a), a)", "a, improved(r, a))"),
    ("renegotiation_function", "u(i, improved(r, a)) > u(i, a)", "u(i, a) > u(i, improved(r, a))"),
    ("others_renegotiate", "j != i", "j == i"),
    ("others_agree", "outcome(defaults(p))", "outcome(p)"),
    ("others_agree", "ForAll(", "Exists("),
    ("algorithm_1", "plays(i, default(c), p)", "plays(i, c, p)"),
    ("algorithm_1", "action(i, point)", "action(i, improved(rn_of(c), point))"),
    ("algorithm_1", "outcome(defaults(played))", "outcome(played)"),
    ("algorithm_1", "others_renegotiate(p, i)", "others_agree(p, i, rn_of(c))"),
    ("pareto_meet_minimum", "u(i, e) >= pmm(i)", "u(i, e) <= pmm(i)"),
    ("pareto_meet_minimum", "theory.efficient(worst(i)),", ""),
    ("pmp", "u(i, x) >= maximum(pmm(i), u(i, a))", "u(i, x) > maximum(pmm(i), u(i, a))"),
    ("pmp", "u(i, x) >= maximum(pmm(i), u(i, a))", "u(i, x) >= u(i, a)"),
    ("pmp", "u(i, x) >= maximum(pmm(i), u(i, a))", "u(i, x) >= pmm(i)"),
    ("pmp", "u(j, x) == maximum(pmm(j), u(j, a))", "u(j, x) >= maximum(pmm(j), u(j, a))"),
    ("pmp", "u(j, x) == maximum(pmm(j), u(j, a))", "u(j, x) == maximum(pmm(i), u(j, a))"),
    ("pmp", "j != i", "j == i"),
    ("set_valued_renegotiation_function", "weakly_improves(x, a)", "weakly_improves(a, x)"),
    ("set_valued_renegotiation_function", "u(j, x) > u(j, a)", "u(j, x) >= u(j, a)"),
    ("selection_function", "member(selected(s, S), S)", "theory.nonempty(S)"),
    ("selection_function", "theory.weakly_improves(x, selected(s, S)),", ""),
    ("selection_function", "u(j, x) > u(j, selected(s, S))", "u(j, x) >= u(j, selected(s, S))"),
    ("transitive", "selected(s, C), selected(s, S)", "selected(s, S), selected(s, C)"),
    ("transitive", "Implies(member(x, S), member(x, C))", "Implies(member(x, C), member(x, S))"),
    ("agreement_set", "ForAll([j]", "Exists([j]"),
    (
        "renegotiation_outcome",
        "selected(s, agreement(R, a)), a)",
        "a, selected(s, agreement(R, a)))",
    ),
    ("others_csr", "j != i", "j == i"),
    ("algorithm_2", "plays(i, default(c), p)", "plays(i, c, p)"),
    ("algorithm_2", "outcome(defaults(played))", "outcome(played)"),
    ("algorithm_2", "functions(played), outcome", "functions(p), outcome"),
    ("pmp_extension", "default(d) == default(c)", "default(d) == c"),
    ("pmp_extension", "renegotiated(sel, against, point)", "point"),
    ("pmp_extension", "theory.pmp(i, x,", "theory.pmp(j, x,"),
    ("pmp_extension", "set_function(c), against", "set_function(d), against"),
    ("optimal", "expected(i, d) <= expected(i, c)", "expected(i, d) >= expected(i, c)"),
    ("assumption_5_1", "replace(p, i, default(c))", "replace(p, i, c)"),
    ("assumption_5_2", "plays(i, default(c), defaults(p))", "plays(i, c, defaults(p))"),
    ("assumption_9_i", "Not(in_csr(sel, i, c))", "in_csr(sel, i, c)"),
    ("assumption_9_ii", "theory.pmp(i, x, renegotiated", "theory.pmp(j, x, renegotiated"),
    ("assumption_9_ii", "Implies(old, new)", "Implies(new, old)"),
    ("rounds", "after(n, p, a))", "a)"),
    ("algorithm_3", "after(last, played", "after(first, played"),
    ("expectation", "partial_sum(i, c, n) + later", "partial_sum(i, c, n) - later"),
    ("best_beside_others", "u(i, x) <= u(i, point)", "u(i, x) >= u(i, point)"),
    ("best_beside_others", "u(j, other) >= u(j, a)", "u(j, other) <= u(j, a)"),
    ("best_payoffs", "u(i, a) <= u(i, best(i))", "u(i, a) >= u(i, best(i))"),
    ("no_common_best", "u(j, a) < u(j, best(j))", "u(j, a) <= u(j, best(j))"),
    ("feasible", "u(i, x) == payoff(i, v)", "u(i, x) >= payoff(i, v)"),
    ("in_pareto_meet", "payoff(i, v) >= pmm(i)", "payoff(i, v) > pmm(i)"),
    ("in_pareto_meet", "u(i, x) >= payoff(i, v)", "u(i, x) <= payoff(i, v)"),
    ("strictly_comprehensive", "u(k, y) > u(k, a)", "u(k, y) >= u(k, a)"),
    ("small_amounts", "payoff(j, v) > pmm(j)", "payoff(j, v) >= pmm(j)"),
    ("beliefs_are_lists", "probability(i, n) >= 0", "probability(i, n) <= 0"),
]


def mutated(name, text, error):
    """Return the theory with the error seeded."""
    source = textwrap.dedent(inspect.getsource(PAPER[name].body))
    source = source[source.index("def ") :]
    body = _replace_ignoring_layout(source, text, error)
    scope = dict(PAPER[name].body.__globals__)
    exec(body, scope)
    return PAPER.with_(**{name: scope[name]})


def _replace_ignoring_layout(source, text, error):
    pattern = r"\s+".join(re.escape(word) for word in text.split())
    changed, count = re.subn(pattern, lambda _: error, source, count=1)
    assert count == 1, f"{text!r} is not there"
    return changed


def questions(theory):
    """Return every step of every statement that is proved, as texts."""
    found = {}
    for statement in load(PROGRAM_GAMES, theory):
        if isinstance(statement, Statement) and statement.expected is Verdict.PROVED:
            formulas = {name: render(one) for name, one in _formulas(statement).items()}
            for step in statement.steps:
                facts = {f"fact:{use}": formulas[use] for use in step.uses}
                text = script({**facts, "negated-goal": render(z3.Not(step.formula))})
                found.setdefault(text, f"{statement.id}: {step.name}")
    return found


@cache
def original():
    return questions(PAPER)


def unproved(text):
    answers = ask_both(text, z3_resources=100_000, cvc5_resources=25_000)
    return all(answer.status is not Status.UNSAT for answer in answers)


def noticed_by(theory):
    """Return what notices a changed definition, or None."""
    difference = disagreements(theory)
    if difference:
        return difference
    changed = {text: name for text, name in questions(theory).items() if text not in original()}
    for text, name in changed.items():
        if unproved(text):
            return f"step {name}"
    return None


@pytest.mark.long
def test_the_budget_used_for_mutants_proves_every_step_of_the_original():
    with ThreadPoolExecutor(2) as pool:
        failures = [
            name
            for name, failed in zip(
                original().values(), pool.map(unproved, original()), strict=True
            )
            if failed
        ]
    assert not failures


def test_the_definitions_agree_with_worlds_built_without_them():
    assert disagreements(PAPER) is None


@pytest.mark.long
def test_seeded_errors_are_noticed(capsys):
    assert len(MUTANTS) >= 30
    noticed = {mutant: noticed_by(mutated(*mutant)) for mutant in MUTANTS}
    survivors = [mutant for mutant, by in noticed.items() if by is None]
    with capsys.disabled():
        killed = len(noticed) - len(survivors)
        print(f"\nmutants noticed: {killed} of {len(noticed)} ({killed / len(noticed):.0%})")
        for name, text, error in survivors:
            print(f"  survives: {name}: {text} -> {error}")
    assert killed / len(noticed) >= 0.9
