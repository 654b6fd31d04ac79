"""A kind of claim of one's own: checked, refuted, replayed and told; and what may go wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from spi_verify.claims import registry
from spi_verify.claims.kinds import NAMES

EXAMPLE = Path(__file__).parent / "extensions" / "at_least"
GAME = """
[game]
players = ["Row", "Column"]
payoffs = [[[3, 1], [0, "-1/2"]], [[0, 0], [1, 3]]]
"""
CLAIM = """
[[claims]]
kind = "at-least"
player = {player}
least = {least}
"""
BUILT_IN = """
[[claims]]
kind = "pmm"
payoffs = [1, 1]
"""


def install(site, entries, module="at_least", text=None):
    """Put a module and its entry points where an installer would put them."""
    site.mkdir(exist_ok=True)
    if text is None:
        shutil.copy(EXAMPLE / "at_least.py", site)
    else:
        (site / f"{module}.py").write_text(text)
    info = site / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in found.items())
        for group, found in entries.items()
    ]
    (info / "entry_points.txt").write_text("".join(lines))


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder in which packages are installed for this test."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    registry._offered.cache_clear()
    yield folder
    registry._offered.cache_clear()
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(folder)):
            del sys.modules[name]


@pytest.fixture
def entries():
    return tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]["entry-points"]


@pytest.fixture
def installed(site, entries):
    install(site, entries)


def written(tmp_path, *claims, game=GAME):
    path = tmp_path / "m.toml"
    path.write_text(game + "".join(claims))
    return path


def result(found, k=0):
    return json.loads(found.out)["results"][k]


@pytest.mark.usefixtures("installed")
def test_a_claim_of_ones_own_is_checked(run, tmp_path):
    path = written(tmp_path, CLAIM.format(player=2, least='"-1/2"'), BUILT_IN)
    found = run("check", path, "--json", "-")
    assert found.code == 0
    assert result(found)["id"] == "m/at-least"
    assert result(found)["verdict"] == "proved"
    assert result(found)["reason"] == "the least is -1/2"
    assert result(found, 1)["verdict"] == "proved"


@pytest.mark.usefixtures("installed")
def test_a_claim_of_ones_own_is_refuted_told_and_replayed(run, tmp_path):
    path = written(tmp_path, CLAIM.format(player=2, least=0))
    told = "player 2 gets -1/2 at (1, 2), less than 0"
    found = run("check", path, "--save", tmp_path / "saved")
    assert found.code == 1
    assert told in found.out
    (saved,) = (tmp_path / "saved").iterdir()
    replayed = run("replay", saved)
    assert replayed.code == 0
    assert told in replayed.out
    data = json.loads(saved.read_text())
    for key, wrong in (("gets", "-1"), ("outcome", ["1", "1"])):
        spoilt = {**data, "violation": {**data["violation"], key: wrong}}
        saved.write_text(json.dumps(spoilt))
        assert run("replay", saved).code == 1


@pytest.mark.usefixtures("installed")
def test_a_claim_of_ones_own_is_decided_with_parameters(run, tmp_path):
    game = '[game]\npayoffs = [[[3, 1], ["c", 0]]]\n[parameters]\nnames = ["c"]\n'
    claims = (CLAIM.format(player=1, least=2), CLAIM.format(player=2, least=0))
    found = run("check", written(tmp_path, *claims, game=game), "--json", "-")
    assert result(found)["verdict"] == "refuted"
    assert result(found)["region"] == "c >= 2"
    assert result(found, 1)["verdict"] == "proved"
    assert result(found, 1)["evidence"] == "checked"


@pytest.mark.usefixtures("installed")
def test_bad_keys_of_a_claim_of_ones_own_are_named_and_lose_no_other_claim(run, tmp_path):
    claims = (CLAIM.format(player=3, least=0), '[[claims]]\nkind = "at-least"\nplayer = 1\n')
    found = run("check", written(tmp_path, *claims, BUILT_IN), "--json", "-")
    assert found.code == 2
    assert "claims[0].player: there is no player 3" in result(found)["reason"]
    assert "a claim of kind at-least needs the key least" in result(found, 1)["reason"]
    assert result(found, 2)["verdict"] == "proved"


@pytest.mark.long
def test_the_command_finds_a_claim_of_ones_own_and_replays_it_without_a_solver(tmp_path, entries):
    install(tmp_path / "site", entries)
    path = written(tmp_path, CLAIM.format(player=2, least=0))

    def command(*arguments, before="pass"):
        code = f"import sys; {before}; sys.argv = ['spi-verify', *{list(map(str, arguments))}]\n"
        code += "from spi_verify.cli import main; main()"
        environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": "", "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment
        )

    checked = command("check", path, "--save", tmp_path / "saved")
    assert checked.returncode == 1, checked.stderr
    assert "1 refuted" in checked.stdout
    (saved,) = (tmp_path / "saved").iterdir()
    without = "sys.modules['z3'] = sys.modules['cvc5'] = None"
    replayed = command("replay", saved, before=without)
    assert replayed.returncode == 0, replayed.stderr
    assert "player 2 gets -1/2" in replayed.stdout


@pytest.mark.usefixtures("site")
def test_a_model_file_names_no_code(run, tmp_path):
    (tmp_path / "site" / "at_least.py").write_text("raise SystemExit('run')")
    for kind in ("at_least:AtLeast", "at_least", "at-least", "../kinds/pmm", "os:system"):
        claim = f'[[claims]]\nkind = "{kind}"\nplayer = 1\nleast = 0\n'
        found = run("check", written(tmp_path, claim), "--json", "-")
        assert found.code == 2
        assert f"unknown kind of claim {kind!r} (there are: " in result(found)["reason"]


@pytest.mark.usefixtures("installed")
def test_installed_kinds_are_listed_after_those_of_the_package(run, tmp_path):
    found = run("check", written(tmp_path, '[[claims]]\nkind = "at-most"\n'), "--json", "-")
    assert result(found)["reason"].endswith(f", {NAMES[-1]}, at-least)")


def test_a_kind_of_the_package_is_not_replaced(run, tmp_path, site):
    install(site, {registry.GROUP: {"pmm": "at_least"}})
    found = run("check", written(tmp_path, BUILT_IN), "--json", "-")
    assert result(found)["verdict"] == "proved"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("raise SystemError('broken')", "SystemError: broken"),
        ("", "has no attribute 'FORMS'"),
        ("class A: ...\nFORMS = (A,)", "does not derive from spi_verify.claims.kind.Keys"),
        ("FORMS = ('A',)", "'A' does not derive from spi_verify.claims.kind.Keys"),
        (
            "from spi_verify.claims.kind import Keys\nclass A(Keys):\n"
            "    def check(self, instance): ...\n    def decide(self, instance): ...\n"
            "FORMS = (A,)",
            "A has no violations and no confirm and no story",
        ),
    ],
)
def test_a_kind_that_cannot_be_loaded_is_told_and_loses_no_other_claim(
    run, tmp_path, site, text, why
):
    install(site, {registry.GROUP: {"broken": "broken_kind"}}, "broken_kind", text)
    path = written(tmp_path, '[[claims]]\nkind = "broken"\n', BUILT_IN)
    found = run("check", path, "--json", "-")
    assert found.code == 2
    said = "the kind of claim 'broken' cannot be loaded from broken_kind"
    assert said in result(found)["reason"]
    assert why in result(found)["reason"]
    assert result(found, 1)["verdict"] == "proved"


def test_a_kind_that_two_packages_offer_is_refused(run, tmp_path, site, entries):
    install(site, entries)
    install(site, {registry.GROUP: {"at-least": "another"}}, "another", "FORMS = ()")
    found = run("check", written(tmp_path, CLAIM.format(player=1, least=0)), "--json", "-")
    assert found.code == 2
    said = "the kind of claim 'at-least' is offered twice, by another and at_least"
    assert said in result(found)["reason"]
