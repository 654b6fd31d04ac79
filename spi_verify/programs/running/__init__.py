"""Running programs against each other in a base game."""
