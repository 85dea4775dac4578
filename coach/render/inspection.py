"""What was read from a source, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.document import Document, Speaker
from coach.render.visible import visible


class Inspection(BaseModel):
    """The ``--json`` of ``coach inspect``."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.inspect/1"] = Field(default="coach.inspect/1", alias="schema")
    name: str
    kind: Literal["notes", "transcript"]
    format: str
    encoding: str | None
    sha256: str
    lines: int
    words: int
    manager: str | None
    employee: str | None
    roles_from: str | None
    speakers: tuple[Speaker, ...]
    warnings: tuple[str, ...]
    text: tuple[str, ...] | None = None
    """The plain text, a string a line; only when asked for."""


def inspect(document: Document, *, with_text: bool = False) -> Inspection:
    """What is known about the document."""
    same = ("name", "kind", "format", "encoding", "sha256", "words", "manager", "employee")
    return Inspection(
        **{name: getattr(document, name) for name in same},
        roles_from=document.roles_from,
        lines=len(document.lines),
        speakers=document.speakers,
        warnings=document.warnings,
        text=tuple(line.text for line in document.lines) if with_text else None,
    )


def inspection_lines(document: Document) -> Iterator[str]:
    """What is known about the document, a fact a line."""
    yield f"{visible(document.name)}: {document.kind}, {document.format}"
    if document.encoding:
        yield f"encoding: {document.encoding}"
    yield f"{len(document.lines)} lines, {document.words} words"
    yield f"sha256: {document.sha256}"
    for speaker in document.speakers:
        role = f" ({speaker.role})" if speaker.role else ""
        yield f"speaker {visible(speaker.name)}{role}: {speaker.turns} turns, {speaker.words} words"
    for role in ("manager", "employee"):
        if name := getattr(document, role):
            yield f"{role}: {visible(name)}"
    if document.roles_from:
        yield f"who is who: {visible(document.roles_from)}"


def numbered(document: Document) -> Iterator[str]:
    """The plain text with line numbers, as evidence refers to it."""
    width = len(str(len(document.lines)))
    for line in document.lines:
        yield f"{line.number:>{width}}  {visible(line.text)}".rstrip()
