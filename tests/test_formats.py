"""Every format is read exactly, is written so that it is read again, and says what is malformed."""

from __future__ import annotations

import io
import itertools
import json
import math
import random
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from conftest import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game, from_arrays, load_domain, load_game
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.arrays import write_npy, write_npz
from spi_verify.games.decimals import exact_decimal
from spi_verify.games.writing import normal_form, write_game

FLAT = MODELS / "bargaining"
names = st.text('ab ;,"\t\\(é', min_size=1, max_size=4).map(str.strip).filter(bool)
numbers = (
    st.integers(-9, 9)
    | st.fractions(-9, 9, max_denominator=12)
    | st.sampled_from([10**30, Fraction(-1, 10**30), Fraction(1, 10)])
)


@st.composite
def games(draw):
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    n, count = len(shape), math.prod(shape)
    cells = draw(st.lists(st.tuples(*[numbers] * n), min_size=count, max_size=count))
    own = [draw(st.lists(names, min_size=k, max_size=k, unique=True)) for k in shape]
    return Game.from_outcomes(
        dict(zip(itertools.product(*own), cells, strict=True)),
        players=draw(st.lists(names, min_size=n, max_size=n)),
    )


decimals = st.decimals(0, "0.2", places=3).map(Fraction)


@st.composite
def negotiations(draw):
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=3))
    n = draw(st.integers(2, 3))
    issues = [
        Issue(
            f"issue <{k}>",
            tuple(f"{v} & \"{v}\": 'x'" if v else "no" for v in range(size)),
            tuple(tuple(draw(decimals) for _ in range(size)) for _ in range(n)),
        )
        for k, size in enumerate(sizes)
    ]
    players = [f"party-{i}" for i in range(n)]
    return AgreementGame.from_issues(issues, [Fraction(0)] * n, players=players, title="a title")


def from_issues(issues, game):
    return AgreementGame.from_issues(
        issues, game.disagreement, players=game.players, title=game.title
    )


def divides(issue):
    """Whether the utilities divided by the greatest are decimals."""
    return all(
        exact_decimal(u / (max(row) or 1)) is not None for row in issue.utilities for u in row
    )


def payoffs(game):
    return [game.payoffs(k) for k in range(game.number_of_outcomes)]


def round_trip(game, folder, name):
    written = write_game(game, folder / name)
    for path, data in written.files.items():
        path.write_bytes(data)
    first, *rest = written.files
    return load_domain(first, rest) if rest else load_game(first).game


