"""Counterexamples made of iterated programs, and constructions of such."""
