"""``spi-verify check-code`` runs the user's function on everything and reports by the contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import MODELS

SCHEDULING = MODELS / "scheduling.toml"

CODE = """
import sys

print("imported")

def fair(a):
    print("called")
    return ("Slot 3", "Slot 3") if a[0] != a[1] else a

def always_3(a):
    return ["Slot 3", "Slot 3"]

def slots_1(a):
    return ("Slot 1", "Slot 1") if a == ("Slot 1", "Slot 2") else a

def stay(a):
    return a

def boom(a):
    raise ValueError("not today")

def leaves(a):
    sys.exit(0)

def nowhere(a):
    return ("Slot 4", "Slot 1")

def text(a):
    return "Slot 1"

calls = []

def fickle(a):
    calls.append(a)
    return ("Slot 3", "Slot 3") if a[0] != a[1] and len(calls) > 9 else a

class Rules:
    @staticmethod
    def fair(a):
        return fair(a)

PAYS = {("1", "1"): (2, 1), ("1", "2"): (3, 1), ("2", "1"): (1, 3), ("2", "2"): (0, 0)}

def greatest_sum(outcomes):
    return min(outcomes, key=lambda o: (-sum(PAYS[o]), o))

def by_number(outcomes):
    good = [o for o in outcomes if not any(PAYS[x] != PAYS[o] and PAYS[x][0] >= PAYS[o][0]
            and PAYS[x][1] >= PAYS[o][1] for x in outcomes)]
    return sorted(good, reverse=len(outcomes) > 2)[0]

class Strange(BaseException):
    def __str__(self):
        raise RuntimeError

class Unshowable:
    def __repr__(self):
        raise RuntimeError

def strange(a):
    raise Strange

def unshowable(a):
    return Unshowable()

def nested(a):
    return [[1], [2]]

def nothing(a):
    return None

def joined(outcomes):
    return "".join(min(outcomes))

def undecided(outcomes):
    calls.append(outcomes)
    return sorted(outcomes)[len(calls) % len(outcomes)]

number = 3
"""

SMALL = """
[game]
payoffs = [[[2, 1], [3, 1]], [[1, 3], [0, 0]]]
"""


@pytest.fixture
def check_code(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    monkeypatch.delitem(sys.modules, "users_code", raising=False)
    (tmp_path / "users_code.py").write_text(CODE)
    (tmp_path / "small.toml").write_text(SMALL)

    def check(function, *options, game=SCHEDULING):
        return run("check-code", f"users_code:{function}", "--game", game, *options)

    return check


def test_a_right_function_is_proved_with_checked_evidence(check_code):
    for name in ("fair", "Rules.fair"):
        found = check_code(name, "--json", "-")
        result = json.loads(found.out)["results"][0]
        assert found.code == 0
        assert (result["verdict"], result["evidence"]) == ("proved", "checked")
        assert result["id"] == f"users_code:{name}/renegotiation-function"


def test_what_users_code_prints_does_not_get_into_the_json(check_code):
    found = check_code("fair", "--json", "-")
    assert json.loads(found.out)
    assert "imported" not in found.out


def test_what_users_code_writes_below_python_does_not_get_into_the_json(check_code, tmp_path):
    check_code("fair")
    code = """
import os
import sys

def loud(a):
    os.write(1, b"written")
    sys.__stdout__.write("kept back")
    return ("Slot 3", "Slot 3") if a[0] != a[1] else a