@pytest.mark.parametrize("ending", [".nfg", ".efg", ".csv", ".tsv", ".npy", ".npz"])
def test_a_game_is_read_as_it_was_written(ending, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")

    @settings(max_examples=25, deadline=None)
    @given(games())
    def check(game):
        again = round_trip(game, folder, f"g{ending}")
        if ending == ".npy":
            assert (again.shape, payoffs(again)) == (game.shape, payoffs(game))
        else:
            assert again == game

    check()


@pytest.mark.parametrize("ending", [".xml", ".json", ".yml", ".yaml"])
def test_a_negotiation_is_read_as_it_was_written(ending, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")

    @settings(max_examples=15, deadline=None)
    @given(negotiations())
    def check(game):
        if ending == ".json" and not all(map(divides, game.issues[1:])):
            with pytest.raises(InputError, match="no decimal"):
                write_game(game, folder / "d.json")
            return
        if ending == ".json":  # the first issue has the rest of the weights
            first, *others = game.issues
            zero = ((Fraction(0),) * len(first.values),) * game.number_of_players
            game = from_issues([Issue(first.name, first.values, zero), *others], game)
        again = round_trip(game, folder, f"d{ending}")
        assert again.axes == game.axes
        assert again.players == game.players
        assert payoffs(again) == payoffs(game)

    check()


@pytest.mark.parametrize("ending", [".toml", ".xml", ".json", ".yml", ".nfg", ".csv", ".npz"])
def test_the_shipped_negotiation_is_converted_to_every_format(run, tmp_path, ending):
    target = tmp_path / f"flat{ending}"
    found = run("convert", FLAT / "flat.xml", FLAT / "landlord.xml", FLAT / "tenant.xml", target)
    assert found.code == 0, found.err
    assert f"wrote {target}" in found.out
    beside = [tmp_path / f"{name}{ending}" for name in ("landlord", "tenant")]
    files = [target, *beside] if beside[0].exists() else [target]
    shown = json.loads(run("show", *files, "--json", "-").out)
    model = json.loads(run("show", FLAT / "flat.toml", "--json", "-").out)
    assert shown["players"] == ["landlord", "tenant"]
    assert shown["pmm"] == model["pmm"]
    if "issues" in shown:
        for key in ("issues", "disagreement", "efficient", "pareto_meet", "pmp"):
            assert shown[key] == model[key]
    else:
        assert len(shown["efficient"]) == len(model["efficient"])


def test_the_normal_form_of_a_negotiation_pays_the_disagreement_off_the_diagonal():
    half = Fraction(1, 2)
    issue = Issue("i", ("a", "b"), ((half, Fraction(0)), (Fraction(0), half)))
    game = normal_form(AgreementGame.from_issues([issue], [Fraction(1, 4)] * 2))
    assert game.payoffs(("a", "a")) == (half, 0)
    assert game.payoffs(("b", "b")) == (0, half)
    assert game.payoffs(("a", "b")) == game.payoffs(("b", "a")) == (Fraction(1, 4),) * 2


@pytest.mark.parametrize(
    ("name", "said"),
    [("g.nfg", ""), ("g.npz", "title"), ("g.csv", "title"), ("g.npy", "names of players, names")],
)
def test_what_is_lost_is_said(run, tmp_path, monkeypatch, name, said):
    monkeypatch.chdir(tmp_path)
    Path("in.efg").write_text(
        'EFG 2 R "title" { "A" "B" } p "" 1 1 "" { "a" "b" } 0 t "" 0 t "" 1 "" { 1 1 }'
    )
    found = run("convert", "in.efg", name)
    assert found.code == 0
    assert said in found.out
    assert ("not in it" in found.out) == bool(said)


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["a.csv", "a.csv"], "a.csv: this is what is read"),
        (["a.csv", "b.xyz"], "b.xyz: no ending that is written; there are: .toml, .nfg, .efg"),
        (["a.csv", "b.xml"], "b.xml: a .xml file is of a negotiation"),
        (["a.csv", "b.csv", "c.nfg"], "a.csv: of format table of payoffs, which is one file"),
        (["a.csv"], "name what to read and what to write"),
        (["a.csv", "no/b.nfg"], "no/b.nfg: cannot write it: there is no folder no"),
        (["a.xyz", "b.nfg"], "a.xyz: there is no such file"),
    ],
)
def test_what_cannot_be_converted_is_one_line(run, tmp_path, monkeypatch, arguments, phrase):
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text('"3, 3","1, 4"\n"4, 1","0, 0"\n')
    found = run("convert", *arguments)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert phrase in found.err


def test_files_that_were_not_named_are_not_written_over(run, tmp_path):
    (tmp_path / "landlord.yml").write_text("mine")
    found = run("convert", FLAT / "flat.toml", tmp_path / "flat.yml")
    assert (found.code, "landlord.yml: it is there already" in found.err) == (2, True)
    assert not (tmp_path / "flat.yml").exists()


# Tables

PAIRS = (("3", "3"), ("1", "4")), (("4", "1"), ("0", "1/2"))


