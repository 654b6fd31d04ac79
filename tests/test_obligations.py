from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples import saved
from spi_verify.counterexamples.verdict import settled
from spi_verify.errors import InputError
from spi_verify.obligations import Executed, Hypothesis, Statement, Step, executing, running
from spi_verify.obligations import cache as cache_module
from spi_verify.obligations.cache import Cache, cache_directory, digest_of_code
from spi_verify.obligations.deciding import Budget, Search, lasts
from spi_verify.obligations.executing import execute
from spi_verify.obligations.resting import lemmas_below
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import Fact
from spi_verify.papers.choosing import choose
from spi_verify.papers.loading import load, load_shipped
from spi_verify.shipped import shipped
from spi_verify.solvers import Answer, Status, ask_both
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import holds
from spi_verify.theory.signature import Outcome, Player, u
from spi_verify.verdicts import Evidence, Verdict

LIST = {
    "prop-1",
    "prop-2",
    "def-6-nonempty",
    "def-6-meet",
    "thm-3-improves",
    "thm-3-pmm",
    "thm-3-equilibrium",
    "thm-3-inclusion",
    "thm-3-wlog-csr",
    "prop-4-spi",
    "prop-4-pmm",
    "prop-5-efficient-point",
    "prop-5",
    "prop-5-best-response",
    "app-c",
    "sel-transitive-lexicographic",
    "sel-transitive-utilitarian",
    "sel-transitive-leximin",
    "sel-transitive-maxmin",
    "sel-transitive-nash",
    "sel-transitive-nash-interior",
    "sel-transitive-kalai-smorodinsky",
}
AS_PRINTED = {
    "thm-3-improves",
    "sel-transitive-lexicographic",
    "sel-transitive-utilitarian",
    "sel-transitive-leximin",
    "sel-transitive-nash-interior",
}
QUICK = Budget(z3=300_000, cvc5=30_000)
i = z3.Const("i", Player)
a, b, c = z3.Consts("a b c", Outcome)


@cache
def suite():
    return tuple(s for s in load(PROGRAM_GAMES, PAPER) if isinstance(s, Statement))


@pytest.fixture(scope="session")
def outcomes(shipped_proofs):
    cache = Cache(cache_directory())
    decided = run(suite(), jobs=2, certificates=shipped_proofs, cache=cache, keep=True)
    return {outcome.statement.id: outcome for outcome in decided}


def better(x, y):
    return z3.ForAll([i], u(i, x) >= u(i, y))


def chain(**changes):
    """Return a small statement: improvements compose."""
    x, y = z3.Consts("x y", Outcome)
    parts = {
        "id": "chain",
        "title": "Improvements compose",
        "theory": PAPER,
        "hypotheses": (
            Hypothesis("b-improves-on-a", better(b, a), "b is better than a."),
            Hypothesis("c-improves-on-b", better(c, b), "c is better than b."),
        ),
        "definitions": ("weakly_improves",),
        "steps": (
            Step(
                "compose",
                z3.ForAll(
                    [x, y],
                    z3.Implies(
                        z3.And(PAPER.weakly_improves(x, b), PAPER.weakly_improves(b, y)),
                        PAPER.weakly_improves(x, y),
                    ),
                ),
                ["weakly_improves"],
            ),
            Step(
                "goal",
                PAPER.weakly_improves(c, a),
                ["compose", "b-improves-on-a", "c-improves-on-b", "weakly_improves"],
            ),
        ),
    }
    return Statement(**{**parts, **changes})


def verdict_of(statement, **options):
    (outcome,) = run([statement], **options)
    return outcome.result


def test_formulas_and_not_ids_say_which_reading_a_statement_is():
    (one,) = (one for one in suite() if one.id == "prop-1")
    assert one.reading == "literal"
    assert replace(one, id="prop-1/repaired").reading == "literal"
    assert replace(one, changed=("efficient",)).reading == "repaired"
    assert replace(one, added=("shared-r",)).reading == "repaired"


def test_every_statement_of_the_list_has_a_suite():
    assert {s.id for s in suite()} >= LIST
    assert {s.id for s in suite() if s.reading == "literal"} == LIST | {
        "expected-utility",
        "convex-segments",
        "alg-3-improves",
        "efficient-in-finite-sets",
        "best-is-transitive",
        "efficient-point-two-players",
    }


