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
ALLOWED = {"coach", "typer", "click", "annotated_doc", "shellingham", "colorama"}
"""typer and what it cannot do without; annotated_doc is a few lines, the shells are looked up."""


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["draft", "--help"], ["guide", "--help"]],
    ids=" ".join,
)
def test_asking_for_help_imports_typer_and_nothing_else(root: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = set(done.stdout.rpartition("imported:")[2].split()) - sys.stdlib_module_names
    assert "coach" in imported
    assert imported <= ALLOWED, sorted(imported - ALLOWED)
