"""The paper's examples: every claim of their text, executed.

Nothing here is a formula. Each fact runs programs in the Scheduling Game, exactly; where the
players agree on lotteries (from Example 4.1 on, as the paper's footnote 10 says), outcomes are
payoff points of its convex hull. ``docs/examples.md`` tells the stories.

``ex-3.1`` (Example 3.1). "Sufficiently likely" has no number in the paper. Here: where the rest of
the belief is that the other player demands, exactly from probability 1/3; whatever the rest is,
from 3/5.

``ex-3.2`` (Example 3.2). An SPI by renegotiation.

``ex-4.1`` (Example 4.1) and ``ex-4.2`` (Example 4.2). The figures have no numbers, so the sets are
ours, of the same shape. In 4.2 the paper says what happens *if* the players end at the added point;
whether they do depends on the selection function.

``ex-4.3`` (Example 4.3). Literal reading: player i expects the other to offer either almost
everything or everything in the end, and must make an offer in every round that improves strictly
for both. With one round there is a best response of the kind described: offer no more than the PMM.
With more rounds there is none. Whoever improves strictly in a second round leaves the other above
the PMM, and so cannot reach their own best payoff where everything is offered; but the smaller the
offers, the closer they come. So every such program has a better one of the same kind. Repaired:
each player is certain of the likelier offers. Then every offer that is small enough for those is a
best response, and what the example concludes holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

from spi_verify.counterexamples.bimatrix import game_lines
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.rationals import format_profile
from spi_verify.obligations import Executed, Fact, Supposition
from spi_verify.programs import (
    CSR,
    ICSR,
    Always,
    Beliefs,
    Code,
    CorrelatedBase,
    Dictator,
    Execution,
    If,
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Nash,
    Point,
    Profile,
    Program,
    ProgramGame,
    ProgramSpace,
    PureBase,
    Region,
    Selection,
    SetFunction,
    Utilitarian,
    expected_utility,
    find_map_defect,
    find_set_function_defect,
    is_best_response,
    is_spi,
    optimal_weights,
    reachable_payoffs,
    renegotiating,
    subjective_equilibrium,
)
from spi_verify.programs.examples import (
    FIRST_BEST,
    PMM,
    SECOND_BEST,
    SLOTS,
    conceding,
    csr_profile,
    demanding,
    figure_2,
    figure_3,
    meet_at_slot_3,
    offering,
    scheduling_game,
    with_star,
)
from spi_verify.programs.language.base import as_region
from spi_verify.theory import Theory
from spi_verify.verdicts import Verdict

ZERO: Point = (Fraction(0), Fraction(0))
MISMATCH = ("Slot 1", "Slot 2")
SELECTIONS: tuple[Selection, ...] = (
    Utilitarian(),
    Leximin(),
    Maxmin(),
    Dictator(1),
    Dictator(2),
    Lexicographic((2, 1)),
    Nash(ZERO),
    KalaiSmorodinsky(ZERO),
)
ROUNDS = (1, 2, 5)
DELTA = Fraction(1, 10)
LIKELY = Fraction(9, 10)


def statements(theory: Theory) -> list[Executed]:  # noqa: ARG001
    """Return the examples, which no change of a definition reaches."""
    certain = Supposition(
        "certain-of-likely-offers",
        "Each player is certain that the other will in the end offer almost everything.",
    )
    return [
        Executed("ex-3.1", "Miscoordination in subjective equilibrium", miscoordination),
        Executed("ex-3.2", "An SPI by renegotiation", spi_by_renegotiation),
        Executed("ex-4.1", "Set-valued renegotiation", set_valued_renegotiation),
        Executed("ex-4.2", "Unconditional renegotiation sets can hurt", unconditional_sets),
        Executed(
            "ex-4.3",
            "Iterated renegotiation improves on the PMM only slightly",
            uncertain_offers,
            expected=Verdict.REFUTED,
            setting=expected_offers,
            game=scheduling_by_lotteries,
        ),
        Executed(
            "ex-4.3/repaired",
            "Iterated renegotiation improves on the PMM only slightly",
            certain_offers,
            hypotheses=(certain,),
        ),
    ]


def miscoordination() -> Iterator[Fact]:
    """Example 3.1."""
    game = scheduling_game()
    pure = ProgramGame(PureBase(game))
    space = ProgramSpace.plain()
    paid = {outcome: game.payoffs(outcome) for outcome in game.outcomes()}
    met = {outcome for outcome in paid if outcome[0] == outcome[1]}
    yield Fact(
        "meeting-pays",
        "Both get something exactly where they choose the same of three slots, and 0 elsewhere.",
        len(SLOTS) == 3
        and all((min(u) > 0) is (outcome in met) for outcome, u in paid.items())
        and all(u == ZERO for outcome, u in paid.items() if outcome not in met),
        _table(paid),
    )
    yield Fact(
        "own-slot-first",
        "Player i likes meeting at Slot i best, and meeting at Slot 3 better than not meeting.",
        all(
            paid[(SLOTS[i],) * 2][i] > max(u[i] for o, u in paid.items() if o != (SLOTS[i],) * 2)
            and paid[("Slot 3",) * 2][i] > paid[MISMATCH][i]
            for i in (0, 1)
        ),
        _table(paid),
    )
    for i, j in ((1, 2), (2, 1)):
        yield from _conceding(pure, i, j)
    reached = pure.outcome((demanding(1), demanding(2)))
    pays = pure.base.payoffs(reached)
    worst = tuple(min(u[k] for u in paid.values()) for k in (0, 1))
    yield Fact(
        "demanding-miscoordinates",
        "(p_1^D, p_2^D) ends at (Slot 1, Slot 2), which is maximally inefficient: nobody can get "
        "less anywhere, and somebody gets more wherever the players meet.",
        reached == MISMATCH and pays == worst and all(paid[o] > worst for o in met),
        f"{_names(reached)} pays {format_profile(pays)}",
    )
    third = Fraction(1, 3)
    beliefs = [_hopeful(2, third), _hopeful(1, third)]
    profile = (demanding(1), demanding(2))
    yield Fact(
        "demanding-is-a-subjective-equilibrium",
        "Where each believes the other to use p^C with probability 1/3 and p^D otherwise, "
        "(p_1^D, p_2^D) is a subjective equilibrium among all programs.",
        subjective_equilibrium(pure, profile, beliefs, [space] * 2).holds,
        f"both expect {expected_utility(pure, 1, profile[0], beliefs[0])}",
    )


def _conceding(pure: ProgramGame, i: int, j: int) -> Iterator[Fact]:
    """What the example says of p_j^C, and how likely it must be."""
    space = ProgramSpace.plain()
    concedes, demands = conceding(j), demanding(i)
    ended = pure.outcome(_in_order(i, demands, concedes))
    exploiting = pure.base.payoffs(ended)[i - 1]
    others = max(earned for (earned,) in reachable_payoffs(pure, i, [(demanding(j),)], space))
    twin = If(Code(j, demanding(j)), demands, demands)
    resisted = pure.outcome(_in_order(i, twin, concedes))
    yield Fact(
        f"only-demanding-exploits-player-{j}",
        f"p_{j}^C yields to the code p_{i}^D, and is itself p_{j}^D for every other code; so only "
        f"p_{i}^D gets player {i}'s favourite meeting from it.",
        concedes == If(Code(i, demands), demands, demanding(j))
        and ended == (f"Slot {i}",) * 2
        and resisted == MISMATCH
        and others < exploiting,
        f"p_{i}^D earns {exploiting}; a program against p_{j}^D at most {others}; other code that "
        f"always plays Slot {i} ends at {_names(resisted)}",
    )
    yielded = pure.outcome(_in_order(i, Always(f"Slot {j}"), concedes))
    yield Fact(
        f"conceding-exploits-and-avoids-miscoordination-{j}",
        f"p_{j}^C gets Slot {j} from a program that yields, and meets p_{i}^D at Slot {i}.",
        yielded == (f"Slot {j}",) * 2 and ended == (f"Slot {i}",) * 2,
        f"{_names(yielded)} and {_names(ended)}",
    )
    weights = optimal_weights(pure, i, demands, (concedes,), (demanding(j),), space)
    yield Fact(
        f"demanding-is-optimal-when-conceding-is-likely-{i}",
        f"p_{i}^D is optimal among all programs where p_{j}^C is sufficiently likely: beside "
        f"p_{j}^D exactly from probability 1/3.",
        weights == (Fraction(1, 3), Fraction(1)),
        _interval(weights),
    )
    spiteful = If(Code(i, demands), demanding(j), demands)
    weights = optimal_weights(pure, i, demands, (concedes,), (spiteful,), space)
    yield Fact(
        f"sufficient-whatever-the-rest-{i}",
        f"Beside the program that treats p_{i}^D worst, and every other code best, p_{i}^D is "
        "optimal exactly from probability 3/5, which is enough whatever the rest of the belief is.",
        weights == (Fraction(3, 5), Fraction(1))
        and pure.utilities(_in_order(i, demands, spiteful)) == ZERO
        and pure.utilities(_in_order(i, twin, spiteful))[i - 1] == exploiting,
        _interval(weights),
    )


def spi_by_renegotiation() -> Iterator[Fact]:
    """Example 3.2."""
    pure = ProgramGame(PureBase(scheduling_game()))
    rn = meet_at_slot_3()
    f = renegotiating(rn, 2)
    profile = (demanding(1), demanding(2))
    image = tuple(f_i(p_i) for f_i, p_i in zip(f, profile, strict=True))
    execution = Execution(pure.base)
    images = {o: execution.image(rn, o) for o in pure.base.game.outcomes()}
    meeting = ("Slot 3", "Slot 3")
    yield Fact(
        "mismatches-become-slot-3",
        "rn sends each outcome in which the players choose different slots to (Slot 3, Slot 3), "
        "and leaves the others.",
        all(x == (meeting if o[0] != o[1] else o) for o, x in images.items()),
        f"{sum(x != o for o, x in images.items())} of {len(images)} outcomes are moved",
    )
    yield Fact(
        "rn-is-a-renegotiation-function",
        "rn is a renegotiation function (Definition 4).",
        find_map_defect(pure.base, rn) is None,
        "nobody is worse off anywhere, and somebody is better off somewhere",
    )
    shares = pure.base.payoffs(meeting)
    yield Fact(
        "slot-3-is-symmetric",
        "(Slot 3, Slot 3) pays both players the same.",
        shares[0] == shares[1],
        format_profile(shares),
    )
    before, after = pure.utilities(profile), pure.utilities(image)
    yield Fact(
        "both-better-off",
        "Where both demand and miscoordinate, renegotiating in this way makes both better off.",
        pure.outcome(profile) == MISMATCH
        and pure.outcome(image) == meeting
        and all(v > u for u, v in zip(before, after, strict=True)),
        f"{format_profile(before)} becomes {format_profile(after)}",
    )
    report = is_spi(pure, f, [[demanding(i), conceding(i)] for i in (1, 2)])
    yield Fact(
        "it-is-an-spi",
        "For P_i = {p_i^D, p_i^C}, giving every program Algorithm 1 with rn is an SPI.",
        report.is_spi,
        f"{report.profiles} profiles; "
        + ("nobody loses" if report.loss is None else f"player {report.loss.player} loses")
        + ("; nobody gains" if report.gain is None else f"; player {report.gain.player} gains"),
    )


def set_valued_renegotiation() -> Iterator[Fact]:
    """Example 4.1."""
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    frontier = Region.polygon([FIRST_BEST, SECOND_BEST])
    profiles = [csr_profile(Leximin(), figure_2(wide)) for wide in (False, True)]
    defaults = [lotteries.outcome([p.default for p in profile]) for profile in profiles]
    yield Fact(
        "they-miscoordinate",
        "Without renegotiation the players end at (Slot 1, Slot 2).",
        all(outcome == MISMATCH for outcome in defaults),
        " and ".join(map(_names, defaults)),
    )
    yield from _legal(lotteries, profiles)
    offers = [_offers(lotteries, 2, profile) & frontier for profile in profiles]
    for side, wanted, offered in (
        ("left", [SECOND_BEST], offers[0]),
        ("right", [SECOND_BEST, FIRST_BEST], offers[1]),
    ):
        efficient = Region.points(wanted)
        yield Fact(
            f"efficient-points-of-player-2-{side}",
            f"On the {side} the only efficient points that player 2 accepts are the payoffs of "
            + " and ".join(
                "(Slot 2, Slot 2)" if p == SECOND_BEST else "(Slot 1, Slot 1)" for p in wanted
            )
            + ".",
            offered <= efficient and efficient <= offered,
            " ".join(format_profile(corner) for piece in offered.pieces for corner in piece),
        )
    mine = _offers(lotteries, 1, profiles[0])
    corners = [corner for piece in mine.pieces for corner in piece]
    yield Fact(
        "set-of-player-1",
        "Player 1's set holds the payoffs of (Slot 1, Slot 1), and other points that are "
        "Pareto-worse than it.",
        FIRST_BEST in mine
        and len(corners) > 1
        and all(u <= v for corner in corners for u, v in zip(corner, FIRST_BEST, strict=True)),
        "corners " + " ".join(map(format_profile, sorted(corners))),
    )
    ends = {
        selection: [lotteries.utilities(csr_profile(selection, figure_2(w))) for w in (False, True)]
        for selection in SELECTIONS
    }
    yield Fact(
        "improves-on-the-left",
        "On the left both are better off than by default, though no efficient point is agreed on, "
        "under each of eight selection functions.",
        all(min(left) > 0 and left not in frontier for left, _ in ends.values()),
        _distinct(left for left, _ in ends.values()),
    )
    yield Fact(
        "best-payoff-on-the-right",
        "On the right player 1 gets the most that is feasible, under each of them.",
        all(right[0] == 3 for _, right in ends.values()),
        _distinct(right for _, right in ends.values()),
    )
    best = [
        is_best_response(
            lotteries,
            1,
            left[0],
            Beliefs.of((left[1], weight), (right[1], 1 - weight)),
            ProgramSpace.with_csr(selection),
        )
        for selection in SELECTIONS
        for left, right in [[csr_profile(selection, figure_2(wide)) for wide in (False, True)]]
        for weight in (Fraction(1, 100), LIKELY, Fraction(99, 100))
    ]
    yield Fact(
        "player-1-responds-best",
        "Player 1's program is a best response among all programs and all CSR programs, whether "
        "the left set has probability 1/100, 9/10 or 99/100: it earns the most that player 2's "
        "programs allow on either side.",
        _all(found.optimal for found in best),
        f"{sum(found.optimal is True for found in best)} of {len(best)} settled by "
        + ", ".join(sorted({str(found.method) for found in best})),
    )


def unconditional_sets() -> Iterator[Fact]:
    """Example 4.2."""
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    first, narrow, star = figure_3(right=False)
    _, wide, _ = figure_3(right=True)
    starred = with_star(first, star, None)
    conditional = with_star(first, star, narrow)
    pairs = [(mine, other) for mine in (first, starred, conditional) for other in (narrow, wide)]
    yield from _legal(lotteries, [csr_profile(Leximin(), pair) for pair in pairs])

    def paid(selection: Selection, mine: SetFunction, other: SetFunction) -> Point:
        point: Point = lotteries.utilities(csr_profile(selection, (mine, other)))
        return point

    left = {s: paid(s, first, narrow) for s in SELECTIONS}
    right = {s: paid(s, first, wide) for s in SELECTIONS}
    offered = [_offers(lotteries, 1, csr_profile(Leximin(), pair)) for pair in pairs[:4]]
    yield Fact(
        "unconditional",
        "Player 1's set is the same against both of player 2's functions, with the star and "
        "without, and only the former holds the star.",
        offered[0] == offered[1]
        and offered[2] == offered[3]
        and star in offered[2]
        and star not in offered[0],
        f"the star pays {format_profile(star)}",
    )
    yield Fact(
        "star-improves-on-the-left",
        "The star is a Pareto improvement on the outcome on the left.",
        all(_improves(star, black) for black in left.values()),
        _distinct(left.values()),
    )
    with_it = {s: paid(s, starred, narrow) for s in SELECTIONS}
    yield Fact(
        "adding-it-helps-on-the-left",
        "On the left player 1 is no worse off with the star, under each of eight selection "
        "functions.",
        all(with_it[s][0] >= left[s][0] for s in SELECTIONS),
        f"{_distinct(left.values())} becomes {_distinct(with_it.values())}",
    )
    now = {s: paid(s, starred, wide) for s in SELECTIONS}
    chosen = [s for s in SELECTIONS if now[s] == star]
    yield Fact(
        "star-can-be-chosen-on-the-right",
        "On the right there is a selection function that chooses the star.",
        bool(chosen),
        f"chosen by {len(chosen)} of {len(SELECTIONS)}, among them "
        + (str(chosen[0]) if chosen else "none"),
    )
    yield Fact(
        "adding-it-hurts-on-the-right",
        "Where the star is chosen on the right, player 1 is worse off than without it.",
        all(now[s][0] < right[s][0] for s in chosen),
        f"{_distinct(right[s] for s in chosen)} becomes {_distinct(now[s] for s in chosen)}",
    )
    yield Fact(
        "a-conditional-set-does-not",
        "Adding the star only against the function on the left gives the star's outcome there, "
        "and changes nothing on the right, under each of eight selection functions.",
        all(
            paid(s, conditional, narrow) == with_it[s] and paid(s, conditional, wide) == right[s]
            for s in SELECTIONS
        ),
        f"{_distinct(with_it.values())} and {_distinct(right.values())}",
    )


def scheduling_by_lotteries() -> CorrelatedPlay:
    """Return the Scheduling Game with all lotteries over its outcomes."""
    return CorrelatedPlay(scheduling_game())


def expected_offers() -> Iterator[str]:
    """Say what is played in Example 4.3, and what player 1 expects."""
    yield from game_lines(scheduling_game(), PMM, correlated=True)
    yield (
        "Both use iterated CSR programs, which renegotiate in a number of rounds; the selection "
        "function is leximin. A program offers more from round to round, and says how much it will "
        "in the end let the other player have."
    )
    yield "Their defaults demand Slot 1 and Slot 2, and end at (Slot 1, Slot 2), which pays (0, 0)."
    yield (
        f"Player 1 expects that player 2 will in the end let player 1 have {3 - DELTA}, with "
        f"probability {LIKELY}, and else everything, which is 3. In each round player 2 accepts "
        "only what pays both at least the PMM."
    )


def uncertain_offers() -> Iterator[Fact]:
    """Example 4.3, literal reading."""
    yield from _offers_of_rounds()
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    (best,) = as_region(lotteries.base.at_least((Fraction(3), Fraction(0)))).pieces
    sizes = (DELTA, DELTA / 2, DELTA / 4)
    for rounds in ROUNDS:
        almost = offering(2, Leximin(), rounds, 3 - DELTA)
        everything = offering(2, Leximin(), rounds, Fraction(3))
        belief = Beliefs.of((almost, LIKELY), (everything, 1 - LIKELY))
        space = ProgramSpace.with_icsr(Leximin(), rounds)
        least = offering(1, Leximin(), rounds, Fraction(1))
        found = is_best_response(lotteries, 1, least, belief, space)
        improves = all(_strictly_rising(_path((least, other))) for other in (almost, everything))
        if rounds == 1:
            yield Fact(
                "small-offers-are-a-best-response-1",
                "With one round, player 1's best response is a strictly improving offer so small "
                "that player 2 will offer slightly less than player 1's favourite.",
                found.optimal if improves else False,
                f"offering player 2 no more than the PMM earns {found.value}",
            )
            continue
        programs = [offering(1, Leximin(), rounds, 1 + size) for size in sizes]
        values = [expected_utility(lotteries, 1, mine, belief) for mine in programs]
        limit = found.value
        approached = found.optimal and all(
            _strictly_rising(_path((mine, other)))
            for mine in programs
            for other in (almost, everything)
        )
        approached = approached and values == [limit - (1 - LIKELY) * size for size in sizes]
        # Two rounds that improve strictly leave player 2 above the PMM, so player 1 below 3.
        unreachable = best == (FIRST_BEST,) and FIRST_BEST[1] == PMM[1] and not improves
        unreachable = unreachable and all(
            _accepted_first(2, (least, other)) <= as_region(lotteries.base.at_least(PMM))
            for other in (almost, everything)
        )
        response = (
            "a best response that makes strictly improving offers so small that player 2 will "
            "offer slightly less than player 1's favourite"
            if rounds == ROUNDS[1]
            else "such a best response, too"
        )
        yield Fact(
            f"small-offers-are-a-best-response-{rounds}",
            f"With {rounds} rounds, player 1 has {response}.",
            False if approached and unreachable else None,
            _ever_better(rounds, sizes, values, limit),
            why=(
                f"To earn {limit}, player 1 has to get 3 where player 2 lets player 1 have "
                "everything, and only (Slot 1, Slot 1) pays 3, where player 2 gets the PMM. But "
                "player 2 accepts nothing below the PMM in the first round, and so gets more than "
                "the PMM once a second round improves strictly, that is for both, too"
            ),
        )


def _ever_better(
    rounds: int, sizes: Sequence[Fraction], values: Sequence[Fraction], limit: Fraction
) -> str:
    """Say that there is always a better response."""
    earns = (f"{s} more than the PMM earns {v}" for s, v in zip(sizes, values, strict=True))
    return (
        f"with {rounds} rounds, there is always a better one: letting player 2 have "
        f"{', '.join(earns)}, and so on towards {limit}, which nothing earns but leaving player 2 "
        "at the PMM, and then not every round improves strictly"
    )


def certain_offers() -> Iterator[Fact]:
    """Example 4.3 where the likely offers are certain."""
    yield from _offers_of_rounds()
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    for rounds in ROUNDS:
        reports = [
            subjective_equilibrium(
                lotteries,
                [offering(i, selection, rounds, 1 + DELTA) for i in (1, 2)],
                [Beliefs.certain(offering(j, selection, rounds, 3 - DELTA)) for j in (2, 1)],
                [ProgramSpace.with_icsr(selection, rounds)] * 2,
            )
            for selection in SELECTIONS
        ]
        yield Fact(
            f"small-offers-are-a-subjective-equilibrium-{rounds}",
            "Offering so little is a best response for both among all programs and all iterated "
            f"CSR programs, under each of eight selection functions ({rounds} "
            f"round{'s' * (rounds > 1)}).",
            _all(report.holds for report in reports),
            "both expect " + _distinct(tuple(p.value for p in r.players) for r in reports),
        )


@cache
def _offers_of_rounds() -> tuple[Fact, ...]:
    """Return what Example 4.3 says of the programs, whatever the beliefs are."""
    return tuple(fact for rounds in ROUNDS for fact in _offers_in(rounds))


def _offers_in(rounds: int) -> Iterator[Fact]:
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    pairs = {
        selection: (
            [offering(i, selection, rounds, 1 + DELTA) for i in (1, 2)],
            offering(2, selection, rounds, 3 - DELTA),
            offering(2, selection, rounds, Fraction(3)),
        )
        for selection in SELECTIONS
    }
    plural = f"{rounds} round{'s' * (rounds > 1)}"
    stingy = [_path(both) for both, _, _ in pairs.values()]
    yield Fact(
        f"slightly-above-the-pmm-{rounds}",
        f"With such offers on both sides every round is a strict improvement for both, and "
        f"the players end slightly above the PMM ({plural}).",
        all(_strictly_rising(path) and path[-1] == (1 + DELTA,) * 2 for path in stingy)
        and lotteries.base.pareto_meet_minimum == PMM,
        _distinct(path[-1] for path in stingy),
    )
    hoped = [_path((both[0], almost)) for both, almost, _ in pairs.values()]
    yield Fact(
        f"slightly-below-the-favourite-{rounds}",
        "Against the likely offers player 1 ends slightly below their most preferred payoff, "
        f"and every round improves strictly ({plural}).",
        all(_strictly_rising(path) and path[-1][0] == 3 - DELTA for path in hoped),
        _distinct(path[-1] for path in hoped),
    )
    defects = [
        find_set_function_defect(
            lotteries, player, list(zip(one.rounds, other.rounds, strict=True)), selection
        )
        for selection, (both, almost, everything) in pairs.items()
        for one, other in ((both[0], both[1]), (both[0], almost), (both[0], everything))
        for player in (1, 2)
    ]
    yield Fact(
        f"offers-are-set-valued-renegotiation-functions-{rounds}",
        f"Against each other these offers meet Definition 7 ({plural}).",
        all(defect is None for defect in defects),
        f"{len(defects)} checked",
    )


def _legal(lotteries: ProgramGame, profiles: list[tuple[CSR, CSR]]) -> Iterator[Fact]:
    functions = [tuple(p.function for p in profile) for profile in profiles]
    yield Fact(
        "set-valued-renegotiation-functions",
        "The sets are those of set-valued renegotiation functions (Definition 7), as far as "
        "these profiles show.",
        all(
            find_set_function_defect(lotteries, player, functions, Leximin()) is None
            for player in (1, 2)
        ),
        f"{len(functions)} profiles, {2 * len(functions)} checks",
    )


def _offers(lotteries: ProgramGame, player: int, profile: tuple[CSR, CSR]) -> Region:
    """Return what a player accepts instead of the miscoordination."""
    functions = tuple(p.function for p in profile)
    offered = Execution(lotteries.base).value(player, functions, profile[0].selection, MISMATCH)
    assert isinstance(offered, Region)
    return offered


def _accepted_first(player: int, profile: tuple[ICSR, ICSR]) -> Region:
    """Return what a player accepts in the first round instead of the miscoordination."""
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    functions = tuple(program.rounds[0] for program in profile)
    value = Execution(lotteries.base).value(player, functions, profile[0].selection, MISMATCH)
    return as_region(value)


def _path(profile: Iterable[ICSR]) -> list[Point]:
    """Return what is reached by default and after each round."""
    lotteries = ProgramGame(CorrelatedBase(scheduling_game()))
    programs = tuple(profile)
    lengths = range(1, len(programs[0].rounds) + 1)
    cut = ([ICSR(p.selection, p.default, p.rounds[:k]) for p in programs] for k in lengths)
    return [
        lotteries.utilities([p.default for p in programs]),
        *(lotteries.utilities(shorter) for shorter in cut),
    ]


def _strictly_rising(path: list[Point]) -> bool:
    return all(all(v > u for u, v in zip(one, two, strict=True)) for one, two in pairwise(path))


def _improves(x: Point, a: Point) -> bool:
    return x != a and all(v >= u for u, v in zip(a, x, strict=True))


def _hopeful(j: int, weight: Fraction) -> Beliefs:
    return Beliefs.of((conceding(j), weight), (demanding(j), 1 - weight))


def _in_order(i: int, mine: Program, other: Program) -> Profile:
    return (mine, other) if i == 1 else (other, mine)


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return False if False in found else None if None in found else True


def _distinct(points: Iterable[Point]) -> str:
    return " or ".join(map(format_profile, dict.fromkeys(points)))


def _names(outcome: Iterable[object]) -> str:
    return "(" + ", ".join(map(str, outcome)) + ")"


def _interval(weights: tuple[Fraction, Fraction] | None) -> str:
    return "never" if weights is None else f"from {weights[0]} to {weights[1]}"


def _table(paid: Mapping[tuple[str, ...], Point]) -> str:
    return ", ".join(f"{_names(o)} pays {format_profile(u)}" for o, u in paid.items() if u != ZERO)
