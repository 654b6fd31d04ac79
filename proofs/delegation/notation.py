"""How the symbols of this paper are written.

A is the set of outcomes of a game and A_i a player's actions in it, with the game, or what
distinguishes it from Gamma, above: A^Gamma, A^s of Gamma^s, A^red of what elimination leaves.
``u_i(a)`` is by what the original players judge; what representatives are told has the game above.
Pi(Gamma) is a random variable, and Pi_omega(Gamma) the outcome that it is in a play.
"""

from spi_verify.mathematics.boxes import (
    Box,
    Fenced,
    Joined,
    Level,
    Row,
    Script,
    Style,
    Text,
    applied,
    bold,
    call,
    comma,
    others,
    own_part,
    relation,
    said,
    sign,
    sub,
    sup,
    tight,
    upright,
    words,
)

SORTS = {
    "Game": ("a game", "games"),
    "Play": ("a play", "plays"),
    "Correspondence": ("a multivalued function of outcomes", "multivalued functions of outcomes"),
    "ActionMap": ("a map of actions for each player", "maps of actions for each player"),
    "Distribution": ("a distribution over plays", "distributions over plays"),
    "Book": ("a book", "books"),
    "Point": ("a payoff profile", "payoff profiles"),
    "Valuation": ("payoffs of tokens", "payoffs of tokens"),
    "Mixture": ("a mixture", "mixtures"),
    "Strategy": ("a mixed strategy", "mixed strategies"),
    "Strategies": ("a profile of mixed strategies", "profiles of mixed strategies"),
    "Derivation": ("a sequence of games", "sequences of games"),
}
BOLD_SORTS = ("Point", "Strategies", "Valuation")

A, U, GAMMA, PI, PHI = map(Text, "AuΓΠΦ")
SPACE, MEAN = sign(" "), Text("𝔼", Style.SIGN)
RED, MINIMAX, PLAYED = upright("red"), upright("minimax"), Text("s")


def numbered(letter: str, number: int) -> Box:
    """Return a letter with a number below."""
    return sub(Text(letter), Text(str(number), Style.SIGN))


def _valuation(number: int | None = None) -> Box:
    return sup(U, Text("e") if number is None else numbered("e", number))


LETTERS = {
    "Game": {
        **{name: Text("Γ" + "′" * k) for k, name in enumerate(("G", "H", "K", "L"))},
        "M": sup(GAMMA, Text("m")),
        "N": sup(GAMMA, Text("n")),
        **{f"{name}1": sup(GAMMA, numbered(name.lower(), 1)) for name in "GHKM"},
        "K2": sup(GAMMA, numbered("k", 2)),
    },
    "Play": {"w": Text("ω"), "v": Text("ω′")},
    "Correspondence": {"Phi": PHI, "Psi": Text("Ψ"), "Xi": Text("Ξ")},
    "ActionMap": {"f": PHI, "g": Text("Ψ"), "h": Text("Ξ")},
    "Distribution": {"d": Text("P")},
    "Valuation": {"E": _valuation(), **{f"E{k}": _valuation(k) for k in range(6)}},
    "Mixture": {"m": Text("μ"), "n": Text("ν"), "r": Text("ρ"), "t": Text("θ")},
    "Strategies": {"p": Text("σ"), "q": Text("τ")},
    "Outcome": {f"{x}{k}": numbered(x, k) for x in "abxy" for k in (1, 2, 3)},
}

_IN_THE_PLACE_OF_ANOTHER = {
    "K": sup(GAMMA, PLAYED),
    "H": sup(GAMMA, PLAYED),
    "K1": sup(GAMMA, numbered("s", 1)),
    "K2": sup(GAMMA, numbered("s", 2)),
}
_PLACES = {
    # subset games
    "subset_game": (0,),
    "safe_improvement": (0,),
    "strict_safe_improvement": (0,),
    "never_worse": (1,),
    "maybe_better": (1,),
    "strict_transformation": (0,),
    "safe_under_both": (0,),
    "improved_by_an_isomorphism": (0,),
    "everything_is_as_good": (0,),
    "trivial_improvement": (0,),
    "raised": (0,),
    "game_of_images": (0,),
    "unilateral": (0,),
    "instructed": (0,),
    "leaves_images": (0,),
    # games with tokens
    "fresh": (0,),
    "token_game": (0,),
    "token_improvement": (0,),
    "strict_token_improvement": (0,),
    "copied_by": (2,),
    "average": (0,),
    "expectation": (1,),
    "averages_out": (0, 2),
    "stands_for_averages": (2,),
    "improves_by_mixing": (1,),
    "mixes_expectations": (1, 3, 5),
    "achieves_the_mixture": (1, 3, 5),
    "takes_the_place": (0, 3),
    "expected_point": (1,),
}
LETTERS_IN_PLACES = {
    **{(name, k): _IN_THE_PLACE_OF_ANOTHER for name, places in _PLACES.items() for k in places},
    **{(name, 0): {"K": Text("Γ′")} for name in ("without_action", "eliminated", "eliminated_one")},
}


