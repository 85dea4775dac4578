"""A tone report as one line a finding: for editors, and as annotations of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from coach.checks.report import ToneReport
from coach.finding import Finding, Severity
from coach.render.visible import visible

_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def tone_lines(report: ToneReport) -> str:
    """``path:line:column: severity: rule: message``, as editors read it."""
    return "".join(
        f"{visible(file.name)}:{finding.line}:{finding.column}: "
        f"{finding.severity}: {finding.rule}: {visible(finding.message)}\n"
        for file in report.files
        for finding in file.findings
    )


def tone_github(report: ToneReport) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    lines = [*_annotations(report), *(_failure(one.name, one.message) for one in report.unread)]
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: ToneReport) -> Iterator[str]:
    for file in report.files:
        for finding in file.findings:
            place: dict[str, str | int] = {
                "file": file.name,
                "line": finding.line,
                "endLine": finding.line,
                "col": finding.column,
                "endColumn": finding.column + len(finding.quote),
                "title": f"{finding.rule} ({finding.severity})",
            }
            yield _command(_LEVELS[finding.severity], place, _said(finding))


def _failure(name: str, message: str) -> str:
    return _command("error", {"file": name, "title": "not checked"}, visible(message))


def _command(level: str, place: dict[str, str | int], message: str) -> str:
    told = ",".join(
        f"{key}={visible(str(value)).translate(_IN_PROPERTY)}" for key, value in place.items()
    )
    return f"::{level} {told}::{message.translate(_IN_MESSAGE)}"


def _said(finding: Finding) -> str:
    parts = [visible(finding.message)]
    if finding.suggestion:
        parts.append(f"Say instead: {visible(finding.suggestion)}")
    elif finding.advice:
        parts.append(visible(finding.advice))
    return "\n".join(parts)
