"""The formulas of selection functions against the executable ones, and seeded errors in them."""

from __future__ import annotations

import inspect
import itertools
import random
import re
import textwrap
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cache, partial

import pytest
import z3

from spi_verify.counterexamples.sets.example import selection_function
from spi_verify.counterexamples.sets.structure import SelectionStructure
from spi_verify.games import Game
from spi_verify.obligations.running import _formulas
from spi_verify.papers.loading import load
from spi_verify.programs import PureBase
from spi_verify.programs.deciding.checking import check_selection
from spi_verify.shipped import shipped
from spi_verify.solvers import Status, ask_both
from spi_verify.solvers.smtlib import render, script
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import holds, why_not
from spi_verify.theory.selections import SELECTION_DEFINITIONS
from spi_verify.theory.signature import sel
from spi_verify.verdicts import Verdict

NAMES = (
    "lexicographic",
    "utilitarian",
    "leximin",
    "maxmin",
    "nash",
    "nash-interior",
    "kalai-smorodinsky",
)


def no_tie(world):
    return not any(
        world.dominates(x, a) and world.score(s, x) == world.score(s, a)
        for s in world.sets
        for x, a in itertools.permutations(s, 2)
    )


def above_dominated(world):
    return all(
        world.score(s, x) > world.score(s, a)
        for s in world.sets
        for x, a in itertools.permutations(s, 2)
        if world.dominates(x, a)
    )


def extensions(world):
    """Yield the pairs of sets of which the larger adds improvements on what is selected."""
    for s, c in itertools.product(filter(None, world.sets), world.sets):
        if set(s) <= set(c):
            chosen = world.select(s)
            if all(x in s or world.improves(x, chosen) for x in c):
                yield s, c


def ranking_kept(world):
    def sign(s, x, a):
        one, other = world.score(s, x), world.score(s, a)
        return (one > other) - (one < other)

    pairs = extensions(world)
    return all(sign(s, x, a) == sign(c, x, a) for s, c in pairs for x in s for a in s)


def below(world, worst):
    rows = zip(*world.payoffs, strict=True)
    return all(min(row) - d > worst for row, d in zip(rows, world.disagreement, strict=True))


SUPPOSED = {
    "criterion_is_an_order": lambda world: True,
    "criterion_kept": ranking_kept,
    "disagreement_strictly_below": lambda world: below(world, 0),
    "disagreement_weakly_below": lambda world: below(world, Fraction(-1, 1000)),
    "domination_is_better": above_dominated,
    "ideal_point_kept": lambda world: all(
        world.ideal(s) == world.ideal(c) for s, c in extensions(world)
    ),
    "no_tie_under_domination": no_tie,
}
"""What closed formulas say that a world need not satisfy."""


def statements(theory=PAPER):
    suite = load(shipped("proofs") / "program_games" / "sel_transitive.py", theory)
    return {statement.id: statement for statement in suite}


@cache
def worlds():
    """Return for each selection function structures in which it is executed, with the game."""
    rng = random.Random(1)
    built = []
    for name, few in itertools.product(NAMES, [False] * 8 + [True] * 6):
        players, outcomes = rng.choice([(2, 3), (2, 4), (3, 3)])
        payoffs = [
            tuple(Fraction(rng.randint(0, 3)) for _ in range(players)) for _ in range(outcomes)
        ]
        high = -1 if name == "nash-interior" else 1
        disagreement = tuple(Fraction(rng.randint(-1, high)) for _ in range(players))
        priority = tuple(rng.sample(range(1, players + 1), players))
        sizes = range(2, 4) if few else range(outcomes + 1)
        sets = [s for k in sizes for s in itertools.combinations(range(outcomes), k)]
        if few:
            sets = [sets[0], sets[-1]]
        selection = selection_function(name, disagreement, priority)
        world = SelectionStructure(
            payoffs, selection, sets, disagreement=disagreement, priority=priority
        )
        built.append((name, world, world.structure()))
    return built


@cache
def original():
    return statements()


def disagreements(theory):
    """Return the first definition that says something else than a world, or None.

    Formulas that are the paper's own were compared before.
    """

    def fails(name, structure, expected=True):
        formula = theory.axiom(name)
        known = theory is not PAPER and formula.eq(PAPER.axiom(name))
        return not known and holds(formula, structure) is not expected

    for name, world, structure in worlds():
        for supposed, says in SUPPOSED.items():
            if fails(supposed, structure, says(world)):
                return f"{supposed} for {name}"
        always = ("fixed_order", "members_are_listed", *PROVED)
        own = original()[f"sel-transitive-{name}"].definitions
        of_all = [original()[id].definitions for id in LEMMAS]
        for definition in dict.fromkeys([*own, *itertools.chain(*of_all), *always]):
            if fails(definition, structure):
                return f"{definition} for {name}: {why_not(theory.axiom(definition), structure)}"
    return None


