"""What no program can earn more than, read off the opponents' code."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Region
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.functions import (
    AtMost,
    Both,
    ByOutcome,
    Either,
    Improving,
    Outcomes,
    PMPExtension,
    Projection,
    RenegotiationMap,
    SetFunction,
    Tag,
    When,
)
from spi_verify.programs.language.programs import (
    CSR,
    ICSR,
    Always,
    If,
    Lookup,
    Profile,
    Program,
    Renegotiation,
    branches,
)
from spi_verify.programs.language.selections import Fixed, Selection
from spi_verify.programs.language.terms import (
    Action,
    ActionProfile,
    Term,
    is_known,
    is_ours,
    subterms,
)
from spi_verify.programs.language.variants import ExtensionOnly, UnconditionalExtension
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.beliefs import Beliefs, join
from spi_verify.programs.running.execution import ProgramGame


@named
def upper_bound(
    game: ProgramGame, player: int, beliefs: Beliefs, space: ProgramSpace | None = None
) -> Fraction:
    """Return a bound on what any program, or any of a space, can earn in expectation.

    Against each profile in the support a program either does not get to renegotiate; then each
    opponent plays an action that its default's code contains, and the best outcome among those
    is a bound. Or it renegotiates; then the result is that outcome or one that all opponents'
    functions accept, and the best outcome that occurs in their code, whatever the conditions
    around it, is a bound. What an opponent's program of somebody else's class says is earned at
    most against it is one, too. In a space with finitely many programs that do not renegotiate,
    alone the player plays an action that the code of one of these contains.
    """
    game.require_player(player)
    own: set[Action] | None = None
    if space is not None and space.programs is not None:
        own = set()
        for program in space.programs:
            own = _union(own, _actions(program))
    parts = (
        weight
        * min([_bound(game.base, player, opponents, own), *_said(game.base, player, opponents)])
        for opponents, weight in beliefs.support
    )
    return sum(parts, Fraction(0))


def bound_for_any_algorithm(game: ProgramGame, player: int, beliefs: Beliefs) -> Fraction:
    """Return a bound on what any program can earn in expectation, however programs are run.

    Nothing is known of what programs that renegotiate do; others play an action that is in their
    code.
    """
    parts = []
    for opponents, weight in beliefs.support:
        choices: list[Iterable[Action]] = []
        for j, program in enumerate(join(player, Always(""), opponents), start=1):
            told = None if j == player or _contains_renegotiation(program) else _actions(program)
            choices.append(game.base.game.actions[j - 1] if told is None else told)
        best = max(game.base.payoffs(a)[player - 1] for a in itertools.product(*choices))
        parts.append(weight * best)
    return sum(parts, Fraction(0))


def _contains_renegotiation(program: Program) -> bool:
    return any(_renegotiates(part) for part in branches(program))


def says_what_is_earned(program: Program) -> bool:
    """Return whether a program is of somebody else's class, which says what is earned at most."""
    return type(program).earned_at_most is not Program.earned_at_most and not is_ours(program)


def _said(base: BaseGame, player: int, opponents: Profile) -> Iterator[Fraction]:
    """Iterate over what opponents' classes say is earned at most against them."""
    numbers = (j for j in base.players if j != player)
    for owner, program in zip(numbers, opponents, strict=True):
        said = program.earned_at_most(base, owner, player) if says_what_is_earned(program) else None
        if said is not None:
            yield Fraction(said)


