"""Document: the numbered lines of one source, with speakers where it has them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from coach.document.orders import orders_among

Role = Literal["manager", "employee", "other"]
LineKind = Literal["speech", "note", "heading", "summary", "frame", "blank"]


class Line(BaseModel):
    """One line of a document.

    ``kind`` says what the line is: ``speech`` a turn of a transcript, ``note`` a line somebody
    wrote, ``heading``, ``summary`` what a notes tool wrote by itself (never evidence of speech),
    ``frame`` what the recorder or editor put around the talk (time stamps, speaker headers, front
    matter, "Transcribed by ..."), ``blank``.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    """1-based."""
    start: int
    """Offset of the line's first character in the document's text, in code points."""
    text: str
    """The whole line, without its line break."""
    kind: LineKind
    speaker: str | None = None
    """The speaker's label as it stands in the source."""
    role: Role | None = None
    """Who the speaker is, or None where nobody said and it is not plain."""
    prefix: int = 0
    """How many characters at the line's start are label, not content (``Dana: ``, ``[18:31] ``)."""

    @property
    def content(self) -> str:
        """What was said or written, without speaker label."""
        return self.text[self.prefix :]

    @property
    def content_start(self) -> int:
        """Offset of the content's first character in the document's text."""
        return self.start + self.prefix

    @property
    def end(self) -> int:
        """Offset after the line's last character."""
        return self.start + len(self.text)

    @property
    def mappable(self) -> bool:
        """Whether the line can be evidence: somebody said it or wrote it."""
        return self.kind in {"speech", "note"}


class Speaker(BaseModel):
    """One voice of a transcript, counted."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role | None
    turns: int
    words: int


class Document(BaseModel):
    """A source as read: plain text, its lines, and what is known about its making.

    For text and Markdown the text is the file itself, byte-order mark and CR removed. For VTT,
    SRT, SBV, DOCX, PDF and JSON it is the normalised text, one turn or paragraph a line, turns as
    ``Speaker: what was said``. Offsets count code points of ``text``; ends are exclusive.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    """File name without folders, or ``-``."""
    kind: Literal["notes", "transcript"]
    format: str
    """What was recognised, for people: ``Markdown``, ``WebVTT (Teams)``, ``Otter text``, ..."""
    encoding: str | None
    sha256: str
    """Of the bytes read."""
    text: str
    verbatim: bool = True
    """Whether the text is that of the file, so that line 12 is its line 12."""
    lines: tuple[Line, ...]
    manager: str | None = None
    employee: str | None = None
    roles_from: str | None = None
    """How manager and employee are known, for people; None where they are not."""
    warnings: tuple[str, ...] = ()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed, which knows nothing of what was worked out before.

        pydantic's own would carry it along: a copy with names hidden would still hold the lines
        with the names.
        """
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line(self, number: int) -> Line:
        """The line with this 1-based number."""
        if not 1 <= number <= len(self.lines):
            raise IndexError(number)
        return self.lines[number - 1]

    def line_at(self, offset: int) -> Line:
        """The line that holds this offset."""
        return self.lines[bisect_right(self._starts, offset) - 1]

    @cached_property
    def content_lines(self) -> tuple[Line, ...]:
        """The lines that can be evidence, in order."""
        return tuple(line for line in self.lines if line.mappable)

    @cached_property
    def set_aside(self) -> frozenset[int]:
        """Numbers of the lines that were written for a machine: they carry nothing of a talk."""
        return orders_among(self.lines)

    @cached_property
    def words(self) -> int:
        """Words said or written, labels and frame not counted."""
        return sum(len(line.content.split()) for line in self.content_lines)

    @cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """The voices in order of first appearance; a turn is a run of lines by one voice."""
        turns: dict[str, int] = {}
        words: dict[str, int] = {}
        roles: dict[str, Role | None] = {}
        previous = None
        for line in self.lines:
            if line.kind != "speech" or line.speaker is None:
                continue
            turns[line.speaker] = turns.get(line.speaker, 0) + (line.speaker != previous)
            words[line.speaker] = words.get(line.speaker, 0) + len(line.content.split())
            roles[line.speaker] = line.role
            previous = line.speaker
        return tuple(
            Speaker(name=name, role=roles[name], turns=turns[name], words=words[name])
            for name in turns
        )
