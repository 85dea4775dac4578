"""CassetteTransport: the wire of an httpx2 client, with a recording in the place of the server."""

from __future__ import annotations

import time
from contextlib import aclosing, closing, nullcontext
from typing import Any

import httpx2

from coach.cassette.exchange import Exchange, exchange_of, unpacked, unread
from coach.cassette.recording import cassette_in_use


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
        cassette = cassette_in_use(request)
        played = cassette.play(request)
        if isinstance(played, Exchange):
            return played.reply()
        begin = time.perf_counter()
        own: Any = nullcontext(self._inner) if self._inner else httpx2.HTTPTransport()
        with own as inner:
            response = inner.handle_request(request)
            with closing(response):
                body = b"".join(response.stream)
        whole = unpacked(response.status_code, response.headers, body)
        cassette.keep(played, exchange_of(request, whole, seconds=time.perf_counter() - begin))
        return unread(whole)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The recorded reply, or the server's."""
        await request.aread()
        cassette = cassette_in_use(request)
        played = cassette.play(request)
        if isinstance(played, Exchange):
            return played.reply()
        begin = time.perf_counter()
        own: Any = nullcontext(self._inner) if self._inner else httpx2.AsyncHTTPTransport()
        async with own as inner:
            response = await inner.handle_async_request(request)
            async with aclosing(response):
                body = b"".join([part async for part in response.stream])
        whole = unpacked(response.status_code, response.headers, body)
        cassette.keep(played, exchange_of(request, whole, seconds=time.perf_counter() - begin))
        return unread(whole)
