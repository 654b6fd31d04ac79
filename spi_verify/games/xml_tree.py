"""XML as a tree with line numbers, read within bounds, without document types or entities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.parsers import expat

from spi_verify.errors import InputError, located
from spi_verify.games.rationals import parse_rational

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 32
MAX_ELEMENTS = 200_000
MAX_DIGITS = 60
"""Numbers in these files are those of programs: 17 digits, and rarely an exponent."""

_REFERENCE = re.compile(rb"&([^;&<>\s]+);")
_PREDEFINED = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


@dataclass
class Element:
    """An element with its attributes, the line it starts on, and what is in it, but for text."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.line}: <{self.tag}>"

    def all(self, tag: str) -> Iterator[Element]:
        """Iterate over the elements with a tag directly in this one."""
        return (child for child in self.children if child.tag == tag)

    def anywhere(self, tag: str) -> Iterator[Element]:
        """Iterate over the elements with a tag in this one, however deep, in the file's order."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.anywhere(tag)

    def get(self, name: str) -> str:
        """Return an attribute without white space around it.

        Raises
        ------
        InputError
            When it is missing or empty.
        """
        value = self.attributes.get(name, "").strip()
        if not value:
            raise InputError(f"the attribute {name} is missing", where=self.place)
        return value

    def number(self, name: str) -> Fraction:
        """Return an attribute that is a number, exactly.

        Raises
        ------
        InputError
            When it is missing or no number.
        """
        text = self.get(name)
        with located(where=self.place):
            return parse_rational(text, max_digits=MAX_DIGITS)


def read_tree(path: Path) -> Element:
    """Read an XML file and return its outermost element.

    Raises
    ------
    InputError
        When it cannot be read, is no XML, has a document type or entities, or is too large.
    """
    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise InputError(what)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES >> 20} MiB")
    return _parse(data)


def _parse(data: bytes) -> Element:
    top = Element("", {}, 0)
    stack = [top]
    parser = expat.ParserCreate()
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        here = f"line {parser.CurrentLineNumber}"
        if len(stack) > MAX_DEPTH:
            raise InputError(f"elements are nested more than {MAX_DEPTH} deep", where=here)
        if count > MAX_ELEMENTS:
            raise InputError(f"more than {MAX_ELEMENTS} elements", where=here)
        element = Element(tag, attributes, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def refuse(*_: Any) -> int:
        where = f"line {parser.CurrentLineNumber}"
        raise InputError("a document type or entity, which is refused; delete it", where=where)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _not_xml(data, parser.ErrorByteIndex, error) from None
    except (LookupError, ValueError):
        raise InputError("not an XML file: its encoding is not known; save it as UTF-8") from None
    return top.children[0]


def _not_xml(data: bytes, at: int, error: expat.ExpatError) -> InputError:
    """Return what is wrong, with a remedy for what programs that write XML by hand get wrong."""
    what = expat.errors.messages.get(error.code, "it cannot be parsed")
    line = error.lineno
    _, sign, name = data[:at].rpartition(b"&")
    if what == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
        references = _REFERENCE.finditer(data, max(at, 0))
        found = next((r for r in references if r[1] not in _PREDEFINED and r[1][:1] != b"#"), None)
        if found is not None:
            line += data.count(b"\n", at, found.start())
        what = "an entity that is not defined; write the character itself, or &amp; for an &"
    elif what == expat.errors.XML_ERROR_INVALID_TOKEN and data[at : at + 1] > b"\x7f":
        what = (
            "a character that is not in the encoding of the file; declare the right one in the "
            'first line, such as <?xml version="1.0" encoding="ISO-8859-1"?>'
        )
    elif what == expat.errors.XML_ERROR_INVALID_TOKEN and sign and not name.strip(_NAME):
        what = "an & that stands for itself; write &amp;"
    return InputError(f"not an XML file: {what}", where=f"line {line}")


_NAME = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:#"
