"""Saved counterexamples to claims of model files: built, and replayed without a solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from spi_verify.claims.confirm import confirm
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Violation
from spi_verify.claims.model import Model
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import convert_claim
from spi_verify.claims.words import told
from spi_verify.effort import MAX_STEPS, limited
from spi_verify.errors import InputError, Rejected, Undecided, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.algebraic import Algebraic, parse_root
from spi_verify.games.game import payoff_table
from spi_verify.games.rationals import LONG, parse_rational
from spi_verify.schemas import OF_CLAIM

SCHEMA = OF_CLAIM


def build(
    model: Model, claim: Claim, violation: Violation, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a counterexample as plain data that stands on its own.

    Parameters
    ----------
    model, claim
        What was refuted. Of the model only what the claim speaks of is kept.
    violation
        How the claim fails.
    values
        The parameters' values, where there are parameters.
    """
    data: dict[str, Any] = msgspec.to_builtins(model.document)
    data.pop("claims", None)
    data["game"] = _game(model)
    return {
        "schema": SCHEMA,
        "model": {key: value for key, value in claim.kept(data).items() if value},
        "claim": {k: v for k, v in msgspec.to_builtins(claim).items() if k != "expect"},
        "values": {
            name: str(value.root if isinstance(value, Algebraic) else value)
            for name, value in values.items()
        },
        "violation": dict(violation),
        "story": told(claim, violation, model.points.game),
    }


def confirm_saved(data: Any, *, file: str) -> str:
    """Recompute a counterexample given as plain data, exactly, without a solver.

    Parameters
    ----------
    data
        As :func:`build` makes it.
    file
        Where it comes from, for messages.

    Returns
    -------
    str
        The counterexample in a sentence.

    Raises
    ------
    Rejected
        When the violation is not one.
    InputError
        When it is no counterexample to a claim of a model file.
    """
    for key in ("model", "claim", "values", "violation"):
        if not isinstance(data.get(key), dict):
            raise InputError(f"the key {key} is missing or is no table", where=key)
    with located(where="model"):
        model = build_model(data["model"], file=file, name="replay")
    with located(where="claim"):
        claim = convert_claim(data["claim"])
    values = parameter_values(data, model)
    with located(where="claim"):
        instance = model.instance(values)
        if values:
            claim.check_with_parameters(instance)
        _confirm(claim.fixed(values), instance, data["violation"])
    story = told(claim, data["violation"], instance.game)
    numbered = claim.story(data["violation"])
    """As older versions wrote it, without the players' names."""
    if data.get("story", story) not in (story, numbered):
        raise Rejected(f"the story in the file is not what it shows: {story}")
    return story


def _confirm(claim: Claim, instance: Instance, violation: Violation) -> None:
    try:
        with limited(MAX_STEPS):
            confirm(claim, instance, violation)
    except Undecided as undecided:
        raise Rejected(str(undecided)) from None
    except RecursionError:
        raise Rejected("the functions wait for each other too deeply to be run") from None


def parameter_values(saved: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """Return the values of the parameters in a saved counterexample.

    Raises
    ------
    InputError
        When one is missing, or is no number.
    Rejected
        When they violate a constraint.
    """
    names, constraints = model.parameters
    data = saved["values"]
    if set(data) != set(names):
        raise InputError(f"give a value for each of the parameters {list(names)}", where="values")
    values: dict[str, Any] = {}
    for name in names:
        text = str(data[name])
        with located(where=f"values.{name}"):
            values[name] = (
                parse_root(text, name)
                if text.startswith("the root of ")
                else parse_rational(text, max_digits=LONG)
            )
    for constraint in constraints:
        if not constraint.holds(values):
            raise Rejected(f"the values violate the constraint {constraint}")
    return values


def _game(model: Model) -> dict[str, Any]:
    """Return the game as a table, payoffs as text: those of the file, or those of its .nfg file."""
    names = model.points.game
    if isinstance(names, AgreementGame):
        return {"players": list(names.players), "agreement": _agreement(names)}
    payoffs = model.document.game.payoffs
    return {
        "players": list(names.players),
        "actions": [list(actions) for actions in names.actions],
        "payoffs": payoff_table(names) if payoffs is None else _as_text(payoffs),
    }


def _agreement(game: AgreementGame) -> dict[str, Any]:
    """Return issues, reservation values and the cap, as they stand in a model file."""
    capped = {} if game.cap is None else {"cap": str(game.cap)}
    return {
        "issues": [
            {
                "name": issue.name,
                "values": list(issue.values),
                "utilities": [[str(u) for u in row] for row in issue.utilities],
            }
            for issue in game.issues
        ],
        "disagreement": [str(u) for u in game.disagreement],
        **capped,
    }


def _as_text(cell: Any) -> Any:
    return list(map(_as_text, cell)) if isinstance(cell, list) else str(cell)
