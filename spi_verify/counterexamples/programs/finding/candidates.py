"""Candidates for counterexamples to a statement: scenarios that have yet to be executed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import z3

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.programs.confirming.whole import not_evaluated
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.finding import enumeration
from spi_verify.counterexamples.programs.finding.frames import (
    Frame,
    PayoffFrame,
    RenegotiationFrame,
    SetFrame,
    Slot,
    shapes,
)
from spi_verify.counterexamples.programs.finding.symbolic import conjunction, negation, read
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.claimed import symbols_of
from spi_verify.obligations.statements import Statement
from spi_verify.solvers import Status, ask_z3
from spi_verify.solvers.smtlib import render_plain, script
from spi_verify.theory import PAPER, same_formula

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
    for frame in frames(statement, bounds):
        yield from _fill(frame, statement, notes)


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
        notes.append("iterated programs are not searched for")
        return iter(())
    exist = theory.axiom("extensions_exist")
    if executable(theory) is None and any(
        same_formula(h.formula, exist) for h in statement.hypotheses
    ):
        notes.append(
            "no code is known that carries out this extension, so whether there are some is open"
        )
        return iter(())
    if "same_under_any_selection" in symbols:
        return enumeration.selection_scenarios(bounds)
    convex = theory.axiom("correlated_randomisation")
    lotteries = any(same_formula(h.formula, convex) for h in statement.hypotheses)
    large = bounds.game is not None and bounds.game.number_of_outcomes > MAX_OUTCOMES
    if "in_csr" in symbols and (lotteries or large):
        return enumeration.scenarios(statement, symbols, bounds, correlated=lotteries)
    if lotteries:
        notes.append("convex feasible sets are searched for statements about programs only")
        return iter(())
    return None


def frames(statement: Statement, bounds: Bounds) -> Iterator[Frame]:
    """Iterate over the small worlds that are tried, by the numbers of players, then outcomes."""
    symbols, theory, game = symbols_of(statement), statement.theory, bounds.game
    sizes = [game.shape] if game is not None else shapes(bounds.players, bounds.outcomes)
    for shape in sizes:
        if not symbols & {"outcome", "plays", "program", "in_csr", "in_rn"}:
            yield PayoffFrame(shape, (1,) * len(shape), theory, game)
            continue
        counts = itertools.product(*(range(1, size + 1) for size in shape))
        for constants in sorted(counts, key=lambda c: (sum(c), c)):
            if "in_csr" in symbols:
                yield from _set_frames(statement, symbols, shape, constants, bounds)
            else:
                yield from _renegotiation_frames(statement, symbols, shape, constants, bounds)


def _set_frames(
    statement: Statement,
    symbols: set[str],
    shape: tuple[int, ...],
    constants: tuple[int, ...],
    bounds: Bounds,
) -> Iterator[Frame]:
    theory = statement.theory
    punished = all(
        not same_formula(h.formula, PAPER.axiom("assumption_9_ii")) for h in statement.hypotheses
    )
    changed = theory["pmp_extension"] is not PAPER["pmp_extension"]
    announced = "announced" in symbols
    extensions = "pmp_extension" in symbols and not announced
    everybody = range(len(shape))
    telling: list[tuple[int, ...]] = [()]
    if extensions and changed:
        telling += [(i,) for i in everybody]
    if punished and not announced:
        telling.append(tuple(everybody))
    for conditional in telling:

        def frame(conditional: tuple[int, ...] = conditional) -> SetFrame:
            return SetFrame(
                shape,
                constants,
                theory,
                bounds.game,
                conditional=conditional,
                extensions=extensions,
                announced=announced,
            )

        plan = frame()
        base = tuple(
            next(c for c, s in enumerate(plan.slots) if s.player == i and s.what == "base")
            for i in plan.players
        )
        first = tuple(plan.slots.index(Slot(i, "constant", 0)) for i in plan.players)
        mixed = [
            tuple(first[i] if i in chosen else base[i] for i in plan.players)
            for size in range(1, len(shape) + 1)
            for chosen in itertools.combinations(plan.players, size)
        ]
        played: list[tuple[int, ...] | None] = [None]
        if "equilibrium" in symbols:
            played = [base, *mixed]
        beliefs: list[tuple[tuple[int, ...], ...] | None] = [None]
        if symbols & {"believed", "expected", "optimal"}:
            beliefs = [*_constant_beliefs(plan)]
            if not announced:
                beliefs.append((base,) * len(shape))
            if extensions:
                extended = tuple(
                    next(c for c, s in enumerate(plan.slots) if s == Slot(i, "extension", first[i]))
                    for i in plan.players
                )
                beliefs.append((extended,) * len(shape))
                if len(conditional) == 1:
                    # Whose functions react is not believed to renegotiate; see Assumption 9(ii).
                    (i,) = conditional
                    beliefs = [((*extended[:i], first[i], *extended[i + 1 :]),) * len(shape)]
        for equilibrium, believed in itertools.product(played, beliefs):
            made = frame()
            made.equilibrium, made.beliefs = equilibrium, believed
            yield made


def _constant_beliefs(frame: Frame) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Iterate over what players may believe when they are certain of constants."""
    constants = [
        [c for c, s in enumerate(frame.slots) if s.player == i and s.what == "constant"]
        for i in frame.players
    ]
    profiles = list(itertools.product(*constants))
    for believed in itertools.product(profiles, repeat=len(frame.shape)):
        if all(profile[i] == constants[i][0] for i, profile in enumerate(believed)):
            yield believed


def _renegotiation_frames(
    statement: Statement,
    symbols: set[str],
    shape: tuple[int, ...],
    constants: tuple[int, ...],
    bounds: Bounds,
) -> Iterator[Frame]:
    theory = statement.theory
    if not symbols & {"believed", "expected", "optimal"}:
        yield RenegotiationFrame(shape, constants, theory, bounds.game)
        return
    for with_rn, with_readers in ((False, False), (True, False), (True, True)):

        def frame(with_rn: bool = with_rn, with_readers: bool = with_readers) -> RenegotiationFrame:
            return RenegotiationFrame(
                shape, constants, theory, bounds.game, with_rn=with_rn, with_readers=with_readers
            )

        plan = frame()
        slots = [[c for c, s in enumerate(plan.slots) if s.player == i] for i in plan.players]
        for believed in itertools.product(*slots):
            made = frame()
            made.beliefs = (believed,) * len(shape)
            yield made


# Filling in


def _fill(frame: Frame, statement: Statement, notes: list[str]) -> Iterator[Scenario]:
    """Ask for values of a frame's unknowns, small payoffs first."""
    question = question_of(frame, statement, notes)
    if question is False:
        return
    blocked: list[Any] = []
    for _ in range(TRIES):
        model = ask(frame, conjunction([question, *blocked]), notes)
        if model is None:
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
    except LookupError as error:
        notes.append(str(error.args[0]))
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
