"""What is written as SMT-LIB text is accepted by z3, by cvc5 and by the checker's own reader."""

from __future__ import annotations

import re

import cvc5
import pytest
import z3

from spi_verify.checker import Refused
from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import read
from spi_verify.obligations.running import script_of
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers.smtlib import to_smtlib


def read_by_cvc5(text: str) -> int:
    """Return how many assertions cvc5 reads; without logics or features beyond the standard's."""
    solver = cvc5.Solver()
    solver.setOption("parsing-mode", "strict")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "script")
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, symbols)
        if "error" in said:
            raise ValueError(said)
    return len(solver.getAssertions())


def accepted(text: str) -> bool:
    count = text.count("(assert ")
    return (
        len(z3.parse_smt2_string(text)) == count
        and read_by_cvc5(text) == count
        and len(Step(read(text)).assertions) == count
    )


def test_nothing_is_declared_that_no_formula_has():
    a, f = z3.Const("a", S), z3.Function("f", S, S)
    triggered = z3.ForAll([a], f(f(a)) == a, patterns=[z3.MultiPattern(f(a), f(f(a)))])
    text = to_smtlib({"triggered": triggered})
    assert ":pattern" in text
    assert re.findall(r"\(declare-fun (\S+)", text) == ["f"]
    assert accepted(text)


S = z3.DeclareSort("S")


def test_what_a_reader_does_not_accept_is_noticed():
    text = to_smtlib({"one": z3.Const("a", S) == z3.Const("b", S)})
    assert accepted(text)
    broken = text.replace("(declare-fun b () S)", "")
    with pytest.raises(z3.Z3Exception):
        z3.parse_smt2_string(broken)
    with pytest.raises((ValueError, RuntimeError)):
        read_by_cvc5(broken)
    with pytest.raises(Refused):
        Step(read(broken))


@pytest.mark.long
def test_three_readers_accept_what_export_writes():
    texts = {
        script_of(one, step.name)
        for one in load_shipped()
        if isinstance(one, Statement)
        for step in one.steps
    }
    assert len(texts) > 400
    assert not any("(declare-fun pattern " in text for text in texts)
    triggered = [text for text in sorted(texts) if ":pattern" in text]
    some = [*triggered, *sorted(texts)[::6]]
    assert [text for text in some if not accepted(text)] == []
