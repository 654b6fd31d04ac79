"""A game whose default programs always pay somebody more than PMM + Delta, executed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import ge
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from spi_verify.counterexamples.bimatrix import INDENT, by_name, game_lines
from spi_verify.counterexamples.iterated.body import (
    MAX_ROUNDS,
    CaseBody,
    convert,
    game_of,
    two_numbers,
)
from spi_verify.counterexamples.kind import Check
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements.meanings import shipped_with
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.rationals import format_profile
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import ImprovingOnMeet
from spi_verify.programs.language.notation import parse_program, parse_selection
from spi_verify.programs.language.programs import ICSR, Always
from spi_verify.programs.language.selections import Fixed, Selection
from spi_verify.programs.language.terms import is_ours
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.execution import ProgramGame

if TYPE_CHECKING:
    from spi_verify.counterexamples.programs.telling.wording import Wording


class Argued(NamedTuple):
    """How a conclusion fails, in one sentence, and the rest of the story.

    Parameters
    ----------
    conclusion, story
        The two.
    formerly
        The conclusion as former versions told it, where that was otherwise.
    """

    conclusion: str
    story: tuple[str, ...]
    formerly: str | None = None


@dataclass(frozen=True, eq=False)
class Case:
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
    def read(cls, data: Mapping[str, Any]) -> Case:
        """Read a body."""
        raw = convert(data, CaseBody)
        return cls(**fields_of(raw))

    @cached_property
    def play(self) -> CorrelatedPlay:
        """What correlated play makes feasible."""
        return CorrelatedPlay(self.game)

    @cached_property
    def base(self) -> BaseGame:
        """What the programs run in."""
        return PureBase(self.game) if self.pure else CorrelatedBase(self.game)

    @cached_property
    def program_game(self) -> ProgramGame:
        """The programs that run."""
        return ProgramGame(self.base)

    @cached_property
    def pmm(self) -> Payoffs:
        """u^PMM."""
        return self.base.pareto_meet_minimum

    def feasible(self, payoffs: Payoffs) -> bool:
        """Whether some outcome, or lottery where there are such, pays this."""
        if self.pure:
            return any(self.game.payoffs(outcome) == payoffs for outcome in self.outcomes)
        return self.play.contains(payoffs)

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """All pure outcomes."""
        return list(self.game.outcomes())

    @cached_property
    def best(self) -> Payoffs:
        """u^*: the best payoff of each player."""
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

    @cached_property
    def words(self) -> Wording:
        """Words for programs and outcomes."""
        from spi_verify.counterexamples.programs.telling.wording import Wording

        scenario = Scenario(self.game, not self.pure, Kind.CSR, self.defaults, (), self.selection)
        return Wording(scenario, self.base)

    def named(self, told: str) -> str:
        """Return text in which players who have names of their own go by them."""
        return told if told.startswith(INDENT) else by_name(self.game, told)

    @property
    def selecting(self) -> str:
        """What the selection function is."""
        return self.words.selection(self.selection)

    def _selection_function(self) -> str:
        if isinstance(self.selection, Fixed):
            raise Rejected(f"{self.selection} is no selection function: it looks at no set")
        return f"{self.selecting} picks an efficient point of every closed set of payoffs"

    def _transitive_selection(self) -> str:
        if isinstance(self.selection, Fixed):
            return f"{self.selecting} picks the same outcome from every set"
        return (
            f"{self.selecting} picks the first point of a fixed order in which better for all "
            "comes first, so that points that improve on the pick can only lead to an improvement"
        )

    def _projections_nonempty(self) -> str:
        for outcome in self.outcomes:
            payoffs = self.game.payoffs(outcome)
            for i in (1, 2):
                if not self.base.pareto_meet_projection(i, payoffs):
                    raise Rejected(f"player {i}'s projection of {shown(outcome)} is empty")
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
                raise Rejected(f"{shown(outcome)} pays both players their best payoff")
        return "no pure outcome pays both players their best payoff, so no lottery does"

    def _somewhere_inefficient(self) -> str:
        paid = [self.game.payoffs(outcome) for outcome in self.outcomes]
        if self.pure:
            for outcome, payoffs in zip(self.outcomes, paid, strict=True):
                if any(other != payoffs and all(map(ge, other, payoffs)) for other in paid):
                    return f"{shown(outcome)} is not efficient"
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
            return f"the defaults {shown(outcome)} pay {paid}"
        raise Rejected("every profile of default programs pays somebody more than the PMM")

    def _defaults_not_generous(self) -> str:
        for outcome in filter(self._not_generous, self.default_outcomes):
            most = format_profile(self._replies(outcome))
            return f"against {shown(outcome)} nobody gets more than {most}"
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
        lines = list(game_lines(self.game, self.pmm, correlated=not self.pure))
        lines.append(f"The best payoffs are u* = {format_profile(self.best)}.")
        own = [
            f"P_{i + 1} = {{{', '.join(self.words.name(i, program) for program in programs)}}}"
            for i, programs in enumerate(self.defaults)
        ]
        lines.append(
            f"Default programs, which are played where nobody renegotiates: {', '.join(own)}."
        )
        return tuple(lines)

    def conclude(self) -> Argued:
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

    def _no_functions(self) -> Argued | None:
        """Return that no program renegotiates, where nothing can be improved."""
        payoffs = {self.game.payoffs(outcome) for outcome in self.outcomes}
        if len(payoffs) > 1:
            return None
        paid = format_profile(next(iter(payoffs)))
        return Argued(
            "no function offers a strict improvement, as Definition 7 asks, so there are no "
            "iterated CSR programs",
            (f"Every outcome pays {paid}, so nothing can be improved.",),
        )

    def _best_already(self) -> Argued | None:
        """Return that no round improves for everybody, where the defaults leave no room."""
        paid = sorted({self.game.payoffs(outcome) for outcome in self.default_outcomes})
        if self.rounds < 2 or not all(any(map(ge, one, self.best)) for one in paid):
            return None
        return Argued(
            f"with K = {self.rounds} all rounds but the last should strictly improve for everybody,"
            " but where the defaults end, somebody gets their best payoff already",
            (f"The defaults can end only in {', '.join(map(format_profile, paid))}.",),
        )

    def _one_outcome(self) -> Argued | None:
        """Return that two rounds cannot improve, where the same is picked from every set."""
        if not isinstance(self.selection, Fixed) or self.rounds < 3:
            return None
        return Argued(
            f"{self.selection} picks the same in every round, so no second round improves on the "
            f"first, as it should with K = {self.rounds}",
            (
                f"Each of {self.rounds} rounds ends where it started, or at what is picked: "
                f"{self.selecting}.",
            ),
        )

    def _short_chains(self) -> Argued | None:
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
        return Argued(
            f"with K = {self.rounds} all rounds but the last should strictly improve for everybody,"
            f" but at most {most} outcomes improve on each other",
            (f"There are no lotteries, and at most {most} outcomes that improve on each other.",),
        )

    def _all_above(self) -> Argued:
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
                f"{self.words.profile(profile)} pays {format_profile(payoffs)}: player {above[0]} "
                f"gets more than {ceiling[above[0] - 1]}."
            )
        most = format_profile(ceiling)
        lines = [
            "Delta says how much more than the PMM the players may get in the end: here Delta is "
            f"{format_profile(self.delta)}, so that PMM + Delta is {most}.",
            *lines,
            "In G(P with all P_i^IRN) everybody uses a default program or an iterated CSR program, "
            "which has one of them as its default. Unless all renegotiate, all play their "
            "defaults; and where all do, nobody gets less than at the default outcome.",
        ]
        if len(who) == 1:
            i = min(who)
            some, least, delta = f"player {i}", self.pmm[i - 1], self.delta[i - 1]
            more = f"{least + delta}, the PMM of {least} plus Delta_{i} = {delta}"
        else:
            some, more = "somebody", f"their part of PMM + Delta = {most}"
        every = f"every profile of G(P with all P_i^IRN) pays {some} more than"
        return Argued(
            f"{every} {more}, for every number K of rounds and whatever the beliefs",
            tuple(lines),
            f"{every} PMM + Delta = {most}, for every K and whatever the beliefs",
        )


def fields_of(raw: CaseBody) -> dict[str, Any]:
    """Return the fields of a case, checked, from its body."""
    game = game_of(raw.game)
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
        "delta": two_numbers(raw.delta, "delta"),
        "defaults": tuple(defaults),
        "pure": raw.play == "pure",
    }


def shown(outcome: Outcome) -> str:
    """Return the actions of an outcome."""
    return f"({', '.join(outcome)})"
