"""Whatever a server does, a question ends: in time, with its own sentence, and nothing leaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CANARIES = ("canary", "7f3a91", "quarterly")

FAULTS = {
    # connection
    "hang": "timeout",
    "header_drip": "timeout",
    "drip": "timeout",
    "keep_alive": "timeout",
    "lookup_hangs": "timeout",
    "huge_headers": "cut_off",
    "reset": "cut_off",
    "half": "cut_off",
    "refused": "unreachable",
    "no_name": "unreachable",
    "tls": "tls",
    "proxy_refuses": "proxy",
    "stream": "wrong_content_type",
    # status
    "moved_301": "redirected",
    "moved_302": "redirected",
    "moved_307": "redirected",
    "moved_308": "redirected",
    "echo_400": "bad_request",
    "echo_401": "unauthorised",
    "status_403": "forbidden",
    "no_model": "unknown_model",
    "no_model_ollama": "unknown_model",
    "no_path": "not_found",
    "status_408": "server_error",
    "status_409": "server_error",
    "status_413": "context_overflow",
    "limited": "rate_limited",
    "retry_after_3600": "rate_limited",
    "retry_after_nonsense": "rate_limited",
    "quota": "quota",
    "status_500": "server_error",
    "status_503": "server_error",
    "insists": "bad_request",
    "overflow": "context_overflow",
    "overflow_llama": "context_overflow",
    "filter_azure": "content_filter",
    "error_in_200": "rate_limited",
    # the reply
    "no_body": "bad_envelope",
    "not_json": "bad_envelope",
    "html": "wrong_content_type",
    "a_list": "bad_envelope",
    "no_choices": "bad_envelope",
    "null_choices": "bad_envelope",
    "odd_choices": "bad_envelope",
    "null_message": "bad_envelope",
    "list_content": "bad_envelope",
    "latin_1": "bad_envelope",
    "giant_number": "bad_envelope",
    "deep_reply": "bad_envelope",
    "flood": "too_large",
    "long_length": "too_large",
    "bomb": "compressed",
    # the answer
    "cut": "truncated",
    "blanks": "whitespace_loop",
    "filter": "content_filter",
    "refusal": "refusal",
    "empty": "empty",
    "null_content": "empty",
    "prose": "schema_ignored",
    "wrong_shape": "wrong_shape",
    "no_such_line": "failed_checks",
    "nan": "bad_json",
    "twice": "bad_json",
    "deep": "bad_json",
    "giant": "bad_json",
    "surrogate": "bad_json",
    "read_300": "prompt_cut",
    "read_2048": "prompt_cut",
}

MENDED = {
    "reset_once": ("json_schema_strict", 1, 2),
    "limited_once": ("json_schema_strict", 1, 2),
    "status_500_once": ("json_schema_strict", 1, 2),
    "cut_once": ("json_schema_strict", 2, 2),
    "prose_once": ("json_schema_strict", 2, 2),
    "prose_to_schemas": ("json_object", 3, 3),
    "wrong_once": ("json_schema_strict", 2, 2),
    "fenced": ("json_schema_strict", 1, 1),
    "thinking": ("json_schema_strict", 1, 1),
    "in_reasoning": ("json_schema_strict", 1, 1),
    "null_finish": ("json_schema_strict", 1, 1),
    "no_strict": ("json_schema", 2, 2),
    "no_schema": ("json_object", 3, 3),
    "no_json_mode": ("prompt_only", 4, 4),
    "fastapi": ("prompt_only", 4, 4),
    "no_max_tokens": ("json_schema_strict", 2, 2),
    "no_temperature": ("json_schema_strict", 2, 2),
    "read_all": ("json_schema_strict", 1, 1),
    "behind_proxy": ("json_schema_strict", 1, None),
}
"""Rung, calls of the exchange, and requests with the SDK's own retries."""

PIECES = {
    "told": 1,
    "told_slowly": 1,
    "told_and_broken": 1,
    "told_and_cut": 1,
    "told_and_failed": 1,
    "told_and_on": 1,
    "told_without_an_end": 1,
    "begun_and_cut": 2,
    "begun_and_broken": 2,
    "begun_and_failed": 2,
    "begun_as_a_list": 2,
    "begun_with_nothing": 2,
    "no_pieces": 2,
}
"""Requests, where an answer is asked for in pieces; what breaks off too early is asked again."""

UNHEARD = {"told_in_halves": "wrong_shape", "endless_pieces": "too_large", "pieces_hang": "timeout"}