LEMMAS = ("best-is-transitive", "efficient-in-finite-sets")
PROVED = ("best_is_transitive", "efficient_within_sets")
OURS = [definition.name for definition in SELECTION_DEFINITIONS]


@pytest.mark.long
def test_every_formula_agrees_with_the_executable_selection_functions():
    assert disagreements(PAPER) is None


def test_worlds_differ_in_what_they_need_not_satisfy():
    for name, says in SUPPOSED.items():
        found = {says(world) for _, world, _ in worlds()}
        assert found == ({True} if name == "criterion_is_an_order" else {True, False}), name


def test_no_definition_is_left_out_of_the_comparison():
    compared = {name for statement in original().values() for name in statement.definitions}
    compared |= {"fixed_order", "members_are_listed", *PROVED}
    assert set(OURS) - compared == set(SUPPOSED)


def test_every_selection_function_is_one_as_definition_7_has_it():
    for name, world, structure in worlds():
        tables = {**structure.tables, "selection_function": {(0,): True}}
        formula = PAPER.axiom("selection_function")
        assert holds(formula, type(structure)(structure.sizes, tables)), (name, world.payoffs)


@pytest.mark.parametrize("name", NAMES)
def test_where_the_theorem_says_transitive_an_exhaustive_check_finds_nothing(name):
    verdicts = set()
    statement = original()[f"sel-transitive-{name}"]
    repaired = original().get(f"{statement.id}/repaired", statement)
    for other, world, structure in worlds():
        if other != name or () not in world.sets:
            continue
        rest = ("-",) * (len(world.players) - 1)
        table = {(str(a), *rest): u for a, u in enumerate(world.payoffs)}
        base = PureBase(Game.from_outcomes(table))
        pick = partial(base.select, world.selection)
        violation = check_selection(pick, base.game)
        transitive = holds(PAPER.transitive(sel), structure)
        assert transitive is (violation is None)
        if all(holds(h.formula, structure) for h in repaired.hypotheses):
            assert transitive
        verdicts.add(transitive)
    assert True in verdicts


def test_picking_the_latest_of_what_is_tied_is_noticed():
    payoffs = [(Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))]
    structure = SelectionStructure(
        payoffs, selection_function("maxmin", None, None), [(0, 1)]
    ).structure()
    assert holds(PAPER.picks_best(sel), structure)
    assert holds(PAPER.axiom("picks_best"), structure)
    structure.tables["selected"][0, 0] = 1
    assert not holds(PAPER.axiom("picks_best"), structure)


