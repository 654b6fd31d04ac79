from __future__ import annotations

import json

import pytest
from conftest import MODELS


def shown(run, *arguments):
    found = run("show", *arguments, "--json", "-")
    assert found.code == 0, found.err
    return json.loads(found.out)


def test_the_json_of_show_is_that_of_the_contract(run):
    data = shown(run, MODELS / "scheduling.toml")
    assert data["schema"] == "spi-verify/game/1"
    assert data["players"] == ["Player 1", "Player 2"]
    assert data["pmm"] == ["1", "1"]
    assert data["efficient"] == [["Slot 1", "Slot 1"], ["Slot 2", "Slot 2"]]
    assert data["pareto_meet"] == [[f"Slot {k}", f"Slot {k}"] for k in (1, 2, 3)]
    rows = {tuple(row["outcome"]): row for row in data["pmp"]}
    assert rows["Slot 1", "Slot 2"]["pmp"] == [
        [["Slot 1", "Slot 1"], ["Slot 3", "Slot 3"]],
        [["Slot 2", "Slot 2"], ["Slot 3", "Slot 3"]],
    ]


def test_correlated_play_is_shown_by_payoffs(run):
    data = shown(run, MODELS / "territory.toml")
    assert data["feasible"] == "correlated"
    assert data["pmm"] == ["0", "0"]
    assert data["efficient"] == [["Fight", "Cede"], ["Cede", "Fight"]]
    assert data["frontier"] == [[["10", "0"], ["0", "10"]]]
    assert data["pmp"][0]["pmp"] == [[["4", "1"], ["9", "1"]], [["4", "1"], ["4", "6"]]]


def test_the_feasible_set_can_be_chosen(run):
    assert shown(run, MODELS / "territory.toml", "--feasible", "pure")["feasible"] == "pure"
    data = shown(run, MODELS / "scheduling.toml", "--feasible", "correlated")
    assert data["pmp"][8]["pmp"] == [[["1", "1"], ["3", "1"]], [["1", "1"], ["1", "3"]]]


def test_a_gambit_file_is_shown(run, tmp_path):
    path = tmp_path / "g.nfg"
    path.write_text('NFG 1 R "g" { "A" "B" } { { "a" "b, c" } { "x" } } 1/3 0 0.5 -1')
    data = shown(run, path, "--outcome", 'a,"x"')
    assert data["pmm"] == ["1/3", "-1"]
    assert data["efficient"] == [["a", "x"], ["b, c", "x"]]
    assert [row["outcome"] for row in data["pmp"]] == [["a", "x"]]
    assert [row["outcome"] for row in shown(run, path, "--outcome", '"b, c", x')["pmp"]] == [
        ["b, c", "x"]
    ]


def test_parameters_have_to_be_set_within_their_constraints(run):
    path = MODELS / "scheduling-any-slot-3.toml"
    assert shown(run, path, "--set", "c=7/2")["pmm"] == ["7/2", "7/2"]
    for arguments, said in (
        ([], "the payoffs depend on c"),
        (["--set", "c=5"], "violate the constraint c <= 4"),
        (["--set", "c=x"], "'x' is not a number"),
        (["--set", "c"], "write NAME=NUMBER"),
        (["--set", "d=1"], "--set d=1: there is no parameter 'd' (there are: c)"),
    ):
        found = run("show", path, *arguments)
        assert found.code == 2
        assert said in found.err


def test_a_large_game_is_summarised(run, tmp_path):
    path = tmp_path / "g.nfg"
    path.write_text('NFG 1 R "g" { "A" "B" } { 30 30 } ' + " ".join(map(str, range(1800))))
    assert shown(run, path)["pmp"] is None
    found = run("show", path)
    assert "ask with --outcome" in found.out
    assert "PMM" in found.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.nfg"], "no such file"),
        (["none.toml"], "there is no such file"),
        ([MODELS / "chicken.toml", "--outcome", "Swerve"], "names 1 action for 2 players"),
        ([MODELS / "chicken.toml", "--outcome", "Swerve, Stop"], "no action 'Stop'"),
        ([MODELS / "chicken.toml", "--feasible", "mixed"], "mixed"),
        ([MODELS / "chicken.toml", "--plot", "/none/x.png"], "x.png"),
        ([MODELS / "chicken.toml", "--plot", "x.txt"], "x.txt"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(run, arguments, said):
    found = run("show", *arguments)
    assert found.code == 2
    assert said.lower() in found.err.lower()
    assert "Traceback" not in found.err


def test_the_plot_is_written_beside_the_table(run, tmp_path):
    file = tmp_path / "chicken.svg"
    found = run("show", MODELS / "chicken.toml", "--outcome", "Dare,Dare", "--plot", file)
    assert found.code == 0
    assert "PMM" in found.out
    assert file.read_text().startswith("<?xml")


def test_a_list_of_actions_that_cannot_be_read_is_bad_input(run):
    found = run("show", MODELS / "chicken.toml", "--outcome", 'a\n"b')
    assert found.code == 2
    assert "Traceback" not in found.err


def test_a_frontier_of_very_many_faces_is_left_out(run, tmp_path):
    path = tmp_path / "g.nfg"
    points = [(k, 20 - k, (k * (20 - k)) % 7 + 30) for k in range(20)]
    path.write_text(
        'NFG 1 R "g" { "A" "B" "C" } { 20 1 1 } ' + " ".join(f"{a} {b} {c}" for a, b, c in points)
    )
    data = shown(run, path, "--feasible", "correlated")
    assert data["frontier"] is None or len(data["efficient"]) <= 16
