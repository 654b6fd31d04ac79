"""Claims about sets and selections in negotiations answer as in the table of all offers."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from conftest import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import build_model, read_model

FLAT = MODELS / "bargaining"
NONE = "disagreement"
# These break ties between different payoff profiles by payoffs, not by the order of outcomes.
SELECTIONS = ["lexicographic 1 2", "(lexicographic 2 1)", "every", "every-transitive"]
KINDS = ["spi", "pmm-guarantee"]

small = st.integers(0, 3)


@st.composite
def negotiations(draw):
    """A model of a negotiation over one issue, with names of outcomes in place of lists."""
    offers = [f"d{k}" for k in range(draw(st.integers(2, 3)))]
    names = st.sampled_from([*offers, NONE])
    source = st.one_of(st.sampled_from(["any", "mismatch", "inefficient"]), names.map(list_of))
    contents = st.one_of(
        st.builds(
            lambda s: {"outcomes": [[x] for x in s]}, st.lists(names, min_size=1, max_size=3)
        ),
        st.builds(lambda i, b: {"within": ["improving", f"u{i} <= {b}"]}, st.integers(1, 2), small),
        st.builds(lambda i, b: {"within": [f"u{i} >= {b}"]}, st.integers(1, 2), small),
        st.just({"within": ["improving"]}),
        st.builds(lambda i: {"pmp": i}, st.integers(1, 2)),
    )
    against = st.one_of(st.just({}), st.just({"against": [{"player": 2, "tag": "pmp-extension"}]}))
    part = st.builds(lambda s, c, a: {"from": s, **c, **a}, source, contents, against)
    sets = {name: draw(st.lists(part, min_size=1, max_size=2)) for name in "fgh"}
    sets["e"] = {"pmp-extension": draw(st.sampled_from("fgh"))}
    used = st.sampled_from([*sets])
    defaults = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    selection = draw(st.sampled_from(SELECTIONS))
    profiles = {
        "p": {
            "functions": [draw(used), draw(used)],
            "selection": selection,
            "defaults": [[x] for x in defaults],
        }
    }
    claims = [{"kind": kind, "profile": "p", "name": kind} for kind in KINDS]
    claims += [
        {"kind": "set-valued-renegotiation-function", "function": name, "name": f"set {name}"}
        for name in "fgh"
    ]
    for kind in ("pmp-extension-safe", "pmp-extension-unpunished"):
        player = draw(st.integers(1, 2))
        claims.append({"kind": kind, "name": kind, "player": player, "profiles": ["p"]})
    if selection not in ("every", "every-transitive"):
        family = draw(st.lists(names, min_size=1, max_size=4, unique=True))
        claims.append({"kind": "selection-transitive", "name": "transitive"})
        claims[-1] |= {"selection": selection, "outcomes": [[x] for x in family]}
        claims.append(believing(draw(used), draw(used)))
        claims.append(
            {"kind": "agreement", "profile": "p", "name": "pays", "outcome": [defaults[0]]}
        )
        claims[-1]["pays"] = [draw(small), draw(small)]
        for k, name in enumerate(draw(st.lists(names, min_size=1, max_size=2))):
            profiles[f"q{k}"] = {**profiles["p"], "defaults": [[name]]}
        claims[-2]["beliefs"] = [
            {"profile": name, "weight": f"1/{len(profiles) - 1}"}
            for name in profiles
            if name != "p"
        ]
    worth = [[draw(small) for _ in offers] for _ in range(2)]
    return {
        "feasible": draw(st.sampled_from(["pure", "correlated"])),
        "game": {
            "agreement": {
                "issues": [{"name": "it", "values": offers, "utilities": worth}],
                "disagreement": [draw(small), draw(small)],
            }
        },
        "sets": sets,
        "profiles": profiles,
        "claims": claims,
    }


def list_of(name):
    return [name]


def believing(one, other):
    return {"kind": "prefers", "name": "prefers", "player": 1, "function": one, "over": other}


def table(model):
    """The same with a row and a column for each offer, written without the code of the package."""
    agreement = model["game"]["agreement"]
    (issue,) = agreement["issues"]
    offers = issue["values"]
    apart = [list(pair) for pair in itertools.permutations(offers, 2)]
    payoffs = [
        [
            [row[k] for row in issue["utilities"]] if a == b else agreement["disagreement"]
            for b in offers
        ]
        for k, a in enumerate(offers)
    ]

    def everywhere(names):
        return [pair for (x,) in names for pair in (apart if x == NONE else [[x, x]])]

    def parts(definition):
        if isinstance(definition, dict):
            return definition
        found = []
        for part in definition:
            changed = dict(part)
            if "outcomes" in part:
                changed["outcomes"] = everywhere(part["outcomes"])
            sources = [part["from"]]
            if isinstance(part["from"], list):
                sources = everywhere([part["from"]])
            found += [{**changed, "from": source} for source in sources]
        return found

    profiles = {
        name: {**profile, "defaults": everywhere(profile["defaults"])}
        for name, profile in model["profiles"].items()
    }
    for name in profiles:
        if name != "p":  # one default outcome is enough: all pay the same and are treated alike
            profiles[name]["defaults"] = profiles[name]["defaults"][:1]
    claims = [dict(claim) for claim in model["claims"]]
    for claim in claims:
        if "outcome" in claim:
            claim["outcome"] = everywhere([claim["outcome"]])[0]
        if "outcomes" in claim:
            claim["outcomes"] = everywhere(claim["outcomes"])[:10]
    return {
        **model,
        "game": {"actions": [offers, offers], "payoffs": payoffs},
        "sets": {name: parts(definition) for name, definition in model["sets"].items()},
        "profiles": profiles,
        "claims": claims,
    }


def verdicts(data):
    model = build_model(data, file="f", name="f")
    return {
        result.id.split("/")[1]: (result.verdict, result.reason) for result in check_model(model)
    }


@pytest.mark.long
@settings(deadline=None)
@given(negotiations())
def test_claims_about_sets_are_those_of_the_full_table(model):
    mine, full = verdicts(model), verdicts(table(model))
    for name, (verdict, reason) in mine.items():
        other, why = full[name]
        if "own" in f"{reason} {why}" and "default action" in f"{reason} {why}":
            continue  # two disagreements may be offers of one's own that differ, or the same
        assert verdict == other, (name, reason, why)
        assert "please report" not in f"{reason} {why}"


SETS = {
    "firm": [{"from": "mismatch", "within": ["improving", "u1 >= 1/2"]}],
    "mild": [{"from": "mismatch", "within": ["improving", "u2 >= 3/5"]}],
}
SCORES = {
    "nash 9/20 2/5": lambda u, v: (u - Fraction(9, 20)) * (v - Fraction(2, 5)),
    "utilitarian": lambda u, v: u + v,
    "leximin": lambda u, v: (min(u, v), max(u, v)),
}


def flat():
    return read_model(FLAT / "flat.toml").points.game


@pytest.mark.parametrize("selection", SCORES)
def test_a_named_selection_function_picks_what_a_search_of_all_agreements_finds(selection):
    game = flat()
    agreed = [
        (name, game.payoffs(name))
        for name in game.outcomes()
        if game.payoffs(name)[0] >= Fraction(1, 2) and game.payoffs(name)[1] >= Fraction(3, 5)
    ]
    best = max(SCORES[selection](*payoffs) for _, payoffs in agreed)
    name = next(name for name, payoffs in agreed if SCORES[selection](*payoffs) == best)
    claim = {"kind": "agreement", "profile": "p", "selected": list(name)}
    claim["agreement"] = [list(outcome) for outcome, _ in agreed]
    (result,) = check_model(flat_with(selection, [claim]))
    assert result.verdict == "proved", result.reason


def flat_with(selection, claims, defaults=((NONE,),), sets=SETS):
    profile = {"functions": ["firm", "mild"], "selection": selection}
    profile["defaults"] = [list(outcome) for outcome in defaults]
    data = {
        "game": {"domain": "flat.xml", "profiles": ["landlord.xml", "tenant.xml"]},
        "sets": sets,
        "profiles": {
            "p": profile,
            "q": {**profile, "defaults": [["900", "open", "shared", "cat"]]},
        },
        "claims": claims,
    }
    return build_model(data, file="f", name="f", folder=FLAT)


def test_a_players_own_offer_is_the_same_in_all_beliefs():
    """Agreements show what everybody offered; the disagreement does not."""
    beliefs = [{"profile": name, "weight": "1/2"} for name in "pq"]
    claim = {"kind": "prefers", "player": 2, "function": "firm", "over": "mild", "beliefs": beliefs}
    (result,) = check_model(flat_with("leximin", [claim]))
    assert result.verdict in ("proved", "refuted")
    other = ["950", "open", "shared", "cat"]
    (result,) = check_model(flat_with("leximin", [claim], defaults=[other]))
    assert result.verdict == "error"
    assert "default action differs" in result.reason


@pytest.mark.parametrize("text", ["nash 0", "lexicographic 3", "loudest", "nash 0 0 0"])
def test_a_selection_function_that_does_not_fit_is_refused_in_one_line(text):
    from spi_verify.errors import InputError

    with pytest.raises(InputError, match="selection") as raised:
        flat_with(text, [])
    assert "programs for" not in str(raised.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('["elsewhere"]', "names 1 values for 4 issues"),
        ('["900" "open" "shared" "cat"]', None),
        ('["disagreement"]', None),
        ('["800" "open" "shared" "cat"]', "no value '800'"),
    ],
)
def test_tables_in_short_notation_name_agreements(row, message):
    from spi_verify.errors import InputError

    sets = {**SETS, "firm": f"(by-outcome (improving) (row {row} (set)))"}
    if message is None:
        claims = [{"kind": "agreement", "profile": "p", "agreement": []}]
        (result,) = check_model(flat_with("leximin", claims, sets=sets))
        assert (result.verdict == "proved") == ("disagreement" in row)
        return
    with pytest.raises(InputError, match=message):
        flat_with("leximin", [], sets=sets)
