"""Reading SMT-LIB text into terms in which no variable is bound.

A term is an immutable node; equal terms are one object. Sugar is gone: ``=>``, ``xor``,
``distinct``, ``<``, ``>``, ``>=``, chains, subtraction and division by a numeral are written with
``not``, ``and``, ``or``, ``iff``, ``ite``, ``=``, ``<=``, ``+`` and ``*``; ``exists`` is
``not forall not``.

**Quantified formulas.** The k-th distinct formula ``forall y. F(x, y)``, with free variables ``x``,
is read as the atom ``?k(x)``; F is kept with numbered slots for ``x`` and ``y``. The same formula
under other names has the same number. So a term has no binders, substitution cannot capture, and
wherever a quantifier stands, under whatever sign, it is an atom. In every structure ``?k`` has one
meaning that makes the text and what was read equally true: ``?k(s)`` holds where ``F(s, t)`` holds
for all ``t``. ``!k.0``, ``!k.1``, ... are Skolem functions: ``!k.0(s), ...`` is some ``t`` for
which ``F(s, t)`` fails where there is one, and anything else where there is none (no sort is
empty). ``!S`` is some element of the sort S. None of these names can be declared. (F may speak of
``?j`` only for formulas inside it, which have smaller numbers, so this is no circle.)

Whatever is not known here is refused, integers and functions of truth values among it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

Tree = Any
"""An S-expression: a string, or a list of trees."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+|;[^\r\n]*)|(?P<bracket>[()])|\|(?P<quoted>[^|\\]+)\|"
    r"|(?P<plain>:?[A-Za-z0-9~!@$%^&*_+=<>.?/-]+)(?=[ \t\r\n();]|\Z)"
)
_NUMERAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WORDS = """
let forall exists ! _ as par match lambda choice BINARY DECIMAL HEXADECIMAL NUMERAL STRING
Bool Real Int true false not and or => xor = distinct ite + - * / <= < >= >
div mod abs to_real to_int is_int divisible select store
"""
_RESERVED = frozenset(_WORDS.split())
_ATTRIBUTES = frozenset([":pattern", ":no-pattern", ":qid", ":skolemid", ":weight"])


class Refused(Exception):
    """A text that is not understood, or a proof that is none; the message says why."""


