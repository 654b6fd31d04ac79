"""Necessity: for every hypothesis of a proved statement, a counterexample without it, or why not.

A hypothesis that the proof does without is not needed. For the others there is a counterexample
that meets all hypotheses but this one, in ``models/counterexamples/necessity``, or a reason why
none is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from spi_verify.obligations.running import Outcome
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.reports.text import shortened
from spi_verify.search.claims import counterpart, lacking
from spi_verify.search.refuting import NECESSITY, shipped_counterexamples
from spi_verify.theory import fingerprint
from spi_verify.verdicts import Verdict

SHOWN = 160


class Need(Enum):
    """Whether a proved statement needs a hypothesis."""

    NEEDED = "needed"
    UNUSED = "not used by the proof"
    OPEN = "no witness"


@dataclass(frozen=True)
class Entry:
    """One hypothesis of a proved statement.

    Parameters
    ----------
    statement, hypothesis
        The id and the name.
    need
        What is known.
    told
        How the conclusion fails without it, or why there is no witness; empty where it is unused.
    """

    statement: str
    hypothesis: str
    need: Need
    told: str


def witness(statement: str, hypothesis: str) -> Path:
    """Return where the counterexample to a statement without a hypothesis is, if anywhere."""
    name = f"{statement.replace('/', '.')}.without.{hypothesis}.json"
    return shipped_counterexamples() / NECESSITY / name


def entries(outcomes: Iterable[Outcome]) -> list[Entry]:
    """Return every hypothesis of every statement that was proved, in the order of the suites.

    Parameters
    ----------
    outcomes
        Of a run of the suites.

    Raises
    ------
    KeyError
        When a hypothesis that a proof uses has neither a witness nor a reason.
    """
    return [
        _entry(outcome, hypothesis)
        for outcome in outcomes
        if isinstance(outcome.statement, Statement) and outcome.result.verdict is Verdict.PROVED
        for hypothesis in outcome.statement.hypotheses
    ]


def _entry(outcome: Outcome, hypothesis: Hypothesis) -> Entry:
    id = outcome.statement.id
    if hypothesis.name not in outcome.result.hypotheses_used:
        return Entry(id, hypothesis.name, Need.UNUSED, "")
    known, name = _shipped(outcome.theorem, hypothesis)
    path = witness(known, name)
    if path.is_file():
        conclusion = json.loads(path.read_text(encoding="utf-8"))["conclusion"]
        return Entry(id, hypothesis.name, Need.NEEDED, conclusion)
    return Entry(id, hypothesis.name, Need.OPEN, REASONS[known, name])


def _shipped(statement: Statement, hypothesis: Hypothesis) -> tuple[str, str]:
    """Return what the shipped suites call a statement and one of its hypotheses."""
    known, formula = counterpart(statement), fingerprint(hypothesis.formula)
    names = [h.name for h in known.hypotheses if fingerprint(h.formula) == formula] if known else []
    if known is None or lacking(statement):
        raise KeyError(f"no shipped statement is {statement.id}")
    return known.id, names[0]


def table(found: Sequence[Entry]) -> str:
    """Return the entries as a Markdown table."""
    lines = ["| statement | without | | what happens |", f"|{'---|' * 4}"]
    for entry in found:
        told = entry.told
        if entry.need is Need.NEEDED:
            told = shortened(told, SHOWN)
        told = told.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
        lines.append(
            f"| `{entry.statement}` | `{entry.hypothesis}` | {entry.need.value} | {told} |"
        )
    return "\n".join(line.replace("  ", " ") for line in lines)


def counts(found: Sequence[Entry]) -> Mapping[Need, int]:
    """Return how many entries there are of each kind."""
    return {need: sum(entry.need is need for entry in found) for need in Need}


# Why there is no witness

_MINIMUM = "finite sets and polytopes have a least efficient payoff, so no game here lacks it"
_COMPACT = "finite sets and polytopes are compact, so no game here lacks it"
_ANY_LEVEL = (
    f"{_MINIMUM}. Nor is it needed if lotteries are taken at their word: mixing until the player "
    "gets exactly some level works for every level, so the projections of any payoff profile in "
    "the place of the PMM meet. The formula of convexity mixes only towards what some outcome "
    "pays, and this hypothesis provides that outcome"
)
_BY_BEST = (
    f"{_COMPACT}. It is implied: raise one player after the other to the best that the others "
    "leave (best-beside-others-attained); what is reached last is efficient"
)
_NO_BEST = f"{_COMPACT}. Without a maximum there is no u_i* to concede from"
_CLOSURE = (
    "P_i^RN holds a program for every function, and the extension of a function is one, so no "
    "program game lacks it. It is there for formulas, whose programs need not be closed under "
    "anything"
)
_INFINITE = (
    "all sets here are finite. In an infinite one: (3, 3) is picked from it, (4, 1) and (1, 4), "
    "and what is added pays everybody 3 1/2, 3 2/3, 3 3/4, and so on. None of these is "
    "efficient, so (4, 1) or (1, 4) is picked, and somebody gets 1"
)
_INFINITE_LEXICOGRAPHIC = _INFINITE.replace(
    "it, (4, 1) and (1, 4), and", "it and (1, 4), player 1 first, and"
).replace("(4, 1) or (1, 4) is picked, and somebody", "(1, 4) is picked, and player 1")
_NOT_A_RULE = (
    "with projections offered, a rule that always picks the same outcome does not meet the other "
    "hypotheses. One that does, and was not executed: leximin, but with a worst outcome in the "
    "place of whatever is at most the PMM. It is transitive, and projections lead there"
)
_ALONE = (
    "games here have two players or more, as in the paper. A single player whose outcomes are all "
    "equally good has nothing to improve"
)
_GENERIC = (
    "as without it in sel-transitive-utilitarian, whose criterion is one of those meant; the "
    "statement itself is about any criterion, and no program picks by any"
)
_ROUND = (
    f"{_COMPACT}. Take a quarter of a disc without countably many points of its arc, at heights "
    "that tend to the PMM: there nothing is efficient, and all other hypotheses hold"
)

REASONS: Mapping[tuple[str, str], str] = {
    ("alg-3-improves", "selection-function"): (
        "this lemma is about single rounds of iterated programs, for which there is no kind of "
        "counterexample. A rule that always picks the same outcome, as in prop-5/repaired without "
        "it, ends there even where that is worse"
    ),
    ("app-c/repaired", "programs-for-all-functions"): (
        "P_i^RN holds a program for every function and every default, so no program game lacks "
        "it. It is there for formulas, whose programs need not be closed under anything"
    ),
    ("app-c/repaired", "functions-cut-to-what-is-selected"): (
        "every table of offered sets is a function, so no program game lacks it. It is there for "
        "formulas, whose functions need not be closed under anything"
    ),
    ("convex-segments", "correlated-randomisation"): (
        "it says what mixtures pay, and without lotteries there are none to run"
    ),
    ("def-6-nonempty/repaired", "efficient-dominators"): (
        f"{_COMPACT}. In an open one: let (1, 0) and everything with u_1 < 1 be feasible. Only "
        "(1, 0) is efficient, so the PMM is (1, 0), and PMP_1 of (0, 5) is empty"
    ),
    ("def-6-nonempty/repaired", "pmm-attained"): (
        f"{_MINIMUM}. With the PMM as an infimum: let (-1, 0) be feasible, and all (x, y) with "
        "y > 0, x + y <= 1 and y <= x + 1. The infimum is (0, 0), and PMP_1 of (-1, 0) is empty"
    ),
    ("def-6-meet/repaired", "pmm-attained"): _ANY_LEVEL,
    ("prop-4-pmm/repaired", "pmm-attained"): _ANY_LEVEL,
    ("thm-3-pmm/repaired", "pmm-attained"): _ANY_LEVEL,
    ("prop-4-spi/repaired", "selection-function"): _NOT_A_RULE,
    ("prop-4-pmm/repaired", "selection-function"): _NOT_A_RULE,
    ("prop-5/repaired", "at-least-two-players"): _ALONE,
    ("prop-5-best-response/repaired", "at-least-two-players"): (
        "games here have two players or more, as in the paper, and without others there is "
        "nobody to respond to"
    ),
    ("prop-5/repaired", "best-payoffs-attained"): (
        f"{_COMPACT}. Whether a set without a maximum is a counterexample is open"
    ),
    ("prop-5/repaired", "pmm-feasible"): (
        "with lotteries it is implied: where default programs pay nobody more than the PMM, a "
        "point that all projections of that outcome share (def-6-meet) pays exactly the PMM, and "
        "projections-nonempty, which the proof does not use, provides the projections"
    ),
    ("prop-5/repaired", "pmm-attained"): (
        f"{_MINIMUM}. Nor is it needed: the proof goes through if the PMM is only supposed to be "
        "at most what every efficient outcome pays"
    ),
    ("prop-5/repaired", "defaults-not-generous"): (
        "by an argument in words it is not needed, because functions are conditional: let player "
        "i be certain of others who offer every improvement on the given defaults, take u_i* from "
        "them, and treat everybody else's functions as the proof's program does. That is optimal "
        "whatever the defaults hand out, and what is played is the same. No formal proof was made"
    ),
    ("prop-5-best-response/repaired", "small-gains-feasible"): (
        "with two players and lotteries it is implied: the PMM and the two efficient corners span "
        "a triangle that holds the end of the path. More players are not searched for"
    ),
    ("prop-5-efficient-point/repaired", "efficient-dominators"): _BY_BEST,
    ("efficient-point-two-players", "efficient-dominators"): _BY_BEST,
    ("prop-5-efficient-point/repaired", "pmm-attained"): (
        f"{_MINIMUM}. Nor is it needed: the proof goes through if the PMM is only supposed to be "
        "at most what every efficient outcome pays, and efficient-dominators provides one of these"
    ),
    ("efficient-point-two-players", "pmm-attained"): (
        f"{_MINIMUM}. It is implied for an infimum: what is best for player 2 beside player 1's "
        "best payoff is efficient, and no efficient outcome pays player 2 less"
    ),
    ("prop-5-efficient-point/repaired", "best-feasible-payoffs-attained"): _NO_BEST,
    ("efficient-point-two-players", "best-feasible-payoffs-attained"): _NO_BEST,
    ("prop-5-efficient-point/repaired", "best-beside-others-attained"): _ROUND,
    ("efficient-point-two-players", "best-beside-others-attained"): _ROUND,
    ("efficient-point-two-players", "correlated-randomisation"): (
        "a finite set does not contain its Pareto meet, unless nobody gets more than the PMM. In "
        "an infinite one: let everything at most (2, 1) or at most (1, 2), and at least (0, 0), be "
        "feasible. Where player 2 gets a little more than 1, only (1, 2) is efficient"
    ),
    ("efficient-point-two-players", "contains-pareto-meet"): (
        "with two players and lotteries taken at their word it is not needed: the segment between "
        "the efficient outcomes that are worst and best for player 2 passes every payoff between. "
        "The formula of convexity mixes only towards what some outcome pays"
    ),
    ("efficient-in-finite-sets", "finite-sets"): (
        "all sets here are finite. In {(1, 1), (2, 2), (3, 3), ...} nothing is efficient"
    ),
    ("best-is-transitive", "finite-sets"): _INFINITE,
    ("best-is-transitive", "picks-best"): _GENERIC,
    ("best-is-transitive", "ties-by-fixed-order"): _GENERIC,
    ("sel-transitive-lexicographic", "ties-by-fixed-order"): (
        "it is not needed: all players have a rank, so outcomes that are tied pay everybody the "
        "same, and which of them is picked makes no difference"
    ),
    **{
        (f"sel-transitive-{name}", "finite-sets"): _INFINITE
        for name in (
            "utilitarian",
            "leximin",
            "maxmin/repaired",
            "nash/repaired",
            "nash-interior",
            "kalai-smorodinsky/repaired",
        )
    },
    ("sel-transitive-lexicographic", "finite-sets"): _INFINITE_LEXICOGRAPHIC,
    ("thm-3-equilibrium/repaired", "extensions-exist"): _CLOSURE,
    ("thm-3-wlog-csr/repaired", "refusing-counts-as-csr"): (
        "with Definition 7 changed as it is there, P_i^RN holds a program for the function that "
        "is always empty, so no program game lacks it. With Definition 7 as printed it is the "
        "counterexample to thm-3-wlog-csr"
    ),
    ("thm-3-pmm/repaired", "extensions-exist"): _CLOSURE,
}
"""For each hypothesis that a proof uses and that no file lacks: why none does."""
