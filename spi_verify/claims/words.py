"""Outcomes, payoffs and lotteries in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spi_verify.games.game import Game, Payoffs
from spi_verify.games.players import called

if TYPE_CHECKING:
    from spi_verify.claims.kind import Claim, Violation

MOST = 6
"""So many members of a set, or profiles of a belief, are told."""


def shown(reference: Sequence[str] | Mapping[str, str]) -> str:
    """Write an outcome: ``(Slot 1, Slot 2)`` or ``the mixture NAME``."""
    if isinstance(reference, Mapping):
        return f"the mixture {reference['mixture']}"
    return f"({', '.join(reference)})"


def told(claim: Claim, violation: Violation, game: Game) -> str:
    """Tell a violation in a sentence, with the players' names."""
    return claim.story({**violation, "players": list(game.players)})


def who(v: Mapping[str, Any], number: int | None = None) -> str:
    """Return what the player of a violation, or the one of a number, is called."""
    return called(v.get("players", ()), v["player"] if number is None else number)


def lottery_shown(parts: Sequence[Mapping[str, Any]]) -> str:
    """Write a lottery: ``the lottery 1/2 (A, B) + 1/2 (B, A)``, or its one outcome."""
    if len(parts) == 1:
        return shown(parts[0]["outcome"])
    terms = (f"{part['weight']} {shown(part['outcome'])}" for part in parts)
    return f"the lottery {' + '.join(terms)}"


def texts(payoffs: Payoffs) -> list[str]:
    """Write each payoff the way files do."""
    return [str(u) for u in payoffs]


def profile_text(payoffs: Payoffs) -> str:
    """Write a payoff profile: ``(3, 11/4)``."""
    return texts_shown(texts(payoffs))


def texts_shown(payoffs: Sequence[str]) -> str:
    """Write a payoff profile that is text already."""
    return f"({', '.join(payoffs)})"


def run_shown(v: Mapping[str, Any]) -> str:
    """Tell what the players agree on from an outcome, and what is selected."""
    if not v["agreement"]:
        return f"from {shown(v['outcome'])} the players agree on nothing and stay there"
    return (
        f"from {shown(v['outcome'])} the agreement set is {set_shown(v['agreement'])} and "
        f"{selection_shown(v['selection'])} selects {texts_shown(v['selected'])}"
    )


def selection_shown(text: str) -> str:
    """Write a selection function; a table of choices is too long."""
    return "some selection function" if text.startswith("(select-table") else text


def set_shown(pieces: Sequence[Any]) -> str:
    """Write a set: its outcomes, or the corners of its pieces."""
    if not pieces:
        return "empty"
    if isinstance(pieces[0][0], str):
        shown_pieces = [texts_shown(piece) for piece in pieces[:MOST]]
    else:
        shown_pieces = [" ".join(map(texts_shown, piece)) for piece in pieces[:MOST]]
        shown_pieces = [
            text if len(piece) == 1 else f"the hull of {text}"
            for text, piece in zip(shown_pieces, pieces, strict=False)
        ]
    more = f" and {len(pieces) - MOST} more" if len(pieces) > MOST else ""
    return f"{{{', '.join(shown_pieces)}{more}}}"
