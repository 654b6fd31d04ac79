"""The solver's world against the executed one: a frame's tables hold what its programs do.

Unknowns get random values. The frame decodes them to programs, these run, and what they play,
offer, agree on and earn has to be what the frame's tables say at these values, entry by entry.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.finding.frames.frame import Slot
from spi_verify.counterexamples.programs.finding.frames.payoffs import MixedFrame, PayoffFrame
from spi_verify.counterexamples.programs.finding.frames.renegotiation import RenegotiationFrame
from spi_verify.counterexamples.programs.finding.frames.sets import SetFrame
from spi_verify.counterexamples.programs.finding.symbolic import Choice, Unknowns, read
from spi_verify.counterexamples.programs.finding.worlds import shapes
from spi_verify.errors import Rejected
from spi_verify.games import Game
from spi_verify.papers.definitions import variant
from spi_verify.theory import PAPER, signature
from spi_verify.theory.evaluate import holds

ELSEWHERE = {
    "rn": z3.Const("rn", signature.Renegotiation),
    "announced": z3.Const("announced", signature.SetFunctions),
    "is_extension": z3.Function("is_extension", signature.SetFunction, z3.BoolSort()),
    "unextended": z3.Function("unextended", signature.SetFunction, signature.SetFunction),
}
"""What only statements and variants have a name for."""


class Compared:
    """A frame at random values, and the structure that its programs are."""

    def __init__(self, frame, rng, *, payoffs=(0, 1, 2), likely=0.5):
        self.frame, self.rng = frame, rng
        self.unknowns = frame.unknowns
        theory = frame.theory
        self.entries = {n: self.rows(n) for n in sorted(self.unknowns.tables) if n not in theory}
        if isinstance(frame, SetFrame):
            for bits in itertools.product([False, True], repeat=len(frame.outcomes)):
                for s in range(frame.selections):
                    frame.chosen(bits, s)
        self.model = self.random_values(payoffs, likely)
        self.scenario = frame.scenario(self.model)
        self.induced = Induced(self.scenario, frame.theory)
        self.payoff_profiles = self.induced.payoff_profiles
        self.programs = self.program_numbers()

    # The frame's side

    def sorts(self, name):
        if name in self.frame.theory:
            return [sort.name() for sort in self.frame.theory[name].sorts]
        function = ELSEWHERE.get(name, getattr(signature, name, None))
        if not isinstance(function, z3.FuncDeclRef):
            return []
        return [function.domain(k).name() for k in range(function.arity())]

    def rows(self, name):
        domains = self.unknowns.domains
        sorts = self.sorts(name)
        if not set(sorts) <= set(domains):
            return {}
        rows = {}
        for row in itertools.product(*(domains[sort] for sort in sorts)):
            try:
                rows[row] = self.unknowns.tables[name](*row)
            except LookupError:
                return {}
        return rows

    def table(self, name):
        """The table of a function or predicate for all arguments."""
        if name not in self.entries:
            self.entries[name] = self.rows(name)
        return self.entries[name]

    def reads(self, name):
        """The truth value of a closed definition in the frame at the values."""

        def known(symbol):
            found = {}

            def value(*row):
                if row not in found:
                    found[row] = self.known(self.unknowns.tables[symbol](*row))
                return found[row]

            return value

        tables = {symbol: known(symbol) for symbol in self.unknowns.tables}
        return read(self.frame.theory.axiom(name), Unknowns(self.unknowns.domains, tables))

    def random_values(self, payoffs, likely):
        """Random values of the unknowns that make the programs what they are meant to be."""
        frame, rng = self.frame, self.rng
        solver = z3.Solver()
        solver.add(frame.required(), frame.settled())
        names = sorted(frame.free, key=lambda name: (not name.startswith("u["), rng.random()))
        for name in names:
            variable = frame.free[name]
            wanted = rng.random() < likely if z3.is_bool(variable) else rng.choice(payoffs)
            solver.push()
            solver.add(variable == _constant(wanted))
            if solver.check() != z3.sat:
                solver.pop()
        assert solver.check() == z3.sat
        self.z3_model = solver.model()
        assert self.known(frame.settled()) is True
        return {name: self.known(variable) for name, variable in frame.free.items()}

    def known(self, value):
        """What an entry is at the values."""
        if isinstance(value, tuple):
            return tuple(map(self.known, value))
        if isinstance(value, Choice):
            chosen = [element for element, guard in value.cases if self.known(guard)]
            assert len(chosen) == 1, value
            return chosen[0]
        if not z3.is_expr(value):
            return value
        found = self.z3_model.eval(value, model_completion=True)
        if z3.is_bool(found):
            assert z3.is_true(found) or z3.is_false(found)
            return z3.is_true(found)
        return Fraction(str(found))

    # From the frame's elements to those of the executed structure

    def program_numbers(self):
        numbers = []
        for c, slot in enumerate(self.frame.slots):
            code = self.frame.program(c, self.model)
            assert (slot.player, code) in self.induced.programs
            numbers.append(self.induced.programs.index((slot.player, code)))
        return numbers

    @property
    def distinct(self):
        """Whether no two slots hold the same program."""
        return len(set(self.programs)) == len(self.programs)

    @property
    def everything_listed(self):
        return self.distinct and len(self.programs) == len(self.induced.programs)

    def element(self, sort, element, player=None):
        """The number of a frame's element in the executed structure."""
        frame, induced = self.frame, self.induced
        if sort == "Outcome":
            if isinstance(frame, MixedFrame):
                paid = tuple(Fraction(self.known(frame.payoff(i, element))) for i in frame.players)
                return list(map(induced.base.payoffs, induced.outcomes)).index(paid)
            return induced.outcomes.index(frame.names(element))
        if sort == "Action":
            return induced.actions.index(frame.action_name(player, element))
        if sort == "Program":
            return self.programs[element]
        if sort == "Profile":
            chosen = tuple(self.programs[c] for c in frame.profiles[element])
            return induced.profiles.index(chosen)
        if sort == "SetFunction":
            i, what, number = frame.functions[element]
            return induced.set_functions.index((i, frame.decoded(i, what, self.model, number)))
        if sort == "SetFunctions":
            chosen = tuple(self.element("SetFunction", k) for k in frame.function_profiles[element])
            return induced.function_profiles.index(chosen)
        if sort == "OutcomeSet":
            members = [frame.names(x) for x, bit in enumerate(element) if bit]
            return induced.sets.index(induced.base.finite(map(induced.base.element, members)))
        if sort == "Payoffs":
            paid = (self.known(frame.profile_payoff(i, element)) for i in frame.players)
            return self.payoff_profiles.index(tuple(map(Fraction, paid)))
        if sort == "Renegotiation":
            return induced.maps.index(frame.decoded_map(self.model, element))
        assert sort in ("Player", "Position", "Selection")
        return element

    def result_sort(self, name):
        if name in self.frame.theory:
            return "Bool"
        function = ELSEWHERE.get(name, getattr(signature, name, None))
        sort = function.range() if isinstance(function, z3.FuncDeclRef) else function.sort()
        return sort.name()

    def differences(self, name, outcomes=None):
        """Where a table of the frame and the programs say different things.

        ``outcomes`` are those at which it is looked at; all of them, where it is None.
        """
        sorts, result = self.sorts(name), self.result_sort(name)
        found = []
        for row, entry in self.table(name).items():
            if name == "plays" and self.frame.slots[row[1]].player != row[0]:
                continue
            if outcomes is not None and "Outcome" in sorts and row[-1] not in outcomes:
                continue
            player = row[0] if sorts and sorts[0] == "Player" else None
            arguments = tuple(
                self.element(sort, element, player)
                for sort, element in zip(sorts, row, strict=True)
            )
            mine = self.known(entry)
            if result not in ("Bool", "Real"):
                mine = self.element(result, mine, player)
            theirs = self.induced.structure.tables[name][arguments]
            if mine != theirs:
                found.append((name, row, mine, theirs))
        return found


