"""What is raised for bad input, and for counterexamples that are none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(Exception):
    """Input that a person has to mend.

    Parameters
    ----------
    what
        One sentence: what is wrong and, where it helps, what to do.
    file
        The file it was found in, as the user named it.
    where
        The place in that file: ``"line 3"`` or a key such as ``"claims[2].kind"``.
    """

    def __init__(self, what: str, *, file: str | None = None, where: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.file = file
        self.where = where

    def located(self, *, file: str | None = None, where: str | None = None) -> InputError:
        """Return the same error with the file and place filled in where they were missing.

        A place that is known already is kept as the inner part of the new one
        (``where="claims[2]"`` and an inner ``"kind"`` give ``"claims[2].kind"``).
        """
        inner = self.where
        if where and inner:
            joined = f"{where}{inner}" if inner.startswith("[") else f"{where}.{inner}"
        else:
            joined = where or inner or ""
        return InputError(self.what, file=self.file or file, where=joined or None)

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.where) if part)
        return f"{place}: {self.what}" if place else self.what


class Rejected(Exception):
    """A stated counterexample that executing it does not confirm; the text says why."""


class Undecided(Exception):
    """A claim that exact evaluation does not decide; the text says why."""


@contextmanager
def located(*, file: str | None = None, where: str | None = None) -> Iterator[None]:
    """Fill in the file and place of an :class:`InputError` that is raised inside."""
    try:
        yield
    except InputError as error:
        raise error.located(file=file, where=where) from None


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a Ctrl-C that came while z3 was handed an argument be the interruption that it is.

    Raises
    ------
    KeyboardInterrupt
        In the place of the error by which ctypes tells of it.
    """
    try:
        yield
    except Exception as error:
        from ctypes import ArgumentError

        if isinstance(error, ArgumentError) and "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from None
        raise
