"""Formulas shown as mathematics say what the formulas say."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections import defaultdict
from fractions import Fraction
from xml.etree import ElementTree

import pytest
import z3
from conftest import compile_latex, needs_latex
from test_theory_evaluate import S, T, random_formula, random_structure, s, s2, t

from spi_verify.mathematics.boxes import Style, Text
from spi_verify.mathematics.latex import display, in_latex
from spi_verify.mathematics.layout import laid_out
from spi_verify.mathematics.lines import in_lines
from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.meanings import meanings
from spi_verify.mathematics.notation import NOTATION, SORTS
from spi_verify.mathematics.phrases import PHRASES, noted
from spi_verify.mathematics.reading import read
from spi_verify.mathematics.showing import legend, shown, shown_definition, tree_of
from spi_verify.mathematics.trees import (
    Applied,
    Constant,
    Operation,
    Quantified,
    Variable,
)
from spi_verify.mathematics.unicode import in_unicode
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds, predicate
from spi_verify.theory.signature import Player, Profile, symbols, u

COMPARED = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
    "⇒": lambda a, b: b or not a,
    "⇔": lambda a, b: a == b,
    "max": max,
    "/": lambda a, b: Fraction(a) / b,
}


def value(tree, structure, scope=()):
    """Evaluate a tree; shares nothing with the evaluation of formulas."""
    scope = dict(scope)
    if isinstance(tree, Variable):
        return scope[tree.name]
    if isinstance(tree, Constant):
        return tree.value
    if isinstance(tree, Applied):
        arguments = tuple(value(part, structure, scope) for part in tree.arguments)
        return structure.tables[tree.symbol][arguments]
    if isinstance(tree, Quantified):
        return quantified(tree, structure, scope)
    if tree.sign == "if":
        condition, one, other = tree.parts
        return value(one if value(condition, structure, scope) else other, structure, scope)
    parts = [value(part, structure, scope) for part in tree.parts]
    if tree.sign in COMPARED:
        return COMPARED[tree.sign](*parts)
    if tree.sign == "·":
        product = Fraction(1)
        for part in parts:
            product *= part
        return product
    several = {
        "¬": lambda: not parts[0],
        "neg": lambda: -parts[0],
        "∧": lambda: all(parts),
        "∨": lambda: any(parts),
        "+": lambda: sum(parts),
        "-": lambda: parts[0] - sum(parts[1:]),
    }
    return several[tree.sign]()


def quantified(tree, structure, scope):
    ranges = [range(structure.sizes[variable.sort]) for variable in tree.variables]
    names = [variable.name for variable in tree.variables]
    met = []
    for row in itertools.product(*ranges):
        here = {**scope, **dict(zip(names, row, strict=True))}
        if tree.condition is None or value(tree.condition, structure, here):
            met.append(bool(value(tree.body, structure, here)))
    return all(met) if tree.sign == "∀" else any(met)


def text(formula):
    return in_unicode(shown(formula))


# What is read is what is meant


@pytest.mark.parametrize("seed", range(60))
def test_a_formula_read_as_a_tree_is_true_in_the_same_structures(seed):
    rng = random.Random(seed)
    formula = random_formula(rng, 4)
    closed = z3.ForAll([s, s2], z3.Exists([t, z3.Const("t2", T)], formula))
    tree = read(closed)
    for _ in range(5):
        structure = random_structure(rng)
        assert value(tree, structure) == holds(closed, structure)


def test_no_three_truth_values_are_distinct():
    names = ["one", "two", "three"]
    distinct = z3.Distinct(*map(z3.Bool, names))
    for row in itertools.product([False, True], repeat=3):
        tables = {name: {(): held} for name, held in zip(names, row, strict=True)}
        assert not value(read(distinct), Structure({}, tables))


def random_tables(formula, rng, size=2, sorts=SORTS):
    """Return a structure with anything for what a formula speaks of."""
    sizes, tables = dict.fromkeys(sorts, size), {}
    waiting = [formula]
    while waiting:
        term = waiting.pop()
        if z3.is_quantifier(term):
            waiting.append(term.body())
            continue
        waiting += term.children()
        if not z3.is_app(term) or term.decl().kind() != z3.Z3_OP_UNINTERPRETED:
            continue
        symbol = term.decl()
        if symbol.name() in tables:
            continue
        pick = {"Bool": lambda: rng.random() < 0.5, "Real": lambda: Fraction(rng.randint(0, 2))}
        one = pick.get(symbol.range().name(), lambda: rng.randrange(size))
        rows = itertools.product(range(size), repeat=symbol.arity())
        tables[symbol.name()] = {row: one() for row in rows}
    return Structure(sizes, tables)


@pytest.mark.parametrize("name", PAPER)
def test_a_definition_shown_is_the_definition(name):
    axiom, tree = PAPER.axiom(name), tree_of(PAPER, name)
    for seed in range(2):
        structure = random_tables(axiom, random.Random(f"{name} {seed}"))
        if not PAPER[name].sorts:
            assert value(tree, structure) == holds(axiom, structure)
            continue
        defined, meaning = tree.body.parts
        assert defined == Applied(name, tree.variables, "Bool")
        said = predicate(axiom, structure)
        for row in itertools.islice(itertools.product(range(2), repeat=len(tree.variables)), 8):
            scope = dict(zip((one.name for one in tree.variables), row, strict=True))
            assert bool(value(meaning, structure, scope)) == said(row)


def test_a_variable_has_no_name_that_means_something_else_where_it_stands():
    i, outer = z3.Consts("i i", Player)
    p, c = z3.Const("p", Profile), z3.Const("c", Profile)
    same = z3.Function("same", Player, Player, z3.BoolSort())
    inner = z3.Exists([outer], same(outer, z3.Const("other", Player)))
    nested = z3.ForAll([z3.Const("other", Player)], z3.ForAll([i], z3.And(same(i, i), inner)))
    assert text(nested) == "∀other: ∀i: same(i, i) ∧ (∃i′: same(i′, other))"
    assert text(z3.And(c == c, z3.ForAll([c], c == p))) == "c = c ∧ (∀c′: c′ = p)"


# Parentheses


def small(leaves, joining, single, quantified=()):
    """Return all trees of up to two levels of operations, the second with a leaf at one side."""
    first = [
        Operation(sign, pair) for sign in joining for pair in itertools.product(leaves, repeat=2)
    ]
    first += [Operation(sign, (leaf,)) for sign in single for leaf in leaves]
    first += [Quantified(sign, (variable,), None, leaf) for sign, variable, leaf in quantified]
    pairs = [*itertools.product(first, leaves), *itertools.product(leaves, first)]
    second = [Operation(sign, pair) for sign in joining for pair in pairs]
    second += [Operation(sign, (one,)) for sign in single for one in first]
    second += [
        Quantified(sign, (variable,), None, one)
        for sign, variable, _ in quantified
        for one in first
    ]
    third = [Operation(sign, (one,)) for sign in single for one in second]
    return [*leaves, *first, *second, *third]


def test_formulas_that_are_written_alike_are_true_alike():
    x = Variable("x", "S")
    leaves = [Applied(name, (), "Bool") for name in ("A", "B")]
    about_x = Applied("C", (x,), "Bool")
    found = small(
        [*leaves, Quantified("∀", (x,), None, about_x)],
        ("∧", "∨", "⇒", "⇔"),
        ("¬",),
        [("∀", x, about_x), ("∃", x, about_x), ("∃", x, leaves[0])],
    )
    truths = [
        Structure({"S": 2}, {"A": {(): a}, "B": {(): b}, "C": {(0,): c, (1,): d}})
        for a, b, c, d in itertools.product((False, True), repeat=4)
    ]
    alike = defaultdict(set)
    for tree in found:
        alike[in_unicode(laid_out(tree))].add(tuple(bool(value(tree, one)) for one in truths))
    assert len(alike) > 1000
    assert [one for one, meant in alike.items() if len(meant) > 1] == []


@pytest.mark.long
def test_numbers_that_are_written_alike_are_equal():
    leaves = [Constant(Fraction(number)) for number in ("7", "1/3", "-5")]
    found = small([*leaves, Applied("d", (), "Real")], ("+", "-", "·", "/", "max"), ("neg",))
    alike = defaultdict(set)
    for tree in found:
        for d in (Fraction(11), Fraction(13, 17)):
            with contextlib.suppress(ZeroDivisionError):
                worth = value(tree, Structure({}, {"d": {(): d}}))
                alike[d, in_unicode(laid_out(tree))].add(worth)
    assert len(alike) > 1000
    assert [one for one, meant in alike.items() if len(meant) > 1] == []


def test_where_parentheses_stand():
    a, b, c = z3.Bools("a b c")
    x, y = z3.Consts("x y", S)
    number = z3.Real("r")
    q = z3.Function("q", S, z3.BoolSort())
    told = {
        z3.Implies(z3.Implies(a, b), c): "(a ⇒ b) ⇒ c",
        z3.Implies(a, z3.Implies(b, c)): "a ⇒ (b ⇒ c)",
        z3.Not(z3.And(a, b)): "¬(a ∧ b)",
        z3.And(z3.Not(a), b): "¬a ∧ b",
        z3.And(a, z3.Or(b, c)): "a ∧ (b ∨ c)",
        z3.And(a, z3.And(b, c)): "a ∧ b ∧ c",
        z3.And(z3.Exists([x], q(x)), a): "(∃x: q(x)) ∧ a",
        z3.And(a, z3.Exists([x], q(x))): "a ∧ (∃x: q(x))",
        z3.Implies(a, z3.Exists([x], q(x))): "a ⇒ ∃x: q(x)",
        z3.Implies(z3.Exists([x], q(x)), a): "(∃x: q(x)) ⇒ a",
        z3.Exists([x], z3.Implies(q(x), a)): "∃x: q(x) ⇒ a",
        z3.Not(z3.Exists([x], q(x))): "¬∃x: q(x)",
        z3.And(z3.Not(z3.Exists([x], q(x))), a): "(¬∃x: q(x)) ∧ a",
        z3.And(z3.Implies(a, z3.Exists([x], q(x))), b): "(a ⇒ ∃x: q(x)) ∧ b",
        z3.ForAll([x, y], z3.Implies(x != y, q(x) == q(y))): "∀x, y: x ≠ y ⇒ (q(x) ⇔ q(y))",
        z3.ForAll([x], z3.Implies(z3.And(x != s, q(s)), q(x))): "∀x ≠ s: q(s) ⇒ q(x)",
        number - (1 - number) > 0: "r - (1 - r) > 0",
        number - 1 - number > 0: "r - 1 - r > 0",
        -(number + 1) * 2 > -1: "(-(r + 1)) · 2 > -1",
        z3.If(a, number, z3.If(b, z3.RealVal(1), z3.RealVal("1/2"))) > 0: (
            "{r if a; 1 if b; 1/2 otherwise} > 0"
        ),
    }
    for formula, wanted in told.items():
        assert text(formula) == wanted


# Notation


def everything_with_symbols():
    found = dict(symbols())
    found |= {name: PAPER[name].about[0] for name in PAPER if PAPER[name].sorts}
    return found


def test_every_symbol_has_a_notation_and_every_notation_a_symbol():
    assert set(NOTATION) == set(symbols())
    assert set(meanings()) == set(symbols())
    assert set(PHRASES) == {name for name in PAPER if PAPER[name].sorts}
    domains = [symbol.domain(k) for symbol in symbols().values() for k in range(symbol.arity())]
    assert {str(sort) for sort in domains} <= set(SORTS)
    for name, symbol in everything_with_symbols().items():
        boxes = [Text("x")] * symbol.arity()
        (NOTATION | PHRASES)[name](*boxes)  # takes as many as the symbol does


def terms_with(symbol, inside):
    """Yield a symbol with letters for its arguments, and with one of them another term."""
    letters = [
        Text(f"{symbol.domain(k).name()}{k}", Style.BOLD if k % 2 else Style.ITALIC)
        for k in range(symbol.arity())
    ]
    yield noted(symbol.name(), *letters)
    for k in range(symbol.arity()):
        for term in inside[symbol.domain(k).name()]:
            yield noted(symbol.name(), *letters[:k], term, *letters[k + 1 :])


def test_no_two_terms_are_written_alike():
    """Not only the symbols: what is written inside of what else does not make them alike."""
    found = everything_with_symbols().values()
    inside = defaultdict(list)
    for symbol in found:
        inside[symbol.range().name()] += terms_with(symbol, defaultdict(list))
    alike = defaultdict(list)
    for symbol in found:
        for box in terms_with(symbol, inside):
            alike[in_unicode(box)].append(symbol.name())
    assert len(alike) > 1000
    assert {written: names for written, names in alike.items() if len(names) > 1} == {}


def test_the_papers_notation():
    told = {
        "weakly_improves": "u(x) ⪰ u(a) :⇔ ∀i: uᵢ(x) ≥ uᵢ(a)",
        "pmp": ("x ∈ PMPᵢ(a) :⇔ uᵢ(x) ≥ max{uᵢ^PMM, uᵢ(a)} ∧ (∀j ≠ i: uⱼ(x) = max{uⱼ^PMM, uⱼ(a)})"),
        "agreement_set": "∀R, a, x: x ∈ AS(R, a) ⇔ ∀j: x ∈ Rʲ(R⁻ʲ, a)",
        "outcome_of_programs": "∀p, i: a(p)ᵢ = pᵢ(p₋ᵢ)",
        "default_profile": "∀p, i: (p^def)ᵢ = pᵢ^def",
        "default_or_csr": "∀i, c: c ∈ Pᵢ^G ⇔ c ∈ Pᵢ ∨ c ∈ Pᵢ^RN",
    }
    for name, wanted in told.items():
        assert in_unicode(shown_definition(PAPER, name)) == wanted
    assert legend(tree_of(PAPER, "pmp")) == "i, j: players · x, a: outcomes"


def test_what_has_no_notation_is_written_as_its_name_and_arguments():
    mine = z3.Function("mine", Player, z3.BoolSort())
    other_u = z3.Function("u", Player, z3.RealSort())
    i = z3.Const("i", Player)
    assert text(z3.ForAll([i], mine(i))) == "∀i: mine(i)"
    assert text(z3.ForAll([i], other_u(i) == 0)) == "∀i: u′(i) = 0"
    p = z3.Const("p", Profile)
    other_a = z3.Function("a", Profile, z3.BoolSort())
    assert text(z3.ForAll([p], other_a(p))) == "∀p: a′(p)"
    other_outcome = z3.Function("outcome", Player, Player)
    other_pmp = z3.Function("pmp", Player, Player, Player, z3.BoolSort())
    assert text(z3.ForAll([i], other_outcome(i) == i)) == "∀i: outcome′(i) = i"
    assert text(z3.ForAll([i], other_pmp(i, i, i))) == "∀i: pmp′(i, i, i)"
    assert text(z3.Const("sel", z3.BoolSort())) == "sel′"
    theory = PAPER.with_(efficient=lambda theory, a: z3.ForAll([i], u(i, a) > 0))
    assert in_unicode(shown_definition(theory, "efficient")) == "a is efficient :⇔ ∀i: uᵢ(a) > 0"


# Lines, LaTeX, MathML


@pytest.mark.parametrize("width", [40, 60, 90])
def test_a_formula_in_lines_says_the_same_as_in_one(width):
    long = 0
    for name in PAPER:
        box = shown_definition(PAPER, name)
        lines = in_lines(box, width)
        assert lines.split("\n")[0] == lines.split("\n")[0].lstrip()
        if "{" not in in_unicode(box):  # cases are written otherwise when they are broken
            assert "".join(lines.split()) == "".join(in_unicode(box).split())
        long += max(map(len, lines.split("\n"))) > width
    assert long <= {40: 40, 60: 3, 90: 0}[width]


def shown_everywhere():
    for name in PAPER:
        yield name, shown_definition(PAPER, name)
    for statement in load_shipped():
        if isinstance(statement, Statement):
            for hypothesis in statement.hypotheses:
                yield f"{statement.id} {hypothesis.name}", shown(hypothesis.formula)
            for step in statement.steps:
                yield f"{statement.id} {step.name}", shown(step.formula)


def test_mathml_is_wellformed_and_has_every_letter():
    for name in PAPER:
        box = shown_definition(PAPER, name)
        element = ElementTree.fromstring(in_mathml(box).replace("&#160;", " "))
        assert element.tag == "math"
    pmp = in_mathml(shown_definition(PAPER, "pmp"))
    assert '<msub><mi mathvariant="normal">PMP</mi><mi>i</mi></msub>' in pmp
    assert "𝐱" in pmp


HOSTILE = [r"50%_of{x}\\", "a^b~c", "é", "λ", "ε2", "名", "x#$&'", "<b>&amp;", "x\x1b", 'a"b`']


def hostile():
    """Return formulas with names that other languages would read otherwise."""
    for name in HOSTILE:
        player = z3.Const(name, Player)
        own = z3.Function(name, Player, z3.BoolSort())
        yield shown(z3.ForAll([player], own(player)))
        yield shown(z3.Const(name, z3.BoolSort()))


def test_names_that_latex_and_html_would_read_otherwise():
    written = [in_latex(box) for box in hostile()]
    assert written[1] == r"\mathit{50\%\_of\lbrace x\rbrace \backslash \backslash }"
    assert r"\lambda" in written[7]
    assert all(one.isascii() for one in (text.replace("\\forall", "") for text in written))
    for box in hostile():
        ElementTree.fromstring(in_mathml(box).replace("&#160;", " "))
        assert in_unicode(box).isprintable()
    pmp = in_latex(shown_definition(PAPER, "pmp"))
    assert pmp.startswith(r"\mathbf{x} \in \mathrm{PMP}_{i}(\mathbf{a}) \mathrel{:\Leftrightarrow}")


@pytest.mark.long
@needs_latex
def test_all_formulas_of_the_paper_compile_without_packages(tmp_path):
    lines = [r"\documentclass{article}\begin{document}"]
    lines += [display(box) for box in (*hostile(), *(box for _, box in shown_everywhere()))]
    (tmp_path / "all.tex").write_text("\n".join([*lines, r"\end{document}"]), encoding="utf-8")
    compile_latex(tmp_path / "all.tex")
