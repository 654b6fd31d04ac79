from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path

import pytest
import z3

from spi_verify.solvers import (
    Answer,
    SolverDisagreement,
    Status,
    ask_both,
    ask_cvc5,
    ask_z3,
    check_agreement,
    processes,
    versions,
)
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.solvers.worker import assertion_names

CONTRADICTION = """
(declare-sort S 0) (declare-fun f (S) Real) (declare-const c S) (declare-const x Real)
(assert (! (forall ((s S)) (> (f s) 0)) :named positive))
(assert (! (< (f c) 0) :named |negative at c|))
(assert (! (= (* 3 x) 2) :named bystander))
"""
FERMAT = """
(declare-const x Int) (declare-const y Int) (declare-const z Int)
(assert (and (> x 2) (> y 2) (> z 2) (= (+ (* x x x) (* y y y)) (* z z z))))
"""


def test_both_solvers_name_the_contradicting_assertions_and_not_the_bystander():
    for answer in ask_both(CONTRADICTION):
        assert answer.status is Status.UNSAT
        assert answer.core == ("negative at c", "positive")


@pytest.mark.parametrize("ask", [ask_z3, ask_cvc5])
def test_models_hold_exact_values(ask):
    answer = ask(
        "(declare-const x Real) (declare-const |y z| Bool) (declare-const i Int)"
        "(assert (and (= (* 3 x) (- 2)) (not |y z|) (= (+ i 4) 2)))"
    )
    assert answer.status is Status.SAT
    assert answer.model == {"x": Fraction(-2, 3), "y z": False, "i": Fraction(-2)}


@pytest.mark.parametrize("ask", [ask_z3, ask_cvc5])
def test_an_irrational_value_is_unknown_and_not_rounded(ask):
    answer = ask("(set-logic QF_NRA) (declare-const x Real) (assert (= (* x x) 2))")
    assert answer.status is Status.UNKNOWN
    assert "irrational" in answer.reason
    assert answer.model == {}


@pytest.mark.parametrize("ask", [ask_z3, ask_cvc5])
def test_a_resource_limit_is_reported_and_deterministic(ask):
    first, second = (ask(FERMAT, resource_limit=10_000) for _ in range(2))
    assert first.status is Status.UNKNOWN
    assert first.reason == "resource limit"
    assert (first.status, first.resources) == (second.status, second.resources)


def test_the_wall_clock_net_says_so_and_the_next_query_works():
    answer = ask_cvc5(FERMAT, resource_limit=10**12, wall_clock=0.3)
    assert answer.status is Status.UNKNOWN
    assert "wall-clock" in answer.reason
    assert ask_cvc5("(assert false)").status is Status.UNSAT


@pytest.mark.parametrize(("ask", "solver"), [(ask_z3, "z3"), (ask_cvc5, "cvc5")])
def test_a_solver_that_dies_is_an_unknown_and_the_next_query_works(ask, solver):
    ask("(assert true)")
    child = processes._idle[solver][-1]._child
    threading.Timer(0.3, os.kill, (child.pid, signal.SIGSEGV)).start()
    answer = ask(FERMAT, resource_limit=10**9, wall_clock=30)
    assert answer.status is Status.UNKNOWN
    assert "died" in answer.reason
    assert ask("(assert false)").status is Status.UNSAT


@pytest.mark.parametrize(("ask", "solver"), [(ask_z3, "z3"), (ask_cvc5, "cvc5")])
def test_ctrl_c_does_not_reach_a_solver_which_would_answer_unknown(ask, solver):
    ask("(assert true)")
    child = processes._idle[solver][-1]._child
    assert os.getpgid(child.pid) != os.getpgrp()


