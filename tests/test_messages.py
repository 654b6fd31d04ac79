"""What is said to somebody whose input is not what was meant: one line, where, what to write."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from conftest import MODELS
from hypothesis import given
from hypothesis import strategies as st

import spi_verify
from spi_verify.claims.lines import MAX_READINGS, line_of
from spi_verify.cli import COMMANDS, app
from spi_verify.errors import InputError
from spi_verify.files import PICTURES, writing
from spi_verify.games.players import called
from spi_verify.games.rationals import parse_rational, remedy
from spi_verify.reports.plots import ENDINGS
from spi_verify.suggestions import meant, suggestion

ROOT = MODELS.parent
MODEL = """\
title = "Coordination"

[game]
players = ["Ann", "Bob"]
actions = [["Left", "Right"], ["Left", "Right"]]
payoffs = [
  [[3, 1], [0, 0]],
  [[2, 2], [1, 3]],
]

[renegotiation]
agree = [{ from = "mismatch", to = ["Left", "Left"] }]

[[claims]]
kind = "spi"
function = "agree"
"""
MODEL_IS_REFUTED = "agree sends (Right, Left) to (Left, Left), where Bob gets 1 instead of 2"


def one_line(found) -> str:
    """Return the only line of an error about bad input."""
    assert found.code == 2, found
    (line,) = found.err.splitlines()
    assert line.startswith("spi-verify: ")
    return line.removeprefix("spi-verify: ")


@pytest.fixture
def model(tmp_path, monkeypatch):
    """Write a changed model into the current folder, and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(old: str = "", new: str = "") -> str:
        assert old in MODEL
        Path("m.toml").write_text(MODEL.replace(old, new, 1) if old else MODEL, encoding="utf-8")
        return "m.toml"

    return write


# What was expected, and what came out


def test_a_surprise_says_what_was_expected_and_what_came_out(run, model):
    found = run("check", model())
    assert found.code == 1
    assert re.search(
        r"^m/spi-agree +refuted +checked +NO: expected proved, is refuted *$", found.out, re.M
    )
    assert "NO: proved" not in found.out


# Model files: line, key, what is wrong, what to write


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("payoffs", "payoff", "line 6: game: unknown key 'payoff'; did you mean 'payoffs'?"),
        ("[game]", "[gmae]", "line 3: unknown key 'gmae'; did you mean 'game'?"),
        (
            "[renegotiation]",
            "[renegotiations]",
            "line 11: unknown key 'renegotiations'; did you mean 'renegotiation'?",
        ),
        (
            '"mismatch"',
            '"missmatch"',
            "line 12: renegotiation.agree[0].from: 'missmatch' is not allowed here; did you mean "
            "'mismatch'? (there are: any, inefficient, mismatch)",
        ),
        ("from =", "form =", "line 12: renegotiation.agree[0]: unknown key 'form'; did you mean"),
        (
            'title = "Coordination"',
            'feasible = "corelated"',
            "line 1: feasible: 'corelated' is not allowed here; did you mean 'correlated'?",
        ),
        (
            "[[claims]]",
            "[claims]",
            "line 14: claims: expected a list, got a table; write [[claims]]",
        ),
        ("[0, 0]", '["−1", 0]', "line 7: game.payoffs[0][1][0]: unexpected '−' in '−1'; write -1,"),
        (
            "[0, 0]",
            '["50%", 0]',
            "line 7: game.payoffs[0][1][0]: unexpected '%' in '50%'; write 1/2",
        ),
        (
            "[0, 0]",
            '["0,5", 0]',
            "line 7: game.payoffs[0][1][0]: unexpected ',' in '0,5'; write 0.5,",
        ),
        ("[0, 0]", '["½", 0]', "line 7: game.payoffs[0][1][0]: unexpected '½' in '½'; write 1/2"),
        ("[0, 0]", "[−1, 0]", "(at line 7, column 13); write -1, with the plain hyphen '-'"),
        ("[0, 0]", "[50%, 0]", '(at line 7, column 15); write "1/2"'),
        ("[0, 0]", "[1/2, 0]", '(at line 7, column 14); write "1/2", in quotes'),
        (
            "[0, 0]",
            "[0,5, 0]",
            "line 6: game.payoffs: the rows of the table have different lengths: payoffs[0][1] has "
            "3 entries, where others have 2 (a decimal comma separates entries: write 0.5)",
        ),
        ("[0, 0]", '["c", 0]', 'none is declared; write names = ["c"] under [parameters]'),
        (
            '["Left", "Right"], ["Left", "Right"]',
            '["Left", "Right"], ["Left", "Right", "Up"]',
            "line 5: game.actions: the players have 2 x 3 actions, and the table of payoffs has "
            "2 x 2 outcomes",
        ),
        (
            'to = ["Left", "Left"]',
            'to = ["Left", "left"]',
            "line 12: renegotiation.agree[0]: Bob has no action 'left'; did you mean 'Left'?",
        ),
    ],
)
def test_what_is_wrong_in_a_model_file_is_named_with_its_line_and_what_to_write(
    run, model, old, new, said
):
    assert said in one_line(run("check", model(old, new)))


