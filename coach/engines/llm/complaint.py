"""Complaint: what a server says is wrong with a request, and what that means.

Servers agree on little here: OpenAI, Azure, vLLM, llama.cpp, Ollama, FastAPI and OpenRouter each
have a form of their own. Only the first characters of a message are read, and never shown: behind
them a server may echo the whole request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coach.engines.llm.failures import FailureKind

_LONGEST = 600

_CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|maximum context|exceed_context|too many (?:input )?tokens"
    r"|(?:prompt|input|request) is too l(?:ong|arge)|reduce the length"
)
_FILTER = re.compile(r"content[ _](?:filter|management policy)|responsibleai")
_MODEL = re.compile(
    r"model_not_found|deploymentnotfound|no such model|unknown model|invalid model"
    r"|model\b.{0,120}?(?:not found|not exist|not available)"
)
_FORMAT = re.compile(
    r"response_?format|json_schema|json_object|json[ _]mode|schema|grammar|\bstrict\b"
    r"|structured[ _]output|requested parameters"
)
_BUDGET = re.compile(r"max_(?:completion_)?tokens")
_QUOTA = re.compile(r"insufficient_(?:quota|balance)|billing_(?:hard_limit|not_active)")

_OF_STATUS: dict[int, FailureKind] = {
    401: "unauthorised",
    402: "quota",
    403: "forbidden",
    404: "not_found",
    405: "not_found",
    407: "proxy",
    408: "server_error",
    409: "server_error",
    413: "context_overflow",
    425: "server_error",
    429: "rate_limited",
}


@dataclass(frozen=True)
class Complaint:
    """An error status with what its body says, in lower case."""

    status: int
    codes: str = ""
    """Code and type, one after the other."""
    parameter: str = ""
    message: str = ""

    @property
    def kind(self) -> FailureKind:
        """Which failure this is, if nothing can be done about it."""
        said = f"{self.codes} {self.message}"
        if self.status == 429 and _QUOTA.search(self.codes):
            return "quota"
        if self.status in {400, 403, 404, 413, 422, 500} and (special := _special(said)):
            return special
        if self.status in _OF_STATUS:
            return _OF_STATUS[self.status]
        if 300 <= self.status < 400:
            return "redirected"
        return "server_error" if self.status >= 500 else "bad_request"

    @property
    def is_about_form(self) -> bool:
        """Whether the server does not take this way to ask for the form of the answer."""
        return self._refuses(_FORMAT)

    @property
    def is_about_budget(self) -> bool:
        """Whether it does not take the name, or the size, of the answer's budget."""
        return self._refuses(_BUDGET)

    @property
    def is_about_temperature(self) -> bool:
        """Whether it does not take the temperature."""
        return self._refuses(re.compile("temperature"))

    def _refuses(self, words: re.Pattern[str]) -> bool:
        # A router that finds no provider for a parameter says 404.
        routed = self.status == 404 and "requested parameters" in self.message
        if not routed and self.status not in {400, 422}:
            return False
        if _special(f"{self.codes} {self.message}"):
            return False
        return words.search(self.parameter or self.message) is not None


def _special(said: str) -> FailureKind | None:
    if _FILTER.search(said):
        return "content_filter"
    if _CONTEXT.search(said):
        return "context_overflow"
    if _MODEL.search(said):
        return "unknown_model"
    return None


def complaint(status: int, body: object) -> Complaint:
    """What the body of an error says, whichever server wrote it."""
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping | str):
        body = body["error"]
    if not isinstance(body, Mapping):
        return Complaint(status, message=_words(body if isinstance(body, str) else ""))
    inner = body.get("innererror")
    codes = [body.get("code"), body.get("type")]
    codes += [inner.get("code")] if isinstance(inner, Mapping) else []
    metadata = body.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    said = body.get("message") or body.get("detail")
    return Complaint(
        status,
        codes=_words(*codes),
        parameter=_words(body.get("param")),
        message=f"{_words(said)} {_words(raw)}".strip(),
    )


def _words(*values: Any) -> str:
    told: list[str] = []
    for value in values:
        if isinstance(value, str):
            told.append(value[:_LONGEST].partition('"messages"')[0])
        elif isinstance(value, list):  # FastAPI: a list of places with what is wrong there
            for one in value[:5]:
                if isinstance(one, Mapping):
                    place = one.get("loc")
                    parts = place[:8] if isinstance(place, list) else []
                    told.append(" ".join(part for part in parts if isinstance(part, str))[:200])
                    told.append(str(one.get("msg"))[:200])
    return " ".join(told).casefold()
