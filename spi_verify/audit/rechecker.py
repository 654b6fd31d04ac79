"""Results of another machine, checked again as far as that needs no solver."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spi_verify.counterexamples import executed
from spi_verify.counterexamples.file import SCHEMA, claimed_in, confirm_saved, worded_now
from spi_verify.counterexamples.saved import known
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.executing import execute
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.theory import PAPER
from spi_verify.verdicts import Evidence, Result, Verdict

_GRADES: Mapping[Verdict, tuple[Evidence | None, ...]] = {
    Verdict.PROVED: tuple(Evidence),
    Verdict.REFUTED: (Evidence.CHECKED,),
    Verdict.VACUOUS: (Evidence.SOLVER, Evidence.AGREEMENT),
    Verdict.UNKNOWN: (None,),
    Verdict.ERROR: (None,),
}
"""The evidence that a verdict about a statement with a proof can have."""


@dataclass(frozen=True)
class Rechecked:
    """What became of one result.

    Parameters
    ----------
    against
        What speaks against it, or None.
    believed
        Whether its verdict is as the file says.
    foreign
        Whether its statement is none of the suites that are here.
    """

    against: str | None = None
    believed: bool = False
    foreign: bool = False


class _ContradictedError(Exception):
    """Something speaks against a result; the text says what."""


class Rechecker:
    """Checks results against suites.

    Parameters
    ----------
    known
        The statements that are here, by id.
    all_known
        Whether every result has to be about one of them.
    cache
        Where it is kept what executing comes to.
    """

    def __init__(
        self, known: Mapping[str, Statement | Executed], *, all_known: bool, cache: Cache
    ) -> None:
        self._known = known
        self._all_known = all_known
        self._cache = cache
        self._decided: dict[str, tuple[str, Verdict]] = {}

    def recheck(self, result: Result, formulas: str) -> Rechecked:
        """Return what speaks against a result, and whether its verdict has to be believed.

        Parameters
        ----------
        result
            As a file has it.
        formulas
            The hash of the statement's formulas, as the file has it.
        """
        statement = self._known.get(result.id)
        foreign = statement is None or digest_of(statement) != formulas
        try:
            if foreign and self._all_known:
                raise _ContradictedError(
                    "no statement of the suites has this id and these formulas"
                )
            if isinstance(statement, Executed) and not foreign:
                self._executed(result, statement)
                return Rechecked()
            self._against_itself(result, formulas)
            if result.counterexample is not None:
                believed = not _refutes(result, formulas)
            else:
                believed = result.verdict is not Verdict.ERROR
            if isinstance(statement, Statement) and not foreign:
                self._against_suite(result, statement)
        except _ContradictedError as error:
            return Rechecked(against=str(error), foreign=foreign)
        return Rechecked(believed=believed, foreign=foreign)

    def _against_itself(self, result: Result, formulas: str) -> None:
        grades = _GRADES[result.verdict]
        own = result.verdict is Verdict.PROVED and _is_executed(formulas)
        if result.evidence not in ((Evidence.CHECKED,) if own else grades):
            raise _ContradictedError(f"{result.verdict} cannot have the evidence {_told(result)}")
        if (result.counterexample is not None) != (result.verdict is Verdict.REFUTED):
            has = "no" if result.counterexample is None else "a"
            raise _ContradictedError(f"{result.verdict}, with {has} counterexample")
        if result.hypotheses_used and result.verdict is not Verdict.PROVED:
            raise _ContradictedError(f"{result.verdict}, and yet it lists what its proof uses")
        if result.region is not None:
            raise _ContradictedError("a statement has no parameters, and so no region")
        if result.verdict in (Verdict.PROVED, Verdict.REFUTED) and not _is_executed(formulas):
            id, verdict = self._decided.setdefault(formulas, (result.id, result.verdict))
            if verdict is not result.verdict:
                raise _ContradictedError(
                    f"{result.verdict}, but {id} says the same and is {verdict}"
                )

    def _against_suite(self, result: Result, statement: Statement) -> None:
        if result.expected is not statement.expected:
            raise _ContradictedError(
                f"its suite expects {statement.expected}, not {result.expected}"
            )
        names = {h.name for h in statement.hypotheses}
        for source in statement.lemmas.values():
            names |= self._hypotheses_of(source, set())
        strange = sorted(set(result.hypotheses_used) - names)
        if strange:
            raise _ContradictedError(f"it supposes no {strange[0]!r}")
        if result.verdict is not Verdict.REFUTED and known(statement, self._cache) is not None:
            raise _ContradictedError("a shipped counterexample refutes it")

    def _hypotheses_of(self, id: str, seen: set[str]) -> set[str]:
        one = self._known.get(id)
        if one is None or id in seen:
            return set()
        seen.add(id)
        names = {h.name for h in one.hypotheses}
        for source in one.lemmas.values() if isinstance(one, Statement) else ():
            names |= self._hypotheses_of(source, seen)
        return names

    def _executed(self, result: Result, statement: Executed) -> None:
        """Run a statement about particular programs again, and compare."""
        facts, now = execute(statement, self._cache)
        shown = None
        if now.verdict is Verdict.REFUTED:
            shown = executed.counterexample(statement, facts)
        for what, said, found in (
            ("verdict", result.verdict, now.verdict),
            ("evidence", result.evidence, now.evidence),
            ("expectation", result.expected, now.expected),
            ("list of hypotheses", result.hypotheses_used, now.hypotheses_used),
            ("counterexample", result.counterexample, shown),
            ("region", result.region, now.region),
        ):
            if said != found:
                raise _ContradictedError(f"executing it gives another {what} than the file has")


def _refutes(result: Result, formulas: str) -> bool:
    """Execute a counterexample; return whether it could be executed.

    Those to executed statements of other suites cannot: their programs are code of those suites.
    """
    data = result.counterexample
    assert data is not None
    try:
        if data.get("schema") != SCHEMA:
            raise InputError(f"its schema should be {SCHEMA}")
        claimed, kind, _ = claimed_in(data)
        if kind == executed.KIND:
            if claimed.statement != result.id or not _is_executed(formulas):
                raise _ContradictedError("its counterexample is one to another statement")
            return False
        if digest_of(statement_of(claimed)) != formulas:
            raise _ContradictedError("its counterexample is one to another statement")
        confirm_saved(data)
        if not worded_now(data):
            raise InputError("another version told it, so that this cannot be compared")
    except (Rejected, InputError) as error:
        raise _ContradictedError(f"its counterexample does not hold: {error}") from None
    return True


_EXECUTED = "executed:"


def _is_executed(formulas: str) -> bool:
    return formulas.startswith(_EXECUTED)


def digest_of(statement: Statement | Executed) -> str:
    """Return a hash of what a statement supposes and claims, under the definitions it has.

    That is what its counterexamples are about: free constants are closed, and predicates that its
    paper adds are written out. Of a statement about particular programs it is one of the name of
    the function that runs them, and of what they are built to meet.
    """
    told: list[Any]
    if isinstance(statement, Executed):
        code = getattr(statement.facts, "__code__", None)
        told = [list(statement.added)]
        if code is not None:
            told += [Path(code.co_filename).name, code.co_qualname]
        return f"{_EXECUTED}{_hash(told)}"
    with contextlib.suppress(InputError):  # what cannot be closed has no counterexamples
        statement = closed(statement)
    theory = statement.theory
    listed = {name for name in (*statement.definitions, *statement.lemmas) if name in theory}
    named = sorted(symbols_of(statement, definitions=True) | listed)
    changed = [name for name in named if name in theory and theory[name] is not PAPER.get(name)]
    told = [
        {h.name: h.formula.sexpr() for h in statement.hypotheses},
        statement.goal.formula.sexpr(),
        {name: theory.axiom(name).sexpr() for name in changed},
    ]
    return f"sha256:{_hash(told)}"


def _hash(told: list[Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _told(result: Result) -> str:
    return "none" if result.evidence is None else str(result.evidence)
