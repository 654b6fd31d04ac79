"""Hypothesis strategies for games, outcomes, renegotiation functions, programs and beliefs.

All shrink towards small cases that are easy to read: few players, actions and programs, payoffs
near zero, constant programs, empty sets.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from spi_verify.arguments import named
from spi_verify.games.game import Game, Outcome
from spi_verify.programs.language.conditions import AllOf, AnyOf, Condition, Not
from spi_verify.programs.language.functions import (
    PMP_EXTENSION,
    ByOutcome,
    Improving,
    ImprovingOnMeet,
    Outcomes,
    PMPExtension,
    RenegotiationMap,
    Row,
    SetFunction,
    Tagged,
    To,
    When,
)
from spi_verify.programs.language.programs import (
    CSR,
    ICSR,
    Always,
    Code,
    Entry,
    If,
    Lookup,
    Profile,
    Program,
    Renegotiation,
    SameCode,
)
from spi_verify.programs.language.selections import (
    Dictator,
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Nash,
    Selection,
    Utilitarian,
)
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.beliefs import Beliefs


@st.composite
def games(  # noqa: D417
    draw: st.DrawFn,
    *,
    min_players: int = 2,
    max_players: int = 3,
    max_actions: int = 3,
    max_payoff: int = 3,
) -> Game:
    """Return a strategy for games with small integer payoffs.

    Parameters
    ----------
    min_players, max_players
        Bounds on n.
    max_actions
        The most actions a player has.
    max_payoff
        Payoffs are between 0 and this.
    """
    n = draw(st.integers(min_players, max_players))
    shape = [draw(st.integers(1, max_actions)) for _ in range(n)]
    outcomes = list(itertools.product(*(map(str, range(1, size + 1)) for size in shape)))
    payoff = st.integers(0, max_payoff)
    return Game.from_outcomes({outcome: draw(st.tuples(*[payoff] * n)) for outcome in outcomes})


@named
def outcomes(game: Game) -> st.SearchStrategy[Outcome]:
    """Return a strategy for the outcomes of a game."""
    return st.sampled_from(list(game.outcomes()))


def selections(players: int) -> st.SearchStrategy[Selection]:
    """Return a strategy for selection functions."""
    zero = (Fraction(0),) * players
    return st.one_of(
        st.just(Utilitarian()),
        st.sampled_from([Leximin(), Maxmin()]),
        st.integers(1, players).map(Dictator),
        st.permutations(range(1, players + 1)).map(lambda order: Lexicographic(tuple(order))),
        st.just(Nash(zero)),
        st.just(KalaiSmorodinsky(zero)),
    )


@st.composite
def outcome_maps(  # noqa: D417
    draw: st.DrawFn, game: Game, *, improving: bool = True
) -> RenegotiationMap:
    """Return a strategy for maps rn on outcomes.

    Parameters
    ----------
    game
        The game.
    improving
        Whether every image is at least as good for everyone. That someone gains somewhere
        (condition 2 of Definition 4) is not promised, for in some games nobody can.
    """
    base = PureBase(game)
    entries = []
    for outcome in game.outcomes():
        allowed = list(game.outcomes())
        if improving:
            allowed = base.elements(base.at_least(base.payoffs(outcome)))
        allowed.sort(key=lambda image: image != outcome)
        image = draw(st.sampled_from(allowed))
        if image != outcome:
            entries.append(To(outcome, image))
    return RenegotiationMap(tuple(entries))


@named
def renegotiation_functions(game: Game) -> st.SearchStrategy[RenegotiationMap]:
    """Return a strategy for renegotiation functions (Definition 4).

    Raises
    ------
    ValueError
        When every outcome of the game is efficient, so that there is no such function.
    """
    base = PureBase(game)
    improvable = _improvable(base)
    if not improvable:
        raise ValueError("every outcome is efficient: the game has no renegotiation function")

    @st.composite
    def functions(draw: st.DrawFn) -> RenegotiationMap:
        drawn = draw(outcome_maps(game))
        outcome = draw(st.sampled_from(improvable))
        better = [
            x for x in _improvements(base, outcome) if base.payoffs(x) != base.payoffs(outcome)
        ]
        gain = To(outcome, draw(st.sampled_from(better)))
        return RenegotiationMap((gain, *(e for e in drawn.entries if e.outcome != outcome)))

    return functions()


@st.composite
def set_functions(  # noqa: D417
    draw: st.DrawFn,
    game: Game,
    player: int,
    *,
    improving: bool = True,
    conditional: bool = True,
    extended: bool = True,
) -> SetFunction:
    """Return a strategy for set-valued renegotiation functions.

    Parameters
    ----------
    game
        The game.
    player
        Whose function it is.
    improving
        Whether all sets contain only outcomes that are at least as good as a for everyone
        (condition 1 of Definition 7).
    conditional
        Whether sets may depend on whether another player's function is a PMP-extension.
    extended
        Whether the function may be that of a PMP-extension.
    """
    base = PureBase(game)

    def table() -> SetFunction:
        rows = []
        for outcome in game.outcomes():
            allowed = list(game.outcomes())
            if improving:
                allowed = base.elements(base.at_least(base.payoffs(outcome)))
            chosen = draw(st.lists(st.sampled_from(allowed), max_size=3, unique=True))
            if chosen:
                rows.append(Row(outcome, Outcomes(tuple(chosen))))
        return ByOutcome(Outcomes(()), tuple(rows))

    forms: list[Callable[[], SetFunction]] = [table, Improving, ImprovingOnMeet]
    if conditional:
        others = [j for j in range(1, game.number_of_players + 1) if j != player]

        def depending() -> SetFunction:
            tagged = Tagged(draw(st.sampled_from(others)), PMP_EXTENSION)
            return When(tagged, table(), table())

        forms.append(depending)
    function = draw(st.sampled_from(forms))()
    if extended and draw(st.booleans()):
        function = PMPExtension(function)
    return function


@st.composite
def plain_programs(  # noqa: D417
    draw: st.DrawFn, game: Game, player: int, *, depth: int = 2
) -> Program:
    """Return a strategy for programs that do not renegotiate.

    They are constant, compare code, or look opponents up; none simulates another, so all halt.

    Parameters
    ----------
    game
        The game.
    player
        i.
    depth
        How deep conditions and branches are nested.
    """
    constants = st.sampled_from(game.actions[player - 1]).map(Always)
    forms = ["constant"] if depth == 0 else ["constant", "if", "table"]
    form = draw(st.sampled_from(forms))
    if form == "constant":
        return draw(constants)
    others = [j for j in range(1, game.number_of_players + 1) if j != player]
    if form == "table":
        opponents = tuple(draw(plain_programs(game, j, depth=depth - 1)) for j in others)
        action = draw(st.sampled_from(game.actions[player - 1]))
        return Lookup(draw(constants), (Entry(action, opponents),))
    then, otherwise = (draw(plain_programs(game, player, depth=depth - 1)) for _ in range(2))
    return If(draw(code_conditions(game, player, depth=depth - 1)), then, otherwise)


@st.composite
def code_conditions(draw: st.DrawFn, game: Game, player: int, *, depth: int = 1) -> Condition:
    """Return a strategy for conditions that compare code; the parameters are as above."""
    others = [j for j in range(1, game.number_of_players + 1) if j != player]
    j = draw(st.sampled_from(others))
    code: Condition = Code(j, draw(plain_programs(game, j, depth=max(depth - 1, 0))))
    form = draw(st.sampled_from(["code", "same", "not", "all", "any"]))
    if form == "same":
        return SameCode()
    if form == "not":
        return Not(code)
    return {"all": AllOf((code, SameCode())), "any": AnyOf((code, SameCode()))}.get(form, code)


@st.composite
def programs(  # noqa: D417
    draw: st.DrawFn,
    game: Game,
    player: int,
    *,
    selection: Selection | None = None,
    rounds: int = 2,
) -> Program:
    """Return a strategy for programs of every kind, with defaults that do not renegotiate.

    Parameters
    ----------
    game
        The game.
    player
        i.
    selection
        The selection function of CSR and ICSR programs; default utilitarian.
    rounds
        The greatest K of ICSR programs.
    """
    sel = Utilitarian() if selection is None else selection
    default = draw(plain_programs(game, player))
    kind = draw(st.sampled_from(["plain", "renegotiation", "csr", "icsr"]))
    if kind == "renegotiation" and _improvable(PureBase(game)):
        return Renegotiation(draw(renegotiation_functions(game)), default)
    if kind == "csr":
        return CSR(sel, default, draw(set_functions(game, player)))
    if kind == "icsr":
        number = draw(st.integers(1, rounds))
        functions = tuple(draw(set_functions(game, player)) for _ in range(number))
        return ICSR(sel, default, functions)
    return default


@named
def profiles(
    game: Game, each: Callable[[Game, int], st.SearchStrategy[Program]] = programs
) -> st.SearchStrategy[Profile]:
    """Return a strategy for program profiles.

    Parameters
    ----------
    game
        The game.
    each
        A strategy for programs of a game and a player, such as :func:`plain_programs`.
    """
    return st.tuples(*(each(game, i) for i in range(1, game.number_of_players + 1)))


@st.composite
def beliefs(  # noqa: D417
    draw: st.DrawFn,
    game: Game,
    player: int,
    *,
    each: Callable[[Game, int], st.SearchStrategy[Program]] = programs,
    max_support: int = 3,
) -> Beliefs:
    """Return a strategy for beliefs with small rational weights.

    Parameters
    ----------
    game
        The game.
    player
        Whose beliefs they are.
    each
        A strategy for the programs of a game and a player.
    max_support
        The most profiles in the support.
    """
    others = [j for j in range(1, game.number_of_players + 1) if j != player]
    opponents = st.tuples(*(each(game, j) for j in others))
    support: Sequence[Profile] = draw(
        st.lists(opponents, min_size=1, max_size=max_support, unique=True)
    )
    parts = [draw(st.integers(1, 4)) for _ in support]
    total = sum(parts)
    return Beliefs(
        tuple((p, Fraction(part, total)) for p, part in zip(support, parts, strict=True))
    )


def _improvable(base: PureBase) -> list[Outcome]:
    return [
        outcome
        for outcome in base.game.outcomes()
        if any(base.payoffs(x) != base.payoffs(outcome) for x in _improvements(base, outcome))
    ]


def _improvements(base: PureBase, outcome: Outcome) -> list[Outcome]:
    return base.elements(base.at_least(base.payoffs(outcome)))