@pytest.mark.long
def test_everything_comes_out_as_expected(outcomes):
    for outcome in outcomes.values():
        result = settled(outcome)
        assert result.as_expected, result.reason


def test_what_the_literal_readings_do_not_say_is_not_proved(outcomes):
    proved = {id for id, o in outcomes.items() if o.result.verdict is Verdict.PROVED}
    assert {id for id in LIST if id in proved} == AS_PRINTED
    assert {f"{id}/repaired" for id in LIST - AS_PRINTED} <= proved


def test_every_proof_has_an_evaluated_witness_of_all_that_it_rests_on(outcomes):
    by_id = {id: o.statement for id, o in outcomes.items() if isinstance(o.statement, Statement)}
    proved = [id for id in by_id if outcomes[id].result.verdict is Verdict.PROVED]
    assert len(proved) >= 28
    for id in proved:
        statement, witness = by_id[id], outcomes[id].witness
        assert witness is not None, id
        assert witness.sizes["Player"] >= 2
        facts = [*statement.facts().items(), ("goal", statement.goal.formula)]
        for lemma in lemmas_below(statement, by_id):
            facts += [(name, statement.theory.axiom(name)) for name in lemma.definitions]
        for name, definition in statement.theory.items():
            if {symbol.name() for symbol in definition.about} & set(witness.tables):
                facts.append((name, statement.theory.axiom(name)))
        for name, formula in facts:
            assert holds(formula, witness), (id, name)


def test_hypotheses_have_a_meaning_in_words_and_names_mean_one_thing():
    meanings = {}
    for statement in suite():
        for hypothesis in statement.hypotheses:
            assert hypothesis.meaning.endswith(".")
            if hypothesis.name != "somebody-gains":
                formula = meanings.setdefault(hypothesis.name, hypothesis.formula)
                assert formula.eq(hypothesis.formula), hypothesis.name


def without(id, name):
    """Return a statement and the sources of its lemmas, all without a hypothesis, renamed."""
    known = {statement.id: statement for statement in suite()}
    needed = [id]
    for one in needed:
        needed += [source for source in known[one].lemmas.values() if source not in needed]

    def renamed(one):
        return f"{one} without {name} in {id}"

    return [
        replace(
            known[one].without(name),
            id=renamed(one),
            lemmas={lemma: renamed(source) for lemma, source in known[one].lemmas.items()},
        )
        for one in needed
    ]


@pytest.fixture(scope="session")
def weakened(outcomes, shipped_proofs):
    """Return what becomes of every proved statement without each hypothesis that it uses.

    A structure of what is left is not sought: there was one with more hypotheses.
    """
    statements = [
        statement
        for outcome in outcomes.values()
        for name in outcome.result.hypotheses_used
        for statement in without(outcome.statement.id, name)
    ]
    nothing = Search("unknown", "none is sought", (), {}, {}, 0.0)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("witness", "witness_of_a_few"):
            patch.setattr(running, name, lambda *_, **_named: nothing)
        decided = run(statements, jobs=2, certificates=shipped_proofs)
    return {o.statement.id: o.result for o in decided}


@pytest.mark.long
def test_without_any_hypothesis_that_it_uses_a_statement_is_not_proved(outcomes, weakened):
    pairs = [(id, name) for id, o in outcomes.items() for name in o.result.hypotheses_used]
    assert len(pairs) >= 40
    for id, name in pairs:
        verdict = weakened[f"{id} without {name} in {id}"].verdict
        assert verdict is Verdict.UNKNOWN, (id, name)


@pytest.mark.parametrize("id", ["thm-3-improves", "def-6-meet/repaired"])
def test_a_contradictory_hypothesis_makes_a_statement_vacuous(id, shipped_proofs):
    absurd = Hypothesis(
        "absurd", z3.Exists([i, a], u(i, a) > u(i, a)), "Somebody gets more than they get."
    )
    statements, _ = choose([id], PAPER)
    changed = [s.assuming(absurd) if s.id == id else s for s in statements]
    result = next(
        outcome.result
        for outcome in run(changed, jobs=2, certificates=shipped_proofs)
        if outcome.statement.id == id
    )
    assert result.verdict is Verdict.VACUOUS
    assert "absurd" in result.reason


def test_hypotheses_that_contradict_each_other_through_a_definition_are_vacuous():
    worse = Hypothesis("worse", z3.Not(PAPER.weakly_improves(b, a)), "b is not better than a.")
    result = verdict_of(chain().assuming(worse))
    assert result.verdict is Verdict.VACUOUS


