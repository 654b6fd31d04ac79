"""How violations of claims are found; nothing of it is used to confirm them."""
