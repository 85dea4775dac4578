"""Plain text and Markdown: notes, and transcripts pasted or exported as text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.document.notes import note_kinds
from coach.document.sniff import extension
from coach.document.talk import Talk, find_talk, is_frame, timed_speech
from coach.document.turns import NO_SPEAKERS, Part, Reading
from coach.patterns import pattern

WRITTEN_BY_MACHINE = "a notes tool wrote this, not a person: it is no evidence of what was said"
_SUMMARY_INSIDE = "lines written by a notes tool are not taken as said"

_MACHINE = pattern(
    r"notes by gemini|gemini['’]?s? notes|taken by gemini|\bai companion\b|\bcopilot\b|"
    r"\bai[- ](?:generated|summary|notes|meeting notes|recap)\b|"
    r"(?:generated|written|created|summari[sz]ed) by (?:an? )?(?:ai\b|artificial|gemini|otter|"
    r"fireflies|fathom|granola|zoom)|(?:otter|fathom|fireflies) (?:ai )?summary",
    re.IGNORECASE,
)
_TOOL = pattern(r"\b(?:granola|fireflies|otter|read|fathom)\.(?:ai|video)\b", re.IGNORECASE)
_SUMMARY_HEAD = pattern(
    r"\W{0,6}(?:meeting )?(?:notes|summary|details|(?:suggested )?next steps|action items|overview|"
    r"outline|key (?:points|takeaways|topics)|takeaways|(?:quick )?recap|chapters|highlights)"
    r"\W{0,4}$",
    re.IGNORECASE,
)
_TRANSCRIPT_HEAD = pattern(
    r"\W{0,6}(?:full |meeting |raw )?transcript(?:ion)?(?:\s*[-–:].{0,40})?\W{0,4}$", re.IGNORECASE
)
_REFERENCE = pattern(r"\(\[?\d{1,2}:\d{2}:\d{2}\]?\)")


def read(text: str, name: str) -> Reading:
    """What a text is and what each of its lines is; the text itself stays as it was."""
    lines = text.removesuffix("\n").split("\n")
    return classify(lines, markdown=extension(name) in {".md", ".markdown"})


def classify(lines: Sequence[str], *, markdown: bool = False) -> Reading:
    """The lines as notes or as a transcript, none left out, none changed."""
    begin = _after_transcript_head(lines)
    talk = find_talk(lines, begin) if begin else None
    talk = talk or find_talk(lines)
    if talk is not None:
        return _transcript(lines, talk, markdown=markdown)
    if (timed := timed_speech(lines)) is not None:
        return Reading("transcript", "timed text", timed, (NO_SPEAKERS,))
    parts = [Part(line, kind) for line, kind in zip(lines, note_kinds(lines), strict=True)]
    warnings = (WRITTEN_BY_MACHINE,) if _by_machine(lines) else ()
    return Reading("notes", "Markdown" if markdown else "plain text", parts, warnings)


def _after_transcript_head(lines: Sequence[str]) -> int:
    """Index after the line that announces a transcript, 0 where none does."""
    for number, line in enumerate(lines):
        if len(line) < 80 and _TRANSCRIPT_HEAD.match(line):
            return number + 1
    return 0


def _transcript(lines: Sequence[str], talk: Talk, *, markdown: bool) -> Reading:
    before = _around(lines[: talk.first], over=True)
    after = _around(lines[talk.last + 1 :])
    parts = [*before, *talk.parts, *after]
    warnings = (_SUMMARY_INSIDE,) if any(part.kind == "summary" for part in parts) else ()
    return Reading("transcript", _format(lines, talk, markdown=markdown), parts, warnings)


def _around(lines: Sequence[str], *, over: bool = False) -> list[Part]:
    """The lines over or under a talk: a tool's summary, the recorder's frame, or notes."""
    start = _summary_start(lines)
    parts: list[Part] = []
    for line, kind in zip(lines[:start], note_kinds(lines[:start]), strict=True):
        framing = kind != "blank" and (_is_frame(line) or _names_after_attendees(parts))
        parts.append(Part(line, "frame" if framing else kind))
    if over and sum(part.kind == "note" for part in parts) <= 3:
        # So few lines over a talk are its title, its date and who was there.
        parts = [Part(p.text, "blank" if p.kind == "blank" else "frame") for p in parts]
    summary = True
    for line in lines[start:]:
        summary = summary and not (len(line) < 80 and _TRANSCRIPT_HEAD.match(line))
        if not line.strip():
            parts.append(Part(line, "blank"))
        else:
            parts.append(Part(line, "summary" if summary and not _is_frame(line) else "frame"))
    return parts


def _is_frame(line: str) -> bool:
    return is_frame(line) or (len(line) < 80 and bool(_TRANSCRIPT_HEAD.match(line)))


def _names_after_attendees(parts: Sequence[Part]) -> bool:
    filled = [part for part in parts if part.kind != "blank"]
    return bool(filled) and filled[-1].text.strip().casefold().strip("#*: ") == "attendees"


def _summary_start(lines: Sequence[str]) -> int:
    """Index of the first line that a notes tool wrote; past the end where none was."""
    heads = [n for n, line in enumerate(lines) if len(line) < 60 and _SUMMARY_HEAD.match(line)]
    referring = sum(bool(_REFERENCE.search(line)) for line in lines)
    machine = [n for n, line in enumerate(lines) if _MACHINE.search(line[:300])]
    if machine or referring >= 2 or len(heads) >= 2:
        return min([*machine[:1], *heads[:1]], default=0)
    return len(lines)


def _by_machine(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    edge = [*filled[:5], *filled[-5:]]
    if any(_MACHINE.search(line[:300]) or _TOOL.search(line[:300]) for line in edge):
        return True
    referring = sum(bool(_REFERENCE.search(line[-40:])) for line in filled)
    heads = sum(bool(len(line) < 60 and _SUMMARY_HEAD.match(line)) for line in filled)
    return referring >= 3 and heads >= 1


def _format(lines: Sequence[str], talk: Talk, *, markdown: bool) -> str:
    filled = [line for line in lines if line.strip()]
    edges = "\n".join([*filled[:12], *filled[-6:]]).casefold()
    for sign, format_ in (
        ("gemini", "Notes by Gemini with transcript"),
        ("otter.ai", "Otter text"),
        ("fireflies", "Fireflies text"),
        ("granola", "Granola text"),
        ("transcription ended after", "Google Meet text"),
        ("transcript was computer generated", "Google Meet text"),
        ("started transcription", "Teams text"),
    ):
        if sign in edges:
            return format_
    first = lines[talk.first]
    if talk.headed:
        if re.match(r"\s*\[[^\]]+\]\s+\d", first):
            return "Zoom captions"
        return "Otter text" if re.search(r"\S\s{2,}\d{1,2}:\d\d", first) else "plain transcript"
    voices = {part.speaker.casefold() for part in talk.parts if part.speaker}
    if voices == {"me", "them"}:
        return "Granola text"
    return "Markdown transcript" if markdown else "plain transcript"
