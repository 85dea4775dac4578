"""What the README and the documents show is run, and what they point to is there."""

from __future__ import annotations

import os
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
def test_every_command_shown_runs_and_prints_what_is_shown(
    coach: RunCoach, tmp_path: Path, page: str, command: str, shown: list[str]
) -> None:
    """In a folder with the examples, some notes, and the page's YAML under the name it gives."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "notes.md").write_text("1:1 Ana\n## Skills\nshe does the early till on her own\n")
    text = next(path for path in PAGES if path.name == page).read_text(encoding="utf-8")
    for name in re.findall(r"[\w-]+\.yaml", command):
        (tmp_path / name).write_text("".join(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[:1]))
    program, *arguments = shlex.split(command)
    assert program == "coach", page
    done = coach(*arguments, cwd=tmp_path, env={"PYTHONPATH": f"{ROOT}:{os.environ['PYTHONPATH']}"})
    assert done.returncode == 0, done.stderr
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
