"""What this draft defines otherwise than the paper that it extends, and what it adds.

A definition is a function of the theory and of its terms, and returns a formula of z3. In it,
`u(i, x)` is what player i gets in the outcome x; `And`, `Or`, `Not` and `Implies` join formulas;
`ForAll([x], ...)` and `Exists([x], ...)` speak of all x and of some x. Other definitions are used
through the theory: `theory.weakly_improves(x, a)`. `spi_verify/theory/definitions` has them all.
"""

from z3 import And, Consts, Exists, ForAll, Implies

from spi_verify.theory import define
from spi_verify.theory.signature import Outcome, Player, improved, u

i = Consts("i", Player)[0]
b, y = Consts("b y", Outcome)


# A new notion: decorated with the sorts of its terms (here two outcomes).
@define(Outcome, Outcome)
def better_for_all(theory, x, a):
    """Everybody gets more in x than in a."""
    return ForAll([i], u(i, x) > u(i, a))


# A claim: a formula without terms, named so that other statements can rest on it as a lemma.
@define()
def better_for_all_improves(theory):
    """What is better for all is a weak improvement."""
    return ForAll([y, b], Implies(theory.better_for_all(y, b), theory.weakly_improves(y, b)))


# A changed definition: a plain function with the name and the terms that it has in the theory.
# Definition 4 asks that somebody gains somewhere; here everybody gains somewhere.
def renegotiation_function(theory, rn):
    """Never worse for anybody, and somewhere better for everybody."""
    return And(
        ForAll([b], theory.weakly_improves(improved(rn, b), b)),
        Exists([b], theory.better_for_all(improved(rn, b), b)),
    )
