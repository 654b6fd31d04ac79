"""Refuting clauses by conflicts of the theory, propagation, and few case splits."""

from __future__ import annotations

from collections.abc import Sequence

from spi_verify.checker.proofs import Clauses, Step
from spi_verify.checker.terms import Term, Tree
from spi_verify.obligations.certificates.expressions import tree_of
from spi_verify.obligations.certificates.theory import Lemma, Theory, Unexplained

Clause = tuple[int, ...]
MOST_LEMMAS, MOST_SPLITS = 150, 120


class Propositional:
    """Clauses, and propagation."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self.clauses = list(dict.fromkeys(tuple(dict.fromkeys(clause)) for clause in clauses))
        self._containing: dict[int, list[Clause]] = {}
        for clause in self.clauses:
            for literal in clause:
                self._containing.setdefault(literal, []).append(clause)
        self.units = [clause[0] for clause in self.clauses if len(clause) == 1]
        self.splits = 0

    def assign(self, true: dict[int, None], literals: Sequence[int]) -> dict[int, None] | None:
        """Return what is true after propagation, or None where a clause is false."""
        true, waiting = dict(true), list(literals)
        while waiting:
            literal = waiting.pop()
            if literal in true:
                continue
            if -literal in true:
                return None
            true[literal] = None
            for clause in self._containing.get(-literal, ()):
                if not any(other in true for other in clause):
                    left = [other for other in clause if -other not in true]
                    if not left:
                        return None
                    if len(left) == 1:
                        waiting.append(left[0])
        return true

    def open_atoms(self, true: dict[int, None]) -> list[int]:
        """Return the atoms without a value in clauses that are not true yet."""
        atoms: dict[int, None] = {}
        for clause in self.clauses:
            if not any(literal in true for literal in clause):
                atoms |= {abs(one): None for one in clause if -one not in true}
        return list(atoms)

    def best_split(self, true: dict[int, None]) -> tuple[int, int] | None:
        """Return the literal whose two cases propagate most; one that is absurd counts most."""
        best, best_score = None, (-1, -1)
        for atom in self.open_atoms(true):
            sizes = []
            for literal in (atom, -atom):
                after = self.assign(true, [literal])
                sizes.append(10**6 if after is None else len(after) - len(true))
            score = (min(sizes), max(sizes)) if max(sizes) < 10**6 else (10**6, sum(sizes))
            if score > best_score:
                best, best_score = atom, score
        return None if best is None else (best, 0)

    def tree(self, true: dict[int, None], literals: Sequence[int]) -> list[object] | str | None:
        """Return a tree of case splits that shows the clauses absurd, or None."""
        after = self.assign(true, literals)
        if after is None:
            return "."
        split = self.best_split(after)
        self.splits += 1
        if split is None or self.splits > MOST_SPLITS:
            return None
        one = self.tree(after, [split[0]])
        other = None if one is None else self.tree(after, [-split[0]])
        return None if one is None or other is None else [split[0], one, other]


def leaves(tree: object) -> int:
    """Return how many leaves a tree has."""
    return leaves(tree[1]) + leaves(tree[2]) if isinstance(tree, list) else 1


class Refuting:
    """A step whose instances are chosen, and the lemmas of the theory that it needs."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.clauses: Clauses = step.clauses
        self.theory = Theory(step.language)
        self.lemmas: list[Lemma] = []

    def found(self) -> list[Tree]:
        """Return items that refute the step.

        Raises
        ------
        Unexplained
            When there are none, or too many.
        """
        while True:
            problem = Propositional(self.clauses.clauses)
            if not self._learn(problem, {}, problem.units):
                break
            if len(self.lemmas) > MOST_LEMMAS:
                raise Unexplained("too many conflicts")
        return self._pruned()

    def _atoms(self) -> dict[int, Term]:
        return {number: term for term, number in self.clauses._atoms.items()}

    def _learn(self, problem: Propositional, true: dict[int, None], new: Sequence[int]) -> bool:
        """Learn from one open case, and return whether there was one."""
        after = problem.assign(true, new)
        if after is None:
            return False
        terms = self._atoms()
        literals = [
            terms[n] if n > 0 else self.step.language.negation(terms[-n])
            for n in after
            if terms[abs(n)].kind in ("=", "<=", "apply")
        ]
        core = self.theory.core(literals)
        if core is not None:
            self._add(self.theory.lemmas(core))
            return True
        open_atoms = problem.open_atoms(after)
        atoms = [n for n in open_atoms if terms[n].kind in ("=", "<=", "apply")]
        try:
            holding = self.theory.holding([terms[n] for n in atoms])
        except Exception:
            holding = {}
        learned = False
        for n in atoms:
            term = terms[n]
            if term not in holding:
                continue
            other = self.step.language.negation(term) if holding[term] else term
            core = self.theory.core([*literals, other])
            if core is not None:
                self._add(self.theory.lemmas(core))
                learned = True
        if learned:
            return True
        split = problem.best_split(after)
        if split is None:
            raise Unexplained("the instances do not suffice without more of the theory")
        problem.splits += 1
        if problem.splits > MOST_SPLITS:
            raise Unexplained("too many cases")
        return self._learn(problem, after, [split[0]]) or self._learn(problem, after, [-split[0]])

    def _add(self, lemmas: Sequence[Lemma]) -> None:
        for lemma in lemmas:
            self.lemmas.append(lemma)
            self.clauses.add(*self._clause(lemma))

    def _clause(self, lemma: Lemma) -> Clause:
        return tuple(-self.clauses.literal(literal) for literal in lemma[0])

    def _pruned(self) -> list[Tree]:
        """Drop lemmas while the tree does not grow."""
        everything = self.clauses.clauses
        own = [self._clause(lemma) for lemma in self.lemmas]
        base = [clause for clause in everything if clause not in set(own)]

        def tree(kept: Sequence[int]) -> object:
            problem = Propositional([*base, *(own[n] for n in kept)])
            return problem.tree({}, problem.units)

        kept = list(range(len(own)))
        best = tree(kept)
        if best is None:
            raise Unexplained("too many cases")
        for n in reversed(list(kept)):
            fewer = [m for m in kept if m != n]
            smaller = tree(fewer)
            if smaller is not None and leaves(smaller) <= leaves(best):
                kept, best = fewer, smaller
        terms = self._atoms()

        def shown(one: object) -> Tree:
            if not isinstance(one, list):
                return "."
            return [tree_of(terms[one[0]]), shown(one[1]), shown(one[2])]

        return [*(self.lemmas[n][1] for n in kept), ["c", shown(best)]]
