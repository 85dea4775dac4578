"""The tests' own guard: without it, "works offline" would be tested by nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_socket_in_a_test_is_refused(sockets: Path) -> None:
    with pytest.raises(RuntimeError, match="tests run offline"):
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    assert sockets.read_text(encoding="utf-8").split() == ["socket.getaddrinfo"]
    sockets.unlink()


def test_a_socket_in_a_process_started_by_a_test_is_refused(sockets: Path) -> None:
    swallowed = (
        "import socket\n"
        "try: socket.socket().connect(('127.0.0.1', 9))\n"
        "except Exception as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", swallowed], capture_output=True, text=True, check=True
    )
    assert "tests run offline" in done.stdout
    assert sockets.read_text(encoding="utf-8").split() == ["socket.connect"]
    sockets.unlink()
