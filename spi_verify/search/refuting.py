"""Looking for counterexamples to a statement, the smallest first."""

from __future__ import annotations

import importlib
import itertools
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import z3

from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import Statement
from spi_verify.programs.selection import Lexicographic, Leximin, SelectionTable, Utilitarian
from spi_verify.reports.text import shortened
from spi_verify.search import enumeration
from spi_verify.search.bounds import Bounds
from spi_verify.search.canonical import canonical
from spi_verify.search.claims import claim, dropped, symbols_of
from spi_verify.search.extensions import executable
from spi_verify.search.frames import (
    Frame,
    PayoffFrame,
    RenegotiationFrame,
    SetFrame,
    Slot,
    shapes,
)
from spi_verify.search.programs import KIND, examine
from spi_verify.search.refutation import (
    KINDS,
    Claimed,
    Confirmation,
    build,
    confirm_saved,
)
from spi_verify.search.scenario import Scenario, with_selection
from spi_verify.search.symbolic import conjunction, negation, read
from spi_verify.search.whole import by_construction
from spi_verify.solvers import Status, ask_z3
from spi_verify.solvers.smtlib import render_plain, script
from spi_verify.theory import PAPER, same_formula
from spi_verify.verdicts import Evidence, Result, Verdict

RESOURCES = 20_000_000
SEED = 0
TRIES = 8
MAX_OUTCOMES = 5
NOTES = 2
NECESSITY = "necessity"
"""The folder of counterexamples that lack one hypothesis each."""
LARGEST_PAYOFFS = (1, 2, 3, 5)


@dataclass(frozen=True)
class Search:
    """What became of a search.

    Parameters
    ----------
    refutation
        A confirmed counterexample as :func:`spi_verify.search.refutation.build` makes it, or None.
    reason
        Why there is none: up to which size none was found.
    seconds
        Wall-clock time.
    """

    refutation: Mapping[str, Any] | None
    reason: str | None
    seconds: float


def refute(statement: Statement, bounds: Bounds | None = None) -> Search:
    """Look for the smallest counterexample to a statement.

    Parameters
    ----------
    statement
        With the theory and the hypotheses that count.
    bounds
        How far to search.
    """
    started = time.perf_counter()
    bounds = bounds or Bounds()
    notes: list[str] = []
    found = next(refutations(statement, bounds, notes), None)
    reason = None if found is not None else nothing(bounds, notes)
    return Search(found, reason, time.perf_counter() - started)


