"""Whether two formulas are the same."""

from __future__ import annotations

import z3


def same(one: z3.ExprRef, other: z3.ExprRef) -> bool:
    """Return whether two formulas read the same, wherever they come from.

    z3 keeps more of a quantifier than its text says, so that a formula that was written out and
    read again is another one to ``eq``.
    """
    return bool(one.eq(other)) or one.sexpr() == other.sexpr()
