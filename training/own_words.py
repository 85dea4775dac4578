"""Fit and write coach/engines/embedded/own_words.npz: ``python training/own_words.py``.

What counts as punitive: the manager's lines of the train documents and the loose lines, by their
labels. What counts as ordinary, beside their other lines: training/data/ordinary (the files
without ``-b``, which are for tuning) and the reference text that comes with Python.
"""

from __future__ import annotations

import io
import json
import platform
import re
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np
from corpus import DATA, load_loose, load_split
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.own_words import SIZE, features, lengths

FILE = Path(__file__).parents[1] / "coach" / "engines" / "embedded" / "own_words.npz"
ORDINARY = DATA / "ordinary"
COST = 2.0
PUNITIVE = 5.0
"""How much more a punitive line counts than another: there are few."""
HAND_WRITTEN = 10.0
"""How much more an ordinary line of ours counts than a sentence of the reference text."""


def main() -> None:
    """Fit on train, write the file."""
    told = []
    for one in load_split()["train"]:
        for line, gold in zip(seen_lines(one.document), one.gold, strict=True):
            if line.mappable and (line.kind == "note" or line.role in {"manager", None}):
                told.append((line.content, gold.tone == "punitive", 1.0))
    told += [(line.content, gold.tone == "punitive", 1.0) for line, gold in load_loose()]
    told += [(text, False, HAND_WRITTEN) for text in ordinary("train")]
    told += [(text, False, 1.0) for text in reference()]
    texts, punitive, weight = zip(*told, strict=True)
    rows, keys = features(texts)
    value = 1.0 / lengths(rows, len(texts))[rows]
    seen = sparse.csr_matrix((value, (rows, keys)), shape=(len(texts), SIZE))
    model = LogisticRegression(C=COST, max_iter=1000, class_weight={False: 1.0, True: PUNITIVE})
    model.fit(seen, np.array(punitive), sample_weight=np.array(weight))
    write(model.coef_[0], float(model.intercept_[0]), lines=len(texts))


def ordinary(part: str) -> list[str]:
    """The ordinary lines written for ``train`` or for ``dev``."""
    files = sorted(ORDINARY.glob("*.txt"))
    chosen = [path for path in files if path.stem.endswith("-b") == (part == "dev")]
    return [line for path in chosen for line in path.read_text("utf-8").splitlines() if line]


def reference() -> list[str]:
    """Sentences of Python's own reference text."""
    blocks = (block for name in sorted(topics) for block in topics[name].split("\n\n"))
    joined = (" ".join(block.split()) for block in blocks)
    found = [part for block in joined for part in re.split(r"(?<=[.!?])\s+", block)]
    return [part for part in found if len(part.split()) > 3]


def write(weights: np.ndarray, bias: float, *, lines: int) -> None:
    """Write the file: the same bytes for the same numbers."""
    scale = float(np.abs(weights).max()) / 127.0
    about = {"lines": lines, "python": platform.python_version()}
    raw = io.BytesIO()
    np.savez_compressed(
        raw,
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float64(scale),
        bias=np.float64(bias),
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
    )
    FILE.write_bytes(raw.getvalue())
    print(f"{FILE.name}: {len(raw.getvalue()):,} bytes, {lines:,} lines")


if __name__ == "__main__":
    main()
