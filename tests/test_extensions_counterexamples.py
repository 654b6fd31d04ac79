"""A kind of counterexample of one's own: found, told, saved, replayed, drawn; what may go wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_extensions_claims import install as put

from spi_verify.counterexamples import registry
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.errors import InputError, Rejected
from spi_verify.reports.portrait import portrait

EXTENSIONS = Path(__file__).parent / "extensions"
PAGE = Path(__file__).parent.parent / "docs" / "extending.md"
ENTRIES = {"segment": "segments:Segments"}


def install(site, entries, module="segments", text=None):
    """Put a module and its entry points where an installer would put them."""
    source = (EXTENSIONS / "segments.py").read_text() if text is None else text
    put(site, {registry.GROUP: entries}, module, source)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder in which packages are installed for this test."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    for known in (registry._offered, registry.named):
        known.cache_clear()
    yield folder
    for known in (registry._offered, registry.named):
        known.cache_clear()


@pytest.fixture
def installed(site):
    install(site, ENTRIES)
    yield site
    sys.modules.pop("segments", None)


@pytest.fixture
def suite(tmp_path):
    return shutil.copy(EXTENSIONS / "equal_pay.py", tmp_path)


def found_by(run, suite, tmp_path, *options):
    """Search, and return what was saved."""
    found = run("refute", suite, "equal-pay", "--save", tmp_path / "saved", *options)
    assert found.code == 0, found.out + found.err
    return json.loads((tmp_path / "saved" / "equal-pay.json").read_text())


def test_the_page_shows_the_files_that_are_tested():
    for name in ("segments.py", "equal_pay.py"):
        assert f"```python\n{(EXTENSIONS / name).read_text()}```" in PAGE.read_text()


@pytest.mark.long
def test_without_the_package_nothing_is_found_and_nothing_is_claimed(run, suite):
    found = run("refute", suite, "equal-pay")
    assert found.code == 3
    assert "that none exists is not settled by what is listed" in found.out


@pytest.mark.usefixtures("installed")
def test_a_counterexample_of_ones_own_is_found_told_saved_and_replayed(run, suite, tmp_path):
    data = found_by(run, suite, tmp_path, "--all", "2")
    assert data["kind"] == "segment"
    assert data["segment"] == {"ends": [["0", "1"], ["0", "1"]]}
    assert data["story"] == ["Feasible are all mixtures of (0, 1).", "Efficient is (0, 1)."]
    assert data["hypotheses"] == [{"name": "mixtures", "check": "a segment is convex"}]
    saved = sorted((tmp_path / "saved").iterdir())
    assert len(saved) == 2
    replayed = run("replay", *saved)
    assert replayed.code == 0, replayed.out + replayed.err
    assert replayed.out.count("everything efficient pays player 2 more than player 1") == 2


@pytest.mark.usefixtures("installed")
def test_it_is_drawn(run, suite, tmp_path):
    picture = tmp_path / "picture.svg"
    data = found_by(run, suite, tmp_path, "--plot", picture)
    assert "<svg" in picture.read_text()
    assert "Feasible set of a game of 2 players; the PMM is (0, 1)" in portrait(data, "x")


@pytest.mark.usefixtures("installed")
def test_beside_its_suite_it_settles_the_statement_in_a_proof_run(run, suite, tmp_path):
    data = found_by(run, suite, tmp_path)
    (tmp_path / "counterexamples").mkdir()
    (tmp_path / "counterexamples" / "equal-pay.json").write_text(json.dumps(data))
    found = run("prove", suite)
    assert found.code == 0, found.out + found.err
    assert "equal-pay: everything efficient pays player 2 more than player 1." in found.out
    assert "equal-pay  refuted  checked" in found.out


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("ends", "error", "said"),
    [
        ([["0", "1"], ["1", "0"]], Rejected, "something efficient pays both the same"),
        ([["1", "1"], ["0", "0"]], Rejected, "something efficient pays both the same"),
        ([["0", "1"]], InputError, "give two payoff profiles of two players"),
        ([["0", "1"], ["0", "x"]], InputError, "ends"),
    ],
)
def test_another_body_in_the_file_is_executed_and_rejected(run, suite, tmp_path, ends, error, said):
    data = found_by(run, suite, tmp_path)
    with pytest.raises(error, match=said):
        confirm_saved({**data, "segment": {"ends": ends}})


@pytest.mark.usefixtures("installed")
def test_what_the_kind_does_not_check_is_not_refuted(run, suite):
    text = Path(suite).read_text()
    more = 'Hypothesis("more", theory.axiom("projections_nonempty"), "More is supposed.")'
    Path(suite).write_text(text.replace("hypotheses=(mixed,)", f"hypotheses=(mixed, {more})"))
    found = run("refute", suite, "equal-pay")
    assert found.code == 3
    assert "the hypothesis more is not checked for segments" in found.out


@pytest.mark.long
def test_the_command_finds_the_package_and_a_file_alone_names_no_code(run, suite, tmp_path):
    install(tmp_path / "site", ENTRIES)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "COLUMNS": "200"}

    def command(*arguments):
        code = "from spi_verify.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
        )

    saved = tmp_path / "saved"
    refuted = command("refute", suite, "equal-pay", "--save", saved)
    assert refuted.returncode == 0, refuted.stderr
    replayed = command("replay", saved / "equal-pay.json")
    assert replayed.returncode == 0, replayed.stderr
    assert "everything efficient pays player 2 more" in replayed.stdout
    elsewhere = run("replay", saved / "equal-pay.json")
    assert elsewhere.code == 2
    known = "a counterexample is of kind executed, iterated, polytope, programs, sets"
    assert known in elsewhere.err


KIND = """
from spi_verify.counterexamples.kind import Kind

