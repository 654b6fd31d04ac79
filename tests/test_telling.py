"""Stories of counterexamples: short, every name explained, nothing but what was executed."""

from __future__ import annotations

import ast
import copy
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples.bimatrix import INDENT
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.scenario import read_scenario
from spi_verify.counterexamples.programs.telling import teller
from spi_verify.counterexamples.programs.telling.general import tell
from spi_verify.counterexamples.programs.telling.teller import Teller, teller_of
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.counterexamples.statements import known as known_formulas
from spi_verify.counterexamples.statements.claimed import shipped_statements, statement_of
from spi_verify.counterexamples.statements.known import _FILE as FORMULAS
from spi_verify.counterexamples.statements.tellers import FILE
from spi_verify.errors import Rejected
from spi_verify.papers.paper import shipped_papers
from spi_verify.papers.running import run_file
from spi_verify.programs.language.notation import parse_function, parse_program, parse_selection
from spi_verify.programs.language.programs import ICSR, Always
from spi_verify.programs.language.selections import Leximin

FOLDER = PROGRAM_GAMES / "counterexamples"
FILES = [*sorted(FOLDER.glob("*.json")), *sorted((FOLDER / "necessity").glob("*.json"))]
SAVED = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
PROGRAMS = [name for name, data in SAVED.items() if data["kind"] == "programs"]
EVERY_LINE = {name: [*SAVED[name]["story"], SAVED[name]["conclusion"]] for name in PROGRAMS}
NAME = re.compile(r"\b[a-z]+'*_\d\b")
IMPROVES = "thm-3-improves.without.transitive-selection"


def told(name, **changes):
    """Tell a shipped scenario, changed; whether it still refutes anything is not asked."""
    data = copy.deepcopy(SAVED[name])
    statement = statement_of(Claimed(data["statement"], tuple(data["without"])))
    scenario = read_scenario(data["programs"] | changes)
    any_code = "rn-is-renegotiation-function" in data["without"]
    return tell(statement, Induced(scenario, statement.theory, any_code=any_code))


def words(name="thm-3-pmm"):
    scenario = read_scenario(SAVED[name]["programs"])
    statement = statement_of(Claimed(SAVED[name]["statement"], tuple(SAVED[name]["without"])))
    return Wording(scenario, Induced(scenario, statement.theory).base)


# Who tells


def tellers():
    return {
        id: (paper, one)
        for paper in shipped_papers().values()
        if (paper.folder / FILE).is_file()
        for id, one in run_file(paper.folder / FILE).TELLERS.items()
        if isinstance(one, Teller)
    }


def test_every_teller_of_a_paper_is_for_one_of_its_statements_and_is_found_by_what_it_says():
    shipped = shipped_statements()
    assert len(tellers()) == 9
    for id, (paper, one) in tellers().items():
        assert shipped[id].source.parent == paper.folder.resolve()
        renamed = replace(shipped[id], id="a-statement-of-ones-own")
        found = teller_of(renamed)
        assert found.conclusion.__name__ == one.conclusion.__name__
        assert teller_of(shipped["prop-1"]) is None


def test_how_a_papers_conclusion_is_told_stands_in_the_papers_folder_only():
    known = json.loads(Path(known_formulas.__file__).with_name(FORMULAS).read_text())
    room = Path(teller.__file__).parent
    for file in room.glob("*.py"):
        said = {
            node.value
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Constant)
        }
        assert not said & set(known["goals"]), file.name


def test_a_counterexample_is_told_from_the_formulas_where_its_papers_teller_fails(monkeypatch):
    def fails(*_):
        raise LookupError("nobody like that")

    theirs = told("thm-3-pmm")
    for part in ("conclusion", "extensions", "why", "formerly"):
        monkeypatch.setattr(
            "spi_verify.counterexamples.programs.telling.story.teller_of",
            lambda statement, part=part: replace(teller_of(statement), **{part: fails}),
        )
        monkeypatch.setattr(
            "spi_verify.counterexamples.programs.telling.failing.teller_of",
            lambda statement, part=part: replace(teller_of(statement), **{part: fails}),
        )
        plain = told("thm-3-pmm")
        assert plain.conclusion.startswith("the conclusion fails")
        assert plain.conclusion != theirs.conclusion
        assert plain.story[-1].startswith("So the conclusion fails")


