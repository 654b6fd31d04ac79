"""A selection function of somebody's own is one class, known by all that works with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES, TOLD
from extensions.weighted import Weighted

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.programs.finding.enumeration import scenarios
from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.papers.loading import load_shipped
from spi_verify.programs import (
    CorrelatedBase,
    ProgramGame,
    PureBase,
    Selection,
    Utilitarian,
    WhenOffered,
    parse_selection,
)
from spi_verify.programs.language import selections
from spi_verify.programs.language.terms import WORDS, term

EXTENSIONS = Path(__file__).parent / "extensions"
PAGE = Path(__file__).parent.parent / "docs" / "extending.md"
THREE_TO_ONE = Weighted((Fraction(3), Fraction(1)))
GAME = Game.from_payoffs([[[3, 1], [0, 0]], [[2, 2], [1, 3]]])
MODEL = """
[game]
payoffs = [[[3, 1], [0, 0]], [[2, 2], [1, 3]]]

[sets]
all = [{ within = ["improving"] }]

[profiles.we]
functions = ["all", "all"]
selection = "SELECTION"
defaults = [["1", "2"]]

[[claims]]
kind = "agreement"
profile = "we"
selected = SELECTED

[[claims]]
kind = "selection-transitive"
selection = "SELECTION"
outcomes = [["1", "1"], ["2", "1"], ["2", "2"]]
"""


@term
class Worst(Selection, word="worst"):
    """It picks one outcome always, offered or not."""

    def pick(self, offered):
        """Return that outcome."""
        return offered.agreed(("1", "2"))


OWN = {word: WORDS.pop(word) for word in ("weighted", "worst")}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Register them for these tests only, so that no other test's search tries them."""
    for word, cls in OWN.items():
        monkeypatch.setitem(WORDS, word, cls)


LISTED = "necessity/thm-3-pmm.repaired.without.correlated-randomisation"
"""A counterexample for which all sets are gone through."""


def saved(selection: str, name: str = "thm-3-pmm") -> dict:
    """Return a shipped counterexample with another selection function, as nobody told it."""
    data = json.loads((PROGRAM_GAMES / "counterexamples" / f"{name}.json").read_text())
    data = json.loads(json.dumps(data).replace("(leximin)", selection))
    return {key: data[key] for key in data if key not in TOLD}


def model(folder: Path, selection: str, selected: str) -> Path:
    path = folder / "model.toml"
    path.write_text(MODEL.replace("SELECTION", selection).replace("SELECTED", selected))
    return path


@pytest.mark.parametrize("base", [PureBase(GAME), CorrelatedBase(GAME)], ids=["pure", "correlated"])
def test_it_picks_where_it_scores_best(base):
    everything = base.at_least((Fraction(0), Fraction(0)))
    assert base.payoffs(base.select(THREE_TO_ONE, everything)) == (3, 1)
    assert base.payoffs(base.select(Weighted((Fraction(1), Fraction(3))), everything)) == (1, 3)


def test_its_notation_is_read_and_written():
    assert parse_selection("(weighted 3 1)") == THREE_TO_ONE
    assert str(THREE_TO_ONE) == "(weighted 3 1)"
    with pytest.raises(InputError, match="positive"):
        parse_selection("(weighted 3 -1)")


def test_a_game_that_it_does_not_fit_is_refused():
    with pytest.raises(InputError, match="a weight for each of the 2 players"):
        ProgramGame(PureBase(GAME)).check_term(Weighted((Fraction(1),)))


@pytest.mark.parametrize("play", ["", 'feasible = "correlated"'])
def test_model_files_name_it(run, tmp_path, play):
    path = model(tmp_path, "weighted 3 1", '["1", "1"]')
    path.write_text(f"{play}\n{path.read_text()}")
    assert run("check", path).code == 0
    path = model(tmp_path, "weighted 1 3", '["1", "1"]')
    path.write_text(f"{play}\n{path.read_text()}")
    found = run("check", path, "--json", "-")
    assert found.code == 1
    wrong = json.loads(found.out)["results"][0]["counterexample"]
    counterexample = tmp_path / "counterexample.json"
    counterexample.write_text(json.dumps(wrong))
    assert run("replay", counterexample).code == 0


def test_a_model_with_the_wrong_number_of_weights_is_bad_input(run, tmp_path):
    found = run("check", model(tmp_path, "weighted 3", '["1", "1"]'))
    assert found.code == 2
    assert "needs a weight for each of the 2 players" in found.err + found.out


