"""A certificate in words: which fact is used for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Language, Term, Tree

GOAL = "the contrary of what is to be shown"
LONG = 300
"""How many characters of a contradiction are told."""


@dataclass(frozen=True)
class Use:
    """What a step uses once.

    Parameters
    ----------
    fact
        The name of a fact, or :data:`GOAL`; empty for what numbers and equations are.
    text
        For which terms.
    """

    fact: str
    text: str


def explained(facts: Sequence[str], commands: Sequence[Tree], items: Sequence[Tree]) -> list[Use]:
    """Return what a step's certificate uses, in its order.

    Parameters
    ----------
    facts
        Names of what is asserted, in order; the last assertion is the negated goal.
    commands
        The step's declarations and assertions.
    items
        A certificate of it that the checker accepts.
    """
    step = Step(commands)
    numbered = _Numbered(facts, commands)
    words = _Words(numbered)
    uses: list[Use] = []
    for item in items[:-1]:
        if item[0] == "i":
            uses.append(words.instance(step, item))
        elif item[0] == "w":
            uses.append(words.witness(step, item))
        elif item[0] == "t":
            literals = "; ".join(words.of(step.term(tree)) for tree in item[1])
            how = "arithmetic" if item[2:] else "equality"
            said = literals if len(literals) <= LONG else f"{len(item[1])} of what was said so far"
            uses.append(Use("", f"{how} contradicts: {said}"))
        elif item[0] == "x":
            one, other = (words.of(step.term(tree)) for tree in item[1:])
            uses.append(Use("", f"{one} = {other}, where each is at most the other"))
        step.add(item)
    named = {use.fact for use in uses}
    uses += [Use(fact, "as it stands") for fact in facts if fact not in named]
    return uses


class _Numbered(Language):
    """Reads the assertions as the checker does; notes whose each quantified formula is."""

    def __init__(self, facts: Sequence[str], commands: Sequence[Tree]) -> None:
        super().__init__()
        self.facts: dict[int, str] = {}
        self.variables: dict[int, list[str]] = {}
        names = [*facts, GOAL]
        for head, *rest in commands:
            if head == "declare-sort":
                self.declare_sort(rest[0])
            elif head == "declare-fun":
                self.declare(*rest)
            elif head == "assert":
                self._fact, self._bound = names.pop(0), list(_bound(rest[0]))
                self.term(rest[0], {})

    def _forall(self, bound: list[Term], body: Term) -> Term:
        atom = super()._forall(bound, body)
        number = int(str(atom.label)[1:])
        self.facts.setdefault(number, self._fact)
        self.variables.setdefault(number, self._bound.pop(0))
        return atom


def _bound(tree: Tree) -> Iterator[list[str]]:
    """Yield the variables of each quantifier, in the order in which quantifiers end."""
    if isinstance(tree, str):
        return
    if tree[0] == "let":
        for _, value in tree[1]:
            yield from _bound(value)
        yield from _bound(tree[2])
    elif tree[0] in ("forall", "exists"):
        yield from _bound(tree[2])
        yield [name for name, _ in tree[1]]
    elif tree[0] == "!":
        yield from _bound(tree[1])
    else:
        for part in tree[1:]:
            yield from _bound(part)


class _Words:
    """Terms for people: Skolem functions are called after the variables that they stand for."""

    def __init__(self, numbered: _Numbered) -> None:
        self.numbered = numbered
        self._skolem: dict[Term, str] = {}

    def instance(self, step: Step, item: Tree) -> Use:
        number = int(item[1])
        free = len(step.language.quantifiers[number].free)
        terms = [self.of(step.term(tree)) for tree in item[2 + free :]]
        pairs = zip(self.numbered.variables[number], terms, strict=True)
        return Use(self.numbered.facts[number], ", ".join(f"{n} = {t}" for n, t in pairs))

    def witness(self, step: Step, item: Tree) -> Use:
        number = int(item[1])
        free = tuple(map(step.term, item[2:]))
        sorts = step.language.quantifiers[number].bound
        called = ", ".join(
            self._name(step.language.make("apply", free, sort, f"!{number}.{place}"))
            for place, sort in enumerate(sorts)
        )
        names = ", ".join(self.numbered.variables[number])
        return Use(self.numbered.facts[number], f"gives some {names}, called {called}")

    def _name(self, skolem: Term) -> str:
        """Return what a term is called that stands for something that there is."""
        if skolem not in self._skolem:
            number, place = map(int, str(skolem.label)[1:].split("."))
            plain = self.numbered.variables[number][place].partition("!")[0]
            tried = (f"{plain}*{n if n > 1 else ''}" for n in count(1))
            self._skolem[skolem] = next(one for one in tried if one not in self._skolem.values())
        return self._skolem[skolem]

    def of(self, term: Term) -> str:
        """Return a term, or a formula without quantifiers, as people write it."""
        kind = term.kind
        args = [self.of(arg) for arg in term.args]
        if kind == "number":
            return str(term.label)
        if kind == "not":
            inner = term.args[0]
            if inner.kind == "<=":
                return f"{self.of(inner.args[0])} > {self.of(inner.args[1])}"
            if inner.kind == "=":
                return f"{self.of(inner.args[0])} ≠ {self.of(inner.args[1])}"
            return f"not {args[0]}"
        if kind == "apply":
            label = str(term.label)
            if label[0] == "?":
                fact = self.numbered.facts.get(int(label[1:]), "")
                return f"[part {label[1:]} of {fact}]"
            if label[0] == "!" and "." in label:
                return self._name(term)
            name = f"some {label[1:]}" if label[0] == "!" else label
            return f"{name}({', '.join(args)})" if args else name
        if kind == "ite":
            return f"({args[1]} if {args[0]}, else {args[2]})"
        signs = {"<=": "≤", "=": "=", "iff": "↔", "and": "and", "or": "or", "*": "·", "+": "+"}
        text = f" {signs.get(kind, kind)} ".join(args) if args else kind
        return f"({text})" if kind in ("and", "or", "+", "iff") else text
