"""The command line: ``spi-verify`` and ``python -m spi_verify``.

A command is a module in :mod:`spi_verify.commands`. Those modules import nothing heavy at the
top, so that ``--help`` answers at once.
"""

from __future__ import annotations

import _thread
import io
import sys
import threading
import traceback

import typer

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
)
from spi_verify.commands.output import complain
from spi_verify.errors import InputError, is_interruption

app = typer.Typer(
    name="spi-verify",
    help="Check conjectured safe Pareto improvements, exactly, with evidence.",
    epilog=(
        "Exit codes: 0 as expected; 1 a verdict contradicts its expectation; "
        "2 bad input or nothing to check; 3 undecided."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    check,
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


def main() -> None:
    """Run the command line and exit with a code of the contract."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    before, sys.unraisablehook = sys.unraisablehook, _interrupt_again
    if sys.argv[1:2] == ["replay"]:
        formulas_only.stand_in()  # whatever is imported for it, no solver is
    try:
        app()
    except InputError as error:
        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if is_interruption(error):
            sys.exit(130)
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
