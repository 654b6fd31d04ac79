"""How conclusions fail about safe improvements and isomorphisms, told as games."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from telling_games import (
    Games,
    chooses,
    equations,
    is_left,
    isomorphism,
    letter,
    sends,
    what_is_left,
)

from spi_verify.counterexamples.structures_told import Model, ToldStructure, payoff_lines
from spi_verify.games.rationals import format_profile


def improved_and_not_safe(model: Model) -> ToldStructure | None:
    """Tell that one isomorphism improves, and that representatives may play by another one."""
    games, G, H = Games(model), model.instance["G"], model.instance["H"]
    left = model.at("left", G), model.at("left", H)
    if not games.whole(*model.all("Game")) or not _subset(games, H, G):
        return None
    lines = _games(games, G, H)
    if lines is None:
        return None
    maps = [f for f in model.all("ActionMap") if isomorphism(games, f, *left) is not None]
    improving = next((f for f in maps if _improves(games, f, left[0])), None)
    worse = _worse(games, G, H)
    if improving is None or worse is None:
        return None
    w, i = worse
    ends = model.at("result", w, G), model.at("result", w, H)
    other = next((g for g in maps if model.at("image", g, ends[0]) == ends[1]), None)
    if other is None:
        return None
    images = [(a, model.at("image", improving, a)) for a in games.has(left[0])]
    better = "; ".join(
        f"{games.named(image)} pays {format_profile(games.paid(image))}, where {games.named(a)} "
        f"pays {format_profile(games.paid(a))}"
        for a, image in images
        if image != a
    )
    one, another = games.paid(ends[0])[i], games.paid(ends[1])[i]
    lines += [
        f"{_isomorphism(games, 'Phi', improving, *left)} By the original payoffs it gives nobody "
        f"less: {better or 'it leaves outcomes as they are'}.",
        _isomorphism(games, "Psi", other, *left),
        f"Suppose the representatives end G in {games.named(ends[0])} and H in "
        f"{games.named(ends[1])}. They play G as what is left of it, and what is left of G and H "
        "alike up to Psi: that is all that the two assumptions ask of how they play G and H.",
    ]
    return ToldStructure(
        tuple(lines),
        f"Phi improves, and H is not safe in the place of G: player {i + 1} gets {another} from H "
        f"instead of {one} from G",
        "As printed, isomorphisms need not be onto, and Assumption 2 does not say by which of them "
        "the representatives play: that one of them improves decides nothing.",
    )


def not_found_by_injections(model: Model) -> ToldStructure | None:
    """Tell that a game is safe and tied to another by a map that is no injection."""
    games, G, H = Games(model), model.instance["G"], model.instance["H"]
    f = model.instance["f"]
    left = model.at("left", G), model.at("left", H)
    if not games.whole(*model.all("Game")) or not _subset(games, H, G):
        return None
    lines = _games(games, G, H)
    if lines is None or isomorphism(games, f, *left) is None:
        return None
    same = next(
        (
            (i, x, y)
            for i, axis in enumerate(games.actions(left[0]))
            for x, y in itertools.combinations(axis, 2)
            if model.at("sends", f, i, x) == model.at("sends", f, i, y)
        ),
        None,
    )
    pairs = itertools.product(games.has(left[0]), games.has(left[1]))
    if same is None or not all(_as_good(games, b, a) for a, b in pairs):
        return None
    i, x, y = same
    image = letter(model.at("sends", f, i, x))
    lines += [
        f"{_isomorphism(games, 'Phi', f, *left)} So H is tied to G.",
        "By the original payoffs every outcome that is left of H is as good for everybody as every "
        "outcome that is left of G: however they are played, H is safe in the place of G.",
    ]
    return ToldStructure(
        tuple(lines),
        f"H is safe and tied to G by Phi, and the search for injections does not find it: Phi "
        f"sends both {letter(x)} and {letter(y)} of player {i + 1} to {image}",
        "As printed, isomorphisms need not be one to one.",
    )


def _games(games: Games, G: int, H: int) -> list[str] | None:
    """Tell both games, and what elimination leaves of them, where the structure has it right."""
    left = games.model.at("left", G), games.model.at("left", H)
    if not is_left(games, G, left[0]) or not is_left(games, H, left[1]):
        return None
    one, other = games.of_game(G), games.of_game(H)
    remains = (
        "Nothing is dominated in either of them."
        if left == (G, H)
        else "Iterated elimination of dominated actions leaves "
        f"{what_is_left(games, left[0])} of G, and {what_is_left(games, left[1])} of H."
    )
    return [
        *payoff_lines(f"In the original game G {chooses(one)}", one),
        *payoff_lines("In its subset game H representatives are told these payoffs", other),
        remains,
    ]


def _isomorphism(games: Games, name: str, f: int, G: int, H: int) -> str:
    scales = isomorphism(games, f, G, H)
    assert scales is not None
    return (
        f"{name} sends {sends(games, f, G)}. It is an isomorphism from what is left of G to "
        f"what is left of H as printed: it sends actions to actions, and for every outcome a, "
        f"{equations(scales, name)}, where u are the payoffs that representatives are told in G "
        "and u' those in H."
    )


def _subset(games: Games, H: int, G: int) -> bool:
    """Whether H has no outcome that G has not, and G has the original payoffs."""
    original = all(games.paid(a) == games.paid(a, G) for a in games.has(G))
    return original and set(games.has(H)) <= set(games.has(G))


def _as_good(games: Games, b: int, a: int) -> bool:
    return all(y >= x for x, y in zip(games.paid(a), games.paid(b), strict=True))


def _improves(games: Games, f: int, G: int) -> bool:
    return all(_as_good(games, games.model.at("image", f, a), a) for a in games.has(G))


def _worse(games: Games, G: int, H: int) -> tuple[int, int] | None:
    """Return a play that satisfies both assumptions, and who gets less from H than from G."""
    at = games.model.at
    for w, i in itertools.product(_admissible(games), games.players):
        if games.paid(at("result", w, H))[i] < games.paid(at("result", w, G))[i]:
            return w, i
    return None


def _admissible(games: Games) -> Iterable[int]:
    """Return the plays that satisfy both assumptions, for all games of the structure."""
    model = games.model
    every = model.all("Game")
    undominated = [G for G in every if model.at("left", G) == G]
    maps = {
        (G, H): [f for f in model.all("ActionMap") if isomorphism(games, f, G, H) is not None]
        for G, H in itertools.product(undominated, repeat=2)
    }
    for w in model.all("Play"):
        ends = {G: model.at("result", w, G) for G in every}
        tied = all(
            not found or any(model.at("image", f, ends[G]) == ends[H] for f in found)
            for (G, H), found in maps.items()
        )
        played = all(ends[G] == ends[model.at("left", G)] for G in every)
        if tied and played and all(ends[G] in games.has(G) for G in every):
            yield w