"""
    (tmp_path / "loud_code.py").write_text(code)
    found = subprocess.run(
        [
            *(sys.executable, "-m", "spi_verify", "check-code", "loud_code:loud"),
            *("--game", SCHEDULING, "--json", "-"),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(MODELS.parent)},
    )
    assert json.loads(found.stdout)["results"][0]["verdict"] == "proved"
    assert "written" in found.stderr
    assert "kept back" in found.stderr


def test_it_says_that_it_runs_users_code(check_code):
    assert "running users_code:fair, which is your code" in check_code("fair").out


def test_a_loss_is_refuted_and_its_counterexample_replays(check_code, run, tmp_path):
    found = check_code("always_3", "--json", tmp_path / "out.json")
    assert found.code == 1
    assert "player 1 gets 1 instead of 3" in found.out
    result = json.loads((tmp_path / "out.json").read_text())["results"][0]
    assert result["verdict"] == "refuted"
    (tmp_path / "ce.json").write_text(json.dumps(result["counterexample"]))
    assert run("replay", tmp_path / "ce.json").code == 0


def test_no_gain_is_refuted(check_code):
    found = check_code("stay")
    assert found.code == 1
    assert "strict gain" in found.out


def test_spi_is_about_what_the_models_default_programs_reach(check_code):
    assert check_code("fair", "--property", "spi").code == 0
    only_slot_1 = MODELS / "always-slot-1.toml"
    assert check_code("fair", "--property", "spi", game=only_slot_1).code == 1
    assert check_code("fair", game=only_slot_1).code == 0


def test_individual_rationality_is_checked(check_code):
    assert check_code("fair", "--property", "individually-rational-to-pmm").code == 0
    found = check_code("slots_1", "--property", "individually-rational-to-pmm")
    assert found.code == 1
    assert "less than the PMM 1" in found.out


def test_selection_functions_are_checked_on_all_sets(check_code):
    arguments = ("--property", "selection-transitive")
    assert check_code("greatest_sum", *arguments, game="small.toml").code == 0
    found = check_code("by_number", *arguments, game="small.toml")
    assert found.code == 1
    assert "transitive" in found.out
    assert "S = {(1, 1), (2, 1)}, S' = {(1, 2)}" in found.out
    assert "player 1 gets 1, down from 2" in found.out


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("strange", "for {(1, 1)} it raises Strange"),
        ("unshowable", "for {(1, 1)} it returns <an object of class Unshowable>"),
        ("nested", "for {(1, 1)} it returns [[1], [2]], which is no tuple of names"),
        ("nothing", "for {(1, 1)} it returns None, which is no tuple of names"),
        ("joined", "for {(1, 1)} it returns '11', which is no tuple of names"),
        ("undecided", "different outcomes for the same set {(1, 1), (1, 2)}"),
    ],
)
def test_selections_that_fail_are_errors_with_the_place(check_code, function, message):
    found = check_code(function, "--property", "selection-transitive", game="small.toml")
    assert found.code == 2
    assert message in " ".join(found.out.split())
    assert "Traceback" not in found.out + found.err


def test_a_game_too_large_for_all_sets_is_undecided(check_code, tmp_path):
    rows = [[[1, 1]] * 6] * 6
    (tmp_path / "large.toml").write_text(f"[game]\npayoffs = {rows}\n")
    found = check_code("greatest_sum", "--property", "selection-transitive", game="large.toml")
    assert found.code == 3
    assert "36 outcomes" in found.out


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("boom", "for (Slot 1, Slot 1) it raises ValueError: not today"),
        ("leaves", "it raises SystemExit: 0"),
        ("nowhere", "no action 'Slot 4'"),
        ("text", "no tuple of names"),
        ("strange", "for (Slot 1, Slot 1) it raises Strange"),
        ("unshowable", "returns <an object of class Unshowable>, which is no tuple of names"),
        ("nested", "returns [[1], [2]], which is no tuple of names"),
        ("nothing", "returns None, which is no tuple of names"),
        ("fickle", "different outcomes for the same (Slot 1, Slot 2)"),
    ],
)
def test_functions_that_fail_are_errors_with_the_place(check_code, function, message):
    found = check_code(function)
    assert found.code == 2
    assert message in found.out
    assert "Traceback" not in found.out + found.err


HOSTILE = """
import ctypes
import os
import signal
import sys
import time

def leaves_at_once(a):
    os._exit(0)

def leaves_with_1(a):
    os._exit(1)

def leaves_late(a):
    if a == ("Slot 2", "Slot 1"):
        os._exit(0)
    return a

def exits(a):
    sys.exit(0)

def interrupts(a):
    raise KeyboardInterrupt

def kills(a):
    os.kill(os.getpid(), signal.SIGKILL)

def crashes(a):
    ctypes.string_at(0)

def descends(a):
    return descends(a)

def falls(a):
    sys.setrecursionlimit(10**9)
    return max([a], key=falls)

def closes(a):
    os.closerange(3, 1000)
    return a

def forks(a):
    os.fork()
    return a

def writes(a):
    for pipe in range(3, 100):
        try:
            os.write(pipe, b'{"call": 1, "names": ["Slot 3", "Slot 3"]}\\n')
        except OSError:
            pass
    return a

def lines(a):
    raise ValueError("first\\nsecond")

class Name(str):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return hash("Slot 3")
    def __str__(self):
        return "Slot 3"
    def __repr__(self):
        return "'Slot 3'"
    def __len__(self):
        return 6
    def __iter__(self):
        return iter("Slot 3")

class Pair(tuple):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0

def flatters(a):
    return Pair((Name("Slot 1"), Name("Slot 2")))

def flatters_with_nothing(a):
    return Pair((Name("nowhere"), Name("nowhere")))

def fair_and_strange(a):
    return Pair(map(Name, ("Slot 3", "Slot 3") if a[0] != a[1] else a))
