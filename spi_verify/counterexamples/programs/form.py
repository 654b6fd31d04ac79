"""One form for all scenarios that differ in names and scales only."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from spi_verify.counterexamples.kind import Body
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Game
from spi_verify.programs.language.programs import Code, Entry, Plays
from spi_verify.programs.language.terms import Term, field_names
from spi_verify.programs.running.beliefs import Beliefs

MAX_RENAMINGS = 2_000


def form(scenario: Scenario, body: Body) -> str:
    """Return a text that two scenarios share if they differ in names and scales only.

    That is up to renaming players and actions and rescaling payoffs, as long as there are at most
    2,000 renamings; else, and with lotteries or payoff profiles, scenarios are compared as they
    stand in a file.

    Parameters
    ----------
    scenario
        The scenario.
    body
        The same as plain data.
    """
    game = scenario.game
    count = math.factorial(game.number_of_players)
    for size in game.shape:
        count *= math.factorial(size)
    if count > MAX_RENAMINGS or scenario.correlated or scenario.profiles:
        return json.dumps(body, sort_keys=True)
    return min(json.dumps(_renamed(scenario, *r), sort_keys=True) for r in _renamings(game))


def _renamings(game: Game) -> Iterator[tuple[tuple[int, ...], tuple[dict[str, str], ...]]]:
    """Iterate over orders of the players, with new names for each player's actions."""
    maps = [
        [
            dict(zip(order, map(str, range(1, len(order) + 1)), strict=True))
            for order in itertools.permutations(actions)
        ]
        for actions in game.actions
    ]
    for order in itertools.permutations(range(game.number_of_players)):
        for chosen in itertools.product(*maps):
            yield order, chosen


def _renamed(
    scenario: Scenario, order: tuple[int, ...], names: tuple[dict[str, str], ...]
) -> dict[str, Any]:
    game = scenario.game
    renaming = _Renaming(order, names)
    old = {renaming.outcome(outcome): game.payoffs(outcome) for outcome in game.outcomes()}
    shape = [len(game.actions[i]) for i in order]
    actions = [[str(k + 1) for k in range(size)] for size in shape]
    scaled = list(zip(*(_rescaled([u[i] for u in old.values()]) for i in order), strict=True))
    payoffs = dict(zip(old, scaled, strict=True))
    table = sorted((outcome, list(map(str, u))) for outcome, u in payoffs.items())

    def profile(entries: Sequence[Any]) -> list[str]:
        return [str(renaming.term(entries[i], i)) for i in order] if entries else []

    def listed(entries: Sequence[Sequence[Any]]) -> list[list[str]]:
        if not entries:
            return []
        return [sorted(str(renaming.term(p, i)) for p in entries[i]) for i in order]

    def pairs(i: int) -> list[list[str]]:
        images = zip(scenario.defaults[i], scenario.f[i], strict=True)
        return sorted([str(renaming.term(p, i)) for p in pair] for pair in images)

    beliefs = [_belief(renaming, i, scenario.beliefs[i]) for i in order] if scenario.beliefs else []
    return {
        "actions": actions,
        "payoffs": table,
        "defaults": listed(scenario.defaults),
        "programs": listed(scenario.programs),
        "beliefs": beliefs,
        "rn": str(renaming.term(scenario.rn, 0)) if scenario.rn is not None else "",
        "functions": profile(scenario.functions),
        "f": [pairs(i) for i in order] if scenario.f else [],
        "equilibrium": profile(scenario.equilibrium),
        "selection": str(renaming.term(scenario.selection, 0)) if scenario.selection else "",
        "other_selections": sorted(str(renaming.term(s, 0)) for s in scenario.other_selections),
    }


def _belief(renaming: _Renaming, player: int, belief: Beliefs) -> list[Any]:
    others = [j for j in range(len(renaming.order)) if j != player]
    return sorted(
        [
            str(weight),
            *(
                str(renaming.term(opponents[others.index(j)], j))
                for j in renaming.order
                if j != player
            ),
        ]
        for opponents, weight in belief.support
    )


def _rescaled(values: Sequence[Fraction]) -> list[Fraction]:
    least, most = min(values), max(values)
    scale = most - least or Fraction(1)
    return [(value - least) / scale for value in values]


class _Renaming:
    """New places for players and new names for actions, applied to code."""

    def __init__(self, order: tuple[int, ...], names: tuple[dict[str, str], ...]) -> None:
        self.order, self.names = order, names

    def outcome(self, outcome: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.names[i][outcome[i]] for i in self.order)

    def term(self, term: Any, player: int) -> Any:
        """Return code renamed; it belongs to a player, from 0."""
        if isinstance(term, (Code, Plays)):
            player = term.player - 1
        names = field_names(type(term))
        return replace(term, **{name: self._value(term, name, player) for name in names})

    def _value(self, term: Term, name: str, player: int) -> Any:
        value = getattr(term, name)
        if name == "player":
            return self.order.index(value - 1) + 1
        if name == "priority":
            return tuple(self.order.index(i - 1) + 1 for i in value)
        if name == "action":
            return self.names[player].get(value, value)
        if name in ("outcome", "image", "chosen", "element"):
            return self._element(value)
        if name in ("elements", "among"):
            return tuple(sorted(map(self._element, value)))
        if name in ("coefficients", "disagreement", "reference"):
            return tuple(value[i] for i in self.order)
        if name == "opponents" and isinstance(term, Entry):
            others = [j for j in range(len(self.order)) if j != player]
            renamed = {j: self.term(p, j) for j, p in zip(others, value, strict=True)}
            return tuple(renamed[j] for j in self.order if j != player)
        if isinstance(value, Term):
            return self.term(value, player)
        if isinstance(value, tuple) and value and isinstance(value[0], Term):
            return tuple(sorted((self.term(part, player) for part in value), key=str))
        return value

    def _element(self, element: Sequence[Any]) -> tuple[Any, ...]:
        if all(isinstance(part, str) for part in element):
            return self.outcome(element)
        return tuple(element[i] for i in self.order)
