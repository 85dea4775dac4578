"""What every test stands on: no sockets anywhere, and coach as a user runs it."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ROOT / "tests" / "offline"

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_configure() -> None:
    """Close the sockets of this process, and of every Python process started from it.

    Tests that run in the background ignore Ctrl-C, and so does what they start: it is heard again.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    paths = [str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)


@pytest.fixture(scope="session")
def _sockets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("offline") / "sockets.txt"
    os.environ["COACH_TEST_SOCKETS"] = str(log)
    return log


@pytest.fixture(autouse=True)
def sockets(_sockets: Path) -> Iterator[Path]:
    """The file where refused sockets are written down; a test fails if it leaves any there."""
    yield _sockets
    if _sockets.exists():
        tried = _sockets.read_text(encoding="utf-8").split()
        _sockets.unlink()
        pytest.fail(f"a socket was tried: {', '.join(tried)}")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the user's own guides and settings."""
    for name in [name for name in os.environ if name.startswith("COACH_")]:
        if name != "COACH_TEST_SOCKETS":
            monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("COACH_HOME", str(folder))
    return folder


@pytest.fixture
def coach() -> RunCoach:
    """Run coach in a process of its own: ``coach("draft", "-", stdin="...", cwd=folder)``."""

    def run(
        *arguments: str | Path,
        stdin: str | bytes = b"",
        cwd: Path = ROOT,
        env: dict[str, str] | None = None,
        timeout: int = 60,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "coach", *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", **(env or {})},
            timeout=timeout,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
