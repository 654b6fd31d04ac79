"""What is to be proved, from which facts, and in which steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from spi_verify.arguments import named
from spi_verify.errors import InputError, located
from spi_verify.obligations.ordering import CycleError, in_order
from spi_verify.obligations.wellformed import require_formulas, require_name
from spi_verify.theory import Theory
from spi_verify.theory.terms import Formula
from spi_verify.verdicts import Verdict

GOAL = "goal"


@dataclass(frozen=True)
class Hypothesis:
    """Something a statement supposes.

    Parameters
    ----------
    name
        In kebab case; the name that ``--without`` takes.
    formula
        A closed z3 formula.
    meaning
        One sentence for a game theorist.
    """

    name: str
    formula: Formula
    meaning: str


@dataclass(frozen=True)
class Supposition:
    """Something that an executed statement supposes; its programs are built to meet it.

    Parameters
    ----------
    name, meaning
        As in :class:`Hypothesis`.
    """

    name: str
    meaning: str


@dataclass(frozen=True)
class Step:
    """A formula, and the names of all facts it is to be proved from.

    ``uses`` names hypotheses, definitions, lemmas and other steps of the same statement. Without
    it the step is proved from whatever is in scope, and which facts do is found.
    """

    name: str
    formula: Formula
    uses: tuple[str, ...] | None

    def __init__(self, name: str, formula: Formula, uses: Iterable[str] | None = None) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "formula", formula)
        object.__setattr__(self, "uses", None if uses is None else tuple(dict.fromkeys(uses)))

    def doing_without(self, name: str) -> Step:
        """Return the step without a fact in its list."""
        if self.uses is None:
            return self
        return Step(self.name, self.formula, (use for use in self.uses if use != name))


@dataclass(frozen=True)
class Statement:
    """A statement and its proof.

    Parameters
    ----------
    id
        As in the list of statements; a repaired reading of one of them ends in ``/repaired``.
    title
        A few words.
    theory
        Where the definitions come from.
    hypotheses
        What it supposes.
    definitions
        Names of the definitions its steps may use.
    lemmas
        For each closed definition used as a lemma, the id of the statement whose goal it is.
    steps
        The proof, the last one named ``goal``.
    added
        Names of the hypotheses that the literal reading does not have.
    changed
        Names of the definitions that its theory has otherwise than the literal reading's.
    scene
        A closed formula: what a witness must also show to be of interest, for example that the
        goal's premise is met.
    sizes
        How many elements of a sort such a witness may need, where it is more than the few that
        are tried by default.
    expected
        The verdict that is expected of it.
    note
        Why it is expected to be refuted, or what else a reader should know.
    source
        The file of its suite, which loading it fills in.
    folder
        The folder of the paper that it is read for, which loading it fills in: its suite's, or
        that of a paper which extends this one.
    dropped
        Names of the hypotheses that were dropped from it.
    """

    id: str
    title: str
    theory: Theory
    hypotheses: tuple[Hypothesis, ...]
    definitions: tuple[str, ...]
    steps: tuple[Step, ...]
    lemmas: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    scene: Formula | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    expected: Verdict = Verdict.PROVED
    note: str | None = None
    source: Path | None = None
    folder: Path | None = None
    dropped: tuple[str, ...] = ()

    @property
    def reading(self) -> str:
        """``"repaired"`` if a hypothesis is added or a definition changed, else ``"literal"``."""
        return "repaired" if self.added or self.changed else "literal"

    @property
    def goal(self) -> Step:
        """The last step."""
        return self.steps[-1]

    def facts(self) -> dict[str, Formula]:
        """Return the formulas of hypotheses, definitions and lemmas by name."""
        facts = {hypothesis.name: hypothesis.formula for hypothesis in self.hypotheses}
        for name in (*self.definitions, *self.lemmas):
            facts[name] = self.theory.axiom(name)
        return facts

    def uses(self, step: Step) -> tuple[str, ...]:
        """Return the names of the facts a step may be proved from.

        Those it lists; without a list all that is in scope: hypotheses, definitions, lemmas, and
        the steps that are written before it.
        """
        return self.scope(step) if step.uses is None else step.uses

    def scope(self, step: Step) -> tuple[str, ...]:
        """Return the names of all facts that a step could use without a list."""
        names = [one.name for one in self.steps]
        before = names[: names.index(step.name)]
        return (*(h.name for h in self.hypotheses), *self.definitions, *self.lemmas, *before)

    def without(self, name: str) -> Statement:
        """Return the statement with a hypothesis dropped from it and from every step."""
        names = [hypothesis.name for hypothesis in self.hypotheses]
        return replace(
            self,
            dropped=(*self.dropped, name) if name in names else self.dropped,
            hypotheses=tuple(h for h in self.hypotheses if h.name != name),
            added=tuple(other for other in self.added if other != name),
            steps=tuple(step.doing_without(name) for step in self.steps),
        )

    def assuming(self, hypothesis: Hypothesis) -> Statement:
        """Return the statement with a hypothesis more, which its steps do not use."""
        return replace(self, hypotheses=(*self.hypotheses, hypothesis))

    def order(self) -> list[Step]:
        """Return the steps so that each comes after those it uses.

        Raises
        ------
        InputError
            When a name or a formula is none, two facts have one name, a step uses something that is
            not there, or steps use each other in a circle.
        """
        return list(self._ordered)

    @cached_property
    def _ordered(self) -> tuple[Step, ...]:
        require_wellformed(self)
        names = [h.name for h in self.hypotheses]
        names += [*self.definitions, *self.lemmas, *(step.name for step in self.steps)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"more than one fact is named {twice[0]!r}", where=self.id)
        if not self.steps or self.goal.name != GOAL:
            raise InputError(f"its last step must be named {GOAL!r}", where=self.id)
        for name in (*self.definitions, *self.lemmas):
            if name not in self.theory:
                raise InputError(f"the theory has no definition {name!r}", where=self.id)
        supposed = next((name for name in self.definitions if self.theory[name].is_claim), None)
        if supposed is not None:
            raise InputError(
                f"{supposed!r} is a claim, not a definition: make it a lemma or a hypothesis, or, "
                "if it may be taken for granted, declare it with spi_verify.theory.axiom",
                where=self.id,
            )
        steps = {step.name: step for step in self.steps}
        rests_on: dict[str, list[str]] = {}
        for step in self.steps:
            missing = next((use for use in self.uses(step) if use not in names), None)
            if missing is not None:
                raise InputError(
                    f"step {step.name!r} uses {missing!r}, which is not there", where=self.id
                )
            rests_on[step.name] = [use for use in self.uses(step) if use in steps]
        try:
            return tuple(steps[name] for name in in_order(rests_on))
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise InputError(f"steps use each other in a circle: {circle}", where=self.id) from None


def require_wellformed(statement: Statement) -> None:
    """Make sure that names and formulas of a statement are such.

    Facts, goal and scene have to be evaluated in finite structures. Other steps only have to be
    formulas.

    Raises
    ------
    InputError
        Naming the statement, the fact or step, and what is not supported.
    """
    with located(where=f"{statement.id}"):
        for kind, facts in (("hypothesis", statement.hypotheses), ("step", statement.steps)):
            for fact in facts:
                require_name(kind, fact.name)
        formulas = [(f"the hypothesis {h.name!r}", h.formula, True) for h in statement.hypotheses]
        for name in (*statement.definitions, *statement.lemmas):
            if name in statement.theory:  # that it is, Statement.order makes sure
                formulas.append((f"the definition {name!r}", statement.theory.axiom(name), True))
        if statement.scene is not None:
            formulas.append(("the scene", statement.scene, True))
        for step in statement.steps:
            formulas.append((f"the step {step.name!r}", step.formula, step is statement.goal))
        require_formulas(formulas)


@dataclass(frozen=True)
class Fact:
    """One claim of an executed statement, and what running the programs shows.

    Parameters
    ----------
    name
        In kebab case.
    claim
        One sentence for a game theorist.
    holds
        Whether running confirms it; None where it was not settled.
    found
        What running shows, exact.
    why
        Why it fails, in sentences of their own, or nothing.
    """

    name: str
    claim: str
    holds: bool | None
    found: str
    why: str = ""


@dataclass(frozen=True)
class Executed:
    """A statement about particular programs, decided by running them; no solver is asked.

    Parameters
    ----------
    id, title, expected, note, source, folder
        As in :class:`Statement`.
    facts
        Runs the programs and yields every claim of the statement with what was found.
    hypotheses
        What the literal reading does not suppose; the programs are built to meet it.
    setting
        Says line by line who plays what, before a counterexample says which claims fail.
    game
        Returns what is feasible in the game that is played there, to be drawn: pure outcomes or
        correlated play.
    """

    id: str
    title: str
    facts: Callable[[], Iterable[Fact]]
    hypotheses: tuple[Supposition | Hypothesis, ...] = ()
    expected: Verdict = Verdict.PROVED
    note: str | None = None
    source: Path | None = None
    folder: Path | None = None
    setting: Callable[[], Iterable[str]] | None = None
    game: Callable[[], object] | None = None

    @property
    def reading(self) -> str:
        """``"repaired"`` if it supposes what the literal reading does not, else ``"literal"``."""
        return "repaired" if self.hypotheses else "literal"

    @property
    def added(self) -> tuple[str, ...]:
        """Names of the hypotheses that the literal reading does not have."""
        return tuple(hypothesis.name for hypothesis in self.hypotheses)


@named
def literal_and_repaired(
    id: str,
    *,
    title: str,
    theory: Theory,
    hypotheses: Sequence[Hypothesis],
    added: Sequence[Hypothesis],
    definitions: Sequence[str],
    steps: Sequence[Step],
    why: str,
    lemmas: Mapping[str, str] | None = None,
    scene: Formula | None = None,
    sizes: Mapping[str, int] | None = None,
) -> list[Statement]:
    """Return the literal reading, expected ``refuted``, and the one with added hypotheses.

    The two have the same steps; those of the literal reading do without what was added.

    Parameters
    ----------
    id, title, theory, hypotheses, definitions, steps, lemmas, scene, sizes
        As in :class:`Statement`.
    added
        The hypotheses that only the repaired reading has.
    why
        Why the literal reading has no proof, in one or two sentences.
    """
    repaired = Statement(
        id=f"{id}/repaired",
        title=title,
        theory=theory,
        hypotheses=(*hypotheses, *added),
        definitions=tuple(definitions),
        steps=tuple(steps),
        lemmas=lemmas or {},
        added=tuple(hypothesis.name for hypothesis in added),
        scene=scene,
        sizes=sizes or {},
    )
    literal = repaired
    for hypothesis in added:
        literal = literal.without(hypothesis.name)
    literal = replace(literal, id=id, expected=Verdict.REFUTED, note=why, dropped=())
    return [literal, repaired]
