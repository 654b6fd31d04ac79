"""What authors put into a paper: counterexamples and verdicts as LaTeX, Markdown and TikZ."""

import json
import re
import shutil
import subprocess

import pytest
from conftest import MODELS, PROGRAM_GAMES, compile_latex, needs_latex

from spi_verify.counterexamples import replay
from spi_verify.counterexamples.bimatrix import INDENT
from spi_verify.errors import InputError
from spi_verify.reports.portrait import plot_refutation

FOLDER = PROGRAM_GAMES / "counterexamples"
PMM = FOLDER / "thm-3-pmm.json"
SAVED = sorted(FOLDER.glob("*.json"))


def has_tikz() -> bool:
    if shutil.which("kpsewhich") is None:
        return False
    found = subprocess.run(["kpsewhich", "tikz.sty"], capture_output=True, text=True)
    return bool(found.stdout.strip())


needs_tikz = pytest.mark.skipif(not has_tikz(), reason="TikZ is not installed")


@pytest.fixture
def written(run, tmp_path):
    found = run("replay", PMM, "--latex", tmp_path / "a.tex", "--markdown", tmp_path / "a.md")
    assert found.code == 0, found.err
    assert f"wrote {tmp_path / 'a.tex'}" in found.out
    return tmp_path


@pytest.mark.long
def test_a_counterexample_is_written_with_its_bimatrix_programs_and_beliefs(written):
    tex, told = ((written / f"a.{ending}").read_text() for ending in ("tex", "md"))
    assert "\\begin{tabular}{r|c|c|c|}" in tex
    assert re.search(r"Slot 2 & \{\}0, 0 & \{\}1, 3 & \{\}0, 0 \\\\ \\cline\{2-4\}", tex)
    assert "\\multicolumn{3}{c}{{}player 2}" in tex
    assert "| player 1 / player 2 | Slot 1 | Slot 2 | Slot 3 |" in told
    data = json.loads(PMM.read_text())
    for code in data["programs"]["equilibrium"]:
        assert f"uses `{code}`" in told
    assert 'Player 1 believes, with probability 1: `(always "Slot 2")`' in told
    lines = [line for line in data["story"] if not line.startswith(INDENT)]
    assert len(re.findall(r"^\d+\. ", told, re.M)) == len(lines) - 1
    assert told.rstrip().endswith(lines[-1].replace("_", "\\_")), "why it fails is told last"
    assert "`somebody-below-the-pmm`: the equilibrium pays (0, 0)" in told
    assert (written / "a-pictures" / "thm-3-pmm.pdf").read_bytes().startswith(b"%PDF")
    assert (written / "a-pictures" / "thm-3-pmm.svg").is_file()


@pytest.mark.long
@needs_latex
def test_reports_on_tightness_and_on_hypotheses_compile_in_a_paper(run, tmp_path):
    one, other = tmp_path / "one.tex", tmp_path / "other.tex"
    asked = ("--rounds", 2, "--delta", "1/10", "--as-printed", "--latex", one)
    assert run("tightness", MODELS / "scheduling.toml", *asked).code == 0
    assert run("suffice", "prop-1", "--latex", other).code == 0
    whole = (
        "\\documentclass{article}\\usepackage{graphicx}\\begin{document}\\appendix"
        "\\input{one.tex}\\input{other.tex}\\end{document}\n"
    )
    (tmp_path / "whole.tex").write_text(whole)
    compile_latex(tmp_path / "whole.tex")


@pytest.mark.long
@needs_latex
def test_it_compiles_in_a_paper(written):
    whole = (
        "\\documentclass{article}\\usepackage{graphicx}\\begin{document}\\appendix"
        "\\input{a.tex}\\end{document}\n"
    )
    (written / "whole.tex").write_text(whole)
    compile_latex(written / "whole.tex")


@pytest.mark.long
def test_refute_and_prove_write_the_same_reports(run, tmp_path):
    for command, id in (("refute", "prop-1"), ("prove", "def-6-meet")):
        files = tmp_path / f"{command}.tex", tmp_path / f"{command}.md"
        run(command, id, "--latex", files[0], "--markdown", files[1])
        tex, told = (file.read_text() for file in files)
        assert f"`{id}`" in told
        assert "The counterexample, which was executed:" in told
        assert "Claimed:" in told
        assert "tabular" in tex
    assert "The proof rests on" in told
    assert "(`correlated-randomisation`, added)" in told


@pytest.mark.long
def test_check_writes_claims_with_payoffs_and_what_happens(run, tmp_path):
    files = tmp_path / "claims.tex", tmp_path / "claims.md"
    model = MODELS / "scheduling.toml"
    assert run("check", model, "--latex", files[0], "--markdown", files[1]).code in (0, 1)
    tex, told = (file.read_text() for file in files)
    assert "Claims: verdicts and counterexamples" in told
    assert "| player 1 / player 2 | Slot 1 | Slot 2 | Slot 3 |" in told
    assert re.search(r"^neutral sends .+ instead of .+\.$", told, re.M), "a line, not letters"
    assert "\\begin{tabular}{r|c|c|c|}" in tex


