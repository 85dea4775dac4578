"""A tone report as SARIF 2.1.0, for code scanning and its viewers.

No word of the text is in it: places, rules and hashes only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coach.checks.report import FOREIGN, STDIN, CheckedFile, Suppressed, ToneReport
from coach.checks.rulebook import Entry
from coach.document import Document
from coach.finding import Finding, Severity
from coach.render.visible import visible

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "note"}
_KINDS = {"inline": "inSource"}
"""Of suppressions; what stands in no text is external."""
_WHY = {"off": "the rule is off in the settings", "fine": "its words are fine by the settings"}


def tone_sarif(report: ToneReport, documents: Mapping[str, Document], book: Sequence[Entry]) -> str:
    """The report as one SARIF log; ``documents`` are the texts by name, ``book`` the rules."""
    numbers = {entry.id: number for number, entry in enumerate(book)}
    run = {
        "tool": {"driver": _driver(book)},
        "columnKind": "utf16CodeUnits",
        "invocations": [_invocation(report)],
        "results": [
            result for file in report.files for result in _results(file, documents, numbers)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _driver(book: Sequence[Entry]) -> dict[str, Any]:
    try:
        number = {"semanticVersion": version("conversation-coach")}
    except PackageNotFoundError:
        number = {}
    return {"name": "coach", **number, "rules": [_rule(entry) for entry in book]}


def _rule(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.id.title().replace(".", "").replace("_", ""),
        "shortDescription": {"text": visible(entry.about)},
        "fullDescription": {"text": visible(entry.message)},
        "help": {"text": "\n\n".join(visible(part) for part in _help(entry))},
        "defaultConfiguration": {"level": _LEVELS[entry.severities[0]]},
        "properties": {"tags": ["tone", entry.category]},
    }


def _help(entry: Entry) -> Iterator[str]:
    yield entry.advice
    if entry.advice_when_high and entry.advice_when_high != entry.advice:
        yield f"Where it is severe: {entry.advice_when_high}"
    yield f"Source: {entry.source}"


def _invocation(report: ToneReport) -> dict[str, Any]:
    unread = [
        _notification("error", one.name, f"{one.message}; {one.hint}" if one.hint else one.message)
        for one in report.unread
    ]
    told = [_notification("note", one.name, FOREIGN) for one in report.files if one.foreign]
    return {"executionSuccessful": not unread, "toolExecutionNotifications": [*unread, *told]}


def _notification(level: str, name: str, message: str) -> dict[str, Any]:
    return {
        "level": level,
        "message": {"text": visible(message)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(name)}}],
    }


def _results(
    file: CheckedFile, documents: Mapping[str, Document], numbers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    counted = [(finding, None) for finding in file.findings]
    aside = [(one.finding, one) for one in file.suppressed]
    both: list[tuple[Finding, Suppressed | None]] = [*counted, *aside]
    for finding, suppressed in sorted(both, key=lambda one: (one[0].start, one[0].rule)):
        mark = _fingerprint(finding)
        seen[mark] += 1
        known = {"ruleIndex": numbers[finding.rule]} if finding.rule in numbers else {}
        yield {
            "ruleId": finding.rule,
            **known,
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [_location(file.name, finding, documents[file.name])],
            "partialFingerprints": {"coachWords/v1": f"{mark}:{seen[mark]}"},
            "suppressions": [_suppression(suppressed)] if suppressed else [],
            "properties": {
                "severity": finding.severity,
                "category": finding.category,
                "foundBy": finding.found_by,
            },
        }


def _suppression(one: Suppressed) -> dict[str, str]:
    told = {"kind": _KINDS.get(one.by, "external"), "status": "accepted"}
    why = visible(one.reason) if one.reason else _WHY.get(one.by)
    return told | ({"justification": why} if why else {})


def _message(finding: Finding) -> str:
    parts = [finding.message]
    if finding.suggestion is None and finding.advice:
        parts.append(finding.advice)
    return " ".join(visible(part) for part in parts)


def _location(name: str, finding: Finding, document: Document) -> dict[str, Any]:
    line = document.line(finding.line)
    before = document.text[line.start : finding.start]
    start = _units(before) + 1
    region = {
        "startLine": finding.line,
        "startColumn": start,
        "endLine": finding.line,
        "endColumn": start + _units(finding.quote),
    }
    return {"physicalLocation": {"artifactLocation": _artifact(name), "region": region}}


def _artifact(name: str) -> dict[str, str]:
    if name == STDIN:
        return {"uri": "stdin"}
    path = Path(name)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(path.as_posix()))}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fingerprint(finding: Finding) -> str:
    """The same when lines move and when case or spacing change."""
    words = " ".join(finding.quote.casefold().split())
    return hashlib.sha256(f"{finding.rule}\n{words}".encode(errors="replace")).hexdigest()[:32]
