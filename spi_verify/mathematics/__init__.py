"""Formulas as mathematics: read from z3, laid out in the notation of the paper, and written."""
