"""Abbreviations for terms that a certificate has more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from spi_verify.checker.terms import Tree
from spi_verify.obligations.certificates.expressions import text_of

SHORTEST = 12


def abbreviated(items: Sequence[Tree]) -> list[Tree]:
    """Return items that say the same with abbreviations, which come first."""
    found: Counter[str] = Counter()
    trees: dict[str, Tree] = {}

    def count(term: Tree) -> Tree:
        if isinstance(term, list):
            text = text_of(term)
            found[text] += 1
            trees[text] = term
            for part in term[1:]:
                count(part)
        return term

    for item in items:
        _in_terms(item, count)
    names: dict[str, str] = {}
    for text in sorted(found, key=lambda text: (-len(text), text)):
        if len(text) >= SHORTEST and _occurs(text, trees, names, items) > 1:
            names[text] = f"${len(names)}"

    def short(term: Tree) -> Tree:
        text = text_of(term)
        if text in names:
            return names[text]
        return [term[0], *map(short, term[1:])] if isinstance(term, list) else term

    definitions = [
        ["d", name, [trees[text][0], *map(short, trees[text][1:])]] for text, name in names.items()
    ]
    return [*reversed(definitions), *(_in_terms(item, short) for item in items)]


def _occurs(
    wanted: str, trees: dict[str, Tree], names: dict[str, str], items: Sequence[Tree]
) -> int:
    """Count where a term stands, in items and in what is abbreviated already."""
    number = 0

    def count(term: Tree) -> Tree:
        nonlocal number
        text = text_of(term)
        if text == wanted:
            number += 1
        elif text not in names and isinstance(term, list):
            for part in term[1:]:
                count(part)
        return term

    for item in items:
        _in_terms(item, count)
    for text in names:
        for part in trees[text][1:]:
            count(part)
    return number


def _in_terms(item: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """Return an item with its terms changed."""
    kind = item[0]
    if kind in ("i", "w"):
        return [kind, item[1], *map(change, item[2:])]
    if kind == "x":
        return [kind, *map(change, item[1:])]
    if kind == "t":
        return [kind, [change(literal) for literal in item[1]], *item[2:]]
    return [kind, _in_cases(item[1], change)]


def _in_cases(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    if tree == ".":
        return tree
    return [change(tree[0]), _in_cases(tree[1], change), _in_cases(tree[2], change)]