def _constant(value):
    return z3.BoolVal(value) if isinstance(value, bool) else z3.RealVal(str(value))


BASIC = {
    "action",
    "available",
    "default",
    "defaults",
    "in_default_set",
    "outcome",
    "plays",
    "pmm",
    "program",
    "replace",
    "u",
    "efficient",
    "weakly_improves",
    "pmp",
    "player_at",
    "next_to",
    "reached",
    "first",
    "last",
}
BELIEFS = {"believed", "expected"}
RENEGOTIATION = {"in_rn", "rn_of", "improved", "rn", "renegotiation_function", "transformed"}
RENEGOTIATION |= {"others_renegotiate", "others_agree"}
SETS = {"in_csr", "set_function", "component", "functions", "offers", "member", "agreement"}
SETS |= {"selected", "renegotiated", "sel", "nonempty", "selection_function", "transitive"}
SETS |= {"set_valued_renegotiation_function", "others_csr", "is_extension", "unextended"}


NOT_AT_ONE_OUTCOME = {"set_valued_renegotiation_function"}
CLOSED = {
    "replacement",
    "profiles_are_tuples",
    "default_profile",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "programs_see_counterparts",
    "projections_nonempty",
    "projections_meet",
}
CLOSED_RENEGOTIATION = {"algorithm_1", "renegotiation_programs", "default_or_rn"}
CLOSED_SETS = {
    "algorithm_2",
    "agreement_set",
    "renegotiation_outcome",
    "function_profile",
    "function_profiles_are_tuples",
    "set_functions_see_counterparts",
    "csr_programs",
    "default_or_csr",
    "assumption_9_i",
    "assumption_9_ii",
}


