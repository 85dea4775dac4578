"""finding_by: a flagged place in the words of the rule that speaks of it."""

from __future__ import annotations

from typing import Literal

from coach.document import Line
from coach.finding import Finding, Severity
from coach.tone.rule import Rule


def finding_by(
    line: Line,
    span: tuple[int, int] | None,
    *,
    rule: Rule,
    severity: Severity,
    suggestion: str | None = None,
    found_by: Literal["rule", "model"] = "rule",
) -> Finding:
    """The finding at this place, worded as the rule words it.

    ``span`` counts in the document's text; without it the whole content of the line is meant.
    """
    start, end = span or _content(line)
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=severity,
        line=line.number,
        column=start - line.start + 1,
        start=start,
        end=end,
        quote=line.text[start - line.start : end - line.start],
        message=rule.message,
        suggestion=suggestion,
        advice=rule.advice_for(severity),
        speaker=line.speaker,
        found_by=found_by,
    )


def _content(line: Line) -> tuple[int, int]:
    content = line.content
    start = line.content_start + len(content) - len(content.lstrip(" \t-*+•–"))
    return start, max(start, line.content_start + len(content.rstrip()))
