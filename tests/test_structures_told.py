"""Counterexamples to statements about delegation are told as games, and as nothing else."""

from __future__ import annotations

import copy
import json
import re

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples import structures_told
from spi_verify.counterexamples.file import WORDING, confirm_saved, execute
from spi_verify.counterexamples.replay import title_of
from spi_verify.counterexamples.statements.claimed import shipped_theorem
from spi_verify.counterexamples.statements.tellers import teller_among
from spi_verify.counterexamples.structures_told import StructureTeller
from spi_verify.errors import Rejected
from spi_verify.papers.loading import shipped_statement
from spi_verify.reports.story import SUPPOSED, in_full

FOLDER = PROGRAM_GAMES.parent / "delegation" / "counterexamples"
SAVED = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.glob("*.json"))
}
SYMBOLS = ("_", "actionmap", "strategies 1", "outcome A", "game 1", "for all", "sends(", "pays(")


@pytest.mark.parametrize("name", SAVED)
def test_every_shipped_structure_is_told_without_a_symbol(name):
    story = SAVED[name]["story"]
    assert len(story) <= 16
    free = re.sub(r"u'?_[12i]", "u", " ".join(story))
    assert not [symbol for symbol in SYMBOLS if symbol in free]
    assert [line for line in story if line.startswith("  ") and "|" in line]
    assert story[-1].startswith(f"So {SAVED[name]['conclusion']}. ")


def test_every_refuted_statement_about_delegation_has_a_teller():
    assert SAVED
    for name in SAVED:
        assert teller_among(shipped_theorem(name), StructureTeller) is not None


@pytest.mark.parametrize("name", SAVED)
def test_what_was_told_from_the_formula_is_still_accepted_from_older_files(name):
    now, _ = execute(SAVED[name])
    (formerly,) = now.formerly()
    old = {**SAVED[name], "wording": WORDING - 1, "conclusion": formerly, "story": ["old"]}
    assert formerly.startswith("the conclusion fails for ")
    assert confirm_saved(old).conclusion == SAVED[name]["conclusion"]
    with pytest.raises(Rejected, match="the conclusion in the file differ"):
        confirm_saved({**old, "conclusion": "nothing fails"})


@pytest.mark.parametrize("name", SAVED)
def test_why_it_is_false_is_the_first_and_the_last_thing_that_is_said(name):
    lines = list(in_full(SAVED[name], title_of(SAVED[name])))
    assert lines[0] == (f"{name} is refuted. This claim is false: {shipped_statement(name).title}")
    assert lines[-1] == f"  {SAVED[name]['story'][-1]}"
    assert f"  {SUPPOSED}" in lines
    checked = lines[lines.index(f"  {SUPPOSED}") + 1 : -1]
    assert all(line.endswith(" (checked by computation)") for line in checked)  # after what it says


def test_the_threat_of_theorem_1_is_aimed_at_who_carries_it_out():
    story = SAVED["oc-thm-1"]["story"]
    assert "Player 2 can hold player 1 down to 0 by playing A." in story
    against = (
        "So if player 1 uses another program, which plays B, they end in (B, B), which pays (2, 0)."
    )
    assert against in story
    assert story[-1].startswith("So player 1 gains by another program than the agreed one: 2 ")


def test_a_structure_without_all_profiles_does_not_refute_theorem_1():
    data = copy.deepcopy(SAVED["oc-thm-1"])
    tables = data["structure"]["tables"]
    data["structure"]["sizes"]["Strategies"] = 3
    for name in ("part", "earns"):
        tables[name] = {key: v for key, v in tables[name].items() if not key.endswith(",1")}
        tables[name] = {f"{key[:2]}{int(key[2:]) - 1}": v for key, v in tables[name].items()}
    tables["punishment"] = {"1": 2, "2": 2}
    with pytest.raises(Rejected, match="strategies_can_be_changed fails"):
        execute(data)


def test_what_is_no_game_of_known_kind_is_told_from_the_formula():
    """Threats that mixtures may make worse are not told as if there were none."""
    data = copy.deepcopy(SAVED["oc-thm-1"])
    data["structure"]["tables"]["earns"]["2,4"] = "-1"
    confirmation, _ = execute(data)
    assert confirmation.conclusion.startswith("the conclusion fails for j = player 1")
    assert confirmation.story[0].startswith("How many there are of each sort")


@pytest.mark.parametrize("name", SAVED)
def test_tables_of_stories_are_tables_in_reports(run, tmp_path, name):
    for option, file, table in (
        ("--markdown", "one.md", "|---|"),
        ("--latex", "one.tex", "\\begin{tabular}"),
    ):
        found = run("replay", FOLDER / f"{name}.json", option, tmp_path / file)
        assert found.code == 0
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert table in text


@pytest.mark.long
def test_found_structures_are_told_as_games_too(run, tmp_path):
    found = run("refute", "delegation", "oc-thm-1", "oc-iso-symmetric", "--save", tmp_path)
    assert found.code == 0
    for name in ("oc-thm-1", "oc-iso-symmetric"):
        data = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        assert confirm_saved(data).conclusion == data["conclusion"]


