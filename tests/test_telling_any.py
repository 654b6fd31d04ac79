"""Stories of any statement: the payoff table, players by name, and what fails with its numbers."""

import copy
import json
import math
import re

import pytest
import z3
from conftest import PROGRAM_GAMES, require_replayed
from false_statements import statements

from spi_verify.counterexamples.bimatrix import by_name
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import WORDING, confirm_saved, read_claimed
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.looking import refute
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.scenario import read_scenario
from spi_verify.counterexamples.programs.telling.failing import in_instances
from spi_verify.counterexamples.programs.telling.formulas import text
from spi_verify.counterexamples.programs.telling.general import General
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.obligations import Statement, Step
from spi_verify.theory import PAPER, signature

FALSE = {statement.id: statement for statement in statements(PAPER)}
QUICK = [
    "comparable",
    "feasible-pays-at-least-the-pmm",
    "mixed-pays-alike",
    "larger-sets-are-better",
    "all-select-alike",
    "renegotiation-functions-commute",
    "agreement-is-never-empty",
    "certain-players-are-right",
    "csr-is-efficient",
    "f-is-an-spi",
]
FOLDER = PROGRAM_GAMES / "counterexamples"
SAVED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in [*FOLDER.glob("*.json"), *(FOLDER / "necessity").glob("*.json")]
}
SHIPPED = sorted(name for name, data in SAVED.items() if data["kind"] == "programs")
SORTS = [name for name in vars(signature) if isinstance(getattr(signature, name), z3.SortRef)]
RAW = re.compile(rf"\b({'|'.join(SORTS)}) \d+\b")


def require_told(told, game):
    lines = [*told.story, told.conclusion]
    assert not [line for line in lines if RAW.search(line)]
    table = [line for line in lines if line.startswith("  ")]
    if len(game["players"]) == 2:
        rows, columns = game["actions"]
        assert len(table) == len(rows) + 1
        assert {line.count("|") for line in table} == {len(columns)}
    else:
        assert len(table) == math.prod(map(len, game["actions"])) + 1
        assert {line.count("|") for line in table} == {len(game["players"])}
    least = [line for line in lines if line.startswith("The least that each gets")]
    assert len(least) <= 1
    assert least or not any("the PMM" in line or "PMP" in line for line in lines)
    assert told.story[-1] == f"So {told.conclusion}."
    assert told.conclusion.startswith("the conclusion fails")


def general(name):
    data = SAVED[name]
    statement = statement_of(Claimed(data["statement"], tuple(data["without"])))
    induced = Induced(read_scenario(data["programs"]), statement.theory, any_code=True)
    return General(statement, induced).told()


@pytest.mark.long
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_statement_is_told_without_the_papers_own_words(name):
    require_told(general(name), SAVED[name]["programs"]["game"])


@pytest.mark.parametrize(
    "id", [pytest.param(id, marks=[pytest.mark.long] * (id not in QUICK[:6])) for id in FALSE]
)
def test_a_false_statement_is_told_in_words(id):
    found = refute(FALSE[id]).refutation
    told = confirm_saved(found)
    require_told(told, found["programs"]["game"])


def test_a_conclusion_ends_with_its_numbers_and_by_how_much_it_fails():
    found = refute(FALSE["comparable"]).refutation
    assert found["conclusion"] == (
        "the conclusion fails for x = (1, 1), y = (2, 1), i = player 1: weakly_improves(y, x) is "
        "false, since u(i, y) = 0 and u(i, x) = 1: the difference is 1"
    )


_A, _B, _C = z3.Consts("a b c", signature.Outcome)
_I = z3.Const("i", signature.Player)


def _best(a, b):
    return z3.ForAll([_I], signature.u(_I, a) >= signature.u(_I, b))


@pytest.mark.parametrize(
    "goal",
    [
        z3.Implies(z3.Exists([_A], _best(_A, _B)), _best(_A, _B)),
        z3.ForAll([_A], z3.Exists([_B], z3.And(_best(_B, _A), z3.ForAll([_A], _best(_A, _B))))),
        z3.Xor(_best(_A, _B), z3.Xor(_best(_B, _A), _best(_A, _B))) == _best(_A, _B),
        z3.If(_best(_A, _B), 1, 0) + z3.If(_best(_B, _A), 1, 0) <= 1,
        _best(z3.If(_best(_A, _B), _B, _A), _B),
        signature.u(_I, _A) - (signature.u(_I, _B) - signature.u(_I, _C)) >= z3.RealVal("-1/3"),
    ],
    ids=range(6),
)
def test_what_is_saved_is_read_back_as_it_was_told(goal, tmp_path):
    found = refute(Statement("mine", "mine", PAPER, (), (), (Step("goal", goal, ()),)))
    assert found.refutation is not None, found.reason
    require_replayed(found.refutation, tmp_path)