def table(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text)
    return load_game(path).game


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"(3, 3)","(1,4)"\n"4, 1","0, .5"', "t.csv"),
        ("3 3,1 4\n4 1,0 0.5\n", "t.csv"),
        ("3|3;1|4\n4|1;0|1/2\n", "t.csv"),
        ("(3, 3)\t(1, 4)\n(4, 1)\t(0, .5)\n", "t.tsv"),
        ("3; 3\t1; 4\n4; 1\t0; .5\n", "t.csv"),
        ("3,1\n4,0\n\n3,4\n1,.5\n", "t.csv"),
        ("3\t1\n4\t0\n\t\n3\t4\n1\t1/2\n\n", "t.tab"),
        ("\ufeff3;1;\r\n4;0;\r\n;;\r\n3;4;\r\n1;0.5;\r\n", "t.csv"),
        ("one\n3,1\n4,0\n\n\ntwo\n\n3,4\n1,.5\n", "t.csv"),
    ],
)
def test_tables_without_headers_are_read(tmp_path, text, name):
    game = table(tmp_path, text, name)
    assert game.actions == (("1", "2"), ("1", "2"))
    assert payoffs(game) == [tuple(map(Fraction, cell)) for row in PAIRS for cell in row]
    assert game.players == (("one", "two") if text.startswith("one") else ("Player 1", "Player 2"))


@pytest.mark.parametrize(
    "text",
    [
        'A \\ B,l,r\nu,"3, 3","1, 4"\nd,"4, 1","0, .5"',
        "A\\B,l,r\nu,3,1\nd,4,0\n\n,l,r\nu,3,4\nd,1,.5",
        "A\n,l,r\nu,3,1\nd,4,0\n\nB\n3,4\n1,.5",
        "A,B,payoff of A,Payoff of B\nu,l,3,3\nu,r,1,4\nd,l,4,1\nd,r,0,.5",
        "A,B,u0,u1\nu,l,3,3\nu,r,1,4\nd,l,4,1\nd,r,0,.5",
        "A,B,u1,u2\nu,l,3,3\nu,r,1,4\nd,r,0,.5\nd,l,4,1",
        'A;B;u(A);u(B)\n"u";l;3;3\nu;r;1;4\nd;l;4;1\nd;r;0;.5',
    ],
)
def test_tables_with_headers_are_read(tmp_path, text):
    game = table(tmp_path, text)
    assert (game.players, game.actions) == (("A", "B"), (("u", "d"), ("l", "r")))
    assert payoffs(game) == [tuple(map(Fraction, cell)) for row in PAIRS for cell in row]


@pytest.mark.parametrize(
    ("text", "line", "phrase"),
    [
        ("", 0, "the table is empty"),
        ("0,5;1\n2;3\n", 1, "'0,5' can be a decimal or two payoffs; write 0.5, or (0, 5)"),
        ('"1,5","2,5"\n', 1, "'1,5' can be a decimal or two payoffs"),
        ("1;2\n3;4\n\n5;6\n7;0,5\n", 5, "'0,5' can be a decimal"),
        ("1,2\n3,4\n", 0, "one number in each cell of one table"),
        ("1 2,3 4\n5 6,x\n", 2, "'x' is no pair of payoffs"),
        ("1 2,3 4\n5 6\n", 2, "1 cells, but 2 in line 1"),
        ("1 2,3 4x\n5 6,7 8\n", 1, "'4x' is not a number"),
        ("1,2\n3,4\n\n5,6\n7,8\n\n9,9\n9,9\n", 7, "3 matrices; two are read"),
        ("1,2\n3,4\n\n5,6\n", 4, "matrices of 2 x 2 and 1 x 2 payoffs"),
        ("1,2\n3,4\n\n5,6\n7,x\n", 5, "'x' is not a number"),
        ("u,1,2\nd,3,4\n\nu,5,6\nd,7,8\n", 1, "a header, or payoffs with a name before"),
        (",l,r\nu,1,2\n\n,l,m\nu,5,6\n", 5, "names other actions"),
        ("A,B,u1,u2\na,b,1,2\na,b,3,4\n", 3, "is there before"),
        ("A,B,u1,u2\na,b,1\n", 2, "3 cells instead of 4"),
        ("A,B,u1,u2\na,b,1,2\nc,d,1,2\n", 0, "no payoffs for the outcome"),
        ("A,B,u1,u2\n", 1, "no outcome follows"),
        ("A,B,payoff of B,payoff of A\na,b,1,2\n", 1, "where the payoffs of A are expected"),
        ("A,B,utility_b,utility_a\na,b,1,2\n", 1, "where the payoffs of A are expected"),
        ("A,B,u2,u1\na,b,1,2\n", 1, "where the payoffs of B are expected"),
        ('1,"2\n3', 2, "no table: unexpected end of data"),
    ],
)
def test_a_malformed_table_is_one_line_with_file_and_line(run, tmp_path, text, line, phrase):
    path = tmp_path / "t.csv"
    path.write_text(text)
    found = run("show", path)
    assert (found.code, found.err.count("\n")) == (2, 1)
    place = f"line {line}" if line else ""
    assert found.err.startswith(f"spi-verify: {path}: {place}")
    assert phrase in found.err


