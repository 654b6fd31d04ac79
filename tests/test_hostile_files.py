"""Damaged files: one line, an exit code of the contract, and never 0 where the meaning changed."""

from __future__ import annotations

import copy
import json
import random

import pytest
from conftest import PROGRAM_GAMES
from hostile_files import mutated

from spi_verify.audit.rechecker import Rechecker
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.statements.claimed import shipped_statements
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.lock import compare, read
from spi_verify.papers.choosing import choose
from spi_verify.shards import merge
from spi_verify.theory import PAPER
from spi_verify.verdicts import Result

FOLDER = PROGRAM_GAMES / "counterexamples"
FILES = {
    file: json.loads(file.read_text())
    for file in sorted(FOLDER.rglob("*.json"))
    if file.stat().st_size < 12_000 and "executed" not in file.read_text()
}
NINE = [
    [["3", "1"], ["0", "0"], ["0", "1"]],
    [["0", "0"], ["1", "3"], ["0", "1/2"]],
    [["0", "0"], ["0", "0"], ["1", "1"]],
]


def by_kind() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for document in FILES.values():
        found.setdefault(document["kind"], []).append(document)
    return found


def rejected(document: dict) -> None:
    with pytest.raises((Rejected, InputError)) as error:
        confirm_saved(document)
    assert str(error.value)


@pytest.mark.parametrize("kind", sorted(by_kind()))
@pytest.mark.parametrize("other", sorted(by_kind()))
def test_a_body_of_another_kind_is_rejected(kind, other):
    kinds = by_kind()
    for document in kinds[kind][:3]:
        for foreign in kinds[other][:3]:
            if kind != other:
                rejected({**document, kind: foreign[other]})
                kept = {key: value for key, value in document.items() if key != kind}
                rejected({**kept, "kind": other, other: foreign[other]})


RENEGOTIATING = {
    "game": {
        "players": ["Player 1", "Player 2"],
        "actions": [["1", "2", "3"], ["1", "2", "3"]],
        "payoffs": NINE,
    },
    "play": "pure",
    "kind": "renegotiation",
    "defaults": [['(always "1")'], ['(always "1")']],
    "rn": '(map (to ["1" "2"] ["1" "1"]) (to ["3" "3"] ["2" "2"]))',
}
PLAIN = {key: value for key, value in RENEGOTIATING.items() if key != "rn"} | {"kind": "plain"}


@pytest.mark.long
@pytest.mark.parametrize("body", [RENEGOTIATING, PLAIN, {**PLAIN, "kind": "csr"}])
def test_programs_of_another_kind_are_rejected_with_the_reason(body):
    """With nine outcomes not all sets of outcomes are listed, so that code is looked at."""
    confirmed, said = [], []
    for id in shipped_statements():
        document = {"statement": id, "kind": "programs", "programs": copy.deepcopy(body)}
        try:
            confirm_saved(document)
            confirmed.append(id)
        except (Rejected, InputError) as error:
            said.append(str(error))
    assert set(confirmed) <= {"prop-1"}, "whose literal reading this map refutes"
    assert all(said)


@pytest.mark.long
def test_damaged_counterexamples_are_confirmed_only_as_what_they_say(run, tmp_path):
    chance = random.Random(20261127)
    file = tmp_path / "damaged.json"
    codes = {0: 0, 1: 0, 2: 0}
    for _ in range(80):
        path, document = chance.choice(list(FILES.items()))
        text, place = mutated(document, chance)
        file.write_text(text)
        found = run("replay", file)
        told = found.out if found.code < 2 else found.err
        assert "Traceback" not in found.err
        if found.code == 0:
            assert ": confirmed: " in told.splitlines()[0], (path.name, place)
        else:
            assert told.count("\n") == 1, (path.name, place)
        codes[found.code] += 1
        if found.code == 0:
            said = json.loads(text)
            for key in ("statement", "kind", "schema"):
                assert said[key] == document[key], (path.name, place)
            for key in ("hypotheses", "conclusion", "story"):
                assert said.get(key, document[key]) == document[key], (path.name, place)
    assert codes[1] > 0
    assert codes[2] > 0


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    from click.testing import CliRunner

    from spi_verify.cli import app

    folder = tmp_path_factory.mktemp("shards")
    for k in (1, 2):
        options = ["--shard", f"{k}/2", "--json", str(folder / f"{k}.json")]
        targets = ["prop-1", "expected-utility"]
        assert CliRunner().invoke(app, ["prove", *targets, *options]).exit_code == 0
    return [json.loads((folder / f"{k}.json").read_text()) for k in (1, 2)]


