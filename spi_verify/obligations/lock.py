"""Recorded verdicts: a small file that is reviewed, and what has become of it since."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.files import read_json
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.running import script_of
from spi_verify.obligations.statements import Executed
from spi_verify.verdicts import Evidence, Result, Verdict

SCHEMA = "spi-verify/lock/1"
NAME = "spi-verify.lock.json"
MAX_BYTES = 16 * 2**20

_KEYS = {"verdict", "evidence", "core", "formulas"}
_HASH = re.compile("sha256:[0-9a-f]{64}")
_GRADES: list[Evidence | None] = [None, *Evidence]
_UNDECIDED = [Verdict.ERROR, Verdict.VACUOUS, Verdict.UNKNOWN]


@dataclass(frozen=True)
class Entry:
    """What is recorded about one statement.

    Parameters
    ----------
    verdict, evidence
        As in :class:`~spi_verify.verdicts.Result`.
    core
        Names of the facts the verdict rests on.
    formulas
        A hash of everything the solvers were asked for it, or of what was executed.
    consistency_open
        As in :class:`~spi_verify.verdicts.Result`.
    """

    verdict: Verdict
    evidence: Evidence | None
    core: tuple[str, ...]
    formulas: str
    consistency_open: bool = False


@dataclass(frozen=True)
class Lock:
    """The content of a lock file: versions of the solvers, and an entry for each id."""

    solvers: Mapping[str, str]
    statements: Mapping[str, Entry]


@dataclass(frozen=True)
class Change:
    """What became of one statement since it was recorded.

    Parameters
    ----------
    id
        The statement.
    kind
        ``regressed``, ``obsolete`` (the formulas changed, the verdict did not), ``detached`` (the
        statement is gone), ``improved``, or ``new``.
    detail
        What it was and what it is.
    """

    id: str
    kind: str
    detail: str


def entry(outcome: Outcome, result: Result) -> Entry:
    """Return what is recorded about a statement."""
    return Entry(
        result.verdict,
        result.evidence,
        outcome.used,
        formulas(outcome),
        result.consistency_open,
    )


def formulas(outcome: Outcome) -> str:
    """Return a hash of a statement's formulas: hypotheses, definitions, lemmas and steps.

    Of an executed statement it is one of its claims, with what running showed.
    """
    statement = outcome.statement
    told: Any
    if isinstance(statement, Executed):
        told = [[fact.name, fact.claim, fact.holds, fact.found] for fact in outcome.facts]
    else:
        from spi_verify.solvers.smtlib import render

        facts = {name: render(formula).text for name, formula in statement.facts().items()}
        scene = [] if statement.scene is None else [render(statement.scene).text]
        steps = {step.name: script_of(statement, step.name) for step in statement.steps}
        told = [facts, steps, *scene]
    text = json.dumps([told, list(statement.added)], sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def write(lock: Lock) -> str:
    """Return the text of a lock file, sorted by id."""
    document = {
        "schema": SCHEMA,
        "solvers": dict(lock.solvers),
        "statements": {
            id: {
                "verdict": str(one.verdict),
                "evidence": None if one.evidence is None else str(one.evidence),
                "core": list(one.core),
                "formulas": one.formulas,
                **({"consistency": "open"} if one.consistency_open else {}),
            }
            for id, one in sorted(lock.statements.items())
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def read(file: Path) -> Lock:
    """Read a lock file.

    Raises
    ------
    InputError
        When there is none, or it is not one.
    """
    if not file.exists():
        raise InputError(
            "there are no recorded verdicts here; record them with --record", file=str(file)
        )
    document = read_json(file, max_bytes=MAX_BYTES)
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"this is no file of recorded verdicts ({SCHEMA})", file=str(file))
    solvers, statements = document.get("solvers"), document.get("statements")
    if not isinstance(solvers, dict) or not isinstance(statements, dict):
        raise InputError("it needs the objects solvers and statements", file=str(file))
    if not all(isinstance(number, str) for number in solvers.values()):
        raise InputError("these are versions, as text", file=str(file), where="solvers")
    return Lock(solvers, {id: _entry(id, one, file) for id, one in statements.items()})


def _entry(id: str, data: Any, file: Path) -> Entry:
    try:
        verdict, evidence = Verdict(data["verdict"]), data["evidence"]
        core, formulas = data["core"], data["formulas"]
        decided = verdict in (Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS)
        consistency = data.get("consistency", "open")
        if set(data) - {"consistency"} != _KEYS or consistency != "open":
            raise ValueError
        if not isinstance(core, list) or (evidence is not None) != decided:
            raise ValueError
        if not all(isinstance(name, str) for name in core) or not _HASH.fullmatch(formulas):
            raise ValueError
        return Entry(
            verdict,
            None if evidence is None else Evidence(evidence),
            tuple(core),
            formulas,
            data.get("consistency") == "open",
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError(
            "needs verdict, evidence, core and formulas, as --record writes them",
            file=str(file),
            where=f"statements.{id}",
        ) from None


def compare(
    recorded: Mapping[str, Entry], found: Mapping[str, tuple[Entry, Result]], *, complete: bool
) -> list[Change]:
    """Return what changed, in the order of what was found, then what is gone.

    Parameters
    ----------
    recorded
        What the file says.
    found
        What is found now.
    complete
        Whether all statements of the file were to be decided, so that one which was not found is
        gone.
    """
    changes = []
    for id, (now, result) in found.items():
        if id not in recorded:
            changes.append(Change(id, "new", f"{_told(now)}, not recorded"))
            continue
        before = recorded[id]
        kind = _kind(before, now, result)
        if kind is not None:
            detail = " -> ".join(dict.fromkeys((_told(before), _told(now))))
            if before.formulas != now.formulas:
                detail += "; the formulas changed"
            changes.append(Change(id, kind, detail))
    if complete:
        changes += [
            Change(id, "detached", f"{_told(one)}, but the statement is gone")
            for id, one in recorded.items()
            if id not in found
        ]
    return changes


def _told(one: Entry) -> str:
    marks = [str(one.evidence)] if one.evidence else []
    marks += ["consistency open"] if one.consistency_open else []
    return f"{one.verdict} ({', '.join(marks)})" if marks else str(one.verdict)


def _kind(before: Entry, now: Entry, result: Result) -> str | None:
    changed = before.formulas != now.formulas
    if before.verdict is now.verdict:
        if before.consistency_open is not now.consistency_open:
            return "regressed" if now.consistency_open else "improved"
        steps = _GRADES.index(now.evidence) - _GRADES.index(before.evidence)
        if steps:
            return "improved" if steps > 0 else "regressed"
        return "obsolete" if changed else None
    if before.verdict is Verdict.PROVED:
        better = False
    elif before.verdict is Verdict.REFUTED:
        better = now.verdict is Verdict.PROVED and changed and result.as_expected
    elif now.verdict in _UNDECIDED:
        better = _UNDECIDED.index(now.verdict) > _UNDECIDED.index(before.verdict)
    else:
        better = result.as_expected
    return "improved" if better else "regressed"


def lock_file(targets: Sequence[str], named: Path | None) -> Path:
    """Return where verdicts are recorded: next to the suites, or where the user says.

    Raises
    ------
    InputError
        When the targets lie in several folders, and no file is named.
    """
    if named is not None:
        return named
    paths = [Path(target) for target in targets if Path(target).exists()]
    folders = {path if path.is_dir() else path.parent for path in paths} or {Path()}
    if len(folders) > 1:
        raise InputError("the suites lie in several folders: name the file with --lock FILE")
    return folders.pop() / NAME


def is_complete(targets: Sequence[str]) -> bool:
    """Return whether whole folders are asked for, so that what is not found is gone."""
    return all(Path(target).is_dir() for target in targets)
