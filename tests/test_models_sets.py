"""Claims about set-valued renegotiation: decided, refuted, replayed, drawn, and refused."""

from __future__ import annotations

import copy
import json
import random
import tomllib
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from spi_verify.claims.about_sets import SetClaim
from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.deciding.every import look_at
from spi_verify.claims.kinds import NAMES
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import forms
from spi_verify.claims.sets import sets_of
from spi_verify.errors import Rejected, Undecided

CHICKEN = "[[[3, 3], [1, 4]], [[4, 1], [0, 0]]]"
SLOTS = "[[[3, 1], [0, 0]], [[0, 0], [1, 3]]]"
STAIRS = "[[[0, 0], [1, 2]], [[2, 1], [3, 0]]]"
THREE = "[[[[0, 0, 0], [1, 1, 0]], [[2, 0, 1], [0, 2, 2]]]]"
DOWN = ["2", "2"]


def model(game, functions, defaults, *, feasible="pure", selection="every", claims=(), sets=None):
    """Return a model as data, one set-valued function for each player."""
    payoffs = tomllib.loads(f"p = {game}")["p"]
    names = [f"rn{i}" for i in range(1, len(functions) + 1)]
    return {
        "feasible": feasible,
        "game": {"payoffs": payoffs},
        "sets": {**dict(zip(names, functions, strict=True)), **(sets or {})},
        "profiles": {"p": {"functions": names, "selection": selection, "defaults": defaults}},
        "claims": list(claims),
    }


def results(data):
    return list(check_model(build_model(data, file="m.toml", name="m")))


def verdict(data, **claim):
    (found,) = results({**data, "claims": [claim]})
    assert found.verdict != "error", found.reason
    if found.verdict == "refuted":
        confirm_saved(json.loads(json.dumps(found.counterexample)), file="c.json")
    return found


IMPROVING = [{"within": ["improving"]}]
ABOVE_PMM = [{"within": ["improving", "u1 >= pmm1", "u2 >= pmm2"]}]

EVERY = [
    # game, functions, defaults, kind, for every one, for every transitive one
    (CHICKEN, [IMPROVING, IMPROVING], [DOWN], "spi", "proved"),
    (CHICKEN, [IMPROVING, IMPROVING], [DOWN], "pmm-guarantee", "proved"),
    (SLOTS, [IMPROVING, IMPROVING], [["1", "2"]], "pmm-guarantee", "proved"),
    (STAIRS, [IMPROVING, IMPROVING], [["1", "1"]], "spi", "proved"),
    (STAIRS, [IMPROVING, IMPROVING], [["1", "1"]], "pmm-guarantee", "proved"),
    (CHICKEN, [[{"outcomes": [["*", "*"]]}]] * 2, [["1", "1"]], "spi", "refuted"),
    (CHICKEN, [[{"outcomes": [["*", "*"]]}]] * 2, [DOWN], "spi", "proved"),
    (CHICKEN, [[{"outcomes": [["*", "*"]]}]] * 2, [["*", "*"]], "spi", "refuted"),
    (SLOTS, [[{"outcomes": [["1", "1"]]}], IMPROVING], [["1", "1"]], "spi", "refuted"),
    (THREE, [IMPROVING] * 3, [["1", "1", "1"]], "spi", "proved"),
    (THREE, [[{"outcomes": [["*", "*", "*"]]}]] * 3, [["1", "1", "2"]], "spi", "refuted"),
    (
        "[[[2, 2], [0, 0]], [[1, 1], [3, 3]]]",
        [[{"outcomes": [["2", "1"]]}]] * 2,
        [["1", "2"]],
        "pmm-guarantee",
        "refuted",
    ),
]


@pytest.mark.parametrize("how", ["every", "every-transitive"])
@pytest.mark.parametrize("case", EVERY, ids=range(len(EVERY)))
def test_every_selection_function_on_pure_outcomes(case, how):
    game, functions, defaults, kind, expected = case
    data = model(game, functions, defaults, selection=how)
    found = verdict(data, kind=kind, profile="p")
    assert found.verdict == expected, found.reason


