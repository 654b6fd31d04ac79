"""Have Coq check the proofs of all shipped statements, or of those whose text is new.

    python .ci/coq.py           # ask coqc about texts that it has not accepted before
    python .ci/coq.py --all     # ask about every statement

What coqc accepts is noted in `coq.json` beside this file: the digest of the text, coqc's version,
the seconds that it took. Exits with 1 if a proof is rejected, or if there is no coqc and a text is
new.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from spi_verify.obligations.certificates.coq.file import coq_of

ROOT = Path(__file__).parent.parent
NOTED = Path(__file__).parent / "coq.json"


def version() -> str | None:
    """Return what coqc calls itself, or None where it is not installed."""
    if shutil.which("coqc") is None:
        return None
    said = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[0]


def asked(text: str) -> tuple[str, int]:
    """Return what is wrong with a proof, if anything is, and how many seconds coqc took."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "proof.v").write_text(text)
        done = subprocess.run(
            ["coqc", "-q", "proof.v"], cwd=folder, capture_output=True, text=True, check=False
        )
    wrong = "" if done.returncode == 0 else done.stderr.strip() or f"exit code {done.returncode}"
    return wrong, round(time.perf_counter() - start)


def decide(everything: bool) -> int:
    """Ask about what has to be asked, note what is accepted, and return the exit code."""
    before: dict[str, Any] = json.loads(NOTED.read_text()) if NOTED.exists() else {}
    noted: dict[str, Any] = {}
    new = failed = 0
    installed = version()
    for file in sorted((ROOT / "proofs").glob("*/certificates/*.certificates")):
        name = file.relative_to(ROOT / "proofs").as_posix()
        text = coq_of(file.read_text(), file.stem)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not everything and before.get(name, {}).get("sha256") == digest:
            noted[name] = before[name]
            continue
        new += 1
        if installed is None:
            print(f"{name}: coqc is not installed")
            failed += 1
            continue
        wrong, seconds = asked(text)
        said = f"REJECTED: {wrong}" if wrong else "accepted"
        print(f"{name}: {said} in {seconds} s, {len(text):,} bytes", flush=True)
        failed += bool(wrong)
        if not wrong:
            noted[name] = {"sha256": digest, "coqc": installed, "seconds": seconds}
        NOTED.write_text(json.dumps({**before, **noted}, indent=1, sort_keys=True) + "\n")
    NOTED.write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n")
    print(f"{len(noted)} proofs accepted by coqc, of which {len(noted) - new + failed} before")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(decide(everything=sys.argv[1:] == ["--all"]))
