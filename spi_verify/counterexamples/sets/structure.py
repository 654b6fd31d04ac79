"""Finite structures in which a selection function of :mod:`spi_verify.programs` is executed.

What is selected, and what the selection function ranks above what, is what the executable one
says. Everything else that the formulas speak about is worked out here from the payoffs by
ordinary code. Whether the formulas agree is for :mod:`spi_verify.theory.evaluate` to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from spi_verify.games.game import Game, Payoffs
from spi_verify.programs.language.selections import Score, Scoring
from spi_verify.programs.running.base_games import PureBase
from spi_verify.theory.evaluate import Structure

Member = int
OutcomeSet = tuple[int, ...]


class SelectionStructure:
    """Outcomes with payoffs, sets of them, and what a selection function picks.

    Parameters
    ----------
    payoffs
        A profile for each outcome; ties are broken in this order.
    selection
        The selection function.
    sets
        Sets of positions in `payoffs`, each in ascending order.
    disagreement
        A payoff for each player; of use for selection functions that have a disagreement point.
    priority
        All players, numbered from 1, the most important first.
    picks
        What is picked from some sets in place of what the selection function picks. Of outcomes
        that are tied there, the one that is picked counts as the earlier one, too.
    """

    def __init__(
        self,
        payoffs: Sequence[Payoffs],
        selection: Scoring,
        sets: Sequence[OutcomeSet],
        *,
        disagreement: Payoffs | None = None,
        priority: Sequence[int] | None = None,
        picks: Mapping[OutcomeSet, Member] | None = None,
    ) -> None:
        self.payoffs = payoffs
        self.selection = selection
        self.sets = sets
        self.players = range(len(payoffs[0]))
        self.disagreement = disagreement or (Fraction(0),) * len(self.players)
        self._priority = priority or [i + 1 for i in self.players]
        self._picks = picks or {}
        self._scores: dict[tuple[OutcomeSet, Member], Score] = {}

    @cached_property
    def _base(self) -> PureBase:
        names = [str(a) for a in range(len(self.payoffs))]
        others = ("-",) * (len(self.players) - 1)
        table = zip(names, self.payoffs, strict=True)
        return PureBase(Game.from_outcomes({(name, *others): row for name, row in table}))

    def select(self, members: OutcomeSet) -> Member:
        """Return what is picked: by the executable selection function, where nothing else is."""
        return self._picks[members] if members in self._picks else self.best(members)

    def best(self, members: OutcomeSet) -> Member:
        """Return what the executable selection function picks."""
        others = ("-",) * (len(self.players) - 1)
        chosen = self._base.select(
            self.selection, self._base.finite((str(a), *others) for a in members)
        )
        return int(str(chosen[0]))

    def ideal(self, members: OutcomeSet) -> Payoffs:
        """Return everybody's best payoff in a set; the disagreement point for the empty one."""
        if not members:
            return self.disagreement
        return tuple(max(self.payoffs[a][i] for a in members) for i in self.players)

    def score(self, members: OutcomeSet, a: Member) -> Score:
        """Return the score that the selection function gives an outcome in a set."""
        if (members, a) not in self._scores:
            score = self.selection.score(self.payoffs[a], self.ideal(members))
            self._scores[members, a] = score
        return self._scores[members, a]

    def _tied(self, members: OutcomeSet, x: Member, a: Member) -> bool:
        return self.score(members, x) == self.score(members, a)

    def as_good(self, members: OutcomeSet, pick: Member) -> bool:
        """Return whether a member is as good as the best efficient one."""
        return self._efficient(pick, members) and self._tied(members, pick, self.best(members))

    @cached_property
    def _loose(self) -> bool:
        """Whether all picks are the best that there are, so that they only break ties."""
        return all(self.as_good(members, pick) for members, pick in self._picks.items())

    def improves(self, x: Member, a: Member) -> bool:
        """Return whether x pays everybody at least what a pays."""
        return all(v >= w for v, w in zip(self.payoffs[x], self.payoffs[a], strict=True))

    def dominates(self, x: Member, a: Member) -> bool:
        """Return whether, besides, x pays somebody more."""
        return self.improves(x, a) and self.payoffs[x] != self.payoffs[a]

    def structure(self) -> Structure:
        """Return the finite structure; a table works out an entry when it is asked for."""
        sizes = {
            "Player": len(self.players),
            "Outcome": len(self.payoffs),
            "OutcomeSet": len(self.sets),
            "Selection": 1,
            "Position": len(self.players),
            "Place": max(1, len(self.payoffs)),
        }
        functions: dict[str, Callable[..., Any]] = {
            **self._picking(),
            **self._listing(),
            **self._lexicographic(),
            **self._sums(),
            **self._counting(),
            **self._bargaining(),
        }
        return Structure(sizes, {name: _Table(f) for name, f in functions.items()})

    def _efficient(self, x: Member, members: OutcomeSet) -> bool:
        return x in members and not any(self.dominates(b, x) for b in members)

    def _picking(self) -> dict[str, Callable[..., Any]]:
        sets = self.sets
        picks = [self.select(members) if members else 0 for members in sets]

        def earlier(x: int, a: int) -> bool:
            return x < a or any(
                x == pick != a and a in members and self._tied(members, x, a)
                for members, pick in self._picks.items()
                if self._loose
            )

        def picks_best(_: int) -> bool:
            return all(
                self._efficient(pick, members)
                and all(
                    x == pick
                    or not self._efficient(x, members)
                    or self.score(members, pick) > self.score(members, x)
                    or (self._tied(members, pick, x) and earlier(pick, x))
                    for x in members
                )
                for members, pick in zip(sets, picks, strict=True)
                if members
            )

        def extends(small: int, large: int) -> bool:
            old, new = sets[small], sets[large]
            added = [x for x in new if x not in old]
            included = all(x in new for x in old)
            return bool(old) and included and all(self.improves(x, picks[small]) for x in added)

        return {
            "u": lambda i, a: self.payoffs[a][i],
            "sel": lambda: 0,
            "member": lambda x, s: x in sets[s],
            "nonempty": lambda s: bool(sets[s]),
            "selected": lambda _, s: picks[s],
            "weakly_improves": self.improves,
            "dominates": self.dominates,
            "efficient_among": lambda x, s: self._efficient(x, sets[s]),
            "earlier": earlier,
            "better": lambda s, x, a: self.score(sets[s], x) > self.score(sets[s], a),
            "tied": lambda s, x, a: self.score(sets[s], x) == self.score(sets[s], a),
            "picks_best": picks_best,
            "improving_extension": lambda _, s, c: extends(s, c),
            "transitive": lambda _: all(
                self.improves(picks[c], picks[s])
                for s in range(len(sets))
                for c in range(len(sets))
                if extends(s, c)
            ),
        }

    def _listing(self) -> dict[str, Callable[..., Any]]:
        sets = self.sets

        def up_to(s: int, v: int) -> OutcomeSet:
            return sets[s][: v + 1]

        def undominated(x: Member, s: int, v: int) -> bool:
            return self._efficient(x, up_to(s, v))

        def improved(a: Member, s: int, v: int) -> bool:
            return any(self.improves(b, a) for b in up_to(s, v))

        return {
            "first_place": lambda: 0,
            "next_place": lambda v, w: w == v + 1,
            "last_place": lambda s: max(0, len(sets[s]) - 1),
            "member_at": lambda s, v: (*sets[s], *sets[s][-1:] * len(self.payoffs), 0)[v],
            "among_first": lambda x, s, v: x in up_to(s, v),
            "undominated_up_to": undominated,
            "improved_up_to": improved,
            "covered_up_to": lambda a, s, v: (
                not improved(a, s, v)
                or any(undominated(e, s, v) and self.improves(e, a) for e in up_to(s, v))
            ),
            "first": lambda: 0,
            "last": lambda: len(self.players) - 1,
            "next_to": lambda n, m: m == n + 1,
            "player_at": lambda n: n,
            "reached": lambda i, n: i <= n,
            "gain_up_to": lambda x, a, n: bool(self._gainers(x, a, n)),
        }

    def _gainers(self, x: Member, a: Member, n: int) -> list[int]:
        return [i for i in range(n + 1) if self.payoffs[x][i] > self.payoffs[a][i]]

    def _lexicographic(self) -> dict[str, Callable[..., Any]]:
        rank = {i: self._priority.index(i + 1) for i in self.players}

        def first_gainer(i: int, x: Member, a: Member, n: int) -> bool:
            gainers = self._gainers(x, a, n)
            return i in gainers and all(rank[i] <= rank[j] for j in gainers)

        return {
            "prior": lambda i, j: rank[i] < rank[j],
            "first_to_differ": lambda i, x, a: all(
                self.payoffs[x][j] == self.payoffs[a][j] for j in self.players if rank[j] < rank[i]
            ),
            "first_gainer_up_to": first_gainer,
            "has_first_gainer": lambda *_: True,
        }

    def _sums(self) -> dict[str, Callable[..., Any]]:
        def total(a: Member, n: int) -> Fraction:
            return sum(self.payoffs[a][: n + 1], Fraction(0))

        def rises(x: Member, a: Member, n: int) -> bool:
            if self._gainers(x, a, n):
                return total(x, n) > total(a, n)
            return total(x, n) >= total(a, n)

        return {
            "total_up_to": total,
            "totals_rise": rises,
            "least": lambda a: min(self.payoffs[a]),
        }

    def _counting(self) -> dict[str, Callable[..., Any]]:
        u = self.payoffs

        def count(a: Member, j: int, b: Member, n: int) -> Fraction:
            return Fraction(sum(v <= u[b][j] for v in u[a][: n + 1]))

        def as_many(x: Member, a: Member, level: Fraction) -> bool:
            lower = {v for row in u for v in row if v < level}
            return all(sum(v <= t for v in u[x]) == sum(v <= t for v in u[a]) for t in lower)

        def more(x: Member, j: int, b: Member, a: Member, k: int, c: Member, n: int) -> bool:
            return any(u[x][i] > u[b][j] and u[a][i] <= u[c][k] for i in range(n + 1))

        def rise(x: Member, j: int, b: Member, a: Member, k: int, c: Member, n: int) -> bool:
            mine, other = count(x, j, b, n), count(a, k, c, n)
            return mine < other if more(x, j, b, a, k, c, n) else mine <= other

        def least_gainer(i: int, x: Member, a: Member, n: int) -> bool:
            gainers = self._gainers(x, a, n)
            return i in gainers and u[a][i] == min(u[a][j] for j in gainers)

        return {
            "count_up_to": count,
            "as_many_below": lambda x, a, j, b: as_many(x, a, u[b][j]),
            "leximin_better": lambda x, a: sorted(u[x]) > sorted(u[a]),
            "counted_too": lambda x, j, b, a, k, c: all(
                u[a][i] <= u[c][k] for i in self.players if u[x][i] <= u[b][j]
            ),
            "counted_more": more,
            "counts_rise": rise,
            "least_gainer_up_to": least_gainer,
            "has_least_gainer": lambda *_: True,
        }

    def _bargaining(self) -> dict[str, Callable[..., Any]]:
        d = self.disagreement

        def gain(i: int, a: Member) -> Fraction:
            return self.payoffs[a][i] - d[i]

        def product(a: Member, n: int) -> Fraction:
            return math.prod((gain(i, a) for i in range(n + 1)), start=Fraction(1))

        def nobody_loses(a: Member) -> bool:
            return all(gain(i, a) >= 0 for i in self.players)

        def rises(x: Member, a: Member, n: int) -> bool:
            mine, other = product(x, n), product(a, n)
            return other > 0 and (mine > other if self._gainers(x, a, n) else mine >= other)

        def ideal_gain(i: int, s: int) -> Fraction:
            return self.ideal(self.sets[s])[i] - d[i]

        def relative(i: int, a: Member, s: int) -> Fraction:
            whole = ideal_gain(i, s)
            return gain(i, a) / whole if whole > 0 else Fraction(0)

        return {
            "disagreement": lambda i: d[i],
            "gain": gain,
            "product_up_to": product,
            "nobody_loses": nobody_loses,
            "nash_product": lambda a: product(a, len(d) - 1) if nobody_loses(a) else Fraction(-1),
            "products_do_not_fall": lambda x, a, n: product(x, n) >= product(a, n) >= 0,
            "products_rise": rises,
            "ideal": lambda i, s: self.ideal(self.sets[s])[i],
            "ideal_gain": ideal_gain,
            "counts_in": lambda i, s: ideal_gain(i, s) > 0,
            "relative_gain": relative,
            "least_gain": lambda a, s: min(
                (relative(i, a, s) for i in self.players if ideal_gain(i, s) > 0),
                default=Fraction(0),
            ),
        }


class _Table(dict[tuple[int, ...], Any]):
    """A function's table, whose entries are worked out when they are asked for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, row: tuple[int, ...]) -> Any:
        value = self[row] = self._function(*row)
        return value
