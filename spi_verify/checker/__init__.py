"""A checker of proofs that trusts no solver: certificates of steps, and their chains to goals.

This room imports the standard library only, and none of the rest of this package; a copy of the
folder works by itself. :mod:`.terms` reads, :mod:`.proofs` checks a step, :mod:`.chain` the proof
of a whole statement.
"""

from .chain import Checked, check_file
from .proofs import check_step
from .terms import Refused

__all__ = ["Checked", "Refused", "check_file", "check_step"]
