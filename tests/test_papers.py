"""Papers: folders of statements, that the engine knows nothing of, wherever they stand."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES

import spi_verify
from spi_verify.counterexamples.saved import known
from spi_verify.errors import InputError
from spi_verify.papers.choosing import choose, with_whole_paths
from spi_verify.papers.loading import load, load_shipped
from spi_verify.papers.paper import papers_at, read_paper, shipped_papers
from spi_verify.theory import PAPER, Definition, same_formula
from spi_verify.theory.signature import Outcome

SUITE = """
import z3

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, Player, u

a, b = z3.Consts("a b", Outcome)
i = z3.Const("i", Player)


def statements(theory):
    return [
        Statement(
            id="{id}",
            title="What is weakly better improves",
            theory=theory,
            hypotheses=(),
            definitions=("{definition}",),
            steps=(
                Step(
                    "goal",
                    z3.ForAll(
                        [a, b],
                        z3.Implies(
                            z3.ForAll([i], u(i, b) {sign} u(i, a)), theory.{definition}(b, a)
                        ),
                    ),
                    ["{definition}"],
                ),
            ),
        )
    ]
"""


def paper(folder: Path, toml: str = 'title = "Ours"\n', **suites: str) -> Path:
    """Write a paper."""
    folder.mkdir()
    (folder / "paper.toml").write_text(toml)
    for name, text in suites.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def suite(id="ours-1", definition="weakly_improves", sign=">="):
    return SUITE.format(id=id, definition=definition, sign=sign)


# What is shipped


def test_nothing_below_the_package_contains_an_id_of_a_shipped_paper():
    package = Path(spi_verify.__file__).parent
    ids = {one.id.removesuffix("/repaired") for one in load_shipped()}
    assert len(ids) > 27
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(ids)))})(?![\w-])")
    found = [
        f"{file.relative_to(package)}: {match[0]}"
        for file in sorted(package.rglob("*"))
        if file.suffix in {".py", ".json", ".toml", ".md", ".js", ".css", ".yml"}
        and "shipped" not in file.relative_to(package).parts
        for match in pattern.finditer(file.read_text(encoding="utf-8"))
    ]
    assert not found


def test_every_id_of_an_order_is_in_the_suites():
    for one in shipped_papers().values():
        assert set(one.order) <= {statement.id for statement in load(one.folder, PAPER)}


def test_a_shipped_paper_is_found_by_name_and_by_folder():
    (named,) = papers_at("program-games")
    (found,) = papers_at(str(PROGRAM_GAMES))
    assert (named.name, named.title, named.order) == (found.name, found.title, found.order)
    assert [one.name for one in papers_at(str(PROGRAM_GAMES.parent))] == list(shipped_papers())


# One of a user's own


def test_a_folder_is_audited_like_a_shipped_paper(run, tmp_path):
    folder = paper(
        tmp_path / "our_paper",
        'title = "Ours"\nauthors = ["A", "B"]\norder = ["ours-2", "ours-1"]\n',
        one=suite(),
        two=suite("ours-2"),
        three=suite("a-lemma"),
    )
    page = tmp_path / "page.html"
    found = run("audit", folder, "--json", "-", "--html", page)
    assert found.code == 0, found.err
    statements = json.loads(found.out)["statements"]
    assert [(one["paper"], one["id"]) for one in statements] == [
        ("our-paper", "ours-2"),
        ("our-paper", "ours-1"),
    ]
    text = page.read_text()
    assert "<title>Audit: Ours</title>" in text
    assert "<cite>Ours</cite> (A and B)" in text


def test_a_suite_alone_and_one_statement_of_it_are_audited(run, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(suite())
    for arguments in ((file,), (file, "ours-1"), (tmp_path, "ours-1")):
        document = json.loads(run("audit", *arguments, "--json", "-").out)
        assert [one["id"] for one in document["statements"]] == ["ours-1"]


def test_after_a_paper_an_id_names_a_statement_of_it(tmp_path):
    folder = paper(tmp_path / "ours", one=suite(), two=suite("prop-1"))
    found, ids = choose([str(folder), "prop-1"], PAPER)
    assert ids == ["prop-1"]
    assert [one.title for one in found] == ["What is weakly better improves"]
    assert choose([str(folder)], PAPER)[1] == ["ours-1", "prop-1"]
    assert choose([str(folder), "ours-1"], PAPER)[1] == ["ours-1"]
    assert choose(["program-games", "prop-1"], PAPER)[1] == ["prop-1", "prop-1/repaired"]


def test_commands_take_a_paper_and_one_of_its_statements(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = paper(tmp_path / "ours", one=suite(), two=suite("ours-2", sign="<="))
    assert run("prove", folder, "ours-1").code == 0
    assert run("export", folder, "ours-1", "--directory", tmp_path / "smtlib").code == 0
    assert [one.name for one in (tmp_path / "smtlib").iterdir()] == ["ours-1"]
    found = run("refute", folder, "ours-2", "--json", "-")
    (result,) = json.loads(found.out)["results"]
    assert (result["id"], result["verdict"]) == ("ours-2", "refuted")
    assert run("suffice", folder, "ours-1").code == 0


@pytest.mark.long
def test_one_statement_of_a_file_is_chosen_in_every_command(run, tmp_path):
    file = tmp_path / "both.py"
    text = suite(sign="<=")
    second = suite("ours-2").replace("def statements", "def others")
    text = text.replace("def statements", "def first")
    both = "def statements(theory):\n    return first(theory) + others(theory)\n"
    file.write_text(text + second + both)
    for command in ("prove", "refute"):
        (result,) = json.loads(run(command, file, "ours-2", "--json", "-").out)["results"]
        assert result["id"] == "ours-2", command
    (one,) = json.loads(run("audit", file, "ours-2", "--json", "-").out)["statements"]
    assert one["id"] == "ours-2"
    (one,) = json.loads(run("list", file, "ours-2", "--json", "-").out)["papers"]
    assert [each["id"] for each in one["statements"]] == ["ours-2"]
    assert run("export", file, "ours-2", "--directory", tmp_path / "smtlib").code == 0
    assert [each.name for each in (tmp_path / "smtlib").iterdir()] == ["ours-2"]
    document = json.loads(run("suffice", file, "ours-2", "--json", "-").out)
    assert document["statement"] == "ours-2"
    for command in ("prove", "refute", "audit", "list", "export", "suffice"):
        found = run(command, file, "ours-3")
        assert (found.code, "'ours-3'" in found.err) == (2, True), command


@pytest.mark.long
def test_refute_writes_a_page_that_tells_the_counterexample(run, tmp_path):
    folder = paper(tmp_path / "ours", one=suite(sign="<="))
    page = tmp_path / "page.html"
    found = run("refute", folder, "ours-1", "--html", page)
    assert f"wrote {page}" in found.out
    text = page.read_text()
    assert "<h4>Counterexample</h4>" in text
    assert '<article id="ours-1" data-verdicts="refuted"' in text
    assert "Written by <code>spi-verify refute</code>" in text
    assert "<svg" in text, "the payoffs are drawn"


def test_a_counterexample_saved_beside_a_suite_is_found_by_prove(run, tmp_path):
    folder = paper(tmp_path / "ours", one=suite(sign="<="))
    assert json.loads(run("prove", folder, "--json", "-").out)["results"][0]["verdict"] == "unknown"
    run("refute", folder, "ours-1", "--save", folder / "counterexamples")
    (result,) = json.loads(run("prove", folder, "--json", "-").out)["results"]
    assert (result["verdict"], result["evidence"]) == ("refuted", "checked")
    broken = folder / "counterexamples" / "ours-1.json"
    broken.write_text("{")
    found = run("prove", folder)
    assert "left alone" in found.err
    assert "unknown" in found.out


@pytest.mark.long
def test_a_paper_changes_a_definition_and_adds_one(run, tmp_path):
    definitions = """
