"""Counterexamples to the transitivity of selection functions: sets of outcomes.

A counterexample is a set, outcomes that weakly improve on what is selected from it, and somebody
who gets less in what is selected when these are added. Its body::

    {"players": 2,
     "payoffs": {"A": ["0", "1"], "B": ["1", "0"], "C": ["0", "2"]},
     "order": ["A", "B", "C"],            # breaks ties, first preferred
     "disagreement": ["0", "0"],          # for nash, nash-interior and kalai-smorodinsky
     "priority": [1, 2],                  # for lexicographic
     "set": ["A", "B"], "added": ["C"],
     "picks": ["A", "B"]}                 # where another rule than this one picks from both

It is executed with the selection functions of :mod:`spi_verify.programs`, and the formulas of the
statement are evaluated in the structure it describes. No solver is asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from spi_verify.counterexamples.kind import Check, Claimed, Confirmation
from spi_verify.counterexamples.sets.example import Example, read
from spi_verify.counterexamples.sets.structure import OutcomeSet, SelectionStructure
from spi_verify.counterexamples.statements.claimed import meaning, statement_of
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.counterexamples.statements.labels import hypotheses_of, hypothesis_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.rationals import format_profile
from spi_verify.obligations.statements import Hypothesis, Statement

GOAL = "selection-is-transitive"
"""The label of the conclusion."""

_SELECTIONS = {
    "lexicographic": "lexicographic",
    "utilitarian": "utilitarian",
    "leximin": "leximin",
    "maxmin": "maxmin",
    "nash": "nash",
    "kalai_smorodinsky": "kalai-smorodinsky",
}
"""For each definition of a criterion the name of its selection function."""


def applies(meaning: Meaning) -> bool:
    """Return whether sets of outcomes can refute a statement.

    Its conclusion is that sel is transitive, and it takes one definition for granted that says
    what sel is.
    """
    return meaning.goal == GOAL and len(_criteria(meaning)) == 1


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample and evaluate the statement's formulas in it.

    Parameters
    ----------
    claimed
        A statement that the selection function of one criterion is transitive.
    body
        As this module describes.

    Raises
    ------
    InputError
        When the body is malformed, or the statement claims something else.
    Rejected
        When it is no counterexample.

    Notes
    -----
    With N outcomes all 2^N sets of them are evaluated, in pairs; N is at most 6.
    """
    statement = statement_of(claimed)
    known = meaning(statement)
    if not applies(known):
        raise InputError(
            "sets of outcomes refute that a selection function is transitive which a definition "
            f"says ({', '.join(_SELECTIONS)}); {claimed.statement} claims something else",
            where="statement",
        )
    for name in known.changed:
        raise Rejected(f"sets of outcomes are evaluated with the paper's {name} only")
    return examine(statement, read(criterion(known), body))


def examine(statement: Statement, example: Example) -> Confirmation:
    """Execute an example, and evaluate every formula of the statement in it.

    Raises
    ------
    Rejected
        When it is no counterexample.
    """
    world, confirmation = _execute(statement, example)
    _evaluate(statement, world)
    return confirmation


def _criteria(meaning: Meaning) -> list[str]:
    """Return the definitions that say what sel is."""
    return [name for name in meaning.definitions if name in _SELECTIONS]


def criterion(meaning: Meaning) -> str:
    """Return the name of the selection function that a statement is about."""
    name = _SELECTIONS[_criteria(meaning)[0]]
    strictly = "disagreement-strictly-below" in {label for _, label in meaning.hypotheses}
    return "nash-interior" if name == "nash" and strictly else name


