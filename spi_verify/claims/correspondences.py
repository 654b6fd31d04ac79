"""Correspondences between games: reading them, and whether games are as they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from spi_verify.claims.document import CorrespondenceTable, Document, Images
from spi_verify.claims.instance import Instance
from spi_verify.claims.subset_games import named_game
from spi_verify.delegation.arrays import table as array
from spi_verify.delegation.dominance import Step, eliminate, reduce, restrict
from spi_verify.delegation.isomorphism import isomorphisms, same_game
from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Game, Outcome
from spi_verify.suggestions import suggestion


def read_correspondences(
    document: Document, game: Game, subsets: Mapping[str, Game]
) -> dict[str, CorrespondenceTable]:
    """Read the correspondences of a file.

    Raises
    ------
    InputError
        When one speaks of a game or an outcome that does not exist.
    """
    if document.correspondences and isinstance(game, AgreementGame):
        raise InputError("correspondences need a game given by actions", where="correspondences")
    found: dict[str, CorrespondenceTable] = {}
    for k, table in enumerate(document.correspondences):
        name = table.name or f"correspondence-{k + 1}"
        with located(where=f"correspondences[{k}]"):
            if name in found:
                raise InputError(f"two correspondences are named {name!r}", where="name")
            first = _game(table.source, game, subsets, "from")
            second = _game(table.to, game, subsets, "to")
            if (table.by is None) == (table.outcomes is None):
                raise InputError('give either outcomes, or by = "elimination" and the like')
            if table.dominance == "mixed" and table.by != "elimination":
                raise InputError("only elimination has a kind of dominance", where="dominance")
            for m, line in enumerate(table.outcomes or ()):
                with located(where=f"outcomes[{m}]"):
                    _check_line(line, first, second)
        found[name] = table
    return found


def _game(name: str | None, game: Game, subsets: Mapping[str, Game], where: str) -> Game:
    if name is None:
        return game
    if name not in subsets:
        raise InputError(f"unknown subset game {name!r}{suggestion(name, subsets)}", where=where)
    return subsets[name]


def _check_line(line: Images, first: Game, second: Game) -> None:
    for where, pattern, game in (
        ("from", line.source, first),
        *((f"to[{k}]", pattern, second) for k, pattern in enumerate(line.to)),
    ):
        with located(where=where):
            filled = [
                names[0] if action == "*" else action
                for action, names in zip(pattern, game.actions, strict=False)
            ]
            game.index(filled if len(filled) == len(pattern) else pattern)


def games_of(instance: Instance, name: str) -> tuple[Game, Game]:
    """Return the two games of a correspondence."""
    table = instance.correspondences[name]
    return named_game(instance, table.source, "from"), named_game(instance, table.to, "to")


def check_correspondence(instance: Instance, name: str) -> None:
    """Check that two games are as a correspondence says: reduced, merged, isomorphic.

    Raises
    ------
    InputError
        When they are not, with the action that stands in the way.
    """
    table, (first, second) = instance.correspondences[name], games_of(instance, name)
    with located(where=f"correspondences.{name}"):
        if table.by in ("elimination", "duplicates"):
            _check_restriction(first, second)
        if table.by == "elimination":
            steps_between(first, second, mixed=table.dominance == "mixed")
        elif table.by == "duplicates":
            duplicates_between(first, second)
        elif table.by == "isomorphism":
            for game, where in ((first, "from"), (second, "to")):
                for step in reduce(game).steps[:1]:
                    raise InputError(
                        f"{game.called(step.player)}'s {step.action} is strictly dominated; "
                        "isomorphic games are played isomorphically where nothing is: "
                        "eliminate it first",
                        where=where,
                    )
            if next(isomorphisms(first, second), None) is None:
                raise InputError("the two games are not isomorphic")


def _check_restriction(first: Game, second: Game) -> None:
    for i, (own, names) in enumerate(zip(second.actions, first.actions, strict=True)):
        for action in own:
            if action not in names:
                raise InputError(
                    f"{first.called(i + 1)}'s {action} is no action of the game at from, so that "
                    "the game at to is not what is left of it",
                    where="to",
                )
    if not same_game(restrict(first, _kept(first, second)), second):
        raise InputError(
            "the two games have different payoffs, so that the one is not what is left of the "
            "other",
            where="to",
        )


def _kept(first: Game, second: Game) -> list[list[int]]:
    return [
        [a for a, name in enumerate(names) if name in own]
        for names, own in zip(first.actions, second.actions, strict=True)
    ]


def steps_between(first: Game, second: Game, *, mixed: bool) -> tuple[Step, ...]:
    """Return how elimination leads from one game to another with some of its actions.

    Raises
    ------
    InputError
        When it does not.
    """
    start = [range(size) for size in first.shape]
    kept = _kept(first, second)
    players = range(first.number_of_players)
    left, steps = eliminate(first, start, players, mixed=mixed, spared=kept)
    for i, (own, wanted) in enumerate(zip(left, kept, strict=True)):
        for a in own:
            if a not in wanted:
                name = first.actions[i][a]
                raise InputError(f"{first.called(i + 1)}'s {name} goes, and nothing dominates it")
    return steps


def duplicates_between(first: Game, second: Game) -> list[dict[str, list[str]]]:
    """Return for each player's action which of its duplicates are left, itself if it is.

    Raises
    ------
    InputError
        When one goes that has no duplicate among those that are left.
    """
    pays, found = array(first), list[dict[str, list[str]]]()
    for i, (names, own) in enumerate(zip(first.actions, second.actions, strict=True)):
        rows = [pays.take(a, axis=i + 1).ravel().tolist() for a in range(len(names))]
        row = dict(zip(names, rows, strict=True))
        found.append({a: [a] if a in own else [b for b in own if row[a] == row[b]] for a in names})
        for action, images in found[-1].items():
            if not images:
                who = first.called(i + 1)
                raise InputError(f"{who}'s {action} goes, and has no duplicate that stays")
    return found


def matching(pattern: Sequence[str], game: Game) -> list[Outcome]:
    """Return the outcomes of a game that a pattern describes (``"*"``: any action)."""
    choices = zip(pattern, game.actions, strict=True)
    return list(product(*(own if wanted == "*" else (wanted,) for wanted, own in choices)))
