"""Mistakes in code that papers bring with them: what is wrong, in one line, with file and line."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import z3

from spi_verify.errors import InputError
from spi_verify.suggestions import meant
from spi_verify.theory import Theory

_JOINING = {"And", "Or", "Not", "Implies", "Xor", "ForAll", "Exists"}
_Z3 = str(Path(z3.__file__).parent)


def mistake(error: BaseException, file: Path, what: str = "running it fails") -> InputError:
    """Return how running a file failed, with the line of it, or of a file beside it.

    Parameters
    ----------
    error
        What was raised.
    file
        The file that was run, as the user named it.
    what
        What failed.
    """
    frames = [*traceback.walk_tb(error.__traceback__)]
    folder = file.resolve().parent
    own = [(Path(f.f_code.co_filename), line) for f, line in frames]
    own = [(path, line) for path, line in own if path.resolve().parent == folder]
    what = f"{what}: {_said(error, [frame for frame, _ in frames])}"
    if isinstance(error, SyntaxError) and error.lineno and error.filename:
        own = [(Path(error.filename), error.lineno)]
    if not own:
        return InputError(what, file=str(file))
    path, line = own[-1]
    return InputError(what, file=str(file.parent / path.name), where=f"line {line}")


def _said(error: BaseException, frames: list[FrameType]) -> str:
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg}"
    if isinstance(error, z3.Z3Exception):
        found = next((said for frame in reversed(frames) for said in _types(frame)), None)
        if found is not None:
            return found
    if isinstance(error, AttributeError) and isinstance(error.obj, Theory) and error.name:
        near = meant(error.name, error.obj, 1)
        return f"{error}{f'; did you mean {near[0]!r}?' if near else ''}"
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}{': ' + lines[0] if lines else ''}"


def _types(frame: FrameType) -> Iterator[str]:
    """Say which types do not fit, where z3 was given something in a frame."""
    if not frame.f_code.co_filename.startswith(_Z3):
        return
    name, given = frame.f_code.co_name, frame.f_locals
    function = given.get("self")
    if name == "__call__" and isinstance(function, z3.FuncDeclRef):
        yield from _arguments(function, list(given.get("args", ())))
    elif name in _JOINING:
        values = [value for key, value in given.items() if key != "vs"]
        parts = [part for value in values for part in _flat(value)]
        wrong = [part for part in parts if z3.is_expr(part) and not z3.is_bool(part)]
        if wrong:
            yield f"{name} takes formulas, and {wrong[0]} is of sort {wrong[0].sort()}"
    elif name == "_coerce_exprs":
        one: Any = given.get("a")
        other: Any = given.get("b")
        if z3.is_expr(one) and z3.is_expr(other) and not one.sort().eq(other.sort()):
            sorts = f"{one.sort()} and {other.sort()}"
            yield f"{one} and {other} cannot be compared or joined: their sorts are {sorts}"


def _arguments(function: Any, args: list[Any]) -> Iterator[str]:
    wanted = [function.domain(k) for k in range(function.arity())]
    listed = ", ".join(map(str, wanted))
    if len(args) != len(wanted):
        yield f"{function.name()} takes {len(wanted)} arguments ({listed}), not {len(args)}"
    for number, (sort, arg) in enumerate(zip(wanted, args, strict=False), 1):
        if z3.is_expr(arg) and not arg.sort().eq(sort):
            yield (
                f"{function.name()} takes ({listed}), and argument {number}, {arg}, "
                f"is of sort {arg.sort()}"
            )


def _flat(value: Any) -> list[Any]:
    return (
        [one for each in value for one in _flat(each)]
        if isinstance(value, list | tuple)
        else [value]
    )


def in_definition(error: InputError, folder: Path, bodies: Mapping[str, Any]) -> InputError:
    """Return an error about definitions with the line at which the one that it names is wrong.

    Parameters
    ----------
    error
        What was raised where they were used.
    folder
        Of their paper.
    bodies
        The functions, by the names of the definitions.
    """
    named = re.search(r"(?:definition|variant of) '([^']*)'", error.what)
    body = bodies.get(named[1]) if named else None
    if named is None or body is None:
        return error
    if error.__cause__ is not None:
        what = f"the definition {named[1]!r} makes no formula"
        return mistake(error.__cause__, folder / "paper.toml", what)
    code = getattr(body, "__code__", None)
    path = Path(code.co_filename) if code is not None else None
    if code is None or path is None or path.resolve().parent != folder.resolve():
        return error
    return error.located(file=str(folder / path.name), where=f"line {code.co_firstlineno}")


def with_line(error: InputError, file: Path, id: str) -> InputError:
    """Return an error about a statement with the line at which what is wrong is written.

    Parameters
    ----------
    error
        That names a hypothesis or a step, or nothing.
    file
        The suite.
    id
        The statement's id.
    """
    named = re.search(r"(?:hypothesis|step) '([^']*)'", error.what)
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return error
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    whole = [call for call in calls if id.removesuffix("/repaired") in _texts(call)]
    inside = [node for call in whole for node in ast.walk(call) if isinstance(node, ast.Call)]
    parts = [] if named is None else [c for c in (*inside, *calls) if named[1] in _texts(c)]
    line = next((call.lineno for call in (*parts, *whole)), None)
    what = ": ".join(part for part in (error.where, error.what) if part)
    return error if line is None else InputError(what, file=error.file, where=f"line {line}")


def _texts(call: ast.Call) -> set[str]:
    """Return the texts among the arguments of a call."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)}
