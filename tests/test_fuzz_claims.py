"""Random claims of all kinds are decided as brute force decides them."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import fuzz_claims
import pytest
from oracle.claims import Oracle
from oracle.game import Game
from oracle.points import ONE, ZERO, dot, maximum, piece, same, subset
from oracle.random_games import parameter_model
from oracle.selections import is_transitive

from spi_verify.claims.kinds import NAMES
from spi_verify.verdicts import Verdict

pytestmark = pytest.mark.long

SEED, CASES = 2, 2800


@pytest.fixture(scope="module")
def tally() -> fuzz_claims.Tally:
    return fuzz_claims.run(SEED, CASES)


def test_verdicts_are_those_of_brute_force(tally):
    shown = "\n".join(f"{wrong}\n{written}" for wrong, written in tally.differences)
    assert not tally.differences, shown
    assert tally.total() >= CASES


def test_every_kind_of_claim_occurs_with_both_verdicts(tally):
    found: dict[str, Counter[str]] = {}
    for (kind, *_), counts in tally.counts.items():
        found.setdefault(kind, Counter()).update(counts)
    assert set(found) == set(NAMES)
    for kind, counts in found.items():
        assert counts["cases"] >= 20, kind
        assert counts["proved"] >= 3, kind
        assert counts["refuted"] >= 1, kind


def test_all_numbers_of_players_and_feasible_sets_occur(tally):
    shapes = {(feasible, n) for _, feasible, n, _ in tally.counts}
    assert shapes == {(feasible, n) for feasible in ("pure", "correlated") for n in (1, 2, 3, 4)}


def test_verdicts_and_regions_with_parameters_are_those_of_brute_force(tmp_path):
    rng, tally = Random(SEED), fuzz_claims.Tally()
    while tally.total() < 40:
        written = parameter_model(rng)
        claims = [{**claim, "name": f"c{k}"} for k, claim in enumerate(written["claims"])]
        fuzz_claims.check_both_ways({**written, "claims": claims}, tally, tmp_path)
    assert not tally.differences, tally.differences
    assert tally.total("proved") >= 2
    assert tally.total("refuted") >= 10
    assert tally.total("vacuous") >= 1


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ("c <= 1", {"c": 1}, {"c": 2}),
        ("(c > 1/2 and c - d <= 0) or (c = 0 and d < 1)", {"c": 0, "d": 0}, {"c": 1, "d": 0}),
        ("1 <= c < 3", {"c": 1}, {"c": 3}),
    ],
)
def test_regions_are_read_as_they_are_printed(region, inside, outside):
    assert fuzz_claims.in_region(region, inside)
    assert not fuzz_claims.in_region(region, outside)
    assert not fuzz_claims.in_region("", inside)


def test_brute_force_settles_nearly_all_claims(tally):
    assert tally.total("unsettled") <= CASES / 50
    assert tally.total("unknown") <= CASES / 20


def test_wrong_verdicts_are_found(monkeypatch):
    """Verdicts the other way round are all differences."""
    right = fuzz_claims.check_model
    other = {Verdict.PROVED: Verdict.REFUTED, Verdict.REFUTED: Verdict.PROVED}

    def wrong(model):
        for result in right(model):
            yield replace(result, verdict=other.get(result.verdict, result.verdict))

    monkeypatch.setattr(fuzz_claims, "check_model", wrong)
    tally = fuzz_claims.run(SEED, 100)
    decided = tally.total("proved") + tally.total("refuted")
    assert len(tally.differences) == decided - tally.total("unsettled")


def test_the_oracle_imports_nothing_of_the_package():
    for path in (Path(__file__).parent / "oracle").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(name.name in ("json", "re") for name in node.names), path
            if isinstance(node, ast.ImportFrom):
                assert not str(node.module).startswith("spi_verify"), path


def test_a_difference_is_shown_without_what_it_does_not_need(monkeypatch):
    monkeypatch.setattr(fuzz_claims, "_difference", lambda result, _: f"not {result.verdict}")
    rules = [{"from": "any", "to": ["1", "1"]}]
    written = {
        "game": {"payoffs": [[[1, 1], [0, 0]]]},
        "renegotiation": {"used": rules, "other": rules},
        "sets": {"f": [{"within": ["improving"]}]},
        "claims": [{"kind": "spi", "function": "used", "name": "c"}],
    }
    shrunk = fuzz_claims.shrunk(written)
    assert shrunk["renegotiation"] == {"used": rules}
    assert "sets" not in shrunk


# The oracle on its own.


def test_the_pmm_of_the_scheduling_game_is_one():
    payoffs = [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [0, 0], [1, 1]]]
    for feasible in ("pure", "correlated"):
        game = Game({"feasible": feasible, "game": {"payoffs": payoffs}})
        assert game.pmm == (1, 1)
    assert game.pmp_hull(0, (ZERO, ZERO)) == ((1, 1), (3, 1))


def test_linear_programs_have_the_best_corner():
    rng, feasible = Random(5), 0
    for _ in range(300):
        width = rng.randint(1, 5)
        rows = [[ONE] * width]
        rows += [[Fraction(rng.randint(-3, 3), 2) for _ in range(width)] for _ in range(2)]
        right = [ONE, Fraction(rng.randint(-2, 2), 2), Fraction(rng.randint(-1, 1))]
        goal = [Fraction(rng.randint(-3, 3), 3) for _ in range(width)]
        corners = _corners(rows, right)
        best = max((dot(goal, x) for x in corners), default=None)
        assert maximum(goal, rows, right) == best
        feasible += best is not None
    assert feasible > 30


def _corners(rows, right):
    """Return the solutions with independent columns that are not negative."""
    width, found = len(rows[0]), []
    for size in range(1, width + 1):
        for columns in combinations(range(width), size):
            x = _solution([[row[j] for j in columns] for row in rows], right)
            if x is not None and min(x) >= 0:
                full = [ZERO] * width
                for j, value in zip(columns, x, strict=True):
                    full[j] = value
                found.append(full)
    return found


def _solution(rows, right):
    """Return the only solution of a system of equations, or None."""
    table, done = [[*row, b] for row, b in zip(rows, right, strict=True)], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(done, len(table)) if table[i][column]), None)
        if pivot is None:
            return None
        table[done], table[pivot] = table[pivot], table[done]
        table[done] = [v / table[done][column] for v in table[done]]
        for i, line in enumerate(table):
            if i != done:
                table[i] = [v - line[column] * w for v, w in zip(line, table[done], strict=True)]
        done += 1
    if any(line[-1] for line in table[done:]):
        return None
    return [line[-1] for line in table[: len(rows[0])]]


def _piece(*points):
    return piece(tuple(map(Fraction, p)) for p in points)


def test_unions_of_polygons_are_compared_as_sets():
    square = _piece((0, 0), (2, 0), (2, 2), (0, 2))
    halves = [_piece((0, 0), (1, 0), (1, 2), (0, 2)), _piece((1, 0), (2, 0), (2, 2), (1, 2))]
    assert same([square], halves)
    assert same([*halves, _piece((1, 1))], [square])
    gap = [halves[0], _piece((Fraction(11, 10), 0), (2, 0), (2, 2), (1, 2))]
    assert subset(gap, [square])
    assert not subset([square], gap)
    assert subset([_piece((0, 0), (2, 2))], halves)
    assert not subset([_piece((0, 0), (3, 3))], halves)


def test_a_selection_that_turns_around_is_not_part_of_a_transitive_one():
    pays = tuple(tuple(map(Fraction, u)) for u in ((0, 1), (1, 0), (0, 2)))
    assert is_transitive(pays, {frozenset({0, 1}): 0, frozenset({0, 1, 2}): 2})
    assert not is_transitive(pays, {frozenset({0, 1}): 0, frozenset({0, 1, 2}): 1})


def test_an_extension_extends_what_its_function_does_without_the_tag():
    sets = {
        "rude": [
            {"within": ["improving"]},
            {"outcomes": [["*", "*"]], "unless": [{"player": 1, "tag": "pmp-extension"}]},
        ],
        "extended": {"pmp-extension": "rude"},
    }
    data = {"game": {"payoffs": [[[3, 0]], [[0, 3]], [[1, 0]]]}, "sets": sets}
    claim = {"kind": "set-valued-renegotiation-function", "function": "extended"}
    assert Oracle(data).holds(claim) is False
