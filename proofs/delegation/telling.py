"""How the conclusions fail of this paper's statements, told as games."""

from oc_thm_1 import plainly_played
from telling_games import (
    isomorphisms_differ,
    not_symmetric,
    nothing_moves,
    wrong_threat,
)
from telling_outcomes import never_strict, not_for_every_distribution

from spi_verify.counterexamples.structures_told import StructureTeller

TELLERS = {
    "def-2": StructureTeller(not_for_every_distribution),
    "oc-def-1-strict": StructureTeller(never_strict),
    "oc-def-5": StructureTeller(nothing_moves),
    "oc-iso-symmetric": StructureTeller(not_symmetric),
    "oc-lemma-4": StructureTeller(isomorphisms_differ),
    "oc-thm-1": StructureTeller(wrong_threat, shown=plainly_played),
}
"""For each id of a statement, what tells how its conclusion fails, in anybody's statement."""
