"""Negotiation domains of negmas: YAML files of a scenario with linear additive utilities.

A YAML file is read as text that is nested in lists and tables, so that it can name no class and
decimals stay the decimals they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games.agreements import MAX_ISSUES, AgreementGame, Issue
from spi_verify.games.decimals import written_decimal
from spi_verify.games.game import MAX_OUTCOMES, Payoffs
from spi_verify.games.rationals import parse_rational

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 32
_ZERO, _ONE = Fraction(0), Fraction(1)
_NONE = ("", "null", "~", "Null", "NULL")
_ADDITIVE = ("LinearAdditiveUtilityFunction", "")
_AFFINE = ("LinearUtilityFunction", "AffineUtilityFunction")


def read_negmas(
    domain: Path,
    profiles: Sequence[Path],
    *,
    steps: int | None = None,
    players: Sequence[str] | None = None,
    title: str = "",
) -> AgreementGame:
    """Read a scenario with linear additive utility functions.

    Parameters
    ----------
    domain
        The file with the issues.
    profiles
        For each player the file with the utility function.
    steps
        Into how many equal steps the ranges of continuous issues are cut.
    players
        Names; default those of the files, without their ending.
    title
        Default the domain's name.

    Raises
    ------
    InputError
        When a file cannot be read, is no such scenario, or the files do not fit together.

    Notes
    -----
    Utilities are those of negmas: the sum of weight times value function over the issues, by
    position, plus a bias; nothing is divided by a greatest evaluation, and nothing capped. Value
    functions: TableFun, LinearFun, AffineFun, IdentityFun, ConstFun. A reserved value of minus
    infinity, negmas's default, is refused: with it nothing is worse than no agreement.
    """
    with located(file=str(domain)):
        data = _read(domain)
        given = data.get("issues")
        if not isinstance(given, list):
            raise InputError("the domain has no list of issues; name it before the players' files")
        if not 1 <= len(given) <= MAX_ISSUES:
            raise InputError(f"{len(given)} issues; 1 to {MAX_ISSUES} are read", where="issues")
        outline = [_issue(issue, k, steps) for k, issue in enumerate(given)]
        if steps is not None and not any(_kind(issue) == "ContinuousIssue" for issue in given):
            raise InputError("no issue is continuous; drop steps")
    rows, reserves = [], []
    for path in profiles:
        with located(file=str(path)):
            utilities, reserve = _profile(_read(path), outline)
        rows.append(utilities)
        reserves.append(reserve)
    issues = [
        Issue(name, values, tuple(row[k] for row in rows))
        for k, (name, values) in enumerate(outline)
    ]
    name = data.get("name", "")
    with located(file=str(domain)):
        return AgreementGame.from_issues(
            issues,
            reserves,
            players=players if players is not None else [path.stem for path in profiles],
            title=title or (name if isinstance(name, str) else ""),
        )


def write_negmas(game: AgreementGame) -> list[str]:
    """Return the text of the domain file, and of a utility function for each player.

    Raises
    ------
    InputError
        When a number is no decimal, or utilities are capped, which negmas does not know.
    """
    greatest = [
        sum(max(map(Fraction, issue.utilities[i])) for issue in game.issues)
        for i in range(game.number_of_players)
    ]
    if game.cap is not None and max(greatest) > game.cap:
        raise InputError(f"utilities are capped at {game.cap}, which negmas does not know")
    issues = [
        {"name": issue.name, "type": "CategoricalIssue", "values": list(issue.values)}
        for issue in game.issues
    ]
    texts = [_text({"type": "CartesianOutcomeSpace", "name": game.title, "issues": issues})]
    for i, player in enumerate(game.players):
        with located(where=f"player {i + 1}"):
            values = [_table_fun(issue, i) for issue in game.issues]
            reserve = _Plain(written_decimal(game.disagreement[i]))
            texts.append(
                _text(
                    {
                        "type": "LinearAdditiveUtilityFunction",
                        "name": player,
                        "reserved_value": reserve,
                        "values": values,
                        "weights": [_Plain("1.0")] * len(values),
                    }
                )
            )
    return texts


class _Plain(str):
    """A number that is written without quotes."""


def _table_fun(issue: Issue, i: int) -> dict[str, Any]:
    mapping = {
        value: _Plain(written_decimal(Fraction(u)))
        for value, u in zip(issue.values, issue.utilities[i], strict=True)
    }
    return {"type": "TableFun", "mapping": mapping}


def _text(data: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
            return True

    def plain(dumper: Any, number: _Plain) -> Any:
        kind = "float" if "." in number else "int"
        return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(number))

    Dumper.add_representer(_Plain, plain)
    return str(yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True))


def _read(path: Path) -> Mapping[str, Any]:
    import yaml

    class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
        """Reads every scalar as text, and no table with a key twice."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[Hashable] = set()
            for key, _ in node.value:
                name = self.construct_object(key, deep=True)
                if not isinstance(name, str) or name in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"the key {name!r} is there before, or is no text",
                        problem_mark=key.start_mark,
                    )
                seen.add(name)
            return super().construct_mapping(node, deep=deep)

    text = read_text(path, MAX_BYTES)
    try:
        _check_depth(yaml.parse(text, Loader=Loader))  # composing by C would overflow its stack
        data = yaml.load(text, Loader=Loader)
    except RecursionError:
        raise InputError("nested too deeply") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        place = None if mark is None else f"line {mark.line + 1}"
        raise InputError(f"no YAML file: {what}", where=place) from None
    if not isinstance(data, dict):
        raise InputError("no negmas scenario: it is no table")
    return data


