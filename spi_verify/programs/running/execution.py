"""Running programs against each other (Section 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from spi_verify.effort import spend
from spi_verify.errors import InputError, Rejected, Undecided
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.conditions import Condition, simple_conditions
from spi_verify.programs.language.functions import (
    FUNCTION_CONDITIONS,
    Functions,
    RenegotiationMap,
    Round,
    When,
)
from spi_verify.programs.language.programs import (
    CSR,
    PROGRAM_CONDITIONS,
    If,
    Program,
    Renegotiation,
    Situation,
    actions_named,
    branches,
)
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Action, ActionProfile, Term, field_names, subterms


class NonHaltingError(InputError):
    """Programs, or renegotiation functions, that would wait for each other forever.

    Parameters
    ----------
    cycle
        What waits for what, as text; the last waits for the first.
    """

    def __init__(self, cycle: Iterable[str]) -> None:
        self.cycle = tuple(cycle)
        waiting = " waits for ".join(self.cycle)
        super().__init__(f"this never halts: {waiting} waits for the first again")


class CodeError(InputError):
    """Somebody's own code, which runs in the place of a definition, fails."""


Code = Callable[..., Any]
"""What runs in the place of a definition, by what the definition is about.

``algorithm_1`` and ``algorithm_2``: of a program, which is a renegotiation or a CSR program, and a
:class:`~spi_verify.programs.language.programs.Situation`, the action.
``agreement_set`` and ``renegotiation_outcome``: of an :class:`Execution`, functions, a selection
function and an outcome, the set or the outcome.
"""

ALGORITHMS: Mapping[type[Program], str] = {Renegotiation: "algorithm_1", CSR: "algorithm_2"}
"""Which definition says how programs of a class run."""


class _Question:
    """What is looked up several times; hashes of payoff profiles take long, so it has its own."""

    __slots__ = ("_hash", "_parts")

    def __init__(self, *parts: Hashable) -> None:
        self._parts = parts
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._parts == other._parts


