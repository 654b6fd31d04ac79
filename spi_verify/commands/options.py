"""What command lines are made of: kinds of values, and options that several commands have."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from spi_verify.commands.targets import (
    figure_to_write,
    file_to_write,
    folder_to_write,
    picture_to_write,
)
from spi_verify.suggestions import suggestion

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]
Chosen = TypeVar("Chosen", bound=StrEnum)

PATH = click.Path(path_type=Path, readable=False)
"""A file or a folder; whoever reads it says what is wrong with it."""

NAME_OR_PATH = click.Path(readable=False)
"""The name of something, or the file or folder where it is: a text that shells complete."""


class Count(click.IntRange):
    """A whole number that is not too small and not too large."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that a text is."""
        try:
            number = int(value)
        except ValueError:
            self.fail("write a number", param, ctx)
        if self.min is not None and number < self.min:
            self.fail(f"write at least {self.min}", param, ctx)
        if self.max is not None and number > self.max:
            self.fail(f"write at most {self.max}", param, ctx)
        return number


class OneOf(click.Choice[Chosen]):
    """A member of an enumeration, by its value."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return how a member is written."""
        return str(choice)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Chosen:
        """Return the member that a text names."""
        known = [str(one) for one in self.choices]
        if str(value) not in known:
            self.fail(f"{value!r} is unknown{suggestion(value, known)}", param, ctx)
        return super().convert(value, param, ctx)


def together(*options: Decorator[Any]) -> Decorator[Any]:
    """Return several options as one."""

    def give(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def file_option(name: str, help: str) -> Decorator[Any]:
    """Return an option for a file that is written."""
    return click.option(name, metavar="FILE", type=PATH, callback=file_to_write, help=help)


def picture_option(name: str, help: str) -> Decorator[Any]:
    """Return an option for a picture that is written."""
    return click.option(name, metavar="FILE", type=PATH, callback=picture_to_write, help=help)


def folder_option(
    name: str, help: str, *, metavar: str = "FOLDER", default: Path | None = None
) -> Decorator[Any]:
    """Return an option for a folder that is written to."""
    return click.option(
        name, metavar=metavar, type=PATH, default=default, callback=folder_to_write, help=help
    )


def jobs_option(help: str) -> Decorator[Any]:
    """Return the option for how much is done at a time."""
    return click.option("--jobs", type=Count(min=1), default=os.cpu_count() or 1, help=help)


def bounds_options(players: int, outcomes: int, candidates: int) -> Decorator[Any]:
    """Return the options for how far is searched, given how far without them."""
    return together(
        click.option(
            "--players",
            type=Count(min=2, max=4),
            default=players,
            help="The most players to try.",
        ),
        click.option(
            "--outcomes",
            type=Count(min=1, max=5),
            default=outcomes,
            help="The most outcomes to try.",
        ),
        click.option(
            "--candidates",
            type=Count(min=1),
            default=candidates,
            help="How many candidates may fail when they are run.",
        ),
    )


json_option = click.option(
    "--json",
    metavar="FILE",
    type=NAME_OR_PATH,
    callback=file_to_write,
    help="Write the results as JSON ('-': standard output).",
)
plot_option = click.option(
    "--plot",
    metavar="FILE",
    type=PATH,
    callback=figure_to_write,
    help="Draw the first one (.svg, .png, .pdf; .tex for TikZ).",
)
told_options = together(
    file_option("--markdown", "Write the report as Markdown."),
    file_option("--latex", "Write the report as an appendix in LaTeX."),
)
report_options = together(
    file_option("--junit", "Write the results as JUnit XML."),
    file_option("--sarif", "Write what is not as expected as SARIF 2.1.0."),
    file_option("--summary", "Append a Markdown summary, as for GitHub's $GITHUB_STEP_SUMMARY."),
)
executor_option = click.option(
    "--executor", metavar="dask://HOST:PORT", help="Work on this Dask cluster, not here."
)
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Ask the solvers again, whatever is known or certified."
)
with_option = click.option(
    "--with",
    "replacements",
    metavar="NAME=VARIANT|FILE_OR_MODULE:OBJECT",
    multiple=True,
    help="Replace a definition. Runs the code it names.",
)
without_option = click.option(
    "--without",
    metavar="HYPOTHESIS",
    multiple=True,
    help="Drop a hypothesis wherever it is supposed.",
)
set_option = click.option(
    "--set",
    "values",
    metavar="NAME=NUMBER",
    multiple=True,
    help="Fix a parameter of the model.",
)
