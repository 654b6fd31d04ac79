"""Counterexamples that are feasible sets."""