def _index(G: Box) -> Box:
    """Return what stands above what a game has: of Gamma with something above it, just that."""
    if not isinstance(G, Script) or G.above is None:
        return G
    return G.above if G.base == GAMMA and G.below is None else G


def _outcomes(G: Box) -> Box:
    return Script(A, None, _index(G))


def _told(i: Box, G: Box) -> Box:
    return Script(U, i, _index(G))


def _left(G: Box) -> Box:
    if isinstance(G, Script) and G.above is not None:
        return Script(G.base, G.below, comma(G.above, RED))
    return sup(G, RED)


def _paid(a: Box) -> Box:
    return call(bold("u"), a)


def _mean(box: Box) -> Box:
    return Row((MEAN, Fenced(box, "[", "]")))


def _expected(i: Box, E: Box, G: Box) -> Box:
    mine = sub(E, i)
    if isinstance(E, Script) and E.below is None:
        mine = Script(U, i, E.above)
    return _mean(call(mine, applied(PI, G)))


def _average(K: Box, E: Box, G: Box, a: Box) -> Box:
    given = relation(_paid(applied(PI, G)), "=", _paid(a))
    return _mean(Row((call(E, applied(PI, K)), SPACE, sign("|"), SPACE, given)))


def _default(G: Box) -> Box:
    return _mean(_paid(applied(PI, G)))


def _segment(p: Box, q: Box) -> Box:
    return Fenced(comma(p, q), "[", "]")


def _hull(G: Box) -> Box:
    return applied(Text("C"), G)


def _frontier(G: Box) -> Box:
    return applied(upright("PF"), _hull(G))


def _on_frontier(which: str, i: Box, y: Box, G: Box) -> Box:
    paid = Script(Text("x"), i, upright(which))
    return relation(y, "=", call(sub(Text("π"), i), paid, _frontier(G)))


def _margin(i: Box, p: Box, q: Box, *before: Box) -> Box:
    return call(Row((*before, sub(Text("Δ"), i))), p, q)


def _played(w: Box, G: Box) -> Box:
    return applied(sub(PI, w), G)


def _probability(d: Box, event: Box, between: str, number: str) -> Box:
    return relation(Row((d, Fenced(event, "[", "]"))), between, Text(number, Style.SIGN))


def _corresponds(F: Box, G: Box, H: Box) -> Box:
    return Row((G, SPACE, sub(sign("∼"), F), SPACE, H), Level.RELATION)


def _composed(g: Box, f: Box) -> Box:
    return Joined("∘", (tight(g, Level.ATOM), tight(f, Level.ATOM)), Level.PRODUCT)


def _ratio(i: Box, G: Box, a: Box, b: Box, c: Box) -> Box:
    first, *rest = (call(_told(i, G), one) for one in (a, b, c))
    parts = (Fenced(Joined("-", (first, other), Level.SUM)) for other in rest)
    return Joined("∶", tuple(parts), Level.PRODUCT)


def _rescaled(i: Box, f: Box, G: Box, H: Box) -> Box:
    scaled = Row((sub(Text("λ"), i), SPACE, call(_told(i, H), applied(f, sign("·")))))
    sum_ = Joined("+", (scaled, sub(Text("c"), i)), Level.SUM)
    equal = relation(call(_told(i, G), sign("·")), "=", sum_)
    numbers = words(" for some {} > 0 and {}", sub(Text("λ"), i), sub(Text("c"), i))
    return Row((equal, numbers), Level.RELATION)


def _without(K: Box, G: Box, i: Box, x: Box) -> Box:
    return relation(K, "=", Joined("-", (G, own_part(x, i)), Level.SUM))


def _part(i: Box, p: Box) -> Box:
    """Return a part of a profile; of that which punishes j, minimax(j, i)."""
    if isinstance(p, Row) and p.parts[0] == MINIMAX and isinstance(p.parts[1], Fenced):
        return call(MINIMAX, p.parts[1].inside, i)
    return own_part(p, i)


