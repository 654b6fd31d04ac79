"""Whether contradictory formulas over parameters have a certificate that the checker accepts."""

from __future__ import annotations

from spi_verify.checker import Refused, check_step
from spi_verify.checker.terms import read, told

MOST_CHARACTERS = 4000
"""Of longer texts no certificate is sought: that takes seconds, and may be in vain."""


def uncertified(text: str) -> str | None:
    """Return why no certificate was found that a text is contradictory, or None where one was.

    Parameters
    ----------
    text
        SMT-LIB text, as the solvers are given it; the checker reads the same.
    """
    from spi_verify.obligations.certificates.expressions import text_of
    from spi_verify.obligations.certificates.finding import certificate
    from spi_verify.obligations.certificates.theory import Unexplained

    if len(text) > MOST_CHARACTERS:
        return f"no certificate is sought of more than {MOST_CHARACTERS} characters of SMT-LIB"
    try:
        with told():
            items = certificate(read(text))
        check_step(text, " ".join(map(text_of, items)))
    except (Unexplained, Refused) as error:
        return str(error)
    return None