LOTTERIES = [
    (SLOTS, ["improving"], ["improving"], [["1", "2"]], "spi", "proved"),
    (SLOTS, ["improving"], ["improving"], [["1", "2"]], "pmm-guarantee", "proved"),
    (SLOTS, ["improving", "u2 <= 1/2"], ["improving"], [["1", "2"]], "spi", "proved"),
    (SLOTS, ["improving", "u2 <= 1/2"], ["improving"], [["1", "2"]], "pmm-guarantee", "refuted"),
    (SLOTS, ["improving", "u1 <= 1/2"], ["improving"], [["1", "2"]], "pmm-guarantee", "refuted"),
    (CHICKEN, ["u1 <= 3"], ["u2 <= 3"], [["1", "1"]], "pmm-guarantee", "proved"),
    (CHICKEN, ["u1 + u2 <= 5"], ["u2 <= 4"], [["1", "1"]], "spi", "refuted"),
    (CHICKEN, ["u1 + u2 <= 5"], ["u2 <= 4"], [["2", "2"]], "spi", "proved"),
    (CHICKEN, ["u1 + u2 = 6"], ["u2 <= 4"], [["1", "1"]], "spi", "refuted"),
    (STAIRS, ["u1 >= 1", "u2 >= 1"], ["improving"], [["1", "1"]], "pmm-guarantee", "proved"),
    (STAIRS, ["u1 <= 2"], ["improving"], [["1", "1"]], "spi", "proved"),
]


@pytest.mark.parametrize("how", ["every", "every-transitive"])
@pytest.mark.parametrize("case", LOTTERIES, ids=range(len(LOTTERIES)))
def test_every_selection_function_with_lotteries(case, how):
    game, one, two, defaults, kind, expected = case
    functions = [[{"within": one}], [{"within": two}]]
    data = model(game, functions, defaults, feasible="correlated", selection=how)
    found = verdict(data, kind=kind, profile="p")
    assert found.verdict == expected, found.reason


EXTENDED = {"extended": {"pmp-extension": "rn1"}, "extended-2": {"pmp-extension": "rn2"}}


def test_transitivity_matters_once_functions_are_extended():
    """Adding player 1's projection may turn an arbitrary selection function against player 1."""
    game = "[[[0, 0], [2, 1]], [[1, 2], [3, 1]]]"
    functions = [[{"outcomes": [["1", "2"], ["2", "1"]]}], IMPROVING]
    data = model(game, functions, [["1", "1"]])
    claim = {"kind": "pmp-extension-safe", "player": 1, "profiles": ["p"]}
    found = verdict(data, **claim, selection="every")
    assert found.verdict == "refuted"
    assert found.counterexample["violation"]["selection"].startswith("(select-table")
    assert verdict(data, **claim, selection="every-transitive").verdict == "proved"


def test_choices_that_no_transitive_function_makes_do_not_count():
    """Here the counterpart adds the projection in response, so that no theorem spares the runs."""
    game = "[[[0, 0], [2, 1]], [[1, 2], [3, 1]]]"
    both = {"outcomes": [["1", "2"], ["2", "1"]]}
    answer = {"outcomes": [["2", "2"]], "against": [{"player": 1, "tag": "pmp-extension"}]}
    data = model(game, [[both], [both, answer]], [["1", "1"]])
    claim = {"kind": "pmp-extension-safe", "player": 1, "profiles": ["p"]}
    assert verdict(data, **claim, selection="every").verdict == "refuted"
    assert verdict(data, **claim, selection="every-transitive").verdict == "proved"


def test_choices_that_neither_an_order_nor_two_sets_settle_are_left_open():
    data = model("[[[2, 1], [1, 2]], [[0, 3], [3, 0]]]", [IMPROVING, IMPROVING], [DOWN])
    sets = sets_of(build_model(data, file="m", name="m").instance())
    a, b, c, d = sets.instance.game.outcomes()
    looked_at = look_at(sets, "every-transitive", (), _two_choices(a, b, c, d))
    seen = []
    with pytest.raises(Undecided, match="not settled"):
        seen.extend(chosen for _, chosen in looked_at)
    assert [a, a] in seen
    assert [a, b] not in seen
    assert [a, b] in [chosen for _, chosen in look_at(sets, "every", (), _two_choices(a, b, c, d))]


