"""The encoder at run time: a small transformer's scores and meaning of each line.

Runs by onnxruntime with a fixed number of threads, so that the same text gives the same bytes
everywhere. How lines become windows, and what the scores mean, is as in training.
"""

from __future__ import annotations

from collections.abc import Sequence
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

_THREADS = 2


class Heard(NamedTuple):
    """What the encoder says of some lines, a row each."""

    scores: Scores
    """Log-odds of every head."""
    meanings: Scores
    """Vectors of length one; the closer two are, the more alike what is said."""


class Encoder:
    """The bundled encoder."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def hear(self, lines: Sequence[Line]) -> Heard:
        """What it says of these lines, which are one document's; at least one."""
        parts = []
        for window in windows(pieces(lines, self._tokenizer)):
            own = slice(window.own.start - window.lines.start, window.own.stop - window.lines.start)
            said = self._session.run(["scores", "meaning"], _inputs(window))
            parts.append([np.asarray(part, np.float64)[0, own] for part in said])
        return Heard(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def meanings(self, texts: Sequence[str]) -> Scores:
        """The meaning of each text by itself; at least one. The same text is heard once."""
        alone = {text: Line(number=1, start=0, text=text, kind="note") for text in texts}
        heard = {text: self.hear((line,)).meanings for text, line in alone.items()}
        return np.concatenate([heard[text] for text in texts])


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
    # threads that wait for each other by spinning burn as much time again as the work takes
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