import z3
from spi_verify.theory import define
from spi_verify.theory.signature import Outcome


def weakly_improves(theory, x, a):
    return z3.BoolVal(True)


@define(Outcome, Outcome)
def at_least_as_good(theory, x, a):
    return theory.weakly_improves(x, a)
"""
    folder = paper(
        tmp_path / "ours",
        'title = "Ours"\n[definitions]\nweakly_improves = "definitions.py:weakly_improves"\n'
        'at_least_as_good = "definitions.py:at_least_as_good"\n',
        definitions=definitions,
        one=suite(definition="weakly_improves", sign="<="),
        two=suite("ours-2", definition="at_least_as_good"),
    )
    (folder / "two.py").write_text(
        (folder / "two.py")
        .read_text()
        .replace('["at_least_as_good"]', '["at_least_as_good", "weakly_improves"]')
        .replace('("at_least_as_good",)', '("at_least_as_good", "weakly_improves")')
    )
    assert run("prove", folder).code == 0
    assert run("prove", folder / "one.py").code == 0, "a suite beside a paper.toml is under it"


@pytest.mark.long
def test_a_new_definition_is_searched_written_out(run, tmp_path):
    definitions = """
from spi_verify.theory import define
from spi_verify.theory.signature import Outcome


@define(Outcome, Outcome)
def at_least_as_good(theory, x, a):
    return theory.weakly_improves(x, a)
