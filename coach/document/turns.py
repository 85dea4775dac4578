"""What every reader gives: the parts of a source; and how split turns are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from coach.document.model import LineKind
from coach.patterns import pattern

LONGEST = 40
"""Words in a line of speech nobody is named for."""

NO_SPEAKERS = (
    "the file names no speakers, so nobody is known to have said a line; "
    "export it with names, or put 'Name: ' before each turn"
)


class Part(NamedTuple):
    """One line to be: its text, what it is, who said it, how much of it is label."""

    text: str
    kind: LineKind
    speaker: str | None = None
    prefix: int = 0


class Reading(NamedTuple):
    """What one reader made of a source."""

    kind: Literal["notes", "transcript"]
    format: str
    parts: list[Part]
    warnings: tuple[str, ...] = ()


class Turn(NamedTuple):
    """What one voice said at a stretch."""

    speaker: str | None
    text: str


def merged(turns: Iterable[Turn]) -> list[Turn]:
    """The turns with neighbours of one voice joined by a space, white space made single."""
    speaker: str | None = None
    said: list[str] = []
    joined: list[Turn] = []
    for turn in turns:
        text = " ".join(turn.text.split())
        if not text:
            continue
        name = (" ".join(turn.speaker.split()) if turn.speaker else "") or None
        if said and name != speaker:
            joined.append(Turn(speaker, " ".join(said)))
            said = []
        speaker = name
        said.append(text)
    if said:
        joined.append(Turn(speaker, " ".join(said)))
    return joined


def spoken(turns: Iterable[Turn]) -> list[Part]:
    """One line a turn, ``Speaker: text``; speech nobody is named for in chunks of a sentence."""
    parts: list[Part] = []
    for turn in merged(turns):
        if turn.speaker is None:
            parts.extend(Part(chunk, "speech") for chunk in chunks(turn.text))
        else:
            label = f"{turn.speaker}: "
            parts.append(Part(label + turn.text, "speech", turn.speaker, len(label)))
    return parts


def spoken_lines(parts: list[Part]) -> list[Part]:
    """The parts of a text as a document of one turn a line: frames out, split turns joined."""
    lines: list[Part] = []
    run: list[Turn] = []
    for part in parts:
        if part.kind == "speech":
            run.append(Turn(part.speaker, part.text[part.prefix :].strip("* ")))
        elif part.kind in {"note", "summary", "heading"}:
            lines += [*spoken(run), part]
            run = []
    return [*lines, *spoken(run)]


def chunks(text: str) -> Iterator[str]:
    """The text cut after sentences, and where those are longer than ``LONGEST`` words.

    Recognised speech often has no full stops at all, hence the cap.
    """
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        for begin in range(0, len(words), LONGEST):
            yield " ".join(words[begin : begin + LONGEST])


_SENTENCE_END = pattern(r"(?<=[.?!…])\s(?=\S)")