def test_flat_payoffs_are_told_the_shape_that_is_right_for_the_game(run, model):
    flat = MODEL[MODEL.index("payoffs") : MODEL.index("\n\n[renego")]
    said = one_line(run("check", model(flat, "payoffs = [[3, 0], [2, 1]]")))
    assert "each outcome needs a list with one payoff for each player" in said
    example = re.search(r"for 2 players with 2 x 2 actions write (\[\S.*\]) with", said)
    assert example is not None
    found = run("check", model(flat, f"payoffs = {example[1]}"))
    assert found.code == 1, found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"spi"', '"spii"', "line 15: claims[0].kind: unknown kind of claim 'spii'; did you mean"),
        ("function =", "functoin =", "needs the key function; did you mean it by 'functoin'?"),
        ('= "agree"', '= "agre"', "unknown renegotiation function 'agre'; did you mean 'agree'?"),
        (
            'function = "agree"',
            'function = "agree"\nexpext = "refuted"',
            "line 17: claims[0]: unknown key 'expext'; did you mean 'expect'?",
        ),
        (
            'function = "agree"',
            'function = "agree"\nexpect = "false"',
            "line 17: claims[0].expect: 'false' is not allowed here (there are: proved, refuted,",
        ),
        (
            'kind = "spi"\nfunction = "agree"',
            'kind = "pmp"\nplayer = "Ann"\noutcome = ["Left", "Left"]',
            "line 16: claims[0].player: expected a whole number, got a text; players are numbered",
        ),
    ],
)
def test_what_is_wrong_with_a_claim_is_named_with_its_line_and_what_is_near(
    run, model, old, new, said
):
    found = run("check", model(old, new))
    assert (found.code, found.err) == (2, "")
    assert said in found.out, found.out


LINES = st.text(alphabet="ab\"=[]{}.,1\n' #", max_size=120)


@given(LINES, st.sampled_from(["a", "b", "a.b", "a[0]", "b[1]", "a.b.a", "a[0].b", "b.a[1]"]))
def test_a_line_that_is_named_is_the_right_one(text, where):
    """Nothing before that line matters to what stands at the place, and the line itself does."""
    try:
        data = tomllib.loads(text)
    except ValueError:
        return
    line = line_of(where, text, data)
    if line is None:
        return
    lines = text.split("\n")
    without = "\n".join([*lines[: line - 1], *lines[line:]])
    with contextlib.suppress(ValueError):
        assert tomllib.loads(without) != data


def test_lines_are_named_where_a_key_stands_often():
    text = 'a = "b"  # b\n[b]\nc = 1 # a\n[[d]]\na = 1\nb = "a"\n[[d]]\na = 1\nb = "b"\n'
    data = tomllib.loads(text)
    places = {"a": 1, "b": 2, "b.c": 3, "d[0].a": 5, "d[0].b": 6, "d[1].a": 8, "d[1].b": 9}
    assert {where: line_of(where, text, data) for where in places} == places
    assert line_of("d", text, data) is None  # it begins on two lines
    dotted = '"a.b" = 1\na.b = 2\n'
    assert line_of("a.b", dotted, tomllib.loads(dotted)) is None  # it can mean two keys


