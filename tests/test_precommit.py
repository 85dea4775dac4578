"""The hook of .pre-commit-hooks.yaml, run by pre-commit itself on a sample project."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pre_commit")

THREAT = "If that happens again you're out.\n"
GIT = [
    "git",
    "-c",
    "user.name=T",
    "-c",
    "user.email=t@example.com",
    "-c",
    "init.defaultBranch=main",
]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*GIT, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sample project that takes the hook from a repository, as its users do.

    Only how coach is installed is not theirs: the hook runs the coach under test.
    """
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root), os.environ["PYTHONPATH"]]))
    hooks, folder = tmp_path / "hooks", tmp_path / "project"
    for place in (hooks, folder):
        place.mkdir()
        git(place, "init", "-q")
    shutil.copy(root / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "add", ".")
    git(hooks, "commit", "-qm", "hooks")
    hook = {
        "id": "coach-tone",
        "language": "system",
        "entry": f"{shlex.quote(sys.executable)} -m coach tone",
    }
    repository = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD"), "hooks": [hook]}
    config = json.dumps({"repos": [repository]})  # JSON is YAML
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    return folder


def commit(project: Path, **files: str) -> subprocess.CompletedProcess[str]:
    """Stage some files and run the hooks on them as ``git commit`` would."""
    for name, text in files.items():
        path = project / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")
    git(project, "add", ".")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color", "never"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_commit_with_a_threat_is_stopped_and_the_place_is_shown(project: Path) -> None:
    done = commit(project, plan_md=f"# Plan\n\n{THREAT}", mail_txt="Thanks for the rota.\n")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "plan.md" in done.stdout
    assert "tone.threat" in done.stdout
    assert "mail.txt" not in done.stdout


def test_a_calm_commit_passes_and_code_is_not_looked_at(project: Path) -> None:
    done = commit(project, plan_md="Thanks for the rota.\n", script_py=f'"""{THREAT}"""\n')
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_the_project_lives_with_old_findings_by_its_settings(project: Path) -> None:
    (project / "coach.toml").write_text("[tone]\nbaseline = 'tone-baseline.json'\n")
    (project / "old.md").write_text(THREAT, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "coach", "tone", "--write-baseline", "tone-baseline.json", "old.md"],
        cwd=project,
        capture_output=True,
        check=True,
    )
    assert commit(project, note_md="All well.\n").returncode == 0
    done = commit(project, note_md=THREAT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "note.md" in done.stdout
