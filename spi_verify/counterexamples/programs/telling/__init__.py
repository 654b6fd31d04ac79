"""A counterexample made of programs in words."""