def test_many_claims_with_a_typo_cost_a_few_readings_and_stand_on_their_lines(
    run, model, monkeypatch
):
    """The first ones with the line of the typo, the others with that of their header."""
    read, count = tomllib.loads, 0

    def counted(*args, **named):
        nonlocal count
        count += 1
        return read(*args, **named)

    claim = MODEL[MODEL.index("[[claims]]") :]
    wrong = f"\n{claim.replace('function', 'functoin')}payofs = 1\nfunction = 'payofs'\n"
    many = model(claim, claim + 200 * wrong)
    monkeypatch.setattr(tomllib, "loads", counted)
    found = run("check", many)
    assert found.code == 2
    assert 20 < count <= MAX_READINGS + 1
    typos = [
        k
        for k, line in enumerate(Path(many).read_text(encoding="utf-8").split("\n"), 1)
        if "functoin" in line
    ]
    named = [int(line) for line in re.findall(r"line (\d+): claims\[\d+\]", found.out)]
    assert named == [*typos[:20], *(line - 2 for line in typos[20:])]


@pytest.mark.parametrize("text", ["−1", "–3/4", "50%", "12.5 %", "0,5", "1,000", "½", "１"])
def test_what_is_to_be_written_instead_of_a_number_is_one(text):
    said = re.match(r"; write (\S+?)(,? |,$|$)", remedy(text))
    assert said is not None
    parse_rational(said[1])


# Players by name


@pytest.mark.parametrize(
    ("players", "names"),
    [
        (["Ann", "Bob"], ["Ann", "Bob"]),
        (["Player 1", "Player 2"], ["player 1", "player 2"]),
        (["2", "1"], ["player 1", "player 2"]),
        (["Player 2", "player1"], ["player 1", "player 2"]),
        (["Ann", "Ann"], ["player 1", "player 2"]),
        (["Everybody", "others"], ["player 1", "player 2"]),
        (["", "the mayor of A"], ["player 1", "the mayor of A"]),
    ],
)
def test_a_player_has_the_name_of_the_file_if_it_is_one(players, names):
    assert [called(players, number) for number in (1, 2)] == names


def test_players_have_their_names_in_tables_and_stories(run, model):
    found = run("check", model(), "--save", "found")
    assert MODEL_IS_REFUTED in found.out
    (saved,) = Path("found").iterdir()
    assert MODEL_IS_REFUTED in run("replay", saved).out
    assert "PMP of Ann" in run("show", "m.toml").out
    assert "by Bob alone" in run("improve", "m.toml", "--unilateral", "Bob").out
    numbered = run("improve", "m.toml", "--unilateral", "2")
    assert numbered == run("improve", "m.toml", "--unilateral", "Bob")
    said = one_line(run("improve", "m.toml", "--unilateral", "Cid"))
    assert said == "m.toml: --unilateral: there is no player Cid; there are: 1 (Ann), 2 (Bob)"
    said = one_line(run("show", "m.toml", "--outcome", "left, Left"))
    assert said.startswith("--outcome: Ann has no action 'left'; did you mean 'Left'?")


def test_a_counterexample_saved_with_numbers_of_players_is_still_confirmed(run, model):
    run("check", model(), "--save", "found")
    (saved,) = Path("found").iterdir()
    saved.write_text(saved.read_text().replace("where Bob gets", "where player 2 gets"))
    assert run("replay", saved).code == 0
    saved.write_text(saved.read_text().replace("where player 2 gets", "where Ann gets"))
    assert run("replay", saved).code == 1


