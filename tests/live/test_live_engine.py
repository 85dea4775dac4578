"""The llm engine from end to end against a real llama.cpp server: structure, never quality.

The model knows nothing, so it may fill a list until its budget is spent: then the run ends as cut
off, with its own message and exit code. What it does label has to stand in the notes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.live

GUIDE = Path(__file__).resolve().parents[1] / "fixtures" / "guides" / "sbi.yaml"
NOTES = """talk with Jonah, Thursday
he interrupted Mirela three times in the handover
as a result bed four was not on the list
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("command", ["map", "draft"])
def test_a_command_ends_with_grounded_results_or_with_a_named_failure(
    command: str, coach: Any, llama: Any, tmp_path: Path
) -> None:
    source = tmp_path / "notes.txt"
    source.write_text(NOTES, encoding="utf-8")
    env = {
        **llama.env,
        "COACH_HOME": str(tmp_path),
        "COACH_ANSWER_TOKENS": "200",
        "COACH_CONTEXT": str(llama.context),
    }
    options = ("--engine", "llm", "--guide", str(GUIDE), "--json", "--no-input")
    done = coach(command, str(source), *options, env=env, timeout=280)
    assert done.stderr.startswith(f"engine llm: {llama.model} at 127.0.0.1:")
    assert "Jonah" not in done.stderr
    told = json.loads(done.stdout)
    if done.returncode == 4:
        assert told["error"]["code"] in {"endpoint", "not-drafted"}
        assert "cut off" in told["error"]["message"]
        return
    assert done.returncode == 0, done.stderr
    assert told["engine"] == {"name": "llm", "model": llama.model}
    for step in told["steps"]:
        for piece in step["evidence"]:
            assert NOTES[piece["start"] : piece["end"]] == piece["quote"]