@dataclass
class Execution:
    """One run of programs in a base game: remembers what was computed and what is being computed.

    Parameters
    ----------
    base
        The base game.
    code
        What runs in the place of the paper's definitions, by their names.

    Notes
    -----
    Programs are finite terms and everything that is run is a part of the programs at the start,
    or a known part put in the place of another. So only finitely many different situations can
    arise, and a run either halts or comes back to a situation it is in: a cycle is found exactly
    when the programs do not halt.
    """

    base: BaseGame
    code: Mapping[str, Code] = field(default_factory=dict)
    _done: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _busy: dict[Hashable, Callable[[], str]] = field(default_factory=dict, repr=False)

    def profile(self, programs: tuple[Program, ...]) -> ActionProfile:
        """Return a(p), what the players do."""
        return tuple(self.action(i, programs) for i in self.base.players)

    def action(self, player: int, programs: tuple[Program, ...]) -> Action:
        """Return p_i(p_-i)."""
        key = _Question("program", player, programs)
        if key not in self._done:
            program = programs[player - 1]
            situation = Situation(self, player, programs)
            own = ALGORITHMS.get(type(program), "")
            with self._computing(key, lambda: f"player {player}'s program {_short(program)}"):
                if own in self.code:
                    self._done[key] = self._by_code(own, program, situation)
                else:
                    self._done[key] = program.run(situation)
        chosen: Action = self._done[key]
        return chosen

    def image(self, rn: RenegotiationMap, outcome: ActionProfile) -> ActionProfile:
        """Return rn(a)."""
        image = rn.image(outcome)
        return outcome if image is None else self.base.agreed(image)

    def value(
        self, player: int, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> OutcomeSet:
        """Return RN^i(RN^-i, a)."""
        spend(10)
        key = _Question("function", player, functions, selection, outcome)
        if key in self._done:
            known: OutcomeSet = self._done[key]
            return known
        function = functions[player - 1]
        with self._computing(key, lambda: f"player {player}'s function {_short(function)}"):
            value = function.value(Round(self, player, functions, selection, outcome))
        self._done[key] = value
        return value

    def agreement(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> OutcomeSet:
        """Return the agreement set, the intersection of RN^j(RN^-j, a) over all players j."""
        if "agreement_set" in self.code:
            given: OutcomeSet = self._by_code("agreement_set", self, functions, selection, outcome)
            return given
        agreed = self.value(1, functions, selection, outcome)
        for j in self.base.players[1:]:
            agreed = agreed & self.value(j, functions, selection, outcome)
        return agreed

    def renegotiated(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> ActionProfile:
        """Return ro(p, a): the selection from the agreement set, or a where it is empty."""
        key = _Question("reached", functions, selection, outcome)
        if key not in self._done:
            self._done[key] = self._reached(functions, selection, outcome)
        reached: ActionProfile = self._done[key]
        return reached

    def _reached(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> ActionProfile:
        if (name := "renegotiation_outcome") in self.code:
            given: ActionProfile = self._by_code(name, self, functions, selection, outcome)
            return given
        agreed = self.agreement(functions, selection, outcome)
        return self.base.select(selection, agreed) if agreed else outcome

    def _by_code(self, name: str, *arguments: Any) -> Any:
        """Return what somebody's own code returns, which may fail in any way."""
        try:
            value = self.code[name](*arguments)
            hash(value)  # it is looked up in tables
        except (InputError, Rejected, Undecided, RecursionError):
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            raise CodeError(f"the code that carries out {name} fails: {what}") from error
        return value

    @contextmanager
    def _computing(self, key: Hashable, describe: Callable[[], str]) -> Iterator[None]:
        if key in self._busy:
            steps = list(self._busy)
            raise NonHaltingError([self._busy[step]() for step in steps[steps.index(key) :]])
        self._busy[key] = describe
        try:
            yield
        finally:
            del self._busy[key]


@dataclass(frozen=True, eq=False)
class ProgramGame:
    """A program game G(P) for every set P: programs play a base game (Section 3.1).

    Parameters
    ----------
    base
        The base game.
    any_map
        Whether Algorithm 1 is run with any map, or with renegotiation functions only
        (Definition 4).
    code
        As :class:`Execution` takes it.

    >>> from spi_verify.programs import Always, PureBase
    >>> from spi_verify.games import Game
    >>> chicken = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])
    >>> ProgramGame(PureBase(chicken)).utilities((Always("2"), Always("1")))
    (Fraction(4, 1), Fraction(1, 1))
    """

    base: BaseGame
    any_map: bool = False
    code: Mapping[str, Code] = field(default_factory=dict, repr=False)
    _checked: set[tuple[int, Program]] = field(default_factory=set, repr=False)

    def outcome(self, programs: Iterable[Program]) -> ActionProfile:
        """Return a(p), what the players do.

        Parameters
        ----------
        programs
            A program for each player.

        Raises
        ------
        NonHaltingError
            When programs do not halt against each other.
        InputError
            When there is not one program for each player, or one names a player, an action or a
            payoff profile that the game does not have, or a map is no renegotiation function.
        """
        try:
            outcome = Execution(self.base, self.code).profile(self.checked(programs))
            self.base.payoffs(outcome)  # refuses actions that programs of one's own made up
            return outcome
        except RecursionError:
            raise InputError("the programs are nested too deeply to run") from None

    def utilities(self, programs: Iterable[Program]) -> Payoffs:
        """Return U(p) = u(a(p)); raises what :meth:`outcome` raises."""
        return self.base.payoffs(self.outcome(programs))

    def require_player(self, player: int) -> None:
        """Raise InputError when the game has no such player."""
        if player not in self.base.players:
            n = len(self.base.players)
            raise InputError(f"there is no player {player}; players are numbered 1 to {n}")

    def checked(self, programs: Iterable[Program]) -> tuple[Program, ...]:
        """Return the profile if every program makes sense in this game.

        Raises
        ------
        InputError
            When there is not one program for each player, or one names a player, an action or a
            payoff profile that the game does not have, or a map is no renegotiation function.
        """
        profile = tuple(programs)
        n = self.base.game.number_of_players
        if len(profile) != n:
            raise InputError(f"{len(profile)} programs for {n} players")
        for i, program in enumerate(profile, start=1):
            try:
                if (i, program) not in self._checked:
                    self.check_term(program)
                    self._check_actions(i, program)
                    if not self.any_map:
                        self._check_maps(program)
                    self._checked.add((i, program))
            except InputError as error:
                raise error.located(where=f"player {i}'s program") from None
        return profile

    def _check_actions(self, player: int, program: Program) -> None:
        names = self.base.game.actions[player - 1]
        for action in actions_named(program):
            if not isinstance(action, str):
                self.base.agreed(action)
            elif action not in names:
                raise InputError(
                    f"player {player} has no action {action!r}; there are {', '.join(names)}"
                )

    def _check_maps(self, program: Program) -> None:
        """Check Definition 4, without which a program is no renegotiation program."""
        base = self.base
        for rn in (p.rn for p in branches(program) if isinstance(p, Renegotiation)):
            gains = False
            for outcome in base.game.outcomes():
                image = rn.image(outcome)
                if image is None:
                    continue
                before, after = base.payoffs(outcome), base.payoffs(base.agreed(image))
                if any(v < u for u, v in zip(before, after, strict=True)):
                    raise InputError(
                        f"{_short(rn)} makes someone worse off at ({', '.join(outcome)}), "
                        "so it is no renegotiation function (Definition 4)"
                    )
                gains = gains or before != after
            if not gains:
                raise InputError(
                    f"{_short(rn)} makes nobody better off anywhere, "
                    "so it is no renegotiation function (Definition 4)"
                )

    def check_term(self, term: Term) -> None:
        """Check the parts of a program, a function or a selection function.

        Raises
        ------
        InputError
            When one names a player, an outcome or a payoff profile that the game does not have.
        """
        n = self.base.game.number_of_players
        for part in subterms(term):
            _check_conditions(part)
            if isinstance(part, Selection):
                part.check(n)
            for name in field_names(type(part)):
                if name not in _CHECKED:
                    continue
                value = getattr(part, name)
                if name == "player" and not 1 <= value <= n:
                    raise InputError(
                        f"{_short(part)} is about player {value}; players are numbered 1 to {n}"
                    )
                if name == "priority" and not all(1 <= player <= n for player in value):
                    raise InputError(f"{_short(part)} names a player beyond {n}")
                if name == "outcome" and not self.base.game.actions:  # of a negotiation
                    self.base.agreed(value)
                elif name in _PROFILES and len(value) != n:
                    raise InputError(f"{_short(part)} has {len(value)} entries for {n} players")
                if name == "opponents" and len(value) != n - 1:
                    raise InputError(f"{_short(part)} has {len(value)} opponents, not {n - 1}")
                if name in _ELEMENTS:
                    self.base.agreed(value)
                if name in _SETS:
                    self.base.finite(value)


_PROFILES = ("disagreement", "reference", "coefficients", "outcome")
_ELEMENTS = ("element", "image", "chosen")
_SETS = ("elements", "among")
_CHECKED = frozenset(("player", "priority", "opponents", *_PROFILES, *_ELEMENTS, *_SETS))


def _check_conditions(part: Term) -> None:
    """Refuse conditions on functions in programs, and the other way round."""
    wrong: tuple[type[Condition], ...] = ()
    if isinstance(part, If):
        wrong, what = FUNCTION_CONDITIONS, "a program decides by conditions on programs"
    elif isinstance(part, When):
        wrong, what = PROGRAM_CONDITIONS, "a function decides by conditions on functions"
    if isinstance(part, (If, When)):
        for condition in simple_conditions(part.condition):
            if isinstance(condition, wrong):
                raise InputError(f"{what}, not by {_short(condition)}")


def _short(part: object) -> str:
    text = str(part)
    return text if len(text) <= 80 else f"{text[:77]}..."
