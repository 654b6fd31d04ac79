"""A file of certificates as one file that Coq checks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Language, Tree, read, told
from spi_verify.obligations.certificates.coq.proving import StepProof
from spi_verify.obligations.certificates.coq.wording import Names, Said, Wording

CHOICE = r"""
Require Import Reals Lra Classical ClassicalEpsilon.
Open Scope R_scope.

(* The first where a formula holds, the second where it does not. *)
Definition ite {A : Type} (P : Prop) (x y : A) : A :=
  if excluded_middle_informative P then x else y.
"""

PRELUDE = r"""
Lemma c_then : forall {A' : Type} (P' : Prop) (x' y' : A'), ~ P' \/ ite P' x' y' = x'.
Proof. intros A' P' x' y'; unfold ite; destruct (excluded_middle_informative P'); tauto. Qed.
Lemma c_else : forall {A' : Type} (P' : Prop) (x' y' : A'), P' \/ ite P' x' y' = y'.
Proof. intros A' P' x' y'; unfold ite; destruct (excluded_middle_informative P'); tauto. Qed.
Lemma c_not : forall {P' Q' : Prop}, (P' <-> Q') -> (~ P' <-> ~ Q'). Proof. tauto. Qed.
Lemma c_not_not : forall {P' Q' : Prop}, (P' <-> ~ Q') -> (~ P' <-> Q').
Proof. intros P' Q'; destruct (classic Q'); tauto. Qed.
Lemma c_and : forall {P' Q' S' T' : Prop}, (P' <-> Q') -> (S' <-> T') -> (P' /\ S' <-> Q' /\ T').
Proof. tauto. Qed.
Lemma c_or : forall {P' Q' S' T' : Prop}, (P' <-> Q') -> (S' <-> T') -> (P' \/ S' <-> Q' \/ T').
Proof. tauto. Qed.
Lemma c_iff : forall {P' Q' S' T' : Prop}, (P' <-> Q') -> (S' <-> T') ->
  ((P' <-> S') <-> (Q' <-> T')).
Proof. tauto. Qed.
Lemma c_imp : forall {P' Q' S' T' : Prop}, (~ P' <-> Q') -> (S' <-> T') ->
  ((P' -> S') <-> (Q' \/ T')).
Proof. intros P' Q' S' T'; destruct (classic P'); tauto. Qed.
Lemma c_forall : forall {A' : Type} {P' Q' : A' -> Prop},
  (forall x', P' x' <-> Q' x') -> ((forall x', P' x') <-> (forall x', Q' x')).
Proof. intros A' P' Q' H'; split; intros K' x'; apply H'; apply K'. Qed.
Lemma c_none : forall {A' : Type} {P' Q' : A' -> Prop},
  (forall x', ~ P' x' <-> Q' x') -> (~ (exists x', P' x') <-> (forall x', Q' x')).
Proof.
  intros A' P' Q' H'; split; intro K'.
  - intro x'; apply H'; intro L'; apply K'; exists x'; exact L'.
  - intros [x' L']; exact (proj2 (H' x') (K' x') L').
Qed.
Lemma c_exists : forall {A' : Type} {P' Q' : A' -> Prop},
  (forall x', ~ P' x' <-> Q' x') -> ((exists x', P' x') <-> ~ (forall x', Q' x')).
Proof.
  intros A' P' Q' H'; generalize (c_none H'); destruct (classic (exists x', P' x')); tauto.
Qed.
Lemma c_lt : forall x' y' : R, x' < y' <-> ~ y' <= x'. Proof. intros; split; intro; lra. Qed.
Lemma c_gt : forall x' y' : R, x' > y' <-> ~ x' <= y'. Proof. intros; split; intro; lra. Qed.
Lemma c_ge : forall x' y' : R, x' >= y' <-> y' <= x'. Proof. intros; split; intro; lra. Qed.
Lemma c_instance : forall P' Q' : Prop, (P' -> Q') -> ~ P' \/ Q'.
Proof. intros P' Q'; destruct (classic P'); tauto. Qed.
Lemma c_positive : forall P' Q' : Prop, (~ P' -> Q') -> P' \/ Q'.
Proof. intros P' Q'; destruct (classic P'); tauto. Qed.
Lemma c_or_nn : forall {P' Q' : Prop}, P' \/ ~ ~ Q' -> P' \/ Q'.
Proof. intros P' Q'; destruct (classic Q'); tauto. Qed.
Lemma c_nn_or : forall {P' Q' : Prop}, ~ ~ P' \/ Q' -> P' \/ Q'.
Proof. intros P' Q'; destruct (classic P'); tauto. Qed.
Lemma c_chain : forall {P' Q' S' : Prop}, P' \/ ~ Q' -> Q' \/ ~ S' -> P' \/ ~ S'. Proof. tauto. Qed.
Lemma c_antisymmetry : forall x' y' : R, ~ x' <= y' \/ ~ y' <= x' \/ x' = y'.
Proof.
  intros x' y'; destruct (classic (x' <= y')); destruct (classic (y' <= x')); try tauto.
  right; right; lra.
Qed.
Lemma c_witness : forall (A' : Type) (some' : A') (P' : A' -> Prop),
  (forall y', P' y') \/ ~ P' (epsilon (inhabits some') (fun y' => ~ P' y')).
Proof.
  intros A' some' P'; destruct (classic (forall y', P' y')) as [H' | H']; [left; exact H' | right].
  apply (epsilon_spec (inhabits some') (fun y' => ~ P' y')).
  apply not_all_ex_not; exact H'.
Qed.
Ltac c_follows := first [ tauto | apply NNPP; intro; tauto ].
"""


def coq_of(text: str, title: str) -> str:
    """Return the file for Coq.

    Parameters
    ----------
    text
        A file of certificates, which the checker accepts.
    title
        What its first line says.

    Raises
    ------
    Refused
        When something in it cannot be said in Coq here.
    """
    with told():
        return "\n".join(_File(read(text), title).lines()) + "\n"


class _File:
    def __init__(self, trees: list[Tree], title: str) -> None:
        self.declarations = [tree for tree in trees if tree[0] != "statement"]
        self.statements = [tree for tree in trees if tree[0] == "statement"]
        self.title, self.names = title, Names(re.findall(r"\bc_\w+", PRELUDE))
        language = Language()
        for head, name, *sorts in self.declarations:
            language.declare_sort(name) if head == "declare-sort" else language.declare(
                name, *sorts
            )
        self.language = language
        self.wording = Wording(language, self.names)
        self.said: dict[str, tuple[str, Said]] = {}
        self.proofs: list[str] = []
        self.trees: dict[str, Tree] = {}
        self.formulas: dict[tuple[str, str], str] = {}
        self.premises: dict[str, list[str]] = {}

    def lines(self) -> Iterator[str]:
        yield f"(* {_comment(self.title)}"
        yield ""
        yield "   To be read: sorts, functions, and what definitions, hypotheses and steps say,"
        yield "   down to the line GENERATED. The theorem is the last thing in this file; Coq"
        yield "   prints it, and the axioms of classical logic and of real numbers that it uses. *)"
        yield CHOICE
        yield "Section Statement."
        yield ""
        yield from self._declared()
        for statement in self.statements:
            yield from self._formulas(statement)
        yield "(* GENERATED: what proves it. *)"
        yield PRELUDE
        yield from self.proofs
        yield ""
        for statement in self.statements:
            yield from self._proofs(statement)
        yield "End Statement."
        last = self.names.of(str(self.statements[-1][1]), "statement_")
        yield f"Check {last}."
        yield f"Print Assumptions {last}."

    def _declared(self) -> Iterator[str]:
        printer = self.wording.printer
        for sort in self.language.sorts:
            yield f"Variable {printer.sort(sort)} : Type."
            yield f"Variable {printer.some(sort)} : {printer.sort(sort)}."
        for name, (domain, range_) in self.language.functions.items():
            yield f"Variable {self.names.of(name)} : {printer.type(domain, range_)}."
        yield ""

    def _fact(self, kind: str, statement: str, name: str, tree: Tree) -> Iterator[str]:
        """Define a formula under its name, once, and prove what the checker reads it as."""
        key = self.formulas[statement, name] = repr(tree)
        self.trees[key] = tree
        if key in self.said:
            return
        said = self.wording.formula(tree)
        coq = self.names.new(f"{kind}_{name}" if kind != "step" else f"{kind}_{statement}_{name}")
        self.said[key] = coq, said
        text = said.text[1:-1] if said.text[0] == "(" else said.text
        yield f"Definition {coq} : Prop :="
        yield f"{textwrap.fill(text, 96, initial_indent='  ', subsequent_indent='  ')}."
        self.proofs += [
            f"Lemma {coq}_read : {coq} <-> {self.wording.core(said.term)}.",
            f"Proof. exact {said.proof}. Qed.",
        ]

    def _formulas(self, statement: Tree) -> Iterator[str]:
        """Define what the facts and steps of a statement say, under their names."""
        id = str(statement[1])
        yield f"(* {_comment(id)} *)"
        for part in statement[2:]:
            formula = part[3] if part[0] == "lemma" else part[2]
            kind = "step" if part[0] in ("step", "lemma") else part[0]
            yield from self._fact(kind, id, part[1], formula)
        yield ""

    def _proofs(self, statement: Tree) -> Iterator[str]:
        id, parts = str(statement[1]), statement[2:]
        for part in parts:
            if part[0] == "step":
                _, name, _, used, *items = part
                yield from self._step(id, name, used, items)
        yield from self._theorem(id, parts)

    def _step(self, id: str, name: str, used: list[str], items: Sequence[Tree]) -> Iterator[str]:
        trees = [self._tree(id, use) for use in used]
        goal = self._tree(id, name)
        asserted = [["assert", tree] for tree in (*trees, ["not", goal])]
        step = Step([*self.declarations, *asserted])
        coq = self.names.of(f"{id}_{name}", "proof_")
        proof = StepProof(coq, step, items, self.names)
        facts = [f"(proj1 {self._coq(id, use)}_read F'{place})" for place, use in enumerate(used)]
        claim, said = self.said[self.formulas[id, name]]
        lemma = "c_not_not" if said.term.kind == "not" else "c_not"
        facts.append(f"(proj1 ({lemma} {claim}_read) N')")
        yield from proof.lines(facts)
        yield f"Lemma {coq} : {' -> '.join([*(self._coq(id, use) for use in used), claim])}."
        names = " ".join(f"F'{place}" for place in range(len(used)))
        yield f"Proof. {f'intros {names}. ' if used else ''}apply NNPP; intro N'."
        yield from proof.closing
        yield "Qed."
        yield ""

    def _tree(self, id: str, name: str) -> Tree:
        return self.trees[self.formulas[id, name]]

    def _coq(self, id: str, name: str) -> str:
        return self.said[self.formulas[id, name]][0]

    def _theorem(self, id: str, parts: Sequence[Tree]) -> Iterator[str]:
        """State what the steps come to under all that they rest on."""
        used = {use for part in parts if part[0] == "step" for use in part[3]}
        premises: dict[str, None] = {}
        for part in parts:
            if part[0] == "lemma" and part[1] in used:
                premises |= dict.fromkeys(self.premises[part[2]])
            elif part[0] in ("hypothesis", "definition") and part[1] in used:
                premises[self._coq(id, part[1])] = None
        self.premises[id] = list(premises)
        theorem = self.names.of(id, "statement_")
        goal = self._coq(id, parts[-1][1])
        yield f"Theorem {theorem} :"
        yield f"  {' -> '.join([*premises, goal])}."
        intros = "".join(f" P'{place}" for place in range(len(premises)))
        yield f"Proof. intros{intros}."
        for part in parts:
            if part[0] in ("lemma", "step") and (part[1] in used or part is parts[-1]):
                source = (
                    (part[2], "statement_") if part[0] == "lemma" else (f"{id}_{part[1]}", "proof_")
                )
                lemma = self.names.of(*source)
                yield f"assert ({self._coq(id, part[1])}) by (apply {lemma}; assumption)."
        yield "assumption. Qed."
        yield ""


def _comment(text: str) -> str:
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'")
