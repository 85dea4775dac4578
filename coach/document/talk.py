"""Talk in plain text: where a text file is a transcript, and who says which line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from coach.document.labels import (
    LONE_STAMP,
    STAMP,
    STAMPED,
    Label,
    grade_of,
    header_of,
    key_of,
    label_of,
)
from coach.document.turns import Part
from coach.patterns import TWINS, pattern


class Talk(NamedTuple):
    """The lines ``first`` to ``last`` (0-based, inclusive) are a transcript."""

    first: int
    last: int
    parts: list[Part]
    """One for each line from first to last."""
    headed: bool
    """Names stand on lines of their own, over the words."""


class _Span(NamedTuple):
    labels: dict[int, Label]
    first: int
    last: int


_LABELLED, _INSIDE = 0.2, 0.4
"""The least share of labels among the lines of a talk, and of a talk among the lines of a text."""
# In a file wrapped at a width no line is longer than this, and what goes on below is nearly full.
_WIDEST = 120
_RAGGED = 25
_ARROW_TIME = pattern(r"\s*\d[\d:.,]{3,15}\s+-{1,2}>\s+\d[\d:.,]{3,15}\s*$")
_ASIDE = pattern(rf"\s*(?:{STAMP}\s{{1,4}})?[\[(*_][^\[\]()]{{1,80}}[\])*_]\s*$", re.IGNORECASE)
_RULE = pattern(r"\s*(?:[-*_=~]\s?){3,}\s*$")
_BULLET = pattern(r"\s*(?:[-*•–+]|\d{1,2}[.)])\s|\s*#{1,6}\s")
_SPOKEN = pattern(
    r"\?|\b(?:i|i['’](?:m|ll|ve|d)|you|you['’](?:re|ll|ve|d)|we|my|your|me|yes|yeah|no|ok|okay|"
    r"hi|hello|hey|thanks|morning|sure|right|well|oh)\b",
    re.IGNORECASE,
)
_FRAME = pattern(
    r"\s*(?:\W{0,4}\s?)?(?:webvtt\b|transcribed by\b|transcription (?:ended|started|stopped)|"
    r"(?:this )?(?:editable )?transcript was (?:computer|automatically) generated|"
    r"recording (?:started|stopped|ended)|meeting (?:ended|started)|"
    r"end of (?:transcript|recording)|"
    r"attendees\s*:?$|transcript\s*:?$|\d{1,3}m \d{1,2}s$|https?://\S+$|"
    r"[^:]{1,60} (?:started|stopped) transcription\s*$)|\s*-{2,}.{0,80}-{2,}\s*$",
    re.IGNORECASE,
)
_FRAME_SIGNS = ("transcri", "recording", "meeting", "attendees", "webvtt", "http", "--")
"""Letters of which such a line holds some, if it is no length of time, which ends in "s"."""


def is_frame(line: str) -> bool:
    """Whether the recorder wrote the line, not anybody's words: a time, a start, an end."""
    if len(line) > 200:
        return False
    if ":" in line and LONE_STAMP.match(line):
        return True
    low = line.lower()
    signed = low.endswith("s") or any(sign in low for sign in (*_FRAME_SIGNS, *TWINS))
    return signed and _FRAME.match(line) is not None


def find_talk(lines: Sequence[str], begin: int = 0) -> Talk | None:
    """The transcript among the lines from ``begin`` on, or None where they are no talk."""
    inline = _inline_span(lines, begin)
    heads, frames = _headers(lines, begin)
    if len(heads) >= 2 and (inline is None or len(heads) >= len(inline.labels)):
        return _headed(lines, heads, frames)
    return _inline(lines, inline) if inline else None


