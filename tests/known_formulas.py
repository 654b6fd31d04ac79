"""Which shipped statements the known formulas are those of, and recording them anew.

`python -m tests.known_formulas` writes the file of known formulas
(`spi_verify/counterexamples/statements/known_formulas.json`) from the suites, and the paper's
`meanings.json`.
Before that, read the function that settles, searches or tells the formula that has changed: what
it checks has to be what the formula says now.
"""

import json
from pathlib import Path

from spi_verify.counterexamples.iterated.confirming import case, response
from spi_verify.counterexamples.iterated.confirming import examination as iterated
from spi_verify.counterexamples.polytopes.confirming import examination as polytopes
from spi_verify.counterexamples.polytopes.confirming import hypotheses
from spi_verify.counterexamples.programs.confirming import examination, whole
from spi_verify.counterexamples.programs.finding import enumeration
from spi_verify.counterexamples.sets import confirming as sets
from spi_verify.counterexamples.statements import known
from spi_verify.counterexamples.statements.claimed import meaning
from spi_verify.counterexamples.statements.labels import recorded
from spi_verify.counterexamples.statements.meanings import MEANINGS as MEANINGS_FILE
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.papers.paper import shipped_papers

FILE = Path(known.__file__).parent / "known_formulas.json"
MEANINGS = shipped_papers()["program-games"].folder / MEANINGS_FILE

GOALS = {
    "concession-is-efficient": "prop-5-efficient-point",
    "csr-is-no-loss": "thm-3-wlog-csr",
    "extended-pays-the-pmm": "thm-3-pmm",
    "extended-is-equilibrium": "thm-3-equilibrium",
    "extension-hurts-nobody": "thm-3-improves",
    "pmm-is-guaranteed": "prop-4-pmm",
    "printed-functions-select-the-same": "app-c",
    "program-is-best-response": "prop-5-best-response",
    "projections-are-nonempty": "def-6-nonempty",
    "projections-are-offered": "thm-3-inclusion",
    "projections-meet": "def-6-meet",
    "renegotiators-are-equilibrium": "prop-2",
    "selection-is-transitive": "sel-transitive-nash",
    "transformation-is-spi": "prop-1",
    "tight-equilibrium-exists": "prop-5",
}
"""For each label a statement with that conclusion."""


def known_formulas():
    """Return what the file should hold: these conclusions, and hypotheses that code is for."""
    shipped = {s.id: s for s in load_shipped() if isinstance(s, Statement)}
    hypotheses = {h.name: h for s in shipped.values() for h in s.hypotheses}
    return recorded(
        {label: shipped[id].goal.formula for label, id in GOALS.items()},
        [hypotheses[label] for label in sorted(spoken_of())],
    )


def meanings():
    """Return what the paper's file of meanings should hold."""
    shipped = {s.id: meaning(s) for s in load_shipped() if isinstance(s, Statement)}
    return {
        id: {
            "goal": one.goal,
            "hypotheses": dict(one.hypotheses),
            "definitions": list(one.definitions),
        }
        for id, one in shipped.items()
        if polytopes.applies(one) or iterated.applies(one)
    }


def spoken_of():
    """Return the labels of hypotheses for which there is code."""
    return {
        *enumeration.SUPPOSED,
        *case.Case.checked,
        *response.Response.checked,
        *hypotheses.CHECKS,
        *examination.LAWFUL,
        examination.REFUSING,
        *sets.CHECKS,
        *whole.KNOWN,
    }


if __name__ == "__main__":
    for _ in range(2):  # what statements mean is read with the labels that were just written
        FILE.write_text(json.dumps(known_formulas(), indent=1) + "\n", encoding="utf-8")
        known._file.cache_clear()
        known._labels.cache_clear()
    MEANINGS.write_text(json.dumps(meanings(), indent=1) + "\n", encoding="utf-8")
