"""What violations state, read and compared with what is recomputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from spi_verify.claims.document import MixtureReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Violation
from spi_verify.claims.words import profile_text, shown, texts, texts_shown
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs


def stated_position(instance: Instance, v: Violation, key: str = "outcome") -> int:
    """Return the position of a stated outcome."""
    reference = v[key]
    if isinstance(reference, Mapping):
        reference = MixtureReference(reference["mixture"])
    with located(where=key):
        return instance.points.position(reference)


def stated_outcome(instance: Instance, v: Violation) -> tuple[int, Payoffs]:
    """Return the position of a stated pure outcome, and what it pays, as it is stated."""
    k = instance.game.index(v["outcome"])
    payoffs = instance.payoffs(k)
    if texts(payoffs) != v["payoffs"]:
        raise Rejected(
            f"{shown(v['outcome'])} pays {profile_text(payoffs)}, not {texts_shown(v['payoffs'])}"
        )
    return k, payoffs


def stated_player(instance: Instance, v: Violation) -> int:
    """Return the stated player; players count from 1."""
    player = v["player"]
    if not 1 <= player <= instance.game.number_of_players:
        raise InputError(f"there is no player {player}", where="player")
    return int(player)


def require_same(v: Violation, key: str, actual: Fraction) -> None:
    """Reject a stated number that is not the recomputed one."""
    if v.get(key) != str(actual):
        raise Rejected(f"the file says {key} = {v.get(key)}, recomputed it is {actual}")


def require_same_text(key: str, stated: Sequence[str], actual: Sequence[str]) -> None:
    """Reject what is stated if it is not what was recomputed."""
    if list(stated) != list(actual):
        raise Rejected(
            f"the file says {key} = {texts_shown(stated)}, recomputed it is {texts_shown(actual)}"
        )