# Arrays


def test_arrays_are_read_as_nashpy_has_them(tmp_path):
    a, b = np.array([[3, 1], [4, 0]]), np.array([[3.0, 4.0], [1.0, 0.5]])
    game = from_arrays(a, b)
    assert payoffs(game) == [tuple(map(Fraction, cell)) for row in PAIRS for cell in row]
    np.savez(tmp_path / "g.npz", a, b)
    assert load_game(tmp_path / "g.npz").game == game
    np.save(tmp_path / "g.npy", np.stack([a, b], axis=-1))
    assert load_game(tmp_path / "g.npy").game == game
    assert from_arrays(a.astype(str), b.astype(str)) == game
    assert from_arrays(a.astype(np.float32), b.astype(np.float16)) == game


def npy(array, **options):
    data = io.BytesIO()
    np.save(data, array, **options)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (npy(np.array([[[0.1, 1]]])), "the float 0.1 is not exactly that number"),
        (npy(np.array([[[np.nan, 1]]])), "nan is not an exact number"),
        (npy(np.array([[[1e300, 1.5]]])), "is not exactly that number"),
        (npy(np.array([[["x", "1"]]])), "'x' is not a number"),
        (npy(np.array([[[1j, 1]]])), "payoffs of type complex128 are no numbers"),
        (npy(np.array([[[True, False]]])), "payoffs of type bool are no numbers"),
        (npy(np.array([[1, 2, 3]])), "an array of shape (1, 3) is not of the form"),
        (npy(np.array([[[Fraction(1), 2]]]), allow_pickle=True), "holds Python objects"),
        (npy(np.array([[[1, 2]]]))[:-3], "no .npy file"),
        (b"\x93NUMPY garbage", "no .npy file"),
        (b"", "no .npy file"),
        (b"PK\x03\x04 garbage", "no .npz file"),
    ],
)
def test_malformed_arrays_are_one_line(run, tmp_path, data, phrase):
    path = tmp_path / "g.npy"
    path.write_bytes(data)
    found = run("show", path)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert found.err.startswith(f"spi-verify: {path}: ")
    assert phrase in found.err


@pytest.mark.parametrize("method", ["npy", "STORED", "DEFLATED", "BZIP2", "LZMA"])
def test_damaged_arrays_are_bad_input_or_a_game(tmp_path, method):
    game = Game.from_payoffs([[[k, 7 * j] for j in range(5)] for k in range(5)])
    path = packed(game, tmp_path / ("g.npy" if method == "npy" else "g.npz"), method)
    whole, chance, refused = path.read_bytes(), random.Random(0), []
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 4))):
            data[chance.randrange(128 if method == "npy" else len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((None, None, None, chance.randrange(len(data))))])
        try:
            load_game(path)
        except InputError as error:
            refused.append(str(error))
    assert len(refused) > 100
    assert all(message.startswith(f"{path}: ") for message in refused)


