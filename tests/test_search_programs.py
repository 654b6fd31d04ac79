"""Counterexamples made of programs: confirmed as shipped, and rejected when tampered with."""

from __future__ import annotations

import copy
import json
from itertools import pairwise

import pytest
import z3
from conftest import PROGRAM_GAMES, TOLD

from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.statements.claimed import claim, shipped_statements, statement_of
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER
from spi_verify.theory.signature import available, default, in_csr, sel

FILES = {path.stem: path for path in sorted((PROGRAM_GAMES / "counterexamples").glob("*.json"))}
SAVED = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
PROGRAMS = [name for name, data in SAVED.items() if data["kind"] == "programs"]
STATEMENTS = {one.id: one for one in load_shipped()}
SLOT_3 = '(always "Slot 3")'


def saved(name="thm-3-pmm"):
    return copy.deepcopy(SAVED[name])


def fresh(name="thm-3-pmm"):
    """A shipped counterexample without what it says it shows."""
    data = saved(name)
    for key in TOLD:
        del data[key]
    return data


def set_in(data, path, value):
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


@pytest.fixture
def replayed(run, tmp_path):
    def replay(data):
        path = tmp_path / "counterexample.json"
        text = data if isinstance(data, str) else json.dumps(data)
        path.write_text(text, encoding="utf-8")
        return run("replay", path)

    return replay


def assert_bad_input(found, said=""):
    assert found.code == 2, found
    assert said in found.err
    assert "counterexample.json" in found.err
    assert len(found.err.splitlines()) == 1, found.err
    assert "Traceback" not in found.err + found.out


def assert_rejected(found, said=""):
    assert found.code == 1, found
    assert "rejected" in found.out
    assert said in found.out, found.out
    assert len(found.out.splitlines()) == 1, found.out
    assert "Traceback" not in found.err + found.out


# What is shipped


