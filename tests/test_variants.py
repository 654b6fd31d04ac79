"""Alternatives to Definition 8: names, formulas against running code, verdicts."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from test_programs_agree_with_theory import ONE, SELECTIONS, TWO, World, square_games

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.looking import refutations
from spi_verify.counterexamples.programs.confirming.code import projects_into_itself
from spi_verify.counterexamples.replay import title_of
from spi_verify.counterexamples.saved import known
from spi_verify.counterexamples.statements.claimed import claim
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.obligations.statements import Statement
from spi_verify.papers.definitions import shipped_variants, variant
from spi_verify.papers.loading import load_shipped
from spi_verify.programs import (
    CSR,
    Accepts,
    Always,
    CorrelatedBase,
    Execution,
    ExtensionOnly,
    FinalExtension,
    Leximin,
    NonHaltingError,
    Outcomes,
    PMPExtension,
    ProgramGame,
    PureBase,
    SetFunction,
    Supposing,
    Tagged,
    UnconditionalExtension,
    Utilitarian,
    When,
    final_outcomes,
    parse_function,
    replaced,
)
from spi_verify.programs.examples import scheduling_game
from spi_verify.shipped import shipped
from spi_verify.testing import set_functions
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds

NAMES = ("everywhere", "extension_only", "final_outcome", "unconditional")
THEORIES = {name: variant([f"pmp_extension={name}"]) for name in NAMES}
SEL = SELECTIONS[0]

OUTCOMES = {("1", "1"): (0, 0), ("1", "2"): (3, 1), ("2", "1"): (1, 3), ("2", "2"): (2, 2)}
NOTHING, FIRST, SECOND, EVEN = OUTCOMES
SQUARE = PureBase(Game.from_outcomes(OUTCOMES))


# Names


def test_the_shipped_variants_have_short_names():
    assert tuple(shipped_variants()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_short_name_means_the_shipped_file(name):
    place = shipped("proofs") / "program_games" / "variants" / f"{name}.py"
    long = variant([f"pmp_extension={place}:pmp_extension"]).axiom("pmp_extension")
    assert long.eq(THEORIES[name].axiom("pmp_extension"))
    assert not long.eq(PAPER.axiom("pmp_extension"))


@pytest.mark.parametrize("place", ["unheard_of", "", "../thm_3", "unconditional.py"])
def test_an_unknown_short_name_is_answered_with_those_there_are(place):
    with pytest.raises(InputError, match=f"there is no variant .*there are: {', '.join(NAMES)}"):
        variant([f"pmp_extension={place}"])


def test_an_unknown_definition_is_answered_with_what_is_near_beside_the_unknown_variant():
    said = "there is no variant 'nosuch' .*; nor has a shipped paper a definition 'pmp_extensoin'; "
    with pytest.raises(InputError, match=f"{said}did you mean 'pmp_extension'"):
        variant(["pmp_extensoin=nosuch"])
    with pytest.raises(InputError, match="nor has a shipped paper a definition 'NOTHING'"):
        variant(["NOTHING=nosuch"])
    with pytest.raises(InputError) as raised:
        variant(["subset_game=nosuch"])  # the paper on delegation adds it
    assert "nor has" not in str(raised.value)


def test_a_file_that_is_not_there_is_answered_with_what_is_near():
    place = shipped("proofs") / "program_games" / "variants" / "everywher.py"
    with pytest.raises(InputError, match=r"no such file; did you mean 'everywhere\.py'\?"):
        variant([f"pmp_extension={place}:pmp_extension"])
    with pytest.raises(InputError, match=r"no such file$"):
        variant(["pmp_extension=nowhere/at_all.py:pmp_extension"])


def test_the_title_of_what_a_variant_breaks_says_what_the_variant_is():
    folder = shipped("proofs") / "program_games" / "counterexamples" / "variants"
    for name in ("unconditional", "extension_only", "final_outcome"):
        title = title_of(json.loads((folder / name / "thm-3-improves.json").read_text()))
        assert ", with another definition: PMP-extensions that add " in title
        assert "pmp_extension" not in title
    data = json.loads((folder / "unconditional" / "thm-3-improves.json").read_text())
    (text,) = data["definitions"].values()
    assert "(or (member" in text
    data["definitions"] = {"pmp_extension": text.replace("(or (member", "(and (member")}
    assert title_of(data).endswith(", with another pmp_extension")


def test_a_variant_of_another_definition_has_to_be_in_the_file():
    with pytest.raises(InputError, match="there is no 'pmp' in it"):
        variant(["pmp=unconditional"])


# Formulas and running code


class Guessed(SetFunction):
    """A function, extended at one outcome by PMP_i of a guess for each counterpart's function."""

    def __init__(self, function, outcome):
        self.function, self.outcome, self.guesses = function, outcome, {}

    def value(self, scope):
        offered = scope.replacing(scope.player, self.function).value(scope.player)
        if scope.outcome != self.outcome:
            return offered
        (faced,) = (f for j, f in enumerate(scope.functions, 1) if j != scope.player)
        payoffs = scope.base.payoffs(self.guesses[faced])
        return offered | scope.base.pareto_meet_projection(scope.player, payoffs)

    @property
    def tags(self):
        return frozenset({"pmp-extension"})


