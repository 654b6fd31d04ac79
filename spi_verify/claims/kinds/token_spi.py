"""``token-spi``: playing with tokens, and agreeing what they pay, is a safe improvement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from spi_verify.claims.about_delegation import (
    FAILURES,
    Assumption,
    StrictKey,
    both_assumptions,
    check_dominance,
    check_strict,
    failure_told,
)
from spi_verify.claims.confirming.failures import require_failure, require_never_played
from spi_verify.claims.confirming.plays import Table, carry_out
from spi_verify.claims.deciding.plays import failure_of, why_safe
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Keys, Violation, ViolationKeys
from spi_verify.claims.subset_games import named_game
from spi_verify.claims.token_games import named_token_game


class TokenSpi(Keys, kw_only=True):
    """A token game is an SPI on the game, for all representatives that satisfy assumptions."""

    token_game: str = msgspec.field(name="token-game")
    assumptions: list[Assumption] = msgspec.field(default_factory=both_assumptions)
    dominance: Literal["pure", "mixed"] = "pure"
    strict: StrictKey = None

    def check(self, instance: Instance) -> None:
        """Check that the token game exists, that it pays what is feasible, and outcomes."""
        check_dominance(self.dominance, self.assumptions)
        check_strict(self.strict, named_game(instance, None, "game"))
        named_token_game(instance, self.token_game)

    def decide(self, instance: Instance) -> Finding:
        """Look for a play that the assumptions allow in which somebody loses, or nobody gains."""
        game, (played, pays) = instance.game, instance.token_games[self.token_game]
        mixed = self.dominance == "mixed"
        stated = self.assumptions, self.strict
        failure = failure_of(game, game, played, *stated, pays, mixed=mixed)
        if failure is not None:
            return Finding(failure)
        return Finding(remark=why_safe(game, played, self.assumptions, mixed=mixed))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a play in which somebody loses, or in which nobody gains."""
        return FAILURES

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Let the book play both games, and compare what they pay."""
        v, first, mixed = violation, Table.of(instance.game), self.dominance == "mixed"
        if v["violates"] == "never-played":
            require_never_played(first, self.assumptions, self.strict, v, mixed=mixed)
            return
        played, pays = map(Table.of, instance.token_games[self.token_game])
        carried_out = carry_out(first, played, self.assumptions, v, mixed=mixed)
        require_failure(carried_out, first.pays, pays.pays, self.strict, v)

    def story(self, violation: Violation) -> str:
        """Tell the play, and who loses or that nobody gains."""
        return failure_told(violation, "the game", self.token_game)

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the game and the token game."""
        every = model.get("token-games", {})
        kept = {name: table for name, table in every.items() if name == self.token_game}
        return {"game": model["game"], "title": model.get("title", ""), "token-games": kept}


FORMS: tuple[type[Claim], ...] = (TokenSpi,)
