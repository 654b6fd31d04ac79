"""What the code of set-valued functions settles about all the others' functions and outcomes."""

from __future__ import annotations

from typing import Any

from spi_verify.errors import Rejected
from spi_verify.games.game import Payoffs
from spi_verify.programs.base_game import BaseGame, CorrelatedBase
from spi_verify.programs.execution import Execution
from spi_verify.programs.functions import (
    AtMost,
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
from spi_verify.programs.selection import Selection
from spi_verify.programs.terms import subterms
from spi_verify.programs.variants import ExtensionOnly, UnconditionalExtension

_UNCONDITIONAL = (
    AtMost,
    Both,
    ByOutcome,
    Either,
    Improving,
    ImprovingOnMeet,
    Outcomes,
    Projection,
    Row,
    Tag,
    UnconditionalExtension,
)


def unconditional(function: SetFunction) -> bool:
    """Return whether a function's sets do not depend on the others' functions, by its code."""
    return all(isinstance(part, _UNCONDITIONAL) for part in subterms(function))


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
    if _only_improves(base, row.function):
        return True
    here = base.payoffs(row.outcome)
    return isinstance(row.function, Outcomes) and all(
        all(x >= u for x, u in zip(base.payoffs(base.agreed(e)), here, strict=True))
        for e in row.function.elements
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
