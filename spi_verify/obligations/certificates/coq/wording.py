"""Formulas in Coq's language: as they were written, and as the checker reads them.

The checker knows fewer connectives than people write. Each formula is printed twice, and a term of
Coq proves that the two say the same: :class:`Said`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spi_verify.checker.terms import Language, Term, Tree

_TAKEN = """
R Type Prop Set SProp True False I ite epsilon inhabits classic NNPP proj1 proj2 or and not iff ex
as at cofix else end exists exists2 fix for forall fun if in let match mod return then using where
with by Lemma Theorem Definition Proof Qed Section End Variable is by
"""


class Names:
    """What names become in Coq; different ones stay different."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._taken = {*_TAKEN.split(), *taken}

    def of(self, name: str, prefix: str = "") -> str:
        """Return the name of something; the prefix tells apart what may share one."""
        key = prefix, name
        if key not in self._given:
            self._given[key] = self.new(prefix + name)
        return self._given[key]

    def new(self, name: str) -> str:
        """Return a name that nothing has, as much like this one as Coq lets it."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if re.match("[A-Za-z]", plain) else f"n{plain}"
        while plain in self._taken:
            plain += "_"
        self._taken.add(plain)
        return plain

    def bound(self, name: str) -> str:
        """Return the name of a variable; it may hide a function, as it does where it was bound."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if re.match("[A-Za-z_]", plain) and plain.strip("_") else f"n{plain}"
        return f"{plain}_" if plain in _TAKEN.split() or plain[:2] == "c_" else plain


def joined(operation: str, parts: Sequence[str]) -> str:
    """Return parts joined from the right, as Coq reads them."""
    text = parts[-1]
    for part in reversed(parts[:-1]):
        text = f"({part} {operation} {text})"
    return text


class Printer:
    """Prints the checker's terms.

    Parameters
    ----------
    language
        Whose quantified formulas are written out.
    names
        What symbols are called.
    opaque
        Whether quantified formulas and ``ite`` terms are printed as names of their own, and which
        were: by name, with the term.
    """

    def __init__(self, language: Language, names: Names, *, opaque: bool = False) -> None:
        self.language, self.names, self.opaque = language, names, opaque
        self.used: dict[str, Term] = {}

    def sort(self, name: str) -> str:
        """Return a sort."""
        return {"Real": "R", "Bool": "Prop"}.get(name) or self.names.of(name)

    def type(self, domain: Iterable[str], range_: str) -> str:
        """Return the type of a function."""
        return " -> ".join(map(self.sort, (*domain, range_)))

    def quantified(self, number: int, free: Sequence[str], depth: int) -> str:
        """Return the k-th quantified formula for some terms."""
        quantifier = self.language.quantifiers[number]
        bound = [f"y'{depth + place}" for place in range(len(quantifier.bound))]
        env: dict[object, str] = dict(enumerate((*free, *bound)))
        body = self.term(quantifier.body, env, depth + len(bound))
        said = "".join(
            f"forall {name} : {self.sort(sort)}, "
            for name, sort in zip(bound, quantifier.bound, strict=True)
        )
        return f"({said}{body})"

    def term(self, term: Term, env: Mapping[object, str] | None = None, depth: int = 0) -> str:
        """Return a term; the mapping says what slots, by number, and variables are called."""
        env = env or {}
        kind = term.kind
        if kind == "slot":
            return env[term.label]
        if kind == "variable":
            return env[term]
        if kind == "number":
            value = term.label
            whole = f"{value.numerator}" if value >= 0 else f"(- {-value.numerator})"
            return whole if value.denominator == 1 else f"({whole} / {value.denominator})"
        if kind in ("true", "false"):
            return kind.capitalize()
        if kind == "ite" and term.sort != "Bool" and self.opaque:
            name = f"ite_{term.serial}"
            self.used[name] = term
            return name
        args = [self.term(arg, env, depth) for arg in term.args]
        if kind == "apply":
            return self._application(term, args, depth)
        if kind == "not":
            return f"(~ {args[0]})"
        if kind == "ite" and term.sort == "Bool":
            return f"(({args[0]} -> {args[1]}) /\\ (~ {args[0]} -> {args[2]}))"
        if kind == "ite":
            return f"(ite {' '.join(args)})"
        if kind in ("and", "or"):
            return joined("/\\" if kind == "and" else "\\/", args)
        if kind in ("+", "*"):
            return f"({f' {kind} '.join(args)})"
        return f"({args[0]} {'<->' if kind == 'iff' else kind} {args[1]})"

    def _application(self, term: Term, args: list[str], depth: int) -> str:
        label = str(term.label)
        if label[0] == "?" and not self.opaque:
            return self.quantified(int(label[1:]), args, depth)
        name = self.symbol(label)
        if (label[0] in "?!" and "." in label) or label[0] == "?":
            self.used.setdefault(name, term)
        return f"({name} {' '.join(args)})" if args else name

    def symbol(self, label: str) -> str:
        """Return what a function is called, those of quantified formulas included."""
        if label[0] == "?":
            return f"q'{label[1:]}"
        if label[0] == "!":
            known = "." in label
            return f"w'{label[1:].replace('.', chr(39))}" if known else self.some(label[1:])
        return self.names.of(label)

    def some(self, sort: str) -> str:
        """Return some element of a sort."""
        return "0" if sort == "Real" else self.names.of(sort, "some_")


@dataclass(frozen=True)
class Said:
    """A formula as it was written, as the checker reads it, and a proof that these are the same."""

    text: str
    term: Term
    proof: str


