"""The encoder: windows that lose no line, and the same scores every time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coach.document import read_bytes
from coach.engines.embedded.encoder import FILES, load_encoder
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.windows import CONTEXT, LINE, LONGEST, windows

ROOT = Path(__file__).resolve().parents[1]
TALK = b"""Ana: And refunds up to fifty?
Bo: Those are yours, no need to ring me.
Ana: Even on Sundays?
Bo: Even on Sundays.
"""

_LINES = st.lists(st.integers(1, LINE + 1), min_size=1, max_size=80)


@given(_LINES)
def test_every_line_is_the_own_line_of_exactly_one_window(sizes: list[int]) -> None:
    cut = [[7] * size for size in sizes]
    found = windows(cut)
    assert [line for window in found for line in window.own] == list(range(len(cut)))


@given(_LINES)
def test_a_window_holds_whole_lines_with_some_context_and_is_never_too_long(
    sizes: list[int],
) -> None:
    cut = [[number] * size for number, size in enumerate(sizes)]
    for window in windows(cut):
        assert len(window.ids) <= LONGEST
        assert set(window.own) <= set(window.lines)
        context = [line for line in window.lines if line not in window.own]
        assert sum(sizes[line] for line in context) <= 2 * CONTEXT
        for line, (start, end) in zip(window.lines, window.spans, strict=True):
            assert window.ids[start:end] == cut[line]


def test_a_short_turn_is_scored_with_what_it_answers() -> None:
    alone = read_bytes(b"Even on Sundays.\n", "line.txt")
    talk = read_bytes(TALK, "talk.txt", manager="Bo", employee="Ana")
    encoder = load_encoder()
    apart = encoder.hear(seen_lines(alone)).scores[0]
    together = encoder.hear(seen_lines(talk)).scores[3]
    assert np.abs(apart - together).max() > 0.5


def test_scores_are_the_same_bytes_in_every_process_and_with_any_thread_setting() -> None:
    probe = (
        "import hashlib, sys; from coach.document import read;"
        "from coach.engines.embedded.encoder import FILES, load_encoder;"
        "from coach.engines.embedded.features import seen_lines;"
        "lines = seen_lines(read('examples/tense-transcript.vtt'));"
        "print(hashlib.sha256(load_encoder().hear(lines).scores.tobytes()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", probe],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(told) == 1


def test_the_encoder_stays_small() -> None:
    folder = ROOT / "coach" / "engines" / "embedded"
    names = (*FILES, "tokenizer.json", "model.npz")
    assert sum((folder / name).stat().st_size for name in names) < 38_000_000
