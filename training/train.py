"""Train the line model: ``python training/train.py`` writes coach/engines/embedded/model.npz.

The first pass is a linear model over n-grams, the second pass small networks over its held-out
scores (``passes.py``). Thresholds come from predictions for authors the models never saw. With
``--report`` nothing is trained: the figures of the file that is there are printed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from corpus import DATA, STEPS, Labelled, load_loose, load_split  # noqa: E402
from passes import (  # noqa: E402
    CORE,
    FIRST,
    OWN,
    SECOND,
    Sample,
    SecondPass,
    excerpts,
    fit_linear,
    fit_second,
    folds_of,
    found_in,
    held_out_scores,
    loose_samples,
    samples_of,
    table_of,
    views,
    vocabulary,
)
from report import figure_rows, print_report  # noqa: E402
from thresholds import thresholds  # noqa: E402

from coach.engines.embedded.line_model import Chances, LineModel  # noqa: E402
from coach.engines.embedded.scoring import joined, mean_of_networks, read_weights  # noqa: E402

MODEL = Path(__file__).parents[1] / "coach" / "engines" / "embedded" / "model.npz"


def main() -> None:
    """Train and write the model, then print its figures; or only print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", action="store_true", help="print the figures, train nothing")
    asked = parser.parse_args()
    split = load_split()
    if not asked.report:
        began = time.monotonic()
        raw = train(split["train"] + split["dev"])
        MODEL.write_bytes(raw)
        took = time.monotonic() - began
        print(f"{MODEL.name}: {len(raw):,} bytes, {took:.0f} s\n", file=sys.stderr)
    print_report(MODEL.read_bytes(), split)


def train(documents: list[Labelled]) -> bytes:
    """The model file of these documents and the loose lines."""
    samples = samples_of(documents) + loose_samples(load_loose())
    keys, rarity = vocabulary(found_in(samples))
    table = table_of(samples, keys, rarity)
    held = held_out_scores(table)
    whole, short = views(samples, table, held), excerpts(samples, table, held)
    chances = np.zeros((len(held), len(SECOND)))
    for rows, judged in folds_of(table):
        fold = fit_second(whole.of(rows), short.of(rows), table)
        seen = whole.of(judged)
        chances[seen.rows] = mean_of_networks(fold.scaled(seen.view), fold.networks)
    chances = joined(chances, held[:, [FIRST.index(head) for head in SECOND]])
    weights, bias = fit_linear(table, np.arange(len(table.author)))
    second = fit_second(whole, short, table).rounded()
    about = {
        "recipe": "ngram-1",
        "first": FIRST,
        "second": SECOND,
        "steps": STEPS,
        "own": [FIRST.index(head) for head in OWN],
        "core": [FIRST.index(head) for head in CORE],
        "data": _data_digest(),
        **thresholds(table, held, chances),
    }
    draft = packed((keys, rarity), (weights, bias), second, about)
    about["unseen_authors"] = _unseen(draft, documents, samples, Chances(held, chances))
    return packed((keys, rarity), (weights, bias), second, about)


def packed(
    words: tuple[np.ndarray, np.ndarray],
    linear: tuple[np.ndarray, np.ndarray],
    second: SecondPass,
    about: dict[str, Any],
) -> bytes:
    """The bytes of the model file: arrays only, the same bytes for the same numbers."""
    weights, bias = linear
    scale = np.abs(weights).max(0) / 127.0
    scale = np.where(scale > 0, scale, 1.0)
    text = json.dumps(about, sort_keys=True).encode()
    stacked = [
        np.stack([np.asarray(part, np.float16) for part in parts])
        for parts in zip(*second.networks, strict=True)
    ]
    raw = io.BytesIO()
    np.savez_compressed(
        raw,
        keys=words[0],
        rarity=words[1],
        linear=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        mean=second.mean,
        spread=second.spread,
        inner=stacked[0],
        inner_bias=stacked[1],
        outer=stacked[2],
        outer_bias=stacked[3],
        about=np.frombuffer(text, np.uint8),
    )
    return raw.getvalue()


def _unseen(
    raw: bytes, documents: list[Labelled], samples: list[Sample], chances: Chances
) -> list[list[Any]]:
    """Figures of the training documents, each labelled by models that never saw its author."""
    model = LineModel(read_weights(raw))
    ends = np.cumsum([len(sample.lines) for sample in samples])
    labels = [
        model.decide(
            sample.lines, Chances(*(part[end - len(sample.lines) : end] for part in chances))
        )
        for sample, end in zip(samples, ends, strict=True)
        if not sample.blind and not sample.alone
    ]
    return [list(row) for row in figure_rows(documents, labels)]


def _data_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(DATA.rglob("*.json*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
