"""Negotiation domains: the short form answers like the full table, and files are read exactly."""

from __future__ import annotations

import doctest
import itertools
import json
from fractions import Fraction

import numpy as np
import pytest
from conftest import MODELS
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.claims.reader import read_model
from spi_verify.errors import InputError
from spi_verify.games import (
    CorrelatedPlay,
    Game,
    OutcomeMap,
    PureOutcomes,
    agreements,
    improvements,
)
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.genius import read_domain
from spi_verify.games.improvements import best_improvements
from spi_verify.games.opposition import opposition
from spi_verify.games.renegotiation import is_renegotiation_function, is_spi
from spi_verify.games.xml_tree import MAX_DEPTH

FLAT = MODELS / "bargaining"
PROFILES = [FLAT / "landlord.xml", FLAT / "tenant.xml"]


@pytest.mark.parametrize("module", [agreements, improvements], ids=lambda m: m.__name__)
def test_the_examples_in_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


# The short form and the full table

utilities = st.fractions(min_value=-2, max_value=2, max_denominator=4)


@st.composite
def short_forms(draw, players=2):
    sizes = draw(st.sampled_from([(2,), (3,), (2, 2), (2, 3), (1, 4)]))
    issues = [
        Issue(
            f"issue {k}",
            tuple(f"{k}.{v}" for v in range(size)),
            tuple(
                tuple(draw(st.lists(utilities, min_size=size, max_size=size)))
                for _ in range(players)
            ),
        )
        for k, size in enumerate(sizes)
    ]
    reserves = draw(st.lists(utilities, min_size=players, max_size=players))
    return AgreementGame.from_issues(issues, reserves, cap=draw(st.none() | utilities))


def full_table(game):
    """Everybody names an offer; built from the definition, not from the short form's arrays."""
    n = game.number_of_players
    offers = list(itertools.product(*(issue.values for issue in game.issues)))
    payoffs = {}
    for profile in itertools.product(offers, repeat=n):
        if len(set(profile)) > 1:
            pays = game.disagreement
        else:
            places = [
                issue.values.index(v) for issue, v in zip(game.issues, profile[0], strict=True)
            ]
            pays = tuple(
                sum(
                    (Fraction(s.utilities[i][p]) for s, p in zip(game.issues, places, strict=True)),
                    Fraction(0),
                )
                for i in range(n)
            )
            if game.cap is not None:
                pays = tuple(min(u, game.cap) for u in pays)
        payoffs[tuple(map(" / ".join, profile))] = pays
    return Game.from_outcomes(payoffs), [" / ".join(offer) for offer in offers]


def short(table, names, position):
    """The position in the short form of an outcome of the table."""
    outcome = table.outcome(int(position))
    return names.index(outcome[0]) if len(set(outcome)) == 1 else len(names)


@pytest.mark.long
@given(st.sampled_from([2, 3]).flatmap(short_forms))
def test_pure_answers_are_those_of_the_full_table(game):
    table, names = full_table(game)
    if game.number_of_players == 3 and len(names) > 4:
        return
    mine, full = PureOutcomes(game), PureOutcomes(table)
    for k in range(table.number_of_outcomes):
        assert table.payoffs(k) == game.payoffs(short(table, names, k))
    assert mine.pareto_meet_minimum == full.pareto_meet_minimum

    def classes(positions):
        found = [short(table, names, k) for k in positions]
        assert found.count(len(names)) in (0, table.number_of_outcomes - len(names)), "all or none"
        return set(found)

    assert set(mine.efficient.tolist()) == classes(full.efficient)
    assert set(mine.pareto_meet.tolist()) == classes(full.pareto_meet)
    for k in range(table.number_of_outcomes):
        for i in range(1, game.number_of_players + 1):
            payoffs = table.payoffs(k)
            projected = mine.pareto_meet_projection(i, payoffs)
            assert set(projected.tolist()) == classes(full.pareto_meet_projection(i, payoffs))


