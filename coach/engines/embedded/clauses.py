"""Clauses: a line's sentences, and finer fragments of them, as slices that lose only blanks."""

from __future__ import annotations

import re
from itertools import pairwise

from coach.patterns import pattern

_ABBREVIATION = pattern(
    r"(?:\b(?:e\.g|i\.e|a\.m|p\.m|approx|etc|vs|no|mr|mrs|ms|dr|st|incl|dept|hrs?|mins?|wks?|min|"
    r"max|w|b|k|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun)"
    r"|\b[a-zA-Z])\.$",
    re.IGNORECASE,
)
_BREAK = pattern(r"(?:(?<![.!?…])[.!?…]+[\"')\]*]*|;)\s+")
_FRAGMENT = pattern(
    r"(?<![.!?;])[.!?;]+[\"')\]]*\s+|(?<!\s)\s+(?:-{1,2}|–|—)\s+|,\s+(?=(?:and|but|so|or)\b)"
)
_JOINT = pattern(r",\s+|\s+(?=(?:and|but|so|then|also|because)\b)", re.IGNORECASE)


def clauses(text: str) -> list[tuple[int, int]]:
    """Sentences of a line as (start, end), without outer blanks; notes start them in lower case."""
    spans = []
    begin = 0
    for found in _BREAK.finditer(text):
        if _ABBREVIATION.search(text[max(begin, found.start() - 8) : found.start() + 1]):
            continue
        spans.append((begin, found.end()))
        begin = found.end()
    spans.append((begin, len(text)))
    return [
        (
            start + len(text[start:end]) - len(text[start:end].lstrip()),
            start + len(text[start:end].rstrip()),
        )
        for start, end in spans
        if text[start:end].strip()
    ]


def short_clauses(text: str, most: int) -> list[tuple[int, int]]:
    """The clauses of a text; those of more than ``most`` words cut again where thoughts join.

    Dictation runs on without a full stop; then commas and "and", "but", "so" are all there is.
    """
    found = []
    for start, end in clauses(text):
        begin = start
        for joint in _JOINT.finditer(text, start, end):
            if len(text[begin : joint.start()].split()) >= most // 2:
                found.append((begin, joint.start()))
                begin = joint.end()
        found.append((begin, end))
    return found


def fragments(text: str) -> list[tuple[int, int]]:
    """Start and end of each fragment of the text, outer blanks left out."""
    edges = [0, *(match.end() for match in _FRAGMENT.finditer(text)), len(text)]
    spans = []
    for start, end in pairwise(edges):
        piece = text[start:end]
        inner = piece.strip().rstrip(",;.-–— ")
        if inner:
            begin = start + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(inner)))
    return spans or [(0, len(text))]
