"""Carrying out a stated play of two games by a book, and checking that the book is one.

Nothing here is shared with ``spi_verify.delegation``: games are dicts of Fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from spi_verify.claims.words import shown
from spi_verify.effort import spend
from spi_verify.errors import Rejected
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.rationals import LONG, parse_rational

Maps = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Table:
    """A game: each player's actions, and what every outcome pays."""

    actions: tuple[tuple[str, ...], ...]
    pays: dict[Outcome, Payoffs]

    @classmethod
    def of(cls, game: Game) -> Table:
        """Read a game."""
        spend(game.number_of_outcomes)
        return cls(game.actions, {outcome: game.payoffs(outcome) for outcome in game.outcomes()})

    def others(self, i: int) -> Iterator[Outcome]:
        """Iterate over the others' profiles: the outcomes with player i's first action."""
        return product(*(own[:1] if j == i else own for j, own in enumerate(self.actions)))

    def pay(self, i: int, action: str, profile: Outcome) -> Fraction:
        """Return what player i gets with an action in the place of the one in the profile."""
        return self.pays[(*profile[:i], action, *profile[i + 1 :])][i]

    def dominates(self, i: int, by: str, action: str) -> bool:
        """Whether an action of player i is better than another, whatever the others do."""
        for profile in self.others(i):
            spend(1)
            if not self.pay(i, by, profile) > self.pay(i, action, profile):
                return False
        return True

    def dominated(self) -> tuple[int, str] | None:
        """Return a dominated action, by player from 0; None where there is none."""
        for i, own in enumerate(self.actions):
            for action, by in product(own, own):
                if action != by and self.dominates(i, by, action):
                    return i, action
        return None

    def without(self, i: int, action: str) -> Table:
        """Return the game without an action."""
        actions = tuple(
            tuple(a for a in own if (j, a) != (i, action)) for j, own in enumerate(self.actions)
        )
        return Table(actions, {o: self.pays[o] for o in product(*actions)})


def after_steps(table: Table, steps: Sequence[Mapping[str, Any]]) -> Table:
    """Eliminate actions as stated, each of which has to be strictly dominated when it goes.

    Raises
    ------
    Rejected
        When one is not.
    """
    for step in steps:
        i, action, by = step["player"] - 1, step["action"], step["by"]
        if not 0 <= i < len(table.actions) or action not in table.actions[i]:
            raise Rejected(f"there is no action {action!r} of player {i + 1} to eliminate")
        weights = {by: Fraction(1)} if isinstance(by, str) else _weights(by)
        if action in weights or not set(weights) <= set(table.actions[i]):
            raise Rejected(f"nothing of what is left is stated to dominate {action}")
        for profile in table.others(i):
            spend(len(weights))
            mixed = sum(w * table.pay(i, b, profile) for b, w in weights.items())
            if not mixed > table.pay(i, action, profile):
                raise Rejected(f"player {i + 1}'s {action} is not strictly dominated as stated")
        table = table.without(i, action)
    return table


def _weights(stated: Mapping[str, str]) -> dict[str, Fraction]:
    weights = {name: parse_rational(text, max_digits=LONG) for name, text in stated.items()}
    if min(weights.values(), default=Fraction(0)) <= 0 or sum(weights.values()) != 1:
        raise Rejected("the weights of a mixed action are no probabilities")
    return weights


