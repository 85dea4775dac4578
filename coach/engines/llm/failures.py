"""EndpointError: every way in which a question to a server can fail, each with its own sentence.

The sentences are fixed. They name the server and the model, and never hold a word of the notes, of
the server's reply or of the key: a server may echo all three in what it says about an error.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from coach.engines.llm.endpoint import Endpoint
from coach.errors import EngineError

FailureKind = Literal[
    # what the server says to everybody
    "unauthorised",
    "forbidden",
    "unknown_model",
    "not_found",
    "quota",
    "rate_limited",
    "server_error",
    "bad_request",
    # the way there
    "unreachable",
    "tls",
    "proxy",
    "redirected",
    "timeout",
    "cut_off",
    "cancelled",
    # a reply that is not one
    "wrong_content_type",
    "compressed",
    "too_large",
    "bad_envelope",
    # the model's answer
    "refusal",
    "content_filter",
    "truncated",
    "whitespace_loop",
    "empty",
    "schema_ignored",
    "bad_json",
    "wrong_shape",
    "failed_checks",
    # the prompt
    "context_overflow",
    "prompt_cut",
]

WHOLE_SERVER: frozenset[FailureKind] = frozenset(
    {
        "unauthorised",
        "forbidden",
        "unknown_model",
        "not_found",
        "quota",
        "rate_limited",
        "server_error",
        "bad_request",
        "unreachable",
        "tls",
        "proxy",
        "redirected",
        "timeout",
        "cut_off",
        "wrong_content_type",
        "compressed",
        "prompt_cut",
    }
)
"""Failures that the next question would meet as well, so that it is not sent."""

_DOCTOR = "`coach doctor` shows which settings are used and where each comes from"
_EMBEDDED = "the embedded engine works without a server"

_SENTENCES: dict[FailureKind, tuple[str, str]] = {
    "unauthorised": ("the server at {host} does not accept the key", f"set another key; {_DOCTOR}"),
    "forbidden": (
        "the server at {host} does not let this key use the model {model}",
        f"ask who runs it to allow the model, or choose another; {_DOCTOR}",
    ),
    "unknown_model": (
        "the server at {host} has no model {model}",
        "check the model's name; on a local server load or pull the model first, on Azure give "
        "the name of the deployment",
    ),
    "not_found": (
        "the server at {host} has no chat completions at this address",
        "check `base_url`: for most servers it ends in /v1",
    ),
    "quota": (
        "the account at {host} has no credit left for the model {model}",
        f"look at the account's billing page, or go on without: {_EMBEDDED}",
    ),
    "rate_limited": (
        "the server at {host} takes no more questions for now",
        "wait and run the command again: answers already received are kept; a lower "
        "`concurrency` helps",
    ),
    "server_error": (
        "the server at {host} failed while it worked on the question",
        "run the command again in a moment; a local server may still be loading the model "
        "{model}, or lack the memory for it",
    ),
    "bad_request": (
        "the server at {host} does not accept the question as it is",
        "run `coach doctor --probe` to see what this server takes",
    ),
    "unreachable": (
        "no server answers at {host}",
        f"check the address and that the server runs; {_DOCTOR}",
    ),
    "tls": (
        "the connection to {host} could not be made safe",
        "check that the address is right and the server's certificate is trusted on this machine "
        "(SSL_CERT_FILE names another list of certificates)",
    ),
    "proxy": (
        "the proxy on the way to {host} did not let the question through",
        f"check `proxy` in the settings; {_DOCTOR}",
    ),
    "redirected": (
        "the server at {host} points to another address, which coach does not follow",
        "set `base_url` to the final address yourself if you trust it; nothing was sent there",
    ),
    "timeout": (
        "the server at {host} did not answer within {deadline} s",
        "run the command again: answers already received are kept; for a slow machine set "
        "`deadline` higher or take a smaller model",
    ),
    "cut_off": (
        "the server at {host} broke off in the middle of its reply",
        "run the command again: answers already received are kept",
    ),
    "cancelled": (
        "a question to {host} was not sent, because an earlier one failed",
        "run the command again: answers already received are kept",
    ),
    "wrong_content_type": (
        "what answers at {host} is not an OpenAI-compatible server: it sent no JSON",
        "check `base_url`; a sign-in page of the network may stand in the way",
    ),
    "compressed": (
        "the server at {host} sent a compressed reply, which coach did not ask for",
        "switch compression off in the server, or in the proxy in front of it",
    ),
    "too_large": (
        "the server at {host} sent more than 5 MB for one answer",
        "check that `base_url` is the address of a language model, or take another model",
    ),
    "bad_envelope": (
        "the reply of the server at {host} is not a chat completion",
        "check `base_url`, and that the server is OpenAI-compatible",
    ),
    "refusal": (
        "the model {model} at {host} refused to answer",
        f"take another model; {_EMBEDDED}",
    ),
    "content_filter": (
        "a content filter at {host} stopped the question or its answer",
        f"take another model or ask who runs it to change the filter; {_EMBEDDED}",
    ),
    "truncated": (
        "the answer of the model {model} was cut off at {host}, even with twice the room",
        "set `answer_tokens` higher, or take a model that thinks less before it answers",
    ),
    "whitespace_loop": (
        "the model {model} at {host} sent only blanks until its room was used up",
        "take another model, or set `rung` to prompt_only",
    ),
    "empty": (
        "the model {model} at {host} sent an empty answer",
        "run the command again, take another model, or set `rung` to prompt_only",
    ),
    "schema_ignored": (
        "the model {model} at {host} answers in prose although it was asked for JSON",
        "take a model that can give structured output",
    ),
    "bad_json": (
        "the answer of the model {model} at {host} is not valid JSON",
        "run the command again, or take a larger model",
    ),
    "wrong_shape": (
        "the answer of the model {model} at {host} does not have the fields it was asked for",
        "run the command again, or take a larger model",
    ),
    "failed_checks": (
        "the answer of the model {model} at {host} kept pointing to what does not exist",
        "run the command again, or take a larger model",
    ),
    "context_overflow": (
        "the question is longer than the model {model} at {host} can read",
        "set `context` to the number of tokens the model reads, so that coach sends smaller "
        "pieces, or start the local server with a larger context",
    ),
    "prompt_cut": (
        "the server at {host} read only a part of the question to the model {model}, so its "
        "answer would miss lines",
        "give the model a larger context: with Ollama set OLLAMA_CONTEXT_LENGTH or `PARAMETER "
        "num_ctx` in a Modelfile; or set `context` to what it reads, so that coach sends smaller "
        "pieces",
    ),
}


class EndpointError(EngineError):
    """A question that a server did not answer in a way that can be used.

    Args:
        kind: what went wrong.
        endpoint: whom it was sent to; only host, model and deadline are told.
        value: for ``failed_checks``, the last answer with all its fields, whose checks failed;
            for a caller that can leave out what is wrong with it.
    """

    code: ClassVar[str] = "endpoint"

    def __init__(
        self, kind: FailureKind, endpoint: Endpoint, *, value: object | None = None
    ) -> None:
        names = {
            "host": repr(endpoint.host),
            "model": repr(endpoint.model),
            "deadline": f"{endpoint.deadline:g}",
        }
        message, hint = (sentence.format(**names) for sentence in _SENTENCES[kind])
        super().__init__(message, hint=hint)
        self.kind: FailureKind = kind
        self.value = value
