"""What starting coach costs: each TAB of a shell and each --help pays for what is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.commands import Commands

PROBE = """
import sys
before = set(sys.modules)
from coach.cli import main
sys.argv = ["coach", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("imported:", *sorted({name.split(".")[0] for name in set(sys.modules) - before}))
"""
TYPER = {"coach", "typer", "click", "annotated_doc", "shellingham", "colorama"}
"""typer and what it cannot do without; annotated_doc is a few lines, the shells are looked up."""
OPTIONS = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
"""typer reads the values of options with pydantic where it is installed."""


def imported(root: Path, *arguments: str) -> set[str]:
    """Names of the libraries that one run of coach brings in."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = set(done.stdout.rpartition("imported:")[2].split())
    assert "coach" in names
    built_in = {name for name in names if name.startswith("_sysconfigdata")}
    return names - sys.stdlib_module_names - built_in


def test_help_imports_typer_and_nothing_else(root: Path) -> None:
    assert imported(root, "--help") <= TYPER


@pytest.mark.parametrize(
    "arguments",
    [["--version"], *([command, "--help"] for command in ("draft", "map", "inspect", "guide"))],
    ids=" ".join,
)
def test_help_on_a_command_imports_no_reader_model_or_guide(
    root: Path, arguments: list[str]
) -> None:
    assert imported(root, *arguments) <= TYPER | OPTIONS


def test_a_run_imports_only_the_command_that_it_names(root: Path) -> None:
    probe = PROBE.replace('.split(".")[0]', "")
    done = subprocess.run(
        [sys.executable, "-c", probe, "tone", "--help"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = set(done.stdout.rpartition("imported:")[2].split())
    assert "coach.cli.tone" in names
    assert not names & {"coach.cli.draft", "coach.cli.rehearse", "coach.cli.evaluate"}


def test_a_second_check_parses_none_of_the_files_that_come_with_coach(
    root: Path, tmp_path: Path
) -> None:
    text = tmp_path / "mail.txt"
    text.write_text("Thanks for the plan.\n")
    first, second = (imported(root, "tone", "--rules-only", str(text)) for _ in range(2))
    assert "yaml" in first
    assert "yaml" not in second


def test_every_command_is_there_and_tells_what_it_does(root: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "coach", "--help"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    listed = [line.split() for line in told.partition("Commands:")[2].splitlines() if line.strip()]
    assert [name for name, *_ in listed if name in Commands()] == list(Commands())
    assert all(len(words) > 2 for words in listed)
