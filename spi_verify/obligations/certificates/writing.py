"""The certificates of a statement as one file, and whether a file says what a statement says."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import z3

from spi_verify.checker import Checked, Refused, check_file
from spi_verify.checker.terms import Language, Tree, read
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.theory import Unexplained
from spi_verify.obligations.outcomes import Outcome, needed_steps
from spi_verify.obligations.statements import Statement
from spi_verify.solvers.smtlib import Rendered, render

Find = Callable[[Sequence[Tree]], Sequence[Tree]]
"""Returns a certificate of the commands of a step, or raises :class:`Unexplained`."""


class Writing:
    """The file of a statement, put together from what was decided.

    Parameters
    ----------
    outcomes
        What was decided, with the lemmas.
    find
        Finds certificates.
    """

    def __init__(self, outcomes: Mapping[str, Outcome], find: Find) -> None:
        self.outcomes, self.find = outcomes, find

    def text(self, id: str) -> str:
        """Return the file of a statement that is proved.

        Raises
        ------
        Unexplained
            When a step has no certificate, or the checker does not accept the chain; says why.
        """
        text = self._together([id])
        self._check([id], text)
        return text

    def refused(self, ids: Sequence[str]) -> dict[str, str]:
        """Return of which statements that are proved the checker refuses the file, and why.

        They are checked together, so that lemmas of several are checked once; where anything is
        refused, one by one.
        """
        try:
            self._check(ids, self._together(ids))
        except Unexplained as error:
            if len(ids) == 1:
                return {ids[0]: str(error)}
            return {id: why for one in ids for id, why in self.refused([one]).items()}
        return {}

    def _together(self, ids: Sequence[str]) -> str:
        """Return one file of statements, with their lemmas."""
        blocks: dict[str, str] = {}
        declarations: dict[str, Tree] = {}
        order = list(dict.fromkeys(one for id in ids for one in self._lemmas_first(id)))
        for one in order:
            for formula in self._formulas_of(self.outcomes[one].theorem).values():
                for name, declaration in self._read(formula)[1].items():
                    if declarations.setdefault(name, declaration) != declaration:
                        raise Unexplained(f"{name} has different sorts in what it rests on")
        sorts = [tree for tree in declarations.values() if tree[0] == "declare-sort"]
        functions = [tree for tree in declarations.values() if tree[0] == "declare-fun"]
        for one in order:
            blocks[one] = self._block(self.outcomes[one], [*sorts, *functions])
        lines = [text_of(tree) for tree in (*sorts, *functions)]
        return "\n".join([f"; {SCHEMA}", *lines, *blocks.values()]) + "\n"

    def _check(self, ids: Sequence[str], text: str) -> None:
        try:
            checked = {one.id: one for one in check_file(text)}
            for id in ids:
                require_says(self.outcomes[id].theorem, checked[id])
        except Refused as refused:
            raise Unexplained(f"the checker refuses: {refused}") from None

    def _lemmas_first(self, id: str) -> list[str]:
        found: dict[str, None] = {}
        outcome = self.outcomes[id]
        for name, source in outcome.theorem.lemmas.items():
            if name in _used(outcome):
                found |= dict.fromkeys(self._lemmas_first(source))
        return [*found, id]

    def _formulas_of(self, statement: Statement) -> dict[str, z3.BoolRef]:
        return {**statement.facts(), **{step.name: step.formula for step in statement.steps}}

    def _read(self, formula: z3.BoolRef) -> tuple[Tree, dict[str, Tree]]:
        """Return a formula as a tree, and the declarations of what occurs in it."""
        try:
            return as_tree(formula)
        except Refused as refused:
            raise Unexplained(f"the checker cannot read it: {refused}") from None

    def _block(self, outcome: Outcome, declarations: Sequence[Tree]) -> str:
        statement = outcome.theorem
        formulas = {
            name: self._read(formula)[0] for name, formula in self._formulas_of(statement).items()
        }
        lines = [f"(statement {text_of(statement.id)}"]
        for hypothesis in statement.hypotheses:
            lines.append(_part("hypothesis", hypothesis.name, formulas[hypothesis.name]))
        used = _used(outcome)
        for name in statement.definitions:
            if name in used:
                lines.append(_part("definition", name, formulas[name]))
        for name, source in statement.lemmas.items():
            if name in used:
                lines.append(_part("lemma", name, source, formulas[name]))
        for name in needed_steps(outcome):
            uses = _core(outcome, name)
            commands = [
                *declarations,
                *(["assert", formulas[use]] for use in uses),
                ["assert", ["not", formulas[name]]],
            ]
            try:
                items = self.find(commands)
            except Unexplained as error:
                raise Unexplained(f"{statement.id}, step {name}: {error}") from None
            said = "".join(f"\n    {text_of(item)}" for item in items)
            lines.append(_part("step", name, formulas[name], uses)[:-1] + f"{said})")
        return "\n".join(lines) + ")"


SCHEMA = "spi-verify/certificates/1"
MOST_READ = 20_000


def as_tree(formula: z3.BoolRef) -> tuple[Tree, dict[str, Tree]]:
    """Return a formula as the checker sees it, and the declarations of what occurs in it."""
    return tree_of_rendered(render(formula))


def tree_of_rendered(rendered: Rendered) -> tuple[Tree, dict[str, Tree]]:
    """Return the same of a formula that was written already; once for each text."""
    return _tree_of(rendered.text, rendered.sorts, tuple(rendered.functions.values()))


@functools.lru_cache(MOST_READ)
def _tree_of(
    text: str, sort_names: tuple[str, ...], declarations: tuple[str, ...]
) -> tuple[Tree, dict[str, Tree]]:
    (tree,) = read(text)
    sorts = [read(f"(declare-sort {text_of(name)} 0)")[0] for name in sort_names]
    functions = [read(one)[0] for one in declarations]
    names = _names(tree)
    declared = {one[1]: one for one in functions if one[1] in names}
    used = names | {name for one in declared.values() for name in [*one[2], one[3]]}
    return tree, declared | {one[1]: one for one in sorts if one[1] in used}


def require_says(statement: Statement, checked: Checked) -> None:
    """Make sure that what was checked is what a statement says.

    Its goal is the statement's; every hypothesis that it rests on is one of the statement's; and
    every definition is one that the statement's theory has under that name, and no claim. All
    of their functions have the sorts that they have in the statement.

    Raises
    ------
    Refused
        When it is not.
    """
    language = Language()
    for head, name, *sorts in checked.declarations:
        language.declare_sort(name) if head == "declare-sort" else language.declare(name, *sorts)

    def same(tree: Tree, formula: z3.BoolRef) -> bool:
        ours, declared = as_tree(formula)
        known = all(one in checked.declarations for one in declared.values())
        return known and language.term(tree, {}) is language.term(ours, {})

    if checked.id != statement.id or not same(checked.goal, statement.goal.formula):
        raise Refused(f"{checked.id} has another goal than the statement {statement.id}")
    for name, tree in checked.hypotheses.items():
        if not any(same(tree, hypothesis.formula) for hypothesis in statement.hypotheses):
            raise Refused(f"{statement.id} does not suppose {name}")
    theory = statement.theory
    for name, tree in checked.definitions.items():
        known = name in theory and not theory[name].is_claim
        if not known or not same(tree, theory.axiom(name)):
            raise Refused(f"{name} is not a definition that {statement.id} rests on")


def _part(kind: str, name: str, *trees: Tree) -> str:
    return f"  ({kind} {' '.join(map(text_of, (name, *trees)))})"


def _names(tree: Tree) -> set[str]:
    """Return the names in a formula; those in annotations are for solvers only."""
    if isinstance(tree, str):
        return {tree}
    parts = tree[:2] if tree and tree[0] == "!" else tree
    return set().union(*map(_names, parts))


def _core(outcome: Outcome, step: str) -> list[str]:
    return [name.removeprefix("fact:") for name in outcome.decisions[step].core]


def _used(outcome: Outcome) -> set[str]:
    return {use for name in needed_steps(outcome) for use in _core(outcome, name)}
