"""A class of programs of somebody's own that play: run, searched, held against its formula."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import TOLD
from test_own_class import PAGE

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.looking import refute
from spi_verify.counterexamples.statements import carried
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.loading import load
from spi_verify.papers.paper import read_paper
from spi_verify.programs import Always, Beliefs, Program, ProgramGame, ProgramSpace, PureBase
from spi_verify.programs import is_best_response as judged
from spi_verify.programs.filling import filled
from spi_verify.programs.language.terms import WORDS, term
from spi_verify.testing import assert_class_agrees
from spi_verify.theory import PAPER

CAUTIOUS = Path(__file__).parent / "extensions" / "cautious"
SMALL = Bounds(players=2, outcomes=2)
DILEMMA = Game.from_payoffs([[[2, 2], [0, 3]], [[3, 0], [1, 1]]])


@pytest.fixture(autouse=True)
def known():
    """Have the class known for these tests only."""
    words, classes = dict(WORDS), dict(carried._known)
    WORDS.pop("cautious", None)
    yield
    WORDS.clear()
    WORDS.update(words)
    carried._known.clear()
    carried._known.update(classes)


@pytest.fixture
def cautious():
    theory_of(read_paper(CAUTIOUS))
    return lambda action, *target: WORDS["cautious"](Always(action), target)


def changed(tmp_path, *pairs):
    folder = tmp_path / "cautious"
    shutil.copytree(CAUTIOUS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / "definitions.py").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (folder / "definitions.py").write_text(text)
    return folder


def found(folder, id, bounds=SMALL):
    statement = next(one for one in load(folder / "suite.py", PAPER) if one.id == id)
    return refute(statement, bounds)


def untold(data):
    data = json.loads(json.dumps(data))
    return {key: data[key] for key in data if key not in TOLD}


@pytest.mark.long
@pytest.mark.parametrize("id", ["cautious-is-efficient", "cautious-pays-alike"])
def test_conjectures_about_the_class_are_refuted_by_its_programs(id):
    refutation = found(CAUTIOUS, id).refutation
    assert refutation is not None
    assert "(cautious (always" in " ".join(refutation["story"])
    assert any("taken from its class" in line for line in refutation["story"])
    assert confirm_saved(untold(refutation)).conclusion == refutation["conclusion"]


def test_programs_of_no_such_class_are_not_supposed_to_meet_a_formula_about_all_profiles():
    refutation = untold(found(CAUTIOUS, "cautious-is-efficient").refutation)
    del refutation["programs"]["programs"]
    with pytest.raises(Rejected, match="that none exists is not settled"):
        confirm_saved(refutation)


def test_without_the_formula_a_class_settles_nothing():
    refutation = untold(found(CAUTIOUS, "cautious-is-efficient").refutation)
    carried._known.clear()
    with pytest.raises(Rejected):
        confirm_saved(refutation)


@pytest.mark.long
def test_a_file_beside_its_suite_is_executed_again(run, tmp_path):
    folder = changed(tmp_path)
    saved = found(folder, "cautious-pays-alike").refutation
    (folder / "counterexamples").mkdir()
    (folder / "counterexamples" / "cautious-pays-alike.json").write_text(json.dumps(saved))
    proved = run("prove", folder, "cautious-pays-alike")
    assert (proved.code, "1 claim: 1 refuted" in proved.out) == (0, True)


RECKLESS = ("if all(there >= here for there, here in pairs):", "if list(pairs):")


def test_a_class_that_does_something_else_than_its_formula_is_found_out(tmp_path):
    folder = changed(tmp_path, RECKLESS)
    wrong = "is of the class Cautious, and cautious does not hold"
    with pytest.raises(AssertionError, match=wrong):
        assert_class_agrees(folder, "cautious")


def test_class_and_formula_agree():
    assert_class_agrees(CAUTIOUS, "cautious", games=1)
    with pytest.raises(InputError, match="names a class; there are: cautious"):
        assert_class_agrees(CAUTIOUS, "bold")


def test_what_is_earned_at_most_settles_best_responses(cautious):
    game = ProgramGame(PureBase(DILEMMA))
    mine = cautious("2", "1", "1")
    space = ProgramSpace.plain(Always("1"), Always("2"), mine)
    reply = judged(game, 1, mine, Beliefs.certain(cautious("2", "1", "1")), space)
    assert (reply.optimal, reply.value) == (True, 2)
    stubborn = Beliefs.certain(cautious("2", "2", "2"))
    best = judged(game, 1, Always("2"), stubborn, ProgramSpace.plain())
    assert (best.optimal, str(best.method)) == (True, "bound")


def test_what_earns_more_than_a_class_says_is_noticed(tmp_path):
    folder = changed(tmp_path, ("return max(base.payoffs(outcome)[player - 1]", "return min(-1"))
    with pytest.raises(AssertionError, match="earns at most -1"):
        assert_class_agrees(folder, "cautious")
    opponent = WORDS["cautious"](Always("2"), ("2", "2"))
    game = ProgramGame(PureBase(DILEMMA))
    with pytest.raises(InputError, match="nobody earns more than -1"):
        judged(game, 1, Always("2"), Beliefs.certain(opponent), ProgramSpace.plain(Always("2")))


def test_fields_are_filled_in_by_what_a_game_has(cautious):
    programs = list(filled(type(cautious("1", "1", "1")), 1, DILEMMA))
    assert len(set(programs)) == 2 * 4
    assert cautious("2", "1", "2") in programs


def test_a_field_that_nothing_fills_in_is_named():
    @term
    class Odd(Program, word="odd-for-a-test", parts="entry"):
        entry: object

        def run(self, situation):
            return situation

    try:
        with pytest.raises(InputError, match="sort 'entry' is not filled in: give Odd a method"):
            list(filled(Odd, 1, DILEMMA))
    finally:
        WORDS.pop("odd-for-a-test")


def test_the_page_shows_the_case_that_is_tested():
    text = (CAUTIOUS / "definitions.py").read_text()
    assert f"```python\n{text}```" in PAGE.read_text()
