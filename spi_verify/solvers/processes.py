"""Asking the solvers, each in a process of its own that outlives many queries."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.solvers.answers import Answer, FiniteModel, SolverDisagreement, Status

Z3_RESOURCES = 20_000_000
CVC5_RESOURCES = 2_000_000
WALL_CLOCK = 120.0


class _Process:
    """One solver process; killed and forgotten when it does not behave."""

    def __init__(self, solver: str) -> None:
        self.solver = solver
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def send(self, request: dict[str, Any]) -> None:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "spi_verify.solvers.worker", self.solver],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _import_path()},
                # Ctrl-C is for this program: a solver would call what it is doing unknown.
                process_group=0,
            )
        assert self._child.stdin is not None
        self._started = time.monotonic()
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()

    def receive(self, wall_clock: float) -> Answer:
        return self.receive_reply(wall_clock)[0]

    def receive_reply(self, wall_clock: float) -> tuple[Answer, dict[str, Any]]:
        line = self._read_line(wall_clock)
        seconds = time.monotonic() - self._started
        if line is None:
            self.stop()
            reason = f"wall-clock safety net of {wall_clock:g} s"
            return Answer(self.solver, Status.UNKNOWN, reason, seconds=seconds), {}
        if not line.endswith(b"\n"):
            code = self.stop()
            reason = f"the solver's process died (exit code {code})"
            return Answer(self.solver, Status.UNKNOWN, reason, seconds=seconds), {}
        reply = json.loads(line)
        return _answer(self.solver, reply, seconds), reply

    def _read_line(self, wall_clock: float) -> bytes | None:
        assert self._child is not None
        assert self._child.stdout is not None
        descriptor = self._child.stdout.fileno()
        line = b""
        while not line.endswith(b"\n"):
            left = self._started + wall_clock - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                return None
            piece = os.read(descriptor, 1 << 16)
            if not piece:
                break
            line += piece
        return line

    def stop(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return child.wait()


def _import_path() -> str:
    """Return where a solver's process imports from: as here, but never from the current folder."""
    package = Path(__file__).resolve().parents[2]
    return os.pathsep.join([*(folder for folder in sys.path if folder), str(package)])


_idle: dict[str, list[_Process]] = {"z3": [], "cvc5": []}
_all_processes: list[_Process] = []
_lock = threading.Lock()


@contextlib.contextmanager
def _process(solver: str) -> Iterator[_Process]:
    """Lend a process of a solver that nobody else is asking."""
    with _lock:
        if _idle[solver]:
            process = _idle[solver].pop()
        else:
            process = _Process(solver)
            _all_processes.append(process)
    try:
        yield process
    except BaseException as error:
        # An answer that nobody waited for must not be taken for the next one's.
        if not isinstance(error, ValueError):
            process.stop()
        raise
    finally:
        with _lock:
            _idle[solver].append(process)


def _forget_after_fork() -> None:
    """A forked child must not share its parent's processes: answers would mix."""
    global _lock
    _lock = threading.Lock()
    _all_processes.clear()
    for processes in _idle.values():
        processes.clear()


os.register_at_fork(after_in_child=_forget_after_fork)


@atexit.register
def stop_all() -> None:
    """Stop the solvers' processes; the next query starts new ones."""
    for process in _all_processes:
        process.stop()


def ask_z3(
    smtlib: str,
    *,
    resource_limit: int = Z3_RESOURCES,
    seed: int = 0,
    wall_clock: float = WALL_CLOCK,
) -> Answer:
    """Ask z3 whether the assertions of a script can hold together.

    Parameters
    ----------
    smtlib
        Declarations and assertions, without ``check-sat``.
    resource_limit
        Budget in z3's deterministic resource units.
    seed
        Random seed.
    wall_clock
        Seconds after which the solver's process is killed whatever its budget says.

    Raises
    ------
    ValueError
        When the text is not SMT-LIB that z3 reads.

    Examples
    --------
    >>> ask_z3("(declare-const x Real) (assert (= (* 3 x) 2))").model["x"]
    Fraction(2, 3)
    """
    with _process("z3") as process:
        process.send(_request(smtlib, resource_limit, seed))
        return process.receive(wall_clock)


def ask_cvc5(
    smtlib: str,
    *,
    resource_limit: int = CVC5_RESOURCES,
    seed: int = 0,
    wall_clock: float = WALL_CLOCK,
    finite_models: bool = False,
) -> Answer:
    """Ask cvc5 whether the assertions of a script can hold together.

    Parameters
    ----------
    smtlib, resource_limit, seed, wall_clock
        As for :func:`ask_z3`; the resource units are cvc5's own.
    finite_models
        Look for a model whose uninterpreted sorts are as small as possible. This is the mode
        that finds models of quantified formulas; it can still answer unsat.

    Raises
    ------
    ValueError
        When the text is not SMT-LIB that cvc5 reads.

    Examples
    --------
    >>> ask_cvc5("(assert (! false :named absurd))").core
    ('absurd',)
    """
    with _process("cvc5") as process:
        process.send(_request(smtlib, resource_limit, seed, finite_models))
        return process.receive(wall_clock)