ONE_REQUEST = {
    "moved_307": "a redirect is not followed",
    "echo_401": "a refused key is not tried again",
    "quota": "an empty account does not fill by waiting",
    "retry_after_3600": "an hour is longer than the deadline",
    "insists": "only coach decides what is worth another try",
    "refusal": "a refusal is an answer",
    "echo_400": "what an echo holds is no complaint",
    "html": "a sign-in page stays one",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every fault, met in a process that may use loopback and nothing else."""
    root = Path(__file__).resolve().parents[1]
    paths = [part for part in os.environ["PYTHONPATH"].split(os.pathsep) if "offline" not in part]
    done = subprocess.run(
        [sys.executable, str(root / "tests" / "fault_run.py")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *paths])},
        cwd=tmp_path_factory.mktemp("faults"),
        capture_output=True,
        text=True,
        timeout=115,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told: dict[str, Any] = json.loads(done.stdout)
    told["stderr"] = done.stderr
    told["ends"] = {end["name"]: end for end in told["ends"]}
    told["heard"] = {end["name"]: end for end in told["heard"]}
    return told


@pytest.mark.parametrize(("name", "kind"), FAULTS.items())
def test_a_fault_ends_in_time_with_its_own_kind(run: dict[str, Any], name: str, kind: str) -> None:
    end = run["ends"][name]
    assert end["kind"] == kind
    assert end["exit_code"] == 4
    assert end["seconds"] <= end["deadline"] + 1


@pytest.mark.parametrize(("name", "kind"), (FAULTS | UNHEARD).items())
def test_a_fault_ends_the_same_where_the_answer_was_asked_for_in_pieces(
    run: dict[str, Any], name: str, kind: str
) -> None:
    end = run["heard"][name]
    assert end["kind"] == kind
    assert end["seconds"] <= end["deadline"] + 1


@pytest.mark.parametrize("name", MENDED)
def test_what_can_be_mended_is_mended_in_pieces_too(run: dict[str, Any], name: str) -> None:
    end = run["heard"][name]
    assert end["kind"] == "ok"
    assert end["value"] == {"line": 1, "step": "success"}


@pytest.mark.parametrize(("name", "requests"), PIECES.items())
def test_an_answer_in_pieces_is_put_together(run: dict[str, Any], name: str, requests: int) -> None:
    end = run["heard"][name]
    assert end["kind"] == "ok"
    assert end["value"] == {"line": 1, "step": "success"}
    assert run["pieces"][name] == requests


def test_the_tokens_of_an_answer_in_pieces_are_counted(run: dict[str, Any]) -> None:
    assert run["heard"]["told"]["tokens"] == 12


@pytest.mark.parametrize("name", FAULTS)
def test_a_failure_tells_nothing_of_notes_key_or_reply(run: dict[str, Any], name: str) -> None:
    end = run["ends"][name]
    for told in (end["message"], end["hint"], end["traceback"]):
        assert not any(canary in told for canary in CANARIES)
    assert "Traceback" not in end["message"] + end["hint"]
    assert end["message"][0].islower() or end["message"].startswith("the ")


@pytest.mark.parametrize(("name", "expected"), MENDED.items())
def test_what_can_be_mended_is_mended(
    run: dict[str, Any], name: str, expected: tuple[str, int, int | None]
) -> None:
    end = run["ends"][name]
    rung, calls, requests = expected
    assert end["kind"] == "ok"
    assert end["value"] == {"line": 1, "step": "success"}
    assert (end["rung"], end["calls"], run["requests"].get(name)) == (rung, calls, requests)


@pytest.mark.parametrize("name", ONE_REQUEST)
def test_what_cannot_succeed_is_asked_once(run: dict[str, Any], name: str) -> None:
    assert run["requests"][name] == 1


def test_every_scenario_is_judged(run: dict[str, Any]) -> None:
    assert set(run["ends"]) == FAULTS.keys() | MENDED.keys()
    assert set(run["heard"]) == FAULTS.keys() | MENDED.keys() | PIECES.keys() | UNHEARD.keys()


def test_nothing_reaches_another_origin(run: dict[str, Any]) -> None:
    """Redirects, proxies and base URLs of the environment all point to it."""
    assert run["elsewhere"] == 0


def test_nothing_of_the_environment_is_sent(run: dict[str, Any]) -> None:
    assert run["from_environment"] == []
    assert run["headers"] == [
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ]


def test_no_log_holds_the_notes_or_the_key(run: dict[str, Any]) -> None:
    assert "DEBUG" in run["stderr"]  # the SDK's log was on
    assert not any(canary in run["stderr"] for canary in CANARIES)


def test_no_reply_fills_the_memory(run: dict[str, Any]) -> None:
    assert run["megabytes"] < 150
    assert run["more_for_pieces"] < 60


def test_ctrl_c_keeps_what_was_answered(run: dict[str, Any]) -> None:
    assert run["stopped"]["stopped"]
    assert run["stopped"]["kept"] == 2
    assert run["stopped"]["seconds"] < 10
