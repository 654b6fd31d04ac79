"""Finding a certificate of a step."""

from __future__ import annotations

from collections.abc import Sequence

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Refused, Term, Tree, subterms, told
from spi_verify.obligations.certificates.expressions import text_of, tree_of
from spi_verify.obligations.certificates.instances import Use, clause_of, instances_by_z3, needed
from spi_verify.obligations.certificates.refuting import Refuting
from spi_verify.obligations.certificates.theory import Unexplained


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
            uses = needed(step, instances_by_z3(step))
            if uses is None:
                raise Unexplained("no instances were found that contradict each other")
            for use in uses:
                step.clauses.add(*map(step.clauses.literal, clause_of(step, use)))
            items = [*map(_item, uses), *Refuting(step).found()]
            Step(commands).check(items)
    except Refused as refused:
        raise Unexplained(f"the checker refuses: {refused}") from None
    return items


def _item(use: Use) -> Tree:
    kind, number, terms = use
    return [kind, str(number), *map(tree_of, terms)]