@pytest.mark.long
@given(short_forms())
def test_correlated_answers_are_those_of_the_full_table(game):
    table, names = full_table(game)
    mine, full = CorrelatedPlay(game), CorrelatedPlay(table)
    assert mine.pareto_meet_minimum == full.pareto_meet_minimum
    assert set(mine.efficient.tolist()) == {short(table, names, k) for k in full.efficient}
    for k in range(game.number_of_outcomes):
        for i in (1, 2):
            payoffs = game.payoffs(k)
            assert mine.pareto_meet_projection(i, payoffs) == full.pareto_meet_projection(
                i, payoffs
            )


@given(short_forms(), st.data())
def test_safety_of_a_function_is_that_of_the_function_on_the_table(game, data):
    table, names = full_table(game)
    total = game.number_of_outcomes
    images = data.draw(st.lists(st.integers(0, total - 1), min_size=total, max_size=total))
    better = data.draw(st.booleans())
    if better:  # random maps hardly ever are safe
        images = best_improvements(PureOutcomes(game), "leximin", np.arange(total)).tolist()
    reachable = data.draw(st.lists(st.booleans(), min_size=total, max_size=total))
    lifted, reached = [], []
    for k in range(table.number_of_outcomes):
        source = short(table, names, k)
        image = images[source]
        if image == total - 1:
            somewhere = [names[0], names[1]]
            lifted.append(k if source == image else table.index(somewhere))
        else:
            lifted.append(table.index([names[image]] * 2))
        reached.append(reachable[source])
    mine = OutcomeMap(game, np.array(images))
    full = OutcomeMap(table, np.array(lifted))
    assert is_renegotiation_function(mine) == is_renegotiation_function(full)
    assert is_spi(mine, np.array(reachable)) == is_spi(full, np.array(reached))


@pytest.mark.long
@given(short_forms(players=3), st.sampled_from(["leximin", "utilitarian", "dictator-2"]))
def test_the_best_improvement_is_the_one_found_by_trying_all(game, rule):
    keys = {"leximin": sorted, "utilitarian": sum, "dictator-2": lambda u: u[1]}
    images = best_improvements(PureOutcomes(game), rule, np.arange(game.number_of_outcomes))
    profiles = [game.payoffs(k) for k in range(game.number_of_outcomes)]
    for k, image in enumerate(images):
        before = profiles[k]
        allowed = [u for u in profiles if all(x >= y for x, y in zip(u, before, strict=True))]
        efficient = [
            u
            for u in allowed
            if not any(v != u and all(map(Fraction.__ge__, v, u)) for v in profiles)
        ]
        best = max(efficient, key=lambda u: (keys[rule](u), u))
        assert profiles[image] == best
        assert (image == k) == (best == before)


def test_a_rule_that_would_take_too_long_is_refused(monkeypatch):
    game = Game.from_payoffs([[[3, 1], [0, 0]], [[2, 0], [1, 3]]])
    monkeypatch.setattr(improvements, "MAX_COMPARISONS", 4)  # two profiles with two
    assert best_improvements(PureOutcomes(game), "leximin", np.arange(4)).tolist() == [0, 0, 0, 3]
    monkeypatch.setattr(improvements, "MAX_COMPARISONS", 3)
    with pytest.raises(InputError, match="too long"):
        best_improvements(PureOutcomes(game), "leximin", np.arange(4))


def test_long_numbers_are_exact():
    tiny = Fraction(1, 3**50)
    issue = Issue("price", ("low", "high"), ((Fraction(1), tiny), (tiny, Fraction(1))))
    game = AgreementGame.from_issues([issue], [tiny, tiny])
    assert game.scaled.dtype == object
    assert game.payoffs(("high",)) == (tiny, 1)
    assert PureOutcomes(game).efficient.tolist() == [0, 1]
    assert best_improvements(PureOutcomes(game), "dictator-2", np.arange(3)).tolist() == [0, 1, 1]


