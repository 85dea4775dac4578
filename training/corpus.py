"""The labelled conversations as coach sees them, with their labels. For training only."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coach.document import Document, Line

DATA = Path(__file__).resolve().parent / "data"

STEPS = ("purpose", "tasks", "success", "autonomy", "development", "support")

_LABEL = re.compile(
    r"(?:\[?\d{1,2}[:/.]\d{2}[^\]A-Za-z]*(?:[AaPp]\.?[Mm]\.?)?\]?[\s,>-]*)?"
    r"(?P<name>[^\W\d_][^:!?\"]{0,39}?|Speaker \w+)"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*:\s+"
)


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
    """One labelled document by its id."""
    folder = DATA / "docs"
    facts = json.loads((folder / f"{name}.json").read_text("utf-8"))
    text = (folder / f"{name}.txt").read_text("utf-8")
    records = {
        record["line"]: record
        for record in map(json.loads, (folder / f"{name}.jsonl").read_text("utf-8").splitlines())
    }
    speech = facts["kind"] == "transcript"
    lines: list[Line] = []
    gold: list[Gold] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        record = records.get(number, {})
        lines.append(_line(number, start, line, record.get("speaker") if speech else None, speech))
        start += len(line) + 1
        if line.strip():
            gold.append(_gold(record))
    document = Document(
        name=f"{name}.txt",
        kind=facts["kind"],
        format="text",
        encoding="utf-8",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        lines=tuple(lines),
        employee=facts["employee"],
        manager=facts["manager"],
    )
    return Labelled(name, document, tuple(gold), facts["coverage"])


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


def without_roles(document: Document) -> Document:
    """The same document where nobody said who is who."""
    lines = tuple(line.model_copy(update={"role": None}) for line in document.lines)
    return document.model_copy(update={"lines": lines})


def _line(number: int, start: int, text: str, role: Any, speech: bool) -> Line:
    if not text.strip():
        return Line(number=number, start=start, text=text, kind="blank")
    label = _LABEL.match(text) if speech else None
    if label is None:
        kind = "heading" if text.startswith("#") else "note"
        return Line(number=number, start=start, text=text, kind=kind)  # type: ignore[arg-type]
    return Line(
        number=number,
        start=start,
        text=text,
        kind="speech",
        speaker=label["name"].strip(),
        role=role,
        prefix=label.end(),
    )


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
