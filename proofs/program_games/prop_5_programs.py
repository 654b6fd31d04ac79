"""Proposition 5: the programs of its proof, and what they let nobody exceed."""

from collections.abc import Callable

import z3
from z3 import And, ForAll, Implies, Not

from spi_verify.obligations import Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    SetFunctions,
    action,
    after,
    agreement,
    anticipated,
    corner,
    default,
    defaults,
    first,
    generous,
    given,
    in_icsr,
    member,
    modest,
    next_to,
    offering,
    offers,
    outcome,
    path,
    plays,
    program,
    renegotiated,
    replace,
    replies,
    round_function,
    round_functions,
    sel,
    stingy,
    u,
)
from spi_verify.theory.terms import Formula, PlayerTerm, PositionTerm, ProgramTerm, SetFunctionTerm

i, j, k = z3.Consts("i j k", Player)
a, x = z3.Consts("a x", Outcome)
c = z3.Const("c", Program)
p, q = z3.Consts("p q", Profile)
R = z3.Const("R", SetFunctions)
n, m = z3.Consts("n m", Position)

against = replace(anticipated(i), i, c)
mine = replace(anticipated(i), i, stingy(i))


def program_steps(theory: Theory) -> list[Step]:
    """Return that the programs of the proof are there."""

    def legal(player: PlayerTerm, function: SetFunctionTerm) -> Formula:
        return theory.set_valued_renegotiation_function(player, function)

    def made_of(candidate: ProgramTerm, player: PlayerTerm, function: SetFunctionTerm) -> Formula:
        return And(
            in_icsr(player, candidate),
            default(candidate) == program(player, given),
            ForAll([n], round_function(candidate, n) == function),
        )

    start = outcome(given)
    return [
        Step(
            "on-meet-improves",
            ForAll([x, a], Implies(theory.on_meet(x, a), theory.weakly_improves(x, a))),
            ["on_meet", "weakly_improves"],
        ),
        Step(
            "path-on-meet",
            ForAll([n], theory.on_meet(path(n), start)),
            ["path-above-the-pmm", "on_meet", "defaults-at-most-pmm"],
        ),
        Step(
            "path-better-than-defaults",
            ForAll([n, i], u(i, path(n)) > u(i, start)),
            ["path-above-the-pmm", "defaults-at-most-pmm"],
        ),
        Step(
            "path-offered",
            ForAll([i, n, R], member(path(n), offers(i, modest(i, n), R, start))),
            ["modest_offers", "path-on-meet"],
        ),
        Step(
            "modest-legal",
            ForAll([i, n], legal(i, modest(i, n))),
            [
                "set_valued_renegotiation_function",
                "modest_offers",
                "on-meet-improves",
                "path-offered",
                "path-better-than-defaults",
            ],
        ),
        Step(
            "stingy-there",
            ForAll([i], made_of(stingy(i), i, modest(i, n))),
            ["icsr_complete", "modest-legal", "defaults-at-most-pmm"],
        ),
        *opponents_there(theory, "generous", generous, "capped", offering),
        Step(
            "anticipated-programs",
            ForAll(
                [i, j, c],
                Implies(j != i, program(j, against) == offering(i, j)),
            ),
            ["profiles_of_the_proof", "replacement"],
        ),
        Step(
            "own-program-against",
            ForAll([i, c], program(i, against) == c),
            ["replacement"],
        ),
    ]


def opponents_there(
    theory: Theory,
    name: str,
    function: Callable[[PlayerTerm, PositionTerm], SetFunctionTerm],
    bound: str,
    candidate: Callable[[PlayerTerm, PlayerTerm], ProgramTerm],
) -> list[Step]:
    """Return that the programs that player i believes possible are there."""
    start = outcome(given)
    return [
        Step(
            f"path-{name}",
            ForAll(
                [i, j, n, R],
                Implies(j != i, member(path(n), offers(j, function(i, n), R, start))),
            ),
            [f"{name}_offers", "path-on-meet", bound],
        ),
        Step(
            f"{name}-legal",
            ForAll(
                [i, j, n],
                Implies(j != i, theory.set_valued_renegotiation_function(j, function(i, n))),
            ),
            [
                "set_valued_renegotiation_function",
                f"{name}_offers",
                "on-meet-improves",
                f"path-{name}",
                "path-better-than-defaults",
            ],
        ),
        Step(
            f"{name}-there",
            ForAll(
                [i, j],
                Implies(
                    j != i,
                    And(
                        in_icsr(j, candidate(i, j)),
                        default(candidate(i, j)) == program(j, given),
                        ForAll([n], round_function(candidate(i, j), n) == function(i, n)),
                    ),
                ),
            ),
            ["icsr_complete", f"{name}-legal", "defaults-at-most-pmm"],
        ),
    ]


def round_steps() -> list[Step]:
    """Return the loop of Algorithm 3, the first round and the others apart."""
    return [
        Step(
            "rounds-from-round-to-round",
            ForAll(
                [p, a, n, m],
                Implies(
                    next_to(n, m),
                    after(m, p, a) == renegotiated(sel, round_functions(m, p), after(n, p, a)),
                ),
            ),
            ["rounds"],
        ),
        Step(
            "rounds-from-the-start",
            ForAll([p, a], after(first, p, a) == renegotiated(sel, round_functions(first, p), a)),
            ["rounds"],
        ),
    ]