def test_formulas_are_told_with_brackets_and_variables_apart():
    x, y, w = z3.Reals("x y w")
    a, b = z3.Consts("a b", signature.Outcome)
    assert text(x - (y - w) >= (x + y) * w) == "x - (y - w) >= (x + y) * w"
    assert text(-(x + y) < w) == "-(x + y) < w"
    assert text(z3.ForAll([a], z3.Or(a != b, z3.Exists([a], a == b)))) == (
        "for all a: a != b or (for some a': a' = b)"
    )
    assert text(z3.And(a == b, z3.ForAll([a], a == b))) == "a = b and (for all a': a' = b)"


def test_players_go_by_their_names():
    game = Game.from_payoffs([[[1, 0]], [[0, 1]]], players=["Ann", "Bob"])
    found = refute(FALSE["comparable"], Bounds(game=game)).refutation
    assert found["story"][:3] == [
        "In this game Ann chooses the row and Bob has no choice:",
        "    |  1",
        "  1 | 1, 0",
    ]
    assert "i = Ann" in found["conclusion"]


@pytest.mark.parametrize(
    ("players", "told", "so"),
    [
        (["Ann", "Bob"], "Player 2 plays X against player 1.", "Bob plays X against Ann."),
        (["Ann", "Player 2"], "Player 2 plays X.", "Player 2 plays X."),
        (["Player 2", "Bob"], "Player 1 and player 2 play X.", "Player 1 and Bob play X."),
        (["Ann", "Bob"], 'player 1 uses (always "player 2").', 'Ann uses (always "player 2").'),
    ],
)
def test_names_of_actions_and_programs_stay_as_they_are(players, told, so):
    action = "obey player 2"
    game = Game.from_payoffs([[[1, 0]], [[0, 1]]], players=players, actions=[["1", action], ["1"]])
    assert by_name(game, told.replace("X", action)) == so.replace("X", action)


def test_a_story_has_actions_named_like_players_as_they_are_called():
    game = Game.from_payoffs(
        [[[1, 0]], [[0, 1]]], players=["Ann", "Bob"], actions=[["1", "obey player 2"], ["1"]]
    )
    found = refute(FALSE["comparable"], Bounds(game=game)).refutation
    lines = [*found["story"], found["conclusion"]]
    assert any("(obey player 2, 1)" in line for line in lines)
    assert not any("obey Bob" in line for line in lines)
    assert "i = Ann" in found["conclusion"]


def test_what_is_offered_agreed_on_and_selected_is_told():
    story = refute(FALSE["agreed-is-efficient"]).refutation["story"]
    assert any("they agree on" in line and "with sel they end at" in line for line in story)
    assert any(line.startswith("sel picks ") for line in story)


def test_files_in_the_words_of_older_versions_are_replayed_and_told_anew():
    found = refute(FALSE["comparable"]).refutation
    statement = statement_of(read_claimed(found))
    first = in_instances(statement, Induced(read_scenario(found["programs"]), statement.theory))
    assert first.startswith("the conclusion fails: x = Outcome 0, y = Outcome 1: ")
    old = copy.deepcopy(found)
    del old["wording"]
    old["story"] = ["2 players."]
    for check in old["hypotheses"]:
        check["check"] = "evaluated"
    for conclusion in (first, found["conclusion"]):
        again = confirm_saved({**old, "conclusion": conclusion})
        assert (again.conclusion, list(again.story)) == (found["conclusion"], found["story"])
    assert confirm_saved({**old, "wording": 1}) == again
    with pytest.raises(Rejected):
        confirm_saved({**found, "conclusion": first})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"wording": WORDING}, Rejected),
        ({"conclusion": "nobody gains"}, Rejected),
        ({"hypotheses": [{"name": "nothing", "check": "so it is"}]}, Rejected),
        ({"hypotheses": "none"}, Rejected),
        ({"wording": "2"}, InputError),
        ({"wording": True}, InputError),
        ({"wording": 0}, InputError),
        ({"wording": WORDING + 1}, InputError),
        ({"story": 5}, Rejected),
        ({"story": "2 players."}, Rejected),
        ({"story": [2]}, Rejected),
        ({"conclusion": 5}, Rejected),
    ],
)
def test_of_files_in_other_words_everything_else_is_held_against_what_is_shown(changes, error):
    old = {**refute(FALSE["comparable"]).refutation, "story": ["2 players."]}
    del old["wording"]
    confirm_saved(old)
    with pytest.raises(error):
        confirm_saved(old | changes)
