"""What ``coach doctor --probe`` finds out about a real llama.cpp server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]


def test_the_doctor_finds_out_what_the_server_does(coach: Any, llama: Any, tmp_path: Path) -> None:
    env = {**llama.env, "COACH_HOME": str(tmp_path), "COACH_CONTEXT": str(llama.context)}
    done = coach("doctor", "--probe", "--json", env=env, timeout=580)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    probe = told["probe"]
    assert (probe["host"], probe["model"]) == (urlsplit(llama.base_url).netloc, llama.model)
    assert (probe["answers"], probe["rung"], probe["binds"]) == (True, "json_schema_strict", True)
    assert probe["models"] == [llama.model]
    assert (probe["context"], probe["context_from"]) == (llama.context, "server")
    assert probe["counts"]
    assert probe["sees_start"]
    assert {check["status"] for check in told["checks"]} <= {"ok", "note"}
