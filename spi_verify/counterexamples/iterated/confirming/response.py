"""A better response than the proof's program, executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from spi_verify.counterexamples.iterated.body import (
    ResponseBody,
    convert,
    two_numbers,
)
from spi_verify.counterexamples.iterated.confirming.case import Argued, Case, fields_of
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile, parse_rational
from spi_verify.programs.deciding.membership import require_member
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.notation import parse_program
from spi_verify.programs.language.programs import ICSR, Always, Program
from spi_verify.programs.running.beliefs import Beliefs, expected_utility
from spi_verify.programs.tightness import accepting


@dataclass(frozen=True, eq=False)
class Response(Case):
    """A better response than the proof's."""

    epsilon: Payoffs
    likelihood: Fraction
    player: int
    better: Program

    checked: ClassVar[frozenset[str]] = (
        Case.checked - {"joint-randomisation", "delta-positive", "defaults-not-generous"}
    ) | {
        "small-gains-feasible",
        "corner-efficient",
        "likelihood-small",
        "certain-of-the-less-generous",
        "defaults-pay-less",
    }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Response:
        """Read a body."""
        raw = convert(data, ResponseBody)
        common = fields_of(raw)
        if raw.play == "pure":
            raise InputError("programs of the proof agree on lotteries", where="play")
        if raw.player not in (1, 2):
            raise InputError("players are numbered 1 and 2", where="player")
        with located(where="likelihood"):
            likelihood = parse_rational(raw.likelihood)
        with located(where="better"):
            better = parse_program(raw.better)
        return cls(
            **common,
            epsilon=two_numbers(raw.epsilon, "epsilon"),
            likelihood=likelihood,
            player=raw.player,
            better=better,
        )

    @property
    def default(self) -> tuple[Always, Always]:
        """The default programs of all programs in the proof: the first of each player."""
        return self.defaults[0][0], self.defaults[1][0]

    def _corner(self, i: int) -> Payoffs:
        """Return (u_i* - eps_i, u_j^PMM + delta_j)."""
        corner = [m + d for m, d in zip(self.pmm, self.delta, strict=True)]
        corner[i - 1] = self.best[i - 1] - self.epsilon[i - 1]
        return tuple(corner)

    def _defaults_at_most_pmm(self) -> str:
        payoffs = self.program_game.utilities(self.default)
        if any(u > least for u, least in zip(payoffs, self.pmm, strict=True)):
            raise Rejected(f"the default programs pay {format_profile(payoffs)}, above the PMM")
        return f"the default programs pay {format_profile(payoffs)}"

    def _small_gains_feasible(self) -> str:
        end = tuple(m + d for m, d in zip(self.pmm, self.delta, strict=True))
        if min(self.delta) <= 0 or not self.play.contains(end):
            raise Rejected(f"{format_profile(end)} is not above the PMM or not feasible")
        return f"lotteries pay all of the way from the PMM to {format_profile(end)}"

    def _corner_efficient(self) -> str:
        for i in (1, 2):
            corner = self._corner(i)
            shown = format_profile(corner)
            if self.epsilon[i - 1] <= 0:
                raise Rejected(f"eps_{i} is not positive")
            if not self.play.contains(corner) or not self.play.is_efficient(corner):
                raise Rejected(f"{shown} is not feasible or not efficient")
            if corner[i - 1] < self.pmm[i - 1] + self.delta[i - 1]:
                raise Rejected(f"{shown} pays player {i} less than the PMM and delta")
        both = " and ".join(format_profile(self._corner(i)) for i in (1, 2))
        return f"{both} are efficient"

    def _likelihood_small(self) -> str:
        if not 0 <= self.likelihood < 1:
            raise Rejected("the likelihood of the generous opponents is not in [0, 1)")
        shown = []
        for i in (1, 2):
            least, best = self.pmm[i - 1], self.best[i - 1]
            end = self._corner(i)[i - 1]
            before = least + Fraction(self.rounds - 1, self.rounds) * (end - least)
            value = self.likelihood * best + (1 - self.likelihood) * before
            if value >= end:
                raise Rejected(f"the likelihood is not small: {value} is not less than {end}")
            shown.append(f"{value} to player {i}, less than {end}")
        return f"ending a round earlier earns at most {', and '.join(shown)}"

    def _certain_of_the_less_generous(self) -> str:
        if self.likelihood:
            raise Rejected(f"opponents who offer everything have probability {self.likelihood}")
        return "opponents who offer everything have probability 0"

    def _defaults_pay_less(self) -> str:
        first, second = self.default
        replies = self._replies((str(first.action), str(second.action)))
        for i in (1, 2):
            if replies[i - 1] >= self._corner(i)[i - 1]:
                raise Rejected(f"against the default program player {i} can get {replies[i - 1]}")
        return f"against the default programs nobody gets more than {format_profile(replies)}"

    def _opponent(self, most: Fraction) -> ICSR:
        """Return the opponent who lets the player have so much in the end."""
        ceiling = list(self.pmm)
        ceiling[self.player - 1] = most
        functions = accepting(self.player, self.pmm, tuple(ceiling), self.rounds)
        return ICSR(self.selection, self.default[2 - self.player], functions)

    def conclude(self) -> Argued:
        """Return how much more the better program earns, and the rest of the story."""
        i, game = self.player, self.program_game
        end = tuple(m + d for m, d in zip(self.pmm, self.delta, strict=True))
        own = accepting(3 - i, self.pmm, end, self.rounds)
        p_i = ICSR(self.selection, self.default[i - 1], own)
        best = self.best[i - 1]
        x, y = self._opponent(best), self._opponent(self._corner(i)[i - 1])
        pairs = [(x, self.likelihood), (y, 1 - self.likelihood)]
        beliefs = Beliefs.of(*(pair for pair in pairs if pair[1]))
        space = ProgramSpace.with_icsr(self.selection, self.rounds, *self.defaults[i - 1])
        for program in (p_i, self.better):
            require_member(game, i, program, beliefs, space)
        mine = expected_utility(game, i, p_i, beliefs)
        more = expected_utility(game, i, self.better, beliefs)
        if more <= mine:
            raise Rejected(f"the program said to be better earns {more}, and p_{i} {mine}")
        against = [
            [expected_utility(game, i, program, Beliefs.certain(o)) for o in (x, y)]
            for program in (p_i, self.better)
        ]
        (p_x, p_y), (b_x, b_y) = against
        rounds = "is K = 1 round" if self.rounds == 1 else f"are K = {self.rounds} rounds"
        self.words.call(i - 1, self.better, f"q_{i}")
        called = self.words.name(i - 1, self.better)
        begins = called if "_" in called else f"{called[0].upper()}{called[1:]}"
        lines = [
            f"There {rounds}; the selection function is {self.selecting}.",
            *self._expecting(i, best),
            f"The proof's program p_{i}, which in the end lets player {3 - i} have up to "
            f"{end[2 - i]}, {self._earns(p_x, p_y, mine)}.",
            *self.words.definitions(),
            f"{begins} {self._earns(b_x, b_y, more)}.",
            *self._passed_over(p_i, x, called, end[2 - i]),
        ]
        conclusion = (
            f"p_{i} is no best response: it earns {mine}, and another program {more}, "
            f"{more - mine} more"
        )
        if b_x > p_x and b_y >= p_y and self.likelihood:
            lines.append(
                f"So {conclusion}. {called} gets more from whoever accepts anything and loses "
                "nothing by it, so that this holds however small the positive probability of those."
            )
        return Argued(conclusion, tuple(lines))

    def _passed_over(self, p_i: ICSR, x: ICSR, called: str, most: Fraction) -> Iterator[str]:
        """Yield why p_i gets less from the generous opponent than that opponent would accept.

        Both accept where the better program ends, and something is selected that leaves the
        opponent all that p_i lets them have.
        """
        i, ends = self.player, []
        for program in (p_i, self.better):
            pair = (program, x) if i == 1 else (x, program)
            ends.append(self.program_game.utilities(pair))
        ours, better = ends
        accepted = all(u >= least for u, least in zip(better, self.pmm, strict=True))
        if not self.likelihood or not accepted or better[2 - i] > most or ours[2 - i] != most:
            return
        if better[i - 1] <= ours[i - 1]:
            return
        yield (
            f"The first and p_{i} would both accept {format_profile(better)}, where {called} ends; "
            f"but of all that both accept, {self.selecting} picks {format_profile(ours)}, where "
            f"player {3 - i} has the whole {most}. That is why p_{i} gets no more than "
            f"{ours[i - 1]}."
        )

    def _expecting(self, i: int, best: Fraction) -> Iterator[str]:
        """Yield what a player expects the other to use."""
        less = f"accept up to {self._corner(i)[i - 1]}"
        anything = f"accept anything (up to {best} for player {i})"
        if not self.likelihood:
            yield f"Player {i} is certain of somebody who will in the end {less} for player {i}."
            return
        yield (
            f"Player {i} expects, with probability {self.likelihood}, somebody who will in the "
            f"end {anything}, and otherwise somebody who will {less} for player {i}."
        )

    def _earns(self, first: Fraction, second: Fraction, expected: Fraction) -> str:
        if not self.likelihood:
            return f"earns {expected}"
        return (
            f"earns {first} against the first and {second} against the second: {expected} in "
            "expectation"
        )
