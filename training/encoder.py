"""The encoder's training: whole documents, short excerpts of them, and loose lines.

Documents are read in windows as at run time (``coach.engines.embedded.windows``). Excerpts teach it
notes that are short, where there is little talk around to lean on; loose lines teach it wording.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from corpus import Gold, Labelled
from network import HEADS, Encoder, LineScorer
from passes import LOOSE_WEIGHT, SHORT, truth
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from coach.document import Line
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.windows import LINE, Window, pieces, windows

EPOCHS = 7
RATE = 1.2e-4
HEAD_RATE = 1e-3
BATCH = 1024
"""Pieces of a batch at most, padding counted."""
WARM_UP = 0.1
BLIND = 0.25
"""Share of the readings of a transcript in which nobody knows who is who."""
CONTEXT_WEIGHT = 0.3
"""What a line counts for in a window where it is only context."""
MEANING = 2.0
"""What it counts for that a line's meaning stays near the base model's."""


@dataclass(frozen=True)
class Text:
    """A document, or a loose line, as the encoder is trained on it."""

    cut: list[list[int]]
    blind: list[list[int]]
    """The same where nobody knows who is who."""
    wanted: np.ndarray
    meaning: np.ndarray
    """The base model's vector of each line by itself."""
    weight: float = 1.0

    def run(self, lines: slice) -> Text:
        """Some of its lines, as if they were all."""
        return Text(
            self.cut[lines],
            self.blind[lines],
            self.wanted[lines],
            self.meaning[lines],
            self.weight,
        )


def texts_of(
    documents: list[Labelled], loose: list[tuple[Line, Gold]], cutter: Tokenizer
) -> list[Text]:
    """The documents and the loose lines, cut into pieces and measured by the base model once."""
    base = Encoder().eval()
    whole = [(seen_lines(one.document), one.gold, 1.0) for one in documents]
    alone = [((line,), (gold,), LOOSE_WEIGHT) for line, gold in loose]
    found = []
    for lines, gold, weight in (*whole, *alone):
        cut = pieces(lines, cutter)
        unknown = [line.model_copy(update={"role": None}) for line in lines]
        wanted = np.array([truth(one) for one in gold], np.float32)
        meaning = base_meanings([line[1:] for line in cut], base)
        found.append(Text(cut, pieces(unknown, cutter), wanted, meaning, weight))
    return found


def base_meanings(cut: list[list[int]], base: Encoder) -> np.ndarray:
    """The base model's vector, of length one, of each of these runs of word pieces."""
    found = np.zeros((len(cut), base.norm.normalized_shape[0]), np.float32)
    order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        runs = [[101, *cut[at][:LINE], 102] for at in rows]
        ids = torch.zeros(len(runs), max(map(len, runs)), dtype=torch.long)
        attended = torch.zeros(ids.shape)
        for row, run in enumerate(runs):
            ids[row, : len(run)] = torch.tensor(run)
            attended[row, : len(run)] = 1.0
        with torch.no_grad():
            mean = (base(ids, attended) * attended[..., None]).sum(1)
        found[rows] = F.normalize(mean, dim=-1).numpy()
    return found


Part = tuple[Window, Text]
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
    """The scorer trained on these texts; the same on every run with one seed."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311  shuffles, keeps no secret
    device = "cuda" if torch.cuda.is_available() else "cpu"
    scorer = LineScorer().to(device)
    body = [part for part in scorer.encoder.parameters() if part.requires_grad]
    top = [*scorer.out.parameters(), *scorer.meant.parameters()]
    optimiser = torch.optim.AdamW([{"params": body}, {"params": top}])
    for epoch in range(epochs):
        began, total = time.monotonic(), 0.0
        scorer.train()
        groups = list(_shuffled(texts, rng))
        for at, group in enumerate(groups):
            done = (epoch + at / len(groups)) / epochs
            share = min((done + 1e-3) / WARM_UP, (1 - done) / (1 - WARM_UP))
            for part, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
                part["lr"] = rate * share
            with torch.autocast(device, dtype=torch.bfloat16):
                said = scorer(*(part.to(device) for part in batch_of([w for w, _ in group])))
            loss = _loss(said[0].float(), said[1].float(), group)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimiser.step()
            total += float(loss.detach())
        told = f"loss {total / len(groups):.3f}, {time.monotonic() - began:.0f} s"
        print(f"encoder epoch {epoch + 1}: {told}", file=sys.stderr)
    return scorer.eval().cpu()


def _shuffled(texts: list[Text], rng: random.Random) -> Iterator[list[Part]]:
    """Batches of windows of like length, in random order."""
    found = []
    for text in (*texts, *_excerpts(texts, rng)):
        cut = text.blind if rng.random() < BLIND else text.cut
        found += [(window, text) for window in windows(cut)]
    rng.shuffle(found)
    found.sort(key=lambda part: -(len(part[0].ids) // 64))
    groups: list[list[Part]] = []
    for part in found:
        last = groups[-1] if groups else []
        longest = max((len(window.ids) for window, _ in (*last, part)), default=0)
        if last and longest * (len(last) + 1) <= BATCH:
            last.append(part)
        else:
            groups.append([part])
    rng.shuffle(groups)
    yield from groups


def _excerpts(texts: list[Text], rng: random.Random) -> Iterator[Text]:
    """A short run of lines of each document, as if it were all."""
    for text in texts:
        if len(text.cut) > SHORT[1]:
            length = rng.randint(*SHORT)
            start = rng.randint(0, len(text.cut) - length)
            yield text.run(slice(start, start + length))


def _loss(said: Tensor, meant: Tensor, group: list[Part]) -> Tensor:
    """Binary cross-entropy summed over the heads and the drift of meaning, mean over the lines."""
    wanted = torch.zeros_like(said)
    meaning = torch.zeros_like(meant)
    weight = torch.zeros(said.shape[:2], device=said.device)
    for row, (window, text) in enumerate(group):
        inside = slice(window.lines.start, window.lines.stop)
        wanted[row, : len(window.lines)] = torch.from_numpy(text.wanted[inside]).to(said.device)
        meaning[row, : len(window.lines)] = torch.from_numpy(text.meaning[inside]).to(said.device)
        for at, line in enumerate(window.lines):
            weight[row, at] = text.weight * (1.0 if line in window.own else CONTEXT_WEIGHT)
    loss = F.binary_cross_entropy_with_logits(said, wanted, reduction="none")
    loss = (loss * _weights().to(said.device)).sum(-1)
    loss = loss + MEANING * (1.0 - (meant * meaning).sum(-1))
    return (loss * weight).sum() / weight.sum()


def _weights() -> Tensor:
    """Steps and the punitive tone count twice: they are what people read."""
    twice = ("purpose", "tasks", "success", "autonomy", "development", "support", "tone.punitive")
    return torch.tensor([2.0 if head in twice else 1.0 for head in HEADS])
