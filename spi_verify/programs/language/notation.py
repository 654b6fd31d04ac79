"""The short notation of programs, and how it is read; ``terms.write`` writes it.

::

    program    (always ACTION)
               (if CONDITION PROGRAM PROGRAM)
               (table PROGRAM (entry ACTION PROGRAM...)...)
               (renegotiate MAP PROGRAM)
               (csr SELECTION PROGRAM FUNCTION)
               (icsr SELECTION PROGRAM FUNCTION...)
    condition  (not CONDITION) (all CONDITION...) (any CONDITION...)
      in programs:   (code PLAYER PROGRAM) (same-code) (plays PLAYER ACTION)
      in functions:  (is PLAYER FUNCTION) (tagged PLAYER TAG) (accepts PLAYER ELEMENT)
                     (now-at-most BOUND NUMBER...)
    map        (map (to OUTCOME ELEMENT)...)
    function   (set ELEMENT...) (improving) (improving-on-meet) (pmp PLAYER)
               (at-most BOUND NUMBER...) (both FUNCTION...) (either FUNCTION...)
               (when CONDITION FUNCTION FUNCTION)
               (by-outcome FUNCTION (row OUTCOME FUNCTION)...)
               (tag NAME FUNCTION) (pmp-extension FUNCTION) (extension FUNCTION FUNCTION)
               (unconditional-extension FUNCTION) (extension-only FUNCTION)
               (final-extension FUNCTION) (supposing FUNCTION ELEMENT)
               (take SELECTION)
    selection  (dictator PLAYER) (lexicographic PLAYER...) (utilitarian) (maxmin) (leximin)
               (nash NUMBER...) (kalai-smorodinsky NUMBER...) (lowest-first NUMBER...)
               (select-table (choose ELEMENT ELEMENT...)...)
               (when-offered ELEMENT SELECTION SELECTION) (fixed ELEMENT)

An ACTION is a name in double quotes, or a point such as ``[3 11/4]``. An OUTCOME is a list of
names, ``["Slot 1" "Slot 2"]``; an ELEMENT is an outcome or a point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.rationals import parse_rational
from spi_verify.programs.language import conditions, functions, programs, selections
from spi_verify.programs.language.terms import WORDS, Element, Term, load_installed, sorts
from spi_verify.suggestions import suggestion

MAX_LENGTH = 1_000_000
MAX_DEPTH = 60

_CONNECTIVES = (conditions.Not, conditions.AllOf, conditions.AnyOf)
_SORTS: dict[str, type[Term] | tuple[type[Term], ...]] = {
    "program": programs.Program,
    "program-condition": (*programs.PROGRAM_CONDITIONS, *_CONNECTIVES),
    "function-condition": (*functions.FUNCTION_CONDITIONS, *_CONNECTIVES),
    "function": functions.SetFunction,
    "selection": selections.Selection,
    "scoring": selections.Scoring,
    "map": functions.RenegotiationMap,
    "to": functions.To,
    "entry": programs.Entry,
    "row": functions.Row,
    "choose": selections.Choice,
}
_INSTALLED = {
    selections.GROUP: selections.Selection,
    functions.GROUP: functions.SetFunction,
}
_TOKEN = re.compile(r'\s+|(?P<token>[()\[\]]|"(?:[^"\\]|\\.)*"|[^\s()\[\]"]+)', re.DOTALL)


@named
def parse_program(text: str) -> programs.Program:
    """Read a program in the short notation.

    Raises
    ------
    InputError
        When the text is no program; the message names the place. Texts of more than a million
        characters, or nested more than 60 deep, are refused. Nothing in the text is executed.

    >>> parse_program('(always "Slot 1")')
    Always(action='Slot 1')
    """
    parsed: programs.Program = _parse(text, "program")
    return parsed


@named
def parse_function(text: str) -> functions.SetFunction:
    """Read a set-valued renegotiation function; see :func:`parse_program`."""
    parsed: functions.SetFunction = _parse(text, "function")
    return parsed


@named
def parse_selection(text: str) -> selections.Selection:
    """Read a selection function; see :func:`parse_program`."""
    parsed: selections.Selection = _parse(text, "selection")
    return parsed


@named
def parse_map(text: str) -> functions.RenegotiationMap:
    """Read a renegotiation function; see :func:`parse_program`."""
    parsed: functions.RenegotiationMap = _parse(text, "map")
    return parsed


@dataclass(frozen=True)
class _Token:
    text: str
    start: int


def _parse(text: str, sort: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise InputError(f"a text of {len(text)} characters is longer than {MAX_LENGTH}")
    reader = _Reader(text)
    result = reader.read(sort, 0)
    reader.end()
    assert isinstance(result, _SORTS[sort])
    return result


def _words(sort: str) -> list[str]:
    """Return the words of a sort, those that combine conditions last."""
    words = [word for word, cls in WORDS.items() if issubclass(cls, _SORTS[sort])]
    return sorted(words, key=lambda word: WORDS[word] in _CONNECTIVES)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._error("a quote is not closed", position)
            if match["token"]:
                self.tokens.append(_Token(match["token"], position))
            position = match.end()
        self.tokens.reverse()

    def end(self) -> None:
        if self.tokens:
            raise self._error("there is more text after the end", self.tokens[-1].start)

    def read(self, sort: str, depth: int) -> Any:
        if sort in _SORTS:
            return self._term(sort, depth)
        if sort in ("action", "element", "outcome"):
            return self._element(sort)
        token = self._next(f"a {sort}")
        if sort == "name":
            return self._string(token)
        if sort == "player":
            if not re.fullmatch(r"[1-9][0-9]{0,5}", token.text):
                raise self._error(f"{token.text} is no player (1, 2, ...)", token.start)
            return int(token.text)
        return self._number(token)

    def _term(self, sort: str, depth: int) -> Term:
        opening = self._next(f"a {sort}")
        if opening.text != "(":
            raise self._error(f"expected a {sort} in parentheses", opening.start)
        if depth > MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep", opening.start)
        word = self._next("a word")
        if word.text not in WORDS:
            for group, installed in _INSTALLED.items():
                if issubclass(installed, _SORTS[sort]):
                    load_installed(group, installed)
        cls = WORDS.get(word.text)
        if cls is None or not issubclass(cls, _SORTS[sort]):
            hint = suggestion(word.text, _words(sort))
            raise self._error(f"{word.text!r} is no {sort}{hint}", word.start)
        values: list[Any] = []
        for kind in sorts(cls):
            if cls in _CONNECTIVES:
                kind = kind.replace("condition", sort)
            if kind.endswith("*"):
                many = []
                while self._peek() != ")":
                    many.append(self.read(kind[:-1], depth + 1))
                values.append(tuple(many))
            else:
                values.append(self.read(kind, depth + 1))
        closing = self._next("a closing parenthesis")
        if closing.text != ")":
            raise self._error(f"expected the end of ({word.text} ...)", closing.start)
        try:
            return cls(*values)
        except InputError as error:
            raise self._error(error.what, word.start) from None

    def _element(self, sort: str) -> str | Element:
        token = self._next(f"an {sort}")
        if token.text != "[":
            if sort == "action":
                return self._string(token)
            raise self._error(f"expected an {sort} in square brackets", token.start)
        names = []
        while self._peek() != "]":
            names.append(self._next("a name or a number"))
        self.tokens.pop()
        if names and names[0].text.startswith('"') and sort != "action":
            return tuple(map(self._string, names))
        if sort == "outcome":
            raise self._error("expected the names of actions in double quotes", token.start)
        return tuple(map(self._number, names))

    def _string(self, token: _Token) -> str:
        if not token.text.startswith('"'):
            raise self._error(f"expected a name in double quotes, not {token.text}", token.start)
        return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)

    def _number(self, token: _Token) -> Fraction:
        try:
            return parse_rational(token.text)
        except InputError as error:
            raise self._error(error.what, token.start) from None

    def _peek(self) -> str:
        return self.tokens[-1].text if self.tokens else self._next("a closing bracket").text

    def _next(self, wanted: str) -> _Token:
        if not self.tokens:
            raise self._error(f"the text ends where {wanted} should be", len(self.text))
        return self.tokens.pop()

    def _error(self, what: str, position: int) -> InputError:
        line = self.text.count("\n", 0, position) + 1
        column = position - (self.text.rfind("\n", 0, position) + 1) + 1
        return InputError(what, where=f"line {line}, column {column}")
