"""Write the reference of the command line from its own help: ``python docs/cli_reference.py``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from typer.models import ArgumentInfo

from spi_verify.cli import app

_TYPES = {int: "INTEGER", float: "NUMBER", str: "TEXT", Path: "PATH"}

_WORDS = (
    "Every command takes `-h`, and `spi-verify --version` says which one this is. "
    "`spi-verify --install-completion` teaches your shell (bash, zsh, fish) to complete "
    "commands and options; `--show-completion` shows what it would be taught.",
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
        str(app.info.epilog),
        "",
        *_WORDS,
        "",
    ]
    for command in app.registered_commands:
        assert command.callback is not None
        lines += [f"## {command.name}", "", inspect.getdoc(command.callback) or "", ""]
        lines += [*_parameters(command.callback), ""]
    return "\n".join(lines)


def _parameters(command: Callable[..., Any]) -> Iterator[str]:
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        annotated, *details = get_args(parameter.annotation)
        info = details[0]
        if info.hidden:
            continue
        types = [kind for kind in _flat(annotated) if kind in (*_TYPES, bool)]
        if isinstance(info, ArgumentInfo):
            usage = info.metavar or name.upper()
        else:
            said = [info.default, *(info.param_decls or ())]
            names = [one for one in said if isinstance(one, str) and one.startswith("-")]
            usage = names[0] if names else f"--{name.replace('_', '-')}"
            if bool not in types:
                usage += f" {info.metavar or (_TYPES[types[0]] if types else _choices(annotated))}"
        default = parameter.default
        shown = f" (default: {default})" if isinstance(default, int) and name != "jobs" else ""
        yield f"- `{usage}`: {info.help}{'' if default is False else shown}"


def _choices(annotation: Any) -> str:
    kind = next(k for k in _flat(annotation) if isinstance(k, type) and issubclass(k, Enum))
    return "|".join(str(one.value) for one in kind)


def _flat(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _flat(part)


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(reference(), encoding="utf-8")
