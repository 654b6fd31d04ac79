# file: definitions.py
"""Programs that leave their default only together, and only for something nobody loses by."""

import z3
from z3 import And, ForAll, Or

from spi_verify.programs import Always, Program
from spi_verify.programs.language.terms import term
from spi_verify.theory import carried_out_by, define
from spi_verify.theory.signature import (
    Player,
    Profile,
    default,
    defaults,
    in_default_set,
    outcome,
    plays,
    replace,
)
from spi_verify.theory.signature import Program as ProgramSort

p = z3.Const("p", Profile)


@term
class Cautious(Program, word="cautious", parts="program element"):
    """Go to an outcome if all others are willing, and nobody loses by it; else the default."""

    default: Program
    target: tuple[str, ...]

    def run(self, situation):
        """Compare what the target pays with what the defaults would."""
        mine = situation.with_mine(self.default)
        base, programs = situation.execution.base, situation.with_mine(self)
        if all(isinstance(one, Cautious) and one.target == self.target for one in programs):
            alone = situation.execution.profile(tuple(one.default for one in programs))
            pairs = zip(base.payoffs(self.target), base.payoffs(alone), strict=True)
            if all(there >= here for there, here in pairs):
                return self.target[situation.player - 1]
        return situation.execution.action(situation.player, mine)

    def earned_at_most(self, base, owner, player):
        """Say that it plays what its default plays, or its part of the target."""
        if not isinstance(self.default, Always):
            return None
        played = (self.default.action, self.target[owner - 1])
        outcomes = (a for a in base.game.outcomes() if a[owner - 1] in played)
        return max(base.payoffs(outcome)[player - 1] for outcome in outcomes)


@define(Player, ProgramSort)
@carried_out_by(Cautious)
def cautious(theory, i, c):
    """Say that c plays like its default, or nobody loses against everybody's default."""
    played = replace(p, i, c)
    return And(
        in_default_set(i, default(c)),
        ForAll(
            [p],
            Or(
                plays(i, c, p) == plays(i, default(c), p),
                theory.weakly_improves(outcome(played), outcome(defaults(played))),
            ),
        ),
    )
