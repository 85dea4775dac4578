"""Windows: a document as numbered lines, in as many pieces as a model can read at once.

How a line is written makes it material: one physical line each, led by its number, with nothing in
it that a model, or the template of a server, could take for the end of the material. A backslash
stands where something was made harmless, the same for the same text, so that a provider's cache of
the prompt still fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from coach.document import Line

BEFORE = 3
AFTER = 2
"""Turns of context on each side of a window, as far as its share allows."""
_SHARE_BEFORE = 0.13
_SHARE_AFTER = 0.09
"""Of the tokens of a window's own lines. Together below a quarter: what long input may cost more
than one pass, whatever the lines are like."""

_TAGS = "<before>\n</before>\n<lines>\n</lines>\n<after>\n</after>\n"
_JOINERS = "\u00ad\u200c\u200d"
_HIDDEN = re.compile(r"[^ -~]")
_TAG = re.compile(r"<(?=[A-Za-z/|!?_｜▁]|\s{1,9}/?\s{0,9}(?i:lines|before|after)\b)")
"""What may open a tag of ours, or a token that a chat template knows: ``<|im_start|>``."""
_TEMPLATE = re.compile(r"\[/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_[A-Z]+)\]")
_MARKER = re.compile(
    r"(?<!\S)L(?=\d{1,7}(?: ?:| [^:\n]{0,60}\((?:manager|employee|other)\) ?:))"
    r"|^(\s*)L(?=\d{1,7} [^:\n]{1,60}:)"
)
_LABEL = str.maketrans({"(": "[", ")": "]", ":": " ", "\n": " "})


class Window(NamedTuple):
    """The lines that are asked about, and lines around them that only help to understand them."""

    lines: tuple[Line, ...]
    before: tuple[Line, ...]
    after: tuple[Line, ...]


def numbered(line: Line) -> str:
    """How a line is written into a prompt: ``L12 Dana (manager): text``, ``L12: text``."""
    return f"L{line.number}{_voice(line)}: {harmless(line.content.rstrip())}"


def material(window: Window, *, write: Callable[[Line], str] = numbered) -> str:
    """The window as a prompt holds it: tagged blocks of numbered lines, context in its own.

    ``write`` may add to ``numbered``; what it adds must be coach's own words, or ``harmless``.
    """
    blocks = (("before", window.before), ("lines", window.lines), ("after", window.after))
    return "\n".join(
        "\n".join((f"<{tag}>", *map(write, lines), f"</{tag}>"))
        for tag, lines in blocks
        if lines or tag == "lines"
    )


def harmless(text: str) -> str:
    r"""Text of a document as one physical line that can end no block and start no other line.

    Control characters are written out (``\x1b``), tabs and odd blanks become blanks; a backslash
    breaks what looks like a tag, a token of a chat template or the mark of a line.
    """
    text = _HIDDEN.sub(_shown, text)
    text = _TAG.sub(r"<\\", text)
    text = _TEMPLATE.sub(lambda found: "[\\" + found.group()[1:], text)
    return _MARKER.sub(lambda found: f"{found.group(1) or ''}L\\", text)


def windows(lines: Sequence[Line], *, room: int, count: Callable[[str], int]) -> list[Window]:
    """The lines as one window where they fit, else as several of about the same size.

    ``room`` is what the ``material`` of one window may take, as ``count`` counts tokens.
    Every line is the own line of exactly one window; windows end between turns, inside one only
    where it is too long. A line that alone is longer than the room is a window of its own, without
    context: the caller sees it by counting.

    Raises:
        ValueError: there is no room.
    """
    room -= count(_TAGS)
    if room < 1:
        raise ValueError("there is no room for a single line")
    costs = [count(numbered(line) + "\n") for line in lines]
    if not lines or sum(costs) <= room:
        return [Window(tuple(lines), (), ())] if lines else []
    sums = [0, *accumulate(costs)]
    most = max(int(room / (1 + _SHARE_BEFORE + _SHARE_AFTER)), 1)
    edges = _turns(lines, sums, longest=most // 4)
    text = _Text(lines, sums, edges)
    bounds = _balanced([sums[edge] for edge in edges], most)
    return [_window(text, first, last, room) for first, last in pairwise(bounds)]


class _Text(NamedTuple):
    """The lines, the sum of their tokens up to each, and where turns begin, the end included."""

    lines: Sequence[Line]
    sums: Sequence[int]
    edges: Sequence[int]

    def cost(self, start: int, end: int) -> int:
        return self.sums[end] - self.sums[start]


def _turns(lines: Sequence[Line], sums: Sequence[int], *, longest: int) -> list[int]:
    """Where turns begin, and the end: a run of one voice; a heading with the line after it."""
    starts = [at for at, line in enumerate(lines) if at == 0 or not _continues(lines[at - 1], line)]
    edges: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        long = sums[end] - sums[start] > longest
        edges += range(start, end) if long else (start,)
    return [*edges, len(lines)]


def _continues(before: Line, line: Line) -> bool:
    if before.kind == "heading":
        return line.kind != "heading"
    return before.kind == line.kind == "speech" and before.speaker == line.speaker


def _balanced(sums: Sequence[int], most: int) -> list[int]:
    """Where windows begin, and the end, as places among the turns: few, and none a small rest."""
    pieces = -(-sums[-1] // most)
    bounds = _parted(sums, most, pieces)
    for _ in range(3):
        if len(bounds) - 1 <= pieces:
            break
        pieces = len(bounds) - 1  # turns do not pack that tightly: share out among more
        bounds = _parted(sums, most, pieces)
    return bounds


def _parted(sums: Sequence[int], most: int, pieces: int) -> list[int]:
    """Bounds of windows of at most ``most``, each as near to its fair share as turns allow."""
    bounds = [0]
    last = len(sums) - 1
    while (start := bounds[-1]) < last:
        rest = sums[last] - sums[start]
        fair = rest / max(pieces - len(bounds) + 1, -(-rest // most), 1)
        end = start + 1
        while end < last:
            now, then = sums[end] - sums[start], sums[end + 1] - sums[start]
            if then > most or abs(then - fair) > abs(now - fair):
                break
            end += 1
        bounds.append(end)
    return bounds


def _window(text: _Text, first: int, last: int, room: int) -> Window:
    """The window of these turns, with as much context as its share and the room allow."""
    start, end = text.edges[first], text.edges[last]
    own = text.cost(start, end)
    spare = max(room - own, 0)
    before = _before(text, first, min(int(own * _SHARE_BEFORE), spare))
    spare -= sum(text.cost(at, at + 1) for at in before)
    share = min(int(own * _SHARE_AFTER), spare)
    high = end
    reach = text.edges[min(last + AFTER, len(text.edges) - 1)]
    while high < reach and text.cost(end, high + 1) <= share:
        high += 1
    pick = text.lines
    return Window(tuple(pick[start:end]), tuple(pick[at] for at in before), tuple(pick[end:high]))


def _before(text: _Text, first: int, share: int) -> list[int]:
    """Places of the context before this turn, led by the heading under which it all stands."""
    low = start = text.edges[first]
    heading = _heading(text, start)
    if heading is not None:
        cost = text.cost(heading, heading + 1)
        heading, share = (heading, share - cost) if cost <= share / 2 else (None, share)
    reach = text.edges[max(first - BEFORE, 0)]
    while low > reach and text.cost(low - 1, start) <= share:
        low -= 1
    above = [heading] if heading is not None and heading < low else []
    return [*above, *range(low, start)]


def _heading(text: _Text, start: int) -> int | None:
    """Where the last heading above this line stands; None if the line is one, or there is none."""
    for at in range(start, -1, -1):
        if text.lines[at].kind == "heading":
            return at if at < start else None
    return None


def _voice(line: Line) -> str:
    if line.kind in {"heading", "summary"}:
        return f" ({line.kind})"
    name = harmless(line.speaker.translate(_LABEL)).strip() if line.speaker else ""
    role = f"({line.role})" if line.role else ""
    return "".join(f" {part}" for part in (name, role) if part)


def _shown(found: re.Match[str]) -> str:
    char = found.group()
    if char.isspace() and char not in "\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    if char.isprintable() or char in _JOINERS:
        return char
    return char.encode("unicode_escape").decode("ascii")