def test_a_scene_that_cannot_be_is_vacuous():
    assert verdict_of(chain(scene=z3.BoolVal(False))).verdict is Verdict.VACUOUS


def test_the_proof_says_what_it_needs_and_what_it_does_not():
    idle = Hypothesis("idle", better(a, a), "a is as good as a.")
    (outcome,) = run([chain().assuming(idle)])
    assert outcome.result.verdict is Verdict.PROVED
    assert outcome.result.hypotheses_used == ("b-improves-on-a", "c-improves-on-b")
    assert outcome.result.reason == "not needed: idle"
    assert outcome.unused == ("idle",)


def test_a_step_is_proved_from_what_it_lists_and_nothing_else():
    steps = chain().steps
    forgetful = replace(steps[1])
    object.__setattr__(forgetful, "uses", ("compose", "b-improves-on-a", "weakly_improves"))
    result = verdict_of(chain(steps=(steps[0], forgetful)), budget=QUICK)
    assert result.verdict is Verdict.UNKNOWN
    assert "goal" in result.reason


def test_an_unproved_step_that_the_goal_rests_on_keeps_it_from_being_proved():
    false = Step("compose", PAPER.weakly_improves(c, a), ["weakly_improves"])
    goal = Step("goal", PAPER.weakly_improves(c, a), ["compose"])
    result = verdict_of(chain(steps=(false, goal)), budget=QUICK)
    assert result.verdict is Verdict.UNKNOWN
    assert "compose" in result.reason


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([("goal", ["missing"])], "'missing', which is not there"),
        ([("one", ["two"]), ("two", ["one"]), ("goal", ["one"])], "in a circle"),
        ([("goal", ["goal"])], "in a circle"),
        ([("one", []), ("one", []), ("goal", [])], "more than one fact"),
        ([("a-improves", []), ("last", [])], "must be named 'goal'"),
        ([("weakly_improves", []), ("goal", [])], "more than one fact"),
    ],
)
def test_malformed_proofs_are_errors_before_anything_is_solved(steps, message):
    statement = chain(steps=tuple(Step(name, z3.BoolVal(True), uses) for name, uses in steps))
    started = []
    with pytest.raises(InputError, match=message):
        run([statement], listener=lambda name, _: started.append(name))
    assert not started


def test_an_unknown_definition_is_an_error():
    with pytest.raises(InputError, match="no definition 'strongly_improves'"):
        run([chain(definitions=("weakly_improves", "strongly_improves"))])


def lemma_pair(**changes):
    source = Statement(
        id="source",
        title="Everything has projections",
        theory=PAPER,
        hypotheses=(Hypothesis("given", PAPER.projections_nonempty(), "Projections have points."),),
        definitions=(),
        steps=(Step("goal", PAPER.projections_nonempty(), ["given"]),),
    )
    user = Statement(
        id="user",
        title="So it has",
        theory=PAPER,
        hypotheses=source.hypotheses,
        definitions=(),
        lemmas={"projections_nonempty": "source"},
        steps=(Step("goal", PAPER.projections_nonempty(), ["projections_nonempty"]),),
    )
    return replace(source, **changes.get("source", {})), replace(user, **changes.get("user", {}))


def test_a_lemma_hands_on_what_it_supposes():
    _, user = run(lemma_pair())
    assert user.result.verdict is Verdict.PROVED
    assert user.result.hypotheses_used == ("given",)


def test_a_lemma_is_no_use_to_a_statement_that_does_not_suppose_what_it_supposes():
    _, user = run(lemma_pair(user={"hypotheses": ()}))
    assert user.result.verdict is Verdict.UNKNOWN
    assert "supposes 'given'" in user.result.reason


def test_an_unproved_lemma_proves_nothing():
    source, user = lemma_pair()
    broken = replace(source, steps=(Step("goal", PAPER.projections_nonempty(), []),))
    _, outcome = run([broken, user], budget=QUICK)
    assert outcome.result.verdict is Verdict.UNKNOWN
    assert "source, which is unknown" in outcome.result.reason


def test_a_lemma_must_be_what_its_source_proves():
    source, user = lemma_pair(user={"lemmas": {"projections_meet": "source"}})
    user = replace(user, steps=(Step("goal", z3.BoolVal(True), []),))
    with pytest.raises(InputError, match="does not prove the lemma"):
        run([source, user])


