"""What the proofs for all selection functions share."""

from collections.abc import Callable, Sequence

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    first,
    last,
    next_to,
    player_at,
    sel,
    selected,
    u,
)
from spi_verify.theory.terms import Formula, PlayerTerm, PositionTerm

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
S, C = z3.Consts("S C", OutcomeSet)
n, m = z3.Consts("n m", Position)

DOMINATION = ("weakly_improves", "dominates")
PICKING = (*DOMINATION, "efficient_among", "nonempty", "picks_best", "improving_extension")
LEMMA = "best_is_transitive"


def finite_sets(theory: Theory) -> Hypothesis:
    """Return that sets are finite."""
    return Hypothesis(
        "finite-sets",
        theory.members_are_listed(),
        "Every set of outcomes is finite.",
    )


def picking(theory: Theory) -> tuple[Hypothesis, ...]:
    """Return what all of these selection functions have in common."""
    return (
        finite_sets(theory),
        Hypothesis(
            "picks-best",
            theory.picks_best(sel),
            "sel picks what its criterion ranks highest among the efficient members of a set.",
        ),
        Hypothesis(
            "ties-by-fixed-order",
            theory.fixed_order(),
            "Ties are broken by a fixed strict total order on outcomes.",
        ),
    )


def no_tie(theory: Theory) -> Hypothesis:
    """Return that domination is never a tie."""
    return Hypothesis(
        "no-tie-under-domination",
        theory.no_tie_under_domination(),
        "No member of a set is tied with one that it dominates.",
    )


def weakly_below(theory: Theory) -> Hypothesis:
    """Return that nobody gets less than in the disagreement point."""
    return Hypothesis(
        "disagreement-weakly-below",
        theory.disagreement_weakly_below(),
        "Nobody gets less in any outcome than in the disagreement point.",
    )


def something_happens(theory: Theory) -> Formula:
    """Return that adding improvements to some set changes what somebody gets."""
    changes = u(i, selected(sel, C)) > u(i, selected(sel, S))
    return Exists([S, C, i], And(theory.improving_extension(sel, S, C), changes))


def last_steps(
    theory: Theory,
    *,
    order: Sequence[str],
    above: Sequence[str],
    kept: Sequence[str],
) -> list[Step]:
    """Return the steps to the goal, given what each of the lemma's premises is shown from."""
    return [
        Step("criterion-is-an-order", theory.criterion_is_an_order(), order),
        Step("domination-is-better", theory.domination_is_better(), above),
        Step("criterion-kept", theory.criterion_kept(), kept),
        Step(
            "goal",
            theory.transitive(sel),
            ["criterion-is-an-order", "domination-is-better", "criterion-kept", LEMMA],
        ),
    ]


def selection_statement(
    theory: Theory,
    id: str,
    title: str,
    definitions: Sequence[str],
    steps: Sequence[Step],
    hypotheses: Sequence[Hypothesis] = (),
) -> Statement:
    """Return a statement on the transitivity of a selection function."""
    return Statement(
        id=id,
        title=title,
        theory=theory,
        hypotheses=(*picking(theory), *hypotheses),
        definitions=(*PICKING, *definitions, "transitive"),
        lemmas={LEMMA: "best-is-transitive"},
        scene=something_happens(theory),
        steps=tuple(steps),
    )


def selection_readings(
    theory: Theory,
    id: str,
    title: str,
    definitions: Sequence[str],
    steps: Sequence[Step],
    added: Sequence[Hypothesis],
    why: str,
    hypotheses: Sequence[Hypothesis] = (),
) -> list[Statement]:
    """Return both readings of such a statement."""
    return literal_and_repaired(
        id,
        title=title,
        theory=theory,
        hypotheses=(*picking(theory), *hypotheses),
        added=added,
        definitions=(*PICKING, *definitions, "transitive"),
        lemmas={LEMMA: "best-is-transitive"},
        scene=something_happens(theory),
        steps=steps,
        why=why,
    )


def along_players(
    claim: Callable[[PositionTerm], Formula],
    premise: Formula,
    variables: Sequence[z3.ExprRef],
    uses: Sequence[str],
    induction: str,
    *,
    next_uses: Sequence[str] | None = None,
) -> list[Step]:
    """Return base and step of an induction along the list of players, and what it comes to.

    Both use the same facts, unless there are others for the step.
    """
    return [
        Step(
            f"{induction}-first",
            ForAll([*variables], Implies(premise, claim(first))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-next",
            ForAll(
                [*variables, n, m],
                Implies(And(premise, next_to(n, m), claim(n)), claim(m)),
            ),
            next_uses or [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-last",
            ForAll([*variables], Implies(premise, claim(last))),
            [f"{induction}-first", f"{induction}-next", f"induction_on_{induction}"],
        ),
    ]


def gainers(
    theory: Theory,
    induction: str,
    gainer: Callable[..., Formula],
    has: str,
    comes_before: Callable[[PlayerTerm, PlayerTerm], Formula],
    uses: Sequence[str],
) -> list[Step]:
    """Return the steps to a gainer that comes before all others, as far as anybody gains."""
    new = player_at(m)
    gains = u(new, x) > u(new, a)
    old = And(next_to(n, m), gainer(i, x, a, n))
    before = And(gains, comes_before(new, i))
    claim = getattr(theory, has)
    return [
        Step(
            f"{induction}-old-stays",
            ForAll([i, x, a, n, m], Implies(And(old, Not(before)), gainer(i, x, a, m))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-new-instead",
            ForAll([i, x, a, n, m], Implies(And(old, before), gainer(new, x, a, m))),
            [*uses, "players_are_listed"],
        ),
        Step(
            f"{induction}-new-alone",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(next_to(n, m), Not(theory.gain_up_to(x, a, n)), gains),
                    gainer(new, x, a, m),
                ),
            ),
            [*uses, "gain_up_to", "players_are_listed"],
        ),
        Step(
            f"{induction}-new-or-old",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(next_to(n, m), theory.gain_up_to(x, a, m)),
                    Or(theory.gain_up_to(x, a, n), gains),
                ),
            ),
            ["gain_up_to", "players_are_listed"],
        ),
        *along_players(
            lambda position: claim(x, a, position),
            z3.BoolVal(True),
            [x, a],
            [has, "gain_up_to", *uses],
            induction,
            next_uses=[
                has,
                f"{induction}-old-stays",
                f"{induction}-new-instead",
                f"{induction}-new-alone",
                f"{induction}-new-or-old",
            ],
        ),
    ]


def gain_is_reached(theory: Theory) -> Step:
    """Return the step that, where one outcome dominates another, a listed player gains."""
    return Step(
        "gain-is-reached",
        ForAll(
            [x, a],
            Implies(
                theory.dominates(x, a),
                And(theory.weakly_improves(x, a), theory.gain_up_to(x, a, last)),
            ),
        ),
        ["dominates", "gain_up_to", "players_are_listed"],
    )