def test_tiny_numbers_are_exact():
    tiny = (Fraction(1, 3**50), Fraction(1, 5**50))
    game = AgreementGame.from_issues([Issue("price", ("a", "b"), (tiny, tiny))], [0, 0])
    assert game.payoffs(("a",)) == (tiny[0],) * 2
    assert game.payoffs(("b",)) == (tiny[1],) * 2


def test_players_on_different_scales_are_exact():
    """One player's payoffs fit into 64 bits, the other's do not."""
    tiny = (Fraction(1, 3**50), Fraction(1, 5**50))
    halves = (Fraction(1, 2), Fraction(1, 3))
    issue = Issue("price", ("a", "b"), (halves, tiny))
    game = AgreementGame.from_issues([issue], [Fraction(1, 7), 0])
    assert [game.payoffs(k) for k in range(3)] == [
        (halves[0], tiny[0]),
        (halves[1], tiny[1]),
        (Fraction(1, 7), 0),
    ]


def test_a_hundred_thousand_agreements_take_no_table():
    issues = [
        Issue(str(k), tuple(map(str, range(10))), (tuple(range(10)), tuple(range(9, -1, -1))))
        for k in range(5)
    ]
    game = AgreementGame.from_issues(issues, [3, 4])
    assert game.scaled.shape == (2, 100_001)
    assert game.payoffs(("9", "0", "0", "0", "1")) == (10, 35)
    assert game.outcome(90001) == ("9", "0", "0", "0", "1")
    assert game.index(("disagreement",)) == 100_000
    assert PureOutcomes(game).pareto_meet_minimum == (0, 0)
    assert len(PureOutcomes(game).efficient) == 100_000


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([("a",)], "one possible agreement"),
        ([("a", "a")], "each once"),
        ([("a", "*")], "any value"),
        ([("a", "disagreement")], "cannot be named"),
        ([tuple(map(str, range(1000)))] * 3, "more than"),
        ([], "0 issues"),
    ],
)
def test_issues_without_sense_are_refused(values, message):
    issues = [
        Issue(str(k), names, ((Fraction(0),) * len(names),) * 2) for k, names in enumerate(values)
    ]
    with pytest.raises(InputError, match=message):
        AgreementGame.from_issues(issues, [0, 0])


# Files


def test_utilities_are_weights_times_evaluations():
    game = read_domain(FLAT / "flat.xml", PROFILES)
    assert game.players == ("landlord", "tenant")
    assert game.number_of_agreements == 5 * 3 * 3 * 3
    # by hand: 0.4 * 2/4 + 0.2 * 2/4 + 0.3 * 3/4 + 0.1 * 3/4; 0.35 * 2/4 + 0.15 + 0.2 * 3/4 + 0.3
    #          * 3/4
    assert game.payoffs(("1000", "open", "shared", "cat")) == (Fraction(3, 5), Fraction(7, 10))
    assert game.payoffs(("disagreement",)) == (Fraction(9, 20), Fraction(2, 5))
    assert game.cap is None


DOMAIN = """<negotiation_template><utility_space><objective name="Tea">
<issue index="1" name="Tea" type="discrete"><item index="1" value="green"/>
<item index="2" value="black"/></issue>
<issue index="2" name="Cups" type="integer" lowerbound="0" upperbound="4"/>
</objective></utility_space></negotiation_template>"""
PROFILE = """<utility_space><objective name="Tea">
<issue index="1" name="Tea" type="discrete"><item index="1" value="green" evaluation="1"/>
<item index="2" value="black" evaluation="4"/></issue>
<issue index="2" name="Cups" type="integer" lowerbound="0" upperbound="4">
<evaluator ftype="linear" offset="0.2" slope="0.1"/></issue>
<weight index="1" value="0.5"/><weight index="2" value="0.5"/>
</objective><discount_factor value="1.0"/><reservation value="1.0E-1"/></utility_space>"""


def files(folder, *, domain=DOMAIN, profile=PROFILE):
    (folder / "tea.xml").write_text(domain)
    (folder / "a.xml").write_text(PROFILE)
    (folder / "b.xml").write_text(profile)
    return folder / "tea.xml", [folder / "a.xml", folder / "b.xml"]


