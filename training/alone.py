"""Fit what hears a line by itself, a branch of the encoder: ``python training/alone.py PUBLIC``.

PUBLIC is the folder that ``public_text.py`` fills. The encoder was trained on talks; a sentence of
a mail stands without one. So its layers are fitted once more, on lines without neighbours
(``wordings.py``), over the same vectors of word pieces, and written to alone.onnx. Run after
``train.py``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from corpus import load_split, ordinary
from network import Layer, small, tokenizer
from onnx import numpy_helper
from sklearn.metrics import average_precision_score
from torch import Tensor, nn
from torch.nn import functional as F
from wordings import Source, Wording, of_manager, to_learn_from, tone_lines

from coach.engines.embedded import encoder as run_time
from coach.engines.embedded.by_itself import bare_of
from coach.engines.embedded.encoder import ALONE, as_lines, inputs, load_network
from coach.engines.embedded.windows import pieces, windows

HOME = Path(run_time.__file__).parent
LAYERS = 6
WIDTH, HEADS, INNER, DROP = 384, 12, 1536, 0.1
EPOCHS = 3
RATE = 1e-4
HEAD_RATE = 1e-3
WARM_UP = 0.1
BATCH = 32
WEIGHTS: dict[Source, float] = {"talk": 1.0, "tone": 2.0, "ordinary": 5.0, "public": 3.0}
"""What a line counts for, by where it comes from."""
PUNITIVE = 2.0
"""How much more it counts to miss a punitive line than to flag another."""

Seen = list[np.ndarray]
"""Of each line, the vectors of its word pieces."""


def main() -> None:
    """Fit on train, tell how it does on dev after each epoch, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("public", type=Path, help="folder filled by public_text.py")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    asked = parser.parse_args()
    told = to_learn_from(asked.public)
    print(f"{len(told):,} lines, {sum(one.punitive for one in told):,} punitive", flush=True)
    raw = exported(fit(told, epochs=asked.epochs))
    (HOME / "alone.onnx").write_bytes(raw)
    print(f"alone.onnx: {len(raw):,} bytes")


class Branch(nn.Module):
    """Layers over word pieces, and a score for each head over a line's marker and mean."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, INNER, DROP) for _ in range(LAYERS))
        for at, layer in enumerate(self.layers):
            own = f"layers.{at}."
            layer.load_state_dict(
                {k.removeprefix(own): v for k, v in weights.items() if k.startswith(own)}
            )
        self.drop = nn.Dropout(DROP)
        self.out = nn.Linear(2 * WIDTH, len(ALONE))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.constant_(self.out.bias, -2.0)

    def forward(self, x: Tensor, mask: Tensor, pool: Tensor) -> Tensor:
        """Log-odds of each head, a row a line; ``pool`` takes the mean over its pieces."""
        for layer in self.layers:
            x = layer(x, mask)
        return self.out(self.drop(torch.cat([(pool @ x)[:, 0], x[:, 1]], -1)))


def fit(told: Sequence[Wording], *, epochs: int) -> Branch:
    """The branch fitted on these lines."""
    torch.manual_seed(1)
    rng = random.Random(1)  # noqa: S311  shuffles, keeps no secret
    branch = Branch(trained_weights())
    seen = vectors([one.text for one in told])
    wanted = torch.tensor([truth(one) for one in told])
    weight = torch.tensor([WEIGHTS[one.source] for one in told])
    known = torch.tensor([[1.0] * (len(ALONE) - 3) + [float(one.punitive)] * 3 for one in told])
    punitive = torch.ones(len(ALONE))
    punitive[0] = PUNITIVE
    judge = Judge()
    optimiser = torch.optim.AdamW(
        [{"params": branch.layers.parameters()}, {"params": branch.out.parameters()}]
    )
    for epoch in range(epochs):
        began = time.monotonic()
        branch.train()
        groups = list(_groups([len(one) for one in seen], rng))
        for at, group in enumerate(groups):
            done = (epoch + at / len(groups)) / epochs
            share = min((done + 1e-3) / WARM_UP, (1 - done) / (1 - WARM_UP))
            for part, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
                part["lr"] = rate * share
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = branch(*batch([seen[row] for row in group]))
            loss = F.binary_cross_entropy_with_logits(
                said.float(), wanted[group], reduction="none", pos_weight=punitive
            )
            loss = ((loss * known[group]).sum(-1) * weight[group]).sum() / weight[group].sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
            optimiser.step()
        print(f"epoch {epoch + 1}: {time.monotonic() - began:.0f} s; {judge(branch)}", flush=True)
    return branch.eval()


def truth(one: Wording) -> list[float]:
    """What each head should say of a line."""
    true = {one.tone, one.category, one.severity}
    return [float(head in true) for head in ALONE]


def _groups(lengths: Sequence[int], rng: random.Random) -> Iterator[list[int]]:
    """Batches of lines of like length, in random order."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    wide = 50 * BATCH
    runs = [
        sorted(order[start : start + wide], key=lengths.__getitem__)
        for start in range(0, len(order), wide)
    ]
    found = [run[start : start + BATCH] for run in runs for start in range(0, len(run), BATCH)]
    rng.shuffle(found)
    yield from found


