"""Programs, functions and sets in words; each program is named and told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.rationals import format_profile
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.conditions import Condition
from spi_verify.programs.language.functions import (
    Accepts,
    AtMost,
    Both,
    ByOutcome,
    Either,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    Projection,
    RenegotiationMap,
    Row,
    SetFunction,
    Tag,
    Tagged,
    Take,
    When,
)
from spi_verify.programs.language.programs import (
    CSR,
    ICSR,
    Always,
    Code,
    If,
    Plays,
    Program,
    Renegotiation,
)
from spi_verify.programs.language.selections import (
    Dictator,
    Selection,
)

LONGEST = 120
LISTED_IMAGES = 3
IN_THE_FILE = "it is in the file"
_DEFAULTS = "dec"
_OTHERS = "pqrstvwxyz"


class Wording:
    """Words for the programs and outcomes of a scenario.

    Players are numbered from 0 here, and from 1 in what is said. Outcomes of correlated play are
    told by what they pay.

    Parameters
    ----------
    scenario
        The game and its programs.
    base
        Its base game.
    """

    def __init__(self, scenario: Scenario, base: BaseGame) -> None:
        self.scenario = scenario
        self.base = base
        self._names: dict[tuple[int, Program], str] = {}
        self._told: set[tuple[int, Program]] = set()
        self._waiting: list[tuple[int, Program]] = []
        self._extensions: list[tuple[str, str]] = []

    # Programs

    def call(self, i: int, program: Program, name: str) -> None:
        """Name a program, unless it has a name or is a constant, which needs none."""
        if not isinstance(program, Always):
            self._names.setdefault((i, program), name)

    def call_extension(self, i: int, program: Program, base: Program) -> None:
        """Name a program after the one that it extends, unless it has a name."""
        name = self._named(i, base)
        while name in self._names.values():
            name = name.replace("_", "'_")
        self.call(i, program, name)

    def free(self, name: str) -> bool:
        """Return whether no program is called that."""
        return name not in self._names.values()

    def known(self, i: int, program: Program) -> str | None:
        """Return what a program was called, without a word on what it is."""
        return self._names.get((i, program))

    def name(self, i: int, program: Program) -> str:
        """Return a program's name; what it is will be among the next definitions."""
        if isinstance(program, Always):
            return f"always {self.action(program.action)}"
        name = self._named(i, program)
        if (i, program) not in self._told:
            self._told.add((i, program))
            base = unextended(program)
            if base is None:
                self._waiting.append((i, program))
            else:
                self._extensions.append((name, self.name(i, base)))
        return name

    def extension(self, i: int, program: Program) -> str:
        """Return the name of an extension, where it is said right there that it is one."""
        if unextended(program) is not None:
            self._told.add((i, program))
        return self.name(i, program)

    def aside(self) -> str:
        """Return which extensions were named and not told yet, in brackets, or nothing."""
        told = self._about_extensions()
        return f" ({told})" if told else ""

    def _about_extensions(self) -> str:
        pairs = [f"{name} of {base}" for name, base in self._extensions]
        self._extensions.clear()
        return ", ".join(pairs).replace(" of ", " is the PMP-extension of ", 1)

    def profile(self, programs: Sequence[Program]) -> str:
        """Return the names of a profile's programs."""
        return f"({', '.join(self.name(i, program) for i, program in enumerate(programs))})"

    def definitions(self) -> Iterator[str]:
        """Iterate over lines about the programs that were named and not told yet."""
        extensions = self._about_extensions()
        if extensions:
            yield f"{extensions}."
        while self._waiting:
            i, program = min(self._waiting, key=lambda one: one[0])
            self._waiting.remove((i, program))
            yield self._definition(i, program)

    def _named(self, i: int, program: Program) -> str:
        if (i, program) not in self._names:
            base = unextended(program)
            if base is None:
                self._names[i, program] = self._fresh(i, program)
            else:
                self.call_extension(i, program, base)
        return self._names[i, program]

    def _fresh(self, i: int, program: Program) -> str:
        letters = _DEFAULTS if program in self.scenario.defaults[i] else _OTHERS
        taken = set(self._names.values())
        for k in range(len(self._names) + 1):
            name = f"{letters[k % len(letters)] * (1 + k // len(letters))}_{i + 1}"
            if name not in taken:
                break
        return name

    def _definition(self, i: int, program: Program) -> str:
        name = self._named(i, program)
        if isinstance(program, CSR):
            text = f"{name} is a CSR program with default {self.name(i, program.default)}"
            if program.selection != self.scenario.selection:
                text += f" and the selection function {self.selection(program.selection)}"
            offered = self.function(program.function)
            if offered.startswith("if "):
                offered = f"this: {offered}"
            return f"{text} that offers {offered}."
        if isinstance(program, Renegotiation):
            by = "rn" if program.rn == self.scenario.rn else f"a map that {self.map(program.rn)}"
            return f"{name} renegotiates by {by}, with default {self.name(i, program.default)}."
        if isinstance(program, ICSR):
            return f"{name} is {self.iterated(i, program)}."
        behaviour = self._behaviour(program)
        if behaviour is not None:
            return f"{name} plays {behaviour}."
        return f"{name} = {_notation(program, 'a program')}."

    def iterated(self, i: int, program: ICSR) -> str:
        """Return what an iterated program is: its default, and what it offers in every round."""
        offered = [self.function(one) for one in program.rounds]
        default = self.name(i, program.default)
        text = f"an iterated CSR program with default {default}"
        if len(offered) == 1:
            return f"{text} that offers {offered[0]}"
        told = [f"{one} in {when}" for one, when in _in_rounds(offered)]
        if len(told) > 1 and sum(map(len, told)) > 3 * LONGEST:
            return f"{text} (what it offers in its {len(offered)} rounds is in the file)"
        return f"{text} that offers {listed(told, 'and')}"

    def _behaviour(self, program: Program) -> str | None:
        if isinstance(program, Always):
            return self.action(program.action)
        if isinstance(program, If):
            condition = self._condition(program.condition)
            branches = [self._behaviour(part) for part in (program.then, program.otherwise)]
            if condition is not None and None not in branches:
                return f"{branches[0]} if {condition}, else {branches[1]}"
        return None

    def _condition(self, condition: Condition) -> str | None:
        if isinstance(condition, Code):
            j = condition.player
            return f"player {j} uses {self.name(j - 1, condition.program)}"
        if isinstance(condition, Plays):
            return f"player {condition.player} plays {self.action(condition.action)}"
        if isinstance(condition, Tagged):
            return f"player {condition.player}'s function has the tag {condition.tag}"
        if isinstance(condition, Accepts):
            return f"player {condition.player} offers {self.element(condition.element)}"
        if isinstance(condition, NowAtMost):
            return _bound(condition)
        return None

    # Functions

    def function(self, function: SetFunction) -> str:
        """Return what a set-valued function offers; as code where there are no short words."""
        words = self._offered(function)
        if words is None or len(words) > 3 * LONGEST:
            return _notation(function, "a function")
        return words

    def _offered(self, function: SetFunction) -> str | None:
        if isinstance(function, Outcomes):
            return self._set(function)
        if isinstance(function, Improving):
            return "every improvement"
        if isinstance(function, ImprovingOnMeet):
            return "every improvement where nobody gets less than the PMM"
        if isinstance(function, AtMost):
            return f"everything where {_bound(function)}"
        if isinstance(function, Projection):
            return f"PMP_{function.player}"
        if isinstance(function, Both):
            return self._improving_part(function)
        if isinstance(function, Either):
            parts = [self._part(part) for part in (function.first, *function.others)]
            return None if None in parts else ", and also ".join(map(str, parts))
        if isinstance(function, ByOutcome):
            return self._table(function)
        if isinstance(function, When):
            return self._choice(function)
        if isinstance(function, Tag):
            inner = self._offered(function.function)
            return None if inner is None else f"{inner} (with the tag {function.name})"
        if isinstance(function, Take):
            return self._taken(function.favourite)
        return None

    def _part(self, function: SetFunction) -> str | None:
        """Return what is offered beside other things, of which a table has nothing elsewhere."""
        offered = self._offered(function)
        if offered is None or not isinstance(function, ByOutcome):
            return offered
        return offered.removesuffix(", nothing elsewhere")

    def _taken(self, favourite: Selection) -> str:
        if isinstance(favourite, Dictator):
            return f"player {favourite.player}'s favourite of what the others offer"
        return f"what {self.selection(favourite)} picks from what the others offer"

    def _set(self, function: Outcomes) -> str:
        told = list(dict.fromkeys(map(self.element, function.elements)))
        if not told:
            return "nothing"
        return listed(told, "and") if self.scenario.correlated else f"{{{', '.join(told)}}}"

    def _improving_part(self, function: Both) -> str | None:
        match (function.first, *function.others):
            case (Improving(), Outcomes() as outcomes):
                return f"{self._set(outcomes)} where this improves"
            case (ImprovingOnMeet() as improving, *others):
                bounds = [_bound(other) for other in others if isinstance(other, AtMost)]
                if len(bounds) == len(others):
                    return " and ".join([str(self._offered(improving)), *bounds])
        parts = [self._offered(part) for part in (function.first, *function.others)]
        return None if None in parts else f"what is in all of these: {'; '.join(map(str, parts))}"

    def _choice(self, function: When) -> str | None:
        match (function.then, function.otherwise):
            case (ByOutcome(other, then), ByOutcome(same, otherwise)) if other == same:
                if [row.outcome for row in then] == [row.outcome for row in otherwise]:
                    rows = (
                        Row(a.outcome, When(function.condition, a.function, b.function))
                        for a, b in zip(then, otherwise, strict=True)
                    )
                    return self._table(ByOutcome(other, tuple(rows)))
        condition = self._condition(function.condition)
        branches = [self._offered(part) for part in (function.then, function.otherwise)]
        if condition is None or None in branches:
            return None
        if isinstance(function.then, ByOutcome):
            return f"if {condition}, {branches[0]}; else {branches[1]}"
        return f"{branches[0]} if {condition}, else {branches[1]}"

    def _table(self, function: ByOutcome) -> str | None:
        rows: dict[str, list[str]] = {}
        for row in function.rows:
            offered = self._in_row(row)
            if offered is None:
                return None
            if isinstance(row.function, When):
                offered += ","
            rows.setdefault(offered, []).append(f"({names(row.outcome)})")
        parts = [f"{offered} at {listed(where, 'and')}" for offered, where in rows.items()]
        if {row.outcome for row in function.rows} != set(self.scenario.game.outcomes()):
            elsewhere = self._offered(function.otherwise)
            if elsewhere is None:
                return None
            parts.append(f"{elsewhere} elsewhere")
        return ", ".join(parts)

    def _in_row(self, row: Row) -> str | None:
        """Return what is offered at an outcome; this outcome goes by no name of its own."""
        function = row.function
        if function == Outcomes((row.outcome,)):
            return "only the outcome itself"
        if isinstance(function, Outcomes) and row.outcome in function.elements:
            others = [self.element(one) for one in function.elements if one != row.outcome]
            return listed(["the outcome itself", *others], "and")
        return self._offered(function)

    def map(self, rn: RenegotiationMap) -> str:
        """Return what a renegotiation function does."""
        moved: dict[str, list[str]] = {}
        for entry in rn.entries:
            image = self.outcome(self.base.agreed(entry.image))
            moved.setdefault(image, []).append(f"({names(entry.outcome)})")
        if not moved:
            return "leaves every outcome as it is"
        parts = [f"{_few(sources)} to {image}" for image, sources in moved.items()]
        return f"takes {', and '.join(parts)}"

    def selection(self, selection: Selection, choices: Sequence[tuple[str, str]] = ()) -> str:
        """Return what a selection function is.

        Parameters
        ----------
        selection
            The function.
        choices
            Sets that occur, with the choices from them; all that is told of a table.
        """
        return selection.told(self, choices)

    # Outcomes

    def action(self, action: Any) -> str:
        """Return an action: its name, or the lottery that is followed."""
        return action if isinstance(action, str) else f"the lottery that pays {payoffs(action)}"

    def element(self, element: Any) -> str:
        """Return an element of a set."""
        if self.scenario.correlated:
            return payoffs(self.base.payoffs(self.base.agreed(element)))
        return f"({names(element)})"

    def agreement(self, element: Any) -> str:
        """Return what the players do when they agree on an element, and what it pays."""
        return self.outcome(self.base.agreed(element))

    def outcome(self, outcome: Any) -> str:
        """Return an outcome and what it pays."""
        paid = payoffs(self.base.payoffs(outcome))
        if all(isinstance(action, str) for action in outcome):
            return f"({names(outcome)}), which pays {paid}"
        return f"the point {paid}"

    def brief(self, outcome: Any) -> str:
        """Return an outcome: its actions, or what it pays."""
        if all(isinstance(action, str) for action in outcome):
            return f"({names(outcome)})"
        return payoffs(self.base.payoffs(outcome))

    def members(self, members: Any) -> str:
        """Return a set of outcomes."""
        if not members:
            return "nothing"
        if isinstance(members, Region):
            pieces = [piece for k, piece in enumerate(members.pieces) if not _covered(members, k)]
            return listed([_piece(one) for one in sorted(pieces, key=len)], "and")
        return f"{{{', '.join(f'({names(x)})' for x in sorted(members))}}}"


