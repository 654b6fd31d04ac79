"""Results as an HTML table, for notebooks."""

from __future__ import annotations

from spi_verify.reports.console import summary
from spi_verify.reports.html import text
from spi_verify.verdicts import Report


def report_table(report: Report) -> str:
    """Return a table of the results with their reasons, and a line that counts verdicts."""
    rows = "".join(
        f"<tr><td>{text(result.id)}</td><td><strong>{result.shown}</strong></td>"
        f"<td>{result.evidence or '-'}</td>"
        f"<td>{'yes' if result.as_expected else f'NO: {result.expected}'}</td>"
        f'<td style="text-align:left">{text(result.reason or "")}</td></tr>'
        for result in report.results
    )
    heads = "".join(
        f"<th>{head}</th>" for head in ("claim", "verdict", "evidence", "as expected", "why")
    )
    errors = "".join(f"<p>{text(message)}</p>" for message in report.input_errors)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{table}<p>{text(summary(report))}</p>{errors}"
