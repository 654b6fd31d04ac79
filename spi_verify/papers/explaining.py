"""What definitions and statements are, and what rests on what; nothing is decided."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import z3

from spi_verify.errors import InputError
from spi_verify.mathematics.meanings import meanings, words_beside
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.mathematics.showing import in_letters
from spi_verify.obligations.resting import rests_on
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.choosing import by_id
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.drafts import read_draft
from spi_verify.papers.loading import Shipped, load, shipped_by_id
from spi_verify.papers.notations import notation_at, notation_of
from spi_verify.papers.paper import (
    CERTIFICATES,
    COUNTEREXAMPLES,
    FILE,
    file_name,
    papers_at,
    read_paper,
)
from spi_verify.sources import text_of
from spi_verify.suggestions import suggestion
from spi_verify.theory import PAPER, Theory, fingerprint, subterms
from spi_verify.theory.signature import symbols

_PRINTED = re.compile(
    r"\b(?:Definition|Algorithm|Assumption|Proposition|Theorem|Lemma|Corollary|Appendix|Section|"
    r"Example)s? "
    r"(?:\d+(?:\.\d+)*|[A-Z]\b)(?:\([ivx]+\))?"
)


@dataclass(frozen=True)
class ExplainedDefinition:
    """A definition, and what has to do with it.

    Parameters
    ----------
    name, theory
        Of the definition.
    place
        The paper or the file in which it was looked up; empty for the shipped ones.
    words
        What its author says that it is; empty for nothing.
    printed
        Where the printed paper has it, as far as the words say.
    symbols
        What it mentions of the signature, and of the symbols that a paper has of its own.
    rests_on, in_definitions
        Definitions that it mentions, and those that mention it.
    listed, supposed, proved
        Statements that may use it; those that suppose just this; and those whose goal it is.
    notation
        How its paper writes symbols of its own.
    """

    name: str
    theory: Theory
    place: str
    words: str
    printed: tuple[str, ...]
    symbols: tuple[str, ...]
    rests_on: tuple[str, ...]
    in_definitions: tuple[str, ...]
    listed: tuple[str, ...]
    supposed: tuple[str, ...]
    proved: tuple[str, ...]
    notation: OwnNotation

    @property
    def kind(self) -> str:
        """What the definition is: a predicate, something taken for granted, or a claim."""
        definition = self.theory[self.name]
        if definition.sorts:
            return "definition"
        return "claim" if definition.is_claim else "axiom"

    @property
    def is_changed(self) -> bool:
        """Whether the theory of the shipped papers has another formula under this name."""
        return _is_changed(self.theory, self.name)


@dataclass(frozen=True)
class ExplainedStatement:
    """A statement.

    Parameters
    ----------
    statement
        As its suite has it.
    place
        As of a definition.
    other
        The id of its other reading, if it has one.
    used_by
        Statements that have it as a lemma.
    """

    statement: Statement | Executed
    place: str
    other: str | None
    used_by: tuple[str, ...]

    @property
    def printed(self) -> tuple[str, ...]:
        """Where the printed paper has it, as far as the first words of its suite say.

        Or ``(Example 1)`` after its id there. Lemmas that are not audited stand nowhere in it.
        """
        suite, id = self.statement.source, self.statement.id.removesuffix("/repaired")
        if suite is None or not suite.is_file():
            return ()
        order = read_paper(suite.parent).order if (suite.parent / FILE).exists() else ()
        if order and id not in order:
            return ()
        words = ast.get_docstring(ast.parse(suite.read_text(encoding="utf-8"))) or ""
        beside = re.search(rf"``{re.escape(id)}`` \(({_PRINTED.pattern})\)", words)
        if beside is not None:
            return (beside[1],)
        first = _PRINTED.match(words)
        return () if first is None else (first[0],)

    @property
    def saved(self) -> tuple[Path, ...]:
        """The files of counterexamples to it: itself, under variants, and without hypotheses."""
        folder = (self.statement.folder or Path()) / COUNTEREXAMPLES
        if self.statement.folder is None or not folder.is_dir():
            return ()
        name = file_name(self.statement.id)
        found = [*folder.rglob(f"{name}.json"), *folder.rglob(f"{name}.without.*.json")]
        return tuple(sorted(found, key=lambda file: (len(file.parts), file)))

    @property
    def certificates(self) -> Path | None:
        """The file of certificates of its steps, if some are kept."""
        if self.statement.folder is None:
            return None
        name = f"{self.statement.id.replace('/', '-')}.certificates"
        file = self.statement.folder / CERTIFICATES / name
        return file if file.is_file() else None

    @property
    def recorded(self) -> str | None:
        """The verdict in the lock file of its folder, if there is one and it can be read."""
        from spi_verify.obligations.lock import NAME, read

        file = (self.statement.folder or Path()) / NAME
        if self.statement.folder is None or not file.is_file():
            return None
        with contextlib.suppress(InputError):  # whoever compares it says why
            entry = read(file).statements.get(self.statement.id)
            return None if entry is None else str(entry.verdict)
        return None

    @property
    def changed(self) -> tuple[str, ...]:
        """Definitions that it may rest on and that the theory of the shipped papers has not so."""
        if isinstance(self.statement, Executed):
            return ()
        theory = self.statement.theory
        return tuple(n for n in rests_on(self.statement) if _is_changed(theory, n))


@dataclass(frozen=True)
class ExplainedSymbol:
    """A symbol of the signature, or one that a paper has of its own.

    Parameters
    ----------
    symbol
        From z3.
    words
        What it means, as the words beside it say.
    in_definitions
        Definitions that mention it.
    notation
        How the paper writes symbols of its own.
    """

    symbol: z3.FuncDeclRef
    words: str
    in_definitions: tuple[str, ...]
    notation: OwnNotation

    @property
    def name(self) -> str:
        """As in the code."""
        return self.symbol.name()


Explained = ExplainedDefinition | ExplainedStatement | ExplainedSymbol


def _is_changed(theory: Theory, name: str) -> bool:
    known = name in PAPER
    return known and fingerprint(theory.axiom(name)) != fingerprint(PAPER.axiom(name))


@dataclass
class _Place:
    """Where names are looked up: a paper, a suite, or what is shipped."""

    named: str
    theory: Theory
    statements: Mapping[str, Statement | Executed]
    own: Sequence[str]
    """What stands for it where nothing of it is named."""
    notation: OwnNotation = NOTHING_OWN
    folder: Path | None = None
    asked: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self.statements or name in self.theory or name in self.symbols

    def theorems(self, name: str) -> list[Statement]:
        """Return the statements that may name one; of what is shipped, those of such papers."""
        known = self.statements
        found = known.of_papers_with(name) if isinstance(known, Shipped) else known.values()
        return [one for one in found if isinstance(one, Statement)]

    @cached_property
    def symbols(self) -> Mapping[str, z3.FuncDeclRef]:
        """The symbols of the signature, and those of its own that its definitions mention."""
        mentioned = (
            term.decl()
            for name in self.theory
            if name not in PAPER
            for term in subterms(self.theory.axiom(name))
            if z3.is_app(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED
        )
        own = {one.name(): one for one in mentioned if one.name() not in self.theory}
        return {**own, **symbols()}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What stands beside its symbols in the code."""
        found = dict(meanings())
        for file in [] if self.folder is None else sorted(self.folder.glob("*.py")):
            found |= words_beside(text_of(file))
        return found


