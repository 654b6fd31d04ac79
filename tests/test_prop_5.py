"""What the proofs about Proposition 5 rest on."""

from __future__ import annotations

import pytest

from spi_verify.obligations.running import run
from spi_verify.papers.loading import load
from spi_verify.shipped import shipped
from spi_verify.theory import PAPER
from spi_verify.theory.iterated import ITERATED_DEFINITIONS
from spi_verify.verdicts import Evidence, Verdict

REPAIRED = ("prop-5/repaired", "prop-5-best-response/repaired")


def statements(theory=PAPER):
    return {s.id: s for s in load(shipped("proofs") / "program_games" / "prop_5.py", theory)}


@pytest.fixture(scope="module")
def outcomes(shipped_proofs):
    known = statements()
    decided = run([known[id] for id in REPAIRED], certificates=shipped_proofs)
    return {o.statement.id: o for o in decided}


@pytest.mark.long
@pytest.mark.parametrize("id", REPAIRED)
def test_the_repaired_readings_are_proved(id, outcomes):
    result = outcomes[id].result
    assert (result.verdict, result.evidence) == (Verdict.PROVED, Evidence.CHECKED), result.reason


def test_the_proof_needs_every_definition_of_the_construction(outcomes):
    """A definition that nothing rests on would be a sign that a step proves something else."""
    unused = set(outcomes["prop-5/repaired"].unused)
    own = {definition.name for definition in ITERATED_DEFINITIONS}
    listed = set(outcomes["prop-5/repaired"].statement.definitions)
    assert own & listed & unused == {"others_icsr", "iterated_extension"}


def test_optimality_is_derived_and_not_supposed(outcomes):
    """No hypothesis or definition but that of optimality speaks of what other programs earn."""
    statement = outcomes["prop-5/repaired"].statement
    for name, formula in statement.facts().items():
        if name not in ("certain", "optimal_under", "beliefs_complete"):
            assert "utility" not in formula.sexpr(), name
    assert all("optimal" not in h.formula.sexpr() for h in statement.hypotheses)
