"""Program games that run: Algorithms 1 to 3, beliefs, best responses, subjective equilibrium.

Ordinary exact Python. Nothing here imports a solver.
"""
