"""On a terminal it is shown what is tried, how much is done of how much, and what Ctrl-C leaves."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pty
import re
import signal
import subprocess
import sys
from fractions import Fraction

import pytest
from conftest import MODELS

from spi_verify.commands.progress import Progress
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.looking import refute
from spi_verify.delegation.improving import improve
from spi_verify.games import Game
from spi_verify.obligations.running import Expecting
from spi_verify.obligations.suffice import Insufficient, Sufficient, enumerate_sufficient
from spi_verify.papers.loading import load_shipped
from spi_verify.programs.examples import scheduling_game
from spi_verify.programs.tightness import tightness


def test_what_is_expected_and_reached_is_shown_with_the_time():
    progress = Progress()
    assert isinstance(progress, Expecting)
    progress.expect(3)
    progress("a", True)
    progress("a", False)
    assert progress._render() == "1 of 3 queries done"
    progress.running("b", True)
    progress.running("b", False)
    progress.reached(1200, 20_000)
    assert progress._render() == "1,200 of 20,000 queries done"
    progress._since = 0.0
    assert re.fullmatch(r"1,200 of 20,000 queries done, \d+ s", str(progress._render()))


def test_what_a_search_tries_is_shown_until_it_ends():
    progress = Progress("statements searched", 1)
    with progress.during("a"):
        progress.trying("small world 1 of 2: 1 x 1 actions")
        first, second, third = str(progress._render()).splitlines()
        assert first.startswith("0 of 1 statements searched")
        assert second.endswith(" a")
        assert third.strip() == "small world 1 of 2: 1 x 1 actions"
    assert str(progress._render()).startswith("1 of 1 statements searched")
    assert "small world" not in str(progress._render())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("prop-2/repaired", r"small world (\d+) of [\d,]+: \d( x \d)+ actions"),
        ("thm-3-pmm/repaired", r"candidate executed; rejected so far: (\d+) of 200"),
        ("def-6-nonempty/repaired", r"feasible sets of (\d) players with \d corners"),
        ("sel-transitive-leximin", r"payoffs of (\d) players in \d outcomes"),
        ("prop-5-best-response/repaired", r"candidate (\d+) executed"),
    ],
)
def test_every_kind_of_search_tells_what_it_tries(statement, told):
    """It is interrupted as soon as it has told something."""

    def trying(what: str) -> None:
        said.append(what)
        raise KeyboardInterrupt

    said: list[str] = []
    (one,) = (one for one in load_shipped() if one.id == statement)
    with pytest.raises(KeyboardInterrupt):
        refute(one, Bounds(trying=trying))
    assert re.fullmatch(told, said[0])


def test_suffice_tells_how_many_sets_are_settled_of_how_many():
    def decide(names):
        if {"a", "b"} <= names:
            return Sufficient(frozenset({"a", "b"}))
        return Insufficient("a model", names | {"c"})

    told = []
    enumerate_sufficient(["a", "b", "c"], decide, told=lambda *how: told.append(how))
    assert told[-1] == (8, 8)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_suffice_keeps_what_is_known_when_interrupted_while_z3_reads_an_argument():
    def decide(names):
        if len(names) < 2:
            raise ctypes.ArgumentError("argument 1: KeyboardInterrupt: ")
        return Sufficient(names)

    found = enumerate_sufficient(["a", "b"], decide)
    assert found.interrupted
    assert [one.hypotheses for one in found.minimal] == [("a", "b")]


def test_tightness_tells_every_round():
    told = []
    tightness(scheduling_game(), 3, Fraction(1, 10), told=lambda *what: told.append(what))
    assert told[:3] == [("round 1", 0), ("round 2", 1), ("round 3", 2)]
    assert told[3][1] == 3


@pytest.mark.parametrize(
    "interruption",
    [KeyboardInterrupt(), ctypes.ArgumentError("argument 1: KeyboardInterrupt: ")],
    ids=["as such", "in an argument"],
)
def test_improve_leaves_what_was_found_when_it_is_interrupted(interruption):
    dilemma = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    nodes = []
    whole = improve(dilemma, told=nodes.append)
    assert nodes == list(range(1, whole.nodes + 1))
    assert not whole.interrupted

    def interrupt(node):
        if node == whole.nodes:
            raise interruption

    part = improve(dilemma, told=interrupt)
    assert part.interrupted
    assert not part.complete
    assert set(map(str, part.found)) <= set(map(str, whole.found))


def on_a_terminal(arguments: list[str], until: str) -> tuple[int, str]:
    """Run a command on a terminal, press Ctrl-C when something is shown, and return all that is."""
    main, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "spi_verify", *arguments],
        stdout=other,
        stderr=other,
        stdin=other,
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm"},
    )
    os.close(other)
    shown, pressed = "", False
    with contextlib.suppress(OSError):  # how the end of a terminal is told
        while data := os.read(main, 65536):
            shown += data.decode(errors="replace")
            if not pressed and re.search(until, shown):
                process.send_signal(signal.SIGINT)
                pressed = True
    os.close(main)
    return process.wait(60), shown


@pytest.mark.long
def test_improve_shows_nodes_on_a_terminal_and_says_how_to_go_on(tmp_path):
    """Twelve actions survive; any injection into the other 48 is an improvement."""
    left, size = 12, 60
    rows = [
        [
            [
                10 * (mine < left) + (a % left == b % left) + 30 * (min(a, b) >= left)
                for mine in (a, b)
            ]
            for b in range(size)
        ]
        for a in range(size)
    ]
    (tmp_path / "m.toml").write_text(f"[game]\npayoffs = {rows}\n")
    code, shown = on_a_terminal(["improve", str(tmp_path / "m.toml")], r"[1-9][\d,]* of 20,000")
    assert re.search(r"[\d,]+ of 20,000 nodes of the search for safe improvements, \d+ s", shown)
    assert code == 130, shown
    assert re.search(r"interrupted after [\d,]+ of at most 20,000 nodes; the same command", shown)


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "until", "said"),
    [
        (["suffice", "thm-3-pmm"], r"sets of hypotheses settled, \d+ s", "proofs are kept"),
        (
            ["tightness", str(MODELS / "scheduling.toml"), "--rounds", "10000", "--delta", "1"],
            r"[\d,]+ of 10,000 rounds executed, \d+ s",
            "fewer --rounds take less",
        ),
        (
            ["refute", "prop-2/repaired"],
            r"0 of 1 statements searched, \d+ s[\s\S]*small world \d+ of [\d,]+: 1 x 1",
            "interrupted",
        ),
        (["prove", "prop-5", "--no-cache"], r"\d+ of \d+ queries done, \d+ s", "interrupted"),
        (["audit", "program-games", "prop-5"], r"of \d+ queries done, \d+ s", "are kept"),
    ],
)
def test_a_long_command_shows_how_far_it_is_and_what_is_kept(arguments, until, said):
    code, shown = on_a_terminal(arguments, until)
    assert code == 130, shown
    assert said in shown
