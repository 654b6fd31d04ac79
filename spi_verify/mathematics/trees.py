"""Formulas as trees that know nothing of z3, nor of how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Variable:
    """A bound variable, under a name that nothing else has where it stands."""

    name: str
    sort: str


@dataclass(frozen=True)
class Constant:
    """A number or a truth value."""

    value: Fraction | bool


@dataclass(frozen=True)
class Applied:
    """A function, a predicate or (without arguments) a constant that a structure interprets."""

    symbol: str
    arguments: tuple[Tree, ...]
    sort: str


@dataclass(frozen=True)
class Operation:
    """A connective, a comparison, arithmetic, or a distinction of two cases.

    Parameters
    ----------
    sign
        One of ``¬ ∧ ∨ ⇒ ⇔ = ≠ < ≤ > ≥ + - · / max``; ``neg`` for the negative of a number, ``if``
        for what the second part is where the first holds, and the third where it does not.
    parts
        What it joins.
    """

    sign: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Quantified:
    """A formula about all values of some variables, or about some values.

    Parameters
    ----------
    sign
        ``∀``, ``∃``, or ``λ`` for a function.
    variables
        What it binds.
    condition
        What the values have to meet; None for nothing.
    body
        What holds for them.
    """

    sign: str
    variables: tuple[Variable, ...]
    condition: Tree | None
    body: Tree


Tree = Variable | Constant | Applied | Operation | Quantified


def below(tree: Tree) -> tuple[Tree, ...]:
    """Return the parts of a tree."""
    if isinstance(tree, Applied):
        return tree.arguments
    if isinstance(tree, Operation):
        return tree.parts
    if isinstance(tree, Quantified):
        return (*tree.variables, *([tree.condition] if tree.condition else []), tree.body)
    return ()


def parts_of(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and all its parts, as they are read."""
    yield tree
    for part in below(tree):
        yield from parts_of(part)
