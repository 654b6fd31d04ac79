"""Candidates for counterexamples to a statement: scenarios that have yet to be executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import z3

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import NOT_SEARCHED, SEARCHED
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.finding import enumeration
from spi_verify.counterexamples.programs.finding.frames.frame import Frame
from spi_verify.counterexamples.programs.finding.symbolic import conjunction, negation, read
from spi_verify.counterexamples.programs.finding.tally import Tally
from spi_verify.counterexamples.programs.finding.worlds import MAPS, PROGRAMS, SETS, frames
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.programs.settled import not_evaluated
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.obligations.statements import Statement
from spi_verify.solvers import Status, ask_z3
from spi_verify.solvers.smtlib import render_plain, script
from spi_verify.theory import same_formula

RESOURCES = 20_000_000
SEED = 0
TRIES = 8
MAX_OUTCOMES = 5
LARGEST_PAYOFFS = (1, 2, 3, 5)


def scenarios(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Scenario]:
    """Iterate over candidates, the smallest first.

    Parameters
    ----------
    statement
        With the theory and the hypotheses that count.
    bounds
        How far to search.
    notes
        Where to put what limits the search.
    """
    enumerated = enumerated_scenarios(statement, bounds, notes)
    if enumerated is not None:
        yield from enumerated
        return
    tally = Tally(statement, bounds, notes)
    count = 0 if bounds.trying is None else sum(1 for _ in frames(statement, bounds))
    for number, frame in enumerate(frames(statement, bounds), start=1):
        shape = " x ".join(map(str, frame.shape))
        bounds.tell(f"small world {number:,} of {count:,}: {shape} actions")
        yield from _fill(frame, statement, notes, tally)


def enumerated_scenarios(
    statement: Statement, bounds: Bounds, notes: list[str]
) -> Iterator[Scenario] | None:
    """Return candidates that are listed one by one; None where small worlds are solved for.

    Parameters
    ----------
    statement, bounds, notes
        As in :func:`scenarios`.
    """
    symbols, theory = symbols_of(statement), statement.theory
    if "in_icsr" in symbols:
        notes.append(f"{NOT_SEARCHED}: iterated programs (in_icsr)")
        return iter(())
    exist = theory.axiom("extensions_exist")
    if executable(theory) is None and any(
        same_formula(h.formula, exist) for h in statement.hypotheses
    ):
        notes.append(
            f"{NOT_SEARCHED}: no code is known that carries out this extension, so whether there "
            "are some is open"
        )
        return iter(())
    if "same_under_any_selection" in symbols:
        notes.append(f"{SEARCHED}{enumeration.small_games_told(bounds)}")
        return enumeration.selection_scenarios(bounds)
    convex = theory.axiom("correlated_randomisation")
    lotteries = any(same_formula(h.formula, convex) for h in statement.hypotheses)
    large = bounds.game is not None and bounds.game.number_of_outcomes > MAX_OUTCOMES
    if "in_csr" in symbols and (lotteries or large):
        notes.append(f"{SEARCHED}{enumeration.told(bounds, correlated=lotteries)}")
        return enumeration.scenarios(statement, symbols, bounds, correlated=lotteries)
    beyond = sorted(symbols & (PROGRAMS | SETS | MAPS | {"member"}))
    if lotteries and beyond:
        notes.append(
            f"{NOT_SEARCHED}: {', '.join(beyond)} where lotteries are feasible; that is searched "
            "for payoffs alone, and for CSR programs (in_csr)"
        )
        return iter(())
    beyond = sorted(symbols & (SETS | {"member"}))
    if large and beyond:
        notes.append(
            f"{NOT_SEARCHED}: {', '.join(beyond)} in a game of more than {MAX_OUTCOMES} outcomes; "
            "that is searched for payoffs alone, and for CSR programs (in_csr)"
        )
        return iter(())
    return None


# Filling in


def _fill(frame: Frame, statement: Statement, notes: list[str], tally: Tally) -> Iterator[Scenario]:
    """Ask for values of a frame's unknowns, small payoffs first."""
    told = len(notes)
    question = question_of(frame, statement, notes)
    if question is False:
        if len(notes) == told:
            tally.count(frame)
        return
    tally.count(frame)
    blocked: list[Any] = []
    for _ in range(TRIES):
        told = len(notes)
        model = ask(frame, conjunction([question, *blocked]), notes)
        if model is None:
            if len(notes) > told:
                tally.leave_open()
            return
        for largest in LARGEST_PAYOFFS if frame.game is None else ():
            small = frame.small_payoffs(largest)
            smaller = ask(frame, conjunction([question, small, *blocked]), notes)
            if smaller is not None:
                model = smaller
                break
        yield frame.scenario(model)
        decided = [
            frame.free[name] == value
            for name, value in sorted(model.items())
            if name in frame.free and isinstance(value, bool)
        ]
        if not decided:
            return
        blocked.append(z3.Not(z3.And(decided)))


def question_of(frame: Frame, statement: Statement, notes: list[str]) -> Any:
    """Return what the unknowns have to satisfy for a counterexample."""
    unknowns = frame.unknowns
    theory = statement.theory
    settled = [
        theory.axiom(name)
        for name in theory
        if not theory[name].sorts and not_evaluated(name, theory)
    ]

    def parts() -> Iterator[Any]:
        # What a repair adds comes last, and is what most small worlds lack.
        for hypothesis in reversed(statement.hypotheses):
            if not any(same_formula(hypothesis.formula, formula) for formula in settled):
                yield read(hypothesis.formula, unknowns)
        yield negation(read(statement.goal.formula, unknowns))
        yield frame.required()
        yield frame.settled()

    try:
        return conjunction(parts())
    except (LookupError, ValueError) as error:
        notes.append(f"{NOT_SEARCHED}: {error.args[0]}")
        return False


def ask(frame: Frame, question: Any, notes: list[str]) -> Mapping[str, Any] | None:
    """Return values of a frame's unknowns that answer a question, or None."""
    if isinstance(question, bool):
        return {} if question else None
    text = script({"question": render_plain(question, frame.free.values())})
    answer = ask_z3(text, resource_limit=RESOURCES, seed=SEED)
    if answer.status is Status.UNKNOWN:
        notes.append(f"z3: {answer.reason}")
    return answer.model if answer.status is Status.SAT else None
