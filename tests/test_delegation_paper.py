"""The paper on delegation says what games, maps and plays are, and its statements hold of them.

A standard model has all profiles of two players with two actions, all maps of actions, some games
with what elimination leaves of them, and all plays. In it each formula is evaluated, and compared
with what the code here makes of games, which shares nothing with the formulas.
"""

from __future__ import annotations

import itertools
import json
import random
import tomllib
from fractions import Fraction

import pytest
import z3
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Executed, Statement
from spi_verify.papers.loading import load
from spi_verify.papers.paper import shipped_papers
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds, predicate
from spi_verify.theory.signature import Action, Outcome, Player

FOLDER = shipped_papers()["delegation"].folder
PLAYERS, ACTIONS = (0, 1), (0, 1)
OUTCOMES = list(itertools.product(ACTIONS, repeat=2))
MAPS = list(itertools.product(OUTCOMES, repeat=2))
"""Of each map, what it makes of each action of each player."""

GRANTED = (
    "outcomes_are_played",
    "outcomes_are_profiles",
    "profiles_are_equal",
    "images_have_images",
    "games_are_finite",
    "preimages_are_profiles",
    "maps_can_be_changed",
    "inverse_maps",
    "maps_compose",
    "differences",
    "actions_can_be_changed",
    "what_elimination_leaves",
    "classes",
    "pages",
    "plays_by_books",
    "raised_games",
    "identity_maps",
)
TRUE = (
    "oc-two-games/repaired",
    "oc-lemma-4/repaired",
    "oc-iso-symmetric/repaired",
    "oc-lemma-19",
    "oc-def-5-always",
    "undominated-alike",
    "isomorphisms-compose",
    "isomorphisms-have-inverses",
    "isomorphisms-are-onto",
)


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


# Games as code sees them: the actions, and what each outcome is worth to the representatives


def game(actions, worth):
    return actions, tuple((one, tuple(worth[one])) for one in itertools.product(*actions))


def dominated(one):
    actions, worth = one[0], dict(one[1])

    def of(i, x, other):
        return worth[(x, other) if i == 0 else (other, x)][i]

    return [
        (i, x)
        for i in PLAYERS
        for x in actions[i]
        if any(all(of(i, y, z) > of(i, x, z) for z in actions[1 - i]) for y in actions[i])
    ]


def without(one, i, x):
    kept = (tuple(z for z in one[0][j] if (j, z) != (i, x)) for j in PLAYERS)
    return game(tuple(kept), dict(one[1]))


def left(one):
    while gone := dominated(one):
        one = without(one, *gone[0])
    return one


def sent(each, outcome):
    return tuple(each[i][outcome[i]] for i in PLAYERS)


def is_affine(pairs):
    """Whether some positive affine function sends each first number to the second one."""
    pairs = sorted(set(pairs))
    (x, y), (x1, y1) = pairs[0], pairs[-1]
    if x == x1:
        return len(pairs) == 1
    slope = Fraction(y1 - y, x1 - x)
    return slope > 0 and all(v == y + slope * (u - x) for u, v in pairs)


def isomorphisms(one, other, one_to_one=True):
    worth, there = dict(one[1]), dict(other[1])
    found = []
    for number, each in enumerate(MAPS):
        images = [sorted(each[i][x] for x in one[0][i]) for i in PLAYERS]
        if one_to_one and images != [sorted(actions) for actions in other[0]]:
            continue
        if all(sent(each, a) in there for a in worth) and all(
            is_affine((there[sent(each, a)][i], worth[a][i]) for a in worth) for i in PLAYERS
        ):
            found.append(number)
    return found


class Defined(dict):
    """The table of a defined predicate, filled in as it is read."""

    def __init__(self, formula, structure):
        self._formula, self._structure, self._predicate = formula, structure, None

    def __missing__(self, row):
        self._predicate = self._predicate or predicate(self._formula, self._structure)
        self[row] = self._predicate(row)
        return self[row]


def with_definitions(theory, structure):
    """Return a structure with a table for each defined predicate."""
    for name, definition in theory.items():
        if definition.sorts:
            structure.tables[name] = Defined(theory.axiom(name), structure)
    return structure


