"""``spi-verify tightness``: constructs, saves, draws; ``replay`` accepts just what is so."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from conftest import MODELS

from spi_verify.counterexamples.iterated.printed import as_printed
from spi_verify.counterexamples.iterated.tight import build, confirm_saved
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game, write_nfg
from spi_verify.programs import Beliefs, Leximin
from spi_verify.programs.examples import offering, scheduling_game
from spi_verify.programs.tightness import tightness
from spi_verify.reports.path_plot import gains, plot_path

SCHEDULING = MODELS / "scheduling.toml"
TENTH = Fraction(1, 10)

THREE = """
title = "Who drives"
[game]
actions = [["yield", "insist"], ["yield", "insist"], ["yield", "insist"]]
payoffs = [
  [[[0, 0, 0], [1, 1, 3]], [[1, 3, 1], [0, 0, 0]]],
  [[[3, 1, 1], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
]
"""
NOT_FEASIBLE = """
[game]
payoffs = [[[0, 3]], [[3, 0]], [[2, 2]]]
"""


@pytest.fixture(scope="module")
def saved():
    return build(tightness(scheduling_game(), 3, TENTH))


# The command


def test_the_scheduling_game_gets_a_table_and_reasons(run):
    found = run("tightness", SCHEDULING, "--rounds", 4, "--delta", "1/10")
    assert found.code == 0
    rows = re.findall(r"^(\d+) +\((.*), (.*)\) *$", found.out, flags=re.M)
    assert rows == [
        ("0", "0", "0"),
        ("1", "41/40", "41/40"),
        ("2", "21/20", "21/20"),
        ("3", "43/40", "43/40"),
        ("4", "11/10", "11/10"),
    ]
    assert "strictly for everybody: yes" in found.out
    assert found.out.count("optimal (bound). It expects 29/10") == 2


def test_of_many_rounds_the_first_and_the_last_are_shown(run):
    found = run("tightness", SCHEDULING, "--rounds", 30, "--delta", "1e-9")
    assert found.code == 0
    rows = re.findall(r"^(\d+|\.\.\.) ", found.out, flags=re.M)
    assert rows == ["0", "1", "2", "3", "4", "5", "...", "28", "29", "30"]
    assert "22 more rounds" in found.out
    assert "1000000001/1000000000" in found.out


def test_chicken_is_saved_drawn_and_replayed(run, tmp_path):
    file, picture = tmp_path / "chicken.json", tmp_path / "chicken.svg"
    arguments = ("--rounds", 3, "--delta", "0.01", "--save", file, "--plot", picture)
    found = run("tightness", MODELS / "chicken.toml", *arguments, "--json", "-")
    assert found.code == 0
    result = json.loads(found.out)
    assert result["verdict"] == "proved"
    assert result["path"][-1] == ["101/100", "101/100"]
    assert result["expected"] == ["399/100", "399/100"]
    assert result["without_renegotiating"] == ["1", "1"]
    assert json.loads(file.read_text())["schema"] == "spi-verify/tightness/1"
    assert b"<svg" in picture.read_bytes()
    replayed = run("replay", file)
    assert replayed.code == 0
    assert "each of 3 rounds improves strictly for everyone" in replayed.out


def test_three_players_from_a_model(run, tmp_path):
    (tmp_path / "three.toml").write_text(THREE)
    file = tmp_path / "three.json"
    found = run(
        "tightness", tmp_path / "three.toml", "--rounds", 5, "--delta", "1/100",
        "--save", file, "--plot", tmp_path / "p.png",
    )  # fmt: skip
    assert found.code == 0
    assert found.out.count(": optimal") == 3
    assert run("replay", file).code == 0


def test_four_players_from_an_nfg_file(run, tmp_path):
    payoffs = {}
    for k in range(16):
        insist = [k >> i & 1 for i in (3, 2, 1, 0)]
        outcome = tuple("insist" if x else "yield" for x in insist)
        payoffs[outcome] = [(3 if x else 1) if sum(insist) == 1 else 0 for x in insist]
    (tmp_path / "four.nfg").write_text(write_nfg(Game.from_outcomes(payoffs)))
    found = run("tightness", tmp_path / "four.nfg", "--rounds", 2, "--delta", "1/7")
    assert found.code == 0
    assert "(8/7, 8/7, 8/7, 8/7)" in found.out


@pytest.mark.parametrize(
    ("game", "hypothesis", "why"),
    [
        (NOT_FEASIBLE, "pmm-feasible", r"no lottery over the outcomes pays the PMM \(0, 0\)"),
        ("[game]\npayoffs = [[[1, 1]]]", "bargaining-problem", "players 1 and 2 their best"),
        (
            "[game]\npayoffs = [[[2, 2], [0, 0]], [[0, 0], [1, 1]]]",
            "bargaining-problem",
            "players 1 and 2 their best",
        ),
        ("[game]\npayoffs = [[[3, 1], [1, 3]]]", "pmm-feasible", "pays the PMM"),
        (
            "[game]\npayoffs = [[[0, 0], [1, 3]], [[3, 1], [1, 3]]]",
            "defaults-not-generous",
            "no pure outcome",
        ),
    ],
)
def test_the_hypothesis_that_fails_is_said_in_one_line(run, tmp_path, game, hypothesis, why):
    (tmp_path / "g.toml").write_text(game)
    file = tmp_path / "no.json"
    found = run(
        "tightness", tmp_path / "g.toml", "--rounds", 2, "--delta", 1,
        "--save", file, "--json", tmp_path / "o.json",
    )  # fmt: skip
    assert found.code == 3
    said, wrote = found.out.strip().splitlines()
    assert wrote == f"wrote {tmp_path / 'o.json'}"
    assert hypothesis in said
    assert re.search(why, said)
    assert not file.exists()
    result = json.loads((tmp_path / "o.json").read_text())
    assert (result["verdict"], result["obstacle"]["hypothesis"]) == ("unknown", hypothesis)


@pytest.mark.parametrize(
    ("rounds", "delta", "message"),
    [
        ("0", "1", "between 1 and 10000 rounds, not 0"),
        ("10001", "1", "between 1 and 10000 rounds"),
        ("1", "0", "positive"),
        ("1", "-1", "positive"),
        ("1", "x", "not a number"),
    ],
)
def test_nonsense_is_refused(run, rounds, delta, message):
    found = run("tightness", SCHEDULING, "--rounds", rounds, f"--delta={delta}")
    assert found.code == 2
    assert message in found.err


def test_what_would_take_too_long_is_refused(run, tmp_path):
    game = Game.from_payoffs([[[0, 0]] * 64] * 64)
    (tmp_path / "large.nfg").write_text(write_nfg(game))
    found = run("tightness", tmp_path / "large.nfg", "--rounds", 245, "--delta", 1)
    assert found.code == 2
    assert "at most 244 rounds" in found.err
    assert run("tightness", tmp_path / "large.nfg", "--rounds", 2, "--delta", 1).code == 3


def test_one_player_is_refused(run, tmp_path):
    (tmp_path / "one.toml").write_text("[game]\npayoffs = [[1], [2]]")
    found = run("tightness", tmp_path / "one.toml", "--rounds", 1, "--delta", 1)
    assert found.code == 2
    assert "2 to 6 players" in found.err


def test_parameters_have_to_be_set(run):
    model = MODELS / "scheduling-any-slot-3.toml"
    arguments = ("tightness", model, "--rounds", "2", "--delta", "1/10")
    found = run(*arguments)
    assert found.code == 2
    assert "--set" in found.err


def test_as_printed_shows_who_has_a_better_response(run, tmp_path):
    found = run(
        "tightness", SCHEDULING, "--rounds", 4, "--delta", "1/10", "--as-printed",
        "--json", tmp_path / "o.json",
    )  # fmt: skip
    assert found.code == 0, "the repaired construction holds"
    assert "p_1 is no best response: it earns 29/10, and another program 291/100" in found.out
    (program,) = [line for line in found.out.splitlines() if line.startswith("  q_1 is")]
    assert program == (
        "  q_1 is an iterated CSR program with default always Slot 1 that offers every improvement "
        "where nobody gets less than the PMM and player 2 gets at most 1 in rounds 1 to 3 and "
        "player 1's favourite of what the others offer in round 4."
    )
    better = json.loads((tmp_path / "o.json").read_text())["as_printed"]
    (tmp_path / "cx.json").write_text(json.dumps(better))
    assert run("replay", tmp_path / "cx.json").code == 0


def test_as_printed_is_about_two_players(run, tmp_path):
    (tmp_path / "three.toml").write_text(THREE)
    found = run("tightness", tmp_path / "three.toml", "--rounds", 1, "--delta", 1, "--as-printed")
    assert found.code == 0
    assert "it is given for two players" in found.out


@pytest.mark.parametrize("rounds", [1, 2, 40])
def test_the_printed_beliefs_have_a_better_response_for_every_number_of_rounds(rounds):
    better = as_printed(scheduling_game(), rounds, Fraction(1, 1000))
    assert better["iterated"]["rounds"] == rounds
    assert better["iterated"]["delta"] == ["1/1000"] * 2
    assert Fraction(better["iterated"]["likelihood"]) > 0


def test_as_printed_says_nothing_where_the_pmm_is_out_of_reach():
    assert as_printed(Game.from_payoffs([[[0, 3]], [[3, 0]], [[2, 2]]]), 2, TENTH) is None


# The picture


def test_gains_are_in_units_of_delta():
    found = tightness(scheduling_game(), 4, Fraction(1, 10**9))
    quarters = [Fraction(k, 4) for k in (1, 2, 3, 4)]
    assert gains(found) == [[Fraction(-(10**9)), *quarters]] * 2


def test_a_picture_of_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"cannot be written as \.gif"):
        plot_path(tightness(scheduling_game(), 1, TENTH), tmp_path / "p.gif")


# Replay


def test_a_saved_construction_is_executed(saved):
    assert confirm_saved(saved).startswith("each of 3 rounds improves strictly for everyone")


def _set(data, value, *keys):
    for key in keys[:-1]:
        data = data[key]
    data[keys[-1]] = value


GENEROUS = str(offering(2, Leximin(), 3, Fraction(3)))

TAMPERED = {
    "delta": (lambda d: _set(d, "1/20", "delta", 0), "player 1 ends with 11/10"),
    "larger delta": (lambda d: _set(d, "1/5", "delta", 0), "the conclusion in the file"),
    "zero delta": (lambda d: _set(d, "0", "delta", 0), "not positive"),
    "path": (lambda d: _set(d, "1", "path", 1, 0), "the file says that round 1 pays"),
    "start": (lambda d: _set(d, "1", "path", 0, 1), "the file says that the default outcome"),
    "a round left out of the path": (lambda d: d["path"].pop(), "the path in the file"),
    "pmm": (lambda d: _set(d, "2", "pmm", 0), "the pmm in the file"),
    "expected": (lambda d: _set(d, "3", "expected", 1), "the expected in the file"),
    "conclusion": (lambda d: _set(d, "all is well", "conclusion"), "the conclusion in the file"),
    "rounds": (lambda d: _set(d, 4, "rounds"), "the programs have 3 rounds, not 4"),
    "belief": (
        lambda d: _set(d, GENEROUS, "beliefs", 0, 0, "opponents", 0),
        "player 1's program earns 29/10",
    ),
    "modest belief": (
        lambda d: _set(d, d["programs"][1], "beliefs", 0, 0, "opponents", 0),
        "Assumption 9|expected|player 1",
    ),
    "program that offers everything": (
        lambda d: _set(d, str(offering(1, Leximin(), 3, Fraction(3))), "programs", 0),
        "player 2 ends with 29/10",
    ),
    "program that is no renegotiation function": (
        lambda d: _set(d, d["programs"][0].replace("(improving-on-meet)", "(at-most 3 1 0)"),
                       "programs", 0),
        "Definition 7",
    ),
    "program of fewer rounds": (
        lambda d: _set(d, str(offering(1, Leximin(), 2, Fraction(11, 10))), "programs", 0),
        "2 and 3 rounds",
    ),
    "selection": (
        lambda d: _set(d, d["programs"][0].replace("leximin", "maxmin"), "programs", 0),
        "different selection functions",
    ),
    "no selection function": (
        lambda d: _set(
            d, [p.replace("(leximin)", "(fixed [1 1])") for p in d["programs"]], "programs"
        ),
        "is no selection function",
    ),
    "default of a program": (
        lambda d: _set(d, d["programs"][0].replace('"Slot 1"', '"Slot 3"'), "programs", 0),
        "the programs' defaults are",
    ),
    "defaults": (lambda d: _set(d, "Slot 2", "defaults", 0), "defaults-at-most-pmm fails"),
    "generous defaults": (
        lambda d: d.update(defaults=["Slot 2", "Slot 1"]),
        "defaults-not-generous fails",
    ),
    "game": (
        lambda d: _set(d, ["3", "3"], "game", "payoffs", 0, 0),
        "bargaining-problem fails",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_rejected_with_the_reason(run, tmp_path, saved, name):
    tamper, message = TAMPERED[name]
    data = copy.deepcopy(saved)
    tamper(data)
    assert data != saved
    with pytest.raises(Rejected, match=message):
        confirm_saved(data)
    (tmp_path / "t.json").write_text(json.dumps(data))
    found = run("replay", tmp_path / "t.json")
    assert found.code == 1
    assert "rejected" in found.out


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda d: d.pop("path"), "path"),
        (lambda d: d.update(more=1), "more"),
        (lambda d: d["delta"].pop(), "delta"),
        (lambda d: _set(d, "x", "delta", 0), "delta"),
        (lambda d: _set(d, "(always 1", "programs", 0), r"programs\[0\]"),
        (lambda d: _set(d, '(always "Slot 1")', "programs", 0), "no iterated CSR program"),
        (lambda d: _set(d, "Slot 9", "defaults", 0), "defaults"),
        (lambda d: _set(d, 10**9, "rounds"), "rounds"),
        (lambda d: _set(d, "1/2", "beliefs", 0, 0, "probability"), "beliefs"),
    ],
)
def test_a_malformed_file_is_bad_input(run, tmp_path, saved, tamper, message):
    data = copy.deepcopy(saved)
    tamper(data)
    with pytest.raises(InputError, match=message) as raised:
        confirm_saved(data)
    assert not isinstance(raised.value, Rejected)
    (tmp_path / "t.json").write_text(json.dumps(data))
    assert run("replay", tmp_path / "t.json").code == 2


# Assumption 9


def test_expecting_no_more_than_who_does_not_renegotiate_is_not_enough():
    found = tightness(scheduling_game(), 2, TENTH)
    assert found.assumption_9
    assert found.replies == (1, 1)
    low = tuple(replace(report, value=Fraction(1)) for report in found.equilibrium.players)
    assert not replace(found, equilibrium=replace(found.equilibrium, players=low)).assumption_9


def test_beliefs_in_code_that_reads_functions_are_not_known_to_meet_assumption_9():
    from spi_verify.programs import PMPExtension

    found = tightness(scheduling_game(), 2, TENTH)
    ((opponent,), _) = found.beliefs[0].support[0]
    reading = replace(opponent, rounds=tuple(map(PMPExtension, opponent.rounds)))
    changed = replace(found, beliefs=(Beliefs.certain(reading), found.beliefs[1]))
    assert not changed.assumption_9
    assert not changed.holds


def test_replies_count_all_that_is_believed_possible():
    found = tightness(scheduling_game(), 2, TENTH)
    (opponents, _) = found.beliefs[0].support[0]
    other = (replace(opponents[0], default=type(opponents[0].default)("Slot 1")),)
    half = Beliefs.of((opponents, Fraction(1, 2)), (other, Fraction(1, 2)))
    # 1 against Slot 2, 3 against Slot 1
    assert replace(found, beliefs=(half, found.beliefs[1])).replies == (2, 1)


@pytest.mark.long
def test_rounds_are_counted_in_whole_numbers(tmp_path):
    file = tmp_path / "path.svg"
    plot_path(tightness(scheduling_game(), 2, TENTH), file)
    drawn = file.read_text()
    panel = drawn[drawn.index('id="axes_2"') :]
    ticks = re.findall(r'id="xtick_\d+".*?<text[^>]*>([^<]*)</text>', panel, re.S)
    assert ticks
    assert all(tick.isdigit() for tick in ticks), ticks


# The report


def test_a_report_has_the_path_the_reasons_and_the_construction_as_printed(run, tmp_path):
    file = tmp_path / "report.md"
    asked = ("tightness", SCHEDULING, "--rounds", 2, "--delta", "1/10", "--as-printed")
    found = run(*asked, "--markdown", file)
    assert found.code == 0
    assert f"wrote {file}" in found.out
    text = file.read_text(encoding="utf-8")
    assert "| 2 | (11/10, 11/10) |" in text
    assert "player 1's program over the whole program space: optimal" in text
    told = text[text.index("## The construction as printed") :]
    assert "| Slot 1 | 3, 1 | 0, 0 | 0, 0 |" in told
    assert "That is why p\\_1 gets no more than 29/10." in told


def test_a_report_says_which_hypothesis_a_game_does_not_meet(run, tmp_path):
    file = tmp_path / "report.md"
    found = run(
        "tightness",
        MODELS / "prisoners-dilemma.toml",
        "--rounds",
        2,
        "--delta",
        "1/10",
        "--markdown",
        file,
    )
    assert found.code == 3
    assert "No construction: `pmm-feasible` fails: no lottery" in file.read_text(encoding="utf-8")
