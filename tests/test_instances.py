"""Shipped instances: program games in which a theorem's hypotheses hold and payoffs change."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples.programs import instances
from spi_verify.counterexamples.replay import replay
from spi_verify.errors import InputError, Rejected
from spi_verify.papers.choosing import choose
from spi_verify.schemas import OF_INSTANCE
from spi_verify.theory import PAPER

FOLDER = PROGRAM_GAMES / "instances"
FILES = sorted(FOLDER.glob("*.json"))
OURS = [file for file in FILES if json.loads(file.read_text())["schema"] == OF_INSTANCE]


def data(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_instances_are_shipped_for_repaired_statements():
    assert {file.stem for file in FILES} == {
        "prop-2.repaired",
        "prop-5.repaired",
        "thm-3-equilibrium.repaired",
        "thm-3-pmm.repaired",
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_instance_is_confirmed_without_a_solver(file):
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from spi_verify.counterexamples.replay import replay\nprint(replay(Path(sys.argv[1])))\n"
        "assert 'cvc5' not in sys.modules\n"
        "assert not resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss"
    )
    ran = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_every_hypothesis_is_checked_and_somebody_is_paid_otherwise(file):
    saved = json.loads(file.read_text(encoding="utf-8"))
    known = {one.id: one for one in choose([saved["statement"]], PAPER)[0]}
    names = [hypothesis.name for hypothesis in known[saved["statement"]].hypotheses]
    assert [check["name"] for check in saved["hypotheses"]] == names
    assert saved["payoffs"]["before"] != saved["payoffs"]["after"]
    before, after = PAID[file.stem]
    told = f"hypotheses hold, and what it says is there pays {after} instead of {before}"
    assert told in replay(file)


PAID = {
    "prop-2.repaired": ("(0, 0)", "(1, 1)"),
    "thm-3-equilibrium.repaired": ("(0, 0)", "(1, 1)"),
    "thm-3-pmm.repaired": ("(1/2, 3/2)", "(1, 3/2)"),
}
ALWAYS = ['(always "Slot 1")', '(always "Slot 2")']


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("prop-2.repaired", {"after": ALWAYS}, "conclusion does not hold"),
        ("thm-3-equilibrium.repaired", {"after": ALWAYS}, "conclusion does not hold"),
        ("prop-2.repaired", {"statement": "prop-1/repaired"}, "fails|cannot be evaluated|say that"),
        ("prop-2.repaired", {"payoffs": {"before": ["0", "0"], "after": ["2", "2"]}}, "payoffs in"),
        ("prop-2.repaired", {"hypotheses": []}, "hypotheses in the file differ"),
    ],
)
def test_an_instance_that_shows_something_else_is_rejected(name, change, reason):
    with pytest.raises(Rejected, match=reason):
        instances.confirm_saved(data(name) | change)


def test_an_instance_whose_hypothesis_fails_is_rejected():
    saved = copy.deepcopy(data("thm-3-equilibrium.repaired"))
    saved["programs"]["beliefs"][0][0]["opponents"] = ['(always "Slot 2")']
    saved["programs"]["defaults"][0] = ['(always "Slot 1")', '(always "Slot 2")']
    with pytest.raises(Rejected, match="subjective-equilibrium fails"):
        instances.confirm_saved(saved)


def test_an_instance_in_which_nothing_changes_is_rejected():
    text = json.dumps(data("prop-2.repaired"))
    elsewhere = text.replace(r"[\"Slot 1\" \"Slot 2\"]", r"[\"Slot 1\" \"Slot 3\"]")
    assert elsewhere != text
    with pytest.raises(Rejected, match=r"nobody's payoff changes: it stays \(0, 0\)"):
        instances.confirm_saved(json.loads(elsewhere))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"more": 1}, "no key 'more'"),
        ({"statement": "nothing"}, "nothing"),
        ({"statement": 3}, "3"),
        ({"programs": []}, "missing or no table"),
        ({"before": "x"}, "list of programs"),
        ({"before": ['(always "Slot 3")'] * 2}, "not in the program game"),
        ({"after": ["(always"] * 2}, "bracket|parenthesis|should be"),
    ],
)
def test_a_malformed_instance_is_one_clear_error(change, reason):
    with pytest.raises(InputError, match=reason):
        instances.confirm_saved(data("prop-2.repaired") | change)