class Model:
    """A standard model of some games, and what code says of it."""

    one_to_one = True

    def __init__(self, seed):
        some = random.Random(seed)
        self.pays = self.payoffs(some)
        todo = self.first_games(some, seed)
        self.games = []
        while todo:
            if (one := todo.pop()) in self.games:
                continue
            self.games.append(one)
            todo += [without(one, *gone) for gone in dominated(one)] + self.derived(one)
            if self.is_original(one) and not dominated(one):
                more = {a: tuple(v + 1 for v in worth) for a, worth in one[1]}
                todo.append(game(one[0], more))
        self.left = [self.games.index(left(one)) for one in self.games]
        free = [n for n, one in enumerate(self.games) if not dominated(one)]
        self.isomorphisms = {
            (n, m): isomorphisms(self.games[n], self.games[m], self.one_to_one)
            for n in free
            for m in free
        }
        self.plays = self.all_plays()

    def all_plays(self):
        return list(itertools.product(*([a for a, _ in one[1]] for one in self.games)))

    def payoffs(self, some):
        return {one: (some.randint(0, 2), some.randint(0, 2)) for one in OUTCOMES}

    def first_games(self, some, seed):
        def another():
            actions = tuple(some.choice([(0,), (1,), (0, 1)]) for _ in PLAYERS)
            return game(actions, self.payoffs(some))

        first = game((some.choice([(0,), (0, 1)]), ACTIONS), self.pays)
        squares = {a: tuple(v * v for v in worth) for a, worth in self.pays.items()}
        if seed % 2:  # by the same order, and not by the same ratios
            return [first, game(first[0], squares), another()]
        return [first, another(), another()]

    def derived(self, _one):
        """Return games that have to be there if this one is."""
        return []

    def is_original(self, one):
        return all(worth == self.pays[a] for a, worth in one[1])

    def as_good(self, b, a):
        return all(self.pays[b][i] >= self.pays[a][i] for i in PLAYERS)

    def admissible(self):
        return [play for play in self.plays if self.is_admissible(play)]

    def is_admissible(self, play):
        return all(play[n] == play[m] for n, m in enumerate(self.left)) and all(
            any(sent(MAPS[each], play[n]) == play[m] for each in found)
            for (n, m), found in self.isomorphisms.items()
            if found
        )

    def structure(self, theory):
        worth = [dict(one[1]) for one in self.games]
        numbers, number = range(len(self.games)), OUTCOMES.index
        classes, copies = list(numbers), [0 for _ in numbers]
        for (n, m), found in reversed(self.isomorphisms.items()):
            if found:
                classes[m], copies[m] = n, found[0]
        played = {(w, n): number(play[n]) for w, play in enumerate(self.plays) for n in numbers}
        value = {
            (i, n, k): worth[n].get(a, (0, 0))[i]
            for i in PLAYERS
            for n in numbers
            for k, a in enumerate(OUTCOMES)
        }
        maps = list(enumerate(MAPS))

        def after(g, f):
            return MAPS.index(tuple(tuple(g[i][f[i][x]] for x in ACTIONS) for i in PLAYERS))

        tables = {
            "pays": {(i, k): self.pays[a][i] for i in PLAYERS for k, a in enumerate(OUTCOMES)},
            "in_game": {(k, n): a in worth[n] for k, a in enumerate(OUTCOMES) for n in numbers},
            "result": played,
            "page": played,
            "move": {(i, k): a[i] for i in PLAYERS for k, a in enumerate(OUTCOMES)},
            "has_action": {
                (i, x, n): x in self.games[n][0][i]
                for i in PLAYERS
                for x in ACTIONS
                for n in numbers
            },
            "value": value,
            "difference": {
                (i, n, k, m): value[i, n, k] - value[i, n, m]
                for i, n, k in value
                for m in range(len(OUTCOMES))
            },
            "sends": {(f, i, x): one[i][x] for f, one in maps for i in PLAYERS for x in ACTIONS},
            "image": {
                (f, k): number(sent(one, a)) for f, one in maps for k, a in enumerate(OUTCOMES)
            },
            "after_map": {(g, f): after(two, one) for g, two in maps for f, one in maps},
            "changed_to": {
                (k, i, x): number((*a[:i], x, *a[i + 1 :]))
                for k, a in enumerate(OUTCOMES)
                for i in PLAYERS
                for x in ACTIONS
            },
            "left": {(n,): m for n, m in enumerate(self.left)},
            "class_of": {(n,): m for n, m in enumerate(classes)},
            "copies": {(n,): f for n, f in enumerate(copies)},
        }
        sizes = {
            "Player": 2,
            "Action": 2,
            "Outcome": len(OUTCOMES),
            "ActionMap": len(MAPS),
            "Game": len(self.games),
            "Play": len(self.plays),
            "Book": len(self.plays),
        }
        return with_definitions(theory, Structure(sizes, tables))

    def differences(self, structure):
        """Return the definitions that say something else than code does."""
        table, worth = structure.tables, [dict(one[1]) for one in self.games]
        games, found = list(enumerate(self.games)), set()
        admissible, number = self.admissible(), OUTCOMES.index

        def compare(name, row, said):
            if table[name][row] != said:
                found.add(name)

        for a, b in itertools.product(OUTCOMES, repeat=2):
            compare("as_good", (number(b), number(a)), self.as_good(b, a))
            gains = any(self.pays[b][i] > self.pays[a][i] for i in PLAYERS)
            compare("somebody_gains", (number(b), number(a)), gains)
        for n, one in games:
            compare("original", (n,), self.is_original(one))
            for i, x in itertools.product(PLAYERS, ACTIONS):
                compare("dominated", (i, x, n), (i, x) in dominated(one))
                for m, other in games:
                    gone = x in one[0][i] and len(one[0][i]) > 1 and without(one, i, x) == other
                    if x in one[0][i]:
                        compare("without_action", (m, n, i, x), gone)
            for f, each in enumerate(MAPS):
                better = [self.as_good(sent(each, a), a) for a in worth[n]]
                gains = [self.pays[sent(each, a)] != self.pays[a] for a in worth[n]]
                compare("improves_by", (f, n), all(better))
                compare("strictly_improves_by", (f, n), all(better) and any(gains))
        for (n, one), (m, other) in itertools.product(games, repeat=2):
            compare("subset_game", (m, n), set(worth[m]) <= set(worth[n]))
            related = isomorphisms(one, other, self.one_to_one)
            for f in range(len(MAPS)):
                compare("isomorphism", (f, n, m), f in related)
            safe = all(self.as_good(play[m], play[n]) for play in admissible)
            compare("safe_under_both", (m, n), safe)
            compare("trivial_improvement", (m, n), left(one) == left(other))
            more = tuple((a, tuple(v + 1 for v in of)) for a, of in one[1])
            compare("raised", (m, n), other == (one[0], more))
        return found


