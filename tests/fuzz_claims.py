"""Random claims of all kinds, decided by ``spi_verify`` and by brute force.

    python tests/fuzz_claims.py --cases 2000 --seed 1

Model files are written, read and checked as ``spi-verify check`` does it, counterexamples are
saved and replayed, and ``tests/oracle`` says what is right. The exit code is 1 if there is a
difference; the model files of all differences are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from oracle.claims import Oracle
from oracle.game import satisfied
from oracle.generate import model
from oracle.writing import toml

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import read_model
from spi_verify.counterexamples.replay import replay
from spi_verify.errors import InputError, Rejected
from spi_verify.verdicts import Result, Verdict

BATCH = 50
"""So many model files in a row are made from one seed; ``--jobs`` share such batches."""


@dataclass
class Tally:
    """What came out, by kind, feasible set, number of players, and whether there are parameters."""

    counts: dict[tuple[str, str, int, bool], Counter[str]] = field(default_factory=dict)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def add(self, key: tuple[str, str, int, bool], what: str) -> None:
        self.counts.setdefault(key, Counter())[what] += 1

    def join(self, other: Tally) -> None:
        for key, counts in other.counts.items():
            self.counts.setdefault(key, Counter()).update(counts)
        self.reasons.update(other.reasons)
        self.differences.extend(other.differences)

    def total(self, what: str = "cases") -> int:
        return sum(counts[what] for counts in self.counts.values())

    def table(self) -> Iterator[str]:
        """Return the lines of the table."""
        heads = ("cases", "proved", "refuted", "unknown", "vacuous", "unsettled", "differences")
        yield f"{'kind':<36}{'feasible':<12}{'n':<3}" + "".join(f"{h:>12}" for h in heads)
        for (kind, feasible, n, parameters), counts in sorted(self.counts.items()):
            name = kind + (" (parameters)" if parameters else "")
            yield f"{name:<36}{feasible:<12}{n:<3}" + "".join(f"{counts[h]:>12}" for h in heads)
        yield f"{'all':<51}" + "".join(f"{self.total(h):>12}" for h in heads)
        for (kind, reason), count in sorted(self.reasons.items()):
            yield f"unknown {count:>6}  {kind}: {reason}"


def check_both_ways(written: Mapping[str, Any], tally: Tally, folder: Path) -> None:
    """Check one model file, given as what is to be written, in both ways."""
    path, text = folder / "m.toml", toml(written)
    path.write_text(text, encoding="utf-8")
    data = tomllib.loads(text, parse_float=str)
    n = _players(data)
    parameters = "parameters" in data
    oracle = None if parameters else Oracle(data)
    results: Iterator[Result] | list[Result]
    try:
        results = check_model(read_model(path))
    except InputError as error:
        results = [Result(c["name"], Verdict.ERROR, reason=str(error)) for c in data["claims"]]
    claims = zip(data["claims"], written["claims"], results, strict=True)
    for claim, shown, result in claims:
        key = (claim["kind"], data.get("feasible", "pure"), n, parameters)
        tally.add(key, "cases")
        tally.add(key, str(result.verdict))
        if result.verdict is Verdict.UNKNOWN:
            tally.reasons[claim["kind"], _abstract(result.reason or "")] += 1
        if oracle is None:
            wrong = _parametric(data, claim, result)
        else:
            answer = oracle.holds(claim)
            wrong = _difference(result, answer)
            if answer is None:
                tally.add(key, "unsettled")
        if wrong is None and result.verdict is Verdict.REFUTED:
            wrong = _replayed(result, folder)
        if wrong is not None:
            tally.add(key, "differences")
            tally.differences.append((wrong, {**written, "claims": [shown]}))


def _players(data: Mapping[str, Any]) -> int:
    table = data["game"]
    if "agreement" in table:
        return len(table["agreement"]["disagreement"])
    level, n = table["payoffs"], 0
    while isinstance(level[0], list):
        level, n = level[0], n + 1
    return n


def _abstract(reason: str) -> str:
    """Leave out names and numbers, so that reasons can be counted."""
    return re.sub(r"\(.*?\)|-?\d+(/\d+)?", "…", reason)[:150]


def _difference(result: Result, answer: bool | str | None) -> str | None:
    said = SAID.get(result.verdict)
    if said is None:
        return None if result.verdict is Verdict.UNKNOWN else f"{result.verdict}: {result.reason}"
    if answer is None or said == answer:
        return None
    return f"{result.verdict} ({result.reason}), but by brute force {answer}"


SAID = {Verdict.PROVED: True, Verdict.REFUTED: False, Verdict.VACUOUS: "vacuous"}


def _replayed(result: Result, folder: Path) -> str | None:
    path = folder / "counterexample.json"
    path.write_text(json.dumps(result.counterexample), encoding="utf-8")
    try:
        replay(path)
    except (InputError, Rejected) as error:
        return f"replay of the counterexample: {error}"
    return None


GRID = [Fraction(k, 2) for k in range(-3, 9)] + [Fraction(1, 3), Fraction(11, 7), Fraction(40)]


def _parametric(data: Mapping[str, Any], claim: Mapping[str, Any], result: Result) -> str | None:
    """Compare a verdict, the region and the values of the counterexample with every grid point."""
    if result.verdict is Verdict.UNKNOWN:
        return None
    if result.verdict is Verdict.ERROR:
        return f"error: {result.reason}"
    points = [{"c": c, "d": d} for c in GRID for d in GRID]
    if result.counterexample is not None:
        values = {k: Fraction(v) for k, v in result.counterexample["values"].items()}
        points.append({"c": Fraction(0), "d": Fraction(0)} | values)
    holds: dict[bool, int] = {True: 0, False: 0}
    for point in points:
        if not all(satisfied(text, point) for text in data["parameters"]["constraints"]):
            continue
        answer = bool(Oracle(data, point).holds(claim))
        holds[answer] += 1
        said = _said(result, point)
        if said is not None and said != answer:
            shown = ", ".join(f"{k} = {v}" for k, v in point.items())
            return f"{result.verdict} (region {result.region!r}), but at {shown} {answer}"
    if result.verdict is Verdict.VACUOUS and sum(holds.values()):
        return "vacuous, but there are values"
    if result.verdict is Verdict.REFUTED and not _said_false(data, claim, points[-1]):
        return "the counterexample's values do not refute the claim"
    return None


def _said(result: Result, point: Mapping[str, Fraction]) -> bool | None:
    if result.verdict is Verdict.PROVED:
        return True
    if result.region is None:
        return None
    return in_region(result.region, point)


def _said_false(
    data: Mapping[str, Any], claim: Mapping[str, Any], point: Mapping[str, Fraction]
) -> bool:
    admissible = all(satisfied(text, point) for text in data["parameters"]["constraints"])
    return admissible and Oracle(data, point).holds(claim) is False


def in_region(region: str, point: Mapping[str, Fraction]) -> bool:
    """Say whether values are in a region such as ``(c > 1/2 and d <= 1) or c = 0``."""
    if not region:
        return False
    return any(
        all(satisfied(text, point) for text in cell.strip("() ").split(" and "))
        for cell in region.split(" or ")
    )


SECTIONS = ("defaults", "mixtures", "renegotiation", "sets", "profiles", "subset-games")


def shrunk(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a model file without what the difference does not need."""
    for section in SECTIONS:
        for name in list(written.get(section, ())):
            rest = {k: v for k, v in written[section].items() if k != name}
            smaller = {**written, section: rest}
            if not rest:
                del smaller[section]
            if _differs(smaller):
                written = smaller
    return written


