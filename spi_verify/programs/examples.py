"""The paper's examples as games, programs and sets; ``docs/examples.md`` tells their stories."""

from __future__ import annotations

from fractions import Fraction

from spi_verify.games.game import Game
from spi_verify.programs.language.conditions import Condition
from spi_verify.programs.language.functions import (
    AtMost,
    Both,
    Either,
    FunctionIs,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    RenegotiationMap,
    SetFunction,
    To,
    When,
)
from spi_verify.programs.language.programs import CSR, ICSR, Always, Code, If
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Point

SLOTS = ("Slot 1", "Slot 2", "Slot 3")
PMM: Point = (Fraction(1), Fraction(1))
FIRST_BEST: Point = (Fraction(3), Fraction(1))
SECOND_BEST: Point = (Fraction(1), Fraction(3))


def scheduling_game() -> Game:
    """Return the Scheduling Game (Table 1)."""
    table = [[[0, 0] for _ in SLOTS] for _ in SLOTS]
    for k, payoffs in enumerate(([3, 1], [1, 3], [1, 1])):
        table[k][k] = payoffs
    return Game.from_payoffs(table, actions=[SLOTS, SLOTS], title="Scheduling Game")


def demanding(player: int) -> Always:
    """Return p_i^D: always the slot that the player likes best (Example 3.1)."""
    return Always(f"Slot {player}")


def conceding(player: int) -> If:
    """Return p_i^C: yield to the other player's demand, insist against everybody else."""
    other = 3 - player
    return If(Code(other, demanding(other)), demanding(other), demanding(player))


def meet_at_slot_3() -> RenegotiationMap:
    """Return the renegotiation function of Example 3.2: mismatches become (Slot 3, Slot 3)."""
    mismatches = ((a, b) for a in SLOTS for b in SLOTS if a != b)
    return RenegotiationMap(tuple(To(pair, ("Slot 3", "Slot 3")) for pair in mismatches))


def giving_at_most(player: int, payoff: Fraction | int) -> SetFunction:
    """Return all improvements on a that give a player at most so much."""
    return Both(Improving(), (_cap(player, payoff),))


def figure_2(wide: bool) -> tuple[SetFunction, SetFunction]:
    """Return the players' functions in Figure 2, left or, with the wide set, right.

    Player 1 accepts what is Pareto-worse than (3, 1). Player 2 accepts what is Pareto-worse than
    (1, 3), on the right also (3, 1).
    """
    first, second = giving_at_most(2, 1), giving_at_most(1, 1)
    return first, Either(second, (_accepting(FIRST_BEST),)) if wide else second


def figure_3(right: bool) -> tuple[SetFunction, SetFunction, Point]:
    """Return the players' functions in Figure 3, left or right, and the starred point.

    The paper draws these sets without numbers; these are sets of the same kind. Player 1 accepts
    what gives player 2 at most 1/2. Player 2 accepts what gives player 1 at most 1, or on the
    right at most 3/2. The star is the PMM.
    """
    half, wide = Fraction(1, 2), Fraction(3, 2)
    return giving_at_most(2, half), giving_at_most(1, wide if right else 1), PMM


def with_star(function: SetFunction, star: Point, against: SetFunction | None) -> SetFunction:
    """Return a function of player 1 that also accepts a point, always or against one function."""
    wider = Either(function, (_accepting(star),))
    return wider if against is None else When(FunctionIs(2, against), wider, function)


def figure_4() -> tuple[SetFunction, SetFunction]:
    """Return the players' functions in Figure 4, with numbers of our own."""
    return giving_at_most(2, Fraction(3, 4)), giving_at_most(1, Fraction(5, 4))


def yielding() -> tuple[SetFunction, SetFunction]:
    """Return functions with which each player accepts the other's favourite outcome only."""
    return _accepting(SECOND_BEST), _accepting(FIRST_BEST)


def csr_profile(
    selection: Selection, functions: tuple[SetFunction, SetFunction]
) -> tuple[CSR, CSR]:
    """Return CSR programs that demand by default, and so miscoordinate at (0, 0)."""
    first, second = functions
    return CSR(selection, demanding(1), first), CSR(selection, demanding(2), second)


def offers(player: int, rounds: int, final: Fraction) -> tuple[SetFunction, ...]:
    """Return the functions of K rounds that offer a player more each time (Proposition 5).

    In round k everything is accepted that improves on the Pareto meet projection of a and gives
    the player at most 1 + (k/K)(final - 1); nothing, where a gives more already.
    """
    bounds = (1 + Fraction(k, rounds) * (final - 1) for k in range(1, rounds + 1))
    return tuple(
        When(_now(player, u), Both(ImprovingOnMeet(), (_cap(player, u),)), Outcomes(()))
        for u in bounds
    )


def offering(player: int, selection: Selection, rounds: int, final: Fraction) -> ICSR:
    """Return a player's ICSR program that demands by default and makes these offers."""
    return ICSR(selection, demanding(player), offers(3 - player, rounds, final))


def _accepting(point: Point) -> SetFunction:
    """Return the function that accepts a point wherever it is an improvement."""
    return Both(Improving(), (Outcomes((point,)),))


def _cap(player: int, payoff: Fraction | int) -> AtMost:
    return AtMost(Fraction(payoff), _unit(player))


def _now(player: int, payoff: Fraction) -> Condition:
    return NowAtMost(payoff, _unit(player))


def _unit(player: int) -> Point:
    return (Fraction(player == 1), Fraction(player == 2))


def slot_3_after_mismatch(outcome: tuple[str, ...]) -> tuple[str, ...]:
    """Return the image of Example 3.2 as a plain function, for ``spi-verify check-code``."""
    return ("Slot 3", "Slot 3") if outcome[0] != outcome[1] else outcome
