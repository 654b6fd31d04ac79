"""A function of the user's, called in a process of its own that cannot end this one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

_PATIENCE = 5.0


class UserError(Exception):
    """The user's code failed, or does not return what it should."""


class Called:
    """A process that runs the function; see :func:`called`."""

    def __init__(self, child: subprocess.Popen[bytes], requests: int, replies: int) -> None:
        self._child = child
        self._requests = os.fdopen(requests, "w", encoding="ascii")
        self._replies = os.fdopen(replies, "rb")
        self._calls = 0

    def __call__(self, argument: dict[str, Any], shown: str) -> tuple[str, ...]:
        """Return the names that the function returns.

        Parameters
        ----------
        argument
            ``{"outcome": […]}``, or ``{"set": [[…], …]}`` for a frozenset.
        shown
            The argument in messages.

        Raises
        ------
        UserError
            When it returns something else, raises, or ends its process.
        """
        self._calls += 1
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(json.dumps(argument) + "\n")
            self._requests.flush()
        reply = self.reply(f"for {shown} it")
        if "raised" in reply:
            raise UserError(f"for {shown} it raises {reply['raised']}")
        if "shown" in reply:
            raise UserError(f"for {shown} it returns {reply['shown']}, which is no tuple of names")
        return tuple(reply["names"])

    def reply(self, who: str) -> dict[str, Any]:
        """Return what the process answers.

        Raises
        ------
        UserError
            When it ends instead, or answers something that it was not asked.
        """
        line = self._replies.readline()
        if not line:
            raise UserError(f"{who} {_end(self._child.wait())}, and returns nothing")
        try:
            reply: dict[str, Any] = json.loads(line)
            if reply["call"] == self._calls:
                return reply
        except (ValueError, KeyError, TypeError):
            pass
        raise UserError(f"{who} writes to the pipe that its answers go through, or forks")

    def close(self) -> None:
        """End the process, as it likes or not."""
        with contextlib.suppress(BrokenPipeError):
            self._requests.close()
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._replies.close()


@contextlib.contextmanager
def called(name: str) -> Iterator[Called]:
    """Import a function in a process of its own, and let it be called there.

    Parameters
    ----------
    name
        ``MODULE:FUNCTION``, where the module is found from the current folder, too, or
        ``FILE.py:FUNCTION``.

    Raises
    ------
    InputError
        When there is no such function.
    """
    module, colon, attribute = name.rpartition(":")
    if not (colon and module and attribute):
        raise InputError(f"{name!r} is not MODULE:FUNCTION, nor FILE.py:FUNCTION")
    if module.endswith(".py") and not Path(module).is_file():
        raise InputError("there is no such file", file=module)
    requests, ours = os.pipe()
    theirs, replies = os.pipe()
    package = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([*(folder for folder in sys.path if folder), str(package)])
    arguments = [str(requests), str(replies), module, attribute]
    try:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "spi_verify.commands.calling", *arguments],
            stdout=2,
            pass_fds=(requests, replies),
            env={**os.environ, "PYTHONPATH": path},
        )
    finally:
        os.close(requests)
        os.close(replies)
    function = Called(child, ours, theirs)
    try:
        try:
            reply = function.reply("importing it")
        except UserError as error:
            raise InputError(f"cannot import {module}: {error}") from None
        if "raised" in reply:
            raise InputError(f"cannot import {module}: {reply['raised']}")
        if not reply["callable"]:
            hint = suggestion(attribute, map(str, reply.get("functions", ())))
            raise InputError(f"{module} has no function {attribute}{hint}")
        yield function
    except BaseException:
        child.kill()
        raise
    finally:
        function.close()


def _end(code: int) -> str:
    if code >= 0:
        return f"ends its process with exit code {code}"
    try:
        return f"ends its process by {signal.Signals(-code).name}"
    except ValueError:
        return f"ends its process by signal {-code}"
