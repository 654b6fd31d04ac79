"""Small worlds with unknowns: payoffs alone, renegotiation programs, CSR programs."""
