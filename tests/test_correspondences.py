"""Plays of several games under correspondences: decided, derived, refuted by a play, by proofs."""

from __future__ import annotations

import copy
import json
import tomllib
from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pytest
from conftest import MODELS
from oracle import correspondences as oracle
from oracle.random_correspondences import correspondence_model
from oracle.writing import plain
from test_models_delegation import changes

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.deciding import correspondences as deciding
from spi_verify.claims.reader import build_model
from spi_verify.errors import InputError, Rejected

WITNESSES = tomllib.loads((MODELS / "two-witnesses.toml").read_text())
ANSWERS = {"proved": True, "refuted": False, "vacuous": "vacuous"}


def decided(data: dict):
    return list(check_model(build_model(data, file="m", name="m")))


def claimed(*names: str, **keys):
    claim = {"kind": "safe-improvement", "subset-game": "less-force", **keys}
    (result,) = decided({**WITNESSES, "claims": [{**claim, "correspondences": list(names)}]})
    return result


def agree(seed: int, count: int) -> Counter:
    rng, found = Random(seed), Counter()
    while found["claims"] < count:
        data = plain(correspondence_model(rng))
        for claim, result in zip(data["claims"], decided(data), strict=True):
            right = oracle.holds(data, claim)
            assert ANSWERS[str(result.verdict)] == right, (data, claim, result.reason)
            found["claims"] += 1
            found[str(result.verdict)] += 1
            if right is False:
                confirm_saved(json.loads(json.dumps(result.counterexample)), file="saved")
            if right is True:
                derivable = oracle.derivable(data, claim)
                told = result.reason.partition("; ")[2]
                if derivable is not None and "was not found" not in told:
                    by_cases = told.startswith("derivable for each of")
                    assert told.startswith("derivable:") == derivable, (data, claim, told)
                    found[f"derivable {derivable}"] += not by_cases
    return found


def test_verdicts_are_those_of_brute_force_over_all_plays():
    found = agree(1, 200)
    assert min(found[verdict] for verdict in ANSWERS) > 10
    assert found["derivable True"] > 20


@pytest.mark.long
def test_verdicts_of_many_games_are_those_of_brute_force_over_all_plays():
    found = agree(2, 2000)
    assert found["derivable False"] > 5


def test_what_a_proof_rests_on_cannot_be_left_out():
    rng, seen = Random(3), 0
    while seen < 12:
        data = plain(correspondence_model(rng))
        for claim, result in zip(data["claims"], decided(data), strict=True):
            if str(result.verdict) == "refuted" or len(result.hypotheses_used) < 2:
                continue
            seen += 1
            right = oracle.holds(data, {**claim, "correspondences": result.hypotheses_used})
            assert right == ANSWERS[str(result.verdict)]
            for name in result.hypotheses_used:
                fewer = [other for other in result.hypotheses_used if other != name]
                assert oracle.holds(data, {**claim, "correspondences": fewer}) != right


@pytest.mark.long
def test_what_the_solvers_say_beyond_the_limit_of_the_search_is_the_same(monkeypatch):
    monkeypatch.setattr(deciding, "_SEARCH", 0)
    rng, seen = Random(4), Counter()
    while sum(seen.values()) < 24:
        data = plain(correspondence_model(rng))
        for claim, result in zip(data["claims"][:1], decided(data), strict=False):
            assert ANSWERS[str(result.verdict)] == oracle.holds(data, claim)
            seen[str(result.verdict)] += 1
            assert str(result.evidence) == ("checked" if result.counterexample else "agreement")
    assert len(seen) == 3


# What is told


def test_a_derivation_is_told_correspondence_by_correspondence():
    result = claimed("less-force-is-dominated", "same-game")
    assert result.hypotheses_used == ("less-force-is-dominated", "same-game")
    assert result.reason == (
        "by less-force-is-dominated, same-game; derivable: the game by less-force-is-dominated "
        "to more-force by same-game to less-force"
    )


def test_what_follows_and_is_not_derivable_is_said():
    result = claimed("less-force-is-dominated", "witness-1", "witness-2")
    assert str(result.verdict) == "proved"
    assert "it follows and is not derivable" in result.reason


def test_a_walk_may_go_backwards_and_by_the_trivial_correspondence():
    data = {
        "game": {"payoffs": [[0], [1], [2]]},
        "subset-games": {"a": {"actions": [["1", "3"]]}, "b": {"actions": [["2", "3"]]}},
        "correspondences": [
            {"name": "low", "to": "a", "outcomes": [{"from": ["3"], "to": []}]},
            {"name": "high", "from": "b", "outcomes": [{"from": ["2"], "to": []}]},
            {"name": "not", "to": "a", "outcomes": [{"from": ["*"], "to": [["1"]]}]},
        ],
        "claims": [{"kind": "safe-improvement", "subset-game": "b"}],
    }
    (result,) = decided(data)
    assert result.reason == ("by high; derivable: the game by high backwards to b")


