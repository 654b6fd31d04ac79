"""Sorts and functions that the definitions speak about.

Nothing here is interpreted: a structure chooses the players, the outcomes, what every program
plays, and so on. A formula that holds in every structure holds for every number of players and
every set of outcomes, finite or not.
"""

from __future__ import annotations

from functools import cache

import z3

from spi_verify.theory.terms import (
    ActionTerm,
    BeliefTerm,
    OutcomeSetTerm,
    OutcomeTerm,
    PayoffsTerm,
    PlaceTerm,
    PlayerTerm,
    PositionTerm,
    ProfileTerm,
    ProgramTerm,
    RenegotiationTerm,
    SelectionTerm,
    SetFunctionsTerm,
    SetFunctionTerm,
)

Player: z3.SortRef[PlayerTerm] = z3.DeclareSort("Player")
Action: z3.SortRef[ActionTerm] = z3.DeclareSort("Action")
Outcome: z3.SortRef[OutcomeTerm] = z3.DeclareSort("Outcome")
Program: z3.SortRef[ProgramTerm] = z3.DeclareSort("Program")
Profile: z3.SortRef[ProfileTerm] = z3.DeclareSort("Profile")
Renegotiation: z3.SortRef[RenegotiationTerm] = z3.DeclareSort("Renegotiation")
SetFunction: z3.SortRef[SetFunctionTerm] = z3.DeclareSort("SetFunction")
SetFunctions: z3.SortRef[SetFunctionsTerm] = z3.DeclareSort("SetFunctions")
OutcomeSet: z3.SortRef[OutcomeSetTerm] = z3.DeclareSort("OutcomeSet")
Selection: z3.SortRef[SelectionTerm] = z3.DeclareSort("Selection")
Position: z3.SortRef[PositionTerm] = z3.DeclareSort("Position")
Place: z3.SortRef[PlaceTerm] = z3.DeclareSort("Place")
Payoffs: z3.SortRef[PayoffsTerm] = z3.DeclareSort("Payoffs")

_Bool, _Real = z3.BoolSort(), z3.RealSort()

u = z3.Function("u", Player, Outcome, _Real)
"""``u(i, a)``: player i's payoff in outcome a."""
action = z3.Function("action", Player, Outcome, Action)
"""``action(i, a)``: player i's action in outcome a."""

program = z3.Function("program", Player, Profile, Program)
"""``program(i, p)``: component i of the program profile p."""
replace = z3.Function("replace", Profile, Player, Program, Profile)
"""``replace(p, i, c)``: p with player i's program replaced by c, the paper's (c, p_-i)."""
default = z3.Function("default", Program, Program)
"""The default of a program that has one; arbitrary for the others."""
defaults = z3.Function("defaults", Profile, Profile)
"""Everybody's default, the paper's p^def."""
plays = z3.Function("plays", Player, Program, Profile, Action)
"""``plays(i, c, p)``: what player i's program c plays against p_-i."""
outcome = z3.Function("outcome", Profile, Outcome)
"""The action profile a(p)."""
in_default_set = z3.Function("in_default_set", Player, Program, _Bool)
"""``c`` is in P_i."""
available = z3.Function("available", Player, Program, _Bool)
"""``c`` may be chosen by player i in the program game under study."""
transformed = z3.Function("transformed", Profile, Profile)
"""f(p), for the transformation of program profiles under study."""

in_rn = z3.Function("in_rn", Player, Program, _Bool)
"""``c`` is a renegotiation program of player i: in P_i^rn."""
rn_of = z3.Function("rn_of", Program, Renegotiation)
"""The renegotiation function of a renegotiation program."""
improved = z3.Function("improved", Renegotiation, Outcome, Outcome)
"""``improved(r, a)``: where the renegotiation function r takes a."""

