"""Drafts: papers that extend another have its statements, decided under their own definitions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spi_verify.papers.drafts import read_draft
from spi_verify.papers.paper import read_paper

HEAD = """
import z3
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import define
from spi_verify.theory.signature import Outcome, Player, member, sel, selected, u
from spi_verify.verdicts import Verdict
a, b, x = z3.Consts("a b x", Outcome)
i = z3.Const("i", Player)


def claim(theory, id, goal, *names, title="A claim", lemmas=None, expected=Verdict.PROVED):
    definitions = tuple(name for name in names if name not in (lemmas or {}))
    return Statement(
        id=id, title=title, theory=theory, hypotheses=(), definitions=definitions,
        lemmas=lemmas or {}, steps=(Step("goal", goal, names),), expected=expected,
    )


def better(theory, sign):
    premise = z3.ForAll([i], u(i, b) >= u(i, a) if sign else u(i, b) <= u(i, a))
    return z3.ForAll([a, b], z3.Implies(premise, theory.weakly_improves(b, a)))
"""

FIRST = """
@define()
def better_improves(theory):
    return better(theory, True)


@define()
def everything_is_itself(theory):
    return z3.ForAll([a], a == a)


def statements(theory):
    return [
        claim(theory, "better-improves", better(theory, True), "weakly_improves"),
        claim(theory, "worse-improves", better(theory, False), "weakly_improves",
              expected=Verdict.REFUTED),
        claim(theory, "itself", theory.everything_is_itself()),
    ]
"""
TABLE = (
    "[definitions]\n"
    'better_improves = "claims.py:better_improves"\n'
    'everything_is_itself = "claims.py:everything_is_itself"\n'
)

EVERYTHING = "def weakly_improves(theory, x, a):\n    return z3.BoolVal(True)\n"
STRICT = """
def weakly_improves(theory, x, a):
    return z3.ForAll([i], u(i, x) > u(i, a))
"""

MINE = """
def statements(theory):
    return [claim(theory, "mine", z3.BoolVal(True))]
"""


@pytest.fixture
def first(tmp_path) -> Path:
    return written(tmp_path / "first", f'title = "First"\n{TABLE}', claims=FIRST)


def written(folder: Path, toml: str, **files: str) -> Path:
    folder.mkdir()
    (folder / "paper.toml").write_text(toml)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(HEAD + text)
    return folder


def draft(folder: Path, definition: str = "", more: str = "", **files: str) -> Path:
    """Write a draft of the paper beside it."""
    table = 'weakly_improves = "definitions.py:weakly_improves"\n' if definition else ""
    toml = f'title = "A draft"\nextends = "../first"\n[definitions]\n{table}{more}'
    return written(folder, toml, definitions=definition, **files)


def verdicts(run, *arguments) -> dict[str, str]:
    document = json.loads(run("prove", *arguments, "--json", "-").out)
    return {one["id"]: one["verdict"] for one in document["results"]}


@pytest.mark.long
def test_a_draft_decides_what_its_definitions_reach_and_leaves_the_rest(run, first, tmp_path):
    folder = draft(tmp_path / "draft", EVERYTHING)
    document = json.loads(run("list", folder, "--json", "-").out)
    (listed,) = document["papers"]
    changed = {one["id"]: one["changed_by"] for one in listed["statements"]}
    assert changed == {
        "better-improves": ["weakly_improves"],
        "worse-improves": ["weakly_improves"],
    }
    assert listed["untouched"] == ["itself"]
    assert "1 of ../first say the same as before" in run("list", folder).out
    assert verdicts(run, folder) == {"better-improves": "proved", "worse-improves": "proved"}
    assert verdicts(run, folder, "itself") == {"itself": "proved"}
    assert verdicts(run, first)["worse-improves"] == "unknown", "the paper is what it was"


@pytest.mark.usefixtures("first")
def test_a_definition_that_says_the_same_in_other_words_reaches_nothing(tmp_path):
    same = "def weakly_improves(theory, x, a):\n    return z3.ForAll([i], u(i, x) >= u(i, a))\n"
    folder = draft(tmp_path / "draft", same)
    assert read_draft(read_paper(folder)).reached == []


@pytest.mark.usefixtures("first")
def test_a_draft_with_nothing_of_its_own_and_no_change_says_so(run, tmp_path):
    folder = draft(tmp_path / "draft")
    for command in ("prove", "refute", "list", "audit"):
        found = run(command, folder)
        assert (found.code, len(found.err.splitlines())) == (2, 1)
        assert "changes none of the other paper's" in found.err
    assert verdicts(run, folder, "itself") == {"itself": "proved"}


@pytest.mark.usefixtures("first")
def test_a_definition_that_a_suite_writes_out_reaches_its_statements(tmp_path):
    closed = """
