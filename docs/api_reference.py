"""Write the reference of the Python interface from the code: ``python docs/api_reference.py``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from pathlib import Path

import spi_verify

HEAD = """# Python

Written by `python docs/api_reference.py` from signatures and docstrings.

What is listed first is imported from `spi_verify` itself, and loaded when it is first used.
Players count from 1; payoffs are `int` or `Fraction`, never `float`. The package is typed.

```python
from spi_verify import check, prove

claims = check("models/scheduling.toml")
assert claims.exit_code == 0

proofs = prove("expected-utility")
assert [str(result.verdict) for result in proofs.results] == ["proved"]
```
"""

MODULES = {
    "spi_verify.games": (
        "find_loss from_arrays is_renegotiation_function load_game read_nfg write_nfg"
    ),
    "spi_verify.delegation": "improve find_failure reduce isomorphisms Book Page",
    "spi_verify.programs": "Always ByPayoffs ProgramGame PureBase CorrelatedBase Beliefs "
    "ProgramSpace parse_program subjective_equilibrium",
    "spi_verify.theory": "Definition define axiom carried_out_by",
    "spi_verify.theory.terms": "Formula Number PlayerTerm OutcomeTerm ProgramTerm ProfileTerm",
    "spi_verify.mathematics.boxes": "Text Script Row Joined Fenced bold upright sign sub sup call "
    "applied comma own_part others relation words said",
    "spi_verify.papers.notations": "notation_at",
    "spi_verify.mathematics.showing": "shown shown_definition",
    "spi_verify.mathematics.unicode": "in_unicode",
    "spi_verify.mathematics.latex": "in_latex display",
    "spi_verify.mathematics.mathml": "in_mathml",
    "spi_verify.obligations": "Fact Supposition",
    "spi_verify.obligations.running": "run Outcome",
    "spi_verify.papers.loading": "load load_shipped",
    "spi_verify.papers.choosing": "choose",
    "spi_verify.papers.definitions": "variant",
    "spi_verify.claims.reader": "read_model",
    "spi_verify.claims.check": "check_model",
    "spi_verify.verdicts": "exit_code",
    "spi_verify.testing": "assert_renegotiation_function assert_spi assert_selection_transitive "
    "assert_pmm_guarantee assert_carried_out assert_class_agrees",
}
"""What there is besides."""


def reference() -> str:
    """Return the page."""
    parts = [HEAD, "## `spi_verify`\n"]
    for name in spi_verify._MODULES:
        parts += _entry(name, getattr(spi_verify, name))
    parts.append("## Modules\n")
    parts.append("Every public name has a docstring: `help(spi_verify.games.Game)`.\n")
    rows = [
        f"| `{module}` | {', '.join(f'`{name}`' for name in names.split())} |"
        for module, names in MODULES.items()
    ]
    parts.append("\n".join(["| module | has |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _entry(name: str, found: object) -> Iterator[str]:
    """Iterate over the paragraphs about one name."""
    if not (inspect.isclass(found) or inspect.isfunction(found)):
        yield f"### `{name}`\n"
        yield f"A `{type(found).__name__}`.\n"
        return
    bare = inspect.isclass(found) and issubclass(found, (Enum, Exception))
    yield f"### `{name}`\n"
    if not bare:
        yield f"`{name}{_signature(found)}`\n"
    yield from _text(found)
    if inspect.isclass(found) and issubclass(found, Enum):
        yield ", ".join(f"`{one.name}`" for one in found) + "\n"
    elif inspect.isclass(found):
        members = [(n, m) for n, m in vars(found).items() if not n.startswith("_")]
        lines = [line for n, member in members if (line := _member(n, member))]
        if lines:
            yield "**Methods and properties**\n"
            yield "\n".join(lines) + "\n"


def _member(name: str, member: object) -> str | None:
    """Return a line about a method or a property with a docstring."""
    if isinstance(member, property | cached_property):
        shown, doc = name, inspect.getdoc(member)
    elif isinstance(member, classmethod | staticmethod):
        shown, doc = f"{name}{_signature(member.__func__)}", inspect.getdoc(member.__func__)
    elif inspect.isfunction(member):
        shown, doc = f"{name}{_signature(member)}", inspect.getdoc(member)
    else:
        return None
    return f"- `{shown}`: {_marked(doc.partition(chr(10) * 2)[0])}" if doc else None


def _signature(found: object) -> str:
    """Return a signature as it is written, without self and cls."""
    if not callable(found):
        return ""
    signature = inspect.signature(found)
    kept = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    returned = signature.return_annotation if inspect.isfunction(found) else signature.empty
    text = str(signature.replace(parameters=kept, return_annotation=returned))
    text = re.sub(r"<Verdict\.(\w+): '\w+'>", r"Verdict.\1", text)
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)


def _text(found: object) -> Iterator[str]:
    """Iterate over the paragraphs of a docstring in numpy style."""
    text = inspect.getdoc(found) or ""
    head, *rest = re.split(r"^(\w+)\n-{3,}\n", text, flags=re.M)
    yield from _paragraphs(head)
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        yield f"**{title}**\n"
        body, example, shown = body.partition("\n>>> ")
        if title in ("Parameters", "Returns", "Raises"):
            items = re.findall(r"^(\S.*)\n((?:(?: {4}.*)?(?:\n|\Z))*)", body + "\n", re.M)
            yield "\n".join(f"- `{name}`: {_marked(told)}" for name, told in items) + "\n"
        else:
            yield from _paragraphs(body)
        yield from _paragraphs(example + shown)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in filter(None, re.split(r"\n{2,}", text.strip())):
        if paragraph.startswith(">>>"):
            yield f"```pycon\n{paragraph}\n```\n"
        else:
            yield _marked(paragraph) + "\n"


def _marked(text: str) -> str:
    """Return text on one line, with code marked as Markdown marks it."""
    line = " ".join(text.split())
    line = re.sub(r":\w+:`~?(?:\w+\.)*(\w+)`", r"`\1`", line)
    return line.replace("``", "`")


if __name__ == "__main__":
    Path(__file__).with_name("api.md").write_text(reference(), encoding="utf-8")
