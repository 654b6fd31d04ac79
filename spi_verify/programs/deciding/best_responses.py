"""Best responses to beliefs, over finite sets of programs and over whole spaces.

Two ways settle that nothing in a space earns more. The *enumeration* goes through all programs of
the space up to what they do against the support (see
:mod:`spi_verify.programs.deciding.behaviours`). The *bound* compares with the best that the
opponents' code allows at all (see :mod:`spi_verify.programs.deciding.bounds`). Results say which
it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.programs.deciding.behaviours import Search
from spi_verify.programs.deciding.bounds import upper_bound
from spi_verify.programs.deciding.membership import require_member
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.programs import Profile, Program
from spi_verify.programs.running.beliefs import Beliefs, expected_utility, join
from spi_verify.programs.running.execution import ProgramGame

MAX_RUNS = 20_000


class Method(StrEnum):
    """How a claim about a space of programs was settled."""

    ENUMERATION = "enumeration"
    BOUND = "bound"
    EXAMPLE = "example"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Response:
    """The best program found for a player with beliefs.

    Parameters
    ----------
    player
        i.
    program
        The program, written out.
    value
        Its expected utility, from running it.
    method
        ``enumeration`` or ``bound`` when no program of the space earns more, and why that is
        known; ``unsettled`` when one might.
    runs
        How many runs the enumeration took.
    """

    player: int
    program: Program
    value: Fraction
    method: Method
    runs: int


@dataclass(frozen=True)
class Optimality:
    """Whether a program is a best response to beliefs over a space.

    Parameters
    ----------
    player, program, value
        The program and its expected utility.
    optimal
        True, False, or None where that was not settled.
    method
        How it was settled: ``enumeration``, ``bound``, ``example`` (something better was found)
        or ``unsettled``.
    better, better_value
        A program of the space that earns more, where ``optimal`` is False.
    """

    player: int
    program: Program
    value: Fraction
    optimal: bool | None
    method: Method
    better: Program | None = None
    better_value: Fraction | None = None


@named
def best_response(
    game: ProgramGame,
    player: int,
    beliefs: Beliefs,
    space: ProgramSpace,
    *,
    max_runs: int = MAX_RUNS,
) -> Response:
    """Return the best program found in a space, and whether it is the best there is.

    Parameters
    ----------
    game
        The program game.
    player
        i, from 1 to n.
    beliefs
        beta_i.
    space
        The programs to choose from.
    max_runs
        The enumeration gives up after this many runs.

    Raises
    ------
    InputError
        When the space has no program that halts against the beliefs, or the beliefs do not fit
        the game.

    Notes
    -----
    Exponential in the number of situations that the support brings up; the branches of a
    situation are the player's actions, the improvements on an outcome, or sets of them. Programs
    are left out whose set-valued functions are not known to meet Definition 7, such as functions
    that the opponents mention and that read others' functions; the enumeration is not exhaustive
    then.

    >>> from spi_verify.games import Game
    >>> from spi_verify.programs import Always, PureBase
    >>> chicken = ProgramGame(PureBase(Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])))
    >>> best_response(chicken, 1, Beliefs.certain(Always("1")), ProgramSpace.plain()).value
    Fraction(4, 1)
    """
    search = Search(game, player, beliefs, space, max_runs)
    found = search.behaviours(prune=True)
    best = max(found, key=lambda behaviour: search.expected(behaviour.earned), default=None)
    if best is None:
        tried = "" if search.exhaustive else f" among the first {search.runs} that were tried"
        raise InputError(f"no program of player {player}'s space halts against the beliefs{tried}")
    value = expected_utility(game, player, best.program, beliefs)
    assert value == search.expected(best.earned), "a program written out behaves differently"
    if search.exhaustive:
        method = Method.ENUMERATION
    elif value == upper_bound(game, player, beliefs, space):
        method = Method.BOUND
    else:
        method = Method.UNSETTLED
    return Response(player, best.program, value, method, search.runs)


@named
def is_best_response(
    game: ProgramGame,
    player: int,
    program: Program,
    beliefs: Beliefs,
    space: ProgramSpace,
    *,
    max_runs: int = MAX_RUNS,
) -> Optimality:
    """Decide whether no program of a space earns more; see :func:`best_response`.

    The bound is tried first, because it is cheap.

    Raises
    ------
    InputError
        What :func:`best_response` raises, and when the program is not in the space (Definition 1),
        or earns more than an opponent's class says is possible.
    """
    value = expected_utility(game, player, program, beliefs)
    require_member(game, player, program, beliefs, space)
    bound = upper_bound(game, player, beliefs, space)
    if value > bound:
        raise InputError(
            f"{program} earns {value}, and the opponents' classes say that nobody earns more than "
            f"{bound} against them"
        )
    if value == bound:
        return Optimality(player, program, value, True, Method.BOUND)
    found = best_response(game, player, beliefs, space, max_runs=max_runs)
    if found.value > value:
        return Optimality(player, program, value, False, Method.EXAMPLE, found.program, found.value)
    settled = found.method is not Method.UNSETTLED
    return Optimality(player, program, value, True if settled else None, found.method)


@named
def reachable_payoffs(
    game: ProgramGame,
    player: int,
    opponents: Iterable[Profile],
    space: ProgramSpace,
    *,
    max_runs: int = MAX_RUNS,
) -> dict[tuple[Fraction, ...], Program]:
    """Return every payoff vector that some program of a space earns against some opponents.

    Parameters
    ----------
    game, player, space, max_runs
        As in :func:`best_response`.
    opponents
        Profiles p_-i, distinct, one for each component of the vectors.

    Returns
    -------
    dict
        For each vector (U_i against the first profile, against the second, ...) a program.

    Raises
    ------
    InputError
        When the enumeration is not exhaustive for these opponents.
    """
    profiles = list(opponents)
    if not profiles:
        raise InputError("payoff vectors need at least one profile of opponents")
    weight = Fraction(1, len(profiles))
    beliefs = Beliefs(tuple((profile, weight) for profile in profiles))
    search = Search(game, player, beliefs, space, max_runs)
    found: dict[tuple[Fraction, ...], Program] = {}
    for behaviour in search.behaviours(prune=False):
        found.setdefault(behaviour.earned, behaviour.program)
    if not search.exhaustive:
        raise InputError("the programs of this space cannot be enumerated against these opponents")
    return found


@named
def optimal_weights(
    game: ProgramGame,
    player: int,
    program: Program,
    first: Profile,
    second: Profile,
    space: ProgramSpace,
) -> tuple[Fraction, Fraction] | None:
    """Return for which beliefs on two profiles a program is a best response over a space.

    Parameters
    ----------
    game, player, space
        As in :func:`best_response`.
    program
        The program.
    first, second
        The two profiles p_-i of the support.

    Returns
    -------
    tuple or None
        The least and the greatest weight of the first profile, 0 and 1 included, for which no
        program of the space earns more; None if there is none.

    Raises
    ------
    InputError
        When the enumeration is not exhaustive for these opponents, or the program is not in the
        space.
    """
    beliefs = Beliefs(((first, Fraction(1, 2)), (second, Fraction(1, 2))))
    require_member(game, player, program, beliefs, space)
    rivals = reachable_payoffs(game, player, [first, second], space)
    mine = [game.utilities(join(player, program, p))[player - 1] for p in (first, second)]
    low, high = Fraction(0), Fraction(1)
    for a, b in rivals:
        at_zero, at_one = b - mine[1], a - mine[0]
        slope = at_one - at_zero
        if slope > 0:
            high = min(high, -at_zero / slope)
        elif slope < 0:
            low = max(low, -at_zero / slope)
        elif at_zero > 0:
            return None
    return (low, high) if low <= high else None
