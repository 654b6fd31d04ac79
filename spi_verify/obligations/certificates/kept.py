"""Certificates and witnesses kept in files, used where a statement has the very same formulas."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from spi_verify.checker import Refused
from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Tree, read, told
from spi_verify.files import CERTIFICATES
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.theory import Unexplained
from spi_verify.obligations.certificates.witnesses import KeptWitnesses
from spi_verify.obligations.certificates.writing import Writing, tree_of_rendered
from spi_verify.obligations.consistency import label
from spi_verify.obligations.deciding import NOT_ASKED, Decision, Search
from spi_verify.obligations.outcomes import Outcome, needed_steps
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.solvers.smtlib import Rendered, render
from spi_verify.verdicts import Evidence, Result, Verdict

MOST_NAMED = 5
"""How many of the steps without a certificate are named."""


@dataclass(frozen=True)
class _Entry:
    """A step that a file has a certificate of: what it uses, in the order that counts."""

    uses: tuple[str, ...]
    items: Sequence[Tree]


class Kept:
    """What files of certificates prove; nothing in them is believed, the checker sees all of it.

    Parameters
    ----------
    folders
        Where files are looked for. One that cannot be read is a warning.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        folders = list(dict.fromkeys(folders))
        self._witnesses = KeptWitnesses(folders)
        self._unread: dict[Path, str] = {}
        for folder in folders:
            for file in sorted(folder.glob(f"*{CERTIFICATES}")) if folder.is_dir() else ():
                with _warned(file):
                    self._unread[file] = file.read_text(encoding="utf-8")
        texts = "\0".join(self._unread.values())
        self.digest = hashlib.sha256(texts.encode()).hexdigest()
        self._entries: dict[str, list[_Entry]] = {}
        self._trees: dict[str, tuple[Tree, dict[str, Tree], str]] = {}

    def decision(self, facts: Mapping[str, Rendered], goal: Rendered) -> Decision | None:
        """Return that a step follows, where a certificate that is kept proves it.

        Parameters
        ----------
        facts
            What it may use, by name.
        goal
            What is to follow.
        """
        if not self._unread and not self._entries:
            return None
        try:
            tree, declared, text = self._read(goal)
            found = self._proving(text)
            names: dict[str, str] = {}
            for name, fact in facts.items() if found else ():
                names.setdefault(self._read(fact)[2], name)
        except Refused:
            return None
        for entry in found:
            if not names.keys() >= set(entry.uses):
                continue
            core = [names[use] for use in entry.uses]
            parts = [self._read(facts[name]) for name in core]
            commands = _commands([declared, *(part[1] for part in parts)])
            commands += [["assert", part[0]] for part in parts]
            with suppress(Refused), told():
                commands.append(["assert", ["not", tree]])
                Step(commands).check(entry.items)
                decision = Decision(NOT_ASKED, NOT_ASKED, None, tuple(core), True, 0.0, (0, 0))
                return replace(decision, checked=True, certificate=(commands, entry.items))
        return None

    def witness(self, wanted: Mapping[str, Rendered]) -> Search | None:
        """Return the structure that is kept for formulas; whether they hold in it is not known."""
        return self._witnesses.find(wanted)

    def graded(self, ids: Sequence[str], outcomes: Mapping[str, Outcome]) -> dict[str, Result]:
        """Return the results of statements, as checked where certificates prove all of one.

        Parameters
        ----------
        ids
            Which.
        outcomes
            What was decided, with the lemmas.
        """
        proved = [
            id
            for id in ids
            if outcomes[id].result.verdict is Verdict.PROVED and outcomes[id].decisions
        ]
        open_steps = {id: uncertified(id, outcomes) for id in proved}
        whole = [id for id, steps in open_steps.items() if not steps]
        refused = Writing(outcomes, self.find).refused(whole) if whole else {}
        results = {id: outcomes[id].result for id in ids}
        for id in proved:
            if open_steps[id]:
                results[id] = self._lacking(outcomes[id], open_steps[id])
            elif id in refused:
                results[id] = _noted(results[id], f"not checked without solvers: {refused[id]}")
            else:
                results[id] = replace(results[id], evidence=Evidence.CHECKED)
        return results

    def _lacking(self, outcome: Outcome, open_steps: Sequence[str]) -> Result:
        """Return the result of a statement some of whose steps have no certificate."""
        result = outcome.result
        if any(d.checked for d in outcome.decisions.values()):
            more = len(open_steps) - MOST_NAMED
            rest = f", and {more} more" if more > 0 else ""
            named = ", ".join(open_steps[:MOST_NAMED])
            return _noted(result, f"without a certificate: {named}{rest}")
        return result

    def proof(self, id: str, known: Mapping[str, Statement | Executed]) -> str:
        """Return a file of certificates of a statement, put together from what is kept.

        Parameters
        ----------
        id
            The statement.
        known
            Where it and its lemmas are.

        Raises
        ------
        Unexplained
            When a step has no certificate, or the checker does not accept it; says why.
        """
        outcomes: dict[str, Outcome] = {}
        waiting = [id]
        while waiting:
            one = known[waiting.pop()]
            if not isinstance(one, Statement):
                raise Unexplained(f"{one.id} is decided by running programs: it has no proof")
            outcome = outcomes[one.id] = Outcome(one, self._decisions(one))
            needed = needed_steps(outcome)
            lacking = [name for name in needed if not outcome.decisions[name].checked]
            if lacking:
                steps = ", ".join(lacking)
                raise Unexplained(f"{one.id}: no certificate is kept of {steps}")
            used = {use.removeprefix("fact:") for n in needed for use in outcome.decisions[n].core}
            waiting += [source for name, source in one.lemmas.items() if name in used]
        return Writing(outcomes, self.find).text(id)

    def _decisions(self, statement: Statement) -> dict[str, Decision]:
        """Return what is kept of the steps of a statement."""
        formulas = {**statement.facts(), **{s.name: s.formula for s in statement.steps}}
        unknown = Decision(NOT_ASKED, NOT_ASKED, None, (), False, 0.0, (0, 0))
        found = {}
        for step in statement.order():
            facts = {label(use): render(formulas[use]) for use in statement.uses(step)}
            found[step.name] = self.decision(facts, render(step.formula)) or unknown
        return found

    def find(self, commands: Sequence[Tree]) -> Sequence[Tree]:
        """Return the certificate that is kept of the commands of a step.

        Raises
        ------
        Unexplained
            When there is none.
        """
        *facts, negated = [command[1] for command in commands if command[0] == "assert"]
        uses = tuple(map(text_of, facts))
        for entry in self._proving(text_of(negated[1])):
            if entry.uses == uses:
                return entry.items
        raise Unexplained("no certificate is kept of it")

    def _read(self, rendered: Rendered) -> tuple[Tree, dict[str, Tree], str]:
        """Return a formula as a tree, its declarations, and its text as files have it."""
        key = rendered.declared
        if key not in self._trees:
            with told():
                tree, declared = tree_of_rendered(rendered)
            self._trees[key] = tree, declared, text_of(tree)
        return self._trees[key]

    def _proving(self, goal: str) -> list[_Entry]:
        """Return what proves a formula; only files in which its text occurs are read."""
        for file in [file for file, text in self._unread.items() if goal in text]:
            text = self._unread.pop(file)
            with _warned(file), told():
                for tree in read(text):
                    if tree[0] == "statement":
                        self._note(tree)
        return self._entries.get(goal, [])

    def _note(self, statement: Tree) -> None:
        formulas: dict[str, str] = {}
        for part in statement[2:]:
            formula = part[3] if part[0] == "lemma" else part[2]
            formulas[part[1]] = text_of(formula)
            if part[0] == "step":
                entry = _Entry(tuple(formulas[use] for use in part[3]), part[4:])
                known = self._entries.setdefault(formulas[part[1]], [])
                if entry not in known:
                    known.append(entry)


