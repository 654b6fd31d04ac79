"""How conclusions about delegated games fail, told as games."""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Sequence
from fractions import Fraction

from spi_verify.counterexamples.structures_told import (
    Model,
    ToldStructure,
    payoff_lines,
)
from spi_verify.games.game import Game
from spi_verify.games.rationals import format_profile


def letter(number: int) -> str:
    """Return what an action, a strategy or an outcome is called."""
    letters = string.ascii_uppercase
    return letters[number] if number < len(letters) else str(number + 1)


class Games:
    """The games of a structure whose outcomes are all profiles of actions.

    Parameters
    ----------
    model
        The structure.
    profile
        The function that says what each player does in an outcome.
    """

    def __init__(self, model: Model, profile: str = "move", outcomes: str = "Outcome") -> None:
        self.model = model
        self.players = model.all("Player")
        self._profile, self._all = profile, model.all(outcomes)
        self.outcomes = {tuple(model.at(profile, i, a) for i in self.players): a for a in self._all}

    def actions(self, game: int) -> list[list[int]]:
        """Return everybody's actions in a game."""
        at, every = self.model.at, self.model.all("Action")
        return [[x for x in every if at("has_action", i, x, game)] for i in self.players]

    def complete(self, axes: Sequence[Sequence[int]]) -> bool:
        """Whether all profiles of some actions are outcomes, and no two outcomes are one."""
        distinct = len(self.outcomes) == len(self._all)
        return distinct and all(axes) and all(p in self.outcomes for p in itertools.product(*axes))

    def whole(self, *games: int) -> bool:
        """Whether what can be played in some games is all profiles of their actions."""
        return all(
            self.complete(self.actions(one))
            and set(self.has(one)) == {a for a in self._all if self.model.at("in_game", a, one)}
            for one in games
        )

    def has(self, game: int) -> list[int]:
        """Return the outcomes of a game."""
        return [self.outcomes[one] for one in itertools.product(*self.actions(game))]

    def named(self, outcome: int) -> str:
        """Return the actions in an outcome."""
        return (
            f"({', '.join(letter(self.model.at(self._profile, i, outcome)) for i in self.players)})"
        )

    def paid(self, outcome: int, game: int | None = None) -> tuple[Fraction, ...]:
        """Return what an outcome pays the original players, or what representatives are told."""
        at = self.model.at
        if game is None:
            return tuple(Fraction(at("pays", i, outcome)) for i in self.players)
        return tuple(Fraction(at("value", i, game, outcome)) for i in self.players)

    def table(self, axes: Sequence[Sequence[int]], paid: dict[int, tuple[Fraction, ...]]) -> Game:
        """Return a game with some actions, as it is told."""

        def cells(profile: tuple[int, ...]) -> object:
            if len(profile) == len(axes):
                return paid[self.outcomes[profile]]
            return [cells((*profile, x)) for x in axes[len(profile)]]

        return Game.from_payoffs(cells(()), actions=[[letter(x) for x in axis] for axis in axes])

    def of_game(self, game: int, *, original: bool = False) -> Game:
        """Return a game, with the payoffs that representatives are told, or the original ones."""
        paid = {a: self.paid(a, None if original else game) for a in self.has(game)}
        return self.table(self.actions(game), paid)

    def everything(self) -> Game:
        """Return all that can be played, with the original players' payoffs."""
        axes = [list(self.model.all("Action"))] * len(self.players)
        return self.table(axes, {a: self.paid(a) for a in self.outcomes.values()})


def chooses(game: Game) -> str:
    """Return who chooses what in a game."""
    if game.number_of_players == 2 and all(len(axis) > 1 for axis in game.axes):
        return "player 1 chooses the row and player 2 the column"
    choosing = [f"player {i + 1}" for i, axis in enumerate(game.axes) if len(axis) > 1]
    if len(choosing) == 1:
        return f"only {choosing[0]} has a choice"
    return f"{', '.join(choosing)} choose" if choosing else "nobody has a choice"


# Isomorphisms, as they are printed


def rescaled(games: Games, i: int, f: int, G: int, H: int) -> tuple[Fraction, Fraction] | None:
    """Return lambda_i > 0 and c_i with u_i(a) = lambda_i u'_i(f(a)) + c_i on G, or None."""
    at = games.model.at
    pairs = [
        (Fraction(at("value", i, G, a)), Fraction(at("value", i, H, at("image", f, a))))
        for a in games.has(G)
    ]
    if not pairs:
        return None
    (first, there), *others = pairs
    other = next((one for one in others if one[1] != there), None)
    scale = Fraction(1) if other is None else (other[0] - first) / (other[1] - there)
    shift = first - scale * there
    fits = scale > 0 and all(one == scale * image + shift for one, image in pairs)
    return (scale, shift) if fits else None


