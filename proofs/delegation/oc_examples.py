"""The examples: every claim of Propositions 5 to 8 and 16, executed.

Nothing here is a formula. Games are reduced, all isomorphisms are found, and the pairs of outcomes
that representatives may play in the two games are compared, exactly; ``docs/delegation.md`` says
why these are all pairs. Who gains in which outcome is said of each, because which outcomes occur is
not known.

``oc-prop-5`` (Proposition 5), ``oc-prop-6`` (Proposition 6), ``oc-prop-7`` (Proposition 7),
``oc-prop-8`` (Proposition 8) and ``oc-prop-16`` (Proposition 16).
"""

from collections.abc import Iterator
from fractions import Fraction

from spi_verify.delegation.deciding import Strict, find_failure
from spi_verify.delegation.dominance import reduce
from spi_verify.delegation.tokens import find_tokens
from spi_verify.games import Game
from spi_verify.games.rationals import format_profile
from spi_verify.obligations import Executed, Fact

ELIMINATION, BOTH = ("elimination",), ("elimination", "isomorphism")


def _dilemma() -> Game:
    payoffs = [[[3, 3], [1, 4]], [[4, 1], [2, 2]]]
    return Game.from_payoffs(payoffs, actions=[["C", "D"], ["C", "D"]])


def _demand_game() -> Game:
    payoffs = [
        [[-3, -3], [2, 0], [5, -5], [5, -5]],
        [[0, 2], [1, 1], [5, -5], [5, -5]],
        [[-5, 5], [-5, 5], [1, 1], [2, 0]],
        [[-5, 5], [-5, 5], [0, 2], [1, 1]],
    ]
    return Game.from_payoffs(payoffs, actions=[["DM", "RM", "DL", "RL"]] * 2)


def _temptation_game() -> Game:
    payoffs = [[[1, 2], [5, 1]], [[0, 0], [4, 4]]]
    return Game.from_payoffs(payoffs, actions=[["T", "R"], ["C", "F"]])


def _complicated_temptation_game() -> Game:
    payoffs = [
        [[4, 2], [1, 1], [6, 0], [6, 0]],
        [[1, 1], [2, 4], [6, 0], [6, 0]],
        [[0, 0], [0, 0], [5, 3], [3, 2]],
        [[0, 0], [0, 0], [2, 2], [3, 5]],
    ]
    return Game.from_payoffs(payoffs, actions=[["T1", "T2", "R1", "R2"], ["C1", "C2", "F1", "F2"]])


def _chicken() -> Game:
    payoffs = [
        [[-5, -5], [4, 0], [10, -100]],
        [[0, 4], [1, 1], [10, -100]],
        [[-100, 10], [-100, 10], [3, 3]],
    ]
    return Game.from_payoffs(payoffs, actions=[["Dare", "Yield", "Meet"]] * 2)


def _left(name: str, game: Game, claim: str, expected: tuple[tuple[str, ...], ...]) -> Fact:
    left = reduce(game).game.actions
    told = " x ".join(f"{{{', '.join(actions)}}}" for actions in left)
    return Fact(name, claim, left == expected, f"what is left is {told}")


def _safe(
    name: str,
    claim: str,
    game: Game,
    subset: Game,
    assumptions: tuple[str, ...],
    strict: Strict = "everywhere",
) -> Fact:
    """Say whether a subset game is a safe improvement that is strict in a sense."""
    failure = find_failure(game, game, subset, assumptions=assumptions, strict=strict)
    if failure is None:
        return Fact(name, claim, True, f"it is one, by {' and '.join(assumptions)}")
    played = f"{format_outcome(failure.outcome)} and {format_outcome(failure.image)}"
    return Fact(name, claim, False, f"representatives may play {played}")


def format_outcome(outcome: tuple[str, ...]) -> str:
    """Return an outcome as it is written."""
    return f"({', '.join(outcome)})"


def prop_5() -> Iterator[Fact]:
    """Yield what is claimed of the Prisoner's Dilemma."""
    game = _dilemma()
    subset = Game.from_payoffs([[[3, 3]]], actions=[["C"], ["C"]])
    yield _left("defection", game, "Both defect in the Prisoner's Dilemma.", (("D",), ("D",)))
    claim = "Told to cooperate, both get strictly more, whatever representatives do otherwise."
    yield _safe("strict", claim, game, subset, ELIMINATION)


