"""What the code of a set-valued function settles, whatever the others' functions are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from spi_verify.errors import Undecided
from spi_verify.programs.language.conditions import AllOf, AnyOf, Not
from spi_verify.programs.language.functions import (
    Accepts,
    AtMost,
    Both,
    ByOutcome,
    Either,
    FunctionIs,
    Functions,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    Projection,
    Round,
    Row,
    SetFunction,
    Tag,
    Tagged,
    When,
)
from spi_verify.programs.language.selections import Utilitarian
from spi_verify.programs.language.terms import ActionProfile, Term, field_names, subterms, write
from spi_verify.programs.running.execution import Execution

MAX_CASES = 4096
_RECOGNISING = (FunctionIs, Tagged)
_CONNECTIVES = (Not, AllOf, AnyOf)
_CONSTANT = (AtMost, Both, Either, Outcomes, Tag)
_SETTLED = (
    *_CONSTANT,
    *_CONNECTIVES,
    *_RECOGNISING,
    ByOutcome,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Projection,
    Row,
    When,
)
"""The code whose value depends on the outcome, and on what the others' functions are."""


def run_parts(function: Term) -> Iterator[Term]:
    """Iterate over the parts of a function that are run; what code is compared with is not run."""
    waiting = [function]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, FunctionIs):
            continue
        for name in field_names(type(part)):
            value = getattr(part, name)
            if isinstance(value, Term):
                waiting.append(value)
            elif isinstance(value, tuple):
                waiting += (item for item in value if isinstance(item, Term))


def selection_free(functions: Functions) -> bool:
    """Whether these functions' sets are the same with every selection function, by their code."""
    return all(
        isinstance(part, (*_SETTLED, Accepts))
        for function in functions
        for part in run_parts(function)
    )


def answers_alike(function: SetFunction, functions: Functions, others: Functions) -> bool:
    """Whether a function's code settles that it cannot tell two profiles of functions apart."""
    for part in run_parts(function):
        if not isinstance(part, _SETTLED):
            return False
        if isinstance(part, FunctionIs):
            one, two = (
                profile[part.player - 1] == part.function for profile in (functions, others)
            )
        elif isinstance(part, Tagged):
            one, two = (
                part.tag in profile[part.player - 1].tags for profile in (functions, others)
            )
        else:
            continue
        if one != two:
            return False
    return True


def cases(
    function: SetFunction, player: int, players: int, plain: SetFunction
) -> Iterator[Functions]:
    """Iterate over profiles of functions that stand for all that a function can tell apart.

    Code that only recognises others' functions, by comparing code or by tags, distinguishes each
    function it names and, among all others, which of the tags that it looks for they carry. One
    function stands for each of these classes.

    Parameters
    ----------
    function, player
        RN^i and i.
    players
        n.
    plain
        A function without tags that runs in the game, from which functions are made that are none
        of those named.

    Raises
    ------
    Undecided
        When the code does more with the others' functions, or tells more than 4096 cases apart.
    """
    named: list[dict[SetFunction, None]] = [{} for _ in range(players)]
    tags: list[dict[str, None]] = [{} for _ in range(players)]
    for part in run_parts(function):
        if isinstance(part, FunctionIs):
            named[part.player - 1].setdefault(part.function)
        elif isinstance(part, Tagged):
            tags[part.player - 1].setdefault(part.tag)
        elif not isinstance(part, _SETTLED):
            raise Undecided(
                f"the code does not settle what ({_word(part)} ...) gives against all functions of "
                "the others"
            )
    kinds: list[list[SetFunction]] = []
    total = 1
    for j in range(players):
        if j == player - 1:
            kinds.append([function])
            continue
        total *= len(named[j]) + 2 ** min(len(tags[j]), 20)
        if total > MAX_CASES:
            raise Undecided(f"the code tells more than {MAX_CASES} cases apart")
        chosen = [
            subset
            for size in range(len(tags[j]) + 1)
            for subset in itertools.combinations(tags[j], size)
        ]
        kinds.append([*(_unlike(plain, list(named[j]), subset) for subset in chosen), *named[j]])
    yield from itertools.product(*kinds)


def _word(part: Term) -> str:
    return write(part).strip("()<>").split(" ")[0]


def _unlike(plain: SetFunction, named: list[SetFunction], tags: tuple[str, ...]) -> SetFunction:
    """Return a function that carries exactly these tags and is none of those named."""
    for k in itertools.count():
        function: SetFunction = Both(plain, (plain,) * k) if k else plain
        for tag in reversed(tags):
            function = Tag(tag, function)
        if function not in named:
            return function
    raise AssertionError


def resolved(function: SetFunction, scope: Round) -> SetFunction:
    """Return the function with the branches that it takes against the functions of a scope."""
    match function:
        case When():
            parts = list(subterms(function.condition))
            if any(isinstance(part, (NowAtMost, Accepts)) for part in parts):
                return function
            taken = function.then if function.condition.holds(scope) else function.otherwise
            return resolved(taken, scope)
        case Either() | Both():
            inner = [resolved(f, scope) for f in (function.first, *function.others)]
            return type(function)(inner[0], tuple(inner[1:]))
        case Tag():
            return resolved(function.function, scope)
    return function


def improves_on_lotteries(function: SetFunction, *, everywhere: bool = True) -> bool:
    """Whether a resolved function that improves on all listed outcomes improves on all lotteries.

    Listed are the pure outcomes and the named mixtures. A set that is the same at every outcome
    and holds something worse than a lottery for a player holds something worse for that player
    than the player's best pure outcome; so, where it applies to all of them, the listed outcomes
    show it.

    Parameters
    ----------
    function
        What :func:`resolved` returned.
    everywhere
        Whether the function applies to all listed outcomes.
    """
    match function:
        case Improving() | ImprovingOnMeet() | Projection():
            return True
        case Both():
            parts = (function.first, *function.others)
            if any(improves_on_lotteries(f, everywhere=False) for f in parts):
                return True
        case Either():
            parts = (function.first, *function.others)
            return all(improves_on_lotteries(f, everywhere=everywhere) for f in parts)
        case ByOutcome():
            return improves_on_lotteries(function.otherwise, everywhere=not function.rows)
        case When():
            return improves_on_lotteries(function.then, everywhere=False) and (
                improves_on_lotteries(function.otherwise, everywhere=False)
            )
        case Outcomes() if not function.elements:
            return True
    return everywhere and all(isinstance(part, _CONSTANT) for part in subterms(function))


def empty_on_lotteries(function: SetFunction) -> bool:
    """Whether a resolved function's code settles that it offers nothing at unlisted lotteries."""
    match function:
        case Outcomes():
            return not function.elements
        case Both():
            return any(map(empty_on_lotteries, (function.first, *function.others)))
        case Either():
            return all(map(empty_on_lotteries, (function.first, *function.others)))
        case ByOutcome():
            return empty_on_lotteries(function.otherwise)
        case When():
            return empty_on_lotteries(function.then) and empty_on_lotteries(function.otherwise)
    return False


def seen_by(
    execution: Execution, player: int, functions: Functions, outcome: ActionProfile
) -> Round:
    """Return what a function sees; no selection function is needed for code that is settled."""
    return Round(execution, player, functions, Utilitarian(), outcome)
