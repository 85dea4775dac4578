"""Turns that lean on the turn before: which question a short answer answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import cleaned, closed, lowered, raised
from coach.mapping import Evidence

_LEAD = re.compile(
    r"^(?:(?:and|so|ok|okay|but|then|also|now|or|even|like)\s+)*(?:what\s+about|how\s+about|what\s+if|"
    r"can\s+i|could\s+i|may\s+i|should\s+i|do\s+i\s+(?:need|have)\s+(?:you\s+)?to|"
    r"am\s+i\s+(?:ok|allowed)\s+to|can\s+we|and\s+if|if)\s+(?:just\s+)?",
    re.IGNORECASE,
)
_ECHO = re.compile(
    r"^(?:yes|no|yeah|ok|okay|sure|fine|exactly|deal|right|agreed|clear|good|great|thanks?|sorry)\b[\s,.!]*",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:[\w']+\s+){0,2}(?:it|that|them|those|this|that's|it's|one|ones)\b|"
    r"^(?:yes|no|leave|park|drop|second|later|not|till?|until|after)\b",
    re.IGNORECASE,
)
_WH = re.compile(r"^(?:what|how|why|who|where|when|which)\b(?!\s+(?:about|if)\b)", re.IGNORECASE)
_NAMES = re.compile(r"^(?:who|where|when|which)\s+\w+\s+\w+\s+\w", re.IGNORECASE)
_FAR = 2
"""Turns between an answer and its question at most."""


def asked_before(passage: Passage, before: Sequence[Passage]) -> Passage | None:
    """What the other voice asked or named just before, or this voice named in the same breath."""
    if before and before[-1].line == passage.line and before[-1].words <= 3:
        named = before[-1]
        fits = (
            not named.flagged
            and topic_of(named)
            and named.says_something
            and not _LEANS.match(named.clean)
        )
        if fits and not named.range:
            return named
    others = [p for p in before if p.line < passage.line and p.speaker != passage.speaker]
    others = [p for p in others if not p.flagged]
    if not others or passage.turn - others[-1].turn > _FAR:
        return None
    went_on = any(others[-1].line < p.line < passage.line for p in before)
    if went_on and passage.words > 6:
        return None
    turn = [p for p in others if p.line == others[-1].line]
    asking = [p for p in turn if p.asks and topic_of(p)]
    if asking:
        return asking[0]
    named = turn[0]
    points = bool(_LEANS.match(passage.clean)) or passage.words <= 6
    near = passage.turn - named.turn == 1 and named.words <= 24 and named.says_something
    return named if points and near and topic_of(named) else None


def topic_of(passage: Passage) -> str | None:
    """The thing a question or naming turn is about: "And buying bits?" is about buying bits."""
    bare = _LEAD.sub("", cleaned(passage.text, spoken=True))
    topic = closed(_ECHO.sub("", bare).rstrip("?! "))
    wondering = _WH.match(topic) and not _NAMES.match(topic)
    if wondering or not 1 <= len(topic.split()) <= 24 or len(topic) < 4:
        return None
    return raised(topic)


def in_context(passage: Passage, before: Sequence[Passage]) -> tuple[str, tuple[Evidence, ...]]:
    """A turn's words, with the thing it is about in front where it only points at it."""
    text = passage.clean
    if passage.spoken and passage.words <= 9 and _LEANS.match(text):
        asked = asked_before(passage, before)
        topic = topic_of(asked) if asked else None
        if asked and asked.line < passage.line and topic and len(topic.split()) <= 12:
            return f"{topic}: {lowered(text)}", (asked.evidence(), passage.evidence())
    return text, (passage.evidence(),)