"""


@pytest.fixture
def check_hostile(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hostile_code.py").write_text(HOSTILE)
    return lambda name, *options: run(
        "check-code", f"hostile_code:{name}", "--game", SCHEDULING, *options
    )


FIRST = "for (Slot 1, Slot 1) it"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("leaves_at_once", f"{FIRST} ends its process with exit code 0, and returns nothing"),
        ("leaves_with_1", f"{FIRST} ends its process with exit code 1"),
        ("leaves_late", "for (Slot 2, Slot 1) it ends its process with exit code 0"),
        ("exits", f"{FIRST} raises SystemExit: 0"),
        ("interrupts", f"{FIRST} raises KeyboardInterrupt"),
        ("kills", f"{FIRST} ends its process by SIGKILL"),
        ("crashes", f"{FIRST} ends its process by SIGSEGV"),
        ("descends", f"{FIRST} raises RecursionError"),
        ("falls", f"{FIRST} "),
        ("closes", f"{FIRST} ends its process with exit code 1"),
        ("forks", "it writes to the pipe that its answers go through, or forks"),
        ("writes", "it writes to the pipe that its answers go through, or forks"),
    ],
)
def test_code_that_ends_its_process_gets_no_verdict(check_hostile, name, message):
    found = check_hostile(name, "--json", "-")
    assert found.code == 2
    (result,) = json.loads(found.out)["results"]
    assert (result["verdict"], result["evidence"]) == ("error", None)
    assert message in result["reason"]
    assert "Traceback" not in found.err


@pytest.mark.parametrize("name", ["leaves_at_once", "kills", "interrupts"])
def test_a_selection_that_ends_its_process_gets_no_verdict(check_hostile, name):
    found = check_hostile(name, "--property", "selection-transitive", "--json", "-")
    assert found.code == 2
    (result,) = json.loads(found.out)["results"]
    assert result["verdict"] == "error"
    assert "for {(Slot 1, Slot 1)} it" in result["reason"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os\nos._exit(0)", "importing it ends its process with exit code 0"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os\nos.abort()", "importing it ends its process by SIGABRT"),
    ],
)
def test_code_that_ends_its_process_when_imported_is_bad_input(
    check_code, run, tmp_path, code, message
):
    check_code("fair")
    (tmp_path / "leaving.py").write_text(f"{code}\ndef f(a):\n    return a\n")
    found = run("check-code", "leaving:f", "--game", SCHEDULING)
    assert found.code == 2
    assert f"cannot import leaving: {message}" in found.err


def test_names_count_as_what_they_are_and_not_as_what_they_say(check_hostile):
    found = check_hostile("flatters", "--json", "-")
    assert found.code == 1
    (result,) = json.loads(found.out)["results"]
    assert result["verdict"] == "refuted"
    assert "(Slot 1, Slot 2)" in result["reason"]
    found = check_hostile("flatters_with_nothing")
    assert found.code == 2
    assert "no action 'nowhere'" in found.out
    assert check_hostile("fair_and_strange").code == 0


def test_assertions_take_names_as_what_they_are():
    from spi_verify.games import Game
    from spi_verify.testing import assert_renegotiation_function

    class Name(str):
        __slots__ = ()

        def __eq__(self, other):
            return True

        def __hash__(self):
            return hash("1")

    game = Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    with pytest.raises(AssertionError, match="no action 'nowhere'"):
        assert_renegotiation_function(lambda _: (Name("nowhere"), Name("1")), game)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("users_code", "is not MODULE:FUNCTION"),
        ("users_code:", "is not MODULE:FUNCTION"),
        ("no_such_module:f", "cannot import no_such_module: ModuleNotFoundError"),
        ("users_code:absent", "users_code has no function absent"),
        ("users_code:number", "users_code has no function number"),
    ],
)
def test_functions_that_are_not_there_are_bad_input(check_code, run, name, message):
    check_code("fair")
    found = run("check-code", name, "--game", SCHEDULING)
    assert found.code == 2
    assert message in found.err


def test_a_game_with_parameters_or_none_is_bad_input(check_code):
    found = check_code("fair", game=MODELS / "scheduling-any-slot-3.toml")
    assert found.code == 2
    assert "depend on parameters" in found.err
    assert check_code("fair", game="absent.toml").code == 2


def test_an_nfg_game_is_read(check_code, tmp_path):
    text = 'NFG 1 R "S" { "1" "2" } { { "Slot 1" "Slot 3" } { "Slot 2" "Slot 3" } } "" '
    (tmp_path / "game.nfg").write_text(text + "0 0 0 0 0 0 1 1")
    assert check_code("fair", game="game.nfg").code == 0
    found = check_code("stay", game="game.nfg")
    assert found.code == 1


@pytest.mark.usefixtures("check_code")
def test_games_of_three_players_keep_their_shape(tmp_path, run):
    rows = [[[[i, j, k] for k in range(2)] for j in range(4)] for i in range(3)]
    (tmp_path / "three.toml").write_text(f"[game]\npayoffs = {rows}\n")
    code = "def top(a):\n    return ('3', '4', '2')\ndef low(a):\n    return ('3', '4', '1')\n"
    (tmp_path / "three_players.py").write_text(code)
    assert run("check-code", "three_players:top", "--game", "three.toml").code == 0
    found = run("check-code", "three_players:low", "--game", "three.toml")
    assert found.code == 1
    assert "sends (1, 1, 2) to (3, 4, 1), where player 3 gets 0 instead of 1" in found.out
