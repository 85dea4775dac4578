"""The task file: what it refuses, and that it installs nothing twice."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def tasks(root: Path) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(root / "tasks.py")))


def said(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["dance"], 2), (["--help"], 0)])
def test_without_a_task_it_lists_them(
    tasks: SimpleNamespace, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tasks.main(arguments) == code
    listed = said(capsys)
    assert all(f"  {name} " in listed for name in tasks.TASKS)


def test_an_older_python_is_told_so_in_one_line(
    tasks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert tasks.main(["demo"]) == 2
    assert said(capsys) == "tasks: coach needs Python 3.11 or newer, this is 3.10\n"


def test_a_python_without_venv_is_told_so_in_one_line(
    tasks: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place(tasks, tmp_path / "venv", monkeypatch)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert tasks.main(["demo"]) == 2
    assert said(capsys).startswith("tasks: this Python comes without its venv module: install it")


def test_a_venv_that_somebody_else_made_is_left_alone(
    tasks: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place(tasks, tmp_path, monkeypatch)
    precious = tmp_path / "precious"
    precious.touch()
    assert tasks.main(["test"]) == 2
    assert "was not made by tasks.py" in said(capsys)
    assert precious.exists()


@pytest.mark.parametrize(("held", "wanted"), [("run", "run"), ("dev", "dev"), ("dev", "run")])
def test_what_is_installed_is_not_installed_again(
    tasks: SimpleNamespace,
    root: Path,
    held: str,
    wanted: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = place(tasks, tmp_path, monkeypatch)
    python = tasks.executable("python", tmp_path)
    python.parent.mkdir()
    python.touch()
    stamp = {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "project": tasks.digest(root / "pyproject.toml"),
        held: tasks.digest(tasks.lock_file(held)),
    }
    (tmp_path / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
    tasks.set_up(wanted)
    assert started == []
    tasks.set_up("bench")
    (command,) = started
    assert command[-2:] == ("-r", tasks.lock_file("bench"))
    assert "--require-hashes" in command


def place(
    tasks: SimpleNamespace, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[object, ...]]:
    """Put the task file's .venv elsewhere; gives the list of the commands it would start."""
    started: list[tuple[object, ...]] = []
    names = tasks.set_up.__globals__
    monkeypatch.setitem(names, "VENV", venv)
    monkeypatch.setitem(names, "STAMP", venv / "stamp.json")
    monkeypatch.setitem(names, "executable", lambda name, at=venv: tasks.executable(name, at))
    monkeypatch.setitem(names, "run", lambda *command: started.append(command))
    return started
