# file: segments.py
"""A kind of counterexample of one's own: feasible sets that are segments."""

import itertools

import z3

from spi_verify.counterexamples.drawing import Drawing, of_profiles
from spi_verify.counterexamples.kind import Check, Confirmation, Kind
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.rationals import format_profile, parse_rational
from spi_verify.theory import PAPER, same_formula
from spi_verify.theory.signature import Outcome, Player, u

i, j, a = z3.Const("i", Player), z3.Const("j", Player), z3.Const("a", Outcome)
EQUAL = z3.Exists([a], z3.And(PAPER.efficient(a), z3.ForAll([i, j], u(i, a) == u(j, a))))
CONVEX = PAPER.axiom("correlated_randomisation")


class Segments(Kind):
    """All mixtures of two payoff profiles of two players: {"ends": [["0", "1"], ["1", "0"]]}."""

    name = "segment"

    def applies(self, statement):
        """Return whether it claims that some efficient outcome pays everybody the same."""
        return same_formula(statement.goal.formula, EQUAL)

    def find(self, statement, bounds, notes):
        """Yield segments all of which pays player 2 more than player 1."""
        if bounds.game is not None:
            notes.append("segments are not looked for in a given game")
            return
        profiles = itertools.product(range(3), repeat=2)
        unequal = [list(map(str, profile)) for profile in profiles if profile[0] < profile[1]]
        for ends in itertools.combinations_with_replacement(unequal, 2):
            yield {"ends": list(ends)}

    def confirm(self, claimed, body):
        """Look at what is efficient: one end if it is better for both, else the whole segment."""
        statement, (p, q) = statement_of(claimed), ends_of(body)
        if not self.applies(statement):
            raise InputError("segments refute that an efficient outcome pays everybody the same")
        closed = [name for name in statement.definitions if not statement.theory[name].sorts]
        for name in (*claimed.definitions, *closed):
            raise Rejected(f"whether {name} holds for a segment is not checked")
        for hypothesis in statement.hypotheses:
            if not same_formula(hypothesis.formula, CONVEX):
                raise Rejected(f"the hypothesis {hypothesis.name} is not checked for segments")
        checks = [Check(h.name, "a segment is convex") for h in statement.hypotheses]
        gains = [after - before for before, after in zip(p, q, strict=True)]
        efficient = [q] if min(gains) >= 0 else [p] if max(gains) <= 0 else [p, q]
        differences = [first - second for first, second in efficient]
        if min(differences) <= 0 <= max(differences):
            raise Rejected("something efficient pays both the same")
        more, less = (2, 1) if differences[0] < 0 else (1, 2)
        conclusion = f"everything efficient pays player {more} more than player {less}"
        ends = " and ".join(map(format_profile, dict.fromkeys((p, q))))
        best = " to ".join(map(format_profile, efficient))
        story = (f"Feasible are all mixtures of {ends}.", f"Efficient is {best}.")
        return Confirmation(tuple(checks), conclusion, story)

    def size(self, body):
        """Return the number of different ends."""
        return (len({tuple(end) for end in body["ends"]}),)

    def drawing(self, claimed, body):
        """Return the segment."""
        return Drawing(CorrelatedPlay(of_profiles(body["ends"])))


def ends_of(body):
    """Return the two payoff profiles of a body."""
    ends = body.get("ends")
    shaped = isinstance(ends, list) and len(ends) == 2 and set(body) == {"ends"}
    if not shaped or any(not isinstance(end, list) or len(end) != 2 for end in ends):
        raise InputError("give two payoff profiles of two players", where="ends")
    with located(where="ends"):
        return [tuple(parse_rational(str(payoff)) for payoff in end) for end in ends]
