"""How a tie was broken, where a selection function finds several outcomes equally good."""

from __future__ import annotations

from typing import Any

from spi_verify.counterexamples.programs.telling.wording import listed, names
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.selections import Scoring


def tie(base: BaseGame, selection: Any, agreed: Any, reached: Any) -> str:
    """Return how a tie among what is agreed on was broken, to be put after it; or nothing.

    Parameters
    ----------
    base
        The game; in correlated play ties are rare, and nothing is told.
    selection
        What selects.
    agreed
        What it selects from.
    reached
        What it selects.
    """
    if not isinstance(selection, Scoring) or isinstance(agreed, Region) or reached not in agreed:
        return ""
    paid = {one: base.payoffs(base.agreed(one)) for one in base.elements(agreed)}
    ideal = tuple(map(max, zip(*paid.values(), strict=True)))
    best = selection.score(paid[reached], ideal)
    tied = [f"({names(one)})" for one in paid if selection.score(paid[one], ideal) == best]
    if len(tied) < 2:
        return ""
    called = str(selection).removeprefix("(").removesuffix(")")
    return (
        f"; {called} finds {listed(tied, 'and')} equally good, and of those it takes the first "
        "outcome of the game"
    )
