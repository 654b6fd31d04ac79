"""What somebody probably meant who named what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MANY = 2000
"""Among more names than these, or for a longer one, none is looked for that is near."""

SOME = 8
"""So many names are listed, where there are too many to list and none is near."""


def meant(name: str, known: Iterable[str], most: int = 6) -> list[str]:
    """Return the names that somebody probably meant, the nearest first.

    A word that is written out stands for its abbreviation (``Lemma 3`` for ``lem-3-here``), and
    the beginning of a name for all that begin so.

    Examples
    --------
    >>> meant("Lemma 3", ["lem-2", "lem-3-here", "lem-3-there"])
    ['lem-3-here', 'lem-3-there']
    >>> meant("payoff", ["players", "payoffs"])
    ['payoffs']
    """
    names = list(dict.fromkeys(known))
    if len(names) > MANY or len(name) > MANY or not any(map(str.isalpha, name)):
        return []
    words = _words(name)
    same = [one for one in names if _words(one) == words]
    if same:
        return same[:most]
    beginning = [one for one in names if _begins(words, _words(one))]
    if beginning:
        return beginning[:most]
    import difflib

    lower = {one: one.lower().replace("_", "-") for one in names}
    near = difflib.get_close_matches(name.lower().replace("_", "-"), lower.values(), most)
    best = _ratio(name, near[0]) if near else 0
    near = [one for one in near if _ratio(name, one) > best - 0.05]
    return [one for text in dict.fromkeys(near) for one in names if lower[one] == text][:most]


def suggestion(
    name: str,
    known: Iterable[str],
    *,
    where: str | None = None,
    none: str = "there are none",
    most: int = 20,
) -> str:
    """Return how a message ends about an unknown name: what is nearest, and what there is.

    Parameters
    ----------
    name
        What was named.
    known
        What there is.
    where
        What lists it, to be named where it is much.
    none
        What to say where there is nothing.
    most
        So many names are listed; of more, those that are near, or the first few.

    Examples
    --------
    >>> suggestion("payoff", ["players", "payoffs"])
    "; did you mean 'payoffs'? (there are: players, payoffs)"
    >>> suggestion("x", map(str, range(99)), where="'spi-verify list'")
    " ('spi-verify list' says what there is)"
    """
    names = list(dict.fromkeys(known))
    quoted = [repr(one) for one in meant(name, names)]
    near = " or ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))
    asked = f"; did you mean {near}?" if near else ""
    if not names:
        return f" ({none})"
    if len(names) <= most:
        return f"{asked} (there are: {', '.join(names)})"
    listed = f"there are: {', '.join(names[:SOME])}, ... {len(names)} in all"
    return asked or f" ({f'{where} says what there is' if where else listed})"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", text.lower())


def _begins(words: list[str], name: list[str]) -> bool:
    """Whether words, each written out or not, are what a name begins with."""
    if not words or len(words) > len(name):
        return False
    return all(_stands_for(a, b) for a, b in zip(words, name, strict=False))


def _stands_for(word: str, abbreviation: str) -> bool:
    if word == abbreviation:
        return True
    if word.isdigit() or min(len(word), len(abbreviation)) < 2 or word[0] != abbreviation[0]:
        return False
    return _in_order(abbreviation, word) and len(word) > len(abbreviation) + 1


def _in_order(letters: str, word: str) -> bool:
    rest: Iterator[str] = iter(word)
    return all(letter in rest for letter in letters)


def _ratio(one: str, other: str) -> float:
    import difflib

    return difflib.SequenceMatcher(None, one.lower().replace("_", "-"), other).ratio()