# (definition, text, text with an error)
MUTANTS = [
    ("dominates", "u(j, x) > u(j, a)", "u(j, x) >= u(j, a)"),
    ("dominates", "u(j, x) > u(j, a)", "u(j, a) > u(j, x)"),
    ("dominates", "Exists([j]", "ForAll([j]"),
    ("efficient_among", "theory.dominates(b, x)", "theory.dominates(x, b)"),
    ("efficient_among", "member(x, S),", ""),
    ("efficient_among", "Implies(member(b, S), Not", "Implies(member(x, S), Not"),
    ("fixed_order", "Not(And(earlier(x, a), earlier(a, x)))", "Not(earlier(x, a))"),
    ("fixed_order", "Or(x == a, earlier(x, a)", "Or(earlier(x, a)"),
    ("fixed_order", "earlier(y, a)), earlier(x, a)", "earlier(y, a)), earlier(a, x)"),
    ("picks_best", "earlier(chosen, x)", "earlier(x, chosen)"),
    ("picks_best", "better(S, chosen, x)", "better(S, x, chosen)"),
    ("picks_best", "And(tied(S, chosen, x), earlier(chosen, x))", "tied(S, x, x)"),
    ("picks_best", "theory.efficient_among(chosen, S),", ""),
    ("picks_best", "theory.efficient_among(x, S), x", "member(x, S), x"),
    (
        "improving_extension",
        "weakly_improves(x, selected(s, S))",
        "weakly_improves(selected(s, S), x)",
    ),
    ("improving_extension", "theory.nonempty(S),", ""),
    (
        "improving_extension",
        "Implies(member(x, S), member(x, C))",
        "Implies(member(x, C), member(x, S))",
    ),
    ("criterion_is_an_order", "Not(And(better(S, x, y), better(S, y, x))),", ""),
    ("criterion_is_an_order", "tied(S, y, a)), better(S, x, a)", "tied(S, y, a)), tied(S, x, a)"),
    ("domination_is_better", "better(S, x, a)", "better(S, a, x)"),
    ("domination_is_better", "better(S, x, a)", "Or(better(S, x, a), tied(S, x, a))"),
    ("criterion_kept", "better(S, x, a) == better(C, x, a)", "better(S, x, a) == better(S, x, a)"),
    ("no_tie_under_domination", "theory.dominates(x, a)", "x == a"),
    ("no_tie_under_domination", "member(x, S), member(a, S),", ""),
    ("ideal_point_kept", "theory.improving_extension(sel, S, C)", "theory.nonempty(S)"),
    ("criterion_kept", "member(x, S), ", ""),
    ("disagreement_weakly_below", ">=", ">"),
    ("no_tie_under_domination", "Not(tied(S, x, a))", "tied(S, x, a)"),
    (
        "members_are_listed",
        "Or(among_first(x, S, v), x == member_at(S, w))",
        "(x == member_at(S, w))",
    ),
    ("members_are_listed", "among_first(x, S, last_place(S))", "among_first(x, S, first_place)"),
    ("undominated_up_to", "theory.dominates(b, x)", "theory.dominates(x, b)"),
    ("improved_up_to", "weakly_improves(b, a)", "weakly_improves(a, b)"),
    ("covered_up_to", "weakly_improves(e, a)", "weakly_improves(a, e)"),
    ("efficient_within_sets", "weakly_improves(x, a)", "dominates(x, a)"),
    ("players_are_listed_once", "reached(player_at(m), n)", "reached(player_at(n), m)"),
    ("gain_up_to", "u(i, x) > u(i, a)", "u(i, x) >= u(i, a)"),
    ("gain_up_to", "u(i, x) > u(i, a)", "u(i, a) > u(i, x)"),
    ("priority", "prior(j, k)), prior(i, k)", "prior(j, k)), prior(k, i)"),
    ("priority", "Or(i == j, prior(i, j)", "Or(prior(i, j)"),
    ("first_to_differ", "prior(j, i)", "prior(i, j)"),
    ("first_to_differ", "u(j, x) == u(j, a)", "u(j, x) >= u(j, a)"),
    ("lexicographic", "u(i, x) > u(i, a)", "u(i, x) >= u(i, a)"),
    ("lexicographic", "u(i, x) > u(i, a)", "u(i, x) < u(i, a)"),
    ("lexicographic", "ForAll([i], u(i, x) == u(i, a))", "Exists([i], u(i, x) == u(i, a))"),
    ("first_gainer_up_to", "prior(j, i)", "prior(i, j)"),
    ("totals", "total_up_to(a, n) + u(player_at(m), a)", "total_up_to(a, n) - u(player_at(m), a)"),
    ("totals", "total_up_to(a, n) + u(player_at(m), a)", "u(player_at(m), a)"),
    ("utilitarian", "total_up_to(x, last) > total", "total_up_to(x, last) >= total"),
    ("utilitarian", "total_up_to(x, last) > total", "total_up_to(x, last) < total"),
    (
        "utilitarian",
        "(total_up_to(x, last) > total_up_to(a, last))",
        "(total_up_to(x, first) > total_up_to(a, first))",
    ),
    ("totals_rise", "mine > other", "mine >= other + 1"),
    ("least_payoffs", "least(a) <= u(i, a)", "least(a) >= u(i, a)"),
    ("least_payoffs", "ForAll([i], least(a) <= u(i, a)),", ""),
    ("maxmin", "least(x) > least(a)", "least(x) >= least(a)"),
    ("maxmin", "least(x) > least(a)", "least(x) < least(a)"),
    ("maxmin", "least(x) == least(a)", "least(x) >= least(a)"),
    ("counts", "<= u(j, b)", "< u(j, b)"),
    ("counts", "count_up_to(a, j, b, n) + one(m)", "one(m)"),
    ("as_many_below", "u(k, c) < u(j, b)", "u(k, c) <= u(j, b)"),
    ("as_many_below", "u(k, c) < u(j, b)", "u(k, c) > u(j, b)"),
    ("leximin_better", "count_up_to(x, j, b, last) < ", "count_up_to(x, j, b, last) <= "),
    ("leximin_better", "count_up_to(x, j, b, last) < ", "count_up_to(x, j, b, last) > "),
    ("leximin_better", ", theory.as_many_below(x, a, j, b)", ""),
    ("leximin", "same = ForAll", "same = Exists"),
    ("counted_too", "u(i, a) <= u(k, c)", "u(i, a) < u(k, c)"),
    ("counted_more", "u(i, x) > u(j, b)", "u(i, x) >= u(j, b)"),
    ("counts_rise", "mine < other", "mine > other"),
    ("least_gainer_up_to", "u(i, a) <= u(j, a)", "u(i, a) >= u(j, a)"),
    ("gains", "u(i, a) - disagreement(i)", "u(i, a) + disagreement(i)"),
    ("products", "product_up_to(a, n) * gain", "product_up_to(a, n) + gain"),
    ("nobody_loses", "gain(i, a) >= 0", "gain(i, a) > 0"),
    ("nash_products", "product_up_to(a, last), -1", "product_up_to(a, last), 0"),
    ("nash_products", "product_up_to(a, last), -1", "product_up_to(a, first), -1"),
    ("nash", "nash_product(x) > nash_product(a)", "nash_product(x) >= nash_product(a)"),
    ("nash", "nash_product(x) > nash_product(a)", "nash_product(x) < nash_product(a)"),
    ("products_do_not_fall", "product_up_to(a, n) >= 0", "product_up_to(a, n) > 0"),
    ("products_rise", "other > 0", "other >= 0"),
    ("disagreement_strictly_below", "u(i, a) > disagreement", "u(i, a) >= disagreement"),
    ("ideal_points", "u(i, x) <= ideal(i, S)", "u(i, x) >= ideal(i, S)"),
    ("ideal_points", "ideal(i, S) - disagreement(i)", "ideal(i, S)"),
    ("counts_in", "ideal_gain(i, S) > 0", "ideal_gain(i, S) >= 0"),
    ("relative_gains", "relative_gain(i, a, S) * ideal_gain(i, S)", "relative_gain(i, a, S)"),
    ("least_relative_gains", "least_gain(a, S) <= share", "least_gain(a, S) >= share"),
    ("least_relative_gains", "least_gain(a, S) == 0", "least_gain(a, S) == 1"),
    (
        "kalai_smorodinsky",
        "least_gain(x, S) > least_gain(a, S)",
        "least_gain(x, S) >= least_gain(a, S)",
    ),
    (
        "kalai_smorodinsky",
        "least_gain(x, S) > least_gain(a, S)",
        "least_gain(a, S) > least_gain(x, S)",
    ),
    ("ideal_point_kept", "ideal(i, S) == ideal(i, C)", "ideal(i, S) <= ideal(i, C)"),
]


