"""Thresholds: how high a score must be, chosen on the dev documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from corpus import STEPS
from passes import FIRST, ITEMS, RANGES, SECOND

FLOOR = 2.0
"""A step counts in a document where one line reaches this many times the least chance."""
SURE = 1.35
"""A line is sure of its step from this many times the least chance on."""
ALARM = 0.7
"""The chance one line of a document must reach before any line of it is called punitive: a talk
that never gets sharp gives no alarm because many of its lines are a little blunt."""
QUOTED = 1.25
"""How much surer the model must be that an employee quotes a punitive line."""


def thresholds(first: np.ndarray, second: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """The least score of each head, and what makes a step sure or heard at all."""
    least: dict[str, float] = {}
    for step in STEPS:
        least[step] = _best(second[:, SECOND.index(step)], truth[:, FIRST.index(step)])
    for head in (*ITEMS, "planned"):
        least[head] = _best(first[:, FIRST.index(head)], truth[:, FIRST.index(head)])
    for head in ("tone.punitive", "tone.supportive"):
        chance = second[:, SECOND.index(head)]
        least[head] = _best(chance, truth[:, FIRST.index(head)], careful=True)
    least["tone.quoted"] = QUOTED * least["tone.punitive"]
    least["range"] = _least_range(second, truth)
    return {
        "least": {head: round(value, 6) for head, value in least.items()},
        "floor": {
            **{step: round(FLOOR * least[step], 6) for step in STEPS},
            "tone.punitive": ALARM,
        },
        "sure": {step: round(SURE * least[step], 6) for step in STEPS},
    }


def _least_range(second: np.ndarray, truth: np.ndarray) -> float:
    """The least sum of the ranges' chances, judged by whether the likeliest range is right."""
    ranges = [f"range.{name}" for name in RANGES]
    said = second[:, [SECOND.index(head) for head in ranges]]
    wanted = truth[:, [FIRST.index(head) for head in ranges]]
    right = wanted[np.arange(len(said)), said.argmax(1)]
    return _best(said.sum(1), right, int(wanted.any(1).sum()))


def _best(
    scores: np.ndarray, right: np.ndarray, wanted: int | None = None, *, careful: bool = False
) -> float:
    """The score from which on saying yes gives the best F1.

    ``careful``: only scores at which precision is no lower than recall are looked at.
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    said = np.arange(1, len(order) + 1)
    total = right.sum() if wanted is None else wanted
    f1 = 2 * hits / (said + total)
    if careful:
        f1 = np.where(said <= total, f1, 0.0)
    return float(scores[order[int(f1.argmax())]])
