"""Instances to which subgraph isomorphism is reduced are decided, or the search says it stopped."""

from __future__ import annotations

import functools
import json
from collections import Counter

import networkx as nx
import numpy as np
import pytest

from spi_verify.delegation import improve, improving
from spi_verify.games import Game, write_nfg


def codes(graph: nx.Graph) -> np.ndarray:
    """Payoffs at two vertices: edges to edges, and both players' vertices to the same vertices."""
    size = len(graph)
    pays = np.zeros((size, size, 2), dtype=np.int64)
    for a, b in graph.edges:
        pays[a, b] = pays[b, a] = [1, 1]
    pays[np.diag_indices(size)] = [2, 0]
    return pays


def game_of(pattern: nx.Graph, host: nx.Graph) -> Game:
    """A game that has a safe improvement exactly if the one graph is a subgraph of the other.

    The pattern's vertices survive elimination. An outcome of a vertex of each graph is bad for
    somebody, so that they are sent to vertices of the host.
    """
    left, size = len(pattern), len(pattern) + len(host)
    pays = np.zeros((size, size, 2), dtype=np.int64)
    pays[:left, left:] = [10, -10]
    pays[left:, :left] = [-10, 10]
    pays[:left, :left], pays[left:, left:] = codes(pattern), codes(host)
    return Game.from_payoffs(pays)


def is_subgraph(pattern: nx.Graph, host: nx.Graph) -> bool:
    return nx.isomorphism.GraphMatcher(host, pattern).subgraph_is_monomorphic()


def answers(left: int, size: int, share: float, other: float, seeds: range) -> Counter:
    """Count answers, each of which has to be right."""
    found: Counter = Counter()
    for seed in seeds:
        pattern = nx.gnp_random_graph(left, share, seed=seed)
        host = nx.gnp_random_graph(size, other, seed=1000 + seed)
        result = improve(game_of(pattern, host))
        said = True if result.found else False if result.complete else None
        found[said] += 1
        assert said is None or said == is_subgraph(pattern, host), (left, size, seed)
    return found


def test_there_is_an_improvement_exactly_where_there_is_a_subgraph():
    found = answers(4, 6, 0.7, 0.45, range(16))
    assert found[None] == 0
    assert min(found[True], found[False]) > 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("left", "size", "share", "other"),
    [(6, 14, 0.8, 0.45), (8, 20, 0.7, 0.45), (9, 24, 0.9, 0.5)],
)
def test_larger_instances_are_decided_or_honestly_open(left, size, share, other):
    found = answers(left, size, share, other, range(2))
    assert sum(found.values()) == 2


def test_an_instance_beyond_the_limit_is_undecided_and_says_so(run, tmp_path, monkeypatch):
    file = tmp_path / "hard.nfg"
    pattern, host = nx.complete_graph(6), nx.gnp_random_graph(14, 0.5, seed=1)
    file.write_text(write_nfg(game_of(pattern, host)))
    stopped = functools.partial(improving.improve, max_nodes=3)
    monkeypatch.setattr(improving, "improve", stopped)
    done = run("improve", file, "--json", "-")
    found = json.loads(done.out)
    assert (done.code, found["complete"], found["improvements"]) == (3, False, [])
