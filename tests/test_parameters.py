"""Claims for all parameter values: formulas against evaluation, regions against both."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import linear_payoff, models

from spi_verify.claims.check import check_model, decide
from spi_verify.claims.formulas import variable
from spi_verify.claims.parameters.all_values import ClaimFormula
from spi_verify.claims.parameters.certified import uncertified
from spi_verify.claims.parameters.region import find_region, region_formula
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import convert_claim
from spi_verify.verdicts import Verdict

PARAMETERS = {"names": ["c", "d"], "constraints": ["c >= 0", "d < 2"]}
values = st.fixed_dictionaries(
    {
        "c": st.sampled_from([Fraction(k, 2) for k in range(6)]),
        "d": st.sampled_from([Fraction(k, 2) for k in range(-4, 4)]),
    }
)


def claims(case, data):
    _, outcomes, references = case
    n = len(outcomes[0])
    correlated = case[0].get("feasible") == "correlated"
    kinds = ["spi", "renegotiation-function"]
    if not correlated:
        kinds += ["individually-rational-to-pmm", "efficient", "pmm", "pmp"]
    kind = data.draw(st.sampled_from(kinds))
    some = st.lists(st.sampled_from(outcomes), max_size=3)
    match kind:
        case "efficient":
            return {"kind": kind, "outcomes": data.draw(some)}
        case "pmm":
            return {
                "kind": kind,
                "payoffs": data.draw(st.lists(linear_payoff, min_size=n, max_size=n)),
            }
        case "pmp":
            return {
                "kind": kind,
                "player": data.draw(st.integers(1, n)),
                "outcome": data.draw(st.sampled_from(references)),
                "outcomes": data.draw(some),
            }
        case _:
            return {"kind": kind, "function": "f"}


def value_of(formula, point):
    numbers = [(z3.Real(variable(name)), z3.RealVal(value)) for name, value in point.items()]
    value = z3.simplify(z3.substitute(formula, *numbers))
    assert z3.is_true(value) or z3.is_false(value)
    return z3.is_true(value)


@pytest.mark.long
@given(models(linear_payoff), st.data(), st.lists(values, min_size=4, max_size=4))
@settings(max_examples=200)
def test_formula_and_evaluation_agree_on_every_claim_at_every_point(case, data, points):
    model = build_model(case[0] | {"parameters": PARAMETERS}, file="test", name="test")
    claim = convert_claim(claims(case, data))
    formula = ClaimFormula(model, claim).formula
    for point in points:
        evaluated = decide(claim.fixed(point), model.instance(point)).violation is None
        assert value_of(formula, point) is evaluated


@given(models(linear_payoff), st.data(), st.lists(values, min_size=6, max_size=6))
@settings(max_examples=80)
def test_the_region_is_exactly_where_the_claim_holds(case, data, points):
    model = build_model(case[0] | {"parameters": PARAMETERS}, file="test", name="test")
    claim = convert_claim(claims(case, data))
    encoded = ClaimFormula(model, claim)
    region = find_region(encoded.formula, model.parameters[1], encoded.comparisons)
    assert region is not None
    for point in points:
        evaluated = decide(claim.fixed(point), model.instance(point)).violation is None
        assert value_of(region_formula(region), point) is evaluated


@pytest.mark.long
@given(models(linear_payoff), st.data())
@settings(max_examples=25)
def test_verdicts_for_all_values_are_sound_and_refutations_name_values(case, data):
    extra = {"parameters": PARAMETERS, "claims": [claims(case, data)]}
    model = build_model(case[0] | extra, file="test", name="test")
    (result,) = check_model(model)
    assert result.verdict in {Verdict.PROVED, Verdict.REFUTED}
    if result.verdict is Verdict.PROVED:
        claim = model.claims[0].claim
        for c in (0, 1, 2):
            for d in (-1, 0, 1):
                point = {"c": Fraction(c), "d": Fraction(d)}
                assert decide(claim.fixed(point), model.instance(point)).violation is None
    else:
        point = {k: Fraction(v) for k, v in result.counterexample["values"].items()}
        assert point["c"] >= 0
        assert point["d"] < 2


MANY_SIGNS = {  # grown cells overlap here: more than eight are tried before all is covered
    "game": {
        "payoffs": [
            [["-c", "c - d"], ["2", "c"]],
            [["1/2 - d", "c + d"], ["3*c - 2*d", "2"]],
        ]
    },
    "parameters": {"names": ["c", "d"]},
    "renegotiation": {
        "f": [{"from": ["1", "1"], "to": ["2", "2"]}, {"from": ["2", "1"], "to": ["1", "2"]}]
    },
    "claims": [{"kind": "individually-rational-to-pmm", "function": "f"}],
}


def test_a_region_of_many_cells_is_found_and_told():
    made = build_model(MANY_SIGNS, file="test", name="test")
    (result,) = check_model(made)
    assert result.verdict is Verdict.REFUTED
    assert result.region.count(" or ") >= 5
    encoded = ClaimFormula(made, made.claims[0].claim)
    cells = find_region(encoded.formula, (), encoded.comparisons)
    for c in range(-3, 4):
        for d in range(-3, 4):
            point = {"c": Fraction(c), "d": Fraction(d)}
            holds = decide(made.claims[0].claim, made.instance(point)).violation is None
            assert value_of(region_formula(cells), point) is holds


def test_where_a_region_is_not_found_the_report_says_so_with_values(monkeypatch):
    monkeypatch.setattr("spi_verify.claims.parameters.region.MAX_CELLS", 1)
    made = build_model(MANY_SIGNS, file="test", name="test")
    (result,) = check_model(made)
    assert result.verdict is Verdict.REFUTED
    assert result.region is None
    said = re.search(r"the claim holds at (.*); for which values exactly was not", result.reason)
    pairs = (pair.split(" = ") for pair in said.group(1).split(", "))
    point = {name: Fraction(value) for name, value in pairs}
    assert decide(made.claims[0].claim, made.instance(point)).violation is None


def model(tmp_path, *, constraints, claim, slot_3='["c", "c"]'):
    path = tmp_path / "model.toml"
    path.write_text(f"""
