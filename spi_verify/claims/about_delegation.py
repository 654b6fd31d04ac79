"""What claims about delegated play have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from spi_verify.claims.about import require_few_pure_outcomes
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Keys, ViolationKeys
from spi_verify.claims.subset_games import named_game
from spi_verify.claims.words import shown, texts_shown, who
from spi_verify.errors import InputError, located
from spi_verify.games.game import Game
from spi_verify.games.players import called

_TOLD = 12


class StepKeys(msgspec.Struct, forbid_unknown_fields=True):
    """An action that goes, and the action or mixed action that strictly dominates it."""

    player: int
    action: str
    by: str | dict[str, str]


class PageKeys(msgspec.Struct, forbid_unknown_fields=True):
    """A page of the representatives' book: what a game has for actions, and what is played."""

    actions: list[list[str]]
    outcome: list[str]


class Weighted(msgspec.Struct, forbid_unknown_fields=True):
    """A profile of the others' actions with its probability."""

    others: list[str]
    weight: str


class Played(ViolationKeys, kw_only=True):
    """A play of two games, with the pages of the book by which it is carried out.

    With mixed dominance, each action that is left of each game is a best reply to a belief.
    """

    outcome: list[str]
    image: list[str]
    eliminated: list[list[StepKeys]]
    pages: list[PageKeys]
    maps: list[dict[str, str]] | None = None
    beliefs: list[list[list[list[Weighted]]]] | None = None


class PlayedLoss(Played, kw_only=True):
    """``player`` gets ``after`` in the subset game and ``before`` in the game."""

    player: int
    before: str
    after: str


class PlayedNoGain(Played, kw_only=True):
    """Both outcomes pay the same."""

    payoffs: list[str]


class PlayedNoGainAnywhere(PlayedNoGain, kw_only=True):
    """The same, whichever of so many outcomes the first page says."""

    outcomes: int


class NeverPlayed(ViolationKeys):
    """The outcome does not survive elimination."""

    outcome: list[str]
    eliminated: list[StepKeys]


FAILURES: dict[str, type[ViolationKeys]] = {
    "loss": PlayedLoss,
    "no-gain": PlayedNoGain,
    "no-gain-anywhere": PlayedNoGainAnywhere,
    "never-played": NeverPlayed,
}
"""How a game that is played in the place of another one can fail to be better."""

Assumption = Literal["elimination", "isomorphism"]
StrictKey = Literal["somewhere", "everywhere"] | list[list[str]] | None
"""Where somebody gets strictly more, as it stands in a file."""


def both_assumptions() -> list[Assumption]:
    """Return what is assumed where a claim does not say it."""
    return ["elimination", "isomorphism"]


def check_dominance(dominance: str, assumptions: Collection[str]) -> None:
    """Check that mixed dominance goes with elimination.

    Raises
    ------
    InputError
        When it does not.
    """
    if dominance == "mixed" and "elimination" not in assumptions:
        raise InputError("mixed dominance needs the assumption elimination", where="dominance")


def check_strict(strict: StrictKey, game: Game) -> None:
    """Check that outcomes that have to get better are outcomes of a game.

    Raises
    ------
    InputError
        When one is not, or there is none.
    """
    if isinstance(strict, list):
        if not strict:
            raise InputError("name an outcome", where="strict")
        for k, outcome in enumerate(strict):
            with located(where=f"strict[{k}]"):
                game.index(outcome)


class DelegationClaim(Keys, kw_only=True):
    """A claim about the game, or a subset game."""

    game: str | None = None

    def check(self, instance: Instance) -> None:
        """Check that the game exists."""
        self.first(instance)

    def first(self, instance: Instance) -> Game:
        """Return the game that the claim is about."""
        return named_game(instance, self.game, "game")

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the game, and the subset games that the claim names."""
        wanted = {self.game, getattr(self, "subset_game", None)}
        every = model.get("subset-games", {})
        kept = {name: table for name, table in every.items() if name in wanted}
        found = {"game": model["game"], "title": model.get("title", ""), "subset-games": kept}
        return found | {"parameters": model.get("parameters")}

    def check_with_parameters(self, outline: Instance) -> None:
        """Refuse games of many outcomes."""
        require_few_pure_outcomes(self.kind, replace(outline, correlated=False))

    @property
    def first_name(self) -> str:
        """What the game is called in a sentence."""
        return "the game" if self.game is None else self.game


class PairClaim(DelegationClaim, kw_only=True):
    """A claim about the game, or a subset game, and another subset game."""

    subset_game: str = msgspec.field(name="subset-game")

    def check(self, instance: Instance) -> None:
        """Check that the games exist."""
        self.first(instance)
        self.second(instance)

    def second(self, instance: Instance) -> Game:
        """Return the subset game."""
        return named_game(instance, self.subset_game, "subset-game")


def maps_shown(maps: Sequence[Mapping[str, str]], players: Sequence[str]) -> str:
    """Write what each player's actions are sent to."""
    return "; ".join(
        f"{called(players, i)}: {_first([f'{a} -> {b}' for a, b in own.items()])}"
        for i, own in enumerate(maps, start=1)
    )


def book_shown(v: Mapping[str, Any]) -> str:
    """Tell what the book says."""
    pages = " and ".join(
        f"{shown(page['outcome'])} for the game of {actions_shown(page['actions'])}"
        for page in v["pages"]
    )
    maps = v.get("maps")
    copied = (
        ""
        if maps is None
        else f", and copies it to isomorphic games ({maps_shown(maps, v.get('players', ()))})"
    )
    return f"a book that says {pages}{copied}"


def failure_told(v: Mapping[str, Any], first: str, second: str) -> str:
    """Tell how a game that is played in the place of another one fails to be better."""
    if v["violates"] == "never-played":
        gone = steps_shown(v["eliminated"], v.get("players", ()))
        return f"{shown(v['outcome'])} is never played: what goes is {gone}"
    told = (
        f"representatives with {book_shown(v)} play {shown(v['outcome'])} in {first} "
        f"and {shown(v['image'])} in {second}"
    )
    if v["violates"] == "loss":
        return f"{told}: {who(v)} gets {v['after']} instead of {v['before']}"
    told = f"{told}: both pay {texts_shown(v['payoffs'])}"
    if v["violates"] == "no-gain":
        return told
    return f"{told}, and nobody gains at any of the {v['outcomes']} outcomes that are left"


def actions_shown(actions: Sequence[Sequence[str]]) -> str:
    """Write sets of actions: ``{C, D} x {C, D}``."""
    return " x ".join(f"{{{_first(own)}}}" for own in actions)


def steps_shown(steps: Sequence[Mapping[str, Any]], players: Sequence[str]) -> str:
    """Write which actions go, in which order, and what dominates them."""
    return _first(
        [
            f"{called(players, step['player'])}'s {step['action']} ({by_shown(step['by'])})"
            for step in steps
        ]
    )


def by_shown(by: str | Mapping[str, str]) -> str:
    """Write what dominates an action."""
    if isinstance(by, str):
        return f"dominated by {by}"
    return f"dominated by {' + '.join(f'{weight} {name}' for name, weight in by.items())}"


def _first(parts: Sequence[str]) -> str:
    """Write a list, a long one cut short."""
    more = len(parts) - _TOLD
    return ", ".join(parts[:_TOLD]) + (f" and {more} more" if more > 0 else "")
