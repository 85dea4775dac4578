"""EndpointError: every way in which a question to a server can fail, each with its own sentence.

The sentences are fixed. They name the server and the model, and never hold a word of the notes, of
the server's reply or of the key: a server may echo all three in what it says about an error.
"""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from coach.engines.llm.endpoint import Endpoint
from coach.errors import EngineError

AnswerFailure = Literal[
    "refusal",
    "content_filter",
    "truncated",
    "whitespace_loop",
    "empty",
    "schema_ignored",
    "bad_json",
    "wrong_shape",
    "failed_checks",
]
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
    AnswerFailure,
    # the prompt
    "context_overflow",
    "prompt_cut",
]


class _Failure(NamedTuple):
    """What is said of a failure, and whether the next question would meet it as well."""

    message: str
    hint: str
    whole_server: bool = False


_DOCTOR = "`coach doctor` shows which settings are used and where each comes from"
_EMBEDDED = "the embedded engine works without a server"

_FAILURES: dict[FailureKind, _Failure] = {
    "unauthorised": _Failure(
        "the server at {host} does not accept the key",
        f"set another key; {_DOCTOR}",
        whole_server=True,
    ),
    "forbidden": _Failure(
        "the server at {host} does not let this key use the model {model}",
        f"ask who runs it to allow the model, or choose another; {_DOCTOR}",
        whole_server=True,
    ),
    "unknown_model": _Failure(
        "the server at {host} has no model {model}",
        "check the model's name; on a local server load or pull the model first, on Azure give "
        "the name of the deployment",
        whole_server=True,
    ),
    "not_found": _Failure(
        "the server at {host} has no chat completions at this address",
        "check `base_url`: for most servers it ends in /v1",
        whole_server=True,
    ),
    "quota": _Failure(
        "the account at {host} has no credit left for the model {model}",
        f"look at the account's billing page, or go on without: {_EMBEDDED}",
        whole_server=True,
    ),
    "rate_limited": _Failure(
        "the server at {host} takes no more questions for now",
        "wait and run the command again: answers already received are kept; a lower "
        "`concurrency` helps",
        whole_server=True,
    ),
    "server_error": _Failure(
        "the server at {host} failed while it worked on the question",
        "run the command again in a moment; a local server may still be loading the model "
        "{model}, or lack the memory for it",
        whole_server=True,
    ),
    "bad_request": _Failure(
        "the server at {host} does not accept the question as it is",
        "run `coach doctor --probe` to see what this server takes",
        whole_server=True,
    ),
    "unreachable": _Failure(
        "no server answers at {host}",
        f"check the address and that the server runs; {_DOCTOR}",
        whole_server=True,
    ),
    "tls": _Failure(
        "the connection to {host} could not be made safe",
        "check that the address is right and the server's certificate is trusted on this machine "
        "(SSL_CERT_FILE names another list of certificates)",
        whole_server=True,
    ),
    "proxy": _Failure(
        "the proxy on the way to {host} did not let the question through",
        f"check `proxy` in the settings; {_DOCTOR}",
        whole_server=True,
    ),
    "redirected": _Failure(
        "the server at {host} points to another address, which coach does not follow",
        "set `base_url` to the final address yourself if you trust it; nothing was sent there",
        whole_server=True,
    ),
    "timeout": _Failure(
        "the server at {host} did not answer within {deadline} s",
        "run the command again: answers already received are kept; for a slow machine set "
        "`deadline` higher or take a smaller model",
        whole_server=True,
    ),
    "cut_off": _Failure(
        "the server at {host} broke off in the middle of its reply",
        "run the command again: answers already received are kept",
        whole_server=True,
    ),
    "cancelled": _Failure(
        "a question to {host} was not sent, because an earlier one failed",
        "run the command again: answers already received are kept",
    ),
    "wrong_content_type": _Failure(
        "what answers at {host} is not an OpenAI-compatible server: it sent no JSON",
        "check `base_url`; a sign-in page of the network may stand in the way",
        whole_server=True,
    ),
    "compressed": _Failure(
        "the server at {host} sent a compressed reply, which coach did not ask for",
        "switch compression off in the server, or in the proxy in front of it",
        whole_server=True,
    ),
    "too_large": _Failure(
        "the server at {host} sent more than 5 MB for one answer",
        "check that `base_url` is the address of a language model, or take another model",
    ),
    "bad_envelope": _Failure(
        "the reply of the server at {host} is not a chat completion",
        "check `base_url`, and that the server is OpenAI-compatible",
    ),
    "refusal": _Failure(
        "the model {model} at {host} refused to answer",
        f"take another model; {_EMBEDDED}",
    ),
    "content_filter": _Failure(
        "a content filter at {host} stopped the question or its answer",
        f"take another model or ask who runs it to change the filter; {_EMBEDDED}",
    ),
    "truncated": _Failure(
        "the answer of the model {model} was cut off at {host}, even with twice the room",
        "set `answer_tokens` higher, or take a model that thinks less before it answers",
    ),
    "whitespace_loop": _Failure(
        "the model {model} at {host} sent only blanks until its room was used up",
        "take another model, or set `rung` to prompt_only",
    ),
    "empty": _Failure(
        "the model {model} at {host} sent an empty answer",
        "run the command again, take another model, or set `rung` to prompt_only",
    ),
    "schema_ignored": _Failure(
        "the model {model} at {host} answers in prose although it was asked for JSON",
        "take a model that can give structured output",
    ),
    "bad_json": _Failure(
        "the answer of the model {model} at {host} is not valid JSON",
        "run the command again, or take a larger model",
    ),
    "wrong_shape": _Failure(
        "the answer of the model {model} at {host} does not have the fields it was asked for",
        "run the command again, or take a larger model",
    ),
    "failed_checks": _Failure(
        "the answer of the model {model} at {host} kept pointing to what does not exist",
        "run the command again, or take a larger model",
    ),
    "context_overflow": _Failure(
        "the question is longer than the model {model} at {host} can read",
        "set `context` to the number of tokens the model reads, so that coach sends smaller "
        "pieces, or start the local server with a larger context",
    ),
    "prompt_cut": _Failure(
        "the server at {host} read only a part of the question to the model {model}, so its "
        "answer would miss lines",
        "give the model a larger context: with Ollama set OLLAMA_CONTEXT_LENGTH or `PARAMETER "
        "num_ctx` in a Modelfile; or set `context` to what it reads, so that coach sends smaller "
        "pieces",
        whole_server=True,
    ),
}


class EndpointError(EngineError):
    """A question that a server did not answer in a way that can be used.

    Args:
        kind: what went wrong.
        endpoint: whom it was sent to; only host, model and deadline are told.
    """

    code: ClassVar[str] = "endpoint"

    def __init__(self, kind: FailureKind, endpoint: Endpoint) -> None:
        names = {
            "host": repr(endpoint.host),
            "model": repr(endpoint.model),
            "deadline": f"{endpoint.deadline:g}",
        }
        failure = _FAILURES[kind]
        super().__init__(failure.message.format(**names), hint=failure.hint.format(**names))
        self.kind: FailureKind = kind
        self.whole_server = failure.whole_server
        """Whether the next question would meet it as well, so that it is not sent."""