def require_justified(
    table: Table, kept: Sequence[Sequence[str]], beliefs: Sequence[Sequence[Any]]
) -> None:
    """Check that each kept action is a best reply to a belief about the others' kept actions.

    Raises
    ------
    Rejected
        When one is not: something may dominate it.
    """
    if [len(own) for own in beliefs] != [len(own) for own in kept]:
        raise Rejected("a belief is needed for each action that is kept")
    for i, own in enumerate(kept):
        for action, belief in zip(own, beliefs[i], strict=True):
            weights = {}
            for part in belief:
                others = list(part["others"])
                inside = [names for j, names in enumerate(kept) if j != i]
                if len(others) != len(inside) or any(
                    a not in names for a, names in zip(others, inside, strict=True)
                ):
                    raise Rejected("a belief is about actions that are not kept")
                profile = (*others[:i], action, *others[i:])
                weights[profile] = parse_rational(part["weight"], max_digits=LONG)
            if min(weights.values(), default=Fraction(0)) < 0 or sum(weights.values()) != 1:
                raise Rejected("the weights of a belief are no probabilities")
            spend(len(weights) * len(table.actions[i]))
            earned = {
                b: sum((w * table.pay(i, b, o) for o, w in weights.items()), Fraction(0))
                for b in table.actions[i]
            }
            if max(earned.values()) > earned[action]:
                raise Rejected(f"player {i + 1}'s {action} is no best reply to its belief")


@dataclass(frozen=True)
class CarriedOut:
    """A play: what was played, and by which pages.

    ``first`` and ``second`` are what is left of the games. ``maps`` sends the first page to the
    second game, where the plays are tied; ``same`` says that both games are left the same.
    """

    first: Table
    second: Table
    outcome: Outcome
    image: Outcome
    maps: Maps | None
    same: bool


def carry_out(
    first: Table,
    second: Table,
    assumptions: Collection[str],
    v: Mapping[str, Any],
    *,
    mixed: bool = False,
) -> CarriedOut:
    """Let the stated book play both games.

    With ``mixed``, mixed actions may dominate, and everything that is left has to be a best reply
    to a stated belief.

    Raises
    ------
    Rejected
        When the book breaks an assumption, or plays something else than is stated.
    """
    if len(v["eliminated"]) != 2:
        raise Rejected("the eliminated actions of both games have to be stated")
    one, other = (
        after_steps(table, steps)
        for table, steps in zip((first, second), v["eliminated"], strict=True)
    )
    if not mixed and not all(isinstance(s["by"], str) for steps in v["eliminated"] for s in steps):
        raise Rejected("a mixed action is stated to dominate")
    if mixed:
        beliefs = v.get("beliefs") or []
        if len(beliefs) != 2:
            raise Rejected("beliefs are needed for what is left of both games")
        for table, left, stated in zip((first, second), (one, other), beliefs, strict=True):
            require_justified(table, left.actions, stated)
    undominated = one.dominated() is None and other.dominated() is None
    if "elimination" in assumptions and not undominated:
        raise Rejected("strictly dominated actions are left")
    if "elimination" not in assumptions and any(v["eliminated"]):
        raise Rejected("it is not assumed that dominated actions are left out")
    pages = v["pages"]
    isomorphic = "isomorphism" in assumptions and undominated
    same, maps = one.pays == other.pays, v["maps"]
    if not pages:
        raise Rejected("the book has no page")
    outcome = image = _on_the_page(pages[0], one)
    if maps is not None:
        if same or not isomorphic or len(pages) != 1:
            raise Rejected("nothing says that play is copied by an isomorphism")
        require_isomorphism(one, other, maps)
        image = tuple(own[a] for own, a in zip(maps, outcome, strict=True))
    elif not same:
        if len(pages) != 2:
            raise Rejected("the book has no page for what is left of the subset game")
        if isomorphic and an_isomorphism(one, other) is not None:
            raise Rejected("the games are isomorphic, so that one page is for both")
        image = _on_the_page(pages[1], other)
    elif len(pages) != 1:
        raise Rejected("what is left is one game, so that one page is for both")
    if [list(outcome), list(image)] != [v["outcome"], v["image"]]:
        raise Rejected(f"the book plays {shown(outcome)} and {shown(image)}")
    return CarriedOut(one, other, outcome, image, maps, same)


