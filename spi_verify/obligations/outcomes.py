"""What becomes of a statement: its verdict, from what was decided of its steps and lemmas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import z3

from spi_verify.obligations.consistency import told
from spi_verify.obligations.deciding import Decision, Search
from spi_verify.obligations.facts import Found
from spi_verify.obligations.statements import Executed, Fact, Statement
from spi_verify.theory import fingerprint
from spi_verify.theory.evaluate import Structure, holds, why_not
from spi_verify.verdicts import Evidence, Result, Verdict


@dataclass
class Outcome:
    """What became of one statement.

    Parameters
    ----------
    statement
        Which.
    decisions
        For each step, in an order in which each comes after those it uses; none in an executed
        statement.
    facts
        What running showed, where the statement is executed.
    found
        What was found for each step that lists no facts, by name.
    used
        Names of the facts the goal rests on, those of lemmas included.
    witness
        A structure in which all hypotheses hold, evaluated; None where there is none.
    witness_of
        All that holds in it, by label.
    result
        The verdict.
    """

    statement: Statement | Executed
    decisions: dict[str, Decision] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    found: Mapping[str, Found] = field(default_factory=dict)
    used: tuple[str, ...] = ()
    witness: Structure | None = None
    witness_of: Mapping[str, z3.BoolRef] = field(default_factory=dict)
    result: Result = field(default_factory=lambda: Result("", Verdict.UNKNOWN))

    @property
    def unused(self) -> tuple[str, ...]:
        """Hypotheses and definitions that the proof does without."""
        if isinstance(self.statement, Executed):
            return ()
        names = [h.name for h in self.statement.hypotheses]
        names += [*self.statement.definitions, *self.statement.lemmas]
        return tuple(name for name in names if name not in self.used)

    def facts_found(self) -> dict[str, tuple[str, ...] | None]:
        """Return what was found for each step that lists no facts; None where nothing was."""
        return {
            name: None if one.facts is None else tuple(map(told, one.facts))
            for name, one in self.found.items()
        }

    @property
    def failed(self) -> list[str]:
        """The steps the goal rests on that are not proved, in order."""
        return [name for name in needed_steps(self) if not self.decisions[name].proved]

    @property
    def theorem(self) -> Statement:
        """The statement, where it has a proof."""
        assert isinstance(self.statement, Statement)
        return self.statement


def conclude(outcome: Outcome, found: Search, wanted: Mapping[str, z3.BoolRef]) -> None:
    """Fill in what one statement comes to by itself, before lemmas are looked at."""
    statement = outcome.theorem
    seconds = sum(decision.solver_seconds for decision in outcome.decisions.values())
    seconds += found.solver_seconds

    def result(verdict: Verdict, reason: str | None, evidence: Evidence | None = None) -> Result:
        return Result(
            id=statement.id,
            verdict=verdict,
            evidence=evidence,
            expected=statement.expected,
            reason=reason,
            seconds=seconds,
        )

    if found.status == "unsat":
        names = ", ".join(map(told, found.core))
        outcome.result = result(
            Verdict.VACUOUS, f"the hypotheses contradict each other: {names}", Evidence.SOLVER
        )
        return
    if found.status == "sat":
        structure = Structure(found.sizes, found.tables)
        for name, formula in wanted.items():
            if not holds(formula, structure):
                reason = f"the witness is none: {told(name)} fails, {why_not(formula, structure)}"
                outcome.result = result(Verdict.UNKNOWN, reason)
                return
        outcome.witness, outcome.witness_of = structure, wanted
    failed = outcome.failed
    if failed:
        step = failed[0]
        reason = f"step {step!r} is not proved ({outcome.decisions[step].reason})"
        if statement.note:
            reason = f"{statement.note} No proof: {reason}; see refute."
        outcome.result = result(Verdict.UNKNOWN, reason)
        return
    outcome.used = used_facts(outcome)
    if outcome.witness is not None and not holds(statement.goal.formula, outcome.witness):
        reason = "every step is proved, but the goal fails in the witness: a bug, please report it"
        outcome.result = result(Verdict.ERROR, reason)
        return
    agreed = all(outcome.decisions[name].agreed for name in needed_steps(outcome))
    proved = result(Verdict.PROVED, None, Evidence.AGREEMENT if agreed else Evidence.SOLVER)
    if outcome.witness is None:
        reason = (
            "proved under hypotheses whose consistency is open: no structure was found in which "
            "they hold together with the definitions and with what the lemmas rest on "
            f"({found.reason})"
        )
        proved = replace(proved, reason=reason, consistency_open=True)
    outcome.result = proved


def needed_steps(outcome: Outcome) -> list[str]:
    """Return the steps the goal rests on, by the cores, or by what is listed where no core is."""
    steps = {step.name: step for step in outcome.theorem.steps}
    needed = []
    pending = [outcome.theorem.goal.name]
    while pending:
        name = pending.pop(0)
        if name in needed:
            continue
        needed.append(name)
        decision = outcome.decisions[name]
        uses = _core(decision) if decision.proved else outcome.theorem.uses(steps[name])
        pending += [use for use in uses if use in steps]
    return [name for name in outcome.decisions if name in needed]


def _core(decision: Decision) -> list[str]:
    return [name.removeprefix("fact:") for name in decision.core]


def used_facts(outcome: Outcome) -> tuple[str, ...]:
    """Return the facts, lemmas included, that the steps rest on which the goal rests on."""
    steps = {step.name for step in outcome.theorem.steps}
    used = {
        fact for name in needed_steps(outcome) for fact in _core(outcome.decisions[name])
    } - steps
    return tuple(name for name in outcome.theorem.facts() if name in used)


def supposed_by(statement: Statement, lemma: Outcome) -> dict[str, str | None]:
    """Return what a statement calls each hypothesis that the proof of a lemma uses.

    What decides is the formula. None stands for a hypothesis that the statement lacks.
    """
    own = {fingerprint(h.formula): h.name for h in statement.hypotheses}
    hypotheses = [h for h in lemma.theorem.hypotheses if h.name in lemma.used]
    return {h.name: own.get(fingerprint(h.formula)) for h in hypotheses}


def rest_on_lemmas(outcome: Outcome, outcomes: Mapping[str, Outcome]) -> None:
    """Take into account what became of the lemmas that a proof uses."""
    result = outcome.result
    if result.verdict is not Verdict.PROVED:
        return
    used = set(outcome.used)
    evidence = result.evidence
    known = outcome.theorem.facts()
    for name, source in outcome.theorem.lemmas.items():
        if name not in used:
            continue
        lemma = outcomes[source]
        supposed = supposed_by(outcome.theorem, lemma)
        lacking = [name for name, mine in supposed.items() if mine is None]
        if lemma.result.verdict is not Verdict.PROVED or lacking:
            why = f"it rests on {source}, which "
            why += f"supposes {lacking[0]!r}" if lacking else f"is {lemma.result.verdict}"
            note = outcome.statement.note
            outcome.result = replace(
                result,
                verdict=Verdict.UNKNOWN,
                evidence=None,
                consistency_open=False,
                hypotheses_used=(),
                reason=f"{note} No proof: {why}." if note else why,
            )
            return
        if lemma.result.evidence is Evidence.SOLVER:
            evidence = Evidence.SOLVER
        used |= {name for name in lemma.used if name not in supposed}
        used |= {mine for mine in supposed.values() if mine is not None}
    outcome.used = (
        *(name for name in known if name in used),
        *sorted(used - set(known)),
    )
    hypotheses = {h.name for h in outcome.statement.hypotheses}
    names = tuple(name for name in outcome.used if name in hypotheses)
    idle = [h.name for h in outcome.statement.hypotheses if h.name not in used]
    unneeded = f"not needed: {', '.join(idle)}" if idle else ""
    changed = ", ".join(outcome.theorem.changed)
    otherwise = f"with a changed definition: {changed}" if changed else ""
    outcome.result = replace(
        result,
        evidence=evidence,
        hypotheses_used=names,
        reason="; ".join(filter(None, [result.reason, otherwise, unneeded])) or None,
    )
