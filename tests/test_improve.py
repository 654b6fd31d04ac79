"""``spi-verify improve`` finds instructions, and ``check`` proves that they are safe."""

from __future__ import annotations

import functools
import json
import tomllib
from random import Random

import pytest
from conftest import MODELS, compile_latex, needs_latex
from oracle import delegation as oracle
from oracle.writing import toml
from test_delegation import built, planted

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import build_model
from spi_verify.claims.writing import model_text
from spi_verify.delegation import improving
from spi_verify.games import write_nfg
from spi_verify.reports.improvements import as_model

QUARREL = [[[1, 0], [0, 1], [9, -1]], [[0, 1], [1, 0], [9, -1]], [[-1, 9], [-1, 9], [3, 3]]]


@pytest.fixture
def quarrel(tmp_path):
    """A game whose reduced game is matching pennies, and an outcome better than all of it."""
    file = tmp_path / "quarrel.toml"
    file.write_text(toml({"game": {"payoffs": QUARREL}, "claims": []}))
    return file


def asked(run, *arguments):
    done = run("improve", *arguments, "--json", "-")
    return done.code, json.loads(done.out)


def test_the_demand_game_has_exactly_one(run):
    code, found = asked(run, MODELS / "demand-game.toml", "--all")
    (one,) = found["improvements"]
    assert (code, found["complete"], found["left_out"]) == (0, True, 0)
    assert one["maps"] == [{"DM": "DL", "RM": "RL"}] * 2
    assert one["gains"][0] == {
        "outcome": ["DM", "DM"],
        "image": ["DL", "DL"],
        "before": ["-3", "-3"],
        "after": ["1", "1"],
    }
    assert one["strict"]
    assert one["unilateral"] is None
    assert found["reduced"]["actions"] == [["DM", "RM"], ["DM", "RM"]]
    assert found["reduced"]["eliminated"][0] == {"player": 1, "action": "DL", "by": "DM"}
    told = run("improve", MODELS / "demand-game.toml").out
    assert "This is the only non-trivial safe improvement: the search was exhausted." in told


def test_the_complicated_temptation_game_has_one_by_player_1_alone(run):
    file = MODELS / "complicated-temptation-game.toml"
    _, found = asked(run, file, "--unilateral", "1")
    (one,) = found["improvements"]
    assert one["unilateral"] == 1
    assert one["maps"] == [{"T1": "R1", "T2": "R2"}, {"C1": "F1", "C2": "F2"}]
    assert one["constants"][1] == "-1"
    assert one["subset_game"]["actions"] == [["R1", "R2"], ["C1", "C2", "F1", "F2"]]
    assert [step["action"] for step in one["eliminated"]] == ["C1", "C2"]
    assert asked(run, file, "--unilateral", "2")[1]["improvements"] == []


def test_a_report_says_what_the_terminal_says(run, tmp_path):
    model, file = MODELS / "complicated-temptation-game.toml", tmp_path / "report.md"
    said = run("improve", model, "--unilateral", 1, "--markdown", file)
    assert said.out.endswith(f"wrote {file}\n")
    report = file.read_text()
    assert report.startswith("# Safe improvements on ")
    assert "| (T1, C1) | (4, 2) | (R1, F1) | (5, 3) |" in report
    assert "- By their own payoffs it is the same game: u2 = u2 after - 1." in report
    assert "This is the only non-trivial safe improvement by player 1 alone" in report


def test_a_report_has_what_is_agreed_for_tokens_where_that_was_asked_for(run):
    asked = ("improve", MODELS / "chicken-with-tokens.toml", "--markdown", "-")
    told = "- those of (Dare, Dare): (Meet, Meet), which pays (3, 3) instead of (-5, -5)"
    assert told in run(*asked, "--tokens").out
    assert "With tokens" not in run(*asked).out


@pytest.mark.long
@needs_latex
def test_a_report_compiles_in_a_paper(run, tmp_path):
    for name in ("demand-game", "chicken-with-tokens"):
        run("improve", MODELS / f"{name}.toml", "--tokens", "--latex", tmp_path / f"{name}.tex")
    (tmp_path / "whole.tex").write_text(
        "\\documentclass{article}\\begin{document}\\appendix"
        "\\input{demand-game.tex}\\input{chicken-with-tokens.tex}\\end{document}\n"
    )
    compile_latex(tmp_path / "whole.tex")


