"""Every selection function, and every transitive one: how all of them are looked at.

A claim about what is selected says something about each default outcome a. It fails for some
selection function as soon as it fails at one a, so each a is looked at alone.

**Pure outcomes.** A run at a asks for the choice from finitely many sets, of which the agreement
set is one; programs that are PMP-extended ask for more, since their sets depend on what is reached
without the extension. All combinations of efficient choices are tried, the same set with the same
choice. Each combination is a part of a selection function, because the choices from other sets are
free. So the claim holds for every selection function exactly if it holds in every combination.

A combination is a part of a *transitive* one if some strict order of the outcomes puts dominating
outcomes above dominated ones and each choice above the rest of its set: picking the highest is
efficient; and where everything in S' weakly improves on the highest s of S, the highest of S and
S' together is s or in S', so it weakly improves on s. With a single set there always is such an
order: first all that weakly improve on the choice, then the rest, each by the sum of payoffs.
Transitivity therefore excludes nothing as long as no extension is involved. With several sets a
combination may be none of a transitive function: then two sets S and T witness it, S in T, T - S
weakly improves on the choice from S, and the choice from T does not. A combination with neither an
order nor such a pair leaves the claim undecided.

**Lotteries, two players.** The points of a compact set that are best for player 2, and among them
for player 1, are efficient, and no efficient point is worse for player 1: it would be dominated.
So what all efficient points pay player 1 at least is what ``(lexicographic 2 1)`` selects, and
player 2 alike. Both are transitive. A claim about least payoffs holds for every selection
function, and for every transitive one, exactly if it holds for these two.

**Lotteries, more players.** Sets are unions of points and of segments on which one player gains,
as projections and what they have in common are, because inequalities are for two players. Of such
a segment only the upper end can be efficient. So a set has finitely many efficient points, and
combinations are tried as with pure outcomes. From a set with one efficient point every selection
function picks it. If a set with a segment has several, no selection function that picks another
than the best by some order of the players can be written down, and where these do not settle the
claim it is left undecided. An order of the points in the tables makes a transitive selection
function on all compact sets: with x_1 above x_2 above ... it picks from the points that weakly
improve on the first x_k that any does, and from these by the sum of payoffs, and lexicographically
where sums are equal. This is the highest point of a strict order, it exists because those points
form a compact set, it is efficient because what dominates a point improves on the same x_k and has
a greater sum, and it is the choice x_k from its set, because no other point of the set improves on
x_k or on anything above.

Polytopes, which inequalities give for more than two players, are out of reach: their efficient
points are infinitely many, and least payoffs over them are not attained by the selection functions
above, because what is worst for a player need not be best for another one.

**Gains.** Suppose nobody loses anywhere. If u(a) is efficient in the agreement set then nothing
else in it is efficient, because it would have to dominate a. So all choices improve strictly on a,
or none does, and one selection function shows whether somebody gains.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from spi_verify.claims.deciding.code import selection_free
from spi_verify.claims.sets import EVERY, Sets
from spi_verify.effort import spend
from spi_verify.errors import Undecided
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.base import BaseGame, OutcomeSet, as_outcomes, as_region
from spi_verify.programs.language.functions import Functions
from spi_verify.programs.language.selections import Choice, Lexicographic, Selection, SelectionTable
from spi_verify.programs.language.terms import ActionProfile, Element
from spi_verify.programs.running.base_games import (
    CorrelatedBase,
    PureBase,
    efficient_among,
    efficient_points,
)

MAX_COMBINATIONS = 20_000
_OPEN = SelectionTable(())
"""Stands in programs for the selection function whose choices are being tried."""

Table = Mapping[frozenset[Element], Element]
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One way to select: a base game to run in, and the selection function to run with.

    Parameters
    ----------
    base
        The base game.
    selection
        The selection function that programs carry.
    table
        The choices that were tried, where they were.
    """

    base: BaseGame
    selection: Selection
    table: Table | None = None

    def text(self) -> str:
        """Return a selection function that makes these choices, in the short notation."""
        if self.table is None:
            return str(self.selection)
        base = self.base
        choices = [
            Choice(chosen, tuple(base.elements(base.finite(among))))
            for among, chosen in self.table.items()
            if len(among) > 1
        ]
        return str(SelectionTable(tuple(choices)))


class _TryingPoints(CorrelatedBase):
    """Points, where the choices of one selection function are given as they are needed."""

    choose: Callable[[OutcomeSet], Element]

    def select(self, selection: Selection, outcomes: OutcomeSet) -> ActionProfile:
        """Return the choice that is being tried, or what another selection function picks."""
        if selection is _OPEN:
            return self.agreed(self.choose(outcomes))
        return super().select(selection, outcomes)


class _TryingBase(PureBase):
    """Pure outcomes, where the choices of one selection function are given as they are needed."""

    choose: Callable[[OutcomeSet], Element]

    def select(self, selection: Selection, outcomes: OutcomeSet) -> ActionProfile:
        """Return the choice that is being tried, or what another selection function picks."""
        if selection is _OPEN:
            return self.agreed(self.choose(outcomes))
        return super().select(selection, outcomes)


