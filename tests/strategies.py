"""Random models as the data of a model file."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

payoff = st.integers(-2, 2) | st.sampled_from(["1/2", "-3/2", "0.1"])
linear_payoff = st.integers(-2, 2) | st.sampled_from(["c", "-c", "c - d", "2*c + 1", "1/2 - d"])


def nested(flat, shape):
    for size in reversed(shape):
        flat = [flat[k : k + size] for k in range(0, len(flat), size)]
    return flat[0]


@st.composite
def models(draw, payoffs=payoff, max_players=3, correlated=None):
    """Data of a model with a renegotiation function f, and its outcomes as name lists."""
    n = draw(st.integers(1, max_players))
    sizes = draw(st.lists(st.integers(1, 3 if n < 3 else 2), min_size=n, max_size=n))
    actions = [[f"{'xyz'[i]}{a}" for a in range(size)] for i, size in enumerate(sizes)]
    outcomes = [list(o) for o in itertools.product(*actions)]
    table = draw(
        st.lists(
            st.lists(payoffs, min_size=n, max_size=n),
            min_size=len(outcomes),
            max_size=len(outcomes),
        )
    )
    data = {
        "game": {"actions": actions, "payoffs": nested(table, sizes)},
        "renegotiation": {},
        "claims": [],
    }
    references = list(outcomes)
    if draw(st.booleans() if correlated is None else correlated):
        data["feasible"] = "correlated"
        data["mixtures"] = {}
        for name in ("m1", "m2")[: draw(st.integers(0, 2))]:
            parts = draw(st.lists(st.sampled_from(outcomes), min_size=1, max_size=3))
            weights = draw(st.lists(st.integers(1, 3), min_size=len(parts), max_size=len(parts)))
            data["mixtures"][name] = [
                {"outcome": part, "weight": f"{w}/{sum(weights)}"}
                for part, w in zip(parts, weights, strict=True)
            ]
            references.append({"mixture": name})
    rule = st.fixed_dictionaries(
        {"from": st.sampled_from(references), "to": st.sampled_from(references)}
    )
    data["renegotiation"]["f"] = draw(st.lists(rule, max_size=4))
    if draw(st.booleans()):
        reachable = draw(st.lists(st.sampled_from(references), min_size=1, max_size=4))
        data["defaults"] = {"reachable": reachable}
    return data, outcomes, references
