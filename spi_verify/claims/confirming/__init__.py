"""How stated violations of claims are recomputed; nothing of it is used to find them."""