def require(condition: bool, why: str) -> None:
    """Refuse what does not meet a condition."""
    if not condition:
        raise Refused(why)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Refuse what is nested too deeply, or has too long numerals, to be checked."""
    try:
        yield
    except RecursionError:
        raise Refused("nested too deeply") from None
    except ValueError as error:
        raise Refused(str(error)) from None


def read(text: str) -> list[Tree]:
    """Return the S-expressions of a text; ``|a|`` and ``a`` are the same symbol."""
    stack: list[list[Tree]] = [[]]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise Refused(f"cannot be read: {text[position : position + 20]!r}")
        position = token.end()
        quoted = token["quoted"]
        if token["bracket"] == "(":
            stack.append([])
        elif token["bracket"] == ")":
            require(len(stack) > 1, "a bracket is closed that was not opened")
            stack[-2].append(stack.pop())
        elif quoted is not None:
            require(quoted not in _RESERVED and quoted[0] not in ":.0123456789", "a quoted keyword")
            stack[-1].append(quoted)
        elif token["plain"] is not None:
            stack[-1].append(token["plain"])
    require(len(stack) == 1, "a bracket is not closed")
    return stack[0]


class Term:
    """A node; made by :class:`Language` only, so that equal ones are one object.

    ``kind`` is ``apply`` (with a name as ``label``), ``number`` (a fraction), ``variable`` or
    ``slot`` (an integer), or the name of a connective or an operation.
    """

    __slots__ = ("args", "kind", "label", "serial", "sort")

    def __init__(self, kind: str, label: Any, args: tuple[Term, ...], sort: str, serial: int):
        self.kind, self.label, self.args, self.sort, self.serial = kind, label, args, sort, serial


class Quantifier:
    """``forall y. F(x, y)``: the sorts of x, those of y, and F with slots for x and then y."""

    def __init__(self, free: tuple[str, ...], bound: tuple[str, ...], body: Term) -> None:
        self.free, self.bound, self.body = free, bound, body


class Language:
    """Sorts, functions, and the quantified formulas read so far."""

    def __init__(self) -> None:
        self.sorts: dict[str, None] = {}
        self.functions: dict[str, tuple[tuple[str, ...], str]] = {}
        self.quantifiers: list[Quantifier] = []
        self.fresh: dict[str, tuple[tuple[str, ...], str]] = {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._terms: dict[tuple[Any, ...], Term] = {}
        self._variables = 0

    def declare_sort(self, name: Tree) -> None:
        """Declare a sort without parameters."""
        require(declarable(name) and name not in self.sorts, f"the sort {name} is declared twice")
        self.sorts[name] = None
        self.fresh[f"!{name}"] = ((), name)

    def declare(self, name: Tree, domain: Tree, range_: Tree) -> None:
        """Declare a function; none takes truth values."""
        require(declarable(name), f"{name} cannot be declared")
        require(name not in self.functions, f"{name} is declared twice")
        require(isinstance(domain, list), f"{name} has no list of sorts")
        for sort in domain:
            self._require_sort(sort)
        require(range_ == "Bool" or self._require_sort(range_), "no sort")
        self.functions[name] = (tuple(domain), range_)

    def _require_sort(self, sort: Tree) -> bool:
        known = isinstance(sort, str) and (sort in self.sorts or sort == "Real")
        require(known, f"{sort} is not a sort that is supported here")
        return True

    def make(
        self, kind: str, args: tuple[Term, ...] = (), sort: str = "Bool", label: Any = None
    ) -> Term:
        """Return the term with this kind, label, arguments and sort."""
        key = (kind, label, args, sort)
        if key not in self._terms:
            self._terms[key] = Term(kind, label, args, sort, len(self._terms))
        return self._terms[key]

    def negation(self, term: Term) -> Term:
        """Return ``not term``, or what term is the negation of."""
        require(term.sort == "Bool", "only formulas can be negated")
        return term.args[0] if term.kind == "not" else self.make("not", (term,))

    def number(self, value: Fraction) -> Term:
        """Return a numeral."""
        return self.make("number", (), "Real", value)

    def equation(self, one: Term, other: Term) -> Term:
        """Return that two terms of one sort are equal; for truth values ``iff``."""
        require(one.sort == other.sort, "= between different sorts")
        return self.make("iff" if one.sort == "Bool" else "=", (one, other))

    def term(self, tree: Tree, env: Mapping[str, Term], *, ours: bool = False) -> Term:
        """Read a term.

        Parameters
        ----------
        tree
            What to read.
        env
            What names stand for: variables, and abbreviations.
        ours
            Whether it belongs to a certificate, which names ``?k``, ``!k.j`` and ``!S``, and binds
            nothing.
        """
        if isinstance(tree, str):
            if tree in env:
                return env[tree]
            return self._number(tree) or self._operation(tree, [], ours)
        require(bool(tree) and isinstance(tree[0], str), "what is applied is not a name")
        head, rest = tree[0], tree[1:]
        require(head not in env, f"{head} is a variable, not a function")
        if head in ("let", "forall", "exists", "!"):
            require(not ours, f"a certificate has no {head}")
            if head == "!":
                return self._annotated(rest, env)
            require(len(rest) == 2 and isinstance(rest[0], list) and rest[0] != [], f"no {head}")
            pairs, body = rest
            for pair in pairs:
                right = isinstance(pair, list) and len(pair) == 2 and _bindable(pair[0])
                require(right, f"{pair} cannot be bound")
            names = [pair[0] for pair in pairs]
            require(len(set(names)) == len(names), "a name is bound twice at once")
            if head == "let":
                values = {name: self.term(value, env) for name, value in pairs}
                return self.term(body, {**env, **values})
            variables = [self._variable(sort) for _, sort in pairs]
            matrix = self.term(body, {**env, **dict(zip(names, variables, strict=True))})
            if head == "forall":
                return self._forall(variables, matrix)
            return self.negation(self._forall(variables, self.negation(matrix)))
        return self._operation(head, [self.term(one, env, ours=ours) for one in rest], ours)

    def _annotated(self, rest: Sequence[Tree], env: Mapping[str, Term]) -> Term:
        """Read ``(! term :pattern ...)``: what is noted for solvers does not change the meaning."""
        require(len(rest) % 2 == 1, "an annotation is a keyword and a value")
        for keyword, value in zip(rest[1::2], rest[2::2], strict=True):
            require(isinstance(keyword, str) and keyword in _ATTRIBUTES, f"{keyword} is unknown")
            if keyword == ":pattern":
                require(isinstance(value, list) and value != [], "a pattern is a list of terms")
                for one in value:
                    self.term(one, env)
        return self.term(rest[0], env)

    def _variable(self, sort: Tree) -> Term:
        self._require_sort(sort)
        self._variables += 1
        return self.make("variable", (), sort, self._variables)

    def _forall(self, bound: list[Term], body: Term) -> Term:
        require(body.sort == "Bool", "only formulas are quantified")
        free = [one for one in _variables(body) if one not in bound]
        slots = {
            variable: self.make("slot", (), variable.sort, number)
            for number, variable in enumerate([*free, *bound])
        }
        schema = self.substitute(body, slots)
        sorts = tuple(v.sort for v in free), tuple(v.sort for v in bound)
        number = self._numbers.setdefault((*sorts, schema), len(self.quantifiers))
        if number == len(self.quantifiers):
            self.quantifiers.append(Quantifier(*sorts, schema))
            self.fresh[f"?{number}"] = (sorts[0], "Bool")
            for place, sort in enumerate(sorts[1]):
                self.fresh[f"!{number}.{place}"] = (sorts[0], sort)
        return self.make("apply", tuple(free), "Bool", f"?{number}")

    def substitute(self, term: Term, values: Mapping[Term, Term]) -> Term:
        """Put terms of the same sorts in the places of slots or variables."""
        done = dict(values)

        def put(one: Term) -> Term:
            if one not in done:
                args = tuple(map(put, one.args))
                same = args == one.args
                done[one] = one if same else self.make(one.kind, args, one.sort, one.label)
            return done[one]

        return put(term)

    def atom(self, number: int, args: tuple[Term, ...]) -> Term:
        """Return ``?number(args)``."""
        return self.make("apply", args, "Bool", f"?{number}")

    def _number(self, tree: str) -> Term | None:
        return self.number(Fraction(tree)) if _NUMERAL.fullmatch(tree) else None

    def _operation(self, head: str, args: list[Term], ours: bool) -> Term:
        if head in _RESERVED:
            return self._interpreted(head, args)
        known = self.fresh if ours and head[:1] in ("?", "!") else self.functions
        require(head in known, f"{head} is not declared")
        domain, sort = known[head]
        require([one.sort for one in args] == list(domain), f"{head} has other arguments")
        return self.make("apply", tuple(args), sort, head)

    def _interpreted(self, head: str, args: list[Term]) -> Term:
        sorts = {one.sort for one in args}
        if head in ("true", "false"):
            require(not args, f"{head} takes no arguments")
            return self.make(head)
        if head == "not":
            require(len(args) == 1, "not takes one argument")
            return self.negation(args[0])
        if head == "ite":
            right = len(args) == 3 and args[0].sort == "Bool" and args[1].sort == args[2].sort
            require(right, "ite takes a formula and two terms of one sort")
            return self.make("ite", tuple(args), args[1].sort)
        if head in ("=", "distinct"):
            require(len(args) >= 2 and len(sorts) == 1, f"{head} takes terms of one sort")
            return self._equations(head, args)
        if head in ("and", "or", "=>", "xor"):
            require(bool(args) and sorts == {"Bool"}, f"{head} takes formulas")
            return self._connective(head, args)
        require(bool(args) and sorts == {"Real"}, f"{head} takes numbers, or is not known")
        return self._arithmetic(head, args)

    def _equations(self, head: str, args: list[Term]) -> Term:
        if head == "=":
            return self._all(self.equation(a, b) for a, b in pairwise(args))
        pairs = ((a, b) for place, a in enumerate(args) for b in args[place + 1 :])
        return self._all(self.negation(self.equation(a, b)) for a, b in pairs)

    def _connective(self, head: str, args: list[Term]) -> Term:
        if head in ("and", "or"):
            return self.make(head, tuple(args)) if len(args) > 1 else args[0]
        require(len(args) >= 2 if head == "=>" else len(args) == 2, f"{head} takes two formulas")
        if head == "xor":
            return self.negation(self.equation(*args))
        return self.make("or", (*map(self.negation, args[:-1]), args[-1]))

    def _arithmetic(self, head: str, args: list[Term]) -> Term:
        if head == "-" and len(args) == 1:
            return self._scaled(Fraction(-1), args[0])
        require(len(args) >= 2, f"{head} takes at least two numbers")
        if head in ("+", "*"):
            return self.make(head, tuple(args), "Real")
        if head == "-":
            minus = (self._scaled(Fraction(-1), one) for one in args[1:])
            return self.make("+", (args[0], *minus), "Real")
        if head == "/":
            require(len(args) == 2, "/ takes two numbers")
            below = args[1].label if args[1].kind == "number" else 0
            require(below != 0, "division by what is not a numeral, or by 0")
            return self._scaled(Fraction(1) / below, args[0])
        require(head in ("<=", "<", ">=", ">"), f"{head} is not known")
        pairs = list(pairwise(args))
        if head in (">=", ">"):
            pairs = [(small, large) for large, small in pairs]
        if head in ("<=", ">="):
            return self._all(self._at_most(one, other) for one, other in pairs)
        return self._all(self.negation(self._at_most(other, one)) for one, other in pairs)

    def _at_most(self, one: Term, other: Term) -> Term:
        return self.make("<=", (one, other))

    def _scaled(self, factor: Fraction, term: Term) -> Term:
        if term.kind == "number":
            return self.number(factor * term.label)
        return self.make("*", (self.number(factor), term), "Real")

    def _all(self, formulas: Iterable[Term]) -> Term:
        args = tuple(formulas)
        return self.make("and", args) if len(args) > 1 else args[0]


def declarable(name: Tree) -> bool:
    """Return whether a text may give something this name."""
    return _bindable(name) and name[0] not in "!?$"


def _bindable(name: Tree) -> bool:
    return isinstance(name, str) and name not in _RESERVED and name[0] not in ":.0123456789"


def _variables(term: Term) -> list[Term]:
    """Return the variables of a term, in the order in which they occur first."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()

    def visit(one: Term) -> None:
        if one not in seen:
            seen.add(one)
            if one.kind == "variable":
                found[one] = None
            for arg in one.args:
                visit(arg)

    visit(term)
    return list(found)


def subterms(terms: Iterable[Term]) -> list[Term]:
    """Return terms and everything in them, each once."""
    seen: dict[Term, None] = {}
    pending = list(terms)
    while pending:
        one = pending.pop()
        if one not in seen:
            seen[one] = None
            pending += one.args
    return list(seen)
