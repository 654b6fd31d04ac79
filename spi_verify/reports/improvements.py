"""What ``spi-verify improve`` says: improvements as data, in words, and as a model file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spi_verify.claims.about_delegation import actions_shown, steps_shown
from spi_verify.claims.writing import model_text
from spi_verify.delegation.dominance import Step
from spi_verify.delegation.improving import Improvement, Improvements
from spi_verify.delegation.tokens import TokenGain
from spi_verify.games.game import Game, payoff_table
from spi_verify.reports.blocks import Block, Grid, Heading, Items, Paragraph
from spi_verify.reports.html import sentence
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "spi-verify/improvements/1"
_SHOWN, _ROWS, _VALUES = 10, 24, 9


def as_data(
    found: Improvements, *, unilateral: int | None, strict: bool, every: bool
) -> dict[str, Any]:
    """Return what was found as plain data.

    Parameters
    ----------
    found
        What was found.
    unilateral, strict, every
        What was asked for.
    """
    return {
        "schema": SCHEMA,
        "game": {"title": found.game.title, "players": list(found.game.players)}
        | _table(found.game),
        "asked": {"unilateral": unilateral, "strict": strict, "all": every},
        "reduced": {
            "actions": _lists(found.reduction.game.actions),
            "eliminated": _steps(found.reduction.steps),
        },
        "improvements": [_improvement(one) for one in found.found],
        "left_out": found.left_out,
        "complete": found.complete,
        "nodes": found.nodes,
    }


def _improvement(one: Improvement) -> dict[str, Any]:
    tied = one.isomorphism
    return {
        "unilateral": one.unilateral,
        "strict": one.strict,
        "maps": None if tied is None else tied.named,
        "factors": None if tied is None else list(map(str, tied.factors)),
        "constants": None if tied is None else list(map(str, tied.constants)),
        "gains": [
            {
                "outcome": list(gain.outcome),
                "image": list(gain.image),
                "before": list(map(str, gain.before)),
                "after": list(map(str, gain.after)),
            }
            for gain in one.gains
        ],
        "subset_game": _table(one.game),
        "eliminated": _steps(one.steps),
        "instructions": instructions(one),
    }


def _table(game: Game) -> dict[str, Any]:
    return {"actions": _lists(game.actions), "payoffs": payoff_table(game)}


def _lists(actions: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(own) for own in actions]


def _steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"player": step.player, "action": step.action, "by": step.by} for step in steps]


def instructions(one: Improvement) -> list[str]:
    """Say in words what each representative is told."""
    players = range(1, one.game.number_of_players + 1)
    return [_instruction(one, i) for i in players if one.unilateral in (None, i)]


def _instruction(one: Improvement, i: int) -> str:
    own = one.game.actions[i - 1]
    told = f"{one.game.called(i)} tells the representative: play only {_or(own)}"
    if one.isomorphism is None or one.played.number_of_outcomes == 1:
        return told
    images = one.isomorphism.named[i - 1].items()
    places = ", ".join(f"{b} in the place of {a}" for a, b in images if a != b)
    values = ", ".join(
        f"{_outcome(gain.image)} as {_outcome(gain.outcome)}" for gain in one.gains[:_VALUES]
    )
    more = "" if len(one.gains) <= _VALUES else " and so on, as in the table"
    return f"{told}{f', {places}' if places else ''}; value {values}{more}"


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def print_improvements(
    found: Improvements, console: Console, *, unilateral: int | None, strict: bool
) -> None:
    """Print what was found, long lists cut short, and whether there can be more."""
    console.print(printable(found.game.title) or "(untitled game)", style="bold")
    _say(console, _played(found))
    for number, one in enumerate(found.found[:_SHOWN], start=1):
        console.print()
        _print_one(one, number, console)
    if len(found.found) > _SHOWN:
        console.print()
        _say(console, _more(found.found, _SHOWN))
    console.print()
    _say(console, _conclusion(found, _kind(found, unilateral, strict)))


def improvements_report(
    found: Improvements, *, unilateral: int | None, strict: bool
) -> Iterator[Block]:
    """Yield the same as a report.

    Parameters
    ----------
    found
        What was found.
    unilateral, strict
        What was asked for.
    """
    title = printable(found.game.title) or "an untitled game"
    yield Heading(1, (f"Safe improvements on {title}",))
    yield Paragraph((_said(_played(found)),))
    for number, one in enumerate(found.found[:_SHOWN], start=1):
        yield Heading(2, (_headed(one, number),))
        rows = tuple(tuple((cell,) for cell in row) for row in _rows(one))
        more = len(one.gains) - _ROWS
        caption = f"{more} more outcomes are not shown." if more > 0 else ""
        yield Grid(tuple((heading,) for heading in _headings(one)), rows, caption)
        yield Items(tuple((_said(told),) for told in _told(one)))
    if len(found.found) > _SHOWN:
        yield Paragraph((_more(found.found, _SHOWN),))
    yield Paragraph((_conclusion(found, _kind(found, unilateral, strict)),))


def _said(text: str) -> str:
    return sentence(printable(text[:1].upper() + text[1:]))


def _played(found: Improvements) -> str:
    gone = steps_shown(_steps(found.reduction.steps), found.game.players)
    gone = f"what goes is {gone}" if gone else "nothing is dominated"
    chosen = actions_shown(found.reduction.game.actions)
    return printable(f"representatives choose from {chosen}: {gone}")


def _kind(found: Improvements, unilateral: int | None, strict: bool) -> str:
    kind = "strict safe improvement" if strict else "non-trivial safe improvement"
    return kind if unilateral is None else f"{kind} by {found.game.called(unilateral)} alone"


def _more(those: Sequence[object], shown: int) -> str:
    return f"... and {len(those) - shown} more (all with --json)"


def _headed(one: Improvement, number: int) -> str:
    kind = "a strict safe improvement" if one.strict else "a safe improvement, not strict"
    return printable(f"{number}. {kind}: {actions_shown(one.game.actions)}")


def _headings(one: Improvement) -> tuple[str, ...]:
    becomes = "becomes" if one.isomorphism is not None else "can become"
    return ("outcome", "pays", becomes, "pays")


def _rows(one: Improvement) -> Iterator[tuple[str, ...]]:
    for gain in one.gains[:_ROWS]:
        yield (_outcome(gain.outcome), _pays(gain.before), _outcome(gain.image), _pays(gain.after))


def _told(one: Improvement) -> Iterator[str]:
    """Yield the instructions, and why what the others do is known."""
    yield from instructions(one)
    if one.steps:
        gone = steps_shown(_steps(one.steps), one.game.players)
        yield f"the others are told nothing; what goes is {gone}"
    if one.isomorphism is not None and one.unilateral is not None:
        scales = zip(one.isomorphism.factors, one.isomorphism.constants, strict=True)
        told = ", ".join(
            f"u{i} = {_scaled(f'u{i} after', factor, constant)}"
            for i, (factor, constant) in enumerate(scales, start=1)
            if i != one.unilateral
        )
        yield f"by their own payoffs it is the same game: {told}"


def _print_one(one: Improvement, number: int, console: Console) -> None:
    from rich.table import Table

    _say(console, _headed(one, number))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in _headings(one):
        table.add_column(heading, overflow="fold")
    for row in _rows(one):
        table.add_row(*row)
    console.print(table)
    if len(one.gains) > _ROWS:
        _say(console, _more(one.gains, _ROWS))
    for told in _told(one):
        _say(console, told)


def _scaled(name: str, factor: Fraction, constant: Fraction) -> str:
    """Write a positive affine map."""
    times = name if factor == 1 else f"{factor} * {name}"
    if not constant:
        return times
    return f"{times} {'+' if constant > 0 else '-'} {abs(constant)}"


def _conclusion(found: Improvements, kind: str) -> str:
    if not found.complete:
        return (
            f"The search stopped after {found.nodes} node{'s' * (found.nodes != 1)} and is not "
            "complete: there can be more, and safe improvements on those listed."
        )
    if not found.found:
        told = f"There is no {kind} under elimination and isomorphism"
    elif len(found.found) == 1 and not found.left_out:
        told = f"This is the only {kind}"
    else:
        told = (
            f"There is no other {kind}" if len(found.found) == 1 else f"There are no more {kind}s"
        )
        if found.left_out:
            told += (
                f" but {found.left_out} on which a listed one is a safe improvement in turn "
                "(--all lists them)"
            )
    if any(one.isomorphism is None for one in found.found):
        single = "action" if found.found[0].unilateral else "outcome"
        told += f" (of those that tie no plays, only ones with a single {single} count)"
    return f"{told}: the search was exhausted."


def as_model(found: Improvements, tokens: Sequence[TokenGain] = ()) -> str:
    """Return a model file with the game, what was found, and claims that say so."""
    game = found.game
    subsets, claims = {}, []
    kept = _lists(found.reduction.game.actions)
    claims.append({"name": "what-is-played", "kind": "dominance-reduction", "actions": kept})
    for number, one in enumerate(found.found, start=1):
        name = f"improvement-{number}"
        subsets[name] = _table(one.game)
        claim: dict[str, Any] = {"name": f"{name}-is-an-spi", "kind": "payoff-transformation-spi"}
        claim["subset-game"] = name
        if one.strict:
            claim["strict"] = "somewhere"
        if one.unilateral is not None:
            claim["unilateral"] = one.unilateral
        claims.append(claim)
    table = {"players": list(game.players)} | _table(game)
    data = {"title": game.title, "game": table, "subset-games": subsets, "claims": claims}
    if tokens:
        agreed = {gain.outcome: gain.after for gain in tokens}
        pays = {outcome: agreed.get(outcome, game.payoffs(outcome)) for outcome in game.outcomes()}
        data["token-games"] = {"tokens": {"pays": payoff_table(Game.from_outcomes(pays))}}
        spi = {"name": "tokens-are-an-spi", "kind": "token-spi", "token-game": "tokens"}
        claims.append({**spi, "strict": "somewhere"})
    return model_text(data)


def _say(console: Console, text: str) -> None:
    console.print(printable(text), soft_wrap=True)


def _outcome(names: Sequence[str]) -> str:
    return printable(f"({', '.join(names)})")


def _pays(payoffs: Sequence[Any]) -> str:
    return f"({', '.join(map(str, payoffs))})"
