"""Proofs of statements, kept between runs under everything that they were made from.

After an edit, the statements that it does not reach are neither written as text nor checked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import asdict, replace
from typing import Any

import msgspec
import z3

from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.obligations.deciding import (
    Decision,
    lasts,
    tables_from_json,
    tables_to_json,
)
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.statements import Statement
from spi_verify.solvers import versions
from spi_verify.theory import fingerprint
from spi_verify.theory.evaluate import Structure
from spi_verify.verdicts import Evidence, Result, Verdict


class KeptOutcomes:
    """What became of statements that were proved, or known to be refuted, in earlier runs.

    Others are not kept: patterns of quantifiers, which change nothing of what a formula says and
    are not part of the key, may be what a proof lacks.

    Parameters
    ----------
    statements
        Those of this run by id, with every statement that one of them takes a lemma from.
    wanted
        What has to hold in the witness of each, as
        :func:`spi_verify.obligations.consistency.wanted_in_witness` says.
    certificates
        A digest of the certificates that are used; None where none are.
    refuted
        Ids of statements that a counterexample refutes.
    cache
        Where outcomes are kept.
    """

    def __init__(
        self,
        statements: Mapping[str, Statement],
        wanted: Mapping[str, Mapping[str, z3.BoolRef]],
        certificates: str | None,
        refuted: Container[str],
        cache: Cache,
    ) -> None:
        self._by_id, self._wanted = statements, wanted
        self._refuted, self._cache = refuted, cache
        self._common = {
            "kind": "outcome",
            "certificates": certificates,
            "versions": versions(),
            "code": digest_of_code(),
        }
        self._digests: dict[str, str] = {}

    def get(self, statement: Statement) -> Outcome | None:
        """Return what became of a statement, if that is known."""
        if self._cache.directory is None:
            return None
        kept = self._cache.get(self._question(statement))
        if kept is None:
            return None
        decisions = {
            name: Decision(**{**one, "core": tuple(one["core"]), "units": tuple(one["units"])})
            for name, one in kept["decisions"].items()
        }
        witness = kept["witness"]
        return Outcome(
            statement,
            decisions,
            used=tuple(kept["used"]),
            witness=None
            if witness is None
            else Structure(witness["sizes"], tables_from_json(witness["tables"])),
            witness_of={} if witness is None else self._wanted[statement.id],
            result=msgspec.convert(kept["result"], Result),
        )

    def put(self, outcome: Outcome) -> None:
        """Keep what became of a statement, if the same run would end that way."""
        result, witness = outcome.result, outcome.witness
        certain = result.verdict is Verdict.PROVED and result.evidence is not Evidence.SOLVER
        lasting = outcome.statement.id in self._refuted or (certain and witness is not None)
        said = [decision.reason for decision in outcome.decisions.values()]
        if not lasting or not all(map(lasts, said)):
            return
        decisions = {
            name: asdict(replace(one, cached=not one.checked, certificate=None))
            for name, one in outcome.decisions.items()
        }
        answer = {
            "decisions": decisions,
            "used": outcome.used,
            "witness": None
            if witness is None
            else {"sizes": dict(witness.sizes), "tables": tables_to_json(witness.tables)},
            "result": msgspec.to_builtins(result),
        }
        self._cache.put(self._question(outcome.theorem), answer)

    def _question(self, statement: Statement) -> dict[str, Any]:
        return {**self._common, "statement": self._digest(statement)}

    def _digest(self, one: Statement) -> str:
        """Return a digest of what a statement says, how it is proved, and what it rests on."""
        if one.id not in self._digests:
            text = json.dumps(self._told(one), sort_keys=True)
            self._digests[one.id] = hashlib.sha256(text.encode()).hexdigest()
        return self._digests[one.id]

    def _told(self, one: Statement) -> Mapping[str, Any]:
        return {
            "id": one.id,
            "refuted": one.id in self._refuted,
            "hypotheses": [hypothesis.name for hypothesis in one.hypotheses],
            "definitions": one.definitions,
            "facts": [
                (name, fingerprint(formula)) for name, formula in self._wanted[one.id].items()
            ],
            "steps": [(step.name, fingerprint(step.formula), one.uses(step)) for step in one.steps],
            "lemmas": [
                (name, source, self._digest(self._by_id[source]))
                for name, source in one.lemmas.items()
            ],
            "sizes": dict(one.sizes),
            "told": (one.added, one.changed, one.expected, one.note),
        }
