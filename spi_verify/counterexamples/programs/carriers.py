"""Definitions of somebody's own, held against the classes that are said to carry them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.errors import InputError
from spi_verify.games.game import Game
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.paper import read_paper
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.functions import Improving, Outcomes, SetFunction
from spi_verify.programs.language.programs import CSR, Always, Program
from spi_verify.programs.language.selections import Leximin
from spi_verify.programs.language.terms import Term
from spi_verify.theory import PAPER, Theory
from spi_verify.theory.signature import Player
from spi_verify.theory.signature import Program as ProgramSort


def carriers(theory: Theory) -> Mapping[str, type[Term]]:
    """Return the classes of programs or functions that a paper's own definitions name."""
    found = {}
    for name in theory:
        carrier = getattr(theory[name].body, "carried_out_by", None)
        if name not in PAPER and carrier and theory[name].sorts == (Player, ProgramSort):
            found[name] = carrier
    return found


def contradiction(theory: Theory, scenario: Scenario) -> str | None:
    """Return which running program is of a class whose definition does not hold of it, or None.

    Parameters
    ----------
    theory
        With definitions of a player and a program that name classes.
    scenario
        What is run. All that a definition says is evaluated for what is listed there.

    Raises
    ------
    Rejected, InputError
        When programs do not halt, or make no sense in this game.
    """
    classes = carriers(theory)
    if not classes:
        return None
    induced = Induced(scenario, theory)
    for name, cls in classes.items():
        holds = induced.structure.tables[name]
        for c, (i, program) in enumerate(induced.programs):
            if is_of(program, cls) and not holds[(i, c)]:
                return (
                    f"player {i + 1}'s program {program} is of the class {cls.__name__}, and "
                    f"{name} does not hold of it"
                )
    return None


def tried(
    folder: Path, name: str, game: Game, examples: Sequence[Program | SetFunction]
) -> str | None:
    """Return what :func:`contradiction` says of examples that meet each other and simple programs.

    Parameters
    ----------
    folder
        Of the paper.
    name
        The definition that is meant.
    game
        The base game; its first actions are the defaults.
    examples
        Programs of the class, or functions for CSR programs.

    Raises
    ------
    InputError
        When the paper has no such definition, or an example is not of its class.
    """
    theory, cls = carrier(folder, name)
    return held_against(theory, cls, game, examples)


def carrier(folder: Path, name: str) -> tuple[Theory, type[Term]]:
    """Return a paper's theory, and the class that carries out a definition of its own.

    Raises
    ------
    InputError
        When the paper has no such definition.
    """
    theory = theory_of(read_paper(folder))
    classes = carriers(theory)
    if name not in classes:
        there = ", ".join(classes) or "none"
        raise InputError(f"no definition {name!r} of its own names a class; there are: {there}")
    return theory, classes[name]


def held_against(
    theory: Theory, cls: type[Term], game: Game, examples: Sequence[Program | SetFunction]
) -> str | None:
    """Return what :func:`contradiction` says of examples of a class, as :func:`tried` does."""
    defaults = tuple(tuple(map(Always, actions)) for actions in game.actions)
    selection = Leximin()
    for example in examples:
        programs = []
        for own in defaults:
            csr = partial(CSR, selection, own[0])
            program = csr(example) if isinstance(example, SetFunction) else example
            if not is_of(program, cls):
                raise InputError(f"{example} is not of the class {cls.__name__}")
            programs.append((program, csr(Improving()), csr(Outcomes(()))))
        scenario = Scenario(
            game, False, Kind.CSR, defaults, programs=tuple(programs), selection=selection
        )
        wrong = contradiction(theory, scenario)
        if wrong is not None:
            return wrong
    return None


def is_of(program: Program, cls: type[Term]) -> bool:
    """Whether a program, or its function, is of a class, however often its file was run."""
    parts: tuple[Term, ...] = (
        (program, program.function) if isinstance(program, CSR) else (program,)
    )
    wanted = (cls.__module__, cls.__qualname__)
    return any(
        (base.__module__, base.__qualname__) == wanted
        for part in parts
        for base in type(part).__mro__
    )