def default_outcomes(world, i, c):
    """The pairs of counterparts' functions and an outcome at which p_i's CSR programs can meet."""
    met = set()
    for p in world.profiles:
        others = [d for j, d in enumerate(p, start=1) if j != i]
        if all(isinstance(d, CSR) and d.selection == SEL for d in others):
            played = replaced(p, i, c)
            point = world.run.profile(tuple(getattr(d, "default", d) for d in played))
            met.add((tuple(d.function for d in others), point))
    return met


def extends(world, i, c, d, value, everywhere=False):
    """Whether d offers what it should at every profile of functions and every outcome."""
    if not all(isinstance(e, CSR) and e.selection == SEL for e in (c, d)):
        return False
    if c.default != d.default:
        return False
    met = None if everywhere else default_outcomes(world, i, c)
    run = Execution(world.base)
    for functions, a in itertools.product(world.function_profiles, world.outcomes):
        others = tuple(f for j, f in enumerate(functions, start=1) if j != i)
        offered = run.value(i, replaced(functions, i, d.function), SEL, a)
        if everywhere or (others, a) in met:
            wanted = value(run, i, c, d, functions, a)
        else:
            wanted = run.value(i, replaced(functions, i, c.function), SEL, a)
        if offered != wanted:
            return False
    return True


def of_term(kind):
    def value(run, i, c, _, functions, a):
        return run.value(i, replaced(functions, i, kind(c.function)), SEL, a)

    return value


def fixed_point(run, i, c, d, functions, a):
    reached = run.renegotiated(replaced(functions, i, d.function), SEL, a)
    projections = run.base.pareto_meet_projection(i, run.base.payoffs(reached))
    return run.value(i, replaced(functions, i, c.function), SEL, a) | projections


def by_execution(world, name, i, c, d):
    if name == "final_outcome":
        return extends(world, i, c, d, fixed_point)
    if name == "extension_only":
        marked = isinstance(d, CSR) and isinstance(d.function, ExtensionOnly)
        if not marked or getattr(c, "function", None) != d.function.function:
            return False
        return extends(world, i, c, d, of_term(ExtensionOnly))
    kind = UnconditionalExtension if name == "unconditional" else PMPExtension
    return extends(world, i, c, d, of_term(kind), everywhere=True)


def structure_of(world, name):
    """The world with the variant as a table that execution fills."""
    world.feasible()
    world.table("pmp_extension", world.players, world.pool, world.pool, _table(world, name))
    if name == "extension_only":
        functions = world.functions
        world.table("is_extension", functions, lambda f: isinstance(f, ExtensionOnly))
        world.table(
            "unextended",
            functions,
            lambda f: functions.index(f.function) if isinstance(f, ExtensionOnly) else 0,
        )
    sizes = {
        "Player": len(world.players),
        "Outcome": len(world.outcomes),
        "Program": len(world.pool),
        "Profile": len(world.profiles),
        "SetFunction": len(world.functions),
        "SetFunctions": len(world.function_profiles),
    }
    return Structure(sizes, world.tables)


def _table(world, name):
    return lambda i, c, d: by_execution(world, name, i, c, d)


def agrees(world, name):
    return holds(THEORIES[name].axiom("pmp_extension"), structure_of(world, name))


KINDS = {
    "unconditional": UnconditionalExtension,
    "everywhere": PMPExtension,
    "extension_only": ExtensionOnly,
}


