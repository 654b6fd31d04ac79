"""Polynomials and quotients in parameters: verdicts, exact regions, how they are written."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from fractions import Fraction
from random import Random

import fuzz_polynomials
import pytest
from conftest import MODELS

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.parameters import line, nonlinear
from spi_verify.claims.parameters.written import latex
from spi_verify.claims.reader import build_model, read_model
from spi_verify.errors import InputError, Rejected
from spi_verify.games.expressions import parse_expression
from spi_verify.reports.counterexamples import plot_counterexample
from spi_verify.reports.region_plot import sample

FIRST_IS_BEST = {"kind": "efficient", "outcomes": [["1"]]}


def better_than(more: str, less: str, constraints=(), names=("c",)):
    """Return the result of a claim that holds exactly where ``more > less``."""
    data = {
        "game": {"payoffs": [[more], [less]]},
        "parameters": {"names": list(names), "constraints": list(constraints)},
        "claims": [FIRST_IS_BEST],
    }
    (result,) = check_model(build_model(data, file="m", name="m"))
    return result


@pytest.mark.parametrize(
    ("more", "less", "constraints", "region"),
    [
        ("1 + c - c**2", "0", [], "(1 - sqrt(5))/2 < c < (1 + sqrt(5))/2"),
        ("1 + c - c**2", "0", ["c > 0"], "c < (1 + sqrt(5))/2"),
        ("c**2", "2", [], "c < -sqrt(2) or c > sqrt(2)"),
        ("(c**2 - 2)**2", "0", [], "c != -sqrt(2) and c != sqrt(2)"),
        ("(c**2 - 2)**2", "0", ["c >= 0"], "c != sqrt(2)"),
        ("c*(c - 1)**2", "0", [], "c > 0 and c != 1"),
        ("(c - 1)**2*(2 - c)", "0", ["c >= 1"], "1 < c < 2"),
        ("1/(1 - c)", "3", ["c < 1"], "c > 2/3"),
        ("c/(1 - c)", "1/c", ["0 < c < 1"], "c > (sqrt(5) - 1)/2"),
        ("c^3", "2", [], "c > 2**(1/3)"),
        ("c**4 - 5*c**2 + 6", "0", ["c >= 0"], "c < sqrt(2) or c > sqrt(3)"),
        ("c**5", "c + 1", [],
         "c > 1.1673..., where 1.1673... is the root of c**5 - c - 1 between 1 and 2"),
        ("-c**2", "0", [], ""),
        ("2*c", "c**2 + 1", [], ""),
        ("c**3/c", "4", ["c > 0"], "c > 2"),
        ("c**2", "4", ["c**2 >= 4", "c > 0"], "c > 2"),
    ],
)  # fmt: skip
def test_a_region_of_one_parameter_is_exact(more, less, constraints, region):
    result = better_than(more, less, constraints)
    assert (str(result.verdict), str(result.evidence)) == ("refuted", "checked")
    assert result.region == region
    assert "z3 and cvc5 say the same" in result.reason
    confirm_saved(json.loads(json.dumps(result.counterexample)), file="saved")


@pytest.mark.parametrize(
    ("more", "less", "constraints", "verdict"),
    [
        ("c**2 + 1", "2*c - 1", [], "proved"),
        ("c**2", "2*c - 1", ["c != 1"], "error"),
        ("c**2", "2*c - 1", ["(c - 1)**2 > 0"], "proved"),
        ("1/c", "0", ["c > 0"], "proved"),
        ("c**2", "1", ["c**2 >= 2"], "proved"),
        ("1", "0", ["c**2 < 0"], "vacuous"),
        ("1", "0", ["c**2 = 2", "c**3 = 2"], "vacuous"),
        ("2", "c", ["c**2 = 2"], "proved"),
        ("1", "c", ["c**2 = 2", "c < 0"], "proved"),
        ("2", "1", ["1/c > 1"], "proved"),
    ],
)
def test_everything_nothing_and_no_values(more, less, constraints, verdict):
    data = {
        "game": {"payoffs": [[more], [less]]},
        "parameters": {"names": ["c"], "constraints": constraints},
        "claims": [FIRST_IS_BEST],
    }
    try:
        (result,) = check_model(build_model(data, file="m", name="m"))
    except InputError:
        assert verdict == "error"
        return
    assert str(result.verdict) == verdict


def test_where_only_an_irrational_value_refutes_it_is_named_and_replayed():
    result = better_than("(c**2 - 2)**2", "0", ["1 < c < 2"])
    assert "(at c = sqrt(2))" in result.reason
    saved = json.loads(json.dumps(result.counterexample))
    assert saved["values"] == {"c": "the root of c**2 - 2 between 1 and 2"}
    confirm_saved(saved, file="saved")
    for other in ("the root of c**2 - 3 between 1 and 2", "3/2"):
        moved = copy.deepcopy(saved)
        moved["values"]["c"] = other
        with pytest.raises(Rejected):
            confirm_saved(moved, file="saved")
    for text in (
        "the root of c**2 - 2 between -2 and 2", "the root of c**2 - 2 between 2 and 3",
        "the root of c**2 - 4 between 1 and 3", "the root of 1/c - 2 between 0 and 1",
        "the root of c between -1 and 1", "sqrt(2)",
    ):  # fmt: skip
        moved["values"]["c"] = text
        with pytest.raises(InputError):
            confirm_saved(moved, file="saved")


def test_payoffs_at_an_irrational_value_are_told_exactly():
    result = better_than("c", "c**2", ["c**3 = 2", "c > 0"])
    violation = result.counterexample["violation"]
    assert violation["payoffs"] == ["c"]
    assert "(at c = 2**(1/3))" in result.reason
    golden = better_than("c", "c**2", ["c**2 = c + 1", "c > 0"])
    assert golden.counterexample["violation"]["payoffs"] == ["(1 + sqrt(5))/2"]


def test_an_irrational_value_of_one_of_two_parameters_refutes_too():
    result = better_than("(p**2 - 2)**2 + q", "q", ["q > p", "p > 0"], ("p", "q"))
    assert str(result.verdict) == "refuted"
    assert "p = sqrt(2)" in result.reason
    confirm_saved(json.loads(json.dumps(result.counterexample)), file="saved")


@pytest.mark.parametrize(
    ("more", "less", "constraints", "names", "region"),
    [
        ("p*q", "1", ["p > 0", "q > 0"], "pq", "p*q > 1"),
        ("V/2 - C/2", "0", ["V > 0", "C > 0"], "VC", "C < V"),
        ("p*q", "p", ["p > 0"], "pq", "q > 1"),
        ("p**2 - q**2", "0", ["p > 0", "q > 0"], "pq", "p > q"),
        ("p/q", "q", ["p > 0", "q > 0"], "pq", "q**2 < p"),
    ],
)
def test_a_region_of_two_parameters_is_told_where_it_can_be_read(
    more, less, constraints, names, region
):
    assert better_than(more, less, constraints, tuple(names)).region == region


def test_two_comparisons_with_the_same_left_side_are_both_told():
    result = better_than("p*q", "1", ["p > 0"], ("p", "q"))
    assert result.region == "p*q > 1"
    data = {
        "game": {"payoffs": [[["p*q", "p*q"], ["1", "p + 1"]]]},
        "parameters": {"names": ["p", "q"]},
        "claims": [{"kind": "efficient", "outcomes": [["1", "1"]]}],
    }
    (both,) = check_model(build_model(data, file="m", name="m"))
    member = fuzz_polynomials.region_reader(both.region)
    grid = [Fraction(k, 2) for k in range(-6, 7)]
    names = {"p": "s", "q": "t"}
    read = both.region
    for name, new in names.items():
        read = read.replace(name, new)
    member = fuzz_polynomials.region_reader(read)
    for p in grid:
        for q in grid:
            one, other = p * q - 1, p * q - p - 1
            holds = one >= 0 and other >= 0 and (one > 0 or other > 0)
            assert member({"s": p, "t": q}) == holds


@pytest.mark.parametrize(
    ("more", "constraints", "said"),
    [
        ("1/c", [], "the divisor c in game.payoffs[0][0] is 0 at c = 0"),
        (
            "1/(c**2 - 2)",
            ["c > 0"],
            "the divisor c**2 - 2 in game.payoffs[0][0] is 0 at c = sqrt(2)",
        ),
        ("c/c", [], "the divisor c in game.payoffs[0][0] is 0 at c = 0"),
        ("0/(1 - c)", ["c <= 1"], "the divisor 1 - c in game.payoffs[0][0] is 0 at c = 1"),
        ("1/(1/c)", [], "the divisor c in game.payoffs[0][0] is 0 at c = 0"),
    ],
)
def test_a_divisor_that_can_be_0_is_an_error_that_names_it(more, constraints, said):
    result = better_than(more, "0", constraints)
    assert str(result.verdict) == "error"
    assert said in result.reason


def test_a_divisor_in_a_claim_is_checked_too():
    data = {
        "game": {"payoffs": [["c"]]},
        "parameters": {"names": ["c"]},
        "claims": [
            {"kind": "pmm", "payoffs": ["c**2/c"], "name": "a"},
            {"kind": "pmm", "payoffs": ["(c**3 + c)/(c**2 + 1)"], "name": "b"},
        ],
    }
    one, other = check_model(build_model(data, file="m", name="m"))
    assert "the divisor c in payoffs[0] is 0 at c = 0" in one.reason
    assert str(other.verdict) == "proved"


@pytest.mark.parametrize(
    "constraint",
    ["1/c >= 0", "c/c >= 1", "0/c = 0", "1/(1/c) >= 0", "1/c = 1/c", "0 <= c - c/c + 1 <= 0/c + 9"],
)
def test_a_constraint_is_not_satisfied_where_its_divisor_is_0(constraint):
    result = better_than("c", "0", ["c >= 0", constraint])
    assert str(result.verdict) == "proved"


def test_a_constraint_that_only_divides_by_0_admits_nothing():
    assert str(better_than("c", "c", ["c = 0", "c/c = 1"]).verdict) == "vacuous"


def test_what_solvers_and_evaluation_say_apart_is_never_a_verdict(monkeypatch):
    right = nonlinear.decided
    monkeypatch.setattr(nonlinear, "decided", lambda cut, holds: [True for _ in right(cut, holds)])
    result = better_than("c**2", "2")
    assert str(result.verdict) == "unknown"
    assert "please report this" in result.reason
    monkeypatch.setattr(nonlinear, "decided", lambda cut, holds: [False for _ in cut.cells])
    for more, less in (("c**2 + 1", "0"), ("c**2", "2")):
        result = better_than(more, less)
        assert str(result.verdict) == "unknown"
        assert "please report this" in result.reason


@pytest.mark.long
def test_with_too_many_roots_the_solvers_are_asked_alone(monkeypatch):
    monkeypatch.setattr(line, "MAX_ROOTS", 2)
    result = better_than("c*(c - 1)*(c - 2)", "0")
    assert result.region == "0 < c < 1 or c > 2"
    assert "z3 and cvc5 say the same" not in result.reason
    assert str(better_than("c**4", "c**2 - 1").evidence) in ("agreement", "checked")


@pytest.mark.parametrize(
    ("model", "regions"),
    [
        ("hawk-dove", [None, "C < V", None, None]),
        ("repeated-dilemma", ["delta < 1/3", "delta < 1/3", "delta >= 1/3", "delta >= 1/3"]),
        ("war-of-attrition", [None, None, "", "delta**2 > 2*c"]),
        ("cournot", [None, "delta < 9/17", "delta >= 9/17"]),
    ],
)
def test_shipped_models_have_the_regions_of_textbooks(model, regions):
    results = check_model(read_model(MODELS / f"{model}.toml"))
    assert [result.region for result in results] == regions


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("c <= (1 + sqrt(5))/2", r"c \le \frac{1 + \sqrt{5}}{2}"),
        ("(1 < c and c != 2) or delta**2*c = 1/2",
         r"\left(1 < c \land c \ne 2\right) \lor \delta^{2} c = \frac{1}{2}"),
        ("cost_1 > 2**(1/3)", r"\mathit{cost\_1} > 2^{\frac{1}{3}}"),
        ("and >= 3", r"\mathit{and} \ge 3"),
    ],
)  # fmt: skip
def test_regions_are_written_as_latex(text, written):
    assert latex(text) == written


def test_the_json_has_the_region_as_latex(run):
    path = MODELS / "repeated-dilemma.toml"
    found = run("check", path, "--json", "-")
    results = json.loads(found.out)["results"]
    assert results[0]["region_latex"] == r"\delta < \frac{1}{3}"
    fifth = better_than("c**5", "c + 1")
    assert fifth.region_latex == (
        r"c > 1.1673\ldots,\ \text{where } 1.1673\ldots \text{ is the root of } c^{5} - c - 1 "
        r"\text{ between } 1 \text{ and } 2"
    )


@pytest.mark.long
def test_the_picture_of_two_parameters_is_sampled_exactly_and_the_same_each_time(tmp_path):
    model = read_model(MODELS / "war-of-attrition.toml")
    result = list(check_model(model))[3]
    files = [tmp_path / name for name in ("a.svg", "b.svg")]
    for file in files:
        assert plot_counterexample(json.loads(json.dumps(result.counterexample)), file)
    one, other = (file.read_text() for file in files)
    assert one == other
    assert "delta" in one
    window = ((Fraction(0), Fraction(1)), (Fraction(0), Fraction(1)))
    grid = sample(model, model.claims[3].claim, window, 5)
    for row, delta in zip(grid, range(1, 10, 2), strict=True):
        for holds, c in zip(row, range(1, 10, 2), strict=True):
            assert holds == (Fraction(delta, 10) ** 2 > 2 * Fraction(c, 10))


@pytest.mark.parametrize("model", ["chicken", "territory-any-cost"])
def test_models_that_need_no_algebra_do_not_load_it(model):
    code = (
        "import sys; from pathlib import Path; from spi_verify.claims.check import check_model; "
        "from spi_verify.claims.reader import read_model; "
        f"list(check_model(read_model(Path({str(MODELS / f'{model}.toml')!r})))); "
        "print('sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_intervals_are_the_set_of_all_cells_where_a_claim_holds():
    cut = line.cut("c", [parse_expression("(c - 1)*(c**2 - 2)", {"c"})])
    cells, rng = cut.cells, Random(1)
    for _ in range(300):
        truth = [rng.choice((True, False, None)) for _ in cells]
        found = line.intervals(cut, truth)
        for point, holds in zip(cells, truth, strict=True):
            inside = any(_inside(interval, point) for interval in found)
            assert holds is None or holds == inside


def _inside(interval, point):
    low = 1 if interval.low is None else line._compare(point, interval.low)
    high = -1 if interval.high is None else line._compare(point, interval.high)
    return (
        (low > 0 or (low == 0 and interval.low_in))
        and (high < 0 or (high == 0 and interval.high_in))
        and all(line._compare(point, other) for other in interval.without)
    )


def grids(seed: int, models: int) -> fuzz_polynomials.Tally:
    tally = fuzz_polynomials.run(seed, models)
    assert not tally.differences, "\n".join(tally.differences)
    assert tally.counts["unknown"] <= models / 10
    return tally


def test_random_models_are_decided_as_exact_values_on_grids_say():
    assert grids(3, 5).counts["refuted"] >= 2


@pytest.mark.long
def test_many_random_models_are_decided_as_exact_values_on_grids_say():
    counts = grids(2, 40).counts
    assert min(counts["proved"], counts["vacuous"]) > 3
    assert counts["regions"] > 8