def mutated(name, text, error):
    """Return the theory with the error seeded."""
    source = textwrap.dedent(inspect.getsource(PAPER[name].body))
    source = source[source.index("def ") :]
    pattern = r"\s*".join(re.escape(part) for part in re.findall(r"\w+|\S", text))
    changed, count = re.subn(pattern, lambda _: error, source, count=1)
    assert count == 1, f"{text!r} is not in {name}"
    scope = dict(PAPER[name].body.__globals__)
    exec(changed, scope)
    return PAPER.with_(**{name: scope[name]})


def questions(theory):
    """Return every step of every statement that is proved, as texts."""
    found = {}
    for statement in statements(theory).values():
        if statement.expected is Verdict.PROVED:
            formulas = _formulas(statement)
            for step in statement.steps:
                facts = {f"fact:{use}": render(formulas[use]) for use in step.uses}
                text = script({**facts, "negated-goal": render(z3.Not(step.formula))})
                found.setdefault(text, f"{statement.id}: {step.name}")
    return found


@cache
def original_questions():
    return questions(PAPER)


def unproved(text):
    answers = ask_both(text, z3_resources=100_000, cvc5_resources=25_000)
    return all(answer.status is not Status.UNSAT for answer in answers)


def noticed_by(mutant):
    """Return what notices an error, or None."""
    theory = mutated(*mutant)
    difference = disagreements(theory)
    if difference:
        return difference
    changed = {q: name for q, name in questions(theory).items() if q not in original_questions()}
    return next((f"step {name}" for text, name in changed.items() if unproved(text)), None)


@pytest.mark.long
def test_the_budget_used_for_seeded_errors_proves_every_step_of_the_original():
    texts = original_questions()
    with ThreadPoolExecutor(2) as pool:
        failed = pool.map(unproved, texts)
        assert not [name for name, no in zip(texts.values(), failed, strict=True) if no]


@pytest.mark.long
def test_every_seeded_error_is_noticed():
    assert len(MUTANTS) >= 80
    survivors = [mutant for mutant in MUTANTS if noticed_by(mutant) is None]
    assert not survivors
