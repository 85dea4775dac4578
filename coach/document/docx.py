"""Word files: paragraphs, table cells and lists; held to caps before any XML is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from coach.document import cues, text
from coach.document.decode import storable
from coach.document.notes import is_heading
from coach.document.source import shown
from coach.document.turns import Part, Reading, spoken_lines
from coach.errors import EmptyError, InputError

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_MOST_XML = 20_000_000
_MOST_RATIO = 100
_RATIO_MATTERS = 1_000_000
"""Below this a part may be as well compressed as it likes."""
_MOST_ENTRIES = 5000
_MOST_TAGS = 150_000
"""An XML tree costs about a hundred bytes a tag."""
_MAIN = "word/document.xml"
_HINT = "save it as .docx again, or paste the text into a .txt file"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PARAGRAPH = f"{_W}p"
_RUN = f"{_W}r"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback"}
_ARROW_TIME = re.compile(r"\s*\d[\d:.,]{3,15}\s+-{1,2}>\s+\d[\d:.,]{3,15}")


class _Paragraph(NamedTuple):
    text: str
    heading: bool
    bullet: bool
    hidden: int
    """Words in it that Word does not show; they are not in the text."""


def read(data: bytes, name: str) -> Reading:
    """The notes or the transcript in a Word file; ``InputError`` for one not fit to open."""
    comments = _checked(data, name)
    paragraphs = _paragraphs(data, name)
    warnings = []
    if comments:
        warnings.append(f"comments in the margin were not read: {comments}")
    if hidden := sum(paragraph.hidden for paragraph in paragraphs):
        warnings.append(f"hidden words were not read: {hidden}")
    filled = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    if not filled:
        raise EmptyError(f"{shown(name)}: it holds no text", hint=_HINT)
    reading = _transcript(filled, name) or _notes(filled)
    return reading._replace(warnings=(*reading.warnings, *warnings))


def _transcript(paragraphs: list[_Paragraph], name: str) -> Reading | None:
    lines = [line for paragraph in paragraphs for line in [*paragraph.text.split("\n"), ""]]
    found = text.classify(lines)
    if found.kind != "transcript" and sum(bool(_ARROW_TIME.match(line)) for line in lines) >= 2:
        found = cues.read("\n".join(lines), name)
        return found._replace(format="Word (transcript)")
    if found.kind != "transcript":
        return None
    teams = any(
        "transcription" in line.casefold() or re.search(r"\S {3}\d{1,2}:\d\d", line)
        for line in lines[:20]
    )
    known = found.format if "Gemini" in found.format else "Teams" if teams else "transcript"
    return Reading("transcript", f"Word ({known})", spoken_lines(found.parts), found.warnings)


def _notes(paragraphs: list[_Paragraph]) -> Reading:
    parts: list[Part] = []
    for paragraph in paragraphs:
        for count, line in enumerate(paragraph.text.split("\n")):
            words = " ".join(line.split())
            if not words:
                continue
            bullet = "- " if paragraph.bullet and not count else ""
            heading = not bullet and (paragraph.heading or is_heading(words))
            parts.append(Part(bullet + words, "heading" if heading else "note"))
    return Reading("notes", "Word", parts)


def _checked(data: bytes, name: str) -> int:
    """How many comments a sound Word file has; nothing large or hostile passes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if _MAIN not in archive.namelist():
                raise InputError(f"{shown(name)}: a zip archive, but not a Word file", hint=_HINT)
            xml = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
            packed = [
                entry
                for entry in entries
                if entry.file_size > max(_RATIO_MATTERS, _MOST_RATIO * entry.compress_size)
            ]
            size = sum(entry.file_size for entry in xml)
            whole = sum(entry.file_size for entry in entries)
            if packed or size > _MOST_XML or whole > 5 * _MOST_XML or len(entries) > _MOST_ENTRIES:
                raise InputError(
                    f"{shown(name)}: a Word file that unpacks to far too much", hint=_HINT
                )
            for entry in xml:
                _without_dtd(archive, entry, name)
            if archive.read(_MAIN).count(b"<") > _MOST_TAGS:
                raise InputError(f"{shown(name)}: a Word file with too many parts", hint=_HINT)
            noted = [e for e in entries if e.filename == "word/comments.xml"]
            return archive.read(noted[0]).count(b"<w:comment ") if noted else 0
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise InputError(
            f"{shown(name)}: not a Word file: the archive is cut short or damaged", hint=_HINT
        ) from error
    except RuntimeError as error:  # what zipfile raises for an encrypted entry
        raise InputError(
            f"{shown(name)}: the archive is locked with a password", hint=_HINT
        ) from error


def _without_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Refuse document types and entities; they can only stand before the first element."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        with archive.open(entry) as stream:
            next(iter(iterparse(stream, events=("start",), forbid_dtd=True)), None)
    except DefusedXmlException as error:
        raise InputError(
            f"{shown(name)}: a Word file with a document type in it, which none needs", hint=_HINT
        ) from error
    except (ParseError, LookupError) as error:
        raise InputError(f"{shown(name)}: a Word file with broken XML", hint=_HINT) from error


def _paragraphs(data: bytes, name: str) -> list[_Paragraph]:
    """The paragraphs in reading order, those of tables, text boxes and form fields too."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: str(style.name or "").casefold() for style in document.styles}
        return [_paragraph(p, styles) for p in _below(document.element.body, _PARAGRAPH)]
    except Exception as error:  # parts that do not fit make python-docx raise nearly anything
        raise InputError(
            f"{shown(name)}: not a Word file: its parts do not fit", hint=_HINT
        ) from error


def _below(top: BaseOxmlElement, tag: str, stop: str = "") -> Iterator[BaseOxmlElement]:
    """The elements of a tag in reading order, none that was deleted or stands there twice.

    ``stop`` is a tag that is not entered.
    """
    waiting = [iter(top)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            continue
        if child.tag in _SKIPPED or child.tag == stop:
            continue
        if child.tag == tag:
            yield child
        waiting.append(iter(child))


def _paragraph(element: BaseOxmlElement, styles: dict[str, str]) -> _Paragraph:
    style_of = element.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(str(style_of.get(f"{_W}val")), "") if style_of is not None else ""
    shown_text: list[str] = []
    hidden = 0
    # A paragraph inside this one, of a text box, has its own turn.
    for run in _below(element, _RUN, stop=_PARAGRAPH):
        words = "".join(_text(run))
        if _is_hidden(run):
            hidden += len(words.split())
        else:
            shown_text.append(words)
    return _Paragraph(
        storable("".join(shown_text)),
        style.startswith(("heading", "title", "subtitle")),
        element.find(f"{_W}pPr/{_W}numPr") is not None or style.startswith("list"),
        hidden,
    )


def _text(run: BaseOxmlElement) -> Iterator[str]:
    for child in run:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"


def _is_hidden(run: BaseOxmlElement) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in {"0", "false", "off"}
