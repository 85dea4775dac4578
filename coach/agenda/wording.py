"""Wording: what was written, as it stands in an agenda."""

from __future__ import annotations

import re

SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
"""Between two sentences."""
LONGEST = 110
"""Characters."""
_PUT_OFF = re.compile(
    r"\b(?:(?:did(?:n't| not)|never|haven't|have not) (?:get|got|come|reach)|next time|later"
    r"|another (?:day|time)|come back|not forgotten|sit down|to ?do|properly|new year"
    r"|next (?:week|month|year)|talk (?:about|through))\b",
    re.IGNORECASE,
)
"""By which a line of the notes says that something was left for another time."""


def short(text: str) -> str:
    """What fits on a line, in whole sentences where that leaves enough."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    ends = (found.start() for found in SENTENCES.finditer(text))
    whole = max((end for end in ends if LONGEST // 2 <= end < LONGEST), default=0)
    return f"{text[:whole]} …" if whole else text[: LONGEST - 1].rstrip(" ,;") + "…"


def put_off(said: str) -> str:
    """What was put off; of a long line, without what was said before it in the same breath."""
    if len(said) <= LONGEST:
        return said
    sentences = SENTENCES.split(said)
    at = (at for at, sentence in enumerate(sentences) if _PUT_OFF.search(sentence))
    return " ".join(sentences[next(at, 0) :])
