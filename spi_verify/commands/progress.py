"""What is shown on a terminal while a command works."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType


class Progress:
    """What is running and for how long, and how much is done of how much, on a terminal.

    Parameters
    ----------
    what
        What is counted when it ends.
    total
        How many there are at most, if that is known.
    """

    def __init__(self, what: str = "queries done", total: int | None = None) -> None:
        self._what, self._total = what, total
        self._running: dict[str, float] = {}
        self._done = 0
        self._since: float | None = None
        self.tried: str | None = None

    def __call__(self, name: str, starts: bool) -> None:
        """Note that a query starts, or ends and counts."""
        self.running(name, starts)
        self._done += not starts

    def running(self, name: str, starts: bool) -> None:
        """Note that something starts, or ends, and does not count."""
        if starts:
            self._running[name] = time.monotonic()
        else:
            self._running.pop(name, None)

    def expect(self, more: int) -> None:
        """Note that so many more are going to start."""
        self._total = (self._total or 0) + more

    def trying(self, what: str) -> None:
        """Note what is being tried, in words, by what is running."""
        self.tried = what

    def reached(self, done: int, total: int | None = None) -> None:
        """Note how much is done, where that is not a matter of queries that end."""
        self._done = done
        self._total = self._total if total is None else total

    def shown(self) -> Any:
        """Return a context that keeps the display up to date."""
        if not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console
        from rich.live import Live

        self._since = time.monotonic()
        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        return Live(get_renderable=self._render, console=console, transient=True)

    @contextmanager
    def during(self, name: str) -> Iterator[None]:
        """Show that something is being done that counts for itself."""
        with self.shown():
            self(name, True)
            yield
            self(name, False)
        self.tried = None

    def _render(self) -> RenderableType:
        now = time.monotonic()
        of = "" if self._total is None else f" of {max(self._total, self._done):,}"
        after = "" if self._since is None else f", {now - self._since:.0f} s"
        lines = [f"{self._done:,}{of} {self._what}{after}"]
        lines += [f"{now - since:6.1f} s  {name}" for name, since in list(self._running.items())]
        lines += [] if self.tried is None else [f"{'':10}{self.tried}"]
        return "\n".join(lines)
