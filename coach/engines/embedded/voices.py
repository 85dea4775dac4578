"""Voices: whether a line of notes tells the employee's words rather than the manager's."""

from __future__ import annotations

import re

from coach.engines.embedded.clauses import clauses

_LONGEST = 400
_WHO = r"(?:she|he|they|(?-i:(?!Me\b|My\b|I\b|We\b|Note\b|Told\b|Said\b)[A-Z])[\w'’-]{1,20})"
_QUOTES = re.compile(
    rf"^\W*(?:{_WHO}(?: \w+){{0,2}}|(?:her|his|their) (?:own )?words?)\s*[:,–—-]\s*[\"“'‘«]",
    re.IGNORECASE,
)
_SAYS = re.compile(
    rf"^\W*{_WHO}(?: \w+){{0,2}}? (?:said|says|told me|tells me|feels?|felt|thinks?|thought|"
    r"reckons?|complain(?:s|ed)|shouted|snapped|wrote|called (?:me|my)|calls (?:me|my)|"
    r"(?:is|was) (?:angry|upset|cross|furious|annoyed))\b",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:said|say|told|tell|answered|replied|warned|asked|made|wrote)\b"
    r"|\b(?:told|warned|reminded|informed) (?:her|him|them)\b",
    re.IGNORECASE,
)


def tells_their_words(text: str) -> bool:
    """Whether these notes give what the employee said, in quotes or told, and nothing beside it."""
    text = text[:_LONGEST].replace("’", "'")
    if _MINE.search(text):
        return False
    if _QUOTES.match(text):
        return True
    return len(clauses(text)) == 1 and _SAYS.match(text) is not None
