"""Endpoints, and the sentences about those that fail."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import SecretStr, ValidationError

from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError, FailureKind


def endpoint(**values: Any) -> Endpoint:
    return Endpoint(**{"base_url": "http://127.0.0.1:8080/v1", "model": "small", **values})


@pytest.mark.parametrize(
    ("given", "base_url", "host", "local"),
    [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1", "api.openai.com", False),
        ("HTTPS://API.Example:8443/V1", "https://api.example:8443/V1", "api.example:8443", False),
        (" http://localhost:11434/v1 ", "http://localhost:11434/v1", "localhost:11434", True),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "[::1]:8000", True),
        ("https://127.0.0.2", "https://127.0.0.2", "127.0.0.2", True),
    ],
)
def test_an_address_is_taken(given: str, base_url: str, host: str, local: bool) -> None:
    taken = endpoint(base_url=given)
    assert (taken.base_url, taken.host, taken.is_local) == (base_url, host, local)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "api.openai.com/v1",
        "ftp://example.com",
        "http://example.com/v1",
        "http://192.168.1.5:11434/v1",
        "http://0.0.0.0:11434/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com/v1",
        "https://user:secret@example.com/v1",
        "https://example.com/v1?key=secret",
        "https://example.com/v1#secret",
        "http://127.0.0.1:80\\@evil.example/secret",
        "https://exa mple.com/secret",
        "https://example.com:99999/secret",
        "https://exämple.com/secret",
    ],
)
def test_an_address_that_could_mislead_is_refused_without_showing_it(given: str) -> None:
    with pytest.raises(ValidationError) as caught:
        endpoint(base_url=given)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "two words", "ü", "line\nbreak"])
def test_a_key_is_one_word(key: str) -> None:
    with pytest.raises(ValidationError, match="is not a key"):
        endpoint(api_key=SecretStr(key))


def test_a_pasted_key_loses_its_line_break() -> None:
    key = endpoint(api_key=SecretStr("sk-1\n")).api_key
    assert key is not None
    assert key.get_secret_value() == "sk-1"


def test_an_endpoint_shows_neither_key_nor_the_proxys_password() -> None:
    shown = endpoint(api_key=SecretStr("sk-1"), proxy="http://user:secret@proxy.example:3128")
    assert "sk-1" not in repr(shown) + shown.model_dump_json()
    assert "secret" not in repr(shown)


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_every_failure_has_a_sentence_and_a_way_out(kind: FailureKind) -> None:
    error = EndpointError(kind, endpoint(model="it's {host} %s"))
    assert error.exit_code == 4
    assert "'127.0.0.1:8080'" in error.message
    assert error.message[0].islower()
    assert error.message[-1] not in ".!"
    assert error.hint
    assert error.code == "endpoint"


def test_the_model_is_named_where_it_matters() -> None:
    assert "'small'" in EndpointError("unknown_model", endpoint()).message


@pytest.mark.parametrize(
    ("kind", "whole"),
    [("unauthorised", True), ("timeout", True), ("prompt_cut", True), ("refusal", False)],
)
def test_a_failure_says_whether_the_next_question_would_meet_it(
    kind: FailureKind, whole: bool
) -> None:
    assert EndpointError(kind, endpoint()).whole_server is whole
