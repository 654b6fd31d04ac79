"""Finding a certificate of a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Refused, Tree, told
from spi_verify.obligations.certificates.abbreviating import abbreviated
from spi_verify.obligations.certificates.cvc5_instances import instances_by_cvc5
from spi_verify.obligations.certificates.expressions import tree_of
from spi_verify.obligations.certificates.instances import Use, clause_of, instances_by_z3, needed
from spi_verify.obligations.certificates.refuting import Refuting
from spi_verify.obligations.certificates.smallest import smallest_instances
from spi_verify.obligations.certificates.theory import Unexplained

FEW_UNITS, Z3_UNITS, CVC5_UNITS = 300_000, 1_500_000, 150_000
SEEDS = range(1, 6)


def certificate(commands: Sequence[Tree]) -> list[Tree]:
    """Return the items of a certificate of a step that the checker accepts.

    Parameters
    ----------
    commands
        Its SMT-LIB commands, as trees.

    Raises
    ------
    Unexplained
        When none is found; the message says what gave up.
    """
    try:
        with told():
            step = Step(commands)
            uses = _instances(step)
            for use in uses:
                step.clauses.add(*map(step.clauses.literal, clause_of(step, use)))
            items = abbreviated([*map(_item, uses), *Refuting(step).found()])
            Step(commands).check(items)
    except Refused as refused:
        raise Unexplained(f"the checker refuses: {refused}") from None
    return items


def _instances(step: Step) -> list[Use]:
    """Return a minimal list of instances that contradict each other; asks both solvers."""
    ways: list[Callable[[], list[Use]]] = [
        lambda: instances_by_z3(step, FEW_UNITS),
        lambda: instances_by_cvc5(step, CVC5_UNITS, enumerated=False),
        lambda: instances_by_cvc5(step, CVC5_UNITS, enumerated=True),
        lambda: smallest_instances(step),
        *(partial(instances_by_z3, step, FEW_UNITS, seed=seed) for seed in SEEDS),
        lambda: instances_by_z3(step, Z3_UNITS),
    ]
    for way in ways:
        uses = needed(step, way())
        if uses is not None:
            return uses
    raise Unexplained("no instances were found that contradict each other")


def _item(use: Use) -> Tree:
    kind, number, terms = use
    return [kind, str(number), *map(tree_of, terms)]
