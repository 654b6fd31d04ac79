"""Instances that cvc5 refutes a step by."""

from __future__ import annotations

from collections.abc import Mapping

from spi_verify.checker.proofs import Step
from spi_verify.checker.terms import Refused, Term, Tree, read
from spi_verify.obligations.certificates.instances import (
    Use,
    completed,
    problem,
    schemes,
)


def instances_by_cvc5(step: Step, units: int, *, enumerated: bool) -> list[Use]:
    """Return the instances by which cvc5 refutes a step; none where it does not.

    Parameters
    ----------
    step
        The step.
    units
        What it may cost, in cvc5's resource units.
    enumerated
        Whether cvc5 also tries all terms there are, in turn.
    """
    import cvc5

    text, ground = problem(step)
    solver = cvc5.Solver()
    options = {"rlimit": str(units), "seed": "0", "produce-proofs": "true"}
    options |= {"var-elim-quant": "false", "miniscope-quant": "off"}  # as they are written
    for name, value in (options | {"enum-inst": "true" if enumerated else "false"}).items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    symbols = parser.getSymbolManager()
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "step")
    while not (command := parser.nextCommand()).isNull():
        if command.invoke(solver, symbols).startswith("(error"):
            return []
    if not solver.checkSat().isUnsat():
        return []
    said = solver.getInstantiations()
    return [*ground, *_read(step, said.decode() if isinstance(said, bytes) else said)]


def _read(step: Step, said: str) -> list[Use]:
    known = {f"{use[0]}{use[1]}": (use, len(slots)) for use, slots in schemes(step)}
    found: dict[Use | None, None] = {}
    for tree in read(said):
        if not isinstance(tree, list) or tree[:1] != ["instantiations"]:
            continue
        names = _names(tree[1], known)
        if not names or names[0].partition(".")[0] not in known:
            continue
        (kind, number, _), _ = known[names[0].partition(".")[0]]
        for terms in tree[2:]:
            try:
                args = [_term(step, one) for one in terms]
            except (Refused, LookupError):
                continue
            if len(args) == len(names):
                places = [int(name.partition(".")[2]) for name in names]
                values = dict(zip(places, args, strict=True))
                found[completed(step, kind, number, values)] = None
    return [use for use in found if use is not None]


def _names(quantified: Tree, known: Mapping[str, tuple[Use, int]]) -> list[str]:
    """Return the names of the variables of a quantified formula, which cvc5 may have rewritten."""
    if isinstance(quantified, str):
        size = known[quantified][1] if quantified in known else 0
        return [f"{quantified}.{place}" for place in range(size)]
    if quantified[:1] == ["!"]:
        return _names(quantified[1], known)
    if quantified[:1] == ["forall"]:
        return [str(pair[0]) for pair in quantified[1]]
    return []


def _term(step: Step, tree: Tree) -> Term:
    return step.language.term(_expanded(tree, {}), {}, ours=True)


def _expanded(tree: Tree, values: Mapping[str, Tree]) -> Tree:
    """Return a tree without ``let``."""
    if isinstance(tree, str):
        return values.get(tree, tree)
    if tree and tree[0] == "let":
        inner = {name: _expanded(value, values) for name, value in tree[1]}
        return _expanded(tree[2], {**values, **inner})
    return [_expanded(part, values) for part in tree]
