"""Definition 7: whether a function is a set-valued renegotiation function.

The others' functions are arbitrary. A function's code tells them apart by nothing but the codes
and tags that it names, so that for each other player these codes, a function of no named code
with the tag and one without are all cases.

What an extension adds improves on what its function offers, where that improves on a. If nothing
that the function offers is strictly better than a, what is reached pays what a pays, whatever the
others do; then the extension adds the projection of a.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from oracle.game import COMPARE
from oracle.points import (
    ONE,
    ZERO,
    Piece,
    Point,
    at_least,
    dominates,
    maximum,
)
from oracle.programs import Code, Functions, Profile

Row = tuple[list[Any], Any]


def is_renegotiation_function(functions: Functions, code: Code, i: int) -> bool | None:
    answers = [_against(functions, code, i, others) for others in _cases(functions, code, i)]
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def _named(code: Any) -> Iterator[tuple[int, Any]]:
    """Return the player and the code or tag of each condition."""
    if code[0] == "extension":
        yield from _named(code[1])
    elif code[0] == "parts":
        for part in code[1]:
            for key in ("against", "unless"):
                for condition in dict(part)[key]:
                    said = dict(condition)
                    yield said["player"] - 1, said["code"]
    else:
        yield from _in_term(code[1])


def _in_term(term: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(term, tuple):
        if term and term[0] == "is":
            yield int(term[1]) - 1, ("term", term[2])
        elif term and term[0] == "tagged":
            yield int(term[1]) - 1, term[2].removeprefix('"')
        else:
            for part in term:
                yield from _in_term(part)


def _cases(functions: Functions, code: Code, i: int) -> Iterator[Profile]:
    n = len(functions.game.players)
    mentioned = list(_named(code))
    choices: list[list[Code]] = []
    for j in range(n):
        if j == i:
            choices.append([code])
            continue
        known = [said for player, said in mentioned if player == j]
        tags = {said for said in known if isinstance(said, str)}
        codes = [said for said in known if not isinstance(said, str)]
        choices.append(
            [*dict.fromkeys(codes), ("opaque", ""), *(("opaque", tag) for tag in sorted(tags))]
        )
    yield from product(*choices)


def _against(functions: Functions, code: Code, i: int, profile: Profile) -> bool | None:
    space, extended = functions.space, False
    while code[0] == "extension":
        code, extended = code[1], True
        profile = (*profile[:i], code, *profile[i + 1 :])
    strict = False

    def no_selection(_: Any) -> Any:
        raise AssertionError("nothing is selected here")

    for start in space.starts():
        offered = functions.value(profile, i, start, no_selection)
        if not all(at_least(u, start.pays) for u in space.members(offered)):
            return False
        if extended:
            offered = space.either(offered, space.projection(i, start.pays))
        strict = strict or any(dominates(u, start.pays) for u in space.members(offered))
    if not functions.game.correlated:
        return strict
    return _lotteries(functions, code, i, profile, extended, strict)


def _lotteries(
    functions: Functions, code: Code, i: int, profile: Profile, extended: bool, strict: bool
) -> bool | None:
    """Look at all lotteries that have no name."""
    if code[0] == "term":
        return None
    corners = functions.game.corners
    if extended and not strict:
        strict = _projects(functions, i, [(corners, [])], corners)
    for part in functions.parts[code]:
        if part.get("from", "any") != "any" or not functions.applies(part, profile):
            continue
        region = _where(functions, part.get("where", ()))
        if not _possible(corners, region):
            continue
        sets = functions.fixed(part)
        fixed: Sequence[Piece] = [corners]
        for k, other in enumerate(sets):
            fixed = functions.space.both(fixed, other) if k else other
        if not fixed:
            continue
        if "pmp" in part:
            strict = strict or _projects(
                functions, part["pmp"] - 1, [(f, []) for f in fixed], corners, region
            )
        elif "improving" in part.get("within", ()):
            strict = strict or any(_gains(corners, f, region) for f in fixed)
        else:
            if any(_worse(corners, f, region) for f in fixed):
                return False
            strict = strict or any(_differs(corners, f, region) for f in fixed)
    return strict


Region = list[tuple[Point, Any, bool]]
"""Conditions c·a <= b, or c·a < b where the last is True."""


def _where(functions: Functions, texts: Sequence[str]) -> Region:
    region: Region = []
    for text in texts:
        parts = COMPARE.split(text)
        for left, op, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            for c, b in functions.space.bounds(f"{left}{op}{right}", None):
                region.append((c, b, op in "<>"))
    return region


def _best(
    corners: Piece,
    targets: Piece,
    region: Region,
    more: Sequence[tuple[Point, Point, Any, str]],
    score: tuple[Point, Point] | None,
) -> Any:
    """Maximise over a in the hull of ``corners`` and x in that of ``targets``, within the region.

    ``more`` has conditions c·a + d·x - b of sign ``<=``, ``<`` or ``=``. Strict ones, and a gain
    in ``score`` = (c, d), are met by at least t <= 1, and t is what is maximised.
    """
    conditions = [*((c, (ZERO,) * len(c), b, "<" if strict else "<=") for c, b, strict in region)]
    conditions += more
    if score is not None:
        c, d = score
        conditions.append((tuple(-x for x in c), tuple(-x for x in d), ZERO, "<"))
    m, k = len(corners), len(targets)
    slacks = sum(sign != "=" for *_, sign in conditions)
    width = m + k + 1 + 1 + slacks
    rows = [[ONE] * m + [ZERO] * (width - m), [ZERO] * m + [ONE] * k + [ZERO] * (width - m - k)]
    rows.append([ZERO] * (m + k) + [ONE, ONE] + [ZERO] * slacks)
    right: list[Any] = [ONE, ONE, ONE]
    used = 0
    for c, d, b, sign in conditions:
        row = [sum((x * y for x, y in zip(c, v, strict=True)), ZERO) for v in corners]
        row += [sum((x * y for x, y in zip(d, v, strict=True)), ZERO) for v in targets]
        row += [ONE if sign == "<" else ZERO, ZERO] + [ZERO] * slacks
        if sign != "=":
            row[m + k + 2 + used] = ONE
            used += 1
        rows.append(row)
        right.append(b)
    goal = [ZERO] * width
    goal[m + k] = ONE
    return maximum(goal, rows, right)


def _possible(corners: Piece, region: Region) -> bool:
    best = _best(corners, corners, region, [], None)
    return best is not None and best > 0


def _axes(n: int) -> list[Point]:
    return [tuple(ONE if k == i else ZERO for k in range(n)) for i in range(n)]


def _gains(corners: Piece, targets: Piece, region: Region) -> bool:
    n = len(corners[0])
    above = [(e, tuple(-x for x in e), ZERO, "<=") for e in _axes(n)]
    best = _best(corners, targets, region, above, ((-ONE,) * n, (ONE,) * n))
    return best is not None and best > 0


def _worse(corners: Piece, targets: Piece, region: Region) -> bool:
    return any(
        (best := _best(corners, targets, region, [], (e, tuple(-x for x in e)))) is not None
        and best > 0
        for e in _axes(len(corners[0]))
    )


def _differs(corners: Piece, targets: Piece, region: Region) -> bool:
    """Say whether some a in the region and x are not the same, where all x are at least a."""
    n = len(corners[0])
    best = _best(corners, targets, region, [], ((-ONE,) * n, (ONE,) * n))
    return best is not None and best > 0


def _projects(
    functions: Functions,
    player: int,
    targets: Sequence[tuple[Piece, Any]],
    corners: Piece,
    region: Region | None = None,
) -> bool:
    """Say whether a projection of some a in the region has a strict improvement among targets."""
    game = functions.game
    n, pmm, axes = len(game.players), game.pmm, _axes(len(game.players))
    zero = (ZERO,) * n
    for (target, _), below in product(targets, product((False, True), repeat=n)):
        more: list[tuple[Point, Point, Any, str]] = []
        for j, e in enumerate(axes):
            minus = tuple(-x for x in e)
            sign = "<=" if j == player else "="
            if below[j]:  # a_j <= pmm_j, and x_j is pmm_j, or at least that
                more += [(e, zero, pmm[j], "<="), (zero, minus, -pmm[j], sign)]
            else:
                more += [(minus, zero, -pmm[j], "<="), (e, minus, ZERO, sign)]
        best = _best(corners, target, region or [], more, ((-ONE,) * n, (ONE,) * n))
        if best is not None and best > 0:
            return True
    return False
