"""``safe-improvement``: no play that satisfies correspondences gives anybody less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spi_verify.claims.about_delegation import PairClaim, StepKeys
from spi_verify.claims.confirming.correspondences import Games, check_proof, stated_play
from spi_verify.claims.confirming.stated import require_same, stated_player
from spi_verify.claims.correspondences import check_correspondence
from spi_verify.claims.deciding.correspondences import (
    answer,
    how_derived,
    problem_of,
    stated_loss,
    stated_proof,
)
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.words import shown, who
from spi_verify.errors import InputError, Rejected, Undecided
from spi_verify.suggestions import suggestion

_TOLD = 8


class PlayedKeys(msgspec.Struct, forbid_unknown_fields=True):
    """What is played in one game: in the game of the file, or in a subset game."""

    outcome: list[str]
    game: str | None = None


class LossInPlay(ViolationKeys, kw_only=True):
    """In this play ``player`` gets ``after`` in the subset game and ``before`` in the game."""

    play: list[PlayedKeys]
    player: int
    before: str
    after: str
    eliminated: dict[str, list[StepKeys]]
    maps: dict[str, list[dict[str, str]]]


class SafeImprovement(PairClaim, kw_only=True):
    """In every play that satisfies the correspondences, nobody gets less in the subset game."""

    correspondences: list[str] | None = None

    def named(self, instance: Instance) -> Sequence[str]:
        """Return the names of the correspondences: all of the file, unless the claim says which."""
        return (
            list(instance.correspondences)
            if self.correspondences is None
            else (self.correspondences)
        )

    def check(self, instance: Instance) -> None:
        """Check that the games and correspondences exist, and that games are as these say."""
        self.first(instance)
        self.second(instance)
        for name in self.correspondences or ():
            if name not in instance.correspondences:
                raise InputError(
                    f"unknown correspondence {name!r}"
                    f"{suggestion(name, instance.correspondences, none='the file has none')}",
                    where="correspondences",
                )
        for name in self.named(instance):
            check_correspondence(instance, name)

    def decide(self, instance: Instance) -> Finding:
        """Look for a play in which somebody loses; where there is none, for one at all."""
        problem = problem_of(instance, self.named(instance), self.game, self.subset_game)
        losing = answer(problem, {**problem.constraints, _LOSS: problem.losses})
        if losing.play is not None:
            return Finding(stated_loss(instance, problem, losing.play))
        rests_on = tuple(name for name in losing.rests_on if name != _LOSS)
        proof = stated_proof(instance, problem, losing)
        agreed = proof is None
        try:
            any_play = answer(problem, problem.constraints)
        except Undecided:
            return Finding(
                remark="whether any play satisfies the correspondences was not found",
                rests_on=rests_on,
                proof=proof,
                agreed=agreed,
                consistency_open=True,
            )
        if any_play.play is None:
            named = " and ".join(any_play.rests_on)
            proof = stated_proof(instance, problem, any_play)
            return Finding(
                remark=f"no play satisfies {named}",
                rests_on=any_play.rests_on,
                proof=proof,
                agreed=proof is None,
                vacuous=True,
            )
        told = f"by {', '.join(rests_on)}" if rests_on else "whatever is played"
        remark = f"{told}; {how_derived(instance, problem)}"
        return Finding(remark=remark, rests_on=rests_on, proof=proof, agreed=agreed)

    def confirm_proof(self, instance: Instance, finding: Finding) -> None:
        """Go through it: what goes has nothing to be played with, until a game has nothing."""
        assert finding.proof is not None
        ends = None if finding.vacuous else (self.game, self.subset_game)
        check_proof(Games(instance), finding.rests_on, ends, finding.proof)

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a play in which somebody loses."""
        return {"loss": LossInPlay}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Look up what is played, check each correspondence, and compare what is paid."""
        v, games = violation, Games(instance)
        ends = self.game, self.subset_game
        outcome, image = stated_play(games, self.named(instance), ends, v)
        i = stated_player(instance, v) - 1
        pays = games.table(None).pays
        require_same(v, "before", pays[outcome][i])
        require_same(v, "after", pays[image][i])
        if not pays[image][i] < pays[outcome][i]:
            raise Rejected(f"player {i + 1} does not lose")

    def story(self, violation: Violation) -> str:
        """Tell the play, and who loses."""
        v = violation
        played = [f"{shown(entry['outcome'])} in {_called(entry)}" for entry in v["play"][:_TOLD]]
        more = len(v["play"]) - _TOLD
        told = ", ".join(played) + (f" and so on in {more} more" if more > 0 else "")
        return (
            f"representatives who play {told} satisfy the correspondences: in {self.subset_game} "
            f"{who(v)} gets {v['after']} instead of {v['before']}"
        )

    def check_with_parameters(self, _: Instance) -> None:
        """Refuse parameters."""
        raise self._without_parameters_only()

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the game, the correspondences, and the subset games between which they are."""
        every = model.get("correspondences", [])
        names = [table.get("name") or f"correspondence-{k + 1}" for k, table in enumerate(every)]
        kept = [
            {**{k: v for k, v in table.items() if v is not None}, "name": name}
            for name, table in zip(names, every, strict=True)
            if self.correspondences is None or name in self.correspondences
        ]
        games = {self.game, self.subset_game}
        games |= {table.get(end) for table in kept for end in ("from", "to")}
        subsets = {n: t for n, t in model.get("subset-games", {}).items() if n in games}
        named = {"title": model.get("title", ""), "subset-games": subsets, "correspondences": kept}
        return {"game": model["game"], **named}


_LOSS = ""
"""The name of the constraint that somebody loses; no correspondence has it."""


def _called(entry: Mapping[str, Any]) -> str:
    return "the game" if entry.get("game") is None else str(entry["game"])


FORMS: tuple[type[Claim], ...] = (SafeImprovement,)
