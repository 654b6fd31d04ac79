"""How conclusions fail about games of which only the outcomes are known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from telling_games import letter

from spi_verify.counterexamples.structures_told import Model, ToldStructure, outcome_lines


def _outcomes(model: Model) -> Iterator[str]:
    """Tell what the outcomes pay, and which of them G and H have."""
    G, H = model.instance["G"], model.instance["H"]
    players = model.all("Player")
    paid = {
        letter(a): [Fraction(model.at("pays", i, a)) for i in players] for a in model.all("Outcome")
    }
    yield from outcome_lines("The outcomes pay the original players", paid)
    for name, game in (("G", G), ("H", H)):
        own = [letter(a) for a in model.all("Outcome") if model.at("in_game", a, game)]
        called = "The original game G" if name == "G" else "Its subset game H"
        yield f"{called} can end in {' or '.join(own)}{'' if len(own) > 1 else ' only'}."


def _played(model: Model) -> bool:
    """Whether in every play G and H end in outcomes that they have."""
    return all(
        model.at("in_game", model.at("result", w, model.instance[name]), model.instance[name])
        for w in model.all("Play")
        for name in ("G", "H")
    )


def _ends(model: Model, w: int) -> str:
    ends = [letter(model.at("result", w, model.instance[name])) for name in ("G", "H")]
    return f"G ends in {ends[0]} and H in {ends[1]}"


def never_strict(model: Model) -> ToldStructure | None:
    """Tell that somebody gains from a safe improvement, and that the printed clause fails."""
    G, H = model.instance["G"], model.instance["H"]

    def paid(w: int, i: int, game: int) -> Fraction:
        return Fraction(model.at("pays", i, model.at("result", w, game)))

    found = (
        (i, paid(w, i, G), paid(w, i, H)) for w in model.all("Play") for i in model.all("Player")
    )
    gain = next((one for one in found if one[2] > one[1]), None)
    if gain is None or not _played(model):
        return None
    i, before, after = gain
    many = len(model.all("Play"))
    lines = [*_outcomes(model)]
    for k in model.all("Play"):
        lines.append(
            f"{'In the only play' if many == 1 else f'In play {k + 1}'}, {_ends(model, k)}."
        )
    lines.append(
        "Nobody gets less in any play, so H is a safe improvement on G; and player "
        f"{i + 1} gets {after} from H instead of {before} from G."
    )
    return ToldStructure(
        tuple(lines),
        "H is a safe improvement from which somebody gains, and by the printed clause it is not "
        "strict",
        f"The clause asks that u_i(Pi(H)) > u_i(Pi(H)), here {after} > {after} for player {i + 1}: "
        "it compares H with itself, and no number is greater than itself. What is meant is "
        f"u_i(Pi(H)) > u_i(Pi(G)), which is {after} > {before}.",
    )


def not_for_every_distribution(model: Model) -> ToldStructure | None:
    """Tell the distribution over plays under which nobody gains."""
    G, H, d = (model.instance[name] for name in ("G", "H", "d"))
    plays = model.all("Play")
    players = model.all("Player")

    def paid(w: int, game: int) -> list[Fraction]:
        return [Fraction(model.at("pays", i, model.at("result", w, game))) for i in players]

    gains = [(w, i) for w in plays for i in players if paid(w, H)[i] > paid(w, G)[i]]
    possible = [w for w in plays if model.at("possible", d, w)]
    if not gains or not possible or any(w in possible for w, _ in gains) or not _played(model):
        return None
    called = [f"play {w + 1}" for w in possible]
    certain = "certain of" if len(called) == 1 else "on"
    first, i = gains[0]
    lines = [
        *_outcomes(model),
        *(f"In play {w + 1}, {_ends(model, w)}." for w in plays),
        f"Nobody gets less from H than from G in any play; and in play {first + 1} player {i + 1} "
        f"gets {paid(first, H)[i]} instead of {paid(first, G)[i]}. So H never hurts, and helps in "
        "some play.",
    ]
    return ToldStructure(
        tuple(lines),
        "H is no strict payoff-transformation SPI on G: under the distribution that is "
        f"{certain} {' and '.join(called)}, nobody gets more from H than from G with positive "
        "probability",
        "Definition 2 asks for a gain under every distribution over plays, also under those that "
        "are certain of a play in which there is nothing to gain.",
    )
