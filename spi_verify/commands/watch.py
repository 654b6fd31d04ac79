"""``spi-verify watch``: decide again what a saved edit touches, and show what changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spi_verify.commands.options import PATH
from spi_verify.errors import interruptible

if TYPE_CHECKING:
    from spi_verify.commands.watching import Decided, Source, Stamps


@click.command
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=PATH,
    help="Model files, suites, papers' folders, or folders of any of these.",
)
def command(paths: tuple[Path, ...]) -> None:
    """Decide again what a saved edit touches, and show what changed; Ctrl-C ends it.

    Suites and papers are code, and are run as 'audit' runs them.
    """
    from spi_verify.commands.watching import sources_at

    for path in paths:
        sources_at(path)  # a path that names nothing is said before anything is decided
    watched: dict[Source, tuple[Stamps, Decided]] = {}
    try:
        with interruptible():
            _look(paths, watched)
            count = len(_state(paths))
            _say(f"watching {count} source{'s' * (count != 1)}; save an edit, or end with Ctrl-C")
            while True:
                _look(paths, watched)
    except KeyboardInterrupt:
        _say("no longer watching")


def _look(paths: Sequence[Path], watched: dict[Source, tuple[Stamps, Decided]]) -> None:
    """Decide what is new or has changed since it was decided, once its files are at rest."""
    from spi_verify.commands.watching import PAUSE

    seen = _state(paths)
    if any(seen.get(one) != stamps for one, (stamps, _) in watched.items()) or set(seen) - set(
        watched
    ):
        while (again := _later(paths)) != seen:  # an editor is still writing
            seen = again
        for source in [one for one in watched if one not in seen]:
            _say(f"{source.path}: gone")
            del watched[source]
        for source, stamps in seen.items():
            if source not in watched or watched[source][0] != stamps:
                _decide(source, stamps, watched)
    else:
        time.sleep(PAUSE)


def _later(paths: Sequence[Path]) -> dict[Source, Stamps]:
    from spi_verify.commands.watching import PAUSE

    time.sleep(PAUSE)
    return _state(paths)


def _state(paths: Sequence[Path]) -> dict[Source, Stamps]:
    """Return what there is to watch, with the state of its files."""
    from spi_verify.commands.watching import Look, sources_at
    from spi_verify.errors import InputError

    look = Look()
    found: dict[Source, Stamps] = {}
    for path in paths:
        try:
            for source in sources_at(path, look):
                found[source] = source.stamps(look)
        except (InputError, OSError):
            continue  # gone, or going; whoever watched it is told
    return found


def _decide(source: Source, stamps: Stamps, watched: dict[Source, tuple[Stamps, Decided]]) -> None:
    """Decide something, and tell what has become of it."""
    from spi_verify.commands.watching import Decided, counted, what_changed

    started = time.monotonic()
    decided = source.decide(lambda: source.stamps() != stamps)
    if decided is None:
        return
    first = source not in watched
    before = Decided() if first else watched[source][1]
    lines = list(what_changed(before, decided))
    if first:
        surprises = {id: one for id, one in decided.results.items() if not one.as_expected}
        lines = [line.removeprefix("new: ") for line in what_changed(Decided(), Decided(surprises))]
    seconds = time.monotonic() - started
    _say(f"{source.path}: {counted(decided)} (decided in {seconds:.1f} s)")
    for line in (*decided.errors, *lines):
        _say(f"  {line}")
    if not (first or lines or decided.errors):
        _say("  no verdict changed")
    kept = {**before.results, **decided.results} if decided.errors else decided.results
    watched[source] = stamps, Decided(kept, decided.errors)


def _say(text: str) -> None:
    from spi_verify.text import printable

    click.echo(printable(text))