in_csr = z3.Function("in_csr", Selection, Player, Program, _Bool)
"""``c`` is a CSR program of player i for this selection function: in P_i^RN."""
set_function = z3.Function("set_function", Program, SetFunction)
"""The set-valued renegotiation function of a CSR program."""
component = z3.Function("component", Player, SetFunctions, SetFunction)
"""Component i of a profile of set-valued renegotiation functions."""
functions = z3.Function("functions", Profile, SetFunctions)
"""Everybody's set-valued renegotiation function."""
offers = z3.Function("offers", Player, SetFunction, SetFunctions, Outcome, OutcomeSet)
"""``offers(i, F, R, a)``: the set F(R_-i, a) of player i's function F."""
member = z3.Function("member", Outcome, OutcomeSet, _Bool)
"""``member(x, S)``: the outcome x is in the set S."""
agreement = z3.Function("agreement", SetFunctions, Outcome, OutcomeSet)
"""``agreement(R, a)``: the agreement set AS(R, a)."""
selected = z3.Function("selected", Selection, OutcomeSet, Outcome)
"""``selected(s, S)``: the outcome that the selection function s picks from S."""
renegotiated = z3.Function("renegotiated", Selection, SetFunctions, Outcome, Outcome)
"""``renegotiated(s, R, a)``: the renegotiation outcome ro(p, a) of programs with functions R."""
sel = z3.Const("sel", Selection)
"""The selection function given to the players."""
equilibrium = z3.Const("equilibrium", Profile)
"""The programs of the subjective equilibrium under study."""

in_icsr = z3.Function("in_icsr", Player, Program, _Bool)
"""``c`` is an iterated CSR program of player i."""
round_functions = z3.Function("round_functions", Position, Profile, SetFunctions)
"""``round_functions(k, p)``: everybody's function for round k."""
after = z3.Function("after", Position, Profile, Outcome, Outcome)
"""``after(k, p, a)``: where renegotiation from a stands after the rounds up to k."""

pmm = z3.Function("pmm", Player, _Real)
"""Player i's Pareto meet minimum."""

believed = z3.Function("believed", Player, Profile, _Bool)
"""``believed(i, p)``: p_-i is in the support of beta_i; component i of p is beside the point."""
expected = z3.Function("expected", Player, Program, _Real)
"""``expected(i, c)``: the expected payoff of program c under player i's beliefs."""

first = z3.Const("first", Position)
"""The first position of a finite list (of believed profiles, of players, of rounds)."""
last = z3.Const("last", Position)
"""Its last position."""
next_to = z3.Function("next_to", Position, Position, _Bool)
"""``next_to(k, l)``: l comes right after k."""
listed_profile = z3.Function("listed_profile", Player, Position, Profile)
"""The believed profile that player i's beliefs list at a position."""
probability = z3.Function("probability", Player, Position, _Real)
"""Its probability."""
partial_sum = z3.Function("partial_sum", Player, Program, Position, _Real)
"""``partial_sum(i, c, k)``: the expectation of c's payoff over the positions up to k."""
reached = z3.Function("reached", Player, Position, _Bool)
"""``reached(i, k)``: player i is listed at a position up to k."""
player_at = z3.Function("player_at", Position, Player)
"""The player listed at a position."""

worst = z3.Function("worst", Player, Outcome)
"""``worst(i)``: an efficient outcome that pays player i the least among the efficient ones."""
dominator = z3.Function("dominator", Outcome, Outcome)
"""``dominator(a)``: an efficient outcome that weakly improves on a."""
share = z3.Function("share", Player, Outcome, Outcome, Outcome, _Real)
"""``share(i, a, b, y)``: the probability of b in ``segment(i, a, b, y)``."""
segment = z3.Function("segment", Player, Outcome, Outcome, Outcome, Outcome)
"""``segment(i, a, b, y)``: the mixture of a and b that pays player i what y pays."""

