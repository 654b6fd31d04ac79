"""Small files that ask for a lot: a verdict, or one line about a limit, and the other claims."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from spi_verify import effort
from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.reader import build_model
from spi_verify.effort import limited, spend
from spi_verify.errors import Rejected, Undecided
from spi_verify.programs import Region

SLOTS = {"payoffs": [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]}
EASY = {"kind": "pmm", "payoffs": [1, 1]}


def checked(data):
    return list(check_model(build_model(data, file="m", name="m")))


def grid(size, pays):
    return {"payoffs": [[pays(size * r + c) for c in range(size)] for r in range(size)]}


def strips(n):
    """Two functions of n strips each, which cross, in the triangle of the corners."""
    band = [(f"{7 * k}/7", f"{7 * k + 5}/7") for k in range(n)]
    return {
        "feasible": "correlated",
        "game": {"payoffs": [[[n, 0], [0, 0]], [[0, 0], [0, n]]]},
        "sets": {
            name: [{"within": [f"{line} >= {low}", f"{line} <= {high}"]} for low, high in band]
            for name, line in (("f", "u1 + 2*u2"), ("g", "2*u1 + u2"))
        },
        "profiles": {
            "p": {"functions": ["f", "g"], "selection": "leximin", "defaults": [["1", "2"]]}
        },
        "claims": [
            {"kind": "agreement", "profile": "p", "polygons": [[[0, 0], [n, 0], [0, n]]]},
            {"kind": "agreement", "profile": "p", "pays": [n, 0]},
        ],
    }


def test_few_strips_are_decided():
    assert [r.verdict for r in checked(strips(5))] == ["refuted", "refuted"]


def random_point(n):
    rng = random.Random(n)
    return [rng.randrange(10**6), rng.randrange(10**6)]


def heavy_claims():
    crossing = strips(150)
    yield "strips", crossing
    names = {"f": [{"outcomes": [["*", "*"]]}], "fe": {"pmp-extension": "f"}}
    yield (
        "choices",
        {
            "game": grid(30, lambda k: [k, 899 - k]),
            "sets": names,
            "profiles": {"p": {"functions": ["f", "fe"], "defaults": [["1", "1"]]}},
            "claims": [
                {
                    "kind": "pmp-extension-safe",
                    "player": 1,
                    "profiles": ["p"],
                    "selection": "every-transitive",
                }
            ],
        },
    )
    parts = [
        {"within": ["improving"], "against": [{"player": 2, "tag": f"t{k}"}]} for k in range(11)
    ]
    yield (
        "cases",
        {
            "game": grid(30, random_point),
            "sets": {"f": [{"within": ["improving"]}, *parts]},
            "claims": [{"kind": "set-valued-renegotiation-function", "function": "f"}],
        },
    )


@pytest.mark.parametrize("data", dict(heavy_claims()).values(), ids=dict(heavy_claims()))
def test_what_takes_too_much_is_unknown_with_one_line_and_the_others_are_decided(data, monkeypatch):
    monkeypatch.setattr("spi_verify.claims.check.MAX_STEPS", 300_000)
    *_, heavy, easy = checked(
        {**data, "claims": [data["claims"][0], {"kind": "efficient", "outcomes": []}]}
    )
    assert heavy.verdict == "unknown", heavy.reason
    assert "a resource limit: this takes more than 300,000 steps" in heavy.reason
    assert "\n" not in heavy.reason
    assert easy.verdict == "refuted"


def test_a_limit_is_a_count_that_what_was_computed_before_does_not_change(monkeypatch):
    monkeypatch.setattr("spi_verify.claims.check.MAX_STEPS", 30_000)
    data = strips(16)
    alone = [checked({**data, "claims": [claim]})[0] for claim in data["claims"]]
    assert any("a resource limit" in r.reason for r in alone)
    together = checked({**data, "claims": data["claims"] * 2})
    assert [r.reason for r in together] == [r.reason for r in alone] * 2


def test_replaying_has_the_same_limit(monkeypatch):
    saved = json.loads(json.dumps(checked(strips(5))[0].counterexample))
    confirm_saved(saved, file="c.json")
    monkeypatch.setattr("spi_verify.claims.counterexample.MAX_STEPS", 100)
    with pytest.raises(Rejected, match="a resource limit: this takes more than 100 steps"):
        confirm_saved(saved, file="c.json")


def test_exit_code_3_and_the_other_verdicts(run, tmp_path, monkeypatch):
    monkeypatch.setattr("spi_verify.claims.check.MAX_STEPS", 1000)
    path = tmp_path / "strips.toml"
    path.write_text(
        """
feasible = "correlated"
[game]
payoffs = [[[9, 0], [0, 0]], [[0, 0], [0, 9]]]
[sets]
f = ["""
        + ", ".join(f'{{ within = ["u1 >= {k}", "u1 <= {k}.5"] }}' for k in range(9))
        + """]
[profiles]
p = { functions = ["f", "f"], selection = "leximin" }
[[claims]]
kind = "spi"
profile = "p"
[[claims]]
kind = "pmm"
payoffs = [0, 0]
"""
    )
    found = run("check", path)
    assert found.code == 3
    assert "a resource limit" in found.out
    assert "2 claims: 1 proved, 1 unknown" in found.out


def test_a_region_that_many_pieces_cover_is_compared_without_recursion():
    """Each of very many pieces leaves something, so that the cuts are as deep as they are many."""
    square = Region.polygon([(Fraction(x), Fraction(y)) for x in (0, 1200) for y in (0, 1)])
    cuts = [
        Region.polygon([(Fraction(x + a), Fraction(y)) for a in (0, 1) for y in (0, 1)])
        for x in range(1200)
    ]
    covered = Region(tuple(piece for cut in cuts for piece in cut.pieces))
    assert square <= covered
    assert square.outside(Region(covered.pieces[:-1])) is not None


def test_functions_that_wait_for_each_other_deeply_are_unknown_and_lose_nothing(monkeypatch):
    def deeply(*_):
        raise RecursionError

    monkeypatch.setattr("spi_verify.claims.deciding.reached.reach", deeply)
    data = {
        "game": SLOTS,
        "sets": {"f": [{"within": ["improving"]}]},
        "profiles": {"p": {"functions": ["f", "f"], "selection": "leximin"}},
        "claims": [{"kind": "spi", "profile": "p"}, EASY],
    }
    deep, easy = checked(data)
    assert deep.verdict == "unknown"
    assert deep.reason.startswith("a resource limit: ")
    assert easy.verdict == "proved"


def test_steps_are_counted_inside_a_limit_only():
    spend(effort.MAX_STEPS * 10)
    with limited(10):
        spend(10)
        with pytest.raises(Undecided, match="more than 10 steps"):
            spend(1)
    spend(1)
