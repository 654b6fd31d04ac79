"""What the code of set-valued functions settles about all the others' functions and outcomes."""

from __future__ import annotations

from typing import Any

from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Outcome, Payoffs
from spi_verify.programs.deciding.reading import Looks, looks, unconditional
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import (
    Accepts,
    Both,
    ByOutcome,
    Either,
    FunctionIs,
    Improving,
    ImprovingOnMeet,
    Outcomes,
    PMPExtension,
    Projection,
    Row,
    SetFunction,
    Tag,
    Tagged,
    When,
)
from spi_verify.programs.language.selections import Fixed, Selection
from spi_verify.programs.language.terms import subterms
from spi_verify.programs.language.variants import ExtensionOnly, UnconditionalExtension
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.programs.running.execution import Execution

_BY_VALUES = (When, Accepts, PMPExtension)


def reads_values_only(function: SetFunction) -> bool:
    """Return whether a function's sets depend on others' functions by their values, not code."""
    return all(
        looks(part) == Looks.NOTHING or type(part) in _BY_VALUES for part in subterms(function)
    )


def offers_the_same(
    base: BaseGame, selection: Selection, player: int, function: SetFunction
) -> bool:
    """Return whether the extension of a function offers the same whatever the others offer.

    Parameters
    ----------
    base, selection
        The game and the selection function.
    player, function
        Whose function it is, from 1; one that does not look at the others' functions.

    Notes
    -----
    At an outcome a the function reaches a, or something that it offers there, or what the
    selection function always picks; the projections of all these have to add the same. A
    projection of a projection of the same player is a projection.
    """
    tables = _tables(base, function)
    if tables is None:
        return False
    for outcome, part in tables.items():
        offered = _value(base, selection, player, part, outcome)
        if not offered:
            continue
        alternatives = _alternatives(part)
        own = [f for f in alternatives if f == Projection(player)]
        try:
            rest = [f for f in alternatives if f not in own]
            reached = [
                x for f in rest for x in base.elements(_value(base, selection, player, f, outcome))
            ]
        except InputError:
            return False
        if isinstance(selection, Fixed):
            reached, own = [selection.element], []
        here = offered | base.pareto_meet_projection(player, base.payoffs(outcome))
        for x in reached:
            added = base.pareto_meet_projection(player, base.payoffs(base.agreed(x)))
            there = offered | added
            if not (there <= here and here <= there):
                return False
    return True


def projects_into_itself(
    base: BaseGame, selection: Selection, player: int, function: SetFunction
) -> bool:
    """Return whether a function offers all projections of what it may reach, at every outcome.

    Adding such projections, whenever and against whomever, then changes nothing.

    Parameters
    ----------
    base, selection
        The game and the selection function.
    player, function
        Whose function it is, from 1; one that does not look at the others' functions.

    Notes
    -----
    Settled for pure outcomes only. At an outcome a the function reaches a, or something that it
    offers there.
    """
    if isinstance(base, CorrelatedBase) or isinstance(selection, Fixed):
        return False
    for outcome in base.game.outcomes():
        offered = _value(base, selection, player, function, outcome)
        for x in (outcome, *base.elements(offered)):
            added = base.pareto_meet_projection(player, base.payoffs(base.agreed(x)))
            if not added <= offered:
                return False
    return True


def nothing_added(
    base: BaseGame,
    selection: Selection,
    player: int,
    default: Outcome,
    function: SetFunction,
) -> bool:
    """Return whether no extension of a player's function is met by another player's function.

    Parameters
    ----------
    base, selection
        A game with two players, and the selection function.
    player
        Who extends, from 1.
    default
        The only default outcome that there is; at others an extension may offer anything.
    function
        The other's function, which does not look at the player's.

    Notes
    -----
    An extension adds the player's projections of what is reached. Where the other offers none of
    these, but what was reached, the same is reached as before, and so the extension of the
    other's function offers the same.
    """
    tables = _tables(base, function)
    if tables is None:
        return False
    other = 3 - player
    for outcome, part in tables.items():
        offered = _value(base, selection, other, part, outcome)
        if not offered:
            continue
        if outcome != default:
            return False
        if offered & base.pareto_meet_projection(player, base.payoffs(outcome)):
            return False
        if isinstance(selection, Fixed):
            continue
        try:
            elements = base.elements(offered)
        except InputError:
            return False
        for x in elements:
            added = base.pareto_meet_projection(player, base.payoffs(base.agreed(x)))
            if not (added & offered) <= base.finite([x]):
                return False
    return True


def _tables(base: BaseGame, function: SetFunction) -> dict[Outcome, SetFunction] | None:
    """Return a function's part at every outcome where it may offer anything, or None."""
    if not isinstance(base, CorrelatedBase):
        parts = {}
        for outcome in base.game.outcomes():
            part = function
            while isinstance(part, ByOutcome):
                rows = [row.function for row in part.rows if row.outcome == outcome]
                part = rows[0] if rows else part.otherwise
            parts[outcome] = part
        return parts
    if not isinstance(function, ByOutcome) or function.otherwise != Outcomes(()):
        return None
    return {row.outcome: row.function for row in reversed(function.rows)}


