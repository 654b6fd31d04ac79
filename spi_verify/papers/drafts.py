"""Drafts: papers that extend another, whose statements they have under definitions of their own.

A draft has the statements of its suites and all statements of the other paper, which its
definitions reach or not. One that its suites have under the same id takes the other's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spi_verify.errors import InputError, located
from spi_verify.obligations.resting import lemmas_below, rests_on
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.loading import load, suites_in
from spi_verify.papers.paper import FILE, Paper
from spi_verify.papers.running import each_file_once
from spi_verify.shipped import shipped
from spi_verify.suggestions import suggestion
from spi_verify.theory import PAPER, Theory, same_formula
from spi_verify.theory.terms import Formula
from spi_verify.verdicts import Verdict

Statements = Mapping[str, Statement | Executed]

_DECIDED = (Verdict.PROVED, Verdict.REFUTED, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Inherited:
    """A statement of the paper that a draft extends.

    Parameters
    ----------
    statement
        Under the draft's definitions.
    before
        As the other paper has it.
    changed
        The definitions on which it depends and which the draft has otherwise; none where it says
        the same as before.
    """

    statement: Statement | Executed
    before: Statement | Executed
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """The statements of a paper.

    Parameters
    ----------
    own
        Those of its suites, by id.
    inherited
        Those of the paper that it extends, unless its suites have them, by id.
    replaced
        What the other paper has under the ids of own statements.
    """

    own: Statements
    inherited: Mapping[str, Inherited]
    replaced: Statements

    @property
    def reached(self) -> list[str]:
        """The ids of the other paper's statements that a changed definition reaches."""
        return [id for id, one in self.inherited.items() if one.changed]

    @property
    def statements(self) -> Statements:
        """All of them by id, own ones first."""
        return {**self.own, **{id: one.statement for id, one in self.inherited.items()}}


@each_file_once()
def read_draft(paper: Paper, base: Theory = PAPER) -> Draft:
    """Return the statements of a paper, with those of the one that it extends, if it does.

    Parameters
    ----------
    paper
        The paper. Its suites are run, and the other one's.
    base
        The definitions that both start from; those replaced in it count for the draft.

    Raises
    ------
    InputError
        When a suite or a definition cannot be used, or ``expected`` names no statement.
    """
    if paper.extended is None:
        return Draft(_by_id(load(paper.folder, base)), {}, {})
    theory = theory_of(paper, base)
    own = _by_id(suites_in(paper.folder, theory, empty=True))
    old = theory_of(paper.extended)
    before, after = statements_of(paper.extended, old), statements_of(paper.extended, theory)
    comparison = _Comparison(before, after)
    taken = {id.removesuffix("/repaired") for id in own}
    found: dict[str, Inherited] = {}
    for id, one in after.items():
        if id.removesuffix("/repaired") not in taken and id in before:
            here = replace(one, folder=paper.folder.resolve())
            found[id] = Inherited(here, before[id], comparison.changed(id))
    found |= {
        id: replace(one, changed=_written_out(paper, base, id))
        for id, one in found.items()
        if one.changed == ("",)
    }
    replaced = {id: one for id, one in before.items() if id.removesuffix("/repaired") in taken}
    return Draft(own, _expected(paper, own, found), replaced)


def statements_of(paper: Paper, theory: Theory) -> Statements:
    """Return all statements of a paper, those of papers that it extends too, under a theory."""
    folder = paper.folder.resolve()
    if folder.is_relative_to(shipped("proofs")):
        own = _by_id(load(folder, theory))
    else:
        own = _by_id(suites_in(folder, theory, empty=paper.extended is not None))
    if paper.extended is None:
        return own
    taken = {id.removesuffix("/repaired") for id in own}
    more = statements_of(paper.extended, theory)
    kept = {id: one for id, one in more.items() if id.removesuffix("/repaired") not in taken}
    return {**own, **{id: replace(one, folder=folder) for id, one in kept.items()}}


def is_audited(paper: Paper, statement: Statement | Executed) -> bool:
    """Return whether a statement is one of a paper's order; without an order they all are.

    Of a draft's, one of the other paper's is if it is there, too.
    """
    if statement.id.removesuffix("/repaired") in paper.order:
        return True
    source = statement.source
    if paper.extended is not None and source and source.parent != paper.folder.resolve():
        return is_audited(paper.extended, statement)
    return not paper.order


