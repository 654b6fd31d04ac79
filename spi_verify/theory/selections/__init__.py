"""Selection functions by name, each a formula.

All of them pick among the efficient members of a set the one that their criterion ranks highest,
and of several such the earliest in a fixed order on outcomes (``picks_best``). A criterion says
when one outcome is ``better`` than another in a set, and when two are ``tied``: there is one
closed definition for each selection function (``lexicographic``, ``utilitarian``, ``leximin``,
``maxmin``, ``nash``, ``kalai_smorodinsky``).

Lists and induction
-------------------
The finitely many players stand in a list, whose positions go from ``first`` to ``last``
(``players_are_listed``, ``players_are_listed_once``). Sums, products and counts over players are
defined along it, one player after the other. The members of a nonempty finite set stand in a list
of their own, at places that are numbered 1, 2, 3, ...; it has a last place, and may name a member
twice (``members_are_listed``). Places are the natural numbers, so sets of every finite size are
meant.

Each ``induction_...`` says for one claim about positions, or places, that it holds at all of them
if it holds at the first and is handed on to the next. That is true of every claim whatever,
because everything in such a list is reached from the first by finitely many steps. What makes the
claims true, base and step, is proved by the suites.
"""

from spi_verify.theory.selections import ascending, finite, gains, one_number, picking
from spi_verify.theory.theory import collected

SELECTION_DEFINITIONS = tuple(
    definition
    for part in (picking, finite, one_number, ascending, gains)
    for definition in collected(vars(part))
)

__all__ = ["SELECTION_DEFINITIONS"]