def meaning(results: list[Result]) -> list[tuple]:
    """What a report says; of counterexamples, which were executed again, what they refute."""
    claims = [(r.counterexample or {}).get("statement") for r in results]
    return [
        (r.id, r.verdict, r.expected, r.region, claim)
        for r, claim in zip(results, claims, strict=True)
    ]


@pytest.mark.long
def test_damaged_shards_do_not_change_what_a_run_says(shards, tmp_path):
    chance = random.Random(20261128)
    known = {statement.id: statement for statement in choose([], PAPER)[0]}
    cache = Cache(tmp_path / "answers")
    files = [tmp_path / f"{k}.json" for k in (1, 2)]

    def merged(texts):
        for file, text in zip(files, texts, strict=True):
            file.write_text(text)
        return merge(files, Rechecker(known, all_known=True, cache=cache))

    whole = [json.dumps(document) for document in shards]
    right = merged(whole)
    assert right.exit_code == 0
    codes, said = {0: 0, 1: 0, 2: 0}, []
    for _ in range(100):
        k = chance.randrange(2)
        text, place = mutated(shards[k], chance)
        texts = [text if j == k else whole[j] for j in range(2)]
        try:
            found = merged(texts)
        except InputError as error:
            said.append(str(error))
            codes[2] += 1
            continue
        codes[found.exit_code] += 1
        if found.exit_code == 0:
            before, now = meaning(right.report.results), meaning(found.report.results)
            assert now == before, place
    assert min(codes.values()) > 0
    assert all(text.startswith(tuple(map(str, files))) for text in said)


def test_damaged_recorded_verdicts_are_refused_or_told_as_a_change(tmp_path):
    chance = random.Random(20261129)
    entry = {"verdict": "proved", "evidence": "agreement", "core": ["a"],
             "formulas": f"sha256:{'0' * 64}"}  # fmt: skip
    other = {**entry, "verdict": "refuted", "evidence": "checked", "core": []}
    open_ = {**entry, "verdict": "unknown", "evidence": None, "core": []}
    document = {
        "schema": "spi-verify/lock/1",
        "solvers": {"z3": "1", "cvc5": "1"},
        "statements": {"one": entry, "two": other, "three": open_},
    }
    file = tmp_path / "lock.json"
    file.write_text(json.dumps(document))
    right = read(file)
    now = {
        id: (one, Result(id, one.verdict, one.evidence, one.verdict))
        for id, one in right.statements.items()
    }
    refused, changed = [], 0
    for _ in range(500):
        text, place = mutated(document, chance)
        file.write_text(text)
        try:
            found = read(file)
        except InputError as error:
            refused.append(str(error))
            continue
        told = compare(found.statements, now, complete=True)
        same = all(
            id in found.statements
            and (one.verdict, one.evidence, one.formulas)
            == tuple(getattr(found.statements[id], k) for k in ("verdict", "evidence", "formulas"))
            for id, one in right.statements.items()
        )
        assert bool(told) or (same and set(found.statements) == set(right.statements)), place
        changed += bool(told)
    assert len(refused) > 50
    assert changed > 5
    assert all(text.startswith(str(file)) and "\n" not in text for text in refused)