def _by_id(statements: Iterable[Statement | Executed]) -> dict[str, Statement | Executed]:
    return {one.id: one for one in statements}


class _Comparison:
    """The other paper's statements as they were and as they are under a draft's definitions."""

    def __init__(self, before: Statements, after: Statements) -> None:
        self._before, self._after = before, after
        self._theorems = {id: one for id, one in after.items() if isinstance(one, Statement)}
        self._named: dict[str, tuple[str, ...]] = {}
        self._differing: dict[str, bool] = {}

    def changed(self, id: str) -> tuple[str, ...]:
        """Return the definitions that make a statement another; ``("",)`` where it names none.

        That is where the suite wrote out a closed definition.
        """
        ids = self._with_lemmas(id)
        names = dict.fromkeys(name for one in ids for name in self._changed_in(one))
        return tuple(names) or (("",) if any(map(self._differs, ids)) else ())

    def differs(self, id: str) -> bool:
        """Return whether formulas of a statement, or of those its lemmas come from, are others."""
        return any(map(self._differs, self._with_lemmas(id)))

    def _with_lemmas(self, id: str) -> list[str]:
        if id not in self._theorems:
            return []  # it runs programs, which no formula reaches
        return [id, *(one.id for one in lemmas_below(self._theorems[id], self._theorems))]

    def _pair(self, id: str) -> tuple[Statement, Statement]:
        old, new = self._before[id], self._theorems[id]
        assert isinstance(old, Statement)
        return old, new

    def _changed_in(self, id: str) -> tuple[str, ...]:
        """Return which definitions on which a statement rests say something else.

        New ones are not among them: only through another does a statement of before speak of one.
        """
        if id not in self._named:
            old, new = self._pair(id)
            self._named[id] = tuple(
                n for n in rests_on(new) if _says_else(n, old.theory, new.theory)
            )
        return self._named[id]

    def _differs(self, id: str) -> bool:
        if id not in self._differing:
            old, new = map(_formulas, self._pair(id))
            self._differing[id] = len(old) != len(new) or not all(map(same_formula, old, new))
        return self._differing[id]


def _says_else(name: str, old: Theory, new: Theory) -> bool:
    if name not in old or old[name] is new[name]:
        return False
    return not same_formula(old.axiom(name), new.axiom(name))


def _formulas(statement: Statement) -> list[Formula]:
    """Return what tells a statement, its steps included, from others."""
    formulas = [*(h.formula for h in statement.hypotheses), *(s.formula for s in statement.steps)]
    formulas += [statement.theory.axiom(name) for name in rests_on(statement)]
    return formulas if statement.scene is None else [*formulas, statement.scene]


def _written_out(paper: Paper, base: Theory, id: str) -> tuple[str, ...]:
    """Return the closed definitions that make a statement another, one at a time."""
    assert paper.extended is not None
    old, new = theory_of(paper.extended), theory_of(paper, base)
    closed = [n for n in old if not old[n].sorts and old[n] is not new[n]]
    if len(closed) < 2:
        return tuple(closed)
    added = [new[name] for name in new if name not in old]
    before = statements_of(paper.extended, old)
    guilty = []
    for name in closed:
        after = statements_of(paper.extended, old.and_(*added).with_(**{name: new[name].body}))
        if _Comparison(before, after).differs(id):
            guilty.append(name)
    return tuple(guilty or closed)


def _expected(
    paper: Paper, own: Statements, found: Mapping[str, Inherited]
) -> dict[str, Inherited]:
    """Return inherited statements with the verdicts that the draft expects of them."""
    expected: dict[str, Verdict] = {}
    for id, verdict in paper.expected.items():
        with located(file=str(paper.folder / FILE), where=f"expected.{id}"):
            if id in own:
                raise InputError("it is a statement of this folder: its suite says what to expect")
            if id not in found:
                raise InputError(f"the other paper has no such statement{suggestion(id, found)}")
            if verdict not in _DECIDED:
                raise InputError(f"this should be one of {', '.join(_DECIDED)}")
            expected[id] = Verdict(verdict)
    return {
        id: replace(one, statement=replace(one.statement, expected=expected[id]))
        if id in expected
        else one
        for id, one in found.items()
    }
