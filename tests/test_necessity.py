"""Every hypothesis of every proved statement: needed, not used, or why there is no witness."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES, TOLD

from spi_verify.audit.necessity import NOT_SAID, Need, entries, table, witness
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.saved import known
from spi_verify.counterexamples.statements.claimed import shipped_statements
from spi_verify.errors import Rejected
from spi_verify.obligations.cache import Cache, cache_directory
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.papers.choosing import choose
from spi_verify.papers.paper import shipped_papers
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome, Player, pmm, u
from spi_verify.verdicts import Verdict

PAGE = (Path(__file__).parent.parent / "docs" / "necessity.md").read_text(encoding="utf-8")
THE_PAPER = shipped_papers()["program-games"]
GIVEN = ("thm-3-pmm/repaired", "pmm-attained")
FILES = sorted((PROGRAM_GAMES / "counterexamples" / "necessity").glob("*.json"))
SAVED = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}


@pytest.fixture(scope="module")
def outcomes(shipped_proofs):
    """Every statement, with its proof."""
    statements, _ = choose(["program-games"], PAPER)
    cache = Cache(cache_directory())
    return run(statements, certificates=shipped_proofs, cache=cache, keep=True)


@pytest.fixture(scope="module")
def found(outcomes):
    return entries(outcomes, THE_PAPER)


def test_every_hypothesis_of_every_proved_statement_has_one_entry(outcomes, found):
    wanted = [
        (outcome.statement.id, hypothesis.name)
        for outcome in outcomes
        if isinstance(outcome.statement, Statement) and outcome.result.verdict is Verdict.PROVED
        for hypothesis in outcome.statement.hypotheses
    ]
    assert len(wanted) > 100
    assert [(entry.statement, entry.hypothesis) for entry in found] == wanted


def test_no_hypothesis_is_in_two_classes(found):
    """A file without an unused hypothesis would contradict the proof."""
    needs = {(entry.statement, entry.hypothesis): entry.need for entry in found}
    files = {(data["statement"], *data["without"]) for data in SAVED.values()}
    assert {pair for pair, need in needs.items() if need is Need.NEEDED} == files
    assert {pair for pair, need in needs.items() if need is Need.OPEN} == set(THE_PAPER.reasons)


def test_a_used_hypothesis_without_file_and_reason_says_so(outcomes):
    paper = replace(THE_PAPER)
    vars(paper)["reasons"] = {k: v for k, v in THE_PAPER.reasons.items() if k != GIVEN}
    untold = [one for one in entries(outcomes, paper) if one.told == NOT_SAID]
    assert [(one.statement, one.hypothesis) for one in untold] == [GIVEN]


def test_every_hypothesis_of_the_shipped_paper_has_a_file_or_a_reason(found):
    assert not [entry for entry in found if entry.told == NOT_SAID]


def test_the_page_shows_the_table(found):
    assert table(found) in PAGE


@pytest.mark.parametrize("name", SAVED)
def test_a_file_stands_where_its_statement_and_hypothesis_say(name):
    data = SAVED[name]
    (hypothesis,) = data["without"]
    assert witness(THE_PAPER, data["statement"], hypothesis).stem == name
    assert not data["definitions"]
    assert not data["formulas"]


@pytest.mark.parametrize("name", SAVED)
def test_every_file_is_confirmed_with_all_other_hypotheses(name):
    data = SAVED[name]
    confirmation = confirm_saved(data)
    statement = shipped_statements()[data["statement"]]
    others = [h.name for h in statement.hypotheses if h.name not in data["without"]]
    assert [check.name for check in confirmation.hypotheses] == others


@pytest.mark.parametrize("name", SAVED)
def test_no_file_refutes_the_statement_with_all_its_hypotheses(name):
    """Otherwise something proved would be refuted."""
    data = {k: v for k, v in SAVED[name].items() if k not in TOLD}
    with pytest.raises(Rejected):
        confirm_saved(data | {"without": []})


@pytest.mark.parametrize(
    "name",
    [
        "def-6-nonempty.repaired.without.correlated-randomisation",
        "prop-1.repaired.without.f-wraps-defaults",
        "prop-5.repaired.without.bargaining-problem",
        "sel-transitive-nash-interior.without.picks-best",
        "thm-3-improves.without.selection-function",
    ],
)
def test_a_statement_without_the_hypothesis_is_settled_by_the_file(name):
    data = SAVED[name]
    statement = shipped_statements()[data["statement"]].without(*data["without"])
    shown = known(statement)
    assert shown is not None
    assert shown[shown["kind"]] == data[data["kind"]]


@pytest.mark.long
def test_prove_without_a_hypothesis_says_that_it_is_refuted(run):
    found = run("prove", "thm-3-pmm/repaired", "--without", "correlated-randomisation")
    assert found.code == 1
    assert "pays player 1 0, less than the PMM of 1" in " ".join((found.out + found.err).split())


def test_refute_without_a_hypothesis_finds_what_is_shipped(run):
    found = run("refute", "prop-1/repaired", "--without", "f-wraps-defaults", "--outcomes", "2")
    assert found.code == 1
    assert "f changes nobody's payoff" in found.out + found.err


# Objects that break a definition serve only where the definition is not supposed


def fresh(name, **changes):
    data = copy.deepcopy(SAVED[name])
    for key in TOLD:
        del data[key]
    return data | changes


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("thm-3-improves.without.selection-function", "transitive-selection"),
        ("thm-3-pmm.repaired.without.selection-function", "pmm-attained"),
        ("thm-3-pmm.repaired.without.transitive-selection", "pmm-attained"),
        ("prop-1.repaired.without.rn-is-renegotiation-function", "f-wraps-defaults"),
        ("prop-4-spi.repaired.without.set-valued-renegotiation-functions", "somebody-gains"),
        ("prop-5.repaired.without.selection-function", "delta-positive"),
        ("prop-5.repaired.without.joint-randomisation", "delta-positive"),
        ("sel-transitive-leximin.without.picks-best", "ties-by-fixed-order"),
        ("sel-transitive-leximin.without.ties-by-fixed-order", "picks-best"),
        ("prop-5-efficient-point.repaired.without.contains-pareto-meet", "no-common-best"),
    ],
)
def test_an_object_that_breaks_a_definition_does_not_serve_without_another_hypothesis(name, other):
    with pytest.raises(Rejected):
        confirm_saved(fresh(name, without=[other]))


@pytest.mark.parametrize(
    "rule", ['(fixed ["1" "1"])', '(when-offered ["1" "1"] (leximin) (maxmin))']
)
def test_a_model_cannot_use_rules_that_serve_counterexamples(run, tmp_path, rule):
    path = tmp_path / "model.toml"
    path.write_text(
        "[game]\npayoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]\n"
        f"[[claims]]\nkind = 'selection-transitive'\nselection = '{rule}'\n"
        "outcomes = [['1', '1'], ['2', '2']]\n"
    )
    found = run("check", path)
    assert found.code == 2
    assert "is for counterexamples only" in found.out + found.err


# What the reasons say


x, y, z, w = z3.Reals("x y z w")


def valid(formula):
    solver = z3.Solver()
    solver.add(z3.Not(formula))
    return solver.check() == z3.unsat


def dominates(a, b):
    return z3.And(a[0] >= b[0], a[1] >= b[1], z3.Or(a[0] > b[0], a[1] > b[1]))


def efficient(feasible, a):
    b = z3.Reals("b1 b2")
    return z3.And(feasible(*a), z3.Not(z3.Exists(b, z3.And(feasible(*b), dominates(b, a)))))


def convex(feasible):
    middle = ((x + z) / 2, (y + w) / 2)
    return valid(z3.Implies(z3.And(feasible(x, y), feasible(z, w)), feasible(*middle)))


def projection(feasible, least, a):
    """Return that player 1's projection of a point has a point."""
    level = [max(m, v) for m, v in zip(least, a, strict=True)]
    return z3.Exists([x], z3.And(x >= level[0], feasible(x, z3.RealVal(level[1]))))