def compare(compared, wanted, closed=frozenset(), outcomes=None):
    """Hold tables and closed definitions against the programs."""
    for name in sorted(wanted):
        assert compared.table(name), name
        assert not compared.differences(name, outcomes), compared.scenario.to_data()
    for name in sorted(closed):
        axiom = compared.frame.theory.axiom(name)
        assert compared.reads(name) is holds(axiom, compared.induced.structure), name


def certain(frame, rng, whats=("constant",)):
    """Random certain beliefs."""
    own = [
        [c for c, s in enumerate(frame.slots) if s.player == i and s.what in whats]
        for i in frame.players
    ]
    return tuple(tuple(rng.choice(cs) for cs in own) for _ in frame.players)


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 3), (2, 2), (1, 1, 1), (2, 1, 2)])
def test_a_frame_of_payoffs_is_its_game(shape):
    for seed in range(3):
        frame = PayoffFrame(shape, (1,) * len(shape), PAPER)
        compared = Compared(frame, random.Random(seed), payoffs=(-1, 0, 1, Fraction(1, 2)))
        compare(compared, BASIC, {"projections_nonempty", "projections_meet"})


def test_payoff_profiles_are_those_of_outcomes_the_pmm_and_any_others():
    for seed in range(3):
        frame = PayoffFrame((2, 2), (1, 1), PAPER, profiles_listed=2)
        compared = Compared(frame, random.Random(seed))
        assert len(compared.scenario.profiles) == 2
        compare(compared, {"payoff", "payoffs_of", "pmm_payoffs", "feasible", "in_pareto_meet"})


@pytest.mark.parametrize("shape", [(2, 1), (3, 1), (2, 2), (3, 1, 1)])
def test_where_lotteries_are_feasible_points_are_efficient_as_among_all_lotteries(shape):
    for seed in range(3):
        frame = MixedFrame(shape, PAPER, None, profiles_listed=1)
        compared = Compared(frame, random.Random(seed))
        assert compared.scenario.correlated
        compare(compared, {"u", "pmm", "efficient", "weakly_improves", "payoff"})