def world_of(game, functions, *more):
    csr = [CSR(SEL, ONE, function) for function in functions]
    pool = [ONE, TWO, *csr, CSR(SELECTIONS[1], ONE, functions[0]), *more]
    return World(game, pool, functions=functions, rounds=0)


def drawn_functions(data, game):
    some = set_functions(game, 1, extended=False)
    return list(dict.fromkeys([data.draw(some), data.draw(some)]))


@pytest.mark.long
@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=12)
@given(st.data())
def test_the_formula_says_what_the_code_does(name, data):
    game = data.draw(square_games())
    plain = drawn_functions(data, game)
    more = data.draw(st.sampled_from([(), (CSR(SEL, TWO, plain[-1]),)]))
    world = world_of(game, [*plain, KINDS[name](plain[0])], *more)
    assert agrees(world, name)
    if name != "extension_only":  # which extends at default outcomes only, as Definition 8 does
        c, d = (CSR(SEL, ONE, world.functions[k]) for k in (0, -1))
        assert all(by_execution(world, name, i, c, d) for i in world.players)


@pytest.mark.parametrize(("name", "other"), list(itertools.permutations(NAMES, 2)))
def test_no_variant_is_mistaken_for_another(name, other):
    plain = Outcomes(()) if "final_outcome" in (name, other) else Outcomes((EVEN,))
    faced, guessed = Outcomes((FIRST, EVEN)), Guessed(plain, NOTHING)
    kinds = {**KINDS, "final_outcome": lambda _: guessed}
    extended = [kinds[name](plain), kinds[other](plain)]
    functions = [plain, *([faced] if name != "extension_only" else []), *extended]
    guessed.guesses = dict.fromkeys(functions, NOTHING) | {faced: EVEN}
    tables = dict(structure_of(world_of(SQUARE.game, functions), other).tables)
    tables["is_extension"] = {(k,): isinstance(f, ExtensionOnly) for k, f in enumerate(functions)}
    tables["unextended"] = {(k,): 0 for k in range(len(functions))}
    sizes = structure_of(world_of(SQUARE.game, functions), name).sizes
    assert not holds(THEORIES[name].axiom("pmp_extension"), Structure(sizes, tables))


@pytest.mark.long
@settings(max_examples=30)
@given(st.data())
def test_the_formula_of_the_fixed_point_holds_exactly_for_its_solutions(data):
    game = data.draw(square_games())
    base, point = PureBase(game), ("1", "1")
    plain, *others = drawn_functions(data, game)
    guessed = Guessed(plain, point)
    solved = True
    for faced in (plain, *others):
        solutions = final_outcomes(base, (plain, faced), [1], SEL, point)
        guess = data.draw(st.sampled_from([*solutions, *game.outcomes()]))
        guessed.guesses[faced] = guess
        sets = [offered(base, plain, z, faced, point) for z in solutions]
        solved = solved and offered(base, plain, guess, faced, point) in sets
    guess = guessed.guesses[guessed] = data.draw(st.sampled_from(list(game.outcomes())))
    theirs = Supposing(plain, guess)
    reached = Execution(base).renegotiated((theirs, theirs), SEL, point)
    sets = [offered(base, plain, z, theirs, point) for z in (guess, reached)]
    solved = solved and sets[0] == sets[1]
    world = world_of(game, [plain, *others, guessed])
    assert agrees(world, "final_outcome")
    c, d = CSR(SEL, ONE, plain), CSR(SEL, ONE, guessed)
    assert by_execution(world, "final_outcome", 1, c, d) == solved


def offered(base, function, supposed, faced, point):
    functions = (Supposing(function, supposed), faced)
    return Execution(base).value(1, functions, SEL, point)


# What the variants do, in games


def test_projections_of_the_final_outcome_can_have_several_solutions():
    functions = (Outcomes(()), Outcomes((FIRST, EVEN)))
    assert final_outcomes(SQUARE, functions, [1], Leximin(), NOTHING) == (FIRST, EVEN)


def test_projections_of_the_final_outcome_can_have_no_solution():
    sees = When(Accepts(1, FIRST), Outcomes((EVEN,)), Outcomes(()))
    functions = (Outcomes((EVEN,)), sees)
    assert final_outcomes(SQUARE, functions, [1], Leximin(), NOTHING) == ()


