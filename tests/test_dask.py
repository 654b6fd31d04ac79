"""A Dask cluster gives the answers of a local run, whatever happens to its workers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import MODELS

from spi_verify import executors
from spi_verify.audit import readings, rows, searches
from spi_verify.counterexamples import workers
from spi_verify.counterexamples.workers import Suites
from spi_verify.errors import InputError
from spi_verify.executors import Died, ask, working
from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.obligations.running import run as run_all
from spi_verify.papers.choosing import choose
from spi_verify.papers.definitions import variant
from spi_verify.papers.paper import shipped_papers
from spi_verify.solvers import Answer, SolverDisagreement, Status, check_agreement
from spi_verify.theory import PAPER
from spi_verify.verdicts import Verdict

pytestmark = pytest.mark.long  # every test starts processes

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

ROOT = Path(__file__).parent.parent
LONG = 60
MANY = ["prop-1", "def-6-nonempty", "thm-3-improves", "expected-utility"]
SUITE = """
from z3 import Const
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome

a, b = Const("a", Outcome), Const("b", Outcome)

def statements(theory):
    goal = Step("goal", theory.weakly_improves(LEFT, RIGHT), ["weakly_improves"])
    supposed = Hypothesis("efficient", theory.efficient(a), "a is efficient.")
    return [
        Statement(
            id="mine", title="Mine", theory=theory, hypotheses=(supposed,),
            definitions=("weakly_improves",), steps=(goal,),
        )
    ]
"""


class Dask:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        file = folder / "scheduler.json"
        self.scheduler = self.start("scheduler", "--port", "0", "--scheduler-file", file)
        self.address = wait_for(lambda: file.exists() and json.loads(file.read_text())["address"])
        self.place = self.address.replace("tcp://", "dask://")
        self.client = distributed.Client(self.address, set_as_default=False)

    def start(self, kind, *arguments):
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.dask_{kind}"),
                *("--host", "127.0.0.1", "--no-dashboard"),
                *map(str, arguments),
            ],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def have_workers(self, count, *arguments):
        for _ in range(len(self.client.nthreads()), count):
            self.start("worker", self.address, "--nthreads", "1", "--no-nanny", *arguments)
        self.client.wait_for_workers(count, timeout=LONG)

    def pids(self):
        return self.client.run(os.getpid)

    def kill_worker(self):
        self.processes[-1].kill()
        wait_for(lambda: not self.client.nthreads())

    def tasks(self):
        """How much the scheduler knows of in each state."""

        def states(dask_scheduler):
            return [task.state for task in dask_scheduler.tasks.values()]

        return Counter(self.client.run_on_scheduler(states))

    def stop(self):
        with suppress(TimeoutError):
            self.client.close(timeout=1)
        for process in self.processes:
            process.kill()
            process.wait(LONG)


def wait_for(condition):
    until = time.monotonic() + LONG
    while not (found := condition()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return found


ONGOING = Counter({"processing": LONG, "queued": LONG, "waiting": LONG, "no-worker": LONG})


def idle(pid):
    """Whether a process waits, and does nothing else."""
    before = psutil.Process(pid).cpu_times()
    time.sleep(0.3)
    return psutil.Process(pid).cpu_times().user - before.user < 0.05


@contextmanager
def frozen(pids):
    """Processes that do nothing for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def dask_in(folder):
    cluster = Dask(folder)
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """Two workers; a test that kills one starts another."""
    with dask_in(tmp_path_factory.mktemp("dask")) as cluster:
        cluster.have_workers(2)
        yield cluster


@pytest.fixture(scope="module")
def cluster(dask):
    with working(dask.place, 1) as (executor, _):
        yield executor


def told(outcomes):
    """Everything that a run says, but how long it took."""
    return [
        (
            one.statement.id,
            one.result.verdict,
            one.result.evidence,
            one.result.reason,
            one.result.hypotheses_used,
            one.used,
            one.witness and one.witness.sizes,
            {
                name: (step.z3, step.cvc5, step.core, step.rechecked, step.reason)
                for name, step in one.decisions.items()
            },
        )
        for one in outcomes
    ]


def chosen(*targets):
    return choose(targets, PAPER)[0]


def without_times(text):
    document = json.loads(text)
    for result in results_in(document):
        del result["seconds"]
    return document


def results_in(document):
    """The results of a run, or of an audit without repaired readings."""
    return document.get("results") or [one["literal"] for one in document["statements"]]


# Proofs