# Statements, definitions, hypotheses


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("prove", "theorem 3"),
        ("refute", "Theorem 3"),
        ("suffice", "thm3"),
        ("coarsen", "thm-3"),
        ("explain", "Thm. 3"),
    ],
)
def test_a_statement_is_found_by_its_number_and_not_all_are_listed(run, command, named):
    found = run(command, named)
    assert found.code == 2
    said = found.err.splitlines()[-1]
    assert "'thm-3-pmm'" in said
    assert "'thm-3-equilibrium'" in said
    assert "did you mean" in said
    assert "prop-1" not in said
    assert "/repaired" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prove", "Proposition 1"], "did you mean 'prop-1'?"),
        (["prove", "zzz"], "('spi-verify list' says what there is)"),
        (
            ["prove", "prop-1", "--without", "somebody-gain"],
            "did you mean 'somebody-gains'? (there",
        ),
        (
            ["prove", "prop-1", "--with", "efficent=x.py:f"],
            "x.py: --with efficent: there is no such",
        ),
        (
            ["suffice", "prop-1", "--pool", "some-gains"],
            "has no hypothesis 'some-gains'; did you mean",
        ),
        (["prove", "prop-1", "--with", "pmp_extension=evrywhere"], "did you mean 'everywhere'?"),
    ],
)
def test_what_is_unknown_is_answered_with_what_is_near(run, arguments, said):
    found = run(*arguments)
    assert found.code == 2
    assert said in found.err.splitlines()[-1]


