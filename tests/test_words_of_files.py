"""What a file says that it shows: of these words it is compared, of older ones noted, not shown."""

import copy
import json

import pytest
from conftest import PROGRAM_GAMES, TOLD

from spi_verify.counterexamples.file import WORDING, confirm_saved
from spi_verify.counterexamples.programs import instances
from spi_verify.errors import InputError, Rejected
from spi_verify.notebook import Refutation
from spi_verify.obligations.cache import Cache

FOLDER = PROGRAM_GAMES / "counterexamples"
SAVED = json.loads((FOLDER / "prop-1.json").read_text(encoding="utf-8"))
FALSE = {
    "story": ["Nothing happens here."],
    "hypotheses": [{**check, "check": "I promise"} for check in SAVED["hypotheses"]],
}
NOTE = "(another version wrote it: its story and what it says of the hypotheses were not compared)"


def worded(version, **changes):
    data = copy.deepcopy(SAVED) | changes
    del data["wording"]
    return data | ({} if version is None else {"wording": version})


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "saved.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("key", [key for key in TOLD if key != "wording"])
def test_a_file_of_these_words_has_all_that_is_told(key):
    data = copy.deepcopy(SAVED)
    del data[key]
    with pytest.raises(InputError, match=f"{key}: this is missing"):
        confirm_saved(data)


@pytest.mark.parametrize("key", FALSE)
def test_false_words_of_this_version_are_rejected(key):
    with pytest.raises(Rejected):
        confirm_saved(SAVED | {key: FALSE[key]})


@pytest.mark.parametrize("version", [WORDING + 1, 999])
def test_a_file_in_words_of_a_newer_version_is_bad_input(run, file, version):
    found = run("replay", file(worded(version)))
    assert found.code == 2
    assert "wording: a newer version wrote this file" in found.err


@pytest.mark.parametrize("version", [None, *range(1, WORDING)])
def test_of_older_words_the_note_says_what_was_not_compared_and_nothing_shows_them(
    run, file, tmp_path, version
):
    path = file(worded(version, **FALSE))
    found = run("replay", path, "--json", tmp_path / "found.json")
    assert found.code == 0
    assert NOTE in found.out
    assert "Nothing happens here" not in found.out
    assert "I promise" not in found.out
    (one,) = json.loads((tmp_path / "found.json").read_text())["replays"]
    assert one["story"] == SAVED["story"]
    assert NOTE in one["reason"]
    shown = Refutation.read(path)
    assert shown.story == SAVED["story"]
    assert shown.data["hypotheses"] == SAVED["hypotheses"]


def test_these_words_need_no_note(run, file):
    found = run("replay", file(SAVED))
    assert found.code == 0
    assert "another version" not in found.out


@pytest.mark.parametrize("version", [None, *range(1, WORDING + 1)])
@pytest.mark.parametrize(
    "changes",
    [
        {"story": 5},
        {"story": "Nothing happens here."},
        {"story": [["Nothing happens here."]]},
        {"conclusion": ["nothing"]},
        {"hypotheses": [check["name"] for check in SAVED["hypotheses"]]},
        {"hypotheses": [{**check, "check": 5} for check in SAVED["hypotheses"]]},
        {"hypotheses": [{"name": check["name"]} for check in SAVED["hypotheses"]]},
    ],
)
def test_what_is_told_is_text_in_all_versions(version, changes):
    with pytest.raises(Rejected):
        confirm_saved(worded(version, **changes))


def test_what_is_no_counterexample_is_not_shown_in_a_notebook(file):
    with pytest.raises(Rejected):
        Refutation.read(file(SAVED | FALSE))


INSTANCE = json.loads((PROGRAM_GAMES / "instances" / "prop-2.repaired.json").read_text())


def test_an_instance_in_older_words_has_the_note_and_one_in_newer_is_bad_input():
    told = instances.confirm_saved(INSTANCE)
    old = {**INSTANCE, "wording": 1}
    old["hypotheses"] = [{**check, "check": "I promise"} for check in INSTANCE["hypotheses"]]
    note = " (another version wrote it: what it says of the hypotheses was not compared)"
    assert instances.confirm_saved(old) == told + note
    with pytest.raises(Rejected):
        instances.confirm_saved({**old, "wording": WORDING})
    with pytest.raises(InputError, match="newer version"):
        instances.confirm_saved({**old, "wording": WORDING + 1})


def test_results_told_in_other_words_are_not_published():
    from spi_verify.audit.rechecker import Rechecker, digest_of
    from spi_verify.counterexamples.statements.claimed import shipped_statements
    from spi_verify.verdicts import Evidence, Result, Verdict

    statement = shipped_statements()["prop-1"]

    def against(data):
        rechecker = Rechecker({statement.id: statement}, all_known=True, cache=Cache(None))
        result = Result(
            statement.id,
            Verdict.REFUTED,
            Evidence.CHECKED,
            expected=statement.expected,
            counterexample=data,
        )
        return rechecker.recheck(result, digest_of(statement)).against

    assert against(SAVED) is None
    for version in (None, 1, WORDING + 1):
        assert "its counterexample does not hold" in against(worded(version, **FALSE))
