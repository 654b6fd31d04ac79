"""Certificates: what is found, written, checked again, and what `prove` and `replay` say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import z3
from click.testing import CliRunner
from conftest import PROGRAM_GAMES

from spi_verify.checker import Refused, check_file, check_step
from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Term, read
from spi_verify.cli import app
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.finding import certificate
from spi_verify.obligations.certificates.theory import Unexplained
from spi_verify.obligations.certificates.writing import require_says
from spi_verify.obligations.running import script_of
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load, load_shipped
from spi_verify.papers.paper import shipped_papers
from spi_verify.theory import PAPER

SORTED = "(declare-sort S 0)(declare-fun a () S)(declare-fun b () S)(declare-fun p (S) Bool)"
NUMBERS = "(declare-fun x () Real)(declare-fun y () Real)(declare-fun f (S) Real)"

FOUND = {
    "instances": "(assert (forall ((s S)) (p s)))(assert (not (p a)))",
    "nested quantifiers": (
        "(declare-fun e (S S) Bool)(assert (exists ((s S)) (forall ((t S)) (e s t))))"
        "(assert (not (forall ((t S)) (exists ((s S)) (e s t)))))"
    ),
    "a variable that equals a term": (
        "(assert (forall ((s S) (t S)) (=> (= s a) (p t))))(assert (not (p b)))"
    ),
    "no term of a sort": (
        "(declare-sort T 0)(declare-fun q (T) Bool)"
        "(assert (forall ((t T)) (q t)))(assert (forall ((t T)) (not (q t))))"
    ),
    "congruence of numbers": "(assert (= a b))(assert (< (f a) (f b)))",
    "equal numbers": "(assert (<= x y))(assert (<= y x))(assert (distinct x y))",
    "a product": "(assert (< 0.0 x))(assert (< 0.0 y))(assert (<= (* x y) 0.0))",
    "a product and two cases": ("(assert (<= 0.0 x))(assert (<= 0.0 y))(assert (< (* x y) 0.0))"),
    "ite": "(assert (= x (ite (p a) 1.0 2.0)))(assert (< x 1.0))",
    "cases": "(assert (distinct (p a) (p b)))(assert (=> (p a) (p b)))(assert (=> (p b) (p a)))",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_accepted(name):
    text = SORTED + NUMBERS + FOUND[name]
    check_step(text, " ".join(map(text_of, certificate(read(text)))))


def test_nothing_is_found_for_what_does_not_follow():
    text = f"{SORTED}(assert (forall ((s S)) (or (p s) (= s a))))(assert (not (p a)))"
    with pytest.raises(Unexplained, match="no instances"):
        certificate(read(text))


def test_the_same_certificate_is_found_twice():
    text = SORTED + NUMBERS + FOUND["nested quantifiers"]
    assert certificate(read(text)) == certificate(read(text))


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    done = CliRunner().invoke(
        app,
        [
            "prove",
            "convex-segments",
            "def-6-meet",
            "--certificates",
            str(folder / "out"),
            "--json",
            str(folder / "report.json"),
        ],
    )
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.long
def test_prove_writes_what_replay_confirms_and_calls_it_checked(written, run):
    report = json.loads((written / "report.json").read_text())
    proved = {one["id"]: one["evidence"] for one in report["results"] if one["verdict"] == "proved"}
    assert set(proved.values()) == {"checked"}
    assert {one["statement"] for one in report["certificates"]} == set(proved)
    assert [one["reason"] for one in report["certificates"]] == [None] * len(proved)
    done = run("replay", str(written / "out"))
    assert (done.code, done.out.count(": confirmed: ")) == (0, len(proved)), done.err
    assert "its goal follows from" in done.out


@pytest.mark.long
def test_replaying_certificates_imports_no_solver(written, tmp_path):
    for name in ("z3", "cvc5"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('no solver here')")
    done = subprocess.run(
        [sys.executable, "-m", "spi_verify", "replay", str(written / "out")],
        capture_output=True, text=True,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "confirmed" in done.stdout


PAPERS = shipped_papers()

SHIPPED = sorted((PROGRAM_GAMES / "certificates").glob("*.certificates"))


@pytest.mark.long
def test_a_shipped_paper_is_replayed_by_its_name_without_a_solver(tmp_path):
    for name in ("z3", "cvc5"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('no solver here')")
    done = subprocess.run(
        [sys.executable, "-m", "spi_verify", "replay", "program-games", "--json", "-"],
        capture_output=True, text=True,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    replays = json.loads(done.stdout)["replays"]
    assert {one["outcome"] for one in replays} == {"confirmed"}
    kinds = [Path(one["file"]).parent.name for one in replays]
    assert kinds.count("certificates") == len(SHIPPED)
    assert kinds.count("counterexamples") > 10
    assert kinds.count("instances") > 3


@pytest.mark.long
def test_counterexamples_to_claims_of_models_are_replayed_without_a_solver(run, tmp_path):
    models = sorted((PROGRAM_GAMES.parent.parent / "models").glob("*.toml"))
    run("check", *map(str, models), "--save", str(tmp_path / "saved"))
    for name in ("z3", "cvc5"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('no solver here')")
    saved = [str(one) for one in sorted((tmp_path / "saved").iterdir())]
    done = subprocess.run(
        [sys.executable, "-m", "spi_verify", "replay", *saved],
        capture_output=True, text=True,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": confirmed: ") == len(saved) > 10


@pytest.mark.long
@pytest.mark.parametrize("paper", PAPERS)
def test_shipped_certificates_say_what_the_statements_say(paper):
    folder = PAPERS[paper].folder
    wanted = {
        one.id: one
        for one in load(folder, PAPER)
        if isinstance(one, Statement) and one.expected == "proved"
    }
    for file in sorted((folder / "certificates").glob("*.certificates")):
        checked = check_file(file.read_text())[-1]
        require_says(wanted.pop(checked.id), checked)
    assert not wanted


@pytest.mark.long
def test_a_file_that_proves_nothing_is_rejected_with_the_reason(written, run, tmp_path):
    text = (written / "out" / "def-6-meet-repaired.certificates").read_text()
    file = tmp_path / "changed.certificates"
    file.write_text(text.replace("(hypothesis correlated-randomisation", "(hypothesis x", 1))
    done = run("replay", str(file))
    assert done.code == 1, done.out
    assert "rejected" in done.out


@pytest.mark.long
def test_a_file_about_something_else_is_not_what_the_statement_says(written):
    text = (written / "out" / "def-6-meet-repaired.certificates").read_text()
    statements = {one.id: one for one in load_shipped()}
    checked = check_file(text)[-1]
    require_says(statements["def-6-meet/repaired"], checked)
    with pytest.raises(Refused, match="another goal"):
        require_says(statements["prop-1/repaired"], checked)
    with pytest.raises(Refused, match="does not suppose"):
        require_says(statements["def-6-meet/repaired"].without("correlated-randomisation"), checked)
    name = next(iter(checked.definitions))
    checked.definitions[name] = "false"
    with pytest.raises(Refused, match="not a definition"):
        require_says(statements["def-6-meet/repaired"], checked)
    checked = check_file(text)[-1]
    checked.declarations.remove(["declare-fun", "u", ["Player", "Outcome"], "Real"])
    checked.declarations.append(["declare-fun", "u", ["Player", "Outcome"], "Bool"])
    with pytest.raises(Refused):
        require_says(statements["def-6-meet/repaired"], checked)


def test_bad_input_is_told_from_bad_proofs(run, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd.certificates").write_bytes(b"; spi-verify/certificates/1\n\xff")
    (tmp_path / "none.certificates").write_text("; spi-verify/certificates/1\n")
    assert run("replay", str(tmp_path / "empty")).code == 2
    assert run("replay", str(tmp_path / "odd.certificates")).code == 2
    assert run("replay", str(tmp_path / "none.certificates")).code == 1
    for other in ("--record", "--replay"):
        done = run("prove", "prop-1", "--certificates", str(tmp_path / "out"), other)
        assert done.code == 2, done.err


def sort_of(name: str) -> z3.SortRef:
    known = {"Real": z3.RealSort, "Bool": z3.BoolSort}
    return known[name]() if name in known else z3.DeclareSort(name)


def expanded(step: Step, term: Term, values: dict[Term, z3.ExprRef]) -> z3.ExprRef:
    """Return what was read as a formula of z3 with its quantifiers, by this file's own reading."""
    if term in values:
        return values[term]
    args = [expanded(step, arg, values) for arg in term.args]
    if term.kind == "number":
        return z3.RealVal(str(term.label))
    if term.kind in ("true", "false"):
        return z3.BoolVal(term.kind == "true")
    if term.kind == "apply" and term.label.startswith("?"):
        quantifier = step.language.quantifiers[int(term.label[1:])]
        bound = [z3.FreshConst(sort_of(one)) for one in quantifier.bound]
        sorts = [*quantifier.free, *quantifier.bound]
        slots = [step.language.make("slot", (), one, n) for n, one in enumerate(sorts)]
        inside = dict(zip(slots, [*args, *bound], strict=True))
        return z3.ForAll(bound, expanded(step, quantifier.body, inside))
    if term.kind == "apply":
        domain = [arg.sort() for arg in args]
        return z3.Function(term.label, *domain, sort_of(term.sort))(*args)
    if term.kind in ("and", "or"):
        return (z3.And if term.kind == "and" else z3.Or)(args)
    operations = {
        "not": lambda: z3.Not(args[0]),
        "ite": lambda: z3.If(*args),
        "iff": lambda: args[0] == args[1],
        "=": lambda: args[0] == args[1],
        "<=": lambda: args[0] <= args[1],
        "+": lambda: z3.Sum(args),
        "*": lambda: z3.Product(args),
    }
    return operations[term.kind]()