def test_a_definition_of_the_wrong_arity_is_one_line_with_its_place(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text(
        "import z3\n\n\ndef efficient(theory):\n    return z3.BoolVal(True)\n"
    )
    said = one_line(run("prove", "prop-1", "--with", "efficient=own.py:efficient"))
    wrong = "the variant of 'efficient' must take the arguments (theory, a), and takes (theory)"
    assert said == f"own.py: line 4: --with efficient: {wrong}"
    said = one_line(run("prove", "prop-1", "--with", "efficient=own.py:eficient"))
    assert said.endswith(
        "there is no 'eficient' in it; did you mean 'efficient'? (there are: efficient)"
    )
    toml = 'title = "x"\nextends = "program-games"\n[definitions]\nefficient = "own.py:efficient"\n'
    Path("paper.toml").write_text(toml)
    assert one_line(run("list", ".")) == f"own.py: line 4: {wrong}"


# Command lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "did you mean 'check'?"),
        (["check"], "check: Missing argument 'MODEL...' ('spi-verify check --help' says more)"),
        (["check", "x", "--jsn", "y"], "check: No such option: --jsn"),
        (["show", "x", "--feasible", "corelated"], "did you mean 'correlated'? (there are: pure,"),
        (["refute", "prop-1", "--players", "9"], "'--players': write at most 4"),
        (["refute", "prop-1", "--all", "x"], "'--all': write a number"),
        (["init", "new", "--draft", "--of", "program_games"], "did you mean 'program-games'?"),
        (
            ["show", str(MODELS / "chicken.toml"), "--disagreement", "0,5,1"],
            "not 3; write 0.5 for a half",
        ),
        (["audit", "program_games"], "did you mean 'program-games'?"),
        (
            ["tightness", "x", "--rounds", "2", "--delta", "50%"],
            "--delta: '50%' is not a number; write",
        ),
        (["check-code", "a.py", "--game", str(MODELS / "chicken.toml")], "nor FILE.py:FUNCTION"),
        (
            ["check-code", "a.py:f", "--game", str(MODELS / "chicken.toml")],
            "a.py: there is no such",
        ),
    ],
)
def test_a_mistake_on_a_command_line_is_one_line(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert said in one_line(run(*arguments))


def test_a_function_is_checked_in_a_file_with_what_lies_beside_it(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("sub/own.py").write_text(
        "from beside import f\n\n\ndef g(outcome):\n    return f(outcome)\n"
    )
    Path("sub/beside.py").write_text("def f(outcome):\n    return outcome\n")
    game = str(MODELS / "chicken.toml")
    found = run("check-code", "sub/own.py:g", "--game", game)
    assert found.code == 1
    assert "g improves nothing for anyone" in found.out
    said = one_line(run("check-code", "sub/own.py:h", "--game", game))
    assert said == "sub/own.py has no function h (there are: f, g)"


def test_every_command_has_a_short_option_for_help_and_the_program_a_version(run):
    found = run("--version")
    assert (found.code, found.out) == (0, f"spi-verify {spi_verify.__version__}\n")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == spi_verify.__version__
    for name in COMMANDS:
        assert run(name, "-h") == run(name, "--help")
        assert run(name, "-h").code == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("ch", ["check", "check-code"]),
        ("refute --p", ["--players", "--pytest", "--plot"]),
        ("show x.toml --feasible co", ["correlated"]),
        ("prove proofs/pr", []),  # by bash itself, which knows what files there are
    ],
)
def test_bash_completes_once_it_has_been_told_as_the_reference_says(words, completed):
    told = re.search(r'eval "[^`]*bash_source[^`]*', (ROOT / "docs" / "cli.md").read_text())
    asked = f"""
{told[0]}
complete -p spi-verify > /dev/null || exit 1
compopt() {{ echo "compopt $*"; }}
COMP_WORDS=(spi-verify {words})
COMP_CWORD={len(words.split())}
_spi_verify_completion spi-verify
echo "${{COMPREPLY[@]}}"
"""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shown = subprocess.run(
        ["bash", "-c", asked], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert shown.stdout.split() == (completed or ["compopt", "-o", "default"]), shown.stderr


# Output


OUTPUTS = {
    "check": ("--json", "--junit", "--sarif", "--summary"),
    "prove": ("--json", "--junit", "--sarif", "--summary", "--html"),
    "refute": ("--json", "--junit", "--sarif", "--summary", "--html", "--pytest"),
    "audit": ("--json", "--junit", "--sarif", "--summary", "--html", "--markdown", "--latex"),
    "improve": ("--json", "--write"),
    "tightness": ("--json", "--save"),
    "suffice": ("--json",),
    "show": ("--json",),
    "list": ("--json",),
    "explain": ("--json",),
    "coarsen": ("--json",),
    "merge": ("--json",),
    "replay": ("--json",),
    "export": ("--json",),
}
PICTURES_OF = ("show", "refute", "suffice", "tightness")
FOLDERS_OF = {
    "check": ("--save", "--plot"),
    "refute": ("--save",),
    "prove": ("--certificates",),
    "export": ("--directory", "--coq"),
}


@pytest.mark.parametrize(
    ("command", "option"), [(name, option) for name, all_of in OUTPUTS.items() for option in all_of]
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(run, tmp_path, command, option):
    needed = ["--rounds", "2", "--delta", "1"] if command == "tightness" else []
    said = one_line(run(command, "x", *needed, option, tmp_path / "none" / "file"))
    assert said == f"{tmp_path}/none/file: cannot write it: there is no folder {tmp_path}/none"
    assert "this is a folder" in one_line(run(command, "x", *needed, option, tmp_path))


@pytest.mark.parametrize("command", PICTURES_OF)
def test_a_picture_that_cannot_be_written_is_refused_before_the_work(run, tmp_path, command):
    needed = ["--rounds", "2", "--delta", "1"] if command == "tightness" else []
    said = one_line(run(command, "x", *needed, "--plot", "x.txt"))
    assert said == "x.txt: a picture cannot be written as .txt; use one of .png, .svg, .pdf"
    said = one_line(run(command, "x", *needed, "--plot", tmp_path / "none" / "x.svg"))
    assert "there is no folder" in said
    assert set(PICTURES) == set(ENDINGS)


@pytest.mark.parametrize(
    ("command", "option"),
    [(name, option) for name, all_of in FOLDERS_OF.items() for option in all_of],
)
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(run, tmp_path, command, option):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        assert "cannot make the folder: " in one_line(run(command, "x", option, folder))


@pytest.mark.parametrize("option", ["--json", "--junit", "--sarif", "--summary"])
def test_a_report_goes_to_standard_output_and_everything_else_does_not(run, model, option):
    found = run("check", model(), option, "-")
    assert found.code == 1
    assert found.out[0] in "{<#"
    assert MODEL_IS_REFUTED in found.err
    other = "--sarif" if option == "--json" else "--json"
    said = one_line(run("check", "m.toml", option, "-", other, "-"))
    assert said == f"{option} and {other} cannot both go to standard output"
    assert run("check", "m.toml").out.startswith("claim")  # what one run noted is forgotten


def test_what_was_written_is_said(run, model):
    found = run(
        "check", model(), "--json", "a.json", "--junit", "b.xml", "--sarif", "c.sarif",
        "--summary", "d.md", "--save", "e",
    )  # fmt: skip
    said = found.out.splitlines()[-5:]
    assert said == [
        "saved e/m.spi-agree.json",
        "wrote b.xml",
        "wrote c.sarif",
        "added to d.md",
        "wrote a.json",
    ]


# What is near


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("payoff", ["players", "payoffs"], ["payoffs"]),
        ("Lemma 3", ["lem-3-a", "lem-3-b", "lem-30"], ["lem-3-a", "lem-3-b"]),
        ("PROP-1", ["prop-1", "prop-10"], ["prop-1"]),
        ("10", ["1", "2"], []),
        ("x", [], []),
    ],
)
def test_what_was_probably_meant_is_found(name, known, near):
    assert meant(name, known) == near


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=30))
def test_what_is_suggested_is_there(name, known):
    assert set(meant(name, known)) <= set(known)
    assert suggestion(name, known)


