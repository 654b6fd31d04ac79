"""Text from files, made safe to print."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Write control characters, line ends and the like as escapes such as ``\x1b``.

    Names in files can hold anything; on a terminal they must not look like this program's output.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, length: int) -> str:
    """Cut a text to a length, with an ellipsis where something is missing."""
    return text if len(text) <= length else text[: length - 1] + "…"
