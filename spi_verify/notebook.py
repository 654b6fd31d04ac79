"""What a notebook shows: counterexamples and plots. Games and reports show themselves.

Importing this loads no solver and no plotting; what is displayed loads what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spi_verify.errors import InputError
from spi_verify.files import read_json

if TYPE_CHECKING:
    from spi_verify.games import CorrelatedPlay, PureOutcomes


@dataclass(frozen=True)
class Refutation:
    """A counterexample, shown as its story with a picture of the payoffs.

    Parameters
    ----------
    data
        What stands under ``counterexample`` in a result, or in a file that ``replay`` takes. It
        is shown and not confirmed; :meth:`read` and ``spi-verify replay`` confirm it.

    Examples
    --------
    >>> Refutation({"statement": "composition", "story": ["Nobody gains."]})
    Refutation of composition: Nobody gains.
    """

    data: Mapping[str, Any]

    @classmethod
    def read(cls, file: str | Path) -> Refutation:
        """Read a saved counterexample; one to a statement is executed, and shown as told now.

        Raises
        ------
        InputError
            When the file cannot be read, or holds no JSON object or a malformed counterexample.
        Rejected
            When it is no counterexample to its statement.
        """
        data = read_json(Path(file))
        if not isinstance(data, dict):
            raise InputError("a counterexample is a JSON object", file=str(file))
        from spi_verify.counterexamples.file import SCHEMA

        if data.get("schema") == SCHEMA:
            from spi_verify.counterexamples.replay import retold

            data = retold(Path(file))[1] or data
        return cls(data)

    @property
    def story(self) -> list[str]:
        """What happens in it, line by line."""
        from spi_verify.reports.story import lines_of

        return lines_of(self.data)

    @property
    def of(self) -> str:
        """The statement or the claim that it refutes."""
        claim = self.data.get("claim")
        claim = claim if isinstance(claim, Mapping) else {}
        unnamed = f"{claim.get('kind', 'a claim')} {claim.get('function', '')}".strip()
        return str(self.data.get("statement") or claim.get("name") or unnamed)

    def __repr__(self) -> str:
        return f"Refutation of {self.of}: {' '.join(self.story)}"

    def _repr_html_(self) -> str:
        from spi_verify.reports.html import identifier, text
        from spi_verify.reports.portrait import portrait
        from spi_verify.reports.story import in_parts

        lines = "".join(
            f"<li>{text(line)}{_table(rows)}</li>" for line, rows in in_parts(self.story)
        )
        picture = portrait(self.data, f"refutation-{identifier(self.of)}")
        style = "background:#fff;max-width:46rem"
        drawn = "" if picture is None else f'<div style="{style}">{picture}</div>'
        return f"<div><strong>Refutation of {text(self.of)}</strong><ol>{lines}</ol>{drawn}</div>"


def _table(rows: list[str]) -> str:
    from spi_verify.reports.html import text

    shown = "<br>".join(text(row).replace(" ", "&nbsp;") for row in rows)
    return f"<br><code>{shown}</code>" if rows else ""


@dataclass(frozen=True)
class Plot:
    """The feasible set, efficient frontier, PMM and Pareto meet of a game, as a picture.

    Parameters
    ----------
    feasible
        Pure outcomes or correlated play of a game of at most three players.
    """

    feasible: PureOutcomes | CorrelatedPlay

    def _repr_svg_(self) -> str:
        from tempfile import TemporaryDirectory

        from spi_verify.reports.plots import plot_game

        with TemporaryDirectory() as folder:
            file = Path(folder) / "plot.svg"
            plot_game(self.feasible, file)
            return file.read_text(encoding="utf-8")