def test_integer_issues_have_linear_evaluators(tmp_path):
    game = read_domain(*files(tmp_path))
    assert game.issues[1].values == ("0", "1", "2", "3", "4")
    assert game.payoffs(("green", "3"))[0] == Fraction(1, 8) + Fraction(1, 2) * Fraction(1, 2)
    assert game.payoffs(("disagreement",)) == (Fraction(1, 10),) * 2


def test_what_is_not_taken_literally_is_said(tmp_path):
    profile = PROFILE.replace('factor value="1.0"', 'factor value="0.9"').replace(
        '<reservation value="1.0E-1"/>', ""
    )
    game = read_domain(*files(tmp_path, profile=profile))
    assert game.payoffs(("disagreement",)) == (Fraction(1, 10), 0)
    assert game.comment.splitlines()[:2] == [
        "b.xml: the discount factor is ignored",
        "b.xml: no reservation value; disagreement pays 0",
    ]


BAD_PROFILES = {
    "malformed": (("</objective>", ""), "not an XML file"),
    "missing weight": (('<weight index="2" value="0.5"/>', ""), "no weight for the issue 'Cups'"),
    "weight twice": (('<weight index="2"', '<weight index="1"'), "two weights"),
    "negative weight": (('index="2" value="0.5"', 'index="2" value="-0.5"'), "negative"),
    "no number": (('value="0.5"/><', 'value="half"/><'), "'half' is not a number"),
    "negative evaluation": (('evaluation="1"', 'evaluation="-1"'), "evaluation -1 is negative"),
    "no evaluation": ((' evaluation="1"', ""), "attribute evaluation is missing"),
    "value left out": (('<item index="1" value="green" evaluation="1"/>', ""), "'green' is not"),
    "unknown value": (('value="green"', 'value="white"'), "no value 'white'"),
    "other name": (('name="Cups"', 'name="Mugs"'), "'Cups' in the domain file and 'Mugs' here"),
    "other issue": (('<issue index="2"', '<issue index="3"'), "'Cups' .index 2. is not evaluated"),
    "other bounds": (('upperbound="4"', 'upperbound="5"'), "bounds differ"),
    "other type": (('name="Tea" type="discrete"', 'name="Tea" type="integer"'), "another type"),
    "evaluator": (('ftype="linear"', 'ftype="triangular"'), "'triangular'; linear"),
    "white space": (
        ('<item index="2"', '<item index="2" value=" green" evaluation="3"/><item index="2"'),
        "'green' differ in white space only",
    ),
    "not additive": (("<utility_space>", '<utility_space type="nonlinear">'), "is not additive"),
    "two reservations": (
        ("</utility_space>", '<reservation value="0"/></utility_space>'),
        "two reservation values",
    ),
    "nested objectives": (("</objective>", "<objective/></objective>"), "objectives in objectives"),
    "entity": (
        ("<utility_space>", '<!DOCTYPE x [<!ENTITY a "b">]><utility_space>'),
        "document type or entity",
    ),
    "no utility space": (("utility_space", "space"), "no <utility_space>"),
    "deep": (
        ("</objective>", "<x>" * MAX_DEPTH + "</x>" * MAX_DEPTH + "</objective>"),
        "nested more than",
    ),
    "encoding": (("<utility_space>", '<?xml version="1.0" encoding="x"?><utility_space>'), "XML"),
}


