"""How much work a claim may take: counted and not timed, so that no verdict depends on a clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from spi_verify.errors import Undecided

MAX_STEPS = 20_000_000
"""How much work deciding a claim about sets may take, and confirming a refutation."""

_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


@contextmanager
def limited(steps: int) -> Iterator[None]:
    """Let what is done inside :func:`spend` at most so many steps.

    Parameters
    ----------
    steps
        About as many microseconds, on a machine of today.
    """
    token = _left.set([steps, steps])
    try:
        yield
    finally:
        _left.reset(token)


def spend(steps: int) -> None:
    """Count steps; without a limit around it, do nothing.

    Raises
    ------
    Undecided
        When they are more than are left.
    """
    left = _left.get()
    if left is not None:
        left[0] -= steps
        if left[0] < 0:
            raise Undecided(
                f"a resource limit: this takes more than {left[1]:,} steps of evaluation; "
                "make the game or the functions smaller"
            )
