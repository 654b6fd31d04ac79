"""Rules that lead to a bargaining solution in correlated play, made into rules with mixtures.

A rule such as ``{ from = "mismatch", to = "nash" }`` stands for one rule for each outcome that it
matches, which leads to a lottery that pays the solution; the outcome is the disagreement point.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from spi_verify.claims.document import Document, MixturePart, MixtureReference, Rule
from spi_verify.claims.instance import Instance, Points, matching
from spi_verify.claims.words import shown
from spi_verify.errors import InputError, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.games.parametric import ParametricGame
from spi_verify.games.rationals import MAX_DIGITS, format_rational
from spi_verify.games.solution_points import solution
from spi_verify.games.solutions import parse_rule

MAX_OUTCOMES = 200
"""Of so many outcomes in all the solutions are computed."""


def with_computed_mixtures(
    document: Document, game: Game | ParametricGame, points: Points
) -> Document:
    """Return a document in which no rule leads to a bargaining solution in correlated play.

    Parameters
    ----------
    document, game, points
        A model file whose rules were checked; with parameters none depends on payoffs.

    Raises
    ------
    InputError
        When a solution is irrational or was not found, or there are too many to compute.
    """
    rules = [rule for own in document.renegotiation.values() for rule in own]
    if document.feasible == "pure" or not any(isinstance(rule.to, str) for rule in rules):
        return document
    assert isinstance(game, Game)
    everywhere = np.ones(points.count, dtype=bool)
    instance = Instance(game, points, True, document.renegotiation, everywhere, {}, {})
    computed = _Computed(instance)
    renegotiation: dict[str, list[Rule]] = {}
    for function, own in document.renegotiation.items():
        undecided = everywhere.copy()
        renegotiation[function] = []
        for k, rule in enumerate(own):
            with located(where=f"renegotiation.{function}[{k}]"):
                matched = matching(rule, instance, undecided)
                renegotiation[function] += (
                    computed.instead(rule.to, [int(p) for p in np.flatnonzero(matched)])
                    if isinstance(rule.to, str)
                    else [rule]
                )
            undecided &= ~matched
    mixtures = {**document.mixtures, **computed.mixtures}
    return msgspec.structs.replace(document, mixtures=mixtures, renegotiation=renegotiation)


class _Computed:
    """The mixtures that rules lead to."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.mixtures: dict[str, list[MixturePart]] = {}

    def instead(self, to: str, positions: list[int]) -> Iterator[Rule]:
        """Yield a rule for each outcome: to its solution, or to itself if that pays the same."""
        points, feasible = self.instance.points, self.instance.feasible
        assert isinstance(feasible, CorrelatedPlay)
        rule = parse_rule(to, self.instance.game.number_of_players)
        for position in positions:
            reference = points.reference(position)
            source = MixtureReference(**reference) if isinstance(reference, dict) else reference
            payoffs = self.instance.payoffs(position)
            name = f"{rule} from {_name(reference)}"
            if name not in self.mixtures:
                if len(self.mixtures) == MAX_OUTCOMES:
                    raise InputError(
                        f"more than {MAX_OUTCOMES} solutions would be computed; name mixtures",
                        where="to",
                    )
                found = solution(feasible, rule, payoffs)
                if found.payoffs == payoffs:
                    yield Rule(source, source)
                    continue
                if found.lottery is None:
                    why = found.unknown or "it is irrational, so that no named mixture pays it"
                    raise InputError(f"{rule} from {_name(reference)}: {why}", where="to")
                if len(found.lottery) == 1:
                    yield Rule(source, list(self.instance.game.outcome(*found.lottery)))
                    continue
                if max(w.denominator for w in found.lottery.values()) >= 10**MAX_DIGITS:
                    raise InputError(
                        f"the weights of {name} have more than {MAX_DIGITS} digits", where="to"
                    )
                self.mixtures[name] = [
                    MixturePart(list(self.instance.game.outcome(k)), format_rational(w))
                    for k, w in sorted(found.lottery.items())
                ]
            yield Rule(source, MixtureReference(name))


def _name(reference: list[str] | dict[str, str]) -> str:
    return f"[{reference['mixture']}]" if isinstance(reference, dict) else shown(reference)
