"""Counterexamples made of programs that run."""
