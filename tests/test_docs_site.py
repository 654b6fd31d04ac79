"""The documentation holds together: links, anchors, the reference and the schemas."""

from __future__ import annotations

import importlib
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS, PROGRAM_GAMES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
SCHEMAS = sorted((DOCS / "schemas").glob("*.json"))


# Links


def without_code(page):
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.S)


def anchors(page):
    """What a page's headings can be reached by, as GitHub and mkdocs name them."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    heads = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_anchor_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page))
    for link in links:
        if re.match(r"\w+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file) if file else page
        assert target.exists(), link
        if anchor:
            assert target.suffix == ".md", link
            assert anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_index():
    reached, pending = set(), [DOCS / "index.md"]
    while pending:
        page = pending.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([\w-]+\.md)[#)]", page.read_text())
        pending += [DOCS / link for link in links]
    assert reached >= set(DOCS.glob("*.md"))


def test_the_site_builds_and_warns_of_nothing(tmp_path):
    """With the extra ``docs``."""
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "trust" / "index.html").exists()
    assert not list((tmp_path / "site").rglob("*.py"))


# The reference


def test_the_reference_of_the_command_line_is_what_the_help_says():
    """``python docs/cli_reference.py`` writes it."""
    reference = runpy.run_path(str(DOCS / "cli_reference.py"))["reference"]()
    assert (DOCS / "cli.md").read_text() == reference


def test_the_reference_names_every_option_that_help_names(run):
    text = (DOCS / "cli.md").read_text()
    for name, body in re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        shown = run(name, "--help")
        assert shown.code == 0
        options = set(re.findall(r"^ +(--[\w-]+)", shown.out, re.M)) - {"--help"}
        assert options == set(re.findall(r"^- `(--[\w-]+)", body, re.M)), name


def test_the_reference_of_the_python_interface_is_what_the_code_says():
    """``python docs/api_reference.py`` writes it."""
    reference = runpy.run_path(str(DOCS / "api_reference.py"))["reference"]()
    assert (DOCS / "api.md").read_text() == reference


def test_every_name_in_the_index_of_the_python_interface_is_there_and_documented():
    rows = re.findall(r"^\| `(spi_verify[\w.]*)` \| (.*) \|$", (DOCS / "api.md").read_text(), re.M)
    assert rows
    for module, names in rows:
        for name in re.findall(r"`(\w+)`", names):
            found = getattr(importlib.import_module(module), name)
            assert found.__doc__, f"{module}.{name}"


# The schemas


@pytest.fixture(scope="module")
def validator():
    """Return a function that raises where a document does not fit the schema that it names."""
    jsonschema = pytest.importorskip("jsonschema")
    from referencing import Registry, Resource

    schemas = {schema.stem: json.loads(schema.read_text()) for schema in SCHEMAS}
    resources = [(s["$id"], Resource.from_contents(s)) for s in schemas.values()]
    registry = Registry().with_resources(resources)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)

    def validate(document):
        name = document["schema"].removeprefix("spi-verify/").replace("/", "-")
        jsonschema.Draft202012Validator(schemas[name], registry=registry).validate(document)
        return name

    validate.error = jsonschema.ValidationError
    return validate


def document(run, *arguments):
    return json.loads(run(*arguments, "--json", "-").out)


@pytest.mark.long
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", *sorted(MODELS.glob("*.toml"))),
        ("check", MODELS / "scheduling.toml", MODELS / "none.toml"),
        ("prove", "prop-1", "ex-4.3", "expected-utility"),
        ("prove", "prop-1", "--shard", "1/2"),
        ("list",),
        ("list", "ex-4.3", "nothing"),
        ("explain", "pmp", "segment", "nash", "prop-1", "ex-4.3", "nothing"),
        ("explain", "projections_nonempty", "thm-3-wlog-csr/repaired"),
        ("refute", "prop-1", "--players", "2", "--outcomes", "2"),
        ("suffice", "prop-1", "--pool", "somebody-gains"),
        ("replay", PROGRAM_GAMES / "counterexamples" / "prop-1.json", MODELS / "none.json"),
        ("coarsen", "convex-segments"),
        ("tightness", MODELS / "scheduling.toml", "--rounds", "3", "--delta", "1/10"),
        ("tightness", MODELS / "always-slot-1.toml", "--rounds", "3", "--delta", "1"),
        ("improve", MODELS / "demand-game.toml"),
        ("improve", MODELS / "complicated-temptation-game.toml", "--unilateral", "1", "--all"),
        ("improve", MODELS / "territory.toml"),
        ("show", MODELS / "scheduling.toml"),
        ("show", MODELS / "battle-of-the-sexes.toml"),
        ("show", MODELS / "scheduling.toml", "--outcome", "Slot 1, Slot 2"),
        ("show", MODELS / "bargaining" / "flat.toml"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_the_commands_write_fits_the_schemas(run, validator, arguments):
    validator(document(run, *arguments))


@pytest.mark.long
def test_what_is_told_of_a_draft_fits_the_schemas(run, validator, tmp_path):
    assert run("init", "--draft", tmp_path / "draft", "--of", "program-games").code == 0
    assert validator(document(run, "list", tmp_path / "draft")) == "list-1"
    assert validator(document(run, "audit", tmp_path / "draft", "everybody-gains")) == "audit-2"


def test_what_replay_rejects_export_writes_and_prove_finds_changed_fits_the_schemas(
    run, validator, tmp_path
):
    bad = json.loads((PROGRAM_GAMES / "counterexamples" / "prop-1.json").read_text())
    bad["programs"]["rn"] = '(map (to ["1" "1"] ["2" "1"]))'
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    replayed = document(run, "replay", tmp_path / "bad.json")
    assert validator(replayed) == "replay-1"
    assert [one["outcome"] for one in replayed["replays"]] == ["rejected"]

    exported = document(run, "export", "prop-1/repaired", "--directory", tmp_path)
    assert validator(exported) == "export-1"
    exported["files"][0]["status"] = "unsat"
    with pytest.raises(validator.error):
        validator(exported)

    lock = tmp_path / "lock.json"
    run("prove", "prop-1", "--record", "--lock", lock)
    assert validator(json.loads(lock.read_text())) == "lock-1"
    lock.write_text(lock.read_text().replace('"refuted"', '"proved"'))
    changed = document(run, "prove", "prop-1", "--replay", "--lock", lock)
    assert validator(changed) == "results-1"
    assert [one["kind"] for one in changed["changes"]] == ["regressed"]


FALSE = """
from z3 import Consts
from spi_verify.obligations import Statement, Step
from spi_verify.theory.signature import Outcome
a, b = Consts("a b", Outcome)
def statements(theory):
    better = Step("goal", theory.weakly_improves(a, b), ["weakly_improves"])
    itself = Step("goal", theory.weakly_improves(a, a))
    return [Statement(id, id, theory, (), ("weakly_improves",), (step,))
        for id, step in (("false", better), ("true", itself))]
