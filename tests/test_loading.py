"""Games come from files of any known format, and a stranger can add one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS
from extensions.lrs_games import LRS

from spi_verify.errors import InputError
from spi_verify.games import GameFile, GameFormat, load_game, loading, register_format
from spi_verify.games.nfg import parse_nfg

NFG = 'NFG 1 R "g" { "A" "B" } { { "a" "b" } { "x" "y" } } 1 0 0 1 0 1 1 0'
TABLE = "2 2\n\n3 1\n4 0\n\n3 4\n1 1/2\n"
EXTENSIONS = Path(__file__).parent / "extensions"
PAGE = Path(__file__).parent.parent / "docs" / "extending.md"


@pytest.fixture
def formats(monkeypatch):
    """The table of formats, which is afterwards as it was."""
    monkeypatch.setattr(loading, "_FORMATS", list(loading._FORMATS))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.lrs"
    path.write_text(TABLE)
    return path


def command(*arguments: object, path: tuple[Path, ...]) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that finds what is installed at further places."""
    return subprocess.run(
        [sys.executable, "-m", "spi_verify", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def installed(folder: Path, entry: str) -> Path:
    """Make what pip leaves of a package with an entry point."""
    info = folder / "installed" / "lrs_games-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lrs-games\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{loading.GROUP}]\nlrs = {entry}\n")
    return info.parent


@pytest.mark.parametrize("name", ["g.nfg", "G.NFG", "g", "g.txt"])
def test_a_game_is_known_by_its_ending_or_by_how_it_begins(tmp_path, name):
    path = tmp_path / name
    path.write_text(NFG)
    assert load_game(path).game == parse_nfg(NFG)
    assert load_game(str(path)) == GameFile(parse_nfg(NFG))


def test_a_model_is_known_by_how_it_begins(run, tmp_path):
    path = tmp_path / "model.txt"
    path.write_text((MODELS / "scheduling.toml").read_text())
    assert run("show", path).code == 0


@pytest.mark.usefixtures("formats")
def test_the_beginning_decides_between_formats_with_the_same_ending(tmp_path):
    other = GameFormat(
        "another", (".nfg",), lambda head: head.startswith("other"), lambda _: GameFile(game)
    )
    game = parse_nfg(NFG)
    register_format(other)
    path = tmp_path / "g.nfg"
    path.write_text("other")
    assert load_game(path).game is game
    path.write_text(NFG)
    assert load_game(path).game is not game


@pytest.mark.usefixtures("formats")
def test_of_two_formats_with_one_name_only_the_first_is_registered():
    register_format(LRS)
    register_format(LRS)
    with pytest.raises(InputError, match="named 'matrices of lrsnash' already"):
        register_format(GameFormat(LRS.name, (".tab",), LRS.recognises, LRS.read))


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "table.lrs"],
        ["refute", "prop-1", "--game", "table.lrs"],
        ["check-code", "os.path:join", "--game", "table.lrs"],
        ["tightness", "table.lrs", "--rounds", 1, "--delta", 1],
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_unknown_format_is_one_line_with_those_that_are_known(
    run, arguments, table, monkeypatch
):
    monkeypatch.chdir(table.parent)
    found = run(*arguments)
    assert found.code == 2
    assert found.err == (
        "spi-verify: table.lrs: no known format of games; there are: Gambit normal form (.nfg), "
        "Gambit extensive form (.efg), table of payoffs (.csv, .tsv, .tab), numpy arrays (.npy, "
        ".npz), GENIUS domain (.xml), GeniusWeb domain (.json), negmas domain (.yml, .yaml), "
        "model file (.toml)\n"
    )


def test_a_broken_model_is_still_no_toml_file(run, tmp_path):
    path = tmp_path / "model.toml"
    path.write_text("[game")
    assert "not a TOML file" in run("show", path).err


def test_what_is_no_file_is_said_to_be_none(run, tmp_path):
    for name, said in (("none.lrs", "there is no such file"), ("", "this is not a file")):
        found = run("show", tmp_path / name)
        assert (found.code, said in found.err) == (2, True)


@pytest.mark.usefixtures("formats")
def test_a_registered_format_is_read_by_every_command(run, table):
    register_format(LRS)
    data = json.loads(run("show", table, "--json", "-").out)
    assert data["title"] == "table"
    assert data["efficient"] == [["1", "1"], ["1", "2"], ["2", "1"]]
    assert run("tightness", table, "--rounds", 1, "--delta", 1).code in (0, 3)
    found = run("show", table, "--set", "x=1")
    assert (found.code, "a .lrs file has no parameters to set" in found.err) == (2, True)
    found = run("refute", "prop-1", "--game", table)
    assert "no known format" not in found.err
    model = table.with_name("model.toml")
    model.write_text('game = { file = "table.lrs" }\n[[claims]]\nkind = "pmm"\npayoffs = [1, 1]\n')
    assert run("check", model).code == 0


@pytest.mark.usefixtures("formats")
def test_a_fault_in_a_file_of_a_further_format_names_file_and_line(run, table):
    register_format(LRS)
    table.write_text(TABLE.replace("1/2", "half"))
    found = run("show", table)
    assert found.code == 2
    assert found.err.startswith(f"spi-verify: {table}: line 7: 'half' is not a number")


def test_an_installed_package_adds_a_format_by_an_entry_point(tmp_path, table):
    path = (EXTENSIONS, installed(tmp_path, "lrs_games:LRS"))
    found = command("show", table, path=path)
    assert (found.returncode, "PMM           (1, 1)" in found.stdout) == (0, True), found.stderr
    unknown = table.with_suffix(".none")
    unknown.write_text("?")
    found = command("show", unknown, path=path)
    assert found.returncode == 2
    assert found.stderr.endswith("model file (.toml), matrices of lrsnash (.lrs)\n")


@pytest.mark.parametrize("entry", ["lrs_games:NONE", "lrs_games:read", "no_such_module:LRS"])
def test_a_broken_installed_format_is_named_and_loses_no_game_of_another(tmp_path, table, entry):
    path = (EXTENSIONS, installed(tmp_path, entry))
    found = command("show", table, path=path)
    assert (found.returncode, found.stderr.count("\n")) == (2, 1), found.stderr
    assert "the installed format of games 'lrs'" in found.stderr
    good = tmp_path / "g.nfg"
    good.write_text(NFG)
    assert command("show", good, path=path).returncode == 0


def test_the_page_shows_the_example_that_is_tested():
    assert f"```python\n{(EXTENSIONS / 'lrs_games.py').read_text()}```" in PAGE.read_text()


def test_games_import_nothing_of_ours_but_the_smallest_rooms():
    import ast

    room = Path(loading.__file__).parent
    allowed = tuple(
        f"spi_verify.{name}"
        for name in ("games", "arguments", "effort", "errors", "files", "suggestions")
    )
    for file in room.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith(("z3", "cvc5")), (file.name, name)
                assert not name.startswith("spi_verify") or name.startswith(allowed), (
                    file.name,
                    name,
                )
