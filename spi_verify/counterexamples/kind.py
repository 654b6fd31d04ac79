"""What a kind of counterexample is, and what every counterexample says of itself.

A kind of counterexample is a class. It says which statements its counterexamples can refute, finds
their bodies, which are plain data that stand in a file, and executes them without a solver::

    from spi_verify.counterexamples.kind import Check, Confirmation, Kind

    class Segments(Kind):
        name = "segment"

        def applies(self, statement): ...               # by what it claims, never by its id
        def find(self, statement, bounds, notes):       # bodies, the smallest first
            yield {"ends": [["0", "1"], ["1", "0"]]}
        def confirm(self, claimed, body):               # executes it in its own way, or Rejected
            return Confirmation((Check("convex", "it is a segment"),), "nobody gains", ())

``tests/extensions/segments.py`` has this kind in full; ``docs/extending.md`` says how a package of
a user's own offers one. What confirms shares no code with what finds: both may only read the body.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.counterexamples.drawing import Drawing
    from spi_verify.obligations.statements import Statement
    from spi_verify.theory import Theory

FILE_KEYS = (
    "schema",
    "statement",
    "without",
    "definitions",
    "formulas",
    "kind",
    "wording",
    "hypotheses",
    "conclusion",
    "story",
)
"""The keys of every file; the body stands beside them, under the name of its kind."""

SEARCHED = "searched "
"""How a note begins that says what was gone through, where that is not what the bounds say."""

NOT_SEARCHED = "not searched"
"""How a note begins that says what was not searched at all, and what keeps it from being."""

Body = Mapping[str, Any]
"""A counterexample itself, as it stands in a file: strings, numbers, lists and tables."""


@dataclass(frozen=True)
class Claimed:
    """What a counterexample is said to refute.

    Parameters
    ----------
    statement
        The id of the statement, such as ``"composition"`` or ``"composition/repaired"``.
    without
        Names of the hypotheses that were dropped from it.
    definitions
        The definitions that were replaced, each as SMT-LIB text that asserts it.
    formulas
        For a statement that is not one of the paper's: its hypotheses by name, ``goal``, and the
        closed definitions that it takes for granted, each as SMT-LIB text that asserts it.
    at_hand
        The statement itself, in a search; a file does not have it.
    """

    statement: str
    without: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    at_hand: Statement | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Check:
    """That one hypothesis holds, and how this was checked."""

    name: str
    how: str


@dataclass(frozen=True)
class Confirmation:
    """What executing a counterexample shows.

    Parameters
    ----------
    hypotheses
        Every hypothesis of the statement, with how it was checked.
    conclusion
        One sentence: which part of the conclusion fails, and by how much.
    story
        The counterexample in a few lines, in the paper's terms.
    formerly
        Returns the conclusion in the words that files of older versions may have. None where it
        was always told as now.
    """

    hypotheses: tuple[Check, ...]
    conclusion: str
    story: tuple[str, ...]
    formerly: Callable[[], Collection[str]] | None = field(default=None, compare=False, repr=False)


class Kind(Protocol):
    """A kind of counterexample; a class derives from it and has at least the first four.

    Attributes
    ----------
    name
        What stands as ``kind`` in a file, and the key of the body.
    any_definitions
        Whether it looks for counterexamples where definitions were replaced, too.
    """

    name: str
    any_definitions: bool = False

    @abstractmethod
    def applies(self, statement: Statement, /) -> bool:
        """Return whether counterexamples of this kind can refute a statement.

        Its formulas decide. Of several kinds that apply the first one is used.
        """

    @abstractmethod
    def find(self, statement: Statement, bounds: Bounds, notes: list[str], /) -> Iterator[Body]:
        """Iterate over bodies, the smallest first; whether one refutes, :meth:`confirm` says.

        Parameters
        ----------
        statement
            One to which this kind applies, without free constants.
        bounds
            How far to search.
        notes
            Where to put what limits the search. One that begins with ``SEARCHED`` says what was
            gone through, instead of the bounds; one that begins with ``NOT_SEARCHED`` says what
            was not, and no search is claimed where there is nothing else.
        """

    @abstractmethod
    def confirm(self, claimed: Claimed, body: Body, /) -> Confirmation:
        """Execute a body and hold it against what it is said to refute; ask no solver.

        ``spi_verify.counterexamples.statements.claimed.statement_of`` returns the statement.

        Raises
        ------
        Rejected
            When a hypothesis fails or is not checked, or the conclusion holds.
        InputError
            When the body is malformed, or the statement claims something else.
        """

    def contradicted(self, theory: Theory, body: Body, /) -> str | None:  # noqa: ARG002
        """Return what in a body is not what a paper says of its own classes, or None."""
        return None

    def simpler(self, body: Body, /) -> Iterator[Body]:  # noqa: ARG002
        """Iterate over simpler bodies that may show the same, the simplest first."""
        return iter(())

    def form(self, body: Body, /) -> str:
        """Return a text that two bodies share if they differ in names and scales only."""
        return json.dumps(body, sort_keys=True)

    def size(self, body: Body, /) -> tuple[int, ...]:  # noqa: ARG002
        """Return how large a body is, as numbers that are compared in this order."""
        return ()

    def every(
        self,
        statement: Statement,  # noqa: ARG002
        bounds: Bounds,  # noqa: ARG002
        size: Sequence[int],  # noqa: ARG002
        notes: list[str],  # noqa: ARG002
        /,
    ) -> Iterator[Iterator[Body | None]] | None:
        """Return all there is of a size, in groups each of which ends with None once exhausted.

        Returns
        -------
        iterator or None
            None where nothing goes through all of them.
        """
        return None

    def drawing(self, claimed: Claimed, body: Body, /) -> Drawing | None:  # noqa: ARG002
        """Return the payoffs of a body as they are drawn, or None where there are none."""
        return None
