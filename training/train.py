"""Train the line model: ``python training/train.py`` writes its files and prints its figures.

The first pass is a linear model over n-grams, the second pass small networks over its held-out
scores (``passes.py``); beside them stands a small transformer (``encoder.py``). How the two are
weighed (``blend.py``), the matching of other guides (``matching.py``) and the thresholds are fitted
on the dev documents. With ``--report`` nothing is trained: the figures of the files that are there
are printed.
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

from blend import fit_blend  # noqa: E402
from corpus import DATA, STEPS, Labelled, load_loose, load_split  # noqa: E402
from matching import background_of, fit_matching, heard_of  # noqa: E402
from passes import (  # noqa: E402
    CORE,
    FIRST,
    OWN,
    SECOND,
    Sample,
    SecondPass,
    cut_short,
    excerpts,
    fit_linear,
    fit_second,
    found_in,
    held_out_scores,
    loose_samples,
    samples_of,
    table_of,
    truth,
    views,
    vocabulary,
)
from report import print_curve, print_report  # noqa: E402
from thresholds import thresholds  # noqa: E402

from coach.engines.embedded.encoder import load_encoder  # noqa: E402
from coach.engines.embedded.scoring import (  # noqa: E402
    Weights,
    first_pass,
    log_odds,
    read_weights,
    second_pass,
)

SEED = 1
"""Of the encoder; the other seeds stand where they are used."""
MODEL = Path(__file__).parents[1] / "coach" / "engines" / "embedded" / "model.npz"


def main() -> None:
    """Train and write the model files, then print the figures; or only print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", action="store_true", help="print the figures, train nothing")
    parser.add_argument(
        "--keep-encoder", action="store_true", help="train all but the encoder, which takes longest"
    )
    parser.add_argument(
        "--curve", action="store_true", help="first train on a quarter, then on half of the data"
    )
    asked = parser.parse_args()
    split = load_split()
    if not asked.report:
        for part in (4, 2, 1) if asked.curve else (1,):
            write_model(split["train"][::part], split["dev"], keep_encoder=asked.keep_encoder)
            print_curve(MODEL.read_bytes(), split, share=1 / part)
    print_report(MODEL.read_bytes(), split)


def write_model(documents: list[Labelled], dev: list[Labelled], *, keep_encoder: bool) -> None:
    """Train on these documents, fit what is fitted on ``dev``, and write the model's files."""
    began = time.monotonic()
    if not keep_encoder:
        write_encoder(documents)
    raw = train(documents, dev)
    MODEL.write_bytes(raw)
    print(f"{MODEL.name}: {len(raw):,} bytes, {time.monotonic() - began:.0f} s", file=sys.stderr)


def write_encoder(documents: list[Labelled]) -> None:
    """Train the encoder on these documents; write it and its tokenizer beside the model file."""
    import encoder
    import network

    cutter = network.tokenizer()
    texts = encoder.texts_of(documents, load_loose(), cutter)
    scorer = encoder.fit(texts, seed=SEED)
    parts = network.forked(network.exported(scorer))
    for name, raw in zip(("words.onnx", "lower.onnx", "upper.onnx"), parts, strict=True):
        (MODEL.parent / name).write_bytes(raw)
    (MODEL.parent / "tokenizer.json").write_text(cutter.to_str(), encoding="utf-8")
    load_encoder.cache_clear()


def train(documents: list[Labelled], dev: list[Labelled]) -> bytes:
    """The model file of these documents and the loose lines, weighed and cut off on ``dev``."""
    samples = samples_of(documents) + loose_samples(load_loose())
    keys, rarity = vocabulary(found_in(samples))
    table = table_of(samples, keys, rarity)
    held = held_out_scores(table)
    whole, short = views(samples, table, held), excerpts(samples, table, held)
    weights, bias = fit_linear(table, np.arange(len(table.author)))
    second = fit_second(whole, short, table).rounded()
    about = {
        "recipe": "lines-3",
        "first": FIRST,
        "second": SECOND,
        "steps": STEPS,
        "own": [FIRST.index(head) for head in OWN],
        "core": [FIRST.index(head) for head in CORE],
        "data": _data_digest(),
    }
    background = background_of(documents, load_encoder())
    matching = fit_matching(heard_of(dev, load_encoder()), background, load_encoder())
    about["matching"] = {"likely": matching.likely, "sure": matching.sure}
    fixed = {
        "background": np.round(background * 127.0).astype(np.int8),
        "matching": matching.weights,
    }
    even = (np.ones((len(FIRST), 3)), np.ones((len(FIRST), 3)), np.ones((len(FIRST), 2)))
    model = read_weights(packed((keys, rarity), (weights, bias), second, even, about, **fixed))
    odds, heard, wanted = _said_of(samples_of(dev), model)
    mix, alone = fit_blend(odds, heard, wanted)
    blend = (mix, fit_blend(*_said_of(cut_short(samples_of(dev)), model))[0], alone)
    mixed = odds * blend[0][:, 0] + heard * blend[0][:, 1] + blend[0][:, 2]
    chances = 1.0 / (1.0 + np.exp(-mixed[:, about["core"]]))
    about |= thresholds(mixed / 2.0, chances, wanted)
    return packed((keys, rarity), (weights, bias), second, blend, about, **fixed)


def _said_of(samples: list[Sample], model: Weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-odds of both passes, log-odds of the encoder, and the truth, of all these lines."""
    parts = []
    for sample in samples:
        first = first_pass(sample.lines, model)
        second = second_pass(first, sample.lines, model)
        wanted = np.array([truth(gold) for gold in sample.gold])
        said = log_odds(first, second, model.about["core"])
        parts.append((said, load_encoder().hear(sample.lines).scores, wanted))
    odds, heard, wanted = (np.concatenate(column) for column in zip(*parts, strict=True))
    return odds, heard, wanted


def packed(
    words: tuple[np.ndarray, np.ndarray],
    linear: tuple[np.ndarray, np.ndarray],
    second: SecondPass,
    blend: tuple[np.ndarray, np.ndarray, np.ndarray],
    about: dict[str, Any],
    **fixed: np.ndarray,
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
        mix=blend[0].astype(np.float32),
        mix_short=blend[1].astype(np.float32),
        alone=blend[2].astype(np.float32),
        about=np.frombuffer(text, np.uint8),
        **fixed,
    )
    return raw.getvalue()


def _data_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((*(DATA / "docs").glob("*.json*"), *DATA.glob("*.json*"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
