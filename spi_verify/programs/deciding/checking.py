"""Checking Python functions that were written elsewhere, exhaustively on a finite game."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from spi_verify.errors import InputError
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.rationals import format_profile
from spi_verify.programs.language.programs import Always, Profile, Program
from spi_verify.programs.language.terms import ActionProfile
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import ProgramGame
from spi_verify.returned import as_outcome, shown_value

MAX_CASES = 1_000_000

P = TypeVar("P")


@dataclass(frozen=True)
class Violation:
    """A counterexample to what a function is said to be.

    Parameters
    ----------
    claim
        What is violated, with its place in the paper.
    story
        The counterexample, line by line, in the paper's terms.
    data
        The same for programs: strings, lists and dicts.
    """

    claim: str
    story: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join((f"violated: {self.claim}", *(f"  {line}" for line in self.story)))


class TooManyCasesError(InputError):
    """An exhaustive check would take too long."""


def check_renegotiation_function(
    rn: Callable[[Outcome], Sequence[str]], game: Game
) -> Violation | None:
    """Return how a function on outcomes violates Definition 4, or None if it does not.

    Parameters
    ----------
    rn
        Called once with every outcome, a tuple of action names; returns an outcome.
    game
        The game.
    """
    gains = False
    for outcome in game.outcomes():
        returned = rn(outcome)
        image = as_outcome(returned)
        problem = _no_outcome(game, image)
        if image is None or problem is not None:
            return Violation(
                "rn maps outcomes to outcomes (Definition 4)",
                (f"a = {_shown(outcome)}", f"rn(a) = {shown_value(returned)}: {problem}"),
                {"outcome": list(outcome), "image": shown_value(returned)},
            )
        before, after = game.payoffs(outcome), game.payoffs(image)
        loser = _first_worse(before, after)
        if loser is not None:
            return Violation(
                "rn makes nobody worse off: u(rn(a)) >= u(a) (Definition 4(1))",
                (
                    f"a = {_shown(outcome)}, u(a) = {format_profile(before)}",
                    f"rn(a) = {_shown(image)}, u(rn(a)) = {format_profile(after)}",
                    _loss(loser, before, after),
                ),
                {"outcome": list(outcome), "image": list(image), "player": loser},
            )
        gains = gains or before != after
    if not gains:
        return Violation(
            "rn makes someone better off at some outcome (Definition 4(2))",
            ("u(rn(a)) = u(a) for every outcome a",),
        )
    return None


def check_spi(
    f: Callable[[Any], Any],
    game: Game,
    *,
    profiles: Iterable[Any] | None = None,
    play: Callable[[Any], ActionProfile] | None = None,
) -> Violation | None:
    """Return how a transformation of program profiles violates Definition 3, if it does.

    Parameters
    ----------
    f
        Maps a program profile to a program profile.
    game
        The game.
    profiles
        The profiles p to look at; default: constant programs for every outcome.
    play
        Returns a(p) for a profile; default: runs programs of :mod:`spi_verify.programs`.
    """
    run = _player_of(game, play)
    gains = False
    for profile, image in _images(f, game, profiles):
        before, after = game.payoffs(run(profile)), game.payoffs(run(image))
        loser = _first_worse(before, after)
        if loser is not None:
            return _worse_profile(
                "f makes nobody worse off: U(f(p)) >= U(p) (Definition 3)",
                (profile, image),
                (before, after),
                _loss(loser, before, after),
            )
        gains = gains or before != after
    if not gains:
        return Violation(
            "f makes someone better off at some profile (Definition 3)",
            ("U(f(p)) = U(p) for every profile p that was looked at",),
        )
    return None


def check_pmm_guarantee(
    f: Callable[[Any], Any],
    game: Game,
    *,
    profiles: Iterable[Any] | None = None,
    play: Callable[[Any], ActionProfile] | None = None,
) -> Violation | None:
    """Return where a transformation leaves a player below max(U_i(p), u_i^PMM), if anywhere.

    This is what Proposition 4, part 2, promises. The parameters are those of :func:`check_spi`.
    """
    run = _player_of(game, play)
    least = PureOutcomes(game).pareto_meet_minimum
    for profile, image in _images(f, game, profiles):
        before, after = game.payoffs(run(profile)), game.payoffs(run(image))
        wanted = tuple(map(max, before, least))
        loser = _first_worse(wanted, after)
        if loser is not None:
            return _worse_profile(
                "f guarantees U_i(f(p)) >= max(U_i(p), u_i^PMM) (Proposition 4, part 2)",
                (profile, image),
                (before, after),
                f"u^PMM = {format_profile(least)}: player {loser} gets {after[loser - 1]}, "
                f"not {wanted[loser - 1]}",
            )
    return None


def check_selection(
    sel: Callable[[frozenset[Outcome]], Sequence[str]],
    game: Game,
    *,
    outcomes: Iterable[Outcome] | None = None,
    max_cases: int = MAX_CASES,
) -> Violation | None:
    """Return how a function violates Definition 7's selection function or its transitivity.

    Parameters
    ----------
    sel
        Called with sets of outcomes that are not empty; returns an outcome.
    game
        The game.
    outcomes
        All subsets of these are looked at; default: all outcomes of the game.
    max_cases
        How many pairs of sets to look at before giving up.

    Raises
    ------
    TooManyCasesError
        When there are more pairs.

    Notes
    -----
    For N outcomes up to 3^N pairs of a set S and outcomes that are added to it. The violation
    found has the smallest S, then the fewest added outcomes.
    """
    there = list(game.outcomes()) if outcomes is None else [tuple(o) for o in outcomes]
    payoffs = {outcome: game.payoffs(outcome) for outcome in there}
    if 2 ** len(there) > max_cases:
        raise TooManyCasesError(
            f"the {len(there)} outcomes have more than {max_cases} sets; name fewer outcomes"
        )
    chosen: dict[frozenset[Outcome], Outcome] = {}
    for members in _subsets(there):
        outcome_set = frozenset(members)
        raw = sel(outcome_set)
        choice = as_outcome(raw)
        if choice is None or choice not in outcome_set:
            return Violation(
                "sel(S) is in S (Definition 7)",
                (f"S = {_set(members)}", f"sel(S) = {shown_value(raw)}"),
                {"set": [list(o) for o in members], "chosen": shown_value(raw)},
            )
        better = next((o for o in members if _dominates(payoffs[o], payoffs[choice])), None)
        if better is not None:
            return Violation(
                "sel(S) is efficient among the outcomes of S (Definition 7)",
                (
                    f"S = {_set(members)}",
                    f"sel(S) = {_shown(choice)}, u = {format_profile(payoffs[choice])}",
                    f"but {_shown(better)} is in S, u = {format_profile(payoffs[better])}",
                ),
                {"set": [list(o) for o in members], "chosen": list(choice)},
            )
        chosen[outcome_set] = choice
    return _intransitive(there, payoffs, chosen, max_cases)


def _intransitive(
    there: list[Outcome],
    payoffs: Mapping[Outcome, Payoffs],
    chosen: Mapping[frozenset[Outcome], Outcome],
    max_cases: int,
) -> Violation | None:
    cases = 0
    for outcome_set, choice in chosen.items():
        before = payoffs[choice]
        addable = [
            o for o in there if o not in outcome_set and _first_worse(before, payoffs[o]) is None
        ]
        for added in _subsets(addable):
            cases += 1
            if cases > max_cases:
                raise TooManyCasesError(
                    f"no violation among {max_cases} pairs of sets; there are more"
                )
            later = chosen[outcome_set.union(added)]
            loser = _first_worse(before, payoffs[later])
            if loser is not None:
                members = [o for o in there if o in outcome_set]
                return Violation(
                    "sel is transitive: u(sel(S u S')) >= u(sel(S)) if all of S' weakly improves "
                    "on sel(S) (Definition 7)",
                    (
                        f"S = {_set(members)}, S' = {_set(added)}",
                        f"sel(S) = {_shown(choice)}, u = {format_profile(before)}",
                        f"sel(S u S') = {_shown(later)}, u = {format_profile(payoffs[later])}",
                        _loss(loser, before, payoffs[later]),
                    ),
                    {
                        "set": [list(o) for o in members],
                        "added": [list(o) for o in added],
                        "chosen": list(choice),
                        "chosen_later": list(later),
                        "player": loser,
                    },
                )
    return None


def _subsets(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, ...]]:
    sizes = range(1, len(outcomes) + 1)
    return itertools.chain.from_iterable(itertools.combinations(outcomes, k) for k in sizes)


def _images(
    f: Callable[[Any], Any], game: Game, profiles: Iterable[Any] | None
) -> Iterator[tuple[Any, Any]]:
    if profiles is None:
        profiles = (tuple(map(Always, outcome)) for outcome in game.outcomes())
    for profile in profiles:
        yield profile, f(profile)


def _player_of(game: Game, play: Callable[[Any], ActionProfile] | None) -> Callable[[Any], Outcome]:
    if play is None:
        programs = ProgramGame(PureBase(game))

        def run(profile: Any) -> ActionProfile:
            if not all(isinstance(program, Program) for program in profile):
                raise InputError(f"{profile!r} is no profile of programs; say how to play it")
            given: Profile = tuple(profile)
            return programs.outcome(given)

        play = run
    chosen = play
    return lambda profile: tuple(str(action) for action in chosen(profile))


def _worse_profile(
    claim: str, profiles: tuple[Any, Any], payoffs: tuple[Payoffs, Payoffs], what: str
) -> Violation:
    p, image = (_profile(profile) for profile in profiles)
    before, after = map(format_profile, payoffs)
    return Violation(
        claim,
        (f"p = {p}, U(p) = {before}", f"f(p) = {image}, U(f(p)) = {after}", what),
        {"profile": p, "image": image, "before": before, "after": after},
    )


def _profile(profile: Any) -> str:
    return f"({', '.join(map(str, profile))})" if isinstance(profile, tuple) else str(profile)


def _no_outcome(game: Game, image: Outcome | None) -> str | None:
    if image is None:
        return "not a sequence of action names"
    try:
        game.index(image)
    except InputError as error:
        return error.what
    return None


def _first_worse(before: Payoffs, after: Payoffs) -> int | None:
    pairs = enumerate(zip(before, after, strict=True), start=1)
    return next((i for i, (u, v) in pairs if v < u), None)


def _dominates(a: Payoffs, b: Payoffs) -> bool:
    return a != b and _first_worse(b, a) is None


def _loss(player: int, before: Sequence[Fraction], after: Sequence[Fraction]) -> str:
    return f"player {player} gets {after[player - 1]}, down from {before[player - 1]}"


def _shown(outcome: Sequence[str]) -> str:
    return f"({', '.join(outcome)})"


def _set(outcomes: Iterable[Outcome]) -> str:
    return f"{{{', '.join(map(_shown, outcomes))}}}"