"""


def test_what_prove_finds_about_steps_fits_the_schemas(run, validator, tmp_path):
    suite = tmp_path / "own.py"
    suite.write_text(FALSE)
    found = document(run, "prove", suite, "--write")
    assert validator(found) == "results-1"
    assert [one["statement"] for one in found["failures"]] == ["false"]
    assert validator(json.loads((tmp_path / "own.facts.json").read_text())) == "facts-1"


def test_a_saved_construction_fits_the_schema(run, validator, tmp_path):
    file = tmp_path / "construction.json"
    run("tightness", MODELS / "scheduling.toml", "--rounds", "3", "--delta", "1", "--save", file)
    saved = json.loads(file.read_text())
    assert validator(saved) == "tightness-1"
    saved["delta"] = ["a tenth", "1"]
    with pytest.raises(validator.error):
        validator(saved)


def test_the_schema_of_hypotheses_fits_all_that_suffice_can_say(validator):
    from spi_verify.commands.suffice import _chosen, _to_json
    from spi_verify.obligations.suffice import (
        Insufficient,
        Sufficient,
        Undecided,
        enumerate_sufficient,
    )

    statement, _ = _chosen(["prop-1"])
    first, second, third = (hypothesis.name for hypothesis in statement.hypotheses)
    shown = json.loads((PROGRAM_GAMES / "counterexamples" / "prop-1.json").read_text())

    def decide(asked):
        if {first, second} <= asked:
            return Sufficient(frozenset({first, second}))
        if first in asked:
            return Insufficient(shown, frozenset({first, third}))
        return Undecided("nobody knows")

    found = enumerate_sufficient([first, second, third], decide)
    told = {**_to_json(statement, found), "solvers": {"z3": "1"}}
    assert told["minimal_sufficient"]
    assert told["maximal_insufficient"]
    assert told["undecided"]
    assert validator(told) == "hypotheses-1"
    told["minimal_sufficient"][0]["minimal"] = "perhaps"
    with pytest.raises(validator.error):
        validator(told)


@pytest.mark.parametrize(
    "file", sorted((PROGRAM_GAMES / "counterexamples").rglob("*.json")), ids=lambda file: file.stem
)
def test_every_shipped_counterexample_fits_the_schema(validator, file):
    assert validator(json.loads(file.read_text())) == "refutation-1"


@pytest.mark.parametrize(
    "file", sorted((PROGRAM_GAMES / "instances").glob("*.json")), ids=lambda file: file.stem
)
def test_every_shipped_instance_fits_its_schema(validator, file):
    assert validator(json.loads(file.read_text())) in ("instance-1", "tightness-1")


def test_an_audit_fits_the_schema(validator):
    from spi_verify.audit.readings import Audited, Reading
    from spi_verify.audit.rows import to_json
    from spi_verify.verdicts import Evidence, Result, Verdict

    literal = Result("prop-1", Verdict.UNKNOWN, expected=Verdict.REFUTED, reason="nothing found")
    repaired = Result("prop-1/repaired", Verdict.PROVED, Evidence.AGREEMENT)
    both = Audited("ours", "prop-1", "A title", Reading(literal, None), Reading(repaired, None))
    one = Audited("ours", "prop-2", "A title", Reading(repaired, None), None)
    found = to_json([both.row, one.row], {"z3": "1"})
    assert validator(found) == "audit-1"
    found["statements"][0]["literal"]["verdict"] = "false"
    with pytest.raises(validator.error):
        validator(found)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "maybe"},
        {"evidence": "checked", "verdict": "unknown"},
        {"seconds": -1},
        {"more": 1},
        {"counterexample": {"schema": "spi-verify/refutation/1"}},
    ],
)
def test_the_schema_of_results_refuses_what_no_command_writes(run, validator, change):
    found = document(run, "check", MODELS / "chicken.toml")
    validator(found)
    found["results"][0].update(change)
    with pytest.raises(validator.error):
        validator(found)


def test_the_schemas_are_those_that_the_program_names():
    from spi_verify.audit import rows
    from spi_verify.claims import counterexample
    from spi_verify.commands import coarsen, export, replay, suffice
    from spi_verify.counterexamples import file
    from spi_verify.counterexamples.iterated import tight
    from spi_verify.obligations import kept_facts, lock
    from spi_verify.papers import listing
    from spi_verify.reports import description, explained_json, improvements, tightness
    from spi_verify.schemas import OF_INSTANCE
    from spi_verify.verdicts import RESULTS_SCHEMA

    named = [RESULTS_SCHEMA, rows.SCHEMA, rows.DRAFT_SCHEMA, description.SCHEMA]
    named += [counterexample.SCHEMA, file.SCHEMA, OF_INSTANCE]
    named += [coarsen.SCHEMA, export.SCHEMA, replay.SCHEMA, suffice.SCHEMA]
    named += [lock.SCHEMA, kept_facts.SCHEMA, listing.SCHEMA, improvements.SCHEMA]
    named += [tight.SCHEMA, tightness.SCHEMA, explained_json.SCHEMA]
    assert {f"spi-verify/{'/'.join(schema.stem.rsplit('-', 1))}" for schema in SCHEMAS} == set(
        named
    )
