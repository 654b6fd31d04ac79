"""Checking the proof of a whole statement: its steps, and how they hang together.

A file of certificates is a list of S-expressions; ``;`` starts a comment::

    (declare-sort S 0) ... (declare-fun f (S) Real) ...
    (statement ID
      (hypothesis NAME FORMULA) ...
      (definition NAME FORMULA) ...
      (lemma NAME ID FORMULA) ...
      (step NAME FORMULA (USED NAME...) ITEM...) ...)
    ...

Declarations come first and hold for the whole file, so that equal formulas mean the same in all of
it. A lemma is the goal of a statement that stands before in the same file. What is checked of each
statement:

- Every step follows from what it uses, each named above it in the same statement: the assertions
  given to :class:`.proofs.Step` are the very formulas of these, and the step's negated. This is put
  together here, so that no step is checked from anything else than what it says.
- A lemma's formula is the goal of its statement, and every hypothesis that this goal rests on is
  also a hypothesis of the statement that uses the lemma, as a formula; the names do not matter.
- The last step is the goal.

So in every structure in which the hypotheses and definitions hold that the goal rests on, those of
lemmas included, the goal holds. Nothing is said of whether such a structure is there, nor of what
makes a formula a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .proofs import Step
from .terms import Refused, Tree, read, require, told


@dataclass
class Checked:
    """A statement whose proof was checked.

    Parameters
    ----------
    id
        What its file calls it.
    goal
        The formula of its last step.
    hypotheses, definitions
        What the goal rests on, by name; definitions that only its lemmas rest on included.
    steps
        How many steps it has, those of lemmas not counted.
    declarations
        Of sorts and functions; formulas mean what they mean under these.
    """

    id: str
    goal: Tree = None
    hypotheses: dict[str, Tree] = field(default_factory=dict)
    definitions: dict[str, Tree] = field(default_factory=dict)
    steps: int = 0
    declarations: list[Tree] = field(default_factory=list)


def check_file(text: str) -> list[Checked]:
    """Check the statements of a file of certificates.

    Raises
    ------
    Refused
        When one of them is not proved by what the file says of it.
    """
    with told():
        trees = read(text)
        declarations: list[Tree] = []
        checked: dict[str, Checked] = {}
        for tree in trees:
            require(isinstance(tree, list) and bool(tree), "neither a declaration nor a statement")
            if tree[0] == "statement":
                proof = _Proof(tree, declarations, checked)
                require(proof.result.id not in checked, f"two statements {proof.result.id}")
                checked[proof.result.id] = proof.result
            else:
                known = tree[0] in ("declare-sort", "declare-fun")
                require(known and not checked, "a declaration is expected, before all statements")
                declarations.append(tree)
        require(bool(checked), "there is no statement")
        return list(checked.values())


class _Proof:
    """One statement; what it says is checked as it is read."""

    def __init__(
        self, tree: list[Tree], declarations: list[Tree], checked: Mapping[str, Checked]
    ) -> None:
        require(len(tree) > 2 and isinstance(tree[1], str), "a statement without a name or proof")
        self.result = Checked(tree[1], declarations=declarations)
        self._declarations, self._checked = declarations, checked
        self._formulas: dict[str, Tree] = {}
        # What each fact rests on: hypotheses and definitions, by name.
        self._rests: dict[str, tuple[dict[str, Tree], dict[str, Tree]]] = {}
        self._hypotheses: dict[str, Tree] = {}
        self._definitions: dict[str, Tree] = {}
        for part in tree[2:]:
            self._read(part)
        require(tree[-1][0] == "step", f"{tree[1]}: the last part is not a step")
        goal = tree[-1][1]
        self.result.goal = self._formulas[goal]
        self.result.hypotheses, self.result.definitions = self._rests[goal]

    def _read(self, part: Tree) -> None:
        right = isinstance(part, list) and len(part) >= 3 and isinstance(part[1], str)
        require(right, f"{self.result.id}: a part that is not understood")
        kind, name = part[0], part[1]
        require(name not in self._formulas, f"{self.result.id}: two facts are named {name}")
        if kind == "hypothesis" and len(part) == 3:
            self._hypotheses[name] = part[2]
            self._keep(name, part[2], {name: part[2]}, {})
        elif kind == "definition" and len(part) == 3:
            self._define({name: part[2]})
            self._keep(name, part[2], {}, {name: part[2]})
        elif kind == "lemma" and len(part) == 4:
            self._lemma(name, part[2], part[3])
        elif kind == "step" and len(part) >= 5 and isinstance(part[3], list):
            self._step(name, part[2], part[3], part[4:])
        else:
            raise Refused(f"{self.result.id}: {name} is not understood")

    def _keep(
        self, name: str, formula: Tree, hypotheses: dict[str, Tree], definitions: dict[str, Tree]
    ) -> None:
        self._formulas[name] = formula
        self._rests[name] = hypotheses, definitions

    def _define(self, definitions: Mapping[str, Tree]) -> None:
        """Make sure that no two definitions in reach have one name."""
        for name, formula in definitions.items():
            same = self._definitions.setdefault(name, formula) == formula
            require(same, f"{self.result.id}: a lemma has another definition {name}")

    def _lemma(self, name: str, source: Tree, formula: Tree) -> None:
        here = f"{self.result.id}: the lemma {name}"
        require(isinstance(source, str) and source in self._checked, f"{here} is not proved above")
        proved = self._checked[source]
        require(proved.goal == formula, f"{here} is not what {source} proves")
        supposed: dict[str, Tree] = {}
        for theirs, hypothesis in proved.hypotheses.items():
            ours = [own for own, one in self._hypotheses.items() if one == hypothesis]
            require(bool(ours), f"{here} supposes {theirs}, which is not supposed here")
            supposed[ours[0]] = hypothesis
        self._define(proved.definitions)
        self._keep(name, formula, supposed, dict(proved.definitions))

    def _step(self, name: str, formula: Tree, uses: list[Tree], items: list[Tree]) -> None:
        here = f"{self.result.id}: step {name}"
        hypotheses: dict[str, Tree] = {}
        definitions: dict[str, Tree] = {}
        for use in uses:
            known = isinstance(use, str) and use in self._formulas
            require(known, f"{here} uses {use}, which does not stand above it")
            hypotheses |= self._rests[use][0]
            definitions |= self._rests[use][1]
        assertions = [["assert", self._formulas[use]] for use in uses]
        negated = ["assert", ["not", formula]]
        try:
            Step([*self._declarations, *assertions, negated]).check(items)
        except Refused as refused:
            raise Refused(f"{here}: {refused}") from None
        self._keep(name, formula, hypotheses, definitions)
        self.result.steps += 1