def test_every_refuted_literal_reading_about_programs_has_a_file():
    assert len(PROGRAMS) >= 9
    assert {name.replace(".", "/") for name in PROGRAMS} <= set(STATEMENTS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_shipped_counterexample_is_confirmed_and_says_what_it_shows(run, name):
    found = run("replay", FILES[name])
    assert found.code == 0, found
    assert SAVED[name]["conclusion"] in found.out


@pytest.mark.parametrize("name", sorted(FILES))
def test_there_is_one_check_for_every_hypothesis_and_no_other(name):
    data = SAVED[name]
    statement = STATEMENTS[data["statement"]]
    assert isinstance(statement, Statement | Executed)
    wanted = [h.name for h in statement.hypotheses if h.name not in data["without"]]
    assert [check["name"] for check in data["hypotheses"]] == wanted
    assert all(check["check"] for check in data["hypotheses"])


@pytest.mark.long
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_file_says_it_shows_may_be_left_out_but_not_altered(name, replayed):
    assert replayed(fresh(name)).code == 0
    for key, value, said in [
        ("conclusion", "nothing at all", "the conclusion in the file differ"),
        ("story", [], "the story in the file differ"),
        ("story", SAVED[name]["story"][1:], "the story in the file differ"),
        ("hypotheses", [], "the checks of the hypotheses in the file differ"),
        ("conclusion", None, "the conclusion in the file differ"),
    ]:
        if value != SAVED[name][key]:
            assert_rejected(replayed(saved(name) | {key: value}), said)


def test_an_altered_check_of_a_hypothesis_is_named(replayed):
    data = saved()
    data["hypotheses"][3]["check"] = "trust me"
    assert_rejected(replayed(data), "extension-not-punished: no function of a program")
    data = saved()
    del data["hypotheses"][3]
    assert_rejected(replayed(data), "extension-not-punished")
    data = saved()
    data["hypotheses"].append({"name": "extra", "check": "so it is"})
    assert_rejected(replayed(data), "the checks of the hypotheses")


# Counterexamples that are none

CSR_1 = '(csr (leximin) (always "Slot 1") (both (improving) (set [1 3])))'
CSR_2 = '(csr (leximin) (always "Slot 2") (both (improving) (set [3 1])))'
SAME_2 = '(csr (leximin) (always "Slot 2") (both (improving) (set [1 3])))'
BELIEFS = ["programs", "beliefs"]
WRONG = [
    # A payoff
    ("thm-3-pmm", ["programs", "game", "payoffs", 0, 1], ["2", "2"], "the conclusion holds"),
    ("thm-3-pmm", ["programs", "game", "payoffs", 0, 1], ["1", "1"], "the conclusion holds"),
    ("def-6-meet", ["programs", "game", "payoffs", 1, 0], ["1", "1"], "the conclusion holds"),
    # Beliefs under which the program is no best response
    (
        "thm-3-pmm",
        [*BELIEFS, 0, 0, "opponents"],
        [CSR_2],
        "the hypothesis subjective-equilibrium fails",
    ),
    # A program
    ("thm-3-pmm", ["programs", "equilibrium", 1], SAME_2, "the conclusion holds"),
    ("thm-3-pmm", ["programs", "equilibrium", 1], SLOT_3, "subjective-equilibrium fails"),
    (
        "thm-3-pmm",
        ["programs", "equilibrium", 0],
        CSR_1.replace("leximin", "maxmin"),
        "no extension of",
    ),
    # A selection function that is not transitive
    ("thm-3-pmm", ["programs", "selection"], "(maxmin)", ""),
    # A better constant in P_i, so that the program is no best response
    (
        "thm-3-pmm",
        ["programs", "defaults", 0],
        ['(always "Slot 1")', '(always "Slot 2")'],
        "the hypothesis subjective-equilibrium fails",
    ),
    # Another statement, which it does not refute
    ("thm-3-pmm", ["statement"], "thm-3-pmm/repaired", "extensions-believed fails"),
    ("thm-3-pmm", ["statement"], "thm-3-improves", "the conclusion holds"),
    ("prop-1", ["statement"], "prop-1/repaired", "the hypothesis somebody-gains fails"),
    ("prop-4-spi", ["statement"], "prop-4-spi/repaired", "the hypothesis somebody-gains fails"),
    ("prop-2", ["statement"], "prop-2/repaired", "replies to believed renegotiation programs"),
    ("def-6-meet", ["statement"], "def-6-meet/repaired", "the feasible set is not convex"),
]
IDS = [f"{name} {path[-1]} {k}" for k, (name, path, _, _) in enumerate(WRONG)]


@pytest.mark.parametrize(("name", "path", "value", "said"), WRONG, ids=IDS)
def test_what_is_no_counterexample_is_rejected_with_the_reason(replayed, name, path, value, said):
    data = fresh(name)
    set_in(data, path, value)
    assert_rejected(replayed(data), said)


STALE = [
    ("prop-2", ["programs", "game", "payoffs", 1, 0], ["4", "1"], "expects to earn 4 with d_1"),
    ("thm-3-pmm", [*BELIEFS, 0, 0, "opponents"], [SLOT_3], "certain of always Slot 3"),
    ("thm-3-pmm", ["programs", "selection"], "(utilitarian)", ""),
]


@pytest.mark.parametrize(("name", "path", "value", "said"), STALE)
def test_another_counterexample_than_the_file_tells_is_rejected(replayed, name, path, value, said):
    data = saved(name)
    set_in(data, path, value)
    assert_rejected(replayed(data), said)


# Files that are no counterexample at all

DEFAULTS = ["programs", "defaults", 0]
PAYOFFS = ["programs", "game", "payoffs"]
DEEP = json.loads("[" * 200 + "1" + "]" * 200)
MALFORMED = [
    (["schema"], "spi-verify/refutation/2", "not a counterexample"),
    (["statement"], "thm-9", "there is no statement 'thm-9'"),
    (["statement"], None, "name the statement"),
    (["statement"], ["thm-3-pmm"], "name the statement"),
    (["kind"], "program", "a counterexample is of kind"),
    (["kind"], 3, "a counterexample is of kind"),
    (["kind"], ["programs"], "a counterexample is of kind"),
    (["kind"], "polytope", "there is no key 'programs'"),
    (["programs"], [], "missing or no table"),
    (["programs"], None, "missing or no table"),
    (["without"], "somebody", "a list of names"),
    (["without"], [1], "a list of names"),
    (["without"], ["no-such-thing"], "has no hypothesis 'no-such-thing'"),
    (["without"], ["selection-function"] * 2, "has no hypothesis"),
    (["definitions"], [], "a table of formulas"),
    (["definitions"], {"pmp": 1}, "a table of formulas"),
    (["formulas"], "true", "a table of formulas"),
    (["formulas"], {"goal": ["true"]}, "a table of formulas"),
    (["programs", "extra"], 1, "extra"),
    (["programs", "play"], "mixed", "play"),
    (["programs", "kind"], "iterated", "kind"),
    (["programs", "kind"], "renegotiation", "CSR programs, and only they"),
    (["programs", "kind"], "plain", "CSR programs, and only they"),
    (["programs", "selection"], None, "CSR programs, and only they"),
    (["programs", "selection"], "(luckiest)", "selection"),
    (["programs", "selection"], 5, "selection"),
    (["programs", "defaults"], [['(always "Slot 1")']], "1 entries for 2 players"),
    (["programs", "defaults"], [['(always "Slot 1")'], []], "every player needs a default"),
    (DEFAULTS, ['(always "Slot 9")'], "Slot 9"),
    (DEFAULTS, ["(always"], "defaults"),
    (DEFAULTS, ["(" * 100_000], "defaults"),
    (DEFAULTS, ['(always "Slot 1")'] * 20, "at most 12 programs"),
    (["programs", "equilibrium", 0], "(forever)", "equilibrium"),
    (["programs", "equilibrium", 0], CSR_1.replace("[1 3]", '["Slot 9" "Slot 1"]'), "Slot 9"),
    (["programs", "equilibrium", 0], CSR_1.replace("[1 3]", '["Slot 1"]'), ""),
    (["programs", "equilibrium", 0], CSR_1.replace("[1 3]", "[9 9]"), "no lottery"),
    (["programs", "play"], "pure", "points are for correlated play"),
    (["programs", "equilibrium", 0], 1, "equilibrium"),
    (["programs", "equilibrium"], [CSR_1], "1 entries for 2 players"),
    ([*BELIEFS, 0, 0, "probability"], "1/2", "belief"),
    ([*BELIEFS, 0, 0, "probability"], "x", "belief"),
    ([*BELIEFS, 0, 0, "probability"], 1, "probability"),
    ([*BELIEFS, 0, 0, "probability"], "-1", "belief"),
    ([*BELIEFS, 0, 0, "opponents"], [], "belief"),
    ([*BELIEFS, 0, 0, "opponents"], [SLOT_3] * 2, "belief"),
    ([*BELIEFS, 0, 0, "opponents"], ['(always "Slot 9")'], "Slot 9"),
    ([*PAYOFFS, 0, 0], ["1"], "payoffs"),
    ([*PAYOFFS, 0, 0, 0], "many", "payoffs"),
    ([*PAYOFFS, 0, 0, 0], True, "payoffs"),
    ([*PAYOFFS, 0, 0, 0], {}, "payoffs"),
    ([*PAYOFFS, 0, 0, 0], "1e999999999", "payoffs"),
    ([*PAYOFFS, 0, 0, 0], "9" * 100_000, "payoffs"),
    ([*PAYOFFS, 0, 0, 0], "1/0", "payoffs"),
    ([*PAYOFFS, 0, 0, 0], DEEP, "payoffs"),
    (PAYOFFS, DEEP, "payoffs"),
    (PAYOFFS, [], ""),
    (["programs", "game", "actions"], [[f"{k}" for k in range(9)]] * 2, "at most 6 players"),
    (["programs", "game", "actions"], [["1"]] * 7, "at most 6 players"),
    (["programs", "game", "actions"], [["1", "1"], ["1"]], ""),
    (["programs", "game", "actions"], [[], []], ""),
    (["programs", "game", "players"], ["One"], ""),
    (["programs", "game"], {}, "players"),
]
MALFORMED_IDS = [f"{'.'.join(map(str, path))} {k}" for k, (path, _, _) in enumerate(MALFORMED)]


@pytest.mark.parametrize(("path", "value", "said"), MALFORMED, ids=MALFORMED_IDS)
def test_a_file_that_is_no_counterexample_is_bad_input(replayed, path, value, said):
    data = fresh()
    set_in(data, path, value)
    found = replayed(data)
    misfit = any(what in said for what in ("Slot 9", "no lottery", "points are for"))
    misfit = misfit or path[-1] == "opponents" or value == CSR_1.replace("[1 3]", '["Slot 1"]')
    (assert_rejected if misfit else assert_bad_input)(found, said)


def test_a_payoff_that_makes_rn_no_renegotiation_function_is_refused(replayed):
    data = fresh("prop-1")
    data["programs"]["game"]["payoffs"][1][0] = ["4", "0"]
    assert_rejected(replayed(data), "makes someone worse off at (Slot 2, Slot 1)")


@pytest.mark.parametrize("name", ["prop-1", "prop-2", "prop-4-pmm", "def-6-meet", "app-c"])
@pytest.mark.parametrize("key", ["game", "defaults", "play", "kind"])
def test_a_scenario_that_lacks_a_key_is_bad_input(replayed, name, key):
    data = fresh(name)
    del data["programs"][key]
    assert_bad_input(replayed(data), key)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("key", ["selection", "rn", "beliefs", "functions", "programs"])
def test_leaving_out_a_part_of_a_scenario_never_ends_in_a_traceback(replayed, name, key):
    data = fresh(name)
    if data["programs"].pop(key, None) is None:
        return
    found = replayed(data)
    assert found.code in (0, 1, 2)
    assert "Traceback" not in found.err
    if found.code == 0:
        assert found.out.splitlines()[0].split(": ")[1] == "confirmed"
        assert not found.err
    else:
        assert len((found.out + found.err).splitlines()) == 1


def test_text_nested_too_deeply_is_bad_input(replayed):
    text = json.dumps(saved()).replace('"definitions": {}', '"definitions": ' + "[" * 50_000)
    assert_bad_input(replayed(text), "nested too deeply")


# Definitions and statements that come with the file


def with_definition(name, formula, base="thm-3-inclusion"):
    return fresh(base) | {"definitions": {name: formula}}


def axiom(name):
    return to_smtlib({"definition": PAPER.axiom(name)})


BAD_DEFINITIONS = [
    ("nonsense", "true", "there is no such definition"),
    ("pmp", "this is no formula", "no SMT-LIB text"),
    ("pmp", "(assert", "no SMT-LIB text"),
    ("pmp", "", "assert one formula"),
    ("pmp", "(assert true)(assert false)", "assert one formula"),
    ("pmp", "(assert true)", "for all arguments"),
    ("pmp", "(assert (forall ((x Int)) (= x x)))", "for all arguments"),
    ("pmp", axiom("efficient"), "for all arguments"),
    ("weakly_improves", axiom("same_programs"), "for all arguments"),
    ("efficient", axiom("has_projections"), "does not say what the predicate means"),
    ("pmp", "(assert true)" + " " * 200_001, "more than 200000 characters"),
    ("pmp", "(assert " + "(not " * 20_000 + "true" + ")" * 20_001, ""),
]


@pytest.mark.parametrize(("name", "text", "said"), BAD_DEFINITIONS)
def test_what_defines_nothing_or_something_else_is_bad_input(replayed, name, text, said):
    assert_bad_input(replayed(with_definition(name, text)), said)


@pytest.mark.long
def test_a_definition_of_the_paper_written_out_changes_nothing(replayed):
    for name in ("pmp", "efficient", "assumption_9_ii", "pmp_extension"):
        found = replayed(with_definition(name, axiom(name)))
        assert found.code == 0, found


@pytest.mark.long
def test_a_definition_that_is_changed_counts(replayed):
    changed = PAPER.with_(efficient=lambda theory, a: PAPER.weakly_improves(a, a))
    text = to_smtlib({"definition": changed.axiom("efficient")})
    assert_rejected(replayed(with_definition("efficient", text, "def-6-meet")))
    everything = PAPER.with_(pmp=lambda theory, i, x, a: theory.weakly_improves(x, x))
    text = to_smtlib({"definition": everything.axiom("pmp")})
    assert_rejected(replayed(with_definition("pmp", text, "def-6-meet")), "the conclusion holds")


def as_own(name):
    """A shipped counterexample against its statement, written out as a user's own."""
    statement = shipped_statements()[name]
    formulas = {h.name: to_smtlib({"hypothesis": h.formula}) for h in statement.hypotheses}
    formulas["goal"] = to_smtlib({"goal": statement.goal.formula})
    return fresh(name) | {"statement": "my-own", "formulas": formulas}


@pytest.mark.long
@pytest.mark.parametrize("name", ["def-6-meet", "prop-1", "prop-4-spi"])
def test_a_statement_can_be_in_the_file(replayed, name):
    data = as_own(name)
    assert replayed(data).code == 0
    names = [check.name for check in confirm_saved(data).hypotheses]
    assert names == [h.name for h in shipped_statements()[name].hypotheses]


@pytest.mark.long
def test_statements_in_the_file_that_are_tampered_with_are_refused(replayed):
    formulas = as_own("prop-1")["formulas"]
    for changes, code, said in [
        ({"goal": "(assert true)"}, 1, "the conclusion holds"),
        ({"more": "(assert false)"}, 1, "the hypothesis more fails"),
        ({"goal": "(assert"}, 2, "formulas.goal"),
        ({"goal": "(declare-fun f (Int) Bool)(assert (f 1))"}, 1, "cannot be evaluated"),
        ({"goal": "(assert (forall ((x Real)) (= x x)))"}, 1, "cannot be evaluated"),
        ({"more": "(assert (exists ((x Int)) (> x 3)))"}, 1, "cannot be evaluated"),
        ({"goal": "(declare-const r Real)(assert (= (/ 1.0 r) 1.0))"}, 1, "cannot be evaluated"),
    ]:
        data = as_own("prop-1") | {"formulas": formulas | changes}
        found = replayed(data)
        (assert_rejected if code == 1 else assert_bad_input)(found, said)
    del formulas["goal"]
    assert_bad_input(
        replayed(as_own("prop-1") | {"formulas": formulas}), "the statement needs a goal"
    )


def test_hypotheses_dropped_are_not_asked_for(replayed):
    data = fresh("prop-1") | {"statement": "prop-1/repaired", "without": ["somebody-gains"]}
    assert replayed(data).code == 0
    names = [check.name for check in confirm_saved(data).hypotheses]
    assert names == [h.name for h in shipped_statements()["prop-1"].hypotheses]


def test_a_statement_is_named_by_its_id_where_that_says_everything():
    literal, repaired = shipped_statements()["prop-1"], shipped_statements()["prop-1/repaired"]
    assert claim(literal) == Claimed("prop-1")
    dropped = claim(repaired.without("somebody-gains"))
    assert dropped == Claimed("prop-1/repaired", ("somebody-gains",))
    assert [h.name for h in statement_of(dropped).hypotheses] == [
        h.name for h in literal.hypotheses
    ]
    assert statement_of(dropped).goal.formula.eq(literal.goal.formula)


def test_confirming_raises_what_replay_reports():
    with pytest.raises(Rejected, match="the conclusion in the file"):
        confirm_saved(saved() | {"conclusion": "no"})
    with pytest.raises(InputError, match="there is no statement"):
        confirm_saved(fresh() | {"statement": "?"})
    for one, other in pairwise([confirm_saved(saved()), confirm_saved(fresh())]):
        assert one == other


# What is not listed

EXTENDS_ITSELF = {
    "game": {
        "players": ["Player 1", "Player 2"],
        "actions": [["1", "2"], ["1", "2", "3"]],
        "payoffs": [[["3", "1"], ["0", "0"], ["0", "0"]], [["0", "1"], ["1", "3"], ["0", "0"]]],
    },
    "play": "correlated",
    "kind": "csr",
    "defaults": [['(always "1")'], ['(always "2")']],
    "selection": "(leximin)",
    "beliefs": [
        [{"probability": "1", "opponents": ['(always "2")']}],
        [{"probability": "1", "opponents": ['(always "1")']}],
    ],
}


def csr(action, function, selection="(leximin)", plays=None):
    return f"(csr {selection} {plays or f'(always {chr(34)}{action}{chr(34)})'} {function})"


def at_default(elements):
    return f'(by-outcome (set) (row ["1" "2"] (set {elements})))'


@pytest.mark.parametrize("statement", ["thm-3-pmm/repaired", "thm-3-equilibrium/repaired"])
def test_an_extension_that_is_not_listed_is_not_one_that_does_not_exist(statement):
    # Player 1's program is an extension already, and not one of itself: against the second of
    # player 2's programs it reaches (1, 2), and does not offer (2, 2).
    one = csr("1", f"(pmp-extension {at_default('[1 2]')})")
    reader = f"(when (accepts 1 [1 1]) {at_default('[1 2]')} {at_default('[1 3]')})"
    scenario = {
        **EXTENDS_ITSELF,
        "programs": [
            [csr("1", at_default("[2 2]"))],
            [csr("2", reader), csr("2", at_default("[2 2]"))],
        ],
        "equilibrium": [one, csr("2", at_default("[1 3]"))],
    }
    with pytest.raises(Rejected, match=r"no extension of .* is listed"):
        confirm_saved(refutation_of(statement, scenario))


def refutation_of(statement, scenario, **more):
    schema = "spi-verify/refutation/1"
    return {
        "schema": schema,
        "statement": statement,
        "kind": "programs",
        "programs": scenario,
        **more,
    }


OFFER = '(by-outcome (set) (row ["1" "3"] (set ["2" "1"])))'
READS = f'(if (code 1 {csr("1", OFFER)}) (always "3") (always "2"))'


@pytest.mark.parametrize(
    "believed", [csr("3", OFFER), csr("2", OFFER, selection="(utilitarian)", plays=READS)]
)
def test_who_renegotiates_without_being_a_csr_program_may_react_to_one_that_is_not_listed(believed):
    # csr("1", OFFER) is not listed; against it these play something else than against its default.
    weights = [("1/2", '(always "2")'), ("1/2", believed)]
    scenario = {
        **EXTENDS_ITSELF,
        "beliefs": [
            [{"probability": w, "opponents": [p]} for w, p in weights],
            EXTENDS_ITSELF["beliefs"][1],
        ],
        "equilibrium": ['(always "1")', csr("2", "(both (improving) (set [3 1]))")],
    }
    with pytest.raises(Rejected, match="default of player 2's program"):
        confirm_saved(refutation_of("thm-3-equilibrium", scenario))
    if "utilitarian" in believed:
        scenario = {**scenario, "defaults": [['(always "1")'], ['(always "2")', READS]]}
        with pytest.raises(Rejected, match="answers to all CSR programs"):
            confirm_saved(refutation_of("thm-3-equilibrium", scenario))


def test_what_any_extension_may_offer_is_settled_for_definitions_that_say_what_it_adds():
    def anything(theory, i, c, d):  # noqa: ARG001
        return z3.And(in_csr(sel, i, c), in_csr(sel, i, d), default(d) == default(c))

    believed = csr("2", f"(pmp-extension {at_default('[1 2]')})")
    scenario = {
        **EXTENDS_ITSELF,
        "beliefs": [
            [{"probability": "1", "opponents": [believed]}],
            EXTENDS_ITSELF["beliefs"][1],
        ],
        "equilibrium": ['(always "1")', '(always "2")'],
    }
    without = ["subjective-equilibrium", "extensions-exist"]
    confirm_saved(refutation_of("thm-3-equilibrium", scenario, without=without))
    axiom = PAPER.with_(pmp_extension=anything).axiom("pmp_extension")
    definitions = {"pmp_extension": to_smtlib({"definition": axiom})}
    data = refutation_of("thm-3-equilibrium", scenario, without=without, definitions=definitions)
    with pytest.raises(Rejected, match="answers to all extensions"):
        confirm_saved(data)


def test_that_no_program_is_optimal_is_settled_for_the_papers_definition():
    data = fresh("prop-2")
    del data["programs"]["rn"]
    confirm_saved(data)
    axiom = PAPER.with_(optimal=lambda theory, i, c: available(i, c)).axiom("optimal")
    data["definitions"] = {"optimal": to_smtlib({"definition": axiom})}
    data["without"] = ["renegotiation-not-noticed"]
    with pytest.raises(Rejected, match="settled for the paper's definitions"):
        confirm_saved(data)