def into(games: Games, f: int, G: int, H: int) -> bool:
    """Whether a map sends everybody's actions in G to actions in H, and outcomes accordingly."""
    at, there = games.model.at, games.actions(H)
    return all(
        at("sends", f, i, x) in there[i] for i, own in enumerate(games.actions(G)) for x in own
    ) and all(
        at("move", i, at("image", f, a)) == at("sends", f, i, at("move", i, a))
        for i in games.players
        for a in games.has(G)
    )


def isomorphism(games: Games, f: int, G: int, H: int) -> list[tuple[Fraction, Fraction]] | None:
    """Return everybody's lambda_i and c_i, where a map is an isomorphism as printed."""
    if not into(games, f, G, H):
        return None
    found = [rescaled(games, i, f, G, H) for i in games.players]
    return None if None in found else [one for one in found if one is not None]


def sends(games: Games, f: int, G: int) -> str:
    """Return what a map does with the outcomes of G."""
    image = games.model.at
    return ", ".join(
        f"{games.named(a)} to {games.named(image('image', f, a))}" for a in games.has(G)
    )


def equations(scales: Sequence[tuple[Fraction, Fraction]], name: str) -> str:
    """Return how a map rescales payoffs."""
    told = []
    for i, (scale, shift) in enumerate(scales, 1):
        factor = "" if scale == 1 else f"{scale} "
        more = f" {'+' if shift > 0 else '-'} {abs(shift)}" if shift else ""
        told.append(f"u_{i}(a) = {factor}u'_{i}({name}(a)){more}")
    return " and ".join(told)


def not_symmetric(model: Model) -> ToldStructure | None:
    """Tell that G is isomorphic to H, and H to G is not."""
    games, G, H = Games(model), model.instance["G"], model.instance["H"]
    if not games.whole(G, H):
        return None
    maps = ((f, isomorphism(games, f, G, H)) for f in model.all("ActionMap"))
    f, scales = next((one for one in maps if one[1] is not None), (None, None))
    if f is None or scales is None:
        return None
    one, other = games.of_game(G), games.of_game(H)
    lines = [
        *payoff_lines(f"In the game G {chooses(one)}", one),
        *payoff_lines(f"In the game H {chooses(other)}", other),
        f"Let Phi send {sends(games, f, G)}. That is an isomorphism from G to H as Section 4.1 "
        "defines it: Phi sends actions of G to actions of H, and for every outcome a of G, "
        f"{equations(scales, 'Phi')}, where u are the payoffs in G and u' those in H.",
    ]
    back = {
        tuple(model.at("image", g, a) for a in games.has(H))
        for g in model.all("ActionMap")
        if into(games, g, H, G)
    }
    if len(games.has(G)) == 1:
        (only,) = games.has(G)
        different = next(
            (
                (i, a, b)
                for i in games.players
                for a, b in itertools.combinations(games.has(H), 2)
                if games.paid(a, H)[i] != games.paid(b, H)[i]
            ),
            None,
        )
        if different is None:
            return None
        i, a, b = different
        paid = games.paid(a, H)[i], games.paid(b, H)[i]
        lines.append(
            f"A map back from H can send every outcome only to {games.named(only)}, the only one "
            f"of G, from which player {i + 1} gets {games.paid(only, G)[i]}. But in H player "
            f"{i + 1} gets {paid[0]} from {games.named(a)} and {paid[1]} from {games.named(b)}, "
            f"and no numbers lambda > 0 and c make lambda times {games.paid(only, G)[i]} plus c "
            "equal to both."
        )
    elif len(back) < _ways(games, H, G):
        return None
    else:
        lines.append(
            f"Maps back from H can send actions to actions of G in {len(back)} ways, and none of "
            "them keeps everybody's payoffs up to a factor lambda > 0 and a constant c."
        )
    images = {model.at("image", f, a) for a in games.has(G)}
    return ToldStructure(
        tuple(lines),
        "G is isomorphic to H as printed, and H is not isomorphic to G",
        "The printed definition does not ask that an isomorphism be one to one and onto: Phi "
        f"reaches only {len(images)} of the {len(games.has(H))} outcomes of H, so that it cannot "
        "be undone."
        if len(images) < len(games.has(H))
        else "The printed definition does not ask that an isomorphism be one to one and onto.",
    )


def _ways(games: Games, G: int, H: int) -> int:
    """Return in how many ways everybody's actions in G can be sent to actions in H."""
    own = zip(games.actions(G), games.actions(H), strict=True)
    return math.prod(len(there) ** len(here) for here, there in own)


