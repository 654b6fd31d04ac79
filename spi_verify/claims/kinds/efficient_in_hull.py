"""``efficient-in-hull``: nothing that lotteries pay is better for one and worse for none.

The players may agree on any lottery here, whatever ``feasible`` says of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from spi_verify.claims.document import MixturePart, Number
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Keys, Violation, ViolationKeys
from spi_verify.claims.references import profile
from spi_verify.claims.subset_games import named_game
from spi_verify.claims.words import lottery_shown, profile_text, shown, texts, texts_shown
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.linear_program import Infeasible, LinearProgram, Optimum, solve
from spi_verify.games.rationals import LONG, parse_rational


class Dominated(ViolationKeys):
    """A lottery is at least as good for all, and better for one."""

    payoffs: list[str]
    dominated_by: list[MixturePart]


class NotFeasible(ViolationKeys):
    """No lottery pays this: by these weights, every outcome pays less."""

    payoffs: list[str]
    weights: list[str]


class EfficientInHull(Keys, kw_only=True):
    """An outcome, or what some lottery pays, is efficient among what lotteries pay."""

    outcome: list[str] | None = None
    payoffs: list[Number] | None = None

    def check(self, instance: Instance) -> None:
        """Check that the outcome exists, or that there is a payoff for each player."""
        named_game(instance, None, "game")
        if (self.outcome is None) == (self.payoffs is None):
            raise InputError("give either outcome or payoffs")
        self.profile(instance)

    def profile(self, instance: Instance) -> Payoffs:
        """Return the payoff profile that the claim is about."""
        if self.outcome is not None:
            return instance.game.payoffs(self.outcome)
        assert self.payoffs is not None
        return profile(self.payoffs, instance.game.number_of_players, "payoffs")

    def decide(self, instance: Instance) -> Finding:
        """Look for a lottery that pays it, a better one, or weights by which there is none."""
        wanted, hull = self.profile(instance), CorrelatedPlay(instance.game)
        stated: dict[str, Any] = {"payoffs": texts(wanted)}
        apart = _apart(instance.game, wanted)
        if apart is not None:
            return Finding({"violates": "not-feasible", **stated, "weights": texts(apart)})
        better = hull.dominating(wanted)
        if better is not None:
            parts = [
                {"outcome": instance.points.reference(k), "weight": str(w)}
                for k, w in better.items()
            ]
            return Finding({"violates": "dominated", **stated, "dominated_by": parts})
        weights = _supporting(instance.game, wanted)
        told = " + ".join(f"{w} u{i}" for i, w in enumerate(weights, start=1))
        return Finding(remark=f"no outcome has more of {told}", proof={"weights": weights})

    def confirm_proof(self, instance: Instance, finding: Finding) -> None:
        """Check that all weights are positive, and that no outcome pays more by them."""
        assert finding.proof is not None
        weights, wanted = finding.proof["weights"], self.profile(instance)
        if len(weights) != len(wanted) or min(weights) <= 0:
            raise Rejected("a weight is not positive, or lacking")
        for outcome in instance.game.outcomes():
            pays = instance.game.payoffs(outcome)
            if weighted(weights, pays) > weighted(weights, wanted):
                raise Rejected(f"{shown(outcome)} pays more by the weights")

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a better lottery, or that no lottery pays this."""
        return {"dominated": Dominated, "not-feasible": NotFeasible}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute what the lottery pays, or compare with every outcome by the weights."""
        v, wanted, pays = violation, self.profile(instance), instance.game.payoffs
        if texts(wanted) != v["payoffs"]:
            raise Rejected(f"the claim is about {profile_text(wanted)}")
        if v["violates"] == "not-feasible":
            weights = [parse_rational(text, max_digits=LONG) for text in v["weights"]]
            if len(weights) != len(wanted):
                raise Rejected("a weight for each player is needed")
            mine = weighted(weights, wanted)
            if any(weighted(weights, pays(o)) >= mine for o in instance.game.outcomes()):
                raise Rejected("some outcome pays no less by the weights")
            return
        shares = [parse_rational(str(p["weight"]), max_digits=LONG) for p in v["dominated_by"]]
        if min(shares, default=Fraction(0)) <= 0 or sum(shares) != 1:
            raise Rejected("the weights of the lottery are no probabilities")
        rows = [pays(part["outcome"]) for part in v["dominated_by"]]
        better = tuple(weighted(shares, column) for column in zip(*rows, strict=True))
        if better == wanted or any(b < u for b, u in zip(better, wanted, strict=True)):
            raise Rejected(f"{profile_text(better)} does not dominate {profile_text(wanted)}")

    def story(self, violation: Violation) -> str:
        """Tell what is better, or that nothing pays this."""
        v = violation
        pays = texts_shown(v["payoffs"])
        if v["violates"] == "not-feasible":
            return f"no lottery over outcomes pays {pays}"
        better = lottery_shown(v["dominated_by"])
        return f"{pays} is not efficient: {better} is better for one player and worse for none"

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the game."""
        return {"game": model["game"], "title": model.get("title", "")}


def weighted(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    """Return the sum of values, each times its weight."""
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


def _rows(game: Game) -> list[Payoffs]:
    return list(dict.fromkeys(map(game.payoffs, game.outcomes())))


def _apart(game: Game, wanted: Payoffs) -> Payoffs | None:
    """Return weights by which a profile has more than every outcome; None if a lottery pays it."""
    columns = [(*pays, Fraction(1)) for pays in _rows(game)]
    answer = solve(LinearProgram(columns, (*wanted, Fraction(1)), [0] * len(columns)))
    if not isinstance(answer, Infeasible):
        return None
    return tuple(-y for y in answer.farkas[:-1])


def _supporting(game: Game, wanted: Payoffs) -> Payoffs:
    """Return positive weights by which no outcome has more than an efficient profile.

    They are 1 + x for x >= 0 with (1 + x) . (u(a) - wanted) + s_a = 0 for slacks s_a >= 0.
    """
    n, rows = len(wanted), _rows(game)
    gaps = [[v - u for v, u in zip(pays, wanted, strict=True)] for pays in rows]
    columns: list[Payoffs] = [tuple(gap[i] for gap in gaps) for i in range(n)]
    columns += [tuple(Fraction(int(k == m)) for m in range(len(rows))) for k in range(len(rows))]
    right = [-sum(gap, Fraction(0)) for gap in gaps]
    answer = solve(LinearProgram(columns, right, [0] * len(columns)))
    assert isinstance(answer, Optimum)
    return tuple(1 + answer.point.get(i, Fraction(0)) for i in range(n))


FORMS: tuple[type[Claim], ...] = (EfficientInHull,)