@pytest.mark.long
@pytest.mark.parametrize("solver", ["z3", "cvc5"])
def test_a_solver_whose_asker_is_killed_ends_itself(solver):
    asker = f"""
import time
from spi_verify.solvers import ask_{solver}, processes
ask_{solver}("(assert true)")
print(processes._idle[{solver!r}][-1]._child.pid, flush=True)
ask_{solver}({FERMAT!r}, resource_limit=10**12, wall_clock=600)
"""
    with subprocess.Popen([sys.executable, "-c", asker], stdout=subprocess.PIPE, text=True) as one:
        child = int(one.stdout.readline())
        time.sleep(1)
        one.kill()
    for _ in range(100):
        if not running(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("it goes on solving, for nobody")


def running(process: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_interrupted_query_leaves_no_answer_for_the_next():
    class Interrupted:
        def select(self, *_):
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "select", Interrupted())
        with pytest.raises(KeyboardInterrupt):
            ask_z3("(assert false)")
    assert ask_z3("(assert true)").status is Status.SAT


def test_queries_one_after_the_other_share_a_process_whatever_thread_asks():
    ask_z3("(assert true)")
    before = len(processes._all_processes)
    for _ in range(3):
        thread = threading.Thread(target=ask_z3, args=["(assert true)"])
        thread.start()
        thread.join()
    assert len(processes._all_processes) == before


def test_a_forked_child_asks_solvers_of_its_own():
    assert ask_z3("(assert true)").status is Status.SAT
    pid = os.fork()
    if pid == 0:
        os._exit(len(processes._all_processes) + len(processes._idle["z3"]))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.parametrize("ask", [ask_z3, ask_cvc5])
def test_text_that_is_no_smtlib_is_an_error_and_not_an_answer(ask):
    with pytest.raises(ValueError, match="cannot read"):
        ask("(assert (undeclared))")
    assert ask("(assert true)").status is Status.SAT


def test_queries_do_not_leak_into_each_other():
    declared = "(declare-const x Real) (assert (! (> x 0) :named h))"
    assert {a.status for a in ask_both(declared)} == {Status.SAT}
    assert {a.status for a in ask_both(declared.replace(">", "<"))} == {Status.SAT}


def test_a_disagreement_is_an_error_that_names_the_saved_text():
    with pytest.raises(SolverDisagreement) as caught:
        check_agreement("(assert true)", Answer("z3", Status.SAT), Answer("cvc5", Status.UNSAT))
    file = Path(caught.value.file)
    assert str(file) in str(caught.value)
    assert file.read_text() == "(assert true)"
    file.unlink()


@pytest.mark.parametrize("other", [Status.UNKNOWN, Status.SAT])
def test_an_unknown_disagrees_with_nobody(other):
    check_agreement("", Answer("z3", other), Answer("cvc5", Status.SAT))


def test_cvc5_finds_a_smallest_model_of_a_quantified_formula():
    text = (
        "(declare-sort S 0) (declare-fun f (S) S) (declare-const c S)"
        "(assert (forall ((x S)) (exists ((y S)) (and (not (= x y)) (= (f y) x)))))"
    )
    assert ask_cvc5(text, finite_models=True).status is Status.SAT


def test_versions_are_those_installed():
    assert versions()["z3"].startswith(z3.get_version_string()[:2])
    assert set(versions()) == {"z3", "cvc5"}


def test_written_text_declares_what_it_uses_and_both_solvers_read_it():
    player, program = z3.DeclareSort("Player"), z3.DeclareSort("a program")
    runs = z3.Function("runs", player, program, z3.BoolSort())
    i, p = z3.Const("i", player), z3.Const("p", program)
    text = to_smtlib(
        {
            "all run": z3.ForAll([i, p], runs(i, p)),
            "one-does-not": z3.Not(runs(z3.Const("someone", player), z3.Const("code", program))),
        }
    )
    for answer in ask_both(text):
        assert answer.status is Status.UNSAT
        assert answer.core == ("all run", "one-does-not")


def test_written_text_refuses_a_name_that_would_capture_a_function():
    with pytest.raises(ValueError, match="also that of a function"):
        to_smtlib({"x": z3.Real("x") > 0})


def test_names_of_assertions_survive_strings_comments_and_bars():
    text = (
        '(assert (! (= "a)" "b") :named one)) ; (assert x)\n'
        "(assert p) (assert (! q :named |t ) wo|))"
    )
    assert assertion_names(text) == ["one", None, "t ) wo"]
