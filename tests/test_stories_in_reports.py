"""A story and the payoffs beside it are of one game, computed once, and agree."""

import json
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from conftest import MODELS, PROGRAM_GAMES

from spi_verify.audit.rows import Row
from spi_verify.counterexamples.bimatrix import INDENT, MOST, game_lines, table
from spi_verify.counterexamples.drawing import Drawing
from spi_verify.counterexamples.programs import meeting
from spi_verify.games import Game, PureOutcomes
from spi_verify.notebook import Refutation
from spi_verify.reports.audit import print_audit
from spi_verify.reports.console import PlainConsole
from spi_verify.reports.payoffs import payoff_table
from spi_verify.reports.picture import picture
from spi_verify.reports.portrait import drawing_of
from spi_verify.reports.story import SUPPOSED, beside_payoffs, lines_of, story, why
from spi_verify.reports.told import figure, tell
from spi_verify.reports.told_in_blocks import reading
from spi_verify.verdicts import Evidence, Result, Verdict

SAVED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((PROGRAM_GAMES / "counterexamples").glob("*.json"))
}


def refuted(data, reason="so it is"):
    return Result(
        "x",
        Verdict.REFUTED,
        Evidence.CHECKED,
        expected=Verdict.REFUTED,
        counterexample=data,
        reason=reason,
    )


@pytest.mark.parametrize("name", SAVED)
def test_beside_its_payoffs_no_line_of_the_table_is_told_again(name):
    shown = payoff_table(drawing_of(SAVED[name]))
    told = SAVED[name]["story"]
    if shown is not None and any(line.startswith(INDENT) for line in told):
        rest = beside_payoffs(told, shown.lines)
        assert rest == [
            line.removesuffix(":") + "." if line.startswith("In this game") else line
            for line in told
            if not line.startswith(INDENT)
        ]


def game(*sizes):
    def payoffs(left, *chosen):
        if not left:
            return [sum(chosen) + i for i in range(len(sizes))]
        return [payoffs(left[1:], *chosen, k) for k in range(left[0])]

    return Game.from_payoffs(payoffs(sizes))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [((3, 3), True), ((2, 32), True), ((4, 4, 4), True), ((9, 9), False), ((5, 4, 4), False)],
)
def test_a_story_has_a_table_just_where_the_report_has_one(sizes, shown):
    one = game(*sizes)
    assert (one.number_of_outcomes <= MOST) is shown
    told = list(game_lines(one, (0,) * len(sizes), correlated=False))
    beside = payoff_table(Drawing(PureOutcomes(one)))
    assert (table(one) is not None, beside is not None) == (shown, shown)
    assert [line for line in told if line.startswith(INDENT)] == list(beside.lines if shown else ())
    assert shown or "are in the file" in told[0]


def test_a_line_of_somebodys_kind_that_begins_with_spaces_is_told():
    data = SAVED["prop-1"]
    own = data | {"story": ["A list:", "  one point,", "  another one.", *data["story"]]}
    page = "".join(tell("Verdict:", refuted(own), None, drawn=drawing_of(own)))
    blocks = repr(list(reading(refuted(own), None, (), None)))
    for told in ("A list:", "one point,", "another one."):
        assert told in page
        assert told in blocks


@pytest.mark.parametrize("name", ["prop-1", "thm-3-pmm", "def-6-nonempty", "prop-5", "ex-4.3"])
def test_why_the_conclusion_fails_is_told_last_everywhere(name):
    data = SAVED[name]
    result, last = refuted(data, data["conclusion"]), data["story"][-1]
    told = [repr(block) for block in reading(result, None, (), None)]
    assert repr(last) in told[-1]
    page = "".join(tell("Verdict:", result, None))
    ended = page.split('<p class="conclusion">')
    assert len(ended) == 2
    assert "<li>" not in ended[1]
    assert "<dt>" not in ended[1]
    assert unescape(ended[1]).startswith(f"{last}</p>")
    if data["hypotheses"]:
        supposed = SUPPOSED.removesuffix(":")
        assert supposed in told[-3]
        assert supposed in ended[0]
    assert page.count("<li>") + 1 <= len(data["story"])


@pytest.mark.parametrize("name", SAVED)
def test_every_shipped_counterexample_of_programs_sets_or_points_is_drawn(name):
    assert drawing_of(SAVED[name]) is not None


def test_what_a_default_answers_to_lotteries_is_drawn():
    file = "thm-3-equilibrium.repaired.without.csr-not-punished.json"
    data = json.loads((PROGRAM_GAMES / "counterexamples" / "necessity" / file).read_text())
    drawn = drawing_of(data)
    assert drawn.outcome == (-1, 0)
    assert drawn.offers is not None


