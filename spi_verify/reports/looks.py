"""How things look in pictures, the same in all commands."""

from __future__ import annotations

from typing import Any

PLAYERS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""A colour for each player, of the palette of Okabe and Ito; markers and dashes differ, too."""

MARKERS = (">", "^", "s", "D", "v", "o")
DASHES: tuple[Any, ...] = ("solid", (0, (3, 0.8)), (0, (1, 0.8)))

BESIDE = (  # the same to the right of a point, above it, and in between
    ((1, 0), (0.46, 0.32), (0.46, -0.32), (1, 0)),
    ((0, 1), (-0.32, 0.46), (0.32, 0.46), (0, 1)),
    ((0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1), (0.5, 0.5)),
)
REACH = 16  # what 1 is there, in typographic points

FEASIBLE: dict[str, Any] = {"facecolor": "#E9EDF2", "edgecolor": "#8A939E"}
PMM = "#AA3377"
MEET, MEET_EDGE = "#F5E98A", "#9A8F2E"
QUIET = "#999999"

POINT: dict[str, dict[str, Any]] = {
    "meet": {"marker": "o", "markersize": 15, "color": MEET, "markeredgecolor": MEET_EDGE},
    "dominated": {"marker": "o", "markersize": 5, "color": "white", "markeredgecolor": "#555555"},
    "efficient": {"marker": "o", "markersize": 7, "color": "black"},
    "pmm": {
        "marker": "D",
        "markersize": 11,
        "color": "none",
        "markeredgecolor": PMM,
        "markeredgewidth": 2,
    },
    "outcome": {"marker": "X", "markersize": 11, "color": "black", "markeredgecolor": "white"},
    "agreed": {"marker": "*", "markersize": 15, "color": "white", "markeredgecolor": "black"},
}

DARK = {
    "#ffffff": "#1e2125",
    "#000000": "#e6e8ea",
    "#333333": "#c9cfd6",
    "#555555": "#a3abb5",
    "#777777": "#8d96a0",
    "#e9edf2": "#2b3139",
    "#8a939e": "#77818c",
    "#f5e98a": "#5a5220",
    "#9a8f2e": "#c2b65a",
    "#0072b2": "#56b4e9",
    "#d55e00": "#ff9a52",
    "#009e73": "#3fd6a8",
    "#aa3377": "#f08cc0",
}
"""What each colour of a picture is on a dark page."""
