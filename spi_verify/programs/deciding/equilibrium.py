"""Subjective equilibrium (Definition 1), and Assumptions 5 and 9 about beliefs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.game import Outcome
from spi_verify.programs.deciding.best_responses import MAX_RUNS, Optimality, is_best_response
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.deciding.transformations import default_of
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.functions import Functions, PMPExtension
from spi_verify.programs.language.programs import CSR, Profile, Program, Renegotiation
from spi_verify.programs.language.terms import Action, replaced
from spi_verify.programs.running.beliefs import Beliefs, join
from spi_verify.programs.running.execution import Execution, ProgramGame


@dataclass(frozen=True)
class EquilibriumReport:
    """Whether programs and beliefs are a subjective equilibrium.

    Parameters
    ----------
    players
        For each player whether the program is a best response, with what is better if not.
    """

    players: tuple[Optimality, ...]

    @property
    def holds(self) -> bool | None:
        """True, False, or None where it was not settled."""
        verdicts = {report.optimal for report in self.players}
        return False if False in verdicts else None if None in verdicts else True

    @property
    def improvement(self) -> Optimality | None:
        """The first player who has a better program."""
        return next((report for report in self.players if report.optimal is False), None)


@named
def subjective_equilibrium(
    game: ProgramGame,
    programs: Sequence[Program],
    beliefs: Sequence[Beliefs],
    spaces: Sequence[ProgramSpace],
    *,
    max_runs: int = MAX_RUNS,
) -> EquilibriumReport:
    """Check whether every program maximises expected utility over its player's space.

    Parameters
    ----------
    game
        The program game.
    programs, beliefs, spaces
        p_i, beta_i and the programs to choose from, for each player.
    max_runs
        For each player's enumeration; see :func:`best_response`.
    """
    profile = game.checked(programs)
    n = len(profile)
    if len(beliefs) != n or len(spaces) != n:
        raise InputError(f"beliefs and spaces for {n} players are needed")
    return EquilibriumReport(
        tuple(
            is_best_response(game, i, p, b, s, max_runs=max_runs)
            for i, p, b, s in zip(game.base.players, profile, beliefs, spaces, strict=True)
        )
    )


@dataclass(frozen=True)
class Punishment:
    """A program that responds differently where an assumption says that it does not.

    Parameters
    ----------
    part
        Which part of the assumption is violated, such as ``"5.1"`` or ``"9(i)"``.
    player
        Whose program responds differently.
    profile, compared_with
        The two profiles.
    action, compared_action
        What the program does in them.
    """

    part: str
    player: int
    profile: Profile
    compared_with: Profile
    action: Action
    compared_action: Action


@named
def find_renegotiation_punished(
    game: ProgramGame,
    player: int,
    program: Renegotiation,
    beliefs: Beliefs,
    *,
    default_is_used: bool,
) -> Punishment | None:
    """Return how a belief violates Assumption 5 for one renegotiation program, if it does.

    Parameters
    ----------
    game
        The program game.
    player, program
        i and p_i in P_i^rn(rn).
    beliefs
        beta_i.
    default_is_used
        Whether p_i^def is used in a subjective equilibrium with respect to beta_i; only then does
        part 2 say anything.

    Returns
    -------
    Punishment or None
        Part ``5.1``: an opponent p_j with p_j(p_-j) unlike its response to p_i^def. Part ``5.2``:
        p_i^def responds to p_-i unlike to p_-i^def.
    """
    for opponents, _ in beliefs.support:
        profile = game.checked(join(player, program, opponents))
        if _renegotiates_together(game, player, profile):
            continue
        with_default = replaced(profile, player, program.default)
        for j in game.base.players:
            if j != player:
                found = _differs(game, "5.1", j, profile, with_default)
                if found is not None:
                    return found
        if default_is_used and all(isinstance(p, Renegotiation) for p in opponents):
            defaults = join(player, program.default, tuple(map(default_of, opponents)))
            found = _differs(game, "5.2", player, with_default, defaults)
            if found is not None:
                return found
    return None


@named
def find_csr_punished(
    game: ProgramGame, player: int, program: Program, profiles: Iterable[Profile]
) -> Punishment | None:
    """Return how a program violates Assumption 9(i) against some CSR programs, if it does.

    Parameters
    ----------
    game
        The program game.
    player, program
        i and p_i: used in a subjective equilibrium, or in the support of someone's beliefs.
    profiles
        Profiles p_-i; those that consist of CSR programs only are looked at. The assumption is
        about all of them.
    """
    if isinstance(program, CSR):
        return None
    for opponents in profiles:
        if not all(isinstance(p, CSR) for p in opponents):
            continue
        profile = game.checked(join(player, program, opponents))
        defaults = join(player, program, tuple(map(default_of, opponents)))
        found = _differs(game, "9(i)", player, defaults, profile)
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class ExtensionPunishment:
    """A function that does more, or less, than add PMP points in response to a PMP-extension.

    Parameters
    ----------
    player
        Whose function it is.
    profile
        p, before the extension.
    outcome
        a.
    before, after
        RN^j(RN^-j, a), and the same when player i's function is extended.
    allowed
        PMP_i(ro(p, a)), the outcomes that may be added.
    """

    player: int
    profile: Profile
    outcome: Outcome
    before: OutcomeSet
    after: OutcomeSet
    allowed: OutcomeSet


@named
def find_extension_punished(
    game: ProgramGame, player: int, program: CSR, beliefs: Beliefs
) -> ExtensionPunishment | None:
    """Return how a belief violates Assumption 9(ii) for one CSR program, if it does.

    Every profile of CSR programs in the support and every pure outcome a is looked at: the
    opponents' sets may only grow, by outcomes of PMP_i(ro(p, a)).

    Parameters
    ----------
    game
        The program game.
    player, program
        i and p_i, which is extended.
    beliefs
        beta_i.
    """
    base, selection = game.base, program.selection
    for opponents, _ in beliefs.support:
        if not all(isinstance(p, CSR) and p.selection == selection for p in opponents):
            continue
        profile = game.checked(join(player, program, opponents))
        functions: Functions = tuple(p.function for p in profile if isinstance(p, CSR))
        extended = replaced(functions, player, PMPExtension(program.function))
        execution = Execution(base)
        for outcome in base.game.outcomes():
            reached = base.payoffs(execution.renegotiated(functions, selection, outcome))
            allowed = base.pareto_meet_projection(player, reached)
            for j in base.players:
                if j == player:
                    continue
                before = execution.value(j, functions, selection, outcome)
                after = execution.value(j, extended, selection, outcome)
                if not (before <= after and after <= before | allowed):
                    return ExtensionPunishment(j, profile, outcome, before, after, allowed)
    return None


def _renegotiates_together(game: ProgramGame, player: int, profile: Profile) -> bool:
    """Whether all use Algorithm 1 and their functions agree at a(p^def)."""
    maps = [p.rn for p in profile if isinstance(p, Renegotiation)]
    if len(maps) < len(profile):
        return False
    default = game.outcome(map(default_of, profile))
    execution = Execution(game.base)
    mine = execution.image(maps[player - 1], default)
    return all(execution.image(rn, default) == mine for rn in maps)


def _differs(
    game: ProgramGame, part: str, player: int, profile: Profile, other: Profile
) -> Punishment | None:
    one, two = (Execution(game.base).action(player, p) for p in (profile, other))
    return None if one == two else Punishment(part, player, profile, other, one, two)
