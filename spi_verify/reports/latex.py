"""Blocks as LaTeX, for an appendix: plain LaTeX, whatever the texts hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from spi_verify.mathematics.latex import display
from spi_verify.reports.blocks import (
    Bimatrix,
    Block,
    Code,
    Formula,
    Grid,
    Heading,
    Inline,
    Items,
    Lines,
    Paragraph,
    Picture,
)
from spi_verify.text import printable

_HEAD = """% An appendix. In your paper, after \\appendix: \\input{this file}. Alone:
%   \\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{graphicx}
%   \\begin{document}\\appendix\\input{this file}\\end{document}
"""
_SECTIONS = ("section", "subsection", "subsubsection", "paragraph")
_SPECIAL = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    '"': "{\\char34}",
    "`": "{\\char96}",
    "'": "{\\char39}",
    **{c: f"\\{c}" for c in "#$%&_"},
}
_MATHS = {
    "→": "\\rightarrow",
    "↦": "\\mapsto",
    "≥": "\\geq",
    "≤": "\\leq",
    "≠": "\\neq",
    "∈": "\\in",
    "∉": "\\notin",
    "∀": "\\forall",
    "∃": "\\exists",
    "∅": "\\emptyset",
    "∪": "\\cup",
    "∩": "\\cap",
    "⊆": "\\subseteq",
    "¬": "\\neg",
    "∧": "\\wedge",
    "∨": "\\vee",
    "⇒": "\\Rightarrow",
    "⇔": "\\Leftrightarrow",
    "×": "\\times",
    "·": "\\cdot",
    "−": "-",
    "∞": "\\infty",
    "′": "{}^{\\prime}",
}
_GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda').upper()}"): f"\\{name}"
    for name in (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
        "omega",
    )
} | {
    unicodedata.lookup(
        f"GREEK CAPITAL LETTER {name.replace('Lambda', 'lamda').upper()}"
    ): rf"\{name}"
    for name in ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega")
}
_ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"'}
_OTHERS = {"…": "\\ldots{}", "–": "{--}", "—": "{---}", "“": "``", "”": "''", "’": "'", "‘": "`"}


def latex(blocks: Sequence[Block]) -> str:
    r"""Return blocks as LaTeX that can be read into a paper after ``\appendix``.

    It asks for no package but, where it has pictures, graphicx, and leaves these out without.
    """
    return (
        _HEAD + "{\\sloppy\n" + "\n".join(part for one in blocks for part in _block(one)) + "\n}\n"
    )


def escaped(text: str) -> str:
    r"""Return text that LaTeX prints as it is.

    Examples
    --------
    >>> escaped("50% of p_1 & {x}")
    '50\\% of p\\_1 \\& \\{x\\}'
    >>> escaped("from Γ")
    'from \\ensuremath{\\Gamma}'
    """
    letters = "".join(map(_letter, printable(text)))
    return _LIGATURE.sub(r"\1{}", letters)


_LIGATURE = re.compile(r"([-,])(?=\1)")
"""What would become another letter: ``--`` is one stroke."""


def _letter(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c.isascii():
        return c
    if c in _MATHS or c in _GREEK:
        return f"\\ensuremath{{{(_MATHS | _GREEK)[c]}}}"
    if c in _OTHERS:
        return _OTHERS[c]
    parts = unicodedata.normalize("NFD", c)
    base, mark = parts[0], _ACCENTS.get(parts[1:])
    if mark is not None and base.isascii() and base.isalpha():
        return f"\\{mark}{{{base}}}"
    plain = unicodedata.normalize("NFKD", c)
    if plain.isascii() and plain.isprintable() and not set(plain) & set(_SPECIAL):
        return plain
    return f"\\texttt{{U+{ord(c):04X}}}"


def _code(text: str) -> str:
    """Return a name, which may be broken after hyphens, underscores and slashes."""
    text = printable(text)
    letters = (f"{_letter(c)}\\allowbreak{{}}" if c in "-_/,(" else _letter(c) for c in text)
    return f"\\texttt{{{''.join(letters)}}}"


def _line(line: Inline) -> str:
    return "".join(_code(part) if isinstance(part, Code) else escaped(part) for part in line)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, line):
            name = _SECTIONS[min(level, len(_SECTIONS)) - 1]
            yield f"\n\\{name}{{{_line(line)}}}"
        case Paragraph(line):
            yield f"\n\\noindent {{}}{_line(line)}\\par"
        case Items(lines, numbered):
            kind = "enumerate" if numbered else "itemize"
            yield f"\\begin{{{kind}}}"
            yield from (f"\\item{{}} {_line(line)}" for line in lines)
            yield f"\\end{{{kind}}}"
        case Grid():
            yield from _grid(block)
        case Bimatrix():
            yield from _bimatrix(block)
        case Picture(file, caption):
            yield "\\ifdefined\\includegraphics"
            yield "\\begin{center}"
            yield f"\\includegraphics[width=0.7\\linewidth]{{{file}.pdf}}\\par"
            yield f"{{\\small {{}}{escaped(caption)}}}"
            yield "\\end{center}\n\\fi"
        case Formula(shown, legend):
            yield f"{{\\small {{}}{display(shown)}"
            yield f"\\noindent {{}}{{\\footnotesize {escaped(legend)}}}\\par}}"
        case Lines(lines):
            yield "\\begin{quote}\\footnotesize\\raggedright"
            yield from (f"{_code(one)}\\par" for one in lines)
            yield "\\end{quote}"


def _grid(grid: Grid) -> Iterator[str]:
    yield "\\begin{center}\\small"
    yield f"\\begin{{tabular}}{{{'l' * len(grid.head)}}}\n\\hline"
    for number, row in enumerate((grid.head, *grid.rows)):
        yield " & ".join(f"{{}}{_line(cell)}" for cell in row) + " \\\\"
        if number == 0:
            yield "\\hline"
    yield "\\hline\n\\end{tabular}\\par"
    if grid.caption:
        yield f"\\smallskip {{}}{escaped(grid.caption)}"
    yield "\\end{center}"


def _bimatrix(shown: Bimatrix) -> Iterator[str]:
    count = len(shown.columns)
    one, other = map(escaped, shown.players)
    line = f"\\cline{{2-{count + 1}}}"
    yield "\\begin{center}\\small"
    yield f"\\begin{{tabular}}{{r|{'c|' * count}}}"
    yield f"\\multicolumn{{1}}{{c}}{{}} & \\multicolumn{{{count}}}{{c}}{{{{}}{other}}} \\\\"
    heads = (f"\\multicolumn{{1}}{{c}}{{{{}}{escaped(column)}}}" for column in shown.columns)
    yield f"\\multicolumn{{1}}{{r}}{{{{}}{one}}} & {' & '.join(heads)} \\\\ {line}"
    for row in shown.rows:
        yield " & ".join(f"{{}}{escaped(cell)}" for cell in row) + f" \\\\ {line}"
    yield "\\end{tabular}\\par"
    if shown.caption:
        yield f"\\smallskip {{}}{escaped(shown.caption)}"
    yield "\\end{center}"