def test_f_takes_default_programs_anywhere_where_nothing_is_said_of_it():
    moved = 0
    for seed in range(4):
        frame = RenegotiationFrame((2, 2), (2, 2), PAPER, plain=True)
        compared = Compared(frame, random.Random(seed))
        moved += compared.scenario.f not in ((), compared.scenario.defaults)
        compare(compared, BASIC | {"transformed"})
    assert moved


@pytest.mark.long
@pytest.mark.parametrize("shape", [(3, 1), (2, 2), (1, 3, 1)])
def test_programs_with_several_renegotiation_functions_are_what_they_do(shape):
    seen = 0
    for seed in range(6):
        frame = RenegotiationFrame(shape, shape, PAPER, count=2)
        compared = Compared(frame, random.Random(seed))
        if compared.distinct:
            wanted = (BASIC | RENEGOTIATION) - {"rn_of", "others_agree"}  # arbitrary for some
            compare(compared, wanted, CLOSED_RENEGOTIATION)
            seen += 1
    assert seen


@pytest.mark.long
@pytest.mark.parametrize("shape", [(3, 1), (2, 2)])
def test_programs_with_several_functions_are_what_they_do(shape):
    seen = 0
    for seed in range(4):
        frame = SetFrame(shape, (1, 1), PAPER, extensions=False, count=2, selections=2)
        compared = Compared(frame, random.Random(seed))
        scenario = compared.scenario
        if compared.distinct and scenario.selection not in scenario.other_selections:
            compare(compared, (BASIC | SETS) - {"is_extension", "unextended"}, CLOSED_SETS)
            seen += 1
    assert seen


def test_selection_functions_alone_pick_what_their_tables_say():
    frame = SetFrame((3, 1), (1, 1), PAPER, extensions=False, count=0, selections=3)
    compared = Compared(frame, random.Random(0))
    compare(compared, {"selected", "selection_function", "transitive", "member", "nonempty", "sel"})


def renegotiating(shape, constants, seed, **options):
    rng = random.Random(seed)
    frame = RenegotiationFrame(shape, constants, PAPER, **options)
    frame.beliefs = certain(frame, rng, ("constant", "reader", "wrap"))
    return Compared(frame, rng)


@pytest.mark.parametrize(
    ("shape", "constants"),
    [((2, 1), (2, 1)), ((2, 2), (1, 2)), ((1, 3), (1, 3)), ((2, 1, 2), (1, 1, 2))],
)
@pytest.mark.parametrize("with_rn", [False, True])
def test_a_frame_of_renegotiation_programs_is_what_they_do(shape, constants, with_rn):
    for seed in range(2):
        compared = renegotiating(shape, constants, seed, with_rn=with_rn)
        assert compared.everything_listed
        if with_rn:
            compare(compared, BASIC | BELIEFS | RENEGOTIATION, CLOSED | CLOSED_RENEGOTIATION)
        else:
            compare(compared, BASIC | BELIEFS, CLOSED)


@pytest.mark.long
@pytest.mark.parametrize(("shape", "constants"), [((2, 2), (2, 2)), ((2, 2), (1, 2))])
@pytest.mark.parametrize("with_rn", [False, True])
def test_readers_play_what_the_frame_says_against_whom_they_recognise(shape, constants, with_rn):
    seen = 0
    for seed in range(12):
        compared = renegotiating(shape, constants, seed, with_readers=True, with_rn=with_rn)
        if compared.distinct:
            compare(compared, (BASIC | BELIEFS) - {"pmp", "efficient", "pmm"})
            seen += 1
    assert seen >= 2


def test_with_three_players_readers_look_at_the_next_player():
    seen = 0
    for seed in range(8):
        compared = renegotiating((2, 2, 2), (1, 2, 1), seed, with_readers=True, with_rn=False)
        if compared.distinct:
            compare(compared, {"outcome", "plays", "expected", "default"})
            seen += 1
    assert seen >= 2