def _bound(
    base: BaseGame, player: int, opponents: Profile, own: Iterable[Action] | None
) -> Fraction:
    if not all(is_known(part) for part in subterms(*opponents) if _renegotiates(part)):
        return _best(base, player)
    choices: list[Iterable[Action]] = []
    read = True
    for j, program in enumerate(join(player, Always(""), opponents), start=1):
        plain = program.default if isinstance(program, (Renegotiation, CSR, ICSR)) else program
        possible = own if j == player else _actions(plain)
        read = read and (possible is not None or isinstance(base, PureBase))
        choices.append(base.game.actions[j - 1] if possible is None else possible)
    outcomes = list(itertools.product(*choices))
    alone = max(base.payoffs(outcome)[player - 1] for outcome in outcomes)
    together = _renegotiated(base, player, opponents, alone)
    if together is None:
        return alone
    selections = {p.selection for p in opponents if isinstance(p, (CSR, ICSR))}
    if any(isinstance(selection, Fixed) for selection in selections):
        return max(alone, _picked(base, player, selections))
    if read and all(isinstance(program, CSR) for program in opponents):
        together = _agreed(base, player, opponents, outcomes, together)
    return max(alone, together)


def _picked(base: BaseGame, player: int, selections: Iterable[Selection]) -> Fraction:
    """Return a bound on what is picked where rules are used that look at no set."""
    selection, *others = selections
    if others or not isinstance(selection, Fixed):
        return _best(base, player)
    return base.payoffs(base.agreed(selection.element))[player - 1]


def _agreed(
    base: BaseGame,
    player: int,
    opponents: Profile,
    outcomes: Iterable[ActionProfile],
    bound: Fraction,
) -> Fraction:
    """Return a bound on what CSR programs agree on at some outcomes, at most a bound known."""
    programs = [program for program in opponents if isinstance(program, CSR)]
    numbers = [j for j in base.players if j != player]
    best: list[Fraction] = []
    try:
        for outcome in outcomes:
            accepted = [
                _may_offer(base, j, program.function, outcome)
                for j, program in zip(numbers, programs, strict=True)
            ]
            together = accepted[0]
            for offered in accepted[1:]:
                together = together & offered
            best += [paid[player - 1] for paid in _corners(base, together)]
    except InputError:
        return bound
    return min(bound, max(best, default=_least(base, player)))


def _may_offer(
    base: BaseGame, player: int, function: SetFunction, outcome: ActionProfile
) -> OutcomeSet:
    """Return all that a function may offer at an outcome, whatever the conditions around it.

    Raises
    ------
    InputError
        When that cannot be read off its code.
    """
    if not is_known(function):
        raise InputError("this function has no code that can be read")
    parts: tuple[SetFunction, ...]
    match function:
        case Outcomes(elements):
            return base.finite(elements)
        case Improving():
            return base.at_least(base.payoffs(outcome))
        case Projection(other):
            return base.pareto_meet_projection(other, base.payoffs(outcome))
        case Both(first, others):
            offered = _may_offer(base, player, first, outcome)
            for part in others:
                offered = offered & _may_offer(base, player, part, outcome)
            return offered
        case Either(first, others):
            parts = (first, *others)
        case When(_, then, otherwise):
            parts = (then, otherwise)
        case ByOutcome(otherwise, rows):
            here = [row.function for row in rows if row.outcome == outcome]
            parts = (here[0],) if here else (otherwise,)
        case Tag(_, inner):
            parts = (inner,)
        case UnconditionalExtension(inner):
            offered = _may_offer(base, player, inner, outcome)
            return offered | base.pareto_meet_projection(player, base.payoffs(outcome))
        case PMPExtension(inner) | ExtensionOnly(inner):
            offered = _may_offer(base, player, inner, outcome)
            reached = [base.payoffs(outcome)]
            reached += [base.payoffs(base.agreed(x)) for x in base.elements(offered)]
            for paid in reached:
                offered = offered | base.pareto_meet_projection(player, paid)
            return offered
        case _:
            raise InputError("what this function may offer cannot be read off its code")
    offered = base.finite(())
    for part in parts:
        offered = offered | _may_offer(base, player, part, outcome)
    return offered


def _corners(base: BaseGame, offered: OutcomeSet) -> Iterator[Payoffs]:
    if isinstance(offered, Region):
        return itertools.chain.from_iterable(offered.pieces)
    return (base.payoffs(base.agreed(x)) for x in base.elements(offered))


