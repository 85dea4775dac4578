"""The lines from which the scores of a line by itself are learned, with their labels."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from corpus import DATA, Labelled, load_loose, load_split, ordinary
from public_text import lines_of

from coach.engines.embedded.features import seen_lines
from coach.tone import as_notes, load_rules, scan

TONE = DATA / "tone"
PUBLIC_LINES = 14_000
"""Lines of public text, drawn at random; with all of them fewer punitive lines are heard."""

Source = Literal["talk", "tone", "ordinary", "public"]


class Wording(NamedTuple):
    """A line of the manager's, or of nobody's, as it stands by itself."""

    text: str
    tone: str
    category: str | None
    severity: str | None
    source: Source

    @property
    def punitive(self) -> bool:
        """Whether its author called it so."""
        return self.tone == "punitive"


def to_learn_from(public: Path) -> list[Wording]:
    """The lines for training; ``public`` is the folder that ``public_text.py`` fills.

    The manager's lines of the train documents, the loose lines, those written for the tone check,
    the rules' own examples, ordinary ones, and some of PUBLIC/train.
    """
    reference = lines_of(public / "train")
    random.Random(1).shuffle(reference)  # noqa: S311  draws, keeps no secret
    return [
        *(wording for one in load_split()["train"] for wording in of_manager(one)),
        *(
            Wording(line.content, gold.tone, gold.category, gold.severity, "talk")
            for line, gold in load_loose()
        ),
        *tone_lines("train"),
        *rule_examples(),
        *(Wording(text, "neutral", None, None, "ordinary") for text in ordinary("train")),
        *(Wording(text, "neutral", None, None, "public") for text in reference[:PUBLIC_LINES]),
    ]


def of_manager(one: Labelled) -> Iterator[Wording]:
    """A document's lines that are the manager's wording."""
    for line, gold in zip(seen_lines(one.document), one.gold, strict=True):
        if line.mappable and (line.kind == "note" or line.role in {"manager", None}):
            yield Wording(line.content, gold.tone, gold.category, gold.severity, "talk")


def tone_lines(part: Literal["train", "dev"]) -> list[Wording]:
    """The lines written for the tone check; dev are the files named ``-b``."""
    files = sorted(TONE.glob("*.jsonl"))
    chosen = [path for path in files if path.stem.endswith("-b") == (part == "dev")]
    records = [json.loads(line) for path in chosen for line in path.read_text("utf-8").splitlines()]
    return [
        Wording(one["text"], one["tone"], one["category"], one["severity"], "tone")
        for one in records
    ]


def rule_examples() -> Iterator[Wording]:
    """What the rules must flag, as grave as they call it, and what they must leave alone."""
    for rule in load_rules():
        for text in rule.flags if rule.within is None else ():
            (found, *_) = scan(as_notes(text), (rule,))
            yield Wording(text, "punitive", rule.category, found.severity, "tone")
        for text in rule.passes:
            yield Wording(text, "neutral", None, None, "tone")
