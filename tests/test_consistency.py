"""What a proof rests on has to hold together: names, claims, lemmas, and what is only mentioned."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import z3
from click.testing import CliRunner
from z3 import And, Const, Consts, Exists, ForAll, Not

from spi_verify.cli import app
from spi_verify.errors import InputError
from spi_verify.obligations import Hypothesis, Statement, Step, consistency, deciding, lock
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import label, wanted_in_witness
from spi_verify.obligations.running import run
from spi_verify.papers.choosing import choose
from spi_verify.solvers import Status, ask_z3
from spi_verify.solvers.smtlib import render, to_smtlib
from spi_verify.theory import PAPER, Theory, axiom, define
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    SetFunctions,
    believed,
    expected,
    in_csr,
    member,
    offers,
    sel,
    set_function,
    u,
)
from spi_verify.verdicts import Evidence, Result, Verdict, exit_code

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"
i = Const("i", Player)
R = Const("R", SetFunctions)
a, b, x = Consts("a b x", Outcome)
c, d = Consts("c d", Program)
p = Const("p", Profile)
EQUAL = ForAll([i, a, b], u(i, a) == u(i, b))
FALSE = Exists([i, a], u(i, a) != u(i, a))


def statement(**changes):
    parts = {
        "id": "mine",
        "title": "Mine",
        "theory": PAPER,
        "hypotheses": (),
        "definitions": (),
        "steps": (Step("goal", EQUAL, [h.name for h in changes.get("hypotheses", ())]),),
    }
    return Statement(**{**parts, **changes})


def only(*statements, **options):
    return run(statements, **options)[-1].result


RESERVED = ["scene", "two-players", "two players", "the scene", "goal-holds", "negated-goal"]
RESERVED += ["witness:the scene", "witness:two players", "witness:goal", "definition:efficient"]
RESERVED += ["fact:scene", "distinct:Player", "table:u[0,0]"]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("scene", [None, z3.BoolVal(True)])
def test_a_contradiction_is_vacuous_under_whatever_name(name, scene):
    found = only(statement(hypotheses=(Hypothesis(name, FALSE, "No."),), scene=scene))
    assert found.verdict is Verdict.VACUOUS
    assert name in found.reason


@pytest.mark.parametrize("name", [*RESERVED, "nothing-special"])
def test_no_name_takes_a_condition_away_from_the_witness(name):
    wanted = wanted_in_witness(
        statement(hypotheses=(Hypothesis(name, EQUAL, "Yes."),), scene=z3.BoolVal(True)), {}
    )
    assert len(wanted) == 3
    assert wanted[label(name)].eq(EQUAL)


def test_a_scene_and_a_hypothesis_of_that_name_are_recorded_apart():
    hypothesis = Hypothesis("scene", EQUAL, "Yes.")
    entries = {
        lock.formulas(outcome)
        for scene in (None, EQUAL, z3.BoolVal(True))
        for outcome in run([statement(hypotheses=(hypothesis,), scene=scene)])
    }
    assert len(entries) == 3


CLAIMS = [name for name, definition in PAPER.items() if definition.is_claim]


def test_a_constant_of_ones_own_may_have_the_name_of_a_symbol():
    before, after = Consts("before after", Outcome)
    same = Hypothesis("same", ForAll([i], u(i, before) == u(i, after)), "They pay the same.")
    goal = Step("goal", ForAll([i], u(i, after) == u(i, before)), ["same"])
    assert only(statement(hypotheses=(same,), steps=(goal,))).as_expected


def test_what_may_be_true_or_false_is_a_claim():
    assert {"spi", "assumption_9_ii", "projections_nonempty", "non_zero_sum"} <= set(CLAIMS)
    used = {n for s in shipped().values() for n in getattr(s, "definitions", ())}
    supposed = {
        name
        for one in shipped().values()
        if isinstance(one, Statement)
        for name in CLAIMS
        if any(h.formula.eq(one.theory.axiom(name)) for h in one.hypotheses) or name in one.lemmas
    }
    assert not used & set(CLAIMS)
    assert len(supposed) > 10


@pytest.mark.parametrize("name", CLAIMS)
def test_no_claim_is_taken_for_a_definition(name):
    goal = Step("goal", PAPER.axiom(name), [name])
    with pytest.raises(InputError, match=f"mine: '{name}' is a claim"):
        run([statement(definitions=(name,), steps=(goal,))])


def test_a_closed_formula_that_nobody_declared_is_a_claim():
    @define()
    def all_equal(theory):  # noqa: ARG001
        return EQUAL

    theory = Theory({**PAPER, "all_equal": all_equal})
    with pytest.raises(InputError, match="'all_equal' is a claim"):
        run([statement(theory=theory, definitions=("all_equal",))])
    granted = Theory({**PAPER, "all_equal": axiom()(all_equal.body)})
    goal = Step("goal", EQUAL, ["all_equal"])
    taken = only(statement(theory=granted, definitions=("all_equal",), steps=(goal,)))
    assert taken.verdict is Verdict.PROVED


def test_a_changed_claim_stays_a_claim_and_takes_no_axioms_place():
    changed = PAPER.with_(spi=lambda theory: EQUAL)
    with pytest.raises(InputError, match="'spi' is a claim"):
        run([statement(theory=changed, definitions=("spi",))])
    with pytest.raises(InputError, match="'spi' is a claim, so it cannot be a variant"):
        PAPER.with_(algorithm_1=PAPER["spi"])


@cache
def shipped():
    return {one.id: one for one in choose(["program-games"], PAPER)[0]}


NOBODY = Hypothesis("nobody-believes-anything", ForAll([i, p], Not(believed(i, p))), "No beliefs.")


def rests_on_expected_utility(*below, **changes):
    goal = ForAll([i, c, d], expected(i, c) == expected(i, d))
    mine = statement(
        hypotheses=(NOBODY,),
        lemmas={"pointwise_better": "expected-utility"},
        steps=(Step("goal", goal, [NOBODY.name, "pointwise_better"]),),
    )
    return only(*below, shipped()["expected-utility"], replace(mine, **changes))


def test_a_hypothesis_against_the_definitions_of_a_lemma_is_vacuous():
    found = rests_on_expected_utility()
    assert found.verdict is Verdict.VACUOUS
    assert "beliefs_are_lists" in found.reason
    assert NOBODY.name in found.reason


def test_a_hypothesis_against_the_definitions_of_a_lemma_of_a_lemma_is_vacuous():
    handed_on = Statement(
        id="handed-on",
        title="The same once more",
        theory=PAPER,
        hypotheses=(),
        definitions=(),
        lemmas={"pointwise_better": "expected-utility"},
        steps=(Step("goal", PAPER.pointwise_better(), ["pointwise_better"]),),
    )
    found = rests_on_expected_utility(handed_on, lemmas={"pointwise_better": "handed-on"})
    assert found.verdict is Verdict.VACUOUS


def test_a_lemma_proved_with_another_definition_is_refused():
    theory = PAPER.with_(beliefs_are_lists=lambda theory: z3.BoolVal(True))
    with pytest.raises(InputError, match="with another definition of 'beliefs_are_lists'"):
        rests_on_expected_utility(theory=theory)


def test_a_hypothesis_against_a_definition_that_is_only_mentioned_is_vacuous():
    none = Hypothesis("nothing-efficient", ForAll([a], Not(PAPER.efficient(a))), "Nothing is.")
    known = Hypothesis("equal", EQUAL, "Everything pays the same.")
    found = only(statement(hypotheses=(none, known), steps=(Step("goal", EQUAL, [known.name]),)))
    assert found.verdict is Verdict.VACUOUS
    assert "the definition efficient" in found.reason


def test_programs_that_the_definition_excludes_cannot_be_supposed():
    refuses = ForAll([R, a, x], Not(member(x, offers(i, set_function(c), R, a))))
    there = Hypothesis("one-refuses", Exists([i, c], And(in_csr(sel, i, c), refuses)), "One does.")
    goal = Exists([i, c], in_csr(sel, i, c))
    mine = statement(hypotheses=(there,), steps=(Step("goal", goal, [there.name]),))
    result = only(mine)
    assert result.verdict is Verdict.VACUOUS
    assert "the definition csr_programs" in result.reason
    changed = PAPER.with_(set_valued_renegotiation_function=lambda theory, i, F: z3.BoolVal(True))
    assert only(replace(mine, theory=changed)).verdict is Verdict.PROVED


def test_what_needs_numbers_of_its_own_is_refused_and_no_crash():
    r = z3.Real("r")
    reals = Hypothesis("reals", ForAll([i, r], Exists([a], u(i, a) > r)), "No bound.")
    own = z3.DeclareSort("Own")
    one, other = Consts("one other", own)
    mark = z3.Function("mark", own, z3.BoolSort())
    two = Hypothesis("two", Exists([one, other], And(mark(one), Not(mark(other)))), "Two.")
    goal = Step("goal", Exists([one, other], one != other), ["two"])
    assert only(statement(hypotheses=(two,), steps=(goal,))).as_expected
    with pytest.raises(InputError, match="quantifies over Real"):
        only(statement(hypotheses=(two, reals), steps=(goal,)))


RISING = """
from z3 import Consts, Exists, ForAll
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, Player, u

