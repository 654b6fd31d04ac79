"""A step's certificate as a proof in Coq: propagation, conflicts, instances, witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spi_verify.checker.proofs import Clauses, Closure, Step
from spi_verify.checker.terms import Term, Tree, require, subterms
from spi_verify.obligations.certificates.coq.wording import Names, Printer, joined

Origin = tuple[object, ...]


class Traced(Clauses):
    """Clauses that know where each comes from."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.language)
        self.origins: list[Origin] = []
        self.owner: Origin = ("fact", 0)
        for place, formula in enumerate(step.assertions):
            self.owner = ("fact", place)
            self.add(self.literal(formula))

    def add(self, *literals: int) -> None:
        """Add a clause."""
        self.origins.append(self.owner)
        super().add(*literals)

    def _define(self, atom: int, formula: Term) -> None:
        before, self.owner = self.owner, ("meaning", formula)
        super()._define(atom, formula)
        self.owner = before

    def _define_inside(self, term: Term) -> None:
        before, self.owner = self.owner, ("choice", term)
        super()._define_inside(term)
        self.owner = before

    @property
    def atoms(self) -> dict[int, Term]:
        """The formulas of atoms, by number."""
        return {number: formula for formula, number in self._atoms.items()}


@dataclass
class Node:
    """A node of the tree of cases: what is derived, from which clause; then cases, or a clause."""

    derived: list[tuple[int, int]]
    false: int = -1
    split: int = 0
    cases: list[Node] = field(default_factory=list)


class Propagation:
    """Follows the checker's propagation, and keeps what each leaf needs."""

    def __init__(self, clauses: Sequence[tuple[int, ...]]) -> None:
        self.clauses = clauses

    def node(self, tree: Tree, true: Mapping[int, None], waiting: list[tuple[int, int]]) -> Node:
        """Return the node of a tree of cases, given what is true and what is waiting."""
        true, derived = dict(true), list[tuple[int, int]]()
        pending = list(waiting)
        while pending:
            literal, source = pending.pop(0)
            if literal in true:
                continue
            if -literal in true:
                return Node(derived, source)
            true[literal] = None
            derived.append((literal, source))
            for number, clause in enumerate(self.clauses):
                if -literal in clause and not any(one in true for one in clause):
                    left = list(dict.fromkeys(one for one in clause if -one not in true))
                    if not left:
                        return Node(derived, number)
                    if len(left) == 1:
                        pending.append((left[0], number))
        require(tree is not None, "propagation ends without a contradiction")
        literal, one, other = tree
        cases = [
            self.node(case, true, [(sign * literal, -1)]) for sign, case in ((1, one), (-1, other))
        ]
        return Node(derived, -1, literal, cases)

    def needed(self, node: Node) -> set[int]:
        """Drop from a node what nothing below needs; return what it needs from above."""
        if node.cases:
            wanted = set[int]()
            for sign, case in zip((1, -1), node.cases, strict=True):
                wanted |= self.needed(case) - {sign * node.split}
        else:
            wanted = {-one for one in self.clauses[node.false]}
        kept = []
        for literal, source in reversed(node.derived):
            if literal in wanted:
                kept.append((literal, source))
                if source >= 0:
                    wanted.discard(literal)
                    wanted |= {-one for one in self.clauses[source] if one != literal}
        node.derived = kept[::-1]
        return wanted