def refutations(
    statement: Statement, bounds: Bounds, notes: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Iterate over counterexamples, the smallest first; each is executed before it is yielded.

    Where nothing is found for a statement without some of its hypotheses, and in no particular
    game, what is shipped for it is tried.

    Parameters
    ----------
    statement, bounds
        As in :func:`refute`.
    notes
        Where to put what limited the search.
    """
    notes = [] if notes is None else notes
    found = False
    for refutation in _searched(statement, bounds, notes):
        found = True
        yield refutation
    if not found and bounds.game is None and dropped(statement):
        shown = known(statement)
        if shown is not None:
            yield dict(shown)


def _searched(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Iterate over what a search finds."""
    claimed = claim(statement)
    kind = _special_kind(statement.id)
    if kind is not None:
        yield from _special(kind, statement, claimed, bounds, notes)
        return
    rejections = 0
    for scenario in _scenarios(statement, bounds, notes):
        try:
            confirmation = examine(statement, scenario)
        except (Rejected, InputError) as rejected:
            notes.append(f"a candidate was rejected: {rejected}")
            rejections += 1
            if rejections == bounds.candidates:
                notes.insert(0, f"the search stopped after {rejections} candidates")
                return
            continue
        scenario, confirmation = _simplified(statement, scenario, confirmation)
        yield build(claimed, KIND, scenario.to_data(), confirmation)


def _special_kind(id: str) -> str | None:
    """Return the kind of counterexamples to a statement that is not about a program game."""
    base = id.removesuffix("/repaired")
    if base.startswith("sel-transitive-"):
        return "sets"
    return _SPECIAL.get(base)


_SPECIAL = {
    "def-6-nonempty": "polytope",
    "efficient-point-two-players": "polytope",
    "prop-5": "iterated",
    "prop-5-best-response": "iterated",
    "prop-5-efficient-point": "polytope",
}


def _special(
    kind: str, statement: Statement, claimed: Claimed, bounds: Bounds, notes: list[str]
) -> Iterator[dict[str, Any]]:
    changed = sorted(claimed.definitions)
    if changed or claimed.formulas:
        notes.append(f"not searched with another {', '.join(changed) or 'goal'}")
        return
    module = importlib.import_module(KINDS[kind])
    for body in module.find(statement.id, bounds, without=claimed.without):
        try:
            confirmation = module.confirm(claimed, body)
        except Rejected as rejected:
            notes.append(f"a candidate was rejected: {rejected}")
            continue
        yield build(claimed, kind, body, confirmation)


def _simplified(
    statement: Statement, scenario: Scenario, confirmation: Confirmation
) -> tuple[Scenario, Confirmation]:
    """Return the counterexample with a selection function that has a name, if one will do."""
    if not isinstance(scenario.selection, SelectionTable):
        return scenario, confirmation
    everybody = tuple(range(1, scenario.game.number_of_players + 1))
    for selection in (Leximin(), Utilitarian(), Lexicographic(everybody)):
        simpler = with_selection(scenario, selection)
        try:
            return simpler, examine(statement, simpler)
        except (Rejected, InputError):
            continue
    return scenario, confirmation


def different(refutations: Iterable[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Iterate over the first few counterexamples that differ.

    Two differ unless players and actions can be renamed, and payoffs rescaled, so that they say
    the same.
    """
    seen: set[str] = set()
    for refutation in refutations:
        form = canonical(refutation)
        if form in seen:
            continue
        seen.add(form)
        yield refutation
        if len(seen) == count:
            return


def nothing(bounds: Bounds, notes: list[str]) -> str:
    """Return why nothing was found."""
    where = (
        "in this game"
        if bounds.game is not None
        else f"with up to {bounds.players} players and {bounds.outcomes} outcomes"
    )
    limits = [shortened(note, 200) for note in dict.fromkeys(notes)]
    if len(limits) > NOTES:
        limits = [*limits[:NOTES], f"{len(limits) - NOTES} more"]
    told = f" ({'; '.join(limits)})" if limits else ""
    return f"no counterexample {where}{told}"


def known(statement: Statement) -> Mapping[str, Any] | None:
    """Return the shipped counterexample to a statement, if it has one that holds now.

    The scenario is executed and held against the statement as it is given, with its theory and
    its hypotheses, which may differ from those it was found for.
    """
    return next(filter(None, map(partial(_holding, statement), _shipped_for(statement))), None)


def _shipped_for(statement: Statement) -> Iterator[Path]:
    """Yield the files of a statement, and of each hypothesis that was dropped from it."""
    folder, name = shipped_counterexamples(), statement.id.replace("/", ".")
    yield folder / f"{name}.json"
    for hypothesis in sorted(dropped(statement)):
        yield folder / NECESSITY / f"{name}.without.{hypothesis}.json"


def _holding(statement: Statement, path: Path) -> Mapping[str, Any] | None:
    """Return the counterexample of a file if there is one that refutes the statement."""
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    claimed = claim(statement)
    fresh = {
        **data,
        "statement": claimed.statement,
        "without": list(claimed.without),
        "definitions": dict(claimed.definitions),
        "formulas": dict(claimed.formulas),
    }
    for key in ("hypotheses", "conclusion", "story"):
        fresh.pop(key, None)
    try:
        confirmation = confirm_saved(fresh)
    except (Rejected, InputError):
        return None
    return build(claimed, data["kind"], data[data["kind"]], confirmation)


def with_known(result: Result, statement: Statement) -> Result:
    """Return a result as it is, or refuted where a shipped counterexample settles it."""
    if result.verdict is not Verdict.UNKNOWN:
        return result
    started = time.perf_counter()
    shown = known(statement)
    seconds = result.seconds + time.perf_counter() - started
    if shown is None:
        return replace(result, seconds=seconds)
    told = f"{shown['conclusion']}."
    return replace(
        result,
        verdict=Verdict.REFUTED,
        evidence=Evidence.CHECKED,
        hypotheses_used=(),
        counterexample=shown,
        reason=f"{statement.note} Counterexample: {told}" if statement.note else told,
        seconds=seconds,
    )


def shipped_counterexamples() -> Path:
    """Return the directory of the counterexamples: as installed, or of the checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "shipped" / "models" / "counterexamples"
    return installed if installed.is_dir() else package.parent / "models" / "counterexamples"


# Candidates


def _scenarios(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Scenario]:
    symbols = symbols_of(statement)
    if "in_icsr" in symbols:
        notes.append("iterated programs are not searched for")
        return
    exist = statement.theory.axiom("extensions_exist")
    if executable(statement.theory) is None and any(
        same_formula(h.formula, exist) for h in statement.hypotheses
    ):
        notes.append(
            "no code is known that carries out this extension, so whether there are some is open"
        )
        return
    if "same_under_any_selection" in symbols:
        yield from enumeration.selection_scenarios(bounds)
        return
    theory = statement.theory
    convex = theory.axiom("correlated_randomisation")
    lotteries = any(same_formula(h.formula, convex) for h in statement.hypotheses)
    large = bounds.game is not None and bounds.game.number_of_outcomes > MAX_OUTCOMES
    if "in_csr" in symbols and (lotteries or large):
        yield from enumeration.scenarios(statement, symbols, bounds, correlated=lotteries)
        return
    if lotteries:
        notes.append("convex feasible sets are searched for statements about programs only")
        return
    for frame in _frames(statement, symbols, bounds):
        yield from _fill(frame, statement, notes)


def _frames(statement: Statement, symbols: set[str], bounds: Bounds) -> Iterator[Frame]:
    theory, game = statement.theory, bounds.game
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
    announced = "announced" in symbols
    extensions = "pmp_extension" in symbols and not announced
    for conditional in (False, True) if punished and not announced else (False,):

        def frame(conditional: bool = conditional) -> SetFrame:
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
    question = _question(frame, statement, notes)
    if question is False:
        return
    blocked: list[Any] = []
    for _ in range(TRIES):
        model = _solve(frame, conjunction([question, *blocked]), notes)
        if model is None:
            return
        for largest in LARGEST_PAYOFFS if frame.game is None else ():
            small = frame.small_payoffs(largest)
            smaller = _solve(frame, conjunction([question, small, *blocked]), notes)
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


def _question(frame: Frame, statement: Statement, notes: list[str]) -> Any:
    """Return what the unknowns have to satisfy for a counterexample."""
    unknowns = frame.unknowns
    theory = statement.theory
    settled = [
        theory.axiom(name)
        for name in theory
        if not theory[name].sorts and by_construction(name, theory)
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


def _solve(frame: Frame, question: Any, notes: list[str]) -> Mapping[str, Any] | None:
    if isinstance(question, bool):
        return {} if question else None
    text = script({"question": render_plain(question, frame.free.values())})
    answer = ask_z3(text, resource_limit=RESOURCES, seed=SEED)
    if answer.status is Status.UNKNOWN:
        notes.append(f"z3: {answer.reason}")
    return answer.model if answer.status is Status.SAT else None
