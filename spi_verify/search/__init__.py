"""Where regression tests that were written before look for what executes their counterexamples."""