earlier = z3.Function("earlier", Outcome, Outcome, _Bool)
"""``earlier(x, a)``: x comes before a in the fixed order on outcomes that breaks ties."""
better = z3.Function("better", OutcomeSet, Outcome, Outcome, _Bool)
"""``better(S, x, a)``: the criterion of the selection function under study ranks x above a in S."""
tied = z3.Function("tied", OutcomeSet, Outcome, Outcome, _Bool)
"""``tied(S, x, a)``: it ranks them the same."""
prior = z3.Function("prior", Player, Player, _Bool)
"""``prior(i, j)``: player i comes before player j in the order of priority."""
total_up_to = z3.Function("total_up_to", Outcome, Position, _Real)
"""``total_up_to(a, k)``: the sum of the payoffs of the players listed up to k."""
disagreement = z3.Function("disagreement", Player, _Real)
"""Player i's payoff in the disagreement point."""
gain = z3.Function("gain", Player, Outcome, _Real)
"""``gain(i, a)``: what player i gets in outcome a beyond the disagreement point."""
product_up_to = z3.Function("product_up_to", Outcome, Position, _Real)
"""``product_up_to(a, k)``: the product of the gains of the players listed up to k."""
count_up_to = z3.Function("count_up_to", Outcome, Player, Outcome, Position, _Real)
"""``count_up_to(a, j, b, k)``: how many players listed up to k get at most u(j, b) in a."""
least = z3.Function("least", Outcome, _Real)
"""The least payoff in an outcome."""
nash_product = z3.Function("nash_product", Outcome, _Real)
"""The product of gains; -1 where somebody gets less than in the disagreement point."""
ideal = z3.Function("ideal", Player, OutcomeSet, _Real)
"""``ideal(i, S)``: the greatest payoff of player i among the members of S."""
ideal_gain = z3.Function("ideal_gain", Player, OutcomeSet, _Real)
"""``ideal_gain(i, S)``: player i's gain in the ideal point of S."""
relative_gain = z3.Function("relative_gain", Player, Outcome, OutcomeSet, _Real)
"""``relative_gain(i, a, S)``: the gain in a as a share of the gain in the ideal point of S."""
least_gain = z3.Function("least_gain", Outcome, OutcomeSet, _Real)
"""``least_gain(a, S)``: the least relative gain among those who gain in the ideal point of S."""

first_place = z3.Const("first_place", Place)
"""The first place of a list of the members of a set."""
next_place = z3.Function("next_place", Place, Place, _Bool)
"""``next_place(k, l)``: l comes right after k."""
last_place = z3.Function("last_place", OutcomeSet, Place)
"""The last place of the list of a set's members."""
member_at = z3.Function("member_at", OutcomeSet, Place, Outcome)
"""``member_at(S, k)``: the member of S listed at place k."""
among_first = z3.Function("among_first", Outcome, OutcomeSet, Place, _Bool)
"""``among_first(x, S, k)``: x is listed among the members of S at a place up to k."""
payoff = z3.Function("payoff", Player, Payoffs, _Real)
"""``payoff(i, v)``: player i's payoff in the payoff profile v, which need not be feasible."""
best = z3.Function("best", Player, Outcome)
"""``best(i)``: an outcome that pays player i the most, the paper's u_i^*."""
best_beside = z3.Function("best_beside", Player, Outcome, Outcome)
"""``best_beside(i, a)``: what is best for i among what pays everybody else no less than a."""
pmm_payoffs = z3.Const("pmm_payoffs", Payoffs)
"""The payoff profile u^PMM."""
best_alone = z3.Function("best_alone", Player, Payoffs)
"""``best_alone(i)``: u_i^* for player i, and the PMM for everybody else."""
best_payoff_profile = z3.Const("best_payoff_profile", Payoffs)
"""The payoff profile u^*, which need not be feasible."""
pmm_beside = z3.Function("pmm_beside", Player, Payoffs, Payoffs)
"""``pmm_beside(i, v)``: the PMM for player i, and what v gives to everybody else."""
payoffs_of = z3.Function("payoffs_of", Outcome, Payoffs)
"""The payoff profile of an outcome."""
with_own = z3.Function("with_own", Player, Outcome, Payoffs, Payoffs)
"""``with_own(i, x, v)``: what x pays player i, and what v gives to everybody else."""
# Proposition 5: the game, the programs and the beliefs of its proof

Belief: z3.SortRef[BeliefTerm] = z3.DeclareSort("Belief")

