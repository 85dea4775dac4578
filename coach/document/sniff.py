"""What a source is: by its content first, by its extension second."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from coach.document.source import STDIN, shown
from coach.errors import InputError
from coach.patterns import pattern

Container = Literal["docx", "pdf", "text"]
TextFamily = Literal["cues", "html", "json", "text"]

_AS_TEXT = "copy the text into a .txt file and give that"
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old or password-protected Office file",
        "open it in Word and save it as .docx without a password",
    ),
    (b"{\\rtf", "a rich text (RTF) file", "save it as .docx or .txt"),
    (b"\x89PNG", "an image", _AS_TEXT),
    (b"\xff\xd8\xff", "an image", _AS_TEXT),
    (b"GIF8", "an image", _AS_TEXT),
    (b"ID3", "a recording", "have it transcribed first, and give the transcript"),
    (b"OggS", "a recording", "have it transcribed first, and give the transcript"),
    (b"RIFF", "a recording or an image", "give its transcript or its text"),
    (b"\x1aE\xdf\xa3", "a recording", "have it transcribed first, and give the transcript"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "unpack it first"),
    (b"\x7fELF", "a program", "give a text, Word, PDF or transcript file"),
)
_PAGE = pattern(
    r"\s{0,200}<(?:(?P<whole>!doctype\s+html|html)|head|body|div|p|table|span|meta|style|font|center"
    r"|section|article|ul|ol|blockquote|h[1-6])(?=[\s>/])",
    re.IGNORECASE,
)
_TAG = pattern(r"</?[A-Za-z][A-Za-z0-9]{0,12}(?=[\s>/])")
_MAIL_HEAD = pattern(
    r"(?:[A-Za-z][\w-]{1,30}:[ \t][^\n]{0,2000}\n(?:[ \t]+\S[^\n]{0,2000}\n)*){1,60}"
)
_ARROW = pattern(r"\s*\d[\d:.,]{3,15}\s{1,4}-{1,2}>\s{1,4}\d[\d:.,]{3,15}(?:\s|$)")
_HALF_ARROW = pattern(r"\s*\d[\d:.,]{3,15}\s{0,4}-{1,2}>")
_SBV = pattern(r"\d{1,2}:\d{2}:\d{2}\.\d{3},\d{1,2}:\d{2}:\d{2}\.\d{3}\s*$")


def container(data: bytes, name: str) -> Container:
    """Whether the bytes are a Word file, a PDF, or to be decoded as text; else ``InputError``."""
    ending = extension(name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    head = data[:1024]
    if head.lstrip().startswith(b"%PDF-") or (ending == ".pdf" and b"%PDF-" in head):
        return "pdf"
    for magic, what, hint in _FOREIGN:
        if data.startswith(magic):
            raise InputError(f"{shown(name)}: it is {what}, not text", hint=hint)
    if data[4:8] == b"ftyp":
        raise InputError(
            f"{shown(name)}: it is a recording, not text",
            hint="have it transcribed first, and give the transcript",
        )
    if ending == ".docx":
        raise InputError(
            f"{shown(name)}: not a Word file, whatever its name says",
            hint="save it as .docx again, or paste the text into a .txt file",
        )
    if ending == ".pdf":
        raise InputError(
            f"{shown(name)}: not a PDF, whatever its name says",
            hint="save it as PDF again, or paste the text into a .txt file",
        )
    return "text"


def text_family(text: str, name: str) -> TextFamily:
    """Which text reader is the one: cues, HTML, JSON, or plain text and Markdown."""
    ending = extension(name)
    if ending not in {".md", ".markdown"} and page_start(text) is not None:
        return "html"
    if ending == ".json" or text.lstrip()[:1] in {"{", "["}:
        from coach.document.json_transcript import is_json

        if ending == ".json" or is_json(text):
            return "json"
    return "cues" if _has_cues(text, ending) else "text"


def page_start(text: str) -> int | None:
    """Where a page or a copied piece of one starts, after the head of a mail; None if none does.

    A text that only opens with a tag, as the front pages of projects do, is no page.
    """
    head = _MAIL_HEAD.match(text)
    begin = head.end() if head else 0
    opened = _PAGE.match(text, begin)
    if opened is None:
        return None
    lines = [line for line in text[begin:].split("\n") if line.strip()]
    tagged = sum("<" in line and _TAG.search(line) is not None for line in lines)
    return begin if opened["whole"] or tagged * 2 >= len(lines) else None


def extension(name: str) -> str:
    """The extension in lower case; standard input has none."""
    return "" if name == STDIN else PurePath(name).suffix.lower()


def _has_cues(text: str, ending: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    timings = sum(1 for line in lines if "->" in line and _ARROW.match(line))
    timings = timings or sum(1 for line in lines if _SBV.match(line))
    headed = text.lstrip().startswith("WEBVTT")
    if headed and len(lines) < 3:
        return True
    if headed or ending in {".vtt", ".srt", ".sbv"}:
        # Some copy the header and the words, but no times: that is labelled text.
        return timings > 0 or any(_HALF_ARROW.match(line) for line in lines)
    return timings >= max(1, 0.15 * len(lines))
