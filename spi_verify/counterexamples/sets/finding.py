"""Examples for the search: small payoffs, or the outcomes of a game."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence, Set
from fractions import Fraction

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.sets.example import (
    BARGAINING,
    MOST_OUTCOMES,
    MOST_PLAYERS,
    Example,
    selection_function,
)
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.selections import Scoring

MOST_PAYOFF, MOST_TABLES = 4, 200_000


def small_examples(name: str, supposed: Set[str], bounds: Bounds) -> Iterator[Example]:
    """Yield examples with small payoffs.

    The outcome selected from the set is A, the one selected from the larger set B, other members
    of the set come next, and then what is added. B is in the set: what is added hurts nobody.
    """
    least = 1 if "disagreement-strictly-below" in supposed else 0
    for players in range(2, min(bounds.players, MOST_PLAYERS) + 1):
        for count in range(3, min(bounds.outcomes, MOST_OUTCOMES) + 1):
            bounds.tell(f"payoffs of {players} players in {count} outcomes")
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
    selection = selection_function(name, disagreement, priority)
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


def examples_in_game(name: str, bounds: Bounds) -> Iterator[Example]:
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
    selection = selection_function(name, disagreement, priority)
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
                        place = sorted(range(count), key=lambda k: chosen[k])
                        table = [payoffs[k] for k in chosen]
                        order = _order_that_selects(
                            _tied_best(selection, table[:size]),
                            _tied_best(selection, table),
                            [tuple(place)],
                        )
                        if order is not None:
                            names = [", ".join(outcomes[k]) for k in chosen]
                            yield _ordered(name, names, table, size, order, disagreement, priority)
