"""The map of sufficient hypotheses: against brute force, and as a command."""

from __future__ import annotations

import itertools
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.audit import searches
from spi_verify.audit.searches import Found
from spi_verify.errors import InputError
from spi_verify.obligations.suffice import (
    MOST_HYPOTHESES,
    Contradiction,
    Insufficient,
    Status,
    Sufficient,
    Undecided,
    enumerate_sufficient,
    oracle_for,
)
from spi_verify.papers.loading import load
from spi_verify.reports.lattice import plot_sufficiency
from spi_verify.theory import PAPER


def subsets(pool):
    return [frozenset(s) for k in range(len(pool) + 1) for s in itertools.combinations(pool, k)]


class World:
    """A monotone truth, and an oracle that tells it, or fails, in one of many ways."""

    def __init__(self, pool, generators, blind=(), lavish=True):
        self.pool, self.generators, self.blind, self.lavish = pool, generators, set(blind), lavish
        self.asked = []

    def suffices(self, names):
        return any(generator <= names for generator in self.generators)

    def __call__(self, names):
        assert names not in self.asked
        self.asked.append(names)
        if names in self.blind:
            return Undecided("tired")
        if self.suffices(names):
            inside = [g for g in self.generators if g <= names]
            return Sufficient(inside[-1] if self.lavish else names)
        satisfied = names
        if self.lavish:
            for name in reversed(self.pool):
                if not self.suffices(satisfied | {name}):
                    satisfied = satisfied | {name}
        return Insufficient(("model", satisfied), satisfied)


@st.composite
def worlds(draw, blind=False):
    pool = "abcdef"[: draw(st.integers(0, 5))]
    some = st.sampled_from(subsets(pool))
    generators = draw(st.lists(some, max_size=4))
    hidden = draw(st.lists(some, max_size=12)) if blind else []
    return World(pool, generators, hidden, draw(st.booleans()))


def minimal(sets):
    return {s for s in sets if not any(t < s for t in sets)}


def maximal(sets):
    return {s for s in sets if not any(t > s for t in sets)}


def names(extremes):
    return {frozenset(extreme.hypotheses) for extreme in extremes}


@given(worlds())
def test_with_a_perfect_oracle_it_finds_what_brute_force_finds(world):
    found = enumerate_sufficient(world.pool, world)
    every = subsets(world.pool)
    assert names(found.minimal) == minimal([s for s in every if world.suffices(s)])
    assert names(found.maximal) == maximal([s for s in every if not world.suffices(s)])
    assert all(extreme.sure for extreme in (*found.minimal, *found.maximal))
    assert not found.undecided
    assert found.not_asked == 0
    assert found.questions == len(world.asked)
    size = len(world.pool)
    assert found.questions <= size + (size + 1) * len(found.minimal) + len(found.maximal)


@given(worlds(blind=True))
def test_undecided_sets_are_counted_as_neither(world):
    found = enumerate_sufficient(world.pool, world)
    every = subsets(world.pool)
    # What the answers imply, computed from them alone.
    replay = World(world.pool, world.generators, world.blind, world.lavish)
    answers = [(s, replay(s)) for s in world.asked]
    cores = [a.core for _, a in answers if isinstance(a, Sufficient)]
    models = [a.satisfied for _, a in answers if isinstance(a, Insufficient)]
    status = {}
    for s in every:
        if any(core <= s for core in cores):
            status[s] = Status.SUFFICIENT
        elif any(s <= model for model in models):
            status[s] = Status.INSUFFICIENT
        else:
            assert s in world.blind
            assert s in world.asked
            status[s] = Status.UNDECIDED
    assert {s: found.status(s) for s in every} == status
    assert all(world.suffices(s) for s in every if status[s] is Status.SUFFICIENT)
    assert not any(world.suffices(s) for s in every if status[s] is Status.INSUFFICIENT)
    assert names(found.minimal) == minimal([s for s in every if status[s] is Status.SUFFICIENT])
    assert names(found.maximal) == maximal([s for s in every if status[s] is Status.INSUFFICIENT])
    undecided = {s for s in every if status[s] is Status.UNDECIDED}
    assert {frozenset(s) for s in found.undecided} == undecided
    for extreme in found.minimal:
        below = [s for s in every if s < frozenset(extreme.hypotheses)]
        assert extreme.sure == all(status[s] is Status.INSUFFICIENT for s in below)
    for extreme in found.maximal:
        above = [s for s in every if s > frozenset(extreme.hypotheses)]
        assert extreme.sure == all(status[s] is Status.SUFFICIENT for s in above)
        assert set(extreme.countermodel[1]) == set(extreme.hypotheses)