class Wording:
    """Reads formulas as trees."""

    def __init__(self, language: Language, names: Names) -> None:
        self.language = language
        self.printer = Printer(language, names)
        self._names = names
        self._variables: dict[object, str] = {}
        self._lets: dict[str, Said] = {}

    def core(self, term: Term) -> str:
        """Print what the checker reads."""
        return self.printer.term(term, self._variables)

    def formula(self, tree: Tree, env: Mapping[str, Term] | None = None) -> Said:
        """Return a formula in both forms.

        Raises
        ------
        Refused
            When the checker does not read it.
        """
        env = env or {}
        if isinstance(tree, str):
            return self._lets.get(tree) or self._plain(self.language.term(tree, env))
        head, rest = tree[0], tree[1:]
        if head == "!":
            return self.formula(rest[0], env)
        if head == "let":
            return self._let(rest, env)
        if head in ("forall", "exists"):
            return self._quantifier(head, rest, env)
        if head in ("and", "or"):
            return self._joined(head, [self.formula(one, env) for one in rest])
        if head == "not":
            return self._not(self.formula(rest[0], env))
        if head == "=>":
            *premises, last = (self.formula(one, env) for one in rest)
            return self._implication(premises, last)
        term = self.language.term(tree, env)
        if head in ("=", "xor") and term.kind in ("iff", "not") and len(rest) == 2:
            return self._equivalence(head, [self.formula(one, env) for one in rest])
        if head in ("<", ">", ">="):
            terms = [self.core(self.language.term(one, env)) for one in rest]
            said = [f"({one} {head} {other})" for one, other in pairwise(terms)]
            proof = {"<": "c_lt", ">": "c_gt", ">=": "c_ge"}[head]
            text = joined("/\\", said)
            return Said(text, term, _and_proof([f"({proof} _ _)"] * len(said), "c_and"))
        return self._plain(term)

    def _let(self, rest: list[Tree], env: Mapping[str, Term]) -> Said:
        """Return a formula with its abbreviations written out."""
        values = {name: self.language.term(value, env) for name, value in rest[0]}
        before = self._lets
        self._lets = {**before} | {
            name: self.formula(value, env) for name, value in rest[0] if values[name].sort == "Bool"
        }
        said = self.formula(rest[1], {**env, **values})
        self._lets = before
        return said

    def _plain(self, term: Term) -> Said:
        return Said(self.core(term), term, "(iff_refl _)")

    def _not(self, said: Said) -> Said:
        proof = self._negation(said)
        return Said(f"(~ {said.text})", self.language.negation(said.term), proof)

    def _negation(self, said: Said) -> str:
        """Return a proof that the negated formula is what the checker makes of it."""
        return f"({'c_not_not' if said.term.kind == 'not' else 'c_not'} {said.proof})"

    def _joined(self, head: str, parts: list[Said]) -> Said:
        if len(parts) == 1:
            return parts[0]
        operation, lemma = ("/\\", "c_and") if head == "and" else ("\\/", "c_or")
        term = self.language.make(head, tuple(part.term for part in parts))
        text = joined(operation, [part.text for part in parts])
        return Said(text, term, _and_proof([part.proof for part in parts], lemma))

    def _implication(self, premises: list[Said], last: Said) -> Said:
        negated = [self.language.negation(one.term) for one in premises]
        term = self.language.make("or", (*negated, last.term))
        text, proof = last.text, last.proof
        for premise in reversed(premises):
            text = f"({premise.text} -> {text})"
            proof = f"(c_imp {self._negation(premise)} {proof})"
        return Said(text, term, proof)

    def _equivalence(self, head: str, parts: list[Said]) -> Said:
        one, other = parts
        term = self.language.equation(one.term, other.term)
        text, proof = f"({one.text} <-> {other.text})", f"(c_iff {one.proof} {other.proof})"
        said = Said(text, term, proof)
        return said if head == "=" else self._not(said)

    def _quantifier(self, head: str, rest: list[Tree], env: Mapping[str, Term]) -> Said:
        sorts = [sort for _, sort in rest[0]]
        variables = [self.language._variable(sort) for sort in sorts]
        names = [self._names.bound(name) for name, _ in rest[0]]
        taken = set(self._variables.values())
        for place, name in enumerate(names):
            while name in taken or name in names[:place]:
                name = f"{name}'"
            names[place] = name
        self._variables |= dict(zip(variables, names, strict=True))
        inner = {name: one for (name, _), one in zip(rest[0], variables, strict=True)}
        body = self.formula(rest[1], {**env, **inner})
        for variable in variables:
            del self._variables[variable]
        binders = [
            f"{name} : {self.printer.sort(sort)}" for name, sort in zip(names, sorts, strict=True)
        ]
        text = "".join(f"{head} {binder}, " for binder in binders)
        matrix = body.term if head == "forall" else self.language.negation(body.term)
        term = self.language._forall(variables, matrix)
        if head == "forall":
            proof = body.proof
            for binder in reversed(binders):
                proof = f"(c_forall (fun {binder} => {proof}))"
            return Said(f"({text}{body.text})", term, proof)
        proof = self._negation(body)
        for binder in reversed(binders[1:]):
            proof = f"(c_none (fun {binder} => {proof}))"
        proof = f"(c_exists (fun {binders[0]} => {proof}))"
        return Said(f"({text}{body.text})", self.language.negation(term), proof)


def _and_proof(proofs: list[str], lemma: str) -> str:
    proof = proofs[-1]
    for one in reversed(proofs[:-1]):
        proof = f"({lemma} {one} {proof})"
    return proof