def limit_steps(theory: Theory, *, held: str = "defaults-not-generous") -> list[Step]:
    """Return that no program earns more than the corner against what is anticipated."""
    others = ForAll([j], Implies(j != i, program(j, q) == offering(i, j)))
    as_defaults = ForAll([j], Implies(j != i, action(j, x) == plays(j, program(j, given), p)))
    in_round = round_functions(n, q)
    plain = And(others, Not(in_icsr(i, program(i, q))))
    renegotiates = And(others, in_icsr(i, program(i, q)))
    start = outcome(defaults(q))
    at_defaults = z3.substitute(as_defaults, (x, start), (p, defaults(q)))
    return [
        Step(
            "defaults-run-against-others",
            ForAll(
                [i, q, j],
                Implies(
                    And(plain, j != i),
                    plays(j, program(j, q), q) == plays(j, program(j, given), q),
                ),
            ),
            ["algorithm_3", "own-program", "generous-there"],
        ),
        Step(
            "actions-of-defaults-may-be-played",
            ForAll([i, x, p], Implies(as_defaults, theory.may_be_played(i, x))),
            ["may_be_played"],
        ),
        Step(
            "defaults-act-against-others",
            ForAll(
                [i, q, j],
                Implies(
                    And(plain, j != i),
                    action(j, outcome(q)) == plays(j, program(j, given), q),
                ),
            ),
            ["defaults-run-against-others", "outcome_of_programs"],
        ),
        Step(
            "defaults-may-play",
            ForAll([i, q], Implies(plain, theory.may_be_played(i, outcome(q)))),
            ["defaults-act-against-others", "actions-of-defaults-may-be-played"],
        ),
        Step(
            "plain-programs-held",
            ForAll([i, q], Implies(plain, u(i, outcome(q)) <= replies(i))),
            ["defaults-may-play", held],
        ),
        Step(
            "defaults-of-anticipated",
            ForAll(
                [i, q, j],
                Implies(And(others, j != i), program(j, defaults(q)) == program(j, given)),
            ),
            ["default_profile", "generous-there"],
        ),
        Step(
            "defaults-act-against-defaults",
            ForAll(
                [i, q, j],
                Implies(
                    And(others, j != i),
                    action(j, start) == plays(j, program(j, given), defaults(q)),
                ),
            ),
            ["defaults-of-anticipated", "outcome_of_programs"],
        ),
        Step(
            "default-actions-may-be-played",
            ForAll([i, q], Implies(at_defaults, theory.may_be_played(i, start))),
            ["actions-of-defaults-may-be-played"],
        ),
        Step(
            "default-outcomes-may-be-played",
            ForAll([i, q], Implies(others, theory.may_be_played(i, start))),
            ["defaults-act-against-defaults", "default-actions-may-be-played"],
        ),
        Step(
            "default-outcomes-held",
            ForAll([i, q], Implies(others, u(i, start) <= replies(i))),
            ["default-outcomes-may-be-played", held],
        ),
        Step(
            "everybody-iterates",
            ForAll([i, q], Implies(renegotiates, ForAll([k], in_icsr(k, program(k, q))))),
            ["generous-there"],
        ),
        Step(
            "agreements-capped",
            ForAll(
                [i, q, n, a, x],
                Implies(
                    And(others, member(x, agreement(in_round, a))),
                    u(i, x) <= u(i, corner(i)),
                ),
            ),
            [
                "agreement_set",
                "round_profile",
                "generous-there",
                "generous_offers",
                "capped",
                "at-least-two-players",
            ],
        ),
        Step(
            "rounds-capped",
            ForAll(
                [i, q, n, a],
                Implies(
                    And(others, u(i, a) <= u(i, corner(i))),
                    u(i, renegotiated(sel, in_round, a)) <= u(i, corner(i)),
                ),
            ),
            [
                "agreements-capped",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
            ],
        ),
        Step(
            "start-held",
            ForAll([i, q], Implies(others, u(i, start) <= u(i, corner(i)))),
            ["default-outcomes-held", "corner-above-replies"],
        ),
        *round_steps(),
        Step(
            "first-round-held",
            ForAll([i, q], Implies(others, u(i, after(first, q, start)) <= u(i, corner(i)))),
            ["start-held", "rounds-capped", "rounds-from-the-start"],
        ),
        Step(
            "next-round-held",
            ForAll(
                [i, q, n, m],
                Implies(
                    And(others, next_to(n, m), u(i, after(n, q, start)) <= u(i, corner(i))),
                    u(i, after(m, q, start)) <= u(i, corner(i)),
                ),
            ),
            ["rounds-capped", "rounds-from-round-to-round"],
        ),
        Step(
            "iterated-programs-held",
            ForAll(
                [i, q, n],
                Implies(others, u(i, after(n, q, start)) <= u(i, corner(i))),
            ),
            ["first-round-held", "next-round-held", "induction_on_the_limit"],
        ),
        Step(
            "nothing-above-the-corner",
            ForAll([i, q], Implies(others, u(i, outcome(q)) <= u(i, corner(i)))),
            [
                "plain-programs-held",
                "corner-above-replies",
                "everybody-iterates",
                "outcome-reached",
                "iterated-programs-held",
            ],
        ),
        Step(
            "nothing-earns-more",
            ForAll([i, c], u(i, outcome(against)) <= u(i, corner(i))),
            ["nothing-above-the-corner", "anticipated-programs"],
        ),
        Step(
            "plain-earns-less",
            ForAll(
                [i, c],
                Implies(Not(in_icsr(i, c)), u(i, outcome(against)) < u(i, corner(i))),
            ),
            [
                "plain-programs-held",
                "corner-above-replies",
                "anticipated-programs",
                "own-program-against",
            ],
        ),
    ]