def test_a_worker_killed_in_the_middle_changes_nothing(dask):
    statements = chosen("prop-1", "expected-utility")
    started, ended = [], []
    some_ended = threading.Event()
    worker, pid = min(dask.pids().items())
    lost = []

    def listener(name, starts):
        if not started:
            # A frozen worker finishes nothing, so the run cannot end before it is killed.
            os.kill(pid, signal.SIGSTOP)
        (started if starts else ended).append(name)
        if len(ended) == 3:
            some_ended.set()

    def kill():
        some_ended.wait(LONG)
        lost.extend(wait_for(lambda: dask.client.processing().get(worker)))
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with working(dask.place, 1) as (executor, jobs):
        found = run_all(statements, jobs=jobs, listener=listener, executor=executor)
    killer.join()
    dask.have_workers(2)
    assert lost
    assert all(key.startswith("spi-verify-") for key in lost)
    assert told(found) == told(run_all(statements, jobs=2))
    assert sorted(started) == sorted(ended)
    assert len(set(ended)) == len(ended)


def test_the_command_says_what_it_says_without_a_cluster(run, dask):
    command = ["prove", "expected-utility", "ex-4.3", "--no-cache", "--json", "-"]
    here, there = run(*command), run(*command, "--executor", dask.place)
    assert here.code == there.code == 0
    assert without_times(here.out) == without_times(there.out)


def test_answers_are_kept_here_and_found_again_without_the_cluster(cluster, tmp_path):
    cache = Cache(tmp_path)
    statements = chosen("expected-utility")
    run_all(statements, jobs=2, cache=cache, executor=cluster)
    (again,) = run_all(statements, cache=cache, executor=None)
    assert all(decision.cached for decision in again.decisions.values())


def test_work_that_kills_its_workers_is_not_done_for_ever(dask, cluster):
    with pytest.raises(Died, match="2 workers that worked on it died"):
        ask(cluster, os._exit, 1)
    dask.have_workers(2)
    assert ask(cluster, divmod, 7, 2) == (3, 1)


