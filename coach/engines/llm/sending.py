"""Sending: a request's body to the endpoint, and what comes back, at once or piece by piece.

Whatever goes wrong is a failure of a known kind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from coach.engines.llm.complaint import complaint
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.exchange import Body, RefusedError
from coach.engines.llm.failures import EndpointError, FailureKind

if TYPE_CHECKING:
    import openai

Hear = Callable[[str], str | None]
"""Told an answer as far as it has come, after each piece. Gives the answer to take in its place,
whatever else comes; None as long as it is to be judged as the server wrote it."""

_RETRIES = 2
"""By the SDK, the only layer that retries."""
_PATH = "/chat/completions"
_IN_PIECES: Body = {"stream": True, "stream_options": {"include_usage": True}}
_TEXTS = ("content", "refusal", "reasoning_content", "reasoning")


class Sender:
    """The chat completions of one endpoint, through the SDK."""

    def __init__(self, sdk: openai.AsyncOpenAI, endpoint: Endpoint) -> None:
        self._sdk = sdk
        self._endpoint = endpoint

    async def send(self, body: Body) -> object:
        """The completion.

        Raises:
            RefusedError: the server answered with an error.
            EndpointError: it did not answer, or not with a completion.
        """
        from openai.types.chat import ChatCompletion

        with _failures(self._endpoint):
            # Not by `create`, which copies the body value by value to look for names to change.
            completion = await self._sdk.post(_PATH, cast_to=ChatCompletion, body=body)
        _refuse_error_in(completion)
        return completion

    async def stream(self, body: Body, hear: Hear) -> object:
        """The completion, heard as it is written, where the server tells it in pieces.

        It is read to its end, where the server tells the usage. What breaks it off counts for
        nothing once there is an answer to take.

        Raises:
            RefusedError, EndpointError: as ``send``.
        """
        from openai import AsyncStream
        from openai.types.chat import ChatCompletion, ChatCompletionChunk

        told = _Pieces()
        taken: str | None = None
        try:
            with _failures(self._endpoint):
                stream = await self._sdk.post(
                    _PATH,
                    cast_to=ChatCompletion,
                    body=body | _IN_PIECES,
                    stream=True,
                    stream_cls=AsyncStream[ChatCompletionChunk],
                )
                async with stream:
                    if "event-stream" not in stream.response.headers.get("content-type", ""):
                        await stream.response.aread()
                        whole = ChatCompletion.construct(**stream.response.json())
                        _refuse_error_in(whole)
                        return whole
                    async for chunk in stream:
                        told.add(chunk)
                        taken = hear(told.text)
                    if not told.whole:
                        raise EndpointError("cut_off", self._endpoint)
        except (RefusedError, EndpointError):
            if taken is None:
                raise
        return told.completion(taken)


class _Pieces:
    """A completion that comes in pieces, of which some servers leave parts out."""

    def __init__(self) -> None:
        self._texts = dict.fromkeys(_TEXTS, "")
        self._finish: object = None
        self._usage: object = None

    @property
    def text(self) -> str:
        """The answer, as far as it has come."""
        return self._texts["content"]

    @property
    def whole(self) -> bool:
        """Whether it came to its end, which some servers do not tell."""
        return self._finish is not None or self.text.rstrip().endswith("}")

    def add(self, chunk: object) -> None:
        """Take in the next piece."""
        self._usage = getattr(chunk, "usage", None) or self._usage
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return
        self._finish = getattr(choices[0], "finish_reason", None) or self._finish
        delta = getattr(choices[0], "delta", None)
        for name in _TEXTS:
            piece = getattr(delta, name, None)
            self._texts[name] += piece if isinstance(piece, str) else ""

    def completion(self, taken: str | None) -> object:
        """All of it in the form in which it comes at once, with the answer that was taken."""
        texts, finish = self._texts, self._finish
        if taken is not None:
            texts, finish = {"content": taken}, "stop"
        choice = SimpleNamespace(message=SimpleNamespace(**texts), finish_reason=finish)
        return SimpleNamespace(choices=[choice], usage=self._usage)


@asynccontextmanager
async def opened(endpoint: Endpoint, transport: Any | None) -> AsyncIterator[Sender]:
    """Connections to the endpoint; ``transport`` stands in for the network."""
    import openai

    from coach.engines.llm.transport import open_client

    http = open_client(endpoint, transport)
    sdk = openai.AsyncOpenAI(
        # All is given, if only as nothing, so that the SDK takes none of it from the environment.
        # The key itself is set where the request leaves.
        api_key="unused",
        admin_api_key="unused",
        organization="",
        project="",
        webhook_secret="",
        base_url=endpoint.base_url,
        max_retries=_RETRIES,
        timeout=http.timeout,
        default_query={"api-version": endpoint.api_version} if endpoint.api_version else None,
        http_client=http,
    )
    sdk._platform = "Unknown"  # else a thread looks it up each time, for a header that never leaves
    async with sdk:
        yield Sender(sdk, endpoint)


@contextmanager
def _failures(endpoint: Endpoint) -> Iterator[None]:
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        raise RefusedError(complaint(error.status_code, error.body)) from None
    except openai.APIConnectionError as error:
        raise EndpointError(_connection_failure(error), endpoint) from None
    except openai.APIError as error:  # told in the midst of an answer
        raise RefusedError(complaint(_status_of(error.body), error.body)) from None
    except (ValueError, RecursionError, TypeError, AttributeError):
        # The SDK reads a reply without checking its shape first.
        raise EndpointError("bad_envelope", endpoint) from None


def _connection_failure(error: openai.APIConnectionError) -> FailureKind:
    import ssl

    import httpx2

    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    kinds: list[tuple[type[BaseException], FailureKind]] = [
        (ssl.SSLError, "tls"),
        (httpx2.ProxyError, "proxy"),
        (httpx2.ConnectTimeout, "unreachable"),
        (httpx2.TimeoutException, "timeout"),
        (httpx2.ConnectError, "unreachable"),
        (httpx2.TransportError, "cut_off"),
    ]
    for cls, kind in kinds:
        if any(isinstance(one, cls) for one in causes):
            return kind
    return "unreachable"


def _refuse_error_in(completion: object) -> None:
    """Some routers send an error with status 200."""
    told = getattr(completion, "error", None)
    if isinstance(told, dict) and not getattr(completion, "choices", None):
        raise RefusedError(complaint(_status_of(told), told))


def _status_of(told: object) -> int:
    """The status that an error stands for which came without one."""
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 500