def test_definitions_say_what_code_says_and_statements_hold_in_standard_models(everything):
    theory = everything["oc-two-games/repaired"].theory
    kinds = set()
    for seed in range(12):
        model = Model(seed)
        if len(model.plays) > 64:
            continue
        structure = model.structure(theory)
        assert [name for name in GRANTED if not holds(theory.axiom(name), structure)] == []
        assert [id for id in TRUE if not holds(everything[id].goal.formula, structure)] == []
        assert model.differences(structure) == set()
        for n, m in itertools.product(range(len(model.games)), repeat=2):
            tied = bool(model.isomorphisms[model.left[n], model.left[m]])
            kinds.add((tied, structure.tables["safe_under_both"][m, n]))
    assert len(kinds) == 4, "tied and not, safe and not"


Game, Play, ActionMap = map(z3.DeclareSort, ("Game", "Play", "ActionMap"))
pays = z3.Function("pays", Player, Outcome, z3.RealSort())
value = z3.Function("value", Player, Game, Outcome, z3.RealSort())
in_game = z3.Function("in_game", Outcome, Game, z3.BoolSort())
has_action = z3.Function("has_action", Player, Action, Game, z3.BoolSort())
result = z3.Function("result", Play, Game, Outcome)
image = z3.Function("image", ActionMap, Outcome, Outcome)
left_of = z3.Function("left", Game, Game)
i, w = z3.Const("i", Player), z3.Const("w", Play)
p, q = z3.Consts("p q", Outcome)


