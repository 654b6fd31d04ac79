"""How a paper writes symbols, sorts and variables of its own, beside what all papers have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from spi_verify.errors import InputError
from spi_verify.mathematics.boxes import PRIME, Box, Row, Script, Style, Text, sign
from spi_verify.mathematics.notation import BOLD_SORTS, SORTS, Notation
from spi_verify.mathematics.unicode import in_unicode

Place = tuple[str, int]
"""A symbol, and which of its arguments, the first being 0."""


@dataclass(frozen=True, eq=False)
class OwnNotation:
    """What a paper says of its own symbols; whatever it does not say is written as ever.

    Parameters
    ----------
    notation
        For a symbol or a predicate of its own, by name, what takes a box for each argument.
    sorts
        For a sort, what a variable of it is and what several are: ``("a game", "games")``.
    bold_sorts
        Sorts whose variables are bold.
    letters
        For a sort, how variables of it are written, by their names.
    letters_in_places
        For a place, how variables are written that stand there somewhere in the formula.
    file
        Where it stands, for messages.
    """

    notation: Mapping[str, Notation] = field(default_factory=dict)
    sorts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    bold_sorts: Collection[str] = ()
    letters: Mapping[str, Mapping[str, Box]] = field(default_factory=dict)
    letters_in_places: Mapping[Place, Mapping[str, Box]] = field(default_factory=dict)
    file: str | None = None

    def __contains__(self, symbol: str) -> bool:
        return self._name(symbol) in self.notation

    def written(self, symbol: str, *arguments: Box) -> Box:
        """Return how a symbol that has a notation is written with its arguments.

        Raises
        ------
        InputError
            When the notation does not take them, or makes no box of them.
        """
        name = self._name(symbol)
        try:
            box = self.notation[name](*arguments)
        except Exception as error:
            what = f"it does not write {len(arguments)} arguments: {error}"
            raise self._wrong(name, what) from error
        if not isinstance(box, Box):
            raise self._wrong(name, "it makes no box: see spi_verify.mathematics.boxes")
        return box

    def variable(self, name: str, sort: str, places: Collection[Place] = ()) -> str:
        """Return what a variable is called that stands in some places, as text."""
        tables = [self.letters_in_places[one] for one in self.letters_in_places if one in places]
        for table in (*tables, self.letters.get(sort, {})):
            if name in table:
                return in_unicode(table[name])
        return name

    def letter(self, name: str, sort: str) -> Box:
        """Return how a variable is written that is called so."""
        root, primes = name, ""
        while root not in self._letters and root.endswith(PRIME):
            root, primes = root.removesuffix(PRIME), primes + PRIME
        bold = sort in BOLD_SORTS or sort in self.bold_sorts
        if root not in self._letters:
            return Text(name, Style.BOLD if bold else Style.ITALIC)
        return _with_primes(_styled(self._letters[root], bold=bold), primes)

    def told(self, sort: str, *, several: bool) -> str:
        """Return what variables of a sort are."""
        words = self.sorts.get(sort) or SORTS.get(sort)
        return words[several] if words is not None else sort

    @cached_property
    def _letters(self) -> Mapping[str, Box]:
        tables = (*self.letters.values(), *self.letters_in_places.values())
        return {in_unicode(box): box for table in tables for box in table.values()}

    def _name(self, symbol: str) -> str:
        """Return the name of a symbol, which has a prime if the signature has that name, too."""
        return symbol if symbol in self.notation else symbol.removesuffix(PRIME)

    def _wrong(self, name: str, what: str) -> InputError:
        return InputError(what, file=self.file, where=f"the notation of {name!r}")


NOTHING_OWN = OwnNotation()
"""What a paper without notation of its own says."""


def _styled(box: Box, *, bold: bool) -> Box:
    if isinstance(box, Script):
        return Script(_styled(box.base, bold=bold), box.below, box.above)
    if bold and isinstance(box, Text) and box.style == Style.ITALIC:
        return Text(box.text, Style.BOLD)
    return box


def _with_primes(box: Box, primes: str) -> Box:
    """Return a letter with primes, which stand beside what is above it already."""
    if not primes:
        return box
    if isinstance(box, Script) and box.above is not None:
        return Script(box.base, box.below, Row((box.above, sign(primes))))
    if isinstance(box, Script):
        return Script(_with_primes(box.base, primes), box.below)
    assert isinstance(box, Text)
    return Text(box.text + primes, box.style)