def _two_choices(a, b, c, d):
    def run(case):
        asked = (frozenset((a, b, c)), frozenset((a, b, d)))
        return [case.base.select(case.selection, outcomes) for outcomes in asked]

    return run


def test_a_choice_that_is_said_to_be_transitive_is_rejected_where_it_is_not():
    game = "[[[0, 0], [2, 1]], [[1, 2], [3, 1]]]"
    functions = [[{"outcomes": [["1", "2"], ["2", "1"]]}], IMPROVING]
    data = model(game, functions, [["1", "1"]])
    claim = {"kind": "pmp-extension-safe", "player": 1, "profiles": ["p"]}
    saved = json.loads(json.dumps(verdict(data, **claim, selection="every").counterexample))
    saved["claim"]["selection"] = "every-transitive"
    with pytest.raises(Rejected, match="need not be transitive"):
        confirm_saved(saved, file="c.json")


ALL_VIOLATIONS = """
feasible = "correlated"
[game]
actions = [["Slot 1", "Slot 2", "Slot 3"], ["Slot 1", "Slot 2", "Slot 3"]]
payoffs = [[[3, 1], [0, 0], [0, 0]], [[0, 0], [1, 3], [0, 0]], [[0, 0], [0, 0], [1, 1]]]
[defaults]
reachable = [["Slot 1", "Slot 2"]]
[sets]
first = [{ within = ["improving", "u2 <= 1/2"] }]
narrow = [{ within = ["improving", "u1 <= 1"] }]
wide = [{ within = ["improving", "u1 <= 3/2"] }]
starred = [
  { within = ["improving", "u2 <= 1/2"] },
  { within = ["improving"], payoffs = [[1, 1]] },
]
careless = [{ within = ["u1 >= pmm1", "u2 >= pmm2", "u2 <= 2"] }]
nothing = []
withdrawing = [
  { within = ["improving", "u1 <= 1"], unless = [{ player = 1, tag = "pmp-extension" }] },
]
taking = [
  { within = ["improving", "u1 <= 1"] },
  { outcomes = [["Slot 2", "Slot 2"]], against = [{ player = 1, tag = "pmp-extension" }] },
]
[profiles]
left = { functions = ["first", "narrow"], selection = "leximin" }
right = { functions = ["first", "wide"], selection = "leximin" }
careless = { functions = ["careless", "careless"], defaults = [["Slot 1", "Slot 1"]] }
withdrawn = { functions = ["first", "withdrawing"], selection = "leximin" }
taken = { functions = ["first", "taking"], selection = "leximin" }
none = { functions = ["nothing", "narrow"] }
[[claims]]
kind = "set-valued-renegotiation-function"
function = "careless"
[[claims]]
kind = "set-valued-renegotiation-function"
function = "nothing"
[[claims]]
kind = "agreement"
profile = "left"
polygons = [[[0, 0], [1, 1]]]
[[claims]]
kind = "agreement"
profile = "left"
polygons = [[[0, 0], [3, 1], [1, 3]]]
[[claims]]
kind = "agreement"
profile = "left"
pays = [1, 1]
[[claims]]
kind = "pmm-guarantee"
profile = "right"
selection = "every-transitive"
[[claims]]
kind = "spi"
profile = "careless"
[[claims]]
kind = "spi"
profile = "none"
[[claims]]
kind = "prefers"
player = 1
function = "starred"
over = "first"
beliefs = [{ profile = "left", weight = "1/10" }, { profile = "right", weight = "9/10" }]
[[claims]]
kind = "prefers"
player = 1
function = "starred"
over = "first"
beliefs = [{ profile = "left" }, { profile = "right" }]
exactly = ["1/2", 1]
[[claims]]
kind = "pmp-extension-safe"
player = 1
profiles = ["left", "withdrawn"]
[[claims]]
kind = "pmp-extension-unpunished"
player = 1
profiles = ["left", "withdrawn"]
[[claims]]
kind = "pmp-extension-unpunished"
player = 1
profiles = ["taken"]
[[claims]]
kind = "selection-transitive"
selection = "maxmin"
sets = [[["Slot 1", "Slot 2"]], [["Slot 1", "Slot 1"], ["Slot 3", "Slot 3"]]]
"""
ALL_DATA = tomllib.loads(ALL_VIOLATIONS)
MAXMIN = {
    "game": {"payoffs": [[[0, 1], [1, 0]], [[0, 2], [0, 0]]]},
    "claims": [
        {
            "kind": "selection-transitive",
            "selection": "maxmin",
            "outcomes": [["1", "1"], ["1", "2"], ["2", "1"]],
        }
    ],
}


