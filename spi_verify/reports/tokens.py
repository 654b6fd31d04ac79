"""What ``spi-verify improve --tokens`` says: what is agreed for tokens, as data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spi_verify.claims.words import lottery_shown, profile_text, shown
from spi_verify.delegation.tokens import TokenGain
from spi_verify.reports.blocks import Block, Heading, Items, Paragraph
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

_ROWS = 24
_NOTHING = "Tokens make nothing better: every outcome that is left is efficient among lotteries."


def tokens_as_data(gains: Sequence[TokenGain]) -> dict[str, Any]:
    """Return what was found as plain data."""
    return {
        "strict": bool(gains),
        "gains": [
            {
                "outcome": list(gain.outcome),
                "lottery": _parts(gain),
                "before": list(map(str, gain.before)),
                "after": list(map(str, gain.after)),
            }
            for gain in gains
        ],
    }


def _parts(gain: TokenGain) -> list[dict[str, Any]]:
    return [{"outcome": list(o), "weight": str(weight)} for o, weight in gain.lottery.items()]


def print_tokens(gains: Sequence[TokenGain], console: Console) -> None:
    """Print what was found, a long list cut short."""
    if not gains:
        _say(console, _NOTHING)
        return
    _say(console, "with tokens: everybody tells the representative to play tokens in the place of")
    _say(console, "actions, by the same payoffs; all agree what is done if these tokens come up")
    for told in _agreed(gains):
        _say(console, f"  {told}")
    _say(console, "all other tokens: what they stand for")


def tokens_report(gains: Sequence[TokenGain]) -> Iterator[Block]:
    """Yield the same as a report."""
    yield Heading(2, ("With tokens",))
    if not gains:
        yield Paragraph((_NOTHING,))
        return
    yield Paragraph(
        (
            "Everybody tells the representative to play tokens in the place of actions, by the "
            "same payoffs. All agree what is done if these tokens come up, and all other tokens "
            "are what they stand for:",
        )
    )
    yield Items(tuple((printable(told),) for told in _agreed(gains)))


def _agreed(gains: Sequence[TokenGain]) -> Iterator[str]:
    for gain in gains[:_ROWS]:
        done = lottery_shown(_parts(gain))
        pays = f"{profile_text(gain.after)} instead of {profile_text(gain.before)}"
        yield f"those of {shown(gain.outcome)}: {done}, which pays {pays}"
    if len(gains) > _ROWS:
        yield f"... and {len(gains) - _ROWS} more (all with --json)"


def _say(console: Console, text: str) -> None:
    console.print(printable(text), soft_wrap=True)