def changed(name, without=(), **tables):
    """Return a saved counterexample with other values, to a statement with fewer hypotheses."""
    data = copy.deepcopy(SAVED[name]) | {"without": list(without)}
    for table, values in tables.items():
        data["structure"]["tables"][table] |= values
    return data


def told(data):
    """Return the last line of a confirmed counterexample, or None for the general story."""
    confirmation, _ = execute(data)
    general = confirmation.story[0].startswith("How many there are of each sort")
    assert general == confirmation.conclusion.startswith("the conclusion fails for ")
    return None if general else confirmation.story[-1]


@pytest.mark.parametrize("error", [StopIteration, KeyError("pays"), ValueError("no outcomes")])
def test_a_teller_that_fails_leaves_the_general_story(monkeypatch, error):
    def fails(_):
        raise error

    monkeypatch.setattr(structures_told, "teller_among", lambda *_: StructureTeller(fails))
    for name in SAVED:
        assert told(SAVED[name]) is None


def test_a_game_without_profiles_is_not_told():
    """Without that axiom, G may have outcomes where nobody has an action in it."""
    nothing = {f"{i},{x},1": False for i in (1, 2) for x in (1, 2)}
    data = changed("oc-lemma-4", ["outcomes_are_profiles"], has_action=nothing)
    assert told(data) is None


def test_outcomes_that_are_no_profiles_of_a_game_are_not_told():
    data = changed("oc-iso-symmetric", ["outcomes_are_profiles"], in_game={"1,1": True})
    assert told(data) is None


def test_ways_back_are_counted_only_if_there_is_a_map_for_each():
    two = {
        "has_action": {"1,1,1": True},
        "in_game": {"2,1": True},
        "value": {f"{i},1,{a}": "0" for i in (1, 2) for a in range(1, 5)},
    }
    all_maps = changed("oc-iso-symmetric", **two)
    confirmation, _ = execute(all_maps)
    assert [line for line in confirmation.story if "in 4 ways, and none of them keeps" in line]
    assert "Phi reaches only 1 of the 4 outcomes of H" in told(all_maps)
    fewer = changed("oc-iso-symmetric", ["maps_can_be_changed", "inverse_maps"], **two)
    fewer["structure"]["sizes"]["ActionMap"] = 1
    fewer["structure"]["tables"] |= {
        "image": {f"1,{a}": 1 for a in range(1, 5)},
        "sends": {f"1,{i},{x}": 1 for i in (1, 2) for x in (1, 2)},
    }
    assert told(fewer) is None


def test_images_are_counted():
    assert told(SAVED["oc-iso-symmetric"]).endswith(
        "Phi reaches only 1 of the 4 outcomes of H, so that it cannot be undone."
    )


def test_what_elimination_leaves_is_what_is_told_to_be_left():
    """Formulas may admit that another game is left, or the same one with other payoffs."""
    free = ["what_elimination_leaves"]
    assert told(changed("oc-def-5", free)) is not None
    assert told(changed("oc-def-5", free, value={"1,3,4": "7"})) is None
    whole = {"left": {"1": 1, "2": 2}}
    assert told(changed("oc-def-5", free, **whole)) is None
    paid = {f"{i},{a}": "5114"[a - 1] for i in (1, 2) for a in range(1, 5)}
    value = {f"{key[0]},{g},{key[2]}": v for key, v in paid.items() for g in (1, 3)}
    value |= {f"{key[0]},{g},{key[2]}": str(int(v) + 1) for key, v in paid.items() for g in (2, 4)}
    coordination = {"pays": paid, "value": value}
    assert told(changed("oc-def-5", free, **coordination)) is None
    assert "no outcome becomes another" in told(changed("oc-def-5", free, **coordination, **whole))


def test_what_does_not_punish_is_no_punishment():
    data = changed("oc-thm-1", ["threat_points"], punishment={"1": 4, "2": 3})
    assert told(data) is None


@pytest.mark.parametrize("name", ["def-2", "oc-def-1-strict"])
def test_nobody_is_said_to_choose_where_there_are_no_actions(name):
    assert not [line for line in SAVED[name]["story"] if "choose" in line or "choice" in line]


@pytest.mark.parametrize("name", ["def-2", "oc-def-1-strict"])
def test_what_ends_outside_of_a_game_is_not_told(name):
    nowhere = {f"{a},{game}": a == 1 for a in (1, 2) for game in (1, 2)}
    assert told(changed(name, ["outcomes_are_played"], in_game=nowhere)) is None


def test_a_distribution_under_which_nothing_is_possible_is_not_told():
    nothing = dict.fromkeys(SAVED["def-2"]["structure"]["tables"]["possible"], False)
    data = changed("def-2", ["something_is_possible", "certainties"], possible=nothing)
    assert told(data) is None


def test_theorem_1_as_meant_does_not_suppose_that_all_have_the_same_strategies():
    supposed = {
        id: {one.name for one in shipped_theorem(id).hypotheses}
        for id in ("oc-thm-1", "oc-thm-1/repaired")
    }
    assert supposed["oc-thm-1"] - supposed["oc-thm-1/repaired"] == {"strategies_can_be_changed"}