# All shipped stories


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_story_quotes_a_program(name):
    code = re.compile(r"\((csr|always \"|if|renegotiate|select-table|by-outcome|set|both|map)\b")
    assert not [line for line in EVERY_LINE[name] if code.search(line)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_story_is_short_and_ends_with_its_conclusion(name):
    data = SAVED[name]
    told = [line for line in data["story"] if not line.startswith(INDENT)]
    assert len(told) <= 14
    assert len(data["conclusion"]) <= 180
    lead = "Thus" if ", so " in data["conclusion"] else "So"
    said, full_stop, more = data["story"][-1].partition(f"{lead} {data['conclusion']}.")
    assert (said, bool(full_stop)) == ("", True)
    assert re.fullmatch(r"(?: [^ ][^.]*\.){0,2}", more), "why, in two sentences at most"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_story_explains_every_name_once(name):
    lines = SAVED[name]["story"]
    story = " ".join(lines)
    everybody = "use p_j or p'_j, the PMP-extension of p_j" in story
    for found in {match for line in EVERY_LINE[name] for match in NAME.findall(line)}:
        one = re.escape(found)
        said = sum(
            bool(re.match(rf"{one} (is a CSR program|plays|renegotiates|= )", line))
            for line in lines
        )
        said += len(re.findall(rf"{one} is the PMP-extension of|, {one} of [a-z]", story))
        if not said and not everybody:
            said += len(re.findall(rf"{one}, the PMP-extension of p_\d, adds", story))
        assert said == 1 or (everybody and "'" in found), (found, said)


# What Theorem 3's story says


def test_the_story_of_theorem_3_says_what_the_extensions_add_and_why_that_is_not_enough():
    story = SAVED["thm-3-pmm"]["story"]
    assert story[5] == (
        "The least that each gets in an efficient outcome: PMM = (1, 1). PMP_i of an outcome, "
        "player i's Pareto meet projection, is everything that pays player i at least, and "
        "everybody else exactly, the larger of the PMM and what the outcome pays them."
    )
    rows = ["         | Slot 1 | Slot 2 | Slot 3", *(f"  Slot {k} | " for k in (1, 2, 3))]
    assert all(line.startswith(row) for line, row in zip(story[1:5], rows, strict=True))
    assert story[7:] == [
        "p_1 is a CSR program with default always Slot 1 that offers (1, 3) where this improves.",
        "p_2 is a CSR program with default always Slot 2 that offers (3, 1) where this improves.",
        "Player 1 is certain of always Slot 2, player 2 of always Slot 1.",
        "At the default outcome (Slot 1, Slot 2), which pays (0, 0), p_1 offers (1, 3), and p_2 "
        "offers (3, 1). They agree on nothing and stay there: U(p) = (0, 0).",
        "This is a subjective equilibrium: player 1 expects to earn 0 and player 2 expects to earn "
        "0, each the most that any allowed program earns against what its player believes.",
        "p'_1, the PMP-extension of p_1, adds PMP_1 of what p_1 would reach in its place. Against "
        "p'_2, p_1 would reach the point (1, 3): p_1 offers (1, 3), and p'_2 offers (3, 1) and, "
        "since p_2 would get (0, 0) against p_1, adds PMP_2 of that, which is all from (1, 1) to "
        "(1, 3), so that they agree on (1, 3). PMP_1 of (1, 3) is (1, 3), which p_1 offers "
        "anyway; so p'_1 adds nothing new.",
        "p'_2, the PMP-extension of p_2, adds PMP_2 of what p_2 would reach in its place. Against "
        "p'_1, p_2 would reach the point (3, 1): p_2 offers (3, 1), and p'_1 offers (1, 3) and, "
        "since p_1 would get (0, 0) against p_2, adds PMP_1 of that, which is all from (1, 1) to "
        "(3, 1), so that they agree on (3, 1). PMP_2 of (3, 1) is (3, 1), which p_2 offers "
        "anyway; so p'_2 adds nothing new.",
        "The added projections are of different outcomes, and the other player does not offer "
        "them. Where the extensions meet, p'_1 offers (1, 3), and p'_2 offers (3, 1). They agree "
        "on nothing and stay there: U(p') = (0, 0).",
        "So the extended profile pays player 1 0, less than the PMM of 1. Each extension adds "
        "projections only of what its own program would reach against the other's extension, which "
        "it offers already: so where both are extended, neither adds anything new, and they agree "
        "on nothing.",
    ]


def test_why_a_conclusion_fails_stands_in_the_last_line():
    last = {name: SAVED[name]["story"][-1] for name in PROGRAMS}
    for name, why in {
        "app-c": "A function has to offer a strict improvement somewhere. So it is the printed "
        "construction that fails, and not the claim that some functions lead to the same outcome "
        "under any other selection function: the old ones do so here, since there is never more "
        "than one outcome to select from.",
        "def-6-meet": "A common point would pay (1, 1), everybody's payoff in (Slot 1, Slot 2) or "
        "the PMM if that is more, and no outcome pays that.",
        "prop-1": "Where default programs end is efficient, so that there is nothing to improve",
        "prop-2": "starts from where the defaults end, (Swerve, Swerve), which pays (2, 2); that "
        "is worse for player 1 than what d_1 itself reaches. Assumption 5 does not exclude this: "
        "it asks a program to reply to renegotiation programs as to their defaults only where "
        "renegotiation functions differ at the outcome of the defaults, and here all of them take "
        "(Swerve, Swerve) to the same.",
        "prop-4-pmm": "Already players 2 and 3 have nothing to agree on, as PMP_2 and PMP_3 of "
        "(-1, -1, 0) have no common point; what fails is a step of Theorem 3, on whose assumptions "
        "this rests: that everybody's projections are nonempty because action sets are continuous, "
        "and so have a common point. With 3 players it does not follow that they are nonempty: all "
        "lotteries are feasible here, and yet PMP_1 of (-1, -1, 0) is empty.",
        "thm-3-equilibrium": "Player 1 expects nobody to use a CSR program, and against what "
        "player 1 expects none earns more than always Slot 1. That extensions exist is supposed "
        "here, but of CSR programs only, and nothing makes player 1 use one; so the extended "
        "profile, which is claimed to be an equilibrium, does not exist.",
        "thm-3-wlog-csr": "Player 1 uses always Slot 1 in this equilibrium, which is no CSR "
        "program; the proof would replace it by the CSR program that has always Slot 1 as its "
        "default and accepts nothing, and there is none.",
        "thm-3-inclusion": "Player 1's extension adds PMP_1 of (1, 3), which p_1 would reach in "
        "its place, and not of (0, 0), where the extensions end.",
    }.items():
        assert why in last[name], name


def test_why_extensions_add_nothing_is_said_only_where_they_do():
    """Against beliefs in extensions these add what all agree on, and none is said to be idle."""
    for name in ("selection-function", "transitive-selection"):
        assert "concedes" not in told(f"thm-3-pmm.repaired.without.{name}").story[-1]
    expecting = SAVED["thm-3-equilibrium"]["programs"]["equilibrium"][1]
    beliefs = copy.deepcopy(SAVED["thm-3-equilibrium"]["programs"]["beliefs"])
    beliefs[0][0]["opponents"] = [expecting]
    assert (
        "expects nobody to use a CSR program"
        not in told("thm-3-equilibrium", beliefs=beliefs).story[-1]
    )


def test_players_with_names_go_by_them_in_every_line():
    game = {**SAVED["thm-3-pmm"]["programs"]["game"], "players": ["Ann", "Bob"]}
    lines = told("thm-3-pmm", game=game).story
    assert lines[0].startswith("In this game Ann chooses the row and Bob the column, and all lott")
    assert "Ann is certain of always Slot 2, Bob of always Slot 1." in lines
    assert lines[-1].startswith("So the extended profile pays Ann 0, less than the PMM of 1.")
    assert not re.search(r"[Pp]layer \d", " ".join(lines))


def test_projections_of_one_outcome_are_not_said_to_be_of_different_ones():
    """Both extensions add projections of the default outcome, since neither offers anything."""
    lines = told("thm-3-pmm.repaired.without.selection-function").story
    reached = [line for line in lines if "stay at (1, 2), which pays (0, 5/2)" in line]
    assert [line[:31] for line in reached] == [
        "p'_1, the PMP-extension of p_1,",
        "p'_2, the PMP-extension of p_2,",
    ]
    assert not any("different outcomes" in line for line in lines)


def test_projections_that_all_agree_on_are_not_said_to_be_missing():
    lines = told("thm-3-pmm.repaired.without.transitive-selection").story
    assert any(line.endswith("PMP_1 of (3, 0) is (3, 1); so p'_1 adds that.") for line in lines)
    assert any("They agree on (1, 3), (3, 0) and (3, 1)" in line for line in lines)
    assert not any("different outcomes" in line for line in lines)


def test_an_empty_projection_is_said_to_be_empty():
    lines = told("thm-3-pmm.repaired.without.projections-nonempty").story
    (line,) = [line for line in lines if "is empty" in line]
    assert line.startswith("p'_1, the PMP-extension of p_1, adds PMP_1 of what p_1 would reach")
    assert line.endswith("PMP_1 of (3, 1, 1) is empty, so p'_1 adds nothing.")


def test_an_extension_that_is_not_optimal_is_told_against_whom_its_player_expects():
    lines = SAVED["thm-3-equilibrium.repaired.without.csr-not-punished"]["story"]
    assert lines[-2:] == [
        "Against d_2, p'_1 reaches (1, 2), which pays (-1, 0), and p_1 reaches (1, 1), which pays "
        "(0, 0) (p'_1 is the PMP-extension of p_1).",
        "So player 1's extension earns -1 and is not optimal: p_1 earns 0.",
    ]
    assert "d_2 plays 1 if player 1 uses p_1, else 2." in lines


# Selection tables


def test_of_a_selection_table_only_what_is_used_is_told():
    data = SAVED[IMPROVES]
    table = parse_selection(data["programs"]["selection"])
    (line,) = [line for line in data["story"] if line.startswith("Default programs")]
    assert "the selection function is a table (it is in the file)" in line
    choices = re.findall(r"from \{(.*?)\} it selects \((.*?)\)", line)
    assert len(choices) == 2 < len(table.choices)
    for among, chosen in choices:
        elements = [tuple(one.split(", ")) for one in among.strip("()").split("), (")]
        assert len(elements) > 1
        assert table.look_up(elements) == tuple(chosen.split(", "))
        assert any(f"They agree on {{{among}}} and reach ({chosen})" in x for x in data["story"])


# Variants of extensions


@pytest.mark.parametrize(
    ("variant", "adds", "who"),
    [
        (
            "extension_only",
            "adds PMP_2 of what the programs that are extended would reach among themselves. They "
            "would reach (2, 1), which pays (1, 0): p_1 offers {(1, 1), (2, 1), (3, 1)}, and p_2 "
            "offers {(1, 1), (2, 1), (3, 1)}, so that they agree on {(1, 1), (2, 1), (3, 1)}. "
            "PMP_2 of (2, 1) is {(2, 1)}; so p'_2 adds that.",
            "player 2's program, player 1 gains (1 instead of 0) and player 2 loses (0 instead",
        ),
        (
            "unconditional",
            "adds PMP_2 of the default outcome (1, 1), which pays (0, 0), whatever would be "
            "reached: {(1, 1), (3, 1)}.",
            "player 2's program, player 1 loses (0 instead of 1) and player 2 gains (1 instead",
        ),
        (
            "final_outcome",
            "adds PMP_1 of what it reaches itself. If it adds {(2, 1)}, it reaches (2, 1), which "
            "pays (0, 1), and PMP_1 of (2, 1) is {(2, 1)}, so that this fits. If it adds nothing, "
            "it reaches (3, 1), which pays (1, 0), and PMP_1 of (3, 1) is {(3, 1)}, which p_1 "
            "offers anyway, so that this fits, too. The definition allows both; here p'_1 adds "
            "{(2, 1)}.",
            "player 1's program, player 1 loses (0 instead of 1) and player 2 gains (1 instead",
        ),
    ],
)
def test_another_extension_is_told_with_why_it_adds_what_and_who_loses(variant, adds, who):
    file = PROGRAM_GAMES / "counterexamples" / "variants" / variant / "thm-3-improves.json"
    story = json.loads(file.read_text(encoding="utf-8"))["story"]
    assert [line for line in story if line.endswith(adds)]
    assert f"By the extension of {who}" in story[-1]
    if variant == "unconditional":
        assert [line for line in story if "it selects (3, 1) from {(2, 1), (3, 1)}, (3, 1)" in line]


@pytest.mark.parametrize(
    ("name", "adds", "last"),
    [
        (
            "thm-3-inclusion",
            "p'_2, the PMP-extension of p_2 by this definition, adds PMP_2 of the default outcome",
            "Player 2's extension adds PMP_2 of (0, 0), the default outcome, and not of (2, 2/3), "
            "where the extensions end.",
        ),
        (
            "thm-3-equilibrium.repaired",
            "p'_1, the PMP-extension of p_1 by this definition, adds PMP_1 of the default outcome",
            "So player 1's extension earns 1 and is not optimal: another program, q_1, earns 2.",
        ),
    ],
)
def test_what_is_added_whatever_is_reached_is_told_of_whose_extension_fails(name, adds, last):
    file = PROGRAM_GAMES / "counterexamples" / "variants" / "unconditional" / f"{name}.json"
    story = json.loads(file.read_text(encoding="utf-8"))["story"]
    assert [line for line in story if line.startswith(adds)]
    assert story[-1].endswith(last)


# Beliefs


def beliefs(*weights):
    others = ('(always "Slot 2")', '(always "Slot 3")', '(always "Slot 1")')
    support = [{"probability": w, "opponents": [q]} for w, q in zip(weights, others, strict=False)]
    return [support, SAVED["thm-3-pmm"]["programs"]["beliefs"][1]]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (["1"], "Player 1 is certain of always Slot 2, player 2 of always Slot 1."),
        (
            ["1/3", "2/3"],
            "Player 1 believes in always Slot 2 with probability 1/3 or always Slot 3 with "
            "probability 2/3.",
        ),
        (
            ["1/3", "1/3", "1/3"],
            "Player 1 believes in always Slot 2, always Slot 3 or always Slot 1, each with "
            "probability 1/3.",
        ),
    ],
)
def test_beliefs_are_told_with_their_probabilities(weights, said):
    lines = told("thm-3-pmm", beliefs=beliefs(*weights)).story
    assert said in lines
    assert (len(weights) == 1) == ("Player 2 is certain of always Slot 1." not in lines)


