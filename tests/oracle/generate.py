"""Random model files with claims of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from oracle.random_claims import selection_model, set_model
from oracle.random_correspondences import correspondence_model
from oracle.random_delegation import delegation_model, parametric_model
from oracle.random_games import basic_model, parameter_model
from oracle.random_tokens import token_model
from oracle.writing import Data

MODELS: Mapping[str, tuple[Callable[[Random], Data], float]] = {
    "basic": (basic_model, 70),
    "sets": (set_model, 18),
    "selection": (selection_model, 10),
    "parameters": (parameter_model, 2),
    "delegated parameters": (parametric_model, 0.5),
    "delegation": (delegation_model, 9),
    "correspondences": (correspondence_model, 8),
    "tokens": (token_model, 8),
}


def model(rng: Random, kind: str | None = None) -> Data:
    """Return the data of a random model file, with claims of this kind only if one is given."""
    while True:
        names = list(MODELS)
        (name,) = rng.choices(names, [MODELS[k][1] for k in names])
        data = MODELS[name][0](rng)
        if kind is not None:
            data["claims"] = [c for c in data["claims"] if c["kind"] == kind]
        if data["claims"]:
            for k, claim in enumerate(data["claims"]):
                claim["name"] = f"c{k}"
            return data
