"""Recorded verdicts, shards, and runs that are interrupted."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spi_verify.errors import InputError
from spi_verify.obligations.lock import Entry, compare, read
from spi_verify.shards import Shard, parse_shard
from spi_verify.verdicts import Evidence, Result, Verdict

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "spi_verify"

SUITE = """
from z3 import Consts
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome

a, x, y = Consts("a x y", Outcome)


def statements(theory):
    first = Hypothesis("first", theory.weakly_improves(y, x), "First.")
    second = Hypothesis("second", theory.weakly_improves(x, a), "Second.")
    uses = ["first", "second", "weakly_improves"]
    return [
        Statement(
            id=id, title=id, theory=theory, hypotheses=(first, second),
            definitions=("weakly_improves",),
            steps=(Step("goal", theory.weakly_improves(y, a), uses),),
        )
        for id in NAMES
    ]
"""


def suite(*names: str) -> str:
    return SUITE.replace("NAMES", repr(list(names)))


@pytest.fixture
def proofs(tmp_path):
    folder = tmp_path / "proofs"
    folder.mkdir()
    (folder / "mine.py").write_text(suite("one", "two"))
    return folder


def changes(found) -> dict[str, str]:
    return {change["id"]: change["kind"] for change in json.loads(found.out)["changes"]}


# The lock file


def test_a_lock_file_says_what_was_proved_from_what(run, proofs):
    assert run("prove", proofs, "--record").code == 0
    document = json.loads((proofs / "spi-verify.lock.json").read_text())
    assert document["schema"] == "spi-verify/lock/1"
    assert set(document["solvers"]) == {"z3", "cvc5"}
    one = document["statements"]["one"]
    assert (one["verdict"], one["evidence"]) == ("proved", "agreement")
    assert one["core"] == ["first", "second", "weakly_improves"]
    assert one["formulas"].startswith("sha256:")
    found = run("prove", proofs, "--replay", "--json", "-")
    assert (found.code, changes(found)) == (0, {})
    assert "2 of 2 as recorded" in found.err


def test_recording_twice_gives_the_same_file(run, proofs):
    run("prove", proofs, "--record")
    before = (proofs / "spi-verify.lock.json").read_text()
    run("prove", proofs, "--record", "--no-cache")
    assert (proofs / "spi-verify.lock.json").read_text() == before


@pytest.mark.long
def test_a_proof_that_is_lost_is_a_regression(run, proofs):
    run("prove", proofs, "--record")
    mine = proofs / "mine.py"
    mine.write_text(
        mine.read_text()
        .replace('"second", "weakly', '"weakly')
        .replace("steps=(", "expected=Verdict.UNKNOWN, note='Open.', steps=(")
        .replace("import Outcome", "import Outcome\nfrom spi_verify.verdicts import Verdict")
    )
    assert run("prove", proofs).code == 0
    found = run("prove", proofs, "--replay", "--json", "-")
    assert found.code == 1
    assert changes(found) == {"one": "regressed", "two": "regressed"}
    assert "regressed: one: proved (agreement) -> unknown; the formulas changed" in found.err


def test_a_changed_formula_is_obsolete_and_no_regression(run, proofs):
    run("prove", proofs, "--record")
    changed = suite("one", "two").replace("(y, x), ", "(y, x) == z3.BoolVal(True), ")
    (proofs / "mine.py").write_text(f"import z3\n{changed}")
    found = run("prove", proofs, "--replay", "--json", "-")
    assert (found.code, changes(found)) == (0, {"one": "obsolete", "two": "obsolete"})


def test_a_statement_that_is_gone_is_detached_and_another_is_new(run, proofs):
    run("prove", proofs, "--record")
    (proofs / "mine.py").write_text(suite("two", "three"))
    found = run("prove", proofs, "--replay", "--json", "-")
    assert (found.code, changes(found)) == (0, {"three": "new", "one": "detached"})
    run("prove", proofs, "--record")
    assert set(read(proofs / "spi-verify.lock.json").statements) == {"two", "three"}


def test_one_suite_of_a_folder_leaves_what_is_recorded_of_the_others(run, proofs):
    (proofs / "other.py").write_text(suite("three"))
    run("prove", proofs, "--record")
    found = run("prove", proofs / "other.py", "--replay", "--json", "-")
    assert changes(found) == {}
    run("prove", proofs / "other.py", "--record")
    assert set(read(proofs / "spi-verify.lock.json").statements) == {"one", "two", "three"}


def test_less_evidence_than_recorded_is_a_regression(run, proofs):
    run("prove", proofs, "--record")
    lock = proofs / "spi-verify.lock.json"
    text = lock.read_text()
    lock.write_text(text.replace('"agreement"', '"checked"', 1))
    found = run("prove", proofs, "--replay", "--json", "-")
    assert (found.code, changes(found)) == (1, {"one": "regressed"})
    lock.write_text(text.replace('"agreement"', '"solver"', 1))
    found = run("prove", proofs, "--replay", "--json", "-")
    assert (found.code, changes(found)) == (0, {"one": "improved"})


P, R, U, V, E = Verdict.PROVED, Verdict.REFUTED, Verdict.UNKNOWN, Verdict.VACUOUS, Verdict.ERROR


@pytest.mark.parametrize(
    ("before", "now", "expected", "edited", "kind"),
    [
        (P, P, P, False, None),
        (P, P, P, True, "obsolete"),
        (P, R, R, True, "regressed"),
        (P, U, U, False, "regressed"),
        (R, P, P, False, "regressed"),
        (R, P, P, True, "improved"),
        (R, P, R, True, "regressed"),
        (R, U, R, False, "regressed"),
        (U, P, P, False, "improved"),
        (U, R, R, False, "improved"),
        (U, R, P, False, "regressed"),
        (U, V, U, False, "regressed"),
        (V, U, P, False, "improved"),
        (U, E, P, False, "regressed"),
    ],
)
def test_what_counts_as_a_regression(before, now, expected, edited, kind):
    grade = {P: Evidence.CHECKED, R: Evidence.CHECKED}
    recorded = {"s": Entry(before, grade.get(before), (), "a")}
    found = Entry(now, grade.get(now), (), "b" if edited else "a")
    result = Result("s", now, grade.get(now), expected)
    kinds = [c.kind for c in compare(recorded, {"s": (found, result)}, complete=True)]
    assert kinds == ([] if kind is None else [kind])


def test_an_executed_statement_is_recorded_with_what_running_shows(run, tmp_path):
    text = (
        "from spi_verify.obligations import Executed, Fact\n"
        "def statements(theory):\n"
        "    facts = lambda: [Fact('gains', 'Somebody gains.', True, 'GAIN')]\n"
        "    return [Executed(id='ran', title='t', facts=facts)]\n"
    )
    file = tmp_path / "ran.py"
    file.write_text(text)
    run("prove", file, "--record")
    assert changes(run("prove", file, "--replay", "--json", "-")) == {}
    file.write_text(text.replace("GAIN", "3 > 2"))
    assert changes(run("prove", file, "--replay", "--json", "-")) == {"ran": "obsolete"}


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"schema": "other"}', '{"schema": "spi-verify/lock/1", "statements": {}}',
     '{"schema": "spi-verify/lock/1", "solvers": {}, "statements": {"a": {"verdict": "maybe"}}}',
     '{"schema": "spi-verify/lock/1", "solvers": {}, "statements": {"a": 3}}', "[" * 100000],
)  # fmt: skip
def test_a_file_that_is_no_lock_is_one_clear_error(tmp_path, text):
    file = tmp_path / "lock.json"
    file.write_text(text)
    with pytest.raises(InputError, match=r"lock\.json"):
        read(file)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--replay"], "no recorded verdicts here"),
        (["--record", "--replay"], "--record takes a whole run"),
        (["--record", "--without", "first"], "--record takes a whole run"),
        (["--record", "--shard", "1/2"], "--record takes a whole run"),
        (["--lock", "x.json"], "--lock is for"),
        (["--shard", "3/2"], "write NUMBER/COUNT"),
        (["--shard", "3/3"], "there are only 2 statements"),
    ],
)
def test_bad_usage_is_one_clear_line(run, proofs, arguments, message):
    found = run("prove", proofs, *arguments)
    assert found.code == 2
    assert message in found.err.splitlines()[-1]


def test_nothing_is_recorded_where_a_suite_cannot_be_read(run, proofs):
    found = run("prove", proofs, proofs / "missing.py", "--record", "--lock", proofs / "l.json")
    assert found.code == 2
    assert "not recorded" in found.err
    assert not (proofs / "l.json").exists()


# Shards


def test_the_shards_of_a_run_are_all_of_it_and_share_nothing():
    ids = [str(k) for k in range(11)]
    parts = [Shard(k, 4).of(ids) for k in range(1, 5)]
    assert sorted(id for part in parts for id in part) == sorted(ids)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "1/0", ""])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="NUMBER/COUNT"):
        parse_shard(text)


@pytest.fixture
def shards(run, proofs, tmp_path):
    (proofs / "mine.py").write_text(suite("one", "two", "three"))
    files = [tmp_path / f"{k}.json" for k in (1, 2)]
    for k, file in enumerate(files, 1):
        assert run("prove", proofs, "--shard", f"{k}/2", "--json", file).code == 0
    return files


def test_merged_shards_say_what_one_run_says(run, proofs, shards):
    def plain(document):
        for result in document["results"]:
            del result["seconds"]
        return document

    merged = run("merge", *reversed(shards), "--json", "-")
    assert merged.code == 0
    whole = run("prove", proofs, "--json", "-")
    assert plain(json.loads(merged.out)) == plain(json.loads(whole.out))


def test_a_missing_and_a_doubled_shard_are_noticed(run, shards):
    found = run("merge", shards[0])
    assert (found.code, "shard 2/2 is missing" in found.err) == (2, True)
    found = run("merge", *shards, shards[1])
    assert (found.code, "shard 2/2 is also in" in found.err) == (2, True)


def test_a_shard_of_another_run_or_with_a_result_less_is_noticed(run, shards):
    document = json.loads(shards[1].read_text())
    shards[1].write_text(json.dumps({**document, "solvers": {"z3": "0", "cvc5": "0"}}))
    assert "of another run" in run("merge", *shards).err
    shards[1].write_text(json.dumps({**document, "results": []}))
    found = run("merge", *shards)
    assert (found.code, "does not hold the statements" in found.err) == (2, True)


def test_a_surprise_in_one_shard_is_one_of_the_whole(run, shards):
    shards[1].write_text(
        shards[1].read_text().replace('"verdict": "proved"', '"verdict": "refuted"')
    )
    assert run("merge", *shards).code == 1


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "spi-verify/results/1"}'])
def test_what_is_no_shard_file_is_one_clear_error(run, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    found = run("merge", tmp_path / "x.json")
    assert (found.code, found.err.count("\n")) == (2, 1)


# Interruptions


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_keeps_what_it_has_and_goes_on_from_there(
    run, tmp_path, monkeypatch, how
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    answers = tmp_path / "cache" / "spi-verify" / "answers"
    uncertified = "from spi_verify.papers import certificates\n"
    uncertified += "certificates.CERTIFICATES = 'no-such-folder'\n"
    uncertified += "from spi_verify.cli import main\nmain()"
    command = [sys.executable, "-c", uncertified, "prove", "thm-3-pmm", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(list(answers.glob("*.json"))) < 5:
        assert child.poll() is None
        time.sleep(0.02)
    # As a terminal does: to the solvers, too.
    os.killpg(child.pid, how)
    errors = child.communicate()[1]
    assert child.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in errors
    if how is signal.SIGINT:
        assert "finished steps are kept" in errors
    kept = {file: file.stat().st_mtime_ns for file in answers.glob("*.json")}
    monkeypatch.setattr("spi_verify.papers.certificates.CERTIFICATES", "no-such-folder")
    found = run("prove", "thm-3-pmm", "--jobs", "1", "--json", "-")
    assert found.code == 0
    steps, cached = re.search(r"(\d+) steps, (\d+) of them found in the cache", found.err).groups()
    assert 0 < int(cached) < int(steps)
    assert all(file.stat().st_mtime_ns == then for file, then in kept.items())


def test_an_answer_that_an_interruption_cut_short_is_not_kept():
    from spi_verify.obligations.deciding import lasts

    assert not lasts("z3: incomplete: interrupted from keyboard; cvc5: resource limit")
    assert lasts("z3: resource limit; cvc5: resource limit")


@pytest.mark.parametrize(
    "result",
    [
        Result("a", Verdict.PROVED, Evidence.AGREEMENT, hypotheses_used=("one", "two")),
        Result("b", Verdict.PROVED, Evidence.CHECKED, seconds=0.25, consistency_open=True),
        Result("c", Verdict.REFUTED, expected=Verdict.REFUTED, counterexample={"story": ["x"]}),
        Result("d", Verdict.UNKNOWN, reason="why", region="v < 2", region_latex="$v < 2$"),
    ],
)
def test_a_result_is_read_as_it_was_written(result):
    written = result.to_json()
    assert Result.from_json(json.loads(json.dumps(written))) == result
    for key, wrong in (("verdict", "maybe"), ("reason", 1), ("seconds", -1), ("region_latex", [])):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Result.from_json({**written, key: wrong})
    for key in written.keys() - {"consistency", "region_latex"}:
        with pytest.raises(KeyError):
            Result.from_json({name: value for name, value in written.items() if name != key})


def test_a_ctrl_c_that_z3_is_handed_as_an_argument_is_one():
    from ctypes import ArgumentError

    from spi_verify.errors import interruptible

    with pytest.raises(KeyboardInterrupt), interruptible():
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt), interruptible():
        raise ArgumentError("argument 1: KeyboardInterrupt: ")
    for other in (ArgumentError("argument 1: TypeError: wrong"), ValueError("KeyboardInterrupt")):
        with pytest.raises(type(other)) as raised, interruptible():
            raise other
        assert raised.value is other


@pytest.mark.parametrize(
    "file",
    [file for file in PACKAGE.rglob("*.py") if "except KeyboardInterrupt" in file.read_text()],
    ids=lambda file: file.relative_to(PACKAGE).as_posix(),
)
def test_whoever_keeps_what_was_found_by_a_ctrl_c_hears_of_it_in_either_form(file):
    tries = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Try)]
    caught = [
        one
        for one in tries
        if "KeyboardInterrupt" in [ast.unparse(how.type) for how in one.handlers if how.type]
    ]
    assert caught
    for one in caught:
        inside = ast.unparse(ast.Module(one.body, []))
        assert re.search(r"^ *with interruptible\(\)", inside, re.MULTILINE), inside
