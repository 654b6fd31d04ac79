"""What ``spi_verify`` itself offers: light to import, typed, and the commands' verdicts."""

import ast
import importlib.resources
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS

import spi_verify
from spi_verify.errors import InputError, Rejected
from spi_verify.theory import PAPER

HEAVY = ["click", "cvc5", "matplotlib", "msgspec", "networkx", "numpy", "rich", "sympy", "z3"]


def fresh(code):
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.mark.parametrize("more", ["", "; spi_verify.check; spi_verify.prove; spi_verify.Report"])
def test_importing_the_package_imports_nothing_heavy(more):
    code = f"import sys, spi_verify{more}; print([m for m in {HEAVY} if m in sys.modules])"
    assert fresh(code) == "[]"


def test_every_name_offered_is_there_and_documented():
    assert set(spi_verify.__all__) <= set(dir(spi_verify))
    for name in spi_verify.__all__:
        assert getattr(spi_verify, name).__doc__, name
    with pytest.raises(AttributeError, match="'spi_verify' has no attribute 'no_such_name'"):
        spi_verify.no_such_name  # noqa: B018


def test_type_checkers_are_told_of_the_same_names():
    source = Path(spi_verify.__file__).read_text(encoding="utf-8")
    block = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    version, *imports = block.body
    assert ast.unparse(version) == "__version__: str"
    told = {name.name: node.module for node in imports for name in node.names}
    assert told == spi_verify._MODULES
    assert {*told, "__version__"} == set(spi_verify.__all__)


def test_the_installed_package_says_that_it_is_typed():
    assert (importlib.resources.files("spi_verify") / "py.typed").is_file()


def verdicts(results):
    return [(r["id"], r["verdict"], r["evidence"], r["reason"]) for r in results]


def of(report):
    return verdicts([result.to_json() for result in report.results])


def told(run, *arguments):
    return json.loads(run(*arguments, "--json", "-").out)["results"]


def test_check_decides_what_the_command_decides(run):
    file = MODELS / "scheduling.toml"
    expected = verdicts(told(run, "check", file))
    assert of(spi_verify.check(file)) == of(spi_verify.check(str(file))) == expected
    assert of(spi_verify.check(spi_verify.load_model(file))) == expected


@pytest.mark.long
@pytest.mark.parametrize(
    "options", [{}, {"without": ["f-wraps-defaults"]}, {"replacing": ["pmp_extension=everywhere"]}]
)
def test_prove_decides_what_the_command_decides(run, options):
    flags = [f"--without={name}" for name in options.get("without", ())]
    flags += [f"--with={text}" for text in options.get("replacing", ())]
    assert of(spi_verify.prove("prop-1", **options)) == verdicts(
        told(run, "prove", "prop-1", *flags)
    )


def test_refute_finds_what_the_command_finds_and_replay_confirms_it(run, tmp_path):
    found = spi_verify.refute("prop-1")
    (result,) = told(run, "refute", "prop-1")
    assert found.counterexample == result["counterexample"]
    assert (found.verdict, found.evidence) == (result["verdict"], result["evidence"])
    assert result["reason"].startswith(found.reason)
    assert list(found.hypotheses_used) == result["hypotheses_used"]
    saved = tmp_path / "found.json"
    saved.write_text(json.dumps(found.counterexample), encoding="utf-8")
    assert spi_verify.replay(saved) == f"refutes prop-1: {found.reason}"
    saved.write_text(json.dumps({**found.counterexample, "statement": "prop-1/repaired"}))
    with pytest.raises(Rejected):
        spi_verify.replay(str(saved))


def test_what_no_search_refutes_is_unknown_and_never_proved():
    found = spi_verify.refute("prop-1/repaired", players=2, outcomes=2)
    assert (found.verdict, found.evidence, found.counterexample) == ("unknown", None, None)
    assert found.reason


def test_a_statement_of_ones_own_is_searched():
    own = spi_verify.Statement(
        id="own",
        title="Something is not efficient",
        theory=PAPER,
        hypotheses=(),
        definitions=("weakly_improves", "efficient"),
        steps=(spi_verify.Step("goal", PAPER.non_zero_sum(), []),),
    )
    found = spi_verify.refute(own)
    assert (found.id, found.verdict, found.evidence) == ("own", "refuted", "checked")
    with pytest.raises(InputError, match="last step"):
        spi_verify.refute(spi_verify.Statement("own", "", PAPER, (), (), ()))


def test_bad_input_is_told_with_what_there_is():
    with pytest.raises(InputError, match="there is no such file"):
        spi_verify.check("none.toml")
    with pytest.raises(InputError, match=r"no statement 'prop-0'; did you mean .*'prop-1'"):
        spi_verify.refute("prop-0")
    with pytest.raises(InputError, match=r"ex-3\.1: .*decided by prove"):
        spi_verify.refute("ex-3.1")
    for wrong in (None, 3, [3]):
        with pytest.raises(TypeError):
            spi_verify.check(wrong)
        with pytest.raises((TypeError, InputError)):
            spi_verify.refute(wrong)
