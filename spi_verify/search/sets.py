"""Counterexamples to the transitivity of selection functions: sets of outcomes.

A counterexample is a set, outcomes that weakly improve on what is selected from it, and somebody
who gets less in what is selected when these are added. Its body::

    {"players": 2,
     "payoffs": {"A": ["0", "0"], "B": ["0", "1"], "C": ["1", "0"]},
     "order": ["A", "B", "C"],            # breaks ties, first preferred
     "disagreement": ["0", "0"],          # for nash, nash-interior and kalai-smorodinsky
     "priority": [1, 2],                  # for lexicographic
     "set": ["A", "B"], "added": ["C"]}

It is executed with the selection functions of :mod:`spi_verify.programs`, and the formulas of the
statement are evaluated in the structure it describes. No solver is asked.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile, parse_rational
from spi_verify.programs.selection import (
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Nash,
    Scoring,
    Utilitarian,
)
from spi_verify.search.bounds import Bounds
from spi_verify.search.refutation import Check, Claimed, Confirmation
from spi_verify.search.selection_structure import OutcomeSet, SelectionStructure

PREFIX = "sel-transitive-"
BARGAINING = ("nash", "nash-interior", "kalai-smorodinsky")
MOST_PLAYERS, MOST_OUTCOMES = 5, 6
MOST_PAYOFF, MOST_TABLES = 4, 200_000


@dataclass(frozen=True)
class Example:
    """What the body of a counterexample says.

    Parameters
    ----------
    name
        Of the selection function, as in the statement's id.
    outcomes
        Names of all outcomes in the order that breaks ties.
    payoffs
        A profile for each of them.
    members, added
        The set and what is added to it, as positions in `outcomes`, ascending.
    disagreement, priority
        Where the selection function has one.
    """

    name: str
    outcomes: tuple[str, ...]
    payoffs: tuple[Payoffs, ...]
    members: OutcomeSet
    added: OutcomeSet
    disagreement: Payoffs | None = None
    priority: tuple[int, ...] | None = None

    @property
    def larger(self) -> OutcomeSet:
        """The set with what is added."""
        return tuple(sorted({*self.members, *self.added}))

    @property
    def selection(self) -> Scoring:
        """The selection function."""
        return _selection(self.name, self.disagreement, self.priority)

    def structure(self, sets: Sequence[OutcomeSet]) -> SelectionStructure:
        """Return the structure with these sets."""
        return SelectionStructure(
            self.payoffs,
            self.selection,
            sets,
            disagreement=self.disagreement,
            priority=self.priority,
        )

    def set(self, members: Iterable[int]) -> str:
        """Return a set as text."""
        return f"{{{', '.join(self.outcomes[a] for a in members)}}}"

    def body(self) -> dict[str, Any]:
        """Return the example as plain data."""
        body: dict[str, Any] = {
            "players": len(self.payoffs[0]),
            "payoffs": {
                self.outcomes[a]: [str(v) for v in self.payoffs[a]]
                for a in sorted(range(len(self.outcomes)), key=lambda a: self.outcomes[a])
            },
            "order": list(self.outcomes),
            "set": sorted(self.outcomes[a] for a in self.members),
            "added": sorted(self.outcomes[a] for a in self.added),
        }
        if self.disagreement is not None:
            body["disagreement"] = [str(v) for v in self.disagreement]
        if self.priority is not None:
            body["priority"] = list(self.priority)
        return body


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample and evaluate the statement's formulas in it.

    Parameters
    ----------
    claimed
        A statement ``sel-transitive-NAME``, literal or repaired, and hypotheses dropped from it.
    body
        As this module describes.

    Raises
    ------
    InputError
        When the body is malformed, or the statement or a dropped hypothesis unknown.
    Rejected
        When it is no counterexample.

    Notes
    -----
    With N outcomes all 2^N sets of them are evaluated, in pairs; N is at most 6.
    """
    if claimed.definitions:
        raise InputError("definitions cannot be replaced in a counterexample of this kind")
    statement = _statement(claimed.statement, claimed.without)
    example = _read(_name(claimed.statement), body)
    return _confirm(statement, example)


