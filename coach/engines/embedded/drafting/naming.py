"""Naming a decision: the thing that is decided, and the words that settle it, apart."""

from __future__ import annotations

import re

from coach.engines.embedded.drafting.wording import closed, lowered, raised

_HEAD = re.compile(
    r"^(?P<head>[^:=→?]{2,70}?)\s*(?::(?!\d)|=|→|->|—|–|\s-\s|\?)\s*(?P<rest>.{2,})$", re.DOTALL
)
_ORDER = re.compile(
    r"^(?:she|he|they|you|we|i|just|ring|call|ask|tell|check|talk|text|go\s+ahead|do\s+it|no\s+need|"
    r"yes|no|up\s+to\s+(?:her|him|you)|(?:her|his|your|my)\s+call)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"^(?:(?:she|he|they|you)\s+(?:can|may|could|gets?\s+to|is\s+free\s+to|are\s+free\s+to|will)\s+"
    r"(?:just\s+|now\s+)?|(?:can|may)\s+(?:just\s+|now\s+)?|(?:free|ok|okay|fine)\s+to\s+)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"""\b(?:and\s+|then\s+|so\s+)?(?:
        (?:she|he|they|you|her|him)\s+(?:can\s+|could\s+|may\s+)?(?:just\s+)?(?:do(?:es)?|decides?|rings?|calls?|asks?|
            tells?|texts?|checks?|talks?|comes?|waits?|goes\s+ahead|handles?|signs?)\b
      | just\s+(?:do|put|tell|let|send|drop|ring|text|log|go|ship|book|order|fix)\b
      | (?:ring|call|ask|tell|check\s+with|talk\s+to|speak\s+to|
          come\s+to|run\s+(?:it|that)\s+(?:by|past)|loop)\s+(?:me|us|him|her|it)\b
      | (?:do|decide|sign|handle|close)\s+(?:it|them|that)\b
      | no\s+need\s+to\b | don'?t\s+(?:ask|ring|call|need)\b | without\s+asking\b
      | (?:it'?s\s+)?(?:her|his|your|their|my|hers|yours|mine)\s+(?:call|decision|shout|own)\b
      | (?:is|are|stays?)\s+(?:her|his|your|their|my|hers|yours|mine)\b
      | wait(?:s)?\s+for\b | only\s+(?:after|through|with|when\s+i)\b | needs?\s+(?:my|me|a\s+yes)\b
      | up\s+to\s+(?:her|him|you|them)\b | (?:then\s+)?(?:tell|let)\s+me\s+(?:know|after)\b
      | herself\b | himself\b | yourself\b | themselves\b
    ).*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_POINTER = re.compile(
    r"(?:that|this|it|them|those|anything|everything|always|never|also|before|after|when|if|once|"
    r"until|for|as|but|so|then)(?:'s)?",
    re.IGNORECASE,
)


def split(clean: str) -> tuple[str, str | None]:
    """The decision and the words that settle it: "comps up to $50" and "she just does em"."""
    if (match := _HEAD.match(clean)) and not _ORDER.match(match["head"]):
        head = closed(match["head"])
        if 1 <= len(head.split()) <= 9:
            return raised(head), lowered(closed(match["rest"]))
    body = _MAY.sub("", clean, count=1)
    tail = _TAIL.search(body)
    head = closed(body[: tail.start()]) if tail else ""
    if tail and len(head) > 3 and not _ORDER.match(head) and not _POINTER.fullmatch(head):
        return raised(head), closed(body[tail.start() :].lstrip(" ,;–—-"))
    return raised(closed(body)), None
