"""Helpers that return steps: what they return is proved, and only where it follows."""

from __future__ import annotations

import pytest
import z3

from spi_verify.errors import InputError
from spi_verify.obligations import Hypothesis, Statement
from spi_verify.obligations.patterns import (
    agreement_grows,
    along_players,
    component_by_component,
)
from spi_verify.obligations.running import run as decide
from spi_verify.theory import PAPER, same_formula
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    Profile,
    SetFunctions,
    component,
    defaults,
    member,
    offers,
    outcome,
    renegotiated,
    sel,
)
from spi_verify.verdicts import Verdict

i = z3.Const("i", Player)
a, x = z3.Const("a", Outcome), z3.Const("x", Outcome)
p, q = z3.Consts("p q", Profile)
R, Q = z3.Consts("R Q", SetFunctions)


def verdict(steps, definitions, hypotheses=()):
    """Decide a statement that is made of these."""
    one = Statement("own", "A pattern", PAPER, tuple(hypotheses), definitions, tuple(steps))
    (outcome,) = decide([one])
    return outcome.result.verdict


def test_profiles_with_the_same_components_are_proved_to_be_the_same():
    steps = component_by_component("goal", p, q, supposing=PAPER.same_programs(p, q))
    assert [step.name for step in steps] == ["goal-one-by-one", "goal"]
    assert verdict(steps, ("same_programs", "profiles_are_tuples")) is Verdict.PROVED
    different = component_by_component("goal", defaults(p), p)
    assert verdict(different[1:], ("same_programs", "profiles_are_tuples")) is Verdict.UNKNOWN


def test_what_has_no_components_is_an_error_that_names_what_has():
    S, T = z3.Consts("S T", OutcomeSet)
    with pytest.raises(InputError, match="Profile, SetFunctions, Outcome"):
        component_by_component("goal", S, T)
    with pytest.raises(InputError, match="one sort"):
        component_by_component("goal", p, outcome(p))


@pytest.mark.long
def test_a_claim_is_proved_along_the_list_of_players_only_with_its_induction():
    def claim(position):
        return PAPER.totals_rise(x, a, position)

    supposing = PAPER.weakly_improves(x, a)
    steps = along_players("goal", claim, variables=[x, a], supposing=supposing)
    assert [step.name for step in steps] == ["goal-first", "goal-next", "goal"]
    known = ("weakly_improves", "totals", "gain_up_to", "totals_rise", "players_are_listed")
    assert verdict(steps, (*known, "induction_on_totals")) is Verdict.PROVED
    assert verdict(steps, known) is Verdict.UNKNOWN


@pytest.mark.long
def test_growing_agreement_is_an_improvement_only_where_the_selection_is_transitive():
    steps = agreement_grows("goal", theory=PAPER, selection=sel, before=R, after=Q, at=a)
    old = member(x, offers(i, component(i, R), R, a))
    new = member(x, offers(i, component(i, Q), Q, a))
    better = PAPER.weakly_improves(x, renegotiated(sel, R, a))
    more = z3.And(z3.Implies(old, new), z3.Implies(new, z3.Or(old, better)))
    offered = Hypothesis("offered", z3.ForAll([i, x], more), "Improvements are offered, too.")
    selects = Hypothesis("selects", PAPER.selection_function(sel), "It selects.")
    transitive = Hypothesis("is-transitive", PAPER.transitive(sel), "It is transitive.")
    known = ("agreement_set", "nonempty", "renegotiation_outcome", "weakly_improves")
    known = (*known, "selection_function", "transitive")
    assert verdict(steps, known, [offered, selects, transitive]) is Verdict.PROVED
    assert verdict(steps, known, [offered, selects]) is Verdict.UNKNOWN


def test_variables_of_patterns_capture_none_of_the_terms():
    taken = z3.Const("p1", Position)
    own = along_players("goal", lambda n: PAPER.totals_rise(x, a, taken))
    other = along_players("goal", lambda n: PAPER.totals_rise(x, a, z3.Const("p9", Position)))
    renamed = z3.substitute(own[1].formula, (taken, z3.Const("p9", Position)))
    assert same_formula(renamed, other[1].formula)
