"""Whether a claim of a model file holds, by trying everything.

The answer is True, False, or None where trying everything is impossible and what was tried did
not refute the claim (claims about all lotteries, or about all selections from infinite sets).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

from oracle import correspondences, delegation, hull
from oracle.definition7 import is_renegotiation_function
from oracle.game import Game, Start, Values, number
from oracle.points import ZERO, at_least, dominates, piece, same
from oracle.programs import Functions, Profile
from oracle.selections import Every, Named, Select
from oracle.spaces import parse

Claim = Mapping[str, Any]
Answer = bool | str | None
"""Whether it holds; "vacuous" where what it assumes contradicts itself."""


class Oracle:
    """Everything that is asked about one model, at some values of its parameters.

    Parameters
    ----------
    data
        The plain data of the file, decimals as text.
    values
        The parameters' values.
    """

    def __init__(self, data: Mapping[str, Any], values: Values | None = None) -> None:
        self.data, self.values = data, values or {}
        self.game = Game(data, values)
        self.functions = Functions(data, self.game)

    def holds(self, claim: Claim) -> Answer:
        kind = claim["kind"]
        if kind == "spi":
            return self._spi(claim)
        if kind == "safe-improvement":
            return correspondences.holds(self.data, claim)
        if kind == "efficient-in-hull":
            return hull.holds(self.data, claim)
        if kind in delegation.KINDS:
            return delegation.holds(delegation.at(self.data, self.values), claim)
        return getattr(self, "_" + kind.replace("-", "_"))(claim)

    # Claims about renegotiation functions and the game.

    def _improves(self, claim: Claim, starts: Sequence[Start]) -> bool:
        rules = self.data["renegotiation"][claim["function"]]
        pairs = [(s.pays, self.game.image(rules, s)) for s in starts]
        return all(at_least(after, before) for before, after in pairs) and any(
            dominates(after, before) for before, after in pairs
        )

    def reachable(self) -> list[Start]:
        return self.game.starts(self.data.get("defaults", {}).get("reachable"))

    def _renegotiation_function(self, claim: Claim) -> bool:
        return self._improves(claim, self.game.starts(["any"]))

    def _spi(self, claim: Claim) -> Answer:
        if "profile" in claim:
            return self._for_selections(
                claim, claim["profile"], self._profile_improves(claim), extremes=True
            )
        return self._improves(claim, self.reachable())

    def _individually_rational_to_pmm(self, claim: Claim) -> bool:
        rules = self.data["renegotiation"][claim["function"]]
        return all(at_least(self.game.image(rules, s), self.game.pmm) for s in self.reachable())

    def _efficient(self, claim: Claim) -> bool:
        listed = {self.game.index(o) for o in claim["outcomes"]}
        return listed == {k for k, good in enumerate(self.game.efficient) if good}

    def _pmm(self, claim: Claim) -> bool:
        return self.game.pmm == tuple(number(u, self.values) for u in claim["payoffs"])

    def _pmp(self, claim: Claim) -> bool:
        player, start = claim["player"] - 1, self.game.start(claim["outcome"])
        if "outcomes" in claim:
            found = self.game.pmp_pure(player, start.pays)
            return found == {self.game.index(o) for o in claim["outcomes"]}
        ends = {tuple(number(u, self.values) for u in end) for end in claim["segment"]}
        return set(self.game.pmp_hull(player, start.pays)) == ends

    # Claims about profiles.

    def profile(self, name: str) -> Profile:
        return tuple(map(self.functions.code, self.data["profiles"][name]["functions"]))

    def defaults(self, name: str) -> list[Start]:
        given = self.data["profiles"][name].get("defaults")
        return self.reachable() if given is None else self.game.starts(given)

    def _profile_improves(self, claim: Claim) -> Callable[[Select], bool]:
        profile, starts = self.profile(claim["profile"]), self.defaults(claim["profile"])

        def improves(select: Select) -> bool:
            pairs = [(s.pays, self.functions.reached(profile, s, select)) for s in starts]
            return all(at_least(after, before) for before, after in pairs) and any(
                dominates(after, before) for before, after in pairs
            )

        return improves

    def _pmm_guarantee(self, claim: Claim) -> Answer:
        profile, starts = self.profile(claim["profile"]), self.defaults(claim["profile"])

        def guaranteed(select: Select) -> bool:
            reached = [(s.pays, self.functions.reached(profile, s, select)) for s in starts]
            return all(at_least(u, a) and at_least(u, self.game.pmm) for a, u in reached)

        return self._for_selections(claim, claim["profile"], guaranteed, extremes=True)

    def _for_selections(
        self,
        claim: Claim,
        profile: str,
        test: Callable[[Select], bool],
        extremes: bool = False,
    ) -> Answer:
        """Say whether the test passes for all selection functions that the claim is about."""
        given = claim.get("selection")
        if given is None:
            given = self.data["profiles"][profile].get("selection", "every")
        extremes = extremes and all(code[0] != "extension" for code in self.profile(profile))
        if given not in ("every", "every-transitive"):
            return test(Named(self.functions.space, parse(given)))
        return Every(self.functions.space, given == "every-transitive").passes(test, extremes)

    def agreed(self, claim: Claim, select: Select) -> Any:
        profile = self.profile(claim["profile"])
        return self.functions.agreement(profile, self.agreeing(claim), select)

    def agreeing(self, claim: Claim) -> Start:
        """Return the default outcome that a claim about an agreement is about."""
        if "outcome" in claim:
            return self.game.start(claim["outcome"])
        return self.defaults(claim["profile"])[0]

    def _agreement(self, claim: Claim) -> Answer:
        space, game = self.functions.space, self.game
        wanted: Any = None
        if "agreement" in claim:
            wanted = frozenset(game.index(o) for o in claim["agreement"])
        if "polygons" in claim:
            wanted = [piece(tuple(map(Fraction, u)) for u in p) for p in claim["polygons"]]

        def test(select: Select) -> bool:
            agreed = self.agreed(claim, select)
            if wanted is not None and not (
                same(agreed, wanted) if game.correlated else agreed == wanted
            ):
                return False
            if "selected" not in claim and "pays" not in claim:
                return True
            pays = space.pays(select(agreed)) if agreed else self.agreeing(claim).pays
            if "pays" in claim and pays != tuple(map(Fraction, claim["pays"])):
                return False
            if "selected" not in claim:
                return True
            said = game.start(claim["selected"])
            if game.correlated:
                return said.pays == pays
            return bool(said.name == (select(agreed) if agreed else self.agreeing(claim).name))

        return self._for_selections(claim, claim["profile"], test, extremes=True)

    def _set_valued_renegotiation_function(self, claim: Claim) -> Answer:
        code = self.functions.code(claim["function"])
        return is_renegotiation_function(self.functions, code, claim.get("player", 1) - 1)

    # Claims about a player's program given beliefs.

    def earned(self, name: str, player: int, code: Any, select: Select) -> Fraction:
        profile = self.profile(name)
        profile = (*profile[:player], code, *profile[player + 1 :])
        (start,) = self.defaults(name)
        return self.functions.reached(profile, start, select)[player]

    def differences(self, claim: Claim, select: Select) -> list[Fraction]:
        """Return for each profile how much more the program with ``function`` earns."""
        player = claim["player"] - 1
        ours, other = (self.functions.code(claim[key]) for key in ("function", "over"))
        return [
            self.earned(b["profile"], player, ours, select)
            - self.earned(b["profile"], player, other, select)
            for b in claim["beliefs"]
        ]

    def _prefers(self, claim: Claim) -> Answer:
        def test(select: Select) -> bool:
            by = Fraction(claim.get("by", 0))
            found = self.differences(claim, select)
            if "exactly" in claim:
                ends = [Fraction(w) for w in claim["exactly"]]
                return interval(found[0] - by, found[1] - by) == ends
            weights = [Fraction(b["weight"]) for b in claim["beliefs"]]
            return sum((w * d for w, d in zip(weights, found, strict=True)), ZERO) >= by

        return self._for_selections(claim, claim["beliefs"][0]["profile"], test)

    def _pmp_extension_safe(self, claim: Claim) -> Answer:
        player = claim["player"] - 1
        answers = [
            self._for_selections(
                claim, name, lambda select, name=name: self._safe(name, player, select)
            )
            for name in claim["profiles"]
        ]
        return _all(answers)

    def _safe(self, name: str, player: int, select: Select) -> bool:
        profile = self.profile(name)
        extended = _extended(profile, player)
        return all(
            self.functions.reached(extended, s, select)[player]
            >= self.functions.reached(profile, s, select)[player]
            for s in self.defaults(name)
        )

    def _pmp_extension_unpunished(self, claim: Claim) -> Answer:
        player = claim["player"] - 1
        answers: list[Answer] = []
        for name in claim["profiles"]:
            profile = self.profile(name)
            answer = self._for_selections(
                claim, name, lambda select, p=profile: self._unpunished(p, player, select)
            )
            if answer and self.game.correlated and not self._oblivious(profile, player):
                answer = None
            answers.append(answer)
        return _all(answers)

    def _unpunished(self, profile: Profile, player: int, select: Select) -> bool:
        space, extended = self.functions.space, _extended(profile, player)
        lotteries = [] if self._oblivious(profile, player) else self.lotteries()
        for s in [*space.starts(), *lotteries]:
            reached = self.functions.reached(profile, s, select)
            allowed = space.projection(player, reached)
            for j in self.game.players:
                if j != player:
                    before = self.functions.value(profile, j, s, select)
                    after = self.functions.value(extended, j, s, select)
                    if not space.inside(before, after):
                        return False
                    if not space.inside(after, space.either(before, allowed)):
                        return False
        return True

    def lotteries(self) -> Iterator[Start]:
        """Return some lotteries that have no name, in correlated play."""
        if self.game.correlated:
            for u, v in islice(combinations(sorted(set(self.game.pays)), 2), 3):
                for t in (Fraction(1, 2), Fraction(1, 5)):
                    yield Start(None, tuple(x + t * (y - x) for x, y in zip(u, v, strict=True)))

    def _oblivious(self, profile: Profile, player: int) -> bool:
        """Say whether no other function can depend on the player's."""
        return all(_never_reads(code) for j, code in enumerate(profile) if j != player)

    # Claims about selection functions.

    def _selection_transitive(self, claim: Claim) -> bool:
        space = self.functions.space
        if "sets" in claim:
            sets = [space.listed(refs, ()) for refs in claim["sets"]]
        else:
            single = [space.listed([o], ()) for o in claim["outcomes"]]
            sets = []
            for picked in product((False, True), repeat=len(single)):
                if any(picked):
                    union = space.nothing
                    for one, used in zip(single, picked, strict=True):
                        union = space.either(union, one) if used else union
                    sets.append(union)
        select = Named(space, parse(claim["selection"]))
        for s, t in product(dict.fromkeys(sets), repeat=2):
            before = space.pays(select(s))
            improves = all(at_least(u, before) for u in space.members(t))
            if improves and not at_least(space.pays(select(space.either(s, t))), before):
                return False
        return True


def interval(first: Fraction, second: Fraction) -> list[Fraction]:
    """Return the ends of {w in [0, 1]: w·first + (1 - w)·second >= 0}; [] if it is empty."""
    if first >= 0 and second >= 0:
        return [Fraction(0), Fraction(1)]
    if first < 0 and second < 0:
        return []
    root = second / (second - first)
    return [root, Fraction(1)] if first >= 0 else [Fraction(0), root]


def _extended(profile: Profile, player: int) -> Profile:
    return (*profile[:player], ("extension", profile[player]), *profile[player + 1 :])


def _never_reads(code: Any) -> bool:
    if code[0] == "parts":
        return all(not dict(part)["against"] and not dict(part)["unless"] for part in code[1])
    return code[0] == "term" and not any(w in repr(code) for w in ("'is'", "'tagged'"))


def _all(answers: Sequence[Answer]) -> Answer:
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True