def packed(game, path, method):
    """Write a game's arrays to a file, packed by a method."""
    if method == "npy":
        path.write_bytes(write_npy(game))
        return path
    needed = {"DEFLATED": "zlib", "BZIP2": "bz2", "LZMA": "lzma"}
    if method in needed:
        pytest.importorskip(needed[method])  # a Python may be built without it
    kind = getattr(zipfile, f"ZIP_{method}")
    with (
        zipfile.ZipFile(path, "w", kind) as archive,
        zipfile.ZipFile(io.BytesIO(write_npz(game))) as plain,
    ):
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))
    return path


def test_arrays_are_written_packed_and_always_the_same():
    game = Game.from_payoffs(np.zeros((40, 40, 2), dtype=int))
    data = write_npz(game)
    assert len(data) < 40 * 40 * 8
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_DEFLATED}
        assert {m.date_time[0] for m in archive.infolist()} == {1980}


def test_reading_an_array_runs_no_code(tmp_path):
    ran = []

    class Evil:
        def __reduce__(self):
            return (ran.append, (1,))

    (tmp_path / "g.npy").write_bytes(npy(np.array([Evil()], object), allow_pickle=True))
    with pytest.raises(InputError, match="holds Python objects"):
        load_game(tmp_path / "g.npy")
    assert not ran


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_a_float_of_any_width_counts_only_as_what_it_prints(kind):
    with pytest.raises(InputError, match="not exactly that number"):
        from_arrays(np.array([[0.1]], dtype=kind), np.array([[1.0]], dtype=kind))
    game = from_arrays(np.array([[0.5]], dtype=kind), np.array([[3.0]], dtype=kind))
    assert game.payoffs(("1", "1")) == (Fraction(1, 2), 3)


@pytest.mark.parametrize("arrays", [([[1]], [[1, 2]]), ([[1]],), (), ([[True]], [[1]])])
def test_arrays_that_do_not_fit_are_refused(arrays):
    with pytest.raises(InputError):
        from_arrays(*arrays)


# GeniusWeb and negmas

DOMAIN = {"name": "d", "issuesValues": {"x": {"values": ["a", "b"]}, "n": {"range": [0, 1, "0.5"]}}}


def space(**changes):
    return {
        "LinearAdditiveUtilitySpace": {
            "name": "p",
            "domain": DOMAIN,
            "issueWeights": {"x": 0.7, "n": 0.3},
            "issueUtilities": {
                "x": {"discreteutils": {"valueUtilities": {"a": 1}}},
                "n": {
                    "numberutils": {
                        "lowValue": 0,
                        "lowUtility": 0,
                        "highValue": 1,
                        "highUtility": 1,
                    }
                },
            },
            "reservationBid": {"issuevalues": {"n": "1"}},
            **changes,
        }
    }


