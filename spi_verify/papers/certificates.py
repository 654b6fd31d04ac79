"""The certificates that come with papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from spi_verify.obligations.certificates.kept import Kept
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.paper import CERTIFICATES, VARIANTS, shipped_papers


def kept_for(statements: Sequence[Statement | Executed]) -> Kept:
    """Return the certificates in the folders of statements, and those that are shipped.

    Parameters
    ----------
    statements
        Whose; which of the certificates is used for which step, formulas decide.
    """
    folders = [one.source.parent for one in statements if one.source is not None]
    folders += [paper.folder for paper in shipped_papers().values()]
    return Kept(place for folder in dict.fromkeys(folders) for place in _places(folder))


def _places(folder: Path) -> Iterator[Path]:
    """Iterate over where a paper's folder has certificates: its own, and those with its variants.

    A variant's folder holds what is otherwise with another definition.
    """
    yield folder / CERTIFICATES
    variants = folder / VARIANTS / CERTIFICATES
    yield from sorted(variants.iterdir()) if variants.is_dir() else ()