@pytest.fixture(scope="module")
def saved():
    found = results(ALL_DATA) + results(MAXMIN)
    assert not [r.reason for r in found if r.verdict == "error"]
    return [json.loads(json.dumps(r.counterexample)) for r in found if r.verdict == "refuted"]


def test_every_violation_about_sets_is_found_told_and_confirmed(saved):
    kinds = {data["violation"]["violates"] for data in saved}
    models = [build_model(data, file="test", name="m") for data in (ALL_DATA, MAXMIN)]
    possible = [
        entry.claim.violations(model.instance()) for model in models for entry in model.claims
    ]
    assert kinds == set().union(*possible)
    claims = {data["claim"]["kind"] for data in saved}
    assert claims == {kind for kind in NAMES if any(issubclass(f, SetClaim) for f in forms(kind))}
    for data in saved:
        assert confirm_saved(data, file="c.json") == data["story"]


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for k, inner in enumerate(value):
            yield from leaves(inner, (*path, k))
    else:
        yield path, value


def changed_number(value):
    if isinstance(value, int):
        return value + 1
    try:
        return str(Fraction(value) + Fraction(1, 7))
    except (TypeError, ValueError):
        return None


@pytest.mark.long
def test_every_changed_number_of_a_violation_is_noticed(saved):
    from spi_verify.errors import InputError

    tried = 0
    for data in saved:
        for path, value in leaves(data["violation"]):
            other = changed_number(value)
            if other is None or path[0] == "point":
                continue
            wrong = copy.deepcopy(data)
            wrong.pop("story")
            inner = wrong["violation"]
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = other
            tried += 1
            if data["violation"]["violates"] == "worse-offer" and path[0] == "offered":
                continue
            with pytest.raises((Rejected, InputError)):
                confirm_saved(wrong, file="c.json")
    assert tried > 100


def test_a_violation_of_another_model_is_rejected(saved):
    for data in saved:
        wrong = copy.deepcopy(data)
        wrong.pop("story")
        payoffs = wrong["model"]["game"]["payoffs"]
        payoffs[0][1] = (
            ["1", "1"] if data["claim"]["kind"] == "selection-transitive" else ["9", "9"]
        )
        if data["violation"]["violates"] in ("no-offer", "worse-offer", "nothing-gained"):
            continue
        with pytest.raises(Rejected):
            confirm_saved(wrong, file="c.json")


@pytest.mark.long
def test_counterexamples_are_drawn_and_replayed_from_the_command_line(run, tmp_path):
    path = tmp_path / "all.toml"
    path.write_text(ALL_VIOLATIONS)
    found = run("check", path, "--plot", tmp_path / "p", "--save", tmp_path / "s")
    assert found.code == 1
    drawn = sorted((tmp_path / "p").iterdir())
    assert len(drawn) == 11
    for file in drawn:
        words = ["".join(e.itertext()) for e in ET.parse(file).iter()]
        assert words
    assert run("replay", *sorted((tmp_path / "s").iterdir())).code == 0


