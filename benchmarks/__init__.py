"""What things take: ``python -m benchmarks``."""
