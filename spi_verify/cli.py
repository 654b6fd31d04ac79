"""The command line: ``spi-verify`` and ``python -m spi_verify``.

A command is a module in :mod:`spi_verify.commands`, which is imported when the command is named,
or when all are listed. Those modules import nothing heavy at the top, so that ``--help`` answers
at once.
"""

from __future__ import annotations

import _thread
import atexit
import contextvars
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click
from click.exceptions import Exit, NoArgsIsHelpError

from spi_verify.commands.output import complain
from spi_verify.errors import InputError, interruptible

NAME = "spi-verify"
BROKEN_PIPE = 141
"""The exit code where nobody reads the output any more: that of a shell's other commands."""

COMMANDS = (
    "check",
    "watch",
    "show",
    "convert",
    "replay",
    "prove",
    "refute",
    "audit",
    "suffice",
    "coarsen",
    "improve",
    "tightness",
    "export",
    "list",
    "explain",
    "check-code",
    "merge",
    "init",
)


class Commands(click.Group):
    """The commands, whose complaints about a command line are one line each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands, as help lists them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, and import it for that."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"spi_verify.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is named."""
        try:
            with interruptible():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Exit(130) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Exit(BROKEN_PIPE) from None

    def main(self, args: Sequence[str] | None = None, *others: Any, **given: Any) -> Any:
        """Run a command and exit with its code."""
        given |= {"prog_name": NAME, "standalone_mode": False}
        try:
            # A context of its own: what one run notes, the next one in this process does not see.
            code: Any = contextvars.copy_context().run(super().main, args, *others, **given)
        except NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.UsageError as error:
            from spi_verify.commands.misuse import misused

            raise InputError(misused(error)) from None
        sys.exit(code if isinstance(code, int) else 0)


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from spi_verify import __version__

        click.echo(f"{NAME} {__version__}")
        context.exit()


@click.group(
    NAME,
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
    epilog=(
        "Exit codes: 0 as expected; 1 a verdict contradicts its expectation; "
        "2 bad input or nothing to check; 3 undecided."
    ),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
def app() -> None:
    """Check conjectured safe Pareto improvements, exactly, with evidence."""


def main() -> None:
    """Run the command line and exit with a code of the contract."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    atexit.register(gc.freeze)  # ending, Python looks through all that there is, for nothing
    before, sys.unraisablehook = sys.unraisablehook, _interrupt_again
    if sys.argv[1:2] == ["replay"]:
        from spi_verify import formulas_only

        formulas_only.stand_in()  # whatever is imported for it, no solver is
    try:
        with interruptible():
            app()
    except InputError as error:
        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        import traceback

        traceback.print_exc()
        print("spi-verify: internal error, please report it with the text above", file=sys.stderr)
        sys.exit(2)
    finally:
        sys.unraisablehook = before


def _interrupt_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Repeat a Ctrl-C that came while z3 freed an expression, where nobody hears of it."""
    if unraisable.exc_type is KeyboardInterrupt:
        import threading

        threading.Timer(0.01, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(unraisable)