def _on_the_page(page: Mapping[str, Any], table: Table) -> Outcome:
    """Return what a page says, which has to be that of a game."""
    if list(map(sorted, page["actions"])) != list(map(sorted, table.actions)):
        raise Rejected("a page has other actions than are left of the game")
    outcome = tuple(page["outcome"])
    if outcome not in table.pays:
        raise Rejected(f"a page says {shown(outcome)}, which is no outcome of its game")
    return outcome


def require_isomorphism(one: Table, other: Table, maps: Maps) -> None:
    """Check that maps of actions are bijections and change payoffs by positive affine maps.

    Raises
    ------
    Rejected
        When they do not.
    """
    sides = zip(maps, one.actions, other.actions, strict=False)
    if len(maps) != len(one.actions) or not all(
        set(own) == set(mine) and sorted(own.values()) == sorted(theirs)
        for own, mine, theirs in sides
    ):
        raise Rejected("the maps are no bijections between the actions that are left")
    for i in range(len(maps)):
        pairs = {
            (u[i], other.pays[tuple(own[a] for own, a in zip(maps, o, strict=True))][i])
            for o, u in one.pays.items()
        }
        (low, low_image), (high, high_image) = min(pairs), max(pairs)
        if low == high:
            fits = len(pairs) == 1
        else:
            factor = (high_image - low_image) / (high - low)
            fits = factor > 0 and all(v == low_image + factor * (u - low) for u, v in pairs)
        if not fits:
            raise Rejected(f"the maps change player {i + 1}'s payoffs by no positive affine map")


def an_isomorphism(
    one: Table, other: Table, sending: tuple[Outcome, Outcome] | None = None
) -> Maps | None:
    """Look for an isomorphism between two games, action by action; None where there is none.

    Where an outcome and its image are given, for one that sends the one to the other.
    """
    if list(map(len, one.actions)) != list(map(len, other.actions)):
        return None
    mine, theirs = on_one_scale(one), on_one_scale(other)
    n = len(one.actions)
    beside = [_beside(table, pays) for table, pays in ((one, mine), (other, theirs))]
    order = [
        (i, own[k])
        for k in range(max(map(len, one.actions)))
        for i, own in enumerate(one.actions)
        if k < len(own)
    ]
    maps: list[dict[str, str]] = [{} for _ in range(n)]

    def fits(i: int, a: str) -> bool:
        done = [[a] if j == i else list(own) for j, own in enumerate(maps)]
        for o in product(*done):
            spend(1)
            image = tuple(own[b] for own, b in zip(maps, o, strict=True))
            if mine[o] != theirs[image]:
                return False
        return True

    def extend(k: int) -> bool:
        if k == len(order):
            return True
        i, a = order[k]
        for b in other.actions[i]:
            if b in maps[i].values() or beside[0][i, a] != beside[1][i, b]:
                continue
            if sending is not None and (a == sending[0][i]) != (b == sending[1][i]):
                continue
            maps[i][a] = b
            if fits(i, a) and extend(k + 1):
                return True
            del maps[i][a]
        return False

    return maps if extend(0) else None


def on_one_scale(table: Table) -> dict[Outcome, tuple[Fraction, ...]]:
    """Return payoffs between 0 and 1, which a positive affine map does not change."""
    columns = list(zip(*table.pays.values(), strict=True))
    lows = [min(column) for column in columns]
    spans = [max(column) - low or Fraction(1) for column, low in zip(columns, lows, strict=True)]
    return {
        o: tuple((v - low) / span for v, low, span in zip(u, lows, spans, strict=True))
        for o, u in table.pays.items()
    }


def _beside(
    table: Table, pays: Mapping[Outcome, tuple[Fraction, ...]]
) -> dict[tuple[int, str], Counter[tuple[Fraction, ...]]]:
    """Return for each player's action how often each payoff profile stands beside it."""
    found: dict[tuple[int, str], Counter[tuple[Fraction, ...]]] = {}
    for o, u in pays.items():
        for i, a in enumerate(o):
            found.setdefault((i, a), Counter())[u] += 1
    assert len(found) == sum(map(len, table.actions))
    return found