def _check_depth(events: Iterable[Any]) -> None:
    """Refuse lists and tables that are nested too deeply, by what opens and closes them."""
    import yaml

    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InputError("nested too deeply", where=f"line {event.start_mark.line + 1}")


def _kind(data: Mapping[str, Any]) -> str:
    """Return the name of the class that a table stands for, without its module."""
    kind = data.get("type", data.get("__python_class__", ""))
    return kind.rpartition(".")[2] if isinstance(kind, str) else ""


def _issue(issue: Any, k: int, steps: int | None) -> tuple[str, tuple[str, ...]]:
    where = f"issues[{k}]"
    if not isinstance(issue, dict):
        raise InputError("an issue is a table", where=where)
    name, values, kind = issue.get("name"), issue.get("values"), _kind(issue)
    if not isinstance(name, str) or not name:
        raise InputError("the issue has no name", where=where)
    if isinstance(values, str):
        values = ["0", str(_number(values, where) - 1)]
        kind = "ContiguousIssue"
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InputError("values are a list of texts or numbers", where=where)
    if kind not in ("ContiguousIssue", "ContinuousIssue"):
        return name, tuple(values)
    if not 2 <= len(values) <= (3 if kind == "ContiguousIssue" else 2):
        raise InputError(
            f"{len(values)} values where a range has a low and a high end", where=where
        )
    low, high = (_number(value, where) for value in values[:2])
    if kind == "ContinuousIssue":
        if steps is None:
            raise InputError(
                f"the issue {name!r} is continuous; write steps = 10 or another number under "
                "[game] of a model file to cut its range into steps",
                where=where,
            )
        step = (high - low) / steps
    else:
        step = _number(values[2], where) if len(values) == 3 else _ONE
    if low > high or step <= 0 or (high - low) / step >= MAX_OUTCOMES:
        raise InputError(f"no range: {low} to {high}", where=where)
    return name, tuple(str(low + j * step) for j in range(int((high - low) / step) + 1))


def _profile(
    data: Mapping[str, Any], outline: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[list[Payoffs], Fraction]:
    kind = _kind(data)
    if kind not in _ADDITIVE + _AFFINE:
        raise InputError(
            f"a utility function of type {kind!r} is not additive, or not known; "
            f"{_ADDITIVE[0]} is read"
        )
    n = len(outline)
    weights = _list(data, "weights", n, ["1"] * n)
    functions = _list(data, "values", n, [{"type": "IdentityFun"}] * n if kind in _AFFINE else None)
    rows = []
    for k, (name, values) in enumerate(outline):
        with located(where=f"values[{k}]"):
            weight = _number(weights[k], "weight")
            rows.append(tuple(weight * u for u in _function(functions[k], name, values)))
    bias = data.get("bias", "0")
    if bias not in _NONE:
        extra = _number(bias, "bias")
        rows[0] = tuple(u + extra for u in rows[0])
    return rows, _reserve(data)


def _list(data: Mapping[str, Any], key: str, n: int, default: list[Any] | None) -> list[Any]:
    found = data.get(key, default)
    found = default if found in _NONE else found
    if not isinstance(found, list) or len(found) != n:
        raise InputError(f"{key} are a list with an entry for each of {n} issues", where=key)
    return found


def _function(given: Any, issue: str, values: Sequence[str]) -> Payoffs:
    if not isinstance(given, dict):
        raise InputError("a value function is a table with its type")
    kind = _kind(given)
    if kind == "TableFun" or (not kind and "mapping" in given):
        mapping = given.get("mapping")
        if not isinstance(mapping, dict):
            raise InputError("mapping is missing, or no table")
        missing = next((value for value in values if value not in mapping), None)
        if missing is not None:
            raise InputError(f"the value {missing!r} of {issue!r} is not evaluated")
        return tuple(_number(mapping[value], value) for value in values)
    slopes = {"IdentityFun": "1", "ConstFun": "0"}
    if kind not in ("AffineFun", "LinearFun", *slopes):
        raise InputError(
            f"a value function of type {kind!r}; TableFun, AffineFun, LinearFun, IdentityFun and "
            "ConstFun are read"
        )
    slope = _number(slopes.get(kind, given.get("slope")), "slope")
    bias = _number(given.get("bias", "0"), "bias")
    if not slope:
        return (bias,) * len(values)
    return tuple(slope * _number(value, f"value of {issue!r}") + bias for value in values)


def _reserve(data: Mapping[str, Any]) -> Fraction:
    given = data.get("reserved_value", "")
    if isinstance(given, str) and (given in _NONE or given.lower() in ("-.inf", "-inf")):
        raise InputError(
            "no reserved value, which for negmas is minus infinity; write what no agreement is "
            "worth, such as reserved_value: 0.0",
            where="reserved_value",
        )
    return _number(given, "reserved_value")


def _number(value: Any, where: str) -> Fraction:
    with located(where=where):
        if not isinstance(value, str):
            raise InputError("a number is missing")
        return parse_rational(value)
