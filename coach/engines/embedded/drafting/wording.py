"""The notes' own words, cleaned of what only the page or the mouth put there.

Bullets, boxes, clock times, list numbers, initials, "she said", "um, so": gone. Nothing is added
and no word is exchanged; what is left is a slice of the source with its first letter raised.
"""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_MARK = re.compile(
    r"""\s*(?:
        [-*+•–—>·]\s+ | \#{1,6}\s+ | \d{1,2}[.)]\s+ | \[[ xX]?\]\s* | \(\d\)\s* |
        \d{1,2}[:.]\d\d(?:\s?[ap]m)?\s+[-–]?\s* | (?:->|→|=>)\s* | [A-Z]{1,2}:\s+ |
        (?i:goals?|missed|strengths?|strong|jobs?|tasks?|note|success|agreed|plan):\s+ | [,.;:…]+\s+
    )""",
    re.VERBOSE,
)
_EMPHASIS = re.compile(r"(\*\*|__|`|\*(?=\S)|(?<=\S)\*)")
_FILLER = re.compile(
    r"""(?:
        (?:so|ok|okay|um+|uh+|erm?|ah|oh|yeah|yep|yes|aye|haan|arre|well|right|alright|anyway|look|
           and|but|then|also|plus|now|actually|honestly|basically|sorry|no)\b\s*(?:[,.!…-]+\s*|$)
      | (?:so|ok|okay|um+|uh+|erm?|ah|oh|yeah|yep|well(?!\s+done)|and|but|anyway|alright)\s+
      | (?:i\s+mean|you\s+know|to\s+be\s+honest|i\s+guess|i\s+think|
           can\s+i\s+(?:just\s+)?say)\b[, ]+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SAID = re.compile(
    r"""(?:
        (?:(?:she|he|they|i|we)\s+(?:also\s+|just\s+)?)?
        (?:said|says|saying|reckons?|mentioned|agreed|repeated|admitted|
           (?:told|tells|reminded)\s+(?:me|her|him|them))
        (?:\s+to\s+(?:me|her|him|them))?[:,]?\s+(?:that\s+)?
      | (?:i\s+)?asked\s+(?:her|him|them)\s+to\s+
    )(?=\S+\s+\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_A_CLAUSE = re.compile(
    r"(?:so|yes|no|thanks?|sorry|it|that|ok|about|to|in|with|by|for)\b", re.I
)
_MOST_LEADS = 12
"""Marks and fillers that are taken off one clause at most."""


def cleaned(text: str, *, spoken: bool = False) -> str:
    """The words that carry the sense, first letter raised, no closing full stop."""
    text = _EMPHASIS.sub("", _SPACE.sub(" ", text)).strip()
    if text.startswith("|"):  # a row of a table
        text = " - ".join(cell.strip() for cell in text.strip("|").split("|") if cell.strip())
    for _ in range(_MOST_LEADS):
        before = text
        text = text[found.end() :] if (found := _MARK.match(text)) else text
        if spoken and (found := _FILLER.match(text)) and len(text) - found.end() > 3:
            text = text[found.end() :]
        found = None if spoken else _SAID.match(text)
        if found and not _NOT_A_CLAUSE.match(text, found.end()):
            text = text[found.end() :]
        if text == before:
            break
    return raised(closed(text))


def closed(text: str) -> str:
    """Without the punctuation that only ends a sentence or a list entry."""
    text = text.strip().rstrip(" ,;:–—-→>=")
    if text.endswith(".") and not text.endswith("..."):
        text = text[:-1]
    return text


def raised(text: str) -> str:
    """With the first letter as a capital, unless the word is one that carries its own case."""
    first = text.split(" ", 1)[0] if text else ""
    if not first or any(char.isupper() for char in first[1:]):
        return text
    return text[0].upper() + text[1:]


def lowered(text: str) -> str:
    """Ready to stand after a colon: first letter small, unless it may be a name."""
    first = text.split(" ", 1)[0] if text else ""
    common = first.lower().strip(",.;:") in _COMMON
    return text[0].lower() + text[1:] if common else text


_COMMON = frozenset(
    "a an the and any anything all each every no nothing nobody not if when what who which "
    "where how she he they we you it his her their your our my this that these those to for "
    "from with on in at by up over under out off less more one two three four five can "
    "could just please".split()
)
