"""Proofs for Coq: they read as the formulas were written, and Coq accepts them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES
from test_certificates import FOUND, NUMBERS, SORTED

from spi_verify.checker import check_file
from spi_verify.checker.terms import read
from spi_verify.obligations.certificates.coq.file import coq_of
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.finding import certificate

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")

MORE = {
    "an implication whose premise is negated": "(assert (=> (not (p a)) (p b)))"
    "(assert (not (p a)))(assert (not (p b)))",
    "several premises": "(assert (=> (p a) (p b) false))(assert (p a))(assert (p b))",
    "exclusive or, and a chain": "(assert (xor (p a) (p b)))(assert (= (p a) (p b) true))",
    "existence of what is not so": "(assert (exists ((s S) (t S)) (not (=> (p s) (p t)))))"
    "(assert (forall ((s S)) (not (p s))))",
    "an abbreviation": "(assert (let ((z (exists ((s S)) (p s)))) (and z (not z))))",
    "a variable named as a constant": "(assert (forall ((a S)) (p a)))(assert (not (p b)))",
    "a variable hidden": "(assert (forall ((s S)) (exists ((s S)) (p s))))"
    "(assert (not (exists ((s S)) (p s))))",
    "choices": "(assert (= (ite (not (p a)) x y) (ite (p a) 1.0 2.0)))(assert (< 2.0 x))"
    "(assert (> y 1.0))",
    "a choice of formulas": "(assert (ite (p a) (p b) (not (p b))))(assert (not (p a)))"
    "(assert (p b))",
    "numerals": "(assert (= (f a) 1.0))(assert (= (f b) 2.0))(assert (= a b))",
    "division and differences": "(assert (>= (- x y) (/ 1.0 2.0)))(assert (>= y x))",
}  # fmt: skip


def file_of(name: str, text: str) -> tuple[list, str]:
    """Return a file of certificates of a text that is contradictory, with false as its goal."""
    trees = read(SORTED + NUMBERS + text)
    declared = [tree for tree in trees if tree[0] != "assert"]
    facts = [tree[1] for tree in trees if tree[0] == "assert"]
    items = certificate([*trees, ["assert", ["not", "false"]]])
    named = [["hypothesis", f"fact-{place}", fact] for place, fact in enumerate(facts)]
    step = ["step", "goal", "false", [one[1] for one in named], *items]
    return declared, text_of(["statement", name, *named, step])


@pytest.fixture(scope="module")
def together() -> str:
    """One file of all of these."""
    parts = [file_of(name, text) for name, text in {**FOUND, **MORE}.items()]
    declared = {text_of(tree): None for trees, _ in parts for tree in trees}
    sorts = [one for one in declared if one.startswith("(declare-sort")]
    others = [one for one in declared if one not in sorts]
    return "\n".join([*sorts, *others, *(statement for _, statement in parts)])


def coqc(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "proof.v").write_text(text)
    return subprocess.run(
        ["coqc", "-q", "proof.v"], cwd=folder, capture_output=True, text=True, timeout=300
    )


AXIOMS = {
    "classic", "constructive_indefinite_description",
    "FunctionalExtensionality.functional_extensionality_dep",
    "ClassicalDedekindReals.sig_forall_dec", "ClassicalDedekindReals.sig_not_dec",
}  # fmt: skip


def axioms(said: str) -> set[str]:
    return set(re.findall(r"^([\w.]+)\s*:", said.partition("Axioms:")[2], re.MULTILINE))


@needs_coq
@pytest.mark.long
def test_coq_accepts_what_certificates_prove_and_needs_no_axioms_but_its_own(together, tmp_path):
    check_file(together)
    done = coqc(coq_of(together, "together"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert axioms(done.stdout) <= AXIOMS


@needs_coq
@pytest.mark.long
def test_coq_accepts_a_shipped_statement_that_export_writes(run, tmp_path):
    done = run("export", "expected-utility", "--coq", str(tmp_path / "coq"), "--json", "-")
    assert done.code == 0, done.err
    (entry,) = json.loads(done.out)["files"]
    assert entry["statement"] == "expected-utility"
    text = Path(entry["file"]).read_text()
    accepted = coqc(text, tmp_path)
    assert accepted.returncode == 0, accepted.stderr
    assert axioms(accepted.stdout) <= AXIOMS
    assert "step_expected_utility_goal" in accepted.stdout
    read_as, _, rest = text.partition("(* GENERATED")
    assert ">= 0" in read_as
    assert coqc(f"{read_as.replace('>= 0', '>= 1')}(* GENERATED{rest}", tmp_path).returncode != 0


def test_what_is_to_be_read_is_as_it_was_written():
    file = PROGRAM_GAMES / "certificates" / "prop-1-repaired.certificates"
    text = coq_of(file.read_text(), "x")
    above = " ".join(text.partition("(* GENERATED")[0].split())
    assert "Definition hypothesis_somebody_gains : Prop := exists p : Profile, " in above
    assert (
        "Definition definition_profiles_are_tuples : Prop := forall p : Profile, "
        "forall q : Profile, ((same_programs p q) -> (p = q))." in above
    )
    assert "Variable u : Player -> Outcome -> R." in above
    assert "Axiom" not in text
    assert "Admitted" not in text
    assert "admit" not in text


def test_names_that_coq_has_itself_are_others_and_stay_apart():
    text = """
    (declare-sort R 0) (declare-sort forall- 0) (declare-fun ite- (R) Bool)
    (declare-fun c_lt () R) (declare-fun |c_lt_| () R)
    (statement s (hypothesis h (forall ((R R)) (ite- R)))
      (step goal (ite- c_lt) (h) (i 0 c_lt) (c .)))
    """
    coq = coq_of(text, "a title (* with a comment *)")
    assert "Variable R_ : Type." in coq
    assert "Variable c_lt_ : R_." in coq
    assert "Variable c_lt__ : R_." in coq
    assert coq.count("(*") == coq.count("*)")


def test_statements_without_certificates_are_named(run, tmp_path):
    done = run("export", "prop-1", "--coq", str(tmp_path))
    assert done.code == 0
    assert "not written: prop-1: no certificate is kept of goal" in done.err
    assert (tmp_path / "prop_1_repaired.v").exists()
    done = run("export", "program-games", "ex-4.3", "--coq", str(tmp_path))
    assert done.code == 2
