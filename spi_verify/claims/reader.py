"""From a model file to a :class:`~spi_verify.claims.model.Model`.

Reading a file never runs code and reads nothing but that file and, where it names one, a
file of a game, or a negotiation domain with its utility files, in the same folder.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np

from spi_verify.claims.document import (
    CorrespondenceTable,
    Document,
    MixturePart,
    Number,
    convert_document,
)
from spi_verify.claims.instance import Mask, Points, where_conditions
from spi_verify.claims.kind import Claim
from spi_verify.claims.lines import line_at, readings, what_stands_there, with_line
from spi_verify.claims.model import ClaimEntry, Model
from spi_verify.claims.references import number, table_of
from spi_verify.claims.registry import convert_claim
from spi_verify.claims.solution_rules import with_computed_mixtures
from spi_verify.claims.subset_games import read_subset_games
from spi_verify.claims.token_games import TokenGame, read_token_games
from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.expressions import Constraint, Expression, parse_general_constraints
from spi_verify.games.game import Game
from spi_verify.games.improvements import ranking
from spi_verify.games.parametric import ParametricGame
from spi_verify.games.rationals import LONG, MAX_DIGITS, parse_rational
from spi_verify.games.solutions import Rule

_MAX_KEY_PARTS = 64
_MAX_PLACED = 20
"""So many claims that cannot be read get the line of what is wrong in them."""

_CLAIM_HEADER = re.compile(r"[ \t]*\[\[[ \t]*claims[ \t]*\]\]")


def read_model(path: Path, *, name: str | None = None) -> Model:
    """Read a model file (TOML, see ``docs/model-files.md``).

    Parameters
    ----------
    path
        The file.
    name
        The first part of the ids of its results; default the file's name without its ending.

    Raises
    ------
    InputError
        When the file cannot be read or its game, functions or defaults make no sense. A claim
        that makes no sense stands as an error among the model's claims instead.
    """
    file = str(path)
    text = read_text(path)
    _refuse_long_keys(text, file)
    try:
        data = tomllib.loads(text, parse_float=lambda number: number.replace("_", ""))
    except RecursionError:
        raise InputError("nested too deeply", file=file) from None
    except ValueError as error:
        if "set_int_max_str_digits" in str(error):
            raise InputError(f"a number of more than {MAX_DIGITS} digits", file=file) from None
        what = f"not a TOML file: {error}{what_stands_there(error, text)}"
        if path.suffix.lower() != ".toml":
            what = f"no model file (.toml); a model names a game: game = {{ file = {path.name!r} }}"
        raise InputError(what, file=file) from None
    lines = [k for k, line in enumerate(text.split("\n"), 1) if _CLAIM_HEADER.match(line)]
    try:
        model = build_model(
            data, file=file, name=name or path.stem, folder=path.parent, claim_lines=lines
        )
    except InputError as error:
        raise with_line(error, text, data).located(file=file) from None
    return replace(model, claims=_on_their_lines(model.claims, lines, text, data))


def _on_their_lines(
    claims: Sequence[ClaimEntry], headers: Sequence[int], text: str, data: Any
) -> tuple[ClaimEntry, ...]:
    """Return the claims, the first that cannot be read with the line of what is wrong in them.

    Parameters
    ----------
    claims
        Each stands on the line of its header, where that is known.
    headers
        The lines that look like a header.
    text, data
        The file, and what was read from it.
    """
    placed = list(claims)
    wrong = [k for k, entry in enumerate(claims) if isinstance(entry.claim, InputError)]
    left = readings()
    ends = [*(header - 1 for header in headers[1:]), text.count("\n") + 1]
    for k in wrong[:_MAX_PLACED]:
        error = claims[k].claim
        assert isinstance(error, InputError)
        within = (headers[k], ends[k]) if len(headers) == len(claims) else None
        there = error.located(where=f"claims[{k}]")
        line = line_at(there, text, data, within=within, left=left)
        if line is not None:
            placed[k] = replace(claims[k], place=f"line {line}: claims[{k}]")
    return tuple(placed)


def _refuse_long_keys(text: str, file: str) -> None:
    """Refuse keys of very many parts, for which the TOML reader needs quadratic memory."""
    for k, line in enumerate(text.split("\n"), 1):
        if line.count(".") <= _MAX_KEY_PARTS or line.lstrip().startswith("#"):
            continue
        for piece in line.split("="):
            key = piece[max(piece.rfind("{"), piece.rfind(",")) + 1 :]
            if key.count(".") > _MAX_KEY_PARTS:
                raise InputError("a key of too many parts", file=file, where=f"line {k}")


def build_model(
    data: Mapping[str, Any],
    *,
    file: str,
    name: str,
    folder: Path | None = None,
    claim_lines: Sequence[int] = (),
) -> Model:
    """Build a model from the data of a model file.

    Parameters
    ----------
    data
        The parsed file.
    file, name
        As the user named the file, and the first part of the results' ids.
    folder
        Where the file of a game may lie; None forbids naming one.
    claim_lines
        The lines on which the claims start, where they are known.

    Raises
    ------
    InputError
        As :func:`read_model`.
    """
    if not data:
        raise InputError("the file is empty; it needs at least a [game]")
    document = convert_document(data)
    names, constraints = _parameters(document)
    game = _game(document, names, constraints, folder)
    outline = game.shape_of if isinstance(game, ParametricGame) else game
    for i, actions in enumerate(outline.actions):
        if "*" in actions:
            raise InputError(
                f"{outline.called(i + 1)} has an action named '*', which in a model "
                "means any action",
                where="game.actions",
            )
    points = Points(outline, _mixtures(document, outline))
    if names:
        _forbid_payoff_rules(document)
    _check_rules(document, points)
    document = with_computed_mixtures(document, game, points)
    points = Points(outline, _mixtures(document, outline))
    claims = _claims(document.claims, claim_lines)
    reachable = _reachable(document, points)
    delegated = _delegated(document, game, outline)
    model = Model(file, name, document, points, game, reachable, claims, *delegated)
    if document.sets or document.profiles:
        if names:
            raise InputError(
                "set-valued functions cannot be used with parameters",
                where="sets" if document.sets else "profiles",
            )
        from spi_verify.claims.sets import sets_of

        sets_of(model.instance()).check()
    return model


def _delegated(
    document: Document, game: Game | ParametricGame, outline: Game
) -> tuple[dict[str, Game | ParametricGame], dict[str, CorrespondenceTable], dict[str, TokenGame]]:
    """Read what representatives may play: subset games, correspondences, token games."""
    subsets = read_subset_games(document, game)
    outlines = {
        name: subset.shape_of if isinstance(subset, ParametricGame) else subset
        for name, subset in subsets.items()
    }
    correspondences: dict[str, CorrespondenceTable] = {}
    if document.correspondences:
        from spi_verify.claims.correspondences import read_correspondences

        correspondences = read_correspondences(document, outline, outlines)
    return subsets, correspondences, read_token_games(document, outline)


def _parameters(document: Document) -> tuple[tuple[str, ...], tuple[Constraint, ...]]:
    if document.parameters is None:
        return (), ()
    names = tuple(document.parameters.names)
    for name in names:
        if not re.fullmatch(r"[^\W\d]\w*", name):
            raise InputError(f"{name!r} is no name for a parameter", where="parameters.names")
    if not names:
        raise InputError("no parameter is named; drop the section", where="parameters.names")
    if len(set(names)) != len(names):
        raise InputError("two parameters have the same name", where="parameters.names")
    constraints: list[Constraint] = []
    for k, text in enumerate(document.parameters.constraints):
        with located(where=f"parameters.constraints[{k}]"):
            constraints += parse_general_constraints(text, names)
    return names, tuple(constraints)


def _game(
    document: Document,
    names: tuple[str, ...],
    constraints: tuple[Constraint, ...],
    folder: Path | None,
) -> Game | ParametricGame:
    table = document.game
    given = [table.file, table.payoffs, table.domain, table.agreement]
    if sum(source is not None for source in given) != 1:
        raise InputError(
            "give either payoffs or the file of a game, or a domain or an agreement", where="game"
        )
    if (table.domain is None) != (table.profiles is None):
        raise InputError("a domain and the players' profiles go together", where="game")
    if table.steps is not None and (table.domain is None or table.steps < 1):
        raise InputError(
            "steps is a whole number from 1, for the real issues of a domain", where="game.steps"
        )
    if table.domain is not None or table.agreement is not None:
        if table.actions is not None:
            raise InputError("actions are the possible agreements here", where="game")
        if names:
            raise InputError("a game with parameters needs a table of payoffs", where="game")
        return _agreement_game(document, folder)
    if table.file is not None:
        if table.players is not None or table.actions is not None:
            raise InputError("players and actions come from the file", where="game")
        if names:
            raise InputError("a game with parameters needs a table of payoffs", where="game.file")
        from spi_verify.games.loading import UnknownFormatError, load_game

        path = _beside(table.file, folder, "game.file")
        try:
            game = load_game(path).game
        except UnknownFormatError as error:
            raise InputError(f"{table.file!r} has {error.what}", where="game.file") from None
        if not isinstance(game, Game):
            raise InputError("a game with parameters needs a table of payoffs", where="game.file")
        return replace(game, title=document.title) if document.title else game
    assert table.payoffs is not None
    expressions: list[Expression] = []
    divisors: list[tuple[Expression, str]] = []
    payoffs = table_of(table.payoffs, names, "game.payoffs", expressions, divisors)
    with located(where="game"):
        outline = Game.from_payoffs(
            payoffs, players=table.players, actions=table.actions, title=document.title
        )
    if not names:
        return outline
    n = outline.number_of_players
    rows = tuple(tuple(expressions[k : k + n]) for k in range(0, len(expressions), n))
    return ParametricGame(outline, rows, names, constraints, tuple(divisors))


def _agreement_game(document: Document, folder: Path | None) -> AgreementGame:
    table = document.game
    if table.domain is not None:
        assert table.profiles is not None
        if len(table.profiles) < 2:
            raise InputError("name a utility file for each of two players", where="game.profiles")
        from spi_verify.games.loading import load_domain

        return load_domain(
            _beside(table.domain, folder, "game.domain"),
            [_beside(name, folder, f"game.profiles[{i}]") for i, name in enumerate(table.profiles)],
            steps=table.steps,
            players=table.players,
            title=document.title,
        )
    assert table.agreement is not None
    issues = []
    for k, issue in enumerate(table.agreement.issues):
        with located(where=f"game.agreement.issues[{k}]"):
            utilities = tuple(tuple(map(_utility, row)) for row in issue.utilities)
        issues.append(Issue(issue.name, tuple(issue.values), utilities))
    with located(where="game.agreement"):
        reserves = [_utility(value) for value in table.agreement.disagreement]
        cap = None if table.agreement.cap is None else _utility(table.agreement.cap)
        return AgreementGame.from_issues(
            issues, reserves, cap=cap, players=table.players, title=document.title
        )


def _utility(value: Number) -> Fraction:
    """Read a number that this program may have computed, and written at length."""
    return parse_rational(value, max_digits=LONG) if isinstance(value, str) else number(value)


def _beside(name: str, folder: Path | None, where: str) -> Path:
    if folder is None:
        raise InputError("this file must hold the game itself", where=where)
    path = folder / name
    try:
        beside = Path(name).name == name and path.resolve().parent == folder.resolve()
    except (OSError, ValueError, RuntimeError):
        beside = False
    if not beside:
        raise InputError(f"{name!r} does not lie in the folder of the model", where=where)
    return path


def _mixtures(document: Document, game: Game) -> tuple[tuple[str, dict[int, Fraction]], ...]:
    if document.mixtures and document.feasible != "correlated":
        raise InputError('mixtures need feasible = "correlated"', where="mixtures")
    return tuple((name, _mixture(parts, game, name)) for name, parts in document.mixtures.items())


def _mixture(parts: Sequence[MixturePart], game: Game, name: str) -> dict[int, Fraction]:
    lottery: dict[int, Fraction] = {}
    common = 1
    for k, part in enumerate(parts):
        with located(where=f"mixtures.{name}[{k}]"):
            position, weight = game.index(part.outcome), number(part.weight)
        if weight < 0:
            raise InputError(f"the weight {weight} is negative", where=f"mixtures.{name}[{k}]")
        if weight:
            lottery[position] = lottery.get(position, Fraction(0)) + weight
        common = lcm(common, weight.denominator)
        if common >= 10**MAX_DIGITS:
            raise InputError(
                f"the weights' common denominator has more than {MAX_DIGITS} digits",
                where=f"mixtures.{name}",
            )
    total = sum(lottery.values(), Fraction(0))
    if total != 1:
        raise InputError(f"the weights add up to {total}, not to 1", where=f"mixtures.{name}")
    return lottery


def _forbid_payoff_rules(document: Document) -> None:
    for function, rules in document.renegotiation.items():
        for k, rule in enumerate(rules):
            if rule.source == "inefficient" or rule.where or isinstance(rule.to, str):
                raise InputError(
                    "a rule that depends on payoffs cannot be used with parameters; "
                    "name the outcomes",
                    where=f"renegotiation.{function}[{k}]",
                )


def _check_rules(document: Document, points: Points) -> None:
    players = points.game.number_of_players
    for function, rules in document.renegotiation.items():
        for k, rule in enumerate(rules):
            with located(where=f"renegotiation.{function}[{k}]"):
                if isinstance(rule.to, str):
                    _check_improvement(rule.to, document, players)
                else:
                    points.position(rule.to)
                if not isinstance(rule.source, str):
                    points.matching(rule.source)
                where_conditions(rule, players)


def _check_improvement(rule: str, document: Document, players: int) -> None:
    with located(where="to"):
        by = ranking(rule, players)
        if document.feasible != "pure" and not isinstance(by, Rule) and rule != "utilitarian":
            raise InputError(f"{rule!r} chooses among pure outcomes; name an outcome or a mixture")


def _reachable(document: Document, points: Points) -> Mask:
    if document.defaults is None:
        return np.arange(points.count) < points.game.number_of_outcomes
    chosen = np.zeros(points.count, dtype=bool)
    for k, pattern in enumerate(document.defaults.reachable):
        with located(where=f"defaults.reachable[{k}]"):
            chosen |= points.matching(pattern)
    if not chosen.any():
        raise InputError("default programs reach at least one outcome", where="defaults.reachable")
    return chosen


def _claims(entries: Sequence[Any], lines: Sequence[int]) -> tuple[ClaimEntry, ...]:
    claims: list[ClaimEntry] = []
    taken: set[str] = set()
    unnamed: Counter[str] = Counter()
    for k, entry in enumerate(entries):
        place = f"claims[{k}]"
        if len(lines) == len(entries):
            place = f"line {lines[k]}: {place}"
        claim: Claim | InputError
        try:
            claim = convert_claim(entry)
            name = claim.name or _default_name(claim, taken, unnamed)
            if name in taken:
                raise InputError(f"two claims are named {name!r}", where="name")
        except InputError as error:
            claim = error
            name = f"claims[{k}]"
        taken.add(name)
        claims.append(ClaimEntry(name, place, claim))
    return tuple(claims)


def _default_name(claim: Claim, taken: set[str], unnamed: Counter[str]) -> str:
    base = "-".join(filter(None, (claim.kind, getattr(claim, "function", ""))))
    while True:
        unnamed[base] += 1
        name = base if unnamed[base] == 1 else f"{base}-{unnamed[base]}"
        if name not in taken:
            return name
