"""Iterated programs, held against a statement."""