supposes = z3.Function("supposes", Belief, Player, Profile, _Bool)
"""``supposes(b, i, p)``: p_-i is in the support of player i's belief in the belief profile b."""
utility = z3.Function("utility", Belief, Player, Program, _Real)
"""``utility(b, i, c)``: the expected payoff of player i's program c under b."""
certainty = z3.Const("certainty", Belief)
"""Everybody is certain of ``anticipated``."""
likelihood = z3.Const("likelihood", _Real)
"""How likely it is to player i that the others offer everything, ``lavish``."""

round_function = z3.Function("round_function", Program, Position, SetFunction)
"""``round_function(c, k)``: the function of an iterated CSR program for round k."""
given = z3.Const("given", Profile)
"""The default programs of all programs in the proof."""
played = z3.Const("played", Profile)
"""The programs of the equilibrium."""
anticipated = z3.Function("anticipated", Player, Profile)
"""``anticipated(i)``: what player i expects the others to use."""
overrated = z3.Function("overrated", Player, Profile)
"""``overrated(i)``: the others' programs that would offer player i everything."""
modest = z3.Function("modest", Player, Position, SetFunction)
"""``modest(i, k)``: what player i's program accepts in round k."""
generous = z3.Function("generous", Player, Position, SetFunction)
"""``generous(i, k)``: what the programs that player i expects accept in round k."""
lavish = z3.Function("lavish", Player, Position, SetFunction)
"""``lavish(i, k)``: the same for the programs that offer everything in the end."""
stingy = z3.Function("stingy", Player, Program)
"""``stingy(i)``: player i's program with the functions ``modest``."""
offering = z3.Function("offering", Player, Player, Program)
"""``offering(i, j)``: player j's program with the functions ``generous(i, k)``."""
conceding = z3.Function("conceding", Player, Player, Program)
"""``conceding(i, j)``: player j's program with the functions ``lavish(i, k)``."""

delta = z3.Function("delta", Player, _Real)
"""Player i's component of the Delta of Proposition 5."""
replies = z3.Function("replies", Player, _Real)
"""A bound on what player i gets where the others play what their defaults may play."""
weight = z3.Function("weight", Position, _Real)
"""``weight(k)``: the probability of ``centre`` in ``path(k)``."""
cap = z3.Function("cap", Player, Position, _Real)
"""``cap(i, k)``: the most that ``generous(i, k)`` lets player i have."""
lavish_cap = z3.Function("lavish_cap", Player, Position, _Real)
"""``lavish_cap(i, k)``: the most that ``lavish(i, k)`` lets player i have."""
favourite = z3.Function("favourite", Player, Outcome)
"""``favourite(i)``: an efficient outcome that pays player i u_i*."""
centre = z3.Const("centre", Outcome)
"""The favourites of all players, mixed."""
meet_point = z3.Const("meet_point", Outcome)
"""An outcome that pays everybody their PMM payoff."""
room = z3.Function("room", Player, _Real)
"""How much more ``centre`` pays player i than ``meet_point``."""
lure = z3.Function("lure", Player, Outcome)
"""``lure(i)``: an outcome that is good for player i and pays all others their PMM payoff."""
path = z3.Function("path", Position, Outcome)
"""``path(k)``: a little above the PMM, the more so the later the round."""
corner = z3.Function("corner", Player, Outcome)
"""``corner(i)``: pays the others what ``path`` pays them in the end, and player i much more."""

# What every program game has one of: the functions under study, which its programs announce

rn = z3.Const("rn", Renegotiation)
"""The renegotiation function that everybody's programs use."""
announced = z3.Const("announced", SetFunctions)
"""Everybody's set-valued renegotiation function."""


@cache
def symbols() -> dict[str, z3.FuncDeclRef]:
    """Return the functions and constants of the signature by name."""
    values = list(globals().values())
    declared = [one.decl() for one in values if z3.is_expr(one) and z3.is_const(one)]
    declared += [one for one in values if isinstance(one, z3.FuncDeclRef)]
    return {symbol.name(): symbol for symbol in declared}
