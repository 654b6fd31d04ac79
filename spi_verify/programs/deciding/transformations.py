"""Transformations of program profiles, and whether they are SPIs (Definition 3)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.programs.language.functions import PMPExtension, RenegotiationMap, SetFunction
from spi_verify.programs.language.programs import CSR, ICSR, Profile, Program, Renegotiation
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.running.execution import ProgramGame

Transformation = Sequence[Callable[[Program], Program]]
"""(f_1, ..., f_n): what becomes of each player's program."""


@dataclass(frozen=True)
class Change:
    """What a transformation does to one player at one profile.

    Parameters
    ----------
    profile, image
        p and f(p).
    player
        i, from 1 to n.
    before, after
        U_i(p) and U_i(f(p)).
    """

    profile: Profile
    image: Profile
    player: int
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class SPIReport:
    """Whether a transformation is an SPI for some sets of programs, with witnesses.

    Parameters
    ----------
    loss
        A player whom it makes worse off at some profile; None if there is none.
    gain
        A player whom it makes better off at some profile; None if there is none.
    profiles
        The number of profiles looked at.
    """

    loss: Change | None
    gain: Change | None
    profiles: int

    @property
    def is_spi(self) -> bool:
        """Whether nobody loses anywhere and someone gains somewhere (Definition 3)."""
        return self.loss is None and self.gain is not None


@named
def is_spi(
    game: ProgramGame, f: Transformation, programs: Sequence[Sequence[Program]]
) -> SPIReport:
    """Check whether f is an SPI for G(P), by running every profile before and after.

    Parameters
    ----------
    game
        The program game.
    f
        (f_1, ..., f_n).
    programs
        The finite sets P_1, ..., P_n.

    Notes
    -----
    |P_1| * ... * |P_n| times two runs; the witnesses are the first in row-major order.
    """
    loss: Change | None = None
    gain: Change | None = None
    count = 0
    for change in changes(game, f, programs):
        count += change.player == 1
        if change.after < change.before:
            loss = loss or change
        elif change.after > change.before:
            gain = gain or change
    return SPIReport(loss, gain, count)


@named
def changes(
    game: ProgramGame, f: Transformation, programs: Sequence[Sequence[Program]]
) -> Iterator[Change]:
    """Iterate over what f does to each player at each profile; see :func:`is_spi`."""
    n = game.base.game.number_of_players
    if len(f) != n or len(programs) != n:
        raise InputError(f"a transformation and sets of programs for {n} players are needed")
    return _changes(game, f, programs)


def _changes(
    game: ProgramGame, f: Transformation, programs: Sequence[Sequence[Program]]
) -> Iterator[Change]:
    for profile in itertools.product(*programs):
        image = tuple(f_i(p_i) for f_i, p_i in zip(f, profile, strict=True))
        before, after = game.utilities(profile), game.utilities(image)
        for i, (u, v) in enumerate(zip(before, after, strict=True), start=1):
            yield Change(profile, image, i, u, v)


@named
def renegotiating(rn: RenegotiationMap, players: int) -> Transformation:
    """Return the transformation of Proposition 1: everyone renegotiates with the same rn."""
    return (lambda program: Renegotiation(rn, program),) * players


@named
def set_renegotiating(functions: Sequence[SetFunction], selection: Selection) -> Transformation:
    """Return the transformation of Proposition 4: player i uses Algorithm 2 with RN^i."""

    def with_function(function: SetFunction) -> Callable[[Program], Program]:
        return lambda program: CSR(selection, program, function)

    return tuple(map(with_function, functions))


@named
def pmp_extension(program: CSR) -> CSR:
    """Return the PMP-extension of a CSR program (Definition 8)."""
    return replace(program, function=PMPExtension(program.function))


@named
def default_of(program: Program) -> Program:
    """Return p_i^def of a renegotiating program.

    Raises
    ------
    InputError
        When the program does not renegotiate.
    """
    if isinstance(program, (Renegotiation, CSR, ICSR)):
        return program.default
    raise InputError(f"the program {program} has no default, because it does not renegotiate")


@named
def find_below_guarantee(
    game: ProgramGame, f: Transformation, programs: Sequence[Sequence[Program]]
) -> Change | None:
    """Return a change that leaves a player below max(U_i(p), u_i^PMM) (Proposition 4, part 2)."""
    least = game.base.pareto_meet_minimum
    return next(
        (c for c in changes(game, f, programs) if c.after < max(c.before, least[c.player - 1])),
        None,
    )
