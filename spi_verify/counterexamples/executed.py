"""Counterexamples to executed statements: the claims that running the programs contradicts.

A body has ``facts``, the names of the claims that fail. The programs are those of the statement,
which the suites shipped with this package hold; a file cannot bring its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.drawing import Drawing
from spi_verify.counterexamples.file import build
from spi_verify.counterexamples.kind import Body, Check, Claimed, Confirmation, Kind
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.obligations.executing import execute, shipped_function
from spi_verify.obligations.statements import Executed, Fact, Statement
from spi_verify.papers.loading import load_shipped, shipped_statement

KIND = "executed"


class ExecutedFacts(Kind):
    """The claims of an executed statement that running its programs contradicts."""

    name = KIND

    def applies(self, _: Statement) -> bool:
        """Return that none are searched for: running the statement shows them."""
        return False

    def find(self, _: Statement, __: Bounds, ___: list[str]) -> Iterator[Body]:
        """Find nothing."""
        return iter(())

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Run the statement's programs again.

        Raises
        ------
        Rejected
            When a claim that is said to fail holds, or is not settled.
        InputError
            When the body has another form, or the statement is not executed.
        """
        names = body.get("facts")
        texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
        if set(body) != {"facts"} or not isinstance(names, list) or not names or not texts:
            raise InputError("name the claims that fail, and nothing else", where="facts")
        if claimed.without or claimed.definitions or claimed.formulas:
            raise InputError("nothing can be dropped from an executed statement, or replaced in it")
        statement = shipped_statement(claimed.statement)
        if not isinstance(statement, Executed):
            raise InputError(f"there is no executed statement {claimed.statement!r}")
        facts = {fact.name: fact for fact in execute(statement)[0]}
        failed = []
        for k, name in enumerate(names):
            if name not in facts:
                raise InputError(f"{statement.id} has no claim {name!r}", where=f"facts[{k}]")
            if facts[name].holds is not False:
                raise Rejected(f"{name} does not fail: {facts[name].found}")
            failed.append(facts[name])
        return _confirmation(statement, failed)

    def drawing(self, claimed: Claimed, _: Body) -> Drawing | None:
        """Return the payoffs of the game that the statement is about, where it says which."""
        statement = shipped_statement(claimed.statement)
        if not isinstance(statement, Executed) or statement.game is None:
            return None
        feasible = statement.game()
        from spi_verify.games.pure import PureOutcomes

        return Drawing(feasible) if isinstance(feasible, PureOutcomes | CorrelatedPlay) else None


def counterexample(statement: Executed, facts: Sequence[Fact]) -> dict[str, Any]:
    """Return what refutes a statement some of whose facts fail, as plain data.

    Which statement that is, what finds the facts decides, and not the id. One that no shipped
    suite has stays a statement of its own, which no file can execute again.
    """
    function, same = shipped_function(statement), shipped_statement(statement.id)
    alike = same if _is_found_by(function, same) else None
    if alike is None and function is not None:
        alike = next((one for one in load_shipped() if _is_found_by(function, one)), None)
    if function is not None and alike is not None:
        name = alike.id
    else:
        name = statement.id if same is None else f"{statement.id} (changed)"
    failed = [fact for fact in facts if fact.holds is False]
    body = {"facts": [fact.name for fact in failed]}
    return build(Claimed(name), KIND, body, _confirmation(statement, failed))


def _is_found_by(function: str | None, one: Statement | Executed | None) -> bool:
    return isinstance(one, Executed) and shipped_function(one) == function


def _confirmation(statement: Executed, failed: Sequence[Fact]) -> Confirmation:
    story = [] if statement.setting is None else list(statement.setting())
    for why, alike in itertools.groupby(failed, key=lambda fact: fact.why):
        facts = list(alike)
        for same in [facts] if why else [[fact] for fact in facts]:
            story.append(f"It is claimed: {' '.join(fact.claim for fact in same)}")
            others = len(same) - 1
            so = "The other claim fails" if others == 1 else f"The other {others} claims fail"
            said = [f"But {same[-1].found}."]
            said += [f"{why}."] if why else []
            said += [f"{so} in the same way."] if others else []
            story.append(" ".join(said))
    checks = [Check(h.name, "the programs are built to meet it") for h in statement.hypotheses]
    return Confirmation(tuple(checks), failed[-1].found, tuple(story))
