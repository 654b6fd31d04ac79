"""The process that a solver runs in: one JSON request a line in, one JSON answer a line out.

Started as ``python -m spi_verify.solvers.worker z3`` (or ``cvc5``). A solver that crashes, runs
out of memory or does not come back takes only this process with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import re
import resource
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

MEMORY_LIMIT = 6 * 2**30


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    solve = solve_z3 if sys.argv[1] == "z3" else solve_cvc5
    for line in sys.stdin:
        try:
            with _ended_with_input():
                answer = solve(**json.loads(line))
        except MemoryError:
            answer = {"status": "unknown", "reason": "out of memory"}
        except Exception as error:
            answer = _failure(str(error))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


@contextlib.contextmanager
def _ended_with_input() -> Iterator[None]:
    """End this process when the one that asks is gone: nobody would stop what it is solving.

    The kernel does it, by the signal for a closed pipe, since solvers keep Python from running.
    """
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(0, fcntl.F_SETFL, flags)


def _failure(message: str) -> dict[str, Any]:
    if "out of memory" in message.lower() or "bad_alloc" in message:
        return {"status": "unknown", "reason": "out of memory"}
    return {"error": message}


def solve_z3(smtlib: str, resource_limit: int, seed: int, **_: bool) -> dict[str, Any]:
    """Let z3 decide a script, in a context of its own."""
    import z3

    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", resource_limit, "random_seed", seed)
    solver.from_string("(set-option :produce-unsat-cores true)\n" + smtlib)
    status = solver.check()
    answer: dict[str, Any] = {"status": str(status), "resources": 0}
    for key, value in solver.statistics():
        if key == "rlimit count":
            answer["resources"] = value
    if status == z3.unsat:
        answer["core"] = [term.decl().name() for term in solver.unsat_core()]
    elif status == z3.sat:
        model = solver.model()
        values: dict[str, str | bool] = {}
        for constant in _constants(smtlib, context):
            value = model.eval(constant, model_completion=True)
            name = constant.decl().name()
            if z3.is_algebraic_value(value):
                return _irrational(name, answer["resources"])
            if z3.is_rational_value(value) or z3.is_int_value(value):
                values[name] = str(value)
            elif z3.is_true(value) or z3.is_false(value):
                values[name] = z3.is_true(value)
        answer["model"] = values
    else:
        answer["reason"] = _reason_z3(solver.reason_unknown())
    return answer


def _constants(smtlib: str, context: Any) -> list[Any]:
    """Return the uninterpreted constants that occur in a script."""
    import z3

    plain = z3.Solver(ctx=context)
    plain.from_string(smtlib)
    constants: dict[str, Any] = {}
    seen: set[int] = set()
    stack = list(plain.assertions())
    while stack:
        term = stack.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            stack.append(term.body())
        elif z3.is_app(term):
            if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                constants[term.decl().name()] = term
            stack.extend(term.children())
    return list(constants.values())


def _reason_z3(reason: str) -> str:
    if "resource" in reason or "canceled" in reason:
        return "resource limit"
    return "out of memory" if "memory" in reason else f"incomplete: {reason}"


def solve_cvc5(
    smtlib: str, resource_limit: int, seed: int, finite_models: bool, tables: bool
) -> dict[str, Any]:
    """Let cvc5 decide a script; with ``finite_models``, by looking for a smallest one."""
    import cvc5

    solver = cvc5.Solver()
    options = {
        "rlimit": resource_limit,
        "seed": seed,
        "produce-unsat-cores": "true",
        "produce-models": "true",
        "finite-model-find": "true" if finite_models else "false",
        "enum-inst": "false" if finite_models else "true",
    }
    for name, value in options.items():
        solver.setOption(name, str(value))
    parser = cvc5.InputParser(solver)
    symbols = parser.getSymbolManager()
    if "(set-logic" not in smtlib:
        smtlib = "(set-logic ALL)\n" + smtlib
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, smtlib, "script")
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, symbols)
        if said.startswith("(error"):
            raise ValueError(said.strip())
    result = solver.checkSat()
    answer: dict[str, Any] = {"resources": _cvc5_resources(solver)}
    if result.isUnsat():
        answer["status"] = "unsat"
        contradictory = set(solver.getUnsatCore())
        answer["core"] = [
            name
            for name, term in zip(assertion_names(smtlib), solver.getAssertions(), strict=True)
            if name is not None and term in contradictory
        ]
    elif result.isSat():
        answer["status"] = "sat"
        values: dict[str, str | bool] = {}
        for term in symbols.getDeclaredTerms():
            sort = term.getSort()
            name = str(term).strip("|")
            if sort.isBoolean():
                values[name] = solver.getValue(term).getBooleanValue()
            elif sort.isReal() or sort.isInteger():
                value = solver.getValue(term)
                if value.isRealAlgebraicNumber():
                    return _irrational(name, answer["resources"])
                exact = value.getRealValue() if sort.isReal() else value.getIntegerValue()
                values[name] = str(Fraction(exact))
        answer["model"] = values
        if tables:
            answer |= _tables(solver, symbols)
    else:
        answer["status"] = "unknown"
        reason = str(result.getUnknownExplanation()).rpartition(".")[2].lower()
        answer["reason"] = "resource limit" if "resourceout" in reason else f"incomplete: {reason}"
    return answer


_TOKEN = re.compile(r'\|[^|]*\||"(?:[^"]|"")*"|;[^\n]*|[()]')
_NAMED = re.compile(r":named\s+(?:\|([^|]*)\||([^\s()]+))\s*\)\s*\)\s*$")


def assertion_names(smtlib: str) -> list[str | None]:
    """Return the name of each assertion of a script in order, None where it has none.

    cvc5's own table of names is keyed by terms that it may have coerced since (``0`` to ``0.0``).

    Examples
    --------
    >>> assertion_names("(declare-const p Bool) (assert p) (assert (! p :named |a b|))")
    [None, 'a b']
    """
    names: list[str | None] = []
    depth, start = 0, 0
    for token in _TOKEN.finditer(smtlib):
        if token[0] == "(":
            if depth == 0:
                start = token.start()
            depth += 1
        elif token[0] == ")":
            depth -= 1
            command = smtlib[start : token.end()]
            if depth == 0 and re.match(r"\(\s*assert\s*[(|\w]", command):
                name = _NAMED.search(command)
                names.append((name[1] or name[2]) if name else None)
    return names


def _tables(solver: Any, symbols: Any) -> dict[str, Any]:
    """Return cvc5's finite model: the sizes of the sorts, and every function's values."""
    import cvc5

    elements = {
        str(sort): solver.getModelDomainElements(sort) for sort in symbols.getDeclaredSorts()
    }
    number = {term: k for terms in elements.values() for k, term in enumerate(terms)}

    def plain(term: Any) -> Any:
        value = solver.getValue(term)
        if value in number:
            return number[value]
        if value.isBooleanValue():
            return value.getBooleanValue()
        exact = value.getRealValue() if value.isRealValue() else value.getIntegerValue()
        return str(Fraction(exact))

    tables = {}
    for function in symbols.getDeclaredTerms():
        sort = function.getSort()
        domain = sort.getFunctionDomainSorts() if sort.isFunction() else []
        entries = []
        for row in itertools.product(*(elements[str(part)] for part in domain)):
            term = solver.mkTerm(cvc5.Kind.APPLY_UF, function, *row) if row else function
            entries.append([[number[argument] for argument in row], plain(term)])
        tables[str(function).strip("|")] = entries
    sizes = {name.strip("|"): len(terms) for name, terms in elements.items()}
    return {"sizes": sizes, "tables": tables}


def _cvc5_resources(solver: Any) -> int:
    for key, entry in solver.getStatistics():
        if key == "resource::resourceUnitsUsed":
            return int(entry["value"])
    return 0


def _irrational(name: str, resources: int) -> dict[str, Any]:
    return {
        "status": "unknown",
        "reason": f"satisfiable, but the value of {name} is an irrational algebraic number",
        "resources": resources,
    }


if __name__ == "__main__":
    main()
