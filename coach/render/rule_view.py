"""What a tone rule looks for and why, for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from coach.checks.rulebook import Entry, Explanation
from coach.render.visible import visible

_EXAMPLES = 6
_NARROWEST = 20


def rule_view(explanation: Explanation, *, width: int | None = None) -> str:
    """One rule in full, or of several a line each with the way to see one.

    ``width`` is that of the terminal; without it no line is broken.
    """
    if len(explanation.rules) == 1:
        rows = list(_full(explanation.rules[0]))
    else:
        wide = max(len(entry.id) for entry in explanation.rules)
        rows = [(f"{entry.id:<{wide}}  ", entry.about) for entry in explanation.rules]
        rows += [("", ""), ("", "coach tone --explain RULE tells all about one")]
    return "".join(f"{line}\n" for row in rows for line in _wrapped(*row, width))


def _wrapped(lead: str, text: str, width: int | None) -> list[str]:
    """The text behind its lead, and below that where it takes several lines."""
    shown = visible(text)
    if width is None:
        return [f"{lead}{shown}"]
    room = max(_NARROWEST, width - len(lead))
    lines = textwrap.wrap(shown, room, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{' ' * len(lead) if number else lead}{line}" for number, line in enumerate(lines)]


def _full(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "", f"{entry.id}: {entry.about}"
    yield "", ""
    yield "severity  ", ", ".join(entry.severities)
    yield "why       ", entry.message
    yield "instead   ", entry.advice
    if entry.advice_when_high and entry.advice_when_high != entry.advice:
        yield "if high   ", entry.advice_when_high
    yield "source    ", entry.source
    for title, texts in (("flagged", entry.flags), ("left alone", entry.passes)):
        if texts:
            yield "", ""
            yield "", f"{title}:"
            yield from (("  ", text) for text in texts[:_EXAMPLES])
