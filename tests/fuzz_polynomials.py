"""Random models whose payoffs are polynomials and quotients, against exact values on grids.

    python tests/fuzz_polynomials.py --models 500 --seed 1

Each model is one with linear payoffs in ``c`` and ``d`` (``tests/oracle``), in which texts such as
``(t**2 - 2)`` stand in the place of the two. Brute force evaluates the linear model at the values
that these texts have, computed here with fractions; sympy reads the regions.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import sympy
from fuzz_claims import _replayed
from oracle.claims import Oracle
from oracle.game import satisfied
from oracle.random_delegation import parametric_model
from oracle.random_games import parameter_model
from oracle.writing import toml

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import read_model
from spi_verify.verdicts import Result, Verdict

Values = dict[str, Fraction]
Curve = tuple[str, Callable[..., Fraction]]

ONE_PARAMETER: list[Curve] = [
    ("t", lambda t: t),
    ("t**2 - 2", lambda t: t * t - 2),
    ("t*(2 - t)", lambda t: t * (2 - t)),
    ("(t - 1)**2", lambda t: (t - 1) * (t - 1)),
    ("t**3 - t", lambda t: t * t * t - t),
    ("1/(t**2 + 1)", lambda t: 1 / (t * t + 1)),
    ("3*t/(t**2 + 2) - 1/2", lambda t: 3 * t / (t * t + 2) - Fraction(1, 2)),
    ("(t**2 - t - 1)**2/4", lambda t: (t * t - t - 1) ** 2 / 4),
    ("t^3 - 2", lambda t: t * t * t - 2),
    ("1", lambda _: Fraction(1)),
]
TWO_PARAMETERS: list[Curve] = [
    ("s*t", lambda s, t: s * t),
    ("s", lambda s, t: s),
    ("s + t", lambda s, t: s + t),
    ("s**2 - t", lambda s, t: s * s - t),
    ("s/(t**2 + 1)", lambda s, t: s / (t * t + 1)),
]
GRID = sorted({Fraction(k, d) for d in (1, 2, 3, 7) for k in range(-3 * d, 3 * d + 1)})
COARSE = [Fraction(k, 2) for k in range(-4, 7)] + [Fraction(1, 3), Fraction(11, 7)]


@dataclass
class Tally:
    """What came out, and what differs from brute force."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def bent(cell: Any, curves: Mapping[str, Curve]) -> Any:
    """Put the curves' texts in the place of c and d."""
    if isinstance(cell, list):
        return [bent(inner, curves) for inner in cell]
    if not isinstance(cell, str):
        return cell
    return re.sub(r"\b[cd]\b", lambda found: f"({curves[found[0]][0]})", cell)


def model(rng: Random) -> tuple[dict[str, Any], dict[str, Any], dict[str, Curve], tuple[str, ...]]:
    """Return a linear model, the same with curves, the curves, and the parameters' names."""
    data = (parameter_model if rng.random() < 0.7 else parametric_model)(rng)
    for k, claim in enumerate(data["claims"]):
        claim["name"] = f"c{k}"
    names = ("t",) if rng.random() < 0.75 else ("s", "t")
    pool = ONE_PARAMETER if len(names) == 1 else TWO_PARAMETERS
    curves = {"c": rng.choice(pool), "d": rng.choice(pool)}
    data = tomllib.loads(toml(data), parse_float=str)
    written = copy.deepcopy(data)
    written["game"]["payoffs"] = bent(data["game"]["payoffs"], curves)
    for name, subset in data.get("subset-games", {}).items():
        if "payoffs" in subset:
            written["subset-games"][name]["payoffs"] = bent(subset["payoffs"], curves)
    for claim in written["claims"]:
        if claim["kind"] == "pmm":
            claim["payoffs"] = bent(claim["payoffs"], curves)
    written["parameters"] = {
        "names": list(names),
        "constraints": bent(data["parameters"]["constraints"], curves),
    }
    return data, written, curves, names


def check_on_a_grid(rng: Random, tally: Tally, folder: Path) -> None:
    """Check one random model in both ways."""
    data, written, curves, names = model(rng)
    path = folder / "m.toml"
    path.write_text(toml(written), encoding="utf-8")
    results = list(check_model(read_model(path)))
    grid = GRID if len(names) == 1 else COARSE
    points: list[Values] = (
        [{"t": t} for t in grid]
        if len(names) == 1
        else [{"s": s, "t": t} for s in grid for t in grid]
    )
    for claim, result in zip(data["claims"], results, strict=True):
        tally.counts[str(result.verdict)] += 1
        tally.counts["regions"] += bool(result.region)
        if result.verdict is Verdict.UNKNOWN:
            tally.reasons[re.sub(r"\d+", "#", result.reason or "")[:90]] += 1
            continue
        wrong = _wrong(data, claim, result, curves, points)
        if wrong is None and result.verdict is Verdict.REFUTED:
            wrong = _replayed(result, folder)
        if wrong is not None:
            tally.differences.append(f"{wrong}\n{toml({**written, 'claims': [claim]})}")


