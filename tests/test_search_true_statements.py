"""What is true is refuted by no file, although what it lists does not show that it is true."""

import json

import pytest
from z3 import And, Const, Consts, Exists, ForAll, If, Implies, Not, Or, RealVal

from spi_verify.counterexamples.file import confirm_saved, read_claimed
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.counterexamples.statements.spoken_of import functions_in, unfolded
from spi_verify.counterexamples.statements.texts import read_formula
from spi_verify.errors import Rejected
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER, fingerprint, same_formula
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    functions,
    in_csr,
    program,
    replace,
    sel,
    u,
)

i = Const("i", Player)
a, b, x = Consts("a b x", Outcome)
c = Const("c", Program)
p = Const("p", Profile)

ONLY = '(always "1")'


def world(payoffs, play="pure", kind="plain", **more):
    """Return the body of a scenario in which player 1 chooses among payoff profiles."""
    return {
        "game": {
            "players": ["Player 1", "Player 2"],
            "actions": [[str(k + 1) for k in range(len(payoffs))], ["1"]],
            "payoffs": [[list(map(str, profile))] for profile in payoffs],
        },
        "play": play,
        "kind": kind,
        "defaults": [[ONLY], [ONLY]],
        **more,
    }


def refutation(body, statement="own", kind="programs", without=(), **formulas):
    texts = {name: to_smtlib({"formula": formula}) for name, formula in formulas.items()}
    return {
        "schema": "spi-verify/refutation/1",
        "statement": statement,
        "without": list(without),
        "definitions": {},
        "formulas": texts,
        "kind": kind,
        kind: body,
    }


def rows(*sets):
    rows = " ".join(f'(row ["{k}" "1"] (set {" ".join(s)}))' for k, s in enumerate(sets, 1))
    return f'(csr (leximin) (always "1") (by-outcome (set) {rows}))'


TOGETHER = ('["2" "1"]',), ('["3" "1"]',)
IMPROVED = [(1, 0), (0, 1), (0, 0)]


FILES = {
    "with lotteries projections meet in points that are not listed": (
        refutation(world([(0, 2), (2, 2), (1, 3)], "correlated"), "def-6-meet/repaired"),
        "some Outcome",
    ),
    "with lotteries something that is not listed dominates": (
        refutation(
            world([(3, 0), (0, 3), (1, 1)], "correlated"),
            goal=ForAll(
                [a],
                Or(
                    PAPER.efficient(a),
                    Exists([x], And(PAPER.weakly_improves(x, a), Not(PAPER.weakly_improves(a, x)))),
                ),
            ),
        ),
        "some Outcome",
    ),
    "a number depends on what all programs are, listed or not": (
        refutation(
            world([(0, 0), (1, 0)]),
            goal=ForAll([i, a, b], u(i, a) == u(i, b)),
            none=If(ForAll([i, c], Not(in_csr(sel, i, c))), RealVal(1), RealVal(0)) == 1,
        ),
        "speaks of every Program",
    ),
    "nobody has a program of somebody else's": (
        refutation(
            world([(1, 1)]),
            goal=ForAll([p, i, c], program(i, replace(p, i, c)) == c),
            replacement=PAPER.axiom("replacement"),
        ),
        "programs of other players",
    ),
    "programs with the other selection function are there, listed or not": (
        refutation(
            world(
                [(0, 0), (0, 1), (0, 1)],
                kind="csr",
                selection="(leximin)",
                other_selections=["(utilitarian)"],
                equilibrium=[
                    rows(('["1" "1"]', '["2" "1"]'), *TOGETHER),
                    rows(('["1" "1"]', '["3" "1"]'), *TOGETHER),
                ],
            ),
            goal=ForAll(
                [p],
                Implies(
                    ForAll([i], in_csr(sel, i, program(i, p))),
                    PAPER.usable_under_any_selection(functions(p), functions(p)),
                ),
            ),
        ),
        "some Profile",
    ),
    "what is not known to be transitive may be": (
        refutation(
            world([(1, 1)] * 6, kind="csr", selection="(maxmin)"),
            goal=PAPER.transitive(sel),
            same=ForAll([i, a, b], u(i, a) == u(i, b)),
        ),
        "is not known",
    ),
    "a hypothesis named like a definition is a hypothesis": (
        refutation(
            world([(0, 0), (1, 0), (0, 1)]),
            goal=ForAll([a, b], Exists([x], ForAll([i], u(i, x) * 2 >= u(i, a) + u(i, b)))),
            correlated_randomisation=PAPER.axiom("correlated_randomisation"),
        ),
        "not convex",
    ),
    "two hypotheses about one profile of defaults hold of one": (
        refutation(
            {
                "game": {
                    "players": ["1", "2"],
                    "actions": [["A", "B", "C"], ["x", "y", "z"]],
                    "payoffs": [
                        [["1", "1"], ["1", "3"], ["0", "0"]],
                        [["3", "1"], ["0", "0"], ["1", "1"]],
                        [["0", "0"], ["1", "1"], ["2", "1"]],
                    ],
                },
                "play": "pure",
                "selection": "(leximin)",
                "rounds": 3,
                "delta": ["1", "1"],
                "defaults": [
                    ['(always "A")', '(always "C")'],
                    ['(always "x")', '(always "z")'],
                ],
            },
            "prop-5/repaired",
            "iterated",
            ["joint-randomisation"],
        ),
        "no profile of default programs both",
    ),
}


