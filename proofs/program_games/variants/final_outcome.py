"""PMP-extensions that add projections of the outcome they reach themselves: a fixed point.

What it says. Against counterparts that use CSR programs, at the default outcome, the extension
offers what the function offers and player i's projections of what the *extended* program reaches
against them.

Where it differs from Definition 8. There the projections are those of what the *unextended*
program would have reached. Here what is offered depends on what is reached, and that on what is
offered: the text is an equation for the extension, and no longer a recipe. Run as it stands it
waits for itself and never halts (``FinalExtension``). The equation may have several solutions,
and it may have none (``final_outcomes`` lists them); ``extensions-exist`` then is a real
hypothesis, where for Definition 8 it only says that a set of programs is rich enough.

What still holds. The repaired ``prop-4-spi``, ``prop-4-pmm`` and ``thm-3-wlog-csr``.
``thm-3-improves`` fails (``counterexamples/variants/final_outcome``), and the shipped
steps prove the repaired ``thm-3-equilibrium``, ``thm-3-inclusion`` and ``thm-3-pmm`` no longer
(``docs/variants.md``).

What is gained. The claim of ``thm-3-inclusion`` holds by definition, and the guarantee of
``thm-3-pmm`` without any hypothesis on beliefs or on transitivity. The shipped steps are not
those for it; the statements of this file are::

    spi-verify prove proofs/variants/final_outcome.py --with pmp_extension=final_outcome
"""

from dataclasses import replace as with_changes

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.obligations import Statement, Step
from spi_verify.papers.loading import load_shipped
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    SetFunctions,
    component,
    default,
    defaults,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    renegotiated,
    replace,
    sel,
    set_function,
)
from spi_verify.theory.terms import Formula, PlayerTerm, ProgramTerm

j = z3.Const("j", Player)
a, x = z3.Consts("a x", Outcome)
p = z3.Const("p", Profile)
R = z3.Const("R", SetFunctions)


def pmp_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Say that d adds, at the default outcome, projections of what d itself reaches."""
    played = replace(p, i, d)
    adds = And(
        theory.others_csr(sel, p, i),
        ForAll([j], Implies(j != i, component(j, functions(p)) == component(j, R))),
        outcome(defaults(played)) == a,
        theory.pmp(i, x, renegotiated(sel, functions(played), a)),
    )
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        ForAll(
            [R, a, x],
            member(x, offers(i, set_function(d), R, a))
            == Or(member(x, offers(i, set_function(c), R, a)), Exists([p], adds)),
        ),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return the inclusion and the guarantee, in a theory in which this is the PMP-extension."""
    shipped = {one.id: one for one in load_shipped(theory) if isinstance(one, Statement)}
    inclusion, pmm = shipped["thm-3-inclusion"], shipped["thm-3-pmm/repaired"]
    facts = ("pmp_extension", "extends_equilibrium", "others_csr")
    own_program = [step for step in inclusion.steps if step.name.startswith("own-program")]
    by_definition = with_changes(
        inclusion,
        id="inclusion-by-definition",
        hypotheses=(),
        definitions=("replacement", "same_programs", "profiles_are_tuples", *facts),
        steps=(*own_program, Step("goal", inclusion.goal.formula, ["own-program", *facts])),
        expected=pmm.expected,
        note=None,
    )
    guarantee = with_changes(
        pmm.without("extensions-believed"),
        id="pmm-without-beliefs",
        lemmas={**pmm.lemmas, "extension_inclusion": by_definition.id},
    )
    return [by_definition, guarantee]