def test_several_players_suppose_the_same_final_outcome():
    functions = (Outcomes(()), Outcomes(()))
    solutions = final_outcomes(SQUARE, functions, [1, 2], Leximin(), NOTHING)
    assert solutions == (NOTHING, FIRST, SECOND, EVEN)
    assert final_outcomes(SQUARE, functions, [2], Leximin(), NOTHING) == (NOTHING,)


@pytest.mark.parametrize(
    "other",
    [Outcomes(()), Outcomes((EVEN,)), FinalExtension(Outcomes(())), PMPExtension(Outcomes(()))],
)
def test_run_as_a_recipe_the_fixed_point_never_halts(other):
    game = ProgramGame(SQUARE)
    mine = CSR(SEL, ONE, FinalExtension(Outcomes((EVEN,))))
    with pytest.raises(NonHaltingError):
        game.outcome((mine, CSR(SEL, ONE, other)))
    with pytest.raises(NonHaltingError):
        game.outcome((CSR(SEL, ONE, other), mine))


def test_an_extension_of_its_kind_only_adds_what_both_unextended_functions_reach():
    run = Execution(SQUARE)
    mine, theirs = Outcomes((EVEN, FIRST)), Outcomes((FIRST,))
    extended = ExtensionOnly(mine)
    for other in (theirs, PMPExtension(theirs), UnconditionalExtension(theirs)):
        assert run.value(1, (extended, other), SEL, NOTHING) == {EVEN, FIRST}
    nothing = ExtensionOnly(Outcomes(()))
    assert run.value(1, (nothing, nothing), SEL, NOTHING) == {FIRST}
    assert run.value(2, (nothing, nothing), SEL, NOTHING) == {SECOND}
    both = (ExtensionOnly(Outcomes((SECOND,))), ExtensionOnly(Outcomes((SECOND,))))
    assert run.value(1, both, SEL, NOTHING) == {SECOND}


def test_one_counterpart_without_an_extension_is_enough_for_adding_nothing():
    game = Game.from_outcomes(
        {o: (1, 1, 1) if o == ("2",) * 3 else (0, 0, 0) for o in itertools.product("12", repeat=3)}
    )
    run, point = Execution(PureBase(game)), ("1",) * 3
    plain, extended = Outcomes(()), ExtensionOnly(Outcomes(()))
    assert run.value(1, (extended,) * 3, SEL, point) == {("2",) * 3}
    assert run.value(1, (extended, extended, plain), SEL, point) == frozenset()
    assert run.value(1, (extended, plain, extended), SEL, point) == frozenset()


@given(st.data())
def test_a_function_that_projects_into_itself_is_its_extension_whoever_is_met(data):
    game = data.draw(square_games())
    own = data.draw(set_functions(game, 1, conditional=False, extended=False))
    base = PureBase(game)
    settled = projects_into_itself(base, Leximin(), 1, own)
    theirs = data.draw(set_functions(game, 2))
    others = [theirs, ExtensionOnly(theirs)]
    run = Execution(base)
    same = all(
        run.value(1, (ExtensionOnly(own), other), Leximin(), outcome)
        == run.value(1, (own, other), Leximin(), outcome)
        for other in others
        for outcome in game.outcomes()
    )
    assert same or not settled


def test_a_function_that_lacks_a_projection_is_not_settled():
    everything = parse_function("(improving)")
    assert projects_into_itself(SQUARE, Leximin(), 1, everything)
    assert not projects_into_itself(SQUARE, Leximin(), 1, Outcomes((FIRST,)))
    assert not projects_into_itself(SQUARE, Leximin(), 1, Outcomes(()))
    with_lotteries = CorrelatedBase(SQUARE.game)
    assert not projects_into_itself(with_lotteries, Leximin(), 1, everything)


def test_a_function_does_not_see_its_own_extension():
    sees_itself = When(Tagged(1, "pmp-extension"), Outcomes((SECOND,)), Outcomes((EVEN,)))
    run, other = Execution(SQUARE), Outcomes(())
    for mine in (
        UnconditionalExtension(sees_itself),
        ExtensionOnly(sees_itself),
        Supposing(sees_itself, FIRST),
    ):
        assert EVEN in run.value(1, (mine, other), SEL, NOTHING)
        assert SECOND not in run.value(1, (mine, other), SEL, NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "(unconditional-extension (improving))",
        "(extension-only (pmp 1))",
        "(final-extension (set))",
        '(supposing (improving) ["1" "2"])',
        "(supposing (improving) [1/2 3])",
    ],
)
def test_variants_have_a_notation(text):
    assert str(parse_function(text)) == text
    assert parse_function(text).tags == {"pmp-extension"}


