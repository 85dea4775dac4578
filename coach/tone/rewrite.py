"""reword: a line without the flagged words, where nothing else is lost with them. Pure."""

from __future__ import annotations

import re

from coach.document import Line

_FACT = re.compile(r"\d|(?<![.!?\n\"“] )(?<!^)\b[A-HJ-Z][a-z]")
_LEADS_IN = re.compile(r"(?:^|[.!?;,:–—-]\s*)(?:and|but|so|or|because)?[^\w.!?]*$", re.IGNORECASE)
_TRAILS = re.compile(r"[\s,;:–—-]+(?:and|but|so|or|because)?[\s,;:–—-]*$", re.IGNORECASE)
_MARKER = re.compile(r"^\s*(?:[-*+•–]\s+)?(?:\[[ xX]?\]\s*)?")
_BROKEN = re.compile(r"[?!:;\"“”()]|[.]\s")
"""More than one plain sentence: then what the flagged words belong to is not certain."""
_MIN_WORDS = 5
_LONGEST = 400
"""Characters before the flagged words; more are no single plain sentence."""


def reword(line: Line, span: tuple[int, int], frame: str) -> str | None:
    """The frame with ``$rest`` filled in; None unless it is certain that only the sting is lost.

    Certain means: the flagged words are a whole clause at the end of the line, they hold no
    number and no name, and what is left is one plain sentence.
    """
    text = line.text
    start, end = span
    if text[end:].strip(" .!?\"'”’)") or _FACT.search(text[start:end]):
        return None
    before = text[line.prefix : start]
    if len(before) > _LONGEST:
        return None
    lead = _LEADS_IN.search(before)
    if not lead or _BROKEN.search(before[: lead.start()]):
        return None
    rest = _MARKER.sub("", before[: lead.end()])
    rest = _TRAILS.sub("", rest).rstrip()
    if len(rest.split()) < _MIN_WORDS:
        return None
    rest = rest.rstrip(".!") + "."
    return frame.replace("$rest", rest[0].upper() + rest[1:])