def _differs(written: Mapping[str, Any]) -> bool:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        try:
            check_both_ways(written, tally, Path(folder))
        except (KeyError, ValueError):  # something that is still needed is gone
            return False
    return any(not wrong.startswith("error") for wrong, _ in tally.differences)


def run(seed: int, cases: int, kind: str | None = None, first: int = 0, step: int = 1) -> Tally:
    """Check batches ``first``, ``first + step``, ... until there are so many claims."""
    tally, batch = Tally(), first
    with tempfile.TemporaryDirectory() as folder:
        while tally.total() < cases:
            rng = Random(f"{seed}/{batch}")
            for _ in range(BATCH):
                if tally.total() < cases:
                    check_both_ways(model(rng, kind), tally, Path(folder))
            batch += step
            if batch // step % 50 == 0:
                print(
                    f"{tally.total()} claims, {len(tally.differences)} differences", file=sys.stderr
                )
    return tally


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", help="only claims of this kind")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    tally = Tally()
    share = -(-given.cases // given.jobs)
    with ProcessPoolExecutor(given.jobs) as pool:
        parts = [
            pool.submit(run, given.seed, share, given.kind, job, given.jobs)
            for job in range(given.jobs)
        ]
        for part in parts:
            tally.join(part.result())
    print("\n".join(tally.table()))
    for wrong, written in tally.differences:
        print(f"\n# {wrong}\n{toml(shrunk(written))}", end="")
    print(f"\n{tally.total()} claims, {len(tally.differences)} differences")
    return 1 if tally.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
