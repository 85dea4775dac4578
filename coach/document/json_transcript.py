"""JSON transcripts: of recognisers, meeting recorders and podcasts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from coach.document.decode import storable
from coach.document.source import shown
from coach.document.turns import NO_SPEAKERS, Reading, Turn, merged, spoken
from coach.errors import InputError
from coach.patterns import pattern

# A bracket costs Python up to 200 bytes; more of them than this is no conversation.
_MOST_BRACKETS = 400_000
_DEEPEST = 9
# In this order: a file may hold the same words by sentence, by speaker and word by word.
_LISTS = (
    "sentences",
    "utterances",
    "segments",
    "monologues",
    "paragraphs",
    "chunks",
    "turns",
    "messages",
    "entries",
    "transcript",
    "transcription",
)
_TEXTS = ("text", "body", "transcript", "raw_text", "sentence", "spokenText", "content")
_SPEAKERS = ("speaker_name", "speakerName", "speaker", "speaker_label", "speaker_id", "name")
_TIMES = {"start", "startTime", "start_time", "timestamp", "ts", "offset", "startMs", "begin"}
_SOURCES = {"microphone": "Me", "system": "Them"}  # Granola: who sat at the machine
_HINT = (
    "known are the JSON of Fireflies, Whisper, WhisperX, OpenAI, AssemblyAI, Deepgram, Rev "
    "and Podcasting 2.0; or export it as .vtt, .srt or .txt"
)


def is_json(text: str) -> bool:
    """Whether the text is one JSON object or list; a note that starts with a bracket is not."""
    if text.count("{") + text.count("[") > _MOST_BRACKETS:
        return text.rstrip()[-1:] in {"}", "]"}
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def read(text: str, name: str) -> Reading:
    """The turns of a JSON transcript; ``InputError`` where it is none."""
    if text.count("{") + text.count("[") > _MOST_BRACKETS:
        raise InputError(f"{shown(name)}: its JSON has too many parts", hint=_HINT)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{shown(name)}: it is not valid JSON", hint="export the transcript again; " + _HINT
        ) from error
    found = _found(data) or _found(data, whole=True)
    if not found and isinstance(data, dict) and isinstance(data.get("text"), str):
        found = [{"text": data["text"]}]
    turns = merged(
        Turn(storable(turn.speaker) if turn.speaker else None, storable(turn.text))
        for turn in _turns(found, _names(data))
    )
    if not turns:
        raise InputError(f"{shown(name)}: it is JSON, but no transcript", hint=_HINT)
    warnings = () if any(turn.speaker for turn in turns) else (NO_SPEAKERS,)
    return Reading("transcript", _format(data, found), spoken(turns), warnings)


def _found(data: object, *, whole: bool = False) -> list[Any]:
    """The list that holds the turns, nearest to the top; empty where there is none.

    ``whole`` also takes a recogniser's alternatives, which say everything in one text.
    """
    level = [data]
    for _ in range(_DEEPEST):
        for node in level:
            if isinstance(node, list) and _holds_turns(node, whole=whole):
                return node
        level = [child for node in level for child in _children(node)][:2000]
    return []


def _children(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        yield from (node[key] for key in _LISTS if key in node)
        yield from (value for key, value in node.items() if key not in {*_LISTS, "words"})
    elif isinstance(node, list):
        yield from node[:50]


def _holds_turns(items: list[Any], *, whole: bool) -> bool:
    """Whether most of the first items say something, by a voice or at a time."""
    head = items[:20]
    good = [item for item in head if isinstance(item, dict) and _says(item, whole=whole)]
    return bool(head) and len(good) > len(head) // 2


def _says(item: dict[str, Any], *, whole: bool) -> bool:
    if _text(item) is None:
        return False
    if "confidence" in item and "words" in item and not _TIMES & item.keys():
        return whole
    return bool(_TIMES & item.keys()) or _speaker(item, {}) is not None


def _turns(items: list[Any], names: dict[str, str]) -> Iterator[Turn]:
    for item in items:
        if isinstance(item, dict) and (text := _text(item)):
            yield Turn(_speaker(item, names), text)


def _text(item: dict[str, Any]) -> str | None:
    for key in _TEXTS:
        if isinstance(value := item.get(key), str):
            return value
    if isinstance(elements := item.get("elements"), list):  # Rev: words and punctuation
        return "".join(str(part.get("value", "")) for part in elements if isinstance(part, dict))
    if isinstance(sentences := item.get("sentences"), list):  # Deepgram: a speaker's paragraph
        texts = [part.get("text") for part in sentences if isinstance(part, dict)]
        return " ".join(text for text in texts if isinstance(text, str))
    return None


def _speaker(item: dict[str, Any], names: dict[str, str]) -> str | None:
    for key in _SPEAKERS:
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("name") or value.get("id")
        if isinstance(value, bool) or value is None or value == "":
            continue
        if not isinstance(value, int | str):
            continue
        label = str(value).strip()[:80]
        if label in names:
            return names[label]
        return f"Speaker {label}" if _BARE.fullmatch(label) else label
    source = item.get("source")
    return _SOURCES.get(source) if isinstance(source, str) else None


_BARE = pattern(r"\d{1,3}|[A-Z]")


def _names(data: object) -> dict[str, str]:
    """Names for speaker ids, where the file lists them apart (Rev, Fireflies)."""
    listed = data.get("speakers") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return {}
    return {
        str(entry["id"]): entry["name"].strip()
        for entry in listed
        if isinstance(entry, dict) and "id" in entry and isinstance(entry.get("name"), str)
        if entry["name"].strip()
    }


def _format(data: object, items: list[Any]) -> str:
    first = items[0] if isinstance(items[0], dict) else {}
    top = set(data) if isinstance(data, dict) else set()
    kind = str(first.get("type", ""))
    if "speaker_name" in first:
        return "Fireflies JSON"
    if "elements" in first:
        return "Rev AI JSON"
    if "body" in first:
        return "Podcasting 2.0 JSON"
    if "results" in top:
        return "Deepgram JSON"
    if "utterances" in top:
        return "AssemblyAI JSON"
    if "segments" in top or "chunks" in top:
        speaker = str(first.get("speaker", ""))
        if kind.startswith("transcript") or len(speaker) == 1:
            return "OpenAI diarized JSON"
        return "WhisperX JSON" if speaker else "Whisper JSON"
    return "JSON transcript"
