"""Thresholds: how high a score must be, chosen on predictions for authors never seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from corpus import STEPS
from passes import FIRST, ITEMS, RANGES, SECOND, Table

FLOOR = 1.5
"""A step counts in a document where one line reaches this many times the least chance."""
SURE = 1.3
"""A line is sure of its step from this many times the least chance on."""
QUOTED = 1.25
"""How much surer the model must be that an employee quotes a punitive line."""


def thresholds(table: Table, held: np.ndarray, chances: np.ndarray) -> dict[str, Any]:
    """The least score of each head, and what makes a step sure or heard at all."""
    judged = table.author != "loose"
    first, second, truth = held[judged], chances[judged], table.truth[judged]
    linear = 1.0 / (1.0 + np.exp(-2.0 * first))
    least: dict[str, float] = {}
    for step in STEPS:
        least[step] = _best(second[:, SECOND.index(step)], truth[:, FIRST.index(step)])
    for head in (*ITEMS, "planned"):
        least[head] = _best(first[:, FIRST.index(head)], truth[:, FIRST.index(head)])
    for head in ("tone.punitive", "tone.supportive"):
        blend = (linear[:, FIRST.index(head)] + second[:, SECOND.index(head)]) / 2
        least[head] = _best(blend, truth[:, FIRST.index(head)])
    least["tone.quoted"] = QUOTED * least["tone.punitive"]
    least["range"] = _least_range(second, truth)
    return {
        "least": {head: round(value, 6) for head, value in least.items()},
        "floor": {step: round(FLOOR * least[step], 6) for step in STEPS},
        "sure": {step: round(SURE * least[step], 6) for step in STEPS},
    }


def _least_range(second: np.ndarray, truth: np.ndarray) -> float:
    """The least sum of the ranges' chances, judged by whether the likeliest range is right."""
    ranges = [f"range.{name}" for name in RANGES]
    said = second[:, [SECOND.index(head) for head in ranges]]
    wanted = truth[:, [FIRST.index(head) for head in ranges]]
    right = wanted[np.arange(len(said)), said.argmax(1)]
    return _best(said.sum(1), right, int(wanted.any(1).sum()))


def _best(scores: np.ndarray, right: np.ndarray, wanted: int | None = None) -> float:
    """The score from which on saying yes gives the best F1."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    said = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (said + (right.sum() if wanted is None else wanted))
    return float(scores[order[int(f1.argmax())]])