def test_lemmas_must_not_prove_each_other():
    source, user = lemma_pair()
    circular = replace(source, lemmas={"projections_nonempty": "user"}, hypotheses=())
    circular = replace(
        circular, steps=(Step("goal", PAPER.projections_nonempty(), ["projections_nonempty"]),)
    )
    with pytest.raises(InputError, match="in a circle"):
        run([circular, user])


def test_answers_come_from_the_cache_and_damaged_ones_do_not(tmp_path):
    kept = Cache(tmp_path)
    (first,) = run([chain()], cache=kept)
    (second,) = run([chain()], cache=kept)
    assert not any(d.cached for d in first.decisions.values())
    assert all(d.cached for d in second.decisions.values())
    assert first.result.verdict is second.result.verdict
    files = sorted(tmp_path.glob("*.json"))
    for file, damage in zip(files, ["", "[1, 2", '{"schema": "other"}', "\xff\x00"], strict=False):
        file.write_text(damage)
    with pytest.warns(UserWarning, match="damaged or foreign"):
        (third,) = run([chain()], cache=kept)
    assert third.result.verdict is Verdict.PROVED


def test_accidents_are_not_kept(tmp_path, monkeypatch):
    def killed(*_, **__):
        reason = "the solver's process died (exit code -9)"
        return tuple(Answer(solver, Status.UNKNOWN, reason) for solver in ("z3", "cvc5"))

    kept = Cache(tmp_path)
    monkeypatch.setattr("spi_verify.obligations.deciding.ask_both", killed)
    (outcome,) = run([chain()], cache=kept)
    assert outcome.result.verdict is Verdict.UNKNOWN
    assert "died" in outcome.result.reason
    monkeypatch.undo()
    (outcome,) = run([chain()], cache=kept)
    assert outcome.result.verdict is Verdict.PROVED


def test_one_solver_alone_is_weaker_evidence(monkeypatch):
    def z3_alone(text, **options):
        one, _ = ask_both(text, **options)
        return one, Answer("cvc5", Status.UNKNOWN, "resource limit")

    monkeypatch.setattr("spi_verify.obligations.deciding.ask_both", z3_alone)
    result = verdict_of(chain())
    assert (result.verdict, result.evidence) == (Verdict.PROVED, Evidence.SOLVER)


def test_a_witness_that_does_not_evaluate_is_no_witness(monkeypatch):
    monkeypatch.setattr("spi_verify.obligations.outcomes.holds", lambda *_: False)
    result = verdict_of(chain())
    assert result.verdict is Verdict.UNKNOWN
    assert "the witness is none" in result.reason


def test_an_entry_is_not_believed_under_another_question_or_with_another_answer(tmp_path):
    kept = Cache(tmp_path)
    one, other = {"script": "(assert true)"}, {"script": "(assert false)"}
    kept.put(one, {"z3": "unsat"})
    (file,) = tmp_path.glob("*.json")
    kept.put(other, {"z3": "unsat"})
    (copy,) = set(tmp_path.glob("*.json")) - {file}
    copy.write_text(file.read_text())
    with pytest.warns(UserWarning, match="foreign"):
        assert kept.get(other) is None
    entry = json.loads(file.read_text())
    entry["answer"]["z3"] = "sat"
    file.write_text(json.dumps(entry))
    with pytest.warns(UserWarning, match="damaged"):
        assert Cache(tmp_path).get(one) is None


def test_another_budget_or_seed_is_another_question(tmp_path):
    kept = Cache(tmp_path)
    run([chain()], cache=kept)
    (outcome,) = run([chain()], cache=kept, budget=Budget(seed=1))
    assert not any(d.cached for d in outcome.decisions.values())


def test_a_structure_that_is_given_is_a_witness_where_everything_holds_in_it(monkeypatch):
    whole = chain()
    (outcome,) = run([whole])
    fewer = replace(whole, id="fewer", hypotheses=whole.hypotheses[:1], steps=(whole.steps[0],))
    fewer = replace(fewer, steps=(Step("goal", fewer.steps[0].formula, fewer.steps[0].uses),))

    def refuse(*_):
        raise AssertionError("a witness is sought")

    sought = running.witness
    monkeypatch.setattr(running, "witness", refuse)
    (again,) = run([fewer], structures=[outcome.witness])
    assert again.result.verdict is Verdict.PROVED
    assert again.witness.tables == outcome.witness.tables
    worse = z3.Exists([i], u(i, a) > u(i, b))
    other = replace(fewer, hypotheses=(Hypothesis("worse", worse, ""),))
    monkeypatch.setattr(running, "witness", sought)
    (differs,) = run([other], structures=[outcome.witness])
    assert differs.witness is not None
    assert differs.witness.tables != outcome.witness.tables