@define()
def {name}(theory):
    return z3.ForAll([a], z3.Or(a == a, a == a))
"""
    both = "".join(closed.format(name=name) for name in ("everything_is_itself", "better_improves"))
    more = "".join(
        f'{name} = "definitions.py:{name}"\n'
        for name in ("everything_is_itself", "better_improves")
    )
    folder = draft(tmp_path / "draft", "", more, two=both)
    (folder / "definitions.py").write_text(HEAD + both)
    found = read_draft(read_paper(folder))
    assert {id: one.changed for id, one in found.inherited.items() if one.changed} == {
        "itself": ("everything_is_itself",)
    }, "better_improves changed too, but nothing says it"


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_own_statements_rest_on_own_ones_and_on_the_other_papers(run, tmp_path):
    own = """
@define()
def itself_twice(theory):
    return z3.ForAll([a], z3.And(a == a, theory.weakly_improves(a, a)))


def statements(theory):
    return [
        claim(theory, "twice", theory.itself_twice(), "weakly_improves", "everything_is_itself",
              lemmas={"everything_is_itself": "itself"}),
        claim(theory, "once", z3.ForAll([a], theory.weakly_improves(a, a)), "itself_twice",
              lemmas={"itself_twice": "twice"}),
    ]
"""
    folder = draft(tmp_path / "draft", "", 'itself_twice = "own.py:itself_twice"\n', own=own)
    assert verdicts(run, folder) == {"twice": "proved", "once": "proved"}
    assert verdicts(run, folder, "once") == {"once": "proved"}
    assert verdicts(run, folder / "own.py", "once") == {"once": "proved"}, (
        "its file is in the draft"
    )
    strict = STRICT + "# nothing is strictly better than itself\n"
    (folder / "definitions.py").write_text(HEAD + strict)
    toml = (folder / "paper.toml").read_text()
    (folder / "paper.toml").write_text(
        f'{toml}weakly_improves = "definitions.py:weakly_improves"\n'
    )
    assert verdicts(run, folder, "twice", "once") == {"twice": "unknown", "once": "vacuous"}


@pytest.mark.usefixtures("first")
def test_a_statement_that_a_draft_has_under_the_same_id_takes_the_others_place(run, tmp_path):
    own = MINE.replace('"mine"', '"itself"').replace("(True)", '(True), title="Mine"')
    folder = draft(tmp_path / "draft", EVERYTHING, own=own)
    found = read_draft(read_paper(folder))
    assert list(found.own) == ["itself"]
    assert list(found.inherited) == ["better-improves", "worse-improves"]
    assert [one.title for one in found.replaced.values()] == ["A claim"]
    (own_one, *_) = json.loads(run("list", folder, "--json", "-").out)["papers"][0]["statements"]
    assert own_one["title"] == "Mine"


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_a_draft_of_a_draft_has_the_definitions_and_statements_of_both(run, tmp_path):
    draft(tmp_path / "second", EVERYTHING)
    third = draft(tmp_path / "third", STRICT)
    toml = (third / "paper.toml").read_text()
    (third / "paper.toml").write_text(toml.replace("../first", "../second"))
    found = read_draft(read_paper(third))
    assert found.reached == ["better-improves", "worse-improves"]
    assert verdicts(run, third)["better-improves"] == "unknown"
    none = draft(tmp_path / "fourth")
    (none / "paper.toml").write_text('title = "x"\nextends = "../second"\n')
    assert read_draft(read_paper(none)).reached == []
    assert verdicts(run, none, "worse-improves") == {"worse-improves": "proved"}


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_a_draft_says_what_it_expects_of_the_other_papers_statements(run, tmp_path):
    folder = draft(tmp_path / "draft", EVERYTHING, '[expected]\nworse-improves = "proved"\n')
    assert run("prove", folder).code == 0
    own = MINE
    (folder / "own.py").write_text(HEAD + own)
    toml = (folder / "paper.toml").read_text()
    for line, said in (
        ('worse-improve = "refuted"', "expected.worse-improve: the other paper has no such"),
        ('mine = "refuted"', "expected.mine: it is a statement of this folder"),
        ('itself = "false"', "expected.itself: this should be one of proved, refuted, unknown"),
    ):
        (folder / "paper.toml").write_text(f"{toml}{line}\n")
        for command in ("prove", "list", "audit", "refute"):
            found = run(command, folder)
            assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
            assert said in found.err


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_counterexamples_beside_a_draft_are_found_for_both_papers_statements(run, tmp_path):
    own = MINE.replace("z3.BoolVal(True)", 'better(theory, True), "weakly_improves"')
    folder = draft(tmp_path / "draft", STRICT, own=own)
    assert verdicts(run, folder) == dict.fromkeys(
        ("mine", "better-improves", "worse-improves"), "unknown"
    )
    saved = folder / "counterexamples"
    assert run("refute", folder, "mine", "better-improves", "--save", saved).code == 1
    assert sorted(one.name for one in saved.iterdir()) == ["better-improves.json", "mine.json"]
    found = verdicts(run, folder)
    assert (found["mine"], found["better-improves"]) == ("refuted", "refuted")
    assert run("replay", *saved.iterdir()).code == 0
    (listed,) = json.loads(run("list", folder, "--json", "-").out)["papers"]
    assert sum(one["counterexample"] is not None for one in listed["statements"]) == 2


@pytest.mark.long
def test_counterexamples_of_the_other_paper_are_executed_for_the_drafts_own(run, first, tmp_path):
    own = """
