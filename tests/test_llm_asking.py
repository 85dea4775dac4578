"""The draft and reword prompts, filled in: what they were, to the letter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from coach.document import read_bytes
from coach.engines.llm.asking import draft_questions, reword_question
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.pseudonyms import Pseudonyms
from coach.engines.llm.question import Question
from coach.finding import Finding
from coach.guide import load_guide
from coach.mapping import LineLabel

ROOT = Path(__file__).resolve().parents[1]
SERVER = Endpoint(base_url="http://127.0.0.1:9/v1", model="m", context=32_000)
SOURCE = ROOT / "examples" / "bullet-notes.md"
LABELS = (
    LineLabel(line=3, steps=("purpose",), items=("purpose.team_goals",)),
    LineLabel(line=5, steps=("autonomy",), items=("autonomy.categorised",), range="do_then_tell"),
    LineLabel(line=7, tone="punitive"),
    LineLabel(line=9, planned=("support",)),
)


def asked(prompt: str) -> Question[Any]:
    bare = read_bytes(SOURCE.read_bytes(), SOURCE.name)
    document = Pseudonyms.of(bare).hidden(bare)
    given: Any = {"endpoint": SERVER, "language": None, "check": lambda _: ()}
    if prompt == "draft":
        (question,) = draft_questions(document, load_guide("isp"), LABELS, **given)
        return question
    line = document.content_lines[3]
    finding = Finding(
        rule="tone.blame",
        category="blame",
        severity="medium",
        line=line.number,
        column=1,
        start=line.start,
        end=line.end,
        quote=line.text,
        message="This blames.",
    )
    return reword_question(document, finding, **given)


@pytest.mark.parametrize("prompt", ["draft", "reword"])
def test_the_prompt_is_what_it_was(prompt: str) -> None:
    """Run with UPDATE_GOLDEN=1 to take a wanted change over; recordings have to be made anew."""
    question = asked(prompt)
    told = f"--- system ---\n{question.system}\n\n--- user ---\n{question.user}\n"
    golden = ROOT / "tests" / "golden" / f"prompt-{prompt}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")
