"""What starting coach costs: each TAB of a shell and each --help pays for what is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
