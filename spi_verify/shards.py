"""Shards: parts of a run that different machines do, and putting their results together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spi_verify.errors import InputError
from spi_verify.files import read_json
from spi_verify.verdicts import RESULTS_SCHEMA, Report, Result

if TYPE_CHECKING:
    from spi_verify.audit.rechecker import Rechecker

MAX_BYTES = 2**30


@dataclass(frozen=True)
class Shard:
    """Part ``number`` of ``count``, both counted from 1."""

    number: int
    count: int

    def of(self, ids: Sequence[str]) -> list[str]:
        """Return the ids of this part: every ``count``-th.

        Examples
        --------
        >>> Shard(2, 3).of(["a", "b", "c", "d", "e"])
        ['b', 'e']
        """
        return list(ids[self.number - 1 :: self.count])

    def to_json(self, formulas: Mapping[str, str]) -> dict[str, Any]:
        """Return what a results file says about the part it holds, and about the whole run.

        Parameters
        ----------
        formulas
            For each statement of the run, in order, a hash of its formulas.
        """
        return {
            "number": self.number,
            "count": self.count,
            "ids": list(formulas),
            "formulas": dict(formulas),
        }


def parse_shard(text: str) -> Shard:
    """Read a text such as ``2/5``.

    Raises
    ------
    InputError
        When it is none.
    """
    match = re.fullmatch(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})", text, re.ASCII)
    if match is None or int(match[1]) > int(match[2]):
        raise InputError(f"--shard {text}: write NUMBER/COUNT, for example 2/5")
    return Shard(int(match[1]), int(match[2]))


@dataclass
class Merged:
    """What shards come to together.

    Parameters
    ----------
    report
        The results in the order in which one run would have them, and a message for each shard
        that is missing, doubled, incomplete or of another run.
    solvers
        Their versions.
    contradicted
        A message for each result that something speaks against; they are left out of the report.
    believed
        How many verdicts are as the files say, because only a solver could say it again.
    foreign
        How many statements are not those of the suites that are here.
    """

    report: Report
    solvers: dict[str, str]
    contradicted: list[str] = field(default_factory=list)
    believed: int = 0
    foreign: int = 0

    @property
    def exit_code(self) -> int:
        """As of one run; 1 where a result is contradicted."""
        code = self.report.exit_code if self.report.results or not self.contradicted else 0
        return 1 if self.contradicted and not self.report.input_errors and code != 2 else code


def merge(files: Sequence[Path], rechecker: Rechecker) -> Merged:
    """Put the results of shards together.

    Parameters
    ----------
    files
        What ``prove --shard --json`` wrote.
    rechecker
        Checks again what needs no solver.

    Raises
    ------
    InputError
        When a file cannot be read, or holds no results of a shard.
    """
    merged = Merged(Report(), {})
    errors = merged.report.input_errors
    first: dict[str, Any] | None = None
    found: dict[str, Result] = {}
    seen: dict[int, Path] = {}
    for file in files:
        document = _read(file)
        shard = document["shard"]
        run = {key: shard[key] for key in ("count", "ids", "formulas")}
        run["solvers"] = document["solvers"]
        first = first or run
        unlike = [what for what, value in run.items() if value != first[what]]
        if unlike:
            errors.append(f"{file}: of another run than {files[0]}: other {unlike[0]}")
            continue
        part = Shard(shard["number"], shard["count"])
        if part.number in seen:
            errors.append(
                f"{file}: shard {part.number}/{part.count} is also in {seen[part.number]}"
            )
            continue
        seen[part.number] = file
        errors += [f"{file}: {message}" for message in document["errors"]]
        results = {result.id: result for result in document["results"]}
        wanted = part.of(shard["ids"])
        if list(results) != wanted or len(document["results"]) != len(wanted):
            errors.append(f"{file}: it does not hold the statements of its shard")
            continue
        for id, result in results.items():
            checked = rechecker.recheck(result, shard["formulas"][id])
            merged.believed += checked.believed
            merged.foreign += checked.foreign
            if checked.against is None:
                found[id] = result
            else:
                merged.contradicted.append(f"{file}: {id}: {checked.against}")
    assert first is not None
    errors += [
        f"shard {number}/{first['count']} is missing"
        for number in range(1, first["count"] + 1)
        if number not in seen
    ]
    merged.report.results = [found[id] for id in first["ids"] if id in found]
    merged.solvers = first["solvers"]
    return merged


def _read(file: Path) -> dict[str, Any]:
    """Read a results file with a shard; its results as :class:`Result`."""
    document = read_json(file, max_bytes=MAX_BYTES, decimal=float)
    if not isinstance(document, dict) or document.get("schema") != RESULTS_SCHEMA:
        raise InputError(f"this is no file of results ({RESULTS_SCHEMA})", file=str(file))
    if "shard" not in document:
        raise InputError("it is no shard: write it with prove --shard", file=str(file))
    try:
        shard, ids = document["shard"], document["shard"]["ids"]
        parse_shard(f"{shard['number']}/{shard['count']}")
        tables = (document["solvers"], shard["formulas"])
        strings = [*ids, *document["errors"], *(text for one in tables for text in one.values())]
        lists = (ids, document["errors"], document["results"])
        if not all(isinstance(one, list) for one in lists) or list(shard["formulas"]) != ids:
            raise TypeError
        if not all(isinstance(one, str) for one in strings) or set(tables[0]) != {"z3", "cvc5"}:
            raise TypeError
        return {**document, "results": [Result.from_json(one) for one in document["results"]]}
    except InputError:
        raise InputError("it does not say which shard it is", file=str(file)) from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise InputError("its results are not of the form of the schema", file=str(file)) from None