@pytest.mark.parametrize("change", [None, "weights", "support"])
def test_all_combinations_are_said_to_be_equally_probable_only_if_they_are(change):
    name = "thm-3-pmm.repaired.without.correlated-randomisation"
    held = copy.deepcopy(SAVED[name]["programs"]["beliefs"])
    if change == "weights":
        held[2][0]["probability"], held[2][1]["probability"] = "1/8", "3/8"
    if change == "support":
        held[2] = held[2][:2]
        for entry in held[2]:
            entry["probability"] = "1/2"
    lines = told(name, beliefs=held).story
    assert any(line.startswith("Everybody expects") for line in lines) == (change is None)
    assert any(line.startswith("Player 3 believes") for line in lines) == (change is not None)


# f


def test_f_is_told_by_its_images():
    wrapped = '(csr (leximin) (always "2") (pmp 2))'
    name = "prop-4-spi.repaired.without.f-wraps-defaults-in-csr"
    lines = told(name, f=[['(always "1")'], [wrapped]]).story
    assert "f takes always 1 to always 1 (player 1), always 2 to p_2 (player 2)." in lines
    assert "p_2 is a CSR program with default always 2 that offers PMP_2." in lines
    assert "(always 1, always 2) ends at (1, 2), which pays (0, 0), also with f." in lines


