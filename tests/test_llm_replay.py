"""The prompts with a strong model's recorded answers: what the llm engine makes of them.

The answers are those of a Claude model, reached through a relay that handed it each request as it
was sent. A changed prompt asks something that nobody answered: then these fail as not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from coach.cassette import CassetteMiss, CassetteTransport, use_cassette
from coach.document import read_bytes
from coach.engines.llm.client import Client
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.engine import LlmEngine
from coach.finding import Finding
from coach.guide import load_guide
from coach.mapping import stands
from coach.plan import Draft
from coach.workflow import draft

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "training" / "data" / "docs"
CASSETTES = sorted((ROOT / "tests" / "cassettes" / "llm").glob("*.yaml"))
WITH_REWORDING = {"t1303"}


class Recorded(LlmEngine):
    """Rewordings were recorded for one document only."""

    def reword(self, document: object, findings: Sequence[Finding]) -> list[str | None]:
        return [None] * len(findings)


def engine(name: str) -> LlmEngine:
    endpoint = Endpoint(
        base_url="http://127.0.0.1:9/v1",
        model="claude",
        rung="json_schema_strict",
        context=128_000,
        answer_tokens=8192,
    )
    kind = LlmEngine if name in WITH_REWORDING else Recorded
    return kind(Client(endpoint, transport=CassetteTransport()))


def drafted(name: str) -> Draft:
    text = (DOCS / f"{name}.txt").read_bytes()
    rows = [json.loads(row) for row in (DOCS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    bare = read_bytes(text, f"{name}.txt")
    voices: dict[str, str] = {}
    if bare.kind == "transcript":
        for role in ("manager", "employee"):
            lines = [row["line"] for row in rows if row.get("speaker") == role]
            said = [bare.line(line).speaker for line in lines]
            known = [speaker for speaker in said if speaker]
            if known:
                voices[role] = max(known, key=known.count)
    document = read_bytes(text, f"{name}.txt", **voices)
    with use_cassette(ROOT / "tests" / "cassettes" / "llm" / f"{name}.yaml"):
        found = draft(document, load_guide("isp"), engine(name))
    pieces = [piece for step in found.steps for piece in step.evidence]
    pieces += [p for section in found.plan.sections for e in section.entries for p in e.evidence]
    assert all(stands(piece, document) for piece in pieces)
    return found


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_recorded_answers_give_a_map_close_to_the_labels(path: Path) -> None:
    found = drafted(path.stem)
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
        draft(document, load_guide("isp"), engine("t0"))
