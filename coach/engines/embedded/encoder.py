"""The encoder at run time: a small transformer's score of every head for each line.

Runs by onnxruntime with a fixed number of threads, so that the same text gives the same bytes
everywhere. How lines become windows, and what the scores mean, is as in training.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coach.document import Line
from coach.engines.embedded.windows import Tokenizer, Window, pieces, windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Scores = npt.NDArray[np.float64]

_THREADS = 2


class Encoder:
    """The bundled encoder; ``scores`` are log-odds, one row a line, one column a head."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def scores(self, lines: tuple[Line, ...]) -> Scores:
        """The log-odds of every head for each of these lines, which are one document's."""
        parts = []
        for window in windows(pieces(lines, self._tokenizer)):
            said = self._session.run(None, _inputs(window))[0]
            own = slice(window.own.start - window.lines.start, window.own.stop - window.lines.start)
            parts.append(np.asarray(said, np.float64)[0, own])
        return np.concatenate(parts)


@cache
def load_encoder() -> Encoder:
    """The encoder that comes with coach; read once in a process."""
    import onnxruntime
    import tokenizers

    home = files("coach.engines.embedded")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        home.joinpath("encoder.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = tokenizers.Tokenizer.from_str(
        home.joinpath("tokenizer.json").read_text(encoding="utf-8")
    )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Encoder(session, tokenizer)


def _inputs(window: Window) -> dict[str, npt.NDArray[np.generic]]:
    pool = np.zeros((1, len(window.lines), len(window.ids)), np.float32)
    for row, (start, end) in enumerate(window.spans):
        pool[0, row, start:end] = 1.0 / (end - start)
    return {
        "ids": np.array([window.ids], np.int64),
        "first": np.array([[start for start, _ in window.spans]], np.int64),
        "pool": pool,
    }