def test_a_counterexample_with_it_is_executed_on_all_sets_and_told(run, tmp_path):
    path = tmp_path / "counterexample.json"
    path.write_text(json.dumps(saved("(weighted 1 1 1)", LISTED)))
    assert run("replay", path).code == 0
    found = confirm_saved(saved("(weighted 1 1 1)", LISTED))
    checks = {check.name: check.how for check in found.hypotheses}
    assert checks["transitive-selection"].startswith("checked for all")
    assert "the greatest sum with weights 1, 1, 1" in " ".join(found.story)


def test_what_its_class_states_of_sets_that_are_not_gone_through_is_no_evidence(run, tmp_path):
    path = tmp_path / "counterexample.json"
    path.write_text(json.dumps(saved("(weighted 1 1)")))
    found = run("replay", path)
    assert found.code == 1
    assert "whether (weighted 1 1) is transitive on all sets is not settled here" in found.out
    path.write_text(json.dumps(saved("(utilitarian)")))
    assert run("replay", path).code == 0, "the same, of this package"


def test_a_rule_that_only_says_that_it_is_efficient_is_checked(monkeypatch):
    monkeypatch.setattr(Worst, "efficient", True)
    assert not selections.picks_efficiently(Worst(), pure=True)
    assert selections.picks_efficiently(THREE_TO_ONE, pure=True), "the program sees to it"
    assert not selections.picks_efficiently(THREE_TO_ONE, pure=False), "scores could fall"
    mixed = WhenOffered(("1", "1"), THREE_TO_ONE, Utilitarian())
    assert not selections.picks_efficiently(mixed, pure=False)
    assert selections.picks_efficiently(Utilitarian(), pure=False)


def test_a_score_cannot_be_overruled():
    with pytest.raises(TypeError, match="a score decides"):

        class Overruled(Weighted):
            def pick(self, offered):
                return offered.agreed(("1", "2"))


def test_a_peak_lies_on_its_segment(monkeypatch):
    base = CorrelatedBase(GAME)
    everything = base.at_least((Fraction(0), Fraction(0)))
    off = (Fraction(100), Fraction(100))
    monkeypatch.setattr(Weighted, "peaks", lambda *_: [off])
    with pytest.raises(InputError, match="not on its segment"):
        base.select(THREE_TO_ONE, everything)
    monkeypatch.setattr(
        Weighted, "peaks", lambda _, a, b, __: [(a[0] / 2 + b[0] / 2, a[1] / 2 + b[1] / 2)]
    )
    assert base.payoffs(base.select(THREE_TO_ONE, everything)) == (3, 1)


def test_searches_try_it_unless_they_need_what_it_does_not_state(monkeypatch):
    (statement,) = (one for one in load_shipped() if one.id == "thm-3-pmm")
    bounds = Bounds(2, 4, GAME)
    tried = {one.selection for one in scenarios(statement, set(), bounds, correlated=True)}
    assert THREE_TO_ONE in tried
    monkeypatch.setattr(Weighted, "transitive", None)
    assert list(selections.candidates(2, transitive=True)) == []
    assert list(selections.candidates(2)) == [THREE_TO_ONE]


def test_a_rule_that_picks_what_it_should_not_is_bad_input():
    base = PureBase(GAME)
    with pytest.raises(InputError, match="which is not in its set"):
        base.select(Worst(), base.finite([("1", "1"), ("2", "2")]))
    with pytest.raises(InputError, match="which is not efficient"):
        base.select(Worst(), base.finite([("1", "1"), ("1", "2")]))
    correlated = CorrelatedBase(GAME)
    with pytest.raises(InputError, match="pure outcomes only"):
        correlated.select(Worst(), correlated.finite([("1", "1")]))


@pytest.mark.long
def test_an_installed_package_adds_one_by_an_entry_point(tmp_path):
    info = tmp_path / "installed" / "weighted-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: weighted\nVersion: 1\n")
    entries = info / "entry_points.txt"
    path = model(tmp_path, "weighted 3 1", '["1", "1"]')

    def check(*folders: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "spi_verify", "check", path],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
            capture_output=True,
            text=True,
        )

    without = check(EXTENSIONS)
    assert without.returncode == 2
    assert "'weighted' is no selection" in without.stdout + without.stderr
    entries.write_text(f"[{selections.GROUP}]\nweighted = weighted:Weighted\n")
    assert check(EXTENSIONS, info.parent).returncode == 0
    entries.write_text(f"[{selections.GROUP}]\nweighted = weighted:Fraction\n")
    broken = check(EXTENSIONS, info.parent)
    assert broken.returncode == 2
    assert "is no Selection with a word" in broken.stdout + broken.stderr


def test_the_page_shows_the_example_that_is_tested():
    assert f"```python\n{(EXTENSIONS / 'weighted.py').read_text()}```" in PAGE.read_text()