def isomorphisms_differ(model: Model) -> ToldStructure | None:
    """Tell that one isomorphism improves, and another does not."""
    games, G, H = Games(model), model.instance["G"], model.instance["H"]
    f, g = model.instance["f"], model.instance["g"]
    everything = [list(model.all("Action"))] * len(games.players)
    if not games.complete(everything) or not games.whole(G, H):
        return None
    scales = isomorphism(games, f, G, H), isomorphism(games, g, G, H)
    if scales[0] is None or scales[1] is None:
        return None
    ends = [
        (a, model.at("image", f, a), model.at("image", g, a), games.paid(a)) for a in games.has(G)
    ]
    whole = games.everything()
    lines = [
        *payoff_lines(f"In the original game {chooses(whole)}", whole),
        f"G has only {_axes(games, G)}, with these payoffs. H has {_axes(games, H)}; "
        f"{_told_in(games, H)}.",
    ]
    for name, map, known in (("Phi", f, scales[0]), ("Psi", g, scales[1])):
        lines.append(
            f"{name} sends {sends(games, map, G)}. It is an isomorphism from G to H as printed: it "
            f"sends actions to actions, and for every outcome a of G, {equations(known, name)}, "
            "where u are the payoffs in G and u' those in H."
        )
    worse = [
        (a, image, i)
        for a, _, image, paid in ends
        for i in games.players
        if games.paid(image)[i] < paid[i]
    ]
    better = [
        f"{games.named(image)} pays {format_profile(games.paid(image))}, where {games.named(a)} "
        f"pays {format_profile(paid)}"
        for a, image, _, paid in ends
    ]
    lines.append(f"Phi gives nobody less than in G: {'; '.join(better)}.")
    if worse:
        a, image, i = worse[0]
        fails = (
            f"Phi improves and Psi does not: Psi sends {games.named(a)} to {games.named(image)}, "
            f"where player {i + 1} gets {games.paid(image)[i]} instead of {games.paid(a)[i]}"
        )
    else:
        fails = "Phi improves strictly and Psi does not: Psi gives nobody more in any outcome"
    return ToldStructure(
        tuple(lines),
        fails,
        "As printed, isomorphisms need not be onto: two of them can send the outcomes of G to "
        "different outcomes of H, which need not pay the same.",
    )


def _axes(games: Games, game: int) -> str:
    own = [
        f"{', '.join(map(letter, axis))} for player {i + 1}"
        for i, axis in enumerate(games.actions(game))
    ]
    return f"the action{'s' if any(len(axis) > 1 for axis in games.actions(game)) else ''} " + (
        " and ".join(own)
    )


def _told_in(games: Games, game: int) -> str:
    """Return what representatives are told in a game, where the original payoffs are known."""
    if all(games.paid(a) == games.paid(a, game) for a in games.has(game)):
        return "representatives are told the same payoffs in it"
    told = [f"{format_profile(games.paid(a, game))} for {games.named(a)}" for a in games.has(game)]
    return f"representatives are told that it pays {', '.join(told)}"


def nothing_moves(model: Model) -> ToldStructure | None:
    """Tell that an improvement which is not trivial as printed changes nothing."""
    games, G, H = Games(model), model.instance["G"], model.instance["H"]
    f = model.instance["f"]
    left = model.at("left", G), model.at("left", H)
    if not games.whole(G, H, *left):
        return None
    if not all(is_left(games, *one) for one in zip((G, H), left, strict=True)):
        return None
    different = next(
        (
            (i, a)
            for i in games.players
            for a in games.has(left[0])
            if games.paid(a, left[0])[i] != games.paid(a, left[1])[i]
        ),
        None,
    )
    if different is None or isomorphism(games, f, *left) is None:
        return None
    i, a = different
    one, other = games.of_game(G), games.of_game(H)
    told = games.paid(a, left[0])[i], games.paid(a, left[1])[i]
    lines = [
        *payoff_lines(f"In the original game G {chooses(one)}", one),
        *payoff_lines("In the game H representatives are told other payoffs", other),
        "Iterated elimination of dominated actions leaves "
        f"{what_is_left(games, left[0])} of G, and {what_is_left(games, left[1])} of H.",
        f"Phi sends {sends(games, f, left[0])}. It is an isomorphism between what is left of the "
        "two games, as their payoffs differ only by a factor and a constant for each player.",
        "Phi leaves every outcome as it is, so that by the original payoffs nobody gets less: H is "
        "an improvement on G in the sense of Definition 5.",
        "As printed, an improvement is trivial only where what is left of the two games is equal. "
        f"Here it is not: player {i + 1} is told {told[0]} for {games.named(a)} in G and {told[1]} "
        "in H.",
    ]
    return ToldStructure(
        tuple(lines),
        "H is an improvement that is not trivial as printed, and no outcome becomes another",
        "The games are unequal as soon as representatives are told other payoffs, even if they "
        "then do exactly the same.",
    )