def uncertified(id: str, outcomes: Mapping[str, Outcome]) -> list[str]:
    """Return the steps that a proof rests on and that solvers decided, those of lemmas included.

    Parameters
    ----------
    id
        The statement.
    outcomes
        What was decided, with the lemmas.
    """
    outcome = outcomes[id]
    steps = [name for name in needed_steps(outcome) if not outcome.decisions[name].checked]
    for name, source in outcome.theorem.lemmas.items():
        if name in outcome.used:
            steps += [f"{source}: {step}" for step in uncertified(source, outcomes)]
    return list(dict.fromkeys(steps))


def _noted(result: Result, note: str) -> Result:
    return replace(result, reason="; ".join(filter(None, [result.reason, note])))


def _commands(declared: Iterable[Mapping[str, Tree]]) -> list[Tree]:
    """Return declarations, sorts first; a name that is declared in two ways is there twice."""
    trees = [tree for one in declared for tree in one.values()]
    unique = {text_of(tree): tree for tree in trees}.values()
    return sorted(unique, key=lambda tree: bool(tree[0] != "declare-sort"))


@contextmanager
def _warned(file: Path) -> Iterator[None]:
    """Turn what is wrong with a file into a warning: its steps are solved."""
    try:
        yield
    except (OSError, UnicodeDecodeError, Refused, LookupError, TypeError) as error:
        why = f"{file}: cannot be read, its certificates are not used: {error}"
        warnings.warn(why, stacklevel=2)
