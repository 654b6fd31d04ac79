"""The kinds of claims that come with the package: each in the file of its name."""

NAMES = (
    "renegotiation-function",
    "spi",
    "individually-rational-to-pmm",
    "efficient",
    "pmm",
    "pmp",
    "set-valued-renegotiation-function",
    "agreement",
    "pmm-guarantee",
    "prefers",
    "pmp-extension-safe",
    "pmp-extension-unpunished",
    "selection-transitive",
    "payoff-transformation-spi",
    "dominance-reduction",
    "isomorphic",
    "safe-improvement",
    "token-spi",
    "efficient-in-hull",
)
"""In the order in which messages list them."""