[game]
payoffs = [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [0, 0], {slot_3}]]
[parameters]
names = ["c"]
constraints = {json.dumps(constraints)}
[renegotiation]
fair = [{{ from = "mismatch", to = ["3", "3"] }}]
neutral = [{{ from = "any", to = ["3", "3"] }}]
[[claims]]
{claim}
""")
    return path


def only_result(run, path):
    found = run("check", path, "--json", "-")
    (result,) = json.loads(found.out)["results"]
    return found.code, result


@pytest.mark.parametrize(
    ("constraints", "claim", "region"),
    [
        (["c >= 0"], 'kind = "spi"\nfunction = "fair"', "c > 0"),
        ([], 'kind = "spi"\nfunction = "fair"', "c > 0"),
        ([], 'kind = "spi"\nfunction = "neutral"', "c >= 3"),
        ([], 'kind = "pmm"\npayoffs = [1, 1]', "c < 3"),
        ([], 'kind = "pmm"\npayoffs = ["c", "c"]', "c = 1 or c >= 3"),
        ([], 'kind = "individually-rational-to-pmm"\nfunction = "fair"', "1 <= c < 3"),
        ([], 'kind = "efficient"\noutcomes = [["3", "3"]]', "c >= 3"),
        ([], 'kind = "efficient"\noutcomes = [["1", "1"], ["2", "2"]]', "c <= 1"),
        (["c < 1"], 'kind = "efficient"\noutcomes = [["3", "3"]]', ""),
        ([], 'kind = "pmp"\nplayer = 1\noutcome = ["1", "2"]\noutcomes = [["1", "1"]]', ""),
    ],
)
def test_a_refuted_claim_says_where_exactly_it_holds(run, tmp_path, constraints, claim, region):
    code, result = only_result(run, model(tmp_path, constraints=constraints, claim=claim))
    assert code == 1
    assert (result["verdict"], result["evidence"]) == ("refuted", "checked")
    if "pmp" not in claim:
        assert result["region"] == region
    told = f"exactly when {result['region']}" if result["region"] else "for no values"
    assert f"the claim holds {told}" in result["reason"]


def test_a_claim_that_holds_for_all_values_is_proved_and_its_certificate_checked(run, tmp_path):
    path = model(
        tmp_path,
        constraints=["c > 0", "c < 100"],
        claim='kind = "spi"\nfunction = "fair"',
    )
    code, result = only_result(run, path)
    assert code == 0
    assert (result["verdict"], result["evidence"]) == ("proved", "checked")
    assert result["reason"] is None
    assert result["hypotheses_used"] == ["c > 0"]


def test_what_has_no_certificate_stays_with_the_solvers_and_says_why(run, tmp_path, monkeypatch):
    monkeypatch.setattr("spi_verify.obligations.certificates.refuting.MOST_LEMMAS", 0)
    path = model(
        tmp_path,
        constraints=["c > 0", "c < 100"],
        claim='kind = "spi"\nfunction = "fair"',
    )
    code, result = only_result(run, path)
    assert code == 0
    assert (result["verdict"], result["evidence"]) == ("proved", "agreement")
    assert result["reason"].startswith("not checked without solvers: ")


def test_no_certificate_is_sought_of_what_is_long():
    comparisons = "".join(f"(assert (< x {n}.0))" for n in range(400))
    assert "is sought" in uncertified(f"(declare-fun x () Real){comparisons}(assert (< 1.0 x))")


def test_what_can_be_met_has_no_certificate():
    for text in ("(assert (< x 1.0))", "(assert (or (< x 1.0) (< 1.0 x)))"):
        assert uncertified(f"(declare-fun x () Real){text}") is not None
    assert uncertified("(declare-fun x () Real)(assert (< x 1.0))(assert (< 1.0 x))") is None


def test_contradictory_constraints_are_vacuous_not_proved(run, tmp_path):
    path = model(
        tmp_path, constraints=["c > 1", "c < 1", "c < 7"], claim='kind = "spi"\nfunction = "fair"'
    )
    code, result = only_result(run, path)
    assert code == 1
    assert result["verdict"] == "vacuous"
    assert set(result["hypotheses_used"]) == {"c > 1", "c < 1"}


def test_a_constraint_without_parameters_can_be_false_too(run, tmp_path):
    path = model(tmp_path, constraints=["1 > 2"], claim='kind = "spi"\nfunction = "fair"')
    assert only_result(run, path)[1]["verdict"] == "vacuous"


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("c", "compares nothing"),
        ("c / 0 > 0", "division by 0"),
        ("e > 0", "unknown parameter 'e'"),
        ("__import__('os').system('true') > 0", "unexpected"),
    ],
)
def test_a_constraint_that_cannot_be_read_is_bad_input(run, tmp_path, constraint, said):
    path = model(tmp_path, constraints=[constraint], claim='kind = "spi"\nfunction = "fair"')
    found = run("check", path)
    assert found.code == 2
    assert said in found.err
    assert "parameters.constraints[0]" in found.err


def test_rules_that_depend_on_payoffs_are_refused_with_parameters(run, tmp_path):
    path = model(tmp_path, constraints=[], claim='kind = "spi"\nfunction = "fair"')
    path.write_text(path.read_text().replace('"mismatch"', '"inefficient"'))
    found = run("check", path)
    assert found.code == 2
    assert "depends on payoffs" in found.err


def test_correlated_claims_that_need_the_hull_are_refused_with_parameters(run, tmp_path):
    path = model(tmp_path, constraints=[], claim='kind = "pmm"\npayoffs = [1, 1]')
    path.write_text('feasible = "correlated"\n' + path.read_text())
    code, result = only_result(run, path)
    assert code == 2
    assert "correlated play" in result["reason"]


@pytest.mark.parametrize("name", ["abs", "and", "let", "true", "_", "par", "µ", "p_c"])
def test_parameters_may_be_named_like_words_of_smtlib(run, tmp_path, name):
    path = model(tmp_path, constraints=[f"{name} > 0"], claim='kind = "spi"\nfunction = "neutral"')
    text = path.read_text().replace('"c", "c"', f'"{name}", "{name}"')
    path.write_text(text.replace('names = ["c"]', f'names = ["{name}"]'))
    _, result = only_result(run, path)
    assert result["region"] == f"{name} >= 3"
