"""Counterexamples to statements: found, executed, saved, and confirmed again without a solver."""