def _least(base: BaseGame, player: int) -> Fraction:
    return min(u[player - 1] for u in _payoffs(base))


def _renegotiated(
    base: BaseGame, player: int, opponents: Profile, alone: Fraction
) -> Fraction | None:
    """Return a bound on outcomes that all opponents renegotiate to, or None if they never do.

    ``alone`` is one on what the defaults play.
    """
    if not opponents:
        return None
    maps = [p.rn for p in opponents if isinstance(p, Renegotiation)]
    if len(maps) == len(opponents):
        images = [[base.payoffs(base.agreed(to.image)) for to in rn.entries] for rn in maps]
        if not all(images):
            return None
        return min(max(u[player - 1] for u in some) for some in images)
    csr = [(p.function,) for p in opponents if isinstance(p, CSR)]
    iterated = [p.rounds for p in opponents if isinstance(p, ICSR)]
    for rounds in (csr, iterated):
        if len(rounds) == len(opponents) and len(set(map(len, rounds))) == 1:
            start = alone if rounds is csr else _best(base, player)
            return max(
                min(_accepted(base, player, function, start) for function in functions)
                for functions in zip(*rounds, strict=True)
            )
    return None


def _accepted(base: BaseGame, player: int, function: SetFunction, start: Fraction) -> Fraction:
    """Return a bound on a player's payoff in an opponent's sets.

    ``start`` is one on the outcomes that are renegotiated. Whatever an extension projects is such
    an outcome, or one that the function it extends accepts; another player's projections pay no
    more than that and the PMM.
    """
    if not is_known(function):
        return _best(base, player)
    match function:
        case Outcomes(elements) if elements:
            return max(base.payoffs(base.agreed(e))[player - 1] for e in elements)
        case AtMost(bound, coefficients) if coefficients[player - 1] > 0 and not any(
            c for j, c in enumerate(coefficients, start=1) if j != player
        ):
            return min(bound / coefficients[player - 1], _best(base, player))
        case Both(first, others):
            return min(_accepted(base, player, part, start) for part in (first, *others))
        case Either(first, others):
            return max(_accepted(base, player, part, start) for part in (first, *others))
        case When(_, then, otherwise):
            return max(
                _accepted(base, player, then, start), _accepted(base, player, otherwise, start)
            )
        case ByOutcome(otherwise, rows):
            parts = (otherwise, *(row.function for row in rows))
            return max(_accepted(base, player, part, start) for part in parts)
        case Tag(_, inner):
            return _accepted(base, player, inner, start)
        case PMPExtension(inner) | UnconditionalExtension(inner) | ExtensionOnly(inner):
            least = base.pareto_meet_minimum[player - 1]
            return max(least, start, _accepted(base, player, inner, start))
        case Outcomes():
            return _least(base, player)
    return _best(base, player)


def _renegotiates(part: Term) -> bool:
    return isinstance(part, (Renegotiation, CSR, ICSR, RenegotiationMap))


def _best(base: BaseGame, player: int) -> Fraction:
    return max(u[player - 1] for u in _payoffs(base))


def _payoffs(base: BaseGame) -> Iterator[Payoffs]:
    return map(base.payoffs, base.game.outcomes())


def _actions(program: Program) -> set[Action] | None:
    """Return the actions that a program can return; None if they cannot be read off."""
    if not is_known(program):
        return None
    match program:
        case Always(str(action)):
            return {action}
        case If(_, then, otherwise):
            return _union(_actions(then), _actions(otherwise))
        case Lookup(otherwise, entries) if all(isinstance(e.action, str) for e in entries):
            return _union(_actions(otherwise), {entry.action for entry in entries})
    return None


def _union(a: set[Action] | None, b: set[Action] | None) -> set[Action] | None:
    return None if a is None or b is None else a | b
