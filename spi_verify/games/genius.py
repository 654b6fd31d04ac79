"""Negotiation domains in GENIUS XML: a domain file and each player's utility file.

Reading a file runs no code, opens no other file, and refuses document types and entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.parsers import expat

from spi_verify.errors import InputError, located
from spi_verify.games.agreements import MAX_ISSUES, AgreementGame, Issue
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import parse_rational

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 32
MAX_ELEMENTS = 200_000
MAX_DIGITS = 60
"""Numbers in these files are those of programs: 17 digits, and rarely an exponent."""


def read_domain(
    domain: Path,
    profiles: Sequence[Path],
    *,
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
    players
        Names; default those of the utility files, without their ending.
    title
        Default the domain's name.

    Returns
    -------
    AgreementGame
        Its ``comment`` says, a line each, where the files were not taken literally.

    Raises
    ------
    InputError
        When a file cannot be read, is no such XML, or the files do not fit together.

    Notes
    -----
    The utility of an agreement is the sum over issues of w_k e_k(v_k) / max e_k, for weights w
    that are divided by their sum, and evaluations e of discrete values. Integer issues have linear
    evaluators, slope * x + offset, which are taken as they are; they are read where they start at
    0, because it differs whether x is counted from the lower bound. A reservation value that is
    missing is 0. Discount factors are ignored. All numbers are read exactly.
    """
    with located(file=str(domain)):
        root = _parse(domain)
        space = _objective(root)
        outline: list[_Outline] = []
        left = MAX_ELEMENTS
        for issue in space.all("issue"):
            if len(outline) == MAX_ISSUES:
                raise InputError(f"more than {MAX_ISSUES} issues", where=issue.place)
            outline.append(_outline(issue, left))
            left -= len(outline[-1].values)
        if not outline:
            raise InputError("the domain has no issue", where=space.place)
        _refuse_twice(outline)
    notes: list[str] = []
    evaluated, reserves = [], []
    for path in profiles:
        with located(file=str(path)):
            utilities, reserve = _utilities(path, outline, notes)
        evaluated.append(utilities)
        reserves.append(reserve)
    issues = [
        Issue(issue.name, issue.values, tuple(utilities[k] for utilities in evaluated))
        for k, issue in enumerate(outline)
    ]
    with located(file=str(domain)):
        return AgreementGame.from_issues(
            issues,
            reserves,
            players=players if players is not None else [path.stem for path in profiles],
            title=title or space.attributes.get("name", ""),
            comment="\n".join(notes),
        )


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[_Element] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"line {self.line}: <{self.tag}>"

    def all(self, tag: str) -> Iterator[_Element]:
        return (child for child in self.children if child.tag == tag)

    def get(self, name: str) -> str:
        value = self.attributes.get(name, "").strip()
        if not value:
            raise InputError(f"the attribute {name} is missing", where=self.place)
        return value

    def number(self, name: str) -> Fraction:
        text = self.get(name)
        with located(where=self.place):
            return parse_rational(text, max_digits=MAX_DIGITS)


@dataclass(frozen=True)
class _Outline:
    """An issue as the domain file has it."""

    index: str
    name: str
    values: tuple[str, ...]
    lowest: int | None
    place: str


def _parse(path: Path) -> _Element:
    """Read XML into a tree, within bounds and without document type or entities."""
    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise InputError(what)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES >> 20} MiB")
    top = _Element("", {}, 0)
    stack = [top]
    parser = expat.ParserCreate()
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        here = f"line {parser.CurrentLineNumber}"
        if len(stack) > MAX_DEPTH:
            raise InputError(f"elements are nested more than {MAX_DEPTH} deep", where=here)
        if count > MAX_ELEMENTS:
            raise InputError(f"more than {MAX_ELEMENTS} elements", where=here)
        element = _Element(tag, attributes, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def refuse(*_: Any) -> int:
        where = f"line {parser.CurrentLineNumber}"
        raise InputError("a document type or entity, which is refused; delete it", where=where)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, "it cannot be parsed")
        raise InputError(f"not an XML file: {what}", where=f"line {error.lineno}") from None
    except (LookupError, ValueError):
        raise InputError("not an XML file: its encoding is not known") from None
    return top.children[0]


def _objective(root: _Element) -> _Element:
    """Return the one objective that holds the issues."""
    space = _space(root)
    objectives = list(space.all("objective"))
    if len(objectives) != 1:
        raise InputError(f"{len(objectives)} objectives; one is read", where=space.place)
    nested = next(objectives[0].all("objective"), None)
    if nested is not None:
        raise InputError("objectives in objectives are not read", where=nested.place)
    return objectives[0]


def _space(root: _Element) -> _Element:
    space = root if root.tag == "utility_space" else next(root.all("utility_space"), None)
    if space is None:
        raise InputError("there is no <utility_space>; is this a GENIUS file?", where=root.place)
    return space


def _type(issue: _Element) -> str:
    for name in ("type", "etype", "vtype"):
        if name in issue.attributes:
            return issue.attributes[name].strip().lower()
    raise InputError("the attribute type is missing", where=issue.place)


