"""Formulas and definitions, shown.

Examples
--------
>>> from spi_verify.theory import PAPER
>>> print(in_unicode(shown_definition(PAPER, "weakly_improves")))
u(x) ⪰ u(a) :⇔ ∀i: uᵢ(x) ≥ uᵢ(a)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import z3

from spi_verify.mathematics.boxes import Box, Joined, Level
from spi_verify.mathematics.layout import is_letter, laid_out
from spi_verify.mathematics.notation import SORTS
from spi_verify.mathematics.reading import read
from spi_verify.mathematics.trees import Operation, Quantified, Tree, Variable, parts_of
from spi_verify.theory import Theory


def shown(formula: z3.ExprRef) -> Box:
    """Return a closed formula as mathematics."""
    return laid_out(read(formula))


def tree_of(theory: Theory, name: str) -> Tree:
    """Return the axiom of a definition as a tree; of a predicate, with the predicate at the left.

    Parameters
    ----------
    theory
        It has the definition.
    name
        Of the definition.
    """
    tree = read(theory.axiom(name))
    if theory[name].sorts and isinstance(tree, Quantified):
        assert isinstance(tree.body, Operation)
        one, other = tree.body.parts
        if getattr(one, "symbol", None) != name:  # z3 turns some equations round
            one, other = other, one
        return Quantified("∀", tree.variables, None, Operation("⇔", (one, other)))
    return tree


def shown_definition(theory: Theory, name: str) -> Box:
    """Return a definition as mathematics: what is defined, and the formula that it stands for.

    Parameters
    ----------
    theory, name
        As :func:`tree_of` takes them. A definition without parameters is shown as the formula
        that it is.
    """
    return definition_and_legend(theory, name)[0]


def definition_and_legend(theory: Theory, name: str) -> tuple[Box, str]:
    """Return what :func:`shown_definition` does, and what its letters are."""
    tree = tree_of(theory, name)
    if not theory[name].sorts:
        return laid_out(tree), legend(tree)
    assert isinstance(tree, Quantified)
    assert isinstance(tree.body, Operation)
    defined, meaning = map(laid_out, tree.body.parts)
    return Joined(":⇔", (defined, meaning), Level.QUANTIFIED), legend(tree)


def shown_and_legend(formula: z3.ExprRef) -> tuple[Box, str]:
    """Return what :func:`shown` does, and what its letters are."""
    tree = read(formula)
    return laid_out(tree), legend(tree)


def legend(*trees: Tree) -> str:
    """Return what the letters of trees are, such as ``i, j: players · a: an outcome``."""
    found: dict[str, dict[str, None]] = {}
    for sort, name in _letters(trees):
        found.setdefault(sort, {})[name] = None
    return " · ".join(
        f"{', '.join(names)}: {SORTS[sort][len(names) > 1] if sort in SORTS else sort}"
        for sort, names in found.items()
    )


def _letters(trees: Iterable[Tree]) -> Iterator[tuple[str, str]]:
    for tree in trees:
        for part in parts_of(tree):
            if is_letter(part):
                yield part.sort, part.symbol
            elif isinstance(part, Variable):
                yield part.sort, part.name