def _execute(statement: Statement, example: Example) -> tuple[SelectionStructure, Confirmation]:
    """Execute the selection function, and check every hypothesis, without the formulas."""
    if not example.members:
        raise Rejected("the set is empty")
    both = [a for a in example.added if a in example.members]
    if both:
        raise Rejected(f"{example.outcomes[both[0]]} is in the set already")
    everything = range(len(example.outcomes))
    pair = [example.members, example.larger]
    supposed = hypotheses_of(statement)
    sets = pair
    if "ideal-point-kept" not in supposed:
        sizes = range(len(example.outcomes) + 1)
        sets = [s for size in sizes for s in itertools.combinations(everything, size)]
    world = example.structure(sets)
    old, new = (world.select(members) for members in pair)
    for members in pair if example.picks is not None else ():
        pick, best = world.select(members), world.best(members)
        if pick == best:
            continue
        if "picks-best" in supposed and not world.as_good(members, pick):
            raise Rejected(f"{example.outcomes[pick]} is not the best of {example.set(members)}")
        if {"picks-best", "ties-by-fixed-order"} <= supposed:
            raise Rejected(
                f"{example.outcomes[best]} comes before {example.outcomes[pick]} in the order"
            )
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
    checks = tuple(_check(hypothesis, example, world) for hypothesis in statement.hypotheses)
    loser = losers[0]
    loss = f"player {loser + 1} gets {after[loser]}, down from {before[loser]}"
    title = _TITLES[example.name]
    if example.picks is not None:
        loose = all(world.as_good(m, world.select(m)) for m in pair)
        title = f"{title}, ties broken at will," if loose else f"another rule than {title}"
    conclusion = (
        f"{title} selects {example.outcomes[old]} from "
        f"{example.set(example.members)} and {example.outcomes[new]} from "
        f"{example.set(example.larger)}: {loss}"
    )
    return world, Confirmation(checks, conclusion, _story(example, world, old, new, loss))


def _evaluate(statement: Statement, world: SelectionStructure) -> None:
    """Evaluate every formula of the statement in the structure that was executed.

    Raises
    ------
    Rejected
        When a formula says something else than what was executed.
    """
    from spi_verify.theory.evaluate import holds, why_not

    structure = world.structure()
    try:
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
    except KeyError as missing:
        raise Rejected(f"nothing here says what {missing.args[0]} is") from None


def _check(hypothesis: Hypothesis, example: Example, world: SelectionStructure) -> Check:
    """Execute a hypothesis; one that no code of this module speaks of is evaluated only."""
    check = CHECKS.get(str(hypothesis_of(hypothesis)))
    how = "checked for all sets listed" if check is None else check(example, world)
    return Check(hypothesis.name, how)


def _finite(example: Example, _: SelectionStructure) -> str:
    return f"{len(example.members)} outcomes in the set, {len(example.larger)} with what is added"


def _picks(example: Example, world: SelectionStructure) -> str:
    if example.picks is not None:
        return "what is picked is the best by its score among the efficient members, ties aside"
    count = sum(map(bool, world.sets))
    return (
        f"checked for {count} sets: what is selected is best by its score among the efficient "
        "members"
    )


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


CHECKS: dict[str, Callable[[Example, SelectionStructure], str]] = {
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
    lines = [
        "Transitive means: when outcomes are added to a set that are at least as good for "
        "everybody as the one that is selected from it, nobody gets less from what is selected "
        "then."
    ]
    if example.disagreement is not None:
        lines.append(f"The disagreement point is {format_profile(example.disagreement)}.")
    if example.priority is not None:
        lines.append(f"Players in priority: {', '.join(map(str, example.priority))}.")
    told = _selects if example.picks is None else _picks_told
    lines.append(told(example, world, example.members, old))
    added = " and ".join(_shown(example, x) for x in example.added)
    plural = len(example.added) > 1
    lines.append(
        f"{added} {'pay' if plural else 'pays'} everybody at least what "
        f"{example.outcomes[old]} pays."
    )
    lines.append(told(example, world, example.larger, new))
    better = f"{'are' if plural else 'is'} at least as good for everybody"
    names = " and ".join(example.outcomes[x] for x in example.added)
    lines.append(f"So {loss}, although {names} {better} as {example.outcomes[old]}.")
    return tuple(lines)


def _picks_told(
    example: Example, world: SelectionStructure, members: OutcomeSet, chosen: int
) -> str:
    scores = [
        f"{_shown(example, a)}: {', '.join(map(str, world.score(members, a)))}" for a in members
    ]
    return (
        f"From {example.set(members)} the rule picks {example.outcomes[chosen]} "
        f"({_SCORES[example.name]} of {'; of '.join(scores)})."
    )


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
