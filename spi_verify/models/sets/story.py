"""Violations of claims about sets in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spi_verify.models.story import shown, texts_shown

_MOST = 6

Violation = Mapping[str, Any]


def _worse_offer(claim: Any, v: Violation) -> str:
    return (
        f"at {shown(v['outcome'])} {claim.function} offers {texts_shown(v['offered'])}"
        f"{_against(v)}, where player {v['player']} gets {v['after']}, less than {v['before']}; "
        "Definition 7 allows improvements only"
    )


def _no_offer(claim: Any, v: Violation) -> str:
    return (
        f"{claim.function} offers nothing better for anyone, from no outcome{_against(v)}; "
        "Definition 7 asks for a strict improvement"
    )


def _against(v: Violation) -> str:
    named = [
        f"{_short(other)} of player {j}" for j, other in enumerate(v["against"], start=1) if other
    ]
    return f" against {' and '.join(named)}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _left_out(_: Any, v: Violation) -> str:
    return f"{_run(v)}; {texts_shown(v['point'])} is agreed on and not claimed"


def _outsider(_: Any, v: Violation) -> str:
    return f"{_run(v)}; {texts_shown(v['point'])} is claimed and not agreed on"


def _selected(_: Any, v: Violation) -> str:
    return _run(v)


def _loss(claim: Any, v: Violation) -> str:
    least = "the default outcome pays"
    if claim.kind == "pmm-guarantee":
        least = "the default outcome and the PMM give at least"
    return f"{_run(v)}: player {v['player']} gets {v['gets']}, and {least} {v['least']}"


def _nothing_gained(_: Any, v: Violation) -> str:
    return (
        f"nobody gains from any of the {v['defaults']} default outcomes when "
        f"{_selection(v)} selects; Definition 3 asks for a strict gain"
    )


def _not_preferred(claim: Any, v: Violation) -> str:
    against = "; ".join(
        f"against {row['profile']} (weight {row['weight']}) {_earned(claim, row)}"
        for row in v["believed"][:_MOST]
    )
    wanted = "at least as much" if v["by"] == "0" else f"{v['by']} more"
    return (
        f"{claim.function} earns {v['difference']} more than {claim.over} in expectation, "
        f"not {wanted}: {against}"
    )


def _weights(claim: Any, v: Violation) -> str:
    against = "; ".join(f"against {row['profile']} {_earned(claim, row)}" for row in v["believed"])
    name = v["believed"][0]["profile"]
    return (
        f"{claim.function} is as good as {claim.over} for {_interval(v['actual'])} of {name}, "
        f"not for {_interval(v['claimed'])}: {against}"
    )


def _earned(claim: Any, row: Violation) -> str:
    return f"{claim.function} earns {row['earns']} and {claim.over} {row['other_earns']}"


def _interval(ends: Sequence[str]) -> str:
    return f"weights from {ends[0]} to {ends[1]}" if ends else "no weight"


def _extension_hurts(_: Any, v: Violation) -> str:
    return (
        f"profile {v['profile']}: {_run(v)}; with the PMP-extension the agreement set is "
        f"{_set(v['extended_agreement'])} and {texts_shown(v['extended_selected'])} is selected: "
        f"player {v['player']} gets {v['after']}, down from {v['before']}"
    )


def _extension_punished(_: Any, v: Violation) -> str:
    change = (
        "loses" if v["change"] == "lost" else "gains, though it is none of the allowed projections,"
    )
    return (
        f"profile {v['profile']}, at {shown(v['outcome'])}: in response to the PMP-extension "
        f"player {v['player']}'s set {change} {texts_shown(v['point'])}"
    )


def _not_transitive(claim: Any, v: Violation) -> str:
    members = ", ".join(map(texts_shown, v["set"]))
    added = ", ".join(map(texts_shown, v["added"]))
    return (
        f"{claim.selection} selects {texts_shown(v['selected'])} from {{{members}}}; {added} "
        f"weakly improves on it, and with that {texts_shown(v['selected_from_both'])} is "
        f"selected: player {v['player']} gets {v['after']}, down from {v['before']}"
    )


def _run(v: Violation) -> str:
    if not v["agreement"]:
        return f"from {shown(v['outcome'])} the players agree on nothing and stay there"
    return (
        f"from {shown(v['outcome'])} the agreement set is {_set(v['agreement'])} and "
        f"{_selection(v)} selects {texts_shown(v['selected'])}"
    )


def _selection(v: Violation) -> str:
    text = str(v["selection"])
    return "some selection function" if text.startswith("(select-table") else text


def _set(pieces: Sequence[Any]) -> str:
    """Write a set: its outcomes, or the corners of its pieces."""
    if not pieces:
        return "empty"
    if isinstance(pieces[0][0], str):
        shown_pieces = [texts_shown(piece) for piece in pieces[:_MOST]]
    else:
        shown_pieces = [" ".join(map(texts_shown, piece)) for piece in pieces[:_MOST]]
        shown_pieces = [
            text if len(piece) == 1 else f"the hull of {text}"
            for text, piece in zip(shown_pieces, pieces, strict=False)
        ]
    more = f" and {len(pieces) - _MOST} more" if len(pieces) > _MOST else ""
    return f"{{{', '.join(shown_pieces)}{more}}}"


STORIES: Mapping[str, Callable[[Any, Violation], str]] = {
    "worse-offer": _worse_offer,
    "no-offer": _no_offer,
    "agreement-left-out": _left_out,
    "agreement-outsider": _outsider,
    "selected": _selected,
    "renegotiated-loss": _loss,
    "nothing-gained": _nothing_gained,
    "not-preferred": _not_preferred,
    "weights": _weights,
    "extension-hurts": _extension_hurts,
    "extension-punished": _extension_punished,
    "not-transitive": _not_transitive,
}
"""How each violation is told, by the name that stands under ``violates``."""
