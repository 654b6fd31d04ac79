"""Model files: conjectures about a game, decided claim by claim, and their counterexamples."""
