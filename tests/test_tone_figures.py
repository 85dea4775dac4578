"""How much is flagged in a folder of texts, printed by the script that docs/tone.md names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_what_is_flagged_in_a_folder_is_counted_by_finder_and_rule(
    root: Path, tmp_path: Path
) -> None:
    calm = "The list is on the shared drive.\n" * 8
    (tmp_path / "a.md").write_text(f"# Handbook\n\n{calm}\nThat's an excuse.\n")
    (tmp_path / "b.txt").write_text("If that happens again you're out. You're a hothead.\n")
    done = subprocess.run(
        [sys.executable, root / "training" / "tone_figures.py", "--folder", tmp_path],
        capture_output=True, text=True, check=True, cwd=root, env=None,
    )  # fmt: skip
    assert "2 files, 10 lines" in done.stdout
    assert "| by a rule | 300.00 | 300.00 |" in done.stdout
    assert "| tone.threat | 100.00 | 100.00 |" in done.stdout