@pytest.mark.parametrize("name", BAD_PROFILES)
def test_a_bad_utility_file_is_named_with_the_place(run, tmp_path, name):
    (old, new), message = BAD_PROFILES[name]
    assert old in PROFILE
    domain, profiles = files(tmp_path, profile=PROFILE.replace(old, new))
    with pytest.raises(InputError, match=message) as raised:
        read_domain(domain, profiles)
    assert raised.value.file == str(profiles[1])
    (tmp_path / "m.toml").write_text(
        'game = { domain = "tea.xml", profiles = ["a.xml", "b.xml"] }\n'
        '[[claims]]\nkind = "pmm"\npayoffs = [0, 0]\n'
    )
    found = run("check", tmp_path / "m.toml")
    assert found.code == 2
    assert len(found.err.strip().splitlines()) == 1
    assert "b.xml" in found.err
    assert "line" in found.err or name == "encoding"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('type="integer"', 'type="real"', "'Cups' is real, continuous; write steps = N"),
        ('type="integer"', 'type="vague"', "of type 'vague'"),
        (' type="integer"', "", "'Cups' has no values"),
        ('value="green"', 'value=" black"', "differ in white space only"),
        ('upperbound="4"', 'upperbound="-4"', "ranges from 0 to -4"),
        ('upperbound="4"', 'upperbound="4.5"', "whole numbers"),
        ('index="2" name="Cups"', 'index="1" name="Cups"', "index 1"),
    ],
)
def test_a_bad_domain_file_is_named_with_the_place(tmp_path, old, new, message):
    assert old in DOMAIN
    domain, profiles = files(tmp_path, domain=DOMAIN.replace(old, new))
    with pytest.raises(InputError, match=message) as raised:
        read_domain(domain, profiles)
    assert raised.value.file == str(domain)
    assert raised.value.where.startswith("line ")


@pytest.mark.long
def test_many_large_integer_issues_do_not_fill_the_memory(tmp_path):
    many = "".join(
        f'<issue index="{k}" name="{k}" type="integer" lowerbound="0" upperbound="150000"/>'
        for k in range(30)
    )
    domain, profiles = files(tmp_path)
    domain.write_text(f"<utility_space><objective>{many}</objective></utility_space>")
    with pytest.raises(InputError, match="ranges from 0 to 150000"):
        read_domain(domain, profiles)
    few = "".join(
        f'<issue index="{k}" name="{k}" type="integer" lowerbound="0" upperbound="1"/>'
        for k in range(33)
    )
    domain.write_text(f"<utility_space><objective>{few}</objective></utility_space>")
    with pytest.raises(InputError, match="more than 32 issues"):
        read_domain(domain, profiles)


def test_long_numbers_of_many_agreements_are_refused_before_they_fill_the_memory():
    long = tuple(Fraction(1, 10**3999 + k) for k in range(10))
    issues = [Issue(str(k), tuple(map(str, range(10))), (long, long)) for k in range(5)]
    with pytest.raises(InputError, match="shorter numbers"):
        AgreementGame.from_issues(issues, [0, 0])


@given(st.data())
def test_damaged_files_are_read_or_refused_with_a_message(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    domain, profiles = files(folder)
    path = data.draw(st.sampled_from([domain, *profiles]))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(bytes(raw))
    try:
        read_domain(domain, profiles)
    except InputError as error:
        named = error.file
        assert named in {str(domain), *map(str, profiles)}


def test_a_bomb_of_entities_is_refused_before_it_grows(tmp_path):
    levels = "".join(f'<!ENTITY e{k + 1} "{f"&e{k};" * 10}">' for k in range(30))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "boom">{levels}]><utility_space a="&e30;"/>'
    domain, profiles = files(tmp_path, profile=bomb)
    with pytest.raises(InputError, match="document type"):
        read_domain(domain, profiles)


