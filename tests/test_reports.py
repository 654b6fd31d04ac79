"""Reports for continuous integration, and the page of proofs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import MODELS

from spi_verify.obligations.statements import Hypothesis
from spi_verify.reports.graph import Node, graph
from spi_verify.reports.markdown import MOST_STORIES, markdown
from spi_verify.reports.places import Place, place_of_claim, places_of_statements
from spi_verify.reports.sarif import sarif
from spi_verify.reports.story import story
from spi_verify.verdicts import Evidence, Report, Result, Verdict

ROOT = Path(__file__).parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
LOSS = Result(
    "m/a|b <i>",
    Verdict.REFUTED,
    Evidence.CHECKED,
    counterexample={"story": ["Both play *Slot 1*.", "Player 2 loses 1."]},
    reason="player 2 loses",
)
REPORT = Report(
    [
        Result("m/fine", Verdict.PROVED, Evidence.AGREEMENT),
        LOSS,
        Result("m/open", Verdict.UNKNOWN, reason="resource limit"),
        Result("m/wanted", Verdict.REFUTED, Evidence.CHECKED, expected=Verdict.REFUTED),
        Result("m/none", Verdict.VACUOUS, reason="a and b contradict each other"),
    ],
    ["other.toml: line 3: no equals sign"],
)


# SARIF


def only_run(text):
    document = json.loads(text)
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    return only


def test_sarif_has_a_rule_for_every_claim_and_a_result_for_every_surprise():
    found = only_run(sarif(REPORT, "check", {}))
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [result.id for result in REPORT.results]
    levels = {result["ruleId"]: result["level"] for result in found["results"]}
    assert levels == {LOSS.id: "error", "m/open": "warning", "m/none": "error"}
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in found["results"])
    first = found["results"][0]
    assert first["message"]["text"].splitlines() == story(LOSS)
    assert first["properties"] == {
        "verdict": "refuted",
        "expected": "proved",
        "evidence": "checked",
    }
    assert "locations" not in first


def test_sarif_tells_input_errors_and_that_the_run_was_no_success():
    invocation = only_run(sarif(REPORT, "check", {}))["invocations"][0]
    assert not invocation["executionSuccessful"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["message"]["text"] == REPORT.input_errors[0]
    clean = only_run(sarif(Report(REPORT.results), "check", {}))["invocations"][0]
    assert clean["executionSuccessful"], "a surprise is a finding, not a failure of the tool"
    broken = Report([Result("m/x", Verdict.ERROR, reason="cannot be read")])
    assert not only_run(sarif(broken, "check", {}))["invocations"][0]["executionSuccessful"]


def test_sarif_locations_are_relative_inside_this_folder_and_absolute_outside(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    places = {
        LOSS.id: Place("models/my game.toml", 7),
        "m/open": Place(str(tmp_path / "x.toml")),
        "m/none": Place("/elsewhere/y.toml", 1),
    }
    found = only_run(sarif(REPORT, "check", places))["results"]
    physical = [result["locations"][0]["physicalLocation"] for result in found]
    assert physical == [
        {"artifactLocation": {"uri": "models/my%20game.toml"}, "region": {"startLine": 7}},
        {"artifactLocation": {"uri": "x.toml"}},
        {"artifactLocation": {"uri": "file:///elsewhere/y.toml"}, "region": {"startLine": 1}},
    ]


def test_a_claim_is_placed_at_its_own_header(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (MODELS / "scheduling.toml").read_text().replace('expect = "refuted"\n', "")
    Path("mine.toml").write_text(text)
    found = run("check", "mine.toml", "--sarif", "out.sarif")
    (result,) = only_run(Path("out.sarif").read_text())["results"]
    assert (found.code, result["ruleId"]) == (1, "mine/neutral-is-an-spi")
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "mine.toml"}
    lines = text.splitlines()
    line = physical["region"]["startLine"]
    assert lines[line - 1] == "[[claims]]"
    rest = lines[line:]
    claim = rest[: rest.index("[[claims]]")] if "[[claims]]" in rest else rest
    assert 'name = "neutral-is-an-spi"' in claim
    assert place_of_claim(Path("mine.toml"), 99) == Place("mine.toml")
    assert place_of_claim(Path("none.toml"), 0) == Place("none.toml")


def test_a_statement_is_placed_where_its_id_is_written_in_the_first_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 'prop-1 and more'\n\nid = 'prop-1'\nagain = 'prop-1'\n")
    (tmp_path / "b.py").write_text("id = 'prop-1'\nother = 'prop-1/repaired'\n")
    (tmp_path / "c.py").write_text("id = \n")
    (tmp_path / "d.py").write_text("\nid = f'prop-{1}'\nf'{id}/repaired'\n")
    a, b, c, d = (tmp_path / f"{name}.py" for name in "abcd")
    ids = ("prop-1", "prop-1/repaired", "prop-9")
    one = places_of_statements(ids, [c, a])
    assert one == dict.fromkeys(ids[:2], Place(a.as_posix(), 3))
    assert places_of_statements(ids, [d])["prop-9"] == Place(d.as_posix(), 2)
    assert places_of_statements(ids, [d, a])["prop-1"] == Place(a.as_posix(), 3)
    assert places_of_statements(ids, [b, a])["prop-1"] == Place(b.as_posix(), 1)
    assert places_of_statements(ids, [tmp_path])["prop-1/repaired"] == Place(b.as_posix(), 2)


def test_every_statement_of_shipped_papers_has_a_place():
    from spi_verify.papers.loading import load_shipped
    from spi_verify.papers.paper import shipped_papers

    ids = [statement.id for statement in load_shipped()]
    folders = [paper.folder for paper in shipped_papers().values()]
    places = places_of_statements(ids, folders)
    assert set(places) == set(ids)
    for id, place in places.items():
        line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        assert re.search(f'"{id.removesuffix("/repaired")}(/repaired)?"', line)
        assert not re.search(r'lemmas=|": "', line), "a lemma that is used, not the statement"


def test_a_statement_is_placed_in_what_its_suite_imports_from_beside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("s").mkdir()
    Path("s/suite.py").write_text("from one import a\nimport s, os.path\n")
    Path("s/one.py").write_text(
        "from suite import x\nfrom two import y\nf(lemmas={'l': 'prop-2'})\n"
    )
    Path("s/two.py").write_text("\nid = 'prop-2'\n")
    Path("s/three.py").write_text("id = 'prop-3'\n")
    found = places_of_statements(["prop-2", "prop-3"], [Path("s/suite.py")])
    assert found == {"prop-2": Place("s/two.py", 2)}


# The summary


def test_the_summary_has_every_verdict_and_the_story_of_every_surprise():
    text = markdown(REPORT, "spi-verify check")
    rows = re.findall(r"^\| (m/.*) \| (\w+) \| ([\w-]+) \| (.*) \|$", text, re.M)
    assert [row[1] for row in rows] == [str(result.verdict) for result in REPORT.results]
    assert [row[3] for row in rows] == [
        "yes" if result.as_expected else f"**NO: expected proved, is {result.verdict}**"
        for result in REPORT.results
    ]
    assert rows[1][3].startswith("**NO")
    assert r"| m/a\|b \<i\> |" in text
    assert "1. Both play \\*Slot 1\\*.\n2. Player 2 loses 1.\n" in text
    assert re.findall(r"^### (.*)$", text, re.M) == [
        r"m/a\|b \<i\>",
        "m/open",
        "m/none",
        "Input that could not be read",
    ]
    assert "- other.toml: line 3: no equals sign" in text


def test_a_summary_stays_within_what_github_shows():
    many = Report([Result(f"m/{k}", Verdict.UNKNOWN) for k in range(MOST_STORIES + 2)])
    text = markdown(many, "x")
    assert text.count("\n### ") == MOST_STORIES
    assert "And 2 more" in text


def test_summaries_are_appended_as_several_commands_write_one_step(run, tmp_path):
    file = tmp_path / "summary.md"
    for model in ("scheduling", "chicken"):
        assert run("check", MODELS / f"{model}.toml", "--summary", file).code == 0
    assert file.read_text().count("## spi-verify check\n") == 2


# All of them from the command line

WORDS = ("wrote", "wrote", "added to")


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["prove", "prop-1/repaired", "--without", "somebody-gains"], 1),
        (["refute", "prop-1", "--players", "2", "--outcomes", "2"], 0),
    ],
)
def test_reports_leave_the_exit_code_and_the_output_as_they_are(run, tmp_path, command, code):
    files = [tmp_path / name for name in ("r.xml", "r.sarif", "r.md")]
    plain = run(*command)
    options = zip(("--junit", "--sarif", "--summary"), files, strict=True)
    reported = run(*command, *(part for option in options for part in option))

    told = re.sub(r"\d+ of them found in the cache", "", plain.out)
    told += "".join(f"{word} {file}\n" for word, file in zip(WORDS, files, strict=True))
    assert reported.code == plain.code == code
    assert re.sub(r"\d+ of them found in the cache", "", reported.out) == told
    assert all(file.stat().st_size for file in files)
    results = only_run(files[1].read_text())["results"]
    assert bool(results) == bool(plain.code)
    for result in results:
        where = result["locations"][0]["physicalLocation"]
        assert where["artifactLocation"]["uri"].endswith("proofs/program_games/prop_1.py")


def test_a_report_that_cannot_be_written_is_an_input_error(run, tmp_path):
    for option in ("--junit", "--sarif", "--summary"):
        model = MODELS / "scheduling.toml"
        found = run("check", model, option, tmp_path / "none" / "file")
        assert found.code == 2
        assert "cannot write it" in found.err


# The page of proofs


class Page(HTMLParser):
    VOID = frozenset({"meta", "input", "br"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A page with proofs, lemmas, a counterexample, an executed statement and an undecided one."""
    folder = tmp_path_factory.mktemp("page")
    suite = folder / "mine.py"
    suite.write_text(
        "from z3 import BoolVal\n"
        "from spi_verify.obligations import Hypothesis, Statement, Step\n"
        "def statements(theory):\n"
        "    fact = Hypothesis('true', BoolVal(True), 'True & <b>bold</b>.')\n"
        "    goal = Step('goal', BoolVal(False), ['true'])\n"
        "    return [Statement('mine-<i>', 'Wrong <script>alert(1)</script>', theory,\n"
        "                      (fact,), (), (goal,))]\n"
    )
    page = folder / "page.html"
    targets = ["thm-3-pmm", "ex-4.3", "expected-utility", str(suite)]
    command = [sys.executable, "-m", "spi_verify", "prove", *targets, "--html", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert page.exists(), done.stderr
    assert done.returncode in (1, 3), done.stdout
    return page


@pytest.mark.long
def test_the_page_has_an_article_for_every_statement_and_its_lemmas(file):
    page = Page(file.read_text())
    articles = [a["id"] for a in page.all("article")]
    asked = ["thm-3-pmm", "thm-3-pmm/repaired", "ex-4.3", "ex-4.3/repaired"]
    assert articles[:5] == [*asked, "expected-utility"]
    assert {"mine-<i>", "thm-3-inclusion/repaired"} <= set(articles)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"][1:] for a in page.all("a") if a["href"].startswith("#")]
    assert set(links) <= set(ids)


@pytest.mark.long
def test_the_page_escapes_what_suites_say_and_needs_no_network(file):
    text = file.read_text()
    page = Page(text)
    assert len(page.all("script")) == 1
    assert not page.all("b")
    assert not page.all("i")
    assert "Wrong &lt;script&gt;alert(1)&lt;/script&gt;" in text
    policies = [a["content"] for a in page.all("meta") if "http-equiv" in a]
    assert policies[0].startswith("default-src 'none'")
    for _, attributes in page.tags:
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:"))


@pytest.mark.long
def test_edges_of_the_graph_are_the_lemmas_and_cores(file):
    text = file.read_text()
    drawn = text.partition('aria-label="Which statement rests on which"')[2].partition("</svg>")[0]
    rows = dict(re.findall(r'data-row="(\d+)"[^>]*href="#([^"]+)"', drawn))
    edges = {(rows[a], rows[b]) for a, b in re.findall(r'data-from="(\d+)" data-to="(\d+)"', drawn)}
    assert ("thm-3-inclusion/repaired", "thm-3-pmm/repaired") in edges
    assert ("def-6-meet/repaired", "thm-3-pmm/repaired") in edges
    assert not {b for _, b in edges} & {"expected-utility"}
    label = 'aria-label="What the steps of expected-utility rest on"'
    steps = text.partition(label)[2].partition("</svg>")[0]
    label = 'aria-label="What the steps of thm-3-pmm/repaired rest on"'
    above = text.partition(label)[2].partition("</svg>")[0]
    assert re.search(
        r'aria-label="extension_inclusion \(lemma\); rests on [^"]*extensions-believed', above
    )
    assert re.search(r'aria-label="goal \(proved\); rests on [^"]*expectation', steps)
    assert 'class="hypothesis"' in text


def test_every_edge_leads_down_and_lanes_that_overlap_differ():
    nodes = [
        Node("a", "hypothesis"),
        Node("b", "definition"),
        Node("c", "proved", ("a", "b")),
        Node("d", "unknown", ("a", "c")),
    ]
    drawn = "".join(graph(nodes, "g", "p"))
    edges = re.findall(r'data-from="(\d)" data-to="(\d)" d="M\d+ \d+H(\d+)', drawn)
    assert {(a, b) for a, b, _ in edges} == {("0", "2"), ("1", "2"), ("0", "3"), ("2", "3")}
    lane = {source: x for source, _, x in edges}
    assert lane["0"] not in (lane["1"], lane["2"])
    assert drawn.count('class="hollow"') == 1


@pytest.mark.long
def test_hypotheses_and_counterexamples_are_told(file):
    text = file.read_text()
    told = text.partition('<article id="thm-3-pmm"')[2].partition("</article>")[0]
    assert '<ol class="story">' in told
    assert "Payoffs in the counterexample to thm-3-pmm." in told
    assert "(added)" in text.partition('<article id="thm-3-pmm/repaired"')[2]
    assert escape(Hypothesis("true", None, "True & <b>bold</b>.").meaning) in text
    mine = text.partition('<tr data-of="mine-')[2].partition("</tr>")[0]
    assert "NO: expected proved, is unknown" in mine


# In a browser


def in_browser(page: Path, script: str, *, width: int = 1000, dark: bool = False) -> dict:
    """Open a copy of the page in a frame of this width, run a script in it; return what it says."""
    body = page.read_text().replace(
        "</body>",
        "<script>addEventListener('load', () => { let said; try { said = (() => {"
        + script
        + "})(); } catch (error) { said = {error: String(error)}; }"
        "parent.document.getElementById('said').textContent = JSON.stringify(said); });"
        "</script></body>",
    )
    outer = page.with_name("outer.html")
    outer.write_text(
        f'<!doctype html><pre id="said"></pre><iframe srcdoc="{escape(body)}" '
        f'width="{width}" height="800" style="border:0"></iframe>'
    )
    found = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={page.parent / 'profile'}",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            "--virtual-time-budget=5000",
            "--window-size=1200,900",
            "--dump-dom",
            outer.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = re.search(r'<pre id="said">(.*?)</pre>', found.stdout, re.S)
    assert said, found.stderr
    assert said[1], "the script did not run to its end"
    result = json.loads(unescape(said[1]))
    assert "error" not in result, result
    return result


browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.mark.long
@pytest.mark.browser
@browser
def test_the_filter_shows_one_verdict_and_a_link_to_a_hidden_one_shows_it_again(file):
    said = in_browser(
        file,
        """
        const shown = () => [...document.querySelectorAll("article")].filter(a => !a.hidden)
          .map(a => a.dataset.verdicts);
        const all = shown().length;
        document.querySelector("#filter [value=refuted]").click();
        const refuted = shown(), status = document.getElementById("shown").textContent;
        location.hash = "expected-utility";
        dispatchEvent(new Event("hashchange"));
        return {all, refuted, status, again: shown().length};
        """,
    )
    assert set(said["refuted"]) == {"refuted"}
    assert 0 < len(said["refuted"]) < said["all"] == said["again"]
    assert said["status"] == f"{len(said['refuted'])} statements"


@pytest.mark.long
@pytest.mark.browser
@browser
def test_a_search_shows_what_has_all_words_in_the_page_its_table_and_its_contents(file):
    said = in_browser(
        file,
        """
        const search = document.getElementById("search");
        search.value = "CSR extension";
        search.dispatchEvent(new Event("input"));
        const left = [...document.querySelectorAll("article")].filter(one => !one.hidden);
        const of = kind => [...document.querySelectorAll(kind + "[data-of]")]
          .filter(one => !one.hidden).map(one => one.dataset.of);
        return {left: left.map(one => one.id), rows: of("tr"), entries: of("li"),
                all: left.every(one => /csr/i.test(one.textContent)
                                       && /extension/i.test(one.textContent)),
                missed: [...document.querySelectorAll("article")].filter(one => one.hidden)
                  .some(one => /csr/i.test(one.textContent) && /extension/i.test(one.textContent))};
        """,
    )
    assert said["left"] == said["rows"] == said["entries"]
    assert len(said["left"]) > 1
    assert said["all"]
    assert not said["missed"]


@pytest.mark.long
@pytest.mark.browser
@browser
@pytest.mark.parametrize("width", [390, 1400])
def test_a_page_has_its_contents_beside_it_or_at_the_top_and_a_way_back(file, width):
    said = in_browser(
        file,
        """
        const box = selector => document.querySelector(selector).getBoundingClientRect();
        const shown = [...document.querySelectorAll("tbody td[data-head=Evidence]")]
          .filter(one => one.textContent).every(one => one.getBoundingClientRect().width > 0);
        return {contents: box(".contents").width, main: box("main").left, top: box(".top").width,
                back: document.querySelector(".top").getAttribute("href"), shown};
        """,
        width=width,
    )
    assert said["top"] > 40
    assert said["back"] == "#top"
    assert said["shown"], "no column is left out on a phone"
    assert (said["contents"] > 200) == (width == 1400)
    assert said["main"] >= said["contents"]


@pytest.mark.long
@pytest.mark.browser
@browser
@pytest.mark.parametrize("width", [390, 1000])
def test_nothing_is_wider_than_the_window_and_text_is_not_tiny(file, width):
    said = in_browser(
        file,
        """
        for (const one of document.querySelectorAll("details")) one.open = true;
        const small = [...document.querySelectorAll("p, li, td, text, summary")]
          .filter(e => !e.closest("figure") && parseFloat(getComputedStyle(e).fontSize) < 12);
        return {window: innerWidth, page: document.documentElement.scrollWidth,
                small: small.length};
        """,
        width=width,
    )
    assert (said["window"], said["small"]) == (width, 0)
    assert said["page"] <= width


@pytest.mark.long
@pytest.mark.browser
@browser
def test_text_has_contrast_in_light_and_dark(file):
    script = """
        const rgb = text => text.match(/[0-9.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
          .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
        const behind = e => { for (; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor);
          if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
        let least = 99;
        for (const e of document.querySelectorAll("p, li, td, h2, .verdict, code, .graph text")) {
          if (e.closest("figure")) continue;
          const style = getComputedStyle(e);
          const a = light(rgb(e.matches("text") ? style.fill : style.color));
          const b = light(behind(e));
          least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
        }
        return {least, page: light(rgb(getComputedStyle(document.body).backgroundColor))};
    """
    light, dark = (in_browser(file, script, dark=dark) for dark in (False, True))
    assert light["page"] > 0.9
    assert dark["page"] < 0.1
    assert min(light["least"], dark["least"]) >= 4.5


@pytest.mark.long
@pytest.mark.browser
@browser
def test_every_node_of_a_graph_takes_the_focus_and_shows_its_edges(file):
    said = in_browser(
        file,
        """
        for (const one of document.querySelectorAll("details")) one.open = true;
        const nodes = [...document.querySelectorAll("[data-row]")];
        const focused = nodes.filter(node => {
          node.focus();
          return document.activeElement === node;
        });
        const graph = document.querySelector(".graph");
        const node = graph.querySelector("[data-row='0']");
        graph.dispatchEvent(new Event("pointerleave"));
        node.dispatchEvent(new Event("focusin", {bubbles: true}));
        const on = [...graph.querySelectorAll("path.on")].map(path => path.dataset.from);
        const want = graph.querySelectorAll("[data-from='0'], [data-to='0']").length;
        return {nodes: nodes.length, focused: focused.length, on, want};
        """,
    )
    assert said["nodes"] == said["focused"] > 0
    assert len(said["on"]) == said["want"] > 0
