"""Algorithm 2, but where nothing is agreed on the default runs against the others as they are."""

from z3 import And, Const, Consts, ForAll, If, Implies

from spi_verify.programs import CSR
from spi_verify.theory import carried_out_by, define
from spi_verify.theory.signature import (
    Player,
    Profile,
    Program,
    Selection,
    action,
    agreement,
    default,
    defaults,
    functions,
    in_csr,
    outcome,
    plays,
    replace,
    selected,
)

i = Const("i", Player)
c = Const("c", Program)
p, q = Consts("p q", Profile)
s = Const("s", Selection)


def renegotiate(program, situation):
    """Return the action of a CSR program among the programs of a situation."""
    player, run = situation.player, situation.execution
    programs = situation.with_mine(program)
    if all(isinstance(p, CSR) and p.selection == program.selection for p in programs):
        start = run.profile(tuple(p.default for p in programs))
        agreed = run.agreement(tuple(p.function for p in programs), program.selection, start)
        if agreed:
            return run.base.select(program.selection, agreed)[player - 1]
    return run.action(player, situation.with_mine(program.default))


@carried_out_by(renegotiate)
def algorithm_2(theory):
    """Say what a CSR program plays. (As printed, it plays its part of the defaults' outcome.)"""
    played = replace(p, i, c)
    agreed = agreement(functions(played), outcome(defaults(played)))
    return ForAll(
        [s, i, c, p],
        Implies(
            in_csr(s, i, c),
            plays(i, c, p)
            == If(
                And(theory.others_csr(s, p, i), theory.nonempty(agreed)),
                action(i, selected(s, agreed)),
                plays(i, default(c), p),
            ),
        ),
    )


@define(Player, Program)
def constant(theory, i, c):
    """Say that c plays the same whatever it meets."""
    return ForAll([p, q], plays(i, c, p) == plays(i, c, q))
