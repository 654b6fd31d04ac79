"""Claims about games with parameters: as formulas, decided by solvers for all values."""
