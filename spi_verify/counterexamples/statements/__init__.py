"""What a counterexample refutes: statements by their formulas, named, written and read."""
