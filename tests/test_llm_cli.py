"""The llm engine on the command line, without any server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTES = """talk with Jonah, Thursday
he interrupted Mirela three times in the handover
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text(NOTES, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["draft", "map"])
def test_a_dry_run_needs_no_key_and_sends_nothing(
    command: str, coach: Any, source: Path, tmp_path: Path
) -> None:
    env = {"COACH_HOME": str(tmp_path), "COACH_MODEL": "m"}
    remote = ("--base-url", "https://api.example.com/v1")
    done = coach(command, source, "--dry-run", *remote, env=env)
    assert done.returncode == 0, done.stderr
    body = json.loads(done.stdout)
    assert body["model"] == "m"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "none sent" in done.stderr
    assert "price unknown" in done.stderr
    assert "Mirela" not in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "llm"), "no server is named"),
        (("--engine", "llm", "--base-url", "https://api.example.com/v1"), "no model is named"),
        (
            ("--engine", "llm", "--base-url", "https://api.example.com/v1", "--model", "m"),
            "there is no key",
        ),
        (("--engine", "cloud"), "--engine"),
    ],
)
def test_what_is_missing_is_said_before_anything_leaves(
    options: tuple[str, ...], said: str, coach: Any, source: Path, tmp_path: Path
) -> None:
    done = coach("map", source, *options, env={"COACH_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_the_label_prompt_is_what_it_was(coach: Any, tmp_path: Path) -> None:
    """Run with UPDATE_GOLDEN=1 to take a wanted change over; recordings have to be made anew."""
    env = {"COACH_HOME": str(tmp_path)}
    done = coach("prompt", "label", ROOT / "examples" / "bullet-notes.md", env=env)
    assert done.returncode == 0, done.stderr
    golden = ROOT / "tests" / "golden" / "prompt-label.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == golden.read_text(encoding="utf-8")


def test_a_prompt_can_be_seen_filled_in(coach: Any, source: Path, tmp_path: Path) -> None:
    done = coach("prompt", "label", source, env={"COACH_HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "three times in the handover" in done.stdout
    assert "Mirela" not in done.stdout