def test_what_f_does_is_told_where_somebody_loses():
    name = "prop-1.repaired.without.rn-is-renegotiation-function"
    defaults = [['(always "3")', '(always "1")'], ['(always "1")']]
    lines = told(name, defaults=defaults).story
    assert lines[-2:] == (
        "(always 1, always 1) ends at (1, 1), which pays (0, 0), with f at (2, 1), which pays "
        "(2, -1).",
        "So f makes player 2 worse off at (always 1, always 1): -1 instead of 0.",
    )


def test_programs_with_different_selection_functions_are_not_said_to_agree():
    """Algorithm 2 renegotiates with programs of the same selection function only."""
    one, two = SAVED["thm-3-pmm"]["programs"]["equilibrium"]
    other = two.replace("leximin", "utilitarian")
    lines = told("thm-3-pmm", equilibrium=[one, other]).story
    assert "p = (p_1, p_2) pays (0, 0)." in lines
    assert any(
        "p_2 is a CSR program" in line and "selection function utilitarian" in line
        for line in lines
    )
    assert not any("agree" in line for line in lines)


# Words


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("(set)", "nothing"),
        ('(set ["Slot 1" "Slot 1"])', "(3, 1)"),
        ("(set [3 1] [1 3])", "(3, 1) and (1, 3)"),
        ("(improving)", "every improvement"),
        ("(pmp 2)", "PMP_2"),
        ("(either (pmp 1) (set [3 1]))", "PMP_1, and also (3, 1)"),
        ("(take (dictator 2))", "player 2's favourite of what the others offer"),
        ("(take (leximin))", "what leximin picks from what the others offer"),
        (
            "(both (improving) (pmp 1))",
            "what is in all of these: every improvement; PMP_1",
        ),
        ('(tag "kind" (pmp 1))', "PMP_1 (with the tag kind)"),
        ("(when (accepts 2 [3 1]) (pmp 1) (set))", "PMP_1 if player 2 offers (3, 1), else nothing"),
        (
            '(when (tagged 2 "kind") (pmp 1) (set))',
            "PMP_1 if player 2's function has the tag kind, else nothing",
        ),
        (
            '(when (tagged 2 "kind") (by-outcome (set) (row ["Slot 1" "Slot 2"] (pmp 1))) (set))',
            "if player 2's function has the tag kind, PMP_1 at (Slot 1, Slot 2), nothing "
            "elsewhere; else nothing",
        ),
        (
            '(when (tagged 2 "kind") (by-outcome (set) (row ["Slot 1" "Slot 2"] (pmp 1))) '
            '(by-outcome (set) (row ["Slot 1" "Slot 2"] (pmp 2))))',
            "PMP_1 if player 2's function has the tag kind, else PMP_2, at (Slot 1, Slot 2), "
            "nothing elsewhere",
        ),
        (
            '(when (tagged 2 "kind") (by-outcome (pmp 1) (row ["Slot 1" "Slot 2"] (pmp 1))) '
            '(by-outcome (set) (row ["Slot 1" "Slot 2"] (pmp 2))))',
            "if player 2's function has the tag kind, PMP_1 at (Slot 1, Slot 2), PMP_1 elsewhere; "
            "else PMP_2 at (Slot 1, Slot 2), nothing elsewhere",
        ),
        ("(improving-on-meet)", "every improvement where nobody gets less than the PMM"),
        ("(at-most 1 2)", "everything where player 1 gets at most 1/2"),
        ("(at-most 1 0 -2)", "everything where player 2 gets at least -1/2"),
        ("(at-most 3 1 2)", "everything where u_1 + (2) u_2 <= 3"),
        (
            "(both (improving-on-meet) (at-most 1 0 1))",
            "every improvement where nobody gets less than the PMM and player 2 gets at most 1",
        ),
        (
            "(both (improving-on-meet) (pmp 1))",
            "what is in all of these: every improvement where nobody gets less than the PMM; PMP_1",
        ),
        (
            "(when (now-at-most 1 0 1) (improving) (set))",
            "every improvement if player 2 gets at most 1, else nothing",
        ),
        ("(by-outcome (extension (pmp 1) (set)))", "(by-outcome (extension (pmp 1) (set)))"),
        (
            "(both " + " ".join(["(take (leximin))"] * 9) + ")",
            "a function too long to tell here (it is in the file)",
        ),
    ],
)
def test_functions_are_told_in_words_or_short_code(code, said):
    assert words().function(parse_function(code)) == said


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        (["(pmp 1)"], "PMP_1"),
        (["(pmp 1)"] * 3, "PMP_1 in every round"),
        (["(pmp 1)", "(set)"], "PMP_1 in round 1 and nothing in round 2"),
        (
            ["(pmp 1)"] * 39 + ["(set)", "(pmp 1)"],
            "PMP_1 in rounds 1 to 39, nothing in round 40 and PMP_1 in round 41",
        ),
    ],
)
def test_what_is_offered_round_after_round_is_said_once(rounds, said):
    functions = tuple(map(parse_function, rounds))
    told = words().iterated(0, ICSR(Leximin(), Always("Slot 1"), functions))
    assert told == f"an iterated CSR program with default always Slot 1 that offers {said}"