class {name}(Kind):
    name = "{called}"
    def applies(self, statement): raise SystemExit("asked")
    def find(self, *of): raise SystemExit("searched")
    {confirm}
"""
CONFIRM = "def confirm(self, *of): raise SystemExit('executed')"


def test_a_kind_of_the_package_is_not_replaced(run, site):
    text = KIND.format(name="Mine", called="programs", confirm=CONFIRM)
    install(site, {"programs": "mine:Mine"}, "mine", text)
    assert registry.kinds().count("programs") == 1
    found = run("refute", "prop-2", "--players", "2", "--outcomes", "2")
    assert found.code == 0, found.out + found.err


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("raise SystemError('broken')", "SystemError: broken"),
        ("", "has no attribute 'Mine'"),
        ("Mine = 1", "does not derive from spi_verify.counterexamples.kind.Kind"),
        ("class Mine: ...", "does not derive from spi_verify.counterexamples.kind.Kind"),
        (KIND.format(name="Mine", called="broken", confirm="pass"), "confirm"),
        (KIND.format(name="Mine", called="other", confirm=CONFIRM), "is not called 'broken'"),
    ],
)
def test_a_kind_that_cannot_be_loaded_is_told_and_costs_nobody_a_counterexample(
    run, site, suite, text, why
):
    install(site, {"broken": "broken_kind:Mine"}, "broken_kind", text)
    found = run("refute", "prop-2", "--players", "2", "--outcomes", "2")
    assert found.code == 0, found.out + found.err
    with pytest.raises(InputError) as error:
        registry.named("broken")
    assert "the kind of counterexample 'broken' cannot be loaded from broken_kind:Mine" in str(
        error.value
    )
    assert why in str(error.value)
    found = run("refute", suite, "equal-pay")
    assert "the kind of counterexample 'broken' cannot be loaded" in found.out
    sys.modules.pop("broken_kind", None)


def test_a_kind_called_like_a_key_of_every_file_is_refused(site):
    text = KIND.format(name="Mine", called="story", confirm=CONFIRM)
    install(site, {"story": "mine:Mine"}, "mine", text)
    with pytest.raises(InputError, match="not called 'story', or must not be"):
        registry.named("story")
    sys.modules.pop("mine", None)


@pytest.mark.usefixtures("installed")
def test_a_kind_that_two_packages_offer_is_refused(site):
    install(site, {"segment": "another:Mine"}, "another", "")
    with pytest.raises(InputError, match="offered twice, by another:Mine and segments:Segments"):
        registry.named("segment")
