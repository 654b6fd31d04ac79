"""GENIUS files pay what GENIUS pays: compared with its rules, written down again in fractions."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games.genius import read_domain

# The rules of GENIUS, over data that shares nothing with the reader


def evaluation(issue, mine, value):
    """What a value is worth to a player, before the weight."""
    if issue["type"] == "discrete":
        worth = {}
        for name, number in mine["items"]:
            worth[name] = Fraction(number)
        best = sorted(worth.values())[-1]
        return Fraction(0) if best * 100_000 < 1 else worth[value] / best
    x = Fraction(value)
    numbers = [Fraction(number) for number in mine["numbers"]]
    if mine["shape"] == "constant":
        return numbers[0]
    if mine["shape"] == "triangular":
        start, end, top = numbers
        if start < x <= top:
            return (x - start) / (top - start)
        return (end - x) / (end - top) if top < x < end else Fraction(0)
    if issue["type"] == "integer":
        x -= Fraction(issue["low"])
    y = numbers[0] + numbers[1] * x
    return Fraction(0) if y < 0 else Fraction(1) if y > 1 else y


def utility(issues, profile, agreement):
    total = sum(
        Fraction(mine["weight"]) * evaluation(issue, mine, value)
        for issue, mine, value in zip(issues, profile["issues"], agreement, strict=True)
    )
    return total if total < 1 else Fraction(1)


def values(issue, steps):
    if issue["type"] == "discrete":
        return list(dict.fromkeys(issue["values"]))
    low, high = Fraction(issue["low"]), Fraction(issue["high"])
    if issue["type"] == "integer":
        return [str(k) for k in range(int(low), int(high) + 1)]
    points = [low + (high - low) / steps * k for k in range(steps + 1)]
    return [str(x) for x in sorted(set(points))]


# The same data as files


def xml(issues, profile=None, layout=None):
    layout = layout or {}
    lines = []
    for k, issue in enumerate(issues):
        kind = f'type="{issue["type"]}"'
        if issue["type"] == "discrete":
            kind = "" if layout.get("untyped") else kind
            items = [(v, None) for v in issue["values"]]
            items = items if profile is None else profile["issues"][k]["items"]
            inner = "".join(
                f"<item value={quoteattr(v)}" + (f' evaluation="{e}"/>' if e else "/>")
                for v, e in items
            )
        else:
            bounds = f'lowerbound="{issue["low"]}" upperbound="{issue["high"]}"'
            inner = f"<range {bounds}/>"
            if issue["type"] == "integer":
                kind, inner = f"{kind} {bounds}", ""
            if profile is not None:
                inner += evaluator(issue, profile["issues"][k])
        lines.append(f'<issue index="{issue["index"]}" name="{k}" {kind}>{inner}</issue>')
    if profile is not None:
        weights = [
            f'<weight index="{issue["index"]}" value="{mine["weight"]}"/>'
            for issue, mine in zip(issues, profile["issues"], strict=True)
        ]
        lines += [*weights[::-1], *layout.get("extra", [])]
    inside = "\n".join(lines)
    if not layout.get("flat"):
        inside = f"<objective>{inside}</objective>"
    outside = layout.get("after", "")
    return f"<utility_space {layout.get('kind', '')}>{inside}{outside}</utility_space>"


def evaluator(issue, mine):
    names = ("offset", "slope") if issue["type"] == "integer" else [f"parameter{k}" for k in "012"]
    given = " ".join(f'{a}="{b}"' for a, b in zip(names, mine["numbers"], strict=False))
    return f'<evaluator ftype="{mine["shape"]}" {given}/>'


def read(folder, issues, profiles, *, steps=None, layouts=({}, {})):
    (folder / "d.xml").write_text(xml(issues))
    for name, profile, layout in zip("ab", profiles, layouts, strict=True):
        (folder / f"{name}.xml").write_text(xml(issues, profile, layout))
    return read_domain(folder / "d.xml", [folder / "a.xml", folder / "b.xml"], steps=steps)


# Random files

decimals = st.sampled_from(["0", "0.0", "1", "0.25", "0.3", "1.5", "2", ".7", "1.0E-1", "4"])
tiny = st.sampled_from(["0", "0.000009", "0.00001", "9.99999999999999E-6", "1e-5"])
evaluations = st.one_of(
    decimals,
    tiny,
    st.decimals(min_value=0, max_value=9, places=3).map(str),
)
signed = st.decimals(min_value=-2, max_value=2, places=2).map(str)
weights = st.one_of(decimals, st.decimals(min_value=0, max_value=1, places=4).map(str))


@st.composite
def domains(draw):
    kinds = draw(st.lists(st.sampled_from(["discrete", "integer", "real"]), min_size=1, max_size=3))
    indices = draw(st.permutations(range(1, len(kinds) + 1)))
    issues = []
    for kind, index in zip(kinds, indices, strict=True):
        issue = {"type": kind, "index": index}
        if kind == "discrete":
            names = draw(st.lists(st.sampled_from(["x", "y", "a b", "ü & <"]), min_size=1))
            issue["values"] = names[:5]
        else:
            low = draw(st.integers(-5, 5))
            high = low + draw(st.integers(0, 4))
            shift = draw(st.sampled_from(["", ".5"])) if kind == "real" and low > 0 else ""
            issue["low"], issue["high"] = f"{low}", f"{high}{shift}"
        issues.append(issue)
    return issues


@st.composite
def utilities(draw, issues):
    mine = []
    for issue in issues:
        part = {"weight": draw(weights)}
        if issue["type"] == "discrete":
            names = list(dict.fromkeys(issue["values"]))
            again = draw(st.lists(st.sampled_from(names), max_size=3))
            worth = draw(st.sampled_from([evaluations, evaluations, tiny]))
            part["items"] = [(v, draw(worth)) for v in draw(st.permutations(names + again))]
        else:
            shapes = ["linear"] * 2 + ["constant", "triangular"] * (issue["type"] == "real")
            part["shape"] = draw(st.sampled_from(shapes))
            part["numbers"] = [draw(signed), draw(signed)]
            if part["shape"] == "constant":
                part["numbers"] = [draw(st.sampled_from(["0", "0.4", "1"]))]
            if part["shape"] == "triangular":
                a, b, c = sorted(draw(st.sets(st.integers(-7, 9), min_size=3, max_size=3)))
                part["numbers"] = [str(a), str(c), str(b)]
        mine.append(part)
    return {"issues": mine}


layouts = st.fixed_dictionaries(
    {
        "flat": st.booleans(),
        "untyped": st.booleans(),
        "kind": st.sampled_from(["", 'type="linear"', 'type="Linear"']),
        "extra": st.lists(st.sampled_from(['<weight index="9" value="x"/>', "<note/>"])),
        "after": st.sampled_from(["", '<discount_factor value="often"/><discount_factor/>']),
    }
)


@given(st.data())
def test_every_agreement_pays_what_the_rules_of_genius_say(tmp_path_factory, data):
    issues = data.draw(domains())
    steps = data.draw(st.integers(1, 4)) if any(i["type"] == "real" for i in issues) else None
    agreements = list(itertools.product(*(values(issue, steps) for issue in issues)))
    assume(len(agreements) >= 2)
    profiles = [data.draw(utilities(issues)) for _ in range(2)]
    drawn = [data.draw(layouts) for _ in range(2)]
    reserves = data.draw(st.tuples(signed, signed))
    for layout, reserve in zip(drawn, reserves, strict=True):
        place = data.draw(st.sampled_from(["extra", "after"]))
        found = f'<reservation value="{reserve}"/>'
        layout[place] = [*layout[place], found] if place == "extra" else layout[place] + found
    game = read(tmp_path_factory.mktemp("g"), issues, profiles, steps=steps, layouts=drawn)
    assert list(game.outcomes())[:-1] == agreements
    for agreement in agreements:
        wanted = tuple(utility(issues, profile, agreement) for profile in profiles)
        assert game.payoffs(agreement) == wanted
    assert game.payoffs(("disagreement",)) == tuple(map(Fraction, reserves))
    highest = [
        sum(
            Fraction(part["weight"]) * max(evaluation(i, part, v) for v in values(i, steps))
            for i, part in zip(issues, profile["issues"], strict=True)
        )
        for profile in profiles
    ]
    assert (game.cap == 1) == any(total > 1 for total in highest)
    for name, total in zip("ab", highest, strict=True):
        note = f"{name}.xml: utilities that add up to more than 1 are 1"
        assert (note in game.comment.splitlines()) == (total > 1)


def tea(low="0", high="2", weight="0.5", items=(("green", "1"), ("black", "4"))):
    issues = [
        {"type": "discrete", "index": 1, "values": ["green", "black"]},
        {"type": "integer", "index": 2, "low": low, "high": high},
    ]
    parts = [
        {"weight": weight, "items": list(items)},
        {"weight": "0.5", "shape": "linear", "numbers": ["0.2", "0.1"]},
    ]
    return issues, {"issues": parts}


def test_weights_below_one_leave_utilities_below_one(tmp_path):
    issues, profile = tea(weight="0.4")
    game = read(tmp_path, issues, [profile, tea()[1]])
    assert game.payoffs(("black", "2")) == (Fraction(3, 5), Fraction(7, 10))
    assert "add up" not in game.comment


def test_an_evaluation_of_the_threshold_counts(tmp_path):
    issues, profile = tea(items=(("green", "0.000005"), ("black", "0.00001")))
    _, below = tea(items=(("green", "0.000005"), ("black", "0.00000999999999999999999999")))
    game = read(tmp_path, issues, [profile, below])
    assert game.payoffs(("green", "0")) == (Fraction(7, 20), Fraction(1, 10))
    assert "b.xml: all evaluations of '0' are below 0.00001 and count as 0" in game.comment


def test_where_negmas_reads_otherwise_is_said(tmp_path):
    issues, profile = tea(low="1", high="2")
    other = json.loads(json.dumps(profile))
    other["issues"][0]["items"] = [("green", "1"), ("black", "0.5")]
    plain = read(tmp_path, tea()[0], [dict(other)] * 2)
    assert "negmas" not in plain.comment
    game = read(
        tmp_path, issues, [profile, other], layouts=({"extra": ['<weight index="7"/>']}, {})
    )
    (told,) = (line for line in game.comment.splitlines() if "negmas" in line)
    assert told.startswith("utilities are those of GENIUS; those of negmas can differ, as it")
    assert "divide evaluations by the greatest (a.xml)" in told
    assert "counts integers from 0 (a.xml, b.xml)" in told
    assert "adds those without issue (a.xml)" in told


@pytest.mark.parametrize("kind", ["nonlinear", "constraint", "uncertain", "discounted", ""])
def test_utility_spaces_that_are_not_additive_are_refused(tmp_path, kind):
    issues, profile = tea()
    with pytest.raises(InputError, match="not additive"):
        read(tmp_path, issues, [profile] * 2, layouts=({}, {"kind": f'type="{kind}"'}))


def real(low="0", high="2.5", shape="linear", numbers=("0", "0.4")):
    issues, profile = tea()
    issues.append({"type": "real", "index": 3, "low": low, "high": high})
    profile["issues"].append({"weight": "0.1", "shape": shape, "numbers": list(numbers)})
    return issues, profile


def test_the_message_about_a_real_issue_says_how_many_steps_can_be_read(tmp_path, monkeypatch):
    issues, profile = real()
    monkeypatch.setattr("spi_verify.games.genius.MAX_OUTCOMES", 2 * 3 * 8)
    monkeypatch.setattr("spi_verify.games.agreements.MAX_OUTCOMES", 2 * 3 * 8)
    with pytest.raises(InputError, match=r"steps = N under \[game\] .* N from 1 to 6$") as raised:
        read(tmp_path, issues, [profile] * 2)
    assert raised.value.where.startswith("line ")
    assert read(tmp_path, issues, [profile] * 2, steps=6).number_of_agreements == 2 * 3 * 7
    with pytest.raises(InputError, match="48 possible agreements are more than the 47"):
        read(tmp_path, issues, [profile] * 2, steps=7)
    monkeypatch.setattr("spi_verify.games.genius.MAX_OUTCOMES", 2 * 3 * 2)
    with pytest.raises(InputError, match="too many agreements already"):
        read(tmp_path, issues, [profile] * 2)


def test_two_real_issues_share_the_steps(tmp_path):
    issues, profile = real()
    issues.append({**issues[2], "index": 4})
    profile["issues"].append(profile["issues"][2])
    with pytest.raises(InputError, match=r"N from 1 to 1289$"):  # 1290 ** 2 * 6 < 10 ** 7
        read(tmp_path, issues, [profile] * 2)
    game = read(tmp_path, issues, [profile] * 2, steps=2)
    assert game.axes[2:] == (("0", "5/4", "5/2"),) * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": "exponential"}, "'exponential'; linear, constant and triangular ones are read"),
        ({"shape": "linear", "numbers": ("0",)}, "attribute parameter1 is missing"),
        ({"shape": "constant", "numbers": ("1.1",)}, "11/10 is not within 0 and 1"),
        ({"shape": "triangular", "numbers": ("0", "1", "1")}, "parameter0 < parameter2"),
        ({"low": "3"}, "ranges from 3 to 5/2"),
    ],
)
def test_real_issues_that_cannot_be_read_are_named(tmp_path, change, message):
    issues, profile = real(**change)
    with pytest.raises(InputError, match=message) as raised:
        read(tmp_path, issues, [profile] * 2, steps=2)
    assert raised.value.where.startswith("line ")


MODEL = """
game = {{ domain = "d.xml", profiles = ["a.xml", "b.xml"]{steps} }}
[renegotiation]
settle = [{{ from = "mismatch", to = ["black", "2"{more}] }}]
[[claims]]
kind = "pmm"
payoffs = [0, 0]
expect = "refuted"
[[claims]]
kind = "spi"
function = "settle"
expect = "{expect}"
"""


def model(folder, issues, profiles, *, steps="", more="", expect="proved"):
    try:
        read(folder, issues, profiles)
    except InputError:
        assert steps
    path = folder / "m.toml"
    path.write_text(MODEL.format(steps=steps, more=more, expect=expect))
    return path


def test_real_issues_are_cut_by_a_setting_of_the_model_file(run, tmp_path):
    issues, profile = real()
    file = model(tmp_path, issues, [profile] * 2, steps=", steps = 5", more=', "3/2"')
    found = run("check", file, "--json", tmp_path / "out.json")
    assert found.code == 0, found.err
    shown = run("show", file, "--json", tmp_path / "show.json")
    assert shown.code == 0
    facts = json.loads((tmp_path / "show.json").read_text())
    assert facts["issues"]["2"] == ["0", "1/2", "1", "3/2", "2", "5/2"]


@pytest.mark.parametrize(
    ("steps", "issues"),
    [("0", real), ("-1", real), ("2.5", real), ("1" + "0" * 30, real), ("3", tea)],
)
def test_steps_without_sense_are_refused_in_one_line(run, tmp_path, steps, issues):
    drawn, profile = issues()
    found = run("check", model(tmp_path, drawn, [profile] * 2, steps=f", steps = {steps}"))
    assert found.code == 2
    assert len(found.err.strip().splitlines()) == 1
    assert "steps" in found.err


def test_steps_are_for_domains_only(run, tmp_path):
    (tmp_path / "m.toml").write_text("game = { payoffs = [[[1, 1], [0, 0]]], steps = 2 }\n")
    found = run("check", tmp_path / "m.toml")
    assert found.code == 2
    assert "game.steps" in found.err


def test_a_saved_counterexample_keeps_the_cap(run, tmp_path):
    issues, profile = tea(weight="0.9")
    file = model(tmp_path, issues, [profile, tea()[1]])
    found = run("check", file, "--save", tmp_path / "saved")
    assert found.code == 0, found.err
    (saved,) = (tmp_path / "saved").iterdir()
    body = json.loads(saved.read_text())
    assert body["model"]["game"]["agreement"]["cap"] == "1"
    assert run("replay", saved).code == 0
    assert body["violation"]["actual"][0] == "1"
    del body["model"]["game"]["agreement"]["cap"]
    saved.write_text(json.dumps(body))
    assert run("replay", saved).code == 1


def test_a_cap_holds_for_agreements_and_not_for_the_disagreement(run, tmp_path):
    (tmp_path / "m.toml").write_text(
        """