def _wrong(
    data: Mapping[str, Any],
    claim: Mapping[str, Any],
    result: Result,
    curves: Mapping[str, Curve],
    points: list[Values],
) -> str | None:
    if result.verdict is Verdict.ERROR:
        return f"error: {result.reason}"
    member = region_reader(result.region) if result.region else None
    for point in points:
        answer = _answer(data, claim, curves, point)
        if answer is None:
            continue
        if result.verdict is Verdict.VACUOUS:
            return f"vacuous, but {point} is admissible"
        said = True
        if result.verdict is Verdict.REFUTED:
            if result.region is None:
                break
            said = member is not None and member(point)
        if said != answer:
            return f"{result.verdict} (region {result.region!r}), but at {point} {answer}"
    if result.counterexample is not None:
        found = result.counterexample["values"]
        if all(re.fullmatch(r"-?\d+(/\d+)?", text) for text in found.values()):
            point = {name: Fraction(text) for name, text in found.items()}
            if _answer(data, claim, curves, point) is not False:
                return "the counterexample's values do not refute the claim"
    return None


def _answer(
    data: Mapping[str, Any], claim: Mapping[str, Any], curves: Mapping[str, Curve], point: Values
) -> bool | None:
    """Return whether a claim holds at a point, or None where the point is not admissible."""
    arguments = [point[name] for name in ("s", "t") if name in point]
    at = {name: curve(*arguments) for name, (_, curve) in curves.items()}
    if not all(satisfied(text, at) for text in data["parameters"]["constraints"]):
        return None
    return bool(Oracle(data, at).holds(claim))


def region_reader(region: str) -> Callable[[Values], bool]:
    """Return what says whether rational values are in a region, as sympy reads its text."""
    text, *notes = region.split(", where ")
    roots: dict[str, Any] = {}
    for k, note in enumerate(notes):
        shown, polynomial, low, high = re.fullmatch(
            r"(\S+) is the root of (.+) between (\S+) and (\S+)", note
        ).groups()
        candidates = sympy.Poly(sympy.sympify(polynomial)).real_roots()
        (root,) = (r for r in candidates if sympy.Rational(low) < r < sympy.Rational(high))
        text = text.replace(shown, f"root{k}")
        roots[f"root{k}"] = root
    names = {name: sympy.Symbol(name) for name in ("s", "t", *roots)}
    cases = [
        [comparisons(part, names) for part in case.strip().removeprefix("(").split(" and ")]
        if " and " in case
        else [comparisons(case, names)]
        for case in (_unwrapped(case) for case in text.split(" or "))
    ]

    def member(point: Values) -> bool:
        at = {names[n]: sympy.Rational(v.numerator, v.denominator) for n, v in point.items()}
        at |= {names[n]: root for n, root in roots.items()}
        return any(
            all(_holds(op, a.subs(at), b.subs(at)) for part in case for op, a, b in part)
            for case in cases
        )

    return member


def _unwrapped(case: str) -> str:
    return case[1:-1] if " and " in case and case.startswith("(") and case.endswith(")") else case


def comparisons(text: str, names: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Read a chain of comparisons."""
    parts = re.split(r"(<=|>=|!=|<|>|=)", text)
    sides = [sympy.sympify(side, locals=dict(names)) for side in parts[::2]]
    return list(zip(parts[1::2], sides, sides[1:], strict=False))


def _holds(relation: str, one: Any, other: Any) -> bool:
    sign = int(sympy.sign(one - other))
    return {
        "<": sign < 0,
        "<=": sign <= 0,
        ">": sign > 0,
        ">=": sign >= 0,
        "=": sign == 0,
        "!=": sign != 0,
    }[relation]


def run(seed: int, models: int, first: int = 0) -> Tally:
    """Check so many models, from a number on."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for k in range(first, first + models):
            check_on_a_grid(Random(f"{seed}/{k}"), tally, Path(folder))
            if (k + 1) % 50 == 0:
                print(f"{k + 1} models, {len(tally.differences)} differences", file=sys.stderr)
    return tally


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first model")
    given = parser.parse_args()
    tally = run(given.seed, given.models, given.first)
    print(dict(tally.counts))
    for reason, count in tally.reasons.most_common():
        print(f"unknown {count}: {reason}")
    for wrong in tally.differences:
        print(f"\n# {wrong}")
    print(f"{given.models} models, {len(tally.differences)} differences")
    return 1 if tally.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
