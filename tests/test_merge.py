"""What ``merge`` checks again without a solver, and what it says of the rest."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from spi_verify.audit.rechecker import digest_of
from spi_verify.cli import app
from spi_verify.counterexamples.statements.claimed import claim, shipped_statements, statement_of

RUN = ["prop-1", "ex-4.3", "expected-utility"]

OWN = """
from z3 import Consts
from spi_verify.obligations import Executed, Fact, Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome
from spi_verify.verdicts import Verdict

a, x, y = Consts("a x y", Outcome)


def facts():
    return [Fact("gains", "Somebody gains.", HOLDS, "3 > 2")]


def statements(theory):
    first = Hypothesis("first", theory.weakly_improves(y, x), "First.")
    second = Hypothesis("second", theory.weakly_improves(x, a), "Second.")
    uses = ["first", "second", "weakly_improves"]
    return [
        Statement(
            id="chain", title="t", theory=theory, hypotheses=(first, second),
            definitions=("weakly_improves",),
            steps=(Step("goal", theory.weakly_improves(y, a), uses),),
        ),
        Executed(id="ran", title="t", facts=facts, expected=Verdict.EXPECTED),
    ]
"""


def shards_of(folder: Path, *targets: object) -> list[dict]:
    documents = []
    for k in (1, 2):
        file = folder / f"{k}.json"
        options = ["--shard", f"{k}/2", "--json", str(file)]
        assert CliRunner().invoke(app, ["prove", *map(str, targets), *options]).exit_code == 0
        documents.append(json.loads(file.read_text()))
    return documents


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    return shards_of(tmp_path_factory.mktemp("shards"), *RUN)


@pytest.fixture
def merged(run, tmp_path):
    def merge(documents, *options):
        files = []
        for k, document in enumerate(documents):
            files.append(tmp_path / f"{k}.json")
            files[-1].write_text(json.dumps(document))
        return run("merge", *files, *options)

    return merge


@pytest.fixture
def documents(decided):
    return copy.deepcopy(decided)


def result_of(documents, id):
    return next(r for document in documents for r in document["results"] if r["id"] == id)


def refused(found, message, code=1):
    assert found.code == code
    assert message in found.err
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err


def test_it_says_how_many_verdicts_only_a_solver_could_say_again(merged, documents):
    found = merged(documents)
    assert found.code == 0
    # prop-1/repaired and expected-utility are proofs; the rest was executed again
    assert "2 verdicts are as the files say; not re-checked\n" in found.out


def test_a_refutation_without_or_with_another_counterexample_is_refused(merged, documents):
    result = result_of(documents, "prop-1")
    whole = result["counterexample"]
    result["counterexample"] = None
    refused(merged(documents), "prop-1: refuted, with no counterexample")
    result["counterexample"] = {**whole, "statement": "prop-1/repaired"}
    refused(merged(documents), "prop-1: its counterexample is one to another statement")
    result["counterexample"] = {**whole, "without": ["f-wraps-defaults"]}
    refused(merged(documents), "prop-1: its counterexample")
    broken = copy.deepcopy(whole)
    broken["programs"]["game"]["payoffs"] = [[["0", "0"]]]
    result["counterexample"] = broken
    refused(merged(documents), "prop-1: its counterexample does not hold")
    result["counterexample"] = {**whole, "story": ["Something else."]}
    refused(merged(documents), "prop-1: its counterexample does not hold")


def test_a_proved_statement_turned_into_a_refuted_one_is_refused(merged, documents):
    result = result_of(documents, "prop-1/repaired")
    other = result_of(documents, "prop-1")
    result |= {"verdict": "refuted", "evidence": "checked", "expected": "refuted"}
    result |= {"counterexample": other["counterexample"], "hypotheses_used": []}
    refused(merged(documents), "prop-1/repaired: its counterexample is one to another statement")


def test_a_refuted_statement_turned_into_a_proved_one_is_refused(merged, documents):
    result = result_of(documents, "prop-1")
    result |= {"verdict": "proved", "evidence": "agreement", "counterexample": None}
    refused(merged(documents), "prop-1: a shipped counterexample refutes it")
    result["expected"] = "proved"
    refused(merged(documents), "prop-1: its suite expects refuted, not proved")


def test_an_executed_statement_is_executed_again(merged, documents):
    result = result_of(documents, "ex-4.3")
    before = dict(result)
    result |= {"verdict": "proved", "counterexample": None}
    refused(merged(documents), "ex-4.3: executing it gives another verdict")
    result.clear()
    result |= {**before, "expected": "proved"}
    refused(merged(documents), "ex-4.3: executing it gives another expectation")
    result |= {**before, "counterexample": {**before["counterexample"], "conclusion": "No."}}
    refused(merged(documents), "ex-4.3: executing it gives another counterexample")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"expected": "refuted"}, "its suite expects proved, not refuted"),
        ({"evidence": None}, "proved cannot have the evidence none"),
        ({"verdict": "unknown"}, "unknown cannot have the evidence checked"),
        ({"verdict": "vacuous", "evidence": "agreement"},
         "vacuous, and yet it lists what its proof uses"),
        ({"hypotheses_used": ["nothing-like-it"]}, "it supposes no 'nothing-like-it'"),
        ({"region": "x > 0"}, "a statement has no parameters"),
        ({"counterexample": {}}, "proved, with a counterexample"),
        ({"verdict": "refuted", "evidence": "checked", "hypotheses_used": [],
          "counterexample": {}}, "its counterexample does not hold: its schema"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(merged, documents, change, message):
    result = result_of(documents, "prop-1/repaired")
    assert result["hypotheses_used"]
    result |= change
    refused(merged(documents), f"prop-1/repaired: {message}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("verdict", "maybe"), ("evidence", "word"), ("expected", None), ("seconds", "NaN"),
        ("seconds", -1), ("seconds", 10**400), ("reason", 3), ("hypotheses_used", "ab"),
        ("hypotheses_used", [3]), ("counterexample", "no"), ("id", None), ("region", []),
    ],
)  # fmt: skip
def test_a_malformed_result_is_bad_input(merged, documents, key, value):
    result_of(documents, "prop-1/repaired")[key] = value
    refused(merged(documents), "not of the form of the schema", 2)


def test_shards_of_runs_that_differ_in_a_formula_are_not_one_run(merged, documents):
    documents[1]["shard"]["formulas"]["prop-1/repaired"] = "sha256:" + "0" * 64
    found = merged(documents)
    assert (found.code, "of another run" in found.err) == (2, True)
    assert "other formulas" in found.err


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(OWN.replace("HOLDS", "True").replace("EXPECTED", "PROVED"))
    return file


def test_statements_of_a_suite_that_is_not_named_are_as_the_files_say(merged, own, tmp_path):
    found = merged(shards_of(tmp_path, own))
    assert found.code == 0
    assert "2 verdicts are as the files say; not re-checked" in found.out
    assert "(2 statements are not the paper's: --suite PATH" in found.out


def test_a_suite_that_is_named_is_held_against_the_files(merged, own, tmp_path):
    documents = shards_of(tmp_path, own)
    found = merged(documents, "--suite", own)
    assert found.code == 0
    assert "1 verdict is as the files say; not re-checked\n" in found.out
    result_of(documents, "chain")["expected"] = "unknown"
    refused(merged(documents, "--suite", own), "chain: its suite expects proved, not unknown")
    own.write_text(own.read_text().replace("theory.weakly_improves(y, x)", "x == y"))
    found = merged([*shards_of(tmp_path, own)[:1], documents[1]], "--suite", own)
    assert (found.code, "of another run" in found.err) == (2, True)
    refused(merged(documents, "--suite", own), "chain: no statement of the suites has this id")


def test_executed_statements_of_a_suite_that_is_named_are_executed_again(merged, own, tmp_path):
    documents = shards_of(tmp_path, own)
    own.write_text(OWN.replace("HOLDS", "False").replace("EXPECTED", "PROVED"))
    refused(merged(documents, "--suite", own), "ran: executing it gives another verdict")


def test_a_refuted_executed_statement_of_ones_own_is_executed_only_where_its_suite_is_named(
    merged, own, tmp_path
):
    own.write_text(OWN.replace("HOLDS", "False").replace("EXPECTED", "REFUTED"))
    documents = shards_of(tmp_path, own)
    assert "2 verdicts are as the files say" in merged(documents).out
    assert "1 verdict is as the files say" in merged(documents, "--suite", own).out


def test_two_statements_that_say_the_same_cannot_be_proved_and_refuted(merged, documents):
    """The counterexample is right; then what says the same cannot be proved."""
    formulas = [document["shard"]["formulas"] for document in documents]
    for one in formulas:
        one["expected-utility"] = one["prop-1"]
    found = merged(documents)
    assert found.code == 1
    assert "and is" in found.err
    assert "says the same" in found.err


@pytest.mark.long
def test_the_hash_of_formulas_is_that_of_what_a_counterexample_file_says():
    """A counterexample file names a changed statement by its formulas, as text."""
    assert len(shipped_statements()) > 40
    for statement in shipped_statements().values():
        claimed = claim(replace(statement, id="mine"))
        assert set(claimed.formulas) >= {h.name for h in statement.hypotheses} | {"goal"}
        read = statement_of(claimed)
        assert digest_of(read) == digest_of(statement)
