"""Counterexamples made of sets of outcomes, to what selection functions do."""
