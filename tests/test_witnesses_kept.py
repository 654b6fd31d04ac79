"""Kept witnesses spare searching where formulas hold in them, and are nothing where they do not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import z3
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples.verdict import refuted_already, settled
from spi_verify.obligations import running
from spi_verify.obligations.certificates.kept import Kept
from spi_verify.obligations.certificates.witnesses import KeptWitnesses, text_of
from spi_verify.obligations.consistency import wanted_in_witness
from spi_verify.obligations.deciding import Decision
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import Hypothesis, Statement, Step
from spi_verify.papers.loading import load, load_shipped
from spi_verify.papers.paper import shipped_papers
from spi_verify.solvers.smtlib import render
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure
from spi_verify.theory.signature import Outcome, Player, best, u

ID = "expected-utility"
FOLDER = PROGRAM_GAMES / "certificates"
FILE = FOLDER / f"{ID}.witness"
PAPERS = shipped_papers()

PLAYER, OUTCOME = z3.Const("i", Player), z3.Const("a", Outcome)


@pytest.fixture
def statement():
    (one,) = [one for one in load_shipped() if one.id == ID]
    return one


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What solvers are asked, about steps and for witnesses, which answer as ever."""
    asked: list[str] = []

    def note(name):
        ask = getattr(running, name)

        def noted(*given, **named):
            asked.append(name)
            return ask(*given, **named)

        monkeypatch.setattr(running, name, noted)

    for name in ("decide", "witness", "witness_of_a_few"):
        note(name)
    return asked


def refuse(*_given, **_named):
    raise AssertionError("a solver is asked")


def left_open(*_given, **_named):
    return Decision("unknown", "unknown", "nobody is asked", (), False, 0.0, (0, 0))


@pytest.mark.long
@pytest.mark.parametrize("paper", PAPERS)
def test_every_shipped_verdict_is_there_without_asking_a_solver(monkeypatch, paper):
    """What is left open are steps that no goal rests on; no structure is sought at all."""
    folder = PAPERS[paper].folder
    monkeypatch.setattr(running, "witness", refuse)
    monkeypatch.setattr(running, "witness_of_a_few", refuse)
    monkeypatch.setattr(running, "decide", left_open)
    statements = [one for one in load(folder, PAPER) if isinstance(one, Statement)]
    refuted = refuted_already(statements)
    for outcome in run(statements, certificates=Kept([folder / "certificates"]), refuted=refuted):
        result = settled(outcome)
        assert result.verdict == result.expected, result
        assert not result.consistency_open
        assert (outcome.witness is not None) or result.verdict == "refuted"


def test_a_kept_witness_is_used_whatever_things_are_called(statement, asked):
    renamed = replace(
        statement,
        id="another",
        hypotheses=tuple(Hypothesis(f"my-{h.name}", h.formula, "") for h in statement.hypotheses),
        steps=tuple(
            replace(s, uses=tuple(f"my-{u}" if u in names(statement) else u for u in s.uses))
            for s in statement.steps
        ),
    )
    for one in (statement, renamed):
        (outcome,) = run([one], certificates=Kept([FOLDER]))
        assert outcome.witness is not None
        assert "witness" not in asked


def names(statement):
    return {hypothesis.name for hypothesis in statement.hypotheses}


def test_another_hypothesis_has_no_witness_yet(statement, asked):
    more = Hypothesis("more", z3.Real("more") > 0, "")
    other = replace(statement, hypotheses=(*statement.hypotheses, more))
    (outcome,) = run([other], certificates=Kept([FOLDER]))
    assert "witness" in asked
    assert outcome.result.verdict == "proved"


def spoilt(document, how):
    if how == "a value":
        for table in document["tables"].values():
            for row in table:
                row[1] = (not row[1]) if isinstance(row[1], bool) else 0
    elif how == "a table":
        document["tables"].popitem()
    elif how == "a size":
        document["sizes"]["Player"] = 10**9
    else:
        document["tables"] = {name: [[[0], "1"]] for name in document["tables"]}
    return document


@pytest.mark.filterwarnings("ignore:.*a sort has to have 1 to 1000 elements")
@pytest.mark.parametrize("how", ["a value", "a table", "a size", "all tables"])
def test_a_kept_witness_that_is_none_is_as_good_as_none(statement, asked, tmp_path, how):
    document = spoilt(json.loads(FILE.read_text()), how)
    (tmp_path / "one.witness").write_text(json.dumps(document))
    (outcome,) = run([statement], certificates=Kept([tmp_path]))
    assert "witness" in asked
    assert outcome.result.verdict == "proved"
    assert outcome.witness.sizes["Player"] < 10


AT_LEAST_ONE = z3.ForAll([PLAYER, OUTCOME], u(PLAYER, OUTCOME) >= 1)


