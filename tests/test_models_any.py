"""``from = "any"`` means every outcome: in rules and in parts, with ``where`` or without."""

from __future__ import annotations

import pytest

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import build_model

PAYOFFS = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
MIXTURES = {
    "bad": [{"outcome": ["1", "2"], "weight": "1/2"}, {"outcome": ["2", "1"], "weight": "1/2"}],
    "fair": [{"outcome": ["1", "1"], "weight": "1/2"}, {"outcome": ["2", "2"], "weight": "1/2"}],
}
ALWAYS = ["u1 <= 100", "u1 > -1", "u1 + u2 >= 0", "2*u2 < 100", "u1 - u1 = 0"]


def decided(rule, part, feasible, default):
    """Return the verdict for a rule and for a part with the same source."""
    data = {"feasible": feasible, "game": {"payoffs": PAYOFFS}}
    if feasible == "correlated":
        data["mixtures"] = MIXTURES
    data |= {
        "renegotiation": {"f": [{**rule, "to": ["1", "1"]}]},
        "sets": {"g": [{**part, "within": ["improving"]}]},
        "defaults": {"reachable": [default]},
        "profiles": {"p": {"functions": ["g", "g"], "selection": "lexicographic 1 2"}},
        "claims": [{"kind": "spi", "function": "f"}, {"kind": "spi", "profile": "p"}],
    }
    return [str(r.verdict) for r in check_model(build_model(data, file="m", name="m"))]


@pytest.mark.parametrize("where", [None, [], *([text] for text in ALWAYS), ALWAYS])
@pytest.mark.parametrize(
    ("feasible", "default"),
    [("pure", ["1", "2"]), ("correlated", ["1", "2"]), ("correlated", {"mixture": "bad"})],
)
def test_any_is_every_outcome_whether_or_not_a_condition_that_holds_is_written(
    feasible, default, where
):
    rule = {"from": "any"} if where is None else {"from": "any", "where": where}
    left_out = {key: value for key, value in rule.items() if key != "from"}
    assert decided(rule, rule, feasible, default) == ["proved", "proved"]
    assert decided(rule, left_out, feasible, default) == ["proved", "proved"]


@pytest.mark.parametrize("where", ["u1 < 0", "u1 >= 1/2", "u2 = 1", "u1 + u2 > 0"])
@pytest.mark.parametrize("default", [["1", "2"], {"mixture": "bad"}])
def test_a_condition_that_does_not_hold_keeps_the_outcome_as_it_is(default, where):
    rule = {"from": "any", "where": [where]}
    assert decided(rule, rule, "correlated", default) == ["refuted", "refuted"]


@pytest.mark.parametrize("source", ["mismatch", "inefficient"])
def test_sources_of_pure_outcomes_match_no_mixture(source):
    rule = {"from": source}
    assert decided(rule, rule, "correlated", ["1", "2"]) == ["proved", "proved"]
    assert decided(rule, rule, "correlated", {"mixture": "bad"}) == ["refuted", "refuted"]


@pytest.mark.parametrize(
    ("part", "verdict"),
    [
        ({"where": ["u1 <= 1"], "within": ["improving"]}, "proved"),
        ({"where": ["u1 <= 1"], "payoffs": [["2", "2"]]}, "refuted"),  # from (1, 3)
        ({"where": ["u1 < 0"], "within": ["improving"]}, "unknown"),
    ],
)
def test_definition_7_is_about_all_lotteries_that_any_matches(part, verdict):
    data = {
        "feasible": "correlated",
        "game": {"payoffs": PAYOFFS},
        "sets": {"f": [{"from": "any", **part}]},
        "claims": [{"kind": "set-valued-renegotiation-function", "function": "f"}],
    }
    (found,) = check_model(build_model(data, file="m", name="m"))
    assert found.verdict == verdict, found.reason
