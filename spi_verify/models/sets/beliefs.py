"""What two programs earn against believed counterparts, and for which weights one is as good."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_rational
from spi_verify.models.document import PrefersClaim
from spi_verify.models.reader import number
from spi_verify.models.sets.every import Case
from spi_verify.models.sets.functions import EVERY, Sets
from spi_verify.models.sets.reached import Reached, reach, shown_run, shown_selected
from spi_verify.models.story import texts
from spi_verify.programs.execution import replaced

MAX_BELIEVED = 1000
Interval = tuple[Fraction, Fraction] | None
"""The least and the greatest weight of the first profile; None for no weight at all."""


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
    sets.require_player(claim.player)
    functions = []
    for key, name in (("function", claim.function), ("over", claim.over)):
        with located(where=key):
            functions.append(sets.function(name))
    if not 1 <= len(claim.beliefs) <= MAX_BELIEVED:
        raise InputError(f"1 to {MAX_BELIEVED} profiles are needed", where="beliefs")
    runs: list[tuple[Reached, Reached]] = []
    acted, texts_seen = set[Any](), set()
    for k, believed in enumerate(claim.beliefs):
        with located(where=f"beliefs[{k}]"):
            profile = sets.profile(believed.profile)
            how = profile.selection if claim.selection is None else claim.selection
            if how in EVERY:
                raise InputError("name one selection function, here or in the profile")
            if len(profile.defaults) != 1:
                raise InputError(
                    f"profile {profile.name} has {len(profile.defaults)} default outcomes; "
                    "a believed profile needs one"
                )
            case = Case(sets.base, sets.selection(how))
            mine, other = (
                reach(sets, case, replaced(profile.functions, claim.player, f), profile.defaults[0])
                for f in functions
            )
            runs.append((mine, other))
            acted |= _own_action(sets, profile.defaults[0], claim.player)
            texts_seen.add(case.selection)
    if len(acted) > 1:
        raise InputError(
            f"player {claim.player}'s default action differs between the believed profiles, "
            "but it is the player's own",
            where="beliefs",
        )
    if len(texts_seen) > 1:
        raise InputError(
            "the believed profiles differ in their selection functions", where="beliefs"
        )
    with located(where="by"):
        by = number(claim.by)
    names = tuple(believed.profile for believed in claim.beliefs)
    if len(set(names)) < len(names):
        raise InputError("a profile is named twice", where="beliefs")
    return Stakes(
        sets, claim.player, names, _weights(claim), tuple(runs), by, _claimed_interval(claim)
    )


def _own_action(sets: Sets, position: int, player: int) -> set[Any]:
    """Return what a player does at an outcome; with different offers it may be anything."""
    game, outcome = sets.instance.game, sets.play(position)
    if not isinstance(game, AgreementGame) or position > game.number_of_agreements:
        return {outcome[player - 1]}
    return {outcome} if position < game.number_of_agreements else set()


def _weights(claim: PrefersClaim) -> tuple[Fraction, ...] | None:
    given = [believed.weight for believed in claim.beliefs]
    if claim.exactly is not None:
        if len(given) != 2:
            raise InputError("exactly is for beliefs about two profiles", where="exactly")
        if any(weight is not None for weight in given):
            raise InputError("with exactly, no weights are given", where="beliefs")
        return None
    weights = []
    for k, weight in enumerate(given):
        with located(where=f"beliefs[{k}].weight"):
            if weight is None:
                raise InputError("a weight is needed")
            weights.append(number(weight))
            if weights[-1] < 0:
                raise InputError(f"the weight {weights[-1]} is negative")
    if sum(weights) != 1:
        raise InputError(f"the weights add up to {sum(weights)}, not to 1", where="beliefs")
    return tuple(weights)


def _claimed_interval(claim: PrefersClaim) -> Interval:
    if not claim.exactly:
        return None
    with located(where="exactly"):
        ends = [number(value) for value in claim.exactly]
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1] <= 1:
            raise InputError("two weights between 0 and 1 in ascending order, or none at all")
    return ends[0], ends[1]


def _mean(weights: Payoffs, values: Payoffs) -> Fraction:
    pairs = zip(weights, values, strict=True)
    return sum((w * v for w, v in pairs), Fraction(0))
