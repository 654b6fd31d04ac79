"""The checker of proofs: what it imports, each of its rules, and what it refuses."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spi_verify.checker import Refused, check_file, check_step

ROOM = Path(__file__).parent.parent / "spi_verify" / "checker"

SORTED = "(declare-sort S 0)(declare-fun a () S)(declare-fun b () S)(declare-fun p (S) Bool)"
NUMBERS = "(declare-fun x () Real)(declare-fun y () Real)(declare-fun z () Real)"
ALL = "(assert (forall ((s S)) (p s)))"

FILE = """
(declare-sort S 0) (declare-fun p (S) Bool) (declare-fun q (S) Bool) (declare-fun r (S) Bool)
(statement first
  (hypothesis some (exists ((s S)) (p s)))
  (hypothesis idle (forall ((s S)) (r s)))
  (definition q (forall ((s S)) (=> (p s) (q s))))
  (step goal (exists ((s S)) (q s)) (some q) (w 0) (i 1 !0.0) (i 2 !0.0) (c .)))
(statement second
  (hypothesis anything (exists ((s S)) (p s)))
  (definition r (forall ((s S)) (=> (q s) (r s))))
  (lemma one first (exists ((s S)) (q s)))
  (step found (exists ((s S)) (r s)) (one r) (w 0) (i 1 !0.0) (i 2 !0.0) (c .))
  (step goal (exists ((t S)) (r t)) (found) (c .)))