def test_files_elsewhere_are_not_read(run, tmp_path):
    files(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    for game, said in (
        ('domain = "../tea.xml", profiles = ["../a.xml", "../b.xml"]', "game.domain"),
        ('domain = "tea.toml", profiles = ["a.xml", "b.xml"]', "there is no such file"),
    ):
        (inner / "m.toml").write_text(f'game = {{ {game} }}\n[[claims]]\nkind = "pmm"\n')
        found = run("check", inner / "m.toml")
        assert found.code == 2
        assert said in found.err
        assert len(found.err.splitlines()) == 1


# Models


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ('domain = "tea.xml"', "go together"),
        ('profiles = ["a.xml", "b.xml"]', "give either"),
        ('domain = "tea.xml", profiles = ["a.xml"]', "each of two players"),
        ('domain = "tea.xml", profiles = ["a.xml", "b.xml"], actions = [["a"]]', "actions"),
        ('domain = "tea.xml", profiles = ["a.xml", "b.xml"], payoffs = [[1]]', "give either"),
        ('domain = "tea.xml", profiles = ["a.xml", "none.xml"]', "no such file"),
    ],
)
def test_a_game_from_a_domain_takes_the_files_only(run, tmp_path, game, message):
    files(tmp_path)
    (tmp_path / "m.toml").write_text(f'game = {{ {game} }}\n[[claims]]\nkind = "pmm"\n')
    found = run("check", tmp_path / "m.toml")
    assert found.code == 2
    assert message in found.err


def test_the_shipped_claims_come_out_as_expected_and_replay(run, tmp_path):
    found = run("check", FLAT / "flat.toml", "--json", tmp_path / "out.json")
    assert found.code == 0
    results = json.loads((tmp_path / "out.json").read_text())["results"]
    refuted = [r["counterexample"] for r in results if r["verdict"] == "refuted"]
    assert len(refuted) == 2
    for body in refuted:
        saved = tmp_path / "cx.json"
        saved.write_text(json.dumps(body))
        assert run("replay", saved).code == 0
        body["model"]["game"]["agreement"]["disagreement"] = ["0", "0"]
        body["violation"]["after"] = "1/7"
        saved.write_text(json.dumps(body))
        assert run("replay", saved).code == 1


def test_mismatch_is_the_disagreement_and_patterns_are_about_issues(tmp_path):
    files(tmp_path)
    (tmp_path / "m.toml").write_text(
        """
game = { domain = "tea.xml", profiles = ["a.xml", "b.xml"] }
[renegotiation]
one = [{ from = "mismatch", to = ["black", "2"] }, { from = ["green", "*"], to = ["black", "4"] }]
[defaults]
reachable = [["disagreement"], ["*", "0"]]
"""
    )
    model = read_model(tmp_path / "m.toml")
    assert model.instance().images("one").tolist() == [9] * 5 + [5, 6, 7, 8, 9, 7]
    assert np.flatnonzero(model.reachable).tolist() == [0, 5, 10]