def explained(targets: Sequence[str], errors: list[str], theory: Theory = PAPER) -> list[Explained]:
    """Return what a command line names, explained; suites are run, and nothing is proved.

    Parameters
    ----------
    targets
        Ids of statements, and names of definitions and symbols; after a paper or a suite, first
        those that it has. A paper or a suite of which nothing is named stands for its statements
        and for the definitions that it changes or adds.
    errors
        Where to put messages about targets that cannot be read.
    theory
        The definitions to start from.
    """
    shipped = _Place("", theory, shipped_by_id(theory), ())
    places: list[_Place] = []
    asked: list[tuple[_Place, str | None]] = []
    for target in targets:
        place = next((one for one in (*reversed(places), shipped) if target in one), None)
        if place is not None:
            place.asked.append(target)
            asked.append((place, target))
            continue
        try:
            found = list(_places(target, theory))
        except InputError as error:
            errors.append(str(error))
            continue
        if not found:
            errors.append(_unknown(target, [*reversed(places), shipped]))
        places += found
        asked += [(one, None) for one in found]
    return list(_each(asked))


def _each(asked: Iterable[tuple[_Place, str | None]]) -> Iterator[Explained]:
    for place, name in asked:
        if name is not None:
            yield _explained(place, name)
        elif not place.asked:
            yield from (_explained(place, one) for one in place.own)