def test_every_option_that_names_an_output_is_tried_before_the_work():
    written = re.compile(r"(Write|Draw|Save|Append|Where to write)\b")
    tried = []
    for name in COMMANDS:
        for option in app.get_command(click.Context(app), name).params:
            if written.match(option.help) and option.metavar is not None:
                assert option.callback is not None, f"{name} {option.name}"
                tried.append(f"{name} {option.name}")
    assert len(tried) > 40


def where_it_says(text: str) -> set[str]:
    """Return the modules of the package in which a text stands."""
    package = Path(spi_verify.__file__).parent
    return {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if text in file.read_text(encoding="utf-8")
    }


def test_it_is_said_in_one_place_that_a_file_cannot_be_written_and_how_it_is_said_that_one_is(
    tmp_path,
):
    assert where_it_says('f"cannot write it: {error') == {"files.py"}
    with pytest.raises(InputError) as raised, writing(tmp_path):
        tmp_path.write_text("")
    assert str(raised.value) == f"{tmp_path}: cannot write it: Is a directory"
    commands = Path(spi_verify.__file__).parent / "commands"
    for file in commands.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(print|echo)\(\s*f\"(wrote|saved|recorded|\w+ written)", text), file


@pytest.mark.parametrize(
    "command", [["show"], ["tightness", "--rounds", 1, "--delta", "1/10"]], ids=lambda one: one[0]
)
def test_a_long_name_of_a_file_that_is_written_stays_on_one_line(
    run, tmp_path, monkeypatch, command
):
    monkeypatch.setenv("COLUMNS", "40")
    picture = tmp_path / f"{'long' * 20}.svg"
    found = run(command[0], MODELS / "scheduling.toml", *command[1:], "--plot", picture)
    assert found.out.splitlines()[-1] == f"wrote {picture}"


def test_whatever_is_written_is_said_in_the_same_word():
    commands = Path(spi_verify.__file__).parent / "commands"
    for file in commands.glob("*.py"):
        said = re.findall(r"\w+ written: ", file.read_text(encoding="utf-8"))
        assert set(said) <= {"not written: "}, file


def test_reports_in_markdown_and_latex_are_written_and_named(run, model, tmp_path):
    found = run("check", model(), "--markdown", "a.md", "--latex", "a.tex")
    assert found.out.splitlines()[-2:] == ["wrote a.md", "wrote a.tex"]
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# ")
    assert "\\section" in (tmp_path / "a.tex").read_text(encoding="utf-8")
