"""The blend: how n-grams and encoder are weighed, fitted on documents neither was trained on.

Both give log-odds; the blend of a head is a weighted sum with a constant. Heads of one family
share their weights, so that rare ones are not fitted to a handful of lines.
"""

from __future__ import annotations

import numpy as np
from corpus import STEPS
from passes import FIRST, ITEMS, RANGES
from sklearn.linear_model import LogisticRegression

FAMILIES = (
    STEPS,
    tuple(f"about.{step}" for step in STEPS),
    tuple(ITEMS),
    tuple(f"range.{name}" for name in RANGES),
    ("tone.punitive",),
    ("tone.supportive",),
    ("planned",),
)
"""Category and severity are in none: they are only ever compared with each other, and the n-grams
learn them from punitive lines alone, so their word counts."""


def fit_blend(
    odds: np.ndarray, heard: np.ndarray, truth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and constant of every head of ``FIRST``: with the encoder, and without it."""
    mix = np.tile([1.0, 0.0, 0.0], (len(FIRST), 1))
    alone = np.tile([1.0, 0.0], (len(FIRST), 1))
    for family in FAMILIES:
        heads = [FIRST.index(head) for head in family]
        wanted = truth[:, heads].T.ravel()
        both = np.stack([odds[:, heads].T.ravel(), heard[:, heads].T.ravel()], 1)
        own = np.kron(np.eye(len(heads)), np.ones((len(truth), 1)))
        weights = _fitted(np.hstack([both, own]), wanted)
        mix[heads, :2], mix[heads, 2] = weights[:2], weights[2:]
        weights = _fitted(np.hstack([both[:, :1], own]), wanted)
        alone[heads, 0], alone[heads, 1] = weights[0], weights[1:]
    return mix, alone


def _fitted(seen: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=2000)
    weights: np.ndarray = model.fit(seen, wanted).coef_[0]
    return weights
