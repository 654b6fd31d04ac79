"""Claims about set-valued renegotiation (Section 4): compiled, decided, recomputed."""
