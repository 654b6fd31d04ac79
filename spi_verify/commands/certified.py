"""Writing certificates of what was proved, and checking files of them without a solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from spi_verify.checker import Checked, Refused, check_file
from spi_verify.errors import InputError, Rejected
from spi_verify.files import CERTIFICATES
from spi_verify.verdicts import Evidence, Verdict

if TYPE_CHECKING:
    from spi_verify.obligations.cache import Cache
    from spi_verify.obligations.certificates.kept import Kept
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.verdicts import Result

HEADER = "; spi-verify/certificates/1"
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Certified:
    """What became of the certificates of one statement: the file, or why there is none."""

    statement: str
    file: str | None
    reason: str | None


def certify(
    outcomes: dict[str, Outcome],
    results: dict[str, Result],
    directory: Path,
    cache: Cache,
    kept: Kept | None,
) -> list[Certified]:
    """Write a file of certificates for each statement that is proved, and raise its evidence.

    The joint witness of each statement that has one is written beside.

    Parameters
    ----------
    outcomes
        What was decided, with the lemmas.
    results
        The verdicts of what was asked for; those of certified statements are replaced.
    directory
        Where to write; made if it is not there.
    cache
        Where certificates are kept.
    kept
        What comes with the suites, used where it proves a step; what it lacks is found.

    Raises
    ------
    InputError
        When a file cannot be written.
    """
    from spi_verify.commands.output import write_text
    from spi_verify.obligations.certificates.searching import Searching
    from spi_verify.obligations.certificates.theory import Unexplained
    from spi_verify.obligations.certificates.writing import Writing
    from spi_verify.obligations.statements import Statement

    theorems = [id for id in results if isinstance(outcomes[id].statement, Statement)]
    proved = [id for id in theorems if results[id].verdict is Verdict.PROVED]
    names = {id: directory / id.replace("/", "-") for id in theorems}
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make it: {error.strerror}", file=str(directory)) from error
    searching = Searching(cache, kept)
    writing = Writing(outcomes, searching.find)
    told = []
    try:
        for id in proved:
            if list(names.values()).count(names[id]) > 1:
                told.append(Certified(id, None, f"{id}: another statement has the same file name"))
                continue
            try:
                text = writing.text(id)
            except Unexplained as error:
                told.append(Certified(id, None, str(error)))
                continue
            file = names[id].with_name(names[id].name + CERTIFICATES)
            write_text(file, text)
            results[id] = replace(results[id], evidence=Evidence.CHECKED)
            told.append(Certified(id, str(file), None))
    finally:
        searching.close()
    for id in (id for id in theorems if list(names.values()).count(names[id]) == 1):
        _write_witness(outcomes[id], names[id])
    return told


def _write_witness(outcome: Outcome, name: Path) -> None:
    """Write the structure in which all that a statement rests on holds, where there is one."""
    from spi_verify.commands.output import write_text
    from spi_verify.obligations.certificates import witnesses
    from spi_verify.solvers.smtlib import render

    if outcome.witness is not None:
        facts = {label: render(formula) for label, formula in outcome.witness_of.items()}
        file = name.with_name(name.name + witnesses.ENDING)
        write_text(file, witnesses.text_of(facts, outcome.witness))


def holds_certificates(file: Path) -> bool:
    """Return whether a file says that it holds certificates.

    Raises
    ------
    InputError
        When its name says so, but it begins neither as such a file nor as JSON.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(len(HEADER))
    except OSError:
        return False
    if head == HEADER.encode():
        return True
    if file.suffix == CERTIFICATES and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise InputError(
            f"this holds no certificates: its first line should be {HEADER!r}; "
            "prove --certificates FOLDER writes such files",
            file=str(file),
        )
    return False


def check_certificates(file: Path) -> str:
    """Check a file of certificates, without any solver.

    Returns
    -------
    str
        What follows from what, in a sentence.

    Raises
    ------
    Rejected
        When the file proves nothing, with the reason.
    InputError
        When it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", file=str(file)) from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES} bytes", file=str(file))
    try:
        return _told(check_file(text))
    except Refused as refused:
        raise Rejected(str(refused)) from None


def _told(checked: Sequence[Checked]) -> str:
    last = checked[-1]
    supposed = ", ".join(last.hypotheses) or "no hypotheses"
    steps = sum(one.steps for one in checked)
    return (
        f"{last.id}: its goal follows from {supposed}, and {len(last.definitions)} definitions; "
        f"{steps} steps checked"
    )
