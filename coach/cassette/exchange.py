"""Exchange: one request and its reply, as a file of vcrpy's has them. Hides YAML."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import httpx2
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import DataFileError, OutputError

KEPT_HEADERS = frozenset({"content-type"})
VOLATILE = frozenset({"metadata", "prompt_cache_key", "safety_identifier", "store", "user"})
"""Keys of a request's body that change without changing the question."""
MOST_BYTES = 5_000_000
"""Of one file."""

_HOST = "recorded.invalid"
"""Stands for the server, whose name is nobody's business."""
_KEY_HEADERS = ("authorization", "api-key", "x-api-key")
_SHORTEST_KEY = 8
_LINED = 2
"""Levels of JSON that get a line for each value."""
_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_UNWRITABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""What may stand in JSON text, but not in a block of YAML."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Asked(_Part):
    """A request. The address names no host: only its path counts."""

    method: str
    uri: str
    body: str | bytes | None = None
    headers: dict[str, list[str] | str] = Field(default_factory=dict)


class Status(_Part):
    """An HTTP status."""

    code: int
    message: str | None = None


class Body(_Part):
    """A reply's body."""

    string: str | bytes = ""


class Answered(_Part):
    """A reply."""

    status: Status
    headers: dict[str, list[str] | str] = Field(default_factory=dict)
    body: Body


class Exchange(_Part):
    """One request and its reply."""

    request: Asked
    response: Answered
    seconds: float | None = None
    """How long the server took, which replaying cannot tell."""

    @property
    def key(self) -> str:
        """See ``match_key``."""
        asked = self.request
        return _key(asked.method, httpx2.URL(asked.uri).path, _bytes(asked.body or b""))

    def reply(self) -> httpx2.Response:
        """The reply as a server sends it: unpacked, and a stream that nobody has read."""
        headers = [
            (name, value)
            for name, values in self.response.headers.items()
            if name.lower() in {*KEPT_HEADERS, "content-encoding"}
            for value in ([values] if isinstance(values, str) else values)
        ]
        code = self.response.status.code
        body = _bytes(self.response.body.string)
        return unread(unpacked(code, httpx2.Headers(headers), body))


class _File(_Part):
    version: Literal[1]
    interactions: list[Exchange]


def match_key(request: httpx2.Request) -> str:
    """What makes two requests the same: method, path and body; no host, header or volatile key."""
    return _key(request.method, request.url.path, request.content)


def exchange_of(
    request: httpx2.Request, response: httpx2.Response, *, seconds: float | None = None
) -> Exchange:
    """What to write down of this request and its (unpacked) reply.

    Only allowed headers; JSON with a line for each value; a key that was echoed is taken out.
    """
    keys = [
        request.headers[name].split()[-1]
        for name in _KEY_HEADERS
        if request.headers.get(name, "").strip()
    ]
    return Exchange(
        request=Asked(
            method=request.method,
            uri=f"http://{_HOST}{request.url.path}",
            body=_readable(request.content, keys),
            headers=_kept(request.headers),
        ),
        response=Answered(
            status=Status(code=response.status_code, message=response.reason_phrase),
            headers=_kept(response.headers),
            body=Body(string=_readable(response.content, keys)),
        ),
        seconds=None if seconds is None else round(seconds, 3),
    )


def unpacked(code: int, headers: httpx2.Headers, body: bytes) -> httpx2.Response:
    """A reply whose body is plain, whatever it was sent as."""
    packed = httpx2.Response(code, headers=headers, content=body)
    plain = [(name, value) for name, value in headers.multi_items() if name not in _PACKING]
    return httpx2.Response(code, headers=plain, content=packed.content)


def unread(response: httpx2.Response) -> httpx2.Response:
    """The same reply as a server sends it: a stream that nobody has read."""
    stream = httpx2.ByteStream(response.content)
    return httpx2.Response(response.status_code, headers=response.headers, stream=stream)


def read_exchanges(path: Path) -> list[Exchange]:
    """The exchanges of a file; none where there is no file.

    Raises:
        DataFileError: it cannot be read, or is no recording.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataFileError(f"{path}: a recording of more than {MOST_BYTES:,} bytes")
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataFileError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _File.model_validate(yaml.load(data, Loader=loader)).interactions  # noqa: S506  it is a safe one
    except (yaml.YAMLError, ValidationError, RecursionError, ValueError):
        raise DataFileError(
            f"{path}: this is no recording in the format of vcrpy, version 1",
            hint="delete it and record it again with `--record all`",
        ) from None


def write_exchanges(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write a file that holds these exchanges.

    Raises:
        OutputError: it cannot be written; what stood there before is untouched.
    """
    whole = _File(version=1, interactions=list(exchanges)).model_dump(exclude_none=True)
    text = yaml.dump(
        whole, Dumper=_dumper(), sort_keys=False, allow_unicode=True, default_flow_style=False
    )
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(
            f"could not write the recording {str(path)!r}: {(error.strerror or 'refused').lower()}",
            hint="check the folder and record again",
        ) from None


@lru_cache(maxsize=256)
def _key(method: str, path: str, body: bytes) -> str:
    try:
        told: Any = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        told = body.decode("latin-1")
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in VOLATILE}
    whole = json.dumps([method.upper(), path, told], sort_keys=True)
    return sha256(whole.encode()).hexdigest()


def _kept(headers: httpx2.Headers) -> dict[str, list[str] | str]:
    return {name: headers.get_list(name) for name in sorted(KEPT_HEADERS) if name in headers}


def _readable(body: bytes, keys: list[str]) -> str | bytes:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    with suppress(ValueError, RecursionError):
        laid_out = _laid_out(json.loads(text))
        text = _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", laid_out)
    for key in keys:
        if len(key) >= _SHORTEST_KEY:
            text = text.replace(key, "[key]")
    return text


def _laid_out(value: Any, depth: int = 0) -> str:
    """JSON with a line for each value near the top; what lies deep (a schema) stays on one line."""
    if not isinstance(value, (dict, list)) or not value or depth > _LINED:
        return json.dumps(value, ensure_ascii=False)
    rows = (
        [
            f"{json.dumps(name, ensure_ascii=False)}: {_laid_out(inner, depth + 1)}"
            for name, inner in value.items()
        ]
        if isinstance(value, dict)
        else [_laid_out(inner, depth + 1) for inner in value]
    )
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    edge = "\n" + " " * depth
    return opened + ",".join(f"{edge} {row}" for row in rows) + edge + closed


def _bytes(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")


def _dumper() -> Any:
    """A writer that puts text of several lines in blocks, as one would read it."""
    plain: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper: Any = type("BlockDumper", (plain,), {})
    dumper.add_representer(str, _text_node)
    return dumper


def _text_node(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