def test_geniusweb_pays_the_sum_of_weight_times_utility(tmp_path):
    other = {"x": {"discreteutils": {"valueUtilities": {"b": 0.1}}}}
    other["n"] = space()["LinearAdditiveUtilitySpace"]["issueUtilities"]["n"]
    (tmp_path / "d.json").write_text(json.dumps(DOMAIN))
    (tmp_path / "p.json").write_text(json.dumps(space()))
    (tmp_path / "q.json").write_text(json.dumps(space(issueUtilities=other, reservationBid=None)))
    game = load_domain(tmp_path / "d.json", [tmp_path / "p.json", tmp_path / "q.json"])
    assert game.payoffs(("a", "1/2")) == (Fraction(17, 20), Fraction(3, 20))
    assert game.payoffs(("b", "1")) == (Fraction(3, 10), Fraction(37, 100))
    assert game.disagreement == (Fraction(3, 10), 0)
    assert game.comment == "q.json: no reservation bid; disagreement pays 0"
    without = load_domain(tmp_path / "p.json", [tmp_path / "q.json"])
    assert payoffs(without) == payoffs(game)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("{\n1}", "line 2: this is no JSON file"),
        ("[]", "no domain (issuesValues) and no LinearAdditiveUtilitySpace"),
        ('{"PartialOrderingUtilitySpace": {}}', "are read: PartialOrdering"),
        ('{"issuesValues": {}, "issuesValues": {}}', "more than once"),
        (space(issueWeights={"x": 0.7, "n": 0.2}), "issueWeights: the weights add up to 9/10"),
        (space(issueWeights={"x": 1}), "issueWeights: the issue 'n'"),
        (space(issueUtilities={"x": 1, "n": 2}), "issueUtilities.x: discreteutils or"),
        (space(issueUtilities={"x": {"sum": {}}, "n": {}}), "issueUtilities.x: 'sum' is not read"),
        (space(domain={"issuesValues": {"x": {"values": ["a"]}}}), "has other issues or values"),
        (space(domain=3), "domain is missing"),
        (space(domain={"issuesValues": {"x": {"values": []}}}), "issuesValues.x: the issue has no"),
        (space(reservationBid={"issuevalues": {"x": "c"}}), "'x' has no value 'c'"),
    ],
)
def test_a_malformed_geniusweb_file_is_one_line(run, tmp_path, text, phrase):
    text = text if isinstance(text, str) else json.dumps(text)
    for name, content in (("d", json.dumps(DOMAIN)), ("p", json.dumps(space())), ("q", text)):
        (tmp_path / f"{name}.json").write_text(content)
    found = run("show", *(tmp_path / f"{name}.json" for name in "dpq"))
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert found.err.startswith(f"spi-verify: {tmp_path / 'q.json'}: ")
    assert phrase in found.err


YAML = """\
type: CartesianOutcomeSpace
name: d
issues:
- {name: x, type: negmas.outcomes.CategoricalIssue, values: [a, 010]}
- {name: n, type: ContiguousIssue, values: [0, 4, 2]}
"""
UFUN = """\
type: LinearAdditiveUtilityFunction
reserved_value: 0.1
weights: [0.30000000000000004, 1e-1]
values:
- type: TableFun
  mapping: {a: 1, 010: 0.5}
- {type: AffineFun, slope: 0.5, bias: -1}
"""


def scenario(tmp_path, domain=YAML, one=UFUN, two=UFUN):
    for name, content in (("d", domain), ("p", one), ("q", two)):
        (tmp_path / f"{name}.yml").write_text(content)
    return [tmp_path / f"{name}.yml" for name in "dpq"]


def test_an_issue_of_geniusweb_without_values_is_one_line(run, tmp_path):
    empty = {"issuesValues": {"x": {"values": []}}}
    path = tmp_path / "p.json"
    path.write_text(
        json.dumps(
            space(
                domain=empty,
                issueWeights={"x": 1},
                issueUtilities={"x": {"discreteutils": {"valueUtilities": {}}}},
                reservationBid=None,
            )
        )
    )
    found = run("show", path, path)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert f"{path}: issuesValues.x: the issue has no values" in found.err


def test_negmas_pays_the_weighted_sum_and_decimals_are_exact(tmp_path):
    domain, *profiles = scenario(tmp_path)
    game = load_domain(domain, profiles)
    assert game.axes == (("a", "010"), ("0", "2", "4"))
    exact = Fraction(30000000000000004, 10**17)
    assert game.payoffs(("a", "0"))[0] == exact - Fraction(1, 10)
    assert game.payoffs(("010", "4"))[1] == exact / 2 + Fraction(1, 10)
    assert game.disagreement == (Fraction(1, 10),) * 2


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"two": "a: [1\nb: 2\n"}, "q.yml: line 2: no YAML file"),
        ({"two": UFUN + "weights: [1, 1]\n"}, "q.yml: line 8: no YAML file: the key 'weights'"),
        ({"two": "- 1\n"}, "q.yml: no negmas scenario"),
        ({"two": UFUN.replace("0.1\n", "-.inf\n", 1)}, "reserved_value: no reserved value"),
        ({"two": UFUN.replace("a: 1, ", "")}, "q.yml: values[0]: the value 'a' of 'x'"),
        ({"two": UFUN.replace("AffineFun", "CosFun")}, "values[1]: a value function of type 'CosF"),
        ({"two": UFUN.replace("LinearAdd", "HyperRect")}, "q.yml: a utility function of type"),
        ({"two": UFUN.replace("1e-1", "tenth")}, "values[1].weight: 'tenth' is not a number"),
        ({"two": UFUN.replace(", 1e-1", "")}, "weights: weights are a list with an entry for"),
        ({"two": "!!python/object/apply:os.getcwd []"}, "q.yml: no negmas scenario"),
        ({"domain": UFUN}, "d.yml: the domain has no list of issues"),
        ({"domain": YAML.replace("ContiguousIssue", "ContinuousIssue")}, "issues[1]: 3 values"),
        (
            {"domain": YAML.replace("Contiguous", "Continuous").replace(", 2]", "]")},
            "write steps = 10",
        ),
    ],
)
def test_a_malformed_negmas_file_is_one_line(run, tmp_path, changes, phrase):
    found = run("show", *scenario(tmp_path, **changes))
    assert (found.code, found.err.count("\n")) == (2, 1), found.err
    assert phrase in found.err


