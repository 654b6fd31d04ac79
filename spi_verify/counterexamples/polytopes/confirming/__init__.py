"""A feasible set, held against a statement."""
