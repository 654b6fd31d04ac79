"""``python -m spi_verify`` is the same as ``spi-verify``."""

from spi_verify.cli import main

main()
