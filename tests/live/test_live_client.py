"""The llm engine's client against a real llama.cpp server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def ended(llama: Any) -> list[dict[str, Any]]:
    """How the questions of ``question.py`` ended."""
    program = Path(__file__).with_name("question.py")
    done = subprocess.run(
        [sys.executable, str(program), llama.base_url, llama.model, str(llama.context)],
        capture_output=True,
        text=True,
        env={**os.environ, **llama.env},
        timeout=350,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_each_binding_rung_gives_an_answer_in_one_call(ended: list[dict[str, Any]]) -> None:
    assert [(one.get("rung"), one.get("calls")) for one in ended[:3]] == [
        ("json_schema_strict", 1),
        ("json_schema", 1),
        ("json_schema_strict", 1),
    ]
    assert all(one["prompt_tokens"] > 20 for one in ended[:3])


def test_a_prompt_longer_than_the_context_is_told_as_such(ended: list[dict[str, Any]]) -> None:
    assert ended[3]["kind"] == "context_overflow"
    assert ended[3]["exit"] == 4
    assert "walk" not in ended[3]["message"]


def test_an_answer_in_pieces_is_the_one_that_comes_at_once(ended: list[dict[str, Any]]) -> None:
    at_once, in_pieces = ended[2], ended[4]
    pieces = in_pieces.pop("pieces")
    assert in_pieces == at_once
    assert len(pieces) > 5
    assert all(later.startswith(piece) for piece, later in pairwise(pieces))
    assert json.loads(pieces[-1]) == at_once["value"]
