"""Features: what the line model sees of each line, as hashed n-grams. The same in training.

A feature is a 32-bit key: a word, a pair of words or a run of characters of the line itself, a
word of a line around it, of the heading above it, or a fact of its place. Keys are made by fixed
arithmetic, never by Python's own ``hash``, so that they are equal in every process.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from coach.document import Document, Line
from coach.engines.embedded.cues import cues

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!£$€%&=→<>]")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")
_CHAR_SIZES = (2, 3, 4, 5)
_PRIME = np.uint64(0x100000001B3)
_MASK = np.uint64(0xFFFFFFFF)

BLOCKS = ("word", "pair", "char", "before", "before2", "after", "after2", "head", "fact", "cue")
"""Kinds of features; each line's features of one block are scaled together."""


class Features(NamedTuple):
    """The features of a document's lines: ``keys[i]`` stands in line ``rows[i]``."""

    rows: Rows
    keys: Keys
    blocks: npt.NDArray[np.int8]
    counts: npt.NDArray[np.float32]
    size: int
    """How many lines there are."""


def seen_lines(document: Document) -> tuple[Line, ...]:
    """The lines that get a label: all that are not blank."""
    return tuple(line for line in document.lines if line.kind != "blank" and line.text.strip())


def plain(text: str) -> str:
    """The text as features see it: lower case, straight quotes, every digit a zero."""
    text = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).lower()
    return _SPACE.sub(" ", _DIGIT.sub("0", text)).strip()


def features(lines: tuple[Line, ...]) -> Features:
    """The features of these lines, which are one document's non-blank lines in order."""
    texts = [plain(line.content) for line in lines]
    words = [[_word_key(word) for word in _WORD.findall(text)] for text in texts]
    heads = _heads(lines)
    parts = [
        *_word_parts(words),
        *_char_parts(texts),
        *(_around(words, _shifted(len(lines), by), block) for block, by in _SIDES),
        _around(words, heads, "head"),
        _facts(lines, texts),
        _cues(lines, texts),
    ]
    rows = np.concatenate([rows for _, rows, _ in parts])
    keys = np.concatenate(
        [_mixed(keys, block) for block, _, keys in parts],
    )
    blocks = np.concatenate(
        [np.full(len(rows), BLOCKS.index(block), np.int8) for block, rows, _ in parts]
    )
    return _counted(rows, keys, blocks, len(lines))


_SIDES = (("before", -1), ("before2", -2), ("after", 1), ("after2", 2))
_Part = tuple[str, Rows, Keys]


@lru_cache(maxsize=65536)
def _word_key(word: str) -> int:
    return zlib.crc32(word.encode())


def _mixed(keys: Keys, block: str) -> Keys:
    salt = np.uint64(zlib.crc32(block.encode()))
    mixed = (keys + salt) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(32)) & _MASK


def _counted(rows: Rows, keys: Keys, blocks: npt.NDArray[np.int8], size: int) -> Features:
    joined = (rows.astype(np.uint64) << np.uint64(32)) | keys
    unique, first, counts = np.unique(joined, return_index=True, return_counts=True)
    return Features(
        rows=(unique >> np.uint64(32)).astype(np.int64),
        keys=unique & _MASK,
        blocks=blocks[first],
        counts=counts.astype(np.float32),
        size=size,
    )


def _word_parts(words: list[list[int]]) -> list[_Part]:
    lengths = np.array([len(line) for line in words], np.int64)
    rows = np.repeat(np.arange(len(words)), lengths)
    keys = np.array([key for line in words for key in line], np.uint64)
    edged = np.array([key for line in words for key in (1, *line, 2)], np.uint64)
    edged_rows = np.repeat(np.arange(len(words)), lengths + 2)
    pairs = edged[:-1] * _PRIME + edged[1:] if len(edged) else edged
    same = edged_rows[:-1] == edged_rows[1:]
    return [("word", rows, keys), ("pair", edged_rows[:-1][same], pairs[same])]


