"""All instances over small terms, where no solver's triggers lead to those that are needed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Term, subterms
from spi_verify.obligations.certificates.instances import Use, clause_of, schemes

ROUNDS, MOST_EACH, MOST_TERMS = 4, 400, 24


def smallest_instances(step: Step) -> list[Use]:
    """Return instances over the smallest terms there are, and over those that they speak of."""
    language = step.language
    terms: dict[Term, None] = {}
    formulas: list[Term] = list(step.assertions)
    uses: dict[Use, None] = {}
    for _ in range(ROUNDS):
        for term in subterms(formulas):
            if term.sort != "Bool" and term.kind == "apply":
                terms[term] = None
        elements = [language.make("apply", (), sort, f"!{sort}") for sort in language.sorts]
        by_sort: dict[str, list[Term]] = {}
        for term in sorted(terms, key=lambda one: (_size(one), one.serial)):
            by_sort.setdefault(term.sort, []).append(term)
        for element in elements:
            by_sort.setdefault(element.sort, [element])
        formulas = []
        for use, slots in schemes(step):
            for chosen in _rows(slots, by_sort):
                new: Use = (use[0], use[1], chosen)
                if new not in uses:
                    uses[new] = None
                    formulas += clause_of(step, new)
    return list(uses)


def _rows(slots: Sequence[Term], by_sort: dict[str, list[Term]]) -> list[tuple[Term, ...]]:
    choices = [by_sort.get(slot.sort, [])[:MOST_TERMS] for slot in slots]
    rows = itertools.islice(itertools.product(*choices), 50 * MOST_EACH)
    return sorted(rows, key=lambda row: sum(map(_size, row)))[:MOST_EACH]


def _size(term: Term) -> int:
    return 1 + sum(map(_size, term.args))
