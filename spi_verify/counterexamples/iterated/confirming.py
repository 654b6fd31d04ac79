"""Counterexamples to Proposition 5 and to a claim in its proof, executed with real programs.

Two players with correlated play. The default programs are constant, so that what they may ever
play is read off their code.

A counterexample to the conclusion of Proposition 5 is a game whose default programs always pay
somebody more than PMM + Delta: since iterated CSR never makes anybody worse off than the default
outcome, and who does not renegotiate plays a default, every profile of G(P with all P_i^IRN) then
does. One to the claim in its proof that p_1 is a best response is a program that earns more than
p_1 against the proof's opponents.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import ge
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec

from spi_verify.claims.counterexample import payoff_table
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import build
from spi_verify.counterexamples.kind import Check, Claimed, Confirmation
from spi_verify.counterexamples.statements.known import Meaning, meaning_of, shipped_with
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.rationals import format_profile, parse_rational
from spi_verify.games.regions import Halfspace
from spi_verify.programs.deciding.membership import require_member
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import AtMost, Both, ImprovingOnMeet, Take
from spi_verify.programs.language.notation import parse_program, parse_selection
from spi_verify.programs.language.programs import ICSR, Always, Program
from spi_verify.programs.language.selections import Dictator, Fixed, Leximin, Selection
from spi_verify.programs.language.terms import is_ours
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.beliefs import Beliefs, expected_utility
from spi_verify.programs.running.execution import ProgramGame
from spi_verify.programs.tightness import accepting

if TYPE_CHECKING:
    from spi_verify.obligations.statements import Statement

TIGHT = "tight-equilibrium-exists"
BEST_RESPONSE = "program-is-best-response"
"""The labels of the two conclusions."""

_GRANTED = frozenset(
    {
        "replacement",
        "profiles_are_tuples",
        "default_profile",
        "outcome_of_programs",
        "outcomes_are_tuples",
        "agreement_set",
        "renegotiation_outcome",
        "round_profile",
        "icsr_programs",
        "rounds",
        "algorithm_3",
        "caps",
        "modest_offers",
        "generous_offers",
        "icsr_complete",
        "profiles_of_the_proof",
        "induction_on_the_limit",
        "induction_towards_corner",
        "weights",
        "sum_of_payoffs",
        "beliefs_complete",
        "induction_along_path",
        "lavish_caps",
        "lavish_offers",
        "lavish_programs",
    }
)
"""Closed definitions that hold by what iterated programs, sums, lists and inductions are."""

MAX_ROUNDS = 1000
_TRIED = 12  # so many that with many rounds it does not take long
MAX_OUTCOMES = 64


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Game(_Strict):
    players: list[str]
    actions: list[list[str]]
    payoffs: list[Any]


class _Body(_Strict):
    game: _Game
    play: Literal["correlated", "pure"]
    selection: str
    rounds: int
    delta: list[str]
    defaults: list[list[str]]


class _ResponseBody(_Body):
    epsilon: list[str]
    likelihood: str
    player: int
    better: str


def applies(meaning: Meaning) -> bool:
    """Return whether counterexamples of this kind can refute a statement, by its conclusion."""
    return meaning.goal in (TIGHT, BEST_RESPONSE)


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample of kind ``iterated``; no solver is asked.

    Parameters
    ----------
    claimed
        A statement with the conclusion of Proposition 5, or that of the claim in its proof that a
        program is a best response.
    body
        The game as in model files, ``play`` (``correlated``, or ``pure`` without
        ``joint-randomisation``), ``selection``, ``rounds`` (K),
        ``delta`` and ``defaults`` (constant programs, all of P_1 and of P_2). For a best response
        delta is what the others are offered above the PMM in the end;
        besides, ``epsilon`` for both players, the ``likelihood`` of the opponents who offer
        everything, the ``player`` and a ``better`` program.

    Raises
    ------
    Rejected
        When a hypothesis fails, or the conclusion does not.
    InputError
        When the body is malformed or the statement has another conclusion.
    """
    meaning = meaning_of(claimed)
    if not applies(meaning):
        raise InputError(
            "counterexamples of this kind refute Proposition 5, or that the program of its proof "
            f"is a best response; {claimed.statement} claims something else",
            where="statement",
        )
    return _examine(meaning, body)