def is_left(games: Games, game: int, left: int) -> bool:
    """Whether iterated elimination of strictly dominated actions leaves one game of another."""
    axes = games.actions(game)

    def gains(i: int, x: int, y: int) -> bool:
        """Whether y pays player i more than x, whatever the others do."""
        profiles = itertools.product(*axes[:i], [x], *axes[i + 1 :])
        other = ((one, (*one[:i], y, *one[i + 1 :])) for one in profiles)
        return all(
            games.paid(games.outcomes[after], game)[i] > games.paid(games.outcomes[before], game)[i]
            for before, after in other
        )

    while dominated := [
        (i, x) for i in games.players for x in axes[i] if any(gains(i, x, y) for y in axes[i])
    ]:
        i, x = dominated[0]
        axes[i].remove(x)
    same = all(games.paid(a, left) == games.paid(a, game) for a in games.has(left))
    return axes == games.actions(left) and same


def what_is_left(games: Games, game: int) -> str:
    """Return what a game that elimination leaves has."""
    outcomes = games.has(game)
    if len(outcomes) == 1:
        return f"only {games.named(outcomes[0])}"
    return _axes(games, game)


# Programs


def wrong_threat(model: Model) -> ToldStructure | None:
    """Tell whom Algorithm 2 punishes as printed, and who gains by deviating."""
    games = Games(model, "part", "Strategies")
    if len(games.players) != 2:
        return None
    axes = [list(model.all("Strategy"))] * 2
    if not games.complete(axes):
        return None
    held = [model.at("part", 1 - k, model.at("punishment", k)) for k in (0, 1)]
    earned = {
        a: tuple(Fraction(model.at("earns", i, a)) for i in (0, 1)) for a in games.outcomes.values()
    }

    def constants(name: str) -> tuple[Fraction, ...]:
        return tuple(Fraction(model.at(name, i)) for i in (0, 1))

    before, after = constants("without_improvement"), constants("with_improvement")
    threats = constants("threat_point")
    ends = {paid: a for a, paid in reversed(earned.items())}
    least = tuple(min(paid[i] for paid in earned.values()) for i in (0, 1))
    if before not in ends or after not in ends or least != threats:
        return None
    punished = (
        earned[games.outcomes[(x, held[0]) if k == 0 else (held[1], x)]][k] <= threats[k]
        for k in (0, 1)
        for x in model.all("Strategy")
    )
    better = all(now >= then for now, then in zip(after, before, strict=True))
    if not better or not all(punished):
        return None
    j, p = model.instance["j"], model.instance["p"]
    i = 1 - j
    printed, meant = letter(held[i]), letter(held[j])
    table = games.table(axes, earned)
    lines = [
        *payoff_lines(f"In this game {chooses(table)}; both have the same strategies", table),
        f"The threat point is v = {format_profile(threats)}: nobody ever gets less, also where "
        "strategies are mixed.",
        *(
            f"Player {2 - k} can hold player {k + 1} down to {threats[k]} by playing "
            f"{letter(held[k])}."
            for k in (0, 1)
        ),
        f"The original game ends in {games.named(ends[before])}, which pays "
        f"{format_profile(before)}, and its safe improvement in {games.named(ends[after])}, which "
        f"pays {format_profile(after)}."
        if before != after
        else f"The original game and its safe improvement end in {games.named(ends[after])}, "
        f"which pays {format_profile(after)}.",
        f"In Algorithm 2 all use the program that plays the improvement. If player {j + 1} uses "
        f"another one, that of player {i + 1} plays minimax({i + 1}, {j + 1}) as a punishment. But "
        f"this was introduced as player {j + 1}'s part in holding down player {i + 1}, which is "
        f"{printed} here.",
        f"So if player {j + 1} uses another program, which plays {letter(model.at('part', j, p))}, "
        f"they end in {games.named(p)}, which pays {format_profile(earned[p])}.",
    ]
    return ToldStructure(
        tuple(lines),
        f"player {j + 1} gains by another program than the agreed one: {earned[p][j]} instead of "
        f"{after[j]}",
        f"The printed indices are the wrong way round: the threat is aimed at player {i + 1}, who "
        f"carries it out, and not at player {j + 1}, who deviates. What is meant is "
        f"minimax({j + 1}, {i + 1}), which is {meant}.",
    )