def find(
    statement_id: str, bounds: Bounds | None = None, *, without: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield the bodies of counterexamples, the smallest first.

    Every table of small payoffs is tried, no solver is asked: integers from 0 (from 1 for a
    disagreement point strictly below) up to the greatest number, at most 4, for which there are
    about 200,000 tables or fewer of that many players, outcomes, and members of the set.

    Parameters
    ----------
    statement_id
        ``sel-transitive-NAME`` or ``sel-transitive-NAME/repaired``.
    bounds
        The most players and outcomes. With a game, its outcomes are tried as they are, with
        everybody's worst payoff (one less for ``nash-interior``) as the disagreement point.
    without
        Names of hypotheses that need not hold.

    Notes
    -----
    Fewest players first, then fewest outcomes, smallest set, smallest payoffs. No two
    counterexamples differ in names, in the numbering of players, in the order that breaks ties
    alone, or in the scale of payoffs: of all players together, and of each player for the
    selection functions that leave it open. The disagreement point is 0, and priority goes by
    the players' numbers.

    Raises
    ------
    InputError
        When the statement or a hypothesis is unknown.
    """
    bounds = bounds or Bounds()
    name, statement = _name(statement_id), _statement(statement_id, without)
    supposed = {hypothesis.name for hypothesis in statement.hypotheses}
    return _find(name, statement, supposed, bounds)


def _find(
    name: str, statement: Any, supposed: set[str], bounds: Bounds
) -> Iterator[dict[str, Any]]:
    examples = _small(name, supposed, bounds) if bounds.game is None else _in_game(name, bounds)
    for example in examples:
        try:
            _confirm(statement, example)
        except Rejected:
            continue
        yield example.body()


def _name(statement_id: str) -> str:
    return statement_id.removeprefix(PREFIX).removesuffix("/repaired")


def _statement(statement_id: str, without: Sequence[str]) -> Any:
    from spi_verify.obligations.suites import load, shipped_suites
    from spi_verify.theory import PAPER

    known = {one.id: one for one in load(shipped_suites() / "sel_transitive.py", PAPER)}
    if not statement_id.startswith(PREFIX) or statement_id not in known:
        names = ", ".join(id for id in known if id.startswith(PREFIX))
        raise InputError(
            f"sets of outcomes are counterexamples to {names}; not to {statement_id!r}",
            where="statement",
        )
    statement = known[statement_id]
    for name in without:
        names = ", ".join(h.name for h in statement.hypotheses)
        if name not in [h.name for h in statement.hypotheses]:
            raise InputError(f"{statement_id} has no {name!r}; it has {names}", where="without")
        statement = statement.without(name)
    return statement


def _selection(
    name: str, disagreement: Payoffs | None, priority: tuple[int, ...] | None
) -> Scoring:
    if name == "lexicographic":
        assert priority is not None
        return Lexicographic(priority)
    if name in BARGAINING:
        assert disagreement is not None
        kind = KalaiSmorodinsky if name == "kalai-smorodinsky" else Nash
        return kind(disagreement)
    plain: dict[str, type[Scoring]] = {
        "utilitarian": Utilitarian,
        "leximin": Leximin,
        "maxmin": Maxmin,
    }
    return plain[name]()


# Reading


def _read(name: str, body: Mapping[str, Any]) -> Example:
    wanted = {"players", "payoffs", "order", "set", "added"}
    wanted |= {"disagreement"} if name in BARGAINING else set()
    wanted |= {"priority"} if name == "lexicographic" else set()
    for key in sorted(wanted - set(body)):
        raise InputError(f"{key!r} is missing", where=key)
    for key in sorted(set(map(str, body)) - wanted):
        raise InputError(
            f"there is no such key here; there are {', '.join(sorted(wanted))}", where=key
        )
    players = body["players"]
    if type(players) is not int or not 1 <= players <= MOST_PLAYERS:
        raise InputError(f"a number of players from 1 to {MOST_PLAYERS}", where="players")
    table = body["payoffs"]
    if not isinstance(table, dict) or not 1 <= len(table) <= MOST_OUTCOMES:
        raise InputError(
            f"a table of payoffs for 1 to {MOST_OUTCOMES} outcomes, each a list of {players}",
            where="payoffs",
        )
    order = _names(body["order"], "order", table)
    for outcome in table:
        if outcome not in order:
            raise InputError(f"{outcome!r} has no place in the order", where="order")
    payoffs = tuple(_profile(table[o], players, f"payoffs.{o}") for o in order)
    position = {outcome: k for k, outcome in enumerate(order)}
    members, added = (
        tuple(sorted(position[o] for o in _names(body[key], key, table)))
        for key in ("set", "added")
    )
    disagreement = priority = None
    if "disagreement" in wanted:
        disagreement = _profile(body["disagreement"], players, "disagreement")
    if "priority" in wanted:
        priority = body["priority"]
        everybody = list(range(1, players + 1))
        numbers = isinstance(priority, list) and all(type(i) is int for i in priority)
        if not numbers or sorted(priority) != everybody:
            raise InputError(f"every player from 1 to {players} once", where="priority")
        priority = tuple(priority)
    return Example(name, order, payoffs, members, added, disagreement, priority)


def _names(value: Any, where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError("a list of names of outcomes", where=where)
    for name in value:
        if name not in table:
            raise InputError(f"there is no outcome {name!r}", where=where)
    if len(set(value)) < len(value):
        twice = next(name for name in value if value.count(name) > 1)
        raise InputError(f"{twice!r} is there twice", where=where)
    return tuple(value)


def _profile(value: Any, players: int, where: str) -> Payoffs:
    if not isinstance(value, list) or len(value) != players:
        raise InputError(f"a list of {players} payoffs", where=where)
    if not all(isinstance(text, str) for text in value):
        raise InputError('payoffs are written as text, such as "11/4"', where=where)
    with located(where=where):
        return tuple(map(parse_rational, value))


# Confirming


def _confirm(statement: Any, example: Example) -> Confirmation:
    """Execute, check every hypothesis, and evaluate the formulas."""
    if not example.members:
        raise Rejected("the set is empty")
    both = [a for a in example.added if a in example.members]
    if both:
        raise Rejected(f"{example.outcomes[both[0]]} is in the set already")
    everything = range(len(example.outcomes))
    pair = [example.members, example.larger]
    supposed = [hypothesis.name for hypothesis in statement.hypotheses]
    sets = pair
    if "ideal-point-kept" not in supposed:
        sizes = range(len(example.outcomes) + 1)
        sets = [s for size in sizes for s in itertools.combinations(everything, size)]
    world = example.structure(sets)
    old, new = (world.select(members) for members in pair)
    for x in example.added:
        if not world.improves(x, old):
            raise Rejected(
                f"{example.outcomes[x]} is added, but does not weakly improve on "
                f"{example.outcomes[old]}, which is selected from {example.set(example.members)}"
            )
    before, after = example.payoffs[old], example.payoffs[new]
    losers = [i for i, (v, w) in enumerate(zip(before, after, strict=True)) if w < v]
    if not losers:
        raise Rejected(
            f"nobody gets less: {_shown(example, new)} is selected from "
            f"{example.set(example.larger)}, and {_shown(example, old)} from "
            f"{example.set(example.members)}"
        )
    checks = tuple(Check(name, _CHECKS[name](example, world)) for name in supposed)
    _evaluate(statement, world)
    loser = losers[0]
    loss = f"player {loser + 1} gets {after[loser]}, down from {before[loser]}"
    conclusion = (
        f"{_TITLES[example.name]} selects {example.outcomes[old]} from "
        f"{example.set(example.members)} and {example.outcomes[new]} from "
        f"{example.set(example.larger)}: {loss}"
    )
    return Confirmation(checks, conclusion, _story(example, world, old, new, loss))


def _evaluate(statement: Any, world: SelectionStructure) -> None:
    from spi_verify.theory.evaluate import holds, why_not

    structure = world.structure()
    for name in statement.definitions:
        formula = statement.theory.axiom(name)
        if not holds(formula, structure):
            raise Rejected(f"{name} says something else: {why_not(formula, structure)}")
    for hypothesis in statement.hypotheses:
        if not holds(hypothesis.formula, structure):
            why = why_not(hypothesis.formula, structure)
            raise Rejected(f"{hypothesis.name} does not hold: {why}")
    if holds(statement.goal.formula, structure):
        raise Rejected("evaluated, the selection function is transitive here")


def _finite(example: Example, _: SelectionStructure) -> str:
    return f"{len(example.members)} outcomes in the set, {len(example.larger)} with what is added"


def _picks(_: Example, world: SelectionStructure) -> str:
    count = sum(map(bool, world.sets))
    return f"executed on {count} sets: the best by its score among the efficient members"


def _order(example: Example, _: SelectionStructure) -> str:
    return f"ties are broken in the order {', '.join(example.outcomes)}"


def _no_ties(example: Example, world: SelectionStructure) -> str:
    for members in filter(None, world.sets):
        for x, a in itertools.permutations(members, 2):
            if world.dominates(x, a) and world.score(members, x) == world.score(members, a):
                raise Rejected(
                    f"{example.outcomes[x]} dominates {example.outcomes[a]} and is tied with it "
                    f"in {example.set(members)}"
                )
    return "no member of a set is tied with one that it dominates"


def _below(strictly: bool) -> Callable[[Example, SelectionStructure], str]:
    def check(example: Example, world: SelectionStructure) -> str:
        for outcome, payoffs in zip(example.outcomes, example.payoffs, strict=True):
            for i, (v, d) in enumerate(zip(payoffs, world.disagreement, strict=True), start=1):
                if v < d or (strictly and v == d):
                    raise Rejected(
                        f"player {i} gets {v} in {outcome}, and {d} in the disagreement point"
                    )
        point = format_profile(world.disagreement)
        return f"everybody gets {'more' if strictly else 'no less'} than in {point} in each outcome"

    return check


def _same_ideal(example: Example, world: SelectionStructure) -> str:
    before, after = world.ideal(example.members), world.ideal(example.larger)
    if before != after:
        raise Rejected(
            f"the ideal point goes from {format_profile(before)} to {format_profile(after)}"
        )
    return f"the ideal point is {format_profile(before)} before and after"


_CHECKS: dict[str, Callable[[Example, SelectionStructure], str]] = {
    "finite-sets": _finite,
    "picks-best": _picks,
    "ties-by-fixed-order": _order,
    "no-tie-under-domination": _no_ties,
    "disagreement-weakly-below": _below(strictly=False),
    "disagreement-strictly-below": _below(strictly=True),
    "ideal-point-kept": _same_ideal,
}

_TITLES = {
    "lexicographic": "the lexicographic selection function",
    "utilitarian": "the utilitarian selection function",
    "leximin": "leximin",
    "maxmin": "maxmin",
    "nash": "the Nash selection function",
    "nash-interior": "the Nash selection function",
    "kalai-smorodinsky": "the Kalai-Smorodinsky selection function",
}

_SCORES = {
    "lexicographic": "payoffs in the order of priority",
    "utilitarian": "sum of payoffs",
    "leximin": "payoffs in ascending order",
    "maxmin": "least payoff",
    "nash": "product of gains",
    "nash-interior": "product of gains",
    "kalai-smorodinsky": "least relative gain",
}


def _shown(example: Example, a: int) -> str:
    return f"{example.outcomes[a]} {format_profile(example.payoffs[a])}"


def _story(
    example: Example, world: SelectionStructure, old: int, new: int, loss: str
) -> tuple[str, ...]:
    lines = []
    if example.disagreement is not None:
        lines.append(f"The disagreement point is {format_profile(example.disagreement)}.")
    if example.priority is not None:
        lines.append(f"Players in priority: {', '.join(map(str, example.priority))}.")
    lines.append(_selects(example, world, example.members, old))
    added = " and ".join(_shown(example, x) for x in example.added)
    plural = len(example.added) > 1
    lines.append(
        f"{added} {'pay' if plural else 'pays'} everybody at least what "
        f"{example.outcomes[old]} pays."
    )
    lines.append(_selects(example, world, example.larger, new))
    lines.append(f"{loss[0].upper()}{loss[1:]}.")
    return tuple(lines)


def _selects(example: Example, world: SelectionStructure, members: OutcomeSet, chosen: int) -> str:
    efficient = [a for a in members if not any(world.dominates(b, a) for b in members)]
    best = max(world.score(members, a) for a in efficient)
    ties = [example.outcomes[a] for a in efficient if world.score(members, a) == best]
    score = ", ".join(map(str, best))
    what = f"{_SCORES[example.name]} {f'({score})' if len(best) > 1 else score}"
    among = ", ".join(_shown(example, a) for a in members)
    text = f"From {{{among}}} it selects {example.outcomes[chosen]}: {what}"
    dominated = [example.outcomes[a] for a in members if a not in efficient]
    if dominated:
        text += f"; {' and '.join(dominated)} {'are' if len(dominated) > 1 else 'is'} dominated"
    if len(ties) > 1:
        text += f"; {' and '.join(ties)} are tied, and {ties[0]} comes first in the order"
    return f"{text}."


# Searching


def _small(name: str, supposed: set[str], bounds: Bounds) -> Iterator[Example]:
    """Yield examples with small payoffs.

    The outcome selected from the set is A, the one selected from the larger set B, other members
    of the set come next, and then what is added. B is in the set: what is added hurts nobody.
    """
    least = 1 if "disagreement-strictly-below" in supposed else 0
    for players in range(2, bounds.players + 1):
        for count in range(3, bounds.outcomes + 1):
            cells = players * count
            for size in range(2, count):
                for greatest in range(1, MOST_PAYOFF + 1):
                    if _number(players, count, size, least, greatest) > MOST_TABLES:
                        break
                    yield from _tables(name, players, count, size, least, greatest)


def _number(players: int, count: int, size: int, least: int, greatest: int) -> int:
    """Return about how many tables there are: any profiles in the set, improvements added."""
    values = range(1, greatest - least + 2)
    added = count - size
    improving = sum(v**added for v in values) ** players // math.factorial(added)
    return int(improving * len(values) ** (players * (size - 1)) // math.factorial(size - 2))


def _tables(
    name: str, players: int, count: int, size: int, least: int, greatest: int
) -> Iterator[Example]:
    """Yield examples whose greatest payoff is given, with the least sum of payoffs first."""
    disagreement = (Fraction(0),) * players if name in BARGAINING else None
    priority = tuple(range(1, players + 1)) if name == "lexicographic" else None
    selection = _selection(name, disagreement, priority)
    orders = list(itertools.permutations(range(count)))
    values = [Fraction(v) for v in range(least, greatest + 1)]
    profiles = list(itertools.product(values, repeat=players))
    found = []
    for a, b in itertools.product(profiles, repeat=2):
        if _improves(b, a):
            continue
        above = [x for x in profiles if _improves(x, a)]
        for others in itertools.combinations_with_replacement(profiles, size - 2):
            members = (a, b, *others)
            small = _tied_best(selection, members)
            if 0 not in small:
                continue
            for more in itertools.combinations_with_replacement(above, count - size):
                table = (*members, *more)
                if max(map(max, table)) != greatest or not _canonical(name, table):
                    continue
                order = _order_that_selects(small, _tied_best(selection, table), orders)
                if order is not None:
                    found.append((sum(map(sum, table)), table, order))
    names = [chr(ord("A") + k) for k in range(count)]
    for _, table, order in sorted(found):
        yield _ordered(name, names, table, size, order, disagreement, priority)


def _improves(x: Payoffs, a: Payoffs) -> bool:
    return all(v >= w for v, w in zip(x, a, strict=True))


def _canonical(name: str, table: Sequence[Payoffs]) -> bool:
    """Return whether no renumbering of players and no change of scale makes a table smaller."""
    columns = list(zip(*table, strict=True))
    if name != "lexicographic" and columns != sorted(columns):
        return False
    if name in BARGAINING:
        return all(_scaled(column) for column in columns)
    if name == "lexicographic":
        return all(min(column) == 0 and _scaled(column) for column in columns)
    everything = [v for column in columns for v in column]
    return min(everything) == 0 and _scaled(everything)


def _scaled(values: Sequence[Fraction]) -> bool:
    return math.gcd(*(v.numerator for v in values)) in (0, 1)


def _order_that_selects(
    small: Sequence[int], large: Sequence[int], orders: Iterable[tuple[int, ...]]
) -> tuple[int, ...] | None:
    """Return an order that picks outcome 0 from those tied first, and 1 from those tied later.

    ``order[k]`` is the outcome at place k.
    """
    if 0 not in small or 1 not in large:
        return None
    for order in orders:
        if min(small, key=order.index) == 0 and min(large, key=order.index) == 1:
            return order
    return None


def _tied_best(selection: Scoring, members: Sequence[Payoffs]) -> list[int]:
    """Return which efficient members have the best score."""
    ideal = tuple(max(column) for column in zip(*members, strict=True))
    scores = {
        a: selection.score(payoffs, ideal)
        for a, payoffs in enumerate(members)
        if not any(b != payoffs and _improves(b, payoffs) for b in members)
    }
    best = max(scores.values())
    return [a for a, score in scores.items() if score == best]


def _ordered(
    name: str,
    names: Sequence[str],
    table: Sequence[Payoffs],
    size: int,
    order: Sequence[int],
    disagreement: Payoffs | None,
    priority: tuple[int, ...] | None,
) -> Example:
    """Return the example whose set is the first outcomes of a table, in the order for ties."""
    return Example(
        name,
        tuple(names[a] for a in order),
        tuple(table[a] for a in order),
        tuple(k for k, a in enumerate(order) if a < size),
        tuple(k for k, a in enumerate(order) if a >= size),
        disagreement,
        priority,
    )


def _in_game(name: str, bounds: Bounds) -> Iterator[Example]:
    """Yield the examples among a game's outcomes, ties broken in the order of the game."""
    game = bounds.game
    assert game is not None
    outcomes = list(game.outcomes())
    payoffs = [game.payoffs(outcome) for outcome in outcomes]
    players = game.number_of_players
    worst = [min(row[i] for row in payoffs) for i in range(players)]
    disagreement = priority = None
    if name in BARGAINING:
        disagreement = tuple(v - (name == "nash-interior") for v in worst)
    if name == "lexicographic":
        priority = tuple(range(1, players + 1))
    selection = _selection(name, disagreement, priority)
    most = min(bounds.outcomes, MOST_OUTCOMES, len(outcomes))
    for count in range(3, most + 1):
        for size in range(2, count):
            for pair in itertools.permutations(range(len(outcomes)), 2):
                if _improves(payoffs[pair[1]], payoffs[pair[0]]):
                    continue
                rest = [k for k in range(len(outcomes)) if k not in pair]
                for others in itertools.combinations(rest, size - 2):
                    above = [
                        k
                        for k in rest
                        if k not in others and _improves(payoffs[k], payoffs[pair[0]])
                    ]
                    for more in itertools.combinations(above, count - size):
                        chosen = (*pair, *others, *more)
                        place = sorted(range(count), key=lambda k: chosen[k])  # noqa: B023
                        table = [payoffs[k] for k in chosen]
                        order = _order_that_selects(
                            _tied_best(selection, table[:size]),
                            _tied_best(selection, table),
                            [tuple(place)],
                        )
                        if order is not None:
                            names = [", ".join(outcomes[k]) for k in chosen]
                            yield _ordered(name, names, table, size, order, disagreement, priority)