def _order_only(_, i, f, G, H):
    there = value(i, H, image(f, p)) > value(i, H, image(f, q))
    within = And(in_game(p, G), in_game(q, G))
    return ForAll([p, q], Implies(within, (value(i, G, p) > value(i, G, q)) == there))


def _whatever_is_eliminated(theory, H, G):
    no_worse = theory.as_good(result(w, H), result(w, G))
    return ForAll([w], Implies(theory.plays_isomorphically(w), no_worse))


CHANGED = {
    "as_good": lambda theory, b, a: ForAll([i], pays(i, a) >= pays(i, b)),
    "somebody_gains": lambda theory, b, a: Exists([i], pays(i, b) >= pays(i, a)),
    "subset_game": lambda theory, H, G: ForAll([p], Implies(in_game(p, G), in_game(p, H))),
    "original": lambda theory, G: ForAll([i, p], value(i, G, p) == pays(i, p)),
    "dominated": lambda theory, i, x, G: And(
        has_action(i, x, G),
        Exists([z3.Const("y", Action)], theory.strictly_dominates(i, z3.Const("y", Action), x, G)),
    ),
    "one_to_one": lambda theory, f, G, H: f == f,
    "into": lambda theory, f, G, H: f == f,
    "proportional": lambda theory, i, G, a, b, c, H, x, y, z: i == i,
    "rescales": _order_only,
    "isomorphism": lambda theory, f, G, H: And(theory.into(f, G, H), theory.one_to_one(f, G, H)),
    "improves_by": lambda theory, f, G: ForAll([p], theory.as_good(image(f, p), p)),
    "strictly_improves_by": lambda theory, f, G: theory.improves_by(f, G),
    "eliminates": lambda theory, w: w == w,
    "plays_isomorphically": lambda theory, w: w == w,
    "safe_under_both": _whatever_is_eliminated,
    "trivial_improvement": lambda theory, H, G: theory.same_actions(left_of(G), left_of(H)),
    "same_actions": lambda theory, G, H: G == G,
    "raised": lambda theory, H, G: theory.same_actions(G, H),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_says_something_else_than_code(everything, name):
    theory = everything["oc-two-games/repaired"].theory.with_(**{name: CHANGED[name]})
    models = (Model(seed) for seed in range(40))
    assert any(
        model.differences(model.structure(theory)) for model in models if len(model.plays) <= 256
    )


def test_literal_readings_fail_in_standard_models(everything):
    failing = set()
    for seed in range(8):
        for id in ("oc-lemma-4", "oc-iso-symmetric", "oc-def-5"):
            structure = Model(seed).structure(everything[id].theory)
            if not holds(everything[id].goal.formula, structure):
                failing.add(id)
    assert failing == {"oc-lemma-4", "oc-iso-symmetric", "oc-def-5"}


def plays_of_sets():
    """Yield structures of all games with two outcomes, some plays, and all sets there are."""
    games = [(0,), (1,), (0, 1), (0, 1)]
    pairs = list(itertools.product((0, 1), repeat=2))
    relations = [frozenset(rows) for n in range(5) for rows in itertools.combinations(pairs, n)]
    every = list(itertools.product(*games))
    for paid in itertools.product((0, 1), repeat=2):
        for size in (2, 4):
            plays = every[:size]
            certain = [
                set(rows)
                for n in range(1, size + 1)
                for rows in itertools.combinations(range(size), n)
            ]
            tables = {
                "pays": {(n, a): paid[n] * a + (1 - paid[n]) * n for n in (0, 1) for a in (0, 1)},
                "in_game": {(a, n): a in one for a in (0, 1) for n, one in enumerate(games)},
                "result": {(v, n): one[n] for v, one in enumerate(plays) for n in range(4)},
                "relates": {
                    (n, *row): row in one for n, one in enumerate(relations) for row in pairs
                },
                "possible": {(n, v): v in of for n, of in enumerate(certain) for v in range(size)},
            }
            sizes = {"Player": 2, "Outcome": 2, "Game": 4, "Play": size}
            sizes |= {"Correspondence": 16, "Distribution": len(certain)}
            yield sizes, tables


def test_statements_about_plays_hold_where_all_sets_exist(everything):
    ids = ("oc-lemma-2", "oc-thm-3", "oc-def-1-strict", "oc-def-1-strict-never")
    ids += ("oc-def-1-strict/repaired", "def-2", "def-2/repaired", "def-2-efficient")
    failing = set()
    for sizes, tables in plays_of_sets():
        for id in ids:
            one = everything[id]
            structure = Structure(sizes, dict(tables))
            for name, definition in one.theory.items():
                if definition.sorts:
                    structure.tables[name] = Defined(one.theory.axiom(name), structure)
            for name in one.definitions:
                if not one.theory[name].sorts:
                    assert holds(one.theory.axiom(name), structure), (id, name)
            if not holds(one.goal.formula, structure):
                failing.add(id)
    assert failing == {"oc-def-1-strict", "def-2"}


def test_profiles_in_saved_counterexamples_are_all_there():
    """Nothing is refuted for want of an outcome."""
    complete = []
    for file in sorted((FOLDER / "counterexamples").glob("*.json")):
        body = json.loads(file.read_text(encoding="utf-8"))["structure"]
        for profiles, one, parts in (
            ("Outcome", "Action", "move"),
            ("Strategies", "Strategy", "part"),
        ):
            if parts not in body["tables"]:
                continue
            size, move = body["sizes"], body["tables"][parts]
            assert size[profiles] == size[one] ** size["Player"], file.name
            rows = range(1, size[profiles] + 1), range(1, size["Player"] + 1)
            assert len({tuple(move[f"{i},{a}"] for i in rows[1]) for a in rows[0]}) == len(rows[0])
            complete.append(file.stem)
    assert len(complete) >= 4


def test_each_definition_is_used_by_a_statement(everything):
    named = tomllib.loads((FOLDER / "paper.toml").read_text(encoding="utf-8"))["definitions"]
    proved = [one for one in everything.values() if isinstance(one, Statement)]
    used = {name for one in proved for name in (*one.definitions, *one.lemmas)}
    assert set(named) - used == set()


def test_algorithm_2_as_printed_fails_in_a_game_with_its_minimax_punishments(everything):
    """Column 1 holds down the row player and row 2 the column player; both get 0 there."""
    earns = {(x, y): (y, 1 - x) for x, y in OUTCOMES}
    held = [min(OUTCOMES, key=lambda a, i=i: best(earns, i, a[1 - i])) for i in PLAYERS]
    threats = [best(earns, i, held[i][1 - i]) for i in PLAYERS]
    assert threats == [0, 0]
    tables = {
        "earns": {(i, k): earns[a][i] for i in PLAYERS for k, a in enumerate(OUTCOMES)},
        "part": {(i, k): a[i] for i in PLAYERS for k, a in enumerate(OUTCOMES)},
        "punishment": {(i,): OUTCOMES.index((1, 0)) for i in PLAYERS},
        "threat_point": {(i,): threats[i] for i in PLAYERS},
        "with_improvement": {(i,): 0 for i in PLAYERS},
        "without_improvement": {(i,): 0 for i in PLAYERS},
    }
    for id, expected in {"oc-thm-1": False, "oc-thm-1/repaired": True}.items():
        one = everything[id]
        structure = Structure({"Player": 2, "Strategies": 4, "Strategy": 2}, dict(tables))
        deviation = Defined(one.theory.axiom("after_deviation"), structure)
        structure.tables["after_deviation"] = deviation
        assert holds(one.theory.axiom("threat_points"), structure)
        assert all(holds(hypothesis.formula, structure) for hypothesis in one.hypotheses)
        assert holds(one.goal.formula, structure) is expected


def best(earns, i, other):
    """Return the most that player i gets against an action."""
    return max(earns[(x, other) if i == 0 else (other, x)][i] for x in ACTIONS)


def test_examples_are_executed(everything):
    executed = [one for one in everything.values() if isinstance(one, Executed)]
    assert len(executed) == 5
    for one in executed:
        facts = list(one.facts())
        assert facts
        assert all(fact.holds for fact in facts), one.id
