"""The paper on delegation is shown in its own notation, by what its folder says."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from xml.etree import ElementTree

import pytest
import z3
from conftest import compile_latex, needs_latex
from test_mathematics import random_tables, value
from test_papers import paper

from spi_verify.mathematics.boxes import PRIME, Text
from spi_verify.mathematics.latex import display, in_latex
from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.notation import SORTS
from spi_verify.mathematics.phrases import noted
from spi_verify.mathematics.reading import read, symbol_name
from spi_verify.mathematics.showing import in_letters, legend, shown, shown_definition, tree_of
from spi_verify.mathematics.trees import Quantified, parts_of
from spi_verify.mathematics.unicode import in_unicode
from spi_verify.obligations.statements import Statement
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.loading import load
from spi_verify.papers.notations import notation_at, notation_of
from spi_verify.papers.paper import shipped_papers
from spi_verify.reports.latex import escaped
from spi_verify.theory import PAPER, subterms
from spi_verify.theory.evaluate import holds, predicate
from spi_verify.theory.signature import symbols

DELEGATION = shipped_papers()["delegation"]
THEORY = theory_of(DELEGATION)
OWN = notation_of(DELEGATION)


@pytest.fixture(scope="module")
def statements():
    return [one for one in load(DELEGATION.folder, PAPER) if isinstance(one, Statement)]


@pytest.fixture(scope="module")
def formulas(statements):
    """Every formula of the paper, with what it is."""
    found = {name: THEORY.axiom(name) for name in DELEGATION.definitions}
    for statement in statements:
        for fact in (*statement.hypotheses, *statement.steps):
            found[f"{statement.id} {fact.name}"] = fact.formula
    return found


def own_symbols(formulas):
    found = {}
    for formula in formulas.values():
        for term in subterms(formula):
            if z3.is_app(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found[term.decl().name()] = term.decl()
    known = symbols()
    return {n: one for n, one in found.items() if n not in known or not known[n].eq(one)}


# The table against the signature


def test_every_symbol_of_the_paper_has_a_notation_and_every_notation_a_symbol(formulas):
    found = own_symbols(formulas)
    assert len(found) > 80
    assert set(found) == set(OWN.notation)
    for name, symbol in found.items():
        OWN.written(name, *[Text("x")] * symbol.arity())  # takes as many as the symbol does


@pytest.mark.long
def test_every_sort_of_the_paper_has_words_and_every_variable_is_one_letter(formulas):
    sorts = {
        sort.name()
        for one in own_symbols(formulas).values()
        for sort in [one.range(), *(one.domain(k) for k in range(one.arity()))]
    }
    assert sorts <= {*SORTS, *OWN.sorts}
    assert set(OWN.letters) <= {*SORTS, *OWN.sorts}
    for name, formula in formulas.items():
        for part in parts_of(read(formula, OWN)):
            for variable in part.variables if isinstance(part, Quantified) else ():
                letter = in_unicode(OWN.letter(variable.name, variable.sort))
                assert len(letter.split("^")[0].split("_")[0].rstrip("′₁₂₃ᵐⁿ")) == 1, (name, letter)


def test_letters_in_places_are_of_symbols_of_the_table():
    assert {symbol for symbol, _ in OWN.letters_in_places} <= set(OWN.notation)


def letters(symbol, k):
    """Yield what may stand in a place: some letter, and those of the paper."""
    sort = symbol.domain(k).name()
    yield Text(f"{sort}{k}")
    yield from OWN.letters.get(sort, {}).values()


def terms_with(symbol, inside):
    """Yield a symbol with letters for its arguments, and with one of them something else."""
    plain = [next(letters(symbol, k)) for k in range(symbol.arity())]
    name = symbol_name(symbol)
    yield noted(name, *plain, own=OWN)
    for k in range(symbol.arity()):
        others = itertools.islice(letters(symbol, k), 1, None)
        for term in (*others, *inside[symbol.domain(k).name()]):
            yield noted(name, *plain[:k], term, *plain[k + 1 :], own=OWN)


def test_no_two_terms_are_written_alike(formulas):
    found = own_symbols(formulas).values()
    inside = defaultdict(list)
    for symbol in found:
        inside[symbol.range().name()] += terms_with(symbol, defaultdict(list))
    alike = defaultdict(list)
    for symbol in found:
        for box in terms_with(symbol, inside):
            alike[in_unicode(box)].append(symbol.name())
    assert len(alike) > 1000
    assert {written: names for written, names in alike.items() if len(names) > 1} == {}


# What is shown


@pytest.mark.parametrize("name", DELEGATION.definitions)
def test_a_definition_shown_is_the_definition(name):
    axiom, tree = THEORY.axiom(name), tree_of(THEORY, name, OWN)
    for seed in range(2):
        rng = random.Random(f"{name} {seed}")
        structure = random_tables(axiom, rng, sorts=(*SORTS, *OWN.sorts))
        for symbol in set(structure.tables) & set(symbols()):  # which is another one there
            structure.tables[symbol + PRIME] = structure.tables[symbol]
        if not THEORY[name].sorts:
            assert value(tree, structure) == holds(axiom, structure)
            continue
        meaning = tree.body.parts[1]
        said = predicate(axiom, structure)
        for row in itertools.islice(itertools.product(range(2), repeat=len(tree.variables)), 4):
            scope = dict(zip((one.name for one in tree.variables), row, strict=True))
            assert bool(value(meaning, structure, scope)) == said(row)


def test_the_notation_of_the_paper():
    told = {
        "safe_improvement": (
            "Γ^s is an SPI on Γ :⇔ Γ^s is a subset game of Γ ∧ (∀ω: u(Π_ω(Γ^s)) ≥ u(Π_ω(Γ)))"
        ),
        "corresponds": "Γ ∼_Φ Γ′ :⇔ ∀ω: Π_ω(Γ′) ∈ Φ(Π_ω(Γ))",
        "into": "Φ sends actions in Γ to actions in Γ′ :⇔ ∀i, x: x ∈ Aᵢ^Γ ⇒ Φᵢ(x) ∈ Aᵢ^Γ′",
        "wider": "Φ ⊆ Ξ :⇔ ∀a, b: b ∈ Φ(a) ⇒ b ∈ Ξ(a)",
        "same_for_others": "a₋ᵢ = b₋ᵢ :⇔ ∀j ≠ i: aⱼ = bⱼ",
        "threat_points": "∀i, σ: (∀k ≠ i: σₖ = minimax(i, k)) ⇒ uᵢ(σ) ≤ vᵢ",
        "token_improvement": (
            "(Γ^s, u^e) is an SPI on Γ :⇔ "
            "(Γ^s, u^e) is a token game for Γ ∧ (∀ω: u^e(Π_ω(Γ^s)) ⪰ u(Π_ω(Γ)))"
        ),
        "trivial_improvement": (
            "Γ^{s, red} and Γ^red are equal :⇔ Γ^red and Γ^{s, red} have the same actions "
            "∧ Γ^red and Γ^{s, red} have the same payoffs"
        ),
    }
    for name, wanted in told.items():
        assert in_unicode(shown_definition(THEORY, name, OWN)) == wanted
    scaled = in_unicode(shown_definition(THEORY, "rescales", OWN))
    assert scaled.startswith("uᵢ^Γ(·) = λᵢ uᵢ^Γ′(Φ(·)) + cᵢ for some λᵢ > 0 and cᵢ :⇔ ")
    assert legend(tree_of(THEORY, "safe_improvement", OWN), own=OWN) == "Γ^s, Γ: games · ω: a play"


def test_a_letter_that_is_taken_has_a_prime_beside_what_is_above_it():
    H, G = z3.Consts("H G", THEORY["subset_game"].sorts[0])
    subset = THEORY.subset_game(H, G)
    nested = z3.ForAll([H, G], z3.And(subset, z3.Exists([H], subset)))
    assert "(∃Γ^{s′}: Γ^{s′} is a subset game of Γ)" in in_unicode(shown(nested, OWN))
    assert r"\Gamma^{s'}" in in_latex(shown(nested, OWN))


@pytest.mark.long
def test_mathml_and_latex_have_the_notation(formulas):
    for formula in formulas.values():
        box = shown(formula, OWN)
        ElementTree.fromstring(in_mathml(box).replace("&#160;", " "))
        assert in_latex(box).isascii()
    one = shown_definition(THEORY, "corresponds", OWN)
    assert in_latex(one).startswith(r"\Gamma ~\sim_{\Phi }~\Gamma ' \mathrel{:\Leftrightarrow}")
    assert "<msub><mo>∼</mo><mi>Φ</mi></msub>" in in_mathml(one)
    assert "<msup><mi>Γ</mi><mo>′</mo></msup>" in in_mathml(one)  # slanted like Γ


@pytest.mark.long
@needs_latex
def test_all_formulas_of_the_paper_compile_without_packages(formulas, tmp_path):
    lines = [r"\documentclass{article}\begin{document}"]
    lines += [display(shown(formula, OWN)) for formula in formulas.values()]
    lines += [display(shown_definition(THEORY, name, OWN)) for name in DELEGATION.definitions]
    (tmp_path / "all.tex").write_text("\n".join([*lines, r"\end{document}"]), encoding="utf-8")
    compile_latex(tmp_path / "all.tex")


def test_the_letters_in_words_about_definitions_are_written_in_latex():
    for name in THEORY:
        meaning = " ".join((THEORY[name].body.__doc__ or "").split())
        assert "U+" not in escaped(in_letters(meaning, THEORY, name, OWN)), name


@pytest.mark.long
def test_explain_shows_statements_and_symbols_of_the_paper_so(run):
    done = run("explain", "delegation", "oc-thm-3", "changed_to", "--json", "-")
    assert done.code == 0
    assert "Γ ∼_Φ Γ^s" in done.out
    assert '"unicode": "(x, a₋ᵢ)"' in done.out
    assert '"letters": "a: an outcome · i: a player · x: an action"' in done.out
    named = run("explain", "oc-thm-3")
    assert "∃Φ: Γ ∼_Φ Γ^s" in named.out
    game = run("explain", "delegation", "safe_improvement").out
    assert "Definition 1: Γ^s is a subset game of Γ, and in no play does it" in game
    symbol = run("explain", "delegation", "result")
    assert "what representatives play who are told to play G" in symbol.out
    assert "- symbols: result, relates" in run("explain", "delegation", "corresponds").out


# Notation of a paper of one's own


CLAIMS = """\
from z3 import BoolSort, Const, DeclareSort, ForAll, Function, Implies
from spi_verify.obligations import Statement, Step
from spi_verify.theory import define