def test_a_table_for_all_outcomes_says_nothing_of_others():
    told_words = words("app-c")
    outcomes = [f'["Slot {k}" "Slot {j}"]' for k in (1, 2) for j in (1, 2)]
    rows = [f"(row {one} (set {one}))" for one in outcomes]
    whole = parse_function(f"(by-outcome (set) {' '.join(rows)})")
    part = parse_function(f"(by-outcome (set) {' '.join(rows[:2])})")
    itself = "only the outcome itself at"
    all_of = "(Slot 1, Slot 1), (Slot 1, Slot 2), (Slot 2, Slot 1) and (Slot 2, Slot 2)"
    assert told_words.function(whole) == f"{itself} {all_of}"
    two = "(Slot 1, Slot 1) and (Slot 1, Slot 2)"
    assert told_words.function(part) == f"{itself} {two}, nothing elsewhere"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('(if (plays 2 "Slot 2") (always "Slot 1") (always "Slot 3"))', "plays Slot 1 if "),
        ("(if (same-code) (always [1 1]) (always [3 1]))", "= (if (same-code) "),
        ('(renegotiate (map) (always "Slot 1"))', "renegotiates by a map that leaves every "),
    ],
)
def test_programs_are_told_in_words_or_short_code(code, said):
    told_words = words()
    name = told_words.name(0, parse_program(code))
    assert next(told_words.definitions()).startswith(f"{name} {said}")
    assert not list(told_words.definitions())


