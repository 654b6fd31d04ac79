"""Results as a JUnit file, for continuous integration."""

from __future__ import annotations

from xml.etree import ElementTree

from spi_verify.verdicts import Report, Verdict


def junit(report: Report) -> str:
    """Return the report as JUnit XML.

    A verdict that is not the expected one is a failure, an ``error`` an error.

    Examples
    --------
    >>> from spi_verify.verdicts import Result
    >>> "<failure" in junit(Report([Result("composition", Verdict.PROVED)]))
    False
    """
    failures = [r for r in report.results if not r.as_expected and r.verdict is not Verdict.ERROR]
    errors = [result for result in report.results if result.verdict is Verdict.ERROR]
    suite = ElementTree.Element(
        "testsuite",
        name="spi-verify",
        tests=str(len(report.results)),
        failures=str(len(failures)),
        errors=str(len(errors)),
        time=f"{sum(result.seconds for result in report.results):.3f}",
    )
    for result in report.results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname="spi-verify",
            name=_printable(result.id),
            time=f"{result.seconds:.3f}",
        )
        if not result.as_expected:
            kind = "error" if result.verdict is Verdict.ERROR else "failure"
            message = f"{result.shown}, expected {result.expected}"
            element = ElementTree.SubElement(case, kind, message=message)
            element.text = _printable(result.reason or "")
        elif result.reason:
            ElementTree.SubElement(case, "system-out").text = _printable(result.reason)
    ElementTree.indent(suite)
    text = ElementTree.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _printable(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return "".join(c if c in "\t\n" or c.isprintable() else "?" for c in text)