"""
    folder = paper(
        tmp_path / "ours",
        'title = "Ours"\n[definitions]\nat_least_as_good = "definitions.py:at_least_as_good"\n',
        definitions=definitions,
        one=suite(definition="at_least_as_good", sign="<="),
    )
    saved = folder / "counterexamples"
    assert run("refute", folder, "ours-1", "--save", saved).code == 1
    assert run("replay", *saved.iterdir()).code == 0
    assert run("prove", folder, "--record").code == 1
    assert json.loads(run("prove", folder, "--replay", "--json", "-").out)["changes"] == []
    shard = tmp_path / "shard.json"
    assert run("prove", folder, "--shard", "1/1", "--json", shard).code == 1
    merged = run("merge", shard, "--suite", folder, "--json", "-")
    (result,) = json.loads(merged.out)["results"]
    assert (merged.code, result["verdict"]) == (1, "refuted"), merged.err


def test_a_shard_with_a_counterexample_about_free_constants_is_merged(run, tmp_path):
    text = suite(sign="<=").replace("z3.ForAll(\n", "(lambda _, body: body)(\n")
    assert text != suite(sign="<=")
    folder = paper(tmp_path / "ours", one=text)
    assert run("refute", folder, "ours-1", "--save", folder / "counterexamples").code == 1
    shard = tmp_path / "shard.json"
    assert run("prove", folder, "--shard", "1/1", "--json", shard).code == 1
    assert run("merge", shard, "--suite", folder).code == 1


def defining(folder: Path, value: bool, toml: str) -> Path:
    """Write a paper that says of nothing, or of everything, that it improves."""
    text = "import z3\n\ndef improves(theory, x, a):\n"
    return paper(
        folder,
        f'title = "x"\n{toml}\n[definitions]\nweakly_improves = "definitions.py:improves"\n',
        definitions=f"{text}    return z3.BoolVal({value})\n",
        one=suite(sign="<="),
    )


@pytest.mark.long
def test_a_paper_has_the_definitions_of_what_it_extends_and_its_own_come_first(run, tmp_path):
    defining(tmp_path / "first", True, "")
    toml = 'title = "x"\nextends = "../first"\n'
    assert run("prove", paper(tmp_path / "heir", toml, one=suite(sign="<="))).code == 0
    other = defining(tmp_path / "other", False, 'extends = "../first"')
    assert run("prove", other).code == 3
    given = "weakly_improves=" + str(tmp_path / "first" / "definitions.py:improves")
    assert run("prove", other, "--with", given).code == 0, "a command line has the last word"


def test_what_a_paper_extends_is_there_and_no_circle(run, tmp_path):
    defining(tmp_path / "one", True, 'extends = "../two"')
    defining(tmp_path / "two", True, 'extends = "../one"')
    itself = defining(tmp_path / "itself", True, 'extends = "."')
    nobody = defining(tmp_path / "nobody", True, 'extends = "../nowhere"')
    circle = "extends: papers extend each other in a circle"
    for folder, said in (
        (tmp_path / "one", circle),
        (itself, circle),
        (nobody, "extends: '../nowhere' is neither a paper's folder"),
    ):
        found = run("prove", folder)
        assert (found.code, said in found.err) == (2, True)
        assert len(found.err.splitlines()) == 1


def test_an_audit_of_a_statement_that_the_paper_has_not_is_an_error(run, tmp_path):
    folder = paper(tmp_path / "ours", one=suite())
    for id in ("prop-1", "nothing"):
        found = run("audit", folder, id)
        assert (found.code, repr(id) in found.err) == (2, True)


def test_refuting_a_statement_needs_nothing_that_it_rests_on(run, tmp_path):
    text = suite("prop-1", sign="<=").replace(
        "steps=(", 'lemmas={"efficient_within_sets": "no-such-statement"},\n            steps=('
    )
    folder = paper(tmp_path / "ours", one=text)
    assert run("prove", folder).code == 2
    (result,) = json.loads(run("refute", folder, "--json", "-").out)["results"]
    assert (result["id"], result["verdict"]) == ("prop-1", "refuted")


HEAD = """
import z3
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import axiom, define
from spi_verify.theory.signature import Outcome, Player, Program, member, u
a, b, x = z3.Consts("a b x", Outcome)
i = z3.Const("i", Player)
c = z3.Const("c", Program)
"""


def ours(folder: Path, definitions: str, goal: str, listed: str, names: str) -> Path:
    """Write a paper with definitions, and one statement whose goal lists some of them."""
    table = "".join(f'{name} = "definitions.py:{name}"\n' for name in names.split())
    used = listed.split()
    statement = f"""
