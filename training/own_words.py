"""Fit and write coach/engines/embedded/own_words.npz: ``python training/own_words.py PUBLIC``.

PUBLIC is the folder that ``public_text.py`` fills. What counts as punitive: the manager's lines of
the train documents, the loose lines, and the lines of training/data/tone, by their labels. What
counts as ordinary, beside their other lines: training/data/ordinary (the files without ``-b``) and
lines of PUBLIC/train. Two scores come of it: of a line's words, and of what the encoder says it
means. Files named ``-b`` are for tuning.

``--weigh`` prints, for choosing the numbers of ``listening.py``, what would be found a little below
and above them in the dev documents, the ordinary lines for tuning, the tone lines of authors left
out here (``-b``), and the files of PUBLIC/dev.
"""

from __future__ import annotations

import argparse
import io
import json
import platform
import random
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from corpus import DATA, load_loose, load_split, ordinary
from public_text import lines_of
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from coach.document import Document
from coach.engines.embedded.encoder import load_encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.line_model import LineModel
from coach.engines.embedded.listening import evidence, sureness
from coach.engines.embedded.own_words import SIZE, features, lengths
from coach.tone import as_notes

FILE = Path(__file__).parents[1] / "coach" / "engines" / "embedded" / "own_words.npz"
TONE = DATA / "tone"
COST = 2.0
HIDDEN, NETWORKS, ROUNDS, DECAY = 32, 4, 25, 1.0
"""Units, networks and rounds for the meaning, and how much large weights cost."""
SPREAD = 8.0
"""What the meaning, a vector of length one, is multiplied by while it is learned."""
OFTEN = 3
"""How often a punitive line is seen, for each time another is."""
PUNITIVE = 5.0
"""How much more a punitive line counts than another: there are few."""
TONE_LINE = 2.0
"""How much more a line written for the tone check counts than one of a talk."""
HAND_WRITTEN = 10.0
"""How much more an ordinary line of ours counts than a line of public text."""
PUBLIC_LINES = 9000
"""Lines of public text, drawn at random; with all of them fewer punitive lines are heard."""


def main() -> None:
    """Fit on train, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path, help="folder filled by public_text.py")
    parser.add_argument("--weigh", action="store_true", help="print counts for choosing thresholds")
    asked = parser.parse_args()
    if asked.weigh:
        weigh(asked.public)
        return
    told = []
    for one in load_split()["train"]:
        for line, gold in zip(seen_lines(one.document), one.gold, strict=True):
            if line.mappable and (line.kind == "note" or line.role in {"manager", None}):
                told.append((line.content, gold.tone == "punitive", 1.0))
    told += [(line.content, gold.tone == "punitive", 1.0) for line, gold in load_loose()]
    told += [(text, punitive, TONE_LINE) for text, punitive in tone_lines("train")]
    told += [(text, False, HAND_WRITTEN) for text in ordinary("train")]
    told += [(text, False, 1.0) for text in public_lines(asked.public)]
    texts, punitive, weight = zip(*told, strict=True)
    rows, keys = features(texts)
    value = 1.0 / lengths(rows, len(texts))[rows]
    seen = sparse.csr_matrix((value, (rows, keys)), shape=(len(texts), SIZE))
    model = LogisticRegression(C=COST, max_iter=1000, class_weight={False: 1.0, True: PUNITIVE})
    model.fit(seen, np.array(punitive), sample_weight=np.array(weight))
    by_words = np.append(model.coef_[0], model.intercept_[0])
    often = [OFTEN if bad else round(much) for bad, much in zip(punitive, weight, strict=True)]
    write(by_words, networks(texts, punitive, often), lines=len(texts))


def networks(
    texts: Sequence[str], punitive: Sequence[bool], often: Sequence[int]
) -> list[MLPClassifier]:
    """Small networks that tell from its meaning whether a line is punitive."""
    meanings = load_encoder().meanings(texts)
    seen = np.repeat(np.arange(len(texts)), often)
    found = []
    for seed in range(NETWORKS):
        model = MLPClassifier((HIDDEN,), alpha=DECAY, max_iter=ROUNDS, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is meant to stop after so many rounds
            model.fit(meanings[seen] * SPREAD, np.array(punitive)[seen])
        found.append(model)
    return found


def tone_lines(part: str) -> list[tuple[str, bool]]:
    """The lines written for the tone check, for ``train`` or ``dev``, and which are punitive."""
    files = sorted(TONE.glob("*.jsonl"))
    chosen = [path for path in files if path.stem.endswith("-b") == (part == "dev")]
    records = [json.loads(line) for path in chosen for line in path.read_text("utf-8").splitlines()]
    return [(record["text"], record["tone"] == "punitive") for record in records]


def weigh(public: Path) -> None:
    """Print what would be flagged at what thresholds, on documents that nothing was fitted on."""
    model = LineModel.load()
    told: dict[str, list[tuple[Document, set[int]]]] = {
        "tone lines": [(as_notes(t), {1} if bad else set()) for t, bad in tone_lines("dev")],
        "ordinary lines": [(as_notes(text), set()) for text in ordinary("dev")],
        "public lines": [
            (as_notes(path.read_text("utf-8")), set())
            for path in sorted((public / "dev").rglob("*.txt"))
        ],
        "dev documents": [
            (
                one.document,
                {
                    line.number
                    for line, gold in zip(seen_lines(one.document), one.gold, strict=True)
                    if gold.tone == "punitive"
                },
            )
            for one in load_split()["dev"]
        ],
    }
    heard = {
        name: [(evidence(document, model), bad) for document, bad in documents]
        for name, documents in told.items()
    }
    for least in np.arange(-0.5, 1.51, 0.25):
        cells = []
        for name, pairs in heard.items():
            flagged = [
                {
                    piece.number
                    for piece, sure in zip(seen.pieces, sureness(seen.odds), strict=True)
                    if sure >= least
                }
                for seen, _ in pairs
            ]
            right = sum(len(said & bad) for said, (_, bad) in zip(flagged, pairs, strict=True))
            wanted = sum(len(bad) for _, bad in pairs)
            cells.append(f"{name}: {right} of {sum(map(len, flagged))} right, {wanted} wanted")
        print(f"{least:5.2f}  {'; '.join(cells)}")


def public_lines(folder: Path) -> list[str]:
    """Some lines of the public text for training."""
    lines = lines_of(folder / "train")
    random.Random(1).shuffle(lines)  # noqa: S311  draws, keeps no secret
    return lines[:PUBLIC_LINES]


def write(by_words: np.ndarray, by_meaning: list[MLPClassifier], *, lines: int) -> None:
    """Write the file: the same bytes for the same numbers."""
    weights, bias = by_words[:-1], float(by_words[-1])
    scale = float(np.abs(weights).max()) / 127.0
    about = {"lines": lines, "python": platform.python_version()}
    raw = io.BytesIO()
    np.savez_compressed(
        raw,
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float64(scale),
        bias=np.float64(bias),
        inner=np.stack([one.coefs_[0] * SPREAD for one in by_meaning]).astype(np.float16),
        inner_bias=np.stack([one.intercepts_[0] for one in by_meaning]).astype(np.float16),
        outer=np.stack([one.coefs_[1] for one in by_meaning]).astype(np.float16),
        outer_bias=np.stack([one.intercepts_[1] for one in by_meaning]).astype(np.float16),
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), np.uint8),
    )
    FILE.write_bytes(raw.getvalue())
    print(f"{FILE.name}: {len(raw.getvalue()):,} bytes, {lines:,} lines")


if __name__ == "__main__":
    main()
