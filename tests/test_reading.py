"""What is read off the code of a function holds when it is run, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.games import Game
from spi_verify.programs import (
    Execution,
    Improving,
    NonHaltingError,
    PureBase,
    Utilitarian,
    parse_function,
)
from spi_verify.programs.deciding.membership import is_legal
from spi_verify.programs.deciding.reading import (
    _LOOKS,
    Looks,
    looks,
    reads_functions,
    unconditional,
)
from spi_verify.programs.language.conditions import AllOf, AnyOf, Not
from spi_verify.programs.language.functions import FUNCTION_CONDITIONS, Row, SetFunction
from spi_verify.programs.language.terms import WORDS, is_ours, subterms
from spi_verify.programs.running.execution import ProgramGame

GAME = Game.from_payoffs([[[3, 1], [0, 0]], [[2, 2], [1, 3]]])
BASE = PureBase(GAME)
TEXTS = [
    "(improving)",
    "(improving-on-meet)",
    "(pmp 1)",
    "(at-most 2 1 0)",
    '(set ["1" "1"] ["2" "2"])',
    '(both (improving) (set ["2" "2"]))',
    '(either (pmp 2) (set ["1" "1"]))',
    '(by-outcome (set) (row ["1" "2"] (improving)))',
    '(tag "pmp-extension" (improving))',
    "(when (now-at-most 1 1 0) (improving) (set))",
    "(when (not (now-at-most 1 1 0)) (improving) (set))",
    "(unconditional-extension (set))",
    '(supposing (set) ["2" "1"])',
    '(when (accepts 2 ["1" "1"]) (improving) (set))',
    '(when (tagged 2 "pmp-extension") (improving) (set))',
    "(when (is 2 (improving)) (improving) (set))",
    '(pmp-extension (set ["1" "1"] ["2" "2"]))',
    "(extension (improving) (pmp 2))",
    '(extension-only (set ["1" "1"]))',
    "(take (dictator 1))",
]
FUNCTIONS = list(map(parse_function, TEXTS))


def values(function, other):
    execution = Execution(BASE)
    return [execution.value(1, (function, other), Utilitarian(), a) for a in GAME.outcomes()]


@pytest.mark.parametrize("function", FUNCTIONS, ids=TEXTS)
def test_a_function_that_reads_no_functions_has_the_same_sets_against_all(function):
    found = set()
    for other in FUNCTIONS:
        try:
            found.add(tuple(values(function, other)))
        except NonHaltingError:
            assert reads_functions(function)
    assert len(found) == 1 or reads_functions(function)
    assert not (unconditional(function) and reads_functions(function))


def test_functions_that_do_read_others_are_among_those_looked_at():
    readers = [f for f in FUNCTIONS if len({tuple(values(f, g)) for g in FUNCTIONS[:13]}) > 1]
    assert len(readers) >= 4
    assert all(map(reads_functions, readers))


@given(st.sampled_from(FUNCTIONS), st.sampled_from(FUNCTIONS))
def test_a_part_that_reads_functions_makes_the_whole_read_them(one, other):
    whole = parse_function(f"(either {one} {other})")
    assert reads_functions(whole) == (reads_functions(one) or reads_functions(other))
    assert unconditional(whole) == (unconditional(one) and unconditional(other))


def test_every_class_that_can_stand_in_a_function_has_an_entry():
    library = {
        cls
        for cls in WORDS.values()
        if issubclass(cls, (SetFunction, *FUNCTION_CONDITIONS, Not, AllOf, AnyOf, Row))
        and cls.__module__.startswith("spi_verify.")
    }
    assert library == set(_LOOKS)


def test_what_derives_from_a_class_of_the_language_may_depend_on_anything():
    class Mine(Improving):
        def value(self, scope):
            return scope.value(2)

    assert looks(Mine()) is None
    assert reads_functions(Mine())
    assert not unconditional(Mine())
    assert not is_ours(Mine())


def test_a_selection_function_looks_at_no_function():
    (taking,) = (f for f in FUNCTIONS if str(f).startswith("(take"))
    assert [looks(part) for part in subterms(taking)] == [Looks.VALUES, Looks.NOTHING]


def test_taking_what_a_constant_picks_is_not_settled_to_meet_definition_7():
    game = Game.from_payoffs([[[0, 0], [1, 1]]])
    constant = parse_function('(take (fixed ["1" "2"]))')
    assert is_legal(ProgramGame(PureBase(game)), 1, constant, 0, [], Utilitarian()) is None
    best = parse_function("(take (dictator 1))")
    assert is_legal(ProgramGame(PureBase(game)), 1, best, 0, [], Utilitarian()) is True