def _extreme(name: str, i: Box, G: Box, a: Box) -> Box:
    return relation(a, "∈", Row((upright(name), SPACE, _told(i, G))))


def _token(K: Box, E: Box) -> Box:
    return Fenced(comma(K, E))


def _end(s: Box, number: str) -> Box:
    return Script(GAMMA, s, Text(number, Style.SIGN if number.isdigit() else Style.ITALIC))


NOTATION = {
    # games, plays and what corresponds
    "pays": lambda i, a: call(sub(U, i), a),
    "in_game": lambda a, G: relation(a, "∈", _outcomes(G)),
    "result": _played,
    "relates": lambda F, a, b: relation(b, "∈", applied(F, a)),
    "subset_game": said("{} is a subset game of {}"),
    "as_good": lambda b, a: relation(_paid(b), "≥", _paid(a)),
    "somebody_gains": said("somebody gets more in {} than in {}"),
    "safe_improvement": said("{} is an SPI on {}"),
    "strict_safe_improvement": said("{} is a strict SPI on {}"),
    "corresponds": _corresponds,
    "identity": lambda F: relation(F, "=", upright("id")),
    "inverse": lambda g, f: relation(g, "=", sup(f, Row((sign("-"), Text("1", Style.SIGN))))),
    "composition": lambda h, g, f: relation(h, "=", _composed(g, f)),
    "wider": lambda h, f: relation(f, "⊆", h),
    # Definition 2 of the paper on program games
    "possible": lambda d, w: relation(call(d, w), ">", Text("0", Style.SIGN)),
    "never_worse": lambda d, H, G: _probability(
        d, relation(_paid(applied(PI, H)), "≥", _paid(applied(PI, G))), "=", "1"
    ),
    "maybe_better": lambda d, H, G: _probability(
        d, words("somebody gets more in {} than in {}", applied(PI, H), applied(PI, G)), ">", "0"
    ),
    "strict_transformation": said("{} is a strict payoff-transformation SPI on {}"),
    "efficient_in": said("{} is efficient in {}"),
    # actions and isomorphisms
    "move": lambda i, a: own_part(a, i),
    "has_action": lambda i, x, G: relation(x, "∈", Script(A, i, _index(G))),
    "value": lambda i, G, a: call(_told(i, G), a),
    "sends": lambda f, i, x: call(sub(f, i), x),
    "image": lambda f, a: applied(f, a),
    "most_paid": lambda i, G, a: _extreme("argmax", i, G, a),
    "least_paid": lambda i, G, a: _extreme("argmin", i, G, a),
    "original": lambda G: relation(Script(U, None, _index(G)), "=", U),
    "into": said("{} sends actions in {} to actions in {}"),
    "one_to_one": said("{} is one to one from {} onto {}"),
    "proportional": lambda i, G, a, b, c, H, x, y, z: relation(
        _ratio(i, G, a, b, c), "=", _ratio(i, H, x, y, z)
    ),
    "rescales": _rescaled,
    "payoffs_are_rescaled": said("{} rescales payoffs from {} to {}"),
    "isomorphism": said("{} is an isomorphism from {} to {}"),
    "isomorphic": said("{} is isomorphic to {}"),
    "made_of_images": said("{} is made of images under {} of actions in {}", 2, 0, 1),
    "improves_by": said("{} is Pareto-improving on {}"),
    "strictly_improves_by": said("{} is strictly Pareto-improving on {}"),
    "has_counterpart": lambda f, g, G, a: relation(applied(g, a), "∈", applied(f, _outcomes(G))),
    "after_map": _composed,
    "difference": lambda i, G, a, b: call(Row((Text("Δ"), _told(i, G))), a, b),
    "product": lambda i, G, a, b, H, c, d: call(
        Row((Text("Δ"), _told(i, G), Text("Δ"), _told(i, H))), a, b, c, d
    ),
    "undoes": said("{} undoes {} on {}"),
    # eliminations
    "changed_to": lambda a, i, x: Fenced(comma(x, others(a, i))),
    "same_for_others": lambda i, a, b: relation(others(a, i), "=", others(b, i)),
    "strictly_dominates": said("{} strictly dominates {} for {} in {}", 1, 2, 0, 3),
    "dominated": said("{} is strictly dominated for {} in {}", 1, 0, 2),
    "undominated": said("nothing is strictly dominated in {}"),
    "without_action": _without,
    "eliminated": said("{} is {} without one strictly dominated action"),
    "eliminated_one": lambda K, G, i, x: Row(
        (_without(K, G, i, x), words(", which is strictly dominated")), Level.RELATION
    ),
    "reduces": said("{} reduces to {}"),
    "size": lambda G: Fenced(G, "|", "|"),
    "only_less_is_left": said("whatever {} reduces to has some of its outcomes, and its payoffs"),
    "leads_on": said("whatever is eliminated after {} is eliminated from it"),
    "reached_without": lambda H, K, i, x: words(
        "{} reduces to {}, or to {}, which is strictly dominated",
        K,
        H,
        Joined("-", (H, own_part(x, i)), Level.SUM),
    ),
    "any_can_go_first": said("any strictly dominated action can go first from {}"),
    "ends_with": said("elimination from {} ends with {}"),
    "ends_somewhere": said("elimination from {} ends"),
    "can_still_end": said("elimination from {} ends alike in every order"),
    # two games
    "left": _left,
    "class_of": lambda G: Fenced(G, "[", "]"),
    "copies": lambda G: sub(Text("κ"), G),
    "page": applied,
    "by_the_book": said("{} goes by the book {}"),
    "eliminates": said("Assumption 1 holds in {}"),
    "plays_isomorphically": said("Assumption 2 holds in {}"),
    "tied_plays": lambda w, G, H: words(
        "some isomorphism from {} to {} sends {} to {}", G, H, _played(w, G), _played(w, H)
    ),
    "safe_under_both": said("{} is as good as {} in every play under Assumptions 1 and 2"),
    "improved_by_an_isomorphism": lambda H, G: words(
        "some isomorphism from {} to {} is Pareto-improving", _left(G), _left(H)
    ),
    "everything_is_as_good": lambda H, G: words(
        "everything in {} is as good for everybody as everything in {}",
        _outcomes(_left(H)),
        _outcomes(_left(G)),
    ),
    # finding improvements
    "same_actions": said("{} and {} have the same actions"),
    "same_payoffs": said("{} and {} have the same payoffs"),
    "trivial_improvement": lambda H, G: words("{} and {} are equal", _left(H), _left(G)),
    "raised": said("{} is {} with all payoffs raised by 1"),
    "changes_nothing": said("{} sends every action to itself"),
    "injects": lambda f, G: words("{} is one to one from {} into {}", f, _left(G), G),
    "game_of_images": said("{} is the game of images under {} of {}"),
    "unilateral": said("{} is a unilateral subset game of {} for {}"),
    "rescales_for_others": lambda f, G, i: words(
        "{} rescales payoffs of all but {} on {}", f, i, _left(G)
    ),
    "has_images": said("the actions in {} are the images under {} of those in {}"),
    "instructed": lambda H, f, G, i: words(
        "{} is {} where {} has the game of images under {} of {}", H, G, i, f, _left(G)
    ),
    "leaves_images": lambda H, f, G, i: words(
        "eliminations of all but {} lead from {} to images under {} of {}", i, H, f, _left(G)
    ),
    "images_pay_alike": lambda i, f, G, H, K: words(
        "{} and {} are equal on {}", _told(i, H), _told(i, K), applied(f, _outcomes(G))
    ),
    "others_reduce": said("{} reduces to {} by eliminations of all but {}", 1, 2, 0),
    "eliminated_by_others": said(
        "{} is {} without one strictly dominated action of another than {}", 1, 2, 0
    ),
    "narrowed": said("{} is {} where {} has the actions in {}", 0, 1, 3, 2),
    "others_reduce_to_actions": said(
        "{} reduces to the actions in {} by eliminations of all but {}", 1, 2, 0
    ),
    "narrow_games_reduce": said("where a player has fewer actions, all others reduce {} alike"),
    "others_only_reduce": said("eliminations from {} by all but one are eliminations"),
    # sequences of games
    "starts": lambda s: _end(s, "0"),
    "ends": lambda s: _end(s, "k"),
    "rest": lambda s: call(upright("rest"), s),
    "length": lambda s: Fenced(s, "|", "|"),
    "copied": lambda s: sub(PHI, s),
    "allows": lambda s, a, b: relation(b, "∈", applied(s, a)),
    "by_elimination": said("{} begins with Assumption 1"),
    "by_isomorphism": said("{} begins with Assumption 2"),
    "first_allows": said("the first step of {} allows {} for {}", 0, 2, 1),
    "makes_no_step": said("{} makes no step"),
    "makes_a_step": said("{} makes a step"),
    "reduced_only": said("both ends of {} reduce to {}"),
    "reduced_and_copied": said("the ends of {} reduce to {} and {}, isomorphic by {}", 0, 2, 3, 1),
    "has_normal_form": said("{} has a normal form that is no longer"),
    # tokens
    "coordinate": lambda i, y: own_part(y, i),
    "in_hull": lambda y, G: relation(y, "∈", _hull(G)),
    "stands_for": lambda E, a: call(E, a),
    "payoff_point": _paid,
    "paid_alike": said("{} pays what {} pays"),
    "point_as_good": lambda y, a: relation(y, "⪰", _paid(a)),
    "point_better": lambda y, a: relation(y, "≻", _paid(a)),
    "efficient_in_hull": lambda a, G: words("{} is efficient in {}", _paid(a), _hull(G)),
    "fresh": said("nobody has an action in both {} and {}"),
    "token_game": lambda K, E, G: words("{} is a token game for {}", _token(K, E), G),
    "token_improvement": lambda K, E, G: words("{} is an SPI on {}", _token(K, E), G),
    "strict_token_improvement": lambda K, E, G: words("{} is a strict SPI on {}", _token(K, E), G),
    "copied_by": lambda f, G, K: words(
        "{} is an isomorphism, one to one, from {} to {}, with new actions", f, _left(G), K
    ),
    "replaces": lambda E, f, G, a, y: words(
        "{} gives images under {} of {} what they are images of, but {} for {}",
        E,
        f,
        _outcomes(_left(G)),
        y,
        _paid(a),
    ),
    "is_counterpart": lambda f, g, G, b, a: words(
        "{} is the image under {} of {}, in {}", applied(g, a), f, b, _outcomes(G)
    ),
    "rises": lambda i, f, g, G, a: words(
        "to {} something in {} is worth more than {} whose image under {} is {}",
        i,
        _outcomes(G),
        a,
        f,
        applied(g, a),
    ),
    "falls": lambda i, f, g, G, a: words(
        "to {} something in {} is worth less than {} whose image under {} is {}",
        i,
        _outcomes(G),
        a,
        f,
        applied(g, a),
    ),
    "has_equal": lambda f, g, G, a: words(
        "{} is the image under {} of something in {} that pays what {} pays",
        applied(g, a),
        f,
        _outcomes(G),
        a,
    ),
    # tokens in expectation
    "average": _average,
    "expectation": lambda i, G, E: _expected(i, E, G),
    "paid_in_some_play": said("{} pays what {} may pay"),
    "averages_out": lambda K1, E1, K, E, G: words(
        "{} is {} on average, given what {} pays", _token(K1, E1), _token(K, E), G
    ),
    "stands_for_averages": lambda E1, f, K, E, G: words(
        "{} gives images under {} of {} what {} gives on average", E1, f, _left(G), _token(K, E)
    ),
    "mixing_weight": lambda m: sub(Text("α"), m),
    "stands_for_mixtures": said("{} is the mixture {} of {} and {} on {}"),
    "takes_the_place": lambda K1, E1, G, K, E: words(
        "{} is an SPI on {} with the expected payoffs of {}", _token(K1, E1), G, _token(K, E)
    ),
    "improves_by_mixing": lambda m, K, E2, E3, G: words(
        "{} with the mixture {} of {} and {} is an SPI on {}", K, m, E2, E3, G
    ),
    "mixes_expectations": lambda m, K1, E1, K, E, K2, E2: words(
        "{} has in expectation the mixture {} of {} and {}",
        _token(K1, E1),
        m,
        _token(K, E),
        _token(K2, E2),
    ),
    "achieves_the_mixture": lambda m, K1, G, K, E, K2, E2: words(
        "{} is an SPI on {} that has in expectation the mixture {} of {} and {}",
        K1,
        G,
        m,
        _token(K, E),
        _token(K2, E2),
    ),
    # points that tokens achieve
    "two_players": said("{} and {} are the players"),
    "pays_no_less": lambda y, x: relation(y, "≥", x),
    "joined": lambda y, i, x, z: relation(y, "=", Fenced(comma(own_part(x, i), others(z, i)))),
    "mixture_of": call,
    "margin": _margin,
    "portion": lambda m, i, p, q: _margin(i, p, q, m),
    "part_of": _composed,
    "exchanged": lambda m: sup(m, sign("-")),
    "pays_mixture": lambda i, y, m, p, q: words("{} pays {} what {} pays", y, i, call(m, p, q)),
    "mixes": lambda y, m, p, q: relation(y, "=", call(m, p, q)),
    "in_ratio": said("{} is in the ratio that {}, {} and {} ask for"),
    "on_segment": lambda y, p, q: relation(y, "∈", _segment(p, q)),
    "above_segment": lambda y, p, q: words("{} is above {}", y, _segment(p, q)),
    "between": said("{} is between {} and {}"),
    "expected_point": lambda y, K, E: relation(y, "=", _mean(call(E, applied(PI, K)))),
    "achieved": said("tokens for {} achieve {}", 1, 0),
    "achieved_or_more": said("tokens for {} achieve {} or more", 1, 0),
    "stands_for_payoffs": lambda E: relation(E, "=", bold("u")),
    "default_point": lambda y, G: relation(y, "=", _default(G)),
    "as_good_in_expectation": lambda y, G: relation(y, "≥", _default(G)),
    "as_good_as_everything": said("{} is as good as all that {} may pay"),
    "at_least": lambda i, y, G: words("{} is at least what {} may pay {}", own_part(y, i), G, i),
    "at_most": lambda i, y, G: words("{} is at most what {} may pay {}", own_part(y, i), G, i),
    "as_in_some_play": lambda i, y, G: words("{} is what {} may pay {}", own_part(y, i), G, i),
    # the frontier
    "frontier_point": lambda y, G: relation(y, "∈", _frontier(G)),
    "least_on_frontier": lambda i, y, G: _on_frontier("min", i, y, G),
    "most_on_frontier": lambda i, y, G: _on_frontier("max", i, y, G),
    "frontier_reaches": lambda i, G: words(
        "{} has the least and the most that {} may pay {}", _frontier(G), G, i
    ),
    "on_line": lambda y, i, G: relation(y, "∈", applied(sub(Text("L"), i), G)),
    "on_arc": lambda y, i, j, G: relation(y, "∈", applied(sub(Text("L"), comma(i, j)), G)),
    # tokens that stand for chosen points
    "lowers": lambda E2, i, E, f, G: words(
        "{} is {} on images under {} of {}, but lowered for {}", E2, E, f, _outcomes(_left(G)), i
    ),
    "no_less_above": lambda y, v, p, q: words("{} is above {} and {}", y, v, _segment(p, q)),
    "straight_above": lambda y, i, v, p, q: words(
        "{} is above {} and {}, straight above for {}", y, v, _segment(p, q), i
    ),
    "stands_above": lambda E, f, G, p, q: words(
        "{} is above {} on images under {} of {}", E, _segment(p, q), f, _outcomes(_left(G))
    ),
    "stands_straight_above": lambda E, i, f, G, p, q: words(
        "{} is straight above {} for {} on images under {} of {}",
        E,
        _segment(p, q),
        i,
        f,
        _outcomes(_left(G)),
    ),
    "can_be_above": lambda v, p, q, G: words(
        "something in {} is above {} and {}", _hull(G), v, _segment(p, q)
    ),
    "can_be_straight_above": lambda v, i, p, q, G: words(
        "something in {} is above {} and {}, straight above for {}", _hull(G), v, _segment(p, q), i
    ),
    "reached_on": lambda p, q, G: words(
        "tokens for {} achieve something on {} or more", G, _segment(p, q)
    ),
    "reached_up_to": lambda p, q, i, d, G: words(
        "tokens for {} achieve something on {} or more, which pays {} no more than {}",
        G,
        _segment(p, q),
        i,
        d,
    ),
    "beyond_what_is_reached": lambda y, q, G: words(
        "{} is between {} and something that tokens for {} achieve or more", y, q, G
    ),
    # program equilibrium
    "part": _part,
    "earns": lambda i, p: call(sub(U, i), p),
    "punishment": lambda i: call(MINIMAX, i),
    "threat_point": lambda i: sub(Text("v"), i),
    "without_improvement": lambda i: _mean(call(sub(U, i), applied(PI, GAMMA))),
    "with_improvement": lambda i: _mean(call(sub(U, i), applied(PI, sup(GAMMA, PLAYED)))),
    "after_deviation": said("in {} all but {} play by Algorithm 2"),
}
