"""Complaints: what many servers say in many ways, read as one thing."""

from __future__ import annotations

import pytest

from coach.engines.llm.complaint import complaint


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"message": "no"}}, "bad_request"),
        (400, "This model's maximum context length is 8192 tokens", "context_overflow"),
        (400, {"error": "the prompt is too long"}, "context_overflow"),
        (400, {"object": "error", "message": "too many tokens", "code": 400}, "context_overflow"),
        (400, {"error": {"code": "content_filter", "message": "x"}}, "content_filter"),
        (404, {"error": {"code": "DeploymentNotFound", "message": "x"}}, "unknown_model"),
        (404, {"detail": "Not Found"}, "not_found"),
        (404, None, "not_found"),
        (402, {"error": {"message": "x"}}, "quota"),
        (429, {"error": {"type": "insufficient_quota"}}, "quota"),
        (429, {"error": {"message": "insufficient_quota for this minute"}}, "rate_limited"),
        (307, None, "redirected"),
        (502, "<html>", "server_error"),
        (500, {"error": {"message": "context size exceeded"}}, "context_overflow"),
        (418, [1, 2], "bad_request"),
    ],
)
def test_a_complaint_is_of_one_kind(status: int, body: object, kind: str) -> None:
    assert complaint(status, body).kind == kind


@pytest.mark.parametrize(
    ("status", "body", "about"),
    [
        (400, {"param": "response_format", "message": "x"}, "form"),
        (400, {"param": None, "message": "Failed to parse grammar"}, "form"),
        (422, {"detail": [{"loc": ["body", "response_format"], "msg": "extra"}]}, "form"),
        (404, {"message": "No endpoints found that can handle the requested parameters."}, "form"),
        (400, {"metadata": {"raw": "json mode is not available"}, "message": "x"}, "form"),
        (400, {"param": "max_tokens", "message": "with response_format"}, "budget"),
        (400, {"param": "temperature", "message": "x"}, "temperature"),
        (400, {"message": "maximum context length; lower max_tokens"}, ""),
        (500, {"message": "bad schema"}, ""),
        (400, {"message": 'x {"messages": ["about a schema and temperature"]}'}, ""),
        (400, {"message": "x" * 700 + "response_format"}, ""),
    ],
)
def test_a_complaint_is_about_one_thing_that_can_be_said_otherwise(
    status: int, body: object, about: str
) -> None:
    told = complaint(status, body)
    found = {
        "form": told.is_about_form,
        "budget": told.is_about_budget,
        "temperature": told.is_about_temperature,
    }
    assert [name for name, is_so in found.items() if is_so] == ([about] if about else [])
