"""What claims about set-valued functions, and about profiles of programs, have in common."""

from __future__ import annotations

from typing import Any

from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Keys
from spi_verify.claims.sets import EVERY, SetProfile, Sets, sets_of
from spi_verify.errors import InputError, located


class SetClaim(Keys):
    """A claim about set-valued functions, or about what is selected from sets."""

    def check_with_parameters(self, _: Instance) -> None:
        """Refuse parameters."""
        raise InputError("set-valued functions cannot be used with parameters")

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the model without its renegotiation functions."""
        return {**model, "renegotiation": {}}


class ProfileClaim(SetClaim, kw_only=True):
    """A claim about what the programs of a profile do."""

    profile: str
    selection: str | None = None

    def check(self, instance: Instance) -> None:
        """Check that the profile exists."""
        self.profile_in(sets_of(instance))

    def profile_in(self, sets: Sets) -> tuple[SetProfile, str]:
        """Return the claim's profile, and the text of its selection function.

        Raises
        ------
        InputError
            When one of them does not exist.
        """
        with located(where="profile"):
            profile = sets.profile(self.profile)
        return profile, _selection_of(profile, self.selection, sets)


class ExtensionClaim(SetClaim, kw_only=True):
    """A claim about the PMP-extension of a player's program against believed counterparts."""

    player: int
    profiles: list[str]
    selection: str | None = None

    def check(self, instance: Instance) -> None:
        """Check that the profiles exist."""
        self.profiles_in(sets_of(instance))

    def profiles_in(self, sets: Sets) -> list[tuple[SetProfile, str]]:
        """Return the profiles of the claim, each with the text of its selection function.

        Raises
        ------
        InputError
            When one of them does not exist, or there are none.
        """
        sets.require_player(self.player)
        if not self.profiles:
            raise InputError("at least one profile is needed", where="profiles")
        found = []
        for k, name in enumerate(self.profiles):
            with located(where=f"profiles[{k}]"):
                profile = sets.profile(name)
            found.append((profile, _selection_of(profile, self.selection, sets)))
        return found


def _selection_of(profile: SetProfile, stated: str | None, sets: Sets) -> str:
    how = profile.selection if stated is None else stated
    if how not in EVERY:
        sets.selection(how)
    return how
