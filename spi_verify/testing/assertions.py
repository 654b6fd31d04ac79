"""Assertions about your own functions, for your own test-suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from spi_verify.arguments import named
from spi_verify.games.game import Game, Outcome
from spi_verify.programs.deciding import checking
from spi_verify.programs.deciding.checking import Violation
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.programs import Program
from spi_verify.programs.language.terms import ActionProfile


@named
def assert_renegotiation_function(rn: Callable[[Outcome], Sequence[str]], game: Game) -> None:
    """Assert that a function on outcomes is a renegotiation function (Definition 4).

    Parameters
    ----------
    rn
        Called with every outcome, a tuple of action names; returns an outcome.
    game
        The game.

    Raises
    ------
    AssertionError
        With a counterexample in the paper's terms.

    >>> game = Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    >>> assert_renegotiation_function(lambda a: ("1", "1") if a == ("1", "2") else a, game)
    >>> assert_renegotiation_function(lambda a: ("1", "1"), game)
    Traceback (most recent call last):
    ...
    AssertionError: violated: rn makes nobody worse off: u(rn(a)) >= u(a) (Definition 4(1))
      a = (2, 2), u(a) = (1, 2)
      rn(a) = (1, 1), u(rn(a)) = (2, 1)
      player 2 gets 1, down from 2
    """
    _fail(checking.check_renegotiation_function(rn, game))


@named
def assert_carried_out(
    paper: str | Path, name: str, game: Game, examples: Sequence[Program | SetFunction]
) -> None:
    """Assert that a definition of a paper's own holds of programs of the class that it names.

    The programs are run against each other, and against programs that accept every improvement,
    or nothing; the definition's formula is evaluated for what is listed then. That is no proof.

    Parameters
    ----------
    paper
        The folder. Its definitions are run.
    name
        The definition, of a player and a program; marked
        :func:`~spi_verify.theory.carried_out_by`.
    game
        A game with pure outcomes.
    examples
        Programs of the class, or set-valued functions for CSR programs.

    Raises
    ------
    AssertionError
        When it does not hold of one of them.
    InputError
        When the paper has no such definition, or an example is not of its class.
    """
    from spi_verify.counterexamples.programs.carriers import tried

    wrong = tried(Path(paper), name, game, examples)
    if wrong is not None:
        raise AssertionError(wrong)


@named
def assert_class_agrees(paper: str | Path, name: str, *, games: int = 3, seed: int = 0) -> None:
    """Assert that a class and the definition that it carries out agree in random small games.

    Or that the code of a changed algorithm and its formula do: then random programs are run.

    The fields of the class are filled in by what there is in a game, or what ``candidates`` of
    the class returns is taken. What is made is written and read again, run against itself, all
    constants and CSR programs, and the definition's formula is evaluated; and nobody may earn
    more against it than its class says. That is no proof.

    Parameters
    ----------
    paper
        The folder. Its definitions are run.
    name
        The definition, of a player and a program, or a changed one of how programs run; marked
        :func:`~spi_verify.theory.carried_out_by`.
    games
        How many games of each of four small shapes.
    seed
        Which games.

    Raises
    ------
    AssertionError
        Where they differ.
    InputError
        When the paper has no such definition, or a field cannot be filled in.
    """
    from spi_verify.counterexamples.programs.agreeing import differing

    wrong = differing(Path(paper), name, games, seed)
    if wrong is not None:
        raise AssertionError(wrong)


@named
def assert_spi(
    f: Callable[[Any], Any],
    game: Game,
    *,
    profiles: Iterable[Any] | None = None,
    play: Callable[[Any], ActionProfile] | None = None,
) -> None:
    """Assert that a transformation of program profiles is an SPI (Definition 3).

    Parameters
    ----------
    f
        Maps a program profile to a program profile.
    game
        The game.
    profiles
        The profiles p to look at; default: constant programs for every outcome.
    play
        Returns a(p) for a profile; needed when your programs are not those of
        :mod:`spi_verify.programs`.

    Raises
    ------
    AssertionError
        With a counterexample in the paper's terms.
    """
    _fail(checking.check_spi(f, game, profiles=profiles, play=play))


@named
def assert_selection_transitive(
    sel: Callable[[frozenset[Outcome]], Sequence[str]],
    game: Game,
    *,
    outcomes: Iterable[Outcome] | None = None,
) -> None:
    """Assert that a function is a selection function and transitive (Definition 7).

    Parameters
    ----------
    sel
        Called with sets of outcomes that are not empty; returns an outcome.
    game
        The game.
    outcomes
        All subsets of these are looked at; default: all outcomes of the game.

    Raises
    ------
    AssertionError
        With a counterexample in the paper's terms.
    TooManyCasesError
        When there are too many sets to look at.
    """
    _fail(checking.check_selection(sel, game, outcomes=outcomes))


@named
def assert_pmm_guarantee(
    f: Callable[[Any], Any],
    game: Game,
    *,
    profiles: Iterable[Any] | None = None,
    play: Callable[[Any], ActionProfile] | None = None,
) -> None:
    """Assert that a transformation gives everyone at least max(U_i(p), u_i^PMM) (Proposition 4).

    The parameters are those of :func:`assert_spi`.

    Raises
    ------
    AssertionError
        With a counterexample in the paper's terms.
    """
    _fail(checking.check_pmm_guarantee(f, game, profiles=profiles, play=play))


def _fail(violation: Violation | None) -> None:
    if violation is not None:
        raise AssertionError(str(violation))
