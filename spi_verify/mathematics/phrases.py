"""How the predicates are written that the theory defines: in signs of the paper, or in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from spi_verify.mathematics.boxes import (
    PRIME,
    Box,
    Fenced,
    Joined,
    Level,
    Row,
    Script,
    Style,
    Text,
    bold,
    call,
    comma,
    minus,
    others,
    relation,
    said,
    sign,
    sub,
    upright,
    words,
)
from spi_verify.mathematics.notation import NOTATION, SEL, Notation
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.theory.signature import symbols

_RENEGOTIATION = Text("R", Style.CALLIGRAPHIC)


def _others_use(kind: str, p: Box, i: Box, *selection: Box) -> Box:
    above = comma(upright(kind), *(s for s in selection if s != SEL))
    return relation(others(p, i), "∈", Script(Text("P"), minus(i), above))


def _compared(between: str) -> Notation:
    return lambda x, a: relation(call(bold("u"), x), between, call(bold("u"), a))


PHRASES: Mapping[str, Notation] = {
    # programs and renegotiation
    "same_programs": said("{} and {} have the same programs"),
    "weakly_improves": _compared("⪰"),
    "strictly_improves": _compared("≻"),
    "dominates": said("{} dominates {}"),
    "efficient": said("{} is efficient"),
    "renegotiation_function": lambda r: relation(r, "∈", _RENEGOTIATION),
    "others_renegotiate": lambda p, i: _others_use("rn", p, i),
    "others_agree": said("all but {} agree with {} in {}", 1, 2, 0),
    # conditional set-valued renegotiation
    "nonempty": lambda S: relation(S, "≠", sign("∅")),
    "set_valued_renegotiation_function": lambda i, F: relation(
        F, "∈", Script(_RENEGOTIATION, i, upright("RN"))
    ),
    "selection_function": said("{} is a selection function"),
    "transitive": said("{} is transitive"),
    "others_csr": lambda s, p, i: _others_use("RN", p, i, s),
    "cut_to_what_is_selected": said("{} is {} cut to what is selected"),
    "functions_as_in_definition_7": lambda R: relation(
        R, "∈", Script(_RENEGOTIATION, None, upright("RN"))
    ),
    "usable_under_any_selection": said("{} is usable for {} under any selection function"),
    "same_under_any_selection": said("{} ends as {} does under any selection function"),
    "pmp_extension": said("{} is a PMP-extension of {} for {}", 2, 1, 0),
    "extends_equilibrium": lambda q: words(
        "{} consists of PMP-extensions of {}", q, NOTATION["equilibrium"]()
    ),
    # beliefs
    "optimal": said("{} is optimal for {}", 1, 0),
    "subjective_equilibrium": said("{} is a subjective equilibrium"),
    # the Pareto meet and feasible sets
    "pmp": lambda i, x, a: relation(x, "∈", call(Script(upright("PMP"), i), a)),
    "at_level": said("{} is at the level of {} for {}", 1, 2, 0),
    "nobody_above_level": said("nobody is above the level of {} in {}", 1, 0),
    "stays_at_level": said("{} is at the level of {} where {} is", 0, 2, 1),
    "has_projections": said("{} has projections"),
    "level_up_to": said("{} is at the level of {} up to {}"),
    "met_up_to": said("the level of {} is met up to {}"),
    "feasible": said("{} is feasible"),
    "in_pareto_meet": said("{} is in the Pareto meet"),
    "above_pmm": lambda x: relation(call(bold("u"), x), "≻", NOTATION["pmm_payoffs"]()),
    "gives_others": said("{} pays all but {} what {} gives", 1, 0, 2),
    "leaves_room": said("{} gives all but {} amounts that {} pays", 2, 0, 1),
    "small_amounts": said("{} gives all but {} amounts below {}", 1, 0, 2),
    "concession": said("{} concedes {} to all but {}", 1, 2, 0),
    # selection functions
    "efficient_among": said("{} is efficient in {}"),
    "picks_best": said("{} picks the best"),
    "improving_extension": said("{} extends {} by improvements under {}", 2, 1, 0),
    "undominated_up_to": said("{} is undominated in {} up to {}"),
    "improved_up_to": said("{} is improved in {} up to {}"),
    "covered_up_to": said("{} is covered in {} up to {}"),
    "gain_up_to": said("somebody up to {} gains from {} over {}", 2, 0, 1),
    "first_to_differ": said("all prior to {} get the same in {} and {}"),
    "first_gainer_up_to": said("{} is the first up to {} to gain from {} over {}", 0, 3, 1, 2),
    "has_first_gainer": said("there is a first up to {} to gain from {} over {}", 2, 0, 1),
    "totals_rise": said("totals up to {} rise from {} to {}", 2, 1, 0),
    "as_many_below": lambda x, a, j, b: words(
        "as many are at each level under {} in {} as in {}", NOTATION["u"](j, b), x, a
    ),
    "leximin_better": said("{} is better than {} in ascending order"),
    "counted_too": lambda x, j, b, a, k, c: words(
        "who gets at most {} in {} gets at most {} in {}",
        NOTATION["u"](j, b),
        x,
        NOTATION["u"](k, c),
        a,
    ),
    "counted_more": lambda x, j, b, a, k, c, n: words(
        "somebody up to {} gets more than {} in {}, and at most {} in {}",
        n,
        NOTATION["u"](j, b),
        x,
        NOTATION["u"](k, c),
        a,
    ),
    "counts_rise": lambda x, j, b, a, k, c, n: words(
        "counts up to {} rise from {} in {} to {} in {}",
        n,
        NOTATION["u"](j, b),
        x,
        NOTATION["u"](k, c),
        a,
    ),
    "least_gainer_up_to": said(
        "{} has least among those up to {} who gain from {} over {}", 0, 3, 1, 2
    ),
    "has_least_gainer": said("somebody up to {} has least of who gains from {} over {}", 2, 0, 1),
    "nobody_loses": said("nobody loses in {}"),
    "products_do_not_fall": said("products up to {} do not fall from {} to {}", 2, 1, 0),
    "products_rise": said("products up to {} rise from {} to {}", 2, 1, 0),
    "counts_in": said("{} gains in the ideal point of {}"),
    # Proposition 5
    "default_or_icsr": lambda i, c: relation(
        c, "∈", Joined("∪", (sub(Text("P"), i), Script(Text("P"), i, upright("IRN"))), Level.SUM)
    ),
    "certain": lambda b, i, q: words("{} is certain of {} under {}", i, others(q, i), b),
    "optimal_under": said("{} is optimal for {} under {}", 2, 1, 0),
    "equilibrium_under": said("{} is a subjective equilibrium under {}", 1, 0),
    "others_icsr": lambda p, i: _others_use("IRN", p, i),
    "iterated_9_i": said("Assumption 9(i) holds of {}"),
    "iterated_extension": said("{} is a PMP-extension in every round of {} for {}", 2, 1, 0),
    "iterated_9_ii": said("Assumption 9(ii) holds of {}"),
    "rounds_improve": said("the rounds of {} improve"),
    "tight": said("{} is tight under {}", 1, 0),
    "may_be_played": said("all but {} may play their part of {}"),
    "on_meet": said("{} is at or above the level of {}"),
    "towards_corner": lambda i, p, a, n: words(
        "{} stays below {} up to {} from {}", p, NOTATION["corner"](i), n, a
    ),
    "on_path": said("{} is on the path after {} from {}", 0, 2, 1),
}


def noted(symbol: str, *arguments: Box, own: OwnNotation = NOTHING_OWN) -> Box:
    """Return how a symbol is written with its arguments.

    Parameters
    ----------
    symbol
        Of the signature, of a definition, or of a suite's own. One that has no notation is
        written as its name, with a prime where a notation has that name in it.
    arguments
        As many as it takes.
    own
        The notation of symbols that are a paper's own.
    """
    notation = NOTATION.get(symbol) or PHRASES.get(symbol)
    if notation is not None:
        return notation(*arguments)
    if symbol in own:
        return own.written(symbol, *arguments)
    name = upright(symbol + PRIME if symbol in _taken() else symbol)
    return call(name, *arguments) if arguments else name


@cache
def _taken() -> frozenset[str]:
    """Return the names and letters that notations are made of."""
    found: set[str] = set()
    for name, symbol in symbols().items():
        found |= _names(NOTATION[name](*[sign(".")] * symbol.arity()))
    return frozenset(found | {"PMP", "max", "def", "supp"})


def _names(box: Box) -> set[str]:
    match box:
        case Text(text, style):
            return set() if style in (Style.SIGN, Style.WORDS) else {text}
        case Script(base, low, high):
            return set().union(*(_names(one) for one in (base, low, high) if one is not None))
        case Row(parts) | Joined(_, parts):
            return set().union(*map(_names, parts))
        case Fenced(inside):
            return _names(inside)
    return set()
