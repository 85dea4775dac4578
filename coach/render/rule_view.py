"""What a tone rule looks for and why, for people."""

from __future__ import annotations

from collections.abc import Iterator

from coach.checks.rulebook import Entry, Explanation
from coach.render.visible import visible

_EXAMPLES = 6


def rule_view(explanation: Explanation) -> str:
    """One rule in full, or of several a line each with the way to see one."""
    if len(explanation.rules) == 1:
        return "\n".join(visible(row) for row in _full(explanation.rules[0])) + "\n"
    wide = max(len(entry.id) for entry in explanation.rules)
    rows = [f"{entry.id:<{wide}}  {entry.about}" for entry in explanation.rules]
    rows += ["", "coach tone --explain RULE tells all about one"]
    return "\n".join(visible(row) for row in rows) + "\n"


def _full(entry: Entry) -> Iterator[str]:
    yield f"{entry.id}: {entry.about}"
    yield ""
    yield f"severity  {', '.join(entry.severities)}"
    yield f"why       {entry.message}"
    yield f"instead   {entry.advice}"
    if entry.advice_when_high and entry.advice_when_high != entry.advice:
        yield f"if high   {entry.advice_when_high}"
    yield f"source    {entry.source}"
    for title, texts in (("flagged", entry.flags), ("left alone", entry.passes)):
        if texts:
            yield ""
            yield f"{title}:"
            yield from (f"  {text}" for text in texts[:_EXAMPLES])