def about_payoffs(goal, *more):
    return Statement(
        id="about-payoffs",
        title="",
        theory=PAPER,
        hypotheses=tuple(Hypothesis(f"h{k}", h, "") for k, h in enumerate((AT_LEAST_ONE, *more))),
        definitions=(),
        steps=(Step("goal", goal, ["h0"]),),
    )


@pytest.mark.parametrize(
    ("more", "values"),
    [
        (z3.ForAll([PLAYER], u(PLAYER, best(PLAYER)) == 0), {"best": 5}),
        (z3.ForAll([PLAYER], u(PLAYER, best(PLAYER)) == 0), {"best": -2}),
        (z3.And(z3.Bool("b"), z3.Bool("b") != z3.Bool("c"), z3.Bool("c")), {"b": 1, "c": 2}),
    ],
)
def test_tables_that_are_those_of_no_structure_are_no_witness(more, values, tmp_path):
    """Nothing outside of a sort shows that hypotheses which contradict each other can hold."""
    one = about_payoffs(AT_LEAST_ONE, more)
    rows = [[[i, a], "1" if a == 0 else "0"] for i in range(2) for a in (0, 5, -2)]
    tables = {name: [[[], value]] for name, value in values.items() if name != "best"}
    tables |= {"best": [[[i], values.get("best", 0)] for i in range(2)], "u": rows}
    wanted = {name: render(f) for name, f in wanted_in_witness(one, {one.id: one}).items()}
    document = json.loads(text_of(wanted, Structure({"Player": 2, "Outcome": 1}, {})))
    (tmp_path / "one.witness").write_text(json.dumps({**document, "tables": tables}))
    (outcome,) = run([one], certificates=Kept([tmp_path]))
    assert outcome.result.verdict == "vacuous"


def test_a_kept_witness_that_says_nothing_of_what_is_claimed_leaves_it_to_solvers(tmp_path):
    """Statements with the same hypotheses have the same witness, whatever else they speak of."""
    (kept,) = run([about_payoffs(AT_LEAST_ONE)])
    wanted = {name: render(formula) for name, formula in kept.witness_of.items()}
    (tmp_path / "one.witness").write_text(text_of(wanted, kept.witness))
    other = about_payoffs(z3.ForAll([PLAYER], u(PLAYER, best(PLAYER)) >= 1))
    (outcome,) = run([other], certificates=Kept([tmp_path]))
    assert outcome.result.verdict == "proved"
    assert not outcome.result.consistency_open


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"schema": "spi-verify/witness/1", "sizes": 3}', "\ud800"]
)
def test_a_file_that_cannot_be_read_is_a_warning(statement, tmp_path, text):
    (tmp_path / "one.witness").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.warns(UserWarning, match="another witness is sought"):
        (outcome,) = run([statement], certificates=Kept([tmp_path]))
    assert outcome.result.verdict == "proved"


def test_what_is_written_is_found_by_its_formulas_in_any_order(tmp_path):
    x = z3.Int("x")
    wanted = {"one": render(x > 0), "two": render(x < 2)}
    structure = Structure({"S": 1}, {"x": {(): 1}, "f": {(0,): True}})
    (tmp_path / "a.witness").write_text(text_of(wanted, structure))
    kept = KeptWitnesses([tmp_path])
    found = kept.find({"b": render(x < 2), "a": render(x > 0)})
    assert (found.sizes, found.tables) == (structure.sizes, structure.tables)
    assert kept.find({"one": render(x > 0)}) is None


def test_of_a_refuted_statement_only_what_is_known_is_told(asked):
    (literal,) = [one for one in load_shipped() if one.id == "prop-1"]
    assert refuted_already([literal]) == {"prop-1"}
    (outcome,) = run([literal], certificates=Kept([FOLDER]), refuted={"prop-1"})
    assert not asked
    open_steps = [name for name, one in outcome.decisions.items() if not one.checked]
    assert open_steps
    assert all(not outcome.decisions[name].asked for name in open_steps)
    assert settled(outcome).verdict == "refuted"
    run([literal], certificates=Kept([FOLDER]))
    assert "decide" in asked


def test_a_statement_that_is_not_refuted_shares_no_answer_that_nobody_gave(statement):
    """Not even where one that is comes first, with the same steps."""
    first = replace(statement, id="first")
    outcomes = run([first, statement], refuted={"first"})
    assert all(not one.asked for one in outcomes[0].decisions.values()) is False
    assert outcomes[1].result.verdict == "proved"


def test_what_is_proved_and_refuted_is_an_error(monkeypatch, statement):
    from spi_verify.counterexamples import verdict

    (outcome,) = run([statement], certificates=Kept([FOLDER]))
    assert settled(outcome).verdict == "proved"
    monkeypatch.setattr(verdict, "known", lambda *_, **__: {"conclusion": "it fails"})
    result = settled(outcome)
    assert result.verdict == "error"
    assert "a bug, please report it" in result.reason
