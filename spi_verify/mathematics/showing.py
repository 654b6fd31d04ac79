"""Formulas and definitions, shown.

Examples
--------
>>> from spi_verify.theory import PAPER
>>> print(in_unicode(shown_definition(PAPER, "weakly_improves")))
u(x) ⪰ u(a) :⇔ ∀i: uᵢ(x) ≥ uᵢ(a)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import z3

from spi_verify.mathematics.boxes import PRIME, Box, Joined, Level
from spi_verify.mathematics.layout import is_letter, laid_out
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.mathematics.reading import read
from spi_verify.mathematics.trees import Operation, Quantified, Tree, Variable, parts_of
from spi_verify.mathematics.unicode import in_unicode
from spi_verify.theory import Theory


def shown(formula: z3.ExprRef, own: OwnNotation = NOTHING_OWN) -> Box:
    """Return a closed formula as mathematics.

    Parameters
    ----------
    formula
        From z3.
    own
        What a paper says of its own symbols, as :func:`spi_verify.papers.notations.notation_at`
        returns it.
    """
    return shown_and_legend(formula, own)[0]


def tree_of(theory: Theory, name: str, own: OwnNotation = NOTHING_OWN) -> Tree:
    """Return the axiom of a definition as a tree; of a predicate, with the predicate at the left.

    Parameters
    ----------
    theory
        It has the definition.
    name
        Of the definition.
    own
        As :func:`shown` takes it.
    """
    tree = read(theory.axiom(name), own)
    if theory[name].sorts and isinstance(tree, Quantified):
        assert isinstance(tree.body, Operation)
        one, other = tree.body.parts
        if getattr(one, "symbol", None) != name:  # z3 turns some equations round
            one, other = other, one
        return Quantified("∀", tree.variables, None, Operation("⇔", (one, other)))
    return tree


def shown_definition(theory: Theory, name: str, own: OwnNotation = NOTHING_OWN) -> Box:
    """Return a definition as mathematics: what is defined, and the formula that it stands for.

    Parameters
    ----------
    theory, name, own
        As :func:`tree_of` takes them. A definition without parameters is shown as the formula
        that it is.
    """
    return definition_and_legend(theory, name, own)[0]


def definition_and_legend(
    theory: Theory, name: str, own: OwnNotation = NOTHING_OWN
) -> tuple[Box, str]:
    """Return what :func:`shown_definition` does, and what its letters are."""
    tree = tree_of(theory, name, own)
    if not theory[name].sorts:
        return laid_out(tree, own), legend(tree, own=own)
    assert isinstance(tree, Quantified)
    assert isinstance(tree.body, Operation)
    sides = tuple(laid_out(part, own) for part in tree.body.parts)
    return Joined(":⇔", sides, Level.QUANTIFIED), legend(tree, own=own)


def in_letters(words: str, theory: Theory, name: str, own: OwnNotation = NOTHING_OWN) -> str:
    """Return words about a definition with its parameters called as the formula calls them.

    Parameters
    ----------
    words
        Of its author.
    theory, name, own
        As :func:`tree_of` takes them.
    """
    tree = tree_of(theory, name, own)
    if not theory[name].sorts or not isinstance(tree, Quantified):
        return words
    pairs = zip(theory[name].parameters, tree.variables, strict=True)
    called = {written: one.name for written, one in pairs if one.name.rstrip(PRIME) != written}
    return re.sub(r"[A-Za-z0-9]+", lambda found: called.get(found[0], found[0]), words)


def shown_and_legend(formula: z3.ExprRef, own: OwnNotation = NOTHING_OWN) -> tuple[Box, str]:
    """Return what :func:`shown` does, and what its letters are."""
    tree = read(formula, own)
    return laid_out(tree, own), legend(tree, own=own)


def legend(*trees: Tree, own: OwnNotation = NOTHING_OWN) -> str:
    """Return what the letters of trees are, such as ``i, j: players · a: an outcome``."""
    found: dict[str, dict[str, None]] = {}
    for sort, name in _letters(trees, own):
        found.setdefault(sort, {})[name] = None
    return " · ".join(
        f"{', '.join(names)}: {own.told(sort, several=len(names) > 1)}"
        for sort, names in found.items()
    )


def _letters(trees: Iterable[Tree], own: OwnNotation) -> Iterator[tuple[str, str]]:
    for tree in trees:
        for part in parts_of(tree):
            if is_letter(part, own):
                yield part.sort, in_unicode(own.letter(part.symbol, part.sort))
            elif isinstance(part, Variable):
                yield part.sort, in_unicode(own.letter(part.name, part.sort))