"""


def test_it_imports_the_standard_library_only():
    names = set()
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level != 1:
                assert node.level == 0
                names.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.ImportFrom):
                assert node.module in {file.stem for file in ROOM.glob("*.py")}
            elif isinstance(node, ast.Name):
                assert node.id not in {"eval", "exec", "__import__"}
    assert names <= set(sys.stdlib_module_names)


def test_a_copy_of_the_folder_works_by_itself(tmp_path):
    shutil.copytree(ROOM, tmp_path / "checker", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "file").write_text(FILE)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from checker import check_file;"
        f"print(*(one.id for one in check_file(open({str(tmp_path / 'file')!r}).read())));"
        "print(any(name.startswith(('z3', 'cvc5', 'spi_verify')) for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["first", "second", "False"]


def test_it_can_be_read_in_one_sitting():
    lines = {file.name: len(file.read_text().splitlines()) for file in ROOM.glob("*.py")}
    assert max(lines.values()) < 500
    assert sum(lines.values()) < 1100


PROOFS = {
    "an instance": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 0 a)(c .)"),
    "a witness": (f"{SORTED}{ALL}(assert (exists ((t S)) (not (p t))))", "(c .)"),
    "a witness of what is nested": (
        "(declare-sort S 0)(declare-fun e (S S) Bool)"
        "(assert (forall ((s S)) (exists ((t S)) (e s t))))"
        "(assert (forall ((s S) (t S)) (not (e s t))))",
        "(i 1 !S)(w 0 !S)(i 2 !S (!0.0 !S))(c .)",
    ),
    "an element of a sort": (
        f"{SORTED}{ALL}(assert (forall ((s S)) (not (p s))))",
        "(i 0 !S)(i 1 !S)(c .)",
    ),
    "congruence": (
        f"{SORTED}(assert (= a b))(assert (p a))(assert (not (p b)))",
        "(t ((= a b) (p a) (not (p b))))(c .)",
    ),
    "a linear combination": (
        f"{NUMBERS}(assert (< x y))(assert (<= (+ y 1.0) (* 2.0 z)))(assert (<= z (/ x 2.0)))",
        "(t ((< x y) (<= (+ y 1.0) (* 2 z)) (<= z (* (/ 1 2) x))) (1 0) (1 1) (2 2))(c .)",
    ),
    "a product": (
        f"{NUMBERS}(assert (< 0.0 x))(assert (< 0.0 y))(assert (<= (* x y) 0.0))",
        "(t ((< 0 x) (< 0 y) (<= (* x y) 0)) (1 0 1) (1 2))(c .)",
    ),
    "the order of numbers": (
        f"{NUMBERS}(assert (<= x y))(assert (<= y x))(assert (not (= x y)))",
        "(x x y)(c .)",
    ),
    "two cases": (
        f"{SORTED}(assert (= (p a) (p b)))(assert (= (p a) (not (p b))))",
        "(c ((p a) . .))",
    ),
    "what ite is": (
        f"{NUMBERS}{SORTED}(assert (< x y))(assert (= z (ite (p a) y y)))(assert (<= z x))",
        "(d $i (ite (p a) y y))(t ((< x y) (= z $i) (= $i y) (<= z x)) (1 0) (1 3))(c .)",
    ),
    "numerals": (f"{NUMBERS}(assert (= x 1.0))(assert (= x 2.0))", "(t ((= x 1) (= x 2)))(c .)"),
    "sugar": (
        f"{SORTED}(assert (distinct a b a))",
        "(t ((not (= a a))))(c .)",
    ),
}


@pytest.mark.parametrize("name", PROOFS)
def test_what_follows_is_accepted(name):
    check_step(*PROOFS[name])


STEPS = {
    "no quantifier of that number": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 1 a)(c .)"),
    "too many terms": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 0 a b)(c .)"),
    "a term of another sort": (f"{SORTED}{NUMBERS}{ALL}(assert (not (p a)))", "(i 0 x)(c .)"),
    "no contradiction": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 0 b)(c .)"),
    "no last item": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 0 a)"),
    "an item after the last": (f"{SORTED}{ALL}(assert (not (p a)))", "(i 0 a)(c .)(i 0 a)"),
    "no certificate": (f"{SORTED}(assert (p a))(assert (not (p a)))", ""),
    "a witness that is chosen": (
        f"{SORTED}(assert (exists ((s S)) (p s)))(assert (not (p a)))",
        "(i 0 a)(c .)",
    ),
    "a witness of what holds": (
        f"{SORTED}(assert (or (p b) {ALL[8:-1]}))(assert (not (p a)))",
        "(w 0)(c .)",
    ),
    "one case only": (f"{SORTED}(assert (= (p a) (p b)))", "(c ((p a) . .))"),
    "half a split": (f"{SORTED}(assert (p a))(assert (not (p a)))", "(c ((p b) .))"),
    "congruence without equality": (
        f"{SORTED}(assert (p a))(assert (not (p b)))",
        "(t ((p a) (not (p b))))(c .)",
    ),
    "an equality that is not there": (
        f"{SORTED}(assert (p a))(assert (not (p b)))",
        "(t ((= a b) (p a) (not (p b))))(c .)",
    ),
    "a negative coefficient": (
        f"{NUMBERS}(assert (<= x y))(assert (<= 0.0 (- y x)))",
        "(t ((<= x y) (<= 0 (- y x))) (1 0) (-1 1))(c .)",
    ),
    "a coefficient of nothing": (f"{NUMBERS}(assert (< x y))", "(t ((< x y)) (0 0))(c .)"),
    "a combination that is 0 and not strict": (
        f"{NUMBERS}(assert (<= x y))(assert (<= y x))",
        "(t ((<= x y) (<= y x)) (1 0) (1 1))(c .)",
    ),
    "a product that is not strict": (
        f"{NUMBERS}(assert (<= 0.0 x))(assert (< 0.0 y))(assert (<= (* x y) 0.0))",
        "(t ((<= 0 x) (< 0 y) (<= (* x y) 0)) (1 0 1) (1 2))(c .)",
    ),
    "a product with a disequation": (
        f"{NUMBERS}(assert (not (= x y)))",
        "(t ((not (= x y))) (1 0 0))(c .)",
    ),
    "an index of no literal": (f"{NUMBERS}(assert (< x x))", "(t ((< x x)) (1 1))(c .)"),
    "no literals": (f"{NUMBERS}(assert (< x y))", "(t () (1 0))(c .)"),
    "half an order": (f"{NUMBERS}(assert (<= x y))(assert (not (= x y)))", "(x x y)(c .)"),
    "division by what may be 0": (f"{NUMBERS}(assert (< (/ x y) (/ x y)))", "(c .)"),
    "division by 0": (f"{NUMBERS}(assert (= (/ 1.0 0.0) 1.0))", "(c .)"),
    "a name of ours declared": ("(declare-fun !S () Bool)(assert !S)(assert (not !S))", "(c .)"),
    "a quantifier's name declared": ("(declare-fun ?0 () Bool)(assert false)", "(c .)"),
    "a name of ours asserted": (f"{SORTED}(assert (p !S))(assert (not (p !S)))", "(c .)"),
    "something declared twice": (f"{SORTED}(declare-fun a () S)(assert false)", "(c .)"),
    "what SMT-LIB has declared": ("(declare-fun and () Bool)(assert false)", "(c .)"),
    "a sort that is not there": ("(declare-fun a () T)(assert false)", "(c .)"),
    "integers": ("(declare-fun a () Int)(assert false)", "(c .)"),
    "functions of truth values": ("(declare-fun f (Bool) Bool)(assert false)", "(c .)"),
    "all truth values": ("(assert (forall ((s Bool)) s))", "(c .)"),
    "an assertion after check-sat": ("(check-sat)(assert false)", "(c .)"),
    "push": ("(push 1)(assert false)", "(c .)"),
    "a definition": ("(define-fun f () Bool false)(assert f)", "(c .)"),
    "two names of one assertion": (
        "(assert (! false :named f))(assert (! false :named f))",
        "(c .)",
    ),
    "an assertion with a function's name": (
        "(declare-fun f () Bool)(assert (! false :named f))",
        "(c .)",
    ),
    "an unknown annotation": ("(assert (! false :foo bar))", "(c .)"),
    "a quantifier in a certificate": (
        f"{SORTED}(assert (p a))",
        "(c ((forall ((s S)) (p s)) . .))",
    ),
    "an abbreviation twice": (
        f"{SORTED}{ALL}(assert (not (p a)))",
        "(d $a b)(d $a a)(i 0 $a)(c .)",
    ),
    "an abbreviation of a name": (f"{SORTED}{ALL}(assert (not (p a)))", "(d b a)(i 0 b)(c .)"),
    "a variable that is applied": (
        f"{SORTED}(assert (forall ((p S)) (p a)))(assert (not (p a)))",
        "(i 0 a)(c .)",
    ),
    "a variable bound twice": (
        f"{SORTED}(assert (forall ((s S) (s S)) (p s)))(assert (not (p a)))",
        "(i 0 a a)(c .)",
    ),
    "a bracket too few": (f"{SORTED}(assert false", "(c .)"),
    "a bracket too many": (f"{SORTED}(assert false))", "(c .)"),
    "a quoted keyword": ("(assert |false|)", "(c .)"),
    "a string": ('(assert false)(set-info :x "a")', "(c .)"),
    "unlike sorts": (f"{SORTED}{NUMBERS}(assert (not (= a x)))", "(c .)"),
    "a function without its arguments": (f"{SORTED}(assert p)", "(c .)"),
    "nested too deeply": ("(assert " + "(not " * 9000 + "true" + ")" * 9000 + ")", "(c .)"),
    "a numeral too long": (f"(assert (= {'9' * 9000}.0 1.0))", "(c .)"),
    "a number too large": (
        f"{NUMBERS}(assert false)",
        "(d $0 (* 9 9))"
        + "".join(f"(d ${n + 1} (* ${n} ${n}))" for n in range(60))
        + "(t ((< $60 0)) (1 0))(c .)",
    ),
    "too large a polynomial": (
        f"{NUMBERS}(assert false)",
        "(d $0 (+ x y z 1))"
        + "".join(f"(d ${n + 1} (* ${n} ${n}))" for n in range(60))
        + "(t ((< $60 0)) (1 0))(c .)",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_does_not_follow_or_is_not_known_is_refused(name):
    with pytest.raises(Refused):
        check_step(*STEPS[name])


def test_a_witness_is_the_same_where_its_variables_are():
    text = (
        "(declare-sort S 0)(declare-fun e (S S) Bool)(declare-fun a () S)(declare-fun b () S)"
        "(assert (= a b))(assert (forall ((s S)) (exists ((t S)) (e s t))))"
        "(assert (not (e b {})))"
    )
    with pytest.raises(Refused):
        check_step(text.format("!0.0"), "(c .)")


def test_a_variable_that_hides_another_is_the_inner_one():
    inner = f"{SORTED}(assert (forall ((s S)) (forall ((s S)) (p s))))(assert (not (p a)))"
    check_step(inner, "(i 1 b)(i 0 a)(c .)")
    with pytest.raises(Refused):
        check_step(inner, "(i 1 a)(i 0 b)(c .)")


def test_let_binds_at_once_and_what_it_names_means_what_it_meant_there():
    text = f"{SORTED}(assert (p a))(assert (not (p b)))"
    swapped = "(assert (let ((a b) (b a)) (and (p b) (not (p a)))))"
    with pytest.raises(Refused):
        check_step(SORTED + swapped, "(c .)")
    captured = (
        f"{SORTED}(assert (let ((t a)) (forall ((a S)) (=> (p a) (not (p t))))))(assert (p a))"
    )
    check_step(captured, "(i 0 a)(c .)")
    with pytest.raises(Refused):
        check_step(text, "(c .)")


def test_a_statement_is_checked_with_what_it_rests_on():
    first, second = check_file(FILE)
    assert (first.id, list(first.hypotheses), list(first.definitions)) == ("first", ["some"], ["q"])
    assert set(second.hypotheses) == {"anything"}
    assert set(second.definitions) == {"q", "r"}
    assert second.steps == 2
    assert second.goal == ["exists", [["t", "S"]], ["r", "t"]]


CHAINS = {
    "a hypothesis that the lemma's user lacks": (
        "(hypothesis anything (exists ((s S)) (p s)))", ""),
    "a lemma with another formula": (
        "(lemma one first (exists ((s S)) (q s)))", "(lemma one first (exists ((s S)) (r s)))"),
    "a lemma that is not proved": ("(lemma one first", "(lemma one third"),
    "a lemma of itself": ("(lemma one first", "(lemma one second"),
    "a definition that the lemma has otherwise": (
        "(definition r", "(definition q (exists ((s S)) (q s))) (definition r"),
    "a step that uses itself": ("(found) (c .)", "(goal) (c .)"),
    "a step that uses what is not there": ("(found) (c .)", "(lost) (c .)"),
    "a step that uses less than it needs": ("(found) (c .)", "() (c .)"),
    "two facts of one name": ("(hypothesis idle", "(hypothesis some"),
    "no goal": ("(step goal (exists ((t S)) (r t)) (found) (c .))",
                "(hypothesis goal (exists ((t S)) (r t)))"),
    "a statement twice": ("(statement second", "(statement first"),
    "a formula that is no formula": ("(exists ((t S)) (r t)) (found)", "r (found)"),
    "two formulas": ("(hypothesis idle", "(hypothesis idle true"),
    "an assertion for a declaration": ("(declare-fun r (S) Bool)",
                                       "(declare-fun r (S) Bool) (assert false)"),
    "a declaration of a constant that is a name of ours": (
        "(declare-fun r (S) Bool)", "(declare-fun r (S) Bool) (declare-fun !0.0 () S)"),
    "a declaration between statements": ("(statement second",
                                         "(declare-fun s () S) (statement second"),
    "an unknown part": ("(hypothesis idle", "(axiom idle"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_that_does_not_hang_together_is_refused(name):
    old, new = CHAINS[name]
    assert FILE.count(old) == 1
    with pytest.raises(Refused):
        check_file(FILE.replace(old, new))


def test_a_lemma_is_no_way_around_a_hypothesis():
    """What a lemma of a lemma supposes has to be supposed in the end."""
    third = (
        "(statement third (hypothesis other true)"
        " (lemma two second (exists ((t S)) (r t)))"
        " (step goal (exists ((t S)) (r t)) (two) (c .)))"
    )
    with pytest.raises(Refused, match="supposes anything"):
        check_file(FILE + third)
    supposing = third.replace("(hypothesis other true)", "(hypothesis h (exists ((s S)) (p s)))")
    assert set(check_file(FILE + supposing)[-1].definitions) == {"q", "r"}


def test_an_empty_file_proves_nothing():
    for text in ("", "()", "(statement)", "(statement s)", "(statement s (hypothesis h false))"):
        with pytest.raises(Refused):
            check_file(text)
