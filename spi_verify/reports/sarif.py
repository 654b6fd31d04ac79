"""Results as a SARIF 2.1.0 file, for tools that show findings beside the code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from spi_verify.reports.places import Place
from spi_verify.reports.story import story
from spi_verify.verdicts import Report, Result, Verdict, exit_code

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report, heading: str, places: Mapping[str, Place]) -> str:
    """Return the report as SARIF: a rule for every statement, a result for every surprise.

    Parameters
    ----------
    report
        What was found; its input errors become notifications of the tool.
    heading
        What was run; tells the runs of several commands apart.
    places
        For ids, where they stand. An id without one has no location, and a line that is not
        known is left out.

    Notes
    -----
    Paths are relative to the current directory, so that what shows the findings can match them
    with the files of a repository; other files have absolute ones.
    """
    rules = list(dict.fromkeys(result.id for result in report.results))
    surprises = [result for result in report.results if not result.as_expected]
    run = {
        "tool": {
            "driver": {
                "name": "spi-verify",
                "rules": [_rule(id) for id in rules],
            }
        },
        "automationDetails": {"id": f"{heading}/"},
        "invocations": [
            {
                "executionSuccessful": not report.input_errors
                and not any(result.verdict is Verdict.ERROR for result in surprises),
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": message}}
                    for message in report.input_errors
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules.index(one.id), places.get(one.id)) for one in surprises],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(id: str) -> dict[str, Any]:
    return {"id": id, "shortDescription": {"text": f"The claim {id} gets the verdict expected."}}


def _result(result: Result, index: int, place: Place | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": result.id,
        "ruleIndex": index,
        "level": "warning" if exit_code([result]) == 3 else "error",
        "message": {"text": "\n".join(story(result))},
        "partialFingerprints": {"claim/v1": result.id},
        "properties": {
            "verdict": str(result.verdict),
            "expected": str(result.expected),
            "evidence": None if result.evidence is None else str(result.evidence),
            **({"consistency": "open"} if result.consistency_open else {}),
        },
    }
    if place is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
        if place.line is not None:
            physical["region"] = {"startLine": place.line}
        found["locations"] = [{"physicalLocation": physical}]
    return found


def _uri(file: str) -> str:
    path = Path(file).absolute()
    try:
        return quote(PurePosixPath(path.relative_to(Path.cwd())).as_posix())
    except ValueError:
        return path.as_uri()
