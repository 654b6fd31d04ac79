"""Programs print as code that parses back, and text is read without running it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.programs import (
    CSR,
    Accepts,
    AllOf,
    Always,
    AnyOf,
    AtMost,
    Both,
    ByOutcome,
    Choice,
    Code,
    Dictator,
    Either,
    Extension,
    FunctionIs,
    If,
    Improving,
    KalaiSmorodinsky,
    Nash,
    NowAtMost,
    Outcomes,
    Plays,
    PMPExtension,
    Projection,
    Row,
    SelectionTable,
    SetFunction,
    Tag,
    Tagged,
    Take,
    When,
    parse_function,
    parse_program,
    parse_selection,
)
from spi_verify.programs.language.notation import MAX_LENGTH
from spi_verify.programs.language.terms import WORDS, Term
from spi_verify.testing import games, programs, selections

HALF = Fraction(1, 2)
EVERYTHING = [
    When(
        AllOf((FunctionIs(2, Improving()), Tagged(2, "a tag"), Accepts(2, (HALF, Fraction(1))))),
        Both(Improving(), (AtMost(HALF, (Fraction(1), Fraction(0))),)),
        Either(Projection(1), (Outcomes((("Slot 1", "b"),)), Outcomes(()))),
    ),
    When(AnyOf((NowAtMost(-HALF, (HALF, HALF)),)), Tag("t", Improving()), Take(Dictator(2))),
    Extension(PMPExtension(Improving()), Projection(2)),
    ByOutcome(Improving(), (Row(("a", "b"), Outcomes(())), Row(("b", "a"), Improving()))),
]


@pytest.mark.parametrize("function", EVERYTHING, ids=lambda f: type(f).__name__)
def test_every_form_of_function_round_trips(function):
    assert parse_function(str(function)) == function


@given(st.data())
def test_programs_round_trip(data):
    game = data.draw(games())
    written = data.draw(programs(game, 1))
    assert parse_program(str(written)) == written


@given(st.data())
def test_selections_round_trip(data):
    sel = data.draw(selections(data.draw(st.integers(2, 4))))
    assert parse_selection(str(sel)) == sel


def test_selections_with_numbers_and_tables_round_trip():
    table = SelectionTable((Choice(("a", "b"), (("a", "b"), ("b", "a"))),))
    for sel in (Nash((HALF, Fraction(-2))), KalaiSmorodinsky((HALF, HALF)), table):
        assert parse_selection(str(sel)) == sel


@given(st.text())
def test_any_action_name_round_trips(name):
    assert parse_program(str(Always(name))) == Always(name)


def test_points_are_actions_in_correlated_play():
    assert parse_program("(always [1/2 3])") == Always((HALF, Fraction(3)))


def test_the_notation_knows_every_term_of_the_library():
    def leaves(cls):
        own = [cls] if "term" not in cls.__name__.lower() and hasattr(cls, "__match_args__") else []
        return own + [leaf for sub in cls.__subclasses__() for leaf in leaves(sub)]

    library = {cls for cls in leaves(Term) if cls.__module__.startswith("spi_verify.programs")} - {
        Term
    }
    unnamed = {cls.__name__ for cls in library if cls not in WORDS.values()}
    assert not {name for name in unnamed if not name.startswith("_")}
    assert Always in library
    assert PMPExtension in library
    assert Nash in library


def test_a_word_that_is_taken_is_refused():
    with pytest.raises(InputError, match="the word 'nash' stands for Nash already"):

        class Another(Nash, word="nash"):
            pass


def test_what_derives_from_a_class_with_a_notation_has_none_by_that():
    class Mine(Improving):
        pass

    assert str(Mine()) == "<Mine>"


def test_a_function_of_ones_own_runs_but_is_shown_by_its_name_only():
    class Mine(SetFunction):
        def value(self, scope):
            return scope.base.finite(())

    assert str(CSR(Dictator(1), Always("a"), Mine())) == '(csr (dictator 1) (always "a") <Mine>)'


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "line 1, column 1", "the text ends where a program"),
        ("(always", "line 1, column 8", "the text ends"),
        ('(always "a"', "line 1, column 12", "the text ends"),
        ('(always "a")\n(always "b")', "line 2, column 1", "more text"),
        ("(always a)", "line 1, column 9", "double quotes"),
        ('(always "a" "b")', "line 1, column 13", "expected the end"),
        ('(always "a', "line 1, column 9", "quote is not closed"),
        ('(import "os")', "line 1, column 2", "'import' is no program"),
        ("(improving)", "line 1, column 2", "is no program"),
        ('(if (code 0 (always "a")) (always "a") (always "b"))', "column 11", "0 is no player"),
        ("(always [x])", "line 1, column 10", "is not a number"),
        ("(always [1/0])", "line 1, column 10", "divides by zero"),
        ('(csr (utilitarian) (always "a") (set (improving)))', "column 38", "square brackets"),
        (
            '(csr (utilitarian) (always "a") (by-outcome (improving) (row [1 2] (improving))))',
            "column 62",
            "names of actions",
        ),
        ('(icsr (utilitarian) (always "a"))', "column 2", "at least one round"),
        ("]", "line 1, column 1", "in parentheses"),
        ('(if (is 2 (improving)) (always "1") (always "2"))', "column 6", "no program-condition"),
        (
            '(if (not (any (accepts 2 ["1" "1"]))) (always "1") (always "2"))',
            "column 16",
            "no program-condition",
        ),
        (
            '(csr (leximin) (always "1") (when (all (same-code)) (improving) (improving)))',
            "column 41",
            "no function-condition",
        ),
        ('"' + "a", "line 1, column 1", "quote"),
    ],
)
def test_errors_name_the_place_and_what_is_wrong(text, place, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_program(text)
    assert place in str(caught.value)


def test_texts_are_bounded_in_length_and_depth():
    deep = "(if (same-code) " * 5000 + '(always "a")'
    with pytest.raises(InputError, match="nested more than"):
        parse_program(deep)
    with pytest.raises(InputError, match="longer than"):
        parse_program(" " * (MAX_LENGTH + 1))


@given(st.text(alphabet='()[]" \\abn1/', max_size=40))
def test_no_text_leads_to_anything_but_a_program_or_an_input_error(text):
    for parse in (parse_program, parse_function, parse_selection):
        try:
            parse(text)
        except InputError:
            continue


def test_code_is_read_with_any_spacing():
    text = '(if\n  (code 2 (always "a"))\n  (always "b")\t(always "c"))'
    assert parse_program(text) == If(Code(2, Always("a")), Always("b"), Always("c"))
    assert parse_program('(if (plays 2 "a") (always "b") (always "c"))') == If(
        Plays(2, "a"), Always("b"), Always("c")
    )