def test_frames_with_a_given_game_have_its_payoffs_and_names():
    table = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
    game = Game.from_payoffs(table, actions=[["up", "low"], ["left", "right"]])
    rng = random.Random(1)
    frame = RenegotiationFrame((2, 2), (2, 2), PAPER, game)
    frame.beliefs = certain(frame, rng)
    compared = Compared(frame, rng)
    compare(compared, BASIC | BELIEFS | RENEGOTIATION, CLOSED)
    assert compared.scenario.game == game
    game = Game.from_payoffs([[[2, 1]], [[0, 5]], [[2, 2]]], actions=[["x", "y", "z"], ["1"]])
    frame = SetFrame((3, 1), (2, 1), PAPER, game)
    frame.beliefs = certain(frame, rng, ("constant", "base", "extension"))
    compared = Compared(frame, rng)
    compare(compared, BASIC | BELIEFS | SETS)
    assert compared.scenario.game == game


def with_sets(shape, constants, seed, theory=PAPER, likely=0.5, **options):
    rng = random.Random(seed)
    frame = SetFrame(shape, constants, theory, **options)
    frame.beliefs = certain(frame, rng, ("constant", "base", "extension"))
    return Compared(frame, rng, likely=likely)


@pytest.mark.long
@pytest.mark.parametrize(
    ("shape", "constants"), [((2, 1), (2, 1)), ((3, 1), (1, 1)), ((2, 2), (1, 2))]
)
@pytest.mark.parametrize("conditional", [(), (0,), (0, 1)])
def test_a_frame_of_csr_programs_is_what_they_do(shape, constants, conditional):
    for seed in range(2):
        compared = with_sets(shape, constants, seed, conditional=conditional)
        assert compared.everything_listed
        compare(compared, BASIC | BELIEFS | SETS, CLOSED | CLOSED_SETS)


def test_extensions_of_the_frame_are_extensions():
    for seed in range(3):
        compared = with_sets((2, 1), (1, 1), seed)
        compare(compared, {"pmp_extension"})
        rows = compared.table("pmp_extension").items()
        assert sum(compared.known(entry) for _, entry in rows) >= 2


@pytest.mark.parametrize("conditional", [(), (0,), (0, 1)])
def test_without_extensions_there_are_the_functions_only(conditional):
    for seed in range(2):
        compared = with_sets((3, 1), (2, 1), seed, conditional=conditional, extensions=False)
        compare(compared, (BASIC | BELIEFS | SETS) - {"set_valued_renegotiation_function"})


@pytest.mark.parametrize("conditional", [(), (1,), (0, 1, 2)])
def test_three_players_and_their_extensions(conditional):
    compared = with_sets((2, 1, 1), (1, 1, 1), 5, conditional=conditional, likely=0.8)
    compare(compared, BASIC | BELIEFS | SETS)


@pytest.mark.parametrize(("shape", "constants"), [((2, 1), (2, 1)), ((2, 2), (2, 2))])
def test_announced_functions_are_those_of_the_transformed_programs(shape, constants):
    for seed in range(2):
        compared = with_sets(shape, constants, seed, extensions=False, announced=True, likely=0.7)
        wanted = BASIC | BELIEFS | SETS | {"announced", "transformed"}
        compare(compared, wanted - {"set_valued_renegotiation_function"})


@pytest.mark.parametrize("name", ["everywhere", "unconditional"])
@pytest.mark.parametrize("conditional", [(), (0,), (0, 1)])
def test_changed_extensions_that_are_recipes_offer_what_their_code_offers(name, conditional):
    theory = variant([f"pmp_extension={name}"])
    for seed in range(2):
        compared = with_sets((2, 1), (1, 1), seed, theory, 0.6, conditional=conditional)
        compare(compared, BASIC | BELIEFS | SETS | {"pmp_extension"}, CLOSED_SETS)


