"""The wire: every byte goes to one origin, and no reply can fill the memory.

The SDK reads more from the environment than coach wants (further headers, other keys, proxies), so
what leaves is rebuilt here from a short list, whatever stood in the request.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator
from contextvars import ContextVar
from typing import Any

import httpx2

from coach.engines.llm.complaint import complaint
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError

MOST_BYTES = 5_000_000
"""Of one reply."""
CONNECT_SECONDS = 10.0
_PIECES = "text/event-stream"
_NO_JSON = ("text/html", _PIECES, "application/xhtml", "image/", "audio/", "video/")

prompt_name: ContextVar[str] = ContextVar("prompt_name", default="")
"""Which prompt the request in this task belongs to; a transport finds it under ``coach_prompt`` in
the request's extensions, which are never sent."""


class OneOrigin(httpx2.AsyncBaseTransport):
    """A transport that speaks to one endpoint only, and reads only so much."""

    def __init__(self, endpoint: Endpoint, inner: httpx2.AsyncBaseTransport) -> None:
        self._endpoint = endpoint
        self._inner = inner
        self._address = httpx2.URL(endpoint.base_url)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The reply, read to its end; only one asked for in pieces is read as they come."""
        content = await request.aread()
        response = await self._inner.handle_async_request(self._rebuilt(request, content))
        body = _Body(response, self._endpoint)
        if self._comes_in_pieces(response, content):
            headers = {"content-type": _PIECES}
            return httpx2.Response(200, headers=headers, stream=body, request=request)
        try:
            self._check(response)
            read = b"".join([part async for part in body])
        finally:
            await body.aclose()
        return httpx2.Response(
            response.status_code,
            headers=self._headers(response, read),
            content=read,
            request=request,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    def _rebuilt(self, request: httpx2.Request, content: bytes) -> httpx2.Request:
        url = request.url
        own = (self._address.scheme, self._address.host, self._address.port)
        if (url.scheme, url.host, url.port) != own or not url.path.startswith(self._address.path):
            raise EndpointError("redirected", self._endpoint)
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "coach",
        }
        key = self._endpoint.api_key
        if key is not None and self._endpoint.is_azure:
            headers["api-key"] = key.get_secret_value()
        elif key is not None:
            headers["authorization"] = f"Bearer {key.get_secret_value()}"
        return httpx2.Request(
            request.method,
            url,
            headers=headers,
            content=content,
            extensions={**request.extensions, "coach_prompt": prompt_name.get()},
        )

    def _comes_in_pieces(self, response: httpx2.Response, content: bytes) -> bool:
        told = response.status_code == httpx2.codes.OK and _is_plain(response)
        asked = told and _kind(response).startswith(_PIECES)
        return asked and json.loads(content).get("stream") is True

    def _check(self, response: httpx2.Response) -> None:
        if not _is_plain(response):
            raise EndpointError("compressed", self._endpoint)
        if response.status_code == httpx2.codes.OK and _kind(response).startswith(_NO_JSON):
            raise EndpointError("wrong_content_type", self._endpoint)
        length = response.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > 9 or int(length) > MOST_BYTES):
            raise EndpointError("too_large", self._endpoint)

    def _headers(self, response: httpx2.Response, body: bytes) -> dict[str, str]:
        """Only what the SDK needs: that it is JSON, and when to ask again."""
        headers = {"content-type": "application/json"}
        for name in ("retry-after", "retry-after-ms"):
            if name in response.headers:
                headers[name] = response.headers[name]
        if not self._worth_another_try(response, body):
            headers["x-should-retry"] = "false"
        return headers

    def _worth_another_try(self, response: httpx2.Response, body: bytes) -> bool:
        """Not where the account is empty, or the server asks for more patience than there is."""
        if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            try:
                told = json.loads(body)
            except (ValueError, RecursionError):
                told = None
            if complaint(response.status_code, told).kind == "quota":
                return False
        try:
            return float(response.headers.get("retry-after", "0")) < self._endpoint.deadline
        except ValueError:
            return True


class _Body(httpx2.AsyncByteStream):
    """The bytes of a reply as they come, and no more of them than may be."""

    def __init__(self, response: httpx2.Response, endpoint: Endpoint) -> None:
        self._response = response
        self._endpoint = endpoint

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        assert isinstance(self._response.stream, AsyncIterable)  # noqa: S101  for the type checker
        async for part in self._response.stream:
            read += len(part)
            if read > MOST_BYTES:
                raise EndpointError("too_large", self._endpoint)
            yield part

    async def aclose(self) -> None:
        """Let the connection go."""
        await self._response.aclose()


def _is_plain(response: httpx2.Response) -> bool:
    return response.headers.get("content-encoding", "identity").strip().lower() == "identity"


def _kind(response: httpx2.Response) -> str:
    return response.headers.get("content-type", "").strip().lower()


def open_transport(endpoint: Endpoint) -> httpx2.AsyncBaseTransport:
    """Connections to the endpoint, through its own proxy if it has one."""
    return httpx2.AsyncHTTPTransport(
        proxy=endpoint.proxy,
        limits=httpx2.Limits(max_connections=endpoint.concurrency),
    )


def open_client(endpoint: Endpoint, transport: Any | None = None) -> httpx2.AsyncClient:
    """The client to hand to the SDK; ``transport`` stands in for the network."""
    return httpx2.AsyncClient(
        transport=OneOrigin(endpoint, transport or open_transport(endpoint)),
        timeout=httpx2.Timeout(endpoint.deadline, connect=min(CONNECT_SECONDS, endpoint.deadline)),
        follow_redirects=False,
        trust_env=False,
    )
