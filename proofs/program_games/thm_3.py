"""Theorem 3: PMP-extension does not hurt, keeps the equilibrium, and guarantees the PMM.

``thm-3-improves`` is the heart. Against believed counterparts that all use CSR programs,
extending adds to the agreement set points of player i's own projection and nothing else
(Assumption 9(ii)); these weakly improve on what was reached before, so that by transitivity what
is now selected does, too. The literal reading is proved.

``thm-3-equilibrium``. The literal reading takes the PMP-extension of every program of the
equilibrium, and only CSR programs have one. It also needs every believed profile, while
Assumption 9(ii) is about profiles of CSR programs. Where a believed profile holds a program that
is none, 9(i) binds that program only if everybody else in it uses CSR programs, and binds nobody's
*default*: with three players, a counterpart may react to the code of the extension.

``thm-3-inclusion`` and ``thm-3-pmm``. When everybody extends, player i's extension offers
projections of what the *unextended* p_i would have reached against the others' extensions. Those
are different outcomes for different players, so the intersection of the offers may miss every
projection of the common outcome. Assumption 9(ii) could exclude this, but it binds believed
profiles, and nothing says that the profile the others extend to is believed possible. Repaired:
it is. Then extending the last player's program either changes nobody's payoff or leads into that
player's projection, and in both cases the projections of the final outcome are offered, so they
are agreed on, and the selected outcome, being efficient among them, pays the PMM.

``thm-3-wlog-csr``. The proof replaces a program that does not renegotiate by one with an empty
set-valued renegotiation function. Definition 7 wants a strict improvement somewhere against
every profile, so the empty function is none: the claimed program is not there, and a hypothesis
that puts it there contradicts Definition 7. Repaired, with a changed definition: without its
condition that somebody gains somewhere, Definition 7 counts the empty function; and the programs
that refuse every offer are there. The claim is about what the *replaced* program plays; what others
play against it is another matter, on which nothing is claimed here.
"""

from thm_3_equilibrium import equilibrium_kept
from thm_3_improves import improves
from thm_3_inclusion import inclusion
from thm_3_pmm import pmm_guaranteed
from thm_3_wlog_csr import wlog_csr

from spi_verify.obligations import Statement
from spi_verify.theory import Theory


def statements(theory: Theory) -> list[Statement]:
    """Return both readings of the theorem's parts and of the claims in its proof."""
    return [
        improves(theory),
        *equilibrium_kept(theory),
        *inclusion(theory),
        *pmm_guaranteed(theory),
        *wlog_csr(theory),
    ]
