"""What is wrong with a command line, in one line."""

from __future__ import annotations

import click

from spi_verify.suggestions import suggestion


def misused(error: click.UsageError) -> str:
    """Return what is wrong, where, and what is near or where help is."""
    said = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx
    if context is None:
        return said
    path = context.command_path
    command = path.partition(" ")[2]
    where = f"{command}: " if command else ""
    help = f"'{path} --help'"
    if isinstance(error, click.NoSuchOption):
        options = [name for one in context.command.get_params(context) for name in one.opts]
        near = suggestion(error.option_name, options, most=0, where=help)
        return f"{where}No such option: {error.option_name}{near}"
    if isinstance(error, click.NoSuchCommand) and isinstance(context.command, click.Group):
        commands = context.command.list_commands(context)
        near = suggestion(error.command_name, commands, most=0, where=help)
        return f"{where}No such command: {error.command_name}{near}"
    return f"{where}{said} ({help} says more)"
