"""Matching of guides without training data, fitted on the Individual Success Plan's own labels.

Each of its six steps is taken for a step of some guide of which nothing but the YAML is known.
What it is worth for a step that was not there is measured by holding each step out in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import figures as fig
import numpy as np
from corpus import STEPS, Gold, Labelled
from sklearn.linear_model import LogisticRegression

from coach.document import Line
from coach.engines.embedded.encoder import Encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.guide_meaning import (
    GuideMeaning,
    Matching,
    Nearness,
    meaning_of,
    views,
)
from coach.engines.embedded.similarity import label_by_guide, scores_by_words
from coach.guide import Guide, load_guide

BACKGROUND = 512
"""Lines of the training documents that stand for lines of all kinds."""
LIKELY = 0.4
"""Precision that a match needs at least; lines given to a step for nothing put people off."""
SURE = 0.6
"""Precision from which on a match is sure."""
NEVER = 2.0


class Heard(NamedTuple):
    """A document as the encoder hears it, with its labels."""

    lines: tuple[Line, ...]
    gold: tuple[Gold, ...]
    meanings: np.ndarray


def heard_of(documents: list[Labelled], encoder: Encoder) -> list[Heard]:
    """The meanings of every line of these documents."""
    found = []
    for one in documents:
        lines = seen_lines(one.document)
        found.append(Heard(lines, one.gold, encoder.hear(lines).meanings))
    return found


def background_of(documents: list[Labelled], encoder: Encoder) -> np.ndarray:
    """Meanings of lines drawn from these documents, rounded to steps of 1/127."""
    lines = [line for one in documents for line in seen_lines(one.document) if line.mappable]
    drawn = np.random.default_rng(3).choice(len(lines), BACKGROUND, replace=False)
    meanings = encoder.meanings([lines[at].content for at in sorted(drawn)])
    return np.round(meanings * 127.0) / 127.0


def fit_matching(
    heard: list[Heard], background: np.ndarray, encoder: Encoder, *, steps: Sequence[str] = STEPS
) -> Matching:
    """The matching fitted on these documents, as if the guide had these steps to learn from."""
    guide = load_guide("isp")
    meant = meaning_of(guide, encoder)
    usual = np.asarray(background, np.float64)
    columns = [guide.step_ids.index(step) for step in steps]
    seen = np.concatenate([_views(one, guide, meant, usual)[:, columns] for one in heard])
    wanted = np.array([[s in gold.steps for s in steps] for one in heard for gold in one.gold])
    table, truth = seen.reshape(-1, seen.shape[2]), wanted.ravel()
    mean, spread = table.mean(0), table.std(0) + 1e-6
    model = LogisticRegression(C=0.02, max_iter=2000).fit((table - mean) / spread, truth)
    weights = model.coef_[0] / spread
    constant = model.intercept_[0] - float(weights @ mean)
    chances = 1.0 / (1.0 + np.exp(-(table @ weights + constant)))
    likely, sure = _thresholds(chances, truth)
    return Matching(usual, np.append(weights, constant).astype(np.float32), likely, sure)


def _views(one: Heard, guide: Guide, meant: GuideMeaning, usual: np.ndarray) -> np.ndarray:
    return views(one.meanings, scores_by_words(one.lines, guide), meant, usual)


def _thresholds(chances: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The best F1 with some precision, and the least threshold with enough of it."""
    tried = np.linspace(0.05, 0.95, 91)
    right = np.array([(truth & (chances >= at)).sum() for at in tried])
    said = np.array([(chances >= at).sum() for at in tried])
    f1 = 2 * right / (said + truth.sum())
    likely = tried[np.argmax(np.where(right >= LIKELY * said, f1, 0.0))]
    precise = tried[(right >= SURE * np.maximum(said, 1)) & (tried >= likely)]
    return float(likely), float(precise.min(initial=1.0))


def held_out_counts(
    dev: list[Heard], test: list[Heard], background: np.ndarray, encoder: Encoder, *, words: bool
) -> list[fig.Count]:
    """For each step what a matching fitted on the other five finds; ``words``: without meaning."""
    guide = load_guide("isp")
    meant = meaning_of(guide, encoder)
    found = []
    for step in STEPS:
        others = [one for one in STEPS if one != step]
        matching = fit_matching(dev, background, encoder, steps=others)
        if words:
            matching = matching._replace(likely=NEVER, sure=NEVER)
        count = fig.Count(0, 0, 0)
        for one in test:
            near = Nearness(one.meanings, meant, matching)
            said = [step in label.steps for label in label_by_guide(one.lines, guide, near)]
            wanted = [step in gold.steps for gold in one.gold]
            both = sum(s and w for s, w in zip(said, wanted, strict=True))
            count += fig.Count(both, sum(said), sum(wanted))
        found.append(count)
    return found