def statements(theory):
    back = z3.Implies(theory.weakly_improves(a, b), theory.weakly_improves(b, a))
    nobody = z3.ForAll([a, b], back)
    return [
        claim(theory, "mine", nobody, "weakly_improves", expected=Verdict.REFUTED),
        claim(theory, "mine-too", z3.And(nobody, better(theory, True)), expected=Verdict.REFUTED),
    ]
"""
    folder = draft(tmp_path / "draft", own=own)
    assert verdicts(run, folder)["mine"] == "unknown"
    assert run("refute", first, "worse-improves", "--save", first / "counterexamples").code == 0
    assert verdicts(run, folder) == {"mine": "refuted", "mine-too": "refuted"}


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_refute_export_and_suffice_take_a_draft_and_one_statement_of_it(run, tmp_path):
    folder = draft(tmp_path / "draft", STRICT)
    (result,) = json.loads(run("refute", folder, "better-improves", "--json", "-").out)["results"]
    assert result["verdict"] == "refuted"
    found = run("export", folder, "better-improves", "--directory", tmp_path / "smtlib")
    assert found.code == 0
    assert "(> " in next((tmp_path / "smtlib").rglob("*.smt2")).read_text().replace("\n", " ")
    assert run("suffice", folder, "itself").code == 0


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_what_is_replaced_on_the_command_line_counts_for_the_draft(run, tmp_path):
    folder = draft(tmp_path / "draft", STRICT)
    (tmp_path / "variant.py").write_text(HEAD + EVERYTHING)
    given = f"weakly_improves={tmp_path / 'variant.py'}:weakly_improves"
    assert verdicts(run, folder, "--with", given)["better-improves"] == "proved"


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_pytest_collects_own_statements_and_those_that_are_reached(tmp_path):
    own = MINE
    folder = draft(tmp_path / "draft", STRICT, '[expected]\nbetter-improves = "unknown"\n', own=own)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "own.py::mine::verdict PASSED" in done.stdout
    assert "paper.toml::better-improves::verdict PASSED" in done.stdout
    assert "paper.toml::worse-improves::verdict FAILED" in done.stdout
    assert "itself" not in done.stdout


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_several_drafts_are_listed_and_audited_each_by_itself(run, tmp_path):
    folder = tmp_path / "drafts"
    folder.mkdir()
    for name, definition in (("one", EVERYTHING), ("two", STRICT)):
        one = draft(folder / name, definition)
        toml = (one / "paper.toml").read_text()
        (one / "paper.toml").write_text(toml.replace("../first", "../../first"))
    for targets in ((folder,), (folder / "one", folder / "two")):
        document = json.loads(run("list", *targets, "--json", "-").out)
        assert [one["paper"] for one in document["papers"]] == ["one", "two"]
        assert [len(one["statements"]) for one in document["papers"]] == [2, 2]
        document = json.loads(run("audit", *targets, "--json", "-").out)
        assert list(document["untouched"]) == ["one", "two"]
    found = run("prove", folder)
    assert (found.code, "drafts of one paper run apart" in found.err) == (2, True)


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_a_reading_that_no_change_reaches_is_shown_as_untouched(run, tmp_path):
    """The repaired reading says the same as before, the printed one does not."""
    two = """
