"""Games with default programs, and better responses, that may show something."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs, payoff_table
from spi_verify.games.regions import Halfspace
from spi_verify.programs.language.functions import AtMost, Both, ImprovingOnMeet, Take
from spi_verify.programs.language.programs import ICSR, Always, Program
from spi_verify.programs.language.selections import Dictator, Leximin, Selection
from spi_verify.programs.running.base_games import CorrelatedBase


def _body(game: Game, selection: Selection, rounds: int, outcome: Outcome) -> dict[str, Any]:
    return {
        "game": {
            "players": list(game.players),
            "actions": [list(names) for names in game.actions],
            "payoffs": payoff_table(game),
        },
        "play": "correlated",
        "selection": str(selection),
        "rounds": rounds,
        "delta": ["1", "1"],
        "defaults": [[str(Always(action))] for action in outcome],
    }


def tight_candidates(game: Game) -> Iterator[tuple[Hashable, dict[str, Any]]]:
    """Yield games with one constant default program each, and what they have in common."""
    pmm = CorrelatedPlay(game).pareto_meet_minimum
    for outcome in game.outcomes():
        gain = max(u - least for u, least in zip(game.payoffs(outcome), pmm, strict=True))
        if gain > 0:
            delta = Fraction(1) if gain > 1 else gain / 2
            body = {**_body(game, Leximin(), 1, outcome), "delta": [str(delta)] * 2}
            yield tuple(sorted(game.payoffs(outcome))), body


def response_candidates(
    game: Game, *, rounds: Sequence[int] = (1, 2), most: Fraction | None = None
) -> Iterator[tuple[Hashable, dict[str, Any]]]:
    """Yield programs that take, or improve every round and take in the end; and of which kind."""
    play, base = CorrelatedPlay(game), CorrelatedBase(game)
    pmm = play.pareto_meet_minimum
    profiles = [game.payoffs(k) for k in range(game.number_of_outcomes)]
    best = tuple(map(max, zip(*profiles, strict=True)))
    room = min(b - m for b, m in zip(best, pmm, strict=True))
    if room <= 0:
        return
    delta = min(Fraction(1), room) / 10
    delta = delta if most is None else min(delta, most)
    corners = [_most(base, i, pmm[2 - i] + delta) for i in (1, 2)]
    ends = [corner for corner in corners if corner is not None]
    if len(ends) < 2:
        return
    epsilon = [str(b - c) for b, c in zip(best, ends, strict=True)]
    # the last step there is small where there are many rounds
    likely = min([(c - m) / (b - m) for b, c, m in zip(best, ends, pmm, strict=True)])
    likely = min(Fraction(1, 10), likely / (2 * max(rounds)))
    defaults = [o for o in game.outcomes() if _below(game.payoffs(o), pmm)]
    for number, selection, outcome, player, likelihood in itertools.product(
        rounds, (Leximin(), Dictator(1)), defaults, (1, 2), (str(likely), "0")
    ):
        favoured = selection == Dictator(player)
        own = Always(outcome[player - 1])
        bound = AtMost(pmm[2 - player], tuple(Fraction(int(j == 3 - player)) for j in (1, 2)))
        improving = Both(ImprovingOnMeet(), (bound,))
        functions = ((improving,) * (number - 1)) + (Take(Dictator(player)),)
        plain = [Always(action) for action in game.actions[player - 1]]
        better: list[Program] = [ICSR(selection, own, functions), *plain]
        for program in better:
            body = _body(game, selection, number, outcome)
            body["delta"] = [str(delta)] * 2
            if program != own and isinstance(program, Always):
                body["defaults"][player - 1].append(str(program))
            more = {"epsilon": epsilon, "likelihood": likelihood, "player": player}
            yield (number, selection, favoured), {**body, **more, "better": str(program)}


def _below(payoffs: Payoffs, pmm: Payoffs) -> bool:
    return all(u <= least for u, least in zip(payoffs, pmm, strict=True)) and payoffs != pmm


def _most(base: CorrelatedBase, player: int, other: Fraction) -> Fraction | None:
    """Return the most a player can get where the other gets just this much."""
    unit = tuple(Fraction(int(j == 3 - player)) for j in (1, 2))
    minus = tuple(-c for c in unit)
    region = base.within([Halfspace(unit, other), Halfspace(minus, -other)])
    return max((corner[player - 1] for piece in region.pieces for corner in piece), default=None)
