"""The counter of cues: right when it speaks, on labelled talks, and silent on even ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.document import read
from coach.document.cast import leading_voice

DOCS = Path(__file__).resolve().parents[1] / "training" / "data" / "docs"


def test_it_says_which_line_told_it() -> None:
    verdict = leading_voice(
        {
            "a": [(1, "ok, can I ask"), (3, "I'd like to learn that"), (5, "thank you")],
            "b": [(2, "from you I need a list"), (4, "no need to ask me, that's your call")],
        }
    )
    assert verdict is not None
    assert (verdict.manager, verdict.line) == ("b", 4)


@pytest.mark.parametrize(
    "lines",
    [
        {"a": [], "b": []},
        {"a": [(1, "the van is late")], "b": [(2, "again")]},
        {"a": [(1, "can you take it, well done")], "b": [(2, "could you take it, well done")]},
        {"a": [(1, "tell me what you did")], "b": [(2, "it went out")]},
    ],
)
def test_it_is_silent_where_it_is_not_plain(lines: dict[str, list[tuple[int, str]]]) -> None:
    assert leading_voice(lines) is None


@pytest.mark.skipif(not DOCS.is_dir(), reason="the labelled conversations are not here")
def test_on_labelled_transcripts_it_is_right_when_it_speaks() -> None:
    right = wrong = silent = 0
    for path in sorted(DOCS.glob("*.txt")):
        records = map(json.loads, path.with_suffix(".jsonl").read_text("utf-8").splitlines())
        truth = {record["line"]: record.get("speaker") for record in records}
        document = read(path)
        told = [
            line.role == truth.get(line.number)
            for line in document.lines
            if line.role in {"manager", "employee"} and truth.get(line.number)
        ]
        if document.kind == "notes" or not set(truth.values()) >= {"manager", "employee"}:
            continue
        silent += not told
        right += bool(told) and sum(told) > 0.9 * len(told)
        wrong += bool(told) and sum(told) <= 0.9 * len(told)
    assert right >= 50
    assert right >= 0.97 * (right + wrong)
    assert silent < 0.4 * (right + wrong + silent)