def statements(theory):
    printed = claim(theory, "both", better(theory, True), "weakly_improves")
    repaired = claim(theory, "both/repaired", z3.ForAll([a], a == a))
    return [printed, repaired]
"""
    written(tmp_path / "second", 'title = "Second"\n', claims=two)
    folder = draft(tmp_path / "draft", EVERYTHING)
    toml = (folder / "paper.toml").read_text().replace("../first", "../second")
    (folder / "paper.toml").write_text(toml)
    (line,) = (one for one in run("audit", folder).out.splitlines() if one.startswith("both "))
    shown = ["both", "weakly_improves", "proved", "→", "proved", "proved", "(untouched)"]
    assert line.split()[:7] == shown


# The audit


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_an_audit_of_a_draft_shows_before_and_after_and_what_changed_it(run, tmp_path):
    own = MINE + MINE.replace('"mine"', '"itself"').replace("def statements", "def more")
    own += (
        "\n\nrest = statements\ndef statements(theory):\n    return rest(theory) + more(theory)\n"
    )
    folder = draft(tmp_path / "draft", STRICT, own=own)
    page = tmp_path / "page.html"
    found = run("audit", folder, "--json", tmp_path / "audit.json", "--html", page)
    document = json.loads((tmp_path / "audit.json").read_text())
    assert document["schema"] == "spi-verify/audit/2"
    told = {
        one["id"]: (
            one["revision"]["kind"],
            one["revision"]["changed_by"],
            (one["revision"]["before"] or {}).get("literal", {}).get("verdict"),
            one["literal"]["verdict"],
        )
        for one in document["statements"]
    }
    assert told == {
        "mine": ("own", [], None, "proved"),
        "itself": ("restated", [], "proved", "proved"),
        "better-improves": ("reached", ["weakly_improves"], "proved", "refuted"),
        "worse-improves": ("reached", ["weakly_improves"], "refuted", "refuted"),
    }
    assert document["untouched"] == {"draft": []}
    assert found.code == 1, "better-improves is expected to be proved"
    (line,) = (one for one in found.out.splitlines() if one.startswith("better-improves "))
    assert line.split()[:5] == ["better-improves", "weakly_improves", "proved", "→", "refuted"]
    text = page.read_text()
    assert "A draft of <cite>First</cite>" in text
    assert "changed by <code>weakly_improves</code>" in text


@pytest.mark.long
def test_an_audit_of_a_draft_does_not_decide_what_is_untouched(run, first, tmp_path):
    folder = draft(tmp_path / "draft", EVERYTHING)
    found = run("audit", folder, "--json", tmp_path / "audit.json")
    assert "untouched, and not decided again (1): itself" in found.out
    document = json.loads((tmp_path / "audit.json").read_text())
    assert [one["id"] for one in document["statements"]] == ["better-improves", "worse-improves"]
    assert document["untouched"] == {"draft": ["itself"]}
    named = json.loads(run("audit", folder, "itself", "--json", "-").out)
    (one,) = named["statements"]
    assert one["revision"] == {"kind": "untouched", "changed_by": [], "before": None}
    alone = json.loads(run("audit", first, "--json", "-").out)
    assert alone["schema"] == "spi-verify/audit/1"
    assert all("revision" not in one for one in alone["statements"])


# The template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "mine"
    done = subprocess.run(
        [sys.executable, "-m", "spi_verify", "init", "--draft", folder, "--of", "program-games"]
    )
    assert done.returncode == 0
    return folder


@pytest.mark.long
def test_the_draft_that_init_writes_is_audited_and_what_it_leaves_open_is_said(run, template):
    """Best responses are sought among the programs of the paper, and the draft has others."""
    found = run("audit", template)
    assert found.code == 3, found.out
    assert "1 not as expected" in found.out
    rows = [line.split() for line in found.out.splitlines() if "renegotiation_function " in line]
    assert [row[2:5] for row in rows] == [["refuted", "→", "refuted"], ["refuted", "→", "unknown"]]


@pytest.mark.long
def test_init_writes_a_draft_that_works_as_it_is(run, template, tmp_path):
    folder = shutil.copytree(template, tmp_path / "mine")
    (listed,) = json.loads(run("list", folder, "--json", "-").out)["papers"]
    own = [one["id"] for one in listed["statements"] if "changed_by" not in one]
    assert own == ["everybody-gains", "gains-add-up", "improvements-are-gains"]
    reached = [one["id"] for one in listed["statements"] if one.get("changed_by")]
    assert reached
    found = run("prove", folder, *own, "--json", "-")
    found_verdicts = [one["verdict"] for one in json.loads(found.out)["results"]]
    assert found_verdicts == ["proved", "proved", "refuted"], "a shipped world refutes it"
    assert run("refute", folder, own[2], "--save", folder / "counterexamples").code == 0
    assert run("prove", folder, *own).code == 0


@pytest.mark.usefixtures("first")
def test_init_takes_a_folder_as_the_paper_and_says_what_is_none(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("init", "--draft", "a/draft", "--of", "first").code == 0
    assert 'extends = "../../first"' in Path("a/draft/paper.toml").read_text()
    assert run("list", "a/draft").code == 0
    for arguments, said in (
        (("--draft", "b"), "write --draft --of PAPER"),
        (("b", "--of", "first"), "write --draft --of PAPER"),
        (("--draft", "b", "--of", "nowhere"), "this is no paper"),
        (("--draft", "a/draft", "--of", "first"), "not empty"),
    ):
        found = run("init", *arguments)
        assert (found.code, len(found.err.splitlines()), said in found.err) == (2, 1, True)


CLOSED_DIFFERENTLY = """
def everything_is_itself(theory):
    return z3.ForAll([a, b], a == b)
"""


@pytest.mark.usefixtures("first")
def test_a_plain_function_changes_what_only_the_other_paper_adds(run, tmp_path):
    more = 'everything_is_itself = "definitions.py:everything_is_itself"\n'
    folder = draft(tmp_path / "draft", "", more)
    (folder / "definitions.py").write_text(HEAD + CLOSED_DIFFERENTLY)
    (listed,) = json.loads(run("list", folder, "--json", "-").out)["papers"]
    changed = {one["id"]: one["changed_by"] for one in listed["statements"]}
    assert changed == {"itself": ["everything_is_itself"]}
    assert verdicts(run, folder) == {"itself": "unknown"}


@pytest.mark.usefixtures("first")
def test_a_plain_function_with_other_terms_is_one_line(run, tmp_path):
    more = 'everything_is_itself = "definitions.py:everything_is_itself"\n'
    folder = draft(tmp_path / "draft", "", more)
    text = CLOSED_DIFFERENTLY.replace("(theory)", "(theory, x)")
    (folder / "definitions.py").write_text(HEAD + text)
    found = run("prove", folder)
    assert found.code == 2
    assert "everything_is_itself" in found.err
    assert found.err.count("\n") == 1