def _places(target: str, theory: Theory) -> Iterator[_Place]:
    """Yield the papers, or the suite, that a target names."""
    papers = papers_at(target)
    for paper in papers:
        draft = read_draft(paper, theory)
        own = [*paper.definitions, *draft.own]
        own_theory, notation = theory_of(paper, theory), notation_of(paper)
        yield _Place(target, own_theory, draft.statements, own, notation, paper.folder)
    path = Path(target)
    if not papers and path.exists():
        folder = path if path.is_dir() else path.parent
        has_paper = (folder / FILE).exists()
        here = theory_of(read_paper(folder), theory) if has_paper else theory
        statements = by_id(load(path, theory))
        notation = notation_at(folder)
        yield _Place(target, here, statements, list(statements), notation, folder)


def _unknown(target: str, places: Sequence[_Place]) -> str:
    known = [
        name for place in places for name in (*place.statements, *place.theory, *place.symbols)
    ]
    readings = dict.fromkeys(name.removesuffix("/repaired") for name in known)
    hint = suggestion(target, readings, where="'spi-verify list'")
    return f"{target!r} is neither a statement, a definition, a paper nor a file{hint}"


def _explained(place: _Place, name: str) -> Explained:
    if name not in place.statements:
        return _definition(place, name) if name in place.theory else _symbol(place, name)
    stem = name.removesuffix("/repaired")
    other = f"{stem}/repaired" if name == stem else stem
    there = other if other in place.statements else None
    used_by = (one.id for one in place.theorems(stem) if name in one.lemmas.values())
    return ExplainedStatement(place.statements[name], place.named, there, tuple(used_by))


def _definition(place: _Place, name: str) -> ExplainedDefinition:
    theory = place.theory
    words = inspect.getdoc(theory[name].body) or ""
    theorems = place.theorems(name)
    said = None if theory[name].sorts else fingerprint(theory.axiom(name))
    supposed = (
        one.id for one in theorems if said in {fingerprint(h.formula) for h in one.hypotheses}
    )
    closed = [(fingerprint(theory.axiom(one)), one) for one in theory if not theory[one].sorts]
    return ExplainedDefinition(
        name,
        theory,
        place.named,
        in_letters(words, theory, name, place.notation),
        tuple(dict.fromkeys(_PRINTED.findall(words))),
        tuple(_symbols(place, name)),
        tuple(_mentioned(theory, closed, name)),
        tuple(one for one in theory if name in _mentioned(theory, closed, one)),
        tuple(one.id for one in theorems if name in (*one.definitions, *one.lemmas)),
        tuple(supposed),
        tuple(one.id for one in theorems if fingerprint(one.goal.formula) == said),
        place.notation,
    )


def _symbol(place: _Place, name: str) -> ExplainedSymbol:
    found = (one for one in place.theory if name in _symbols(place, one))
    words = place.words.get(name, "")
    return ExplainedSymbol(place.symbols[name], words, tuple(found), place.notation)


def _symbols(place: _Place, name: str) -> list[str]:
    """Return the symbols that a definition mentions."""
    terms = subterms(place.theory.axiom(name))
    found = {term.decl().name() for term in terms if z3.is_app(term)}
    return [one for one in place.symbols if one in found]


def _mentioned(theory: Theory, closed: Iterable[tuple[str, str]], name: str) -> list[str]:
    """Return the definitions whose predicate, or whose formula as a whole, is in a definition.

    ``closed`` has the fingerprints and the names of those without parameters.
    """
    others = {formula: one for formula, one in closed if one != name}
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting: list[z3.ExprRef] = [theory.axiom(name)]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_bool(term) and fingerprint(term) in others:
            found[others[fingerprint(term)]] = None
            continue
        if z3.is_quantifier(term):
            waiting.append(term.body())
            continue
        waiting += reversed(term.children())
        symbol = term.decl().name() if z3.is_app(term) else ""
        if symbol != name and symbol in theory and theory[symbol].sorts:
            found[symbol] = None
    return list(found)
