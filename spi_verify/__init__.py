"""Formal verification of safe Pareto improvements in program games."""