def test_contradictory_correspondences_are_vacuous_and_named():
    result = claimed("less-force-is-dominated", "liar", "other-liar")
    assert str(result.verdict) == "vacuous"
    assert result.reason == "no play satisfies liar and other-liar"
    assert result.hypotheses_used == ("liar", "other-liar")


def test_two_names_of_one_game_are_played_the_same():
    data = {
        "game": {"payoffs": [[0], [1]]},
        "subset-games": {"same": {"actions": [["2", "1"]], "payoffs": [[1], [0]]}},
        "claims": [{"kind": "safe-improvement", "subset-game": "same"}],
    }
    (result,) = decided(data)
    assert str(result.verdict) == "proved"
    assert result.reason == "whatever is played; derivable: the game"


# Counterexamples and proofs


def test_a_counterexample_is_replayed_and_every_change_of_it_is_rejected():
    for names in (["less-force-is-dominated", "witness-1"], ["same-game"]):
        result = claimed(*names)
        saved = json.loads(json.dumps(result.counterexample))
        assert confirm_saved(saved, file="saved") == result.reason
        assert {table["name"] for table in saved["model"]["correspondences"]} == set(names)
        saved.pop("story")
        count = 0
        for change in changes(saved["violation"]):
            count += 1
            with pytest.raises((Rejected, InputError)):
                confirm_saved({**saved, "violation": change}, file="saved")
        assert count > 10


def proofs(count: int):
    """Iterate over claims with what was found, and its proof."""
    rng = Random(5)
    while count:
        data = plain(correspondence_model(rng))
        model = build_model(data, file="m", name="m")
        instance = model.instance()
        for entry in model.claims:
            entry.claim.check(instance)
            found = entry.claim.decide(instance)
            if found.proof is not None and count:
                count -= 1
                yield entry.claim, instance, found


def test_proofs_with_a_part_less_or_another_reason_are_rejected():
    count = rejected = 0
    for claim, instance, found in proofs(60):
        claim.confirm_proof(instance, found)
        for change in broken(found.proof["contradiction"]):
            wrong = type(found)(
                rests_on=found.rests_on,
                vacuous=found.vacuous,
                proof={**found.proof, "contradiction": change},
            )
            count += 1
            try:
                claim.confirm_proof(instance, wrong)
            except Rejected:
                rejected += 1
    assert count > 100
    assert rejected > count * 0.6  # a step less can be enough where others go as well


def broken(told):
    for k in range(len(told["removals"])):
        less = copy.deepcopy(told)
        del less["removals"][k]
        yield less
    for k in range(len(told.get("cases", ()))):
        less = copy.deepcopy(told)
        del less["cases"][k]
        yield less


def test_no_proof_of_a_false_claim_is_accepted():
    """Whatever is left out of a refuted claim's games, some step has no reason."""
    rng, seen = Random(6), 0
    while seen < 20:
        data = plain(correspondence_model(rng))
        model = build_model(data, file="m", name="m")
        instance = model.instance()
        for entry in model.claims:
            if oracle.holds(data, {**data["claims"][0], **keys_of(entry.claim)}) is not False:
                continue
            seen += 1
            for proof in every_step(instance, entry.claim):
                with pytest.raises(Rejected):
                    entry.claim.confirm_proof(instance, proof)


def keys_of(claim):
    keys = {"subset-game": claim.subset_game, "correspondences": claim.correspondences}
    return {**keys, **({} if claim.game is None else {"game": claim.game})}


def every_step(instance, claim):
    """Iterate over proofs that eliminate everything in one game, for one reason each."""
    from spi_verify.claims.kind import Finding

    named = list(claim.named(instance))
    for reason, game in product([None, *named], [None, claim.subset_game]):
        outcomes = list((instance.game if game is None else instance.subset_games[game]).outcomes())
        removals = [(reason, game, o) for o in outcomes]
        proof = {"contradiction": {"removals": removals}, "eliminated": {}}
        yield Finding(rests_on=tuple(named), proof=proof)


