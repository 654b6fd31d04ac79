"""Write the reference of the command line from its commands: ``python docs/cli_reference.py``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from spi_verify.cli import app

_WORDS = (
    "Every command takes `-h`, and `spi-verify --version` says which one this is.",
    "",
    "Shells complete commands, options and files once they have been told so: bash by "
    '`eval "$(_SPI_VERIFY_COMPLETE=bash_source spi-verify)"` in `~/.bashrc`, zsh by '
    '`eval "$(_SPI_VERIFY_COMPLETE=zsh_source spi-verify)"` in `~/.zshrc`, fish by '
    "`_SPI_VERIFY_COMPLETE=fish_source spi-verify | source` in "
    "`~/.config/fish/completions/spi-verify.fish`.",
    "",
    "A `FILE` that is written may be `-`, standard output, for one output of a run; all else then "
    "goes to standard error. Files and folders that cannot be written are refused before anything "
    "is decided. A mistake is one line: what is wrong, where, and what is near.",
)


def reference() -> str:
    """Return the page, with every command in the order of ``--help``."""
    lines = [
        "# Command line",
        "",
        "Written by `python docs/cli_reference.py` from what `--help` says.",
        "",
        str(app.epilog),
        "",
        *_WORDS,
        "",
    ]
    context = click.Context(app)
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        lines += [f"## {name}", "", inspect.cleandoc(command.help or ""), ""]
        lines += [*_parameters(command), ""]
    return "\n".join(lines)


def _parameters(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        usage, default = parameter.metavar, ""
        if isinstance(parameter, click.Option):
            value = parameter.metavar or _values(parameter.type)
            usage = parameter.opts[0] + ("" if parameter.is_flag else f" {value}")
            if isinstance(parameter.type, click.IntRange) and parameter.name != "jobs":
                default = "" if parameter.required else f" (default: {parameter.default})"
        yield f"- `{usage}`: {parameter.help}{default}"


def _values(kind: click.ParamType[Any]) -> str:
    return "|".join(kind.choices) if isinstance(kind, click.Choice) else kind.name.upper()


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(reference(), encoding="utf-8")
