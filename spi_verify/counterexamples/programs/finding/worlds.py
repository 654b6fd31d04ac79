"""Which small worlds are tried for a statement, and in which order."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.programs.finding.demand import told_apart
from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Slot
from spi_verify.counterexamples.programs.finding.frames.payoffs import MixedFrame, PayoffFrame
from spi_verify.counterexamples.programs.finding.frames.renegotiation import RenegotiationFrame
from spi_verify.counterexamples.programs.finding.frames.sets import SetFrame
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.obligations.statements import Statement
from spi_verify.theory import PAPER, same_formula

FUNCTIONS = {"agreement", "announced", "component", "functions", "offers", "renegotiated"}
SETS = FUNCTIONS | {"in_csr", "sel", "selected", "set_function"}
MAPS = {"improved", "in_rn", "rn", "rn_of"}
BELIEFS = {"believed", "expected", "optimal"}
PROGRAMS = BELIEFS | {
    "available",
    "default",
    "defaults",
    "equilibrium",
    "in_csr",
    "in_default_set",
    "in_rn",
    "outcome",
    "plays",
    "program",
    "replace",
    "transformed",
}
"""What worlds of these kinds are for, by the names of functions and predicates."""

MOST = 3
"""The most functions of a player, and the most selection functions, of a small world."""


def frames(statement: Statement, bounds: Bounds) -> Iterator[Frame]:
    """Iterate over the small worlds that are tried, by the numbers of players, then outcomes.

    Of those of a size, the ones in which players have several functions come last.
    """
    symbols = symbols_of(statement)
    if not symbols & PROGRAMS:
        yield from _without_programs(statement, symbols, bounds)
        return
    for shape in _shapes(bounds):
        for constants in _constants(shape):
            if symbols & SETS:
                yield from _set_frames(statement, symbols, shape, constants, bounds)
            else:
                yield from _renegotiation_frames(statement, symbols, shape, constants, bounds)
        yield from _richer(statement, symbols, shape, bounds)


def _constants(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return how many constants the players may have, the fewest first."""
    counts = itertools.product(*(range(1, size + 1) for size in shape))
    return sorted(counts, key=lambda c: (sum(c), c))


def _shapes(bounds: Bounds) -> Iterable[tuple[int, ...]]:
    if bounds.game is not None:
        return [bounds.game.shape]
    return shapes(bounds.players, bounds.outcomes)


def _without_programs(statement: Statement, symbols: set[str], bounds: Bounds) -> Iterator[Frame]:
    """Iterate over worlds of payoffs alone, with selection functions, or with other functions."""
    theory, game = statement.theory, bounds.game
    convex = theory.axiom("correlated_randomisation")
    if any(same_formula(h.formula, convex) for h in statement.hypotheses):
        yield from _mixed(statement, bounds)
        return
    wanted = told_apart(statement)
    profiles = min(wanted["Payoffs"], MOST)
    for shape in _shapes(bounds):
        one = (1,) * len(shape)
        if symbols & SETS:
            yield SetFrame(
                shape,
                one,
                theory,
                game,
                extensions=False,
                announced="announced" in symbols,
                count=_functions(wanted, symbols) if symbols & FUNCTIONS else 0,
                selections=_several(wanted["Selection"]),
                profiles_listed=profiles,
            )
        elif symbols & MAPS:
            count = _several(wanted["Renegotiation"])
            yield RenegotiationFrame(
                shape, one, theory, game, count=count, profiles_listed=profiles
            )
        else:
            yield PayoffFrame(shape, one, theory, game, profiles_listed=profiles)


def _mixed(statement: Statement, bounds: Bounds) -> Iterator[Frame]:
    """Iterate over worlds of payoffs alone in which lotteries are feasible."""
    theory, profiles = statement.theory, min(told_apart(statement)["Payoffs"], MOST)
    if bounds.game is not None:
        yield MixedFrame(bounds.game.shape, theory, bounds.game, profiles_listed=profiles)
        return
    for players in range(2, bounds.players + 1):
        for corners in range(2, bounds.outcomes + 1):
            shape = (corners, *(1,) * (players - 1))
            yield MixedFrame(shape, theory, None, profiles_listed=profiles)


def _several(wanted: int) -> int:
    return min(max(1, wanted), MOST)


def _functions(wanted: Counter[str], symbols: set[str]) -> int:
    """Return how many functions each player has: as many as things that may differ in them."""
    sorts = ["SetFunction", "SetFunctions"]
    if "in_csr" in symbols:
        sorts += ["Profile", "Program"]
    return _several(max(wanted[sort] for sort in sorts))


def _richer(
    statement: Statement, symbols: set[str], shape: tuple[int, ...], bounds: Bounds
) -> Iterator[Frame]:
    """Iterate over worlds with programs for statements that speak of several functions at once.

    And over those in which f takes default programs to each other, where nothing is said of what
    programs f makes.
    """
    theory, game, wanted = statement.theory, bounds.game, told_apart(statement)
    profiles = min(wanted["Payoffs"], MOST)
    if symbols & SETS:
        count, selections = _functions(wanted, symbols), _several(wanted["Selection"])
        if (count, selections) == (1, 1) or symbols & (BELIEFS | {"equilibrium", "pmp_extension"}):
            return
        for constants in _constants(shape):
            yield SetFrame(
                shape,
                constants,
                theory,
                game,
                extensions=False,
                announced="announced" in symbols,
                count=count,
                selections=selections,
                profiles_listed=profiles,
            )
        return
    maps = _several(max(wanted[sort] for sort in ("Renegotiation", "Profile", "Program")))
    plain = not symbols & MAPS and "transformed" in symbols
    if not plain and (maps == 1 or not symbols & MAPS or symbols & BELIEFS):
        return
    for constants in _constants(shape):
        yield RenegotiationFrame(
            shape, constants, theory, game, count=maps, plain=plain, profiles_listed=profiles
        )


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
        if symbols & BELIEFS:
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
    equilibrium = "equilibrium" in symbols
    if not symbols & BELIEFS and not equilibrium:
        yield RenegotiationFrame(shape, constants, theory, bounds.game)
        return
    plain = not symbols & MAPS and "default_or_rn" not in statement.definitions and equilibrium
    for with_rn, with_readers in ((False, False), (True, False), (True, True)):
        if plain and with_rn and not with_readers:
            continue

        def frame(with_rn: bool = with_rn, with_readers: bool = with_readers) -> RenegotiationFrame:
            return RenegotiationFrame(
                shape,
                constants,
                theory,
                bounds.game,
                with_rn=with_rn,
                with_readers=with_readers,
                plain=plain,
            )

        plan = frame()
        slots = [[c for c, s in enumerate(plan.slots) if s.player == i] for i in plan.players]
        beliefs = [*itertools.product(*slots)] if symbols & BELIEFS else [None]
        played = [*_kinds_of_programs(plan)] if equilibrium else [None]
        for believed, profile in itertools.product(beliefs, played):
            made = frame()
            made.beliefs = None if believed is None else (believed,) * len(shape)
            made.equilibrium = profile
            yield made


def _kinds_of_programs(frame: Frame) -> Iterator[tuple[int, ...]]:
    """Iterate over what may be played: everybody's first program of each kind, combined."""
    firsts = []
    for i in frame.players:
        own = {s.what: c for c, s in reversed([*enumerate(frame.slots)]) if s.player == i}
        firsts.append(sorted(own.values()))
    yield from itertools.product(*firsts)


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