# TikZ


def test_a_tikz_picture_shows_points_offers_and_the_pmm(run, tmp_path):
    file = tmp_path / "picture.tex"
    assert run("replay", PMM, "--plot", file).code == 0
    drawn = file.read_text()
    assert drawn.startswith("% Needs \\usepackage{tikz}")
    assert drawn.count("\\begin{tikzpicture}") == drawn.count("\\end{tikzpicture}") == 1
    assert "(3, 1) circle" in drawn
    assert re.search(r"draw=player1.*\(1, 3\) -- \(1, 3\);", drawn)
    assert re.search(r"draw=player2.*\(3, 1\) -- \(3, 1\);", drawn)
    assert "at (1, 1) {PMM}" in drawn


def test_three_players_have_no_tikz_picture_and_that_is_said(run, tmp_path):
    found = run("replay", FOLDER / "prop-4-pmm.json", "--plot", tmp_path / "picture.tex")
    assert found.code == 2
    assert "a TikZ picture shows the payoffs of two players, and there are 3 here" in found.err


@pytest.mark.parametrize("ending", ["tex", "svg"])
def test_too_many_players_are_refused_before_anything_is_executed(
    run, tmp_path, monkeypatch, ending
):
    def executed(file):
        raise AssertionError(f"{file} was executed")

    monkeypatch.setattr(replay, "retold", executed)
    data = json.loads((FOLDER / "prop-4-pmm.json").read_text())
    if ending == "svg":
        data["programs"]["game"]["payoffs"] = [[[[["0"] * 4]]]]
        data["programs"]["game"]["actions"] = [["1"]] * 4
        data["programs"]["game"]["players"] = ["A", "B", "C", "D"]
        data["programs"] |= {"defaults": [['(always "1")']] * 4, "programs": [[]] * 4}
        data["programs"] |= {"functions": [], "beliefs": []}
    file = tmp_path / "many.json"
    file.write_text(json.dumps(data))
    found = run("replay", file, "--plot", tmp_path / f"picture.{ending}")
    assert (found.code, found.out) == (2, "")
    assert len(found.err.strip().splitlines()) == 1
    assert "--plot: " in found.err


def test_what_has_no_payoffs_is_refused_before_it_is_executed(run, tmp_path, monkeypatch):
    def executed(file):
        raise AssertionError(f"{file} was executed")

    monkeypatch.setattr(replay, "retold", executed)
    structure = FOLDER.parent.parent / "delegation" / "counterexamples" / "def-2.json"
    found = run("replay", structure, "--plot", tmp_path / "picture.pdf")
    assert (found.code, found.out) == (2, "")
    assert "--plot: a counterexample to def-2 has no payoffs to draw" in found.err
    (tmp_path / "other.json").write_text('{"schema": "other"}')
    found = run("replay", tmp_path / "other.json", "--plot", tmp_path / "picture.pdf")
    assert "there is no counterexample to a statement to be drawn" in found.err


def test_what_is_malformed_is_told_as_such_with_a_picture_too(run, tmp_path):
    data = json.loads((FOLDER / "prop-1.json").read_text())
    (tmp_path / "bad.json").write_text(json.dumps(data | {"kind": "nothing"}))
    found = run("replay", tmp_path / "bad.json", "--plot", tmp_path / "picture.pdf")
    assert "bad.json: kind: " in found.err


def test_the_game_of_an_executed_example_is_drawn_and_shown(run, tmp_path):
    file = tmp_path / "example.tex"
    found = run("replay", FOLDER / "ex-4.3.json", "--plot", file, "--latex", tmp_path / "it.tex")
    assert (found.code, found.out.splitlines()[-1]) == (0, f"wrote {file}")
    assert "(3, 1) circle" in file.read_text()
    assert "\\begin{tabular}{r|c|c|c|}" in (tmp_path / "it.tex").read_text()


@pytest.mark.long
@needs_latex
@needs_tikz
def test_tikz_pictures_of_all_shipped_counterexamples_compile(tmp_path):
    names = []
    for file in SAVED:
        try:
            plot_refutation(json.loads(file.read_text()), tmp_path / f"{file.stem}.tex")
        except InputError:
            continue
        names.append(file.stem)
    assert len(names) > 10
    inputs = "\n\n".join(f"\\input{{{name}.tex}}" for name in names)
    (tmp_path / "all.tex").write_text(
        f"\\documentclass{{article}}\\usepackage{{tikz}}\\begin{{document}}{inputs}\\end{{document}}"
    )
    compile_latex(tmp_path / "all.tex")
