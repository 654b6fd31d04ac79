"""What delegated play is decided by, as the plain data of a violation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from spi_verify.claims.about_delegation import maps_shown
from spi_verify.delegation.deciding import Failure, find_failure, tie_of
from spi_verify.delegation.dominance import Justifying, Reduction, Step, judge
from spi_verify.games.game import Game


def failure_of(
    judging: Game,
    first: Game,
    second: Game,
    assumptions: Collection[str],
    strict: str | Sequence[Sequence[str]] | None,
    paying: Game | None = None,
    *,
    mixed: bool = False,
) -> dict[str, Any] | None:
    """Return how a game is no safe improvement, played by a book; None if it is one.

    What the second game pays is what ``paying`` says; by default what the original game says.
    """
    named = strict if strict is None or isinstance(strict, str) else [tuple(o) for o in strict]
    failure = find_failure(
        judging, first, second, assumptions=assumptions, strict=named, paying=paying, mixed=mixed
    )
    if failure is None:
        return None
    if failure.what == "never-played":
        steps = steps_of(failure.tie.first.steps)
        return {"violates": failure.what, "outcome": list(failure.outcome), "eliminated": steps}
    book = failure.book(assumptions)
    outcome, image = book.play(first), book.play(second)
    before, after = judging.payoffs(outcome), (paying or judging).payoffs(image)
    found: dict[str, Any] = {
        "violates": failure.what,
        "outcome": list(outcome),
        "image": list(image),
    }
    if failure.what == "loss":
        assert failure.player is not None
        i = failure.player - 1
        found |= {"player": i + 1, "before": str(before[i]), "after": str(after[i])}
    else:
        found["payoffs"] = [str(u) for u in before]
    if failure.what == "no-gain-anywhere":
        found["outcomes"] = failure.tie.first.game.number_of_outcomes
    found |= _book(failure)
    if mixed:
        tie = failure.tie
        pairs = ((first, tie.first), (second, tie.second))
        found["beliefs"] = [beliefs_of(game, reduction) for game, reduction in pairs]
    return found


def why_safe(
    first: Game, second: Game, assumptions: Collection[str], *, mixed: bool = False
) -> str:
    """Say what ties the plays together, where a game is a safe improvement."""
    tie = tie_of(first, second, assumptions, mixed=mixed)
    if tie.same:
        return "what is left of both is one and the same game"
    if tie.isomorphism is None:
        return "every outcome that is left is at least as good for all as every one before"
    return f"what is left is isomorphic: {maps_shown(tie.isomorphism.named, first.players)}"


def _book(failure: Failure) -> dict[str, Any]:
    tie = failure.tie
    pages = [(tie.first.game, failure.outcome)]
    if tie.free:
        pages.append((tie.second.game, failure.image))
    return {
        "eliminated": [steps_of(tie.first.steps), steps_of(tie.second.steps)],
        "pages": [
            {"actions": [list(own) for own in game.actions], "outcome": list(outcome)}
            for game, outcome in pages
        ],
        "maps": None if failure.isomorphism is None else failure.isomorphism.named,
    }


def steps_of(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return steps as plain data."""
    return [
        {
            "player": step.player,
            "action": step.action,
            "by": step.by
            if isinstance(step.by, str)
            else {name: str(weight) for name, weight in step.by.items()},
        }
        for step in steps
    ]


def beliefs_of(game: Game, reduction: Reduction) -> list[list[list[dict[str, Any]]]]:
    """Return a belief for each action that is left, against which no action at all is better."""
    found: list[list[list[dict[str, Any]]]] = []
    for i, own in enumerate(reduction.kept):
        everything = [list(k) for k in reduction.kept]
        everything[i] = list(range(game.shape[i]))
        found.append([])
        for a in own:
            why = judge(game, everything, i, a)
            assert isinstance(why, Justifying)
            found[-1].append([{"others": list(o), "weight": str(q)} for o, q in why.belief.items()])
    return found
