"""A tone report as XML that build servers read: JUnit and Checkstyle."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

from coach.checks.report import CheckedFile, ToneReport, Unread
from coach.finding import Finding, Severity
from coach.render.visible import visible

_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "info"}


def tone_junit(report: ToneReport, *, failing: frozenset[Severity]) -> str:
    """A suite a file and a case a finding; those of a severity in ``failing`` fail.

    A file without a finding is one case that passes; one that was not read is an error, and what
    was set aside is skipped.
    """
    suites = Tree.Element("testsuites", name="coach tone")
    for file in report.files:
        suite = Tree.SubElement(suites, "testsuite", name=visible(file.name))
        _cases(suite, file, failing)
        _count(suite)
    for one in report.unread:
        suite = Tree.SubElement(suites, "testsuite", name=visible(one.name))
        case = _case(suite, one.name, "can be read")
        told = Tree.SubElement(case, "error", type="unread", message=visible(one.message))
        told.text = _hint(one)
        _count(suite)
    for key in ("tests", "failures", "errors", "skipped"):
        suites.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    return _text(suites)


def tone_checkstyle(report: ToneReport) -> str:
    """The format of Checkstyle, which many viewers of warnings read."""
    top = Tree.Element("checkstyle", version="10.0")
    for file in report.files:
        listed = Tree.SubElement(top, "file", name=visible(file.name))
        for finding in file.findings:
            Tree.SubElement(
                listed,
                "error",
                line=str(finding.line),
                column=str(finding.column),
                severity=_LEVELS[finding.severity],
                message=visible(finding.message),
                source=f"coach.{finding.rule}",
            )
    for one in report.unread:
        listed = Tree.SubElement(top, "file", name=visible(one.name))
        message = visible(f"{one.message}: {_hint(one)}")
        told = {"line": "1", "severity": "error", "message": message, "source": "coach.unread"}
        Tree.SubElement(listed, "error", told)
    return _text(top)


def _cases(suite: Tree.Element, file: CheckedFile, failing: frozenset[Severity]) -> None:
    for finding in file.findings:
        case = _case(suite, file.name, _name(finding))
        if finding.severity in failing:
            told = Tree.SubElement(
                case, "failure", type=finding.severity, message=visible(finding.message)
            )
            told.text = _place(file, finding)
        else:
            Tree.SubElement(case, "system-out").text = _place(file, finding)
    for one in file.suppressed:
        case = _case(suite, file.name, _name(one.finding))
        why = visible(one.reason) if one.reason else f"set aside ({one.by})"
        Tree.SubElement(case, "skipped", message=why)
    if not len(suite):
        _case(suite, file.name, "nothing flagged")


def _case(suite: Tree.Element, file: str, name: str) -> Tree.Element:
    return Tree.SubElement(suite, "testcase", classname=visible(file), name=name, time="0")


def _name(finding: Finding) -> str:
    return f"{finding.rule} at {finding.line}:{finding.column}"


def _place(file: CheckedFile, finding: Finding) -> str:
    rows = [
        f"{file.name}:{finding.line}:{finding.column}: {finding.severity} {finding.rule}",
        f"“{finding.quote}”",
        finding.message,
        f"say instead: {finding.suggestion}" if finding.suggestion else finding.advice or "",
    ]
    return "\n".join(visible(row) for row in rows if row)


def _count(suite: Tree.Element) -> None:
    suite.set("tests", str(len(suite)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))


def _hint(one: Unread) -> str:
    return visible(one.hint or "")


def _text(top: Tree.Element) -> str:
    Tree.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Tree.tostring(top, "unicode") + "\n"
