"""The form of the single lines that the tone check is trained on: training/data/tone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.finding import SEVERITIES
from coach.tone import rules_by_category

FOLDER = Path(__file__).parents[1] / "training" / "data" / "tone"
DOCUMENTS = (
    *("letters", "mails", "formal", "reviews", "mixed", "house", "person", "post"),
    *("handbooks", "workmails", "appraisals", "official", "notices", "plans", "various", "sundry"),
    *("companybook", "officeletters", "leadposts", "shopfloor", "yearreviews", "publicbodies"),
    *("housebooks", "bosswriting", "guidesplans"),
)
"""Files of whole documents, which open and end alike."""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_each_line_is_labelled_and_stands_once(path: Path) -> None:
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.stem.removesuffix("-b") not in DOCUMENTS:
        assert len({record["text"] for record in records}) == len(records) >= 450
    for record in records:
        assert set(record) == {"text", "tone", "category", "severity"}
        if record["tone"] == "punitive":
            assert record["category"] in rules_by_category()
            assert record["severity"] in SEVERITIES
        else:
            assert record["tone"] in {"neutral", "supportive"}
            assert (record["category"], record["severity"]) == (None, None)


def test_some_authors_are_kept_for_choosing_thresholds() -> None:
    stems = [path.stem for path in FOLDER.glob("*.jsonl")]
    assert sum(stem.endswith("-b") for stem in stems) == 14
    assert len(stems) == 68
