"""CassetteTransport: the wire of an httpx2 client, with a recording in the place of the server."""

from __future__ import annotations

import time
from contextlib import aclosing, closing, nullcontext
from typing import Any

import httpx2

from coach.cassette.exchange import Exchange, exchange_of, unpacked, unread
from coach.cassette.recording import Turn, cassette_in_use


class CassetteTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Plays and records, for sync and async clients; hand it to ``Client(transport=...)``.

    ``inner`` reaches the server where something is to be recorded. Without it each such request
    opens a connection of its own, so that threads and event loops have none to share.
    """

    def __init__(self, inner: Any | None = None) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The recorded reply, or the server's."""
        request.read()
        take = _Take(request)
        if take.recorded is not None:
            return take.recorded.reply()
        with self._reached(httpx2.HTTPTransport) as inner:
            response = inner.handle_request(request)
            with closing(response):
                return take.kept(response, b"".join(response.stream))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The recorded reply, or the server's."""
        await request.aread()
        take = _Take(request)
        if take.recorded is not None:
            return take.recorded.reply()
        async with self._reached(httpx2.AsyncHTTPTransport) as inner:
            response = await inner.handle_async_request(request)
            async with aclosing(response):
                return take.kept(response, b"".join([part async for part in response.stream]))

    def _reached(self, kind: Any) -> Any:
        return nullcontext(self._inner) if self._inner else kind()


class _Take:
    """One request, its body read, and what the open cassette has for it."""

    def __init__(self, request: httpx2.Request) -> None:
        self._request = request
        self._cassette = cassette_in_use(request)
        self._begin = time.perf_counter()
        played = self._cassette.play(request)
        self.recorded = played if isinstance(played, Exchange) else None
        self._turn = played if isinstance(played, Turn) else None

    def kept(self, response: httpx2.Response, body: bytes) -> httpx2.Response:
        """The server's reply, unpacked and recorded."""
        whole = unpacked(response.status_code, response.headers, body)
        seconds = time.perf_counter() - self._begin
        if self._turn is not None:
            self._cassette.keep(self._turn, exchange_of(self._request, whole, seconds=seconds))
        return unread(whole)
