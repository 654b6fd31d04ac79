"""Run the benchmarks, and print one table.

Run from the root of the repository::

    python -m benchmarks [NAME]... [--json FILE] [--against FILE]

NAME is the name of a file in this folder; without one, all run, each in a process of its own. A
ratio compares with a baseline in the same run, so that it means something on any machine; the
seconds do not, and both want a machine that does nothing else. ``--json`` writes the table, and
``--against`` compares with one written before. The peak of a process's memory is that of the
benchmark, or of the largest command that it starts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.measured import Measured, run_benchmark

NAMES = (
    "commands",
    "prove_suite",
    "overhead",
    "refutation",
    "programs",
    "tightness",
    "improve",
    "bargaining",
    "long_decimals",
    "large_pure_games",
)
SCHEMA = "spi-verify/benchmarks/1"


def told(row: Measured, before: Mapping[str, float]) -> str:
    """Return the line of a row, with the seconds of another table beside its own."""
    cells = [f"{row.what[:50]:50} {row.size[:22]:22} {row.seconds:10.3f}"]
    ratio = "" if row.ratio is None else f"{row.ratio:8.2f} x {row.baseline}"
    cells.append(f"{ratio[:34]:34}")
    cells.append(f"{'' if row.growth is None else f'{row.growth:.2f}':>6}")
    earlier = before.get(f"{row.what} / {row.size}")
    if earlier:
        cells.append(f" {earlier:10.3f} {row.seconds / earlier:6.2f}")
    return " ".join(cells).rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table")
    parser.add_argument("--against", type=Path, metavar="FILE", help="an earlier table")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        sys.exit(f"there is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}")
    before: dict[str, float] = {}
    if options.against is not None:
        rows = json.loads(options.against.read_text(encoding="utf-8"))["rows"]
        before = {f"{row['what']} / {row['size']}": row["seconds"] for row in rows}
    more = f" {'before':>10} {'now':>6}" if before else ""
    print(f"{'':50} {'size':22} {'seconds':>10} {'as long as its baseline':34} {'grows':>6}{more}")
    written, peaks = [], {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        for name in options.names or NAMES:
            rows, peak = pool.submit(run_benchmark, name).result()
            for row in rows:
                print(told(row, before), flush=True)
            print(f"  {name}: peak memory {peak:.0f} MiB", flush=True)
            written += [{"benchmark": name, **asdict(row), "ratio": row.ratio} for row in rows]
            peaks[name] = peak
    if options.json is not None:
        document = {"schema": SCHEMA, "rows": written, "peak_mib": peaks}
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