def _outline(issue: _Element, most: int) -> _Outline:
    index, name, kind = issue.get("index"), issue.get("name"), _type(issue)
    if kind == "discrete":
        values = tuple(item.get("value") for item in issue.all("item"))
        if not values:
            raise InputError(f"the issue {name!r} has no values", where=issue.place)
        if len(set(values)) < len(values):
            twice = next(value for value in values if values.count(value) > 1)
            raise InputError(f"{name!r} has two values {twice!r}", where=issue.place)
        return _Outline(index, name, values, None, issue.place)
    if kind == "integer":
        low, high = _bounds(issue)
        if high < low or high - low >= most:
            raise InputError(f"{name!r} ranges from {low} to {high}", where=issue.place)
        return _Outline(index, name, tuple(map(str, range(low, high + 1))), low, issue.place)
    raise InputError(
        f"the issue {name!r} is of type {kind!r}; discrete and integer ones are read",
        where=issue.place,
    )


def _bounds(issue: _Element) -> tuple[int, int]:
    within = issue if "lowerbound" in issue.attributes else next(issue.all("range"), issue)
    ends = [within.number("lowerbound"), within.number("upperbound")]
    if any(end.denominator > 1 for end in ends):
        raise InputError("the bounds of an integer issue are whole numbers", where=within.place)
    return int(ends[0]), int(ends[1])


def _refuse_twice(outline: Sequence[_Outline]) -> None:
    seen: set[str] = set()
    for issue in outline:
        for label in (f"index {issue.index}", f"name {issue.name!r}"):
            if label in seen:
                raise InputError(f"two issues have the {label}", where=issue.place)
            seen.add(label)


def _utilities(
    path: Path, outline: Sequence[_Outline], notes: list[str]
) -> tuple[list[Payoffs], Fraction]:
    """Return for each issue what its values are worth, and the reservation value."""
    root = _parse(path)
    space, objective = _space(root), _objective(root)
    weights = _weights(objective, outline, path.name, notes)
    issues: dict[str, _Element] = {}
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
        evaluations = _evaluations(found, expected)
        utilities.append(tuple(weights[expected.index] * e for e in evaluations))
    if issues:
        extra = next(iter(issues.values()))
        raise InputError("this issue is not in the domain file", where=extra.place)
    return utilities, _reserve(space, path.name, notes)


def _weights(
    objective: _Element, outline: Sequence[_Outline], file: str, notes: list[str]
) -> dict[str, Fraction]:
    weights: dict[str, Fraction] = {}
    for element in objective.all("weight"):
        index, weight = element.get("index"), element.number("value")
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
    known = {issue.index for issue in outline}
    if set(weights) - known:
        extra = ", ".join(sorted(set(weights) - known))
        raise InputError(f"weights for issues that do not exist: {extra}", where=objective.place)
    total = sum(weights.values(), Fraction(0))
    if not total:
        raise InputError("all weights are zero", where=objective.place)
    if total != 1:
        notes.append(f"{file}: the weights add up to {total}; divided by it")
    return {index: weight / total for index, weight in weights.items()}


def _evaluations(issue: _Element, expected: _Outline) -> Payoffs:
    discrete = _type(issue) == "discrete"
    if discrete != (expected.lowest is None):
        raise InputError("the issue is of another type in the domain file", where=issue.place)
    if not discrete:
        return _linear(issue, expected)
    known, given = set(expected.values), dict[str, Fraction]()
    for item in issue.all("item"):
        value, evaluation = item.get("value"), item.number("evaluation")
        if evaluation < 0:
            raise InputError(f"the evaluation {evaluation} is negative", where=item.place)
        if value not in known:
            raise InputError(
                f"{expected.name!r} has no value {value!r} in the domain file", where=item.place
            )
        if value in given:
            raise InputError(f"{value!r} is evaluated twice", where=item.place)
        given[value] = evaluation
    missing = next((value for value in expected.values if value not in given), None)
    if missing is not None:
        raise InputError(f"the value {missing!r} is not evaluated", where=issue.place)
    largest = max(given.values())
    if not largest:
        raise InputError(
            f"all evaluations of {expected.name!r} are zero; give a value more than that",
            where=issue.place,
        )
    return tuple(given[value] / largest for value in expected.values)


def _linear(issue: _Element, expected: _Outline) -> Payoffs:
    low, high = _bounds(issue)
    if tuple(map(str, (low, high))) != (expected.values[0], expected.values[-1]):
        raise InputError("the bounds differ from those in the domain file", where=issue.place)
    evaluator = next(issue.all("evaluator"), None)
    if evaluator is None:
        raise InputError("the issue has no <evaluator>", where=issue.place)
    if evaluator.get("ftype") != "linear":
        raise InputError(
            f"an evaluator {evaluator.get('ftype')!r}; linear ones are read", where=evaluator.place
        )
    if low:
        raise InputError(
            f"the issue starts at {low}; write it from 0, because it differs whether linear "
            "evaluators count from the lower bound",
            where=issue.place,
        )
    slope, offset = evaluator.number("slope"), evaluator.number("offset")
    ends = (offset, offset + slope * high)
    if min(ends) < 0 or max(ends) > 1:
        raise InputError(
            f"the evaluations range from {ends[0]} to {ends[1]}, not within 0 and 1",
            where=evaluator.place,
        )
    return tuple(offset + slope * x for x in range(high + 1))


def _reserve(space: _Element, file: str, notes: list[str]) -> Fraction:
    for discount in space.all("discount_factor"):
        if discount.number("value") not in (0, 1):
            notes.append(f"{file}: the discount factor is ignored")
    found = list(space.all("reservation"))
    if len(found) > 1:
        raise InputError("two reservation values", where=found[1].place)
    if not found:
        notes.append(f"{file}: no reservation value; disagreement pays 0")
        return Fraction(0)
    return found[0].number("value")