def test_weights_are_told_exactly():
    sets = {"yield": [{"outcomes": [["1", "2"]]}], "insist": [{"outcomes": [["2", "1"]]}]}
    data = model(CHICKEN, [IMPROVING, IMPROVING], [DOWN], sets=sets, selection="leximin")
    for name, function in (("soft", "insist"), ("hard", "yield")):
        data["profiles"][name] = {
            "functions": ["rn1", function],
            "selection": "leximin",
            "defaults": [DOWN],
        }
    claim = {"kind": "prefers", "player": 1, "function": "insist", "over": "yield"}
    beliefs = [{"profile": "soft"}, {"profile": "hard"}]
    found = verdict(data, **claim, beliefs=beliefs, exactly=["1/5", 1])
    assert found.verdict == "proved"
    assert found.region == "1/5 <= weight of soft <= 1"
    for wrong in (["1/4", 1], ["1/5", "9/10"], []):
        assert verdict(data, **claim, beliefs=beliefs, exactly=wrong).verdict == "refuted"
    for weight, expected in (("1/5", "proved"), ("19/100", "refuted")):
        weighted = [
            {"profile": "soft", "weight": weight},
            {"profile": "hard", "weight": str(1 - Fraction(weight))},
        ]
        assert verdict(data, **claim, beliefs=weighted).verdict == expected


SETTLED = [
    ("correlated", [{"within": ["improving", "u2 <= 1"]}], "proved"),
    ("correlated", [{"within": ["u2 <= 1"]}], "refuted"),
    ("correlated", [{"from": ["1", "2"], "outcomes": [["1", "1"]]}], "proved"),
    ("correlated", [{"from": ["1", "1"], "outcomes": [["1", "2"]]}], "refuted"),
    ("correlated", "(when (now-at-most 0 1 0) (set [1 1]) (improving))", "unknown"),
    (
        "correlated",
        "(either (improving) (when (now-at-most 1/2 1 0) (set [1 1]) (set)))",
        "unknown",
    ),
    ("correlated", "(take (dictator 1))", "unknown"),
    ("correlated", [{"pmp": 1}], "proved"),
    ("pure", "(pmp-extension (improving))", "proved"),
    ("pure", "(pmp-extension (set))", "unknown"),
    ("pure", [{"within": ["improving"], "against": [{"player": 2, "tag": "nice"}]}], "refuted"),
    ("pure", [{"within": ["improving"], "against": [{"player": 2, "function": "rn2"}]}], "refuted"),
    (
        "pure",
        [
            {"within": ["improving"], "against": [{"player": 2, "tag": "nice"}]},
            {"pmp": 1, "unless": [{"player": 2, "tag": "nice"}]},
        ],
        "proved",
    ),
    (
        "pure",
        [
            {"within": ["improving"]},
            {"outcomes": [["1", "2"]], "against": [{"player": 2, "function": "rn2"}]},
        ],
        "refuted",
    ),
]


@pytest.mark.parametrize(("feasible", "function", "expected"), SETTLED)
def test_definition_7_is_settled_from_the_code_or_not_at_all(feasible, function, expected):
    data = model(SLOTS, [function, IMPROVING], [["1", "2"]], feasible=feasible)
    found = verdict(data, kind="set-valued-renegotiation-function", function="rn1")
    assert found.verdict == expected, found.reason
    assert found.reason


def test_extensions_with_lotteries_and_every_selection_function_are_left_open():
    data = model(SLOTS, [IMPROVING, IMPROVING], [["1", "2"]], feasible="correlated", sets=EXTENDED)
    data["profiles"]["p"]["functions"] = ["extended", "extended-2"]
    found = verdict(data, kind="pmm-guarantee", profile="p")
    assert found.verdict == "unknown"
    assert "name one" in found.reason
    assert verdict(data, kind="pmm-guarantee", profile="p", selection="leximin").verdict == "proved"


