"""Trees laid out as boxes: signs, notation, and parentheses where they are needed."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from spi_verify.mathematics.boxes import (
    Bound,
    Box,
    Cases,
    Fenced,
    Joined,
    Level,
    Row,
    Style,
    Text,
    comma,
    relation,
    sign,
    tight,
    upright,
)
from spi_verify.mathematics.notation import NOTATION
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.mathematics.phrases import noted
from spi_verify.mathematics.trees import Applied, Constant, Operation, Quantified, Tree, Variable

_RELATIONS = ("=", "≠", "<", "≤", ">", "≥")
_NEGATED = {"=": "≠", "≠": "=", "∈": "∉"}


def laid_out(tree: Tree, own: OwnNotation = NOTHING_OWN) -> Box:
    """Return a tree as a box, in the notation of all papers and in what a paper has besides.

    Conjunctions and disjunctions in each other, an implication in anything but a quantifier, and
    a quantifier in anything but a quantifier or the end of an implication or equivalence stand in
    parentheses.
    """
    if isinstance(tree, Variable):
        return own.letter(tree.name, tree.sort)
    if isinstance(tree, Constant):
        return _constant(tree.value)
    if is_letter(tree, own):
        return own.letter(tree.symbol, tree.sort)
    if isinstance(tree, Applied):
        return noted(tree.symbol, *(laid_out(one, own) for one in tree.arguments), own=own)
    if isinstance(tree, Quantified):
        return _bound(tree, own)
    if tree.sign == "if":
        return _cases(tree, own)
    return _operation(tree.sign, tuple(laid_out(part, own) for part in tree.parts))


def is_letter(tree: Tree, own: OwnNotation = NOTHING_OWN) -> TypeGuard[Applied]:
    """Whether a tree is a constant of a suite's own, which is written as variables are."""
    return (
        isinstance(tree, Applied)
        and not tree.arguments
        and tree.symbol not in NOTATION
        and tree.symbol not in own
    )


def _constant(value: Fraction | bool) -> Box:
    if isinstance(value, bool):
        return upright("true" if value else "false")
    number = Text(
        str(abs(value)), Style.SIGN, Level.PRODUCT if value.denominator > 1 else Level.ATOM
    )
    return number if value >= 0 else Row((sign("-"), number), Level.SUM)


def _bound(tree: Quantified, own: OwnNotation) -> Box:
    variables = comma(*(laid_out(one, own) for one in tree.variables))
    head: tuple[Box, ...] = (sign(tree.sign), variables)
    if tree.condition is not None:
        condition = laid_out(tree.condition, own)
        assert isinstance(condition, Joined)
        head = (sign(tree.sign), condition)
    return Bound(Row(head), laid_out(tree.body, own))


def _operation(operator: str, parts: tuple[Box, ...]) -> Box:
    first = parts[0]
    if operator in _RELATIONS:
        return relation(first, operator, parts[1])
    if operator == "¬":
        return _negation(first)
    if operator in ("∧", "∨"):
        return Joined(operator, _all(parts, Level.NEGATION), Level.JUNCTION)
    if operator == "⇒":
        sides = tight(first, Level.JUNCTION), _last(parts[1])
        return Joined(operator, sides, Level.IMPLICATION)
    if operator == "⇔":
        sides = tight(first, Level.JUNCTION), _last(parts[1])
        return Joined(operator, sides, Level.EQUIVALENCE)
    if operator == "max":
        return Row((upright("max"), Fenced(comma(*parts), "{", "}")))
    if operator == "neg":
        return Row((sign("-"), tight(first, Level.PRODUCT)), Level.SUM)
    if operator in ("·", "/"):
        return Joined(operator, _all(parts, Level.ATOM), Level.PRODUCT)
    return Joined(operator, (tight(first, Level.SUM), *_all(parts[1:], Level.PRODUCT)), Level.SUM)


def _all(parts: tuple[Box, ...], level: Level) -> tuple[Box, ...]:
    return tuple(tight(part, level) for part in parts)


def _last(box: Box) -> Box:
    """Return the right-hand side of an arrow, over which a quantifier may reach to the end."""
    return box if isinstance(box, Bound) else tight(box, Level.JUNCTION)


def _negation(box: Box) -> Box:
    if isinstance(box, Joined) and box.sign in _NEGATED:
        return Joined(_NEGATED[box.sign], box.parts, box.level)
    if isinstance(box, Bound):
        return Bound(Row((sign("¬"), *box.head.parts)), box.body)
    if box.level < Level.ATOM and not (isinstance(box, Row) and box.level == Level.NEGATION):
        box = Fenced(box)
    return Row((sign("¬"), box), Level.NEGATION)


def _cases(tree: Tree, own: OwnNotation) -> Box:
    rows: list[tuple[Box, Box]] = []
    while isinstance(tree, Operation) and tree.sign == "if":
        condition, value, tree = tree.parts
        rows.append((laid_out(value, own), laid_out(condition, own)))
    return Cases(tuple(rows), laid_out(tree, own))