def compared(text: str) -> list[z3.CheckSatResult]:
    """Return for the assertions of a script whether z3 finds them to differ from what was read."""
    step = Step(read(text))
    theirs = z3.parse_smt2_string(text)
    assert len(theirs) == len(step.assertions)
    answers = []
    for one, other in zip(step.assertions, theirs, strict=True):
        solver = z3.Solver()
        solver.set("rlimit", 2_000_000)
        solver.add(expanded(step, one, {}) != other)
        answers.append(solver.check())
    return answers


@pytest.mark.parametrize("id", ["prop-1/repaired", "efficient-point-two-players"])
def test_the_reader_reads_what_z3_reads(id):
    (statement,) = [one for one in load_shipped() if one.id == id]
    for step in statement.steps[:4]:
        assert all(one == z3.unsat for one in compared(script_of(statement, step.name)))


def test_a_difference_to_z3_would_be_seen():
    text = f"{SORTED}(assert (forall ((s S)) (p s)))"
    step = Step(read(text))
    solver = z3.Solver()
    solver.add(
        expanded(step, step.assertions[0], {})
        != z3.parse_smt2_string(text.replace("forall", "exists"))[0]
    )
    assert solver.check() == z3.sat


@pytest.mark.parametrize("pattern", ["s", "()", "((s a))", "((p p))", "((q s))"])
def test_a_pattern_that_is_no_list_of_terms_is_refused(pattern):
    text = f"{SORTED}(assert (forall ((s S)) (! (p s) :pattern PATTERN)))"
    Step(read(text.replace("PATTERN", "((p s))")))
    with pytest.raises(Refused):
        Step(read(text.replace("PATTERN", pattern)))


@pytest.mark.long
def test_the_reader_reads_all_shipped_assertions_as_z3_does():
    texts = sorted(
        {
            script_of(one, step.name)
            for one in load_shipped()
            if isinstance(one, Statement)
            for step in one.steps
        }
    )
    assertions: dict[str, str] = {}
    for text in texts:
        heads, *asserted = text.split("(assert ")
        for one in asserted:
            if "(declare-fun pattern (Bool" not in heads:
                assertions.setdefault(one.partition(" :named fact:")[0], f"{heads}(assert {one}")
    assert len(assertions) > 500
    answers = [answer for text in assertions.values() for answer in compared(text)]
    assert z3.sat not in answers
    # z3 leaves some equivalences of quantified formulas open, which ones depends on its version
    # and on the declarations that an assertion happens to stand under.
    assert answers.count(z3.unknown) <= len(assertions) // 50
