"""How the conclusions fail of this paper's statements, told as games."""

from oc_thm_1 import plainly_played
from telling_games import (
    isomorphisms_differ,
    not_symmetric,
    nothing_moves,
    wrong_threat,
)
from telling_improvements import improved_and_not_safe, not_found_by_injections
from telling_outcomes import never_strict, not_for_every_distribution

from spi_verify.counterexamples.structures_told import StructureTeller

TELLERS = {
    "def-2": StructureTeller(not_for_every_distribution),
    "oc-def-1-strict": StructureTeller(never_strict),
    "oc-def-5": StructureTeller(nothing_moves),
    "oc-iso-symmetric": StructureTeller(not_symmetric),
    "oc-lemma-4": StructureTeller(isomorphisms_differ),
    "oc-prop-23": StructureTeller(not_found_by_injections),
    "oc-prop-25": StructureTeller(not_found_by_injections),
    "oc-thm-1": StructureTeller(wrong_threat, shown=plainly_played),
    "oc-two-games": StructureTeller(improved_and_not_safe),
}
"""For each id of a statement, what tells how its conclusion fails, in anybody's statement."""