def ask_both(
    smtlib: str,
    *,
    z3_resources: int = Z3_RESOURCES,
    cvc5_resources: int = CVC5_RESOURCES,
    seed: int = 0,
    wall_clock: float = WALL_CLOCK,
) -> tuple[Answer, Answer]:
    """Ask z3 and cvc5 about the same text at the same time.

    Raises
    ------
    SolverDisagreement
        When one says sat and the other unsat; the text is saved to the file it names.
    ValueError
        When a solver cannot read the text.

    Examples
    --------
    >>> [str(a.status) for a in ask_both("(declare-const x Real) (assert (> x x))")]
    ['unsat', 'unsat']
    """
    answers: list[Answer | ValueError] = []
    with _process("z3") as first, _process("cvc5") as second:
        first.send(_request(smtlib, z3_resources, seed))
        second.send(_request(smtlib, cvc5_resources, seed))
        for process in (first, second):
            try:
                answers.append(process.receive(wall_clock))
            except ValueError as error:
                answers.append(error)
    for answer in answers:
        if isinstance(answer, ValueError):
            raise answer
    one, other = answers
    assert isinstance(one, Answer)
    assert isinstance(other, Answer)
    check_agreement(smtlib, one, other)
    return one, other


def find_finite_model(
    smtlib: str,
    *,
    resource_limit: int = CVC5_RESOURCES,
    seed: int = 0,
    wall_clock: float = WALL_CLOCK,
) -> tuple[Answer, FiniteModel | None]:
    """Let cvc5 look for a finite structure in which all assertions of a script hold.

    Returns
    -------
    tuple
        cvc5's answer, and where that is ``sat`` the structure.

    Raises
    ------
    ValueError
        When the text is not SMT-LIB that cvc5 reads, or has functions of numbers.

    Examples
    --------
    >>> answer, model = find_finite_model(
    ...     "(declare-sort S 0) (declare-fun f (S) Real) (declare-const c S)"
    ...     "(assert (forall ((x S)) (= (f x) 2.0)))"
    ... )
    >>> model.sizes, model.tables["f"]
    ({'S': 1}, {(0,): Fraction(2, 1)})
    """
    with _process("cvc5") as process:
        process.send(_request(smtlib, resource_limit, seed, finite_models=True, tables=True))
        answer, reply = process.receive_reply(wall_clock)
    if answer.status is not Status.SAT:
        return answer, None
    tables = {
        name: {
            tuple(row): Fraction(value) if isinstance(value, str) else value
            for row, value in entries
        }
        for name, entries in reply["tables"].items()
    }
    return answer, FiniteModel(reply["sizes"], tables)


def check_agreement(smtlib: str, z3: Answer, cvc5: Answer) -> None:
    """Raise :class:`SolverDisagreement` if two answers to one text contradict each other."""
    if {z3.status, cvc5.status} == {Status.SAT, Status.UNSAT}:
        raise disagreement(smtlib, z3.status, cvc5.status)


def disagreement(smtlib: str, z3: Status, cvc5: Status) -> SolverDisagreement:
    """Save a text that the solvers disagree on; return what to raise."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="spi-verify-disagreement-", suffix=".smt2", delete=False
    ) as file:
        file.write(smtlib)
    return SolverDisagreement(file.name, z3, cvc5, smtlib)


def versions() -> dict[str, str]:
    """Return the versions of the solvers that are installed, without starting one."""
    from importlib.metadata import version

    return {"z3": version("z3-solver"), "cvc5": version("cvc5")}


def _request(
    smtlib: str, limit: int, seed: int, finite_models: bool = False, tables: bool = False
) -> dict[str, Any]:
    return {
        "smtlib": smtlib,
        "resource_limit": limit,
        "seed": seed,
        "finite_models": finite_models,
        "tables": tables,
    }


def _answer(solver: str, reply: dict[str, Any], seconds: float) -> Answer:
    if "error" in reply:
        raise ValueError(f"{solver} cannot read the script: {reply['error']}")
    model = {
        name: value if isinstance(value, bool) else Fraction(value)
        for name, value in sorted(reply.get("model", {}).items())
    }
    return Answer(
        solver=solver,
        status=Status(reply["status"]),
        reason=reply.get("reason"),
        core=tuple(sorted(reply.get("core", ()))),
        model=model,
        resources=reply.get("resources", 0),
        seconds=seconds,
    )
