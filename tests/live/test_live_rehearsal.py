"""A rehearsal against a real llama.cpp server: only the employee ever speaks.

The model knows nothing and falls out of its role all the time; what counts is that none of it is
heard. Its debrief may end as a named failure; then the talk is kept for another try.

Six turns, or as many as ``REHEARSAL_TURNS`` says: thirty are a long talk, and take minutes.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.live

TURNS = int(os.environ.get("REHEARSAL_TURNS", "6"))
SCRIPTS = Path(__file__).resolve().parents[1] / "fixtures" / "rehearsals"
OTHERS = re.compile(
    r"\b(?:manager|assistant|user|system)\s*:|as an ai|language model|how can i (?:help|assist)"
    r"|as your manager|</?talk>|\[(?:EMPLOYEE|MANAGER|PERSON)",
    re.IGNORECASE,
)


@pytest.mark.timeout(60 * TURNS)
def test_nobody_but_the_employee_speaks(coach: Any, llama: Any, tmp_path: Path) -> None:
    lines = [
        line
        for name in ("listening", "mixed")
        for line in (SCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    ]
    script = tmp_path / "turns.txt"
    script.write_text("\n".join((lines * TURNS)[:TURNS]), encoding="utf-8")
    env = {
        **llama.env,
        "COACH_HOME": str(tmp_path),
        "COACH_ANSWER_TOKENS": "64",
        "COACH_CONTEXT": str(llama.context),
        "COACH_CACHE": "off",
    }
    options = ("--step", "autonomy", "--engine", "llm", "--script", str(script), "--json")
    done = coach("rehearse", *options, env=env, timeout=55 * TURNS)
    assert done.returncode == 0 or "the talk is kept" in done.stderr, done.stderr
    (kept,) = (tmp_path / "rehearsals").iterdir()
    told = json.loads(kept.read_text(encoding="utf-8"))
    turns = (told["debrief"] or told["session"])["turns"]
    said = [turn["text"] for turn in turns if turn["role"] == "employee"]
    assert len(said) == len(set(said)) == TURNS + 1
    assert not [text for text in said if OTHERS.search(text)]
    assert not [text for text in said if len(text.split()) > 80]
    print(
        f"written lines stood in {done.stderr.count('fell out of its role')} times of {len(said)}"
    )
