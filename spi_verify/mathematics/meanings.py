"""What the symbols of the signature mean: the words that stand beside them in the code."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Mapping
from functools import cache

from spi_verify.mathematics.boxes import Box
from spi_verify.mathematics.layout import laid_out
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
    """Return the words for each symbol that has some, by name."""
    found = {}
    body = ast.parse(inspect.getsource(signature)).body
    for one, after in itertools.pairwise(body):
        if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            continue
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            found[one.targets[0].id] = " ".join(str(after.value.value).split())
    return found


def shown_symbol(name: str) -> tuple[Box, str]:
    """Return a symbol of the signature with letters for its arguments, and what these are.

    The letters are those of the words for it, if they have some.

    Parameters
    ----------
    name
        As in the signature.
    """
    symbol = signature.symbols()[name]
    told = re.search(rf"``{name}\(([^()]*)\)``", meanings().get(name, ""))
    own = told[1].split(", ") if told else []
    letters: list[Variable] = []
    for k in range(symbol.arity()):
        sort = symbol.domain(k).name()
        taken = {one.name for one in letters}
        letter = next(one for one in _LETTERS[sort] if one not in taken)
        letters.append(Variable(own[k] if len(own) == symbol.arity() else letter, sort))
    return laid_out(Applied(name, tuple(letters), symbol.range().name())), legend(*letters)
