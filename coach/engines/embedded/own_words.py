"""Own words: how punitive a line sounds by itself, told fast enough for a whole book.

One linear score over hashed words and pairs of words, fitted on ordinary text as well (manuals,
mail, recipes). It is rough: it says which lines the encoder hears, and counts beside what that
says.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

SIZE = 1 << 17
"""How many features are told apart; others share a weight."""
_SHORTEST = 4
"""A line of fewer features counts as if it had so many: one word alone proves little."""
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!.\n]")
_DIGIT = re.compile("[1-9]")
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(31)


class OwnWords(NamedTuple):
    """The fitted score."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: float
    about: dict[str, Any]
    """How the file was made."""

    def scores(self, texts: Sequence[str]) -> Scores:
        """How punitive each of these lines sounds: log-odds, the higher the more."""
        rows, keys = features(texts)
        sums = np.bincount(rows, self.weights[keys], len(texts)) * self.scale
        return sums / lengths(rows, len(texts)) + self.bias


def features(texts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The line and the number of each word and each pair of words. The same in training.

    A pair with the start or the end of the line is one, too.
    """
    text = unicodedata.normalize("NFKC", "\n".join(text.replace("\n", " ") for text in texts))
    text = _DIGIT.sub("0", text.replace("’", "'").replace("‘", "'")).lower()
    tokens = ["\n", *_TOKEN.findall(text), "\n"]
    known = {token: zlib.crc32(token.encode()) for token in set(tokens)}
    hashed = np.array([known[token] for token in tokens], np.uint64)
    edge = np.array([word == "\n" for word in tokens])  # a word may share its number
    rows = np.cumsum(edge) - 1
    paired = ~(edge[:-1] & edge[1:])
    pairs = hashed[:-1] * _PRIME + hashed[1:] + np.uint64(7)
    keys = np.concatenate([hashed[~edge], pairs[paired]]) * _SPREAD >> np.uint64(64 - 17)
    return np.concatenate([rows[~edge], rows[:-1][paired]]), keys.astype(np.int64)


def lengths(rows: npt.NDArray[np.int64], size: int) -> Scores:
    """What the sum of each line's weights is divided by, so that long lines do not add up."""
    return np.sqrt(np.maximum(np.bincount(rows, minlength=size), _SHORTEST))


@cache
def load_own_words() -> OwnWords:
    """The score that comes with coach."""
    raw = files("coach.engines.embedded").joinpath("own_words.npz").read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        return OwnWords(
            weights=held["weights"],
            scale=float(held["scale"]),
            bias=float(held["bias"]),
            about=about,
        )