class Deadly(Executor):
    """Kills the workers of every question in which a word occurs."""

    def __init__(self, word):
        self.word = word

    def submit(self, function, /, *args, **kwargs):
        future = Future()
        if self.word in str(args[0]):
            future.set_exception(Died("2 workers that worked on it died"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


def test_one_question_that_kills_workers_is_unknown_and_not_kept(tmp_path):
    statements = chosen("prop-1/repaired", "expected-utility")
    cache = Cache(tmp_path)
    deadly, fine = run_all(statements, cache=cache, executor=Deadly("fact:somebody-gains"))
    assert deadly.result.verdict is Verdict.UNKNOWN
    assert "2 workers that worked on it died" in deadly.result.reason
    assert fine.result.verdict is Verdict.PROVED
    again = run_all(statements, cache=cache)
    assert told(again) == told(run_all(statements))


def test_a_question_about_a_structure_that_kills_workers_leaves_consistency_open():
    (outcome,) = run_all(chosen("expected-utility"), executor=Deadly("witness:two players"))
    assert outcome.result.verdict is Verdict.PROVED
    assert outcome.result.consistency_open
    assert "workers that worked on it died" in outcome.result.reason


def test_solvers_that_disagree_on_a_worker_leave_their_text_here(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sat, unsat = Answer("z3", Status.SAT), Answer("cvc5", Status.UNSAT)
    with pytest.raises(SolverDisagreement, match="z3 says sat and cvc5 says unsat") as raised:
        ask(cluster, check_agreement, "(assert true)", sat, unsat)
    assert Path(raised.value.file).parent == tmp_path
    assert Path(raised.value.file).read_text() == "(assert true)"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_run_that_is_stopped_leaves_nothing_to_do(dask, tmp_path, number):
    process = subprocess.Popen(
        [sys.executable, "-m", "spi_verify", "prove", *MANY, "--executor", dask.place],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    answers = tmp_path / "spi-verify" / "answers"
    wait_for(lambda: answers.is_dir() and any(answers.glob("*.json")))
    with frozen(dask.pids().values()):
        wait_for(lambda: idle(process.pid) and dask.tasks() & ONGOING)
        process.send_signal(number)
        _, errors = process.communicate(timeout=LONG)
        wait_for(lambda: not dask.tasks() & ONGOING)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert errors.splitlines() == [
            "spi-verify: interrupted; finished steps are kept, the same command goes on from them"
        ]


def test_the_commands_of_the_page_work(run, dask):
    page = (ROOT / "docs" / "ci.md").read_text()
    section = page.partition("## More than one machine")[2].partition("\n## ")[0]
    commands = re.findall(r"^    spi-verify (.*)$", section, re.M)
    assert len(commands) == 2
    for command in commands:
        words = command.replace("dask://HOST:8786", dask.place).split()
        assert dask.place in words
        assert run(*words).code == 0


# Searches


class Watched(Executor):
    """Notes what is given to another executor."""

    def __init__(self, executor):
        self.executor = executor
        self.given = []

    def submit(self, function, /, *args, **kwargs):
        self.given.append(function.__name__)
        return self.executor.submit(function, *args, **kwargs)


def test_an_audit_solves_and_searches_on_the_cluster_and_says_the_same(cluster, monkeypatch):
    some = chosen("prop-1", "expected-utility")
    monkeypatch.setattr(readings, "choose", lambda *_, **__: (some, [one.id for one in some]))
    monkeypatch.setattr(readings, "find_saved", lambda *_: None)
    paper = replace(shipped_papers()["program-games"], order=("prop-1", "expected-utility"))

    def audited(**where):
        there = readings.audit(paper, jobs=2, anew=True, **where)
        found = rows.to_json([one.row for one in there], {})
        for statement in found["statements"]:
            for reading in ("literal", "repaired"):
                if statement[reading]:
                    del statement[reading]["seconds"]
        return found

    watched = Watched(cluster)
    there = audited(executor=watched)
    assert set(watched.given) == {"decide_here", "find_finite_model", "ask_z3", "_on_worker"}
    assert there == audited()
    assert [one["literal"]["verdict"] for one in there["statements"]] == ["refuted", "proved"]


def test_searches_find_on_workers_what_they_find_here(cluster):
    statements = [one for one in chosen("prop-1", "prop-2") if one.expected != "proved"]
    with searches.searching(Suites(searches.again, (), (), ()), 1, cluster) as search:
        answers = [search(one) for one in statements]
        found = [answer().refutation for answer in answers]
    here = (searches.find(one, searches.BOUNDS) for one in statements)
    assert found == [one.refutation for one in here]
    assert all(found)


def test_a_search_that_kills_its_workers_found_nothing():
    with searches.searching(Suites(searches.again, (), (), ()), 1, Deadly("Suites")) as search:
        answer = search(chosen("prop-1")[0])()
    assert answer.refutation is None
    assert "died" in answer.reason


def test_refute_says_what_it_says_without_a_cluster(run, dask, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(SUITE.replace("LEFT", "b").replace("RIGHT", "a"))
    (tmp_path / "changed.py").write_text("def mine(theory, x, a):\n    return x == a\n")
    monkeypatch.chdir(tmp_path)
    command = ["refute", "mine.py", "prop-1", "--with", "weakly_improves=changed.py:mine"]
    command += ["--game", MODELS / "chicken.toml", "--outcomes", "2", "--json", "-"]
    here, there = run(*command), run(*command, "--executor", dask.place)
    assert here.code == there.code
    assert without_times(here.out) == without_times(there.out)


def own_paper(folder):
    """Write a paper with a definition, a formula for granted, and a saved counterexample."""
    folder.mkdir()
    (folder / "paper.toml").write_text(
        'title = "Ours"\n[definitions]\n'
        'as_good = "definitions.py:as_good"\ngranted = "definitions.py:granted"\n'
    )
    (folder / "definitions.py").write_text(
        """
import z3
from spi_verify.theory import axiom, define
from spi_verify.theory.signature import Outcome, Player, u

i, a = z3.Const("i", Player), z3.Const("a", Outcome)


@define(Outcome, Outcome)
def as_good(theory, x, a):
    return theory.weakly_improves(x, a)


@axiom()
def granted(theory):
    return z3.ForAll([i, a], u(i, a) >= 3)
"""
    )
    suite = SUITE.replace("LEFT", "b").replace("RIGHT", "a")
    suite = suite.replace("theory.weakly_improves(b, a)", "theory.as_good(b, a)")
    for used in ('["weakly_improves"]', '("weakly_improves",)'):
        suite = suite.replace(used, used[0] + '"as_good", "granted"' + used[-1])
    for id in ("mine", "saved"):
        (folder / f"{id}.py").write_text(suite.replace('"mine"', f'"{id}"'))
    return folder


SMALL = ["--players", "2", "--outcomes", "2"]


def test_a_paper_of_ones_own_is_proved_searched_and_audited_on_a_cluster_as_here(
    run, dask, tmp_path, monkeypatch
):
    """Its workers run in another folder than this process."""
    own_paper(tmp_path / "ours")
    monkeypatch.chdir(tmp_path)
    saving = ["refute", "ours", "saved", *SMALL, "--save", "ours/counterexamples"]
    assert run(*saving).code == 1
    stronger = tmp_path / "stronger.py"
    stronger.write_text("def as_good(theory, x, a):\n    return x == a\n")
    verdicts = []
    for command in (
        ["prove", "ours", "--no-cache"],
        ["refute", "ours", *SMALL, "--with", "as_good=stronger.py:as_good"],
        ["audit", "ours/", "--no-cache"],
    ):
        command += ["--json", "-"]
        here, there = run(*command), run(*command, "--executor", dask.place)
        assert here.code == there.code, there.err
        assert without_times(here.out) == without_times(there.out)
        found = results_in(json.loads(there.out))
        verdicts.append({one["id"]: one["verdict"] for one in found})
    assert verdicts[0]["saved"] == "refuted"
    assert verdicts[1] == verdicts[2] == {"mine": "refuted", "saved": "refuted"}


def test_a_worker_that_cannot_read_a_folder_says_what_to_do(run, dask, tmp_path, monkeypatch):
    folder = own_paper(tmp_path / "ours")
    submit = workers.Suites.submit

    def submit_late(suites, *arguments):
        if folder.exists():
            folder.rename(tmp_path / "elsewhere")
        return submit(suites, *arguments)

    monkeypatch.setattr(workers.Suites, "submit", submit_late)
    for command in (["refute", folder], ["audit", folder, "--no-cache"]):
        monkeypatch.undo()
        if not folder.exists():
            (tmp_path / "elsewhere").rename(folder)
        monkeypatch.setattr(workers.Suites, "submit", submit_late)
        found = run(*command, "--executor", dask.place)
        assert (found.code, len(found.err.splitlines())) == (2, 1), found.err
        assert "on worker tcp://127.0.0.1:" in found.err
        assert f"{folder}: there is no such file or folder here" in found.err
        assert "put it where every worker finds it" in found.err


def test_refute_on_a_cluster_says_that_workers_died(run, monkeypatch):
    @contextmanager
    def deadly(_, jobs):
        yield Deadly("Suites"), jobs

    monkeypatch.setattr(executors, "working", deadly)
    found = run("refute", "prop-1", "--executor", "dask://there:1")
    assert found.code == 3
    assert "2 workers that worked on it died" in found.out


def test_a_worker_without_the_files_says_so(run, dask, tmp_path, monkeypatch):
    file = tmp_path / "changed.py"
    file.write_text("def mine(theory, x, a):\n    return x == a\n")
    replacement = f"weakly_improves={file}:mine"
    submit = workers.Suites.submit

    def submit_late(suites, *arguments):
        file.unlink(missing_ok=True)
        return submit(suites, *arguments)

    monkeypatch.setattr(workers.Suites, "submit", submit_late)
    found = run("refute", "prop-1", "--with", replacement, "--executor", dask.place)
    assert found.code == 2
    assert found.err.startswith("spi-verify: on worker tcp://127.0.0.1:")
    assert found.err.endswith(f"{file}: --with weakly_improves: there is no such file\n")
    assert len(found.err.splitlines()) == 1


def test_a_worker_with_another_file_refuses_to_search(cluster, tmp_path):
    file = tmp_path / "changed.py"
    file.write_text("def mine(theory, x, a):\n    return x == a\n")
    replacements = (f"weakly_improves={file}:mine",)
    statements, _ = choose(["prop-1"], variant(replacements))
    with searches.searching(Suites(searches.again, (), replacements, ()), 1, cluster) as search:
        assert search(statements[0])().seconds > 0
    file.write_text("def mine(theory, x, a):\n    return x != a\n")
    with (
        searches.searching(Suites(searches.again, (), replacements, ()), 1, cluster) as search,
        pytest.raises(InputError, match=r"on worker tcp://.*: prop-1 is another statement here"),
    ):
        search(statements[0])()


# What can be wrong


@pytest.mark.parametrize(
    "place",
    [
        "there:8786",
        "dask://",
        "dask://there",
        "dask://there:0",
        "dask://there:65536",
        "dask://there:x",
        "dask://a b:1",
        "dask://u@there:1",
        "dask://there:1/x",
        "tcp://there:1",
    ],
)
def test_a_malformed_address_is_one_line(run, place):
    found = run("prove", "prop-1", "--executor", place)
    assert found.code == 2
    assert found.err == f"spi-verify: --executor {place}: write dask://HOST:PORT\n"


def test_without_dask_the_message_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    found = run("audit", "--executor", "dask://there:8786")
    assert found.code == 2
    assert found.err.endswith("install it with pip install 'spi-verify[dask]'\n")
    assert len(found.err.splitlines()) == 1


def test_nothing_of_dask_is_imported_unless_it_is_asked_for():
    code = (
        "import sys, spi_verify.commands.audit, spi_verify.audit.readings\n"
        "from spi_verify.executors import working\n"
        "with working(None, 1): print('distributed' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout == "False\n", shown.stderr


def test_nobody_there_is_one_line(run, monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 0.5)
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        nobody = f"dask://127.0.0.1:{silent.getsockname()[1]}"
        for listens in (False, True):
            if listens:
                silent.listen()
            found = run("refute", "prop-1", "--executor", nobody)
            assert found.code == 2
            assert "no Dask scheduler answers there within 0.5 s" in found.err
            assert len(found.err.splitlines()) == 1


def test_a_worker_that_is_not_like_this_process_is_refused(cluster, monkeypatch):
    """As one that joins later may be."""
    other = {**executors.identity(), "z3": "1.0"}
    monkeypatch.setattr(executors, "identity", lambda: other)
    with pytest.raises(InputError, match=r"worker tcp://\S+ has z3 \S+ and this program 1\.0; "):
        ask(cluster, divmod, 7, 2)


def identity_now():
    digest_of_code.cache_clear()
    return executors.identity.__wrapped__()


def test_a_changed_suite_is_another_spi_verify(tmp_path, monkeypatch):
    """The version would be the same."""
    here = identity_now()
    assert here == identity_now()
    suites = tmp_path / "proofs"
    shutil.copytree(ROOT / "proofs", suites)
    monkeypatch.setattr("spi_verify.obligations.cache.shipped", lambda _: suites)
    assert identity_now() == here
    with (suites / "program_games" / "prop_1.py").open("a") as file:
        file.write("# changed\n")
    assert identity_now()["files of spi-verify"] != here["files of spi-verify"]
    monkeypatch.undo()
    assert identity_now() == here


def test_a_cluster_is_refused_until_all_its_workers_will_do_and_its_end_ends_a_run(run, tmp_path):
    with dask_in(tmp_path) as dask:

        def refused():
            found = run("prove", "prop-1", "--executor", dask.place)
            assert found.code == 2
            assert len(found.err.splitlines()) == 1
            return found.err

        assert "the cluster has no workers" in refused()

        preload = tmp_path / "preload.py"
        preload.write_text("import sys\nsys.modules['spi_verify'] = None\n")
        dask.have_workers(1, "--preload", preload)
        assert "cannot run spi-verify (" in refused()
        dask.kill_worker()

        preload.write_text(
            "import spi_verify.executors as executors\n"
            "executors.versions = lambda: {'z3': '1.2.3', 'cvc5': '1'}\n"
        )
        dask.have_workers(1, "--preload", preload)
        assert "has z3 1.2.3 and this program" in refused()
        dask.kill_worker()

        dask.have_workers(1)
        statements, ended = chosen("thm-3-improves", "expected-utility"), []

        def listener(name, starts):
            if not starts:
                ended.append(name)
            if len(ended) == 2:
                dask.scheduler.kill()

        cache = Cache(tmp_path / "cache")
        with (
            working(dask.place, 1) as (executor, jobs),
            pytest.raises(InputError, match="the connection to it was lost"),
        ):
            run_all(statements, jobs=jobs, cache=cache, listener=listener, executor=executor)
    kept = [
        one for outcome in run_all(statements, cache=cache) for one in outcome.decisions.values()
    ]
    assert 2 <= sum(one.cached for one in kept) < len(kept)


def test_a_cluster_without_workers_for_long_ends_a_run(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "PAUSE", 0.1)
    monkeypatch.setattr(executors, "ALONE", 0.3)
    with dask_in(tmp_path) as dask:
        dask.have_workers(1)
        with working(dask.place, 1) as (executor, _):
            future = executor.submit(time.sleep, 10 * LONG)
            dask.processes[-1].kill()
            with pytest.raises(InputError, match=r"there was no worker for 0\.3 s"):
                future.result(LONG)
            with pytest.raises(InputError, match="there was no worker"):
                executor.submit(divmod, 7, 2)
