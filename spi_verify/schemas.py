"""The schemas of what ``replay`` reads, by which it knows what to load for a file."""

OF_CLAIM = "spi-verify/counterexample/1"
"""A counterexample to a claim of a model file."""

OF_STATEMENT = "spi-verify/refutation/1"
"""A counterexample to a statement."""

OF_TIGHTNESS = "spi-verify/tightness/1"
"""A construction for Proposition 5."""

OF_INSTANCE = "spi-verify/instance/1"
"""An instance, which holds a scenario; its formulas are read only to replay it."""
