"""The labelled conversations as coach sees them, with their labels. For training only."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coach.document import Document, Line, read_bytes
from coach.engines.embedded.features import seen_lines

DATA = Path(__file__).resolve().parent / "data"

STEPS = ("purpose", "tasks", "success", "autonomy", "development", "support")


@dataclass(frozen=True)
class Gold:
    """The labels of one line, as its author gave them."""

    steps: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tone: str = "neutral"
    category: str | None = None
    severity: str | None = None
    range: str | None = None
    planned: tuple[str, ...] = ()
    speaker: str | None = None


@dataclass(frozen=True)
class Labelled:
    """A document, the labels of its non-blank lines in order, and each step's coverage."""

    id: str
    document: Document
    gold: tuple[Gold, ...]
    coverage: dict[str, str] = field(default_factory=dict)

    @property
    def author(self) -> str:
        """The author group: ``t12`` of ``t1207``."""
        return self.id[:-2]


def load_split() -> dict[str, list[Labelled]]:
    """The documents of the train, dev and test parts."""
    parts: dict[str, list[str]] = json.loads((DATA / "split.json").read_text("utf-8"))
    return {part: [load_document(name) for name in names] for part, names in parts.items()}


def load_document(name: str) -> Labelled:
    """One labelled document by its id, read as coach reads a file."""
    folder = DATA / "docs"
    facts = json.loads((folder / f"{name}.json").read_text("utf-8"))
    records = {
        record["line"]: record
        for record in map(json.loads, (folder / f"{name}.jsonl").read_text("utf-8").splitlines())
    }
    raw = (folder / f"{name}.txt").read_bytes()
    document = read_bytes(raw, f"{name}.txt")
    if document.kind == "transcript":
        roles = _voices(document, records)
        document = read_bytes(raw, f"{name}.txt", **roles)
    gold = tuple(_gold(records[line.number]) for line in seen_lines(document))
    return Labelled(name, document, gold, facts["coverage"])


def _voices(document: Document, records: dict[int, dict[str, Any]]) -> dict[str, str]:
    """Which voice is the manager's and which the employee's, by the labels of their lines."""
    votes: dict[str, Counter[str]] = {"manager": Counter(), "employee": Counter()}
    for line in document.lines:
        speaker = records.get(line.number, {}).get("speaker")
        if line.speaker and speaker in votes:
            votes[speaker][line.speaker] += 1
    return {role: count.most_common(1)[0][0] for role, count in votes.items() if count}


def load_loose() -> list[tuple[Line, Gold]]:
    """The loose lines: each stands alone, without neighbours."""
    found = []
    for text in (DATA / "lines.jsonl").read_text("utf-8").splitlines():
        record = json.loads(text)
        speech = record["register"] == "speech"
        line = Line(
            number=1,
            start=0,
            text=record["text"],
            kind="speech" if speech else "note",
            role=record["speaker"] if speech and record["speaker"] != "note" else None,
        )
        found.append((line, _gold(record)))
    return found


def ordinary(part: str) -> list[str]:
    """The ordinary lines written for ``train`` or for ``dev``."""
    files = sorted((DATA / "ordinary").glob("*.txt"))
    chosen = [path for path in files if path.stem.endswith("-b") == (part == "dev")]
    return [line for path in chosen for line in path.read_text("utf-8").splitlines() if line]


def without_roles(document: Document) -> Document:
    """The same document where nobody said who is who."""
    lines = tuple(line.model_copy(update={"role": None}) for line in document.lines)
    return document.model_copy(update={"lines": lines})


def _gold(record: dict[str, Any]) -> Gold:
    return Gold(
        steps=tuple(record.get("steps", ())),
        items=tuple(record.get("items", ())),
        tone=record.get("tone", "neutral"),
        category=record.get("category"),
        severity=record.get("severity"),
        range=record.get("range"),
        planned=tuple(record.get("planned") or ()),
        speaker=record.get("speaker"),
    )