[game.agreement]
disagreement = [2, "1/2"]
cap = "3/4"
issues = [{ name = "Price", values = ["low", "high"], utilities = [[0, 1], ["2/3", 0.75]] }]
[[claims]]
kind = "pmp"
player = 1
outcome = ["low"]
outcomes = [["high"], ["low"]]
expect = "refuted"
"""
    )
    found = run("show", tmp_path / "m.toml", "--json", tmp_path / "s.json")
    assert found.code == 0, found.err
    rows = json.loads((tmp_path / "s.json").read_text())["pmp"]
    assert [row["payoffs"] for row in rows] == [["0", "2/3"], ["3/4", "3/4"], ["2", "1/2"]]


@pytest.mark.parametrize("cap", ["1/2", "-3", f"1/{3**60}", "0"])
def test_a_cap_is_exact_for_short_and_long_numbers(cap):
    from spi_verify.games.agreements import AgreementGame, Issue

    for tiny in (Fraction(1, 8), Fraction(1, 5**60)):
        worth = (tiny, Fraction(2, 3), Fraction(-5))
        made = [Issue(name, ("x", "y", "z"), (worth, worth[::-1])) for name in "pq"]
        game = AgreementGame.from_issues(made, [tiny, Fraction(7)], cap=Fraction(cap))
        pairs = itertools.product(worth, worth)
        assert [game.payoffs(k)[0] for k in range(9)] == [
            min(a + b, Fraction(cap)) for a, b in pairs
        ]
        assert game.payoffs(9) == (tiny, 7)


# XML that GENIUS reads and expat does not

UNREADABLE = {
    "bare &": ('"R & D"', "utf-8", "write &amp;", "line 2"),
    "bare & in a word": ('"R&D"', "utf-8", "write &amp;", "line 2"),
    "entity": ('"R&eacute;"', "utf-8", "write the character itself, or &amp;", "line 2"),
    "no encoding": ('"é"', "latin-1", "declare the right one", "line 2"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_remedy_for_unreadable_xml_is_named_with_the_line(tmp_path, name):
    text, encoding, remedy, line = UNREADABLE[name]
    issues, profile = tea()
    read(tmp_path, issues, [profile] * 2)
    broken = f"<utility_space><objective>\n<issue name={text}/></objective></utility_space>"
    (tmp_path / "b.xml").write_bytes(broken.encode(encoding))
    with pytest.raises(InputError, match=remedy) as raised:
        read_domain(tmp_path / "d.xml", [tmp_path / "a.xml", tmp_path / "b.xml"])
    assert raised.value.where == line
    assert raised.value.file.endswith("b.xml")


def test_the_remedies_work(tmp_path):
    issues, profile = tea()
    for values_of in (issues[0]["values"], profile["issues"][0]["items"]):
        values_of[0] = "R & é" if isinstance(values_of[0], str) else ("R & é", "1")
    read(tmp_path, issues, [profile] * 2)  # quoteattr writes &amp;
    for path in tmp_path.glob("*.xml"):
        declared = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + path.read_text()
        path.write_bytes(declared.encode("latin-1"))
    game = read_domain(tmp_path / "d.xml", [tmp_path / "a.xml", tmp_path / "b.xml"])
    assert game.axes[0] == ("R & é", "black")


def test_weights_below_and_above_one_in_one_domain(tmp_path):
    """0.5 * 1/4 + 0.4 and 0.7 * 1/4 + 0.5; 0.7 + 0.5 is more than 1."""
    issues = [
        {"type": "discrete", "index": 1, "values": ["p1", "p2", "p3"]},
        {"type": "discrete", "index": 2, "values": ["q1", "q2"]},
    ]
    items = [[("p1", "1"), ("p2", "2"), ("p3", "4")], [("q1", "3"), ("q2", "1")]]
    profiles = [
        {"issues": [{"weight": w, "items": i} for w, i in zip(pair, items, strict=True)]}
        for pair in (("0.5", "0.4"), ("0.7", "0.5"))
    ]
    game = read(tmp_path, issues, profiles)
    assert game.payoffs(("p1", "q1")) == (Fraction("0.525"), Fraction("0.675"))
    assert game.payoffs(("p3", "q1")) == (Fraction("0.9"), 1)
