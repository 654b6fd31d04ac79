"""Shards: parts of a run that different machines do, and putting their results together."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.verdicts import RESULTS_SCHEMA, Evidence, Report, Result, Verdict

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

    def to_json(self, ids: Sequence[str]) -> dict[str, Any]:
        """Return what a results file says about the part it holds, of all ``ids``."""
        return {"number": self.number, "count": self.count, "ids": list(ids)}


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


def merge(files: Sequence[Path]) -> tuple[Report, dict[str, str]]:
    """Put the results of shards together.

    Returns
    -------
    tuple
        The results in the order in which one run would have them; a message for each shard that
        is missing, doubled, incomplete or of another run; and the versions of the solvers.

    Raises
    ------
    InputError
        When a file cannot be read, or holds no results of a shard.
    """
    report = Report()
    first: dict[str, Any] | None = None
    found: dict[str, Result] = {}
    seen: dict[int, Path] = {}
    for file in files:
        document = _read(file)
        shard = document["shard"]
        run = {"count": shard["count"], "ids": shard["ids"], "solvers": document["solvers"]}
        if first is None:
            first = run
        unlike = [what for what, value in run.items() if value != first[what]]
        if unlike:
            report.input_errors.append(f"{file}: of another run than {files[0]}: other {unlike[0]}")
            continue
        part = Shard(shard["number"], shard["count"])
        if part.number in seen:
            report.input_errors.append(
                f"{file}: shard {part.number}/{part.count} is also in {seen[part.number]}"
            )
            continue
        seen[part.number] = file
        report.input_errors += [f"{file}: {message}" for message in document["errors"]]
        results = {result.id: result for result in document["results"]}
        wanted = part.of(shard["ids"])
        if list(results) != wanted or len(document["results"]) != len(wanted):
            report.input_errors.append(f"{file}: it does not hold the statements of its shard")
            continue
        found |= results
    assert first is not None
    report.input_errors += [
        f"shard {number}/{first['count']} is missing"
        for number in range(1, first["count"] + 1)
        if number not in seen
    ]
    report.results = [found[id] for id in first["ids"] if id in found]
    return report, first["solvers"]


def _read(file: Path) -> dict[str, Any]:
    """Read a results file with a shard; its results as :class:`Result`."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES >> 20} MiB", file=str(file))
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror}", file=str(file)) from None
    except (ValueError, RecursionError):
        raise InputError("this is no JSON file", file=str(file)) from None
    if not isinstance(document, dict) or document.get("schema") != RESULTS_SCHEMA:
        raise InputError(f"this is no file of results ({RESULTS_SCHEMA})", file=str(file))
    if "shard" not in document:
        raise InputError("it is no shard: write it with prove --shard", file=str(file))
    try:
        shard, ids = document["shard"], document["shard"]["ids"]
        parse_shard(f"{shard['number']}/{shard['count']}")
        strings = [*ids, *document["errors"], *document["solvers"].values()]
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in strings):
            raise TypeError
        return {**document, "results": [_result(one) for one in document["results"]]}
    except InputError:
        raise InputError("it does not say which shard it is", file=str(file)) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("its results are not of the form of the schema", file=str(file)) from None


def _result(data: dict[str, Any]) -> Result:
    if not isinstance(data["id"], str) or not isinstance(data["reason"], str | None):
        raise TypeError
    evidence = data["evidence"]
    return Result(
        id=data["id"],
        verdict=Verdict(data["verdict"]),
        evidence=None if evidence is None else Evidence(evidence),
        expected=Verdict(data["expected"]),
        hypotheses_used=tuple(data["hypotheses_used"]),
        counterexample=data["counterexample"],
        reason=data["reason"],
        seconds=float(data["seconds"]),
        region=data["region"],
        consistency_open=data.get("consistency") == "open",
    )
