"""Meaning: how close each line comes to what the items of any guide ask, by the encoder's vectors.

Whether a line is close to an item's text is judged against how close lines of all kinds are to it
(``Matching.background``), since some texts are near to everything. From that and from the words
that line and guide share, a logistic model, the same for every step of every guide, gives a chance.
It was fitted on the Individual Success Plan's six steps, as if each were a step of some guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from coach.engines.embedded.context import Scores
from coach.engines.embedded.encoder import Encoder
from coach.guide import Guide, Item

_AROUND = ((-1, 0.5), (1, 0.5), (-2, 0.25), (2, 0.25))
_KINDS = ("example", "question", "text")
NEAR = 2.0
"""How much closer than usual, in standard deviations, a line has to come to one text of a step by
itself; else what the lines around it say would carry it along."""
_NEAREST = 3
"""How many of a step's closest examples are averaged."""


class Matching(NamedTuple):
    """What is needed to match lines with the items of any guide; fitted in training."""

    background: Scores
    """Meanings of lines of all kinds, a row each."""
    weights: Scores
    """One for each column of a view, and the constant last."""
    likely: float
    """The least chance with which a line is given to a step at all."""
    sure: float


@dataclass(frozen=True)
class GuideMeaning:
    """The texts of a guide's items as vectors; ``step`` and ``kind`` say what each row is."""

    steps: tuple[str, ...]
    vectors: Scores
    step: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]


def meaning_of(guide: Guide, encoder: Encoder) -> GuideMeaning:
    """The vectors of this guide's texts, questions and examples."""
    rows = [
        (text, at, kind)
        for at, step in enumerate(guide.steps)
        for item in step.items
        for kind, told in enumerate(_texts(item))
        for text in told
    ]
    return GuideMeaning(
        steps=guide.step_ids,
        vectors=encoder.meanings([text for text, _, _ in rows]),
        step=np.array([at for _, at, _ in rows]),
        kind=np.array([kind for _, _, kind in rows]),
    )


def _texts(item: Item) -> tuple[tuple[str, ...], ...]:
    """The item's texts by kind, in the order of ``_KINDS``."""
    return item.examples, (item.question,) if item.question else (), (item.text,)


def views(meanings: Scores, words: Scores, guide: GuideMeaning, background: Scores) -> Scores:
    """What is seen of each line and step, shape (lines, steps, columns).

    ``words`` are scores by shared words, shape (lines, steps, any number of columns).
    """
    usual = _close(background, guide.vectors)
    close = (_close(meanings, guide.vectors) - usual.mean(0)) / usual.std(0)
    nearest = [_nearest(close, guide, kind) for kind in range(len(_KINDS))]
    own = np.concatenate([words, *nearest], 2)
    seen = np.concatenate([own, own - _best_other(own)], 2)
    around = np.zeros_like(seen)
    for by, share in _AROUND:
        size = len(seen) - abs(by)
        if size > 0:
            here, there = max(0, -by), max(0, by)
            around[here : here + size] += share * seen[there : there + size]
    return np.concatenate([seen, around], 2)


@dataclass(frozen=True)
class Nearness:
    """How near a document's lines come to a guide's steps."""

    meanings: Scores
    """Of the lines, a row each."""
    guide: GuideMeaning
    matching: Matching

    def chances(self, words: Scores) -> Scores:
        """The chance that a line does a step's work, shape (lines, steps).

        ``words`` as in ``views``.
        """
        seen = views(self.meanings, words, self.guide, self.matching.background)
        weights = self.matching.weights
        odds = np.einsum("lsc,c->ls", seen, weights[:-1]) + weights[-1]
        closest = seen[:, :, words.shape[2] : words.shape[2] + 2 * len(_KINDS) : 2].max(2)
        return np.where(closest >= NEAR, 1.0 / (1.0 + np.exp(-odds)), 0.0)


def _close(rows: Scores, others: Scores) -> Scores:
    return np.asarray(np.einsum("ij,kj->ik", rows, others))


def _nearest(close: Scores, guide: GuideMeaning, kind: int) -> Scores:
    """For each line and step how close the closest text of this kind is, and the few closest."""
    found = np.zeros((len(close), len(guide.steps), 2))
    for step in range(len(guide.steps)):
        of_step = guide.step == step
        of_kind = of_step & (guide.kind == kind)
        ours = np.sort(close[:, of_kind if of_kind.any() else of_step], 1)[:, ::-1]
        if ours.shape[1]:
            found[:, step, 0] = ours[:, 0]
            found[:, step, 1] = ours[:, :_NEAREST].mean(1)
    return found


def _best_other(own: Scores) -> Scores:
    """For each line, step and column the highest value among the other steps; zero if none."""
    size = own.shape[1]
    if size < 2:
        return np.zeros_like(own)
    others = [np.delete(own, step, 1).max(1) for step in range(size)]
    return np.stack(others, 1)