def test_a_part_of_the_budget_is_spent_briefly_and_the_answer_says_so(tmp_path, monkeypatch):
    spent = []

    def given_up(_text, *, z3_resources, cvc5_resources, **_):
        spent.append((z3_resources, cvc5_resources))
        unknown = (Answer(one, Status.UNKNOWN, "resource limit") for one in ("z3", "cvc5"))
        return tuple(unknown)

    monkeypatch.setattr("spi_verify.obligations.deciding.ask_both", given_up)
    (outcome,) = run([chain()], cache=Cache(tmp_path), briefly=["chain"])
    assert set(spent) == {(100_000, 20_000)}
    said = "z3: resource limit; cvc5: resource limit; each had 1/5 of what prove lets it spend"
    assert {d.reason for d in outcome.decisions.values()} == {said}
    (outcome,) = run([chain()], cache=Cache(tmp_path), briefly=["chain"])
    assert len(spent) == len(outcome.decisions)
    assert not any(lasts(d.reason) for d in outcome.decisions.values())
    assert {d.reason for d in outcome.decisions.values()} == {said}
    (outcome,) = run([chain()], cache=Cache(tmp_path))
    assert spent[-1] == (500_000, 100_000)
    assert "1/5" not in outcome.result.reason


def test_a_countermodel_is_not_said_to_lack_resources(tmp_path):
    lacking = chain(hypotheses=chain().hypotheses[:1]).without("c-improves-on-b")
    steps = (Step("goal", chain().goal.formula, ["b-improves-on-a", "weakly_improves"]),)
    lacking = replace(lacking, steps=steps)
    (outcome,) = run([lacking], cache=Cache(tmp_path), briefly=["chain"])
    assert outcome.result.verdict is Verdict.UNKNOWN
    assert "1/5" not in outcome.result.reason


def test_what_one_solver_proves_briefly_gets_the_whole_for_the_other(tmp_path, monkeypatch):
    real = ask_both

    def slow(text, *, z3_resources, cvc5_resources, **rest):
        z3_, cvc5_ = real(text, z3_resources=z3_resources, cvc5_resources=cvc5_resources, **rest)
        if z3_resources < Budget().z3:
            z3_ = Answer("z3", Status.UNKNOWN, "resource limit")
        return z3_, cvc5_

    monkeypatch.setattr("spi_verify.obligations.deciding.ask_both", slow)
    (outcome,) = run([chain()], cache=Cache(tmp_path), briefly=["chain"])
    assert outcome.result.evidence is Evidence.AGREEMENT


def test_what_came_of_the_whole_budget_is_known_briefly(tmp_path):
    kept = Cache(tmp_path)
    run([chain()], cache=kept)
    (outcome,) = run([chain()], cache=kept, briefly=["chain"])
    assert all(d.cached for d in outcome.decisions.values())
    assert outcome.result.verdict is Verdict.PROVED


