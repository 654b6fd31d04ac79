"""The command line: ``spi-verify`` and ``python -m spi_verify``.

A command is a module in :mod:`spi_verify.commands`. Those modules import nothing heavy at the
top, so that ``--help`` answers at once.
"""

from __future__ import annotations

import _thread
import contextvars
import io
import sys
import threading
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from spi_verify import formulas_only
from spi_verify.commands import (
    audit,
    check,
    check_code,
    coarsen,
    convert,
    explain,
    export,
    improve,
    init,
    list,
    merge,
    prove,
    refute,
    replay,
    show,
    suffice,
    tightness,
    watch,
)
from spi_verify.commands.misuse import UsageError, misused
from spi_verify.commands.output import complain
from spi_verify.errors import InputError, interruptible


def _version(asked: bool) -> None:
    if asked:
        from spi_verify import __version__

        typer.echo(f"spi-verify {__version__}")
        raise typer.Exit


class Commands(TyperGroup):
    """The commands, whose complaints about a command line are one line each."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **given: Any) -> Any:
        """Run a command and exit with its code."""
        asked = [*(sys.argv[1:] if args is None else args)]
        try:
            # A context of its own: what one run notes, the next one in this process does not see.
            run = contextvars.copy_context().run
            code = run(super().main, asked, *others, **{**given, "standalone_mode": False})
        except UsageError as error:
            if error.ctx is None or not asked:  # nothing was asked for: the help is shown
                error.show()
                sys.exit(2)
            raise InputError(misused(error)) from None
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    name="spi-verify",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check conjectured safe Pareto improvements, exactly, with evidence.",
    epilog=(
        "Exit codes: 0 as expected; 1 a verdict contradicts its expectation; "
        "2 bad input or nothing to check; 3 undecided."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    check,
    watch,
    show,
    convert,
    replay,
    prove,
    refute,
    audit,
    suffice,
    coarsen,
    improve,
    tightness,
    export,
    list,
    explain,
    check_code,
    merge,
    init,
):
    app.command(module.__name__.rpartition(".")[2].replace("_", "-"))(module.command)


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_version, help="Show the version."),
    ] = False,
) -> None:
    """Check conjectured safe Pareto improvements, exactly, with evidence."""


@cache
def built(named: str) -> Any:
    """Return what typer builds of the command that is named, or of all if none is.

    Building all takes longer than running many of them.
    """
    everything = app.registered_commands
    try:
        app.registered_commands = [one for one in everything if one.name == named] or everything
        return get_command(app)
    finally:
        app.registered_commands = everything


def main() -> None:
    """Run the command line and exit with a code of the contract."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    before, sys.unraisablehook = sys.unraisablehook, _interrupt_again
    if sys.argv[1:2] == ["replay"]:
        formulas_only.stand_in()  # whatever is imported for it, no solver is
    try:
        with interruptible():
            built("".join(sys.argv[1:2]))()
    except InputError as error:
        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        print("spi-verify: internal error, please report it with the text above", file=sys.stderr)
        sys.exit(2)
    finally:
        sys.unraisablehook = before


def _interrupt_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Repeat a Ctrl-C that came while z3 freed an expression, where nobody hears of it."""
    if unraisable.exc_type is KeyboardInterrupt:
        threading.Timer(0.01, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(unraisable)
