"""What is made of a theory, kept for the few theories that a run has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from spi_verify.theory import Theory

Made = TypeVar("Made")


class FirstAndLast(Generic[Made]):
    """What was made of the first theory that was asked for, and of the last.

    Parameters
    ----------
    alike
        Whether what is made of one theory is what is made of another.
    """

    def __init__(self, alike: Callable[[Theory, Theory], bool]) -> None:
        self._alike = alike
        self._kept: list[tuple[Theory, Made]] = []

    def of(self, theory: Theory, make: Callable[[], Made]) -> Made:
        """Return what was made of a theory, or make it."""
        for one, made in self._kept:
            if self._alike(theory, one):
                return made
        made = make()
        del self._kept[1:]
        self._kept.append((theory, made))
        return made