def timed_speech(lines: Sequence[str]) -> list[Part] | None:
    """The lines of a transcript that has times but no names, or None where it is none."""
    filled = [line for line in lines if line.strip()]
    timed = sum(1 for line in filled if STAMPED.match(line))
    alone = sum(1 for line in filled if LONE_STAMP.match(line) and line.count(":") > 1)
    if not (timed >= max(3, 0.6 * len(filled)) or alone >= max(3, 0.3 * len(filled))):
        return None
    parts: list[Part] = []
    for line in lines:
        stamp = STAMPED.match(line)
        if not line.strip():
            parts.append(Part(line, "blank"))
        elif is_frame(line):
            parts.append(Part(line, "frame"))
        else:
            parts.append(Part(line, "speech", None, stamp.end() if stamp else 0))
    return parts


# -- ``Name: text`` -------------------------------------------------------------------------------


def _inline_span(lines: Sequence[str], begin: int) -> _Span | None:
    found = {
        number: label
        for number in range(begin, len(lines))
        if (label := label_of(lines[number])) is not None
    }
    counts = Counter(label.key for label in found.values())
    sure = {n: la for n, la in found.items() if _repeats(la, counts[la.key])}
    span = _span(lines, sure, begin)
    if span is None and len(found) <= 8:
        named = {n: la for n, la in found.items() if la.grade != "plain"}
        if len(named) < 2:
            return None
        spoken = sum(bool(_SPOKEN.search(lines[n][la.end :])) for n, la in named.items())
        again = len({la.key for la in named.values()}) < len(named)
        filled = sum(1 for line in lines[begin:] if _goes_on(line))
        if spoken >= (0.5 if again else 1) * len(named) and len(named) >= 0.8 * filled:
            return _span(lines, named, begin)
    if span is None:
        return None
    every = len(sure) >= 0.9 * sum(
        1 for line in lines[span.first : span.last + 1] if _goes_on(line)
    )
    # Where every line is labelled, a label seen once is a voice from the side ("Delivery man").
    once = {
        n: la
        for n, la in found.items()
        if la.grade != "plain" or (every and span.first < n and la.speaker[:1].isupper())
    }
    return span._replace(labels={**sure, **once})


def _repeats(label: Label, count: int) -> bool:
    if label.grade == "plain":
        return count >= 3 or (label.marked and count >= 2)
    return count >= 2 or label.marked or label.grade == "voice"


def _span(lines: Sequence[str], labels: Mapping[int, Label], begin: int) -> _Span | None:
    """From the first to the last of the labels, if that stretch is mostly labelled turns."""
    if len(labels) < 2 or (len({la.key for la in labels.values()}) < 2 and len(labels) < 4):
        return None
    filled = sum(1 for line in lines[begin:] if line.strip())
    if len(labels) < 0.99 * _LABELLED * _INSIDE * filled:  # no need to look: below it is too few
        return None
    first, last = min(labels), max(labels)
    turns = inside = 0
    full = _full_line(lines[first : last + 1])
    above = ""  # the speech line directly above, where there is one
    for number in range(first, last + 1):
        line = lines[number]
        if number in labels:
            turns += 1
            inside += 1
            above = line
        elif not line.strip():
            above = above if above.rstrip().endswith(":") else ""
        elif _goes_on(line):
            inside += 1
            below = len(above) >= full or above.rstrip().endswith((":", "**"))
            turns += bool(below and not _BULLET.match(line))
            above = line if below else ""
    if turns < 0.6 * inside or len(labels) < _LABELLED * inside or inside < _INSIDE * filled:
        return None
    return _Span(dict(labels), first, last)


def _full_line(lines: Sequence[str]) -> int:
    """From which length on a line may have been broken by wrapping."""
    widest = max(map(len, lines))
    return max(40, widest - _RAGGED) if widest <= _WIDEST else widest + 1