Thing = DeclareSort("Thing")
near = Function("near", Thing, Thing, BoolSort())
t, other = Const("t", Thing), Const("other", Thing)


@define(Thing)
def lonely(theory, t):
    return ForAll([other], near(t, other) == (t == other))


def statements(theory):
    goal = ForAll([t], Implies(theory.lonely(t), near(t, t)))
    steps = (Step("goal", goal, ["lonely"]),)
    return [Statement("near-itself", "Near itself", theory, (), ("lonely",), steps)]
"""
TOML = 'title = "Things"\n{}[definitions]\nlonely = "claims.py:lonely"\n'
IMPORTS = "from spi_verify.mathematics.boxes import Text, relation\n"


def own_paper(folder, notation, named='notation = "signs.py"\n'):
    paper(folder, TOML.format(named))
    (folder / "claims.py").write_text(CLAIMS)
    if notation is not None:
        (folder / "signs.py").write_text(IMPORTS + notation)
    return folder


def test_a_paper_says_some_of_its_notation_and_the_rest_is_as_ever(run, tmp_path):
    near = 'NOTATION = {"near": lambda x, y: relation(x, "≈", y)}\n'
    folder = own_paper(tmp_path / "things", near)
    assert "lonely(t) :⇔ ∀other: t ≈ other ⇔ t = other" in run("explain", folder, "lonely").out
    more = 'SORTS = {"Thing": ("a thing", "things")}\nLETTERS = {"Thing": {"other": Text("θ")}}\n'
    (folder / "signs.py").write_text(IMPORTS + near + more)
    shown_then = run("explain", folder, "lonely").out
    assert "lonely(t) :⇔ ∀θ: t ≈ θ ⇔ t = θ\n    t, θ: things" in shown_then


def test_a_draft_has_the_notation_of_the_paper_that_it_extends(tmp_path):
    own_paper(tmp_path / "things", 'NOTATION = {"near": lambda x, y: relation(x, "≈", y)}\n')
    draft = paper(tmp_path / "draft", 'title = "Draft"\nextends = "../things"\n')
    assert "near" in notation_at(draft)
    (draft / "more.py").write_text('NOTATION = {"lonely": lambda t: t}\n')
    (draft / "paper.toml").write_text('title = "D"\nextends = "../things"\nnotation = "more.py"\n')
    assert {"near", "lonely"} == set(notation_at(draft).notation)


@pytest.mark.parametrize(
    ("notation", "message"),
    [
        (None, "paper.toml: notation: there is no file signs.py in the paper's folder"),
        ("", "signs.py: it says nothing: write NOTATION, SORTS, BOLD_SORTS, LETTERS"),
        ("NOTATION = ['near']\n", "signs.py: NOTATION: write a function for each symbol"),
        ("SORTS = {'Thing': 'a thing'}\n", 'SORTS: write ("a game", "games") for each sort'),
        ("LETTERS = {'Thing': {'t': 'x'}}\n", "LETTERS: write for each sort, a box for each"),
        (
            "NOTATION = {'near': lambda x: x}\n",
            "signs.py: the notation of 'near': it does not write 2 arguments: ",
        ),
        ("NOTATION = {'near': lambda x, y: 'x'}\n", "the notation of 'near': it makes no box"),
    ],
)
def test_wrong_notation_is_one_line(run, tmp_path, notation, message):
    done = run("explain", own_paper(tmp_path / "things", notation))
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert message in line
    assert not done.out.strip()