@given(worlds(blind=True), st.integers(0, 6))
def test_what_is_not_asked_is_said_to_be_open(world, questions):
    found = enumerate_sufficient(world.pool, world, questions=questions)
    assert len(world.asked) == found.questions <= questions
    every = [found.status(s) for s in subsets(world.pool)]
    assert every.count(Status.NOT_ASKED) == found.not_asked
    if found.not_asked:
        assert found.questions == questions


def test_the_same_question_gives_the_same_answer_in_the_same_order():
    def world():
        return World("abcd", [frozenset("ab"), frozenset("cd"), frozenset("d")])

    first, again = (enumerate_sufficient("abcd", world()) for _ in range(2))
    assert first == again
    assert [one.hypotheses for one in first.minimal] == [("d",), ("a", "b")]
    assert [one.hypotheses for one in first.maximal] == [("a", "c"), ("b", "c")]


def test_one_answer_about_a_large_set_settles_all_smaller_ones():
    world = World("abcd", [frozenset("abcd")])
    enumerate_sufficient("abcd", world)
    assert len(world.asked) == 5


def test_a_countermodel_that_satisfies_what_a_proof_needs_is_an_error_and_no_result():
    def decide(asked):
        if asked == {"a", "b"}:
            return Sufficient(frozenset("a"))
        return Insufficient("model", frozenset("ab"))

    with pytest.raises(Contradiction, match=r"proved from \{a\}, but a counterexample satisfies"):
        enumerate_sufficient("ab", decide)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Sufficient(frozenset("b")), "core"),
        (Insufficient("model", frozenset()), "does not satisfy"),
    ],
)
def test_answers_to_another_question_are_refused(answer, complaint):
    def decide(asked):
        return Sufficient(asked) if "b" in asked else answer

    with pytest.raises(ValueError, match=complaint):
        enumerate_sufficient("ab", decide)


@pytest.mark.parametrize("pool", ["aba", [str(k) for k in range(MOST_HYPOTHESES + 1)]])
def test_pools_that_make_no_sense_are_refused(pool):
    with pytest.raises(InputError, match="pool"):
        enumerate_sufficient(pool, lambda asked: Undecided(""))


SUITE = """
from z3 import Consts
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome

a, x, y = Consts("a x y", Outcome)


def statements(theory):
    better = theory.weakly_improves
    return [
        Statement(
            id="compose",
            title="An improvement on an improvement is an improvement",
            theory=theory,
            hypotheses=(
                Hypothesis("top", better(y, x), "y improves on x."),
                Hypothesis("idle", better(x, x), "x improves on itself."),
                Hypothesis("bottom", better(x, a), "x improves on a."),
            ),
            definitions=("weakly_improves",),
            steps=(Step("goal", better(y, a), ["top", "idle", "bottom", "weakly_improves"]),),
        )
    ]
"""


@pytest.fixture
def suite(tmp_path):
    path = tmp_path / "compose.py"
    path.write_text(SUITE)
    return path


@pytest.fixture
def refuting(monkeypatch):
    """Stand in for the search: it finds what this says, for the hypotheses that are left."""
    asked = []

    def install(answers):
        def find(statement, _bounds):
            names = tuple(h.name for h in statement.hypotheses)
            asked.append(names)
            holding = answers.get(names)
            if holding is None:
                return Found(None, None, "none up to 3 players", 0.0)
            checks = [{"name": name, "check": "computed"} for name in holding]
            conclusion = "Player 1 gets 0 < 1."
            return Found({"hypotheses": checks, "conclusion": conclusion}, conclusion, None, 0.0)

        monkeypatch.setattr(searches, "find", find)
        monkeypatch.setattr(searches, "find_saved", lambda *_: None)
        return asked

    return install


