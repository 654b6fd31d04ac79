"""What two programs earn against believed counterparts, and for which weights one is as good."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_rational
from spi_verify.models.document import PrefersClaim
from spi_verify.models.sets.every import Case
from spi_verify.models.sets.functions import Sets
from spi_verify.models.sets.reached import Reached, reach, shown_run, shown_selected
from spi_verify.models.sets.references import Interval, belief_of
from spi_verify.models.story import texts
from spi_verify.programs.language.terms import replaced


@dataclass(frozen=True)
class Stakes:
    """What two programs of a player earn against each believed profile.

    Parameters
    ----------
    sets
        The model.
    player
        i.
    names, weights
        The believed profiles, and their weights where they are given.
    runs
        For each profile what is reached with one function and with the other.
    by
        How much more the first has to earn.
    claimed_interval
        The weights of the first profile for which it does so, if the claim states them.
    """

    sets: Sets
    player: int
    names: tuple[str, ...]
    weights: tuple[Fraction, ...] | None
    runs: tuple[tuple[Reached, Reached], ...]
    by: Fraction
    claimed_interval: Interval

    @property
    def gains(self) -> tuple[Fraction, ...]:
        """How much more the first earns against each profile."""
        return tuple(mine - other for mine, other in self._paid)

    @property
    def difference(self) -> Fraction:
        """How much more the first earns in expectation."""
        assert self.weights is not None
        return _mean(self.weights, self.gains)

    @property
    def interval(self) -> Interval:
        """For which weights of the first of two profiles the first earns so much more."""
        first, second = (gain - self.by for gain in self.gains)
        low, high = Fraction(0), Fraction(1)
        slope = first - second  # gain at weight w: second + w * slope
        if slope > 0:
            low = max(low, -second / slope)
        elif slope < 0:
            high = min(high, second / -slope)
        elif second < 0:
            return None
        return (low, high) if low <= high else None

    @property
    def region(self) -> str:
        """For which weights the claim holds, in words; empty for none."""
        if len(self.names) == 2:
            if self.interval is None:
                return ""
            low, high = map(format_rational, self.interval)
            return f"{low} <= weight of {self.names[0]} <= {high}"
        terms = [
            f"{format_rational(gain)}*({name})"
            for name, gain in zip(self.names, self.gains, strict=True)
        ]
        return f"{' + '.join(terms)} >= {format_rational(self.by)}"

    def told(self) -> str:
        """Say how much more is earned, and when it is enough."""
        words = "" if not self.by else f" by {self.by}"
        where = f"at least as good{words} exactly when {self.region}"
        if self.weights is None:
            return where
        mine, other = (_mean(self.weights, column) for column in zip(*self._paid, strict=True))
        return f"earns {mine} against {other}, {self.difference} more; {where}"

    @property
    def _paid(self) -> list[tuple[Fraction, Fraction]]:
        i = self.player - 1
        return [(mine.after[i], other.after[i]) for mine, other in self.runs]

    def shown(self) -> list[dict[str, Any]]:
        """Return for each profile what both programs reach, as plain data."""
        rows = []
        for k, (name, (mine, other)) in enumerate(zip(self.names, self.runs, strict=True)):
            row = {"profile": name, **shown_run(self.sets, mine)}
            row["selected_with_other"] = shown_selected(self.sets, other)
            row["earns"], row["other_earns"] = map(str, self._paid[k])
            if self.weights is not None:
                row["weight"] = str(self.weights[k])
            rows.append(row)
        return rows

    @staticmethod
    def interval_shown(interval: Interval) -> list[str]:
        """Return an interval as plain data: both ends, or nothing."""
        return [] if interval is None else texts(interval)


def stakes_of(claim: PrefersClaim, sets: Sets) -> Stakes:
    """Run both programs of a claim against all believed counterparts.

    Raises
    ------
    InputError
        When the claim does not make sense.
    """
    belief = belief_of(claim, sets)
    case = Case(sets.base, belief.selection)
    runs: list[tuple[Reached, Reached]] = []
    for profile in belief.profiles:
        mine, other = (
            reach(sets, case, replaced(profile.functions, claim.player, f), profile.defaults[0])
            for f in (sets.function(claim.function), sets.function(claim.over))
        )
        runs.append((mine, other))
    names = tuple(profile.name for profile in belief.profiles)
    return Stakes(
        sets, claim.player, names, belief.weights, tuple(runs), belief.by, belief.interval
    )


def _mean(weights: Payoffs, values: Payoffs) -> Fraction:
    pairs = zip(weights, values, strict=True)
    return sum((w * v for w, v in pairs), Fraction(0))
