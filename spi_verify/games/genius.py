"""Negotiation domains in GENIUS XML: a domain file and each player's utility file.

Utilities are those that GENIUS 10.4 computes. Reading a file runs no code, opens no other file,
and refuses document types and entities.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from pathlib import Path

from spi_verify.errors import InputError, located
from spi_verify.games.agreements import MAX_ISSUES, AgreementGame, Issue
from spi_verify.games.game import MAX_OUTCOMES, Payoffs
from spi_verify.games.xml_tree import MAX_ELEMENTS, Element, read_tree

_NEGLIGIBLE = Fraction(1, 10**5)
_ZERO, _ONE = Fraction(0), Fraction(1)


def read_domain(
    domain: Path,
    profiles: Sequence[Path],
    *,
    steps: int | None = None,
    players: Sequence[str] | None = None,
    title: str = "",
) -> AgreementGame:
    """Read a multi-issue domain with additive utilities.

    Parameters
    ----------
    domain
        The domain file: issues and their values.
    profiles
        For each player the utility file: evaluations, weights and the reservation value.
    steps
        Into how many equal steps the ranges of real issues are cut; both ends are values.
    players
        Names; default those of the utility files, without their ending.
    title
        Default the domain's name.

    Returns
    -------
    AgreementGame
        Its ``comment`` says, a line each, where the files were not taken literally, and where
        another reader, negmas, computes other utilities.

    Raises
    ------
    InputError
        When a file cannot be read, is no such XML, or the files do not fit together.

    Notes
    -----
    The utility of an agreement v is min(1, sum over issues k of w_k e_k(v_k)), with the weights as
    they stand. The evaluation e_k(v) of

    - a discrete value is the number given, divided by the greatest of its issue; 0 for all values
      where the greatest is below 0.00001;
    - an integer v from a is slope * (v - a) + offset, but at least 0 and at most 1;
    - a real v is parameter1 * v + parameter0 (linear), again at least 0 and at most 1, or
      parameter0 (constant), or rises from 0 at parameter0 to 1 at parameter2 and falls to 0 at
      parameter1, and is 0 elsewhere (triangular).

    A reservation value that is missing is 0. Discount factors are ignored. All numbers are read
    exactly.
    """
    with located(file=str(domain)):
        root = read_tree(domain)
        space = _objective(root)
        outline = _outlines(space, steps)
    notes = _Notes()
    evaluated, reserves = [], []
    for path in profiles:
        with located(file=str(path)):
            utilities, reserve = _utilities(path, outline, notes)
        evaluated.append(utilities)
        reserves.append(reserve)
    capped = False
    for path, utilities in zip(profiles, evaluated, strict=True):
        if sum(map(max, utilities)) > 1:
            notes.lines.append(f"{path.name}: utilities that add up to more than 1 are 1")
            capped = True
    issues = [
        Issue(issue.name, issue.values, tuple(utilities[k] for utilities in evaluated))
        for k, issue in enumerate(outline)
    ]
    with located(file=str(domain)):
        return AgreementGame.from_issues(
            issues,
            reserves,
            cap=_ONE if capped else None,
            players=players if players is not None else [path.stem for path in profiles],
            title=title or space.attributes.get("name", ""),
            comment=notes.text(),
        )


@dataclass
class _Notes:
    """What there is to say about the files."""

    lines: list[str] = field(default_factory=list)
    negmas: dict[str, list[str]] = field(default_factory=dict)

    def differs(self, what: str, file: str) -> None:
        """Note that negmas reads a file in another way."""
        files = self.negmas.setdefault(what, [])
        if file not in files:
            files.append(file)

    def text(self) -> str:
        """Return the lines."""
        lines = list(self.lines)
        if self.negmas:
            told = "; ".join(f"{what} ({', '.join(files)})" for what, files in self.negmas.items())
            lines.append(f"utilities are those of GENIUS; those of negmas can differ, as it {told}")
        return "\n".join(lines)


@dataclass(frozen=True)
class _Outline:
    """An issue as the domain file has it; numbers are the values of integer and real issues."""

    index: str
    name: str
    kind: str
    values: tuple[str, ...]
    numbers: tuple[Fraction, ...]
    place: str


def _objective(root: Element, *, optional: bool = False) -> Element:
    """Return the one element that holds the issues."""
    space = _space(root)
    objectives = list(space.all("objective"))
    if optional and not objectives:
        return space
    if len(objectives) != 1:
        raise InputError(f"{len(objectives)} objectives; one is read", where=space.place)
    nested = next(objectives[0].all("objective"), None)
    if nested is not None:
        raise InputError("objectives in objectives are not read", where=nested.place)
    return objectives[0]


def _space(root: Element) -> Element:
    space = root if root.tag == "utility_space" else next(root.all("utility_space"), None)
    if space is None:
        raise InputError("there is no <utility_space>; is this a GENIUS file?", where=root.place)
    return space


def _kind(issue: Element) -> str:
    names = (name for name in ("type", "etype", "vtype") if name in issue.attributes)
    return issue.attributes.get(next(names, "type"), "discrete").strip().lower()


def _outlines(space: Element, steps: int | None) -> list[_Outline]:
    outline: list[_Outline] = []
    left = MAX_ELEMENTS
    for issue in space.all("issue"):
        if len(outline) == MAX_ISSUES:
            raise InputError(f"more than {MAX_ISSUES} issues", where=issue.place)
        outline.append(_outline(issue, left, steps))
        left -= len(outline[-1].values)
    if not outline:
        raise InputError("the domain has no issue", where=space.place)
    _refuse_twice(outline)
    real = [issue for issue in outline if issue.kind == "real"]
    if steps is not None and not real:
        raise InputError("no issue is real; drop steps from the model file", where=space.place)
    if steps is None and real:
        raise _uncut(real, outline, left)
    return outline


def _outline(issue: Element, most: int, steps: int | None) -> _Outline:
    index, name, kind = issue.get("index"), issue.get("name"), _kind(issue)
    if kind == "discrete":
        values = tuple(dict.fromkeys(value for value, _ in _items(issue)))
        if not values:
            raise InputError(f"the issue {name!r} has no values", where=issue.place)
        return _Outline(index, name, kind, values, (), issue.place)
    if kind not in ("integer", "real"):
        raise InputError(
            f"the issue {name!r} is of type {kind!r}; discrete, integer and real ones are read",
            where=issue.place,
        )
    low, high = _bounds(issue, kind)
    if high < low:
        raise InputError(f"{name!r} ranges from {low} to {high}", where=issue.place)
    if kind == "real" and steps is None:
        return _Outline(index, name, kind, (), (low, high), issue.place)
    count = int(high - low) if kind == "integer" else steps or 0
    if count >= most:
        cut = f", cut into {count} steps" if kind == "real" else ""
        raise InputError(
            f"{name!r} ranges from {low} to {high}{cut}: too many values", where=issue.place
        )
    if low == high:
        count = 0
    numbers = tuple(low + (high - low) * Fraction(k, count or 1) for k in range(count + 1))
    return _Outline(index, name, kind, tuple(map(str, numbers)), numbers, issue.place)


def _items(issue: Element) -> Iterator[tuple[str, Element]]:
    """Iterate over the items with their values, of which white space at the ends is no part."""
    literal: dict[str, str] = {}
    for item in issue.all("item"):
        value, text = item.get("value"), item.attributes["value"]
        if literal.setdefault(value, text) != text:
            raise InputError(f"two values {value!r} differ in white space only", where=item.place)
        yield value, item


def _bounds(issue: Element, kind: str) -> tuple[Fraction, Fraction]:
    within = issue if "lowerbound" in issue.attributes else next(issue.all("range"), issue)
    low, high = within.number("lowerbound"), within.number("upperbound")
    if kind == "integer" and (low.denominator > 1 or high.denominator > 1):
        raise InputError("the bounds of an integer issue are whole numbers", where=within.place)
    return low, high


def _uncut(real: Sequence[_Outline], outline: Sequence[_Outline], left: int) -> InputError:
    """Return what to do about real issues: there are so many steps that one can choose."""
    room = (MAX_OUTCOMES - 1) // prod(len(issue.values) for issue in outline if issue.values)
    cut = sum(issue.numbers[0] < issue.numbers[1] for issue in real)
    values = bisect.bisect_right(range(room + 1), room, key=lambda n: n ** max(cut, 1)) - 1
    most = min(values, left // len(real)) - 1
    how = f"write steps = N under [game] to cut its range into N steps, N from 1 to {most}"
    if most < 1:
        how = "there are too many agreements already to cut its range into steps"
    return InputError(f"the issue {real[0].name!r} is real, continuous; {how}", where=real[0].place)


def _refuse_twice(outline: Sequence[_Outline]) -> None:
    seen: set[str] = set()
    for issue in outline:
        for label in (f"index {issue.index}", f"name {issue.name!r}"):
            if label in seen:
                raise InputError(f"two issues have the {label}", where=issue.place)
            seen.add(label)


def _utilities(
    path: Path, outline: Sequence[_Outline], notes: _Notes
) -> tuple[list[Payoffs], Fraction]:
    """Return for each issue what its values are worth, and the reservation value."""
    root = read_tree(path)
    space, objective = _space(root), _objective(root, optional=True)
    kind = space.attributes.get("type", "linear").strip()
    if kind.lower() != "linear":
        raise InputError(
            f"a utility space of type {kind!r} is not additive; linear ones are read",
            where=space.place,
        )
    weights = _weights(objective, outline, path.name, notes)
    issues: dict[str, Element] = {}
    for issue in objective.all("issue"):
        if issue.get("index") in issues:
            raise InputError(f"two issues have the index {issue.get('index')}", where=issue.place)
        issues[issue.get("index")] = issue
    utilities = []
    for expected in outline:
        found = issues.pop(expected.index, None)
        if found is None:
            raise InputError(
                f"the issue {expected.name!r} (index {expected.index}) is not evaluated",
                where=objective.place,
            )
        if found.get("name") != expected.name:
            raise InputError(
                f"the issue with index {expected.index} is {expected.name!r} in the domain file "
                f"and {found.get('name')!r} here",
                where=found.place,
            )
        evaluations = _evaluations(found, expected, path.name, notes)
        utilities.append(tuple(weights[expected.index] * e for e in evaluations))
    if issues:
        extra = next(iter(issues.values()))
        raise InputError("this issue is not in the domain file", where=extra.place)
    return utilities, _reserve(root, path.name, notes)


def _weights(
    objective: Element, outline: Sequence[_Outline], file: str, notes: _Notes
) -> dict[str, Fraction]:
    known = {issue.index for issue in outline}
    weights: dict[str, Fraction] = {}
    strange: list[str] = []
    for element in objective.all("weight"):
        index = element.get("index")
        if index not in known:
            strange.append(index)
            continue
        weight = element.number("value")
        if index in weights:
            raise InputError(f"two weights have the index {index}", where=element.place)
        if weight < 0:
            raise InputError(f"the weight {weight} is negative", where=element.place)
        weights[index] = weight
    for issue in outline:
        if issue.index not in weights:
            raise InputError(
                f"there is no weight for the issue {issue.name!r} (index {issue.index})",
                where=objective.place,
            )
    if strange:
        notes.lines.append(f"{file}: no issue has the index {strange[0]}; its weight is ignored")
    if strange or [issue.index for issue in outline] != [str(k + 1) for k in range(len(outline))]:
        notes.differs("reads weights by position, and adds those without issue", file)
    return weights


def _evaluations(issue: Element, expected: _Outline, file: str, notes: _Notes) -> Payoffs:
    if _kind(issue) != expected.kind:
        raise InputError("the issue is of another type in the domain file", where=issue.place)
    if expected.kind == "discrete":
        return _discrete(issue, expected, file, notes)
    low, high = _bounds(issue, expected.kind)
    if (low, high) != (expected.numbers[0], expected.numbers[-1]):
        raise InputError("the bounds differ from those in the domain file", where=issue.place)
    evaluator = next(issue.all("evaluator"), None)
    if evaluator is None:
        raise InputError("the issue has no <evaluator>", where=issue.place)
    shape = evaluator.get("ftype")
    if shape == "linear":
        if expected.kind == "integer":
            slope, offset = evaluator.number("slope"), evaluator.number("offset")
            offset -= slope * low
            if low:
                notes.differs("counts integers from 0", file)
        else:
            slope, offset = evaluator.number("parameter1"), evaluator.number("parameter0")
        return _clamped([offset + slope * x for x in expected.numbers], expected, file, notes)
    if expected.kind == "real" and shape == "constant":
        return _constant(evaluator, expected)
    if expected.kind == "real" and shape == "triangular":
        return _triangle(evaluator, expected)
    known = "linear" if expected.kind == "integer" else "linear, constant and triangular"
    raise InputError(f"an evaluator {shape!r}; {known} ones are read", where=evaluator.place)


def _discrete(issue: Element, expected: _Outline, file: str, notes: _Notes) -> Payoffs:
    known, given = set(expected.values), dict[str, Fraction]()
    for value, item in _items(issue):
        evaluation = item.number("evaluation")
        if evaluation < 0:
            raise InputError(f"the evaluation {evaluation} is negative", where=item.place)
        if value not in known:
            raise InputError(
                f"{expected.name!r} has no value {value!r} in the domain file", where=item.place
            )
        given[value] = evaluation
    missing = next((value for value in expected.values if value not in given), None)
    if missing is not None:
        raise InputError(f"the value {missing!r} is not evaluated", where=issue.place)
    largest = max(given.values())
    if largest not in (0, 1):
        notes.differs("does not divide evaluations by the greatest", file)
    if largest < _NEGLIGIBLE:
        if largest:
            notes.lines.append(
                f"{file}: all evaluations of {expected.name!r} are below 0.00001 and count as 0"
            )
        return (_ZERO,) * len(expected.values)
    return tuple(given[value] / largest for value in expected.values)


def _clamped(
    evaluations: Sequence[Fraction], expected: _Outline, file: str, notes: _Notes
) -> Payoffs:
    if min(evaluations) < 0 or max(evaluations) > 1:
        notes.lines.append(
            f"{file}: evaluations of {expected.name!r} below 0 are 0, and above 1 are 1"
        )
    return tuple(min(max(e, _ZERO), _ONE) for e in evaluations)


def _constant(evaluator: Element, expected: _Outline) -> Payoffs:
    constant = evaluator.number("parameter0")
    if not 0 <= constant <= 1:
        raise InputError(f"the evaluation {constant} is not within 0 and 1", where=evaluator.place)
    return (constant,) * len(expected.numbers)


def _triangle(evaluator: Element, expected: _Outline) -> Payoffs:
    low, high, top = (evaluator.number(f"parameter{k}") for k in range(3))
    if not low < top < high:
        raise InputError(
            "a triangle needs parameter0 < parameter2 < parameter1", where=evaluator.place
        )
    return tuple(
        max(_ZERO, min((x - low) / (top - low), (high - x) / (high - top)))
        for x in expected.numbers
    )


def _reserve(root: Element, file: str, notes: _Notes) -> Fraction:
    if any(map(_discounts, root.anywhere("discount_factor"))):
        notes.lines.append(f"{file}: the discount factor is ignored")
    found = list(root.anywhere("reservation"))
    if len(found) > 1:
        raise InputError("two reservation values", where=found[1].place)
    if not found:
        notes.lines.append(f"{file}: no reservation value; disagreement pays 0")
        return _ZERO
    return found[0].number("value")


def _discounts(factor: Element) -> bool:
    try:
        return factor.number("value") not in (0, 1)
    except InputError:
        return True