a, b, c = Consts("a b c", Outcome)
(i,) = Consts("i", Player)


def statements(theory):
    above = ForAll([a], Exists([b], ForAll([i], u(i, b) > u(i, a))))
    twice = ForAll([a], Exists([b, c], ForAll([i], u(i, c) > u(i, b))))
    return [
        Statement(
            id="always-better", title="Something is better than something", theory=theory,
            hypotheses=(Hypothesis("never-best", above, "Everything can be improved."),),
            definitions=(), steps=(Step("goal", twice, ["never-best"]),),
        ),
    ]
"""


@pytest.fixture
def rising(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "rising.py"
    file.write_text(RISING)
    return file


def test_a_proof_without_a_structure_says_so_everywhere_and_is_undecided(rising, tmp_path):
    files = {kind: str(tmp_path / f"r.{kind}") for kind in ("json", "html", "sarif")}
    files |= {"junit": str(tmp_path / "r.xml"), "summary": str(tmp_path / "r.md")}
    files |= {"lock": str(tmp_path / "r.lock")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", file)]
    ran = CliRunner().invoke(app, ["prove", str(rising), "--record", *options])
    assert ran.exit_code == 3
    assert "proved (consistency open)" in ran.output
    assert "1 proved (consistency open); 1 not as expected" in ran.output
    document = json.loads((tmp_path / "r.json").read_text())
    (one,) = document["results"]
    assert (one["verdict"], one["consistency"]) == ("proved", "open")
    assert "consistency is open" in one["reason"]
    schema = json.loads((SCHEMAS / "results-1.json").read_text())["$defs"]["result"]
    assert set(one) <= set(schema["properties"])
    assert schema["properties"]["consistency"]["const"] == "open"
    assert "consistency open" in (tmp_path / "r.html").read_text()
    assert "proved (consistency open), expected proved" in (tmp_path / "r.xml").read_text()
    assert "proved (consistency open)" in (tmp_path / "r.md").read_text()
    (told,) = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    assert (told["level"], told["properties"]["consistency"]) == ("warning", "open")
    recorded = lock.read(tmp_path / "r.lock").statements["always-better"]
    assert recorded.consistency_open


def test_what_becomes_open_has_regressed():
    closed = lock.Entry(Verdict.PROVED, Evidence.AGREEMENT, (), "sha256:0")
    doubtful = replace(closed, consistency_open=True)
    result = Result("mine", Verdict.PROVED, Evidence.AGREEMENT, consistency_open=True)
    (change,) = lock.compare({"mine": closed}, {"mine": (doubtful, result)}, complete=False)
    assert (change.kind, change.detail) == (
        "regressed",
        "proved (agreement) -> proved (agreement, consistency open)",
    )


def test_what_is_open_is_undecided_where_a_proof_is_expected_and_wrong_where_none_is():
    result = Result("mine", Verdict.PROVED, Evidence.AGREEMENT, consistency_open=True)
    assert not result.as_expected
    assert exit_code([result]) == 3
    assert exit_code([replace(result, expected=Verdict.REFUTED)]) == 1
    assert exit_code([replace(result, consistency_open=False)]) == 0


def test_no_shipped_hypothesis_is_a_part_of_what_is_claimed():
    for one in shipped().values():
        if isinstance(one, Statement) and one.expected is Verdict.PROVED:
            for hypothesis in one.hypotheses:
                question = {"goal": one.goal.formula, "not": Not(hypothesis.formula)}
                answer = ask_z3(to_smtlib(question), resource_limit=20_000)
                assert answer.status is not Status.UNSAT, (one.id, hypothesis.name)


def test_a_statement_names_the_definitions_that_it_changes():
    for one in shipped().values():
        if isinstance(one, Statement):
            changed = [n for n in PAPER if not one.theory.axiom(n).eq(PAPER.axiom(n))]
            assert list(one.changed) == changed, one.id


@pytest.mark.parametrize(("briefly", "part"), [(False, 1), (True, deciding.PART)])
def test_of_an_edited_statement_contradictions_are_sought_briefly(monkeypatch, briefly, part):
    asked = []

    def gives_up(_, budget, *__):
        asked.append((budget.search, budget.z3))
        return deciding.Search("unknown", "resource limit", (), {}, {}, 0.0)

    monkeypatch.setattr(consistency, "search", gives_up)
    monkeypatch.setattr(consistency, "search_contradiction", gives_up)
    whole = deciding.Budget()
    consistency.witness({}, render(z3.BoolVal(True)), whole, Cache(None), None, briefly=briefly)
    assert asked == [(whole.search, whole.z3)] * 2 + [(whole.search, whole.z3 // part)]
