"""What symbols mean: the words that stand beside them in the code."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Mapping
from functools import cache

import z3

from spi_verify.mathematics.boxes import Box
from spi_verify.mathematics.layout import laid_out
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.mathematics.reading import symbol_name
from spi_verify.mathematics.showing import legend
from spi_verify.mathematics.trees import Applied, Variable
from spi_verify.theory import signature

_LETTERS = {
    "Player": "ijk",
    "Outcome": "abxy",
    "Action": "y",
    "Program": "cd",
    "Profile": "pq",
    "Renegotiation": "r",
    "SetFunction": "F",
    "SetFunctions": "RQ",
    "OutcomeSet": "SC",
    "Selection": "s",
    "Position": "nm",
    "Place": "vw",
    "Payoffs": "vw",
    "Belief": "b",
}


@cache
def meanings() -> Mapping[str, str]:
    """Return the words for each symbol of the signature that has some, by name."""
    return words_beside(inspect.getsource(signature))


def words_beside(source: str) -> Mapping[str, str]:
    """Return the words below each name that a source gives a value to, by name."""
    found = {}
    for one, after in itertools.pairwise(ast.parse(source).body):
        if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            continue
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            found[one.targets[0].id] = " ".join(str(after.value.value).split())
    return found


def shown_symbol(
    symbol: z3.FuncDeclRef, words: str, own: OwnNotation = NOTHING_OWN
) -> tuple[Box, str]:
    """Return a symbol with letters for its arguments, and what these are.

    Parameters
    ----------
    symbol
        Of the signature, or a paper's own.
    words
        What it means; its letters are those of the words, if they have some.
    own
        How the paper writes its own symbols.
    """
    name = symbol_name(symbol)
    told = re.search(rf"``{re.escape(symbol.name())}\(([^()]*)\)``", words)
    said = told[1].split(", ") if told else []
    letters: list[Variable] = []
    for k in range(symbol.arity()):
        sort = symbol.domain(k).name()
        known = (*own.letters.get(sort, ()), *_LETTERS.get(sort, sort[:1].lower()))
        free = (own.variable(one, sort, {(name, k)}) for one in known)
        taken = {one.name for one in letters}
        letter = next((one for one in free if one not in taken), f"{known[0]}{k}")
        if len(said) == symbol.arity():
            letter = own.variable(said[k], sort, {(name, k)})
        letters.append(Variable(letter, sort))
    applied = Applied(name, tuple(letters), symbol.range().name())
    return laid_out(applied, own), legend(*letters, own=own)
