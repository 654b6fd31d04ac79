"""Notebooks: what is displayed, and the tutorial."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.errors import InputError
from spi_verify.games import CorrelatedPlay, Game, PureOutcomes
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.rich import MAX_CELLS
from spi_verify.notebook import Plot, Refutation
from spi_verify.verdicts import Evidence, Report, Result, Verdict

NOTEBOOK = Path(__file__).parent.parent / "docs" / "tutorial.ipynb"
EVIL = "<script>alert(1)</script>"


class Cells(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.cells = [], []
        self.feed(text)

    def handle_starttag(self, tag, _):
        self.tags.append(tag)
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def test_a_game_of_two_is_a_matrix_whose_rows_are_player_1s_actions():
    game = Game.from_payoffs(
        [[[3, 1], [Fraction(1, 2), 0]], [[0, 0], [1, 3]]],
        actions=[["Up", "Down"], ["Left", "Right"]],
    )
    shown = Cells(game._repr_html_())
    assert shown.cells[1:] == ["Left", "Right", "Up", "3, 1", "1/2, 0", "Down", "0, 0", "1, 3"]
    assert shown.cells[0] == "Player 1 \\ Player 2"


def test_a_game_of_three_is_a_list_and_a_large_one_only_its_size():
    three = Game.from_payoffs([[[[1, 2, 3], [4, 5, 6]]]])
    shown = Cells(three._repr_html_()).cells
    assert shown[4:] == ["1", "1", "1", "1, 2, 3", "1", "1", "2", "4, 5, 6"]
    large = Game.from_payoffs([[[0, 0]] * (MAX_CELLS + 1)])
    assert f"1 x {MAX_CELLS + 1} actions" in large._repr_html_()
    assert "<table>" not in large._repr_html_()


def test_a_negotiation_over_issues_is_a_list_of_agreements_and_the_disagreement():
    def issue(name):
        return Issue(name, ("low", "high"), ((Fraction(1), Fraction(0)), (Fraction(0), 1)))

    game = AgreementGame.from_issues([issue("price"), issue("date")], [Fraction(1, 4)] * 2)
    shown = Cells(game._repr_html_()).cells
    assert shown[:6] == ["price", "date", "payoffs", "low", "low", "2, 0"]
    assert shown[-3:] == ["disagreement", "", "1/4, 1/4"]


def test_names_and_reasons_are_text_and_never_markup():
    actions = [[EVIL, "b"], ["c"]]
    payoffs = [[[1, 1]], [[0, 0]]]
    game = Game.from_payoffs(payoffs, actions=actions, players=[EVIL, "2"], title=EVIL)
    result = Result(EVIL, Verdict.REFUTED, Evidence.CHECKED, reason=EVIL)
    model = {"game": {"actions": actions, "payoffs": payoffs}}
    refutation = Refutation({"statement": EVIL, "story": [EVIL], "model": model})
    for shown in (game, result, Report([result], [EVIL]), refutation):
        text = shown._repr_html_()
        assert "script" not in Cells(text).tags
        assert "&lt;script&gt;" in text
    assert "<svg" in refutation._repr_html_()
    assert "<script" not in Plot(PureOutcomes(game))._repr_svg_()


def test_a_report_is_a_table_with_reasons_and_counts():
    results = [
        Result("m/a", Verdict.PROVED, Evidence.AGREEMENT),
        Result("m/b", Verdict.REFUTED, Evidence.CHECKED, reason="player 2 loses"),
    ]
    shown = Cells(Report(results, ["x.toml: bad"])._repr_html_()).cells
    assert shown[5:10] == ["m/a", "proved", "agreement", "yes", ""]
    assert shown[10:14] == ["m/b", "refuted", "checked", "NO: expected proved, is refuted"]
    assert shown[14].startswith("player 2 loses")
    assert "1 not as expected" in Report(results)._repr_html_()
    assert "x.toml: bad" in Report(results, ["x.toml: bad"])._repr_html_()


@pytest.mark.parametrize("play", ["pure", "correlated"])
def test_a_counterexample_to_a_claim_shows_its_story_and_payoffs(play):
    model = {"game": {"payoffs": [[["3", "1"], ["0", "0"]], [["0", "0"], ["1", "3"]]]}}
    model["feasible"] = play
    data = {"claim": {"name": "mine"}, "story": "player 1 loses", "model": model}
    text = Refutation(data)._repr_html_()
    assert "Refutation of mine" in text
    assert "<li>player 1 loses</li>" in text
    assert ("Pure outcomes" if play == "pure" else "Feasible set") in text


def test_payoffs_with_parameters_are_drawn_at_the_values_of_the_counterexample():
    model = {"game": {"payoffs": [[["2", "2"], ["1", "3"]], [["3", "1"], ["v", "v - 1"]]]}}
    data = {"claim": {"kind": "spi", "name": "", "function": "share"}, "model": model}
    text = Refutation({**data, "values": {"v": "5"}})._repr_html_()
    assert "Refutation of spi share" in text
    assert "the PMM is (5, 4)" in text
    for broken in ({}, {"v": "x"}, ["v"]):
        assert "<svg" not in Refutation({**data, "values": broken})._repr_html_()


def test_a_shipped_counterexample_can_be_read_and_shown():
    refutation = Refutation.read(PROGRAM_GAMES / "counterexamples" / "prop-4-pmm.json")
    assert refutation.of == "prop-4-pmm"
    text = refutation._repr_html_()
    told = [line for line in refutation.story if not line.startswith("  ")]
    assert text.count("<li>") == len(told) > 3
    assert "(1,&nbsp;1,&nbsp;1)&nbsp;|&nbsp;&nbsp;&nbsp;&nbsp;0" in text
    assert "<svg" in text
    assert repr(refutation).startswith("Refutation of prop-4-pmm: ")


@pytest.mark.parametrize(
    ("text", "said"), [(None, "no such file"), ("{", "no JSON"), ("[]", "object")]
)
def test_what_is_no_counterexample_is_an_input_error(tmp_path, text, said):
    file = tmp_path / "x.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError, match=said):
        Refutation.read(file)


def test_a_plot_is_a_picture_of_what_is_feasible():
    game = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]])
    pure, correlated = (Plot(one(game))._repr_svg_() for one in (PureOutcomes, CorrelatedPlay))
    assert "<svg" in pure
    assert "<svg" in correlated
    assert pure != correlated


def test_importing_it_loads_no_solver_and_no_plotting():
    code = (
        "import sys, spi_verify.notebook, spi_verify.verdicts, spi_verify.games\n"
        "print({'z3', 'cvc5', 'matplotlib', 'rich', 'IPython'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "set()"


def cells():
    notebook = json.loads(NOTEBOOK.read_text())
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def kinds_of(outputs):
    """Return what outputs are: an image, HTML, text that was printed."""
    return [
        sorted({*output.get("data", {output["output_type"]})} - {"text/plain"})
        for output in outputs
    ]


def test_the_tutorial_is_shipped_with_what_its_cells_show():
    """Written by ``python docs/tutorial_outputs.py``."""
    notebook = json.loads(NOTEBOOK.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [kinds_of(cell["outputs"]) for cell in code] == [
        [["text/html"]],
        [["stream"]],
        [["image/svg+xml"]],
        [[]],
        [["text/html"]],
        [["text/html"]],
        [["text/html"]],
    ]
    shown = json.dumps([cell["outputs"] for cell in code])
    assert "the claim holds exactly when c &lt;= 1" in shown
    assert "seconds=" not in shown
    (conjecture,) = code[3]["outputs"]
    assert conjecture["data"] == {"text/plain": ["True"]}


def test_the_cells_of_the_tutorial_run_one_after_the_other():
    names = {}
    for cell in cells():
        exec(compile(cell, "tutorial.ipynb", "exec"), names)
    assert names["result"].verdict is Verdict.REFUTED


@pytest.mark.long
def test_a_notebook_shows_the_tutorial_richly(tmp_path, monkeypatch):
    """In a kernel of its own (extra ``notebook``)."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = [
        set(output["data"])
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert [kinds - {"text/plain"} for kinds in shown] == [
        {"text/html"},
        {"image/svg+xml"},
        set(),
        {"text/html"},
        {"text/html"},
        {"text/html"},
    ]
    shipped = nbformat.read(NOTEBOOK, as_version=4)
    for cell, kept in zip(notebook.cells, shipped.cells, strict=True):
        assert kinds_of(cell.get("outputs", ())) == kinds_of(kept.get("outputs", ()))
