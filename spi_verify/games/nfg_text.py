"""The text of Gambit's files: words, quoted strings and numbers, and where in the text they are."""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from spi_verify.errors import InputError
from spi_verify.games.rationals import parse_rational

INT64_SAFE = 2**62
_POWERS = 10 ** np.arange(19, dtype=np.int64)

# Every repetition is possessive, so that no text makes the matching backtrack.
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_BARE = r'[^\s,{}"]++'
_COMMA = r"(?:\s*+,)?+"
_FLAGS = re.ASCII | re.DOTALL
_SPACE = re.compile(r"\s*+", _FLAGS)
_STRING = re.compile(_QUOTED, _FLAGS)
_STRINGS = re.compile(rf"(?:\s*+{_QUOTED}{_COMMA})*+", _FLAGS)
# A number ends where the next one begins, also without space between: Gambit reads 1-2 as 1 and -2.
_NUMBER = (
    r"[+-]?(?:\d++/\d++|(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+)"
    r'(?=[\s,{}"+.-]|\Z)'
)
WORD = re.compile(rf"{_NUMBER}|{_BARE}", _FLAGS)
_WORDS = re.compile(rf"(?:\s*+{_BARE}{_COMMA})*+", _FLAGS)
OUTCOME = re.compile(
    rf"\s*+\{{\s*+{_QUOTED}{_COMMA}((?:\s*+{_BARE}{_COMMA})*+)\s*+\}}{_COMMA}", _FLAGS
)
_INTEGERS = re.compile(r"[\d\s,+-]*+", _FLAGS)
_DECIMALS = re.compile(r"(?:[\d\s,+-]++|\.(?![+-]))*+", _FLAGS)
_COUNT = re.compile(r"\+?(\d{1,18})(?:\.0*)?", _FLAGS)
_UNESCAPE = re.compile(r'\\(["\\])')
_ESCAPE = re.compile(r'"|\\(?=["\\]|\Z)')


def count(word: str) -> int | None:
    """Return the whole number that a word is, also as ``2.0``, or None where it is none."""
    match = _COUNT.fullmatch(word)
    return None if match is None else int(match[1])


def quoted(text: str) -> str:
    """Return a text in quotes, as the format has it."""
    return '"' + _ESCAPE.sub(r"\\\g<0>", text) + '"'


def unquoted(quoted: str) -> str:
    """Return what a quoted string says."""
    return _UNESCAPE.sub(r"\1", quoted[1:-1])


class Scanner:
    """A position in a text, and what can be read from there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 1 if text.startswith("\ufeff") else 0

    def fail(self, what: str, position: int) -> NoReturn:
        """Report what is wrong in the line of a position."""
        raise InputError(what, where=f"line {self.line(position)}")

    def line(self, position: int) -> int:
        """Return the number of the line of a position."""
        return self.text.count("\n", 0, position) + 1

    def skip_space(self) -> None:
        """Go on to what is no space."""
        match = _SPACE.match(self.text, self.position)
        assert match is not None
        self.position = match.end()

    def at(self, start: str) -> bool:
        """Return whether this text is here, after spaces."""
        self.skip_space()
        return self.text.startswith(start, self.position)

    def at_end(self) -> bool:
        """Return whether nothing but spaces is left."""
        self.skip_space()
        return self.position == len(self.text)

    def wrong(self, expected: str) -> NoReturn:
        """Report what is here instead of what was expected."""
        if self.at_end():
            self.fail(f"expected {expected}, but the file ends", len(self.text.rstrip()))
        token = _STRING.match(self.text, self.position) or WORD.match(self.text, self.position)
        if token is None and self.at('"'):
            self.fail("this quoted text has no closing quote", self.position)
        found = token[0] if token is not None else self.text[self.position]
        self.fail(f"expected {expected}, found {shown(found)}", self.position)

    def symbol(self, symbol: str, expected: str) -> None:
        """Read a symbol."""
        if not self.at(symbol):
            self.wrong(expected)
        self.position += len(symbol)

    def word(self, expected: str) -> str:
        """Read a word."""
        self.skip_space()
        match = WORD.match(self.text, self.position)
        if match is None:
            self.wrong(expected)
        self.position = match.end()
        return match[0]

    def string(self, expected: str) -> str:
        """Read a quoted string."""
        self.skip_space()
        match = _STRING.match(self.text, self.position)
        if match is None:
            self.wrong(expected)
        self.position = match.end()
        return unquoted(match[0])

    def strings(self) -> list[str]:
        """Read as many quoted strings as there are."""
        match = _STRINGS.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        return [unquoted(quoted) for quoted in _STRING.findall(match[0])]

    def words(self) -> Words:
        """Read as many words as there are."""
        match = _WORDS.match(self.text, self.position)
        assert match is not None
        self.position = match.end()
        return Words(self, [match.span()])


@dataclass(frozen=True)
class Words:
    """The words in some parts of a text that hold nothing but words and commas."""

    scanner: Scanner
    spans: list[tuple[int, int]]

    def __iter__(self) -> Iterator[re.Match[str]]:
        text = self.scanner.text
        return itertools.chain.from_iterable(
            WORD.finditer(text, start, end) for start, end in self.spans
        )

    def position(self, number: int) -> int:
        """Return where a word stands."""
        return next(itertools.islice(self, number, None)).start()

    def integers(self) -> npt.NDArray[np.int64] | None:
        """Return the numbers where all are integers of 64 bits."""
        text = self.scanner.text
        # What int() takes beyond this, as in "1_000", is no number of the format.
        if not all(_INTEGERS.fullmatch(text, start, end) for start, end in self.spans):
            return None
        try:
            return np.fromiter(map(int, map(re.Match.group, self)), dtype=np.int64)
        except (ValueError, OverflowError):
            return None

    def rationals(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return numerators and denominators, of type int64 or object."""
        integers = self.integers()
        if integers is not None:
            return integers, np.ones_like(integers)
        decimals = self._decimals()
        if decimals is not None:
            return decimals
        try:
            numerators, denominators = array("q"), array("q")
            for value in self._fractions():
                numerators.append(value.numerator)
                denominators.append(value.denominator)
            return np.array(numerators), np.array(denominators)
        except OverflowError:
            values = list(self._fractions())
            return (
                np.array([value.numerator for value in values], dtype=object),
                np.array([value.denominator for value in values], dtype=object),
            )

    def _decimals(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """Return the numbers where all are decimals without exponent that fit into int64."""
        text = self.scanner.text
        if not all(_DECIMALS.fullmatch(text, start, end) for start, end in self.spans):
            return None
        digits, places = array("q"), array("q")
        try:
            for word in self:
                whole, _, decimals = word[0].partition(".")
                digits.append(int(whole + decimals))
                places.append(len(decimals))
        except (ValueError, OverflowError):
            return None
        numerators = np.array(digits)
        if max(places) >= len(_POWERS) or np.any(numerators <= -INT64_SAFE):
            return None
        denominators = _POWERS[np.array(places)]
        shared = np.gcd(numerators, denominators)
        return numerators // shared, denominators // shared

    def _fractions(self) -> Iterator[Fraction]:
        parse = lru_cache(maxsize=2**16)(parse_rational)
        for word in self:
            try:
                yield parse(word[0])
            except InputError as error:
                self.scanner.fail(error.what, word.start())


def shown(text: str) -> str:
    """Return a text as messages show it, shortened."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