def _inline(lines: Sequence[str], span: _Span) -> Talk:
    first, last = min(span.labels), max(span.labels)
    empty = sum(not lines[n][la.end :].strip() for n, la in span.labels.items())
    below = empty > 0.6 * len(span.labels)
    full = _full_line(lines[first : last + 1])
    while last + 1 < len(lines) and _goes_on(lines[last + 1]):
        if not below and len(lines[last]) < full:
            break
        last += 1
    parts: list[Part] = []
    speaker: str | None = None
    for number in range(first, last + 1):
        line = lines[number]
        label = span.labels.get(number)
        if label is not None:
            speaker = label.speaker
            filled = bool(line[label.end :].strip())
            parts.append(
                Part(line, "speech", speaker, label.end) if filled else Part(line, "frame")
            )
        elif not line.strip():
            speaker = speaker if below or parts[-1].kind == "frame" else None
            parts.append(Part(line, "blank"))
        elif not _goes_on(line):
            parts.append(Part(line, "frame"))
        elif speaker is not None:
            parts.append(Part(line, "speech", speaker, _indent(line)))
        else:
            parts.append(Part(line, "note"))
    return Talk(first, last, parts, headed=below)


def _goes_on(line: str) -> bool:
    """Whether an unlabelled line can hold words of the voice above it."""
    bare = line.strip()
    if not bare or is_frame(line):
        return False
    if len(line) > 200:
        return True
    aside = bare[-1] in "])*_" and _ASIDE.match(line)
    return not (aside or (bare[0] in "-*_=~" and _RULE.match(line)))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# -- a name and a time on a line of their own -----------------------------------------------------


def _headers(lines: Sequence[str], begin: int) -> tuple[dict[int, Label], set[int]]:
    """The lines that name who speaks below them, and the time lines that belong to them."""
    heads = {
        number: label
        for number in range(begin, len(lines))
        if (label := header_of(lines[number])) is not None
    }
    frames: set[int] = set()
    if len(heads) < 2:
        heads, frames = _names_by_times(lines, begin)
    counts = Counter(label.key for label in heads.values())
    if not any(la.marked or counts[la.key] > 1 for la in heads.values()):
        return {}, set()
    spoken = sum(1 for n in heads if _words_below(lines, n, heads, frames))
    return (heads, frames) if heads and spoken >= 0.6 * len(heads) else ({}, set())


def _words_below(
    lines: Sequence[str], number: int, heads: Mapping[int, Label], frames: set[int]
) -> bool:
    for below in range(number + 1, min(number + 4, len(lines))):
        if below in heads:
            return False
        if lines[below].strip() and below not in frames:
            return True
    return False


def _names_by_times(lines: Sequence[str], begin: int) -> tuple[dict[int, Label], set[int]]:
    """Headers of two lines: a name over a time, or a time (range) over a name."""
    times = [
        number
        for number in range(begin, len(lines))
        if LONE_STAMP.match(lines[number]) or _ARROW_TIME.match(lines[number])
    ]
    over = dict(_named(lines, times, -1, begin))
    under = dict(_named(lines, times, +1, begin))
    heads = over if len(over) >= len(under) else under
    counts = Counter(label.key for label in heads.values())
    if len(heads) < 2 or max(counts.values()) < 2:
        return {}, set()
    return heads, set(times)


def _named(
    lines: Sequence[str], times: Sequence[int], step: int, begin: int
) -> Iterator[tuple[int, Label]]:
    for time in times:
        number = time + step
        while begin <= number < len(lines) and not lines[number].strip():
            number += step
        if not begin <= number < len(lines):
            continue
        name = lines[number].strip().strip("*_").strip()
        if name and len(name) <= 60 and grade_of(name) in {"name", "voice"}:
            yield number, Label(name, key_of(name), "name", len(lines[number]), True)


def _headed(lines: Sequence[str], heads: Mapping[int, Label], frames: set[int]) -> Talk:
    first = min(heads)
    if first - 1 in frames:
        first -= 1
    parts: list[Part] = []
    speaker: str | None = None
    for number in range(first, len(lines)):
        line = lines[number]
        if number in heads:
            speaker = heads[number].speaker
            parts.append(Part(line, "frame"))
        elif not line.strip():
            parts.append(Part(line, "blank"))
        elif speaker is None or number in frames or is_frame(line):
            parts.append(Part(line, "frame"))
        else:
            parts.append(Part(line, "speech", speaker, _indent(line)))
    return Talk(first, len(lines) - 1, parts, headed=True)
