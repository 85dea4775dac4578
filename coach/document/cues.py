"""Cues of WebVTT, SRT and SBV: whatever the recorder wrote is made legal, then read."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from coach.document.decode import storable
from coach.document.labels import Label, label_of
from coach.document.source import shown
from coach.document.turns import NO_SPEAKERS, Reading, Turn, merged, spoken
from coach.errors import InputError
from coach.patterns import pattern

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,6})?"
_TIMING = pattern(rf"\s*{_TIME}\s*-{{1,2}}>\s*{_TIME}(?=\s|$)")
_SBV_TIMING = pattern(r"\s*\d{1,2}(?::\d{1,2}){2}\.\d{1,3},\d{1,2}(?::\d{1,2}){2}\.\d{1,3}\s*$")
_BROKEN_TIMING = pattern(r"\s*[\d:.,]{1,16}\S{0,8}\s*-{1,2}>\s*\S{0,20}(?:\s|$)")
_IDENTIFIER = pattern(r"\s*(?:\d{1,6}|[0-9A-Fa-f-]{32,40}(?:/\d{1,6}-\d{1,4})?)\s*$")
_LOOSE_IDENTIFIER = pattern(r"\s*(?:\S{1,80}|\d{1,6}\s.{0,100})\s*$")
_GUID = pattern(r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f-]{22}/\d", re.MULTILINE)
_SHORT_TIME = pattern(r"^\d:\d{1,2}:\d{1,2}\.\d{1,3} -->", re.MULTILINE)
_BLOCK = pattern(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# A cue's times are no part of a document; a legal line in their place keeps its words.
_LEGAL = "00:00:00.000 --> 00:00:01.000"

_VOICE = pattern(r"<v(?:\.[^\s<>]{1,40})*[ \t]+([^<>\n]{1,200})>")
_TAG = pattern(
    r"</?(?:c|v|b|i|u|s|ruby|rt|lang|font)(?:[.\s][^<>]{0,200})?>"
    r"|<\d[\d:.]{3,15}>|\{\\[^{}]{0,40}\}",
    re.IGNORECASE,
)
_ROLLING = pattern(r"<\d[\d:.]{3,15}><c")
_ENTITY = pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_CHANGE = pattern(r"\s*>{2,3}\s*")


class _Legal(NamedTuple):
    text: str
    cues: int
    words: int
    """Lines of words in them."""
    broken: int
    """Time lines that could not be understood; the words below them are kept."""
    stray: int
    """Lines outside any cue, put to the cue before them."""


class _Piece(NamedTuple):
    """A stretch of one cue: its voice where it has one, and whether it is one at all."""

    voice: str | None
    text: str


def read(text: str, name: str) -> Reading:
    """The turns of a file of cues; ``InputError`` where no cue has a word."""
    import webvtt

    legal = _legal(text)
    if not legal.words:
        raise _empty(name)
    captions = webvtt.from_string(legal.text).captions
    raw = [caption.raw_text for caption in captions]
    kind = _format(text, raw)
    if kind == "WebVTT (YouTube)":
        raw = _without_repeats(raw)
    turns = merged(_turns(raw))
    warnings = [] if any(turn.speaker for turn in turns) else [NO_SPEAKERS]
    if legal.broken:
        warnings.append(f"time lines that are not valid: {legal.broken}; their words are kept")
    if legal.stray:
        warnings.append(f"lines outside any cue: {legal.stray}; kept with the cue before them")
    if len(captions) != legal.cues:
        warnings.append(f"cues that could not be read: {abs(legal.cues - len(captions))}")
    if not turns:
        raise _empty(name)
    return Reading("transcript", kind, spoken(turns), tuple(warnings))


def _empty(name: str) -> InputError:
    return InputError(
        f"{shown(name)}: it holds no cue with words in it",
        hint="export the transcript again, or paste its text into a .txt file",
    )


def _legal(text: str) -> _Legal:
    """The cues as WebVTT that the library reads without loss."""
    out = ["WEBVTT", ""]
    cues = words = broken = stray = 0
    inside = False  # between a time line and the next blank one
    aside = False  # in a NOTE, STYLE or REGION block
    lines = text.split("\n")
    start = 1 if lines[0].lstrip().startswith("WEBVTT") else 0
    in_header = start == 1
    for index in range(start, len(lines)):
        line = lines[index]
        timed = _TIMING.match(line) or _SBV_TIMING.match(line)
        if timed or (not inside and ":" in line and _BROKEN_TIMING.match(line)):
            out += ["", _LEGAL]
            cues += 1
            broken += not timed
            inside, aside, in_header = True, False, False
        elif not line:
            inside = aside = in_header = False
        elif not line.strip():
            continue  # a line of spaces ends no cue
        elif in_header or aside or _heads_a_cue(lines, index):
            continue
        elif not inside and start and _BLOCK.match(line):
            aside = True
        else:
            if not inside and not cues:
                out += ["", _LEGAL]
                cues += 1
            stray += not inside
            words += 1
            out.append(line.replace("-->", "→"))
    return _Legal("\n".join(out) + "\n", cues, words, broken, stray)


def _heads_a_cue(lines: list[str], index: int) -> bool:
    """Whether the line is only the identifier over the next time line."""
    if index + 1 >= len(lines):
        return False
    following = lines[index + 1]
    if not (_TIMING.match(following) or _BROKEN_TIMING.match(following)):
        return False
    above = lines[index - 1] if index else ""
    return bool((_IDENTIFIER if above.strip() else _LOOSE_IDENTIFIER).match(lines[index]))


def _turns(raw: list[str]) -> Iterator[Turn]:
    pieces = [piece for words in raw for piece in _pieces(words)]
    labels = [None if piece.voice else label_of(piece.text) for piece in pieces]
    known = _accepted(pieces, labels)
    voiced = sum(piece.voice is not None for piece in pieces)
    labelled = sum(label is not None and label.key in known for label in labels)
    # Where every cue names its voice, one that does not is nobody's; else it goes on.
    goes_on = voiced + labelled < 0.9 * len(pieces)
    speaker: str | None = None
    for piece, label in zip(pieces, labels, strict=True):
        text = piece.text
        if piece.voice:
            speaker = piece.voice
        elif label is not None and label.key in known:
            speaker, text = label.speaker, text[label.end :]
        elif change := _CHANGE.match(text):
            speaker, text = None, text[change.end() :]
        elif not goes_on:
            speaker = None
        yield Turn(speaker, text)


def _accepted(pieces: list[_Piece], labels: list[Label | None]) -> set[str]:
    """Keys of the labels that are voices: repeated, marked, or on most of the cues."""
    named = [label for label in labels if label is not None and label.grade != "plain"]
    counts = Counter(label.key for label in named)
    most = sum(counts.values()) >= 0.6 * len(pieces)
    return {
        label.key
        for label in named
        if most or counts[label.key] > 1 or label.marked or label.grade == "voice"
    }


def _pieces(words: str) -> Iterator[_Piece]:
    """The stretches of one cue: by voice tag, else by line."""
    if (fields := _json_cue(words)) is not None:
        yield fields
        return
    split = _VOICE.split(words)
    for line in _plain(split[0]).split("\n"):
        if line.strip():
            yield _Piece(None, line.strip())
    for voice, said in zip(split[1::2], split[2::2], strict=True):
        if text := _plain(said).replace("\n", " ").strip():
            yield _Piece(_plain(voice).replace("\n", " ").strip() or None, text)


def _json_cue(words: str) -> _Piece | None:
    """Teams' metadata cues: the words stand in a JSON object."""
    if not words.lstrip().startswith("{"):
        return None
    try:
        fields = json.loads(words)
    except (ValueError, RecursionError):
        return None
    text = fields.get("spokenText") if isinstance(fields, dict) else None
    if not isinstance(text, str):
        return None
    speaker = fields.get("speakerName")
    named = storable(speaker)[:200] if isinstance(speaker, str) else ""
    return _Piece(named or None, storable(text))