ALL_FOUND = {("top", "idle"): ("top", "idle"), ("idle", "bottom"): ("idle", "bottom")}


def test_the_command_tells_the_whole_map_of_a_theorem(run, suite, refuting, tmp_path):
    asked = refuting(ALL_FOUND)
    file = tmp_path / "map.json"
    done = run("suffice", suite, "--json", file)
    assert done.code == 0, done.err
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[lines.index("minimal sufficient") + 1] == "top, bottom"
    place = lines.index("maximal insufficient")
    assert lines[place + 1 : place + 5] == [
        "without bottom",
        "Player 1 gets 0 < 1.",
        "without top",
        "Player 1 gets 0 < 1.",
    ]
    assert "undecided: none" in lines
    assert set(asked) == set(ALL_FOUND)
    document = json.loads(file.read_text())
    assert document["schema"] == "spi-verify/hypotheses/1"
    assert document["minimal_sufficient"] == [{"hypotheses": ["top", "bottom"], "minimal": True}]
    assert [one["hypotheses"] for one in document["maximal_insufficient"]] == [
        ["top", "idle"],
        ["idle", "bottom"],
    ]
    assert document["maximal_insufficient"][0]["countermodel"]["conclusion"]
    assert document["undecided"] == []


def test_a_set_without_proof_and_counterexample_is_undecided_and_exits_with_3(run, suite, refuting):
    refuting({("top", "idle"): ("top", "idle")})
    done = run("suffice", suite, "--json", "-")
    document = json.loads(done.out)
    assert done.code == 3
    assert document["minimal_sufficient"] == [{"hypotheses": ["top", "bottom"], "minimal": False}]
    undecided = [one["hypotheses"] for one in document["undecided"]]
    assert undecided == [["idle", "bottom"], ["bottom"]]
    assert all("none up to 3 players" in one["reason"] for one in document["undecided"])
    assert "perhaps a smaller set suffices" in done.err


def test_hypotheses_outside_the_pool_are_supposed_always(run, suite, refuting):
    asked = refuting({("top", "idle"): ("top", "idle"), ("top",): ("top", "idle")})
    done = run("suffice", suite, "--pool", "bottom, idle")
    assert done.code == 0, done.err
    assert "always supposed: top" in done.out
    assert all("top" in names for names in asked)


def test_what_holds_in_a_counterexample_beyond_what_was_asked_counts(run, suite, refuting):
    refuting({("top",): ("top", "idle"), ("top", "idle"): None, ("idle", "bottom"): ("bottom",)})
    done = run("suffice", suite, "--json", "-")
    found = [one["hypotheses"] for one in json.loads(done.out)["maximal_insufficient"]]
    assert found == [["top", "idle"], ["idle", "bottom"]]


def test_a_report_has_what_the_terminal_says_and_what_the_hypotheses_say(
    run, suite, refuting, tmp_path
):
    refuting(ALL_FOUND)
    markdown, latex = tmp_path / "map.md", tmp_path / "map.tex"
    done = run("suffice", suite, "--markdown", markdown, "--latex", latex)
    assert done.code == 0, done.err
    assert f"wrote {markdown}" in done.out
    text = markdown.read_text(encoding="utf-8")
    counted = next(line for line in done.out.splitlines() if "sets of hypotheses" in line)
    assert counted in text
    assert "## Minimal sufficient\n\n- top, bottom\n" in text
    assert re.search(r"^- without bottom: Player 1 gets 0 \\?< 1\.$", text, flags=re.M)
    assert "## Undecided: none" in text
    assert all(f"`{name}`" in text for name in ("top", "idle", "bottom"))
    assert "Which hypotheses suffice" in latex.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--pool", "top,nothing"], "no hypothesis 'nothing' (there are: top, idle, bottom)"),
        (["--pool", "top,top"], "names a hypothesis twice"),
        (["--plot", "map.txt"], "a picture cannot be written as .txt"),
    ],
)
def test_bad_requests_end_with_one_line(run, suite, refuting, arguments, complaint):
    refuting(ALL_FOUND)
    done = run("suffice", suite, *arguments)
    assert done.code == 2
    assert complaint in done.err
    assert "Traceback" not in done.err


