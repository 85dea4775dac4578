"""PDF files with a text layer: visual lines joined back to paragraphs or turns."""

from __future__ import annotations

import io
import logging
import re

from coach.document import text
from coach.document.decode import storable
from coach.document.notes import is_heading
from coach.document.source import shown
from coach.document.turns import Part, Reading, spoken_lines
from coach.errors import InputError

_MOST_PAGES = 500
_LEAST = 20
"""Characters a page; fewer come from a scan."""
_HINT = "copy the text into a .txt file, or export it as .docx"
_BROKEN_WORD = re.compile(r"(?<=\w)[\u2010\u00ad]\n(?=\w)|(?<=[a-z])-\n(?=[a-z])")
_BULLET = re.compile(r"\s{0,20}(?:[-*•▪●◦–+]|\d{1,2}[.)])\s")
_BULLET_SIGN = re.compile(r"^\s{0,20}[•▪●◦]\s*")
_PAGE_NUMBER = re.compile(r"\s*(?:page )?\d{1,3}(?:\s?(?:/|of)\s?\d{1,3})?\s*$", re.IGNORECASE)


def read(data: bytes, name: str) -> Reading:
    """The notes or the transcript in a PDF; ``InputError`` where it has no text to read."""
    pages = _pages(data, name)
    if sum(len(page.strip()) for page in pages) < _LEAST * len(pages):
        raise InputError(
            f"{shown(name)}: a PDF without text; it looks scanned",
            hint="run text recognition (OCR) on it first, or type the notes into a .txt file",
        )
    joined = _BROKEN_WORD.sub("", "\n".join(map(_without_page_number, pages)))
    lines = [
        " ".join(line.split()) if "  " not in line else line.rstrip()
        for line in joined.replace("\t", " ").split("\n")
    ]
    found = text.classify(lines)
    if found.kind == "transcript":
        return Reading("transcript", "PDF (transcript)", spoken_lines(found.parts), found.warnings)
    parts = [Part(line, "heading" if is_heading(line) else "note") for line in _joined(lines)]
    return Reading("notes", "PDF", parts, found.warnings)


def _pages(data: bytes, name: str) -> list[str]:
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its notes go to stderr otherwise
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(name)
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise InputError(
                f"{shown(name)}: a PDF of more than {_MOST_PAGES} pages",
                hint="give the pages of one conversation",
            )
        pages = [storable(page.extract_text()) for page in reader.pages]
    except (DependencyError, FileNotDecryptedError) as error:
        raise _locked(name) from error
    except InputError:
        raise
    except Exception as error:  # a broken PDF makes pypdf raise nearly anything
        raise InputError(
            f"{shown(name)}: not a PDF that can be read: it is cut short or damaged", hint=_HINT
        ) from error
    if not pages:
        raise InputError(f"{shown(name)}: a PDF without pages", hint=_HINT)
    return pages


def _locked(name: str) -> InputError:
    return InputError(
        f"{shown(name)}: a PDF locked with a password",
        hint="save it without a password, or " + _HINT,
    )


def _without_page_number(page: str) -> str:
    lines = page.strip("\n").split("\n")
    for end in (0, -1):
        if len(lines) > 1 and _PAGE_NUMBER.match(lines[end]):
            lines.pop(end)
    return "\n".join(lines)


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs: a nearly full line goes on in the next, unless that begins something new."""
    lengths = sorted(len(line) for line in lines if line.strip())
    full = 0.75 * lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    paragraphs: list[str] = []
    open_end = False
    for line in lines:
        words = " ".join(line.split())
        if not words:
            open_end = False
            continue
        new = _BULLET.match(line) or is_heading(words) or not open_end
        if new or (paragraphs[-1][-1] in ".!?:" and not words[0].islower()):
            paragraphs.append(_BULLET_SIGN.sub("- ", words))
        else:
            paragraphs[-1] += " " + words
        open_end = len(words) >= full
    return paragraphs
