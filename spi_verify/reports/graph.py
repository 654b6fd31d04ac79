"""A dependency graph as an inline picture: a row for each node, an arc for each edge.

Rows stay readable at the width of a phone, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spi_verify.reports.html import identifier, text
from spi_verify.text import shortened
from spi_verify.verdicts import Verdict

if TYPE_CHECKING:
    from spi_verify.obligations.outcomes import Outcome

_ROW = 28
_LANE = 9
_LONGEST = 36
_CHARACTER = 7.6


@dataclass(frozen=True)
class Node:
    """A row.

    Parameters
    ----------
    name
        Unique in its graph.
    kind
        ``hypothesis``, ``definition``, ``lemma``, ``step`` or a verdict; it decides the mark.
    rests_on
        Names of the nodes above it that it rests on.
    link
        The id on the page that it leads to, if any.
    """

    name: str
    kind: str
    rests_on: tuple[str, ...] = ()
    link: str | None = None


def statements_graph(outcomes: Sequence[Outcome], verdicts: Mapping[str, Verdict]) -> list[Node]:
    """Return the statements that rest on each other, lemmas first; the others are left out."""
    import networkx

    by_id = {outcome.statement.id: outcome for outcome in outcomes}
    lemmas = {
        id: tuple(dict.fromkeys(s for s in _lemmas(one).values() if s in by_id))
        for id, one in by_id.items()
    }
    graph = networkx.DiGraph((s, id) for id, sources in lemmas.items() for s in sources)
    return [
        Node(id, str(verdicts[id]), lemmas[id], id)
        for id in networkx.lexicographical_topological_sort(graph)
    ]


def steps_graph(outcome: Outcome, others: Mapping[str, Outcome] | None = None) -> list[Node]:
    """Return the steps of a statement, each after the facts that it is the first to rest on.

    A proved step rests on its core; one that is not, on all it was given. A lemma rests on the
    hypotheses that its own proof supposes, where it is among the others. Hypotheses that nothing
    rests on come first.
    """
    from spi_verify.obligations.outcomes import supposed_by

    lemmas = _lemmas(outcome)
    supposed = {
        name: tuple(one for one in supposed_by(outcome.theorem, others[id]).values() if one)
        for name, id in lemmas.items()
        if others is not None and id in others
    }
    kinds = {
        **dict.fromkeys((h.name for h in outcome.statement.hypotheses), "hypothesis"),
        **dict.fromkeys(outcome.theorem.definitions, "definition"),
        **dict.fromkeys(lemmas, "lemma"),
    }
    given = {step.name: outcome.theorem.uses(step) for step in outcome.theorem.steps}
    edges = {}
    for name, decision in outcome.decisions.items():
        core = [fact.removeprefix("fact:") for fact in decision.core]
        rests_on = core if decision.proved else given[name]
        edges[name] = tuple(n for n in rests_on if n in kinds or n in given)
    used = {name for names in edges.values() for name in names}
    used |= {one for name in used for one in supposed.get(name, ())}
    idle = (n for n, kind in kinds.items() if kind == "hypothesis" and n not in used)
    nodes = {name: Node(name, "hypothesis") for name in idle}
    for name, names in edges.items():
        for fact in (other for one in names for other in (*supposed.get(one, ()), one)):
            if fact in kinds and fact not in nodes:
                nodes[fact] = Node(fact, kinds[fact], supposed.get(fact, ()), lemmas.get(fact))
        kind = Verdict.PROVED if outcome.decisions[name].proved else Verdict.UNKNOWN
        nodes[name] = Node(name, str(kind), names)
    return list(nodes.values())


def graph(nodes: Sequence[Node], label: str, prefix: str) -> Iterator[str]:
    """Draw a graph.

    Parameters
    ----------
    nodes
        In an order in which each comes after those it rests on.
    label
        What it shows, for those who cannot see it.
    prefix
        What ids in the picture start with.

    Notes
    -----
    Edges that leave a node share a lane; lanes are taken first come first served, so that there
    are as many as sources are in use at a row.
    """
    rows = {node.name: row for row, node in enumerate(nodes)}
    lanes = _lanes(nodes, rows)
    gutter = 14 + _LANE * (max(lanes.values(), default=-1) + 1)
    longest = max(len(shortened(node.name, _LONGEST)) for node in nodes)
    width = int(gutter + 24 + _CHARACTER * longest)
    height = _ROW * len(nodes) + 6
    yield f'<div class="scroll graph"><svg role="group" aria-label="{text(label)}" '
    yield f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    for node in nodes:
        for source in node.rests_on:
            low, high = _middle(rows[source]), _middle(rows[node.name])
            x = gutter - 6 - _LANE * (lanes[source] + 1)
            yield (
                f'<path data-from="{rows[source]}" data-to="{rows[node.name]}" '
                f'd="M{gutter} {low}H{x + 5}Q{x} {low} {x} {low + 5}V{high - 5}'
                f'Q{x} {high} {x + 5} {high}H{gutter - 4}"/>'
            )
    for node in nodes:
        yield from _node(node, rows[node.name], gutter, f"{prefix}-{rows[node.name]}")
    yield "</svg></div>"


def key(nodes: Sequence[Node]) -> str:
    """Explain the marks of a graph."""
    kinds = dict.fromkeys(node.kind for node in nodes)
    marks = (
        f'<svg class="mark {kind}" width="16" height="16" aria-hidden="true">{_mark(kind, 8, 8)}'
        f"</svg> {kind}"
        for kind in kinds
    )
    return f'<p class="quiet key">{", ".join(marks)}; a line leads down to what rests on it</p>'


def _node(node: Node, row: int, x: int, id: str) -> Iterator[str]:
    y = _middle(row)
    rests = f"; rests on {', '.join(node.rests_on)}" if node.rests_on else ""
    described = text(f"{node.name} ({node.kind}){rests}")
    shown = text(shortened(node.name, _LONGEST))
    inside = (
        f"<title>{described}</title>{_mark(node.kind, x + 6, y)}"
        f'<text x="{x + 18}" y="{y + 4}">{shown}</text>'
    )
    common = f'id="{text(id)}" data-row="{row}" class="{node.kind}" aria-label="{described}"'
    if node.link is None:
        yield f'<g {common} role="img" tabindex="0">{inside}</g>'
    else:
        yield f'<a {common} href="#{text(node.link)}">{inside}</a>'


def _mark(kind: str, x: int, y: int) -> str:
    """Draw a mark whose shape, and not only its colour, tells the kind."""
    if kind == "hypothesis":
        return f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
    if kind == "definition":
        return f'<path class="fill" d="M{x - 5} {y + 4}h10l-5 -9z"/>'
    if kind == "lemma":
        return f'<path class="fill" d="M{x} {y - 6}l6 6l-6 6l-6 -6z"/>'
    hollow = "" if kind == Verdict.PROVED else ' class="hollow"'
    return f'<circle cx="{x}" cy="{y}" r="5"{hollow}/>'


def _lanes(nodes: Sequence[Node], rows: Mapping[str, int]) -> dict[str, int]:
    """Give each node that something rests on a lane that is free down to the last of these."""
    last: dict[str, int] = {}
    for node in nodes:
        for source in node.rests_on:
            last[source] = rows[node.name]
    lanes: dict[str, int] = {}
    for name in sorted(last, key=lambda name: last[name] - rows[name]):
        taken = {
            lane
            for other, lane in lanes.items()
            if rows[other] <= last[name] and rows[name] <= last[other]
        }
        lanes[name] = next(lane for lane in range(len(nodes)) if lane not in taken)
    return lanes


def _middle(row: int) -> int:
    return _ROW * row + _ROW // 2 + 3


def _lemmas(outcome: Outcome) -> Mapping[str, str]:
    return getattr(outcome.statement, "lemmas", {})


def picture_id(statement: str) -> str:
    """Return what the ids in the picture of a statement's steps start with."""
    return f"steps-of-{identifier(statement)}"
