"""Programs that run, held against a statement."""
