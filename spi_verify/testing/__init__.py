"""Check your own implementation: assertions, and hypothesis strategies for what to feed it.

Needs ``hypothesis``, which the extra ``spi-verify[test]`` installs.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
except ModuleNotFoundError as error:
    message = "spi_verify.testing needs hypothesis; install spi-verify[test]"
    raise ModuleNotFoundError(message) from error

from spi_verify.testing.assertions import (
    assert_carried_out,
    assert_class_agrees,
    assert_pmm_guarantee,
    assert_renegotiation_function,
    assert_selection_transitive,
    assert_spi,
)
from spi_verify.testing.strategies import (
    beliefs,
    code_conditions,
    games,
    outcome_maps,
    outcomes,
    plain_programs,
    profiles,
    programs,
    renegotiation_functions,
    selections,
    set_functions,
)

__all__ = [
    "assert_carried_out",
    "assert_class_agrees",
    "assert_pmm_guarantee",
    "assert_renegotiation_function",
    "assert_selection_transitive",
    "assert_spi",
    "beliefs",
    "code_conditions",
    "games",
    "outcome_maps",
    "outcomes",
    "plain_programs",
    "profiles",
    "programs",
    "renegotiation_functions",
    "selections",
    "set_functions",
]