def _plain(marked: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), _TAG.sub("", marked))


def _without_repeats(raw: list[str]) -> list[str]:
    """The lines of rolling captions once each: every cue repeats the line above it."""
    kept: list[str] = []
    last = ""
    for words in raw:
        for line in _plain(words).split("\n"):
            text = " ".join(line.split())
            if text and text != last:
                kept.append(text)
                last = text
    return kept


def _rolls(raw: list[str]) -> bool:
    """Whether cues mostly begin with the line the cue before ended on."""
    shown_lines = [[line.strip() for line in words.split("\n") if line.strip()] for words in raw]
    filled = [lines for lines in shown_lines if lines]
    again = sum(len(now) > 1 and now[0] == before[-1] for before, now in pairwise(filled))
    return len(filled) > 3 and again > 0.4 * len(filled)


def _format(text: str, raw: list[str]) -> str:
    head = text[:4000]
    if not text.lstrip().startswith("WEBVTT"):
        if _SBV_TIMING.match(text.lstrip().split("\n")[0]):
            return "SubViewer (SBV)"
        first = next((line for line in text.split("\n") if "->" in line), "")
        if "," in first or not _GUID.search(head):
            return "SubRip (SRT)" if first else "SubViewer (SBV)"
    if _ROLLING.search(head) or _rolls(raw):
        return "WebVTT (YouTube)"
    if '"spokenText"' in head or ("<v " in head and _SHORT_TIME.search(head)):
        return "WebVTT (Teams Graph)"
    if _GUID.search(head):
        return "WebVTT (Teams)"
    if re.search(r"^\d{1,5}\n\d\d:\d\d:\d\d\.\d{3} -->", head, re.MULTILINE) and "<v " not in head:
        return "WebVTT (Zoom)"
    return "WebVTT"
