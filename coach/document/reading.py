"""read(): a source becomes a Document."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from coach.document import text
from coach.document.decode import decode
from coach.document.labels import key_of
from coach.document.model import Document, Line
from coach.document.notes import employee_named
from coach.document.roles import Cast, cast_voices, person
from coach.document.sniff import TextFamily, container, text_family
from coach.document.source import fetch, name_of, shown
from coach.document.turns import Part, Reading
from coach.errors import EmptyError, InputError

LIMIT = 20_000_000
"""Bytes that are read at most."""
_MOST_LINES = 50_000
_MOST_BREAKS = 120_000
"""Cues take four lines or five for one turn or less."""


def read(
    source: str | Path,
    *,
    manager: str | None = None,
    employee: str | None = None,
    encoding: str | None = None,
    limit: int = LIMIT,
    stdin: BinaryIO | None = None,
) -> Document:
    """The document at a path, or on standard input for ``-``.

    ``manager`` and ``employee`` name voices of a transcript, by first or full name. ``encoding``
    overrides what the bytes look like. ``limit`` counts bytes; more are never read.

    Raises ``InputError`` for what cannot be read or holds nothing, ``UsageError`` for a name that
    no voice has.
    """
    name, data = fetch(source, limit=limit, stdin=stdin)
    return read_bytes(data, name, manager=manager, employee=employee, encoding=encoding)


def read_bytes(
    data: bytes,
    name: str,
    *,
    manager: str | None = None,
    employee: str | None = None,
    encoding: str | None = None,
) -> Document:
    """The document that some bytes hold; ``name`` is what they are called, ``-`` for no name."""
    name = name_of(name)
    if not data:
        raise _nothing(name, "it is empty")
    whole, used, reading = _read(data, name, encoding)
    if not any(part.kind not in {"blank", "frame"} for part in reading.parts):
        raise _nothing(name, "it holds no line of notes and no turn")
    _hold_to(_MOST_LINES, len(reading.parts), name)
    cast = _cast(reading, manager, employee)
    return Document(
        name=name,
        kind=reading.kind,
        format=reading.format,
        encoding=used,
        sha256=hashlib.sha256(data).hexdigest(),
        text=whole if whole is not None else "\n".join(part.text for part in reading.parts),
        verbatim=whole is not None,
        lines=_lines(reading.parts, cast),
        manager=cast.manager,
        employee=cast.employee,
        roles_from=cast.source,
        warnings=(*reading.warnings, *cast.warnings),
    )


def _read(data: bytes, name: str, encoding: str | None) -> tuple[str | None, str | None, Reading]:
    """The text if it is to stay as it is, the encoding, and the reading."""
    family = container(data, name)
    if family == "docx":
        from coach.document import docx

        return None, None, docx.read(data, name)
    if family == "pdf":
        from coach.document import pdf

        return None, None, pdf.read(data, name)
    decoded = decode(data, name, encoding)
    if not decoded.text.strip():
        raise _nothing(name, "it holds only blank lines")
    breaks = decoded.text.count("\n")
    if decoded.text.lstrip()[:1] not in {"{", "["}:  # JSON may be printed wide
        _hold_to(_MOST_BREAKS, breaks, name)
    kind = text_family(decoded.text, name)
    if kind == "text":
        _hold_to(_MOST_LINES, breaks, name)
    found = _read_text(decoded.text, name, kind)
    found = found._replace(warnings=(*decoded.warnings, *found.warnings))
    return (decoded.text if kind == "text" else None), decoded.encoding, found


def _read_text(source: str, name: str, family: TextFamily) -> Reading:
    """Each reader is imported by the file that needs it: most runs read plain text."""
    match family:
        case "text":
            return text.read(source, name)
        case "html":
            from coach.document import html

            return html.read(source)
        case "json":
            from coach.document import json_transcript

            return json_transcript.read(source, name)
        case "cues":
            from coach.document import cues

            return cues.read(source, name)


def _cast(reading: Reading, manager: str | None, employee: str | None) -> Cast:
    manager = (manager or "").strip() or None
    employee = (employee or "").strip() or None
    if reading.kind == "transcript":
        return cast_voices(reading.parts, manager=manager, employee=employee)
    manager, employee = person(manager), person(employee)
    given = [o for o, name in (("--manager", manager), ("--employee", employee)) if name]
    top = reading.parts[:40]
    named = employee_named([part.text for part in top], [part.kind for part in top])
    if employee is None and named is not None:
        employee, where = named
        given.append(where)
    return Cast({}, manager, employee, " and ".join(given) or None)


def _lines(parts: Sequence[Part], cast: Cast) -> tuple[Line, ...]:
    lines: list[Line] = []
    start = 0
    roles = {part.speaker: cast.roles.get(key_of(part.speaker)) for part in parts if part.speaker}
    for number, part in enumerate(parts, 1):
        lines.append(
            Line(
                number=number,
                start=start,
                text=part.text,
                kind=part.kind,
                speaker=part.speaker,
                role=roles.get(part.speaker) if part.speaker else None,
                prefix=part.prefix,
            )
        )
        start += len(part.text) + 1
    return tuple(lines)


def _hold_to(most: int, lines: int, name: str) -> None:
    if lines > most:
        raise InputError(
            f"{shown(name)}: it has more than {most:,} lines",
            hint="give the notes or the transcript of one conversation",
        )


def _nothing(name: str, what: str) -> EmptyError:
    return EmptyError(
        f"{shown(name)}: {what}",
        hint="give notes or a transcript with words in it",
    )
