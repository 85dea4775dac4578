"""Fit and write coach/engines/embedded/own_words.npz: ``python training/own_words.py PUBLIC``.

PUBLIC is the folder that ``public_text.py`` fills. A linear score of a line's words, learned from
the lines of ``wordings.py`` by their labels. Run after ``alone.py``; then ``weigh.py`` helps to
choose the numbers of ``listening.py``.
"""

from __future__ import annotations

import argparse
import io
import json
import platform
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from wordings import Source, to_learn_from

from coach.engines.embedded.own_words import SIZE, features, lengths

FILE = Path(__file__).parents[1] / "coach" / "engines" / "embedded" / "own_words.npz"
COST = 2.0
PUNITIVE = 5.0
"""How much more a punitive line counts than another: there are few."""
WEIGHTS: dict[Source, float] = {"talk": 1.0, "tone": 2.0, "ordinary": 10.0, "public": 1.0}
"""What a line counts for, by where it comes from."""


def main() -> None:
    """Fit on train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path, help="folder filled by public_text.py")
    told = to_learn_from(parser.parse_args().public)
    rows, keys = features([one.text for one in told])
    value = 1.0 / lengths(rows, len(told))[rows]
    seen = sparse.csr_matrix((value, (rows, keys)), shape=(len(told), SIZE))
    model = LogisticRegression(C=COST, max_iter=1000, class_weight={False: 1.0, True: PUNITIVE})
    punitive = np.array([one.punitive for one in told])
    model.fit(seen, punitive, sample_weight=np.array([WEIGHTS[one.source] for one in told]))
    write(model.coef_[0], float(model.intercept_[0]), lines=len(told))


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