def batch(seen: Sequence[np.ndarray]) -> tuple[Tensor, Tensor, Tensor]:
    """Lines side by side, padded: vectors, mask, and means without the two ends."""
    longest = max(map(len, seen))
    x = torch.zeros(len(seen), longest, WIDTH)
    mask = torch.full((len(seen), 1, 1, longest), -1e4)
    pool = torch.zeros(len(seen), 1, longest)
    for row, one in enumerate(seen):
        x[row, : len(one)] = torch.from_numpy(one.astype(np.float32))
        mask[row, ..., : len(one)] = 0.0
        pool[row, 0, 1 : len(one) - 1] = 1.0 / (len(one) - 2)
    return x, mask, pool


class Judge:
    """How well a branch ranks the lines that are kept for tuning."""

    def __init__(self) -> None:
        talks = [wording for one in load_split()["dev"] for wording in of_manager(one)]
        plain = [Wording(text, "neutral", None, None, "ordinary") for text in ordinary("dev")]
        self._sets = {"tone lines": tone_lines("dev"), "talks": talks}
        self._plain = vectors([one.text for one in plain])
        self._seen = {
            name: vectors([one.text for one in lines]) for name, lines in self._sets.items()
        }

    def __call__(self, branch: Branch) -> str:
        """Average precision, and the ordinary lines above the score of precision 0.9."""
        plain = scores(branch, self._plain)[:, 0]
        told = []
        for name, lines in self._sets.items():
            said = scores(branch, self._seen[name])
            bad = np.array([one.punitive for one in lines])
            by_score = np.argsort(-said[:, 0])
            right = np.cumsum(bad[by_score])
            sure = np.flatnonzero(right / np.arange(1, len(bad) + 1) >= 0.9)
            last = int(sure[-1]) if len(sure) else 0
            above = int((plain >= said[by_score[last], 0]).sum())
            kinds = said[bad, 2:10].argmax(-1)
            named = np.mean(
                [
                    ALONE[2 + kind] == one.category
                    for kind, one in zip(kinds, (w for w in lines if w.punitive), strict=True)
                ]
            )
            told.append(
                f"{name}: average precision {average_precision_score(bad, said[:, 0]):.3f}, recall"
                f" {right[last] / bad.sum():.2f} at precision 0.9 with {above} ordinary lines,"
                f" category {named:.2f}"
            )
        return "; ".join(told)


def scores(branch: Branch, seen: Seen) -> np.ndarray:
    """What the branch says of each line."""
    branch.eval()
    found = np.zeros((len(seen), len(ALONE)))
    order = sorted(range(len(seen)), key=lambda row: len(seen[row]))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            group = order[start : start + 64]
            found[group] = branch(*batch([seen[row] for row in group])).numpy()
    return found


def vectors(texts: Sequence[str]) -> Seen:
    """The vectors of each line's word pieces, as ``by_itself`` hears it."""
    words = load_network("words.onnx")
    return [
        words.run(None, {"ids": inputs(*windows([cut]))["ids"]})[0][0].astype(np.float16)
        for cut in pieces(as_lines(map(bare_of, texts)), tokenizer())
    ]


def trained_weights() -> dict[str, Tensor]:
    """The layers that read lines among others by their names in training, out of eight bits."""
    return {**_weights_of("lower.onnx"), **_weights_of("upper.onnx")}


def _weights_of(file: str) -> dict[str, Tensor]:
    model = onnx.load(HOME / file)
    held = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    found = {
        name.removeprefix("scorer.encoder."): torch.tensor(np.array(value))
        for name, value in held.items()
        if name.startswith("scorer.encoder.layers.")
    }
    for node in model.graph.node:
        if node.op_type == "MatMulInteger" and "/layers." in node.name:
            weight = node.input[1].removesuffix("_quantized")
            steps = held[f"{weight}_quantized"].astype(np.float32)
            steps -= held[f"{weight}_zero_point"].astype(np.float32)
            name = node.name.partition("/encoder/")[2].removesuffix("/MatMul_quant")
            value = (steps * held[f"{weight}_scale"]).T.copy()
            found[f"{name.replace('/', '.')}.weight"] = torch.tensor(value)
    return found


def exported(branch: Branch) -> bytes:
    """The branch as an ONNX file."""
    x, _, pool = batch([np.zeros((12, WIDTH))])
    return small(
        _Unpadded(branch.eval()),
        {"vectors": x, "pool": pool},
        outputs=["alone"],
        sizes={"vectors": {1: "pieces"}, "pool": {2: "pieces"}},
    )


class _Unpadded(nn.Module):
    """The branch for one line at a time, where nothing is padded."""

    def __init__(self, branch: Branch) -> None:
        super().__init__()
        self.branch = branch

    def forward(self, vectors: Tensor, pool: Tensor) -> Tensor:
        return self.branch(vectors, torch.zeros(1, 1, 1, 1), pool)


if __name__ == "__main__":
    main()