def unextended(program: Program) -> Program | None:
    """Return the program that a program's code extends, or None."""
    if not isinstance(program, CSR) or not is_extension(program.function):
        return None
    inner: Any = program.function
    return replace(program, function=inner.function)


def names(outcome: Sequence[Any]) -> str:
    """Return the actions of an outcome."""
    return ", ".join(map(str, outcome))


def listed(texts: Sequence[str], word: str) -> str:
    """Return an enumeration, the last of several joined by a word."""
    if len(texts) == 1:
        return texts[0]
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


payoffs = format_profile


def _piece(corners: Sequence[Any]) -> str:
    """Return a point, a segment, or more that lies between points."""
    told = [payoffs(corner) for corner in corners]
    if len(told) == 2:
        return f"all from {told[0]} to {told[1]}"
    return told[0] if len(told) == 1 else f"all between {listed(told, 'and')}"


def _covered(region: Region, k: int) -> bool:
    """Return whether a piece of a region is part of another piece."""
    piece = Region((region.pieces[k],))
    others = (other for j, other in enumerate(region.pieces) if j != k)
    return any(piece <= Region((other,)) for other in others)


def _in_rounds(offered: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what is offered, with the rounds in a row in which that is so."""
    first = 1
    for one, group in groupby(offered):
        last = first + len(list(group)) - 1
        many = f"rounds {first} to {last}" if last > first else f"round {first}"
        yield one, "every round" if last - first + 1 == len(offered) else many
        first = last + 1


def _bound(of: AtMost | NowAtMost) -> str:
    """Return what is at most so much: what a player gets, or a sum of payoffs."""
    weights = [(j, c) for j, c in enumerate(of.coefficients, 1) if c]
    if len(weights) == 1:
        ((j, c),) = weights
        return f"player {j} gets at {'most' if c > 0 else 'least'} {of.bound / c}"
    total = " + ".join(f"u_{j}" if c == 1 else f"({c}) u_{j}" for j, c in weights) or "0"
    return f"{total} <= {of.bound}"


def _few(texts: Sequence[str]) -> str:
    if len(texts) <= LISTED_IMAGES:
        return listed(texts, "and")
    return f"{len(texts)} outcomes"


def _notation(code: Any, kind: str) -> str:
    text = str(code)
    return text if len(text) <= LONGEST else f"{kind} too long to tell here ({IN_THE_FILE})"