def test_a_payoff_profile_is_called_in_a_picture_what_it_is_called_in_the_table():
    drawn = drawing_of(SAVED["def-6-nonempty"])
    shown = picture(drawn.feasible)
    rows = payoff_table(drawn).rows
    assert {mark.label for mark in shown.marks} == {name for name, *_ in rows} == {"1", "2", "3"}


@pytest.mark.parametrize("name", ["prop-1", "thm-3-pmm", "prop-4-pmm"])
def test_the_legend_of_a_picture_stands_below_it_again_for_narrow_pages(name):
    data = SAVED[name]
    shown = "".join(figure(refuted(data), drawing_of(data)))
    (name_of_legend,) = re.findall(r'<use href="#([^"]*legend-[^"]*)"/>', shown)
    assert shown.count(f'id="{name_of_legend}"') == 1
    left, top, width, height = map(int, name_of_legend.split("-")[-4:])
    assert f'viewBox="{left} {top} {width} {height}"' in shown
    whole = [float(side) for side in re.search(r'viewBox="0 0 (\S+) (\S+)"', shown).groups()]
    assert whole[0] / 3 < left < left + width <= whole[0] + 1
    assert 0 <= top < top + height <= whole[1] + 1
    assert ('class="beside"' in shown) is (name != "prop-4-pmm")


@pytest.mark.parametrize("name", ["prop-4-pmm", "thm-3-pmm"])
def test_programs_run_once_for_a_page_and_once_for_a_report(name, monkeypatch, tmp_path):
    data, calls = SAVED[name], []
    run = meeting.meeting

    def counted(scenario):
        calls.append(scenario)
        return run(scenario)

    monkeypatch.setattr(meeting, "meeting", counted)
    drawn = drawing_of(data)
    page = "".join([*tell("Verdict:", refuted(data), None, drawn=drawn)])
    page += "".join(figure(refuted(data), drawn))
    assert "<table" in page
    assert "<svg" in page
    assert len(calls) == 1
    list(reading(refuted(data), None, (), (tmp_path, "svg")))
    assert (tmp_path / "x.svg").is_file()
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("told", "lines"),
    [("player 1 loses", ["player 1 loses"]), (["a", "b"], ["a", "b"]), (5, []), (None, [])],
)
def test_a_story_of_one_line_is_not_taken_apart(told, lines):
    data = {"story": told, "statement": "x"}
    assert lines_of(data) == lines
    assert Refutation(data).story == lines
    assert story(refuted(data))[1:] == lines
    page = "".join(tell("Verdict:", refuted(data), None))
    assert page.count("<li>") == len(lines)


def test_a_reason_is_told_unless_the_proof_or_a_counterexample_says_it():
    proved = Result("x", Verdict.PROVED, Evidence.CHECKED, reason="by hand")
    assert why(proved) is None
    assert why(Result("x", Verdict.UNKNOWN, reason="too hard")) == "too hard"
    assert why(Result("x", Verdict.UNKNOWN, reason="")) is None
    assert why(refuted({"story": []})) is None
    for told in (tell("v", proved, None), map(repr, reading(proved, None, (), None))):
        assert "by hand" not in "".join(told)


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", PROGRAM_GAMES / "counterexamples" / "prop-1.json", "--markdown", "-"),
        ("check", MODELS / "chicken.toml", "--markdown", "-"),
    ],
)
def test_pictures_of_a_report_on_standard_output_go_into_a_folder_with_a_name(
    run, tmp_path, monkeypatch, arguments
):
    monkeypatch.chdir(tmp_path)
    found = run(*arguments)
    assert found.code in (0, 1)
    made = [path.name for path in Path().iterdir()]
    assert made in ([], ["report-pictures"])
    assert ("](report-pictures/" in found.out) is bool(made)
    assert bool(made) is (arguments[0] == "replay")


@pytest.mark.parametrize("name", ["prop-2", "prop-4-pmm", "thm-3-pmm", "prop-1"])
def test_an_audit_on_a_terminal_says_in_one_line_why_each_refuted_statement_fails(name):
    data, page = SAVED[name], StringIO()
    result = refuted(data, data["conclusion"])
    row = Row("p", name, "A title", result, None, (), ())
    print_audit([row], PlainConsole(file=page, width=80))
    because = data["story"][-1].split(" ", 1)[1]
    assert because.startswith(f"{data['conclusion']}. ")
    assert f"\nx: {because.removesuffix('.')}" in page.getvalue()
