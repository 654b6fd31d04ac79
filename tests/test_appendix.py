"""The audit as Markdown and LaTeX: everything is told, and nothing in a text is taken as markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import compile_latex, needs_latex
from hypothesis import given
from hypothesis import strategies as st
from test_papers import paper, suite

from spi_verify.reports.blocks import Bimatrix, Code, Grid, Heading, Items, Lines, Paragraph
from spi_verify.reports.latex import escaped, latex
from spi_verify.reports.markdown import as_markdown
from spi_verify.text import printable

HOSTILE = [
    "100% of {x}_1^2 & #3 $4 ~ \\input{/etc/passwd}",
    "[not an argument] * -- --- ,, `` '' \"q\" <a|b> ?` !`",
    "é ü ñ → ≥ π λ ∀ “quoted” … ’ \u202e\x1b[31m \U0001f600 中",
    "\\end{document}",
    "",
]


def of(text: str) -> list:
    return [
        Heading(1, (text,)),
        Heading(2, (Code(text), text)),
        Paragraph((text, Code(text))),
        Items(((text,), (Code(text),)), numbered=True),
        Items(((text,),)),
        Grid(((text,), ("b",)), (((text,), (Code(text),)), (("[x",), ("y",))), f"A {text}"),
        Bimatrix((text, text), (text, "b"), ((text, text, "0, 0"), ("[x", "y", text)), f"A {text}"),
        Lines((text, text)),
    ]


_NAMES = {
    "textbackslash{}": "\\",
    "textasciitilde{}": "~",
    "textasciicircum{}": "^",
    "textless{}": "<",
    "textgreater{}": ">",
    "textbar{}": "|",
}


def read_back(text: str) -> str:
    """Read what LaTeX prints for ASCII text, by its rules and not by the table that wrote it."""
    shown = ""
    while text:
        if found := next((name for name in _NAMES if text.startswith(f"\\{name}")), None):
            shown, text = shown + _NAMES[found], text[len(found) + 1 :]
        elif found := re.match(r"\{\\char(\d+)\}", text):
            shown, text = shown + chr(int(found[1])), text[found.end() :]
        elif text.startswith("{}"):
            text = text[2:]
        elif text[0] == "\\":
            assert text[1] in "#$%&_{}", text
            shown, text = shown + text[1], text[2:]
        else:
            assert text[0] not in "#$%&_{}~^\\<>|\"`'", text
            shown, text = shown + text[0], text[1:]
    return shown


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_text_is_printed_by_latex_as_it_is(text):
    written = escaped(text)
    assert "--" not in written
    assert ",," not in written
    assert read_back(written) == printable(text)


@given(st.text())
def test_whatever_a_text_holds_environments_and_braces_are_balanced(text):
    written = latex(of(text))
    body = re.sub(r"^%.*$", "", written, flags=re.M)
    begun = []
    for kind, name in re.findall(r"(?<!\\)\\(begin|end)\{(\w+)\}", body):
        if kind == "begin":
            begun.append(name)
        else:
            assert begun.pop() == name
    assert not begun
    bare = re.sub(r"\\[\\{}#$%&_]", "", body)
    depth = 0
    for c in bare:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.isascii()
    assert "%" not in bare
    assert "#" not in bare


@given(st.text())
def test_whatever_a_text_holds_markdown_has_the_same_lines(text):
    expected = as_markdown(of("x")).count("\n")
    assert as_markdown(of(text)).count("\n") == expected


@pytest.fixture
def audited(run, tmp_path) -> Path:
    file = suite("ours-2").replace("What is weakly better improves", "50% of {x} & y_1 -- <b>")
    folder = paper(tmp_path / "ours", one=suite(sign="<="), two=file)
    found = run(
        "audit", folder, "--markdown", tmp_path / "audit.md", "--latex", tmp_path / "audit.tex"
    )
    assert f"wrote {tmp_path / 'audit.md'}" in found.out
    return tmp_path


@pytest.mark.long
def test_a_report_tells_verdicts_stories_payoffs_and_how_to_reproduce(audited):
    text = (audited / "audit.md").read_text()
    for part in (
        "# Verdicts: Ours",
        "- `ours-1`, What is weakly better improves: refuted",
        "## `ours-1`: What is weakly better improves",
        "### As printed: refuted (executed exactly, without a solver); expected: proved.",
        "Claimed:\n\n$$\n\\forall \\mathbf{a}",
        "| player 1 / player 2 | 1 |\n|---|---|\n| 1 |",
        "](audit-pictures/ours-1.svg)",
        "1. In this game player 1 chooses the row and player 2 has no choice.\n2. a is (2, 1)",
        "So the conclusion fails for a = (2, 1), b = (1, 1), i = player 2",
        "### As printed: proved (z3 and cvc5 agree).",
        "The proof rests on `weakly_improves`.",
        "## How to reproduce",
        "    spi-verify audit ",
        "ours ours-1 --save counterexamples",
    ):
        assert part in text, part
    assert (audited / "audit-pictures" / "ours-1.svg").is_file()
    assert (audited / "audit-pictures" / "ours-1.pdf").is_file()
    tex = (audited / "audit.tex").read_text()
    assert "\\section{Verdicts: Ours}" in tex
    assert "50\\% of \\{x\\} \\& y\\_1 -{}- \\textless{}b\\textgreater{}" in tex


def compiled(folder: Path, tex: str) -> None:
    """Compile a file as an appendix, with nothing but what it asks for."""
    whole = (
        "\\documentclass{article}\\usepackage{graphicx}\\begin{document}A paper.\\appendix"
        f"\\input{{{tex}}}\\end{{document}}\n"
    )
    (folder / "whole.tex").write_text(whole)
    compile_latex(folder / "whole.tex")


@pytest.mark.long
@needs_latex
def test_the_appendix_compiles(audited):
    compiled(audited, "audit.tex")


@pytest.mark.long
@needs_latex
def test_hostile_texts_compile(tmp_path):
    (tmp_path / "hostile.tex").write_text(latex([b for text in HOSTILE for b in of(text)]))
    compiled(tmp_path, "hostile.tex")
