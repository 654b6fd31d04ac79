"""Violations and payoffs in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spi_verify.games.game import Payoffs
from spi_verify.models.document import Claim


def story(claim: Claim, violation: Mapping[str, Any]) -> str:
    """Tell a violation in a sentence."""
    from spi_verify.models.sets.story import STORIES

    v = violation
    function = getattr(claim, "function", "")
    match v["violates"]:
        case "loss":
            return (
                f"{function} sends {shown(v['outcome'])} to {shown(v['image'])}, "
                f"where player {v['player']} gets {v['after']} instead of {v['before']}"
            )
        case "no-gain" if claim.kind == "spi":
            return (
                f"{function} improves nothing for anyone among the outcomes that default programs "
                f"can reach ({v['outcomes']} in all); Definition 3 asks for a strict gain"
            )
        case "no-gain":
            return f"{function} improves nothing for anyone; Definition 4 asks for a strict gain"
        case "below-pmm":
            return (
                f"from {shown(v['outcome'])} {function} leads to {shown(v['image'])}, "
                f"where player {v['player']} gets {v['after']}, less than the PMM {v['pmm']}"
            )
        case "inefficient":
            return (
                f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])} and is not efficient: "
                f"{_lottery_shown(v['dominated_by'])} is better for one player and worse for none"
            )
        case "efficient-left-out":
            return (
                f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])}, is efficient, "
                "and is not listed"
            )
        case "pmm":
            return (
                f"player {v['player']}'s PMM is {v['actual']}, attained by "
                f"{shown(v['attained_by'])}, not {v['claimed']}"
            )
        case "pmp-outsider":
            return (
                f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])} and is not in the "
                "projection"
            )
        case "pmp-left-out":
            return (
                f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])}, is in the projection, "
                "and is not listed"
            )
        case violates if violates in STORIES:
            return STORIES[violates](claim, v)
        case "pmp-segment" if not v["actual"]:
            return "the projection is empty"
        case _:
            ends = " to ".join(dict.fromkeys(map(texts_shown, v["actual"])))
            return f"the projection is {ends}"


def shown(reference: Sequence[str] | Mapping[str, str]) -> str:
    """Write an outcome: ``(Slot 1, Slot 2)`` or ``the mixture NAME``."""
    if isinstance(reference, Mapping):
        return f"the mixture {reference['mixture']}"
    return f"({', '.join(reference)})"


def _lottery_shown(parts: Sequence[Mapping[str, Any]]) -> str:
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
