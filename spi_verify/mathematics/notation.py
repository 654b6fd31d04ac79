"""How the symbols of the signature are written: the paper's notation, and some beside it.

Whatever is not in the table is written as its name and its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spi_verify.mathematics.boxes import (
    Box,
    Fenced,
    Row,
    Script,
    Style,
    Text,
    applied,
    bold,
    call,
    comma,
    minus,
    others,
    own_part,
    relation,
    sign,
    sub,
    sup,
    upright,
    words,
)

Notation = Callable[..., Box]
"""Takes a box for each argument."""

BOLD_SORTS = ("Outcome", "Profile", "Payoffs", "Renegotiation", "SetFunctions", "SetFunction")
"""Sorts whose variables are bold, as profiles and functions to profiles are in the paper."""

SORTS = {
    "Player": ("a player", "players"),
    "Action": ("an action", "actions"),
    "Outcome": ("an outcome", "outcomes"),
    "Program": ("a program", "programs"),
    "Profile": ("a program profile", "program profiles"),
    "Renegotiation": (
        "a function from outcomes to outcomes",
        "functions from outcomes to outcomes",
    ),
    "SetFunction": ("a set-valued function", "set-valued functions"),
    "SetFunctions": ("a profile of set-valued functions", "profiles of set-valued functions"),
    "OutcomeSet": ("a set of outcomes", "sets of outcomes"),
    "Selection": ("a function from sets to outcomes", "functions from sets to outcomes"),
    "Position": ("a position in a list", "positions in a list"),
    "Place": ("a place in the list of a set", "places in the list of a set"),
    "Payoffs": ("a payoff profile", "payoff profiles"),
    "Belief": ("a profile of beliefs", "profiles of beliefs"),
    "Real": ("a number", "numbers"),
    "Bool": ("a truth value", "truth values"),
}
"""What a variable of a sort is, and what several are."""

SEL, BEST, ALL = upright("sel"), upright("best"), Text("∗", Style.SIGN)
_BETA, _MEAN = Text("β"), Text("𝔼", Style.SIGN)


def _letter(text: str) -> Box:
    return Text(text)


def _up_to(k: Box) -> Box:
    return Row((sign("≤"), k))


def _round(k: Box) -> Box:
    return Fenced(k)


def _programs(i: Box, kind: str, *beside: Box) -> Box:
    above = comma(upright(kind), *beside) if beside else upright(kind)
    return Script(_letter("P"), i, above)


def _u(i: Box, a: Box) -> Box:
    if a == sub(BEST, i):
        return Script(_letter("u"), i, ALL)
    return call(sub(_letter("u"), i), a)


def _component(i: Box, functions: Box) -> Box:
    return sup(functions, i)


def _csr(s: Box, i: Box, c: Box) -> Box:
    return relation(c, "∈", _programs(i, "RN", *([] if s == SEL else [s])))


def _reached_by(s: Box) -> Box:
    return upright("ro") if s == SEL else sub(upright("ro"), s)


def _indexed(name: str) -> Notation:
    """Return the notation of something that a player, or something else, has."""
    return lambda index, *arguments: (
        call(sub(upright(name), index), *arguments) if arguments else sub(upright(name), index)
    )


def _called(name: str) -> Notation:
    return lambda *arguments: call(upright(name), *arguments)


def _summed(name: str) -> Notation:
    """Return the notation of what is taken over the players up to a position, the last one."""
    return lambda *arguments: call(sub(upright(name), _up_to(arguments[-1])), *arguments[:-1])


def _in_round(name: str) -> Notation:
    return lambda i, k: Script(upright(name), i, _round(k))


def _named(name: str) -> Notation:
    return lambda: upright(name)


NOTATION: Mapping[str, Notation] = {
    # payoffs, programs, beliefs
    "u": _u,
    "action": lambda i, a: own_part(a, i),
    "program": lambda i, p: own_part(p, i),
    "replace": lambda p, i, c: Fenced(comma(c, others(p, i))),
    "default": lambda c: sup(c, upright("def")),
    "defaults": lambda p: sup(p, upright("def")),
    "plays": lambda i, c, p: applied(c, others(p, i)),
    "outcome": lambda p: call(bold("a"), p),
    "in_default_set": lambda i, c: relation(c, "∈", sub(_letter("P"), i)),
    "available": lambda i, c: relation(c, "∈", Script(_letter("P"), i, _letter("G"))),
    "transformed": lambda p: call(bold("f"), p),
    "believed": lambda i, p: relation(
        others(p, i), "∈", Row((upright("supp"), Text(" ", Style.SIGN), sub(_BETA, i)))
    ),
    "expected": lambda i, c: Row(
        (sub(_MEAN, sub(_BETA, i)), Text(" ", Style.SIGN), call(sub(_letter("U"), i), c))
    ),
    "supposes": lambda b, i, p: relation(
        others(p, i), "∈", Row((upright("supp"), Text(" ", Style.SIGN), sub(b, i)))
    ),
    "utility": lambda b, i, c: Row(
        (sub(_MEAN, sub(b, i)), Text(" ", Style.SIGN), call(sub(_letter("U"), i), c))
    ),
    "equilibrium": lambda: Script(bold("p"), None, ALL),
    # renegotiation
    "in_rn": lambda i, c: relation(c, "∈", _programs(i, "rn")),
    "rn_of": lambda c: sup(bold("rn"), c),
    "improved": lambda r, a: applied(r, a),
    "rn": lambda: bold("rn"),
    # conditional set-valued renegotiation
    "in_csr": _csr,
    "set_function": lambda c: sup(bold("RN"), c),
    "component": _component,
    "functions": lambda p: call(bold("RN"), p),
    "announced": lambda: bold("RN"),
    "offers": lambda i, F, R, a: applied(F, _component(minus(i), R), a),
    "member": lambda x, S: relation(x, "∈", S),
    "agreement": lambda R, a: call(upright("AS"), R, a),
    "selected": lambda s, S: applied(s, S),
    "renegotiated": lambda s, R, a: call(_reached_by(s), R, a),
    "sel": lambda: SEL,
    # iterated renegotiation
    "in_icsr": lambda i, c: relation(c, "∈", _programs(i, "IRN")),
    "round_functions": lambda k, p: call(Script(bold("RN"), None, _round(k)), p),
    "round_function": lambda c, k: sup(bold("RN"), comma(c, _round(k))),
    "after": lambda k, p, a: call(Script(upright("ro"), None, _round(k)), p, a),
    # the Pareto meet and feasible sets
    "pmm": lambda i: Script(_letter("u"), i, upright("PMM")),
    "pmm_payoffs": lambda: Script(bold("u"), None, upright("PMM")),
    "payoff": lambda i, v: own_part(v, i),
    "payoffs_of": lambda a: call(bold("u"), a),
    "best": _indexed("best"),
    "best_payoff_profile": lambda: Script(bold("u"), None, ALL),
    "best_alone": lambda i: Fenced(
        comma(Script(_letter("u"), i, ALL), Script(bold("u"), minus(i), upright("PMM")))
    ),
    "pmm_beside": lambda i, v: Fenced(comma(Script(_letter("u"), i, upright("PMM")), others(v, i))),
    "with_own": lambda i, x, v: Fenced(comma(_u(i, x), others(v, i))),
    "best_beside": _indexed("best"),
    "worst": _indexed("worst"),
    "dominator": _called("dom"),
    "share": _indexed("λ"),
    "segment": _indexed("mix"),
    # lists
    "first": _named("first"),
    "last": _named("last"),
    "next_to": lambda k, m: relation(m, "=", Row((k, sign("+"), Text("1", Style.SIGN)))),
    "listed_profile": lambda i, k: sup(bold("p"), comma(i, _round(k))),
    "probability": lambda i, k: call(sub(_BETA, i), k),
    "partial_sum": lambda i, c, k: Row(
        (
            Script(_MEAN, sub(_BETA, i), _up_to(k)),
            Text(" ", Style.SIGN),
            call(sub(_letter("U"), i), c),
        )
    ),
    "reached": lambda i, k: relation(i, "∈", sub(upright("players"), _up_to(k))),
    "player_at": _indexed("player"),
    "first_place": _named("first place"),
    "next_place": lambda k, m: words("{} comes right after {}", m, k),
    "last_place": _called("last"),
    "member_at": lambda S, k: sub(S, k),
    "among_first": lambda x, S, k: relation(x, "∈", sub(S, _up_to(k))),
    # selection functions
    "earlier": lambda x, a: words("{} is ordered before {}", x, a),
    "better": lambda S, x, a: words("{} ranks above {} in {}", x, a, S),
    "tied": lambda S, x, a: words("{} is tied with {} in {}", x, a, S),
    "prior": lambda i, j: words("{} is prior to {}", i, j),
    "total_up_to": _summed("total"),
    "disagreement": lambda i: sub(_letter("d"), i),
    "gain": _indexed("gain"),
    "product_up_to": _summed("product"),
    "count_up_to": lambda a, j, b, k: call(
        sub(upright("count"), _up_to(k)), relation(a, "≤", _u(j, b))
    ),
    "least": _called("least"),
    "nash_product": _called("nash"),
    "ideal": _indexed("ideal"),
    "ideal_gain": _indexed("idealgain"),
    "relative_gain": _indexed("share"),
    "least_gain": _called("leastshare"),
    # the game, the programs and the beliefs in the proof of Proposition 5
    "certainty": _named("certainty"),
    "likelihood": _named("likelihood"),
    "given": lambda: Script(bold("p"), None, upright("given")),
    "played": lambda: Script(bold("p"), None, upright("played")),
    "anticipated": lambda i: Script(bold("p"), None, comma(upright("anticipated"), i)),
    "overrated": lambda i: Script(bold("p"), None, comma(upright("overrated"), i)),
    "modest": _in_round("modest"),
    "generous": _in_round("generous"),
    "lavish": _in_round("lavish"),
    "stingy": _indexed("stingy"),
    "offering": lambda i, j: Script(upright("offering"), j, i),
    "conceding": lambda i, j: Script(upright("conceding"), j, i),
    "delta": lambda i: sub(_letter("Δ"), i),
    "replies": _indexed("replies"),
    "weight": _indexed("weight"),
    "cap": _in_round("cap"),
    "lavish_cap": _in_round("lavishcap"),
    "favourite": _indexed("favourite"),
    "centre": _named("centre"),
    "meet_point": _named("meet"),
    "room": _indexed("room"),
    "lure": _indexed("lure"),
    "path": _indexed("path"),
    "corner": _indexed("corner"),
}
