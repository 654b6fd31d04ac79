"""``spi-verify check``."""

import typer


def command() -> None:
    """Not there yet."""
    raise typer.Exit(2)
