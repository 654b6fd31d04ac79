"""Which hypotheses suffice: all minimal sufficient sets and all maximal insufficient ones.

The algorithm is MARCO (Liffiton, Previti, Malik and Marques-Silva, "Fast, flexible MUS
enumeration", Constraints 21, 2016). It keeps a map of the subsets on which nothing is known yet,
takes a largest one of them, and has it decided. A sufficient set is shrunk, and everything above
it leaves the map; an insufficient set is grown, and everything below it leaves the map. Here an
answer may also be "undecided", which says nothing about any other set: that set alone leaves the
map.

The map is a table of all subsets, since pools are small; a solver would be no help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from spi_verify.errors import InputError, interruptible
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.running import Certificates, Listener, run
from spi_verify.obligations.statements import Statement
from spi_verify.theory.evaluate import Structure
from spi_verify.verdicts import Verdict

MOST_HYPOTHESES = 14
"""Larger pools are refused: the map has an entry for each subset."""

MOST_QUESTIONS = 60
"""So many subsets are decided before the rest is left open."""

Names = frozenset[str]


class Status(StrEnum):
    """What is known of a set of hypotheses."""

    SUFFICIENT = "sufficient"
    INSUFFICIENT = "insufficient"
    UNDECIDED = "undecided"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Sufficient:
    """The statement is proved from a subset of what was asked.

    Parameters
    ----------
    core
        The hypotheses that the proof uses.
    """

    core: Names


@dataclass(frozen=True)
class Insufficient:
    """There is a counterexample in which all hypotheses asked hold.

    Parameters
    ----------
    countermodel
        It.
    satisfied
        All hypotheses of the pool that hold in it: those asked, and maybe more.
    """

    countermodel: Any
    satisfied: Names


@dataclass(frozen=True)
class Undecided:
    """Neither a proof nor a counterexample was found."""

    reason: str


Answer = Sufficient | Insufficient | Undecided
Oracle = Callable[[Names], Answer]


@dataclass(frozen=True)
class Extreme:
    """A minimal sufficient or a maximal insufficient set.

    Parameters
    ----------
    hypotheses
        In the order of the pool.
    sure
        Whether all sets with one hypothesis less (or more) are decided the other way. If not,
        a smaller (or larger) set of the kind may hide among the undecided ones.
    countermodel
        For an insufficient set: a counterexample in which all its hypotheses hold.
    """

    hypotheses: tuple[str, ...]
    sure: bool
    countermodel: Any = None


@dataclass(frozen=True)
class Sufficiency:
    """What is known of all subsets of a pool of hypotheses.

    Parameters
    ----------
    pool
        The hypotheses.
    minimal
        The sufficient sets of which no proper subset is known to be sufficient.
    maximal
        The insufficient sets of which no proper superset is known to be insufficient.
    undecided
        For each set that was asked for in vain, and is not settled by an answer about another set:
        the reason.
    not_asked
        How many sets are left open because too many questions had been asked.
    questions
        How many sets were decided.
    interrupted
        Whether somebody stopped it before the end.
    """

    pool: tuple[str, ...]
    minimal: tuple[Extreme, ...]
    maximal: tuple[Extreme, ...]
    undecided: Mapping[tuple[str, ...], str]
    not_asked: int
    questions: int
    interrupted: bool = False

    def status(self, hypotheses: Iterable[str]) -> Status:
        """Return what is known of a set of hypotheses.

        Whatever contains a sufficient set is sufficient, and whatever is contained in an
        insufficient one is insufficient.
        """
        asked = frozenset(hypotheses)
        if any(asked >= set(extreme.hypotheses) for extreme in self.minimal):
            return Status.SUFFICIENT
        if any(asked <= set(extreme.hypotheses) for extreme in self.maximal):
            return Status.INSUFFICIENT
        ordered = tuple(name for name in self.pool if name in asked)
        return Status.UNDECIDED if ordered in self.undecided else Status.NOT_ASKED


class Contradiction(Exception):
    """A set of hypotheses is proved sufficient, and a counterexample satisfies all of it."""


def enumerate_sufficient(
    pool: Sequence[str],
    decide: Oracle,
    *,
    questions: int = MOST_QUESTIONS,
    told: Callable[[int, int], None] | None = None,
) -> Sufficiency:
    """Enumerate the minimal sufficient and the maximal insufficient subsets of a pool.

    Parameters
    ----------
    pool
        Names of the candidate hypotheses, each once, at most :data:`MOST_HYPOTHESES`.
    decide
        Decides whether a subset suffices. Asked at most once for each subset, and never for one
        whose status follows from an earlier answer.
    questions
        How many times to ask it. Who interrupts it gets what is known by then.
    told
        Is told after each answer how many subsets are settled, and how many there are.

    Raises
    ------
    InputError
        When the pool is too large, or names a hypothesis twice.
    Contradiction
        When answers contradict each other.
    ValueError
        When an answer is no answer to what was asked: a core outside of it, or a counterexample
        that does not satisfy it.

    Notes
    -----
    Takes time and memory for each of the 2^h subsets. Asks at most h questions, h + 1 more for each
    minimal set, one for each maximal set, and one for each undecided set.

    >>> def decide(names):
    ...     if {"a", "b"} <= names:
    ...         return Sufficient(frozenset({"a", "b"}))
    ...     return Insufficient("a model", names | {"c"})
    >>> found = enumerate_sufficient(["a", "b", "c"], decide)
    >>> [one.hypotheses for one in found.minimal], [one.hypotheses for one in found.maximal]
    ([('a', 'b')], [('a', 'c'), ('b', 'c')])
    """
    if len(set(pool)) < len(pool):
        raise InputError(f"the pool names a hypothesis twice: {', '.join(pool)}")
    if len(pool) > MOST_HYPOTHESES:
        raise InputError(
            f"a pool of {len(pool)} hypotheses is too large; name at most {MOST_HYPOTHESES}"
        )
    return _Marco(tuple(pool), decide, questions, told).result()


class _Marco:
    """Subsets are bit masks: bit k stands for the k-th hypothesis of the pool."""

    def __init__(
        self,
        pool: tuple[str, ...],
        decide: Oracle,
        questions: int,
        told: Callable[[int, int], None] | None,
    ) -> None:
        self.pool = pool
        self.told = told
        self.decide = decide
        self.questions = questions
        self.asked = 0
        self.full = (1 << len(pool)) - 1
        self.sufficient: list[int] = []  # generators: everything above them is sufficient
        self.insufficient: dict[int, Any] = {}  # everything below them is insufficient
        self.undecided: dict[int, str] = {}
        self.interrupted = False
        try:
            with interruptible():
                self._explore()
        except KeyboardInterrupt:
            self.interrupted = True

    def _explore(self) -> None:
        largest_first = sorted(
            range(self.full + 1), key=lambda mask: (-mask.bit_count(), self._order(mask))
        )
        for seed in largest_first:
            if self._known(seed) is None and self._ask(seed) is Status.SUFFICIENT:
                self._shrink(self._within(seed))

    def _tell(self) -> None:
        if self.told is not None:
            settled = sum(self._known(mask) is not None for mask in range(self.full + 1))
            self.told(settled, self.full + 1)

    def _shrink(self, mask: int) -> None:
        """Drop what a sufficient set does without.

        Where even everything else is insufficient without a hypothesis, that settles more than
        the answer about the smaller set would.
        """
        for bit in _bits(mask):
            fewer = mask & ~bit
            for asked in (self.full & ~bit, fewer):
                if self._known(fewer) is None and self._known(asked) is None:
                    self._ask(asked)
            if self._known(fewer) is Status.SUFFICIENT:
                self._shrink(self._within(fewer))
                return

    def _known(self, mask: int) -> Status | None:
        if any(mask & one == one for one in self.sufficient):
            return Status.SUFFICIENT
        if any(mask & one == mask for one in self.insufficient):
            return Status.INSUFFICIENT
        return Status.UNDECIDED if mask in self.undecided else None

    def _within(self, mask: int) -> int:
        """Return a smallest known sufficient set within a sufficient set."""
        within = (one for one in self.sufficient if mask & one == one)
        return min(within, key=lambda one: (one.bit_count(), self._order(one)))

    def _ask(self, mask: int) -> Status:
        if self.asked == self.questions:
            return Status.NOT_ASKED
        self.asked += 1
        status = self._learned(mask, self.decide(frozenset(self._names(mask))))
        self._tell()
        return status

    def _learned(self, mask: int, answer: Answer) -> Status:
        if isinstance(answer, Undecided):
            self.undecided[mask] = answer.reason
            return Status.UNDECIDED
        if isinstance(answer, Sufficient):
            core = self._mask(answer.core)
            if core & ~mask:
                raise ValueError("the core of a proof is not within what it was proved from")
            self._consistent([core], list(self.insufficient))
            self.sufficient.append(core)
            return Status.SUFFICIENT
        satisfied = self._mask(answer.satisfied)
        if mask & ~satisfied:
            raise ValueError("a counterexample does not satisfy the hypotheses it was asked for")
        self._consistent(self.sufficient, [satisfied])
        self.insufficient[satisfied] = answer.countermodel
        return Status.INSUFFICIENT

    def _consistent(self, sufficient: list[int], insufficient: list[int]) -> None:
        for one in sufficient:
            for other in insufficient:
                if one & other == one:
                    raise Contradiction(
                        f"proved from {{{', '.join(self._names(one))}}}, but a counterexample "
                        f"satisfies {{{', '.join(self._names(other))}}}"
                    )

    def result(self) -> Sufficiency:
        minimal = [
            one
            for one in set(self.sufficient)
            if not any(one != other and one & other == other for other in self.sufficient)
        ]
        maximal = [
            one
            for one in self.insufficient
            if not any(one != other and one & other == one for other in self.insufficient)
        ]
        undecided = [mask for mask in self.undecided if self._known(mask) is Status.UNDECIDED]
        status = [self._known(mask) for mask in range(self.full + 1)]

        def smaller(mask: int) -> Iterator[int]:
            return (mask & ~bit for bit in _bits(mask))

        def larger(mask: int) -> Iterator[int]:
            return (mask | bit for bit in _bits(self.full & ~mask))

        return Sufficiency(
            self.pool,
            tuple(
                Extreme(
                    self._names(mask),
                    all(status[fewer] is Status.INSUFFICIENT for fewer in smaller(mask)),
                )
                for mask in sorted(minimal, key=lambda m: (m.bit_count(), self._order(m)))
            ),
            tuple(
                Extreme(
                    self._names(mask),
                    all(status[more] is Status.SUFFICIENT for more in larger(mask)),
                    self.insufficient[mask],
                )
                for mask in sorted(maximal, key=lambda m: (-m.bit_count(), self._order(m)))
            ),
            {
                self._names(mask): self.undecided[mask]
                for mask in sorted(undecided, key=lambda m: (-m.bit_count(), self._order(m)))
            },
            sum(known is None for known in status),
            self.asked,
            self.interrupted,
        )

    def _order(self, mask: int) -> tuple[int, ...]:
        """Sets of one size in the order in which the pool lists their members."""
        return tuple(k for k in range(len(self.pool)) if mask >> k & 1)

    def _names(self, mask: int) -> tuple[str, ...]:
        return tuple(self.pool[k] for k in self._order(mask))

    def _mask(self, names: Iterable[str]) -> int:
        return sum(1 << self.pool.index(name) for name in frozenset(names))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask &= mask - 1


class Search(Protocol):
    """What a search for a counterexample came to."""

    @property
    def refutation(self) -> Mapping[str, Any] | None:
        """A counterexample that was executed; ``hypotheses`` lists what holds in it."""

    @property
    def conclusion(self) -> str | None:
        """What fails in it, if executing it once more confirms that."""

    @property
    def reason(self) -> str | None:
        """Why there is none."""


def oracle_for(
    statement: Statement,
    sources: Sequence[Statement],
    pool: Sequence[str],
    refute: Callable[[Statement], Search],
    *,
    jobs: int = 1,
    cache: Cache | None = None,
    listener: Listener | None = None,
    certificates: Certificates | None = None,
) -> Oracle:
    """Return what decides whether hypotheses of a statement suffice for it.

    They do if the statement is proved without the others. They do not if there is a counterexample
    to the statement without the others. Hypotheses outside the pool are supposed in any case.

    Parameters
    ----------
    statement
        The statement with all its hypotheses.
    sources
        The statements that its lemmas come from, and those that theirs come from.
    pool
        Names of the hypotheses that may be dropped.
    refute
        Looks for a counterexample to a statement.
    jobs, cache, certificates
        As :func:`spi_verify.obligations.running.run` takes them.
    listener
        Told of a set of hypotheses when it starts (``True``) and ends (``False``).
    """
    witnesses: list[Structure] = []  # one of more hypotheses is one of fewer

    def decide(names: Names) -> Answer:
        dropped = [name for name in pool if name not in names]
        said = f"without {', '.join(dropped)}" if dropped else "with all hypotheses"
        if listener is not None:
            listener(said, True)
        try:
            return answer(names)
        finally:
            if listener is not None:
                listener(said, False)

    def answer(names: Names) -> Answer:
        reduced = statement
        for name in pool:
            if name not in names:
                reduced = reduced.without(name)
        outcome = run(
            [reduced, *sources],
            jobs=jobs,
            cache=cache,
            certificates=certificates,
            structures=witnesses,
            keep=True,
        )[0]
        if outcome.witness is not None and outcome.witness not in witnesses:
            witnesses.append(outcome.witness)
        result = outcome.result
        if result.consistency_open:
            return Undecided(result.reason or result.shown)
        if result.verdict is Verdict.PROVED:
            return Sufficient(names & set(result.hypotheses_used))
        if result.verdict is not Verdict.UNKNOWN:
            return Undecided(result.reason or str(result.verdict))
        search = refute(reduced)
        if search.refutation is None or search.conclusion is None:
            return Undecided(f"{result.reason}; {search.reason or 'no counterexample was found'}")
        holding = {check["name"] for check in search.refutation["hypotheses"]}
        return Insufficient(search.refutation, names | (holding & set(pool)))

    return decide
