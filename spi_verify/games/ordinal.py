"""Exact numbers of any size as 64-bit integers that compare as they do."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_BITS = 62


def ordinal(row: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return integers of 64 bits that are equal, less and greater where the numbers are.

    Parameters
    ----------
    row
        Integers of 64 bits, which are returned as they are, or an object array of Python integers
        or Fractions.

    Notes
    -----
    Python integers are sorted by their 62 leading bits, as machine numbers; only those that agree
    in these are compared as a whole. So N integers of any size cost O(N log N) comparisons of
    machine numbers, and more only as far as they nearly coincide.

    >>> ordinal(np.array([10**40, -1, 10**40 + 1, 10**40], dtype=object)).tolist()
    [1, 0, 2, 1]
    """
    if row.dtype != object:
        return row
    if not row.size or not all(type(value) is int for value in row.tolist()):
        return _numbered(row)
    low = row.min()
    bits = int(row.max() - low).bit_length()
    if bits <= _BITS:
        return np.asarray(row - low, dtype=np.int64)
    leading = _numbered(np.asarray((row - low) >> (bits - _BITS), dtype=np.int64))
    tied = np.bincount(leading)[leading] > 1
    if not tied.any():
        return leading
    close = row[tied].tolist()
    place = {value: k for k, value in enumerate(sorted(set(close)))}
    within = np.zeros(len(row), dtype=np.int64)
    within[tied] = [place[value] for value in close]
    return leading * len(place) + within


def _numbered(row: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the place of each number among the different ones."""
    return np.unique(row, return_inverse=True)[1].reshape(-1).astype(np.int64)
