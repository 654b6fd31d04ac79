"""Definition 7's notions where somebody changed them: what the changed definition says holds."""

from __future__ import annotations

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.errors import Rejected
from spi_verify.programs.deciding.reading import unconditional
from spi_verify.programs.language.functions import SetFunction


def check_changed_functions(induced: Induced) -> None:
    """Make sure that all functions are what another definition wants, whatever the others use.

    Raises
    ------
    Rejected
        When one is not, or looks at the others' functions, so that this is open.
    """
    is_one = induced.structure.tables["set_valued_renegotiation_function"]
    for k, (i, function) in enumerate(induced.set_functions):
        plain = getattr(function, "function", None) if is_extension(function) else function
        if not isinstance(plain, SetFunction) or not unconditional(plain) or not is_one[(i, k)]:
            raise Rejected(
                f"{function} is no set-valued renegotiation function by the changed definition, "
                "or its code does not settle that"
            )


def check_changed_selections(induced: Induced) -> None:
    """Make sure that all selection functions are what another definition wants.

    Raises
    ------
    Rejected
        When one is not, or only some sets are listed.
    """
    is_one = induced.structure.tables["selection_function"]
    for s, selection in enumerate(induced.selections):
        if not induced.all_sets_listed or not is_one[(s,)]:
            raise Rejected(
                f"{selection.brief} is no selection function by the changed definition, or not "
                "all sets are listed"
            )