@pytest.mark.parametrize("text", ["[" * 33, "{a: " * 33, "- " * 33, "a:\n- [" + "[" * 31])
def test_a_negmas_file_that_is_nested_too_deeply_is_one_line(run, tmp_path, text):
    domain, *profiles = scenario(tmp_path, text)
    found = run("show", domain, *profiles)
    assert found.code == 2
    assert f"{domain}: line {text.count(chr(10)) + 1}: nested too deeply\n" in found.err


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 200_000])
def test_a_negmas_file_that_is_nested_without_end_does_not_end_the_process(tmp_path, text):
    files = scenario(tmp_path, text)
    command = [sys.executable, "-m", "spi_verify", "show", *map(str, files)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)
    assert "nest" in found.stderr  # libyaml has bounds of its own, in some versions


def test_a_model_file_names_a_domain_of_any_format(run, tmp_path):
    scenario(tmp_path, YAML.replace("Contiguous", "Continuous").replace(", 2]", "]"))
    model = tmp_path / "m.toml"
    model.write_text(
        'game = { domain = "d.yml", profiles = ["p.yml", "q.yml"], steps = 2 }\n'
        '[[claims]]\nkind = "efficient"\noutcomes = [["a", "4"]]\n'
    )
    found = run("check", model)
    assert found.code in (0, 1), found.err
    shown = json.loads(run("show", model, "--json", "-").out)
    assert shown["issues"] == {"x": ["a", "010"], "n": ["0", "2", "4"]}


@pytest.mark.parametrize("name", ["d.xml", "d.json", "d.yml"])
def test_a_domain_alone_says_what_is_missing(run, tmp_path, name):
    path = tmp_path / name
    path.write_text(
        {"d.xml": "<utility_space/>", "d.json": json.dumps(DOMAIN), "d.yml": YAML}[name]
    )
    found = run("show", path)
    assert (found.code, f"spi-verify show {name} A B" in found.err) == (2, True)


@pytest.mark.parametrize("name", ["g.nfg", "g.xyz", "g"])
def test_a_file_that_is_no_model_is_told_how_a_model_names_a_game(run, tmp_path, name):
    path = tmp_path / name
    path.write_text('NFG 1 R "" { "A" } { 2 } 1 2')
    found = run("check", path)
    assert (found.code, "not a TOML file" in found.err) == (2, False)
    assert f"a model names a game: game = {{ file = '{name}' }}" in found.err


@given(st.integers(-(10**6), 10**6), st.integers(0, 9), st.integers(0, 9))
def test_a_decimal_is_written_exactly_or_not_at_all(number, twos, fives):
    value = Fraction(number, 2**twos * 5**fives)
    text = exact_decimal(value)
    assert text is not None
    assert Fraction(text) == value
    assert exact_decimal(value / 3) is None or value.numerator % 3 == 0