def point(*payoffs):
    return tuple(map(Fraction, payoffs))


BELOW, MEET, MIDDLE, RIGHT = point(2, "2/3"), point(1, 1), point(2, 2), point(3, 1)
SCHEDULING = ProgramGame(CorrelatedBase(scheduling_game()))


def paid(selection, *functions):
    programs = zip(("Slot 1", "Slot 2"), functions, strict=True)
    return SCHEDULING.utilities(CSR(selection, Always(slot), f) for slot, f in programs)


def test_unconditional_projections_can_hurt_whoever_adds_them():
    theirs = Outcomes((BELOW, MEET))
    assert paid(Leximin(), Outcomes((BELOW,)), theirs) == BELOW
    assert paid(Leximin(), UnconditionalExtension(Outcomes((BELOW,))), theirs) == MEET
    assert paid(Leximin(), PMPExtension(Outcomes((BELOW,))), theirs) == BELOW


def test_unconditional_projections_do_not_guarantee_the_pmm():
    both = [Outcomes((BELOW,))] * 2
    assert paid(Utilitarian(), *map(UnconditionalExtension, both)) == BELOW
    extended = paid(Utilitarian(), *map(PMPExtension, both))
    assert all(u >= v for u, v in zip(extended, MEET, strict=True))


def test_a_supposed_final_outcome_can_hurt_whoever_supposes_it():
    mine, theirs = Outcomes((RIGHT,)), Outcomes((RIGHT, MIDDLE))
    assert paid(Leximin(), mine, theirs) == RIGHT
    assert paid(Leximin(), Supposing(mine, MIDDLE), theirs) == MIDDLE
    assert paid(Leximin(), PMPExtension(mine), theirs) == RIGHT


def test_against_an_extension_projections_of_what_unextended_functions_reach_can_hurt():
    mine = When(Tagged(2, "pmp-extension"), Outcomes((RIGHT,)), Outcomes((MIDDLE,)))
    theirs = ExtensionOnly(Outcomes((RIGHT, MIDDLE)))
    assert paid(Leximin(), mine, theirs) == RIGHT
    assert paid(Leximin(), ExtensionOnly(mine), theirs) == MIDDLE


# What is still proved


PAGE = (Path(__file__).parent.parent / "docs" / "variants.md").read_text(encoding="utf-8")
STATEMENTS = ("thm-3-improves", "thm-3-equilibrium", "thm-3-inclusion", "thm-3-pmm")
STATEMENTS += ("thm-3-wlog-csr", "prop-4-spi", "prop-4-pmm")


def table():
    """The verdicts that the page states, by variant and statement."""
    lines = PAGE.partition("## What still holds")[2].partition("\n## ")[0].splitlines()
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in lines if "|" in line]
    head, _, *body = rows
    return {head[k]: {row[0]: row[k] for row in body} for k in range(1, len(head))}


@pytest.mark.long
def test_the_table_has_a_column_for_every_variant_and_a_row_for_all_that_depends_on_it():
    def mentions(formula, seen):
        if formula.get_id() in seen:
            return False
        seen.add(formula.get_id())
        if z3.is_quantifier(formula):
            return mentions(formula.body(), seen)
        if z3.is_app(formula) and formula.decl().name() == "pmp_extension":
            return True
        return any(mentions(child, seen) for child in formula.children())

    known = [one for one in load_shipped() if isinstance(one, Statement)]
    depend = set()
    for statement in known:
        formulas = [*statement.facts().values(), *(step.formula for step in statement.steps)]
        if any(mentions(formula, set()) for formula in formulas):
            depend.add(statement.id)
    said = table()
    assert set(said) == {"Definition 8", *NAMES}
    for column in said.values():
        assert set(column) >= depend
        assert set(column) == {s.id for s in known if s.id.partition("/")[0] in STATEMENTS}
    assert said["Definition 8"] == {s.id: str(s.expected) for s in known if s.id in column}


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_the_table_states_what_prove_finds(run, name):
    done = run("prove", *STATEMENTS, "--with", f"pmp_extension={name}", "--json", "-")
    results = json.loads(done.out)["results"]
    assert {result["id"]: result["verdict"] for result in results} == table()[name]
    assert all(
        r["evidence"] in ("agreement", "checked") for r in results if r["verdict"] == "proved"
    )


