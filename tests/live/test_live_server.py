"""What a real llama.cpp server does with the requests that the llm engine is built on."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]

SCHEMA = {
    "type": "object",
    "properties": {
        "line": {"type": "integer", "enum": [1, 2, 3]},
        "step": {"type": "string", "enum": ["purpose", "tasks", "success", "none"]},
        "tone": {"anyOf": [{"type": "string", "enum": ["punitive"]}, {"type": "null"}]},
    },
    "required": ["line", "step", "tone"],
    "additionalProperties": False,
}
NOTES = "L1: the depot audit is what we were hired for\nL2: two vans by Friday\nL3: tea"


def bound(*, strict: bool | None) -> dict[str, Any]:
    envelope: dict[str, Any] = {"name": "line_label", "schema": SCHEMA}
    if strict is not None:
        envelope["strict"] = strict
    return {"type": "json_schema", "json_schema": envelope}


@pytest.mark.parametrize("strict", [True, False, None])
@pytest.mark.parametrize(
    "asked",
    [f"Label one line.\n{NOTES}", "Write a poem about the sea. No JSON, please."],
    ids=["label", "poem"],
)
def test_a_reply_is_bound_by_the_schema_whatever_was_asked(
    ask: Any, asked: str, strict: bool | None
) -> None:
    status, reply = ask(
        messages=[{"role": "user", "content": asked}],
        response_format=bound(strict=strict),
        max_tokens=200,
    )
    assert status == 200
    (choice,) = reply["choices"]
    assert choice["finish_reason"] == "stop"
    jsonschema.validate(json.loads(choice["message"]["content"]), SCHEMA)


def test_the_server_counts_tokens_and_names_its_model(ask: Any, llama: Any) -> None:
    _, reply = ask(messages=[{"role": "user", "content": NOTES}], max_tokens=5)
    assert reply["model"] == llama.model
    assert reply["usage"]["prompt_tokens"] > 20
    assert reply["usage"]["completion_tokens"] == 5
    assert reply["choices"][0]["finish_reason"] == "length"


def test_a_prompt_longer_than_the_context_is_refused_and_not_cut(ask: Any, llama: Any) -> None:
    words = "walk " * (llama.context + 100)
    status, reply = ask(messages=[{"role": "user", "content": words}], max_tokens=5)
    assert status == 400
    assert "context" in json.dumps(reply)
    assert str(llama.context) in json.dumps(reply)


def test_a_schema_that_is_no_schema_is_refused(ask: Any) -> None:
    nonsense = {"name": "x", "schema": {"type": "thing"}}
    status, reply = ask(
        messages=[{"role": "user", "content": NOTES}],
        response_format={"type": "json_schema", "json_schema": nonsense},
        max_tokens=5,
    )
    assert status == 400
    assert "schema" in json.dumps(reply).lower()