def statements(theory):
    return [
        Statement(
            id="ours", title="Ours", theory=theory, hypotheses=(), definitions={tuple(used)},
            steps=(Step("goal", {goal}, {used}),),
        )
    ]
"""
    return paper(
        folder,
        f'title = "Ours"\n[definitions]\n{table}',
        definitions=HEAD + definitions,
        suite=HEAD + statement,
    )


def verdict(run, command, *arguments) -> str:
    (result,) = json.loads(run(command, *arguments, "--json", "-").out)["results"]
    return result["verdict"]


@pytest.mark.parametrize("name", ["program-games", "prop-1", "ours"])
def test_a_folder_that_is_called_like_something_shipped_is_audited_itself(
    run, tmp_path, monkeypatch, name
):
    paper(tmp_path / name, one=suite("mine"))
    monkeypatch.chdir(tmp_path)
    document = json.loads(run("audit", f"./{name}", "--json", "-").out)
    assert [one["id"] for one in document["statements"]] == ["mine"]
    document = json.loads(run("audit", f"{name}/", "mine", "--json", "-").out)
    assert [one["id"] for one in document["statements"]] == ["mine"]


@pytest.mark.parametrize("name", ["u", "member", "in_default_set", "rn", "axiom", "with_", "get"])
def test_a_definition_that_is_added_has_a_name_of_its_own(run, tmp_path, name):
    definitions = f"@define(Player, Program)\ndef {name}(theory, i, c):\n    return i == i\n"
    folder = ours(tmp_path / "ours", definitions, "z3.BoolVal(True)", "", name)
    for command in ("prove", "refute", "audit"):
        found = run(command, folder)
        assert (found.code, len(found.err.splitlines())) == (2, 1)
        assert f"{name!r} means something else already" in found.err


@pytest.mark.parametrize("name", ["a", "a ", "c!0"])
def test_a_definition_may_quantify_over_a_variable_with_the_name_of_its_parameter(name):
    def body(theory, a):
        other = z3.Const(name, Outcome)
        return z3.ForAll([other], theory.weakly_improves(a, other))

    one = PAPER.and_(Definition("as_good_as_all", body, (Outcome,))).axiom("as_good_as_all")
    a, b = z3.Consts("a b", Outcome)
    predicate = z3.Function("as_good_as_all", Outcome, z3.BoolSort())
    said = z3.ForAll([a], predicate(a) == z3.ForAll([b], PAPER.weakly_improves(a, b)))
    assert same_formula(one, said)


@pytest.mark.parametrize(
    ("definitions", "names", "said"),
    [
        (
            'd = z3.Const("a", Outcome)\n@define(Outcome)\n'
            "def above(theory, a):\n    return z3.ForAll([i], u(i, a) >= u(i, d))\n",
            "above",
            "'above' has a constant 'a' beside its parameter of that name",
        ),
        (
            "@define(Outcome)\ndef above(theory, a):\n    return z3.Not(theory.above(a))\n",
            "above",
            "in a circle: above -> above",
        ),
        (
            "@define(Outcome)\ndef above(theory, a):\n    return theory.efficient(a)\n"
            "def weakly_improves(theory, x, a):\n    return theory.above(x)\n",
            "above weakly_improves",
            "in a circle",
        ),
        ("efficient = u\n", "efficient", "the variant of 'efficient' is no function"),
        ("efficient = 3\n", "efficient", "the variant of 'efficient' is no function"),
    ],
)
def test_a_definition_that_is_none_is_one_line(run, tmp_path, definitions, names, said):
    folder = ours(tmp_path / "ours", definitions, "z3.BoolVal(True)", "", names)
    for command in ("prove", "refute", "audit"):
        found = run(command, folder)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert said in found.err


def test_a_variant_on_the_command_line_that_rests_on_itself_is_one_line(run, tmp_path):
    file = tmp_path / "variant.py"
    file.write_text("def efficient(theory, a):\n    return theory.efficient(a)\n")
    for command in ("prove", "refute"):
        found = run(command, "prop-1", "--with", f"efficient={file}:efficient")
        assert (found.code, len(found.err.splitlines())) == (2, 1)
        assert "in a circle: efficient -> efficient" in found.err


@pytest.mark.long
def test_a_changed_definition_is_written_out_over_those_that_are_added(run, tmp_path):
    definitions = """
