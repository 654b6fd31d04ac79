"""Counterexamples as a regression test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_HEAD = '''"""Counterexamples found by `spi-verify refute`, executed again without a solver."""

import json

import pytest

from spi_verify.counterexamples.file import confirm_saved

REFUTATIONS = json.loads(
    r"""
{data}
"""
)


@pytest.mark.parametrize("refutation", REFUTATIONS, ids=lambda refutation: refutation["statement"])
def test_the_counterexample_still_refutes(refutation):
    assert confirm_saved(refutation).conclusion == refutation["conclusion"]
'''


def regression_test(refutations: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a pytest file that executes counterexamples again.

    Parameters
    ----------
    refutations
        As :func:`spi_verify.counterexamples.file.build` makes them.
    """
    data = json.dumps(list(refutations), indent=1).replace('"""', '""\\u0022')
    return _HEAD.replace("{data}", data)