def test_where_there_is_none_it_says_that_the_search_was_exhausted(run):
    done = run("improve", MODELS / "chicken.toml", "--strict")
    assert done.code == 0
    assert "There is no strict safe improvement" in done.out
    assert "the search was exhausted" in done.out


def test_an_outcome_that_is_better_than_everything_is_found_though_nothing_ties_the_plays(
    run, quarrel, tmp_path
):
    code, found = asked(run, quarrel, "--write", tmp_path / "w.toml")
    (one,) = found["improvements"]
    assert (code, one["maps"], one["subset_game"]["actions"]) == (0, None, [["3"], ["3"]])
    assert len(one["gains"]) == 4
    assert run("check", tmp_path / "w.toml").code == 0
    told = run("improve", quarrel).out
    assert "can become" in told
    assert "only ones with a single outcome count" in told
    assert "player 1 tells the representative: play only 3\n" in told


def test_a_search_that_stops_without_a_find_is_undecided(run, monkeypatch):
    stopped = functools.partial(improving.improve, max_nodes=1)
    monkeypatch.setattr(improving, "improve", stopped)
    done = run("improve", MODELS / "demand-game.toml")
    assert done.code == 3
    assert "The search stopped after 1 node and is not complete" in done.out
    assert not asked(run, MODELS / "demand-game.toml")[1]["complete"]


def test_a_game_in_gambits_format_is_read(run, tmp_path):
    game, images = planted(2, 3, 8, 1)
    (tmp_path / "game.nfg").write_text(write_nfg(game))
    (one,) = asked(run, tmp_path / "game.nfg")[1]["improvements"]
    assert [[int(own[str(a + 1)]) - 1 for a in range(3)] for own in one["maps"]] == images


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((MODELS / "demand-game.toml", "--unilateral", "3"), "there is no player 3"),
        ((MODELS / "territory-any-cost.toml",), "its payoffs depend on parameters"),
        ((MODELS / "none.toml",), "there is no such file"),
    ],
)
def test_bad_input_is_one_line(run, arguments, told):
    done = run("improve", *arguments)
    assert done.code == 2
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_game_too_large_for_the_search_is_refused_in_one_line(run, monkeypatch):
    monkeypatch.setattr("spi_verify.delegation.injections.MAX_PAIRS", 10)
    done = run("improve", MODELS / "demand-game.toml")
    assert done.code == 2
    assert "pairs of outcomes" in done.err


def what_is_found_is_proved(seed: int, count: int) -> int:
    rng, claims = Random(seed), 0
    for _ in range(count):
        base = built(oracle.random_game(rng))
        for unilateral in (None, *range(1, base.number_of_players + 1)):
            found = improving.improve(base, unilateral=unilateral, every=rng.random() < 0.5)
            model = build_model(tomllib.loads(as_model(found)), file="m", name="m")
            results = list(check_model(model))
            assert len(results) == 1 + len(found.found)
            assert all(str(result.verdict) == "proved" for result in results)
            claims += len(results)
    return claims


@pytest.mark.long
def test_check_proves_everything_that_is_written():
    assert what_is_found_is_proved(1, 150) > 400


@pytest.mark.long
def test_check_proves_everything_that_is_written_about_many_games():
    what_is_found_is_proved(2, 1500)


def test_names_with_quotes_and_control_characters_are_written_and_read_back():
    names = ['say "no"', "back\\slash", "DEL \x7f", "line\nbreak", "ü"]
    data = {
        "title": names[0],
        "game": {"actions": [names], "payoffs": [["1/3"], ["2"], ["-1"], ["0"], ["5"]]},
        "subset-games": {"a b": {"actions": [names[:1]], "payoffs": [["1"]]}},
        "claims": [{"kind": "isomorphic", "game": "a b", "subset-game": "a b"}],
    }
    read = tomllib.loads(model_text(data))
    assert read["game"]["actions"] == [names]
    assert read["game"]["payoffs"] == [["1/3"], [2], [-1], [0], [5]]
    (result,) = check_model(build_model(read, file="m", name="m"))
    assert str(result.verdict) == "proved"
