"""``spi-verify explain`` shows what is proved, and says what rests on what; nothing is decided."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from conftest import compile_latex, needs_latex
from test_papers import paper, suite

from spi_verify.mathematics.latex import in_latex
from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.meanings import meanings, shown_symbol
from spi_verify.mathematics.showing import shown, shown_definition
from spi_verify.mathematics.unicode import in_unicode
from spi_verify.obligations.statements import Statement
from spi_verify.papers.explaining import ExplainedDefinition, explained
from spi_verify.papers.loading import load_shipped
from spi_verify.theory import PAPER
from spi_verify.theory.signature import symbols

STRICT = """\
import z3
from z3 import ForAll
from spi_verify.theory.signature import Player, u

i = z3.Const("i", Player)


def weakly_improves(theory, x, a):
    return ForAll([i], u(i, x) > u(i, a))
"""


def squeezed(text):
    return " ".join(text.split())


def test_a_definition_is_shown_with_its_words_and_where_it_stands(run):
    done = run("explain", "pmp")
    assert done.code == 0
    assert in_unicode(shown_definition(PAPER, "pmp")) in done.out
    assert "Definition 6: x is in player i's Pareto meet projection of a." in done.out
    assert "- in the paper: Definition 6" in done.out
    assert "i, j: players · x, a: outcomes" in done.out


def test_a_symbol_is_shown_as_it_is_written(run):
    done = run("explain", "segment")
    assert "mixᵢ(a, b, y)" in done.out
    assert "the mixture of a and b that pays player i what y pays" in done.out
    assert "in definitions: correlated_randomisation, intermediate_payoffs" in done.out


@pytest.mark.parametrize("name", symbols())
def test_every_symbol_can_be_shown(name):
    box, _ = shown_symbol(symbols()[name], meanings()[name])
    assert in_unicode(box)


def test_what_a_definition_rests_on_and_who_uses_it():
    errors = []
    one, claim = explained(["pmp_extension", "projections_nonempty"], errors)
    assert not errors
    assert isinstance(one, ExplainedDefinition)
    assert one.rests_on == ("others_csr", "pmp")
    assert "assumption_9_ii" in one.in_definitions
    theorems = [s for s in load_shipped() if isinstance(s, Statement)]
    assert one.listed == tuple(s.id for s in theorems if "pmp_extension" in s.definitions)
    assert (one.kind, claim.kind) == ("definition", "claim")
    assert "thm-3-pmm/repaired" in claim.supposed
    assert claim.proved == ("def-6-nonempty", "def-6-nonempty/repaired")
    assert not one.is_changed


def test_a_closed_definition_that_is_a_part_of_another_is_among_what_that_rests_on():
    (one,) = explained(["best_is_transitive"], [])
    assert set(one.rests_on) == {
        "transitive",
        "criterion_is_an_order",
        "domination_is_better",
        "criterion_kept",
    }


def test_a_statement_is_shown_with_the_very_formulas_that_are_proved(run):
    statement = next(one for one in load_shipped() if one.id == "prop-2/repaired")
    said = squeezed(run("explain", "prop-2/repaired").out)
    for hypothesis in statement.hypotheses:
        assert squeezed(in_unicode(shown(hypothesis.formula))) in said
        assert hypothesis.meaning in said
    assert squeezed(in_unicode(shown(statement.goal.formula))) in said
    assert "expected: proved" in said
    assert "the other: prop-2" in said
    assert f"steps of the proof: {len(statement.steps)}" in said
    assert "something-to-improve, which only the repaired reading has" in said
    assert "pointwise_better, proved as expected-utility" in said
    assert "same-outcome" not in said
    with_steps = squeezed(run("explain", "prop-2/repaired", "--steps").out)
    for step in statement.steps:
        assert squeezed(in_unicode(shown(step.formula))) in with_steps
        assert step.name in with_steps


def test_a_statement_that_is_run_says_that_it_has_no_formula(run):
    done = run("explain", "ex-4.3/repaired")
    assert done.code == 0
    assert "decided by running programs: it has no formula" in done.out


@pytest.mark.long
def test_a_name_after_a_folder_means_what_that_folder_has(run, tmp_path):
    folder = paper(
        tmp_path / "draft",
        'title = "Draft"\nextends = "program-games"\n'
        '[definitions]\nweakly_improves = "definitions.py:weakly_improves"\n',
    )
    (folder / "definitions.py").write_text(STRICT)
    done = run("explain", folder, "weakly_improves", "prop-1")
    assert done.code == 0
    assert "u(x) ⪰ u(a) :⇔ ∀i: uᵢ(x) > uᵢ(a)" in done.out
    assert f"as in {folder}; changed" in done.out
    assert "prop-1: Every renegotiation function gives an SPI" in done.out
    assert "rests on definitions that are changed: weakly_improves" in done.out
    alone = run("explain", folder)
    assert "weakly_improves" in alone.out
    assert "prop-1:" not in alone.out
    shipped = run("explain", "weakly_improves")
    assert "uᵢ(x) ≥ uᵢ(a)" in shipped.out


def test_a_suite_without_a_paper_is_explained(run, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(suite())
    done = run("explain", file)
    assert done.code == 0
    assert "It says" in done.out


def test_a_variant_is_shown_in_the_place_of_a_definition(run):
    done = run("explain", "pmp_extension", "--with", "pmp_extension=unconditional")
    assert "x ∈ RN^d(R⁻ⁱ, a) ⇔ x ∈ RN^c(R⁻ⁱ, a) ∨ x ∈ PMPᵢ(a)" in done.out
    assert "changed: the papers have another formula" in done.out


@pytest.mark.parametrize(
    ("name", "near"),
    [("pmp-extension", "pmp_extension"), ("prop-22", "prop-2"), ("Efficient", "efficient")],
)
def test_an_unknown_name_is_one_line_with_the_nearest(run, name, near):
    done = run("explain", name, "pmp")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert line.endswith(f"did you mean '{near}'?")
    assert "Definition 6" in done.out


@pytest.mark.parametrize("columns", [72, 80])
def test_lines_fit_the_terminal(run, monkeypatch, columns):
    monkeypatch.setattr("rich.console.Console.width", columns)
    done = run("explain", "pmp_extension", "thm-3-equilibrium/repaired", "--steps")
    lines = done.out.splitlines()
    assert len(lines) > 100
    assert max(map(len, lines)) <= columns


@pytest.mark.long
def test_no_solver_runs_in_it():
    code = (
        "import sys, z3\n"
        "from spi_verify.cli import main\n"
        "z3.Solver = z3.SolverFor = None\n"
        "sys.argv = ['spi-verify', 'explain', 'pmp', 'prop-2/repaired', '--steps']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'cvc5' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_latex_has_every_formula(run):
    done = run("explain", "pmp", "prop-2/repaired", "--latex")
    assert done.code == 0
    assert len(re.findall(r"\\\[\n", done.out)) == 1 + 4 + 1
    assert r"\mathbf{x} \in \mathrm{PMP}_{i}(\mathbf{a})" in done.out


def test_json_holds_the_formulas_in_three_ways(run):
    done = run("explain", "pmp", "ex-4.3", "segment", "prop-2/repaired", "--json", "-")
    pmp, example, symbol, statement = json.loads(done.out)["explained"]
    box = shown_definition(PAPER, "pmp")
    assert pmp["formula"] == {
        "unicode": in_unicode(box),
        "latex": in_latex(box),
        "mathml": in_mathml(box),
        "letters": "i, j: players · x, a: outcomes",
    }
    assert "formula" not in example
    assert symbol["formula"]["unicode"] == "mixᵢ(a, b, y)"
    goal = next(one for one in load_shipped() if one.id == "prop-2/repaired").goal
    assert statement["formula"]["unicode"] == in_unicode(shown(goal.formula))
    assert [one["added"] for one in statement["hypotheses"]] == [False, False, True, True]


@pytest.mark.long
@needs_latex
def test_latex_compiles_as_its_first_lines_say(run, tmp_path):
    part = run("explain", "algorithm_1", "ex-4.3", "thm-3-pmm", "--steps", "--latex").out
    (tmp_path / "part.tex").write_text(part, encoding="utf-8")
    whole = r"\documentclass{article}\begin{document}\appendix\input{part}\end{document}"
    (tmp_path / "whole.tex").write_text(whole, encoding="utf-8")
    compile_latex(tmp_path / "whole.tex")


def test_what_is_saved_of_a_statement_is_named_and_can_be_replayed(run):
    shown = run("explain", "prop-1").out
    assert "counterexamples saved in counterexamples, which 'replay' executes: prop-1" in shown
    assert "certificates of its steps" not in shown
    repaired = run("explain", "prop-1/repaired", "--json", "-")
    (entry,) = json.loads(repaired.out)["explained"]
    assert len(entry["counterexamples"]) == 3
    assert all("necessity/prop-1.repaired.without." in file for file in entry["counterexamples"])
    assert entry["certificates"].endswith("certificates/prop-1-repaired.certificates")
    assert entry["recorded"] is None
    assert run("replay", *entry["counterexamples"]).code == 0


@pytest.mark.long
def test_a_recorded_verdict_is_shown(run, tmp_path):
    run("init", tmp_path / "mine")
    shown = run("explain", tmp_path / "mine" / "proofs", "improvements-compose")
    assert "- expected: proved\n- recorded: proved\n" in shown.out


def test_where_a_statement_stands_in_the_paper_is_said_of_all_that_are_audited(run):
    audited = {
        "prop-1": "Proposition 1",
        "thm-3-pmm/repaired": "Theorem 3",
        "def-6-meet": "Definition 6",
        "app-c": "Appendix C",
        "ex-3.2": "Example 3.2",
        "ex-4.3/repaired": "Example 4.3",
        "oc-lemma-4": "Lemma 4",
        "oc-prop-16": "Proposition 16",
    }
    for id, place in audited.items():
        assert f"\n- in the paper: {place}\n" in run("explain", id).out, id
    for id in ("convex-segments", "sel-transitive-leximin", "oc-two-games"):  # not the paper's
        assert "in the paper" not in run("explain", id).out, id