@pytest.mark.long
@pytest.mark.parametrize("conditional", [(), (0,), (0, 1)])
def test_extensions_against_extensions_only_are_their_code_at_the_default_outcome(conditional):
    # At other outcomes, from which nobody renegotiates, the formula adds nothing and the code does.
    theory = variant(["pmp_extension=extension_only"])
    for seed in range(4):
        compared = with_sets((3, 1), (1, 1), seed, theory, 0.6, conditional=conditional)
        compare(compared, BASIC | BELIEFS | SETS - NOT_AT_ONE_OUTCOME, outcomes={0})


@pytest.mark.parametrize("conditional", [(), (0,), (0, 1)])
def test_changed_extensions_that_no_code_carries_out_are_tables(conditional):
    theory = variant(["pmp_extension=final_outcome"])
    for seed in range(2):
        compared = with_sets((2, 1), (1, 1), seed, theory, 0.6, conditional=conditional)
        # Which function extends which is what the solver is asked; the code does not say.
        compare(compared, (BASIC | BELIEFS | SETS) - {"is_extension", "unextended"})


def test_the_equilibrium_is_the_profile_of_its_slots():
    rng = random.Random(3)
    frame = SetFrame((3, 1), (1, 1), PAPER)
    frame.equilibrium = tuple(
        frame.slots.index(Slot(*slot)) for slot in [(0, "base", 0), (1, "constant", 0)]
    )
    frame.beliefs = certain(frame, rng)
    compare(Compared(frame, rng), {"equilibrium"})


# Optimality: the frame compares with bounds on all programs, execution with the programs


def optimal_pairs(compared):
    for (i, c), entry in compared.table("optimal").items():
        if compared.frame.slots[c].player != i:
            continue
        try:
            truth = compared.induced.structure.tables["optimal"][(i, compared.programs[c])]
        except Rejected:
            continue
        yield compared.known(entry), truth


@pytest.mark.long
@pytest.mark.parametrize("kind", ["renegotiation", "sets"])
def test_what_the_frame_calls_optimal_is_a_best_response_among_all_programs(kind):
    seen = []
    for seed in range(12):
        if kind == "renegotiation":
            compared = renegotiating((2, 2), (2, 1), seed)
        else:
            compared = with_sets((2, 2), (2, 1), seed, extensions=seed % 2 == 0)
        seen += optimal_pairs(compared)
    assert not [pair for pair in seen if pair == (True, False)]
    assert seen.count((True, True)) > 10
    assert seen.count((False, False)) > 10


# Shapes, and what makes payoffs small


def test_shapes_come_once_up_to_the_order_of_players_smallest_first():
    found = list(shapes(3, 4))
    assert found == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (2, 2),
        (1, 1, 1),
        (2, 1, 1),
        (3, 1, 1),
        (4, 1, 1),
        (2, 2, 1),
    ]
    assert list(shapes(2, 2)) == [(1, 1), (2, 1)]


def test_small_payoffs_are_integers_up_to_the_bound():
    frame = PayoffFrame((2, 1), (1, 1), PAPER)
    variables = [frame.payoff(i, a) for i in frame.players for a in range(2)]
    for value, largest, fits in [
        ("0", 1, True),
        ("1", 1, True),
        ("2", 1, False),
        ("2", 2, True),
        ("1/2", 2, False),
        ("-1", 2, False),
    ]:
        values = [(v, z3.RealVal(0)) for v in variables[1:]]
        values.append((variables[0], z3.RealVal(value)))
        found = z3.simplify(z3.substitute(frame.small_payoffs(largest), *values))
        assert z3.is_true(found) is fits


def test_unknown_elements_have_just_one_value():
    frame = RenegotiationFrame((2, 1), (1, 1), PAPER)
    guards = [guard for _, guard in frame.image(0).cases]
    assert len(guards) == 2
    for one, other in itertools.product((True, False), repeat=2):
        values = list(zip(guards, map(z3.BoolVal, (one, other)), strict=True))
        settled = z3.simplify(z3.substitute(frame.settled(), *values))
        assert z3.is_true(settled) is (one != other)
