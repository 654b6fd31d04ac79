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
    """What is running and for how long, on a terminal.

    Parameters
    ----------
    what
        What is counted when it ends.
    total
        How many there are, if that is known.
    """

    def __init__(self, what: str = "queries done", total: int | None = None) -> None:
        self._what = what if total is None else f"of {total} {what}"
        self._running: dict[str, float] = {}
        self._done = 0

    def __call__(self, name: str, starts: bool) -> None:
        """Note that a query starts, or ends."""
        if starts:
            self._running[name] = time.monotonic()
        else:
            self._running.pop(name, None)
            self._done += 1

    def shown(self) -> Any:
        """Return a context that keeps the display up to date."""
        if not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        return Live(get_renderable=self._render, console=console, transient=True)

    @contextmanager
    def during(self, name: str) -> Iterator[None]:
        """Show that something is being done that counts for itself."""
        with self.shown():
            self(name, True)
            yield
            self(name, False)

    def _render(self) -> RenderableType:
        now = time.monotonic()
        lines = [f"{self._done} {self._what}"]
        lines += [f"{now - since:6.1f} s  {name}" for name, since in list(self._running.items())]
        return "\n".join(lines)