def _char_parts(texts: list[str]) -> list[_Part]:
    joined = "".join(f" {text} " for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
    parts: list[_Part] = []
    hashed = codes
    inner = np.zeros(len(codes), bool)
    for size in range(2, max(_CHAR_SIZES) + 1):
        if len(codes) < size:
            break
        ends = codes[size - 1 :]
        hashed = hashed[: len(ends)] * _PRIME + ends
        inner = inner[: len(ends)]
        if size > 2:
            inner = inner | (codes[size - 2 : -1] == 32)
        fits = ~inner & (rows[: len(ends)] == rows[size - 1 :])
        if size in _CHAR_SIZES:
            parts.append(("char", rows[: len(ends)][fits], hashed[fits]))
    return parts


def _shifted(size: int, by: int) -> list[int | None]:
    return [at + by if 0 <= at + by < size else None for at in range(size)]


def _around(words: list[list[int]], others: list[int | None], block: str) -> _Part:
    """The words of the line that ``others`` names for each line; an edge is a word of its own."""
    taken = [words[other] if other is not None else [3] for other in others]
    rows = np.repeat(np.arange(len(taken)), [len(keys) for keys in taken])
    return block, rows, np.array([key for keys in taken for key in keys], np.uint64)


def _indent(line: Line) -> int:
    return len(line.text.expandtabs(4)) - len(line.text.expandtabs(4).lstrip())


def _is_head(line: Line) -> bool:
    content = line.content.strip()
    short = len(content) <= 60
    return line.kind == "heading" or (
        line.kind == "note"
        and short
        and (content.endswith(":") or content.startswith("#") or content.isupper())
    )


def _heads(lines: tuple[Line, ...]) -> list[int | None]:
    """For each line the nearest line above it that reads as its heading, or is less indented."""
    heads: list[int | None] = []
    open_: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        depth = -1 if _is_head(line) else _indent(line)
        while open_ and open_[-1][0] >= depth:
            open_.pop()
        heads.append(open_[-1][1] if open_ and line.kind != "speech" else None)
        open_.append((depth, at))
    return heads


_FACTS = {
    "money": re.compile(r"[£$€]\s?0|\b0+k\b"),
    "percent": re.compile(r"0\s?%|per ?cent"),
    "clock": re.compile(r"\b00?[:.]00\b|\b00?\s?[ap]m\b"),
    "number": re.compile(r"0"),
    "asked": re.compile(r"\?"),
    "shouted": re.compile(r"!"),
    "quoted": re.compile(r'"'),
    "arrow": re.compile(r"->|=>|→|="),
    "bullet": re.compile(r"^(?:[-*•+]|0+[.)])\s"),
}


def _facts(lines: tuple[Line, ...], texts: list[str]) -> _Part:
    rows: list[int] = []
    keys: list[int] = []
    size = max(len(lines), 1)
    for at, (line, text) in enumerate(zip(lines, texts, strict=True)):
        before = lines[at - 1] if at else None
        names = [name for name, pattern in _FACTS.items() if pattern.search(text)]
        names.append(f"kind {'speech' if line.kind == 'speech' else 'note'}")
        names.append(f"role {line.role if line.kind == 'speech' else None}")
        names.append(f"length {min(len(text).bit_length(), 9)}")
        names.append(f"place {10 * at // size}")
        names.append(f"first {min(at, 4)}")
        names.append(f"last {min(size - at, 4)}")
        if before is not None and line.kind == "speech":
            names.append(f"same voice {before.speaker == line.speaker}")
        rows += [at] * len(names)
        keys += [_word_key(name) for name in names]
    return "fact", np.array(rows, np.int64), np.array(keys, np.uint64)


def _cues(lines: tuple[Line, ...], texts: list[str]) -> _Part:
    found = [cues(line.content, text) for line, text in zip(lines, texts, strict=True)]
    rows = np.repeat(np.arange(len(lines)), [len(names) for names in found])
    keys = [_word_key(name) for names in found for name in names]
    return "cue", rows, np.array(keys, np.uint64)