def test_a_program_that_is_too_long_is_not_quoted():
    entries = " ".join(f'(entry "Slot 1" (always "Slot {k}"))' for k in (1, 2, 3) * 9)
    told_words = words()
    told_words.name(0, parse_program(f'(table (always "Slot 1") {entries})'))
    assert list(told_words.definitions()) == [
        "p_1 = a program too long to tell here (it is in the file)."
    ]


def test_different_programs_never_share_a_name():
    told_words = words()
    functions = ['(tag "a" ' * k + "(pmp 1)" + ")" * k for k in range(14)]
    start = '(csr (leximin) (always "Slot 1")'
    programs = [parse_program(f"{start} {code})") for code in functions]
    extended = [parse_program(f"{start} (pmp-extension {code}))") for code in functions]
    called = [told_words.name(0, program) for program in [*extended, *programs]]
    assert len(set(called)) == 28
    assert called[:14] == [name.replace("_", "'_") for name in called[14:]]
    taken = words()
    taken.call(0, programs[1], "p'_1")
    taken.call(0, programs[0], "p_1")
    assert taken.name(0, extended[0]) == "p''_1"


def test_a_part_of_a_set_that_another_covers_is_not_told():
    told_words = words()
    base = told_words.base
    segment = base.pareto_meet_projection(1, (1, 1))
    point = base.finite([(1, 1)])
    assert (
        told_words.members(segment | point)
        == told_words.members(segment)
        == "all from (1, 1) to (3, 1)"
    )


