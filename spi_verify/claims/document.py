"""What a model file holds, as data: the schema that ``docs/model-files.md`` documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from spi_verify.claims.schema import convert
from spi_verify.errors import InputError, located


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class MixtureReference(_Strict):
    """``{ mixture = "NAME" }``: a lottery defined under ``[mixtures]``."""

    mixture: str


OutcomeReference = list[str] | MixtureReference
"""An outcome: the list of the players' actions, or a mixture. In patterns ``"*"`` is any action."""

Number = int | str


class IssueTable(_Strict):
    """One issue of a negotiation: its values, and for each player what each of them adds."""

    name: str
    values: list[str]
    utilities: list[list[Number]]


class AgreementTable(_Strict):
    """``[game.agreement]``: issues, everybody's payoff where there is no agreement, and a cap.

    The cap is what an agreement pays at most to anybody.
    """

    issues: list[IssueTable]
    disagreement: list[Number]
    cap: Number | None = None


class GameTable(_Strict):
    """``[game]``: a table of payoffs, issues, or names of files beside the model.

    The files are one ``.nfg`` file, or a GENIUS domain with a utility file for each player; the
    ranges of its real issues are cut into ``steps`` steps.
    """

    file: str | None = None
    domain: str | None = None
    profiles: list[str] | None = None
    steps: int | None = None
    agreement: AgreementTable | None = None
    players: list[str] | None = None
    actions: list[list[str]] | None = None
    payoffs: list[Any] | None = None


class SubsetGameTable(_Strict):
    """``[subset-games.NAME]``: some of each player's actions, and a table of any payoffs for them.

    Without payoffs it has those of the game.
    """

    actions: list[list[str]]
    payoffs: list[Any] | None = None


class TokenGameTable(_Strict):
    """``[token-games.NAME]``: fresh actions, and what agreements pay at their outcomes.

    Without actions, or without payoffs for the representatives, it is a copy of the game.
    """

    pays: list[Any]
    actions: list[list[str]] | None = None
    payoffs: list[Any] | None = None


class Images(_Strict):
    """One line of a correspondence: with these outcomes of the one game, these of the other."""

    source: list[str] = msgspec.field(name="from")
    to: list[list[str]]


class CorrespondenceTable(_Strict):
    """``[[correspondences]]``: what is assumed of the plays of two games.

    ``from`` and ``to`` are names of subset games; left out, they stand for the game.
    """

    name: str = ""
    source: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    by: Literal["elimination", "isomorphism", "duplicates"] | None = None
    dominance: Literal["pure", "mixed"] = "pure"
    outcomes: list[Images] | None = None


class Parameters(_Strict):
    """``[parameters]``."""

    names: list[str]
    constraints: list[str] = []


class MixturePart(_Strict):
    """One outcome of a mixture with its probability."""

    outcome: list[str]
    weight: Number


class Rule(_Strict):
    """One line of a renegotiation function: where it applies and what it returns."""

    source: Literal["mismatch", "inefficient", "any"] | list[str] | MixtureReference = (
        msgspec.field(name="from")
    )
    to: OutcomeReference | str
    where: list[str] = []


class Opponent(_Strict):
    """A condition on another player's function: that it is this one, or carries this tag."""

    player: int
    function: str | None = None
    tag: str | None = None


class SetPart(_Strict):
    """A part of a set-valued function: where it applies, and which outcomes it consists of."""

    source: Literal["mismatch", "inefficient", "any"] | list[str] | MixtureReference = (
        msgspec.field(name="from", default="any")
    )
    where: list[str] = []
    against: list[Opponent] = []
    unless: list[Opponent] = []
    within: list[str] | None = None
    outcomes: list[OutcomeReference] | None = None
    payoffs: list[list[Number]] | None = None
    pmp: int | None = None


class Extended(_Strict):
    """The function of the PMP-extension of a program with another function (Definition 8)."""

    pmp_extension: str = msgspec.field(name="pmp-extension")


SetDefinition = str | list[SetPart] | Extended
"""A set-valued function: in short notation, as the union of parts, or as an extension."""


class ProfileTable(_Strict):
    """``[profiles.NAME]``: a function for each player, a selection function, default outcomes."""

    functions: list[str]
    selection: str = "every"
    defaults: list[OutcomeReference] | None = None


class Defaults(_Strict):
    """``[defaults]``: the outcomes that default programs can reach."""

    reachable: list[OutcomeReference]


class Document(_Strict):
    """A whole model file. Claims are converted one by one, so that a bad one loses no other."""

    game: GameTable
    title: str = ""
    feasible: Literal["pure", "correlated"] = "pure"
    parameters: Parameters | None = None
    mixtures: dict[str, list[MixturePart]] = {}
    renegotiation: dict[str, list[Rule]] = {}
    sets: dict[str, SetDefinition] = {}
    profiles: dict[str, ProfileTable] = {}
    defaults: Defaults | None = None
    subset_games: dict[str, SubsetGameTable] = msgspec.field(name="subset-games", default={})
    correspondences: list[CorrespondenceTable] = []
    token_games: dict[str, TokenGameTable] = msgspec.field(name="token-games", default={})
    claims: list[Any] = []


_NAMED_ENTRIES: tuple[tuple[str, Any], ...] = (
    ("mixtures", list[MixturePart]),
    ("renegotiation", list[Rule]),
    ("sets", SetDefinition),
    ("profiles", ProfileTable),
    ("subset-games", SubsetGameTable),
    ("token-games", TokenGameTable),
)


def convert_document(data: Mapping[str, Any]) -> Document:
    """Check the data of a whole file against :class:`Document`.

    Raises
    ------
    InputError
        With the key at which the data differs from the schema.
    """
    try:
        return convert(data, Document)
    except InputError:
        for section, schema in _NAMED_ENTRIES:
            named = data.get(section)
            for name, entries in named.items() if isinstance(named, dict) else ():
                with located(where=f"{section}.{name}"):
                    convert(entries, schema)
        raise
