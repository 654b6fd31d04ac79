"""Judge and executor agree on functions that look at tags, codes, payoffs and each other.

The judge is ``check_model``, with everything that it confirms; the executor runs programs of
``spi_verify.programs``: Algorithm 1 or 2, or a function against the others' functions.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from spi_verify.claims.check import check_model
from spi_verify.claims.reader import build_model
from spi_verify.claims.sets import sets_of
from spi_verify.programs import CSR, Always, ProgramGame, parse_function, parse_selection
from spi_verify.programs.deciding.definitions import corners
from spi_verify.programs.deciding.transformations import pmp_extension
from spi_verify.programs.language.functions import RenegotiationMap, Tag, To
from spi_verify.programs.language.programs import Renegotiation
from spi_verify.programs.running.execution import Execution, NonHaltingError

small = st.integers(0, 3)
SHAPES = [(2, 2), (3, 1), (1, 3), (2, 1, 2)]
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)
SELECTIONS = ["utilitarian", "leximin", "lexicographic 2 1", "maxmin", "nash 0 0"]
TAGS = ["pmp-extension", "pmp-extension", "nice"]


@st.composite
def games(draw, correlated, shapes):
    shape = draw(st.sampled_from(shapes))
    outcomes = [
        list(o) for o in itertools.product(*([str(a + 1) for a in range(k)] for k in shape))
    ]
    cells = [draw(st.lists(small, min_size=len(shape), max_size=len(shape))) for _ in outcomes]
    table = cells
    for size in reversed(shape):
        table = [table[k : k + size] for k in range(0, len(table), size)]
    data = {"feasible": "correlated" if correlated else "pure", "game": {"payoffs": table[0]}}
    references = list(outcomes)
    if correlated:
        one, two = draw(st.sampled_from(outcomes)), draw(st.sampled_from(outcomes))
        half = [{"outcome": one, "weight": "1/2"}, {"outcome": two, "weight": "1/2"}]
        data["mixtures"] = {"half": half}
        references.append({"mixture": "half"})
    return data, len(shape), references


def conditions(n, names):
    player = st.integers(1, n)
    tagged = st.builds(lambda j, t: {"player": j, "tag": t}, player, st.sampled_from(TAGS))
    if not names:
        return tagged
    named = st.builds(lambda j, f: {"player": j, "function": f}, player, st.sampled_from(names))
    return st.one_of(tagged, named)


def parts(n, references, names, correlated):
    bounds = st.builds(
        lambda i, relation, c: f"u{i} {relation} {c}",
        st.integers(1, n),
        st.sampled_from(["<=", ">="]),
        small,
    )
    outcomes = st.lists(st.sampled_from(references), min_size=1, max_size=3)
    contents = [
        st.builds(lambda o: {"outcomes": o}, outcomes),
        st.builds(lambda i: {"pmp": i}, st.integers(1, n)),
    ]
    if n == 2 or not correlated:
        contents += [
            st.just({"within": ["improving"]}),
            st.builds(lambda b: {"within": ["improving", b]}, bounds),
            st.builds(lambda b, o: {"within": [b], "outcomes": o}, bounds, outcomes),
        ]
    sources = st.sampled_from(["any", "mismatch", "inefficient", *references])
    where = st.builds(
        lambda i, relation, c: f"u{i} {relation} {c}",
        st.integers(1, n),
        st.sampled_from(["<=", ">", "="]),
        small,
    )
    restrictions = st.one_of(
        st.just({}),
        st.just({}),
        st.builds(lambda s: {"from": s}, sources),
        st.builds(lambda w: {"where": [w]}, where),
        st.builds(lambda s, w: {"from": s, "where": [w]}, sources, where),
    )
    who = st.lists(conditions(n, names), max_size=2)
    return st.builds(
        lambda content, restriction, against, unless: {
            **content,
            **restriction,
            "against": against,
            "unless": unless,
        },
        st.one_of(contents),
        restrictions,
        st.one_of(st.just([]), who),
        st.one_of(st.just([]), who),
    )


@st.composite
def nearly_legal(draw, n, references, names, correlated):
    """Improvements, and under a condition on functions anything else."""
    improving = {"pmp": 1} if correlated and n > 2 else {"within": ["improving"]}
    outcomes = st.lists(st.sampled_from(references), min_size=1)
    condition = draw(conditions(n, names))
    key = draw(st.sampled_from(["against", "unless"]))
    return [improving, {"outcomes": draw(outcomes), key: [condition]}]


TEXTS = [
    '(tag "nice" (improving))',
    '(when (tagged 1 "nice") (improving) (set))',
    '(when (not (tagged 1 "pmp-extension")) (improving-on-meet) (improving))',
    '(tag "nice" (when (tagged 1 "nice") (improving) (pmp 1)))',
    "(pmp-extension (when (is 1 (improving)) (improving) (pmp 1)))",
    '(pmp-extension (pmp-extension (when (tagged 1 "pmp-extension") (improving) (set))))',
    '(tag "nice" (pmp-extension (when (tagged 1 "nice") (improving) (pmp 2))))',
    "(extension (improving-on-meet) (pmp 2))",
]


@st.composite
def models(draw, shapes=SHAPES, correlated=None):
    """A model with functions f0, f1, ..., their extensions among them, and one profile."""
    correlated = draw(st.booleans()) if correlated is None else correlated
    data, n, references = draw(games(correlated, shapes))
    texts = TEXTS if n == 2 or not correlated else ["(pmp 1)", '(tag "nice" (pmp 2))']
    sets = {}
    for k in range(draw(st.integers(2, 5))):
        names = list(sets)
        form = draw(st.sampled_from(["parts", "parts", "nearly", "text", "extension"]))
        if form == "extension" and names:
            sets[f"f{k}"] = {"pmp-extension": draw(st.sampled_from(names))}
        elif form == "nearly":
            sets[f"f{k}"] = draw(nearly_legal(n, references, names, correlated))
        elif form == "text":
            sets[f"f{k}"] = draw(st.sampled_from(texts))
        else:
            part = parts(n, references, names, correlated)
            sets[f"f{k}"] = draw(st.lists(part, min_size=1, max_size=3))
    used = draw(st.lists(st.sampled_from(list(sets)), min_size=n, max_size=n))
    selections = [text for text in SELECTIONS if n == 2 or text in ("utilitarian", "leximin")]
    data["sets"] = sets
    data["profiles"] = {
        "p": {
            "functions": used,
            "selection": draw(st.sampled_from(selections)),
            "defaults": draw(st.lists(st.sampled_from(references), min_size=1, max_size=2)),
        }
    }
    return data


def judged(data, *claims):
    """Return the results of claims; a refutation is confirmed by then."""
    model = build_model({**data, "claims": list(claims)}, file="m", name="m")
    found = list(check_model(model))
    for result in found:
        assert result.verdict in ("proved", "refuted", "unknown"), result.reason
        assert "please report" not in (result.reason or ""), result.reason
    return found


class Executor:
    """Runs the profile of a model."""

    def __init__(self, data):
        self.sets = sets_of(build_model(data, file="m", name="m").instance())
        self.profile = self.sets.profile("p")
        self.base = self.sets.base
        self.selection = parse_selection(f"({self.profile.selection})")

    def programs(self, position, functions=None):
        return tuple(
            CSR(self.selection, Always(action), function)
            for action, function in zip(
                self.sets.play(position), functions or self.profile.functions, strict=True
            )
        )

    def pays(self, programs):
        return ProgramGame(self.base).utilities(programs)

    def before(self, position):
        return self.base.payoffs(self.sets.play(position))

    def value(self, player, functions, position):
        execution = Execution(self.base)
        return execution.value(player, functions, self.selection, self.sets.play(position))


def improves(after, before):
    return all(v >= u for u, v in zip(before, after, strict=True))


@pytest.mark.long
@settings(max_examples=120, phases=PHASES)
@given(models())
def test_definition_3_and_the_pmm_guarantee_are_what_programs_reach(data):
    run = Executor(data)
    moves = [(run.before(k), run.pays(run.programs(k))) for k in run.profile.defaults]
    safe = all(improves(after, before) for before, after in moves)
    gains = any(after != before for before, after in moves)
    least = run.base.pareto_meet_minimum
    high = safe and all(improves(after, least) for _, after in moves)
    spi, pmm = judged(
        data, {"kind": "spi", "profile": "p"}, {"kind": "pmm-guarantee", "profile": "p"}
    )
    assert spi.verdict == ("proved" if safe and gains else "refuted")
    assert pmm.verdict == ("proved" if high else "refuted")


@pytest.mark.long
@settings(max_examples=80, phases=PHASES)
@given(models(shapes=[(2, 2), (3, 1), (2, 1, 2)], correlated=False), st.data())
def test_agreement_sets_are_those_that_programs_agree_on(data, draw):
    run = Executor(data)
    position = run.profile.defaults[0]
    outcomes = list(run.base.game.outcomes())
    agreed = [
        x
        for x in outcomes
        if all(x in run.value(j, run.profile.functions, position) for j in run.base.players)
    ]
    played = ProgramGame(run.base).outcome(run.programs(position))
    other = draw.draw(st.lists(st.sampled_from(outcomes), unique=True))
    claim = {
        "kind": "agreement",
        "profile": "p",
        "outcome": run.sets.instance.points.reference(position),
    }
    right, selected, drawn = judged(
        data,
        {**claim, "agreement": [list(x) for x in agreed], "selected": list(played)},
        {**claim, "selected": list(outcomes[0])},
        {**claim, "agreement": [list(x) for x in other]},
    )
    assert right.verdict == "proved", right.reason
    assert selected.verdict == ("proved" if played == outcomes[0] else "refuted")
    assert drawn.verdict == ("proved" if set(other) == set(agreed) else "refuted")


def offers(run, player, functions, position):
    before = run.before(position)
    for x in corners(run.base, run.value(player, functions, position)):
        after = run.base.payoffs(run.base.agreed(x))
        yield x, before, after


def opponents(run, data, player):
    """Some functions of the others: those of the model, tagged or not, and plain ones."""
    texts = ["(set)", "(pmp 1)"]
    functions = [run.sets.function(name) for name in data["sets"]]
    functions += [*map(parse_function, texts), Tag("nice", functions[0])]
    functions += [Tag("pmp-extension", parse_function("(set)"))]
    others = [functions if j != player else [None] for j in run.base.players]
    yield from itertools.islice(itertools.product(*others), 60)


@pytest.mark.long
@settings(max_examples=150, phases=PHASES)
@given(models(), st.integers(1, 2))
def test_definition_7_is_about_what_the_function_offers_when_it_is_run(data, player):
    data["sets"] |= {f"{name}-extended": {"pmp-extension": name} for name in data["sets"]}
    run = Executor(data)
    everywhere = range(run.sets.instance.points.count)
    for name in data["sets"]:
        function = run.sets.function(name)
        claim = {"kind": "set-valued-renegotiation-function", "function": name, "player": player}
        (found,) = judged(data, claim)
        if found.verdict == "refuted":
            violation = found.counterexample["violation"]
            against = tuple(
                function if text is None else _function(run, text) for text in violation["against"]
            )
            if violation["violates"] == "worse-offer":
                reference = violation["outcome"]
                shown = [run.sets.instance.points.reference(k) for k in everywhere]
                offered = [
                    (list(map(str, x)), before, after)
                    for x, before, after in offers(run, player, against, shown.index(reference))
                ]
                assert any(
                    x == violation["offered"] and not improves(after, before)
                    for x, before, after in offered
                )
            else:
                assert not any(
                    after != before
                    for k in everywhere
                    for _, before, after in offers(run, player, against, k)
                )
            continue
        for others in opponents(run, data, player):
            against = tuple(function if f is None else f for f in others)
            try:
                seen = [o for k in everywhere for o in offers(run, player, against, k)]
            except NonHaltingError:
                continue
            worse = [o for o in seen if not improves(o[2], o[1])]
            if worse:  # what is worse at an outcome of the file is found, whatever else is open
                assert "settle" in found.reason, worse
                assert found.verdict == "unknown", worse
            elif found.verdict == "proved":
                assert any(after != before for _, before, after in seen)


def _function(run, text):
    return run.sets.function(text) if text in run.sets.instance.sets else parse_function(text)


@pytest.mark.long
@settings(max_examples=80, phases=PHASES)
@given(models(), st.integers(1, 2), st.fractions(0, 1, max_denominator=4), st.data())
def test_beliefs_are_about_what_programs_earn(data, player, weight, draw):
    names = list(data["sets"])
    base = data["profiles"]["p"]
    one_default = [base["defaults"][0]]
    used = draw.draw(
        st.lists(
            st.sampled_from(names), min_size=len(base["functions"]), max_size=len(base["functions"])
        )
    )
    data["profiles"] = {
        "p": {**base, "defaults": one_default},
        "q": {**base, "functions": used, "defaults": one_default},
    }
    function, over = draw.draw(st.sampled_from(names)), draw.draw(st.sampled_from(names))
    run = Executor(data)
    gains = []
    for name in ("p", "q"):
        profile = run.sets.profile(name)
        paid = []
        for mine in (function, over):
            functions = list(profile.functions)
            functions[player - 1] = run.sets.function(mine)
            programs = run.programs(profile.defaults[0], tuple(functions))
            paid.append(run.pays(programs)[player - 1])
        gains.append(paid[0] - paid[1])
    beliefs = [
        {"profile": "p", "weight": str(weight)},
        {"profile": "q", "weight": str(1 - weight)},
    ]
    claim = {"kind": "prefers", "player": player, "function": function, "over": over}
    plain = [{"profile": "p"}, {"profile": "q"}]
    prefers, exactly, nowhere = judged(
        data,
        {**claim, "beliefs": beliefs},
        {**claim, "beliefs": plain, "exactly": ["0", "1"]},
        {**claim, "beliefs": plain, "exactly": []},
    )
    gain = weight * gains[0] + (1 - weight) * gains[1]
    assert prefers.verdict == ("proved" if gain >= 0 else "refuted")
    assert exactly.verdict == ("proved" if min(gains) >= 0 else "refuted")
    assert nowhere.verdict == ("proved" if max(gains) < 0 else "refuted")


@pytest.mark.long
@settings(max_examples=120, phases=PHASES)
@given(models(), st.integers(1, 2))
def test_extensions_are_safe_where_extended_programs_earn_no_less(data, player):
    run = Executor(data)
    safe = True
    for position in run.profile.defaults:
        programs = list(run.programs(position))
        before = run.pays(tuple(programs))
        programs[player - 1] = pmp_extension(programs[player - 1])
        safe = safe and run.pays(tuple(programs))[player - 1] >= before[player - 1]
    (found,) = judged(data, {"kind": "pmp-extension-safe", "player": player, "profiles": ["p"]})
    assert found.verdict == ("proved" if safe else "refuted")


@pytest.mark.long
@settings(max_examples=120, phases=PHASES)
@given(models(), st.integers(1, 2))
def test_extensions_are_unpunished_where_the_others_sets_stay(data, player):
    run = Executor(data)
    functions = run.profile.functions
    allowed = True
    for position in range(run.sets.instance.points.count):
        programs = list(run.programs(position))
        reached = ProgramGame(run.base).utilities(tuple(programs))
        programs[player - 1] = pmp_extension(programs[player - 1])
        extended = tuple(p.function for p in programs)
        projection = run.base.pareto_meet_projection(player, reached)
        for j in run.base.players:
            if j != player:
                before = run.value(j, functions, position)
                after = run.value(j, extended, position)
                allowed = allowed and before <= after and after <= before | projection
    claim = {"kind": "pmp-extension-unpunished", "player": player, "profiles": ["p"]}
    (found,) = judged(data, claim)
    if run.sets.instance.correlated and allowed:
        assert found.verdict in ("proved", "unknown")
    else:
        assert found.verdict == ("proved" if allowed else "refuted")


@settings(max_examples=100, phases=PHASES)
@given(st.booleans().flatmap(lambda c: games(c, SHAPES)), st.data())
def test_selections_are_transitive_where_what_is_picked_is(made, draw):
    data, n, references = made
    extra = ["kalai-smorodinsky 1/2 1", "nash 1 1", "dictator 1", "lexicographic 1 2"]
    texts = SELECTIONS + extra if n == 2 else ["utilitarian", "leximin", "maxmin", "dictator 1"]
    text = draw.draw(st.sampled_from(texts))
    listed = draw.draw(st.lists(st.sampled_from(references), min_size=1, max_size=4, unique_by=str))
    run = sets_of(build_model(data, file="m", name="m").instance())
    base, selection = run.base, parse_selection(f"({text})")
    pays = [
        tuple(run.instance.payoffs(run.instance.points.position(_reference(r)))) for r in listed
    ]
    family = [s for k in range(1, len(listed) + 1) for s in itertools.combinations(listed, k)]

    def picked(members):
        element = [run.element(run.instance.points.position(_reference(r))) for r in members]
        return base.payoffs(base.select(selection, base.finite(element)))

    paid = dict(zip(map(str, listed), pays, strict=True))
    holds = all(
        improves(picked((*one, *two)), picked(one))
        for one in family
        for two in family
        if all(improves(paid[str(r)], picked(one)) for r in two)
    )
    claim = {"kind": "selection-transitive", "selection": text}
    subsets, sets = judged(
        data, {**claim, "outcomes": listed}, {**claim, "sets": [list(s) for s in family]}
    )
    assert subsets.verdict == sets.verdict == ("proved" if holds else "refuted")


def _reference(reference):
    from spi_verify.claims.document import MixtureReference

    return MixtureReference(**reference) if isinstance(reference, dict) else reference


@settings(max_examples=100, phases=PHASES)
@given(st.booleans().flatmap(lambda c: games(c, SHAPES)), st.data())
def test_functions_of_algorithm_1_are_judged_by_what_programs_do(made, draw):
    data, n, references = made
    where = st.lists(
        st.builds(
            lambda i, relation, c: f"u{i} {relation} {c}",
            st.integers(1, n),
            st.sampled_from(["<=", "<", ">", "="]),
            small,
        ),
        max_size=1,
    )
    rule = st.fixed_dictionaries(
        {
            "from": st.sampled_from(["any", "mismatch", "inefficient", *references]),
            "to": st.sampled_from(references),
            "where": where,
        }
    )
    data["renegotiation"] = {"f": draw.draw(st.lists(rule, min_size=1, max_size=3))}
    reachable = draw.draw(st.lists(st.sampled_from(references), min_size=1, max_size=3))
    data["defaults"] = {"reachable": reachable}
    run = sets_of(build_model(data, file="m", name="m").instance())
    base, images = run.base, run.instance.images("f")
    entries = tuple(
        To(run.play(k), run.element(int(image))) for k, image in enumerate(images) if k != image
    )
    game = ProgramGame(base, any_map=True)

    def moved(k):
        actions = tuple(map(Always, run.play(k)))
        programs = tuple(Renegotiation(RenegotiationMap(entries), p) for p in actions)
        return game.utilities(actions), game.utilities(programs)

    everywhere = list(map(moved, range(run.instance.points.count)))
    here = [everywhere[k] for k in range(len(everywhere)) if run.instance.reachable[k]]
    function, spi, rational = judged(
        data,
        {"kind": "renegotiation-function", "function": "f"},
        {"kind": "spi", "function": "f"},
        {"kind": "individually-rational-to-pmm", "function": "f"},
    )
    for found, moves in ((function, everywhere), (spi, here)):
        holds = all(improves(v, u) for u, v in moves) and any(u != v for u, v in moves)
        assert found.verdict == ("proved" if holds else "refuted")
    high = all(improves(v, base.pareto_meet_minimum) for _, v in here)
    assert rational.verdict == ("proved" if high else "refuted")


def test_outcomes_of_a_game_with_lotteries_are_points_when_something_is_selected_from_them():
    """Names that look like numbers, names that do not, and mixtures mean what they pay."""
    payoffs = [[[2, -1]], [[2, 0]], [[0, 2]], [[1, 0]]]
    for names in ("1234", "abcd"):
        data = {
            "feasible": "correlated",
            "game": {"actions": [list(names), ["1"]], "payoffs": payoffs},
            "mixtures": {"last": [{"outcome": [names[3], "1"], "weight": 1}]},
        }
        listed = [[name, "1"] for name in names]
        claim = {"kind": "selection-transitive", "selection": "kalai-smorodinsky 1/2 1"}
        found = judged(
            data,
            {**claim, "outcomes": listed},
            {**claim, "outcomes": [*listed[:3], {"mixture": "last"}]},
            {**claim, "sets": [[listed[2], listed[3]], [listed[1]]]},
            {**claim, "sets": [[listed[1], listed[3]], [listed[1]]]},
        )
        assert [r.verdict for r in found] == ["refuted", "refuted", "refuted", "proved"]
        violation = found[0].counterexample["violation"]
        assert violation["added"] == [["2", "0"]]
        assert violation["selected_from_both"] == ["0", "2"]


def test_the_case_that_an_inner_function_is_run_with_its_own_code():
    """The tag of an extension is not seen by what it extends, in whatever it is wrapped."""
    rude = '(when (tagged 1 "pmp-extension") (improving) (set ["1" "1"] ["2" "1"] ["3" "1"]))'
    fine = '(when (tagged 1 "pmp-extension") (set ["1" "1"] ["2" "1"] ["3" "1"]) (improving))'
    for wrapped in (
        "(pmp-extension {})",
        "(pmp-extension (pmp-extension {}))",
        '(tag "nice" (pmp-extension {}))',
    ):
        data = {
            "game": {"payoffs": [[[3, 0]], [[0, 3]], [[1, 0]]]},
            "sets": {"rude": wrapped.format(rude), "fine": wrapped.format(fine)},
        }
        found = judged(
            data,
            {"kind": "set-valued-renegotiation-function", "function": "rude"},
            {"kind": "set-valued-renegotiation-function", "function": "fine"},
        )
        assert [r.verdict for r in found] == ["refuted", "proved"], wrapped
        violation = found[0].counterexample["violation"]
        assert violation["violates"] == "worse-offer"
        assert Fraction(violation["after"]) < Fraction(violation["before"])
