"""Arguments of the wrong type, named where a public function stumbles over one."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import types
import typing
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_DEPTH = 3


def named(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function raise a TypeError that names the argument, instead of an AttributeError.

    Nothing is looked at before the function has failed, so that it is as fast as without.
    """

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (AttributeError, LookupError, AssertionError):
            _require_types(function, args, kwargs)
            raise

    return called


def _require_types(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    for name, value in inspect.signature(function).bind(*args, **kwargs).arguments.items():
        hint = _hint(function, name)
        if not _fits(value, hint, _DEPTH):
            wanted = hint.__name__ if isinstance(hint, type) else hint
            found = type(value).__name__
            raise TypeError(
                f"{function.__qualname__}: {name} is to be {wanted}, and not {found}"
            ) from None


def _hint(function: Callable[..., Any], name: str) -> Any:
    """Return the type of a parameter; Any where it is imported for type checkers alone."""
    try:
        return eval(function.__annotations__.get(name, "Any"), function.__globals__)
    except NameError:
        return Any


def _fits(value: Any, hint: Any, depth: int) -> bool:
    """Whether a value is of a type, with what is inside of it, as far as that can be seen."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one, depth) for one in inside)
    if hint is None:
        return value is None
    kind = origin or hint
    if kind is collections.abc.Callable:
        return callable(value)
    if kind is Any or not isinstance(kind, type):
        return True
    if not isinstance(value, kind) or (isinstance(value, str) and kind is not str and inside):
        return False
    if not inside or not depth or not isinstance(value, collections.abc.Collection):
        return True
    if isinstance(value, collections.abc.Mapping):
        return all(
            _fits(key, inside[0], depth - 1) and _fits(one, inside[-1], depth - 1)
            for key, one in value.items()
        )
    if kind is tuple and Ellipsis not in inside:
        pairs = zip(value, inside, strict=False)
        return len(value) == len(inside) and all(_fits(v, h, depth - 1) for v, h in pairs)
    return all(_fits(one, inside[0], depth - 1) for one in value)
