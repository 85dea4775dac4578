"""A rule of one's own, as docs/tone.md shows it: it works, is explained, and held to its word."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def shown(root: Path) -> list[tuple[str, str]]:
    """The blocks of the section, each with its language."""
    page = (root / "docs" / "tone.md").read_text(encoding="utf-8")
    section = page.split("### Rules of your own\n")[1].split("\n### ")[0]
    return re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL)


@pytest.fixture
def folder(home: Path) -> Path:
    """Where one's own rules stand."""
    folder = home / "guides" / "tone"
    folder.mkdir(parents=True)
    return folder


def block(shown: list[tuple[str, str]], kind: str, number: int = 0) -> str:
    return [text for language, text in shown if language == kind][number]


def test_the_rule_that_is_shown_is_found_and_explained_as_shown(
    coach: RunCoach, folder: Path, tmp_path: Path, shown: list[tuple[str, str]]
) -> None:
    (folder / "summons.yaml").write_text(block(shown, "yaml"), encoding="utf-8")
    (tmp_path / "mail.md").write_text("Hi Dana,\n\nmy office, now. We need to talk.\n")
    done = coach("tone", "mail.md", "--rules-only", "-f", "line", cwd=tmp_path)
    assert done.stdout.startswith("mail.md:3:1: medium: tone.summons: It calls the other in")
    assert coach("tone", "--explain", "summons").stdout == block(shown, "text")
    assert "tone.summons " in coach("tone", "--explain", "all").stdout


def test_a_rule_that_fails_its_examples_is_refused_as_shown(
    coach: RunCoach, folder: Path, tmp_path: Path, shown: list[tuple[str, str]]
) -> None:
    rule = block(shown, "yaml") + "  - See me at once if the pump leaks.\n"
    (folder / "summons.yaml").write_text(rule, encoding="utf-8")
    (tmp_path / "mail.md").write_text("Thanks for the list.\n")
    done = coach("tone", "mail.md", "--rules-only", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.replace(f"{folder}/", "") == block(shown, "text", 1)


def test_a_file_of_the_same_name_stands_in_for_a_rule_of_coach(
    coach: RunCoach, folder: Path, tmp_path: Path, shown: list[tuple[str, str]]
) -> None:
    (tmp_path / "mail.md").write_text("Everyone else had the till within a week.\nMy office, now.")

    def rules() -> list[str]:
        done = coach("tone", "mail.md", "--rules-only", "-f", "line", cwd=tmp_path)
        return re.findall(r"tone\.\w+", done.stdout)

    assert rules() == ["tone.comparison"]
    (folder / "comparison.yaml").write_text(block(shown, "yaml"), encoding="utf-8")
    assert rules() == ["tone.summons"]
