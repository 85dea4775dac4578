"""A keyword baseline: what words alone find. For comparison in the model card only.

For every step and tone the words and word pairs that speak for it are counted out on the training
documents: those that stand in at least ``LEAST`` lines, at least ``SHARE`` of them lines of that
step. A line that holds one of them is said to do the step's work. Ranges and steps put off come
from coach's own rules, as they do beside the model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus import STEPS, Gold, Labelled

from coach.document import Document
from coach.engines.embedded.features import plain, seen_lines
from coach.engines.embedded.later import planned_steps
from coach.engines.embedded.ranges import settled_range
from coach.mapping import LineLabel

LEAST = 4
SHARE = 0.5
_WORD = re.compile(r"[\w']+|[£$€%?]")
_HEADS = (*STEPS, "punitive", "supportive")


class Keywords:
    """Words that speak for a step or a tone, learned by counting."""

    def __init__(self, documents: Sequence[Labelled]) -> None:
        seen: Counter[str] = Counter()
        with_head: dict[str, Counter[str]] = {head: Counter() for head in _HEADS}
        for one in documents:
            for line, gold in zip(seen_lines(one.document), one.gold, strict=True):
                words = set(_words(line.content))
                seen.update(words)
                for head in _heads(gold):
                    with_head[head].update(words)
        self._words = {
            head: {
                word
                for word, count in counts.items()
                if seen[word] >= LEAST and count >= SHARE * seen[word]
            }
            for head, counts in with_head.items()
        }

    def label(self, document: Document) -> tuple[LineLabel, ...]:
        """A label for every non-blank line, one line at a time."""
        labels = []
        for line in seen_lines(document):
            words = set(_words(line.content))
            found = [head for head in _HEADS if words & self._words[head]]
            planned = planned_steps(line.content)
            steps = [step for step in STEPS if step in found and not planned]
            employee = line.kind == "speech" and line.role in {"employee", "other"}
            tones = [head for head in ("punitive", "supportive") if head in found and not employee]
            label = {
                "line": line.number,
                "steps": steps,
                # keywords tell no items apart: for the status each line counts as its own
                "items": [f"{step}.{line.number}" for step in steps],
                "tone": tones[0] if tones else "neutral",
                "range": settled_range(line.content) if "autonomy" in steps else None,
                "planned": planned,
            }
            labels.append(LineLabel.model_validate(label))
        return tuple(labels)


def _heads(gold: Gold) -> list[str]:
    return [*gold.steps, gold.tone] if gold.tone != "neutral" else [*gold.steps]


def _words(text: str) -> Iterator[str]:
    words = _WORD.findall(plain(text))
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(words))
