"""Small worlds of programs: filled in by a solver, or listed."""
