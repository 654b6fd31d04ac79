"""What claims about delegated play have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Keys, ViolationKeys
from spi_verify.claims.subset_games import named_game
from spi_verify.claims.words import shown
from spi_verify.games.game import Game

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


class Played(ViolationKeys, kw_only=True):
    """A play of two games, with the pages of the book by which it is carried out."""

    outcome: list[str]
    image: list[str]
    eliminated: list[list[StepKeys]]
    pages: list[PageKeys]
    maps: list[dict[str, str]] | None = None


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
        return {"game": model["game"], "title": model.get("title", ""), "subset-games": kept}

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


def maps_shown(maps: Sequence[Mapping[str, str]]) -> str:
    """Write what each player's actions are sent to."""
    return "; ".join(
        f"player {i}: {_first([f'{a} -> {b}' for a, b in own.items()])}"
        for i, own in enumerate(maps, start=1)
    )


def book_shown(v: Mapping[str, Any]) -> str:
    """Tell what the book says."""
    pages = " and ".join(
        f"{shown(page['outcome'])} for the game of {actions_shown(page['actions'])}"
        for page in v["pages"]
    )
    maps = v.get("maps")
    copied = "" if maps is None else f", and copies it to isomorphic games ({maps_shown(maps)})"
    return f"a book that says {pages}{copied}"


def actions_shown(actions: Sequence[Sequence[str]]) -> str:
    """Write sets of actions: ``{C, D} x {C, D}``."""
    return " x ".join(f"{{{_first(own)}}}" for own in actions)


def steps_shown(steps: Sequence[Mapping[str, Any]]) -> str:
    """Write which actions go, in which order, and what dominates them."""
    return _first(
        [f"player {step['player']}'s {step['action']} ({by_shown(step['by'])})" for step in steps]
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