class StepProof:
    """The lemmas that prove one step.

    Parameters
    ----------
    name
        Of the step, in Coq.
    step
        Its assertions, the negated goal last.
    items
        Its certificate.
    names
        What symbols are called.
    """

    def __init__(self, name: str, step: Step, items: Sequence[Tree], names: Names) -> None:
        self.name, self.step, self.names = name, step, names
        self.language = step.language
        self.printer = Printer(step.language, names)
        self.clauses = step.clauses = Traced(step)
        self.items: list[Tree] = list(items[:-1])
        for place, item in enumerate(self.items):
            self.clauses.owner = ("item", place)
            step.add(item)
        cases = self.clauses._cases(items[-1][1], step._names)
        self.propagation = Propagation(self.clauses.clauses)
        units = [
            (clause[0], number)
            for number, clause in enumerate(self.clauses.clauses)
            if len(set(clause)) == 1
        ]
        self.root = self.propagation.node(cases, {}, units)
        self.propagation.needed(self.root)

    def lines(self, facts: Sequence[str]) -> Iterator[str]:
        """Yield the lemmas, and then the end of the step's own proof, which has its facts."""
        used = sorted(set(self._sources(self.root)))
        atoms = sorted({abs(one) for number in used for one in self.clauses.clauses[number]})
        script = list(self._script(self.root, {}))
        known = self.clauses.atoms
        suppositions: dict[str, tuple[str, str]] = {}
        for number in used:
            suppositions[self._called(number)] = self._supposition(number, facts, suppositions)
        atoms = sorted({*atoms, *(abs(n) for f in self._meanings(used) for n in self._parts(f))})
        for number in used:
            if self.clauses.origins[number][0] == "item":
                yield from self._conflict(number)
        bound = [_literal(n) for n in atoms]
        variables = f"forall {' '.join(bound)} : Prop, " if atoms else ""
        said = " -> ".join([*(said for said, _ in suppositions.values()), "False"])
        yield f"Lemma {self.name}_cases : {variables}{said}."
        yield f"Proof. intros {' '.join([*bound, *suppositions])}."
        yield from script
        yield "Qed."
        yield ""
        self.closing = [
            *self._witnesses(used),
            f"exact ({self.name}_cases",
            *(f"  {self.printer.term(known[n])}" for n in atoms),
            *(f"  {proof}" for _, proof in suppositions.values()),
            ").",
        ]

    def _meanings(self, used: Sequence[int]) -> list[Term]:
        origins = (self.clauses.origins[number] for number in used)
        return [one[1] for one in origins if one[0] == "meaning" and isinstance(one[1], Term)]

    def _parts(self, formula: Term) -> list[int]:
        parts = formula.args if formula.kind in ("and", "or", "iff", "ite") else ()
        return [self.clauses.literal(part) for part in (*parts, formula)]

    def _sources(self, node: Node) -> Iterator[int]:
        yield from (source for _, source in node.derived if source >= 0)
        if node.cases:
            for case in node.cases:
                yield from self._sources(case)
        else:
            yield node.false

    def _called(self, number: int) -> str:
        kind, what = self.clauses.origins[number][:2]
        if kind == "meaning" and isinstance(what, Term):
            return f"M'{abs(self.clauses.literal(what))}"
        return f"C'{number}"

    def _supposition(
        self, number: int, facts: Sequence[str], known: Mapping[str, tuple[str, str]]
    ) -> tuple[str, str]:
        """Return what the lemma of cases supposes for a clause, and its proof."""
        called = self._called(number)
        if called in known:
            return known[called]
        kind, what = self.clauses.origins[number][:2]
        clause = self.clauses.clauses[number]
        said = joined("\\/", [_literal(one) for one in clause])
        if kind == "fact":
            assert isinstance(what, int)
            return said, facts[what]
        if kind == "item":
            assert isinstance(what, int)
            return said, self._item(self.items[what], number)
        assert isinstance(what, Term)
        if kind == "choice":
            then = clause[0] == -self.clauses.literal(what.args[0])
            args = " ".join(map(self.printer.term, what.args))
            proof = f"({'c_then' if then else 'c_else'} {args})"
            return said, f"(c_nn_or {proof})" if what.args[0].kind == "not" and then else proof
        return self._meaning(what)

    def _meaning(self, formula: Term) -> tuple[str, str]:
        atom = _literal(self.clauses.literal(formula))
        parts = [_literal(self.clauses.literal(part)) for part in formula.args]
        if formula.kind in ("true", "false"):
            return (atom, "I") if formula.kind == "true" else (f"(~ {atom})", "(fun f => f)")
        if formula.kind == "ite":
            said = f"(({parts[0]} -> {parts[1]}) /\\ (~ {parts[0]} -> {parts[2]}))"
        else:
            said = joined({"and": "/\\", "or": "\\/", "iff": "<->"}[formula.kind], parts)
        return f"({atom} <-> {said})", "(iff_refl _)"

    def _item(self, item: Tree, number: int) -> str:
        kind, rest = item[0], item[1:]
        if kind == "x":
            one, other = (self.printer.term(self.step.term(tree)) for tree in rest)
            return f"(c_antisymmetry {one} {other})"
        if kind == "t":
            return self._conflict_used(number, [self.step.term(tree) for tree in rest[0]])
        quantified = int(rest[0])
        free = len(self.language.quantifiers[quantified].free)
        args = [self.printer.term(self.step.term(tree)) for tree in rest[1:]]
        if kind == "i":
            return f"(c_instance _ _ (fun h => h {' '.join(args[free:])}))"
        proof = f"(W'{quantified} {' '.join(args)})" if args else f"W'{quantified}"
        body = self.language.quantifiers[quantified].body
        return f"(c_or_nn {proof})" if body.kind == "not" else proof

    def _conflict_used(self, number: int, literals: Sequence[Term]) -> str:
        printer = Printer(self.language, self.names, opaque=True)
        for literal in literals:
            printer.term(literal)
        given = " ".join(self._stands_for(name, term) for name, term in printer.used.items())
        hypotheses = " ".join(f"h'{place}" for place in range(len(literals)))
        proof = f"({self.name}_conflict{number} {given} {hypotheses})"
        last = len(literals) - 1
        for place, literal in reversed(list(enumerate(literals))):
            plain = literal.args[0] if literal.kind == "not" else literal
            said = self.printer.term(plain)
            if literal.kind == "not":
                lemma = f"NNPP {said}" if place == last else f"c_positive {said} _"
            else:
                lemma = "" if place == last else f"c_instance {said} _"
            proof = (
                f"({lemma} (fun h'{place} => {proof}))" if lemma else f"(fun h'{place} => {proof})"
            )
        return proof

    def _stands_for(self, name: str, term: Term) -> str:
        label = str(term.label)
        if term.kind == "apply" and label[0] == "?":
            sorts = self.language.quantifiers[int(label[1:])].free
            free = [f"x'{place}" for place in range(len(sorts))]
            text = self.printer.quantified(int(label[1:]), free, 0)
            binders = "".join(
                f" ({one} : {self.printer.sort(sort)})"
                for one, sort in zip(free, sorts, strict=True)
            )
            return f"(fun{binders} => {text})" if free else text
        return name if term.kind == "apply" else self.printer.term(term)

    def _conflict(self, number: int) -> Iterator[str]:
        """Yield the lemma that some literals contradict each other."""
        what = self.clauses.origins[number][1]
        assert isinstance(what, int)
        item = self.items[what]
        if item[0] != "t":
            return
        literals = [self.step.term(tree) for tree in item[1]]
        printer = Printer(self.language, self.names, opaque=True)
        said = [printer.term(literal) for literal in literals]
        binders = "".join(f" ({name} : {self._type(term)})" for name, term in printer.used.items())
        variables = f"forall{binders}, " if binders else ""
        yield (f"Lemma {self.name}_conflict{number} : {variables}{' -> '.join([*said, 'False'])}.")
        names = " ".join([*printer.used, *(f"h'{place}" for place in range(len(said)))])
        equal = list(self._equalities(literals, printer))
        products = list(self._products(literals, item[2:], printer))
        yield f"Proof. intros {names}."
        yield from (f"assert (E'{place} : {one[1:]}" for place, one in enumerate(equal))
        yield from (f"assert (Q'{place} : {one[1:]}" for place, one in enumerate(products))
        if not item[2:]:
            yield "first [ congruence | lra | nra ]. Qed."
        else:
            said_of = [f"h'{place}" for place in range(len(said))]
            said_of += [f"Q'{place}" for place in range(len(products))]
            rewritten = "".join(
                f"try rewrite E'{place} in {one}; "
                for place in range(len(equal))
                for one in said_of
            )
            yield f"first [ lra | {rewritten}lra | nra ]. Qed."
        yield ""

    def _type(self, term: Term) -> str:
        if term.kind != "apply":
            return self.printer.sort(term.sort)
        return self.printer.type(*self.language.fresh[str(term.label)])

    def _equalities(self, literals: Sequence[Term], printer: Printer) -> Iterator[str]:
        """Yield what congruence says of numbers."""
        closure = Closure(self.language, literals)
        groups: dict[Term, list[Term]] = {}
        for term in sorted(subterms(literals), key=lambda one: one.serial):
            if term.sort == "Real" and term.kind in ("apply", "ite", "number"):
                groups.setdefault(closure.root(term), []).append(term)
        for group in groups.values():
            first = min(group, key=lambda one: one.kind != "number")
            for other in group:
                if other is not first:
                    said = f"{printer.term(other)} = {printer.term(first)}"
                    yield f"({said}) by congruence."

    def _products(
        self, literals: Sequence[Term], parts: Sequence[Tree], printer: Printer
    ) -> Iterator[str]:
        """Yield the products of what literals say that a combination needs."""
        for part in parts:
            indices = [int(index) for index in part[1:]]
            if len(indices) > 1:
                bounds = [self._bound(literals[index], printer) for index in indices]
                yield from _product(bounds)

    def _bound(self, literal: Term, printer: Printer) -> tuple[str, str]:
        formula = literal.args[0] if literal.kind == "not" else literal
        small, large = (printer.term(arg) for arg in formula.args)
        if literal.kind == "not":
            small, large = large, small
        sign = "=" if formula.kind == "=" else ("<" if literal.kind == "not" else "<=")
        return f"({large} - {small})", sign

    def _witnesses(self, used: Sequence[int]) -> Iterator[str]:
        """Yield what defines Skolem functions and says what they are for."""
        numbers = set[int]()
        terms = [self.clauses.atoms[abs(n)] for k in used for n in self.clauses.clauses[k]]
        for term in subterms([*terms, *(t for t in self._terms(used))]):
            if term.kind == "apply" and str(term.label)[0] == "!" and "." in str(term.label):
                numbers.add(int(str(term.label)[1:].partition(".")[0]))
        for number in sorted(numbers):
            yield from self._witness(number)

    def _terms(self, used: Sequence[int]) -> Iterator[Term]:
        for number in used:
            kind, what = self.clauses.origins[number][:2]
            if kind == "item" and isinstance(what, int):
                item = self.items[what]
                trees = item[1] if item[0] == "t" else item[1:] if item[0] == "x" else item[2:]
                yield from map(self.step.term, trees)
                if item[0] == "w":
                    quantifier = self.language.quantifiers[int(item[1])]
                    free = tuple(map(self.step.term, item[2:]))
                    for place, sort in enumerate(quantifier.bound):
                        label = f"!{item[1]}.{place}"
                        yield self.language.make("apply", free, sort, label)

    def _witness(self, number: int) -> Iterator[str]:
        quantifier = self.language.quantifiers[number]
        sort = self.printer.sort
        free = [f"x'{place}" for place in range(len(quantifier.free))]
        binders = "".join(
            f" ({one} : {sort(s)})" for one, s in zip(free, quantifier.free, strict=True)
        )
        applied = [
            f"({name} {' '.join(free)})" if free else name
            for name in (
                self.printer.symbol(f"!{number}.{k}") for k in range(len(quantifier.bound))
            )
        ]
        bound = [f"z'{place}" for place in range(len(quantifier.bound))]
        proofs = []
        for place, one in enumerate(quantifier.bound):
            values = [*free, *applied[:place], *bound[place:]]
            body = self.printer.term(quantifier.body, dict(enumerate(values)), 0)
            rest = "".join(
                f"forall {name} : {sort(s)}, "
                for name, s in zip(bound[place + 1 :], quantifier.bound[place + 1 :], strict=True)
            )
            some = self.printer.some(one)
            chosen = f"(fun {bound[place]} : {sort(one)} => {rest}{body})"
            name = self.printer.symbol(f"!{number}.{place}")
            value = f"epsilon (inhabits {some}) (fun z => ~ {chosen} z)"
            yield f"pose ({name} := {f'fun{binders} => ' if binders else ''}{value})."
            proofs.append(f"(c_witness {sort(one)} {some} {chosen})")
        said = self.printer.quantified(number, free, 0)
        body = self.printer.term(quantifier.body, dict(enumerate([*free, *applied])), 0)
        quantified = f"forall{binders}, " if binders else ""
        proof = proofs[-1]
        for other in reversed(proofs[:-1]):
            proof = f"(c_chain {other} {proof})"
        yield f"assert (W'{number} : {quantified}{said} \\/ ~ {body})."
        yield f"{{ exact ({f'fun{binders} => ' if binders else ''}{proof}). }}"
        names = (self.printer.symbol(f"!{number}.{k}") for k in range(len(quantifier.bound)))
        yield f"clearbody {' '.join(names)}."

    def _script(self, node: Node, known: dict[int, str]) -> Iterator[str]:
        """Yield the propagation, each derived literal from its clause and what it needs."""
        known = dict(known)
        for literal, source in node.derived:
            if source < 0:
                continue
            name = f"L'{len(known)}"
            clause = self.clauses.clauses[source]
            reasons = [known[-one] for one in clause if one != literal]
            given = " ".join(dict.fromkeys([self._called(source), *reasons]))
            yield f"assert ({name} : {_literal(literal)}) by (clear - {given}; c_follows)."
            known[literal] = name
        if not node.cases:
            reasons = [known[-one] for one in self.clauses.clauses[node.false]]
            given = " ".join(dict.fromkeys([self._called(node.false), *reasons]))
            yield f"clear - {given}; tauto."
            return
        name = f"L'{len(known)}"
        yield f"destruct (classic a'{abs(node.split)}) as [{name} | {name}]."
        ordered = node.cases if node.split > 0 else node.cases[::-1]
        signs = (abs(node.split), -abs(node.split))
        for sign, case in zip(signs, ordered, strict=True):
            yield "{"
            yield from self._script(case, {**known, sign: name})
            yield "}"


def _literal(number: int) -> str:
    return f"a'{number}" if number > 0 else f"(~ a'{-number})"


def _product(bounds: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield that a product of bounds is what its factors make it."""
    total, sign = bounds[0]
    for factor, other in bounds[1:]:
        if "=" in (sign, other):
            both, relation = "=", f"{total} * {factor} = 0"
            zero = total if sign == "=" else factor
            how = f"replace {zero} with 0 by lra; ring"
        elif sign == other == "<":
            both, relation = "<", f"0 < {total} * {factor}"
            how = "apply Rmult_lt_0_compat; lra"
        else:
            both, relation = "<=", f"0 <= {total} * {factor}"
            how = "apply Rmult_le_pos; lra"
        yield f"({relation}) by ({how})."
        total, sign = f"({total} * {factor})", both