def test_without_efficient_dominators_a_projection_can_be_empty():
    def feasible(a, b):
        return z3.Or(a < 1, z3.And(a == 1, b == 0))

    assert convex(feasible)
    assert valid(efficient(feasible, (x, y)) == z3.And(x == 1, y == 0))
    assert valid(z3.And(feasible(z3.RealVal(0), z3.RealVal(5))))
    assert valid(z3.Not(projection(feasible, (1, 0), (0, 5))))
    assert "PMP_1 of (0, 5)" in THE_PAPER.reasons["def-6-nonempty/repaired", "efficient-dominators"]


def test_where_the_pmm_is_not_attained_a_projection_can_be_empty():
    def feasible(a, b):
        inside = z3.And(b > 0, a + b <= 1, b <= a + 1)
        return z3.Or(inside, z3.And(a == -1, b == 0))

    assert convex(feasible)
    assert valid(efficient(feasible, (x, y)) == z3.And(x + y == 1, y > 0, x >= 0))
    better = z3.And(efficient(feasible, (z, w)), z >= x, w >= y)
    assert valid(z3.Implies(feasible(x, y), z3.Exists([z, w], better)))
    assert valid(z3.Not(projection(feasible, (0, 0), (-1, 0))))


def test_without_lotteries_nothing_between_two_boxes_is_efficient():
    def feasible(a, b):
        box = z3.Or(z3.And(a <= 2, b <= 1), z3.And(a <= 1, b <= 2))
        return z3.And(a >= 0, b >= 0, box)

    assert not convex(feasible)
    corners = z3.Or(z3.And(x == 2, y == 1), z3.And(x == 1, y == 2))
    assert valid(efficient(feasible, (x, y)) == corners)
    above = z3.And(feasible(x, y), z >= 1, z <= x, w >= 1, w <= y)
    assert valid(z3.Implies(above, feasible(z, w)))


@pytest.mark.long
@pytest.mark.parametrize(
    ("id", "more"),
    [("prop-5/repaired", []), ("prop-5-efficient-point/repaired", ["efficient-dominators"])],
)
def test_steps_that_use_the_pmm_hold_where_it_is_a_lower_bound_only(id, more):
    statement = shipped_statements()[id]
    i, e = z3.Const("i", Player), z3.Const("e", Outcome)
    bound = z3.ForAll([i, e], z3.Implies(PAPER.efficient(e), u(i, e) >= pmm(i)))
    hypotheses = tuple(
        Hypothesis(h.name, bound, "") if h.name == "pmm-attained" else h
        for h in statement.hypotheses
    )
    steps = tuple(
        replace(step, uses=(*step.uses, *more)) if "pmm-attained" in step.uses else step
        for step in statement.steps
    )
    changed = replace(statement, hypotheses=hypotheses, steps=steps)
    (outcome,) = run([changed], cache=Cache(cache_directory()))
    assert outcome.result.verdict is Verdict.PROVED
