"""Set-valued functions as they stand in a model file, and what programs with them do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracle.game import Game, Start
from oracle.points import Point, dot
from oracle.spaces import Hull, Pure, parse

Code = tuple[Any, ...]
Profile = tuple[Code, ...]
Select = Callable[[Any], Any]


def frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple(sorted((k, frozen(v)) for k, v in value.items()))
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


class Functions:
    """The functions of a model file. Codes are compared, names are not."""

    def __init__(self, data: Mapping[str, Any], game: Game) -> None:
        self.game = game
        self.space: Any = Hull(game) if game.correlated else Pure(game)
        self.data = data.get("sets", {})
        self.parts: dict[Code, Any] = {}
        self._codes: dict[str, Code] = {}
        self._values: dict[Any, Any] = {}

    def code(self, name: str) -> Code:
        known = self._codes.get(name)
        if known is None:
            known = self._codes[name] = self._code(self.data[name])
        return known

    def _code(self, body: Any) -> Code:
        if isinstance(body, str):
            return ("term", frozen(parse(body)))
        if isinstance(body, Mapping):
            return ("extension", self.code(body["pmp-extension"]))
        code = ("parts", tuple(frozen(self._resolved(part)) for part in body))
        self.parts[code] = body
        return code

    def _resolved(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Put the code of the others' functions in the place of their names."""
        result = {"from": "any", **part}
        for key in ("against", "unless"):
            result[key] = [
                {"player": c["player"], "code": self._meant(c)} for c in part.get(key, ())
            ]
        return result

    def _meant(self, condition: Mapping[str, Any]) -> Any:
        return condition["tag"] if "tag" in condition else self.code(condition["function"])

    def is_so(self, condition: Mapping[str, Any], profile: Profile) -> bool:
        other = profile[condition["player"] - 1]
        if "tag" in condition:
            return tagged(other, condition["tag"])
        return other == self.code(condition["function"])

    def applies(self, part: Mapping[str, Any], profile: Profile) -> bool:
        return all(self.is_so(c, profile) for c in part.get("against", ())) and not any(
            self.is_so(c, profile) for c in part.get("unless", ())
        )

    def value(self, profile: Profile, i: int, start: Start, select: Select) -> Any:
        """Return RN^i(RN^-i, a)."""
        rule = getattr(select, "rule", None)
        if rule is None:
            return self._value(profile, i, start, select)
        key = profile, i, start, frozen(rule)
        if key not in self._values:
            self._values[key] = self._value(profile, i, start, select)
        return self._values[key]

    def _value(self, profile: Profile, i: int, start: Start, select: Select) -> Any:
        code, space = profile[i], self.space
        if code[0] == "extension":
            plain = (*profile[:i], code[1], *profile[i + 1 :])
            reached = self.reached(plain, start, select)
            return space.either(self.value(plain, i, start, select), space.projection(i, reached))
        if code[0] == "term":
            return self._term(code[1], profile, start)
        result = space.nothing
        for part in self.parts[code]:
            if (
                self.game.matches(part.get("from", "any"), start)
                and self.game.where(part.get("where", ()), start.pays)
                and self.applies(part, profile)
            ):
                result = space.either(result, self.offered(part, start))
        return result

    def offered(self, part: Mapping[str, Any], start: Start) -> Any:
        """Return the set of a part that applies."""
        sets = self.fixed(part)
        if "improving" in part.get("within", ()):
            sets.append(self.space.within(["improving"], start.pays))
        if "pmp" in part:
            sets.append(self.space.projection(part["pmp"] - 1, start.pays))
        result = sets[0]
        for other in sets[1:]:
            result = self.space.both(result, other)
        return result

    def fixed(self, part: Mapping[str, Any]) -> list[Any]:
        """Return what of a part does not depend on the default outcome."""
        sets = []
        bounds = [text for text in part.get("within", ()) if text != "improving"]
        if bounds:
            sets.append(self.space.within(bounds, ()))
        if "outcomes" in part or "payoffs" in part:
            sets.append(self.space.listed(part.get("outcomes", ()), part.get("payoffs", ())))
        return sets

    def _term(self, term: Any, profile: Profile, start: Start) -> Any:
        space, name, args = self.space, term[0], term[1:]
        if name == "tag":
            return self._term(args[1], profile, start)
        if name in ("both", "either"):
            result = self._term(args[0], profile, start)
            for other in args[1:]:
                value = self._term(other, profile, start)
                result = (
                    space.both(result, value) if name == "both" else space.either(result, value)
                )
            return result
        if name == "when":
            return self._term(args[1 if self._so(args[0], profile, start) else 2], profile, start)
        if name == "by-outcome":
            for row in args[1:]:
                if (
                    isinstance(start.name, int)
                    and _outcome(row[1]) == self.game.outcomes[start.name]
                ):
                    return self._term(row[2], profile, start)
            return self._term(args[0], profile, start)
        if name == "set":
            return space.listed([_outcome(a) for a in args], ())
        if name == "improving":
            return space.within(["improving"], start.pays)
        if name == "pmp":
            return space.projection(int(args[0]) - 1, start.pays)
        assert name == "at-most", name
        terms = [f"{c}*u{i + 1}" for i, c in enumerate(args[1:]) if not c.startswith("-")]
        minus = [f"{c[1:]}*u{i + 1}" for i, c in enumerate(args[1:]) if c.startswith("-")]
        return space.within(
            [" + ".join(terms or ["0"]) + f" <= {' + '.join([args[0], *minus])}"], ()
        )

    def _so(self, condition: Any, profile: Profile, start: Start) -> bool:
        name, args = condition[0], condition[1:]
        if name == "not":
            return not self._so(args[0], profile, start)
        if name in ("all", "any"):
            found = [self._so(c, profile, start) for c in args]
            return all(found) if name == "all" else any(found)
        if name == "is":
            return profile[int(args[0]) - 1] == ("term", args[1])
        if name == "tagged":
            return tagged(profile[int(args[0]) - 1], args[1].removeprefix('"'))
        assert name == "now-at-most", name
        return dot([Fraction(c) for c in args[1:]], start.pays) <= Fraction(args[0])

    def agreement(self, profile: Profile, start: Start, select: Select) -> Any:
        result = self.value(profile, 0, start, select)
        for j in range(1, len(profile)):
            result = self.space.both(result, self.value(profile, j, start, select))
        return result

    def reached(self, profile: Profile, start: Start, select: Select) -> Point:
        """Return what ro(p, a) pays, which is also what Algorithm 2 pays from a."""
        agreed = self.agreement(profile, start, select)
        return self.space.pays(select(agreed)) if agreed else start.pays


def tagged(code: Code, tag: str) -> bool:
    if code[0] == "opaque":
        return code[1] == tag
    if code[0] == "term":
        return code[1][0] == "tag" and code[1][1] == f'"{tag}'
    return code[0] == "extension" and tag == "pmp-extension"


def _outcome(point: Sequence[str]) -> list[str]:
    return [name.removeprefix('"') for name in point[1:]]