@pytest.mark.parametrize("why", FILES)
def test_a_true_statement_is_refuted_by_no_file(why):
    data, said = FILES[why]
    with pytest.raises(Rejected, match=said):
        confirm_saved(json.loads(json.dumps(data)))


def test_a_false_statement_is_refuted():
    data = refutation(world(IMPROVED), goal=ForAll([i, a, b], u(i, a) >= u(i, b)))
    assert confirm_saved(data).conclusion


def test_a_definition_that_a_file_takes_for_granted_is_one_and_a_claim_is_a_hypothesis():
    data = refutation(
        world([(1, 1)]),
        goal=PAPER.axiom("spi"),
        replacement=PAPER.axiom("replacement"),
        projections_nonempty=PAPER.axiom("projections_nonempty"),
    )
    statement = statement_of(read_claimed(data))
    assert statement.definitions == ("replacement",)
    assert [h.name for h in statement.hypotheses] == ["projections_nonempty"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(assert (exists ((n Int)) (= n 3)))", "(assert (exists ((n Int)) (= n 5)))"),
        (
            "(assert (exists ((v (_ BitVec 4))) (= v #x3)))",
            "(assert (exists ((v (_ BitVec 4))) (= v #x5)))",
        ),
        (
            "(assert (exists ((v (_ BitVec 4))) (= ((_ extract 1 0) v) #b01)))",
            "(assert (exists ((v (_ BitVec 4))) (= ((_ extract 2 1) v) #b01)))",
        ),
    ],
)
def test_formulas_that_differ_in_a_constant_have_other_fingerprints(one, other):
    assert fingerprint(read_formula(one)) != fingerprint(read_formula(other))


@pytest.mark.parametrize("name", sorted(name for name in PAPER if PAPER[name].sorts))
def test_a_predicate_written_out_is_what_it_is_defined_as(name):
    definition = PAPER[name]
    terms = [Const(f"term-{k}", sort) for k, sort in enumerate(definition.sorts)]
    applied = getattr(PAPER, name)(*terms)
    written = unfolded(applied, PAPER, set(PAPER) - {name})
    assert same_formula(written, definition.body(PAPER, *terms))
    everything = ForAll(terms, applied)
    assert same_formula(
        unfolded(everything, PAPER, set(PAPER) - {name}),
        ForAll(terms, definition.body(PAPER, *terms)),
    )


def test_predicates_are_written_out_to_the_last():
    known = {name for name in PAPER if PAPER[name].sorts}
    written = unfolded(PAPER.axiom("spi"), PAPER, ())
    assert not functions_in(written) & known
