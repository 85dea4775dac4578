"""Rule: one way in which wording lands badly, as data a manager could write."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.finding import Severity
from coach.tone.frame import Frame, ReadFrame, read_frames
from coach.tone.phrase import Lists, Phrase, read_phrase

Context = Literal["negation", "reported", "policy", "question", "own", "absent", "apology"]


def _lines(value: object) -> object:
    """A block of text as its lines; empty ones and those that start with # are left out."""
    if not isinstance(value, str):
        return value
    lines = (line.strip() for line in value.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


Phrases = Annotated[tuple[str, ...], BeforeValidator(_lines)]
"""A list, or a block with one phrase a line."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Group(_Data):
    """Phrases of one severity that share what silences them."""

    severity: Severity
    phrases: Annotated[Phrases, Field(min_length=1)]
    near: Phrases = ()
    """If given, one of these must stand on the same line."""
    unless: Phrases = ()
    """None of these may stand close by."""
    despite: Annotated[tuple[Context, ...], BeforeValidator(_lines)] = ()
    """Contexts that silence other groups, but not this one."""


class Rule(_Data):
    """A family of wordings, why they land badly, and what to do instead."""

    id: Annotated[str, Field(pattern=r"^tone\.[a-z_]+$")]
    category: str
    about: str = ""
    """What belongs in it, in a line, for whoever labels text by it."""
    message: str
    """Why it lands badly: one calm sentence about the wording, never about a person."""
    advice: str
    """What to do instead."""
    advice_when_high: str | None = None
    """What to do where it is so severe that no softer wording should be offered."""
    source: str
    """Where the idea comes from."""
    words: dict[str, str] = {}
    """Lists of words for ``{name}`` in phrases: ``name: one|two words|three``."""
    within: Annotated[int, Field(ge=0)] | None = None
    """If given, every group must be met within so many lines, and the last one is flagged."""
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    flags: Annotated[tuple[str, ...], Field(min_length=1)]
    """Texts that it must flag."""
    passes: Annotated[tuple[str, ...], Field(min_length=1)]
    """Texts that it must not flag."""
    rewrites: tuple[Frame, ...] = ()
    """How to say it instead; the first that is certain is taken."""

    def __hash__(self) -> int:
        return hash(self.id)

    def advice_for(self, severity: Severity) -> str:
        """What to do about a finding of this severity."""
        return (self.advice_when_high if severity == "high" else None) or self.advice

    @cached_property
    def read_groups(self) -> tuple[ReadGroup, ...]:
        """The groups with their phrases read."""
        lists = Lists(self.words)
        return tuple(ReadGroup(group, lists) for group in self.groups)

    @cached_property
    def read_rewrites(self) -> tuple[ReadFrame, ...]:
        """The frames with their phrases read."""
        return read_frames(self.rewrites, self.words)


class ReadGroup:
    """A group whose phrases are patterns, each list of them read when first asked for."""

    def __init__(self, group: Group, lists: Lists) -> None:
        self.severity = group.severity
        self.despite = frozenset(group.despite)
        self._group = group
        self._lists = lists

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """What it looks for."""
        return tuple(read_phrase(text, self._lists) for text in self._group.phrases)

    @cached_property
    def near(self) -> tuple[Phrase, ...]:
        """Of which one must stand on the line."""
        return tuple(read_phrase(text, self._lists) for text in self._group.near)

    @cached_property
    def unless(self) -> tuple[Phrase, ...]:
        """Of which none may stand close by."""
        return tuple(read_phrase(text, self._lists) for text in self._group.unless)
