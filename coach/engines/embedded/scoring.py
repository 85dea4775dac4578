"""Scoring: from a document's lines to one chance per line and head.

First pass: a linear score of each head from the n-grams of the line and its neighbours. Second
pass: small neural networks (their mean) over the scores of the lines around. Both are joined with
what the encoder says, as log-odds weighted on documents that none of them was trained on. Here is
only numpy, no pickle, and no BLAS call whose rounding could depend on the number of threads.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from coach.document import Line
from coach.engines.embedded.context import Scores, context
from coach.engines.embedded.features import BLOCKS, Features, features
from coach.engines.embedded.guide_meaning import Matching

WEIGHTS = {
    "word": 0.8,
    "pair": 0.7,
    "char": 0.8,
    "before": 0.7,
    "before2": 0.5,
    "after": 0.7,
    "after2": 0.5,
    "head": 0.5,
    "fact": 0.4,
    "cue": 0.5,
}
"""How much each block of features counts, found by cross-validation."""

SHORT = 16
"""Lines of a document up to which it counts as a short note."""
_CHUNK = 1 << 15


class Network(NamedTuple):
    """One hidden layer: ``sigmoid(relu(x @ inner + inner_bias) @ outer + outer_bias)``."""

    inner: Scores
    inner_bias: Scores
    outer: Scores
    outer_bias: Scores


class Weights(NamedTuple):
    """Everything the trained file holds."""

    keys: npt.NDArray[np.uint32]
    """Known features, sorted."""
    rarity: npt.NDArray[np.float32]
    """Of each known feature."""
    linear: npt.NDArray[np.int8]
    """One row a feature, one column a head."""
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    mean: Scores
    spread: Scores
    networks: tuple[Network, ...]
    mix: Scores
    """One row a head: weight of the passes, weight of the encoder, constant; for log-odds."""
    mix_short: Scores
    """The same for short notes, where the encoder has little to go by."""
    alone: Scores
    """The same without an encoder: weight of the passes, constant."""
    matching: Matching
    """For guides that nothing was trained on."""
    about: dict[str, Any]
    """Names of the heads, thresholds, and how the file was made."""
    digest: str
    """First eight hex digits of the file's SHA-256."""


@cache
def load_weights() -> Weights:
    """The weights that come with coach."""
    raw = files("coach.engines.embedded").joinpath("model.npz").read_bytes()
    return read_weights(raw)


def read_weights(raw: bytes) -> Weights:
    """The weights in this file's bytes; arrays of numbers and text only."""
    with np.load(BytesIO(raw), allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files}
    about = json.loads(arrays["about"].tobytes())
    wide = {
        name: array.astype(np.float64) if array.dtype == np.float16 else array
        for name, array in arrays.items()
    }
    stacked = (wide["inner"], wide["inner_bias"], wide["outer"], wide["outer_bias"])
    return Weights(
        keys=arrays["keys"],
        rarity=arrays["rarity"].astype(np.float32),
        linear=arrays["linear"],
        scale=arrays["scale"],
        bias=arrays["bias"],
        mean=arrays["mean"].astype(np.float64),
        spread=arrays["spread"].astype(np.float64),
        networks=tuple(Network(*parts) for parts in zip(*stacked, strict=True)),
        mix=arrays["mix"].astype(np.float64),
        mix_short=arrays["mix_short"].astype(np.float64),
        alone=arrays["alone"].astype(np.float64),
        matching=Matching(
            background=arrays["background"].astype(np.float64) / 127.0,
            weights=arrays["matching"].astype(np.float64),
            likely=about["matching"]["likely"],
            sure=about["matching"]["sure"],
        ),
        about=about,
        digest=hashlib.sha256(raw).hexdigest()[:8],
    )


def values(
    found: Features, keys: npt.NDArray[np.uint32], rarity: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Row, column and value of each known feature, scaled so that each block has its weight."""
    columns = np.searchsorted(keys, found.keys.astype(keys.dtype))
    known = columns < len(keys)
    known[known] = keys[columns[known]] == found.keys[known]
    rows, columns, blocks = found.rows[known], columns[known], found.blocks[known].astype(np.int64)
    value = rarity[columns]
    cell = rows * len(BLOCKS) + blocks
    length = np.sqrt(np.bincount(cell, value * value, found.size * len(BLOCKS)))
    weight = np.array([WEIGHTS[block] for block in BLOCKS])
    return rows, columns, (value / length[cell] * weight[blocks]).astype(np.float32)


def first_pass(lines: tuple[Line, ...], weights: Weights) -> Scores:
    """The linear score of every head for each line."""
    rows, columns, value = values(features(lines), weights.keys, weights.rarity)
    scores = np.zeros((len(lines), weights.linear.shape[1]))
    for start in range(0, len(rows), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        part = weights.linear[columns[chunk]].astype(np.float32)
        part *= value[chunk, None]
        here, first = np.unique(rows[chunk], return_index=True)
        scores[here] += np.add.reduceat(part, first, axis=0)
    return scores * weights.scale + weights.bias


def second_pass(first: Scores, lines: tuple[Line, ...], weights: Weights) -> Scores:
    """The chance of every head of the second pass for each line, between 0 and 1.

    The mean of what both passes say: the networks know the talk around the line, the linear score
    is not led astray by it.
    """
    core = weights.about["core"]
    own = weights.about["own"]
    seen = (context(first[:, own], first[:, core], lines) - weights.mean) / weights.spread
    seen = np.clip(seen, -6.0, 6.0)
    return joined(mean_of_networks(seen, weights.networks), first[:, core])


def joined(chances: Scores, linear: Scores) -> Scores:
    """The networks' chances and the linear scores of the same heads, as one chance."""
    return (chances + 1.0 / (1.0 + np.exp(-2.0 * linear))) / 2.0


def mean_of_networks(seen: Scores, networks: tuple[Network, ...]) -> Scores:
    """The mean chance the networks give."""
    total = np.zeros((len(seen), networks[0].outer.shape[1]))
    for network in networks:
        hidden = np.einsum("ij,jk->ik", seen, network.inner) + network.inner_bias
        np.maximum(hidden, 0.0, out=hidden)
        out = np.einsum("ij,jk->ik", hidden, network.outer) + network.outer_bias
        total += 1.0 / (1.0 + np.exp(-out))
    return total / len(networks)


def blended(
    first: Scores, second: Scores, heard: Scores | None, weights: Weights
) -> tuple[Scores, Scores]:
    """Half the log-odds of every head, and the chance of every head of the second pass.

    ``heard`` are the encoder's log-odds; without them both passes speak alone.
    """
    core = weights.about["core"]
    odds = log_odds(first, second, core)
    if heard is None:
        mixed = odds * weights.alone[:, 0] + weights.alone[:, 1]
    else:
        mix = weights.mix_short if len(odds) <= SHORT else weights.mix
        mixed = odds * mix[:, 0] + heard * mix[:, 1] + mix[:, 2]
    return mixed / 2.0, 1.0 / (1.0 + np.exp(-mixed[:, core]))


def log_odds(first: Scores, second: Scores, core: list[int]) -> Scores:
    """What both passes say of every head, the second pass where it speaks, as log-odds."""
    odds = 2.0 * first
    sure = np.clip(second, _LEAST_CHANCE, 1.0 - _LEAST_CHANCE)
    odds[:, core] = np.log(sure / (1.0 - sure))
    return odds


_LEAST_CHANCE = 1e-4
