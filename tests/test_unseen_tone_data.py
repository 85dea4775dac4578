"""The form of the tone texts that nobody saw while the rules were written: training/data/unseen."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

Record = dict[str, Any]

CATEGORIES = {
    "blame", "command", "comparison", "dismissal", "label", "pip", "surveillance", "threat",
}  # fmt: skip
SEVERITIES = {"high", "medium", "low"}
SOURCES = {"chat", "mail", "plan", "review", "script", "transcript"}


@pytest.fixture(scope="module")
def suite(root: Path) -> Path:
    return root / "training" / "data" / "unseen"


@pytest.fixture(scope="module")
def lines(suite: Path) -> list[Record]:
    return records(suite / "lines.jsonl")


@pytest.fixture(scope="module")
def documents(suite: Path) -> dict[str, list[str]]:
    texts = (path for path in (suite / "documents").iterdir() if path.suffix in {".md", ".txt"})
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in texts}


@pytest.fixture(scope="module")
def labels(suite: Path) -> list[Record]:
    return records(suite / "documents" / "labels.jsonl")


def records(path: Path) -> list[Record]:
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_has_the_same_fields_and_its_own_id_and_text(lines: list[Record]) -> None:
    assert {tuple(line) for line in lines} == {
        ("id", "text", "source", "tone", "category", "severity", "why")
    }
    assert [line["id"] for line in lines] == [f"u{n:03}" for n in range(1, len(lines) + 1)]
    assert len({line["text"].casefold() for line in lines}) == len(lines)


def test_every_line_is_one_line_of_a_known_source_with_a_reason(lines: list[Record]) -> None:
    assert {line["source"] for line in lines} == SOURCES
    for line in lines:
        assert line["text"].splitlines() == [line["text"].strip()], line["id"]
        assert line["why"], line["id"]


def test_punitive_lines_and_only_they_have_a_category_and_a_severity(lines: list[Record]) -> None:
    assert {line["tone"] for line in lines} == {"punitive", "neutral", "supportive"}
    for line in lines:
        if line["tone"] == "punitive":
            assert line["category"] in CATEGORIES, line["id"]
            assert line["severity"] in SEVERITIES, line["id"]
        else:
            assert line["category"] is None, line["id"]
            assert line["severity"] is None, line["id"]


def test_the_lines_are_as_many_as_the_readme_says(lines: list[Record]) -> None:
    punitive = [line for line in lines if line["tone"] == "punitive"]
    assert Counter(line["tone"] for line in lines) == {
        "punitive": 140, "neutral": 195, "supportive": 65,
    }  # fmt: skip
    assert Counter(line["category"] for line in punitive) == {
        "threat": 22, "blame": 20, "command": 18, "dismissal": 18,
        "pip": 18, "label": 16, "comparison": 14, "surveillance": 14,
    }  # fmt: skip
    assert sum(line["why"].startswith("veiled") for line in punitive) == 46


def test_there_are_24_documents_of_20_to_120_lines(documents: dict[str, list[str]]) -> None:
    assert len(documents) == 24
    assert {name: len(text) for name, text in documents.items() if not 20 <= len(text) <= 120} == {}


def test_every_label_points_at_a_line_with_words(
    documents: dict[str, list[str]], labels: list[Record]
) -> None:
    judged = [label for label in labels if "line" in label]
    places = [(label["document"], label["line"]) for label in judged]
    assert len(places) == len(set(places)) == 55
    for label in judged:
        assert label["category"] in CATEGORIES, label
        assert label["severity"] in SEVERITIES, label
        assert documents[label["document"]][label["line"] - 1].strip(), label


def test_the_two_letters_are_formal_discipline(labels: list[Record]) -> None:
    formal = {label["document"] for label in labels if label.get("formal")}
    assert formal == {"letter-capability.txt", "letter-pip-sales.md"}


def test_in_a_transcript_only_the_manager_or_a_quote_of_the_manager_is_judged(
    documents: dict[str, list[str]], labels: list[Record]
) -> None:
    managers = {label["document"]: label["manager"] for label in labels if "manager" in label}
    assert set(managers) == {"talk-clinic.txt", "talk-depot.txt"}
    for label in labels:
        if label["document"] in managers and "line" in label:
            text = documents[label["document"]][label["line"] - 1]
            spoken = text.startswith(f"{managers[label['document']]}: ")
            assert spoken != label.get("quoted", False), label


def test_each_label_of_the_later_documents_points_at_a_line(suite: Path) -> None:
    texts = {one.name: one.read_text("utf-8").splitlines() for one in suite.glob("later/*.txt")}
    labels = records(suite / "later" / "labels.jsonl")
    judged = [label for label in labels if "line" in label]
    assert (len(texts), sum(map(len, texts.values())), len(judged)) == (32, 847, 76)
    assert {label["document"] for label in labels if "others" in label} == set(texts)
    for label in judged:
        assert label["category"] in CATEGORIES, label
        assert label["severity"] in SEVERITIES, label
        assert texts[label["document"]][label["line"] - 1].strip(), label
    for label in labels:
        assert all(0 < line <= len(texts[label["document"]]) for line in label.get("others", ()))


def test_the_harsh_words_are_400_lines_each_once(suite: Path) -> None:
    lines = (suite / "harsh-words.txt").read_text("utf-8").splitlines()
    assert len({*lines} - {""}) == len(lines) == 400
