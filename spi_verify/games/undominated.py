"""Which of a few payoff profiles no other one dominates, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import ge
from typing import Any, TypeVar

P = TypeVar("P", bound=tuple[Any, ...])


def undominated(profiles: Iterable[P], told: Callable[[int], object] | None = None) -> list[P]:
    """Return the payoff profiles that no other one dominates, the greatest first, each once.

    Parameters
    ----------
    profiles
        Payoff profiles; of equal ones there is one.
    told
        Is told for each different profile with how many it is compared at most, and one more.

    Examples
    --------
    >>> undominated([(1, 2), (2, 1), (1, 1), (2, 1)])
    [(2, 1), (1, 2)]
    """
    found: list[P] = []
    for profile in sorted(set(profiles), reverse=True):  # what dominates comes first
        if told is not None:
            told(1 + len(found))
        if not any(all(map(ge, other, profile)) for other in found):
            found.append(profile)
    return found
