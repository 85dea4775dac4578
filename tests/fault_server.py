"""A server on this machine that misbehaves on demand, as real ones do.

The first part of a request's path chooses the script: ``http://127.0.0.1:PORT/slow_drip/v1`` is an
endpoint that drips. Run as a program it serves good answers, each after ``--latency`` seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import threading
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

GOOD = {"line": 1, "step": "success"}
MEGABYTE = 1_000_000


@dataclass
class Request:
    """A request, and the way to answer it."""

    script: str
    count: int
    headers: Mapping[str, str]
    content: bytes
    writer: asyncio.StreamWriter = field(repr=False)

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.content))

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Something"]
        headers = {"content_type": "application/json", "connection": "close"} | headers
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def reply(self, body: Any, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        await self.head(status, **({"content_length": str(len(data))} | headers))
        await self.write(data)

    async def error(self, status: int, message: str, **more: Any) -> None:
        headers = more.pop("headers", {})
        await self.reply({"error": {"message": message, **more}}, status, **headers)

    async def say(self, content: Any, **more: Any) -> None:
        await self.reply(completion(content, **more))


Script = Callable[[Request], Awaitable[None]]


def completion(content: Any, *, finish: Any = "stop", prompt: int = 900, **message: Any) -> Any:
    """A chat completion around this content."""
    text = json.dumps(content) if isinstance(content, dict) else content
    return {
        "id": "c-1",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": 12, "total_tokens": prompt + 12},
    }


class Origin:
    """One origin on loopback, in a thread of its own."""

    def __init__(self, scripts: Mapping[str, Script], *, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._scripts = scripts
        self._counts: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._wanted = port
        self.port = 0
        threading.Thread(target=self._serve, daemon=True).start()
        self._ready.wait(10)

    def url(self, script: str) -> str:
        return f"http://127.0.0.1:{self.port}/{script}/v1"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda _loop, _context: None)
        start = asyncio.start_server(self._answer, "127.0.0.1", self._wanted, limit=MEGABYTE)
        server = self._loop.run_until_complete(start)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if (first := await reader.readexactly(1)) == b"\x16":
                writer.write(b"HTTP/1.1 400 This is no TLS\r\n\r\n")
                return
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _colon, value in (line.partition(":") for line in head[1:] if line)
            }
            content = await reader.readexactly(int(headers.get("content-length", "0")))
            path = head[0].split(" ")[1].partition("://")[2] or head[0].split(" ")[1]
            script = path.split("/")[1]
            self._counts[script] += 1
            request = Request(script, self._counts[script], headers, content, writer)
            self.requests.append(request)
            await self._scripts[script](request)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


# -- scripts ---------------------------------------------------------------------------------------


def says(content: Any, **more: Any) -> Script:
    return lambda request: request.say(content, **more)


def replies(body: Any, status: int = 200, **headers: str) -> Script:
    return lambda request: request.reply(body, status, **headers)


def errs(status: int, message: str = "no", **more: Any) -> Script:
    return lambda request: request.error(status, message, **more)


def then(*scripts: Script) -> Script:
    """The first for the first request, and so on; the last for all others."""
    return lambda request: scripts[min(request.count, len(scripts)) - 1](request)


def where(refused: Callable[[dict[str, Any]], bool], no: Script, yes: Script) -> Script:
    return lambda request: (no if refused(request.body) else yes)(request)


async def hang(_request: Request) -> None:
    await asyncio.sleep(60)


async def drip_headers(request: Request) -> None:
    await request.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await request.write(b"x-a: b\r\n")
        await asyncio.sleep(0.05)


async def drip(request: Request) -> None:
    await request.head(content_length="4000")
    for letter in json.dumps(completion(GOOD)).encode():
        await request.write(bytes([letter]))
        await asyncio.sleep(0.05)


async def keep_alive(request: Request) -> None:
    await request.head(transfer_encoding="chunked")
    while True:
        await request.write(b"1\r\n\n\r\n")
        await asyncio.sleep(0.02)


async def huge_headers(request: Request) -> None:
    await request.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(5_000):
        await request.write(b"x-%d: " % number + b"a" * 1_000 + b"\r\n")
    await request.write(b"\r\n")


async def half(request: Request) -> None:
    await request.head(content_length="4000")
    await request.write(b'{"choices": [')


async def reset(request: Request) -> None:
    await half(request)
    request.writer.transport.abort()


async def flood(request: Request) -> None:
    await request.head(transfer_encoding="chunked")
    part = b"F4240\r\n" + b" " * MEGABYTE + b"\r\n"
    for _number in range(400):
        await request.write(part)


async def echo(request: Request) -> None:
    """What some gateways do: the whole request in the error, the key as well."""
    key = request.headers.get("authorization", "")
    await request.error(400, f"invalid request {request.content.decode()} {key}")


async def echo_key(request: Request) -> None:
    key = request.headers.get("authorization", "")
    await request.error(401, f"Incorrect API key provided: {key}", code="invalid_api_key")


def moved(status: int, elsewhere: Callable[[], str]) -> Script:
    return lambda request: request.reply(b"", status, location=f"{elsewhere()}/chat/completions")


def pieces(*told: str | bytes, pause: float = 0.0, cut: bool = False) -> Script:
    """An answer in pieces: texts of it, and bytes as they stand."""

    async def tell(request: Request) -> None:
        await request.head(content_type="text/event-stream")
        for one in told:
            choice = {"index": 0, "delta": {"content": one}}
            await request.write(one if isinstance(one, bytes) else event({"choices": [choice]}))
            await asyncio.sleep(pause)
        if cut:
            return request.writer.transport.abort()
        choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 900, "completion_tokens": 12}
        await request.write(event({"choices": [choice]}))
        await request.write(event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n")

    return tell


def event(told: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


async def endless_pieces(request: Request) -> None:
    await request.head(content_type="text/event-stream")
    part = event({"choices": [{"delta": {"content": " " * MEGABYTE}}]})
    for _number in range(400):
        await request.write(part)


def bomb() -> bytes:
    """200 MB of blanks, in a fifth of one."""
    packed = zlib.compressobj(wbits=31)
    return b"".join(packed.compress(b" " * MEGABYTE) for _number in range(200)) + packed.flush()


def rung(body: Mapping[str, Any]) -> str:
    """Which rung of the ladder a request stands on."""
    form = body.get("response_format", {})
    strict = form.get("json_schema", {}).get("strict", False)
    return form.get("type", "prompt_only") + ("_strict" if strict else "")


def main() -> None:
    """Serve good answers, or lines of a talk in pieces, until the process ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--say", nargs="*", help="sentences, each after --latency seconds")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()

    async def good(request: Request) -> None:
        await asyncio.sleep(options.latency)
        await request.say(GOOD)

    whole = json.dumps({"say": " ".join(options.say or ())})
    said = pieces(*re.findall(r"[^.]+\.?\s?", whole), pause=options.latency)
    origin = Origin({"good": good, "said": said}, port=options.port)
    print(origin.url("said" if options.say else "good"), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
