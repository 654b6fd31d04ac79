"""Which small worlds are tried for a statement, and in which order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Slot
from spi_verify.counterexamples.programs.finding.frames.payoffs import PayoffFrame
from spi_verify.counterexamples.programs.finding.frames.renegotiation import RenegotiationFrame
from spi_verify.counterexamples.programs.finding.frames.sets import SetFrame
from spi_verify.counterexamples.statements.claimed import symbols_of
from spi_verify.obligations.statements import Statement
from spi_verify.theory import PAPER, same_formula


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
        played: list[tuple[int, ...] | None] = [None]
        if "equilibrium" in symbols:
            played = [*_equilibria(plan)]
        beliefs: list[tuple[tuple[int, ...], ...] | None] = [None]
        if symbols & {"believed", "expected", "optimal"}:
            beliefs = [*_set_beliefs(plan)]
        for equilibrium, believed in itertools.product(played, beliefs):
            made = frame()
            made.equilibrium, made.beliefs = equilibrium, believed
            yield made


def _base(frame: Frame) -> tuple[int, ...]:
    """Return everybody's CSR program."""
    return tuple(
        next(c for c, s in enumerate(frame.slots) if s.player == i and s.what == "base")
        for i in frame.players
    )


def _first(frame: Frame) -> tuple[int, ...]:
    """Return everybody's first constant."""
    return tuple(frame.slots.index(Slot(i, "constant", 0)) for i in frame.players)


def _equilibria(frame: Frame) -> Iterator[tuple[int, ...]]:
    """Iterate over what may be played: everybody's CSR program, or some people's constants."""
    base, first = _base(frame), _first(frame)
    for size in range(len(frame.shape) + 1):
        for chosen in itertools.combinations(frame.players, size):
            yield tuple(first[i] if i in chosen else base[i] for i in frame.players)


def _set_beliefs(frame: SetFrame) -> list[tuple[tuple[int, ...], ...]]:
    """Return what players may believe who are certain of constants, CSR programs or extensions."""
    base, first, n = _base(frame), _first(frame), len(frame.shape)
    beliefs = [*_constant_beliefs(frame)]
    if not frame.announced:
        beliefs.append((base,) * n)
    if frame.extensions:
        extended = tuple(
            next(c for c, s in enumerate(frame.slots) if s == Slot(i, "extension", first[i]))
            for i in frame.players
        )
        beliefs.append((extended,) * n)
        if len(frame.conditional) == 1:
            # Whose functions react is not believed to renegotiate; see Assumption 9(ii).
            (i,) = frame.conditional
            beliefs = [((*extended[:i], first[i], *extended[i + 1 :]),) * n]
    return beliefs


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


def shapes(players: int, outcomes: int) -> Iterator[tuple[int, ...]]:
    """Iterate over the shapes of games up to relabelling of players, the smallest first."""
    for n in range(2, players + 1):
        for count in range(1, outcomes + 1):
            found = {
                tuple(sorted(shape, reverse=True))
                for shape in itertools.product(range(1, count + 1), repeat=n)
                if _product(shape) == count
            }
            yield from sorted(found, reverse=True)


def _product(shape: Sequence[int]) -> int:
    result = 1
    for size in shape:
        result *= size
    return result
