"""The process in which a function of the user's runs; started by :mod:`spi_verify.commands.called`.

It takes one argument a line and answers each with a line, on pipes of its own. What the function
prints goes to standard error. That the process ends is no answer.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from typing import Any

from spi_verify.returned import as_outcome, shown_value

MAX_NAMES = 1000
MAX_SHOWN = 500


def main() -> None:
    """Import the function that the command line names, and call it as often as asked."""
    requests, replies = (int(number) for number in sys.argv[1:3])
    for pipe in (requests, replies):
        os.set_inheritable(pipe, False)
    sys.path.insert(0, os.getcwd())
    found, answer = _imported(*sys.argv[3:])
    _send(replies, 0, answer)
    with os.fdopen(requests, encoding="ascii") as lines:
        for number, line in enumerate(lines, 1):
            _send(replies, number, _called(found, json.loads(line)))


def _imported(module_name: str, attribute: str) -> tuple[Any, dict[str, Any]]:
    try:
        module = _file(module_name) if module_name.endswith(".py") else None
        found: Any = module or importlib.import_module(module_name)
        there = [name for name, value in vars(found).items() if callable(value)]
        for part in attribute.split("."):
            found = getattr(found, part, None)
        names = [] if callable(found) else [name for name in there if not name.startswith("_")]
        return found, {"callable": callable(found), "functions": names[:MAX_NAMES]}
    except BaseException as error:  # the user's code may raise anything
        return None, {"raised": _failure(error)}


def _file(name: str) -> Any:
    """Run a file as a module of its own name; what lies beside it can be imported."""
    path = os.path.abspath(name)
    stem = os.path.basename(path).removesuffix(".py")
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location(stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    spec.loader.exec_module(module)
    return module


def _called(function: Any, argument: dict[str, Any]) -> dict[str, Any]:
    try:
        if "set" in argument:
            value = function(frozenset(map(tuple, argument["set"])))
        else:
            value = function(tuple(argument["outcome"]))
        names = as_outcome(value)
        if names is None or len(names) > MAX_NAMES:
            return {"shown": shown_value(value)[:MAX_SHOWN]}
        return {"names": names}
    except BaseException as error:  # the user's code may raise anything
        return {"raised": _failure(error)}


def _failure(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = ""
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:MAX_SHOWN]


def _send(replies: int, number: int, answer: dict[str, Any]) -> None:
    try:
        sys.stdout.flush()
    except Exception:
        sys.stdout = sys.__stdout__
    data = json.dumps({"call": number, **answer}).encode() + b"\n"
    try:
        while data:
            data = data[os.write(replies, data) :]
    except OSError:  # the user's code has closed it; then the end of this process is all there is
        os._exit(1)


if __name__ == "__main__":
    main()
