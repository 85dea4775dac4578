"""Windows: the lines of a document as runs of word pieces that the encoder reads at once.

Each line is led by a marker that says who speaks. A window holds as many whole lines as fit, with
some lines before and after that are only context. So a short turn ("Even on Sundays?") is read
together with what it answers, and the work grows with the document. The same in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from coach.document import Line

LONGEST = 512
"""Pieces of a window at most."""
CONTEXT = 48
"""Pieces of context at most, on each side of the lines a window is for."""
LINE = 120
"""Pieces of a line at most; what a line does shows long before that."""

_OPEN, _CLOSE = 101, 102
_MARKER = {"manager": 1, "employee": 2, "other": 3, "unknown": 4, "note": 5, "heading": 6}
"""Ids of pieces that the base model never met in text, so that they can mean this."""


class Pieces(Protocol):
    """What a tokenizer gives for one text."""

    @property
    def ids(self) -> list[int]:
        """Ids of its pieces."""
        ...


class Tokenizer(Protocol):
    """Cuts texts into pieces of words."""

    def encode_batch(self, texts: list[str], *, add_special_tokens: bool) -> Sequence[Pieces]:
        """The pieces of each text."""
        ...


class Window(NamedTuple):
    """One run of pieces, and where each of its lines stands in it."""

    ids: list[int]
    lines: range
    """Indexes of the lines it holds."""
    spans: list[tuple[int, int]]
    """Start (the marker) and end of each of these lines in ``ids``."""
    own: range
    """Indexes of the lines it is for; the others are context."""


def pieces(lines: Sequence[Line], tokenizer: Tokenizer) -> list[list[int]]:
    """Each line as its marker and its word pieces."""
    texts = tokenizer.encode_batch([line.content for line in lines], add_special_tokens=False)
    return [[_marker(line), *text.ids[:LINE]] for line, text in zip(lines, texts, strict=True)]


def windows(cut: Sequence[list[int]]) -> list[Window]:
    """The windows over these lines; each line is the own line of exactly one."""
    found = []
    start = 0
    while start < len(cut):
        end = _reach(cut, start, LONGEST - 2 * CONTEXT - 2, least=1)
        first = start - _reach(cut[:start][::-1], 0, CONTEXT)
        last = _reach(cut, end, CONTEXT)
        ids = [_OPEN]
        spans = []
        for line in cut[first:last]:
            spans.append((len(ids), len(ids) + len(line)))
            ids += line
        found.append(Window([*ids, _CLOSE], range(first, last), spans, range(start, end)))
        start = end
    return found


def _reach(cut: Sequence[list[int]], start: int, room: int, least: int = 0) -> int:
    """Where the lines from ``start`` on that fit into the room end."""
    end = start
    while end < len(cut) and (end - start < least or len(cut[end]) <= room):
        room -= len(cut[end])
        end += 1
    return end


def _marker(line: Line) -> int:
    if line.kind == "speech":
        return _MARKER[line.role or "unknown"]
    return _MARKER["heading" if line.content.lstrip().startswith("#") else "note"]
