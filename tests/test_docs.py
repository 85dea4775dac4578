"""What the README and the documents show is run, and what they point to is there."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


def sessions() -> list[tuple[str, str, list[str]]]:
    """Page, command and the lines shown below it, of every console block that runs coach."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *shown = part.rstrip().split("\n")
                found.append((page.name, command, [line for line in shown if line.strip()]))
    return found


@pytest.mark.parametrize(("page", "command", "shown"), sessions())
def test_every_command_shown_prints_what_is_shown(
    coach: RunCoach, page: str, command: str, shown: list[str]
) -> None:
    program, *arguments = shlex.split(command)
    assert program == "coach", page
    done = coach(*arguments)
    told = done.stdout + done.stderr
    for line in shown:
        if line.strip() != "...":
            assert line.strip() in told


def test_the_readme_shows_commands_that_run() -> None:
    assert any(page == "README.md" for page, _, _ in sessions())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target
