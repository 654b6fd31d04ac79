"""``selection-transitive``: Definition 7's transitivity, for some sets of outcomes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from spi_verify.claims.about_sets import SetClaim
from spi_verify.claims.confirming.stated import require_same, require_same_text
from spi_verify.claims.confirming.stated_sets import stated_element, stated_player_of
from spi_verify.claims.deciding.looking import first_below
from spi_verify.claims.deciding.reached import shown_played
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.sets import EVERY, Sets, sets_of
from spi_verify.claims.words import texts_shown, who
from spi_verify.effort import spend
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.selections import Scoring, Selection, SelectionTable
from spi_verify.programs.language.terms import Element

MAX_LISTED = 10
MAX_SETS = 1000


class NotTransitive(ViolationKeys):
    """What is added weakly improves on what is selected, and then ``player`` gets less."""

    set: list[list[str]]
    added: list[list[str]]
    selected: list[str]
    selected_from_both: list[str]
    player: int
    before: str
    after: str


class SelectionTransitive(SetClaim, kw_only=True):
    """A selection function is transitive on some sets of outcomes."""

    selection: str
    sets: list[list[OutcomeReference]] | None = None
    outcomes: list[OutcomeReference] | None = None

    def check(self, instance: Instance) -> None:
        """Check that selection function and outcomes exist."""
        sets = sets_of(instance)
        self._selection(sets)
        self._family(sets)

    def decide(self, instance: Instance) -> Finding:
        """Select from every set, and from every two together."""
        sets = sets_of(instance)
        selection, base = self._selection(sets), sets.base
        family, elements = self._family(sets)
        payoffs = [base.payoffs(base.agreed(x)) for x in elements]
        chosen: dict[frozenset[int], tuple[list[str], Payoffs]] = {}

        def select(members: frozenset[int]) -> tuple[list[str], Payoffs]:
            if members not in chosen:
                played = base.select(selection, base.finite(elements[k] for k in members))
                chosen[members] = shown_played(sets, played), base.payoffs(played)
            return chosen[members]

        def shown_all(members: frozenset[int]) -> list[list[str]]:
            return [shown_played(sets, base.agreed(elements[k])) for k in sorted(members)]

        for small in family:
            picked, before = select(small)
            above = {k for k, u in enumerate(payoffs) if first_below(u, before) is None}
            spend(len(family))
            for added in family:
                if not added <= above:
                    continue
                from_both, after = select(small | added)
                worse = first_below(after, before)
                if worse is not None:
                    found = {
                        "violates": "not-transitive",
                        "set": shown_all(small),
                        "added": shown_all(added),
                        "selected": picked,
                        "selected_from_both": from_both,
                        "player": worse,
                        "before": str(before[worse - 1]),
                        "after": str(after[worse - 1]),
                    }
                    return Finding(found)
        return Finding()

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return two sets and a player who gets less from both together."""
        return {"not-transitive": NotTransitive}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Pick from the stated sets by comparing all scores."""
        v, sets = violation, sets_of(instance)
        small = [stated_element(sets, x) for x in v["set"]]
        added = [stated_element(sets, x) for x in v["added"]]
        self._require_listed(sets, small, added)
        selection = sets.selection(self.selection)
        picked = _pick(sets, selection, small)
        from_both = _pick(sets, selection, list(dict.fromkeys([*small, *added])))
        require_same_text("selected", v["selected"], _as_text(picked))
        require_same_text("selected_from_both", v["selected_from_both"], _as_text(from_both))
        before, after = (sets.base.payoffs(sets.base.agreed(x)) for x in (picked, from_both))
        for x in added:
            here = sets.base.payoffs(sets.base.agreed(x))
            if any(a < b for a, b in zip(here, before, strict=True)):
                raise Rejected(f"{_as_text(x)} does not weakly improve on what is selected")
        i = stated_player_of(sets, v)
        require_same(v, "before", before[i - 1])
        require_same(v, "after", after[i - 1])
        if not after[i - 1] < before[i - 1]:
            raise Rejected(f"player {i} does not get less")

    def _require_listed(self, sets: Sets, small: list[Any], added: list[Any]) -> None:
        """Reject sets that the claim is not about."""
        if not small or not added:
            raise Rejected("the sets are not empty")
        given = self.sets or [] if self.outcomes is None else [self.outcomes]
        base = sets.base
        listed = [[base.element(base.agreed(x)) for x in sets.elements(one)] for one in given]
        for part in (small, added):
            if self.outcomes is not None:
                fits = set(part) <= set(listed[0])
            else:
                fits = any(set(part) == set(members) for members in listed)
            if not fits:
                raise Rejected("the claim is not about these sets")

    def story(self, violation: Violation) -> str:
        """Tell what is selected from the one set, and from both together."""
        v = violation
        members = ", ".join(map(texts_shown, v["set"]))
        added = ", ".join(map(texts_shown, v["added"]))
        return (
            f"{self.selection} selects {texts_shown(v['selected'])} from {{{members}}}; {added} "
            f"weakly improves on it, and with that {texts_shown(v['selected_from_both'])} is "
            f"selected: {who(v)} gets {v['after']}, down from {v['before']}"
        )

    def _selection(self, sets: Sets) -> Selection:
        if self.selection in EVERY:
            raise InputError("name one selection function", where="selection")
        return sets.selection(self.selection)

    def _family(self, sets: Sets) -> tuple[list[frozenset[int]], list[Element]]:
        """Return the sets that the claim is about, by the numbers of their elements, and these.

        Raises
        ------
        InputError
            When there are none or too many, or an outcome does not exist.
        """
        if (self.sets is None) == (self.outcomes is None):
            raise InputError("give either sets, or outcomes of which all subsets are meant")
        if self.outcomes is not None:
            elements = list(sets.elements(self.outcomes))
            if not 1 <= len(elements) <= MAX_LISTED:
                what = f"1 to {MAX_LISTED} outcomes, not {len(elements)}"
                raise InputError(what, where="outcomes")
            numbers = range(len(elements))
            subsets = (
                frozenset(chosen)
                for size in range(1, len(elements) + 1)
                for chosen in itertools.combinations(numbers, size)
            )
            return list(subsets), elements
        assert self.sets is not None
        if not 1 <= len(self.sets) <= MAX_SETS:
            raise InputError(f"1 to {MAX_SETS} sets, not {len(self.sets)}", where="sets")
        found: dict[Element, int] = {}
        family = []
        for k, listed in enumerate(self.sets):
            with located(where=f"sets[{k}]"):
                members = sets.elements(listed)
                if not members:
                    raise InputError("a set has at least one outcome")
            family.append(frozenset(found.setdefault(x, len(found)) for x in members))
        return list(dict.fromkeys(family)), list(found)


def _pick(sets: Sets, selection: Selection, members: list[Any]) -> Any:
    """Return the choice from a finite set: the best score among the efficient, by one loop."""
    base = sets.base
    if isinstance(selection, SelectionTable):
        return selection.look_up(members)
    assert isinstance(selection, Scoring)
    paid = {x: base.payoffs(base.agreed(x)) for x in members}
    ideal = tuple(max(column) for column in zip(*paid.values(), strict=True))
    if sets.instance.correlated:
        ordered = sorted(paid, key=lambda x: paid[x], reverse=True)
    else:
        ordered = sorted(paid, key=base.game.index)
    best: Any = None
    for x in ordered:
        dominated = any(
            u != paid[x] and all(a >= b for a, b in zip(u, paid[x], strict=True))
            for u in paid.values()
        )
        if dominated:
            continue
        score = selection.score(paid[x], ideal)
        if best is None or score > best[0]:
            best = score, x
    return paid[best[1]] if sets.instance.correlated else best[1]


def _as_text(element: Any) -> list[str]:
    return [str(part) for part in element]


FORMS: tuple[type[Claim], ...] = (SelectionTransitive,)