SHIPPED = PROGRAM_GAMES / "counterexamples" / "variants"
FILES = sorted(SHIPPED.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_counterexample_is_one_with_its_variant_and_not_where_definition_8_proves_it(file):
    data = json.loads(file.read_text(encoding="utf-8"))
    assert file.stem == data["statement"].replace("/", ".")
    assert confirm_saved(data).conclusion == data["conclusion"]
    (statement,) = (
        one for one in load_shipped(THEORIES[file.parent.name]) if one.id == data["statement"]
    )
    assert data["definitions"] == claim(statement).definitions
    if table()["Definition 8"][data["statement"]] == "proved":
        with pytest.raises((Rejected, InputError)):
            confirm_saved({**data, "definitions": {}})


def test_what_definition_8_proves_and_a_variant_breaks_has_a_file_just_if_it_is_refuted():
    said = table()
    for name in ("unconditional", "final_outcome", "extension_only"):
        broken = {
            id
            for id, verdict in said[name].items()
            if verdict == "refuted" and said["Definition 8"][id] == "proved"
        }
        there = {path.stem.replace(".", "/") for path in FILES if path.parent.name == name}
        assert broken <= there
        assert broken or name == "everywhere"
    assert not [id for id, verdict in said["unconditional"].items() if verdict == "unknown"], (
        "everything that this variant breaks has a counterexample"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("unconditional", "thm-3-improves"),
        ("unconditional", "thm-3-inclusion"),
        ("unconditional", "thm-3-inclusion/repaired"),
        ("unconditional", "thm-3-equilibrium/repaired"),
        ("unconditional", "thm-3-pmm"),
        ("extension_only", "thm-3-improves"),
        ("final_outcome", "thm-3-improves"),
    ],
)
def test_the_search_finds_them_without_looking_at_the_files(name, id):
    (statement,) = (one for one in load_shipped(THEORIES[name]) if one.id == id)
    found = next(refutations(statement, Bounds(players=2, outcomes=3)))
    file = SHIPPED / name / f"{id.replace('/', '.')}.json"
    assert found["programs"] == json.loads(file.read_text(encoding="utf-8"))["programs"]


@pytest.mark.long
def test_files_about_one_variant_are_tried_with_any_other_definition():
    slightly = "everywhere"
    (statement,) = (one for one in load_shipped(THEORIES[slightly]) if one.id == "thm-3-improves")
    assert known(statement) is None, "they are executed, and none holds here"
    text = PROGRAM_GAMES / "variants" / "unconditional.py"
    changed = variant([f"pmp_extension={text}:pmp_extension"])
    (statement,) = (one for one in load_shipped(changed) if one.id == "thm-3-improves")
    assert known(statement)["statement"] == "thm-3-improves"


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("final_outcome", ["inclusion-by-definition", "pmm-without-beliefs"]),
        ("extension_only", ["pmm-if-extensions-go-unseen"]),
    ],
)
def test_a_variants_own_statements_are_proved_with_it_and_rest_on_no_belief(run, name, ids):
    path = shipped_variants()[name]
    done = run("prove", path, "--with", f"pmp_extension={name}", "--json", "-")
    results = json.loads(done.out)["results"]
    assert [(r["id"], r["verdict"], r["evidence"]) for r in results] == [
        (id, "proved", "agreement") for id in ids
    ]
    used = {hypothesis for result in results for hypothesis in result["hypotheses_used"]}
    assert "extensions-exist" in used
    assert not used & {"extensions-believed", "extension-not-punished", "csr-not-punished"}
    assert ("extensions-go-unseen" in used) == (name == "extension_only")


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "verdict"), [("final_outcome", "refuted"), ("extension_only", "unknown")]
)
def test_a_variants_own_statements_are_not_proved_with_definition_8(run, name, verdict):
    done = run("prove", shipped_variants()[name], "--json", "-")
    assert {r["verdict"] for r in json.loads(done.out)["results"]} == {verdict}