@pytest.mark.parametrize(
    ("extra", "to", "message"),
    [
        ("", '"nosh"', "unknown rule 'nosh'"),
        ("", '"proportional 1"', "a positive number for each of 2 players"),
        ("", '"dictator-3"', "unknown rule"),
        ('feasible = "correlated"', '"leximin"', "chooses among pure outcomes"),
        ("", '["black"]', "names 1 values for 2 issues"),
        ("", '["black", "9"]', "Cups has no value '9'"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(run, tmp_path, extra, to, message):
    files(tmp_path)
    (tmp_path / "m.toml").write_text(
        f"""{extra}
game = {{ domain = "tea.xml", profiles = ["a.xml", "b.xml"] }}
[renegotiation]
f = [{{ from = "mismatch", to = {to} }}]
[[claims]]
kind = "spi"
function = "f"
"""
    )
    found = run("check", tmp_path / "m.toml")
    assert found.code == 2
    assert message in found.err


def test_best_improvements_serve_every_game(run, tmp_path):
    (tmp_path / "m.toml").write_text(
        """
[game]
payoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
[renegotiation]
f = [{ from = "any", to = "dictator-2" }]
[[claims]]
kind = "spi"
function = "f"
"""
    )
    assert run("check", tmp_path / "m.toml").code == 0
    images = read_model(tmp_path / "m.toml").instance().images("f")
    assert images.tolist() == [0, 3, 3, 3]


def test_best_improvements_are_refused_with_parameters(run, tmp_path):
    (tmp_path / "m.toml").write_text(
        """
parameters = { names = ["c"] }
[game]
payoffs = [[[3, 1], ["c", 0]], [[0, 0], [1, 3]]]
[renegotiation]
f = [{ from = "any", to = "leximin" }]
[[claims]]
kind = "spi"
function = "f"
"""
    )
    found = run("check", tmp_path / "m.toml")
    assert found.code == 2
    assert "depends on payoffs" in found.err


def test_show_says_issues_notes_and_the_disagreement(run, tmp_path):
    _, (_, other) = files(tmp_path)
    other.write_text(PROFILE.replace('factor value="1.0"', 'factor value="0.9"'))
    (tmp_path / "m.toml").write_text('game = { domain = "tea.xml", profiles = ["a.xml", "b.xml"] }')
    found = run(
        "show", tmp_path / "m.toml", "--json", tmp_path / "o.json", "--plot", tmp_path / "p.svg"
    )
    assert found.code == 0, found.err
    assert "2 x 5 values" in found.out
    assert "note: b.xml: the discount factor is ignored" in found.out
    shown = json.loads((tmp_path / "o.json").read_text())
    assert shown["issues"]["Tea"] == ["green", "black"]
    assert shown["disagreement"] == ["1/10", "1/10"]
    assert shown["pmp"][-1]["outcome"] == ["disagreement"]


def test_show_of_a_bare_domain_says_what_to_do(run):
    found = run("show", FLAT / "flat.xml")
    assert found.code == 2
    assert "profiles under [game]" in found.err


def test_programs_need_actions(run):
    for command in (
        ("tightness", FLAT / "flat.toml", "--rounds", "2", "--delta", "1"),
        ("refute", "prop-5", "--game", FLAT / "flat.toml"),
    ):
        found = run(*command)
        assert found.code == 2
        assert "issues" in found.err


# What people who negotiate look for


def test_the_frontier_is_a_table_that_says_what_is_efficient(run, tmp_path):
    import csv

    path = tmp_path / "frontier.csv"
    found = run("show", FLAT / "flat.toml", "--frontier", path, "--json", tmp_path / "j")
    assert (found.code, f"wrote {path}" in found.out) == (0, True)
    data = json.loads((tmp_path / "j").read_text())
    head, *rows = csv.reader(path.read_text().splitlines())
    assert head[:4] == list(data["issues"])
    assert sorted(row[:4] for row in rows) == sorted(data["efficient"])
    pays = {tuple(one["outcome"]): one["payoffs"] for one in data["pmp"]}
    assert all(row[4:6] == pays[tuple(row[:4])] for row in rows)
    assert all(abs(Fraction(a) - Fraction(b)) < Fraction(1, 10**5) for *_, a, _, b, _ in rows)
    assert [Fraction(row[4]) for row in rows] == sorted(Fraction(row[4]) for row in rows)


@given(st.data())
def test_opposition_is_the_least_distance_to_complete_satisfaction(data):
    units = st.integers(0, 8).map(lambda k: Fraction(k, 8))
    rows = [data.draw(st.lists(units, min_size=3, max_size=3)) for _ in range(2)]
    issue = Issue("x", ("a", "b", "c"), tuple(map(tuple, rows)))
    game = AgreementGame.from_issues([issue], [Fraction(1), Fraction(1)])
    least = min((1 - u) ** 2 + (1 - v) ** 2 for u, v in zip(*rows, strict=True))
    assert opposition(game) == least
    larger = Issue("x", ("a", "b", "c"), (tuple(rows[0]), tuple(u + 1 for u in rows[1])))
    wide = AgreementGame.from_issues([larger], [Fraction(0)] * 2)
    assert (opposition(wide) is None) == any(u > 0 for u in rows[1])


def test_long_fractions_have_decimals_beside(run, tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(
        "[game.agreement]\ndisagreement = [0, 0.12345678901234567]\n"
        'issues = [{ name = "x", values = ["a", "b"], utilities = [[0.5, 0], [0, 0.25]] }]\n'
    )
    shown = " ".join(run("show", path).out.split())
    exact = "12345678901234567/100000000000000000"
    assert f"disagreement about (0, 0.123457), exactly (0, {exact})" in shown
    assert "(1/2, 0)" in shown