GOOD = """
feasible = "correlated"
[game]
payoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
[sets]
a = [{ within = ["improving"] }]
b = [{ within = ["improving", "u1 <= 1"], against = [{ player = 1, function = "a" }] }]
[profiles]
p = { functions = ["a", "b"], selection = "leximin", defaults = [["1", "2"]] }
[[claims]]
kind = "agreement"
profile = "p"
pays = [1, 3]
"""
BAD = [
    ('"u1 <= 1"', '"u1 < 1"', "sets.b[0].within[1]: sets are closed"),
    ('"u1 <= 1"', '"u3 <= 1"', "sets.b[0].within[1]: unknown payoff 'u3'"),
    ('"u1 <= 1"', '"u1 * u2 <= 1"', "sets.b[0].within[1]: a product of two payoffs"),
    ('["improving", "u1', '["improves", "u1', "sets.b[0].within[0]: unknown payoff 'improves'"),
    ('within = ["improving"] }', "wihtin = [] }", "sets.a[0]: unknown key 'wihtin'"),
    ('within = ["improving"] }', "}", "sets.a[0]: a part needs within"),
    ('within = ["improving"] }', "payoffs = [[3, 3]] }", "sets.a[0].payoffs[0]: no lottery"),
    ('within = ["improving"] }', "payoffs = [[3]] }", "sets.a[0].payoffs[0]: a payoff for each"),
    ('within = ["improving"] }', 'outcomes = [["1"]] }', "sets.a[0].outcomes[0]"),
    ('within = ["improving"] }', "pmp = 3 }", "sets.a[0].pmp: there is no player 3"),
    ('a = [{ within = ["improving"] }]', 'a = "(improvin)"', "sets.a: line 1"),
    ('a = [{ within = ["improving"] }]', 'a = "(pmp 7)"', "sets.a"),
    ('a = [{ within = ["improving"] }]', 'a = { pmp-extension = "a" }', "'a' is defined by itself"),
    ('function = "a"', 'function = "z"', "sets.b[0].against[0]: unknown set-valued function 'z'"),
    ('function = "a"', 'tag = "x", function = "a"', "sets.b[0].against[0]: give either"),
    ("player = 1", "player = 0", "sets.b[0].against[0].player: there is no player 0"),
    ('functions = ["a", "b"]', 'functions = ["a"]', "profiles.p: a function for each"),
    ('functions = ["a", "b"]', 'functions = ["a", "z"]', "profiles.p.functions[1]: unknown"),
    ('selection = "leximin"', 'selection = "fair"', "profiles.p.selection"),
    ('selection = "leximin"', 'selection = "nash 0"', "profiles.p.selection"),
    ('defaults = [["1", "2"]]', "defaults = []", "profiles.p.defaults: at least one"),
    ('defaults = [["1", "2"]]', 'default = ["1", "2"]', "profiles.p: unknown key 'default'"),
    ('profile = "p"', 'profile = "q"', "profile: unknown profile 'q'"),
    ("pays = [1, 3]", "", "needs agreement, polygons"),
    ("pays = [1, 3]", "pays = [1]", "pays: a payoff for each"),
    ("pays = [1, 3]", 'agreement = [["1", "2"]]', "agreement: with lotteries"),
    ("[[claims]]", '[parameters]\nnames = ["c"]\n[[claims]]', "cannot be used with parameters"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_bad_input_is_one_line_with_the_key(run, tmp_path, old, new, message):
    path = tmp_path / "bad.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    found = run("check", path)
    assert found.code == 2
    assert message in found.out + found.err
    assert "Traceback" not in found.err


def test_functions_name_each_other_to_a_depth_only():
    from spi_verify.errors import InputError

    data = model(SLOTS, [IMPROVING, IMPROVING], [["1", "2"]])
    for k in range(2, 40):
        named = {"player": 2, "function": f"rn{k}"}
        data["sets"][f"rn{k + 1}"] = [{"within": ["improving"], "against": [named]}]
    with pytest.raises(InputError, match="more than 12 deep"):
        results(data)


def test_the_good_file_is_good(run, tmp_path):
    path = tmp_path / "good.toml"
    path.write_text(GOOD)
    assert run("check", path).code == 0


@pytest.mark.parametrize("seed", range(12))
def test_every_selection_function_of_three_players_with_lotteries(seed):
    """Compared with the definition: all efficient points of the agreement set are selected."""
    source = random.Random(seed)
    corners = [[source.randrange(4) for _ in range(3)] for _ in range(8)]
    pairs = [[corners[k : k + 2] for k in (0, 2)], [corners[k : k + 2] for k in (4, 6)]]
    points = {
        tuple(Fraction(a + b, 2) for a, b in zip(*source.sample(corners, 2), strict=True))
        for _ in range(source.randrange(1, 6))
    }
    shown = [[str(u) for u in point] for point in sorted(points)]
    data = model(str(pairs), [[{"payoffs": shown}]] * 3, [["1", "1", "1"]], feasible="correlated")
    before = tuple(map(Fraction, corners[0]))
    efficient = [x for x in points if not any(y != x and improves(y, x) for y in points)]
    safe = all(improves(x, before) for x in efficient)
    better = any(x != before for x in efficient)
    expected = "proved" if safe and better else "refuted"
    for how in ("every", "every-transitive"):
        assert verdict(data, kind="spi", profile="p", selection=how).verdict == expected
    named = verdict(data, kind="spi", profile="p", selection="utilitarian").verdict
    assert named == "proved" or expected == "refuted"


@pytest.mark.parametrize("how", ["every", "every-transitive"])
def test_a_choice_that_no_order_of_the_players_makes_is_found_and_confirmed(how):
    corners = [
        [1, 1, 1],
        [3, 1, 1],
        [1, 3, 1],
        [1, 1, 3],
        [2, 2, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]
    pairs = [[corners[k : k + 2] for k in (0, 2)], [corners[k : k + 2] for k in (4, 6)]]
    shown = [[str(u) for u in corner] for corner in corners[1:5]]
    data = model(str(pairs), [[{"payoffs": shown}]] * 3, [["1", "1", "1"]], feasible="correlated")
    found = verdict(data, kind="spi", profile="p", selection=how)
    assert found.verdict == "refuted"
    assert found.counterexample["violation"]["selected"] == ["2", "2", "0"]
    assert "select-table" in found.counterexample["violation"]["selection"]
    shown.pop()
    data["sets"]["rn1"] = [{"payoffs": shown}]
    assert verdict(data, kind="spi", profile="p", selection=how).verdict == "proved"


def improves(after, before):
    return all(v >= u for u, v in zip(before, after, strict=True))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_what_holds_for_every_selection_function_holds_for_those_with_names(seed):
    source = random.Random(seed)
    corners = [[source.randrange(3) for _ in range(3)] for _ in range(8)]
    pairs = [[corners[k : k + 2] for k in (0, 2)], [corners[k : k + 2] for k in (4, 6)]]
    parts = [{"outcomes": [[source.choice("12*") for _ in range(3)] for _ in range(2)]}]
    data = model(str(pairs), [[*parts, {"pmp": 1}], parts, parts], None, feasible="correlated")
    data["profiles"]["p"].pop("defaults")
    for claim in (
        {"kind": "spi", "profile": "p"},
        {"kind": "pmm-guarantee", "profile": "p"},
        {"kind": "pmp-extension-safe", "player": 1, "profiles": ["p"]},
    ):
        names = ("lexicographic 1 2 3", "lexicographic 3 1 2", "utilitarian", "leximin")
        found = {how: verdict(data, **claim, selection=how).verdict for how in names}
        every = verdict(data, **claim, selection="every").verdict
        transitive = verdict(data, **claim, selection="every-transitive").verdict
        assert every != "proved" or set(found.values()) == {"proved"}
        assert transitive != "proved" or found["utilitarian"] == found[names[0]] == "proved"
        assert transitive != "refuted" or every == "refuted"


def test_three_players_with_lotteries_have_points_but_no_polygons():
    data = model(
        THREE,
        [[{"outcomes": [["1", "2", "2"]]}]] * 3,
        [["1", "1", "1"]],
        feasible="correlated",
        selection="utilitarian",
    )
    assert verdict(data, kind="spi", profile="p").verdict == "proved"
    assert verdict(data, kind="spi", profile="p", selection="every").verdict == "proved"
    from spi_verify.errors import InputError

    data["sets"]["rn1"] = [{"within": ["u1 >= 0"]}]
    with pytest.raises(InputError, match="for two players"):
        results(data)