def look_at(
    sets: Sets, how: str, functions: Functions, run: Callable[[Case], T]
) -> Iterator[tuple[Case, T]]:
    """Run something with all selection functions that have to be looked at.

    Parameters
    ----------
    sets
        The model.
    how
        The text of a selection function, ``every`` or ``every-transitive``.
    functions
        The functions that are run.
    run
        What to run; it has to ask the case's base game for every choice.

    Returns
    -------
    iterator
        The cases with what the run returned: those that claims about least payoffs depend on.

    Raises
    ------
    Undecided
        When there are too many cases, or these selection functions are not known to suffice. It
        is raised after all cases that are known were looked at.
    """
    if how not in EVERY:
        case = Case(sets.base, sets.selection(how))
        yield case, run(case)
    elif isinstance(sets.base, PureBase):
        yield from _combinations(sets.base, how, run)
    else:
        for priority in itertools.permutations(range(1, sets.players + 1)):
            case = Case(sets.base, Lexicographic(priority))
            yield case, run(case)
            if sets.players > 4:
                break
        if sets.players > 2:
            assert isinstance(sets.base, CorrelatedBase)
            yield from _combinations(sets.base, how, run)
        elif not selection_free(functions):
            raise Undecided(
                "the sets depend on what is selected without an extension, so that with lotteries "
                "not all selection functions can be looked at; name one"
            )


def _combinations(
    base: PureBase | CorrelatedBase, how: str, run: Callable[[Case], T]
) -> Iterator[tuple[Case, T]]:
    trying: _TryingBase | _TryingPoints
    if isinstance(base, PureBase):
        trying = _TryingBase(base.game, base._known)
    else:
        trying = _TryingPoints(base.game, base._lotteries, base._projections)
    path: list[list[int]] = []
    skipped = False
    for _ in range(MAX_COMBINATIONS):
        table: dict[frozenset[Element], Element] = {}
        depth = itertools.count()

        def choose(outcomes: OutcomeSet) -> Element:
            efficient = _efficient(base, outcomes)
            if len(efficient) == 1 and isinstance(base, CorrelatedBase):
                return efficient[0]
            among = frozenset(base.elements(outcomes))
            if among not in table:  # noqa: B023
                k = next(depth)  # noqa: B023
                if k == len(path):
                    path.append([0, len(efficient)])
                table[among] = efficient[path[k][0]]  # noqa: B023
            return table[among]  # noqa: B023

        object.__setattr__(trying, "choose", choose)
        case = Case(trying, _OPEN, table)
        found = run(case)
        if how == "every" or ordered(base, table):
            yield case, found
        elif not _contradicted(base, table):
            skipped = True
        while path and path[-1][0] + 1 == path[-1][1]:
            path.pop()
        if not path:
            break
        path[-1][0] += 1
    else:
        raise Undecided(f"more than {MAX_COMBINATIONS} combinations of choices")
    if skipped:
        raise Undecided("whether some choices are those of a transitive function is not settled")


def _efficient(base: PureBase | CorrelatedBase, outcomes: OutcomeSet) -> list[Element]:
    if isinstance(base, PureBase):
        best = efficient_among(map(base.payoffs, as_outcomes(outcomes)))
        return [x for x in base.elements(outcomes) if base.payoffs(x) in best]
    region = as_region(outcomes)
    points = efficient_points(region)
    if points is None or (len(points) > 1 and any(len(piece) > 1 for piece in region.pieces)):
        raise Undecided(
            "a set with a segment has several efficient points, from which not all selection "
            "functions can be looked at; name one"
        )
    return sorted(points, reverse=True)


def ordered(base: PureBase | CorrelatedBase, table: Table) -> bool:
    """Whether some strict order respects domination and puts each choice on top of its set."""
    if len(table) <= 1:
        return True
    left = {x for among in table for x in among}
    while left:
        spend(len(left) + sum(map(len, table)))
        below = {
            y
            for among, chosen in table.items()
            if chosen in left
            for y in among
            if y != chosen and y in left
        }
        efficient = efficient_among(_pays(base, x) for x in left)
        top = {x for x in left - below if _pays(base, x) in efficient}
        if not top:
            return False
        left -= top
    return True


def _pays(base: PureBase | CorrelatedBase, element: Element) -> Payoffs:
    return base.payoffs(base.agreed(element))


def _contradicted(base: PureBase | CorrelatedBase, table: Table) -> bool:
    """Whether two sets show that no transitive selection function makes these choices."""
    for small, large in itertools.permutations(table, 2):
        spend(1 + len(large))
        if small < large:
            before, after = _pays(base, table[small]), _pays(base, table[large])
            if all(_improves(_pays(base, x), before) for x in large - small) and not _improves(
                after, before
            ):
                return True
    return False


def _improves(after: Payoffs, before: Payoffs) -> bool:
    return all(v >= u for u, v in zip(before, after, strict=True))