# Input


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"to": "none", "by": "elimination"}, "correspondences[0].to: unknown subset game 'none'"),
        ({"to": "more-force"}, "correspondences[0]: give either outcomes, or by"),
        ({"by": "luck"}, "correspondences[0].by"),
        ({"outcomes": [{"from": ["X", "DM"], "to": []}]}, "correspondences[0].outcomes[0].from"),
        (
            {"to": "more-force", "outcomes": [{"from": ["DM", "*"], "to": [["DL", "*"]]}]},
            "correspondences[0].outcomes[0].to[0]: player 1 has no action 'DL'",
        ),
        ({"by": "isomorphism", "dominance": "mixed"}, "correspondences[0].dominance"),
    ],
)
def test_a_bad_correspondence_is_one_line_that_says_where(table, told):
    with pytest.raises(InputError) as error:
        build_model({**WITNESSES, "correspondences": [table]}, file="m", name="m")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"to": "less-force", "by": "elimination"}, "have different payoffs"),
        ({"from": "more-force", "by": "elimination"}, "is no action of the game at from"),
        ({"to": "row", "by": "elimination"}, "player 1's DM goes, and nothing dominates it"),
        ({"to": "row", "by": "duplicates"}, "player 1's DM goes, and has no duplicate that stays"),
        ({"to": "less-force", "by": "isomorphism"}, "player 1's DL is strictly dominated"),
        ({"from": "more-force", "to": "one", "by": "isomorphism"}, "are not isomorphic"),
    ],
)
def test_games_that_are_not_as_a_correspondence_says_are_an_error_of_the_claim(table, told):
    subsets = dict(WITNESSES["subset-games"])
    subsets["row"] = {"actions": [["RM"], ["DM", "RM"]]}
    subsets["one"] = {"actions": [["RM"], ["DM"]]}
    data = {**WITNESSES, "subset-games": subsets, "correspondences": [{**table, "name": "k"}]}
    bad = {"kind": "safe-improvement", "subset-game": "less-force"}
    good = {"kind": "dominance-reduction", "actions": [["DM", "RM"], ["DM", "RM"]]}
    wrong, right = decided({**data, "claims": [bad, good]})
    assert str(wrong.verdict) == "error"
    assert told in wrong.reason
    assert "correspondences.k" in wrong.reason
    assert "\n" not in wrong.reason
    assert str(right.verdict) == "proved"


def test_an_unknown_correspondence_is_named_with_those_there_are():
    result = claimed("rumour")
    assert "unknown correspondence 'rumour' (there are: less-force-is-dominated" in result.reason


# Sizes


def large(seed: int, images: int, planted: int, best_in: int = 1) -> dict:
    """100 games of 100 outcomes and 1,000 correspondences, that some plays satisfy for sure.

    These plays have the best outcome in one game.
    """
    rng = np.random.default_rng(seed)
    names = [[f"a{k}" for k in range(10)]] * 2
    outcomes = [[x, y] for x in names[0] for y in names[1]]
    pays = rng.integers(0, 20, (10, 10, 2))
    plays = rng.integers(0, 100, (planted, 100))
    best = int(pays.sum(axis=2).argmax())
    plays[:, best_in] = best
    pays.reshape(100, 2)[best] = [40, 40]
    subsets = {
        f"g{g}": {"actions": names, "payoffs": rng.integers(0, 20, (10, 10, 2)).tolist()}
        for g in range(1, 100)
    }
    tables = []
    for k in range(1000):
        one, other = rng.choice(100, 2, replace=False).tolist()
        allowed = [set(rng.choice(100, images, replace=False).tolist()) for _ in range(100)]
        for play in plays:
            allowed[play[one]].add(int(play[other]))
        lines = [
            {"from": outcomes[a], "to": [outcomes[b] for b in sorted(own)]}
            for a, own in enumerate(allowed)
        ]
        ends = {} if one == 0 else {"from": f"g{one}"}
        ends |= {} if other == 0 else {"to": f"g{other}"}
        tables.append({**ends, "name": f"k{k}", "outcomes": lines})
    claim = {"kind": "safe-improvement", "subset-game": "g1"}
    data = {"game": {"actions": names, "payoffs": pays.tolist()}, "subset-games": subsets}
    return {**data, "correspondences": tables, "claims": [claim]}


@pytest.mark.long
@pytest.mark.parametrize(
    ("images", "planted", "best_in", "verdict"),
    [(2, 0, 1, "vacuous"), (2, 3, 1, "proved"), (4, 2, 0, "refuted")],
)
def test_a_hundred_games_and_a_thousand_correspondences_are_decided(
    images, planted, best_in, verdict
):
    (result,) = decided(large(1, images, planted, best_in))
    assert str(result.verdict) == verdict