@define(Outcome, Outcome)
def strictly_better(theory, x, a):
    return z3.ForAll([i], u(i, x) > u(i, a))


def weakly_improves(theory, x, a):
    return theory.strictly_better(x, a)
"""
    goal = "z3.ForAll([x], theory.weakly_improves(x, x))"
    names = "strictly_better weakly_improves"
    folder = ours(tmp_path / "ours", definitions, goal, names, names)
    saved = tmp_path / "saved"
    assert run("refute", folder, "--save", saved).code == 1
    assert run("replay", *saved.iterdir()).code == 0
    (one,) = json.loads(run("audit", folder, "--json", "-").out)["statements"]
    assert one["literal"]["verdict"] == "refuted"


STRONG = """
def weakly_improves(theory, x, a):
    return theory.strictly_better(x, a)


@define(Outcome, Outcome)
def strictly_better(theory, x, a):
    return z3.BoolVal({value})


@axiom()
def granted(theory):
    return z3.ForAll([x, a], theory.strictly_better(x, a)) if {value} else z3.BoolVal(True)
"""


@pytest.mark.parametrize(
    ("goal", "listed"),
    [
        ("z3.ForAll([x], theory.weakly_improves(x, a))", "weakly_improves strictly_better"),
        ("z3.ForAll([x], theory.strictly_better(x, a))", "granted"),
    ],
)
def test_a_shard_from_before_a_definition_changed_is_no_longer_believed(
    run, tmp_path, goal, listed
):
    names = "weakly_improves strictly_better granted"
    folder = ours(tmp_path / "ours", STRONG.format(value=True), goal, listed, names)
    shard = tmp_path / "shard.json"
    run("prove", folder, "--shard", "1/1", "--json", shard)
    assert json.loads(shard.read_text())["results"][0]["verdict"] == "proved"
    assert run("merge", shard, "--suite", folder).code == 0
    (folder / "definitions.py").write_text(HEAD + STRONG.format(value=False))
    found = run("merge", shard, "--suite", folder)
    assert found.code == 1
    assert "no statement of the suites has this id and these formulas" in found.err


def test_symbols_of_one_name_are_told_apart(run, tmp_path):
    goal = 'u(z3.Const("x", Player), z3.Const("x", Outcome)) == 0'
    folder = ours(tmp_path / "ours", "", goal, "", "")
    for command in ("prove", "refute", "audit"):
        found = run(command, folder)
        assert found.code == 2, command
        assert "a 'x' of other sorts than another symbol of that name" in found.err + found.out


def test_a_linked_suite_is_one_of_the_folder_that_it_is_in(run, tmp_path):
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text(suite())
    folder = paper(tmp_path / "ours")
    (folder / "one.py").symlink_to(elsewhere)
    document = json.loads(run("audit", folder, "ours-1", "--json", "-").out)
    assert [one["id"] for one in document["statements"]] == ["ours-1"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", "title: a paper needs a title"),
        ('titel = "x"', "titel: there is no such key; did you mean 'title'?"),
        ("title = 3", "title: this should be a text"),
        ('title = "x"\norder = ["a", "a"]', "order: 'a' is there more than once"),
        ('title = "x"\norder = [3]', "order: these should be texts"),
        ("title", "this is no TOML file"),
    ],
)
def test_a_paper_toml_that_cannot_be_used_is_one_clear_line(run, tmp_path, toml, said):
    folder = paper(tmp_path / "ours", toml, one=suite())
    with pytest.raises(InputError, match=re.escape(said)):
        read_paper(folder)
    for command in ("audit", "prove"):
        found = run(command, folder)
        assert (found.code, len(found.err.splitlines())) == (2, 1)
        assert said in found.err
        assert "paper.toml" in found.err


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('weakly_improves = "nowhere.py:f"', "there is no file nowhere.py in the paper's folder"),
        ('weakly_improves = "one.py:f"', "there is no 'f' in one.py"),
        ('weakly_improves = "one.py"', "write FILE:OBJECT"),
        ('other = "one.py:statements"', "decorate it with spi_verify.theory.define"),
        ('weakly_improves = "../one.py:f"', "in the paper's folder"),
    ],
)
def test_a_definition_that_cannot_be_used_names_the_key(run, tmp_path, entry, said):
    folder = paper(tmp_path / "ours", f'title = "x"\n[definitions]\n{entry}\n', one=suite())
    (tmp_path / "one.py").write_text("def f(theory, x, a):\n    return True\n")
    found = run("prove", folder)
    assert found.code == 2
    assert said in found.err
    assert f"definitions.{entry.split()[0]}" in found.err


def test_what_cannot_be_read_is_one_line_whatever_is_named_of_it(run, tmp_path):
    folder = paper(tmp_path / "bad", one="def statements(theory):\n    return 1 / 0\n")
    for command in ("prove", "refute", "audit"):
        found = run(command, folder, "ours-1")
        assert (found.code, len(found.err.splitlines())) == (2, 1), command
        assert "ZeroDivisionError" in found.err
    found = run("prove", "nothing", "nothing-else")
    assert (found.code, len(found.err.splitlines())) == (2, 2)


def test_one_paper_that_cannot_be_read_loses_nothing_of_the_others(run, tmp_path):
    good = paper(tmp_path / "good", one=suite())
    bad = paper(tmp_path / "bad", one="def statements(theory):\n    return 1 / 0\n")
    found = run("audit", bad, good, "--json", "-")
    assert found.code == 2
    assert [one["id"] for one in json.loads(found.out)["statements"]] == ["ours-1"]
    assert "ZeroDivisionError" in found.err


@pytest.mark.long
def test_one_paper_toml_that_cannot_be_used_loses_nothing_of_the_others(run, tmp_path):
    papers = tmp_path / "papers"
    papers.mkdir()
    bad, good = (
        paper(papers / "bad", "title", one=suite("bad")),
        paper(papers / "good", one=suite()),
    )
    sarif = tmp_path / "report.sarif"
    for command in (["prove"], ["audit"], ["list"]):
        reports = [] if command == ["list"] else ["--sarif", sarif]
        for targets in ([good, bad, "bad"], [bad, "bad", good], [papers]):
            found = run(*command, *targets, *reports, "--json", "-")
            assert found.code == 2
            (said,) = [line for line in found.err.splitlines() if line.startswith("spi-verify:")]
            assert "no TOML file" in said
            document = json.loads(found.out)
            results = document.get("results") or document.get("statements")
            results = results or document["papers"][0]["statements"]
            assert [one["id"] for one in results] == ["ours-1"], (command, targets)


@pytest.mark.long
def test_the_papers_folder_copied_and_renamed_is_audited_with_the_same_table(run, tmp_path):
    copied = tmp_path / "our_copy"
    shutil.copytree(PROGRAM_GAMES, copied, ignore=shutil.ignore_patterns("__pycache__"))
    (shipped, copy) = (
        json.loads(run("audit", target, "--json", "-").out)["statements"]
        for target in ("program-games", copied)
    )
    for one in (*shipped, *copy):
        for reading in filter(None, (one["literal"], one["repaired"])):
            del reading["seconds"]
            if (reading["counterexample"] or {}).get("kind") == "executed":
                # Only code that is shipped can be executed again by a file that names it.
                del reading["counterexample"]["statement"]
    assert {one.pop("paper") for one in copy} == {"our-copy"}
    assert {one.pop("paper") for one in shipped} == {"program-games"}
    assert copy == shipped


# --with and definitions that a paper adds

ADDED = """
@define(Outcome, Outcome)
def strictly_better(theory, x, a):
    return z3.ForAll([i], u(i, x) > u(i, a))


