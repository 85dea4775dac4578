"""The prompts with a strong model's recorded answers: what the llm engine makes of them.

The answers are those of a Claude model, reached through a relay that handed it each request as it
was sent. A changed prompt asks something that nobody answered: then these fail as not recorded.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from coach.cassette import CassetteMiss, CassetteTransport, use_cassette
from coach.document import read_bytes
from coach.engines.llm.client import Client
from coach.engines.llm.engine import LlmEngine
from coach.guide import load_guide
from coach.mapping import stands
from coach.workflow import draft

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))

from llm_quality import ASKED, CASSETTES, DATA, drafted, load_document

DOCS = DATA / "docs"


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_recorded_answers_give_a_map_close_to_the_labels(path: Path) -> None:
    one = load_document(path.stem)
    found = drafted(one, path)
    pieces = [piece for step in found.steps for piece in step.evidence]
    pieces += [p for section in found.plan.sections for e in section.entries for p in e.evidence]
    assert all(stands(piece, one.document) for piece in pieces)
    rows = [
        json.loads(row) for row in (DOCS / f"{path.stem}.jsonl").read_text("utf-8").splitlines()
    ]
    said = {(label.line, step) for label in found.lines for step in label.steps}
    wanted = {(row["line"], step) for row in rows for step in row["steps"]}
    both = len(said & wanted)
    assert not wanted or 2 * both / (len(said) + len(wanted)) > 0.7
    assert len(said - wanted) <= 0.35 * max(len(said), 4)


def test_the_cassettes_hold_no_real_name_of_the_talk() -> None:
    for path in CASSETTES:
        facts = json.loads((DOCS / f"{path.stem}.json").read_text("utf-8"))
        recorded = path.read_text(encoding="utf-8")
        if facts["employee"] and len(facts["employee"]) > 3 and facts["kind"] == "transcript":
            assert facts["employee"] not in recorded, path.stem


def test_another_question_was_never_answered() -> None:
    document = read_bytes(b"Something else altogether.\n", "notes.txt")
    with use_cassette(CASSETTES[0]), pytest.raises(CassetteMiss):
        draft(document, load_guide("isp"), LlmEngine(Client(ASKED, transport=CassetteTransport())))
