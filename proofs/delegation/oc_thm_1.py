"""Theorem 1: improvements are played in program equilibria, by threats.

Program i of Algorithm 2, as printed, answers a deviation of player j by minimax(i, j). But that was
introduced as player j's part of a profile that holds down player i: it is no strategy of player i,
and where players have the same strategies it holds down somebody else. What is meant is
minimax(j, i). What improves in every play improves in expectation; so only expected payoffs occur.
"""

from dataclasses import replace

import z3
from delegated_games import i, j
from z3 import And, DeclareSort, Exists, ExprRef, ForAll, Function, Implies, RealSort

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm
from spi_verify.verdicts import Verdict

Strategy = DeclareSort("Strategy")
Strategies = DeclareSort("Strategies")

part = Function("part", Player, Strategies, Strategy)
"""Player i's part of a profile of mixed strategies."""
earns = Function("earns", Player, Strategies, RealSort())
"""What player i gets in expectation where a profile of mixed strategies is played."""
punishment = Function("punishment", Player, Strategies)
"""A profile in which the others hold player i's best payoff down to the threat point."""
threat_point = Function("threat_point", Player, RealSort())
"""v_i: the least to which the others can hold player i down."""
without_improvement = Function("without_improvement", Player, RealSort())
"""What player i gets in expectation from the original game."""
with_improvement = Function("with_improvement", Player, RealSort())
"""What player i gets in expectation from the game that is played in its place."""

k = z3.Const("k", Player)
p = z3.Const("p", Strategies)


@axiom(punishment, threat_point)
def threat_points(theory: Theory) -> Formula:
    """Whatever player i plays against the others' parts of the punishment, it gets v_i at most."""
    punished = ForAll([k], Implies(k != i, part(k, p) == part(k, punishment(i))))
    return ForAll([i, p], Implies(punished, earns(i, p) <= threat_point(i)))


@axiom()
def strategies_can_be_changed(theory: Theory) -> Formula:
    """In any profile, one player's strategy can be replaced by any other strategy.

    So all players have the same strategies. This is a special case, which narrows what may refute
    the printed algorithm: its program is well-formed there. No proof uses it.
    """
    s, q = z3.Const("s", Strategy), z3.Const("q", Strategies)
    others = ForAll([k], Implies(k != i, part(k, q) == part(k, p)))
    return ForAll([i, p, s], Exists([q], And(part(i, q) == s, others)))


@axiom()
def profiles_are_their_parts(theory: Theory) -> Formula:
    """Profiles in which everybody has the same strategy are the same."""
    q = z3.Const("q", Strategies)
    return ForAll([p, q], Implies(ForAll([k], part(k, p) == part(k, q)), p == q))


@axiom(threat_point)
def threats_are_least(theory: Theory) -> Formula:
    """Whatever the others play, player i has a strategy that gets v_i at least."""
    q = z3.Const("q", Strategies)
    others = ForAll([k], Implies(k != i, part(k, q) == part(k, p)))
    return ForAll([i, p], Exists([q], And(others, earns(i, q) >= threat_point(i))))


@define(Strategies, Player)
def after_deviation(theory: Theory, p: ExprRef, j: PlayerTerm) -> Formula:
    """Algorithm 2, as printed: if only j's program differs, the others i play minimax(i, j)."""
    return ForAll([i], Implies(i != j, part(i, p) == part(j, punishment(i))))


def _meant(theory: Theory, p: ExprRef, j: PlayerTerm) -> Formula:
    """If only j's program differs, everybody else i plays minimax(j, i)."""
    return ForAll([i], Implies(i != j, part(i, p) == part(i, punishment(j))))


def plainly_played() -> Formula:
    """Both games are played as profiles, and what threatens is the least that anybody may get.

    Then no correlation and no mixture of strategies is needed to say what happens.
    """
    played = (
        Exists([p], ForAll([i], earns(i, p) == constant(i)))
        for constant in (without_improvement, with_improvement)
    )
    return And(*played, ForAll([i, p], earns(i, p) >= threat_point(i)))


def _reading(theory: Theory) -> Statement:
    return Statement(
        id="oc-thm-1",
        title="Nobody gains by deviating from the program that plays the improvement",
        theory=theory,
        hypotheses=(
            Hypothesis(
                "improvement",
                ForAll([i], with_improvement(i) >= without_improvement(i)),
                "The game played in its place is a safe improvement.",
            ),
            Hypothesis(
                "above-threat-points",
                ForAll([i], without_improvement(i) >= threat_point(i)),
                "The original game gives everybody their threat point at least.",
            ),
        ),
        definitions=(
            "strategies_can_be_changed",
            "profiles_are_their_parts",
            "threat_points",
            "threats_are_least",
            "after_deviation",
        ),
        steps=(
            Step(
                "held-down",
                ForAll(
                    [j, p],
                    Implies(theory.after_deviation(p, j), earns(j, p) <= threat_point(j)),
                ),
                ["threat_points", "after_deviation"],
            ),
            Step(
                "goal",
                ForAll(
                    [j, p],
                    Implies(theory.after_deviation(p, j), earns(j, p) <= with_improvement(j)),
                ),
                ["held-down", "improvement", "above-threat-points"],
            ),
        ),
        scene=z3.Exists([j, p], And(theory.after_deviation(p, j), earns(j, p) < threat_point(j))),
        sizes={"Strategy": 2, "Strategies": 4},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    literal = replace(
        _reading(theory),
        expected=Verdict.REFUTED,
        note="What is played holds down the wrong player.",
    )
    repaired = _reading(theory.with_(after_deviation=_meant))
    repaired = replace(
        repaired,
        id="oc-thm-1/repaired",
        definitions=tuple(d for d in repaired.definitions if d != "strategies_can_be_changed"),
        changed=("after_deviation",),
    )
    return [literal, repaired]