def require_set_function(
    base: BaseGame, selection: Selection, player: int, function: SetFunction
) -> None:
    """Make sure that a function satisfies Definition 7 against all functions of the others.

    Parameters
    ----------
    base, selection
        The game and the selection function it is used with.
    player, function
        Whose function it is, from 1.

    Raises
    ------
    Rejected
        When it offers something worse, or nothing better, or its code does not settle that.
    """
    if isinstance(function, (PMPExtension, ExtensionOnly, UnconditionalExtension, Tag)):
        require_set_function(base, selection, player, function.function)
        return
    if isinstance(function, When) and isinstance(function.condition, (FunctionIs, Tagged)):
        require_set_function(base, selection, player, function.then)
        require_set_function(base, selection, player, function.otherwise)
        return
    if isinstance(function, When) and isinstance(function.condition, Accepts):
        require_set_function(base, selection, player, function.then)
        require_set_function(base, selection, player, function.otherwise)
        if not any(
            all(
                _has_gain(base, _value(base, selection, player, part, a), base.payoffs(a))
                for part in (function.then, function.otherwise)
            )
            for a in base.game.outcomes()
        ):
            raise Rejected(f"nowhere does {function} offer a strict improvement in both cases")
        return
    if not unconditional(function):
        raise Rejected(f"whether {function} satisfies Definition 7 is not settled by its code")
    if isinstance(base, CorrelatedBase) and not _only_improves(base, function):
        raise Rejected(f"whether {function} offers improvements only is not settled by its code")
    gains = False
    for outcome in base.game.outcomes():
        here = base.payoffs(outcome)
        offered = _value(base, selection, player, function, outcome)
        better = base.at_least(here) if not isinstance(base, CorrelatedBase) else offered
        if not isinstance(base, CorrelatedBase) and not offered <= better:
            raise Rejected(f"{function} offers something worse than {_shown(outcome)}")
        gains = gains or _has_gain(base, offered, here)
    if not gains:
        raise Rejected(
            f"{function} never offers a strict improvement on a pure outcome, as Definition 7 asks"
        )


def _value(
    base: BaseGame, selection: Selection, player: int, function: SetFunction, outcome: Any
) -> Any:
    functions = tuple(function for _ in base.players)
    return Execution(base).value(player, functions, selection, outcome)


def _has_gain(base: BaseGame, offered: Any, here: Payoffs) -> bool:
    if isinstance(base, CorrelatedBase):
        points = [corner for piece in offered.pieces for corner in piece]
    else:
        points = [base.payoffs(x) for x in offered]
    return any(point != here for point in points)


def _only_improves(base: BaseGame, function: SetFunction) -> bool:
    """Whether the code shows that only weak improvements on the outcome are offered."""
    if isinstance(function, (Improving, ImprovingOnMeet, Projection)):
        return True
    if isinstance(function, Outcomes):
        return not function.elements
    if isinstance(function, Both):
        return any(_only_improves(base, f) for f in (function.first, *function.others))
    if isinstance(function, Either):
        return all(_only_improves(base, f) for f in (function.first, *function.others))
    if isinstance(function, ByOutcome):
        return _only_improves(base, function.otherwise) and all(
            _row_improves(base, row) for row in function.rows
        )
    return False


def _row_improves(base: BaseGame, row: Row) -> bool:
    here = base.payoffs(row.outcome)
    return all(
        _only_improves(base, part)
        or (
            isinstance(part, Outcomes)
            and all(
                all(x >= u for x, u in zip(base.payoffs(base.agreed(e)), here, strict=True))
                for e in part.elements
            )
        )
        for part in _alternatives(row.function)
    )


def _alternatives(function: SetFunction) -> tuple[SetFunction, ...]:
    return (function.first, *function.others) if isinstance(function, Either) else (function,)


def require_projections_offered(
    base: BaseGame, selection: Selection, player: int, function: SetFunction
) -> None:
    """Make sure that a function offers all the player's projections of what is reached.

    Raises
    ------
    Rejected
        When it does not, or its code does not settle that, whatever the others offer.
    """
    if isinstance(selection, Fixed):
        raise Rejected(f"what is reached with {selection} may be offered by nobody")
    if any(part in (Improving(), ImprovingOnMeet()) for part in _alternatives(function)):
        return
    if isinstance(base, CorrelatedBase):
        _require_projections_and_points(base, player, function)
    else:
        _require_projections(base, selection, player, function)


def _require_projections(
    base: BaseGame, selection: Selection, player: int, function: SetFunction
) -> None:
    """What is reached at an outcome is the outcome itself, or offered there."""
    if not unconditional(function):
        raise Rejected(f"whether {function} offers all projections is not settled by its code")
    for outcome in base.game.outcomes():
        offered = _value(base, selection, player, function, outcome)
        for reached in (outcome, *offered):
            payoffs = base.payoffs(reached)
            if not base.pareto_meet_projection(player, payoffs) <= offered:
                raise Rejected(
                    f"{function} does not offer all projections of {_shown(reached)} at "
                    f"{_shown(outcome)}"
                )


def _require_projections_and_points(base: BaseGame, player: int, function: SetFunction) -> None:
    """Projections of projections are projections; other points must project to themselves."""
    alternatives = _alternatives(function)
    for part in alternatives:
        if part == Projection(player):
            continue
        for element in _points(part):
            paid = base.payoffs(base.agreed(element))
            projected = base.pareto_meet_projection(player, paid)
            if not projected <= base.finite([element]):
                raise Rejected(f"{function} does not offer all projections of {_shown(element)}")
    if Projection(player) not in alternatives:
        raise Rejected(f"{function} does not offer all projections of the outcome itself")


def _points(function: SetFunction) -> list[Any]:
    """Return the finitely many points that a function can offer at all."""
    if isinstance(function, Outcomes):
        return list(function.elements)
    if isinstance(function, Both) and function.first == Improving() and len(function.others) == 1:
        return _points(function.others[0])
    if isinstance(function, ByOutcome):
        inner = [function.otherwise, *(row.function for row in function.rows)]
        return [element for part in inner for element in _points(part)]
    raise Rejected(f"what {function} offers is not settled by its code")


def _shown(outcome: Any) -> str:
    return f"({', '.join(map(str, outcome))})"