def _examine(meaning: Meaning, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample to a statement with one of the two conclusions."""
    for name in meaning.changed:
        raise Rejected(f"iterated programs are executed with the paper's {name} only")
    for name in meaning.definitions:
        if name not in _GRANTED:
            raise Rejected(f"whether {name} holds for iterated programs is not checked")
    best_response = meaning.goal == BEST_RESPONSE
    case = _Response.read(body) if best_response else _Case.read(body)
    checks = tuple(case.check(name, label) for name, label in meaning.hypotheses)
    case.check_together({label for _, label in meaning.hypotheses})
    conclusion, story = case.conclude()
    return Confirmation(checks, conclusion, (*case.setting(), *story))


def find(statement: Statement, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """Iterate over counterexamples in one game, those with the fewest rounds first.

    Parameters
    ----------
    statement
        One to which this kind applies.
    bounds
        Its game, which has to have two players, is searched; without one the Scheduling Game.

    Yields
    ------
    dict
        Bodies that :func:`confirm` accepts.
    """
    from spi_verify.counterexamples.statements.claimed import meaning
    from spi_verify.programs.examples import scheduling_game

    game = bounds.game if bounds.game is not None else scheduling_game()
    if game.number_of_players != 2 or game.number_of_outcomes > MAX_OUTCOMES:
        return
    known = meaning(statement)
    tight = known.goal == TIGHT
    candidates = _tight_candidates(game) if tight else _response_candidates(game)
    found: set[Hashable] = set()
    for kind, body in candidates:
        if kind in found:
            continue
        try:
            _examine(known, body)
        except (InputError, Rejected):
            continue
        found.add(kind)
        yield body


def as_printed(game: Game, rounds: int, delta: Fraction) -> dict[str, Any] | None:
    """Return a better response to the beliefs of the paper's proof than the program it gives.

    Parameters
    ----------
    game
        A game with two players.
    rounds
        K.
    delta
        The most that the others are offered above the PMM.

    Returns
    -------
    dict or None
        A counterexample in this game, confirmed, as plain data that
        ``spi-verify replay`` takes; None where the proof's construction does not apply, or no
        better program was found. Those that are tried take what they like best in the end.
    """
    if game.number_of_players != 2 or game.number_of_outcomes > MAX_OUTCOMES:
        return None
    claimed = shipped_with(BEST_RESPONSE)
    candidates = _response_candidates(game, rounds=(rounds,), most=delta)
    for _, body in itertools.islice(candidates, _TRIED):
        try:
            return build(claimed, "iterated", body, confirm(claimed, body))
        except (InputError, Rejected):
            continue
    return None


@dataclass(frozen=True, eq=False)
class _Case:
    """What both kinds of counterexample have."""

    game: Game
    selection: Selection
    rounds: int
    delta: Payoffs
    defaults: tuple[tuple[Always, ...], ...]
    pure: bool = field(default=False, kw_only=True)

    checked: ClassVar[frozenset[str]] = frozenset(
        {
            "selection-function",
            "transitive-selection",
            "projections-nonempty",
            "at-least-two-players",
            "joint-randomisation",
            "best-payoffs-attained",
            "pmm-feasible",
            "bargaining-problem",
            "somewhere-inefficient",
            "delta-positive",
            "pmm-attained",
            "defaults-at-most-pmm",
            "defaults-not-generous",
        }
    )
    """The labels of the hypotheses that are checked, each by a method of that name."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> _Case:
        raw = _convert(data, _Body)
        return cls(**_common(raw))

    @cached_property
    def play(self) -> CorrelatedPlay:
        return CorrelatedPlay(self.game)

    @cached_property
    def base(self) -> BaseGame:
        return PureBase(self.game) if self.pure else CorrelatedBase(self.game)

    @cached_property
    def program_game(self) -> ProgramGame:
        return ProgramGame(self.base)

    @cached_property
    def pmm(self) -> Payoffs:
        return self.base.pareto_meet_minimum

    def feasible(self, payoffs: Payoffs) -> bool:
        """Whether some outcome, or lottery where there are such, pays this."""
        if self.pure:
            return any(self.game.payoffs(outcome) == payoffs for outcome in self.outcomes)
        return self.play.contains(payoffs)

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return list(self.game.outcomes())

    @cached_property
    def best(self) -> Payoffs:
        return tuple(map(max, zip(*map(self.game.payoffs, self.outcomes), strict=True)))

    @cached_property
    def default_outcomes(self) -> list[Outcome]:
        """Everything that default programs can ever play."""
        pairs = itertools.product(*self.defaults)
        return [tuple(str(program.action) for program in pair) for pair in pairs]

    def check(self, name: str, label: str | None) -> Check:
        """Return how a hypothesis was checked, or raise Rejected where it fails, or is not."""
        if label is None or label not in self.checked:
            raise Rejected(f"the hypothesis {name} is not checked here")
        how: str = getattr(self, "_" + label.replace("-", "_"))()
        return Check(name, how)

    def _selection_function(self) -> str:
        if isinstance(self.selection, Fixed):
            raise Rejected(f"{self.selection} is no selection function: it looks at no set")
        return f"{self.selection} picks an efficient point of every closed set of payoffs"

    def _transitive_selection(self) -> str:
        if isinstance(self.selection, Fixed):
            return f"{self.selection} picks the same outcome from every set"
        return (
            f"{self.selection} picks the first point of a fixed order in which better for all "
            "comes first, so that points that improve on the pick can only lead to an improvement"
        )

    def _projections_nonempty(self) -> str:
        for outcome in self.outcomes:
            payoffs = self.game.payoffs(outcome)
            for i in (1, 2):
                if not self.base.pareto_meet_projection(i, payoffs):
                    raise Rejected(f"player {i}'s projection of {_name(outcome)} is empty")
        if self.pure:
            return "computed for every outcome"
        proved = shipped_with("projections-are-nonempty", "exactly-two-players").statement
        return f"two players with lotteries ({proved}), and computed where pure"

    def _at_least_two_players(self) -> str:
        return "there are two players"

    def _joint_randomisation(self) -> str:
        if self.pure:
            raise Rejected("there are no lotteries")
        return "the feasible set is the convex hull of the payoffs of pure outcomes"

    def _best_payoffs_attained(self) -> str:
        where = "outcomes" if self.pure else "corners"
        return f"u* = {format_profile(self.best)}, attained at efficient {where}"

    def _pmm_feasible(self) -> str:
        what = "outcome" if self.pure else "lottery"
        if not self.feasible(self.pmm):
            raise Rejected(f"no {what} pays the PMM {format_profile(self.pmm)}")
        return f"{'an' if self.pure else 'a'} {what} pays the PMM {format_profile(self.pmm)}"

    def _pmm_attained(self) -> str:
        where = "outcomes" if self.pure else "corners"
        return f"the PMM {format_profile(self.pmm)} is a minimum over the efficient {where}"

    def _bargaining_problem(self) -> str:
        for outcome in self.outcomes:
            if self.game.payoffs(outcome) == self.best:
                raise Rejected(f"{_name(outcome)} pays both players their best payoff")
        return "no pure outcome pays both players their best payoff, so no lottery does"

    def _somewhere_inefficient(self) -> str:
        paid = [self.game.payoffs(outcome) for outcome in self.outcomes]
        if self.pure:
            for outcome, payoffs in zip(self.outcomes, paid, strict=True):
                if any(other != payoffs and all(map(ge, other, payoffs)) for other in paid):
                    return f"{_name(outcome)} is not efficient"
            raise Rejected("every outcome is efficient")
        middle = tuple(sum(column, Fraction(0)) / len(paid) for column in zip(*paid, strict=True))
        if self.play.dominating(middle) is None:
            raise Rejected("every lottery is efficient")
        return f"the mean of all outcomes, {format_profile(middle)}, is not efficient"

    def _delta_positive(self) -> str:
        if min(self.delta) <= 0:
            raise Rejected("Delta is not positive")
        return f"Delta = {format_profile(self.delta)}"

    def check_together(self, labels: Set[str | None]) -> None:
        """Make sure that what is supposed of one and the same profile of defaults holds of one.

        Raises
        ------
        Rejected
            When both hypotheses about it hold of some, but of different ones.
        """
        if not {"defaults-at-most-pmm", "defaults-not-generous"} <= labels:
            return
        if not any(map(self._is_modest_and_not_generous, self.default_outcomes)):
            raise Rejected(
                "no profile of default programs both pays at most the PMM and hands nobody the "
                "best payoff"
            )

    def _is_modest_and_not_generous(self, outcome: Outcome) -> bool:
        return self._at_most_pmm(outcome) and self._not_generous(outcome)

    def _at_most_pmm(self, outcome: Outcome) -> bool:
        payoffs = self.game.payoffs(outcome)
        return all(u <= least for u, least in zip(payoffs, self.pmm, strict=True))

    def _not_generous(self, outcome: Outcome) -> bool:
        pairs = zip(self._replies(outcome), self.best, self.pmm, strict=True)
        return all(reply < best or reply <= least for reply, best, least in pairs)

    def _defaults_at_most_pmm(self) -> str:
        for outcome in filter(self._at_most_pmm, self.default_outcomes):
            paid = format_profile(self.game.payoffs(outcome))
            return f"the defaults {_name(outcome)} pay {paid}"
        raise Rejected("every profile of default programs pays somebody more than the PMM")

    def _defaults_not_generous(self) -> str:
        for outcome in filter(self._not_generous, self.default_outcomes):
            most = format_profile(self._replies(outcome))
            return f"against {_name(outcome)} nobody gets more than {most}"
        raise Rejected("every profile of default programs hands somebody the best payoff")

    def _replies(self, outcome: Outcome) -> Payoffs:
        """Return the most each player gets where the other plays their part of an outcome."""
        first, second = outcome
        rows, columns = self.game.actions
        return (
            max(self.game.payoffs((action, second))[0] for action in rows),
            max(self.game.payoffs((first, action))[1] for action in columns),
        )

    def setting(self) -> tuple[str, ...]:
        """Return the first lines of the story."""
        lines = [f"The PMM is {format_profile(self.pmm)}, the best payoffs u* are "]
        lines[0] += f"{format_profile(self.best)}."
        for i, programs in enumerate(self.defaults, start=1):
            lines.append(f"Player {i}'s default programs: {', '.join(map(str, programs))}.")
        return tuple(lines)

    def conclude(self) -> tuple[str, tuple[str, ...]]:
        """Return how the conclusion fails, and the rest of the story; or raise Rejected."""
        for argue in (
            self._no_functions,
            self._best_already,
            self._one_outcome,
            self._short_chains,
        ):
            found = argue()
            if found is not None:
                return found
        return self._all_above()

    def _no_functions(self) -> tuple[str, tuple[str, ...]] | None:
        """Return that no program renegotiates, where nothing can be improved."""
        payoffs = {self.game.payoffs(outcome) for outcome in self.outcomes}
        if len(payoffs) > 1:
            return None
        paid = format_profile(next(iter(payoffs)))
        return (
            "no function offers a strict improvement, as Definition 7 asks, so there are no "
            "iterated CSR programs",
            (f"Every outcome pays {paid}, so nothing can be improved.",),
        )

    def _best_already(self) -> tuple[str, tuple[str, ...]] | None:
        """Return that no round improves for everybody, where the defaults leave no room."""
        paid = sorted({self.game.payoffs(outcome) for outcome in self.default_outcomes})
        if self.rounds < 2 or not all(any(map(ge, one, self.best)) for one in paid):
            return None
        return (
            f"with K = {self.rounds} all rounds but the last should strictly improve for everybody,"
            " but where the defaults end, somebody gets their best payoff already",
            (f"The defaults can end only in {', '.join(map(format_profile, paid))}.",),
        )

    def _one_outcome(self) -> tuple[str, tuple[str, ...]] | None:
        """Return that two rounds cannot improve, where the same is picked from every set."""
        if not isinstance(self.selection, Fixed) or self.rounds < 3:
            return None
        return (
            f"{self.selection} picks the same in every round, so no second round improves on the "
            f"first, as it should with K = {self.rounds}",
            (
                f"Each of {self.rounds} rounds ends where it started, or at what "
                f"{self.selection} picks.",
            ),
        )

    def _short_chains(self) -> tuple[str, tuple[str, ...]] | None:
        """Return that there are too few outcomes to improve on each other."""
        if not self.pure:
            return None
        payoffs = sorted({self.game.payoffs(outcome) for outcome in self.outcomes})
        longest: dict[Payoffs, int] = {}
        for u in payoffs:
            below = [longest[v] for v in longest if all(x < y for x, y in zip(v, u, strict=True))]
            longest[u] = 1 + max(below, default=0)
        most = max(longest.values())
        if self.rounds <= most:
            return None
        return (
            f"with K = {self.rounds} all rounds but the last should strictly improve for everybody,"
            f" but at most {most} outcomes improve on each other",
            (f"There are no lotteries, and at most {most} outcomes that improve on each other.",),
        )

    def _all_above(self) -> tuple[str, tuple[str, ...]]:
        """Return that every profile pays somebody too much, since renegotiating hurts nobody."""
        if isinstance(self.selection, Fixed):
            raise Rejected(f"what {self.selection} leads to in so few rounds is not settled")
        ceiling = tuple(m + d for m, d in zip(self.pmm, self.delta, strict=True))
        lines, who = [], set()
        for profile in itertools.product(*self.defaults):
            payoffs = self.program_game.utilities(profile)
            above = [i for i in (1, 2) if payoffs[i - 1] > ceiling[i - 1]]
            if not above:
                raise Rejected(
                    f"the default programs {' and '.join(map(str, profile))} pay "
                    f"{format_profile(payoffs)}, nobody more than PMM + Delta "
                    f"{format_profile(ceiling)}"
                )
            who.add(above[0])
            lines.append(
                f"The default programs {' and '.join(map(str, profile))} pay "
                f"{format_profile(payoffs)}: more than {ceiling[above[0] - 1]} for player "
                f"{above[0]}."
            )
        some = f"player {min(who)}" if len(who) == 1 else "somebody"
        lines += [
            "Who does not renegotiate plays a default; ICSR programs that meet others play "
            "theirs; and where all renegotiate nobody ends below the default outcome.",
            f"So every profile of the program game pays {some} more than PMM + Delta.",
        ]
        return (
            f"every profile of G(P with all P_i^IRN) pays {some} more than PMM + Delta = "
            f"{format_profile(ceiling)}, for every K and whatever the beliefs",
            tuple(lines),
        )


@dataclass(frozen=True, eq=False)
class _Response(_Case):
    """A better response than the proof's."""

    epsilon: Payoffs
    likelihood: Fraction
    player: int
    better: Program

    checked: ClassVar[frozenset[str]] = (
        _Case.checked - {"joint-randomisation", "delta-positive", "defaults-not-generous"}
    ) | {
        "small-gains-feasible",
        "corner-efficient",
        "likelihood-small",
        "certain-of-the-less-generous",
        "defaults-pay-less",
    }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> _Response:
        raw = _convert(data, _ResponseBody)
        common = _common(raw)
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
            epsilon=_profile(raw.epsilon, "epsilon"),
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
            shown.append(f"{value} < {end}")
        return f"ending a round earlier is worth {' and '.join(shown)}"

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

    def conclude(self) -> tuple[str, tuple[str, ...]]:
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
        always = b_x > p_x and b_y >= p_y
        lines = [
            f"There are K = {self.rounds} rounds; the selection function is {self.selection}.",
            f"Player {i} believes with probability {self.likelihood} that the other will in the "
            f"end accept anything (up to {best} for player {i}), and otherwise up to "
            f"{self._corner(i)[i - 1]}.",
            f"p_{i} of the proof gets {p_x} from the first and {p_y} from the second, "
            f"{mine} in expectation.",
            f"The program {self.better} gets {b_x} and {b_y}, {more} in expectation.",
        ]
        if always and self.likelihood:
            lines.append("It earns more however small the positive probability of the first.")
        return (
            f"p_{i} is no best response: it earns {mine}, and another program {more}, "
            f"{more - mine} more",
            tuple(lines),
        )


def _convert(data: Mapping[str, Any], schema: type[Any]) -> Any:
    try:
        return msgspec.convert(data, schema)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise InputError(what, where=where.strip("`$.") or None) from None


def _common(raw: _Body) -> dict[str, Any]:
    game = _game(raw.game)
    if not 1 <= raw.rounds <= MAX_ROUNDS:
        raise InputError(f"between 1 and {MAX_ROUNDS} rounds", where="rounds")
    with located(where="selection"):
        selection = parse_selection(raw.selection)
        if not (is_ours(selection) and selection.orders_points):
            raise InputError(f"{selection} is not known to be transitive on all closed sets")
        # refuses what the selection names and two players do not have
        ProgramGame(CorrelatedBase(game)).checked(
            ICSR(selection, Always(names[0]), (ImprovingOnMeet(),)) for names in game.actions
        )
    if len(raw.defaults) != 2 or not all(raw.defaults):
        raise InputError("both players need default programs", where="defaults")
    defaults = []
    for i, texts in enumerate(raw.defaults):
        programs = []
        if len(set(texts)) < len(texts) or len(texts) > len(game.actions[i]):
            raise InputError("name each default program once", where=f"defaults[{i}]")
        for k, text in enumerate(texts):
            with located(where=f"defaults[{i}][{k}]"):
                program = parse_program(text)
                if not isinstance(program, Always) or program.action not in game.actions[i]:
                    raise InputError('default programs here are constant, as (always "Slot 1")')
                programs.append(program)
        defaults.append(tuple(programs))
    return {
        "game": game,
        "selection": selection,
        "rounds": raw.rounds,
        "delta": _profile(raw.delta, "delta"),
        "defaults": tuple(defaults),
        "pure": raw.play == "pure",
    }


def _game(raw: _Game) -> Game:
    if len(raw.actions) != 2 or len(raw.actions[0]) * len(raw.actions[1]) > MAX_OUTCOMES:
        raise InputError(f"two players and at most {MAX_OUTCOMES} outcomes here", where="game")
    with located(where="game.payoffs"):
        table = _numbers(raw.payoffs, 3)
    with located(where="game"):
        return Game.from_payoffs(table, actions=raw.actions, players=raw.players)


def _numbers(cell: Any, depth: int) -> Any:
    if depth and isinstance(cell, list):
        return [_numbers(part, depth - 1) for part in cell]
    if isinstance(cell, (str, int)) and not isinstance(cell, bool):
        return parse_rational(str(cell))
    raise InputError("payoffs are a table of numbers")


def _profile(texts: list[str], where: str) -> Payoffs:
    if len(texts) != 2:
        raise InputError("one number for each of two players", where=where)
    with located(where=where):
        return tuple(map(parse_rational, texts))


def _name(outcome: Outcome) -> str:
    return f"({', '.join(outcome)})"


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


def _tight_candidates(game: Game) -> Iterator[tuple[Hashable, dict[str, Any]]]:
    """Yield games with one constant default program each, and what they have in common."""
    pmm = CorrelatedPlay(game).pareto_meet_minimum
    for outcome in game.outcomes():
        gain = max(u - least for u, least in zip(game.payoffs(outcome), pmm, strict=True))
        if gain > 0:
            delta = Fraction(1) if gain > 1 else gain / 2
            body = {**_body(game, Leximin(), 1, outcome), "delta": [str(delta)] * 2}
            yield tuple(sorted(game.payoffs(outcome))), body


def _response_candidates(
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