def prop_6() -> Iterator[Fact]:
    """Yield what is claimed of the Demand Game."""
    game = _demand_game()
    subset = Game.from_payoffs(
        [[[-3, -3], [2, 0]], [[0, 2], [1, 1]]], actions=[["DL", "RL"], ["DL", "RL"]]
    )
    yield _left(
        "force", game, "Nobody uses less force in the Demand Game.", (("DM", "RM"), ("DM", "RM"))
    )
    claim = "Using less force, with the payoffs of using more, is a safe improvement."
    yield _safe("safe", claim, game, subset, BOTH, None)
    claim = "It is a strict one if both would demand with more force."
    yield _safe("strict", claim, game, subset, BOTH, [("DM", "DM")])


def prop_7() -> Iterator[Fact]:
    """Yield what is claimed of the Temptation Game."""
    game = _temptation_game()
    subset = Game.from_payoffs([[[0, 0], [4, 4]]], actions=[["R"], ["C", "F"]])
    yield _left("temptation", game, "Player 1 gives in to temptation.", (("T",), ("C",)))
    claim = "If player 1 alone is bound to resist, both get strictly more."
    yield _safe("strict", claim, game, subset, ELIMINATION)


def prop_8() -> Iterator[Fact]:
    """Yield what is claimed of the Complicated Temptation Game."""
    game = _complicated_temptation_game()
    rows = [[[0, 0], [0, 0], [4, 3], [1, 2]], [[0, 0], [0, 0], [1, 2], [2, 5]]]
    subset = Game.from_payoffs(rows, actions=[["R1", "R2"], ["C1", "C2", "F1", "F2"]])
    yield _left(
        "temptation", game, "Player 1 gives in to temptation.", (("T1", "T2"), ("C1", "C2"))
    )
    same = all(
        subset.payoffs(outcome)[1] == game.payoffs(outcome)[1] for outcome in subset.outcomes()
    )
    claim = "Player 2 keeps all actions and payoffs."
    yield Fact("unilateral", claim, same, "player 2's payoffs are those of the game")
    claim = "It is a safe improvement, and strict at every outcome that is left."
    yield _safe("strict", claim, game, subset, BOTH)


def prop_16() -> Iterator[Fact]:
    """Yield what is claimed of Chicken with a third action."""
    game = _chicken()
    yield _left(
        "left", game, "Nobody plays the third action.", (("Dare", "Yield"), ("Dare", "Yield"))
    )
    supported = [("Dare", "Yield"), ("Yield", "Dare")]
    expected = tuple(
        sum((game.payoffs(outcome)[i] for outcome in supported), Fraction(0)) / 2 for i in range(2)
    )
    better = game.payoffs(("Meet", "Meet"))
    claim = "Where one of both dares, either with probability 1/2, meeting is better for both."
    yield Fact(
        "better",
        claim,
        all(more > less for more, less in zip(better, expected, strict=True)),
        f"{format_profile(better)} instead of {format_profile(expected)}",
    )
    improvable = {gain.outcome for gain in find_tokens(game)}
    claim = "No lottery is as good for both as one of these outcomes, and better for somebody."
    yield Fact(
        "efficient",
        claim,
        not improvable & set(supported),
        "both are efficient; so tokens for them pay what they pay, and on average "
        f"{format_profile(expected)}",
    )


def statements(_: object) -> list[Executed]:
    """Return the examples."""
    titles = {
        "oc-prop-5": ("Cooperation in the Prisoner's Dilemma", prop_5),
        "oc-prop-6": ("Less force in the Demand Game", prop_6),
        "oc-prop-7": ("Resisting in the Temptation Game", prop_7),
        "oc-prop-8": ("Resisting in the Complicated Temptation Game", prop_8),
        "oc-prop-16": ("What tokens cannot achieve in expectation", prop_16),
    }
    return [Executed(id, title, facts) for id, (title, facts) in titles.items()]
