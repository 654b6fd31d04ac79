"""The documentation's commands and snippets do what it says."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from conftest import MODELS

from spi_verify.papers.paper import shipped_papers

ROOT = Path(__file__).parent.parent
TOLD_IN_ORDER = {"check-a-revision.md"}
"""Pages whose commands and files come one after the other; tests/test_revisions.py runs them."""
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if page.name not in TOLD_IN_ORDER
]
_BLOCK = re.compile(r"(<!-- (?:long|needs (\S+)) -->\n)?```(\w+)\n(.*?)```", re.S)

_PAPER = re.compile(r"# file: \S+/paper\.toml\n")
_FILE = re.compile(r"```(?:python|toml)\n# file: (\S+)\n(.*?)```", re.S)


def blocks(language: str) -> list:
    return [
        pytest.param(
            match[4],
            match[2],
            marks=[pytest.mark.long] if match[1] == "<!-- long -->\n" else [],
            id=f"{page.name}:{page.read_text()[: match.start()].count(chr(10)) + 1}",
        )
        for page in PAGES
        for match in _BLOCK.finditer(page.read_text())
        if match[3] == language and not _PAPER.match(match[4])
    ]


def without_trailing_spaces(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as the reader of the README has it."""
    (tmp_path / "models").symlink_to(MODELS)
    (tmp_path / "proofs").symlink_to(ROOT / "proofs")
    mine = next(m[4] for m in _BLOCK.finditer((ROOT / "README.md").read_text()) if m[3] == "toml")
    (tmp_path / "mine.toml").write_text(mine)
    for page in PAGES:
        for name, text in _FILE.findall(page.read_text()):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("block", "_needs"), blocks("console"))
def test_a_command_prints_what_the_page_shows(run, block, _needs):
    for session in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = session.partition("\n")
        program, *arguments = shlex.split(command, comments=True)
        assert program == "spi-verify"
        found = run(*arguments)
        if not shown.strip():
            code = re.search(r"# exit (\d)$", command)
            assert found.code == int(code[1] if code else 0), found.out + found.err
            continue
        parts = map(re.escape, f"{without_trailing_spaces(shown)}\n".split("...\n"))
        printed = f"{without_trailing_spaces(found.out + found.err)}\n"
        assert re.fullmatch(r"(?s:.*)".join(parts), printed), printed


@pytest.mark.parametrize(("block", "needs"), blocks("toml"))
def test_a_model_on_a_page_is_read_and_decided(run, tmp_path, block, needs):
    if needs:
        text = (
            'NFG 1 R "Chicken" { "Row" "Column" } { { "Swerve" "Dare" } { "Swerve" "Dare" } } "" '
        )
        (tmp_path / needs).write_text(text + "3 3 4 1 1 4 0 0")
    path = tmp_path / "model.toml"
    path.write_text(block)
    code = run("check", path).code
    if block.startswith("# file: "):
        assert code in (0, 1), "the commands on the page say which"
    else:
        assert code == int(block in PAGES[0].read_text())


@pytest.mark.parametrize(("block", "_needs"), blocks("python"))
def test_python_on_a_page_runs(block, _needs):
    from spi_verify.programs.language.terms import WORDS

    before = dict(WORDS)
    try:
        exec(compile(block, "page", "exec"), {})
    finally:
        WORDS.clear()  # what a page declares is for no other test's search
        WORDS.update(before)


def test_every_link_to_a_file_leads_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_table_of_claim_kinds_is_complete():
    from spi_verify.claims.kinds import NAMES

    page = (ROOT / "docs" / "model-files.md").read_text()
    page = page.partition("## Claims")[2].partition("## Parameters")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \| `", page, flags=re.M)) == set(NAMES)


def test_the_table_of_commands_in_the_readme_is_complete():
    from spi_verify.cli import COMMANDS

    page = (ROOT / "README.md").read_text()
    named = set(re.findall(r"^\| `spi-verify (\w[\w-]*)", page, flags=re.M))
    assert named == set(COMMANDS)


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"[\w./]+/[\w.]*\w|\w+\.(?:py|md)", " ".join(re.findall(r"`(.+?)`", text)))
    named = [name.removeprefix("./") for name in named if "NAME" not in name]
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_begins_with_a_picture_and_the_two_commands_and_repeats_no_heading():
    text = (ROOT / "README.md").read_text()
    screen = text.partition("\n## ")[0]
    assert len(screen.splitlines()) <= 24
    assert re.search(r"^!\[.+\]\((docs/figures/[\w.-]+)\)$", screen, re.MULTILINE)
    assert len(re.findall(r"^    pip install ", screen, re.MULTILINE)) == 2
    headings = re.findall(r"^#+ .*$", re.sub(r"```.*?```", "", text, flags=re.S), re.MULTILINE)
    assert len(set(headings)) == len(headings)


def test_the_software_is_cited_with_the_papers_that_it_ships():
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert cited["version"] == project["version"]
    told = {
        one["title"]: [a["family-names"] for a in one["authors"]] for one in cited["references"]
    }
    assert told == {one.title: list(one.authors) for one in shipped_papers().values()}