def test_a_cache_that_cannot_be_written_is_a_warning(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.warns(UserWarning, match="cannot keep|damaged"):
        assert verdict_of(chain(), cache=Cache(blocked / "sub")).verdict is Verdict.PROVED


# Executions are kept, too


def executed(id, facts):
    return Executed(id, "A statement", facts)


def test_facts_of_shipped_statements_are_kept_until_code_changes(tmp_path, monkeypatch):
    statements, _ = choose(["ex-3.1"], PAPER)
    (one,) = (s for s in statements if s.id == "ex-3.1")
    cache = Cache(tmp_path)
    ((first,), (again,)) = (run([one], cache=cache) for _ in range(2))
    assert first.facts == again.facts
    assert first.result.verdict is again.result.verdict is Verdict.PROVED
    assert len(list(tmp_path.glob("*.json"))) == 1
    monkeypatch.setattr(executing, "digest_of_code", lambda: "other code")
    (third,) = run([one], cache=cache)
    assert third.facts == first.facts
    assert len(list(tmp_path.glob("*.json"))) == 2, "it was executed again, and kept again"


def test_facts_of_other_suites_are_never_kept(tmp_path):
    found = iter([True, False])

    def facts():
        yield Fact("here", "It holds.", next(found), "")

    verdicts = [run([executed("ex-3.1", facts)], cache=Cache(tmp_path))[0].result for _ in "ab"]
    assert [r.verdict for r in verdicts] == [Verdict.PROVED, Verdict.REFUTED]
    assert not list(tmp_path.glob("*.json"))


def test_whether_a_counterexample_holds_is_kept_for_this_statement_and_code(tmp_path, monkeypatch):
    statements, _ = choose(["prop-1"], PAPER)
    literal, repaired = statements[0], next(s for s in statements if s.id == "prop-1/repaired")
    confirmed, once_more = [], saved.execute

    def confirm(data):
        confirmed.append(data["statement"])
        return once_more(data)

    monkeypatch.setattr(saved, "execute", confirm)
    cache = Cache(tmp_path)
    first, again = saved.known(literal, cache), saved.known(literal, cache)
    assert first == again == json.loads(json.dumps(saved.known(literal)))
    assert confirmed == ["prop-1", "prop-1"], "once kept, and once without a cache"
    without = saved.known(literal.without("f-wraps-defaults"), cache)
    assert without["without"] == ["f-wraps-defaults"]
    assert len(confirmed) == 3, "another statement is another question"
    assert saved.known(repaired, cache) is None
    monkeypatch.setattr(saved, "digest_of_code", lambda: "other code")
    saved.known(literal, cache)
    assert len(confirmed) == 4


def test_the_digest_covers_the_package_and_the_shipped_suites(tmp_path, monkeypatch):
    here = digest_of_code()
    copied = tmp_path / "proofs"
    shutil.copytree(shipped("proofs"), copied)
    monkeypatch.setattr("spi_verify.obligations.cache.shipped", lambda _: copied)
    try:
        digest_of_code.cache_clear()
        assert digest_of_code() == here, "the place does not matter"
        (copied / "program_games" / "prop_1.py").write_text("pass\n", encoding="utf-8")
        digest_of_code.cache_clear()
        assert digest_of_code() != here
    finally:
        digest_of_code.cache_clear()


def test_the_digest_is_the_same_installed_and_in_a_checkout(tmp_path, monkeypatch):
    here = digest_of_code()
    package = tmp_path / "spi_verify"
    shutil.copytree(Path(cache_module.__file__).parent.parent, package)
    shutil.rmtree(package / "shipped", ignore_errors=True)
    installed = package / "shipped" / "proofs"
    shutil.copytree(shipped("proofs"), installed)
    monkeypatch.setattr(cache_module, "__file__", str(package / "obligations" / "cache.py"))
    monkeypatch.setattr(cache_module, "shipped", lambda _: installed)
    try:
        digest_of_code.cache_clear()
        assert digest_of_code() == here
    finally:
        digest_of_code.cache_clear()


def test_facts_kept_for_one_function_are_not_those_of_another_with_its_id(tmp_path):
    executed = {s.id: s for s in load_shipped() if isinstance(s, Executed)}
    cache = Cache(tmp_path)
    own = replace(executed["ex-4.3"], facts=executed["ex-3.2"].facts)
    assert run([own], cache=cache)[0].result.verdict is Verdict.PROVED
    assert run([executed["ex-4.3"]], cache=cache)[0].result.verdict is Verdict.REFUTED


def test_facts_that_depend_on_more_than_shipped_code_are_not_kept(tmp_path):
    shipped = next(s for s in load_shipped() if isinstance(s, Executed))
    execute(replace(shipped, facts=lambda: shipped.facts()), Cache(tmp_path))
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize("listed", [(), None])
def test_formulas_of_one_text_over_other_sorts_are_other_formulas(listed):
    def statement(id, sort):
        first, second, third = z3.Consts("first second third", sort)
        goal = z3.Or(first == second, second == third, first == third)
        return Statement(id, id, PAPER, (), (), (Step("goal", goal, listed),))

    both = [statement("true", z3.BoolSort()), statement("false", z3.RealSort())]
    for order in (both, both[::-1]):
        found = {one.statement.id: one.result.verdict for one in run(order, budget=QUICK)}
        assert found == {"true": Verdict.PROVED, "false": Verdict.UNKNOWN}
