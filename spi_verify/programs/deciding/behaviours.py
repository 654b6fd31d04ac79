"""Enumerating programs up to what they do against given opponents.

What a program earns against finitely many opponents depends on few things: which action it
returns, or what its renegotiation function says, in the situations that come up; and whether its
code is one that the opponents' code mentions. So a *generic* program is run whose answers are not
fixed beforehand, and whose code equals nobody's. Whenever an answer is needed that was not given
yet, the search branches over all answers. Besides, every piece of code that the opponents mention
is tried. Each behaviour found is written out as a program whose code nobody mentions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError
from spi_verify.programs.deciding.definitions import find_map_defect
from spi_verify.programs.deciding.membership import is_legal
from spi_verify.programs.deciding.reading import Looks, any_looks
from spi_verify.programs.deciding.spaces import Kind, ProgramSpace
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.conditions import AllOf
from spi_verify.programs.language.functions import (
    Both,
    ByOutcome,
    FunctionIs,
    Improving,
    Outcomes,
    RenegotiationMap,
    Round,
    Row,
    SetFunction,
    Take,
    To,
    When,
)
from spi_verify.programs.language.programs import (
    CSR,
    ICSR,
    Always,
    Entry,
    If,
    Lookup,
    Program,
    Renegotiation,
    Situation,
    actions_named,
)
from spi_verify.programs.language.selections import Dictator
from spi_verify.programs.language.terms import Action, ActionProfile, Element, is_known, subterms
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.beliefs import Beliefs, join
from spi_verify.programs.running.execution import Execution, NonHaltingError, ProgramGame


@dataclass(frozen=True)
class Behaviour:
    """What a program of a space earns.

    Parameters
    ----------
    program
        The program.
    earned
        What it earns against each profile of the support, in that order.
    """

    program: Program
    earned: tuple[Fraction, ...]


class _OpenError(Exception):
    """An answer is needed that was not given yet."""

    def __init__(self, question: Any, answers: Iterable[Any]) -> None:
        self.question = question
        self.answers = answers


@dataclass(eq=False)
class _Answers:
    """What a generic program has answered."""

    given: dict[Any, Any] = field(default_factory=dict)

    def ask(self, question: Any, answers: Iterable[Any]) -> Any:
        if question not in self.given:
            raise _OpenError(question, answers)
        return self.given[question]


@dataclass(frozen=True, eq=False)
class _GenericProgram(Program):
    answers: _Answers

    def run(self, situation: Situation) -> Action:
        names = situation.execution.base.game.actions[situation.player - 1]
        action: Action = self.answers.ask(("action", situation.opponents), names)
        return action


@dataclass(frozen=True, eq=False)
class _GenericMap(RenegotiationMap):
    answers: _Answers
    base: PureBase

    def image(self, outcome: ActionProfile) -> Element:
        better = self.base.elements(self.base.at_least(self.base.payoffs(outcome)))
        image: Element = self.answers.ask(("image", outcome), better)
        return image


@dataclass(frozen=True, eq=False)
class _GenericFunction(SetFunction):
    answers: _Answers
    index: int
    singletons: bool

    def value(self, scope: Round) -> OutcomeSet:
        others = scope.functions[: scope.player - 1] + scope.functions[scope.player :]
        better = scope.base.elements(scope.base.at_least(scope.payoffs))
        sizes = range(2 if self.singletons else len(better) + 1)
        subsets = itertools.chain.from_iterable(itertools.combinations(better, k) for k in sizes)
        return frozenset(self.answers.ask(("set", self.index, others, scope.outcome), subsets))


@dataclass
class Search:
    """One enumeration of the programs of a space.

    Parameters
    ----------
    game, player, beliefs, space
        What is asked.
    max_runs
        When to give up.

    Attributes
    ----------
    runs
        How many runs it took.
    exhaustive
        After :meth:`behaviours` is exhausted: whether every payoff that any program of the space
        earns was found (but for those that pruning left out, which are not the greatest).
    best
        The greatest expected utility found so far.
    """

    game: ProgramGame
    player: int
    beliefs: Beliefs
    space: ProgramSpace
    max_runs: int
    runs: int = 0
    exhaustive: bool = True
    best: Fraction | None = None
    _legal: dict[tuple[int, SetFunction], bool | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.game.require_player(self.player)
        game = self.game.base.game
        placeholder = Always(game.actions[self.player - 1][0])
        for profile, _ in self.beliefs.profiles(self.player, placeholder):
            self.game.checked(profile)
        programs = (p for opponents, _ in self.beliefs.support for p in opponents)
        self.mentioned = list(dict.fromkeys(subterms(*programs)))
        self.singletons = not any_looks(self.mentioned, Looks.VALUES)
        self.ceiling = max(game.payoffs(k)[self.player - 1] for k in range(game.number_of_outcomes))
        finite = self.space.programs is not None and self.space.kind is None
        if not finite and not isinstance(self.game.base, PureBase):
            self.exhaustive = False
        if not all(map(is_known, self.mentioned)):
            self.exhaustive = self.exhaustive and finite
        sees_tags = any_looks(self.mentioned, Looks.TAGS)
        if sees_tags and self.space.kind in (Kind.CSR, Kind.ICSR):
            self.exhaustive = False

    def behaviours(self, *, prune: bool) -> Iterator[Behaviour]:
        """Iterate over the behaviours of the space.

        Parameters
        ----------
        prune
            Whether to leave out programs that cannot earn more than those found before.
        """
        tried: set[Program] = set()
        for program in self._concrete():
            if program in tried:
                continue
            if self._spent():
                return
            tried.add(program)
            earned = self._run(program, None)
            if earned is not None:
                yield self._noted(program, earned)
        if isinstance(self.game.base, PureBase):
            for parts in self._shapes():
                if self._spent():
                    return
                yield from self._of_shape(parts, prune)

    def _spent(self) -> bool:
        """Whether the runs are used up although there is more to try."""
        if self.runs < self.max_runs:
            return False
        self.exhaustive = False
        return True

    def expected(self, earned: tuple[Fraction, ...]) -> Fraction:
        """Return the expectation of payoffs over the support."""
        pairs = zip(self.beliefs.support, earned, strict=True)
        return sum((weight * u for (_, weight), u in pairs), Fraction(0))

    def _of_shape(self, parts: tuple[Any, ...], prune: bool) -> Iterator[Behaviour]:
        waiting = [_Answers()]
        while waiting:
            if self._spent():
                return
            answers = waiting.pop()
            program = self._generic(parts, answers)
            if program is None:
                self.runs += 1
                continue
            try:
                earned = self._run(program, self.best if prune else None)
            except _OpenError as open_question:
                room = self.max_runs - self.runs + 1
                choices = list(itertools.islice(open_question.answers, room))
                for choice in reversed(choices):
                    waiting.append(_Answers({**answers.given, open_question.question: choice}))
                continue
            written = None if earned is None else self._written(parts, answers)
            if earned is not None and written is not None:
                yield self._noted(written, earned)

    def _noted(self, program: Program, earned: tuple[Fraction, ...]) -> Behaviour:
        value = self.expected(earned)
        self.best = value if self.best is None else max(self.best, value)
        return Behaviour(program, earned)

    def _run(self, program: Program, best: Fraction | None) -> tuple[Fraction, ...] | None:
        """Return what a program earns; None if it does not halt, or cannot beat the best."""
        self.runs += 1
        earned: list[Fraction] = []
        so_far, ahead = Fraction(0), Fraction(1)
        for profile, weight in self.beliefs.profiles(self.player, program):
            if best is not None and so_far + ahead * self.ceiling <= best:
                return None
            try:
                outcome = Execution(self.game.base).profile(profile)
                earned.append(self.game.base.payoffs(outcome)[self.player - 1])
            except NonHaltingError:
                return None
            except (InputError, RecursionError):
                self.exhaustive = False
                return None
            so_far += weight * earned[-1]
            ahead -= weight
        return tuple(earned)

    def _concrete(self) -> Iterator[Program]:
        """Yield the given programs, those that are mentioned, and some that promise much."""
        yield from self.space.programs or ()
        for part in self.mentioned:
            if isinstance(part, Program) and self._in_defaults(part):
                yield part
        if self.space.programs is None:
            yield from map(Always, self.game.base.game.actions[self.player - 1])
        if self.space.kind in (Kind.CSR, Kind.ICSR):
            take = Take(Dictator(self.player))
            early = (self.space.rounds or 1) - 1
            for default in self._defaults():
                for first in dict.fromkeys((take, self._patient(default))):
                    program = self._assembled((*(first,) * early, take), default)
                    if program is not None:
                        yield program

    def _patient(self, default: Program) -> SetFunction:
        """Return a function that accepts nothing at the default outcomes of the support."""
        rows: dict[Any, Row] = {}
        for opponents, _ in self.beliefs.support:
            defaults = tuple(getattr(p, "default", p) for p in opponents)
            try:
                outcome = self.game.outcome(join(self.player, default, defaults))
            except InputError:
                continue
            names = tuple(action for action in outcome if isinstance(action, str))
            if len(names) == len(outcome):
                rows[names] = Row(names, Outcomes(()))
        return ByOutcome(Improving(), tuple(rows.values()))

    def _in_defaults(self, program: Program) -> bool:
        finite = self.space.programs is not None
        return self.space.has_plain(program) and (finite or self._can_play(program))

    def _can_play(self, program: Program) -> bool:
        """Whether a program plays only actions that the player has, unlike code of others."""
        names = self.game.base.game.actions[self.player - 1]
        return all(a in names for a in actions_named(program) if isinstance(a, str))

    def _defaults(self) -> list[Program]:
        if self.space.programs is not None:
            return list(self.space.programs)
        mentioned = [p for p in self.mentioned if isinstance(p, Program) and self._in_defaults(p)]
        return [*map(Always, self.game.base.game.actions[self.player - 1]), *mentioned]

    def _shapes(self) -> Iterator[tuple[Any, ...]]:
        """Yield (default,) or (default, function, ...); None stands for a generic part."""
        kind, rounds = self.space.kind, self.space.rounds or 1
        defaults: list[Program | None] = [*self._defaults()]
        if self.space.programs is None:
            yield (None,)
            defaults.append(None)
        functions: list[list[Any]] = []
        if kind is Kind.RENEGOTIATION:
            maps = [m for m in self.mentioned if isinstance(m, RenegotiationMap)]
            functions = [[None, *maps]]
        elif kind is not None:
            asked = [part.function for part in self.mentioned if isinstance(part, FunctionIs)]
            for part in self.mentioned:
                if isinstance(part, CSR):
                    asked.append(part.function)
                elif isinstance(part, ICSR):
                    asked.extend(part.rounds)
            functions = [[None, *dict.fromkeys(asked)]] * rounds
        if kind is not None:
            yield from itertools.product(defaults, *functions)

    def _generic(self, parts: tuple[Any, ...], answers: _Answers) -> Program | None:
        default = _GenericProgram(answers) if parts[0] is None else parts[0]
        if len(parts) == 1:
            assert isinstance(default, Program)
            return default
        base = self.game.base
        assert isinstance(base, PureBase)
        functions: list[Any] = []
        for k, part in enumerate(parts[1:]):
            if part is not None:
                functions.append(part)
            elif self.space.kind is Kind.RENEGOTIATION:
                functions.append(_GenericMap((), answers, base))
            else:
                functions.append(_GenericFunction(answers, k, self.singletons))
        return self._assembled(tuple(functions), default)

    def _assembled(self, functions: tuple[Any, ...], default: Program) -> Program | None:
        """Return a program of the space's kind if it is one."""
        try:
            program = self._of_kind(functions, default)
        except InputError:
            return None
        if isinstance(program, Renegotiation):
            generic = isinstance(program.rn, _GenericMap)
            legal = generic or find_map_defect(self.game.base, program.rn) is None
        else:
            legal = all(self._is_legal(k, f) for k, f in enumerate(functions))
        return program if legal else None

    def _of_kind(self, functions: tuple[Any, ...], default: Program) -> Program:
        if self.space.kind is Kind.RENEGOTIATION:
            return Renegotiation(functions[0], default)
        assert self.space.selection is not None
        if self.space.kind is Kind.CSR:
            return CSR(self.space.selection, default, functions[0])
        return ICSR(self.space.selection, default, functions)

    def _is_legal(self, k: int, function: SetFunction) -> bool:
        """Whether a function is known to meet Definition 7."""
        if isinstance(function, _GenericFunction):
            return True
        if (k, function) not in self._legal:
            opponents = [profile for profile, _ in self.beliefs.support]
            selection = self.space.selection
            assert selection is not None
            legal = is_legal(self.game, self.player, function, k, opponents, selection)
            self._legal[k, function] = legal
        legal = self._legal[k, function]
        if legal is None:
            self.exhaustive = False
        return legal is True

    def _written(self, parts: tuple[Any, ...], answers: _Answers) -> Program | None:
        """Write a generic program out, with code that no opponent mentions."""
        default = self._written_program(answers) if parts[0] is None else parts[0]
        if len(parts) == 1:
            assert isinstance(default, Program)
            return default
        functions: list[Any] = []
        for k, part in enumerate(parts[1:]):
            if part is None and self.space.kind is Kind.RENEGOTIATION:
                part = self._written_map(answers)
            elif part is None:
                part = self._written_function(k, answers)
            if part is None:
                return None
            functions.append(part)
        return self._of_kind(tuple(functions), default)

    def _written_program(self, answers: _Answers) -> Program:
        first = self.game.base.game.actions[self.player - 1][0]
        given = answers.given.items()
        entries = (Entry(action, q[1]) for q, action in given if q[0] == "action")
        program: Program = Lookup(Always(first), tuple(entries))
        while program in self.mentioned:
            program = If(AllOf(()), program, program)
        return program

    def _written_map(self, answers: _Answers) -> RenegotiationMap | None:
        asked = {q[1]: image for q, image in answers.given.items() if q[0] == "image"}
        entries = tuple(To(a, b) for a, b in asked.items() if a != b)
        rn = RenegotiationMap(entries)
        if find_map_defect(self.game.base, rn) is not None:
            gain = next((e for e in self._gains() if e.outcome not in asked), None)
            if gain is None:
                return None
            rn = RenegotiationMap((*entries, gain))
        while rn in self.mentioned:
            stay = next(self.game.base.game.outcomes())
            rn = RenegotiationMap((*rn.entries, To(stay, asked.get(stay, stay))))
        return rn

    def _gains(self) -> Iterator[To]:
        """Yield the outcomes that can be improved on, each with an improvement."""
        base = self.game.base
        for outcome in base.game.outcomes():
            payoffs = base.payoffs(outcome)
            for better in base.elements(base.at_least(payoffs)):
                if base.payoffs(base.agreed(better)) != payoffs:
                    yield To(outcome, better)
                    break

    def _written_function(self, k: int, answers: _Answers) -> SetFunction | None:
        improvable = {gain.outcome for gain in self._gains()}
        tables: dict[Any, list[Row]] = {}
        for question, chosen in answers.given.items():
            if question[0] == "set" and question[1] == k:
                row = Row(question[3], Outcomes(tuple(chosen)))
                tables.setdefault(question[2], []).append(row)
        function: SetFunction = Improving()
        if not improvable:
            return None
        for others, rows in tables.items():
            listed = {row.outcome for row in rows}
            if improvable <= listed and not any(map(self._has_gain, rows)):
                # In one round, another singleton that is allowed pays the same.
                if self.singletons and self.space.kind is Kind.ICSR:
                    self.exhaustive = False
                return None
            seats = [j for j in self.game.base.players if j != self.player]
            same = tuple(FunctionIs(j, f) for j, f in zip(seats, others, strict=True))
            function = When(AllOf(same), ByOutcome(Improving(), tuple(rows)), function)
        while function in self.mentioned:
            function = Both(function, ())
        return function

    def _has_gain(self, row: Row) -> bool:
        base = self.game.base
        assert isinstance(row.function, Outcomes)
        before = base.payoffs(row.outcome)
        return any(base.payoffs(base.agreed(e)) != before for e in row.function.elements)
