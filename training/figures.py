"""Figures: how well labels agree with the authors' labels, with intervals by document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from corpus import STEPS, Labelled

from coach.mapping import LineLabel, status_of

Labels = Sequence[Sequence[LineLabel]]
DRAWS = 1000


@dataclass(frozen=True)
class Count:
    """Right, said and wanted, to be added up over documents before any ratio is taken."""

    right: int
    said: int
    wanted: int

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.said + other.said, self.wanted + other.wanted)


def precision(count: Count) -> float:
    """Of what was said, the part that is right."""
    return count.right / count.said if count.said else 0.0


def recall(count: Count) -> float:
    """Of what was wanted, the part that was said."""
    return count.right / count.wanted if count.wanted else 0.0


def f1(count: Count) -> float:
    """The harmonic mean of precision and recall."""
    total = count.said + count.wanted
    return 2 * count.right / total if total else 0.0


def total(counts: Sequence[Count]) -> Count:
    """All of them together."""
    return sum(counts, Count(0, 0, 0))


def _counted(said: list[bool], wanted: list[bool]) -> Count:
    both = sum(s and w for s, w in zip(said, wanted, strict=True))
    return Count(both, sum(said), sum(wanted))


def step_counts(one: Labelled, labels: Sequence[LineLabel], step: str) -> Count:
    """Lines that did this step's work."""
    return _counted([step in la.steps for la in labels], [step in go.steps for go in one.gold])


def item_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Items of lines."""
    pairs = list(zip(labels, one.gold, strict=True))
    return Count(
        sum(len({*la.items} & {*go.items}) for la, go in pairs),
        sum(len(la.items) for la, _ in pairs),
        sum(len(go.items) for _, go in pairs),
    )


def tone_counts(one: Labelled, labels: Sequence[LineLabel], tone: str) -> Count:
    """Lines of this tone."""
    return _counted([la.tone == tone for la in labels], [go.tone == tone for go in one.gold])


def planned_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Steps that lines put off."""
    pairs = list(zip(labels, one.gold, strict=True))
    return Count(
        sum(len({*la.planned} & {*go.planned}) for la, go in pairs),
        sum(len(la.planned) for la, _ in pairs),
        sum(len(go.planned) for _, go in pairs),
    )


def range_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Lines that settle a range, with the right one; ``wanted`` are those the author marked."""
    pairs = list(zip(labels, one.gold, strict=True))
    return Count(
        sum(la.range is not None and la.range == go.range for la, go in pairs),
        sum(la.range is not None for la, _ in pairs),
        sum(go.range is not None for _, go in pairs),
    )


def manner_counts(one: Labelled, labels: Sequence[LineLabel], field: str) -> Count:
    """Category or severity, of the lines that both call punitive."""
    pairs = [
        (getattr(la, field), getattr(go, field))
        for la, go in zip(labels, one.gold, strict=True)
        if la.tone == go.tone == "punitive"
    ]
    return Count(sum(la == go for la, go in pairs), len(pairs), len(pairs))


def statuses(labels: Sequence[LineLabel]) -> list[str]:
    """The status of each step; ``planned`` counts as skipped, as it does in the data."""
    found = [status_of(labels, step) for step in STEPS]
    return ["skipped" if status == "planned" else status for status in found]


def status_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Steps whose status is right."""
    wanted = [one.coverage[step] for step in STEPS]
    said = statuses(labels)
    right = sum(a == b for a, b in zip(said, wanted, strict=True))
    return Count(right, len(said), len(wanted))


def skipped_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Steps called skipped."""
    wanted = [one.coverage[step] == "skipped" for step in STEPS]
    return _counted([status == "skipped" for status in statuses(labels)], wanted)


def ordinary_counts(one: Labelled, labels: Sequence[LineLabel], _: str = "") -> Count:
    """Lines given a step in documents that hold nothing of such a conversation."""
    if set(one.coverage.values()) != {"skipped"}:
        return Count(0, 0, 0)
    given = sum(bool(la.steps) for la in labels)
    return Count(given, given, len(labels))


def gold_labels(one: Labelled) -> list[LineLabel]:
    """The author's own labels in the engine's shape: what a perfect engine would say."""
    return [
        LineLabel(line=at + 1, steps=go.steps, items=go.items, planned=go.planned)
        for at, go in enumerate(one.gold)
    ]


def interval(
    per_document: Sequence[Sequence[Count]], figure: Callable[[list[Count]], float]
) -> tuple[float, float]:
    """95 % interval of the figure: documents drawn with replacement, ``DRAWS`` times."""
    draw = np.random.default_rng(11)
    table = np.array([[(c.right, c.said, c.wanted) for c in row] for row in per_document])
    found = []
    for _ in range(DRAWS):
        picked = table[draw.integers(0, len(table), len(table))].sum(0)
        found.append(figure([Count(*map(int, row)) for row in picked]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
