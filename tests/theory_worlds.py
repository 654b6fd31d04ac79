"""Structures built by ordinary code, in which the truth of every definition is known.

Nothing here looks at the formulas: payoffs, programs that run, set-valued functions and beliefs
are Python, and every table is what they compute.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from functools import cache

from spi_verify.theory.evaluate import Structure, holds


def payoff_world(seed, n=2):
    """Return a game with all sets of its outcomes and a selection function."""
    rng = random.Random(seed)
    players = range(n)
    outcomes = range(4)
    pay = [[rng.randint(0, 2) for _ in outcomes] for _ in players]
    improves = [[all(pay[i][x] >= pay[i][a] for i in players) for a in outcomes] for x in outcomes]
    dominates = [
        [improves[x][a] and any(pay[i][x] > pay[i][a] for i in players) for a in outcomes]
        for x in outcomes
    ]
    efficient = [not any(dominates[x][a] for x in outcomes) for a in outcomes]
    best = [min(pay[i][a] for a in outcomes if efficient[a]) for i in players]
    pmm = [Fraction(value) for value in best]

    def projected(i, x, a):
        level = [max(pmm[j], pay[j][a]) for j in players]
        own = pay[i][x] >= level[i]
        return own and all(pay[j][x] == level[j] for j in players if j != i)

    worst = [next(a for a in outcomes if efficient[a] and pay[i][a] == pmm[i]) for i in players]
    sets = [frozenset(s) for k in range(5) for s in itertools.combinations(outcomes, k)]
    by_total = {s: max(s, key=lambda a: sum(p[a] for p in pay)) if s else 0 for s in sets}
    careless = {s: rng.choice(sorted(s)) if s else 0 for s in sets}
    selections = [by_total, careless]
    functions = [rng.sample(range(4), 4) for _ in range(2)]
    functions += [
        [next(x for x in outcomes if improves[x][a] and (efficient[x])) for a in outcomes]
    ]
    functions += [list(outcomes)]

    def is_selection(pick):
        return all(pick[s] in s and not any(dominates[x][pick[s]] for x in s) for s in sets if s)

    def is_transitive(pick):
        return all(
            improves[pick[big]][pick[small]]
            for small in sets
            for big in sets
            if small and small <= big and all(improves[x][pick[small]] for x in big - small)
        )

    def is_renegotiation(function):
        never_worse = all(improves[function[a]][a] for a in outcomes)
        return never_worse and any(dominates[function[a]][a] for a in outcomes)

    # Profiles of set-valued functions: two for each player, each a table of sets.
    profiles = list(itertools.product(range(2), repeat=n))
    upward = [frozenset(x for x in outcomes if improves[x][a]) for a in outcomes]

    def offer(i, f, profile, a):
        if f == 0:
            return upward[a]
        others = [profile[j] for j in players if j != i]
        return frozenset(x for x in upward[a] if (x + sum(others)) % 2 == 0)

    def agreed(profile, a):
        return frozenset.intersection(*(offer(j, profile[j], profile, a) for j in players))

    def is_set_valued(i, f):
        return all(
            any(
                pay[j][x] > pay[j][a]
                for a in outcomes
                for x in offer(i, f, profile, a)
                for j in players
            )
            for profile in profiles
        )

    number = {s: k for k, s in enumerate(sets)}
    tables = {
        "u": {(i, a): Fraction(pay[i][a]) for i in players for a in outcomes},
        "weakly_improves": {(x, a): improves[x][a] for x in outcomes for a in outcomes},
        "efficient": {(a,): efficient[a] for a in outcomes},
        "pmm": {(i,): pmm[i] for i in players},
        "worst": {(i,): worst[i] for i in players},
        "pmp": {(i, x, a): projected(i, x, a) for i in players for x in outcomes for a in outcomes},
        "improved": {(r, a): f[a] for r, f in enumerate(functions) for a in outcomes},
        "renegotiation_function": {(r,): is_renegotiation(f) for r, f in enumerate(functions)},
        "member": {(x, k): x in s for k, s in enumerate(sets) for x in outcomes},
        "nonempty": {(k,): bool(s) for k, s in enumerate(sets)},
        "selected": {
            (k, m): pick[s] for k, pick in enumerate(selections) for m, s in enumerate(sets)
        },
        "selection_function": {(k,): is_selection(pick) for k, pick in enumerate(selections)},
        "transitive": {(k,): is_transitive(pick) for k, pick in enumerate(selections)},
        "component": {(i, k): profile[i] for k, profile in enumerate(profiles) for i in players},
        "offers": {
            (i, f, k, a): number[offer(i, f, profile, a)]
            for i in players
            for f in range(2)
            for k, profile in enumerate(profiles)
            for a in outcomes
        },
        "set_valued_renegotiation_function": {
            (i, f): is_set_valued(i, f) for i in players for f in range(2)
        },
        "agreement": {
            (k, a): number[agreed(profile, a)]
            for k, profile in enumerate(profiles)
            for a in outcomes
        },
        "renegotiated": {
            (s, k, a): selections[s][agreed(profile, a)] if agreed(profile, a) else a
            for s in range(2)
            for k, profile in enumerate(profiles)
            for a in outcomes
        },
    }
    sizes = {
        "Player": n,
        "Outcome": 4,
        "OutcomeSet": len(sets),
        "Selection": 2,
        "Renegotiation": len(functions),
        "SetFunction": 2,
        "SetFunctions": len(profiles),
    }
    return Structure(sizes, tables)


def program_world(seed):
    """Return a game of two players with constant and with renegotiation programs."""
    rng = random.Random(seed)
    outcomes = list(itertools.product(range(2), repeat=2))
    pay = {a: [rng.randint(0, 3) for _ in range(2)] for a in outcomes}

    def better(x, a):
        return all(pay[x][i] >= pay[a][i] for i in range(2))

    functions = []
    for _ in range(2):
        functions.append({a: rng.choice([x for x in outcomes if better(x, a)]) for a in outcomes})
    programs = [("always", 0), ("always", 1)]
    programs += [("renegotiates", r, default) for r in range(2) for default in range(2)]
    profiles = list(itertools.product(range(len(programs)), repeat=2))

    def default_of(c):
        return programs[c][2] if programs[c][0] == "renegotiates" else 0

    def run(i, c, other):
        kind = programs[c][0]
        if kind == "always":
            return programs[c][1]
        if programs[other][0] != "renegotiates":
            return run(i, default_of(c), other)
        mine, theirs = default_of(c), default_of(other)
        point = [None, None]
        point[i], point[1 - i] = run(i, mine, theirs), run(1 - i, theirs, mine)
        point = tuple(point)
        target = functions[programs[c][1]][point]
        agreed = target == functions[programs[other][1]][point]
        return (target if agreed else point)[i]

    def reached(profile):
        return tuple(run(i, profile[i], profile[1 - i]) for i in range(2))

    number = {a: k for k, a in enumerate(outcomes)}
    where = {profile: k for k, profile in enumerate(profiles)}

    def swapped(profile, i, c):
        return tuple(c if j == i else profile[j] for j in range(2))

    def defaults(profile):
        return tuple(default_of(c) for c in profile)

    def rn(c):
        return programs[c][1] if programs[c][0] == "renegotiates" else 0

    tables = {
        "u": {(i, number[a]): Fraction(pay[a][i]) for a in outcomes for i in range(2)},
        "action": {(i, number[a]): a[i] for a in outcomes for i in range(2)},
        "program": {(i, k): profile[i] for profile, k in where.items() for i in range(2)},
        "replace": {
            (k, i, c): where[swapped(profile, i, c)]
            for profile, k in where.items()
            for i in range(2)
            for c in range(len(programs))
        },
        "default": {(c,): default_of(c) for c in range(len(programs))},
        "defaults": {(k,): where[defaults(profile)] for profile, k in where.items()},
        "plays": {
            (i, c, k): run(i, c, profile[1 - i])
            for i in range(2)
            for c in range(len(programs))
            for profile, k in where.items()
        },
        "outcome": {(k,): number[reached(profile)] for profile, k in where.items()},
        "in_rn": {
            (i, c): programs[c][0] == "renegotiates" for i in range(2) for c in range(len(programs))
        },
        "in_default_set": {
            (i, c): programs[c][0] == "always" for i in range(2) for c in range(len(programs))
        },
        "rn_of": {(c,): rn(c) for c in range(len(programs))},
        "improved": {
            (r, number[a]): number[f[a]] for r, f in enumerate(functions) for a in outcomes
        },
        "same_programs": {
            (k, m): k == m for k in range(len(profiles)) for m in range(len(profiles))
        },
        "others_renegotiate": {
            (k, i): programs[profile[1 - i]][0] == "renegotiates"
            for profile, k in where.items()
            for i in range(2)
        },
        "others_agree": {
            (k, i, r): functions[rn(profile[1 - i])][reached(defaults(profile))]
            == functions[r][reached(defaults(profile))]
            for profile, k in where.items()
            for i in range(2)
            for r in range(2)
        },
    }
    sizes = {
        "Player": 2,
        "Outcome": 4,
        "Action": 2,
        "Program": len(programs),
        "Profile": len(profiles),
        "Renegotiation": 2,
    }
    return Structure(sizes, tables)


def round_world(seed):
    """Return two rounds of renegotiation, each any map of outcomes to outcomes."""
    rng = random.Random(seed)
    maps = [[rng.randrange(4) for _ in range(4)] for _ in range(2)]
    tables = {
        "first": {(): 0},
        "last": {(): 1},
        "sel": {(): 0},
        "next_to": {(k, m): (k, m) == (0, 1) for k in range(2) for m in range(2)},
        "round_functions": {(k, 0): k for k in range(2)},
        "renegotiated": {(0, k, a): maps[k][a] for k in range(2) for a in range(4)},
        "after": {
            (k, 0, a): maps[0][a] if k == 0 else maps[1][maps[0][a]]
            for k in range(2)
            for a in range(4)
        },
    }
    sizes = {"Position": 2, "Profile": 1, "Outcome": 4, "SetFunctions": 2, "Selection": 1}
    return Structure(sizes, tables)


PAYOFFS = (
    "weakly_improves",
    "efficient",
    "pareto_meet_minimum",
    "pmp",
    "renegotiation_function",
    "nonempty",
    "selection_function",
    "transitive",
    "set_valued_renegotiation_function",
    "agreement_set",
    "renegotiation_outcome",
)
PROGRAMS = (
    "replacement",
    "same_programs",
    "profiles_are_tuples",
    "default_profile",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "programs_see_counterparts",
    "others_renegotiate",
    "others_agree",
    "algorithm_1",
)


@cache
def worlds():
    """Return each world with the definitions that hold in it."""
    built = [(payoff_world(seed), PAYOFFS) for seed in range(4)]
    built.append((payoff_world(4, n=3), PAYOFFS))
    built += [(program_world(seed), PROGRAMS) for seed in range(2)]
    return [*built, (round_world(0), ("rounds",))]


def disagreements(theory):
    """Return the first definition that fails in a world, or None."""
    for number, (world, names) in enumerate(worlds()):
        for name in names:
            if not holds(theory.axiom(name), world):
                return f"{name} in world {number}"
    return None