# What is told where it matters


def lines_of(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["story"]


@pytest.mark.parametrize("name", ["app-c", "prop-1", "prop-2", "thm-3-wlog-csr"])
def test_the_pmm_is_not_told_where_nothing_speaks_of_it(name):
    assert not [line for line in lines_of(name) if "PMM" in line]


@pytest.mark.parametrize("variant", ["extension_only", "final_outcome", "unconditional"])
def test_a_variant_is_told_in_the_words_of_its_file(variant):
    file = PROGRAM_GAMES / "variants" / f"{variant}.py"
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))).partition("\n")[0]
    told = f"The definition of pmp_extension is another one, {variant}: {words}"
    assert told in lines_of(f"variants/{variant}/thm-3-improves")
    assert not [line for line in lines_of("thm-3-pmm") if "another one" in line]


def test_a_tie_is_told_with_how_it_was_broken():
    told = (
        "reach (2, 1), which pays (0, 1); leximin finds (2, 1) and (3, 1) equally good, and of "
        "those it takes the first outcome of the game."
    )
    lines = lines_of("variants/final_outcome/thm-3-improves")
    assert len([line for line in lines if line.endswith(told)]) == 1


def test_a_table_beside_other_offers_does_not_say_that_nothing_is_offered():
    (line,) = [line for line in lines_of("prop-4-pmm") if line.startswith("f makes")]
    assert "offers PMP_1, and also (0, 1, 0) at (3, 1, 1); of player 2" in line


