"""Claims decided by the program against the definitions written as plain loops."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cached_property

import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import models

from spi_verify.claims.check import decide
from spi_verify.claims.confirm import confirm
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import convert_claim
from spi_verify.errors import Rejected


class Plain:
    """A model read with nothing but loops over lists."""

    def __init__(self, data, outcomes, references):
        table = {}
        for outcome in outcomes:
            cell = data["game"]["payoffs"]
            for action, names in zip(outcome, data["game"]["actions"], strict=True):
                cell = cell[names.index(action)]
            table[tuple(outcome)] = tuple(map(Fraction, cell))
        self.pure = [tuple(o) for o in outcomes]
        self.correlated = data.get("feasible") == "correlated"
        self.u = dict(table)
        for name, parts in data.get("mixtures", {}).items():
            rows = [(Fraction(p["weight"]), table[tuple(p["outcome"])]) for p in parts]
            self.u[name] = tuple(sum(w * row[i] for w, row in rows) for i in range(self.n))
        self.image = {self.key(r): self.key(r) for r in references}
        for rule in reversed(data["renegotiation"]["f"]):
            self.image[self.key(rule["from"])] = self.key(rule["to"])
        reached = data.get("defaults", {}).get("reachable", outcomes)
        self.reached = {self.key(r) for r in reached}

    @staticmethod
    def key(reference):
        return reference["mixture"] if isinstance(reference, dict) else tuple(reference)

    @property
    def n(self):
        return len(self.u[self.pure[0]])

    def dominated(self, point):
        profiles = [self.u[o] for o in self.pure]
        if not self.correlated:
            return any(
                all(b >= p for b, p in zip(v, point, strict=True)) and v != point for v in profiles
            )
        weights = [z3.Real(f"w{k}") for k in range(len(profiles))]
        mixed = [
            z3.Sum([w * z3.RealVal(v[i]) for w, v in zip(weights, profiles, strict=True)])
            for i in range(self.n)
        ]
        solver = z3.Solver()
        solver.add(*[w >= 0 for w in weights], z3.Sum(weights) == 1)
        solver.add(*[m >= z3.RealVal(p) for m, p in zip(mixed, point, strict=True)])
        solver.add(z3.Or([m > z3.RealVal(p) for m, p in zip(mixed, point, strict=True)]))
        return solver.check() == z3.sat

    @cached_property
    def efficient(self):
        return [o for o in self.pure if not self.dominated(self.u[o])]

    @cached_property
    def pmm(self):
        return tuple(min(self.u[o][i] for o in self.efficient) for i in range(self.n))

    def improves(self, among):
        moves = [(self.u[o], self.u[self.image[o]]) for o in among]
        no_loss = all(a >= b for before, after in moves for b, a in zip(before, after, strict=True))
        gain = any(a > b for before, after in moves for b, a in zip(before, after, strict=True))
        return no_loss and gain


def verdict(data, claim):
    model = build_model(data, file="test", name="test")
    instance = model.instance()
    read = convert_claim(claim)
    violation = decide(read, instance).violation
    if violation is not None:
        confirm(read, instance, violation)
    return violation is None


@given(models())
def test_renegotiation_functions_are_those_of_definition_4(case):
    plain = Plain(*case)
    claim = {"kind": "renegotiation-function", "function": "f"}
    assert verdict(case[0], claim) is plain.improves(plain.image)


@given(models())
def test_spis_are_those_of_definition_3(case):
    plain = Plain(*case)
    assert verdict(case[0], {"kind": "spi", "function": "f"}) is plain.improves(plain.reached)


@given(models())
@settings(max_examples=60)
def test_individual_rationality_compares_every_reached_image_with_the_pmm(case):
    plain = Plain(*case)
    pmm = plain.pmm
    expected = all(
        u >= least
        for o in plain.reached
        for u, least in zip(plain.u[plain.image[o]], pmm, strict=True)
    )
    claim = {"kind": "individually-rational-to-pmm", "function": "f"}
    assert verdict(case[0], claim) is expected


@given(models(), st.data())
@settings(max_examples=60)
def test_efficient_claims_hold_for_exactly_the_efficient_outcomes(case, data):
    plain = Plain(*case)
    listed = data.draw(st.sets(st.sampled_from(plain.pure)) | st.just(set(plain.efficient)))
    claim = {"kind": "efficient", "outcomes": [list(o) for o in sorted(listed)]}
    assert verdict(case[0], claim) is (listed == set(plain.efficient))


@given(models(), st.data())
@settings(max_examples=60)
def test_pmm_claims_hold_for_exactly_the_pmm(case, data):
    plain = Plain(*case)
    pmm = list(plain.pmm)
    claimed = list(pmm)
    if data.draw(st.booleans()):
        i = data.draw(st.integers(0, plain.n - 1))
        claimed[i] += data.draw(st.sampled_from([Fraction(-1, 2), Fraction(1)]))
    claim = {"kind": "pmm", "payoffs": list(map(str, claimed))}
    assert verdict(case[0], claim) is (claimed == pmm)


@given(models(correlated=st.just(False)), st.data())
def test_pmp_claims_hold_for_exactly_the_projection(case, data):
    plain = Plain(*case)
    player = data.draw(st.integers(1, plain.n))
    a = plain.u[data.draw(st.sampled_from(plain.pure))]
    outcome = next(o for o in plain.pure if plain.u[o] == a)
    levels = [max(least, u) for least, u in zip(plain.pmm, a, strict=True)]
    projection = {
        o
        for o in plain.pure
        if all(
            u >= level if j == player else u == level
            for j, (u, level) in enumerate(zip(plain.u[o], levels, strict=True), 1)
        )
    }
    listed = set(projection)
    for o in data.draw(st.sets(st.sampled_from(plain.pure), max_size=1)):
        listed ^= {o}
    claim = {
        "kind": "pmp",
        "player": player,
        "outcome": list(outcome),
        "outcomes": [list(o) for o in sorted(listed)],
    }
    assert verdict(case[0], claim) is (listed == projection)


@given(models(), st.data())
def test_a_violation_of_a_claim_that_holds_is_rejected(case, data):
    """Whatever the file says went wrong: where the claim holds, replay does not confirm it."""
    plain = Plain(*case)
    model = build_model(case[0], file="test", name="test")
    kind = data.draw(st.sampled_from(["spi", "renegotiation-function"]))
    claim = convert_claim({"kind": kind, "function": "f"})
    if decide(claim, model.instance()).violation is not None:
        return
    outcome = data.draw(st.sampled_from(case[2]))
    image = plain.image[plain.key(outcome)]
    i = data.draw(st.integers(0, plain.n - 1))
    stated = {
        "violates": "loss",
        "outcome": outcome,
        "image": {"mixture": image} if isinstance(image, str) else list(image),
        "player": i + 1,
        "before": str(plain.u[plain.key(outcome)][i]),
        "after": str(plain.u[image][i]),
    }
    for violation in (stated, {"violates": "no-gain", "outcomes": 1}):
        try:
            confirm(claim, model.instance(), violation)
        except Rejected:
            continue
        raise AssertionError(violation)


def test_rules_select_outcomes_as_documented():
    actions = [["A", "B"], ["A", "B"], ["B", "C"]]
    outcomes = list(itertools.product(*actions))
    payoffs = [
        [[[k, -k, 1] for k in range(4 * a + 2 * b, 4 * a + 2 * b + 2)] for b in (0, 1)]
        for a in (0, 1)
    ]
    rules = {
        "mismatch": [{"from": "mismatch", "to": ["B", "B", "B"]}],
        "pattern": [{"from": ["*", "A", "*"], "to": ["B", "B", "B"]}],
        "first": [
            {"from": ["A", "*", "*"], "to": ["B", "A", "C"]},
            {"from": "any", "to": ["A", "A", "B"]},
        ],
        "where": [{"from": "any", "where": ["u1 >= 2", "u1 - u2 < 10"], "to": ["A", "A", "B"]}],
    }
    data = {"game": {"actions": actions, "payoffs": payoffs}, "renegotiation": rules}
    functions = build_model(data, file="test", name="test").instance()
    position = {o: k for k, o in enumerate(outcomes)}
    for k, outcome in enumerate(outcomes):
        unequal = len(set(outcome)) > 1
        assert functions.images("mismatch")[k] == (position["B", "B", "B"] if unequal else k)
        assert functions.images("pattern")[k] == (
            position["B", "B", "B"] if outcome[1] == "A" else k
        )
        first = ("B", "A", "C") if outcome[0] == "A" else ("A", "A", "B")
        assert functions.images("first")[k] == position[first]
        assert functions.images("where")[k] == (0 if 2 <= k < 5 else k)


def test_inefficient_means_inefficient_in_the_feasible_set_of_the_model():
    data = {
        "game": {"payoffs": [[[4, 0], [0, 0]], [[1, 1], [0, 4]]]},
        "renegotiation": {"f": [{"from": "inefficient", "to": ["1", "1"]}]},
    }
    pure = build_model(data, file="test", name="test").instance().images("f")
    assert pure.tolist() == [0, 0, 2, 3]
    mixed = build_model(data | {"feasible": "correlated"}, file="test", name="test")
    assert mixed.instance().images("f").tolist() == [0, 0, 0, 3]
