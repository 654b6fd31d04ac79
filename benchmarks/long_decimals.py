"""Time negotiation domains whose numbers are floats as programs print them, with 17 digits.

Run from the root of the repository::

    python -m benchmarks.long_decimals [--issues 6]

Writes domains of ten values for each issue as GENIUS files, and runs ``show`` and ``check`` on
each, beside the same domain with all numbers rounded to two digits. Prints seconds and the peak of
memory of both. "Opposed": what is worth much to one is worth little to the other, so that most
agreements are efficient, or nearly; "divided": no evaluation is 1, so that each is divided by one
of 17 digits.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measured import Measured

VALUES = 10
MODEL = """
game = { domain = "domain.xml", profiles = ["a.xml", "b.xml"] }
[renegotiation]
settle = [{ from = "mismatch", to = "leximin" }]
package = [{ from = "inefficient", where = ["u1 <= 1/2"], to = "utilitarian" }]
[[claims]]
kind = "spi"
function = "settle"
[[claims]]
kind = "renegotiation-function"
function = "package"
[[claims]]
kind = "pmm"
payoffs = [0, 0]
expect = "refuted"
"""


def written(folder: Path, issues: int, kind: str, digits: int) -> Path:
    """Write a domain and a model that names it; equal but for the digits of its numbers."""
    source = random.Random(f"{issues} {kind}")
    folder.mkdir()

    def number(x: float) -> str:
        return f"{max(x, 0.01):.{digits}f}" if digits < 17 else repr(max(x, 0.01))

    def issue(k: int, worth: list[float] | None) -> str:
        items = (
            f'<item value="v{v}"'
            + ("/>" if worth is None else f' evaluation="{number(worth[v])}"/>')
            for v in range(VALUES)
        )
        return f'<issue index="{k + 1}" name="i{k}" type="discrete">{"".join(items)}</issue>'

    def space(inside: str) -> str:
        return f"<utility_space><objective>{inside}</objective>{RESERVE}</utility_space>"

    first = [[source.random() for _ in range(VALUES)] for _ in range(issues)]
    shares = [source.random() for _ in range(issues)]
    second = [[source.random() for _ in range(VALUES)] for _ in range(issues)]
    if kind == "opposed":
        second = [
            [1 - x * (1 - y / 100) for x, y in zip(*r, strict=True)]
            for r in zip(first, second, strict=True)
        ]
    for rows in (first, second):
        if kind != "divided":
            for row in rows:
                row[row.index(max(row))] = 1.0
    own = [x / sum(shares) for x in shares]
    for name, rows in (("a", first), ("b", second)):
        weights = "".join(
            f'<weight index="{k + 1}" value="{number(w)}"/>' for k, w in enumerate(own)
        )
        text = "".join(issue(k, row) for k, row in enumerate(rows)) + weights
        (folder / f"{name}.xml").write_text(space(text))
    (folder / "domain.xml").write_text(space("".join(issue(k, None) for k in range(issues))))
    model = folder / "model.toml"
    model.write_text(MODEL)
    return model


RESERVE = '<reservation value="0.3"/>'


def run(command: str, model: Path) -> tuple[float, float]:
    """Return the seconds and the peak of memory, in MiB, of a command on a model."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "spi_verify", command, str(model)], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, model
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def rows(issues: int = 6) -> Iterator[Measured]:
    """Iterate over both commands on each domain, beside the same one with two digits."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("random", "divided", "opposed"):
            models = [written(Path(folder) / f"{kind}-{d}", issues, kind, d) for d in (17, 2)]
            for command in ("show", "check"):
                (seconds, memory), (short, less) = (run(command, model) for model in models)
                size = f"10^{issues}: {memory:.0f}/{less:.0f} MiB"
                what = f"{command}, 17 digits: {kind}"
                yield Measured(what, size, seconds, "two digits", short)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--issues", type=int, default=6)
    for row in rows(parser.parse_args().issues):
        print(f"{row.what:30} {row.size:26} {row.seconds:7.2f} s {row.ratio:6.2f} x {row.baseline}")


if __name__ == "__main__":
    main()
