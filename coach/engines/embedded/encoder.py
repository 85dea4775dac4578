"""The encoder at run time: a small transformer's scores and meaning of each line.

Runs by onnxruntime, each window in one thread, so that the same text gives the same bytes however
many there are. How lines become windows, and what the scores mean, is as in training. The vectors
of word pieces are shared: some layers over them read lines among their neighbours, others a line by
itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from coach.document import Line
from coach.engines.embedded.windows import Tokenizer, Window, pieces, windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Scores = npt.NDArray[np.float64]

_MOST_THREADS = 8

FILES = ("words.onnx", "alone.onnx", "lower.onnx", "upper.onnx")
"""Vectors of word pieces; the layers that read a line by itself; those that read lines among their
neighbours, in two parts, as they were weighed (joined, they would round otherwise)."""
ALONE = (
    "punitive",
    "supportive",
    *("threat", "blame", "command", "label", "comparison", "pip", "surveillance", "dismissal"),
    *("low", "medium", "high"),
)
"""What is told of a line by itself; the last eleven of a line that is punitive."""


class Heard(NamedTuple):
    """What the encoder says of some lines, a row each."""

    scores: Scores
    """Log-odds of every head."""
    meanings: Scores
    """Vectors of length one; the closer two are, the more alike what is said."""


class Encoder:
    """The bundled encoder; its files are read beside whatever else is done meanwhile."""

    def __init__(self) -> None:
        thread = ThreadPoolExecutor(1)
        self._tokenizer = thread.submit(_load_tokenizer)
        self._networks = {name: thread.submit(load_network, name) for name in FILES}
        thread.shutdown(wait=False)

    def hear(self, lines: Sequence[Line]) -> Heard:
        """What it says of these lines, which are one document's; at least one."""
        read = windows(pieces(lines, self._tokenizer.result()))
        parts = []
        for window, said in zip(read, self._run(("lower.onnx", "upper.onnx"), read), strict=True):
            own = slice(window.own.start - window.lines.start, window.own.stop - window.lines.start)
            parts.append([np.asarray(part, np.float64)[0, own] for part in said])
        return Heard(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def alone(self, texts: Sequence[str]) -> Scores:
        """Log-odds of ``ALONE`` of each text by itself, a row each. The same text is heard once."""
        once = dict.fromkeys(texts)
        cut = pieces(as_lines(once), self._tokenizer.result())
        said = self._run(("alone.onnx",), [window for one in cut for window in windows([one])])
        rows = {text: row for text, ((row,),) in zip(once, said, strict=True)}
        told = np.array([rows[text] for text in texts], np.float64)
        return told.reshape(len(texts), len(ALONE))

    def meanings(self, texts: Sequence[str]) -> Scores:
        """The meaning of each text by itself; at least one. The same text is heard once."""
        heard = {line.text: self.hear((line,)).meanings for line in as_lines(dict.fromkeys(texts))}
        return np.concatenate([heard[text] for text in texts])

    def _run(self, layers: Sequence[str], read: Sequence[Window]) -> list[Sequence[Scores]]:
        """What these layers make of each window, some windows at once."""
        networks = [self._networks[name].result() for name in ("words.onnx", *layers)]
        parts = [(one, [given.name for given in one.get_inputs()]) for one in networks]

        def say(window: Window) -> Sequence[Scores]:
            given = inputs(window)
            said: Sequence[Scores] = ()
            for part, taken in parts:
                said = part.run(None, {name: given[name] for name in taken})
                given["vectors"] = said[0]
            return said

        if len(read) < 2:
            return list(map(say, read))
        with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as threads:
            return list(threads.map(say, read))


def _load_tokenizer() -> Tokenizer:
    import tokenizers

    found = tokenizers.Tokenizer.from_str(
        files("coach.engines.embedded").joinpath("tokenizer.json").read_text(encoding="utf-8")
    )
    found.no_padding()
    found.no_truncation()
    return found


@cache
def load_encoder() -> Encoder:
    """The encoder that comes with coach; one in a process."""
    return Encoder()


def load_network(name: str) -> InferenceSession:
    """A part of the encoder, by its file's name."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # windows differ in length: it would keep memory for each
    raw = files("coach.engines.embedded").joinpath(name).read_bytes()
    return onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])


Inputs = dict[str, npt.NDArray[np.generic]]


def as_lines(texts: Iterable[str]) -> list[Line]:
    """Each text as a line of notes, that stands by itself."""
    return [Line(number=1, start=0, text=text, kind="note") for text in texts]


def inputs(window: Window) -> Inputs:
    """What the network reads of a window."""
    pool = np.zeros((1, len(window.lines), len(window.ids)), np.float32)
    for row, (start, end) in enumerate(window.spans):
        pool[0, row, start:end] = 1.0 / (end - start)
    return {
        "ids": np.array([window.ids], np.int64),
        "first": np.array([[start for start, _ in window.spans]], np.int64),
        "pool": pool,
    }
