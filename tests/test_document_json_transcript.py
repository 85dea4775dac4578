"""JSON: a transcript in any wrapping, and nothing else."""

from __future__ import annotations

import json

import pytest

from coach.document import read_bytes
from coach.errors import InputError

SEGMENTS = [{"start": 0, "text": "hi there", "speaker": "Dana"}, {"start": 1, "text": "hello"}]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (SEGMENTS, "Dana: hi there\nhello"),
        ({"data": {"transcript": {"sentences": SEGMENTS}}}, "Dana: hi there\nhello"),
        ({"chunks": [{"timestamp": [0, 1], "text": " hi there"}]}, "hi there"),
        ({"text": "hi there. hello"}, "hi there.\nhello"),
        ({"segments": [{"speaker": {"name": "Dana"}, "text": "hi"}]}, "Dana: hi"),
        ([{"source": "microphone", "text": "hi"}, {"source": "system", "text": "hello"}],
         "Me: hi\nThem: hello"),
        ({"results": {"channels": [{"alternatives": [
            {"transcript": "hi there", "confidence": 0.9, "words": [{"word": "hi"}]}]}]}},
         "hi there"),
        ({"segments": [{"start": 0, "text": "a\nb\u2028c", "speaker": " Dana \n W"}]},
         "Dana W: a b c"),
    ],
)  # fmt: skip
def test_turns_are_found_wherever_they_stand(data: object, text: str) -> None:
    assert read_bytes(json.dumps(data).encode(), "talk.json").text == text
    assert read_bytes(json.dumps(data).encode(), "-").text == text


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b'{"segments": []}',
        b'{"name": "coach", "items": [{"id": 1, "text": "buy milk"}]}',
        b'{"segments": [{"start": 0, "text": "  "}]}',
        b"[1, 2, 3]",
        b'{"a": [{"b": [{"c": 1}]}]}',
    ],
)
def test_json_that_is_no_transcript_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"talk\.json: it is JSON, but no transcript") as refused:
        read_bytes(data, "talk.json")
    assert "Fireflies" in (refused.value.hint or "")


@pytest.mark.parametrize("data", [b'{"segments": [', b"hello", b"[" * 100_000, b"[" * 2_000_000])
def test_broken_or_bottomless_json_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"not valid JSON|too many parts"):
        read_bytes(data, "talk.json")