@define(Outcome, Outcome)
def not_worse(theory, x, a):
    return z3.Not(theory.strictly_better(a, x))
"""
REFLEXIVE = "z3.ForAll([x], theory.not_worse(x, x))"


def adding(folder: Path) -> Path:
    listed = "not_worse strictly_better"
    return ours(folder, ADDED, REFLEXIVE, listed, listed)


def replacing(folder: Path, body: str, parameters="theory, x, a", name="strictly_better") -> str:
    file = folder / "variant.py"
    file.write_text(f"{HEAD}def changed({parameters}):\n    return {body}\n")
    return f"{name}={file}:changed"


@pytest.mark.long
def test_a_definition_that_a_paper_adds_is_replaced_in_every_command(run, tmp_path):
    folder = adding(tmp_path / "ours")
    assert verdict(run, "prove", folder) == "proved"
    replacement = replacing(tmp_path, "z3.ForAll([i], u(i, x) >= u(i, a))")
    assert verdict(run, "prove", folder, "--with", replacement) == "unknown"
    assert refuted_in(run, folder, "--with", replacement)["verdict"] == "refuted"
    document = run("audit", folder, "--jobs", "2", "--with", replacement, "--json", "-").out
    assert json.loads(document)["statements"][0]["literal"]["verdict"] == "refuted"


@pytest.mark.long
def test_a_replacement_that_makes_no_formula_is_one_line(run, tmp_path):
    folder = adding(tmp_path / "ours")
    replacement = replacing(tmp_path, "theory.strictly_worse(x, a)")
    for command in ("prove", "refute", "audit"):
        found = run(command, folder, "--with", replacement)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert "'strictly_better' makes no formula" in found.err
        assert "no definition 'strictly_worse'" in found.err


@pytest.mark.long
def test_what_refutes_with_another_definition_of_a_papers_own_is_replayed_as_it_was(run, tmp_path):
    folder = adding(tmp_path / "ours")
    replacement = replacing(tmp_path, "z3.ForAll([i], u(i, x) >= u(i, a))")
    saved = tmp_path / "saved"
    refuted_in(run, folder, "--with", replacement, "--save", saved)
    assert run("replay", *saved.iterdir()).code == 0
    (folder / "counterexamples").mkdir()
    shutil.copy(saved / "ours.json", folder / "counterexamples")
    assert verdict(run, "prove", folder) == "proved"
    assert verdict(run, "prove", folder, "--with", replacement) == "refuted"


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "stricly_better",
            "there is no definition 'stricly_better'; did you mean 'strictly_better'?",
        ),
        ("eficient", "there is no definition 'eficient'; did you mean 'efficient'?"),
        ("zzz", "there is no definition 'zzz' ('spi-verify list' says what there is)"),
    ],
)
def test_a_replacement_of_what_no_paper_has_names_the_nearest(run, tmp_path, name, said):
    folder = adding(tmp_path / "ours")
    replacement = replacing(tmp_path, "x == a", name=name)
    for command in ("prove", "refute", "audit"):
        found = run(command, folder, "--with", replacement)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert said in found.err


@pytest.mark.long
def test_a_replacement_that_takes_other_terms_says_which_are_wanted(run, tmp_path):
    folder = adding(tmp_path / "ours")
    replacement = replacing(tmp_path, "x == x", parameters="theory, x")
    for command in ("prove", "refute", "audit"):
        found = run(command, folder, "--with", replacement)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert (
            "the variant of 'strictly_better' must take the arguments (theory, x, a)" in found.err
        )


def test_a_definition_that_one_paper_adds_is_none_of_the_other_papers(run, tmp_path):
    replacement = replacing(tmp_path, "x == a")
    found = run("prove", "prop-1", "--with", replacement)
    assert (found.code, "there is no definition 'strictly_better'" in found.err) == (2, True)


# What a paper takes for granted

WORSE_IMPROVES = "z3.ForAll([x, a], z3.Implies(z3.ForAll([i], u(i, x) <= u(i, a)), x == a))"
"""That nothing is worse for all, which most games refute."""


def granting(folder: Path, formula: str, listed="granted", symbols="") -> Path:
    """Write a paper that takes a formula for granted, and claims that nothing is worse for all."""
    definitions = f"@axiom({symbols})\ndef granted(theory):\n    return {formula}\n"
    return ours(folder, definitions, WORSE_IMPROVES, listed, "granted")


def refuted_in(run, folder: Path, *arguments):
    """Return the result of a small search."""
    small = ("--players", "2", "--outcomes", "2", *arguments, "--json", "-")
    (result,) = json.loads(run("refute", folder, *small).out)["results"]
    return result


def test_what_a_paper_takes_for_granted_holds_in_what_refutes_and_the_file_says_so(run, tmp_path):
    folder = granting(tmp_path / "ours", "z3.ForAll([i, a], u(i, a) >= 5)")
    found = refuted_in(run, folder, "--save", folder / "counterexamples")
    assert found["verdict"] == "refuted"
    (check,) = found["counterexample"]["hypotheses"]
    assert check["name"] == "granted"
    assert "granted" in found["counterexample"]["formulas"]
    payoffs = found["counterexample"]["programs"]["game"]["payoffs"]
    assert min(int(number) for row in payoffs for cell in row for number in cell) >= 5
    file = folder / "counterexamples" / "ours.json"
    assert run("replay", file).code == 0
    (statement,) = load(folder, PAPER)
    assert known(statement)["conclusion"] == found["reason"].partition(";")[0]
    data = json.loads(file.read_text())
    data["programs"]["game"]["payoffs"] = [
        [[str(int(number) - 5) for number in cell] for cell in row] for row in payoffs
    ]
    file.write_text(json.dumps(data))
    replayed = run("replay", file)
    assert (replayed.code, "the hypothesis granted fails" in replayed.out + replayed.err) == (
        1,
        True,
    )
    assert known(statement) is None


@pytest.mark.parametrize(
    ("listed", "symbols"), [("granted", ""), ("", "u")], ids=["listed", "about what it speaks of"]
)
def test_nothing_that_breaks_what_a_paper_takes_for_granted_refutes(run, tmp_path, listed, symbols):
    alike = "z3.ForAll([x, a], x == a)"
    folder = granting(tmp_path / "ours", alike, listed, symbols)
    assert refuted_in(run, folder)["verdict"] == "unknown"
    (folder / "definitions.py").write_text(
        (folder / "definitions.py").read_text().replace(alike, "z3.BoolVal(True)")
    )
    assert refuted_in(run, folder)["verdict"] == "refuted"


def test_a_formula_for_granted_about_all_programs_refutes_nothing_and_is_named(run, tmp_path):
    every = "z3.ForAll([c], z3.Exists([i], available(i, c)))"
    folder = granting(tmp_path / "ours", every)
    imports = HEAD + "from spi_verify.theory.signature import available\n"
    text = (folder / "definitions.py").read_text()
    (folder / "definitions.py").write_text(text.replace(HEAD, imports))
    found = refuted_in(run, folder)
    assert found["verdict"] == "unknown"
    assert "the hypothesis granted speaks of every Program" in found["reason"]


@pytest.mark.parametrize(
    ("suite", "id", "kind"),
    [
        ("prop_1", "prop-1", "programs"),
        ("prop_5", "prop-5", "iterated"),
        ("def_6", "def-6-nonempty", "polytope"),
        ("sel_transitive", "sel-transitive-maxmin", "sets"),
    ],
)
def test_a_counterexample_of_no_kind_refutes_where_something_impossible_is_granted(suite, id, kind):
    def granting(formula):
        theory = PAPER.and_(Definition("granted", lambda _: formula, symbols=()))
        loaded = {one.id: one for one in load(PROGRAM_GAMES / f"{suite}.py", theory)}
        return replace(loaded[id], definitions=(*loaded[id].definitions, "granted"))

    saved = json.loads((PROGRAM_GAMES / "counterexamples" / f"{id}.json").read_text())
    assert saved["kind"] == kind
    assert known(granting(z3.BoolVal(False))) is None
    if kind == "programs":
        assert known(granting(z3.BoolVal(True)))["kind"] == kind


@pytest.mark.long
def test_an_id_that_a_folder_is_called_by_is_one_after_its_paper(run, tmp_path, monkeypatch):
    ours(tmp_path / "ours", "", "z3.ForAll([i, x], u(i, x) >= 0)", "", "")
    monkeypatch.chdir(tmp_path)
    for command in (["prove"], ["audit", "--jobs", "2"]):
        document = json.loads(run(*command, "./ours", "ours", "--json", "-").out)
        results = document.get("results") or [one["literal"] for one in document["statements"]]
        assert [one["id"] for one in results] == ["ours"], command
    assert with_whole_paths(["./ours", "ours", "prop-1", "program-games", "ours"], PAPER) == [
        str(tmp_path / "ours"),
        "ours",
        "prop-1",
        "program-games",
        "ours",
    ]