def test_proposition_2_names_the_equilibrium_that_there_is():
    (line,) = [line for line in lines_of("prop-2") if "is a subjective equilibrium" in line]
    assert line.startswith(
        "(d_1, always Swerve) is a subjective equilibrium: player 1 expects to earn 3 and player 2 "
        "expects to earn 2, each the most"
    )
    assert line.endswith("Against each other they end at (Swerve, Swerve), which pays (2, 2).")


@pytest.mark.parametrize(
    ("name", "formerly"),
    [
        (
            "prop-2",
            "player 1's program d_1 earns 3, and no renegotiation program earns more than 2: none "
            "is used in equilibrium",
        ),
        (
            "prop-5",
            "every profile of G(P with all P_i^IRN) pays player 1 more than PMM + Delta = (2, 2), "
            "for every K and whatever the beliefs",
        ),
    ],
)
def test_a_conclusion_that_was_told_otherwise_is_accepted_from_older_files_only(name, formerly):
    data = json.loads((PROGRAM_GAMES / "counterexamples" / f"{name}.json").read_text())
    old = {**data, "wording": 5, "conclusion": formerly, "story": ["old"]}
    assert confirm_saved(old).conclusion == data["conclusion"]
    with pytest.raises(Rejected, match="the conclusion in the file differ"):
        confirm_saved({**data, "conclusion": formerly})
    with pytest.raises(Rejected, match="the conclusion in the file differ"):
        confirm_saved({**old, "conclusion": formerly.replace("2", "4")})


def test_an_example_is_told_with_its_game_and_what_is_believed():
    lines = lines_of("ex-4.3")
    assert lines[0].startswith("In this game player 1 chooses the row and player 2 the column")
    assert lines[-1].startswith("But with 5 rounds, there is always a better one: ")
    assert [line for line in lines if line.startswith("Player 1 expects that player 2 will")]
    assert len([line for line in lines if line.startswith("It is claimed: ")]) == 1
    assert "only (Slot 1, Slot 1) pays 3, where player 2 gets the PMM." in lines[-1]
    assert lines[-1].endswith("The other claim fails in the same way.")
    assert not [line for line in lines if "small-offers" in line]
