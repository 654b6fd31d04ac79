"""The audit: nothing is missing, nothing is refuted that execution does not confirm."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from conftest import PROGRAM_GAMES
from z3 import BoolVal

from spi_verify.audit import readings
from spi_verify.audit.readings import audit, audited_ids, results, table
from spi_verify.audit.rows import to_json
from spi_verify.audit.searches import Found
from spi_verify.counterexamples import file, looking, registry, saved
from spi_verify.counterexamples.drawing import Drawing, of_game
from spi_verify.counterexamples.kind import Check, Claimed, Confirmation, Kind
from spi_verify.counterexamples.looking import Search
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.cache import Cache, cache_directory
from spi_verify.obligations.outcomes import Outcome
from spi_verify.papers import choosing
from spi_verify.papers.choosing import choose
from spi_verify.papers.paper import shipped_papers
from spi_verify.reports.page import page
from spi_verify.reports.portrait import portrait
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER
from spi_verify.verdicts import Evidence, Result, Verdict, exit_code

PAGE = (Path(__file__).parent.parent / "docs" / "audit.md").read_text(encoding="utf-8")
SLOTS = ["Slot 1", "Slot 2"]
GAME = {
    "players": ["Player 1", "Player 2"],
    "actions": [SLOTS, SLOTS],
    "payoffs": [[["3", "1"], ["0", "0"]], [["0", "0"], ["1", "3/2"]]],
}
CONFIRMATION = Confirmation(
    (Check("f-wraps-defaults", "both programs hold <rn>"),),
    "nobody gains anywhere <b>",
    ("Both always play Slot 1 & meet.", "<script>alert(1)</script>"),
)
NOTHING = Search(None, "no counterexample with up to 3 players and 4 outcomes", 0.5)


class MadeUp(Kind):
    """A kind of counterexample that shows what it is told to."""

    name = "made-up"

    def applies(self, _):
        return False

    def find(self, *_):
        return iter(())

    def confirm(self, _, body):
        if body.get("wrong"):
            raise Rejected("player 1 gains 2")
        return CONFIRMATION

    def drawing(self, _, body):
        return Drawing(of_game(body["game"], correlated=False))


def counterexample(statement, body=None, **claims):
    claimed = Claimed(statement, **claims)
    return file.build(claimed, "made-up", body or {"game": GAME}, CONFIRMATION)


@pytest.fixture(autouse=True)
def _made_up_kind(monkeypatch):
    module = ModuleType("made_up_kind")
    module.MadeUp = MadeUp
    monkeypatch.setitem(sys.modules, "made_up_kind", module)
    monkeypatch.setitem(registry._OWN, "made-up", "made_up_kind:MadeUp")
    registry.named.cache_clear()


@pytest.fixture
def searching(monkeypatch):
    """Replace the search; returns what it was asked."""
    asked = []

    def use(known=None, found=None):
        def shipped(statement, _cache=None, *, others):
            assert not others
            asked.append(("known", statement.id))
            return (known or {}).get(statement.id)

        def refute(statement, _bounds=None):
            asked.append(("refute", statement.id))
            data = (found or {}).get(statement.id)
            return NOTHING if data is None else Search(data, None, 0.25)

        monkeypatch.setattr(saved, "known", shipped)
        monkeypatch.setattr(looking, "refute", refute)
        return asked

    return use


@pytest.fixture
def few(monkeypatch):
    """Audit few statements, so that a test takes a moment."""

    def use(*ids, expected=None):
        choose = readings.choose

        def chosen(_, *arguments, **options):
            statements, names = choose([id for id in ids if id != "prop-99"], *arguments, **options)
            changed = expected or {}
            return [replace(s, expected=changed.get(s.id, s.expected)) for s in statements], names

        monkeypatch.setattr(readings, "choose", chosen)
        paper = replace(THE_PAPER, order=ids)
        monkeypatch.setitem(globals(), "FEW", paper)
        monkeypatch.setattr(choosing, "named_papers", lambda *_: [(paper, [])])

    return use


def audited(*arguments, **options):
    return audit(FEW, (), *arguments, cache=Cache(cache_directory()), **options)


def audit_exit_code(statements):
    return exit_code(results(statements))


def prop_1(*arguments, **options):
    (one,) = audited(*arguments, **options)
    return one


REFUTED = {"prop-1": Verdict.REFUTED}
THE_PAPER = shipped_papers()["program-games"]
FEW = THE_PAPER
STATEMENTS = THE_PAPER.order


def test_the_list_of_statements_is_complete():
    assert audited_ids(THE_PAPER, ()) == STATEMENTS
    assert len(STATEMENTS) == len(set(STATEMENTS)) == 27
    kinds = {id.partition("-")[0] for id in STATEMENTS}
    assert kinds == {"prop", "def", "thm", "app", "sel", "ex"}


def test_the_table_on_the_page_is_that_of_the_statements():
    """``print(table(paper))`` writes it."""
    assert tuple(re.findall(r"^\| `([\w.-]+)`", table(THE_PAPER), re.MULTILINE)) == STATEMENTS
    assert table(THE_PAPER) in PAGE


def test_the_page_explains_every_statement_that_is_false_as_printed():
    explained = re.findall(r"^### `([\w.-]+)`", PAGE, re.MULTILINE)
    refuted = re.findall(r"^\| `([\w.-]+)` \| [^|]* \| refuted ", table(THE_PAPER), re.MULTILINE)
    assert set(refuted) <= set(explained) <= set(STATEMENTS)
    assert refuted


@pytest.mark.long
def test_what_is_neither_proved_nor_refuted_is_unknown_with_both_reasons(few, searching):
    few("prop-1")
    asked = searching()
    one = prop_1()
    result = one.literal.result
    assert (result.verdict, result.evidence, result.counterexample) == (Verdict.UNKNOWN, None, None)
    assert result.reason.startswith(NOTHING.reason)
    assert "step 'goal' is not proved" in result.reason
    assert "prove does not look for refutations" not in result.reason
    assert result.seconds > 0
    assert one.repaired.result.verdict is Verdict.PROVED
    assert one.repaired.result.evidence is Evidence.CHECKED
    assert one.row.added_hypotheses == ("somebody-gains",)
    told = [("known", "prop-1"), ("known", "prop-1/repaired"), ("refute", "prop-1")]
    assert asked == told, "what is proved is not sought"


@pytest.mark.parametrize("where", ["known", "found"])
def test_a_confirmed_counterexample_refutes(few, searching, where):
    few("prop-1", expected=REFUTED)
    data = counterexample("prop-1")
    asked = searching(**{where: {"prop-1": data}})
    result = prop_1().literal.result
    assert (result.verdict, result.evidence) == (Verdict.REFUTED, Evidence.CHECKED)
    assert result.counterexample == data
    assert result.reason == CONFIRMATION.conclusion
    assert result.as_expected
    spared = where == "known"
    assert asked.count(("refute", "prop-1")) == (not spared), "what is shipped spares the search"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (counterexample("prop-1", {"wrong": True}), "player 1 gains 2"),
        (counterexample("prop-2"), "it is about 'prop-2'"),
        (counterexample("prop-1", without=("f-wraps-defaults",)), "drops hypotheses"),
        (counterexample("prop-1", definitions={"pmp": "true"}), "replaces definitions"),
        ({**counterexample("prop-1"), "formulas": {"goal": "false"}}, "replaces definitions"),
        ({**counterexample("prop-1"), "conclusion": "everybody gains"}, "differ"),
        ({**counterexample("prop-1"), "kind": "none"}, "a counterexample is of kind"),
    ],
)
def test_what_execution_does_not_confirm_is_unknown_and_a_bug(few, searching, data, said):
    few("prop-1", expected=REFUTED)
    searching(found={"prop-1": data})
    one = prop_1()
    result = one.literal.result
    assert (result.verdict, result.evidence, result.counterexample) == (Verdict.UNKNOWN, None, None)
    assert said in result.reason
    assert "a bug, please report it" in result.reason
    assert audit_exit_code([one]) == 3


def test_what_is_both_proved_and_refuted_is_an_error(few, searching):
    few("expected-utility", expected={"expected-utility": Verdict.REFUTED})
    searching(found={"expected-utility": counterexample("expected-utility")})
    one = prop_1()
    assert one.literal.result.verdict is Verdict.ERROR
    assert one.literal.result.evidence is None
    assert "it is proved, and this refutes it" in one.literal.result.reason
    assert audit_exit_code([one]) == 2


def test_what_is_saved_for_a_repaired_reading_counts_though_the_literal_one_was_searched_in_vain():
    statements, _ = readings.choose(["prop-1"], PAPER)
    open_ = {
        one.id: Outcome(one, result=Result(one.id, Verdict.UNKNOWN))
        for one in statements
        if one.id in ("prop-1", "prop-1/repaired")
    }
    shown = Found(counterexample("prop-1/repaired"), "fails", None, 0.0)
    found = {"prop-1": Found(None, None, "nothing", 0.0), "prop-1/repaired": shown}
    searches = readings._Searches([one for one in statements if one.id in open_], found, None)
    assert searches.found_for(open_)["prop-1/repaired"] is shown


def test_what_is_open_is_searched_once_and_not_beside_a_search_that_supposes_less():
    statements, _ = readings.choose(["prop-1", "thm-3-improves"], PAPER)
    by_id = {one.id: one for one in statements}
    asked = []

    def search(one):
        asked.append(one.id)
        return lambda: Found(None, None, "nothing", 1.0)

    pair = [by_id["prop-1"], by_id["prop-1/repaired"], by_id["thm-3-improves"]]
    searches = readings._Searches(pair, {}, search)
    searches.start(by_id["prop-1"])
    outcomes = {one.id: Outcome(one, result=Result(one.id, Verdict.UNKNOWN)) for one in pair}
    for outcome in outcomes.values():
        searches.start_if_open(outcome)
    assert asked == ["prop-1", "thm-3-improves"]
    found = searches.found_for(outcomes)
    assert asked == ["prop-1", "thm-3-improves"]
    assert found.keys() == outcomes.keys()
    assert found["prop-1/repaired"] == Found(None, None, "nothing", 0.0)


def test_what_is_proved_is_not_searched():
    statements, _ = readings.choose(["thm-3-improves"], PAPER)
    (one,) = (s for s in statements if s.id == "thm-3-improves")
    searches = readings._Searches([one], {}, None)
    searches.start_if_open(Outcome(one, result=Result(one.id, Verdict.PROVED)))
    assert searches.found_for({one.id: Outcome(one, result=Result(one.id, Verdict.PROVED))}) == {}


def test_a_statement_that_no_suite_has_is_an_error_and_not_skipped(few, searching):
    few("prop-1", "prop-99", expected=REFUTED)
    searching(known={"prop-1": counterexample("prop-1")})
    first, missing = audited()
    assert (missing.id, missing.title, missing.repaired) == ("prop-99", "(missing)", None)
    assert missing.literal.result.verdict is Verdict.ERROR
    assert missing.literal.result.reason == "no suite has this statement"
    assert audit_exit_code([first]) == 0
    assert audit_exit_code([first, missing]) == 2


@pytest.mark.parametrize(
    ("expected", "code"), [(Verdict.REFUTED, 0), (Verdict.PROVED, 1), (Verdict.UNKNOWN, 1)]
)
def test_a_verdict_that_is_not_expected_gives_exit_1(few, searching, expected, code):
    few("prop-1", expected={"prop-1": expected})
    searching(found={"prop-1": counterexample("prop-1")})
    assert audit_exit_code(audited()) == code


@pytest.mark.long
def test_a_broken_repaired_statement_is_searched_with_the_changed_definition(
    few, searching, tmp_path
):
    variant = tmp_path / "variant.py"
    variant.write_text(
        "from z3 import BoolVal\ndef anything(theory, x, a):\n    return BoolVal(True)\n"
    )
    few("prop-1", expected=REFUTED)
    both = ("prop-1", "prop-1/repaired")
    other = PAPER.with_(weakly_improves=lambda theory, x, a: BoolVal(True))
    text = to_smtlib({"definition": other.axiom("weakly_improves")})
    found = {id: counterexample(id, definitions={"weakly_improves": text}) for id in both}
    asked = searching(found=found)
    one = prop_1([f"weakly_improves={variant}:anything"])
    assert one.repaired.result.verdict is Verdict.REFUTED
    assert one.repaired.result.expected is Verdict.PROVED
    assert audit_exit_code([one]) == 1
    assert [id for kind, id in asked if kind == "refute"] == list(both)


def test_without_a_hypothesis_what_was_proved_is_searched(few, searching):
    few("prop-1")
    data = counterexample("prop-1/repaired", without=("somebody-gains",))
    literal = counterexample("prop-1")
    searching(found={"prop-1": literal, "prop-1/repaired": data})
    one = prop_1(without=["somebody-gains"])
    assert one.repaired.result.verdict is Verdict.REFUTED
    assert one.row.added_hypotheses == ()


def test_examples_are_never_searched(few, searching):
    few("ex-3.2", "ex-4.3")
    asked = searching()
    first, second = audited()
    assert first.literal.result.verdict is Verdict.PROVED
    assert first.repaired is None
    assert second.literal.result.verdict is Verdict.REFUTED
    assert second.repaired.result.verdict is Verdict.PROVED
    assert second.row.added_hypotheses == ("certain-of-likely-offers",)
    assert asked == []


def example_4_3(**changes):
    facts = [f"small-offers-are-a-best-response-{rounds}" for rounds in (2, 5)]
    return {
        "schema": file.SCHEMA,
        "statement": "ex-4.3",
        "kind": "executed",
        "executed": {"facts": facts},
        **changes,
    }


def test_a_refuted_example_has_a_counterexample_that_runs_it_again(few, searching):
    few("ex-4.3")
    searching()
    (one,) = audited()
    data = one.literal.result.counterexample
    assert data["executed"] == example_4_3()["executed"]
    assert file.confirm_saved(data).conclusion == one.literal.result.reason
    assert "towards 291/100" in one.literal.result.reason
    saved = json.loads((PROGRAM_GAMES / "counterexamples" / "ex-4.3.json").read_text())
    assert saved["executed"] == data["executed"]
    assert saved["conclusion"] == data["conclusion"]


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        (
            {"executed": {"facts": ["slightly-above-the-pmm-2"]}},
            Rejected,
            r"slightly-above-the-pmm-2 does not fail: \(11/10, 11/10\)",
        ),
        ({"conclusion": "it fails"}, Rejected, "the conclusion in the file differ"),
        ({"statement": "ex-4.3/repaired"}, InputError, "has no claim"),
        ({"statement": "prop-1"}, InputError, "no executed statement 'prop-1'"),
        ({"without": ["certain-of-likely-offers"]}, InputError, "nothing can be dropped"),
        ({"definitions": {"pmp": "true"}}, InputError, "nothing can be dropped"),
        ({"executed": {"facts": []}}, InputError, "name the claims"),
        ({"executed": {"facts": ["small"]}}, InputError, r"facts\[0\]: ex-4.3 has no claim"),
        ({"executed": {"facts": [1], "code": "x"}}, InputError, "nothing else"),
    ],
)
def test_a_made_up_counterexample_to_an_example_is_rejected(changes, error, said):
    with pytest.raises(error, match=said):
        file.confirm_saved(example_4_3(**changes))


@pytest.mark.long
def test_the_json_is_that_of_the_contract(few, searching):
    few("prop-1", "thm-3-improves")
    searching(found={"prop-1": counterexample("prop-1")})
    document = to_json([one.row for one in audited()], {"z3": "1", "cvc5": "2"})
    assert json.loads(json.dumps(document)) == document
    assert set(document) == {"schema", "solvers", "statements"}
    assert document["schema"] == "spi-verify/audit/1"
    first, second = document["statements"]
    assert set(first) == {"paper", "id", "title", "literal", "repaired", "added_hypotheses"}
    assert (first["id"], first["literal"]["verdict"]) == ("prop-1", "refuted")
    assert first["literal"]["counterexample"]["statement"] == "prop-1"
    assert first["repaired"]["id"] == "prop-1/repaired"
    assert "somebody-gains" in first["repaired"]["hypotheses_used"]
    assert first["added_hypotheses"] == ["somebody-gains"]
    assert second["repaired"] is None
    assert second["added_hypotheses"] == []


@pytest.mark.long
@pytest.mark.parametrize("paper", shipped_papers())
def test_processes_that_search_find_what_this_one_finds(run, tmp_path, paper):
    """The whole audit from the command line, with searches in processes of their own."""
    table, html = tmp_path / "audit.json", tmp_path / "audit.html"
    found = run("audit", paper, "--jobs", "2", "--json", table, "--html", html)
    document = json.loads(table.read_text())
    order = shipped_papers()[paper].order
    assert tuple(entry["id"] for entry in document["statements"]) == order
    assert set(document["solvers"]) == {"z3", "cvc5"}
    results = [r for e in document["statements"] for r in (e["literal"], e["repaired"]) if r]
    assert f"{len(order)} statements; as printed: " in found.out
    verdicts = {result["verdict"] for result in results}
    assert found.code == 2 if "error" in verdicts else found.code in (0, 1, 3)
    for result in results:
        assert (result["verdict"] == "refuted") <= (result["evidence"] == "checked")
        assert (result["verdict"] == "proved") <= (result["evidence"] in ("agreement", "checked"))
    assert html.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--without", "nothing"], "no such hypothesis"),
        (["--with", "pmp=missing.py:f"], "no such file"),
    ],
)
def test_bad_usage_is_one_clear_error(run, arguments, message):
    found = run("audit", *arguments)
    assert found.code == 2
    assert message in found.err


def test_the_console_tells_each_refutation_in_a_line(run, few, searching):
    few("prop-1", "ex-3.2", expected=REFUTED)
    searching(known={"prop-1": counterexample("prop-1")})
    found = run("audit", "--jobs", "1")
    assert found.code == 0
    assert re.search(r"^prop-1 +refuted +proved +somebody-gains +[\d.]+ +yes", found.out, re.M)
    assert "prop-1: nobody gains anywhere <b>\n" in found.out
    assert "as printed: 1 proved, 1 refuted; repaired: 1 proved; all as expected" in found.out


# The page


class _Structure(HTMLParser):
    """What a page is made of; fails where elements do not nest."""

    VOID = frozenset({"meta", "input", "br", "img", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.tags, self.text = [], [], [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if "id" in dict(attributes):
            self.ids.append(dict(attributes)["id"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def pages():
    return {}


@pytest.fixture
def shown(few, searching, pages):
    """A page with two counterexamples, made once."""
    if not pages:
        few("prop-1", "thm-3-pmm", "thm-3-improves", "ex-4.3", "prop-99", expected=REFUTED)
        ids = ("prop-1", "thm-3-pmm")
        searching(known={id: counterexample(id) for id in ids})
        pages["text"] = page(
            [(THE_PAPER, audited())], {"z3": "1", "cvc5": "2"}, ["pmp=a.py:<i>"], ["h"]
        )
    return pages["text"], _Structure(pages["text"])


@pytest.mark.long
def test_the_page_has_every_statement_and_links_to_it(shown):
    _, structure = shown
    articles = [a["id"] for tag, a in structure.tags if tag == "article"]
    assert articles == ["prop-1", "thm-3-pmm", "thm-3-improves", "ex-4.3", "prop-99"]
    assert {f"#{id}" for id in articles} <= set(structure.links)
    local = [link[1:] for link in structure.links if link.startswith("#")]
    assert set(local) <= set(structure.ids)


@pytest.mark.long
def test_ids_on_the_page_are_unique_although_it_holds_several_pictures(shown):
    text, structure = shown
    assert text.count("<svg") == 2 * text.count("<figure") == 6, "each has its legend below, too"
    assert len(structure.ids) == len(set(structure.ids))
    used = re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"", text)
    assert {one or other for one, other in used} <= set(structure.ids)


@pytest.mark.long
def test_the_page_escapes_what_counterexamples_and_options_say(shown):
    text, structure = shown
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "nobody gains anywhere &lt;b&gt;" in text
    assert "pmp=a.py:&lt;i&gt;" in text
    assert [tag for tag, _ in structure.tags].count("script") == 1
    assert not {"b", "i", "rn"} & {tag for tag, _ in structure.tags}


@pytest.mark.long
def test_the_page_needs_no_network(shown):
    text, structure = shown
    for tag, attributes in structure.tags:
        for key in ("src", "href", "xlink:href", "action"):
            value = attributes.get(key) or "#"
            assert value.startswith(("#", "data:")), (tag, value)
    assert "@import" not in text
    policy = [a["content"] for tag, a in structure.tags if tag == "meta" and "content" in a]
    assert any(content.startswith("default-src 'none'") for content in policy)


@pytest.mark.long
def test_the_page_can_be_filtered_by_verdict(shown):
    _, structure = shown
    choices = [a for tag, a in structure.tags if tag == "input"]
    values = [a["value"] for a in choices if a["type"] == "radio"]
    assert values == ["all", "proved-as-printed", "refuted-as-printed", "repaired", "error"]
    assert [a["id"] for a in choices if a["type"] == "search"] == ["search"]
    verdicts = {a["id"]: a["data-verdicts"] for tag, a in structure.tags if tag == "article"}
    assert verdicts["prop-1"] == "refuted-as-printed repaired"
    assert verdicts["thm-3-improves"] == "proved-as-printed"
    assert verdicts["prop-99"] == "error"
    rows = [a["data-of"] for tag, a in structure.tags if tag == "tr" and "data-of" in a]
    assert rows == list(verdicts), "the table lists them"
    entries = [a["data-of"] for tag, a in structure.tags if tag == "li" and "data-of" in a]
    assert entries == list(verdicts), "the contents list them"


@pytest.mark.long
def test_the_page_tells_hypotheses_core_story_facts_and_repair(shown):
    _, structure = shown
    words = " ".join(" ".join(structure.text).split())
    assert "Some profile of default programs ends where rn changes somebody's payoff." in words
    assert "(added)" in words
    assert "Both always play Slot 1 & meet." in words
    assert "both programs hold <rn>" in words
    assert "The proof rests on" in words
    assert "Not needed: csr-not-punished" in words
    assert "In a(p) every player's action is what their program plays" in words
    assert "no suite has this statement" in words
    assert sum(tag == "math" for tag, _ in structure.tags) > 10
    assert "p: a program profile · i: a player" in words
    assert "But with 5 rounds, there is always a better one" in words
    pictures = [a for tag, a in structure.tags if tag == "svg" and a.get("class") != "legend"]
    assert all(a["role"] == "img" and "the PMM is (1, 1)" in a["aria-label"] for a in pictures)


@pytest.mark.long
def test_a_counterexample_on_the_page_can_be_saved_and_is_the_same(shown):
    from base64 import b64decode

    _, structure = shown
    saved = [link for link in structure.links if link.startswith("data:")]
    data = json.loads(b64decode(saved[0].partition("base64,")[2]))
    assert data == counterexample("prop-1")


@pytest.mark.long
def test_a_portrait_is_drawn_for_games_and_polytopes_and_nothing_else():
    def drawn(body, kind="programs"):
        return portrait({"statement": "x", "kind": kind, kind: body}, "x")

    for kind in ("programs", "iterated"):
        assert "the PMM is (1, 1)" in drawn({"game": GAME}, kind)
        assert "Feasible set" in drawn({"game": GAME, "play": "correlated"}, kind)
    corners = [["0", "1", "0"], ["1", "0", "1"], ["-1", "-1", "0"]]
    told = drawn({"corners": corners, "point": corners[0]}, "polytope")
    assert "of 3 players; the PMM is (0, 0, 0)" in told
    sets = {"payoffs": {"A": ["0", "1"], "B": ["1", "0"]}, "set": ["A"], "added": ["B"]}
    assert "Pure outcomes" in drawn(sets, "sets")
    assert ">A<" in drawn(sets, "sets")
    assert drawn({"facts": ["it-fails"]}, "executed") is None
    four = {"players": list("abcd"), "actions": [["x"]] * 4, "payoffs": [[[["1", "1", "1", "1"]]]]}
    for body in ({"sets": []}, {"game": four}, {"game": {"payoffs": "x"}}, "text", {"corners": []}):
        assert [drawn(body, kind) for kind in ("programs", "polytope", "sets")] == [None] * 3
    assert drawn({"game": GAME}, "no-such-kind") is None
    assert portrait({}, "x") is None
    body = {"corners": corners, "player": 1, "point": ["-1", "-1", "0"]}
    about_projections = {"statement": "def-6-nonempty", "kind": "polytope", "polytope": body}
    assert "PMP of player 1: empty" in portrait(about_projections, "x")


def test_the_page_counts_the_papers_own_claims_that_are_refuted():
    statements, _ = choose(["program-games"], PAPER)
    refuted = [s.id for s in statements if s.expected is Verdict.REFUTED]
    own = [id for id in refuted if not id.startswith("sel-transitive-")]
    text = Path("docs/audit.md").read_text(encoding="utf-8")
    assert f"So of the paper's own claims, {len(own)} are refuted as printed." in text


@pytest.mark.long
def test_an_audit_searches_as_far_as_it_is_told(run, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from z3 import Const, ForAll, Implies, Or, Consts\n"
        "from spi_verify.obligations import Statement, Step\n"
        "from spi_verify.theory.signature import Player\n"
        "from spi_verify.verdicts import Verdict\n"
        "i, j, k = Consts('i j k', Player)\n"
        "def statements(theory):\n"
        "    goal = ForAll([i, j, k], Or(i == j, i == k, j == k))\n"
        "    return [Statement(id='at-most-two', title='There are at most two players',\n"
        "        theory=theory, hypotheses=(), definitions=(),\n"
        "        steps=(Step('goal', goal, ()),), expected=Verdict.REFUTED)]\n"
    )
    few = run("audit", tmp_path)
    assert few.code == 3
    assert "up to 2 players and 3 outcomes" in few.out
    more = run("audit", tmp_path, "--players", "3")
    assert more.code == 0, more.out
