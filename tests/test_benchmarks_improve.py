"""What the benchmark of improvements times finds what was planted, by every method."""

from __future__ import annotations

import pytest

from benchmarks import improve


@pytest.mark.parametrize("method", improve.METHODS)
def test_every_method_finds_exactly_what_was_planted(method):
    for seed in range(3):
        game, images = improve.planted(2, 5, seed)
        assert improve.METHODS[method](game) == [images]
