"""Arguments of the wrong type are a TypeError or ValueError, and nothing from inside."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import pytest

from spi_verify import games, obligations, programs
from spi_verify.errors import InputError
from spi_verify.theory import PAPER

MODULES = ["games", "programs", "obligations", "testing", "notebook"]
WRONG = [None, 3, "x", object(), [3], {}, 1.5]

GAME = games.Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
BASE = programs.PureBase(GAME)
RN = games.OutcomeMap.from_dict(GAME, {("1", "2"): ("1", "1"), ("2", "1"): ("2", "2")})
CODE = programs.renegotiation_map(RN)
ONE, TWO = programs.Always("1"), programs.Always("2")
CSR = programs.CSR(programs.Leximin(), ONE, programs.Improving())
BELIEFS = programs.Beliefs((((ONE,), 1),))
PLAYED = programs.ProgramGame(BASE)
SPACE = programs.ProgramSpace.plain(ONE, TWO)

RIGHT: dict[str, dict[str, Any]] = {
    "games.OutcomeMap": {"game": GAME, "images": RN.images},
    "games.OutcomeMap.from_dict": {"game": GAME, "images": {}},
    "games.OutcomeMap.from_callable": {"game": GAME, "image": lambda a: a},
    "games.find_gain": {"rn": RN, "reachable": None},
    "games.find_loss": {"rn": RN, "reachable": None},
    "games.is_spi": {"rn": RN, "reachable": [1, 2]},
    "games.is_renegotiation_function": {"rn": RN},
    "games.write_nfg": {"game": GAME},
    "games.PureOutcomes": {"game": GAME},
    "games.CorrelatedPlay": {"game": GAME},
    "programs.PureBase": {"game": GAME},
    "programs.CorrelatedBase": {"game": GAME},
    "programs.ProgramGame": {"base": BASE},
    "programs.best_response": {"game": PLAYED, "player": 1, "beliefs": BELIEFS, "space": SPACE},
    "programs.is_best_response": {
        "game": PLAYED, "player": 1, "program": ONE, "beliefs": BELIEFS, "space": SPACE,
    },
    "programs.expected_utility": {
        "game": PLAYED, "player": 1, "program": ONE, "beliefs": BELIEFS,
    },
    "programs.upper_bound": {"game": PLAYED, "player": 1, "beliefs": BELIEFS, "space": SPACE},
    "programs.reachable_payoffs": {
        "game": PLAYED, "player": 1, "opponents": [(ONE,)], "space": SPACE,
    },
    "programs.subjective_equilibrium": {
        "game": PLAYED, "programs": (ONE, ONE), "beliefs": (BELIEFS, BELIEFS),
        "spaces": (SPACE, SPACE),
    },
    "programs.is_spi": {
        "game": PLAYED, "f": programs.renegotiating(CODE, 2), "programs": [[ONE], [TWO]],
    },
    "programs.changes": {
        "game": PLAYED, "f": programs.renegotiating(CODE, 2), "programs": [[ONE], [TWO]],
    },
    "programs.find_map_defect": {"base": BASE, "rn": CODE},
    "programs.renegotiation_map": {"rn": RN},
    "programs.renegotiating": {"rn": CODE, "players": 2},
    "programs.pmp_extension": {"program": CSR},
    "programs.final_outcomes": {
        "base": BASE, "functions": (programs.Improving(),) * 2, "extended": [1],
        "selection": programs.Leximin(), "outcome": ("1", "2"),
    },
    "programs.parse_program": {"text": '(always "1")'},
    "programs.write": {"term": ONE},
    "obligations.literal_and_repaired": {
        "id": "s", "title": "t", "theory": PAPER, "hypotheses": [], "added": [],
        "definitions": [], "steps": [obligations.Step("goal", PAPER.projections_nonempty(), [])],
        "why": "",
    },
    "testing.assert_renegotiation_function": {"rn": RN, "game": GAME},
    "testing.assert_spi": {"f": lambda p: p, "game": GAME},
    "testing.assert_pmm_guarantee": {"f": lambda p: p, "game": GAME},
    "testing.assert_selection_transitive": {"sel": min, "game": GAME},
    "testing.outcomes": {"game": GAME},
    "testing.renegotiation_functions": {"game": GAME},
}  # fmt: skip
"""Right arguments, of which the tests replace one after the other by a wrong one."""


def exported() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every class, its class methods, and every function that the public modules export."""
    for room in MODULES:
        module = importlib.import_module(f"spi_verify.{room}")
        own = [
            n for n, o in vars(module).items() if getattr(o, "__module__", "") == module.__name__
        ]
        for name in getattr(module, "__all__", own):
            found = getattr(module, name)
            if inspect.isclass(found) and not issubclass(found, Enum):
                yield f"{room}.{name}", found
                for method, _ in inspect.getmembers(found, inspect.ismethod):
                    if not method.startswith("_"):
                        yield f"{room}.{name}.{method}", getattr(found, method)
            elif inspect.isfunction(found):
                yield f"{room}.{name}", found


EXPORTED = dict(exported())


def attempt(function: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Call something; a wrong argument may be taken, but not stumbled over inside."""
    try:
        found = function(**arguments)
        if inspect.isgenerator(found):
            list(found)
    except (TypeError, ValueError, InputError):
        pass
    except AssertionError as error:
        if not str(error).startswith("violated: "):
            raise


def test_all_rooms_are_looked_at():
    assert len(EXPORTED) > 120
    assert set(RIGHT) <= set(EXPORTED)


@pytest.mark.parametrize("name", EXPORTED)
def test_nothing_stumbles_over_arguments_that_are_all_wrong(name):
    function = EXPORTED[name]
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = [p for p in inspect.signature(function).parameters.values() if p.kind in kinds]
    needed = [p.name for p in parameters if p.default is p.empty]
    for wrong in WRONG:
        attempt(function, dict.fromkeys(needed, wrong))
        attempt(function, dict.fromkeys((p.name for p in parameters), wrong))


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_stumbles_over_one_wrong_argument(name):
    function, right = EXPORTED[name], RIGHT[name]
    if not name.startswith("testing.assert"):
        function(**right)
    for argument in right:
        for wrong in WRONG:
            attempt(function, {**right, argument: wrong})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: programs.pmp_extension(None), "pmp_extension: program is to be CSR, and not None"),
        (lambda: games.write_nfg("x"), "write_nfg: game is to be Game, and not str"),
        (lambda: games.is_renegotiation_function(3), "rn is to be OutcomeMap, and not int"),
        (lambda: games.OutcomeMap(None, [0]), "game is to be Game, and not NoneType"),
    ],
)
def test_the_argument_is_named(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_a_fault_inside_with_right_arguments_stays_what_it_is():
    from spi_verify.arguments import named

    @named
    def faulty(number: int) -> int:
        return number.absent

    with pytest.raises(AttributeError, match="absent"):
        faulty(3)
    with pytest.raises(TypeError, match="number is to be int, and not str"):
        faulty("3")
