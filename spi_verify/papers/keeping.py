"""What is made of a theory, kept for the few theories that a run has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from spi_verify.theory import Theory

Made = TypeVar("Made")
MOST = 3
"""The paper's theory, one with definitions changed, and one of a repaired reading of that."""


class OfTheories(Generic[Made]):
    """What was made of the last few different theories that were asked for.

    Parameters
    ----------
    alike
        Whether what is made of one theory is what is made of another.
    """

    def __init__(self, alike: Callable[[Theory, Theory], bool]) -> None:
        self._alike = alike
        self._kept: list[tuple[Theory, Made]] = []

    def known(self, theory: Theory) -> Made | None:
        """Return what was made of a theory, if it was."""
        return next((made for one, made in self._kept if self._alike(theory, one)), None)

    def of(self, theory: Theory, make: Callable[[], Made]) -> Made:
        """Return what was made of a theory, or make it."""
        known = next((one for one in self._kept if self._alike(theory, one[0])), None)
        if known is None:
            known = theory, make()
        others = [one for one in self._kept if one is not known]
        self._kept = [known, *others[: MOST - 1]]
        return known[1]