@pytest.mark.long
def test_of_an_id_the_repaired_reading_is_meant(run, refuting):
    refuting({})
    done = run("suffice", "prop-1", "--pool", "somebody-gains", "--json", "-")
    document = json.loads(done.out)
    assert document["statement"] == "prop-1/repaired"
    assert document["minimal_sufficient"] == [{"hypotheses": ["somebody-gains"], "minimal": False}]
    assert [one["hypotheses"] for one in document["undecided"]] == [[]]
    assert done.code == 3


@pytest.mark.long
def test_a_statement_with_lemmas_needs_what_its_lemmas_suppose(run, refuting):
    refuting({})
    done = run("suffice", "prop-4-pmm", "--pool", "pmm-attained,csr-not-punished", "--json", "-")
    document = json.loads(done.out)
    assert document["minimal_sufficient"] == [{"hypotheses": ["pmm-attained"], "minimal": False}]


@pytest.mark.parametrize("size", [0, 1, 3, 5, 6, MOST_HYPOTHESES])
def test_the_picture_shows_every_extreme_set_and_is_the_same_every_time(tmp_path, size):
    pool = [f"hypothesis-{k}" for k in range(size)]
    generators = [frozenset(pool[:2]), frozenset(pool[1:3])]
    world = World(pool, [g for g in generators if len(g) == 2], [frozenset(pool[1:])])
    found = enumerate_sufficient(pool, world, questions=30)
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for file in files:
        plot_sufficiency(found, "Which suffice", file)
    assert files[0].read_bytes() == files[1].read_bytes()
    picture = ElementTree.fromstring(files[0].read_text())
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    letters = dict(zip(pool, "ABCDEFGHIJKLMN", strict=False))
    assert set(pool) <= set(texts)
    for extreme in found.minimal:
        assert "".join(letters[name] for name in extreme.hypotheses) in texts
    if 0 < size <= 5:
        for names in subsets(pool):
            assert ("".join(letters[name] for name in pool if name in names) or "none") in texts
    for extreme in found.maximal:
        inside = "".join(letters[name] for name in extreme.hypotheses) or "none"
        outside = "".join(letters[name] for name in pool if name not in extreme.hypotheses)
        assert (inside if size <= 5 else f"all but {outside}") in texts


def test_who_interrupts_it_gets_what_is_known_by_then(run, suite, refuting, monkeypatch):
    refuting({})

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(searches, "find", interrupt)
    done = run("suffice", suite)
    assert done.code == 130
    assert "minimal sufficient\n  top, bottom" in done.out
    assert "not asked" in done.out
    assert "interrupted" in done.err


def test_how_far_it_is_is_told_once_for_each_answer():
    """Counting the settled ones looks at every subset, so it must not be done for each of them."""
    pool = [f"h{k}" for k in range(10)]
    told = []
    world = World(pool, [frozenset(pool[:2])])
    found = enumerate_sufficient(pool, world, told=lambda *how: told.append(how))
    assert len(told) == found.questions == len(world.asked) < 20
    assert told[-1] == (2**10, 2**10)


def test_it_is_said_which_set_is_being_decided(suite):
    told = []
    (statement,) = load(suite, PAPER)
    decide = oracle_for(
        statement,
        [],
        [h.name for h in statement.hypotheses],
        lambda _: Found(None, None, "none", 0.0),
        listener=lambda *said: told.append(said),
    )
    decide(frozenset({"top", "bottom"}))
    assert told == [("without idle", True), ("without idle", False)]
